"""Render a Document as one self-contained HTML file: no script, no request, no cookie.

`block_html` and the files beside it turn blocks into elements, `page` puts a whole page together, `style_sheet` has its
looks and fonts. Reads no content and no clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handouts.document.nodes import Document, Rendered
from handouts.finding import is_error
from handouts.theme import Theme

if TYPE_CHECKING:
    from handouts.render_cache import RenderCache


def render_html(document: Document, theme: Theme, *, cache: RenderCache | None = None) -> Rendered:
    """Return `document` as the bytes of an HTML file; if something does not fit, findings and no bytes.

    `cache` shares work with other files; the bytes are the same without it.
    """
    from handouts.render_cache import RenderCache
    from handouts.web.page import page_html

    page, findings = page_html(document, theme, cache or RenderCache())
    failed = any(map(is_error, findings))
    return Rendered(b"" if failed else page.encode("utf-8"), 1, findings)
