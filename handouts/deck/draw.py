"""A planned deck in, the bytes of a PowerPoint file out: the dull half, which puts everything where the plan says.

python-pptx keeps the package and its parts; the shapes of each slide are written as XML. Nothing is measured, moved or
left out here. The same plan gives the same bytes: no clock, file or chance is asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import Any, assert_never

from handouts.deck.charts import WrittenChart
from handouts.deck.layouts import LAYOUTS
from handouts.deck.markup import attribute
from handouts.deck.package import OFFICE, TYPE, template_package, without_dates
from handouts.deck.planned import DeckPlan, Filled, LayoutKey, PlannedSlide
from handouts.deck.slides import Written, write_notes, write_slide
from handouts.deck.workbooks import workbook_bytes
from handouts.document import Document
from handouts.theme import Theme

FIRST_SLIDE_ID = 256
LONGEST_PROPERTY = 255  # as python-pptx takes it
SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
SECTIONS_2010 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
MAIN = "http://schemas.openxmlformats.org/presentationml/2006/main"


def draw_deck(plan: DeckPlan, document: Document, theme: Theme) -> bytes:
    """Return `plan` as the bytes of a PowerPoint file."""
    from pptx import Presentation

    keys = layout_keys(plan)
    presentation = Presentation(BytesIO(template_package(keys, theme, document.words, document.language)))
    layouts = dict(zip(keys, presentation.slide_layouts, strict=True))
    listed = listed_sources(plan)
    written = [write_slide(slide, n, plan, document, theme, listed) for n, slide in enumerate(plan.slides, 1)]
    parts = [slide_part(presentation, each, number) for number, each in enumerate(written, 1)]
    list_slides(presentation, parts)  # first: a picture gets a name that no picture of another slide has
    for number, (part, each, slide) in enumerate(zip(parts, written, plan.slides, strict=True), 1):
        part.relate_to(layouts[slide.layout].part, f"{OFFICE}slideLayout")
        add_notes(presentation, part, write_notes(slide, number, document, theme), number)
        add_references(part, each, parts, document.modified)
    list_sections(presentation, plan.slides, document)
    say_properties(presentation, document)
    buffer = BytesIO()
    presentation.save(buffer)
    return without_dates(buffer.getvalue())


def layout_keys(plan: DeckPlan) -> tuple[LayoutKey, ...]:
    """Return all layouts at their own size, each followed by the smaller ones that slides of `plan` take."""
    used = {slide.layout for slide in plan.slides}
    names = [layout.name for layout in LAYOUTS]
    return tuple(sorted({LayoutKey(name) for name in names} | used, key=lambda key: (names.index(key.name), key)))


def listed_sources(plan: DeckPlan) -> dict[str, int]:
    """Return for each source the index of the slide that lists it."""
    return {
        paragraph.source: index
        for index, slide in enumerate(plan.slides)
        for item in slide.items
        if isinstance(item, Filled)
        for paragraph in item.paragraphs
        if paragraph.source
    }


# ---------------------------------------------------------------- parts


def slide_part(presentation: Any, written: Written, number: int) -> Any:
    """Return one slide as a part of the package."""
    from pptx.opc.packuri import PackURI
    from pptx.parts.slide import SlidePart

    name = PackURI(f"/ppt/slides/slide{number}.xml")
    return SlidePart.load(
        name, TYPE.format("presentationml.slide"), presentation.part.package, written.xml.encode("utf-8")
    )


def add_notes(presentation: Any, slide: Any, written: Written, number: int) -> None:
    """Give a slide its notes."""
    from pptx.opc.packuri import PackURI
    from pptx.parts.slide import NotesSlidePart

    name = PackURI(f"/ppt/notesSlides/notesSlide{number}.xml")
    kind = TYPE.format("presentationml.notesSlide")
    part = NotesSlidePart.load(name, kind, presentation.part.package, written.xml.encode("utf-8"))
    part.relate_to(presentation.part.notes_master_part, f"{OFFICE}notesMaster")
    part.relate_to(slide, f"{OFFICE}slide")
    slide.relate_to(part, f"{OFFICE}notesSlide")
    add_references(part, written, ())


def add_references(part: Any, written: Written, slides: Sequence[Any], modified: str = "") -> None:
    """Give a part the relations that its XML names, under the ids that it names."""
    for kind, target in written.references.entries:
        match kind:
            case "link":
                found = part.relate_to(target, f"{OFFICE}hyperlink", is_external=True)
            case "slide":
                found = part.relate_to(slides[int(target)], f"{OFFICE}slide")
            case "image":
                _, found = part.get_or_add_image_part(BytesIO(written.pictures[target]))
            case "chart":
                found = part.relate_to(chart_part(part.package, written.charts[target], modified), f"{OFFICE}chart")
            case _:
                assert_never(kind)
        assert found == written.references.id_of(kind, target), f"{part.partname}: {kind} has the id {found}"  # noqa: S101


def chart_part(package: Any, written: WrittenChart, modified: str) -> Any:
    """Return a chart as a part of the package, with the workbook in which its numbers can be edited."""
    from pptx.opc.packuri import PackURI
    from pptx.parts.chart import ChartPart

    name = PackURI(package.next_partname("/ppt/charts/chart%d.xml"))
    part = ChartPart.load(name, TYPE.format("drawingml.chart"), package, written.xml.encode("utf-8"))
    part.chart_workbook.update_from_xlsx_blob(workbook_bytes(written.rows, datetime.fromisoformat(modified)))
    return part


def list_slides(presentation: Any, parts: Sequence[Any]) -> None:
    """Put the slides into the presentation, in order."""
    entries = presentation.part._element.get_or_add_sldIdLst()  # noqa: SLF001
    for part in parts:
        entries.add_sldId(presentation.part.relate_to(part, f"{OFFICE}slide"))


def list_sections(presentation: Any, slides: Sequence[PlannedSlide], document: Document) -> None:
    """Name the parts of the talk; slides before the first named part belong to one that has the talk's title."""
    from lxml import etree

    if not any(slide.section for slide in slides):
        return
    sections = "".join(
        section_xml(name or document.running_title, [number for number, _ in group], position, document)
        for position, (name, group) in enumerate(groupby(enumerate(slides), key=lambda pair: pair[1].section))
    )
    presentation.part._element.append(  # noqa: SLF001
        etree.fromstring(
            f'<p:extLst xmlns:p="{MAIN}"><p:ext uri="{SECTIONS}">'
            f'<p14:sectionLst xmlns:p14="{SECTIONS_2010}">{sections}</p14:sectionLst></p:ext></p:extLst>'
        )
    )


def section_xml(name: str, indexes: Sequence[int], position: int, document: Document) -> str:
    """Return one section with its slides; its id comes from what it is, not from chance."""
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{document.name}/{position}/{name}")).upper()
    slides = "".join(f'<p14:sldId id="{FIRST_SLIDE_ID + index}"/>' for index in indexes)
    return (
        f'<p14:section name="{attribute(name)}" id="{{{identity}}}"><p14:sldIdLst>{slides}</p14:sldIdLst></p14:section>'
    )


def cut(text: str) -> str:
    """Return as much of `text` as a property holds."""
    return text if len(text) <= LONGEST_PROPERTY else f"{text[: LONGEST_PROPERTY - 1].rstrip()}…"


def say_properties(presentation: Any, document: Document) -> None:
    """Write title, author, subject, keywords, language and the dates of the content into the file."""
    properties = presentation.core_properties
    modified = datetime.fromisoformat(document.modified)
    properties.title, properties.subject = cut(document.title), cut(document.subject)
    properties.author = properties.last_modified_by = cut(document.author)
    properties.keywords, properties.language = cut(", ".join(document.keywords)), document.language
    properties.created = properties.modified = modified
    properties.revision = 1
