"""How long a finished handout takes, beside the same words as plain paragraphs.

    python benchmarks/handout.py [--rounds 40] [--profile AUDIENCE]

Measured is `render_pdf(document, theme)`: planning and drawing one tagged handout, its Document and Theme ready. The
other build has the words of the same Document as reportlab's own paragraphs: the same font files, type sizes and page,
and no tags, tables, figures, links or bookmarks. Both are warm and take turns in one process. What a warm process keeps
from one build to the next is bounded: words already shaped (which both libraries' fonts keep in their own way), figures
already drawn, and paths already written. Ours forgets each time what it remembers of whole blocks, lines and fonts:
what a further copy of the same handout takes is for copies.py to say. Times are those of the processor; the share of it
that others use does not count.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer
from timing import line, measured, profiled, ratio, say

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

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 1, 1)


def main() -> None:
    """Measure all handouts of the project and print the report, or the profile of one."""
    options = argparse.ArgumentParser(description="Measure how long handouts take.")
    options.add_argument("--rounds", type=int, default=40)
    options.add_argument("--profile", metavar="AUDIENCE", default="")
    chosen = options.parse_args()
    register_fonts()
    handouts = ready_handouts()
    if chosen.profile:
        profile(next(each for each in handouts if each.audience == chosen.profile), chosen.rounds)
    else:
        report(handouts, chosen.rounds)


def ready_handouts() -> tuple[Deliverable, ...]:
    """Return the project's handouts with their documents and themes, none of them rendered."""
    content, templates = ROOT / "content", ROOT / "templates"
    options = Options(content, templates, ROOT / "output", formats=("pdf",), today=TODAY)
    return plan_deliverables(load_library(content, templates), options)[0]


# ---------------------------------------------------------------- the plain build


def register_fonts() -> None:
    """Let reportlab set text in the faces of the handout."""
    for face in (PRINT_FAMILY.regular[0], PRINT_FAMILY.bold[0]):
        registerFont(TTFont(face.name, io.BytesIO(load_font(face).content), shapable=False))


def plain_build(document: Document, theme: Theme) -> bytes:
    """Return the words of `document` as a file of plain paragraphs, a little space after each block."""
    flowables: list[Flowable] = []
    for block in document.blocks:
        style = paragraph_style(role_of(block), theme)
        flowables.extend(Paragraph(escape(words), style) for words in words_of(block))
        flowables.append(Spacer(1, theme.print["body"].after))
    out = io.BytesIO()
    right = theme.paper.width - theme.right
    SimpleDocTemplate(
        out,
        pagesize=(theme.paper.width, theme.paper.height),
        leftMargin=theme.axis - 6,  # a frame of reportlab's has 6 points of its own
        rightMargin=right - 6,
        topMargin=theme.margin,
        bottomMargin=theme.margin,
    ).build(flowables)
    return out.getvalue()


def role_of(block: Block) -> str:
    """Return the type style in which most words of `block` are set."""
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
    """Return a type style of `theme` in reportlab's terms."""
    style: TypeStyle = theme.print[role]
    face: FontFace = PRINT_FAMILY.faces(style.bold)[0]
    return ParagraphStyle(role, fontName=face.name, fontSize=style.size, leading=style.leading, spaceAfter=2)


# ---------------------------------------------------------------- the report


def report(handouts: Sequence[Deliverable], rounds: int) -> None:
    """Print a line for each handout and each way to build it."""
    say(f"Processor time in ms over {rounds} rounds; ratios are those of the medians, and of the least times.\n")
    say(f"{'':12} {'':8} {'least':>7} {'median':>7} {'p90':>7} {'clock':>7}   ratio (least)")
    for each in handouts:
        ways = (partial(build, each.document, each.theme) for build in (render_pdf, plain_build, plan_document))
        builds = list(ways)
        ours, plain, planned = measured(builds, rounds)
        say(line(each.audience, "plain", plain))
        say(line("", "tagged", ours) + ratio(ours, plain))
        say(line("", " plan", planned))


def profile(each: Deliverable, rounds: int) -> None:
    """Print what planning and then drawing one handout spend their time on."""
    plan = plan_document(each.document, each.theme)
    write_plan(plan, each.document, each.theme)
    stages = {
        "plan": partial(plan_document, each.document, each.theme),
        "draw": partial(write_plan, plan, each.document, each.theme),
    }
    profiled(stages, rounds)


if __name__ == "__main__":
    main()
