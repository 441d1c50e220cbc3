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
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

from handouts.finding import (
    Finding,
    Location,
    Severity,
    finding_to_json,
    warning,
)
from handouts.pipeline.fingerprints import (
    hash_file,
    list_visible_files,
)

if TYPE_CHECKING:
    pass


UNFINISHED_NAME = re.compile(r"\..+-[a-z0-9_]{8}\.part")  # as Python's tempfile fills in what we begin and end

MAX_FOLDER_DEPTH = 2  # folders below that of output in which files are made: that of a topic, and its copies


class DeliverableLabel(Struct, frozen=True):
    """What a deliverable is: its file below the output folder, for whom, by what; `row` is a recipient's, or 0."""

    file: str
    topic: str
    audience: str
    template: str
    language: str
    edition: str
    paper: str
    renderer: str
    row: int = 0


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
    prints: Fingerprints
    sha256: str
    size: int
    pages: int
    verified: bool
    findings: tuple[Finding, ...] = ()


class BuildRun(Struct, frozen=True):
    """One request that was built: its options as data, a hash of every input, and what it makes.

    `made` is the hash of each file by its key: another request may have made it anew since.

    `turning` are the days (YYYY-MM-DD) on which something that is printed or found changes by itself; `day` is the one
    on which it was built. `others` are files beyond content and templates that were read, each with a hash. A run that
    is not `whole` has failed somewhere.
    """

    request: Mapping[str, object]
    inputs: str
    program: str
    day: str
    turning: tuple[str, ...]
    made: Mapping[str, str]
    findings: tuple[Finding, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True


class Manifest(Struct, frozen=True):
    """All that builds left in a folder: entries by key, runs by a hash of their request.

    `known` is false if there was no manifest, or none that could be read: then nobody knows whose the files are.
    """

    entries: Mapping[str, ManifestEntry] = field(default_factory=dict)
    runs: Mapping[str, BuildRun] = field(default_factory=dict)
    known: bool = False
    findings: tuple[Finding, ...] = ()


FORMAT_VERSION = 2


class ManifestFormatError(ValueError):
    """A text that is no manifest of this version."""


def entry_as_data(entry: ManifestEntry) -> dict[str, object]:
    """Return an entry as JSON has it; of a recipient's, without the name of the file, which may say whose it is."""
    label = replace(entry.label, file="") if entry.label.row else entry.label
    findings = [finding_to_json(found) for found in entry.findings]
    return {**to_builtins(replace(entry, label=label, findings=())), "findings": findings}


def entry_as_line(entry: ManifestEntry) -> str:
    """Return an entry as one line of the journal."""
    return json.dumps(entry_as_data(entry), ensure_ascii=True, separators=(",", ":")) + "\n"


def manifest_as_text(manifest: Manifest) -> str:
    """Return the text of manifest.json, an entry a line, so that two of them can be compared."""
    entries = ",\n".join(json.dumps(entry_as_data(each), separators=(",", ":")) for each in manifest.entries.values())
    runs = ",\n".join(
        f"{json.dumps(key)}:{json.dumps(run_as_data(each), separators=(',', ':'))}"
        for key, each in manifest.runs.items()
    )
    return f'{{"format":{FORMAT_VERSION},\n"files":[\n{entries}\n],\n"runs":{{\n{runs}\n}}}}\n'


def run_as_data(run: BuildRun) -> dict[str, object]:
    """Return a run as JSON has it."""
    data = {name: getattr(run, name) for name in run.__struct_fields__}
    return {**data, "findings": [finding_to_json(found) for found in run.findings]}


def manifest_from_text(text: str) -> Manifest:
    """Return the manifest that a text says. NotOursError if it says none."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT_VERSION:
            raise ManifestFormatError("another version wrote it")
        entries = [entry_from_data(each) for each in data["files"]]
        runs = {require_type(key, str): run_from_data(each) for key, each in data["runs"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as problem:
        raise ManifestFormatError(str(problem)) from None
    return Manifest({each.key: each for each in entries}, runs, known=True)


def entry_from_line(line: str) -> ManifestEntry:
    """Return the entry that a line of the journal says. NotOursError if it says none, such as half of one."""
    try:
        return entry_from_data(json.loads(line))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as problem:
        raise ManifestFormatError(str(problem)) from None


def entry_from_data(data: Mapping[str, Any]) -> ManifestEntry:
    """Return an entry; every value is looked at."""
    label, prints = data["label"], data["prints"]
    return ManifestEntry(
        key=require_type(data["key"], str),
        label=DeliverableLabel(
            **{name: require_type(label[name], str) for name in label if name != "row"}, row=require_count(label["row"])
        ),
        prints=Fingerprints(**{name: require_type(prints[name], str) for name in prints}),
        sha256=require_type(data["sha256"], str),
        size=require_count(data["size"]),
        pages=require_count(data["pages"]),
        verified=bool(data["verified"]),
        findings=tuple(map(finding_from_data, data["findings"])),
    )


def run_from_data(data: Mapping[str, Any]) -> BuildRun:
    """Return a run; every value is looked at."""
    return BuildRun(
        request=require_type(data["request"], dict),
        inputs=require_type(data["inputs"], str),
        program=require_type(data["program"], str),
        day=require_type(data["day"], str),
        turning=tuple(require_type(each, str) for each in data["turning"]),
        made=require_texts(data["made"]),
        findings=tuple(map(finding_from_data, data["findings"])),
        others=require_texts(data["others"]),
        whole=bool(data["whole"]),
    )


def require_type(value: Any, kind: type) -> Any:
    """Return `value` if it is of a kind. NotOursError if not."""
    if not isinstance(value, kind):
        raise ManifestFormatError(f"{kind.__name__} expected")
    return value


def require_texts(value: Any) -> dict[str, str]:
    """Return texts by name. NotOursError if they are none."""
    return {require_type(name, str): require_type(text, str) for name, text in require_type(value, dict).items()}


def require_count(value: Any) -> int:
    """Return a count from 0 on. NotOursError if it is none."""
    if not isinstance(value, int) or value < 0:
        raise ManifestFormatError("a number expected")
    return value


def finding_from_data(data: Mapping[str, Any]) -> Finding:
    """Return a finding; every value is looked at."""
    code, message, hint, file = (require_type(data[name], str) for name in ("code", "message", "hint", "file"))
    place = Location(file, require_count(data["line"]), require_count(data["column"]))
    return Finding(Severity(data["severity"]), code, message, place, hint)


MANIFEST_FILE, JOURNAL_FILE, LOCK_FILE = "manifest.json", ".journal.jsonl", ".lock"
STATE_FILES = (MANIFEST_FILE, JOURNAL_FILE, LOCK_FILE)
MAX_MANIFEST_BYTES = 200_000_000
ROW_PREFIX = "row "


def read_manifest(output: Path) -> Manifest:
    """Return what builds left in `output`; one that cannot be read is as good as none, and a warning says so."""
    path = output / MANIFEST_FILE
    text = read_state_text(path)
    manifest = Manifest()
    if text is not None:
        try:
            manifest = manifest_from_text(text)
        except ManifestFormatError:
            hint = "nothing is to be done: all files are made again"
            found = warning(
                "manifest", "What is remembered of earlier builds cannot be read.", Location(str(path)), hint
            )
            manifest = Manifest(findings=(found,))
    return add_journal(manifest, output)


def read_state_text(path: Path) -> str | None:
    """Return the text of a file of ours, "" if it is damaged, None if there is none."""
    try:
        if path.is_symlink() or not path.is_file():  # ours are never links
            return None
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def add_journal(manifest: Manifest, output: Path) -> Manifest:
    """Return a manifest with what a build finished before it was ended: only files that are there as it left them.

    The journal names a file before that is put in its place, so one that it does not name was never put there.
    """
    lines = list(read_journal(output / JOURNAL_FILE))
    if not lines:
        return manifest
    files = files_by_key(output, {entry.key for entry in lines})
    hashes = {key: hash_file(path) for key, path in files.items()}
    entries = {**manifest.entries, **{each.key: each for each in lines if hashes.get(each.key) == each.sha256}}
    return replace(manifest, entries=entries, known=True)


def read_journal(path: Path) -> Iterator[ManifestEntry]:
    """Yield the entries of a journal; half a line, where a build was ended, is left out."""
    for line in (read_state_text(path) or "").splitlines():
        try:
            yield entry_from_line(line)
        except ManifestFormatError:
            continue


def files_by_key(output: Path, keys: Iterable[str]) -> dict[str, Path]:
    """Return where the files of `keys` are or would be; a copy's only if it is there, since its key hides its name."""
    copies = {key.rpartition(" ")[2]: key for key in keys if key.startswith(ROW_PREFIX)}
    found = {key: output / key for key in keys if not key.startswith(ROW_PREFIX)}
    for path in list_visible_files(output) if copies else ():
        name = path.relative_to(output).as_posix()
        if key := copies.get(hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]):
            found[key] = path
    return found


def unfinished_files(output: Path) -> tuple[Path, ...]:
    """Return the files that a build which was killed had begun to write; those of another folder of output are its own.

    Whoever deletes them keeps other builds out: one that is at work has such a file.
    """
    found: list[Path] = []
    for home, folders, names in os.walk(output):
        deeper = len(Path(home).relative_to(output).parts) < MAX_FOLDER_DEPTH
        folders[:] = [name for name in folders if deeper and not os.path.exists(Path(home, name, LOCK_FILE))]  # noqa: PTH110
        found.extend(Path(home, name) for name in names if UNFINISHED_NAME.fullmatch(name))
    return tuple(sorted(found))
