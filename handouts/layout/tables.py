"""Lay out tables: two-column comparisons, tables of cells, and tables to fill in.

Where a page ends inside a table, the next one repeats the head as an artifact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec.structs import replace

from handouts.document.nodes import Cell, Comparison, FillTable, GridLine, Inlines, Table, table_grid
from handouts.document.text import plain
from handouts.figures.shapes import Circle, Rectangle
from handouts.figures.signs import sign_drawing
from handouts.finding import NOWHERE, Location, error
from handouts.layout.boxes import (
    HAIRLINE,
    NEVER,
    STRONG_LINE,
    LayoutBox,
    as_artifacts,
    decoration,
    decoration_items,
    ends_kept_together,
    kept_whole_within,
    moved_down,
    rule,
    stacked,
    straight_line,
    strong_rule,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import LayoutContext, Measure, inline_box
from handouts.layout.page_model import Element, FieldItem, PageItem, table_cell
from handouts.text.line_breaking import text_width
from handouts.theme import TypeStyle

ROW_COST, _TABLE_BEFORE, TABLE_AFTER = 60.0, 6.0, 12.0


def _cell_style(context: LayoutContext) -> TypeStyle:
    """Return the style of text in a cell."""
    return replace(context.style("table"), before=0.0, after=0.0)


def _rows_below_head(rows: Sequence[LayoutBox], heads: int, left: float, right: float) -> list[LayoutBox]:
    """Return the boxes of a table, with a rule at its end; no page break leaves its head or one of its rows alone."""
    boxes = ends_kept_together(rows[heads:])
    if heads:
        head = stacked(rows[:heads])
        again = LayoutBox(head.height, as_artifacts(head.items))
        boxes = [replace(head, break_cost=NEVER), *(replace(row, repeated_head=again) for row in boxes)]
    end = strong_rule(left, right, boxes[-1].height)
    boxes[-1] = replace(with_items(boxes[-1], (end,)), break_cost=0.0)
    return with_outer_spaces(boxes, _TABLE_BEFORE, TABLE_AFTER)


def _widest_word_width(contents: Sequence[Inlines], context: LayoutContext) -> float:
    """Return the width of the widest word in `contents`, set in bold."""
    style = replace(context.style("table"), bold=True)
    return max((text_width(word, style) for content in contents for word in plain(content).split()), default=0.0)


def _report_too_wide(at: Location, by: float, contents: Sequence[Inlines], fits: str, context: LayoutContext) -> None:
    """Add the finding for a table that is too wide by `by` points; `fits` says what would fit."""
    longest = max((word for content in contents for word in plain(content).split()), key=len, default="")
    hint = f"use a shorter word than “{longest}”, or fewer columns; or say it in a list"
    message = f"The words of this table need {by:.0f} points more than the page has; {fits}."
    context.findings.append(error("table-too-wide", message, at, hint))


# ---------------------------------------------------------------- comparisons: do, and try not to

_HEAD_ROW, _ROW_PAD, _MARK, _MARK_EDGE, _MARK_SIGN_SHARE = 28.0, 3.0, 20.0, 2.25, 0.8
_TEXT_LEFT, _NARROW_TEXT_LEFT, _TEXT_RIGHT = 38.0, 32.0, 8.0
_SUMMARY_SEPARATOR = " · "


def comparison_boxes(
    comparison: Comparison, parent: Element, measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return two equal columns, the left one on tint; a page ends between rows only if they are higher than a page."""
    measure = context.widened(measure)
    left, half = _NARROW_TEXT_LEFT if context.theme.paper.labels_above else _TEXT_LEFT, measure.width / 2
    columns = [Measure(x + left, half - left - _TEXT_RIGHT) for x in (measure.x, measure.x + half)]
    contents = [content for row in comparison.rows for content in row]
    lacking = _widest_word_width(contents, context) - columns[0].width
    if lacking > 0:
        _report_too_wide(comparison.at, lacking, contents, "each of the two columns has a half", context)
    heads = (plain(comparison.left), plain(comparison.right))
    table = parent.add(Element("Table", summary=_SUMMARY_SEPARATOR.join(heads)))
    boxes = [_comparison_head(comparison, table.add(Element("TR")), measure, columns, context)]
    for row in comparison.rows:
        above = HAIRLINE if len(boxes) > 1 else STRONG_LINE
        boxes.append(_comparison_row(row, table.add(Element("TR")), measure, columns, context, above))
    boxes = _rows_below_head(boxes, 1, measure.x, measure.right)
    return with_outer_spaces(kept_whole_within(boxes, context.room), TABLE_AFTER, TABLE_AFTER)


def _comparison_head(
    comparison: Comparison, row: Element, measure: Measure, columns: Sequence[Measure], context: LayoutContext
) -> LayoutBox:
    """Return the head of a comparison: a tick in a disc and a bar in a ring, each beside its title."""
    style = replace(context.style("h3"), before=0.0, after=0.0)
    texts = []
    for content, column in zip((comparison.left, comparison.right), columns, strict=True):
        cell = row.add(table_cell(head=True))
        texts.append(inline_box(content, cell, style, column, context))
    height, half = max(_HEAD_ROW, *(text.height + 2 * _ROW_PAD for text in texts)), measure.width / 2
    mark = (columns[0].x - measure.x) / 2
    items = (
        decoration(Rectangle(0, 0, half, height, fill="tint"), measure.x),
        *_comparison_mark("tick", measure.x + mark, height / 2),
        *_comparison_mark("bar", measure.x + half + mark, height / 2),
        *(item for text in texts for item in moved_down(text.items, (height - text.height) / 2)),
        strong_rule(measure.x, measure.right, height),
    )
    return LayoutBox(height, items, at=comparison.at)


def _comparison_mark(sign: str, x: float, y: float) -> tuple[PageItem, ...]:
    """Return a tick in a filled disc, or another sign in a ring, centred at a point."""
    filled = sign == "tick"
    disc = Circle(x, y, _MARK / 2, fill="accent")
    ring = Circle(x, y, (_MARK - _MARK_EDGE) / 2, stroke="accent", width=_MARK_EDGE)
    mark = sign_drawing(sign, _MARK * _MARK_SIGN_SHARE, "white" if filled else "accent")
    corner = (x - mark.width / 2, y - mark.height / 2)
    return decoration(disc if filled else ring), *decoration_items(mark.shapes, *corner)


def _comparison_row(
    row: tuple[Inlines, Inlines],
    element: Element,
    measure: Measure,
    columns: Sequence[Measure],
    context: LayoutContext,
    above: float,
) -> LayoutBox:
    """Return one row of a comparison; its tint begins below the rule above it, whose thickness is `above`."""
    cells = [
        inline_box(content, element.add(table_cell()), _cell_style(context), column, context)
        for content, column in zip(row, columns, strict=True)
    ]
    height = max(cell.height for cell in cells) + 2 * _ROW_PAD
    items = (
        decoration(Rectangle(0, above / 2, measure.width / 2, height - above / 2, fill="tint"), measure.x),
        rule(measure.x, measure.right, height),
        *(item for cell in cells for item in moved_down(cell.items, _ROW_PAD)),
    )
    return LayoutBox(height, items, break_cost=ROW_COST)


# ---------------------------------------------------------------- tables of cells

_CELL_PAD, _CELL_RIGHT = 5.0, 10.0
_CAPTION_BEFORE, _CAPTION_AFTER = 12.0, 6.0


def table_boxes(table: Table, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a table, from margin to margin if `measure` is the text column."""
    measure = context.widened(measure)
    section = parent.add(Element("Sect")) if table.caption else parent
    boxes = [_table_caption(table.caption, section, measure, context)] if table.caption else []
    element = section.add(Element("Table", summary=plain(table.caption)))
    grid = table_grid(table)
    edges = _column_edges(grid, table.at, measure, context)
    rows = [
        _table_row(row, element.add(Element("TR")), edges, context, head=index < len(table.head))
        for index, row in enumerate(grid)
    ]
    return [*boxes, *_rows_below_head(rows, len(table.head), edges[0], edges[-1])] if rows else boxes


def _table_caption(caption: Inlines, section: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return the title of a table."""
    box = inline_box(caption, section.add(Element("H3")), context.style("h3"), measure, context)
    return replace(box, before=_CAPTION_BEFORE, after=_CAPTION_AFTER, break_cost=NEVER)


def _table_row(
    row: GridLine, element: Element, edges: Sequence[float], context: LayoutContext, *, head: bool
) -> LayoutBox:
    """Return one row of cells; a row of the head is on tint between strong rules, with its text at the bottom."""
    cells = [(column, cell) for column, cell in enumerate(row) if cell]
    boxes = []
    for column, cell in cells:
        bold = head or cell.header
        style, measure = replace(_cell_style(context), bold=bold), _cell_measure(edges, column, cell.columns)
        inside = element.add(table_cell(head=head, header=cell.header, columns=cell.columns, rows=cell.rows))
        boxes.append(inline_box(cell.content, inside, style, measure, context, bold=bold))
    height = max((box.height for box in boxes), default=0.0) + 2 * _CELL_PAD
    left, right = edges[0], edges[-1]
    items: list[PageItem] = [rule(left, right, height)]
    if head:
        ground = decoration(Rectangle(0, 0, right - left, height, fill="tint"), left)
        items = [ground, strong_rule(left, right, 0.0), strong_rule(left, right, height)]
    for box in boxes:
        items.extend(moved_down(box.items, height - _CELL_PAD - box.height if head else _CELL_PAD))
    return LayoutBox(height, tuple(items), break_cost=ROW_COST, at=cells[0][1].at if cells else NOWHERE)


def _cell_measure(edges: Sequence[float], column: int, columns: int = 1) -> Measure:
    """Return the measure of the text in a cell that spans so many columns."""
    return Measure(edges[column] + _CELL_PAD, edges[column + columns] - edges[column] - _CELL_PAD - _CELL_RIGHT)


def _column_edges(grid: Sequence[GridLine], at: Location, measure: Measure, context: LayoutContext) -> list[float]:
    """Return the left edges of the columns, and the right edge of the last.

    Each column has room for its widest word, and a share of the rest by the length of its text.
    """
    style, pads = replace(context.style("table"), bold=True), _CELL_PAD + _CELL_RIGHT
    count = max(map(len, grid), default=1)
    least, most = [pads] * count, [pads] * count
    cells = [(column, cell) for row in grid for column, cell in enumerate(row) if cell]
    for column, cell in (each for each in cells if each[1].columns == 1):
        least[column] = max(least[column], _widest_word_width((cell.content,), context) + pads)
        most[column] = max(most[column], text_width(plain(cell.content), style) + pads)
    spare = measure.width - sum(least)
    if spare < 0:
        fitting = sum(width <= measure.width for width in accumulate(least))
        fits = f"of its {count} columns {fitting or 'not even one'} would fit"
        _report_too_wide(at, -spare, [cell.content for _, cell in cells], fits, context)
        return list(accumulate((measure.width * each / sum(least) for each in least), initial=measure.x))
    more = [max(0.0, min(want, measure.width / 2) - need) for need, want in zip(least, most, strict=True)]
    beyond = sum(more)
    shares = [each / beyond if beyond else 1 / count for each in more]
    widths = [need + spare * share for need, share in zip(least, shares, strict=True)]
    return list(accumulate(widths, initial=measure.x))


# ---------------------------------------------------------------- tables to fill in

_FILL_ROW_HEIGHT, _FIELD_INSET = 32.0, 2.0


def fill_table_boxes(
    table: FillTable, parent: Element, measure: Measure, context: LayoutContext, *, room: float = 0.0
) -> list[LayoutBox]:
    """Return a table to fill in; with `room`, the height left on its page, its rows are so high that they fill it."""
    low = _FILL_ROW_HEIGHT * context.scale
    if room:
        least = stacked(_fill_grid_boxes(table, Element("Sect"), measure, context.copy(), low))
        low += max(0.0, room - least.before - least.height) / len(table.rows)
    return _fill_grid_boxes(table, parent, measure, context, low)


def _fill_grid_boxes(
    table: FillTable, parent: Element, measure: Measure, context: LayoutContext, low: float
) -> list[LayoutBox]:
    """Return the title of a table to fill in, its head, and its rows, each at least `low` high."""
    section = parent.add(Element("Sect"))
    title = _table_caption(table.caption, section, measure, context)
    head = [Cell(content, header=True) for content in table.head]
    grid = [head, *([Cell(content) for content in row] for row in table.rows)]
    edges = _proportional_edges(table, measure, context) or _column_edges(grid, table.at, measure, context)
    element = section.add(Element("Table", summary=plain(table.caption)))
    rows = [_table_row(grid[0], element.add(Element("TR")), edges, context, head=True)]
    for number, row in enumerate(table.rows, 1):
        rows.append(_fill_row_box(table, number, row, element.add(Element("TR")), edges, low, context))
    boxes = [title, *_rows_below_head(rows, 1, edges[0], edges[-1])]
    return [replace(box, at=table.at) for box in boxes]


def _proportional_edges(table: FillTable, measure: Measure, context: LayoutContext) -> list[float]:
    """Return the edges of columns with the shares of the width that `table` gives; [] if a word does not fit."""
    shares = table.widths if len(table.widths) == len(table.head) else (1,) * len(table.head)
    widths = [measure.width * share / sum(shares) for share in shares]
    rows = (table.head, *table.rows)
    for column, width in enumerate(widths):
        if _widest_word_width([row[column] for row in rows], context) + _CELL_PAD + _CELL_RIGHT > width:
            return []
    return list(accumulate(widths, initial=measure.x))


def _fill_row_box(
    table: FillTable,
    number: int,
    row: Sequence[Inlines],
    element: Element,
    edges: Sequence[float],
    low: float,
    context: LayoutContext,
) -> LayoutBox:
    """Return one row, at least `low` high, with text or empty cells between thin lines."""
    words, style = [], _cell_style(context)
    for column, content in enumerate(row):
        bold = bool(content) and not column
        cell = element.add(table_cell(header=bold))
        if content:
            words.append(inline_box(content, cell, style, _cell_measure(edges, column), context, bold=bold))
    height = max((low, *(box.height + 2 * _CELL_PAD for box in words)))
    items: list[PageItem] = []
    for box in words:
        items.extend(moved_down(box.items, (height - box.height) / 2))
    items.append(rule(edges[0], edges[-1], height))
    items.extend(straight_line((edge, 0.0), (edge, height), HAIRLINE) for edge in edges[1:-1])
    if context.fillable:
        items.extend(_fill_row_fields(table, number, row, element, edges, height, context))
    return LayoutBox(height, tuple(items), break_cost=ROW_COST)


def _fill_row_fields(
    table: FillTable,
    number: int,
    row: Sequence[Inlines],
    element: Element,
    edges: Sequence[float],
    height: float,
    context: LayoutContext,
) -> Iterator[FieldItem]:
    """Yield a multi-line field for each empty cell of a row."""
    size = context.style("table").size
    for column, (content, cell) in enumerate(zip(row, element.children, strict=True)):
        if not content:
            named = {"table": plain(table.caption), "row": number, "column": plain(table.head[column])}
            form = cell.add(Element("Form", tooltip=context.words.say("field_cell", **named)))
            left, width = edges[column] + _FIELD_INSET, edges[column + 1] - edges[column] - 2 * _FIELD_INSET
            name, inside = f"{table.name}-{number}-{column + 1}", height - 2 * _FIELD_INSET
            yield FieldItem("lines", name, left, _FIELD_INSET, width, inside, size, form)
