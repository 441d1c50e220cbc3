"""Show the progress of a build: a bar on a terminal, a line of JSON for each file, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from handouts.cli.report_text import outcome_as_data
from handouts.cli.terminal import print_json

if TYPE_CHECKING:
    from handouts.pipeline.report import BuildProgress

_ProgressCallback: TypeAlias = "Callable[[BuildProgress], None]"


@contextmanager
def show_progress(*, as_json: bool, quiet: bool) -> Iterator[_ProgressCallback | None]:
    """Give what shows each file that is done: as JSON if asked for, as a bar on a terminal, or else nothing."""
    if as_json:
        yield _print_file_as_json
    elif quiet or not (sys.stderr and sys.stderr.isatty()):
        yield None
    else:
        with _progress_bar() as show:
            yield show


def _print_file_as_json(progress: BuildProgress) -> None:
    """Print what became of a file as one line of JSON."""
    print_json({"event": "file", **outcome_as_data(progress.outcome)})


@contextmanager
def _progress_bar() -> Iterator[_ProgressCallback]:
    """Give what moves a bar with the rate and the time that is left; it is gone when all is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None, rate="")

        def show(progress: BuildProgress) -> None:
            speed = shown.tasks[0].finished_speed or shown.tasks[0].speed
            rate = f"{speed:.1f} files/s" if speed else ""
            shown.update(task, completed=progress.done, total=progress.total, rate=rate)

        yield show
