"""Cells of a table of recipients to their fields: texts that can be printed, further lines, a logo.

Each function gathers findings at the row and column of the cell; none repeats what the cell says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from handouts.document import Outlines, Pixels
from handouts.finding import Finding, Span, error
from handouts.load.columns import Column, Table
from handouts.load.files import STACKED_HINT, stacked_accents
from handouts.load.reading import one_line
from handouts.load.service import is_too_long, too_long
from handouts.load.tables import FORMULA_KIND, Cell
from handouts.markdown.attributes import Word
from handouts.service import LONGEST, MOST_LINES, LocalLine
from handouts.text.fonts import character_problem

ROUNDED = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
BREAKS = re.compile(r"[,;]?[ ]*[\r\n]+[ ]*")
FORMULA = "="
MOST_LOGOS = 500
AS_TEXT = "format the column as text, and type it again: Excel drops a zero at its beginning"
# What is said of the file of a logo, by the code of what is wrong with it; the name of the file is not told.
LOGOS: Mapping[str, tuple[str, str]] = {
    "picture-path": ("is not in the folder of the table", "put it beside the table, and write its name alone"),
    "missing-picture": ("is not there", "put it beside the table, and write its name as it is, with its ending"),
    "picture-kind": ("is no PNG, JPEG or SVG", "save it as PNG, JPEG or SVG"),
    "picture-too-large": ("has too many pixels", "make it smaller"),
    "picture-broken": ("is broken", "save it anew from where it is from"),
    "picture-colours": ("is in CMYK, the colours of printers, and may look otherwise", "save it as RGB"),
}


def read_cell(cell: Cell, column: Column, row: int, table: Table) -> str:
    """Return what a cell says, on one line; nothing after a finding."""
    at = table.at(row, column.number)
    found = refusal_of(cell, column, at)
    if found:
        table.add(found)
        return ""
    text = unicodedata.normalize("NFC", cell.text)
    return text.strip() if column.field == "lines" else one_line(BREAKS.sub(", ", text.strip()))


def refusal_of(cell: Cell, column: Column, at: Span) -> Finding | None:
    """Return why a cell cannot be printed."""
    name = column.heading
    if cell.kind == FORMULA_KIND or cell.text.lstrip().startswith(FORMULA):
        return error("cell-formula", f"'{name}' holds a formula.", at, "paste what it gives as a value")
    if cell.kind:
        return error("cell-type", f"'{name}' holds {cell.kind}, not a text.", at, AS_TEXT)
    if is_number(column.field):
        if ROUNDED.fullmatch(cell.text.strip()):
            return error("cell-type", f"'{name}' holds a number that was rounded.", at, AS_TEXT)
        if cell.text.strip() and not any(each.isdecimal() for each in cell.text):
            return error("no-digits", f"'{name}' holds no digit.", at, "write the number, or leave it empty")
    if is_too_long(cell.text, field_bound(column.field)):
        return too_long(name, field_bound(column.field), at)
    return check_cell(cell.text, name, at)


def is_number(field: str) -> bool:
    """True if a field is a number to call."""
    return field == "phone" or field.endswith(" number")


def field_bound(field: str) -> str:
    """Return the field whose bound holds for a field."""
    return field if field in LONGEST else "phone" if is_number(field) else "name"


def check_cell(text: str, name: str, at: Span) -> Finding | None:
    """Return the finding for the first character that cannot be printed; it is not repeated."""
    if text.isascii() and text.isprintable():
        return None
    composed = unicodedata.normalize("NFC", text)
    if any(stacked_accents(composed)):
        return error("stacked-accents", f"'{name}' holds a letter with too many accents.", at, STACKED_HINT)
    for character in composed:
        problem = None if character in "\r\n" else character_problem(character)
        if problem:
            code, _, hint = problem
            return error(code, f"'{name}' holds a character that cannot be printed.", at, hint)
    return None


# ---------------------------------------------------------------- further lines


def read_lines(said: Mapping[str, str], row: int, table: Table) -> Iterator[LocalLine]:
    """Yield the further lines of a row: those in columns of their own, then those in one cell."""
    lines = [*lines_in_columns(said, row, table), *lines_in_cell(said.get("lines", ""), row, table)]
    if len(lines) > MOST_LINES:
        at = place_of("lines", row, table)
        table.add(error("too-many", f"This row has {len(lines)} lines.", at, f"{MOST_LINES} are the most"))
    yield from lines


def place_of(field: str, row: int, table: Table) -> Span:
    """Return the cell of a field in a row."""
    return table.at(row, next((each.number for each in table.columns if each.field == field), 1))


def lines_in_columns(said: Mapping[str, str], row: int, table: Table) -> Iterator[LocalLine]:
    """Yield the lines whose names and numbers have columns of their own."""
    for index in range(1, MOST_LINES + 1):
        name, number = said.get(f"line {index} name", ""), said.get(f"line {index} number", "")
        if name and number:
            yield LocalLine(name, number)
        elif name or number:
            at = place_of(f"line {index} {'name' if name else 'number'}", row, table)
            hint = "fill both cells, or leave both empty"
            table.add(error("local-line", f"Line {index} has a name or a number alone.", at, hint))


def lines_in_cell(text: str, row: int, table: Table) -> Iterator[LocalLine]:
    """Yield the lines of one cell: a name, a colon, a number, with semicolons or line breaks between."""
    at = place_of("lines", row, table)
    heading = next((each.heading for each in table.columns if each.field == "lines"), "")
    for part in filter(None, map(one_line, re.split(r"[;\r\n]+", text))):
        name, _, number = (each.strip() for each in part.rpartition(":"))
        if name and any(each.isdecimal() for each in number):
            yield LocalLine(name, number)
            for each, bound in ((name, "name"), (number, "phone")):
                if is_too_long(each, bound):
                    table.add(too_long(heading, bound, at))
        else:
            hint = "write a name, a colon and the number; a semicolon stands between two lines"
            table.add(error("local-line", f"A line in '{heading}' has no name or no number.", at, hint))


# ---------------------------------------------------------------- logos


def read_logo(name: str, row: int, table: Table) -> Pixels | Outlines | None:
    """Return the logo of a row, if it has one; a file is read once, and without any logo nothing is imported."""
    if not name:
        return None
    from handouts.load.pictures import load_picture

    at = place_of("logo", row, table)
    if name not in table.logos and len(table.logos) >= MOST_LOGOS:
        table.add(
            error("too-many", f"There are more than {MOST_LOGOS} logos.", at, "divide the table among several files")
        )
        return None
    if name not in table.logos:
        folder = replace(table.folder, findings=[])
        image = load_picture(folder, folder.path, Word(name, at))
        table.logos[name] = image, tuple(folder.findings)
    image, findings = table.logos[name]
    heading = next(each.heading for each in table.columns if each.field == "logo")
    for found in findings:
        table.add(unnamed(found, name, heading, at))
    return image


def unnamed(found: Finding, name: str, heading: str, at: Span) -> Finding:
    """Return a finding about the file of a logo without the name of that file."""
    if found.code in LOGOS:
        what, hint = LOGOS[found.code]
        return replace(found, message=f"The file that '{heading}' names {what}.", hint=hint, at=at)
    return replace(found, message=found.message.replace(name, "…"), at=at)
