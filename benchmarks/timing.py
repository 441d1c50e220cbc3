"""Times builds by turns in one warm process, and formats the results.

Times are processor times, which other processes do not lengthen, unless a name says clock.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[1]
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Timing:
    """Processor time and elapsed time of one build, in seconds."""

    processor: float
    clock: float


def time_build(build: Callable[[], object]) -> Timing:
    """Return the time of one `build`, after a garbage collection."""
    gc.collect()
    clock, processor = time.perf_counter(), time.process_time()
    build()
    return Timing(time.process_time() - processor, time.perf_counter() - clock)


def interleaved_timings(builds: Sequence[Callable[[], object]], rounds: int) -> list[list[Timing]]:
    """Return the timings of each of `builds`, which run by turns in rotating order."""
    for _ in range(WARM_UP):
        for build in builds:
            build()
    timings: list[list[Timing]] = [[] for _ in builds]
    for number in range(rounds):
        for index in rotated_range(len(builds), number):
            timings[index].append(time_build(builds[index]))
    return timings


def rotated_range(count: int, start: int) -> Iterator[int]:
    """Yield the numbers below `count`, rotated by `start`."""
    return ((start + index) % count for index in range(count))


def report_line(name: str, variant: str, timings: Sequence[Timing]) -> str:
    """Return a line in ms: minimum, median and 90th percentile of processor time, median of elapsed time."""
    times = [1000 * each.processor for each in timings]
    values = (min(times), median(times), quantiles(times, n=10)[-1], 1000 * median(each.clock for each in timings))
    return f"{name:12} {variant:8}" + "".join(f" {value:7.1f}" for value in values)


def ratio(ours: Sequence[Timing], baseline: Sequence[Timing]) -> str:
    """Return the ratio of `ours` to `baseline`: of the medians, and of the minimums."""
    medians, minimums = (
        statistic(each.processor for each in ours) / statistic(each.processor for each in baseline)
        for statistic in (median, min)
    )
    return f"   {medians:5.2f} ({minimums:.2f})"


def print_profiles(stages: Mapping[str, Callable[[], object]], rounds: int) -> None:
    """Print a profile of each of `stages`."""
    for name, build in stages.items():
        profiler = cProfile.Profile()
        for _ in range(rounds):
            with profiler:
                build()
        print_line(f"---- {name}")
        pstats.Stats(profiler, stream=sys.stdout).strip_dirs().sort_stats("tottime").print_stats(30)


def print_line(words: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{words}\n")
