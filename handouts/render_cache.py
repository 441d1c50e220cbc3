"""A cache for values that several files share, such as broken lines, fonts and the content streams of pages.

A worker owns it and passes it to each renderer, which then computes a shared value only once. The bytes are the same
without it. Only the callers of pure functions use it; the functions themselves compute and never look into it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

_Value = TypeVar("_Value")

# Enough that files of a few readers in turn find what they share, and so few that a worker takes no more memory after
# many copies than after few.
_KEPT_FILES = 12
_UNBOUNDED = 1 << 30


class RenderCache:
    """Values by key; a value that none of the last files used is dropped.

    If there are more than `entries` values, the least recently used is dropped. With 0 entries nothing is kept.
    """

    def __init__(self, entries: int = _UNBOUNDED) -> None:
        self._entries = entries
        self._file = 0
        self._values: dict[Hashable, tuple[int, object]] = {}  # the least recently used first

    def begin_file(self) -> None:
        """Note that another file begins, and drop values that none of the last files used."""
        self._file += 1
        while self._values:
            key, (last_used, _) = next(iter(self._values.items()))
            if last_used > self._file - _KEPT_FILES:
                return
            del self._values[key]

    def get_or_compute(self, key: Hashable, compute: Callable[[], _Value]) -> _Value:
        """Return the value of `key`, computed if it is not there. Callers share the object and must not change it.

        A key names the function and everything that the value depends on. Equality of nodes ignores their locations, so
        a value that holds locations needs them in its key.
        """
        found = self._values.pop(key, None)
        value = compute() if found is None else found[1]
        if self._entries:
            if len(self._values) >= self._entries:
                del self._values[next(iter(self._values))]
            self._values[key] = self._file, value  # now the last to go
        return value  # type: ignore[return-value]  # the key names the function that computed it
