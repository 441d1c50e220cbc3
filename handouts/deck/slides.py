"""Write a planned slide and its speaker notes as XML: filled placeholders, pictures, footer and slide number.

Placeholders inherit place and look from their layout. Measures nothing, moves nothing, leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.deck.animations import AnimatedItems, add_timing, split_into_pieces
from handouts.deck.drawingml import (
    DECLARATION,
    FACE_XML,
    NAMESPACES,
    MarkupContext,
    SlideReference,
    SlideReferences,
    escape_attribute,
    group_xml,
    name_xml,
    paragraphs_xml,
    run_xml,
)
from handouts.deck.layouts import FOOT_SEPARATOR, SlideLayout, layout_named
from handouts.deck.master import EMPTY_TREE, FIRST_INDEX, FOOT_INDEX, NUMBER_INDEX
from handouts.deck.native_charts import WrittenChart, chart_frame_xml, write_chart
from handouts.deck.native_tables import table_xml
from handouts.deck.planned_slides import (
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideItem,
    SlideParagraph,
    SlideParagraphs,
    TextRun,
)
from handouts.document.nodes import FixedWords
from handouts.theme import Theme
from handouts.units import emu

FIXED_RELATIONS = 2  # two relations of a slide and of its notes come before what it refers to

NUMBER_FIELD = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"


class DeckContext(Struct, frozen=True):
    """What all slides of a deck share; `sources` says on which slide, counted from 0, a source is listed.

    With `builds`, drawings, steps and comparisons appear click by click.
    """

    foot: SlideParagraph
    draft: str
    language: str
    words: FixedWords
    theme: Theme
    sources: tuple[tuple[str, int], ...] = ()
    builds: bool = False


class WrittenPart(Struct, frozen=True):
    """A part as XML, what it refers to, and the pictures and charts that it shows by their names."""

    xml: bytes
    refers: tuple[SlideReference, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    charts: Mapping[str, WrittenChart] = field(default_factory=dict)


# Decks of a batch differ in a slide or two; one deck has some dozens.
@lru_cache(maxsize=144)
def write_slide(slide: PlannedSlide, number: int, common: DeckContext) -> WrittenPart:
    """Return one slide."""
    words = common.words
    ink = MarkupContext(
        common.theme.colours, common.language, SlideReferences(FIXED_RELATIONS + 1), dict(common.sources)
    )
    layout = layout_named(slide.layout.name)
    shown = tuple(with_alt_text(item, slide) for item in slide.items)
    pieces = split_into_pieces(shown) if common.builds else AnimatedItems(shown, ())
    items = "".join(item_xml(item, layout, words, ink) for item in pieces.items)
    xml = (
        f"{DECLARATION}<p:sld {NAMESPACES}><p:cSld><p:spTree>{EMPTY_TREE}{items}{foot_xml(common.foot, ink)}"
        f"{slide_number_xml(common.draft, number, ink)}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )
    pictures = {picture_key(item): item.content for item in slide.items if isinstance(item, PlacedPicture)}
    charts = {item.slot: write_chart(item, ink) for item in slide.items if isinstance(item, PlacedChart)}
    content = add_timing(xml.encode("utf-8"), pieces.clicks)
    return WrittenPart(content, tuple(ink.references.entries), pictures, charts)


@lru_cache(maxsize=144)
def write_notes(notes: SlideParagraphs, number: int, common: DeckContext) -> WrittenPart:
    """Return the notes of one slide: the slide as a picture, what is said, and the page number."""
    words = common.words
    ink = MarkupContext(common.theme.colours, common.language, SlideReferences(FIXED_RELATIONS + 1))
    picture = (
        f"<p:sp><p:nvSpPr>{name_xml(ink, words.say('slide', n=number))}"
        '<p:cNvSpPr><a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/></p:cNvSpPr>'
        '<p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>'
    )
    text = placeholder_xml(
        words.say("notes"), '<p:ph type="body" sz="quarter" idx="3"/>', paragraphs_xml(notes, ink), ink
    )
    field = f'<a:p>{field_xml(number, ink)}<a:endParaRPr lang="{escape_attribute(ink.language)}"/></a:p>'
    page = placeholder_xml("sldNum", '<p:ph type="sldNum" sz="quarter" idx="5"/>', field, ink)
    xml = (
        f"{DECLARATION}<p:notes {NAMESPACES}><p:cSld><p:spTree>{EMPTY_TREE}{picture}{text}{page}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    )
    return WrittenPart(xml.encode("utf-8"), tuple(ink.references.entries))


def with_alt_text(item: SlideItem, slide: PlannedSlide) -> SlideItem:
    """Return an item with an alt text: a table without a heading of its own shows what its slide says."""
    return replace(item, alt=slide.title) if isinstance(item, PlacedTable) and not item.alt else item


def item_xml(item: SlideItem, layout: SlideLayout, words: FixedWords, ink: MarkupContext) -> str:
    """Return one item of a slide."""
    match item:
        case FilledPlaceholder():
            name = words.say(f"slot_{item.slot}")
            return placeholder_xml(name, placeholder_tag(layout, item.slot), paragraphs_xml(item.paragraphs, ink), ink)
        case PlacedTable():
            holder = "" if item.beside else placeholder_tag(layout, "table")
            return table_xml(item, words.say("slot_table"), holder, ink)
        case PlacedDrawing():
            return group_xml(item.drawing, item.x, item.y, item.name, item.alt, ink)
        case PlacedPicture():
            return picture_xml(item, "" if item.area else placeholder_tag(layout, item.slot), words, ink)
        case PlacedChart():
            return chart_frame_xml(item, words.say("slot_chart"), placeholder_tag(layout, item.slot), ink)
        case _:
            assert_never(item)


def placeholder_tag(layout: SlideLayout, name: str) -> str:
    """Return which placeholder of the layout is meant by a slot."""
    slot = layout.slot(name)
    if slot.kind == "title":
        return '<p:ph type="title"/>'
    return f'<p:ph type="{slot.kind}" sz="quarter" idx="{FIRST_INDEX + layout.slots.index(slot)}"/>'


def placeholder_xml(name: str, placeholder: str, paragraphs: str, ink: MarkupContext) -> str:
    """Return a filled placeholder, which takes its place and its looks from the layout."""
    return (
        f'<p:sp><p:nvSpPr>{name_xml(ink, name)}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def picture_xml(picture: PlacedPicture, placeholder: str, words: FixedWords, ink: MarkupContext) -> str:
    """Return a picture that fills its placeholder, or its own place, without being cropped."""
    reference = ink.references.id_of("image", picture_key(picture))
    grouping = ' noGrp="1"' if placeholder else ""
    return (
        f"<p:pic><p:nvPicPr>{name_xml(ink, words.say(f'slot_{picture.slot}'), picture.alt)}"
        f'<p:cNvPicPr><a:picLocks{grouping} noChangeAspect="1"/></p:cNvPicPr><p:nvPr>{placeholder}</p:nvPr></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="{reference}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        f"{picture_properties_xml(picture)}</p:pic>"
    )


def picture_properties_xml(picture: PlacedPicture) -> str:
    """Return where a picture stands that is in no placeholder."""
    if picture.area is None:
        return "<p:spPr/>"
    x, y, width, height = (emu(each) for each in picture.area)
    place = f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    return f'<p:spPr>{place}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'


def picture_key(picture: PlacedPicture) -> str:
    """Return a name that only the same picture has."""
    return sha256(picture.content).hexdigest()


def foot_xml(foot: SlideParagraph, ink: MarkupContext) -> str:
    """Return the crisis line at the foot; nothing if there is none."""
    runs = "".join(run_xml(run, ink, inside=FACE_XML) for run in foot.runs)
    return placeholder_xml("ftr", f'<p:ph type="ftr" sz="quarter" idx="{FOOT_INDEX}"/>', f"<a:p>{runs}</a:p>", ink)


def slide_number_xml(draft: str, number: int, ink: MarkupContext) -> str:
    """Return the number of the slide, after the word for its state."""
    state = run_xml(TextRun(f"{draft}{FOOT_SEPARATOR}"), ink, inside=FACE_XML) if draft else ""
    paragraph = f"<a:p>{state}{field_xml(number, ink)}</a:p>"
    return placeholder_xml("sldNum", f'<p:ph type="sldNum" sz="quarter" idx="{NUMBER_INDEX}"/>', paragraph, ink)


def field_xml(number: int, ink: MarkupContext) -> str:
    """Return a number that follows the slide when slides are moved."""
    look = f'<a:rPr lang="{escape_attribute(ink.language)}" b="1" dirty="0">{FACE_XML}</a:rPr>'
    return f'<a:fld id="{NUMBER_FIELD}" type="slidenum">{look}<a:t>{number}</a:t></a:fld>'
