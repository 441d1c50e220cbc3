"""Compose and check the documents of every requested audience, topic and language.

Takes a Library and options; yields the compositions and findings of one reader after another: of the documents that
are asked for, and no others. What several requests share is composed once. Must never write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.check import (
    CODES,
    AllowedFinding,
    SiftedFindings,
    check_document,
    check_library,
    checked_document,
    sift_findings,
    unknown_codes,
    unused_allowances,
)
from handouts.check.rules import ReadingSample
from handouts.check.typeface import check_typeface
from handouts.compose import Composition, compose_document, unplaced_parts
from handouts.finding import Finding, HandoutError, Severity, error, sorted_findings
from handouts.formats import requested_formats
from handouts.library import DEFAULT_TEMPLATES, Audience, Library, Topic
from handouts.pipeline.options import Options
from handouts.pipeline.points import find_missing_points
from handouts.render_cache import RenderCache
from handouts.select import Selection, select_content

# What a draft may have and a release may not; the pages say so of themselves, and a build of a draft does not.
DRAFT_CODES = frozenset({"unreviewed", "unconfirmed"})
_UNFINISHED_CODES = DRAFT_CODES | {"stale-review", "contact-expired", "review-due", "sample-text", "untranslated"}

_Value = TypeVar("_Value")


class Reader(Struct, frozen=True):
    """One audience of a topic in one language, for which files are made."""

    topic: Topic
    audience: Audience
    language: str


class CheckedComposition(Struct, frozen=True):
    """A composition, what the rules find in it, and the sentences that they judge."""

    composition: Composition
    findings: tuple[Finding, ...]
    samples: tuple[ReadingSample, ...]


class ReaderCompositions(Struct, frozen=True):
    """What was composed for one reader, nothing if that failed, and what was found."""

    reader: Reader
    compositions: tuple[Composition, ...]
    findings: tuple[Finding, ...]


def compose_readers(library: Library, options: Options, cache: RenderCache) -> Iterator[ReaderCompositions]:
    """Yield what is composed for each reader that is asked for, checked; what is in `cache` is not composed again."""
    for reader in requested_readers(library, options):
        try:
            yield _compose_reader(library, reader, options, cache)
        except HandoutError as raised:
            yield ReaderCompositions(reader, (), raised.findings)


def _compose_reader(library: Library, reader: Reader, options: Options, cache: RenderCache) -> ReaderCompositions:
    """Return the documents of one reader and all that is found in them. HandoutError if one cannot be composed."""
    selection = select_for_reader(library, reader)
    checked = [
        cache.get_or_compute(
            (reader.topic.name, reader.language, reader.audience.name, options.country, template, minutes),
            lambda template=template, minutes=minutes: _compose_and_check(selection, template, minutes, options, cache),  # type: ignore[misc]
        )
        for template in requested_templates(library, reader, options)
        for minutes in _talk_lengths(library, template, options)
    ]
    compositions = tuple(each.composition for each in checked)
    default = {name for name in reader.topic.templates if _is_template_for(library, name, reader.audience)}
    all_shown = default <= {each.template for each in compositions}  # else another file may show what these do not
    findings = (
        *dict.fromkeys(found for each in compositions for found in each.findings),
        *(unplaced_parts(selection, compositions) if all_shown else ()),
        *find_missing_points(reader.topic, selection, compositions, options),
        *sorted_findings(found for each in checked for found in each.findings),
    )
    return ReaderCompositions(reader, compositions, findings)


def _compose_and_check(
    selection: Selection, template: str, minutes: int, options: Options, cache: RenderCache
) -> CheckedComposition:
    """Return one document with what the rules find in it."""
    made = compose_document(
        selection, template, country=options.country, today=options.today, minutes=minutes, cache=cache
    )
    return check_composition(made, selection, options)


def check_composition(made: Composition, selection: Selection, options: Options) -> CheckedComposition:
    """Return a document with what the rules find in it."""
    library = selection.library
    typeface = library.themes[library.service.theme].typeface
    checked = checked_document(made.document, selection, options.country)
    found = (
        *check_document(checked),
        *check_typeface(made.document, selection, typeface),
    )
    return CheckedComposition(made, sorted_findings(found), checked.samples)


def requested_templates(library: Library, reader: Reader, options: Options) -> tuple[str, ...]:
    """Return the templates by which files are made for a reader."""
    return tuple(
        name
        for name in dict.fromkeys(options.template_names or DEFAULT_TEMPLATES)
        if (name in reader.topic.templates or name not in DEFAULT_TEMPLATES)
        and _is_template_for(library, name, reader.audience)
        and _is_format_requested(library, name, options)
    )


def _is_template_for(library: Library, template: str, audience: Audience) -> bool:
    """True if there is a `template` of this name, and it is made for `audience`."""
    known = library.templates.get(template)
    return known is not None and (not known.audiences or audience.name in known.audiences)


def _is_format_requested(library: Library, template: str, options: Options) -> bool:
    """True if `options` ask for a format that is made by `template`."""
    return any(requested_formats(options.formats, library.templates[template].renderer))


def select_for_reader(library: Library, reader: Reader) -> Selection:
    """Return what a reader reads."""
    return select_content(library, reader.topic.name, reader.audience.name, reader.language)


def _talk_lengths(library: Library, template: str, options: Options) -> tuple[int, ...]:
    """Return the minutes of each talk that is asked for; 0 for a handout and for a talk with all its slides."""
    talk = library.templates[template].renderer != "pdf"
    return tuple(dict.fromkeys(int(each) for each in options.minutes)) if talk and options.minutes else (0,)


def requested_readers(library: Library, options: Options) -> Iterator[Reader]:
    """Yield each topic, audience and language that is asked for and that there is."""
    for topic in choose_values(library.topics, options.topics):
        for audience in choose_values(library.audiences, options.audiences):
            if audience.name not in topic.audiences:
                continue
            for language in topic.languages:
                if not options.languages or language in options.languages:
                    yield Reader(topic, topic.with_looks(audience), language)


def choose_values(known: Mapping[str, _Value], names: Sequence[str]) -> tuple[_Value, ...]:
    """Return the values of `names`, each once, or all if there are none."""
    return tuple(known[name] for name in dict.fromkeys(names or known))


# ---------------------------------------------------------------- what content allows


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
        kept = sorted_findings((*map(_as_release_finding, kept), *map(_refused_allowance, sifted.allowed)))
    return SiftedFindings(kept, sifted.allowed)


def _as_release_finding(found: Finding) -> Finding:
    """Return a finding as a release takes it: what is unfinished is an error."""
    return replace(found, severity=Severity.ERROR) if found.code in _UNFINISHED_CODES else found


def _refused_allowance(allowed: AllowedFinding) -> Finding:
    """Return the error for a finding that content allows, which a release does not."""
    found = allowed.finding
    message = f"A release does not allow '{found.code}': {found.message}"
    return error("suppressed", message, found.at, found.hint)
