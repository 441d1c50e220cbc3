"""The manifest of an output folder: which files were made, from what, and by which request.

Reads `manifest.json` and the journal that a killed build left. A damaged manifest is a warning, and everything is made
again. A copy for a recipient is stored by row and hash only, never with a word of the row. Must never write a file.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, convert, field, to_builtins
from msgspec.structs import replace

from handouts.finding import Finding, Location, warning
from handouts.pipeline.fingerprints import hash_file, hash_text, list_visible_files

_FORMAT_VERSION = 3
MANIFEST_FILE, JOURNAL_FILE, LOCK_FILE = "manifest.json", ".journal.jsonl", ".lock"
_MAX_MANIFEST_BYTES = 200_000_000
_ROW_PREFIX = "row "
UNFINISHED_NAME = re.compile(r"\..+-[a-z0-9_]{8}\.part")  # the random part is that of Python's tempfile
_MAX_FOLDER_DEPTH = 2  # of output files: the folder of a topic, and its folder of copies

Count: TypeAlias = Annotated[int, Meta(ge=0)]


class DeliverableLabel(Struct, frozen=True):
    """What a deliverable is: its path below the output folder, and its origin; `row` is that of a recipient, or 0."""

    file: str
    topic: str
    audience: str
    template: str
    language: str
    edition: str
    paper: str
    renderer: str
    row: Count = 0


def entry_key(label: DeliverableLabel) -> str:
    """Return the key of a deliverable in the manifest: its file, or the row of a copy and a hash of its file."""
    if not label.row:
        return label.file
    return f"{_ROW_PREFIX}{label.row} {hash_text(label.file)}"


class Fingerprints(Struct, frozen=True):
    """Hashes of what a file is made from: the document, the theme, the settings of its renderer, and the program."""

    document: str
    theme: str
    settings: str
    program: str


class ManifestEntry(Struct, frozen=True):
    """One file that a build made: its origin, its bytes, and its findings; `verified` says that it was read back.

    In an entry that was read from a manifest, the label of a copy has no file.
    """

    key: str
    label: DeliverableLabel
    fingerprints: Fingerprints
    sha256: str
    size: Count
    pages: Count
    verified: bool
    findings: tuple[Finding, ...] = ()


class BuildRun(Struct, frozen=True):
    """One request that was built: its options as data, a hash of all inputs, and the files that it made.

    `made` is the hash of each file by its key; another request may have made the file again since. `expiry_dates` and
    `built_on` are days (YYYY-MM-DD): on the former, pages or findings change without an edit. `table_hashes` are hashes
    of the other files that were read, by their paths. A run is not `complete` if a file failed.
    """

    request: Mapping[str, object]
    inputs: str
    program: str
    built_on: str
    expiry_dates: tuple[str, ...]
    made: Mapping[str, str]
    findings: tuple[Finding, ...]
    table_hashes: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True


class Manifest(Struct, frozen=True):
    """What is known about the files in a folder: entries by key, runs by a hash of their request.

    `known` is false if there was no manifest, or if it could not be read: then any file may have been edited.
    """

    entries: Mapping[str, ManifestEntry] = field(default_factory=dict)
    runs: Mapping[str, BuildRun] = field(default_factory=dict)
    known: bool = False
    findings: tuple[Finding, ...] = ()


class _ManifestFile(Struct, frozen=True):
    """The manifest as it is stored."""

    format: Literal[3]
    files: tuple[ManifestEntry, ...]
    runs: dict[str, BuildRun]


def entry_as_text(entry: ManifestEntry) -> str:
    """Return an entry as a line of JSON, for a copy without its file name, which may contain that of the recipient."""
    return _as_json(replace(entry, label=replace(entry.label, file="")) if entry.label.row else entry)


def _as_json(value: Struct | str) -> str:
    """Return a value as JSON in ASCII, which can hold the lone surrogates of badly encoded file names."""
    return json.dumps(to_builtins(value), separators=(",", ":"))


def manifest_as_text(manifest: Manifest) -> str:
    """Return the text of manifest.json, with one entry on each line, so that two manifests can be compared."""
    entries = ",\n".join(map(entry_as_text, manifest.entries.values()))
    runs = ",\n".join(f"{_as_json(key)}:{_as_json(each)}" for key, each in manifest.runs.items())
    return f'{{"format":{_FORMAT_VERSION},\n"files":[\n{entries}\n],\n"runs":{{\n{runs}\n}}}}\n'


def read_manifest(output: Path) -> Manifest:
    """Return the manifest of a folder, with the journal of a killed build; one that cannot be read gives a warning."""
    path = output / MANIFEST_FILE
    text = _read_state_text(path)
    manifest = Manifest()
    if text is not None:
        try:
            stored = convert(json.loads(text), _ManifestFile)
            manifest = Manifest({each.key: each for each in stored.files}, stored.runs, known=True)
        except (ValueError, RecursionError):  # of msgspec or json
            hint = "nothing is to be done: all files are made again"
            manifest = Manifest(findings=(unreadable_manifest_warning(output, hint),))
    return _add_journal(manifest, output)


def unreadable_manifest_warning(output: Path, hint: str) -> Finding:
    """Return the warning for a manifest, or a part of it, that cannot be read."""
    at = Location(str(output / MANIFEST_FILE))
    return warning("manifest", "What is remembered of earlier builds cannot be read.", at, hint)


def _read_state_text(path: Path) -> str | None:
    """Return the text of a state file, "" if it is damaged, or None if it does not exist."""
    try:
        if path.is_symlink() or not path.is_file():  # state files are never links
            return None
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _add_journal(manifest: Manifest, output: Path) -> Manifest:
    """Return a manifest with the files that a killed build had finished, if they are still as it left them.

    A file that was moved into place is always in the journal, which is written first.
    """
    lines = list(_read_journal(output / JOURNAL_FILE))
    if not lines:
        return manifest
    files = files_by_key(output, {entry.key for entry in lines})
    hashes = {key: hash_file(path) for key, path in files.items()}
    entries = {**manifest.entries, **{each.key: each for each in lines if hashes.get(each.key) == each.sha256}}
    return replace(manifest, entries=entries, known=True)


def _read_journal(path: Path) -> Iterator[ManifestEntry]:
    """Yield the entries of a journal, without a line that was cut off when the build was killed."""
    for line in (_read_state_text(path) or "").splitlines():
        with suppress(ValueError, RecursionError):
            yield convert(json.loads(line), ManifestEntry)


def files_by_key(output: Path, keys: Iterable[str]) -> dict[str, Path]:
    """Return the paths of files by their keys; that of a copy only if it exists, as its key does not tell its name."""
    copies = {key.rpartition(" ")[2]: key for key in keys if key.startswith(_ROW_PREFIX)}
    found = {key: output / key for key in keys if not key.startswith(_ROW_PREFIX)}
    for path in list_visible_files(output) if copies else ():
        if key := copies.get(hash_text(path.relative_to(output).as_posix())):
            found[key] = path
    return found


def unfinished_files(output: Path) -> tuple[Path, ...]:
    """Return the temporary files that a killed build left in a folder, but not those in another output folder in it.

    Delete them only while the folder is locked: a running build has such files.
    """
    found: list[Path] = []
    for home, folders, names in os.walk(output):
        deeper = len(Path(home).relative_to(output).parts) < _MAX_FOLDER_DEPTH
        folders[:] = [name for name in folders if deeper and not os.path.exists(Path(home, name, LOCK_FILE))]  # noqa: PTH110
        found.extend(Path(home, name) for name in names if UNFINISHED_NAME.fullmatch(name))
    return tuple(sorted(found))
