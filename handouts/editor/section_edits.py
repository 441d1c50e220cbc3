"""Change sections: who reads a part, a copy of a part for one audience, a new section, a new picture.

Takes a `Session` and what the page asks for; saves files through the session, so that each change can be undone.
All other lines of a text stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from handouts.editor.session import Session
from handouts.finding import HandoutError, Location, error, raise_errors
from handouts.library import SAMPLE_MARK, Part, Section
from handouts.load.file_names import safe_name
from handouts.load.images import check_picture
from handouts.load.settings_files import PICTURES_FOLDER
from handouts.markdown.part_forms import part_heading
from handouts.pipeline.output import write_new_files
from handouts.pipeline.scaffold import markdown_text, open_workplace
from handouts.pipeline.scaffold_pieces import add_section as write_section

_PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".svg")
_FOR = re.compile(r'for="(?:\\.|[^"\\])*"')
_PART_LINE = re.compile(r" *(?::{3,} *\{|## )")
_BRACES = re.compile(r"\{([^{}]*)\}\s*$")


class ReadersRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The part that begins in a line of a file, and its new audiences."""

    path: str
    line: int
    audiences: tuple[str, ...]


class SplitRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The part that begins in a line of a file, and the audience that gets a copy of it."""

    path: str
    line: int
    audience: str


class SectionRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A new section: its topic, title, kind and language, and the section that it comes after."""

    topic: str
    title: str = ""
    after: str = ""
    kind: str = ""
    language: str = ""


def set_readers(session: Session, request: ReadersRequest) -> dict[str, str]:
    """Write who reads a part. HandoutError if no part begins in the line, or if nobody would read it."""
    section, part = _part_at(session, request.path, request.line)
    chosen = [each for each in section.audiences if each in request.audiences]
    if not chosen:
        hint = f"it is for {', '.join(section.audiences)}; delete the part if nobody is to read it"
        raise HandoutError(error("usage", "Choose at least one audience of the section.", part.at, hint))
    named = [] if chosen == list(section.audiences) else chosen
    return session.files.change(request.path, lambda text: _with_readers(text, request.line, named))


def split_part(session: Session, request: SplitRequest) -> dict[str, str]:
    """Give one audience a copy of a part. HandoutError if the part is for that audience alone, or not for it."""
    section, part = _part_at(session, request.path, request.line)
    others = [each for each in part.audiences if each != request.audience]
    if request.audience not in part.audiences or not others:
        message = f"'{part.name}' is for {', '.join(part.audiences)}, and cannot be divided for '{request.audience}'."
        raise HandoutError(error("usage", message, part.at, "choose one of several audiences that read it"))
    end = min((each.at.line for each in section.parts if each.at.line > request.line), default=None)
    return session.files.change(
        request.path, lambda text: _with_own_part(text, request.line, end, request.audience, others)
    )


def _part_at(session: Session, file: str, line: int) -> tuple[Section, Part]:
    """Return the section in a file, and its part that begins in a line. HandoutError if there is none."""
    section = session.section_in(file)
    for part in section.parts if section else ():
        if section and part.at.line == line:
            return section, part
    message = f"No part begins in line {line}."
    raise HandoutError(error("usage", message, Location(file, line, 1), "look at the section again"))


def add_section(session: Session, request: SectionRequest) -> dict[str, str]:
    """Write a sample of a section, and return its file. HandoutError if it cannot be written."""
    session.files.require_editable()
    behind = next(
        (each for each in session.sections() if request.after in (each.id, session.name_of(each.at.file))), None
    )
    kind = request.kind or (behind.kind if behind else "")
    place = open_workplace(Path.cwd(), session.home, needed=True)
    made = write_section(kind, request.topic, request.language, place, after=behind.id if behind else "")
    names = [session.name_of(each.resolve().as_posix()) for each in made.files]
    short = [each.name for each in session.library().kinds[kind].parts.values() if each.holds != "blocks"]
    edit = partial(_with_title, title=request.title, parts=short) if request.title.strip() else str
    written = [session.files.note_new(each, edit) for each in names]
    return written[0]


def add_picture(session: Session, name: str, content: bytes) -> dict[str, str]:
    """Add a picture to content, and return its path and name. HandoutError if it is none, or cannot be written."""
    stem, ending = safe_name(Path(name).stem), Path(name).suffix.lower()
    if not stem or ending not in _PICTURE_ENDINGS:
        hint = "save it as PNG, JPEG or SVG"
        at = Location(name[:200])
        raise HandoutError(error("picture-kind", f"'{name[:80]}' is not a PNG, JPEG or SVG.", at, hint))
    file = f"{stem}{ending}"
    path = f"{session.content.name}/{PICTURES_FOLDER}/{file}"
    raise_errors(check_picture(content, file))
    write_new_files(session.home, {path: content})
    return {"path": path, "name": file}


# ---------------------------------------------------------------- texts


def _with_readers(text: str, line: int, audiences: Sequence[str]) -> str:
    """Return the text with the part that begins in a line written for `audiences`, or for all if there are none.

    HandoutError if no part begins there.
    """
    lines = text.split("\n")
    written = _part_line(lines, line)
    braces = _BRACES.search(written)
    before, inside = (written[: braces.start()], braces[1]) if braces else (written, "")
    said = f'for="{" ".join(audiences)}"' if audiences else ""
    known = _FOR.search(inside)
    changed = f"{inside[: known.start()]}{said}{inside[known.end() :]}" if known else f"{inside} {said}"
    words = " ".join(changed.split()) if changed != inside else inside
    lines[line - 1] = f"{before.rstrip()} {{{words}}}" if words else before.rstrip()
    return "\n".join(lines)


def _with_own_part(text: str, line: int, end: int | None, audience: str, others: Sequence[str]) -> str:
    """Return the text with a copy of the part that begins in a line, for `audience`; the part itself is for `others`.

    The part ends before the line `end`, or with the text. HandoutError if no part begins in the line.
    """
    lines = text.split("\n")
    _part_line(lines, line)
    part = lines[line - 1 : None if end is None else end - 1]
    while len(part) > 1 and not part[-1].strip():
        part.pop()
    last = line - 1 + len(part)
    copy = _with_readers("\n".join(part), 1, (audience,))
    whole = (*lines[:last], "", copy, *lines[last:])
    return _with_readers("\n".join(whole), line, others)


def _part_line(lines: Sequence[str], line: int) -> str:
    """Return the text of a line in which a part begins. HandoutError if none does."""
    if not 0 < line <= len(lines) or not _PART_LINE.match(lines[line - 1]):
        message = f"No part begins in line {line}."
        raise HandoutError(error("usage", message, Location("line"), "look at the section again: it has changed"))
    return lines[line - 1]


def _with_title(text: str, title: str, parts: Iterable[str]) -> str:
    """Return the sample text of a section with `title` in its first line, and in the first of `parts` that it has."""
    first, gap, rest = text.partition("\n")
    words = markdown_text(" ".join(title.split()))
    heads = "|".join(re.escape(part_heading(each)) for each in parts)
    rest = re.sub(
        rf"^((?:{heads})\b.*\n){SAMPLE_MARK}.*", lambda found: f"{found[1]}{words}", rest, count=1, flags=re.MULTILINE
    )
    return f"# {words} {first[first.index('{') :]}{gap}{rest}" if "{" in first else text
