"""Shapes and transforms of a drawn picture, to commands with absolute coordinates: M, L, C and Z.

The only user of fontTools. What cannot be read is a finding, never left out.
"""

from __future__ import annotations

import math
import re
from typing import Any, TypeAlias

from msgspec import Struct, field

from handouts.finding import Finding, Span, error

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Commands: TypeAlias = tuple[tuple[str, tuple[float, ...]], ...]

NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
LENGTH = re.compile(rf"({NUMBER})(px|pt)?")
SEPARATORS = re.compile(r"[\s,]*")
CALL = re.compile(r"(matrix|translate|scale|rotate)\s*\(([^()]*)\)")
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
HANDLE = 0.5522847498307936
LARGEST_NUMBER, MOST_WRONG = 1_000_000.0, 20


class Reader(Struct):
    """Where a picture is named, and what was found out about it."""

    at: Span
    findings: list[Finding] = field(default_factory=list)

    def wrong(self, what: str) -> None:
        """Gather a finding for what a drawn picture has and we cannot draw, each once, and not more than are read."""
        hint = "save it as plain SVG with shapes only, or as PNG"
        self.add(error("picture-svg", f"This SVG has {what}, which is not drawn here.", self.at, hint))

    def add(self, found: Finding) -> None:
        """Gather a finding once."""
        if len(self.findings) < MOST_WRONG and found not in self.findings:
            self.findings.append(found)


def number(text: str, reader: Reader) -> float:
    """Return a number as floating point, 0 after a finding if it is larger than any drawing needs."""
    value = float(text)
    if abs(value) <= LARGEST_NUMBER:
        return value
    reader.wrong(f"the number '{text[:30]}'")
    return 0.0


def numbers(text: str, what: str, reader: Reader) -> list[float]:
    """Return a list of numbers, empty after a finding if something else stands between them."""
    if not SEPARATORS.fullmatch(re.sub(NUMBER, "", text)):
        reader.wrong(f"{what} that cannot be read")
        return []
    return [number(each, reader) for each in re.findall(NUMBER, text)]


def length(text: str, what: str, reader: Reader, least: float = 0.0) -> float:
    """Return a length in units of the picture, 0 after a finding if it is none or less than `least`."""
    found = LENGTH.fullmatch(text.strip())
    value = number(found[1], reader) * (4 / 3 if found[2] == "pt" else 1.0) if found else math.nan
    if value >= least:
        return value
    reader.wrong(f"the {what} '{text[:30]}'")
    return 0.0


def matrix_of(text: str, reader: Reader) -> Matrix:
    """Return what a transform says."""
    result = IDENTITY
    rest = CALL.sub("", text).replace(",", "").strip()
    if rest:
        reader.wrong(f"the transform '{rest[:30]}'")
    for name, inside in CALL.findall(text):
        made = one_matrix(name, numbers(inside, f"a transform '{name}'", reader))
        if made is None:
            reader.wrong(f"the transform '{name}'")
        else:
            result = combined(result, made)
    return result


def one_matrix(name: str, values: list[float]) -> Matrix | None:
    """Return what one call of a transform says, or None if it is not whole."""
    match name, values:
        case "matrix", [a, b, c, d, e, f]:
            return a, b, c, d, e, f
        case "translate", [x, *more] if len(more) <= 1:
            return 1, 0, 0, 1, x, more[0] if more else 0.0
        case "scale", [x, *more] if len(more) <= 1:
            return x, 0, 0, more[0] if more else x, 0, 0
        case "rotate", [angle, *around] if len(around) in (0, 2):
            cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            x, y = around or (0.0, 0.0)
            return cos, sin, -sin, cos, x - x * cos + y * sin, y - x * sin - y * cos
    return None


def combined(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the matrix that does `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def scale_of(matrix: Matrix) -> float:
    """Return by how much a matrix makes lines wider."""
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


def moved(commands: Commands, matrix: Matrix) -> Commands:
    """Return `commands` with all points where `matrix` takes them."""
    a, b, c, d, e, f = matrix
    return tuple(
        (verb, tuple(z for x, y in zip(p[::2], p[1::2], strict=True) for z in (a * x + c * y + e, b * x + d * y + f)))
        for verb, p in commands
    )


def bounds_of(commands: Commands) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what `commands` draw."""
    from fontTools.misc.bezierTools import calcCubicBounds

    boxes: list[tuple[float, ...]] = []
    here = (0.0, 0.0)
    for verb, p in commands:
        match verb, p:
            case "C", (a, b, c, d, x, y):
                boxes.append(calcCubicBounds(here, (a, b), (c, d), (x, y)))
                here = (x, y)
            case _, (x, y):
                boxes.append((x, y, x, y))
                here = (x, y)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


# ---------------------------------------------------------------- shapes


def commands_of(name: str, element: Any, reader: Reader) -> Commands:
    """Return a shape as commands."""

    def get(key: str, least: float = 0.0) -> float:
        return length(element.get(key, "0"), key, reader, least)

    def at(key: str) -> float:
        return get(key, -LARGEST_NUMBER)

    match name:
        case "path":
            return path_commands(element.get("d", ""), reader)
        case "rect":
            rx, ry = (get(key) if key in element.attrib else None for key in ("rx", "ry"))
            return rect_commands((at("x"), at("y"), get("width"), get("height")), rx, ry)
        case "circle":
            return oval(at("cx"), at("cy"), get("r"), get("r"))
        case "ellipse":
            return oval(at("cx"), at("cy"), get("rx"), get("ry"))
        case "line":
            return ("M", (at("x1"), at("y1"))), ("L", (at("x2"), at("y2")))
    points = numbers(element.get("points", ""), "points", reader)
    pairs = list(zip(points[::2], points[1::2], strict=False))
    lines: Commands = tuple(("L" if index else "M", pair) for index, pair in enumerate(pairs))
    return (*lines, ("Z", ())) if name == "polygon" and lines else lines


def rect_commands(box: tuple[float, float, float, float], rx: float | None, ry: float | None) -> Commands:
    """Return a rectangle, perhaps with round corners; of two radiuses, one may be given for both."""
    x, y, width, height = box
    rx, ry = rx if rx is not None else ry or 0.0, ry if ry is not None else rx or 0.0
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    right, bottom, kx, ky = x + width, y + height, rx * (1 - HANDLE), ry * (1 - HANDLE)
    if not (rx and ry):
        return ("M", (x, y)), ("L", (right, y)), ("L", (right, bottom)), ("L", (x, bottom)), ("Z", ())
    return (
        ("M", (x + rx, y)),
        ("L", (right - rx, y)),
        ("C", (right - kx, y, right, y + ky, right, y + ry)),
        ("L", (right, bottom - ry)),
        ("C", (right, bottom - ky, right - kx, bottom, right - rx, bottom)),
        ("L", (x + rx, bottom)),
        ("C", (x + kx, bottom, x, bottom - ky, x, bottom - ry)),
        ("L", (x, y + ry)),
        ("C", (x, y + ky, x + kx, y, x + rx, y)),
        ("Z", ()),
    )


def oval(x: float, y: float, rx: float, ry: float) -> Commands:
    """Return an ellipse."""
    kx, ky = rx * HANDLE, ry * HANDLE
    return (
        ("M", (x + rx, y)),
        ("C", (x + rx, y + ky, x + kx, y + ry, x, y + ry)),
        ("C", (x - kx, y + ry, x - rx, y + ky, x - rx, y)),
        ("C", (x - rx, y - ky, x - kx, y - ry, x, y - ry)),
        ("C", (x + kx, y - ry, x + rx, y - ky, x + rx, y)),
        ("Z", ()),
    )


def path_commands(text: str, reader: Reader) -> Commands:
    """Return a path with its arcs and its quadratic curves as cubic ones."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.svgLib.path import parse_path

    pen = DecomposingRecordingPen({})
    try:
        parse_path(text, pen)
    except (ValueError, IndexError, TypeError, AssertionError, ArithmeticError):
        reader.wrong("a path that cannot be read")
        return ()
    commands: list[tuple[str, tuple[float, ...]]] = []
    here = (0.0, 0.0)
    for verb, points in pen.value:
        match verb, points:
            case "moveTo", (point,):
                commands.append(("M", point))
            case "lineTo", (point,):
                commands.append(("L", point))
            case "curveTo", (one, two, point):
                commands.append(("C", (*one, *two, *point)))
            case "qCurveTo", (one, point):
                commands.append(("C", (*third(here, one), *third(point, one), *point)))
            case "closePath", ():
                commands.append(("Z", ()))
                continue
            case "endPath", ():
                continue
        here = points[-1]
    return tuple(commands)


def third(end: tuple[float, float], control: tuple[float, float]) -> tuple[float, float]:
    """Return the handle of a cubic curve near `end` that does what `control` does in a quadratic one."""
    return end[0] + 2 / 3 * (control[0] - end[0]), end[1] + 2 / 3 * (control[1] - end[1])
