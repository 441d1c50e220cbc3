"""The box at the foot of every page that says whom to call in a crisis.

Its needs stand side by side, or one below another where the paper is narrow or the type large. The first box is read,
the others are artifacts like heads and feet, over which `repeats` lays what can be clicked on and filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import CrisisColumn, CrisisLine, Document
from handouts.figures.shapes import Box as Rectangle
from handouts.figures.shapes import Command, Path
from handouts.finding import error
from handouts.pdf.boxes import moved_down, unmarked
from handouts.pdf.crisiswidths import BETWEEN, LEAST_LINES, column_gap, crisis_widths, groups_of, longest_word, texts_of
from handouts.pdf.inline import Desk, Ink, baseline_of, line_items, link_to, whole
from handouts.pdf.numbers import family_of
from handouts.pdf.page import Element, FieldItem, Item
from handouts.pdf.panels import drawn
from handouts.text.breaking import Line, Run, break_lines
from handouts.theme import Theme, TypeStyle

CRISIS_PAD, CRISIS_SIDE, CRISIS_RADIUS, DIVIDER = 9.0, 14.0, 6.0, 0.75
DIVIDER_SHARE, WRITING, WRITING_DROP = 0.75, 1.0, 2.0
GAP, NO_BREAK = "\u00a0\u00a0 ", "\u00a0"
WRITING_LEAST = 90.0  # room for a number
LOCAL, LINE_ABOVE, SMALLER = "crisis-local", 1.5, 2.0  # the field for the number that is missing


class CrisisBox(Struct, frozen=True):
    """The crisis box as laid out: its height, its items on the first page, where it is read, and on the others.

    What is read stands below the `section`. `names` say in the order of its links what each of them calls.
    """

    height: float
    section: Element
    read: tuple[Item, ...]
    repeated: tuple[Item, ...]
    names: tuple[str, ...] = ()


class Text(Struct, frozen=True):
    """One text of the crisis box in lines; `empty_part` is the paragraph of one that ends with a line to write on."""

    lines: tuple[Line, ...]
    blank: Element | None = None


class Column(Struct, frozen=True):
    """One column of the crisis box as laid out: where it stands, how wide it must be at `least`, and its texts."""

    x: float
    width: float
    least: float
    texts: tuple[Text, ...]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(len(text.lines) for text in self.texts)


def crisis_box(document: Document, foot: float, desk: Desk) -> CrisisBox:
    """Return the crisis box above a `foot` so high; without columns there is none."""
    columns, theme, style = document.crisis.columns, desk.theme, desk.style("crisis")
    section = Element("Sect")
    if not columns:
        return CrisisBox(0.0, section, (), ())
    placed = crisis_columns(columns, section, desk)
    end = theme.right - CRISIS_SIDE
    if any(column.least > column.width + 1 or column.x + column.width > end + 1 for column in placed):
        narrow = sum(max(0.0, column.least - column.width) for column in placed)
        lacking = max(narrow, *(column.x + column.width - end for column in placed))
        words = f"The words and numbers of the crisis box need {lacking:.0f} points more than there are side by side."
        longest = max((word for column in columns for text in texts_of(column) for word in text.split()), key=len)
        hint = f"use fewer columns, or a shorter word than “{longest}”"
        desk.findings.append(error("crisis-too-wide", words, hint=hint))
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
        *(item for column in placed for item in column_items(column, desk)),
    )
    read = moved_down(items, top)
    lines = (line for column in columns for line in column.lines if line.target)
    return CrisisBox(height, section, read, unmarked(read), tuple(map(name_of, lines)))


def name_of(line: CrisisLine) -> str:
    """Return what a link calls; the own number of a copy, which others do not share, is in the link itself."""
    return line.label if line.own else f"{line.label} {line.number}".replace(NO_BREAK, " ")


def crisis_height(document: Document, theme: Theme) -> float:
    """Return how high the crisis box is, 0 if there is none."""
    columns, style = document.crisis.columns, theme.print["crisis"]
    if not columns:
        return 0.0
    return box_height(crisis_columns(columns, Element("Sect"), Desk(theme, document.words, 0.0)), style)


def box_height(columns: Sequence[Column], style: TypeStyle) -> float:
    """Return how high the box around `columns` is."""
    lines = max(LEAST_LINES, *(column.count for column in columns))
    return lines * style.leading + 2 * CRISIS_PAD


def divider(x: float, height: float) -> Path:
    """Return the line between two columns of a box of `height`."""
    return Path((("M", (x, CRISIS_PAD)), ("L", (x, height - CRISIS_PAD))), stroke="ink", width=DIVIDER, cap="butt")


def group_runs(group: Sequence[CrisisLine], paragraph: Element, desk: Desk) -> Iterator[Run]:
    """Yield the labels and the numbers of one text, a number never parted from its label."""
    parted = has_parts(group, desk)
    for index, line in enumerate(group):
        label = f"{line.label} " if line.number else line.label
        words = f"{BETWEEN if index else ''}{whole(label) if len(group) > 1 else label}"
        yield Run(words, key=label_ink(paragraph, desk, parted=parted))
        if line.number:
            yield number_run(line, paragraph, desk, parted=parted)


def has_parts(group: Sequence[CrisisLine], desk: Desk) -> bool:
    """True if a text of these lines holds more than words: a link to call, or a field to fill in."""
    return any(line.target or (desk.fillable and not line.number) for line in group)


def label_ink(paragraph: Element, desk: Desk, *, parted: bool) -> Ink:
    """Return the ink of a label: its own element if the paragraph holds others beside it."""
    return Ink(paragraph.add(Element("Span")) if parted else paragraph, desk.style("crisis").colour)


def number_run(line: CrisisLine, paragraph: Element, desk: Desk, *, parted: bool) -> Run:
    """Return a number, as a link if it can be called."""
    number, family = whole(line.number), family_of(line.number)
    if not line.target:
        return Run(number, bold=True, key=label_ink(paragraph, desk, parted=parted), family=family)
    link = paragraph.add(link_to(line.target, desk, said=line.number))
    return Run(number, bold=True, key=Ink(link, desk.style("crisis").colour), family=family)


def crisis_columns(columns: tuple[CrisisColumn, ...], section: Element, desk: Desk) -> list[Column]:
    """Return the columns with their lines, and their elements below `section`; one with all where room is scarce."""
    theme, style = desk.theme, desk.style("crisis")
    if theme.paper.labels_above:
        return [stacked_column(columns, section, desk)]
    placed: list[Column] = []
    x = theme.margin + CRISIS_SIDE
    room = theme.right - CRISIS_SIDE - x
    gap = column_gap(columns, room, style)
    for column, width in zip(columns, crisis_widths(columns, room - gap * (len(columns) - 1), style), strict=True):
        part = section.add(Element("Div"))
        question = Run(column.question, key=Ink(part.add(Element("P")), style.colour))
        texts = [Text(break_lines((question,), replace(style, balance=True), width))]
        for group in groups_of(column.lines):
            paragraph = part.add(Element("P"))
            lines = break_lines(group_runs(group, paragraph, desk), style, width)
            texts.append(Text(lines, None if group[-1].number else paragraph))
        placed.append(Column(x, width, longest_word(column, style), tuple(texts)))
        x += width + gap
    return placed


def stacked_column(columns: Sequence[CrisisColumn], section: Element, desk: Desk) -> Column:
    """Return all needs one below another, each question before its numbers; lines to write on come last."""
    theme, style = desk.theme, desk.style("crisis")
    x = theme.margin + CRISIS_SIDE
    width = theme.right - CRISIS_SIDE - x
    texts = [text for column in columns for text in stacked_texts(column, width, section, desk)]
    return Column(x, width, max(longest_word(column, style) for column in columns), tuple(texts))


def stacked_texts(column: CrisisColumn, width: float, section: Element, desk: Desk) -> Iterator[Text]:
    """Yield the question of a column with its numbers, and a line to write on at its end if there is room."""
    style = desk.style("crisis")
    part = section.add(Element("Div"))
    runs = [Run(f"{column.question} ", key=Ink(part.add(Element("P")), style.colour))]
    numbers, paragraph = [line for line in column.lines if line.number], part.add(Element("P"))
    parted = has_parts(numbers, desk)
    for line in numbers:
        runs.append(Run(f"{whole(line.label)}{NO_BREAK}", key=label_ink(paragraph, desk, parted=parted)))
        runs.append(number_run(line, paragraph, desk, parted=parted))
        runs.append(Run(GAP, key=label_ink(paragraph, desk, parted=parted)))
    lines = break_lines(runs, style, width)
    for blank in (line for line in column.lines if not line.number):
        below = part.add(Element("P"))
        label = Run(whole(blank.label), key=label_ink(below, desk, parted=desk.fillable))
        longer = break_lines((*runs, label), style, width)
        if len(longer) == len(lines) and width - longer[-1].width >= WRITING_LEAST:
            yield Text(longer, below)
        else:
            yield Text(lines)
            yield Text(break_lines((label,), style, width), below)
        return
    yield Text(lines)


def column_items(column: Column, desk: Desk) -> list[Item]:
    """Return the items of one column, from the top of its box down."""
    style = desk.style("crisis")
    items: list[Item] = []
    baseline = CRISIS_PAD + baseline_of(style)
    for text in column.texts:
        for line in text.lines:
            items.extend(line_items(line, column.x, baseline))
            baseline += style.leading
        if text.blank:
            start = column.x + (text.lines[-1].width + style.size / 2 if text.lines else 0.0)
            items.extend(writing_items(start, column.x + column.width, baseline - style.leading, text.blank, desk))
    return items


def writing_items(start: float, end: float, baseline: float, paragraph: Element, desk: Desk) -> Iterator[Item]:
    """Yield a line to write on, and in a form its field, which has the same words on each page."""
    style, level = desk.style("crisis"), baseline + WRITING_DROP
    ends: tuple[Command, ...] = (("M", (start, level)), ("L", (end, level)))
    yield from drawn((Path(ends, stroke="ink", width=WRITING, cap="butt"),), 0.0, 0.0)
    if desk.fillable:
        form = paragraph.add(Element("Form", tooltip=desk.words.say("field_local")))
        height = style.leading - LINE_ABOVE
        yield FieldItem("line", LOCAL, start, level - height, end - start, height, style.size - SMALLER, form)
