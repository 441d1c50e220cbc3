"""Copies of a handout for each recipient of a table, and the file with all of them for printing.

Takes deliverables and recipients; returns one deliverable for each row, with a safe file name. Must never put the words
of a row into a message.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, Location, error, is_error, raise_errors
from handouts.load.file_names import safe_name
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.fingerprints import hash_text
from handouts.pipeline.incremental import decide, failed_outcome, put_finished_file, unmade_outcome
from handouts.pipeline.manifest import Fingerprints, Manifest
from handouts.pipeline.options import Options
from handouts.pipeline.output import Journal
from handouts.pipeline.render import FinishedFile
from handouts.pipeline.report import Outcome
from handouts.service import Recipient, RecipientTable

_COPIES_FOLDER = "copies"
_MAX_FILE_NAME = 255  # characters, all of them ASCII
_ROW_DIGITS = 4
_WORKER_CODES = ("other-program", "worker-died", "no-cluster", "our-mistake")  # these never quote a row
_WRITE_CODES = ("cannot-write", "disk-full")


def make_copies(
    deliverables: Iterable[Deliverable], recipients: RecipientTable, pattern: str
) -> tuple[Deliverable, ...]:
    """Return a copy of each deliverable for each row. HandoutError if file names would be equal or impossible."""
    bases = tuple(deliverables)
    longest = max((each.file for each in bases), key=lambda file: len(PurePosixPath(file).name), default="")
    raise_errors(_check_copy_names(recipients.rows, pattern, longest))
    return tuple(
        replace(each, file=_copy_file_name(each.file, row, pattern), recipient=row, base=each.file)
        for each in bases
        for row in recipients.rows
    )


def _check_copy_names(rows: Sequence[Recipient], pattern: str, file: str) -> Iterator[Finding]:
    """Yield an error for each row whose copy of `file` would have no name, that of another row, or too long a one."""
    first: dict[str, int] = {}
    hint = "give them names that differ, or write --copies {row} or {row}-{name}"
    for row in rows:
        name = _fill_copy_pattern(pattern, row)
        if "{row}" not in pattern and not safe_name(row.name):
            yield error("file-name", "The name in this row has no letter that a file name can have.", row.at, hint)
        elif name in first:
            yield error("same-file", f"Rows {first[name]} and {row.row} give one file name.", row.at, hint)
        first.setdefault(name, row.row)
        length = len(PurePosixPath(_copy_file_name(file, row, pattern)).name)
        if length > _MAX_FILE_NAME:
            message = f"The name of this row's file would have {length} characters: {_MAX_FILE_NAME} are the most."
            yield error("file-name", message, row.at, "write a shorter --copies, such as {row}")


def _fill_copy_pattern(pattern: str, row: Recipient) -> str:
    """Return what is added to the file name for the copy of a row."""
    filled = pattern.replace("{row}", f"{row.row:0{_ROW_DIGITS}d}").replace("{name}", safe_name(row.name))
    return filled.rstrip("-")  # a name in other letters than Latin ones leaves nothing


def _copy_file_name(file: str, row: Recipient, pattern: str) -> str:
    """Return the path of one copy, in the folder of copies."""
    path = PurePosixPath(file)
    return (path.parent / _COPIES_FOLDER / f"{path.stem}-{_fill_copy_pattern(pattern, row)}{path.suffix}").as_posix()


class CombinedFile(Struct, frozen=True):
    """The file that joins all copies of one document, and the numbers of the deliverables that it joins."""

    whole: Deliverable
    parts: tuple[int, ...]


def plan_combined_files(deliverables: Sequence[Deliverable]) -> tuple[CombinedFile, ...]:
    """Return a combined file for the copies of each handout; fillable ones and booklets have none."""
    parts: dict[tuple[int, str], list[int]] = {}
    for number, each in enumerate(deliverables):
        if each.recipient and each.renderer == "pdf" and not each.fillable and each.sheet is None:
            parts.setdefault((id(each.source), each.theme.paper.name), []).append(number)
    return tuple(
        CombinedFile(_combined_deliverable(deliverables[numbers[0]]), tuple(numbers)) for numbers in parts.values()
    )


def _combined_deliverable(first: Deliverable) -> Deliverable:
    """Return the combined file as a deliverable; `first` is one of its copies."""
    path = PurePosixPath(first.base)
    file = (path.parent / f"{path.stem}-copies-print.pdf").as_posix()
    return replace(first, file=file, recipient=None)


def redact_finding(found: Finding, recipient: Recipient) -> Finding:
    """Return a finding about a copy without any word of its row: only its code and the number of the row are left.

    Warnings lose the number too, so that those of all copies are merged into one.
    """
    if found.code in _WRITE_CODES:  # at the path of the copy, which may contain the name of the recipient
        return replace(found, at=recipient.at)
    if found.code in _WORKER_CODES:
        return found if found.at.file else replace(found, at=recipient.at)
    more = f"see also: handouts explain {found.code}"
    if not is_error(found):
        message, hint = "Something was found in the copies.", f"build it without --recipients to see where; {more}"
        return replace(found, message=message, at=Location(recipient.at.file), hint=hint)
    hint = f"see whether its name, address or lines are too long; {more}"
    return replace(found, message=f"The copy for row {recipient.row} was not made.", at=recipient.at, hint=hint)


def write_combined_file(
    whole: Deliverable, parts: Sequence[Outcome], manifest: Manifest, journal: Journal, options: Options, program: str
) -> Outcome:
    """Write the file of all copies, and return its outcome; it fails if a copy is missing, or if it was edited."""
    path = options.output / whole.file
    fingerprints = Fingerprints(hash_text(" ".join(each.sha256 for each in parts)), "", "", program)
    decision = decide(whole, fingerprints, manifest, options)
    missing = sum(not each.is_in_place for each in parts)
    if missing:
        message = f"{missing} cop{'y is' if missing == 1 else 'ies are'} missing: not all of them can be in one file."
        hint = "mend what is said of those rows, and run it again"
        found = error("incomplete", message, Location(path.as_posix()), hint)
        return failed_outcome(decision, options.output, found)
    if not decision.is_needed:
        return unmade_outcome(decision, options.output)
    return put_finished_file(decision, _merge_copies(parts), journal, verified=True)


def _merge_copies(parts: Sequence[Outcome]) -> FinishedFile:
    """Return one file with all copies, which are read from their paths."""
    from handouts.pdf.merged_files import merge_for_print

    start = time.perf_counter()
    content, pages = merge_for_print(each.path.read_bytes() for each in parts)
    return replace(FinishedFile.from_bytes(content, pages), seconds=time.perf_counter() - start)
