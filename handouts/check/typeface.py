"""Find the letters of a document that the project's own typeface lacks, and whether slides need it installed.

Takes a composed document and the typeface of the theme; yields findings. They belong to the theme and can be allowed
nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from handouts.check.rules import passages_of, place_in_file
from handouts.document.nodes import Document
from handouts.finding import Finding, Location, error, warning
from handouts.select import Selection
from handouts.text.fonts import missing_in_font
from handouts.theme import Typeface


def check_typeface(document: Document, selection: Selection, typeface: Typeface | None) -> Iterator[Finding]:
    """Yield an error for each letter that a typeface lacks, where it is first needed, and a warning for slides."""
    if typeface is None:
        return
    needed: dict[str, Location] = {}
    for passage in passages_of(document):
        for character in _missing(passage.text, typeface):
            if character not in needed:
                start = passage.text.index(character)
                needed[character] = place_in_file(passage, start, start + 1, selection.texts)
    for character, at in needed.items():
        yield _missing_error(character, typeface, at, "take a font that has it, or write the word in other letters")
    own = "".join(words for _, words in document.words.entries)
    for character in _missing(own, typeface):
        if character not in needed:
            hint = f"labels of pages and slides in '{document.language}' need it: take a font that has it"
            yield _missing_error(character, typeface, typeface.at, hint)
    if document.slides and not typeface.installed:
        message = f"Slides are set in '{typeface.name}': a computer without it shows another typeface instead."
        hint = "install it where slides are shown, or show them as PDF (--format slides-pdf); then add installed: true"
        yield warning("slides-typeface", message, typeface.at, hint)


def _missing(text: str, typeface: Typeface) -> str:
    """Return the characters of a text that the regular or the bold letters of a typeface lack."""
    lacking = (missing_in_font(text, font) for font in (typeface.regular, typeface.bold))
    return "".join(dict.fromkeys("".join(lacking)))


def _missing_error(character: str, typeface: Typeface, at: Location, hint: str) -> Finding:
    """Return the error for a character that a typeface lacks."""
    regular, bold = (bool(missing_in_font(character, font)) for font in (typeface.regular, typeface.bold))
    which = "" if regular and bold else " in its bold letters" if bold else " in its regular letters"
    return error("font-letter", f"The typeface '{typeface.name}' has no '{character}'{which}.", at, hint)
