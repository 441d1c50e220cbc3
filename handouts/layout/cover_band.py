"""Lay out the cover band at the top of the first page: label, title, subtitle, sender with logo, and drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from handouts.document.nodes import Cover, Sender
from handouts.figures.decorative_lines import cover_line_drawing
from handouts.figures.shapes import Rectangle
from handouts.layout.boxes import NEVER, LayoutBox, decoration, decoration_items, moved_down
from handouts.layout.illustrations import image_items, image_size
from handouts.layout.inline_text import LayoutContext, Measure, inline_box, inline_runs, text_box
from handouts.layout.page_model import Element, PageItem
from handouts.theme import LineLook

_BAND_HEIGHT, _BAND_SHARE, _SPACE_AFTER = 200.0, 0.3, 15.0  # the share is of the height of the paper
_TEXT_TOP, _LONE_TEXT_SHARE = 18.0, 0.3  # the share is of the page of a cover that stands alone
_LABEL_LEFT, _LABEL_TOP, _LABEL_GAP, _SENDER_GAP = 16.0, 26.0, 4.0, 3.0
_ART_HEIGHT, _ART_BOTTOM = 64.0, 2.0
_ART_HEIGHT_WITH_SENDER, _LOWEST_ART_HEIGHT = 40.0, 28.0  # the latter where the page is too full
_FLAT_ART_HEIGHTS: Mapping[LineLook, float] = {"straight": 26.0, "none": 12.0}  # a band without loops is lower
_MOST_TITLE_LINES = 3
_SMALLER_TITLE_SIZE, _SMALLER_TITLE_LEADING = 7 / 8, 8 / 9  # of the usual ones
_LOGO_WIDTH, _LOGO_HEIGHT, _LOGO_GAP, _PLATE_PAD, _PLATE_RADIUS, _CORNER_GAP = 80.0, 40.0, 8.0, 4.0, 4.0, 8.0


def cover_boxes(cover: Cover, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the band at the top of the first page, lower where the page is too full.

    A cover that stands `alone` fills its page.
    """
    theme, full = context.theme, context.full_width
    plate = _logo_plate_size(cover, context)
    labels, beside, top = _cover_label(cover, plate[0], parent, context)
    top += _LONE_TEXT_SHARE * context.room if cover.alone else 0.0
    words, bottom = _cover_text(cover, parent, top, context)
    logo, lowest = _cover_logo(cover.sender, plate, beside, parent, context)
    height = context.room if cover.alone else _least_band_height(context) - context.cover_reduction
    end = max(bottom, lowest) + _ART_BOTTOM + 1
    art_height = min(_ART_HEIGHT, max(_least_art_height(cover, context), height - end))
    if theme.line in _FLAT_ART_HEIGHTS:
        art_height = _FLAT_ART_HEIGHTS[theme.line]
    height = max(height, end + art_height)
    art = cover_line_drawing(full.width, art_height, look=theme.line)
    drawing = decoration_items(art.shapes, full.x, height - _ART_BOTTOM - art_height)
    items = (*_band_items(full, height, context), *drawing, *labels, *words, *logo)
    return [LayoutBox(height, items, after=_SPACE_AFTER, break_cost=0.0 if cover.alone else NEVER, at=cover.at)]


def _band_items(full: Measure, height: float, context: LayoutContext) -> tuple[PageItem, ...]:
    """Return the background of the band, and the bar at its left edge if the theme has one."""
    band, edge = context.theme.cover, context.theme.edition.cover_edge
    ground = Rectangle(0, 0, full.width, height, band.corner, band.ground, "accent" if edge else "", edge)
    bar = (decoration(Rectangle(0, 0, band.bar, height, fill="accent"), full.x),) if band.bar else ()
    return (decoration(ground, full.x), *bar)


def _cover_label(
    cover: Cover, room: float, parent: Element, context: LayoutContext
) -> tuple[tuple[PageItem, ...], float, float]:
    """Return the label of the cover, in the rail or above the title, its bottom, and the top of the title.

    Above the title it leaves `room` at its right for a logo.
    """
    if not cover.label:
        return (), _TEXT_TOP, _TEXT_TOP
    theme, above = context.theme, context.theme.paper.labels_above
    width = context.full_width.width - room if above else theme.paper.rail
    measure = Measure(theme.margin, width).indented(_LABEL_LEFT)
    label = inline_box(cover.label, parent.add(Element("P")), context.style("label"), measure, context)
    top = _TEXT_TOP if above else _LABEL_TOP
    return moved_down(label.items, top), top + label.height, _TEXT_TOP + (label.height + _LABEL_GAP if above else 0.0)


def _cover_text(
    cover: Cover, parent: Element, top: float, context: LayoutContext
) -> tuple[tuple[PageItem, ...], float]:
    """Return the title, the subtitle and the sender, and their bottom."""
    theme, h1 = context.theme, context.style("h1")
    left = theme.margin + _LABEL_LEFT if theme.paper.labels_above else theme.axis
    measure = Measure(left, theme.right - _LABEL_LEFT - left)
    heading = parent.add(Element("H1", anchor="" if cover.alone else "top"))
    runs = list(inline_runs(cover.title, heading, h1.colour, context))
    smaller = replace(h1, size=h1.size * _SMALLER_TITLE_SIZE, leading=h1.leading * _SMALLER_TITLE_LEADING)
    styles = (h1, smaller, context.style("h2-page"))
    title, *lower = (text_box(runs, each, measure.x, measure.width) for each in styles)
    if title.height > _MOST_TITLE_LINES * h1.leading:
        title = lower[0]
    below = [inline_box(cover.subtitle, parent.add(Element("P")), context.style("body"), measure, context)]
    if cover.sender and cover.sender.content:
        sender = parent.add(Element("P"))
        below.append(inline_box(cover.sender.content, sender, context.style("label"), measure, context))
    others = h1.after + sum(each.height for each in below) + _SENDER_GAP * (len(below) - 1)
    if context.cover_reduction:
        title = _title_within_height(title, lower, top + others + _ART_BOTTOM + 1, cover, context)
    items, bottom = moved_down(title.items, top), top + title.height + h1.after
    for each in below:
        items = (*items, *moved_down(each.items, bottom))
        bottom += each.height + _SENDER_GAP
    return items, bottom - _SENDER_GAP


def _title_within_height(
    title: LayoutBox, smaller: Sequence[LayoutBox], others: float, cover: Cover, context: LayoutContext
) -> LayoutBox:
    """Return the largest title with which the cover is as low as it should be: `title` or one of `smaller`.

    `others` is the height of everything but the title and the drawing; the drawing is made lower first.
    """
    usual_art = _least_art_height(cover, replace(context, cover_reduction=0.0))
    usual = max(_least_band_height(context), others + title.height + usual_art)
    most = usual - context.cover_reduction - others - min(_LOWEST_ART_HEIGHT, usual_art)
    return next((each for each in (title, *smaller) if each.height <= most), smaller[-1])


def _least_art_height(cover: Cover, context: LayoutContext) -> float:
    """Return the least height of the drawing: lower below a sender, and where the page is too full."""
    if context.theme.line in _FLAT_ART_HEIGHTS:
        return _FLAT_ART_HEIGHTS[context.theme.line]
    if context.cover_reduction:
        return _LOWEST_ART_HEIGHT
    return _ART_HEIGHT_WITH_SENDER if cover.sender else _ART_HEIGHT


def _least_band_height(context: LayoutContext) -> float:
    """Return the least height of the band: enough for a title of three lines, less on small paper; 0 if the drawing is
    flat, so that the band is as high as its text needs.
    """
    if context.theme.line in _FLAT_ART_HEIGHTS:
        return 0.0
    return min(_BAND_HEIGHT, _BAND_SHARE * context.theme.paper.height)


def _logo_plate_size(cover: Cover, context: LayoutContext) -> tuple[float, float]:
    """Return the width and height of the plate of the logo, which stands in the rail or beside the label; or zeros."""
    if cover.sender is None or cover.sender.logo is None:
        return 0.0, 0.0
    paper, widest, highest = context.theme.paper, _LOGO_WIDTH, _LOGO_HEIGHT
    if paper.labels_above:
        highest = min(highest, _TEXT_TOP + context.style("label").leading + _LABEL_GAP - _CORNER_GAP - 2 * _PLATE_PAD)
    else:
        widest = min(widest, paper.rail - _LABEL_LEFT - 2 * _PLATE_PAD)
    width, height = image_size(cover.sender.logo.image, widest, highest)
    return width + 2 * _PLATE_PAD, height + 2 * _PLATE_PAD


def _cover_logo(
    sender: Sender | None, plate: tuple[float, float], beside: float, parent: Element, context: LayoutContext
) -> tuple[tuple[PageItem, ...], float]:
    """Return the logo on its white plate, below the label in the rail or in the corner, and its bottom."""
    if sender is None or sender.logo is None:
        return (), 0.0
    theme, (width, height) = context.theme, plate
    left, top = theme.margin + _LABEL_LEFT, beside + _LOGO_GAP
    if theme.paper.labels_above:
        left, top = theme.right - _CORNER_GAP - width, _CORNER_GAP
    ground = decoration(Rectangle(0, 0, width, height, _PLATE_RADIUS, "white"), left, top)
    element = parent.add(Element("Figure", alt=sender.logo.alt))
    size = (width - 2 * _PLATE_PAD, height - 2 * _PLATE_PAD)
    logo = image_items(sender.logo.image, left + _PLATE_PAD, *size, element, theme)
    return (ground, *moved_down(logo, top + _PLATE_PAD)), top + height
