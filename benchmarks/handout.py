"""Measures handouts, and compares them with the same words as plain reportlab paragraphs.

    python benchmarks/handout.py [--rounds 40] [--profile AUDIENCE]

`render_pdf(document, theme)` is measured: planning and drawing one tagged handout from a ready Document and Theme. The
plain build sets the words of the same Document as reportlab paragraphs, with the same font files, type sizes and page,
and without tags, tables, figures, links or bookmarks. Both are warm and run by turns in one process. What stays in
memory from one build to the next is bounded: shaped words (which both libraries cache), drawn figures and written
paths. No block, line or font of ours is cached; copies.py measures further copies. Times are processor times.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from datetime import date
from functools import partial
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer
from timing import ROOT, interleaved_timings, print_line, print_profiles, ratio, report_line

from handouts.document.nodes import (
    Block,
    Comparison,
    Cover,
    Document,
    Figure,
    Heading,
    MainMessage,
    Script,
    Sources,
    Table,
)
from handouts.document.text import words_of
from handouts.layout.handout_pages import plan_document
from handouts.load import load_library
from handouts.pdf import render_pdf
from handouts.pdf.plan_writer import write_plan
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.text.fonts import PRINT_FAMILY, FontFace, load_font
from handouts.theme import Theme, TypeStyle

TODAY = date(2026, 1, 1)


def main() -> None:
    """Measure all handouts of the project and print the report, or the profile of one."""
    parser = argparse.ArgumentParser(description="Measure how long handouts take.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--profile", metavar="AUDIENCE", default="")
    options = parser.parse_args()
    register_fonts()
    handouts = ready_handouts()
    if options.profile:
        profile(next(each for each in handouts if each.audience == options.profile), options.rounds)
    else:
        report(handouts, options.rounds)


def ready_handouts() -> tuple[Deliverable, ...]:
    """Return the handouts of the project with their documents and themes."""
    content, templates = ROOT / "content", ROOT / "templates"
    options = Options(content, templates, ROOT / "output", formats=("pdf",), today=TODAY)
    return plan_deliverables(load_library(content, templates), options)[0]


# ---------------------------------------------------------------- the plain build


def register_fonts() -> None:
    """Register the typefaces of the handout with reportlab."""
    for face in (PRINT_FAMILY.regular[0], PRINT_FAMILY.bold[0]):
        registerFont(TTFont(face.name, io.BytesIO(load_font(face).content), shapable=False))


def plain_build(document: Document, theme: Theme) -> bytes:
    """Return the words of `document` as a PDF of plain paragraphs, with space after each block."""
    flowables: list[Flowable] = []
    for block in document.blocks:
        style = paragraph_style(role_of(block), theme)
        flowables.extend(Paragraph(escape(words), style) for words in words_of(block))
        flowables.append(Spacer(1, theme.print["body"].after))
    buffer = io.BytesIO()
    right = theme.paper.width - theme.right
    SimpleDocTemplate(
        buffer,
        pagesize=(theme.paper.width, theme.paper.height),
        leftMargin=theme.axis - 6,  # frames of reportlab have a padding of 6 points
        rightMargin=right - 6,
        topMargin=theme.margin,
        bottomMargin=theme.margin,
    ).build(flowables)
    return buffer.getvalue()


def role_of(block: Block) -> str:
    """Return the type style of most words of `block`."""
    match block:
        case Heading():
            return "h2" if block.level == 2 else "h3"
        case Cover():
            return "h1"
        case MainMessage():
            return "lead"
        case Script():
            return "script"
        case Table() | Comparison():
            return "table"
        case Figure():
            return "caption"
        case Sources():
            return "source"
        case _:
            return "body"


def paragraph_style(role: str, theme: Theme) -> ParagraphStyle:
    """Return a type style of `theme` as a reportlab style."""
    style: TypeStyle = theme.print[role]
    face: FontFace = PRINT_FAMILY.faces(style.bold)[0]
    return ParagraphStyle(role, fontName=face.name, fontSize=style.size, leading=style.leading, spaceAfter=2)


# ---------------------------------------------------------------- the report


def report(handouts: Sequence[Deliverable], rounds: int) -> None:
    """Print a line for each handout and build."""
    print_line(f"Processor time in ms over {rounds} rounds; ratios are of the medians, and of the minimums.\n")
    print_line(f"{'':12} {'':8} {'min':>7} {'median':>7} {'p90':>7} {'clock':>7}   ratio (min)")
    for each in handouts:
        builds = [partial(build, each.document, each.theme) for build in (render_pdf, plain_build, plan_document)]
        ours, plain, planned = interleaved_timings(builds, rounds)
        print_line(report_line(each.audience, "plain", plain))
        print_line(report_line("", "tagged", ours) + ratio(ours, plain))
        print_line(report_line("", " plan", planned))


def profile(each: Deliverable, rounds: int) -> None:
    """Print profiles of planning and drawing one handout."""
    plan = plan_document(each.document, each.theme)
    write_plan(plan, each.document, each.theme)
    stages = {
        "plan": partial(plan_document, each.document, each.theme),
        "draw": partial(write_plan, plan, each.document, each.theme),
    }
    print_profiles(stages, rounds)


if __name__ == "__main__":
    main()
