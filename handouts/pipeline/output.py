"""Write and delete files: deliverables, the journal, the manifest, and the files of content.

A file is written beside its target, synced and moved into place, so that the target always holds a whole file. Several
files of content are written all or none. Only this module writes or deletes.
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
    """Create `folder` if it does not exist. HandoutError if it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as refused:
        raise HandoutError(write_error(folder, refused)) from None


class Journal:
    """A log of the files that a build makes: if it is killed, the next build knows which files it had made.

    Each file gets its line just before it is moved into place. The log exists only while a build runs, or after one was
    killed. `entries` are the files that this build has moved into place, by their keys.
    """

    def __init__(self, output: Path) -> None:
        self.output = output
        self.entries: dict[str, ManifestEntry] = {}

    def put_in_place(self, temporary: Path, path: Path, entry: ManifestEntry) -> None:
        """Log a finished file, then move it to its path. OSError if either fails."""
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
        """Append the line of a file, and sync it. OSError if it cannot be written."""
        path = self.output / JOURNAL_FILE
        if path.is_symlink():
            raise OSError(errno.ELOOP, f"{JOURNAL_FILE} is a link, which is not followed")
        with path.open("a+", encoding="utf-8") as file:
            file.write(entry_as_text(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())


def write_manifest(output: Path, manifest: Manifest) -> tuple[Finding, ...]:
    """Write the manifest, and delete the journal, whose entries it has; return the error if this fails."""
    path = output / MANIFEST_FILE
    try:
        write_atomically(path, manifest_as_text(manifest).encode())
        (output / JOURNAL_FILE).unlink(missing_ok=True)
    except OSError as refused:
        return (write_error(path, refused),)
    return ()


def leads_outside(path: Path, output: Path) -> bool:
    """True if a symbolic link on the way to `path` leads out of the folder `output`."""
    return not path.parent.resolve().is_relative_to(output.resolve())


def delete_files(files: Iterable[Path]) -> tuple[Finding, ...]:
    """Delete files, and return an error for each that cannot be deleted."""
    findings = []
    for path in files:
        try:
            path.unlink()
        except OSError as refused:
            findings.append(write_error(path, refused))
    return tuple(findings)


@contextmanager
def lock_folder(output: Path) -> Iterator[None]:
    """Lock a folder against other builds. HandoutError if another build has locked it, or if it cannot be locked."""
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
    """Return the error for a file or folder that cannot be written; the hint ends with `instead`."""
    if refused.errno in _DISK_FULL_ERRORS:
        hint = "make room, and run it again; what was there before is still there"
        return error("disk-full", "There is no room left for this file.", Location(path.as_posix()), hint)
    hint = f"close it if it is open in another program, {instead}"
    return error("cannot-write", f"Cannot write here: {refused.strerror or refused}.", Location(path.as_posix()), hint)


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`, which then holds all of it, or still its old content. OSError if that fails."""
    temporary = write_temporary(path.parent, path, content)
    try:
        _replace_with_retries(temporary, path)
    except BaseException:
        discard(temporary)
        raise


def write_files(folder: Path, contents: Mapping[Path, bytes]) -> None:
    """Write or replace files below `folder`, all of them or none. HandoutError if one cannot be written."""
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
    """Write `content` to a temporary file beside `path`, sync it, and return its path.

    OSError if it cannot be written, or if `path` is not below the folder `output`.
    """
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
    """Return the folder in which the program keeps its own files of a project, or None if it cannot be written to."""
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
    """Write `content` to `path` as a file that only the user can read. OSError if it cannot be written."""
    _replace_with_retries(write_temporary(path.parent, path, content, mode=0o600), path)


def discard(temporary: Path) -> None:
    """Delete a temporary file; if that fails, the next build deletes it."""
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


def _replace_with_retries(temporary: Path, path: Path) -> None:
    """Move `temporary` to `path`; on Windows, try again for a while if another program has the old file open."""
    for attempt in range(RETRIES):
        try:
            temporary.replace(path)
        except PermissionError as refused:
            if getattr(refused, "winerror", None) not in _SHARING_VIOLATIONS or attempt == RETRIES - 1:
                raise
            time.sleep(_RETRY_PAUSE * (attempt + 1))
        else:
            return


# ---------------------------------------------------------------- files that do not exist yet


def write_new_files(home: Path, files: Mapping[str, bytes], ends: Mapping[str, bytes] | None = None) -> None:
    """Create `files`, given by their paths below `home`, and append `ends` to existing files, all of one folder.

    HandoutError if one of `files` exists already, or if one cannot be written: then nothing is changed.
    """
    there = tuple(name for name in files if is_taken(home / name))
    if there:
        raise HandoutError(*(taken_error(home / name) for name in there))
    placed: list[Path] = []
    made: list[Path] = []
    grown: dict[Path, bytes] = {}
    path = home
    try:
        _make_folder(home, made)
        with tempfile.TemporaryDirectory(dir=home, prefix=".handouts-") as temporary:
            for number, content in enumerate(files.values()):
                (Path(temporary) / str(number)).write_bytes(content)
            for number, name in enumerate(files):
                path = home / name
                _make_folder(path.parent, made)
                if is_taken(path):
                    raise FileExistsError(17, "something was put here just now")
                (Path(temporary) / str(number)).rename(path)
                placed.append(path)
        for name, end in (ends or {}).items():
            path = home / name
            grown[path] = _with_end(path.read_bytes(), end)
        write_files(path.parent, grown)
    except BaseException as refused:
        _take_back(placed, made)
        if isinstance(refused, OSError):
            raise HandoutError(write_error(path, refused, "or choose another folder; nothing was written")) from None
        raise


def taken_error(path: Path, hint: str = "choose another name, or delete it first") -> Finding:
    """Return the error for a file or folder that exists already."""
    return error("usage", "This is there already, and nothing is written over it.", Location(path.as_posix()), hint)


def is_taken(path: Path) -> bool:
    """True if something has this name, even a broken link."""
    return path.exists() or path.is_symlink()


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Create a folder and its missing parents, and add them to `made`."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    made.extend(reversed(missing))


def _with_end(content: bytes, end: bytes) -> bytes:
    """Return the content of a text file with `end` appended, with the line ends of the file."""
    windows = b"\r\n" in content
    gap = b"" if content.endswith(b"\n") or not content else b"\n"
    added = gap + end
    return content + (added.replace(b"\n", b"\r\n") if windows else added)


def _take_back(placed: list[Path], made: list[Path]) -> None:
    """Delete files that were just written, and the folders that were created for them."""
    for path in placed:
        with suppress(OSError):
            path.unlink()
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
