"""Characters that cannot be shown, and why: those that nobody sees, that mean nothing, or that no font here has."""

from __future__ import annotations

import unicodedata
from functools import cache

from handouts.text.fonts import PRINT, SCREEN, missing_characters, wrong_way_characters

# Unicode's general categories of characters that nobody can see or that mean nothing, and what to call them.
REFUSED = {
    "Cc": ("control-character", "A control character"),
    "Zl": ("control-character", "A line separator"),
    "Zp": ("control-character", "A paragraph separator"),
    "Cs": ("noncharacter", "Half of a character"),
    "Cn": ("noncharacter", "A code that is no character"),
    "Co": ("noncharacter", "A code that is no character"),
    "Cf": ("invisible-character", "A character that nobody sees"),
}


@cache
def trouble(character: str) -> tuple[str, str, str] | None:
    """Return code, message and hint for a character that cannot be shown, or None."""
    if character == "\t":
        return "tab", "A tab", "use spaces"
    if wrong_way_characters(character):
        return "direction", "A character that runs from right to left, or turns the direction", "delete it"
    category = unicodedata.category(character)
    if category in REFUSED:
        return *REFUSED[category], "delete it"
    if missing_characters(character, PRINT) or missing_characters(character, SCREEN):
        return "no-glyph", f"No font here has '{character}'", "write it in words"
    return None
