"""Draw a planned deck as the bytes of a PPTX file: parts, relations, sections, properties, workbooks, zip.

Puts the XML of slides, notes, charts and the master into a package that python-pptx opens and saves.
Measures nothing; the same plan gives the same bytes.
"""

from __future__ import annotations

import struct
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from itertools import count, groupby
from typing import Any, assert_never

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace
from pptx import Presentation
from pptx.opc.oxml import CT_Relationships
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.parts.chart import ChartPart
from pptx.parts.embeddedpackage import EmbeddedXlsxPart

from handouts.deck.drawingml import DECLARATION, THEME_COLOURS, SlideReference, escape_attribute
from handouts.deck.layouts import LAYOUTS
from handouts.deck.master import (
    handout_master_xml,
    layout_xml,
    master_xml,
    notes_master_xml,
    presentation_xml,
    properties_xml,
    table_styles_xml,
    theme_xml,
    view_xml,
)
from handouts.deck.native_charts import WORKSHEET_NAME, WorksheetRow, WrittenChart
from handouts.deck.planned_slides import DeckPlan, FilledPlaceholder, LayoutVariant, PlannedSlide
from handouts.deck.slides import FIXED_RELATIONS, DeckContext, WrittenPart, write_notes, write_slide
from handouts.document.nodes import Document, FixedWords
from handouts.theme import Theme

RELATION_PREFIX = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.{}+xml"
FIXED_PART_TYPES = (
    ("ppt/presentation.xml", "presentationml.presentation.main"),
    ("ppt/slideMasters/slideMaster1.xml", "presentationml.slideMaster"),
    ("ppt/notesMasters/notesMaster1.xml", "presentationml.notesMaster"),
    ("ppt/handoutMasters/handoutMaster1.xml", "presentationml.handoutMaster"),
    ("ppt/theme/theme1.xml", "theme"),
    ("ppt/theme/theme2.xml", "theme"),
    ("ppt/theme/theme3.xml", "theme"),
    ("ppt/presProps.xml", "presentationml.presProps"),
    ("ppt/viewProps.xml", "presentationml.viewProps"),
    ("ppt/tableStyles.xml", "presentationml.tableStyles"),
)


def template_package(keys: Iterable[LayoutVariant], theme: Theme, words: FixedWords, language: str) -> bytes:
    """Return an empty presentation with the layouts `keys`."""
    layouts = {f"ppt/slideLayouts/slideLayout{n}.xml": key for n, key in enumerate(keys, 1)}
    kinds = (*FIXED_PART_TYPES, *((name, "presentationml.slideLayout") for name in layouts))
    parts = {
        "[Content_Types].xml": content_types_xml(kinds),
        "_rels/.rels": relations_xml(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": presentation_xml(theme, language, ("rId1", "rId2", "rId3")),
        **fixed_parts(theme, language),
        **slide_parts(layouts, theme, words, language),
    }
    return zip_uncompressed(parts)


def fixed_parts(theme: Theme, language: str) -> dict[str, str]:
    """Return the parts that do not depend on the layouts, with their relations."""
    return {
        "ppt/_rels/presentation.xml.rels": relations_xml(
            ("slideMaster", "slideMasters/slideMaster1.xml"),
            ("notesMaster", "notesMasters/notesMaster1.xml"),
            ("handoutMaster", "handoutMasters/handoutMaster1.xml"),
            ("presProps", "presProps.xml"),
            ("viewProps", "viewProps.xml"),
            ("theme", "theme/theme1.xml"),
            ("tableStyles", "tableStyles.xml"),
        ),
        "ppt/presProps.xml": properties_xml(),
        "ppt/viewProps.xml": view_xml(),
        "ppt/tableStyles.xml": table_styles_xml(theme),
        **{f"ppt/theme/theme{number}.xml": theme_xml(theme) for number in (1, 2, 3)},
        "ppt/notesMasters/notesMaster1.xml": notes_master_xml(theme, language),
        "ppt/notesMasters/_rels/notesMaster1.xml.rels": relations_xml(("theme", "../theme/theme2.xml")),
        "ppt/handoutMasters/handoutMaster1.xml": handout_master_xml(theme, language),
        "ppt/handoutMasters/_rels/handoutMaster1.xml.rels": relations_xml(("theme", "../theme/theme3.xml")),
    }


def slide_parts(layouts: Mapping[str, LayoutVariant], theme: Theme, words: FixedWords, language: str) -> dict[str, str]:
    """Return the slide master and its layouts, with their relations."""
    numbers = range(1, len(layouts) + 1)
    below = [("slideLayout", f"../slideLayouts/slideLayout{number}.xml") for number in numbers]
    parts = {
        "ppt/slideMasters/slideMaster1.xml": master_xml(numbers, theme, words, language),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations_xml(*below, ("theme", "../theme/theme1.xml")),
    }
    fixed = {role: value for role, value in theme.colours.items() if role not in THEME_COLOURS}
    shared = replace(theme, colours=fixed, print={})
    for name, key in layouts.items():
        parts[name] = layout_xml(key, shared, words, language)
        relations = name.replace("slideLayouts/", "slideLayouts/_rels/") + ".rels"
        parts[relations] = relations_xml(("slideMaster", "../slideMasters/slideMaster1.xml"))
    return parts


def content_types_xml(kinds: Iterable[tuple[str, str]]) -> str:
    """Return the list of the types of all parts."""
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{CONTENT_TYPE.format(kind)}"/>' for name, kind in kinds
    )
    return (
        f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def relations_xml(*relations: tuple[str, str]) -> str:
    """Return relations of the given kinds to the given parts; their ids are rId1, rId2 and so on."""
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATION_PREFIX}{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return (
        f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}'
        "</Relationships>"
    )


def zip_uncompressed(parts: Mapping[str, str]) -> bytes:
    """Return `parts` as a zip file that is opened at once and thrown away: nothing in it is packed."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


COMPRESSION_LEVEL = 6
ZIP_VERSION, DEFLATED = 20, 8
MSDOS_EPOCH = 0x0021_0000  # 1 January 1980, 0 o'clock, as MS-DOS writes it
LOCAL_SIGNATURE, CENTRAL_SIGNATURE, END_SIGNATURE = (
    b"PK\x03\x04",
    b"PK\x01\x02" + struct.pack("<H", ZIP_VERSION),
    b"PK\x05\x06",
)
OWNER_PERMISSIONS = 0o600 << 16
HEADER_START = struct.pack("<3HL", ZIP_VERSION, 0, DEFLATED, MSDOS_EPOCH)
NAME_LENGTHS, MEMBER_PLACE = struct.Struct("<2H"), struct.Struct("<3H2L")


class PackedPart(Struct, frozen=True):
    """The compressed bytes of a part, and what a zip file says of it: its checksum and its sizes."""

    content: bytes
    summary: bytes


# Decks of three readers have some four hundred parts.
@lru_cache(maxsize=480)
def pack_part(content: bytes) -> PackedPart:
    """Return a part as a zip file holds it."""
    packer = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    small = packer.compress(content) + packer.flush()
    return PackedPart(small, struct.pack("<3L", zlib.crc32(content), len(small), len(content)))


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return `parts`, whose names are plain ASCII, as a zip file in their order (APPNOTE.TXT, 4.3)."""
    members: list[bytes] = []
    entries: list[bytes] = []
    position = 0
    for name, content in parts.items():
        each, file = pack_part(content), name.encode("ascii")
        start = HEADER_START + each.summary + NAME_LENGTHS.pack(len(file), 0)
        members += (LOCAL_SIGNATURE, start, file, each.content)
        entries += (CENTRAL_SIGNATURE, start, MEMBER_PLACE.pack(0, 0, 0, OWNER_PERMISSIONS, position), file)
        position += len(LOCAL_SIGNATURE) + len(start) + len(file) + len(each.content)
    directory = b"".join(entries)
    end = struct.pack("<4H2LH", 0, 0, len(parts), len(parts), len(directory), position, 0)
    return b"".join((*members, directory, END_SIGNATURE, end))


def unzip_parts(package: bytes) -> dict[str, bytes]:
    """Return the parts of a zip file: first what says what the others are, the others by their names."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist(), key=part_order)}


def part_order(name: str) -> tuple[bool, bool, str]:
    """Return where a part stands in the file."""
    return name != "[Content_Types].xml", name != "_rels/.rels", name


LABEL_COLUMN_WIDTH, NUMBER_COLUMN_WIDTH = 40, 20  # in characters


def workbook_bytes(rows: Sequence[WorksheetRow], modified: datetime) -> bytes:
    """Return a workbook with one sheet, in which `rows` stand as they are: names first, numbers below and beside."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(buffer, settings)
    workbook.set_properties({"created": modified})
    sheet = workbook.add_worksheet(WORKSHEET_NAME)
    sheet.set_column(0, 0, LABEL_COLUMN_WIDTH)
    sheet.set_column(1, len(rows[0]) - 1, NUMBER_COLUMN_WIDTH)
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, float):
                sheet.write_number(index, column, cell)
            else:
                sheet.write_string(index, column, cell)
    workbook.close()
    return zip_parts(unzip_parts(buffer.getvalue()))


FIRST_SLIDE_ID = 256
MAX_PROPERTY_LENGTH = 255  # as python-pptx takes it
SECTION_EXTENSION = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
SECTION_NAMESPACE = "http://schemas.microsoft.com/office/powerpoint/2010/main"
PRESENTATION_NAMESPACE = "http://schemas.openxmlformats.org/presentationml/2006/main"
SLIDE_NAME, NOTES_NAME, PICTURE_NAME = (
    "ppt/slides/slide{}.xml",
    "ppt/notesSlides/notesSlide{}.xml",
    "ppt/media/image{}.{}",
)
CHART_NAME = "/ppt/charts/chart{}.xml"
PICTURE_TYPES = {"png": "image/png", "jpg": "image/jpeg"}


class SlideSpec(Struct, frozen=True):
    """What a slide and its notes refer to, its section, and its charts; a picture is referred to by its number."""

    layout: LayoutVariant
    section: str
    refers: tuple[SlideReference, ...]
    notes_refer: tuple[SlideReference, ...]
    charts: tuple[tuple[str, WrittenChart], ...] = ()


class DeckProperties(Struct, frozen=True):
    """What a deck says about itself."""

    name: str
    title: str
    running_title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    language: str
    modified: str


class PackageSpec(Struct, frozen=True):
    """All that python-pptx makes a deck of; `pictures` are the endings of the names of their files."""

    layouts: tuple[LayoutVariant, ...]
    theme: Theme
    words: FixedWords
    properties: DeckProperties
    slides: tuple[SlideSpec, ...]
    pictures: tuple[str, ...]


def deck_properties(document: Document) -> DeckProperties:
    """Return what a deck of `document` says about itself."""
    return DeckProperties(
        document.name,
        document.title,
        document.running_title,
        document.author,
        document.subject,
        document.keywords,
        document.language,
        document.modified,
    )


# The decks of a batch have few frames: one for each reader.
@lru_cache(maxsize=8)
def package_parts(frame: PackageSpec) -> Mapping[str, bytes]:
    """Return the parts of a deck by name, in their order; its slides, their notes and its pictures are still empty."""
    properties = frame.properties
    template = template_package(frame.layouts, frame.theme, frame.words, properties.language)
    presentation = Presentation(BytesIO(template))
    numbers = range(1, len(frame.slides) + 1)
    slides = [
        empty_part(presentation, SLIDE_NAME.format(n), CONTENT_TYPE.format("presentationml.slide")) for n in numbers
    ]
    pictures = [
        empty_part(presentation, PICTURE_NAME.format(n, ending), PICTURE_TYPES[ending])
        for n, ending in enumerate(frame.pictures, 1)
    ]
    layouts = dict(zip(frame.layouts, presentation.slide_layouts, strict=True))
    add_slides(presentation, slides)
    charts = count(1)
    for number, (part, each) in enumerate(zip(slides, frame.slides, strict=True), 1):
        part.relate_to(layouts[each.layout].part, f"{RELATION_PREFIX}slideLayout")
        add_notes(presentation, part, each.notes_refer, number)
        add_references(part, each, slides, pictures, charts, properties.modified)
    add_sections(presentation, frame)
    write_properties(presentation, properties)
    buffer = BytesIO()
    presentation.save(buffer)
    return unzip_parts(buffer.getvalue())


# ---------------------------------------------------------------- parts


def empty_part(presentation: Any, name: str, kind: str) -> Any:
    """Return a part without content."""
    return Part(PackURI(f"/{name}"), kind, presentation.part.package, b"")


def add_notes(presentation: Any, slide: Any, refers: Sequence[SlideReference], number: int) -> None:
    """Give a slide its notes."""
    part = empty_part(presentation, NOTES_NAME.format(number), CONTENT_TYPE.format("presentationml.notesSlide"))
    part.relate_to(presentation.part.notes_master_part, f"{RELATION_PREFIX}notesMaster")
    part.relate_to(slide, f"{RELATION_PREFIX}slide")
    slide.relate_to(part, f"{RELATION_PREFIX}notesSlide")
    for position, (_, target) in enumerate(refers):
        check_relation_id(part, part.relate_to(target, f"{RELATION_PREFIX}hyperlink", is_external=True), position)


def add_references(
    part: Any, slide: SlideSpec, slides: Sequence[Any], pictures: Sequence[Any], numbers: Iterator[int], modified: str
) -> None:
    """Give a slide the relations that its XML names, under the ids that it names; charts have the next of `numbers`."""
    charts = dict(slide.charts)
    for position, (kind, target) in enumerate(slide.refers):
        match kind:
            case "link":
                found = part.relate_to(target, f"{RELATION_PREFIX}hyperlink", is_external=True)
            case "slide":
                found = part.relate_to(slides[int(target)], f"{RELATION_PREFIX}slide")
            case "image":
                found = part.relate_to(pictures[int(target)], f"{RELATION_PREFIX}image")
            case "chart":
                chart = chart_part(part.package, charts[target], modified, next(numbers))
                found = part.relate_to(chart, f"{RELATION_PREFIX}chart")
            case _:
                assert_never(kind)
        check_relation_id(part, found, position)


def check_relation_id(part: Any, found: str, position: int) -> None:
    """Fail if a relation has another id than the XML of its part names."""
    assert found == f"rId{FIXED_RELATIONS + 1 + position}", f"{part.partname}: reference {position} is {found}"  # noqa: S101


def chart_part(package: Any, written: WrittenChart, modified: str, number: int) -> Any:
    """Return a chart as a part of the package, with the workbook in which its numbers can be edited."""
    part = ChartPart.load(
        PackURI(CHART_NAME.format(number)), CONTENT_TYPE.format("drawingml.chart"), package, written.xml.encode()
    )
    workbook = workbook_bytes(written.rows, datetime.fromisoformat(modified))
    name = PackURI(EmbeddedXlsxPart.partname_template % number)
    part.chart_workbook.xlsx_part = EmbeddedXlsxPart.load(name, EmbeddedXlsxPart.content_type, package, workbook)
    return part


# ---------------------------------------------------------------- the presentation


def add_slides(presentation: Any, parts: Sequence[Any]) -> None:
    """Put the slides into the presentation, in order: at once, as python-pptx looks through all of them to add one."""
    part = presentation.part
    relations, targets = CT_Relationships.new(), [each.target_part for each in part.rels.values()]
    for name, each in part.rels.items():
        relations.add_rel(name, each.reltype, each.target_ref)
    entries = part._element.get_or_add_sldIdLst()  # noqa: SLF001
    for number, each in enumerate(parts):
        name = f"rId{len(targets) + 1 + number}"
        relations.add_rel(name, f"{RELATION_PREFIX}slide", each.partname.relative_ref(part.partname.baseURI))
        etree.SubElement(entries, qn("p:sldId"), {"id": str(FIRST_SLIDE_ID + number), qn("r:id"): name})
    part.load_rels_from_xml(relations, {each.partname: each for each in (*targets, *parts)})


def add_sections(presentation: Any, frame: PackageSpec) -> None:
    """Name the parts of the talk; slides before the first named part belong to one that has the talk's title."""
    if not any(slide.section for slide in frame.slides):
        return
    properties = frame.properties
    sections = "".join(
        section_xml(name or properties.running_title, [number for number, _ in group], position, properties.name)
        for position, (name, group) in enumerate(groupby(enumerate(frame.slides), key=lambda pair: pair[1].section))
    )
    presentation.part._element.append(  # noqa: SLF001
        etree.fromstring(
            f'<p:extLst xmlns:p="{PRESENTATION_NAMESPACE}"><p:ext uri="{SECTION_EXTENSION}">'
            f'<p14:sectionLst xmlns:p14="{SECTION_NAMESPACE}">{sections}</p14:sectionLst></p:ext></p:extLst>'
        )
    )


def section_xml(name: str, indexes: Sequence[int], position: int, deck: str) -> str:
    """Return one section with its slides; its id comes from what it is, not from chance."""
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{deck}/{position}/{name}")).upper()
    slides = "".join(f'<p14:sldId id="{FIRST_SLIDE_ID + index}"/>' for index in indexes)
    return f'<p14:section name="{escape_attribute(name)}" id="{{{identity}}}"><p14:sldIdLst>{slides}</p14:sldIdLst></p14:section>'


def cut_property(text: str) -> str:
    """Return as much of `text` as a property holds."""
    return text if len(text) <= MAX_PROPERTY_LENGTH else f"{text[: MAX_PROPERTY_LENGTH - 1].rstrip()}…"


def write_properties(presentation: Any, said: DeckProperties) -> None:
    """Write title, author, subject, keywords, language and the dates of the content into the file."""
    properties = presentation.core_properties
    properties.title, properties.subject = cut_property(said.title), cut_property(said.subject)
    properties.author = properties.last_modified_by = cut_property(said.author)
    properties.keywords, properties.language = cut_property(", ".join(said.keywords)), said.language
    properties.created = properties.modified = datetime.fromisoformat(said.modified)
    properties.revision = 1


PNG_SIGNATURE = b"\x89PNG"


class SlidePart(Struct, frozen=True):
    """A slide as it is planned, and its XML and that of its notes."""

    planned: PlannedSlide
    shown: WrittenPart
    notes: WrittenPart


def draw_deck(plan: DeckPlan, document: Document, theme: Theme, *, builds: bool = False) -> bytes:
    """Return `plan` as the bytes of a PowerPoint file; with `builds`, some things appear click by click."""
    sources = listed_sources(plan)
    common = DeckContext(plan.foot, document.draft, document.language, document.words, theme, sources, builds)
    leaves = [
        SlidePart(slide, write_slide(slide, number, common), write_notes(slide.notes, number, common))
        for number, slide in enumerate(plan.slides, 1)
    ]
    pictures = {name: content for leaf in leaves for name, content in leaf.shown.pictures.items()}
    frame = PackageSpec(
        used_layouts(plan),
        theme,
        document.words,
        deck_properties(document),
        tuple(slide_spec(leaf, list(pictures)) for leaf in leaves),
        tuple(picture_ending(content) for content in pictures.values()),
    )
    return zip_parts({**package_parts(frame), **drawn_contents(leaves, pictures)})


def used_layouts(plan: DeckPlan) -> tuple[LayoutVariant, ...]:
    """Return all layouts at their own size, each followed by the smaller ones that slides of `plan` take."""
    used = {slide.layout for slide in plan.slides}
    names = [layout.name for layout in LAYOUTS]
    return tuple(sorted({LayoutVariant(name) for name in names} | used, key=lambda key: (names.index(key.name), key)))


def listed_sources(plan: DeckPlan) -> tuple[tuple[str, int], ...]:
    """Return each source that a slide lists, with the index of the slide."""
    return tuple(
        (paragraph.source, index)
        for index, slide in enumerate(plan.slides)
        for item in slide.items
        if isinstance(item, FilledPlaceholder)
        for paragraph in item.paragraphs
        if paragraph.source
    )


def slide_spec(leaf: SlidePart, pictures: list[str]) -> SlideSpec:
    """Return what a slide refers to, pictures by their numbers in the deck."""
    refers: tuple[SlideReference, ...] = tuple(
        (kind, str(pictures.index(target)) if kind == "image" else target) for kind, target in leaf.shown.refers
    )
    charts = tuple(leaf.shown.charts.items())
    return SlideSpec(leaf.planned.layout, leaf.planned.section, refers, leaf.notes.refers, charts)


def picture_ending(picture: bytes) -> str:
    """Return what the name of the file of a picture ends with."""
    return "png" if picture.startswith(PNG_SIGNATURE) else "jpg"


def drawn_contents(leaves: Iterable[SlidePart], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what the frame leaves empty, by the names of the parts."""
    contents = {PICTURE_NAME.format(n, picture_ending(each)): each for n, each in enumerate(pictures.values(), 1)}
    for number, leaf in enumerate(leaves, 1):
        contents[SLIDE_NAME.format(number)] = leaf.shown.xml
        contents[NOTES_NAME.format(number)] = leaf.notes.xml
    return contents
