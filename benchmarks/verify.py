"""Measures the checks of the content and the verification of finished files, compared with a build without them.

    python benchmarks/verify.py [--rounds 10]

The build loads, composes, plans and renders the default files in one warm process, without writing them. The checks are
those of `handouts check` for all composed documents; verification is `verify_file` for each file, with a new index of
forbidden phrases. All run by turns.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date

from timing import ROOT, interleaved_timings, print_line, ratio, report_line

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

OPTIONS = Options(
    ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=date(2026, 1, 1), verify=False
)


def build() -> list[bytes]:
    """Return the rendered files of the project, without verification."""
    library = load_library(OPTIONS.content, OPTIONS.templates)
    deliverables, _ = plan_deliverables(library, OPTIONS)
    batches = make_batches(dict(enumerate(deliverables)), OPTIONS, 1, "", {})
    return [render_task(task, each.shared).content for each in batches for task in each.tasks]


def check_all(library: Library, composed: Iterable[ReaderCompositions]) -> None:
    """Check all composed documents."""
    for each in composed:
        selection = select_for_reader(library, each.reader)
        for composition in each.compositions:
            check_document(checked_document(composition.document, selection, OPTIONS.country))


def main() -> None:
    """Measure, and print the report."""
    parser = argparse.ArgumentParser(description="Measure checks and verification.")
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    library = load_library(OPTIONS.content, OPTIONS.templates)
    composed = tuple(compose_readers(library, OPTIONS, RenderCache()))
    deliverables, _ = plan_deliverables(library, OPTIONS)
    files = list(zip(deliverables, build(), strict=True))

    def read_back() -> None:
        phrase_index = PhraseIndex(library)
        for each, content in files:
            verify_file(content, each.document, each.renderer, forbidden=phrase_index.forbidden_for(each))

    builds, checks, verify = interleaved_timings((build, lambda: check_all(library, composed), read_back), rounds)
    print_line("                        min  median    p90   clock   (ms)")
    for name, timings in (("build", builds), ("check", checks), ("verify", verify)):
        print_line(report_line("six files", name, timings))
    print_line(f"check against build: {ratio(checks, builds)}; verify against build: {ratio(verify, builds)}")


if __name__ == "__main__":
    main()
