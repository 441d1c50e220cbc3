"""Font subsets: a font program with only the glyphs that a file shows, font metrics, and the width of each glyph.

A variable font becomes static, at the weight of its face. Hints, layout tables and names are left out: a file
that embeds the program names every glyph by number and has its own table of characters.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from functools import cache

import uharfbuzz as hb
from msgspec import Struct

from handouts.text.fonts import FontFace, hb_face, hb_font, units_per_em

DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "kern", "STAT", "cmap", "name", "OS/2", "post", "gasp", "DSIG", "meta")


class FontMetrics(Struct, frozen=True):
    """What a face says of itself, in thousandths of an em; `box` is left, bottom, right, top of all its glyphs."""

    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]


class FontSubset(Struct, frozen=True):
    """A TrueType program, and the number that each glyph of the whole font has in it."""

    program: bytes
    numbers: Mapping[int, int]


def subset_face(face: FontFace, glyphs: Iterable[int]) -> FontSubset:
    """Return the font program of `face` with only `glyphs` and what they are composed of."""
    wanted = subset_input(face, DROPPED_TABLES)
    wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(set(glyphs))
    plan = hb.SubsetPlan(hb_face(face), wanted)
    program: bytes = plan.execute().blob.data
    return FontSubset(program, dict(plan.old_to_new_glyph_mapping))


def subset_characters(face: FontFace, characters: Iterable[str]) -> bytes:
    """Return the font program of `face` with only `characters` that it has, and its own table of them."""
    wanted = subset_input(face, tuple(tag for tag in DROPPED_TABLES if tag != "cmap"))
    wanted.sets(hb.SubsetInputSets.UNICODE).update({ord(each) for each in characters})
    program: bytes = hb.SubsetPlan(hb_face(face), wanted).execute().blob.data
    return program


def subset_input(face: FontFace, needless: Iterable[str]) -> hb.SubsetInput:
    """Return what to do with `face`: no hints, no layout, no `needless` tables, and its weight pinned."""
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    dropped = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
    for tag in needless:
        dropped.add(int.from_bytes(tag.encode("ascii"), "big"))
    if face.weight:
        wanted.pin_axis_location(hb_face(face), "wght", face.weight)
    return wanted


def character_width(face: FontFace, character: str) -> float:
    """Return the advance of `character` in em, that of a missing one if `face` lacks it."""
    return glyph_advance(face, nominal_glyph(face, character))


def nominal_glyph(face: FontFace, character: str) -> int:
    """Return the glyph that shows `character` by itself, 0 if `face` lacks it."""
    return hb_font(face).get_nominal_glyph(ord(character)) or 0


@cache
def glyph_advance(face: FontFace, glyph: int) -> float:
    """Return the advance of `glyph` without any kerning, in em."""
    return float(hb_font(face).get_glyph_h_advance(glyph)) / units_per_em(face)


@cache
def font_metrics(face: FontFace) -> FontMetrics:
    """Return the measures of `face` (OpenType tables head, hhea, and OS/2 from version 2)."""
    em = units_per_em(face)
    box = struct.unpack_from(">4h", font_table(face, "head"), 36)
    ascent, descent = struct.unpack_from(">2h", font_table(face, "hhea"), 4)
    (cap_height,) = struct.unpack_from(">h", font_table(face, "OS/2"), 88)
    left, bottom, right, top, up, down, capital = (
        round(each * 1000 / em) for each in (*box, ascent, descent, cap_height)
    )
    return FontMetrics(up, down, capital, (left, bottom, right, top))


def font_table(face: FontFace, tag: str) -> bytes:
    """Return one table of the font file of `face`."""
    found: bytes = hb_face(face).reference_table(tag).data
    return found
