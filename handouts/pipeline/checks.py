"""Check everything the options ask for without writing, and compare what audiences read.

`check_all` composes and plans as a build does and returns all findings, with word counts and key points if asked for;
`compare_readers` compares what two audiences read, sentence by sentence. Must never write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from handouts.check import AllowedFinding
from handouts.compare import AudienceComparison, Balance, compare_selections, measure_balance
from handouts.finding import Finding, Location, error, raise_errors, sorted_findings
from handouts.library import DEFAULT_TEMPLATES, Library, Topic
from handouts.load import load_library
from handouts.pipeline.compositions import (
    ReaderCompositions,
    apply_allowances,
    choose_values,
    compose_readers,
    select_for_reader,
)
from handouts.pipeline.deliverables import Deliverable, requested_deliverables
from handouts.pipeline.options import Options, check_options
from handouts.pipeline.plan import (
    MAX_COMPOSITIONS,
    checked_requests,
    find_name_clashes,
    find_template_gaps,
    plan_files,
    warn_of_template_gaps,
)
from handouts.pipeline.points import PointTable, make_point_tables
from handouts.pipeline.report import OUR_MISTAKE, merge_findings
from handouts.render_cache import RenderCache
from handouts.select import Selection, select_content


def compare_readers(options: Options) -> tuple[AudienceComparison, ...]:
    """Return what both audiences of `options` read and what only one of them does, for each topic and language.

    HandoutError if content cannot be read, or if no topic is for both.
    """
    library = load_library(options.content, options.templates)
    raise_errors((*check_options(library, options), *_check_audience_pair(library, options)))
    both = set(options.audiences)
    return tuple(
        compare_selections(*_select_for_audiences(library, topic, language, options.audiences))
        for topic, language in _requested_topics(library, options)
        if both <= set(topic.audiences)
    )


def _check_audience_pair(library: Library, options: Options) -> Iterator[Finding]:
    """Yield an error for each reason why the two audiences cannot be compared."""
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


def _measure_balances(library: Library, options: Options) -> tuple[Balance, ...]:
    """Return how many words of each section every audience reads, for each topic and language."""
    balances = []
    for topic, language in _requested_topics(library, options):
        audiences = [name for name in options.audiences or topic.audiences if name in topic.audiences]
        if audiences:
            balances.append(measure_balance(_select_for_audiences(library, topic, language, audiences)))
    return tuple(balances)


def _requested_topics(library: Library, options: Options) -> Iterator[tuple[Topic, str]]:
    """Yield each requested topic with each of its requested languages."""
    for topic in choose_values(library.topics, options.topics):
        for language in topic.languages:
            if not options.languages or language in options.languages:
                yield topic, language


def _select_for_audiences(
    library: Library, topic: Topic, language: str, audiences: Iterable[str]
) -> tuple[Selection, ...]:
    """Return the selection of each audience."""
    return tuple(select_content(library, topic.name, audience, language) for audience in audiences)


class CheckReport(Struct, frozen=True):
    """All findings, those that content allows, and the number of documents that were composed.

    `balances` say how much each audience reads, by topic and language, `points` which words make which point.
    """

    findings: tuple[Finding, ...]
    allowed: tuple[AllowedFinding, ...]
    documents: int
    balances: tuple[Balance, ...] = ()
    points: tuple[PointTable, ...] = ()

    @property
    def has_bug(self) -> bool:
        """True if the pages of a file could not be planned because of a bug of ours."""
        return any(found.code == OUR_MISTAKE for found in self.findings)


def check_all(options: Options, *, balance: bool = False, points: bool = False) -> CheckReport:
    """Return the findings about everything that `options` ask for, by every template, with its pages planned.

    The report has balances and point tables only if `balance` and `points` ask for them. HandoutError if content cannot
    be read.
    """
    library, cache = load_library(options.content, options.templates), RenderCache(MAX_COMPOSITIONS)
    complete = not (options.topics or options.audiences or options.languages or options.template_names or options.sets)
    findings, allowed = list(library.findings), dict[AllowedFinding, None]()
    deliverables: list[Deliverable] = []
    tables: list[PointTable] = []
    documents = 0
    for request in checked_requests(library, options):
        # Templates of all formats are composed, so that every check finds a missing part.
        every = replace(request, template_names=request.template_names or tuple(library.templates), formats=())
        composed = tuple(compose_readers(library, every, cache))
        found = (each for reader in composed for each in reader.findings)
        sifted = apply_allowances(library, found, release=request.release, complete=complete)
        findings.extend(sifted.findings)
        allowed |= dict.fromkeys(sifted.allowed)
        gaps = (gap for reader in composed for gap in find_template_gaps(library, reader, request))
        findings.extend(warn_of_template_gaps(library, gaps))
        for each in composed:
            documents += len(each.compositions)
            deliverables.extend(_deliverables_to_check(library, each, request))
            if points:
                selection = select_for_reader(library, each.reader)
                tables.extend(make_point_tables(each.reader.topic, selection, each.compositions, options))
    findings.extend(find_name_clashes(deliverables))
    planned = plan_files(deliverables, options.output, RenderCache())
    findings.extend(merge_findings(one for _, _, found in planned for one in found))
    balances = _measure_balances(library, options) if balance else ()
    return CheckReport(sorted_findings(findings), tuple(allowed), documents, balances, tuple(tables))


def _deliverables_to_check(library: Library, composed: ReaderCompositions, request: Options) -> Iterator[Deliverable]:
    """Yield the files of one reader whose pages are planned: those of the request and, if it names no templates, those
    of all other templates in their usual form.
    """
    yield from requested_deliverables(library, composed, request)
    others = tuple(name for name in library.templates if name not in DEFAULT_TEMPLATES)
    if others and not request.template_names:
        usual = replace(request, formats=(), papers=(), editions=(), booklet=False, fillable=False, builds=False)
        yield from requested_deliverables(library, composed, replace(usual, template_names=others))
