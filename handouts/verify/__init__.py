"""Verification of a finished file, before it is written: nothing lost, nothing leaked, nothing off the page.

Takes the bytes and the Document they were made from; returns findings and all texts of the file. Reads PDFs
with PDFium, decks and Word files from their XML, and web pages with the parser of the standard library, independently
of the renderers. Writes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Container, Iterable
from zipfile import BadZipFile

from msgspec import Struct

from handouts.document.nodes import Document
from handouts.finding import NOWHERE, Finding, error, sorted_findings
from handouts.formats import FileFormat, format_named
from handouts.render_cache import RenderCache
from handouts.verify.leakage import (
    DocumentPhrases,
    ForbiddenPhrases,
    document_phrases,
    find_leaks,
    phrases_in,
    unshared_phrases,
)
from handouts.verify.matching import BUG_HINT

__all__ = [
    "DocumentPhrases",
    "ForbiddenPhrases",
    "ReadBack",
    "document_phrases",
    "find_leaks",
    "read_back",
    "unshared_phrases",
    "verify_file",
    "verify_index",
]


# What a deck or a Word file raises that cannot be opened; lxml raises a SyntaxError.
_PACKAGE_ERRORS = (BadZipFile, zlib.error, KeyError, SyntaxError, ValueError)


class ReadBack(Struct, frozen=True):
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
) -> tuple[Finding, ...]:
    """Return what is wrong with a finished file, and which `forbidden` runs of six words it has."""
    read = read_back(content, document, renderer, printed=printed)
    return sorted_findings((*read.findings, *find_leaks(map(phrases_in, read.texts), forbidden)))


def verify_index(
    content: bytes, document: Document, texts: Iterable[str], files: Collection[str]
) -> tuple[Finding, ...]:
    """Return what is wrong with the index of a website, which says these texts alone and leads to `files` alone."""
    from handouts.verify.web_checks import check_index
    from handouts.verify.web_reader import read_page

    try:
        read = read_page(content)
    except ValueError as problem:
        return (_unreadable_finding(problem),)
    return sorted_findings(check_index(read, document, texts, files))


def read_back(
    content: bytes, document: Document, renderer: str, *, printed: bool = False, cache: RenderCache | None = None
) -> ReadBack:
    """Return a finished file that `renderer` made of `document`, read again; `printed` sheets have no tags.

    A slide with the same bytes as one that was read before, and what a block must show, are taken from the `cache`.
    """
    cache = cache or RenderCache()
    made = format_named(renderer)
    if made.shows == "deck":
        return _read_deck_back(content, document, cache, builds=bool(made.builds))
    if made.shows == "web":
        return _read_page_back(content, document, cache)
    if made.shows == "word":
        return _read_word_file_back(content, document, cache)
    return _read_pdf_back(content, document, made, cache, printed=printed)


def _read_deck_back(content: bytes, document: Document, cache: RenderCache, *, builds: bool) -> ReadBack:
    """Return a deck, which may appear click by click, read again."""
    from handouts.verify.deck_reader import read_deck
    from handouts.verify.slide_checks import check_deck, texts_of_slides

    try:
        read = read_deck(content, cache)
    except _PACKAGE_ERRORS as problem:
        return ReadBack((_unreadable_finding(problem),))
    return ReadBack(sorted_findings(check_deck(read, document, cache, builds=builds)), tuple(texts_of_slides(read)))


def _read_page_back(content: bytes, document: Document, cache: RenderCache) -> ReadBack:
    """Return a page of the web, read again."""
    from handouts.verify.web_checks import check_page, texts_of_page
    from handouts.verify.web_reader import read_page

    try:
        read = read_page(content)
    except ValueError as problem:  # no UTF-8, no JSON, or elements that are not closed
        return ReadBack((_unreadable_finding(problem),))
    return ReadBack(sorted_findings(check_page(read, document, cache)), tuple(texts_of_page(read)))


def _read_word_file_back(content: bytes, document: Document, cache: RenderCache) -> ReadBack:
    """Return a Word file, read again."""
    from handouts.verify.word_checks import check_word_file, texts_of_word_file
    from handouts.verify.word_reader import read_word_file

    try:
        read = read_word_file(content)
    except _PACKAGE_ERRORS as problem:
        return ReadBack((_unreadable_finding(problem),))
    return ReadBack(sorted_findings(check_word_file(read, document, cache)), tuple(texts_of_word_file(read)))


def _read_pdf_back(
    content: bytes, document: Document, made: FileFormat, cache: RenderCache, *, printed: bool
) -> ReadBack:
    """Return a PDF, read again."""
    from handouts.verify import handout_checks, slide_checks
    from handouts.verify.pdf_reader import UnreadableError, read_pdf

    try:
        read = read_pdf(content)
    except UnreadableError as problem:
        return ReadBack((_unreadable_finding(problem),))
    if printed:
        check = handout_checks.check_print(read, document)
    elif made.shows == "handout":
        check = handout_checks.check_handout(read, document, cache)
    else:
        check = slide_checks.check_slide_pages(read, document, cache, notes=made.shows == "notes", boxed=made.on_paper)
    return ReadBack(
        sorted_findings((*handout_checks.check_pages(read, tagged=not printed), *check)),
        tuple(handout_checks.texts_of_pages(read)),
    )


def _unreadable_finding(problem: Exception) -> Finding:
    """Return the finding for a file that cannot be opened again."""
    return error("unreadable-file", f"The finished file cannot be read: {problem}.", NOWHERE, BUG_HINT)
