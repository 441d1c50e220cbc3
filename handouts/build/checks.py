"""Options in, what the rules find in all that they ask for out, and what has no room there. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.comparing import balances_of
from handouts.build.deliverables import Deliverable, wanted_of
from handouts.build.emptiness import empty_templates, nothing_in
from handouts.build.fitting import found_in_plans
from handouts.build.gathering import DEFAULT_TEMPLATES, Composed, Done, Gathered, gather, selection_of
from handouts.build.keeping import keeping
from handouts.build.options import Options
from handouts.build.planning import checked_requests, same_files
from handouts.build.points import PointsTable, points_tables
from handouts.build.reports import OURS, told_once
from handouts.check.allowances import AllowedFinding
from handouts.compare import Balance
from handouts.finding import Finding, sorted_findings
from handouts.kept import Kept
from handouts.library import Library
from handouts.load import load_library


class CheckReport(Struct, frozen=True):
    """What was found in all that was composed, what of it content allows, and how many documents there were.

    `balances` say how much each reader is told, by topic and language, `points` which words make which point.
    """

    findings: tuple[Finding, ...]
    allowed: tuple[AllowedFinding, ...]
    documents: int
    balances: tuple[Balance, ...] = ()
    points: tuple[PointsTable, ...] = ()

    @property
    def ours(self) -> bool:
        """True if the pages of a file could not be planned by a mistake of ours."""
        return any(found.code == OURS for found in self.findings)


def check_all(options: Options, *, balance: bool = False, points: bool = False) -> CheckReport:
    """Check what `options` ask for by every template, plan its pages and slides as a build does, and return all that is
    found, with the `balance` and the tables of `points` if they are asked for.

    HandoutError if content cannot be read.
    """
    with keeping(options) as kept:
        return check_with(kept, options, balance=balance, points=points)


def check_with(kept: Kept, options: Options, *, balance: bool, points: bool) -> CheckReport:
    """Check with what is kept of earlier commands."""
    library = load_library(options.content, options.templates, kept)
    complete = not (options.topics or options.audiences or options.languages or options.template_names or options.sets)
    done = Done(kept)
    requests = checked_requests(library, options)
    every = (replace(each, template_names=each.template_names or tuple(library.templates)) for each in requests)
    gathered = [gather(library, request, complete=complete, done=done) for request in every]
    deliverables = [
        made
        for request, each in zip(requests, gathered, strict=True)
        for composed in each.composed
        for made in planned_of(library, composed, request)
    ]
    unfit = (*same_files(deliverables), *told_once(found_in_plans(deliverables, options.output, kept)))
    documents = sum(len(composed.compositions) for each in gathered for composed in each.composed)
    found_by_rules = (found for each in gathered for found in each.findings)
    empty = (
        found for request, each in zip(requests, gathered, strict=True) for found in empty_for(library, each, request)
    )
    findings = sorted_findings((*library.findings, *found_by_rules, *unfit, *empty))
    allowed = tuple(dict.fromkeys(found for each in gathered for found in each.allowed))
    balances = balances_of(library, options) if balance else ()
    tables = [table for each in gathered for table in tables_of(library, each, options)] if points else ()
    return CheckReport(findings, allowed, documents, balances, tuple(tables))


def planned_of(library: Library, composed: Composed, request: Options) -> Iterator[Deliverable]:
    """Yield the files of one reader whose pages and slides are planned: what a build makes of the request, and, if it
    names no templates, what the others make as they are made most often.
    """
    yield from wanted_of(library, composed, request)
    others = tuple(name for name in library.templates if name not in DEFAULT_TEMPLATES)
    if others and not request.template_names:
        usual = replace(request, formats=(), papers=(), editions=(), booklet=False, fillable=False, builds=False)
        yield from wanted_of(library, composed, replace(usual, template_names=others))


def empty_for(library: Library, gathered: Gathered, request: Options) -> Iterator[Finding]:
    """Yield a warning for each template that a request names and that finds nothing to lay out."""
    return empty_templates(library, (each for composed in gathered.composed for each in nothing_in(composed, request)))


def tables_of(library: Library, gathered: Gathered, options: Options) -> Iterator[PointsTable]:
    """Yield which parts make which points, for each reader and document that was composed."""
    for each in gathered.composed:
        selection = selection_of(library, each.reader)
        yield from points_tables(each.reader.topic, selection, each.compositions, options)
