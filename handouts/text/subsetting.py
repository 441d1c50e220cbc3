"""Font subsets: a font program with only the glyphs that a file shows, and the width of each glyph.

A variable font becomes static, at the weight of its face. Hints, layout tables and names are left out: a file
that embeds the program names every glyph by number and has its own table of characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import uharfbuzz as hb
from msgspec import Struct

from handouts.text.fonts import FontFace, load_font

_DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "kern", "STAT", "cmap", "name", "OS/2", "post", "gasp", "DSIG", "meta")


class _FontSubset(Struct, frozen=True):
    """A TrueType program, and the number that each glyph of the whole font has in it."""

    program: bytes
    numbers: Mapping[int, int]


def subset_face(face: FontFace, glyphs: Iterable[int]) -> _FontSubset:
    """Return the font program of `face` with only `glyphs` and what they are composed of."""
    wanted = _subset_input(face, _DROPPED_TABLES)
    wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(set(glyphs))
    plan = hb.SubsetPlan(load_font(face).hb_face, wanted)
    program: bytes = plan.execute().blob.data
    return _FontSubset(program, dict(plan.old_to_new_glyph_mapping))


def subset_characters(face: FontFace, characters: Iterable[str]) -> bytes:
    """Return the font program of `face` with only `characters` that it has, and its own table of them."""
    wanted = _subset_input(face, tuple(tag for tag in _DROPPED_TABLES if tag != "cmap"))
    wanted.sets(hb.SubsetInputSets.UNICODE).update({ord(each) for each in characters})
    program: bytes = hb.SubsetPlan(load_font(face).hb_face, wanted).execute().blob.data
    return program


def _subset_input(face: FontFace, dropped: Iterable[str]) -> hb.SubsetInput:
    """Return what to do with `face`: no hints, no layout, none of the tables `dropped`, and its weight pinned."""
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    tables = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
    for tag in dropped:
        tables.add(int.from_bytes(tag.encode("ascii"), "big"))
    if face.weight:
        wanted.pin_axis_location(load_font(face).hb_face, "wght", face.weight)
    return wanted


def character_width(face: FontFace, character: str) -> float:
    """Return the advance of `character` in em, that of a missing one if `face` lacks it."""
    return glyph_advance(face, nominal_glyph(face, character))


def nominal_glyph(face: FontFace, character: str) -> int:
    """Return the glyph that shows `character` by itself, 0 if `face` lacks it."""
    return load_font(face).hb_font.get_nominal_glyph(ord(character)) or 0


def glyph_advance(face: FontFace, glyph: int) -> float:
    """Return the advance of `glyph` without any kerning, in em."""
    font = load_font(face)
    return float(font.hb_font.get_glyph_h_advance(glyph)) / font.units_per_em
