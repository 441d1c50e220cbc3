"""The cycle: one step leads into a loop of five, and one or two of the steps have an exit.

The loop is drawn in outline, exits are solid boxes; a disc marks the first, a ring the second, as where each is for
another person. Exits stand to the right of the loop where there is width for them, otherwise below it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.labels import (
    LINE_HEIGHT,
    Bounds,
    LabelSpot,
    LabelStyle,
    Obstacles,
    bounds_of,
    label_bounds,
    label_too_long,
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
_LABEL_GAP_ACROSS, _LABEL_GAP_DOWN = 0.8, 0.35  # in em: between two labels side by side, and one above the other
_NODE_NUMBERS = {"sign": 1, "alarm": 2, "rise": 3, "urge": 4, "contact": 5, "relief": 6}
_OTHER_NODE_DISTANCE = 1.2  # in em: a label keeps so far from each node but its own, so that its own is the nearest


class _CycleLayout(Struct, frozen=True):
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


class _CycleGeometry(Struct, frozen=True):
    """A layout at the width asked for, with all that follows from the size of its labels."""

    layout: _CycleLayout
    scale: float
    style: LabelStyle

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


def _loop_arrows(geometry: _CycleGeometry) -> tuple[Shape, ...]:
    """Return the arrows from each node of the loop to the next; the one that closes it comes with node 6."""
    order = (2, 3, 4, 5, 6, 2)
    return tuple(
        shape
        for start, end in pairwise(order)
        for shape in at_step(_loop_arrow(geometry, geometry.angle(start), geometry.angle(end)), max(start, end) - 1)
    )


def _loop_arrow(geometry: _CycleGeometry, start: float, end: float) -> tuple[Shape, ...]:
    """Return one arrow along the loop, short of the nodes at both ends."""
    end += 2 * math.pi * (end < start)
    first = parameter_at_distance(geometry.loop, start, geometry.gap, 1)
    tip = parameter_at_distance(geometry.loop, end, geometry.gap, -1)
    stop = parameter_at_distance(geometry.loop, tip, ARROW_OVERLAP * geometry.size, -1)
    tail = geometry.loop(parameter_at_distance(geometry.loop, tip, 0.95 * geometry.size, -1))
    pieces = max(1, math.ceil((stop - first) / (math.pi / 4)))
    line = Path(smooth_path(geometry.loop, first, stop, pieces), stroke="accent", width=geometry.line)
    return line, arrowhead(geometry.loop(tip), tail, geometry.size, "accent")


def _loop_points(geometry: _CycleGeometry) -> tuple[tuple[Point, float], ...]:
    """Return points along all that stands in the way of labels, each with half its thickness: lines, heads, nodes."""
    paths = [shape for shape in (*_loop_arrows(geometry), *_entry_arrow(geometry)) if isinstance(shape, Path)]
    lines = ((point, path.width / 2) for path in paths for point in points_along(path.commands, 3.0))
    return (*lines, *((geometry.point(node), geometry.node) for node in range(1, 7)))


def _entry_arrow(geometry: _CycleGeometry) -> tuple[Shape, ...]:
    """Return the arrow from node 1 round a corner into the loop."""
    (x, y), (end, level) = geometry.point(1), geometry.point(2)
    top, tip = y + geometry.gap, (end - geometry.gap, level)
    stop = tip[0] - ARROW_OVERLAP * geometry.size
    bend: tuple[Command, ...] = (("M", (x, top)), ("C", (x, top + 0.7 * (level - top), x + 6, level, stop, level)))
    line = Path(bend, stroke="accent", width=geometry.line)
    head = arrowhead(tip, (tip[0] - 1, level), geometry.size, "accent")
    return at_step((line, head), 1)


def _node_shapes(geometry: _CycleGeometry) -> tuple[Shape, ...]:
    """Return the six numbered nodes, the first from the start, each other at the step after the one before it."""
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
    labels: Mapping[str, str], spots: Mapping[str, Sequence[LabelSpot]], geometry: _CycleGeometry, obstacles: Obstacles
) -> tuple[tuple[TextLabel, ...], tuple[Finding, ...]]:
    """Return the labels of the steps, each at the first of its `spots` that is clear.

    `spots` come in the order in which places are chosen.
    """
    style = geometry.style
    placed: list[TextLabel] = []
    findings: list[Finding] = []
    for key, places in spots.items():
        clear = _clear_of_other_nodes(key, obstacles, geometry)
        label = place_label(key, labels[key], places, clear, style.type_style, style.family)
        if label is None:
            findings.append(label_too_long(key, labels[key]))
            continue
        placed.append(replace(label, step=_NODE_NUMBERS[key] - 1))
        taken = label_bounds(label, style.family, style.type_style)
        aside = _LABEL_GAP_ACROSS * geometry.size
        wider = [replace(area, left=area.left - aside, right=area.right + aside) for area in taken]
        obstacles = obstacles.with_areas(wider, _LABEL_GAP_DOWN * geometry.size)
    return tuple(placed), tuple(findings)


def _clear_of_other_nodes(key: str, obstacles: Obstacles, geometry: _CycleGeometry) -> Obstacles:
    """Return `obstacles` with wider room around each node but the one that the label `key` belongs to."""
    reach = geometry.node + _OTHER_NODE_DISTANCE * geometry.size
    others = tuple((geometry.point(node), reach) for name, node in _NODE_NUMBERS.items() if name != key)
    return replace(obstacles, points=(*obstacles.points, *others))


def _cycle_with_exits(
    labels: Mapping[str, str],
    spots: Mapping[str, Sequence[LabelSpot]],
    exits: tuple[Shape, ...],
    geometry: _CycleGeometry,
    size: tuple[float, float],
) -> Drawing:
    """Return the loop with its arrows, nodes and labels, and the ways out, whose boxes labels stay clear of."""
    boxes = tuple(bounds_of(shape) for shape in exits if isinstance(shape, Rectangle))
    obstacles = Obstacles(Bounds(0, 0, *size), _loop_points(geometry), boxes)
    placed, findings = _place_step_labels(labels, spots, geometry, obstacles)
    arrows = (*_loop_arrows(geometry), *_entry_arrow(geometry))
    ground = Path((*smooth_path(geometry.loop, 0, 2 * math.pi, 8), ("Z", ())), fill="tint")
    return Drawing(*size, (ground, *arrows, *_node_shapes(geometry), *placed, *exits), findings)


_EXIT_PARTS = ("", "-text")
_EXIT_PADDING = 2.5  # in em: what a box is wider than its words


def _exit_lines(
    labels: Mapping[str, str], key: str, geometry: _CycleGeometry, width: float
) -> dict[str, tuple[str, ...]]:
    """Return the heading and the text of a way out as lines that fit a box of `width`."""
    room = width - _EXIT_PADDING * geometry.size
    found = {}
    for part in (f"{key}{end}" for end in _EXIT_PARTS):
        if labels.get(part):
            style = geometry.style.weight(part == key)
            lines = break_lines((StyledRun(labels[part], style.bold),), style, room, geometry.style.family)
            found[part] = tuple(line.text.strip() for line in lines)
    return found


def _second_exit(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the words of the second way out by key; none if there is none."""
    return tuple((key, labels[key]) for key in ("answer", "answer-text") if labels.get(key))


def _exit_findings(labels: Mapping[str, str], key: str, geometry: _CycleGeometry, width: float) -> tuple[Finding, ...]:
    """Return a finding for each text of a way out of which a word is too wide for a box of `width`."""
    room = width - _EXIT_PADDING * geometry.size
    style = geometry.style
    return tuple(
        label_too_long(part, labels[part])
        for part in (f"{key}{end}" for end in _EXIT_PARTS)
        if labels.get(part) and widest_unbreakable_part(labels[part], style.weight(part == key), style.family) > room
    )


def _exit_height(lines: Mapping[str, tuple[str, ...]], geometry: _CycleGeometry) -> float:
    """Return how high the box of a way out must be."""
    return sum(map(len, lines.values())) * LINE_HEIGHT * geometry.size + 1.09 * geometry.size


def _exit_shapes(
    lines: Mapping[str, tuple[str, ...]], box: Rectangle, geometry: _CycleGeometry, *, disc: bool
) -> tuple[Shape, ...]:
    """Return the sign of who can take a way out, and its words."""
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
_ENTRY_SPACE, _EXIT_SPACE = 3.6, 3.5  # in em: what the way in and the way out take beside the loop
_EXITS_DISTANCE = 1.55  # in em: from the loop to the boxes
_EXITS_GAP = 0.7


def _upright_cycles(labels: Mapping[str, str], width: float, style: LabelStyle, line: float) -> Iterator[Drawing]:
    """Yield the cycle with a low loop near the top, then with higher ones and with more room above them."""
    for high, above in product((7.2, 7.9, 8.6, 9.3, 10.0, 10.9, 12.0), (2.4, 3.7, 5.0)):
        layout = _upright_layout(width, style.size, high, above, line)
        yield _upright_cycle(labels, width, _CycleGeometry(layout, 1.0, style))


def _upright_layout(width: float, size: float, high: float, above: float, line: float) -> _CycleLayout:
    """Return where the loop stands if it is `high` and has so much `above` it, both in em."""
    wide = min(width, _MAX_LOOP_WIDTH * size)
    start = (width - wide) / 2
    left, right, node = start + _ENTRY_SPACE * size, start + wide - _EXIT_SPACE * size, 1.023 * size + 1.5
    centre = ((left + right) / 2, (high + above) * size)
    radii = ((right - left) / 2, high * size)
    height = centre[1] + radii[1] + node + _EXITS_DISTANCE * size
    return _CycleLayout(width, height, centre, radii, _UPRIGHT_ANGLES, (start + node, node), start + wide, line)


def _upright_cycle(labels: Mapping[str, str], width: float, geometry: _CycleGeometry) -> Drawing:
    """Return the cycle with its ways out below the loop."""
    exits, height, findings = _upright_exits(labels, geometry)
    drawing = _cycle_with_exits(labels, _upright_spots(geometry), exits, geometry, (width, height))
    return replace(drawing, findings=(*findings, *drawing.findings))


def _upright_spots(geometry: _CycleGeometry) -> Mapping[str, Sequence[LabelSpot]]:
    """Return where the label of each step may go, the best place first."""
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
    """Return the boxes side by side, one or two, with their arrows, where they end, and what is too long for them."""
    em, top = geometry.size, geometry.layout.height
    start, end = (
        2 * geometry.layout.centre[0] - geometry.layout.exits + (_ENTRY_SPACE - _EXIT_SPACE) * -em,
        geometry.layout.exits,
    )
    width = (end - start - _EXITS_GAP * em) / 2 if _second_exit(labels) else end - start
    answer, pause = (_exit_lines(labels, key, geometry, width) for key in ("answer", "pause"))
    height = max(_exit_height(answer, geometry), _exit_height(pause, geometry))
    left, right = (Rectangle(x, top, width, height, 8, "accent") for x in (start, end - width))
    x5, y5 = geometry.point(5)
    shapes: tuple[Shape, ...] = (
        *_curved_exit_arrow(geometry, end - 1.25 * em, top - 2),
        right,
        *_exit_shapes(pause, right, geometry, disc=True),
    )
    findings = [found for key in ("pause", "answer") for found in _exit_findings(labels, key, geometry, width)]
    if answer:
        way_down = arrow((x5, y5 + geometry.gap), (x5, top - 2), em, geometry.line, "accent")
        shapes = (*shapes, *way_down, left, *_exit_shapes(answer, left, geometry, disc=False))
    if answer and not left.x + 8 < x5 < left.x + left.width - 8:
        findings.append(label_too_long(*_second_exit(labels)[0]))
    return shapes, top + height, tuple(findings)


def _curved_exit_arrow(geometry: _CycleGeometry, x: float, tip: float) -> tuple[Shape, ...]:
    """Return the arrow from node 4 round a corner and down to its box."""
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

_EXIT_STEP_OFFSET = 2  # the way out at node 4 comes at step 6, when the loop is whole, the one at node 5 after it
_MIN_LEVEL_WIDTH = 36.0  # in em: the loop and its ways out need so much width beside each other, on paper
_LABEL_LIFTS = (0.0, 0.3, 0.6, 0.9, 1.2)  # in em: how far a label may stand above the middle of its node

_LEVEL_LAYOUTS: Mapping[str, _CycleLayout] = {
    "print": _CycleLayout(
        511, 240, (214, 126.3), (122, 111.0), {2: 180, 3: 270, 4: 338, 5: 19, 6: 139}, (15.3, 33), 366, 3.25, em=13.0
    ),
    "slide": _CycleLayout(
        852, 346, (334, 173), (200, 146.5), {2: 180, 3: 270, 4: 338, 5: 22, 6: 136}, (26.5, 28), 576, 4.5
    ),
}


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the cycle, `width` wide, with its ways out at the right, then, on paper, below."""
    layout = _LEVEL_LAYOUTS[style.medium]
    if style.medium == "slide" or width >= _MIN_LEVEL_WIDTH * style.size:
        yield _level_cycle(labels, _CycleGeometry(layout, width / layout.width, style), width)
    if style.medium == "print":
        yield from _upright_cycles(labels, width, style, layout.line)


def _level_cycle(labels: Mapping[str, str], geometry: _CycleGeometry, width: float) -> Drawing:
    """Return the cycle with its ways out at the right of the loop."""
    height = geometry.height
    exits, findings = _level_exits(labels, geometry, width)
    drawing = _cycle_with_exits(labels, _level_spots(geometry), exits, geometry, (width, height))
    return replace(drawing, findings=(*findings, *drawing.findings))


def _level_spots(geometry: _CycleGeometry) -> Mapping[str, Sequence[LabelSpot]]:
    """Return where the label of each step may go, the best place first."""
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
) -> tuple[tuple[Shape, ...], tuple[Finding, ...]]:
    """Return the ways out, one or two, each an arrow and a solid box, and what is too long for its box."""
    left = geometry.layout.exits * geometry.scale
    upper = _exit_lines(labels, "pause", geometry, width - 1 - left)
    lower = _exit_lines(labels, "answer", geometry, width - 1 - left)
    shapes: list[Shape] = []
    room = width - 1 - left
    findings = [found for key in ("pause", "answer") for found in _exit_findings(labels, key, geometry, room)]
    tops = []
    for node, share, lines in ((4, 0.68, upper), (5, 0.34, lower)):
        if not lines:
            continue
        height = _exit_height(lines, geometry)
        y = geometry.point(node)[1]
        top = min(max(0.0, y - share * height), geometry.height - height)
        tops.append((top, top + height))
        box = Rectangle(left, top, width - 1 - left, height, 8, "accent")
        start = (geometry.point(node)[0] + geometry.gap, y)
        way: tuple[Shape, ...] = arrow(start, (box.x - 2, y), geometry.size, geometry.line, "accent")
        shapes += at_step((*way, box, *_exit_shapes(lines, box, geometry, disc=node == 4)), node + _EXIT_STEP_OFFSET)
        if not box.y <= y <= box.y + box.height:
            findings.append(label_too_long(*next((key, labels[key]) for key in lines)))
    if lower and (tops[0][1] + 4 > tops[1][0] or tops[1][1] > geometry.height):
        findings.append(label_too_long(*_second_exit(labels)[0]))
    return tuple(shapes), tuple(findings)
