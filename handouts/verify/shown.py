"""Composed slides against the slides of a finished file, a deck or a PDF: each shows and says its texts and no others.

What is read from the file and a document in, findings out. Slides are told apart by what they are in the file, and
belong to the composed slide whose title they bear.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import (
    Block,
    Callout,
    Card,
    Chart,
    Comparison,
    Contacts,
    Figure,
    Fork,
    Inlines,
    Labelled,
    MainMessage,
    QrCode,
    Script,
    Slide,
    Table,
    plain,
    walk,
)
from handouts.finding import NOWHERE, Finding, Span
from handouts.verify.expected import Fixed, Stretch, alts_of, made, squeezed, stretches_of
from handouts.verify.matching import Chain, compare, lost

# What a slide shows in another order than that in which it is read.
UNORDERED = (Callout, Card, Chart, Contacts, Figure, Fork, Labelled, MainMessage, QrCode, Script)


class Told(Struct, frozen=True):
    """All that one composed slide has to show and to say, ready to be looked for.

    `chains` are the texts that it shows, those of each in their order; what is `repeated` may stand there again.
    """

    title: str
    at: Span
    chains: tuple[Chain, ...]
    repeated: tuple[str, ...]
    notes: Chain
    spoken: Chain
    alts: Chain
    texts: tuple[str, ...]


class Talk(Struct, frozen=True):
    """Composed slides, what their file may say beside, and how it shows them: comparisons `by_column`, with `notes`.

    The first slide says what is `on_first` too.
    """

    slides: tuple[Slide, ...]
    fixed: Fixed
    by_column: bool = False
    notes: bool = True
    on_first: Chain = ()

    def told(self, index: int, tell: Callable[[Slide, Chain, bool], Told]) -> Told:
        """Return what the slide with this index has to show and to say."""
        return tell(self.slides[index], () if index else self.on_first, self.by_column)


class ReadSlide(Struct, frozen=True):
    """One slide of a finished file: its title, its paragraphs, the title among them, and those of its notes."""

    title: str
    texts: tuple[str, ...]
    notes: tuple[str, ...]


class Shown(Struct, frozen=True):
    """What one composed slide has to say, and the slides of the file that show it, the `first` by its number."""

    told: Told
    read: tuple[ReadSlide, ...]
    first: int


def told_by(slide: Slide, also: Chain, by_column: bool) -> Told:
    """Return what a slide has to show and to say, and `also`; a comparison is read row by row, or `by_column`."""
    title, everything = squeezed(plain(slide.title)), tuple(stretches_of(slide, numbered=False))
    alts = tuple(alts_of((slide.blocks, slide.sender)))
    return Told(
        title,
        slide.at,
        (*chains_of(slide, by_column=by_column), also),
        (title, *heads_of(slide)),
        tuple(stretches_of(slide.notes, numbered=False)),
        tuple(each for each in everything if each.spoken),
        alts,
        tuple({each.text for each in (*everything, *alts)}),
    )


# Decks of a batch differ in a slide or two; those of three readers have some hundred.
remembered = lru_cache(maxsize=144)(told_by)


def chains_of(slide: Slide, *, by_column: bool) -> Iterator[Chain]:
    """Yield the texts that a slide shows: those that keep their order, those of columns, and each of the others."""
    chain: list[Stretch] = []
    loose = [*made(plain(slide.title), slide.at), *made(plain(slide.label), slide.at), *stretches_of(slide.sender)]
    for block in (without_heading(each, slide.title) for each in slide.blocks):
        if isinstance(block, Comparison) and by_column:
            left, right = zip(*block.rows, strict=True) if block.rows else ((), ())
            yield tuple(stretches_of((block.left, left), block.at, numbered=False))
            yield tuple(stretches_of((block.right, right), block.at, numbered=False))
        elif isinstance(block, UNORDERED):
            loose += shown_texts(block)
        elif isinstance(block, Table):  # its caption may stand above other text
            loose += shown_texts(block.caption, block.at)
            chain += shown_texts((block.head, block.body), block.at)
        else:
            chain += shown_texts(block)
    yield tuple(chain)
    alike = defaultdict[str, list[Stretch]](list)
    for each in loose:
        alike[each.text].append(each)
    yield from map(tuple, alike.values())


def without_heading(block: Block, title: Inlines) -> Block:
    """Return a block without a heading that says what the title of its slide says: it is not shown again."""
    if isinstance(block, Figure | Chart) and same_words(block.title, title):
        return replace(block, title=())
    if isinstance(block, Table) and same_words(block.caption, title):
        return replace(block, caption=())
    return block


def same_words(one: Inlines, other: Inlines) -> bool:
    """True if two texts say the same, but for capitals and spaces."""
    return plain(one).casefold().split() == plain(other).casefold().split()


def shown_texts(node: object, at: Span = NOWHERE) -> Iterator[Stretch]:
    """Yield what a slide shows of a node."""
    return (each for each in stretches_of(node, at, numbered=False) if not each.spoken)


def heads_of(slide: Slide) -> Iterator[str]:
    """Yield the words of the heads of tables, which stand again where a table goes on on the next slide."""
    for node in walk(slide.blocks):
        if isinstance(node, Table | Comparison):
            head = (node.caption, node.head) if isinstance(node, Table) else (node.left, node.right)
            yield from (each.text for each in stretches_of(head))


# ---------------------------------------------------------------- against what is shown


def check_slides(read: Sequence[ReadSlide], talk: Talk) -> Iterator[tuple[Shown, tuple[Finding, ...]]]:
    """Yield each composed slide with those of the file that show it, and what is wrong with these."""
    for index, shown in enumerate(shown_slides(read, talk)):
        if any(check_texts(shown, talk)):  # findings name places, which equal slides need not share
            own = replace(shown, told=talk.told(index, told_by))
            yield own, tuple(check_texts(own, talk))
        else:
            yield shown, ()


def shown_slides(read: Sequence[ReadSlide], talk: Talk) -> Iterator[Shown]:
    """Yield each composed slide with those of the file that show it: up to the one that bears the next one's title.

    No two slides bear the same title: one that goes on says so in its own.
    """
    start = 0
    told = [talk.told(index, remembered) for index in range(len(talk.slides))]
    for each, following in zip_longest(told, told[1:]):
        later = range(start + 1, len(read))
        ends = (number for number in later if following and squeezed(read[number].title) == following.title)
        end = next(ends, len(read))
        yield Shown(each, tuple(read[start:end]), start + 1)
        start = end


def check_texts(shown: Shown, talk: Talk) -> Iterator[Finding]:
    """Yield what is wrong with what the slides of a composed one show, and with their notes if there are any."""
    yield from check_shown(shown, talk.fixed)
    if talk.notes:
        yield from check_said(shown, talk.fixed)


def check_shown(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield what is missing on the slides of a composed one, out of its order or too much."""
    texts = (text for each in shown.read for text in each.texts)
    yield from compare(texts, shown.told.chains, fixed.with_words(*shown.told.repeated), f"slide {shown.first}")


def check_said(shown: Shown, fixed: Fixed) -> Iterator[Finding]:
    """Yield what is missing in the notes of a slide, out of its order or too much; one that goes on has them again."""
    told = shown.told
    known = fixed.with_words(*(each.text for each in told.spoken))
    everything = squeezed("".join(text for each in shown.read for text in each.notes))
    yield from (lost(each, f"the notes of slide {shown.first}") for each in told.spoken if each.text not in everything)
    for number, read in enumerate(shown.read, shown.first):
        yield from compare(read.notes, (told.notes,), known, f"the notes of slide {number}")
