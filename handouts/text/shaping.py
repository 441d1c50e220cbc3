"""Words shaped with HarfBuzz: glyphs with kerning and ligatures, and their advances in em.

Left to right only; the caller reports text that runs the other way.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import uharfbuzz as hb
from msgspec import Struct

from handouts.text.fonts import FontFace, FontFamily, face_for, load_font


class Glyph(NamedTuple):
    """One glyph: its number in the font, and the characters that it shows."""

    id: int
    text: str


class ShapedRun(Struct, frozen=True):
    """Glyphs of one face, left to right, with their advances in em."""

    face: FontFace
    glyphs: tuple[Glyph, ...]
    advances: tuple[float, ...]


def shape_word(word: str, family: FontFamily, bold: bool) -> tuple[ShapedRun, ...]:
    """Return the glyphs of `word`, one `ShapedRun` for each stretch that one face can show."""
    return tuple(shape_run(part, face) for part, face in _split_by_face(word, family, bold))


def _split_by_face(word: str, family: FontFamily, bold: bool) -> Iterator[tuple[str, FontFace]]:
    """Yield the stretches of `word` that one face can show; what no face has stays with the first face."""
    first = family.faces(bold)[0]
    for face, stretch in groupby(word, key=lambda character: face_for(family, bold, character) or first):
        yield "".join(stretch), face


def shape_run(text: str, face: FontFace) -> ShapedRun:
    """Return the glyphs that `face` shows for `text`."""
    font = load_font(face)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "ltr"
    hb.shape(font.hb_font, buffer)
    em = font.units_per_em
    starts = [info.cluster for info in buffer.glyph_infos]
    numbered = enumerate(buffer.glyph_infos)
    glyphs = (Glyph(info.codepoint, _cluster_text(text, starts, index)) for index, info in numbered)
    return ShapedRun(face, tuple(glyphs), tuple(position.x_advance / em for position in buffer.glyph_positions))


def _cluster_text(text: str, starts: list[int], index: int) -> str:
    """Return the characters of the cluster that begins at glyph `index`; "" for its further glyphs."""
    start = starts[index]
    if index and starts[index - 1] == start:
        return ""
    end = next((each for each in starts[index:] if each != start), len(text))
    return text[start:end]
