"""Build the tables of a Word file: head rows that repeat on each page, cells that span rows and columns, boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Cell, Comparison, GridLine, Inlines, Table, table_grid
from handouts.document.text import plain
from handouts.figures.signs import disc_row_drawing, is_sign, sign_drawing
from handouts.text.line_breaking import widest_unbreakable_part
from handouts.theme import Theme
from handouts.units import twips
from handouts.word.drawn_pictures import sign_picture
from handouts.word.runs import KEEP_WITH_NEXT, WordContext, inline_runs, paragraph, run
from handouts.word.word_markup import NOTHING, Wml, joined, w

_LEAST_WEIGHT, _MOST_WEIGHT = 12, 45
_CELL_PADDING = 12.0  # left and right together


class WordCell(Struct, frozen=True):
    """One cell: its paragraphs, the columns that it spans, and "restart" or "continue" if it spans several rows.

    `role` is the colour role of its ground; `edge` the colour role and the width of the bar at its left side.
    """

    inside: Wml
    columns: int = 1
    merge: str | None = None
    role: str = ""
    edge: tuple[str, float] | None = None


def table_xml(
    rows: Iterable[Sequence[WordCell]],
    widths: Sequence[float],
    context: WordContext,
    *,
    style: str = "HandoutTable",
    heads: int = 0,
    heights: float = 0.0,
    gap_after: bool = True,
) -> Wml:
    """Return a table with columns of these widths, and a small gap, which also separates it from a next table.

    The first `heads` rows are head rows; the others are at least `heights` high. No row is divided between pages.
    """
    grid = w("tblGrid", *(w("gridCol", w=twips(width)) for width in widths))
    look = w(
        "tblLook", val="04A0" if heads else "0480", firstRow=int(heads > 0), lastRow=0, firstColumn=1, lastColumn=0
    )
    size = w("tblW", w=twips(sum(widths)), type="dxa")
    properties = w("tblPr", w("tblStyle", val=style), size, w("tblLayout", type="fixed"), look)
    drawn = [
        _row_xml(row, widths, context, head=index < heads, height=0.0 if index < heads else heights)
        for index, row in enumerate(rows)
    ]
    table = w("tbl", properties, grid, *drawn)
    return joined((table, gap(context))) if gap_after else table


def _row_xml(
    row: Sequence[WordCell], widths: Sequence[float], context: WordContext, *, head: bool, height: float
) -> Wml:
    """Return one row."""
    high = w("trHeight", val=twips(height), hRule="atLeast") if height else NOTHING
    cells, column = [], 0
    for cell in row:
        cells.append(_cell_xml(cell, sum(widths[column : column + cell.columns]), context))
        column += cell.columns
    return w("tr", w("trPr", w("cantSplit"), high, w("tblHeader") if head else NOTHING), *cells)


def _cell_xml(cell: WordCell, width: float, context: WordContext) -> Wml:
    """Return one cell."""
    colours = context.theme.colours
    border = NOTHING
    if cell.edge:
        colour = colours[cell.edge[0]].removeprefix("#")
        left = w("left", val="single", sz=round(8 * cell.edge[1]), space=0, color=colour)
        border = w("tcBorders", left)
    ground = NOTHING
    if cell.role:
        ground = w("shd", val="clear", color="auto", fill=colours[cell.role].removeprefix("#"))
    properties = w(
        "tcPr",
        w("tcW", w=twips(width), type="dxa"),
        w("gridSpan", val=cell.columns) if cell.columns > 1 else NOTHING,
        w("vMerge", val=cell.merge) if cell.merge else NOTHING,
        border,
        ground,
    )
    return w("tc", properties, cell.inside)


def cell_paragraph(
    content: Inlines, context: WordContext, *, header: bool = False, before: Wml = NOTHING, keep: bool = False
) -> Wml:
    """Return the paragraph of a cell, with the picture `before` its words."""
    style = "TableHeading" if header else "TableText"
    inside = joined((before, run(" ") if before else NOTHING, inline_runs(content, context)))
    return paragraph(style, inside, context, KEEP_WITH_NEXT if keep else NOTHING)


def gap(context: WordContext) -> Wml:
    """Return an empty paragraph of small height."""
    return paragraph("Gap", NOTHING, context)


# ---------------------------------------------------------------- tables of content


def content_table(table: Table, width: float, context: WordContext) -> Wml:
    """Return a table below its caption."""
    caption = NOTHING
    if table.caption:
        caption = paragraph("Caption", inline_runs(table.caption, context), context, KEEP_WITH_NEXT)
    grid = table_grid(table)
    widths = _widths(grid, width, context.theme)
    return joined((caption, table_xml(_placed_rows(table, grid, context), widths, context, heads=len(table.head))))


def _widths(grid: Sequence[GridLine], width: float, theme: Theme) -> tuple[float, ...]:
    """Return the widths of columns: room for the longest word of each; the rest is shared by the length of texts."""
    bold, count = replace(theme.print["table"], bold=True), len(grid[0])
    weights, least = [_LEAST_WEIGHT] * count, [0.0] * count
    cells = ((column, cell) for row in grid for column, cell in enumerate(row) if cell and cell.columns == 1)
    for column, cell in cells:
        words = plain(cell.content)
        weights[column] = max(weights[column], min(_MOST_WEIGHT, len(words)))
        least[column] = max(least[column], widest_unbreakable_part(words, bold) + _CELL_PADDING)
    left = width - sum(least)
    if left < 0:
        return tuple(width * each / sum(least) for each in least)
    return tuple(each + left * weight / sum(weights) for each, weight in zip(least, weights, strict=True))


def _placed_rows(table: Table, grid: Sequence[GridLine], context: WordContext) -> Iterator[tuple[WordCell, ...]]:
    """Yield the rows of a table, with a "continue" cell wherever a cell from above goes on."""
    latest: dict[int, Cell] = {}  # column -> the last cell that began there
    for body, row in enumerate(grid, -len(table.head)):
        placed: list[WordCell] = []
        column = 0
        while column < len(row):
            if cell := row[column]:
                latest[column] = cell
                placed.append(_content_cell(table, cell, body, column, context))
            else:
                inside = paragraph("TableText", NOTHING, context)
                placed.append(WordCell(inside, latest[column].columns, merge="continue"))
            column += latest[column].columns
        yield tuple(placed)


def _content_cell(table: Table, cell: Cell, body: int, column: int, context: WordContext) -> WordCell:
    """Return one cell, with the sign and the discs that repeat its words; `body` is the row, negative in the head."""
    size = context.theme.print["table"].size
    sign = NOTHING
    if column == 0 and 0 <= body < len(table.signs) and is_sign(table.signs[body]):
        sign = sign_picture(sign_drawing(table.signs[body], 1.8 * size), 1.8 * size, context)
    content = cell_paragraph(cell.content, context, header=body < 0 or cell.header, before=sign)
    if column == 1 and 0 <= body < len(table.discs):
        discs = sign_picture(disc_row_drawing(table.discs[body]), 0.8 * size, context)
        content = joined((content, paragraph("TableText", discs, context)))
    merge = "restart" if cell.rows > 1 else None
    return WordCell(content, cell.columns, merge, "tint" if body < 0 else "")


def comparison_table(comparison: Comparison, width: float, context: WordContext) -> Wml:
    """Return two columns row by row, a tick beside the head of the first and a bar beside that of the second."""
    size = context.theme.print["table"].size
    heads = []
    for sign, content in (("tick", comparison.left), ("bar", comparison.right)):
        mark = sign_picture(sign_drawing(sign, size), size, context, "tint")
        heads.append(WordCell(cell_paragraph(content, context, header=True, before=mark), role="tint"))
    rows = (tuple(WordCell(cell_paragraph(content, context)) for content in row) for row in comparison.rows)
    return table_xml((heads, *rows), (width / 2, width / 2), context, heads=1)
