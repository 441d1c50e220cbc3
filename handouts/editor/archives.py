"""Many files as one ZIP file that is sent while it is made, so that no more than a piece of it is ever held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import RawIOBase
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_PIECE = 1 << 18  # bytes that are read at once


def zip_pieces(files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """Yield the pieces of a ZIP file that holds files by their names in it. OSError if one cannot be read."""
    sent = _OutgoingBytes()
    with ZipFile(sent, "w") as archive:
        for name, path in files:
            entry = ZipInfo.from_file(path, name, strict_timestamps=False)
            entry.compress_type = ZIP_DEFLATED  # one that is only stored could not be read without its size before it
            with path.open("rb") as content, archive.open(entry, "w") as written:
                while piece := content.read(_PIECE):
                    written.write(piece)
                    yield sent.taken()
    yield sent.taken()


class _OutgoingBytes(RawIOBase):
    """A stream that cannot seek, from which is taken what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, piece: Any) -> int:
        """Take a piece."""
        self._waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken
