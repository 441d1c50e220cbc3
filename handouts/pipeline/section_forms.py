"""Rewrite section files: with their parts below headings, or between fences, which takes more lines.

A file is rewritten only if it has no error, and if the new text gives an equal section. All files are written, or none.
Must never follow a link out of the project.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from handouts.finding import (
    Finding,
    HandoutError,
    Location,
    error,
    is_error,
    os_errors_as_findings,
    raise_errors,
    suggest_name,
)
from handouts.library import Library, Section
from handouts.load import load_draft
from handouts.load.files import SourceFolder, read_bytes
from handouts.load.sections import SectionRules, read_section
from handouts.markdown.names import KnownNames
from handouts.markdown.part_forms import count_fence_lines, with_fences, with_headings
from handouts.pipeline.output import write_files


class _RewrittenFile(Struct, frozen=True):
    """A rewritten section file: how many lines of it were fences before, and how many are after."""

    file: str
    before: int
    after: int


class RewriteReport(Struct, frozen=True):
    """The files that were rewritten, or would be, the number examined, and the findings about those left alone."""

    files: tuple[_RewrittenFile, ...]
    looked_at: int
    findings: tuple[Finding, ...]


@os_errors_as_findings()
def rewrite_sections(
    content: Path, templates: Path, names: Sequence[str], *, fences: bool, dry_run: bool
) -> RewriteReport:
    """Rewrite the sections of the named topics, files and folders, or of all topics, and return a report.

    HandoutError, and no file is changed, if a name is unknown or a file cannot be written.
    """
    library = load_draft(content, templates)
    if not library.topics:
        raise_errors(library.findings)
    sections = {
        section.at.file: (topic.name, section)
        for topic in library.topics.values()
        for some in topic.languages.values()
        for section in some
    }
    broken = {found.at.file for found in library.findings if is_error(found) and found.at.file.endswith(".md")}
    wanted = _named_files(names, library, content, {*sections, *broken})
    findings = tuple(found for found in library.findings if found.at.file in broken and found.at.file in wanted)
    changes: dict[Path, bytes] = {}
    rewritten: list[_RewrittenFile] = []
    for file in sorted(wanted - broken):
        topic, section = sections[file]
        kind = library.kinds[section.kind]
        old, mark = read_section_text(content, section)
        new = (with_fences if fences else with_headings)(old, kind.parts)
        if new == old:
            continue
        _prove_equal(old, new, file, rereading_rules(library, topic))
        changes[Path(file).resolve()] = mark + new.encode()
        rewritten.append(_RewrittenFile(file, count_fence_lines(old), count_fence_lines(new)))
    if not dry_run:
        write_files(content.resolve(), changes)
    return RewriteReport(tuple(rewritten), len(wanted), findings)


def _named_files(names: Sequence[str], library: Library, content: Path, known: set[str]) -> set[str]:
    """Return the section files that are meant by names. HandoutError if a name is neither a topic nor such a file."""
    wanted: set[str] = set()
    findings: list[Finding] = []
    for name in names:
        path = (content / name if name in library.topics else Path(name)).resolve()
        files = {file for file in known if Path(file).resolve().is_relative_to(path)}
        if not files:
            message = f"'{name}' is neither a topic nor a file or folder with sections."
            findings.append(error("usage", message, Location("handouts"), suggest_name(name, library.topics)))
        wanted |= files
    raise_errors(findings)
    return wanted if names else known


def rereading_rules(library: Library, topic: str) -> SectionRules:
    """Return the rules to read a section of a loaded topic again."""
    return SectionRules(library.kinds, None, KnownNames(library.topics[topic].audiences, None, None), certain=False)


def read_section_text(content: Path, section: Section) -> tuple[str, bytes]:
    """Return the exact text of a section file, and its byte order mark or b"".

    HandoutError if the file has changed since it was loaded.
    """
    findings: list[Finding] = []
    written = read_bytes(SourceFolder(content, findings), Path(section.at.file))
    raise_errors(findings)
    mark = codecs.BOM_UTF8 if written and written.startswith(codecs.BOM_UTF8) else b""
    text = (written or b"")[len(mark) :].decode("utf-8", "replace")
    if _as_loaded(text) != section.text:
        at = Location(section.at.file)
        raise HandoutError(error("cannot-write", "Somebody has changed this file just now.", at, "run it again"))
    return text, mark


def _as_loaded(text: str) -> str:
    """Return a text as it is loaded: with \\n as line ends, and in normal form C."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _prove_equal(old: str, new: str, file: str, rules: SectionRules) -> None:
    """Raise AssertionError, as for a bug of ours, unless two texts give the same section except for locations."""
    before, after = (read_section(_as_loaded(text), file, rules) for text in (old, new))
    if any(map(is_error, after.findings)) or before.section is None or after.section is None:
        raise AssertionError(f"{file}: in another form it could not be read; nothing was written")
    if without_places(before.section) != without_places(after.section):
        raise AssertionError(f"{file}: in another form it would say something else; nothing was written")


def without_places(value: object) -> object:
    """Return a value as nested tuples without its locations, and a section without the text of its file."""
    if isinstance(value, Location):
        return None
    if isinstance(value, Struct):
        fields = (name for name in value.__struct_fields__ if name != "text" or not isinstance(value, Section))
        return type(value).__name__, *(without_places(getattr(value, name)) for name in fields)
    return tuple(map(without_places, value)) if isinstance(value, tuple) else value
