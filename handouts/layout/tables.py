"""Lay out tables: two-column comparisons, tables of cells, and tables to fill in.

The head is repeated, as an artifact, where a page ends inside a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TypeAlias

from msgspec.structs import replace

from handouts.document.nodes import Cell, Comparison, FillTable, Inlines, Table
from handouts.document.text import plain
from handouts.figures.shapes import Circle, Path, Rectangle, Shape
from handouts.figures.signs import sign_drawing
from handouts.finding import NOWHERE, Finding, Location, error
from handouts.layout.boxes import (
    HAIRLINE,
    NEVER,
    STRONG_LINE,
    LayoutBox,
    as_artifacts,
    decoration_items,
    ends_kept_together,
    horizontal_rule,
    kept_whole,
    moved_down,
    stacked,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import LayoutContext, inline_runs, text_box
from handouts.layout.page_model import Element, FieldItem, PageItem
from handouts.layout.prose import Measure, full_width_measure
from handouts.text.line_breaking import text_width

HEAD_ROW, ROW_PAD, MARK, MARK_EDGE, TEXT_LEFT, NARROW_LEFT, TEXT_RIGHT = 28.0, 3.0, 20.0, 2.25, 38.0, 32.0, 8.0
CELL_PAD, CELL_RIGHT = 5.0, 10.0
SUMMARY_SEPARATOR = " · "
ROW_COST, TABLE_BEFORE, TABLE_AFTER = 60.0, 6.0, 12.0


# ---------------------------------------------------------------- do, and try not to


def comparison_boxes(
    comparison: Comparison, parent: Element, measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return two equal columns, the left one on tint, row by row; divided only if they are higher than a page."""
    measure = full_width_measure(measure, context)
    check_comparison_words(comparison, measure, context)
    heads = (plain(comparison.left), plain(comparison.right))
    table = parent.add(Element("Table", summary=SUMMARY_SEPARATOR.join(heads)))
    head = comparison_head(comparison, table, measure, context)
    rows = [
        comparison_row(row, table.add(Element("TR")), measure, context, HAIRLINE if index else STRONG_LINE)
        for index, row in enumerate(comparison.rows)
    ]
    boxes = rows_below_head([head, *rows], 1, measure.width, measure.x)
    boxes = kept_whole(boxes) if stacked(boxes).height <= context.room else boxes
    return with_outer_spaces(boxes, TABLE_AFTER, TABLE_AFTER)


def comparison_head(comparison: Comparison, table: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return the head: a tick in a disc and a bar in a ring, each beside its word."""
    style = replace(context.style("h3"), before=0.0, after=0.0)
    half, left = measure.width / 2, comparison_text_left(context)
    row = table.add(Element("TR"))
    texts = []
    for index, content in enumerate((comparison.left, comparison.right)):
        cell = row.add(Element("TH", attributes=(("Table", "Scope", "Column"),)))
        x = measure.x + index * half + left
        texts.append(text_box(inline_runs(content, cell, style.colour, context), style, x, half - left - TEXT_RIGHT))
    height = max(HEAD_ROW, *(text.height + 2 * ROW_PAD for text in texts))
    items = (
        *decoration_items((Rectangle(0, 0, half, height, fill="tint"),), measure.x, 0.0),
        *comparison_mark("tick", measure.x + left / 2, height / 2),
        *comparison_mark("bar", measure.x + half + left / 2, height / 2),
        *(item for text in texts for item in moved_down(text.items, (height - text.height) / 2)),
        *decoration_items((horizontal_rule(2 * half, height, STRONG_LINE, "accent"),), measure.x, 0.0),
    )
    return LayoutBox(height, items, at=comparison.at)


def comparison_text_left(context: LayoutContext) -> float:
    """Return how far the words of a comparison stand from the left edge of their column, right of its mark."""
    return NARROW_LEFT if context.theme.paper.labels_above else TEXT_LEFT


def comparison_mark(sign: str, x: float, y: float) -> tuple[PageItem, ...]:
    """Return a tick in a filled disc, or another sign in a ring, around a point."""
    filled = sign == "tick"
    disc = Circle(x, y, MARK / 2, fill="accent")
    ring = Circle(x, y, (MARK - MARK_EDGE) / 2, stroke="accent", width=MARK_EDGE)
    mark = sign_drawing(sign, MARK * 0.8, "white" if filled else "accent")
    corner = (x - mark.width / 2, y - mark.height / 2)
    return (*decoration_items((disc if filled else ring,), 0.0, 0.0), *decoration_items(mark.shapes, *corner))


def comparison_row(
    row: tuple[Inlines, Inlines], element: Element, measure: Measure, context: LayoutContext, above: float
) -> LayoutBox:
    """Return one row, whose tint leaves the rule `above` it whole."""
    style = replace(context.style("table"), before=0.0, after=0.0)
    half, left = measure.width / 2, comparison_text_left(context)
    cells = []
    for index, content in enumerate(row):
        runs = inline_runs(content, element.add(Element("TD")), style.colour, context)
        cells.append(text_box(runs, style, measure.x + index * half + left, half - left - TEXT_RIGHT))
    height = max(cell.height for cell in cells) + 2 * ROW_PAD
    ground = Rectangle(0, above / 2, half, height - above / 2, fill="tint")
    items = (
        *decoration_items((ground,), measure.x, 0.0),
        *decoration_items((horizontal_rule(2 * half, height, HAIRLINE),), measure.x, 0.0),
        *(item for cell in cells for item in moved_down(cell.items, ROW_PAD)),
    )
    return LayoutBox(height, items, break_cost=ROW_COST)


def check_comparison_words(comparison: Comparison, measure: Measure, context: LayoutContext) -> None:
    """Report a word that is wider than its half of a comparison."""
    room = measure.width / 2 - comparison_text_left(context) - TEXT_RIGHT
    widest = max((widest_word_width(content, context) for row in comparison.rows for content in row), default=0.0)
    if widest > room:
        longest = max((longest_word(content) for row in comparison.rows for content in row), key=len)
        context.findings.append(
            table_too_wide_finding(comparison.at, widest - room, longest, "each of the two columns has a half")
        )


def widest_word_width(content: Inlines, context: LayoutContext) -> float:
    """Return the width of the widest word in a cell, as if it were bold."""
    style = replace(context.style("table"), bold=True)
    return max((text_width(word, style) for word in plain(content).split()), default=0.0)


# ---------------------------------------------------------------- tables


def table_boxes(table: Table, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a table, from margin to margin where it stands on the page itself."""
    measure = full_width_measure(measure, context)
    section = parent.add(Element("Sect")) if table.caption else parent
    boxes = []
    if table.caption:
        h3 = context.style("h3")
        runs = inline_runs(table.caption, section.add(Element("H3")), h3.colour, context)
        boxes.append(replace(text_box(runs, h3, measure.x, measure.width), before=12.0, after=6.0, break_cost=NEVER))
    element = section.add(Element("Table", summary=plain(table.caption)))
    grid = (*table_grid(table.head), *table_grid(table.body))
    edges = column_edges(grid, table.at, measure, context)
    rows = [
        table_row(row, element.add(Element("TR")), edges, context, head=index < len(table.head))
        for index, row in enumerate(grid)
    ]
    if not rows:
        return boxes
    return [*boxes, *rows_below_head(rows, len(table.head), edges[-1] - edges[0], measure.x)]


def rows_below_head(rows: Sequence[LayoutBox], heads: int, width: float, x: float) -> list[LayoutBox]:
    """Return head and rows so that at least two rows follow a head, none is left alone, and a line ends them all."""
    head = stacked(rows[:heads])
    boxes = [replace(row, repeated_head=artifact_box(head) if heads else None) for row in rows[heads:]]
    boxes = [replace(head, break_cost=NEVER), *ends_kept_together(boxes)] if heads else ends_kept_together(boxes)
    end = decoration_items((horizontal_rule(width, boxes[-1].height, STRONG_LINE, "accent"),), x, 0.0)
    boxes[-1] = replace(with_items(boxes[-1], end), break_cost=0.0)
    return with_outer_spaces(boxes, TABLE_BEFORE, TABLE_AFTER)


GridCells: TypeAlias = tuple[tuple[int, Cell], ...]


def table_grid(rows: Sequence[Sequence[Cell]]) -> list[GridCells]:
    """Return each row as its cells with the columns in which they begin, below cells that reach down from above."""
    taken: dict[int, int] = {}
    grid: list[GridCells] = []
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


def table_row(
    row: GridCells, element: Element, edges: Sequence[float], context: LayoutContext, *, head: bool
) -> LayoutBox:
    """Return one row of cells, on tint between strong lines if it is the head, where words stand at the foot."""
    style = replace(context.style("table"), before=0.0, after=0.0)
    boxes = []
    for column, cell in row:
        left, right = edges[column], edges[column + cell.columns]
        heads = head or cell.header
        runs = inline_runs(cell.content, element.add(cell_element(cell, head=head)), style.colour, context, bold=heads)
        boxes.append(text_box(runs, replace(style, bold=heads), left + CELL_PAD, right - left - CELL_PAD - CELL_RIGHT))
    height = max((box.height for box in boxes), default=0.0) + 2 * CELL_PAD
    x, width = edges[0], edges[-1] - edges[0]
    shapes: tuple[Shape, ...] = (horizontal_rule(width, height, HAIRLINE),)
    if head:
        ground = Rectangle(0, 0, width, height, fill="tint")
        shapes = (
            ground,
            horizontal_rule(width, 0.0, STRONG_LINE, "accent"),
            horizontal_rule(width, height, STRONG_LINE, "accent"),
        )
    tops = [height - CELL_PAD - box.height if head else CELL_PAD for box in boxes]
    words = (item for box, top in zip(boxes, tops, strict=True) for item in moved_down(box.items, top))
    at = row[0][1].at if row else NOWHERE
    return LayoutBox(height, (*decoration_items(shapes, x, 0.0), *words), break_cost=ROW_COST, at=at)


def cell_element(cell: Cell, *, head: bool) -> Element:
    """Return the element of a cell: what it heads, and how many rows and columns it spans."""
    scope: tuple[tuple[str, str, str | int], ...] = ()
    if head or cell.header:
        scope = (("Table", "Scope", "Column" if head else "Row"),)
    spans = [("Table", key, count) for key, count in (("ColSpan", cell.columns), ("RowSpan", cell.rows)) if count > 1]
    return Element("TH" if scope else "TD", attributes=(*scope, *spans))


def column_edges(grid: Sequence[GridCells], at: Location, measure: Measure, context: LayoutContext) -> list[float]:
    """Return where columns begin and the last one ends: each has its longest word, and a share by its text."""
    style, pads = replace(context.style("table"), bold=True), CELL_PAD + CELL_RIGHT
    count = max((column + cell.columns for row in grid for column, cell in row), default=1)
    least, most = [pads] * count, [pads] * count
    for column, cell in (place for row in grid for place in row if place[1].columns == 1):
        least[column] = max(least[column], widest_word_width(cell.content, context) + pads)
        most[column] = max(most[column], text_width(plain(cell.content), style) + pads)
    if sum(least) > measure.width:
        longest = max((longest_word(cell.content) for row in grid for _, cell in row), key=len)
        fitting = sum(width <= measure.width for width in accumulate(least))
        fits = f"of its {count} columns {fitting or 'not even one'} would fit"
        context.findings.append(table_too_wide_finding(at, sum(least) - measure.width, longest, fits))
        return edges_from_widths([measure.width * each / sum(least) for each in least], measure.x)
    wanted = [max(need, min(want, measure.width / 2)) for need, want in zip(least, most, strict=True)]
    spare = measure.width - sum(least)
    beyond = sum(want - need for want, need in zip(wanted, least, strict=True))
    shares = [(want - need) / beyond if beyond else 1 / count for want, need in zip(wanted, least, strict=True)]
    return edges_from_widths([need + spare * share for need, share in zip(least, shares, strict=True)], measure.x)


def edges_from_widths(widths: Sequence[float], x: float) -> list[float]:
    """Return where columns of these `widths` begin, from `x` on, and where the last ends."""
    return list(accumulate(widths, initial=x))


def longest_word(content: Inlines) -> str:
    """Return the longest word in a cell."""
    return max(plain(content).split(), key=len, default="")


def table_too_wide_finding(at: Location, by: float, longest: str, fits: str) -> Finding:
    """Return the finding for a table whose words do not fit side by side: by how much, and what `fits`."""
    hint = f"use a shorter word than “{longest}”, or fewer columns; or say it in a list"
    message = f"The words of this table need {by:.0f} points more than the page has; {fits}."
    return error("table-too-wide", message, at, hint)


def artifact_box(box: LayoutBox) -> LayoutBox:
    """Return `box` as a repeated head, which is not read a second time."""
    return LayoutBox(box.height, as_artifacts(box.items))


FILL_ROW_HEIGHT, FIELD_INSET = 32.0, 2.0


def fill_table_boxes(
    table: FillTable, parent: Element, context: LayoutContext, measure: Measure | None = None, room: float = 0.0
) -> list[LayoutBox]:
    """Return a table to fill in, from margin to margin if it has no `measure` of its own.

    Its rows are as high as fills the `room` that is left on its page, if it has any.
    """
    theme = context.theme
    measure = measure or Measure(theme.margin, theme.right - theme.margin)
    scratch = replace(context, cited=set(), findings=[])
    low = FILL_ROW_HEIGHT * context.scale
    least = stacked(fill_grid_boxes(table, Element("Sect"), scratch, measure, low))
    spare = max(0.0, room - least.before - least.height) / len(table.rows)
    return fill_grid_boxes(table, parent, context, measure, low + spare)


def fill_grid_boxes(
    table: FillTable, parent: Element, context: LayoutContext, measure: Measure, low: float
) -> list[LayoutBox]:
    """Return the title of a table to fill in, its head, and its rows, none of them less than `low` high."""
    h3 = context.style("h3")
    section = parent.add(Element("Sect"))
    runs = inline_runs(table.caption, section.add(Element("H3")), h3.colour, context)
    title = replace(text_box(runs, h3, measure.x, measure.width), before=12.0, after=6.0, break_cost=NEVER)
    head = tuple(Cell(content, header=True) for content in table.head)
    grid = table_grid((head, *(tuple(Cell(content) for content in row) for row in table.rows)))
    edges = proportional_edges(table, measure, context) or column_edges(grid, table.at, measure, context)
    element = section.add(Element("Table", summary=plain(table.caption)))
    rows = [table_row(grid[0], element.add(Element("TR")), edges, context, head=True)]
    for number, row in enumerate(table.rows, 1):
        rows.append(fill_row_box(table, number, row, element.add(Element("TR")), edges, low, context))
    boxes = [title, *rows_below_head(rows, 1, edges[-1] - edges[0], edges[0])]
    return [replace(box, at=table.at) for box in boxes]


def proportional_edges(table: FillTable, measure: Measure, context: LayoutContext) -> list[float]:
    """Return where columns begin that have their shares of the width, as far as their words have room; else none."""
    shares = table.widths if len(table.widths) == len(table.head) else (1,) * len(table.head)
    widths = [measure.width * share / sum(shares) for share in shares]
    rows = (table.head, *table.rows)
    needed = [max(widest_word_width(row[column], context) for row in rows) for column in range(len(table.head))]
    if any(need + CELL_PAD + CELL_RIGHT > width for need, width in zip(needed, widths, strict=True)):
        return []
    return edges_from_widths(widths, measure.x)


def fill_row_box(
    table: FillTable,
    number: int,
    row: Sequence[Inlines],
    element: Element,
    edges: Sequence[float],
    low: float,
    context: LayoutContext,
) -> LayoutBox:
    """Return one row, at least `low` high: what is written, and empty cells between thin lines."""
    style = replace(context.style("table"), before=0.0, after=0.0)
    items: list[PageItem] = []
    words = []
    for column, content in enumerate(row):
        left, right = edges[column], edges[column + 1]
        heads = bool(content) and not column
        scope = (("Table", "Scope", "Row"),) if heads else ()
        cell = element.add(Element("TH" if heads else "TD", attributes=scope))
        if content:
            runs = inline_runs(content, cell, style.colour, context, bold=heads)
            words.append(text_box(runs, style, left + CELL_PAD, right - left - CELL_PAD - CELL_RIGHT))
    height = max((low, *(box.height + 2 * CELL_PAD for box in words)))
    for box in words:
        items.extend(moved_down(box.items, (height - box.height) / 2))
    lines = (horizontal_rule(edges[-1] - edges[0], height, HAIRLINE),)
    items.extend(decoration_items(lines, edges[0], 0.0))
    for edge in edges[1:-1]:
        upright = Path((("M", (edge, 0.0)), ("L", (edge, height))), stroke="ink", width=HAIRLINE, cap="butt")
        items.extend(decoration_items((upright,), 0.0, 0.0))
    if context.fillable:
        items.extend(fill_row_fields(table, number, row, element, edges, height, context))
    return LayoutBox(height, tuple(items), break_cost=ROW_COST)


def fill_row_fields(
    table: FillTable,
    number: int,
    row: Sequence[Inlines],
    element: Element,
    edges: Sequence[float],
    height: float,
    context: LayoutContext,
) -> list[FieldItem]:
    """Return a field of several lines for each empty cell of a row."""
    fields = []
    for column, (content, cell) in enumerate(zip(row, element.children, strict=True)):
        if content:
            continue
        heading = plain(table.head[column])
        tooltip = context.words.say("field_cell", table=plain(table.caption), row=number, column=heading)
        left, width = edges[column] + FIELD_INSET, edges[column + 1] - edges[column] - 2 * FIELD_INSET
        form = cell.add(Element("Form", tooltip=tooltip))
        name, size = f"{table.name}-{number}-{column + 1}", context.style("table").size
        fields.append(FieldItem("lines", name, left, FIELD_INSET, width, height - 2 * FIELD_INSET, size, form))
    return fields
