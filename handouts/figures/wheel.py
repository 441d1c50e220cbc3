"""The wheel: three to eight factors around a hub, each with its sign or its number, its name, and an arrow to the hub.

Names stand beside the nodes if there is width for them, otherwise above and below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from handouts.document.nodes import Sign
from handouts.figures.labels import CAPITAL_HEIGHT, LabelLines, LabelStyle, labelled_drawing
from handouts.figures.shapes import ARROW_LENGTH, Circle, Drawing, Point, Shape, TextLabel, arrow, at_step, shifted_all
from handouts.figures.signs import is_sign, sign_drawing
from handouts.finding import error

REQUIRED = ("hub",)
FACTOR_COUNTS = (3, 8)
_WHEEL_NODE_EDGE = 2.25
_SIGN_SHARE = 0.625  # of a node
_NUMBER_SHARE = 0.5  # of a node: the type size of the number in a node without a sign
_SPOKE_GAP = 4.0
_PREFERRED_NAME_WIDTH = 8.0  # in em: a name beside its node is wider only if it must be
_NAME_CLEARANCE = 4.0  # from a name to another name or to a node
# The places of the nodes on their ellipse, in degrees clockwise from the right; 3, 5 and 7 have their first at the top.
_NODE_ANGLES: Mapping[int, tuple[float, ...]] = {
    3: (-90, 30, 150),
    4: (-128, -52, 52, 128),
    5: (-90, -18, 54, 126, 198),
    6: (-122, -58, 0, 58, 122, 180),
    7: tuple(-90 + 360 * place / 7 for place in range(7)),
    8: tuple(-112.5 + 45 * place for place in range(8)),
}
_SEVEN_WITH_NONE_AT_THE_TOP = tuple(180 + 360 * place / 7 for place in range(1, 8))
_NODE_SCALE: Mapping[int, float] = {7: 0.88, 8: 0.8}
_SLIDE_NODE_SCALE: Mapping[int, float] = {5: 0.88, 7: 0.78, 8: 0.8}
_EDGE = 2.0  # from an outermost node to the edge of the drawing


class _WheelFactor(Struct, frozen=True):
    """One factor: the key of its words, its number, and its sign, if it has one."""

    key: str
    number: int
    words: str
    sign: Sign

    @property
    def name(self) -> str:
        """The words, after the number if that is not in the node; a no-break space keeps the two on one line."""
        return f"{self.number}\N{NO-BREAK SPACE}{self.words}" if self.sign else self.words


class _WheelGeometry(Struct, frozen=True):
    """The size of a wheel, and the places and radii of its hub and nodes."""

    width: float
    height: float
    centre: Point
    hub: float
    node: float
    points: tuple[Point, ...]


def wrong_count(count: int) -> str:
    """Return the message for a number of factors that cannot be drawn, or "" if it can."""
    least, most = FACTOR_COUNTS
    return "" if least <= count <= most else f"A wheel has three to eight factors, and this has {count}."


def arrangements(
    labels: Mapping[str, str], width: float, style: LabelStyle, signs: Sequence[Sign] = ()
) -> Iterator[Drawing]:
    """Yield the wheel, `width` wide, with its names beside the nodes, then above and below them.

    `signs` are the signs of the factors in their order; without them, a key that is the name of a sign chooses it.
    """
    keys = tuple(key for key in labels if key not in REQUIRED)
    if message := wrong_count(len(keys)):
        yield Drawing(width, style.leading, (), (error("structure", message),))
        return
    factors = tuple(_factor(key, number, labels[key], signs) for number, key in enumerate(keys, 1))
    yield _wide_wheel(labels, factors, width, style)
    if style.medium == "print":
        yield _tall_wheel(labels, factors, width, style)


def _factor(key: str, number: int, words: str, signs: Sequence[Sign]) -> _WheelFactor:
    """Return a factor with its sign from `signs`, or the one that its key names, or none."""
    sign = signs[number - 1] if number <= len(signs) else key
    return _WheelFactor(key, number, words, sign if is_sign(sign) else "")


def _wide_wheel(labels: Mapping[str, str], factors: Sequence[_WheelFactor], width: float, style: LabelStyle) -> Drawing:
    """Return the wheel with its names beside the nodes; on paper a node at the top has its name above it."""
    wheel, above = _wide_geometry(factors, width, style)
    names: list[TextLabel] = []
    for factor, point in zip(factors, wheel.points, strict=True):
        if above and factor.number == 1:
            name: TextLabel | None = style.label(factor.key, above, point[0], 1.0, align="middle")
        else:
            name = _name_beside(factor, point, names, wheel, style)
        if name:
            names += at_step((name,), factor.number)
    shapes = (*_hub_and_spokes(labels["hub"], factors, wheel, style), *names)
    return labelled_drawing(width, wheel.height, shapes, labels)


def _wide_geometry(
    factors: Sequence[_WheelFactor], width: float, style: LabelStyle
) -> tuple[_WheelGeometry, LabelLines]:
    """Return the geometry of a wide wheel, and the lines of the name above its first node, if it has one there."""
    paper, count = style.medium == "print", len(factors)
    height = width * (330 / 511 if paper else 346 / 852)
    across, down = width * (123.7 / 511 if paper else 198.5 / 852), height * (126.2 / 330 if paper else 132.3 / 346)
    node = height * (0.126 if paper else 0.136) * (_NODE_SCALE if paper else _SLIDE_NODE_SCALE).get(count, 1.0)
    hub, level = height * 0.168, height / 2
    above: LabelLines = ()
    angles = _NODE_ANGLES[count] if paper or count != 7 else _SEVEN_WITH_NONE_AT_THE_TOP
    if angles[0] == -90:
        lowest = max(math.sin(math.radians(angle)) for angle in angles)
        if paper:
            above = style.lines(factors[0].name, 2 * across, most=2)
            level = down + node + _EDGE + style.depth(above) + (0.55 * style.size if above else 0.0)
            height = level + lowest * down + node + _EDGE
        else:
            down = (height - 2 * (node + _EDGE)) / (1 + lowest)
            level = down + node + _EDGE
    elif not paper and count > 6:
        down = (level - node - _EDGE) / max(math.sin(math.radians(angle)) for angle in angles)
    centre = (width / 2, level)
    points = tuple(
        (centre[0] + across * math.cos(math.radians(angle)), centre[1] + down * math.sin(math.radians(angle)))
        for angle in angles
    )
    return _WheelGeometry(width, height, centre, hub, node, points), above


def _name_beside(
    factor: _WheelFactor, point: Point, names: Sequence[TextLabel], wheel: _WheelGeometry, style: LabelStyle
) -> TextLabel | None:
    """Return the name of a factor beside its node, clear of the other nodes and names; None if it has no room."""
    x, y = point
    left = x < wheel.centre[0] - 1
    gap = wheel.node + 0.65 * style.size
    room = (x if left else wheel.width - x) - gap
    for most in (min(room, _PREFERRED_NAME_WIDTH * style.size), room):
        lines = style.lines(factor.name, most, most=4)
        if not lines:
            continue
        name = style.centred(factor.key, lines, x - gap if left else x + gap, y, align="end" if left else "start")
        if _is_clear(name, point, names, wheel, style):
            return name
    return None


def _is_clear(
    name: TextLabel, own: Point, names: Sequence[TextLabel], wheel: _WheelGeometry, style: LabelStyle
) -> bool:
    """True if `name` is clear of the names before it and of every node but its own."""
    taken = [area for other in names for area in style.areas(other)]
    reach = wheel.node + _NAME_CLEARANCE
    others = [point for point in wheel.points if point != own]
    return not any(
        any(area.overlaps(each) for each in taken) or any(area.is_near(point, reach) for point in others)
        for area in style.areas(name)
    )


class _WheelRows(Struct, frozen=True):
    """The factors of a tall wheel by place: one or two at the top, pairs at the sides, two at the foot."""

    top: tuple[_WheelFactor, ...]
    right: tuple[_WheelFactor, ...]
    foot: tuple[_WheelFactor, ...]
    left: tuple[_WheelFactor, ...]


def _wheel_rows(factors: Sequence[_WheelFactor]) -> _WheelRows:
    """Return factors in rows, so that they follow each other clockwise; each row runs left to right or top to foot."""
    top = 2 - len(factors) % 2
    sides = (len(factors) - top - 2) // 2
    right, foot, left = factors[top : top + sides], factors[top + sides : top + sides + 2], factors[top + sides + 2 :]
    return _WheelRows(tuple(factors[:top]), tuple(right), tuple(reversed(foot)), tuple(reversed(left)))


def _tall_wheel(labels: Mapping[str, str], factors: Sequence[_WheelFactor], width: float, style: LabelStyle) -> Drawing:
    """Return the wheel with its names above the upper nodes and below the others, as high as they need."""
    em, middle, rows = style.size, width / 2, _wheel_rows(factors)
    node = max(2.75 * em, 0.1 * width)
    outer = middle - max(3.9 * em, node)
    inner = min(5.9 * em, 0.6 * outer + 1.2 * em)
    lines = _tall_lines(rows, inner, outer, style)

    def depth(*row: _WheelFactor) -> float:
        return max((style.depth(lines[factor.key]) for factor in row), default=0.0)

    radius = _hub_radius(labels["hub"], 3.4 * em, outer - node - 2 * _SPOKE_GAP - 1.2 * em, style)
    reach = (radius or 0) + node + 2 * _SPOKE_GAP + 1.6 * em
    # `apart`: from the hub's level to the first and to the last pair at the sides; `beside`: what is below the last.
    apart = node + (depth(*rows.right[:1], *rows.left[:1]) + 1.05 * em) / 2 if len(rows.right) > 1 else 0.0
    beside = node + 0.5 * em + depth(*rows.right[-1:], *rows.left[-1:])
    down = math.sqrt(max(0.0, reach**2 - inner**2))
    if rows.right:
        down = max(down, apart + (beside + 0.55 * em + _name_clearance(node, outer - inner, em)))
    up = down
    if len(rows.top) == 1:
        up = max(reach, apart + math.sqrt(max(0.0, (2 * node + 0.55 * em) ** 2 - outer**2)))
    top, foot = depth(*rows.top) + 0.55 * em + node, depth(*rows.foot) + 0.55 * em + node
    level = top + up
    points: dict[str, Point] = {}
    for row, y, half in ((rows.top, top, inner), (rows.foot, level + down, inner)):
        across = (0.0,) if len(row) == 1 else (-half, half)
        points |= {factor.key: (middle + x, y) for factor, x in zip(row, across, strict=True)}
    for side, x in ((rows.right, middle + outer), (rows.left, middle - outer)):
        levels = (level,) if len(side) == 1 else (level - apart, level + apart)
        points |= {factor.key: (x, y) for factor, y in zip(side, levels, strict=False)}
    at = tuple(points[factor.key] for factor in factors)
    wheel = _WheelGeometry(width, level + down + foot, (middle, level), 3.4 * em, node, at)
    upper = {factor.key for factor in rows.top}
    shapes = (
        *_hub_and_spokes(labels["hub"], factors, wheel, style),
        *_tall_names(factors, upper, lines, wheel, style),
    )
    too_high = style.too_high(width, wheel.height, labels, (*rows.right, *factors)[0].key)
    return labelled_drawing(width, wheel.height, shapes, labels, *too_high)


def _tall_lines(rows: _WheelRows, inner: float, outer: float, style: LabelStyle) -> dict[str, LabelLines]:
    """Return the lines of each name of a tall wheel by its key; none for a name that has no room."""
    pair, side, alone = 2 * inner - style.size, 7.8 * style.size, 2 * outer
    rooms = [(rows.top, pair if len(rows.top) > 1 else alone), (rows.right, side), (rows.foot, pair), (rows.left, side)]
    return {factor.key: style.lines(factor.name, room, most=4) for row, room in rooms for factor in row}


def _name_clearance(node: float, apart: float, em: float) -> float:
    """Return how far above the middle of a lower node a name may end whose node is `apart` from it across."""
    near = max(0.0, apart - 3.9 * em)
    return math.sqrt(max(0.0, node**2 - near**2))


def _tall_names(
    factors: Sequence[_WheelFactor],
    upper: set[str],
    lines: Mapping[str, LabelLines],
    wheel: _WheelGeometry,
    style: LabelStyle,
) -> Iterator[TextLabel]:
    """Yield the names of a tall wheel: those with `upper` keys above their nodes, the others below."""
    for factor, (x, y) in zip(factors, wheel.points, strict=True):
        found = lines[factor.key]
        if not found:
            continue
        gap = wheel.node + 0.5 * style.size
        top = y - gap - style.depth(found) if factor.key in upper else y + gap
        yield style.label(factor.key, found, x, top, align="middle")


def _hub_and_spokes(
    hub: str, factors: Sequence[_WheelFactor], wheel: _WheelGeometry, style: LabelStyle
) -> tuple[Shape, ...]:
    """Return the hub with its words, the nodes with their signs, and the arrows from each node to the hub."""
    nearest = min(math.dist(point, wheel.centre) for point in wheel.points)
    most = nearest - wheel.node - 2 * _SPOKE_GAP - (ARROW_LENGTH + 0.25) * style.size
    least = min(wheel.hub, most)
    radius = _hub_radius(hub, least, most, style) or least
    shapes: list[Shape] = [Circle(*wheel.centre, radius, fill="accent")]
    for factor, point in zip(factors, wheel.points, strict=True):
        node = (*_spoke(point, wheel, radius, style), *_wheel_node_shapes(factor, point, wheel.node, style))
        shapes += at_step(node, factor.number)
    lines = _hub_lines(hub, radius, style)
    if lines:
        shapes.append(style.centred("hub", lines, *wheel.centre, colour="white"))
    return tuple(shapes)


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


def _wheel_node_shapes(factor: _WheelFactor, point: Point, radius: float, style: LabelStyle) -> tuple[Shape, ...]:
    """Return a node with its sign, or with its number if it has none."""
    ring = Circle(*point, radius - _WHEEL_NODE_EDGE / 2, fill="tint", stroke="accent", width=_WHEEL_NODE_EDGE)
    if not factor.sign:
        size = max(style.size, 2 * radius * _NUMBER_SHARE)
        baseline = point[1] + CAPITAL_HEIGHT * size / 2
        key, words = f"number-{factor.number}", (str(factor.number),)
        return ring, TextLabel(key, words, point[0], baseline, size, size, True, "accent", align="middle")
    size = 2 * radius * _SIGN_SHARE
    return ring, *shifted_all(sign_drawing(factor.sign, size).shapes, point[0] - size / 2, point[1] - size / 2)


def _hub_radius(text: str, least: float, most: float, style: LabelStyle) -> float | None:
    """Return the smallest radius from `least` to `most` that holds `text`; None if none does."""
    radius = least
    while radius <= most + 1e-6:
        if _hub_lines(text, radius, style):
            return radius
        radius += 1.0
    return None


def _hub_lines(text: str, radius: float, style: LabelStyle) -> LabelLines:
    """Return `text` in the lines that stay farthest inside a circle of `radius`; none if none stay well inside."""
    inside = radius - 0.4 * style.size
    found = (style.lines(text, share * inside, most=4) for share in (1.9, 1.75, 1.6, 1.45, 1.3, 1.15))
    fitting = [(_farthest_corner(lines, style), lines) for lines in found if lines]
    return min(((reach, lines) for reach, lines in fitting if reach <= inside), default=(0.0, ()))[1]


def _farthest_corner(lines: LabelLines, style: LabelStyle) -> float:
    """Return the distance from the middle of `lines` to their farthest corner."""
    middle = (len(lines) - 1) / 2
    return max(
        math.hypot(style.breadth((line,)) / 2, abs(index - middle) * style.leading + CAPITAL_HEIGHT * style.size / 2)
        for index, line in enumerate(lines)
    )
