"""Deliverables in, what planning their pages and slides finds out: what has no room is known before a file is written.

A plan is dropped when its findings are known, so that memory does not grow with the number of files. Drawing plans once
more, which costs little where a block or a slide is remembered. Of copies, what they share is planned; a row of a table
whose own name has no room costs its own copies. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from handouts.build.deliverables import Deliverable
from handouts.build.rendering import found_by_planning, our_mistake
from handouts.build.reports import OURS, InFile
from handouts.document.dump import dump
from handouts.finding import Finding, HandoutError
from handouts.kept import Kept


class Fitting(Struct, frozen=True):
    """What planning finds in a file; `passing` is what is no fault of the file, such as a typeface that is missing."""

    findings: tuple[Finding, ...]
    passing: bool = False


def found_in_plans(deliverables: Iterable[Deliverable], output: Path, kept: Kept) -> Iterator[InFile]:
    """Yield what planning finds in each file below the folder `output`, as it was kept, or as it is planned now."""
    for each in deliverables:
        file, fitting = (output / each.file).as_posix(), fitting_of(each, kept)
        for found in fitting.findings:
            yield InFile("" if fitting.passing and found.code != OURS else file, found)


def fitting_of(each: Deliverable, kept: Kept) -> Fitting:
    """Return what planning finds in a file: nothing where words moved that fitted before, since only places changed."""
    look = each.theme, each.renderer, each.sheet, each.fillable

    def plan_in_place() -> Fitting:
        return kept.remembered(
            Fitting, (each.document, look), lambda: planned(each), lambda made: bool(made.findings) and not made.passing
        )

    return kept.remembered(Fitting, (dump(each.document), look), plan_in_place, lambda made: not made.findings)


def planned(each: Deliverable) -> Fitting:
    """Return what planning finds in a file; a mistake of ours is one of the findings, and costs no other file."""
    try:
        return Fitting(found_by_planning(each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable))
    except HandoutError as raised:
        return Fitting(raised.findings, passing=True)
    except Exception as problem:
        return Fitting((our_mistake(problem),), passing=True)
