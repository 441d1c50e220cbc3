"""Lay out cards: a factor between rules with its number and sign in the rail, and wallet cards to cut out.

Wallet cards are as wide as a bank card and have type styles of their own; too much text makes them higher,
never the type smaller. The rest of their page is filled with copies that are not read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
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
from handouts.document.text import plain
from handouts.figures.shapes import Command, Path, Rectangle, Shape
from handouts.figures.signs import SIGN_NAMES, sign_drawing
from handouts.finding import error, suggest_name
from handouts.layout.boxes import (
    HAIRLINE,
    NEVER,
    STRONG_LINE,
    LayoutBox,
    decoration_items,
    horizontal_rule,
    moved_down,
    stacked,
    with_items,
    with_outer_spaces,
)
from handouts.layout.contacts import contact_note, without_shared_note
from handouts.layout.inline_text import (
    LayoutContext,
    RunTag,
    baseline_offset,
    contact_note_runs,
    inline_runs,
    line_items,
    link_element,
    number_family,
    plain_text_box,
    text_box,
)
from handouts.layout.page_model import Element, PageItem
from handouts.layout.prose import Measure, NestedLayout
from handouts.text.line_breaking import StyledRun, break_lines, text_width
from handouts.theme import TypeStyle
from handouts.units import mm

CARD_TOP, CARD_BOTTOM, SIGN_LEFT, SIGN_TOP = 8.0, 6.0, 27.0, 13.0
CARD_BEFORE, CARD_AFTER, BLOCKS_BEFORE = 8.0, 10.0, 2.0
ROW_LABEL, LABEL_GAP, ROW_ABOVE, CARD_BREAK_COST = 102.0, 10.0, 5.0, 40.0
WHOLE_BLOCK_SHARE = (
    0.5  # of a page: a block of a card that is higher than a page may be torn inside if it is higher itself
)


def card_boxes(
    card: Card, parent: Element, context: LayoutContext, layout: NestedLayout, *, first: bool = True, last: bool = True
) -> list[LayoutBox]:
    """Return a card, whole unless it is higher than a page.

    `first` and `last` say whether it is the first and the last of those that follow each other.
    """
    section = parent.add(Element("Sect"))
    head = card_head(card, section, context)
    blocks = card_block_boxes(card.blocks, section, context, layout)
    if blocks:
        blocks[0] = replace(blocks[0], before=BLOCKS_BEFORE)
    boxes = [*head, *blocks]
    boxes[0] = with_items(boxes[0], card_rule(0.0, context, strong=first), first=True)
    end = boxes[-1].height + CARD_BOTTOM
    boxes[-1] = replace(boxes[-1], height=end, break_cost=0.0)
    if last:
        boxes[-1] = with_items(boxes[-1], card_rule(end, context, strong=True))
    boxes = with_outer_spaces(boxes, CARD_BEFORE if first else 0.0, CARD_AFTER if last else 0.0)
    whole = stacked(boxes)
    return [replace(whole, at=card.at)] if whole.height <= context.room else boxes


def card_block_boxes(blocks: Blocks, section: Element, context: LayoutContext, layout: NestedLayout) -> list[LayoutBox]:
    """Return the boxes of the blocks of a card, one for each but those higher than half a page.

    A card is divided between its blocks, and not between a list and what announces it.
    """
    measure = Measure(context.theme.axis, context.theme.column)
    boxes: list[LayoutBox] = []
    for block in blocks:
        if boxes and isinstance(block, BulletList | Steps):
            boxes[-1] = replace(boxes[-1], break_cost=NEVER)
        made = layout((block,), section, measure)
        whole = stacked(made)
        boxes.extend(
            [replace(whole, break_cost=CARD_BREAK_COST)]
            if made and whole.height <= WHOLE_BLOCK_SHARE * context.room
            else made
        )
    return boxes


def card_rule(y: float, context: LayoutContext, *, strong: bool) -> tuple[PageItem, ...]:
    """Return the line above or below a card, from margin to margin."""
    width = context.theme.right - context.theme.margin
    shape = horizontal_rule(width, y, STRONG_LINE, "accent") if strong else horizontal_rule(width, y, HAIRLINE)
    return decoration_items((shape,), context.theme.margin, 0.0)


def card_head(card: Card, section: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return number, sign and claim with as many labelled lines as stand beside the sign, then the other lines.

    A page never ends after the first of these. The number stands before the claim where the rail is narrow.
    """
    theme, h3 = context.theme, replace(context.style("h3"), before=0.0)
    heading, above = section.add(Element("H3")), theme.paper.labels_above
    style = h3 if above else replace(context.style("h2"), before=0.0, after=0.0)
    colour, digits = "accent", heading.add(Element("Span"))
    if above:
        runs = (
            StyledRun(f"{card.number}. ", key=RunTag(digits, colour)),
            *inline_runs(card.claim, heading, h3.colour, context),
        )
        number, claim = LayoutBox(0.0), text_box(runs, h3, theme.axis, theme.column)
    else:
        number = plain_text_box(f"{card.number} ", digits, style, theme.margin, 2 * SIGN_LEFT, colour)
        claim = text_box(inline_runs(card.claim, heading, h3.colour, context), h3, theme.axis, theme.column)
    top = CARD_TOP if above else SIGN_TOP
    rows = card_row_boxes(card.rows, section, context)
    counts = range(1, len(rows))
    beside = next(
        (count for count in counts if card_rows_bottom(claim, rows[:count]) >= top + theme.paper.sign), len(rows)
    )
    inside = stacked((claim, *rows[:beside]))
    height = max(CARD_TOP + inside.height, top + theme.paper.sign)
    lift = CARD_TOP + baseline_offset(h3) - baseline_offset(style)
    items = (
        *decoration_items(sign_shapes(card, context), theme.margin + (0.0 if above else SIGN_LEFT), top),
        *moved_down(number.items, lift),
        *moved_down(inside.items, CARD_TOP),
    )
    first = LayoutBox(height, items, break_cost=NEVER, at=card.at)
    return [first, *(replace(row, break_cost=CARD_BREAK_COST) for row in rows[beside:])]


def card_rows_bottom(claim: LayoutBox, rows: Sequence[LayoutBox]) -> float:
    """Return how far down a card the labelled lines below its claim reach."""
    return CARD_TOP + stacked((claim, *rows)).height


def sign_shapes(card: Card, context: LayoutContext) -> tuple[Shape, ...]:
    """Return the sign of a card, if it has one."""
    if card.sign in SIGN_NAMES:
        return sign_drawing(card.sign, context.theme.paper.sign).shapes
    if card.sign:
        context.findings.append(
            error("unknown-sign", f"There is no sign '{card.sign}'.", card.at, suggest_name(card.sign, SIGN_NAMES))
        )
    return ()


def card_row_boxes(rows: Sequence[CardRow], parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the labelled lines of a card, each label beside its text or above it; what to do stands out."""
    theme, body = context.theme, replace(context.style("body"), after=0.0)
    widest = max((text_width(plain(row.label), replace(body, bold=row.acts)) for row in rows), default=0.0)
    above = theme.paper.labels_above or widest + LABEL_GAP > theme.column / 2
    left = 0.0 if above else max(ROW_LABEL, widest + LABEL_GAP)
    listing = parent.add(Element("L")) if rows else parent
    boxes = []
    for row in rows:
        entry = listing.add(Element("LI"))
        colour = "accent" if row.acts or above else "stone"
        style = replace(body, bold=row.acts or above, colour=colour)
        runs = inline_runs(row.label, entry.add(Element("Lbl")), colour, context)
        label = text_box(runs, style, theme.axis, theme.column if above else left)
        runs = inline_runs(row.content, entry.add(Element("LBody")), body.colour, context)
        text = text_box(runs, body, theme.axis + left, theme.column - left)
        whole = (
            replace(stacked((label, text)), before=ROW_ABOVE) if above else with_items(text, label.items, first=True)
        )
        boxes.append(whole)
    return boxes


WALLET_WIDTH, WALLET_HEIGHT = mm(85.6), mm(54.0)  # ISO/IEC 7810, ID-1
WALLET_PAD, WALLET_GAP, CUT_EDGE = 9.0, 3.0, 0.75
CROP_MARK, CROP_MARK_GAP, CROP_MARK_ROOM = (
    7.0,
    2.0,
    12.0,
)  # how long a mark is, how far from its corner, and the room it has above a card
STEP_NUMBER_WIDTH, NUMBER_GAP, NAME_GAP, BLANK_LINE_DROP = 14.0, 8.0, "  ", 2.0
WALLET_TEXT_ROLES = ("body", "h3", "label", "script", "caption")


def wallet_card_context(context: LayoutContext) -> LayoutContext:
    """Return a context at which all is set in the style of cards."""
    card = context.style("card")
    styles = {role: replace(card, bold=role in ("h3", "label"), after=WALLET_GAP) for role in WALLET_TEXT_ROLES}
    return replace(context, theme=replace(context.theme, print={**context.theme.print, **styles}))


def wallet_card_boxes(
    cards: Sequence[Callout], parent: Element, context: LayoutContext, layout: NestedLayout
) -> list[LayoutBox]:
    """Return one card, or two side by side and equally high, with the marks along which they are cut and folded."""
    left = context.theme.margin
    inside = [
        wallet_card_content(card, parent, left + index * WALLET_WIDTH, context, layout)
        for index, card in enumerate(cards)
    ]
    height = max(WALLET_HEIGHT, *(each.height + 2 * WALLET_PAD for each in inside))
    items = [item for each in inside for item in moved_down(each.items, CROP_MARK_ROOM + WALLET_PAD)]
    for index in range(len(cards)):
        items.extend(decoration_items(wallet_card_shapes(height), left + index * WALLET_WIDTH, CROP_MARK_ROOM))
    return [LayoutBox(height + 2 * CROP_MARK_ROOM, tuple(items), fill_page_with_copies=True, at=cards[0].at)]


def wallet_card_content(
    card: Callout, parent: Element, left: float, context: LayoutContext, layout: NestedLayout
) -> LayoutBox:
    """Return what stands on a card whose edge is at `left`."""
    section, style = parent.add(Element("Sect")), replace(context.style("card"), bold=True, after=WALLET_GAP)
    measure = Measure(left + WALLET_PAD, WALLET_WIDTH - 2 * WALLET_PAD)
    title = inline_runs(card.title, section.add(Element("H3")), "accent", context, bold=True)
    inside = [text_box(title, style, measure.x, measure.width)]
    for block in card.blocks:
        inside.extend(wallet_block_boxes(block, section, measure, context, layout))
    return stacked(inside)


def wallet_card_shapes(height: float) -> tuple[Shape, ...]:
    """Return the edge of a card so high, and a mark above and below each corner."""
    edge = Rectangle(0, 0, WALLET_WIDTH, height, 0.0, stroke="stone", edge=CUT_EDGE)
    marks = (
        Path((("M", (x, y)), ("L", (x, y + CROP_MARK))), stroke="ink", width=CUT_EDGE, cap="butt")
        for x in (0.0, WALLET_WIDTH)
        for y in (-CROP_MARK_GAP - CROP_MARK, height + CROP_MARK_GAP)
    )
    return (edge, *marks)


def wallet_block_boxes(
    block: Block, section: Element, measure: Measure, context: LayoutContext, layout: NestedLayout
) -> list[LayoutBox]:
    """Return the boxes of a block on a card: words to say, steps and contacts closer than on a page."""
    match block:
        case Script():
            return [wallet_script_box(block, section, measure, context)]
        case Contacts():
            return wallet_contact_boxes(block.contacts, section, measure, context)
        case Steps():
            return wallet_step_boxes(block, section.add(Element("L")), measure, context, layout)
        case _:
            return layout((block,), section, measure)


def wallet_script_box(script: Script, section: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return the situation and the words to say, one after the other."""
    style = replace(context.style("card"), after=WALLET_GAP)
    label = inline_runs((*script.situation, Text(NAME_GAP)), section.add(Element("P")), "accent", context, bold=True)
    quote = section.add(Element("BlockQuote")).add(Element("P"))
    words = (Text(context.words.say("open_quote")), *script.words, Text(context.words.say("close_quote")))
    advice = (
        inline_runs((Text(" "), *script.advice), section.add(Element("P")), "stone", context) if script.advice else ()
    )
    return text_box(
        (*label, *inline_runs(words, quote, style.colour, context), *advice), style, measure.x, measure.width
    )


def wallet_step_boxes(
    steps: Steps, listing: Element, measure: Measure, context: LayoutContext, layout: NestedLayout
) -> list[LayoutBox]:
    """Return steps with their numbers, without nodes."""
    style = replace(context.style("card"), bold=True)
    boxes = []
    for number, item in enumerate(steps.items, 1):
        entry = listing.add(Element("LI"))
        label = plain_text_box(str(number), entry.add(Element("Lbl")), style, measure.x, STEP_NUMBER_WIDTH, "accent")
        inside = stacked(layout(item, entry.add(Element("LBody")), measure.indented(STEP_NUMBER_WIDTH)))
        boxes.append(replace(with_items(inside, label.items, first=True), after=WALLET_GAP))
    return boxes


def wallet_contact_boxes(
    contacts: Sequence[Contact], section: Element, measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return contacts below what is noted of all of them: each need beside its number, then who it is."""
    note = shared_note(contacts)
    boxes = []
    if note:
        style = replace(context.style("card"), colour="stone", after=WALLET_GAP)
        noted = plain_text_box(
            context.words.say("all_lines", note=note), section.add(Element("P")), style, measure.x, measure.width
        )
        boxes.append(noted)
    listing = section.add(Element("L"))
    for need, group in groupby(without_shared_note(contacts, note), key=lambda contact: contact.need):
        entry = listing.add(Element("LI"))
        label: StyledRun | None = StyledRun(need, bold=True, key=RunTag(entry.add(Element("Lbl")), "accent"))
        body = entry.add(Element("LBody"))
        for contact in group:
            boxes.append(wallet_contact_box(contact, label, body, measure, context))
            label = None
    return boxes


def wallet_contact_box(
    contact: Contact, need: StyledRun | None, body: Element, measure: Measure, context: LayoutContext
) -> LayoutBox:
    """Return one contact: what for, or who it is, beside its number or a line to write on; the rest below them."""
    style, large = replace(context.style("card"), after=0.0), replace(context.style("card-number"), after=0.0)
    name = StyledRun(contact.name, key=RunTag(body.add(Element("P")), style.colour))
    number = wallet_number(contact, body, measure, large, context)
    below = contact_note(contact)
    said = contact_note_runs(StyledRun(below, key=RunTag(body.add(Element("P")), "stone"))) if below else ()
    apart = (replace(name, text=NAME_GAP),) if below else ()
    lines = [(need,), (name, *apart, *said)] if need else [(name,), tuple(said)]
    width = measure.width - number.width - NUMBER_GAP
    first = text_box(lines[0], style, measure.x, max(width, measure.width / 3))
    lift = baseline_offset(large) - baseline_offset(style)
    top = LayoutBox(max(large.leading, lift + first.height), (*moved_down(first.items, lift), *number.items))
    rest = [text_box(lines[1], style, measure.x, measure.width)] if lines[1] else []
    return replace(stacked((top, *rest)), after=WALLET_GAP)


class WalletNumber(Struct, frozen=True):
    """A number at the right edge of a card, or the line to write it on, and how wide that is."""

    width: float
    items: tuple[PageItem, ...]


def wallet_number(
    contact: Contact, body: Element, measure: Measure, style: TypeStyle, context: LayoutContext
) -> WalletNumber:
    """Return the number of a contact as a link where it is one, or a line to write on."""
    right = measure.x + measure.width
    if not contact.number:
        ends: tuple[Command, ...] = (("M", (0.0, 0.0)), ("L", (measure.width / 2, 0.0)))
        line = Path(ends, stroke="ink", width=1)
        return WalletNumber(
            measure.width / 2,
            decoration_items((line,), right - measure.width / 2, baseline_offset(style) + BLANK_LINE_DROP),
        )
    paragraph = body.add(Element("P"))
    element = paragraph.add(link_element(contact.target, context)) if contact.target else paragraph
    run = StyledRun(contact.number, bold=True, key=RunTag(element, "ink"), family=number_family(contact.number))
    (line_of_number,) = break_lines((run,), style, measure.width)[:1]
    items = line_items(line_of_number, right - line_of_number.width, baseline_offset(style))
    return WalletNumber(line_of_number.width, tuple(items))
