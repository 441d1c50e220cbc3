"""Where a pair of signs ends: brackets and double stars, with escaped signs passed over. Text and offsets only."""

from __future__ import annotations

import re

BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
DEEPEST = 10


def too_deep(text: str) -> int | None:
    """Return the offset of the first bracket that stands in too many others, or None."""
    depth = 0
    for found in BRACKET.finditer(text):
        depth += {"[": 1, "]": -1}.get(found[0], 0)
        if depth > DEEPEST:
            return found.start()
    return None


def closing_stars(text: str, start: int, end: int) -> int:
    """Return the offset of the two stars that end what begins at `start`, or -1."""
    position, depth = start, 0
    while position < end:
        if text[position] == "\\":
            position += 1
        elif text[position] in "[]":
            depth += 1 if text[position] == "[" else -1
        elif depth == 0 and text.startswith("**", position) and position + 2 <= end:
            return position
        position += 1
    return -1


def matching_bracket(text: str, start: int, end: int) -> int:
    """Return the offset of the ] that closes the [ at `start`, or -1."""
    position, depth = start, 0
    while position < end:
        if text[position] == "\\":
            position += 1
        elif text[position] == "[":
            depth += 1
        elif text[position] == "]":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    return -1
