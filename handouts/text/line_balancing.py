"""Line breaks for short texts: as few lines as possible, about equally wide, ending where the sense allows.

A line ends best after a sentence, then after a colon or dash, then after a comma or before a quotation, and the
last line is more than one short word. Takes widths, returns breaks; knows no fonts. The time grows with the
number of words times the words in a line.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct

_TOLERANCE = 1e-6
_CLOSING = r"[”’\"')\]»]*$"
_SENTENCE, _COLON, _COMMA = (re.compile(f"[{signs}]{_CLOSING}") for signs in (".?!…", ":;—–", ","))
_OPENING = re.compile(r"[“‘«„(\[]")
# What an end of a line is worth, in squares of its measure: that much less even may lines become for it.
_AFTER_SENTENCE, _AFTER_COLON, _AFTER_COMMA, _BEFORE_QUOTE, _INSIDE_WORD = 0.3, 0.25, 0.12, 0.1, -0.05
# What it costs to part the first or the last words of a sentence from the others of it.
_FIRST_WORD, _SECOND_WORD, _FIRST_OF_CLAUSE, _LAST_WORD = 0.3, 0.1, 0.08, 0.08
_LONE_WORD = 10.0


class BalancingUnit(Struct, frozen=True):
    """What no line break may split: its words, how wide they are, and how wide the space after them is, if any."""

    text: str
    width: float
    space: float

    @property
    def is_several_words(self) -> bool:
        """True if no-break spaces hold words together in it."""
        return "\u00a0" in self.text.strip("\u00a0")


def balanced_line_ends(units: Sequence[BalancingUnit], width: float, filled: Sequence[int]) -> list[int]:
    """Return after how many units each line ends; `filled` are the ends when each line is as full as `width` allows.

    There are as many lines as in `filled`, and none is wider than `width`.
    """
    count, end = len(filled), len(units)
    before = list(accumulate((unit.width + unit.space for unit in units), initial=0.0))
    line_at = [0, *(bisect_right(filled, index) + 1 for index in range(end))]
    possible = [line + after == count for line, after in zip(line_at, _min_lines_after(units, width), strict=True)]
    mean = (before[end] - units[-1].space) / count
    values = [_end_value(units, index) if 0 < index < end else 0.0 for index in range(end + 1)]
    costs, starts = [math.inf] * (end + 1), [0] * (end + 1)
    costs[0] = 0.0
    for to in range(1, end + 1):
        if not possible[to]:
            continue
        for start in range(to - 1, -1, -1):
            used = before[to] - before[start] - units[to - 1].space
            if used > width + _TOLERANCE and start < to - 1:
                break
            if costs[start] == math.inf or line_at[start] + 1 != line_at[to]:
                continue
            cost = costs[start] + ((used - mean) / width) ** 2 - values[to]
            if to == end and used < mean and _is_single_word(units[start:to]):
                cost += _LONE_WORD
            if cost < costs[to]:
                costs[to], starts[to] = cost, start
    return list(filled) if costs[end] == math.inf else _line_ends_from(end, starts)


def _line_ends_from(end: int, starts: Sequence[int]) -> list[int]:
    """Return the ends of all lines, if `starts` says where the line begins that ends at each place."""
    ends = []
    while end:
        ends.append(end)
        end = starts[end]
    return ends[::-1]


def _min_lines_after(units: Sequence[BalancingUnit], width: float) -> list[int]:
    """Return how many lines the units after each place need at least."""
    lines, line, used = [0], 0, math.inf
    for unit in reversed(units):
        used += unit.width + unit.space
        if used > width + _TOLERANCE:
            line, used = line + 1, unit.width
        lines.append(line)
    return lines[::-1]


def _is_single_word(line: Sequence[BalancingUnit]) -> bool:
    """True if a line is one word."""
    return not any(unit.space for unit in line[:-1]) and not any(unit.is_several_words for unit in line)


def _end_value(units: Sequence[BalancingUnit], index: int) -> float:
    """Return what it is worth that a line ends before the unit `index`."""
    last, following = units[index - 1], units[index]
    if not last.space:
        return _INSIDE_WORD
    worth = _end_value_after(last.text)
    worth = min(worth, _AFTER_COMMA) if following.text[:1].islower() and worth == _AFTER_SENTENCE else worth
    return max(worth, _BEFORE_QUOTE if _OPENING.match(following.text) else 0.0) - _separation_cost(units, index)


def ends_sentence(text: str) -> bool:
    """True if a sentence ends with `text`."""
    return _SENTENCE.search(text.rstrip(" ")) is not None


def _end_value_after(text: str) -> float:
    """Return what it is worth that a line ends after `text`."""
    if _SENTENCE.search(text):
        return _AFTER_SENTENCE
    if _COLON.search(text):
        return _AFTER_COLON
    return _AFTER_COMMA if _COMMA.search(text) else 0.0


def _separation_cost(units: Sequence[BalancingUnit], index: int) -> float:
    """Return what it costs that a line ends before the unit `index`, for words of a sentence that stand alone."""
    cost = 0.0
    if index + 1 < len(units) and _SENTENCE.search(units[index].text) and not _SENTENCE.search(units[index - 1].text):
        cost += _LAST_WORD
    for back, price in ((2, _FIRST_WORD), (3, _SECOND_WORD)):
        if index >= back and _end_value_after(units[index - back].text) >= _AFTER_COLON:
            return cost + price
    return cost + (_FIRST_OF_CLAUSE if index > 1 and _COMMA.search(units[index - 2].text) else 0.0)
