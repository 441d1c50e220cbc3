"""Read a table of recipients: one `Recipient` for each row, with the fields named by the column headings.

Takes a CSV file or a workbook; logos are files beside it. Every finding is at its row and column (headings are row 1),
and no message repeats the text of a cell, so that logs hold no personal data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.document.nodes import Outlines, Pixels
from handouts.finding import (
    Finding,
    Location,
    closest_name,
    error,
    os_errors_as_findings,
    raise_errors,
    sorted_findings,
    suggest_name,
    warning,
)
from handouts.load.field_reader import field_too_long, one_line, open_fields
from handouts.load.files import MAX_FINDINGS, STACKED_ACCENTS_HINT, SourceFolder, read_bytes, stacked_accents
from handouts.load.office_package import ZIP_SIGNATURE
from handouts.load.spreadsheets import (
    FORMULA_KIND,
    SAVE_AS_HINT,
    SheetCell,
    SheetRow,
    read_csv,
    read_workbook,
)
from handouts.load.value_shapes import AnyText, Keys, ListOf
from handouts.load.yaml_nodes import parse_yaml
from handouts.markdown.attributes import Word
from handouts.service import (
    MAX_FIELD_CHARACTERS,
    MAX_LOCAL_LINES,
    LocalLine,
    Recipient,
    RecipientTable,
    web_address_error,
)
from handouts.text.fonts import character_problem

_COLUMN_NAMES_FILE = Path(__file__).with_name("columns.yaml")
_NON_LETTERS = re.compile(r"[\W_]+")
_MAX_HEADING_CHARACTERS = 40
_SHOWN_ROWS = 5


class _RecipientColumn(Struct, frozen=True):
    """One column that is read: its number, its heading, and the field that it fills."""

    number: int
    heading: str
    field: str


class _RecipientReader(Struct, frozen=True):
    """A table while it is read: its file, the field of each known heading, and each logo with its findings."""

    folder: SourceFolder
    file: str
    fields: Mapping[str, str]
    columns: tuple[_RecipientColumn, ...] = ()
    logos: dict[str, tuple[Pixels | Outlines | None, tuple[Finding, ...]]] = field(default_factory=dict)
    uploaded: bool = False

    def field_of(self, heading: str) -> str:
        """Return the field for a column with this heading, or ""."""
        return self.fields.get(_normalize_heading(heading), "")

    def main_headings(self) -> tuple[str, ...]:
        """Return the first heading of each field."""
        return tuple(dict.fromkeys(self.fields.values()))

    def with_known_columns(self, hint: str) -> str:
        """Return a hint followed by the list of known columns, which a page that takes uploads shows by itself."""
        return hint if self.uploaded else f"{hint}; known: {', '.join(self.main_headings())}"

    def at(self, row: int, column: int = 1) -> Location:
        """Return the location of a cell."""
        return Location(self.file, row, column)

    def add(self, found: Finding) -> None:
        """Add a finding."""
        self.folder.findings.append(found)


def _read_field_names() -> Mapping[str, str]:
    """Return the field for each heading that a column may have, read from columns.yaml."""
    node = parse_yaml(_COLUMN_NAMES_FILE.read_text(encoding="utf-8"), _COLUMN_NAMES_FILE.name, [])
    reading = open_fields(node, [], Keys(others=ListOf(AnyText())))
    names = [(key.text, name) for key, _ in reading.entries() for name in reading.texts(key.text)]
    numbers = [str(number) for number in range(1, MAX_LOCAL_LINES + 1)]
    return {name.replace("{n}", n): field.replace("{n}", n) for field, name in names for n in numbers}


def _normalize_heading(heading: str) -> str:
    """Return a heading in small letters without punctuation."""
    return _NON_LETTERS.sub(" ", heading.casefold()).strip()


def _find_columns(headings: SheetRow, table: _RecipientReader) -> Iterator[_RecipientColumn]:
    """Yield the columns that are read; missing, duplicate and ignored columns are findings."""
    if not any(table.field_of(each.text) for each in headings):
        # The first row may be personal data, so the message does not repeat it.
        message = "The first row has no heading that is known."
        hint = table.with_known_columns("write one above each column, such as name, phone, address")
        table.add(error("missing-column", message, table.at(1), hint))
        return
    first: dict[str, int] = {}
    for number, cell in enumerate(headings, 1):
        heading, name = _printable_heading(cell), table.field_of(cell.text)
        if not name and (heading or cell.kind):
            message = f"The column '{heading}' is not printed."
            is_near = closest_name(heading, table.main_headings())
            hint = suggest_name(heading, table.main_headings()) if is_near or not table.uploaded else ""
            table.add(warning("unknown-column", message, table.at(1, number), hint))
        elif name in first:
            message = f"'{heading}' says the same as column {first[name]}."
            table.add(error("duplicate-column", message, table.at(1, number), "keep one of them"))
        elif name:
            first[name] = number
            yield _RecipientColumn(number, heading, name)
    if "name" not in first:
        message = "There is no column for the name of each clinic."
        table.add(error("missing-column", message, table.at(1), _suggest_name_column(headings, table)))


def _printable_heading(cell: SheetCell) -> str:
    """Return the start of a heading for messages, on one line and without terminal control characters."""
    return one_line("".join(each if each.isprintable() else " " for each in cell.text))[:_MAX_HEADING_CHARACTERS]


def _suggest_name_column(headings: SheetRow, table: _RecipientReader) -> str:
    """Return a hint what to write above the column of names."""
    known = [name for name, meant in table.fields.items() if meant == "name"]
    for cell in headings:
        close = get_close_matches(_normalize_heading(cell.text), known, n=1)
        if close and not table.field_of(cell.text):
            return f"write '{close[0]}' instead of '{_printable_heading(cell)}'"
    return "write 'name' above it"


_ROUNDED_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_LINE_BREAKS = re.compile(r"[,;]?[ ]*[\r\n]+[ ]*")
_FORMULA_SIGN = "="
_MAX_LOGOS = 500
_TEXT_FORMAT_HINT = "format the column as text, and type it again: Excel drops a zero at its beginning"
# The message about a logo, by the code of the original finding; the name of its file stays private.
_LOGO_MESSAGES: Mapping[str, tuple[str, str]] = {
    "picture-path": ("is not in the folder of the table", "put it beside the table, and write its name alone"),
    "missing-picture": ("is not there", "put it beside the table, and write its name as it is, with its ending"),
    "picture-kind": ("is not a PNG, JPEG or SVG", "save it as PNG, JPEG or SVG"),
    "picture-too-large": ("has too many pixels", "make it smaller"),
    "picture-broken": ("is broken", "save it again from where it is from"),
    "picture-colours": ("is in CMYK, the colours of printers, and may look otherwise", "save it as RGB"),
}


_NOT_BESIDE = ("picture-path", "missing-picture")
_UPLOADED_LOGO_HINT = "empty the column; copies with logos are made in a terminal: handouts build --recipients"


def _read_cell(cell: SheetCell, column: _RecipientColumn, row: int, table: _RecipientReader) -> str:
    """Return the text of a cell on one line; "" after a finding."""
    at = table.at(row, column.number)
    found = _check_cell_value(cell, column, at)
    if found:
        table.add(found)
        return ""
    text = unicodedata.normalize("NFC", cell.text)
    return text.strip() if column.field == "lines" else one_line(_LINE_BREAKS.sub(", ", text.strip()))


def _check_cell_value(cell: SheetCell, column: _RecipientColumn, at: Location) -> Finding | None:
    """Return the error for a cell that cannot be printed, or None."""
    name = column.heading
    if cell.kind == FORMULA_KIND or cell.text.lstrip().startswith(_FORMULA_SIGN):
        return error("cell-formula", f"'{name}' holds a formula.", at, "paste what it gives as a value")
    if cell.kind:
        return error("cell-type", f"'{name}' holds {cell.kind}, not a text.", at, _TEXT_FORMAT_HINT)
    if column.field == "web":
        found = web_address_error(cell.text.strip(), at)
        if found:
            return found
    if _is_phone_field(column.field):
        if _ROUNDED_NUMBER.fullmatch(cell.text.strip()):
            return error("cell-type", f"'{name}' holds a number that was rounded.", at, _TEXT_FORMAT_HINT)
        if cell.text.strip() and not any(each.isdecimal() for each in cell.text):
            return error("no-digits", f"'{name}' holds no digit.", at, "write the number, or leave it empty")
    most = MAX_FIELD_CHARACTERS[_bounding_field(column.field)]
    if len(cell.text) > most:
        return field_too_long(name, most, at)
    return _check_cell_characters(cell.text, name, at)


def _is_phone_field(field: str) -> bool:
    """Return whether a field holds a phone number."""
    return field == "phone" or field.endswith(" number")


def _bounding_field(field: str) -> str:
    """Return the field whose maximum length applies to a field."""
    return field if field in MAX_FIELD_CHARACTERS else "phone" if _is_phone_field(field) else "name"


def _check_cell_characters(text: str, name: str, at: Location) -> Finding | None:
    """Return the error for the first character that cannot be printed, or None; the message does not repeat it."""
    if text.isascii() and text.isprintable():
        return None
    composed = unicodedata.normalize("NFC", text)
    if any(stacked_accents(composed)):
        return error("stacked-accents", f"'{name}' holds a letter with too many accents.", at, STACKED_ACCENTS_HINT)
    for character in composed:
        problem = None if character in "\r\n" else character_problem(character)
        if problem:
            code, _, hint = problem
            return error(code, f"'{name}' holds a character that cannot be printed.", at, hint)
    return None


def _read_row_lines(said: Mapping[str, str], row: int, table: _RecipientReader) -> Iterator[LocalLine]:
    """Yield the local lines of a row: first those in columns of their own, then those in one cell."""
    lines = [*_read_column_lines(said, row, table), *_read_cell_lines(said.get("lines", ""), row, table)]
    if len(lines) > MAX_LOCAL_LINES:
        at = _cell_location("lines", row, table)
        table.add(error("too-many", f"This row has {len(lines)} lines.", at, f"{MAX_LOCAL_LINES} are the most"))
    yield from lines


def _cell_location(field: str, row: int, table: _RecipientReader) -> Location:
    """Return the location of the cell for a field in a row."""
    return table.at(row, next((each.number for each in table.columns if each.field == field), 1))


def _read_column_lines(said: Mapping[str, str], row: int, table: _RecipientReader) -> Iterator[LocalLine]:
    """Yield the local lines whose names and numbers have columns of their own."""
    for index in range(1, MAX_LOCAL_LINES + 1):
        name, number = said.get(f"line {index} name", ""), said.get(f"line {index} number", "")
        if name and number:
            yield LocalLine(name, number)
        elif name or number:
            at = _cell_location(f"line {index} {'name' if name else 'number'}", row, table)
            hint = "fill both cells, or leave both empty"
            table.add(error("local-line", f"Line {index} has a name or a number alone.", at, hint))


def _read_cell_lines(text: str, row: int, table: _RecipientReader) -> Iterator[LocalLine]:
    """Yield the local lines of one cell: name, colon, number, separated by semicolons or line breaks."""
    at = _cell_location("lines", row, table)
    heading = next((each.heading for each in table.columns if each.field == "lines"), "")
    for part in filter(None, map(one_line, re.split(r"[;\r\n]+", text))):
        name, _, number = (each.strip() for each in part.rpartition(":"))
        if name and any(each.isdecimal() for each in number):
            yield LocalLine(name, number)
            for each, bound in ((name, "name"), (number, "phone")):
                if len(each) > MAX_FIELD_CHARACTERS[bound]:
                    table.add(field_too_long(heading, MAX_FIELD_CHARACTERS[bound], at))
        else:
            hint = "write a name, a colon and the number; a semicolon stands between two lines"
            table.add(error("local-line", f"A line in '{heading}' has no name or no number.", at, hint))


def _read_row_logo(name: str, row: int, table: _RecipientReader) -> Pixels | Outlines | None:
    """Return the logo of a row, or None; each file is read once, and Pillow is imported only if there are logos."""
    if not name:
        return None
    from handouts.load.images import load_picture

    at = _cell_location("logo", row, table)
    if name not in table.logos and len(table.logos) >= _MAX_LOGOS:
        message = f"There are more than {_MAX_LOGOS} logos."
        table.add(error("too-many", message, at, "divide the table among several files"))
        return None
    if name not in table.logos:
        folder = replace(table.folder, findings=[])
        image = load_picture(folder, folder.path, Word(name, at))
        table.logos[name] = image, tuple(folder.findings)
    image, findings = table.logos[name]
    heading = next(each.heading for each in table.columns if each.field == "logo")
    for found in findings:
        shown = _hide_file_name(found, name, heading, at)
        table.add(replace(shown, hint=_UPLOADED_LOGO_HINT) if table.uploaded and found.code in _NOT_BESIDE else shown)
    return image


def _hide_file_name(found: Finding, name: str, heading: str, at: Location) -> Finding:
    """Return a finding about a logo without the name of its file."""
    if found.code in _LOGO_MESSAGES:
        what, hint = _LOGO_MESSAGES[found.code]
        return replace(found, message=f"The file that '{heading}' names {what}.", hint=hint, at=at)
    return replace(found, message=found.message.replace(name, "…"), at=at)


_WORKBOOK_ENDING, _TEXT_ENDINGS = ".xlsx", (".csv", ".txt", ".tsv")


@os_errors_as_findings()
def read_recipients(path: Path, uploaded_as: str = "") -> RecipientTable:
    """Return the recipients of copies. HandoutError with all findings if any is an error.

    `uploaded_as` is the user's name for a table that was uploaded without the files beside it.
    """
    findings: list[Finding] = []
    folder = SourceFolder(path.parent, findings)
    file = uploaded_as or path.as_posix()
    table = _RecipientReader(folder, file, _read_field_names(), uploaded=bool(uploaded_as))
    rows = _read_rows(table, path)
    raise_errors(findings)
    columns = tuple(_find_columns(rows[0] if rows else (), table))
    raise_errors(findings)
    recipients = _read_recipient_rows(rows, replace(table, columns=columns))
    raise_errors(_limit_findings(findings))
    return RecipientTable(
        rows=recipients,
        columns=tuple((each.heading, each.field) for each in columns),
        findings=tuple(_limit_findings(findings)),
        files=(path, *(path.parent / name for name in table.logos)),
        shown=_shown_columns(rows[: 1 + min(len(recipients), _SHOWN_ROWS)]),
    )


def _shown_columns(rows: tuple[SheetRow, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the columns that are not empty in the first rows; each begins with its heading."""
    headings, *below = rows
    texts = ([_printable_heading(cell) for cell in headings], *([cell.text for cell in row] for row in below))
    return tuple(column for column in zip_longest(*texts, fillvalue="") if any(column))


def _limit_findings(findings: list[Finding]) -> Iterator[Finding]:
    """Yield the first findings, and an error that counts the rest."""
    ordered = sorted_findings(findings)
    yield from ordered[:MAX_FINDINGS]
    if len(ordered) > MAX_FINDINGS:
        left = len(ordered) - MAX_FINDINGS
        last = ordered[MAX_FINDINGS]
        yield error("too-many", f"And {left} findings more.", last.at, "mend these first, and run it again")


def _read_rows(table: _RecipientReader, path: Path) -> tuple[SheetRow, ...]:
    """Return the rows of a file, by the ending of its name."""
    folder, file, ending = table.folder, table.file, path.suffix.lower()
    if ending not in (_WORKBOOK_ENDING, *_TEXT_ENDINGS):
        message = "A table of recipients is a .csv or an .xlsx file."
        folder.error("table-kind", message, Location(file), SAVE_AS_HINT)
        return ()
    content = read_bytes(folder, path)
    if content is None:
        return ()
    if ending == _WORKBOOK_ENDING:
        return read_workbook(content, file, folder.findings)
    if content.startswith(ZIP_SIGNATURE):
        folder.error("table-kind", "This is a workbook, not a CSV file.", Location(file), "let its name end with .xlsx")
        return ()
    return read_csv(content, file, lambda text: table.field_of(text) != "", folder.findings)


def _read_recipient_rows(rows: tuple[SheetRow, ...], table: _RecipientReader) -> tuple[Recipient, ...]:
    """Return the recipients row by row, without empty rows at the end."""
    last = max((number for number, row in enumerate(rows, 1) if not _is_empty_row(row)), default=0)
    if last < 2:
        message = "There is no row below the headings."
        table.add(error("empty-file", message, table.at(1), "write one row for each copy"))
    _report_unnamed_columns(rows, table)
    seen: dict[tuple[SheetCell, ...], int] = {}
    made = []
    for number, row in enumerate(rows[1:last], 2):
        if _is_empty_row(row):
            table.add(error("empty-row", "This row is empty.", table.at(number), "delete it"))
            continue
        made.append(_read_recipient(number, row, table))
        first = seen.setdefault(tuple(_cell_in(row, column) for column in table.columns), number)
        if first != number:
            message = f"This row says the same as row {first}."
            table.add(warning("same-row", message, table.at(number), "delete it, if one copy is enough"))
    return tuple(made)


def _is_empty_row(row: SheetRow) -> bool:
    """Return whether all cells of a row are empty."""
    return not any(cell.kind or cell.text.strip() for cell in row)


def _report_unnamed_columns(rows: tuple[SheetRow, ...], table: _RecipientReader) -> None:
    """Add a warning for each column that has text but no heading."""
    headings = rows[0] if rows else ()
    used = {index for row in rows[1:] for index, cell in enumerate(row) if cell.kind or cell.text.strip()}
    for index in sorted(used):
        if index >= len(headings) or not (headings[index].text.strip() or headings[index].kind):
            hint = table.with_known_columns("write a heading above it")
            message = f"Column {index + 1} has no heading, and is not printed."
            table.add(warning("unknown-column", message, table.at(1, index + 1), hint))


def _cell_in(row: SheetRow, column: _RecipientColumn) -> SheetCell:
    """Return the cell of a row in a column."""
    return row[column.number - 1] if column.number <= len(row) else SheetCell("")


def _read_recipient(number: int, row: SheetRow, table: _RecipientReader) -> Recipient:
    """Return the recipient of one row."""
    said = {column.field: _read_cell(_cell_in(row, column), column, number, table) for column in table.columns}
    (column,) = (each for each in table.columns if each.field == "name")
    if _is_empty_row((_cell_in(row, column),)):
        message = f"'{column.heading}' is empty in this row."
        table.add(error("empty-value", message, table.at(number, column.number), "write whom the copy is from"))
    return Recipient(
        row=number,
        name=said["name"],
        phone=said.get("phone", ""),
        address=said.get("address", ""),
        hours=said.get("hours", ""),
        logo=_read_row_logo(said.get("logo", ""), number, table),
        lines=tuple(_read_row_lines(said, number, table)),
        at=table.at(number),
        web=said.get("web", ""),
    )
