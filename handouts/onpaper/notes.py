"""A planned deck in, pages for whoever speaks out: each slide above its notes, which flow on to further pages.

Labels such as what to say and what to ask hang in the rail, as in the handout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.planned_slides import DeckPlan, PlannedSlide, SlideParagraph, TextRun
from handouts.document import Document
from handouts.finding import Finding, is_error
from handouts.onpaper.plan import mend, outline_of, show_of
from handouts.onpaper.sheets import Sheet, finished, height_of, sheet_of, small_slide
from handouts.onpaper.slide import Show
from handouts.onpaper.texts import BULLET, DEPTHS, STEPS, TAB, Branches, Setting, inked_runs
from handouts.pdf.boxes import NEVER, Box, moved_down, stacked, unmarked, with_items
from handouts.pdf.breaking import break_pages
from handouts.pdf.crisis import crisis_height
from handouts.pdf.inline import Ink, baseline_of, line_items, text_box, text_boxes, words_box
from handouts.pdf.page import Element, Item, Plan
from handouts.pdf.prose import Measure
from handouts.text.breaking import Line, Run, break_lines, widest_part
from handouts.text.fonts import PRINT
from handouts.theme import Theme, TypeStyle

INDENT, STEP_INDENT = 16.0, 20.0
BELOW_SLIDE = 18.0
GROUP_BEFORE = 12.0
RAIL_GAP, RAIL_LINES = 6.0, 3
SIGN_LIFT = 3.0


class Writer(Struct, frozen=True):
    """What the notes of one slide are laid out with."""

    sheet: Sheet
    setting: Setting
    branches: Branches

    @property
    def theme(self) -> Theme:
        """The theme of the page."""
        return self.sheet.desk.theme

    @property
    def measure(self) -> Measure:
        """Where notes start, and how wide they are: on the axis if there is a rail for labels."""
        return measure_of(self.theme)

    def style(self, role: str) -> TypeStyle:
        """Return the type style of a role of print."""
        return self.sheet.desk.style(role)


def measure_of(theme: Theme) -> Measure:
    """Return where notes start, and how wide they are: on the axis if there is a rail for labels."""
    left = theme.margin if theme.paper.labels_above else theme.axis
    return Measure(left, theme.right - left)


def plan_notes(deck: DeckPlan, document: Document, theme: Theme) -> Plan:
    """Return `deck` as pages with one slide each and its notes below it; long notes go on on pages of their own."""
    show = show_of(deck, document, theme)
    root = Element("Document", language=document.language)
    sections = [root.add(Element("Sect")) for _ in deck.slides]
    sheet = sheet_of(document, theme, crisis_height(document, theme), 2 * len(deck.slides))
    bodies: list[tuple[Item, ...]] = []
    findings: list[Finding] = []
    for number, (slide, section) in enumerate(zip(deck.slides, sections, strict=True), 1):
        boxes = slide_boxes(slide, number, section, sheet, show)
        pages, found = break_pages(boxes, sheet.frame)
        findings += (replace(each, at=slide.at) for each in found if is_error(each))
        bodies += (tuple(item for each in page for item in moved_down(each.box.items, each.y)) for page in pages)
    outline = outline_of(deck, sections, document)
    made = finished(bodies, sheet, root)
    mend(root, made)
    return Plan(made, root, outline, (*deck.findings, *findings, *sheet.desk.findings))


def slide_boxes(slide: PlannedSlide, number: int, section: Element, sheet: Sheet, show: Show) -> list[Box]:
    """Return one slide and its notes as boxes; a page that goes on says whose notes they are."""
    setting = replace(show.setting, family=PRINT, filled=1.0, listing=False)
    first = slide_box(slide, number, section, sheet, show)
    if not slide.notes:
        return [first]
    writer = Writer(sheet, setting, Branches(section.add(Element("Sect"))))
    lead = lead_box(slide, sheet)
    return [first, *(replace(box, lead=lead) for box in notes_boxes(slide.notes, writer))]


def slide_box(slide: PlannedSlide, number: int, section: Element, sheet: Sheet, show: Show) -> Box:
    """Return a slide on the axis with its number in the rail, or from margin to margin where the rail is narrow."""
    theme, desk = sheet.desk.theme, sheet.desk
    above = theme.paper.labels_above
    left, width = measure_of(theme).x, measure_of(theme).width
    words, element = desk.words.say("slide", n=number), Element("P")
    label = words_box(words, element, desk.style("label"), theme.margin, width if above else theme.paper.rail)
    top = label.height if above else 0.0
    items = (*small_slide(slide, number, section, show, left, top, width), *moved_down(label.items, -SIGN_LIFT))
    section.add(element)
    if slide.section not in ("", sheet.document.running_title) and not above:
        part = Element("P")
        section.add(part)
        below = words_box(slide.section, part, desk.style("foot"), theme.margin, theme.paper.rail - RAIL_GAP)
        items = (*items, *moved_down(below.items, label.height))
    return Box(top + height_of(width), items, after=BELOW_SLIDE, break_cost=NEVER if slide.notes else 0.0, at=slide.at)


def lead_box(slide: PlannedSlide, sheet: Sheet) -> Box:
    """Return the head of a page on which notes go on: an artifact, since the title has been read."""
    measure = measure_of(sheet.desk.theme)
    words = sheet.desk.words.say("slide_continued", title=slide.title)
    box = words_box(words, None, sheet.desk.style("h3"), measure.x, measure.width)
    return replace(box, height=box.height + sheet.desk.style("body").after, items=unmarked(box.items))


# ---------------------------------------------------------------- notes


def notes_boxes(notes: Sequence[SlideParagraph], writer: Writer) -> list[Box]:
    """Return notes as boxes a line; a label stands in the rail beside what it is for, or above it."""
    boxes: list[Box] = []
    for label, texts in groups_of(notes):
        hung = label is not None and bool(texts) and fits_rail(label, writer)
        if label and not hung:
            boxes += paragraph_boxes(label, writer)
        lines = label_lines(label, writer) if label and hung else ()
        made = [box for text in texts for box in paragraph_boxes(text, writer)]
        boxes += hung_beside(lines, made, writer) if lines else made
    return boxes


def groups_of(notes: Sequence[SlideParagraph]) -> Iterator[tuple[SlideParagraph | None, tuple[SlideParagraph, ...]]]:
    """Yield each label with the paragraphs below it; what stands above the first label has none."""
    starts = [index for index, each in enumerate(notes) if each.level == "label"]
    first = starts[0] if starts else len(notes)
    if first:
        yield None, tuple(notes[:first])
    for start, end in pairwise((*starts, len(notes))):
        yield notes[start], tuple(notes[start + 1 : end])


def fits_rail(label: SlideParagraph, writer: Writer) -> bool:
    """True if the rail has room for `label`."""
    paper, style = writer.theme.paper, writer.style("label")
    if paper.labels_above:
        return False
    room = paper.rail - RAIL_GAP
    lines = break_lines((Run(label.text, style.bold),), style, room)
    return len(lines) <= RAIL_LINES and widest_part(label.text, style) <= room


def label_lines(label: SlideParagraph, writer: Writer) -> tuple[Line, ...]:
    """Return a label of the rail in lines, as a heading in the tree."""
    style = writer.style("label")
    element = heading(writer)
    runs = inked_runs(label.runs, element, style, writer.setting)
    return break_lines(runs, style, writer.theme.paper.rail - RAIL_GAP)


def heading(writer: Writer) -> Element:
    """Return the element of a label."""
    element = writer.branches.text()
    element.role = "H4"
    return element


def hung_beside(label: Sequence[Line], boxes: Sequence[Box], writer: Writer) -> list[Box]:
    """Return `boxes` with the lines of a label beside the first of them, which stay on one page with it."""
    body, x = writer.style("body"), writer.theme.margin
    found, high = list(boxes), len(label) * body.leading
    if stacked(found).height < high:
        last = found[-1] if found else Box(0.0)
        found[-1:] = [replace(last, height=last.height + high - stacked(found).height)]
    items = tuple(
        item
        for index, line in enumerate(label)
        for item in line_items(line, x, index * body.leading + baseline_of(body))
    )
    beside = next(count for count in range(1, len(found) + 1) if stacked(found[:count]).height >= high)
    found[: beside - 1] = [replace(box, break_cost=NEVER) for box in found[: beside - 1]]
    found[0] = replace(with_items(found[0], items, first=True), before=GROUP_BEFORE)
    return found


def paragraph_boxes(paragraph: SlideParagraph, writer: Writer) -> list[Box]:
    """Return one paragraph as boxes a line."""
    measure, body = writer.measure, writer.style("body")
    if any(run.text == TAB for run in paragraph.runs):
        at = next(index for index, run in enumerate(paragraph.runs) if run.text == TAB)
        label, element = writer.branches.item(1, counted=True)
        mark = tuple(inked_runs(paragraph.runs[:at], label, body, writer.setting))
        return marked(mark, paragraph.runs[at + 1 :], element, STEP_INDENT, STEP_INDENT, writer)
    if paragraph.level in DEPTHS:
        counted, depth = paragraph.level in STEPS, DEPTHS[paragraph.level]
        label, element = writer.branches.item(depth, counted=counted)
        mark = (Run(f"{paragraph.number}." if counted else BULLET, False, Ink(label, "accent")),)
        hanging = STEP_INDENT if counted else INDENT
        return marked(mark, paragraph.runs, element, hanging * depth, hanging, writer)
    if paragraph.level == "label":
        style = writer.style("h3")
        words = inked_runs(paragraph.runs, heading(writer), style, writer.setting)
        box = text_box(words, style, measure.x, measure.width)
        return [replace(box, break_cost=NEVER)]
    if paragraph.level == "within":
        return marked((), paragraph.runs, writer.branches.within(), STEP_INDENT, 0.0, writer)
    style = writer.style("caption") if paragraph.level == "note" else body
    style = replace(style, before=0.0, after=body.after)
    runs = inked_runs(paragraph.runs, writer.branches.text(), style, writer.setting)
    return text_boxes(runs, style, measure.x, measure.width)


def marked(
    mark: Sequence[Run], runs: Sequence[TextRun], element: Element, left: float, hanging: float, writer: Writer
) -> list[Box]:
    """Return an item of a list with its mark before it."""
    measure, body = writer.measure, writer.style("body")
    style = replace(body, after=body.leading / 4)
    words = tuple(inked_runs(runs, element, style, writer.setting))
    boxes = text_boxes(words, style, measure.x + left, measure.width - left)
    marks = text_box(mark, style, measure.x + left - hanging, max(hanging, style.size)) if mark else Box(0.0)
    return [with_items(boxes[0], marks.items, first=True), *boxes[1:]] if boxes else []
