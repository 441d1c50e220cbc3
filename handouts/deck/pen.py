"""Shapes of a figure in, native shapes of PowerPoint out: one group, curves as curves, colours of the theme.

Coordinates turn from points to English Metric Units here. No shape has a style reference, which would add a shadow;
joins are round. A drawing without alt text is marked as decorative.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from msgspec import Struct

from handouts.deck.markup import FACE, Ink, attribute, escaped, fill, name_xml
from handouts.figures import Box, Circle, Command, Drawing, Label, Path, Shape
from handouts.text import SCREEN, text_width
from handouts.theme import TypeStyle
from handouts.units import emu

TAGS = {"M": "moveTo", "L": "lnTo", "C": "cubicBezTo"}
CAPS = {"round": "rnd", "butt": "flat"}
ALIGNMENTS = {"start": ("l", 0.0), "middle": ("ctr", 0.5), "end": ("r", 1.0)}
DESCENT = 0.212  # of Arial, in em: a line of exact height stands on its descent
SLACK = 1.02
HAIR = 0.01  # a path that runs straight along an axis has some height all the same


class Extent(Struct, frozen=True):
    """The upright rectangle around something."""

    left: float
    top: float
    right: float
    bottom: float


def group_xml(drawing: Drawing, x: float, y: float, name: str, alt: str, ink: Ink) -> str:
    """Return `drawing` at a place as one group of native shapes."""
    naming = name_xml(ink, name, alt)
    extents = [extent_of(shape) for shape in drawing.shapes]
    around = Extent(
        min(each.left for each in extents) + x,
        min(each.top for each in extents) + y,
        max(each.right for each in extents) + x,
        max(each.bottom for each in extents) + y,
    )
    off, ext = place_xml(around)
    inner = f"{off}{ext}{off.replace('a:off', 'a:chOff')}{ext.replace('a:ext', 'a:chExt')}"
    shapes = "".join(shape_xml(shape, x, y, ink) for shape in drawing.shapes)
    return (
        f"<p:grpSp><p:nvGrpSpPr>{naming}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
        f"<p:grpSpPr><a:xfrm>{inner}</a:xfrm></p:grpSpPr>{shapes}</p:grpSp>"
    )


def place_xml(place: Extent) -> tuple[str, str]:
    """Return the offset and the size of a place."""
    left, top = emu(place.left), emu(place.top)
    width, height = max(1, emu(place.right) - left), max(1, emu(place.bottom) - top)
    return f'<a:off x="{left}" y="{top}"/>', f'<a:ext cx="{width}" cy="{height}"/>'


def extent_of(shape: Shape) -> Extent:
    """Return the rectangle around `shape`, its stroke left out."""
    match shape:
        case Path():
            xs = [value for _, values in shape.commands for value in values[::2]]
            ys = [value for _, values in shape.commands for value in values[1::2]]
            return Extent(min(xs), min(ys), max(*xs, min(xs) + HAIR), max(*ys, min(ys) + HAIR))
        case Circle():
            return Extent(
                shape.x - shape.radius, shape.y - shape.radius, shape.x + shape.radius, shape.y + shape.radius
            )
        case Box():
            return Extent(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
        case Label():
            return label_extent(shape)
        case _:
            assert_never(shape)


def label_extent(label: Label) -> Extent:
    """Return the box of a label's lines."""
    style = TypeStyle(label.size, label.leading, bold=label.bold)
    width = SLACK * max((text_width(line, style, SCREEN) for line in label.lines), default=1.0)
    left = label.x - ALIGNMENTS[label.align][1] * width
    top = label.baseline - label.leading + DESCENT * label.size
    return Extent(left, top, left + width, top + len(label.lines) * label.leading)


def shape_xml(shape: Shape, x: float, y: float, ink: Ink) -> str:
    """Return one shape moved by `x` and `y`."""
    found = extent_of(shape)
    off, ext = place_xml(Extent(found.left + x, found.top + y, found.right + x, found.bottom + y))
    transform = f"<a:xfrm>{off}{ext}</a:xfrm>"
    match shape:
        case Label():
            return label_xml(shape, transform, ink)
        case Path():
            look = f"{path_xml(shape.commands, found, closed=bool(shape.fill))}{fill(shape.fill, ink.colours)}"
            return plain_shape("path", transform + look + stroke_xml(shape, ink), ink)
        case Circle():
            geometry = '<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>'
            look = f"{geometry}{fill(shape.fill, ink.colours)}{line_xml(shape.stroke, shape.width, ink)}"
            return plain_shape("circle", transform + look, ink)
        case Box():
            look = f"{box_xml(shape)}{fill(shape.fill, ink.colours)}{line_xml(shape.stroke, shape.edge, ink)}"
            return plain_shape("box", transform + look, ink)
        case _:
            assert_never(shape)


def plain_shape(name: str, properties: str, ink: Ink) -> str:
    """Return a shape without text."""
    number = next(ink.numbers)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name} {number}"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f"<p:spPr>{properties}</p:spPr></p:sp>"
    )


def box_xml(box: Box) -> str:
    """Return the geometry of a rectangle with round corners."""
    if not box.radius:
        return '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    share = round(100_000 * box.radius / min(box.width, box.height))
    return (
        f'<a:prstGeom prst="roundRect"><a:avLst><a:gd name="adj" fmla="val {min(share, 50_000)}"/></a:avLst>'
        "</a:prstGeom>"
    )


def path_xml(commands: Sequence[Command], extent: Extent, *, closed: bool = True) -> str:
    """Return the geometry of straight lines and cubic curves within `extent` (DrawingML, a:custGeom)."""
    _, size = place_xml(extent)
    width, height = (part.split('"')[1] for part in size.split(" c")[1:])
    drawn = "".join(command_xml(verb, values, extent) for verb, values in commands)
    filled = "" if closed else ' fill="none"'
    return (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{width}" h="{height}"{filled}>{drawn}</a:path></a:pathLst></a:custGeom>'
    )


def command_xml(verb: str, values: Sequence[float], extent: Extent) -> str:
    """Return one command of a path, its points from the corner of `extent`."""
    if verb == "Z":
        return "<a:close/>"
    pairs: Iterable[tuple[float, float]] = zip(values[::2], values[1::2], strict=True)
    points = "".join(f'<a:pt x="{emu(px - extent.left)}" y="{emu(py - extent.top)}"/>' for px, py in pairs)
    return f"<a:{TAGS[verb]}>{points}</a:{TAGS[verb]}>"


def stroke_xml(path: Path, ink: Ink) -> str:
    """Return the line of a path; dashes are parts of its width."""
    if not (path.stroke and path.dash):
        return line_xml(path.stroke, path.width, ink, CAPS[path.cap])
    gaps = path.dash if len(path.dash) % 2 == 0 else path.dash * 2
    pairs = zip(gaps[::2], gaps[1::2], strict=True)
    stops = "".join(
        f'<a:ds d="{round(100_000 * on / path.width)}" sp="{round(100_000 * off / path.width)}"/>' for on, off in pairs
    )
    return line_xml(path.stroke, path.width, ink, CAPS[path.cap], f"<a:custDash>{stops}</a:custDash>")


def line_xml(role: str, width: float, ink: Ink, cap: str = "rnd", dashes: str = "") -> str:
    """Return a line with round joins; none if there is no colour."""
    if not role or not width:
        return "<a:ln><a:noFill/></a:ln>"
    return f'<a:ln w="{emu(width)}" cap="{cap}">{fill(role, ink.colours)}{dashes}<a:round/></a:ln>'


def label_xml(label: Label, transform: str, ink: Ink) -> str:
    """Return the words of a label as a text box whose lines stay as they are."""
    number = next(ink.numbers)
    bold = ' b="1"' if label.bold else ""
    look = (
        f'lang="{attribute(ink.language)}" sz="{round(100 * label.size)}"{bold} dirty="0">'
        f"{fill(label.colour, ink.colours)}{FACE}"
    )
    lines = f"<a:br><a:rPr {look}</a:rPr></a:br>".join(
        f"<a:r><a:rPr {look}</a:rPr><a:t>{escaped(line)}</a:t></a:r>" for line in label.lines
    )
    spacing = "".join(f'<a:{name}><a:spcPts val="0"/></a:{name}>' for name in ("spcBef", "spcAft"))
    paragraph = (
        f'<a:pPr algn="{ALIGNMENTS[label.align][0]}"><a:lnSpc><a:spcPts val="{round(100 * label.leading)}"/></a:lnSpc>'
        f"{spacing}</a:pPr>"
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{attribute(label.key)} {number}"/><p:cNvSpPr txBox="1"/>'
        f'<p:nvPr/></p:nvSpPr><p:spPr>{transform}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
        '<p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></a:bodyPr>'
        f"<a:lstStyle/><a:p>{paragraph}{lines}</a:p></p:txBody></p:sp>"
    )
