"""Options and a Library in, deliverables out: which files there are to be made, each composed, and all that is wrong.

Composes every template that an option names and the default ones, so that no part is overlooked. Writes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from handouts.build.checking import ON_THE_PAGE, check_compositions, sift
from handouts.build.options import (
    DECK_FILES,
    HANDOUT,
    STANDARD,
    USUAL_FORMATS,
    FileKind,
    Options,
    check_options,
    papers_of,
)
from handouts.check import Allowed
from handouts.compose import Composition, compose_discreetly, compose_document, unplaced_parts
from handouts.document import Document, Field, walk
from handouts.finding import Finding, HandoutError, error, in_order, is_error, raise_errors, warning
from handouts.library import Audience, Library, Topic
from handouts.select import Selection, select_content
from handouts.theme import Paper, Theme, resolve_theme

Value = TypeVar("Value")

DEFAULT_TEMPLATES = ("handout", "slides")


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One file to be made: where it goes below the output folder, and all that its renderer needs.

    With a `sheet` it is a booklet for printers: two pages on each side of a sheet, folded in the middle. A `fillable`
    one has fields to type into.
    """

    file: str
    topic: str
    audience: str
    template: str
    language: str
    renderer: str
    document: Document
    theme: Theme
    edition: str = STANDARD
    sheet: Paper | None = None
    fillable: bool = False


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


def plan_deliverables(library: Library, options: Options) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return what is to be made, composed, and the warnings. HandoutError with all that is wrong."""
    raise_errors(check_options(library, options))
    gathered = gather(library, options)
    findings = [found for found in gathered.findings if is_error(found) or found.code not in ON_THE_PAGE]
    deliverables = [
        deliverable
        for reader, compositions in gathered.composed
        for composition in compositions
        if is_wanted(library, composition.template, options)
        for deliverable in deliverables_of(library, reader, composition.template, composition, options)
    ]
    if not deliverables and not any(map(is_error, findings)):
        findings.append(
            error("usage", "Nothing is left to build.", hint="choose other formats, templates or languages")
        )
    if options.fillable and not any(each.fillable for each in deliverables):
        hint = f"choose a template with fields: --template {', '.join(library.templates)}"
        findings.append(warning("nothing-to-fill-in", "In these files there is nothing to fill in.", hint=hint))
    findings.extend(same_files(deliverables))
    raise_errors(findings)
    return tuple(deliverables), in_order(findings)


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


def same_files(deliverables: Iterable[Deliverable]) -> Iterator[Finding]:
    """Yield an error for each deliverable whose name makes it overwrite another."""
    first: dict[str, Deliverable] = {}
    for each in deliverables:
        other = first.setdefault(each.file, each)
        if other is not each:
            one, two = (f"template '{made.template}' for '{made.audience}'" for made in (other, each))
            yield error("same-file", f"Two files would be {each.file}: {one}, and {two}.", hint="rename one of them")


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


def is_wanted(library: Library, template: str, options: Options) -> bool:
    """True if `options` ask for what `template` makes."""
    chosen = options.template_names or DEFAULT_TEMPLATES
    formats = DECK_FILES if library.templates[template].renderer == "pptx" else ("pdf",)
    return template in chosen and any(each in formats for each in options.formats or USUAL_FORMATS)


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


def deliverables_of(
    library: Library, reader: Reader, template: str, composition: Composition, options: Options
) -> Iterator[Deliverable]:
    """Yield the files of one reader by one template: handouts in each edition on each paper, decks once."""
    if not (composition.document.blocks or composition.document.slides):
        return
    if library.templates[template].renderer != "pdf":
        if not options.editions or STANDARD in options.editions:
            yield from deck_files(library, reader, template, composition.document, options)
        return
    for edition, paper in papers_of(library, options):
        hidden = library.themes[library.service.theme].editions[edition].discreet
        document = compose_discreetly(composition) if hidden else composition.document
        made = deliverable_of(library, reader, template, document, edition, paper, options)
        yield made
        if options.fillable and has_fields(document):
            yield replace(made, file=f"{made.file.removesuffix('.pdf')}-fillable.pdf", fillable=True)
        if options.booklet:
            sheets = library.themes[library.service.theme].papers
            file = f"{made.file.removesuffix('.pdf')}-print.pdf"
            yield replace(made, file=file, sheet=sheets[library.service.paper])


def deck_files(
    library: Library, reader: Reader, template: str, document: Document, options: Options
) -> Iterator[Deliverable]:
    """Yield the files of one deck: as slides to show, as pages, as sheets to write on and to speak from."""
    usual = library.service.paper
    formats = dict.fromkeys(options.formats or USUAL_FORMATS)
    for kind in (kind for each in formats for kind in DECK_FILES.get(each, ())):
        for paper in dict.fromkeys(options.papers or (usual,)) if kind.sheets else (usual,):
            yield deliverable_of(library, reader, template, document, STANDARD, paper, options, kind)


def deliverable_of(
    library: Library,
    reader: Reader,
    template: str,
    document: Document,
    edition: str,
    paper: str,
    options: Options,
    kind: FileKind = HANDOUT,
) -> Deliverable:
    """Return one file to be made, with a name that says what it is, or does not if it is discreet."""
    topic, audience = reader.topic, reader.audience
    theme = resolve_theme(
        library.themes[library.service.theme],
        accent=audience.accent,
        density=audience.density,
        paper=paper,
        edition=edition,
        line_touches=audience.line == "touches",
    )
    variants = (
        reader.language if len(topic.languages) > 1 else "",
        edition if edition != STANDARD and not document.discreet else "",
        paper if kind.sheets and paper != library.service.paper else "",
        options.country if options.country != library.service.country else "",
    )
    number = list(library.audiences).index(audience.name) + 1
    names = (slug(document.title), str(number)) if document.discreet else (document.name, kind.part)
    folder = edition if document.discreet else topic.name
    return Deliverable(
        file=f"{folder}/{'-'.join(part for part in (*names, *variants) if part)}.{kind.ending}",
        topic=topic.name,
        audience=audience.name,
        template=template,
        language=reader.language,
        renderer=kind.renderer,
        document=document,
        theme=theme,
        edition=edition,
    )


def has_fields(document: Document) -> bool:
    """True if there is something to fill in."""
    return any(isinstance(node, Field) for node in walk(document.blocks))


def slug(title: str) -> str:
    """Return `title` as a file name: small Latin letters and digits with hyphens, "notes" if it has none."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", plain)) or "notes"
