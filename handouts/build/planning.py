"""Options and a Library in, deliverables out: which files there are to be made, each composed, and all that is wrong.

Composes every template that an option names and the default ones, so that no part is overlooked. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from handouts.build.options import Options, check_options
from handouts.compose import Composition, compose_document, unplaced_parts
from handouts.document import Document
from handouts.finding import Finding, HandoutError, error, in_order, raise_errors
from handouts.library import Audience, Library, Topic
from handouts.select import Selection, select_content
from handouts.theme import Theme, resolve_theme

Value = TypeVar("Value")

DEFAULT_TEMPLATES = ("handout", "slides")


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One file to be made: where it goes below the output folder, and all that its renderer needs."""

    file: str
    topic: str
    audience: str
    template: str
    language: str
    renderer: str
    document: Document
    theme: Theme


def plan_deliverables(library: Library, options: Options) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return what is to be made, composed, and the warnings. HandoutError with all that is wrong."""
    raise_errors(check_options(library, options))
    deliverables: list[Deliverable] = []
    findings: list[Finding] = []
    for topic, audience, language in readers_of(library, options):
        try:
            selection = select_content(library, topic.name, audience.name, language)
            composed, found = compose_all(selection, library, options)
        except HandoutError as raised:
            findings.extend(raised.findings)
            continue
        findings.extend(found)
        for template, composition in composed.items():
            if is_wanted(library, template, options):
                deliverables.append(deliverable_of(library, topic, audience, language, template, composition, options))
    if not deliverables:
        findings.append(
            error("usage", "Nothing is left to build.", hint="choose other formats, templates or languages")
        )
    findings.extend(same_files(deliverables))
    raise_errors(findings)
    return tuple(deliverables), in_order(findings)


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
) -> tuple[dict[str, Composition], tuple[Finding, ...]]:
    """Return the documents of one audience by template; always the default ones, so that no part is overlooked."""
    names = dict.fromkeys((*DEFAULT_TEMPLATES, *options.template_names))
    wanted = [name for name in names if name in library.templates and is_for(library, name, selection.audience)]
    composed = {
        name: compose_document(selection, name, country=options.country, today=options.today) for name in wanted
    }
    findings = [found for composition in composed.values() for found in composition.findings]
    return composed, (*findings, *unplaced_parts(selection, tuple(composed.values())))


def is_for(library: Library, template: str, audience: Audience) -> bool:
    """True if `template` is made for `audience`."""
    audiences = library.templates[template].audiences
    return not audiences or audience.name in audiences


def is_wanted(library: Library, template: str, options: Options) -> bool:
    """True if `options` ask for what `template` makes."""
    chosen = options.template_names or DEFAULT_TEMPLATES
    renderer = library.templates[template].renderer
    return template in chosen and (not options.formats or renderer in options.formats)


def readers_of(library: Library, options: Options) -> Iterator[tuple[Topic, Audience, str]]:
    """Yield each topic, audience and language that is asked for and that there is."""
    for topic in chosen(library.topics, options.topics):
        for audience in chosen(library.audiences, options.audiences):
            if audience.name not in topic.audiences:
                continue
            for language in topic.languages:
                if not options.languages or language in options.languages:
                    yield topic, audience, language


def chosen(known: Mapping[str, Value], names: Sequence[str]) -> tuple[Value, ...]:
    """Return the values of `names`, each once, or all if there are none."""
    return tuple(known[name] for name in dict.fromkeys(names or known))


def deliverable_of(
    library: Library,
    topic: Topic,
    audience: Audience,
    language: str,
    template: str,
    composition: Composition,
    options: Options,
) -> Deliverable:
    """Return one file to be made, with a name that says what it is."""
    paper = options.paper or library.service.paper
    theme = resolve_theme(
        library.themes[library.service.theme],
        accent=audience.accent,
        density=audience.density,
        paper=paper,
        line_touches=audience.line == "touches",
    )
    renderer = library.templates[template].renderer
    variants = (
        language if len(topic.languages) > 1 else "",
        paper if renderer == "pdf" and paper != library.service.paper else "",
        options.country if options.country != library.service.country else "",
    )
    stem = "-".join(part for part in (topic.name, audience.name, template, *variants) if part)
    return Deliverable(
        file=f"{topic.name}/{stem}.{renderer}",
        topic=topic.name,
        audience=audience.name,
        template=template,
        language=language,
        renderer=renderer,
        document=composition.document,
        theme=theme,
    )
