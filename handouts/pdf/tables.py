"""Rows on the page: cards, what to do beside what not to do, and tables whose head is repeated on the next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handouts.document import Card, CardRow, Cell, Comparison, Inlines, Table, plain
from handouts.figures import Box as Rectangle
from handouts.figures import Circle, Path, Shape, sign_drawing
from handouts.finding import Finding, Span, error
from handouts.pdf.boxes import NEVER, Box, moved_down, stacked, with_items
from handouts.pdf.inline import Desk, baseline_of, runs_of, text_box, words_box
from handouts.pdf.page import Element, Item, ShapeItem, TextItem
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Layout, Measure
from handouts.text import text_width

HAIR, STRONG = 0.75, 1.5
CARD_TOP, CARD_BOTTOM, SIGN_LEFT, SIGN, SIGN_TOP = 8.0, 11.0, 27.0, 60.0, 16.0
ROW_LABEL, LABEL_GAP = 102.0, 10.0
HEAD_ROW, ROW_PAD, MARK, MARK_LEFT, TEXT_LEFT = 32.0, 4.0, 20.0, 10.0, 38.0
CELL_PAD, CELL_RIGHT = 5.0, 10.0
ROW_COST = 60.0


def rule(width: float, y: float, thickness: float, colour: str = "ink") -> Path:
    """Return a horizontal line."""
    return Path((("M", (0.0, y)), ("L", (width, y))), stroke=colour, width=thickness, cap="butt")


# ---------------------------------------------------------------- cards


def card_boxes(
    card: Card, parent: Element, desk: Desk, layout: Layout, *, first: bool = True, last: bool = True
) -> list[Box]:
    """Return a card: a row between rules, with number and sign in the rail; `first` and `last` of their kind."""
    theme = desk.theme
    section = parent.add(Element("Sect"))
    heading = section.add(Element("H3"))
    number_style = replace(desk.style("h2"), before=0.0, after=0.0)
    number = words_box(str(card.number), heading, number_style, theme.margin, SIGN_LEFT, "accent")
    h3 = replace(desk.style("h3"), before=0.0)
    claim = text_box(runs_of(card.claim, heading, h3.colour, desk), h3, theme.axis, theme.column)
    rows = row_boxes(card.rows, section, desk)
    blocks = layout(card.blocks, section, Measure(theme.axis, theme.column))
    if blocks:
        blocks[0] = replace(blocks[0], before=6.0)
    inside = stacked((claim, *rows, *blocks))
    height = max(CARD_TOP + inside.height + CARD_BOTTOM, SIGN_TOP + SIGN + CARD_BOTTOM)
    lift = CARD_TOP + baseline_of(h3) - baseline_of(number_style)
    width = theme.right - theme.margin
    shapes: list[Shape] = [rule(width, 0.0, STRONG if first else HAIR, "accent" if first else "ink")]
    if last:
        shapes.append(rule(width, height, STRONG, "accent"))
    items = (
        *drawn(tuple(shapes), theme.margin, 0.0),
        *(drawn(sign_drawing(card.sign, SIGN).shapes, theme.margin + SIGN_LEFT, SIGN_TOP) if card.sign else ()),
        *moved_down(number.items, lift),
        *moved_down(inside.items, CARD_TOP),
    )
    return [Box(height, items, 6.0 if first else 0.0, 12.0 if last else 0.0, at=card.at)]


def row_boxes(rows: Sequence[CardRow], parent: Element, desk: Desk) -> list[Box]:
    """Return the labelled lines of a card; what to do stands out."""
    theme, body = desk.theme, replace(desk.style("body"), after=0.0)
    widest = max((text_width(plain(row.label), replace(body, bold=row.acts)) for row in rows), default=0.0)
    left = max(ROW_LABEL, widest + LABEL_GAP)
    listing = parent.add(Element("L")) if rows else parent
    boxes = []
    for row in rows:
        entry = listing.add(Element("LI"))
        colour = "accent" if row.acts else "stone"
        style = replace(body, bold=row.acts, colour=colour)
        label = text_box(runs_of(row.label, entry.add(Element("Lbl")), colour, desk), style, theme.axis, left)
        runs = runs_of(row.content, entry.add(Element("LBody")), body.colour, desk)
        text = text_box(runs, body, theme.axis + left, theme.column - left)
        boxes.append(with_items(text, label.items, first=True))
    return boxes


# ---------------------------------------------------------------- do, and try not to


def comparison_boxes(comparison: Comparison, parent: Element, desk: Desk) -> list[Box]:
    """Return two equal columns, the left one on tint, row by row."""
    table = parent.add(Element("Table"))
    head = comparison_head(comparison, table, desk)
    again = artifact(head)
    rows = [
        replace(comparison_row(row, table.add(Element("TR")), desk, HAIR if index else STRONG), lead=again)
        for index, row in enumerate(comparison.rows)
    ]
    if rows:
        width = desk.theme.right - desk.theme.margin
        end = drawn((rule(width, rows[-1].height, STRONG, "accent"),), desk.theme.margin, 0.0)
        rows[-1] = replace(with_items(rows[-1], end), after=14.0, break_cost=0.0)
    return [head, *rows]


def comparison_head(comparison: Comparison, table: Element, desk: Desk) -> Box:
    """Return the head: a tick in a disc and a bar in a ring, each beside its word."""
    theme, style = desk.theme, replace(desk.style("h3"), before=0.0, after=0.0)
    half = (theme.right - theme.margin) / 2
    row = table.add(Element("TR"))
    items: list[Item] = [*drawn((Rectangle(0, 0, half, HEAD_ROW, fill="tint"),), theme.margin, 0.0)]
    for index, (content, sign) in enumerate(((comparison.left, "tick"), (comparison.right, "bar"))):
        x = theme.margin + index * half
        cell = row.add(Element("TH", attributes=(("Table", "Scope", "Column"),)))
        text = text_box(runs_of(content, cell, style.colour, desk), style, x + TEXT_LEFT, half - TEXT_LEFT - 8)
        centre = (x + MARK_LEFT + MARK / 2, HEAD_ROW / 2)
        disc = sign == "tick"
        ring = Circle(
            *centre, (MARK if disc else MARK - 2.25) / 2, "accent" if disc else "", "" if disc else "accent", 2.25
        )
        mark = sign_drawing(sign, MARK * 0.8, "white" if disc else "accent")
        items += drawn((ring,), 0.0, 0.0)
        items += drawn(mark.shapes, centre[0] - mark.width / 2, centre[1] - mark.height / 2)
        items += moved_down(text.items, (HEAD_ROW - style.leading) / 2)
    items += drawn((rule(2 * half, HEAD_ROW, STRONG, "accent"),), theme.margin, 0.0)
    return Box(HEAD_ROW, tuple(items), before=14.0, break_cost=NEVER)


def comparison_row(row: tuple[Inlines, Inlines], element: Element, desk: Desk, above: float) -> Box:
    """Return one row, whose tint leaves the rule `above` it whole."""
    theme, style = desk.theme, replace(desk.style("table"), before=0.0, after=0.0)
    half = (theme.right - theme.margin) / 2
    cells = [
        text_box(
            runs_of(content, element.add(Element("TD")), style.colour, desk),
            style,
            theme.margin + index * half + TEXT_LEFT,
            half - TEXT_LEFT - 8,
        )
        for index, content in enumerate(row)
    ]
    height = max(cell.height for cell in cells) + 2 * ROW_PAD
    ground = Rectangle(0, above / 2, half, height - above / 2, fill="tint")
    items = (
        *drawn((ground,), theme.margin, 0.0),
        *drawn((rule(2 * half, height, HAIR),), theme.margin, 0.0),
        *(item for cell in cells for item in moved_down(cell.items, ROW_PAD)),
    )
    return Box(height, items, break_cost=ROW_COST)


# ---------------------------------------------------------------- tables


def table_boxes(table: Table, parent: Element, desk: Desk, findings: list[Finding]) -> list[Box]:
    """Return a table from margin to margin; its head is repeated where a page ends inside it."""
    section = parent.add(Element("Sect")) if table.caption else parent
    boxes = []
    if table.caption:
        h3 = desk.style("h3")
        title = section.add(Element("H3"))
        width = desk.theme.right - desk.theme.margin
        box = text_box(runs_of(table.caption, title, h3.colour, desk), h3, desk.theme.margin, width)
        boxes.append(replace(box, after=6.0, break_cost=NEVER, at=table.at))
    element = section.add(Element("Table"))
    widths = column_widths(table, desk, findings)
    head = stacked([table_row(row, element, widths, desk, head=True) for row in table.head])
    head = replace(head, break_cost=NEVER, at=table.at)
    again = artifact(head)
    rows = [replace(table_row(row, element, widths, desk), lead=again) for row in table.body]
    if rows:
        end = drawn((rule(sum(widths), rows[-1].height, STRONG, "accent"),), desk.theme.margin, 0.0)
        rows[0] = replace(rows[0], break_cost=NEVER if len(rows) > 1 else 0.0)
        rows[-1] = replace(with_items(rows[-1], end), after=12.0, break_cost=0.0)
    return [*boxes, head, *rows]


def table_row(row: Sequence[Cell], table: Element, widths: Sequence[float], desk: Desk, *, head: bool = False) -> Box:
    """Return one row of cells, on tint between strong rules if it is the head."""
    style = replace(desk.style("table"), before=0.0, after=0.0)
    element = table.add(Element("TR"))
    boxes, x, column = [], desk.theme.margin, 0
    for cell in row:
        width = sum(widths[column : column + cell.columns])
        heads = head or cell.header
        runs = runs_of(cell.content, element.add(cell_element(cell, head=head)), style.colour, desk, bold=heads)
        boxes.append(text_box(runs, replace(style, bold=heads), x + CELL_PAD, width - CELL_PAD - CELL_RIGHT))
        x, column = x + width, column + cell.columns
    height = max((box.height for box in boxes), default=0.0) + 2 * CELL_PAD
    shapes: tuple[Shape, ...] = (rule(sum(widths), height, HAIR),)
    if head:
        ground = Rectangle(0, 0, sum(widths), height, fill="tint")
        shapes = (ground, rule(sum(widths), 0.0, STRONG, "accent"), rule(sum(widths), height, STRONG, "accent"))
    items = (
        *drawn(shapes, desk.theme.margin, 0.0),
        *(item for box in boxes for item in moved_down(box.items, CELL_PAD)),
    )
    return Box(height, items, break_cost=ROW_COST)


def cell_element(cell: Cell, *, head: bool) -> Element:
    """Return the element of a cell: what it heads, and how many rows and columns it spans."""
    scope: tuple[tuple[str, str, str | int], ...] = ()
    if head or cell.header:
        scope = (("Table", "Scope", "Column" if head else "Row"),)
    spans = [("Table", key, count) for key, count in (("ColSpan", cell.columns), ("RowSpan", cell.rows)) if count > 1]
    return Element("TH" if scope else "TD", attributes=(*scope, *spans))


def column_widths(table: Table, desk: Desk, findings: list[Finding]) -> list[float]:
    """Return the width of each column: what its longest word needs, and a share by how much text it holds."""
    whole = desk.theme.right - desk.theme.margin
    style, pads = desk.style("table"), CELL_PAD + CELL_RIGHT
    rows = (*table.head, *table.body)
    count = max(sum(cell.columns for cell in row) for row in rows)
    least, most = [0.0] * count, [0.0] * count
    for row in rows:
        column = 0
        for cell in row:
            if cell.columns == 1:
                bold = replace(style, bold=True)
                words = plain(cell.content)
                longest = max((text_width(word, bold) for word in words.split()), default=0.0) + pads
                least[column] = max(least[column], longest)
                most[column] = max(most[column], text_width(words, style) + pads)
            column += cell.columns
    if sum(least) > whole:
        findings.append(too_wide(table.at, sum(least) - whole))
        return [whole * each / sum(least) for each in least]
    wanted = [max(need, min(want, whole / 2)) for need, want in zip(least, most, strict=True)]
    spare = whole - sum(least)
    beyond = sum(want - need for want, need in zip(wanted, least, strict=True)) or 1.0
    return [need + spare * (want - need) / beyond for want, need in zip(wanted, least, strict=True)]


def too_wide(at: Span, by: float) -> Finding:
    """Return the finding for a table whose words do not fit side by side."""
    hint = "use fewer columns or shorter words"
    return error("table-too-wide", f"The words of this table need {by:.0f} points more than the page has.", at, hint)


def artifact(box: Box) -> Box:
    """Return `box` as a repeated head, which is not read a second time."""
    items: list[Item] = []
    for item in box.items:
        match item:
            case TextItem():
                items.append(TextItem(item.run, item.x, item.baseline, item.colour, None))
            case ShapeItem():
                items.append(ShapeItem(item.shape, item.x, item.y, None))
    return Box(box.height, tuple(items))
