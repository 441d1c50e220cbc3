"""Verify a finished file before it is written: nothing lost, nothing leaked, nothing off the page.

Takes the bytes and the Document they were made from; returns findings and all texts of the file. Reads PDFs
with PDFium, decks and Word files from their XML, and web pages with the parser of the standard library, independently
of the renderers. Writes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Container, Iterable, Iterator
from itertools import chain
from typing import TypeAlias
from zipfile import BadZipFile

from msgspec import Struct

from handouts.document.nodes import Document
from handouts.finding import NOWHERE, Finding, error, sorted_findings
from handouts.formats import FileFormat, format_named
from handouts.render_cache import RenderCache
from handouts.verify.leakage import find_leaks, phrases_in
from handouts.verify.matching import BUG_HINT

# What the readers raise for a file that they cannot open; lxml raises a SyntaxError.
_UNREADABLE = (BadZipFile, zlib.error, KeyError, SyntaxError, ValueError)
_Checked: TypeAlias = tuple[Iterator[Finding], Iterator[str]]


class _ReadBack(Struct, frozen=True):
    """What is wrong with a finished file, and all its texts."""

    findings: tuple[Finding, ...]
    texts: tuple[str, ...] = ()


def verify_file(
    content: bytes,
    document: Document,
    renderer: str,
    *,
    printed: bool = False,
    forbidden: Container[str] = frozenset(),
    cache: RenderCache | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong with a finished file, and which `forbidden` runs of six words it has."""
    read = read_back(content, document, renderer, printed=printed, cache=cache)
    return sorted_findings((*read.findings, *find_leaks(map(phrases_in, read.texts), forbidden)))


def verify_index(
    content: bytes, document: Document, texts: Iterable[str], files: Collection[str]
) -> tuple[Finding, ...]:
    """Return what is wrong with the index of a website: it may say only `texts`, and must link to exactly `files`."""
    from handouts.verify.web_checks import check_index
    from handouts.verify.web_reader import read_page

    try:
        read = read_page(content)
    except _UNREADABLE as problem:
        return (_unreadable_error(problem),)
    return sorted_findings(check_index(read, document, texts, files))


def read_back(
    content: bytes, document: Document, renderer: str, *, printed: bool = False, cache: RenderCache | None = None
) -> _ReadBack:
    """Return what is wrong with a finished file that `renderer` made of `document`, and its texts.

    `printed` sheets have no tags. The `cache` holds slides that were read before, by their bytes, and the texts that
    each block must show.
    """
    made = format_named(renderer)
    check = {"deck": _check_deck, "web": _check_page, "word": _check_word_file}.get(made.shows)
    cache = cache or RenderCache()
    try:
        # The file is read here. Checks and texts are generators, which run after this `try`.
        findings, texts = (
            check(content, document, made, cache) if check else _check_pdf(content, document, made, cache, printed)
        )
    except _UNREADABLE as problem:
        return _ReadBack((_unreadable_error(problem),))
    return _ReadBack(sorted_findings(findings), tuple(texts))


def _check_deck(content: bytes, document: Document, made: FileFormat, cache: RenderCache) -> _Checked:
    """Return the findings in a deck, and its texts."""
    from handouts.verify.deck_reader import read_deck
    from handouts.verify.slide_checks import check_deck, texts_of_slides

    read = read_deck(content, cache)
    return check_deck(read, document, cache, builds=bool(made.builds)), texts_of_slides(read)


def _check_page(content: bytes, document: Document, _made: FileFormat, cache: RenderCache) -> _Checked:
    """Return the findings in a web page, and its texts."""
    from handouts.verify.web_checks import check_page, texts_of_page
    from handouts.verify.web_reader import read_page

    read = read_page(content)
    return check_page(read, document, cache), texts_of_page(read)


def _check_word_file(content: bytes, document: Document, _made: FileFormat, cache: RenderCache) -> _Checked:
    """Return the findings in a Word file, and its texts."""
    from handouts.verify.word_checks import check_word_file, texts_of_word_file
    from handouts.verify.word_reader import read_word_file

    read = read_word_file(content)
    return check_word_file(read, document, cache), texts_of_word_file(read)


def _check_pdf(content: bytes, document: Document, made: FileFormat, cache: RenderCache, printed: bool) -> _Checked:
    """Return the findings in a PDF, and its texts."""
    from handouts.verify import handout_checks, slide_checks
    from handouts.verify.pdf_reader import read_pdf

    read = read_pdf(content)
    if printed:
        found = handout_checks.check_print(read, document)
    elif made.shows == "handout":
        found = handout_checks.check_handout(read, document, cache)
    else:
        found = slide_checks.check_slide_pages(read, document, cache, notes=made.shows == "notes", boxed=made.on_paper)
    return chain(handout_checks.check_pages(read, tagged=not printed), found), handout_checks.texts_of_pages(read)


def _unreadable_error(problem: Exception) -> Finding:
    """Return the error for a file that cannot be opened again."""
    return error("unreadable-file", f"The finished file cannot be read: {problem}.", NOWHERE, BUG_HINT)
