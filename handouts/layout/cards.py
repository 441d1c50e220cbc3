"""Lay out cards: a factor between rules with its number and sign in the rail, and wallet cards to cut out.

Wallet cards are as wide as a bank card and have their own type styles; with much text they become higher, and the type
stays as large. The rest of their page is filled with copies, which are artifacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from handouts.document.nodes import (
    Block,
    Blocks,
    BulletList,
    Callout,
    Card,
    CardRow,
    Contact,
    Contacts,
    Script,
    Steps,
    Text,
    shared_note,
)
from handouts.document.text import contact_note, plain
from handouts.figures.shapes import Path, Rectangle, Shape
from handouts.figures.signs import SIGN_NAMES, is_sign, sign_drawing
from handouts.finding import error, suggest_name
from handouts.layout.boxes import (
    NEVER,
    LayoutBox,
    decoration_items,
    moved_down,
    rule,
    stacked,
    stacked_height,
    straight_line,
    strong_rule,
    with_items,
    with_outer_spaces,
)
from handouts.layout.contacts import without_shared_note
from handouts.layout.inline_text import (
    LayoutContext,
    Measure,
    RunTag,
    baseline_offset,
    contact_note_runs,
    inline_box,
    inline_runs,
    line_items,
    link_element,
    number_family,
    plain_text_box,
    text_box,
)
from handouts.layout.page_model import Element, PageItem
from handouts.text.line_breaking import StyledRun, break_lines, text_width
from handouts.theme import TypeStyle
from handouts.units import mm

# ---------------------------------------------------------------- cards

_CARD_TOP, _CARD_BOTTOM, _SIGN_LEFT, _SIGN_TOP = 8.0, 6.0, 27.0, 13.0
_CARD_BEFORE, _CARD_AFTER, _BLOCKS_BEFORE = 8.0, 10.0, 4.0
_ROW_LABEL_WIDTH, _LABEL_GAP, _ROW_ABOVE, _CARD_BREAK_COST = 102.0, 10.0, 5.0, 40.0
_WHOLE_BLOCK_SHARE = 0.5  # of a page: no page ends inside a block of a card that is no higher


def card_boxes(
    card: Card, parent: Element, context: LayoutContext, *, first: bool = True, last: bool = True
) -> list[LayoutBox]:
    """Return a card, as one box unless it is higher than a page.

    `first` and `last` say whether it is the first or the last of a sequence of cards.
    """
    section, full = parent.add(Element("Sect")), context.full_width
    head = _card_head(card, section, context)
    blocks = _card_block_boxes(card.blocks, section, context)
    under = _sign_bottom(context) - head[0].height  # how far the sign reaches below the lines beside it
    if blocks:
        blocks[0] = replace(blocks[0], before=max(_BLOCKS_BEFORE, under - blocks[0].height))
    else:
        head[0] = replace(head[0], height=head[0].height + max(0.0, under))
    boxes = [*head, *blocks]
    above = strong_rule(full.x, full.right, 0.0) if first else rule(full.x, full.right, 0.0)
    boxes[0] = with_items(boxes[0], (above,), first=True)
    end = boxes[-1].height + _CARD_BOTTOM
    boxes[-1] = replace(boxes[-1], height=end, break_cost=0.0)
    if last:
        boxes[-1] = with_items(boxes[-1], (strong_rule(full.x, full.right, end),))
    boxes = with_outer_spaces(boxes, _CARD_BEFORE if first else 0.0, _CARD_AFTER if last else 0.0)
    whole = stacked(boxes)
    return [replace(whole, at=card.at)] if whole.height <= context.room else boxes


def _card_block_boxes(blocks: Blocks, section: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return one box for each block of a card, but all boxes of a block that is higher than half a page.

    A page may end between blocks, but not before a list.
    """
    boxes: list[LayoutBox] = []
    for block in blocks:
        if boxes and isinstance(block, BulletList | Steps):
            boxes[-1] = replace(boxes[-1], break_cost=NEVER)
        inside = context.boxes_inside((block,), section, context.column)
        if inside and stacked_height(inside) <= _WHOLE_BLOCK_SHARE * context.room:
            inside = [replace(stacked(inside), break_cost=_CARD_BREAK_COST)]
        boxes.extend(inside)
    return boxes


def _card_head(card: Card, section: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return a box with number, sign, claim and the labelled rows beside the sign, then a box for each other row.

    No page ends after the first box, because the sign may reach below it. Where the rail is narrow, the number stands
    before the claim.
    """
    theme, column, h3 = context.theme, context.column, replace(context.style("h3"), before=0.0)
    heading, above = section.add(Element("H3")), theme.paper.labels_above
    digits = heading.add(Element("Span"))
    number: tuple[PageItem, ...] = ()
    words = inline_runs(card.claim, heading, h3.colour, context)
    if above:
        mark = StyledRun(f"{card.number}. ", key=RunTag(digits, "accent"))
        claim = text_box((mark, *words), h3, column.x, column.width)
    else:
        claim = text_box(words, h3, column.x, column.width)
        style = replace(context.style("h2"), before=0.0, after=0.0)
        box = plain_text_box(f"{card.number} ", digits, style, theme.margin, 2 * _SIGN_LEFT, "accent")
        number = moved_down(box.items, _CARD_TOP + baseline_offset(h3) - baseline_offset(style))
    rows = _card_row_boxes(card.rows, section, context)
    beside = next(
        (n for n in range(1, len(rows)) if _CARD_TOP + stacked_height((claim, *rows[:n])) >= _sign_bottom(context)),
        len(rows),
    )
    inside = stacked((claim, *rows[:beside]))
    left = theme.margin + (0.0 if above else _SIGN_LEFT)
    sign = decoration_items(_sign_shapes(card, context), left, _sign_top(context))
    items = (*sign, *number, *moved_down(inside.items, _CARD_TOP))
    first = LayoutBox(_CARD_TOP + inside.height, items, break_cost=NEVER, at=card.at)
    return [first, *(replace(row, break_cost=_CARD_BREAK_COST) for row in rows[beside:])]


def _sign_top(context: LayoutContext) -> float:
    """Return the distance from the top of a card to the top of its sign."""
    return _CARD_TOP if context.theme.paper.labels_above else _SIGN_TOP


def _sign_bottom(context: LayoutContext) -> float:
    """Return the distance from the top of a card to the bottom of its sign."""
    return _sign_top(context) + context.theme.paper.sign


def _sign_shapes(card: Card, context: LayoutContext) -> tuple[Shape, ...]:
    """Return the shapes of a card's sign, if any; an unknown name is a finding."""
    if is_sign(card.sign):
        return sign_drawing(card.sign, context.theme.paper.sign).shapes
    if isinstance(card.sign, str) and card.sign:
        hint = suggest_name(card.sign, SIGN_NAMES)
        context.findings.append(error("unknown-sign", f"There is no sign '{card.sign}'.", card.at, hint))
    return ()


def _card_row_boxes(rows: Sequence[CardRow], parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the labelled rows of a card, each label beside or above its text; rows about what to do stand out."""
    body, column = replace(context.style("body"), after=0.0), context.column
    widest = max((text_width(plain(row.label), replace(body, bold=row.acts)) for row in rows), default=0.0)
    above = context.theme.paper.labels_above or widest + _LABEL_GAP > column.width / 2
    left = 0.0 if above else max(_ROW_LABEL_WIDTH, widest + _LABEL_GAP)
    listing = parent.add(Element("L")) if rows else parent
    boxes = []
    for row in rows:
        entry = listing.add(Element("LI"))
        bold, colour = row.acts or above, "accent" if row.acts or above else "stone"
        style, measure = replace(body, bold=bold, colour=colour), Measure(column.x, column.width if above else left)
        label = inline_box(row.label, entry.add(Element("Lbl")), style, measure, context)
        text = inline_box(row.content, entry.add(Element("LBody")), body, column.indented(left), context)
        if above:
            boxes.append(replace(stacked((label, text)), before=_ROW_ABOVE))
        else:
            boxes.append(with_items(text, label.items, first=True))
    return boxes


# ---------------------------------------------------------------- wallet cards

_WALLET_WIDTH, _WALLET_HEIGHT = mm(85.6), mm(54.0)  # ISO/IEC 7810, ID-1
_WALLET_PAD, _WALLET_GAP, _CUT_EDGE = 9.0, 3.0, 0.75
_CROP_MARK, _CROP_MARK_GAP = 7.0, 2.0  # the length of a mark, and its distance from the corner
_CROP_MARK_ROOM = 12.0  # above and below a card
_STEP_NUMBER_WIDTH, _NUMBER_GAP, _NAME_GAP, _BLANK_LINE_DROP = 14.0, 8.0, "  ", 2.0
_WALLET_TEXT_ROLES = ("body", "h3", "label", "script", "caption")


def wallet_cards_per_row(context: LayoutContext) -> int:
    """Return how many wallet cards stand side by side: two, which can be folded, or one on narrow paper."""
    return 2 if context.full_width.width >= 2 * _WALLET_WIDTH else 1


def wallet_card_boxes(cards: Sequence[Callout], parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the cards of a row side by side, equally high, with marks for cutting and folding."""
    card = context.style("card")
    styles = {role: replace(card, bold=role in ("h3", "label"), after=_WALLET_GAP) for role in _WALLET_TEXT_ROLES}
    context = replace(context, theme=replace(context.theme, print={**context.theme.print, **styles}))
    edges = [context.theme.margin + index * _WALLET_WIDTH for index in range(len(cards))]
    inside = [_wallet_card_content(card, parent, left, context) for card, left in zip(cards, edges, strict=True)]
    height = max(_WALLET_HEIGHT, *(each.height + 2 * _WALLET_PAD for each in inside))
    items = [item for each in inside for item in moved_down(each.items, _CROP_MARK_ROOM + _WALLET_PAD)]
    for left in edges:
        items.extend(decoration_items(_wallet_card_shapes(height), left, _CROP_MARK_ROOM))
    return [LayoutBox(height + 2 * _CROP_MARK_ROOM, tuple(items), fill_page_with_copies=True, at=cards[0].at)]


def _wallet_card_content(card: Callout, parent: Element, left: float, context: LayoutContext) -> LayoutBox:
    """Return the content of a card whose left edge is at `left`."""
    section, measure = parent.add(Element("Sect")), Measure(left + _WALLET_PAD, _WALLET_WIDTH - 2 * _WALLET_PAD)
    title = section.add(Element("H3"))
    inside = [inline_box(card.title, title, context.style("h3"), measure, context, bold=True, colour="accent")]
    for block in card.blocks:
        inside.extend(_wallet_block_boxes(block, section, measure, context))
    return stacked(inside)


def _wallet_card_shapes(height: float) -> tuple[Shape, ...]:
    """Return the edge of a card of this height, and a crop mark at each corner."""
    edge = Rectangle(0, 0, _WALLET_WIDTH, height, 0.0, stroke="stone", edge=_CUT_EDGE)
    marks = (
        Path((("M", (x, y)), ("L", (x, y + _CROP_MARK))), stroke="ink", width=_CUT_EDGE, cap="butt")
        for x in (0.0, _WALLET_WIDTH)
        for y in (-_CROP_MARK_GAP - _CROP_MARK, height + _CROP_MARK_GAP)
    )
    return (edge, *marks)


def _wallet_block_boxes(block: Block, section: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return the boxes of a block on a card; scripts, steps and contacts are set closer than on a page."""
    match block:
        case Script():
            return [_wallet_script_box(block, section, measure, context)]
        case Contacts():
            return _wallet_contact_boxes(block.contacts, section, measure, context)
        case Steps():
            return _wallet_step_boxes(block, section.add(Element("L")), measure, context)
        case _:
            return context.boxes_inside((block,), section, measure)


def _wallet_script_box(script: Script, section: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return the situation, the words to say and the advice as running text."""
    style = replace(context.style("card"), after=_WALLET_GAP)
    situation = (*script.situation, Text(_NAME_GAP))
    runs = list(inline_runs(situation, section.add(Element("P")), "accent", context, bold=True))
    quote = section.add(Element("BlockQuote")).add(Element("P"))
    runs += inline_runs(context.words.quoted(script.words), quote, style.colour, context)
    if script.advice:
        runs += inline_runs((Text(" "), *script.advice), section.add(Element("P")), "stone", context)
    return text_box(runs, style, measure.x, measure.width)


def _wallet_step_boxes(steps: Steps, listing: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return steps with plain numbers, without circles."""
    style = replace(context.style("card"), bold=True)
    boxes = []
    for number, item in enumerate(steps.items, 1):
        entry = listing.add(Element("LI"))
        label = plain_text_box(str(number), entry.add(Element("Lbl")), style, measure.x, _STEP_NUMBER_WIDTH, "accent")
        body = entry.add(Element("LBody"))
        inside = stacked(context.boxes_inside(item, body, measure.indented(_STEP_NUMBER_WIDTH)))
        boxes.append(replace(with_items(inside, label.items, first=True), after=_WALLET_GAP))
    return boxes


def _wallet_contact_boxes(
    contacts: Sequence[Contact], section: Element, measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return contacts below the note that all share: each need beside its number, then the name of the contact."""
    note = shared_note(contacts)
    boxes = []
    if note:
        style, words = replace(context.style("card"), after=_WALLET_GAP), context.words.say("all_lines", note=note)
        boxes.append(plain_text_box(words, section.add(Element("P")), style, measure.x, measure.width, "stone"))
    listing = section.add(Element("L"))
    for need, group in groupby(without_shared_note(contacts, note), key=lambda contact: contact.need):
        entry = listing.add(Element("LI"))
        label: StyledRun | None = StyledRun(need, bold=True, key=RunTag(entry.add(Element("Lbl")), "accent"))
        body = entry.add(Element("LBody"))
        for contact in group:
            boxes.append(_wallet_contact_box(contact, label, body, measure, context))
            label = None
    return boxes


def _wallet_contact_box(
    contact: Contact, need: StyledRun | None, body: Element, measure: Measure, context: LayoutContext
) -> LayoutBox:
    """Return one contact: the need (or else its name) beside its number or a line to write on, the rest below."""
    style, large = replace(context.style("card"), after=0.0), replace(context.style("card-number"), after=0.0)
    name = StyledRun(contact.name, key=RunTag(body.add(Element("P")), style.colour))
    number_width, number_items = _wallet_number(contact, body, measure, large, context)
    note = contact_note(contact)
    noted = contact_note_runs(StyledRun(note, key=RunTag(body.add(Element("P")), "stone"))) if note else ()
    gap = (replace(name, text=_NAME_GAP),) if note else ()
    first_line, second_line = ((need,), (name, *gap, *noted)) if need else ((name,), tuple(noted))
    width = measure.width - number_width - _NUMBER_GAP
    first = text_box(first_line, style, measure.x, max(width, measure.width / 3))
    lift = baseline_offset(large) - baseline_offset(style)
    top = LayoutBox(max(large.leading, lift + first.height), (*moved_down(first.items, lift), *number_items))
    rest = [text_box(second_line, style, measure.x, measure.width)] if second_line else []
    return replace(stacked((top, *rest)), after=_WALLET_GAP)


def _wallet_number(
    contact: Contact, body: Element, measure: Measure, style: TypeStyle, context: LayoutContext
) -> tuple[float, tuple[PageItem, ...]]:
    """Return the width and the items of a number, or of a line to write on, at the right edge of a card."""
    right, baseline = measure.right, baseline_offset(style)
    if not contact.number:
        left, level = right - measure.width / 2, baseline + _BLANK_LINE_DROP
        return right - left, (straight_line((left, level), (right, level), 1.0, cap="round"),)
    paragraph = body.add(Element("P"))
    element = paragraph.add(link_element(contact.target, context)) if contact.target else paragraph
    run = StyledRun(contact.number, bold=True, key=RunTag(element, "ink"), family=number_family(contact.number))
    line = break_lines((run,), style, measure.width)[0]
    return line.width, tuple(line_items(line, right - line.width, baseline))
