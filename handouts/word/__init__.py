"""Render a Document as an editable Word file (DOCX, ISO/IEC 29500) with real styles, lists and tables.

`word_blocks` and the files beside it turn blocks into paragraphs and tables, `word_styles` has their styles,
`drawn_pictures` draws figures, `word_package` puts the file together. `review_copy` uses the same parts for the file in
which people review a text. Reads no content and no clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handouts.document.nodes import Document, Rendered
from handouts.finding import is_error
from handouts.theme import Theme

if TYPE_CHECKING:
    from handouts.render_cache import RenderCache


def render_docx(document: Document, theme: Theme, *, cache: RenderCache | None = None) -> Rendered:
    """Return `document` as the bytes of a Word file; if something does not fit, findings and no bytes.

    `cache` shares work with other files; the bytes are the same without it.
    """
    from handouts.render_cache import RenderCache
    from handouts.word.word_package import docx_bytes

    content, findings = docx_bytes(document, theme, cache or RenderCache())
    return Rendered(b"" if any(map(is_error, findings)) else content, 1, findings)
