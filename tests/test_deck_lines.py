"""Line breaks on slides: at the sense, by no-break spaces only, so that every program shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from deck_samples import bullets, deck_theme, sample_deck, slide, steps
from hypothesis import given
from hypothesis import strategies as st
from samples import cited, inlines, paragraph

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.fitting import LINE_FILL, LOOSE_FILL, filled_lines, paragraph_style, with_balanced_breaks
from handouts.deck.layouts import layout_named
from handouts.deck.planned_slides import FilledPlaceholder, PlacedTable, PlannedSlide, TextRun
from handouts.deck.styles import placeholder_levels
from handouts.document.nodes import Comparison, Slide
from handouts.text.fonts import SCREEN_FAMILY
from handouts.text.line_breaking import StyledRun, widest_unbreakable_run
from handouts.verify.deck_reader import read_deck

QUESTION = deck_theme().slides["question"]
BODY = deck_theme().slides["body"]
WIDTH = 792.0


def lines(runs: tuple[TextRun, ...], width: float = WIDTH, style: object = QUESTION) -> list[str]:
    """Return the lines of a program that fills each line greedily."""
    return [line.text.strip().replace("\u00a0", " ") for line in filled_lines(runs, style, width)]  # type: ignore[arg-type]


def plain(runs: tuple[TextRun, ...]) -> str:
    return "".join(run.text for run in runs).replace("\u00a0", " ")


SENSE = [
    ("Most of them do not have BPD.", "Not everyone with BPD does this."),
    ("“They keep contacting me”:", "what you can do, and what not"),
    ("What you can do about it now,", "and what you do not have to do"),
    (
        "No is enough. You can understand",
        "why, and you need not answer.",
        "If you are afraid, get help first.",
    ),
]


@pytest.mark.parametrize("expected", SENSE)
def test_filled_lines_break_at_the_sense(expected: tuple[str, ...]) -> None:
    runs = with_balanced_breaks((TextRun(" ".join(expected)),), QUESTION, WIDTH)
    assert lines(runs) == list(expected)
    assert lines(runs, WIDTH / LINE_FILL) == list(expected)
    assert plain(runs) == " ".join(expected)


def test_words_are_kept_together_across_links_and_weights() -> None:
    runs = (
        TextRun("Most of them do not have BPD ["),
        TextRun("1", source="a"),
        TextRun("]. Not "),
        TextRun("everyone", bold=True),
        TextRun(" with BPD does this."),
    )
    broken = with_balanced_breaks(runs, QUESTION, WIDTH)
    assert lines(broken) == ["Most of them do not have BPD [1].", "Not everyone with BPD does this."]
    assert [(run.bold, run.source) for run in broken] == [(run.bold, run.source) for run in runs]


def test_text_of_one_line_is_unchanged() -> None:
    runs = (TextRun("You have a right to say no"),)
    assert with_balanced_breaks(runs, QUESTION, WIDTH) == runs


def test_a_paragraph_does_not_end_with_a_lone_word_if_this_leaves_no_gap() -> None:
    runs = (TextRun("Reaching out after a break-up is common. The six reasons for it are studied."),)
    (width,) = {line.width for line in filled_lines(runs, BODY, 5000)}
    narrow = (width - 10) / LINE_FILL
    assert lines(runs, narrow, BODY)[-1] == "studied."
    assert lines(with_balanced_breaks(runs, BODY, narrow), narrow, BODY)[-1] == "are studied."
    gap = (TextRun("much unpredictability now"),)
    room = next(line.width for line in filled_lines((TextRun("much unpredictability"),), BODY, 5000)) / LINE_FILL
    assert with_balanced_breaks(gap, BODY, room + 1) == gap


WORDS = st.lists(
    st.sampled_from(["a", "be", "the", "word", "longer,", "over.", "why?", "“no”:", "ex-partner"]), min_size=1
)


@given(WORDS, st.sampled_from([QUESTION, BODY]), st.integers(200, 800))
def test_balanced_text_has_no_more_lines_and_no_wider_ones(words: list[str], style: object, width: int) -> None:
    runs = (TextRun(" ".join(words)),)
    broken = with_balanced_breaks(runs, style, width)  # type: ignore[arg-type]
    assert plain(broken) == " ".join(words)
    assert len(lines(broken, width, style)) == len(lines(runs, width, style))
    widest = widest_of(broken, style)
    assert widest <= max(width, widest_of(runs, style)) * LOOSE_FILL


def widest_of(runs: Iterable[TextRun], style: object) -> float:
    """Return the width of the widest piece without a possible line break."""
    return widest_unbreakable_run([StyledRun(run.text) for run in runs], style, SCREEN_FAMILY)  # type: ignore[arg-type]


ADVICE = "Say once what you want to say and then keep to it when they write or call again in the week after that"
LENGTHS = tuple(" ".join(ADVICE.split()[:count]) for count in range(2, len(ADVICE.split()) + 1))
PAIRS = tuple((inlines(text), inlines(text)) for text in LENGTHS)


@pytest.mark.parametrize(
    "shown",
    [
        slide("A", *map(paragraph, LENGTHS), sign="left"),
        slide("A", bullets(*LENGTHS)),
        *(slide("A", steps(*LENGTHS[start : start + 3])) for start in range(0, len(LENGTHS), 3)),
        slide("A", Comparison(inlines("Do"), inlines("Try not to"), PAIRS)),
    ],
)
def test_no_text_of_a_slide_ends_in_a_word_alone(shown: Slide) -> None:
    slides = plan_deck(sample_deck(shown), deck_theme()).slides
    endings = [text[-1] for planned in slides for text in lines_of(planned) if len(text) > 1]
    assert [each for each in endings if " " not in each] == []


def lines_of(planned: PlannedSlide) -> Iterator[list[str]]:
    """Yield the lines of each text on a slide, its title left out, as a program fills them."""
    for item in planned.items[1:]:
        if isinstance(item, FilledPlaceholder):
            slot = layout_named(planned.layout.name).placeholder(item.name)
            levels = placeholder_levels(slot, planned.layout, deck_theme())
            for each in item.paragraphs:
                look = paragraph_style(each, levels)
                yield lines(each.runs, slot.text_width - look.left, look.style)
        elif isinstance(item, PlacedTable):
            for row in item.rows:
                for cell, width in zip(row.cells, item.columns, strict=True):
                    yield from (lines(each.runs, width - cell.left - cell.right, each.style) for each in cell.texts)


def test_the_crisis_lines_at_the_foot_are_about_equally_wide() -> None:
    foot = plan_deck(sample_deck(slide("A")), deck_theme()).foot
    assert [plain(line.runs) for line in foot] == [
        "In danger? Call 999 · Samaritans 116 123",
        "Abuse 0808 2000 247 · Stalking 0808 802 0300",
    ]


def test_the_words_of_slides_are_unchanged() -> None:
    title = "You said that it is over, and you said it kindly. Why do they keep reaching out to you?"
    deck = sample_deck(
        slide(title, paragraph("Most of them do not have BPD ", cited(1), ". Not everyone with BPD does this."))
    )
    (planned,) = plan_deck(deck, deck_theme()).slides
    shown = [each.text for item in planned.items if isinstance(item, FilledPlaceholder) for each in item.paragraphs]
    assert any("\u00a0" in text for text in shown)
    (read,) = read_deck(render_deck(deck, deck_theme()).content)
    assert " ".join(read.title.split()) == title
    assert "Most of them do not have BPD [1]. Not everyone with BPD does this." in [
        " ".join(text.split()) for text in read.texts(feet=False)
    ]
