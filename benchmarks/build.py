"""Measures `handouts build` and its stages.

    python benchmarks/build.py [--rounds 5]

The command and the stages run in new processes, so that nothing is warm. The stages are: importing, reading the
content, composing and checking the documents, then planning, writing and verifying all files of each kind. Times of
stages are processor times in ms.
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
    parser = argparse.ArgumentParser(description="Measure where the time of a build goes.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stages", action="store_true", help="run the stages once, and print them as JSON")
    options = parser.parse_args()
    if options.stages:
        print_line(json.dumps(stages()))
    else:
        report(options.rounds)


def report(rounds: int) -> None:
    """Print minimum and median of the command and of each stage."""
    commands = [command_time() for _ in range(rounds)]
    print_line(f"{'':44} {'min':>8} {'median':>8}")
    print_line(f"{'handouts build, by the clock':44} {min(commands):8.0f} {median(commands):8.0f}")
    runs = [stages_in_new_process() for _ in range(rounds)]
    for stage in runs[0]:
        times = [run[stage] for run in runs]
        print_line(f"{stage:44} {min(times):8.1f} {median(times):8.1f}")


def command_time() -> float:
    """Return the elapsed time of the command in ms."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "handouts", "build", "--country", "UK", "--quiet", "--output", folder]
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
        return 1000 * (time.perf_counter() - start)


def stages_in_new_process() -> dict[str, float]:
    """Return the processor time of each stage in ms, in a new process."""
    command = [sys.executable, __file__, "--stages"]
    completed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    times: dict[str, float] = json.loads(completed.stdout)
    return times


def stages() -> dict[str, float]:
    """Return the processor time of each stage in ms, in this process."""
    times: dict[str, float] = {}
    time_stage(times, "importing the program", import_program)
    from handouts.load import load_library
    from handouts.pipeline.options import Options
    from handouts.pipeline.plan import plan_deliverables, plan_files
    from handouts.pipeline.render import FilePlan, run_renderer
    from handouts.render_cache import RenderCache
    from handouts.verify import read_back

    content, templates = ROOT / "content", ROOT / "templates"
    library = time_stage(times, "reading content and templates", lambda: load_library(content, templates))
    options = Options(content, templates, ROOT / "output", country="UK", today=TODAY)
    deliverables, _ = time_stage(times, "composing and checking", lambda: plan_deliverables(library, options))
    cache = RenderCache()
    plans: dict[str, FilePlan | None] = {}
    for each in deliverables:
        planning = plan_files((each,), options.output, cache)
        _, plans[each.file], _ = time_stage(times, f"planning, {each.renderer}", partial(next, planning))
    for each in deliverables:
        files = partial(run_renderer, each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable)
        drawing = partial(files, plan=plans[each.file], cache=cache)
        rendered = time_stage(times, f"writing, {each.renderer}", drawing)
        reading = partial(read_back, rendered.content, each.document, each.renderer, cache=cache)
        time_stage(times, f"verifying, {each.renderer}", reading)
    return times


def import_program() -> None:
    """Import the modules that a build uses."""
    import handouts.cli
    import handouts.deck.deck_plan
    import handouts.deck.package
    import handouts.pdf.plan_writer
    import handouts.pipeline.full_build
    import handouts.verify.handout_checks
    import handouts.verify.slide_checks  # noqa: F401


def time_stage(times: dict[str, float], name: str, stage: Callable[[], Value]) -> Value:
    """Return the value of `stage`, and add its time to `times`."""
    start = time.process_time()
    value = stage()
    times[name] = times.get(name, 0.0) + 1000 * (time.process_time() - start)
    return value


def print_line(words: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
