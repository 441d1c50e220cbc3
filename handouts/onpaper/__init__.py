"""Slides on paper: a Document -> the plan of its deck -> tagged PDF pages. Reads no content, no clock.

`render_slides_pdf` shows one slide a page, each page as large as its slide; `render_lines_pdf` three a page with lines
to write on, without a note; `render_notes_pdf` each slide above its notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from handouts.document import Document, Rendered
from handouts.finding import is_error
from handouts.theme import Theme

if TYPE_CHECKING:
    from handouts.pdf.page import Plan

Kind: TypeAlias = Literal["slides", "lines", "notes"]


def render_slides_pdf(document: Document, theme: Theme) -> Rendered:
    """Return the slides of `document` as a PDF; if something does not fit, there are findings and no bytes."""
    return render("slides", document, theme)


def render_lines_pdf(document: Document, theme: Theme) -> Rendered:
    """Return the slides of `document` three a page with lines to write on, as `render_slides_pdf` does."""
    return render("lines", document, theme)


def render_notes_pdf(document: Document, theme: Theme) -> Rendered:
    """Return the slides of `document`, each above its notes, as `render_slides_pdf` does."""
    return render("notes", document, theme)


def render(kind: Kind, document: Document, theme: Theme) -> Rendered:
    """Return the planned deck on pages of one kind as a PDF, or what does not fit."""
    from handouts.pdf.draw import draw_plan

    plan = plan_on_paper(kind, document, theme)
    if any(is_error(found) for found in plan.findings):
        return Rendered(b"", len(plan.pages), plan.findings)
    return Rendered(draw_plan(plan, document, theme), len(plan.pages), plan.findings)


def plan_on_paper(kind: Kind, document: Document, theme: Theme) -> Plan:
    """Return the pages of one kind that show the planned deck; none, but the findings, if its slides do not fit."""
    from handouts.deck.deck_plan import plan_deck
    from handouts.onpaper.lines import plan_lines
    from handouts.onpaper.notes import plan_notes
    from handouts.onpaper.plan import plan_slides
    from handouts.pdf.page import Element, Plan

    deck = plan_deck(document, theme)
    if any(is_error(found) for found in deck.findings):
        return Plan((), Element("Document"), (), deck.findings)
    return {"slides": plan_slides, "lines": plan_lines, "notes": plan_notes}[kind](deck, document, theme)
