"""Draw a planned deck as the bytes of a PPTX file: layouts, slides, sections and properties, put together.

Parts, relations, slides and properties are python-pptx's objects. Measures nothing; the same plan gives the same bytes.
A cache can keep what several decks share: the layouts, and for copies each slide that is the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from io import BytesIO
from itertools import groupby
from typing import Any

from msgspec import Struct
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.oxml import CT_Types, serialize_part_xml
from pptx.opc.package import XmlPart
from pptx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI, PackURI
from pptx.package import Package
from pptx.parts.presentation import PresentationPart
from pptx.parts.slide import NotesMasterPart, SlideLayoutPart, SlideMasterPart

from handouts.deck.layouts import LAYOUTS
from handouts.deck.master import (
    handout_master_element,
    layout_elements,
    notes_master_element,
    presentation_element,
    table_styles_element,
    theme_element,
)
from handouts.deck.ooxml import Markup, append, element, part_element
from handouts.deck.planned_slides import DeckPlan, LayoutVariant, PlannedSlide
from handouts.deck.slides import DeckContext, draw_notes, draw_slide, slide_stand_in
from handouts.deck.zipped_parts import PackedPart, pack_part, zip_parts
from handouts.document.nodes import Blocks, Document, FixedWords, Rendered
from handouts.finding import is_error
from handouts.render_cache import RenderCache
from handouts.theme import Theme

_FIRST_SLIDE_ID = 256
_MAX_PROPERTY_LENGTH = 255  # as python-pptx takes it
_SECTION_EXTENSION = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
# The kinds of relations to parts that belong to one slide alone.
_OWN_PARTS = (
    RELATIONSHIP_TYPE.CHART,
    RELATIONSHIP_TYPE.IMAGE,
    RELATIONSHIP_TYPE.PACKAGE,
)


class _DeckTemplate(Struct, frozen=True):
    """An empty deck: kind and target of the relations of its presentation, its layouts, and its finished files."""

    relations: tuple[tuple[str, Any], ...]
    layouts: Mapping[LayoutVariant, Any]
    notes_master: Any
    files: _PackedFiles


class _PackedFiles(Struct, frozen=True):
    """Finished parts of a package: their content types by part name, and the files of the zip by file name."""

    types: Mapping[PackURI, str]
    packed: Mapping[str, PackedPart]


def draw_deck(
    plan: DeckPlan, document: Document, theme: Theme, *, builds: bool = False, cache: RenderCache | None = None
) -> Rendered:
    """Return `plan` as a PowerPoint file; with `builds`, some things appear click by click.

    If something does not fit, there are no bytes.
    """
    if any(map(is_error, plan.findings)):
        return Rendered(b"", len(plan.slides), plan.findings)
    cache = RenderCache(0) if cache is None else cache
    deck = DeckContext(
        used_layouts(plan),
        plan.foot,
        plan.state,
        document.language,
        document.modified,
        document.words,
        theme,
        tuple(plan.listed_sources.items()),
        builds,
    )
    deck = cache.get_or_compute((DeckContext, deck), lambda: deck)  # the same object for all copies keeps its hash
    look = deck.layouts, theme, document.words, document.language
    template = cache.get_or_compute((_deck_template, *look), partial(_deck_template, *look))
    drawn: list[_PackedFiles] = []
    for number, slide in enumerate(plan.slides, 1):
        shown, said = (slide, number, deck), (slide.notes, number, deck)
        drawn.append(cache.get_or_compute((_slide_files, *shown), partial(_slide_files, *shown, template)))
        drawn.append(cache.get_or_compute((_notes_files, *said), partial(_notes_files, *said, template)))
    types = {name: kind for files in (template.files, *drawn) for name, kind in files.types.items()}
    sections = tuple(slide.section for slide in plan.slides)
    properties = _DeckProperties.of(document)
    key = _presentation_files, *look, properties, sections, tuple(types.items())
    whole = cache.get_or_compute(key, lambda: _presentation_files(template, theme, properties, sections, types))
    packed = {name: each for files in (whole, template.files, *drawn) for name, each in files.packed.items()}
    return Rendered(zip_parts(packed), len(plan.slides), plan.findings)


def used_layouts(plan: DeckPlan) -> tuple[LayoutVariant, ...]:
    """Return all layouts at their own size, each followed by the smaller variants that slides of `plan` use."""
    used = {slide.layout for slide in plan.slides}
    names = [layout.name for layout in LAYOUTS]
    return tuple(sorted({LayoutVariant(name) for name in names} | used, key=lambda key: (names.index(key.name), key)))


# ---------------------------------------------------------------- finished parts


def _pack_parts(parts: Iterable[Any]) -> _PackedFiles:
    """Return parts and their relations, compressed."""
    types: dict[PackURI, str] = {}
    packed: dict[str, PackedPart] = {}
    for part in parts:
        types[part.partname] = part.content_type
        packed[part.partname.membername] = pack_part(part.blob)
        if part.rels:
            packed[part.partname.rels_uri.membername] = pack_part(part.rels.xml)
    return _PackedFiles(types, packed)


def _slide_files(planned: PlannedSlide, number: int, deck: DeckContext, template: _DeckTemplate) -> _PackedFiles:
    """Return the files of slide `number` and of all parts that belong to it alone, except its notes."""
    return _pack_parts(_with_own_parts(draw_slide(planned, number, deck, template.layouts[planned.layout])))


def _notes_files(notes: Blocks, number: int, deck: DeckContext, template: _DeckTemplate) -> _PackedFiles:
    """Return the files of the notes of slide `number`."""
    return _pack_parts((draw_notes(notes, number, deck, template.notes_master),))


def _with_own_parts(part: Any) -> Iterator[Any]:
    """Yield a part and those that only it refers to: charts with their workbooks, pictures."""
    yield part
    for relation in part.rels.values():
        if relation.reltype in _OWN_PARTS:
            yield from _with_own_parts(relation.target_part)


# ---------------------------------------------------------------- the template


def _deck_template(
    variants: tuple[LayoutVariant, ...], theme: Theme, words: FixedWords, language: str
) -> _DeckTemplate:
    """Return the parts of a deck without slides: masters, layouts, themes, properties of the view, table styles."""
    package = Package(BytesIO())

    def part(name: str, kind: str, root: Any, part_class: type[Any] = XmlPart) -> Any:
        return part_class(PackURI(f"/ppt/{name}.xml"), kind, package, root)

    layout_roots, master_root = layout_elements(variants, theme, words, language)
    themes = [part(f"theme/theme{number}", CONTENT_TYPE.OFC_THEME, theme_element(theme)) for number in (1, 2, 3)]
    master = part("slideMasters/slideMaster1", CONTENT_TYPE.PML_SLIDE_MASTER, master_root, SlideMasterPart)
    notes_root, handout_root = notes_master_element(theme, language), handout_master_element(theme, language)
    notes = part("notesMasters/notesMaster1", CONTENT_TYPE.PML_NOTES_MASTER, notes_root, NotesMasterPart)
    handout = part("handoutMasters/handoutMaster1", CONTENT_TYPE.PML_HANDOUT_MASTER, handout_root)
    layouts = [
        part(f"slideLayouts/slideLayout{number}", CONTENT_TYPE.PML_SLIDE_LAYOUT, root, SlideLayoutPart)
        for number, root in enumerate(layout_roots, 1)
    ]
    for layout in layouts:
        master.relate_to(layout, RELATIONSHIP_TYPE.SLIDE_LAYOUT)
        layout.relate_to(master, RELATIONSHIP_TYPE.SLIDE_MASTER)
    for each, theme_part in zip((master, notes, handout), themes, strict=True):
        each.relate_to(theme_part, RELATIONSHIP_TYPE.THEME)
    styles = table_styles_element(theme)
    relations = (
        (RELATIONSHIP_TYPE.SLIDE_MASTER, master),
        (RELATIONSHIP_TYPE.NOTES_MASTER, notes),
        (RELATIONSHIP_TYPE.HANDOUT_MASTER, handout),
        (
            RELATIONSHIP_TYPE.PRES_PROPS,
            part("presProps", CONTENT_TYPE.PML_PRES_PROPS, part_element("p:presentationPr")),
        ),
        (RELATIONSHIP_TYPE.VIEW_PROPS, part("viewProps", CONTENT_TYPE.PML_VIEW_PROPS, part_element("p:viewPr"))),
        (RELATIONSHIP_TYPE.THEME, themes[0]),
        (RELATIONSHIP_TYPE.TABLE_STYLES, part("tableStyles", CONTENT_TYPE.PML_TABLE_STYLES, styles)),
    )
    return _DeckTemplate(
        relations,
        {variant: part.slide_layout for variant, part in zip(variants, layouts, strict=True)},
        notes.notes_master,
        _pack_parts((*(part for _, part in relations), *themes[1:], *layouts)),
    )


# ---------------------------------------------------------------- the presentation


class _DeckProperties(Struct, frozen=True):
    """The document properties of a deck, and the title of its first section."""

    name: str
    title: str
    running_title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    language: str
    modified: str

    @classmethod
    def of(cls, document: Document) -> _DeckProperties:
        """Return the properties of a deck of `document`."""
        return cls(*(getattr(document, name) for name in cls.__struct_fields__))


def _presentation_files(
    template: _DeckTemplate,
    theme: Theme,
    properties: _DeckProperties,
    sections: Sequence[str],
    types: Mapping[PackURI, str],
) -> _PackedFiles:
    """Return the files of the presentation, the document properties and the list of all content types.

    `sections` are those of the slides, `types` the content types of all other parts by name.
    """
    package = Package(BytesIO())
    root = presentation_element(theme, properties.language, ("rId1", "rId2", "rId3"))
    part = PresentationPart(PackURI("/ppt/presentation.xml"), CONTENT_TYPE.PML_PRESENTATION_MAIN, package, root)
    package.relate_to(part, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    for kind, each in template.relations:
        part.relate_to(each, kind)
    for index in range(len(sections)):
        relation = part.relate_to(slide_stand_in(index + 1, package), RELATIONSHIP_TYPE.SLIDE)
        append(root.sldIdLst, element("p:sldId", id=_FIRST_SLIDE_ID + index, **{"r:id": relation}))
    if any(sections):
        append(root, _section_list(sections, properties))
    _write_properties(package.core_properties, properties)
    files = _pack_parts((part, package.core_properties))
    listed = CT_Types.new()
    listed.add_default("rels", CONTENT_TYPE.OPC_RELATIONSHIPS)
    listed.add_default("xml", CONTENT_TYPE.XML)
    for name, kind in sorted({**types, **files.types}.items()):
        listed.add_override(name, kind)
    first = {
        CONTENT_TYPES_URI.membername: pack_part(serialize_part_xml(listed)),
        PACKAGE_URI.rels_uri.membername: pack_part(package._rels.xml),  # noqa: SLF001
    }
    return _PackedFiles(files.types, {**first, **files.packed})


def _section_list(sections: Sequence[str], properties: _DeckProperties) -> Markup:
    """Return the sections of the talk; slides before the first named one are in a section with the talk's title."""
    found = []
    for position, (name, group) in enumerate(groupby(enumerate(sections), key=lambda pair: pair[1])):
        ids = (element("p14:sldId", id=_FIRST_SLIDE_ID + index) for index, _ in group)
        said = name or properties.running_title
        # The id is made from the section, not at random.
        identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{properties.name}/{position}/{said}")).upper()
        found.append(element("p14:section", element("p14:sldIdLst", *ids), name=said, id=f"{{{identity}}}"))
    listed = element("p14:sectionLst", *found)
    return element("p:extLst", element("p:ext", listed, uri=_SECTION_EXTENSION))


def _cut_property(text: str) -> str:
    """Return `text`, cut if it is too long for a property."""
    return text if len(text) <= _MAX_PROPERTY_LENGTH else f"{text[: _MAX_PROPERTY_LENGTH - 1].rstrip()}…"


def _write_properties(written: Any, properties: _DeckProperties) -> None:
    """Write title, author, subject, keywords, language and the dates of the content into the file."""
    written.title, written.subject = _cut_property(properties.title), _cut_property(properties.subject)
    written.author = written.last_modified_by = _cut_property(properties.author)
    written.keywords, written.language = _cut_property(", ".join(properties.keywords)), properties.language
    written.created = written.modified = datetime.fromisoformat(properties.modified)
    written.revision = 1
