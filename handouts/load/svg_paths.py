"""Parse the path data of SVG (`d="…"`) into lines and cubic curves, and compute what they cover.

Takes the grammar of SVG 1.1, section 8.3, with all its commands; arcs and quadratic curves become cubic ones
(appendix F.6). Raises ValueError for text that is no path. Never draws.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TypeAlias

PathCommands: TypeAlias = tuple[tuple[str, tuple[float, ...]], ...]

NUMBER_PATTERN = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_TOKEN = re.compile(rf"[\s,]*(?:(?P<command>[A-Za-z])|(?P<number>{NUMBER_PATTERN}))")
_FLAG = re.compile(r"[\s,]*(?P<flag>[01])")
_END = re.compile(r"[\s,]*$")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_QUARTER_TURN = math.pi / 2 + 0.001  # a little more, so that a rounded quarter of a circle is one curve


def parse_path(text: str) -> PathCommands:
    """Return a path as M, L, C and Z with absolute coordinates; ValueError if it is none."""
    drawn: list[tuple[str, tuple[float, ...]]] = []
    here = start = handle = 0j
    before = ""
    for name, values in _read_calls(text):
        command, relative = name.upper(), name.islower()
        if not drawn and command != "M":
            raise ValueError("a path begins with M")
        origin = here if relative else 0j
        if command in "HV":
            along = values[0] + ((here.real if command == "H" else here.imag) if relative else 0.0)
            end = complex(along, here.imag) if command == "H" else complex(here.real, along)
            points = [end]
        else:
            numbers = values[5:] if command == "A" else values
            points = [origin + complex(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
        mirrored = 2 * here - handle
        if before == "Z" and command not in "MZ":
            drawn.append(("M", _flat(here)))
        if command == "Z":
            if here != start:
                drawn.append(("L", _flat(start)))
            drawn.append(("Z", ()))
            here = start
        elif command == "M":
            start = here = points[0]
            drawn.append(("M", _flat(here)))
        elif command in "LHV":
            here = points[0]
            drawn.append(("L", _flat(here)))
        elif command in "CS":
            first = points[0] if command == "C" else mirrored if before in "CS" else here
            handle, end = points[-2:]
            drawn.append(("C", _flat(first, handle, end)))
            here = end
        elif command in "QT":
            handle = points[0] if command == "Q" else mirrored if before in "QT" else here
            end = points[-1]
            drawn.append(("C", _flat(here + 2 / 3 * (handle - here), end + 2 / 3 * (handle - end), end)))
            here = end
        else:
            drawn.extend(_arc_curves(here, values, points[-1]))
            here = points[-1]
        before = command
    return tuple(drawn)


def _read_calls(text: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield each command with its numbers; one that is repeated without its letter is there again."""
    position, command = 0, ""
    while not _END.match(text, position):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError(f"not a path at {position}")
        if found["command"]:
            command, position = found["command"], found.end()
            if command.upper() not in _ARGUMENTS:
                raise ValueError(f"no command {command}")
        elif command in ("", "Z", "z"):
            raise ValueError(f"a number without a command at {position}")
        values = []
        for index in range(_ARGUMENTS[command.upper()]):
            flag = command in "Aa" and index in (3, 4)  # one digit, which need not be parted from what follows
            found = (_FLAG if flag else _TOKEN).match(text, position)
            value = found["flag" if flag else "number"] if found else None
            if found is None or value is None:
                raise ValueError(f"a number is missing at {position}")
            values.append(float(value))
            position = found.end()
        yield command, tuple(values)
        command = {"M": "L", "m": "l"}.get(command, command)


def _flat(*points: complex) -> tuple[float, ...]:
    """Return points as x and y, one after the other."""
    return tuple(value for point in points for value in (point.real, point.imag))


def _arc_curves(here: complex, values: tuple[float, ...], end: complex) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield the cubic curves of an elliptical arc from `here` to `end` (SVG 1.1, F.6.5 and F.6.6)."""
    rx, ry, angle, large, sweep = abs(values[0]), abs(values[1]), math.radians(values[2]), values[3], values[4]
    if here == end:
        return
    if not (rx and ry):
        yield "L", _flat(end)
        return
    turn = complex(math.cos(angle), math.sin(angle))
    half = (here - end) / 2 / turn
    grown = math.sqrt(max(1.0, (half.real / rx) ** 2 + (half.imag / ry) ** 2))
    rx, ry = rx * grown, ry * grown
    one, two = (_on_circle((point / turn), rx, ry) for point in (here, end))
    apart = abs(two - one)
    height = math.sqrt(max(0.0, 1 / apart**2 - 0.25))
    side = -1 if large == sweep else 1
    centre = (one + two) / 2 + side * height * complex(one.imag - two.imag, two.real - one.real)
    first = math.atan2((one - centre).imag, (one - centre).real)
    swept = math.atan2((two - centre).imag, (two - centre).real) - first
    if sweep and swept < 0:
        swept += 2 * math.pi
    elif not sweep and swept > 0:
        swept -= 2 * math.pi
    pieces = max(1, math.ceil(abs(swept / _QUARTER_TURN)))
    reach = 4 / 3 * math.tan(swept / pieces / 4)
    for index in range(pieces):
        begin, stop = (complex(math.cos(at), math.sin(at)) for at in _ends(first, swept, pieces, index))
        curve = (centre + begin * (1 + 1j * reach), centre + stop * (1 - 1j * reach), centre + stop)
        placed = [complex(point.real * rx, point.imag * ry) * turn for point in curve]
        placed[-1] = end if index == pieces - 1 else placed[-1]
        yield "C", _flat(*placed)


def _on_circle(point: complex, rx: float, ry: float) -> complex:
    """Return a point of an upright ellipse as a point of the circle of radius 1."""
    return complex(point.real / rx, point.imag / ry)


def _ends(first: float, swept: float, pieces: int, index: int) -> tuple[float, float]:
    """Return the angles between which a piece of an arc lies."""
    return first + index * swept / pieces, first + (index + 1) * swept / pieces


def path_bounds(commands: PathCommands) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what M, L, C and Z commands cover."""
    xs: list[float] = []
    ys: list[float] = []
    for verb, points in commands:
        for values, coordinates in ((xs, points[::2]), (ys, points[1::2])):
            if verb == "C":
                values.extend(_cubic_extremes(values[-1], *coordinates))
            values.extend(coordinates[-1:])
    return min(xs), min(ys), max(xs), max(ys)


def _cubic_extremes(a: float, b: float, c: float, d: float) -> Iterator[float]:
    """Yield where a cubic curve turns back in one dimension: the values at the roots of its derivative in (0, 1)."""
    square, linear, constant = d - 3 * c + 3 * b - a, 2 * (c - 2 * b + a), b - a
    root = linear * linear - 4 * square * constant
    if abs(square) < 1e-12:
        times = [-constant / linear] if linear else []
    else:
        times = [(-linear + sign * math.sqrt(root)) / (2 * square) for sign in (-1, 1)] if root >= 0 else []
    for t in times:
        if 0 < t < 1:
            yield a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t * t * (1 - t) + d * t**3
