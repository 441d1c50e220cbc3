"""Read and save files of a project: only those of its own content and templates, whole, and never over a change.

The bytes outside of an edit stay as they are: line ends and byte order mark are kept. What is outside of the project,
hidden, or no text that the program reads is refused. A file is written beside its target and moved into place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

from handouts.editor.history import History, changed_range, changed_words
from handouts.finding import HandoutError, Location, error, raise_errors
from handouts.load.files import SourceFolder, read_bytes
from handouts.pipeline.output import delete_files, write_atomically, write_error

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
    """The files of a project that may be read and saved: those below `folders`, named from `home`.

    Saves are made one after another, and each is a step of the `history`.
    """

    def __init__(self, home: Path, folders: Sequence[Path], history: History, *, editable: bool) -> None:
        self._home = home
        self._folders = tuple(folders)
        self._history = history
        self._editable = editable
        self._lock = Lock()

    def read(self, name: str) -> dict[str, Any]:
        """Return what a file holds. HandoutError if it may not be read."""
        content = self._bytes(self.path_of(name))
        return {"path": name, "text": _shown_text(content), "hash": _hash(content), "editable": self._editable}

    def write(self, name: str, base: str, text: str) -> dict[str, str]:
        """Save a file. ChangedElsewhereError if it does not have the hash `base`; HandoutError if it cannot be."""
        path = self._path_to_change(name)
        with self._lock:
            before = self._bytes(path)
            if _hash(before) != base:
                raise ChangedElsewhereError(_hash(before), _shown_text(before))
            return self._save(name, path, before, _as_bytes(text, before))

    def change(self, name: str, edit: Callable[[str], str]) -> dict[str, str]:
        """Save what `edit` makes of the text of a file. HandoutError if it cannot be."""
        path = self._path_to_change(name)
        with self._lock:
            before = self._bytes(path)
            return self._save(name, path, before, _as_bytes(edit(_shown_text(before)), before))

    def note_new(self, name: str, edit: Callable[[str], str] = str) -> dict[str, str]:
        """Save what `edit` makes of the text of a file that was just made, and note that as one step to be undone."""
        path = self._path_to_change(name)
        with self._lock:
            made = self._bytes(path)
            content = _as_bytes(edit(_shown_text(made)), made)
            if content != made:
                self._put(path, content)
            self._history.add(name, None, content.decode(), path.stat().st_mtime)
            return {"path": name, "hash": _hash(content)}

    def undo(self) -> dict[str, Any]:
        """Undo the last step. HandoutError if there is none, or if its file was changed since."""
        return self._step(undone=True)

    def redo(self) -> dict[str, Any]:
        """Make the step again that was undone last. HandoutError if there is none, or if its file was changed since."""
        return self._step(undone=False)

    def restore(self, name: str, number: str) -> dict[str, str]:
        """Save what a file held before a step. HandoutError if that is not known."""
        path = self._path_to_change(name)
        with self._lock:
            text = self._history.text_before(name, number)
            if text is None:
                raise HandoutError(error("usage", "This state is not kept any more.", Location(name)))
            return self._save(name, path, self._bytes(path), text.encode())

    def history(self, name: str) -> dict[str, Any]:
        """Return the states of a file that can be restored."""
        self.path_of(name)
        with self._lock:
            return {"path": name, "states": self._history.states_of(name)}

    def steps(self) -> dict[str, bool]:
        """Return whether something can be undone and redone."""
        with self._lock:
            return {
                "can_undo": self._editable and self._history.last_done() is not None,
                "can_redo": self._editable and self._history.first_undone() is not None,
            }

    def require_editable(self) -> None:
        """Raise HandoutError if nothing may be changed."""
        if not self._editable:
            hint = "to change it: handouts open"
            raise HandoutError(error("usage", "Here it can only be looked at.", Location("preview"), hint))

    def _step(self, *, undone: bool) -> dict[str, Any]:
        """Undo a step or make it again, whichever is next; the hash is "" where that takes the file away."""
        self.require_editable()
        with self._lock:
            found = self._history.last_done() if undone else self._history.first_undone()
            if found is None:
                raise HandoutError(
                    error("usage", "There is nothing to undo." if undone else "There is nothing to redo.")
                )
            number, step = found
            path = self.path_of(step.path)
            old, new = (step.after, step.before) if undone else (step.before, step.after)
            there = self._bytes(path).decode("utf-8", "replace") if path.exists() else None
            if there != old:
                hint = "what is there now stays; its earlier texts are in its history"
                raise HandoutError(error("usage", "This file was changed elsewhere.", self._at(path), hint))
            if new is None:
                raise_errors(delete_files((path,)))
            else:
                self._put(path, new.encode())
            self._history.mark(number, undone=undone)
            line, taken, back = changed_words(old or "", new or "")
            digest = _hash(new.encode()) if new is not None else ""
            return {"path": step.path, "hash": digest, "line": line, "taken": taken, "back": back}

    def _save(self, name: str, path: Path, before: bytes, content: bytes) -> dict[str, str]:
        """Put content into a file, and note that."""
        if content != before:
            self._put(path, content)
            self._history.add(name, before.decode(), content.decode(), path.stat().st_mtime)
        return {"path": name, "hash": _hash(content)}

    def _put(self, path: Path, content: bytes) -> None:
        """Put content into a file, which then holds it, or what it held before. HandoutError if it cannot."""
        try:
            write_atomically(path, content)
        except OSError as refused:
            raise HandoutError(write_error(path, refused, "and see that it is yours; nothing was changed")) from None

    def _path_to_change(self, name: str) -> Path:
        """Return the path of a file that may be changed. HandoutError if it is none."""
        self.require_editable()
        return self.path_of(name)

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

    def _bytes(self, path: Path) -> bytes:
        """Return the bytes of a file, which are text, and which lie in its folder also when all links are followed."""
        folder = next(each for each in self._folders if path.is_relative_to(each))
        content = read_bytes(reading := SourceFolder(folder, []), path, self._at(path), _LARGEST_TEXT)
        if content is None:
            raise HandoutError(*reading.findings)
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            hint = "in Notepad: Save as, Encoding: UTF-8"
            raise HandoutError(error("not-utf-8", "This file is not UTF-8.", self._at(path), hint)) from None
        return content

    def _at(self, path: Path) -> Location:
        """Return a file as a place."""
        return Location(path.relative_to(self._home).as_posix())


def _shown_text(content: bytes) -> str:
    """Return the text of a file with \\n at the ends of its lines, and without a byte order mark."""
    return _with_plain_ends(content.decode().removeprefix(_BYTE_ORDER_MARK))


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
    first, old_end, new_end = changed_range(shown, new)
    ends = [each for each in units if each in _LINE_ENDS]
    usual = max(_LINE_ENDS, key=ends.count)
    edited = new[first:new_end].replace("\n", usual)
    return "".join((mark, *units[:first], edited, *units[old_end:])).encode()


def _with_plain_ends(text: str) -> str:
    """Return a text whose lines end with \\n."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _hash(content: bytes) -> str:
    """Return the hash of the bytes of a file."""
    return hashlib.sha256(content).hexdigest()
