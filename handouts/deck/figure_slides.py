"""Draft the slides of figures, charts, pictures, QR codes and logos, each as large as there is room for.

Takes a block, the text around it and a SlideContext; returns drafts, or None if the text has no room beside it.
How to read a figure goes into the speaker notes. The only user of segno.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import segno
from msgspec.structs import replace

from handouts.deck.fitting import (
    ALL_STEPS,
    WHOLE_STEPS,
    SlideContext,
    SlideDraft,
    SlideDrafts,
    SurroundingText,
    balanced_fills,
    block_heading,
    fitting_draft,
    fitting_step,
    surrounding_overflow,
    title_fits_one_line,
    too_high_findings,
    worst_overflow,
)
from handouts.deck.layouts import (
    FIGURE_AREA,
    LOGO_AREA,
    LOW_FIGURE_AREA,
    PEOPLE_AREA,
    Placeholder,
    SlideArea,
    layout_named,
)
from handouts.deck.planned_slides import (
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    SlideItem,
    SlideParagraph,
    SlideParagraphs,
    TextRun,
)
from handouts.deck.slide_text import link_tooltip, runs_of, with_link
from handouts.deck.styles import style_at_size
from handouts.document.nodes import Blocks, Chart, Figure, FixedWords, Outlines, Picture, Pixels, QrCode, Slide
from handouts.document.nodes import Paragraph as Prose
from handouts.figures import FIGURE_KINDS, figure_drawing
from handouts.figures.bar_chart import bar_chart_drawing, plan_bars
from handouts.figures.icon_array import PeopleCount, parse_count, people_drawing
from handouts.figures.labels import LabelStyle
from handouts.figures.paths import outline_paths
from handouts.figures.shapes import Drawing, Rectangle
from handouts.finding import error
from handouts.text.fonts import SCREEN_FAMILY

MAX_PIXEL_SIZE = 72 / 96  # a pixel is shown no larger: on most projectors it is one pixel of the screen
COUNT_FIGURE = "array"  # the figure that counts people


def figure_drafts(block: Figure, around: SurroundingText, desk: SlideContext) -> SlideDrafts | None:
    """Return a figure that fills its sheet; how to read it is said, not shown: it comes first in the notes."""
    if block.name not in FIGURE_KINDS:
        hint = f"figures are: {', '.join(FIGURE_KINDS)}"
        return SlideDrafts((), (error("slide-figure", f"There is no figure '{block.name}'.", block.at, hint),))
    number = count_draft(block, around, desk)
    if number:
        return SlideDrafts((number,))
    if around.trail:
        return None
    above = (*block_heading(block.title, desk), *around.lead)
    lead = "figure-text" if title_fits_one_line("figure-text", desk) else "figure-low"
    name = lead if above else "figure"
    fills = (FilledPlaceholder("lead", above),) if above else ()
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    if step is None and around.lead:
        return None
    drawing, place = fitted_figure(block, LOW_FIGURE_AREA if name == "figure-low" else FIGURE_AREA, desk)
    figure = PlacedDrawing("figure", drawing, place.x, place.y, block.alt)
    findings = tuple(replace(found, at=block.at) for found in drawing.findings)
    crowded = too_high_findings("slide-text", surrounding_overflow(fills, layout, desk), block.at)
    return SlideDrafts(
        (SlideDraft(name, (*fills, figure), step or 0, notes=how_to_read_notes(block, desk)),), (*findings, *crowded)
    )


def how_to_read_notes(block: Figure | Chart, desk: SlideContext) -> SlideParagraphs:
    """Return what is said of a figure before all else."""
    return (SlideParagraph(runs_of(block.how_to_read, desk.words)),) if block.how_to_read else ()


def count_draft(block: Figure, around: SurroundingText, desk: SlideContext) -> SlideDraft | None:
    """Return a count of people as a big number beside the people; None if it is none, or if a text does not fit.

    A count whose people need a legend is a figure like others.
    """
    labels = dict(block.labels)
    if not is_bare_count(block.name, labels) or block_heading(block.title, desk):
        return None
    number = SlideParagraph((TextRun(f"{labels['filled'].strip()} {labels['of'].strip()}"),))
    middle = (("number", (number,)), ("text", (SlideParagraph((TextRun(labels["words"]),)),)))
    drawing = people_drawing(parse_count(labels["filled"]) or PeopleCount(0, 0), PEOPLE_AREA.width, PEOPLE_AREA.height)
    people = PlacedDrawing("figure", drawing, PEOPLE_AREA.x, PEOPLE_AREA.y, block.alt)
    choices = (
        ("big-number", (("kicker", around.lead), *middle, ("note", around.trail))),
        ("people-text", (("lead", around.lead), *middle)),
    )
    for name, parts in choices if not around.trail else choices[:1]:
        fills = tuple(FilledPlaceholder(slot, paragraphs) for slot, paragraphs in parts if paragraphs)
        layout = layout_named(name)
        step = fitting_step(fills, layout, ALL_STEPS, desk.theme)
        if step is not None:
            items: tuple[SlideItem, ...] = (*balanced_fills(fills, layout, step, desk.theme), people)
            return SlideDraft(name, items, step, notes=how_to_read_notes(block, desk))
    return None


def is_bare_count(name: str, labels: Mapping[str, str]) -> bool:
    """True if the figure is a count of people that nothing but its number and one sentence explains."""
    return (
        name == COUNT_FIGURE
        and parse_count(labels.get("filled", "")) is not None
        and not {"full", "half", "open"} & set(labels)
    )


def chart_drafts(block: Chart, around: SurroundingText, desk: SlideContext) -> SlideDrafts | None:
    """Return a chart that fills its sheet, with the text above it; how to read it comes first in the notes."""
    if around.trail:
        return None
    above = (*block_heading(block.title, desk), *around.lead)
    name = ("chart-text" if title_fits_one_line("chart-text", desk) else "chart-low") if above else "chart"
    fills = (FilledPlaceholder("lead", above),) if above else ()
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    if step is None and around.lead:
        return None
    placed = fitted_chart(block, layout.slot("chart"), desk)
    findings = tuple(replace(found, at=block.at) for found in placed.drawing.findings)
    crowded = too_high_findings("slide-text", surrounding_overflow(fills, layout, desk), block.at)
    return SlideDrafts(
        (SlideDraft(name, (*fills, placed), step or 0, notes=how_to_read_notes(block, desk)),), (*findings, *crowded)
    )


def fitted_chart(block: Chart, slot: Placeholder, desk: SlideContext) -> PlacedChart:
    """Return the chart that fills its slot, its words at the first size at which they fit, or else at the last."""
    place = slot.area
    for size in slot.sizes:
        style = style_at_size(desk.theme.slides[slot.role], size)
        bars = plan_bars(block, place.width, LabelStyle(style, SCREEN_FAMILY, "slide"), place.height)
        if not bars.findings:
            break
    drawing = bar_chart_drawing(block, place.width, style, SCREEN_FAMILY, "slide", place.height)
    return PlacedChart(slot.name, block, bars, drawing, style, place.x, place.y)


def picture_drafts(block: Picture, around: SurroundingText, desk: SlideContext) -> SlideDrafts | None:
    """Return a picture as large as its sheet, or as it is sharp, with the text above it; its caption is said."""
    if around.trail:
        return None
    lead = "figure-text" if title_fits_one_line("figure-text", desk) else "figure-low"
    name = lead if around.lead else "figure"
    fills = (FilledPlaceholder("lead", around.lead),) if around.lead else ()
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    if step is None:
        return None
    place = picture_place(block.image, LOW_FIGURE_AREA if name == "figure-low" else FIGURE_AREA)
    notes = (SlideParagraph(runs_of(block.caption, desk.words)),) if block.caption else ()
    return SlideDrafts((SlideDraft(name, (*fills, picture_item(block, place)), step, notes=notes),))


def picture_item(block: Picture, place: SlideArea) -> PlacedDrawing | PlacedPicture:
    """Return a picture where it stands: a drawn one as native shapes."""
    if isinstance(block.image, Outlines):
        drawing = Drawing(place.width, place.height, outline_paths(block.image, place.width, one_bit=False))
        return PlacedDrawing("picture", drawing, place.x, place.y, block.alt)
    area = (place.x, place.y, place.width, place.height)
    return PlacedPicture("picture", block.image.screen, block.alt, area)


def picture_place(image: Pixels | Outlines, area: SlideArea) -> SlideArea:
    """Return the place in the middle of `area` that `image` takes without losing its proportions or its sharpness."""
    sharp = image.width * MAX_PIXEL_SIZE if isinstance(image, Pixels) else area.width
    width = min(area.width, sharp, area.height * image.width / image.height)
    height = width * image.height / image.width
    return SlideArea(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)


def fitted_figure(block: Figure, area: SlideArea, desk: SlideContext) -> tuple[Drawing, SlideArea]:
    """Return the figure as wide as `area`, or as wide as its height allows, and its place in the middle."""
    style, labels = desk.theme.slides["figure"], dict(block.labels)
    width = area.width
    drawing = figure_drawing(block.name, labels, width, style, SCREEN_FAMILY, "slide")
    if drawing.height > area.height:
        width = area.width * area.height / drawing.height
        drawing = figure_drawing(block.name, labels, width, style, SCREEN_FAMILY, "slide")
    left, top = (area.width - drawing.width) / 2, (area.height - drawing.height) / 2
    return drawing, SlideArea(area.x + left, area.y + top, drawing.width, drawing.height)


PLATE_PADDING, PLATE_RADIUS = 6.0, 6.0


def branding_paragraphs(slide: Slide, words: FixedWords) -> SlideParagraphs:
    """Return whom the talk is from, in words."""
    return (SlideParagraph(runs_of(slide.sender.content, words)),) if slide.sender and slide.sender.content else ()


def branding_blocks(slide: Slide) -> Blocks:
    """Return the same as a block, for a slide on which it stands below other text."""
    return (Prose(slide.sender.content, at=slide.sender.at),) if slide.sender and slide.sender.content else ()


def logo_items(slide: Slide) -> tuple[SlideItem, ...]:
    """Return the logo of whom the talk is from, on its plate; nothing if there is none."""
    if slide.sender is None or slide.sender.logo is None:
        return ()
    inner = SlideArea(
        LOGO_AREA.x + PLATE_PADDING,
        LOGO_AREA.y + PLATE_PADDING,
        LOGO_AREA.width - 2 * PLATE_PADDING,
        LOGO_AREA.height - 2 * PLATE_PADDING,
    )
    found = picture_place(slide.sender.logo.image, inner)
    place = SlideArea(inner.x + inner.width - found.width, inner.y, found.width, found.height)  # in the corner
    width, height = place.width + 2 * PLATE_PADDING, place.height + 2 * PLATE_PADDING
    plate = Drawing(width, height, (Rectangle(0.0, 0.0, width, height, PLATE_RADIUS, "white"),))
    placed = PlacedDrawing("plate", plate, place.x - PLATE_PADDING, place.y - PLATE_PADDING)
    return (placed, picture_item(slide.sender.logo, place))


PIXELS_PER_MODULE, QUIET_ZONE = 16, 4


def qr_code_png(target: str) -> bytes:
    """Return a PNG with the QR code that opens `target`, black on white."""
    buffer = BytesIO()
    segno.make(target, error="m", micro=False).save(buffer, kind="png", scale=PIXELS_PER_MODULE, border=QUIET_ZONE)
    return buffer.getvalue()


def qr_code_drafts(block: QrCode, around: SurroundingText, desk: SlideContext) -> SlideDrafts | None:
    """Return a code beside its caption and the address that it opens."""
    words = desk.words
    address = with_link(TextRun(block.target.removeprefix("https://")), block.target, link_tooltip(block.target, words))
    text = (
        *around.lead,
        SlideParagraph(runs_of(block.caption, words)),
        SlideParagraph((address,), "note"),
        *around.trail,
    )
    picture = PlacedPicture("picture", qr_code_png(block.target), words.say("qr_alt", target=block.target))
    fill = FilledPlaceholder("body", text)
    sheet = fitting_draft("code", (fill,), ALL_STEPS, desk)
    if sheet:
        return SlideDrafts((replace(sheet, items=(*sheet.items, picture)),))
    if around.lead or around.trail:
        return None
    over = worst_overflow((fill,), layout_named("code"), ALL_STEPS[-1], desk.theme)
    return SlideDrafts(
        (SlideDraft("code", (fill, picture), ALL_STEPS[-1]),), too_high_findings("slide-text", over, block.at)
    )
