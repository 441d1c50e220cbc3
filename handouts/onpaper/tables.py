"""A placed table in, its ground, rules and words on a page out, tagged as a table with heads and spans.

Places and heights are those of the plan; nothing is measured anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from handouts.deck.layouts import CELL_PADDING
from handouts.deck.planned_slides import CellText, GridCell, PlacedTable
from handouts.deck.styles import CELL_BULLET_INDENT, ROW_FRAME_WIDTH, TABLE_RULES
from handouts.figures.shapes import Box, Command, Path
from handouts.onpaper.texts import Block, Setting, lines_of
from handouts.pdf.inline import Ink
from handouts.pdf.page import Element, Item, ShapeItem
from handouts.text.breaking import Run, break_lines


def table_items(table: PlacedTable, parent: Element, setting: Setting) -> Iterator[Item]:
    """Yield the items of `table`, its element added to `parent`."""
    yield from grounds(table)
    yield from rules(table)
    yield from frames(table)
    element = parent.add(Element("Table"))
    y = table.y
    for index, row in enumerate(table.rows):
        line, x = element.add(Element("TR")), table.x
        for at, cell in enumerate(row.cells):
            if not cell.covered:
                holder = line.add(cell_element(cell, head=row.header))
                yield from cell_items(cell, x, y, cell_size(table, index, at), holder, setting)
            x += table.columns[at]
        y += row.height


def cell_size(table: PlacedTable, row: int, column: int) -> tuple[float, float]:
    """Return how wide and how high a cell is, with all that it spans over."""
    cell = table.rows[row].cells[column]
    width = sum(table.columns[column : column + cell.columns])
    return width, sum(each.height for each in table.rows[row : row + cell.rows])


def cell_element(cell: GridCell, *, head: bool) -> Element:
    """Return the element of a cell; a header says for what."""
    scope = (("Table", "Scope", "Column" if head else "Row"),) if head or cell.header else ()
    spans = tuple(
        ("Table", key, count) for key, count in (("ColSpan", cell.columns), ("RowSpan", cell.rows)) if count > 1
    )
    return Element("TH" if scope else "TD", attributes=(*scope, *spans))


def cell_items(
    cell: GridCell, x: float, y: float, size: tuple[float, float], holder: Element, setting: Setting
) -> Iterator[Item]:
    """Yield the words of a cell, in the middle of its height."""
    width, height = size
    room = width - cell.left - cell.right
    blocks = [cell_block(text, room, holder, setting) for text in cell.texts]
    top = y + max(CELL_PADDING, (height - sum(block.height for block in blocks)) / 2)
    for block in blocks:
        shift = room - max((line.width for line in block.lines), default=room) if cell.align == "r" else 0.0
        yield from block.items(x + cell.left + shift, top, setting)
        top += block.height


def cell_block(text: CellText, room: float, holder: Element, setting: Setting) -> Block:
    """Return one paragraph of a cell in lines, with its mark."""
    style = replace(text.style, before=0.0, after=0.0)
    if not text.mark:
        element = holder.add(Element("P"))
        return Block(lines_of(text.runs, element, style, room, setting), style, 0.0)
    indent = CELL_BULLET_INDENT * style.size
    label, element = list_item(holder, counted=text.mark.endswith("."))
    marks = break_lines((Run(text.mark, style.bold, Ink(label, style.colour)),), style, room, setting.family)
    return Block(lines_of(text.runs, element, style, room - indent, setting), style, indent, marks)


def list_item(holder: Element, *, counted: bool) -> tuple[Element, Element]:
    """Return the elements of mark and words of a list item, in the list that `holder` ends with or in a new one."""
    last = holder.children[-1] if holder.children else None
    if last is None or last.role != "L":
        numbering = (("List", "ListNumbering", "Decimal" if counted else "Disc"),)
        last = holder.add(Element("L", attributes=numbering))
    entry = last.add(Element("LI"))
    return entry.add(Element("Lbl")), entry.add(Element("LBody"))


# ---------------------------------------------------------------- what is behind the words


def grounds(table: PlacedTable) -> Iterator[Item]:
    """Yield the fills of cells."""
    y = table.y
    for index, row in enumerate(table.rows):
        x = table.x
        for at, cell in enumerate(row.cells):
            if cell.fill and not cell.covered:
                width, height = cell_size(table, index, at)
                yield ShapeItem(Box(0.0, 0.0, width, height, fill=cell.fill), x, y, None)
            x += table.columns[at]
        y += row.height


def rules(table: PlacedTable) -> Iterator[Item]:
    """Yield the lines between rows: strong ones below the header and at the end."""
    width, y = sum(table.columns), table.y
    for index, row in enumerate(table.rows):
        y += row.height
        last = index == len(table.rows) - 1
        if last or (row.header and not table.rows[index + 1].header):
            yield rule(table.x, y, width, *TABLE_RULES["strong"])
            continue
        x = table.x
        for at, column in enumerate(table.columns):
            if not spans_down(table, index, at):
                yield rule(x, y, column, *TABLE_RULES["thin"])
            x += column


def frames(table: PlacedTable) -> Iterator[Item]:
    """Yield the strong edges around rows."""
    width, y = sum(table.columns), table.y
    for row in table.rows:
        if row.frame:
            yield ShapeItem(Box(0.0, 0.0, width, row.height, stroke=row.frame, edge=ROW_FRAME_WIDTH), table.x, y, None)
        y += row.height


def spans_down(table: PlacedTable, row: int, column: int) -> bool:
    """True if the cell of a row is one with that below it."""
    for start in range(row, -1, -1):
        for left in range(column, -1, -1):
            cell = table.rows[start].cells[left]
            if not cell.covered and left + cell.columns > column:
                return start + cell.rows > row + 1
    return False


def rule(x: float, y: float, width: float, colour: str, thickness: float) -> ShapeItem:
    """Return a level line."""
    ends: tuple[Command, ...] = (("M", (0.0, 0.0)), ("L", (width, 0.0)))
    return ShapeItem(Path(ends, stroke=colour, width=thickness, cap="butt"), x, y, None)
