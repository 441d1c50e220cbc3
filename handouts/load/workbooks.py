"""Workbooks of Excel (.xlsx) to rows of cells: the texts of the first sheet, and what the other cells hold.

A file is unpacked within bounds before it is parsed. No formula is worked out. openpyxl is used here alone.
"""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from itertools import islice
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from handouts.finding import Finding, HandoutError, Span, error, warning
from handouts.load.packages import plain_workbook
from handouts.load.tables import FORMULA_KIND, MOST_COLUMNS, MOST_ROWS, Cell, Row, too_many_columns, too_many_rows

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

ROWS_OF_EXCEL, MOST_CELLS = 1_048_576, 5_000_000
OLD, PACKED = b"\xd0\xcf\x11\xe0", b"PK"
KINDS = {"f": FORMULA_KIND, "n": "a number", "d": "a date", "b": "true or false", "e": "an error"}
# What openpyxl raises for a file that is no workbook, or a broken one.
BROKEN = (
    *(BadZipFile, OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, RuntimeError, AssertionError, zlib.error),
)


def read_workbook(content: bytes, file: str, findings: list[Finding]) -> tuple[Row, ...]:
    """Return the rows of the first sheet of a workbook, or none after a finding."""
    if not content.startswith(PACKED):
        findings.append(no_workbook(content, file))
        return ()
    try:
        plain = plain_workbook(content, file)
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):  # openpyxl tells of colours and the like
            warnings.simplefilter("ignore")
            return rows_in(plain, file, findings)
    except HandoutError as refused:
        findings.extend(refused.findings)
    except BROKEN:
        findings.append(no_workbook(content, file))
    return ()


def no_workbook(content: bytes, file: str) -> Finding:
    """Return the finding for a file that is no workbook."""
    if content.startswith(OLD):
        message = "This is an old or a protected workbook."
        return error(
            "not-a-workbook", message, Span(file), "take its password off, and save it as Excel Workbook (.xlsx)"
        )
    return error("not-a-workbook", "This is no workbook, or a broken one.", Span(file), "save it anew as .xlsx")


def rows_in(plain: io.BytesIO, file: str, findings: list[Finding]) -> tuple[Row, ...]:
    """Return the rows of the first sheet."""
    from openpyxl import load_workbook

    book = load_workbook(plain, read_only=True, data_only=False, keep_links=False)
    try:
        if not book.worksheets:
            findings.append(error("not-a-workbook", "This workbook has no sheet.", Span(file), "save it anew as .xlsx"))
            return ()
        findings.extend(other_sheets(book, file))
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # which a file may state wrongly
        rows = islice(sheet.iter_rows(), ROWS_OF_EXCEL + 1)
        return tuple(until_too_many(rows, file, findings))
    finally:
        book.close()


def other_sheets(book: Workbook, file: str) -> Iterator[Finding]:
    """Yield a warning if there is more than one sheet, or if the one that is read is hidden."""
    if len(book.sheetnames) > 1:
        message = "Only the first sheet is read, and there are others; some may be hidden."
        yield warning(
            "other-sheets", message, Span(file), "see that the first sheet is the right one; delete the others"
        )
    elif book.worksheets[0].sheet_state != "visible":
        yield warning("other-sheets", "The sheet that is read is hidden.", Span(file), "see that it is the right one")


def row_of(cells: tuple[Any, ...]) -> Row:
    """Return one row without the empty cells at its end."""
    row = [cell_of(cell) for cell in cells]
    while row and not row[-1].text and not row[-1].kind:
        row.pop()
    return tuple(row)


def cell_of(cell: Any) -> Cell:
    """Return one cell; what is no text is not taken as one."""
    if cell.value is None:
        return Cell("")
    if cell.data_type != "f" and isinstance(cell.value, str) and cell.data_type != "e":
        return Cell(cell.value.replace("_x000D_", ""))
    return Cell("", KINDS.get(cell.data_type, "a number"))


def until_too_many(rows: Iterable[tuple[Any, ...]], file: str, findings: list[Finding]) -> Iterator[Row]:
    """Yield rows as long as they are not more, or wider, than anybody writes, empty cells among them."""
    seen = 0
    for number, cells in enumerate(rows, 1):
        seen += len(cells)
        row = row_of(cells)
        if len(row) > MOST_COLUMNS or seen > MOST_CELLS:
            findings.append(too_many_columns(file))
            return
        if number > MOST_ROWS + 1 and row:
            findings.append(too_many_rows(file))
            return
        if number <= MOST_ROWS + 1:
            yield row
