"""Figures, charts and pictures on their slides: as large as there is room for, with the text above them.

A count of people becomes a big number beside the people. How to read a figure is said, not shown: it comes first in the
notes. The caller is told with None if the text has no room beside the drawing.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from handouts.deck.areas import FIGURE_AREA, LOW_FIGURE_AREA, PEOPLE_AREA
from handouts.deck.beside import Around, crowding, heading_of, short_title
from handouts.deck.layouts import layout_named
from handouts.deck.planned import (
    Filled,
    Item,
    Paragraph,
    Paragraphs,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    TextRun,
)
from handouts.deck.sheets import ALL_STEPS, WHOLE_STEPS, Desk, Sheet, Sheets, evened, fitting_step, too_high
from handouts.deck.slots import Area, Slot
from handouts.deck.styles import sized
from handouts.deck.texts import runs_of
from handouts.document import Chart, Figure, Outlines, Picture, Pixels
from handouts.figures import (
    FIGURES,
    Count,
    Drawing,
    Scribe,
    bars_drawing,
    count_of,
    figure_drawing,
    outline_paths,
    people_drawing,
    plan_bars,
)
from handouts.finding import error
from handouts.text import SCREEN

SPARSE_PIXEL = 72 / 96  # a pixel is shown no larger: on most projectors it is one pixel of the screen
COUNT = "array"  # the figure that counts people


def figure_sheet(block: Figure, around: Around, desk: Desk) -> Sheets | None:
    """Return a figure that fills its sheet; how to read it is said, not shown: it comes first in the notes."""
    if block.name not in FIGURES:
        hint = f"figures are: {', '.join(FIGURES)}"
        return Sheets((), (error("slide-figure", f"There is no figure '{block.name}'.", block.at, hint),))
    number = number_sheet(block, around, desk)
    if number:
        return Sheets((number,))
    if around.trail:
        return None
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
    findings = tuple(replace(found, at=block.at) for found in drawing.findings)
    crowded = too_high("slide-text", crowding(fills, layout, desk), block.at)
    return Sheets((Sheet(name, (*fills, figure), step or 0, notes=how_to_read(block, desk)),), (*findings, *crowded))


def how_to_read(block: Figure | Chart, desk: Desk) -> Paragraphs:
    """Return what is said of a figure before all else."""
    return (Paragraph(runs_of(block.how_to_read, desk.words)),) if block.how_to_read else ()


def number_sheet(block: Figure, around: Around, desk: Desk) -> Sheet | None:
    """Return a count of people as a big number beside the people; None if it is none, or if a text does not fit.

    A count whose people need a legend is a figure like others.
    """
    labels = dict(block.labels)
    if not is_bare_count(block.name, labels) or heading_of(block.title, desk):
        return None
    number = Paragraph((TextRun(f"{labels['filled'].strip()} {labels['of'].strip()}"),))
    middle = (("number", (number,)), ("text", (Paragraph((TextRun(labels["words"]),)),)))
    drawing = people_drawing(count_of(labels["filled"]) or Count(0, 0), PEOPLE_AREA.width, PEOPLE_AREA.height)
    people = PlacedDrawing("figure", drawing, PEOPLE_AREA.x, PEOPLE_AREA.y, block.alt)
    choices = (
        ("big-number", (("kicker", around.lead), *middle, ("note", around.trail))),
        ("people-text", (("lead", around.lead), *middle)),
    )
    for name, parts in choices if not around.trail else choices[:1]:
        fills = tuple(Filled(slot, paragraphs) for slot, paragraphs in parts if paragraphs)
        layout = layout_named(name)
        step = fitting_step(fills, layout, ALL_STEPS, desk.theme)
        if step is not None:
            items: tuple[Item, ...] = (*evened(fills, layout, step, desk.theme), people)
            return Sheet(name, items, step, notes=how_to_read(block, desk))
    return None


def is_bare_count(name: str, labels: Mapping[str, str]) -> bool:
    """True if the figure is a count of people that nothing but its number and one sentence explains."""
    return (
        name == COUNT and count_of(labels.get("filled", "")) is not None and not {"full", "half", "open"} & set(labels)
    )


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
    findings = tuple(replace(found, at=block.at) for found in placed.drawing.findings)
    crowded = too_high("slide-text", crowding(fills, layout, desk), block.at)
    return Sheets((Sheet(name, (*fills, placed), step or 0, notes=how_to_read(block, desk)),), (*findings, *crowded))


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
