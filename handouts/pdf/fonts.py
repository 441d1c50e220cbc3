"""Glyph runs in, text operators and embedded fonts out: subsets with two-byte codes that know what they say.

A code stands for one glyph that shows certain characters, so that copied text reads as written even where one glyph
serves for two characters. A `FontBook` belongs to one file. Measures nothing: advances are the glyph run's.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from handouts.pdf.objects import File, stream
from handouts.text import Face, Glyph, GlyphRun, Piece
from handouts.text.subsetting import measures_of, natural_width, subset_face

# What a further glyph of a cluster says: nothing that a person sees, and still something, as ISO 14289-1, 7.21.7 asks.
NOTHING = "\u200b"
FORBIDDEN = str.maketrans("", "", "\x00\ufeff\ufffe")
BLOCK = 100
SYMBOLIC, NONSYMBOLIC = 4, 32

CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
CMAP_FOOT = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@dataclass(slots=True)
class Font:
    """One face in one file: the name that pages call it by, its codes, and the pieces that have been shown with them.

    A code is four hexadecimal digits.
    """

    name: str
    face: Face
    codes: dict[Glyph, str] = field(default_factory=dict)
    shown: dict[Piece, tuple[str, float]] = field(default_factory=dict)

    def code(self, glyph: Glyph) -> str:
        """Return the code of `glyph`. ValueError for the glyph of a missing character."""
        known = self.codes.get(glyph)
        if known:
            return known
        if not glyph.id:
            raise ValueError(f"{self.face.name} has no glyph for {glyph.text!r}")
        self.codes[glyph] = new = f"{len(self.codes) + 1:04X}"
        return new


@dataclass(slots=True)
class FontBook:
    """The fonts of one file, in the order of their first use."""

    fonts: dict[Face, Font] = field(default_factory=dict)

    def font(self, face: Face) -> Font:
        """Return the font for `face`."""
        if face not in self.fonts:
            self.fonts[face] = Font(f"F{len(self.fonts)}", face)
        return self.fonts[face]


def show(run: GlyphRun, font: Font) -> str:
    """Return the operator that shows `run`; kerning and spacing are moves between the glyphs."""
    parts: list[str] = []
    drift = 0.0
    for piece in run.pieces:
        known = None if drift else font.shown.get(piece)
        if known is None:
            known = coded(piece, run.size, font, drift)
            if not drift:
                font.shown[piece] = known
        part, drift = known
        parts.append(part)
    return f"[<{''.join(parts)}>]TJ".replace("<>", "")


def coded(piece: Piece, size: float, font: Font, drift: float) -> tuple[str, float]:
    """Return the codes of `piece` with the moves between them, and how far it then is from where it should be.

    A move is a whole number of thousandths; what it leaves over is carried on, so that no line grows by rounding.
    """
    parts: list[str] = []
    for glyph, beyond in zip(piece.glyphs, beyond_widths(piece, size), strict=True):
        parts.append(font.codes.get(glyph) or font.code(glyph))
        drift += beyond
        if not -0.5 <= drift <= 0.5:
            move = round(drift)
            parts.append(f">{-move}<")
            drift -= move
    return "".join(parts), drift


@lru_cache(maxsize=20_000)
def beyond_widths(piece: Piece, size: float) -> tuple[float, ...]:
    """Return by how many thousandths of `size` each glyph goes on beyond its own width, to a millionth of them."""
    return tuple(
        round(advance * 1000 / size - width_of(piece.face, glyph), 6)
        for glyph, advance in zip(piece.glyphs, piece.advances, strict=True)
    )


def width_of(face: Face, glyph: Glyph) -> int:
    """Return the width of `glyph` as a file gives it: in thousandths of the size, without kerning."""
    return round(natural_width(face, glyph.id) * 1000)


def embed_fonts(book: FontBook, file: File) -> None:
    """Write all fonts of `book` into `file`."""
    for font in book.fonts.values():
        file.add_font(font.name, file.add(font_of(font, file)))


def font_of(font: Font, file: File) -> str:
    """Return the Type 0 font of `font`, its parts written (ISO 32000-1, 9.7)."""
    subset = subset_face(font.face, [glyph.id for glyph in font.codes])
    name = f"{tag_of(subset.program)}+{font.face.name}"
    glyphs = [0, *(subset.numbers[glyph.id] for glyph in font.codes)]
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {file.add(descriptor(font.face, name, file, subset.program))}"
        f"/CIDToGIDMap {file.add(stream(struct.pack(f'>{len(glyphs)}H', *glyphs)))}"
        f"/W[1[{' '.join(str(width_of(font.face, glyph)) for glyph in font.codes)}]]>>"
    )
    characters = file.add(stream(to_unicode(font).encode("ascii")))
    return (
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant}]/ToUnicode {characters}>>"
    )


def descriptor(face: Face, name: str, file: File, program: bytes, flags: int = SYMBOLIC) -> str:
    """Return the font descriptor of `face`, its program written (ISO 32000-1, 9.8)."""
    measures = measures_of(face)
    box = " ".join(str(each) for each in measures.box)
    return (
        f"<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{box}]/ItalicAngle 0"
        f"/Ascent {measures.ascent}/Descent {measures.descent}/CapHeight {measures.cap_height}/StemV 80"
        f"/FontFile2 {file.add(stream(program, f'/Length1 {len(program)}'))}>>"
    )


def tag_of(program: bytes) -> str:
    """Return six capitals that name a subset (ISO 32000-1, 9.6.4)."""
    digest = hashlib.sha256(program).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def to_unicode(font: Font) -> str:
    """Return the character map that says what each code shows (ISO 32000-1, 9.10.3)."""
    lines = [f"<{code}> <{shown_by(glyph.text)}>" for glyph, code in font.codes.items()]
    blocks = "".join(
        f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in in_blocks(lines, BLOCK)
    )
    return CMAP_HEAD + blocks + CMAP_FOOT


def shown_by(text: str) -> str:
    """Return the characters of `text` as hexadecimal UTF-16."""
    return (text.translate(FORBIDDEN) or NOTHING).encode("utf-16-be").hex().upper()


def in_blocks(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield `lines` in blocks of at most `size`."""
    return (lines[start : start + size] for start in range(0, len(lines), size))
