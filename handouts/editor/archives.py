"""Pack many files into one ZIP file piece by piece, so that the whole of it is never in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import RawIOBase
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_PIECE = 1 << 18  # bytes that are read at once


def zip_pieces(files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """Yield the pieces of a ZIP file of files, each given with its name there. OSError if one cannot be read."""
    sent = _OutgoingBytes()
    with ZipFile(sent, "w") as archive:
        for name, path in files:
            entry = ZipInfo.from_file(path, name, strict_timestamps=False)
            entry.compress_type = ZIP_DEFLATED  # a stored entry would need its size before its content
            with path.open("rb") as content, archive.open(entry, "w") as written:
                while piece := content.read(_PIECE):
                    written.write(piece)
                    yield sent.taken()
    yield sent.taken()


class _OutgoingBytes(RawIOBase):
    """A stream without seek, whose written bytes can be taken out again."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, piece: Any) -> int:
        """Append a piece."""
        self._waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        """Return the bytes that were written since the last call."""
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken
