"""Unpack the files of office programs, such as a workbook or a Word file, within bounds on size.

Bytes in; the names and bytes of the pieces out. What such a program does not write is refused: odd compression, a
name that is there twice, XML with entities, comments or another encoding than UTF-8. Parses nothing.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from msgspec import Struct

from handouts.finding import Finding, HandoutError, Location, error

OLE_SIGNATURE, ZIP_SIGNATURE = b"\xd0\xcf\x11\xe0", b"PK"
MAX_UNPACKED_BYTES, MAX_PACKAGE_PARTS, _CHUNK_BYTES = 30_000_000, 1_000, 65_536
# What zipfile raises for a package that is broken, or has a password.
BROKEN_PACKAGE = (BadZipFile, OSError, EOFError, ValueError, LookupError, RuntimeError, zlib.error)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# A DOCTYPE and entities, comments and instructions, other encodings than UTF-8: no office program writes them.
_UNSAFE_XML = re.compile(
    rb"""\0|<!|(?!^)<\?|^\s*<\?xml[^>]*encoding\s*=\s*["'](?!(?:utf-8|us-ascii)["'])""", re.IGNORECASE
)


class OfficeFile(Struct, frozen=True):
    """How messages speak of a file: what it is, the program that writes it, and what to do if it is too large.

    `code` is that of the finding for a file that is none.
    """

    path: str
    what: str
    program: str
    code: str
    shorten: str

    def too_large(self, problem: str) -> Finding:
        """Return the finding for a file with too much in it."""
        return error("too-large", f"This {self.what} {problem}.", Location(self.path), self.shorten)

    def not_written_so(self) -> Finding:
        """Return the finding for a package that its program has not written."""
        message = f"{self.program} has not written this."
        return error(self.code, message, Location(self.path), f"save it anew in {self.program}")


def unpack_parts(content: bytes, file: OfficeFile, endings: tuple[str, ...] = ("",)) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each piece whose name has one of some endings.

    HandoutError when they are larger than the limit. The errors of `BROKEN_PACKAGE` are for the caller to catch.
    """
    with ZipFile(io.BytesIO(content)) as package:
        pieces = package.infolist()
        if len(pieces) > MAX_PACKAGE_PARTS:
            raise HandoutError(file.too_large(f"has {len(pieces)} pieces, and {MAX_PACKAGE_PARTS} are the most"))
        usual = all(piece.compress_type in (ZIP_STORED, ZIP_DEFLATED) for piece in pieces)
        if len({piece.filename for piece in pieces}) < len(pieces) or not usual:
            raise HandoutError(file.not_written_so())
        room = MAX_UNPACKED_BYTES
        for piece in pieces:
            if not piece.filename.endswith(endings):
                continue
            found = bytearray()
            with package.open(piece) as packed:
                while step := packed.read(_CHUNK_BYTES):
                    found += step
                    if len(found) > room:
                        raise HandoutError(file.too_large(f"unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB"))
            room -= len(found)
            yield piece.filename, bytes(found)


def is_unsafe_xml(text: bytes) -> bool:
    """True if a piece of XML holds what no office program writes, and what could do harm or hide words."""
    return bool(_UNSAFE_XML.search(text.removeprefix(BYTE_ORDER_MARK)))
