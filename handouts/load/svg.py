"""Read SVG pictures into outlines: filled and stroked paths of lines and cubic curves in absolute coordinates.

Supports shapes, groups, transforms and plain colours. Anything else that would be drawn is an error, never silently
left out. Must never fetch anything, expand an entity or run code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, TypeAlias

from msgspec import Struct, field
from PIL import ImageColor

from handouts.document.nodes import Outline, Outlines
from handouts.figures.shapes import CIRCLE_HANDLE, rounded_rectangle
from handouts.finding import Finding, Location, error

_Matrix: TypeAlias = tuple[float, float, float, float, float, float]

_NUMBER_PATTERN = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_LENGTH_PATTERN = re.compile(rf"({_NUMBER_PATTERN})(px|pt)?")
_SEPARATORS = re.compile(r"[\s,]*")
_TRANSFORM_CALL = re.compile(r"(matrix|translate|scale|rotate)\s*\(([^()]*)\)")
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)
_MAX_NUMBER, MAX_SVG_FINDINGS = 1_000_000.0, 20


class _SvgReport(Struct):
    """Where a picture is named, and the errors found in it."""

    at: Location
    findings: list[Finding] = field(default_factory=list)

    def wrong(self, what: str) -> None:
        """Add the error for something in a picture that cannot be drawn here."""
        hint = "save it as plain SVG with shapes only, or as PNG"
        self.add(error("picture-svg", f"This SVG has {what}, which is not drawn here.", self.at, hint))

    def add(self, found: Finding) -> None:
        """Add an error, unless it is a duplicate or there are already MAX_SVG_FINDINGS."""
        if len(self.findings) < MAX_SVG_FINDINGS and found not in self.findings:
            self.findings.append(found)


def _read_svg_number(text: str, report: _SvgReport) -> float:
    """Return a number as a float; 0 after an error if it is larger than any drawing needs."""
    value = float(text)
    if abs(value) <= _MAX_NUMBER:
        return value
    report.wrong(f"the number '{text[:30]}'")
    return 0.0


def _read_svg_numbers(text: str, what: str, report: _SvgReport) -> list[float]:
    """Return a list of numbers, empty after an error if anything else is between them."""
    if not _SEPARATORS.fullmatch(re.sub(_NUMBER_PATTERN, "", text)):
        report.wrong(f"{what} that cannot be read")
        return []
    return [_read_svg_number(each, report) for each in re.findall(_NUMBER_PATTERN, text)]


def _read_svg_length(text: str, what: str, report: _SvgReport, least: float = 0.0) -> float:
    """Return a length in units of the picture; 0 after an error if it is not a length, or less than `least`."""
    found = _LENGTH_PATTERN.fullmatch(text.strip())
    value = _read_svg_number(found[1], report) * (4 / 3 if found[2] == "pt" else 1.0) if found else math.nan
    if value >= least:
        return value
    report.wrong(f"the {what} '{text[:30]}'")
    return 0.0


def _read_transform(text: str, report: _SvgReport) -> _Matrix:
    """Return the matrix of a transform attribute."""
    result = _IDENTITY
    rest = _TRANSFORM_CALL.sub("", text).replace(",", "").strip()
    if rest:
        report.wrong(f"the transform '{rest[:30]}'")
    for name, inside in _TRANSFORM_CALL.findall(text):
        made = _transform_matrix(name, _read_svg_numbers(inside, f"a transform '{name}'", report))
        if made is None:
            report.wrong(f"the transform '{name}'")
        else:
            result = _multiply_matrices(result, made)
    return result


def _transform_matrix(name: str, values: list[float]) -> _Matrix | None:
    """Return the matrix of one transform function, or None if its arguments are wrong."""
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


def _multiply_matrices(outer: _Matrix, inner: _Matrix) -> _Matrix:
    """Return the matrix that does `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def _matrix_scale(matrix: _Matrix) -> float:
    """Return the factor by which a matrix widens lines."""
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


def _transform_commands(commands: _PathCommands, matrix: _Matrix) -> _PathCommands:
    """Return `commands` with all points transformed by `matrix`."""
    a, b, c, d, e, f = matrix
    return tuple(
        (verb, tuple(z for x, y in zip(p[::2], p[1::2], strict=True) for z in (a * x + c * y + e, b * x + d * y + f)))
        for verb, p in commands
    )


def _shape_commands(name: str, element: Any, report: _SvgReport) -> _PathCommands:
    """Return a shape element as path commands."""

    def get(key: str, least: float = 0.0) -> float:
        return _read_svg_length(element.get(key, "0"), key, report, least)

    def at(key: str) -> float:
        return get(key, -_MAX_NUMBER)

    match name:
        case "path":
            return _path_commands(element.get("d", ""), report)
        case "rect":
            width, height = get("width"), get("height")
            rx, ry = (get(key if key in element.attrib else other) for key, other in (("rx", "ry"), ("ry", "rx")))
            return rounded_rectangle(at("x"), at("y"), width, height, min(rx, width / 2), min(ry, height / 2))
        case "circle":
            return _ellipse_commands(at("cx"), at("cy"), get("r"), get("r"))
        case "ellipse":
            return _ellipse_commands(at("cx"), at("cy"), get("rx"), get("ry"))
        case "line":
            return ("M", (at("x1"), at("y1"))), ("L", (at("x2"), at("y2")))
    points = _read_svg_numbers(element.get("points", ""), "points", report)
    pairs = list(zip(points[::2], points[1::2], strict=False))
    lines: _PathCommands = tuple(("L" if index else "M", pair) for index, pair in enumerate(pairs))
    return (*lines, ("Z", ())) if name == "polygon" and lines else lines


def _ellipse_commands(x: float, y: float, rx: float, ry: float) -> _PathCommands:
    """Return an ellipse as path commands."""
    kx, ky = rx * CIRCLE_HANDLE, ry * CIRCLE_HANDLE
    return (
        ("M", (x + rx, y)),
        ("C", (x + rx, y + ky, x + kx, y + ry, x, y + ry)),
        ("C", (x - kx, y + ry, x - rx, y + ky, x - rx, y)),
        ("C", (x - rx, y - ky, x - kx, y - ry, x, y - ry)),
        ("C", (x + kx, y - ry, x + rx, y - ky, x + rx, y)),
        ("Z", ()),
    )


def _path_commands(text: str, report: _SvgReport) -> _PathCommands:
    """Return a path with arcs and quadratic curves as cubic ones; empty after an error if it cannot be read."""
    try:
        return parse_path(text)
    except (ValueError, ArithmeticError):
        report.wrong("a path that cannot be read")
        return ()


_SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
_UNDRAWN_ELEMENTS = ("title", "desc", "metadata", "defs")
_SHAPE_ELEMENTS = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
_PAINT_ATTRIBUTES = ("fill", "stroke", "stroke-width", "opacity", "fill-rule", "stroke-linecap", "stroke-linejoin")
_GENERAL_ATTRIBUTES = (
    *("id", "class", "version", "width", "height", "viewBox", "transform", "style", "preserveAspectRatio"),
)
_GEOMETRY_ATTRIBUTES = ("d", "x", "y", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "points")
_KNOWN_ATTRIBUTES = frozenset((*_PAINT_ATTRIBUTES, *_GENERAL_ATTRIBUTES, *_GEOMETRY_ATTRIBUTES))
_PATH_TOKEN = re.compile(rf"{_NUMBER_PATTERN}|[A-Za-z]")
_ARIA_ATTRIBUTE = re.compile(r"role|aria-[a-z]+|\{http://www\.w3\.org/XML/1998/namespace\}(space|lang)")
_MAX_SVG_BYTES, _MAX_ELEMENTS, _MAX_ATTRIBUTES, MAX_PATH_TOKENS, _MAX_SVG_DEPTH = 2_000_000, 5_000, 50_000, 200_000, 40
_MIN_VIEW_BOX_SIDE, _MAX_VIEW_BOX_SIDE = 0.01, 20_000.0
_MAX_COORDINATE = 1e9
_MAX_OVERHANG = 0.02  # the share of the longest side by which a shape may reach out of the picture
_NO_PAINT, _DEFAULT_FILL = ("none", "transparent"), "black"


class _SvgPaint(Struct, frozen=True):
    """How shapes are painted by default, and the transform of their coordinates."""

    fill: str
    stroke: str = ""
    width: float = 1.0
    matrix: _Matrix = _IDENTITY


class _ViewBox(Struct, frozen=True):
    """The visible area of a picture, in its own coordinates."""

    left: float
    top: float
    width: float
    height: float


def read_svg(content: bytes, at: Location, findings: list[Finding]) -> Outlines | None:
    """Return an SVG as outlines, or None after errors."""
    report = _SvgReport(at)
    picture = _read_outlines(content, report)
    findings.extend(report.findings)
    return None if report.findings else picture


def _read_outlines(content: bytes, report: _SvgReport) -> Outlines | None:
    """Return an SVG as outlines, as far as it can be read, or None."""
    root = _parse_svg(content, report)
    if root is None or _is_svg_too_large(root, report):
        return None
    box = _read_view_box(root, report)
    if box is None:
        return None
    paint = _SvgPaint(_read_svg_colour(_DEFAULT_FILL, report), matrix=(1, 0, 0, 1, -box.left, -box.top))
    shapes = tuple(_read_shapes(root, paint, report, box))
    if not shapes and not report.findings:
        message = "This SVG draws nothing that can be seen."
        report.add(error("picture-svg", message, report.at, "see whether it is the right file"))
    return Outlines(box.width, box.height, shapes)


def _parse_svg(content: bytes, report: _SvgReport) -> Any:
    """Return the root of the file, or None after an error; no entity, network or other file is touched."""
    from lxml import etree

    if len(content) > _MAX_SVG_BYTES:
        report.add(error("picture-too-large", "This SVG is larger than 2 MB.", report.at, "simplify it"))
        return None
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        report.wrong("a DOCTYPE")
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        message = "This SVG is broken."
        report.add(error("picture-broken", message, report.at, "save it again from where it is from"))
        return None
    if root.getroottree().docinfo.internalDTD is not None:  # in another encoding than was searched above
        report.wrong("a DOCTYPE")
        return None
    if root.tag != f"{_SVG_NAMESPACE}svg":
        report.add(error("picture-kind", "This is not an SVG.", report.at, "save it as PNG, JPEG or SVG"))
        return None
    return root


def _is_svg_too_large(root: Any, report: _SvgReport) -> bool:
    """Return whether a file has more content than can be drawn quickly, after an error."""
    elements = list(root.iter())
    shapes = [element.get(key, "") for element in elements for key in ("d", "points", "transform")]
    for what, count, most in (
        ("elements", len(elements), _MAX_ELEMENTS),
        ("attributes", sum(len(element.attrib) for element in elements), _MAX_ATTRIBUTES),
        ("numbers and commands in its shapes", sum(len(_PATH_TOKEN.findall(text)) for text in shapes), MAX_PATH_TOKENS),
        ("levels of elements inside elements", _element_depth(root), _MAX_SVG_DEPTH),
    ):
        if count > most:
            hint = "simplify it in the program that it was drawn with, or save it as PNG"
            report.add(error("picture-svg", f"This SVG has {count} {what}; {most} are the most.", report.at, hint))
            return True
    return False


def _element_depth(element: Any) -> int:
    """Return the depth of the nesting inside an element, itself included."""
    return 1 + max(map(_element_depth, element), default=0)


def _read_view_box(root: Any, report: _SvgReport) -> _ViewBox | None:
    """Return the visible area of a picture, or None after an error."""
    trial = _SvgReport(report.at)
    if "viewBox" in root.attrib:
        found = _read_svg_numbers(root.get("viewBox"), "a viewBox", trial)
    else:
        found = [0.0, 0.0, *(_read_svg_length(root.get(key, "0"), key, trial) for key in ("width", "height"))]
    if (
        not trial.findings
        and len(found) == 4
        and all(_MIN_VIEW_BOX_SIDE <= side <= _MAX_VIEW_BOX_SIDE for side in found[2:])
    ):
        return _ViewBox(*found)
    sides = f"{_MIN_VIEW_BOX_SIDE:g} to {_MAX_VIEW_BOX_SIDE:g}"
    message = f"This SVG does not say how large it is, or its sides are not {sides} long."
    report.add(error("picture-svg", message, report.at, 'write viewBox="0 0 width height"'))
    return None


def _read_shapes(
    element: Any, paint: _SvgPaint, report: _SvgReport, box: _ViewBox, depth: int = 0
) -> Iterator[Outline]:
    """Yield the visible shapes of an element and its children."""
    if not isinstance(element.tag, str):
        return
    name = element.tag.removeprefix(_SVG_NAMESPACE)
    if name in _UNDRAWN_ELEMENTS:
        _report_definitions(element, report)
        return
    if name not in ("svg", "g", *_SHAPE_ELEMENTS) or (name == "svg" and depth):
        report.wrong(f"'{name}'")
        return
    _report_attributes(element, report)
    own = _read_paint(element, paint, report)
    if name in _SHAPE_ELEMENTS:
        commands = _transform_commands(_shape_commands(name, element, report), own.matrix)
        shape = Outline(commands, own.fill, own.stroke, own.width * _matrix_scale(own.matrix) if own.stroke else 0.0)
        if commands and (shape.fill or shape.stroke) and _is_shape_inside(shape, element, box, report):
            yield shape
        return
    for child in element:
        yield from _read_shapes(child, own, report, box, depth + 1)


def _is_shape_inside(shape: Outline, element: Any, box: _ViewBox, report: _SvgReport) -> bool:
    """Return whether a shape is inside the picture; one that reaches out of it is an error, one outside is ignored."""
    what = f"a {element.tag.removeprefix(_SVG_NAMESPACE)} in line {element.sourceline}"
    if not all(
        abs(each) <= _MAX_COORDINATE for each in (shape.width, *chain(*(points for _, points in shape.commands)))
    ):
        report.wrong(f"{what} without bounds")
        return False
    half = shape.width / 2
    left, top, right, bottom = path_bounds(shape.commands)
    left, top, right, bottom = left - half, top - half, right + half, bottom + half
    if right < 0 or bottom < 0 or left > box.width or top > box.height:
        return False
    if max(-left, -top, right - box.width, bottom - box.height) <= _MAX_OVERHANG * max(box.width, box.height):
        return True
    corners = f"from {left + box.left:g}, {top + box.top:g} to {right + box.left:g}, {bottom + box.top:g}"
    edges = f"{box.left:g} {box.top:g} {box.width:g} {box.height:g}"
    message = f"This SVG has {what} that reaches {corners}, out of its viewBox {edges}."
    report.add(error("picture-svg", message, report.at, "move it inside, or make the viewBox larger"))
    return False


def _report_definitions(element: Any, report: _SvgReport) -> None:
    """Report the children of defs: they are not drawn, so anything that uses them would be missing."""
    if element.tag == f"{_SVG_NAMESPACE}defs":
        for child in element:
            if isinstance(child.tag, str):
                report.wrong(f"'{child.tag.removeprefix(_SVG_NAMESPACE)}'")


def _report_attributes(element: Any, report: _SvgReport) -> None:
    """Report attributes that would change the drawing, or run code."""
    for name, value in element.attrib.items():
        if name in _KNOWN_ATTRIBUTES or _ARIA_ATTRIBUTE.fullmatch(name):
            continue
        if name.startswith("{") and "svg" not in name and "xlink" not in name:
            continue  # private data of a drawing program
        if name in ("font-family", "font-size") and value:
            continue
        report.wrong(f"'{name.rsplit('}', 1)[-1]}'")


def _read_paint(element: Any, paint: _SvgPaint, report: _SvgReport) -> _SvgPaint:
    """Return how an element is painted; `paint` is inherited."""
    said: dict[str, str] = {key: element.get(key) for key in _PAINT_ATTRIBUTES if element.get(key) is not None}
    for entry in element.get("style", "").split(";"):
        key, _, value = entry.partition(":")
        if key.strip() in _PAINT_ATTRIBUTES:
            said[key.strip()] = value.strip()
        elif key.strip() and key.strip() not in ("font-family", "font-size"):
            report.wrong(f"'{key.strip()}' in a style")
    if said.get("opacity", "1") not in ("1", "1.0"):
        report.wrong("'opacity'")
    if said.get("fill-rule", "nonzero") != "nonzero":
        report.wrong("'fill-rule'")
    width = _read_svg_length(said["stroke-width"], "stroke-width", report) if "stroke-width" in said else paint.width
    return _SvgPaint(
        fill=_read_svg_colour(said["fill"], report) if "fill" in said else paint.fill,
        stroke=_read_svg_colour(said["stroke"], report) if "stroke" in said else paint.stroke,
        width=width,
        matrix=_multiply_matrices(paint.matrix, _read_transform(element.get("transform", ""), report)),
    )


def _read_svg_colour(text: str, report: _SvgReport) -> str:
    """Return a colour as # and six digits; "" for no paint, or after an error."""
    if text.strip() in _NO_PAINT:
        return ""
    channels: tuple[int, ...] = ()
    with suppress(ValueError, ArithmeticError):
        channels = ImageColor.getrgb(text.strip())
    if channels and all(0 <= each <= 255 for each in channels) and channels[3:] in ((), (255,)):
        return "#{:02X}{:02X}{:02X}".format(*channels[:3])
    report.wrong(f"the colour '{text[:30]}'")
    return ""


# ---------------------------------------------------------------- paths


# The grammar of SVG 1.1, section 8.3, with all its commands; arcs and quadratic curves become cubic (appendix F.6).
_PathCommands: TypeAlias = tuple[tuple[str, tuple[float, ...]], ...]

_TOKEN = re.compile(rf"[\s,]*(?:(?P<command>[A-Za-z])|(?P<number>{_NUMBER_PATTERN}))")
_FLAG = re.compile(r"[\s,]*(?P<flag>[01])")
_END = re.compile(r"[\s,]*$")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_QUARTER_TURN = math.pi / 2 + 0.001  # a little more, so that a quarter circle is one curve despite rounding


def parse_path(text: str) -> _PathCommands:
    """Return a path as M, L, C and Z commands with absolute coordinates. ValueError if it is not a path."""
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
    """Yield each command with its numbers; a command letter may be omitted if it is repeated."""
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
            flag = command in "Aa" and index in (
                3,
                4,
            )  # one digit, which may be followed by the next number without a separator
            found = (_FLAG if flag else _TOKEN).match(text, position)
            value = found["flag" if flag else "number"] if found else None
            if found is None or value is None:
                raise ValueError(f"a number is missing at {position}")
            values.append(float(value))
            position = found.end()
        yield command, tuple(values)
        command = {"M": "L", "m": "l"}.get(command, command)


def _flat(*points: complex) -> tuple[float, ...]:
    """Return the coordinates of points in one tuple: x, y, x, y, …"""
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
    one, two = (complex(point.real / rx, point.imag / ry) for point in (here / turn, end / turn))
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
        angles = (first + each * swept / pieces for each in (index, index + 1))
        begin, stop = (complex(math.cos(angle), math.sin(angle)) for angle in angles)
        curve = (centre + begin * (1 + 1j * reach), centre + stop * (1 - 1j * reach), centre + stop)
        placed = [complex(point.real * rx, point.imag * ry) * turn for point in curve]
        placed[-1] = end if index == pieces - 1 else placed[-1]
        yield "C", _flat(*placed)


def path_bounds(commands: _PathCommands) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the area covered by M, L, C and Z commands."""
    xs: list[float] = []
    ys: list[float] = []
    for verb, points in commands:
        for values, coordinates in ((xs, points[::2]), (ys, points[1::2])):
            if verb == "C":
                values.extend(_cubic_extremes(values[-1], *coordinates))
            values.extend(coordinates[-1:])
    return min(xs), min(ys), max(xs), max(ys)


def _cubic_extremes(a: float, b: float, c: float, d: float) -> Iterator[float]:
    """Yield the extreme values of a cubic curve in one dimension: those at the roots of its derivative in (0, 1)."""
    square, linear, constant = d - 3 * c + 3 * b - a, 2 * (c - 2 * b + a), b - a
    root = linear * linear - 4 * square * constant
    if abs(square) < 1e-12:
        times = [-constant / linear] if linear else []
    else:
        times = [(-linear + sign * math.sqrt(root)) / (2 * square) for sign in (-1, 1)] if root >= 0 else []
    for t in times:
        if 0 < t < 1:
            yield a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t * t * (1 - t) + d * t**3
