"""Decks: the right layouts, all words, nothing that overflows, and a file that can be edited."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pypdfium2
import pytest
from chart_text import chart_texts
from deck_samples import (
    CYCLE,
    DO_AND_TRY,
    FORK,
    bullets,
    deck_theme,
    head,
    labelled,
    row,
    sample_deck,
    slide,
    source,
    steps,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from paths import ROOT
from samples import inlines, paragraph, strong
from validators_office import assert_open_xml_audit_passes, convert_to_pdf

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.fitting import text_height
from handouts.deck.layouts import FOOT_AREA, LAYOUTS, SIGN_CIRCLE_AREA, layout_named
from handouts.deck.planned_slides import DeckPlan, FilledPlaceholder, PlacedDrawing, PlacedTable
from handouts.deck.styles import placeholder_levels
from handouts.document.nodes import (
    Block,
    Contact,
    Contacts,
    Crisis,
    CrisisLine,
    Document,
    Field,
    Figure,
    FixedWords,
    Labelled,
    Link,
    MainMessage,
    Script,
    Slide,
    SlideKind,
    Sources,
    Table,
    Text,
    Worksheet,
)
from handouts.document.text import walk, words_of
from handouts.finding import Finding, Location, Severity
from handouts.render_cache import RenderCache
from handouts.verify import verify_file

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LONG = "A limit that nobody keeps is worse than none at all, and it teaches both people that words mean little. "


@pytest.fixture(scope="module")
def document() -> Document:
    return sample_deck()


@pytest.fixture(scope="module")
def content(document: Document) -> bytes:
    made = render_deck(document, deck_theme())
    assert made.findings == ()
    return made.content


@pytest.fixture(scope="module")
def slides(content: bytes) -> list[Any]:
    return list(opened(content).slides)


def opened(content: bytes) -> Any:
    from pptx import Presentation

    return Presentation(BytesIO(content))


def plan_of(*slides: Slide) -> DeckPlan:
    return plan_deck(sample_deck(*slides), deck_theme())


def only_finding(*slides: Slide) -> Finding:
    """Return the only finding about a talk with these slides."""
    (only,) = plan_of(*slides).findings
    return only


def layouts(plan: DeckPlan) -> list[str]:
    return [each.layout.name for each in plan.slides]


def titles(plan: DeckPlan) -> list[str]:
    return [each.title for each in plan.slides]


def plain(text: str) -> str:
    """Return `text` without spaces and marks of where lines may end."""
    return "".join(text.replace("\u2060", "").split())


def shown_text(shape: Any) -> str:
    """Return the text of a shape, of all shapes in a group, of all cells of a table, or of a chart."""
    if getattr(shape, "has_chart", False):
        return "".join(chart_texts(shape.chart))
    return "".join(each.text or "" for each in shape._element.iter(f"{A}t"))


THEIRS = Script(inlines("They"), inlines("Yes."), theirs=True)
COUNT = Figure("array", (), (("filled", "85"), ("of", "in 100"), ("words", "got better.")), "85 of 100 people.", ())


# ---------------------------------------------------------------- what is on which slide


@pytest.mark.parametrize(
    ("shown", "layout"),
    [
        (slide("A", kind="title"), "title"),
        (slide("A", kind="section"), "section"),
        (slide("A", paragraph("In pairs."), kind="question"), "question"),
        (slide("A", paragraph("One minute."), kind="pause"), "pause"),
        (slide("A", paragraph("One sentence.")), "message"),
        (slide("A", bullets("one", "two")), "text"),
        (slide("A", labelled("May look like", "Calls"), sign="left"), "claim-text"),
        (slide("A", labelled("You", "A friend"), labelled("They", "A group")), "two-columns"),
        (slide("A", labelled("You", "A"), labelled("They", LONG)), "text"),
        (slide("A", CYCLE), "figure-text"),
        (slide("This circle has two ways out", CYCLE), "figure"),
        (slide("A", DO_AND_TRY), "table"),
        (slide("A", Script(inlines("Then"), inlines("No."))), "script"),
        (slide("A", Script(inlines("You"), inlines("No.")), Script(inlines("Then"), inlines("No."))), "two-scripts"),
        (slide("A", THEIRS, Script(inlines("You"), inlines("No."))), "two-voices"),
        (slide("A", THEIRS, Script(inlines("You"), inlines("No.")), paragraph("Both.")), "two-voices-note"),
        (
            slide("A", Script(inlines("You"), inlines("No.")), Script(inlines("Then"), inlines("No.")), paragraph("A")),
            "two-scripts-note",
        ),
        (slide("A", COUNT), "big-number"),
        (slide("A", paragraph("About"), COUNT, paragraph("One study.")), "big-number"),
        (slide("A", replace(COUNT, labels=(*COUNT.labels, ("full", "better")))), "figure"),
        (slide("A", replace(COUNT, labels=(("filled", "1–3"), *COUNT.labels[1:]))), "big-number"),
        (slide("A", FORK), "table-high"),
        (slide("A", Sources((source(1),))), "sources"),
        (slide("A"), "message-only"),
        (slide("A message", MainMessage(inlines("In short"), inlines("a message"))), "message-only"),
        (slide("A", paragraph("One sentence."), paragraph("Another one.")), "text-line"),
        (slide("A", paragraph(strong("5 to 6"), " acts each"), paragraph("In a few people.")), "number"),
        (slide("A", paragraph(strong("Five"), " acts each")), "message"),
        (slide("A", steps("one", "two", "three")), "steps"),
        (slide("A", steps("one", "two"), paragraph("and more")), "text"),
        (slide("A", paragraph(LONG), COUNT), "people-text"),
    ],
)
def test_the_content_of_a_slide_decides_its_layout(shown: Slide, layout: str) -> None:
    assert layouts(plan_of(shown)) == [layout]


def test_every_layout_can_be_used_for_slides_made_by_hand(content: bytes, document: Document) -> None:
    names = [layout.name for layout in opened(content).slide_layouts]
    assert len(set(names)) == len(names)
    assert {document.words.say(f"layout_{layout.name}") for layout in LAYOUTS} <= set(names)


def test_each_script_after_the_second_has_its_situation_as_title() -> None:
    scripts = [Script(inlines(f"When it is {n}"), inlines("No."), inlines("Say it once.")) for n in "abc"]
    assert titles(plan_of(slide("Say no", *scripts))) == ["Say no", "When it is b", "When it is c"]


def test_scripts_without_a_situation_continue_under_the_same_title() -> None:
    scripts = [Script((), inlines(f"No, {n}.")) for n in "ab"]
    assert titles(plan_of(slide("Say no", *scripts))) == ["Say no", "Say no (continued)"]


def test_scripts_of_one_situation_have_different_titles() -> None:
    scripts = [Script(inlines("When it is late"), inlines(f"No, {n}."), inlines("Say it once.")) for n in "abc"]
    plan = plan_of(slide("Say no", *scripts))
    assert titles(plan) == ["Say no", "When it is late", "When it is late (continued)"]
    assert plan.findings == ()


def test_how_to_read_a_figure_is_in_the_notes_and_not_on_the_slide() -> None:
    (shown,) = plan_of(slide("This circle has two ways out", CYCLE)).slides
    assert next(words_of(shown.notes)).startswith("Follow the circle once")
    assert [type(item) for item in shown.items] == [FilledPlaceholder, PlacedDrawing]


def test_consecutive_pauses_and_questions_alternate_their_layouts() -> None:
    pauses = [slide(name, kind="pause") for name in "abc"]
    assert layouts(plan_of(*pauses, slide("d", bullets("one")))) == ["pause", "break", "pause", "text"]
    assert layouts(plan_of(pauses[0], slide("d", bullets("one")), pauses[1])) == ["pause", "text", "pause"]
    questions = [slide(name, paragraph("In pairs."), kind="question") for name in "ab"]
    assert layouts(plan_of(*questions)) == ["question", "question-turned"]


def test_steps_are_a_real_list_with_numbers_in_nodes_on_a_line() -> None:
    theme = deck_theme()
    made = render_deck(sample_deck(slide("S", steps("One", LONG, "Three"))), theme)
    (only,) = opened(made.content).slides
    title, nodes, body = list(only.shapes)[:3]
    assert (title.placeholder_format.type, nodes.shape_type) == (1, 6)
    assert [each.text for each in body.text_frame.paragraphs] == ["One", LONG, "Three"]
    step = layout_of(body, only).find(f"{P}txBody/{A}lstStyle/{A}lvl2pPr")
    assert step.find(f"{A}buAutoNum").get("type") == "arabicPlain"
    line, *circles = nodes.shapes
    middles = [(each.left + each.width / 2, each.top + each.height / 2) for each in circles]
    assert len({round(x) for x, _ in middles}) == 1
    assert middles[0][1] < middles[1][1] < middles[2][1]
    assert middles[2][1] - middles[1][1] > 1.5 * (middles[1][1] - middles[0][1])  # as the second step has three lines
    assert (line.top, line.top + line.height) == pytest.approx((middles[0][1], middles[2][1]), abs=12700)
    assert all(only.shapes[2].left < x < only.shapes[2].left + 60 * 12700 for x, _ in middles)


def layout_of(shape: Any, each: Any) -> Any:
    """Return the placeholder of the layout that a placeholder of a slide fills."""
    index = shape.placeholder_format.idx
    return next(one for one in each.slide_layout.placeholders if one.placeholder_format.idx == index)._element


def test_seven_short_steps_have_large_type_and_eight_have_nodes() -> None:
    (seven,), (eight,) = (plan_of(slide("S", steps(*["A short step"] * count))).slides for count in (7, 8))
    assert [layout_named("steps").placeholder("body").size(each.layout.text_step) for each in (seven, eight)] == [
        28,
        24,
    ]


def test_steps_that_need_two_slides_or_two_digits_are_a_plain_list() -> None:
    assert set(layouts(plan_of(slide("S", steps(*(f"Step {n}" for n in range(10))))))) == {"text"}
    assert set(layouts(plan_of(slide("S", steps(*([LONG] * 6)))))) == {"text"}


def test_a_range_of_pages_is_not_broken() -> None:
    (entry,) = [
        paragraph
        for each in plan_of(slide("S", Sources((source(1),)))).slides
        for item in each.items[1:]
        if isinstance(item, FilledPlaceholder)
        for paragraph in item.paragraphs
    ]
    assert entry.text.endswith("2020;1:1–\u20609.")


def test_a_crisis_line_with_long_names_ends_between_two_of_them() -> None:
    lines = tuple(CrisisLine(f"A line with a long name {n}", "0808 2000 247") for n in range(4))
    deck = plan_deck(sample_deck(slide("A"), crisis=Crisis(short=lines)), deck_theme())
    assert deck.findings == ()
    written = [each.text.replace("\u00a0", " ") for each in deck.foot]
    assert [line[-39:] for line in written] == [f"A line with a long name {n} 0808 2000 247" for n in (1, 3)]


def test_text_next_to_a_sign_keeps_its_distance() -> None:
    slot = layout_named("claim-text").placeholder("body")
    assert SIGN_CIRCLE_AREA.x - (slot.area.x + slot.area.width) >= 48


def test_nothing_overlaps_the_foot() -> None:
    for layout in LAYOUTS:
        for slot in layout.placeholders:
            assert slot.area.y + slot.area.height <= FOOT_AREA.y, (layout.name, slot.name)


def test_the_drawn_line_of_later_sections_is_calmer() -> None:
    plan = plan_of(*(slide(name, kind="section") for name in "abc"))
    heights = []
    for each in plan.slides:
        (drawing,) = (item.drawing for item in each.items if isinstance(item, PlacedDrawing))
        ys = [value for shape in drawing.shapes for _, values in shape.commands for value in values[1::2]]  # type: ignore[union-attr]
        heights.append(max(ys) - min(ys))
    assert heights == sorted(heights, reverse=True)


# ---------------------------------------------------------------- nothing is lost


def test_every_word_is_in_the_file_in_order(document: Document, slides: list[Any]) -> None:
    notes = plain("".join(shown_text(shape) for each in slides for shape in each.notes_slide.shapes))
    shown = plain("".join(shown_text(shape) for each in slides for shape in each.shapes))
    for words in words_of(document):
        assert plain(words) in shown or plain(words) in notes, words


def test_every_slide_and_continued_slide_has_notes(document: Document, slides: list[Any]) -> None:
    assert len(slides) > len(document.slides)
    for each in slides:
        notes = each.notes_slide.notes_text_frame.text
        assert notes.startswith(("What is said", "Follow the circle", "Each pair", "The harbour, drawn"))
        assert "Wait for the room." in notes


def test_the_crisis_line_and_the_draft_mark_are_on_every_slide(slides: list[Any]) -> None:
    for number, each in enumerate(slides, 1):
        foot, count = list(each.shapes)[-2:]
        assert shown_text(foot).replace("\u00a0", " ").startswith("In danger? Call 999 · Samaritans 116 123")
        assert next(run.text for run in foot.text_frame.paragraphs[0].runs if run.font.bold) == "999"
        assert shown_text(count) == f"Draft 0.1 · {number}"


def test_text_after_a_figure_has_its_own_slide() -> None:
    plan = plan_of(slide("This circle has two ways out", CYCLE, paragraph("Find your own way out.")))
    assert titles(plan) == ["This circle has two ways out", "This circle has two ways out (continued)"]
    assert layouts(plan) == ["figure", "text-line"]


words = st.text(alphabet="abcdefghij -–’“”éß", min_size=1, max_size=60).filter(str.strip)
blocks = st.lists(
    st.one_of(
        words.map(paragraph),
        st.lists(words, min_size=1, max_size=8).map(lambda items: bullets(*items)),
        st.lists(words, min_size=1, max_size=8).map(lambda items: steps(*items)),
        st.tuples(words, words).map(lambda pair: labelled(*pair)),
        words.map(lambda text: Script(inlines("Then"), inlines(text), inlines("Once."))),
        st.just(DO_AND_TRY),
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(blocks, st.sampled_from(["", "left"]))
def test_all_words_of_any_blocks_are_planned_and_fit(content: list[Block], sign: str) -> None:
    theme = deck_theme()
    plan = plan_deck(sample_deck(slide("Any title", *content, sign=sign)), theme)
    assert plan.findings == ()
    texts = plain("".join(shown_words(item) for each in plan.slides for item in each.items))
    for part in words_of(tuple(content)):
        assert plain(part) in texts
    for each in plan.slides:
        for item in each.items:
            if isinstance(item, FilledPlaceholder):
                slot = layout_named(each.layout.name).placeholder(item.name)
                levels = placeholder_levels(slot, each.layout, theme)
                assert text_height(item.paragraphs, levels, slot.text_width, RenderCache()) <= slot.text_height
            elif isinstance(item, PlacedTable):
                assert item.y + sum(row.height for row in item.rows) <= 490


def shown_words(item: object) -> str:
    match item:
        case FilledPlaceholder():
            return "".join(each.text for each in item.paragraphs)
        case PlacedTable():
            runs = [run for row in item.rows for cell in row.cells for text in cell.texts for run in text.runs]
            return "".join(run.text for run in runs)
        case _:
            return ""


# ---------------------------------------------------------------- what is too much


def test_a_long_list_continues_with_its_numbers() -> None:
    plan = plan_of(slide("Fourteen steps", steps(*(f"Step that is called {n}" for n in range(1, 15)))))
    assert titles(plan) == ["Fourteen steps", "Fourteen steps (continued)"]
    numbers = [item.number for each in plan.slides for item in each.items[1].paragraphs]  # type: ignore[union-attr]
    assert numbers == list(range(1, 15))
    content = render_deck(sample_deck(slide("S", steps(*(f"Step {n}" for n in range(1, 15))))), deck_theme()).content
    second = opened(content).slides[1].shapes[1]._element
    assert [each.get("startAt") for each in second.iter(f"{A}buAutoNum")] == ["8"]


def test_slides_continued_more_than_once_are_numbered() -> None:
    plan = plan_of(slide("Many", bullets(*(f"{LONG} {n}" for n in range(12)))))
    assert titles(plan)[1:3] == [f"Many (continued, {n} of {len(plan.slides)})" for n in (2, 3)]


def test_a_label_stays_with_its_text() -> None:
    pairs = [labelled(f"Label {n}", LONG) for n in range(8)]
    for each in plan_of(slide("Labels", *pairs)).slides:
        filled = each.items[1]
        assert isinstance(filled, FilledPlaceholder)
        assert [item.level for item in filled.paragraphs] == ["label", "text"] * (len(filled.paragraphs) // 2)


@pytest.mark.parametrize("kind", ["title", "section", "question", "pause"])
def test_a_label_too_long_for_its_placeholder_is_shown_in_the_body(kind: SlideKind) -> None:
    shown = plan_of(slide("Hello", paragraph("Welcome."), kind=kind, label="For all those who come " * 12))
    filled = [item for each in shown.slides for item in each.items if isinstance(item, FilledPlaceholder)]
    texts = [each.text for fill in filled for each in fill.paragraphs]
    assert any("For all those who come For all" in text for text in texts)
    assert "Welcome." in texts


@pytest.mark.parametrize(("caption", "alt"), [("Who does what", "Who does what"), ("", "Both may hurt")])
def test_the_alt_text_of_a_table_is_its_heading_or_the_title_of_its_slide(caption: str, alt: str) -> None:
    table = Table(inlines(caption) if caption else (), (head("Who", "What"),), (row("She", "calls"),))
    deck = opened(render_deck(sample_deck(slide("Both may hurt", table)), deck_theme()).content)
    (frame,) = (shape for shape in deck.slides[0].shapes if shape.has_table)
    assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == alt


def test_a_high_table_is_split_at_a_row_and_repeats_its_header() -> None:
    table = Table((), (head("Who", "What"),), tuple(row(f"Person {n}", "calls") for n in range(20)))
    plan = plan_of(slide("Twenty", table))
    tables = [item for each in plan.slides for item in each.items if isinstance(item, PlacedTable)]
    assert len(tables) == len(plan.slides) > 1
    assert all(each.rows[0].header and not each.rows[1].header for each in tables)
    assert sum(len(each.rows) - 1 for each in tables) == 20


def test_two_sentences_are_not_made_smaller() -> None:
    (shown,) = plan_of(slide("A", paragraph("One."), paragraph("Two."))).slides
    assert shown.layout.text_step == 0


def test_a_paragraph_too_high_for_a_slide_is_a_finding_with_its_place() -> None:
    too_long = only_finding(
        slide("A", replace(paragraph(LONG * 30), at=Location("talk.md", 7, 1)), paragraph("Short."))
    )
    assert (too_long.code, too_long.at) == ("slide-text", Location("talk.md", 7, 1))
    assert "points too high" in too_long.message


def test_equal_slides_from_the_cache_keep_their_own_places() -> None:
    shared = RenderCache()
    for line in (3, 8, 8):
        text = replace(paragraph(LONG * 30), at=Location("talk.md", line, 1))
        plan = plan_deck(sample_deck(slide("A", text)), deck_theme(), shared)
        assert [each.at for each in plan.findings] == [Location("talk.md", line, 1)]


def test_a_script_that_is_too_long_is_a_finding() -> None:
    script = Script(inlines("Then"), inlines(LONG * 6), at=Location("talk.md", 9, 1))
    assert (only_finding(slide("A", script)).code, only_finding(slide("A", script)).at) == (
        "slide-script",
        Location("talk.md", 9, 1),
    )


def test_a_row_too_high_for_a_slide_is_a_finding() -> None:
    table = Table((), (head("Who", "What"),), (row("She", LONG * 14),), at=Location("talk.md", 5, 1))
    assert (only_finding(slide("A", table)).code, only_finding(slide("A", table)).at) == (
        "slide-table",
        Location("talk.md", 5, 1),
    )


def test_a_table_with_too_many_columns_is_a_finding() -> None:
    words = [f"Responsibilities{number}" for number in range(9)]
    table = Table((), (head(*words),), (row(*words),), at=Location("talk.md", 5, 1))
    too_wide = only_finding(slide("A", table))
    assert (too_wide.code, too_wide.at) == ("slide-table", Location("talk.md", 5, 1))
    assert "points too wide" in too_wide.message


def test_a_table_with_too_many_rows_is_a_finding() -> None:
    rows = [row(f"{number}", "word") for number in range(40)]
    many = Table((), (head("Who", "What"),), tuple(rows), at=Location("talk.md", 5, 1))
    long = only_finding(slide("A", many))
    assert (long.code, long.severity, long.at) == ("slide-rows", Severity.WARNING, Location("talk.md", 5, 1))
    assert plan_of(slide("A", replace(many, body=tuple(rows[:12])))).findings == ()


def test_a_slide_with_too_many_words_is_a_finding() -> None:
    forty = " ".join(["word"] * 39)
    assert plan_of(slide("Title", paragraph(forty))).findings == ()
    crowded = only_finding(slide("Title", paragraph(f"{forty} more")))
    assert (crowded.code, crowded.severity, crowded.at) == ("slide-words", Severity.WARNING, Location("talk.md", 1, 1))
    assert "holds 41 words" in crowded.message
    words = " ".join(["word"] * 20)
    labelled = only_finding(slide("Title", paragraph(words), Labelled((Text("Looks"),), (paragraph(words),))))
    assert "holds 42 words" in labelled.message
    assert "text, and “Looks” with these labels count" in labelled.hint


def test_a_table_may_have_more_words_and_a_list_of_sources_any_number() -> None:
    table = Table((), (head("Who", "What"),), tuple(row("one", "two") for _ in range(5)))
    note = " ".join(["word"] * 23)
    sixty = replace(table, body=(row("one two three four", "five six seven eight"),) * 6)
    assert plan_of(slide("Title", table, paragraph(note))).findings == ()
    assert plan_of(slide(" ".join(["Word"] * 10), sixty)).findings == ()
    assert "holds 61 words" in only_finding(slide(" ".join(["Word"] * 11), sixty)).message
    assert plan_of(slide("Title", Sources(tuple(source(number) for number in range(1, 9))))).findings == ()


def test_a_source_too_high_for_a_slide_is_a_finding() -> None:
    sources = Sources((replace(source(1), content=inlines(LONG * 20)),), at=Location("talk.md", 5, 1))
    assert only_finding(slide("A", sources)).code == "slide-source"


def test_a_long_source_is_set_smaller_until_it_fits() -> None:
    sources = Sources((replace(source(1), content=inlines("A long title " * 60)),))
    plan = plan_of(slide("Sources", sources))
    assert plan.findings == ()
    assert plan.slides[0].layout.text_step > 0


def test_a_label_that_does_not_fit_is_reported_at_its_figure() -> None:
    labels = tuple((key, LONG if key == "urge" else text) for key, text in CYCLE.labels)
    figure = replace(CYCLE, labels=labels, at=Location("talk.md", 3, 1))
    assert (only_finding(slide("A", figure)).code, only_finding(slide("A", figure)).at) == (
        "figure-label",
        Location("talk.md", 3, 1),
    )


def test_an_unknown_figure_is_a_finding() -> None:
    assert only_finding(slide("A", Figure("circle", (), (), "Alt", ()))).code == "slide-figure"


def test_a_title_too_long_at_any_size_is_a_finding() -> None:
    assert only_finding(slide(LONG * 2, bullets("one"))).code == "slide-title"
    assert only_finding(slide(LONG * 6)).code == "slide-title"


def test_a_title_of_three_lines_is_set_smaller_in_two() -> None:
    (shown,) = plan_of(slide(f"A title {'that is long ' * 8}", bullets("one"))).slides
    assert shown.layout.title_step > 0


def test_two_slides_with_the_same_title_are_a_finding() -> None:
    twice = only_finding(slide("Same"), slide("same "))
    assert (twice.code, twice.at) == ("slide-title-twice", Location("talk.md", 2, 1))


def test_a_crisis_line_that_is_too_long_is_a_finding() -> None:
    lines = tuple(CrisisLine(f"A line with a long name {n}", "0808 2000 247") for n in range(6))
    assert plan_deck(sample_deck(slide("A"), crisis=Crisis(short=lines[:4])), deck_theme()).findings == ()
    crisis = Crisis(short=lines)
    (only,) = plan_deck(sample_deck(slide("A"), crisis=crisis), deck_theme()).findings
    assert only.code == "slide-foot"


def test_a_deck_with_something_that_does_not_fit_is_refused() -> None:
    made = render_deck(sample_deck(slide(LONG * 6)), deck_theme())
    assert made.content == b""
    assert [each.code for each in made.findings] == ["slide-title"]


# ---------------------------------------------------------------- a file that can be edited


def test_text_in_placeholders_takes_place_size_and_colour_from_the_layout(slides: list[Any]) -> None:
    for each in slides:
        for shape in each.placeholders:
            if shape.has_text_frame:
                assert not list(shape._element.spPr)
                for run in shape._element.iter(f"{A}rPr"):
                    assert not {"sz", "spc"} & set(run.attrib)
                    assert not run.findall(f"{A}solidFill")
                assert not list(shape._element.iter(f"{A}spcBef", f"{A}spcAft", f"{A}lnSpc", f"{A}normAutofit"))


def test_every_slide_has_a_unique_title_that_is_read_first(slides: list[Any]) -> None:
    names = [plain(each.shapes.title.text_frame.text) for each in slides]
    assert len(set(names)) == len(names)
    assert all(each.shapes[0].placeholder_format.type == 1 for each in slides)


def test_figures_are_one_group_of_editable_shapes_with_alt_text(slides: list[Any]) -> None:
    groups = [shape for each in slides for shape in each.shapes if shape.shape_type == 6]
    cycle = next(shape for shape in groups if shape._element.nvGrpSpPr.cNvPr.get("descr") == CYCLE.alt)
    assert list(cycle._element.iter(f"{A}cubicBezTo"))
    assert "Feelingsrisefast" in plain(shown_text(cycle))
    assert {each.get("val") for each in cycle._element.iter(f"{A}schemeClr")} >= {"accent1", "accent2", "bg2"}


def test_every_drawing_table_and_picture_has_alt_text_or_is_decorative(slides: list[Any]) -> None:
    kinds = ("nvGrpSpPr", "nvPicPr", "nvGraphicFramePr")
    for each in slides:
        for outer in [named for kind in kinds for named in each._element.iter(f"{P}{kind}")]:
            properties = outer.find(f"{P}cNvPr")
            if outer.getparent() is not each._element.cSld.spTree:
                decorative = any(child.tag.endswith("}decorative") for child in properties.iter())
                assert bool(properties.get("descr")) != decorative


def test_every_run_has_a_language(slides: list[Any]) -> None:
    runs = [run for each in slides for run in each._element.iter(f"{A}rPr")]
    assert {run.get("lang") for run in runs} == {"en-GB", "fr"}
    (french,) = [run for run in runs if run.get("lang") == "fr"]
    assert french.getnext().text == "(la nouvelle)"


def test_tables_are_native_with_a_marked_header_row(slides: list[Any]) -> None:
    tables = [shape.table for each in slides for shape in each.shapes if shape.has_table]
    assert len(tables) == 5
    assert all(each.first_row for each in tables)
    assert all(each.first_row or each.first_col for each in tables)


def test_cells_that_span_others_are_merged(slides: list[Any]) -> None:
    table = next(
        shape.table
        for each in slides
        for shape in each.shapes
        if shape.has_table and shape.table.cell(0, 0).text == "Who"
    )
    assert (table.cell(0, 1).span_width, table.cell(1, 0).span_height) == (2, 2)
    assert table.cell(0, 2).is_spanned
    assert table.cell(2, 0).is_spanned


def test_links_have_descriptions(slides: list[Any]) -> None:
    links = {}
    for each in slides:
        for link in each._element.iter(f"{A}hlinkClick"):
            relation = each.part.rels[link.get(f"{R}id")]
            links[relation.target_ref if relation.is_external else "slide"] = link.get("tooltip")
    assert links["https://example.org/help?a=1&b=2"] == "Opens the page"
    assert links["tel:116123"] == "Call 116 123"
    assert links["https://findahelpline.com"] == "Opens https://findahelpline.com"


def test_a_citation_links_to_the_slide_that_lists_it(slides: list[Any]) -> None:
    claim = next(each for each in slides if each.shapes.title.text_frame.text.startswith("Being left"))
    jumps = [each for each in claim._element.iter(f"{A}hlinkClick") if "hlinksldjump" in (each.get("action") or "")]
    target = claim.part.rels[jumps[0].get(f"{R}id")].target_part.slide
    assert target.shapes.title.text_frame.text == "Sources"


def test_a_disallowed_address_is_plain_text() -> None:
    link = Link(inlines("words"), "javascript:alert(1)")
    content = render_deck(sample_deck(slide("A", bullets("one"), paragraph(link))), deck_theme()).content
    (only,) = opened(content).slides
    assert "words" in shown_text(only.shapes[1])
    assert not list(only._element.iter(f"{A}hlinkClick"))


def test_special_characters_are_shown_as_written() -> None:
    words = 'A & B < C > "D" ]]> &amp; ‹#›'
    content = render_deck(sample_deck(slide(words, bullets(words), labelled(words, words))), deck_theme()).content
    (only,) = opened(content).slides
    assert only.shapes.title.text_frame.text.replace("\u00a0", " ") == words
    assert only.shapes[1].text_frame.paragraphs[0].text == words


def test_a_missing_number_is_a_blank_line() -> None:
    contacts = Contacts((Contact("Near you", "", ""), Contact("In danger", "Emergency", "999")))
    (shown,) = plan_of(slide("Help", contacts)).slides
    (line,) = [item for item in shown.items if isinstance(item, PlacedDrawing)]
    assert line.alt == "A line to write on"


def test_a_qr_code_is_one_picture_in_its_placeholder(slides: list[Any]) -> None:
    (picture,) = [shape for each in slides for shape in each.placeholders if shape.placeholder_format.type == 18]
    assert (picture.crop_left, picture.crop_right, picture.crop_top, picture.crop_bottom) == (0, 0, 0, 0)
    assert picture.width == picture.height
    assert picture.image.size[0] == picture.image.size[1]


def test_the_talk_has_named_sections(content: bytes) -> None:
    names = [each.get("name") for each in opened(content).element.iter() if each.tag.endswith("}section")]
    assert names == [
        "You said it is over",
        "What stands behind it",
        "What you can do, and what you do not have to do",
    ]


def test_the_file_has_its_properties(content: bytes) -> None:
    properties = opened(content).core_properties
    assert (properties.title, properties.language) == ("You said it is over. Why do they keep reaching out?", "en-GB")
    assert properties.subject == "Contact after a break-up & what helps"
    assert properties.modified.isoformat().startswith("2026-11-23T00:00:00")


def test_no_text_is_too_small_to_read_from_the_back(content: bytes) -> None:
    deck = opened(content)
    for layout in deck.slide_layouts:
        for shape in layout.placeholders:
            sizes = [int(each.get("sz")) / 100 for each in shape._element.iter(f"{A}defRPr")]
            kind = shape.placeholder_format.type
            least = 32 if kind == 1 else 14 if kind in (13, 15) or "ources" in layout.name else 20
            assert min(sizes) >= least, (layout.name, shape.name)
    for each in deck.slides:
        assert all(int(run.get("sz", 2000)) >= 2000 for run in each._element.iter(f"{A}rPr"))


def test_the_theme_defines_the_colours_by_role(content: bytes) -> None:
    plum = render_deck(sample_deck(slide("A")), deck_theme("plum", touches=True)).content
    assert b"6B2C5A" in part(plum, "ppt/theme/theme1.xml")
    assert b"0F4C5C" in part(content, "ppt/theme/theme1.xml")
    assert b"0F4C5C" not in part(content, "ppt/slides/slide5.xml")


def part(content: bytes, name: str) -> bytes:
    from zipfile import ZipFile

    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name)


# ---------------------------------------------------------------- the same everywhere, and opened by others

MAKE = """
import sys, hashlib
sys.path[:0] = [{root!r}, {tests!r}]
from deck_samples import deck_theme, sample_deck
from handouts.deck import render_deck
print(hashlib.sha256(render_deck(sample_deck(), deck_theme()).content).hexdigest())
"""


@pytest.mark.full
def test_the_same_talk_gives_the_same_bytes_in_every_process() -> None:
    script = MAKE.format(root=str(ROOT), tests=str(ROOT / "tests"))
    sums = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(sums) == 1


def test_a_deck_follows_the_open_xml_schemas(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(content)
    assert_open_xml_audit_passes(tmp_path / "deck.pptx")


@pytest.mark.full
def test_libreoffice_shows_every_word_inside_its_slide(content: bytes, slides: list[Any], tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(content)
    with pypdfium2.PdfDocument(convert_to_pdf([tmp_path / "deck.pptx"], tmp_path)[0]) as shown:
        assert len(shown) == len(slides)
        for page, each in zip(shown, slides, strict=True):
            width, height = page.get_size()
            text = page.get_textpage()
            seen = plain(text.get_text_range().replace("\ufffe", "-"))
            for run in each._element.iter(f"{A}t"):
                assert all(plain(word) in seen for word in (run.text or "").split()), run.text
            for index in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(index)
                assert 0.05 * width <= left <= right <= 0.95 * width
                assert 0.02 * height <= bottom <= top <= 0.98 * height
                assert bottom < 0.075 * height or bottom > 0.085 * height  # above the foot


def test_fixed_words_of_slides_come_from_the_language() -> None:
    words = dict(sample_deck().words.entries)
    pseudo = FixedWords(tuple((key, f"⟦{text}⟧") for key, text in words.items()))
    document = replace(sample_deck(slide("Sources", Sources(tuple(map(source, range(40)))))), words=pseudo)
    assert [each.startswith("⟦") for each in titles(plan_deck(document, deck_theme()))][:2] == [False, True]


def test_all_titles_are_read_back_in_order(slides: list[Any], document: Document) -> None:
    starts = [plain("".join(words_of(each.title)))[:20] for each in document.slides]
    shown = [plain(each.shapes.title.text_frame.text)[:20] for each in slides]
    assert list(dict.fromkeys(title for title in shown if "(continued" not in title)) == starts


def test_the_sample_contains_every_kind_of_block(document: Document) -> None:
    kinds = {type(node) for node in walk(document.slides)}
    assert set(get_args(Block)) - {Worksheet, *get_args(Field)} <= kinds


@pytest.mark.parametrize(
    "thing", [CYCLE, DO_AND_TRY, FORK, Sources((source(1),))], ids=lambda each: type(each).__name__
)
def test_equal_blocks_in_a_row_are_both_shown(thing: Block) -> None:
    document = sample_deck(slide("Look at it twice", thing, thing))
    made = render_deck(document, deck_theme())
    assert verify_file(made.content, document, "pptx") == ()
