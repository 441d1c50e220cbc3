"""Read and save files of a project: only those of its own content and templates, whole, and never over a change.

The bytes outside of an edit stay as they are: line ends and byte order mark are kept. What is outside of the project,
hidden, or no text that the program reads is refused. A file is written beside its target and moved into place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

from handouts.finding import HandoutError, Location, error
from handouts.load.files import SourceFolder, read_bytes
from handouts.pipeline.output import write_atomically, write_error

_TEXT_ENDINGS = (".md", ".yaml", ".json", ".j2", ".bib")
_BYTE_ORDER_MARK = "\ufeff"
_LARGEST_TEXT = 1_000_000
_LINE_ENDS = ("\n", "\r\n", "\r")  # the usual one first
_UNIT = re.compile(r"\r\n|.", re.DOTALL)
# Names that are devices on Windows, whatever their ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


class ChangedElsewhereError(Exception):
    """A file holds something else than who saves it knows."""

    def __init__(self, digest: str, text: str) -> None:
        super().__init__(digest)
        self.hash, self.text = digest, text


class SourceFiles:
    """The files of a project that may be read and saved: those below `folders`, named from `home`."""

    def __init__(self, home: Path, folders: Sequence[Path], *, editable: bool) -> None:
        self._home = home
        self._folders = tuple(folders)
        self._editable = editable
        self._lock = Lock()  # one file is saved after another

    def read(self, name: str) -> dict[str, Any]:
        """Return what a file holds. HandoutError if it may not be read."""
        text, digest = self._load(self.path_of(name))
        return {"path": name, "text": text, "hash": digest, "editable": self._editable}

    def write(self, name: str, base: str, text: str) -> dict[str, str]:
        """Save a file. ChangedElsewhereError if it does not have the hash `base`; HandoutError if it cannot be."""
        self._require_editable()
        path = self.path_of(name)
        with self._lock:
            before, digest = self._load(path)
            if digest != base:
                raise ChangedElsewhereError(digest, before)
            content = _as_bytes(text, self._bytes(path))
            try:
                write_atomically(path, content)
            except OSError as refused:
                raise HandoutError(
                    write_error(path, refused, "and see that it is yours; nothing was changed")
                ) from None
        return {"path": name, "hash": _hash(content)}

    def path_of(self, name: str) -> Path:
        """Return the path of a file by its name from the project. HandoutError if it is none that may be read."""
        pure = PurePosixPath(name)
        allowed = (
            name == pure.as_posix()
            and not pure.is_absolute()
            and pure.suffix.lower() in _TEXT_ENDINGS
            and all(_is_plain_name(part) for part in pure.parts)
        )
        path = self._home / pure
        if not allowed or not any(path.is_relative_to(each) for each in self._folders):
            raise HandoutError(error("outside-project", "This is no file of this project.", Location(name[:200])))
        return path

    def _require_editable(self) -> None:
        """Raise HandoutError if nothing may be changed."""
        if not self._editable:
            hint = "to change it: handouts open"
            raise HandoutError(error("usage", "Here it can only be looked at.", Location("preview"), hint))

    def _load(self, path: Path) -> tuple[str, str]:
        """Return the text of a file, with \\n at the ends of its lines, and the hash of its bytes."""
        content = self._bytes(path)
        try:
            text = content.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
        except UnicodeDecodeError:
            hint = "in Notepad: Save as, Encoding: UTF-8"
            raise HandoutError(error("not-utf-8", "This file is not UTF-8.", self._at(path), hint)) from None
        return _with_plain_ends(text), _hash(content)

    def _bytes(self, path: Path) -> bytes:
        """Return the bytes of a file, which lies in its folder also when all links are followed."""
        folder = next(each for each in self._folders if path.is_relative_to(each))
        content = read_bytes(reading := SourceFolder(folder, []), path, self._at(path), _LARGEST_TEXT)
        if content is None:
            raise HandoutError(*reading.findings)
        return content

    def _at(self, path: Path) -> Location:
        """Return a file as a place."""
        return Location(path.relative_to(self._home).as_posix())


def _is_plain_name(part: str) -> bool:
    """True if a part of a path is the name of a visible file or folder on every system."""
    return (
        not part.startswith(".")
        and not part.endswith((".", " "))
        and not _FORBIDDEN.search(part)
        and not _DEVICE.fullmatch(part)
    )


def _as_bytes(text: str, before: bytes) -> bytes:
    """Return a text as the bytes of a file that held `before`: what is not edited stays as it is, byte for byte."""
    old = before.decode("utf-8")
    mark = _BYTE_ORDER_MARK if old.startswith(_BYTE_ORDER_MARK) else ""
    old = old.removeprefix(_BYTE_ORDER_MARK)
    units = _UNIT.findall(old)  # a line end of two characters is one of them
    shown, new = ["\n" if each in _LINE_ENDS else each for each in units], _with_plain_ends(text)
    first = _common_start(shown, new)
    last = _common_start(shown[first:][::-1], new[first:][::-1])
    ends = [each for each in units if each in _LINE_ENDS]
    usual = max(_LINE_ENDS, key=ends.count)
    edited = new[first : len(new) - last].replace("\n", usual)
    return "".join((mark, *units[:first], edited, *units[len(units) - last :])).encode()


def _common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many characters two texts begin with alike."""
    differing = (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))


def _with_plain_ends(text: str) -> str:
    """Return a text whose lines end with \\n."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _hash(content: bytes) -> str:
    """Return the hash of the bytes of a file."""
    return hashlib.sha256(content).hexdigest()
