"""Options in, files out: which deliverables there are, what they are made of, and putting each in its place whole.

All mistakes in options, content and templates are found before the first file is written; what a renderer finds costs
only that deliverable. The only room that writes. Never asks what day it is: today is an option.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace

from handouts.build.comparing import balances_of, compare_readers
from handouts.build.gathering import gather
from handouts.build.options import Options, check_options, find_project
from handouts.build.planning import Deliverable, plan_deliverables
from handouts.build.rendering import render_each
from handouts.build.writing import Made, deliver, prepare_folder, write_whole
from handouts.check import Allowed
from handouts.compare import Balance
from handouts.finding import Finding, in_order, raise_errors
from handouts.load import load_library

__all__ = [
    "CheckReport",
    "Deliverable",
    "Made",
    "Options",
    "Report",
    "build_all",
    "check_all",
    "compare_readers",
    "find_project",
    "plan_deliverables",
    "write_whole",
]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was made, and the findings about content and templates that did not stop the build."""

    made: tuple[Made, ...]
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """True if every deliverable was written."""
        return all(each.written for each in self.made)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in all that was composed, what of it content allows, and how many documents there were.

    `balances` say how much each reader is told, by topic and language.
    """

    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]
    documents: int
    balances: tuple[Balance, ...] = ()


def check_all(options: Options, *, balance: bool = False) -> CheckReport:
    """Check what `options` ask for by every template, and return all findings, with the `balance` if it is asked for.

    HandoutError if content cannot be read.
    """
    library = load_library(options.content, options.templates)
    raise_errors(check_options(library, options))
    complete = not (options.topics or options.audiences or options.languages or options.template_names)
    every = replace(options, template_names=options.template_names or tuple(library.templates))
    gathered = gather(library, every, complete=complete)
    documents = sum(len(compositions) for _, compositions in gathered.composed)
    balances = balances_of(library, options) if balance else ()
    return CheckReport(in_order((*library.findings, *gathered.findings)), gathered.allowed, documents, balances)


def build_all(options: Options) -> Report:
    """Build what `options` ask for and return what was made. HandoutError if content or options are wrong."""
    library = load_library(options.content, options.templates)
    deliverables, findings = plan_deliverables(library, options)
    prepare_folder(options.output)
    with closing(render_each(deliverables, options.jobs, verify=options.verify)) as results:
        made = tuple(deliver(*result, options.output) for result in results)
    return Report(made, in_order((*library.findings, *findings)))
