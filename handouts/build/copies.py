"""Deliverables and a table of recipients in, a deliverable for each row out; nothing a row says gets into a message.

A copy shares its document with all others; a worker puts in who it is from. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.deliverables import Deliverable
from handouts.finding import Finding, Location, error, is_error, raise_errors
from handouts.load.schema import safe_name
from handouts.service import Recipient, RecipientTable

FOLDER = "copies"
LONGEST_FILE = 255  # in characters, which are all in ASCII
DIGITS = 4
OF_WORKERS = ("other-program", "worker-died", "no-cluster", "our-mistake")  # these say nothing of a row


def copies_of(deliverables: Iterable[Deliverable], recipients: RecipientTable, pattern: str) -> tuple[Deliverable, ...]:
    """Return a copy of each deliverable for each row. HandoutError if they have no names that differ and can be."""
    bases = tuple(deliverables)
    longest = max((each.file for each in bases), key=lambda file: len(PurePosixPath(file).name), default="")
    raise_errors((*check_names(recipients.rows, pattern), *check_lengths(recipients.rows, pattern, longest)))
    return tuple(
        replace(each, file=name_of(each.file, row, pattern), recipient=row, base=each.file)
        for each in bases
        for row in recipients.rows
    )


def check_lengths(rows: Sequence[Recipient], pattern: str, file: str) -> Iterator[Finding]:
    """Yield an error for each row whose copy of `file` would have a longer name than any system takes."""
    for row in rows:
        length = len(PurePosixPath(name_of(file, row, pattern)).name)
        if length > LONGEST_FILE:
            message = f"The name of this row's file would have {length} characters: {LONGEST_FILE} are the most."
            yield error("file-name", message, row.at, "write a shorter --copies, such as {row}")


def check_names(rows: Sequence[Recipient], pattern: str) -> Iterator[Finding]:
    """Yield an error for each row whose copy would have no name, or that of another row."""
    first: dict[str, int] = {}
    hint = "give them names that differ, or write --copies {row} or {row}-{name}"
    for row in rows:
        name = filled(pattern, row)
        if "{row}" not in pattern and not safe_name(row.name):
            yield error("file-name", "The name in this row has no letter that a file name can have.", row.at, hint)
        elif name in first:
            yield error("same-file", f"Rows {first[name]} and {row.row} give one file name.", row.at, hint)
        first.setdefault(name, row.row)


def filled(pattern: str, row: Recipient) -> str:
    """Return what is added to the name of a file for a row."""
    return pattern.replace("{row}", f"{row.row:0{DIGITS}d}").replace("{name}", safe_name(row.name))


def name_of(file: str, row: Recipient, pattern: str) -> str:
    """Return the name of one copy: in a folder of their own, and never out of it."""
    path = PurePosixPath(file)
    return (path.parent / FOLDER / f"{path.stem}-{filled(pattern, row)}{path.suffix}").as_posix()


class Combination(Struct, frozen=True):
    """All copies of one document in one file to print: what it is, and which numbers of the plan it joins."""

    whole: Deliverable
    parts: tuple[int, ...]


def combinations_of(deliverables: Sequence[Deliverable]) -> tuple[Combination, ...]:
    """Return what is printed in one go: the copies of each handout, form fields and folded sheets left out."""
    parts: dict[tuple[int, str], list[int]] = {}
    for number, each in enumerate(deliverables):
        if each.recipient and each.renderer == "pdf" and not each.fillable and each.sheet is None:
            parts.setdefault((id(each.source), each.theme.paper.name), []).append(number)
    return tuple(Combination(combined(deliverables[numbers[0]]), tuple(numbers)) for numbers in parts.values())


def combined(first: Deliverable) -> Deliverable:
    """Return the deliverable of all copies, of which `first` is one."""
    path = PurePosixPath(first.base)
    file = (path.parent / f"{path.stem}-copies-print.pdf").as_posix()
    return replace(first, file=file, recipient=None)


def without_words(found: Finding, recipient: Recipient) -> Finding:
    """Return a finding about a copy as it may be told: the code and the row, and nothing that the row says.

    A warning is that of all copies: it is told once.
    """
    if found.code in OF_WORKERS:
        return found if found.at.file else replace(found, at=recipient.at)
    more = f"see also: handouts explain {found.code}"
    if not is_error(found):
        message, hint = "Something was found in the copies.", f"build it without --recipients to see where; {more}"
        return replace(found, message=message, at=Location(recipient.at.file), hint=hint)
    hint = f"see whether its name, address or lines are too long; {more}"
    return replace(found, message=f"The copy for row {recipient.row} was not made.", at=recipient.at, hint=hint)
