"""The loop of the cycle: six numbered nodes, the arrows between them, and the labels of the steps clear of all that.

Takes a layout and the size of the labels; where the ways out stand is not decided here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.labels import Obstacles, Spot, label_areas, place_label
from handouts.figures.paths import ARROW_OVERLAP, Curve, Point, arrowhead, away_from, ellipse, points_along, smooth_path
from handouts.figures.shapes import Circle, Command, Label, Path, Shape, stepped
from handouts.figures.words import too_long
from handouts.finding import Finding
from handouts.text.fonts import Family
from handouts.theme import TypeStyle

EDGE = 2.25
ASIDE, APART = 0.8, 0.35  # in em: between two labels side by side, and one above the other
NODES = {"sign": 1, "alarm": 2, "rise": 3, "urge": 4, "contact": 5, "relief": 6}
STRANGE = 1.2  # in em: a label keeps so far from each node but its own, so that its own is the nearest


class Layout(Struct, frozen=True):
    """Where the cycle stands in one medium, in points at its own width; angles are degrees clockwise.

    Its height follows from the size of the labels, of which `em` is the one that it is drawn for, or from its width.
    """

    width: float
    height: float
    centre: Point
    radii: Point
    angles: Mapping[int, float]
    entry: Point
    exits: float
    line: float
    em: float = 0.0


class Stage(Struct, frozen=True):
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
    def tall(self) -> float:
        """By how much heights differ from those of the layout."""
        return self.size / self.layout.em if self.layout.em else self.scale

    @property
    def height(self) -> float:
        """The height of the layout as it is drawn."""
        return self.layout.height * self.tall

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
        return ellipse((x * self.scale, y * self.tall), (across * self.scale, down * self.tall))

    def angle(self, node: int) -> float:
        """Return where `node` stands on the loop, in radians."""
        return math.radians(self.layout.angles[node])

    def point(self, node: int) -> Point:
        """Return the middle of a node from 1 to 6."""
        if node == 1:
            return self.layout.entry[0] * self.scale, self.layout.entry[1] * self.tall
        return self.loop(self.angle(node))


def loop_ground(stage: Stage) -> Path:
    """Return the pale ground inside the loop."""
    return Path((*smooth_path(stage.loop, 0, 2 * math.pi, 8), ("Z", ())), fill="tint")


def loop_arrows(stage: Stage) -> tuple[Shape, ...]:
    """Return the arrows from each node of the loop to the next; the one that closes it comes with node 6."""
    order = (2, 3, 4, 5, 6, 2)
    return tuple(
        shape
        for start, end in pairwise(order)
        for shape in stepped(loop_arrow(stage, stage.angle(start), stage.angle(end)), max(start, end) - 1)
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
    """Return points along all that stands in the way of labels, each with half its thickness: lines, heads, nodes."""
    paths = [shape for shape in (*loop_arrows(stage), *entry_arrow(stage)) if isinstance(shape, Path)]
    lines = ((point, path.width / 2) for path in paths for point in points_along(path.commands, 3.0))
    return (*lines, *((stage.point(node), stage.node) for node in range(1, 7)))


def entry_arrow(stage: Stage) -> tuple[Shape, ...]:
    """Return the arrow from node 1 round a corner into the loop."""
    (x, y), (end, level) = stage.point(1), stage.point(2)
    top, tip = y + stage.gap, (end - stage.gap, level)
    stop = tip[0] - ARROW_OVERLAP * stage.size
    bend: tuple[Command, ...] = (
        ("M", (x, top)),
        ("C", (x, top + 0.7 * (level - top), x + 6, level, stop, level)),
    )
    line, head = (
        Path(bend, stroke="accent", width=stage.line),
        arrowhead(tip, (tip[0] - 1, level), stage.size, "accent"),
    )
    return stepped((line, head), 1)


def nodes(stage: Stage) -> tuple[Shape, ...]:
    """Return the six numbered nodes, the first from the start, each other at the step after the one before it."""
    shapes: list[Shape] = []
    size = 1.05 * stage.size
    for node in range(1, 7):
        x, y = stage.point(node)
        ring = Circle(x, y, stage.node - EDGE / 2, fill="white", stroke="accent", width=EDGE)
        number = Label(f"number-{node}", (str(node),), x, y + 0.35 * size, size, size, True, "accent", align="middle")
        shapes += stepped((ring, number), node - 1)
    return tuple(shapes)


def place_labels(
    labels: Mapping[str, str], spots: Mapping[str, Sequence[Spot]], stage: Stage, obstacles: Obstacles
) -> tuple[tuple[Label, ...], tuple[Finding, ...]]:
    """Return the labels of the steps, each at the first of its `spots` that is clear.

    `spots` come in the order in which places are chosen.
    """
    placed: list[Label] = []
    findings: list[Finding] = []
    for key, places in spots.items():
        label = place_label(
            key, labels[key], places, away_from_others(key, obstacles, stage), stage.style, stage.family
        )
        if label is None:
            findings.append(too_long(key, labels[key]))
            continue
        placed.append(replace(label, step=NODES[key] - 1))
        taken = label_areas(label, stage.family, stage.style)
        aside = ASIDE * stage.size
        wider = [replace(area, left=area.left - aside, right=area.right + aside) for area in taken]
        obstacles = obstacles.with_areas(wider, APART * stage.size)
    return tuple(placed), tuple(findings)


def away_from_others(key: str, obstacles: Obstacles, stage: Stage) -> Obstacles:
    """Return `obstacles` with wider room around each node but the one that the label `key` belongs to."""
    reach = stage.node + STRANGE * stage.size
    others = tuple((stage.point(node), reach) for name, node in NODES.items() if name != key)
    return replace(obstacles, points=(*obstacles.points, *others))
