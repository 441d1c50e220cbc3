"""Read CSV files and Excel workbooks (.xlsx) into rows of cells, within bounds on size.

Takes bytes; returns rows of text, numbered as in a spreadsheet. A workbook is unpacked and checked before it is parsed,
and no formula is calculated. No message repeats the text of a cell. The only user of openpyxl for reading.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias
from zipfile import BadZipFile, ZipFile

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, Location, error, warning
from handouts.load.files import UTF_16_MARKS
from handouts.load.office_package import (
    BYTE_ORDER_MARK,
    OLE_SIGNATURE,
    ZIP_SIGNATURE,
    OfficeFile,
    is_unsafe_xml,
    unpack_parts,
)

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


_DELIMITERS = (",", ";", "\t")
_LINE_END = re.compile("[\r\n]")
_MAX_ROWS, _MAX_COLUMNS = 10_000, 100
FORMULA_KIND = "a formula"
SAVE_AS_HINT = "in Excel: File, Save As, and choose “CSV UTF-8” or “Excel Workbook (.xlsx)”"


class SheetCell(Struct, frozen=True):
    """The text of one cell; `kind` says what a cell without text holds, such as "a number"."""

    text: str
    kind: str = ""


SheetRow: TypeAlias = tuple[SheetCell, ...]


def read_csv(content: bytes, file: str, known: Callable[[str], bool], findings: list[Finding]) -> tuple[SheetRow, ...]:
    """Return the rows of a CSV file, or none after an error; `known` tells whether a text is a column heading."""
    text = _decode_csv(content, file, findings)
    if not text:
        return ()
    rows: list[list[str]] = []
    delimiter = _find_delimiter(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > _MAX_ROWS + 1:
                findings.append(_too_many_rows(file))
                return ()
    except csv.Error as problem:
        findings.append(_unreadable_row(str(problem), text, delimiter, Location(file, len(rows) + 1, 1)))
        return ()
    findings.extend(_check_row_lengths(rows, file))
    return tuple(tuple(map(SheetCell, row)) for row in rows)


def _decode_csv(content: bytes, file: str, findings: list[Finding]) -> str:
    """Return `content` as text, or "" after an error at the row of the first byte that is not UTF-8."""
    if content.startswith(UTF_16_MARKS):
        findings.append(error("not-utf-8", "This file is UTF-16, not UTF-8.", Location(file, 1, 1), SAVE_AS_HINT))
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = content[: problem.start].decode("cp1252", "replace").replace("\r\n", "\n")
        at = Location(file, before.count("\n") + 1, 1)
        findings.append(error("not-utf-8", "This file is not UTF-8; it looks like Windows-1252.", at, SAVE_AS_HINT))
        return ""


def _find_delimiter(text: str, known: Callable[[str], bool]) -> str:
    """Return the delimiter that makes the most known headings of the first line, or else the most cells."""
    heading = _LINE_END.split(text, maxsplit=1)[0][: csv.field_size_limit()]

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([heading], delimiter=delimiter), [])
        return sum(map(known, cells)), len(cells)

    return max(_DELIMITERS, key=score)


def _last_column_number(text: str, delimiter: str) -> int:
    """Return the number of the last cell of a text, where an unclosed quotation mark was opened."""
    count = 1
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        count = len(row)
    return count


def _unreadable_row(problem: str, text: str, delimiter: str, at: Location) -> Finding:
    """Return the error for the row `at` which reading stopped."""
    if "limit" in problem:
        return error("field-too-long", "A cell of this row is longer than anybody writes.", at, "shorten it")
    if "end of data" in problem:
        opened = replace(at, column=_last_column_number(text, delimiter))
        return error("table-quote", "A quotation mark is not closed.", opened, 'write another " at the end of the cell')
    hint = "put the cell in quotation marks, and write each mark inside it twice"
    return error("table-quote", "A quotation mark stands inside a cell.", at, hint)


def _check_row_lengths(rows: list[list[str]], file: str) -> Iterator[Finding]:
    """Yield an error for each row with more or fewer cells than headings; empty cells at its end are ignored."""
    columns = len(rows[0]) if rows else 0
    if columns > _MAX_COLUMNS:
        yield _too_many_columns(file)
        return
    for number, row in enumerate(rows[1:], 2):
        if any(row) and (len(row) < columns or any(row[columns:])):
            message = f"This row has {len(row)} cells, and there are {columns} headings."
            hint = 'a text with a comma, a semicolon or a line break stands in quotation marks: "…"'
            yield error("row-cells", message, Location(file, number, min(len(row), columns + 1)), hint)


def _too_many_rows(file: str) -> Finding:
    """Return the error for a table with too many rows."""
    at = Location(file, _MAX_ROWS + 2, 1)
    return error("too-many", f"There are more than {_MAX_ROWS} rows.", at, "divide the table among several files")


def _too_many_columns(file: str) -> Finding:
    """Return the error for a table with too many columns."""
    at = Location(file, 1, _MAX_COLUMNS + 1)
    return error("too-many", f"There are more than {_MAX_COLUMNS} columns.", at, "delete those that are not printed")


# The maximum tags of cells, and of everything else; Python's own parser is slow for long tags.
MAX_TAGS, _MAX_OTHER_TAGS, MAX_TAG_BYTES = 1_500_000, 100_000, 250_000
_OTHER_TAG = re.compile(rb"<(?!/?(?:\w+:)?(?:row|c|v|is|t|si|r|f|rPr|rPh|phoneticPr)[\s/>])")
_MEDIA_FOLDER = "xl/media/"


def _sanitize_workbook(content: bytes, path: str) -> io.BytesIO:
    """Return a package with only the XML parts of a workbook. HandoutError if Excel does not write such parts."""
    file = OfficeFile(path, "workbook", "Excel", "not-a-workbook", "copy the table alone into a new workbook")
    plain = io.BytesIO()
    tags = others = 0
    with ZipFile(plain, "w") as made:
        for name, text in unpack_parts(content, file):
            if name.startswith(_MEDIA_FOLDER) or not text.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"<"):
                continue
            if is_unsafe_xml(text):
                raise HandoutError(file.not_written_so())
            tags += text.count(b"<")
            others += sum(1 for _ in _OTHER_TAG.finditer(text))
            if tags > MAX_TAGS or others > _MAX_OTHER_TAGS or max(map(len, text.split(b"<"))) > MAX_TAG_BYTES:
                raise HandoutError(file.too_large("holds more than a table does"))
            made.writestr(name, text)
    return plain


_EXCEL_MAX_ROWS, _MAX_CELLS = 1_048_576, 5_000_000
_CELL_KINDS = {"f": FORMULA_KIND, "n": "a number", "d": "a date", "b": "true or false", "e": "an error"}
# What openpyxl raises for a file that is not a workbook, or a broken one.
_OPENPYXL_ERRORS = (
    *(BadZipFile, OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, RuntimeError, AssertionError, zlib.error),
)


def read_workbook(content: bytes, file: str, findings: list[Finding]) -> tuple[SheetRow, ...]:
    """Return the rows of the first sheet of a workbook, or none after an error."""
    if not content.startswith(ZIP_SIGNATURE):
        findings.append(_not_a_workbook(content, file))
        return ()
    try:
        plain = _sanitize_workbook(content, file)
        with (
            warnings.catch_warnings(),
            redirect_stdout(io.StringIO()),
        ):  # openpyxl prints notes about colours and such
            warnings.simplefilter("ignore")
            return _read_first_sheet(plain, file, findings)
    except HandoutError as refused:
        findings.extend(refused.findings)
    except _OPENPYXL_ERRORS:
        findings.append(_not_a_workbook(content, file))
    return ()


def _not_a_workbook(content: bytes, file: str) -> Finding:
    """Return the error for a file that is not a workbook."""
    if content.startswith(OLE_SIGNATURE):
        message = "This is an old or a protected workbook."
        hint = "take its password off, and save it as Excel Workbook (.xlsx)"
        return error("not-a-workbook", message, Location(file), hint)
    return error("not-a-workbook", "This is not a workbook, or a broken one.", Location(file), "save it again as .xlsx")


def _read_first_sheet(plain: io.BytesIO, file: str, findings: list[Finding]) -> tuple[SheetRow, ...]:
    """Return the rows of the first sheet."""
    from openpyxl import load_workbook

    book = load_workbook(plain, read_only=True, data_only=False, keep_links=False)
    try:
        if not book.worksheets:
            message = "This workbook has no sheet."
            findings.append(error("not-a-workbook", message, Location(file), "save it again as .xlsx"))
            return ()
        findings.extend(_check_sheets(book, file))
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # the file may state them wrongly
        rows = islice(sheet.iter_rows(), _EXCEL_MAX_ROWS + 1)
        return tuple(_limit_rows(rows, file, findings))
    finally:
        book.close()


def _check_sheets(book: Workbook, file: str) -> Iterator[Finding]:
    """Yield a warning if there is more than one sheet, or if the sheet that is read is hidden."""
    if len(book.sheetnames) > 1:
        message = "Only the first sheet is read, and there are others; some may be hidden."
        hint = "see that the first sheet is the right one; delete the others"
        yield warning("other-sheets", message, Location(file), hint)
    elif book.worksheets[0].sheet_state != "visible":
        hint = "see that it is the right one"
        yield warning("other-sheets", "The sheet that is read is hidden.", Location(file), hint)


def _read_sheet_row(cells: tuple[Any, ...]) -> SheetRow:
    """Return one row without empty cells at its end."""
    row = [_read_sheet_cell(cell) for cell in cells]
    while row and not row[-1].text and not row[-1].kind:
        row.pop()
    return tuple(row)


def _read_sheet_cell(cell: Any) -> SheetCell:
    """Return one cell; values other than text are not converted to text."""
    if cell.value is None:
        return SheetCell("")
    if cell.data_type != "f" and isinstance(cell.value, str) and cell.data_type != "e":
        return SheetCell(cell.value.replace("_x000D_", ""))
    return SheetCell("", _CELL_KINDS.get(cell.data_type, "a number"))


def _limit_rows(rows: Iterable[tuple[Any, ...]], file: str, findings: list[Finding]) -> Iterator[SheetRow]:
    """Yield rows, including empty cells, up to the limits of rows and columns."""
    seen = 0
    for number, cells in enumerate(rows, 1):
        seen += len(cells)
        row = _read_sheet_row(cells)
        if len(row) > _MAX_COLUMNS or seen > _MAX_CELLS:
            findings.append(_too_many_columns(file))
            return
        if number > _MAX_ROWS + 1 and row:
            findings.append(_too_many_rows(file))
            return
        if number <= _MAX_ROWS + 1:
            yield row
