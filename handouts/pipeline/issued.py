"""The log of issued files: a line for each file of a release, with its document number and hash.

It is `issued.jsonl` in the content folder, and belongs to the project. Lines are only appended, once every file of a
release is in place. A copy is logged by the number of its row, never with a word of the row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from msgspec import DecodeError, Meta, Struct, ValidationError, json

from handouts.document.document_number import number_in
from handouts.finding import Finding, HandoutError, Location, error, raise_errors
from handouts.library import Library
from handouts.load.files import MAX_FINDINGS, SourceFolder, read_bytes, read_text
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.manifest import Count, read_manifest
from handouts.pipeline.output import write_atomically, write_error
from handouts.pipeline.report import Outcome

_ISSUED_FILE = "issued.jsonl"
_MAX_LOG_BYTES = 20_000_000
_MAX_FILE_BYTES = 200_000_000  # of a file to identify
_Day: TypeAlias = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
_LINE_HINT = (
    "put the line back as it was in an older copy of this file; where git has joined two logs, keep the lines of both"
)


class _IssuedFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One file that was issued: when, what it is, and the hash of its bytes; `row` is that of a copy in a table, or 0.

    `file` is its path below the output folder; a copy has the path of the file that it is a copy of. `version` and
    `dated` are those printed on its pages.
    """

    issued: _Day
    number: Annotated[str, Meta(pattern="^HO-[0-9A-Z]{4}-[0-9A-Z]{4}$")]
    title: str
    topic: str
    audience: str
    language: str
    country: str
    template: str
    format: str
    edition: str
    paper: str
    version: str
    dated: _Day
    next_review: _Day
    file: str
    row: Count
    size: Count
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


_DECODER = json.Decoder(_IssuedFile)


# ---------------------------------------------------------------- the log


def read_issued(content: Path) -> tuple[_IssuedFile, ...]:
    """Return the files in the log of a content folder, the oldest first.

    HandoutError with an error for each line that cannot be read.
    """
    path, findings = content / _ISSUED_FILE, list[Finding]()
    if not (path.exists() or path.is_symlink()):
        return ()
    text = read_text(SourceFolder(content, findings), path, largest=_MAX_LOG_BYTES) or ""
    entries: list[_IssuedFile] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and len(findings) < MAX_FINDINGS:
            try:
                entries.append(_DECODER.decode(line))
            except DecodeError as problem:
                at = Location(path.as_posix(), number, _column_of(problem, line))
                message = f"This is not a line of the log of what was issued: {problem}."
                findings.append(error("issued-log", message, at, _LINE_HINT))
    raise_errors(findings)
    return tuple(entries)


def _column_of(problem: DecodeError, line: str) -> int:
    """Return the column of a problem in a line: at the key that it names, or where the line stops being JSON."""
    said = str(problem)
    if isinstance(problem, ValidationError):
        key = said.rpartition("`")[0].rpartition("`")[2].removeprefix("$.")
        return max(0, line.find(f'"{key}"')) + 1
    place = said.rpartition("(byte ")[2].removesuffix(")")
    return len(line.encode()[: int(place)].decode(errors="replace")) + 1 if place.isdigit() else len(line)


def issued_files(library: Library, made: Iterable[tuple[Deliverable, Outcome]], day: str) -> Iterator[_IssuedFile]:
    """Yield the log entries of files that are issued on a `day`; a theme sheet and the index of a site have none."""
    source, document = None, None
    for each, done in made:
        if document is None or each.source is not source:  # copies share one, which may be compressed
            source, document = each.source, each.document
        number, topic = number_in(" ".join(document.keywords[:1])), library.topics.get(each.topic)
        if number and topic:
            yield _IssuedFile(
                issued=day,
                number=number,
                title=document.title,
                topic=each.topic,
                audience=each.audience,
                language=each.language,
                country=each.country or library.service.country,
                template=each.template,
                format=each.renderer,
                edition=each.edition,
                paper=each.theme.paper.name,
                version=topic.version,
                dated=document.modified,
                next_review=topic.next_review,
                file=each.base if each.recipient else each.file,
                row=each.recipient.row if each.recipient else 0,
                size=done.size,
                sha256=done.sha256,
            )


def log_issued(content: Path, issued: Iterable[_IssuedFile]) -> tuple[Finding, ...]:
    """Append files to the log, except those whose last entry has the same hash; return the findings if that fails."""
    path = content / _ISSUED_FILE
    try:
        last = {(each.file, each.row): each.sha256 for each in read_issued(content)}
        lines = [json.encode(each) for each in issued if last.get((each.file, each.row)) != each.sha256]
        if lines:
            findings: list[Finding] = []
            there = path.exists()
            old = (read_bytes(SourceFolder(content, findings), path, largest=_MAX_LOG_BYTES) if there else b"") or b""
            raise_errors(findings)
            begun = old if not old or old.endswith(b"\n") else old + b"\n"
            write_atomically(path.resolve(), begun + b"\n".join(lines) + b"\n")
    except HandoutError as refused:
        return refused.findings
    except OSError as refused:
        return (write_error(path, refused, "and build it again; the files are made, but not written down as issued"),)
    return ()


# ---------------------------------------------------------------- what a file is


class FileIdentity(Struct, frozen=True):
    """What a file is: an `issued` one with the same bytes; an `other` one that only has the number of an issued file;
    one whose number is `unlisted`; a `draft`, which a build made without issuing it; or `unknown`.

    `issued` has the log entries with its number: for a file, only the entry that is the file or is nearest to it.
    `newer` is the entry of what was issued in its place since, with other words.
    """

    name: str
    state: Literal["issued", "other", "unlisted", "draft", "unknown"]
    number: str = ""
    issued: tuple[_IssuedFile, ...] = ()
    newer: _IssuedFile | None = None


def identify_files(content: Path, output: Path, files: Sequence[Path]) -> tuple[FileIdentity, ...]:
    """Return what each file is. HandoutError if the log or one of the files cannot be read."""
    log, findings = _log_to_ask(content), list[Finding]()
    drafts = {each.sha256 for each in read_manifest(output).entries.values()}
    found = [_identify(path, read, log, drafts) for path in files if (read := _read_any(path, findings)) is not None]
    raise_errors(findings)
    return tuple(found)


def find_number(content: Path, text: str) -> FileIdentity:
    """Return the newest files issued under a document number, which is given as somebody types it."""
    log, number = _log_to_ask(content), number_in("-".join(text.split()))
    if not number:
        hint = "write it as it stands at the foot of a page, such as HO-7BXY-1TE1"
        raise HandoutError(error("usage", f"'{text}' is not a document number.", Location("--number"), hint))
    issued = {(each.file, each.row): each for each in log if each.number == number}
    return _known(number, "issued", tuple(issued.values()), log) if issued else FileIdentity(number, "unlisted", number)


def _log_to_ask(content: Path) -> tuple[_IssuedFile, ...]:
    """Return all log entries. HandoutError if nothing was issued yet."""
    log = read_issued(content)
    if not log:
        at, hint = Location((content / _ISSUED_FILE).as_posix()), "handouts build --release issues files, and writes it"
        raise HandoutError(error("nothing-issued", "There is no log of what was issued of this project.", at, hint))
    return log


def _read_any(path: Path, findings: list[Finding]) -> bytes | None:
    """Return the bytes of any file, inside the project or not, or None after adding a finding."""
    if not path.exists():
        findings.append(error("usage", "There is no such file.", Location(path.as_posix()), "see how it is called"))
        return None
    here = path.resolve()
    return read_bytes(SourceFolder(here.parent, findings), here, Location(path.as_posix()), _MAX_FILE_BYTES)


def _identify(path: Path, read: bytes, log: Sequence[_IssuedFile], drafts: set[str]) -> FileIdentity:
    """Return what a file is, judged by its hash, or else by the document number in it."""
    from handouts.verify.stated_number import stated_number

    sha256 = hashlib.sha256(read).hexdigest()
    name = path.as_posix()
    if exact := [each for each in log if each.sha256 == sha256]:
        return _known(name, "issued", (exact[-1],), log)
    number = stated_number(read)
    if same := [each for each in log if each.number == number]:
        alike = [each for each in same if each.file.endswith(path.suffix.lower())]
        return _known(name, "other", ((alike or same)[-1],), log)
    if sha256 in drafts:
        return FileIdentity(name, "draft", number)
    return FileIdentity(name, "unlisted" if number else "unknown", number)


def _known(
    name: str, state: Literal["issued", "other"], issued: tuple[_IssuedFile, ...], log: Sequence[_IssuedFile]
) -> FileIdentity:
    """Return the identity of issued files, with what was issued in their place since, if that has other words."""
    first = issued[0]
    same = [each for each in log if each.file == first.file and bool(each.row) == bool(first.row)]
    last = max(reversed(same), key=lambda each: each.issued)  # lines of two logs that were joined are in no order
    return FileIdentity(name, state, first.number, issued, last if last.number != first.number else None)
