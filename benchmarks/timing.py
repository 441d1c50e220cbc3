"""How long builds take that take turns in one warm process: processor and clock, and the lines that say so.

Times are those of the processor; the share of it that others use does not count.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of the processor, and by the clock, that one build took."""

    processor: float
    clock: float


def timed(build: Callable[[], object]) -> Timing:
    """Return how long `build` takes; what others have left to be collected is not its own."""
    gc.collect()
    clock, processor = time.perf_counter(), time.process_time()
    build()
    return Timing(time.process_time() - processor, time.perf_counter() - clock)


def measured(builds: Sequence[Callable[[], object]], rounds: int) -> list[list[Timing]]:
    """Return the timings of each of `builds`, which take turns, each first as often as the others."""
    for _ in range(WARM_UP):
        for build in builds:
            build()
    timings: list[list[Timing]] = [[] for _ in builds]
    for number in range(rounds):
        for index in turned(len(builds), number):
            timings[index].append(timed(builds[index]))
    return timings


def anew(build: Callable[[], object], remembered: Sequence[Any]) -> Callable[[], object]:
    """Return `build` as it is for a first file: what functions have `remembered` of an earlier one is forgotten."""

    def build_anew() -> object:
        for each in remembered:
            each.cache_clear()
        return build()

    return build_anew


def turned(count: int, start: int) -> Iterator[int]:
    """Yield the numbers below `count`, another one first each time."""
    return ((start + index) % count for index in range(count))


def line(name: str, way: str, timings: Sequence[Timing]) -> str:
    """Return one line of the report: least, median and ninth tenth of the processor, median of the clock."""
    times = [1000 * each.processor for each in timings]
    values = (min(times), median(times), quantiles(times, n=10)[-1], 1000 * median(each.clock for each in timings))
    return f"{name:12} {way:8}" + "".join(f" {value:7.1f}" for value in values)


def ratio(ours: Sequence[Timing], plain: Sequence[Timing]) -> str:
    """Return how much longer ours takes than the plain build."""
    medians, least = (
        of(each.processor for each in ours) / of(each.processor for each in plain) for of in (median, min)
    )
    return f"   {medians:5.2f} ({least:.2f})"


def profiled(stages: Mapping[str, Callable[[], object]], rounds: int) -> None:
    """Print what each of `stages` spends its time on."""
    for name, build in stages.items():
        profiler = cProfile.Profile()
        for _ in range(rounds):
            with profiler:
                build()
        say(f"---- {name}")
        pstats.Stats(profiler, stream=sys.stdout).strip_dirs().sort_stats("tottime").print_stats(30)


def say(words: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{words}\n")
