"""The nightly run: all files of the project, thousands of generated documents and edited projects, all verified.

Run it with `python tests/nightly.py`; `python tests/hashes.py` compares the bytes of every file.

- Project files: each is built with a planted phrase of another audience, which verification must report, and alone.
- Mutations: verification must report each defect in a finished file.
- Readers: corrupted input is read or refused with findings, within limits of time and memory.
- Documents and edited projects: each is rendered or refused with findings. No crash, no lost word, nothing off its
  page or slide, no finding at a place that does not exist.

Failures are printed with their number; the same number gives the same input again.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from corrupted_inputs import READERS, reading_faults, write_small_project
from generated_documents import TerseWriter, Writer, generated_pages, generated_talk, print_theme, screen_theme
from mutations import FORMATS, RenderedFile, mutated_file, render_file, single_files
from paths import ROOT
from random_edits import edited_project, write_files
from single_files import files_of_country, verification_faults

from handouts.deck import render_deck
from handouts.document.nodes import Document, Rendered
from handouts.explain import explanations
from handouts.finding import Finding, HandoutError, is_error
from handouts.library import Library
from handouts.load import load_library
from handouts.pdf import render_pdf
from handouts.pipeline.build import build_all
from handouts.pipeline.options import STANDARD_EDITION, Options
from handouts.pipeline.render import run_renderer
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.verify import verify_file
from handouts.web import render_html
from handouts.word import render_docx

BATCH = 50
MAX_SECONDS = 10.0  # for one file
PROGRESS_INTERVAL = 500
TODAY = date(2026, 11, 24)
# Options of the builds of edited projects, used in turn.
REQUESTS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"formats": ("slides-pdf", "notes-pdf")},
    {"editions": ("discreet",)},
    {"editions": ("large-print",)},
    {"editions": ("photocopy",), "papers": ("letter",)},
    {"booklet": True},
    {"papers": ("a5",)},
    {"template_names": ("worksheets",), "fillable": True},
)
RENDER_CACHE = RenderCache(5_000)  # shared between files, as in a build


def render_on_paper(renderer: str, document: Document, theme: Theme) -> Rendered:
    """Render a document with a renderer that prints slides or notes on pages."""
    return run_renderer(renderer, document, theme, None, fillable=False, cache=RENDER_CACHE)


RENDERERS: Mapping[str, Callable[[Document, int], Rendered]] = {
    "pdf": lambda document, number: render_pdf(document, print_theme(number), cache=RENDER_CACHE),
    "html": lambda document, number: render_html(document, print_theme(number), cache=RENDER_CACHE),
    "docx": lambda document, number: render_docx(document, print_theme(number), cache=RENDER_CACHE),
    "notes-docx": lambda document, number: render_docx(document, print_theme(number), cache=RENDER_CACHE),
    "pptx": lambda document, _: render_deck(document, screen_theme(), cache=RENDER_CACHE),
    "pptx-builds": lambda document, _: render_deck(document, screen_theme(), builds=True, cache=RENDER_CACHE),
    "slides-pdf": lambda document, _: render_on_paper("slides-pdf", document, screen_theme()),
    "lines-pdf": lambda document, number: render_on_paper("lines-pdf", document, print_theme(number)),
    "notes-pdf": lambda document, number: render_on_paper("notes-pdf", document, print_theme(number)),
}
VERIFY_CODES = {code for code, entry in explanations().items() if entry.group == "verify"}


@dataclass
class Summary:
    """The results of a run: number of files and of rendered files, refusals by finding code, failures, slowest file."""

    files: int = 0
    rendered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, other: Summary) -> None:
        """Add the results of another run."""
        self.files += other.files
        self.rendered += other.rendered
        self.refused.update(other.refused)
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)


def run_documents(numbers: range) -> Summary:
    """Render and verify the generated handouts and talks with these numbers."""
    summary = Summary()
    for number in numbers:
        for renderer in ("pdf", "pptx"):
            run_document(renderer, number, summary)
    return summary


def run_terse_documents(numbers: range) -> Summary:
    """Render and verify the generated documents of short texts with these numbers, in every format."""
    summary = Summary()
    for number in numbers:
        for renderer in RENDERERS:
            run_document(renderer, number, summary, TerseWriter)
    return summary


def run_document(renderer: str, number: int, summary: Summary, writer: type[Writer] = Writer) -> None:
    """Render and verify one document, and add the result to `summary`."""
    name, start = f"{renderer} {number} by {writer.__name__}", time.perf_counter()
    summary.files += 1
    try:
        document = (generated_pages if renderer in ("pdf", "html", "docx") else generated_talk)(number, writer)
        found = document_faults(renderer, document, number, summary)
    except Exception:  # any crash is a failure to report
        found = [traceback.format_exc(limit=-4)]
    summary.failures += [f"{name}: {each}" for each in found]
    seconds = time.perf_counter() - start
    summary.slowest = max(summary.slowest, (seconds, name))
    if seconds > MAX_SECONDS:
        summary.failures.append(f"{name}: took {seconds:.1f} s")


def document_faults(renderer: str, document: Document, number: int, summary: Summary) -> list[str]:
    """Return what verification finds in the rendered document; nothing if it was refused with findings."""
    rendered = RENDERERS[renderer](document, number)
    errors = [each for each in rendered.findings if is_error(each)]
    if errors:
        summary.refused.update({each.code for each in errors})
        return []
    summary.rendered += 1
    return [str(each) for each in verify_file(rendered.content, document, renderer, cache=RENDER_CACHE)]


# ---------------------------------------------------------------- mutations of finished files


@cache
def intact_files() -> tuple[RenderedFile, ...]:
    """Return the files of the project that are mutated: handouts, decks, and slides on paper."""
    return tuple(render_file(each) for builds in (False, True) for each in single_files(formats=FORMATS, builds=builds))


def run_mutations(numbers: range) -> Summary:
    """Verify files with the mutations of these numbers; a mutation without a finding is a failure."""
    summary = Summary()
    for number in numbers:
        file, content, mutation = mutated_file(number, intact_files())
        summary.files += 1
        found = file.faults(content)
        summary.refused.update(found)
        summary.failures += (
            () if found else (f"mutation {number}: {mutation} in {file.deliverable.file} was not found",)
        )
    return summary


# ---------------------------------------------------------------- projects with edits


def run_edits(numbers: range) -> Summary:
    """Build and verify the edited projects with these numbers."""
    summary = Summary()
    for number in numbers:
        topic, content, edits = edited_project(number)
        name, start = f"edit {number} ({'; '.join(edits)})", time.perf_counter()
        with TemporaryDirectory() as folder:
            try:
                found = build_faults(Path(folder), topic, content, number, summary)
            except Exception:  # any crash is a failure to report
                found = [traceback.format_exc(limit=-6)]
        summary.failures += [f"{name}: {each}" for each in found]
        seconds = time.perf_counter() - start
        summary.slowest = max(summary.slowest, (seconds, name))
        if seconds > MAX_SECONDS and not any("templates/" in each for each in edits):  # templates may take any time
            summary.failures.append(f"{name}: took {seconds:.1f} s")
    return summary


def build_faults(folder: Path, topic: str, content: Mapping[str, bytes], number: int, summary: Summary) -> list[str]:
    """Build one project, and return what is wrong with its files and findings."""
    paths = write_files(folder, content)
    audiences = {"bees": ("growers", "keepers"), "bpd-contact": ("family", "partners", "clinicians")}[topic]
    audience = audiences[number % len(audiences)]
    options = Options(folder / "content", folder / "templates", folder / "output", country="UK", today=TODAY)
    request = REQUESTS[number // 7 % len(REQUESTS)]
    try:
        report = build_all(replace(options, audiences=(audience,), **request))
    except HandoutError as raised:
        summary.files += 1
        summary.refused.update({each.code for each in raised.findings if is_error(each)})
        left_over = list((folder / "output").rglob("*"))
        return [
            *misplaced_findings(raised.findings, paths),
            *(f"left behind: {path}" for path in left_over if path.is_file()),
        ]
    summary.files += len(report.outcomes)
    summary.rendered += sum(outcome.is_in_place for outcome in report.outcomes)
    errors = [each for outcome in report.outcomes for each in outcome.findings if is_error(each)]
    summary.refused.update({each.code for each in errors})
    verify_errors = [str(each) for each in errors if each.code in VERIFY_CODES]
    return [*verify_errors, *misplaced_findings((*report.findings, *errors), paths)]


def misplaced_findings(findings: Iterable[Finding], paths: Iterable[Path]) -> Iterator[str]:
    """Yield each finding whose line and column are not in its file."""
    for found in findings:
        if not found.at.line:
            continue
        path = Path(found.at.file)
        lines = source_lines(path) if path in paths else ()
        if not (found.at.line <= len(lines) and found.at.column <= len(lines[found.at.line - 1]) + 1):
            yield f"misplaced: {found}"


def source_lines(path: Path) -> list[str]:
    """Return the lines of a file as an editor counts them."""
    text = path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


# ---------------------------------------------------------------- every file of the project


def edition_settings(library: Library) -> Iterator[dict[str, Any]]:
    """Yield build options for each edition, with all its papers, as booklets and as forms.

    Discreet editions are built one template at a time: their file names do not name the template.
    """
    yield {"booklet": True, "template_names": ("handout",), "formats": ("pdf",)}
    for name, edition in library.themes[library.service.theme].editions.items():
        settings: dict[str, Any] = {"editions": (name,), "papers": tuple(edition.papers), "fillable": True}
        if name == STANDARD_EDITION:
            yield settings
        elif edition.discreet:
            yield from (
                {**settings, "formats": ("pdf",), "template_names": (each,)} for each in page_templates(library)
            )
        else:
            yield {**settings, "formats": ("pdf",)}


def page_templates(library: Library) -> Iterator[str]:
    """Yield the names of the templates that are rendered as PDF pages."""
    yield from (name for name, template in library.templates.items() if template.renderer == "pdf")


def run_project_files(numbers: range) -> Summary:
    """Verify all files of the countries with these numbers."""
    summary = Summary()
    library = load_library(ROOT / "content", ROOT / "templates")
    for country in ("", *library.countries)[numbers.start : numbers.stop]:
        cache = RenderCache()
        for settings in edition_settings(library):
            try:
                files = files_of_country(library, country, cache, **settings)
            except HandoutError as raised:  # a template without a discreet cover, in the discreet edition
                summary.refused.update({found.code for found in raised.findings if is_error(found)})
                continue
            for each in files.values():
                start = time.perf_counter()
                summary.files += 1
                try:
                    faults = verification_faults(each)
                except HandoutError as raised:
                    summary.refused.update({found.code for found in raised.findings if is_error(found)})
                    continue
                summary.rendered += not faults
                summary.failures += faults
                summary.slowest = max(summary.slowest, (time.perf_counter() - start, each.deliverable.file))
    return summary


# ---------------------------------------------------------------- corrupted input of each reader


def run_reader(reader: str, first: int, seconds: float) -> Summary:
    """Read corrupted input with `reader` for so many seconds."""
    summary, number, end = Summary(), first, time.perf_counter() + seconds
    with TemporaryDirectory() as folder:
        write_small_project(Path(folder))
        while time.perf_counter() < end:
            start = time.perf_counter()
            faults, codes = reading_faults(reader, number, Path(folder))
            summary.files += 1
            summary.rendered += not codes and not faults
            summary.refused.update(codes)
            summary.failures += faults
            summary.slowest = max(summary.slowest, (time.perf_counter() - start, f"{reader} {number}"))
            number += 1
    return summary


def run_readers(first: int, seconds: float, jobs: int) -> bool:
    """Read corrupted input with each reader, print the summaries, and return whether anything failed."""
    failed = False
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        start = time.perf_counter()
        summaries = pool.map(partial(run_reader, first=first, seconds=seconds), READERS)
        for reader, summary in zip(READERS, summaries, strict=True):
            print_summary(summary, f"corrupted input of {reader} from number {first} on", start)
            failed = failed or bool(summary.failures)
    return failed


# ---------------------------------------------------------------- the whole run


def batches(first: int, count: int, size: int = BATCH) -> Iterator[range]:
    """Yield `count` numbers from `first` on, in batches."""
    for start in range(first, first + count, size):
        yield range(start, min(start + size, first + count))


def run_in_batches(task: Callable[[range], Summary], first: int, count: int, jobs: int, size: int = BATCH) -> Summary:
    """Run `task` on `count` numbers in `jobs` processes, and print the progress."""
    summary = Summary()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for batch in pool.map(task, batches(first, count, size)):
            before = summary.files
            summary.add(batch)
            if summary.files // PROGRESS_INTERVAL > before // PROGRESS_INTERVAL:
                print(f"{summary.files} files, {len(summary.failures)} failures", flush=True)
    return summary


def print_summary(summary: Summary, title: str, start: float) -> None:
    """Print the results of a run that started at `start`."""
    for each in summary.failures[:50]:
        print(each)
    refused = ", ".join(f"{code} {count}" for code, count in summary.refused.most_common())
    print(f"{title}, {summary.files} files: {summary.rendered} rendered and verified")
    print(f"refused with findings: {refused or 'none'}")
    print(f"failures: {len(summary.failures)}; slowest {summary.slowest[1]} with {summary.slowest[0]:.1f} s")
    print(f"in {time.perf_counter() - start:.0f} s", flush=True)


def main() -> int:
    """Run everything, print the summaries, and return 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--terse", type=int, default=5_000, help="numbers of generated documents of short texts")
    parser.add_argument("--mutations", type=int, default=1_000)
    parser.add_argument("--edits", type=int, default=5_000)
    parser.add_argument("--countries", type=int, default=20, help="at most so many; the first is no country")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one")
    parser.add_argument("--seconds", type=float, default=300, help="how long each reader is given corrupted input")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    failed = run_readers(options.first, options.seconds, options.jobs)
    for task, first, count, size, name in (
        (run_project_files, 0, options.countries, 1, "countries"),
        (run_documents, options.first, options.documents, BATCH, "documents"),
        (run_terse_documents, options.first, options.terse, BATCH, "numbers of short texts"),
        (run_mutations, options.first, options.mutations, BATCH, "mutations"),
        (run_edits, options.first, options.edits, BATCH, "edited projects"),
    ):
        start = time.perf_counter()
        summary = run_in_batches(task, first, count, options.jobs, size)
        print_summary(summary, f"{count} {name}", start)
        failed = failed or bool(summary.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
