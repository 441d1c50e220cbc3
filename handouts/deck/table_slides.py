"""Draft the slides of tables: comparisons, tables of facts, forks and contacts.

Builds a grid of cells, measures column widths and row heights, splits a table that is too high between its rows (each
part repeats the header), and returns drafts with placed tables.
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
    with_balanced_breaks,
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
from handouts.deck.slide_ornaments import cell_sign, filled_discs, line_to_write_on
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
    table_grid,
)
from handouts.document.text import plain, words_of
from handouts.finding import Finding, error, warning
from handouts.render_cache import RenderCache
from handouts.theme import Theme, TypeStyle

_GridBlock: TypeAlias = Comparison | Table | Fork
_TableBlock: TypeAlias = _GridBlock | Contacts
_Rows: TypeAlias = tuple[GridRow, ...]

_TABLE_WIDTH = layout_named("table").placeholder("table").area.width  # in all layouts
_SIGN_INDENT, _LEVEL_SIGN_INDENT, _DISCS_INDENT = 44.0, 62.0, 106.0
_ROW_HEIGHT, _HIGH_ROW_HEIGHT, _DENSE_ROW_HEIGHT = 70.0, 86.0, 47.0
_HEAD_ROW_HEIGHT, _FORK_ROW_HEIGHT, _CONTACT_HEAD_HEIGHT, _CONTACT_ROW_HEIGHT = 40.0, 98.0, 32.0, 67.0
_MAX_HIGH_ROWS, _MAX_MEDIUM_ROWS = 3, 4  # tables with no more rows than these have higher ones
_FRAME_PADDING = 10.0  # extra height of a row with an edge around it
_MAX_NUMBER_SHARE = 0.58  # of the width, for numbers and the text below them
_NAME_NUMBER_GAP = 16.0  # between a name and a number
_MAX_TABLE_LEADING = 1.2  # of small text in a table, in em
_ONE_LINE_LEADING = 1.15  # of texts of one line each, such as a number or a name, in em
_MAX_TABLE_SLIDES = 2


def table_drafts(
    block: _TableBlock, before: SlideParagraphs, after: SlideParagraphs, context: SlideContext
) -> SlideDrafts | None:
    """Return a table on one or more slides; each has the heading of the table, if that differs from the slide's title.

    None if the text before or after the table does not fit on its slide.
    """
    heading = block_heading(block.caption, context) if isinstance(block, Table) else ()
    above = (FilledPlaceholder("lead", (*heading, *before)),) if heading or before else ()
    notes = tuple(replace(paragraph, level="note") for paragraph in after)
    below = (FilledPlaceholder("note", notes),) if after else ()
    name = f"table{'-text' if before else '-label' if heading else ''}{'-note' if after else ''}"
    fitted = _fit_in_best_layout(block, _measured_tables(block, context), name, context)
    layout = fitted.drafts[0].layout
    step = fitting_step((*above, *below), layout, WHOLE_STEPS, context)
    if (step is None or len(fitted.drafts) > 1) and (before or after):
        return None
    drafts = tuple(replace(each, items=(*above, *each.items, *below), step=step or 0) for each in fitted.drafts)
    crowded = crowded_findings("slide-text", (*above, *below), layout, WHOLE_STEPS[-1], block.at, context)
    return SlideDrafts(drafts, (*crowded, *fitted.findings))


def _fit_in_best_layout(
    block: _TableBlock, tables: Sequence[_MeasuredTable], name: str, context: SlideContext
) -> SlideDrafts:
    """Return a table in the layout `name`, or in the higher one below a title of one line.

    Contacts and a fork take the higher one wherever they can: people look at them longest.
    """
    fitted = _fit_table(block, tables, name, context)
    if name != "table" or not title_fits_one_line("table-high", context):
        return fitted
    if isinstance(block, Table | Comparison) and len(fitted.drafts) == 1:
        return fitted
    high = _fit_table(block, tables, "table-high", context)
    if len(high.drafts) > 1 and not title_fits_one_line("table-high", context, continued=True):
        return fitted
    return high if len(high.drafts) <= len(fitted.drafts) else fitted


def _measured_tables(block: _TableBlock, context: SlideContext) -> list[_MeasuredTable]:
    """Return `block` as a table at each possible size, the largest first."""
    if isinstance(block, Contacts):
        return [_measured_contacts(block, context)]
    return [_measure_grid(_block_grid(block, size, context), context.cache) for size in TABLE_SIZES]


def _fit_table(block: _TableBlock, tables: Sequence[_MeasuredTable], layout: str, context: SlideContext) -> SlideDrafts:
    """Return slides of the first of `tables`, largest first, that fits whole into a layout, or of one that is split.

    The smallest is shown whole only if it has all of a slide; otherwise a larger one is split. The smallest is split
    if in all others a row is too high or a word too wide.
    """
    area = layout_named(layout).placeholder("table").area
    whole_count = len(TABLE_SIZES) if layout == "table-high" or isinstance(block, Fork) else len(TABLE_SIZES) - 1
    for table in tables[:whole_count]:
        if table.too_wide <= 0 and _rows_height((*table.head, *table.body)) <= area.height:
            return SlideDrafts((SlideDraft(layout, _place_table(table, table.body, area, context.words)),))
    for table in tables[1:] or tables:
        height = area.height - _rows_height(table.head)
        groups = _row_groups(block, table, height)
        excess = max(map(_rows_height, groups)) - height
        if max(excess, table.too_wide) <= 0:
            break
    parts = [tuple(chain(*part)) for part in split_evenly(groups, height, lambda part: _rows_height(chain(*part)))]
    drafts = tuple(SlideDraft(layout, _place_table(table, rows, area, context.words)) for rows in parts)
    return SlideDrafts(drafts, _table_findings(block, table, excess, height, len(drafts)))


def _table_findings(
    block: _TableBlock, table: _MeasuredTable, excess: float, room: float, slides: int
) -> tuple[Finding, ...]:
    """Return the findings for a table at its smallest size: it is too wide, a row is too high, or it has too many rows.

    The highest row, or group of rows that stay together, is `excess` points higher than the `room` for rows.
    """
    if table.too_wide > 0:
        fitting = sum(each <= _TABLE_WIDTH for each in accumulate(table.least))
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
    """Rows, header rows first; `shares` are the columns' parts of the width, or nothing if the words decide.

    Body rows are at least `row_height` high where there is room for it; `alt` says in words what the table is.
    """

    rows: _Rows
    row_height: float
    alt: str = ""
    shares: tuple[float, ...] = ()
    first_column: bool = False


def _block_grid(block: _GridBlock, size: float, context: SlideContext) -> _TableGrid:
    """Return `block` as a grid with text of `size`; smaller text also has closer lines."""
    styles = context.theme.slides
    text = style_at_size(styles["table"], size)
    if size < TABLE_SIZES[0]:
        text = replace(text, leading=min(text.leading, _MAX_TABLE_LEADING * size))
    head = replace(style_at_size(styles["label"], size), colour="accent")
    match block:
        case Comparison():
            return _comparison_grid(block, text, head, context.words)
        case Table():
            return _facts_grid(block, text, head, context.words)
        case Fork():
            return _fork_grid(block, text, head, context.words)


def _cell_texts(runs: Runs, style: TypeStyle, mark: str = "") -> tuple[CellText, ...]:
    """Return one paragraph for a cell; nothing if there are no words."""
    return (CellText(runs, style, mark),) if runs else ()


def _comparison_grid(block: Comparison, text: TypeStyle, head: TypeStyle, words: FixedWords) -> _TableGrid:
    """Return what to do beside what not to do, in two equal columns, the left one on a tint."""

    def row(pair: tuple[Inlines, Inlines], style: TypeStyle, *, header: bool = False) -> GridRow:
        left, right = (_cell_texts(runs_of(content, words), style) for content in pair)
        signs = ("tick", "bar") if header else ("", "")
        cells = (
            GridCell(left, header=header, fill="tint", left=_SIGN_INDENT, sign=signs[0]),
            GridCell(right, header=header, left=_SIGN_INDENT, sign=signs[1]),
        )
        return GridRow(cells, _HEAD_ROW_HEIGHT if header else 0.0, header=header)

    rows = (row((block.left, block.right), head, header=True), *(row(pair, text) for pair in block.rows))
    alt = f"{plain(block.left)}{SEPARATOR}{plain(block.right)}"
    return _TableGrid(rows, _ROW_HEIGHT, alt, shares=(0.5, 0.5))


def _facts_grid(block: Table, text: TypeStyle, head: TypeStyle, words: FixedWords) -> _TableGrid:
    """Return a table of facts; covered cells follow those that span over them.

    Its alt text is its caption; a table without one later gets the title of its slide.
    """
    places = table_grid(block)
    has_row_headers = bool(block.body) and all(row[0].header for row in block.body if row)
    is_list_of_names = has_row_headers and len(places[0]) == 2  # and a text for each name
    row_header = replace(text, bold=True) if is_list_of_names else text

    def grid_cell(cell: Cell | None, *, in_head: bool) -> GridCell:
        if cell is None:
            return GridCell((), covered=True)
        style = head if in_head else row_header if cell.header else text
        texts = _cell_texts(runs_of(cell.content, words), style)
        return GridCell(texts, header=cell.header, columns=cell.columns, rows=cell.rows)

    count = len(block.head)
    grid = [[grid_cell(each, in_head=index < count) for each in row] for index, row in enumerate(places)]
    for cells, sign in zip(grid[count:], block.signs, strict=False):
        cells[0] = replace(cells[0], sign=sign, left=_SIGN_INDENT + 6)
    for cells, discs in zip(grid[count:], block.discs, strict=False):
        cells[1] = replace(cells[1], discs=discs, left=_DISCS_INDENT)
    rows = tuple(GridRow(tuple(cells), 0.0, header=index < count) for index, cells in enumerate(grid))
    few, some = len(block.body) <= _MAX_HIGH_ROWS, len(block.body) <= _MAX_MEDIUM_ROWS
    height = _HIGH_ROW_HEIGHT if few else _ROW_HEIGHT if some else _DENSE_ROW_HEIGHT
    return _TableGrid(rows, height, plain(block.caption), first_column=has_row_headers)


def _fork_grid(block: Fork, text: TypeStyle, head: TypeStyle, words: FixedWords) -> _TableGrid:
    """Return the answers of a fork as rows: sign and heading, what one sees, and what to do first.

    If no answer has more than one paragraph, one column says both what one sees and what to do.
    """
    parted = any(len(branch.blocks) > 1 for branch in block.branches)
    keys = ("fork_see", "fork_first") if parted else ("fork_then",)
    headings = (runs_of(block.question, words), *(plain_runs(words.say(key)) for key in keys))
    cells = tuple(GridCell(_cell_texts(runs, head), header=True, left=0.0) for runs in headings)
    rows = (_branch_row(branch, text, words, parted=parted) for branch in block.branches)
    return _TableGrid(
        (GridRow(cells, _HEAD_ROW_HEIGHT, header=True), *rows),
        _FORK_ROW_HEIGHT,
        plain(block.question),
        shares=(0.36, 0.36, 0.28) if parted else (0.36, 0.64),
        first_column=True,
    )


def _branch_row(branch: Branch, text: TypeStyle, words: FixedWords, *, parted: bool) -> GridRow:
    """Return one answer of a fork; the red one is tinted and has an edge that is visible without colour too."""
    most_urgent = branch.level == "red"
    fill = "red-tint" if most_urgent else ""
    bold = replace(text, bold=True)
    heading = _cell_texts(runs_of(branch.title, words), replace(bold, colour=branch.level))
    cells = [GridCell(heading, header=True, left=_LEVEL_SIGN_INDENT, right=6.0, fill=fill, sign=branch.level)]
    parts = ((branch.blocks[:1], text), (branch.blocks[1:], bold)) if parted else ((branch.blocks, text),)
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
    """The looks of a table of contacts, which has only one size."""

    head: TypeStyle
    need: TypeStyle
    number: TypeStyle
    small: TypeStyle


def _contact_look(theme: Theme) -> _ContactLook:
    """Return the looks of a table of contacts, with close lines."""
    styles, least = theme.slides, TABLE_SIZES[-1]
    head, small = replace(styles["label"], size=least, colour="accent"), replace(styles["note"], size=least)
    looks = (head, styles["table"], styles["number"], small)
    return _ContactLook(*(replace(style, leading=round(_ONE_LINE_LEADING * style.size, 1)) for style in looks))


def _measured_contacts(block: Contacts, context: SlideContext) -> _MeasuredTable:
    """Return a table of contacts with or without details below the numbers, whichever is lower and fits."""
    look = _contact_look(context.theme)
    stacked = _contacts_to_stack(block, look, context)
    choices: list[Collection[Contact]] = [(), stacked] if stacked else [()]
    tables = [_measure_grid(_contacts_grid(block, each, look, context.words), context.cache) for each in choices]
    return min(tables, key=lambda table: (table.too_wide > 0, _rows_height(table.body)))


def _contacts_to_stack(block: Contacts, look: _ContactLook, context: SlideContext) -> Collection[Contact]:
    """Return the contacts whose details do not fit beside the number, but how to reach them fits below it."""
    cache, shared = context.cache, shared_note(block.contacts)
    numbers = max((runs_width(plain_runs(each.number), look.number, cache) for each in block.contacts), default=0.0)
    room = _TABLE_WIDTH - numbers - 2 * _NAME_NUMBER_GAP
    return [
        each
        for each in block.contacts
        if each.number
        and each.how
        and runs_width(join_runs(_contact_details(each, shared, context.words)), look.small, cache) > room
        and runs_width(plain_runs(each.how), look.small, cache) <= _MAX_NUMBER_SHARE * _TABLE_WIDTH
    ]


def _contacts_grid(block: Contacts, stacked: Collection[Contact], look: _ContactLook, words: FixedWords) -> _TableGrid:
    """Return a row for each contact; in those in `stacked`, how to reach them stands below the number."""
    shared = shared_note(block.contacts)
    number_heading = join_runs((plain_runs(words.say("contact_number"), bold=True), plain_runs(shared)))
    need_heading = plain_runs(words.say("contact_need"), bold=True)
    heads = (
        GridCell(_cell_texts(need_heading, look.head), header=True),
        GridCell(_cell_texts(number_heading, look.head), header=True, align="r", right=0.0),
    )
    rows = (_contact_row(contact, contact in stacked, shared, look, words) for contact in block.contacts)
    head = GridRow(heads, _CONTACT_HEAD_HEIGHT, header=True)
    return _TableGrid((head, *rows), _CONTACT_ROW_HEIGHT, words.say("contacts"), first_column=True)


def _contact_row(contact: Contact, stacked: bool, shared: str, look: _ContactLook, words: FixedWords) -> GridRow:
    """Return one contact: at the left the need, or else the name, and below it all other details in one line.

    Each of several contacts for one need names the need, so that a row can be read alone. One without a number has a
    line to write on.
    """
    details = [each for each in _contact_details(contact, shared, words, how=not stacked) if each]
    top = plain_runs(contact.need) or (details.pop(0) if details else ())
    left = (*_cell_texts(top, look.need), *_cell_texts(join_runs(details), look.small))
    number = _cell_texts(plain_runs(contact.number.replace(" ", NO_BREAK_SPACE)), look.number)
    how = _cell_texts(plain_runs(contact.how), look.small) if stacked else ()
    right = GridCell((*number, *how), align="r", left=_NAME_NUMBER_GAP, right=0.0, to_write_on=not contact.number)
    return GridRow((GridCell(left, header=True), right), 0.0)


def _contact_details(contact: Contact, shared: str, words: FixedWords, *, how: bool = True) -> tuple[Runs, ...]:
    """Return the name, how to reach the contact, and its note, unless all contacts have that `shared` note."""
    note = "" if contact.note == shared else contact.note
    return contact_name_runs(contact, words), plain_runs(contact.how if how else ""), plain_runs(note)


class _MeasuredTable(Struct, frozen=True):
    """A grid with rows as high as their text needs, the widths of its columns, and the `least` that these need."""

    grid: _TableGrid
    head: _Rows
    body: _Rows
    columns: tuple[float, ...]
    least: tuple[float, ...]

    @property
    def too_wide(self) -> float:
        """The width in points by which the longest words of all columns exceed the table; at most 0 if they fit."""
        return sum(self.least) - _TABLE_WIDTH


def _measure_grid(grid: _TableGrid, cache: RenderCache) -> _MeasuredTable:
    """Return `grid` with the widths of its columns and the heights of its rows."""
    columns = list(zip(*(row.cells for row in grid.rows), strict=True))
    least = [max(_cell_width(cell, cache, whole=False) for cell in column) for column in columns]
    if grid.shares:
        widths = tuple(share * _TABLE_WIDTH for share in grid.shares)
    else:
        wanted = [max(_cell_width(cell, cache, whole=True) for cell in column) for column in columns]
        widths = _column_widths(least, wanted)
    rows = _rows_with_heights(grid.rows, widths, cache)
    head, body = tuple(row for row in rows if row.header), tuple(row for row in rows if not row.header)
    return _MeasuredTable(grid, head, body, widths, tuple(least))


def _column_widths(least: Sequence[float], wanted: Sequence[float]) -> tuple[float, ...]:
    """Return the widths of columns: as `wanted` for texts on one line, and an equal share of what is left.

    If nothing is left, columns shrink towards the `least` that their longest words need, and below it if they must.
    """
    spare = _TABLE_WIDTH - sum(wanted)
    if spare >= 0:
        return tuple(each + spare / len(wanted) for each in wanted)
    room, asked = _TABLE_WIDTH - sum(least), sum(wanted) - sum(least)
    if room <= 0:
        return tuple(each * _TABLE_WIDTH / sum(least) for each in least)
    return tuple(low + room * (high - low) / asked for low, high in zip(least, wanted, strict=True))


def _cell_width(cell: GridCell, cache: RenderCache, *, whole: bool) -> float:
    """Return the width that a cell needs for its `whole` text, or for its longest word; 0 for spanning cells."""
    if cell.covered or cell.columns > 1:
        return 0.0
    if whole or cell.align == "r":  # a number is never broken
        widths = [runs_width(text.runs, text.style, cache) for text in cell.texts]
    else:
        widths = [widest_word_width(text.runs, text.style) for text in cell.texts]
    return max(widths, default=0.0) + 1 + cell.left + cell.right


def _rows_with_heights(rows: _Rows, columns: Sequence[float], cache: RenderCache) -> _Rows:
    """Return `rows` as high as their text needs; a high cell that spans rows makes the last of them higher."""

    def cell_height(cell: GridCell, column: int) -> float:
        texts = _text_widths(cell, columns[column:])
        return sum(lines_height(text.runs, text.style, width, cache) for text, width in texts) + 2 * CELL_PADDING

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


def _text_widths(cell: GridCell, columns: Sequence[float]) -> Iterator[tuple[CellText, float]]:
    """Yield each text of a cell that begins in the first of `columns`, and the width for its lines."""
    width = sum(columns[: cell.columns]) - cell.left - cell.right
    for text in cell.texts:
        yield text, width - (CELL_BULLET_INDENT * text.style.size if text.mark else 0.0)


def _rows_height(rows: Iterable[GridRow]) -> float:
    """Return the height of `rows`."""
    return sum(row.height for row in rows)


def _row_groups(block: _TableBlock, table: _MeasuredTable, height: float) -> list[_Rows]:
    """Return the body rows in groups that stay on one slide: rows that a cell spans over, or contacts for one need.

    If the contacts for one need are together higher than `height`, each row is a group of its own.
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
    """Return a table of the header and `body`, its rows raised where there is room, and the drawings over it."""
    raised = _raise_rows(body, area.height - _rows_height(table.head), table.grid.row_height)
    rows = tuple(_balanced_row(row, table.columns) for row in (*table.head, *raised))
    spare = max(0.0, area.height - _rows_height(rows)) / 2  # a low table stands in the middle of its area
    placed = PlacedTable(area.x, area.y + spare, table.columns, rows, table.grid.alt, table.grid.first_column)
    return (placed, *_cell_drawings(placed, words))


def _balanced_row(row: GridRow, columns: Sequence[float]) -> GridRow:
    """Return `row` with its texts broken in good places."""
    cells = (
        replace(
            cell,
            texts=tuple(
                replace(text, runs=with_balanced_breaks(text.runs, text.style, width))
                for text, width in _text_widths(cell, columns[index:])
            ),
        )
        for index, cell in enumerate(row.cells)
    )
    return replace(row, cells=tuple(cells))


def _raise_rows(rows: _Rows, room: float, wanted: float) -> _Rows:
    """Return `rows` raised to a common height, up to `wanted`, as far as the `room` for all of them allows."""
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
                yield line_to_write_on(area, words)
            x += width
        y += row.height
