"""Write the DrawingML that slides, tables, charts and the master share: colours, runs, paragraphs, shapes.

A drawing becomes one group of native shapes. Text from outside is escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import count
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct, field

from handouts.deck.planned_slides import TEXT_LEVELS, SlideParagraph, TextRun
from handouts.figures.shapes import Circle, Command, Drawing, Path, Rectangle, Shape, TextLabel
from handouts.text.fonts import SCREEN_FAMILY
from handouts.text.line_breaking import text_width
from handouts.theme import TypeStyle
from handouts.units import emu

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The theme's colours by role. The roles of a fork have no place in a theme: they must not change with a brand.
THEME_COLOURS: Mapping[str, str] = {
    "screen-ink": "tx1",
    "ink": "tx1",
    "oat": "bg1",
    "deep": "tx2",
    "white": "bg2",
    "accent": "accent1",
    "tint": "accent2",
    "tint2": "accent3",
    "honey": "accent4",
    "stone": "accent5",
    "screen-rule": "accent6",
}
# The style of all tables; its looks are written by `templates`.
TABLE_STYLE = "{6E1E9A3B-6D7B-5B0C-9C53-0B7A2F6C5D11}"
FACE_XML = '<a:latin typeface="+mn-lt"/>'
SLIDE_JUMP = "ppaction://hlinksldjump"
DECORATIVE_XML = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative'
    ' xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)

ReferenceKind: TypeAlias = Literal["link", "slide", "image", "chart"]
SlideReference: TypeAlias = tuple[ReferenceKind, str]


class SlideReferences(Struct):
    """What a slide refers to, in the order in which it asked; `first` is the number of the first of them."""

    first: int
    entries: list[SlideReference] = field(default_factory=list)

    def id_of(self, kind: ReferenceKind, target: str) -> str:
        """Return the relationship id of `target`, the same for the same one."""
        entry = (kind, target)
        if entry not in self.entries:
            self.entries.append(entry)
        return f"rId{self.first + self.entries.index(entry)}"


class MarkupContext(Struct, frozen=True):
    """What markup is written with on one slide: colours by role, language, numbers for shapes, and references.

    `sources` says for the key of a source which slide lists it.
    """

    colours: Mapping[str, str]
    language: str
    references: SlideReferences
    sources: Mapping[str, int] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(2))


def escape_text(text: str) -> str:
    """Return `text` as it may stand between tags."""
    return escape(text, quote=False)


def escape_attribute(text: str) -> str:
    """Return `text` as it may stand in an attribute."""
    return escape_text(text).replace('"', "&quot;").replace("\n", "&#10;")


def colour_xml(role: str, colours: Mapping[str, str]) -> str:
    """Return the colour of a role: by its place in the theme, so that another theme changes it, or else as it is.

    A literal colour is that of a drawn picture.
    """
    if role.startswith("#"):
        return f'<a:srgbClr val="{role.removeprefix("#")}"/>'
    if role in THEME_COLOURS:
        return f'<a:schemeClr val="{THEME_COLOURS[role]}"/>'
    return f'<a:srgbClr val="{colours[role].removeprefix("#")}"/>'


def fill_xml(role: str, colours: Mapping[str, str]) -> str:
    """Return a solid fill; none if there is no role."""
    return f"<a:solidFill>{colour_xml(role, colours)}</a:solidFill>" if role else "<a:noFill/>"


def name_xml(ink: MarkupContext, name: str, alt: str | None = None) -> str:
    """Return the number, name and alt text of a shape; with "" for `alt` it is marked as decorative."""
    number = next(ink.numbers)
    described = f' descr="{escape_attribute(alt)}"' if alt else ""
    rest = DECORATIVE_XML if alt == "" else ""
    return f'<p:cNvPr id="{number}" name="{escape_attribute(name)} {number}"{described}>{rest}</p:cNvPr>'


def run_xml(run: TextRun, ink: MarkupContext, attributes: str = "", inside: str = "") -> str:
    """Return one run with its language, weight and link; `attributes` and `inside` are what else it says of itself."""
    if not run.text:
        return ""
    bold = ' b="1"' if run.bold and " b=" not in attributes else ""
    language = escape_attribute(run.language or ink.language)
    properties = f'<a:rPr lang="{language}"{attributes}{bold} dirty="0">{inside}{link_xml(run, ink)}</a:rPr>'
    return f"<a:r>{properties}<a:t>{escape_text(run.text)}</a:t></a:r>"


def link_xml(run: TextRun, ink: MarkupContext) -> str:
    """Return the link of a run: to an address, or to the slide that lists its source."""
    tooltip = f' tooltip="{escape_attribute(run.tooltip)}"' if run.tooltip else ""
    if run.target:
        return f'<a:hlinkClick r:id="{ink.references.id_of("link", run.target)}"{tooltip}/>'
    if run.source in ink.sources:
        reference = ink.references.id_of("slide", str(ink.sources[run.source]))
        return f'<a:hlinkClick r:id="{reference}" action="{SLIDE_JUMP}"{tooltip}/>'
    return ""


def paragraphs_xml(paragraphs: Sequence[SlideParagraph], ink: MarkupContext) -> str:
    """Return paragraphs that take all their looks from the levels of their placeholder."""
    found = []
    numbered = False
    for paragraph in paragraphs:
        runs = "".join(run_xml(run, ink) for run in paragraph.runs)
        found.append(f"<a:p>{level_xml(paragraph, numbered=numbered)}{runs}</a:p>")
        numbered = paragraph.level in {"step", "step2", "within"}
    return "".join(found) or f'<a:p><a:endParaRPr lang="{escape_attribute(ink.language)}"/></a:p>'


def level_xml(paragraph: SlideParagraph, *, numbered: bool) -> str:
    """Return the outline level; a list of steps that goes on from another slide says with which number."""
    level = TEXT_LEVELS.index(paragraph.level)
    if paragraph.number > 1 and not numbered:
        return (
            f'<a:pPr lvl="{level}"><a:buFontTx/><a:buAutoNum type="arabicPeriod" startAt="{paragraph.number}"/></a:pPr>'
        )
    return f'<a:pPr lvl="{level}"/>' if level else ""


PATH_TAGS = {"M": "moveTo", "L": "lnTo", "C": "cubicBezTo"}
LINE_CAPS = {"round": "rnd", "butt": "flat"}
LABEL_ALIGNMENTS = {"start": ("l", 0.0), "middle": ("ctr", 0.5), "end": ("r", 1.0)}
FONT_DESCENT = 0.212  # of Arial, in em: a line of exact height stands on its descent
LABEL_SLACK = 1.02
MIN_PATH_SIZE = 0.01  # a path that runs straight along an axis has some height all the same


class ShapeBounds(Struct, frozen=True):
    """The upright rectangle around something."""

    left: float
    top: float
    right: float
    bottom: float


def group_xml(drawing: Drawing, x: float, y: float, name: str, alt: str, ink: MarkupContext) -> str:
    """Return `drawing` at a place as one group of native shapes."""
    naming = name_xml(ink, name, alt)
    extents = [shape_bounds(shape) for shape in drawing.shapes]
    around = ShapeBounds(
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


def place_xml(place: ShapeBounds) -> tuple[str, str]:
    """Return the offset and the size of a place."""
    left, top = emu(place.left), emu(place.top)
    width, height = max(1, emu(place.right) - left), max(1, emu(place.bottom) - top)
    return f'<a:off x="{left}" y="{top}"/>', f'<a:ext cx="{width}" cy="{height}"/>'


def shape_bounds(shape: Shape) -> ShapeBounds:
    """Return the rectangle around `shape`, its stroke left out."""
    match shape:
        case Path():
            xs = [value for _, values in shape.commands for value in values[::2]]
            ys = [value for _, values in shape.commands for value in values[1::2]]
            return ShapeBounds(min(xs), min(ys), max(*xs, min(xs) + MIN_PATH_SIZE), max(*ys, min(ys) + MIN_PATH_SIZE))
        case Circle():
            return ShapeBounds(
                shape.x - shape.radius, shape.y - shape.radius, shape.x + shape.radius, shape.y + shape.radius
            )
        case Rectangle():
            return ShapeBounds(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
        case TextLabel():
            return label_bounds(shape)
        case _:
            assert_never(shape)


def label_bounds(label: TextLabel) -> ShapeBounds:
    """Return the box of a label's lines."""
    style = TypeStyle(label.size, label.leading, bold=label.bold)
    width = LABEL_SLACK * max((text_width(line, style, SCREEN_FAMILY) for line in label.lines), default=1.0)
    left = label.x - LABEL_ALIGNMENTS[label.align][1] * width
    top = label.baseline - label.leading + FONT_DESCENT * label.size
    return ShapeBounds(left, top, left + width, top + len(label.lines) * label.leading)


def shape_xml(shape: Shape, x: float, y: float, ink: MarkupContext) -> str:
    """Return one shape moved by `x` and `y`."""
    found = shape_bounds(shape)
    off, ext = place_xml(ShapeBounds(found.left + x, found.top + y, found.right + x, found.bottom + y))
    transform = f"<a:xfrm>{off}{ext}</a:xfrm>"
    match shape:
        case TextLabel():
            return label_xml(shape, transform, ink)
        case Path():
            look = f"{path_xml(shape.commands, found, closed=bool(shape.fill))}{fill_xml(shape.fill, ink.colours)}"
            return textless_shape_xml("path", transform + look + stroke_xml(shape, ink), ink)
        case Circle():
            geometry = '<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>'
            look = f"{geometry}{fill_xml(shape.fill, ink.colours)}{line_xml(shape.stroke, shape.width, ink)}"
            return textless_shape_xml("circle", transform + look, ink)
        case Rectangle():
            look = f"{box_xml(shape)}{fill_xml(shape.fill, ink.colours)}{line_xml(shape.stroke, shape.edge, ink)}"
            return textless_shape_xml("box", transform + look, ink)
        case _:
            assert_never(shape)


def textless_shape_xml(name: str, properties: str, ink: MarkupContext) -> str:
    """Return a shape without text."""
    number = next(ink.numbers)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name} {number}"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f"<p:spPr>{properties}</p:spPr></p:sp>"
    )


def box_xml(box: Rectangle) -> str:
    """Return the geometry of a rectangle with round corners."""
    if not box.radius:
        return '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    share = round(100_000 * box.radius / min(box.width, box.height))
    return (
        f'<a:prstGeom prst="roundRect"><a:avLst><a:gd name="adj" fmla="val {min(share, 50_000)}"/></a:avLst>'
        "</a:prstGeom>"
    )


def path_xml(commands: Sequence[Command], extent: ShapeBounds, *, closed: bool = True) -> str:
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


def command_xml(verb: str, values: Sequence[float], extent: ShapeBounds) -> str:
    """Return one command of a path, its points from the corner of `extent`."""
    if verb == "Z":
        return "<a:close/>"
    pairs: Iterable[tuple[float, float]] = zip(values[::2], values[1::2], strict=True)
    points = "".join(f'<a:pt x="{emu(px - extent.left)}" y="{emu(py - extent.top)}"/>' for px, py in pairs)
    return f"<a:{PATH_TAGS[verb]}>{points}</a:{PATH_TAGS[verb]}>"


def stroke_xml(path: Path, ink: MarkupContext) -> str:
    """Return the line of a path; dashes are parts of its width."""
    if not (path.stroke and path.dash):
        return line_xml(path.stroke, path.width, ink, LINE_CAPS[path.cap])
    gaps = path.dash if len(path.dash) % 2 == 0 else path.dash * 2
    pairs = zip(gaps[::2], gaps[1::2], strict=True)
    stops = "".join(
        f'<a:ds d="{round(100_000 * on / path.width)}" sp="{round(100_000 * off / path.width)}"/>' for on, off in pairs
    )
    return line_xml(path.stroke, path.width, ink, LINE_CAPS[path.cap], f"<a:custDash>{stops}</a:custDash>")


def line_xml(role: str, width: float, ink: MarkupContext, cap: str = "rnd", dashes: str = "") -> str:
    """Return a line with round joins; none if there is no colour."""
    if not role or not width:
        return "<a:ln><a:noFill/></a:ln>"
    return f'<a:ln w="{emu(width)}" cap="{cap}">{fill_xml(role, ink.colours)}{dashes}<a:round/></a:ln>'


def label_xml(label: TextLabel, transform: str, ink: MarkupContext) -> str:
    """Return the words of a label as a text box whose lines stay as they are."""
    number = next(ink.numbers)
    bold = ' b="1"' if label.bold else ""
    look = (
        f'lang="{escape_attribute(ink.language)}" sz="{round(100 * label.size)}"{bold} dirty="0">'
        f"{fill_xml(label.colour, ink.colours)}{FACE_XML}"
    )
    lines = f"<a:br><a:rPr {look}</a:rPr></a:br>".join(
        f"<a:r><a:rPr {look}</a:rPr><a:t>{escape_text(line)}</a:t></a:r>" for line in label.lines
    )
    spacing = "".join(f'<a:{name}><a:spcPts val="0"/></a:{name}>' for name in ("spcBef", "spcAft"))
    paragraph = (
        f'<a:pPr algn="{LABEL_ALIGNMENTS[label.align][0]}"><a:lnSpc><a:spcPts val="{round(100 * label.leading)}"/></a:lnSpc>'
        f"{spacing}</a:pPr>"
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{escape_attribute(label.key)} {number}"/><p:cNvSpPr txBox="1"/>'
        f'<p:nvPr/></p:nvSpPr><p:spPr>{transform}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
        '<p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></a:bodyPr>'
        f"<a:lstStyle/><a:p>{paragraph}{lines}</a:p></p:txBody></p:sp>"
    )
