"""One cache for the values that rendering works out again and again, such as the boxes of a block.

A worker owns it and hands it to each renderer, which then does once what several files share. The bytes are the same
without it. It stands between stages: a function inside a stage computes, and its caller decides what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

_Value = TypeVar("_Value")

# The files of a few readers by turns find again what they share; what only one copy needed is soon forgotten, so that
# a worker takes no more memory after many copies than after few.
_KEPT_FILES = 12
_UNBOUNDED = 1 << 30


class RenderCache:
    """Values by what they were computed from; what none of the last files used is forgotten.

    Beyond that, the least recently used go when there are more than `entries`.
    """

    def __init__(self, entries: int = _UNBOUNDED) -> None:
        self._entries = entries
        self._file = 0
        self._values: dict[Hashable, tuple[int, object]] = {}  # the least recently used first

    def begin_file(self) -> None:
        """Begin another file, and forget what the last ones did not use."""
        self._file += 1
        while self._values:
            key, (last_used, _) = next(iter(self._values.items()))
            if last_used > self._file - _KEPT_FILES:
                return
            del self._values[key]

    def get_or_compute(self, key: Hashable, compute: Callable[[], _Value]) -> _Value:
        """Return the value of `key`, computed if it is not there; the same object each time, so never change it.

        A key names the function and everything that the value depends on. Nodes are equal wherever they were written:
        a value that holds locations needs them in its key.
        """
        found = self._values.pop(key, None)
        value = compute() if found is None else found[1]
        if self._entries:
            if len(self._values) >= self._entries:
                del self._values[next(iter(self._values))]
            self._values[key] = self._file, value  # now the last to go
        return value  # type: ignore[return-value]  # what was computed for this key
