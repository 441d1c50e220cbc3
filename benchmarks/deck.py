"""Measures decks, and compares them with the same decks built with plain python-pptx calls.

    python benchmarks/deck.py [--rounds 20] [--profile AUDIENCE] [--check] [--audience AUDIENCE]

`render_deck(document, theme)` is measured: planning and drawing one deck from a ready Document and Theme. The plain
build draws the planned deck with the calls of python-pptx, on a template file with the same layouts; its planning is
not counted. Before the measurement, both decks must have the same words on each slide and in its notes. Both builds are
warm and run by turns in one process, ours without cache; copies.py measures further copies.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

from plain_deck import build_plain_deck
from pptx import Presentation
from timing import ROOT, interleaved_timings, print_line, print_profiles, ratio, report_line

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.package import draw_deck, used_layouts
from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables

TODAY = date(2026, 1, 1)
PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


def main() -> None:
    """Measure all decks of the project and print the report, or the profile of one."""
    parser = argparse.ArgumentParser(description="Measure how long decks take.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--profile", metavar="AUDIENCE", default="")
    parser.add_argument("--check", action="store_true", help="only compare the words of both decks")
    parser.add_argument("--audience", default="", help="only the deck of one audience")
    options = parser.parse_args()
    decks = tuple(each for each in ready_decks() if options.audience in ("", each.audience))
    if not decks:
        parser.error(f"there is no audience {options.audience}")
    if options.profile:
        profile(next(each for each in decks if each.audience == options.profile), options.rounds)
    elif options.check:
        for each in decks:
            check_same_words(render_deck(each.document, each.theme).content, plain_build(each)())
    else:
        report(decks, options.rounds)


def ready_decks() -> tuple[Deliverable, ...]:
    """Return the decks of the project with their documents and themes."""
    content, templates = ROOT / "content", ROOT / "templates"
    options = Options(content, templates, ROOT / "output", formats=("pptx",), today=TODAY)
    return plan_deliverables(load_library(content, templates), options)[0]


def plain_build(each: Deliverable) -> partial[bytes]:
    """Return the plain build of a deck, with its plan and its layouts prepared."""
    plan = plan_deck(each.document, each.theme)
    keys = used_layouts(plan)
    template = without_slides(draw_deck(plan, each.document, each.theme).content)
    return partial(build_plain_deck, plan, template, keys, each.document, each.theme)


def without_slides(content: bytes) -> bytes:
    """Return a deck without its slides and sections."""
    presentation = Presentation(BytesIO(content))
    for each in list(presentation.part._element.sldIdLst):
        presentation.part.drop_rel(each.rId)
        each.getparent().remove(each)
    for extension in presentation.part._element.findall(f"{{{PRESENTATION}}}extLst"):
        presentation.part._element.remove(extension)  # the sections
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def report(decks: Sequence[Deliverable], rounds: int) -> None:
    """Print a line for each deck and build."""
    print_line(f"Processor time in ms over {rounds} rounds; ratios are of the medians, and of the minimums.\n")
    print_line(f"{'':12} {'':8} {'min':>7} {'median':>7} {'p90':>7} {'clock':>7}   ratio (min)")
    for each in decks:
        build_plain = plain_build(each)
        check_same_words(render_deck(each.document, each.theme).content, build_plain())
        builds = (partial(build, each.document, each.theme) for build in (render_deck, plan_deck))
        plain, ours, planned = interleaved_timings([build_plain, *builds], rounds)
        print_line(report_line(each.audience, "plain", plain))
        print_line(report_line("", "ours", ours) + ratio(ours, plain))
        print_line(report_line("", " plan", planned))


def check_same_words(ours: bytes, plain: bytes) -> None:
    """Exit if two decks differ in the words of a slide or its notes, or in the number of its shapes."""
    for number, (one, other) in enumerate(zip(slide_contents(ours), slide_contents(plain), strict=True), 1):
        if one != other:
            raise SystemExit(f"slide {number} differs:\n{one}\n{other}")


def slide_contents(content: bytes) -> Iterator[tuple[list[str], list[str], int]]:
    """Yield the sorted words of each slide and of its notes, and its number of shapes."""
    for slide in Presentation(BytesIO(content)).slides:
        yield words_in(slide), words_in(slide.notes_slide), len(slide.shapes)


def words_in(part: Any) -> list[str]:
    """Return the sorted words of a slide or of notes, without fields."""
    texts = " ".join(
        element.text or "" for element in part._element.iter(TEXT) if not element.getparent().tag.endswith("}fld")
    )
    return sorted(texts.split())


def profile(each: Deliverable, rounds: int) -> None:
    """Print profiles of planning and drawing one deck."""
    plan = plan_deck(each.document, each.theme)
    stages = {
        "plan": partial(plan_deck, each.document, each.theme),
        "draw": partial(draw_deck, plan, each.document, each.theme),
    }
    print_profiles(stages, rounds)


if __name__ == "__main__":
    main()
