"""The small signs: one for each factor, some for tables and headings, three for a fork's levels, and hatching.

Takes a name, a size and a colour; returns drawings in one colour, without a background.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec.structs import replace

from handouts.document.nodes import Level
from handouts.figures.shapes import Circle, Command, Drawing, Path, Rectangle, path_commands, transformed_path

_SIGN_COLOUR = "sign"  # stands for the colour that a sign is asked for


def _disc(x: float, y: float, radius: float) -> Circle:
    """Return a filled circle."""
    return Circle(x, y, radius, fill=_SIGN_COLOUR)


def _ring(x: float, y: float, radius: float) -> Circle:
    """Return a stroked circle."""
    return Circle(x, y, radius, stroke=_SIGN_COLOUR)


def _stroke(path: str, dash: tuple[float, ...] = ()) -> Path:
    """Return a stroked path, perhaps dashed."""
    return Path(path_commands(path), stroke=_SIGN_COLOUR, dash=dash, cap="butt" if dash else "round")


def _fill(path: str, edge: float = 0.0) -> Path:
    """Return a filled path; an `edge` rounds its corners."""
    return Path(path_commands(path), fill=_SIGN_COLOUR, stroke=_SIGN_COLOUR if edge else "", width=edge)


_FACTOR_BOX, _FACTOR_STROKE, _SMALL_STROKE, _SMALL_SIGN = 48.0, 3.0, 3.4, 36.0
_UTILITY_BOX, _UTILITY_STROKE = 24.0, 2.25

FACTOR_SIGNS: Mapping[str, tuple[Circle | Path, ...]] = {
    "left": (
        _disc(10, 34, 7.5),
        _ring(39.5, 11, 6),
        _stroke("M18 27.8 L21.9 24.7"),
        _stroke("M25.2 22.1 L26.8 20.9"),
        _stroke("M29.9 18.5 L30 18.4"),
    ),
    "rise": (_stroke("M3 40 L7 40 C13 40 14 11 19.5 11 C26 11 28 39 45 40"), _disc(19.5, 11, 6)),
    "swing": (
        _ring(24, 30.5, 13),
        _fill("M24 43.5 C16.8 43.5 11 37.7 11 30.5 C11 23.3 16.8 17.5 24 17.5 Z"),
        _stroke("M8.4 14.3 C12.6 10.3 18.2 8 24 8 C29.8 8 35.4 10.3 39.6 14.3"),
        _fill("M5.6 19.2 L13 15.9 L6.5 11.2 Z", edge=1.2),
        _fill("M42.4 19.2 L41.5 11.2 L35 15.9 Z", edge=1.2),
    ),
    "self": (
        _stroke(
            "M23.5 34.4 C21 36.1 17.9 36.8 14.9 36.4 C11.9 36 9.1 34.5 7.1 32.3 C5.1 30 4 27 4 24 C4 21 5.1 18 7.1 15.7"
            " C9.1 13.5 11.9 12 14.9 11.6 C17.9 11.2 21 11.9 23.5 13.6",
            dash=(4.35, 3.6),
        ),
        _ring(31.5, 24, 12.5),
        _fill(
            "M24 14 C26.1 15.6 27.6 17.7 28.4 20.2 C29.2 22.7 29.2 25.3 28.4 27.8 C27.6 30.3 26.1 32.4 24 34"
            " C21.9 32.4 20.4 30.3 19.6 27.8 C18.8 25.3 18.8 22.7 19.6 20.2 C20.4 17.7 21.9 15.6 24 14 Z"
        ),
    ),
    "hold": (
        _ring(39, 11, 6),
        _disc(9, 38.5, 7),
        _stroke("M9 38.5 C24 39.5 35.5 33.5 31.5 25.5 C28.6 19.8 19.6 21.6 20.4 27.8 C21.2 33.8 32.8 29.6 36.2 17.4"),
    ),
    "heard": (
        _stroke(
            "M11 5 L37 5 C41.4 5 45 8.6 45 13 L45 25 C45 29.4 41.4 33 37 33 L22 33 L12 43 L13 33 L11 33"
            " C6.6 33 3 29.4 3 25 L3 13 C3 8.6 6.6 5 11 5 Z"
        ),
        _disc(16.5, 19, 5.2),
        _ring(31, 19, 5),
    ),
}
_UTILITY_SIGNS: Mapping[str, tuple[Circle | Path, ...]] = {
    "tick": (_stroke("M5 12.5 L10 17.5 L19.5 6.5"),),
    "bar": (_stroke("M5.5 12 L18.5 12"),),
    "pause": (_ring(12, 12, 10), _stroke("M9 8 L9 16"), _stroke("M15 8 L15 16")),
    "clock": (_ring(12, 12, 10), _stroke("M12 6.5 L12 12 L16 14.5")),
    "phone": (
        _stroke(
            "M8 2 L16 2 C17.7 2 19 3.3 19 5 L19 19 C19 20.7 17.7 22 16 22 L8 22 C6.3 22 5 20.7 5 19 L5 5"
            " C5 3.3 6.3 2 8 2 Z"
        ),
        _stroke("M10.5 18 L13.5 18"),
    ),
    "pencil": (_stroke("M4 20 L5.5 14.5 L16 4 L20 8 L9.5 18.5 Z"), _stroke("M13.5 6.5 L17.5 10.5")),
}
SIGN_NAMES = (*FACTOR_SIGNS, *_UTILITY_SIGNS)


def sign_drawing(name: str, size: float, colour: str = "accent") -> Drawing:
    """Return the sign `name` in a square of `size`. KeyError if there is none."""
    factor = name in FACTOR_SIGNS
    box = _FACTOR_BOX if factor else _UTILITY_BOX
    stroke = (_SMALL_STROKE if size < _SMALL_SIGN else _FACTOR_STROKE) if factor else _UTILITY_STROKE
    marks = FACTOR_SIGNS[name] if factor else _UTILITY_SIGNS[name]
    scale = size / box
    return Drawing(size, size, tuple(_scaled_mark(mark, scale, stroke, colour) for mark in marks))


def _scaled_mark(mark: Circle | Path, scale: float, stroke: float, colour: str) -> Circle | Path:
    """Return one mark of a sign in its colour and size; a stroke without a width gets `stroke`."""
    fill, edge = (colour if each else "" for each in (mark.fill, mark.stroke))
    width = (mark.width or stroke) * scale if edge else 0.0
    if isinstance(mark, Circle):
        return Circle(mark.x * scale, mark.y * scale, mark.radius * scale, fill, edge, width)
    commands = transformed_path(mark.commands, scale, scale)
    dash = tuple(each * scale for each in mark.dash)
    return replace(mark, commands=commands, fill=fill, stroke=edge, width=width, dash=dash)


def fork_sign_drawing(level: Level, size: float) -> Drawing:
    """Return the square, triangle or circle of a level; `size` is the square's side, all weigh the same to the eye."""
    middle = size / 2
    match level:
        case "red":
            return Drawing(size, size, (Rectangle(0, 0, size, size, radius=size / 16, fill="red"),))
        case "amber":
            half, high = size * 29.3 / 48, size * 25.9 / 24
            top = middle - high * 0.56
            commands: tuple[Command, ...] = (
                ("M", (middle, top)),
                ("L", (middle + half, top + high)),
                ("L", (middle - half, top + high)),
                ("Z", ()),
            )
            return Drawing(size, size, (Path(commands, fill="amber", stroke="amber", width=1.2),))
        case "green":
            return Drawing(size, size, (Circle(middle, middle, size * 13.2 / 24, fill="green"),))


def hatch_paths(x: float, y: float, width: float, height: float, colour: str) -> tuple[Path, ...]:
    """Return lines at 45 degrees, 2 wide every 5.5, cut at the sides of a rectangle."""
    pitch, thickness = 5.5 * math.sqrt(2), 2.0
    lines = []
    offset = pitch / 2
    while offset < width + height:
        start = (x + max(0.0, offset - height), y + min(offset, height))
        end = (x + min(offset, width), y + max(0.0, offset - width))
        lines.append(Path((("M", start), ("L", end)), stroke=colour, width=thickness, cap="butt"))
        offset += pitch
    return tuple(lines)
