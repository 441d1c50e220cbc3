"""Number the citations of a document and format its list of sources.

Trees and references in; numbers and entries such as "Foxhall M, Button K. Title. Br J Clin Psychol.
2019;58:289." out. Must never look anything up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from handouts.document.nodes import FixedWords, Source, Text
from handouts.library import Reference
from handouts.markdown import syntax_tree as tree
from handouts.markdown.document_blocks import is_short
from handouts.markdown.syntax_tree import Blocks

_MAX_NAMES, _MAX_SHORT_NAMES = 3, 2  # of authors, in the full list and in the short one
_DOUBLE_STOP = re.compile(r"([?!.])\.(?= |$)")  # a title that ends with a sign of its own needs no full stop
_ORDINAL = re.compile(r"^(?P<edition>[0-9]+(?:st|nd|rd|th))(?P<rest>.*)$")
_PAGE_RANGE = re.compile(r"(?<=\d)-(?=\d)")


def list_sources(
    numbers: Mapping[str, int], references: Mapping[str, Reference], words: FixedWords, *, short: bool = False
) -> tuple[Source, ...]:
    """Return the entries of the list of sources, or of the `short` one, by number."""
    format_entry = short_reference if short else _format_reference
    return tuple(
        Source(number, key, (Text(format_entry(references[key], words)),), references[key].target)
        for key, number in numbers.items()
        if key in references
    )


def _format_reference(reference: Reference, words: FixedWords) -> str:
    """Return one source as it is printed, in the order of the Vancouver style, with three authors at most."""
    if reference.kind == "legal_case":
        rest = _legal_case(reference)
    else:
        rest = _joined(". ", _work(reference, words), _article(reference) if reference.volume else _book(reference))
    return _DOUBLE_STOP.sub(r"\1", _joined(". ", _author_names(reference, words), rest) + ".")


def _joined(divider: str, *texts: str) -> str:
    """Return the texts that are not empty, with `divider` between them."""
    return divider.join(filter(None, texts))


def _author_names(reference: Reference, words: FixedWords) -> str:
    """Return the authors: "Foxhall M, Button K", with "et al." for those that are not listed."""
    names = reference.authors
    if names and (reference.more or len(names) > _MAX_NAMES):
        names = (*names[:_MAX_NAMES], words.say("et_al"))
    return ", ".join(names)


def _work(reference: Reference, words: FixedWords) -> str:
    """Return the title with its edition, then what kind of report it is, with its number."""
    title = _joined(", ", reference.title, _edition_text(reference, words))
    return _joined(". ", title, _joined(" ", reference.genre, reference.number))


def _article(reference: Reference) -> str:
    """Return where an article appeared: "Br J Clin Psychol. 2019;58(2):289–301"."""
    issue = f"({reference.issue})" if reference.issue else ""
    pages = f":{_pages(reference)}" if reference.pages else ""
    return _joined(". ", reference.container, f"{reference.year};{reference.volume}{issue}{pages}")


def _book(reference: Reference) -> str:
    """Return where a book or report appeared; a publisher that is an author too is not named again."""
    publisher = "" if reference.publisher in reference.authors else reference.publisher
    publication = _joined("; ", _joined(": ", reference.town, publisher), reference.year)
    return _joined(". ", reference.container, publication)


def _legal_case(reference: Reference) -> str:
    """Return a case as courts cite it: "Title, 17 Cal 3d 425 (1976)"."""
    report = _joined(" ", reference.volume, reference.container, _pages(reference))
    year = f"({reference.year})" if reference.year else ""
    return _joined(" ", _joined(", ", reference.title, report), year)


def _pages(reference: Reference) -> str:
    """Return the pages with an en dash."""
    return _PAGE_RANGE.sub("\N{EN DASH}", reference.pages)


def short_reference(reference: Reference, words: FixedWords) -> str:
    """Return one source in a few words: "De Smet et al. 2015"; one without authors by its title."""
    names = reference.families
    if len(names) > _MAX_SHORT_NAMES or (names and reference.more):
        authors = f"{names[0]} {words.say('et_al')}"
    elif len(names) == _MAX_SHORT_NAMES:
        authors = words.say("two_authors", one=names[0], two=names[1])
    else:
        authors = names[0] if names else reference.title
    return f"{authors} {reference.year}".strip()


def _edition_text(reference: Reference, words: FixedWords) -> str:
    """Return which edition a source is: "5th ed., text revision"."""
    found = _ORDINAL.match(reference.edition)
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
