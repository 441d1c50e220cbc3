"""Build the elements that slides, tables, charts and the master share: colours, fills, lines, runs, shapes.

A drawing becomes one group of native shapes. Text frames are python-pptx's; it has no call for curves, dashes, bullets,
language tags, links to slides or decorative marks, which are elements from `ooxml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, assert_never

from msgspec import Struct, field
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.text.text import TextFrame

from handouts.deck.layouts import SlideArea
from handouts.deck.ooxml import Markup, append, element, qualified
from handouts.deck.planned_slides import TEXT_LEVELS, SlideParagraph, TextRun
from handouts.figures.shapes import Circle, Command, Drawing, Path, Rectangle, Shape, TextLabel
from handouts.text.fonts import SCREEN_FAMILY, screen_descent
from handouts.text.line_breaking import text_width
from handouts.theme import Theme, Typeface, TypeStyle
from handouts.units import emu

# The colour of the theme for each role. Those of a fork are not in the theme: they must not change with a brand.
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
TABLE_STYLE = "{6E1E9A3B-6D7B-5B0C-9C53-0B7A2F6C5D11}"  # the id of the style of all tables; its looks are in `master`
_NOTES_PICTURE_INDEX = 2  # of the placeholder in which a page of notes shows its slide
BODY_FACE = "+mn-lt"  # the theme's typeface for text, so that another theme changes it
_SLIDE_NUMBER_ID = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
_SLIDE_JUMP = "ppaction://hlinksldjump"
_DECORATIVE_EXTENSION = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"


class DrawingContext(Struct, frozen=True):
    """What the elements of one part depend on: the theme, the language, and the part that holds its relations.

    `sources` gives for the key of a source the part of the slide that lists it.
    """

    theme: Theme
    language: str
    part: Any = None
    sources: Mapping[str, Any] = field(default_factory=dict)

    @property
    def colours(self) -> Mapping[str, str]:
        """The colours of the theme by role."""
        return self.theme.colours


# ---------------------------------------------------------------- colours, fills and lines


def colour_element(role: str, colours: Mapping[str, str]) -> Markup:
    """Return the colour of a role: a colour of the theme if there is one, which another theme changes, or its value.

    The shapes of a picture have literal colours, such as "#ffffff".
    """
    if role in THEME_COLOURS:
        return element("a:schemeClr", val=THEME_COLOURS[role])
    return element("a:srgbClr", val=(role if role.startswith("#") else colours[role]).removeprefix("#"))


def fill_element(role: str, colours: Mapping[str, str]) -> Markup:
    """Return a solid fill; no fill if there is no role."""
    return element("a:solidFill", colour_element(role, colours)) if role else element("a:noFill")


def line_element(
    role: str,
    width: float,
    colours: Mapping[str, str],
    cap: str = "rnd",
    dashes: Sequence[Markup] = (),
    tag: str = "a:ln",
) -> Any:
    """Return a line with round joins; no line without a colour or a width. `tag` may be a side of a cell."""
    if not role or not width:
        return element(tag, element("a:noFill"))
    return element(tag, fill_element(role, colours), *dashes, element("a:round"), w=emu(width), cap=cap)


# ---------------------------------------------------------------- places and names

_Corners: TypeAlias = tuple[float, float, float, float]  # left, top, right and bottom of a rectangle


def _in_emu(corners: _Corners) -> tuple[int, int, int, int]:
    """Return left, top, width and height in EMU; neither width nor height is 0."""
    left, top, right, bottom = map(emu, corners)
    return left, top, max(1, right - left), max(1, bottom - top)


def transform_element(corners: _Corners, tag: str = "a:xfrm", *, group: bool = False) -> Markup:
    """Return the place of a shape; a `group` has the same coordinates inside as outside."""
    x, y, cx, cy = _in_emu(corners)
    places = [element("a:off", x=x, y=y), element("a:ext", cx=cx, cy=cy)]
    if group:
        places += [element("a:chOff", x=x, y=y), element("a:chExt", cx=cx, cy=cy)]
    return element(tag, *places)


def preset_geometry(name: str, *guides: Markup) -> Markup:
    """Return one of the shapes of the format, such as "rect"."""
    return element("a:prstGeom", element("a:avLst", *guides), prst=name)


def _name_element(name: str, alt: str | None = None) -> Markup:
    """Return the name and the alt text of a shape, "" if it is decorative; `number_shapes` sets its id."""
    return element("p:cNvPr", *_decorative_mark(alt), id=0, name=name, descr=alt or None)


def describe(shape: Any, alt: str) -> None:
    """Set the alt text of a shape of python-pptx; "" marks the shape as decorative."""
    properties = next(shape.element.iter(qualified("p:cNvPr")))
    properties.attrib.pop("descr", None)
    if alt:
        properties.set("descr", alt)
    append(properties, *_decorative_mark(alt))


def _decorative_mark(alt: str | None) -> tuple[Markup, ...]:
    """Return the mark of a decorative shape, if its alt text is ""."""
    if alt != "":
        return ()
    mark = element("adec:decorative", val=1)
    return (element("a:extLst", element("a:ext", mark, uri=_DECORATIVE_EXTENSION)),)


def shape_tree(*shapes: Any) -> Markup:
    """Return all shapes of a slide layout, a master or a page of notes."""
    properties = element("p:nvGrpSpPr", element("p:cNvPr", id=1, name=""), element("p:cNvGrpSpPr"), element("p:nvPr"))
    return element("p:spTree", properties, element("p:grpSpPr"), *shapes)


def add_placeholder(shapes: Any, name: str, kind: str, index: int) -> Any:
    """Add a placeholder that inherits from the one of the layout with the same index, and return its text frame.

    `clone_placeholder` of python-pptx does the same, but searches the slide for free names and ids each time: 150 ms
    instead of 15 for the placeholders of a deck.
    """
    text = element("p:txBody", element("a:bodyPr"), element("a:lstStyle"), element("a:p"))
    append(shapes.element, placeholder_shape(name, placeholder_element(kind, index), (), text))
    return TextFrame(shapes.element[-1].txBody, shapes)


def placeholder_element(kind: str, index: int) -> Markup:
    """Return which placeholder of the layout a shape fills (p:ph)."""
    if kind == "title":
        return element("p:ph", type=kind)
    return element("p:ph", type=kind, sz="quarter", idx=index)


def placeholder_shape(
    name: str, placeholder: Markup, properties: Iterable[Markup], *text: Markup, **locks: Any
) -> Markup:
    """Return a shape that is a placeholder, with its properties (those of p:spPr), its text, and more `locks`."""
    locked = element("p:cNvSpPr", element("a:spLocks", noGrp=1, **locks))
    names = element("p:nvSpPr", _name_element(name), locked, element("p:nvPr", placeholder))
    return element("p:sp", names, element("p:spPr", *properties), *text)


def slide_picture_shape(name: str, *properties: Markup) -> Markup:
    """Return the placeholder in which a page of notes shows its slide."""
    placeholder = element("p:ph", type="sldImg", idx=_NOTES_PICTURE_INDEX)
    return placeholder_shape(name, placeholder, properties, noRot=1, noChangeAspect=1)


def frame_element(
    name: str, alt: str, placeholder: tuple[Markup, ...], area: SlideArea, uri: str, content: Markup
) -> Markup:
    """Return the frame of a table or a chart, with its name, its alt text and the placeholder that it fills."""
    locks = element("p:cNvGraphicFramePr", element("a:graphicFrameLocks", noGrp=1))
    return element(
        "p:graphicFrame",
        element("p:nvGraphicFramePr", _name_element(name, alt), locks, element("p:nvPr", *placeholder)),
        transform_element(area.corners, "p:xfrm"),
        element("a:graphic", element("a:graphicData", content, uri=uri)),
    )


def number_shapes(tree: Any) -> None:
    """Number all shapes of a slide, layout or master from 2 in reading order, by id and at the end of their names."""
    _, *shapes = tree.iter(qualified("p:cNvPr"))  # without the tree itself, which has the number 1
    for number, properties in enumerate(shapes, 2):
        properties.set("id", str(number))
        properties.set("name", f"{properties.get('name')} {number}")


# ---------------------------------------------------------------- text


def text_properties(
    tag: str, style: TypeStyle, colours: Mapping[str, str], *more: Markup, face: str = BODY_FACE, **attributes: Any
) -> Markup:
    """Return size, weight, letter spacing, colour and face of text (a:rPr or a:defRPr), and `more` elements of it.

    Without a `face`, the text has that of the placeholder or the theme.
    """
    faces = (element("a:latin", typeface=face),) if face else ()
    values = {
        "sz": round(100 * style.size),
        "b": int(style.bold),
        "spc": round(100 * style.size * style.track) if style.track else None,
    }
    return element(tag, fill_element(style.colour, colours), *faces, *more, **{**values, **attributes})


def exact_spacing(leading: float, before: float = 0.0, after: float = 0.0) -> tuple[Markup, ...]:
    """Return the exact distance from line to line, and the space before and after a paragraph."""
    spaces = (("a:lnSpc", leading), ("a:spcBef", before), ("a:spcAft", after))
    return tuple(element(tag, element("a:spcPts", val=round(100 * points))) for tag, points in spaces)


def fill_text(frame: Any, paragraphs: Sequence[SlideParagraph], context: DrawingContext) -> None:
    """Write paragraphs into a text frame; all their looks come from the levels of their placeholder."""
    numbered = False
    for index, paragraph in enumerate(paragraphs):
        written = frame.add_paragraph() if index else frame.paragraphs[0]
        if level := TEXT_LEVELS.index(paragraph.level):
            written.level = level
        if paragraph.number > 1 and not numbered:  # a list of steps goes on from another slide
            numbering = element("a:buAutoNum", type="arabicPeriod", startAt=paragraph.number)
            append(written._p.get_or_add_pPr(), element("a:buFontTx"), numbering)  # noqa: SLF001
        append(written._p, *run_elements(paragraph.runs, context))  # noqa: SLF001
        numbered = paragraph.level in {"step", "step2", "within"}
    if not paragraphs:
        append(frame.paragraphs[0]._p, element("a:endParaRPr", lang=context.language))  # noqa: SLF001


def run_elements(
    runs: Iterable[TextRun], context: DrawingContext, style: TypeStyle | None = None, face: str = ""
) -> Iterator[Markup]:
    """Yield runs with their language, weight and link; `style` is for text that inherits no style.

    `add_run` of python-pptx and the properties of its runs took 55 ms for the runs of a deck, which take 10 here.
    """
    for run in runs:
        if not run.text:
            continue
        looks: dict[str, Any] = {"lang": run.language or context.language, "dirty": 0, **({"b": 1} if run.bold else {})}
        link = (_link_element(run, context),) if run.target or run.source in context.sources else ()
        if style:
            properties = text_properties("a:rPr", style, context.colours, *link, face=face, **looks)
        else:
            faces = (element("a:latin", typeface=face),) if face else ()
            properties = element("a:rPr", *faces, *link, **looks)
        yield element("a:r", properties, element("a:t", text=run.text))


def _link_element(run: TextRun, context: DrawingContext) -> Markup:
    """Return the link of a run: to an address, or to the slide that lists its source."""
    if run.target:
        relation = context.part.relate_to(run.target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    else:
        relation = context.part.relate_to(context.sources[run.source], RELATIONSHIP_TYPE.SLIDE)
    action = None if run.target else _SLIDE_JUMP
    return element("a:hlinkClick", **{"r:id": relation, "action": action, "tooltip": run.tooltip or None})


def lines_of_text(lines: Iterable[str], properties: Markup) -> Iterator[Markup]:
    """Yield lines with the same properties, separated by breaks."""
    for index, line in enumerate(lines):
        if index:
            yield element("a:br", properties)
        yield element("a:r", properties, element("a:t", text=line))


def number_field(text: str, language: str, **attributes: Any) -> Markup:
    """Return the number of a slide or page as a field, which is updated when slides are moved."""
    properties = element("a:rPr", element("a:latin", typeface=BODY_FACE), lang=language, b=1, **attributes)
    return element("a:fld", properties, element("a:t", text=text), id=_SLIDE_NUMBER_ID, type="slidenum")


# ---------------------------------------------------------------- drawings

_PATH_TAGS = {"M": "a:moveTo", "L": "a:lnTo", "C": "a:cubicBezTo", "Z": "a:close"}
_LINE_CAPS = {"round": "rnd", "butt": "flat"}
_LABEL_ALIGNMENTS = {"start": ("l", 0.0), "middle": ("ctr", 0.5), "end": ("r", 1.0)}
_LABEL_SLACK = 1.02
_MIN_PATH_SIZE = 0.01  # of a path that runs straight along an axis


def group_element(drawing: Drawing, x: float, y: float, name: str, alt: str, context: DrawingContext) -> Markup:
    """Return a drawing as one group of native shapes, its top left corner at `x` and `y`.

    python-pptx can add groups, shapes and text boxes, but took 390 ms for the drawings of a deck whose elements are
    built here in 60 ms, and its freeforms have no curves.
    """
    corners = [_shape_corners(shape, context.theme.typeface) for shape in drawing.shapes]
    lefts, tops, rights, bottoms = zip(*corners, strict=True)
    around = _moved((min(lefts), min(tops), max(rights), max(bottoms)), x, y)
    return element(
        "p:grpSp",
        element("p:nvGrpSpPr", _name_element(name, alt), element("p:cNvGrpSpPr"), element("p:nvPr")),
        element("p:grpSpPr", transform_element(around, group=True)),
        *(_shape_element(shape, each, x, y, context) for shape, each in zip(drawing.shapes, corners, strict=True)),
    )


def _moved(corners: _Corners, x: float, y: float) -> _Corners:
    """Return a rectangle moved to the right by `x` and down by `y`."""
    left, top, right, bottom = corners
    return left + x, top + y, right + x, bottom + y


def _shape_corners(shape: Shape, typeface: Typeface | None) -> _Corners:
    """Return the rectangle around a shape without its stroke."""
    match shape:
        case Path():
            xs = [value for _, values in shape.commands for value in values[::2]]
            ys = [value for _, values in shape.commands for value in values[1::2]]
            left, top = min(xs), min(ys)
            return left, top, max(*xs, left + _MIN_PATH_SIZE), max(*ys, top + _MIN_PATH_SIZE)
        case Circle():
            x, y, radius = shape.x, shape.y, shape.radius
            return x - radius, y - radius, x + radius, y + radius
        case Rectangle():
            return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
        case TextLabel():
            return label_corners(shape, typeface)
        case _:
            assert_never(shape)


def label_corners(label: TextLabel, typeface: Typeface | None = None) -> _Corners:
    """Return the rectangle around the lines of a label, a little wider than they are."""
    style = TypeStyle(label.size, label.leading, bold=label.bold, typeface=typeface)
    width = _LABEL_SLACK * max((text_width(line, style, SCREEN_FAMILY) for line in label.lines), default=1.0)
    left = label.x - _LABEL_ALIGNMENTS[label.align][1] * width
    top = label.baseline - label.leading + screen_descent(typeface) * label.size
    return left, top, left + width, top + len(label.lines) * label.leading


def _shape_element(shape: Shape, corners: _Corners, x: float, y: float, context: DrawingContext) -> Markup:
    """Return one shape of a drawing, moved by `x` and `y`."""
    colours, place = context.colours, transform_element(_moved(corners, x, y))
    match shape:
        case TextLabel():
            return _label_element(shape, place, context)
        case Path():
            name, geometry = "path", _path_geometry(shape.commands, corners, filled=bool(shape.fill))
            line = line_element(shape.stroke, shape.width, colours, _LINE_CAPS[shape.cap], _dash_elements(shape))
        case Circle():
            name, geometry = "circle", preset_geometry("ellipse")
            line = line_element(shape.stroke, shape.width, colours)
        case Rectangle():
            name, geometry = "box", _rectangle_geometry(shape)
            line = line_element(shape.stroke, shape.edge, colours)
        case _:
            assert_never(shape)
    return element(
        "p:sp",
        element("p:nvSpPr", _name_element(name), element("p:cNvSpPr"), element("p:nvPr")),
        element("p:spPr", place, geometry, fill_element(shape.fill, colours), line),
    )


def _rectangle_geometry(box: Rectangle) -> Markup:
    """Return the geometry of a rectangle, with round corners if it has a radius."""
    if not box.radius:
        return preset_geometry("rect")
    share = min(50_000, round(100_000 * box.radius / min(box.width, box.height)))
    return preset_geometry("roundRect", element("a:gd", name="adj", fmla=f"val {share}"))


def _path_geometry(commands: Sequence[Command], corners: _Corners, *, filled: bool) -> Markup:
    """Return a geometry of straight lines and cubic curves (DrawingML, a:custGeom), relative to its top left corner."""
    (left, top, *_), (_, _, width, height) = corners, _in_emu(corners)
    drawn = [
        element(
            _PATH_TAGS[verb],
            *(element("a:pt", x=emu(x - left), y=emu(y - top)) for x, y in zip(values[::2], values[1::2], strict=True)),
        )
        for verb, values in commands
    ]
    return element(
        "a:custGeom",
        *(element(f"a:{name}") for name in ("avLst", "gdLst", "ahLst", "cxnLst")),
        element("a:rect", l=0, t=0, r="r", b="b"),
        element("a:pathLst", element("a:path", *drawn, w=width, h=height, fill=None if filled else "none")),
    )


def _dash_elements(path: Path) -> tuple[Markup, ...]:
    """Return the dashes of a path, in 1/100,000 of its width; nothing for a solid line."""
    if not path.dash:
        return ()
    gaps = path.dash if len(path.dash) % 2 == 0 else path.dash * 2
    shares = [round(100_000 * length / path.width) for length in gaps]
    stops = (element("a:ds", d=on, sp=off) for on, off in zip(shares[::2], shares[1::2], strict=True))
    return (element("a:custDash", *stops),)


def _label_element(label: TextLabel, place: Markup, context: DrawingContext) -> Markup:
    """Return the words of a label as a text box that keeps its lines."""
    style = TypeStyle(label.size, label.leading, bold=label.bold, colour=label.colour)
    properties = text_properties("a:rPr", style, context.colours, lang=context.language, dirty=0)
    return element(
        "p:sp",
        element("p:nvSpPr", _name_element(label.key), element("p:cNvSpPr", txBox=1), element("p:nvPr")),
        element("p:spPr", place, preset_geometry("rect"), element("a:noFill")),
        element(
            "p:txBody",
            element("a:bodyPr", element("a:noAutofit"), wrap="none", anchor="t", lIns=0, tIns=0, rIns=0, bIns=0),
            element("a:lstStyle"),
            element(
                "a:p",
                element("a:pPr", *exact_spacing(label.leading), algn=_LABEL_ALIGNMENTS[label.align][0]),
                *lines_of_text(label.lines, properties),
            ),
        ),
    )
