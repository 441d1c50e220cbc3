"""Shapes of a figure in, path operators out (ISO 32000-1, 8.5). Joins are round; y turns from down to up here.

Sets whatever it draws with between q and Q, so that no shape changes the look of the next. Never draws a Label: its
words are text, which only the plan can place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.shapes import Box, Circle, Command, Label, Path, Shape
from handouts.figures.signs import hatch_paths
from handouts.pdf.objects import number, numbers
from handouts.theme import channels

# How far the handles of a cubic curve reach for a quarter of a circle of radius 1 (4/3 of tan(pi/8)).
HANDLE = 0.5522847498307936
CAPS = {"butt": 0, "round": 1}
OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


class Extent(Struct, frozen=True):
    """The smallest upright rectangle around something, y growing downward."""

    left: float
    top: float
    right: float
    bottom: float

    def around(self, other: Extent) -> Extent:
        """Return the extent of both."""
        return Extent(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def draw_shape(
    shape: Shape, x: float, y: float, page_height: float, colours: Mapping[str, str], hatched: Collection[str] = ()
) -> str:
    """Return the operators that paint `shape` moved by `x` and `y`; "" if it has neither fill nor stroke.

    A fill of a `hatched` role is drawn as lines of ink.
    """
    outline = outline_of(shape)
    if outline.fill in hatched:
        edge = draw_shape(replace(outline, fill=""), x, y, page_height, colours)
        return "\n".join(part for part in (hatch(outline, x, y, page_height, colours), edge) if part)
    stroked = bool(outline.stroke) and outline.width > 0
    if not outline.commands or not (outline.fill or stroked):
        return ""
    parts = ["q"]
    if outline.fill:
        parts.append(f"{colour(outline.fill, colours)} rg")
    if stroked:
        dash = f" [{numbers(*outline.dash)}] 0 d" if outline.dash else ""
        pen = f"{colour(outline.stroke, colours)} RG {number(outline.width)} w {CAPS[outline.cap]} J 1 j"
        parts.append(pen + dash)
    parts.append(operators(outline.commands, x, page_height - y))
    parts.append("B" if outline.fill and stroked else "f" if outline.fill else "S")
    parts.append("Q")
    return "\n".join(parts)


def hatch(outline: Path, x: float, y: float, page_height: float, colours: Mapping[str, str]) -> str:
    """Return the operators that paint lines wherever `outline` would be filled (ISO 32000-1, 8.5.4)."""
    inside = extent_of_shape(replace(outline, stroke=""), 0.0, 0.0)
    lines = hatch_paths(inside.left, inside.top, inside.right - inside.left, inside.bottom - inside.top, "ink")
    cut = operators(outline.commands, x, page_height - y)
    drawn = (draw_shape(line, x, y, page_height, colours) for line in lines)
    return "\n".join(("q", cut, "W n", *drawn, "Q"))


def extent_of_shape(shape: Shape, x: float, y: float) -> Extent:
    """Return what `shape` covers when it is moved by `x` and `y`, its stroke included."""
    outline = outline_of(shape)
    points = [value for _, values in outline.commands for value in pairs(values)]
    half = outline.width / 2 if outline.stroke else 0.0
    across, down = [each for each, _ in points] or [0.0], [each for _, each in points] or [0.0]
    return Extent(x + min(across) - half, y + min(down) - half, x + max(across) + half, y + max(down) + half)


def outline_of(shape: Shape) -> Path:
    """Return `shape` as a path."""
    match shape:
        case Path():
            return shape
        case Circle():
            side = 2 * shape.radius
            corner = (shape.x - shape.radius, shape.y - shape.radius)
            commands = rounded(*corner, side, side, shape.radius)
            return Path(commands, shape.fill, shape.stroke, shape.width)
        case Box():
            radius = min(shape.radius, shape.width / 2, shape.height / 2)
            commands = rounded(shape.x, shape.y, shape.width, shape.height, radius)
            return Path(commands, shape.fill, shape.stroke, shape.edge)
        case Label():
            raise TypeError(f"the label '{shape.key}' must be placed as text")
        case _:
            assert_never(shape)


def rounded(x: float, y: float, width: float, height: float, radius: float) -> tuple[Command, ...]:
    """Return a closed rectangle with round corners, clockwise from the left end of its upper side."""
    right, bottom, near = x + width, y + height, radius * (1 - HANDLE)
    if radius <= 0:
        return (("M", (x, y)), ("L", (right, y)), ("L", (right, bottom)), ("L", (x, bottom)), ("Z", ()))
    return (
        ("M", (x + radius, y)),
        ("L", (right - radius, y)),
        ("C", (right - near, y, right, y + near, right, y + radius)),
        ("L", (right, bottom - radius)),
        ("C", (right, bottom - near, right - near, bottom, right - radius, bottom)),
        ("L", (x + radius, bottom)),
        ("C", (x + near, bottom, x, bottom - near, x, bottom - radius)),
        ("L", (x, y + radius)),
        ("C", (x, y + near, x + near, y, x + radius, y)),
        ("Z", ()),
    )


# The same marks stand at the same place on page after page.
@lru_cache(maxsize=600)
def operators(commands: tuple[Command, ...], x: float, top: float) -> str:
    """Return the operators that build the path of `commands` from `x` and `top`, in the page's own coordinates."""
    return "\n".join(
        "".join([f"{number(x + across)} {number(top - down)} " for across, down in pairs(values)]) + OPERATORS[verb]
        for verb, values in commands
    )


def pairs(values: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    """Yield x and y of each point of a command."""
    return zip(values[::2], values[1::2], strict=True)


def colour(role: str, colours: Mapping[str, str]) -> str:
    """Return the operands for the colour of `role`, or for a literal one. KeyError if the theme has no such role."""
    return operands(role if role.startswith("#") else colours[role])


@lru_cache(maxsize=64)
def operands(value: str) -> str:
    """Return "#RRGGBB" as red, green and blue, each from 0 to 1."""
    return numbers(*channels(value))
