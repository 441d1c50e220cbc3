"""Fonts in PDF syntax: text operators for glyph runs, embedded subsets, and the font of the fields of a form.

A two-byte code stands for one glyph that shows certain characters, so that copied text reads as written; most
codes are the same in every file. Advances are those of the glyph run; nothing is measured here.
"""

from __future__ import annotations

import hashlib
import string
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct, field

from handouts.pdf.objects import PdfFile, stream_object
from handouts.text.fonts import PRINT_FAMILY, FontFace, load_font
from handouts.text.line_breaking import GlyphPiece, GlyphRun
from handouts.text.shaping import Glyph
from handouts.text.subsetting import (
    character_width,
    glyph_advance,
    nominal_glyph,
    subset_characters,
    subset_face,
)

# What a further glyph of a cluster says: nothing that a person sees, and still something, as ISO 14289-1, 7.21.7 asks.
INVISIBLE_CHARACTER = "\u200b"
FORBIDDEN_CHARACTERS = str.maketrans("", "", "\x00\ufeff\ufffe")
ALWAYS_EMBEDDED = string.ascii_letters + string.digits
CHARS_PER_BLOCK = 100
FIRST_PRIVATE_CODE = 0xE000  # where characters that mean nothing to others begin
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


class EmbeddedFont(Struct):
    """One face in one file: the name that pages call it by, and the glyphs that they show.

    A code is four hexadecimal digits, for most glyphs their own in every file; `others` are codes of this file alone.
    """

    name: str
    face: FontFace
    glyphs: set[Glyph] = field(default_factory=set)
    others: dict[Glyph, str] = field(default_factory=dict)

    def code(self, glyph: Glyph) -> str:
        """Return the code of `glyph`. ValueError for the glyph of a missing character."""
        own = stable_code(self.face, glyph)
        if own:
            self.glyphs.add(glyph)
            return own
        if not glyph.id:
            raise ValueError(f"{self.face.name} has no glyph for {glyph.text!r}")
        return self.others.setdefault(glyph, f"{FIRST_PRIVATE_CODE + len(self.others):04X}")

    @property
    def codes(self) -> tuple[tuple[str, Glyph], ...]:
        """The codes of all glyphs that are shown, in order; of a face that shows letters, of all usual ones."""
        letters = any(glyph.text in ALWAYS_EMBEDDED for glyph in self.glyphs)
        own = (
            (stable_code(self.face, glyph), glyph)
            for glyph in self.glyphs.union(always_embedded_glyphs(self.face) if letters else ())
        )
        return tuple(sorted((*own, *((code, glyph) for glyph, code in self.others.items()))))


class FileFonts(Struct):
    """The fonts of one file, in the order of their first use."""

    fonts: dict[FontFace, EmbeddedFont] = field(default_factory=dict)

    def font(self, face: FontFace) -> EmbeddedFont:
        """Return the font for `face`."""
        if face not in self.fonts:
            self.fonts[face] = EmbeddedFont(f"F{len(self.fonts)}", face)
        return self.fonts[face]


class StableOperator(Struct, frozen=True):
    """An operator that shows `glyphs` by codes that they have in every file.

    One of the usual glyphs stands for all that are shown: a file that has one has them all.
    """

    operator: str
    glyphs: frozenset[Glyph]


def show_run(run: GlyphRun, font: EmbeddedFont) -> str:
    """Return the operator that shows `run`; kerning and spacing are moves between the glyphs."""
    shown = operator_of_stable_codes(run.pieces, run.size)
    if shown is None:
        return text_operator(run.pieces, run.size, font.code)
    font.glyphs |= shown.glyphs
    return shown.operator


# The lines of one file stand in the next one too; those of three readers are some eight hundred.
@lru_cache(maxsize=1600)
def operator_of_stable_codes(pieces: tuple[GlyphPiece, ...], size: float) -> StableOperator | None:
    """Return the operator that shows `pieces`; None if one of their glyphs needs a code that only its file gives it."""
    face = pieces[0].face
    codes = {glyph: stable_code(face, glyph) for piece in pieces for glyph in piece.glyphs}
    if not all(codes.values()):
        return None
    usual = always_embedded_glyphs(face).intersection(codes)
    return StableOperator(
        text_operator(pieces, size, codes.__getitem__), frozenset(codes) - usual | frozenset(sorted(usual)[:1])
    )


def text_operator(pieces: Iterable[GlyphPiece], size: float, code: Callable[[Glyph], str]) -> str:
    """Return the operator that shows `pieces`.

    A move is a whole number of thousandths; what it leaves over is carried on, so that no line grows by rounding.
    """
    parts: list[str] = []
    drift = 0.0
    for piece in pieces:
        for glyph, beyond in zip(piece.glyphs, advance_corrections(piece, size), strict=True):
            parts.append(code(glyph))
            drift += beyond
            if not -0.5 <= drift <= 0.5:
                move = round(drift)
                parts.append(f">{-move}<")
                drift -= move
    return f"[<{''.join(parts)}>]TJ".replace("<>", "")


# Copies for many differ in a name, and have the same fonts for all that.
@lru_cache(maxsize=32)
def always_embedded_glyphs(face: FontFace) -> frozenset[Glyph]:
    """Return the glyphs of the usual letters and digits by themselves."""
    glyphs = (Glyph(nominal_glyph(face, character), character) for character in ALWAYS_EMBEDDED)
    return frozenset(glyph for glyph in glyphs if stable_code(face, glyph))


@lru_cache(maxsize=4000)
def stable_code(face: FontFace, glyph: Glyph) -> str:
    """Return the code of the one character that `glyph` shows by itself; "" if it shows another one, none or several.

    It is the number after that of the character: who takes codes for characters reads nonsense, and is found out.
    """
    code = ord(glyph.text) + 1 if len(glyph.text) == 1 else 0
    own = 1 < code < FIRST_PRIVATE_CODE and glyph.id and nominal_glyph(face, glyph.text) == glyph.id
    return f"{code:04X}" if own else ""


@lru_cache(maxsize=3000)
def advance_corrections(piece: GlyphPiece, size: float) -> tuple[float, ...]:
    """Return by how many thousandths of `size` each glyph goes on beyond its own width, to a millionth of them."""
    return tuple(
        round(advance * 1000 / size - glyph_width(piece.face, glyph), 6)
        for glyph, advance in zip(piece.glyphs, piece.advances, strict=True)
    )


def glyph_width(face: FontFace, glyph: Glyph) -> int:
    """Return the width of `glyph` as a file gives it: in thousandths of the size, without kerning."""
    return round(glyph_advance(face, glyph.id) * 1000)


def embed_fonts(book: FileFonts, file: PdfFile) -> None:
    """Write all fonts of `book` into `file`."""
    for font in book.fonts.values():
        file.add_font(font.name, file.add(font_dictionary(font, file)))


def font_dictionary(font: EmbeddedFont, file: PdfFile) -> str:
    """Return the Type 0 font of `font`, its parts written (ISO 32000-1, 9.7)."""
    face, parts = font.face, font_parts(font.face, font.codes)
    name = f"{parts.tag}+{face.name}"
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {file.add(font_descriptor(face, name, file.add(parts.program)))}"
        f"/CIDToGIDMap {file.add(parts.numbers)}/W[{parts.widths}]>>"
    )
    return (
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant}]/ToUnicode {file.add(parts.characters)}>>"
    )


class FontParts(Struct, frozen=True):
    """What a file embeds of a face: a tag for its name, the program; each code's number in it, width and meaning."""

    tag: str
    program: bytes
    numbers: bytes
    widths: str
    characters: bytes


# Files with the same characters embed the same fonts.
@lru_cache(maxsize=64)
def font_parts(face: FontFace, codes: tuple[tuple[str, Glyph], ...]) -> FontParts:
    """Return what a file embeds that shows glyphs of `face` by these codes, streams as objects."""
    subset = subset_face(face, [glyph.id for _, glyph in codes])
    numbers = [0] * (int(codes[-1][0], 16) + 1)
    for code, glyph in codes:
        numbers[int(code, 16)] = subset.numbers[glyph.id]
    return FontParts(
        subset_tag(subset.program),
        program_stream(subset.program),
        stream_object(struct.pack(f">{len(numbers)}H", *numbers)),
        "".join(f"{int(code, 16)}[{glyph_width(face, glyph)}]" for code, glyph in codes),
        stream_object(to_unicode_map(codes).encode("ascii")),
    )


def program_stream(program: bytes) -> bytes:
    """Return a font program as an object."""
    return stream_object(program, f"/Length1 {len(program)}")


def font_descriptor(face: FontFace, name: str, program: str, flags: int = SYMBOLIC) -> str:
    """Return the font descriptor of `face`; `program` is the reference to what is embedded (ISO 32000-1, 9.8)."""
    measures = load_font(face).metrics
    box = " ".join(str(each) for each in measures.box)
    return (
        f"<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{box}]/ItalicAngle 0"
        f"/Ascent {measures.ascent}/Descent {measures.descent}/CapHeight {measures.cap_height}/StemV 80"
        f"/FontFile2 {program}>>"
    )


def subset_tag(program: bytes) -> str:
    """Return six capitals that name a subset (ISO 32000-1, 9.6.4)."""
    digest = hashlib.sha256(program).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def to_unicode_map(codes: Iterable[tuple[str, Glyph]]) -> str:
    """Return the character map that says what each code shows (ISO 32000-1, 9.10.3)."""
    lines = [f"<{code}> <{utf16_hex(glyph.text)}>" for code, glyph in codes]
    blocks = "".join(
        f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in chunks_of(lines, CHARS_PER_BLOCK)
    )
    return CMAP_HEAD + blocks + CMAP_FOOT


def utf16_hex(text: str) -> str:
    """Return the characters of `text` as hexadecimal UTF-16."""
    return (text.translate(FORBIDDEN_CHARACTERS) or INVISIBLE_CHARACTER).encode("utf-16-be").hex().upper()


def chunks_of(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield `lines` in blocks of at most `size`."""
    return (lines[start : start + size] for start in range(0, len(lines), size))


FIRST_TYPED_CODE, LAST_TYPED_CODE = 32, 255
TYPED_ENCODING = "cp1252"


def write_form_font(file: PdfFile) -> str:
    """Write a TrueType font of one-byte codes and return the reference to it (ISO 32000-1, 9.6.3 and D.2)."""
    face = PRINT_FAMILY.regular[0]
    characters = [character_of_code(code) for code in range(FIRST_TYPED_CODE, LAST_TYPED_CODE + 1)]
    program = subset_characters(face, [each for each in characters if each])
    name = f"{subset_tag(program)}+{face.name}"
    widths = " ".join(str(round(character_width(face, each) * 1000) if each else 0) for each in characters)
    embedded = file.add(program_stream(program))
    return file.add(
        f"<</Type/Font/Subtype/TrueType/BaseFont/{name}/Encoding/WinAnsiEncoding/FirstChar {FIRST_TYPED_CODE}/LastChar {LAST_TYPED_CODE}"
        f"/Widths[{widths}]/FontDescriptor {file.add(font_descriptor(face, name, embedded, NONSYMBOLIC))}>>"
    )


def character_of_code(code: int) -> str:
    """Return the character of a code, "" if it has none."""
    return bytes([code]).decode(TYPED_ENCODING, "ignore")
