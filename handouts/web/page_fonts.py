"""The typeface of a page: for each face only the letters that the page has, as WOFF inside the style sheet.

WOFF 1.0 (W3C, 2012) needs nothing but zlib; WOFF2 would be a quarter smaller and need one more library.
"""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterable

from handouts.render_cache import RenderCache
from handouts.text.fonts import PRINT_FAMILY, FontFace, faces_of_characters, family_in, subset_characters
from handouts.theme import Theme

_ENTRY, _WOFF_HEADER, _WOFF_ENTRY = ">4s3I", ">4s2I2HI2H5I", ">4s4I"
_WEIGHTS = ((False, 400), (True, 700))


def font_rules(words: str, theme: Theme, cache: RenderCache) -> tuple[str, str]:
    """Return the rules that bring the letters of `words`, and the names of the faces in the order to try them."""
    family = family_in(theme.typeface, PRINT_FAMILY)
    rules, names = [], dict[str, None]()
    for bold, weight in _WEIGHTS:
        for face, characters in faces_of_characters(words, family, bold=bold):
            key = ("web font", face.name, id(face), characters)
            content = cache.get_or_compute(key, lambda face=face, shown=characters: _encoded_face(face, shown))  # type: ignore[misc]
            name = f"page{family.faces(bold).index(face) + 1}"
            names[name] = None
            rules.append(
                f"@font-face{{font-family:{name};font-weight:{weight};"
                f"src:url(data:font/woff;base64,{content}) format('woff')}}"
            )
    return "\n".join(rules), ",".join(names)


def _encoded_face(face: FontFace, characters: Iterable[str]) -> str:
    """Return the font file of a face with only some characters, as text."""
    return b64encode(woff_of(subset_characters(face, characters, shaped=True))).decode("ascii")


def woff_of(font: bytes) -> bytes:
    """Return a TrueType or OpenType file as WOFF 1.0: each of its tables compressed."""
    flavour, count = struct.unpack_from(">4sH", font)
    entries, tables = [], b""
    place = struct.calcsize(_WOFF_HEADER) + count * struct.calcsize(_WOFF_ENTRY)
    size = 12 + 16 * count
    for number in range(count):
        tag, checksum, offset, length = struct.unpack_from(_ENTRY, font, 12 + 16 * number)
        table = font[offset : offset + length]
        packed = zlib.compress(table, 9)
        stored = packed if len(packed) < length else table
        entries.append(struct.pack(_WOFF_ENTRY, tag, place + len(tables), len(stored), length, checksum))
        tables += stored + bytes(-len(stored) % 4)
        size += length + -length % 4
    whole = place + len(tables)
    header = struct.pack(_WOFF_HEADER, b"wOFF", int.from_bytes(flavour, "big"), whole, count, 0, size, 1, 0, *(0,) * 5)
    return header + b"".join(entries) + tables
