"""A Library and options in, all that is composed for each reader out, checked, and what is told to others alone.

Composes every template that an option names and the default ones, so that no part is overlooked. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from handouts.build.checking import check_compositions, sift
from handouts.build.options import Options
from handouts.check import Allowed
from handouts.compose import Composition, compose_document, unplaced_parts
from handouts.document import Document
from handouts.finding import Finding, HandoutError
from handouts.library import Audience, Library, Topic
from handouts.select import Selection, select_content

Value = TypeVar("Value")

Key: TypeAlias = tuple[str, str, str]

DEFAULT_TEMPLATES = ("handout", "slides")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a file is made, about what, and in which language."""

    topic: Topic
    audience: Audience
    language: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was composed for each reader, all that was found, and what of it content allows."""

    composed: tuple[tuple[Reader, tuple[Composition, ...]], ...]
    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]


def gather(library: Library, options: Options, *, complete: bool = False) -> Gathered:
    """Return what is composed for each reader that is asked for, checked; `complete` says that nothing is left out."""
    findings: list[Finding] = []
    composed: list[tuple[Reader, tuple[Composition, ...]]] = []
    for reader in readers_of(library, options):
        try:
            selection = select_content(library, reader.topic.name, reader.audience.name, reader.language)
            compositions, found = compose_all(selection, library, options)
        except HandoutError as raised:
            findings.extend(raised.findings)
            continue
        findings.extend((*found, *check_compositions(selection, compositions, options.country)))
        composed.append((reader, compositions))
    sifted = sift(library, findings, release=options.release, complete=complete)
    return Gathered(tuple(composed), sifted.findings, sifted.allowed)


def compose_all(
    selection: Selection, library: Library, options: Options
) -> tuple[tuple[Composition, ...], tuple[Finding, ...]]:
    """Return the documents of one audience; always by the default templates too, so that no part is overlooked."""
    names = dict.fromkeys((*DEFAULT_TEMPLATES, *options.template_names))
    wanted = [name for name in names if name in library.templates and is_for(library, name, selection.audience)]
    composed = tuple(
        compose_document(selection, name, country=options.country, today=options.today, minutes=minutes)
        for name in wanted
        for minutes in lengths_of(library, name, options)
    )
    findings = dict.fromkeys(found for composition in composed for found in composition.findings)
    return composed, (*findings, *unplaced_parts(selection, composed))


def lengths_of(library: Library, template: str, options: Options) -> tuple[int, ...]:
    """Return the minutes of each talk that is asked for; 0 for a handout and for a talk with all its slides."""
    talk = library.templates[template].renderer != "pdf"
    return tuple(dict.fromkeys(int(each) for each in options.minutes)) if talk and options.minutes else (0,)


def is_for(library: Library, template: str, audience: Audience) -> bool:
    """True if `template` is made for `audience`."""
    audiences = library.templates[template].audiences
    return not audiences or audience.name in audiences


def readers_of(library: Library, options: Options) -> Iterator[Reader]:
    """Yield each topic, audience and language that is asked for and that there is."""
    for topic in chosen(library.topics, options.topics):
        for audience in chosen(library.audiences, options.audiences):
            if audience.name not in topic.audiences:
                continue
            for language in topic.languages:
                if not options.languages or language in options.languages:
                    yield Reader(topic, audience, language)


def chosen(known: Mapping[str, Value], names: Sequence[str]) -> tuple[Value, ...]:
    """Return the values of `names`, each once, or all if there are none."""
    return tuple(known[name] for name in dict.fromkeys(names or known))


def foreign_words(library: Library, gathered: Gathered, options: Options) -> dict[Key, frozenset[str]]:
    """Return what each reader may find nothing of: the runs of words that only the topic's other readers are told.

    Readers that were not asked for are composed for it, too; where that fails, it is their own build that says why.
    """
    from handouts.verify import foreign_runs

    told: dict[Key, list[Document]] = {}
    asked = replace(options, audiences=(), formats=(), template_names=(), minutes=())
    for reader, compositions in gathered.composed:
        told[reader.topic.name, reader.language, reader.audience.name] = [each.document for each in compositions]
    for reader in readers_of(library, asked):
        key = reader.topic.name, reader.language, reader.audience.name
        if key not in told:
            with suppress(HandoutError):
                selection = select_content(library, reader.topic.name, reader.audience.name, reader.language)
                told[key] = [each.document for each in compose_all(selection, library, asked)[0]]
    return {key: foreign_runs(own, told_to_others(key, told)) for key, own in told.items()}


def told_to_others(key: Key, told: Mapping[Key, Sequence[Document]]) -> Iterator[Document]:
    """Yield what the other readers of a topic are told in the same language."""
    for other, documents in told.items():
        if other != key and other[:2] == key[:2]:
            yield from documents
