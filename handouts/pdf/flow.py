"""Blocks of a Document in, measured boxes from top to bottom out, and a bookmark for each that has a title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from typing import assert_never

from handouts.document import (
    Block,
    BulletList,
    Callout,
    Card,
    Chart,
    Choices,
    Comparison,
    Contacts,
    Cover,
    Figure,
    FillTable,
    Fork,
    Heading,
    Labelled,
    MainMessage,
    Paragraph,
    Picture,
    QrCode,
    Scale,
    Script,
    Sources,
    Steps,
    Table,
    Worksheet,
    Writing,
    plain,
)
from handouts.finding import Finding, error
from handouts.pdf.boxes import Box
from handouts.pdf.cards import card_boxes
from handouts.pdf.contacts import contact_boxes
from handouts.pdf.cutting import cut_boxes, small_desk
from handouts.pdf.forks import fork_boxes
from handouts.pdf.inline import Desk
from handouts.pdf.listings import chart_boxes, code_boxes, figure_boxes, source_boxes
from handouts.pdf.page import Element, OutlineEntry
from handouts.pdf.panels import callout_boxes, cover_boxes, main_message_boxes, script_boxes
from handouts.pdf.pictures import picture_boxes
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
from handouts.pdf.worksheets import field_boxes, worksheet_boxes

LIST_COST = 120.0
INSIDE_COST = 10.0  # to end a page where no section ends


@dataclass(frozen=True, slots=True)
class Drafting:
    """What laying out one document needs, and the bookmarks that it gathers: titles, or, if `discreet`, numbers."""

    desk: Desk
    discreet: bool = False
    outline: list[OutlineEntry] = field(default_factory=list)

    def note(self, level: int, title: str, element: Element) -> None:
        """Gather a bookmark that leads to `element`."""
        shown = self.desk.words.say("section", n=len(self.outline) + 1) if self.discreet else title
        self.outline.append(OutlineEntry(1 if self.discreet else level, shown, element))


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
        elif is_cut(block):
            small = replace(drafting, desk=small_desk(drafting.desk))
            row = row_of_cards(blocks, index)
            made = cut_boxes(row, parent, small.desk, partial(inner_boxes, drafting=small)) if row else []
        else:
            made = boxes_of(block, parent, measure, drafting)
        if made and boxes:
            boxes[-1] = replace(boxes[-1], break_cost=boxes[-1].break_cost + cost_before(block))
        rows = isinstance(block, Table)  # which know their own places
        boxes.extend(box if rows and box.at.line else replace(box, at=block.at) for box in made)
        note_bookmark(block, parent, drafting)
    return boxes


def row_of_cards(blocks: Sequence[Block], index: int) -> list[Callout]:
    """Return the cards to cut out of the row that begins at `index`, or none if the row began with the one before."""
    before = sum(1 for _ in takewhile(is_cut, reversed(blocks[:index])))
    return [] if before % 2 else [each for each in blocks[index : index + 2] if isinstance(each, Callout) and each.cut]


def is_cut(block: Block) -> bool:
    """True if a block is a card to cut out."""
    return isinstance(block, Callout) and block.cut


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


def boxes_of(block: Block, parent: Element, measure: Measure, drafting: Drafting) -> list[Box]:
    """Return the measured boxes that show `block`, top to bottom."""
    desk = drafting.desk
    if isinstance(block, Cover | MainMessage | Fork | Card | Contacts | Worksheet) and not is_column(measure, desk):
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
        case Chart():
            return chart_boxes(block, parent, measure, desk)
        case Contacts():
            return contact_boxes(block, parent, desk)
        case Sources():
            return source_boxes(block, parent, measure, desk)
        case QrCode():
            return code_boxes(block, parent, measure, desk)
        case Picture():
            return picture_boxes(block, parent, measure, desk)
        case Worksheet():
            return worksheet_boxes(block, parent, desk, layout)
        case Writing() | Choices() | Scale() | FillTable():
            return field_boxes(block, parent, measure, desk)
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
            drafting.note(1, plain(block.title), title)
        case Heading():
            drafting.note(max(1, block.level - 1), plain(block.content), last)
        case Worksheet(blocks=(Heading() as title, *_)):
            drafting.note(1, plain(title.content), last.children[0])
        case Fork():
            drafting.note(1, plain(block.question), last.children[0])
        case _:
            pass
