"""Measures size and time of web pages or Word files.

    python benchmarks/web.py [--rounds 20] [--format docx]

`render_html(document, theme)` or `render_docx` is measured for each handout, the other templates and the script of the
talk, with a ready Document and Theme: without cache, as for one file, with a warm cache, as for a copy, and the
verification of the file. Times are the minimum processor times of all rounds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from timing import ROOT, print_line

from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.render_cache import RenderCache
from handouts.verify import verify_file
from handouts.web import render_html
from handouts.word import render_docx

TODAY = date(2026, 1, 1)
FORMATS = {"html": (render_html, 400_000, 0.06), "docx": (render_docx, 500_000, 0.15)}  # most bytes and seconds
TEMPLATES = ("handout", "summary", "worksheets", "sources", "card", "facilitator-guide", "for-you", "slides")


def main() -> None:
    """Measure all files of the project and print a line for each."""
    parser = argparse.ArgumentParser(description="Measure the pages for the web, or the Word files.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--format", choices=FORMATS, default="html")
    rounds, output_format = parser.parse_args().rounds, parser.parse_args().format
    render, most_bytes, most_seconds = FORMATS[output_format]
    print_line(f"{'file':<40} {'kB':>5} {'first, ms':>10} {'copy, ms':>9} {'verify, ms':>14}")
    for each in deliverables(output_format):
        document, theme, cache = each.document, each.theme, RenderCache()
        content = render(document, theme, cache=cache).content
        first = min_time(rounds, lambda document=document, theme=theme: render(document, theme))  # type: ignore[misc]
        copy = min_time(
            rounds, lambda document=document, theme=theme, cache=cache: render(document, theme, cache=cache)
        )  # type: ignore[misc]
        read = min_time(
            rounds, lambda content=content, document=document: verify_file(content, document, output_format)
        )  # type: ignore[misc]
        fits = len(content) <= most_bytes and first <= most_seconds
        times = f"{1000 * first:>10.0f} {1000 * copy:>9.0f} {1000 * read:>14.0f}"
        print_line(f"{Path(each.file).stem:<40} {len(content) / 1000:>5.0f} {times}{'' if fits else '  MISSED'}")


def deliverables(output_format: str) -> tuple[Deliverable, ...]:
    """Return the files of the project in one format."""
    content, templates = ROOT / "content", ROOT / "templates"
    options = Options(
        content, templates, ROOT / "output", formats=(output_format,), template_names=TEMPLATES, today=TODAY
    )
    return plan_deliverables(load_library(content, templates), options)[0]


def min_time(rounds: int, run: Callable[[], object]) -> float:
    """Return the minimum processor time of `run` in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
