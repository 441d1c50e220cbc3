"""The contact cycle: one step leads into a loop of five, and two of them have a way out.

The pattern is drawn in outline, the ways out are solid; disc and ring say who can take them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from handouts.figures.labels import Area, Obstacles, Spot, label_areas, place_label
from handouts.figures.paths import (
    ARROW_OVERLAP,
    Curve,
    Point,
    arrow,
    arrowhead,
    away_from,
    ellipse,
    smooth_path,
)
from handouts.figures.shapes import Box, Circle, Command, Drawing, Label, Path, Shape
from handouts.finding import Finding, error
from handouts.text import Family, Run, break_lines
from handouts.theme import TypeStyle

REQUIRED = ("sign", "alarm", "rise", "urge", "contact", "relief", "pause", "pause-text", "answer")
OPTIONAL = ("answer-text",)
EDGE = 2.25


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the cycle stands in one medium, in points at its own width; angles are degrees clockwise."""

    width: float
    height: float
    centre: Point
    radii: Point
    angles: Mapping[int, float]
    entry: Point
    exits: float
    line: float


LAYOUTS: Mapping[str, Layout] = {
    "print": Layout(
        511, 310, (207, 155), (120, 139.7), {2: 180, 3: 270, 4: 334, 5: 22, 6: 111}, (15.3, 40.3), 361, 3.25
    ),
    "slide": Layout(
        852, 346, (339, 173), (211.3, 146.5), {2: 180, 3: 270, 4: 340, 5: 20, 6: 116}, (26.5, 173), 602.4, 4.5
    ),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A layout at the width asked for, with all that follows from the size of its labels."""

    layout: Layout
    scale: float
    style: TypeStyle
    family: Family

    @property
    def size(self) -> float:
        """The size of the labels."""
        return self.style.size

    @property
    def node(self) -> float:
        """The radius of a node."""
        return 1.023 * self.size

    @property
    def gap(self) -> float:
        """How far from the middle of a node an arrow ends."""
        return self.node + 4

    @property
    def line(self) -> float:
        """The width of a line."""
        return self.layout.line

    @property
    def loop(self) -> Curve:
        """The loop on which nodes 2 to 6 stand."""
        (x, y), (across, down) = self.layout.centre, self.layout.radii
        return ellipse((x * self.scale, y * self.scale), (across * self.scale, down * self.scale))

    def angle(self, node: int) -> float:
        """Return where `node` stands on the loop, in radians."""
        return math.radians(self.layout.angles[node])

    def point(self, node: int) -> Point:
        """Return the middle of a node from 1 to 6."""
        if node == 1:
            return self.layout.entry[0] * self.scale, self.layout.entry[1] * self.scale
        return self.loop(self.angle(node))


def draw_cycle(
    labels: Mapping[str, str], width: float, style: TypeStyle, family: Family, medium: Literal["print", "slide"]
) -> Drawing:
    """Return the cycle, `width` wide; a label that has no room, or cannot be placed clear of the rest, is a finding."""
    layout = LAYOUTS[medium]
    stage = Stage(layout, width / layout.width, style, family)
    exits, findings = draw_exits(labels, stage, width)
    obstacles = Obstacles(
        bounds=Area(0, 0, width, layout.height * stage.scale),
        points=(*loop_points(stage), *((stage.point(node), stage.node) for node in range(1, 7))),
        areas=tuple(Area(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes_of(exits)),
    )
    placed, more = place_labels(labels, stage, obstacles)
    shapes = (loop_ground(stage), *loop_arrows(stage), *entry_arrow(stage), *nodes(stage), *placed, *exits)
    return Drawing(width, layout.height * stage.scale, shapes, (*findings, *more))


def loop_ground(stage: Stage) -> Path:
    """Return the pale ground inside the loop."""
    return Path((*smooth_path(stage.loop, 0, 2 * math.pi, 8), ("Z", ())), fill="tint")


def loop_arrows(stage: Stage) -> tuple[Shape, ...]:
    """Return the arrows from each node of the loop to the next."""
    order = (2, 3, 4, 5, 6, 2)
    return tuple(
        shape for start, end in pairwise(order) for shape in loop_arrow(stage, stage.angle(start), stage.angle(end))
    )


def loop_arrow(stage: Stage, start: float, end: float) -> tuple[Shape, ...]:
    """Return one arrow along the loop, short of the nodes at both ends."""
    end += 2 * math.pi * (end < start)
    first = away_from(stage.loop, start, stage.gap, 1)
    tip = away_from(stage.loop, end, stage.gap, -1)
    stop = away_from(stage.loop, tip, ARROW_OVERLAP * stage.size, -1)
    tail = stage.loop(away_from(stage.loop, tip, 0.95 * stage.size, -1))
    pieces = max(1, math.ceil((stop - first) / (math.pi / 4)))
    line = Path(smooth_path(stage.loop, first, stop, pieces), stroke="accent", width=stage.line)
    return line, arrowhead(stage.loop(tip), tail, stage.size, "accent")


def loop_points(stage: Stage) -> tuple[tuple[Point, float], ...]:
    """Return points along the loop, close enough that no label slips through."""
    return tuple((stage.loop(math.radians(degree)), stage.line / 2) for degree in range(0, 360, 2))


def entry_arrow(stage: Stage) -> tuple[Shape, ...]:
    """Return the arrow from node 1 into the loop: straight if it stands level with node 2, else round a corner."""
    (x, y), (end, level) = stage.point(1), stage.point(2)
    if abs(y - level) < 1:
        return arrow((x + stage.gap, y), (end - stage.gap, level), stage.size, stage.line, "accent")
    top, tip = y + stage.gap, (end - stage.gap, level)
    stop = tip[0] - ARROW_OVERLAP * stage.size
    bend: tuple[Command, ...] = (
        ("M", (x, top)),
        ("C", (x, top + 0.7 * (level - top), x + 6, level, stop, level)),
    )
    return Path(bend, stroke="accent", width=stage.line), arrowhead(tip, (tip[0] - 1, level), stage.size, "accent")


def nodes(stage: Stage) -> tuple[Shape, ...]:
    """Return the six numbered nodes."""
    shapes: list[Shape] = []
    size = 1.05 * stage.size
    for node in range(1, 7):
        x, y = stage.point(node)
        shapes.append(Circle(x, y, stage.node - EDGE / 2, fill="white", stroke="accent", width=EDGE))
        shapes.append(
            Label(f"number-{node}", (str(node),), x, y + 0.35 * size, size, size, True, "accent", align="middle")
        )
    return tuple(shapes)


def place_labels(
    labels: Mapping[str, str], stage: Stage, obstacles: Obstacles
) -> tuple[tuple[Label, ...], tuple[Finding, ...]]:
    """Return the labels of the six steps, each clear of the loop and of the others."""
    placed: list[Label] = []
    findings: list[Finding] = []
    for key, spots in spots_of(stage).items():
        label = place_label(key, labels[key], spots, obstacles, stage.style, stage.family)
        if label is None:
            findings.append(too_long(key, labels[key]))
            continue
        placed.append(label)
        obstacles = obstacles.with_areas(label_areas(label, stage.family, stage.style))
    return tuple(placed), tuple(findings)


def spots_of(stage: Stage) -> Mapping[str, Sequence[Spot]]:
    """Return where the label of each step may go, the best place first."""
    beside, below = stage.node + 0.62 * stage.size, stage.node + 1.1 * stage.size
    (x1, y1), (x2, y2), (x3, y3), (x4, y4), (x5, y5), (x6, y6) = (stage.point(node) for node in range(1, 7))
    level = abs(y1 - y2) < 1
    first = Spot(0, y1 - stage.node - 0.55 * stage.size, "start", "above")
    shifts = (2.4, 3.1, 1.6, 0.8, 3.8, 4.6, 5.4)
    return {
        "sign": (first,) if level else (Spot(x1 + beside - 1, y1 - 0.55 * stage.size, "start", "below"),),
        "alarm": (Spot(x2 + beside, y2, "start", "middle"),),
        "rise": (Spot(x3, y3 + below, "middle", "below"),),
        "urge": (Spot(x4 - beside, y4, "end", "middle"),),
        "contact": (Spot(x5 - beside, y5, "end", "middle"),),
        "relief": tuple(
            Spot(x6 + shift * stage.size, y6 - stage.node - rise * stage.size, "middle", "above")
            for rise in (0.3, 0.6, 1.0)
            for shift in shifts
        ),
    }


def draw_exits(labels: Mapping[str, str], stage: Stage, width: float) -> tuple[tuple[Shape, ...], tuple[Finding, ...]]:
    """Return the two ways out, each an arrow and a solid box, and what is too long for its box."""
    upper = exit_lines(labels, "pause", stage, width)
    lower = exit_lines(labels, "answer", stage, width)
    shapes: list[Shape] = []
    findings = [too_long(key, labels[key]) for key, lines in {**upper, **lower}.items() if is_cut(lines, labels[key])]
    tops = []
    for node, share, lines in ((4, 0.68, upper), (5, 0.34, lower)):
        height = sum(map(len, lines.values())) * 1.22 * stage.size + 1.09 * stage.size
        y = stage.point(node)[1]
        top = min(max(0.0, y - share * height), stage.layout.height * stage.scale - height)
        tops.append((top, top + height))
        box = Box(
            stage.layout.exits * stage.scale, top, width - 1 - stage.layout.exits * stage.scale, height, 8, "accent"
        )
        start = (stage.point(node)[0] + stage.gap, y)
        shapes += arrow(start, (box.x - 2, y), stage.size, stage.line, "accent")
        shapes += (box, *exit_words(lines, box, stage, disc=node == 4))
        if not box.y <= y <= box.y + box.height:
            findings.append(too_long(*next((key, labels[key]) for key in lines)))
    if tops[0][1] + 4 > tops[1][0] or tops[1][1] > stage.layout.height * stage.scale:
        findings.append(too_long("answer", labels["answer"]))
    return tuple(shapes), tuple(findings)


def exit_lines(labels: Mapping[str, str], key: str, stage: Stage, width: float) -> dict[str, tuple[str, ...]]:
    """Return the heading and the text of a way out as lines that fit its box."""
    room = width - 1 - stage.layout.exits * stage.scale - 2.5 * stage.size
    found = {}
    for part in (key, f"{key}-text"):
        if labels.get(part):
            style = replace(stage.style, bold=part == key, balance=False)
            lines = break_lines((Run(labels[part], style.bold),), style, room, stage.family)
            found[part] = tuple(line.text for line in lines)
    return found


def exit_words(lines: Mapping[str, tuple[str, ...]], box: Box, stage: Stage, *, disc: bool) -> tuple[Shape, ...]:
    """Return the sign of who can take a way out, and its words."""
    leading, baseline = 1.22 * stage.size, box.y + 1.63 * stage.size
    x, y = box.x + 1.2 * stage.size, baseline - 0.35 * stage.size
    radius, edge = (0.46, 0.0) if disc else (0.4, 0.1875)
    sign = Circle(x, y, radius * stage.size, "white" if disc else "", "" if disc else "white", edge * stage.size)
    shapes: list[Shape] = [sign]
    for key, words in lines.items():
        stripped = tuple(line.strip() for line in words)
        start = box.x + 2.15 * stage.size
        shapes.append(Label(key, stripped, start, baseline, stage.size, leading, not key.endswith("-text"), "white"))
        baseline += len(words) * leading
    return tuple(shapes)


def is_cut(lines: Sequence[str], text: str) -> bool:
    """True if a word of `text` did not fit on a line of its own."""
    return not {word for line in lines for word in line.split()} <= set(pieces_of(text))


def pieces_of(text: str) -> tuple[str, ...]:
    """Return the words of `text`, and the parts of those that may be broken at a hyphen."""
    words = text.split()
    parts = [part for word in words if "-" in word for part in word.split("-")]
    return (*words, *parts, *(f"{part}-" for part in parts))


def boxes_of(shapes: Sequence[Shape]) -> tuple[Box, ...]:
    """Return the boxes among `shapes`."""
    return tuple(shape for shape in shapes if isinstance(shape, Box))


def too_long(key: str, text: str) -> Finding:
    """Return the finding for a label that has no room."""
    return error("figure-label", f"The label '{key}' has no room in the drawing: “{text}”.", hint="use fewer words")
