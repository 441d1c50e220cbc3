"""How long a finished handout takes, beside the same words as plain paragraphs.

    python benchmarks/handout.py [--rounds 40] [--profile AUDIENCE]

Measured is `render_pdf(document, theme)`: planning and drawing one tagged handout, its Document and Theme ready. The
other build has the words of the same Document as reportlab's own paragraphs: the same font files, type sizes and page,
and no tags, tables, figures, links or bookmarks. Both are warm and take turns in one process. What a warm process keeps
from one build to the next is bounded: words already shaped (which both libraries' fonts keep in their own way), figures
already drawn, and paths already written. Times are those of the processor; the share of it that others use does not
count.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import io
import pstats
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import TypeAlias
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from handouts.build import Deliverable, Options, plan_deliverables
from handouts.document import (
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
    words_of,
)
from handouts.load import load_library
from handouts.pdf import render_pdf
from handouts.pdf.draw import draw_plan
from handouts.pdf.plan import plan_document
from handouts.text import PRINT, Face, font_bytes
from handouts.theme import Theme, TypeStyle

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 1, 1)
WARM_UP = 5

Times: TypeAlias = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of the processor, and by the clock, that one build took."""

    processor: float
    clock: float


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
    for face in (PRINT.regular[0], PRINT.bold[0]):
        registerFont(TTFont(face.name, io.BytesIO(font_bytes(face)), shapable=False))


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
    face: Face = PRINT.faces(style.bold)[0]
    return ParagraphStyle(role, fontName=face.name, fontSize=style.size, leading=style.leading, spaceAfter=2)


# ---------------------------------------------------------------- measuring


def timed(build: Callable[[], object]) -> Timing:
    """Return how long `build` takes; what others have left to be collected is not its own."""
    gc.collect()
    clock, processor = time.perf_counter(), time.process_time()
    build()
    return Timing(time.process_time() - processor, time.perf_counter() - clock)


def measured(builds: Sequence[Callable[[], object]], rounds: int) -> list[list[Timing]]:
    """Return the timings of each of `builds`, which take turns, each first as often as the others."""
    for _ in range(WARM_UP):
        for build in builds:
            build()
    timings: list[list[Timing]] = [[] for _ in builds]
    for number in range(rounds):
        for index in turned(len(builds), number):
            timings[index].append(timed(builds[index]))
    return timings


def turned(count: int, start: int) -> Iterator[int]:
    """Yield the numbers below `count`, another one first each time."""
    return ((start + index) % count for index in range(count))


def report(handouts: Sequence[Deliverable], rounds: int) -> None:
    """Print a line for each handout and each way to build it."""
    say(f"Processor time in ms over {rounds} rounds; ratios are those of the medians, and of the least times.\n")
    say(f"{'':12} {'':8} {'least':>7} {'median':>7} {'p90':>7} {'clock':>7}   ratio (least)")
    for each in handouts:
        builds = [partial(build, each.document, each.theme) for build in (render_pdf, plain_build, plan_document)]
        ours, plain, planned = measured(builds, rounds)
        say(line(each.audience, "plain", plain))
        say(line("", "tagged", ours) + ratio(ours, plain))
        say(line("", " plan", planned))


def line(name: str, way: str, timings: Sequence[Timing]) -> str:
    """Return one line of the report: least, median and ninth tenth of the processor, median of the clock."""
    times = [1000 * each.processor for each in timings]
    values = (min(times), median(times), quantiles(times, n=10)[-1], 1000 * median(each.clock for each in timings))
    return f"{name:12} {way:8}" + "".join(f" {value:7.1f}" for value in values)


def ratio(ours: Sequence[Timing], plain: Sequence[Timing]) -> str:
    """Return how much longer ours takes than the plain build."""
    medians, least = (
        of(each.processor for each in ours) / of(each.processor for each in plain) for of in (median, min)
    )
    return f"   {medians:5.2f} ({least:.2f})"


def profile(each: Deliverable, rounds: int) -> None:
    """Print what planning and then drawing one handout spend their time on."""
    plan = plan_document(each.document, each.theme)
    draw_plan(plan, each.document, each.theme)
    stages: dict[str, Callable[[], object]] = {
        "plan": partial(plan_document, each.document, each.theme),
        "draw": partial(draw_plan, plan, each.document, each.theme),
    }
    for name, build in stages.items():
        profiler = cProfile.Profile()
        for _ in range(rounds):
            with profiler:
                build()
        say(f"---- {name}")
        pstats.Stats(profiler, stream=sys.stdout).strip_dirs().sort_stats("tottime").print_stats(30)


def say(words: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
