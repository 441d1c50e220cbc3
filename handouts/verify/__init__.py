"""Finished bytes read back before they are put in place: nothing lost, nothing leaked, nothing off the page.

`read_back` takes the bytes of one file and the document that it was made of, and gives an error for each promise that
the bytes do not keep, and the texts, in which `leaks` finds the words of others. It trusts no renderer: PDFs are read
by PDFium, decks from their XML. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from zipfile import BadZipFile

from msgspec import Struct

from handouts.document import Document
from handouts.finding import NOWHERE, Finding, error, in_order
from handouts.verify.matching import HINT
from handouts.verify.runs import ForeignRuns, ToldRuns, found_runs, runs_in, strange_runs, told_runs

__all__ = ["ForeignRuns", "ReadBack", "ToldRuns", "leaks", "read_back", "strange_runs", "told_runs", "verify_file"]

BUILDS, DECKS = "pptx-builds", ("pptx", "pptx-builds")
HANDOUT, NOTES, SLIDES = "pdf", "notes-pdf", "slides-pdf"


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
    foreign: Container[str] = frozenset(),
) -> tuple[Finding, ...]:
    """Return what is wrong with a finished file, and which words it has that are among the `foreign` runs of six."""
    read = read_back(content, document, renderer, printed=printed)
    return in_order((*read.findings, *leaks(map(runs_in, read.texts), foreign)))


def read_back(content: bytes, document: Document, renderer: str, *, printed: bool = False) -> ReadBack:
    """Return a finished file that `renderer` made of `document`, read again; `printed` sheets have no tags."""
    if renderer in DECKS:
        return read_deck_back(content, document, builds=renderer == BUILDS)
    return read_pdf_back(content, document, renderer, printed=printed)


def read_deck_back(content: bytes, document: Document, *, builds: bool) -> ReadBack:
    """Return a deck, which may appear click by click, read again."""
    from handouts.verify.slides import read_deck
    from handouts.verify.talk import check_deck, words_of_slides

    try:
        read = read_deck(content)
    except (BadZipFile, KeyError, SyntaxError, ValueError) as problem:  # lxml raises a SyntaxError
        return ReadBack((unreadable(problem),))
    return ReadBack(in_order(check_deck(read, document, builds=builds)), tuple(words_of_slides(read)))


def read_pdf_back(content: bytes, document: Document, renderer: str, *, printed: bool) -> ReadBack:
    """Return a PDF, read again."""
    from handouts.verify import paper, slide_pages
    from handouts.verify.pages import UnreadableError, read_pdf

    try:
        read = read_pdf(content)
    except UnreadableError as problem:
        return ReadBack((unreadable(problem),))
    if printed:
        check = paper.check_print(read, document)
    elif renderer == HANDOUT:
        check = paper.check_handout(read, document)
    else:
        check = slide_pages.check_talk_on_paper(read, document, notes=renderer == NOTES, boxed=renderer != SLIDES)
    return ReadBack(in_order((*paper.check_pages(read, tagged=not printed), *check)), tuple(paper.words_of_pages(read)))


def unreadable(problem: Exception) -> Finding:
    """Return the finding for a file that cannot be opened again."""
    return error("unreadable-file", f"The finished file cannot be read: {problem}.", NOWHERE, HINT)


def leaks(texts: Iterable[Sequence[str]], foreign: Container[str]) -> Iterator[Finding]:
    """Yield an error for each text, given as runs of words, in which one of them is told to others alone."""
    for run in found_runs(texts, foreign):
        yield error("foreign-words", f"“{run}” is meant for others, and is in the file.", NOWHERE, HINT)
