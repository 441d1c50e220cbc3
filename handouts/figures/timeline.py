"""The timeline: three to five steps along a line that is straight up to a ring at the second, then loops and settles.

It runs from left to right if the columns of words have room, otherwise from top to bottom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from handouts.figures.decorative_lines import PIECES_PER_TURN, SettlingLine, settling_curve
from handouts.figures.labels import LabelLines, LabelStyle, labelled_drawing
from handouts.figures.shapes import (
    ARROW_OVERLAP,
    Circle,
    Drawing,
    Path,
    Point,
    Shape,
    TextLabel,
    arrowhead,
    smooth_path,
    straight_line,
)

_STEP_KEYS = ("step-1", "step-2", "step-3", "step-4", "step-5")
REQUIRED = _STEP_KEYS[:3]
_TEXT_KEYS = tuple(f"{step}-text" for step in _STEP_KEYS)
OPTIONAL = (*_STEP_KEYS[3:], *_TEXT_KEYS)
_TICK_WIDTH = 1.5
_DISC_RADIUS, _RING_RADIUS = 0.6, 0.66  # in em
_MIN_TURNS, _MAX_TURNS = 4, 10
_WAVES_FALL_PER_TURN = 2.4  # how fast loops open into waves, for each turn: faster would make a corner
# The length of a turn, in swings, and how many turns are loops before they open into waves.
_TURN_LENGTH, _LOOP_TURNS = 1.9, 2.1


class _TimelineStep(Struct, frozen=True):
    """The lines of one step: of its heading and of the text below it."""

    key: str
    heading: LabelLines
    text: LabelLines


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the timeline, `width` wide, from left to right, then from top to bottom."""
    yield _level_timeline(labels, width, style)
    yield _upright_timeline(labels, width, style)


def _timeline_steps(
    labels: Mapping[str, str], room: float, most_text_lines: int, style: LabelStyle
) -> tuple[_TimelineStep, ...]:
    """Return the steps that have words, their lines at most `room` wide."""
    return tuple(
        _TimelineStep(
            key,
            style.lines(labels.get(key, ""), room, most=2),
            style.lines(labels.get(f"{key}-text", ""), room, bold=False, most=most_text_lines),
        )
        for key in _step_keys(labels)
    )


def _step_keys(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of the steps that have a heading, a text, or both."""
    return tuple(key for key in _STEP_KEYS if key in labels or f"{key}-text" in labels)


def _level_timeline(labels: Mapping[str, str], width: float, style: LabelStyle) -> Drawing:
    """Return the timeline from left to right: the line above, columns of words below."""
    em, column = style.size, width / len(_step_keys(labels))
    steps = _timeline_steps(labels, column - 0.75 * em, 5, style)
    swing = (1.5 if style.medium == "print" else 1.9) * em
    middle = swing + style.line / 2 + 1
    ring = (column + _RING_RADIUS * em + style.line / 2, middle)
    shapes = list(_line_shapes((_DISC_RADIUS * em, middle), ring, width - 1, swing, style, upright=False))
    tick = middle + swing + 0.55 * em
    top = tick + 1.45 * em
    texts = top + max(style.depth(step.heading) for step in steps) + 0.42 * em
    for index, step in enumerate(steps):
        left = index * column
        x = left + _TICK_WIDTH / 2
        shapes.append(straight_line((x, tick), (x, tick + 0.95 * em), style.rule, _TICK_WIDTH))
        shapes += _step_labels(step, left, top, texts, style)
    height = texts + max(style.depth(step.text) for step in steps)
    too_high = style.too_high(width, height, labels, _key_to_shorten(labels))
    return labelled_drawing(width, height, shapes, labels, *too_high)


def _upright_timeline(labels: Mapping[str, str], width: float, style: LabelStyle) -> Drawing:
    """Return the timeline from top to bottom: the line at the left, rows of words to its right."""
    em, swing = style.size, 1.35 * style.size
    middle, left = swing + style.line / 2 + 1, 4.9 * em
    shapes: list[Shape] = []
    levels: list[float] = []
    top = 0.3 * em
    for step in _timeline_steps(labels, min(width - left, 30 * em), 3, style):
        level = top + 0.38 * em
        levels.append(level)
        shapes.append(straight_line((left - 1.35 * em, level), (left - 0.5 * em, level), style.rule, _TICK_WIDTH))
        texts = top + style.depth(step.heading or ("",)) + 0.38 * em
        shapes += _step_labels(step, left, top, texts, style)
        top = texts + style.depth(step.text or ("",)) + 0.95 * em
    height = top - 0.95 * em + 1
    line = _line_shapes((levels[0], middle), (levels[1], middle), height - 1, swing, style, upright=True)
    too_high = style.too_high(width, height, labels, _key_to_shorten(labels))
    return labelled_drawing(width, height, (*line, *shapes), labels, *too_high)


def _key_to_shorten(labels: Mapping[str, str]) -> str:
    """Return the label to shorten if a timeline is too high: its first text, or its first step if it has no text."""
    return next(key for key in (*_TEXT_KEYS, *_STEP_KEYS) if key in labels)


def _step_labels(step: _TimelineStep, x: float, top: float, texts: float, style: LabelStyle) -> Iterator[TextLabel]:
    """Yield the heading and the text of a step."""
    if step.heading:
        yield style.label(step.key, step.heading, x, top, colour="accent")
    if step.text:
        yield style.label(f"{step.key}-text", step.text, x, texts, bold=False)


def _line_shapes(
    start: Point, ring: Point, end: float, swing: float, style: LabelStyle, *, upright: bool
) -> tuple[Shape, ...]:
    """Return the line: straight from the disc to the ring, then in loops and waves that settle to an arrow at `end`.

    Points are given along and across the line; `upright` makes "along" run from top to bottom.
    """
    em, (along, across) = style.size, ring
    stop = end - ARROW_OVERLAP * em
    turns = max(_MIN_TURNS, min(_MAX_TURNS, round((stop - along) / (_TURN_LENGTH * swing))))
    settling = SettlingLine(along, stop, across, swing, turns, _LOOP_TURNS / turns, _WAVES_FALL_PER_TURN * turns)
    curve = settling_curve(settling)

    def turned(point: Point) -> Point:
        return (point[1], point[0]) if upright else point

    settled = smooth_path(lambda t: turned(curve(t)), 0.0, settling.end, turns * PIECES_PER_TURN)
    return (
        Path((("M", turned(start)), ("L", turned(ring))), stroke="accent", width=style.line),
        Path(settled, stroke="accent", width=style.line),
        arrowhead(turned((end, across)), turned((stop, across)), em, "accent"),
        Circle(*turned(start), _DISC_RADIUS * em, fill="accent"),
        Circle(*turned(ring), _RING_RADIUS * em, fill="white", stroke="accent", width=style.line),
    )
