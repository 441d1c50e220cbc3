"""Slides on paper against their document: each shows its words and no others, with its notes if they are printed.

What is read from the bytes and a document in, findings out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import Document, plain
from handouts.finding import NOWHERE, Finding
from handouts.verify.expected import Fixed, Stretch, alts_of, fixed_words, made, squeezed, stretches_of
from handouts.verify.matching import Chain, compare, lost
from handouts.verify.pages import ReadPage, ReadPdf
from handouts.verify.paper import calls_of, check_alts, check_feet, page_feet
from handouts.verify.shown import ReadSlide, Talk, check_slides

TITLES = frozenset({"H1", "H2", "H3", "H4", "H5", "H6"})


def check_talk_on_paper(read: ReadPdf, document: Document, *, notes: bool, boxed: bool) -> Iterator[Finding]:
    """Yield what is wrong with slides on paper: their words are there, with what is said if it has `notes`.

    Pages that are `boxed` have head, crisis box and foot of a handout. The foot of the first slide is read.
    """
    fixed = fixed_words(document)
    pages = [slides_on(page) for page in read.pages]
    talk = Talk(document.slides, fixed, notes=notes, on_first=calls_of(document, boxed=False))
    for _, found in check_slides(joined_slides(pages), talk):
        yield from found
    rest = (text for page in pages for text in page.rest)
    yield from compare(rest, (calls_of(document, boxed=True),) if boxed else (), Fixed({}), "the crisis box")
    texts = [each.text for each in stretches_of(document.slides, numbered=False)]
    yield from check_alts(read, tuple(alts_of(document.slides)), fixed.with_words(*texts))
    known = fixed.with_words(*(squeezed(plain(slide.title)) for slide in document.slides))
    feet = slide_feet([len(page.slides) for page in pages], document)
    if boxed:
        feet = [(*slides, *page) for slides, page in zip(feet, page_feet(read.pages, document), strict=True)]
        yield from check_numbers(pages, document)
    yield from check_feet(read.pages, feet, known)


class SlidesPage(Struct, frozen=True):
    """What is read on one page with slides: those that begin there, notes of the one before, and what else is read."""

    slides: tuple[ReadSlide, ...]
    notes: tuple[str, ...]
    rest: tuple[str, ...]


def slides_on(page: ReadPage) -> SlidesPage:
    """Return what is read on a page with slides.

    A slide is a section that has a title; a section inside it, and one without a title on later pages, has its notes.
    """
    slides: list[ReadSlide] = []
    notes: list[str] = []
    rest: list[str] = []
    for _, section in groupby(page.paragraphs, key=lambda each: each.block.sections[:1]):
        paragraphs = list(section)
        shown = [each for each in paragraphs if len(each.block.sections) == 1]
        said = tuple(each.text for each in paragraphs if len(each.block.sections) > 1)
        title = next((each.text for each in shown if each.block.role in TITLES), None)
        if title is None:
            rest += [each.text for each in shown]
            notes += said
        else:
            slides.append(ReadSlide(title, tuple(each.text for each in shown), said))
    return SlidesPage(tuple(slides), tuple(notes), tuple(rest))


def joined_slides(pages: Iterable[SlidesPage]) -> list[ReadSlide]:
    """Return the slides of pages, each with all of its notes."""
    slides: list[ReadSlide] = []
    for page in pages:
        if page.notes:
            last = slides.pop() if slides else ReadSlide("", (), ())
            slides.append(replace(last, notes=(*last.notes, *page.notes)))
        slides += page.slides
    return slides


def check_numbers(pages: Iterable[SlidesPage], document: Document) -> Iterator[Finding]:
    """Yield each slide that does not say which one it is."""
    slides = (slide for page in pages for slide in page.slides)
    for number, slide in enumerate(slides, 1):
        label = squeezed(document.words.say("slide", n=number))
        if label not in map(squeezed, slide.texts):
            yield lost(Stretch(label, NOWHERE), f"slide {number}")


def slide_feet(counts: Iterable[int], document: Document) -> list[tuple[Chain, ...]]:
    """Return what has to stand at the feet of the slides of each page that has so many of them."""
    calls, draft = calls_of(document, boxed=False), made(document.draft, NOWHERE)
    return [(calls * (count - (1 if number == 0 else 0)), draft * count) for number, count in enumerate(counts)]
