"""Markdown with fenced divs: from lines to a tree with places, from the tree to blocks of the Document.

`parse_markdown` reads lines, `check_names` compares names with those that there are, `for_audience` leaves what one
audience reads, `blocks_of` and `slides_of` make blocks of the Document. Only `parsing` uses markdown-it-py. Findings
are gathered with file, line and column; nothing is raised. Never reads a file.
"""

from __future__ import annotations

from handouts.markdown.allowing import Allowance, allowances_in
from handouts.markdown.attributes import Word
from handouts.markdown.blocks import blocks_of, slides_of
from handouts.markdown.checking import check_names
from handouts.markdown.choosing import for_audience
from handouts.markdown.headlines import headline_words
from handouts.markdown.known import NEEDS, Known
from handouts.markdown.making import Facts, Making
from handouts.markdown.parsing import parse_markdown
from handouts.markdown.source import Line, Source, source_of
from handouts.markdown.tree import Blocks, named_pictures
from handouts.markdown.values import whole_of

__all__ = [
    "NEEDS",
    "Allowance",
    "Blocks",
    "Facts",
    "Known",
    "Line",
    "Making",
    "Source",
    "Word",
    "allowances_in",
    "blocks_of",
    "check_names",
    "for_audience",
    "headline_words",
    "named_pictures",
    "parse_markdown",
    "slides_of",
    "source_of",
    "whole_of",
]
