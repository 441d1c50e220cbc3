"""Lay out the blocks of a Document as measured boxes, with a bookmark for each block that has a title.

Calls the function for each kind of block, and sets what it costs to end a page between two blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import takewhile
from typing import TypeAlias, assert_never

from msgspec import Struct, field
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
    FixedWords,
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
from handouts.document.text import plain
from handouts.finding import Finding, error
from handouts.layout.boxes import LayoutBox
from handouts.layout.cards import card_boxes, wallet_card_boxes, wallet_card_context
from handouts.layout.contacts import contact_boxes
from handouts.layout.cover_band import cover_boxes
from handouts.layout.illustrations import chart_boxes, figure_boxes, picture_boxes, qr_code_boxes
from handouts.layout.inline_text import LayoutContext
from handouts.layout.page_model import Element, OutlineEntry
from handouts.layout.panels import callout_boxes, fork_boxes, main_message_boxes, script_boxes
from handouts.layout.prose import (
    Measure,
    bullet_boxes,
    heading_boxes,
    is_main_column,
    labelled_boxes,
    paragraph_boxes,
    source_boxes,
    step_boxes,
)
from handouts.layout.tables import comparison_boxes, table_boxes
from handouts.layout.worksheet_pages import field_boxes, worksheet_boxes
from handouts.theme import Theme

BEFORE_LIST_COST = 120.0
INSIDE_SECTION_COST = 10.0  # to end a page where no section ends


class BookmarkedLayout(Struct, frozen=True):
    """What laying out one document needs, and the bookmarks that it gathers: titles, or, if `discreet`, numbers.

    There are so many bookmarks `before` those.
    """

    context: LayoutContext
    discreet: bool = False
    before: int = 0
    outline: list[OutlineEntry] = field(default_factory=list)

    def note(self, level: int, title: str, element: Element) -> None:
        """Gather a bookmark that leads to `element`."""
        number = self.before + len(self.outline) + 1
        shown = self.context.words.say("section", n=number) if self.discreet else title
        self.outline.append(OutlineEntry(1 if self.discreet else level, shown, element))


class BlockContext(Struct, frozen=True):
    """What laying out a block takes: looks, words and room, and what of the blocks before and after it matters.

    `first` and `last` say whether a card is the first or the last of those that follow each other, `cited` are the
    sources cited before, and `bookmarks` tells how many there are before, if they are numbered. `row` are the cards to
    cut out that stand side by side, if the block is the first of them.
    """

    theme: Theme
    words: FixedWords
    room: float
    fillable: bool
    discreet: bool
    first: bool
    last: bool
    cited: frozenset[int]
    bookmarks: int
    row: tuple[Callout, ...] = ()
    phone_numbers: frozenset[str] = frozenset()
    cover_reduction: float = 0.0


class BlockLayout(Struct, frozen=True):
    """One block as laid out: its boxes, its elements, its bookmarks, all sources cited so far, and what does not fit.

    Plans share it, and change nothing of it.
    """

    boxes: tuple[LayoutBox, ...]
    elements: tuple[Element, ...]
    outline: tuple[OutlineEntry, ...]
    cited: frozenset[int]
    findings: tuple[Finding, ...]


LayOutBlock: TypeAlias = Callable[[Block, BlockContext], BlockLayout]


def lay_out_blocks(
    blocks: Sequence[Block], parent: Element, drafting: BookmarkedLayout, lay: LayOutBlock
) -> list[LayoutBox]:
    """Return the boxes of `blocks` on the axis; cards that follow each other share their rules.

    `lay` lays out one block: anew, or as remembered of an equal one, whose places in the source may be others.
    """
    context = drafting.context
    boxes: list[LayoutBox] = []
    for index, block in enumerate(blocks):
        laid = lay(block, block_context(blocks, index, drafting))
        if laid.boxes and boxes:
            boxes[-1] = replace(boxes[-1], break_cost=boxes[-1].break_cost + break_cost_before(block))
        boxes.extend(laid.boxes)
        parent.children.extend(laid.elements)
        drafting.outline.extend(laid.outline)
        context.cited.update(laid.cited)
        context.findings.extend(laid.findings)
    return boxes


def block_context(blocks: Sequence[Block], index: int, drafting: BookmarkedLayout) -> BlockContext:
    """Return what laying out the block at `index` takes."""
    context, is_card = drafting.context, isinstance(blocks[index], Card)
    return BlockContext(
        context.theme,
        context.words,
        context.room,
        context.fillable,
        drafting.discreet,
        first=is_card and not (index and isinstance(blocks[index - 1], Card)),
        last=is_card and not (index + 1 < len(blocks) and isinstance(blocks[index + 1], Card)),
        cited=frozenset(context.cited),
        bookmarks=len(drafting.outline) if drafting.discreet else 0,
        row=wallet_card_row(blocks, index),
        phone_numbers=context.phone_numbers,
        cover_reduction=context.cover_reduction if isinstance(blocks[index], Cover) else 0.0,
    )


def lay_out_block(block: Block, setting: BlockContext) -> BlockLayout:
    """Return one block as laid out on the axis."""
    theme, parent = setting.theme, Element("Document")
    known = setting.fillable, setting.phone_numbers, setting.cover_reduction
    context = LayoutContext(theme, setting.words, setting.room, *known, set(setting.cited))
    drafting = BookmarkedLayout(context, setting.discreet, setting.bookmarks)
    if isinstance(block, Card):
        layout = partial(nested_boxes, drafting=drafting)
        made = card_boxes(block, parent, context, layout, first=setting.first, last=setting.last)
    elif is_wallet_card(block):
        small = replace(drafting, context=wallet_card_context(context))
        layout = partial(nested_boxes, drafting=small)
        made = wallet_card_boxes(setting.row, parent, small.context, layout) if setting.row else []
    else:
        made = block_boxes(block, parent, Measure(theme.axis, theme.column), drafting)
    add_bookmark(block, parent, drafting)
    rows = isinstance(block, Table)  # which know their own places
    boxes = tuple([box if rows and box.at.line else replace(box, at=block.at) for box in made])
    cited, findings = frozenset(context.cited), tuple(context.findings)
    return BlockLayout(boxes, tuple(parent.children), tuple(drafting.outline), cited, findings)


# Handouts of a batch differ in a block or two. Those of three readers have some hundred and sixty, and twice as many
# where the crisis box takes a line more for some services.
cached_block_layout = lru_cache(maxsize=200)(lay_out_block)


def wallet_card_row(blocks: Sequence[Block], index: int) -> tuple[Callout, ...]:
    """Return the cards to cut out of the row that begins at `index`; none if it began before, or if it is none."""
    if not is_wallet_card(blocks[index]) or sum(1 for _ in takewhile(is_wallet_card, reversed(blocks[:index]))) % 2:
        return ()
    return tuple(each for each in blocks[index : index + 2] if isinstance(each, Callout) and each.cut)


def is_wallet_card(block: Block) -> bool:
    """True if a block is a card to cut out."""
    return isinstance(block, Callout) and block.cut


def nested_boxes(
    blocks: Sequence[Block], parent: Element, measure: Measure, *, drafting: BookmarkedLayout
) -> list[LayoutBox]:
    """Return the boxes of blocks inside another."""
    boxes: list[LayoutBox] = []
    for block in blocks:
        made = block_boxes(block, parent, measure, drafting)
        if made and boxes:
            boxes[-1] = replace(boxes[-1], break_cost=boxes[-1].break_cost + break_cost_before(block))
        boxes.extend(made)
    return boxes


def break_cost_before(block: Block) -> float:
    """Return what it costs to end a page before `block`: nothing before a section, most before what was announced."""
    match block:
        case Heading():
            return 0.0 if block.level == 2 else INSIDE_SECTION_COST / 2
        case BulletList() | Steps():
            return BEFORE_LIST_COST
        case _:
            return INSIDE_SECTION_COST


def block_boxes(block: Block, parent: Element, measure: Measure, drafting: BookmarkedLayout) -> list[LayoutBox]:
    """Return the measured boxes that show `block`, top to bottom."""
    context = drafting.context
    if isinstance(block, Cover | MainMessage | Fork | Card | Contacts | Worksheet) and not is_main_column(
        measure, context
    ):
        context.findings.append(out_of_place_finding(block))
    layout = partial(nested_boxes, drafting=drafting)
    match block:
        case Heading():
            return heading_boxes(block, parent, measure, context)
        case Paragraph():
            return paragraph_boxes(block, parent, measure, context)
        case BulletList():
            return bullet_boxes(block, parent, measure, context, layout)
        case Steps():
            return step_boxes(block, parent, measure, context, layout)
        case Labelled():
            return labelled_boxes(block, parent, measure, context, layout)
        case Callout():
            return callout_boxes(block, parent, measure, context, layout)
        case Cover():
            return cover_boxes(block, parent, context)
        case MainMessage():
            return main_message_boxes(block, parent, context)
        case Fork():
            return fork_boxes(block, parent, context, layout)
        case Card():
            return card_boxes(block, parent, context, layout)
        case Script():
            return script_boxes(block, parent, measure, context)
        case Comparison():
            return comparison_boxes(block, parent, measure, context)
        case Table():
            return table_boxes(block, parent, measure, context)
        case Figure():
            return figure_boxes(block, parent, measure, context)
        case Chart():
            return chart_boxes(block, parent, measure, context)
        case Contacts():
            return contact_boxes(block, parent, context)
        case Sources():
            return source_boxes(block, parent, measure, context)
        case QrCode():
            return qr_code_boxes(block, parent, measure, context)
        case Picture():
            return picture_boxes(block, parent, measure, context)
        case Worksheet():
            return worksheet_boxes(block, parent, context, layout)
        case Writing() | Choices() | Scale() | FillTable():
            return field_boxes(block, parent, measure, context)
        case _:
            assert_never(block)


def out_of_place_finding(block: Block) -> Finding:
    """Return the finding for a block that needs the width of the page and stands inside another."""
    hint = "write it outside of the block that holds it"
    return error("out-of-place", "There is no room here for a block of this kind.", block.at, hint)


def add_bookmark(block: Block, parent: Element, drafting: BookmarkedLayout) -> None:
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
