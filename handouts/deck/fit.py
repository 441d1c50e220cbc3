"""Measuring: how high text becomes in a slot, and where it may be split when it is too high.

Widths are those of Arial (the family SCREEN); a line is filled to 98 % only, so that no program breaks it earlier.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

from msgspec.structs import replace

from handouts.deck.planned import LEVELS, Paragraph, Paragraphs, TextRun
from handouts.deck.styles import LevelStyle
from handouts.text import SCREEN, Line, Run, break_lines, widest_of_runs
from handouts.theme import TypeStyle

SAFE = 0.98
SHORTEST_LAST_LINE = 0.4
FEW_WORDS = 3
NO_BREAK_SPACE = "\u00a0"
Part = TypeVar("Part")


def lines_of(runs: Sequence[TextRun], style: TypeStyle, width: float) -> tuple[Line, ...]:
    """Return the lines that `runs` take, as a program that does not balance them would break them."""
    unbalanced = replace(style, balance=False)
    return break_lines((Run(run.text, run.bold) for run in runs), unbalanced, SAFE * width, SCREEN)


# A deck tries the same texts at a few sizes in a few places; a process sees few decks' worth of them.
@lru_cache(maxsize=1600)
def line_widths(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> tuple[float, ...]:
    """Return the widths of the lines that `runs` take."""
    return tuple([line.width for line in lines_of(runs, style, width)])


def lines_height(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> float:
    """Return the height of the lines that `runs` take."""
    return len(line_widths(runs, style, width)) * style.leading


@lru_cache(maxsize=400)
def widest_word(runs: tuple[TextRun, ...], style: TypeStyle) -> float:
    """Return the width below which a word of `runs` would be broken."""
    return widest_of_runs([Run(run.text, run.bold) for run in runs], style, SCREEN) / SAFE


def level_of(paragraph: Paragraph, levels: Sequence[LevelStyle]) -> LevelStyle:
    """Return the look of `paragraph` in a slot."""
    return levels[min(LEVELS.index(paragraph.level), len(levels) - 1)]


def text_height(paragraphs: Paragraphs, levels: Sequence[LevelStyle], width: float) -> float:
    """Return the height of `paragraphs`, the space between them included."""
    height, after = 0.0, 0.0
    for paragraph in paragraphs:
        level = level_of(paragraph, levels)
        runs = tuple(run for run in paragraph.runs if run.text != "\t")
        height += after + level.style.before + lines_height(runs, level.style, width - level.left)
        after = level.style.after
    return height


def units_of(paragraphs: Paragraphs) -> tuple[Paragraphs, ...]:
    """Return `paragraphs` in stretches that no slide should split: a label and its text, an item, a lead-in and more.

    A text below a label belongs to it; a paragraph that ends in a colon belongs to what follows.
    """
    units: list[list[Paragraph]] = []
    for paragraph in paragraphs:
        if units and belongs(paragraph, units[-1]):
            units[-1].append(paragraph)
        else:
            units.append([paragraph])
    return tuple(tuple(unit) for unit in units)


def belongs(paragraph: Paragraph, unit: Sequence[Paragraph]) -> bool:
    """True if `paragraph` should stand on the same slide as `unit`."""
    last = unit[-1]
    if last.level == "label" or last.text.rstrip().endswith(":"):
        return True
    if paragraph.level in {"within", "bullet2", "bullet3", "step2", "note"}:
        return True
    return unit[0].level == "label" and paragraph.level == "text"


def parts_of(
    units: Sequence[Part], height: float, measure: Callable[[Sequence[Part]], float], *, columns: int = 1
) -> list[list[Part]]:
    """Return `units` in as few parts as fit into `height`, the parts about as high as each other.

    If they stand in columns, all columns are used. A unit that is too high on its own is a part of its own.
    """
    few = greedy(units, height, measure)
    most = columns * math.ceil(len(few) / columns)
    low, high = 0.0, height
    while high - low > 2.0:
        middle = (low + high) / 2
        tighter = greedy(units, middle, measure)
        if len(tighter) <= most:
            few, high = tighter, middle
        else:
            low = middle
    return few


def greedy(units: Sequence[Part], height: float, measure: Callable[[Sequence[Part]], float]) -> list[list[Part]]:
    """Return `units` in parts, each as full as `height` allows."""
    parts: list[list[Part]] = []
    for unit in units:
        if parts and measure([*parts[-1], unit]) <= height:
            parts[-1].append(unit)
        else:
            parts.append([unit])
    return parts


def balanced(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> tuple[TextRun, ...]:
    """Return `runs` so that their last line is not a lone short word: its words take others with them.

    Programs cannot balance lines, but they never break at a no-break space.
    """
    lines = lines_of(runs, style, width)
    if len(lines) < 2 or not (ends_short(lines) or ends_short(lines_of(runs, style, width / SAFE))):
        return runs
    even = break_lines((Run(run.text, run.bold) for run in runs), replace(style, balance=True), SAFE * width, SCREEN)
    together = len(even[-1].text.split()) if len(lines) == 2 else FEW_WORDS
    glued = without_breaks(runs, together - 1)
    return glued if len(lines_of(glued, style, width)) == len(lines) else runs


def ends_short(lines: Sequence[Line]) -> bool:
    """True if the last line is much shorter than the longest."""
    return lines[-1].width < SHORTEST_LAST_LINE * max(line.width for line in lines)


def without_breaks(runs: tuple[TextRun, ...], spaces: int) -> tuple[TextRun, ...]:
    """Return `runs` with the last `spaces` spaces unbreakable."""
    found: list[TextRun] = []
    for run in reversed(runs):
        count = min(spaces, run.text.count(" "))
        found.append(replace(run, text=NO_BREAK_SPACE.join(run.text.rsplit(" ", count))))
        spaces -= count
    return tuple(reversed(found))
