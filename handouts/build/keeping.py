"""Where what was worked out before is kept for the next command: a file for each project in the user's own cache.

It is never in the output folder, which is handed on, while this holds what every reader is told. Whoever sets
HANDOUTS_CACHE says where it is instead; an empty one says that nothing is kept. What cannot be read or written costs
time and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from handouts.build.options import Options
from handouts.build.writing import delete, left_over, write_whole
from handouts.kept import LARGEST, Kept, entries_from
from handouts.manifest.hashing import hash_text, program_identity

FOLDER = "HANDOUTS_CACHE"
ENDING = ".kept"
MOST_PROJECTS = 20
A_DAY = 86_400.0  # in seconds


@contextmanager
def keeping(options: Options) -> Iterator[Kept]:
    """Give what is kept of a project, and keep what is worked out now; with `force` nothing is taken from before."""
    path = file_for(options) if options.keep else None
    if path is None:
        yield Kept()
        return
    kept = Kept(program_identity(), {} if options.force else entries_from(bytes_of(path)))
    try:
        yield kept
    finally:
        if kept.changed:
            with suppress(OSError):
                write_whole(path, kept.as_bytes())
                delete(each for each in left_over(path.parent) if is_old(each, path))
                delete(sorted(path.parent.glob(f"*{ENDING}"), key=lambda each: each.stat().st_mtime)[:-MOST_PROJECTS])


def is_old(path: Path, newest: Path) -> bool:
    """True if nobody can be writing `path` any more: projects share this folder, and none locks it."""
    return path.stat().st_mtime < newest.stat().st_mtime - A_DAY


def file_for(options: Options) -> Path | None:
    """Return the file that is kept for a project; None if nothing is to be kept."""
    name = hash_text(f"{options.content.resolve()}\n{options.templates.resolve()}") + ENDING
    asked = os.environ.get(FOLDER)
    if asked is not None:
        return Path(asked, name) if asked else None
    from platformdirs import user_cache_path

    return user_cache_path("handouts", appauthor=False) / name


def bytes_of(path: Path) -> bytes:
    """Return what is in a file; nothing if it cannot be read, or is larger than we ever make it."""
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= LARGEST + 64 else b""
    except OSError:
        return b""
