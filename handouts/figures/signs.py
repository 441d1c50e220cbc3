"""The small signs: for factors and subjects, for tables, for the three levels of a fork; rows of discs, and hatching.

Takes a name or a picture, a size and a colour; returns drawings in one colour, without a background.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec.structs import replace

from handouts.document.nodes import Level, Outlines, Sign
from handouts.figures.shapes import (
    Circle,
    Command,
    Drawing,
    Path,
    Rectangle,
    outline_paths,
    path_commands,
    shifted_all,
    straight_line,
    transformed_path,
)

_SIGN_COLOUR = "sign"  # a placeholder for the colour in which a sign is drawn


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


_SUBJECT_BOX, _SUBJECT_STROKE = 48.0, 3.0
_SMALL_SIGN, _SMALL_STROKE = 36.0, 3.4  # smaller subject signs have thicker strokes
_UTILITY_BOX, _UTILITY_STROKE = 24.0, 2.25

SUBJECT_SIGNS: Mapping[str, tuple[Circle | Path, ...]] = {
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
    "sleep": (
        _fill(
            "M36.6 22.2 C34 29.5 25.3 34 17.8 31.9 C10.3 29.8 5.2 21.3 6.9 13.7 C8.5 6.1 16.6 0.5 24.3 1.7"
            " C20.3 3.6 17.6 7.9 17.5 12.3 C17.4 16.8 20.1 21.1 24 23.2 C28 25.2 33 24.8 36.6 22.2 Z",
            edge=1.2,
        ),
        _ring(36.5, 9.5, 3.5),
        _stroke("M4 43 C9 43 9 37.5 13.5 37.5 C18 37.5 18 43 24 43 L44 43"),
    ),
    "fear": (
        _fill(
            "M4 44 C3.5 19 13 4.5 27.5 4.5 C37.5 4.5 44.5 10.5 44 19 C42 14.5 37.5 12.5 33 14.5"
            " C24 18.5 20 30 21.5 44 Z",
            edge=2,
        ),
        _disc(35, 37.5, 6.5),
    ),
    "body": (
        _disc(24, 9, 6.5),
        _stroke("M8.5 44 L8.5 35 C8.5 26.5 15 21.5 24 21.5 C33 21.5 39.5 26.5 39.5 35 L39.5 44"),
        _ring(24, 36, 5),
    ),
    "mood": (
        _stroke("M12.6 23.3 C10 21.8 8.3 18.9 8.5 15.9 C8.8 12.1 11.5 8.9 15.1 8.2 C18.5 7.4 22.2 8.9 24.1 11.7"),
        _stroke("M16.5 1.8 L16.5 2"),
        _stroke("M4.6 5.2 L4.9 5.5"),
        _stroke("M28.4 5.2 L28.1 5.5"),
        _stroke("M2 17 L2.2 17"),
        _fill(
            "M15 43.5 C9.8 43.5 6 39.9 6 35.3 C6 31 9.4 27.4 13.9 27.2 C15.2 21.3 20.2 17.5 26 17.5 C32 17.5 36.9 21.4"
            " 38.2 27 C42.4 27.4 45.5 30.9 45.5 35.2 C45.5 39.9 41.7 43.5 37 43.5 Z"
        ),
    ),
    "thought": (
        _stroke(
            "M15 31 C9.5 31 5 27.2 5 21.8 C5 17 8.6 13.4 13.2 12.9 C14.6 7.6 19.2 4 25 4 C30 4 34.2 6.7 36.2 10.9"
            " C41 11 44.5 14.9 44.5 20.3 C44.5 26.3 40.2 31 34.5 31 Z"
        ),
        _stroke("M16 19.5 C19 15 21.5 15 24.7 19 C27.9 23 30.5 23 33.5 18.5"),
        _disc(13, 38, 3.8),
        _disc(6, 44, 2.4),
    ),
    "time": (
        _stroke("M10 4 L38 4"),
        _stroke("M10 44 L38 44"),
        _stroke("M13.5 4 L13.5 10 C13.5 17 21 19.5 21 24 C21 28.5 13.5 31 13.5 38 L13.5 44"),
        _stroke("M34.5 4 L34.5 10 C34.5 17 27 19.5 27 24 C27 28.5 34.5 31 34.5 38 L34.5 44"),
        _fill("M17.5 41 C18 35.5 21.5 33 24 31 C26.5 33 30 35.5 30.5 41 Z"),
        _fill("M18.5 11.5 L29.5 11.5 C29 15 26 17 24 20.5 C22 17 19 15 18.5 11.5 Z"),
    ),
    "home": (
        _stroke("M4 23.5 L24 5.5 L44 23.5"),
        _stroke("M10 20 L10 43.5 L38 43.5 L38 20"),
        _disc(19, 33.5, 4.5),
        _ring(30, 33.5, 4),
    ),
    "school": (
        _stroke(
            "M24 12.5 C19 8.5 12 7 4 8 L4 38 C12 37 19 38.5 24 42.5 C29 38.5 36 37 44 38 L44 8 C36 7 29 8.5 24 12.5 Z"
        ),
        _stroke("M24 12.5 L24 42"),
        _stroke("M30.5 19.5 C33 18.2 35.5 17.5 38 17.3"),
        _stroke("M30.5 28.5 C33 27.2 35.5 26.5 38 26.3"),
        _stroke("M17.5 19.5 C15 18.2 12.5 17.5 10 17.3"),
        _stroke("M17.5 28.5 C15 27.2 12.5 26.5 10 26.3"),
    ),
    "medicine": (
        _stroke(
            "M28.5 6.5 C32.4 2.6 38.6 2.6 42.5 6.5 C46.4 10.4 46.4 16.6 42.5 20.5"
            " L20.5 42.5 C16.6 46.4 10.4 46.4 6.5 42.5 C2.6 38.6 2.6 32.4 6.5 28.5 Z"
        ),
        _fill("M17.5 17.5 L31.5 31.5 L20.5 42.5 C16.6 46.4 10.4 46.4 6.5 42.5 C2.6 38.6 2.6 32.4 6.5 28.5 Z"),
    ),
    "talk": (
        _stroke(
            "M8 4 L24 4 C27.3 4 30 6.7 30 10 L30 16 C30 19.3 27.3 22 24 22 L15 22 L8.5 28.5 L8.5 22 L8 22"
            " C4.7 22 2 19.3 2 16 L2 10 C2 6.7 4.7 4 8 4 Z"
        ),
        _fill(
            "M34.5 18 L39.5 18 C42.8 18 45.5 20.7 45.5 24 L45.5 31.5 C45.5 34.8 42.8 37.5 39.5 37.5 L39.5 44.5"
            " L32.5 37.5 L22 37.5 C18.7 37.5 16.5 34.8 16.5 31.5 L16.5 27 L25 27 C30.5 27 34.5 23 34.5 18 Z",
            edge=1.2,
        ),
    ),
    "help": (
        _ring(24, 24, 20.5),
        _ring(24, 24, 8.5),
        _fill("M41.2 33.2 C39.4 36.6 36.6 39.4 33.2 41.2 L28 31.5 C29.5 30.7 30.7 29.5 31.5 28 Z"),
        _fill("M14.8 41.2 C11.4 39.4 8.6 36.6 6.8 33.2 L16.5 28 C17.3 29.5 18.5 30.7 20 31.5 Z"),
        _fill("M6.8 14.8 C8.6 11.4 11.4 8.6 14.8 6.8 L20 16.5 C18.5 17.3 17.3 18.5 16.5 20 Z"),
        _fill("M33.2 6.8 C36.6 8.6 39.4 11.4 41.2 14.8 L31.5 20 C30.7 18.5 29.5 17.3 28 16.5 Z"),
    ),
    "alarm": (
        _stroke("M11 36 C14 33 14 30 14 23 C14 15 17.5 10 24 10 C30.5 10 34 15 34 23 C34 30 34 33 37 36 Z"),
        _stroke("M24 5 L24 9"),
        _disc(24, 42, 4.2),
        _stroke("M6.6 11.5 C3.4 16.5 3.4 23.5 6.6 28.5"),
        _stroke("M41.4 11.5 C44.6 16.5 44.6 23.5 41.4 28.5"),
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
SIGN_NAMES = (*SUBJECT_SIGNS, *_UTILITY_SIGNS)


def is_sign(sign: Sign) -> bool:
    """True if `sign` is the name of a sign of the program, or a picture."""
    return isinstance(sign, Outlines) or sign in SIGN_NAMES


def sign_drawing(sign: Sign, size: float, colour: str = "accent") -> Drawing:
    """Return `sign` in a square of `size`. Raises KeyError for an unknown name."""
    if isinstance(sign, Outlines):
        return _picture_drawing(sign, size, colour)
    if sign in SUBJECT_SIGNS:
        marks, box, stroke = (
            SUBJECT_SIGNS[sign],
            _SUBJECT_BOX,
            _SUBJECT_STROKE if size >= _SMALL_SIGN else _SMALL_STROKE,
        )
    else:
        marks, box, stroke = _UTILITY_SIGNS[sign], _UTILITY_BOX, _UTILITY_STROKE
    return Drawing(size, size, tuple(_scaled_mark(mark, size / box, stroke, colour) for mark in marks))


def _picture_drawing(picture: Outlines, size: float, colour: str) -> Drawing:
    """Return a picture in the middle of a square of `size`, its dark parts in `colour`, its light ones in white."""
    scale = size / max(picture.width, picture.height)
    across, down = (size - picture.width * scale) / 2, (size - picture.height * scale) / 2
    paths = outline_paths(picture, picture.width * scale, one_bit=True)
    roles = {"ink": colour, "white": "white", "": ""}
    coloured = tuple(replace(path, fill=roles[path.fill], stroke=roles[path.stroke]) for path in paths)
    return Drawing(size, size, shifted_all(coloured, across, down))


def _scaled_mark(mark: Circle | Path, scale: float, stroke: float, colour: str) -> Circle | Path:
    """Return one mark of a sign, coloured and scaled; a stroke without a width of its own gets `stroke`."""
    fill, edge = (colour if each else "" for each in (mark.fill, mark.stroke))
    width = (mark.width or stroke) * scale if edge else 0.0
    if isinstance(mark, Circle):
        return Circle(mark.x * scale, mark.y * scale, mark.radius * scale, fill, edge, width)
    commands = transformed_path(mark.commands, scale, scale)
    dash = tuple(each * scale for each in mark.dash)
    return replace(mark, commands=commands, fill=fill, stroke=edge, width=width, dash=dash)


def fork_sign_drawing(level: Level, size: float) -> Drawing:
    """Return the square, triangle or circle of a level, all of equal visual weight; `size` is the square's side."""
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


_DISCS, _DISC_MIDDLE, _DISC_PITCH, _DISC_OUTLINE = 3, 8.0, 18.0, 2.0


def disc_row_drawing(filled: int) -> Drawing:
    """Return a row of three discs, the first `filled` of them filled, the others in outline."""
    middle, edge = _DISC_MIDDLE, _DISC_OUTLINE
    discs = tuple(
        Circle(middle + index * _DISC_PITCH, middle, middle - edge, "accent" if index < filled else "", "accent", edge)
        for index in range(_DISCS)
    )
    return Drawing(2 * middle + (_DISCS - 1) * _DISC_PITCH, 2 * middle, discs)


def hatch_paths(x: float, y: float, width: float, height: float, colour: str) -> tuple[Path, ...]:
    """Return lines at 45 degrees, 2 wide and 5.5 apart, cut off at the sides of a rectangle."""
    pitch, thickness = 5.5 * math.sqrt(2), 2.0
    lines = []
    offset = pitch / 2
    while offset < width + height:
        start = (x + max(0.0, offset - height), y + min(offset, height))
        end = (x + min(offset, width), y + max(0.0, offset - width))
        lines.append(straight_line(start, end, colour, thickness))
        offset += pitch
    return tuple(lines)
