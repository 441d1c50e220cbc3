"""Add a native table to a slide: header flags, spans, cell margins, rules and texts.

Each run, paragraph and cell has its own look, because a table inherits nothing from a layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from handouts.deck.drawingml import (
    TABLE_STYLE,
    DrawingContext,
    exact_spacing,
    fill_element,
    frame_element,
    line_element,
    placeholder_element,
    run_elements,
)
from handouts.deck.layouts import CELL_PADDING, SlideArea
from handouts.deck.ooxml import Markup, append, element
from handouts.deck.planned_slides import CellText, GridCell, GridRow, PlacedTable
from handouts.deck.styles import CELL_BULLET_INDENT, ROW_FRAME_WIDTH, TABLE_RULES
from handouts.units import emu

_TABLE_URI = "http://schemas.openxmlformats.org/drawingml/2006/table"
_EMPTY_SIZE = 2000  # of an empty cell, in hundredths of a point, so that it makes no row higher


def add_table(shapes: Any, placed: PlacedTable, name: str, index: int | None, context: DrawingContext) -> Any:
    """Add a native table in the placeholder `index` of the layout, or in none for None, and return its element.

    Cells are elements: python-pptx has no call for rules, bullets and indents, and with its calls for the rest the two
    tables of a recipient's copy took 10 ms instead of 3. It merges cells.
    """
    columns, rows = [emu(width) for width in placed.columns], placed.rows
    flags: dict[str, Any] = {"firstRow": int(rows[0].header), "firstCol": int(placed.first_column)}
    table = element(
        "a:tbl",
        element("a:tblPr", element("a:tableStyleId", text=TABLE_STYLE), **flags),
        element("a:tblGrid", *(element("a:gridCol", w=width) for width in columns)),
        *(_row_element(rows, number, context) for number in range(len(rows))),
    )
    area = SlideArea(placed.x, placed.y, sum(placed.columns), sum(row.height for row in rows))
    placeholder = () if index is None else (placeholder_element("tbl", index),)
    append(shapes.element, frame_element(name, placed.alt, placeholder, area, _TABLE_URI, table))
    for number, row in enumerate(rows):
        for position, cell in enumerate(row.cells):
            if cell.columns > 1 or cell.rows > 1:
                made = shapes[-1].table
                made.cell(number, position).merge(made.cell(number + cell.rows - 1, position + cell.columns - 1))
    return shapes.element[-1]


def _row_element(rows: Sequence[GridRow], index: int, context: DrawingContext) -> Markup:
    """Return one row."""
    cells = (
        _cell_element(cell, _cell_rules(rows, index, position, context), context)
        for position, cell in enumerate(rows[index].cells)
    )
    return element("a:tr", *cells, h=emu(rows[index].height))


def _cell_rules(rows: Sequence[GridRow], index: int, position: int, context: DrawingContext) -> Iterator[Markup]:
    """Yield the rules of a cell that are not in the table style: those within a head, and frames of rows."""
    frame = _row_frame(rows[index])
    sides = (
        ("a:lnL", frame if position == 0 else None),
        ("a:lnR", frame if position == len(rows[index].cells) - 1 else None),
        ("a:lnT", _rule_between(rows, index - 1)),
        ("a:lnB", _rule_between(rows, index)),
    )
    for tag, rule in sides:
        if rule:
            yield line_element(*rule, context.colours, "flat", tag=tag)


def _rule_between(rows: Sequence[GridRow], index: int) -> tuple[str, float] | None:
    """Return colour and width of the rule below a row (-1: above the table), or None if the table style has it."""
    around = [row for row in rows[max(index, 0) : index + 2] if row.frame]
    if around:
        return _row_frame(around[0])
    if not 0 <= index < len(rows) - 1:
        return None
    if index and rows[index - 1].frame:
        return TABLE_RULES["thin"]  # LibreOffice takes the edge above a row for the rule below it as well
    head, next_head = rows[index].header, rows[index + 1].header
    if not (head and (index or next_head)):
        return None
    return TABLE_RULES["thin" if next_head else "strong"]


def _row_frame(row: GridRow) -> tuple[str, float] | None:
    """Return colour and width of the frame around a row; None if it has none."""
    return (row.frame, ROW_FRAME_WIDTH) if row.frame else None


def _cell_element(cell: GridCell, rules: Iterator[Markup], context: DrawingContext) -> Markup:
    """Return one cell with its margins, its rules, its colour and its texts."""
    paragraphs = [
        element(
            "a:p",
            _paragraph_properties(text, cell.align),
            *run_elements(text.runs, context, text.style),
        )
        for text in cell.texts
    ]
    if not paragraphs:
        end = element("a:endParaRPr", lang=context.language, sz=_EMPTY_SIZE, dirty=0)
        paragraphs = [element("a:p", element("a:pPr", algn=cell.align), end)]
    fill = (fill_element(cell.fill, context.colours),) if cell.fill else ()
    padding = emu(CELL_PADDING)
    margins: dict[str, Any] = {"marL": emu(cell.left), "marR": emu(cell.right), "marT": padding, "marB": padding}
    return element(
        "a:tc",
        element("a:txBody", element("a:bodyPr"), element("a:lstStyle"), *paragraphs),
        element("a:tcPr", *rules, *fill, **margins, anchor="ctr"),
    )


def _paragraph_properties(text: CellText, align: str) -> Markup:
    """Return the mark, the indent, the line height and the alignment of a paragraph, without space around it."""
    indent = emu(CELL_BULLET_INDENT * text.style.size if text.mark else 0.0)
    spacing, mark = exact_spacing(text.style.leading), _mark_elements(text.mark)
    return element("a:pPr", *spacing, *mark, marL=indent, indent=-indent, algn=align)


def _mark_elements(mark: str) -> tuple[Markup, ...]:
    """Return a bullet, the number of a step, or the element for no mark."""
    if not mark:
        return (element("a:buNone"),)
    if mark.endswith("."):
        number = element("a:buAutoNum", type="arabicPeriod", startAt=mark.removesuffix("."))
        return (element("a:buFontTx"), number)
    return (element("a:buFontTx"), element("a:buChar", char=mark))
