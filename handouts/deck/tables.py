"""Grids to placed tables: column widths, row heights, and where a table that is too high is split at its rows.

The header is repeated on each part; a row is never split, and no row that a cell spans into begins a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.fit import SAFE, line_widths, lines_height, parts_of, widest_word
from handouts.deck.grids import SIGN_ROOM, Grid, GridBlock, grid_of
from handouts.deck.layouts import CELL_PADDING
from handouts.deck.planned import GridCell, GridRow, PlacedDrawing, PlacedTable
from handouts.deck.signs import cell_sign, filled_discs, line_to_write_on
from handouts.deck.slots import Area, Slot
from handouts.document import Words
from handouts.theme import Theme

# The steps of size at which a table is whole: it is rather split than set smaller, unless it has all of a slide.
WHOLE_TABLE_STEPS, ALL_TABLE_STEPS = (0, 1), (0, 1, 2)
BULLET_ROOM = 1.0  # in em
INFINITE = float("inf")
FRAME_PADDING = 10.0  # that the text of a row with an edge has more


class TablePart(Struct, frozen=True):
    """What stands on one slide: a table and the drawings over its cells."""

    table: PlacedTable
    drawings: tuple[PlacedDrawing, ...]


class FittedTable(Struct, frozen=True):
    """A table on one slide or more, and by how many points its highest row is too high, or its words are too wide.

    A row has `room` at most; so many of its columns would be `fitting` beside each other.
    """

    parts: tuple[TablePart, ...]
    excess: float = 0.0
    too_wide: float = 0.0
    room: float = 0.0
    columns: int = 0
    fitting: int = 0


def fit_table(
    block: GridBlock, slot: Slot, theme: Theme, words: Words, whole: Sequence[int] = WHOLE_TABLE_STEPS
) -> FittedTable:
    """Return `block` in `slot`: whole at one of the steps of size `whole` if it fits, else split, else smaller."""
    sizes, room = slot.sizes, slot.area
    for size in (sizes[step] for step in whole):
        table = measured(grid_of(block, theme, words, size), room.width)
        if table.too_wide <= 0 and total((*table.grid.head, *table.grid.body)) <= room.height:
            return FittedTable((part_of(table, table.grid.body, room, words),))
    for size in sizes[1:]:
        table = measured(grid_of(block, theme, words, size), room.width)
        groups, height = row_groups(table.grid.body), room.height - total(table.grid.head)
        excess = max(map(total, groups)) - height
        if max(excess, table.too_wide) <= 0 or size == sizes[-1]:
            pieces = parts_of(groups, height, lambda part: sum(map(total, part)))
            bodies = (tuple(row for group in piece for row in group) for piece in pieces)
            parts = tuple(part_of(table, body, room, words) for body in bodies)
            return fitted_parts(parts, excess, table, Area(room.x, room.y, room.width, height))
    raise AssertionError("a slot of a table has no sizes")


def fitted_parts(parts: tuple[TablePart, ...], excess: float, table: Measured, room: Area) -> FittedTable:
    """Return the parts of a table whose highest row is `excess` points higher than the `room` for rows, if it is."""
    least = least_widths(table.grid)
    fitting = sum(width <= room.width for width in accumulate(least))
    return FittedTable(parts, max(0.0, excess), max(0.0, table.too_wide), room.height, len(least), fitting)


class Measured(Struct, frozen=True):
    """A grid whose rows are as high as their text needs, the widths of its columns, and how much wider words are."""

    grid: Grid
    columns: tuple[float, ...]
    too_wide: float


def measured(grid: Grid, width: float) -> Measured:
    """Return `grid` with the widths of its columns and the heights of its rows."""
    least = least_widths(grid)
    columns = column_widths(grid, least, width)
    rows = with_heights((*grid.head, *grid.body), columns)
    count = len(grid.head)
    return Measured(replace(grid, head=rows[:count], body=rows[count:]), columns, sum(least) - width)


def total(rows: Sequence[GridRow]) -> float:
    """Return the height of `rows`."""
    return sum(row.height for row in rows)


def column_widths(grid: Grid, least: Sequence[float], width: float) -> tuple[float, ...]:
    """Return the widths of the columns: as given, else what their words need and a share of what is left.

    A column has as much as its longest word needs at `least`, unless all together have more than the width.
    """
    if grid.shares:
        return tuple(share * width for share in grid.shares)
    wanted = [max((cell_width(cell, whole=True) for cell in column), default=0.0) for column in columns_of(grid)]
    spare = width - sum(wanted)
    if spare >= 0:
        return tuple(each + spare / len(wanted) for each in wanted)
    room, asked = width - sum(least), sum(wanted) - sum(least)
    if room <= 0:
        return tuple(each * width / sum(least) for each in least)
    return tuple(low + room * (high - low) / asked for low, high in zip(least, wanted, strict=True))


def columns_of(grid: Grid) -> list[list[GridCell]]:
    """Return the cells of each column."""
    rows = (*grid.head, *grid.body)
    return [[row.cells[index] for row in rows] for index in range(len(rows[0].cells))] if rows else []


def least_widths(grid: Grid) -> list[float]:
    """Return for each column the width of its longest word, below which words would be broken."""
    return [max((cell_width(cell, whole=False) for cell in column), default=0.0) for column in columns_of(grid)]


def cell_width(cell: GridCell, *, whole: bool) -> float:
    """Return the width that a cell needs for its longest line, or for its longest word; spanning cells need none."""
    if cell.covered or cell.columns > 1:
        return 0.0
    if whole or cell.align == "r":  # a number is never broken
        widths = [max(line_widths(text.runs, text.style, INFINITE), default=0.0) / SAFE for text in cell.texts]
    else:
        widths = [widest_word(text.runs, text.style) for text in cell.texts]
    return max(widths, default=0.0) + 1 + cell.left + cell.right


def with_heights(rows: Sequence[GridRow], columns: Sequence[float]) -> tuple[GridRow, ...]:
    """Return `rows` as high as their text needs; a cell that spans rows makes the last of them higher."""
    heights = [
        max([row.height, *(cell_height(cell, columns, at) for at, cell in enumerate(row.cells) if cell.rows == 1)])
        + (FRAME_PADDING if row.frame else 0.0)
        for row in rows
    ]
    for index, row in enumerate(rows):
        for at, cell in enumerate(row.cells):
            if cell.rows > 1:
                last = min(index + cell.rows, len(rows)) - 1
                lack = cell_height(cell, columns, at) - sum(heights[index : last + 1])
                heights[last] += max(0.0, lack)
    return tuple(replace(row, height=height) for row, height in zip(rows, heights, strict=True))


def cell_height(cell: GridCell, columns: Sequence[float], at: int) -> float:
    """Return the height that a cell in column `at` needs."""
    width = sum(columns[at : at + cell.columns]) - cell.left - cell.right
    texts = sum(
        lines_height(text.runs, text.style, width - (BULLET_ROOM * text.style.size if text.mark else 0.0))
        for text in cell.texts
    )
    return texts + 2 * CELL_PADDING


def row_groups(rows: Sequence[GridRow]) -> list[tuple[GridRow, ...]]:
    """Return `rows` in stretches that a cell spans over: most often one row each."""
    groups: list[list[GridRow]] = []
    open_rows = 0
    for row in rows:
        if open_rows > 0:
            groups[-1].append(row)
        else:
            groups.append([row])
        open_rows = max(open_rows, *(cell.rows for cell in row.cells)) - 1
    return [tuple(group) for group in groups]


def part_of(measure: Measured, body: tuple[GridRow, ...], area: Area, words: Words) -> TablePart:
    """Return the header and `body` at their place, the rows opened up where there is room."""
    grid = measure.grid
    rows = (*grid.head, *opened(body, area.height - total(grid.head), grid.row))
    spare = max(0.0, area.height - total(rows)) / 2  # a low table stands in the middle of its place
    table = PlacedTable(area.x, area.y + spare, measure.columns, rows, grid.alt, grid.first_column)
    return TablePart(table, tuple(drawings_over(table, words)))


def opened(rows: tuple[GridRow, ...], room: float, wished: float) -> tuple[GridRow, ...]:
    """Return `rows` raised towards the height `wished`, as far as all of them have room."""
    low, high = 0.0, wished
    while high - low > 0.5:
        middle = (low + high) / 2
        if sum(max(row.height, middle) for row in rows) <= room:
            low = middle
        else:
            high = middle
    return tuple(replace(row, height=max(row.height, low)) for row in rows)


def drawings_over(table: PlacedTable, words: Words) -> Iterator[PlacedDrawing]:
    """Yield the signs and the lines to write on that stand in the cells of `table`."""
    y = table.y
    for row in table.rows:
        x = table.x
        for width, cell in zip(table.columns, row.cells, strict=True):
            if cell.sign:
                yield cell_sign(cell.sign, Area(x, y, SIGN_ROOM, row.height), words)
            if cell.discs >= 0:
                yield filled_discs(cell.discs, Area(x, y, width, row.height))
            if cell.to_write_on:
                yield line_to_write_on(Area(x, y, width, row.height), words)
            x += width
        y += row.height
