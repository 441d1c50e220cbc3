"""Pictures on the page: never wider than the text, never torn from their caption, drawn ones as shapes."""

from __future__ import annotations

from msgspec.structs import replace

from handouts.document import Outlines, Picture, Pixels
from handouts.figures.outlines import outline_paths
from handouts.pdf.boxes import Box, stacked
from handouts.pdf.inline import Desk, runs_of, text_box
from handouts.pdf.page import Element, ImageItem, Item, ShapeItem
from handouts.pdf.prose import Measure
from handouts.theme import Theme

SPARSE = 150.0  # pixels of an inch: a picture is never made so large that it has fewer
INCH, HIGHEST = 72.0, 0.6  # of a page, so that there is room for a title and a caption
PICTURE_BEFORE, PICTURE_AFTER = 6.0, 12.0


def picture_boxes(picture: Picture, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a picture with its caption; one without words for what it shows is decoration, and not read."""
    section = parent.add(Element("Sect"))
    element = section.add(Element("Figure", alt=picture.alt)) if picture.alt else None
    width, height = shown_size(picture.image, measure.width, HIGHEST * desk.room)
    image = Box(height, image_items(picture.image, measure.x, width, height, element, desk.theme))
    boxes = [image]
    if picture.caption:
        style = desk.style("caption")
        runs = runs_of(picture.caption, section.add(Element("P")), style.colour, desk)
        boxes.append(text_box(runs, style, measure.x, measure.width))
    return [replace(stacked(boxes), before=PICTURE_BEFORE, after=PICTURE_AFTER, at=picture.at)]


def shown_size(image: Pixels | Outlines, widest: float, highest: float) -> tuple[float, float]:
    """Return how wide and high `image` is shown: as wide as it may be, one of pixels no wider than it is sharp."""
    width = widest if isinstance(image, Outlines) else min(widest, image.width * INCH / SPARSE)
    height = width * image.height / image.width
    return (width, height) if height <= highest else (highest * image.width / image.height, highest)


def image_items(
    image: Pixels | Outlines, x: float, width: float, height: float, element: Element | None, theme: Theme
) -> tuple[Item, ...]:
    """Return `image` as items, as black and white where the edition is for copiers."""
    if isinstance(image, Outlines):
        paths = outline_paths(image, width, theme.edition.one_bit)
        return tuple(ShapeItem(path, x, 0.0, element) for path in paths)
    return (ImageItem(image.copied if theme.edition.one_bit else image.printed, x, 0.0, width, height, element),)
