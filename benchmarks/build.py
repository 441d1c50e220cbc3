"""How long `handouts build` takes, and where the time goes.

    python benchmarks/build.py [--rounds 5]

The whole command runs in processes of its own; its stages run in one more that is new for each round, so that nothing
is warm: importing, loading the content, composing the documents, and rendering each file for the first time. At the
end, each file is rendered again while everything is warm. Times are those of the processor, in ms.
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
from pathlib import Path
from statistics import median
from typing import TypeVar

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 1, 1)
WARM = 5

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
        command = [sys.executable, "-m", "handouts", "build", "--quiet", "--output", folder]
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
    """Return how many ms each stage takes here."""
    times: dict[str, float] = {}
    timed(times, "import", imported)
    from handouts.load import load_library
    from handouts.pipeline.full_build import make_batches
    from handouts.pipeline.options import Options
    from handouts.pipeline.plan import plan_deliverables
    from handouts.pipeline.render import render_job
    from handouts.render_cache import RenderCache

    content, templates = ROOT / "content", ROOT / "templates"
    library = timed(times, "load", lambda: load_library(content, templates))
    options = Options(content, templates, ROOT / "output", today=TODAY)
    deliverables, _ = timed(times, "select and compose", lambda: plan_deliverables(library, options))
    batches = list(make_batches(dict(enumerate(deliverables)), options, 1, ""))
    cache = RenderCache()
    for turn in ("first", "warm"):
        for each in batches:
            (task,) = each.tasks
            name = f"render {Path(task.file).name}, {turn}"
            for _ in range(WARM if turn == "warm" else 1):
                timed(times, name, lambda each=each, task=task: render_job(each.shared, task.job, cache))  # type: ignore[misc]
    return times


def imported() -> None:
    """Import all that a build uses."""
    import handouts.deck.draw
    import handouts.deck.plan
    import handouts.pdf.draw
    import handouts.pdf.plan  # noqa: F401


def timed(times: dict[str, float], name: str, stage: Callable[[], Value]) -> Value:
    """Return what `stage` gives, and note in `times` how long it took, the least if it ran before."""
    start = time.process_time()
    value = stage()
    taken = 1000 * (time.process_time() - start)
    times[name] = min(taken, times.get(name, taken))
    return value


def say(words: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
