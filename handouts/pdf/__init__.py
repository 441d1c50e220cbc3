"""Document -> tagged PDF: `plan` decides where everything stands, `draw` puts it there. Reads no content, no clock."""

from __future__ import annotations

from handouts.document import Document, Rendered
from handouts.finding import is_error
from handouts.theme import Paper, Theme


def render_pdf(document: Document, theme: Theme, *, sheet: Paper | None = None, fillable: bool = False) -> Rendered:
    """Return `document` as the bytes of a PDF; if something does not fit, there are findings and no bytes.

    With a `sheet` the pages lie two by two on sheets for a printer, to be folded to a booklet. In a `fillable` file the
    lines and boxes to write on are fields of a form.
    """
    from handouts.pdf.draw import draw_plan
    from handouts.pdf.plan import plan_document

    plan = plan_document(document, theme, fillable=fillable)
    if sheet:
        from handouts.pdf.booklet import impose

        plan = impose(plan, sheet, blank_back=document.discreet)
    if any(is_error(found) for found in plan.findings):
        return Rendered(b"", len(plan.pages), plan.findings)
    return Rendered(draw_plan(plan, document, theme), len(plan.pages), plan.findings)
