"""A drawn picture (SVG) to shapes: a small part of the format, and a finding for everything outside it.

Nothing is fetched, no entity is replaced, nothing runs, and nothing that
the file draws is left out in silence: what we cannot draw is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    combined,
    commands_of,
    length,
    matrix_of,
    moved,
    scale_of,
)

NAMESPACE = "{http://www.w3.org/2000/svg}"
SILENT = ("title", "desc", "metadata", "defs")
SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
PAINT = ("fill", "stroke", "stroke-width", "opacity", "fill-rule", "stroke-linecap", "stroke-linejoin")
PLAIN = ("id", "class", "version", "width", "height", "viewBox", "transform", "style", "preserveAspectRatio")
GEOMETRY = ("d", "x", "y", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "points")
ACCESSIBLE = re.compile(r"role|aria-[a-z]+|\{http://www\.w3\.org/XML/1998/namespace\}(space|lang)")
LARGEST, MOST_ELEMENTS, DEEPEST, LONGEST_SIDE = 2_000_000, 5_000, 40, 20_000.0
NOTHING, USUAL = ("none", "transparent"), "black"


class Paint(Struct, frozen=True):
    """How shapes are painted where they do not say otherwise, and where their coordinates lead."""

    fill: str
    stroke: str = ""
    width: float = 1.0
    matrix: Matrix = IDENTITY


def read_svg(content: bytes, at: Span, findings: list[Finding]) -> Outlines | None:
    """Return a drawn picture, or None after findings."""
    reader = Reader(at, findings)
    root = parsed(content, reader)
    if root is None:
        return None
    box = box_of(root)
    if box is None or not all(0 < side <= LONGEST_SIDE for side in box[2:]):
        message = "This SVG does not say how large it is, or is far too large."
        findings.append(error("picture-svg", message, at, 'write viewBox="0 0 width height"'))
        return None
    before = len(findings)
    paint = Paint(colour(USUAL, reader), matrix=(1, 0, 0, 1, -box[0], -box[1]))
    shapes = tuple(shapes_in(root, paint, reader, 0))
    if len(findings) > before:
        return None
    if not shapes:
        findings.append(error("picture-svg", "This SVG draws nothing.", at, "see whether it is the right file"))
        return None
    return Outlines(box[2], box[3], shapes)


def parsed(content: bytes, reader: Reader) -> Any:
    """Return the root of the file, or None after a finding; no entity, network or file is touched."""
    from lxml import etree

    if len(content) > LARGEST:
        reader.findings.append(error("picture-too-large", "This SVG is larger than 2 MB.", reader.at, "simplify it"))
        return None
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        reader.wrong("a DOCTYPE")
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        message = "This SVG is broken."
        reader.findings.append(error("picture-broken", message, reader.at, "save it anew from where it is from"))
        return None
    if root.tag != f"{NAMESPACE}svg":
        reader.findings.append(error("picture-kind", "This is no SVG.", reader.at, "save it as PNG, JPEG or SVG"))
        return None
    return root


def box_of(root: Any) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height of what a file shows."""
    numbers = [float(each) for each in re.findall(NUMBER, root.get("viewBox", ""))]
    if len(numbers) == 4:
        return numbers[0], numbers[1], numbers[2], numbers[3]
    width, height = (length(root.get(key, "")) for key in ("width", "height"))
    return (0.0, 0.0, width, height) if width and height else None


def shapes_in(element: Any, paint: Paint, reader: Reader, depth: int) -> Iterator[Outline]:
    """Yield the shapes of an element and all inside it."""
    reader.seen += 1
    if reader.seen > MOST_ELEMENTS or depth > DEEPEST:
        reader.wrong("more than can be drawn")
        return
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
        if commands and (own.fill or own.stroke):
            yield Outline(commands, own.fill, own.stroke, own.width * scale_of(own.matrix) if own.stroke else 0.0)
        return
    for child in element:
        yield from shapes_in(child, own, reader, depth + 1)


def report_hidden(element: Any, reader: Reader) -> None:
    """Report what definitions hold: nothing of them is drawn, so whatever used them would be missing."""
    if element.tag == f"{NAMESPACE}defs":
        for child in element:
            if isinstance(child.tag, str):
                reader.wrong(f"'{child.tag.removeprefix(NAMESPACE)}'")


def report_attributes(element: Any, reader: Reader) -> None:
    """Report attributes that would change what is drawn, or run something."""
    for name, value in element.attrib.items():
        if name in (*PAINT, *PLAIN, *GEOMETRY) or ACCESSIBLE.fullmatch(name):
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
    width = length(said["stroke-width"]) if "stroke-width" in said else paint.width
    return Paint(
        fill=colour(said["fill"], reader) if "fill" in said else paint.fill,
        stroke=colour(said["stroke"], reader) if "stroke" in said else paint.stroke,
        width=paint.width if width is None else width,
        matrix=combined(paint.matrix, matrix_of(element.get("transform", ""), reader)),
    )


def colour(text: str, reader: Reader) -> str:
    """Return a colour as its six digits after a #, "" for none."""
    if text.strip() in NOTHING:
        return ""
    try:
        red, green, blue = ImageColor.getrgb(text.strip())[:3]
    except ValueError:
        reader.wrong(f"the colour '{text[:30]}'")
        return ""
    return f"#{red:02X}{green:02X}{blue:02X}"
