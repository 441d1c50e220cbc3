"""Draft the slides of tables: comparisons, tables of facts, forks and contacts.

Builds a grid of cells, measures column widths and row heights, splits a table that is too high between its rows
(the header is repeated on each part), and returns drafts with placed tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, chain, groupby
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.fitting import (
    WHOLE_STEPS,
    SlideContext,
    SlideDraft,
    SlideDrafts,
    block_heading,
    crowded_findings,
    fitting_step,
    lines_height,
    runs_width,
    split_evenly,
    title_fits_one_line,
    too_high_findings,
    widest_word_width,
)
from handouts.deck.layouts import CELL_PADDING, TABLE_SIZES, SlideArea, layout_named
from handouts.deck.planned_slides import (
    CellText,
    FilledPlaceholder,
    GridCell,
    GridRow,
    PlacedDrawing,
    PlacedTable,
    SlideItem,
    SlideParagraph,
    SlideParagraphs,
)
from handouts.deck.slide_ornaments import cell_sign, filled_discs, write_on_line
from handouts.deck.slide_text import (
    NO_BREAK_SPACE,
    SEPARATOR,
    Runs,
    contact_name_runs,
    join_runs,
    paragraphs_of,
    plain_runs,
    runs_of,
)
from handouts.deck.styles import CELL_BULLET_INDENT, style_at_size
from handouts.document.nodes import (
    Branch,
    Cell,
    Comparison,
    Contact,
    Contacts,
    FixedWords,
    Fork,
    Inlines,
    Table,
    shared_note,
)
from handouts.document.text import plain, words_of
from handouts.finding import Finding, error, warning
from handouts.render_cache import RenderCache
from handouts.theme import Theme, TypeStyle

_GridBlock: TypeAlias = Comparison | Table | Fork
_TableBlock: TypeAlias = _GridBlock | Contacts
_Rows: TypeAlias = tuple[GridRow, ...]

_SIGN_INDENT, _LEVEL_SIGN_INDENT, _DISCS_INDENT = 44.0, 62.0, 106.0
_ROW_HEIGHT, _HIGH_ROW_HEIGHT, _DENSE_ROW_HEIGHT = 70.0, 86.0, 47.0
_HEAD_ROW_HEIGHT, _FORK_ROW_HEIGHT, _CONTACT_HEAD_HEIGHT, _CONTACT_ROW_HEIGHT = 40.0, 98.0, 32.0, 67.0
_MAX_HIGH_ROWS, _MAX_MEDIUM_ROWS = 3, 4  # tables with no more rows than these have higher ones
_FRAME_PADDING = 10.0  # that a row with an edge around it is higher than its text
_MAX_NUMBER_SHARE = 0.58  # of the width that may go to numbers and what is below them
_NAME_NUMBER_GAP = 16.0  # between a name and a number
_MAX_TABLE_LEADING = 1.2  # of small text in a table, in em
_ONE_LINE_LEADING = 1.15  # of lines in a row that are one line each, such as a number or a name, in em
_MAX_TABLE_SLIDES = 2


def table_drafts(
    block: _TableBlock, before: SlideParagraphs, after: SlideParagraphs, context: SlideContext
) -> SlideDrafts | None:
    """Return a table on one slide or more; its heading, if it has one of its own, stands on each of them.

    None if the text before or after it has no room on its slide.
    """
    heading = block_heading(block.caption, context) if isinstance(block, Table) else ()
    above = (FilledPlaceholder("lead", (*heading, *before)),) if heading or before else ()
    notes = tuple(replace(paragraph, level="note") for paragraph in after)
    below = (FilledPlaceholder("note", notes),) if after else ()
    name = f"table{'-text' if before else '-label' if heading else ''}{'-note' if after else ''}"
    layout, fitted = _fit_in_best_layout(block, _measured_tables(block, context), name, context)
    step = fitting_step((*above, *below), layout, WHOLE_STEPS, context)
    if (step is None or len(fitted.parts) > 1) and (before or after):
        return None
    drafts = tuple(SlideDraft(layout, (*above, *part, *below), step or 0) for part in fitted.parts)
    crowded = crowded_findings("slide-text", (*above, *below), layout, WHOLE_STEPS[-1], block.at, context)
    return SlideDrafts(drafts, (*crowded, *fitted.findings))


class _FittedTable(Struct, frozen=True):
    """A table on one slide or more: of each slide the table and the drawings over its cells; and what does not fit."""

    parts: tuple[tuple[SlideItem, ...], ...]
    findings: tuple[Finding, ...] = ()


def _fit_in_best_layout(
    block: _TableBlock, tables: Sequence[_MeasuredTable], name: str, context: SlideContext
) -> tuple[str, _FittedTable]:
    """Return a table in the layout `name`, and that layout; or in the higher one below a title of one line.

    Contacts and a fork have the higher one wherever they can: they are looked at longest.
    """
    fitted = _fit_table(block, tables, name, context)
    if name != "table" or not title_fits_one_line("table-high", context):
        return name, fitted
    if isinstance(block, Table | Comparison) and len(fitted.parts) == 1:
        return name, fitted
    high = _fit_table(block, tables, "table-high", context)
    if len(high.parts) > 1 and not title_fits_one_line("table-high", context, continued=True):
        return name, fitted
    return ("table-high", high) if len(high.parts) <= len(fitted.parts) else (name, fitted)


def _measured_tables(block: _TableBlock, context: SlideContext) -> list[_MeasuredTable]:
    """Return `block` as a table at each size that it may have, the largest first."""
    width = layout_named("table").slot("table").area.width
    if isinstance(block, Contacts):
        return [_measured_contacts(block, width, context)]
    return [_measure_grid(_block_grid(block, size, context), width, context.cache) for size in TABLE_SIZES]


def _fit_table(
    block: _TableBlock, tables: Sequence[_MeasuredTable], layout: str, context: SlideContext
) -> _FittedTable:
    """Return the first of `tables` that is whole in the placeholder of a layout; else one that is split.

    The smallest is only whole if it has all of a slide; else a larger one is split. It is split itself if rows of the
    others are too high or words too wide.
    """
    area = layout_named(layout).slot("table").area
    whole_count = len(TABLE_SIZES) if layout == "table-high" or isinstance(block, Fork) else len(TABLE_SIZES) - 1
    for table in tables[:whole_count]:
        if table.too_wide <= 0 and _rows_height((*table.head, *table.body)) <= area.height:
            return _FittedTable((_place_table(table, table.body, area, context.words),))
    for table in tables[1:] or tables:
        height = area.height - _rows_height(table.head)
        groups = _row_groups(block, table, height)
        excess = max(map(_rows_height, groups)) - height
        if max(excess, table.too_wide) <= 0:
            break
    parts = [tuple(chain(*part)) for part in split_evenly(groups, height, lambda part: _rows_height(chain(*part)))]
    placed = tuple(_place_table(table, rows, area, context.words) for rows in parts)
    return _FittedTable(placed, _table_findings(block, table, excess, height, len(placed)))


def _table_findings(
    block: _TableBlock, table: _MeasuredTable, excess: float, room: float, slides: int
) -> tuple[Finding, ...]:
    """Return what is wrong with a table at its smallest size: it is too wide, a row is too high, it has too many rows.

    Its highest row is `excess` points higher than the `room` for rows.
    """
    if table.too_wide > 0:
        fitting = sum(each <= table.width for each in accumulate(table.least))
        longest = max(" ".join(words_of(block)).split(), key=len, default="")
        message = (
            f"A table is too wide for a slide: at the smallest size the longest words of its {len(table.least)} "
            f"columns are {table.too_wide:.0f} points too wide, and {fitting or 'not even one'} would fit."
        )
        return (error("slide-table", message, block.at, f"take columns out, or use shorter words than “{longest}”"),)
    findings = too_high_findings("slide-table", excess, room, block.at)
    if slides > _MAX_TABLE_SLIDES:
        message = f"A table has so many rows that it goes over {slides} slides."
        hint = "show the rows that matter, and leave the table to the handout"
        findings = (*findings, warning("slide-rows", message, block.at, hint))
    return findings


class _TableGrid(Struct, frozen=True):
    """Header rows and body rows; `shares` are the columns' parts of the width, or nothing if the words decide.

    Rows are at least `row_height` high where there is room for it; `alt` says in words what the table is.
    """

    head: _Rows
    body: _Rows
    row_height: float
    alt: str = ""
    shares: tuple[float, ...] = ()
    first_column: bool = False


class _TableLook(Struct, frozen=True):
    """The looks of a table at one size: its text and its head."""

    text: TypeStyle
    head: TypeStyle


def _block_grid(block: _GridBlock, size: float, context: SlideContext) -> _TableGrid:
    """Return `block` as a grid whose text has `size`: smaller text has closer lines as well."""
    styles = context.theme.slides
    text = style_at_size(styles["table"], size)
    if size < TABLE_SIZES[0]:
        text = replace(text, leading=min(text.leading, _MAX_TABLE_LEADING * size))
    look = _TableLook(text, replace(style_at_size(styles["label"], size), colour="accent"))
    match block:
        case Comparison():
            return _comparison_grid(block, look, context.words)
        case Table():
            return _facts_grid(block, look, context.words)
        case Fork():
            return _fork_grid(block, look, context.words)


def _cell_texts(runs: Runs, style: TypeStyle, mark: str = "") -> tuple[CellText, ...]:
    """Return one paragraph for a cell; none if there are no words."""
    return (CellText(runs, style, mark),) if runs else ()


def _comparison_grid(block: Comparison, look: _TableLook, words: FixedWords) -> _TableGrid:
    """Return what to do beside what not to do: two equal columns, the left one on a tint."""

    def row(pair: tuple[Inlines, Inlines], style: TypeStyle, *, header: bool = False) -> GridRow:
        left, right = (_cell_texts(runs_of(content, words), style) for content in pair)
        signs = ("tick", "bar") if header else ("", "")
        cells = (
            GridCell(left, header=header, fill="tint", left=_SIGN_INDENT, sign=signs[0]),
            GridCell(right, header=header, left=_SIGN_INDENT, sign=signs[1]),
        )
        return GridRow(cells, _HEAD_ROW_HEIGHT if header else 0.0, header=header)

    head = row((block.left, block.right), look.head, header=True)
    body = tuple(row(pair, look.text) for pair in block.rows)
    alt = f"{plain(block.left)}{SEPARATOR}{plain(block.right)}"
    return _TableGrid((head,), body, _ROW_HEIGHT, alt, shares=(0.5, 0.5))


def _facts_grid(block: Table, look: _TableLook, words: FixedWords) -> _TableGrid:
    """Return a table of facts; cells that span others are followed by covered ones.

    Its alternative text is its caption; without one the title of its slide says what it shows.
    """
    places = _expand_spans((*block.head, *block.body))
    has_row_headers = bool(block.body) and all(row[0].header for row in block.body if row)
    is_list_of_names = has_row_headers and len(places[0]) == 2  # and of each what there is to say
    row_header = replace(look.text, bold=True) if is_list_of_names else look.text

    def grid_cell(cell: Cell | None, *, in_head: bool) -> GridCell:
        if cell is None:
            return GridCell((), covered=True)
        style = look.head if in_head else row_header if cell.header else look.text
        texts = _cell_texts(runs_of(cell.content, words), style)
        return GridCell(texts, header=cell.header, columns=cell.columns, rows=cell.rows)

    count = len(block.head)
    head = tuple(
        GridRow(tuple(grid_cell(each, in_head=True) for each in row), 0.0, header=True) for row in places[:count]
    )
    rows = [[grid_cell(each, in_head=False) for each in row] for row in places[count:]]
    for cells, sign in zip(rows, block.signs, strict=False):
        cells[0] = replace(cells[0], sign=sign, left=_SIGN_INDENT + 6)
    for cells, discs in zip(rows, block.discs, strict=False):
        cells[1] = replace(cells[1], discs=discs, left=_DISCS_INDENT)
    body = tuple(GridRow(tuple(cells), 0.0) for cells in rows)
    few, some = len(body) <= _MAX_HIGH_ROWS, len(body) <= _MAX_MEDIUM_ROWS
    height = _HIGH_ROW_HEIGHT if few else _ROW_HEIGHT if some else _DENSE_ROW_HEIGHT
    return _TableGrid(head, body, height, plain(block.caption), first_column=has_row_headers)


def _expand_spans(rows: Sequence[Sequence[Cell]]) -> list[list[Cell | None]]:
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


def _fork_grid(block: Fork, look: _TableLook, words: FixedWords) -> _TableGrid:
    """Return the answers of a fork as rows: sign and heading, what one sees, and what to do first.

    Where no answer has more than one paragraph, what fits stands in one column.
    """
    parted = any(len(branch.blocks) > 1 for branch in block.branches)
    keys = ("fork_see", "fork_first") if parted else ("fork_then",)
    headings = (runs_of(block.question, words), *(plain_runs(words.say(key)) for key in keys))
    head = tuple(GridCell(_cell_texts(runs, look.head), header=True, left=0.0) for runs in headings)
    return _TableGrid(
        (GridRow(head, _HEAD_ROW_HEIGHT, header=True),),
        tuple(_branch_row(branch, look, words, parted=parted) for branch in block.branches),
        _FORK_ROW_HEIGHT,
        plain(block.question),
        shares=(0.36, 0.36, 0.28) if parted else (0.36, 0.64),
        first_column=True,
    )


def _branch_row(branch: Branch, look: _TableLook, words: FixedWords, *, parted: bool) -> GridRow:
    """Return one answer of a fork; that of red, on its tint, has an edge that stands out without colour as well."""
    most_urgent = branch.level == "red"
    fill = "red-tint" if most_urgent else ""
    bold = replace(look.text, bold=True)
    heading = _cell_texts(runs_of(branch.title, words), replace(bold, colour=branch.level))
    cells = [GridCell(heading, header=True, left=_LEVEL_SIGN_INDENT, right=6.0, fill=fill, sign=branch.level)]
    parts = ((branch.blocks[:1], look.text), (branch.blocks[1:], bold)) if parted else ((branch.blocks, look.text),)
    for blocks, style in parts:
        texts = (_cell_texts(each.runs, style, _list_mark(each)) for each in paragraphs_of(blocks, words))
        cells.append(GridCell(tuple(chain(*texts)), fill=fill))
    return GridRow(tuple(cells), 0.0, frame=branch.level if most_urgent else "")


def _list_mark(paragraph: SlideParagraph) -> str:
    """Return the mark before a paragraph in a cell: a bullet, a number, or nothing."""
    if paragraph.number:
        return f"{paragraph.number}."
    return "•" if paragraph.level.startswith("bullet") else ""


class _ContactLook(Struct, frozen=True):
    """The looks of a table of contacts, which has one size: nothing in it becomes smaller."""

    head: TypeStyle
    need: TypeStyle
    number: TypeStyle
    small: TypeStyle


def _contact_look(theme: Theme) -> _ContactLook:
    """Return the looks of a table of contacts, with lines as close as they can be read."""
    styles, least = theme.slides, TABLE_SIZES[-1]
    head, small = replace(styles["label"], size=least, colour="accent"), replace(styles["note"], size=least)
    looks = (head, styles["table"], styles["number"], small)
    return _ContactLook(*(replace(style, leading=round(_ONE_LINE_LEADING * style.size, 1)) for style in looks))


def _measured_contacts(block: Contacts, width: float, context: SlideContext) -> _MeasuredTable:
    """Return a table of contacts: the lower one of those with and without anything below the numbers, if it fits."""
    look = _contact_look(context.theme)
    stacked = _contacts_to_stack(block, width, look, context)
    choices: list[Collection[Contact]] = [(), stacked] if stacked else [()]
    tables = [_measure_grid(_contacts_grid(block, each, look, context.words), width, context.cache) for each in choices]
    return min(tables, key=lambda table: (table.too_wide > 0, _rows_height(table.body)))


def _contacts_to_stack(block: Contacts, width: float, look: _ContactLook, context: SlideContext) -> Collection[Contact]:
    """Return the contacts whose name leaves no room for how to reach them, which fits below their number instead."""
    cache, shared = context.cache, shared_note(block.contacts)
    numbers = max((runs_width(plain_runs(each.number), look.number, cache) for each in block.contacts), default=0.0)
    room = width - numbers - 2 * _NAME_NUMBER_GAP
    return [
        each
        for each in block.contacts
        if each.number
        and each.how
        and runs_width(join_runs(_contact_details(each, shared, context.words)), look.small, cache) > room
        and runs_width(plain_runs(each.how), look.small, cache) <= _MAX_NUMBER_SHARE * width
    ]


def _contacts_grid(block: Contacts, stacked: Collection[Contact], look: _ContactLook, words: FixedWords) -> _TableGrid:
    """Return a row for each contact; those in `stacked` have how to reach them below their number."""
    shared = shared_note(block.contacts)
    number_heading = join_runs((plain_runs(words.say("contact_number"), bold=True), plain_runs(shared)))
    need_heading = plain_runs(words.say("contact_need"), bold=True)
    heads = (
        GridCell(_cell_texts(need_heading, look.head), header=True),
        GridCell(_cell_texts(number_heading, look.head), header=True, align="r", right=0.0),
    )
    rows = (_contact_row(contact, contact in stacked, shared, look, words) for contact in block.contacts)
    head = GridRow(heads, _CONTACT_HEAD_HEIGHT, header=True)
    return _TableGrid((head,), tuple(rows), _CONTACT_ROW_HEIGHT, words.say("contacts"), first_column=True)


def _contact_row(contact: Contact, stacked: bool, shared: str, look: _ContactLook, words: FixedWords) -> GridRow:
    """Return one contact: at the left the need, or else the name, and below it what else there is in one line.

    Several for one need name it each, so that a row can be read without the one above. One without a number has a line
    to write on.
    """
    details = [each for each in _contact_details(contact, shared, words, how=not stacked) if each]
    top = plain_runs(contact.need) or (details.pop(0) if details else ())
    left = (*_cell_texts(top, look.need), *_cell_texts(join_runs(details), look.small))
    number = _cell_texts(plain_runs(contact.number.replace(" ", NO_BREAK_SPACE)), look.number)
    how = _cell_texts(plain_runs(contact.how), look.small) if stacked else ()
    right = GridCell((*number, *how), align="r", left=_NAME_NUMBER_GAP, right=0.0, to_write_on=not contact.number)
    return GridRow((GridCell(left, header=True), right), 0.0)


def _contact_details(contact: Contact, shared: str, words: FixedWords, *, how: bool = True) -> tuple[Runs, ...]:
    """Return the name, how to reach the contact, and its note, unless that is the one `shared` by all."""
    note = "" if contact.note == shared else contact.note
    return contact_name_runs(contact, words), plain_runs(contact.how if how else ""), plain_runs(note)


class _MeasuredTable(Struct, frozen=True):
    """A grid for a table of a `width`, its rows as high as their text needs; its columns and the `least` they need."""

    grid: _TableGrid
    head: _Rows
    body: _Rows
    columns: tuple[float, ...]
    least: tuple[float, ...]
    width: float

    @property
    def too_wide(self) -> float:
        """By how many points the longest words of all columns are wider than the table; at most 0 if they fit."""
        return sum(self.least) - self.width


def _measure_grid(grid: _TableGrid, width: float, cache: RenderCache) -> _MeasuredTable:
    """Return `grid` with the widths of its columns and the heights of its rows."""
    rows = (*grid.head, *grid.body)
    columns = list(zip(*(row.cells for row in rows), strict=True))
    least = [max(_cell_width(cell, cache, whole=False) for cell in column) for column in columns]
    if grid.shares:
        widths = tuple(share * width for share in grid.shares)
    else:
        wanted = [max(_cell_width(cell, cache, whole=True) for cell in column) for column in columns]
        widths = _column_widths(least, wanted, width)
    measured = _rows_with_heights(rows, widths, cache)
    count = len(grid.head)
    return _MeasuredTable(grid, measured[:count], measured[count:], widths, tuple(least), width)


def _column_widths(least: Sequence[float], wanted: Sequence[float], width: float) -> tuple[float, ...]:
    """Return the widths of columns: what their words have on one line, and a share of the `width` that is left.

    If there is not enough, a column has at `least` as much as its longest word, unless even that is more than `width`.
    """
    spare = width - sum(wanted)
    if spare >= 0:
        return tuple(each + spare / len(wanted) for each in wanted)
    room, asked = width - sum(least), sum(wanted) - sum(least)
    if room <= 0:
        return tuple(each * width / sum(least) for each in least)
    return tuple(low + room * (high - low) / asked for low, high in zip(least, wanted, strict=True))


def _cell_width(cell: GridCell, cache: RenderCache, *, whole: bool) -> float:
    """Return the width that a cell needs for its longest line, or for its longest word; spanning cells need none."""
    if cell.covered or cell.columns > 1:
        return 0.0
    if whole or cell.align == "r":  # a number is never broken
        widths = [runs_width(text.runs, text.style, cache) for text in cell.texts]
    else:
        widths = [widest_word_width(text.runs, text.style) for text in cell.texts]
    return max(widths, default=0.0) + 1 + cell.left + cell.right


def _rows_with_heights(rows: _Rows, columns: Sequence[float], cache: RenderCache) -> _Rows:
    """Return `rows` as high as their text needs; a cell that spans rows makes the last of them higher."""

    def cell_height(cell: GridCell, column: int) -> float:
        width = sum(columns[column : column + cell.columns]) - cell.left - cell.right
        indents = (CELL_BULLET_INDENT * text.style.size if text.mark else 0.0 for text in cell.texts)
        texts = zip(cell.texts, indents, strict=True)
        lines = (lines_height(text.runs, text.style, width - indent, cache) for text, indent in texts)
        return sum(lines) + 2 * CELL_PADDING

    heights = []
    for row in rows:
        single = (cell_height(cell, column) for column, cell in enumerate(row.cells) if cell.rows == 1)
        heights.append(max([row.height, *single]) + (_FRAME_PADDING if row.frame else 0.0))
    for index, row in enumerate(rows):
        for column, cell in enumerate(row.cells):
            if cell.rows > 1:
                last = min(index + cell.rows, len(rows)) - 1
                heights[last] += max(0.0, cell_height(cell, column) - sum(heights[index : last + 1]))
    return tuple(replace(row, height=height) for row, height in zip(rows, heights, strict=True))


def _rows_height(rows: Iterable[GridRow]) -> float:
    """Return the height of `rows`."""
    return sum(row.height for row in rows)


def _row_groups(block: _TableBlock, table: _MeasuredTable, height: float) -> list[_Rows]:
    """Return the rows of the body in groups that stay on one slide: those that a cell spans over, or of one need.

    Contacts of one need are divided if together they are higher than `height`.
    """
    if isinstance(block, Contacts):
        rows = iter(table.body)
        needs = [list(contacts) for _, contacts in groupby(block.contacts, key=lambda contact: contact.need)]
        groups = [tuple(next(rows) for _ in contacts) for contacts in needs]
        return groups if all(_rows_height(group) <= height for group in groups) else [(row,) for row in table.body]
    groups = []
    open_rows = 0
    for row in table.body:
        if open_rows > 0:
            groups[-1] = (*groups[-1], row)
        else:
            groups.append((row,))
        open_rows = max(open_rows, *(cell.rows for cell in row.cells)) - 1
    return groups


def _place_table(table: _MeasuredTable, body: _Rows, area: SlideArea, words: FixedWords) -> tuple[SlideItem, ...]:
    """Return a table of the header and `body`, its rows opened up where there is room, and the drawings over it."""
    rows = (*table.head, *_raise_rows(body, area.height - _rows_height(table.head), table.grid.row_height))
    spare = max(0.0, area.height - _rows_height(rows)) / 2  # a low table stands in the middle of its area
    placed = PlacedTable(area.x, area.y + spare, table.columns, rows, table.grid.alt, table.grid.first_column)
    return (placed, *_cell_drawings(placed, words))


def _raise_rows(rows: _Rows, room: float, wanted: float) -> _Rows:
    """Return `rows` raised towards the height `wanted`, as far as all of them have room."""
    low, high = 0.0, wanted
    while high - low > 0.5:
        middle = (low + high) / 2
        if sum(max(row.height, middle) for row in rows) <= room:
            low = middle
        else:
            high = middle
    return tuple(replace(row, height=max(row.height, low)) for row in rows)


def _cell_drawings(table: PlacedTable, words: FixedWords) -> Iterator[PlacedDrawing]:
    """Yield the signs and the lines to write on that stand in the cells of `table`."""
    y = table.y
    for row in table.rows:
        x = table.x
        for width, cell in zip(table.columns, row.cells, strict=True):
            area = SlideArea(x, y, width, row.height)
            if cell.sign:
                yield cell_sign(cell.sign, area, words)
            if cell.discs >= 0:
                yield filled_discs(cell.discs, area)
            if cell.to_write_on:
                yield write_on_line(area, words)
            x += width
        y += row.height
