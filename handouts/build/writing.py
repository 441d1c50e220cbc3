"""Bytes into their place: a file is written whole or not at all. The only module that writes."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from handouts.build.planning import Deliverable
from handouts.document import Rendered
from handouts.finding import Finding, HandoutError, Span, error, in_order, is_error

RETRIES, PAUSE = 5, 0.2
SHARING_VIOLATIONS = (5, 32, 33)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a deliverable; `written` is false if an error among `findings` kept it from being written."""

    deliverable: Deliverable
    path: Path
    pages: int
    size: int
    sha256: str
    seconds: float
    written: bool
    findings: tuple[Finding, ...]


def prepare_folder(folder: Path) -> None:
    """Make `folder` if it is not there. HandoutError if nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as refused:
        raise HandoutError(cannot_write(folder, refused)) from None


def deliver(deliverable: Deliverable, rendered: Rendered, seconds: float, output: Path) -> Made:
    """Write a finished file into its place, unless its renderer found an error, and return what became of it."""
    path = output / deliverable.file
    findings = rendered.findings
    if not any(is_error(found) for found in findings):
        try:
            if not path.parent.resolve().is_relative_to(output.resolve()):
                raise OSError(errno.EXDEV, "a link leads out of the output folder")
            write_whole(path, rendered.content)
        except OSError as refused:
            findings = (*findings, cannot_write(path, refused))
    return Made(
        deliverable=deliverable,
        path=path,
        pages=rendered.pages,
        size=len(rendered.content),
        sha256=hashlib.sha256(rendered.content).hexdigest(),
        seconds=seconds,
        written=not any(is_error(found) for found in findings),
        findings=in_order(findings),
    )


def cannot_write(path: Path, refused: OSError) -> Finding:
    """Return the finding for a file or folder that cannot be written."""
    if refused.errno in NO_ROOM:
        hint = "make room, and run it again; what was there before is still there"
        return error("disk-full", "There is no room left for this file.", Span(path.as_posix()), hint)
    hint = "close it if it is open in another program, or choose another folder with --output"
    return error("cannot-write", f"Cannot write here: {refused.strerror or refused}.", Span(path.as_posix()), hint)


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, which afterwards holds all of it, or what it held before. OSError if it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
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
