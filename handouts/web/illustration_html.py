"""Turn figures, charts, signs, pictures and codes into HTML: drawings as SVG with words as text, pictures as data.

A figure is drawn twice: as wide as a page, and for a phone as narrow as its words allow; the style sheet shows one. In
SVG, classes name the role of a fill (`f-accent`) and of a stroke (`s-accent`), whose colours the style sheet defines
for light and dark screens. Only pictures of content have colours of their own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from handouts.document.nodes import Chart, Figure, Outlines, Picture, Pixels, QrCode
from handouts.document.text import fingerprint, plain, printed_address
from handouts.figures import block_drawing
from handouts.figures.qr_code import qr_code_drawing
from handouts.figures.shapes import Circle, Command, Drawing, Path, Rectangle, Shape, TextLabel, outline_paths
from handouts.finding import NOWHERE
from handouts.text.fonts import PRINT_FAMILY, family_in
from handouts.theme import TypeStyle
from handouts.web.inline_html import PageContext, heading_html, inlines_html, link_html, optional
from handouts.web.markup import NOTHING, Html, element, joined, text

_WIDE = 540.0
_NARROW = (21.0, 24.7, 28.0, 31.5, 35.0)  # the widths to try for a phone, in em of the labels
_NARROW_CYCLE = _NARROW[1:]  # a cycle seldom fits the first width, and takes long to try
_CODE_SIZE = 96.0
_PNG = b"\x89PNG"


def figure_html(block: Figure | Chart, context: PageContext) -> Html:
    """Return a figure or chart, with its title above and the text on how to read it below."""
    style = context.theme.print["figure"]
    named = ("web drawing", fingerprint(replace(block, at=NOWHERE)), style)
    wide, narrow = context.cache.get_or_compute(named, lambda: _two_drawings(block, style))
    context.findings.extend(replace(found, at=block.at) for found in wide.findings)
    title = NOTHING
    if block.title:
        title = heading_html(3, inlines_html(block.title, context), block.title, context)
    shown = [(wide, "wide-only"), (narrow, "narrow")] if narrow else [(wide, "")]
    drawings = (
        _figure_svg(drawing, context.next_id("figure"), plain(block.title), block.alt, kind) for drawing, kind in shown
    )
    how = optional(inlines_html(block.how_to_read, context), "figcaption", class_="how")
    return element("figure", title, *drawings, how, class_="figure")


def _two_drawings(block: Figure | Chart, style: TypeStyle) -> tuple[Drawing, Drawing | None]:
    """Return the drawing for wide screens, and the narrowest one in which all words fit, if there is one."""
    family = family_in(style.typeface, PRINT_FAMILY)
    widths = _NARROW_CYCLE if isinstance(block, Figure) and block.name == "cycle" else _NARROW
    narrow = (block_drawing(block, width * style.size, style, family, advised=False) for width in widths)
    wide = block_drawing(block, _WIDE, style, family)
    return wide, next((each for each in narrow if not each.findings), None)


def picture_html(picture: Picture, context: PageContext) -> Html:
    """Return a picture with its caption."""
    image = image_html(picture.image, picture.alt, "", context)
    caption = optional(inlines_html(picture.caption, context), "figcaption", class_="how")
    return element("figure", image, caption, class_="picture")


def image_html(image: Pixels | Outlines, alt: str, kind: str, context: PageContext) -> Html:
    """Return an image; one without alt text is decoration, which screen readers skip."""
    one_bit = context.theme.edition.one_bit
    if isinstance(image, Outlines):
        drawing = Drawing(image.width, image.height, outline_paths(image, image.width, one_bit))
        return _labelled_svg(drawing, kind, alt) if alt else sign_svg(drawing, kind)
    content = image.copied if one_bit else image.screen
    media = "image/png" if content.startswith(_PNG) else "image/jpeg"
    data = f"data:{media};base64,{b64encode(content).decode('ascii')}"
    return element("img", alt=alt, src=data, width=image.width, height=image.height, class_=kind)


def qr_code_html(code: QrCode, context: PageContext) -> Html:
    """Return a QR code with its address below it."""
    drawing = qr_code_drawing(code.target, _CODE_SIZE)
    square = _labelled_svg(drawing, "", context.words.say("qr_alt", target=code.target))
    address = NOTHING if code.small else element("p", link_html(text(printed_address(code.target)), code.target))
    caption = optional(inlines_html(code.caption, context), "p")
    return element("div", joined((square, caption, address)), class_="code")


# ---------------------------------------------------------------- SVG


def _figure_svg(drawing: Drawing, ident: str, title: str, alt: str, kind: str) -> Html:
    """Return a figure with its title and its description; its own words can be searched and copied."""
    return element(
        "svg",
        element("title", text(title), id=f"{ident}-title") if title else NOTHING,
        element("desc", text(alt), id=f"{ident}-alt"),
        joined(map(_shape_svg, drawing.shapes)),
        class_=f"drawing {kind}".strip(),
        viewBox=_view_box(drawing),
        role="img",
        aria_labelledby=f"{ident}-title" if title else f"{ident}-alt",
        aria_describedby=f"{ident}-alt" if title else "",
    )


def sign_svg(drawing: Drawing, kind: str) -> Html:
    """Return a drawing that screen readers skip, because it repeats the words beside it or is decoration."""
    shapes = joined(map(_shape_svg, drawing.shapes))
    return element("svg", shapes, class_=kind, viewBox=_view_box(drawing), aria_hidden="true")


def _labelled_svg(drawing: Drawing, kind: str, label: str) -> Html:
    """Return a drawing described by `label`."""
    shapes = joined(map(_shape_svg, drawing.shapes))
    return element("svg", shapes, class_=kind, viewBox=_view_box(drawing), role="img", aria_label=label)


def _view_box(drawing: Drawing) -> str:
    """Return the view box that shows a whole drawing."""
    return f"0 0 {_number(drawing.width)} {_number(drawing.height)}"


def _number(value: float) -> str:
    """Return a number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _shape_svg(shape: Shape) -> Html:
    """Return one shape."""
    match shape:
        case Path():
            look = _paint(shape.fill, shape.stroke, shape.width)
            dash = " ".join(map(_number, shape.dash))
            cap = "butt" if shape.cap == "butt" and shape.stroke else ""
            return element("path", d=_path_data(shape.commands), stroke_dasharray=dash, stroke_linecap=cap, **look)
        case Circle():
            place = {"cx": _number(shape.x), "cy": _number(shape.y), "r": _number(shape.radius)}
            return element("circle", **place, **_paint(shape.fill, shape.stroke, shape.width))
        case Rectangle():
            corner = _number(shape.radius) if shape.radius else ""
            place = {"x": _number(shape.x), "y": _number(shape.y)}
            size = {"width": _number(shape.width), "height": _number(shape.height), "rx": corner}
            return element("rect", **place, **size, **_paint(shape.fill, shape.stroke, shape.edge))
        case TextLabel():
            return _label_svg(shape)
        case _:
            assert_never(shape)


def _paint(fill: str, stroke: str, width: float) -> dict[str, str]:
    """Return the attributes for the colours of a shape: classes for roles, `fill` and `stroke` for literal colours."""
    classes = [f"{kind}-{role}" for kind, role in (("f", fill), ("s", stroke)) if role and not role.startswith("#")]
    return {
        "class_": " ".join(classes),
        "fill": fill if fill.startswith("#") else "" if fill else "none",
        "stroke": stroke if stroke.startswith("#") else "",
        "stroke_width": _number(width) if stroke else "",
    }


def _path_data(commands: Iterable[Command]) -> str:
    """Return the commands of a path in the syntax of SVG."""
    return "".join(f"{verb}{' '.join(map(_number, values))}" for verb, values in commands)


def _label_svg(label: TextLabel) -> Html:
    """Return the lines of a label; the space between them matters only to reading aloud and copying."""
    lines = [
        element("tspan", text(line), x=_number(label.x), y=_number(label.baseline + index * label.leading))
        for index, line in enumerate(label.lines)
    ]
    return element(
        "text",
        joined(lines, " "),
        class_=f"f-{label.colour}",
        font_size=_number(label.size),
        font_weight="700" if label.bold else "",
        text_anchor=label.align if label.align != "start" else "",
    )
