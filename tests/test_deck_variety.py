"""In every real deck at least half of the slides show more than text, and none has too many words.

Counted strictly. A table, a chart, a picture, a drawing with alt text, speech in a bubble (a question for the room is
one) and a number as large as a title count, and so do the slides with the line drawn across them: title, parts, pauses.
Paragraphs, lists, columns, sources, a sentence set large, a box around text, and text beside a sign do not.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from deck_file import A, DeckFile, text_of
from msgspec.structs import replace
from shipped_decks import Deck, deck_of, real_decks, sample

from handouts.deck.layouts import layout_named
from handouts.deck.planned_slides import (
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideParagraph,
    TextRun,
)

MOST_WORDS, MOST_WITH_TABLE = 40, 60
LARGE = 64.0  # points: a number larger than any title counts as a picture


def shows(slide: PlannedSlide) -> str:
    """Return what a slide shows other than text; "" if nothing."""
    layout = layout_named(slide.layout.name)
    for item in slide.items:
        match item:
            case PlacedTable() if has_several_columns(item):
                return "table"
            case PlacedChart():
                return "chart"
            case PlacedPicture():
                return "picture"
            case PlacedDrawing() if item.alt:
                return "figure"
            case FilledPlaceholder() if layout.placeholder(item.name).shape.endswith("bubble"):
                return "speech"
            case FilledPlaceholder() if layout.placeholder(item.name).sizes[0] > LARGE:
                return "number"
    return "line" if layout.is_dark else ""


def has_several_columns(table: PlacedTable) -> bool:
    """True if a table has more than one column with words: else it is a list with rules."""
    return sum(any(row.cells[index].texts for row in table.rows) for index in range(len(table.columns))) > 1


def is_for_reference(deck: Deck, slide: PlannedSlide) -> bool:
    """True if a slide has contacts or sources, which are for reference and not read out."""
    contacts = any(
        isinstance(item, PlacedTable) and item.alt == deck.document.words.say("contacts") for item in slide.items
    )
    return contacts or slide.layout.name == "sources"


def words_on(file: DeckFile, name: str) -> int:
    """Return the number of words on a slide of the finished file, without its foot and number."""
    shapes = file.shapes(name)[:-2]
    words = (word for shape in shapes for text in texts_of(shape) for word in text.split())
    return sum(any(map(str.isalpha, word)) for word in words)


def texts_of(shape: Any) -> list[str]:
    """Return the words of each paragraph of a shape."""
    return [text_of(each) for each in shape.iter(f"{A}p")]


def crowded_slides(deck: Deck) -> list[tuple[str, int]]:
    """Return the slides with too many words, with their numbers of words."""
    file, found = DeckFile(deck.content), []
    for name, slide in zip(file.slides, deck.plan.slides, strict=True):
        most = MOST_WITH_TABLE if any(isinstance(item, PlacedTable) for item in slide.items) else MOST_WORDS
        count = words_on(file, name)
        if count > most and not is_for_reference(deck, slide):
            found.append((slide.title, count))
    return found


@pytest.mark.full
def test_at_least_half_of_the_slides_of_every_deck_show_more_than_text() -> None:
    for deck in real_decks():
        counts = Counter(shows(slide) for slide in deck.plan.slides)
        assert 2 * counts[""] <= len(deck.plan.slides), (deck.name, counts)
        assert len(counts) > 4, (deck.name, counts)


@pytest.mark.full
def test_no_slide_of_a_real_deck_has_too_many_words() -> None:
    for deck in real_decks():
        assert crowded_slides(deck) == [], deck.name


def test_each_kind_of_slide_is_classified_correctly() -> None:
    expected = {
        "title": "line", "section": "line", "pause": "line", "message": "", "claim-text": "", "text": "",
        "two-columns": "", "callout": "", "sources": "", "table": "table", "table-note": "table", "figure": "figure",
        "chart": "chart", "two-scripts": "speech", "script": "speech", "question": "speech", "code": "picture",
    }  # fmt: skip
    for slide in sample().plan.slides:
        kind = expected.get(slide.layout.name)
        assert kind is None or shows(slide) == kind, slide.title


def test_a_slide_with_one_word_too_many_is_noticed() -> None:
    plan = sample().plan
    number = next(index for index, slide in enumerate(plan.slides) if slide.layout.name == "text")
    slide = plan.slides[number]
    title, body = slide.items[0], slide.items[1]
    assert isinstance(title, FilledPlaceholder)
    assert isinstance(body, FilledPlaceholder)
    for spare in (0, 1):
        count = MOST_WORDS - len(slide.title.split()) + spare
        filled = replace(body, paragraphs=(SlideParagraph((TextRun(" ".join(["word"] * count)),)),))
        changed = replace(slide, items=(title, filled))
        slides = (*plan.slides[:number], changed, *plan.slides[number + 1 :])
        deck = deck_of("words", sample().document, sample().theme, replace(plan, slides=slides))
        assert [found for found in crowded_slides(deck) if found[0] == slide.title] == [
            (slide.title, MOST_WORDS + 1)
        ] * spare
