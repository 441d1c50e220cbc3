"""Options and a Library in, deliverables out: which files there are to be made, each composed, and all that is wrong.

What is composed and checked comes from `gathering`. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.checking import ON_THE_PAGE
from handouts.build.deliverables import Deliverable, packed, wanted_of
from handouts.build.emptiness import Nothing, empty_templates, nothing_in
from handouts.build.fitting import found_in_plans
from handouts.build.gathering import DEFAULT_TEMPLATES, Composed, Done, compose_each, readers_of, sifted
from handouts.build.options import FEW, Options, check_builds, check_options
from handouts.build.reports import OURS, told_once
from handouts.build.sets import requests_of
from handouts.finding import Finding, error, is_error, raise_errors, sorted_findings, warning
from handouts.kept import Kept
from handouts.library import Library

MOST_FILES = 2_000

Tell: TypeAlias = Callable[[Sequence[Deliverable]], None]


def tell_nobody(deliverables: Sequence[Deliverable]) -> None:
    """Let nobody know what is composed."""


class Plan(Struct, frozen=True):
    """Which files there are to be made, what was found, and all that was composed, for whoever needs it again."""

    deliverables: tuple[Deliverable, ...]
    findings: tuple[Finding, ...]
    done: Done


def plan_deliverables(library: Library, options: Options) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return what is to be made, composed, and the warnings. HandoutError with all that is wrong."""
    plan = plan_files(library, options)
    return plan.deliverables, plan.findings


def plan_files(
    library: Library, options: Options, kept: Kept | None = None, tell: Tell = tell_nobody, *, fitting: bool = False
) -> Plan:
    """Return what is to be made by every request that `options` are made of. HandoutError with all that is wrong.

    What is `kept` of earlier commands is not composed again. Whoever is to `tell` hears of each file as soon as its
    document is composed and nothing is wrong with it, if they are few. With `fitting`, what does not fit on a page or a
    slide of any of them is wrong, too.
    """
    requests = checked_requests(library, options)
    count = sum(files_asked(library, request) for request in requests)
    raise_errors(too_many(count))
    told = tell if count <= FEW else tell_nobody
    done = Done(kept or Kept())
    findings: list[Finding] = []
    deliverables: list[Deliverable] = []
    for request in requests:
        planned, found = plan_request(library, request, done, told, few=count <= FEW)
        findings.extend(found)
        deliverables.extend(planned)
    if not deliverables and not any(map(is_error, findings)):
        hint = "choose other formats, templates or languages"
        findings.append(error("usage", "Nothing is left to build.", hint=hint))
    if options.fillable and not any(each.fillable for each in deliverables):
        hint = f"choose a template with fields: --template {', '.join(library.templates)}"
        findings.append(warning("nothing-to-fill-in", "In these files there is nothing to fill in.", hint=hint))
    findings.extend(same_files(deliverables))
    raise_errors((*findings, *(found_on_pages(deliverables, options.output, done.kept) if fitting else ())))
    return Plan(tuple({each.file: each for each in deliverables}.values()), sorted_findings(findings), done)


def checked_requests(library: Library, options: Options) -> tuple[Options, ...]:
    """Return the requests that `options` are made of. HandoutError if they ask for something that there is not."""
    raise_errors((*check_options(library, options), *check_builds(options)))
    requests = requests_of(library, options)
    raise_errors(found for request in requests for found in check_options(library, request))
    return requests


def plan_request(
    library: Library, request: Options, done: Done, tell: Tell, *, few: bool
) -> tuple[list[Deliverable], list[Finding]]:
    """Return what one request makes, and what was found; unless they are `few`, documents are packed away."""
    composed: list[Composed] = []
    deliverables: list[Deliverable] = []
    nothing: list[Nothing] = []
    for each in compose_each(library, request, done):
        composed.append(replace(each, compositions=()))
        nothing.extend(nothing_in(each, request))
        made = list(wanted_of(library, each, request))
        deliverables.extend(made if few else packed(made))
        if not any(map(is_error, each.findings)):
            tell(made)
    findings = (*sifted(library, composed, request).findings, *empty_templates(library, nothing))
    return deliverables, [found for found in findings if is_error(found) or found.code not in ON_THE_PAGE]


def found_on_pages(deliverables: Iterable[Deliverable], output: Path, kept: Kept) -> tuple[Finding, ...]:
    """Return what does not fit in the files to be made; a mistake of ours costs a file only when that is drawn."""
    return told_once(each for each in found_in_plans(deliverables, output, kept) if each.finding.code != OURS)


def too_many(count: int) -> Iterator[Finding]:
    """Yield an error if more files are asked for than anybody hands out; nothing is composed to find out."""
    if count > MOST_FILES:
        hint = "choose fewer: --audience, --template, --language, --edition or --paper"
        yield error("too-many", f"About {count} files would be made.", hint=hint)


def files_asked(library: Library, request: Options) -> int:
    """Return about how many files a request makes."""
    readers = sum(1 for _ in readers_of(library, request))
    lengths = max(1, len(set(request.minutes)))
    templates = len(request.template_names or DEFAULT_TEMPLATES)
    looks = max(1, len(set(request.papers))) * max(1, len(set(request.editions)))
    return readers * templates * lengths * looks


def same_files(deliverables: Iterable[Deliverable]) -> Iterator[Finding]:
    """Yield an error for each deliverable whose name makes it overwrite another; two requests may ask for the same."""
    first: dict[str, Deliverable] = {}
    for each in deliverables:
        other = first.setdefault(each.file, each)
        if other is not each and other != each:
            one, two = (f"template '{made.template}' for '{made.audience}'" for made in (other, each))
            yield error("same-file", f"Two files would be {each.file}: {one}, and {two}.", hint="rename one of them")
