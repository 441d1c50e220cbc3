"""One planned slide in, the items of a page out: ground, ornaments, text, tables, drawings, pictures and foot.

All places are those of the plan, in points from the slide's top left corner. Nothing is measured anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import (
    FOOT_AREA,
    FOOT_SEPARATOR,
    NUMBER_AREA,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    Placeholder,
    SlideArea,
    SlideLayout,
    layout_named,
)
from handouts.deck.planned_slides import (
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideItem,
    SlideParagraph,
    TextRun,
)
from handouts.deck.slide_ornaments import layout_ornaments
from handouts.deck.styles import placeholder_levels
from handouts.figures.shapes import Box
from handouts.onpaper.tables import table_items
from handouts.onpaper.texts import Setting, blocks_of, heights, lines_of
from handouts.pdf.boxes import moved, unmarked
from handouts.pdf.inline import line_items
from handouts.pdf.listings import shape_items
from handouts.pdf.page import Element, ImageItem, Item, ShapeItem, TextItem
from handouts.theme import Theme

# The level of a title by its layout: that of the talk, those of its parts, and below them those of all other slides.
TITLES: Mapping[str, str] = {"title": "H1", "section": "H2"}
SLIDE_TITLE = "H3"


class Show(Struct, frozen=True):
    """What all slides of a file share: looks, the foot, and for each picture with clear parts the same on white."""

    theme: Theme
    setting: Setting
    foot: SlideParagraph
    draft: str
    pictures: Mapping[bytes, bytes]


def slide_items(slide: PlannedSlide, number: int, section: Element, show: Show) -> tuple[Item, ...]:
    """Return all that is on a slide, its words in elements below `section`; the title has the element `title_of`."""
    layout = layout_named(slide.layout.name)
    items: list[Item] = [ShapeItem(Box(0.0, 0.0, SLIDE_WIDTH, SLIDE_HEIGHT, fill=layout.ground), 0.0, 0.0, None)]
    for each in layout_ornaments(layout, show.theme):
        items += drawing_items(each, section, show)
    for item in slide.items:
        items += item_items(item, slide, layout, section, show)
    items += foot_items(layout, section if number == 1 else None, show)
    items += number_items(number, layout, show)
    return tuple(items)


def item_items(
    item: SlideItem, slide: PlannedSlide, layout: SlideLayout, section: Element, show: Show
) -> Iterator[Item]:
    """Yield one item of a slide."""
    match item:
        case FilledPlaceholder():
            yield from filled_items(item, slide, layout.slot(item.slot), section, show)
        case PlacedTable():
            yield from table_items(item, section, setting_on(layout, show))
        case PlacedDrawing():
            yield from drawing_items(item, section, show)
        case PlacedChart():
            yield from drawing_items(item.drawn, section, show)
        case PlacedPicture():
            yield picture_item(item, layout, section, show)
        case _:
            assert_never(item)


def setting_on(layout: SlideLayout, show: Show) -> Setting:
    """Return how text is set on the ground of `layout`: links on a deep one have the colour of the text."""
    return replace(show.setting, linked="") if layout.deep else show.setting


def filled_items(
    filled: FilledPlaceholder, slide: PlannedSlide, slot: Placeholder, section: Element, show: Show
) -> Iterator[Item]:
    """Yield the text of a placeholder, at the top, in the middle or at the bottom of its place."""
    setting = setting_on(layout_named(slide.layout.name), show)
    levels = placeholder_levels(slot, slide.layout, show.theme)
    if slot.kind == "title":
        holder = Element("Div")
    else:
        holder = section.add(Element("BlockQuote")) if slot.shape.endswith("bubble") else section
    blocks = blocks_of(filled.paragraphs, levels, slot.text_width, holder, setting)
    if slot.kind == "title":
        for title in holder.children:
            title.role = TITLES.get(slide.layout.name, SLIDE_TITLE)
            section.add(title)
    tops, height = heights(blocks)
    room = slot.area.height - height
    start = slot.area.y + {"t": 0.0, "ctr": room / 2, "b": room}[slot.anchor]
    for block, top in zip(blocks, tops, strict=True):
        yield from block.items(slot.area.x + slot.inset, start + top, setting)


def drawing_items(placed: PlacedDrawing, section: Element, show: Show) -> Iterator[Item]:
    """Yield a drawing as shapes and words: a figure if it has words for what it shows, else decoration."""
    element = section.add(Element("Figure", alt=placed.alt)) if placed.alt else None
    for shape in placed.drawing.shapes:
        for item in shape_items(shape, element, show.setting.family):
            yield moved(item, placed.x, placed.y)


def picture_item(picture: PlacedPicture, layout: SlideLayout, section: Element, show: Show) -> Item:
    """Return a picture at its place, on white where it has clear parts."""
    element = section.add(Element("Figure", alt=picture.alt)) if picture.alt else None
    place = SlideArea(*picture.area) if picture.area else layout.slot(picture.slot).area
    content = show.pictures.get(picture.content, picture.content)
    return ImageItem(content, place.x, place.y, place.width, place.height, element)


# ---------------------------------------------------------------- the foot


def foot_items(layout: SlideLayout, section: Element | None, show: Show) -> tuple[Item, ...]:
    """Return the crisis line at the foot; it is read where there is a `section` for it."""
    element = Element("P")
    items = small_items(show.foot, FOOT_AREA, "foot", element, layout, show)
    if section and items:
        section.add(element)
        return items
    return unmarked(items)


def number_items(number: int, layout: SlideLayout, show: Show) -> tuple[Item, ...]:
    """Return the number of the slide after the word for its state, at the right."""
    state = (TextRun(f"{show.draft}{FOOT_SEPARATOR}"),) if show.draft else ()
    paragraph = SlideParagraph((*state, TextRun(str(number), bold=True)))
    items = small_items(paragraph, NUMBER_AREA, "slide-number", Element("P"), layout, show)
    end = max(item.x + item.run.seen_width for item in items if isinstance(item, TextItem))
    return tuple(moved(item, NUMBER_AREA.x + NUMBER_AREA.width - end, 0.0) for item in unmarked(items))


def small_items(
    paragraph: SlideParagraph, place: SlideArea, role: str, element: Element, layout: SlideLayout, show: Show
) -> tuple[Item, ...]:
    """Return what stands at the bottom of a place at the foot."""
    style = show.theme.slides[role]
    style = replace(style, colour="white") if layout.deep else style
    lines = lines_of(paragraph.runs, element, style, place.width, show.setting)
    first = place.y + place.height - len(lines) * style.leading + show.setting.baseline(style)
    return tuple(
        item for index, line in enumerate(lines) for item in line_items(line, place.x, first + index * style.leading)
    )
