"""Draft the slides of tables: comparisons, tables of facts, forks and contacts.

Builds a grid of cells, measures column widths and row heights, splits a table that is too high between its rows
(the header is repeated on each part), and returns drafts with placed tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.fitting import (
    LINE_FILL,
    WHOLE_STEPS,
    Overflow,
    SlideContext,
    SlideDraft,
    SlideDrafts,
    SurroundingText,
    block_heading,
    fitting_step,
    line_widths,
    lines_height,
    split_evenly,
    surrounding_overflow,
    title_fits_one_line,
    too_high_findings,
    widest_word_width,
)
from handouts.deck.layouts import CELL_PADDING, Placeholder, SlideArea, layout_named
from handouts.deck.planned_slides import (
    CellText,
    FilledPlaceholder,
    GridCell,
    GridRow,
    PlacedDrawing,
    PlacedTable,
    SlideParagraph,
    SlideParagraphs,
)
from handouts.deck.slide_ornaments import cell_sign, filled_discs, write_on_line
from handouts.deck.slide_text import (
    SEPARATOR,
    Runs,
    join_runs,
    link_tooltip,
    paragraphs_of,
    plain_runs,
    runs_of,
    with_link,
)
from handouts.deck.styles import ContactLook, TableLook, contact_look, table_look
from handouts.document.nodes import (
    Blocks,
    Branch,
    Cell,
    Comparison,
    Contact,
    Contacts,
    FixedWords,
    Fork,
    Table,
    shared_note,
)
from handouts.document.text import plain, words_of
from handouts.finding import Finding, error, warning
from handouts.theme import Theme, TypeStyle

GridBlock: TypeAlias = Comparison | Table | Fork
SIGN_INDENT, LEVEL_SIGN_INDENT, DISCS_INDENT = 44.0, 62.0, 106.0
ROW_HEIGHT, HIGH_ROW_HEIGHT, HEAD_ROW_HEIGHT, FORK_ROW_HEIGHT, DENSE_ROW_HEIGHT = 70.0, 86.0, 40.0, 98.0, 47.0
MAX_HIGH_ROWS, MAX_MEDIUM_ROWS = 3, 4  # tables with no more rows than these have higher ones


class TableGrid(Struct, frozen=True):
    """Header rows and body rows; `shares` are the columns' parts of the width, or nothing if the words decide.

    Rows are at least `row` high where there is room for it; `alt` says in words what the table is.
    """

    head: tuple[GridRow, ...]
    body: tuple[GridRow, ...]
    row: float
    alt: str = ""
    shares: tuple[float, ...] = ()
    first_column: bool = False


def block_grid(block: GridBlock, theme: Theme, words: FixedWords, size: float) -> TableGrid:
    """Return `block` as a grid whose text has `size`."""
    look = table_look(theme, size)
    match block:
        case Comparison():
            return comparison_grid(block, look, words)
        case Table():
            return table_grid(block, look, words)
        case Fork():
            return fork_grid(block, look, words)


def comparison_grid(block: Comparison, look: TableLook, words: FixedWords) -> TableGrid:
    """Return what to do beside what not to do: two equal columns, the left one on a tint."""
    left = GridCell((), fill="tint", left=SIGN_INDENT)
    right = GridCell((), left=SIGN_INDENT)
    head = GridRow(
        (
            replace(left, texts=cell_texts(runs_of(block.left, words), look.head), header=True, sign="tick"),
            replace(right, texts=cell_texts(runs_of(block.right, words), look.head), header=True, sign="bar"),
        ),
        HEAD_ROW_HEIGHT,
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
    alt = f"{plain(block.left)}{SEPARATOR}{plain(block.right)}"
    return TableGrid((head,), body, ROW_HEIGHT, alt, shares=(0.5, 0.5))


def cell_texts(runs: Runs, style: TypeStyle, mark: str = "") -> tuple[CellText, ...]:
    """Return one paragraph for a cell; none if there are no words."""
    return (CellText(runs, style, mark),) if runs else ()


def table_grid(block: Table, look: TableLook, words: FixedWords) -> TableGrid:
    """Return a table of facts; cells that span others are followed by covered ones."""
    rows = expand_spans((*block.head, *block.body))
    count = len(block.head)
    if has_row_headers(block) and rows and len(rows[0]) == 2:  # a list of names, and of each what there is to say
        look = replace(look, row=replace(look.text, bold=True))
    grid = tuple(
        GridRow(tuple(table_cell(cell, look, words, index < count) for cell in cells), 0.0, header=index < count)
        for index, cells in enumerate(rows)
    )
    grid = (*grid[:count], *(row_with_signs(row, index, block) for index, row in enumerate(grid[count:])))
    first_column = has_row_headers(block)
    body = len(grid) - count
    height = HIGH_ROW_HEIGHT if body <= MAX_HIGH_ROWS else ROW_HEIGHT if body <= MAX_MEDIUM_ROWS else DENSE_ROW_HEIGHT
    return TableGrid(grid[:count], grid[count:], height, table_alt(block), first_column=first_column)


def row_with_signs(row: GridRow, index: int, block: Table) -> GridRow:
    """Return a row of the body with its sign and its discs, for which the texts make room."""
    cells = list(row.cells)
    if block.signs:
        cells[0] = replace(cells[0], sign=block.signs[index], left=SIGN_INDENT + 6)
    if block.discs:
        cells[1] = replace(cells[1], discs=block.discs[index], left=DISCS_INDENT)
    return replace(row, cells=tuple(cells))


def has_row_headers(block: Table) -> bool:
    """True if the first cell of each row says what the row is about."""
    return bool(block.body) and all(row[0].header for row in block.body if row)


def table_alt(block: Table) -> str:
    """Return in words what a table shows: its title, if it has one; else the title of its slide says it."""
    return plain(block.caption)


def table_cell(cell: Cell | None, look: TableLook, words: FixedWords, in_head: bool) -> GridCell:
    """Return one cell of a table; None is a place that another cell covers."""
    if cell is None:
        return GridCell((), covered=True)
    style = look.head if in_head else look.row if cell.header else look.text
    texts = cell_texts(runs_of(cell.content, words), style)
    return GridCell(texts, header=cell.header, columns=cell.columns, rows=cell.rows)


def expand_spans(rows: Sequence[Sequence[Cell]]) -> list[list[Cell | None]]:
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


def fork_grid(block: Fork, look: TableLook, words: FixedWords) -> TableGrid:
    """Return the answers of a fork as rows: sign and heading, what one sees, and what to do first.

    Where no answer has more than one paragraph, what fits stands in one column.
    """
    parted = any(len(branch.blocks) > 1 for branch in block.branches)
    said = ("fork_see", "fork_first") if parted else ("fork_then",)
    heads = (runs_of(block.question, words), *(plain_runs(words.say(key)) for key in said))
    head = tuple(GridCell(cell_texts(runs, look.head), header=True, left=0.0) for runs in heads)
    return TableGrid(
        (GridRow(head, HEAD_ROW_HEIGHT, header=True),),
        tuple(branch_row(branch, look, words, parted=parted) for branch in block.branches),
        FORK_ROW_HEIGHT,
        plain(block.question),
        shares=(0.36, 0.36, 0.28) if parted else (0.36, 0.64),
        first_column=True,
    )


def branch_row(branch: Branch, look: TableLook, words: FixedWords, *, parted: bool) -> GridRow:
    """Return one answer of a fork; that of red, on its tint, has an edge that stands out without colour as well."""
    most_urgent = branch.level == "red"
    ground = "red-tint" if most_urgent else ""
    heading = cell_texts(runs_of(branch.title, words), replace(look.text, bold=True, colour=branch.level))
    title = GridCell(heading, header=True, left=LEVEL_SIGN_INDENT, right=6.0, fill=ground, sign=branch.level)
    parts = (branch.blocks[:1], branch.blocks[1:]) if parted else (branch.blocks,)
    styles = (look.text, replace(look.text, bold=True))
    cells = (
        GridCell(branch_texts(part, style, words), fill=ground) for part, style in zip(parts, styles, strict=False)
    )
    return GridRow((title, *cells), 0.0, frame=branch.level if most_urgent else "")


def branch_texts(blocks: Blocks, style: TypeStyle, words: FixedWords) -> tuple[CellText, ...]:
    """Return the paragraphs of one cell of a fork."""
    return tuple(
        text for each in paragraphs_of(blocks, words) for text in cell_texts(each.runs, style, list_mark(each))
    )


def list_mark(paragraph: SlideParagraph) -> str:
    """Return the mark before a paragraph in a cell: a bullet, a number, or nothing."""
    if paragraph.number:
        return f"{paragraph.number}."
    return "•" if paragraph.level.startswith("bullet") else ""


# The steps of size at which a table is whole: it is rather split than set smaller, unless it has all of a slide.
WHOLE_TABLE_STEPS, ALL_TABLE_STEPS = (0, 1), (0, 1, 2)
BULLET_WIDTH = 1.0  # in em
ENDLESS_WIDTH = float("inf")
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
    block: GridBlock, slot: Placeholder, theme: Theme, words: FixedWords, whole: Sequence[int] = WHOLE_TABLE_STEPS
) -> FittedTable:
    """Return `block` in `slot`: whole at one of the steps of size `whole` if it fits, else split, else smaller."""
    sizes, room = slot.sizes, slot.area
    for size in (sizes[step] for step in whole):
        table = measure_grid(block_grid(block, theme, words, size), room.width)
        if table.too_wide <= 0 and rows_height((*table.grid.head, *table.grid.body)) <= room.height:
            return FittedTable((place_table_part(table, table.grid.body, room, words),))
    for size in sizes[1:]:
        table = measure_grid(block_grid(block, theme, words, size), room.width)
        groups, height = spanned_row_groups(table.grid.body), room.height - rows_height(table.grid.head)
        excess = max(map(rows_height, groups)) - height
        if max(excess, table.too_wide) <= 0 or size == sizes[-1]:
            pieces = split_evenly(groups, height, lambda part: sum(map(rows_height, part)))
            bodies = (tuple(row for group in piece for row in group) for piece in pieces)
            parts = tuple(place_table_part(table, body, room, words) for body in bodies)
            return assemble_table_parts(parts, excess, table, SlideArea(room.x, room.y, room.width, height))
    raise AssertionError("a slot of a table has no sizes")


def assemble_table_parts(
    parts: tuple[TablePart, ...], excess: float, table: MeasuredGrid, room: SlideArea
) -> FittedTable:
    """Return the parts of a table whose highest row is `excess` points higher than the `room` for rows, if it is."""
    least = min_column_widths(table.grid)
    fitting = sum(width <= room.width for width in accumulate(least))
    return FittedTable(parts, max(0.0, excess), max(0.0, table.too_wide), room.height, len(least), fitting)


class MeasuredGrid(Struct, frozen=True):
    """A grid whose rows are as high as their text needs, the widths of its columns, and how much wider words are."""

    grid: TableGrid
    columns: tuple[float, ...]
    too_wide: float


def measure_grid(grid: TableGrid, width: float) -> MeasuredGrid:
    """Return `grid` with the widths of its columns and the heights of its rows."""
    least = min_column_widths(grid)
    columns = column_widths(grid, least, width)
    rows = rows_with_heights((*grid.head, *grid.body), columns)
    count = len(grid.head)
    return MeasuredGrid(replace(grid, head=rows[:count], body=rows[count:]), columns, sum(least) - width)


def rows_height(rows: Sequence[GridRow]) -> float:
    """Return the height of `rows`."""
    return sum(row.height for row in rows)


def column_widths(grid: TableGrid, least: Sequence[float], width: float) -> tuple[float, ...]:
    """Return the widths of the columns: as given, else what their words need and a share of what is left.

    A column has as much as its longest word needs at `least`, unless all together have more than the width.
    """
    if grid.shares:
        return tuple(share * width for share in grid.shares)
    wanted = [max((cell_width(cell, whole=True) for cell in column), default=0.0) for column in grid_columns(grid)]
    spare = width - sum(wanted)
    if spare >= 0:
        return tuple(each + spare / len(wanted) for each in wanted)
    room, asked = width - sum(least), sum(wanted) - sum(least)
    if room <= 0:
        return tuple(each * width / sum(least) for each in least)
    return tuple(low + room * (high - low) / asked for low, high in zip(least, wanted, strict=True))


def grid_columns(grid: TableGrid) -> list[list[GridCell]]:
    """Return the cells of each column."""
    rows = (*grid.head, *grid.body)
    return [[row.cells[index] for row in rows] for index in range(len(rows[0].cells))] if rows else []


def min_column_widths(grid: TableGrid) -> list[float]:
    """Return for each column the width of its longest word, below which words would be broken."""
    return [max((cell_width(cell, whole=False) for cell in column), default=0.0) for column in grid_columns(grid)]


def cell_width(cell: GridCell, *, whole: bool) -> float:
    """Return the width that a cell needs for its longest line, or for its longest word; spanning cells need none."""
    if cell.covered or cell.columns > 1:
        return 0.0
    if whole or cell.align == "r":  # a number is never broken
        widths = [
            max(line_widths(text.runs, text.style, ENDLESS_WIDTH), default=0.0) / LINE_FILL for text in cell.texts
        ]
    else:
        widths = [widest_word_width(text.runs, text.style) for text in cell.texts]
    return max(widths, default=0.0) + 1 + cell.left + cell.right


def rows_with_heights(rows: Sequence[GridRow], columns: Sequence[float]) -> tuple[GridRow, ...]:
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
        lines_height(text.runs, text.style, width - (BULLET_WIDTH * text.style.size if text.mark else 0.0))
        for text in cell.texts
    )
    return texts + 2 * CELL_PADDING


def spanned_row_groups(rows: Sequence[GridRow]) -> list[tuple[GridRow, ...]]:
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


def place_table_part(measure: MeasuredGrid, body: tuple[GridRow, ...], area: SlideArea, words: FixedWords) -> TablePart:
    """Return the header and `body` at their place, the rows opened up where there is room."""
    grid = measure.grid
    rows = (*grid.head, *raise_rows(body, area.height - rows_height(grid.head), grid.row))
    spare = max(0.0, area.height - rows_height(rows)) / 2  # a low table stands in the middle of its place
    table = PlacedTable(area.x, area.y + spare, measure.columns, rows, grid.alt, grid.first_column)
    return TablePart(table, tuple(cell_drawings(table, words)))


def raise_rows(rows: tuple[GridRow, ...], room: float, wished: float) -> tuple[GridRow, ...]:
    """Return `rows` raised towards the height `wished`, as far as all of them have room."""
    low, high = 0.0, wished
    while high - low > 0.5:
        middle = (low + high) / 2
        if sum(max(row.height, middle) for row in rows) <= room:
            low = middle
        else:
            high = middle
    return tuple(replace(row, height=max(row.height, low)) for row in rows)


def cell_drawings(table: PlacedTable, words: FixedWords) -> Iterator[PlacedDrawing]:
    """Yield the signs and the lines to write on that stand in the cells of `table`."""
    y = table.y
    for row in table.rows:
        x = table.x
        for width, cell in zip(table.columns, row.cells, strict=True):
            if cell.sign:
                yield cell_sign(cell.sign, SlideArea(x, y, SIGN_INDENT, row.height), words)
            if cell.discs >= 0:
                yield filled_discs(cell.discs, SlideArea(x, y, width, row.height))
            if cell.to_write_on:
                yield write_on_line(SlideArea(x, y, width, row.height), words)
            x += width
        y += row.height


CONTACT_HEAD_HEIGHT, CONTACT_ROW_HEIGHT = 32.0, 67.0
MAX_NUMBER_SHARE = 0.58  # of the width that may go to numbers and what is said below them
NAME_NUMBER_GAP = 16.0  # between a name and a number
NO_BREAK_SPACE = "\u00a0"


def fit_contacts(block: Contacts, room: SlideArea, theme: Theme, words: FixedWords) -> FittedTable:
    """Return `block` as a table in `room`, on as many slides as it needs."""
    look = contact_look(theme)
    choices = [
        measure_grid(contacts_grid(block, below, look, words), room.width)
        for below in ((), contacts_to_stack(block, room.width, look, words))
    ]
    table = min(choices, key=lambda each: (each.too_wide > 0, rows_height(each.grid.body)))
    groups, height = contact_row_groups(block, table), room.height - rows_height(table.grid.head)
    if any(rows_height(group) > height for group in groups):
        groups = [(row,) for row in table.grid.body]
    pieces = split_evenly(groups, height, lambda part: sum(map(rows_height, part)))
    bodies = (tuple(row for group in piece for row in group) for piece in pieces)
    excess = max((rows_height(group) - height for group in groups), default=0.0)
    parts = tuple(place_table_part(table, body, room, words) for body in bodies)
    return assemble_table_parts(parts, excess, table, SlideArea(room.x, room.y, room.width, height))


def contact_row_groups(block: Contacts, table: MeasuredGrid) -> list[tuple[GridRow, ...]]:
    """Return the rows of a table in stretches for one need each."""
    counts = [len(list(group)) for _, group in groupby(block.contacts, key=lambda contact: contact.need)]
    rows = iter(table.grid.body)
    return [tuple(next(rows) for _ in range(count)) for count in counts]


def contacts_to_stack(block: Contacts, width: float, look: ContactLook, words: FixedWords) -> Collection[Contact]:
    """Return the contacts beside whose number their name has no line for how to reach them, which fits below it."""
    numbers = max((runs_width(plain_runs(each.number), look.number) for each in block.contacts), default=0.0)
    shared = shared_note(block.contacts)
    return [
        each
        for each in block.contacts
        if each.number
        and each.how
        and runs_width(join_runs(tuple(contact_details(each, shared, words))), look.small)
        > width - numbers - 2 * NAME_NUMBER_GAP
        and runs_width(plain_runs(each.how), look.small) <= MAX_NUMBER_SHARE * width
    ]


def runs_width(runs: Runs, style: TypeStyle) -> float:
    """Return the width of `runs` in one line."""
    return max(line_widths(runs, style, ENDLESS_WIDTH), default=0.0) / LINE_FILL if runs else 0.0


def contacts_grid(block: Contacts, below: Collection[Contact], look: ContactLook, words: FixedWords) -> TableGrid:
    """Return whom to call; those in `below` have how to reach them below their number."""
    shared = shared_note(block.contacts)
    number = plain_runs(words.say("contact_number"), bold=True)
    heads = (
        GridCell(cell_texts(plain_runs(words.say("contact_need"), bold=True), look.head), header=True),
        GridCell(cell_texts(join_runs((number, plain_runs(shared))), look.head), header=True, align="r", right=0.0),
    )
    rows = (
        contact_row(contact, index == 0, contact in below, shared, look, words)
        for _, group in groupby(block.contacts, key=lambda contact: contact.need)
        for index, contact in enumerate(group)
    )
    head = GridRow(heads, CONTACT_HEAD_HEIGHT, header=True)
    return TableGrid((head,), tuple(rows), CONTACT_ROW_HEIGHT, words.say("contacts"), first_column=True)


# Copies for many differ in one of the contacts.
@lru_cache(maxsize=64)
def contact_row(
    contact: Contact, first: bool, below: bool, shared: str, look: ContactLook, words: FixedWords
) -> GridRow:
    """Return one contact, the `first` for a need with that need; one without a number is a line to write on."""
    texts = tuple(contact_left_texts(contact, first, below, shared, look, words))
    number = cell_texts(plain_runs(contact.number.replace(" ", NO_BREAK_SPACE)), look.number)
    how = cell_texts(plain_runs(contact.how), look.small) if below else ()
    right = GridCell((*number, *how), align="r", left=NAME_NUMBER_GAP, right=0.0, to_write_on=not contact.number)
    return GridRow((GridCell(texts, header=True), right), 0.0)


def contact_left_texts(
    contact: Contact, first: bool, below: bool, shared: str, look: ContactLook, words: FixedWords
) -> Iterator[CellText]:
    """Yield the need, or else the name, and what there is beside it in one line."""
    need = plain_runs(contact.need) if first else ()
    beside = [each for each in contact_details(contact, shared, words, how=not below) if each]
    top = need or (beside.pop(0) if beside else ())
    yield from cell_texts(top, look.need)
    if beside:
        yield from cell_texts(join_runs(tuple(beside)), look.small)


def contact_details(contact: Contact, shared: str, words: FixedWords, *, how: bool = True) -> Sequence[Runs]:
    """Return the name, how to reach the contact, and what is noted of it alone; it has a name or a number."""
    name = tuple(
        with_link(run, contact.target, link_tooltip(contact.target, words, contact.number))
        for run in plain_runs(contact.name)
    )
    return (name, plain_runs(contact.how) if how else (), plain_runs(contact.note if contact.note != shared else ""))


MAX_TABLE_SLIDES = 2


def table_drafts(block: GridBlock | Contacts, around: SurroundingText, desk: SlideContext) -> SlideDrafts | None:
    """Return a table on one sheet or more; its heading, if it has one of its own, stands on each of them."""
    heading = block_heading(block.caption, desk) if isinstance(block, Table) else ()
    above = (*heading, *around.lead)
    before = (FilledPlaceholder("lead", above),) if above else ()
    after = (
        (FilledPlaceholder("note", tuple(replace(each, level="note") for each in around.trail)),)
        if around.trail
        else ()
    )
    fills = (*before, *after)
    name, fitted = fit_in_best_layout(block, table_layout_name(heading, around), desk)
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    alone = not (around.lead or around.trail)
    if (step is None or len(fitted.parts) > 1) and not alone:
        return None
    sheets = tuple(SlideDraft(name, (*before, part.table, *part.drawings, *after), step or 0) for part in fitted.parts)
    crowded = too_high_findings("slide-text", surrounding_overflow(fills, layout, desk), block.at)
    return SlideDrafts(sheets, (*crowded, *table_findings(block, fitted)))


def fit_in_best_layout(block: GridBlock | Contacts, name: str, desk: SlideContext) -> tuple[str, FittedTable]:
    """Return a table in the layout `name`, and that layout; or in the higher one below a title of one line.

    Whom to call and a fork have the higher one wherever they can: they are looked at longest.
    """
    fitted = fit_table_block(block, name, desk)
    if name != "table" or not title_fits_one_line("table-high", desk):
        return name, fitted
    if isinstance(block, Table | Comparison) and len(fitted.parts) == 1:
        return name, fitted
    high = fit_table_block(block, "table-high", desk)
    if len(high.parts) > 1 and not title_fits_one_line("table-high", desk, goes_on=True):
        return name, fitted
    return ("table-high", high) if len(high.parts) <= len(fitted.parts) else (name, fitted)


def fit_table_block(block: GridBlock | Contacts, name: str, desk: SlideContext) -> FittedTable:
    """Return a table in the slot of the layout `name`; it is only set small in order to be whole where that is high."""
    slot = layout_named(name).slot("table")
    if isinstance(block, Contacts):
        return fit_contacts(block, slot.area, desk.theme, desk.words)
    whole = ALL_TABLE_STEPS if name == "table-high" or isinstance(block, Fork) else WHOLE_TABLE_STEPS
    return fit_table(block, slot, desk.theme, desk.words, whole)


def table_findings(block: GridBlock | Contacts, fitted: FittedTable) -> tuple[Finding, ...]:
    """Return the finding for a table that is too wide at its smallest size, has a row too high, or too many rows."""
    if fitted.too_wide <= 0:
        over = Overflow(fitted.excess, fitted.room)
        return (*too_high_findings("slide-table", over, block.at), *long_table_findings(block, len(fitted.parts)))
    longest = max(" ".join(words_of(block)).split(), key=len, default="")
    message = (
        f"A table is too wide for a slide: at the smallest size the longest words of its {fitted.columns} columns are "
        f"{fitted.too_wide:.0f} points too wide, and {fitted.fitting or 'not even one'} would fit."
    )
    return (error("slide-table", message, block.at, f"take columns out, or use shorter words than “{longest}”"),)


def long_table_findings(block: GridBlock | Contacts, slides: int) -> tuple[Finding, ...]:
    """Return the finding for a table that takes more slides than anybody can follow."""
    if slides <= MAX_TABLE_SLIDES:
        return ()
    message = f"A table has so many rows that it goes over {slides} slides."
    return (warning("slide-rows", message, block.at, "show the rows that matter, and leave the table to the handout"),)


def table_layout_name(heading: SlideParagraphs, around: SurroundingText) -> str:
    """Return the layout for a table: with room above it for a heading or for text, and below it for a note."""
    above = "-text" if around.lead else "-label" if heading else ""
    return f"table{above}{'-note' if around.trail else ''}"
