"""Read the files and folders of content and templates, and check every character in them.

Takes a path; returns its text in Unicode normal form C with \\n line ends, or its bytes. Anything that cannot be
read or printed is a finding at its exact location. Must never follow a link out of the folder.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Collection, Iterator
from itertools import groupby, islice
from pathlib import Path

from msgspec import Struct, field

from handouts.finding import NOWHERE, Finding, HandoutError, Location, error, suggest_name, warning
from handouts.render_cache import RenderCache
from handouts.text.fonts import character_problem

MAX_FILE_BYTES = 5_000_000
MAX_FOLDER_ENTRIES = 2_000
MAX_FINDINGS = 100
_MAX_ACCENTS = 4  # on one letter: no written language has more
STACKED_ACCENTS_HINT = f"at most {_MAX_ACCENTS} can be read: delete those that are not meant"
# Compose uses these characters as marks in templates. They were reported, and must not be taken for marks.
_PRIVATE_USE = re.compile("[\ue000\ue001\U000f0000-\U0010ffff]")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class SourceFolder(Struct, frozen=True):
    """A folder of content or templates, and the findings from reading it.

    If the `cache` has the same text of the same file, the file is not parsed again.
    """

    path: Path
    findings: list[Finding]
    cache: RenderCache = field(default_factory=lambda: RenderCache(0))

    def error(self, code: str, message: str, at: Location, hint: str = "") -> None:
        """Add an error."""
        self.findings.append(error(code, message, at, hint))


def list_folders(path: Path) -> tuple[Path, ...]:
    """Return the visible folders in `path`, sorted by name."""
    return tuple(each for each in _list_entries(path) if each.is_dir())


def list_files(path: Path, ending: str) -> tuple[Path, ...]:
    """Return the entries of `path` whose names have this ending in small or capital letters, sorted by name.

    Folders with such names are included, so that reading them reports that they are not files.
    """
    return tuple(each for each in _list_entries(path) if each.name.lower().endswith(ending))


def report_unread_files(folder: SourceFolder, path: Path, known: Collection[str]) -> None:
    """Add a warning for each file beside the sections that is not read, or not on every system.

    The names in `known` are read elsewhere.
    """
    for each in _list_entries(path):
        at = Location(each.as_posix())
        if each.name in known:
            continue
        if not each.name.lower().endswith(".md"):
            folder.findings.append(warning("not-read", f"{each.name} is not read.", at, _ending_hint(each)))
        elif not each.name.endswith(".md"):
            folder.findings.append(warning("not-read", "Write the ending .md in small letters.", at, "rename it"))


def _ending_hint(path: Path) -> str:
    """Return a hint about the ending of section files; for a .txt file, how to see and change the ending on Windows."""
    if path.suffix.lower() != ".txt":
        return "a section ends with .md"
    return (
        f"rename it to {path.name.removesuffix(path.suffix).removesuffix('.md')}.md; Windows shows endings where View, "
        "Show, File name extensions is ticked in its folder"
    )


def exists_exactly(path: Path) -> bool:
    """Return whether a file of exactly this name exists, even on systems that ignore case."""
    return path.parent.is_dir() and any(each.name == path.name for each in path.parent.iterdir())


def suggest_file(home: Path, name: str) -> str:
    """Return a hint for a file that is not in `home`: the closest name there, all names, or where to put the file."""
    folder = (home / name).parent
    there = sorted(each.name for each in folder.iterdir() if each.is_file()) if folder.is_dir() else []
    return suggest_name(name, there) if there else f"put the file into {home.as_posix()}"


def _list_entries(path: Path) -> tuple[Path, ...]:
    """Return the visible entries of `path`, sorted by name; none if it is not a folder.

    HandoutError if there are more than MAX_FOLDER_ENTRIES.
    """
    if not path.is_dir():
        return ()
    found = list(islice((each for each in path.iterdir() if not each.name.startswith(".")), MAX_FOLDER_ENTRIES + 1))
    if len(found) > MAX_FOLDER_ENTRIES:
        message = f"There are more than {MAX_FOLDER_ENTRIES} files in this folder."
        raise HandoutError(error("too-many", message, Location(path.as_posix()), "see whether it is the right folder"))
    return tuple(sorted(found, key=lambda each: each.name))


def read_text(folder: SourceFolder, path: Path, *, tabs: bool = False, largest: int = MAX_FILE_BYTES) -> str | None:
    """Return the text of `path`, or None after an error; `tabs` allows tabs in it."""
    content = read_bytes(folder, path, largest=largest)
    if content is None:
        return None
    key = ("text", path.as_posix(), tabs, content)
    text, findings = folder.cache.get_or_compute(key, lambda: _checked_text(path, content, tabs=tabs))
    folder.findings.extend(findings)
    return text


def _checked_text(path: Path, content: bytes, *, tabs: bool) -> tuple[str | None, tuple[Finding, ...]]:
    """Return the content of a file as text, or None if it cannot be decoded, and the findings about its characters."""
    folder = SourceFolder(path.parent, [])
    text = _decode_text(folder, path, content)
    if text is None:
        return None, tuple(folder.findings)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    found = list(check_characters(text, Location(path.as_posix(), 1, 1), tabs=tabs))
    folder.findings.extend(found[:MAX_FINDINGS])
    if len(found) > MAX_FINDINGS:
        message = f"And {len(found) - MAX_FINDINGS} characters more that cannot be printed."
        folder.error("characters", message, Location(path.as_posix()), "see whether this is the right file")
    return _PRIVATE_USE.sub(" ", text), tuple(folder.findings)


def read_bytes(folder: SourceFolder, path: Path, at: Location = NOWHERE, largest: int = MAX_FILE_BYTES) -> bytes | None:
    """Return the bytes of `path`, or None after an error: it must be a regular file of at most `largest` bytes in its
    folder.

    The error is reported at `at`, where the file is named, or else at the file.
    """
    at = at if at.file else Location(path.as_posix())
    try:
        if not path.resolve().is_relative_to(folder.path.resolve()):
            folder.error("outside-project", "This leads out of the project.", at, "put the file itself here")
            return None
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            folder.error("not-a-file", "This is not a file.", at, "rename it, or put a file in its place")
            return None
        if status.st_size > largest:
            message = f"This file is larger than {largest / 1_000_000:g} MB."
            folder.error("too-large", message, at, "make it smaller, or see whether it is the right file")
            return None
        return path.read_bytes()
    except OSError as problem:
        message = f"This file cannot be read: {problem.strerror}."
        folder.error("unreadable", message, at, "see that it is there and yours")
        return None
    except RuntimeError:  # in Python 3.11 and 3.12; later versions raise OSError
        folder.error("unreadable", "This is a link that leads to itself.", at, "put the file itself here")
        return None


def _decode_text(folder: SourceFolder, path: Path, content: bytes) -> str | None:
    """Return `content` as text, or None after an error at the first byte that is not UTF-8."""
    hint = "in Notepad: Save as, Encoding: UTF-8"
    if content.startswith(UTF_16_MARKS):
        folder.error("not-utf-8", "This file is UTF-16, not UTF-8.", Location(path.as_posix(), 1, 1), hint)
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = content[: problem.start].decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
        lines = before.replace("\r", "\n").split("\n")
        at = Location(path.as_posix(), len(lines), len(lines[-1]) + 1)
        message = "This file is not UTF-8; it looks like Windows-1252."
        folder.error("not-utf-8", message, at, hint)
        return None


def check_characters(text: str, start: Location, *, tabs: bool = False) -> Iterator[Finding]:
    """Yield a finding for each character that cannot be printed; `start` is where `text` begins."""
    for row, line in enumerate(text.split("\n")):
        if line.isascii() and line.isprintable():
            continue
        for index, (code, message, hint) in _unprintable_runs(line, tabs=tabs):
            column = index + (start.column if row == 0 else 1)
            name = f"U+{ord(line[index]):04X} {unicodedata.name(line[index], '')}".rstrip()
            yield error(code, f"{message}: {name}.", Location(start.file, start.line + row, column), hint)
        for index, count in stacked_accents(line):
            at = Location(start.file, start.line + row, index + (start.column if row == 0 else 1))
            yield error("stacked-accents", f"This letter has {count} accents.", at, STACKED_ACCENTS_HINT)


def stacked_accents(line: str) -> Iterator[tuple[int, int]]:
    """Yield the position of each letter with more than _MAX_ACCENTS accents, and the number of accents."""
    if not any(map(_is_combining_mark, set(line))):
        return
    for accents, stretch in groupby(range(len(line)), lambda index: _is_combining_mark(line[index])):
        first, *others = stretch
        if accents and len(others) >= _MAX_ACCENTS:
            yield max(0, first - 1), 1 + len(others)


def _is_combining_mark(character: str) -> bool:
    """Return whether `character` is a mark on the letter before it that takes no room of its own."""
    return unicodedata.category(character) in ("Mn", "Me")


def _unprintable_runs(line: str, *, tabs: bool) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Yield the start of each run of characters that cannot be printed, and the problem of its first character.

    A word in a script without a font, or an emoji sequence, is one run; a run that begins like an earlier one is left
    out.
    """
    seen: set[str] = set()
    inside = False
    unusual = (each for each in set(line) if not (each.isascii() and each.isprintable()))
    problems = {each: None if each == "\t" and tabs else character_problem(each) for each in unusual}
    for index, character in enumerate(line):
        problem = problems.get(character)
        if problem and not inside and character not in seen:
            seen.add(character)
            yield index, problem
        inside = problem is not None
