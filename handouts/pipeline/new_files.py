"""Write files that are not there yet, all of them or none.

Nothing that is there is written over: a file that grows keeps what it holds, and gets an end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from handouts.finding import Finding, HandoutError, Location, error
from handouts.pipeline.output import write_error, write_files


def write_new_files(home: Path, files: Mapping[str, bytes], ends: Mapping[str, bytes] | None = None) -> None:
    """Write `files`, by their names from `home`, and put the `ends` behind what other files, all in one folder, hold.

    HandoutError if one of the files is there already, or if one cannot be written: then nothing is left behind.
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
    """Return the error for a file or folder that is there already."""
    return error("usage", "This is there already, and nothing is written over it.", Location(path.as_posix()), hint)


def is_taken(path: Path) -> bool:
    """True if something has this name, even a link that leads nowhere."""
    return path.exists() or path.is_symlink()


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it that are not there, and remember them in `made`."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    made.extend(reversed(missing))


def _with_end(content: bytes, end: bytes) -> bytes:
    """Return the content of a text file with an end, in lines that end as its own do."""
    windows = b"\r\n" in content
    gap = b"" if content.endswith(b"\n") or not content else b"\n"
    added = gap + end
    return content + (added.replace(b"\n", b"\r\n") if windows else added)


def _take_back(placed: list[Path], made: list[Path]) -> None:
    """Delete files that were just written, and the folders that were made for them."""
    for path in placed:
        with suppress(OSError):
            path.unlink()
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
