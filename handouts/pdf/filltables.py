"""Tables to fill in: a head on tint, and rows with room to write; the head is repeated where a page ends inside."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from handouts.document import Cell, FillTable, Inlines, plain
from handouts.figures.shapes import Path
from handouts.pdf.boxes import NEVER, Box, moved_down, stacked
from handouts.pdf.inline import Desk, runs_of, text_box
from handouts.pdf.page import Element, FieldItem, Item
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Measure
from handouts.pdf.tables import (
    CELL_PAD,
    CELL_RIGHT,
    HAIR,
    ROW_COST,
    column_edges,
    edges_of,
    places_of,
    rule,
    table_row,
    whole_rows,
    widest_word,
)

ROW, FIELD_INSET = 32.0, 2.0


def fill_table_boxes(
    table: FillTable, parent: Element, desk: Desk, measure: Measure | None = None, room: float = 0.0
) -> list[Box]:
    """Return a table to fill in, from margin to margin if it has no `measure` of its own.

    Its rows are as high as fills the `room` that is left on its page, if it has any.
    """
    theme = desk.theme
    measure = measure or Measure(theme.margin, theme.right - theme.margin)
    scratch = replace(desk, cited=set(), findings=[])
    low = ROW * desk.scale
    least = stacked(grid_boxes(table, Element("Sect"), scratch, measure, low))
    spare = max(0.0, room - least.before - least.height) / len(table.rows)
    return grid_boxes(table, parent, desk, measure, low + spare)


def grid_boxes(table: FillTable, parent: Element, desk: Desk, measure: Measure, low: float) -> list[Box]:
    """Return the title of a table to fill in, its head, and its rows, none of them less than `low` high."""
    h3 = desk.style("h3")
    section = parent.add(Element("Sect"))
    runs = runs_of(table.caption, section.add(Element("H3")), h3.colour, desk)
    title = replace(text_box(runs, h3, measure.x, measure.width), before=12.0, after=6.0, break_cost=NEVER)
    head = tuple(Cell(content, header=True) for content in table.head)
    grid = places_of((head, *(tuple(Cell(content) for content in row) for row in table.rows)))
    edges = shared_edges(table, measure, desk) or column_edges(grid, table.at, measure, desk)
    element = section.add(Element("Table", summary=plain(table.caption)))
    rows = [table_row(grid[0], element.add(Element("TR")), edges, desk, head=True)]
    for number, row in enumerate(table.rows, 1):
        rows.append(fill_row(table, number, row, element.add(Element("TR")), edges, low, desk))
    boxes = [title, *whole_rows(rows, 1, edges[-1] - edges[0], edges[0])]
    return [replace(box, at=table.at) for box in boxes]


def shared_edges(table: FillTable, measure: Measure, desk: Desk) -> list[float]:
    """Return where columns begin that have their shares of the width, as far as their words have room; else none."""
    shares = table.widths if len(table.widths) == len(table.head) else (1,) * len(table.head)
    widths = [measure.width * share / sum(shares) for share in shares]
    rows = (table.head, *table.rows)
    needed = [max(widest_word(row[column], desk) for row in rows) for column in range(len(table.head))]
    if any(need + CELL_PAD + CELL_RIGHT > width for need, width in zip(needed, widths, strict=True)):
        return []
    return edges_of(widths, measure.x)


def fill_row(
    table: FillTable,
    number: int,
    row: Sequence[Inlines],
    element: Element,
    edges: Sequence[float],
    low: float,
    desk: Desk,
) -> Box:
    """Return one row, at least `low` high: what is written, and empty cells between thin lines."""
    style = replace(desk.style("table"), before=0.0, after=0.0)
    items: list[Item] = []
    words = []
    for column, content in enumerate(row):
        left, right = edges[column], edges[column + 1]
        heads = bool(content) and not column
        scope = (("Table", "Scope", "Row"),) if heads else ()
        cell = element.add(Element("TH" if heads else "TD", attributes=scope))
        if content:
            runs = runs_of(content, cell, style.colour, desk, bold=heads)
            words.append(text_box(runs, style, left + CELL_PAD, right - left - CELL_PAD - CELL_RIGHT))
    height = max((low, *(box.height + 2 * CELL_PAD for box in words)))
    for box in words:
        items.extend(moved_down(box.items, (height - box.height) / 2))
    lines = (rule(edges[-1] - edges[0], height, HAIR),)
    items.extend(drawn(lines, edges[0], 0.0))
    for edge in edges[1:-1]:
        upright = Path((("M", (edge, 0.0)), ("L", (edge, height))), stroke="ink", width=HAIR, cap="butt")
        items.extend(drawn((upright,), 0.0, 0.0))
    if desk.fillable:
        items.extend(row_fields(table, number, row, element, edges, height, desk))
    return Box(height, tuple(items), break_cost=ROW_COST)


def row_fields(
    table: FillTable,
    number: int,
    row: Sequence[Inlines],
    element: Element,
    edges: Sequence[float],
    height: float,
    desk: Desk,
) -> list[FieldItem]:
    """Return a field of several lines for each empty cell of a row."""
    fields = []
    for column, (content, cell) in enumerate(zip(row, element.children, strict=True)):
        if content:
            continue
        heading = plain(table.head[column])
        tooltip = desk.words.say("field_cell", table=plain(table.caption), row=number, column=heading)
        left, width = edges[column] + FIELD_INSET, edges[column + 1] - edges[column] - 2 * FIELD_INSET
        form = cell.add(Element("Form", tooltip=tooltip))
        name, size = f"{table.name}-{number}-{column + 1}", desk.style("table").size
        fields.append(FieldItem("lines", name, left, FIELD_INSET, width, height - 2 * FIELD_INSET, size, form))
    return fields
