"""Parts in, a zip file out: in a fixed order with a fixed date, so that the same parts give the same bytes everywhere.

Most parts of a deck are those of another one: each is packed once, and put into every file as it is.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO

from msgspec import Struct

COMPRESSION = 6
VERSION, DEFLATED = 20, 8
FIRST_DAY = 0x0021_0000  # 1 January 1980, 0 o'clock, as MS-DOS writes it
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02" + struct.pack("<H", VERSION), b"PK\x05\x06"
OWNER_ALONE = 0o600 << 16
HEAD = struct.pack("<3HL", VERSION, 0, DEFLATED, FIRST_DAY)
LENGTHS, PLACE = struct.Struct("<2H"), struct.Struct("<3H2L")


class Packed(Struct, frozen=True):
    """The compressed bytes of a part, and what a zip file says of it: its checksum and its sizes."""

    content: bytes
    summary: bytes


# Decks of three readers have some four hundred parts.
@lru_cache(maxsize=480)
def packed(content: bytes) -> Packed:
    """Return a part as a zip file holds it."""
    packer = zlib.compressobj(COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    small = packer.compress(content) + packer.flush()
    return Packed(small, struct.pack("<3L", zlib.crc32(content), len(small), len(content)))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return `parts`, whose names are plain ASCII, as a zip file in their order (APPNOTE.TXT, 4.3)."""
    members: list[bytes] = []
    entries: list[bytes] = []
    position = 0
    for name, content in parts.items():
        each, file = packed(content), name.encode("ascii")
        start = HEAD + each.summary + LENGTHS.pack(len(file), 0)
        members += (LOCAL, start, file, each.content)
        entries += (CENTRAL, start, PLACE.pack(0, 0, 0, OWNER_ALONE, position), file)
        position += len(LOCAL) + len(start) + len(file) + len(each.content)
    directory = b"".join(entries)
    end = struct.pack("<4H2LH", 0, 0, len(parts), len(parts), len(directory), position, 0)
    return b"".join((*members, directory, END, end))


def unzipped(package: bytes) -> dict[str, bytes]:
    """Return the parts of a zip file: first what says what the others are, the others by their names."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist(), key=rank)}


def rank(name: str) -> tuple[bool, bool, str]:
    """Return where a part stands in the file."""
    return name != "[Content_Types].xml", name != "_rels/.rels", name
