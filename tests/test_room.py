"""Findings about what does not fit say how much would, and that much fits: in figures, charts, slides and pages."""

from __future__ import annotations

import re
import time

import pytest
from deck_samples import CHART, bullets, deck_theme, head, sample_deck
from deck_samples import row as deck_row
from deck_samples import slide as slide_of
from figure_samples import SHORT, USUAL
from msgspec.structs import replace
from samples import COVER, CRISIS, MESSAGE, TABLE, inlines, placed, row, sample_document, sample_theme
from samples import paragraph as text
from test_figures import SIZES, Size, drawn

from handouts.deck.deck_plan import plan_deck
from handouts.document.nodes import (
    Block,
    Comparison,
    Crisis,
    CrisisLine,
    Document,
    Paragraph,
    Script,
    Slide,
    Source,
    Sources,
    Table,
)
from handouts.figures import FIGURE_KINDS
from handouts.figures.bar_chart import bar_chart_drawing
from handouts.finding import Finding
from handouts.layout.handout_pages import plan_document
from handouts.text.fonts import SCREEN_FAMILY

WORD = "Verlassenheitsangstbewältigungsstrategien"
LONG = "A limit that nobody keeps is worse than none at all, and it teaches both people that words mean little. "
LETTERS = re.compile(r"about (\d+) letters")
SLIDE = SIZES[4]


def letters_in(finding: Finding) -> int:
    """Return the number of letters that the hint of a finding allows."""
    match = LETTERS.search(finding.hint)
    assert match, finding
    return int(match[1])


def only_finding(findings: tuple[Finding, ...], code: str) -> Finding:
    """Return the one finding with a code."""
    (finding,) = [each for each in findings if each.code == code]
    assert finding.hint
    return finding


# ---------------------------------------------------------------- figures


@pytest.mark.full
@pytest.mark.parametrize("size", [SIZES[0], SLIDE], ids=lambda size: size[0])
@pytest.mark.parametrize("name", FIGURE_KINDS)
def test_a_label_shortened_to_the_reported_number_of_letters_fits(name: str, size: Size) -> None:
    samples = USUAL[name] if size[4] == "print" else SHORT[name]
    key = next(each for each in FIGURE_KINDS[name].required if each not in FIGURE_KINDS[name].counts)
    labels = {**samples, key: WORD * 9}
    (finding,) = [each for each in drawn(name, labels, size).findings if f"'{key}'" in each.message]
    most = letters_in(finding)
    assert f"has {len(WORD) * 9} letters, and about {most} fit" in finding.message
    assert "a shorter word" in finding.hint
    assert "fewer words" not in finding.hint
    assert not drawn(name, {**labels, key: labels[key][:most]}, size).findings
    assert drawn(name, {**labels, key: labels[key][: most + 1]}, size).findings


def test_the_hint_for_a_long_label_of_several_words_asks_for_fewer_words() -> None:
    (found,) = drawn("cycle", {**USUAL["cycle"], "urge": "The urge to write to them " * 20}, SIZES[0]).findings
    assert f"write fewer words, about {letters_in(found)} letters" in found.hint


def test_the_hint_for_a_full_iceberg_says_which_texts_to_leave_out() -> None:
    findings = drawn("iceberg", USUAL["iceberg"], SLIDE).findings
    assert findings
    second = [key for key in USUAL["iceberg"] if key.endswith("-text")]
    assert all(f"leave out {', '.join(second)}: then all others fit" in finding.hint for finding in findings)
    less = {key: words for key, words in USUAL["iceberg"].items() if key not in second}
    assert not drawn("iceberg", less, SLIDE).findings


def test_the_hint_for_too_many_layers_says_to_leave_out_the_last() -> None:
    labels = {key: words for key, words in USUAL["iceberg"].items() if not key.endswith("-text")}
    labels |= {f"under-{number}": "One two three four five six seven" for number in range(1, 5)}
    findings = drawn("iceberg", labels, SLIDE).findings
    assert findings
    assert all("leave out under-4: then all others fit" in finding.hint for finding in findings)
    assert not drawn("iceberg", {key: labels[key] for key in labels if key != "under-4"}, SLIDE).findings


def test_each_label_that_is_too_long_is_reported_in_one_run() -> None:
    labels = {key: words * 3 for key, words in USUAL["wave"].items()}
    findings = drawn("wave", labels, SIZES[0]).findings
    most = letters_in(findings[0])
    assert not drawn("wave", {key: words[:most] for key, words in labels.items()}, SIZES[0]).findings
    assert all(f"'{key}'" not in finding.message for finding in findings for key in labels if len(labels[key]) <= most)


def test_each_heading_of_a_fork_that_is_too_high_is_reported_with_the_letters_that_fit() -> None:
    labels = {"question": "Which?"} | dict.fromkeys(("red", "amber", "green"), "word words " * 12)
    findings = drawn("fork", labels, SLIDE).findings
    assert [re.findall("label '([a-z-]+)'", finding.message) for finding in findings] == [["red"], ["amber"], ["green"]]
    most = letters_in(findings[0])
    assert not drawn("fork", {key: words[:most] for key, words in labels.items()}, SLIDE).findings


def test_the_longest_text_of_a_fork_that_is_too_high_is_named() -> None:
    labels = {"question": "Which?"} | dict.fromkeys(("red", "amber", "green"), "word words word words")
    texts = dict.fromkeys(("red-text", "amber-text", "green-text"), "word words " * 5)
    (finding,) = drawn("fork", {**labels, **texts, "amber-text": f"{texts['amber-text']}word"}, SLIDE).findings
    assert "label 'amber-text'" in finding.message
    assert letters_in(finding) < 60


def test_the_hint_asks_for_another_figure_if_not_even_a_short_word_fits() -> None:
    _, _, style, family, medium = SIZES[0]
    (found,) = drawn("wheel", USUAL["wheel"], ("narrow", 60.0, style, family, medium)).findings
    assert "not even if they are short" in found.message
    assert "another figure" in found.hint


# ---------------------------------------------------------------- charts


def test_a_chart_label_shortened_to_the_reported_number_of_letters_fits() -> None:
    long = replace(CHART, rows=(replace(CHART.rows[0], label=WORD * 4), *CHART.rows[1:]))
    _, width, style, family, medium = SIZES[0]
    (found,) = bar_chart_drawing(long, width, style, family, medium).findings
    less = replace(long, rows=(replace(long.rows[0], label=(WORD * 4)[: letters_in(found)]), *long.rows[1:]))
    assert not bar_chart_drawing(less, width, style, family, medium).findings


def test_a_chart_with_the_reported_number_of_rows_fits_and_one_more_does_not() -> None:
    long = replace(CHART, rows=CHART.rows * 12)
    _, width, style, _, _ = SLIDE
    found = only_finding(bar_chart_drawing(long, width, style, SCREEN_FAMILY, "slide", 346.0).findings, "figure-rows")
    most = re.search(rf"has {len(long.rows)} rows, of which (\d+) would fit", found.message)
    assert most
    for count, crowded in ((int(most[1]), False), (int(most[1]) + 1, True)):
        less = replace(long, rows=long.rows[:count])
        assert bool(bar_chart_drawing(less, width, style, SCREEN_FAMILY, "slide", 346.0).findings) == crowded


def test_a_unit_that_is_too_long_is_named_as_the_unit() -> None:
    _, width, style, family, medium = SIZES[0]
    long = bar_chart_drawing(replace(CHART, unit=WORD * 3), width, style, family, medium)
    assert "the unit" in only_finding(long.findings, "figure-label").hint


# ---------------------------------------------------------------- slides


def found_in(shown: Slide, code: str) -> Finding:
    """Return the one finding with a code in a deck of one slide."""
    return only_finding(plan_deck(sample_deck(shown), deck_theme()).findings, code)


def test_a_title_shortened_to_the_reported_number_of_letters_fits() -> None:
    found = found_in(slide_of(LONG * 3, bullets("one")), "slide-title")
    most = letters_in(found)
    assert f"It has {len(LONG * 3)} letters, and about {most} fit" in found.message
    less = slide_of((LONG * 3)[:most].strip(), bullets("one"))
    assert not plan_deck(sample_deck(less), deck_theme()).findings
    assert "a shorter word" in found_in(slide_of(WORD * 6, bullets("one")), "slide-title").hint


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (text(LONG * 30), "slide-text"),
        (Script(inlines("Then"), inlines(LONG * 6)), "slide-script"),
        (Table((), (head("Who", "What"),), (deck_row("She", LONG * 14),)), "slide-table"),
        (Sources((Source(1, "a", inlines(LONG * 20)),)), "slide-source"),
    ],
)
def test_a_block_too_high_for_a_slide_is_reported_with_the_share_that_fits(block: Block, code: str) -> None:
    finding = found_in(slide_of("A", block), code)
    match = re.search(r"it is (\d+) points too high, and about (\d+) % of it fits\.", finding.message)
    assert match
    assert int(match[1]) > 0
    assert 0 < int(match[2]) < 100


def test_a_text_shortened_to_the_reported_share_fits() -> None:
    found = found_in(slide_of("A", text(LONG * 30)), "slide-text")
    share = re.search(r"about (\d+) %", found.message)
    assert share
    less = (LONG * 30)[: int(len(LONG * 30) * int(share[1]) * 0.95 / 100)]
    codes = {each.code for each in plan_deck(sample_deck(slide_of("A", text(less))), deck_theme()).findings}
    assert "slide-text" not in codes


def test_a_table_on_a_slide_with_the_reported_number_of_columns_fits() -> None:
    words = [f"Responsibilities{number}" for number in range(9)]
    found = found_in(slide_of("A", Table((), (head(*words),), (deck_row(*words),))), "slide-table")
    most = re.search(r"its 9 columns are \d+ points too wide, and (\d+) would fit", found.message)
    assert most
    less = words[: int(most[1])]
    assert not plan_deck(
        sample_deck(slide_of("A", Table((), (head(*less),), (deck_row(*less),)))), deck_theme()
    ).findings
    assert "shorter words than “Responsibilities0”" in found.hint


def test_a_foot_that_is_too_high_is_reported_with_the_lines_that_fit() -> None:
    lines = tuple(CrisisLine(f"A line with a long name {n}", "0808 2000 247") for n in range(6))
    found = only_finding(
        plan_deck(sample_deck(slide_of("A"), crisis=Crisis(short=lines)), deck_theme()).findings, "slide-foot"
    )
    assert "it has 3 lines, of which 2 fit" in found.message


# ---------------------------------------------------------------- pages

THEME = sample_theme()


def found_on_pages(document: Document, code: str) -> Finding:
    """Return the one finding with a code in a handout."""
    return only_finding(plan_document(document, THEME).findings, code)


def test_a_printed_table_with_the_reported_number_of_columns_fits() -> None:
    wide = "Incomprehensibilitiesandotherwords"
    table = placed(replace(TABLE, head=(row(wide, wide, wide, wide, head=True),), body=(row(*[wide] * 4),)), 7)
    found = found_on_pages(sample_document(table), "table-too-wide")
    most = re.search(r"need \d+ points more than the page has; of its 4 columns (\d) would fit", found.message)
    assert most
    less = [wide] * int(most[1])
    narrow = replace(table, head=(row(*less, head=True),), body=(row(*less),))
    assert not plan_document(sample_document(narrow), THEME).findings
    assert wide in found.hint


def test_a_word_wider_than_its_column_of_a_comparison_is_named() -> None:
    rows = ((inlines(WORD), inlines("b")),)
    found = found_on_pages(
        sample_document(placed(Comparison(inlines("Do"), inlines("Try not to"), rows), 7)), "table-too-wide"
    )
    assert WORD in found.hint


def test_a_row_higher_than_a_page_is_reported_with_the_number_of_rows_to_divide_it_into() -> None:
    table = placed(replace(TABLE, body=(row("Row", LONG * 60, "a", "b"),)), 12)
    finding = found_on_pages(sample_document(COVER, table), "too-high")
    match = re.search(r"on which about (\d+) % of it fits", finding.message)
    assert match
    assert f"divide it into {-(-100 // int(match[1]))}" in finding.hint


def test_a_cover_and_message_that_are_too_high_together_are_reported_with_the_excess() -> None:
    message = replace(MESSAGE, content=inlines(LONG * 6))
    found = found_on_pages(sample_document(replace(COVER, subtitle=inlines(LONG * 9)), message), "too-high")
    assert re.search(r"together \d+ points higher than a page", found.message)


def test_a_short_title_shortened_to_the_reported_number_of_letters_fits() -> None:
    title = "You said it is over, and they go on and on writing to you"
    document = replace(sample_document(Paragraph(inlines(LONG * 40))), running_title=title)
    most = letters_in(found_on_pages(document, "running-title-too-long"))
    assert not plan_document(replace(document, running_title=title[:most].strip()), THEME).findings


def test_the_longest_word_of_a_crisis_box_that_is_too_wide_is_named() -> None:
    word = "Extraordinarilylongwordswithoutspaces?" * 2
    columns = tuple(replace(column, question=word) for column in CRISIS.columns)
    found = found_on_pages(sample_document(COVER, crisis=Crisis(columns)), "crisis-too-wide")
    assert re.search(r"need \d+ points more", found.message)
    assert word in found.hint


@pytest.mark.full
@pytest.mark.parametrize("name", ["iceberg", "wave"])
def test_extremely_long_labels_are_reported_within_seconds(name: str) -> None:
    labels = dict.fromkeys(USUAL[name], "word " * 4000)
    started = time.process_time()
    assert drawn(name, labels, SLIDE).findings
    assert time.process_time() - started < 30
