"""Slides on paper: a Document -> the plan of its deck -> tagged PDF pages. Reads no content, no clock.

`render_slides_pdf` shows one slide a page, each page as large as its slide; `render_lines_pdf` three a page with lines
to write on, without a note; `render_notes_pdf` each slide above its notes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from handouts.document import Document, Rendered
from handouts.finding import is_error
from handouts.theme import Theme

if TYPE_CHECKING:
    from handouts.deck.planned import DeckPlan
    from handouts.pdf.page import Plan


def render_slides_pdf(document: Document, theme: Theme) -> Rendered:
    """Return the slides of `document` as a PDF; if something does not fit, there are findings and no bytes."""
    from handouts.onpaper.plan import plan_slides

    return render(plan_slides, document, theme)


def render_lines_pdf(document: Document, theme: Theme) -> Rendered:
    """Return the slides of `document` three a page with lines to write on, as `render_slides_pdf` does."""
    from handouts.onpaper.lines import plan_lines

    return render(plan_lines, document, theme)


def render_notes_pdf(document: Document, theme: Theme) -> Rendered:
    """Return the slides of `document`, each above its notes, as `render_slides_pdf` does."""
    from handouts.onpaper.notes import plan_notes

    return render(plan_notes, document, theme)


def render(plan_pages: Callable[[DeckPlan, Document, Theme], Plan], document: Document, theme: Theme) -> Rendered:
    """Return the pages that `plan_pages` makes of the planned deck as a PDF, or what does not fit."""
    from handouts.deck.plan import plan_deck
    from handouts.pdf.draw import draw_plan

    deck = plan_deck(document, theme)
    if any(is_error(found) for found in deck.findings):
        return Rendered(b"", len(deck.slides), deck.findings)
    plan = plan_pages(deck, document, theme)
    if any(is_error(found) for found in plan.findings):
        return Rendered(b"", len(plan.pages), plan.findings)
    return Rendered(draw_plan(plan, document, theme), len(plan.pages), plan.findings)
