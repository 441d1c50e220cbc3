"""Every deck as LibreOffice shows it: each word is on its slide and in its area; and decks in which one is not.

The decks that must be caught are changed behind the planner's back, and one of them by a single bullet: the last one
that fits is shown too, and found to fit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from deck_in_libreoffice import convert_decks, misplaced_texts, title_line_counts
from deck_samples import bullets, deck_theme, sample_deck, slide
from msgspec.structs import replace
from shipped_decks import DECK_SETS, Deck, deck_of, sample, some_decks

from handouts.deck.deck_plan import plan_deck
from handouts.deck.fitting import text_height
from handouts.deck.layouts import layout_named
from handouts.deck.planned_slides import (
    DeckPlan,
    FilledPlaceholder,
    LayoutVariant,
    PlacedDrawing,
    PlacedTable,
    PlannedSlide,
    SlideItem,
    SlideParagraph,
    TextRun,
)
from handouts.deck.styles import placeholder_levels
from handouts.figures.shapes import TextLabel
from handouts.render_cache import RenderCache

pytestmark = pytest.mark.full
Change = Callable[[PlannedSlide], PlannedSlide]
BULLET = SlideParagraph((TextRun("Say it once more, and then no longer"),), "bullet")
MORE = " and then again and again until nobody listens any longer to what is said"


def with_item(found: PlannedSlide, kind: type[SlideItem], change: Callable[[SlideItem], SlideItem]) -> PlannedSlide:
    """Return a slide whose last item of a kind is changed."""
    last = max(index for index, item in enumerate(found.items) if isinstance(item, kind))
    return replace(found, items=(*found.items[:last], change(found.items[last]), *found.items[last + 1 :]))


def body_with(paragraphs: tuple[SlideParagraph, ...]) -> Change:
    """Replace the words in the last placeholder of a slide."""

    def change(item: SlideItem) -> SlideItem:
        assert isinstance(item, FilledPlaceholder)
        return FilledPlaceholder(item.name, paragraphs)

    return lambda found: with_item(found, FilledPlaceholder, change)


def longer_words(found: PlannedSlide) -> PlannedSlide:
    """Make the last text of a slide much longer."""

    def change(item: SlideItem) -> SlideItem:
        assert isinstance(item, FilledPlaceholder)
        *before, last = item.paragraphs
        return FilledPlaceholder(item.name, (*before, replace(last, runs=(*last.runs, TextRun(8 * MORE)))))

    return with_item(found, FilledPlaceholder, change)


def longer_cell(found: PlannedSlide) -> PlannedSlide:
    """Make the text of a cell too long for its row."""

    def change(item: SlideItem) -> SlideItem:
        assert isinstance(item, PlacedTable)
        *rows, row = item.rows
        cell, *cells = row.cells
        text = replace(cell.texts[0], runs=(TextRun(2 * MORE),))
        return replace(item, rows=(*rows, replace(row, cells=(replace(cell, texts=(text,)), *cells))))

    return with_item(found, PlacedTable, change)


def figure_off_its_place(found: PlannedSlide) -> PlannedSlide:
    """Move the words of a figure off the slide."""

    def change(item: SlideItem) -> SlideItem:
        assert isinstance(item, PlacedDrawing)
        shapes = tuple(
            replace(each, x=each.x + 900) if isinstance(each, TextLabel) else each for each in item.drawing.shapes
        )
        return replace(item, drawing=replace(item.drawing, shapes=shapes))

    return with_item(found, PlacedDrawing, change)


def larger_step(found: PlannedSlide) -> PlannedSlide:
    """Set a slide at a larger size than its text fits at."""
    return replace(found, layout=LayoutVariant(found.layout.name, 0, 0))


def bullets_that_fit() -> tuple[SlideParagraph, ...]:
    """Return as many bullets as fit into the body of a slide at its first size."""
    key = LayoutVariant("text")
    slot = layout_named("text").placeholder("body")
    levels = placeholder_levels(slot, key, deck_theme())
    count = 1
    while text_height((BULLET,) * (count + 1), levels, slot.text_width, RenderCache()) <= slot.text_height:
        count += 1
    return tuple(replace(BULLET, runs=(TextRun(f"{n}. {BULLET.text}"),)) for n in range(1, count + 1))


ONE_TOO_MANY = "one-bullet-too-many"
CHANGES: tuple[tuple[str, Change], ...] = (
    ("title", longer_words),
    ("section", longer_words),
    ("script", longer_words),
    ("two-scripts", longer_words),
    ("two-columns", longer_words),
    ("question", longer_words),
    ("callout", longer_words),
    ("sources", larger_step),
    ("table", longer_cell),
    ("figure", figure_off_its_place),
)


def changed_slide(name: str, plan: DeckPlan, number: int, change: Change) -> Deck:
    """Return a changed slide of a deck, with the slides before and after it."""
    slides = (*plan.slides[max(0, number - 1) : number], change(plan.slides[number]), *plan.slides[number + 1 :][:1])
    return deck_of(name, sample().document, sample().theme, replace(plan, slides=slides))


def number_of(layout: str) -> int:
    """Return the index of the first slide of the sample deck with a layout."""
    return next(index for index, found in enumerate(sample().plan.slides) if found.layout.name == layout)


@pytest.fixture(scope="module")
def deck_with_list() -> DeckPlan:
    """A deck with one list."""
    return plan_deck(sample_deck(slide("A list", bullets("one", "two"))), deck_theme())


@pytest.fixture(scope="module")
def overflowing_decks(deck_with_list: DeckPlan) -> dict[str, tuple[Deck, int]]:
    """Decks in which a text does not fit, by name, each with the number of the slide."""
    full = bullets_that_fit()
    one_more = replace(BULLET, runs=(TextRun(f"{len(full) + 1}. {BULLET.text}"),))
    found = {ONE_TOO_MANY: (changed_slide(ONE_TOO_MANY, deck_with_list, 0, body_with((*full, one_more))), 1)}
    for layout, change in CHANGES:
        name, number = f"{layout}-{change.__name__}", number_of(layout)
        found[name] = (changed_slide(name, sample().plan, number, change), min(number, 1) + 1)
    return found


@pytest.fixture(scope="module")
def full(deck_with_list: DeckPlan) -> Deck:
    """The deck with as many bullets as fit."""
    return changed_slide("full", deck_with_list, 0, body_with(bullets_that_fit()))


@pytest.fixture(scope="module")
def shown(
    overflowing_decks: dict[str, tuple[Deck, int]], full: Deck, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The decks with faults, the full deck without, and the sample that they are made of, as PDF."""
    return convert_decks(
        (sample(), full, *(deck for deck, _ in overflowing_decks.values())), tmp_path_factory.mktemp("shown")
    )


@pytest.fixture(scope="module", params=DECK_SETS)
def all_shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Deck, Path]]:
    """Decks, each with its PDF."""
    decks = some_decks(request.param)
    shown = convert_decks(decks, tmp_path_factory.mktemp("all-shown"))
    return [(deck, shown[deck.name]) for deck in decks]


def test_every_word_of_every_deck_is_in_its_area(all_shown: list[tuple[Deck, Path]]) -> None:
    for deck, file in all_shown:
        assert [(deck.name, each) for each in misplaced_texts(deck, file)] == []


def test_every_claim_has_one_line_or_two(all_shown: list[tuple[Deck, Path]]) -> None:
    for deck, file in ((deck, file) for deck, file in all_shown if deck is not sample()):
        lines = title_line_counts(deck, file)
        for planned, count in zip(deck.plan.slides, lines, strict=True):
            # The title of the talk and questions to the audience are not claims and may fill their slides.
            most = 3 if planned.layout.name in {"title", "question"} else 2
            assert count <= most, (deck.name, planned.title)


def test_the_last_bullet_that_fits_is_in_its_area(full: Deck, shown: dict[str, Path]) -> None:
    assert misplaced_texts(full, shown["full"]) == []


def test_one_bullet_too_many_is_noticed(overflowing_decks: dict[str, tuple[Deck, int]], shown: dict[str, Path]) -> None:
    found = misplaced_texts(overflowing_decks[ONE_TOO_MANY][0], shown[ONE_TOO_MANY])
    assert {each.slide for each in found} == {1}
    first, last = (f"“{number}.Sayitoncemore,andthennolonger”" for number in (1, len(bullets_that_fit()) + 1))
    # Text is centred vertically, and overflows above and below.
    assert [each.message.partition(" is outside its area")[0] for each in found] in ([first, last], [last, first])


def test_every_text_that_does_not_fit_is_noticed_on_its_slide(
    overflowing_decks: dict[str, tuple[Deck, int]], shown: dict[str, Path]
) -> None:
    for name, (deck, number) in overflowing_decks.items():
        assert {each.slide for each in misplaced_texts(deck, shown[name])} == {number}, name


def test_a_missing_or_unplanned_word_is_noticed(shown: dict[str, Path]) -> None:
    first, *others = sample().plan.slides
    for paragraph in (SlideParagraph((TextRun("Other words"),)), SlideParagraph((TextRun("A talk of 45 minutes."),))):
        other = body_with((paragraph,))(first)
        deck = dataclasses.replace(sample(), plan=replace(sample().plan, slides=(other, *others)))
        found = [each for each in misplaced_texts(deck, shown["sample"]) if each.slide == 1]
        assert [each.message for each in found if "is not planned" in each.message]
        assert bool([each.message for each in found if "is missing" in each.message]) == (
            paragraph.text == "Other words"
        )


def test_slides_that_are_not_shown_are_noticed(shown: dict[str, Path]) -> None:
    deck = dataclasses.replace(sample(), plan=replace(sample().plan, slides=sample().plan.slides[1:]))
    assert (
        misplaced_texts(deck, shown["sample"])[0].message
        == f"{len(sample().plan.slides)} pages for {len(deck.plan.slides)} slides"
    )
