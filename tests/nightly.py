"""The long run: every file of the project, thousands of generated documents and edited projects, each read back.

Run it by `python tests/nightly.py`, and beside it `python tests/hashes.py`, which compares the bytes of every file.

Each file that can be asked for of the project is made with a few words that only others are told: they are found, and
nothing else.

A word taken out of a finished file, put into it or moved in it is found, each time.

Each reader of files takes spoilt input, and reads it or answers it with findings, in little time and memory.

Each document and each project is rendered or answered with findings: no crash, no word lost, nothing off its page or
slide, no finding that points to nowhere. What fails is named by its number; the same number makes the same again.
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

from corrupted_inputs import READERS, faults_of_reading, project_in
from generated_documents import TerseWriter, Writer, generated_pages, generated_talk, look, screen
from mutations import FORMATS, Made, finished, mutated, planned
from random_edits import project, written
from single_files import ROOT, faults_of, planned_together

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
SLOW = 10.0  # seconds for one file
LATELY = 500
TODAY = date(2026, 11, 24)
# What is asked for beside the handout and the deck, by turns.
WISHES: tuple[dict[str, Any], ...] = (
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
SHARED = RenderCache(5_000)  # what files have in common is made once, as in a build


def on_paper(renderer: str, document: Document, theme: Theme) -> Rendered:
    """Return a deck on pages."""
    return run_renderer(renderer, document, theme, None, fillable=False, cache=SHARED)


FORMS: Mapping[str, Callable[[Document, int], Rendered]] = {
    "pdf": lambda document, number: render_pdf(document, look(number), cache=SHARED),
    "html": lambda document, number: render_html(document, look(number), cache=SHARED),
    "docx": lambda document, number: render_docx(document, look(number), cache=SHARED),
    "notes-docx": lambda document, number: render_docx(document, look(number), cache=SHARED),
    "pptx": lambda document, _: render_deck(document, screen(), cache=SHARED),
    "pptx-builds": lambda document, _: render_deck(document, screen(), builds=True, cache=SHARED),
    "slides-pdf": lambda document, _: on_paper("slides-pdf", document, screen()),
    "lines-pdf": lambda document, number: on_paper("lines-pdf", document, look(number)),
    "notes-pdf": lambda document, number: on_paper("notes-pdf", document, look(number)),
}
READ_BACK = {code for code, entry in explanations().items() if entry.group == "verify"}


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


def run_terse(numbers: range) -> Summary:
    """Return what becomes of the documents of short texts with these numbers, in each form that a document has."""
    summary = Summary()
    for number in numbers:
        for renderer in FORMS:
            run_one(renderer, number, summary, TerseWriter)
    return summary


def run_one(renderer: str, number: int, summary: Summary, writer: type[Writer] = Writer) -> None:
    """Render one document, read it back, and note what became of it."""
    name, began = f"{renderer} {number} by {writer.__name__}", time.perf_counter()
    summary.files += 1
    try:
        document = (generated_pages if renderer in ("pdf", "html", "docx") else generated_talk)(number, writer)
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
    rendered = FORMS[renderer](document, number)
    errors = [each for each in rendered.findings if is_error(each)]
    if errors:
        summary.refused.update({each.code for each in errors})
        return []
    summary.made += 1
    return [str(each) for each in verify_file(rendered.content, document, renderer, cache=SHARED)]


# ---------------------------------------------------------------- finished files with a fault


@cache
def whole_files() -> tuple[Made, ...]:
    """Return the files of the project that mutations are made of: handouts, decks, and slides on paper."""
    return tuple(finished(each) for builds in (False, True) for each in planned(formats=FORMATS, builds=builds))


def run_mutations(numbers: range) -> Summary:
    """Return what becomes of files with the mutations of these numbers: those of which nothing is said are failures."""
    summary = Summary()
    for number in numbers:
        made, content, what = mutated(number, whole_files())
        summary.files += 1
        found = made.faults(content)
        summary.refused.update(found)
        summary.failures += () if found else (f"mutation {number}: {what} in {made.deliverable.file} was not found",)
    return summary


# ---------------------------------------------------------------- projects with edits


def run_edits(numbers: range) -> Summary:
    """Return what becomes of the edited projects with these numbers."""
    summary = Summary()
    for number in numbers:
        topic, content, done = project(number)
        name, began = f"edit {number} ({'; '.join(done)})", time.perf_counter()
        with TemporaryDirectory() as folder:
            try:
                found = faults_of_build(Path(folder), topic, content, number, summary)
            except Exception:  # whatever it is, it is a failure to be told
                found = [traceback.format_exc(limit=-6)]
        summary.failures += [f"{name}: {each}" for each in found]
        seconds = time.perf_counter() - began
        summary.slowest = max(summary.slowest, (seconds, name))
        if seconds > SLOW and not any("templates/" in each for each in done):  # which are trusted with time
            summary.failures.append(f"{name}: took {seconds:.1f} s")
    return summary


def faults_of_build(folder: Path, topic: str, content: Mapping[str, bytes], number: int, summary: Summary) -> list[str]:
    """Build one project; return what is wrong with how it ended."""
    paths = list(written(folder, content))
    readers = {"bees": ("growers", "keepers"), "bpd-contact": ("family", "partners", "clinicians")}[topic]
    audience = readers[number % len(readers)]
    options = Options(folder / "content", folder / "templates", folder / "output", country="UK", today=TODAY)
    wishes = WISHES[number // 7 % len(WISHES)]
    try:
        report = build_all(replace(options, audiences=(audience,), **wishes))
    except HandoutError as raised:
        summary.files += 1
        summary.refused.update({each.code for each in raised.findings if is_error(each)})
        there = list((folder / "output").rglob("*"))
        return [*misplaced(raised.findings, paths), *(f"left behind: {path}" for path in there if path.is_file())]
    summary.files += len(report.outcomes)
    summary.made += sum(made.is_in_place for made in report.outcomes)
    errors = [each for made in report.outcomes for each in made.findings if is_error(each)]
    summary.refused.update({each.code for each in errors})
    read_back = [str(each) for each in errors if each.code in READ_BACK]
    return [*read_back, *misplaced((*report.findings, *errors), paths)]


def misplaced(findings: Iterable[Finding], paths: Iterable[Path]) -> Iterator[str]:
    """Yield each finding whose place is not in the file that it names."""
    for found in findings:
        if not found.at.line:
            continue
        path = Path(found.at.file)
        lines = lines_of(path) if path in paths else ()
        if not (found.at.line <= len(lines) and found.at.column <= len(lines[found.at.line - 1]) + 1):
            yield f"misplaced: {found}"


def lines_of(path: Path) -> list[str]:
    """Return the lines of a file as an editor shows them."""
    text = path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


# ---------------------------------------------------------------- every file of the project


def looks_of(library: Library) -> Iterator[dict[str, Any]]:
    """Yield what can be asked for beside templates: each edition on each of its papers, folded, and to fill in.

    Of discreet files, whose names do not say what they are, one template is asked for at a time.
    """
    yield {"booklet": True, "template_names": ("handout",), "formats": ("pdf",)}
    for name, edition in library.themes[library.service.theme].editions.items():
        looks: dict[str, Any] = {"editions": (name,), "papers": tuple(edition.papers), "fillable": True}
        if name == STANDARD_EDITION:
            yield looks
        elif edition.discreet:
            yield from ({**looks, "formats": ("pdf",), "template_names": (each,)} for each in sheets_of(library))
        else:
            yield {**looks, "formats": ("pdf",)}


def sheets_of(library: Library) -> Iterator[str]:
    """Yield the names of the templates that make pages."""
    yield from (name for name, template in library.templates.items() if template.renderer == "pdf")


def run_files(numbers: range) -> Summary:
    """Return what becomes of the files of the countries with these numbers."""
    summary = Summary()
    library = load_library(ROOT / "content", ROOT / "templates")
    for country in ("", *library.countries)[numbers.start : numbers.stop]:
        cache = RenderCache()
        for wanted in looks_of(library):
            try:
                together = planned_together(library, country, cache, **wanted)
            except HandoutError as raised:  # a template that has no outside, in the discreet edition
                summary.refused.update({found.code for found in raised.findings if is_error(found)})
                continue
            for each in together.values():
                began = time.perf_counter()
                summary.files += 1
                try:
                    faults = faults_of(each)
                except HandoutError as raised:
                    summary.refused.update({found.code for found in raised.findings if is_error(found)})
                    continue
                summary.made += not faults
                summary.failures += faults
                summary.slowest = max(summary.slowest, (time.perf_counter() - began, each.deliverable.file))
    return summary


# ---------------------------------------------------------------- input of each reader


def run_reader(reader: str, first: int, seconds: float) -> Summary:
    """Return what becomes of spoilt input of a reader, as much of it as can be read in so many seconds."""
    summary, number, end = Summary(), first, time.perf_counter() + seconds
    with TemporaryDirectory() as folder:
        project_in(Path(folder))
        while time.perf_counter() < end:
            began = time.perf_counter()
            faults, codes = faults_of_reading(reader, number, Path(folder))
            summary.files += 1
            summary.made += not codes and not faults
            summary.refused.update(codes)
            summary.failures += faults
            summary.slowest = max(summary.slowest, (time.perf_counter() - began, f"{reader} {number}"))
            number += 1
    return summary


def run_readers(first: int, seconds: float, jobs: int) -> bool:
    """Tell what becomes of spoilt input of each reader; return whether anything failed."""
    failed = False
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        began = time.perf_counter()
        done = pool.map(partial(run_reader, first=first, seconds=seconds), READERS)
        for reader, summary in zip(READERS, done, strict=True):
            tell(summary, f"input of {reader}, spoilt by the numbers from {first} on", began)
            failed = failed or bool(summary.failures)
    return failed


# ---------------------------------------------------------------- all of it


def batches(first: int, count: int, size: int = BATCH) -> Iterator[range]:
    """Yield the numbers in batches."""
    for start in range(first, first + count, size):
        yield range(start, min(start + size, first + count))


def run(what: Callable[[range], Summary], first: int, count: int, jobs: int, size: int = BATCH) -> Summary:
    """Return what becomes of so many documents or projects, told now and then."""
    summary = Summary()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done in pool.map(what, batches(first, count, size)):
            before = summary.files
            summary.add(done)
            if summary.files // LATELY > before // LATELY:
                print(f"{summary.files} files, {len(summary.failures)} failures", flush=True)
    return summary


def tell(summary: Summary, what: str, began: float) -> None:
    """Print what became of all."""
    for each in summary.failures[:50]:
        print(each)
    refused = ", ".join(f"{code} {count}" for code, count in summary.refused.most_common())
    print(f"{what}, {summary.files} files: {summary.made} made and read back")
    print(f"refused with findings: {refused or 'none'}")
    print(f"failures: {len(summary.failures)}; slowest {summary.slowest[1]} with {summary.slowest[0]:.1f} s")
    print(f"in {time.perf_counter() - began:.0f} s", flush=True)


def main() -> int:
    """Run, print summaries, and return 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--terse", type=int, default=5_000, help="numbers of documents of short texts: two have each")
    parser.add_argument("--mutations", type=int, default=1_000)
    parser.add_argument("--edits", type=int, default=5_000)
    parser.add_argument("--countries", type=int, default=20, help="at most so many, the first of which is none")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one")
    parser.add_argument("--seconds", type=float, default=300, help="how long each reader takes spoilt input")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    failed = run_readers(options.first, options.seconds, options.jobs)
    for what, first, count, size, name in (
        (run_files, 0, options.countries, 1, "countries"),
        (run_batch, options.first, options.documents, BATCH, "documents"),
        (run_terse, options.first, options.terse, BATCH, "numbers of short texts"),
        (run_mutations, options.first, options.mutations, BATCH, "mutations"),
        (run_edits, options.first, options.edits, BATCH, "edited projects"),
    ):
        began = time.perf_counter()
        summary = run(what, first, count, options.jobs, size)
        tell(summary, f"{count} {name}", began)
        failed = failed or bool(summary.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
