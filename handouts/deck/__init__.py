"""Turn a Document into a PPTX deck.

The planning half (`deck_plan` and all that it imports) decides what is on which slide; slides_pdf uses it too. The
drawing half (`package` and all that only it imports) writes the planned slides as a PPTX file.
"""

from __future__ import annotations

from handouts.document.nodes import Document, Rendered
from handouts.render_cache import RenderCache
from handouts.theme import Theme


def render_deck(
    document: Document, theme: Theme, *, builds: bool = False, cache: RenderCache | None = None
) -> Rendered:
    """Return `document` as the bytes of a PPTX; if something does not fit, there are findings and no bytes.

    With `builds`, drawings, steps and comparisons appear click by click. What several decks share is planned and drawn
    once if they are given the same `cache`.
    """
    from handouts.deck.deck_plan import plan_deck
    from handouts.deck.package import draw_deck

    return draw_deck(plan_deck(document, theme, cache), document, theme, builds=builds, cache=cache)
