"""Measures further copies in a batch: the same files for many services with different names and phone numbers.

    python benchmarks/copies.py [--copies 12] [--country UK] [--profile STAGE]

The default files are composed for all services, then rendered and verified one after the other in this process, as in a
worker of a batch: each document is unpickled, so that no two share a value. `first` is the first file of its kind,
`other` are the files of the other services, and `same` those of one service again. Times are processor times in ms: the
first time, else the median of all audiences. The last lines are the mean of a handout and a deck. `--profile` prints a
profile of a stage: "pdf render", "pdf verify", "pptx render" or "pptx verify".
"""

from __future__ import annotations

import argparse
import gc
import pickle
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean, median

from msgspec.structs import replace
from timing import ROOT, print_line, print_profiles

from handouts.document.nodes import Rendered
from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.render import run_renderer
from handouts.render_cache import RenderCache
from handouts.verify import read_back

TODAY = date(2026, 1, 1)
RENDERERS, STAGES, TURNS = ("pdf", "pptx"), ("render", "verify"), ("first", "other", "same")
ROUNDS = 3
CACHE = RenderCache()


@dataclass(frozen=True, slots=True)
class StageTime:
    """The processor time of one stage of one file in ms."""

    renderer: str
    stage: str
    turn: str
    time: float


def main() -> None:
    """Measure, and print the report."""
    parser = argparse.ArgumentParser(description="Measure what a further copy costs in a batch.")
    parser.add_argument("--copies", type=int, default=12)
    parser.add_argument("--country", default="UK")
    parser.add_argument("--profile", default="", metavar="STAGE")
    options = parser.parse_args()
    copies = copies_of(max(2, options.copies), options.country)
    stage_times = list(measure(copies))
    report(stage_times)
    if options.profile:
        renderer, stage = options.profile.split()
        profile([each for files in copies for each in files if each.renderer == renderer], stage)


def copies_of(count: int, country: str) -> list[tuple[Deliverable, ...]]:
    """Return the files of each of `count` services."""
    options = Options(ROOT / "content", ROOT / "templates", ROOT / "output", country=country, today=TODAY)
    library = load_library(options.content, options.templates)
    services = (
        replace(library.service, name=f"Harbour {number} Community Team", phone=f"020 7946 {number:04}")
        for number in range(count)
    )
    return [plan_deliverables(replace(library, service=each), options)[0] for each in services]


def measure(copies: Sequence[Sequence[Deliverable]]) -> Iterator[StageTime]:
    """Yield the stage times of all files: of one service, of the others, and of one again."""
    for number, files in enumerate(copies):
        for each in files:
            yield from measure_file(each, "other" if number else "first")
    for _ in range(ROUNDS):
        for each in copies[-1]:
            yield from measure_file(each, "same")


def measure_file(deliverable: Deliverable, turn: str) -> Iterator[StageTime]:
    """Yield the times to render and to verify a file."""
    CACHE.begin_file()
    received: Deliverable = pickle.loads(pickle.dumps(deliverable))  # noqa: S301
    gc.collect()
    start = time.process_time()
    rendered = render(received)
    rendered_at = time.process_time()
    found = read_back(rendered.content, received.document, received.renderer, cache=CACHE).findings
    verified_at = time.process_time()
    if found or rendered.findings:
        print_line("\n".join(str(each) for each in (*rendered.findings, *found)))
    yield StageTime(received.renderer, "render", turn, 1000 * (rendered_at - start))
    yield StageTime(received.renderer, "verify", turn, 1000 * (verified_at - rendered_at))


def render(each: Deliverable) -> Rendered:
    """Render a deliverable with the cache of this process."""
    return run_renderer(each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable, cache=CACHE)


def report(stage_times: Sequence[StageTime]) -> None:
    """Print a line for each renderer and stage, and the means."""
    print_line(f"{'':16}" + "".join(f"{turn:>9}" for turn in TURNS) + "   (ms)")
    for renderer in RENDERERS:
        for stage in STAGES:
            times = (times_of(stage_times, renderer, stage, turn) for turn in TURNS)
            first, *others = times
            print_line(
                f"{f'{renderer} {stage}':16}{first[0]:9.1f}" + "".join(f"{median(each):9.1f}" for each in others)
            )
    for turn in TURNS[1:]:
        files = [sum(mean(times_of(stage_times, renderer, stage, turn)) for stage in STAGES) for renderer in RENDERERS]
        print_line(f"a file, {turn:8}{mean(files):9.1f}   (mean)")


def times_of(stage_times: Sequence[StageTime], renderer: str, stage: str, turn: str) -> list[float]:
    """Return the times of one stage of one renderer."""
    return [each.time for each in stage_times if (each.renderer, each.stage, each.turn) == (renderer, stage, turn)]


def profile(files: Sequence[Deliverable], stage: str) -> None:
    """Print a profile of a stage for all `files`."""
    received: list[Deliverable] = pickle.loads(pickle.dumps(files))  # noqa: S301
    contents = [render(each).content for each in files]

    def render_all() -> None:
        for each in received:
            render(each)

    def verify_all() -> None:
        for each, content in zip(received, contents, strict=True):
            read_back(content, each.document, each.renderer, cache=CACHE)

    print_profiles({stage: render_all if stage == "render" else verify_all}, 1)


if __name__ == "__main__":
    main()
