"""The cycle: one step leads into a loop of five, and one or two of the steps have an exit.

The loop is drawn in outline, exits are solid boxes; the first is marked by a disc and the second by a ring, because
each can be for a different person. Exits stand to the right of the loop if there is width for them, otherwise below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.labels import (
    LINE_HEIGHT,
    Bounds,
    LabelLines,
    LabelSpot,
    LabelStyle,
    Obstacles,
    label_bounds,
    label_line_choices,
    label_too_long,
    labelled_drawing,
    place_label,
)
from handouts.figures.shapes import (
    ARROW_OVERLAP,
    Circle,
    Command,
    Curve,
    Drawing,
    Path,
    Point,
    Rectangle,
    Shape,
    TextLabel,
    arrow,
    arrowhead,
    at_step,
    ellipse,
    parameter_at_distance,
    points_along,
    smooth_path,
)
from handouts.finding import Finding
from handouts.text.line_breaking import StyledRun, break_lines, widest_unbreakable_part

_NODE_EDGE = 2.25
_LABEL_GAP_ACROSS, _LABEL_GAP_DOWN = 0.8, 0.35  # in em: between labels side by side, and one above the other
_NODE_NUMBERS = {"sign": 1, "alarm": 2, "rise": 3, "urge": 4, "contact": 5, "relief": 6}
_OTHER_NODE_DISTANCE = 1.2  # in em: from a label to every node but its own, which so is the nearest to it
_StepChoices: TypeAlias = Mapping[str, Sequence[LabelLines]]  # the lines that the label of each step may have


class _CycleLayout(Struct, frozen=True):
    """The places of the parts of a cycle, in points at the layout's own width; angles are degrees clockwise.

    Heights scale with the type size of the labels, for which `em` is the nominal one, or with the width if `em` is 0.
    `exits` is the x at which the exits begin beside the loop or end below it.
    """

    width: float
    height: float
    centre: Point
    radii: Point
    angles: Mapping[int, float]
    entry: Point
    exits: float
    em: float = 0.0


class _CycleGeometry(Struct, frozen=True):
    """A layout scaled to the requested width, and the measures that follow from the type size of the labels."""

    layout: _CycleLayout
    scale: float
    style: LabelStyle

    @property
    def size(self) -> float:
        """The type size of the labels."""
        return self.style.size

    @property
    def tall(self) -> float:
        """The scale of heights."""
        return self.size / self.layout.em if self.layout.em else self.scale

    @property
    def height(self) -> float:
        """The height of the scaled layout."""
        return self.layout.height * self.tall

    @property
    def node(self) -> float:
        """The radius of a node."""
        return 1.023 * self.size

    @property
    def gap(self) -> float:
        """The distance from the middle of a node to the end of an arrow."""
        return self.node + 4

    @property
    def line(self) -> float:
        """The width of a line."""
        return self.style.line

    @property
    def loop(self) -> Curve:
        """The loop on which nodes 2 to 6 stand."""
        (x, y), (across, down) = self.layout.centre, self.layout.radii
        return ellipse((x * self.scale, y * self.tall), (across * self.scale, down * self.tall))

    def angle(self, node: int) -> float:
        """Return the angle of `node` on the loop, in radians."""
        return math.radians(self.layout.angles[node])

    def point(self, node: int) -> Point:
        """Return the middle of `node`, from 1 to 6."""
        if node == 1:
            return self.layout.entry[0] * self.scale, self.layout.entry[1] * self.tall
        return self.loop(self.angle(node))


def _loop_arrows(geometry: _CycleGeometry) -> tuple[Path, ...]:
    """Return the arrows from each node of the loop to the next; the one that closes it appears with node 6."""
    order = (2, 3, 4, 5, 6, 2)
    return tuple(
        shape
        for start, end in pairwise(order)
        for shape in at_step(_loop_arrow(geometry, geometry.angle(start), geometry.angle(end)), max(start, end) - 1)
    )


def _loop_arrow(geometry: _CycleGeometry, start: float, end: float) -> tuple[Path, ...]:
    """Return one arrow along the loop, short of the nodes at both ends."""
    end += 2 * math.pi * (end < start)
    first = parameter_at_distance(geometry.loop, start, geometry.gap, 1)
    tip = parameter_at_distance(geometry.loop, end, geometry.gap, -1)
    stop = parameter_at_distance(geometry.loop, tip, ARROW_OVERLAP * geometry.size, -1)
    tail = geometry.loop(parameter_at_distance(geometry.loop, tip, 0.95 * geometry.size, -1))
    pieces = max(1, math.ceil((stop - first) / (math.pi / 4)))
    line = Path(smooth_path(geometry.loop, first, stop, pieces), stroke="accent", width=geometry.line)
    return line, arrowhead(geometry.loop(tip), tail, geometry.size, "accent")


def _loop_points(arrows: Sequence[Path], geometry: _CycleGeometry) -> tuple[tuple[Point, float], ...]:
    """Return points along the arrows and nodes, each with half its thickness, for labels to avoid."""
    lines = ((point, path.width / 2) for path in arrows for point in points_along(path.commands, 3.0))
    return (*lines, *((geometry.point(node), geometry.node) for node in range(1, 7)))


def _entry_arrow(geometry: _CycleGeometry) -> tuple[Path, ...]:
    """Return the arrow from node 1 round a corner into the loop."""
    (x, y), (end, level) = geometry.point(1), geometry.point(2)
    top, tip = y + geometry.gap, (end - geometry.gap, level)
    stop = tip[0] - ARROW_OVERLAP * geometry.size
    bend: tuple[Command, ...] = (("M", (x, top)), ("C", (x, top + 0.7 * (level - top), x + 6, level, stop, level)))
    line = Path(bend, stroke="accent", width=geometry.line)
    head = arrowhead(tip, (tip[0] - 1, level), geometry.size, "accent")
    return at_step((line, head), 1)


def _node_shapes(geometry: _CycleGeometry) -> tuple[Shape, ...]:
    """Return the six numbered nodes, each at its own step: the first from the start, the second at step 1."""
    shapes: list[Shape] = []
    size = 1.05 * geometry.size
    for node in range(1, 7):
        x, y = geometry.point(node)
        ring = Circle(x, y, geometry.node - _NODE_EDGE / 2, fill="white", stroke="accent", width=_NODE_EDGE)
        number = TextLabel(
            f"number-{node}", (str(node),), x, y + 0.35 * size, size, size, True, "accent", align="middle"
        )
        shapes += at_step((ring, number), node - 1)
    return tuple(shapes)


def _place_step_labels(
    steps: _StepChoices, spots: Mapping[str, Sequence[LabelSpot]], geometry: _CycleGeometry, obstacles: Obstacles
) -> Iterator[TextLabel]:
    """Yield the labels of the steps, in the order of `spots`, each at the first of its spots that is clear."""
    style = geometry.style
    for key, places in spots.items():
        clear = _clear_of_other_nodes(key, obstacles, geometry)
        label = place_label(key, steps[key], places, clear, style.type_style, style.family)
        if label is None:
            continue
        yield replace(label, step=_NODE_NUMBERS[key] - 1)
        taken = label_bounds(label, style.family, style.type_style)
        aside = _LABEL_GAP_ACROSS * geometry.size
        wider = [replace(area, left=area.left - aside, right=area.right + aside) for area in taken]
        obstacles = obstacles.with_areas(wider, _LABEL_GAP_DOWN * geometry.size)


def _clear_of_other_nodes(key: str, obstacles: Obstacles, geometry: _CycleGeometry) -> Obstacles:
    """Return `obstacles` with more room around each node but that of the label `key`."""
    reach = geometry.node + _OTHER_NODE_DISTANCE * geometry.size
    others = tuple((geometry.point(node), reach) for name, node in _NODE_NUMBERS.items() if name != key)
    return replace(obstacles, points=(*obstacles.points, *others))


def _cycle_drawing(
    labels: Mapping[str, str],
    steps: _StepChoices,
    spots: Mapping[str, Sequence[LabelSpot]],
    exits: Sequence[Shape],
    geometry: _CycleGeometry,
    size: tuple[float, float],
    findings: Sequence[Finding],
) -> Drawing:
    """Return the loop with its arrows, nodes and labels, which stay clear of the boxes of the `exits`."""
    boxes = (box for box in exits if isinstance(box, Rectangle))
    areas = tuple(Bounds(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes)
    arrows = (*_loop_arrows(geometry), *_entry_arrow(geometry))
    obstacles = Obstacles(Bounds(0, 0, *size), _loop_points(arrows, geometry), areas)
    placed = _place_step_labels(steps, spots, geometry, obstacles)
    ground = Path((*smooth_path(geometry.loop, 0, 2 * math.pi, 8), ("Z", ())), fill="tint")
    return labelled_drawing(*size, (ground, *arrows, *_node_shapes(geometry), *placed, *exits), labels, *findings)


_EXIT_PADDING = 2.5  # in em: the width of a box that its words do not fill


def _exit_keys(labels: Mapping[str, str], key: str) -> tuple[str, ...]:
    """Return the keys of the words of an exit: of its heading, its text, or both."""
    return tuple(each for each in (key, f"{key}-text") if labels.get(each))


def _no_room_for_exit(labels: Mapping[str, str], key: str) -> Finding:
    """Return the finding for an exit without room, at the first of its words."""
    first = _exit_keys(labels, key)[0]
    return label_too_long(first, labels[first])


def _exit_lines(
    labels: Mapping[str, str], key: str, geometry: _CycleGeometry, width: float
) -> dict[str, tuple[str, ...]]:
    """Return the heading and the text of an exit as lines for a box of `width`, without those that do not fit it."""
    room = width - _EXIT_PADDING * geometry.size
    found = {}
    for part in _exit_keys(labels, key):
        style, family = geometry.style.weight(part == key), geometry.style.family
        if widest_unbreakable_part(labels[part], style, family) <= room:
            lines = break_lines((StyledRun(labels[part], style.bold),), style, room, family)
            found[part] = tuple(line.text.strip() for line in lines)
    return found


def _exit_height(lines: Mapping[str, tuple[str, ...]], geometry: _CycleGeometry) -> float:
    """Return the height of the box of an exit."""
    return sum(map(len, lines.values())) * LINE_HEIGHT * geometry.size + 1.09 * geometry.size


def _exit_shapes(
    lines: Mapping[str, tuple[str, ...]], box: Rectangle, geometry: _CycleGeometry, *, disc: bool
) -> tuple[Shape, ...]:
    """Return the disc or ring of the person who can take an exit, and the words of the exit."""
    leading, baseline = geometry.style.leading, box.y + 1.63 * geometry.size
    x, y = box.x + 1.2 * geometry.size, baseline - 0.35 * geometry.size
    radius, edge = (0.46, 0.0) if disc else (0.4, 0.1875)
    sign = Circle(x, y, radius * geometry.size, "white" if disc else "", "" if disc else "white", edge * geometry.size)
    shapes: list[Shape] = [sign]
    for key, words in lines.items():
        start = box.x + 2.15 * geometry.size
        bold = not key.endswith("-text")
        shapes.append(TextLabel(key, words, start, baseline, geometry.size, leading, bold, "white"))
        baseline += len(words) * leading
    return tuple(shapes)


_UPRIGHT_ANGLES = {2: 203, 3: 274, 4: 12, 5: 97, 6: 165}
_MAX_LOOP_WIDTH = 32.0  # in em: a wider loop would be a flat one
_ENTRY_SPACE, _EXIT_SPACE = 3.6, 3.5  # in em: the width beside the loop for the first step, and for the exit arrow
_EXITS_DISTANCE = 1.55  # in em: from the loop to the boxes
_EXITS_GAP = 0.7


def _upright_cycles(
    labels: Mapping[str, str], steps: _StepChoices, width: float, style: LabelStyle
) -> Iterator[Drawing]:
    """Yield the cycle with its exits below: with a low loop near the top, then with higher loops and more room above.

    Heights and the room above are in em.
    """
    for high, above in product((7.2, 7.9, 8.6, 9.3, 10.0, 10.9, 12.0), (2.4, 3.7, 5.0)):
        geometry = _CycleGeometry(_upright_layout(width, style.size, high, above), 1.0, style)
        exits, height, findings = _upright_exits(labels, geometry)
        yield _cycle_drawing(labels, steps, _upright_spots(geometry), exits, geometry, (width, height), findings)


def _upright_layout(width: float, size: float, high: float, above: float) -> _CycleLayout:
    """Return the layout for a loop with a radius of `high` and with `above` free above it, both in em."""
    wide = min(width, _MAX_LOOP_WIDTH * size)
    start = (width - wide) / 2
    left, right, node = start + _ENTRY_SPACE * size, start + wide - _EXIT_SPACE * size, 1.023 * size + 1.5
    centre = ((left + right) / 2, (high + above) * size)
    radii = ((right - left) / 2, high * size)
    height = centre[1] + radii[1] + node + _EXITS_DISTANCE * size
    return _CycleLayout(width, height, centre, radii, _UPRIGHT_ANGLES, (start + node, node), start + wide)


def _upright_spots(geometry: _CycleGeometry) -> Mapping[str, Sequence[LabelSpot]]:
    """Return the places for the label of each step, the best one first."""
    em, beside = geometry.size, geometry.node + 0.62 * geometry.size
    (x1, y1), (x2, y2), (x3, y3), (x4, y4), (x5, y5), (x6, y6) = (geometry.point(node) for node in range(1, 7))
    return {
        "sign": (
            LabelSpot(x1 + beside, y1 - 0.3 * em, "start", "below"),
            LabelSpot(x1 + beside, y1, "start", "middle"),
        ),
        "rise": tuple(
            LabelSpot(x3 + shift * em, y3 + geometry.node + 1.1 * em, "middle", "below") for shift in (0, 1, 2)
        ),
        "alarm": tuple(LabelSpot(x2 + beside, y2 + shift * em, "start", "middle") for shift in (0, 0.4, 0.8)),
        "urge": tuple(LabelSpot(x4 - beside, y4 + shift * em, "end", "middle") for shift in (0, -0.5, -1)),
        "relief": tuple(LabelSpot(x6 + beside, y6 + shift * em, "start", "middle") for shift in (0, -0.4, -0.8)),
        "contact": tuple(
            LabelSpot(x5 + shift * em, y5 - geometry.node - rise * em, "middle", "above")
            for rise in (0.45, 0.8)
            for shift in (0, 0.8, 1.6, 2.4, 3.2, 4.0, 4.8)
        ),
    }


def _upright_exits(
    labels: Mapping[str, str], geometry: _CycleGeometry
) -> tuple[tuple[Shape, ...], float, tuple[Finding, ...]]:
    """Return one or two boxes side by side with their arrows, their bottom, and what is wrong with them."""
    em, top, end = geometry.size, geometry.layout.height, geometry.layout.exits
    # The middle of the loop is off that of the boxes by half the difference of the spaces beside the loop.
    start = 2 * geometry.layout.centre[0] - end + (_ENTRY_SPACE - _EXIT_SPACE) * -em
    both = bool(_exit_keys(labels, "answer"))
    width = (end - start - _EXITS_GAP * em) / 2 if both else end - start
    answer, pause = (_exit_lines(labels, key, geometry, width) for key in ("answer", "pause"))
    height = max(_exit_height(answer, geometry), _exit_height(pause, geometry))
    left, right = (Rectangle(x, top, width, height, 8, "accent") for x in (start, end - width))
    shapes: tuple[Shape, ...] = (
        *_curved_exit_arrow(geometry, end - 1.25 * em, top - 2),
        right,
        *_exit_shapes(pause, right, geometry, disc=True),
    )
    if not both:
        return shapes, top + height, ()
    x5, y5 = geometry.point(5)
    way_down = arrow((x5, y5 + geometry.gap), (x5, top - 2), em, geometry.line, "accent")
    shapes = (*shapes, *way_down, left, *_exit_shapes(answer, left, geometry, disc=False))
    meets_box = left.x + 8 < x5 < left.x + left.width - 8
    return shapes, top + height, () if meets_box else (_no_room_for_exit(labels, "answer"),)


def _curved_exit_arrow(geometry: _CycleGeometry, x: float, tip: float) -> tuple[Shape, ...]:
    """Return the arrow from node 4 that bends down to the `tip` at its box."""
    x4, y4 = geometry.point(4)
    corner, stop = 1.3 * geometry.size, tip - ARROW_OVERLAP * geometry.size
    commands: tuple[Command, ...] = (
        ("M", (x4 + geometry.gap, y4)),
        ("C", (x, y4, x, y4 + 0.4 * corner, x, y4 + 1.6 * corner)),
        ("L", (x, stop)),
    )
    return Path(commands, stroke="accent", width=geometry.line), arrowhead((x, tip), (x, stop), geometry.size, "accent")


REQUIRED = ("sign", "alarm", "rise", "urge", "contact", "relief", "pause")
OPTIONAL = ("pause-text", "answer", "answer-text")
NUMBERED: Mapping[str, str] = {
    **{f"step-{number}": key for key, number in _NODE_NUMBERS.items()},
    "way-out-1": "pause",
    "way-out-1-text": "pause-text",
    "way-out-2": "answer",
    "way-out-2-text": "answer-text",
}

_EXIT_STEP_OFFSET = 2  # the exit at node 4 appears at step 6, when the loop is whole, and that at node 5 at step 7
_MIN_LEVEL_WIDTH = 36.0  # in em: the least width on paper for the exits to stand beside the loop
_LABEL_LIFTS = (0.0, 0.3, 0.6, 0.9, 1.2)  # in em: how far a label may be moved up from the middle of its node

_LEVEL_LAYOUTS: Mapping[str, _CycleLayout] = {
    "print": _CycleLayout(
        511, 240, (214, 126.3), (122, 111.0), {2: 180, 3: 270, 4: 338, 5: 19, 6: 139}, (15.3, 33), 366, em=13.0
    ),
    "slide": _CycleLayout(852, 346, (334, 173), (200, 146.5), {2: 180, 3: 270, 4: 338, 5: 22, 6: 136}, (26.5, 28), 576),
}


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the cycle, `width` wide, with its exits at the right, then, on paper, below."""
    layout = _LEVEL_LAYOUTS[style.medium]
    steps = {key: tuple(label_line_choices(labels[key], style.type_style, style.family)) for key in _NODE_NUMBERS}
    if style.medium == "slide" or width >= _MIN_LEVEL_WIDTH * style.size:
        geometry = _CycleGeometry(layout, width / layout.width, style)
        exits, findings = _level_exits(labels, geometry, width)
        yield _cycle_drawing(labels, steps, _level_spots(geometry), exits, geometry, (width, geometry.height), findings)
    if style.medium == "print":
        yield from _upright_cycles(labels, steps, width, style)


def _level_spots(geometry: _CycleGeometry) -> Mapping[str, Sequence[LabelSpot]]:
    """Return the places for the label of each step, the best one first."""
    beside, below = geometry.node + 0.62 * geometry.size, geometry.node + 1.1 * geometry.size
    (x1, y1), (x2, y2), (x3, y3), (x4, y4), (x5, y5), (x6, y6) = (geometry.point(node) for node in range(1, 7))
    return {
        "sign": (
            LabelSpot(x1 + beside - 1, y1, "start", "middle"),
            LabelSpot(x1 + beside - 1, y1 - 0.55 * geometry.size, "start", "below"),
        ),
        "alarm": (LabelSpot(x2 + beside, y2, "start", "middle"),),
        "rise": (LabelSpot(x3, y3 + below, "middle", "below"),),
        "urge": (LabelSpot(x4 - beside, y4, "end", "middle"),),
        "relief": tuple(LabelSpot(x6 + beside, y6 - lift * geometry.size, "start", "middle") for lift in _LABEL_LIFTS),
        "contact": tuple(LabelSpot(x5 - beside, y5 - lift * geometry.size, "end", "middle") for lift in _LABEL_LIFTS),
    }


def _level_exits(
    labels: Mapping[str, str], geometry: _CycleGeometry, width: float
) -> tuple[list[Shape], list[Finding]]:
    """Return one or two exits at the right, each an arrow and a solid box, and what is wrong with them."""
    left = geometry.layout.exits * geometry.scale
    room = width - 1 - left
    shapes: list[Shape] = []
    findings: list[Finding] = []
    spans: list[tuple[float, float]] = []  # the top and the bottom of each box
    for node, share, key in ((4, 0.68, "pause"), (5, 0.34, "answer")):
        lines = _exit_lines(labels, key, geometry, room)
        if not lines:
            continue
        height = _exit_height(lines, geometry)
        x, y = geometry.point(node)
        top = min(max(0.0, y - share * height), geometry.height - height)
        spans.append((top, top + height))
        box = Rectangle(left, top, room, height, 8, "accent")
        way: tuple[Shape, ...] = arrow((x + geometry.gap, y), (box.x - 2, y), geometry.size, geometry.line, "accent")
        shapes += at_step((*way, box, *_exit_shapes(lines, box, geometry, disc=node == 4)), node + _EXIT_STEP_OFFSET)
        if not box.y <= y <= box.y + box.height:
            findings.append(_no_room_for_exit(labels, key))
    if len(spans) > 1 and (spans[0][1] + 4 > spans[1][0] or spans[1][1] > geometry.height):
        findings.append(_no_room_for_exit(labels, "answer"))
    return shapes, findings
