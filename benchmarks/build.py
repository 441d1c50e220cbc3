"""How long `handouts build` takes, and where the time goes.

    python benchmarks/build.py [--rounds 5]

The whole command runs in processes of its own; its stages run in one more that is new for each round, so that nothing
is warm: importing, reading the content, composing and checking the documents, then planning, writing and reading back
all files of each kind. Times of stages are those of the processor, in ms.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 1, 1)

Value = TypeVar("Value")


def main() -> None:
    """Measure the command and its stages and print the report, or run the stages once and print them as JSON."""
    options = argparse.ArgumentParser(description="Measure where the time of a build goes.")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--stages", action="store_true", help="run the stages once, and print them as JSON")
    chosen = options.parse_args()
    if chosen.stages:
        say(json.dumps(stages()))
    else:
        report(chosen.rounds)


def report(rounds: int) -> None:
    """Print the least and the median of the whole command and of each stage."""
    whole = [whole_command() for _ in range(rounds)]
    say(f"{'':44} {'least':>8} {'median':>8}")
    say(f"{'handouts build, by the clock':44} {min(whole):8.0f} {median(whole):8.0f}")
    runs = [stages_in_new_process() for _ in range(rounds)]
    for stage in runs[0]:
        times = [run[stage] for run in runs]
        say(f"{stage:44} {min(times):8.1f} {median(times):8.1f}")


def whole_command() -> float:
    """Return how many ms the command takes to make all files, by the clock."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "handouts", "build", "--country", "UK", "--quiet", "--output", folder]
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
        return 1000 * (time.perf_counter() - start)


def stages_in_new_process() -> dict[str, float]:
    """Return how many ms each stage takes in a process where nothing has been used before."""
    command = [sys.executable, __file__, "--stages"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    times: dict[str, float] = json.loads(done.stdout)
    return times


def stages() -> dict[str, float]:
    """Return how many ms each stage takes here, for all files that are planned together."""
    times: dict[str, float] = {}
    timed(times, "importing what handouts and decks take", imported)
    from handouts.load import load_library
    from handouts.pipeline.options import Options
    from handouts.pipeline.plan import plan_deliverables, plan_files
    from handouts.pipeline.render import FilePlan, run_renderer
    from handouts.render_cache import RenderCache
    from handouts.verify import read_back

    content, templates = ROOT / "content", ROOT / "templates"
    library = timed(times, "reading content and templates", lambda: load_library(content, templates))
    options = Options(content, templates, ROOT / "output", country="UK", today=TODAY)
    deliverables, _ = timed(times, "composing and checking", lambda: plan_deliverables(library, options))
    cache, plans = RenderCache(), dict[str, FilePlan | None]()
    for each in deliverables:
        planning = plan_files((each,), options.output, cache)
        _, plans[each.file], _ = timed(times, f"planning, {each.renderer}", partial(next, planning))
    for each in deliverables:
        files = partial(run_renderer, each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable)
        drawing = partial(files, plan=plans[each.file], cache=cache)
        made = timed(times, f"writing, {each.renderer}", drawing)
        reading = partial(read_back, made.content, each.document, each.renderer, cache=cache)
        timed(times, f"reading back, {each.renderer}", reading)
    return times


def imported() -> None:
    """Import all that a build uses."""
    import handouts.cli
    import handouts.deck.deck_plan
    import handouts.deck.package
    import handouts.pdf.plan_writer
    import handouts.pipeline.full_build
    import handouts.verify.handout_checks
    import handouts.verify.slide_checks  # noqa: F401


def timed(times: dict[str, float], name: str, stage: Callable[[], Value]) -> Value:
    """Return what `stage` gives, and add to `times` how long it took."""
    start = time.process_time()
    value = stage()
    times[name] = times.get(name, 0.0) + 1000 * (time.process_time() - start)
    return value


def say(words: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
