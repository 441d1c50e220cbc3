"""How large the pages for the web, or the Word files, are, and how long one takes.

    python benchmarks/web.py [--rounds 20] [--format docx]

Measured is `render_html(document, theme)`, or `render_docx`, for each handout, its further templates and the script of
the talk, the Document and the Theme ready, and what reading the file back takes: once in a fresh cache, as for one
file, and once more in the same, as for a copy.
Times are those of the processor, the least of the rounds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from timing import say

from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.render_cache import RenderCache
from handouts.verify import verify_file
from handouts.web import render_html
from handouts.word import render_docx

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 1, 1)
FORMATS = {"html": (render_html, 400_000, 0.06), "docx": (render_docx, 500_000, 0.15)}  # most bytes and seconds
TEMPLATES = ("handout", "summary", "worksheets", "sources", "card", "facilitator-guide", "for-you", "slides")


def main() -> None:
    """Measure all files of the project and print a line for each."""
    options = argparse.ArgumentParser(description="Measure the pages for the web, or the Word files.")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--format", choices=FORMATS, default="html")
    rounds, form = options.parse_args().rounds, options.parse_args().format
    render, most_bytes, most_seconds = FORMATS[form]
    say(f"{'file':<40} {'kB':>5} {'first, ms':>10} {'copy, ms':>9} {'read back, ms':>14}")
    for each in deliverables(form):
        document, theme, warm = each.document, each.theme, RenderCache()
        content = render(document, theme, cache=warm).content
        first = least(rounds, lambda document=document, theme=theme: render(document, theme))  # type: ignore[misc]
        copy = least(rounds, lambda document=document, theme=theme, warm=warm: render(document, theme, cache=warm))  # type: ignore[misc]
        read = least(rounds, lambda content=content, document=document: verify_file(content, document, form))  # type: ignore[misc]
        fits = len(content) <= most_bytes and first <= most_seconds
        times = f"{1000 * first:>10.0f} {1000 * copy:>9.0f} {1000 * read:>14.0f}"
        say(f"{Path(each.file).stem:<40} {len(content) / 1000:>5.0f} {times}{'' if fits else '  MISSED'}")


def deliverables(form: str) -> tuple[Deliverable, ...]:
    """Return the files of the project in one format."""
    content, templates = ROOT / "content", ROOT / "templates"
    asked = Options(content, templates, ROOT / "output", formats=(form,), template_names=TEMPLATES, today=TODAY)
    return plan_deliverables(load_library(content, templates), asked)[0]


def least(rounds: int, run: Callable[[], object]) -> float:
    """Return the least time of the processor that one round takes, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
