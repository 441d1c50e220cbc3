"""The wheel: factors around a hub, each with its sign, its number and its name, and an arrow to the hub.

Names stand beside the nodes where there is width for them, otherwise above and below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from msgspec import Struct

from handouts.figures.labels import CAPITAL_HEIGHT, LabelLines, LabelStyle, label_too_long
from handouts.figures.shapes import ARROW_LENGTH, Circle, Drawing, Point, Shape, TextLabel, arrow, at_step, shifted_all
from handouts.figures.signs import FACTOR_SIGNS, sign_drawing
from handouts.finding import Finding

REQUIRED = ("hub", *FACTOR_SIGNS)
OPTIONAL = ()
_WHEEL_NODE_EDGE = 2.25
_SIGN_SHARE = 0.625  # of a node
_NODE_ANGLES = (-122, -58, 0, 58, 122, 180)
_SPOKE_GAP = 4.0
_PREFERRED_NAME_WIDTH = 8.0  # in em: a name beside its node is no wider if it need not be


class _WheelGeometry(Struct, frozen=True):
    """Where the hub and the nodes of a wheel stand, and how large they are."""

    width: float
    height: float
    centre: Point
    hub: float
    node: float
    points: tuple[Point, ...]


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the wheel, `width` wide, with its names beside the nodes, then above and below them."""
    yield _wide_wheel(labels, width, style)
    if style.medium == "print":
        yield _tall_wheel(labels, width, style)


def _wide_wheel(labels: Mapping[str, str], width: float, style: LabelStyle) -> Drawing:
    """Return the wheel with its names beside the nodes."""
    paper = style.medium == "print"
    height = width * (330 / 511 if paper else 346 / 852)
    centre = (width / 2, height / 2)
    across, down = width * (123.7 / 511 if paper else 198.5 / 852), height * (126.2 / 330 if paper else 132.3 / 346)
    points = tuple(
        (centre[0] + across * math.cos(math.radians(angle)), centre[1] + down * math.sin(math.radians(angle)))
        for angle in _NODE_ANGLES
    )
    node = height * (0.126 if paper else 0.136)
    wheel = _WheelGeometry(width, height, centre, height * 0.168, node, points)
    shapes, findings = _hub_and_spokes(labels, wheel, style)
    names: list[TextLabel] = []
    for number, (key, (x, y)) in enumerate(zip(FACTOR_SIGNS, points, strict=True), 1):
        left = x < centre[0]
        gap = node + 0.65 * style.size
        room, text = (x if left else width - x) - gap, _numbered_name(number, labels[key])
        lines = style.lines(text, min(room, _PREFERRED_NAME_WIDTH * style.size), most=4) or style.lines(
            text, room, most=4
        )
        if lines is None:
            findings.append(label_too_long(key, labels[key]))
            continue
        name = style.centred(key, lines, x - gap if left else x + gap, y, align="end" if left else "start")
        names += at_step((name,), number)
    return Drawing(width, height, (*shapes, *names), tuple(findings))


def _tall_wheel(labels: Mapping[str, str], width: float, style: LabelStyle) -> Drawing:
    """Return the wheel with its names above the upper nodes and below the others, as high as they need."""
    em, middle = style.size, width / 2
    node = max(2.75 * em, 0.1 * width)
    outer = middle - max(3.9 * em, node)
    inner = min(5.9 * em, 0.6 * outer + 1.2 * em)
    rooms = {"left": 2 * inner - em, "rise": 2 * inner - em, "self": 2 * inner - em, "hold": 2 * inner - em}
    lines: dict[str, LabelLines] = {}
    findings: list[Finding] = []
    for number, key in enumerate(FACTOR_SIGNS, 1):
        found = style.lines(_numbered_name(number, labels[key]), rooms.get(key, 7.8 * em), most=4)
        lines[key] = found or ()
        findings += [] if found else [label_too_long(key, labels[key])]
    hub = _hub_radius(labels["hub"], 3.4 * em, outer - node - 2 * _SPOKE_GAP - 1.2 * em, style)
    beside = node + 0.5 * em + max(style.depth(lines["swing"]), style.depth(lines["heard"]))
    reach = (hub or 0) + node + 2 * _SPOKE_GAP + 1.6 * em
    down = max(math.sqrt(max(0.0, reach**2 - inner**2)), beside + 0.55 * em + _name_clearance(node, outer - inner, em))
    top = max(style.depth(lines["left"]), style.depth(lines["rise"])) + 0.55 * em + node
    foot = max(style.depth(lines["self"]), style.depth(lines["hold"])) + 0.55 * em + node
    level = top + down
    points = (
        (middle - inner, top), (middle + inner, top), (middle + outer, level),
        (middle + inner, level + down), (middle - inner, level + down), (middle - outer, level),
    )  # fmt: skip
    wheel = _WheelGeometry(width, level + down + foot, (middle, level), 3.4 * em, node, points)
    shapes, more = _hub_and_spokes(labels, wheel, style)
    names = _tall_names(lines, wheel, style)
    if wheel.height > style.most_height(width):
        findings.append(label_too_long("swing", labels["swing"]))
    return Drawing(width, wheel.height, (*shapes, *names), (*findings, *more))


def _name_clearance(node: float, apart: float, em: float) -> float:
    """Return how far above the middle of a lower node a name may end that reaches to within `apart` of it."""
    near = max(0.0, apart - 3.9 * em)
    return math.sqrt(max(0.0, node**2 - near**2))


def _tall_names(lines: Mapping[str, LabelLines], wheel: _WheelGeometry, style: LabelStyle) -> Iterator[TextLabel]:
    """Yield the names of a tall wheel, each above or below its node."""
    for key, (x, y) in zip(FACTOR_SIGNS, wheel.points, strict=True):
        if not lines[key]:
            continue
        above = y < wheel.centre[1] - 1
        gap = wheel.node + 0.5 * style.size
        top = y - gap - style.depth(lines[key]) if above else y + gap
        yield style.label(key, lines[key], x, top, align="middle")


def _numbered_name(number: int, text: str) -> str:
    """Return a name after its number, which never stands alone on a line."""
    return f"{number}\N{NO-BREAK SPACE}{text}"


def _hub_and_spokes(
    labels: Mapping[str, str], wheel: _WheelGeometry, style: LabelStyle
) -> tuple[tuple[Shape, ...], list[Finding]]:
    """Return the hub with its words, the nodes with their signs, and the arrows from each node to the hub."""
    nearest = min(math.dist(point, wheel.centre) for point in wheel.points)
    most = nearest - wheel.node - 2 * _SPOKE_GAP - (ARROW_LENGTH + 0.25) * style.size
    radius = _hub_radius(labels["hub"], min(wheel.hub, most), most, style)
    findings = [] if radius else [label_too_long("hub", labels["hub"])]
    radius = radius or min(wheel.hub, most)
    shapes: list[Shape] = [Circle(*wheel.centre, radius, fill="accent")]
    for number, (key, point) in enumerate(zip(FACTOR_SIGNS, wheel.points, strict=True), 1):
        shapes += at_step((*_spoke(point, wheel, radius, style), *_wheel_node_shapes(key, point, wheel.node)), number)
    lines = _hub_lines(labels["hub"], radius, style)
    if lines:
        shapes.append(style.centred("hub", lines, *wheel.centre, colour="white"))
    return tuple(shapes), findings


def _spoke(point: Point, wheel: _WheelGeometry, hub: float, style: LabelStyle) -> tuple[Shape, ...]:
    """Return the arrow from a node to the hub."""
    angle = math.atan2(wheel.centre[1] - point[1], wheel.centre[0] - point[0])
    start, end = wheel.node + _SPOKE_GAP, math.dist(point, wheel.centre) - hub - _SPOKE_GAP
    across, down = math.cos(angle), math.sin(angle)
    return arrow(
        (point[0] + start * across, point[1] + start * down),
        (point[0] + end * across, point[1] + end * down),
        style.size,
        style.line,
        "accent",
    )


def _wheel_node_shapes(key: str, point: Point, radius: float) -> tuple[Shape, ...]:
    """Return a node and its sign."""
    size = 2 * radius * _SIGN_SHARE
    sign = shifted_all(sign_drawing(key, size).shapes, point[0] - size / 2, point[1] - size / 2)
    return Circle(*point, radius - _WHEEL_NODE_EDGE / 2, fill="tint", stroke="accent", width=_WHEEL_NODE_EDGE), *sign


def _hub_radius(text: str, least: float, most: float, style: LabelStyle) -> float | None:
    """Return the smallest radius from `least` to `most` that holds `text`; None if none does."""
    radius = least
    while radius <= most + 1e-6:
        if _hub_lines(text, radius, style):
            return radius
        radius += 1.0
    return None


def _hub_lines(text: str, radius: float, style: LabelStyle) -> LabelLines | None:
    """Return `text` in the lines whose corners stay farthest inside a circle of `radius`; None if none stay well in."""
    inside = radius - 0.4 * style.size
    found = (style.lines(text, share * inside, most=4) for share in (1.9, 1.75, 1.6, 1.45, 1.3, 1.15))
    fitting = [(_farthest_corner(lines, style), lines) for lines in found if lines]
    return min(((reach, lines) for reach, lines in fitting if reach <= inside), default=(0.0, None))[1]


def _farthest_corner(lines: LabelLines, style: LabelStyle) -> float:
    """Return how far from their middle the farthest corner of `lines` is."""
    middle = (len(lines) - 1) / 2
    return max(
        math.hypot(style.breadth((line,)) / 2, abs(index - middle) * style.leading + CAPITAL_HEIGHT * style.size / 2)
        for index, line in enumerate(lines)
    )
