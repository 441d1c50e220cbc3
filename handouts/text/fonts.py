"""Fonts: the font files, the families made of them, which face has a character, and why one cannot be shown.

A face that lacks a character gives way to the next one of its family. Characters that no face has, and those
that are invisible or run from right to left, are reported to the caller, never replaced.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from functools import cache
from pathlib import Path

import uharfbuzz as hb
from msgspec import Struct

from handouts.finding import HandoutError, error


class FontFace(Struct, frozen=True, eq=False):
    """One style of one typeface: a font file, and the weight to pin if the file is a variable font.

    `scale` is the part of a type size at which its capitals are as high as those of the typeface that it stands among.
    There is one value of each, as of each family: quick to look up.
    """

    name: str
    package: str
    file: str
    weight: int = 0
    scale: float = 1.0


class FontFamily(Struct, frozen=True, eq=False):
    """The faces for regular and for bold text, the first choice first."""

    regular: tuple[FontFace, ...]
    bold: tuple[FontFace, ...]

    def faces(self, bold: bool) -> tuple[FontFace, ...]:
        """Return the faces to try in turn."""
        return self.bold if bold else self.regular


ATKINSON = "fontpkg_atkinson_hyperlegible"
ARIMO = "fontpkg_arimo"
ARIMO_REGULAR = FontFace("Arimo-Regular", ARIMO, "Arimo[wght].ttf", 400)
ARIMO_BOLD = FontFace("Arimo-Bold", ARIMO, "Arimo[wght].ttf", 700)
PRINT_FAMILY = FontFamily(
    regular=(FontFace("AtkinsonHyperlegible-Regular", ATKINSON, "AtkinsonHyperlegible-Regular.ttf"), ARIMO_REGULAR),
    bold=(FontFace("AtkinsonHyperlegible-Bold", ATKINSON, "AtkinsonHyperlegible-Bold.ttf"), ARIMO_BOLD),
)
SCREEN_FAMILY = FontFamily(regular=(ARIMO_REGULAR,), bold=(ARIMO_BOLD,))
# Numbers to call on paper. Machines that read a photograph take the slashed zero of Atkinson for an 8 in 3 to 8 of 10
# numbers, an open one in none. Its capitals are 0.668 em high, those of Arimo 0.688 em.
ARIMO_NUMBERS = FontFace("Arimo-Bold", ARIMO, "Arimo[wght].ttf", 700, scale=0.668 / 0.688)
PHONE_NUMBER_FAMILY = FontFamily(regular=(ARIMO_NUMBERS, *PRINT_FAMILY.bold), bold=(ARIMO_NUMBERS, *PRINT_FAMILY.bold))
# Figures in small type that is to be copied, where copiers close the zero of Atkinson. As above, not bold.
ARIMO_SMALL_DIGITS = FontFace("Arimo-Regular", ARIMO, "Arimo[wght].ttf", 400, scale=0.668 / 0.688)
SMALL_DIGIT_FAMILY = FontFamily(
    regular=(ARIMO_SMALL_DIGITS, *PRINT_FAMILY.regular), bold=(ARIMO_NUMBERS, *PRINT_FAMILY.bold)
)


RIGHT_TO_LEFT_CLASSES = frozenset({"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"})


@cache
def font_bytes(face: FontFace) -> bytes:
    """Return the bytes of the font file of `face`. HandoutError if it is missing or is no font."""
    found = importlib.util.find_spec(face.package)
    package = face.package.replace("_", "-")
    hint = f"install it again: pip install --force-reinstall {package}"
    if found is None or found.origin is None:
        raise HandoutError(error("font", f"The typeface of '{face.name}' is not installed.", hint=hint))
    try:
        content = (Path(found.origin).parent / "files" / face.file).read_bytes()
    except OSError as problem:
        message = f"The font '{face.name}' cannot be read: {problem.strerror}."
        raise HandoutError(error("font", message, hint=hint)) from None
    if not hb.Face(content).glyph_count:
        raise HandoutError(error("font", f"The font '{face.name}' is broken.", hint=hint))
    return content


def require_fonts() -> None:
    """Read all faces. HandoutError if one of them is missing or is no font: nothing is written by halves then."""
    for family in (PRINT_FAMILY, PHONE_NUMBER_FAMILY, SMALL_DIGIT_FAMILY, SCREEN_FAMILY):
        for face in (*family.regular, *family.bold):
            font_bytes(face)


@cache
def hb_face(face: FontFace) -> hb.Face:
    """Return HarfBuzz's view of the font file of `face`."""
    return hb.Face(font_bytes(face))


@cache
def hb_font(face: FontFace) -> hb.Font:
    """Return a HarfBuzz font of `face`, at its weight."""
    font = hb.Font(hb_face(face))
    if face.weight:
        font.set_variations({"wght": face.weight})
    return font


@cache
def units_per_em(face: FontFace) -> int:
    """Return how many font units make one em."""
    return int(hb_face(face).upem)


@cache
def code_points(face: FontFace) -> frozenset[int]:
    """Return the code points that `face` can show."""
    return frozenset(hb_face(face).unicodes)


@cache
def face_for(family: FontFamily, bold: bool, character: str) -> FontFace | None:
    """Return the first face that has `character`, or None if none has."""
    return next((face for face in family.faces(bold) if ord(character) in code_points(face)), None)


def missing_characters(text: str, family: FontFamily) -> tuple[str, ...]:
    """Return the characters of `text` that no face of `family` has, each once, in order."""
    return tuple(dict.fromkeys(each for each in text if each != "\n" and face_for(family, False, each) is None))


def right_to_left_characters(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that run from right to left or change the direction of others."""
    return tuple(dict.fromkeys(each for each in text if is_right_to_left(each)))


def is_right_to_left(character: str) -> bool:
    """True if `character` belongs to right-to-left text (Unicode Bidi_Class R, AL, AN and the explicit controls)."""
    return unicodedata.bidirectional(character) in RIGHT_TO_LEFT_CLASSES


# Unicode's general categories of characters that nobody can see or that mean nothing, and what to call them.
REFUSED_CATEGORIES = {
    "Cc": ("control-character", "A control character"),
    "Zl": ("control-character", "A line separator"),
    "Zp": ("control-character", "A paragraph separator"),
    "Cs": ("noncharacter", "Half of a character"),
    "Cn": ("noncharacter", "A code that is no character"),
    "Co": ("noncharacter", "A code that is no character"),
    "Cf": ("invisible-character", "A character that nobody sees"),
}


@cache
def character_problem(character: str) -> tuple[str, str, str] | None:
    """Return code, message and hint for a character that cannot be shown, or None."""
    if character == "\t":
        return "tab", "A tab", "use spaces"
    if right_to_left_characters(character):
        return "direction", "A character that runs from right to left, or turns the direction", "delete it"
    category = unicodedata.category(character)
    if category in REFUSED_CATEGORIES:
        return *REFUSED_CATEGORIES[category], "delete it"
    if missing_characters(character, PRINT_FAMILY) or missing_characters(character, SCREEN_FAMILY):
        return "no-glyph", f"No font here has '{character}'", "write it in words"
    return None
