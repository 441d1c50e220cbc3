"""Options and a Library in, deliverables out: which files there are to be made, each composed, and all that is wrong.

What is composed and checked comes from `gathering`. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.checking import ON_THE_PAGE
from handouts.build.emptiness import empty_templates
from handouts.build.gathering import (
    DEFAULT_TEMPLATES,
    Composed,
    Done,
    Key,
    Reader,
    compose_each,
    foreign_words,
    readers_of,
    sifted,
)
from handouts.build.options import (
    BUILDS,
    DECK_FILES,
    FEW,
    HANDOUT,
    STANDARD,
    USUAL_FORMATS,
    FileKind,
    Options,
    check_builds,
    check_options,
    papers_of,
)
from handouts.build.sets import requests_of
from handouts.compose import Composition, compose_discreetly
from handouts.document import Document, Field, walk
from handouts.finding import Finding, error, in_order, is_error, raise_errors, warning
from handouts.kept import Kept
from handouts.library import Library
from handouts.load.reading import safe_name
from handouts.manifest import Label
from handouts.service import Recipient
from handouts.theme import Paper, Theme, resolve_theme

MOST_FILES = 2_000
NAMELESS = "notes"  # what a discreet file is called whose title has no letter that the name of a file can have


class Deliverable(Struct, frozen=True):
    """One file to be made: where it goes below the output folder, and all that its renderer needs.

    With a `sheet` it is a booklet for printers: two pages on each side of a sheet, folded in the middle. A `fillable`
    one has fields to type into. `foreign` are runs of words that only others are told. A copy for a `recipient` is
    made of what is called `base`.
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
    foreign: frozenset[str] = frozenset()
    country: str = ""
    recipient: Recipient | None = None
    base: str = ""

    @property
    def label(self) -> Label:
        """What this is, as a manifest remembers it."""
        return Label(
            file=self.file,
            topic=self.topic,
            audience=self.audience,
            template=self.template,
            language=self.language,
            edition=self.edition,
            paper=self.theme.paper.name,
            renderer=self.renderer,
            row=self.recipient.row if self.recipient else 0,
        )


Tell: TypeAlias = Callable[[Sequence[Deliverable]], None]


def tell_nobody(deliverables: Sequence[Deliverable]) -> None:
    """Let nobody know what is composed."""


class Plan(Struct, frozen=True):
    """Which files there are to be made, what was found, and all that was composed, for whoever needs it again."""

    deliverables: tuple[Deliverable, ...]
    findings: tuple[Finding, ...]
    done: Done


def plan_deliverables(library: Library, options: Options) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return what is to be made, composed, and the warnings. HandoutError with all that is wrong."""
    plan = plan_files(library, options)
    deliverables = with_foreign(library, plan.deliverables, plan.done, options) if options.verify else plan.deliverables
    return tuple(deliverables), plan.findings


def plan_files(library: Library, options: Options, kept: Kept | None = None, tell: Tell = tell_nobody) -> Plan:
    """Return what is to be made by every request that `options` are made of. HandoutError with all that is wrong.

    What is `kept` of earlier commands is not composed again. Whoever is to `tell` hears of each file as soon as its
    document is composed and nothing is wrong with it, if they are few.
    """
    raise_errors((*check_options(library, options), *check_builds(options)))
    requests = requests_of(library, options)
    raise_errors(found for request in requests for found in check_options(library, request))
    count = sum(files_asked(library, request) for request in requests)
    raise_errors(too_many(count))
    told = tell if count <= FEW else tell_nobody
    done = Done(kept or Kept())
    findings: list[Finding] = []
    deliverables: list[Deliverable] = []
    for request in requests:
        planned, found = plan_request(library, request, done, told)
        findings.extend(found)
        deliverables.extend(planned)
    if not deliverables and not any(map(is_error, findings)):
        hint = "choose other formats, templates or languages"
        findings.append(error("usage", "Nothing is left to build.", hint=hint))
    if options.fillable and not any(each.fillable for each in deliverables):
        hint = f"choose a template with fields: --template {', '.join(library.templates)}"
        findings.append(warning("nothing-to-fill-in", "In these files there is nothing to fill in.", hint=hint))
    findings.extend(same_files(deliverables))
    raise_errors(findings)
    return Plan(tuple({each.file: each for each in deliverables}.values()), in_order(findings), done)


def plan_request(library: Library, request: Options, done: Done, tell: Tell) -> tuple[list[Deliverable], list[Finding]]:
    """Return what one request makes, and what was found."""
    composed: list[Composed] = []
    deliverables: list[Deliverable] = []
    for each in compose_each(library, request, done):
        composed.append(each)
        made = list(wanted_of(library, each, request))
        deliverables.extend(made)
        if not any(map(is_error, each.findings)):
            tell(made)
    findings = (*sifted(library, composed, request).findings, *empty_templates(library, composed, request))
    return deliverables, [found for found in findings if is_error(found) or found.code not in ON_THE_PAGE]


def wanted_of(library: Library, composed: Composed, request: Options) -> Iterator[Deliverable]:
    """Yield the files that are wanted of what was composed for one reader."""
    for each in composed.compositions:
        if is_wanted(library, each.template, request):
            yield from deliverables_of(library, composed.reader, each.template, each, request)


def with_foreign(
    library: Library, deliverables: Iterable[Deliverable], done: Done, options: Options
) -> Iterator[Deliverable]:
    """Yield each deliverable with the words that only others are told."""
    told = tuple(deliverables)
    foreign = foreign_words(library, ((place_of(each), each.document) for each in told), done, options)
    yield from (replace(each, foreign=words) for each, words in zip(told, foreign, strict=True))


def place_of(deliverable: Deliverable) -> Key:
    """Return under which names what a reader is told is kept."""
    return deliverable.topic, deliverable.language, deliverable.audience, deliverable.country


def too_many(count: int) -> Iterator[Finding]:
    """Yield an error if more files are asked for than anybody hands out; nothing is composed to find out."""
    if count > MOST_FILES:
        hint = "choose fewer: --audience, --template, --language, --edition or --paper"
        yield error("too-many", f"About {count} files would be made.", hint=hint)


def files_asked(library: Library, request: Options) -> int:
    """Return about how many files a request makes."""
    readers = sum(1 for _ in readers_of(library, request))
    lengths = max(1, len(set(request.minutes)))
    templates = len(request.template_names or DEFAULT_TEMPLATES)
    looks = max(1, len(set(request.papers))) * max(1, len(set(request.editions)))
    return readers * templates * lengths * looks


def same_files(deliverables: Iterable[Deliverable]) -> Iterator[Finding]:
    """Yield an error for each deliverable whose name makes it overwrite another; two requests may ask for the same."""
    first: dict[str, Deliverable] = {}
    for each in deliverables:
        other = first.setdefault(each.file, each)
        if other is not each and other != each:
            one, two = (f"template '{made.template}' for '{made.audience}'" for made in (other, each))
            yield error("same-file", f"Two files would be {each.file}: {one}, and {two}.", hint="rename one of them")


def is_wanted(library: Library, template: str, options: Options) -> bool:
    """True if `options` ask for what `template` makes."""
    chosen = options.template_names or DEFAULT_TEMPLATES
    formats = DECK_FILES if library.templates[template].renderer == "pptx" else ("pdf",)
    return template in chosen and any(each in formats for each in options.formats or USUAL_FORMATS)


def deliverables_of(
    library: Library, reader: Reader, template: str, composition: Composition, options: Options
) -> Iterator[Deliverable]:
    """Yield the files of one reader by one template: handouts in each edition on each paper, decks once."""
    if composition.is_empty:
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
    """Yield the files of one deck: as slides to show, as pages, as sheets to write on and to speak from.

    Slides to show may appear click by click.
    """
    usual = library.service.paper
    formats = dict.fromkeys(options.formats or USUAL_FORMATS)
    files = {**DECK_FILES, "pptx": (BUILDS,)} if options.builds else DECK_FILES
    for kind in (kind for each in formats for kind in files.get(each, ())):
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
    names = (safe_name(document.title) or NAMELESS, str(number)) if document.discreet else (document.name, kind.part)
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
        country=options.country,
    )


def has_fields(document: Document) -> bool:
    """True if there is something to fill in."""
    return any(isinstance(node, Field) for node in walk(document.blocks))
