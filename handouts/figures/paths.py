"""Points to paths: ellipses, curves through points, arrowheads, and the short form in which signs are written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias, cast

from handouts.figures.shapes import Command, Path, Verb

Point: TypeAlias = tuple[float, float]
Curve: TypeAlias = Callable[[float], Point]

ARROW_LENGTH, ARROW_WIDTH, ARROW_OVERLAP = 0.95, 0.9, 0.7
TOKEN = re.compile(r"[MLCZ]|-?\d+(?:\.\d+)?")


def path_commands(text: str) -> tuple[Command, ...]:
    """Return the commands of a path written as in SVG, with M, L, C and Z and absolute coordinates only."""
    commands: list[Command] = []
    for token in TOKEN.findall(text):
        if token.isalpha():
            commands.append((cast(Verb, token), ()))
        else:
            verb, values = commands[-1]
            commands[-1] = (verb, (*values, float(token)))
    return tuple(commands)


def moved(commands: Sequence[Command], scale: float, x: float = 0.0, y: float = 0.0) -> tuple[Command, ...]:
    """Return `commands` scaled from the origin, then moved by `x` and `y`."""
    offsets = (x, y)
    return tuple(
        (verb, tuple(value * scale + offsets[index % 2] for index, value in enumerate(values)))
        for verb, values in commands
    )


def ellipse(centre: Point, radii: Point) -> Curve:
    """Return the point of an ellipse at an angle in radians; angles grow clockwise, because y grows downward."""
    return lambda angle: (centre[0] + radii[0] * math.cos(angle), centre[1] + radii[1] * math.sin(angle))


def smooth_path(curve: Curve, start: float, end: float, pieces: int) -> tuple[Command, ...]:
    """Return `curve` between two parameters as cubic pieces that share its points and directions (Hermite form)."""
    step = (end - start) / pieces
    tiny = step * 1e-4
    points = [curve(start + index * step) for index in range(pieces + 1)]
    slopes = [slope(curve, start + index * step, tiny) for index in range(pieces + 1)]
    commands: list[Command] = [("M", points[0])]
    for index in range(pieces):
        (x0, y0), (x1, y1) = points[index], points[index + 1]
        (dx0, dy0), (dx1, dy1) = slopes[index], slopes[index + 1]
        third = step / 3
        commands.append(("C", (x0 + dx0 * third, y0 + dy0 * third, x1 - dx1 * third, y1 - dy1 * third, x1, y1)))
    return tuple(commands)


def slope(curve: Curve, at: float, tiny: float) -> Point:
    """Return the derivative of `curve` by its parameter."""
    (x0, y0), (x1, y1) = curve(at - tiny), curve(at + tiny)
    return (x1 - x0) / (2 * tiny), (y1 - y0) / (2 * tiny)


def cubic(points: Sequence[Point], share: float) -> Point:
    """Return the point of a cubic curve at a parameter from 0 to 1."""
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    across = sum(weight * x for weight, (x, _) in zip(weights, points, strict=True))
    return across, sum(weight * y for weight, (_, y) in zip(weights, points, strict=True))


def points_along(commands: Sequence[Command], step: float) -> tuple[Point, ...]:
    """Return points along a path, its corners among them, about `step` apart."""
    points: list[Point] = []
    first: Point = (0.0, 0.0)
    for verb, values in commands:
        ends = tuple(zip(values[::2], values[1::2], strict=True))
        match verb:
            case "M":
                first = ends[0]
                points.append(first)
            case "L" | "Z":
                points += between(points[-1], ends[0] if ends else first, step)
            case "C":
                start = points[-1]
                turns = [cubic((start, *ends), share / 8) for share in range(9)]
                points += [point for one, other in pairwise(turns) for point in between(one, other, step)]
    return tuple(points)


def between(start: Point, end: Point, step: float) -> tuple[Point, ...]:
    """Return points from `start`, which is left out, to `end`, about `step` apart."""
    count = max(1, round(math.dist(start, end) / step))
    across, down = (end[0] - start[0]) / count, (end[1] - start[1]) / count
    return tuple((start[0] + index * across, start[1] + index * down) for index in range(1, count + 1))


def away_from(curve: Curve, start: float, distance: float, direction: int) -> float:
    """Return the parameter at which `curve`, followed in `direction` (1 or -1), is `distance` from where it was."""
    low, high = 0.0, 1.5
    origin = curve(start)
    for _ in range(40):
        middle = (low + high) / 2
        near = math.dist(origin, curve(start + direction * middle)) < distance
        low, high = (middle, high) if near else (low, middle)
    return start + direction * high


def arrowhead(tip: Point, tail: Point, size: float, colour: str) -> Path:
    """Return a solid head at `tip`, pointing away from `tail`, for labels of `size`."""
    angle = math.atan2(tip[1] - tail[1], tip[0] - tail[0])
    back = (tip[0] - ARROW_LENGTH * size * math.cos(angle), tip[1] - ARROW_LENGTH * size * math.sin(angle))
    across = (-math.sin(angle) * ARROW_WIDTH * size / 2, math.cos(angle) * ARROW_WIDTH * size / 2)
    left, right = (back[0] + across[0], back[1] + across[1]), (back[0] - across[0], back[1] - across[1])
    commands: tuple[Command, ...] = (("M", tip), ("L", left), ("L", right), ("Z", ()))
    return Path(commands, fill=colour, stroke=colour, width=1.2)


def arrow(start: Point, end: Point, size: float, width: float, colour: str) -> tuple[Path, Path]:
    """Return a straight arrow from `start` whose tip is `end`."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    stop = (end[0] - ARROW_OVERLAP * size * math.cos(angle), end[1] - ARROW_OVERLAP * size * math.sin(angle))
    line = Path((("M", start), ("L", stop)), stroke=colour, width=width)
    return line, arrowhead(end, start, size, colour)
