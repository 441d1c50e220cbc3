"""A finished deck against its document: each slide shows and says its words and no others, all of it on the slide.

What is read from the bytes and a document in, findings out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

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
from handouts.finding import NOWHERE, Finding, Span, error
from handouts.verify.expected import Fixed, Stretch, alts_of, fixed_words, made, squeezed, stretches_of
from handouts.verify.matching import HINT, compare_loosely, compare_order, extras, lost
from handouts.verify.slides import ReadSlide


class Told(Struct, frozen=True):
    """All that one composed slide has to show and to say, ready to be looked for; `ordered` are words in sequences."""

    title: str
    at: Span
    body: tuple[Stretch, ...]
    ordered: tuple[tuple[Stretch, ...], ...]
    heads: tuple[str, ...]
    notes: tuple[Stretch, ...]
    spoken: tuple[Stretch, ...]
    alts: tuple[Stretch, ...]
    texts: tuple[str, ...]


class Shown(Struct, frozen=True):
    """What one composed slide has to say, and the slides of the deck that show it."""

    told: Told
    read: tuple[ReadSlide, ...]
    first: int


def told_by(slide: Slide, *, by_column: bool = False) -> Told:
    """Return what a slide has to show and to say; a comparison is read row by row, or `by_column`."""
    title, everything = headline(slide), tuple(stretches_of(slide, numbered=False))
    shown = stretches_of(slide.blocks, numbered=False)
    body = (each for each in shown if not each.spoken and each.text != title)
    alts = tuple(alts_of((slide.blocks, slide.sender)))
    return Told(
        title,
        slide.at,
        (Stretch(title, slide.at), *made(plain(slide.label), slide.at), *body, *stretches_of(slide.sender)),
        tuple(sequences(slide, by_column=by_column)),
        tuple(heads_of(slide)),
        tuple(stretches_of(slide.notes, numbered=False)),
        tuple(each for each in everything if each.spoken),
        alts,
        tuple({each.text for each in (*everything, *alts)}),
    )


# Decks of a batch differ in a slide or two; those of three readers have some hundred.
remembered = lru_cache(maxsize=144)(told_by)


def check_deck(read: Sequence[ReadSlide], document: Document, *, builds: bool = False) -> Iterator[Finding]:
    """Yield what is wrong with a deck; in one that appears click by click, comparisons are read by column."""
    fixed = fixed_words(document)
    pairs = pair_slides(read, tuple(remembered(slide, by_column=builds) for slide in document.slides))
    for slide, shown in zip(document.slides, pairs, strict=True):
        if any(check_slide(shown, fixed)):  # findings name places, which equal slides need not share
            yield from check_slide(replace(shown, told=told_by(slide, by_column=builds)), fixed)
    if sum(len(each.read) for each in pairs) != len(read):
        yield error("extra-words", "The deck has slides that were not composed.", NOWHERE, HINT)
    yield from check_feet(read, document, fixed)


def check_slide(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield what is wrong with the slides that show one composed slide."""
    yield from check_shown(shown, fixed)
    yield from check_said(shown, fixed)
    yield from check_shapes(shown, fixed)


def pair_slides(read: Sequence[ReadSlide], slides: Sequence[Told]) -> tuple[Shown, ...]:
    """Return each composed slide with those of the deck that show it: up to the one with the next one's title."""
    pairs, position = [], 0
    for index, told in enumerate(slides):
        start = position
        following = slides[index + 1].title if index + 1 < len(slides) else None
        position += 1
        while position < len(read) and not is_next(read[position], following):
            position += 1
        pairs.append(Shown(told, tuple(read[start:position]), start + 1))
    return tuple(pairs)


def is_next(read: ReadSlide, following: str | None) -> bool:
    """True if a slide of the deck begins the composed slide with this title; one that goes on says so in its own."""
    return following is not None and squeezed(read.title).rstrip(".") == following


def check_shown(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield what is missing on a slide, out of its order or too much."""
    where, told = f"slide {shown.first}", shown.told
    texts = [squeezed(text) for each in shown.read for text in own_texts(each, shown.read[0], told.title)]
    yield from compare_loosely(texts, told.body, fixed.with_text(*told.heads), where)
    for sequence in told.ordered:
        yield from compare_order("".join(texts), sequence, where)


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


def sequences(slide: Slide, *, by_column: bool) -> Iterator[tuple[Stretch, ...]]:
    """Yield the words of a slide that it shows in the order in which they are read: all, then those of columns."""
    apart = [block for block in slide.blocks if by_column and isinstance(block, Comparison)]
    yield tuple(each for block in slide.blocks if block not in apart for each in ordered(block))
    for block in apart:
        left, right = zip(*block.rows, strict=True) if block.rows else ((), ())
        yield tuple(stretches_of((block.left, left), block.at, numbered=False))
        yield tuple(stretches_of((block.right, right), block.at, numbered=False))


def ordered(block: object) -> tuple[Stretch, ...]:
    """Return the words of a block if a slide shows them in the order in which they are read."""
    if isinstance(block, UNORDERED):
        return ()
    inside = (block.head, block.body) if isinstance(block, Table) else block  # its caption may stand above other text
    return tuple(stretches_of(inside, numbered=False))


def check_said(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield what is missing in the notes of a slide, out of its order or too much; one that goes on has them again."""
    told = shown.told
    known = fixed.with_text(*(each.text for each in told.spoken))
    everything = squeezed("".join(text for each in shown.read for text in each.notes))
    yield from (lost(each, f"the notes of slide {shown.first}") for each in told.spoken if each.text not in everything)
    for number, read in enumerate(shown.read, shown.first):
        where = f"the notes of slide {number}"
        texts = [squeezed(text) for text in read.notes]
        yield from compare_loosely(texts, told.notes, known, where)
        yield from compare_order("".join(texts), told.notes, where)


def check_shapes(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield shapes off the slide, drawings without an alt text, and alt texts that nobody composed."""
    told = shown.told
    shapes = [(number, each) for number, read in enumerate(shown.read, shown.first) for each in read.shapes]
    for number, shape in shapes:
        if not shape.inside and (shape.texts or shape.alt):
            words = " ".join(shape.texts)[:60] or shape.alt[:60]
            yield error("outside-slide", f"“{words}” leaves slide {number}.", told.at, HINT)
        if shape.silent:
            message = f"A drawing on slide {number} does not say what it shows."
            yield error("missing-alt", message, told.at, HINT)
    found = Counter(squeezed(shape.alt) for _, shape in shapes if shape.alt)
    for stretch in told.alts:
        if not found[stretch.text]:
            yield error("missing-alt", f"“{stretch.text[:60]}” is no alt text of its slide.", stretch.at, HINT)
    known = fixed.with_text(told.title, *told.texts)
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
