"""Where the lines of a slide end: at the sense, by no-break spaces alone, so that any program may set it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from deck_samples import deck_theme, paragraph, sample_deck, slide
from hypothesis import given
from hypothesis import strategies as st
from samples import cited

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.fitting import LINE_FILL, LOOSE_FILL, filled_lines, with_balanced_breaks
from handouts.deck.planned_slides import FilledPlaceholder, TextRun
from handouts.text.fonts import SCREEN_FAMILY
from handouts.text.line_breaking import StyledRun, widest_unbreakable_run
from handouts.verify.deck_reader import read_deck

QUESTION = deck_theme().slides["question"]
BODY = deck_theme().slides["body"]
WIDTH = 792.0


def lines(runs: tuple[TextRun, ...], width: float = WIDTH, style: object = QUESTION) -> list[str]:
    """Return the lines that a program fills."""
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


@pytest.mark.parametrize("wanted", SENSE)
def test_a_program_that_fills_lines_ends_them_at_the_sense(wanted: tuple[str, ...]) -> None:
    runs = with_balanced_breaks((TextRun(" ".join(wanted)),), QUESTION, WIDTH)
    assert lines(runs) == list(wanted)
    assert lines(runs, WIDTH / LINE_FILL) == list(wanted)
    assert plain(runs) == " ".join(wanted)


def test_what_is_held_together_may_run_over_links_and_weights() -> None:
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


def test_what_stands_on_one_line_stays_as_it_is() -> None:
    runs = (TextRun("You have a right to say no"),)
    assert with_balanced_breaks(runs, QUESTION, WIDTH) == runs


def test_a_paragraph_ends_with_no_lone_word_if_that_leaves_no_gap() -> None:
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
def test_no_text_takes_more_lines_and_no_line_more_room(words: list[str], style: object, width: int) -> None:
    runs = (TextRun(" ".join(words)),)
    broken = with_balanced_breaks(runs, style, width)  # type: ignore[arg-type]
    assert plain(broken) == " ".join(words)
    assert len(lines(broken, width, style)) == len(lines(runs, width, style))
    held = widest_of(broken, style)
    assert held <= max(width, widest_of(runs, style)) * LOOSE_FILL


def widest_of(runs: Iterable[TextRun], style: object) -> float:
    """Return how wide the widest piece is that no line break divides."""
    return widest_unbreakable_run([StyledRun(run.text) for run in runs], style, SCREEN_FAMILY)  # type: ignore[arg-type]


def test_the_slides_say_what_was_written() -> None:
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
