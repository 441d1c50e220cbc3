"""Draw one planned page as the pixels of a PNG.

A plan, the number of a page and a width in pixels come in. Must be called in one thread at a time: PDFium has no locks.
"""

from __future__ import annotations

from io import BytesIO

import pypdfium2

from handouts.layout.page_model import PagePlan
from handouts.pdf.plan_writer import write_page
from handouts.render_cache import RenderCache
from handouts.theme import Theme

WIDEST = 4_000  # pixels
_FAST = 1  # level of compression: a picture goes no further than to a browser on this machine


def draw_page(plan: PagePlan, number: int, theme: Theme, width: int, cache: RenderCache) -> bytes:
    """Return page `number`, counted from 0, as a PNG that is `width` pixels wide."""
    document = pypdfium2.PdfDocument(write_page(plan, number, theme, cache=cache))
    try:
        picture = document[0].render(scale=(width - 0.5) / plan.pages[number].width).to_pil()
    finally:
        document.close()
    written = BytesIO()
    picture.save(written, "PNG", compress_level=_FAST)
    return written.getvalue()
