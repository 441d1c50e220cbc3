"""The manifest of an output folder: which files were made, from what, and by which request.

Reads `manifest.json` and the journal that a killed build left; damage is a warning, and then all is made again.
A copy for a recipient is stored by row and hash only, never with a word of the row. Must never write a file.
"""

from __future__ import annotations

import hashlib
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
from handouts.pipeline.fingerprints import hash_file, list_visible_files

_FORMAT_VERSION = 3
MANIFEST_FILE, JOURNAL_FILE, LOCK_FILE = "manifest.json", ".journal.jsonl", ".lock"
STATE_FILES = (MANIFEST_FILE, JOURNAL_FILE, LOCK_FILE)
_MAX_MANIFEST_BYTES = 200_000_000
_ROW_PREFIX = "row "
UNFINISHED_NAME = re.compile(r"\..+-[a-z0-9_]{8}\.part")  # with what Python's tempfile adds
_MAX_FOLDER_DEPTH = 2  # folders below that of output in which files are made: that of a topic, and its copies

Count: TypeAlias = Annotated[int, Meta(ge=0)]


class DeliverableLabel(Struct, frozen=True):
    """What a deliverable is: its file below the output folder, and its origin; `row` is a recipient's, or 0."""

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
    """Return the name of a deliverable in the manifest: its file, or a recipient's row and a hash of the file."""
    if not label.row:
        return label.file
    return f"row {label.row} {hashlib.sha256(label.file.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


class Fingerprints(Struct, frozen=True):
    """What a file is made of, each as a hash: the document, the theme, how it is made, and the program that does."""

    document: str
    theme: str
    settings: str
    program: str


class ManifestEntry(Struct, frozen=True):
    """One file that a build made: what of, its bytes, and what was found; `verified` says that it was read back.

    The file of a recipient's label is empty where it comes from a manifest.
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
    """One request that was built: its options as data, a hash of every input, and what it makes.

    `made` is the hash of each file by its key: another request may have made it anew since. On each of the
    `expiry_dates` (YYYY-MM-DD) something that is printed or found changes without an edit; `built_on` is the day of the
    build. `table_hashes` are those of files beyond content and templates that were read. A run that is not `complete`
    has failed somewhere.
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
    """All that builds left in a folder: entries by key, runs by a hash of their request.

    `known` is false if there was no manifest, or none that could be read: then any file may be one that was edited.
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
    """Return an entry as a line of JSON; of a copy, without the name of the file, which may say whose it is."""
    return _as_json(replace(entry, label=replace(entry.label, file="")) if entry.label.row else entry)


def _as_json(value: Struct | str) -> str:
    """Return a value as JSON in ASCII, in which half a character in the name of a file is no obstacle."""
    return json.dumps(to_builtins(value), separators=(",", ":"))


def manifest_as_text(manifest: Manifest) -> str:
    """Return the text of manifest.json, an entry a line, so that two of them can be compared."""
    entries = ",\n".join(map(entry_as_text, manifest.entries.values()))
    runs = ",\n".join(f"{_as_json(key)}:{_as_json(each)}" for key, each in manifest.runs.items())
    return f'{{"format":{_FORMAT_VERSION},\n"files":[\n{entries}\n],\n"runs":{{\n{runs}\n}}}}\n'


def read_manifest(output: Path) -> Manifest:
    """Return what builds left in `output`; one that cannot be read is as good as none, and a warning says so."""
    path = output / MANIFEST_FILE
    text = _read_state_text(path)
    manifest = Manifest()
    if text is not None:
        try:
            stored = convert(json.loads(text), _ManifestFile)
            manifest = Manifest({each.key: each for each in stored.files}, stored.runs, known=True)
        except (ValueError, RecursionError):  # of msgspec or json
            hint = "nothing is to be done: all files are made again"
            found = warning(
                "manifest", "What is remembered of earlier builds cannot be read.", Location(str(path)), hint
            )
            manifest = Manifest(findings=(found,))
    return _add_journal(manifest, output)


def _read_state_text(path: Path) -> str | None:
    """Return the text of a file of ours, "" if it is damaged, None if there is none."""
    try:
        if path.is_symlink() or not path.is_file():  # ours are never links
            return None
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _add_journal(manifest: Manifest, output: Path) -> Manifest:
    """Return a manifest with what a build finished before it was ended: only files that are there as it left them.

    The journal names a file before that is put in its place, so one that it does not name was never put there.
    """
    lines = list(_read_journal(output / JOURNAL_FILE))
    if not lines:
        return manifest
    files = files_by_key(output, {entry.key for entry in lines})
    hashes = {key: hash_file(path) for key, path in files.items()}
    entries = {**manifest.entries, **{each.key: each for each in lines if hashes.get(each.key) == each.sha256}}
    return replace(manifest, entries=entries, known=True)


def _read_journal(path: Path) -> Iterator[ManifestEntry]:
    """Yield the entries of a journal; half a line, where a build was ended, is left out."""
    for line in (_read_state_text(path) or "").splitlines():
        with suppress(ValueError, RecursionError):
            yield convert(json.loads(line), ManifestEntry)


def files_by_key(output: Path, keys: Iterable[str]) -> dict[str, Path]:
    """Return where the files of `keys` are or would be; a copy's only if it is there, since its key hides its name."""
    copies = {key.rpartition(" ")[2]: key for key in keys if key.startswith(_ROW_PREFIX)}
    found = {key: output / key for key in keys if not key.startswith(_ROW_PREFIX)}
    for path in list_visible_files(output) if copies else ():
        name = path.relative_to(output).as_posix()
        if key := copies.get(hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]):
            found[key] = path
    return found


def unfinished_files(output: Path) -> tuple[Path, ...]:
    """Return the files that a build which was killed had begun to write; none of another folder of output.

    Delete them only while the folder is locked: a build that is at work has such files.
    """
    found: list[Path] = []
    for home, folders, names in os.walk(output):
        deeper = len(Path(home).relative_to(output).parts) < _MAX_FOLDER_DEPTH
        folders[:] = [name for name in folders if deeper and not os.path.exists(Path(home, name, LOCK_FILE))]  # noqa: PTH110
        found.extend(Path(home, name) for name in names if UNFINISHED_NAME.fullmatch(name))
    return tuple(sorted(found))
