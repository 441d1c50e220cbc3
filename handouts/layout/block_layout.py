"""Lay out the blocks of a Document as measured boxes, with bookmarks for titles.

Calls the layout function of each kind of block, and sets the cost of page breaks between blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import assert_never

from msgspec.structs import replace

from handouts.document.nodes import (
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
)
from handouts.finding import error
from handouts.layout.boxes import LayoutBox
from handouts.layout.cards import card_boxes, wallet_card_boxes, wallet_cards_per_row
from handouts.layout.contacts import contact_boxes
from handouts.layout.cover_band import cover_boxes
from handouts.layout.illustrations import figure_boxes, picture_boxes, qr_code_boxes
from handouts.layout.inline_text import LayoutContext, Measure
from handouts.layout.page_model import Element
from handouts.layout.panels import callout_boxes, fork_boxes, main_message_boxes, script_boxes
from handouts.layout.prose import bullet_boxes, heading_boxes, labelled_boxes, paragraph_boxes, source_boxes, step_boxes
from handouts.layout.tables import comparison_boxes, table_boxes
from handouts.layout.worksheet_pages import field_boxes, worksheet_boxes

_BEFORE_LIST_COST = 120.0
_INSIDE_SECTION_COST = 10.0  # to end a page elsewhere than at the end of a section


def lay_out_page_blocks(blocks: Sequence[Block], parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the boxes of top-level blocks, in the column of the page, and add their bookmarks to `context`.

    Cards that follow each other share their rules; wallet cards stand in pairs where the paper is wide enough.
    """
    boxes: list[LayoutBox] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Card):
            first = not index or not isinstance(blocks[index - 1], Card)
            last = index + 1 == len(blocks) or not isinstance(blocks[index + 1], Card)
            inside = card_boxes(block, parent, context, first=first, last=last)
        elif _is_wallet_card(block):
            row = _wallet_card_row(blocks, index, wallet_cards_per_row(context))
            inside = wallet_card_boxes(row, parent, context) if row else []
        else:
            inside = _block_boxes(block, parent, context.column, context)
        _add_bookmark(block, parent, context)
        rows_have_places = isinstance(block, Table)
        inside = [box if rows_have_places and box.at.line else replace(box, at=block.at) for box in inside]
        _append_boxes(boxes, inside, block)
    return boxes


def lay_out_nested_blocks(
    blocks: Sequence[Block], parent: Element, measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return the boxes of blocks inside another block, in lines of `measure`."""
    boxes: list[LayoutBox] = []
    for block in blocks:
        _append_boxes(boxes, _block_boxes(block, parent, measure, context), block)
    return boxes


def _append_boxes(boxes: list[LayoutBox], more: Sequence[LayoutBox], block: Block) -> None:
    """Append the boxes of `block`, and add the cost of a page break before them to the last box."""
    if boxes and more:
        boxes[-1] = replace(boxes[-1], break_cost=boxes[-1].break_cost + _break_cost_before(block))
    boxes.extend(more)


def _break_cost_before(block: Block) -> float:
    """Return the cost of a page break before `block`: none before a section, most before a list."""
    match block:
        case Heading():
            return 0.0 if block.level == 2 else _INSIDE_SECTION_COST / 2
        case BulletList() | Steps():
            return _BEFORE_LIST_COST
        case _:
            return _INSIDE_SECTION_COST


def _is_wallet_card(block: Block) -> bool:
    """True if a block is a wallet card, to be cut out."""
    return isinstance(block, Callout) and block.cut


def _wallet_card_row(blocks: Sequence[Block], index: int, count: int) -> tuple[Callout, ...]:
    """Return the wallet cards of the row that begins at `index`, at most `count`; none if no row begins there."""
    if sum(1 for _ in takewhile(_is_wallet_card, reversed(blocks[:index]))) % count:
        return ()
    return tuple(each for each in blocks[index : index + count] if isinstance(each, Callout) and each.cut)


def _block_boxes(block: Block, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return the measured boxes of `block`, top to bottom; its structure elements are added to `parent`."""
    needs_page_width = isinstance(block, Cover | MainMessage | Fork | Card | Contacts | Worksheet)
    if needs_page_width and not context.is_column(measure):
        message, hint = "There is no room here for a block of this kind.", "write it outside of the block that holds it"
        context.findings.append(error("out-of-place", message, block.at, hint))
    match block:
        case Heading():
            return heading_boxes(block, parent, measure, context)
        case Paragraph():
            return paragraph_boxes(block, parent, measure, context)
        case BulletList():
            return bullet_boxes(block, parent, measure, context)
        case Steps():
            return step_boxes(block, parent, measure, context)
        case Labelled():
            return labelled_boxes(block, parent, measure, context)
        case Callout():
            return callout_boxes(block, parent, measure, context)
        case Cover():
            return cover_boxes(block, parent, context)
        case MainMessage():
            return main_message_boxes(block, parent, context)
        case Fork():
            return fork_boxes(block, parent, context)
        case Card():
            return card_boxes(block, parent, context)
        case Script():
            return script_boxes(block, parent, measure, context)
        case Comparison():
            return comparison_boxes(block, parent, measure, context)
        case Table():
            return table_boxes(block, parent, measure, context)
        case Figure() | Chart():
            return figure_boxes(block, parent, measure, context)
        case Contacts():
            return contact_boxes(block, parent, context)
        case Sources():
            return source_boxes(block, parent, measure, context)
        case QrCode():
            return qr_code_boxes(block, parent, measure, context)
        case Picture():
            return picture_boxes(block, parent, measure, context)
        case Worksheet():
            return worksheet_boxes(block, parent, context)
        case Writing() | Choices() | Scale() | FillTable():
            return field_boxes(block, parent, measure, context)
        case _:
            assert_never(block)


def _add_bookmark(block: Block, parent: Element, context: LayoutContext) -> None:
    """Add a bookmark if `block` is one that gets one; the last child of `parent` is the element of `block`."""
    match block:
        case Cover():
            title = next(each for each in reversed(parent.children) if each.role == "H1")
            context.bookmark(1, block.title, title)
        case Heading():
            context.bookmark(max(1, block.level - 1), block.content, parent.children[-1])
        case Worksheet(blocks=(Heading() as heading, *_)):
            context.bookmark(1, heading.content, parent.children[-1].children[0])
        case Fork():
            context.bookmark(1, block.question, parent.children[-1].children[0])
        case _:
            pass
