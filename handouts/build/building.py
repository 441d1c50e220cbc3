"""Options in, a report out: the last one again if nothing has changed, or that of a build."""

from __future__ import annotations

from collections.abc import Callable

from handouts.build.options import Options
from handouts.build.reports import Progress, Report
from handouts.build.unchanged import repeat_report


def say_nothing(progress: Progress) -> None:
    """Tell nobody how far a build is."""


def build_all(options: Options, tell: Callable[[Progress], None] = say_nothing) -> Report:
    """Build what `options` ask for and return what became of each file, telling of each when it is done.

    HandoutError if content or options are wrong: then nothing was written.
    """
    report = repeat_report(options)
    if report is not None:
        for done, made in enumerate(report.made, 1):
            tell(Progress(done, len(report.made), made))
        return report
    from handouts.build.making import make_all

    return make_all(options, tell)
