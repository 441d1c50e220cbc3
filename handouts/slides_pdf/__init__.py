"""Render the slides of a Document as a tagged PDF: one a page, three a page beside writing lines, or above their notes.

Plans the deck, puts its slides on pages and writes these. Reads no content and no clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from handouts.document.nodes import Document, Rendered
from handouts.finding import is_error
from handouts.render_cache import RenderCache
from handouts.theme import Theme

if TYPE_CHECKING:
    from handouts.layout.page_model import PagePlan

_SlidesPdfKind: TypeAlias = Literal["slides", "lines", "notes"]


def render_slides_pdf(document: Document, theme: Theme, *, cache: RenderCache | None = None) -> Rendered:
    """Return the slides of `document` as a PDF; if something does not fit, there are findings and no bytes.

    Slides that `render_deck` or another format has planned with the same `cache` are not planned again.
    """
    return _render_deck_pages("slides", document, theme, cache)


def render_lines_pdf(document: Document, theme: Theme, *, cache: RenderCache | None = None) -> Rendered:
    """Return the slides of `document` three a page with lines to write on, as `render_slides_pdf` does."""
    return _render_deck_pages("lines", document, theme, cache)


def render_notes_pdf(document: Document, theme: Theme, *, cache: RenderCache | None = None) -> Rendered:
    """Return the slides of `document`, each above its notes, as `render_slides_pdf` does."""
    return _render_deck_pages("notes", document, theme, cache)


def _render_deck_pages(kind: _SlidesPdfKind, document: Document, theme: Theme, cache: RenderCache | None) -> Rendered:
    """Return the planned deck on pages of one kind as a PDF, or what does not fit."""
    from handouts.pdf.plan_writer import write_plan

    return write_plan(plan_deck_pages(kind, document, theme, cache), document, theme, cache=cache)


def plan_deck_pages(
    kind: _SlidesPdfKind, document: Document, theme: Theme, cache: RenderCache | None = None
) -> PagePlan:
    """Return the pages of one kind that show the planned deck; no pages, but the findings, if its slides do not fit."""
    from handouts.deck.deck_plan import plan_deck
    from handouts.layout.page_model import Element, PagePlan
    from handouts.slides_pdf.deck_pages import plan_notes_pages, plan_slide_pages, plan_three_up_pages

    deck = plan_deck(document, theme, cache)
    if any(is_error(found) for found in deck.findings):
        return PagePlan((), Element("Document"), (), deck.findings)
    planners = {"slides": plan_slide_pages, "lines": plan_three_up_pages, "notes": plan_notes_pages}
    return planners[kind](deck, document, theme)
