"""A finished deck against its document: each slide shows and says its words and no others, all of it on the slide.

What is read from the bytes and a document in, findings out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handouts.document import Document
from handouts.finding import NOWHERE, Finding, error
from handouts.verify.expected import Fixed, Stretch, fixed_words, squeezed
from handouts.verify.matching import HINT, compare
from handouts.verify.shown import ReadSlide, Talk, Told, check_slides
from handouts.verify.slides import DeckSlide


def check_deck(read: Sequence[DeckSlide], document: Document, *, builds: bool = False) -> Iterator[Finding]:
    """Yield what is wrong with a deck; in one that appears click by click, comparisons are read by column."""
    fixed = fixed_words(document)
    slides = [ReadSlide(each.title, each.texts(feet=False), each.notes) for each in read]
    for shown, found in check_slides(slides, Talk(document.slides, fixed, by_column=builds)):
        yield from found
        first = shown.first - 1
        yield from check_shapes(read[first : first + len(shown.read)], shown.told, shown.first, fixed)
    yield from check_feet(read, document, fixed)


def check_shapes(read: Sequence[DeckSlide], told: Told, first: int, fixed: Fixed) -> Iterator[Finding]:
    """Yield shapes off the slide, drawings without an alt text, and alt texts that nobody composed."""
    shapes = [(number, each) for number, slide in enumerate(read, first) for each in slide.shapes]
    for number, shape in shapes:
        if not shape.inside and (shape.texts or shape.alt):
            words = " ".join(shape.texts)[:60] or shape.alt[:60]
            yield error("outside-slide", f"“{words}” leaves slide {number}.", told.at, HINT)
        if shape.silent:
            message = f"A drawing on slide {number} does not say what it shows."
            yield error("missing-alt", message, told.at, HINT)
    found = {squeezed(shape.alt) for _, shape in shapes if shape.alt}
    for stretch in told.alts:
        if stretch.text not in found:
            yield error("missing-alt", f"“{stretch.text[:60]}” is no alt text of its slide.", stretch.at, HINT)
    known = fixed.with_words(told.title, *told.texts)
    for alt in sorted(found):
        yield from compare((alt,), (), known, f"an alt text of slide {first}")


def check_feet(read: Iterable[DeckSlide], document: Document, fixed: Fixed) -> Iterator[Finding]:
    """Yield each slide whose foot lacks a line to call or the mark of a draft, or says more than they do."""
    lines = [each for line in document.crisis.short for each in (line.label, line.number)]
    wanted = tuple((Stretch(squeezed(each), NOWHERE),) for each in (*lines, document.draft))
    for number, slide in enumerate(read, 1):
        yield from compare(slide.texts(feet=True), wanted, fixed, f"the foot of slide {number}")


def words_of_slides(read: Iterable[DeckSlide]) -> Iterator[str]:
    """Yield all texts of a deck, alt texts and notes included, in which others' words might stand."""
    for slide in read:
        for shape in slide.shapes:
            yield from (*shape.texts, shape.alt)
        yield from slide.notes
