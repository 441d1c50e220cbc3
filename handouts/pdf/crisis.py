"""The box at the foot of every page that says whom to call in a crisis.

Its needs stand side by side, or one below another where the paper is narrow or the type large. The first box is read,
the others are artifacts like heads and feet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import CrisisColumn, CrisisLine, Document
from handouts.figures import Box as Rectangle
from handouts.figures import Command, Path
from handouts.finding import error
from handouts.pdf.boxes import moved_down, unmarked
from handouts.pdf.inline import Desk, Ink, baseline_of, line_items, whole
from handouts.pdf.page import Element, Item
from handouts.pdf.panels import drawn
from handouts.text import Line, Run, break_lines, text_width
from handouts.theme import Theme, TypeStyle

CRISIS_PAD, CRISIS_SIDE, CRISIS_RADIUS, DIVIDER = 9.0, 14.0, 6.0, 0.75
COLUMN_GAP, LEAST_GAP, DIVIDER_SHARE, WRITING, WRITING_WIDTH, WRITING_DROP = 16.0, 12.0, 0.75, 1.0, 44.0, 2.0
USUAL = (102.0, 168.0, 181.28)  # the widths of three columns on the narrowest paper
QUESTION_LINES, LEAST_LINES = 2, 3
BETWEEN, GAP, NO_BREAK = "\u00a0· ", "\u00a0\u00a0 ", "\u00a0"
WRITING_LEAST = 90.0  # room for a number


class CrisisBox(Struct, frozen=True):
    """The crisis box as laid out: its height, and its items on each page, read on the first."""

    height: float
    read: tuple[Item, ...]
    repeated: tuple[Item, ...]


class Column(Struct, frozen=True):
    """One column of the crisis box as laid out: where it stands, how wide it must be at `least`; the lines of each
    text, and if one writes on it.
    """

    x: float
    width: float
    least: float
    texts: tuple[tuple[tuple[Line, ...], bool], ...]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(len(lines) for lines, _ in self.texts)


def crisis_box(document: Document, foot: float, parent: Element, desk: Desk) -> CrisisBox:
    """Return the crisis box above a `foot` so high, its elements below `parent`; without columns there is none."""
    columns, theme, style = document.crisis.columns, desk.theme, desk.style("crisis")
    if not columns:
        return CrisisBox(0.0, (), ())
    placed = crisis_columns(columns, parent.add(Element("Sect")), theme, style)
    end = theme.right - CRISIS_SIDE
    if any(column.least > column.width + 1 or column.x + column.width > end + 1 for column in placed):
        words = "The words and numbers of the crisis box do not fit."
        desk.findings.append(error("crisis-too-wide", words, hint="use fewer columns or shorter words"))
    height = box_height(placed, style)
    top = theme.paper.height - foot - height
    frame = Rectangle(
        0, 0, theme.right - theme.margin, height, CRISIS_RADIUS, "white", "ink", theme.edition.crisis_edge
    )
    dividers = tuple(
        divider(column.x - DIVIDER_SHARE * (column.x - before.x - before.width), height)
        for before, column in pairwise(placed)
    )
    items = (
        *drawn((frame,), theme.margin, 0.0),
        *drawn(dividers, 0.0, 0.0),
        *(item for column in placed for item in column_items(column, style)),
    )
    read = moved_down(items, top)
    return CrisisBox(height, read, unmarked(read))


def crisis_height(document: Document, theme: Theme) -> float:
    """Return how high the crisis box is, 0 if there is none."""
    columns, style = document.crisis.columns, theme.print["crisis"]
    if not columns:
        return 0.0
    return box_height(crisis_columns(columns, Element("Sect"), theme, style), style)


def box_height(columns: Sequence[Column], style: TypeStyle) -> float:
    """Return how high the box around `columns` is."""
    lines = max(LEAST_LINES, *(column.count for column in columns))
    return lines * style.leading + 2 * CRISIS_PAD


def divider(x: float, height: float) -> Path:
    """Return the line between two columns of a box of `height`."""
    return Path((("M", (x, CRISIS_PAD)), ("L", (x, height - CRISIS_PAD))), stroke="ink", width=DIVIDER, cap="butt")


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
    numbers = [text_width(whole(line.number), replace(style, bold=True)) for line in column.lines if line.number]
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


def group_runs(group: Sequence[CrisisLine], ink: Ink) -> Iterator[Run]:
    """Yield the labels and the numbers of one text, a number never parted from its label."""
    for index, line in enumerate(group):
        label = f"{line.label} " if line.number else line.label
        yield Run(f"{BETWEEN if index else ''}{whole(label) if len(group) > 1 else label}", key=ink)
        if line.number:
            yield Run(whole(line.number), bold=True, key=ink)


def line_width(line: CrisisLine, style: TypeStyle) -> float:
    """Return the width of one text of the crisis box on one line."""
    number = text_width(whole(line.number), replace(style, bold=True)) if line.number else WRITING_WIDTH
    return text_width(f"{line.label}\u00a0", style) + number + 0.1


def crisis_columns(columns: tuple[CrisisColumn, ...], section: Element, theme: Theme, style: TypeStyle) -> list[Column]:
    """Return the columns with their lines, and their elements below `section`; one with all where room is scarce."""
    if theme.paper.labels_above:
        return [stacked_column(columns, section, theme, style)]
    placed: list[Column] = []
    x = theme.margin + CRISIS_SIDE
    room = theme.right - CRISIS_SIDE - x
    gap = column_gap(columns, room, style)
    for column, width in zip(columns, crisis_widths(columns, room - gap * (len(columns) - 1), style), strict=True):
        part = section.add(Element("Div"))
        question = Run(column.question, key=Ink(part.add(Element("P")), style.colour))
        texts = [(break_lines((question,), replace(style, balance=True), width), False)]
        for group in groups_of(column.lines):
            ink = Ink(part.add(Element("P")), style.colour)
            texts.append((break_lines(group_runs(group, ink), style, width), not group[-1].number))
        placed.append(Column(x, width, longest_word(column, style), tuple(texts)))
        x += width + gap
    return placed


def stacked_column(columns: Sequence[CrisisColumn], section: Element, theme: Theme, style: TypeStyle) -> Column:
    """Return all needs one below another, each question before its numbers; lines to write on come last."""
    x = theme.margin + CRISIS_SIDE
    width = theme.right - CRISIS_SIDE - x
    texts = [text for column in columns for text in stacked_texts(column, width, section, style)]
    return Column(x, width, max(longest_word(column, style) for column in columns), tuple(texts))


def stacked_texts(
    column: CrisisColumn, width: float, section: Element, style: TypeStyle
) -> Iterator[tuple[tuple[Line, ...], bool]]:
    """Yield the question of a column with its numbers, and a line to write on at its end if there is room."""
    part = section.add(Element("Div"))
    runs = [Run(f"{column.question} ", key=Ink(part.add(Element("P")), style.colour))]
    ink = Ink(part.add(Element("P")), style.colour)
    for line in (line for line in column.lines if line.number):
        runs.append(Run(f"{whole(line.label)}{NO_BREAK}", key=ink))
        runs.append(Run(whole(line.number), bold=True, key=ink))
        runs.append(Run(GAP, key=ink))
    lines = break_lines(runs, style, width)
    for blank in (line for line in column.lines if not line.number):
        label = Run(whole(blank.label), key=Ink(part.add(Element("P")), style.colour))
        longer = break_lines((*runs, label), style, width)
        if len(longer) == len(lines) and width - longer[-1].width >= WRITING_LEAST:
            yield longer, True
        else:
            yield lines, False
            yield break_lines((label,), style, width), True
        return
    yield lines, False


def column_items(column: Column, style: TypeStyle) -> list[Item]:
    """Return the items of one column, from the top of its box down."""
    items: list[Item] = []
    baseline = CRISIS_PAD + baseline_of(style)
    for lines, to_write_on in column.texts:
        for line in lines:
            items.extend(line_items(line, column.x, baseline))
            baseline += style.leading
        if to_write_on:
            start = column.x + (lines[-1].width + style.size / 2 if lines else 0.0)
            level = baseline - style.leading + WRITING_DROP
            ends: tuple[Command, ...] = (("M", (start, level)), ("L", (column.x + column.width, level)))
            items.extend(drawn((Path(ends, stroke="ink", width=WRITING, cap="butt"),), 0.0, 0.0))
    return items
