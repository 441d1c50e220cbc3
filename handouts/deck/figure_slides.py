"""Draft the slides of figures, charts, pictures, QR codes and logos, each as large as it fits.

Takes a block, the text before and after it and a SlideContext; returns drafts, or None if that text does not fit.
How to read a figure goes into the speaker notes. The only user of segno.
"""

from __future__ import annotations

from io import BytesIO

import segno
from msgspec.structs import replace

from handouts.deck.fitting import (
    ALL_STEPS,
    WHOLE_STEPS,
    SlideContext,
    SlideDraft,
    SlideDrafts,
    block_heading,
    crowded_findings,
    fitting_draft,
    fitting_step,
    title_fits_one_line,
)
from handouts.deck.layouts import FIGURE_AREA, LOGO_AREA, LOW_FIGURE_AREA, PEOPLE_AREA, SlideArea, layout_named
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
from handouts.deck.slide_text import with_link
from handouts.deck.styles import style_at_size
from handouts.document.nodes import Chart, Figure, Outlines, Paragraph, Picture, Pixels, QrCode, Sender
from handouts.document.text import link_tooltip
from handouts.figures import FIGURE_KINDS, figure_drawing
from handouts.figures.bar_chart import bar_chart_drawing, plan_bars
from handouts.figures.icon_array import parse_count, people_drawing
from handouts.figures.labels import LabelStyle
from handouts.figures.shapes import Drawing, Rectangle, outline_paths
from handouts.finding import error
from handouts.text.fonts import SCREEN_FAMILY

_MAX_PIXEL_SIZE = 72 / 96  # pictures are enlarged no further: on most projectors this is one pixel
_COUNT_FIGURE, _COUNT_LEGEND = "array", {"full", "half", "open"}  # the figure that counts people, labels of its legend
_PLATE_PADDING, _PLATE_RADIUS = 6.0, 6.0
_PIXELS_PER_MODULE, _QUIET_ZONE = 16, 4


def figure_drafts(
    block: Figure, before: SlideParagraphs, after: SlideParagraphs, context: SlideContext
) -> SlideDrafts | None:
    """Return a figure that fills its slide; how to read it comes first in the notes."""
    if block.name not in FIGURE_KINDS:
        hint = f"figures are: {', '.join(FIGURE_KINDS)}"
        return SlideDrafts((), (error("slide-figure", f"There is no figure '{block.name}'.", block.at, hint),))
    count = _count_draft(block, before, after, context)
    if count:
        return SlideDrafts((count,))
    return None if after else illustration_drafts(block, before, context)


def illustration_drafts(
    block: Figure | Chart | Picture, before: SlideParagraphs, context: SlideContext
) -> SlideDrafts | None:
    """Return a figure, chart or picture that fills its slide, with its heading and the text before it above it.

    How to read a figure, or the caption of a picture, comes first in the notes. None if `before` does not fit; there is
    a finding for a heading that does not fit.
    """
    heading = () if isinstance(block, Picture) else block_heading(block.title, context)
    fills = (FilledPlaceholder("lead", (*heading, *before)),) if heading or before else ()
    layout = "chart" if isinstance(block, Chart) else "figure"
    if fills:  # below a title of one line there is room for both at once
        layout += "-text" if title_fits_one_line(f"{layout}-text", context) else "-low"
    step = fitting_step(fills, layout, WHOLE_STEPS, context)
    if step is None and before:
        return None
    area = LOW_FIGURE_AREA if layout == "figure-low" else FIGURE_AREA
    item: PlacedDrawing | PlacedPicture | PlacedChart
    match block:
        case Figure():
            item, note = _placed_figure(block, area, context), block.how_to_read
        case Chart():
            item, note = _placed_chart(block, layout, context), block.how_to_read
        case Picture():
            item, note = _placed_picture(block, _picture_place(block.image, area)), block.caption
    notes = (Paragraph(note, at=block.at),) if note else ()
    findings = () if isinstance(item, PlacedPicture) else item.drawing.findings
    crowded = crowded_findings("slide-text", fills, layout, WHOLE_STEPS[-1], block.at, context)
    return SlideDrafts(
        (SlideDraft(layout, (*fills, item), step or 0, notes=notes),),
        (*(replace(found, at=block.at) for found in findings), *crowded),
    )


def _placed_figure(block: Figure, area: SlideArea, context: SlideContext) -> PlacedDrawing:
    """Return the figure in the middle of `area`, as wide as it is, or narrower if it would be too high."""
    style, labels = context.theme.slides["figure"], dict(block.labels)
    drawing = figure_drawing(block.name, labels, area.width, style, SCREEN_FAMILY, "slide", block.signs)
    if drawing.height > area.height:
        width = area.width * area.height / drawing.height
        drawing = figure_drawing(block.name, labels, width, style, SCREEN_FAMILY, "slide", block.signs)
    left, top = (area.width - drawing.width) / 2, (area.height - drawing.height) / 2
    return PlacedDrawing("figure", drawing, area.x + left, area.y + top, block.alt)


def _placed_chart(block: Chart, layout: str, context: SlideContext) -> PlacedChart:
    """Return the chart that fills its placeholder, its words at the first size that fits, or else the last one."""
    placeholder = layout_named(layout).placeholder("chart")
    area = placeholder.area
    for size in placeholder.sizes:
        style = style_at_size(context.theme.slides[placeholder.role], size)
        bars = plan_bars(block, area.width, LabelStyle(style, SCREEN_FAMILY, "slide"), area.height)
        if not bars.findings:
            break
    drawing = bar_chart_drawing(block, area.width, style, SCREEN_FAMILY, "slide", area.height)
    return PlacedChart(block, bars, drawing, style, area.x, area.y)


def _placed_picture(block: Picture, place: SlideArea) -> PlacedDrawing | PlacedPicture:
    """Return a picture at its place; one made of outlines becomes native shapes."""
    if isinstance(block.image, Outlines):
        drawing = Drawing(place.width, place.height, outline_paths(block.image, place.width, one_bit=False))
        return PlacedDrawing("picture", drawing, place.x, place.y, block.alt)
    return PlacedPicture(block.image.screen, block.alt, place)


def _picture_place(image: Pixels | Outlines, area: SlideArea) -> SlideArea:
    """Return the largest place in the middle of `area` in which `image` keeps its proportions and stays sharp."""
    sharp = image.width * _MAX_PIXEL_SIZE if isinstance(image, Pixels) else area.width
    width = min(area.width, sharp, area.height * image.width / image.height)
    height = width * image.height / image.width
    return SlideArea(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)


def _count_draft(
    block: Figure, before: SlideParagraphs, after: SlideParagraphs, context: SlideContext
) -> SlideDraft | None:
    """Return a count of people as a big number beside drawn people; None for other figures, or if a text does not fit.

    A count with a legend or a heading is drawn like any other figure.
    """
    labels = dict(block.labels)
    count = parse_count(labels.get("filled", "")) if block.name == _COUNT_FIGURE else None
    if count is None or _COUNT_LEGEND & set(labels) or block_heading(block.title, context):
        return None
    number = SlideParagraph((TextRun(f"{labels['filled'].strip()} {labels['of'].strip()}"),))
    middle = (("number", (number,)), ("text", (SlideParagraph((TextRun(labels["words"]),)),)))
    people = people_drawing(count, PEOPLE_AREA.width, PEOPLE_AREA.height)
    choices = {"big-number": [("kicker", before), *middle, ("note", after)]}
    if not after:
        choices["people-text"] = [("lead", before), *middle]
    for layout, parts in choices.items():
        fills = [FilledPlaceholder(name, paragraphs) for name, paragraphs in parts if paragraphs]
        draft = fitting_draft(layout, fills, ALL_STEPS, context)
        if draft:
            figure = PlacedDrawing("figure", people, PEOPLE_AREA.x, PEOPLE_AREA.y, block.alt)
            notes = (Paragraph(block.how_to_read, at=block.at),) if block.how_to_read else ()
            return replace(draft, items=(*draft.items, figure), notes=notes)
    return None


def qr_code_drafts(
    block: QrCode, before: SlideParagraphs, after: SlideParagraphs, context: SlideContext
) -> SlideDrafts | None:
    """Return a QR code beside its caption and the address that it opens."""
    tooltip = link_tooltip(block.target, context.words)
    address = with_link(TextRun(block.target.removeprefix("https://")), block.target, tooltip)
    text = (*before, context.paragraph(block.caption), SlideParagraph((address,), "note"), *after)
    picture = PlacedPicture(_qr_code_png(block.target), context.words.say("qr_alt", target=block.target))
    fills = (FilledPlaceholder("body", text),)
    draft = fitting_draft("code", fills, ALL_STEPS, context)
    if draft is None and (before or after):
        return None
    if draft:
        return SlideDrafts((replace(draft, items=(*draft.items, picture)),))
    findings = crowded_findings("slide-text", fills, "code", ALL_STEPS[-1], block.at, context)
    return SlideDrafts((SlideDraft("code", (*fills, picture), ALL_STEPS[-1]),), findings)


def _qr_code_png(target: str) -> bytes:
    """Return a PNG with the QR code that opens `target`, black on white."""
    buffer = BytesIO()
    segno.make(target, error="m", micro=False).save(buffer, kind="png", scale=_PIXELS_PER_MODULE, border=_QUIET_ZONE)
    return buffer.getvalue()


def logo_items(sender: Sender | None) -> tuple[SlideItem, ...]:
    """Return the logo of the sender on a white plate in the corner of the title slide; nothing if there is none."""
    if sender is None or sender.logo is None:
        return ()
    padding, double = _PLATE_PADDING, 2 * _PLATE_PADDING
    inner = SlideArea(LOGO_AREA.x + padding, LOGO_AREA.y + padding, LOGO_AREA.width - double, LOGO_AREA.height - double)
    place = _picture_place(sender.logo.image, inner)
    place = replace(place, x=inner.x + inner.width - place.width, y=inner.y)
    width, height = place.width + double, place.height + double
    plate = Drawing(width, height, (Rectangle(0.0, 0.0, width, height, _PLATE_RADIUS, "white"),))
    return (
        PlacedDrawing("plate", plate, place.x - padding, place.y - padding),
        _placed_picture(sender.logo, place),
    )
