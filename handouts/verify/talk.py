"""A finished deck against its document: each slide shows and says its words and no others, all of it on the slide.

What is read from the bytes and a document in, findings out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handouts.document import (
    Callout,
    Card,
    Chart,
    Comparison,
    Contacts,
    Document,
    Figure,
    Fork,
    Labelled,
    MainMessage,
    QrCode,
    Script,
    Slide,
    Table,
    plain,
    walk,
)
from handouts.finding import NOWHERE, Finding, error
from handouts.verify.expected import Fixed, Stretch, alts_of, fixed_words, made, squeezed, stretches_of
from handouts.verify.matching import HINT, compare_loosely, compare_order, extras, lost
from handouts.verify.slides import ReadSlide


@dataclass(frozen=True, slots=True)
class Shown:
    """One composed slide, and the slides of the deck that show it."""

    slide: Slide
    read: tuple[ReadSlide, ...]
    first: int


def check_deck(read: Sequence[ReadSlide], document: Document) -> Iterator[Finding]:
    """Yield what is wrong with a deck."""
    fixed = fixed_words(document)
    slides = pair_slides(read, document.slides)
    for shown in slides:
        yield from check_shown(shown, fixed)
        yield from check_said(shown, fixed)
        yield from check_shapes(shown, fixed)
    if sum(len(each.read) for each in slides) != len(read):
        yield error("extra-words", "The deck has slides that were not composed.", NOWHERE, HINT)
    yield from check_feet(read, document, fixed)


def pair_slides(read: Sequence[ReadSlide], slides: Sequence[Slide]) -> tuple[Shown, ...]:
    """Return each composed slide with those of the deck that show it: up to the one with the next one's title."""
    pairs, position = [], 0
    titles = [squeezed(plain(slide.title)).rstrip(".") for slide in slides]
    for index, slide in enumerate(slides):
        start = position
        following = titles[index + 1] if index + 1 < len(slides) else None
        position += 1
        while position < len(read) and not is_next(read[position], following):
            position += 1
        pairs.append(Shown(slide, tuple(read[start:position]), start + 1))
    return tuple(pairs)


def is_next(read: ReadSlide, following: str | None) -> bool:
    """True if a slide of the deck begins the composed slide with this title; one that goes on says so in its own."""
    return following is not None and squeezed(read.title).rstrip(".") == following


def check_shown(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield what is missing on a slide, out of its order or too much."""
    where = f"slide {shown.first}"
    slide, title = shown.slide, headline(shown.slide)
    texts = [squeezed(text) for each in shown.read for text in own_texts(each, shown.read[0], title)]
    body = [each for each in stretches_of(slide.blocks, numbered=False) if not each.spoken and each.text != title]
    wanted = (Stretch(title, slide.at), *made(plain(slide.label), slide.at), *body, *stretches_of(slide.sender))
    yield from compare_loosely(texts, wanted, fixed.with_text(*heads_of(slide)), where)
    yield from compare_order("".join(texts), [each for block in slide.blocks for each in ordered(block)], where)


def heads_of(slide: Slide) -> Iterator[str]:
    """Yield the words of the heads of tables, which stand again where a table goes on on the next slide."""
    for node in walk(slide.blocks):
        if isinstance(node, Table | Comparison):
            head = (node.caption, node.head) if isinstance(node, Table) else (node.left, node.right)
            yield from (each.text for each in stretches_of(head))


def own_texts(read: ReadSlide, first: ReadSlide, title: str) -> tuple[str, ...]:
    """Return the paragraphs of a slide, for one that goes on from the `first` without the title said again."""
    texts = read.texts(feet=False)
    if read is first or not squeezed(read.title).startswith(title):
        return texts
    return tuple(text for text in texts if text != read.title)


def headline(slide: Slide) -> str:
    """Return the title of a slide without its full stop, which a headline leaves out."""
    return squeezed(plain(slide.title)).rstrip(".")


# What a slide shows in another order than that in which it is read.
UNORDERED = (Callout, Card, Chart, Contacts, Figure, Fork, Labelled, MainMessage, QrCode, Script)


def ordered(block: object) -> tuple[Stretch, ...]:
    """Return the words of a block if a slide shows them in the order in which they are read."""
    if isinstance(block, UNORDERED):
        return ()
    inside = (block.head, block.body) if isinstance(block, Table) else block  # its caption may stand above other text
    return tuple(stretches_of(inside, numbered=False))


def check_said(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield what is missing in the notes of a slide, out of its order or too much; one that goes on has them again."""
    notes = list(stretches_of(shown.slide.notes, numbered=False))
    spoken = [each for each in stretches_of(shown.slide, numbered=False) if each.spoken]
    known = fixed.with_text(*(each.text for each in spoken))
    everything = squeezed("".join(text for each in shown.read for text in each.notes))
    yield from (lost(each, f"the notes of slide {shown.first}") for each in spoken if each.text not in everything)
    for number, read in enumerate(shown.read, shown.first):
        where = f"the notes of slide {number}"
        texts = [squeezed(text) for text in read.notes]
        yield from compare_loosely(texts, notes, known, where)
        yield from compare_order("".join(texts), notes, where)


def check_shapes(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield shapes off the slide, drawings without an alt text, and alt texts that nobody composed."""
    shapes = [(number, each) for number, read in enumerate(shown.read, shown.first) for each in read.shapes]
    for number, shape in shapes:
        if not shape.inside and (shape.texts or shape.alt):
            words = " ".join(shape.texts)[:60] or shape.alt[:60]
            yield error("outside-slide", f"“{words}” leaves slide {number}.", shown.slide.at, HINT)
        if shape.silent:
            message = f"A drawing on slide {number} does not say what it shows."
            yield error("missing-alt", message, shown.slide.at, HINT)
    found = Counter(squeezed(shape.alt) for _, shape in shapes if shape.alt)
    alts = tuple(alts_of((shown.slide.blocks, shown.slide.sender)))
    for stretch in alts:
        if not found[stretch.text]:
            yield error("missing-alt", f"“{stretch.text[:60]}” is no alt text of its slide.", stretch.at, HINT)
    texts = {
        each.text
        for each in (*stretches_of(shown.slide, numbered=False), *alts_of((shown.slide.blocks, shown.slide.sender)))
    }
    known = fixed.with_text(headline(shown.slide), *texts)
    yield from extras(found, known, f"an alt text of slide {shown.first}")


def check_feet(read: Iterable[ReadSlide], document: Document, fixed: Fixed) -> Iterator[Finding]:
    """Yield each slide whose foot lacks a line to call or the mark of a draft, or says more than they do."""
    wanted = [squeezed(each) for line in document.crisis.short for each in (line.label, line.number) if each]
    wanted += [squeezed(document.draft)] if document.draft else []
    for number, slide in enumerate(read, 1):
        text, where = squeezed("".join(slide.texts(feet=True))), f"the foot of slide {number}"
        yield from (lost(Stretch(each, NOWHERE), where) for each in wanted if each not in text)
        yield from extras((text,), fixed, where)


def words_of_slides(read: Iterable[ReadSlide]) -> Iterator[str]:
    """Yield all texts of a deck, alt texts and notes included, in which others' words might stand."""
    for slide in read:
        for shape in slide.shapes:
            yield from (*shape.texts, shape.alt)
        yield from slide.notes
