"""What stands on every page: running head, foot, and the box that says whom to call in a crisis.

The first crisis box is read, the others are artifacts like heads and feet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handouts.document import Crisis, CrisisColumn, CrisisLine, Document
from handouts.figures import Box as Rectangle
from handouts.figures import Path, Shape, page_mark_drawing
from handouts.pdf.boxes import moved_down
from handouts.pdf.inline import Desk, Ink, baseline_of, line_items, words_box
from handouts.pdf.page import Element, Item, ShapeItem, TextItem
from handouts.pdf.panels import drawn
from handouts.text import Run, break_lines, text_width
from handouts.theme import TypeStyle

HEAD_TOP, HEAD_BASELINE = 36.0, 11.5
CRISIS_BOTTOM, CRISIS_HEIGHT, CRISIS_PAD, CRISIS_SIDE, CRISIS_EDGE, CRISIS_RADIUS = 60.0, 70.5, 8.5, 14.0, 1.5, 6.0
FOOT_BOTTOM, COLUMN_GAP, WRITING = 42.0, 20.0, 60.0
QUESTION_LINES = 2
DEFAULT_SHARES = (104.0, 170.0, 181.28)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the crisis box: its lines of runs, each a tuple, and whether a line ends in a line to write on."""

    lines: tuple[tuple[Run, ...], ...]
    blank: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class CrisisBox:
    """The crisis box as laid out: its height, and its items on each page, read on the first."""

    height: float
    read: tuple[Item, ...]
    repeated: tuple[Item, ...]


def crisis_box(crisis: Crisis, parent: Element, desk: Desk) -> CrisisBox:
    """Return the crisis box, with its elements below `parent`; without columns there is none."""
    if not crisis.columns:
        return CrisisBox(0.0, (), ())
    section = parent.add(Element("Sect"))
    theme, style = desk.theme, desk.style("crisis")
    width = theme.right - theme.margin
    widths = crisis_widths(crisis.columns, width - 2 * CRISIS_SIDE, style)
    texts: list[Item] = []
    shapes: list[Shape] = []
    x, deepest = theme.margin + CRISIS_SIDE, 0
    for index, (column, room) in enumerate(zip(crisis.columns, widths, strict=True)):
        if index:
            shapes.append(vertical(x - theme.margin - COLUMN_GAP / 2, CRISIS_PAD + 1))
        items, lines = column_items(column, section.add(Element("Div")), x, room, style)
        texts.extend(items)
        deepest = max(deepest, lines)
        x += room + COLUMN_GAP
    height = max(CRISIS_HEIGHT, deepest * style.leading + 2 * CRISIS_PAD + 1)
    top = theme.paper.height - CRISIS_BOTTOM - height
    frame = Rectangle(0, 0, width, height, CRISIS_RADIUS, "white", "ink", CRISIS_EDGE)
    dividers = tuple(stretched(shape, height - CRISIS_PAD - 1) for shape in shapes)
    below = moved_down((*drawn((frame, *dividers), theme.margin, 0.0), *moved_down(texts, CRISIS_PAD)), top)
    return CrisisBox(height, below, tuple(unread(item) for item in below))


def vertical(x: float, top: float) -> Path:
    """Return the beginning of a divider."""
    return Path((("M", (x, top)), ("L", (x, top))), stroke="ink", width=0.75, cap="butt")


def stretched(shape: Shape, bottom: float) -> Shape:
    """Return a divider that goes down to `bottom`."""
    assert isinstance(shape, Path)  # noqa: S101
    start = shape.commands[0]
    return replace(shape, commands=(start, ("L", (start[1][0], bottom))))


def crisis_widths(columns: Sequence[CrisisColumn], room: float, style: TypeStyle) -> list[float]:
    """Return the width of each column: the usual one if all words fit it, else by what each needs."""
    needed = [column_need(column, style) for column in columns]
    room -= COLUMN_GAP * (len(columns) - 1)
    usual = [share * room / sum(DEFAULT_SHARES) for share in DEFAULT_SHARES][: len(columns)]
    if len(columns) == len(DEFAULT_SHARES) and all(n <= u for n, u in zip(needed, usual, strict=True)):
        return usual
    spare = (room - sum(needed)) / len(columns)
    if spare >= 0:
        return [need + spare for need in needed]
    return [room * need / sum(needed) for need in needed]


def column_need(column: CrisisColumn, style: TypeStyle) -> float:
    """Return the width at which a column's question takes two lines and each of its lines one."""
    lines = [line_width(line, style) for line in column.lines]
    words = [text_width(word, style) for word in column.question.split()]
    low, high = max((*lines, *words), default=0.0), max(text_width(column.question, style), *lines, 1.0)
    while high - low > 1:
        middle = (low + high) / 2
        fits = len(break_lines((Run(column.question),), style, middle)) <= QUESTION_LINES
        low, high = (low, middle) if fits else (middle, high)
    return high + 1


def line_width(line: CrisisLine, style: TypeStyle) -> float:
    """Return the width of one line of the crisis box."""
    number = text_width(line.number, replace(style, bold=True)) if line.number else WRITING
    return text_width(f"{line.label} ", style) + text_width("\u00a0", style) + number


def column_items(
    column: CrisisColumn, parent: Element, x: float, width: float, style: TypeStyle
) -> tuple[list[Item], int]:
    """Return the items of one column, from y 0 down, and how many lines it has."""
    question = Ink(parent.add(Element("P")), "ink")
    items: list[Item] = []
    count = 0
    for line in break_lines((Run(column.question, key=question),), replace(style, balance=True), width):
        items.extend(line_items(line, x, count * style.leading + baseline_of(style)))
        count += 1
    for each in column.lines:
        ink = Ink(parent.add(Element("P")), "ink")
        runs = (Run(f"{each.label} ", key=ink), Run(each.number, bold=True, key=ink))
        lines = break_lines(runs, style, width)
        for line in lines:
            items.extend(line_items(line, x, count * style.leading + baseline_of(style)))
            count += 1
        if not each.number:
            start = x + text_width(f"{each.label}\u00a0\u00a0", style)
            level = (count - 1) * style.leading + baseline_of(style) + 2
            rule = Path((("M", (start, level)), ("L", (x + width - 4, level))), stroke="ink", width=1.0, cap="butt")
            items.append(ShapeItem(rule, 0.0, 0.0, None))
    return items, count


def unread(item: Item) -> Item:
    """Return `item` as an artifact."""
    return replace(item, element=None)


def head_items(document: Document, desk: Desk) -> tuple[Item, ...]:
    """Return the running head of a page after the first: mark, short title on the axis, label at the right."""
    theme, style = desk.theme, desk.style("foot")
    element = pagination("Header")
    lift = HEAD_TOP + HEAD_BASELINE - baseline_of(style)
    title = words_box(document.running_title, element, style, theme.axis, theme.column)
    label = text_width(document.label, style)
    right = words_box(document.label, element, style, theme.right - label - 0.01, label + 1)
    mark = drawn(page_mark_drawing().shapes, theme.margin, HEAD_TOP)
    return (*mark, *moved_down((*title.items[:1], *right.items), lift))


def foot_items(document: Document, number: int, count: int, desk: Desk) -> tuple[Item, ...]:
    """Return the foot of a page: for whom, state and date at the left, the page in bold at the right."""
    theme, style = desk.theme, desk.style("foot")
    element = pagination("Footer")
    page = document.words.say("page", n=number, m=count).replace(" ", "\u00a0")
    bold = replace(style, bold=True, colour="ink")
    width = text_width(page, bold)
    top = theme.paper.height - FOOT_BOTTOM - style.leading + 3
    left = words_box(document.foot, element, style, theme.margin, theme.right - theme.margin - width - 8)
    right = words_box(page, element, bold, theme.right - width - 0.01, width + 1)
    return moved_down((*left.items, *right.items), top)


def pagination(kind: str) -> Element:
    """Return the mark of a running head or foot (ISO 14289-1, 7.8)."""
    return Element("Artifact", attributes=(("Artifact", "Type", "Pagination"), ("Artifact", "Subtype", kind)))


def text_items(items: Sequence[Item]) -> tuple[TextItem, ...]:
    """Return the text items among `items`."""
    return tuple(item for item in items if isinstance(item, TextItem))
