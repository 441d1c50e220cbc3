"""Tables: what to do beside what not to do, and rows of cells; the head is repeated where a page ends inside."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TypeAlias

from msgspec.structs import replace

from handouts.document import Cell, Comparison, Inlines, Table, plain
from handouts.figures.shapes import Box as Rectangle
from handouts.figures.shapes import Circle, Path, Shape
from handouts.figures.signs import sign_drawing
from handouts.finding import NOWHERE, Finding, Span, error
from handouts.pdf.boxes import NEVER, Box, kept, moved_down, spaced, stacked, together, unmarked, with_items
from handouts.pdf.inline import Desk, runs_of, text_box
from handouts.pdf.page import Element, Item
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Measure, widened
from handouts.text.breaking import text_width

HAIR, STRONG = 0.75, 1.5
HEAD_ROW, ROW_PAD, MARK, MARK_EDGE, TEXT_LEFT, NARROW_LEFT, TEXT_RIGHT = 28.0, 3.0, 20.0, 2.25, 38.0, 32.0, 8.0
CELL_PAD, CELL_RIGHT = 5.0, 10.0
BETWEEN_HEADS = " · "
ROW_COST, TABLE_BEFORE, TABLE_AFTER = 60.0, 6.0, 12.0


def rule(width: float, y: float, thickness: float, colour: str = "ink") -> Path:
    """Return a horizontal line."""
    return Path((("M", (0.0, y)), ("L", (width, y))), stroke=colour, width=thickness, cap="butt")


# ---------------------------------------------------------------- do, and try not to


def comparison_boxes(comparison: Comparison, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return two equal columns, the left one on tint, row by row; divided only if they are higher than a page."""
    measure = widened(measure, desk)
    check_halves(comparison, measure, desk)
    heads = (plain(comparison.left), plain(comparison.right))
    table = parent.add(Element("Table", summary=BETWEEN_HEADS.join(heads)))
    head = comparison_head(comparison, table, measure, desk)
    rows = [
        comparison_row(row, table.add(Element("TR")), measure, desk, HAIR if index else STRONG)
        for index, row in enumerate(comparison.rows)
    ]
    boxes = whole_rows([head, *rows], 1, measure.width, measure.x)
    boxes = kept(boxes) if stacked(boxes).height <= desk.room else boxes
    return spaced(boxes, TABLE_AFTER, TABLE_AFTER)


def comparison_head(comparison: Comparison, table: Element, measure: Measure, desk: Desk) -> Box:
    """Return the head: a tick in a disc and a bar in a ring, each beside its word."""
    style = replace(desk.style("h3"), before=0.0, after=0.0)
    half, left = measure.width / 2, text_left(desk)
    row = table.add(Element("TR"))
    texts = []
    for index, content in enumerate((comparison.left, comparison.right)):
        cell = row.add(Element("TH", attributes=(("Table", "Scope", "Column"),)))
        x = measure.x + index * half + left
        texts.append(text_box(runs_of(content, cell, style.colour, desk), style, x, half - left - TEXT_RIGHT))
    height = max(HEAD_ROW, *(text.height + 2 * ROW_PAD for text in texts))
    items = (
        *drawn((Rectangle(0, 0, half, height, fill="tint"),), measure.x, 0.0),
        *mark_items("tick", measure.x + left / 2, height / 2),
        *mark_items("bar", measure.x + half + left / 2, height / 2),
        *(item for text in texts for item in moved_down(text.items, (height - text.height) / 2)),
        *drawn((rule(2 * half, height, STRONG, "accent"),), measure.x, 0.0),
    )
    return Box(height, items, at=comparison.at)


def text_left(desk: Desk) -> float:
    """Return how far the words of a comparison stand from the left edge of their column, right of its mark."""
    return NARROW_LEFT if desk.theme.paper.labels_above else TEXT_LEFT


def mark_items(sign: str, x: float, y: float) -> tuple[Item, ...]:
    """Return a tick in a filled disc, or another sign in a ring, around a point."""
    filled = sign == "tick"
    disc = Circle(x, y, MARK / 2, fill="accent")
    ring = Circle(x, y, (MARK - MARK_EDGE) / 2, stroke="accent", width=MARK_EDGE)
    mark = sign_drawing(sign, MARK * 0.8, "white" if filled else "accent")
    corner = (x - mark.width / 2, y - mark.height / 2)
    return (*drawn((disc if filled else ring,), 0.0, 0.0), *drawn(mark.shapes, *corner))


def comparison_row(row: tuple[Inlines, Inlines], element: Element, measure: Measure, desk: Desk, above: float) -> Box:
    """Return one row, whose tint leaves the rule `above` it whole."""
    style = replace(desk.style("table"), before=0.0, after=0.0)
    half, left = measure.width / 2, text_left(desk)
    cells = []
    for index, content in enumerate(row):
        runs = runs_of(content, element.add(Element("TD")), style.colour, desk)
        cells.append(text_box(runs, style, measure.x + index * half + left, half - left - TEXT_RIGHT))
    height = max(cell.height for cell in cells) + 2 * ROW_PAD
    ground = Rectangle(0, above / 2, half, height - above / 2, fill="tint")
    items = (
        *drawn((ground,), measure.x, 0.0),
        *drawn((rule(2 * half, height, HAIR),), measure.x, 0.0),
        *(item for cell in cells for item in moved_down(cell.items, ROW_PAD)),
    )
    return Box(height, items, break_cost=ROW_COST)


def check_halves(comparison: Comparison, measure: Measure, desk: Desk) -> None:
    """Report a word that is wider than its half of a comparison."""
    room = measure.width / 2 - text_left(desk) - TEXT_RIGHT
    widest = max((widest_word(content, desk) for row in comparison.rows for content in row), default=0.0)
    if widest > room:
        longest = max((longest_word(content) for row in comparison.rows for content in row), key=len)
        desk.findings.append(too_wide(comparison.at, widest - room, longest, "each of the two columns has a half"))


def widest_word(content: Inlines, desk: Desk) -> float:
    """Return the width of the widest word in a cell, as if it were bold."""
    style = replace(desk.style("table"), bold=True)
    return max((text_width(word, style) for word in plain(content).split()), default=0.0)


# ---------------------------------------------------------------- tables


def table_boxes(table: Table, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a table, from margin to margin where it stands on the page itself."""
    measure = widened(measure, desk)
    section = parent.add(Element("Sect")) if table.caption else parent
    boxes = []
    if table.caption:
        h3 = desk.style("h3")
        runs = runs_of(table.caption, section.add(Element("H3")), h3.colour, desk)
        boxes.append(replace(text_box(runs, h3, measure.x, measure.width), before=12.0, after=6.0, break_cost=NEVER))
    element = section.add(Element("Table", summary=plain(table.caption)))
    grid = (*places_of(table.head), *places_of(table.body))
    edges = column_edges(grid, table.at, measure, desk)
    rows = [
        table_row(row, element.add(Element("TR")), edges, desk, head=index < len(table.head))
        for index, row in enumerate(grid)
    ]
    if not rows:
        return boxes
    return [*boxes, *whole_rows(rows, len(table.head), edges[-1] - edges[0], measure.x)]


def whole_rows(rows: Sequence[Box], heads: int, width: float, x: float) -> list[Box]:
    """Return head and rows so that at least two rows follow a head, none is left alone, and a line ends them all."""
    head = stacked(rows[:heads])
    boxes = [replace(row, lead=artifact(head) if heads else None) for row in rows[heads:]]
    boxes = [replace(head, break_cost=NEVER), *together(boxes)] if heads else together(boxes)
    end = drawn((rule(width, boxes[-1].height, STRONG, "accent"),), x, 0.0)
    boxes[-1] = replace(with_items(boxes[-1], end), break_cost=0.0)
    return spaced(boxes, TABLE_BEFORE, TABLE_AFTER)


Row: TypeAlias = tuple[tuple[int, Cell], ...]


def places_of(rows: Sequence[Sequence[Cell]]) -> list[Row]:
    """Return each row as its cells with the columns in which they begin, below cells that reach down from above."""
    taken: dict[int, int] = {}
    grid: list[Row] = []
    for row in rows:
        column, places = 0, []
        for cell in row:
            while taken.get(column, 0):
                column += 1
            places.append((column, cell))
            taken.update(dict.fromkeys(range(column, column + cell.columns), cell.rows))
            column += cell.columns
        taken = {column: left - 1 for column, left in taken.items() if left > 1}
        grid.append(tuple(places))
    return grid


def table_row(row: Row, element: Element, edges: Sequence[float], desk: Desk, *, head: bool) -> Box:
    """Return one row of cells, on tint between strong lines if it is the head, where words stand at the foot."""
    style = replace(desk.style("table"), before=0.0, after=0.0)
    boxes = []
    for column, cell in row:
        left, right = edges[column], edges[column + cell.columns]
        heads = head or cell.header
        runs = runs_of(cell.content, element.add(cell_element(cell, head=head)), style.colour, desk, bold=heads)
        boxes.append(text_box(runs, replace(style, bold=heads), left + CELL_PAD, right - left - CELL_PAD - CELL_RIGHT))
    height = max((box.height for box in boxes), default=0.0) + 2 * CELL_PAD
    x, width = edges[0], edges[-1] - edges[0]
    shapes: tuple[Shape, ...] = (rule(width, height, HAIR),)
    if head:
        ground = Rectangle(0, 0, width, height, fill="tint")
        shapes = (ground, rule(width, 0.0, STRONG, "accent"), rule(width, height, STRONG, "accent"))
    tops = [height - CELL_PAD - box.height if head else CELL_PAD for box in boxes]
    words = (item for box, top in zip(boxes, tops, strict=True) for item in moved_down(box.items, top))
    at = row[0][1].at if row else NOWHERE
    return Box(height, (*drawn(shapes, x, 0.0), *words), break_cost=ROW_COST, at=at)


def cell_element(cell: Cell, *, head: bool) -> Element:
    """Return the element of a cell: what it heads, and how many rows and columns it spans."""
    scope: tuple[tuple[str, str, str | int], ...] = ()
    if head or cell.header:
        scope = (("Table", "Scope", "Column" if head else "Row"),)
    spans = [("Table", key, count) for key, count in (("ColSpan", cell.columns), ("RowSpan", cell.rows)) if count > 1]
    return Element("TH" if scope else "TD", attributes=(*scope, *spans))


def column_edges(grid: Sequence[Row], at: Span, measure: Measure, desk: Desk) -> list[float]:
    """Return where columns begin and the last one ends: each has its longest word, and a share by its text."""
    style, pads = replace(desk.style("table"), bold=True), CELL_PAD + CELL_RIGHT
    count = max((column + cell.columns for row in grid for column, cell in row), default=1)
    least, most = [pads] * count, [pads] * count
    for column, cell in (place for row in grid for place in row if place[1].columns == 1):
        least[column] = max(least[column], widest_word(cell.content, desk) + pads)
        most[column] = max(most[column], text_width(plain(cell.content), style) + pads)
    if sum(least) > measure.width:
        longest = max((longest_word(cell.content) for row in grid for _, cell in row), key=len)
        fitting = sum(width <= measure.width for width in accumulate(least))
        fits = f"of its {count} columns {fitting or 'not even one'} would fit"
        desk.findings.append(too_wide(at, sum(least) - measure.width, longest, fits))
        return edges_of([measure.width * each / sum(least) for each in least], measure.x)
    wanted = [max(need, min(want, measure.width / 2)) for need, want in zip(least, most, strict=True)]
    spare = measure.width - sum(least)
    beyond = sum(want - need for want, need in zip(wanted, least, strict=True))
    shares = [(want - need) / beyond if beyond else 1 / count for want, need in zip(wanted, least, strict=True)]
    return edges_of([need + spare * share for need, share in zip(least, shares, strict=True)], measure.x)


def edges_of(widths: Sequence[float], x: float) -> list[float]:
    """Return where columns of these `widths` begin, from `x` on, and where the last ends."""
    return list(accumulate(widths, initial=x))


def longest_word(content: Inlines) -> str:
    """Return the longest word in a cell."""
    return max(plain(content).split(), key=len, default="")


def too_wide(at: Span, by: float, longest: str, fits: str) -> Finding:
    """Return the finding for a table whose words do not fit side by side: by how much, and what `fits`."""
    hint = f"use a shorter word than “{longest}”, or fewer columns; or say it in a list"
    message = f"The words of this table need {by:.0f} points more than the page has; {fits}."
    return error("table-too-wide", message, at, hint)


def artifact(box: Box) -> Box:
    """Return `box` as a repeated head, which is not read a second time."""
    return Box(box.height, unmarked(box.items))
