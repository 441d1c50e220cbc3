"""Plan the pages that show a deck: one slide a page, three a page beside lines to write on, or each above its notes.

A slide on paper is a scaled group, so its text stays text and its curves stay curves. Around it stand the running
head, crisis box and foot of a handout. Speaker notes are laid out like the text of a handout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import SLIDE_HEIGHT, SLIDE_WIDTH
from handouts.deck.planned_slides import DeckPlan, PlannedSlide
from handouts.deck.slide_ornaments import page_mark
from handouts.document.nodes import Document, Picture, Pixels, Text
from handouts.document.text import walk
from handouts.figures.decorative_lines import page_mark_drawing
from handouts.figures.shapes import Rectangle
from handouts.finding import Finding, is_error
from handouts.layout.block_layout import lay_out_nested_blocks, lay_out_page_blocks
from handouts.layout.boxes import NEVER, WRITING_LINE, LayoutBox, decoration, decoration_items, moved_down, rule
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
from handouts.layout.page_model import (
    Element,
    GroupItem,
    OutlineEntry,
    Page,
    PageItem,
    PagePlan,
    TextItem,
    leaf_items,
    pagination_artifact,
)
from handouts.layout.pagination import PageFrame, break_pages
from handouts.layout.prose import continued_title_box
from handouts.layout.structure_tree import remove_empty_elements, repair_heading_levels, walk_elements
from handouts.slides_pdf.slide_items import DeckPageContext, slide_items
from handouts.text.line_breaking import text_width
from handouts.theme import Theme

_FRAME_EDGE = 0.75
_OVERHANG = 20.0  # how far curves may run out of a slide, at its own size
_HEAD_DESCENT = 4.0  # of the running head, below its last baseline
_SLIDES_PER_PAGE = 3
_SLIDE_SHARE, _BESIDE_SLIDE, _BETWEEN_SLIDES = 0.56, 18.0, 16.0  # of the width for slides; beside a slide; below one
_LINE_PITCH, _FIRST_LINE = 28.0, 46.0  # from line to line; from the top of a slide to the first line
_BELOW_SLIDE, _RAIL_GAP, _SIGN_LIFT = 18.0, 6.0, 3.0


def deck_page_context(deck: DeckPlan, document: Document, theme: Theme) -> DeckPageContext:
    """Return what all slides of `deck` share."""
    shown = walk(tuple((slide.blocks, slide.sender) for slide in document.slides))
    images = (node.image for node in shown if isinstance(node, Picture))
    pictures = {image.screen: image.printed for image in images if isinstance(image, Pixels)}
    return DeckPageContext(theme, page_mark(theme), deck.foot, deck.state, frozenset(deck.listed_sources), pictures)


def plan_slide_pages(deck: DeckPlan, document: Document, theme: Theme) -> PagePlan:
    """Return `deck` as pages as large as its slides, each showing one."""
    root, sections, shared = _open_deck(deck, document, theme)
    pages = [
        Page(SLIDE_WIDTH, SLIDE_HEIGHT, slide_items(slide, number, section, shared))
        for number, (slide, section) in enumerate(zip(deck.slides, sections, strict=True), 1)
    ]
    return _finished_plan(pages, root, sections, deck, document)


def _open_deck(deck: DeckPlan, document: Document, theme: Theme) -> tuple[Element, list[Element], DeckPageContext]:
    """Return the root of the structure tree, its section for each slide, and what all slides share."""
    root = Element("Document", language=document.language)
    return root, [root.add(Element("Sect")) for _ in deck.slides], deck_page_context(deck, document, theme)


def _finished_plan(
    pages: Sequence[Page],
    root: Element,
    sections: Sequence[Element],
    deck: DeckPlan,
    document: Document,
    findings: Sequence[Finding] = (),
) -> PagePlan:
    """Return the plan of finished pages, its tree tidied, its bookmarks added."""
    _tidy_tree(root, pages)
    return PagePlan(tuple(pages), root, _deck_bookmarks(deck, sections, document), (*deck.findings, *findings))


def _tidy_tree(root: Element, pages: Sequence[Page]) -> None:
    """Remove from the tree empty elements, skipped levels of headings, repeated anchors, and links to no anchor.

    A link to an anchor that is not in the file, such as a source in notes that no slide lists, becomes plain text.
    """
    repair_heading_levels(root)
    remove_empty_elements(root, {id(item.element) for page in pages for item in leaf_items(page.items)})
    elements, known = tuple(walk_elements(root)), set[str]()
    for element in elements:
        if element.anchor in known:
            element.anchor = ""
        known.add(element.anchor)
    for element in elements:
        if element.target.startswith("#") and element.target[1:] not in known:
            element.role, element.target, element.tooltip = "Span", "", ""


def _deck_bookmarks(deck: DeckPlan, sections: Sequence[Element], document: Document) -> tuple[OutlineEntry, ...]:
    """Return a bookmark for each slide, below that of its part of the talk."""
    found: list[OutlineEntry] = []
    pairs = zip(deck.slides, sections, strict=True)
    named = any(slide.section for slide in deck.slides)
    for name, group in groupby(pairs, key=lambda pair: pair[0].section):
        members = list(group)
        if named:
            found.append(OutlineEntry(1, name or document.running_title, members[0][1]))
        found += [OutlineEntry(2 if named else 1, slide.title, section) for slide, section in members]
    return tuple(found)


# ---------------------------------------------------------------- slides on paper


class _SlidePaper(Struct, frozen=True):
    """A sheet of paper: its running head, the height of its foot, and the frame between them.

    The `context` lays out what stands beside and below slides, as on the pages of a handout.
    """

    context: LayoutContext
    document: Document
    frame: PageFrame
    head: tuple[PageItem, ...]
    foot: float

    def finish_pages(self, bodies: Sequence[Iterable[PageItem]], root: Element) -> tuple[Page, ...]:
        """Return each of `bodies` as a page between head, crisis box and foot; only the first crisis box is tagged."""
        crisis, paper = crisis_box(self.document, self.foot, self.context), self.context.theme.paper
        pages = []
        for number, body in enumerate(bodies, 1):
            help_box = crisis.first_page_items if number == 1 else crisis.other_page_items
            foot = foot_items(self.document, number, len(bodies), self.context)
            pages.append(Page(paper.width, paper.height, (*self.head, *body, *help_box, *foot)))
        return with_repeated_crisis_box(pages, root, crisis)


def _slide_paper(document: Document, theme: Theme, pages: int) -> _SlidePaper:
    """Return the sheet of a file of about so many `pages`."""
    numbers = phone_number_pattern(document)
    context = LayoutContext(theme, document.words, 0.0, phone_numbers=numbers, lay_out=lay_out_nested_blocks)
    foot, crisis = foot_height(document, theme, pages), crisis_height(document, theme)
    head = _talk_head_items(document, context)
    top = max(item.baseline for item in head if isinstance(item, TextItem)) + _HEAD_DESCENT + TEXT_BELOW_HEAD
    bottom = theme.paper.height - foot - (crisis + ABOVE_CRISIS if crisis else 0.0)
    context.room = bottom - top
    return _SlidePaper(context, document, PageFrame(None, top, top, bottom), head, foot)


def _talk_head_items(document: Document, context: LayoutContext) -> tuple[PageItem, ...]:
    """Return the running head: mark, title of the talk, label at the right.

    The label is left out beside a long title; it stands in the foot too.
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


def _scaled_slide_items(
    slide: PlannedSlide, number: int, section: Element, shared: DeckPageContext, x: float, y: float, width: float
) -> tuple[PageItem, ...]:
    """Return a slide scaled to `width`, in a thin frame that hides what runs out of the slide."""
    factor, height = width / SLIDE_WIDTH, _slide_height(width)
    frame = Rectangle(0.0, 0.0, width, height, stroke="screen-rule", edge=_FRAME_EDGE)
    wide = _OVERHANG * factor
    around = Rectangle(-wide / 2, -wide / 2, width + wide, height + wide, stroke="white", edge=wide)
    small = GroupItem(slide_items(slide, number, section, shared), factor, x, y)
    return (small, decoration(around, x, y), decoration(frame, x, y))


def _slide_height(width: float) -> float:
    """Return the height of a slide scaled to `width`."""
    return width * SLIDE_HEIGHT / SLIDE_WIDTH


# ---------------------------------------------------------------- three slides a page


def plan_three_up_pages(deck: DeckPlan, document: Document, theme: Theme) -> PagePlan:
    """Return `deck` as pages with three slides each, and lines to write on."""
    root, sections, shared = _open_deck(deck, document, theme)
    count = len(deck.slides)
    groups = [range(first, count)[:_SLIDES_PER_PAGE] for first in range(0, count, _SLIDES_PER_PAGE)]
    paper = _slide_paper(document, theme, len(groups))
    bodies = [tuple(_three_up_items(group, deck.slides, sections, paper, shared)) for group in groups]
    pages = paper.finish_pages(bodies, root)
    return _finished_plan(pages, root, sections, deck, document, paper.context.findings)


def _three_up_items(
    group: Sequence[int],
    slides: Sequence[PlannedSlide],
    sections: Sequence[Element],
    paper: _SlidePaper,
    shared: DeckPageContext,
) -> Iterator[PageItem]:
    """Yield the slides of one page, given by their indices, each with its number and its lines at the right."""
    frame, theme = paper.frame, paper.context.theme
    row = (frame.bottom - frame.text_top - (_SLIDES_PER_PAGE - 1) * _BETWEEN_SLIDES) / _SLIDES_PER_PAGE
    width = min(_SLIDE_SHARE * (theme.right - theme.margin), row * 16 / 9)
    left = theme.margin + width + _BESIDE_SLIDE
    for place, index in enumerate(group):
        y = frame.text_top + place * (row + _BETWEEN_SLIDES)
        yield from _scaled_slide_items(slides[index], index + 1, sections[index], shared, theme.margin, y, width)
        element = sections[index].add(Element("P"))
        words = paper.context.words.say("slide", n=index + 1)
        box = plain_text_box(words, element, paper.context.style("label"), left, theme.right - left)
        yield from moved_down(box.items, y - 3.0)
        lines = int((max(_slide_height(width), row) - _FIRST_LINE) // _LINE_PITCH) + 1
        yield from (rule(left, theme.right, y + _FIRST_LINE + n * _LINE_PITCH, WRITING_LINE) for n in range(lines))


# ---------------------------------------------------------------- slides above their notes


def plan_notes_pages(deck: DeckPlan, document: Document, theme: Theme) -> PagePlan:
    """Return `deck` as pages with one slide each and its notes below it; long notes continue on pages of their own."""
    root, sections, shared = _open_deck(deck, document, theme)
    paper = _slide_paper(document, theme, 2 * len(deck.slides))
    bodies: list[tuple[PageItem, ...]] = []
    findings: list[Finding] = []
    for number, (slide, section) in enumerate(zip(deck.slides, sections, strict=True), 1):
        boxes = [_scaled_slide_box(slide, number, section, paper, shared), *_note_boxes(slide, section, paper.context)]
        pages, found = break_pages(boxes, paper.frame)
        findings += (replace(each, at=slide.at) for each in found if is_error(each))
        bodies += (tuple(item for each in page for item in moved_down(each.box.items, each.y)) for page in pages)
    finished = paper.finish_pages(bodies, root)
    return _finished_plan(finished, root, sections, deck, document, (*findings, *paper.context.findings))


def _scaled_slide_box(
    slide: PlannedSlide, number: int, section: Element, paper: _SlidePaper, shared: DeckPageContext
) -> LayoutBox:
    """Return a slide on the axis with its number in the rail, or from margin to margin where the rail is narrow."""
    theme, context = paper.context.theme, paper.context
    above = theme.paper.labels_above
    left = theme.margin if above else theme.axis
    width = theme.right - left
    words, element = context.words.say("slide", n=number), Element("P")
    label = plain_text_box(words, element, context.style("label"), theme.margin, width if above else theme.paper.rail)
    top = label.height if above else 0.0
    items = (
        *_scaled_slide_items(slide, number, section, shared, left, top, width),
        *moved_down(label.items, -_SIGN_LIFT),
    )
    section.add(element)
    if slide.section not in ("", paper.document.running_title) and not above:
        part = section.add(Element("P"))
        below = plain_text_box(slide.section, part, context.style("foot"), theme.margin, theme.paper.rail - _RAIL_GAP)
        items = (*items, *moved_down(below.items, label.height))
    title = continued_title_box((Text(slide.title),), context)
    return LayoutBox(
        top + _slide_height(width), items, after=_BELOW_SLIDE, break_cost=NEVER, section_title=title, at=slide.at
    )


def _note_boxes(slide: PlannedSlide, section: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the notes of a slide as in a handout; a page on which they continue has the title of the slide."""
    boxes = lay_out_page_blocks(slide.notes, section.add(Element("Sect")), context)
    return [replace(box, page_top_form=None, section_title=None) for box in boxes]  # no heading takes its place
