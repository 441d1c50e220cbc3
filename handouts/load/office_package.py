"""Unpack Office files, such as a workbook or a Word file, within bounds on size.

Takes bytes; yields the names and bytes of the parts. Anything an Office program does not write is refused: unusual
compression, duplicate names, XML with entities, comments or another encoding than UTF-8. Parses nothing.
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
# What zipfile raises for a broken or encrypted package.
BROKEN_PACKAGE = (BadZipFile, OSError, EOFError, ValueError, LookupError, RuntimeError, zlib.error)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# DOCTYPE and entities, comments, processing instructions, encodings other than UTF-8: no Office program writes them.
_UNSAFE_XML = re.compile(
    rb"""\0|<!|(?!^)<\?|^\s*<\?xml[^>]*encoding\s*=\s*["'](?!(?:utf-8|us-ascii)["'])""", re.IGNORECASE
)


class OfficeFile(Struct, frozen=True):
    """How messages describe a file: what it is, the program that writes it, and how to make it smaller.

    `code` is the code of the error for a file of another kind.
    """

    path: str
    what: str
    program: str
    code: str
    shorten: str

    def too_large(self, problem: str) -> Finding:
        """Return the error for a file with too much in it."""
        return error("too-large", f"This {self.what} {problem}.", Location(self.path), self.shorten)

    def not_written_so(self) -> Finding:
        """Return the error for a package that its program did not write."""
        message = f"{self.program} has not written this."
        return error(self.code, message, Location(self.path), f"save it again in {self.program}")


def unpack_parts(content: bytes, file: OfficeFile, endings: tuple[str, ...] = ("",)) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each part whose name has one of `endings`.

    HandoutError if the parts are larger than the limit. The caller catches the exceptions in `BROKEN_PACKAGE`.
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
    """Return whether XML holds something that no Office program writes, and that could do harm or hide words."""
    return bool(_UNSAFE_XML.search(text.removeprefix(BYTE_ORDER_MARK)))
