"""Invented bad pages: each check of the printed page notices its fault, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import count

import layout_backgrounds as grounds
import layout_promises as promises
from layout_pages import PlannedHandout
from msgspec.structs import replace
from samples import inlines, sample_document, sample_theme

from handouts.document.nodes import Block, Callout, Card, Figure, Paragraph
from handouts.figures.shapes import Path, Rectangle
from handouts.finding import Location, warning
from handouts.layout.page_model import Element, Page, PageItem, PagePlan, ShapeItem, TextItem
from handouts.text.line_breaking import StyledRun, break_lines, text_width
from handouts.theme import TypeStyle

THEME = sample_theme()
BODY = THEME.print["body"]
FRAME = ShapeItem(Rectangle(0, 0, THEME.right - THEME.margin, 70, 6, "white", "ink", 1.5), THEME.margin, 712.0, None)
FOOT = 700.0  # the lower end of the text area above that frame
HERE = Location("bad.md", 3, 1)


def text(
    words: str,
    element: Element | None,
    y: float,
    *,
    x: float = THEME.axis,
    colour: str = "ink",
    style: TypeStyle = BODY,
) -> tuple[TextItem, ...]:
    """Return `words` as one line whose baseline is at `y`."""
    (line,) = break_lines((StyledRun(words, style.bold),), replace(style, balance=False), float("inf"))
    return tuple(TextItem(run, x + run.x, y, colour, element) for run in line.runs)


def shape(made: Rectangle | Path, x: float = 0.0, y: float = 0.0, element: Element | None = None) -> ShapeItem:
    return ShapeItem(made, x, y, element)


def bad_pages(root: Element, *pages: Sequence[PageItem], blocks: Sequence[Block] = ()) -> PlannedHandout:
    """Return invented pages, each with the frame of a crisis box; without `blocks` the document is not checked."""
    sheets = tuple(Page(THEME.paper.width, THEME.paper.height, (*items, FRAME)) for items in pages)
    document = replace(sample_document(), blocks=tuple(blocks))
    return PlannedHandout(document, THEME, PagePlan(sheets, root, ()))


def lines(element: Element, *baselines: float, words: str = "Limits help.") -> list[PageItem]:
    return [item for y in baselines for item in text(words, element, y)]


def tree(*roles: str) -> tuple[Element, ...]:
    """Return a root and elements below it."""
    root = Element("Document")
    return root, *(root.add(Element(role)) for role in roles)


# ---------------------------------------------------------------- where pages end


def test_a_heading_at_the_end_of_a_page_is_noticed() -> None:
    root, heading, paragraph = tree("H2", "P")
    page = [*lines(heading, 650), *lines(paragraph, 680)]
    (found,) = promises.heading_near_the_foot(bad_pages(root, page, lines(paragraph, 80)))
    assert found == "page 1: the heading 'Limits help.' stands at the foot"
    page = [*lines(heading, 640), *lines(paragraph, 670, 690)]
    assert not list(promises.heading_near_the_foot(bad_pages(root, page, lines(paragraph, 80))))


def test_a_heading_before_a_single_line_is_accepted() -> None:
    root, heading, paragraph, other = tree("H2", "P", "H2")
    page = [*lines(heading, 650), *lines(paragraph, 680)]
    assert not list(promises.heading_near_the_foot(bad_pages(root, page, lines(other, 80))))


def test_widows_and_orphans_are_noticed() -> None:
    root, paragraph = tree("P")
    assert list(promises.widow_or_orphan(bad_pages(root, lines(paragraph, 690), lines(paragraph, 80, 98))))
    assert list(promises.widow_or_orphan(bad_pages(root, lines(paragraph, 672, 690), lines(paragraph, 80))))
    assert not list(promises.widow_or_orphan(bad_pages(root, lines(paragraph, 672, 690), lines(paragraph, 80, 98))))


def callout_on_two_pages(parts: int, step: float) -> PlannedHandout:
    """Return a callout of `parts` paragraphs of one word, `step` points apart, half of them on each page."""
    root = Element("Document")
    numbers = [f"Word{number}" for number in range(parts)]
    callout = Callout(inlines("Title"), tuple(Paragraph(inlines(number)) for number in numbers))
    section = root.add(Element("Sect"))
    pages: tuple[list[PageItem], list[PageItem]] = ([*text("Title", section.add(Element("H3")), 80)], [])
    for index, number in enumerate(numbers):
        half = index >= parts // 2
        y = 98 + step * (index - half * (parts // 2))
        pages[half].extend(text(number, section.add(Element("P")), y))
    return bad_pages(root, *pages, blocks=(callout,))


def test_a_divided_block_is_noticed_unless_it_is_higher_than_half_a_page() -> None:
    (found,) = promises.split_block(callout_on_two_pages(4, 18))
    assert found == "page 1: Callout 'Title' is split"
    assert not list(promises.split_block(callout_on_two_pages(30, 18)))


def test_a_high_block_that_is_divided_inside_a_paragraph_is_noticed() -> None:
    words = [f"Word{number}" for number in range(30)]
    root, section = tree("Sect")
    title, paragraph = section.add(Element("H3")), section.add(Element("P"))
    first, second = (
        [item for y, word in zip(count(98, 18), part, strict=False) for item in text(f"{word} ", paragraph, y)]
        for part in (words[:15], words[15:])
    )
    callout = Callout(inlines("Title"), (Paragraph(inlines(" ".join(words))),))
    (found,) = promises.split_block(bad_pages(root, [*text("Title", title, 80), *first], second, blocks=(callout,)))
    assert found == "page 1: 'Word0' is split inside Callout"


def test_a_divided_card_is_noticed_up_to_the_height_of_a_page() -> None:
    for amount, broken in ((12, True), (40, False)):
        root = Element("Document")
        section, numbers = root.add(Element("Sect")), [f"Word{number}" for number in range(amount)]
        card = Card(1, "", inlines("Claim"), (), tuple(Paragraph(inlines(number)) for number in numbers))
        pages: tuple[list[PageItem], list[PageItem]] = ([*text("Claim", section.add(Element("H3")), 80)], [])
        for index, number in enumerate(numbers):
            y = 98 + 30 * (index - (index >= amount // 2) * (amount // 2))
            pages[index >= amount // 2].extend(text(number, section.add(Element("P")), y))
        assert any("Card" in each for each in promises.split_block(bad_pages(root, *pages, blocks=(card,)))) is broken


def test_a_page_without_a_title_is_noticed_after_the_first_section() -> None:
    root, heading, paragraph = tree("H2", "P")
    first = [*lines(heading, 100), *lines(paragraph, 130)]
    (found,) = promises.page_without_title(bad_pages(root, first, lines(paragraph, 80)))
    assert found == "page 2: no title above 'Limits help.'"
    repeated = Element("Artifact", attributes=(("Artifact", "Type", "Pagination"), ("Artifact", "Subtype", "Header")))
    titled = [*text("Limits (continued)", repeated, 60, style=THEME.print["h2"]), *lines(paragraph, 80)]
    assert not list(promises.page_without_title(bad_pages(root, first, titled)))
    assert not list(promises.page_without_title(bad_pages(root, lines(paragraph, 80), lines(paragraph, 80))))


def test_a_divided_row_of_a_table_is_noticed() -> None:
    root, table = tree("Table")
    row = table.add(Element("TR"))
    one, two = row.add(Element("TD")), row.add(Element("TD"))
    torn = [*lines(two, 690), *text("Left", one, 690, x=THEME.margin)]
    assert list(promises.split_block(bad_pages(root, torn, lines(two, 80))))
    assert not list(promises.split_block(bad_pages(root, torn, [])))


def complaints_about_thin_page(bottom: float, height: float, *places: Location) -> list[str]:
    """Return the complaints about a page filled down to `bottom` before a figure of `height`, with these findings."""
    root, paragraph, section = tree("P", "Sect")
    title, below = section.add(Element("H3")), section.add(Element("P"))
    figure = Figure("cycle", inlines("Point"), (), "", inlines("Read it."), at=HERE)
    pages = lines(paragraph, 80, bottom, words="Start."), [*text("Point", title, 80), *text("Read it.", below, height)]
    made = bad_pages(root, *pages, blocks=(Paragraph(inlines("Start.")), figure))
    findings = tuple(warning("thin-page", "", at) for at in places)
    return list(promises.thin_page(dataclasses.replace(made, plan=replace(made.plan, findings=findings))))


def test_a_thin_page_is_noticed_unless_there_is_a_finding_about_it() -> None:
    assert complaints_about_thin_page(300, 120, HERE) == ["page 1: 37% full, and the next block would fit"]
    assert complaints_about_thin_page(300, 600) == ["page 1: 37% full, without a finding at 'Point'"]
    assert complaints_about_thin_page(300, 600, Location("bad.md", 9, 9)) == [
        "page 1: 37% full, without a finding at 'Point'"
    ]
    assert not complaints_about_thin_page(300, 600, HERE)
    assert not complaints_about_thin_page(440, 600)


def test_a_page_may_be_thin_if_the_next_would_otherwise_be_thinner() -> None:
    for last, broken in ((300, False), (560, True)):
        root, paragraph, section, other = tree("P", "Sect", "P")
        title = section.add(Element("H3"))
        figure = Figure("cycle", inlines("Point"), (), "", inlines("Read it."), at=HERE)
        above = lines(paragraph, 80, 390, words="Start.")
        below = [*text("Point", title, 80), *text("Read it.", section.add(Element("P")), 160), *lines(other, last)]
        blocks = (Paragraph(inlines("Start.")), figure, Paragraph(inlines("Limits help.")))
        made = bad_pages(root, above, below, lines(other, 80), blocks=blocks)
        reported = dataclasses.replace(made, plan=replace(made.plan, findings=(warning("thin-page", "", HERE),)))
        assert any("page 1" in each for each in promises.thin_page(reported)) is broken


# ---------------------------------------------------------------- where texts stand


def test_text_outside_the_margins_is_noticed() -> None:
    root, paragraph = tree("P")
    width = text_width("Limits help.", BODY)
    for x, y in ((THEME.margin - 2, 80), (THEME.right - width + 2, 80), (THEME.axis, 35), (THEME.axis, 802)):
        assert list(promises.outside_the_margins(bad_pages(root, text("Limits help.", None, y, x=x))))
    assert not list(
        promises.outside_the_margins(bad_pages(root, text("Limits help.", None, 80, x=THEME.right - width)))
    )
    assert list(promises.outside_the_margins(bad_pages(root, lines(paragraph, 709))))
    assert not list(promises.outside_the_margins(bad_pages(root, lines(paragraph, 698))))


def test_overlapping_texts_are_noticed() -> None:
    root, one, two = tree("P", "P")
    assert list(promises.overlapping_texts(bad_pages(root, [*lines(one, 80), *lines(two, 88)])))
    assert not list(promises.overlapping_texts(bad_pages(root, [*lines(one, 80), *lines(two, 93)])))


def test_a_cell_that_runs_into_the_next_is_noticed() -> None:
    root, table = tree("Table")
    row = table.add(Element("TR"))
    one, two = row.add(Element("TD")), row.add(Element("TD"))
    width = text_width("Limits help.", BODY)
    for space, broken in ((2, True), (6, False)):
        cells = [*lines(one, 80), *text("Right", two, 98, x=THEME.axis + width + space)]
        assert bool(list(promises.overlapping_cells(bad_pages(root, cells)))) is broken


def test_text_that_leaves_its_box_is_noticed() -> None:
    root, paragraph = tree("P")
    width = text_width("Limits help.", BODY)
    for wide, broken in ((width + 12, False), (width + 3, True)):
        box = shape(Rectangle(0, 0, wide, 30, 4, stroke="accent", edge=1.5), THEME.axis - 5, 64)
        assert bool(list(grounds.text_outside_box(bad_pages(root, [box, *lines(paragraph, 84)])))) is broken
    low = shape(Rectangle(0, 0, width + 12, 30, fill="tint"), THEME.axis - 5, 78)
    assert list(grounds.text_outside_box(bad_pages(root, [low, *lines(paragraph, 84)])))


def test_text_that_leaves_its_bubble_is_noticed() -> None:
    root, paragraph = tree("P")
    width = text_width("Limits help.", BODY)
    for wide, broken in ((width + 12, False), (width - 4, True)):
        corners = (("M", (0.0, 0.0)), ("L", (wide, 0.0)), ("L", (wide, 30.0)), ("L", (0.0, 30.0)), ("Z", ()))
        bubble = shape(Path(corners, "tint", "accent", 1.5), THEME.axis - 5, 64)  # type: ignore[arg-type]
        assert bool(list(grounds.text_outside_box(bad_pages(root, [bubble, *lines(paragraph, 84)])))) is broken


def test_a_line_through_a_text_is_noticed_and_one_below_a_link_is_not() -> None:
    root, paragraph = tree("P")
    for y, broken in ((80, True), (86.5, False)):
        rule = shape(Path((("M", (0.0, 0.0)), ("L", (40.0, 0.0))), stroke="ink", width=0.75), THEME.axis, y)
        assert bool(list(grounds.line_through_text(bad_pages(root, [*lines(paragraph, 84), rule])))) is broken


# ---------------------------------------------------------------- type and colour


def test_small_type_is_noticed_in_each_edition() -> None:
    root, paragraph, table, listing = tree("P", "Table", "L")
    entry = listing.add(Element("LI"))
    number, source = entry.add(Element("Lbl")), entry.add(Element("LBody", anchor="source-1"))
    cell = table.add(Element("TR")).add(Element("TD"))
    foot = Element("Artifact")
    for element, size in ((paragraph, 12.0), (cell, 11.5), (source, 10.0), (number, 10.0), (foot, 11.0), (None, 12.0)):
        for smaller in (0.0, 0.5):
            style = TypeStyle(size - smaller, 16)
            assert len(list(promises.small_type(bad_pages(root, text("1", element, 80, style=style))))) == bool(smaller)


def test_a_line_of_more_than_75_characters_is_noticed() -> None:
    root, paragraph = tree("P")
    for signs in (75, 76):
        found = list(promises.long_line(bad_pages(root, text("i" * signs, paragraph, 80))))
        assert len(found) == (signs > 75)


def test_an_avoidable_last_word_alone_on_a_line_is_noticed() -> None:
    root, heading = tree("H2")
    style = THEME.print["h2"]
    with_last_word_alone = [
        *text("You said it is ", heading, 80, style=style),
        *text("over", heading, 104, style=style),
    ]
    assert list(promises.single_word_last_line(bad_pages(root, with_last_word_alone)))
    wide = [*text("It ended for ", heading, 80, style=style), *text("w" * 28, heading, 104, style=style)]
    assert not list(promises.single_word_last_line(bad_pages(root, wide)))
    even = [*text("You said ", heading, 80, style=style), *text("it is over", heading, 104, style=style)]
    assert not list(promises.single_word_last_line(bad_pages(root, even)))


def test_weak_contrast_with_the_background_is_noticed() -> None:
    root, paragraph = tree("P")
    ground = shape(Rectangle(0, 0, 200, 40, fill="accent"), THEME.axis - 10, 60)
    words = text("Limits help.", paragraph, 84)
    assert list(grounds.weak_contrast(bad_pages(root, [ground, *words])))
    assert not list(grounds.weak_contrast(bad_pages(root, [*words, ground])))
    assert not list(grounds.weak_contrast(bad_pages(root, [ground, *text("Limits.", paragraph, 84, colour="white")])))
    assert list(grounds.weak_contrast(bad_pages(root, text("Limits.", paragraph, 84, colour="white"))))


def test_weak_contrast_is_noticed_even_if_only_part_of_a_text_is_on_the_colour() -> None:
    root, paragraph = tree("P")
    half = shape(Rectangle(0, 0, 30, 40, fill="accent"), THEME.axis - 10, 60)
    assert list(grounds.weak_contrast(bad_pages(root, [half, *text("Limits help.", paragraph, 84, colour="white")])))


def test_a_grey_on_a_photocopy_is_noticed() -> None:
    root, paragraph = tree("P")
    assert list(grounds.colour_in_photocopy(bad_pages(root, text("Limits.", paragraph, 84, colour="stone"))))
    assert list(grounds.colour_in_photocopy(bad_pages(root, [shape(Rectangle(0, 0, 9, 9, fill="tint"))])))
    black = [shape(Rectangle(0, 0, 9, 9, fill="white", stroke="ink", edge=1)), *lines(paragraph, 84)]
    assert not list(grounds.colour_in_photocopy(bad_pages(root, black)))
