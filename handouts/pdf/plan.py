"""A Document and a Theme in, planned pages out: the half that is full of thought.

Builds the structure tree in reading order, lays each block out as boxes, finds where pages end, and adds what stands on
every page. Paints nothing and reads no file.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from handouts.finding import Finding
from handouts.pdf.boxes import NEVER, Box, moved_down
from handouts.pdf.breaking import Frame, Placed, break_pages
from handouts.pdf.furniture import CRISIS_BOTTOM, CrisisBox, crisis_box, foot_items, head_items
from handouts.pdf.inline import Desk
from handouts.pdf.listings import code_boxes, contact_boxes, figure_boxes, source_boxes
from handouts.pdf.page import Element, Item, OutlineEntry, Page, Plan
from handouts.pdf.panels import callout_boxes, cover_boxes, fork_boxes, main_message_boxes, script_boxes
from handouts.pdf.prose import (
    Measure,
    bullet_boxes,
    heading_boxes,
    labelled_boxes,
    paragraph_boxes,
    step_boxes,
)
from handouts.pdf.tables import card_boxes, comparison_boxes, table_boxes
from handouts.theme import Theme

FIRST_TOP, HEADING_TOP, OTHER_TOP, ABOVE_CRISIS = 42.0, 60.0, 68.0, 12.0


@dataclass(frozen=True, slots=True)
class Drafting:
    """What laying out one document needs and gathers."""

    desk: Desk
    outline: list[OutlineEntry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def plan_document(document: Document, theme: Theme) -> Plan:
    """Return the pages of `document` with their structure tree, bookmarks and findings."""
    drafting = Drafting(Desk(theme, document.words))
    root = Element("Document", language=document.language)
    opening, rest = split_opening(document.blocks)
    boxes = boxes_of_all(opening, root, drafting)
    crisis = crisis_box(document.crisis, root, drafting.desk)
    boxes.append(Box(0.0, fixed=crisis.read, break_cost=NEVER))
    boxes.extend(boxes_of_all(rest, root, drafting))
    pages, findings = break_pages(boxes, frame_of(theme, crisis))
    sheets = tuple(
        page_of(placed, index, len(pages), document, crisis, drafting.desk) for index, placed in enumerate(pages)
    )
    return Plan(sheets, root, tuple(drafting.outline), (*drafting.findings, *findings))


def split_opening(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Return the cover and main message, after which the crisis box is read, and the rest."""
    count = 0
    while count < len(blocks) and isinstance(blocks[count], Cover | MainMessage):
        count += 1
    return blocks[:count], blocks[count:]


def frame_of(theme: Theme, crisis: CrisisBox) -> Frame:
    """Return where boxes may stand on a page."""
    bottom = theme.paper.height - CRISIS_BOTTOM - crisis.height - ABOVE_CRISIS
    return Frame(FIRST_TOP, HEADING_TOP, OTHER_TOP, bottom)


def page_of(
    placed: Sequence[Placed], index: int, count: int, document: Document, crisis: CrisisBox, desk: Desk
) -> Page:
    """Return one page: running head, its boxes, crisis box and foot."""
    items: list[Item] = list(head_items(document, desk)) if index else []
    for each in placed:
        items.extend(moved_down(each.box.items, each.y))
        items.extend(each.box.fixed)
    if index:
        items.extend(crisis.repeated)
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
        boxes.extend(replace(box, at=block.at) for box in made)
        note_bookmark(block, parent, drafting)
    return boxes


def inner_boxes(blocks: Sequence[Block], parent: Element, measure: Measure, *, drafting: Drafting) -> list[Box]:
    """Return the boxes of blocks inside another."""
    return [box for block in blocks for box in boxes_of(block, parent, measure, drafting)]


def boxes_of(block: Block, parent: Element, measure: Measure, drafting: Drafting) -> list[Box]:
    """Return the measured boxes that show `block`, top to bottom."""
    desk = drafting.desk
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
            return comparison_boxes(block, parent, desk)
        case Table():
            return table_boxes(block, parent, desk, drafting.findings)
        case Figure():
            return figure_boxes(block, parent, desk, drafting.findings)
        case Contacts():
            return contact_boxes(block, parent, desk)
        case Sources():
            return source_boxes(block, parent, desk)
        case QrCode():
            return code_boxes(block, parent, measure, desk)
        case _:
            assert_never(block)


def note_bookmark(block: Block, parent: Element, drafting: Drafting) -> None:
    """Remember a bookmark for a block that has a title."""
    match block:
        case Cover():
            (heading,) = (each for each in parent.children if each.role == "H1")
            drafting.outline.append(OutlineEntry(1, plain(block.title), heading))
        case Heading():
            drafting.outline.append(OutlineEntry(block.level - 1, plain(block.content), parent.children[-1]))
        case Fork():
            drafting.outline.append(OutlineEntry(1, plain(block.question), parent.children[-1].children[0]))
