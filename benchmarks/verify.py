"""What it costs to check the content and to read the finished files back, beside the build without either.

    python benchmarks/verify.py [--rounds 10]

Measured is one build of the default files in one warm process: loading, composing, planning and rendering, without
writing. The checks are those of `handouts check` on all that was composed; reading back is `verify_file` on each file,
with the words that only others are told worked out anew. All take turns.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from timing import line, measured, ratio, say

from handouts.check import check_document, checked_document
from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.compositions import ReaderCompositions, compose_readers, select_for_reader
from handouts.pipeline.full_build import make_batches
from handouts.pipeline.options import Options
from handouts.pipeline.phrase_index import PhraseIndex
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.render import render_task
from handouts.render_cache import RenderCache
from handouts.verify import verify_file

ROOT = Path(__file__).parents[1]
OPTIONS = Options(
    ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=date(2026, 1, 1), verify=False
)


def build() -> list[bytes]:
    """Return the finished files of the project, as a build makes them, without reading them back."""
    library = load_library(OPTIONS.content, OPTIONS.templates)
    deliverables, _ = plan_deliverables(library, OPTIONS)
    batches = make_batches(dict(enumerate(deliverables)), OPTIONS, 1, "", {})
    return [render_task(task, each.shared).content for each in batches for task in each.tasks]


def check_all(library: Library, composed: Iterable[ReaderCompositions]) -> None:
    """Hold all that was composed to the rules."""
    for each in composed:
        selection = select_for_reader(library, each.reader)
        for composition in each.compositions:
            check_document(checked_document(composition.document, selection, OPTIONS.country))


def main() -> None:
    """Measure, and print the report."""
    parser = argparse.ArgumentParser(description="Measure what checks and reading back cost.")
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    library = load_library(OPTIONS.content, OPTIONS.templates)
    composed = tuple(compose_readers(library, OPTIONS, RenderCache()))
    deliverables, _ = plan_deliverables(library, OPTIONS)
    made = list(zip(deliverables, build(), strict=True))

    def read_back() -> None:
        others = PhraseIndex(library)
        for each, content in made:
            verify_file(content, each.document, each.renderer, forbidden=others.forbidden_for(each))

    whole, checks, verify = measured((build, lambda: check_all(library, composed), read_back), rounds)
    say("                      least  median    p90   clock   (ms)")
    for name, timings in (("build", whole), ("check", checks), ("verify", verify)):
        say(line("six files", name, timings))
    say(f"check against build: {ratio(checks, whole)}; verify against build: {ratio(verify, whole)}")


if __name__ == "__main__":
    main()
