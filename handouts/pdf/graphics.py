"""Shapes and images in PDF syntax: path operators for shapes, image objects for PNG and JPEG.

Each shape is painted between q and Q, so that none changes the next; y is turned from down to up here. The
pixels of an image go into the file as they are packed. Must never be given a Label, whose words are text items.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.shapes import Command, Path, Shape
from handouts.figures.signs import hatch_paths
from handouts.layout.page_model import ImageItem, Page, PagePlan, coordinate_pairs, shape_bounds, shape_path
from handouts.pdf.objects import PdfFile, pdf_number, pdf_numbers, stream_object
from handouts.theme import rgb_channels

CAP_STYLES = {"butt": 0, "round": 1}
PATH_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


def shape_operators(
    shape: Shape, x: float, y: float, page_height: float, colours: Mapping[str, str], hatched: Collection[str] = ()
) -> str:
    """Return the operators that paint `shape` moved by `x` and `y`; "" if it has neither fill nor stroke.

    A fill of a `hatched` role is drawn as lines of ink.
    """
    outline = shape_path(shape)
    if outline.fill in hatched:
        edge = shape_operators(replace(outline, fill=""), x, y, page_height, colours)
        return "\n".join(part for part in (hatch_operators(outline, x, y, page_height, colours), edge) if part)
    stroked = bool(outline.stroke) and outline.width > 0
    if not outline.commands or not (outline.fill or stroked):
        return ""
    parts = ["q"]
    if outline.fill:
        parts.append(f"{colour_operands(outline.fill, colours)} rg")
    if stroked:
        dash = f" [{pdf_numbers(*outline.dash)}] 0 d" if outline.dash else ""
        pen = f"{colour_operands(outline.stroke, colours)} RG {pdf_number(outline.width)} w {CAP_STYLES[outline.cap]} J 1 j"
        parts.append(pen + dash)
    parts.append(path_operators(outline.commands, x, page_height - y))
    parts.append("B" if outline.fill and stroked else "f" if outline.fill else "S")
    parts.append("Q")
    return "\n".join(parts)


def hatch_operators(outline: Path, x: float, y: float, page_height: float, colours: Mapping[str, str]) -> str:
    """Return the operators that paint lines wherever `outline` would be filled (ISO 32000-1, 8.5.4)."""
    inside = shape_bounds(replace(outline, stroke=""), 0.0, 0.0)
    lines = hatch_paths(inside.left, inside.top, inside.right - inside.left, inside.bottom - inside.top, "ink")
    cut = path_operators(outline.commands, x, page_height - y)
    drawn = (shape_operators(line, x, y, page_height, colours) for line in lines)
    return "\n".join(("q", cut, "W n", *drawn, "Q"))


# The same marks stand at the same place on page after page.
@lru_cache(maxsize=600)
def path_operators(commands: tuple[Command, ...], x: float, top: float) -> str:
    """Return the operators that build the path of `commands` from `x` and `top`, in the page's own coordinates."""
    return "\n".join(
        "".join([f"{pdf_number(x + across)} {pdf_number(top - down)} " for across, down in coordinate_pairs(values)])
        + PATH_OPERATORS[verb]
        for verb, values in commands
    )


def colour_operands(role: str, colours: Mapping[str, str]) -> str:
    """Return the operands for the colour of `role`, or for a literal one. KeyError if the theme has no such role."""
    return rgb_operands(role if role.startswith("#") else colours[role])


@lru_cache(maxsize=64)
def rgb_operands(value: str) -> str:
    """Return "#RRGGBB" as red, green and blue, each from 0 to 1."""
    return pdf_numbers(*rgb_channels(value))


PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_SPACES = {0: ("/DeviceGray", 1), 2: ("/DeviceRGB", 3)}
JPEG_FRAME_MARKERS = (0xC0, 0xC1, 0xC2)


class FileImages(Struct, frozen=True):
    """The images of one file: the names by which pages call them, by their bytes, and references by these names."""

    names: Mapping[bytes, str]
    references: Mapping[str, str]

    def on(self, page: Page) -> dict[str, str]:
        """Return the references to the images that `page` shows, by name."""
        shown = [self.names[item.content] for item in page.items if isinstance(item, ImageItem)]
        return {name: self.references[name] for name in shown}


def write_images(plan: PagePlan, file: PdfFile) -> FileImages:
    """Write each image of `plan` once."""
    items = (item for page in plan.pages for item in page.items)
    contents = dict.fromkeys(item.content for item in items if isinstance(item, ImageItem))
    names = {content: f"I{number}" for number, content in enumerate(contents)}
    return FileImages(names, {name: file.add(image_object(content)) for content, name in names.items()})


def image_operators(name: str, item: ImageItem, page_height: float) -> str:
    """Return the operators that show an image where it stands."""
    matrix = pdf_numbers(item.width, 0, 0, item.height, item.x, page_height - item.y - item.height)
    return f"q\n{matrix} cm\n/{name} Do\nQ"


def image_object(content: bytes) -> bytes:
    """Return an image as an object (ISO 32000-1, 8.9.5)."""
    return png_object(content) if content.startswith(PNG_SIGNATURE) else jpeg_object(content)


def png_object(content: bytes) -> bytes:
    """Return a PNG that is not interlaced and has no transparency."""
    width, height, bits, kind = struct.unpack_from(">IIBB", content, len(PNG_SIGNATURE) + 8)
    space, colours = COLOUR_SPACES[kind]
    packed, position = b"", len(PNG_SIGNATURE)
    while position < len(content):
        (size,) = struct.unpack_from(">I", content, position)
        if content[position + 4 : position + 8] == b"IDAT":
            packed += content[position + 8 : position + 8 + size]
        position += size + 12
    parameters = f"/DecodeParms<</Predictor 15/Colors {colours}/BitsPerComponent {bits}/Columns {width}>>"
    entries = image_entries(width, height, bits, space)
    return stream_object(packed, f"{entries}/Filter/FlateDecode{parameters}", compress=False)


def jpeg_object(content: bytes) -> bytes:
    """Return a JPEG in grey or in red, green and blue."""
    position = 2
    while content[position + 1] not in JPEG_FRAME_MARKERS:
        (size,) = struct.unpack_from(">H", content, position + 2)
        position += 2 + size
    bits, height, width, colours = struct.unpack_from(">BHHB", content, position + 4)
    space = "/DeviceGray" if colours == 1 else "/DeviceRGB"
    return stream_object(content, f"{image_entries(width, height, bits, space)}/Filter/DCTDecode", compress=False)


def image_entries(width: int, height: int, bits: int, space: str) -> str:
    """Return what every image says of itself."""
    size = f"/Width {width}/Height {height}/BitsPerComponent {bits}"
    return f"/Type/XObject/Subtype/Image{size}/ColorSpace{space}/Interpolate false"
