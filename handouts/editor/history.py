"""The history of the files of a project, for undo and redo across all of them: a small store in the project's folder.

Each step is a numbered file with the text of one file before and after it. Saves at one place within seconds are one
step. The oldest steps are dropped when there are many. Damage in the store costs steps, never content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from handouts.pipeline.output import delete_files, write_atomically

_MOST_STEPS, _MOST_CHARACTERS = 300, 10_000_000
_ONE_STEP_SECONDS = 10.0
_LONGEST_SAID = 80
_ENDING = ".json"
_WORD = re.compile(r"\w+|\W")


class _Step(Struct, frozen=True):
    """A change of one file: its text before and after, None where there is no file, and the time when it began.

    An `undone` step can be redone.
    """

    path: str
    before: str | None
    after: str | None
    began: float
    undone: bool = False


class History:
    """The steps, kept in a folder, or in memory if there is no folder. Not safe in several threads at a time."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @cached_property
    def _steps(self) -> dict[int, _Step]:
        """The steps by number, the oldest first; files that cannot be read are ignored."""
        found: dict[int, _Step] = {}
        for file in self._folder.glob(f"*{_ENDING}") if self._folder else ():
            with suppress(OSError, ValueError, msgspec.MsgspecError):
                found[int(file.stem)] = msgspec.json.decode(file.read_bytes(), type=_Step)
        return dict(sorted(found.items()))

    def add(self, path: str, before: str | None, after: str | None, when: float) -> None:
        """Record a change that was just made; undone steps can then no longer be redone."""
        if before == after:
            return
        self._forget(number for number, each in self._steps.items() if each.undone)
        number, last = next(reversed(self._steps.items()), (0, None))
        if last and (last.path, last.after) == (path, before) and _is_continued(last, after, when):
            self._keep(number, replace(last, after=after))
        else:
            self._keep(number + 1, _Step(path, before, after, when))
        kept, size = 0, 0
        for number in reversed(tuple(self._steps)):
            kept, size = kept + 1, size + len(self._steps[number].before or "") + len(self._steps[number].after or "")
            if kept > 1 and (kept > _MOST_STEPS or size > _MOST_CHARACTERS):
                self._forget(each for each in tuple(self._steps) if each <= number)
                return

    def last_done(self) -> tuple[int, _Step] | None:
        """Return the step to undo next, with its number."""
        return next(((number, each) for number, each in reversed(self._steps.items()) if not each.undone), None)

    def first_undone(self) -> tuple[int, _Step] | None:
        """Return the step to redo next, with its number."""
        return next(((number, each) for number, each in self._steps.items() if each.undone), None)

    def mark(self, number: int, *, undone: bool) -> None:
        """Record that a step was undone or redone."""
        self._keep(number, replace(self._steps[number], undone=undone))

    def states_of(self, path: str) -> list[dict[str, str]]:
        """Return the states to which a file can be restored, the latest first, as data for JSON."""
        mine = [(number, each) for number, each in self._steps.items() if each.path == path and each.before is not None]
        return [
            {
                "id": str(number),
                "when": datetime.fromtimestamp(each.began).astimezone().isoformat(timespec="seconds"),
                "what": "{}: {}".format(*_first_difference(each.before or "", each.after or "")),
            }
            for number, each in reversed(mine)
        ]

    def text_before(self, path: str, number: str) -> str | None:
        """Return the text of a file before a step, or None if there is no such state."""
        step = self._steps.get(int(number)) if number.isascii() and number.isdigit() else None
        return step.before if step and step.path == path else None

    def _keep(self, number: int, step: _Step) -> None:
        """Keep a step, also on disk if it can be written."""
        self._steps[number] = step
        if self._folder:
            with suppress(OSError):
                write_atomically(self._file(number), msgspec.json.encode(step))

    def _forget(self, numbers: Iterable[int]) -> None:
        """Drop steps."""
        gone = tuple(numbers)
        for number in gone:
            del self._steps[number]
        delete_files(self._file(number) for number in gone if self._folder)

    def _file(self, number: int) -> Path:
        """Return the file of a step."""
        assert self._folder is not None  # noqa: S101
        return self._folder / f"{number:08d}{_ENDING}"


def changed_range(old: Sequence[str], new: Sequence[str]) -> tuple[int, int, int]:
    """Return where two sequences of lines, words or characters begin to differ, and where that ends in each."""
    first = _common_start(old, new)
    last = _common_start(old[first:][::-1], new[first:][::-1])
    return first, len(old) - last, len(new) - last


def changed_words(old: str, new: str) -> tuple[int, str, str]:
    """Return the line in which two texts begin to differ, the words removed, and the words added."""
    old_words, new_words = _WORD.findall(old), _WORD.findall(new)
    first, old_end, new_end = changed_range(old_words, new_words)
    line = "".join(old_words[:first]).count("\n") + 1
    return line, _shortened(old_words[first:old_end]), _shortened(new_words[first:new_end])


def _shortened(words: Sequence[str]) -> str:
    """Return the beginning of a text, with the space in its lines collapsed."""
    text = "\n".join(" ".join(line.split()) for line in "".join(words).strip().splitlines())
    return text if len(text) <= _LONGEST_SAID else f"{text[:_LONGEST_SAID].rsplit(maxsplit=1)[0]} …"


def _is_continued(last: _Step, after: str | None, when: float) -> bool:
    """True if a change continues a step: it follows within seconds, at the same lines or next to them.

    The first change of a new file is always a step of its own.
    """
    if last.before is None or not 0 <= when - last.began < _ONE_STEP_SECONDS:
        return False
    before, between, now = ((text or "").splitlines() for text in (last.before, last.after, after))
    old_first, _, old_end = changed_range(before, between)
    first, end, _ = changed_range(between, now)
    return first <= old_end and old_first <= end


def _common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many characters, words or lines two texts have in common at their beginning."""
    differing = (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))


def _first_difference(text: str, other: str) -> tuple[int, str]:
    """Return the first line of a text that differs from another: its number, and its beginning."""
    old, new = text.splitlines(), other.splitlines()
    first = _common_start(old, new)
    line = " ".join((old[first] if first < len(old) else "").split())
    return first + 1, line[:_LONGEST_SAID]
