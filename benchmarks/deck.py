"""How long a finished deck takes, beside the same deck built with plain python-pptx calls.

    python benchmarks/deck.py [--rounds 20] [--profile AUDIENCE] [--check] [--audience AUDIENCE]

Measured is `render_deck(document, theme)`: planning and drawing one deck, its Document and Theme ready. The other
build makes the planned deck with the library's own calls, on the same layouts, which it gets as a ready file; the
planning is not counted for it. Before anything is timed, both are read back: they must say the same words on each
slide and in its notes. Both are warm and take turns in one process. Ours is given no cache; what a further copy of the
same deck takes is for copies.py to say.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from plain_deck import build_plain_deck
from pptx import Presentation
from timing import line, measured, profiled, ratio, say

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.package import draw_deck, used_layouts
from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 1, 1)
PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


def main() -> None:
    """Measure all decks of the project and print the report, or the profile of one."""
    options = argparse.ArgumentParser(description="Measure how long decks take.")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--profile", metavar="AUDIENCE", default="")
    options.add_argument("--check", action="store_true", help="only compare the words of both decks")
    options.add_argument("--audience", default="", help="look at the deck of one audience alone")
    chosen = options.parse_args()
    decks = tuple(each for each in ready_decks() if chosen.audience in ("", each.audience))
    if not decks:
        options.error(f"there is no audience {chosen.audience}")
    if chosen.profile:
        profile(next(each for each in decks if each.audience == chosen.profile), chosen.rounds)
    elif chosen.check:
        for each in decks:
            check_same_words(render_deck(each.document, each.theme).content, plain_build_of(each)())
    else:
        report(decks, chosen.rounds)


def ready_decks() -> tuple[Deliverable, ...]:
    """Return the project's decks with their documents and themes, none of them rendered."""
    content, templates = ROOT / "content", ROOT / "templates"
    options = Options(content, templates, ROOT / "output", formats=("pptx",), today=TODAY)
    return plan_deliverables(load_library(content, templates), options)[0]


def plain_build_of(each: Deliverable) -> partial[bytes]:
    """Return the build of one deck with plain calls, its plan and its layouts ready."""
    plan = plan_deck(each.document, each.theme)
    keys = used_layouts(plan)
    template = without_slides(draw_deck(plan, each.document, each.theme).content)
    return partial(build_plain_deck, plan, template, keys, each.document, each.theme)


def without_slides(content: bytes) -> bytes:
    """Return a deck without its slides, which keeps the layouts."""
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
    """Print a line for each deck and each way to build it."""
    say(f"Processor time in ms over {rounds} rounds; ratios are those of the medians, and of the least times.\n")
    say(f"{'':12} {'':8} {'least':>7} {'median':>7} {'p90':>7} {'clock':>7}   ratio (least)")
    for each in decks:
        plain_build = plain_build_of(each)
        check_same_words(render_deck(each.document, each.theme).content, plain_build())
        ways = (partial(build, each.document, each.theme) for build in (render_deck, plan_deck))
        plain, ours, planned = measured([plain_build, *ways], rounds)
        say(line(each.audience, "plain", plain))
        say(line("", "ours", ours) + ratio(ours, plain))
        say(line("", " plan", planned))


def check_same_words(ours: bytes, plain: bytes) -> None:
    """Stop if the two decks differ in the words of a slide or of its notes, or in how many shapes a slide has."""
    for number, (one, other) in enumerate(zip(described(ours), described(plain), strict=True), 1):
        if one != other:
            raise SystemExit(f"slide {number} differs:\n{one}\n{other}")


def described(content: bytes) -> Iterator[tuple[list[str], list[str], int]]:
    """Yield for each slide its words, sorted, those of its notes, and the number of its shapes."""
    for slide in Presentation(BytesIO(content)).slides:
        yield words_in(slide), words_in(slide.notes_slide), len(slide.shapes)


def words_in(part: Any) -> list[str]:
    """Return the words of a slide or of notes, without the numbers that are fields, sorted."""
    texts = " ".join(
        element.text or "" for element in part._element.iter(TEXT) if not element.getparent().tag.endswith("}fld")
    )
    return sorted(texts.split())


def profile(each: Deliverable, rounds: int) -> None:
    """Print what planning and then drawing one deck spend their time on."""
    plan = plan_deck(each.document, each.theme)
    stages = {
        "plan": partial(plan_deck, each.document, each.theme),
        "draw": partial(draw_deck, plan, each.document, each.theme),
    }
    profiled(stages, rounds)


if __name__ == "__main__":
    main()
