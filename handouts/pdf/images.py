"""Pictures of pixels in PDF syntax: a PNG without transparency or a JPEG in, an image that a page can show out.

Their pixels go into the file as they are packed already (ISO 32000-1, 7.4.4.4 and 7.4.8); nothing is unpacked.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from msgspec import Struct

from handouts.pdf.objects import File, numbers, stream
from handouts.pdf.page import ImageItem, Page, Plan

PNG = b"\x89PNG\r\n\x1a\n"
SPACES = {0: ("/DeviceGray", 1), 2: ("/DeviceRGB", 3)}
FRAMES = (0xC0, 0xC1, 0xC2)


class ImageBook(Struct, frozen=True):
    """The images of one file: the names by which pages call them, by their bytes, and references by these names."""

    names: Mapping[bytes, str]
    references: Mapping[str, str]

    def on(self, page: Page) -> dict[str, str]:
        """Return the references to the images that `page` shows, by name."""
        shown = [self.names[item.content] for item in page.items if isinstance(item, ImageItem)]
        return {name: self.references[name] for name in shown}


def write_images(plan: Plan, file: File) -> ImageBook:
    """Write each image of `plan` once."""
    items = (item for page in plan.pages for item in page.items)
    contents = dict.fromkeys(item.content for item in items if isinstance(item, ImageItem))
    names = {content: f"I{number}" for number, content in enumerate(contents)}
    return ImageBook(names, {name: file.add(image_object(content)) for content, name in names.items()})


def show_image(name: str, item: ImageItem, page_height: float) -> str:
    """Return the operators that show an image where it stands."""
    matrix = numbers(item.width, 0, 0, item.height, item.x, page_height - item.y - item.height)
    return f"q\n{matrix} cm\n/{name} Do\nQ"


def image_object(content: bytes) -> bytes:
    """Return an image as an object (ISO 32000-1, 8.9.5)."""
    return png_object(content) if content.startswith(PNG) else jpeg_object(content)


def png_object(content: bytes) -> bytes:
    """Return a PNG that is not interlaced and has no transparency."""
    width, height, bits, kind = struct.unpack_from(">IIBB", content, len(PNG) + 8)
    space, colours = SPACES[kind]
    packed, position = b"", len(PNG)
    while position < len(content):
        (size,) = struct.unpack_from(">I", content, position)
        if content[position + 4 : position + 8] == b"IDAT":
            packed += content[position + 8 : position + 8 + size]
        position += size + 12
    parameters = f"/DecodeParms<</Predictor 15/Colors {colours}/BitsPerComponent {bits}/Columns {width}>>"
    entries = image_entries(width, height, bits, space)
    return stream(packed, f"{entries}/Filter/FlateDecode{parameters}", compress=False)


def jpeg_object(content: bytes) -> bytes:
    """Return a JPEG in grey or in red, green and blue."""
    position = 2
    while content[position + 1] not in FRAMES:
        (size,) = struct.unpack_from(">H", content, position + 2)
        position += 2 + size
    bits, height, width, colours = struct.unpack_from(">BHHB", content, position + 4)
    space = "/DeviceGray" if colours == 1 else "/DeviceRGB"
    return stream(content, f"{image_entries(width, height, bits, space)}/Filter/DCTDecode", compress=False)


def image_entries(width: int, height: int, bits: int, space: str) -> str:
    """Return what every image says of itself."""
    size = f"/Width {width}/Height {height}/BitsPerComponent {bits}"
    return f"/Type/XObject/Subtype/Image{size}/ColorSpace{space}/Interpolate false"
