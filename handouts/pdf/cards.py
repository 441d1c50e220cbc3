"""Cards: one factor each, a row between rules with its number and its sign in the rail."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from handouts.document import Blocks, BulletList, Card, CardRow, Steps, plain
from handouts.figures.shapes import Shape
from handouts.figures.signs import SIGNS, sign_drawing
from handouts.finding import error, nearest
from handouts.pdf.boxes import NEVER, Box, moved_down, spaced, stacked, with_items
from handouts.pdf.inline import Desk, Ink, baseline_of, runs_of, text_box, words_box
from handouts.pdf.page import Element, Item
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Layout, Measure
from handouts.pdf.tables import HAIR, STRONG, rule
from handouts.text.breaking import Run, text_width

CARD_TOP, CARD_BOTTOM, SIGN_LEFT, SIGN_TOP = 8.0, 6.0, 27.0, 13.0
CARD_BEFORE, CARD_AFTER, BLOCKS_BEFORE = 8.0, 10.0, 2.0
ROW_LABEL, LABEL_GAP, ROW_ABOVE, LINE_COST = 102.0, 10.0, 5.0, 40.0
WHOLE = 0.5  # of a page: a block of a card that is higher than a page may be torn inside if it is higher itself


def card_boxes(
    card: Card, parent: Element, desk: Desk, layout: Layout, *, first: bool = True, last: bool = True
) -> list[Box]:
    """Return a card, whole unless it is higher than a page.

    `first` and `last` say whether it is the first and the last of those that follow each other.
    """
    section = parent.add(Element("Sect"))
    head = card_head(card, section, desk)
    blocks = inside_boxes(card.blocks, section, desk, layout)
    if blocks:
        blocks[0] = replace(blocks[0], before=BLOCKS_BEFORE)
    boxes = [*head, *blocks]
    boxes[0] = with_items(boxes[0], card_rule(0.0, desk, strong=first), first=True)
    end = boxes[-1].height + CARD_BOTTOM
    boxes[-1] = replace(boxes[-1], height=end, break_cost=0.0)
    if last:
        boxes[-1] = with_items(boxes[-1], card_rule(end, desk, strong=True))
    boxes = spaced(boxes, CARD_BEFORE if first else 0.0, CARD_AFTER if last else 0.0)
    whole = stacked(boxes)
    return [replace(whole, at=card.at)] if whole.height <= desk.room else boxes


def inside_boxes(blocks: Blocks, section: Element, desk: Desk, layout: Layout) -> list[Box]:
    """Return the boxes of the blocks of a card, one for each but those higher than half a page.

    A card is divided between its blocks, and not between a list and what announces it.
    """
    measure = Measure(desk.theme.axis, desk.theme.column)
    boxes: list[Box] = []
    for block in blocks:
        if boxes and isinstance(block, BulletList | Steps):
            boxes[-1] = replace(boxes[-1], break_cost=NEVER)
        made = layout((block,), section, measure)
        whole = stacked(made)
        boxes.extend([replace(whole, break_cost=LINE_COST)] if made and whole.height <= WHOLE * desk.room else made)
    return boxes


def card_rule(y: float, desk: Desk, *, strong: bool) -> tuple[Item, ...]:
    """Return the line above or below a card, from margin to margin."""
    width = desk.theme.right - desk.theme.margin
    shape = rule(width, y, STRONG, "accent") if strong else rule(width, y, HAIR)
    return drawn((shape,), desk.theme.margin, 0.0)


def card_head(card: Card, section: Element, desk: Desk) -> list[Box]:
    """Return number, sign and claim with as many labelled lines as stand beside the sign, then the other lines.

    A page never ends after the first of these. The number stands before the claim where the rail is narrow.
    """
    theme, h3 = desk.theme, replace(desk.style("h3"), before=0.0)
    heading, above = section.add(Element("H3")), theme.paper.labels_above
    style = h3 if above else replace(desk.style("h2"), before=0.0, after=0.0)
    colour, digits = "accent", heading.add(Element("Span"))
    if above:
        runs = (Run(f"{card.number}. ", key=Ink(digits, colour)), *runs_of(card.claim, heading, h3.colour, desk))
        number, claim = Box(0.0), text_box(runs, h3, theme.axis, theme.column)
    else:
        number = words_box(f"{card.number} ", digits, style, theme.margin, 2 * SIGN_LEFT, colour)
        claim = text_box(runs_of(card.claim, heading, h3.colour, desk), h3, theme.axis, theme.column)
    top = CARD_TOP if above else SIGN_TOP
    rows = row_boxes(card.rows, section, desk)
    counts = range(1, len(rows))
    beside = next((count for count in counts if reach(claim, rows[:count]) >= top + theme.paper.sign), len(rows))
    inside = stacked((claim, *rows[:beside]))
    height = max(CARD_TOP + inside.height, top + theme.paper.sign)
    lift = CARD_TOP + baseline_of(h3) - baseline_of(style)
    items = (
        *drawn(sign_shapes(card, desk), theme.margin + (0.0 if above else SIGN_LEFT), top),
        *moved_down(number.items, lift),
        *moved_down(inside.items, CARD_TOP),
    )
    first = Box(height, items, break_cost=NEVER, at=card.at)
    return [first, *(replace(row, break_cost=LINE_COST) for row in rows[beside:])]


def reach(claim: Box, rows: Sequence[Box]) -> float:
    """Return how far down a card the labelled lines below its claim reach."""
    return CARD_TOP + stacked((claim, *rows)).height


def sign_shapes(card: Card, desk: Desk) -> tuple[Shape, ...]:
    """Return the sign of a card, if it has one."""
    if card.sign in SIGNS:
        return sign_drawing(card.sign, desk.theme.paper.sign).shapes
    if card.sign:
        desk.findings.append(
            error("unknown-sign", f"There is no sign '{card.sign}'.", card.at, nearest(card.sign, SIGNS))
        )
    return ()


def row_boxes(rows: Sequence[CardRow], parent: Element, desk: Desk) -> list[Box]:
    """Return the labelled lines of a card, each label beside its text or above it; what to do stands out."""
    theme, body = desk.theme, replace(desk.style("body"), after=0.0)
    widest = max((text_width(plain(row.label), replace(body, bold=row.acts)) for row in rows), default=0.0)
    above = theme.paper.labels_above or widest + LABEL_GAP > theme.column / 2
    left = 0.0 if above else max(ROW_LABEL, widest + LABEL_GAP)
    listing = parent.add(Element("L")) if rows else parent
    boxes = []
    for row in rows:
        entry = listing.add(Element("LI"))
        colour = "accent" if row.acts or above else "stone"
        style = replace(body, bold=row.acts or above, colour=colour)
        runs = runs_of(row.label, entry.add(Element("Lbl")), colour, desk)
        label = text_box(runs, style, theme.axis, theme.column if above else left)
        runs = runs_of(row.content, entry.add(Element("LBody")), body.colour, desk)
        text = text_box(runs, body, theme.axis + left, theme.column - left)
        whole = (
            replace(stacked((label, text)), before=ROW_ABOVE) if above else with_items(text, label.items, first=True)
        )
        boxes.append(whole)
    return boxes
