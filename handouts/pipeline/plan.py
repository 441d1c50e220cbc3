"""Plan a build: expand sets and countries into requests, list the deliverables, and find what does not fit.

Takes a Library and options; returns a `BuildPlan` or raises `HandoutError` with everything that is wrong. The
layout of each file is planned once to find text without room, and dropped, so that memory does not grow with
the number of files. Must never write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.cache import PersistentCache
from handouts.compose import kinds_in_template
from handouts.document.dump import dump
from handouts.finding import (
    Finding,
    HandoutError,
    Location,
    error,
    is_error,
    raise_errors,
    sorted_findings,
    suggest_name,
    warning,
)
from handouts.library import BuildSet, Library
from handouts.pipeline.compositions import (
    DEFAULT_TEMPLATES,
    DRAFT_CODES,
    CompositionCache,
    Reader,
    ReaderCompositions,
    collect_compositions,
    compose_readers,
    requested_readers,
)
from handouts.pipeline.copies import make_copies
from handouts.pipeline.deliverables import Deliverable, pack_documents, requested_deliverables
from handouts.pipeline.options import (
    FEW_FILES,
    Options,
    check_builds,
    check_options,
    option_choices,
)
from handouts.pipeline.render import (
    our_mistake_error,
    run_planner,
)
from handouts.pipeline.report import OUR_MISTAKE, FileFinding, merge_findings
from handouts.service import RecipientTable

# What a set calls an option, and where it is among ours; the country is none of them, as a request has only one.
SET_FIELDS = {
    "topic": "topics",
    "audience": "audiences",
    "language": "languages",
    "template": "template_names",
    "format": "formats",
    "edition": "editions",
    "paper": "papers",
    "minutes": "minutes",
}
SET_FLAGS = ("fillable", "booklet", "builds")


def expand_options(library: Library, options: Options) -> tuple[Options, ...]:
    """Return what is asked for, a request for each set and country. HandoutError if a set is not there, or is wrong."""
    raise_errors(check_sets(library, options))
    requests: list[Options] = []
    for each in narrow_options(library, options) if options.sets else (options,):
        countries = each.countries or (each.country,)
        requests.extend(replace(each, country=country, countries=(), sets=()) for country in countries)
    return tuple(requests)


def check_sets(library: Library, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the sets that are named: one that is not there, a choice of something that is not."""
    for name in options.sets:
        if name not in library.sets:
            hint = suggest_name(name, library.sets) if library.sets else "write sets into content/build.yaml"
            yield error("usage", f"There is no set '{name}'.", Location("--set"), hint)
            continue
        for option, known in option_choices(library).items():
            there = tuple(known)
            for word in library.sets[name].choices.get(option, ()):
                if word.text not in there:
                    message = f"There is no {option} '{word.text}'."
                    yield error("unknown-value", message, word.at, suggest_name(word.text, there))


def narrow_options(library: Library, options: Options) -> Iterator[Options]:
    """Yield what each set asks for of what the options let through; a set of which nothing is left is left out."""
    for name in dict.fromkeys(options.sets):
        chosen = library.sets[name]
        both: dict[str, Any] = {
            field: intersect_choices(choice_texts(chosen, option), getattr(options, field))
            for option, field in SET_FIELDS.items()
        }
        asked = (options.country,) if options.country else options.countries
        countries = intersect_choices(choice_texts(chosen, "country"), asked)
        if None not in both.values() and countries is not None:
            flags: dict[str, Any] = {name: getattr(options, name) or name in chosen.choices for name in SET_FLAGS}
            yield replace(options, **both, **flags, countries=countries, country="")


def choice_texts(chosen: BuildSet, option: str) -> tuple[str, ...]:
    """Return what a set chooses for an option."""
    return tuple(word.text for word in chosen.choices.get(option, ()))


def intersect_choices(one: Sequence[str], other: Iterable[str]) -> tuple[str, ...] | None:
    """Return what both choose, or what one does if the other leaves it open; None if that is nothing."""
    wanted = tuple(other)
    if not one or not wanted:
        return tuple(one) or wanted
    return tuple(each for each in one if each in wanted) or None


class EmptyTemplate(Struct, frozen=True):
    """A template that was named and finds nothing to lay out for a reader."""

    template: str
    reader: Reader


def find_empty_templates(composed: ReaderCompositions, request: Options) -> Iterator[EmptyTemplate]:
    """Yield each template that a request names and that lays out nothing for a reader."""
    for name in dict.fromkeys(request.template_names):
        made = [each for each in composed.compositions if each.template == name]
        if made and all(each.is_empty for each in made):
            yield EmptyTemplate(name, composed.reader)


def warn_of_empty_templates(library: Library, nothing: Iterable[EmptyTemplate]) -> Iterator[Finding]:
    """Yield a warning for each template that finds nothing to lay out in a topic."""
    readers: dict[tuple[str, str], list[Reader]] = {}
    for each in nothing:
        readers.setdefault((each.template, each.reader.topic.name), []).append(each.reader)
    for (name, topic), without in readers.items():
        there = {section.kind for sections in library.topics[topic].languages.values() for section in sections}
        kinds = [kind for kind in kinds_in_template(library, name) if kind not in there] or ["that it lays out"]
        who = ", ".join(dict.fromkeys(each.audience.name for each in without))
        message = f"The template '{name}' finds nothing in '{topic}' for {who}: no such file is made."
        hint = f"write a section of the kind {' or '.join(kinds)}"
        yield warning("nothing-found", message, Location("--template"), hint)


class PlanFindings(Struct, frozen=True):
    """What planning finds in a file; `passing` is what is no fault of the file, such as a typeface that is missing."""

    findings: tuple[Finding, ...]
    passing: bool = False


def find_in_plans(deliverables: Iterable[Deliverable], output: Path, kept: PersistentCache) -> Iterator[FileFinding]:
    """Yield what planning finds in each file below the folder `output`, as it was kept, or as it is planned now."""
    for each in deliverables:
        file, fitting = (output / each.file).as_posix(), cached_plan_findings(each, kept)
        for found in fitting.findings:
            yield FileFinding("" if fitting.passing and found.code != OUR_MISTAKE else file, found)


def cached_plan_findings(each: Deliverable, kept: PersistentCache) -> PlanFindings:
    """Return what planning finds in a file: nothing where words moved that fitted before, since only places changed."""
    look = each.theme, each.renderer, each.sheet, each.fillable

    def plan_in_place() -> PlanFindings:
        return kept.remembered(
            PlanFindings,
            (each.document, look),
            lambda: plan_findings(each),
            lambda made: bool(made.findings) and not made.passing,
        )

    return kept.remembered(PlanFindings, (dump(each.document), look), plan_in_place, lambda made: not made.findings)


def plan_findings(each: Deliverable) -> PlanFindings:
    """Return what planning finds in a file; a mistake of ours is one of the findings, and costs no other file."""
    try:
        return PlanFindings(run_planner(each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable))
    except HandoutError as raised:
        return PlanFindings(raised.findings, passing=True)
    except Exception as problem:
        return PlanFindings((our_mistake_error(problem),), passing=True)


MAX_FILES = 2_000

DeliverablesCallback: TypeAlias = Callable[[Sequence[Deliverable]], None]


def ignore_deliverables(deliverables: Sequence[Deliverable]) -> None:
    """Let nobody know what is composed."""


class BuildPlan(Struct, frozen=True):
    """Which files there are to be made, what was found, and all that was composed, for whoever needs it again."""

    deliverables: tuple[Deliverable, ...]
    findings: tuple[Finding, ...]
    done: CompositionCache


def plan_deliverables(library: Library, options: Options) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return what is to be made, composed, and the warnings. HandoutError with all that is wrong."""
    plan = plan_files(library, options)
    return plan.deliverables, plan.findings


def plan_files(
    library: Library,
    options: Options,
    kept: PersistentCache | None = None,
    tell: DeliverablesCallback = ignore_deliverables,
    *,
    fitting: bool = False,
) -> BuildPlan:
    """Return what is to be made by every request that `options` are made of. HandoutError with all that is wrong.

    What is `kept` of earlier commands is not composed again. Whoever is to `tell` hears of each file as soon as its
    document is composed and nothing is wrong with it, if they are few. With `fitting`, what does not fit on a page or a
    slide of any of them is wrong, too.
    """
    requests = checked_requests(library, options)
    count = sum(estimate_file_count(library, request) for request in requests)
    raise_errors(check_file_count(count))
    told = tell if count <= FEW_FILES else ignore_deliverables
    done = CompositionCache(kept or PersistentCache())
    findings: list[Finding] = []
    deliverables: list[Deliverable] = []
    for request in requests:
        planned, found = plan_request(library, request, done, told, few=count <= FEW_FILES)
        findings.extend(found)
        deliverables.extend(planned)
    if not deliverables and not any(map(is_error, findings)):
        hint = "choose other formats, templates or languages"
        findings.append(error("usage", "Nothing is left to build.", hint=hint))
    if options.fillable and not any(each.fillable for each in deliverables):
        hint = f"choose a template with fields: --template {', '.join(library.templates)}"
        findings.append(warning("nothing-to-fill-in", "In these files there is nothing to fill in.", hint=hint))
    findings.extend(find_name_clashes(deliverables))
    raise_errors((*findings, *(find_layout_errors(deliverables, options.output, done.kept) if fitting else ())))
    return BuildPlan(tuple({each.file: each for each in deliverables}.values()), sorted_findings(findings), done)


def checked_requests(library: Library, options: Options) -> tuple[Options, ...]:
    """Return the requests that `options` are made of. HandoutError if they ask for something that there is not."""
    raise_errors((*check_options(library, options), *check_builds(options)))
    requests = expand_options(library, options)
    raise_errors(found for request in requests for found in check_options(library, request))
    return requests


def plan_request(
    library: Library, request: Options, done: CompositionCache, tell: DeliverablesCallback, *, few: bool
) -> tuple[list[Deliverable], list[Finding]]:
    """Return what one request makes, and what was found; unless they are `few`, documents are packed away."""
    composed: list[ReaderCompositions] = []
    deliverables: list[Deliverable] = []
    nothing: list[EmptyTemplate] = []
    for each in compose_readers(library, request, done):
        composed.append(replace(each, compositions=()))
        nothing.extend(find_empty_templates(each, request))
        made = list(requested_deliverables(library, each, request))
        deliverables.extend(made if few else pack_documents(made))
        if not any(map(is_error, each.findings)):
            tell(made)
    findings = (*collect_compositions(library, composed, request).findings, *warn_of_empty_templates(library, nothing))
    return deliverables, [found for found in findings if is_error(found) or found.code not in DRAFT_CODES]


def find_layout_errors(deliverables: Iterable[Deliverable], output: Path, kept: PersistentCache) -> tuple[Finding, ...]:
    """Return what does not fit in the files to be made; a mistake of ours costs a file only when that is drawn."""
    return merge_findings(
        each for each in find_in_plans(deliverables, output, kept) if each.finding.code != OUR_MISTAKE
    )


def check_file_count(count: int) -> Iterator[Finding]:
    """Yield an error if more files are asked for than anybody hands out; nothing is composed to find out."""
    if count > MAX_FILES:
        hint = "choose fewer: --audience, --template, --language, --edition or --paper"
        yield error("too-many", f"About {count} files would be made.", hint=hint)


def estimate_file_count(library: Library, request: Options) -> int:
    """Return about how many files a request makes."""
    readers = sum(1 for _ in requested_readers(library, request))
    lengths = max(1, len(set(request.minutes)))
    templates = len(request.template_names or DEFAULT_TEMPLATES)
    looks = max(1, len(set(request.papers))) * max(1, len(set(request.editions)))
    return readers * templates * lengths * looks


def find_name_clashes(deliverables: Iterable[Deliverable]) -> Iterator[Finding]:
    """Yield an error for each deliverable whose name makes it overwrite another; two requests may ask for the same."""
    first: dict[str, Deliverable] = {}
    for each in deliverables:
        other = first.setdefault(each.file, each)
        if other is not each and other != each:
            one, two = (f"template '{made.template}' for '{made.audience}'" for made in (other, each))
            yield error("same-file", f"Two files would be {each.file}: {one}, and {two}.", hint="rename one of them")


def plan_copies(
    library: Library,
    options: Options,
    kept: PersistentCache | None = None,
    tell: DeliverablesCallback = ignore_deliverables,
    *,
    fitting: bool = False,
) -> tuple[BuildPlan, RecipientTable]:
    """Return what is to be made, each document once or for each recipient, and the recipients.

    HandoutError with all that is wrong; with `fitting`, also what does not fit on a page or a slide.
    """
    plan, recipients = plan_files(library, options, kept, tell, fitting=fitting), load_recipient_table(options)
    if options.recipients is None:
        return plan, recipients
    from handouts.compose.template_names import check_personalisable

    templates = dict.fromkeys(each.template for each in plan.deliverables)
    raise_errors(found for template in templates for found in check_personalisable(library, template))
    copies = make_copies(plan.deliverables, recipients, options.copies)
    return replace(plan, deliverables=copies, findings=(*plan.findings, *recipients.findings)), recipients


def load_recipient_table(options: Options) -> RecipientTable:
    """Return for whom copies are made: nobody in particular if there is no table. HandoutError if it is wrong."""
    if options.recipients is None:
        return RecipientTable((), ())
    from handouts.load.recipients import read_recipients

    return read_recipients(options.recipients)
