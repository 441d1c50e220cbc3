"""Inspect a project's own font file: whether it can be used, may be embedded, and has the usual letters.

Takes the bytes of the file; returns the name and weights of the font, or raises findings that say what to do. Only
TrueType is accepted; web fonts are never unpacked.
"""

from __future__ import annotations

import string
import struct
from collections.abc import Iterator

import uharfbuzz as hb
from msgspec import Struct

from handouts.finding import Finding, HandoutError, Location, error, raise_errors
from handouts.text.fonts import FontFace, glyph_advance, load_font, missing_of_words, nominal_glyph, subset_face

MAX_FONT_BYTES = 10_000_000
REGULAR_WEIGHT, BOLD_WEIGHT = 400, 700
# Characters that pages and slides need whatever the content is: for page numbers, dates, lists and quotations.
_USUAL_CHARACTERS = f"{string.ascii_letters}{string.digits}.,:;!?()/%&+-–—…“”‘’'\"•"
_TRUETYPE_STARTS = (b"\0\1\0\0", b"true")
_OTHER_FORMATS = {
    b"wOF2": "a font for web pages (WOFF2)",
    b"wOFF": "a font for web pages (WOFF)",
    b"OTTO": "an OpenType font with PostScript outlines",
    b"ttcf": "a collection of several fonts",
}
_NEEDED_TABLES = ("cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "OS/2")
_OS2_LENGTH = 68  # of the oldest version of the table
# Bits of OS/2.fsType, the embedding permissions.
_LICENCE_BITS, _RESTRICTED, _NO_SUBSETTING, _BITMAP_ONLY = 0xF, 0x2, 0x100, 0x200
_TRUETYPE_HINT = "take the TrueType file of the same font: its name ends with .ttf"
_DAMAGED_HINT = "download it again, or ask where it is from"
_LICENCE_HINT = "ask its maker for a licence to embed it and for the file that goes with it, or take another font"
_FAMILY_NAME = hb.OTNameIdPredefined.FONT_FAMILY
_MAX_NAME_CHARACTERS = 60
_MAX_NAMED = 12  # missing characters in a message
# The range of the metrics of a text font, in thousandths of an em.
_SANE_METRICS = {"ascent": (400, 2000), "descent": (-1200, 0), "cap_height": (300, 1100)}
_LEAST_UNITS, _MOST_UNITS = 16, 16_384  # units per em (OpenType, table head)
_SANE_WIDTH = (0.05, 2.5)  # the range of the width of a letter, in em


class FontFacts(Struct, frozen=True):
    """The name of a font's family, and its lightest and boldest weight if it is a variable font."""

    family: str
    weights: tuple[float, float] | None


def inspect_font(content: bytes, shown: str, at: Location, *, bold: bool) -> FontFacts:
    """Return the family and weights of a font file, which findings call `shown`. HandoutError if it cannot be used."""
    if found := _format_problem(content, shown, at):
        raise HandoutError(found)
    try:
        face = hb.Face(content)
        forbidden = _licence_problem(face, shown, at)
        facts = FontFacts(_family_name(face), _weights(face))
        pinned = FontFace(shown, "", "", pinned_weight(facts, bold=bold), content=content)
        problems = tuple(_shape_problems(pinned, shown, at))
    except (HandoutError, struct.error, hb.HarfBuzzError, RuntimeError, ValueError, MemoryError):
        raise HandoutError(_damaged_error(shown, at)) from None
    if forbidden:
        raise HandoutError(forbidden)
    raise_errors(problems)
    return facts


def pinned_weight(facts: FontFacts, *, bold: bool) -> int:
    """Return the weight to pin a variable font to; 0 for a font with a single weight."""
    if facts.weights is None:
        return 0
    lightest, boldest = facts.weights
    return int(min(max(BOLD_WEIGHT if bold else REGULAR_WEIGHT, lightest), boldest))


def _format_problem(content: bytes, shown: str, at: Location) -> Finding | None:
    """Return the finding for a file that cannot be read as a TrueType font."""
    start = content[:4]
    if start in _OTHER_FORMATS:
        return error("font-file", f"'{shown}' is {_OTHER_FORMATS[start]}.", at, _TRUETYPE_HINT)
    if start not in _TRUETYPE_STARTS:
        return error("font-file", f"'{shown}' is not a font.", at, _TRUETYPE_HINT)
    return None if _has_whole_tables(content) else _damaged_error(shown, at)


def _has_whole_tables(content: bytes) -> bool:
    """True if all needed tables are present and lie inside the file (OpenType, table directory)."""
    try:
        (count,) = struct.unpack_from(">H", content, 4)
        records = [struct.unpack_from(">4s3I", content, 12 + 16 * number) for number in range(count)]
    except struct.error:
        return False
    lengths = {tag.decode("latin-1"): length for tag, _, start, length in records if start + length <= len(content)}
    return len(lengths) == count and all(lengths.get(tag) for tag in _NEEDED_TABLES) and lengths["OS/2"] >= _OS2_LENGTH


def _damaged_error(shown: str, at: Location) -> Finding:
    """Return the error for a font that is truncated or contradicts itself."""
    return error("font-file", f"'{shown}' is damaged.", at, _DAMAGED_HINT)


def _licence_problem(face: hb.Face, shown: str, at: Location) -> Finding | None:
    """Return the finding for a font that may not be embedded as a subset."""
    (allowed,) = struct.unpack_from(">H", face.reference_table("OS/2").data, 8)
    if allowed & _LICENCE_BITS == _RESTRICTED:
        message = f"The maker of '{shown}' forbids to embed it in files."
    elif allowed & _NO_SUBSETTING:
        message = f"The maker of '{shown}' forbids to embed a part of it, and no file holds more letters than it shows."
    elif allowed & _BITMAP_ONLY:
        message = f"The maker of '{shown}' forbids to embed its outlines."
    else:
        return None
    return error("font-licence", message, at, _LICENCE_HINT)


def _family_name(face: hb.Face) -> str:
    """Return the name of the font's family. ValueError if it is empty, too long or not printable."""
    name = " ".join((face.get_name(_FAMILY_NAME) or "").split())
    if not 0 < len(name) <= _MAX_NAME_CHARACTERS or not name.isprintable():
        raise ValueError("the name of the family")
    return name


def _weights(face: hb.Face) -> tuple[float, float] | None:
    """Return the lightest and the boldest weight of a variable font, None for other fonts."""
    return next(((axis.min_value, axis.max_value) for axis in face.axis_infos if axis.tag == "wght"), None)


def _require_sane_tables(face: hb.Face) -> None:
    """Check numbers that HarfBuzz silently repairs and readers of PDF do not.

    ValueError or struct.error if they are wrong.
    """
    (units,) = struct.unpack_from(">H", face.reference_table("head").data, 18)
    (widths,) = struct.unpack_from(">H", face.reference_table("hhea").data, 34)
    needed = 4 * widths + 2 * (face.glyph_count - widths)
    if not _LEAST_UNITS <= units <= _MOST_UNITS or not 0 < widths <= face.glyph_count:
        raise ValueError("the units of an em, or the number of widths")
    if len(face.reference_table("hmtx").data) < needed:
        raise ValueError("the table of widths")


def _shape_problems(face: FontFace, shown: str, at: Location) -> Iterator[Finding]:
    """Yield findings for missing letters. HandoutError, RuntimeError or ValueError if the font cannot be used."""
    font = load_font(face)
    _require_sane_tables(font.hb_face)
    for name, (least, most) in _SANE_METRICS.items():
        if not least <= getattr(font.metrics, name) <= most:
            raise ValueError(name)
    missing = missing_of_words(_USUAL_CHARACTERS, font.code_points)
    if missing:
        named = " ".join(missing[:_MAX_NAMED]) + (" …" if len(missing) > _MAX_NAMED else "")
        message = f"'{shown}' lacks what every page needs: {named}"
        yield error("font-letter", message, at, "take a font that has all letters, digits and quotation marks")
        return
    for character in _USUAL_CHARACTERS:
        glyph = nominal_glyph(face, character)
        extents = font.hb_font.get_glyph_extents(glyph)
        narrowest, widest = _SANE_WIDTH
        if not narrowest <= glyph_advance(face, glyph) <= widest or extents is None or not extents.height:
            raise ValueError(character)
    subset_face(face, range(font.hb_face.glyph_count))  # fails if a glyph cannot be embedded
