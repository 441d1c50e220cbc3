"""Scaled slides on paper pages with the running head, crisis box and foot of a handout.

A slide is a group with a scale: its text stays text and its curves stay curves.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from handouts.deck.layouts import SLIDE_HEIGHT, SLIDE_WIDTH
from handouts.deck.planned_slides import PlannedSlide
from handouts.document.nodes import Document
from handouts.figures.decorative_lines import page_mark_drawing
from handouts.figures.shapes import Rectangle
from handouts.layout.block_layout import lay_out_nested_blocks
from handouts.layout.boxes import decoration_items, moved_down
from handouts.layout.inline_text import LayoutContext, phone_number_pattern, plain_text_box
from handouts.layout.page_furniture import (
    ABOVE_CRISIS,
    HEAD_ABOVE,
    HEAD_GAP,
    TEXT_BELOW_HEAD,
    crisis_box,
    crisis_height,
    foot_height,
    foot_items,
    with_repeated_crisis_box,
)
from handouts.layout.page_model import Element, GroupItem, Page, PageItem, ShapeItem, TextItem, pagination_artifact
from handouts.layout.pagination import PageFrame
from handouts.slides_pdf.slide_items import DeckPageContext, slide_items
from handouts.text.line_breaking import text_width
from handouts.theme import Theme

_FRAME_EDGE = 0.75
_OVERHANG = 20.0  # how far curves may run out of a slide, at its own size
_HEAD_DESCENT = 4.0  # of the running head, below its last baseline


class SlidePaper(Struct, frozen=True):
    """A sheet of paper before anything stands on it: its frame, and what stands around that on each page.

    The `context` lays out what stands beside and below slides, as on the pages of a handout.
    """

    context: LayoutContext
    document: Document
    frame: PageFrame
    foot: float


def slide_paper(document: Document, theme: Theme, pages: int) -> SlidePaper:
    """Return the sheet of a file of about so many `pages`."""
    numbers = phone_number_pattern(document)
    context = LayoutContext(theme, document.words, 0.0, phone_numbers=numbers, lay_out=lay_out_nested_blocks)
    foot, crisis = foot_height(document, theme, pages), crisis_height(document, theme)
    head = _talk_head_items(document, context)
    top = max(item.baseline for item in head if isinstance(item, TextItem)) + _HEAD_DESCENT + TEXT_BELOW_HEAD
    bottom = theme.paper.height - foot - (crisis + ABOVE_CRISIS if crisis else 0.0)
    context.room = bottom - top
    return SlidePaper(context, document, PageFrame(None, top, top, bottom), foot)


def finish_pages(bodies: Sequence[tuple[PageItem, ...]], sheet: SlidePaper, root: Element) -> tuple[Page, ...]:
    """Return each of `bodies` as a page between head, crisis box and foot; the crisis box is read on the first."""
    crisis = crisis_box(sheet.document, sheet.foot, sheet.context)
    head, paper = _talk_head_items(sheet.document, sheet.context), sheet.context.theme.paper
    pages = []
    for number, body in enumerate(bodies, 1):
        help_box = crisis.first_page_items if number == 1 else crisis.other_page_items
        foot = foot_items(sheet.document, number, len(bodies), sheet.context)
        pages.append(Page(paper.width, paper.height, (*head, *body, *help_box, *foot)))
    return with_repeated_crisis_box(pages, root, crisis)


def _talk_head_items(document: Document, context: LayoutContext) -> tuple[PageItem, ...]:
    """Return the running head: mark, title of the talk, label at the right.

    A title that leaves no room for the label has the head for itself: the foot says the label as well.
    """
    theme, style, element = context.theme, context.style("foot"), pagination_artifact("Header")
    mark, above = page_mark_drawing(theme.line), theme.paper.labels_above
    left = theme.margin if above else theme.axis
    label = text_width(document.label, style) if document.label else 0.0
    room = theme.right - left - label - HEAD_GAP
    shared = label > 0 and text_width(document.running_title, style) <= room
    title = plain_text_box(document.running_title, element, style, left, room if shared else theme.right - left)
    right = plain_text_box(document.label, element, style, theme.right - label, label + 1).items if shared else ()
    sign = () if above else decoration_items(mark.shapes, theme.margin, 0.0)
    return moved_down((*sign, *title.items, *right), theme.margin - HEAD_ABOVE)


def scaled_slide_items(
    slide: PlannedSlide, number: int, section: Element, shared: DeckPageContext, x: float, y: float, width: float
) -> tuple[PageItem, ...]:
    """Return a slide drawn `width` wide in a thin frame, its words as readable by machines as large ones."""
    factor, height = width / SLIDE_WIDTH, slide_height(width)
    frame = Rectangle(0.0, 0.0, width, height, stroke="screen-rule", edge=_FRAME_EDGE)
    wide = _OVERHANG * factor
    around = Rectangle(-wide / 2, -wide / 2, width + wide, height + wide, stroke="white", edge=wide)
    small = GroupItem(slide_items(slide, number, section, shared), factor, x, y)
    return (small, ShapeItem(around, x, y, None), ShapeItem(frame, x, y, None))


def slide_height(width: float) -> float:
    """Return how high a slide is that is `width` wide."""
    return width * SLIDE_HEIGHT / SLIDE_WIDTH
