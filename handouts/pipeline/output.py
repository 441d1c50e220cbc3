"""Write and delete files: deliverables, the journal and the manifest.

A file is written beside its target, synced and moved into place, so it is there as a whole or not at all; the
journal names it first. Only this module and `new_files` write or delete.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from handouts.finding import Finding, HandoutError, Location, error
from handouts.pipeline.fingerprints import hash_file
from handouts.pipeline.manifest import (
    JOURNAL_FILE,
    LOCK_FILE,
    MANIFEST_FILE,
    Manifest,
    ManifestEntry,
    entry_as_text,
    manifest_as_text,
)

RETRIES, _RETRY_PAUSE = 5, 0.2
_STATE_FOLDER = ".handouts"
_TEMPORARY_PREFIX, _TEMPORARY_SUFFIX = ".handouts-", ".part"
_SHARING_VIOLATIONS = (5, 32, 33)
_DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT)


def prepare_output_folder(folder: Path) -> None:
    """Make `folder` if it is not there. HandoutError if nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as refused:
        raise HandoutError(write_error(folder, refused)) from None


class Journal:
    """A line for each file, written just before the file is put in its place, so that the next build knows it as ours.

    It is there only while a build runs, or after one was killed. `entries` are the files that are in their places.
    """

    def __init__(self, output: Path) -> None:
        self.output = output
        self.entries: dict[str, ManifestEntry] = {}

    def put_in_place(self, temporary: Path, path: Path, entry: ManifestEntry) -> None:
        """Move a finished file to its path, and write it down before. OSError if one of both cannot be done."""
        try:
            if hash_file(temporary) != entry.sha256:
                raise OSError(errno.EIO, "it is not there as it was written")
            self._note(entry)
            _replace_with_retries(temporary, path)
        except BaseException:
            discard(temporary)
            raise
        self.entries[entry.key] = entry

    def _note(self, entry: ManifestEntry) -> None:
        """Write a line for a file. OSError if that cannot be written."""
        path = self.output / JOURNAL_FILE
        if path.is_symlink():
            raise OSError(errno.ELOOP, f"{JOURNAL_FILE} is a link, which is not followed")
        with path.open("a+", encoding="utf-8") as file:
            file.write(entry_as_text(entry) + "\n")
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
        at = Location(output.as_posix())
        raise HandoutError(error("locked", "Another build writes into this folder.", at, hint)) from None
    except OSError as refused:
        raise HandoutError(write_error(output, refused)) from None
    try:
        yield
    finally:
        lock.release()


def write_error(path: Path, refused: OSError, instead: str = "or choose another folder with --output") -> Finding:
    """Return the finding for a file or folder that cannot be written; `instead` is what else can be done."""
    if refused.errno in _DISK_FULL_ERRORS:
        hint = "make room, and run it again; what was there before is still there"
        return error("disk-full", "There is no room left for this file.", Location(path.as_posix()), hint)
    hint = f"close it if it is open in another program, {instead}"
    return error("cannot-write", f"Cannot write here: {refused.strerror or refused}.", Location(path.as_posix()), hint)


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path`, which afterwards holds all of it, or what it held before. OSError if it cannot."""
    temporary = write_temporary(path.parent, path, content)
    try:
        _replace_with_retries(temporary, path)
    except BaseException:
        discard(temporary)
        raise


def write_files(folder: Path, contents: Mapping[Path, bytes]) -> None:
    """Put contents into files below `folder`, all of them or none. HandoutError if one cannot be written."""
    temporaries: dict[Path, Path] = {}
    placed: dict[Path, bytes | None] = {}
    path = folder
    try:
        for path, content in contents.items():
            temporaries[path] = write_temporary(folder, path, content)
            if path.exists():
                shutil.copymode(path, temporaries[path])
        for path, temporary in temporaries.items():
            before = path.read_bytes() if path.exists() else None
            _replace_with_retries(temporary, path)
            placed[path] = before
    except BaseException as refused:
        for each in temporaries.values():
            discard(each)
        for each, before in placed.items():
            if before is None:
                discard(each)
            else:
                write_atomically(each, before)
        if isinstance(refused, OSError):
            raise HandoutError(write_error(path, refused, "and see that it is yours; no file was changed")) from None
        raise


def write_temporary(output: Path, path: Path, content: bytes, mode: int = 0o644) -> Path:
    """Return a file beside `path`, below the folder `output`, that holds `content`, synced. OSError if it cannot be."""
    if leads_outside(path, output):
        raise OSError(errno.EXDEV, "a link leads out of the output folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY_PREFIX, suffix=_TEMPORARY_SUFFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
    except BaseException:
        discard(temporary)
        raise
    return temporary


def prepare_state_folder(home: Path) -> Path | None:
    """Return the folder of a project in which the program keeps what is no content; None if it cannot be written."""
    folder = home / _STATE_FOLDER
    try:
        if leads_outside(folder / ".", home):
            return None
        folder.mkdir(exist_ok=True)
        if not (folder / ".gitignore").exists():
            write_atomically(folder / ".gitignore", b"*\n")
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


def write_private(path: Path, content: bytes) -> None:
    """Put `content` at `path`, where only the user can read it. OSError if it cannot."""
    _replace_with_retries(write_temporary(path.parent, path, content, mode=0o600), path)


def discard(temporary: Path) -> None:
    """Delete a file that is not put in its place; one that cannot be deleted is deleted by the next build."""
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


def _replace_with_retries(temporary: Path, path: Path) -> None:
    """Move `temporary` to `path`; on Windows wait a little if another program has the old file open."""
    for attempt in range(RETRIES):
        try:
            temporary.replace(path)
        except PermissionError as refused:
            if getattr(refused, "winerror", None) not in _SHARING_VIOLATIONS or attempt == RETRIES - 1:
                raise
            time.sleep(_RETRY_PAUSE * (attempt + 1))
        else:
            return
