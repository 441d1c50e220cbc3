"""Bytes into their place: a file is written whole or not at all, and never unknown to whoever comes later.

The only module that writes, and the only one that deletes.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, Location, error, is_error, sorted_findings
from handouts.manifest.entries import Entry, Label, Manifest, key_of
from handouts.manifest.reading import JOURNAL, LOCK, MANIFEST
from handouts.manifest.wire import entry_as_line, manifest_as_text

if TYPE_CHECKING:
    from handouts.build.deciding import Decision
    from handouts.build.rendering import Result
    from handouts.service import Recipient


def nothing() -> None:
    """Do nothing."""


RETRIES, PAUSE = 5, 0.2
PART, PART_ENDS = ".handouts-", ".part"
DEEPEST = 2  # folders below that of output in which files are made: that of a topic, and its copies
LEFT_OVER = re.compile(r"\..+-[a-z0-9_]{8}\.part")  # as Python's tempfile fills in what we begin and end
SHARING_VIOLATIONS = (5, 32, 33)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Made(Struct, frozen=True):
    """What became of a deliverable, and why it was made; of a failed one `findings` say what kept it from its place."""

    label: Label
    path: Path
    status: Literal["made", "fresh", "failed"]
    reason: str
    pages: int
    size: int
    sha256: str
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def written(self) -> bool:
        """True if the file is in its place, as it should be."""
        return self.status != "failed"


def prepare_folder(folder: Path) -> None:
    """Make `folder` if it is not there. HandoutError if nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as refused:
        raise HandoutError(cannot_write(folder, refused)) from None


def deliver(decision: Decision, result: Result, journal: Journal, *, verified: bool) -> Made:
    """Write a finished file into its place, unless its renderer found an error, and return what became of it."""
    label, content = decision.deliverable.label, result.rendered.content
    recipient = decision.deliverable.recipient
    path = journal.output / label.file
    findings = tuple(
        each if each.at.file else replace(each, at=Location(path.as_posix())) for each in result.rendered.findings
    )
    sha256 = hashlib.sha256(content).hexdigest()
    if not any(map(is_error, findings)):
        key, pages = key_of(label), result.rendered.pages
        entry = Entry(key, label, decision.prints, sha256, len(content), pages, verified, findings)
        try:
            if leads_out(path, journal.output):
                raise OSError(errno.EXDEV, "a link leads out of the output folder")
            write_whole(path, content, lambda: journal.note(entry))
            journal.entries[key] = entry
        except OSError as refused:
            findings = (*findings, not_written(path, recipient, refused))
    return Made(
        label=label,
        path=path,
        status="failed" if any(map(is_error, findings)) else "made",
        reason=decision.reason,
        pages=result.rendered.pages,
        size=len(content),
        sha256=sha256,
        seconds=result.seconds,
        findings=sorted_findings(findings),
    )


class Journal:
    """A line for each file, written just before the file is put in its place: so whoever comes later knows whose it is.

    It is there only while a build runs, or after one was killed. `entries` are the files that are in their places.
    """

    def __init__(self, output: Path) -> None:
        self.output = output
        self.entries: dict[str, Entry] = {}

    def note(self, entry: Entry) -> None:
        """Write down what is put in its place now. OSError if that cannot be written."""
        path = self.output / JOURNAL
        if path.is_symlink():
            raise OSError(errno.ELOOP, f"{JOURNAL} is a link, which is not followed")
        with path.open("a+", encoding="utf-8") as file:
            file.write(entry_as_line(entry))
            file.flush()
            os.fsync(file.fileno())


def remember(output: Path, manifest: Manifest) -> tuple[Finding, ...]:
    """Write the manifest, in which all of the journal stands, and end that; return what is wrong if this fails."""
    path = output / MANIFEST
    try:
        write_whole(path, manifest_as_text(manifest).encode())
        (output / JOURNAL).unlink(missing_ok=True)
    except OSError as refused:
        return (cannot_write(path, refused),)
    return ()


def leads_out(path: Path, output: Path) -> bool:
    """True if a link on the way to `path` leads out of the output folder."""
    return not path.parent.resolve().is_relative_to(output.resolve())


def left_over(output: Path) -> tuple[Path, ...]:
    """Return the files that a build which was killed had begun to write; those of another folder of output are its own.

    Whoever deletes them keeps other builds out: one that is at work has such a file.
    """
    found: list[Path] = []
    for home, folders, names in os.walk(output):
        deeper = len(Path(home).relative_to(output).parts) < DEEPEST
        folders[:] = [name for name in folders if deeper and not os.path.exists(Path(home, name, LOCK))]  # noqa: PTH110
        found.extend(Path(home, name) for name in names if LEFT_OVER.fullmatch(name))
    return tuple(sorted(found))


def delete(files: Iterable[Path]) -> tuple[Finding, ...]:
    """Delete files, and return what is wrong with those that stay."""
    findings = []
    for path in files:
        try:
            path.unlink()
        except OSError as refused:
            findings.append(cannot_write(path, refused))
    return tuple(findings)


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Keep other builds out of a folder. HandoutError if one is at work there, or if it cannot be kept out."""
    from filelock import FileLock, Timeout

    lock = FileLock(output / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        hint = "wait until it has ended, or choose another folder with --output"
        raise HandoutError(
            error("locked", "Another build writes into this folder.", Location(output.as_posix()), hint)
        ) from None
    except OSError as refused:
        raise HandoutError(cannot_write(output, refused)) from None
    try:
        yield
    finally:
        lock.release()


def not_written(path: Path, recipient: Recipient | None, refused: OSError) -> Finding:
    """Return the finding for a file that is not written; a copy's is at its row, since its name may say whose it is."""
    found = cannot_write(path, refused)
    return replace(found, at=recipient.at) if recipient else found


def cannot_write(path: Path, refused: OSError) -> Finding:
    """Return the finding for a file or folder that cannot be written."""
    if refused.errno in NO_ROOM:
        hint = "make room, and run it again; what was there before is still there"
        return error("disk-full", "There is no room left for this file.", Location(path.as_posix()), hint)
    hint = "close it if it is open in another program, or choose another folder with --output"
    return error("cannot-write", f"Cannot write here: {refused.strerror or refused}.", Location(path.as_posix()), hint)


def write_whole(path: Path, content: bytes, before: Callable[[], None] = nothing) -> None:
    """Put `content` at `path`, which afterwards holds all of it, or what it held before. OSError if it cannot.

    `before` is called when all is written, just before it takes the place.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART, suffix=PART_ENDS)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        before()
        replace_patiently(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def replace_patiently(temporary: Path, path: Path) -> None:
    """Move `temporary` to `path`; on Windows wait a little for whoever has the old file open."""
    for attempt in range(RETRIES):
        try:
            temporary.replace(path)
        except PermissionError as refused:
            if getattr(refused, "winerror", None) not in SHARING_VIOLATIONS or attempt == RETRIES - 1:
                raise
            time.sleep(PAUSE * (attempt + 1))
        else:
            return
