"""Checks of a finished Word file against its Document: nothing lost or added, nothing that runs or is fetched.

Takes what `word_reader` read and a Document; returns findings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from handouts.document.nodes import Document, covers_alone
from handouts.document.text import texts_of
from handouts.finding import NOWHERE, Finding, error
from handouts.render_cache import RenderCache
from handouts.verify.expected import (
    AllowedTexts,
    ExpectedText,
    allowed_texts,
    expected_alts,
    expected_texts,
    expected_tooltips,
    normalized_text,
)
from handouts.verify.matching import BUG_HINT, TextChain, compare_texts
from handouts.verify.word_reader import ReadWordFile

_SAFE_LINK = re.compile(r"(?:https://|mailto:|tel:)\S+")
_BLANK_FOOTS = frozenset({"word/footer2.xml"})  # of the page that is a cover alone


def check_word_file(read: ReadWordFile, document: Document, cache: RenderCache) -> Iterator[Finding]:
    """Yield what is wrong with a file: its words are there in order and no others, also where they are not seen."""
    fixed = _allowed_in_files(document, cache)
    drawn, chain = _split_drawn_words(document)
    yield from compare_texts(read.text, (chain,), fixed, "the Word file")
    for name, texts in read.heads.items():
        yield from compare_texts(texts, _expected_foot(name, document), fixed, "the head or foot of the page")
    yield from _check_hidden(read, document, fixed.with_words(*(each.text for each in chain)), drawn)
    yield from _check_structure(read, document)


def _allowed_in_files(document: Document, cache: RenderCache) -> AllowedTexts:
    """Return what a file may say beside its blocks: what any file may, and what it says of itself."""
    own = (document.author, document.language, ", ".join(document.keywords), *document.keywords, document.draft)
    return allowed_texts(document, cache).with_words(*map(normalized_text, own))


def _split_drawn_words(document: Document) -> tuple[TextChain, TextChain]:
    """Return the words that stand in drawings, which are pictures here, and all other words."""
    drawn = tuple(
        ExpectedText(normalized_text(each.text), each.at) for each in texts_of(document) if each.role == "words"
    )
    said = (each for each in texts_of(document) if each.role not in ("words", "number"))
    seen = (each for each in said if each.visibility != "hidden")
    shown = (
        ExpectedText(normalized_text(_SCHEME.sub("", each.text) if each.role == "address" else each.text), each.at)
        for each in seen
    )
    return drawn, tuple(each for each in shown if each.text)


_SCHEME = re.compile(r"^(?:https://|mailto:|tel:)")


def _expected_foot(name: str, document: Document) -> tuple[TextChain, ...]:
    """Return what a foot must say: whom to call, and the state of the document."""
    if not name.startswith("word/footer") or (covers_alone(document) and name in _BLANK_FOOTS):
        return ()
    foot = normalized_text(document.foot)
    state = ((ExpectedText(foot, NOWHERE),),) if foot else ()
    return (tuple(expected_texts(document.crisis.columns)), *state)


def _check_hidden(read: ReadWordFile, document: Document, known: AllowedTexts, drawn: TextChain) -> Iterator[Finding]:
    """Yield each alt text that is missing, drawn words that it does not say, and what was not composed."""
    alts = tuple(expected_alts(document))
    found = "\n".join(map(normalized_text, read.alts))
    for each in (*alts, *drawn):
        if each.text not in found:
            yield error("missing-alt", f"“{each.text[:60]}” is no alt text in the file.", each.at, BUG_HINT)
    if read.silent:
        yield error("missing-alt", f"{read.silent} pictures have no alt text.", NOWHERE, BUG_HINT)
    known = known.with_words(*(each.text for each in (*alts, *drawn)), *expected_tooltips(document))
    for text in sorted(set(read.hidden)):
        yield from compare_texts((text,), (), known, "what the file says unseen")


def _check_structure(read: ReadWordFile, document: Document) -> Iterator[Finding]:
    """Yield an error for a file without its title or language, for lost headings and links, and for what could run."""
    told = normalized_text(read.title) == normalized_text(document.title) and read.language == document.language
    steps = zip((0, *read.headings), read.headings, strict=False)
    if not told or any(after > before + 1 for before, after in steps):
        message = "The file lacks its title or its language, or its headings leave a level out."
        yield error("page-structure", message, NOWHERE, BUG_HINT)
    places = Counter(read.bookmarks)
    lost = [each for each in read.anchors if each not in places]
    for each in (*lost, *(name for name, count in places.items() if count > 1)):
        message = f"A link of the file leads nowhere, or to two places: {each[:60]}."
        yield error("page-structure", message, NOWHERE, BUG_HINT)
    for each in (*read.active, *(link for link in read.links if not _SAFE_LINK.fullmatch(link))):
        yield error("unsafe-page", f"The file would run or ask for something: {each[:60]}.", NOWHERE, BUG_HINT)


def texts_of_word_file(read: ReadWordFile) -> Iterator[str]:
    """Yield all texts of a file, also those that are only heard, for the search for leaks."""
    yield read.title
    yield from (*read.text, *(each for texts in read.heads.values() for each in texts), *read.hidden)
