"""Compress the parts of a package one by one, and join compressed parts into a zip file.

`zipfile` can only write what it compresses itself: 21 ms for all parts of a deck, while everything else in one more
recipient's copy takes 9 ms. Dates are fixed, so the same parts give the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from msgspec import Struct

_COMPRESSION_LEVEL = 6
_VERSION, _DEFLATED = 20, 8
_MSDOS_EPOCH = 0x0021_0000  # 1 January 1980, 0 o'clock, as MS-DOS writes it
_LOCAL_SIGNATURE, _CENTRAL_SIGNATURE, _END_SIGNATURE = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_OWNER_PERMISSIONS = 0o600 << 16


class PackedPart(Struct, frozen=True):
    """The compressed bytes of a part, its checksum and its size."""

    content: bytes
    checksum: int
    size: int


def pack_part(content: bytes) -> PackedPart:
    """Return a part compressed for a zip file."""
    packer = zlib.compressobj(_COMPRESSION_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return PackedPart(packer.compress(content) + packer.flush(), zlib.crc32(content), len(content))


def zip_parts(parts: Mapping[str, PackedPart]) -> bytes:
    """Return a zip file of `parts` in their order; their names must be ASCII (APPNOTE.TXT, 4.3)."""
    members: list[bytes] = []
    directory: list[bytes] = []
    position = 0
    for name, part in parts.items():
        file = name.encode("ascii")
        header = struct.pack(
            "<3H4L2H", _VERSION, 0, _DEFLATED, _MSDOS_EPOCH, part.checksum, len(part.content), part.size, len(file), 0
        )
        place = struct.pack("<3H2L", 0, 0, 0, _OWNER_PERMISSIONS, position)
        members += (_LOCAL_SIGNATURE, header, file, part.content)
        directory += (_CENTRAL_SIGNATURE, struct.pack("<H", _VERSION), header, place, file)
        position += len(_LOCAL_SIGNATURE) + len(header) + len(file) + len(part.content)
    size = sum(map(len, directory))
    end = struct.pack("<4H2LH", 0, 0, len(parts), len(parts), size, position, 0)
    return b"".join((*members, *directory, _END_SIGNATURE, end))
