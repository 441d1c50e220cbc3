"""The timeline of a clear ending: a ring marks the announcement, then the line settles, beside five steps.

It runs from left to right where five columns of words have room, otherwise from top to bottom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from handouts.figures.decorative_lines import PIECES_PER_TURN, SettlingLine, settling_curve
from handouts.figures.labels import LabelLines, LabelStyle, Medium, best_drawing, label_too_long
from handouts.figures.paths import ARROW_OVERLAP, Point, arrowhead, smooth_path
from handouts.figures.shapes import Circle, Command, Drawing, Path, Shape, TextLabel
from handouts.finding import Finding
from handouts.text.fonts import FontFamily
from handouts.theme import TypeStyle

STEP_KEYS = ("step-1", "step-2", "step-3", "step-4", "step-5")
REQUIRED = tuple(key for step in STEP_KEYS for key in (step, f"{step}-text"))
OPTIONAL: tuple[str, ...] = ()
TICK_WIDTH = 1.5
DISC_RADIUS, RING_RADIUS = 0.6, 0.66  # in em
MIN_TURNS, MAX_TURNS = 4, 10
WAVES_FALL_PER_TURN = 2.4  # how fast loops open into waves, for each turn: faster would make a corner
TURN_LENGTH, LOOP_TURNS = (
    1.9,
    2.1,
)  # how far a turn goes on, in swings; how many turns are loops before they open into waves


class TimelineStep(Struct, frozen=True):
    """The lines of one step: its heading and what belongs to it."""

    key: str
    heading: LabelLines
    text: LabelLines


def draw_timeline(
    labels: Mapping[str, str], width: float, style: TypeStyle, family: FontFamily, medium: Medium
) -> Drawing:
    """Return the timeline, `width` wide; words that have no room in either direction are a finding."""
    return best_drawing(arrangements(labels, width, LabelStyle(style, family, medium)))


def arrangements(labels: Mapping[str, str], width: float, scribe: LabelStyle) -> Iterator[Drawing]:
    """Yield the timeline from left to right, then from top to bottom."""
    yield level_timeline(labels, width, scribe)
    yield upright_timeline(labels, width, scribe)


def timeline_steps(
    labels: Mapping[str, str], room: float, headings: int, texts: int, scribe: LabelStyle
) -> tuple[tuple[TimelineStep, ...], list[Finding]]:
    """Return the lines of the five steps in columns of `room`, and what is too long for them."""
    steps: list[TimelineStep] = []
    findings: list[Finding] = []
    for key in STEP_KEYS:
        heading = scribe.lines(labels[key], room, most=headings)
        text = scribe.lines(labels[f"{key}-text"], room, bold=False, most=texts)
        steps.append(TimelineStep(key, heading or (), text or ()))
        findings += [label_too_long(key, labels[key])] if heading is None else []
        findings += [label_too_long(f"{key}-text", labels[f"{key}-text"])] if text is None else []
    return tuple(steps), findings


def level_timeline(labels: Mapping[str, str], width: float, scribe: LabelStyle) -> Drawing:
    """Return the timeline from left to right: the line above, five columns of words below."""
    em, column = scribe.size, width / 5
    steps, findings = timeline_steps(labels, column - 0.75 * em, 2, 5, scribe)
    swing = (1.5 if scribe.medium == "print" else 1.9) * em
    middle = swing + scribe.line / 2 + 1
    ring = (column + RING_RADIUS * em + scribe.line / 2, middle)
    shapes = list(line_shapes((DISC_RADIUS * em, middle), ring, width - 1, swing, scribe, upright=False))
    tick = middle + swing + 0.55 * em
    top = tick + 1.45 * em
    texts = top + max(scribe.depth(step.heading) for step in steps) + 0.42 * em
    for index, step in enumerate(steps):
        x = index * column
        ends: tuple[Command, ...] = (("M", (x + TICK_WIDTH / 2, tick)), ("L", (x + TICK_WIDTH / 2, tick + 0.95 * em)))
        shapes.append(Path(ends, stroke=scribe.rule, width=TICK_WIDTH, cap="butt"))
        shapes += step_labels(step, x, top, texts, scribe)
    height = texts + max(scribe.depth(step.text) for step in steps)
    if height > scribe.most_height(width):
        findings.append(label_too_long("step-1-text", labels["step-1-text"]))
    return Drawing(width, height, tuple(shapes), tuple(findings))


def upright_timeline(labels: Mapping[str, str], width: float, scribe: LabelStyle) -> Drawing:
    """Return the timeline from top to bottom: the line at the left, five rows of words at its right."""
    em, swing = scribe.size, 1.35 * scribe.size
    middle, left = swing + scribe.line / 2 + 1, 4.9 * em
    steps, findings = timeline_steps(labels, min(width - left, 30 * em), 2, 3, scribe)
    shapes: list[Shape] = []
    levels: list[float] = []
    top = 0.3 * em
    for step in steps:
        level = top + 0.38 * em
        levels.append(level)
        ends: tuple[Command, ...] = (("M", (left - 1.35 * em, level)), ("L", (left - 0.5 * em, level)))
        shapes.append(Path(ends, stroke=scribe.rule, width=TICK_WIDTH, cap="butt"))
        texts = top + scribe.depth(step.heading or ("",)) + 0.38 * em
        shapes += step_labels(step, left, top, texts, scribe)
        top = texts + scribe.depth(step.text or ("",)) + 0.95 * em
    height = top - 0.95 * em + 1
    line = line_shapes((levels[0], middle), (levels[1], middle), height - 1, swing, scribe, upright=True)
    if height > scribe.most_height(width):
        findings.append(label_too_long("step-1-text", labels["step-1-text"]))
    return Drawing(width, height, (*line, *shapes), tuple(findings))


def step_labels(step: TimelineStep, x: float, top: float, texts: float, scribe: LabelStyle) -> Iterator[TextLabel]:
    """Yield the heading and the text of a step."""
    if step.heading:
        yield scribe.label(step.key, step.heading, x, top, colour="accent")
    if step.text:
        yield scribe.label(f"{step.key}-text", step.text, x, texts, bold=False)


def line_shapes(
    start: Point, ring: Point, end: float, swing: float, scribe: LabelStyle, *, upright: bool
) -> tuple[Shape, ...]:
    """Return the line: straight from the disc to the ring, then in loops and waves that settle to an arrow at `end`.

    Points are along and across; `upright` lays "along" from top to bottom.
    """
    em, (along, across) = scribe.size, ring
    stop = end - ARROW_OVERLAP * em
    turns = max(MIN_TURNS, min(MAX_TURNS, round((stop - along) / (TURN_LENGTH * swing))))
    settling = SettlingLine(along, stop, across, swing, turns, LOOP_TURNS / turns, WAVES_FALL_PER_TURN * turns)
    curve = settling_curve(settling)
    pieces = turns * PIECES_PER_TURN
    settled = smooth_path(lambda t: oriented_point(curve(t), upright=upright), 0.0, settling.end, pieces)
    straight: tuple[Command, ...] = (
        ("M", oriented_point(start, upright=upright)),
        ("L", oriented_point(ring, upright=upright)),
    )
    return (
        Path(straight, stroke="accent", width=scribe.line),
        Path(settled, stroke="accent", width=scribe.line),
        arrowhead(
            oriented_point((end, across), upright=upright),
            oriented_point((stop, across), upright=upright),
            em,
            "accent",
        ),
        Circle(*oriented_point(start, upright=upright), DISC_RADIUS * em, fill="accent"),
        Circle(
            *oriented_point(ring, upright=upright), RING_RADIUS * em, fill="white", stroke="accent", width=scribe.line
        ),
    )


def oriented_point(point: Point, *, upright: bool) -> Point:
    """Return a point along and across as x and y."""
    return (point[1], point[0]) if upright else point
