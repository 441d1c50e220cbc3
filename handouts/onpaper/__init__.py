"""Slides on paper: a Document -> the plan of its deck -> tagged PDF pages. Reads no content, no clock.

`render_slides` shows one slide a page, each page as large as its slide.
"""

from __future__ import annotations

from handouts.document import Document, Rendered
from handouts.finding import is_error
from handouts.theme import Theme


def render_slides(document: Document, theme: Theme) -> Rendered:
    """Return the slides of `document` as a PDF; if something does not fit, there are findings and no bytes."""
    from handouts.deck.plan import plan_deck
    from handouts.onpaper.plan import plan_slides
    from handouts.pdf.draw import draw_plan

    deck = plan_deck(document, theme)
    if any(is_error(found) for found in deck.findings):
        return Rendered(b"", len(deck.slides), deck.findings)
    plan = plan_slides(deck, document, theme)
    return Rendered(draw_plan(plan, document, theme), len(plan.pages), plan.findings)
