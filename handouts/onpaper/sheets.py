"""What pages with small slides share: running head, crisis box and foot of the handout, and a slide in its frame."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from handouts.deck.layouts import SLIDE_HEIGHT, SLIDE_WIDTH
from handouts.deck.planned_slides import PlannedSlide
from handouts.document import Document
from handouts.figures.line import page_mark_drawing
from handouts.figures.shapes import Box
from handouts.onpaper.scaling import shrunk
from handouts.onpaper.slide import Show, slide_items
from handouts.pdf.boxes import moved_down
from handouts.pdf.breaking import Frame
from handouts.pdf.crisis import crisis_box
from handouts.pdf.furniture import HEAD_ABOVE, HEAD_GAP, foot_height, foot_items
from handouts.pdf.inline import Desk, words_box
from handouts.pdf.page import Element, Item, Page, ShapeItem, TextItem, pagination
from handouts.pdf.panels import drawn
from handouts.pdf.plan import ABOVE_CRISIS, OTHER_BELOW
from handouts.pdf.repeats import with_crisis
from handouts.text.breaking import text_width
from handouts.theme import Theme

EDGE = 0.75
OVERHANG = 20.0  # how far curves may run out of a slide, at its own size
DESCENT = 4.0  # of the running head, below its last baseline


class Sheet(Struct, frozen=True):
    """A sheet of paper before anything stands on it: its frame, and what stands around that on each page."""

    desk: Desk
    document: Document
    frame: Frame
    foot: float


def sheet_of(document: Document, theme: Theme, crisis: float, pages: int) -> Sheet:
    """Return the sheet of a file of about so many `pages`, its crisis box so high."""
    foot = foot_height(document, theme, pages)
    head = head_items(document, Desk(theme, document.words, 0.0))
    top = max(item.baseline for item in head if isinstance(item, TextItem)) + DESCENT + OTHER_BELOW
    bottom = theme.paper.height - foot - (crisis + ABOVE_CRISIS if crisis else 0.0)
    return Sheet(Desk(theme, document.words, bottom - top), document, Frame(None, top, top, bottom), foot)


def finished(bodies: Sequence[tuple[Item, ...]], sheet: Sheet, root: Element) -> tuple[Page, ...]:
    """Return each of `bodies` as a page between head, crisis box and foot; the crisis box is read on the first."""
    crisis = crisis_box(sheet.document, sheet.foot, sheet.desk)
    head, paper = head_items(sheet.document, sheet.desk), sheet.desk.theme.paper
    pages = []
    for number, body in enumerate(bodies, 1):
        help_box = crisis.read if number == 1 else crisis.repeated
        foot = foot_items(sheet.document, number, len(bodies), sheet.desk)
        pages.append(Page(paper.width, paper.height, (*head, *body, *help_box, *foot)))
    return with_crisis(pages, root, crisis)


def head_items(document: Document, desk: Desk) -> tuple[Item, ...]:
    """Return the running head: mark, title of the talk, label at the right.

    A title that leaves no room for the label has the head for itself: the foot says the label as well.
    """
    theme, style, element = desk.theme, desk.style("foot"), pagination("Header")
    mark, above = page_mark_drawing(), theme.paper.labels_above
    left = theme.margin if above else theme.axis
    label = text_width(document.label, style) if document.label else 0.0
    room = theme.right - left - label - HEAD_GAP
    shared = label > 0 and text_width(document.running_title, style) <= room
    title = words_box(document.running_title, element, style, left, room if shared else theme.right - left)
    right = words_box(document.label, element, style, theme.right - label, label + 1).items if shared else ()
    sign = () if above else drawn(mark.shapes, theme.margin, 0.0)
    return moved_down((*sign, *title.items, *right), theme.margin - HEAD_ABOVE)


def small_slide(
    slide: PlannedSlide, number: int, section: Element, show: Show, x: float, y: float, width: float
) -> tuple[Item, ...]:
    """Return a slide drawn `width` wide in a thin frame, its words as readable by machines as large ones."""
    factor, height = width / SLIDE_WIDTH, height_of(width)
    frame = Box(0.0, 0.0, width, height, stroke="screen-rule", edge=EDGE)
    wide = OVERHANG * factor
    around = Box(-wide / 2, -wide / 2, width + wide, height + wide, stroke="white", edge=wide)
    items = shrunk(slide_items(slide, number, section, show), factor, x, y)
    return (*items, ShapeItem(around, x, y, None), ShapeItem(frame, x, y, None))


def height_of(width: float) -> float:
    """Return how high a slide is that is `width` wide."""
    return width * SLIDE_HEIGHT / SLIDE_WIDTH
