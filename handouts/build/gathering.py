"""A Library and options in, all that is composed for each reader out, checked.

Composes every template that an option names and the default ones, so that no part is overlooked; what several
requests share is composed and checked once. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.build.checking import check_compositions, sift
from handouts.build.options import Options
from handouts.build.points import missing_points
from handouts.check.allowances import AllowedFinding
from handouts.compose import Composition, compose_document, unplaced_parts
from handouts.compose.placement import narrow_selection
from handouts.finding import Finding, HandoutError, sorted_findings
from handouts.kept import Kept
from handouts.library import Audience, Library, Topic
from handouts.select import Selection, select_content

Value = TypeVar("Value")

Key: TypeAlias = tuple[str, str, str, str]

DEFAULT_TEMPLATES = ("handout", "slides")
MOST_READERS = 12  # whose documents are there at once, 2 MB for each


class Reader(Struct, frozen=True):
    """For whom a file is made, about what, and in which language."""

    topic: Topic
    audience: Audience
    language: str


class Found(Struct, frozen=True):
    """What the rules find in a composition."""

    findings: tuple[Finding, ...]


class Checked(Struct, frozen=True):
    """A composition, and what the rules find in it."""

    composition: Composition
    findings: tuple[Finding, ...]


class Done(Struct, frozen=True):
    """What was composed of late: by topic, language, audience and country, then by template and minutes.

    What earlier commands composed of the same is `kept`.
    """

    kept: Kept = field(default_factory=Kept)
    composed: dict[Key, dict[tuple[str, int], Checked]] = field(default_factory=dict)

    def of(self, key: Key) -> dict[tuple[str, int], Checked]:
        """Return what was composed for a reader; whom nobody has asked for the longest is forgotten for a new one."""
        known = self.composed.pop(key, {})
        if len(self.composed) >= MOST_READERS:
            del self.composed[next(iter(self.composed))]
        return self.composed.setdefault(key, known)


class Composed(Struct, frozen=True):
    """What was composed for one reader, nothing if that failed, and what was found."""

    reader: Reader
    compositions: tuple[Composition, ...]
    findings: tuple[Finding, ...]


class Gathered(Struct, frozen=True):
    """What was composed for each reader, all that was found, and what of it content allows."""

    composed: tuple[Composed, ...]
    findings: tuple[Finding, ...]
    allowed: tuple[AllowedFinding, ...]


def gather(library: Library, options: Options, *, complete: bool = False, done: Done | None = None) -> Gathered:
    """Return what is composed for each reader that is asked for, checked; `complete` says that nothing is left out.

    What is in `done` is not made again, and what is made is put there.
    """
    return sifted(library, compose_each(library, options, done or Done()), options, complete=complete)


def sifted(library: Library, composed: Iterable[Composed], options: Options, *, complete: bool = False) -> Gathered:
    """Return what was composed for all readers, and what was found, without what content allows."""
    each_composed = tuple(composed)
    findings = [found for each in each_composed for found in each.findings]
    left = sift(library, findings, release=options.release, complete=complete)
    return Gathered(each_composed, left.findings, left.allowed)


def compose_each(library: Library, options: Options, done: Done) -> Iterator[Composed]:
    """Yield what is composed for each reader that is asked for, checked, as soon as it is."""
    for reader in readers_of(library, options):
        try:
            checked, found = compose_all(library, reader, options, done)
        except HandoutError as raised:
            yield Composed(reader, (), raised.findings)
        else:
            rest = sorted_findings(found for each in checked for found in each.findings)
            yield Composed(reader, tuple(each.composition for each in checked), (*found, *rest))


def compose_all(
    library: Library, reader: Reader, options: Options, done: Done
) -> tuple[tuple[Checked, ...], tuple[Finding, ...]]:
    """Return the documents of one audience; always by the default templates too, so that no part is overlooked."""
    selection = selection_of(library, reader)
    before = done.of(key_of(reader, options))
    checked = []
    for key in asked_of(library, reader, options):
        if key not in before:
            before[key] = compose_checked(selection, *key, options, done.kept)
        checked.append(before[key])
    composed = [each.composition for each in checked]
    findings = dict.fromkeys(found for composition in composed for found in composition.findings)
    left_out = (*unplaced_parts(selection, composed), *missing_points(reader.topic, selection, composed, options))
    return tuple(checked), (*findings, *left_out)


def asked_of(library: Library, reader: Reader, options: Options) -> Iterator[tuple[str, int]]:
    """Yield by which templates a reader's documents are composed, the default ones too, in each length of a talk."""
    for name in dict.fromkeys((*DEFAULT_TEMPLATES, *options.template_names)):
        if name in library.templates and is_for(library, name, reader.audience):
            yield from ((name, minutes) for minutes in lengths_of(library, name, options))


def selection_of(library: Library, reader: Reader) -> Selection:
    """Return what a reader reads."""
    return select_content(library, reader.topic.name, reader.audience.name, reader.language)


def compose_checked(selection: Selection, template: str, minutes: int, options: Options, kept: Kept) -> Checked:
    """Return one document with what the rules find in it, as both are kept or worked out now.

    What is found in the text of a section is not kept: its place may be another in a text that has changed for others.
    """
    needed = needed_of(selection, template, kept)
    composition = compose(needed, template, minutes, options, kept)
    found = kept.remembered(
        Found,
        recipe_of(needed, template, minutes, options),
        lambda: Found(check_compositions(needed, (composition,), options.country)),
        lambda made: not any(each.at.file in needed.texts for each in made.findings),
    )
    return Checked(composition, found.findings)


def needed_of(selection: Selection, template: str, kept: Kept) -> Selection:
    """Return what of a selection a document is made of, if that is kept: what only others show may change then."""
    if not kept.program:
        return selection
    try:
        return narrow_selection(selection, selection.library.templates[template], kept)
    except HandoutError:  # composing says why
        return selection


def compose(selection: Selection, template: str, minutes: int, options: Options, kept: Kept) -> Composition:
    """Return one document as it is kept, or composed now."""
    return kept.remembered(
        Composition,
        recipe_of(selection, template, minutes, options),
        lambda: compose_document(
            selection, template, country=options.country, today=options.today, minutes=minutes, kept=kept
        ),
    )


def recipe_of(selection: Selection, template: str, minutes: int, options: Options) -> tuple[object, ...]:
    """Return all that a document is composed of; in the texts of its sections only places are looked up."""
    return replace(selection, texts={}), template, minutes, options.country, options.today


def key_of(reader: Reader, options: Options) -> Key:
    """Return under which names the documents of a reader are kept."""
    return reader.topic.name, reader.language, reader.audience.name, options.country


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
