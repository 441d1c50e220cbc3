"""What is more than text, each on its sheets: tables, figures, codes, lists of sources.

Text before and after a thing stands on its sheet if there is room; the caller is told if there is none, and gives it a
sheet of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from handouts.deck.codes import code_picture
from handouts.deck.fit import lines_height, parts_of, text_height
from handouts.deck.grids import GridBlock
from handouts.deck.layouts import FIGURE_AREA, LOW_FIGURE_AREA, SOURCE_SIZES, Area, Layout, Slot, layout_named
from handouts.deck.planned import (
    Filled,
    LayoutKey,
    Paragraph,
    Paragraphs,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    TextRun,
)
from handouts.deck.sheets import (
    ALL_STEPS,
    WHOLE_STEPS,
    Desk,
    Sheet,
    Sheets,
    excess_of,
    fitting_sheet,
    fitting_step,
    title_of,
    too_high,
)
from handouts.deck.styles import sized, slot_levels
from handouts.deck.tables import fit_table
from handouts.deck.texts import label, linked, runs_of, same_words, says_where, source_paragraph
from handouts.document import (
    Chart,
    Comparison,
    Contacts,
    Figure,
    Fork,
    Inlines,
    Outlines,
    Picture,
    Pixels,
    QrCode,
    Sources,
    Table,
)
from handouts.figures import FIGURES, Drawing, Scribe, bars_drawing, figure_drawing, outline_paths, plan_bars
from handouts.finding import error
from handouts.text import SCREEN

SPARSE_PIXEL = 72 / 96  # a pixel is shown no larger: on most projectors it is one pixel of the screen


@dataclass(frozen=True, slots=True)
class Around:
    """The text that stands right before and right after a thing."""

    lead: Paragraphs = ()
    trail: Paragraphs = ()


def thing_sheets(
    block: Fork | Comparison | Table | Figure | Chart | Contacts | Sources | QrCode | Picture,
    around: Around,
    desk: Desk,
) -> Sheets | None:
    """Return the sheets of a thing with the text around it; None if that text has no room there."""
    match block:
        case Fork() | Comparison() | Table() | Contacts():
            return table_sheets(block, around, desk)
        case Figure():
            return figure_sheet(block, around, desk)
        case Chart():
            return chart_sheet(block, around, desk)
        case QrCode():
            return code_sheet(block, around, desk)
        case Picture():
            return picture_sheet(block, around, desk)
        case Sources():
            return None if around.lead or around.trail else source_sheets(block, desk)
        case _:
            assert_never(block)


def heading_of(content: Inlines, desk: Desk) -> Paragraphs:
    """Return the title of a thing as a label, unless the slide's title says the same."""
    same = not content or same_words(content, title_of(desk))
    return () if same else (label(runs_of(content, desk.words)),)


def table_sheets(block: GridBlock, around: Around, desk: Desk) -> Sheets | None:
    """Return a table on one sheet or more; its heading, if it has one of its own, stands on each of them."""
    match block:
        case Fork():
            heading = heading_of(block.question, desk)
        case Table():
            heading = heading_of(block.caption, desk)
        case _:
            heading = ()
    above = (*heading, *around.lead)
    name = table_layout(heading, around)
    before = (Filled("lead", above),) if above else ()
    after = (Filled("note", tuple(replace(each, level="note") for each in around.trail)),) if around.trail else ()
    fills = (*before, *after)
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    fitted = fit_table(block, layout.slot("table"), desk.theme, desk.words)
    if name == "table" and len(fitted.parts) > 1 and short_title("table-high", desk):
        high = fit_table(block, layout_named("table-high").slot("table"), desk.theme, desk.words, WHOLE_STEPS)
        name, fitted = ("table-high", high) if len(high.parts) == 1 else (name, fitted)
    alone = not (around.lead or around.trail)
    if (step is None or len(fitted.parts) > 1) and not alone:
        return None
    sheets = tuple(Sheet(name, (*before, part.table, *part.drawings, *after), step or 0) for part in fitted.parts)
    crowded = too_high("slide-text", crowding(fills, layout, desk), block.at)
    return Sheets(sheets, (*crowded, *too_high("slide-table", fitted.excess, block.at)))


def table_layout(heading: Paragraphs, around: Around) -> str:
    """Return the layout for a table: with room above it for a heading or for text, and below it for a note."""
    above = "-text" if around.lead else "-label" if heading else ""
    return f"table{above}{'-note' if around.trail else ''}"


def crowding(fills: Sequence[Filled], layout: Layout, desk: Desk) -> float:
    """Return by how many points the text beside a thing is too high at the smallest size that it may have there."""
    return max((excess_of(each, layout, WHOLE_STEPS[-1], desk.theme) for each in fills), default=0.0)


def figure_sheet(block: Figure, around: Around, desk: Desk) -> Sheets | None:
    """Return a figure that fills its sheet; how to read it is said, not shown: it comes first in the notes."""
    if around.trail:
        return None
    if block.name not in FIGURES:
        hint = f"figures are: {', '.join(FIGURES)}"
        return Sheets((), (error("slide-figure", f"There is no figure '{block.name}'.", block.at, hint),))
    above = (*heading_of(block.title, desk), *around.lead)
    lead = "figure-text" if short_title("figure-text", desk) else "figure-low"
    name = lead if above else "figure"
    fills = (Filled("lead", above),) if above else ()
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    if step is None and around.lead:
        return None
    drawing, place = fitted_figure(block, LOW_FIGURE_AREA if name == "figure-low" else FIGURE_AREA, desk)
    figure = PlacedDrawing("figure", drawing, place.x, place.y, block.alt)
    notes = (Paragraph(runs_of(block.how_to_read, desk.words)),) if block.how_to_read else ()
    findings = tuple(replace(found, at=block.at) for found in drawing.findings)
    crowded = too_high("slide-text", crowding(fills, layout, desk), block.at)
    return Sheets((Sheet(name, (*fills, figure), step or 0, notes=notes),), (*findings, *crowded))


def chart_sheet(block: Chart, around: Around, desk: Desk) -> Sheets | None:
    """Return a chart that fills its sheet, with the text above it; how to read it comes first in the notes."""
    if around.trail:
        return None
    above = (*heading_of(block.title, desk), *around.lead)
    name = ("chart-text" if short_title("chart-text", desk) else "chart-low") if above else "chart"
    fills = (Filled("lead", above),) if above else ()
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    if step is None and around.lead:
        return None
    placed = fitted_chart(block, layout.slot("chart"), desk)
    notes = (Paragraph(runs_of(block.how_to_read, desk.words)),) if block.how_to_read else ()
    findings = tuple(replace(found, at=block.at) for found in placed.drawing.findings)
    crowded = too_high("slide-text", crowding(fills, layout, desk), block.at)
    return Sheets((Sheet(name, (*fills, placed), step or 0, notes=notes),), (*findings, *crowded))


def fitted_chart(block: Chart, slot: Slot, desk: Desk) -> PlacedChart:
    """Return the chart that fills its slot, its words at the first size at which they fit, or else at the last."""
    place = slot.area
    for size in slot.sizes:
        style = sized(desk.theme.slides[slot.role], size)
        bars = plan_bars(block, place.width, Scribe(style, SCREEN, "slide"), place.height)
        if not bars.findings:
            break
    drawing = bars_drawing(block, place.width, style, SCREEN, "slide", place.height)
    return PlacedChart(slot.name, block, bars, drawing, style, place.x, place.y)


def picture_sheet(block: Picture, around: Around, desk: Desk) -> Sheets | None:
    """Return a picture as large as its sheet, or as it is sharp, with the text above it; its caption is said."""
    if around.trail:
        return None
    lead = "figure-text" if short_title("figure-text", desk) else "figure-low"
    name = lead if around.lead else "figure"
    fills = (Filled("lead", around.lead),) if around.lead else ()
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    if step is None:
        return None
    place = picture_place(block.image, LOW_FIGURE_AREA if name == "figure-low" else FIGURE_AREA)
    notes = (Paragraph(runs_of(block.caption, desk.words)),) if block.caption else ()
    return Sheets((Sheet(name, (*fills, picture_item(block, place)), step, notes=notes),))


def picture_item(block: Picture, place: Area) -> PlacedDrawing | PlacedPicture:
    """Return a picture where it stands: a drawn one as native shapes."""
    if isinstance(block.image, Outlines):
        drawing = Drawing(place.width, place.height, outline_paths(block.image, place.width, one_bit=False))
        return PlacedDrawing("picture", drawing, place.x, place.y, block.alt)
    area = (place.x, place.y, place.width, place.height)
    return PlacedPicture("picture", block.image.screen, block.alt, area)


def picture_place(image: Pixels | Outlines, area: Area) -> Area:
    """Return the place in the middle of `area` that `image` takes without losing its proportions or its sharpness."""
    sharp = image.width * SPARSE_PIXEL if isinstance(image, Pixels) else area.width
    width = min(area.width, sharp, area.height * image.width / image.height)
    height = width * image.height / image.width
    return Area(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)


def short_title(layout: str, desk: Desk) -> bool:
    """True if the title of the slide, even where it goes on, has room in the one line that `layout` gives it."""
    slide, words = desk.slide, desk.words
    longest = words.say("slide_continued_often", title=title_of(desk), n=9, m=9)
    runs = runs_of(slide.title, words) if len(slide.blocks) == 1 else (TextRun(longest),)
    return fitting_step((Filled("title", (Paragraph(runs),)),), layout_named(layout), ALL_STEPS, desk.theme) is not None


def fitted_figure(block: Figure, area: Area, desk: Desk) -> tuple[Drawing, Area]:
    """Return the figure as wide as `area`, or as wide as its height allows, and its place in the middle."""
    style, labels = desk.theme.slides["figure"], dict(block.labels)
    width = area.width
    drawing = figure_drawing(block.name, labels, width, style, SCREEN, "slide")
    if drawing.height > area.height:
        width = area.width * area.height / drawing.height
        drawing = figure_drawing(block.name, labels, width, style, SCREEN, "slide")
    left, top = (area.width - drawing.width) / 2, (area.height - drawing.height) / 2
    return drawing, Area(area.x + left, area.y + top, drawing.width, drawing.height)


def code_sheet(block: QrCode, around: Around, desk: Desk) -> Sheets | None:
    """Return a code beside its caption and the address that it opens."""
    words = desk.words
    address = linked(TextRun(block.target.removeprefix("https://")), block.target, says_where(block.target, words))
    text = (*around.lead, Paragraph(runs_of(block.caption, words)), Paragraph((address,), "note"), *around.trail)
    picture = PlacedPicture("picture", code_picture(block.target), words.say("qr_alt", target=block.target))
    fill = Filled("body", text)
    sheet = fitting_sheet("code", (fill,), ALL_STEPS, desk)
    if sheet:
        return Sheets((replace(sheet, items=(*sheet.items, picture)),))
    if around.lead or around.trail:
        return None
    excess = excess_of(fill, layout_named("code"), ALL_STEPS[-1], desk.theme)
    return Sheets((Sheet("code", (fill, picture), ALL_STEPS[-1]),), too_high("slide-text", excess, block.at))


def source_sheets(block: Sources, desk: Desk) -> Sheets:
    """Return the list of sources in two columns: on as few sheets as there can be, as large as it can be on these."""
    entries = tuple(source_paragraph(source, desk.words) for source in block.sources)
    choices = [(source_columns(entries, step, desk), step) for step in range(len(SOURCE_SIZES))]
    columns, step = min(choices, key=lambda choice: (math.ceil(len(choice[0]) / 2), choice[1]))
    slot = layout_named("sources").slot("left")
    levels = slot_levels(slot, LayoutKey("sources", step), desk.theme)
    highest = max((lines_height(each.runs, levels[0].style, slot.text_width) for each in entries), default=0.0)
    sheets = tuple(
        Sheet(
            "sources",
            tuple(Filled(name, tuple(part)) for name, part in zip(("left", "right"), pair, strict=False)),
            step,
        )
        for pair in (columns[index : index + 2] for index in range(0, len(columns), 2))
    )
    return Sheets(sheets, too_high("slide-source", highest - slot.text_height, block.at))


def source_columns(entries: Paragraphs, step: int, desk: Desk) -> list[list[Paragraph]]:
    """Return `entries` in as few columns as they need at a step of size."""
    slot = layout_named("sources").slot("left")
    levels = slot_levels(slot, LayoutKey("sources", step), desk.theme)
    width = slot.text_width
    return parts_of(entries, slot.text_height, lambda part: text_height(tuple(part), levels, width), columns=2)
