"""Draw one planned page as the pixels of a PNG.

Takes a plan, a page number and a width in pixels. Pages that look the same share a name, under which a picture can be
cached. Must be called in one thread at a time, because PDFium has no locks.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Hashable

import pypdfium2

from handouts.layout.page_model import ImageItem, LeafItem, Page, PagePlan, ShapeItem, TextItem, leaf_items
from handouts.pdf.plan_writer import write_page
from handouts.render_cache import RenderCache
from handouts.theme import Theme

WIDEST = 4_000  # pixels
_RGB = 2  # the colour type of three channels
_FAST = 1  # the lowest level of compression, since pictures only go to a browser on this machine


def draw_page(plan: PagePlan, number: int, theme: Theme, width: int, cache: RenderCache) -> bytes:
    """Return page `number`, counted from 0, as a PNG that is `width` pixels wide."""
    document = pypdfium2.PdfDocument(write_page(plan, number, theme, cache=cache))
    try:
        # PDFium rounds the size up. The order of channels is red, green, blue.
        return _png(document[0].render(scale=(width - 0.5) / plan.pages[number].width, rev_byteorder=True))
    finally:
        document.close()


def _png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """Return pixels as a PNG (ISO/IEC 15948) without filters; Pillow tries all filters, which takes twice as long."""
    pixels, length = bytes(bitmap.buffer), bitmap.width * bitmap.n_channels
    starts = range(0, bitmap.height * bitmap.stride, bitmap.stride)
    rows = b"".join([b"\0" + pixels[start : start + length] for start in starts])
    head = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, _RGB, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, _FAST)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def name_pages(plan: PagePlan, theme: Theme) -> tuple[str, ...]:
    """Return a name for each page of `plan`; while the program runs, only pages that look the same share a name."""
    look = tuple(sorted(theme.colours.items())), tuple(theme.edition.hatched)
    return tuple(f"{hash((look, _seen_on(page))) % (1 << 64):016x}" for page in plan.pages)


def _seen_on(page: Page) -> Hashable:
    """Return everything that is visible on a page."""
    return page.width, page.height, tuple(map(_seen_of, leaf_items(page.items)))


def _seen_of(item: LeafItem) -> Hashable:
    """Return the visible properties of an item: for a text its words, because its glyph runs compare by identity."""
    match item:
        case TextItem(run=run):
            return run.face.name, run.size, run.text, run.width, item.x, item.baseline, item.colour
        case ShapeItem():
            return item.shape, item.x, item.y
        case ImageItem():
            return item.content, item.x, item.y, item.width, item.height
        case _:
            return None
