"""Draw planned slides and their speaker notes: filled placeholders, tables, charts, pictures, footer, slide number.

Placeholders inherit place and look from their layout. Never measures, moves or leaves out anything.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, assert_never

from msgspec import Struct
from msgspec.structs import astuple, replace
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
    number_field,
    number_shapes,
    run_elements,
    shape_tree,
    slide_picture_shape,
)
from handouts.deck.layouts import SlideLayout, layout_named
from handouts.deck.master import (
    FOOT_INDEX,
    NOTES_NUMBER_INDEX,
    NOTES_TEXT_INDEX,
    NUMBER_INDEX,
)
from handouts.deck.native_charts import add_chart
from handouts.deck.native_tables import add_table
from handouts.deck.ooxml import append, element, part_element, qualified
from handouts.deck.planned_slides import (
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
    """What all slides of a deck share.

    `state` stands before the number of each slide. `sources` are the keys of sources, each with the index of the slide
    that lists it. With `builds`, drawings, steps and comparisons appear click by click.
    """

    layouts: tuple[LayoutVariant, ...]
    foot: tuple[SlideParagraph, ...]
    state: tuple[TextRun, ...]
    language: str
    modified: str
    words: FixedWords
    theme: Theme
    sources: tuple[tuple[str, int], ...] = ()
    builds: bool = False


def slide_stand_in(number: int, package: Package) -> Part:
    """Return a part with the name of slide `number`, as the target of relations."""
    return Part(_slide_name(number), CONTENT_TYPE.PML_SLIDE, package)


def draw_slide(planned: PlannedSlide, number: int, deck: DeckContext, layout: Any) -> SlidePart:
    """Return slide `number` on a layout.

    Parts are named by the number of the slide or by their content, because python-pptx searches the whole package for a
    free name of each notes page and picture.
    """
    name, package = _slide_name(number), layout.part.package
    part = SlidePart(name, CONTENT_TYPE.PML_SLIDE, package, _page_element("p:sld"))
    part.relate_to(layout.part, RELATIONSHIP_TYPE.SLIDE_LAYOUT)
    notes = Part(_notes_name(number), CONTENT_TYPE.PML_NOTES_SLIDE, package)
    part.relate_to(notes, RELATIONSHIP_TYPE.NOTES_SLIDE)
    sources = {key: slide_stand_in(index + 1, package) for key, index in deck.sources}
    context = DrawingContext(deck.theme, deck.language, part, sources)
    items = tuple(  # a table without an alt text gets the title of its slide
        replace(item, alt=planned.title) if isinstance(item, PlacedTable) and not item.alt else item
        for item in planned.items
    )
    pieces = split_into_pieces(items) if deck.builds else AnimatedItems(items, ())
    slide = _SlideDrawing(part.slide, layout_named(planned.layout.name), number, deck, context)
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


def draw_notes(notes: Blocks, number: int, deck: DeckContext, master: Any) -> NotesSlidePart:
    """Return the notes page of slide `number`: the slide as a picture, what is said, and the page number."""
    package = master.part.package
    part = NotesSlidePart(_notes_name(number), CONTENT_TYPE.PML_NOTES_SLIDE, package, _page_element("p:notes"))
    part.relate_to(master.part, RELATIONSHIP_TYPE.NOTES_MASTER)
    part.relate_to(slide_stand_in(number, package), RELATIONSHIP_TYPE.SLIDE)
    page, words = part.notes_slide, deck.words
    context = DrawingContext(deck.theme, deck.language, part)
    append(page.shapes.element, slide_picture_shape(words.say("slide", n=number)))
    frame = add_placeholder(page.shapes, words.say("notes"), "body", NOTES_TEXT_INDEX)
    fill_text(frame, paragraphs_of(notes, words), context)
    page_number = add_placeholder(page.shapes, "sldNum", "sldNum", NOTES_NUMBER_INDEX).paragraphs[0]
    append(page_number._p, number_field(str(number), deck.language, dirty=0))  # noqa: SLF001
    number_shapes(page.element)
    return part


class _SlideDrawing(Struct, frozen=True):
    """A slide that is being drawn, its layout, and what its elements depend on."""

    slide: Any
    layout: SlideLayout
    number: int
    deck: DeckContext
    context: DrawingContext

    def draw_item(self, item: SlideItem) -> Any:
        """Add an item to the slide and return its element."""
        tree = self.slide.shapes.element
        match item:
            case FilledPlaceholder():
                frame = self._add_placeholder(item.name)
                fill_text(frame, item.paragraphs, self.context)
                return tree[-1]
            case PlacedTable():
                index = None if item.beside else self.layout.index("table")
                return add_table(self.slide.shapes, item, self.deck.words.say("slot_table"), index, self.context)
            case PlacedDrawing():
                append(tree, group_element(item.drawing, item.x, item.y, item.name, item.alt, self.context))
                return tree[-1]
            case PlacedPicture():
                return self._add_picture(item)
            case PlacedChart():
                index, name = self.layout.index("chart"), self.deck.words.say("slot_chart")
                return add_chart(self.slide, item, name, index, self.number, self.deck.modified, self.context)
            case _:
                assert_never(item)

    def add_footer(self) -> None:
        """Add the crisis lines at the foot, and the slide number after the state of the deck, such as a draft."""
        shapes, deck = self.slide.shapes, self.deck
        foot = add_placeholder(shapes, "ftr", "ftr", FOOT_INDEX)
        for index, line in enumerate(deck.foot):
            written = foot.add_paragraph() if index else foot.paragraphs[0]
            append(written._p, *run_elements(line.runs, self.context, face=BODY_FACE))  # noqa: SLF001
        number = add_placeholder(shapes, "sldNum", "sldNum", NUMBER_INDEX).paragraphs[0]
        state = run_elements(deck.state, self.context, face=BODY_FACE)
        append(number._p, *state, number_field(str(self.number), deck.language, dirty=0))  # noqa: SLF001

    def _add_placeholder(self, name: str) -> Any:
        """Add the placeholder `name` of the layout and return its text frame."""
        shown, kind = self.deck.words.say(f"slot_{name}"), self.layout.placeholder(name).kind
        return add_placeholder(self.slide.shapes, shown, kind, self.layout.index(name))

    def _add_picture(self, item: PlacedPicture) -> Any:
        """Add an uncropped picture in its placeholder, or at its own place, and return its element."""
        if item.area is None:
            self._add_placeholder("picture")
            picture = self.slide.shapes[-1].insert_picture(BytesIO(item.content))
            picture.crop_left = picture.crop_top = picture.crop_right = picture.crop_bottom = 0
        else:
            area = (Emu(emu(each)) for each in astuple(item.area))
            picture = self.slide.shapes.add_picture(BytesIO(item.content), *area)
            picture.name = self.deck.words.say("slot_picture")
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
