"""Draw page items on reportlab's canvas: shapes as paths, images, and texts as runs of placed glyphs.

Each shape is drawn between saveState and restoreState, so that none affects the next. y grows downward in page items
and upward on the canvas; `top` is the height of the page. A TextLabel is refused: its words are text items.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from handouts.figures.shapes import Circle, Rectangle, Shape
from handouts.figures.signs import hatch_paths
from handouts.layout.page_model import ImageItem, PagePlan, TextItem, leaf_items, shape_bounds, shape_path
from handouts.pdf.embedded_fonts import EmbeddedFont, show_glyphs
from handouts.pdf.objects import PdfFile, pdf_number, pdf_numbers, stream_object
from handouts.text.fonts import FontFace
from handouts.theme import rgb_channels

_BUTT_CAP, _ROUND_CAP, _ROUND_JOIN = 0, 1, 1


class Pen(Struct, frozen=True):
    """What to draw with: the canvas, the colour of each role, and the roles whose fills are drawn as hatching."""

    canvas: Canvas
    colours: Mapping[str, str]
    hatched: Collection[str] = ()

    def colour(self, role: str) -> tuple[float, float, float]:
        """Return the colour of `role`, which may also be a literal colour. KeyError if the theme has no such role."""
        return rgb_channels(role if role.startswith("#") else self.colours[role])


def draw_shape(shape: Shape, x: float, y: float, top: float, pen: Pen) -> None:
    """Draw `shape` moved by `x` and `y`, if it has a fill or a stroke."""
    look, canvas = shape_path(shape), pen.canvas
    fill = look.fill if look.commands else ""
    if fill in pen.hatched:
        _draw_hatching(shape, x, y, top, pen)
        fill = ""
    stroked = bool(look.stroke) and look.width > 0
    if not look.commands or not (fill or stroked):
        return
    canvas.saveState()
    if fill:
        canvas.setFillColor(pen.colour(fill))
    if stroked:
        canvas.setStrokeColor(pen.colour(look.stroke))
        canvas.setLineWidth(look.width)
        canvas.setLineCap(_ROUND_CAP if look.cap == "round" else _BUTT_CAP)
        canvas.setLineJoin(_ROUND_JOIN)
        if look.dash:
            canvas.setDash(list(look.dash))
    path = _canvas_path(shape, x, top - y, canvas)
    canvas.drawPath(path, stroke=int(stroked), fill=int(bool(fill)), fillMode=FILL_NON_ZERO)
    canvas.restoreState()


def _draw_hatching(shape: Shape, x: float, y: float, top: float, pen: Pen) -> None:
    """Draw lines of ink where `shape` would be filled."""
    inside = shape_bounds(replace(shape_path(shape), stroke=""), 0.0, 0.0)
    pen.canvas.saveState()
    pen.canvas.clipPath(_canvas_path(shape, x, top - y, pen.canvas), stroke=0, fill=0, fillMode=FILL_NON_ZERO)
    for line in hatch_paths(inside.left, inside.top, inside.right - inside.left, inside.bottom - inside.top, "ink"):
        draw_shape(line, x, y, top, Pen(pen.canvas, pen.colours))
    pen.canvas.restoreState()


def _canvas_path(shape: Shape, x: float, top: float, canvas: Canvas) -> PDFPathObject:
    """Return the path of `shape` on the canvas, with its origin at `x` and `top`."""
    path = canvas.beginPath()
    if isinstance(shape, Circle):
        path.circle(x + shape.x, top - shape.y, shape.radius)
        return path
    if isinstance(shape, Rectangle) and shape.radius <= 0:
        path.rect(x + shape.x, top - shape.y - shape.height, shape.width, shape.height)
        return path
    for verb, values in shape_path(shape).commands:
        match verb, values:
            case "M", (across, down):
                path.moveTo(x + across, top - down)
            case "L", (across, down):
                path.lineTo(x + across, top - down)
            case "C", (x1, y1, x2, y2, x3, y3):
                path.curveTo(x + x1, top - y1, x + x2, top - y2, x + x3, top - y3)
            case _:
                path.close()
    return path


def draw_texts(items: Iterable[TextItem], top: float, pen: Pen, fonts: Mapping[FontFace, EmbeddedFont]) -> None:
    """Draw texts in one text object, which sets its own fonts and colours.

    The operators are literal because reportlab's text objects choose the code and the place of each glyph themselves.
    """
    canvas, font_set, colour_set = pen.canvas, "", ""
    canvas.addLiteral("BT")
    for item in items:
        font = fonts[item.run.face]
        chosen = f"/{font.name} {pdf_number(item.run.size)} Tf"
        if chosen != font_set:
            canvas.addLiteral(chosen)
        if item.colour != colour_set:
            canvas.setFillColor(pen.colour(item.colour))
        font_set, colour_set = chosen, item.colour
        canvas.addLiteral(f"1 0 0 1 {pdf_numbers(item.x, top - item.baseline)} Tm")
        canvas.addLiteral(show_glyphs(item.run, font))
    canvas.addLiteral("ET")


def draw_image(item: ImageItem, top: float, canvas: Canvas) -> None:
    """Draw the image of `item`."""
    canvas.saveState()
    canvas.translate(item.x, top - item.y - item.height)
    canvas.scale(item.width, item.height)
    canvas.doForm(image_name(item.content))
    canvas.restoreState()


_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_SPACES = {0: ("/DeviceGray", 1), 2: ("/DeviceRGB", 3)}
_JPEG_FRAME_MARKERS = (0xC0, 0xC1, 0xC2)


def write_images(plan: PagePlan, file: PdfFile) -> dict[str, str]:
    """Write each image of `plan` once, and return the references to them by their names.

    The compressed pixels are written as they are; `drawImage` would unpack and compress them again.
    """
    items = (item for page in plan.pages for item in leaf_items(page.items))
    contents = dict.fromkeys(item.content for item in items if isinstance(item, ImageItem))
    return {image_name(content): file.add(_image_object(content)) for content in contents}


def image_name(content: bytes) -> str:
    """Return the name by which content streams refer to an image, the same in every file."""
    return f"Image{hashlib.sha256(content).hexdigest()[:16]}"


def _image_object(content: bytes) -> bytes:
    """Return an image as a stream object (ISO 32000-1, 8.9.5)."""
    return _png_object(content) if content.startswith(_PNG_SIGNATURE) else _jpeg_object(content)


def _png_object(content: bytes) -> bytes:
    """Return a PNG as a stream object; it must not be interlaced or transparent."""
    width, height, bits, kind = struct.unpack_from(">IIBB", content, len(_PNG_SIGNATURE) + 8)
    space, colours = _COLOUR_SPACES[kind]
    packed, position = b"", len(_PNG_SIGNATURE)
    while position < len(content):
        (size,) = struct.unpack_from(">I", content, position)
        if content[position + 4 : position + 8] == b"IDAT":
            packed += content[position + 8 : position + 8 + size]
        position += size + 12
    parameters = f"/DecodeParms<</Predictor 15/Colors {colours}/BitsPerComponent {bits}/Columns {width}>>"
    entries = _image_entries(width, height, bits, space)
    return stream_object(packed, f"{entries}/Filter/FlateDecode{parameters}", compress=False)


def _jpeg_object(content: bytes) -> bytes:
    """Return a JPEG, in grey or RGB, as a stream object."""
    position = 2
    while content[position + 1] not in _JPEG_FRAME_MARKERS:
        (size,) = struct.unpack_from(">H", content, position + 2)
        position += 2 + size
    bits, height, width, colours = struct.unpack_from(">BHHB", content, position + 4)
    space = "/DeviceGray" if colours == 1 else "/DeviceRGB"
    return stream_object(content, f"{_image_entries(width, height, bits, space)}/Filter/DCTDecode", compress=False)


def _image_entries(width: int, height: int, bits: int, space: str) -> str:
    """Return the dictionary entries that every image has."""
    size = f"/Width {width}/Height {height}/BitsPerComponent {bits}"
    return f"/Type/XObject/Subtype/Image{size}/ColorSpace{space}/Interpolate false"
