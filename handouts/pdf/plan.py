"""A Document and a Theme in, planned pages out: the half that is full of thought.

Builds the structure tree in reading order, lays each block out as boxes, finds where pages end, and adds what stands on
every page. Paints nothing and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import assert_never

from handouts.document import (
    Block,
    BulletList,
    Callout,
    Card,
    Comparison,
    Contacts,
    Cover,
    Document,
    Figure,
    Fork,
    Heading,
    Labelled,
    MainMessage,
    Paragraph,
    QrCode,
    Script,
    Sources,
    Steps,
    Table,
    plain,
)
from handouts.finding import Finding, error, in_order
from handouts.pdf.boxes import NEVER, Box, moved_down, stacked
from handouts.pdf.breaking import Frame, Placed, break_pages
from handouts.pdf.cards import card_boxes
from handouts.pdf.furniture import CrisisBox, crisis_box, crisis_height, foot_height, foot_items, head_items
from handouts.pdf.inline import Desk
from handouts.pdf.listings import code_boxes, contact_boxes, figure_boxes, source_boxes
from handouts.pdf.page import Element, Item, OutlineEntry, Page, Plan
from handouts.pdf.panels import callout_boxes, cover_boxes, fork_boxes, main_message_boxes, script_boxes
from handouts.pdf.prose import (
    Measure,
    bullet_boxes,
    heading_boxes,
    is_column,
    labelled_boxes,
    paragraph_boxes,
    step_boxes,
)
from handouts.pdf.tables import comparison_boxes, table_boxes
from handouts.theme import Theme

FIRST_TOP, HEADING_TOP, OTHER_TOP, ABOVE_CRISIS = 42.0, 60.0, 68.0, 12.0
FEW_PAGES = 9
FOLLOWING_LINES = 2
LIST_COST = 120.0
INSIDE_COST = 10.0  # to end a page where no section ends
HEADINGS, CELLS = ("H1", "H2", "H3", "H4", "H5", "H6"), ("TD", "TH")


@dataclass(frozen=True, slots=True)
class Drafting:
    """What laying out one document needs, and the bookmarks that it gathers."""

    desk: Desk
    outline: list[OutlineEntry] = field(default_factory=list)


def plan_document(document: Document, theme: Theme) -> Plan:
    """Return the pages of `document` with their structure tree, bookmarks and findings."""
    foot = foot_height(document, theme, FEW_PAGES)
    plan = plan_pages(document, theme, foot)
    needed = foot_height(document, theme, len(plan.pages))
    return plan if needed <= foot else plan_pages(document, theme, needed)


def plan_pages(document: Document, theme: Theme, foot: float) -> Plan:
    """Return the plan of `document` with a `foot` so high."""
    desk = Desk(theme, document.words, room_of(document, theme, foot))
    drafting = Drafting(desk)
    root = Element("Document", language=document.language)
    opening, rest = split_opening(document.blocks)
    boxes = boxes_of_all(opening, root, drafting)
    crisis = crisis_box(document, foot, root, desk)
    if boxes:
        boxes[-1] = replace(boxes[-1], fixed=crisis.read)
    boxes.extend(boxes_of_all(rest, root, drafting))
    boxes = with_headings_kept(boxes or [Box(0.0)], FOLLOWING_LINES * desk.style("body").leading)
    pages, findings = break_pages(boxes, frame_of(document, theme, foot, crisis.height))
    head = head_items(document, desk) if len(pages) > 1 or not has_cover(document) else ()
    sheets = tuple(
        sheet_of(placed, index, len(pages), document, head, crisis, desk, reads_crisis=not (index or opening))
        for index, placed in enumerate(pages)
    )
    mend_headings(root)
    prune(root, {id(item.element) for sheet in sheets for item in sheet.items})
    return Plan(sheets, root, tuple(drafting.outline), in_order((*desk.findings, *findings)))


def mend_headings(root: Element) -> None:
    """Give each heading the level below that of the one it stands under, so none is skipped (ISO 14289-1, 7.4.2)."""
    above: list[int] = []
    for element in elements_of(root):
        if element.role in HEADINGS:
            level = HEADINGS.index(element.role)
            above = [each for each in above if each < level] + [level]
            element.role = HEADINGS[len(above) - 1]


def elements_of(element: Element) -> Iterator[Element]:
    """Yield `element` and all below it in reading order."""
    yield element
    for child in element.children:
        yield from elements_of(child)


def prune(element: Element, painted: Set[int]) -> bool:
    """Take out of the tree what holds nothing that is painted, and return whether `element` holds anything.

    The cells of a table stay: a row has as many as its head.
    """
    element.children[:] = [child for child in element.children if prune(child, painted)]
    return bool(element.children) or id(element) in painted or element.role in CELLS


def split_opening(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Return the cover and main message, after which the crisis box is read, and the rest."""
    count = 0
    while count < len(blocks) and isinstance(blocks[count], Cover | MainMessage):
        count += 1
    return blocks[:count], blocks[count:]


def frame_of(document: Document, theme: Theme, foot: float, crisis: float) -> Frame:
    """Return where boxes may stand on a page whose foot and crisis box are so high."""
    bottom = theme.paper.height - foot - (crisis + ABOVE_CRISIS if crisis else 0.0)
    return Frame(FIRST_TOP if has_cover(document) else None, HEADING_TOP, OTHER_TOP, bottom)


def room_of(document: Document, theme: Theme, foot: float) -> float:
    """Return how high the boxes of a page may be together."""
    frame = frame_of(document, theme, foot, crisis_height(document, theme))
    return frame.bottom - frame.others


def has_cover(document: Document) -> bool:
    """True if the first page begins with a cover, and needs no running head."""
    return bool(document.blocks) and isinstance(document.blocks[0], Cover)


def sheet_of(
    placed: Sequence[Placed],
    index: int,
    count: int,
    document: Document,
    head: Sequence[Item],
    crisis: CrisisBox,
    desk: Desk,
    *,
    reads_crisis: bool,
) -> Page:
    """Return one page: the running `head`, its boxes, crisis box and foot."""
    items: list[Item] = list(head if index or not has_cover(document) else ())
    items.extend(crisis.read if reads_crisis else ())
    for each in placed:
        items.extend(moved_down(each.box.items, each.y))
        items.extend(each.box.fixed)
    items.extend(crisis.repeated if index else ())
    items.extend(foot_items(document, index + 1, count, desk))
    return Page(desk.theme.paper.width, desk.theme.paper.height, tuple(items))


def boxes_of_all(blocks: Sequence[Block], parent: Element, drafting: Drafting) -> list[Box]:
    """Return the boxes of `blocks` on the axis; cards that follow each other share their rules."""
    theme = drafting.desk.theme
    measure = Measure(theme.axis, theme.column)
    boxes: list[Box] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Card):
            first = not (index and isinstance(blocks[index - 1], Card))
            last = not (index + 1 < len(blocks) and isinstance(blocks[index + 1], Card))
            layout = partial(inner_boxes, drafting=drafting)
            made = card_boxes(block, parent, drafting.desk, layout, first=first, last=last)
        else:
            made = boxes_of(block, parent, measure, drafting)
        if made and boxes:
            boxes[-1] = replace(boxes[-1], break_cost=boxes[-1].break_cost + cost_before(block))
        boxes.extend(replace(box, at=block.at) for box in made)
        note_bookmark(block, parent, drafting)
    return boxes


def inner_boxes(blocks: Sequence[Block], parent: Element, measure: Measure, *, drafting: Drafting) -> list[Box]:
    """Return the boxes of blocks inside another."""
    boxes: list[Box] = []
    for block in blocks:
        made = boxes_of(block, parent, measure, drafting)
        if made and boxes:
            boxes[-1] = replace(boxes[-1], break_cost=boxes[-1].break_cost + cost_before(block))
        boxes.extend(made)
    return boxes


def cost_before(block: Block) -> float:
    """Return what it costs to end a page before `block`: nothing before a section, most before what was announced."""
    match block:
        case Heading():
            return 0.0 if block.level == 2 else INSIDE_COST / 2
        case BulletList() | Steps():
            return LIST_COST
        case _:
            return INSIDE_COST


def with_headings_kept(boxes: Sequence[Box], least: float) -> list[Box]:
    """Return `boxes` so that at least `least` of what follows a heading stands on its page."""
    changed = list(boxes)
    for index in (index for index, box in enumerate(boxes) if box.heads):
        end = index + 1
        while end < len(boxes) - 1 and stacked(boxes[index + 1 : end + 1]).height < least:
            end += 1
        changed[index:end] = [replace(box, break_cost=NEVER) for box in changed[index:end]]
    return changed


def boxes_of(block: Block, parent: Element, measure: Measure, drafting: Drafting) -> list[Box]:
    """Return the measured boxes that show `block`, top to bottom."""
    desk = drafting.desk
    if isinstance(block, Cover | MainMessage | Fork | Card | Contacts) and not is_column(measure, desk):
        desk.findings.append(out_of_place(block))
    layout = partial(inner_boxes, drafting=drafting)
    match block:
        case Heading():
            return heading_boxes(block, parent, measure, desk)
        case Paragraph():
            return paragraph_boxes(block, parent, measure, desk)
        case BulletList():
            return bullet_boxes(block, parent, measure, desk, layout)
        case Steps():
            return step_boxes(block, parent, measure, desk, layout)
        case Labelled():
            return labelled_boxes(block, parent, measure, desk, layout)
        case Callout():
            return callout_boxes(block, parent, measure, desk, layout)
        case Cover():
            return cover_boxes(block, parent, desk)
        case MainMessage():
            return main_message_boxes(block, parent, desk)
        case Fork():
            return fork_boxes(block, parent, desk, layout)
        case Card():
            return card_boxes(block, parent, desk, layout)
        case Script():
            return script_boxes(block, parent, measure, desk)
        case Comparison():
            return comparison_boxes(block, parent, measure, desk)
        case Table():
            return table_boxes(block, parent, measure, desk)
        case Figure():
            return figure_boxes(block, parent, measure, desk)
        case Contacts():
            return contact_boxes(block, parent, desk)
        case Sources():
            return source_boxes(block, parent, measure, desk)
        case QrCode():
            return code_boxes(block, parent, measure, desk)
        case _:
            assert_never(block)


def out_of_place(block: Block) -> Finding:
    """Return the finding for a block that needs the width of the page and stands inside another."""
    hint = "write it outside of the block that holds it"
    return error("out-of-place", "There is no room here for a block of this kind.", block.at, hint)


def note_bookmark(block: Block, parent: Element, drafting: Drafting) -> None:
    """Remember a bookmark for a block that has a title."""
    last = parent.children[-1] if parent.children else parent
    match block:
        case Cover():
            title = next(each for each in reversed(parent.children) if each.role == "H1")
            drafting.outline.append(OutlineEntry(1, plain(block.title), title))
        case Heading():
            drafting.outline.append(OutlineEntry(max(1, block.level - 1), plain(block.content), last))
        case Fork():
            drafting.outline.append(OutlineEntry(1, plain(block.question), last.children[0]))
        case _:
            pass
