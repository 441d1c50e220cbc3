"""Measuring: how high text becomes in a slot, and where it may be split when it is too high.

Widths are those of Arial (the family SCREEN); a line is filled to 98 % only, so that no program breaks it earlier.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar

from msgspec.structs import replace

from handouts.deck.planned import LEVELS, Paragraph, Paragraphs, TextRun
from handouts.deck.styles import LevelStyle
from handouts.text import SCREEN, Line, Run, break_lines, widest_of_runs
from handouts.theme import TypeStyle

SAFE = 0.98
LOOSE, WIDE = 1.02, 1e6  # as much as no program has on a line; more than any line is wide
NO_BREAK_SPACE = "\u00a0"
WORD_JOINER = "\u2060"  # has no width, and lines do not end at it
RANGE = re.compile(r"(?<=\d)[-–](?=\d)")
Part = TypeVar("Part")


def lines_of(runs: Sequence[TextRun], style: TypeStyle, width: float) -> tuple[Line, ...]:
    """Return the lines that `runs` take, as a program that does not balance them would break them."""
    return break_lines((Run(run.text, run.bold) for run in runs), style, SAFE * width, SCREEN, filled=True)


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


def line_tops(paragraphs: Paragraphs, levels: Sequence[LevelStyle], width: float) -> tuple[tuple[float, ...], float]:
    """Return where each paragraph begins below the top of the first, and the height of all.

    Above the first paragraph no program leaves space, and none after the last.
    """
    tops: list[float] = []
    y, after = 0.0, 0.0
    for paragraph in paragraphs:
        level = level_of(paragraph, levels)
        y += after + (level.style.before if tops else 0.0)
        tops.append(y)
        y += lines_height(paragraph.runs, level.style, width - level.left)
        after = level.style.after
    return tuple(tops), y


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


def broken_well(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> tuple[TextRun, ...]:
    """Return `runs` so that a program breaks them where we would: after a sentence, and before no lone last word.

    Programs only fill lines, but they never break at a no-break space. So the first words of a line are held together,
    just as many as have no room on the line before; where a brand makes the text narrower, few words stay together.
    """
    text = "".join(run.text for run in runs)
    wanted = break_lines((Run(run.text, run.bold) for run in runs), style, SAFE * width, SCREEN)
    starts = list(accumulate((len(line.text) for line in wanted), initial=0))
    if len(wanted) < 2 or starts[-1] != len(text):
        return runs
    held: set[int] = set()
    if style.balance or any(ends_alone(runs, style, room) for room in (width, width / SAFE)):
        held.add(text.rfind(" ", starts[-2]))
    breaks = list(zip(starts, starts[1:], starts[2:], strict=False))
    for before, start, end in breaks if style.balance else breaks[-1:] if held else ():
        held.update(held_spaces(runs, before, start, end, style, width))
    glued = with_held_spaces(runs, held)
    lines = lines_of(glued, style, width)
    same = [line.text.split() for line in lines] == [line.text.split() for line in wanted]
    return glued if same or (not style.balance and len(lines) == len(wanted)) else runs


def ends_alone(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> bool:
    """True if the last line that a program fills is a lone word that may well take the one before along."""
    better = break_lines((Run(run.text, run.bold) for run in runs), style, SAFE * width, SCREEN)
    return better[-1].text != lines_of(runs, style, width)[-1].text


def held_spaces(
    runs: tuple[TextRun, ...], before: int, start: int, end: int, style: TypeStyle, width: float
) -> Iterator[int]:
    """Yield the spaces that may not break, so that a line ends before the word at `start` and not after it.

    The line begins at `before`, the next one ends at `end`; all places are numbers of characters.
    """
    text = "".join(run.text for run in runs)
    space = text.find(" ", start, end - 1)
    while space >= 0 and whole_width(cut_out(runs, before, space), style) <= LOOSE * width:
        yield space
        space = text.find(" ", space + 1, end - 1)


def whole_width(runs: tuple[TextRun, ...], style: TypeStyle) -> float:
    """Return the width of `runs` in one line."""
    return sum(line.width for line in lines_of(runs, style, WIDE))


def cut_out(runs: tuple[TextRun, ...], start: int, end: int) -> tuple[TextRun, ...]:
    """Return the runs of the characters from `start` to `end`."""
    places = accumulate((len(run.text) for run in runs), initial=0)
    cut = [
        replace(run, text=run.text[max(0, start - at) : max(0, end - at)])
        for run, at in zip(runs, places, strict=False)
    ]
    return tuple(run for run in cut if run.text)


def with_held_spaces(runs: tuple[TextRun, ...], held: Collection[int]) -> tuple[TextRun, ...]:
    """Return `runs` with no-break spaces at the characters `held`."""
    found: list[TextRun] = []
    at = 0
    for run in runs:
        letters = [NO_BREAK_SPACE if at + index in held else letter for index, letter in enumerate(run.text)]
        found.append(replace(run, text="".join(letters)))
        at += len(run.text)
    return tuple(found)


def whole_ranges(text: str) -> str:
    """Return `text` so that no program ends a line inside a range of pages, as they do after its dash."""
    return RANGE.sub(f"\\g<0>{WORD_JOINER}", text)
