"""One cache for the values that rendering works out again and again, such as the boxes of a block.

A worker owns it and hands it to each renderer, which then does once what several files share. The bytes are the same
without it. It stands between stages: a function inside a stage computes, and its caller decides what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

_Value = TypeVar("_Value")

_ENTRIES = 400  # a document with its copies needs no more; with more, a worker takes more memory with each copy


class RenderCache:
    """Values by what they were computed from; the least recently used go first when there are more than `entries`."""

    def __init__(self, entries: int = _ENTRIES) -> None:
        self._entries = entries
        self._values: dict[Hashable, object] = {}

    def get_or_compute(self, key: Hashable, compute: Callable[[], _Value]) -> _Value:
        """Return the value of `key`, computed if it is not there; the same object each time, so never change it.

        A key names the function and everything that the value depends on. Nodes are equal wherever they were written:
        a value that holds locations needs them in its key.
        """
        if key in self._values:
            value = self._values[key] = self._values.pop(key)  # now the last to go
            return value  # type: ignore[return-value]  # what was computed for this key
        value = compute()
        if self._entries:
            if len(self._values) >= self._entries:
                del self._values[next(iter(self._values))]
            self._values[key] = value
        return value
