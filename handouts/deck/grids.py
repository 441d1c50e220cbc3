"""Tables before they have a place: comparisons, tables and forks as rows of cells, at one size of text.

Each text has its look. Nothing is measured here. Whom to call is in `callers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.planned import CellText, GridCell, GridRow, Paragraph
from handouts.deck.styles import TableLook, table_look
from handouts.deck.texts import BETWEEN, Runs, paragraphs_of, runs_of, words_runs
from handouts.document import Blocks, Branch, Cell, Comparison, Fork, Table, Words, plain
from handouts.theme import Theme, TypeStyle

GridBlock: TypeAlias = Comparison | Table | Fork
SIGN_ROOM, LEVEL_ROOM, DISCS_ROOM = 44.0, 62.0, 106.0
ROW, HIGH_ROW, HEAD_ROW, FORK_ROW, DENSE_ROW = 70.0, 86.0, 40.0, 98.0, 47.0
FEW_ROWS, MORE_ROWS = 3, 4  # tables with no more rows than these have higher ones


class Grid(Struct, frozen=True):
    """Header rows and body rows; `shares` are the columns' parts of the width, or nothing if the words decide.

    Rows are at least `row` high where there is room for it; `alt` says in words what the table is.
    """

    head: tuple[GridRow, ...]
    body: tuple[GridRow, ...]
    row: float
    alt: str = ""
    shares: tuple[float, ...] = ()
    first_column: bool = False


def grid_of(block: GridBlock, theme: Theme, words: Words, size: float) -> Grid:
    """Return `block` as a grid whose text has `size`."""
    look = table_look(theme, size)
    match block:
        case Comparison():
            return comparison_grid(block, look, words)
        case Table():
            return table_grid(block, look, words)
        case Fork():
            return fork_grid(block, look, words)


def comparison_grid(block: Comparison, look: TableLook, words: Words) -> Grid:
    """Return what to do beside what not to do: two equal columns, the left one on a tint."""
    left = GridCell((), fill="tint", left=SIGN_ROOM)
    right = GridCell((), left=SIGN_ROOM)
    head = GridRow(
        (
            replace(left, texts=cell_texts(runs_of(block.left, words), look.head), header=True, sign="tick"),
            replace(right, texts=cell_texts(runs_of(block.right, words), look.head), header=True, sign="bar"),
        ),
        HEAD_ROW,
        header=True,
    )
    body = tuple(
        GridRow(
            (
                replace(left, texts=cell_texts(runs_of(do, words), look.text)),
                replace(right, texts=cell_texts(runs_of(try_not, words), look.text)),
            ),
            0.0,
        )
        for do, try_not in block.rows
    )
    alt = f"{plain(block.left)}{BETWEEN}{plain(block.right)}"
    return Grid((head,), body, ROW, alt, shares=(0.5, 0.5))


def cell_texts(runs: Runs, style: TypeStyle, mark: str = "") -> tuple[CellText, ...]:
    """Return one paragraph for a cell; none if there are no words."""
    return (CellText(runs, style, mark),) if runs else ()


def table_grid(block: Table, look: TableLook, words: Words) -> Grid:
    """Return a table of facts; cells that span others are followed by covered ones."""
    rows = spread((*block.head, *block.body))
    count = len(block.head)
    if is_headed_by_rows(block) and rows and len(rows[0]) == 2:  # a list of names, and of each what there is to say
        look = replace(look, row=replace(look.text, bold=True))
    grid = tuple(
        GridRow(tuple(table_cell(cell, look, words, index < count) for cell in cells), 0.0, header=index < count)
        for index, cells in enumerate(rows)
    )
    grid = (*grid[:count], *(marked_row(row, index, block) for index, row in enumerate(grid[count:])))
    first_column = is_headed_by_rows(block)
    body = len(grid) - count
    height = HIGH_ROW if body <= FEW_ROWS else ROW if body <= MORE_ROWS else DENSE_ROW
    return Grid(grid[:count], grid[count:], height, shown_by(block), first_column=first_column)


def marked_row(row: GridRow, index: int, block: Table) -> GridRow:
    """Return a row of the body with its sign and its discs, for which the texts make room."""
    cells = list(row.cells)
    if block.signs:
        cells[0] = replace(cells[0], sign=block.signs[index], left=SIGN_ROOM + 6)
    if block.discs:
        cells[1] = replace(cells[1], discs=block.discs[index], left=DISCS_ROOM)
    return replace(row, cells=tuple(cells))


def is_headed_by_rows(block: Table) -> bool:
    """True if the first cell of each row says what the row is about."""
    return bool(block.body) and all(row[0].header for row in block.body if row)


def shown_by(block: Table) -> str:
    """Return in words what a table shows: its title, if it has one; else the title of its slide says it."""
    return plain(block.caption)


def table_cell(cell: Cell | None, look: TableLook, words: Words, in_head: bool) -> GridCell:
    """Return one cell of a table; None is a place that another cell covers."""
    if cell is None:
        return GridCell((), covered=True)
    style = look.head if in_head else look.row if cell.header else look.text
    texts = cell_texts(runs_of(cell.content, words), style)
    return GridCell(texts, header=cell.header, columns=cell.columns, rows=cell.rows)


def spread(rows: Sequence[Sequence[Cell]]) -> list[list[Cell | None]]:
    """Return `rows` with a place for each column: None where a cell of this or an earlier row spans over it."""
    grid: list[list[Cell | None]] = []
    reach: dict[int, int] = {}
    width = sum(cell.columns for cell in rows[0]) if rows else 0
    for cells in rows:
        line: list[Cell | None] = []
        waiting = iter(cells)
        while len(line) < width:
            if reach.get(len(line), 0):
                reach[len(line)] -= 1
                line.append(None)
                continue
            cell = next(waiting, Cell(()))
            for column in range(len(line), len(line) + cell.columns):
                reach[column] = cell.rows - 1
            line.extend((cell, *[None] * (cell.columns - 1)))
        grid.append(line[:width])
    return grid


def fork_grid(block: Fork, look: TableLook, words: Words) -> Grid:
    """Return the answers of a fork as rows: sign and heading, what one sees, and what to do first.

    Where no answer has more than one paragraph, what fits stands in one column.
    """
    parted = any(len(branch.blocks) > 1 for branch in block.branches)
    said = ("fork_see", "fork_first") if parted else ("fork_then",)
    heads = (runs_of(block.question, words), *(words_runs(words.say(key)) for key in said))
    head = tuple(GridCell(cell_texts(runs, look.head), header=True, left=0.0) for runs in heads)
    return Grid(
        (GridRow(head, HEAD_ROW, header=True),),
        tuple(branch_row(branch, look, words, parted=parted) for branch in block.branches),
        FORK_ROW,
        plain(block.question),
        shares=(0.36, 0.36, 0.28) if parted else (0.36, 0.64),
        first_column=True,
    )


def branch_row(branch: Branch, look: TableLook, words: Words, *, parted: bool) -> GridRow:
    """Return one answer of a fork; that of red, on its tint, has an edge that stands out without colour as well."""
    most_urgent = branch.level == "red"
    ground = "red-tint" if most_urgent else ""
    heading = cell_texts(runs_of(branch.title, words), replace(look.text, bold=True, colour=branch.level))
    title = GridCell(heading, header=True, left=LEVEL_ROOM, right=6.0, fill=ground, sign=branch.level)
    parts = (branch.blocks[:1], branch.blocks[1:]) if parted else (branch.blocks,)
    styles = (look.text, replace(look.text, bold=True))
    cells = (
        GridCell(branch_texts(part, style, words), fill=ground) for part, style in zip(parts, styles, strict=False)
    )
    return GridRow((title, *cells), 0.0, frame=branch.level if most_urgent else "")


def branch_texts(blocks: Blocks, style: TypeStyle, words: Words) -> tuple[CellText, ...]:
    """Return the paragraphs of one cell of a fork."""
    return tuple(text for each in paragraphs_of(blocks, words) for text in cell_texts(each.runs, style, mark_of(each)))


def mark_of(paragraph: Paragraph) -> str:
    """Return the mark before a paragraph in a cell: a bullet, a number, or nothing."""
    if paragraph.number:
        return f"{paragraph.number}."
    return "•" if paragraph.level.startswith("bullet") else ""
