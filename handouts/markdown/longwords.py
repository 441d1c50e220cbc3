"""Which words of a text are so long that no line holds them: they are broken where a line ends, wherever that is."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_WORD = 100
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
BEGINNING = re.compile(r"[^\s\[\]{}<>*_`]*$")  # of a word that goes on after a sign, as an address does


def long_words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each long word between two offsets begins, and how many characters it has."""
    for found in LONG_WORD.finditer(text, start, end):
        before = BEGINNING.search(text, max(0, start - LONGEST_WORD), start) if found.start() == start else None
        first = before.start() if before else found.start()
        yield first, found.end() - first
