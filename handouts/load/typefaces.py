"""Read the typeface of a theme: font files in the folder `fonts` beside the themes, looked into before they are used.

Keys of a theme in, a `Typeface` out, or a finding at the words that name the file. Must never read a file elsewhere.
"""

from __future__ import annotations

import hashlib
import re

from handouts.finding import Finding, HandoutError, error, suggest_name
from handouts.load.field_reader import FieldReader
from handouts.load.files import SourceFolder, exists_exactly, read_bytes
from handouts.markdown.attributes import Word
from handouts.text.font_files import MAX_FONT_BYTES, FontFacts, inspect_font, pinned_weight
from handouts.theme import FontFile, Typeface

FONTS_FOLDER = "fonts"
_PLAIN_NAME = re.compile(r"[^/\\:]+")
_NOT_IN_NAMES = re.compile("[^A-Za-z0-9]+")  # what a name of a font in a PDF does not have
_BOLD_HINT = "add bold: and the file of the bold letters"
_LEAST_BOLD = 600


def read_typeface(reading: FieldReader, folder: SourceFolder) -> Typeface | None:
    """Return the typeface that a theme in `folder` names, or None after a finding."""
    installed = reading.boolean("installed")
    regular = _read_font(reading, "regular", folder)
    bold = _read_font(reading, "bold", folder) if reading.node("bold") else regular
    if regular is None or bold is None:
        return None
    (file, facts), (bold_file, bold_facts) = regular, bold
    if not reading.node("bold") and not (facts.weights and facts.weights[1] >= _LEAST_BOLD):
        folder.error("missing-key", "'bold' is missing.", reading.at, _BOLD_HINT)
        return None
    name = _NOT_IN_NAMES.sub("", facts.family) or "Own"
    return Typeface(
        name=facts.family,
        regular=_font_file(f"{name}-Regular", file, pinned_weight(facts, bold=False)),
        bold=_font_file(f"{name}-Bold", bold_file, pinned_weight(bold_facts, bold=True)),
        installed=installed,
        at=reading.place("regular"),
    )


def _font_file(name: str, content: bytes, weight: int) -> FontFile:
    """Return a font file by its name in PDFs, with the hash of its bytes."""
    return FontFile(name, content, hashlib.sha256(content).hexdigest(), weight)


def _read_font(reading: FieldReader, key: str, folder: SourceFolder) -> tuple[bytes, FontFacts] | None:
    """Return the bytes of the font that a key names, and what it says of itself; None after a finding."""
    shown = reading.text(key).removeprefix(f"{FONTS_FOLDER}/")
    at, home = reading.place(key), folder.path / FONTS_FOLDER
    if not shown or not isinstance(reading.node(key), Word):
        return None
    path = home / shown
    if not _PLAIN_NAME.fullmatch(shown) or shown in ("..", "."):
        hint = f"put the file into {home.as_posix()} and write its name alone"
        folder.error("font-path", f"'{shown}' is no file in {home.as_posix()}.", at, hint)
        return None
    if not exists_exactly(path):
        folder.findings.append(_missing_font(folder, Word(shown, at)))
        return None
    content = read_bytes(folder, path, at, MAX_FONT_BYTES)
    if content is None:
        return None
    try:
        return content, inspect_font(content, shown, at, bold=key == "bold")
    except HandoutError as refused:
        folder.findings.extend(refused.findings)
        return None


def _missing_font(folder: SourceFolder, name: Word) -> Finding:
    """Return the error for a font file that is not there."""
    home = folder.path / FONTS_FOLDER
    there = sorted(each.name for each in home.iterdir() if each.is_file()) if home.is_dir() else []
    hint = suggest_name(name.text, there) if there else f"put the file into {home.as_posix()}"
    return error("font-path", f"There is no file {(home / name.text).as_posix()}.", name.at, hint)
