"""Draw planned slides and their speaker notes: filled placeholders, tables, charts, pictures, footer, slide number.

Placeholders inherit place and look from their layout. Measures nothing, moves nothing, leaves nothing out.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, assert_never

from msgspec import Struct
from msgspec.structs import replace
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.package import Package
from pptx.parts.slide import NotesSlidePart, SlidePart
from pptx.util import Emu

from handouts.deck.animations import AnimatedItems, add_timing, split_into_pieces
from handouts.deck.drawingml import (
    BODY_FACE,
    DrawingContext,
    add_placeholder,
    describe,
    fill_text,
    group_element,
    name_element,
    number_field,
    number_shapes,
    run_elements,
    shape_tree,
)
from handouts.deck.layouts import FOOT_SEPARATOR, layout_named
from handouts.deck.master import (
    FIRST_INDEX,
    FOOT_INDEX,
    NOTES_NUMBER_INDEX,
    NOTES_PICTURE_INDEX,
    NOTES_TEXT_INDEX,
    NUMBER_INDEX,
)
from handouts.deck.native_charts import add_chart
from handouts.deck.native_tables import add_table
from handouts.deck.ooxml import append, element, part_element, qualified
from handouts.deck.planned_slides import (
    CellText,
    FilledPlaceholder,
    LayoutVariant,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideItem,
    SlideParagraph,
    TextRun,
)
from handouts.deck.slide_text import paragraphs_of
from handouts.document.nodes import Blocks, FixedWords
from handouts.theme import Theme
from handouts.units import emu


class DeckContext(Struct, frozen=True, cache_hash=True):
    """What all slides of a deck share; `sources` gives the slide, counted from 0, that lists a source.

    With `builds`, drawings, steps and comparisons appear click by click.
    """

    layouts: tuple[LayoutVariant, ...]
    foot: SlideParagraph
    draft: str
    language: str
    modified: str
    words: FixedWords
    theme: Theme
    sources: tuple[tuple[str, int], ...] = ()
    builds: bool = False


def slide_stand_in(number: int, package: Package) -> Part:
    """Return a part with the name of slide `number`, for relations that lead to that slide."""
    return Part(_slide_name(number), CONTENT_TYPE.PML_SLIDE, package)


def draw_slide(planned: PlannedSlide, number: int, deck: DeckContext, layout: Any) -> SlidePart:
    """Return slide `number` on a layout.

    The parts have names of their own without a look at other slides: python-pptx looks through the whole package for a
    free name of each notes page and picture.
    """
    name, package = _slide_name(number), layout.part.package
    part = SlidePart(name, CONTENT_TYPE.PML_SLIDE, package, _page_element("p:sld"))
    part.relate_to(layout.part, RELATIONSHIP_TYPE.SLIDE_LAYOUT)
    notes = Part(_notes_name(number), CONTENT_TYPE.PML_NOTES_SLIDE, package)
    part.relate_to(notes, RELATIONSHIP_TYPE.NOTES_SLIDE)
    listed = dict(deck.sources)
    sources = {key: slide_stand_in(listed[key] + 1, package) for key in _cited_sources(planned) if key in listed}
    context = DrawingContext(deck.theme.colours, deck.language, part, deck.theme.typeface, sources)
    items = tuple(_with_alt_text(item, planned) for item in planned.items)
    pieces = split_into_pieces(items) if deck.builds else AnimatedItems(items, ())
    slide = _SlideDrawing(part.slide, planned.layout.name, number, deck, context)
    shapes = [slide.draw_item(item) for item in pieces.items]
    slide.add_footer()
    number_shapes(part.slide.element)
    if pieces.clicks:
        ids = [next(each.iter(qualified("p:cNvPr"))).get("id") for each in shapes]
        add_timing(part.slide.element, pieces.clicks, ids)
    for relation in part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.IMAGE:
            image: Any = relation.target_part
            image.partname = PackURI(f"/ppt/media/image-{image.sha1}.{image.ext}")
    return part


def _cited_sources(planned: PlannedSlide) -> set[str]:
    """Return the keys of the sources that the texts of a slide cite."""
    texts: list[SlideParagraph | CellText] = []
    for item in planned.items:
        if isinstance(item, FilledPlaceholder):
            texts += item.paragraphs
        elif isinstance(item, PlacedTable):
            texts += [text for row in item.rows for cell in row.cells for text in cell.texts]
    return {run.source for text in texts for run in text.runs if run.source}


def draw_notes(notes: Blocks, number: int, deck: DeckContext, master: Any) -> NotesSlidePart:
    """Return the notes page of slide `number`: the slide as a picture, what is said, and the page number."""
    package = master.part.package
    part = NotesSlidePart(_notes_name(number), CONTENT_TYPE.PML_NOTES_SLIDE, package, _page_element("p:notes"))
    part.relate_to(master.part, RELATIONSHIP_TYPE.NOTES_MASTER)
    part.relate_to(slide_stand_in(number, package), RELATIONSHIP_TYPE.SLIDE)
    page, words = part.notes_slide, deck.words
    context = DrawingContext(deck.theme.colours, deck.language, part, deck.theme.typeface)
    picture = element(
        "p:sp",
        element(
            "p:nvSpPr",
            name_element(words.say("slide", n=number)),
            element("p:cNvSpPr", element("a:spLocks", noGrp=1, noRot=1, noChangeAspect=1)),
            element("p:nvPr", element("p:ph", type="sldImg", idx=NOTES_PICTURE_INDEX)),
        ),
        element("p:spPr"),
    )
    append(page.shapes.element, picture)
    frame = add_placeholder(page.shapes, words.say("notes"), "body", NOTES_TEXT_INDEX)
    fill_text(frame, paragraphs_of(notes, words), context)
    page_number = add_placeholder(page.shapes, "sldNum", "sldNum", NOTES_NUMBER_INDEX)
    _write_number(page_number.paragraphs[0], number, deck.language)
    number_shapes(page.element)
    return part


class _SlideDrawing(Struct, frozen=True):
    """A slide that is being drawn, the name of its layout, and what its elements depend on."""

    slide: Any
    layout_name: str
    number: int
    deck: DeckContext
    context: DrawingContext

    def draw_item(self, item: SlideItem) -> Any:
        """Add an item to the slide and return its element."""
        tree = self.slide.shapes.element
        match item:
            case FilledPlaceholder():
                frame = self._add_placeholder(item.slot)
                fill_text(frame, item.paragraphs, self.context)
                return tree[-1]
            case PlacedTable():
                index = None if item.beside else self._kind_and_index("table")[1]
                return add_table(self.slide.shapes, item, self.deck.words.say("slot_table"), index, self.context)
            case PlacedDrawing():
                append(tree, group_element(item.drawing, item.x, item.y, item.name, item.alt, self.context))
                return tree[-1]
            case PlacedPicture():
                return self._add_picture(item)
            case PlacedChart():
                _, index = self._kind_and_index(item.slot)
                name = self.deck.words.say("slot_chart")
                return add_chart(self.slide, item, name, index, self.number, self.deck.modified, self.context)
            case _:
                assert_never(item)

    def add_footer(self) -> None:
        """Add the crisis line at the foot, and the slide number after the word for the state of the deck."""
        shapes, deck = self.slide.shapes, self.deck
        foot = add_placeholder(shapes, "ftr", "ftr", FOOT_INDEX).paragraphs[0]
        append(foot._p, *run_elements(deck.foot.runs, self.context, face=BODY_FACE))  # noqa: SLF001
        number = add_placeholder(shapes, "sldNum", "sldNum", NUMBER_INDEX).paragraphs[0]
        state = (TextRun(f"{deck.draft}{FOOT_SEPARATOR}"),) if deck.draft else ()
        append(number._p, *run_elements(state, self.context, face=BODY_FACE))  # noqa: SLF001
        _write_number(number, self.number, deck.language)

    def _kind_and_index(self, slot: str) -> tuple[str, int]:
        """Return the kind and the index of a placeholder of the layout, by its name."""
        placeholders = layout_named(self.layout_name).slots
        position = next(number for number, each in enumerate(placeholders) if each.name == slot)
        kind = placeholders[position].kind
        return kind, 0 if kind == "title" else FIRST_INDEX + position

    def _add_placeholder(self, slot: str) -> Any:
        """Add a placeholder of the layout, by its name, and return its text frame."""
        return add_placeholder(self.slide.shapes, self.deck.words.say(f"slot_{slot}"), *self._kind_and_index(slot))

    def _add_picture(self, item: PlacedPicture) -> Any:
        """Add a picture that fills its placeholder, or its own place, without being cropped; return its element."""
        if item.area is None:
            self._add_placeholder(item.slot)
            picture = self.slide.shapes[-1].insert_picture(BytesIO(item.content))
            picture.crop_left = picture.crop_top = picture.crop_right = picture.crop_bottom = 0
        else:
            picture = self.slide.shapes.add_picture(BytesIO(item.content), *(Emu(emu(each)) for each in item.area))
            picture.name = self.deck.words.say(f"slot_{item.slot}")
        describe(picture, item.alt)
        return picture.element


def _page_element(tag: str) -> Any:
    """Return an empty slide or page of notes."""
    colours = element("p:clrMapOvr", element("a:masterClrMapping"))
    return part_element(tag, element("p:cSld", shape_tree()), colours)


def _slide_name(number: int) -> PackURI:
    """Return the name of the part of a slide."""
    return PackURI(f"/ppt/slides/slide{number}.xml")


def _notes_name(number: int) -> PackURI:
    """Return the name of the part of the notes of a slide."""
    return PackURI(f"/ppt/notesSlides/notesSlide{number}.xml")


def _with_alt_text(item: SlideItem, slide: PlannedSlide) -> SlideItem:
    """Return an item with an alt text: a table without a heading of its own shows what its slide says."""
    return replace(item, alt=slide.title) if isinstance(item, PlacedTable) and not item.alt else item


def _write_number(paragraph: Any, number: int, language: str) -> None:
    """Add the number of a slide or page to a paragraph."""
    append(paragraph._p, number_field(str(number), language, dirty=0))  # noqa: SLF001
