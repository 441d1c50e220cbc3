"""Compose and check the documents of every requested audience, topic and language.

Takes a Library and options; yields the compositions and findings of one reader after another, only of the documents
that are asked for. What several requests share is composed once. Must never write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.check import (
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

# Findings that a draft may have and a release may not; a build of a draft hides them, as its pages say so themselves.
DRAFT_CODES = frozenset({"unreviewed", "unconfirmed"})
_UNFINISHED_CODES = DRAFT_CODES | {"stale-review", "contact-expired", "review-due", "sample-text", "untranslated"}

_Value = TypeVar("_Value")


class Reader(Struct, frozen=True):
    """One audience of a topic in one language."""

    topic: Topic
    audience: Audience
    language: str


class CheckedComposition(Struct, frozen=True):
    """A composition with the findings of the rules, and the text samples that they judged."""

    composition: Composition
    findings: tuple[Finding, ...]
    samples: tuple[ReadingSample, ...]


class ReaderCompositions(Struct, frozen=True):
    """The compositions of one reader, none if composing failed, and all findings."""

    reader: Reader
    compositions: tuple[Composition, ...]
    findings: tuple[Finding, ...]


def compose_readers(library: Library, options: Options, cache: RenderCache) -> Iterator[ReaderCompositions]:
    """Yield the checked compositions of each requested reader; those in `cache` are not composed again."""
    for reader in requested_readers(library, options):
        try:
            yield _compose_reader(library, reader, options, cache)
        except HandoutError as raised:
            yield ReaderCompositions(reader, (), raised.findings)


def _compose_reader(library: Library, reader: Reader, options: Options, cache: RenderCache) -> ReaderCompositions:
    """Return the documents of one reader with all findings. HandoutError if one cannot be composed."""
    selection = select_for_reader(library, reader)

    def compose_and_check(template: str, minutes: int) -> CheckedComposition:
        made = compose_document(
            selection, template, country=options.country, today=options.today, minutes=minutes, cache=cache
        )
        return check_composition(made, selection, options)

    checked = [
        cache.get_or_compute(
            (reader.topic.name, reader.language, reader.audience.name, options.country, template, minutes),
            partial(compose_and_check, template, minutes),
        )
        for template in requested_templates(library, reader, options)
        for minutes in _talk_lengths(library, template, options)
    ]
    compositions = tuple(each.composition for each in checked)
    default = {name for name in reader.topic.templates if _is_template_for(library, name, reader.audience)}
    all_shown = default <= {
        each.template for each in compositions
    }  # else a part may be in a file that is not asked for
    findings = (
        *dict.fromkeys(found for each in compositions for found in each.findings),
        *(unplaced_parts(selection, compositions) if all_shown else ()),
        *find_missing_points(reader.topic, selection, compositions, options),
        *sorted_findings(found for each in checked for found in each.findings),
    )
    return ReaderCompositions(reader, compositions, findings)


def check_composition(made: Composition, selection: Selection, options: Options) -> CheckedComposition:
    """Return a document with the findings of the rules."""
    library = selection.library
    typeface = library.themes[library.service.theme].typeface
    checked = checked_document(made.document, selection, options.country)
    found = (*check_document(checked), *check_typeface(made.document, selection, typeface))
    return CheckedComposition(made, sorted_findings(found), checked.samples)


def requested_templates(library: Library, reader: Reader, options: Options) -> tuple[str, ...]:
    """Return the names of the templates that make the requested files of a reader."""
    return tuple(
        name
        for name in dict.fromkeys(options.template_names or DEFAULT_TEMPLATES)
        if (name in reader.topic.templates or name not in DEFAULT_TEMPLATES)
        and _is_template_for(library, name, reader.audience)
        and any(requested_formats(options.formats, library.templates[name].renderer))
    )


def _is_template_for(library: Library, template: str, audience: Audience) -> bool:
    """True if a template of this name exists and is made for `audience`."""
    known = library.templates.get(template)
    return known is not None and (not known.audiences or audience.name in known.audiences)


def select_for_reader(library: Library, reader: Reader) -> Selection:
    """Return the selection of a reader."""
    return select_content(library, reader.topic.name, reader.audience.name, reader.language)


def _talk_lengths(library: Library, template: str, options: Options) -> tuple[int, ...]:
    """Return the requested lengths of a talk in minutes; 0 for a handout, and for a talk with all its slides."""
    talk = library.templates[template].renderer != "pdf"
    return tuple(dict.fromkeys(int(each) for each in options.minutes)) if talk and options.minutes else (0,)


def requested_readers(library: Library, options: Options) -> Iterator[Reader]:
    """Yield each requested reader that exists."""
    for topic in choose_values(library.topics, options.topics):
        for audience in choose_values(library.audiences, options.audiences):
            if audience.name not in topic.audiences:
                continue
            for language in topic.languages:
                if not options.languages or language in options.languages:
                    yield Reader(topic, topic.with_looks(audience), language)


def choose_values(known: Mapping[str, _Value], names: Sequence[str]) -> tuple[_Value, ...]:
    """Return the values with these `names`, each once, or all values if there are no names."""
    return tuple(known[name] for name in dict.fromkeys(names or known))


# ---------------------------------------------------------------- what content allows


def apply_allowances(library: Library, findings: Iterable[Finding], *, release: bool, complete: bool) -> SiftedFindings:
    """Return the findings that content does not allow and those that it allows.

    If the check was `complete`, what is used nowhere is a finding too. For a `release`, findings about unfinished
    content are errors, and so are allowed ones.
    """
    everywhere = check_library(library) if complete else ()
    sifted = sift_findings(sorted_findings((*findings, *everywhere)), library)
    extra = [*unknown_codes(library)]
    if complete:
        extra.extend(unused_allowances(library, sifted.allowed))
    kept = sorted_findings((*sifted.findings, *extra))
    if release:
        kept = sorted_findings(
            (
                *(replace(each, severity=Severity.ERROR) if each.code in _UNFINISHED_CODES else each for each in kept),
                *(_refused_allowance(each.finding) for each in sifted.allowed),
            )
        )
    return SiftedFindings(kept, sifted.allowed)


def _refused_allowance(found: Finding) -> Finding:
    """Return the error of a release for a finding that content allows."""
    message = f"A release does not allow '{found.code}': {found.message}"
    return error("suppressed", message, found.at, found.hint)
