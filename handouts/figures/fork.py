"""The fork: a question and three branches, which differ in shape, word, border and bar as well as in colour.

The question stands to the left of the branches if there is width for both, otherwise above them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from msgspec import Struct

from handouts.document.nodes import Level
from handouts.figures.labels import LabelLines, LabelStyle, labelled_drawing
from handouts.figures.shapes import (
    ARROW_OVERLAP,
    CIRCLE_CONTROL,
    Circle,
    Command,
    Drawing,
    Path,
    Point,
    Rectangle,
    Shape,
    arrowhead,
    shifted_all,
    straight_line,
)
from handouts.figures.signs import fork_sign_drawing, hatch_paths

_LEVELS: tuple[Level, ...] = get_args(Level)
REQUIRED = ("question", *_LEVELS)
OPTIONAL = tuple(f"{level}-text" for level in _LEVELS)
BRANCH_EDGES: Mapping[Level, float] = {"red": 2.25, "amber": 1.5, "green": 0.75}
BRANCH_FILLS: Mapping[Level, str] = {"red": "red-tint", "amber": "white", "green": "white"}
_BAR_WIDTH, _SIGN_SIZE, _BRANCH_PADDING = 0.92, 1.6, 0.95  # in em
BRANCH_RADIUS, _PATH_WIDTH = 6.0, 2.25


class _ForkBranch(Struct, frozen=True):
    """One branch: its level, and the lines of its heading and of its text."""

    level: Level
    heading: LabelLines
    text: LabelLines


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the fork, `width` wide, with its question at the left if there is width for it, then above."""
    if width >= 30 * style.size:
        yield _level_fork(labels, width, style)
    yield _upright_fork(labels, width, style)


def _fork_branches(labels: Mapping[str, str], room: float, style: LabelStyle) -> tuple[_ForkBranch, ...]:
    """Return the lines of the three branches, which stand in boxes that are `room` wide."""
    inner = room - (_BAR_WIDTH + _SIGN_SIZE + 2.9 * _BRANCH_PADDING) * style.size
    return tuple(
        _ForkBranch(
            level,
            style.lines(labels.get(level, ""), inner, most=3),
            style.lines(labels.get(f"{level}-text", ""), inner, bold=False),
        )
        for level in _LEVELS
    )


def _branch_height(branch: _ForkBranch, style: LabelStyle) -> float:
    """Return how high the box of a branch must be."""
    lines = (*branch.heading, *branch.text)
    return max(style.depth(lines) + 1.5 * style.size, (_SIGN_SIZE + 1.1) * style.size)


def _level_fork(labels: Mapping[str, str], width: float, style: LabelStyle) -> Drawing:
    """Return the fork from left to right: the question, the path, and three boxes of equal height."""
    em, gap = style.size, 0.65 * style.size
    question = style.lines(labels["question"], 0.27 * width, most=6)
    left = style.breadth(question) + 4.4 * em
    branches = _fork_branches(labels, width - left, style)
    each = max(_branch_height(branch, style) for branch in branches)
    height = 3 * each + 2 * gap
    middle, disc = height / 2, left - 3.35 * em
    shapes: list[Shape] = []
    if question:
        shapes.append(style.centred("question", question, 0, middle, colour="accent", align="start"))
    for index, branch in enumerate(branches):
        top = index * (each + gap)
        shapes += _level_branch_path((disc, middle), (left - 2, top + each / 2), style)
        shapes += shifted_all(_branch_shapes(branch, width - left, each, style), left, top)
    shapes.append(Circle(disc, middle, 0.42 * em, fill=style.type_style.colour))
    too_high = style.too_high(width, height, labels, *_keys_to_shorten(labels))
    return labelled_drawing(width, height, shapes, labels, *too_high)


def _keys_to_shorten(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the labels to shorten if a fork is too high: the longest text, or all headings if there are no texts."""
    texts = [key for key in OPTIONAL if key in labels]
    return (
        (max(texts, key=lambda each: len(labels[each])),)
        if texts
        else tuple(each for each in labels if each in _LEVELS)
    )


def _level_branch_path(start: Point, tip: Point, style: LabelStyle) -> tuple[Shape, ...]:
    """Return the path from the question to one box: straight, or round two corners."""
    em, colour = style.size, style.type_style.colour
    stop, turn, down = tip[0] - ARROW_OVERLAP * em, start[0] + 1.1 * em, tip[1] - start[1]
    corner = 0.75 * em if down > 0 else -0.75 * em
    level: tuple[Command, ...] = (("M", start), ("L", (stop, tip[1])))
    bent: tuple[Command, ...] = (
        ("M", start),
        ("L", (turn - abs(corner), start[1])),
        ("C", (turn, start[1], turn, start[1], turn, start[1] + corner)),
        ("L", (turn, tip[1] - corner)),
        ("C", (turn, tip[1], turn, tip[1], turn + abs(corner), tip[1])),
        ("L", (stop, tip[1])),
    )
    line = Path(level if abs(down) < 1 else bent, stroke=colour, width=_path_width(style))
    return line, arrowhead(tip, (tip[0] - 1, tip[1]), 0.9 * em, colour)


def _upright_fork(labels: Mapping[str, str], width: float, style: LabelStyle) -> Drawing:
    """Return the fork from top to bottom: the question, then the boxes, with the path to their left."""
    em, gap, left = style.size, 0.6 * style.size, 2.9 * style.size
    branches = _fork_branches(labels, width - left, style)
    question = style.lines(labels["question"], width - left, most=3)
    shapes: list[Shape] = []
    if question:
        shapes.append(style.label("question", question, left, 0.02 * em, colour="accent"))
    top, trunk = style.depth(question or ("",)) + 0.8 * em, 0.45 * em
    for branch in branches:
        height = _branch_height(branch, style)
        shapes += _upright_branch_path((trunk, 0.4 * em), (left - 2, top + height / 2), style)
        shapes += shifted_all(_branch_shapes(branch, width - left, height, style), left, top)
        top += height + gap
    shapes.append(Circle(trunk, 0.4 * em, 0.42 * em, fill=style.type_style.colour))
    too_high = style.too_high(width, top - gap, labels, *_keys_to_shorten(labels))
    return labelled_drawing(width, top - gap, shapes, labels, *too_high)


def _upright_branch_path(start: Point, tip: Point, style: LabelStyle) -> tuple[Shape, ...]:
    """Return the path down a trunk and round one corner into a box."""
    em, corner = style.size, 0.75 * style.size
    commands: tuple[Command, ...] = (
        ("M", start),
        ("L", (start[0], tip[1] - corner)),
        ("C", (start[0], tip[1], start[0], tip[1], start[0] + corner, tip[1])),
        ("L", (tip[0] - ARROW_OVERLAP * em, tip[1])),
    )
    line = Path(commands, stroke=style.type_style.colour, width=_path_width(style))
    return line, arrowhead(tip, (tip[0] - 1, tip[1]), 0.9 * em, style.type_style.colour)


def _path_width(style: LabelStyle) -> float:
    """Return the line width of the path."""
    return _PATH_WIDTH if style.medium == "print" else 1.4 * _PATH_WIDTH


def _branch_shapes(branch: _ForkBranch, width: float, height: float, style: LabelStyle) -> Iterator[Shape]:
    """Yield the box of a branch with its top left corner at 0, 0: its frame and bar, its sign, and its words."""
    em, size = style.size, _SIGN_SIZE * style.size
    yield from _branch_frame(branch.level, width, height, _BAR_WIDTH * em, 1.0 if style.medium == "print" else 1.4)
    x, lines = (_BAR_WIDTH + _BRANCH_PADDING) * em, (*branch.heading, *branch.text)
    yield from shifted_all(fork_sign_drawing(branch.level, size).shapes, x, (height - size) / 2)
    top, start = (height - style.depth(lines)) / 2 + 0.08 * em, x + size + 0.95 * _BRANCH_PADDING * em
    if branch.heading:
        yield style.label(branch.level, branch.heading, start, top, colour=branch.level)
    if branch.text:
        below = top + len(branch.heading) * style.leading
        yield style.label(f"{branch.level}-text", branch.text, start, below, bold=False)


def _branch_frame(level: Level, width: float, height: float, bar: float, times: float) -> tuple[Shape, ...]:
    """Return the box of a branch, with a solid, hatched or open bar inside its left edge."""
    edge, r = BRANCH_EDGES[level] * times, BRANCH_RADIUS
    half = edge / 2
    box = Rectangle(half, half, width - edge, height - edge, r, BRANCH_FILLS[level], level, edge)
    divider = straight_line((bar, half), (bar, height - half), level, edge)
    match level:
        case "red":
            return box, solid_bar(bar, height, level)
        case "amber":
            outline = Rectangle(half, half, width - edge, height - edge, r, "", level, edge)
            hatch = hatch_paths(1.4 * edge, 1.4 * edge, bar - 1.4 * edge, height - 2.8 * edge, level)
            return box, *hatch, divider, outline
        case "green":
            return box, divider


def solid_bar(width: float, height: float, colour: str) -> Path:
    """Return the bar inside the left edge of the most urgent branch, whose corners it fills."""
    r, far = BRANCH_RADIUS, BRANCH_RADIUS * (1 - CIRCLE_CONTROL)
    commands: tuple[Command, ...] = (
        ("M", (width, 0)), ("L", (r, 0)), ("C", (far, 0, 0, far, 0, r)), ("L", (0, height - r)),
        ("C", (0, height - far, far, height, r, height)), ("L", (width, height)), ("Z", ()),
    )  # fmt: skip
    return Path(commands, fill=colour)
