"""The files to make from each composition: name, theme, renderer, edition, paper and document.

Takes the compositions of one reader and the options; yields one `Deliverable` per file. Must never write.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from msgspec import Struct
from msgspec.msgpack import decode, encode
from msgspec.structs import replace

from handouts.compose import Composition, compose_discreet_edition
from handouts.compose.theme_sheet import theme_sheet
from handouts.document.document_number import with_number, without_number
from handouts.document.nodes import Document, Field
from handouts.document.text import walk
from handouts.formats import FileFormat, format_named, requested_formats
from handouts.library import DEFAULT_TEMPLATES, Library
from handouts.load.file_names import safe_name
from handouts.pipeline.compositions import Reader, ReaderCompositions, requested_templates
from handouts.pipeline.manifest import DeliverableLabel
from handouts.pipeline.options import STANDARD_EDITION, Options, editions_and_papers
from handouts.service import Recipient
from handouts.theme import Paper, Theme, resolve_theme

_UNMARKED_TEMPLATE = DEFAULT_TEMPLATES[0]
_UNTITLED_NAME = "notes"  # of a discreet file whose title has no letter that a file name can have


class Deliverable(Struct, frozen=True):
    """One file to make: its path below the output folder, and everything that its renderer needs.

    With a `sheet` it is a booklet for printers: two pages on each side of a sheet, folded in the middle. A `fillable`
    file has fields to type into. A talk may be shortened to `minutes`. A copy for a `recipient` is a variant of the
    file `base`. `source` is the document, compressed where there are many files.
    """

    file: str
    topic: str
    audience: str
    template: str
    language: str
    renderer: str
    source: Document | bytes
    theme: Theme
    edition: str = STANDARD_EDITION
    sheet: Paper | None = None
    fillable: bool = False
    country: str = ""
    minutes: int = 0
    recipient: Recipient | None = None
    base: str = ""

    @property
    def document(self) -> Document:
        """The document to render; a compressed one is decompressed on each call, so ask for it once."""
        return decode(zlib.decompress(self.source), type=Document) if isinstance(self.source, bytes) else self.source

    @property
    def is_packed(self) -> bool:
        """True if the document is compressed."""
        return isinstance(self.source, bytes)

    @property
    def label(self) -> DeliverableLabel:
        """What this file is, as the manifest stores it."""
        return DeliverableLabel(
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


def pack_documents(deliverables: Iterable[Deliverable]) -> list[Deliverable]:
    """Return the deliverables with their documents compressed; those that share a document still share it."""
    packed: dict[int, bytes] = {}
    made = []
    for each in deliverables:
        if id(each.source) not in packed:
            packed[id(each.source)] = zlib.compress(encode(each.source), level=1)
        made.append(replace(each, source=packed[id(each.source)]))
    return made


def requested_deliverables(library: Library, composed: ReaderCompositions, request: Options) -> Iterator[Deliverable]:
    """Yield the requested files of everything that was composed for one reader."""
    templates = requested_templates(library, composed.reader, request)
    for each in composed.compositions:
        if each.template in templates and not each.is_empty:
            for made in _deliverables_of_composition(library, composed.reader, each, request):
                yield replace(made, minutes=each.minutes)


def _deliverables_of_composition(
    library: Library, reader: Reader, composition: Composition, options: Options
) -> Iterator[Deliverable]:
    """Yield the files of one composition: a handout in each edition, on each paper; a deck only in the standard one."""
    template = composition.template
    standard = with_number(composition.document) if options.release else composition.document
    if library.templates[template].renderer != "pdf":
        if not options.editions or STANDARD_EDITION in options.editions:
            yield from _deck_deliverables(library, reader, template, standard, options)
        return
    formats = tuple(requested_formats(options.formats, "pdf"))
    for edition, paper in editions_and_papers(library, options):
        hidden = library.themes[library.service.theme].editions[edition].discreet
        document = standard
        if hidden:
            discreet = compose_discreet_edition(composition)
            document = with_number(discreet) if options.release else discreet  # a number of its own
        for kind in formats:
            on_paper = paper if kind.on_paper else library.service.paper
            made = _make_deliverable(library, reader, template, document, edition, on_paper, options, kind)
            yield made
            if kind.shows == "handout":
                yield from _paper_variants(library, made, document, options)


def _paper_variants(library: Library, made: Deliverable, document: Document, options: Options) -> Iterator[Deliverable]:
    """Yield the requested variants of a handout: with fields to type into, and as a booklet."""
    if options.fillable and _has_form_fields(document):
        yield replace(made, file=f"{made.file.removesuffix('.pdf')}-fillable.pdf", fillable=True)
    if options.booklet:
        sheets = library.themes[library.service.theme].papers
        file = f"{made.file.removesuffix('.pdf')}-print.pdf"
        yield replace(made, file=file, sheet=sheets[library.service.paper])


def _deck_deliverables(
    library: Library, reader: Reader, template: str, document: Document, options: Options
) -> Iterator[Deliverable]:
    """Yield the files of one deck in each requested format, such as slides to show and notes to speak from."""
    usual = library.service.paper
    for made in requested_formats(options.formats, "pptx", builds=options.builds):
        for paper in dict.fromkeys(options.papers or (usual,)) if made.on_paper else (usual,):
            yield _make_deliverable(library, reader, template, document, STANDARD_EDITION, paper, options, made)


def _make_deliverable(
    library: Library,
    reader: Reader,
    template: str,
    document: Document,
    edition: str,
    paper: str,
    options: Options,
    made: FileFormat,
) -> Deliverable:
    """Return one file to make; its name says what it is, or hides it if it is discreet."""
    topic, audience = reader.topic, reader.audience
    theme = resolve_theme(
        library.themes[library.service.theme],
        accent=audience.accent,
        density=audience.density,
        paper=paper,
        edition=edition,
        line=audience.line,
    )
    variants = (
        reader.language if len(topic.languages) > 1 else "",
        edition if edition != STANDARD_EDITION and not document.discreet else "",
        paper if made.on_paper and paper != library.service.paper else "",
        options.country if options.country != library.service.country else "",
    )
    names = (
        _discreet_names(library, reader, template, document) if document.discreet else (document.name, made.name_part)
    )
    folder = edition if document.discreet else topic.name
    return Deliverable(
        file=f"{folder}/{'-'.join(part for part in (*names, *variants) if part)}.{made.ending}",
        topic=topic.name,
        audience=audience.name,
        template=template,
        language=reader.language,
        renderer=made.renderer,
        source=document,
        theme=theme,
        edition=edition,
        country=options.country,
    )


def _discreet_names(library: Library, reader: Reader, template: str, document: Document) -> tuple[str, ...]:
    """Return the parts of a file name that gives topic and audience as numbers and the template as a letter.

    The first topic has no number, and the handout no letter.
    """
    topic = list(library.topics).index(reader.topic.name)
    audience = list(library.audiences).index(reader.audience.name) + 1
    place = sorted(library.templates, key=lambda name: (name != _UNMARKED_TEMPLATE, name)).index(template)
    letter = ascii_lowercase[place % len(ascii_lowercase)] * (1 + place // len(ascii_lowercase)) if place else ""
    return safe_name(document.title) or _UNTITLED_NAME, str(topic + 1) if topic else "", f"{audience}{letter}"


def theme_deliverables(library: Library, made: Iterable[Deliverable]) -> Iterator[Deliverable]:
    """Yield the sheets that show a theme of the project's own: one of the first handout and one of the first talk."""
    theme = library.themes[library.service.theme]
    shown: set[str] = set()
    for each in made if theme.own else ():
        pages = format_named(each.renderer).shows in ("handout", "web", "word")
        name = f"theme-{theme.name}{'' if pages else '-slides'}"
        if name in shown or each.edition != STANDARD_EDITION or each.sheet is not None:
            continue
        shown.add(name)
        usual = (audience.accent for audience in library.audiences.values())
        by_topic = (word.text for topic in library.topics.values() for word in topic.accents.values())
        accents = dict.fromkeys((*usual, *by_topic))
        document = replace(theme_sheet(without_number(each.document), theme, accents), name=name)
        renderer = "pdf" if pages else "slides-pdf"
        yield replace(each, file=f"{name}.pdf", source=document, renderer=renderer, fillable=False)


def can_be_filled_in(made: Deliverable) -> bool:
    """True if a file has fields to type into, which a web page with form fields always has."""
    return made.fillable or (format_named(made.renderer).shows == "web" and _has_form_fields(made.document))


def _has_form_fields(document: Document) -> bool:
    """True if a document has form fields."""
    return any(isinstance(node, Field) for node in walk(document.blocks))
