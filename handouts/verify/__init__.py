"""Finished bytes read back before they are put in place: nothing lost, nothing leaked, nothing off the page.

`verify_file` takes the bytes of one file and the document that it was made of, and gives an error for each promise that
the bytes do not keep. It trusts no renderer: PDFs are read by PDFium, decks from their XML. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import BadZipFile

from handouts.document import Document
from handouts.finding import NOWHERE, Finding, error, in_order
from handouts.verify.matching import HINT
from handouts.verify.runs import ToldRuns, foreign_runs, found_runs, told_runs

__all__ = ["ToldRuns", "foreign_runs", "told_runs", "verify_file"]

BUILDS, DECKS = "pptx-builds", ("pptx", "pptx-builds")
HANDOUT, NOTES, SLIDES = "pdf", "notes-pdf", "slides-pdf"


def verify_file(
    content: bytes,
    document: Document,
    renderer: str,
    *,
    printed: bool = False,
    foreign: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """Return what is wrong with a finished file that `renderer` made of `document`; `printed` sheets have no tags.

    `foreign` are runs of six words that only others are told, as `foreign_runs` gives them.
    """
    check = (
        verify_deck(content, document, foreign, builds=renderer == BUILDS)
        if renderer in DECKS
        else verify_pdf(content, document, renderer, foreign, printed=printed)
    )
    return in_order(check)


def verify_deck(content: bytes, document: Document, foreign: frozenset[str], *, builds: bool) -> Iterator[Finding]:
    """Yield what is wrong with a deck, which may appear click by click."""
    from handouts.verify.slides import read_deck
    from handouts.verify.talk import check_deck, words_of_slides

    try:
        read = read_deck(content)
    except (BadZipFile, KeyError, SyntaxError, ValueError) as problem:  # lxml raises a SyntaxError
        yield unreadable(problem)
        return
    yield from check_deck(read, document, builds=builds)
    yield from leaks(words_of_slides(read), foreign)


def verify_pdf(
    content: bytes, document: Document, renderer: str, foreign: frozenset[str], *, printed: bool
) -> Iterator[Finding]:
    """Yield what is wrong with a PDF."""
    from handouts.verify import paper, sheets
    from handouts.verify.pages import UnreadableError, read_pdf

    try:
        read = read_pdf(content)
    except UnreadableError as problem:
        yield unreadable(problem)
        return
    yield from paper.check_pages(read, tagged=not printed)
    if printed:
        yield from paper.check_print(read, document)
    elif renderer == HANDOUT:
        yield from paper.check_handout(read, document)
    else:
        yield from sheets.check_talk_on_paper(read, document, notes=renderer == NOTES, boxed=renderer != SLIDES)
    yield from leaks(paper.words_of_pages(read), foreign)


def unreadable(problem: Exception) -> Finding:
    """Return the finding for a file that cannot be opened again."""
    return error("unreadable-file", f"The finished file cannot be read: {problem}.", NOWHERE, HINT)


def leaks(texts: Iterable[str], foreign: frozenset[str]) -> Iterator[Finding]:
    """Yield each text that holds words which only others are told."""
    for run in found_runs(texts, foreign):
        yield error("foreign-words", f"“{run}” is meant for others, and is in the file.", NOWHERE, HINT)
