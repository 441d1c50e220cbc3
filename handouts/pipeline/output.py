"""Write and delete files: deliverables, the journal, the manifest, and the cache file of a project.

A file is written beside its target, synced and moved into place, so it is there as a whole or not at all; the
journal names it first. The cache file lies in the user's cache folder (or HANDOUTS_CACHE), never in the output
folder. The only module that writes or deletes.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from handouts.cache import MAX_CACHE_BYTES, PersistentCache, decode_entries
from handouts.finding import Finding, HandoutError, Location, error, is_error, sorted_findings
from handouts.pipeline.fingerprints import hash_text, program_identity
from handouts.pipeline.manifest import (
    JOURNAL_FILE,
    LOCK_FILE,
    MANIFEST_FILE,
    Manifest,
    ManifestEntry,
    entry_as_line,
    entry_key,
    manifest_as_text,
    unfinished_files,
)
from handouts.pipeline.options import Options
from handouts.pipeline.report import Outcome

if TYPE_CHECKING:
    from handouts.pipeline.incremental import Decision
    from handouts.pipeline.render import RenderResult
    from handouts.service import Recipient


def do_nothing() -> None:
    """Do nothing."""


RETRIES, RETRY_PAUSE = 5, 0.2
TEMPORARY_PREFIX, TEMPORARY_SUFFIX = ".handouts-", ".part"
SHARING_VIOLATIONS = (5, 32, 33)
DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT)


def prepare_output_folder(folder: Path) -> None:
    """Make `folder` if it is not there. HandoutError if nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as refused:
        raise HandoutError(write_error(folder, refused)) from None


def write_result(decision: Decision, result: RenderResult, journal: Journal, *, verified: bool) -> Outcome:
    """Write a finished file into its place, unless its renderer found an error, and return what became of it."""
    label, content = decision.deliverable.label, result.rendered.content
    recipient = decision.deliverable.recipient
    path = journal.output / label.file
    findings = tuple(
        each if each.at.file else replace(each, at=Location(path.as_posix())) for each in result.rendered.findings
    )
    sha256 = hashlib.sha256(content).hexdigest()
    if not any(map(is_error, findings)):
        key, pages = entry_key(label), result.rendered.pages
        entry = ManifestEntry(key, label, decision.prints, sha256, len(content), pages, verified, findings)
        try:
            if leads_outside(path, journal.output):
                raise OSError(errno.EXDEV, "a link leads out of the output folder")
            write_atomically(path, content, lambda: journal.note(entry))
            journal.entries[key] = entry
        except OSError as refused:
            findings = (*findings, unwritten_error(path, recipient, refused))
    return Outcome(
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
        self.entries: dict[str, ManifestEntry] = {}

    def note(self, entry: ManifestEntry) -> None:
        """Write down what is put in its place now. OSError if that cannot be written."""
        path = self.output / JOURNAL_FILE
        if path.is_symlink():
            raise OSError(errno.ELOOP, f"{JOURNAL_FILE} is a link, which is not followed")
        with path.open("a+", encoding="utf-8") as file:
            file.write(entry_as_line(entry))
            file.flush()
            os.fsync(file.fileno())


def write_manifest(output: Path, manifest: Manifest) -> tuple[Finding, ...]:
    """Write the manifest, in which all of the journal stands, and end that; return what is wrong if this fails."""
    path = output / MANIFEST_FILE
    try:
        write_atomically(path, manifest_as_text(manifest).encode())
        (output / JOURNAL_FILE).unlink(missing_ok=True)
    except OSError as refused:
        return (write_error(path, refused),)
    return ()


def leads_outside(path: Path, output: Path) -> bool:
    """True if a link on the way to `path` leads out of the output folder."""
    return not path.parent.resolve().is_relative_to(output.resolve())


def delete_files(files: Iterable[Path]) -> tuple[Finding, ...]:
    """Delete files, and return what is wrong with those that stay."""
    findings = []
    for path in files:
        try:
            path.unlink()
        except OSError as refused:
            findings.append(write_error(path, refused))
    return tuple(findings)


@contextmanager
def lock_folder(output: Path) -> Iterator[None]:
    """Keep other builds out of a folder. HandoutError if one is at work there, or if it cannot be kept out."""
    from filelock import FileLock, Timeout

    lock = FileLock(output / LOCK_FILE, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        hint = "wait until it has ended, or choose another folder with --output"
        raise HandoutError(
            error("locked", "Another build writes into this folder.", Location(output.as_posix()), hint)
        ) from None
    except OSError as refused:
        raise HandoutError(write_error(output, refused)) from None
    try:
        yield
    finally:
        lock.release()


def unwritten_error(path: Path, recipient: Recipient | None, refused: OSError) -> Finding:
    """Return the finding for a file that is not written; a copy's is at its row, since its name may say whose it is."""
    found = write_error(path, refused)
    return replace(found, at=recipient.at) if recipient else found


def write_error(path: Path, refused: OSError) -> Finding:
    """Return the finding for a file or folder that cannot be written."""
    if refused.errno in DISK_FULL_ERRORS:
        hint = "make room, and run it again; what was there before is still there"
        return error("disk-full", "There is no room left for this file.", Location(path.as_posix()), hint)
    hint = "close it if it is open in another program, or choose another folder with --output"
    return error("cannot-write", f"Cannot write here: {refused.strerror or refused}.", Location(path.as_posix()), hint)


def write_atomically(path: Path, content: bytes, before: Callable[[], None] = do_nothing) -> None:
    """Put `content` at `path`, which afterwards holds all of it, or what it held before. OSError if it cannot.

    `before` is called when all is written, just before it takes the place.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY_PREFIX, suffix=TEMPORARY_SUFFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        before()
        replace_with_retries(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def replace_with_retries(temporary: Path, path: Path) -> None:
    """Move `temporary` to `path`; on Windows wait a little for whoever has the old file open."""
    for attempt in range(RETRIES):
        try:
            temporary.replace(path)
        except PermissionError as refused:
            if getattr(refused, "winerror", None) not in SHARING_VIOLATIONS or attempt == RETRIES - 1:
                raise
            time.sleep(RETRY_PAUSE * (attempt + 1))
        else:
            return


CACHE_VARIABLE = "HANDOUTS_CACHE"
CACHE_SUFFIX = ".kept"
MAX_CACHED_PROJECTS = 20
SECONDS_PER_DAY = 86_400.0  # in seconds


@contextmanager
def open_cache(options: Options) -> Iterator[PersistentCache]:
    """Give what is kept of a project, and keep what is worked out now; with `force` nothing is taken from before."""
    path = cache_file_for(options) if options.keep else None
    if path is None:
        yield PersistentCache()
        return
    kept = PersistentCache(program_identity(), {} if options.force else decode_entries(read_cache_bytes(path)))
    try:
        yield kept
    finally:
        if kept.changed:
            with suppress(OSError):
                write_atomically(path, kept.as_bytes())
                delete_files(each for each in unfinished_files(path.parent) if is_abandoned(each, path))
                delete_files(
                    sorted(path.parent.glob(f"*{CACHE_SUFFIX}"), key=lambda each: each.stat().st_mtime)[
                        :-MAX_CACHED_PROJECTS
                    ]
                )


def is_abandoned(path: Path, newest: Path) -> bool:
    """True if nobody can be writing `path` any more: projects share this folder, and none locks it."""
    return path.stat().st_mtime < newest.stat().st_mtime - SECONDS_PER_DAY


def cache_file_for(options: Options) -> Path | None:
    """Return the file that is kept for a project; None if nothing is to be kept."""
    name = hash_text(f"{options.content.resolve()}\n{options.templates.resolve()}") + CACHE_SUFFIX
    asked = os.environ.get(CACHE_VARIABLE)
    if asked is not None:
        return Path(asked, name) if asked else None
    from platformdirs import user_cache_path

    return user_cache_path("handouts", appauthor=False) / name


def read_cache_bytes(path: Path) -> bytes:
    """Return what is in a file; nothing if it cannot be read, or is larger than we ever make it."""
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= MAX_CACHE_BYTES + 64 else b""
    except OSError:
        return b""
