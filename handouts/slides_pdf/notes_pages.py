"""Plan the notes pages of a deck: each slide above its speaker notes, which are laid out as the text of a handout.

Long notes go on on pages of their own, each with the title of their slide.
"""

from __future__ import annotations

from msgspec.structs import replace

from handouts.deck.planned_slides import DeckPlan, PlannedSlide
from handouts.document.nodes import Document, Text
from handouts.finding import Finding, is_error
from handouts.layout.block_layout import lay_out_page_blocks
from handouts.layout.boxes import NEVER, LayoutBox, moved_down
from handouts.layout.inline_text import LayoutContext, plain_text_box
from handouts.layout.page_model import Element, PageItem, PagePlan
from handouts.layout.pagination import break_pages
from handouts.layout.prose import continued_title_box
from handouts.slides_pdf.deck_pages import deck_bookmarks, deck_page_context, tidy_tree
from handouts.slides_pdf.scaled_slides import SlidePaper, finish_pages, scaled_slide_items, slide_height, slide_paper
from handouts.slides_pdf.slide_items import DeckPageContext
from handouts.theme import Theme

_BELOW_SLIDE = 18.0
_RAIL_GAP = 6.0
_SIGN_LIFT = 3.0


def plan_notes(deck: DeckPlan, document: Document, theme: Theme) -> PagePlan:
    """Return `deck` as pages with one slide each and its notes below it; long notes go on on pages of their own."""
    shared = deck_page_context(deck, document, theme)
    root = Element("Document", language=document.language)
    sections = [root.add(Element("Sect")) for _ in deck.slides]
    sheet = slide_paper(document, theme, 2 * len(deck.slides))
    bodies: list[tuple[PageItem, ...]] = []
    findings: list[Finding] = []
    for number, (slide, section) in enumerate(zip(deck.slides, sections, strict=True), 1):
        boxes = [_scaled_slide_box(slide, number, section, sheet, shared), *_note_boxes(slide, section, sheet.context)]
        pages, found = break_pages(boxes, sheet.frame)
        findings += (replace(each, at=slide.at) for each in found if is_error(each))
        bodies += (tuple(item for each in page for item in moved_down(each.box.items, each.y)) for page in pages)
    outline = deck_bookmarks(deck, sections, document)
    made = finish_pages(bodies, sheet, root)
    tidy_tree(root, made)
    return PagePlan(made, root, outline, (*deck.findings, *findings, *sheet.context.findings))


def _scaled_slide_box(
    slide: PlannedSlide, number: int, section: Element, sheet: SlidePaper, shared: DeckPageContext
) -> LayoutBox:
    """Return a slide on the axis with its number in the rail, or from margin to margin where the rail is narrow."""
    theme, context = sheet.context.theme, sheet.context
    above = theme.paper.labels_above
    left = theme.margin if above else theme.axis
    width = theme.right - left
    words, element = context.words.say("slide", n=number), Element("P")
    label = plain_text_box(words, element, context.style("label"), theme.margin, width if above else theme.paper.rail)
    top = label.height if above else 0.0
    items = (
        *scaled_slide_items(slide, number, section, shared, left, top, width),
        *moved_down(label.items, -_SIGN_LIFT),
    )
    section.add(element)
    if slide.section not in ("", sheet.document.running_title) and not above:
        part = Element("P")
        section.add(part)
        below = plain_text_box(slide.section, part, context.style("foot"), theme.margin, theme.paper.rail - _RAIL_GAP)
        items = (*items, *moved_down(below.items, label.height))
    title = continued_title_box((Text(slide.title),), context)
    return LayoutBox(
        top + slide_height(width), items, after=_BELOW_SLIDE, break_cost=NEVER, section_title=title, at=slide.at
    )


def _note_boxes(slide: PlannedSlide, section: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the notes of a slide as they would stand in a handout; pages that go on have the title of the slide."""
    boxes = lay_out_page_blocks(slide.notes, section.add(Element("Sect")), context)
    return [replace(box, page_top_form=None, section_title=None) for box in boxes]  # no heading takes its place
