"""Read the typeface of a theme: font files in the folder `fonts` beside the themes, checked before they are used.

Takes the keys of a theme; returns a `Typeface`, or adds an error where the file is named. Must never read a file
elsewhere.
"""

from __future__ import annotations

import hashlib
import re

from handouts.finding import HandoutError
from handouts.load.field_reader import FieldReader
from handouts.load.files import SourceFolder, exists_exactly, read_bytes, suggest_file
from handouts.markdown.attributes import Word
from handouts.text.font_files import MAX_FONT_BYTES, FontFacts, inspect_font, pinned_weight
from handouts.theme import FontFile, Typeface

FONTS_FOLDER = "fonts"
_PLAIN_NAME = re.compile(r"[^/\\:]+")
_NOT_IN_NAMES = re.compile("[^A-Za-z0-9]+")  # characters not allowed in font names in a PDF
_BOLD_HINT = "add bold: and the file of the bold letters"
_LEAST_BOLD = 600


def read_typeface(reading: FieldReader, folder: SourceFolder) -> Typeface | None:
    """Return the typeface that a theme in `folder` names, or None after an error."""
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
    """Return a font file with its name in PDFs and the hash of its bytes."""
    return FontFile(name, content, hashlib.sha256(content).hexdigest(), weight)


def _read_font(reading: FieldReader, key: str, folder: SourceFolder) -> tuple[bytes, FontFacts] | None:
    """Return the bytes of the font that a key names, and facts about it; None after an error."""
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
        folder.error("font-path", f"There is no file {path.as_posix()}.", at, suggest_file(home, shown))
        return None
    content = read_bytes(folder, path, at, MAX_FONT_BYTES)
    if content is None:
        return None
    try:
        return content, inspect_font(content, shown, at, bold=key == "bold")
    except HandoutError as refused:
        folder.findings.extend(refused.findings)
        return None
