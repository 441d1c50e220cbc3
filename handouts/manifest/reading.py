"""An output folder in, its manifest out, with what a journal adds to it; damage is a warning, never a crash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from handouts.finding import Location, warning
from handouts.manifest.entries import Entry, Manifest
from handouts.manifest.hashing import files_in, hash_file
from handouts.manifest.wire import NotOursError, entry_from_line, manifest_from_text

MANIFEST, JOURNAL, LOCK = "manifest.json", ".journal.jsonl", ".lock"
STATE = (MANIFEST, JOURNAL, LOCK)
LARGEST = 200_000_000
ROW = "row "


def read_manifest(output: Path) -> Manifest:
    """Return what builds left in `output`; one that cannot be read is as good as none, and a warning says so."""
    path = output / MANIFEST
    text = text_of(path)
    manifest = Manifest()
    if text is not None:
        try:
            manifest = manifest_from_text(text)
        except NotOursError:
            hint = "nothing is to be done: all files are made again"
            found = warning(
                "manifest", "What is remembered of earlier builds cannot be read.", Location(str(path)), hint
            )
            manifest = Manifest(findings=(found,))
    return with_journal(manifest, output)


def text_of(path: Path) -> str | None:
    """Return the text of a file of ours, "" if it is damaged, None if there is none."""
    try:
        if path.is_symlink() or not path.is_file():  # ours are never links
            return None
        if path.stat().st_size > LARGEST:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def with_journal(manifest: Manifest, output: Path) -> Manifest:
    """Return a manifest with what a build finished before it was ended: only files that are there as it left them.

    The journal names a file before that is put in its place, so one that it does not name was never put there.
    """
    lines = list(entries_in(output / JOURNAL))
    if not lines:
        return manifest
    files = files_by_key(output, {entry.key for entry in lines})
    hashes = {key: hash_file(path) for key, path in files.items()}
    entries = {**manifest.entries, **{each.key: each for each in lines if hashes.get(each.key) == each.sha256}}
    return replace(manifest, entries=entries, known=True)


def entries_in(path: Path) -> Iterator[Entry]:
    """Yield the entries of a journal; half a line, where a build was ended, is left out."""
    for line in (text_of(path) or "").splitlines():
        try:
            yield entry_from_line(line)
        except NotOursError:
            continue


def files_by_key(output: Path, keys: Iterable[str]) -> dict[str, Path]:
    """Return where the files of `keys` are or would be; a copy's only if it is there, since its key hides its name."""
    copies = {key.rpartition(" ")[2]: key for key in keys if key.startswith(ROW)}
    found = {key: output / key for key in keys if not key.startswith(ROW)}
    for path in files_in(output) if copies else ():
        name = path.relative_to(output).as_posix()
        if key := copies.get(hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]):
            found[key] = path
    return found
