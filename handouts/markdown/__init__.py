"""Read Markdown with fenced divs: from lines to a syntax tree with locations, from the tree to Document blocks.

`parse_markdown` reads lines, `check_names` compares names with those that exist, `for_audience` leaves what one
audience reads, `blocks_of` and `slides_of` make blocks of the Document. Only `block_parser` uses markdown-it-py.
Findings are gathered with file, line and column; nothing is raised and no file is read.
"""

from __future__ import annotations

from handouts.markdown.attributes import Word
from handouts.markdown.audience_filter import for_audience
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.document_blocks import blocks_of, slides_of
from handouts.markdown.document_inlines import ConversionContext, Facts, headline_words
from handouts.markdown.names import NEEDS, Allowance, KnownNames, allowances_in, check_names, parse_whole_number
from handouts.markdown.syntax_tree import Blocks, Line, Source, named_pictures, source_from_text

__all__ = [
    "NEEDS",
    "Allowance",
    "Blocks",
    "ConversionContext",
    "Facts",
    "KnownNames",
    "Line",
    "Source",
    "Word",
    "allowances_in",
    "blocks_of",
    "check_names",
    "for_audience",
    "headline_words",
    "named_pictures",
    "parse_markdown",
    "parse_whole_number",
    "slides_of",
    "source_from_text",
]
