"""All of a deck but what its slides say, from python-pptx: its parts, what they refer to, the presentation, properties.

Decks whose slides refer to the same things have the same frame, whatever the words and pictures on them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from itertools import count, groupby
from typing import Any, assert_never

from lxml import etree
from msgspec import Struct
from pptx import Presentation
from pptx.opc.oxml import CT_Relationships
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.parts.chart import ChartPart
from pptx.parts.embeddedpackage import EmbeddedXlsxPart

from handouts.deck.charts import WrittenChart
from handouts.deck.markup import Reference, attribute
from handouts.deck.package import OFFICE, TYPE, template_package
from handouts.deck.planned import LayoutKey
from handouts.deck.workbooks import workbook_bytes
from handouts.deck.zipping import unzipped
from handouts.document import Document, Words
from handouts.theme import Theme

FIRST_SLIDE_ID = 256
OWN_REFERENCES = 2  # two relations of a slide and of its notes come before what it refers to
LONGEST_PROPERTY = 255  # as python-pptx takes it
SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
SECTIONS_2010 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
MAIN = "http://schemas.openxmlformats.org/presentationml/2006/main"
SLIDE, NOTES, PICTURE = "ppt/slides/slide{}.xml", "ppt/notesSlides/notesSlide{}.xml", "ppt/media/image{}.{}"
CHART = "/ppt/charts/chart{}.xml"
PICTURE_TYPES = {"png": "image/png", "jpg": "image/jpeg"}


class FramedSlide(Struct, frozen=True):
    """What a slide and its notes refer to, its section, and its charts; a picture is referred to by its number."""

    layout: LayoutKey
    section: str
    refers: tuple[Reference, ...]
    notes_refer: tuple[Reference, ...]
    charts: tuple[tuple[str, WrittenChart], ...] = ()


class Properties(Struct, frozen=True):
    """What a deck says about itself."""

    name: str
    title: str
    running_title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    language: str
    modified: str


class Frame(Struct, frozen=True):
    """All that python-pptx makes a deck of; `pictures` are the endings of the names of their files."""

    layouts: tuple[LayoutKey, ...]
    theme: Theme
    words: Words
    properties: Properties
    slides: tuple[FramedSlide, ...]
    pictures: tuple[str, ...]


def properties_of(document: Document) -> Properties:
    """Return what a deck of `document` says about itself."""
    return Properties(
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
def frame_parts(frame: Frame) -> Mapping[str, bytes]:
    """Return the parts of a deck by name, in their order; its slides, their notes and its pictures are still empty."""
    properties = frame.properties
    template = template_package(frame.layouts, frame.theme, frame.words, properties.language)
    presentation = Presentation(BytesIO(template))
    numbers = range(1, len(frame.slides) + 1)
    slides = [blank(presentation, SLIDE.format(n), TYPE.format("presentationml.slide")) for n in numbers]
    pictures = [
        blank(presentation, PICTURE.format(n, ending), PICTURE_TYPES[ending])
        for n, ending in enumerate(frame.pictures, 1)
    ]
    layouts = dict(zip(frame.layouts, presentation.slide_layouts, strict=True))
    list_slides(presentation, slides)
    charts = count(1)
    for number, (part, each) in enumerate(zip(slides, frame.slides, strict=True), 1):
        part.relate_to(layouts[each.layout].part, f"{OFFICE}slideLayout")
        add_notes(presentation, part, each.notes_refer, number)
        add_references(part, each, slides, pictures, charts, properties.modified)
    list_sections(presentation, frame)
    say_properties(presentation, properties)
    buffer = BytesIO()
    presentation.save(buffer)
    return unzipped(buffer.getvalue())


# ---------------------------------------------------------------- parts


def blank(presentation: Any, name: str, kind: str) -> Any:
    """Return a part without content."""
    return Part(PackURI(f"/{name}"), kind, presentation.part.package, b"")


def add_notes(presentation: Any, slide: Any, refers: Sequence[Reference], number: int) -> None:
    """Give a slide its notes."""
    part = blank(presentation, NOTES.format(number), TYPE.format("presentationml.notesSlide"))
    part.relate_to(presentation.part.notes_master_part, f"{OFFICE}notesMaster")
    part.relate_to(slide, f"{OFFICE}slide")
    slide.relate_to(part, f"{OFFICE}notesSlide")
    for position, (_, target) in enumerate(refers):
        check_id(part, part.relate_to(target, f"{OFFICE}hyperlink", is_external=True), position)


def add_references(
    part: Any, slide: FramedSlide, slides: Sequence[Any], pictures: Sequence[Any], numbers: Iterator[int], modified: str
) -> None:
    """Give a slide the relations that its XML names, under the ids that it names; charts have the next of `numbers`."""
    charts = dict(slide.charts)
    for position, (kind, target) in enumerate(slide.refers):
        match kind:
            case "link":
                found = part.relate_to(target, f"{OFFICE}hyperlink", is_external=True)
            case "slide":
                found = part.relate_to(slides[int(target)], f"{OFFICE}slide")
            case "image":
                found = part.relate_to(pictures[int(target)], f"{OFFICE}image")
            case "chart":
                chart = chart_part(part.package, charts[target], modified, next(numbers))
                found = part.relate_to(chart, f"{OFFICE}chart")
            case _:
                assert_never(kind)
        check_id(part, found, position)


def check_id(part: Any, found: str, position: int) -> None:
    """Fail if a relation has another id than the XML of its part names."""
    assert found == f"rId{OWN_REFERENCES + 1 + position}", f"{part.partname}: reference {position} is {found}"  # noqa: S101


def chart_part(package: Any, written: WrittenChart, modified: str, number: int) -> Any:
    """Return a chart as a part of the package, with the workbook in which its numbers can be edited."""
    part = ChartPart.load(PackURI(CHART.format(number)), TYPE.format("drawingml.chart"), package, written.xml.encode())
    workbook = workbook_bytes(written.rows, datetime.fromisoformat(modified))
    name = PackURI(EmbeddedXlsxPart.partname_template % number)
    part.chart_workbook.xlsx_part = EmbeddedXlsxPart.load(name, EmbeddedXlsxPart.content_type, package, workbook)
    return part


# ---------------------------------------------------------------- the presentation


def list_slides(presentation: Any, parts: Sequence[Any]) -> None:
    """Put the slides into the presentation, in order: at once, as python-pptx looks through all of them to add one."""
    part = presentation.part
    relations, targets = CT_Relationships.new(), [each.target_part for each in part.rels.values()]
    for name, each in part.rels.items():
        relations.add_rel(name, each.reltype, each.target_ref)
    entries = part._element.get_or_add_sldIdLst()  # noqa: SLF001
    for number, each in enumerate(parts):
        name = f"rId{len(targets) + 1 + number}"
        relations.add_rel(name, f"{OFFICE}slide", each.partname.relative_ref(part.partname.baseURI))
        etree.SubElement(entries, qn("p:sldId"), {"id": str(FIRST_SLIDE_ID + number), qn("r:id"): name})
    part.load_rels_from_xml(relations, {each.partname: each for each in (*targets, *parts)})


def list_sections(presentation: Any, frame: Frame) -> None:
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
            f'<p:extLst xmlns:p="{MAIN}"><p:ext uri="{SECTIONS}">'
            f'<p14:sectionLst xmlns:p14="{SECTIONS_2010}">{sections}</p14:sectionLst></p:ext></p:extLst>'
        )
    )


def section_xml(name: str, indexes: Sequence[int], position: int, deck: str) -> str:
    """Return one section with its slides; its id comes from what it is, not from chance."""
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{deck}/{position}/{name}")).upper()
    slides = "".join(f'<p14:sldId id="{FIRST_SLIDE_ID + index}"/>' for index in indexes)
    return (
        f'<p14:section name="{attribute(name)}" id="{{{identity}}}"><p14:sldIdLst>{slides}</p14:sldIdLst></p14:section>'
    )


def cut(text: str) -> str:
    """Return as much of `text` as a property holds."""
    return text if len(text) <= LONGEST_PROPERTY else f"{text[: LONGEST_PROPERTY - 1].rstrip()}…"


def say_properties(presentation: Any, said: Properties) -> None:
    """Write title, author, subject, keywords, language and the dates of the content into the file."""
    properties = presentation.core_properties
    properties.title, properties.subject = cut(said.title), cut(said.subject)
    properties.author = properties.last_modified_by = cut(said.author)
    properties.keywords, properties.language = cut(", ".join(said.keywords)), said.language
    properties.created = properties.modified = datetime.fromisoformat(said.modified)
    properties.revision = 1
