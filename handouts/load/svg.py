"""A drawn picture (SVG) to shapes: a small part of the format, and a finding for everything outside it.

Nothing is fetched, no entity is replaced, nothing runs, and nothing that
the file draws is left out in silence: what we cannot draw is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

from msgspec import Struct
from PIL import ImageColor

from handouts.document import Outline, Outlines
from handouts.finding import Finding, Span, error
from handouts.load.coordinates import (
    IDENTITY,
    NUMBER,
    Matrix,
    Reader,
    bounds_of,
    combined,
    commands_of,
    length,
    matrix_of,
    moved,
    numbers,
    scale_of,
)

NAMESPACE = "{http://www.w3.org/2000/svg}"
SILENT = ("title", "desc", "metadata", "defs")
SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
PAINT = ("fill", "stroke", "stroke-width", "opacity", "fill-rule", "stroke-linecap", "stroke-linejoin")
PLAIN = ("id", "class", "version", "width", "height", "viewBox", "transform", "style", "preserveAspectRatio")
GEOMETRY = ("d", "x", "y", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "points")
KNOWN = frozenset((*PAINT, *PLAIN, *GEOMETRY))
PIECES = re.compile(rf"{NUMBER}|[A-Za-z]")
ACCESSIBLE = re.compile(r"role|aria-[a-z]+|\{http://www\.w3\.org/XML/1998/namespace\}(space|lang)")
LARGEST, MOST_ELEMENTS, MOST_ATTRIBUTES, MOST_PIECES, DEEPEST = 2_000_000, 5_000, 50_000, 200_000, 40
SHORTEST_SIDE, LONGEST_SIDE = 0.01, 20_000.0
FARTHEST = 1e9
OVERHANG = 0.02  # of the longest side: how far a shape may reach out of the picture
NOTHING, USUAL = ("none", "transparent"), "black"


class Paint(Struct, frozen=True):
    """How shapes are painted where they do not say otherwise, and where their coordinates lead."""

    fill: str
    stroke: str = ""
    width: float = 1.0
    matrix: Matrix = IDENTITY


class Box(Struct, frozen=True):
    """What a picture shows, in its own coordinates."""

    left: float
    top: float
    width: float
    height: float


def read_svg(content: bytes, at: Span, findings: list[Finding]) -> Outlines | None:
    """Return a drawn picture, or None after findings."""
    reader = Reader(at)
    picture = picture_in(content, reader)
    findings.extend(reader.findings)
    return None if reader.findings else picture


def picture_in(content: bytes, reader: Reader) -> Outlines | None:
    """Return a drawn picture, or what can be read of it and findings."""
    root = parsed(content, reader)
    if root is None or is_too_much(root, reader):
        return None
    box = box_of(root, reader)
    if box is None:
        return None
    paint = Paint(colour(USUAL, reader), matrix=(1, 0, 0, 1, -box.left, -box.top))
    shapes = tuple(shapes_in(root, paint, reader, box))
    if not shapes and not reader.findings:
        reader.add(
            error(
                "picture-svg", "This SVG draws nothing that can be seen.", reader.at, "see whether it is the right file"
            )
        )
    return Outlines(box.width, box.height, shapes)


def parsed(content: bytes, reader: Reader) -> Any:
    """Return the root of the file, or None after a finding; no entity, network or file is touched."""
    from lxml import etree

    if len(content) > LARGEST:
        reader.add(error("picture-too-large", "This SVG is larger than 2 MB.", reader.at, "simplify it"))
        return None
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        reader.wrong("a DOCTYPE")
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        message = "This SVG is broken."
        reader.add(error("picture-broken", message, reader.at, "save it anew from where it is from"))
        return None
    if root.getroottree().docinfo.internalDTD is not None:  # in another encoding than those that were looked at
        reader.wrong("a DOCTYPE")
        return None
    if root.tag != f"{NAMESPACE}svg":
        reader.add(error("picture-kind", "This is no SVG.", reader.at, "save it as PNG, JPEG or SVG"))
        return None
    return root


def is_too_much(root: Any, reader: Reader) -> bool:
    """True after a finding if a file holds more than can be drawn in a time that anybody waits."""
    elements = list(root.iter())
    shapes = [element.get(key, "") for element in elements for key in ("d", "points", "transform")]
    for what, count, most in (
        ("elements", len(elements), MOST_ELEMENTS),
        ("attributes", sum(len(element.attrib) for element in elements), MOST_ATTRIBUTES),
        ("numbers and commands in its shapes", sum(len(PIECES.findall(text)) for text in shapes), MOST_PIECES),
        ("levels of elements inside elements", depth_of(root), DEEPEST),
    ):
        if count > most:
            hint = "simplify it in the program that it was drawn with, or save it as PNG"
            reader.add(error("picture-svg", f"This SVG has {count} {what}; {most} are the most.", reader.at, hint))
            return True
    return False


def depth_of(element: Any) -> int:
    """Return how deep elements stand inside an element."""
    return 1 + max(map(depth_of, element), default=0)


def box_of(root: Any, reader: Reader) -> Box | None:
    """Return what a file shows, or None after a finding."""
    trial = Reader(reader.at)
    if "viewBox" in root.attrib:
        found = numbers(root.get("viewBox"), "a viewBox", trial)
    else:
        found = [0.0, 0.0, *(length(root.get(key, "0"), key, trial) for key in ("width", "height"))]
    if not trial.findings and len(found) == 4 and all(SHORTEST_SIDE <= side <= LONGEST_SIDE for side in found[2:]):
        return Box(*found)
    message = f"This SVG does not say how large it is, or its sides are not {SHORTEST_SIDE:g} to {LONGEST_SIDE:g} long."
    reader.add(error("picture-svg", message, reader.at, 'write viewBox="0 0 width height"'))
    return None


def shapes_in(element: Any, paint: Paint, reader: Reader, box: Box, depth: int = 0) -> Iterator[Outline]:
    """Yield the shapes of an element and all inside it that can be seen."""
    if not isinstance(element.tag, str):
        return
    name = element.tag.removeprefix(NAMESPACE)
    if name in SILENT:
        report_hidden(element, reader)
        return
    if name not in ("svg", "g", *SHAPES) or (name == "svg" and depth):
        reader.wrong(f"'{name}'")
        return
    report_attributes(element, reader)
    own = painted(element, paint, reader)
    if name in SHAPES:
        commands = moved(commands_of(name, element, reader), own.matrix)
        shape = Outline(commands, own.fill, own.stroke, own.width * scale_of(own.matrix) if own.stroke else 0.0)
        if commands and (shape.fill or shape.stroke) and is_inside(shape, element, box, reader):
            yield shape
        return
    for child in element:
        yield from shapes_in(child, own, reader, box, depth + 1)


def is_inside(shape: Outline, element: Any, box: Box, reader: Reader) -> bool:
    """True if a shape lies within the picture; one that reaches out of it is a finding, one outside is never seen."""
    what = f"a {element.tag.removeprefix(NAMESPACE)} in line {element.sourceline}"
    if not all(abs(each) <= FARTHEST for each in (shape.width, *chain(*(points for _, points in shape.commands)))):
        reader.wrong(f"{what} without bounds")
        return False
    half = shape.width / 2
    left, top, right, bottom = bounds_of(shape.commands)
    left, top, right, bottom = left - half, top - half, right + half, bottom + half
    if right < 0 or bottom < 0 or left > box.width or top > box.height:
        return False
    if max(-left, -top, right - box.width, bottom - box.height) <= OVERHANG * max(box.width, box.height):
        return True
    corners = f"from {left + box.left:g}, {top + box.top:g} to {right + box.left:g}, {bottom + box.top:g}"
    edges = f"{box.left:g} {box.top:g} {box.width:g} {box.height:g}"
    message = f"This SVG has {what} that reaches {corners}, out of its viewBox {edges}."
    reader.add(error("picture-svg", message, reader.at, "move it inside, or make the viewBox larger"))
    return False


def report_hidden(element: Any, reader: Reader) -> None:
    """Report what definitions hold: nothing of them is drawn, so whatever used them would be missing."""
    if element.tag == f"{NAMESPACE}defs":
        for child in element:
            if isinstance(child.tag, str):
                reader.wrong(f"'{child.tag.removeprefix(NAMESPACE)}'")


def report_attributes(element: Any, reader: Reader) -> None:
    """Report attributes that would change what is drawn, or run something."""
    for name, value in element.attrib.items():
        if name in KNOWN or ACCESSIBLE.fullmatch(name):
            continue
        if name.startswith("{") and "svg" not in name and "xlink" not in name:
            continue  # what a drawing program notes for itself
        if name in ("font-family", "font-size") and value:
            continue
        reader.wrong(f"'{name.rsplit('}', 1)[-1]}'")


def painted(element: Any, paint: Paint, reader: Reader) -> Paint:
    """Return how an element is painted."""
    said: dict[str, str] = {key: element.get(key) for key in PAINT if element.get(key) is not None}
    for entry in element.get("style", "").split(";"):
        key, _, value = entry.partition(":")
        if key.strip() in PAINT:
            said[key.strip()] = value.strip()
        elif key.strip() and key.strip() not in ("font-family", "font-size"):
            reader.wrong(f"'{key.strip()}' in a style")
    if said.get("opacity", "1") not in ("1", "1.0"):
        reader.wrong("'opacity'")
    if said.get("fill-rule", "nonzero") != "nonzero":
        reader.wrong("'fill-rule'")
    width = length(said["stroke-width"], "stroke-width", reader) if "stroke-width" in said else paint.width
    return Paint(
        fill=colour(said["fill"], reader) if "fill" in said else paint.fill,
        stroke=colour(said["stroke"], reader) if "stroke" in said else paint.stroke,
        width=width,
        matrix=combined(paint.matrix, matrix_of(element.get("transform", ""), reader)),
    )


def colour(text: str, reader: Reader) -> str:
    """Return a colour as its six digits after a #, "" for none or after a finding."""
    if text.strip() in NOTHING:
        return ""
    channels: tuple[int, ...] = ()
    with suppress(ValueError, ArithmeticError):
        channels = ImageColor.getrgb(text.strip())
    if channels and all(0 <= each <= 255 for each in channels) and channels[3:] in ((), (255,)):
        return "#{:02X}{:02X}{:02X}".format(*channels[:3])
    reader.wrong(f"the colour '{text[:30]}'")
    return ""
