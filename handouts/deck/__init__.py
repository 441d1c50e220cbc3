"""Document -> deck: `plan` decides what stands on which slide, `draw` puts it there. Reads no content, no clock."""

from __future__ import annotations

from handouts.document import Document, Rendered
from handouts.finding import is_error
from handouts.theme import Theme


def render_deck(document: Document, theme: Theme, *, builds: bool = False) -> Rendered:
    """Return `document` as the bytes of a PPTX; if something does not fit, there are findings and no bytes.

    With `builds`, drawings, steps and comparisons appear click by click.
    """
    from handouts.deck.draw import draw_deck
    from handouts.deck.plan import plan_deck

    plan = plan_deck(document, theme)
    if any(is_error(found) for found in plan.findings):
        return Rendered(b"", len(plan.slides), plan.findings)
    return Rendered(draw_deck(plan, document, theme, builds=builds), len(plan.slides), plan.findings)
