"""Number the citations of a document and format its list of sources.

Trees and references in; numbers and entries such as "Foxhall M, Button K. Title. Br J Clin Psychol.
2019;58:289." out. The format stands in citations.csl (Citation Style Language 1.0), which citeproc-py carries
out. Must never look anything up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from handouts.document.nodes import FixedWords, Source, Text
from handouts.library import Reference
from handouts.markdown import syntax_tree as tree
from handouts.markdown.document_blocks import is_short
from handouts.markdown.syntax_tree import Blocks

CSL_FILE = Path(__file__).with_name("citations.csl")
MOST_NAMES, MOST_CACHED = 2, 4096
YEAR = re.compile(r"[0-9]{1,4}")
DOUBLE_STOP = re.compile(r"([?!.])\.(?= |$)")  # a title that ends with a sign of its own needs no full stop
ORDINAL = re.compile(r"^(?P<edition>[0-9]+(?:st|nd|rd|th))(?P<rest>.*)$")


def list_sources(
    numbers: Mapping[str, int], references: Mapping[str, Reference], words: FixedWords, *, short: bool = False
) -> tuple[Source, ...]:
    """Return the entries of the list of sources, or of the `short` one, by number."""
    say = short_reference if short else format_reference
    return tuple(
        Source(number, key, (Text(say(references[key], words)),), references[key].target)
        for key, number in numbers.items()
        if key in references
    )


def format_reference(reference: Reference, words: FixedWords) -> str:
    """Return one source as it is printed."""
    return format_with_citeproc(reference, edition_text(reference, words), words.say("et_al"))


@lru_cache(maxsize=MOST_CACHED)  # the same source stands in the files of several readers
def format_with_citeproc(reference: Reference, edition: str, more: str) -> str:
    """Return a source in the words of the style; `more` follows authors of whom not all are listed."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    sources = CiteProcJSON([csl_item(reference, edition, more)])
    bibliography = CitationStylesBibliography(load_csl_style(), sources, formatter.plain)
    bibliography.register(Citation([CitationItem("source")]))
    return DOUBLE_STOP.sub(r"\1", "".join(str(entry) for entry in bibliography.bibliography()))


@cache
def load_csl_style() -> Any:
    """Return the style that says how a source is printed, read once."""
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(str(CSL_FILE), validate=False)


def csl_item(reference: Reference, edition: str, more: str) -> dict[str, Any]:
    """Return a source as an item of CSL-JSON; names are printed as they are, with initials already."""
    names = [*reference.authors, more] if reference.authors and reference.more else list(reference.authors)
    texts = {
        "title": reference.title,
        "container-title": reference.container,
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.pages,
        "publisher": "" if reference.publisher in reference.authors else reference.publisher,
        "publisher-place": reference.town,
        "edition": edition,
        "genre": reference.genre,
        "number": reference.number,
        "status": "" if YEAR.fullmatch(reference.year) else reference.year,  # such as: in press
    }
    year = {"issued": {"date-parts": [[int(reference.year)]]}} if YEAR.fullmatch(reference.year) else {}
    return {
        "id": "source",
        "type": "legal_case" if reference.kind == "legal_case" else "book",
        "author": [{"literal": name} for name in names],
        **{name: text for name, text in texts.items() if text},
        **year,
    }


def short_reference(reference: Reference, words: FixedWords) -> str:
    """Return one source in a few words: "De Smet et al. 2015"; one without authors by its title."""
    names = reference.families
    if len(names) > MOST_NAMES or (names and reference.more):
        who = f"{names[0]} {words.say('et_al')}"
    elif len(names) == MOST_NAMES:
        who = words.say("two_authors", one=names[0], two=names[1])
    else:
        who = names[0] if names else reference.title
    return f"{who} {reference.year}".strip()


def edition_text(reference: Reference, words: FixedWords) -> str:
    """Return which edition a source is: "5th ed., text revision"."""
    found = ORDINAL.match(reference.edition)
    return words.say("edition", edition=found["edition"]) + found["rest"] if found else reference.edition


def citation_numbers(blocks: Blocks) -> dict[str, int]:
    """Return the number of each source that is cited, in the order in which they first are."""
    keys = (key.text for node in tree.walk_tree(blocks) if isinstance(node, tree.CitationNode) for key in node.keys)
    return {key: number for number, key in enumerate(dict.fromkeys(keys), 1)}


def first_citation(blocks: Blocks) -> tree.CitationNode | None:
    """Return the first citation of a document."""
    return next((node for node in tree.walk_tree(blocks) if isinstance(node, tree.CitationNode)), None)


def source_list_forms(blocks: Blocks) -> frozenset[bool]:
    """Return of each kind of list of sources in `blocks` whether it is short."""
    divs = (node for node in tree.walk_tree(blocks) if isinstance(node, tree.Div))
    return frozenset(is_short(div) for div in divs if div.attributes.kind == "sources")
