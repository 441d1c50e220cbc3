"""What each further copy costs in a batch: the same files for many services, which differ in their name and number.

    python benchmarks/copies.py [--copies 12] [--country UK] [--profile STAGE]

The default files of the library are composed for so many services; then each is rendered and verified, one after the
other, in this one process, as a worker of a batch does it: each document comes unpickled, so that no two share a value.
`first` is the first file of its kind, `other` are those of the other services, `same` the files of one service again.
Times are those of the processor, in ms: for the first what it took, else the median of all readers of the topic. At the
end stands the mean of a file of the batch, which is half a handout and half a deck. `--profile` shows where the time of
a stage goes: "pdf render", "pdf verify", "pptx render" or "pptx verify".
"""

from __future__ import annotations

import argparse
import gc
import pickle
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean, median

from msgspec.structs import replace
from timing import profiled, say

from handouts.document.nodes import Rendered
from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.render import run_renderer
from handouts.render_cache import RenderCache
from handouts.verify import read_back

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 1, 1)
RENDERERS, STAGES, TURNS = ("pdf", "pptx"), ("render", "verify"), ("first", "other", "same")
ROUNDS = 3
CACHE = RenderCache()


@dataclass(frozen=True, slots=True)
class Taken:
    """The milliseconds of the processor that one stage of one file took."""

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
    chosen = parser.parse_args()
    copies = copies_of(max(2, chosen.copies), chosen.country)
    taken = list(measure(copies))
    report(taken)
    if chosen.profile:
        renderer, stage = chosen.profile.split()
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


def measure(copies: Sequence[Sequence[Deliverable]]) -> Iterator[Taken]:
    """Yield what each stage of each file takes: those of one service, of the others, and of one again."""
    for number, files in enumerate(copies):
        for each in files:
            yield from take(each, "other" if number else "first")
    for _ in range(ROUNDS):
        for each in copies[-1]:
            yield from take(each, "same")


def take(deliverable: Deliverable, turn: str) -> Iterator[Taken]:
    """Yield how long it takes to render a file, and to read it back."""
    CACHE.begin_file()
    arrived: Deliverable = pickle.loads(pickle.dumps(deliverable))  # noqa: S301
    gc.collect()
    start = time.process_time()
    rendered = made_of(arrived)
    made = time.process_time()
    found = read_back(rendered.content, arrived.document, arrived.renderer, cache=CACHE).findings
    read = time.process_time()
    if found or rendered.findings:
        say("\n".join(str(each) for each in (*rendered.findings, *found)))
    yield Taken(arrived.renderer, "render", turn, 1000 * (made - start))
    yield Taken(arrived.renderer, "verify", turn, 1000 * (read - made))


def made_of(each: Deliverable) -> Rendered:
    """Return the file of a deliverable, made with what this process kept of earlier ones."""
    return run_renderer(each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable, cache=CACHE)


def report(taken: Sequence[Taken]) -> None:
    """Print a line for each renderer and stage, and the mean of a file."""
    say(f"{'':16}" + "".join(f"{turn:>9}" for turn in TURNS) + "   (ms)")
    for renderer in RENDERERS:
        for stage in STAGES:
            times = (times_of(taken, renderer, stage, turn) for turn in TURNS)
            first, *later = times
            say(f"{f'{renderer} {stage}':16}{first[0]:9.1f}" + "".join(f"{median(each):9.1f}" for each in later))
    for turn in TURNS[1:]:
        files = [sum(mean(times_of(taken, renderer, stage, turn)) for stage in STAGES) for renderer in RENDERERS]
        say(f"a file, {turn:8}{mean(files):9.1f}   (mean)")


def times_of(taken: Sequence[Taken], renderer: str, stage: str, turn: str) -> list[float]:
    """Return the times of one stage of one renderer."""
    return [each.time for each in taken if (each.renderer, each.stage, each.turn) == (renderer, stage, turn)]


def profile(files: Sequence[Deliverable], stage: str) -> None:
    """Print what a stage of all `files` spends its time on."""
    arrived: list[Deliverable] = pickle.loads(pickle.dumps(files))  # noqa: S301
    made = [made_of(each).content for each in files]

    def render_all() -> None:
        for each in arrived:
            made_of(each)

    def verify_all() -> None:
        for each, content in zip(arrived, made, strict=True):
            read_back(content, each.document, each.renderer, cache=CACHE)

    profiled({stage: render_all if stage == "render" else verify_all}, 1)


if __name__ == "__main__":
    main()
