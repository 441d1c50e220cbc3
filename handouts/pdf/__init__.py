"""Render a Document as a tagged PDF: `layout` plans the pages, this package writes them.

Reads no content and no clock.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from handouts.document.nodes import Document, Rendered
from handouts.theme import Paper, Theme

if TYPE_CHECKING:
    from handouts.layout.page_model import PagePlan
    from handouts.render_cache import RenderCache

# reportlab imports settings from modules of these names, or from the user's home folder. Empty modules in their place
# keep a user's settings from changing the files.
for _settings in ("reportlab_mods", "reportlab_settings"):
    sys.modules.setdefault(_settings, ModuleType(_settings))


def render_pdf(
    document: Document,
    theme: Theme,
    *,
    sheet: Paper | None = None,
    fillable: bool = False,
    cache: RenderCache | None = None,
) -> Rendered:
    """Return `document` as a PDF file; if something does not fit, there are findings and no bytes.

    With a `sheet` the pages are imposed on sheets for a printer, to be folded to a booklet. In a `fillable` file the
    lines and boxes to write on are form fields. `cache` holds what several files share; the bytes are the same without
    it.
    """
    from handouts.pdf.plan_writer import write_plan

    plan = plan_pdf(document, theme, sheet=sheet, fillable=fillable, cache=cache)
    return write_plan(plan, document, theme, cache=cache)


def plan_pdf(
    document: Document,
    theme: Theme,
    *,
    sheet: Paper | None = None,
    fillable: bool = False,
    cache: RenderCache | None = None,
) -> PagePlan:
    """Return the pages that `render_pdf` writes, with findings for what does not fit."""
    from handouts.layout.handout_pages import plan_document

    plan = plan_document(document, theme, fillable=fillable, cache=cache)
    if not sheet:
        return plan
    from handouts.pdf.imposition import impose_booklet

    return impose_booklet(plan, sheet, blank_back=document.discreet)
