"""Fonts in PDF syntax: a code for each glyph of a file, embedded subsets, and the font of form fields.

A two-byte code stands for a glyph and the characters that it shows, so that copied text reads as written. The fonts
are collected from the whole plan before a page is painted. Advances come from the glyph runs; nothing is measured here.
"""

from __future__ import annotations

import hashlib
import string
import struct
from collections.abc import Iterable, Mapping
from functools import partial

from msgspec import Struct

from handouts.layout.page_model import PagePlan, TextItem, leaf_items
from handouts.pdf.objects import PdfFile, stream_object
from handouts.render_cache import RenderCache
from handouts.text.fonts import (
    PRINT_FAMILY,
    FontFace,
    Glyph,
    glyph_advance,
    load_font,
    nominal_glyph,
    subset_characters,
    subset_face,
)
from handouts.text.line_breaking import GlyphPiece, GlyphRun

# The text of the second and further glyphs of a cluster: invisible but not empty, as ISO 14289-1, 7.21.7 requires.
_INVISIBLE_CHARACTER = "\u200b"
_FORBIDDEN_CHARACTERS = str.maketrans("", "", "\x00\ufeff\ufffe")
# A face that shows one of these embeds them all, so that the copies of a file for many recipients share their fonts.
_ALWAYS_EMBEDDED = frozenset(string.ascii_letters + string.digits)
_CHARS_PER_BLOCK = 100
_FIRST_PRIVATE_CODE = 0xE000
_SYMBOLIC, _NONSYMBOLIC = 4, 32

_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_FOOT = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class EmbeddedFont(Struct, frozen=True):
    """One face in one file: the code of each glyph, as four hexadecimal digits, and its width in thousandths of an em.

    Content streams refer to it by `name`. The codes of `private` glyphs depend on what else the file shows.
    """

    name: str
    face: FontFace
    codes: Mapping[Glyph, str]
    widths: Mapping[Glyph, int]
    private: tuple[Glyph, ...]


def fonts_of_plan(plan: PagePlan) -> dict[FontFace, EmbeddedFont]:
    """Return the fonts that `plan` needs, in the order of their first use."""
    pieces: dict[GlyphPiece, FontFace] = {}
    for page in plan.pages:
        for item in leaf_items(page.items):
            if isinstance(item, TextItem):
                pieces.update(dict.fromkeys(item.run.pieces, item.run.face))
    shown: dict[FontFace, set[Glyph]] = {}
    for piece, face in pieces.items():
        shown.setdefault(face, set()).update(piece.glyphs)
    return {face: _embedded_font(f"F{number}", face, glyphs) for number, (face, glyphs) in enumerate(shown.items())}


def _embedded_font(name: str, face: FontFace, glyphs: set[Glyph]) -> EmbeddedFont:
    """Return the font that shows `glyphs` of `face`. ValueError if `face` lacks a character."""
    missing = [glyph.text for glyph in glyphs if not glyph.id]
    if missing:
        raise ValueError(f"{face.name} has no glyph for {missing[0]!r}")
    letters = any(glyph.text in _ALWAYS_EMBEDDED for glyph in glyphs)
    usual = {Glyph(nominal_glyph(face, each), each) for each in _ALWAYS_EMBEDDED} if letters else set()
    codes = {glyph: _stable_code(face, glyph) for glyph in glyphs | {glyph for glyph in usual if glyph.id}}
    private = tuple(sorted(glyph for glyph, code in codes.items() if not code))
    codes |= {glyph: f"{_FIRST_PRIVATE_CODE + number:04X}" for number, glyph in enumerate(private)}
    widths = {glyph: round(glyph_advance(face, glyph.id) * 1000) for glyph in codes}
    return EmbeddedFont(name, face, codes, widths, private)


def _stable_code(face: FontFace, glyph: Glyph) -> str:
    """Return the code of the usual glyph of a single character, the same in every file; "" for any other glyph.

    It is the code point plus 1: a program that takes codes for characters then reads obvious nonsense.
    """
    code = ord(glyph.text) + 1 if len(glyph.text) == 1 else 0
    stable = 1 < code < _FIRST_PRIVATE_CODE and nominal_glyph(face, glyph.text) == glyph.id
    return f"{code:04X}" if stable else ""


def show_glyphs(run: GlyphRun, font: EmbeddedFont) -> str:
    """Return the operator that shows `run`, with kerning and spacing as adjustments between the glyphs.

    An adjustment is a whole number of thousandths of the size; the rest is carried to the next glyph, so that rounding
    errors do not add up.
    """
    parts: list[str] = []
    codes, widths, scale, drift = font.codes, font.widths, 1000 / run.size, 0.0
    for piece in run.pieces:
        for glyph, advance in zip(piece.glyphs, piece.advances, strict=True):
            parts.append(codes[glyph])
            drift += advance * scale - widths[glyph]
            if not -0.5 <= drift <= 0.5:
                move = round(drift)
                parts.append(f">{-move}<")
                drift -= move
    return f"[<{''.join(parts)}>]TJ".replace("<>", "")


def embed_fonts(fonts: Mapping[FontFace, EmbeddedFont], file: PdfFile, cache: RenderCache) -> None:
    """Write all `fonts` into `file`; the streams that files with the same characters share come from `cache`."""
    for face, font in fonts.items():
        codes = tuple(sorted((code, glyph) for glyph, code in font.codes.items()))
        parts = cache.get_or_compute(("font parts", face, codes), partial(_font_parts, font, codes))
        file.add_font(font.name, file.add(_font_dictionary(face, parts, file)))


def _font_dictionary(face: FontFace, parts: _FontParts, file: PdfFile) -> str:
    """Write the `parts` of a font, and return its dictionary, a Type 0 font (ISO 32000-1, 9.7)."""
    name = f"{parts.tag}+{face.name}"
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {file.add(_font_descriptor(face, name, file.add(parts.program)))}"
        f"/CIDToGIDMap {file.add(parts.numbers)}/W[{parts.widths}]>>"
    )
    return (
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant}]/ToUnicode {file.add(parts.characters)}>>"
    )


class _FontParts(Struct, frozen=True):
    """What a file embeds of a face: a tag for its name, its program, and the streams and widths by code.

    `numbers` maps codes to glyphs of the program, `characters` maps codes to text.
    """

    tag: str
    program: bytes
    numbers: bytes
    widths: str
    characters: bytes


def _font_parts(font: EmbeddedFont, codes: tuple[tuple[str, Glyph], ...]) -> _FontParts:
    """Return what a file embeds to show the glyphs of `font`; `codes` are sorted, streams are complete objects."""
    subset = subset_face(font.face, [glyph.id for _, glyph in codes])
    numbers = [0] * (int(codes[-1][0], 16) + 1)
    for code, glyph in codes:
        numbers[int(code, 16)] = subset.numbers[glyph.id]
    return _FontParts(
        _subset_tag(subset.program),
        _program_stream(subset.program),
        stream_object(struct.pack(f">{len(numbers)}H", *numbers)),
        "".join(f"{int(code, 16)}[{font.widths[glyph]}]" for code, glyph in codes),
        stream_object(_to_unicode_map(codes).encode("ascii")),
    )


def _program_stream(program: bytes) -> bytes:
    """Return a font program as a stream object."""
    return stream_object(program, f"/Length1 {len(program)}")


def _font_descriptor(face: FontFace, name: str, program: str, flags: int = _SYMBOLIC) -> str:
    """Return the font descriptor of `face` (ISO 32000-1, 9.8); `program` is the reference to the embedded program."""
    measures = load_font(face).metrics
    box = " ".join(str(each) for each in measures.box)
    return (
        f"<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{box}]/ItalicAngle 0"
        f"/Ascent {measures.ascent}/Descent {measures.descent}/CapHeight {measures.cap_height}/StemV 80"
        f"/FontFile2 {program}>>"
    )


def _subset_tag(program: bytes) -> str:
    """Return the six capital letters that prefix the name of a subset (ISO 32000-1, 9.6.4)."""
    digest = hashlib.sha256(program).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _to_unicode_map(codes: Iterable[tuple[str, Glyph]]) -> str:
    """Return the CMap from codes to text (ISO 32000-1, 9.10.3)."""
    lines = [f"<{code}> <{_utf16_hex(glyph.text)}>" for code, glyph in codes]
    blocks = [lines[start : start + _CHARS_PER_BLOCK] for start in range(0, len(lines), _CHARS_PER_BLOCK)]
    mapped = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    return _CMAP_HEAD + mapped + _CMAP_FOOT


def _utf16_hex(text: str) -> str:
    """Return the characters of `text` as hexadecimal UTF-16."""
    return (text.translate(_FORBIDDEN_CHARACTERS) or _INVISIBLE_CHARACTER).encode("utf-16-be").hex().upper()


_FIRST_TYPED_CODE, _LAST_TYPED_CODE = 32, 255
_TYPED_ENCODING = "cp1252"


def write_form_font(file: PdfFile) -> str:
    """Write a TrueType font of one-byte codes and return the reference to it (ISO 32000-1, 9.6.3 and D.2)."""
    face = PRINT_FAMILY.regular[0]
    codes = range(_FIRST_TYPED_CODE, _LAST_TYPED_CODE + 1)
    characters = [bytes([code]).decode(_TYPED_ENCODING, "ignore") for code in codes]
    program = subset_characters(face, [each for each in characters if each])
    name = f"{_subset_tag(program)}+{face.name}"
    widths = " ".join(
        str(round(glyph_advance(face, nominal_glyph(face, each)) * 1000) if each else 0) for each in characters
    )
    descriptor = file.add(_font_descriptor(face, name, file.add(_program_stream(program)), _NONSYMBOLIC))
    return file.add(
        f"<</Type/Font/Subtype/TrueType/BaseFont/{name}/Encoding/WinAnsiEncoding/FirstChar {_FIRST_TYPED_CODE}"
        f"/LastChar {_LAST_TYPED_CODE}/Widths[{widths}]/FontDescriptor {descriptor}>>"
    )
