"""Lay out figures, charts, pictures and QR codes, each with its title or caption.

Figures, charts and vector pictures are shapes and text; a picture is never wider than the text.
"""

from __future__ import annotations

from msgspec.structs import replace

from handouts.document.nodes import Chart, Figure, Outlines, Paragraph, Picture, Pixels, QrCode
from handouts.document.text import printed_address
from handouts.figures import block_drawing
from handouts.figures.qr_code import qr_code_path, quiet_zone
from handouts.figures.shapes import Shape, TextLabel, outline_paths
from handouts.layout.boxes import LayoutBox, moved_down, moved_right, stacked, strong_rule
from handouts.layout.inline_text import LayoutContext, Measure, RunTag, inline_box, link_element, text_box
from handouts.layout.page_model import Element, ImageItem, PageItem, ShapeItem, TextItem
from handouts.layout.prose import paragraph_boxes
from handouts.layout.tables import TABLE_AFTER
from handouts.text.fonts import PRINT_FAMILY, FontFamily, family_in
from handouts.text.line_breaking import StyledRun, break_lines, text_width
from handouts.theme import Theme, TypeStyle
from handouts.units import inch

# ---------------------------------------------------------------- QR codes

_QR_CODE_SIZE, _SMALL_QR_CODE_SIZE, _QR_CODE_GAP = 96.0, 54.0, 4.0


def qr_code_boxes(code: QrCode, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a QR code with its caption and address beside it; its dark squares begin at the left edge of the text."""
    section = parent.add(Element("Sect"))
    figure = section.add(Element("Figure", alt=context.words.say("qr_alt", target=code.target)))
    size = _SMALL_QR_CODE_SIZE if code.small else _QR_CODE_SIZE
    path, quiet = qr_code_path(code.target, size), quiet_zone(code.target, size)
    beside = measure.indented(size + quiet + _QR_CODE_GAP)
    said = paragraph_boxes(Paragraph(code.caption), section, beside, context)
    if not code.small:
        address = section.add(Element("P")).add(link_element(code.target, context))
        run = StyledRun(printed_address(code.target), bold=True, key=RunTag(address, "accent", underlined=True))
        said = [*said, text_box((run,), context.style("body"), beside.x, beside.width)]
    words = stacked(said)
    height = max(size, words.height)
    squares = ShapeItem(path, measure.x, (height - size) / 2, figure)
    return [
        LayoutBox(height, (squares, *moved_down(words.items, (height - words.height) / 2)), quiet, quiet, at=code.at)
    ]


# ---------------------------------------------------------------- figures and charts

_FIGURE_TOP, _FIGURE_BEFORE = 4.0, 8.0
_WHOLE_FIGURE_SHARE = 0.5  # of a page: the text below a higher figure may be on the next page, if it must
_CAPTION_COST = 600.0  # to end a page between a figure and the text below it


def figure_boxes(block: Figure | Chart, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a figure or chart between its title and the text on how to read it, as one box unless it is high."""
    measure, style = context.widened(measure), context.style("figure")
    drawing = context.cache.get_or_compute(
        ("figure", block, measure.width, style), lambda: block_drawing(block, measure.width, style, PRINT_FAMILY)
    )
    section = parent.add(Element("Sect"))
    title = inline_box(block.title, section.add(Element("H3")), context.style("h3"), measure, context)
    element = section.add(Element("Figure", alt=block.alt))
    context.findings.extend(replace(found, at=block.at) for found in drawing.findings)
    family = family_in(context.theme.typeface, PRINT_FAMILY)
    drawn = [item for shape in drawing.shapes for item in shape_items(shape, element, family)]
    picture = LayoutBox(drawing.height, moved_right(drawn, measure.x), _FIGURE_BEFORE, 0.0)
    below = inline_box(block.how_to_read, section.add(Element("P")), context.style("caption"), measure, context)
    below = replace(below, after=TABLE_AFTER, at=block.at)
    shown = stacked((title, picture))
    items = (strong_rule(measure.x, measure.right, 0.0), *moved_down(shown.items, _FIGURE_TOP))
    first = LayoutBox(shown.height + _FIGURE_TOP, items, _FIGURE_BEFORE, 0.0, _CAPTION_COST, at=block.at)
    whole = stacked((first, below))
    return [replace(whole, break_cost=0.0)] if whole.height <= _WHOLE_FIGURE_SHARE * context.room else [first, below]


def shape_items(shape: Shape, element: Element | None, family: FontFamily) -> tuple[PageItem, ...]:
    """Return a shape of a figure as items; the lines of a label are texts in `family`."""
    if not isinstance(shape, TextLabel):
        return (ShapeItem(shape, 0.0, 0.0, element),)
    style = TypeStyle(shape.size, shape.leading, shape.bold)
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.align]
    items: list[PageItem] = []
    for index, words in enumerate(shape.lines):
        # A word is added, so that the line ends with a space, as other lines do. If the last sign of the line would go
        # to the next line with that word, no word is added.
        width = text_width(words, style, family)
        line = break_lines((StyledRun(f"{words} x"),), style, width + 0.01, family, filled=True)[0]
        if line.text.strip() != words:
            line = break_lines((StyledRun(words),), style, 2 * width, family)[0]
        x = shape.x - share * width
        baseline = shape.baseline + index * shape.leading
        items.extend(TextItem(run, x + run.x, baseline, shape.colour, element) for run in line.runs)
    return tuple(items)


# ---------------------------------------------------------------- pictures

_LEAST_RESOLUTION = 150.0  # pixels per inch: a bitmap is never enlarged beyond that
_HIGHEST_PICTURE_SHARE = 0.6  # of a page, to leave room for a title and a caption
_PICTURE_BEFORE, _PICTURE_AFTER = 6.0, 12.0


def picture_boxes(picture: Picture, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a picture with its caption; a picture without alt text is an artifact."""
    section = parent.add(Element("Sect"))
    element = section.add(Element("Figure", alt=picture.alt)) if picture.alt else None
    width, height = image_size(picture.image, measure.width, _HIGHEST_PICTURE_SHARE * context.room)
    boxes = [LayoutBox(height, image_items(picture.image, measure.x, width, height, element, context.theme))]
    if picture.caption:
        caption = section.add(Element("P"))
        boxes.append(inline_box(picture.caption, caption, context.style("caption"), measure, context))
    return [replace(stacked(boxes), before=_PICTURE_BEFORE, after=_PICTURE_AFTER, at=picture.at)]


def image_size(image: Pixels | Outlines, widest: float, highest: float) -> tuple[float, float]:
    """Return the width and height of `image`: as large as allowed, but a bitmap only as large as it is sharp."""
    width = widest if isinstance(image, Outlines) else min(widest, inch(image.width) / _LEAST_RESOLUTION)
    height = width * image.height / image.width
    return (width, height) if height <= highest else (highest * image.width / image.height, highest)


def image_items(
    image: Pixels | Outlines, x: float, width: float, height: float, element: Element | None, theme: Theme
) -> tuple[PageItem, ...]:
    """Return `image` as items, in black and white if the edition is `one_bit`."""
    if isinstance(image, Outlines):
        paths = outline_paths(image, width, theme.edition.one_bit)
        return tuple(ShapeItem(path, x, 0.0, element) for path in paths)
    return (ImageItem(image.copied if theme.edition.one_bit else image.printed, x, 0.0, width, height, element),)
