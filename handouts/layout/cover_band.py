"""Lay out the cover band at the head of the first page: label, title, subtitle, sender with logo, and line
drawing.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from handouts.document.nodes import Cover, Sender
from handouts.figures.decorative_lines import cover_line_drawing
from handouts.figures.shapes import Rectangle
from handouts.layout.boxes import NEVER, LayoutBox, decoration_items, moved_down
from handouts.layout.illustrations import image_items, image_size
from handouts.layout.inline_text import LayoutContext, inline_runs, text_box
from handouts.layout.page_model import Element, PageItem, ShapeItem

BAND_HEIGHT, BAND_RADIUS, TEXT_TOP, LABEL_OFFSET, ART_HEIGHT, ART_BOTTOM = 200.0, 8.0, 18.0, (16.0, 26.0), 64.0, 2.0
LEAST_ART_HEIGHT, LOWEST_ART_HEIGHT = 40.0, 28.0  # beside whom it is from; where the page lacks room
MOST_TITLE_LINES, SMALLER_TITLE_SHARES, SPACE_AFTER, BAND_SHARE, LABEL_GAP, ALONE_TEXT_SHARE = (
    3,
    (7 / 8, 8 / 9),
    15.0,
    0.3,
    4.0,
    0.3,
)
LARGEST_LOGO, LOGO_GAP, PLATE_PAD, PLATE_RADIUS, SENDER_GAP, CORNER_GAP = (80.0, 40.0), 8.0, 4.0, 4.0, 3.0, 8.0


def cover_boxes(cover: Cover, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the band at the head of the first page, lower where the page lacks room; one that stands `alone` has the
    page for itself.
    """
    theme = context.theme
    width = theme.right - theme.margin
    plate = logo_plate_size(cover, context)
    labels, beside, top = cover_label(cover, plate[0], parent, context)
    top += ALONE_TEXT_SHARE * context.room if cover.alone else 0.0
    words, bottom = cover_text(cover, parent, top, context)
    logo, lowest = cover_logo(cover.sender, plate, beside, parent, context)
    height = context.room if cover.alone else least_band_height(context) - context.cover_reduction
    end = max(bottom, lowest) + ART_BOTTOM + 1
    art_height = min(ART_HEIGHT, max(least_art_height(cover, context), height - end))
    height = max(height, end + art_height)
    art = cover_line_drawing(width, art_height, touches=theme.line_touches)
    edge = theme.edition.cover_edge
    ground = Rectangle(0, 0, width, height, BAND_RADIUS, "tint", "accent" if edge else "", edge)
    items = (
        ShapeItem(ground, theme.margin, 0.0, None),
        *decoration_items(art.shapes, theme.margin, height - ART_BOTTOM - art_height),
        *labels,
        *words,
        *logo,
    )
    return [LayoutBox(height, items, after=SPACE_AFTER, break_cost=0.0 if cover.alone else NEVER, at=cover.at)]


def cover_label(
    cover: Cover, room: float, parent: Element, context: LayoutContext
) -> tuple[tuple[PageItem, ...], float, float]:
    """Return the label of the cover, in the rail or above the title, where it ends, and where the title begins.

    Above the title it leaves `room` at its right for a logo.
    """
    theme, style = context.theme, context.style("label")
    if not cover.label:
        return (), TEXT_TOP, TEXT_TOP
    above = theme.paper.labels_above
    width = theme.right - theme.margin - room if above else theme.paper.rail
    runs = inline_runs(cover.label, parent.add(Element("P")), style.colour, context)
    label = text_box(runs, style, theme.margin + LABEL_OFFSET[0], width - LABEL_OFFSET[0])
    top = TEXT_TOP if above else LABEL_OFFSET[1]
    return moved_down(label.items, top), top + label.height, TEXT_TOP + (label.height + LABEL_GAP if above else 0.0)


def cover_text(cover: Cover, parent: Element, top: float, context: LayoutContext) -> tuple[tuple[PageItem, ...], float]:
    """Return the title, what it is about and whom it is from, and where they end."""
    theme, h1, body, label = context.theme, context.style("h1"), context.style("body"), context.style("label")
    left = theme.margin + LABEL_OFFSET[0] if theme.paper.labels_above else theme.axis
    column = theme.right - LABEL_OFFSET[0] - left
    runs = list(
        inline_runs(cover.title, parent.add(Element("H1", anchor="" if cover.alone else "top")), h1.colour, context)
    )
    smaller = replace(h1, size=h1.size * SMALLER_TITLE_SHARES[0], leading=h1.leading * SMALLER_TITLE_SHARES[1])
    title, *lower = (text_box(runs, each, left, column) for each in (h1, smaller, context.style("h2-page")))
    if title.height > MOST_TITLE_LINES * h1.leading:
        title = lower[0]
    below = [text_box(inline_runs(cover.subtitle, parent.add(Element("P")), body.colour, context), body, left, column)]
    if cover.sender and cover.sender.content:
        runs = list(inline_runs(cover.sender.content, parent.add(Element("P")), label.colour, context))
        below.append(text_box(runs, label, left, column))
    others = h1.after + sum(each.height for each in below) + SENDER_GAP * (len(below) - 1)
    if context.cover_reduction:
        title = title_within_height(title, lower, top + others + ART_BOTTOM + 1, cover, context)
    items, bottom = moved_down(title.items, top), top + title.height + h1.after
    for each in below:
        items = (*items, *moved_down(each.items, bottom))
        bottom += each.height + SENDER_GAP
    return items, bottom - SENDER_GAP


def title_within_height(
    title: LayoutBox, smaller: Sequence[LayoutBox], others: float, cover: Cover, context: LayoutContext
) -> LayoutBox:
    """Return the largest of `title` and what is `smaller` that lets the cover be as low as it should be.

    There are so many points of `others` beside the title; the drawing gives way first.
    """
    usual = max(
        least_band_height(context),
        others + title.height + least_art_height(cover, replace(context, cover_reduction=0.0)),
    )
    most = usual - context.cover_reduction - others - LOWEST_ART_HEIGHT
    return next((each for each in (title, *smaller) if each.height <= most), smaller[-1])


def least_art_height(cover: Cover, context: LayoutContext) -> float:
    """Return how high the drawing is at least: lower beside whom it is from, and where room is lacking."""
    return LOWEST_ART_HEIGHT if context.cover_reduction else LEAST_ART_HEIGHT if cover.sender else ART_HEIGHT


def logo_plate_size(cover: Cover, context: LayoutContext) -> tuple[float, float]:
    """Return how wide and high the plate of the logo is: it stands in the rail, or on the line of the label."""
    if cover.sender is None or cover.sender.logo is None:
        return 0.0, 0.0
    paper, (widest, highest) = context.theme.paper, LARGEST_LOGO
    if paper.labels_above:
        highest = min(highest, TEXT_TOP + context.style("label").leading + LABEL_GAP - CORNER_GAP - 2 * PLATE_PAD)
    else:
        widest = min(widest, paper.rail - LABEL_OFFSET[0] - 2 * PLATE_PAD)
    width, height = image_size(cover.sender.logo.image, widest, highest)
    return width + 2 * PLATE_PAD, height + 2 * PLATE_PAD


def cover_logo(
    sender: Sender | None, plate: tuple[float, float], beside: float, parent: Element, context: LayoutContext
) -> tuple[tuple[PageItem, ...], float]:
    """Return the logo on its white plate, below the label in the rail or in the corner, and where it ends."""
    if sender is None or sender.logo is None:
        return (), 0.0
    theme, (width, height) = context.theme, plate
    above = theme.paper.labels_above
    left, top = (
        (theme.right - CORNER_GAP - width, CORNER_GAP) if above else (theme.margin + LABEL_OFFSET[0], beside + LOGO_GAP)
    )
    ground = Rectangle(0, 0, width, height, PLATE_RADIUS, "white")
    element = parent.add(Element("Figure", alt=sender.logo.alt))
    logo = image_items(
        sender.logo.image, left + PLATE_PAD, width - 2 * PLATE_PAD, height - 2 * PLATE_PAD, element, theme
    )
    return (*decoration_items((ground,), left, top), *moved_down(logo, top + PLATE_PAD)), top + height


def least_band_height(context: LayoutContext) -> float:
    """Return how high the band is at least: as high as a title of three lines needs, less on small sheets."""
    return min(BAND_HEIGHT, BAND_SHARE * context.theme.paper.height)
