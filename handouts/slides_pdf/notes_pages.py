"""Plan the notes pages of a deck: each slide above its speaker notes, which go on on further pages.

Labels in the notes hang in the rail, as in the handout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.planned_slides import DeckPlan, PlannedSlide, SlideParagraph, TextRun
from handouts.deck.slide_text import paragraphs_of
from handouts.document.nodes import Document
from handouts.finding import Finding, is_error
from handouts.layout.boxes import NEVER, LayoutBox, as_artifacts, moved_down, stacked, with_items
from handouts.layout.inline_text import (
    Measure,
    RunTag,
    baseline_offset,
    line_items,
    plain_text_box,
    text_box,
    text_boxes,
)
from handouts.layout.page_furniture import crisis_height
from handouts.layout.page_model import Element, PageItem, PagePlan
from handouts.layout.pagination import break_pages
from handouts.slides_pdf.deck_pages import deck_bookmarks, deck_page_context, tidy_tree
from handouts.slides_pdf.scaled_slides import SlidePaper, finish_pages, scaled_slide_items, slide_height, slide_paper
from handouts.slides_pdf.slide_items import (
    BULLET_SIGN,
    LIST_DEPTHS,
    NUMBERED_LEVELS,
    SOURCE_TAB,
    DeckPageContext,
    OpenLists,
    TextSettings,
    tagged_runs,
)
from handouts.text.fonts import PRINT_FAMILY
from handouts.text.line_breaking import StyledRun, TextLine, break_lines, widest_unbreakable_part
from handouts.theme import Theme, TypeStyle

_NOTE_INDENT, _STEP_INDENT = 16.0, 20.0
_BELOW_SLIDE = 18.0
_GROUP_BEFORE = 12.0
_RAIL_GAP, _MOST_RAIL_LINES = 6.0, 3
_SIGN_LIFT = 3.0


class _NotesContext(Struct, frozen=True):
    """What the notes of one slide are laid out with."""

    sheet: SlidePaper
    setting: TextSettings
    branches: OpenLists

    @property
    def theme(self) -> Theme:
        """The theme of the page."""
        return self.sheet.context.theme

    @property
    def measure(self) -> Measure:
        """Where notes start, and how wide they are: on the axis if there is a rail for labels."""
        return _notes_measure(self.theme)

    def style(self, role: str) -> TypeStyle:
        """Return the type style of a role of print."""
        return self.sheet.context.style(role)


def _notes_measure(theme: Theme) -> Measure:
    """Return where notes start, and how wide they are: on the axis if there is a rail for labels."""
    left = theme.margin if theme.paper.labels_above else theme.axis
    return Measure(left, theme.right - left)


def plan_notes(deck: DeckPlan, document: Document, theme: Theme) -> PagePlan:
    """Return `deck` as pages with one slide each and its notes below it; long notes go on on pages of their own."""
    show = deck_page_context(deck, document, theme)
    root = Element("Document", language=document.language)
    sections = [root.add(Element("Sect")) for _ in deck.slides]
    sheet = slide_paper(document, theme, crisis_height(document, theme), 2 * len(deck.slides))
    bodies: list[tuple[PageItem, ...]] = []
    findings: list[Finding] = []
    for number, (slide, section) in enumerate(zip(deck.slides, sections, strict=True), 1):
        boxes = _slide_and_note_boxes(slide, number, section, sheet, show)
        pages, found = break_pages(boxes, sheet.frame)
        findings += (replace(each, at=slide.at) for each in found if is_error(each))
        bodies += (tuple(item for each in page for item in moved_down(each.box.items, each.y)) for page in pages)
    outline = deck_bookmarks(deck, sections, document)
    made = finish_pages(bodies, sheet, root)
    tidy_tree(root, made)
    return PagePlan(made, root, outline, (*deck.findings, *findings, *sheet.context.findings))


def _slide_and_note_boxes(
    slide: PlannedSlide, number: int, section: Element, sheet: SlidePaper, show: DeckPageContext
) -> list[LayoutBox]:
    """Return one slide and its notes as boxes; a page that goes on says whose notes they are."""
    setting = replace(show.setting, family=PRINT_FAMILY, filled=1.0, listing=False)
    first = _scaled_slide_box(slide, number, section, sheet, show)
    if not slide.notes:
        return [first]
    writer = _NotesContext(sheet, setting, OpenLists(section.add(Element("Sect"))))
    lead, said = _continued_head_box(slide, sheet), paragraphs_of(slide.notes, sheet.document.words)
    return [first, *(replace(box, repeated_head=lead) for box in _note_boxes(said, writer))]


def _scaled_slide_box(
    slide: PlannedSlide, number: int, section: Element, sheet: SlidePaper, show: DeckPageContext
) -> LayoutBox:
    """Return a slide on the axis with its number in the rail, or from margin to margin where the rail is narrow."""
    theme, context = sheet.context.theme, sheet.context
    above = theme.paper.labels_above
    left, width = _notes_measure(theme).x, _notes_measure(theme).width
    words, element = context.words.say("slide", n=number), Element("P")
    label = plain_text_box(words, element, context.style("label"), theme.margin, width if above else theme.paper.rail)
    top = label.height if above else 0.0
    items = (*scaled_slide_items(slide, number, section, show, left, top, width), *moved_down(label.items, -_SIGN_LIFT))
    section.add(element)
    if slide.section not in ("", sheet.document.running_title) and not above:
        part = Element("P")
        section.add(part)
        below = plain_text_box(slide.section, part, context.style("foot"), theme.margin, theme.paper.rail - _RAIL_GAP)
        items = (*items, *moved_down(below.items, label.height))
    return LayoutBox(
        top + slide_height(width), items, after=_BELOW_SLIDE, break_cost=NEVER if slide.notes else 0.0, at=slide.at
    )


def _continued_head_box(slide: PlannedSlide, sheet: SlidePaper) -> LayoutBox:
    """Return the head of a page on which notes go on: an artifact, since the title has been read."""
    measure = _notes_measure(sheet.context.theme)
    words = sheet.context.words.say("slide_continued", title=slide.title)
    box = plain_text_box(words, None, sheet.context.style("h3"), measure.x, measure.width)
    return replace(box, height=box.height + sheet.context.style("body").after, items=as_artifacts(box.items))


# ---------------------------------------------------------------- notes


def _note_boxes(notes: Sequence[SlideParagraph], writer: _NotesContext) -> list[LayoutBox]:
    """Return notes as boxes a line; a label stands in the rail beside what it is for, or above it."""
    boxes: list[LayoutBox] = []
    for label, texts in _label_groups(notes):
        hung = label is not None and bool(texts) and _label_fits_rail(label, writer)
        if label and not hung:
            boxes += _note_paragraph_boxes(label, writer)
        lines = _label_lines(label, writer) if label and hung else ()
        made = [box for text in texts for box in _note_paragraph_boxes(text, writer)]
        boxes += _hang_label_beside(lines, made, writer) if lines else made
    return boxes


def _label_groups(
    notes: Sequence[SlideParagraph],
) -> Iterator[tuple[SlideParagraph | None, tuple[SlideParagraph, ...]]]:
    """Yield each label with the paragraphs below it; what stands above the first label has none."""
    starts = [index for index, each in enumerate(notes) if each.level == "label"]
    first = starts[0] if starts else len(notes)
    if first:
        yield None, tuple(notes[:first])
    for start, end in pairwise((*starts, len(notes))):
        yield notes[start], tuple(notes[start + 1 : end])


def _label_fits_rail(label: SlideParagraph, writer: _NotesContext) -> bool:
    """True if the rail has room for `label`."""
    paper, style = writer.theme.paper, writer.style("label")
    if paper.labels_above:
        return False
    room = paper.rail - _RAIL_GAP
    lines = break_lines((StyledRun(label.text, style.bold),), style, room)
    return len(lines) <= _MOST_RAIL_LINES and widest_unbreakable_part(label.text, style) <= room


def _label_lines(label: SlideParagraph, writer: _NotesContext) -> tuple[TextLine, ...]:
    """Return a label of the rail in lines, as a heading in the tree."""
    style = writer.style("label")
    element = _add_label_heading(writer)
    runs = tagged_runs(label.runs, element, style, writer.setting)
    return break_lines(runs, style, writer.theme.paper.rail - _RAIL_GAP)


def _add_label_heading(writer: _NotesContext) -> Element:
    """Return the element of a label."""
    element = writer.branches.text()
    element.role = "H4"
    return element


def _hang_label_beside(label: Sequence[TextLine], boxes: Sequence[LayoutBox], writer: _NotesContext) -> list[LayoutBox]:
    """Return `boxes` with the lines of a label beside the first of them, which stay on one page with it."""
    body, x = writer.style("body"), writer.theme.margin
    found, high = list(boxes), len(label) * body.leading
    if stacked(found).height < high:
        last = found[-1] if found else LayoutBox(0.0)
        found[-1:] = [replace(last, height=last.height + high - stacked(found).height)]
    items = tuple(
        item
        for index, line in enumerate(label)
        for item in line_items(line, x, index * body.leading + baseline_offset(body))
    )
    beside = next(count for count in range(1, len(found) + 1) if stacked(found[:count]).height >= high)
    found[: beside - 1] = [replace(box, break_cost=NEVER) for box in found[: beside - 1]]
    found[0] = replace(with_items(found[0], items, first=True), before=_GROUP_BEFORE)
    return found


def _note_paragraph_boxes(paragraph: SlideParagraph, writer: _NotesContext) -> list[LayoutBox]:
    """Return one paragraph as boxes a line."""
    measure, body = writer.measure, writer.style("body")
    if any(run.text == SOURCE_TAB for run in paragraph.runs):
        at = next(index for index, run in enumerate(paragraph.runs) if run.text == SOURCE_TAB)
        label, element = writer.branches.item(1, counted=True)
        mark = tuple(tagged_runs(paragraph.runs[:at], label, body, writer.setting))
        return _list_item_boxes(mark, paragraph.runs[at + 1 :], element, _STEP_INDENT, _STEP_INDENT, writer)
    if paragraph.level in LIST_DEPTHS:
        counted, depth = paragraph.level in NUMBERED_LEVELS, LIST_DEPTHS[paragraph.level]
        label, element = writer.branches.item(depth, counted=counted)
        mark = (StyledRun(f"{paragraph.number}." if counted else BULLET_SIGN, False, RunTag(label, "accent")),)
        hanging = _STEP_INDENT if counted else _NOTE_INDENT
        return _list_item_boxes(mark, paragraph.runs, element, hanging * depth, hanging, writer)
    if paragraph.level == "label":
        style = writer.style("h3")
        words = tagged_runs(paragraph.runs, _add_label_heading(writer), style, writer.setting)
        box = text_box(words, style, measure.x, measure.width)
        return [replace(box, break_cost=NEVER)]
    if paragraph.level == "within":
        return _list_item_boxes((), paragraph.runs, writer.branches.within(), _STEP_INDENT, 0.0, writer)
    style = writer.style("caption") if paragraph.level == "note" else body
    style = replace(style, before=0.0, after=body.after)
    runs = tagged_runs(paragraph.runs, writer.branches.text(), style, writer.setting)
    return text_boxes(runs, style, measure.x, measure.width)


def _list_item_boxes(
    mark: Sequence[StyledRun],
    runs: Sequence[TextRun],
    element: Element,
    left: float,
    hanging: float,
    writer: _NotesContext,
) -> list[LayoutBox]:
    """Return an item of a list with its mark before it."""
    measure, body = writer.measure, writer.style("body")
    style = replace(body, after=body.leading / 4)
    words = tuple(tagged_runs(runs, element, style, writer.setting))
    boxes = text_boxes(words, style, measure.x + left, measure.width - left)
    marks = text_box(mark, style, measure.x + left - hanging, max(hanging, style.size)) if mark else LayoutBox(0.0)
    return [with_items(boxes[0], marks.items, first=True), *boxes[1:]] if boxes else []
