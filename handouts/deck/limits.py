"""How much may stand on one slide: a finding for each that holds more words than people read while they listen.

Source of the limits: the visual language of the project (at most forty words). A table of six rows that explain
something has sixty: it is taken in row by row. Lists of sources and of whom to call are looked up, not read out, and
may hold more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from handouts.deck.planned import (
    Filled,
    Item,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
)
from handouts.document import Contacts, Slide, Sources, walk
from handouts.figures import Label
from handouts.finding import Finding, warning

MOST_WORDS, MOST_WITH_TABLE = 40, 60


def crowded_slides(slide: Slide, planned: Sequence[PlannedSlide]) -> Iterator[Finding]:
    """Yield a warning for each of the `planned` slides of one slide that holds too many words."""
    if any(isinstance(node, Contacts | Sources) for node in walk(slide.blocks)):
        return
    for each in planned:
        most = MOST_WITH_TABLE if any(isinstance(item, PlacedTable) for item in each.items) else MOST_WORDS
        count = words_on(each)
        if count > most:
            message = f"The slide “{each.title}” holds {count} words; people can take in {most} while they listen."
            hint = "say more and show less: leave the rest to the notes and the handout"
            yield warning("slide-words", message, each.at, hint)


def words_on(slide: PlannedSlide) -> int:
    """Return how many words a slide shows, its foot left out; a lone number or sign is none."""
    words = (word for item in slide.items for text in shown_texts(item) for word in text.split())
    return sum(any(map(str.isalpha, word)) for word in words)


def shown_texts(item: Item) -> Iterator[str]:
    """Yield what one reads of an item of a slide."""
    match item:
        case Filled():
            yield from (paragraph.text for paragraph in item.paragraphs)
        case PlacedTable():
            for cell in (cell for row in item.rows for cell in row.cells):
                yield from ("".join(run.text for run in text.runs) for text in cell.texts)
        case PlacedDrawing():
            yield from (" ".join(shape.lines) for shape in item.drawing.shapes if isinstance(shape, Label))
        case PlacedChart():
            yield from shown_texts(item.drawn)
        case PlacedPicture():
            return
        case _:
            assert_never(item)
