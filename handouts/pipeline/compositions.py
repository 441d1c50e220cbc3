"""Compose and check the documents of every requested audience, topic and language.

Takes a Library and options; returns compositions, findings and allowed findings. The default templates are
always composed as well, so that no part is overlooked. What several requests share is composed once, and what
the persistent cache holds is not composed again. Must never write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.cache import PersistentCache
from handouts.check import CODES, check_document, check_library
from handouts.check.allowances import AllowedFinding, SiftedFindings, sift_findings, unknown_codes, unused_allowances
from handouts.compose import Composition, compose_document, unplaced_parts
from handouts.compose.placement import narrow_selection
from handouts.finding import Finding, HandoutError, Severity, error, sorted_findings
from handouts.library import Audience, Library, Topic
from handouts.pipeline.options import Options
from handouts.pipeline.points import find_missing_points
from handouts.select import Selection, select_content

# What a draft may have and a release may not; the pages say so of themselves, and a build of a draft does not.
DRAFT_CODES = frozenset({"unreviewed", "unconfirmed"})
UNFINISHED_CODES = DRAFT_CODES | {"contact-expired", "review-due"}


def check_compositions(selection: Selection, compositions: Iterable[Composition], country: str) -> tuple[Finding, ...]:
    """Return what the rules find in the documents of one reader."""
    return sorted_findings(
        found for each in compositions for found in check_document(each.document, selection, country)
    )


def apply_allowances(library: Library, findings: Iterable[Finding], *, release: bool, complete: bool) -> SiftedFindings:
    """Return which findings stay and which are allowed; if everything was checked, also what has no use anywhere.

    For a `release`, what is unfinished is an error, and so is everything that content allows.
    """
    everywhere = check_library(library) if complete else ()
    sifted = sift_findings(sorted_findings((*findings, *everywhere)), library, CODES)
    extra = [*unknown_codes(library, CODES)]
    if complete:
        extra.extend(unused_allowances(library, sifted.allowed, CODES))
    kept = sorted_findings((*sifted.findings, *extra))
    if release:
        kept = sorted_findings((*map(as_release_finding, kept), *map(refused_allowance, sifted.allowed)))
    return SiftedFindings(kept, sifted.allowed)


def as_release_finding(found: Finding) -> Finding:
    """Return a finding as a release takes it: what is unfinished is an error."""
    return replace(found, severity=Severity.ERROR) if found.code in UNFINISHED_CODES else found


def refused_allowance(allowed: AllowedFinding) -> Finding:
    """Return the error for a finding that content allows, which a release does not."""
    found = allowed.finding
    message = f"A release does not allow '{found.code}': {found.message}"
    return error("suppressed", message, found.at, found.hint)


Value = TypeVar("Value")

ReaderKey: TypeAlias = tuple[str, str, str, str]

DEFAULT_TEMPLATES = ("handout", "slides")
MAX_READERS = 12  # whose documents are there at once, 2 MB for each


class Reader(Struct, frozen=True):
    """For whom a file is made, about what, and in which language."""

    topic: Topic
    audience: Audience
    language: str


class RuleFindings(Struct, frozen=True):
    """What the rules find in a composition."""

    findings: tuple[Finding, ...]


class CheckedComposition(Struct, frozen=True):
    """A composition, and what the rules find in it."""

    composition: Composition
    findings: tuple[Finding, ...]


class CompositionCache(Struct, frozen=True):
    """What was composed of late: by topic, language, audience and country, then by template and minutes.

    What earlier commands composed of the same is `kept`.
    """

    kept: PersistentCache = field(default_factory=PersistentCache)
    composed: dict[ReaderKey, dict[tuple[str, int], CheckedComposition]] = field(default_factory=dict)

    def of(self, key: ReaderKey) -> dict[tuple[str, int], CheckedComposition]:
        """Return what was composed for a reader; whom nobody has asked for the longest is forgotten for a new one."""
        known = self.composed.pop(key, {})
        if len(self.composed) >= MAX_READERS:
            del self.composed[next(iter(self.composed))]
        return self.composed.setdefault(key, known)


class ReaderCompositions(Struct, frozen=True):
    """What was composed for one reader, nothing if that failed, and what was found."""

    reader: Reader
    compositions: tuple[Composition, ...]
    findings: tuple[Finding, ...]


class ComposedRequest(Struct, frozen=True):
    """What was composed for each reader, all that was found, and what of it content allows."""

    composed: tuple[ReaderCompositions, ...]
    findings: tuple[Finding, ...]
    allowed: tuple[AllowedFinding, ...]


def compose_request(
    library: Library, options: Options, *, complete: bool = False, done: CompositionCache | None = None
) -> ComposedRequest:
    """Return what is composed for each reader that is asked for, checked; `complete` says that nothing is left out.

    What is in `done` is not made again, and what is made is put there.
    """
    return collect_compositions(
        library, compose_readers(library, options, done or CompositionCache()), options, complete=complete
    )


def collect_compositions(
    library: Library, composed: Iterable[ReaderCompositions], options: Options, *, complete: bool = False
) -> ComposedRequest:
    """Return what was composed for all readers, and what was found, without what content allows."""
    each_composed = tuple(composed)
    findings = [found for each in each_composed for found in each.findings]
    left = apply_allowances(library, findings, release=options.release, complete=complete)
    return ComposedRequest(each_composed, left.findings, left.allowed)


def compose_readers(library: Library, options: Options, done: CompositionCache) -> Iterator[ReaderCompositions]:
    """Yield what is composed for each reader that is asked for, checked, as soon as it is."""
    for reader in requested_readers(library, options):
        try:
            checked, found = compose_reader(library, reader, options, done)
        except HandoutError as raised:
            yield ReaderCompositions(reader, (), raised.findings)
        else:
            rest = sorted_findings(found for each in checked for found in each.findings)
            yield ReaderCompositions(reader, tuple(each.composition for each in checked), (*found, *rest))


def compose_reader(
    library: Library, reader: Reader, options: Options, done: CompositionCache
) -> tuple[tuple[CheckedComposition, ...], tuple[Finding, ...]]:
    """Return the documents of one audience; always by the default templates too, so that no part is overlooked."""
    selection = select_for_reader(library, reader)
    before = done.of(reader_key(reader, options))
    checked = []
    for key in requested_templates(library, reader, options):
        if key not in before:
            before[key] = compose_and_check(selection, *key, options, done.kept)
        checked.append(before[key])
    composed = [each.composition for each in checked]
    findings = dict.fromkeys(found for composition in composed for found in composition.findings)
    left_out = (*unplaced_parts(selection, composed), *find_missing_points(reader.topic, selection, composed, options))
    return tuple(checked), (*findings, *left_out)


def requested_templates(library: Library, reader: Reader, options: Options) -> Iterator[tuple[str, int]]:
    """Yield by which templates a reader's documents are composed, the default ones too, in each length of a talk."""
    for name in dict.fromkeys((*DEFAULT_TEMPLATES, *options.template_names)):
        if name in library.templates and is_template_for(library, name, reader.audience):
            yield from ((name, minutes) for minutes in talk_lengths(library, name, options))


def select_for_reader(library: Library, reader: Reader) -> Selection:
    """Return what a reader reads."""
    return select_content(library, reader.topic.name, reader.audience.name, reader.language)


def compose_and_check(
    selection: Selection, template: str, minutes: int, options: Options, kept: PersistentCache
) -> CheckedComposition:
    """Return one document with what the rules find in it, as both are kept or worked out now.

    What is found in the text of a section is not kept: its place may be another in a text that has changed for others.
    """
    needed = needed_selection(selection, template, kept)
    composition = compose_cached(needed, template, minutes, options, kept)
    found = kept.remembered(
        RuleFindings,
        composition_inputs(needed, template, minutes, options),
        lambda: RuleFindings(check_compositions(needed, (composition,), options.country)),
        lambda made: not any(each.at.file in needed.texts for each in made.findings),
    )
    return CheckedComposition(composition, found.findings)


def needed_selection(selection: Selection, template: str, kept: PersistentCache) -> Selection:
    """Return what of a selection a document is made of, if that is kept: what only others show may change then."""
    if not kept.program:
        return selection
    try:
        return narrow_selection(selection, selection.library.templates[template], kept)
    except HandoutError:  # composing says why
        return selection


def compose_cached(
    selection: Selection, template: str, minutes: int, options: Options, kept: PersistentCache
) -> Composition:
    """Return one document as it is kept, or composed now."""
    return kept.remembered(
        Composition,
        composition_inputs(selection, template, minutes, options),
        lambda: compose_document(
            selection, template, country=options.country, today=options.today, minutes=minutes, kept=kept
        ),
    )


def composition_inputs(selection: Selection, template: str, minutes: int, options: Options) -> tuple[object, ...]:
    """Return all that a document is composed of; in the texts of its sections only places are looked up."""
    return replace(selection, texts={}), template, minutes, options.country, options.today


def reader_key(reader: Reader, options: Options) -> ReaderKey:
    """Return under which names the documents of a reader are kept."""
    return reader.topic.name, reader.language, reader.audience.name, options.country


def talk_lengths(library: Library, template: str, options: Options) -> tuple[int, ...]:
    """Return the minutes of each talk that is asked for; 0 for a handout and for a talk with all its slides."""
    talk = library.templates[template].renderer != "pdf"
    return tuple(dict.fromkeys(int(each) for each in options.minutes)) if talk and options.minutes else (0,)


def is_template_for(library: Library, template: str, audience: Audience) -> bool:
    """True if `template` is made for `audience`."""
    audiences = library.templates[template].audiences
    return not audiences or audience.name in audiences


def requested_readers(library: Library, options: Options) -> Iterator[Reader]:
    """Yield each topic, audience and language that is asked for and that there is."""
    for topic in choose_values(library.topics, options.topics):
        for audience in choose_values(library.audiences, options.audiences):
            if audience.name not in topic.audiences:
                continue
            for language in topic.languages:
                if not options.languages or language in options.languages:
                    yield Reader(topic, audience, language)


def choose_values(known: Mapping[str, Value], names: Sequence[str]) -> tuple[Value, ...]:
    """Return the values of `names`, each once, or all if there are none."""
    return tuple(known[name] for name in dict.fromkeys(names or known))
