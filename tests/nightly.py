"""The long run: thousands of generated documents through both renderers, each read back; `python tests/nightly.py`.

Each document is rendered or answered with findings: no crash, no word lost, nothing off its page or slide. A document
that fails is named by its number; the same number makes the same document.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from generated import generated_pages, generated_talk, look, screen

from handouts import render_deck, render_pdf
from handouts.document import Document, Rendered
from handouts.finding import is_error
from handouts.verify import verify_file

BATCH = 50
SLOW = 10.0  # seconds for one file
LATELY = 500


@dataclass
class Summary:
    """What became of documents: how many files were made, which findings kept others from it, what went wrong."""

    files: int = 0
    made: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, other: Summary) -> None:
        """Add what became of other documents."""
        self.files += other.files
        self.made += other.made
        self.refused.update(other.refused)
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)


def run_batch(numbers: range) -> Summary:
    """Return what becomes of the documents with these numbers."""
    summary = Summary()
    for number in numbers:
        for renderer in ("pdf", "pptx"):
            run_one(renderer, number, summary)
    return summary


def run_one(renderer: str, number: int, summary: Summary) -> None:
    """Render one document, read it back, and note what became of it."""
    name, began = f"{renderer} {number}", time.perf_counter()
    summary.files += 1
    try:
        document = generated_pages(number) if renderer == "pdf" else generated_talk(number)
        found = problems(renderer, document, number, summary)
    except Exception:  # whatever it is, it is a failure to be told
        found = [traceback.format_exc(limit=-4)]
    summary.failures += [f"{name}: {each}" for each in found]
    seconds = time.perf_counter() - began
    summary.slowest = max(summary.slowest, (seconds, name))
    if seconds > SLOW:
        summary.failures.append(f"{name}: took {seconds:.1f} s")


def problems(renderer: str, document: Document, number: int, summary: Summary) -> list[str]:
    """Return what the finished file does not keep of what it promises; nothing if it was refused with findings."""
    rendered = rendered_by(renderer, document, number)
    errors = [each for each in rendered.findings if is_error(each)]
    if errors:
        summary.refused.update({each.code for each in errors})
        return []
    summary.made += 1
    return [str(each) for each in verify_file(rendered.content, document, renderer)]


def rendered_by(renderer: str, document: Document, number: int) -> Rendered:
    """Return the file of a document."""
    return render_pdf(document, look(number)) if renderer == "pdf" else render_deck(document, screen())


def batches(first: int, count: int) -> Iterator[range]:
    """Yield the numbers in batches."""
    for start in range(first, first + count, BATCH):
        yield range(start, min(start + BATCH, first + count))


def run(first: int, count: int, jobs: int) -> Summary:
    """Return what becomes of so many documents, told now and then."""
    summary = Summary()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done in pool.map(run_batch, batches(first, count)):
            before = summary.files
            summary.add(done)
            if summary.files // LATELY > before // LATELY:
                print(f"{summary.files} of {2 * count} files, {len(summary.failures)} failures", flush=True)
    return summary


def main() -> int:
    """Run, print a summary, and return 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first document")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    began = time.perf_counter()
    summary = run(options.first, options.documents, options.jobs)
    for each in summary.failures[:50]:
        print(each)
    refused = ", ".join(f"{code} {count}" for code, count in summary.refused.most_common())
    print(f"{options.documents} documents, {summary.files} files: {summary.made} made and read back")
    print(f"refused with findings: {refused or 'none'}")
    print(f"failures: {len(summary.failures)}; slowest {summary.slowest[1]} with {summary.slowest[0]:.1f} s")
    print(f"in {time.perf_counter() - began:.0f} s")
    return 1 if summary.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
