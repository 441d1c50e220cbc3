"""Tables of text to rows of cells: what a spreadsheet saves as CSV, and what all kinds of tables have in common.

Bytes in; rows out, counted as a spreadsheet counts them; what is wrong is a finding at its row and column, and no
message repeats what a cell says. Guesses nothing from the data: the line of headings alone tells the delimiter.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, Span, error
from handouts.load.files import UTF_16

DELIMITERS = (",", ";", "\t")
LINE_END = re.compile("[\r\n]")
MOST_ROWS, MOST_COLUMNS = 10_000, 100
FORMULA_KIND = "a formula"
SAVE_AS = "in Excel: File, Save As, and choose “CSV UTF-8” or “Excel Workbook (.xlsx)”"


class Cell(Struct, frozen=True):
    """What stands in one cell as text; `kind` says what it holds if that is no text, such as "a number"."""

    text: str
    kind: str = ""


Row: TypeAlias = tuple[Cell, ...]


def read_csv(content: bytes, file: str, known: Callable[[str], bool], findings: list[Finding]) -> tuple[Row, ...]:
    """Return the rows of a CSV file, or none after a finding; `known` says whether a text is the name of a column."""
    text = decoded(content, file, findings)
    if not text:
        return ()
    rows: list[list[str]] = []
    delimiter = delimiter_of(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                findings.append(too_many_rows(file))
                return ()
    except csv.Error as problem:
        findings.append(unreadable_row(str(problem), text, delimiter, Span(file, len(rows) + 1, 1)))
        return ()
    findings.extend(check_widths(rows, file))
    return tuple(tuple(map(Cell, row)) for row in rows)


def decoded(content: bytes, file: str, findings: list[Finding]) -> str:
    """Return `content` as text, or nothing after a finding at the row of the first byte that is not UTF-8."""
    if content.startswith(UTF_16):
        findings.append(error("not-utf-8", "This file is UTF-16, not UTF-8.", Span(file, 1, 1), SAVE_AS))
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = content[: problem.start].decode("cp1252", "replace").replace("\r\n", "\n")
        at = Span(file, before.count("\n") + 1, 1)
        findings.append(error("not-utf-8", "This file is not UTF-8; it looks like Windows-1252.", at, SAVE_AS))
        return ""


def delimiter_of(text: str, known: Callable[[str], bool]) -> str:
    """Return what parts the cells: that which makes most names of columns, or else most cells, of the first line."""
    heading = LINE_END.split(text, maxsplit=1)[0][: csv.field_size_limit()]

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([heading], delimiter=delimiter), [])
        return sum(map(known, cells)), len(cells)

    return max(DELIMITERS, key=score)


def last_column(text: str, delimiter: str) -> int:
    """Return the number of the last cell of a text, in which a quotation mark that is not closed was opened."""
    count = 1
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        count = len(row)
    return count


def unreadable_row(problem: str, text: str, delimiter: str, at: Span) -> Finding:
    """Return the finding for a row at which reading ended, which is where `at` is."""
    if "limit" in problem:
        return error("field-too-long", "A cell of this row is longer than anybody writes.", at, "shorten it")
    if "end of data" in problem:
        opened = replace(at, column=last_column(text, delimiter))
        return error("table-quote", "A quotation mark is not closed.", opened, 'write another " at the end of the cell')
    hint = "put the cell in quotation marks, and write each mark inside it twice"
    return error("table-quote", "A quotation mark stands inside a cell.", at, hint)


def check_widths(rows: list[list[str]], file: str) -> Iterator[Finding]:
    """Yield an error for each row that has not as many cells as there are headings; empty ones at its end are none."""
    columns = len(rows[0]) if rows else 0
    if columns > MOST_COLUMNS:
        yield too_many_columns(file)
        return
    for number, row in enumerate(rows[1:], 2):
        if any(row) and (len(row) < columns or any(row[columns:])):
            message = f"This row has {len(row)} cells, and there are {columns} headings."
            hint = 'a text with a comma, a semicolon or a line break stands in quotation marks: "…"'
            yield error("row-cells", message, Span(file, number, min(len(row), columns + 1)), hint)


def too_many_rows(file: str) -> Finding:
    """Return the finding for a table that is longer than anybody writes."""
    at = Span(file, MOST_ROWS + 2, 1)
    return error("too-many", f"There are more than {MOST_ROWS} rows.", at, "divide the table among several files")


def too_many_columns(file: str) -> Finding:
    """Return the finding for a table that is wider than anybody writes."""
    at = Span(file, 1, MOST_COLUMNS + 1)
    return error("too-many", f"There are more than {MOST_COLUMNS} columns.", at, "delete those that are not printed")
