"""The font files, which characters they have, and which face shows which character.

`PRINT` is what a handout is set in, `NUMBERS` what numbers to call are set in there, `SCREEN` what a deck is measured
with (Arimo has Arial's widths). A face that lacks a character gives way to the next one of its family; a character that
no face has is for the caller to report.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from functools import cache
from pathlib import Path

import uharfbuzz as hb
from msgspec import Struct

from handouts.finding import HandoutError, error


class Face(Struct, frozen=True, eq=False):
    """One style of one typeface: a font file, and the weight to pin if the file is a variable font.

    `scale` is the part of a type size at which its capitals are as high as those of the typeface that it stands among.
    There is one value of each, as of each family: quick to look up.
    """

    name: str
    package: str
    file: str
    weight: int = 0
    scale: float = 1.0


class Family(Struct, frozen=True, eq=False):
    """The faces for regular and for bold text, the first choice first."""

    regular: tuple[Face, ...]
    bold: tuple[Face, ...]

    def faces(self, bold: bool) -> tuple[Face, ...]:
        """Return the faces to try in turn."""
        return self.bold if bold else self.regular


ATKINSON = "fontpkg_atkinson_hyperlegible"
ARIMO = "fontpkg_arimo"
ARIMO_REGULAR = Face("Arimo-Regular", ARIMO, "Arimo[wght].ttf", 400)
ARIMO_BOLD = Face("Arimo-Bold", ARIMO, "Arimo[wght].ttf", 700)
PRINT = Family(
    regular=(Face("AtkinsonHyperlegible-Regular", ATKINSON, "AtkinsonHyperlegible-Regular.ttf"), ARIMO_REGULAR),
    bold=(Face("AtkinsonHyperlegible-Bold", ATKINSON, "AtkinsonHyperlegible-Bold.ttf"), ARIMO_BOLD),
)
SCREEN = Family(regular=(ARIMO_REGULAR,), bold=(ARIMO_BOLD,))
# Numbers to call on paper. Machines that read a photograph take the slashed zero of Atkinson for an 8 in 3 to 8 of 10
# numbers, an open one in none. Its capitals are 0.668 em high, those of Arimo 0.688 em.
ARIMO_NUMBERS = Face("Arimo-Bold", ARIMO, "Arimo[wght].ttf", 700, scale=0.668 / 0.688)
NUMBERS = Family(regular=(ARIMO_NUMBERS, *PRINT.bold), bold=(ARIMO_NUMBERS, *PRINT.bold))
# Figures in small type that is to be copied, where copiers close the zero of Atkinson. As above, not bold.
ARIMO_FIGURES = Face("Arimo-Regular", ARIMO, "Arimo[wght].ttf", 400, scale=0.668 / 0.688)
FIGURES = Family(regular=(ARIMO_FIGURES, *PRINT.regular), bold=(ARIMO_NUMBERS, *PRINT.bold))


RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"})


@cache
def font_bytes(face: Face) -> bytes:
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
    for family in (PRINT, NUMBERS, FIGURES, SCREEN):
        for face in (*family.regular, *family.bold):
            font_bytes(face)


@cache
def hb_face(face: Face) -> hb.Face:
    """Return HarfBuzz's view of the font file of `face`."""
    return hb.Face(font_bytes(face))


@cache
def hb_font(face: Face) -> hb.Font:
    """Return a HarfBuzz font of `face`, at its weight."""
    font = hb.Font(hb_face(face))
    if face.weight:
        font.set_variations({"wght": face.weight})
    return font


@cache
def units_per_em(face: Face) -> int:
    """Return how many font units make one em."""
    return int(hb_face(face).upem)


@cache
def characters(face: Face) -> frozenset[int]:
    """Return the code points that `face` can show."""
    return frozenset(hb_face(face).unicodes)


@cache
def face_for(family: Family, bold: bool, character: str) -> Face | None:
    """Return the first face that has `character`, or None if none has."""
    return next((face for face in family.faces(bold) if ord(character) in characters(face)), None)


def missing_characters(text: str, family: Family) -> tuple[str, ...]:
    """Return the characters of `text` that no face of `family` has, each once, in order."""
    return tuple(dict.fromkeys(each for each in text if each != "\n" and face_for(family, False, each) is None))


def wrong_way_characters(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that run from right to left or change the direction of others."""
    return tuple(dict.fromkeys(each for each in text if runs_the_other_way(each)))


def runs_the_other_way(character: str) -> bool:
    """True if `character` belongs to right-to-left text (Unicode Bidi_Class R, AL, AN and the explicit controls)."""
    return unicodedata.bidirectional(character) in RIGHT_TO_LEFT
