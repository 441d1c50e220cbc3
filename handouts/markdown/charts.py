"""A fenced div with a table of numbers becomes a chart: each number is read here, and each that is none is a finding.

Takes one div of the tree; gives one chart, or none after a finding that says what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handouts.document import nodes as document
from handouts.document.nodes import Amount, ChartRow
from handouts.markdown import tree
from handouts.markdown.making import Making, inlines_of, paragraphs_as_one, plain_text, take_alt, take_title
from handouts.markdown.values import number_of

MOST_ROWS, MOST_SERIES = 8, 3
NEGATIVE = re.compile(r"[-\N{MINUS SIGN}\N{EN DASH}]\s*[0-9]")
TABLE = "write | | one | and | --- | --- | and a row for each bar"


def chart_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return a chart, from a title, a table of numbers, a paragraph below it, and what it shows."""
    title, rest = take_title(div, making)
    alt, rest = take_alt(div, rest, making)
    grids = [block for block in rest if isinstance(block, tree.Grid)]
    if len(grids) != 1:
        making.wrong("A chart has one table of numbers.", grids[1].at if grids else div.at, TABLE)
    if alt is None or len(grids) != 1:
        return ()
    how = paragraphs_as_one(tuple(block for block in rest if block is not grids[0]), "A chart", making)
    names = tuple(words_of_cell(cell, making) for cell in grids[0].head)
    report_size(grids[0], making)
    report_repeats(grids[0].head[1:], names[1:], "column", making)
    most = number_of(div.attributes.value("most")) or 0.0
    rows = rows_of(grids[0].rows, most, making)
    unit = div.attributes.value("unit")
    return (document.Chart(title, unit, names[0], names[1:], rows, alt, how, most, at=div.at),)


def words_of_cell(cell: tree.GridCell, making: Making) -> str:
    """Return the plain words of a cell."""
    return plain_text(inlines_of(cell.content, making), "A cell of a chart", cell.at, making)


def report_size(grid: tree.Grid, making: Making) -> None:
    """Report a chart without a bar, and one with more rows or columns than can be told apart."""
    if len(grid.head) == 1:
        making.wrong("A chart has a column of words and one of numbers.", grid.head[0].at, TABLE)
    if not grid.rows:
        making.wrong("A chart has at least one row.", grid.at, "add a row for each bar")
    if len(grid.head) > MOST_SERIES + 1:
        message = f"A chart has at most {MOST_SERIES} columns of numbers."
        making.wrong(message, grid.head[MOST_SERIES + 1].at, "make two charts of it")
    if len(grid.rows) > MOST_ROWS:
        making.wrong(f"A chart has at most {MOST_ROWS} rows.", grid.rows[MOST_ROWS][0].at, "make two charts of it")


def report_repeats(cells: Sequence[tree.GridCell], names: Sequence[str], what: str, making: Making) -> None:
    """Report what has no name, and a name that is there twice; a single series needs none."""
    for index, (cell, name) in enumerate(zip(cells, names, strict=True)):
        if not name and (what == "row" or len(names) > 1):
            making.wrong(f"A {what} of a chart has no words.", cell.at, "say what it shows")
        elif name in names[:index]:
            making.wrong(f"Two {what}s have the words '{name}'.", cell.at, "say how they differ")


def rows_of(rows: Sequence[Sequence[tree.GridCell]], most: float, making: Making) -> tuple[ChartRow, ...]:
    """Return the rows of a chart with the numbers of each."""
    labels = tuple(words_of_cell(row[0], making) for row in rows)
    report_repeats(tuple(row[0] for row in rows), labels, "row", making)
    return tuple(
        ChartRow(label, tuple(amount_of(cell, most, making) for cell in row[1:]))
        for label, row in zip(labels, rows, strict=True)
    )


def amount_of(cell: tree.GridCell, most: float, making: Making) -> Amount:
    """Return the number in a cell; what is none, less than 0 or more than `most` is a finding, and counts as 0."""
    text = words_of_cell(cell, making)
    value = number_of(text)
    if value is None:
        report_no_number(text, cell, making)
        return Amount(text, 0.0)
    if most and value > most:
        message = f"{text} is more than {most:g}, where the scale ends."
        making.wrong(message, cell.at, "correct the number, or most in the braces")
    return Amount(text, value)


def report_no_number(text: str, cell: tree.GridCell, making: Making) -> None:
    """Report a cell without a number that can be drawn, and say what to write instead."""
    if NEGATIVE.match(text):
        making.wrong(f"'{text}' is less than 0; a bar begins at 0.", cell.at, "show it in a table")
    elif not text:
        making.wrong("A cell of a chart is empty.", cell.at, "write a number, or leave the row out")
    else:
        hint = "write one number such as 85 or 8.5, without a unit; a range has no bar"
        making.wrong(f"'{text}' is no number that can be drawn.", cell.at, hint)
