"""What the columns of a table of recipients are called, and which field each of them fills.

The first row in, columns out; headings that are missing, unknown or there twice are findings. Names stand in
columns.yaml, not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from msgspec import Struct, field

from handouts.document import Outlines, Pixels
from handouts.finding import Finding, Span, error, nearest, warning
from handouts.load.files import Folder
from handouts.load.reading import one_line
from handouts.load.settings import Fields, Items, Scalar, read_settings
from handouts.load.tables import Cell, Row
from handouts.service import MOST_LINES

NAMES = Path(__file__).with_name("columns.yaml")
SIGNS = re.compile(r"[\W_]+")
SHOWN = 40


class Column(Struct, frozen=True):
    """One column that is read: its number, its heading, and the field that it fills."""

    number: int
    heading: str
    field: str


class Table(Struct, frozen=True):
    """The file that is read, what was found out so far, and the logos with what is wrong with each."""

    folder: Folder
    file: str
    columns: tuple[Column, ...] = ()
    logos: dict[str, tuple[Pixels | Outlines | None, tuple[Finding, ...]]] = field(default_factory=dict)

    def at(self, row: int, column: int = 1) -> Span:
        """Return the place of a cell."""
        return Span(self.file, row, column)

    def add(self, found: Finding) -> None:
        """Gather a finding."""
        self.folder.findings.append(found)


@cache
def fields_by_name() -> Mapping[str, str]:
    """Return the field of each name that a column may have."""
    found: list[Finding] = []
    node = read_settings(NAMES.read_text(encoding="utf-8"), NAMES.name, found)
    entries = node.entries if isinstance(node, Fields) else ()
    names = [(key.text, each.text) for key, items in entries if isinstance(items, Items) for each in scalars(items)]
    numbers = [str(number) for number in range(1, MOST_LINES + 1)]
    return {name.replace("{n}", n): field.replace("{n}", n) for field, name in names for n in numbers}


def scalars(items: Items) -> Iterator[Scalar]:
    """Yield the texts of a list."""
    yield from (each for each in items.items if isinstance(each, Scalar))


def plain_name(heading: str) -> str:
    """Return a heading in small letters, without signs."""
    return SIGNS.sub(" ", heading.casefold()).strip()


def field_of(heading: str) -> str:
    """Return the field that a column with this heading fills, or nothing."""
    return fields_by_name().get(plain_name(heading), "")


def find_columns(headings: Row, table: Table) -> Iterator[Column]:
    """Yield the columns that are read; what is missing, twice there or not printed is a finding."""
    if not any(field_of(each.text) for each in headings):
        # The first row may be somebody's data: nothing of it is repeated.
        message = "The first row has no heading that is known."
        hint = f"write one above each column, such as name, phone, address; known: {', '.join(main_names())}"
        table.add(error("missing-column", message, table.at(1), hint))
        return
    first: dict[str, int] = {}
    for number, cell in enumerate(headings, 1):
        heading, name = shown(cell), field_of(cell.text)
        if not name and (heading or cell.kind):
            message = f"The column '{heading}' is not printed."
            table.add(warning("unknown-column", message, table.at(1, number), nearest(heading, main_names())))
        elif name in first:
            message = f"'{heading}' says the same as column {first[name]}."
            table.add(error("duplicate-column", message, table.at(1, number), "keep one of them"))
        elif name:
            first[name] = number
            yield Column(number, heading, name)
    if "name" not in first:
        message = "There is no column for the name of each clinic."
        table.add(error("missing-column", message, table.at(1), name_hint(headings)))


def shown(cell: Cell) -> str:
    """Return a heading as messages name it: its beginning, on one line, without what a terminal would obey."""
    return one_line("".join(each if each.isprintable() else " " for each in cell.text))[:SHOWN]


def main_names() -> tuple[str, ...]:
    """Return the first name of each field."""
    return tuple(dict.fromkeys(fields_by_name().values()))


def name_hint(headings: Row) -> str:
    """Return what to write above the column of names."""
    known = [name for name, meant in fields_by_name().items() if meant == "name"]
    for cell in headings:
        close = get_close_matches(plain_name(cell.text), known, n=1)
        if close and not field_of(cell.text):
            return f"write '{close[0]}' instead of '{shown(cell)}'"
    return "write 'name' above it"
