"""How wide the columns of the crisis box are: the usual widths, or what their words and numbers need.

Needs and their lines in, widths in points out. Lays nothing out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from handouts.document import CrisisColumn, CrisisLine
from handouts.pdf.inline import whole
from handouts.pdf.numbers import family_of
from handouts.text.breaking import Run, break_lines, text_width
from handouts.theme import TypeStyle

COLUMN_GAP, LEAST_GAP, WRITING_WIDTH = 16.0, 12.0, 44.0
USUAL = (102.0, 168.0, 181.28)  # the widths of three columns on the narrowest paper
QUESTION_LINES, LEAST_LINES = 2, 3
BETWEEN = "\u00a0· "


@lru_cache(maxsize=16)
def column_gap(columns: tuple[CrisisColumn, ...], room: float, style: TypeStyle) -> float:
    """Return the space between columns: the usual one, or a little less where that is all that their words lack."""
    spare = (room - sum(column_need(column, lines_left(column), style) for column in columns)) / max(
        1, len(columns) - 1
    )
    return spare if LEAST_GAP <= spare < COLUMN_GAP else COLUMN_GAP


# Asked for to know how high the box is, and again to lay it out.
@lru_cache(maxsize=16)
def crisis_widths(columns: tuple[CrisisColumn, ...], room: float, style: TypeStyle) -> tuple[float, ...]:
    """Return the width of each column: the usual one if all words fit it, else a share by what each needs.

    `room` is what they have together, without the gaps between them. Where there is room for that, no column has more
    lines than the box has at least.
    """
    usual = tuple(room * each / sum(USUAL) for each in USUAL)
    low = [column_need(column, lines_left(column), style) for column in columns]
    wanted = low if sum(low) <= room else [column_need(column, QUESTION_LINES, style) for column in columns]
    if len(columns) == len(usual) and all(want <= each for want, each in zip(wanted, usual, strict=True)):
        return usual
    spare = room - sum(wanted)
    if spare >= 0:
        return tuple(want + spare / len(columns) for want in wanted)
    least = [longest_word(column, style) for column in columns]
    beyond = sum(wanted) - sum(least)
    share = max(0.0, room - sum(least)) / beyond if beyond else 0.0
    return tuple(need + share * (want - need) for want, need in zip(wanted, least, strict=True))


def lines_left(column: CrisisColumn) -> int:
    """Return how many lines a column's question may take if the box is to be as low as it can be."""
    return min(QUESTION_LINES, max(1, LEAST_LINES - len(groups_of(column.lines))))


# Copies for many differ in one number.
@lru_cache(maxsize=32)
def column_need(column: CrisisColumn, lines: int, style: TypeStyle) -> float:
    """Return the width at which a column's question takes so many `lines` and each of its texts one."""
    most = max((group_width(group, style) for group in groups_of(column.lines)), default=0.0)
    low, high = max(most, longest_word(column, style)), max(text_width(column.question, style), most)
    if question_fits(column, low, lines, style):
        return low
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (low, middle) if question_fits(column, middle, lines, style) else (middle, high)
    return high


def question_fits(column: CrisisColumn, width: float, lines: int, style: TypeStyle) -> bool:
    """True if the question of `column` takes no more than so many `lines`."""
    return len(break_lines((Run(column.question),), style, width)) <= lines


def longest_word(column: CrisisColumn, style: TypeStyle) -> float:
    """Return the width of the widest word or number of a column."""
    words = [text_width(word, style) for text in texts_of(column) for word in text.split()]
    numbers = [number_width(line.number, style) for line in column.lines if line.number]
    return max((*words, *numbers), default=0.0) + 0.1


def texts_of(column: CrisisColumn) -> tuple[str, ...]:
    """Return the question and the labels of a column."""
    return column.question, *(line.label for line in column.lines)


def groups_of(lines: Sequence[CrisisLine]) -> tuple[tuple[CrisisLine, ...], ...]:
    """Return the lines in texts of their own, or, if they were to make the box too high, all numbers in one text."""
    numbers = tuple(line for line in lines if line.number)
    if len(numbers) < LEAST_LINES:
        return tuple((line,) for line in lines)
    return numbers, *((line,) for line in lines if not line.number)


def group_width(group: Sequence[CrisisLine], style: TypeStyle) -> float:
    """Return the width at which the lines of one text stand two and two, with what stands between and after them."""
    between = text_width(BETWEEN.replace(" ", "\u00a0"), style) if len(group) > 1 else 0.0
    widths = [line_width(line, style) for line in group]
    pairs = [sum(widths[index : index + 2]) for index in range(0, len(widths), 2)]
    return max(pairs) + 1.7 * between


def line_width(line: CrisisLine, style: TypeStyle) -> float:
    """Return the width of one text of the crisis box on one line."""
    number = number_width(line.number, style) if line.number else WRITING_WIDTH
    return text_width(f"{line.label}\u00a0", style) + number + 0.1


def number_width(number: str, style: TypeStyle) -> float:
    """Return the width of a number to call on one line."""
    return text_width(whole(number), replace(style, bold=True), family_of(number))
