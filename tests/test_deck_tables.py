"""Tables on slides: their looks, forks, contacts, signs and discs."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from deck_samples import CONTACTS, DO_AND_TRY, EVIDENCE, FORK, deck_theme, head, row, sample_deck, slide
from msgspec.structs import replace
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from samples import inlines, paragraph

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.layouts import FOOT_AREA
from handouts.deck.planned_slides import DeckPlan, GridCell, PlacedDrawing, PlacedTable
from handouts.document.nodes import Block, Branch, Contact, Contacts, Fork, Table
from handouts.verify import verify_file

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PARTED = Fork(
    inlines("Which is you?"),
    (
        Branch(
            "red",
            inlines("Red: get help first"),
            (paragraph("Fear, threats, following, or a no that is ignored"), paragraph("Do not answer. Call a line.")),
        ),
        Branch(
            "amber", inlines("Amber: no fear"), (paragraph("Unwanted, and you can bear it"), paragraph("Say it once"))
        ),
        Branch("green", inlines("Green: in touch"), (paragraph("You want some contact"), paragraph("Set limits"))),
    ),
)
SIX = Table(
    (),
    (head("They may feel", "So they may"),),
    (
        row("Fear of being left", "try desperately to keep contact"),
        row("Feelings too strong", "act for relief"),
        row("“Perfect”, then “all bad”", "see only the good"),
        row("“Who am I without you?”", "hold on desperately"),
        row("Hope of a return", "try once more"),
        row("“Do I still matter?”", "ask again and again"),
    ),
)


def plan_of(*blocks: Block, title: str = "A title") -> DeckPlan:
    return plan_deck(sample_deck(slide(title, *blocks)), deck_theme())


def tables(plan: DeckPlan) -> list[PlacedTable]:
    return [item for each in plan.slides for item in each.items if isinstance(item, PlacedTable)]


def table_of(*blocks: Block) -> PlacedTable:
    """Return the only table of a slide."""
    (only,) = tables(plan_of(*blocks))
    return only


def in_file(*blocks: Block) -> Any:
    """Return the first table of a slide as python-pptx reads it."""
    content = render_deck(sample_deck(slide("A title", *blocks)), deck_theme()).content
    return next(shape.table for shape in Presentation(BytesIO(content)).slides[0].shapes if shape.has_table)


def texts_of(cell: GridCell) -> list[str]:
    return ["".join(run.text for run in text.runs).replace("\u00a0", " ") for text in cell.texts]


def sizes_of(cell: GridCell) -> list[float]:
    return [text.style.size for text in cell.texts]


# ---------------------------------------------------------------- pasted into another deck


@pytest.mark.parametrize("block", [DO_AND_TRY, EVIDENCE, PARTED, CONTACTS], ids=lambda each: type(each).__name__)
def test_a_table_formats_its_own_texts(block: Block) -> None:
    table = in_file(block)
    for cell in (cell for line in table.rows for cell in line.cells):
        assert None not in (cell.margin_left, cell.margin_right, cell.margin_top, cell.margin_bottom)
        assert {"marL", "marR", "marT", "marB"} <= set(cell._tc.tcPr.attrib)
        for each in cell.text_frame.paragraphs:
            assert each.level == 0
            for run in each.runs:
                assert run.font.size is not None
                assert run.font.size.pt >= 20
                assert run.font.bold is not None
                assert run.font.color.type is not None
            if each.runs:
                assert each.line_spacing is not None
                assert (each.space_before, each.space_after) == (0, 0)


def test_the_colours_of_a_table_are_those_of_the_theme() -> None:
    table = in_file(EVIDENCE)
    colours = [
        {run.font.color.theme_color for cell in line.cells for run in cell.text_frame.paragraphs[0].runs}
        for line in table.rows
    ]
    assert colours[0] == {MSO_THEME_COLOR.ACCENT_1}
    assert colours[1] == {MSO_THEME_COLOR.TEXT_1}


def test_a_table_keeps_its_looks_when_pasted_into_another_deck() -> None:
    other = Presentation()
    frame = other.slides.add_slide(other.slide_layouts[6])
    content = render_deck(sample_deck(slide("A title", EVIDENCE)), deck_theme()).content
    shape = next(each for each in Presentation(BytesIO(content)).slides[0].shapes if each.has_table)
    frame.shapes._spTree.append(shape._element)
    pasted = next(each for each in frame.shapes if each.has_table)
    assert pasted.table.cell(1, 0).text_frame.paragraphs[0].runs[0].font.size.pt == 24
    assert not list(pasted._element.iter(f"{A}lvl1pPr"))
    assert all(int(each.get("marL")) == 0 for each in pasted._element.iter(f"{A}pPr"))


# ---------------------------------------------------------------- red, amber, green


def test_a_fork_has_columns_for_what_you_see_and_what_to_do_first() -> None:
    table = table_of(PARTED)
    assert [texts_of(cell) for cell in table.rows[0].cells] == [["Which is you?"], ["What you see"], ["Do first"]]
    sign, see, first = table.rows[1].cells
    assert (sign.sign, texts_of(sign)) == ("red", ["Red: get help first"])
    assert texts_of(see) == ["Fear, threats, following, or a no that is ignored"]
    assert texts_of(first) == ["Do not answer. Call a line."]
    assert [text.style.bold for text in (*see.texts, *first.texts)] == [False, True]


def test_a_fork_with_one_paragraph_per_branch_has_two_columns() -> None:
    table = table_of(FORK)
    assert [texts_of(cell) for cell in table.rows[0].cells] == [["Which of these is you?"], ["What fits"]]
    assert [len(line.cells) for line in table.rows] == [2] * 4


def test_red_stands_out_without_colour() -> None:
    table = table_of(PARTED)
    assert [line.frame for line in table.rows] == ["", "red", "", ""]
    red = in_file(PARTED).rows[1]._tr
    for tag in ("lnT", "lnB"):
        assert [int(each.get("w")) for each in red.iter(f"{A}{tag}")] == [57150] * 3
    assert [len(list(red.iter(f"{A}{tag}"))) for tag in ("lnL", "lnR")] == [1, 1]
    amber = in_file(PARTED).rows[2]._tr
    assert {int(each.get("w")) for each in amber.iter(f"{A}lnB")} == {12700}


# ---------------------------------------------------------------- whom to call


def contact(need: str, name: str, number: str, how: str = "", note: str = "") -> Contact:
    return Contact(need, name, number, how, note)


def test_numbers_and_needs_are_large_and_do_not_reach_the_foot() -> None:
    table = table_of(CONTACTS)
    for line in table.rows[1:-1]:
        assert sizes_of(line.cells[0])[0] == 26
        assert sizes_of(line.cells[1])[0] == 36
    assert table.y + sum(line.height for line in table.rows) <= FOOT_AREA.y


def test_the_last_row_is_a_blank_line_for_a_local_number() -> None:
    table = table_of(CONTACTS)
    assert [line.cells[1].to_write_on for line in table.rows] == [False] * 5 + [True]


def test_a_note_on_all_numbers_is_in_the_header_once() -> None:
    contacts = Contacts(
        tuple(replace(each, note="not yet confirmed" if each.number else "") for each in CONTACTS.contacts)
    )
    plan = plan_of(contacts)
    (table,) = tables(plan)
    assert texts_of(table.rows[0].cells[1]) == ["Number · not yet confirmed"]
    texts = [text for line in table.rows[1:] for cell in line.cells for text in texts_of(cell)]
    assert not any("not yet confirmed" in text for text in texts)
    document = sample_deck(slide("A title", contacts))
    assert verify_file(render_deck(document, deck_theme()).content, document, "pptx") == ()


def test_a_note_on_some_numbers_is_in_their_rows() -> None:
    table = table_of(CONTACTS)
    assert texts_of(table.rows[0].cells[1]) == ["Number"]
    noted = [line for line in table.rows if "not yet confirmed" in " ".join(texts_of(line.cells[0]))]
    assert [texts_of(line.cells[0])[0] for line in noted] == ["Afraid of a partner or ex"]


def test_each_row_of_contacts_names_its_need() -> None:
    shared = Contacts(
        (contact("In danger", "Emergency", "112"), contact("In danger", "In the US", "911"), contact("Near", "", ""))
    )
    table = table_of(shared)
    assert [texts_of(line.cells[0]) for line in table.rows[1:]] == [
        ["In danger", "Emergency"],
        ["In danger", "In the US"],
        ["Near"],
    ]


def test_how_to_reach_a_number_is_below_it_if_the_name_leaves_no_line() -> None:
    how = "call or text; chat at 988lifeline.org; 24 hours a day"
    long = contact("Thoughts of suicide", "988 Suicide & Crisis Lifeline", "988", how)
    table = table_of(Contacts((long, contact("In danger", "Emergency, also from abroad", "+44 800 802 0300", "free"))))
    first, second = table.rows[1:]
    assert texts_of(first.cells[0]) == ["Thoughts of suicide", "988 Suicide & Crisis Lifeline"]
    assert texts_of(first.cells[1]) == ["988", how]
    assert texts_of(second.cells[0]) == ["In danger", "Emergency, also from abroad · free"]


def test_more_numbers_continue_on_the_next_slide_in_the_same_size() -> None:
    name = "A help line with a name that is as long as names of help lines ever are, and then some more"
    many = Contacts(tuple(contact(f"Need {n}", name, f"0800 {n}00 200", "at night") for n in range(7)))
    plan = plan_of(many)
    assert [each.title for each in plan.slides] == ["A title", "A title (continued)"]
    assert plan.findings == ()
    for table in tables(plan):
        assert table.rows[0].header
        assert {sizes_of(line.cells[1])[0] for line in table.rows[1:]} == {36}
        assert table.y + sum(line.height for line in table.rows) <= FOOT_AREA.y


def test_a_continued_title_of_two_lines_has_room() -> None:
    name = "A help line with a name that is as long as names of help lines ever are, and then some more"
    many = Contacts(tuple(contact(f"Need {n}", name, f"0800 {n}00 200", "at night") for n in range(5)))
    plan = plan_of(many, title="Help is there today, for you and for all of them")
    assert plan.findings == ()
    assert {each.layout.name for each in plan.slides} == {"table"}


def test_numbers_for_one_need_stay_on_one_slide() -> None:
    needs = ("Danger", "Danger", "Danger", "Suicide", "Suicide", "Abuse", "Abuse", "Near")
    many = Contacts(tuple(contact(need, f"Line {n}", f"0800 {n}00") for n, need in enumerate(needs)))
    parts = [[texts_of(line.cells[0])[0] for line in table.rows[1:]] for table in tables(plan_of(many))]
    assert len(parts) == 2
    assert parts[1][0] in {"Suicide", "Abuse"}


# ---------------------------------------------------------------- facts


def test_six_explained_reasons_fit_on_one_slide() -> None:
    plan = plan_of(SIX, title="Six reasons why they may keep reaching out")
    (table,) = tables(plan)
    assert plan.findings == ()
    assert len(table.rows) == 7
    assert min(sizes_of(cell)[0] for line in table.rows for cell in line.cells) >= 20
    assert table.y + sum(line.height for line in table.rows) <= FOOT_AREA.y


def test_a_table_with_few_rows_is_centred_in_its_area() -> None:
    low, high = table_of(replace(SIX, body=SIX.body[:2])), table_of(SIX)
    assert low.y > high.y + 20
    assert low.rows[1].height > high.rows[1].height


def test_names_in_a_list_are_bold() -> None:
    assert [cell.texts[0].style.bold for cell in table_of(SIX).rows[1].cells] == [True, False]
    assert [cell.texts[0].style.bold for cell in table_of(EVIDENCE).rows[1].cells] == [False, False, False]


def test_rows_have_signs_and_three_discs_next_to_the_words() -> None:
    names = ("left", "rise", "swing", "self", "hold", "heard")
    (shown,) = plan_of(replace(EVIDENCE, signs=names, discs=(3, 3, 2, 2, 3, 1))).slides
    drawings = [item for item in shown.items if isinstance(item, PlacedDrawing)]
    assert [each.name for each in drawings] == [name for sign in names for name in (sign, "discs")]
    filled = [sum(bool(shape.fill) for shape in each.drawing.shapes) for each in drawings if each.name == "discs"]  # type: ignore[union-attr]
    assert filled == [3, 3, 2, 2, 3, 1]
    (table,) = (item for item in shown.items if isinstance(item, PlacedTable))
    assert texts_of(table.rows[1].cells[1]) == ["several studies"]
    for drawing in drawings:
        assert drawing.drawing.width <= (44 if drawing.name != "discs" else table.rows[1].cells[1].left)


def test_the_alt_text_of_a_table_without_a_title_is_that_of_the_slide() -> None:
    assert table_of(SIX).alt == ""
