"""A table of recipients to values: one copy for each row, with the fields that its columns name.

`read_recipients` takes a CSV file or a workbook and gathers every finding at its row and column, headings being row 1;
no message repeats what a row says, so that none can be told from a log. A logo is a file beside the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from handouts.finding import Finding, Span, error, in_order, raise_errors, told_if_unreadable, warning
from handouts.load.cells import read_cell, read_lines, read_logo
from handouts.load.columns import Column, Table, field_of, find_columns, main_names
from handouts.load.files import MOST_FINDINGS, Folder, read_bytes
from handouts.load.tables import SAVE_AS, Cell, Row, read_csv
from handouts.load.workbooks import PACKED, read_workbook
from handouts.service import Recipient, Recipients

__all__ = ["read_recipients"]

WORKBOOK, TEXT = ".xlsx", (".csv", ".txt", ".tsv")


@told_if_unreadable()
def read_recipients(path: Path) -> Recipients:
    """Return those for whom copies are made. HandoutError with all findings if one of them is an error."""
    findings: list[Finding] = []
    folder = Folder(path.parent, findings)
    rows = read_rows(folder, path)
    raise_errors(findings)
    table = Table(folder, folder.name_of(path))
    columns = tuple(find_columns(rows[0] if rows else (), table))
    raise_errors(findings)
    recipients = read_all(rows, replace(table, columns=columns))
    raise_errors(at_most(findings))
    return Recipients(
        rows=recipients,
        columns=tuple((each.heading, each.field) for each in columns),
        findings=tuple(at_most(findings)),
        files=(path, *(path.parent / name for name in table.logos)),
    )


def at_most(findings: list[Finding]) -> Iterator[Finding]:
    """Yield the first findings, and how many more there are."""
    ordered = in_order(findings)
    yield from ordered[:MOST_FINDINGS]
    if len(ordered) > MOST_FINDINGS:
        left = len(ordered) - MOST_FINDINGS
        last = ordered[MOST_FINDINGS]
        yield error("too-many", f"And {left} findings more.", last.at, "mend these first, and run it again")


def read_rows(folder: Folder, path: Path) -> tuple[Row, ...]:
    """Return the rows of a file by what its name ends with."""
    file, ending = folder.name_of(path), path.suffix.lower()
    if ending not in (WORKBOOK, *TEXT):
        message = "A table of recipients is a .csv or an .xlsx file."
        folder.error("table-kind", message, Span(file), SAVE_AS)
        return ()
    content = read_bytes(folder, path)
    if content is None:
        return ()
    if ending == WORKBOOK:
        return read_workbook(content, file, folder.findings)
    if content.startswith(PACKED):
        folder.error("table-kind", "This is a workbook, not a CSV file.", Span(file), "let its name end with .xlsx")
        return ()
    return read_csv(content, file, lambda text: field_of(text) != "", folder.findings)


def read_all(rows: tuple[Row, ...], table: Table) -> tuple[Recipient, ...]:
    """Return the recipients, row by row; empty rows at the end are none."""
    last = max((number for number, row in enumerate(rows, 1) if not is_empty(row)), default=0)
    if last < 2:
        table.add(
            error("empty-file", "There is no row below the headings.", table.at(1), "write one row for each copy")
        )
    report_unnamed(rows, table)
    seen: dict[tuple[Cell, ...], int] = {}
    made = []
    for number, row in enumerate(rows[1:last], 2):
        if is_empty(row):
            table.add(error("empty-row", "This row is empty.", table.at(number), "delete it"))
            continue
        made.append(read_row(number, row, table))
        first = seen.setdefault(tuple(cell_in(row, column) for column in table.columns), number)
        if first != number:
            message = f"This row says the same as row {first}."
            table.add(warning("same-row", message, table.at(number), "delete it, if one copy is enough"))
    return tuple(made)


def is_empty(row: Row) -> bool:
    """True if nothing stands in a row."""
    return not any(cell.kind or cell.text.strip() for cell in row)


def report_unnamed(rows: tuple[Row, ...], table: Table) -> None:
    """Gather a warning for each column without a heading in which something stands."""
    headings = rows[0] if rows else ()
    used = {index for row in rows[1:] for index, cell in enumerate(row) if cell.kind or cell.text.strip()}
    for index in sorted(used):
        if index >= len(headings) or not (headings[index].text.strip() or headings[index].kind):
            hint = f"write a heading above it; known: {', '.join(main_names())}"
            message = f"Column {index + 1} has no heading, and is not printed."
            table.add(warning("unknown-column", message, table.at(1, index + 1), hint))


def cell_in(row: Row, column: Column) -> Cell:
    """Return the cell of a row in a column."""
    return row[column.number - 1] if column.number <= len(row) else Cell("")


def read_row(number: int, row: Row, table: Table) -> Recipient:
    """Return one recipient."""
    said = {column.field: read_cell(cell_in(row, column), column, number, table) for column in table.columns}
    (column,) = (each for each in table.columns if each.field == "name")
    if is_empty((cell_in(row, column),)):
        message = f"'{column.heading}' is empty in this row."
        table.add(error("empty-value", message, table.at(number, column.number), "write whom the copy is from"))
    return Recipient(
        row=number,
        name=said["name"],
        phone=said.get("phone", ""),
        address=said.get("address", ""),
        hours=said.get("hours", ""),
        logo=read_logo(said.get("logo", ""), number, table),
        lines=tuple(read_lines(said, number, table)),
        at=table.at(number),
    )
