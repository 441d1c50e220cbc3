"""Checks of a finished Word file against its Document: nothing lost or added, nothing that runs or is fetched.

Takes what `word_reader` read and a Document; returns findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handouts.document.nodes import Document, covers_alone
from handouts.finding import NOWHERE, Finding, error
from handouts.render_cache import RenderCache
from handouts.verify.expected import (
    AllowedTexts,
    ExpectedText,
    allowed_texts,
    expected_by_role,
    expected_texts,
    normalized_text,
)
from handouts.verify.matching import BUG_HINT, TextChain, check_alts, check_extra_texts, compare_texts
from handouts.verify.page_structure import check_outline, check_requests, check_targets
from handouts.verify.word_reader import ReadWordFile

_SAFE_LINK = re.compile(r"(?:https://|mailto:|tel:)\S+")
_BLANK_FOOTS = frozenset({"word/footer2.xml"})  # of the page that is a cover alone


def check_word_file(read: ReadWordFile, document: Document, cache: RenderCache) -> Iterator[Finding]:
    """Yield what is wrong with a file: its words are there in order and no others, also where they are not seen."""
    fixed = _allowed_in_files(document, cache)
    drawn = expected_by_role(document, "words")  # they are in pictures
    chain = tuple(expected_texts(document, numbered=False, drawn=False, notes=True))
    yield from compare_texts(read.text, (chain,), fixed, "the Word file")
    for name, texts in read.heads.items():
        yield from compare_texts(texts, _expected_foot(name, document), fixed, "the head or foot of the page")
    yield from _check_hidden(read, document, fixed.with_words(*(each.text for each in chain)), drawn)
    yield from check_outline(read.title, read.language, read.headings, document, "file")
    yield from check_targets(read.anchors, read.bookmarks, "file")
    yield from check_requests((*read.active, *(link for link in read.links if not _SAFE_LINK.fullmatch(link))), "file")


def _allowed_in_files(document: Document, cache: RenderCache) -> AllowedTexts:
    """Return what a file may say besides its blocks: what any file may say, and its metadata."""
    own = (document.author, document.language, ", ".join(document.keywords), *document.keywords, document.draft)
    return allowed_texts(document, cache).with_words(*map(normalized_text, own))


def _expected_foot(name: str, document: Document) -> tuple[TextChain, ...]:
    """Return what a foot must say: the crisis box, and the state of the document."""
    if not name.startswith("word/footer") or (covers_alone(document) and name in _BLANK_FOOTS):
        return ()
    foot = normalized_text(document.foot)
    state = ((ExpectedText(foot, NOWHERE),),) if foot else ()
    return (tuple(expected_texts(document.crisis.columns)), *state)


def _check_hidden(
    read: ReadWordFile, document: Document, known: AllowedTexts, drawn: Sequence[ExpectedText]
) -> Iterator[Finding]:
    """Yield each missing alt text, drawn words that no alt text has, and hidden texts that were not composed."""
    wanted = (*expected_by_role(document, "alt"), *drawn)
    yield from check_alts(wanted, "\n".join(map(normalized_text, read.alts)))
    if read.silent:
        yield error("missing-alt", f"{read.silent} pictures have no alt text.", NOWHERE, BUG_HINT)
    tooltips = expected_by_role(document, "tooltip")
    known = known.with_words(*(each.text for each in (*wanted, *tooltips)))
    yield from check_extra_texts(read.hidden, known, "what the file says unseen")


def texts_of_word_file(read: ReadWordFile) -> Iterator[str]:
    """Yield all texts of a file, also those that are only heard, for the search for leaks."""
    yield read.title
    yield from (*read.text, *(each for texts in read.heads.values() for each in texts), *read.hidden)
