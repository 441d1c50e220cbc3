"""The shapes of a drawing and their geometry: paths, circles, rectangles, labels, curves, arrows and speech bubbles.

Coordinates are points from the drawing's top left corner, y grows downward; colours are roles of the theme. A Drawing
lists its shapes in painting order. The `step` of a shape says when it appears in a drawing that builds up; shapes of
step 0 are there from the start.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Literal, TypeAlias, TypeVar, assert_never, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Outline, Outlines
from handouts.finding import Finding
from handouts.theme import luminance

_Verb: TypeAlias = Literal["M", "L", "C", "Z"]
Command: TypeAlias = tuple[_Verb, tuple[float, ...]]


class Path(Struct, frozen=True):
    """Straight lines and cubic curves: M and L take x y, C takes x1 y1 x2 y2 x y, Z takes nothing. Joins are round."""

    commands: tuple[Command, ...]
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    cap: Literal["round", "butt"] = "round"
    step: int = 0


class Circle(Struct, frozen=True):
    """A disc if filled, a ring if only stroked, around its centre."""

    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    step: int = 0


class Rectangle(Struct, frozen=True):
    """A rectangle with rounded corners, by its top left corner; `edge` is the width of its stroke."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    fill: str = ""
    stroke: str = ""
    edge: float = 0.0
    step: int = 0


class TextLabel(Struct, frozen=True):
    """Words in a drawing, already broken into lines; `x` is their left end, middle or right end, by `align`."""

    key: str
    lines: tuple[str, ...]
    x: float
    baseline: float
    size: float
    leading: float
    bold: bool = False
    colour: str = "ink"
    align: Literal["start", "middle", "end"] = "start"
    width: float = 0.0
    step: int = 0


Shape: TypeAlias = Path | Circle | Rectangle | TextLabel
_AnyShape = TypeVar("_AnyShape", Path, Circle, Rectangle, TextLabel, Shape)


class Drawing(Struct, frozen=True):
    """Shapes in the order in which they are painted, within `width` and `height`."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    findings: tuple[Finding, ...] = ()


def transformed_path(
    commands: Sequence[Command], scale_x: float = 1.0, scale_y: float = 1.0, x: float = 0.0, y: float = 0.0
) -> tuple[Command, ...]:
    """Return `commands` scaled from the origin, then moved by `x` and `y`."""
    scales, offsets = (scale_x, scale_y), (x, y)
    return tuple(
        (verb, tuple([value * scales[i % 2] + offsets[i % 2] for i, value in enumerate(values)]))
        for verb, values in commands
    )


def _shifted(shape: _AnyShape, x: float, y: float) -> _AnyShape:
    """Return `shape`, moved by `x` and `y`."""
    match shape:
        case Path():
            return replace(shape, commands=transformed_path(shape.commands, x=x, y=y))
        case Circle() | Rectangle():
            return replace(shape, x=shape.x + x, y=shape.y + y)
        case TextLabel():
            return replace(shape, x=shape.x + x, baseline=shape.baseline + y)
        case _:
            assert_never(shape)


def shifted_all(shapes: Iterable[_AnyShape], x: float, y: float) -> tuple[_AnyShape, ...]:
    """Return `shapes` moved by `x` and `y`."""
    return tuple(_shifted(shape, x, y) for shape in shapes)


def at_step(shapes: Iterable[_AnyShape], step: int) -> tuple[_AnyShape, ...]:
    """Return `shapes` as ones that appear at `step`."""
    return tuple(replace(shape, step=step) for shape in shapes)


Point: TypeAlias = tuple[float, float]
Curve: TypeAlias = Callable[[float], Point]

ARROW_LENGTH, _ARROW_WIDTH, ARROW_OVERLAP = 0.95, 0.9, 0.7
_PATH_TOKEN = re.compile(r"[MLCZ]|-?\d+(?:\.\d+)?")


def path_commands(text: str) -> tuple[Command, ...]:
    """Return the commands of an SVG path that has only M, L, C and Z with absolute coordinates."""
    commands: list[Command] = []
    for token in _PATH_TOKEN.findall(text):
        if token.isalpha():
            commands.append((cast(_Verb, token), ()))
        else:
            verb, values = commands[-1]
            commands[-1] = (verb, (*values, float(token)))
    return tuple(commands)


# How far the handles of a cubic curve reach for a quarter of a circle of radius 1 (4/3 of tan(pi/8)).
CIRCLE_HANDLE = 0.5522847498307936


def rounded_rectangle(
    x: float, y: float, width: float, height: float, radius_x: float, radius_y: float
) -> tuple[Command, ...]:
    """Return a closed rectangle with elliptical corners, clockwise from the left end of its upper side."""
    right, bottom = x + width, y + height
    if radius_x <= 0 or radius_y <= 0:
        return (("M", (x, y)), ("L", (right, y)), ("L", (right, bottom)), ("L", (x, bottom)), ("Z", ()))
    near_x, near_y = radius_x * (1 - CIRCLE_HANDLE), radius_y * (1 - CIRCLE_HANDLE)
    return (
        ("M", (x + radius_x, y)),
        ("L", (right - radius_x, y)),
        ("C", (right - near_x, y, right, y + near_y, right, y + radius_y)),
        ("L", (right, bottom - radius_y)),
        ("C", (right, bottom - near_y, right - near_x, bottom, right - radius_x, bottom)),
        ("L", (x + radius_x, bottom)),
        ("C", (x + near_x, bottom, x, bottom - near_y, x, bottom - radius_y)),
        ("L", (x, y + radius_y)),
        ("C", (x, y + near_y, x + near_x, y, x + radius_x, y)),
        ("Z", ()),
    )


def ellipse(centre: Point, radii: Point) -> Curve:
    """Return an ellipse as a function of the angle in radians, which grows clockwise because y grows downward."""
    return lambda angle: (centre[0] + radii[0] * math.cos(angle), centre[1] + radii[1] * math.sin(angle))


def smooth_path(curve: Curve, start: float, end: float, pieces: int) -> tuple[Command, ...]:
    """Return `curve` between two parameters as cubic pieces with its points and directions (Hermite form)."""
    step = (end - start) / pieces
    tiny = step * 1e-4
    points = [curve(start + index * step) for index in range(pieces + 1)]
    slopes = [_derivative(curve, start + index * step, tiny) for index in range(pieces + 1)]
    commands: list[Command] = [("M", points[0])]
    for index in range(pieces):
        (x0, y0), (x1, y1) = points[index], points[index + 1]
        (dx0, dy0), (dx1, dy1) = slopes[index], slopes[index + 1]
        third = step / 3
        commands.append(("C", (x0 + dx0 * third, y0 + dy0 * third, x1 - dx1 * third, y1 - dy1 * third, x1, y1)))
    return tuple(commands)


def _derivative(curve: Curve, at: float, tiny: float) -> Point:
    """Return the derivative of `curve` with respect to its parameter."""
    (x0, y0), (x1, y1) = curve(at - tiny), curve(at + tiny)
    return (x1 - x0) / (2 * tiny), (y1 - y0) / (2 * tiny)


def cubic_point(points: Sequence[Point], share: float) -> Point:
    """Return the point of a cubic curve at a parameter from 0 to 1."""
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    across = sum(weight * x for weight, (x, _) in zip(weights, points, strict=True))
    return across, sum(weight * y for weight, (_, y) in zip(weights, points, strict=True))


def points_along(commands: Sequence[Command], step: float) -> tuple[Point, ...]:
    """Return points along a path, about `step` apart, including its corners."""
    points: list[Point] = []
    first: Point = (0.0, 0.0)
    for verb, values in commands:
        ends = tuple(zip(values[::2], values[1::2], strict=True))
        match verb:
            case "M":
                first = ends[0]
                points.append(first)
            case "L" | "Z":
                points += points_between(points[-1], ends[0] if ends else first, step)
            case "C":
                start = points[-1]
                turns = [cubic_point((start, *ends), share / 8) for share in range(9)]
                points += [point for one, other in pairwise(turns) for point in points_between(one, other, step)]
    return tuple(points)


def points_between(start: Point, end: Point, step: float) -> tuple[Point, ...]:
    """Return points from `start` (excluded) to `end` (included), about `step` apart."""
    count = max(1, round(math.dist(start, end) / step))
    across, down = (end[0] - start[0]) / count, (end[1] - start[1]) / count
    return tuple((start[0] + index * across, start[1] + index * down) for index in range(1, count + 1))


def parameter_at_distance(curve: Curve, start: float, distance: float, direction: int) -> float:
    """Return the parameter at which `curve`, followed from `start` in `direction` (1 or -1), is `distance` away."""
    low, high = 0.0, 1.5
    origin = curve(start)
    for _ in range(40):
        middle = (low + high) / 2
        near = math.dist(origin, curve(start + direction * middle)) < distance
        low, high = (middle, high) if near else (low, middle)
    return start + direction * high


def straight_line(start: Point, end: Point, colour: str, width: float) -> Path:
    """Return a straight line with square ends."""
    return Path((("M", start), ("L", end)), stroke=colour, width=width, cap="butt")


def arrowhead(tip: Point, tail: Point, size: float, colour: str) -> Path:
    """Return a solid arrowhead at `tip` that points away from `tail`; `size` is the type size of the labels."""
    angle = math.atan2(tip[1] - tail[1], tip[0] - tail[0])
    back = (tip[0] - ARROW_LENGTH * size * math.cos(angle), tip[1] - ARROW_LENGTH * size * math.sin(angle))
    across = (-math.sin(angle) * _ARROW_WIDTH * size / 2, math.cos(angle) * _ARROW_WIDTH * size / 2)
    left, right = (back[0] + across[0], back[1] + across[1]), (back[0] - across[0], back[1] - across[1])
    commands: tuple[Command, ...] = (("M", tip), ("L", left), ("L", right), ("Z", ()))
    return Path(commands, fill=colour, stroke=colour, width=1.2)


def arrow(start: Point, end: Point, size: float, width: float, colour: str) -> tuple[Path, Path]:
    """Return a straight arrow from `start` to `end`: its line and its head."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    stop = (end[0] - ARROW_OVERLAP * size * math.cos(angle), end[1] - ARROW_OVERLAP * size * math.sin(angle))
    line = Path((("M", start), ("L", stop)), stroke=colour, width=width)
    return line, arrowhead(end, start, size, colour)


CIRCLE_CONTROL = 0.5523  # of the radius: the distance of a control point from its end of a quarter circle


def left_bubble(width: float, height: float, *, tail: float, radius: float, edge: float, reach: float = 11.0) -> Path:
    """Return a speech bubble whose tail points left, `tail` below its top and `reach` beyond its left side."""
    half = reach * 6 / 11
    side: tuple[Command, ...] = (("L", (0.0, tail + half)), ("L", (-reach, tail)), ("L", (0.0, tail - half)))
    return _bubble(width, height, radius, edge, left=side)


def bottom_bubble(width: float, height: float, *, tail: float, radius: float, edge: float, reach: float = 26.0) -> Path:
    """Return a speech bubble whose tail points down, `tail` from its left side and `reach` below its bottom."""
    side: tuple[Command, ...] = (
        ("L", (tail + 1.6 * reach, height)),
        ("L", (tail + 0.7 * reach, height + reach)),
        ("L", (tail, height)),
    )
    return _bubble(width, height, radius, edge, bottom=side)


def _bubble(
    width: float,
    height: float,
    radius: float,
    edge: float,
    *,
    bottom: tuple[Command, ...] = (),
    left: tuple[Command, ...] = (),
) -> Path:
    """Return a rectangle with rounded corners, clockwise from its top left, with the tail on the given side."""
    far = radius * (1 - CIRCLE_CONTROL)
    commands: tuple[Command, ...] = (
        ("M", (radius, 0.0)),
        ("L", (width - radius, 0.0)),
        ("C", (width - far, 0.0, width, far, width, radius)),
        ("L", (width, height - radius)),
        ("C", (width, height - far, width - far, height, width - radius, height)),
        *bottom,
        ("L", (radius, height)),
        ("C", (far, height, 0.0, height - far, 0.0, height - radius)),
        *left,
        ("L", (0.0, radius)),
        ("C", (0.0, far, far, 0.0, radius, 0.0)),
        ("Z", ()),
    )
    return Path(commands, fill="tint", stroke="accent", width=edge)


_MAX_BLACK_LUMINANCE = 0.4  # colours up to this luminance become black


def outline_paths(picture: Outlines, width: float, one_bit: bool) -> tuple[Path, ...]:
    """Return the shapes of `picture`, `width` wide, in their literal colours or, if `one_bit`, black and white."""
    scale = width / picture.width
    return tuple(_outline_path(shape, scale, one_bit) for shape in picture.shapes)


def _outline_path(shape: Outline, scale: float, one_bit: bool) -> Path:
    """Return one shape of a picture at `scale`."""
    commands = transformed_path(cast(tuple[Command, ...], shape.commands), scale, scale)
    fill, stroke = (_black_or_white(colour) if one_bit else colour for colour in (shape.fill, shape.stroke))
    return Path(commands, fill, stroke, shape.width * scale if stroke else 0.0)


def _black_or_white(colour: str) -> str:
    """Return the role "ink" for a dark colour, "white" for a light one, and "" for none."""
    return colour and ("ink" if luminance(colour) <= _MAX_BLACK_LUMINANCE else "white")
