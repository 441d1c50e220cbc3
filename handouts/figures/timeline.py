"""The timeline: three to five steps beside a line that is straight up to the second, marked by a ring, then settles.

It runs from left to right where the columns of words have room, otherwise from top to bottom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from handouts.figures.decorative_lines import PIECES_PER_TURN, SettlingLine, settling_curve
from handouts.figures.labels import LabelLines, LabelStyle, label_too_long
from handouts.figures.shapes import (
    ARROW_OVERLAP,
    Circle,
    Command,
    Drawing,
    Path,
    Point,
    Shape,
    TextLabel,
    arrowhead,
    smooth_path,
)
from handouts.finding import Finding

_STEP_KEYS = ("step-1", "step-2", "step-3", "step-4", "step-5")
REQUIRED = _STEP_KEYS[:3]
OPTIONAL = (*_STEP_KEYS[3:], *(f"{step}-text" for step in _STEP_KEYS))
_TICK_WIDTH = 1.5
_DISC_RADIUS, _RING_RADIUS = 0.6, 0.66  # in em
_MIN_TURNS, _MAX_TURNS = 4, 10
_WAVES_FALL_PER_TURN = 2.4  # how fast loops open into waves, for each turn: faster would make a corner
# How far a turn goes on, in swings, and how many turns are loops before they open into waves.
_TURN_LENGTH, _LOOP_TURNS = 1.9, 2.1


class _TimelineStep(Struct, frozen=True):
    """The lines of one step: its heading and what belongs to it."""

    key: str
    heading: LabelLines
    text: LabelLines


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the timeline, `width` wide, from left to right, then from top to bottom."""
    yield _level_timeline(labels, width, style)
    yield _upright_timeline(labels, width, style)


def _steps_of(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the steps that have words: a heading, a text, or both."""
    return tuple(key for key in _STEP_KEYS if key in labels or f"{key}-text" in labels)


def _timeline_steps(
    labels: Mapping[str, str], room: float, headings: int, texts: int, style: LabelStyle
) -> tuple[tuple[_TimelineStep, ...], list[Finding]]:
    """Return the lines of the steps in columns of `room`, and what is too long for them."""
    steps: list[_TimelineStep] = []
    findings: list[Finding] = []
    for key in _steps_of(labels):
        heading, no_room = style.fit(key, labels, room, most=headings)
        text, no_text_room = style.fit(f"{key}-text", labels, room, bold=False, most=texts)
        steps.append(_TimelineStep(key, heading, text))
        findings += [*no_room, *no_text_room]
    return tuple(steps), findings


def _level_timeline(labels: Mapping[str, str], width: float, style: LabelStyle) -> Drawing:
    """Return the timeline from left to right: the line above, columns of words below."""
    em, column = style.size, width / len(_steps_of(labels))
    steps, findings = _timeline_steps(labels, column - 0.75 * em, 2, 5, style)
    swing = (1.5 if style.medium == "print" else 1.9) * em
    middle = swing + style.line / 2 + 1
    ring = (column + _RING_RADIUS * em + style.line / 2, middle)
    shapes = list(_line_shapes((_DISC_RADIUS * em, middle), ring, width - 1, swing, style, upright=False))
    tick = middle + swing + 0.55 * em
    top = tick + 1.45 * em
    texts = top + max(style.depth(step.heading) for step in steps) + 0.42 * em
    for index, step in enumerate(steps):
        x = index * column
        ends: tuple[Command, ...] = (("M", (x + _TICK_WIDTH / 2, tick)), ("L", (x + _TICK_WIDTH / 2, tick + 0.95 * em)))
        shapes.append(Path(ends, stroke=style.rule, width=_TICK_WIDTH, cap="butt"))
        shapes += _step_labels(step, x, top, texts, style)
    height = texts + max(style.depth(step.text) for step in steps)
    if height > style.most_height(width):
        findings.append(_too_high(labels))
    return Drawing(width, height, tuple(shapes), tuple(findings))


def _upright_timeline(labels: Mapping[str, str], width: float, style: LabelStyle) -> Drawing:
    """Return the timeline from top to bottom: the line at the left, rows of words at its right."""
    em, swing = style.size, 1.35 * style.size
    middle, left = swing + style.line / 2 + 1, 4.9 * em
    steps, findings = _timeline_steps(labels, min(width - left, 30 * em), 2, 3, style)
    shapes: list[Shape] = []
    levels: list[float] = []
    top = 0.3 * em
    for step in steps:
        level = top + 0.38 * em
        levels.append(level)
        ends: tuple[Command, ...] = (("M", (left - 1.35 * em, level)), ("L", (left - 0.5 * em, level)))
        shapes.append(Path(ends, stroke=style.rule, width=_TICK_WIDTH, cap="butt"))
        texts = top + style.depth(step.heading or ("",)) + 0.38 * em
        shapes += _step_labels(step, left, top, texts, style)
        top = texts + style.depth(step.text or ("",)) + 0.95 * em
    height = top - 0.95 * em + 1
    line = _line_shapes((levels[0], middle), (levels[1], middle), height - 1, swing, style, upright=True)
    if height > style.most_height(width):
        findings.append(_too_high(labels))
    return Drawing(width, height, (*line, *shapes), tuple(findings))


def _too_high(labels: Mapping[str, str]) -> Finding:
    """Return the finding for a timeline that is too high, at the first of its texts, or of its steps if it has none."""
    key = next(key for key in (*(f"{step}-text" for step in _STEP_KEYS), *_STEP_KEYS) if key in labels)
    return label_too_long(key, labels[key])


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

    Points are along and across; `upright` lays "along" from top to bottom.
    """
    em, (along, across) = style.size, ring
    stop = end - ARROW_OVERLAP * em
    turns = max(_MIN_TURNS, min(_MAX_TURNS, round((stop - along) / (_TURN_LENGTH * swing))))
    settling = SettlingLine(along, stop, across, swing, turns, _LOOP_TURNS / turns, _WAVES_FALL_PER_TURN * turns)
    curve = settling_curve(settling)
    pieces = turns * PIECES_PER_TURN
    settled = smooth_path(lambda t: _oriented_point(curve(t), upright=upright), 0.0, settling.end, pieces)
    straight: tuple[Command, ...] = (
        ("M", _oriented_point(start, upright=upright)),
        ("L", _oriented_point(ring, upright=upright)),
    )
    return (
        Path(straight, stroke="accent", width=style.line),
        Path(settled, stroke="accent", width=style.line),
        arrowhead(
            _oriented_point((end, across), upright=upright),
            _oriented_point((stop, across), upright=upright),
            em,
            "accent",
        ),
        Circle(*_oriented_point(start, upright=upright), _DISC_RADIUS * em, fill="accent"),
        Circle(
            *_oriented_point(ring, upright=upright), _RING_RADIUS * em, fill="white", stroke="accent", width=style.line
        ),
    )


def _oriented_point(point: Point, *, upright: bool) -> Point:
    """Return a point along and across as x and y."""
    return (point[1], point[0]) if upright else point
