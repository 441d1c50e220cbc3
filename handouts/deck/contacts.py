"""Whom to call, as tables: the need and the name at the left, the number large at the right, one size for all.

Nothing becomes smaller: what one slide has no room for goes on on the next, those for one need together. What is said
of all numbers alike is said once, in the head.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from handouts.deck.fit import SAFE, line_widths, parts_of
from handouts.deck.grids import Grid, cell_texts
from handouts.deck.planned import CellText, GridCell, GridRow
from handouts.deck.slots import Area
from handouts.deck.styles import ContactLook, contact_look
from handouts.deck.tables import INFINITE, FittedTable, Measured, fitted_parts, measured, part_of, total
from handouts.deck.texts import Runs, joined, linked, says_where, words_runs
from handouts.document import Contact, Contacts, Words, shared_note
from handouts.theme import Theme, TypeStyle

HEAD_ROW, ROW = 32.0, 67.0
NUMBERS_MOST = 0.58  # of the width that may go to numbers and what is said below them
GAP = 16.0  # between a name and a number
NO_BREAK_SPACE = "\u00a0"


def fit_contacts(block: Contacts, room: Area, theme: Theme, words: Words) -> FittedTable:
    """Return `block` as a table in `room`, on as many slides as it needs."""
    look = contact_look(theme)
    choices = [
        measured(contacts_grid(block, below, look, words), room.width)
        for below in ((), long_ones(block, room.width, look, words))
    ]
    table = min(choices, key=lambda each: (each.too_wide > 0, total(each.grid.body)))
    groups, height = groups_of(block, table), room.height - total(table.grid.head)
    if any(total(group) > height for group in groups):
        groups = [(row,) for row in table.grid.body]
    pieces = parts_of(groups, height, lambda part: sum(map(total, part)))
    bodies = (tuple(row for group in piece for row in group) for piece in pieces)
    excess = max((total(group) - height for group in groups), default=0.0)
    parts = tuple(part_of(table, body, room, words) for body in bodies)
    return fitted_parts(parts, excess, table, Area(room.x, room.y, room.width, height))


def groups_of(block: Contacts, table: Measured) -> list[tuple[GridRow, ...]]:
    """Return the rows of a table in stretches for one need each."""
    counts = [len(list(group)) for _, group in groupby(block.contacts, key=lambda contact: contact.need)]
    rows = iter(table.grid.body)
    return [tuple(next(rows) for _ in range(count)) for count in counts]


def long_ones(block: Contacts, width: float, look: ContactLook, words: Words) -> Collection[Contact]:
    """Return the contacts beside whose number their name has no line for how to reach them, which fits below it."""
    numbers = max((line_width(words_runs(each.number), look.number) for each in block.contacts), default=0.0)
    shared = shared_note(block.contacts)
    return [
        each
        for each in block.contacts
        if each.number
        and each.how
        and line_width(joined(tuple(said_beside(each, shared, words))), look.small) > width - numbers - 2 * GAP
        and line_width(words_runs(each.how), look.small) <= NUMBERS_MOST * width
    ]


def line_width(runs: Runs, style: TypeStyle) -> float:
    """Return the width of `runs` in one line."""
    return max(line_widths(runs, style, INFINITE), default=0.0) / SAFE if runs else 0.0


def contacts_grid(block: Contacts, below: Collection[Contact], look: ContactLook, words: Words) -> Grid:
    """Return whom to call; those in `below` have how to reach them below their number."""
    shared = shared_note(block.contacts)
    number = words_runs(words.say("contact_number"), bold=True)
    heads = (
        GridCell(cell_texts(words_runs(words.say("contact_need"), bold=True), look.head), header=True),
        GridCell(cell_texts(joined((number, words_runs(shared))), look.head), header=True, align="r", right=0.0),
    )
    rows = (
        contact_row(contact, index == 0, contact in below, shared, look, words)
        for _, group in groupby(block.contacts, key=lambda contact: contact.need)
        for index, contact in enumerate(group)
    )
    head = GridRow(heads, HEAD_ROW, header=True)
    return Grid((head,), tuple(rows), ROW, words.say("contacts"), first_column=True)


# Copies for many differ in one of the contacts.
@lru_cache(maxsize=64)
def contact_row(contact: Contact, first: bool, below: bool, shared: str, look: ContactLook, words: Words) -> GridRow:
    """Return one contact, the `first` for a need with that need; one without a number is a line to write on."""
    texts = tuple(left_texts(contact, first, below, shared, look, words))
    number = cell_texts(words_runs(contact.number.replace(" ", NO_BREAK_SPACE)), look.number)
    how = cell_texts(words_runs(contact.how), look.small) if below else ()
    right = GridCell((*number, *how), align="r", left=GAP, right=0.0, to_write_on=not contact.number)
    return GridRow((GridCell(texts, header=True), right), 0.0)


def left_texts(
    contact: Contact, first: bool, below: bool, shared: str, look: ContactLook, words: Words
) -> Iterator[CellText]:
    """Yield the need, or else the name, and what there is beside it in one line."""
    need = words_runs(contact.need) if first else ()
    beside = [each for each in said_beside(contact, shared, words, how=not below) if each]
    top = need or (beside.pop(0) if beside else ())
    yield from cell_texts(top, look.need)
    if beside:
        yield from cell_texts(joined(tuple(beside)), look.small)


def said_beside(contact: Contact, shared: str, words: Words, *, how: bool = True) -> Sequence[Runs]:
    """Return the name, how to reach the contact, and what is noted of it alone; it has a name or a number."""
    name = tuple(
        linked(run, contact.target, says_where(contact.target, words, contact.number))
        for run in words_runs(contact.name)
    )
    return (name, words_runs(contact.how) if how else (), words_runs(contact.note if contact.note != shared else ""))
