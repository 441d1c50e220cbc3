"""Turn figures, charts, pictures and codes into HTML: drawings as SVG with their words, pictures as data.

A drawing is made twice: as wide as a page, and as narrow as its words allow for a phone; the style sheet shows one.
"""

from __future__ import annotations

from base64 import b64encode

from msgspec.structs import replace

from handouts.document.nodes import Chart, Figure, Outlines, Picture, Pixels, QrCode
from handouts.document.text import fingerprint, plain, printed_address
from handouts.figures import figure_drawing
from handouts.figures.bar_chart import bar_chart_drawing
from handouts.figures.qr_code import qr_code_drawing
from handouts.figures.shapes import Drawing
from handouts.finding import NOWHERE
from handouts.text.fonts import PRINT_FAMILY, family_in
from handouts.theme import TypeStyle
from handouts.web.inline_html import PageContext, heading_html, inlines_html, link_html, optional
from handouts.web.inline_svg import drawing_svg, labelled_svg, outlines_svg
from handouts.web.markup import NOTHING, Html, element, joined, text

_WIDE = 540.0
_NARROW = (21.0, 24.7, 28.0, 31.5, 35.0)  # the widths that are tried for a phone, in em of the labels
_NARROW_CYCLE = _NARROW[1:]  # in the least, a circle seldom has room, and to find that out takes long
_CODE_SIZE = 96.0
_PNG = b"\x89PNG"


def figure_html(block: Figure | Chart, context: PageContext) -> Html:
    """Return a figure or chart between its title and how to read it."""
    style = context.theme.print["figure"]
    named = ("web drawing", fingerprint(replace(block, at=NOWHERE)), style)
    wide, narrow = context.cache.get_or_compute(named, lambda: _two_drawings(block, style))
    context.findings.extend(replace(found, at=block.at) for found in wide.findings)
    title = NOTHING
    if block.title:
        title = heading_html(3, inlines_html(block.title, context), block.title, context)
    shown = [(wide, "wide-only"), (narrow, "narrow")] if narrow else [(wide, "")]
    drawings = (
        drawing_svg(drawing, context.next_id("figure"), plain(block.title), block.alt, kind) for drawing, kind in shown
    )
    how = optional(inlines_html(block.how_to_read, context), "figcaption", class_="how")
    return element("figure", title, *drawings, how, class_="figure")


def _two_drawings(block: Figure | Chart, style: TypeStyle) -> tuple[Drawing, Drawing | None]:
    """Return the drawing for wide screens, and the narrowest in which all words have room, if there is one."""
    widths = _NARROW_CYCLE if isinstance(block, Figure) and block.name == "cycle" else _NARROW
    narrow = (_drawn_block(block, width * style.size, style, advised=False) for width in widths)
    wide = _drawn_block(block, _WIDE, style, advised=True)
    return wide, next((each for each in narrow if not each.findings), None)


def _drawn_block(block: Figure | Chart, width: float, style: TypeStyle, *, advised: bool) -> Drawing:
    """Return the drawing of a figure or chart; its findings say what would have room if that is to be `advised`."""
    family = family_in(style.typeface, PRINT_FAMILY)
    if isinstance(block, Chart):
        return bar_chart_drawing(block, width, style, family, "print", advised=advised)
    return figure_drawing(block.name, dict(block.labels), width, style, family, "print", block.signs, advised=advised)


def picture_html(picture: Picture, context: PageContext) -> Html:
    """Return a picture with its caption."""
    image = image_html(picture.image, picture.alt, "", context)
    caption = optional(inlines_html(picture.caption, context), "figcaption", class_="how")
    return element("figure", image, caption, class_="picture")


def image_html(image: Pixels | Outlines, alt: str, kind: str, context: PageContext) -> Html:
    """Return an image; one without alt text is decoration, which is not read."""
    one_bit = context.theme.edition.one_bit
    if isinstance(image, Outlines):
        return outlines_svg(image, alt, kind, one_bit=one_bit)
    content = image.copied if one_bit else image.screen
    media = "image/png" if content.startswith(_PNG) else "image/jpeg"
    data = f"data:{media};base64,{b64encode(content).decode('ascii')}"
    return element("img", alt=alt, src=data, width=image.width, height=image.height, class_=kind)


def qr_code_html(code: QrCode, context: PageContext) -> Html:
    """Return a code to point a phone at, its address in words below it."""
    drawing = qr_code_drawing(code.target, _CODE_SIZE)
    square = labelled_svg(drawing, "", context.words.say("qr_alt", target=code.target))
    address = NOTHING if code.small else element("p", link_html(text(printed_address(code.target)), code.target))
    caption = optional(inlines_html(code.caption, context), "p")
    return element("div", joined((square, caption, address)), class_="code")
