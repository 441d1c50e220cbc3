"""Check everything the options ask for without writing, and compare what audiences read.

`check_all` composes and plans as a build does and returns all findings, with word counts and key points if
asked for; `compare_readers` returns two audiences sentence by sentence. Must never write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from handouts.cache import PersistentCache
from handouts.check.allowances import AllowedFinding
from handouts.compare import AudienceComparison, Balance, compare_selections, measure_balance
from handouts.finding import Finding, Location, error, raise_errors, sorted_findings
from handouts.library import Library, Topic
from handouts.load import load_library
from handouts.pipeline.compositions import (
    DEFAULT_TEMPLATES,
    ComposedRequest,
    CompositionCache,
    ReaderCompositions,
    choose_values,
    compose_request,
    select_for_reader,
)
from handouts.pipeline.deliverables import Deliverable, requested_deliverables
from handouts.pipeline.options import Options, check_options
from handouts.pipeline.output import open_cache
from handouts.pipeline.plan import (
    checked_requests,
    find_empty_templates,
    find_in_plans,
    find_name_clashes,
    warn_of_empty_templates,
)
from handouts.pipeline.points import PointTable, make_point_tables
from handouts.pipeline.report import OUR_MISTAKE, merge_findings
from handouts.select import Selection, select_content


def compare_readers(options: Options) -> tuple[AudienceComparison, ...]:
    """Return what the two audiences of `options` read alike and what each alone, by topic and language.

    HandoutError if content cannot be read, or if there are not two audiences that a topic is for.
    """
    with open_cache(options) as kept:
        library = load_library(options.content, options.templates, kept)
    raise_errors((*check_options(library, options), *check_audience_pair(library, options)))
    both = set(options.audiences)
    return tuple(
        compare_selections(*select_for_audiences(library, topic, language, options.audiences))
        for topic, language in requested_topics(library, options)
        if both <= set(topic.audiences)
    )


def check_audience_pair(library: Library, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the two audiences that are to be compared."""
    first, second = options.audiences
    if first == second:
        others = [name for name in library.audiences if name != first]
        yield error("usage", f"'{first}' is named twice.", Location("diff"), f"name another: {', '.join(others)}")
    both = set(options.audiences) & set(library.audiences)
    for topic in (library.topics[name] for name in options.topics if name in library.topics):
        for name in sorted(both - set(topic.audiences)):
            message = f"'{topic.name}' is not for '{name}'."
            yield error("usage", message, Location("diff"), f"it is for {', '.join(topic.audiences)}")
    if not options.topics and not any(both <= set(topic.audiences) for topic in library.topics.values()):
        message = f"No topic is for both '{first}' and '{second}'."
        yield error("usage", message, Location("diff"), "handouts list shows for whom there is one")


def measure_balances(library: Library, options: Options) -> tuple[Balance, ...]:
    """Return how many words of each section every audience reads, by topic and language."""
    balances = []
    for topic, language in requested_topics(library, options):
        audiences = [name for name in options.audiences or topic.audiences if name in topic.audiences]
        if audiences:
            balances.append(measure_balance(select_for_audiences(library, topic, language, audiences)))
    return tuple(balances)


def requested_topics(library: Library, options: Options) -> Iterator[tuple[Topic, str]]:
    """Yield each topic that is asked for with each of its languages that is."""
    for topic in choose_values(library.topics, options.topics):
        for language in topic.languages:
            if not options.languages or language in options.languages:
                yield topic, language


def select_for_audiences(
    library: Library, topic: Topic, language: str, audiences: Iterable[str]
) -> tuple[Selection, ...]:
    """Return what each of the audiences reads of a topic."""
    return tuple(select_content(library, topic.name, audience, language) for audience in audiences)


class CheckReport(Struct, frozen=True):
    """What was found in all that was composed, what of it content allows, and how many documents there were.

    `balances` say how much each reader is told, by topic and language, `points` which words make which point.
    """

    findings: tuple[Finding, ...]
    allowed: tuple[AllowedFinding, ...]
    documents: int
    balances: tuple[Balance, ...] = ()
    points: tuple[PointTable, ...] = ()

    @property
    def ours(self) -> bool:
        """True if the pages of a file could not be planned by a mistake of ours."""
        return any(found.code == OUR_MISTAKE for found in self.findings)


def check_all(options: Options, *, balance: bool = False, points: bool = False) -> CheckReport:
    """Check what `options` ask for by every template, plan its pages and slides as a build does, and return all that is
    found, with the `balance` and the tables of `points` if they are asked for.

    HandoutError if content cannot be read.
    """
    with open_cache(options) as kept:
        return check_with_cache(kept, options, balance=balance, points=points)


def check_with_cache(kept: PersistentCache, options: Options, *, balance: bool, points: bool) -> CheckReport:
    """Check with what is kept of earlier commands."""
    library = load_library(options.content, options.templates, kept)
    complete = not (options.topics or options.audiences or options.languages or options.template_names or options.sets)
    done = CompositionCache(kept)
    requests = checked_requests(library, options)
    every = (replace(each, template_names=each.template_names or tuple(library.templates)) for each in requests)
    gathered = [compose_request(library, request, complete=complete, done=done) for request in every]
    deliverables = [
        made
        for request, each in zip(requests, gathered, strict=True)
        for composed in each.composed
        for made in deliverables_to_check(library, composed, request)
    ]
    unfit = (*find_name_clashes(deliverables), *merge_findings(find_in_plans(deliverables, options.output, kept)))
    documents = sum(len(composed.compositions) for each in gathered for composed in each.composed)
    found_by_rules = (found for each in gathered for found in each.findings)
    empty = (
        found
        for request, each in zip(requests, gathered, strict=True)
        for found in empty_template_warnings(library, each, request)
    )
    findings = sorted_findings((*library.findings, *found_by_rules, *unfit, *empty))
    allowed = tuple(dict.fromkeys(found for each in gathered for found in each.allowed))
    balances = measure_balances(library, options) if balance else ()
    tables = [table for each in gathered for table in point_tables_of_request(library, each, options)] if points else ()
    return CheckReport(findings, allowed, documents, balances, tuple(tables))


def deliverables_to_check(library: Library, composed: ReaderCompositions, request: Options) -> Iterator[Deliverable]:
    """Yield the files of one reader whose pages and slides are planned: what a build makes of the request, and, if it
    names no templates, what the others make as they are made most often.
    """
    yield from requested_deliverables(library, composed, request)
    others = tuple(name for name in library.templates if name not in DEFAULT_TEMPLATES)
    if others and not request.template_names:
        usual = replace(request, formats=(), papers=(), editions=(), booklet=False, fillable=False, builds=False)
        yield from requested_deliverables(library, composed, replace(usual, template_names=others))


def empty_template_warnings(library: Library, gathered: ComposedRequest, request: Options) -> Iterator[Finding]:
    """Yield a warning for each template that a request names and that finds nothing to lay out."""
    return warn_of_empty_templates(
        library, (each for composed in gathered.composed for each in find_empty_templates(composed, request))
    )


def point_tables_of_request(library: Library, gathered: ComposedRequest, options: Options) -> Iterator[PointTable]:
    """Yield which parts make which points, for each reader and document that was composed."""
    for each in gathered.composed:
        selection = select_for_reader(library, each.reader)
        yield from make_point_tables(each.reader.topic, selection, each.compositions, options)
