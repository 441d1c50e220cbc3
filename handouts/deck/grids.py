"""Tables before they have a place: comparisons, tables, forks and contacts as rows of cells, at one size of text.

Each text has the level of the master whose look it takes. Nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import TABLE_SIZES
from handouts.deck.planned import CellText, GridCell, GridRow, Paragraph
from handouts.deck.styles import cell_styles
from handouts.deck.texts import BETWEEN, Runs, joined, linked, paragraphs_of, runs_of, says_where, words_runs
from handouts.document import Branch, Cell, Comparison, Contact, Contacts, Fork, Table, Words, plain
from handouts.theme import Theme, TypeStyle

GridBlock: TypeAlias = Comparison | Table | Fork | Contacts
SIGN_ROOM = 44.0
ROW, HEAD_ROW, CONTACT_HEAD_ROW, FORK_ROW, DENSE_ROW = 66.0, 52.0, 36.0, 98.0, 47.0
FEW_ROWS = 4  # a table with no more rows than that has higher ones
NO_BREAK_SPACE = "\u00a0"


class Grid(Struct, frozen=True):
    """Header rows and body rows; `shares` are the columns' parts of the width, or nothing if the words decide.

    Rows are at least `row` high where there is room for it; `alt` says in words what the table is.
    """

    head: tuple[GridRow, ...]
    body: tuple[GridRow, ...]
    row: float
    alt: str = ""
    shares: tuple[float, ...] = ()
    first_column: bool = False


class CellLook(Struct, frozen=True):
    """How text in a cell looks: the number of its level, from 0, and what stands in the master for it."""

    level: int
    style: TypeStyle


class Look(Struct, frozen=True):
    """The looks of a table at one size."""

    text: CellLook
    head: CellLook
    small_head: CellLook
    number: CellLook
    need: CellLook
    small: CellLook


def look_of(theme: Theme, size: float) -> Look:
    """Return the looks of a table whose text has `size`."""
    looks = tuple(CellLook(level, style) for level, style in enumerate(cell_styles(theme)))
    step, steps = TABLE_SIZES.index(size), len(TABLE_SIZES)
    return Look(looks[step], looks[steps + step], looks[2 * steps - 1], *looks[2 * steps :])


def grid_of(block: GridBlock, theme: Theme, words: Words, size: float) -> Grid:
    """Return `block` as a grid whose text has `size`."""
    look = look_of(theme, size)
    match block:
        case Comparison():
            return comparison_grid(block, look, words)
        case Table():
            return table_grid(block, look, words)
        case Fork():
            return fork_grid(block, look, words)
        case Contacts():
            return contacts_grid(block, look, words)


def comparison_grid(block: Comparison, look: Look, words: Words) -> Grid:
    """Return what to do beside what not to do: two equal columns, the left one on a tint."""
    left = GridCell((), fill="tint", left=SIGN_ROOM)
    right = GridCell((), left=SIGN_ROOM)
    head = GridRow(
        (
            replace(left, texts=cell_texts(runs_of(block.left, words), look.head), header=True, sign="tick"),
            replace(right, texts=cell_texts(runs_of(block.right, words), look.head), header=True, sign="bar"),
        ),
        HEAD_ROW,
        header=True,
    )
    body = tuple(
        GridRow(
            (
                replace(left, texts=cell_texts(runs_of(do, words), look.text)),
                replace(right, texts=cell_texts(runs_of(try_not, words), look.text)),
            ),
            0.0,
        )
        for do, try_not in block.rows
    )
    alt = f"{plain(block.left)}{BETWEEN}{plain(block.right)}"
    return Grid((head,), body, ROW, alt, shares=(0.5, 0.5))


def cell_texts(runs: Runs, look: CellLook, mark: str = "") -> tuple[CellText, ...]:
    """Return one paragraph for a cell; none if there are no words."""
    return (CellText(runs, look.level, look.style, mark),) if runs else ()


def table_grid(block: Table, look: Look, words: Words) -> Grid:
    """Return a table of facts; cells that span others are followed by covered ones."""
    rows = spread((*block.head, *block.body))
    count = len(block.head)
    grid = tuple(
        GridRow(tuple(table_cell(cell, look, words, index < count) for cell in cells), 0.0, header=index < count)
        for index, cells in enumerate(rows)
    )
    first_column = bool(block.body) and all(row[0].header for row in block.body if row)
    height = ROW if len(grid) - count <= FEW_ROWS else DENSE_ROW
    return Grid(grid[:count], grid[count:], height, plain(block.caption), first_column=first_column)


def table_cell(cell: Cell | None, look: Look, words: Words, in_head: bool) -> GridCell:
    """Return one cell of a table; None is a place that another cell covers."""
    if cell is None:
        return GridCell((), covered=True)
    texts = cell_texts(runs_of(cell.content, words), look.head if in_head else look.text)
    return GridCell(texts, header=cell.header, columns=cell.columns, rows=cell.rows)


def spread(rows: Sequence[Sequence[Cell]]) -> list[list[Cell | None]]:
    """Return `rows` with a place for each column: None where a cell of this or an earlier row spans over it."""
    grid: list[list[Cell | None]] = []
    reach: dict[int, int] = {}
    width = sum(cell.columns for cell in rows[0]) if rows else 0
    for cells in rows:
        line: list[Cell | None] = []
        waiting = iter(cells)
        while len(line) < width:
            if reach.get(len(line), 0):
                reach[len(line)] -= 1
                line.append(None)
                continue
            cell = next(waiting, Cell(()))
            for column in range(len(line), len(line) + cell.columns):
                reach[column] = cell.rows - 1
            line.extend((cell, *[None] * (cell.columns - 1)))
        grid.append(line[:width])
    return grid


def fork_grid(block: Fork, look: Look, words: Words) -> Grid:
    """Return the answers of a fork as rows: sign, heading in the colour of its level, and what to do."""
    head = tuple(
        GridCell(cell_texts(runs, look.head), header=True, left=0.0)
        for runs in (runs_of(block.question, words), words_runs(words.say("fork_then")))
    )
    return Grid(
        (GridRow(head, HEAD_ROW, header=True),),
        tuple(branch_row(branch, look, words) for branch in block.branches),
        FORK_ROW,
        plain(block.question),
        shares=(0.36, 0.64),
        first_column=True,
    )


def branch_row(branch: Branch, look: Look, words: Words) -> GridRow:
    """Return one answer of a fork."""
    style = replace(look.text.style, bold=True, colour=branch.level)
    heading = (CellText(runs_of(branch.title, words), look.text.level, style, fixed=True),)
    title = GridCell(heading, header=True, left=SIGN_ROOM + 6, sign=branch.level)
    below = paragraphs_of(branch.blocks, words)
    texts = tuple(text for each in below for text in cell_texts(each.runs, look.text, mark_of(each)))
    return GridRow((title, GridCell(texts)), 0.0)


def mark_of(paragraph: Paragraph) -> str:
    """Return the mark before a paragraph in a cell: a bullet, a number, or nothing."""
    if paragraph.number:
        return f"{paragraph.number}."
    return "•" if paragraph.level.startswith("bullet") else ""


def contacts_grid(block: Contacts, look: Look, words: Words) -> Grid:
    """Return whom to call: the need and the name at the left, the number large at the right."""
    small = look.small_head
    head = GridRow(
        (
            GridCell(cell_texts(words_runs(words.say("contact_need")), small), header=True),
            GridCell(cell_texts(words_runs(words.say("contact_number")), small), header=True, align="r", right=0.0),
        ),
        CONTACT_HEAD_ROW,
        header=True,
    )
    rows = tuple(contact_row(contact, look, words) for contact in block.contacts)
    return Grid((head,), rows, ROW, words.say("contacts"), first_column=True)


# Copies for many differ in one of the contacts.
@lru_cache(maxsize=64)
def contact_row(contact: Contact, look: Look, words: Words) -> GridRow:
    """Return one contact; one without a number is a line to write on."""
    first, *rest = contact_lines(contact, words)
    texts = (*cell_texts(first, look.need), *(text for line in rest for text in cell_texts(line, look.small)))
    number = cell_texts(words_runs(contact.number.replace(" ", NO_BREAK_SPACE)), look.number)
    right = GridCell(number, align="r", right=0.0, to_write_on=not contact.number)
    return GridRow((GridCell(texts, header=True), right), 0.0)


def contact_lines(contact: Contact, words: Words) -> Iterator[Runs]:
    """Yield the need, or else the name, and then the rest in one line."""
    where = says_where(contact.target, words, contact.number)
    name = tuple(linked(run, contact.target, where) for run in words_runs(contact.name))
    yield words_runs(contact.need) or name
    rest = [words_runs(contact.how), words_runs(contact.note)]
    if contact.need:
        rest.insert(0, name)
    found = [part for part in rest if part]
    if found:
        yield joined(tuple(found))
