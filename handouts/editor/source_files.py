"""Read and save files of a project's own content and templates, atomically and never over a change from elsewhere.

The bytes outside an edit stay as they are, including line ends and the byte order mark. Files outside the project,
hidden files, and files that the program does not read as text are refused.
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
_LINE_ENDS = ("\n", "\r\n", "\r")  # the most common one first
_UNIT = re.compile(r"\r\n|.", re.DOTALL)
# Names of devices on Windows, which any ending may follow.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


class ChangedElsewhereError(Exception):
    """The file to save has changed since the page read it; holds its present hash and text."""

    def __init__(self, digest: str, text: str) -> None:
        super().__init__(digest)
        self.hash, self.text = digest, text


class SourceFiles:
    """The files that may be read and saved: those below `folders`, named relative to `home`.

    Files are saved one at a time, and each save is a step in the `history`.
    """

    def __init__(self, home: Path, folders: Sequence[Path], history: History, *, editable: bool) -> None:
        self._home = home
        self._folders = tuple(folders)
        self._history = history
        self._editable = editable
        self._lock = Lock()

    def read(self, name: str) -> dict[str, Any]:
        """Return the text of a file and its hash. HandoutError if it may not be read."""
        content = self._bytes(self.path_of(name))
        return {"path": name, "text": _shown_text(content), "hash": _hash(content), "editable": self._editable}

    def write(self, name: str, base: str, text: str) -> dict[str, str]:
        """Save a file. ChangedElsewhereError if its hash is not `base`; HandoutError if it cannot be saved."""
        path = self._path_to_change(name)
        with self._lock:
            before = self._bytes(path)
            if _hash(before) != base:
                raise ChangedElsewhereError(_hash(before), _shown_text(before))
            return self._save(name, path, before, _as_bytes(text, before))

    def change(self, name: str, edit: Callable[[str], str]) -> dict[str, str]:
        """Replace the text of a file by the result of `edit`. HandoutError if it cannot be saved."""
        path = self._path_to_change(name)
        with self._lock:
            before = self._bytes(path)
            return self._save(name, path, before, _as_bytes(edit(_shown_text(before)), before))

    def note_new(self, name: str, edit: Callable[[str], str] = str) -> dict[str, str]:
        """Edit a file that was just created, and record creation and edit as one step of the history."""
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
        """Redo the step that was undone last. HandoutError if there is none, or if its file was changed since."""
        return self._step(undone=False)

    def restore(self, name: str, number: str) -> dict[str, str]:
        """Restore the text of a file before a step. HandoutError if that step is not kept."""
        path = self._path_to_change(name)
        with self._lock:
            text = self._history.text_before(name, number)
            if text is None:
                raise HandoutError(error("usage", "This state is not kept any more.", Location(name)))
            return self._save(name, path, self._bytes(path), text.encode())

    def history(self, name: str) -> dict[str, Any]:
        """Return the states to which a file can be restored."""
        self.path_of(name)
        with self._lock:
            return {"path": name, "states": self._history.states_of(name)}

    def steps(self) -> dict[str, bool]:
        """Return whether there is a step to undo and to redo."""
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
        """Undo or redo the next step; the returned hash is "" if that deletes the file."""
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
        """Write content to a file, and record the step."""
        if content != before:
            self._put(path, content)
            self._history.add(name, before.decode(), content.decode(), path.stat().st_mtime)
        return {"path": name, "hash": _hash(content)}

    def _put(self, path: Path, content: bytes) -> None:
        """Write content to a file atomically. HandoutError if it cannot be written; the file then stays as it was."""
        try:
            write_atomically(path, content)
        except OSError as refused:
            raise HandoutError(write_error(path, refused, "and see that it is yours; nothing was changed")) from None

    def _path_to_change(self, name: str) -> Path:
        """Return the path of a file that may be changed. HandoutError if it may not."""
        self.require_editable()
        return self.path_of(name)

    def path_of(self, name: str) -> Path:
        """Return the path of a file, given relative to the project. HandoutError if it may not be read."""
        pure = PurePosixPath(name)
        allowed = (
            name == pure.as_posix()
            and not pure.is_absolute()
            and pure.suffix.lower() in _TEXT_ENDINGS
            and all(_is_plain_name(part) for part in pure.parts)
        )
        path = self._home / pure
        if not allowed or not any(path.is_relative_to(each) for each in self._folders):
            raise HandoutError(error("outside-project", "This is not a file of this project.", Location(name[:200])))
        return path

    def _bytes(self, path: Path) -> bytes:
        """Return the bytes of a UTF-8 file. HandoutError if it is none, or if a link leads out of its folder."""
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
        """Return the location of a file."""
        return Location(path.relative_to(self._home).as_posix())


def _shown_text(content: bytes) -> str:
    """Return the text of a file with \\n as line ends, and without the byte order mark."""
    return _with_plain_ends(content.decode().removeprefix(_BYTE_ORDER_MARK))


def _is_plain_name(part: str) -> bool:
    """True if a part of a path is a valid name of a visible file or folder on every system."""
    return (
        not part.startswith(".")
        and not part.endswith((".", " "))
        and not _FORBIDDEN.search(part)
        and not _DEVICE.fullmatch(part)
    )


def _as_bytes(text: str, before: bytes) -> bytes:
    """Return a text as the new bytes of a file that was `before`; everything outside the edit stays byte for byte."""
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
    """Return a text with \\n as line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _hash(content: bytes) -> str:
    """Return the hash of the bytes of a file."""
    return hashlib.sha256(content).hexdigest()
