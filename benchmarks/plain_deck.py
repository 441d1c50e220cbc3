"""Draws a planned deck with plain python-pptx calls, as its documentation shows.

The deck has the words, shapes, tables, pictures, charts and notes of the deck of the project, on the same layouts. Left
out is what the library has no calls for: borders of table cells, curves (freeforms take their points), sections.
"""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Emu, Pt

from handouts.deck.drawingml import THEME_COLOURS
from handouts.deck.layouts import FIRST_INDEX, layout_named
from handouts.deck.planned_slides import (
    TEXT_LEVELS,
    DeckPlan,
    FilledPlaceholder,
    LayoutVariant,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideItem,
    SlideParagraphs,
    TextRun,
)
from handouts.deck.slide_text import paragraphs_of
from handouts.document.nodes import Document
from handouts.figures.shapes import Circle, Path, Rectangle, Shape, TextLabel
from handouts.theme import Theme
from handouts.units import emu

COLOUR_NAMES = {
    "tx1": MSO_THEME_COLOR.TEXT_1,
    "tx2": MSO_THEME_COLOR.TEXT_2,
    "bg1": MSO_THEME_COLOR.BACKGROUND_1,
    "bg2": MSO_THEME_COLOR.BACKGROUND_2,
    **{f"accent{number}": getattr(MSO_THEME_COLOR, f"ACCENT_{number}") for number in range(1, 7)},
}
FOOTER_INDEX, NUMBER_INDEX = 11, 12


def build_plain_deck(
    plan: DeckPlan, template: bytes, keys: tuple[LayoutVariant, ...], document: Document, theme: Theme
) -> bytes:
    """Return `plan` as the bytes of a PowerPoint file on the layouts `keys` of `template`."""
    presentation = Presentation(BytesIO(template))
    layouts = dict(zip(keys, presentation.slide_layouts, strict=True))
    for planned in plan.slides:
        slide = presentation.slides.add_slide(layouts[planned.layout])
        fill_slide(slide, planned, document, theme)
        add_footer(slide, layouts[planned.layout], plan, document)
        notes = paragraphs_of(planned.notes, document.words)
        fill_text(slide.notes_slide.notes_text_frame, notes, document)
    properties = presentation.core_properties
    properties.title, properties.author, properties.language = document.title, document.author, document.language
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def fill_slide(slide: Any, planned: PlannedSlide, document: Document, theme: Theme) -> None:
    """Add the items of a planned slide, and remove the placeholders that stay empty."""
    placeholders = layout_named(planned.layout.name).placeholders
    placeholders_by_name = {
        each.name: slide.shapes.title if each.kind == "title" else slide.placeholders[FIRST_INDEX + index]
        for index, each in enumerate(placeholders)
    }
    for item in planned.items:
        name = add_item(slide, item, placeholders_by_name, document, theme)
        placeholders_by_name.pop(name, None)
    for unused in placeholders_by_name.values():
        unused._element.getparent().remove(unused._element)


def add_item(
    slide: Any, item: SlideItem, placeholders_by_name: dict[str, Any], document: Document, theme: Theme
) -> str:
    """Add one item to a slide, and return the name of the placeholder that it fills."""
    match item:
        case FilledPlaceholder():
            fill_text(placeholders_by_name[item.name].text_frame, item.paragraphs, document)
            return item.name
        case PlacedTable():
            add_table(placeholders_by_name["table"], item, document, theme)
            return "table"
        case PlacedDrawing():
            add_group(slide, item, document, theme)
            return ""
        case PlacedPicture():
            add_picture(slide, item, placeholders_by_name)
            return "" if item.area else "picture"
        case PlacedChart():
            add_chart(placeholders_by_name["chart"], item)
            return "chart"


def fill_text(frame: Any, paragraphs: SlideParagraphs, document: Document) -> None:
    """Write `paragraphs` into a text frame."""
    for index, each in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.level = TEXT_LEVELS.index(each.level)
        for run in each.runs:
            add_run(paragraph, run, document)


def add_run(paragraph: Any, run: TextRun, document: Document) -> Any:
    """Add one run to a paragraph, and return it; None if it is empty."""
    if not run.text:
        return None
    element = paragraph.add_run()
    element.text = run.text
    if run.bold:
        element.font.bold = True
    element._r.get_or_add_rPr().set("lang", run.language or document.language)
    if run.target:
        element.hyperlink.address = run.target
    return element


def add_table(placeholder: Any, item: PlacedTable, document: Document, theme: Theme) -> None:
    """Insert a native table into its placeholder."""
    frame = placeholder.insert_table(len(item.rows), len(item.columns))
    table = frame.table
    frame._element._nvXxPr.cNvPr.set("descr", item.alt)
    table.first_row, table.first_col = item.rows[0].header, item.first_column
    for column, width in zip(table.columns, item.columns, strict=True):
        column.width = Emu(emu(width))
    for number, row in enumerate(item.rows):
        table.rows[number].height = Emu(emu(row.height))
        for column, cell in enumerate(row.cells):
            if cell.columns > 1 or cell.rows > 1:
                table.cell(number, column).merge(table.cell(number + cell.rows - 1, column + cell.columns - 1))
            if not cell.covered:
                fill_cell(table.cell(number, column), cell, document, theme)


def fill_cell(target: Any, cell: Any, document: Document, theme: Theme) -> None:
    """Write the texts of one cell, with size, weight and colour."""
    target.margin_left, target.margin_right = Emu(emu(cell.left)), Emu(emu(cell.right))
    if cell.fill:
        target.fill.solid()
        paint(target.fill.fore_color, cell.fill, theme)
    for index, text in enumerate(cell.texts):
        paragraph = target.text_frame.paragraphs[0] if index == 0 else target.text_frame.add_paragraph()
        for run in text.runs:
            new_run = add_run(paragraph, run, document)
            if new_run:
                new_run.font.size = Pt(text.style.size)
                new_run.font.bold = text.style.bold or run.bold
                paint(new_run.font.color, text.style.colour, theme)


def add_picture(slide: Any, item: PlacedPicture, placeholders_by_name: dict[str, Any]) -> None:
    """Insert a picture into its placeholder, or add it at its position."""
    if item.area is None:
        picture = placeholders_by_name["picture"].insert_picture(BytesIO(item.content))
        picture.crop_left = picture.crop_right = picture.crop_top = picture.crop_bottom = 0
    else:
        picture = slide.shapes.add_picture(BytesIO(item.content), *(Emu(emu(each)) for each in item.area))
    picture._element._nvXxPr.cNvPr.set("descr", item.alt)


def add_chart(placeholder: Any, item: PlacedChart) -> None:
    """Insert a native chart into its placeholder."""
    data = CategoryChartData()
    data.categories = [row.label for row in item.chart.rows]
    for index, name in enumerate(item.chart.series):
        data.add_series(name, [row.amounts[index].value for row in item.chart.rows])
    frame = placeholder.insert_chart(XL_CHART_TYPE.BAR_CLUSTERED, data)
    frame.chart.has_legend = len(item.chart.series) > 1
    frame.chart.plots[0].has_data_labels = True
    frame._element._nvXxPr.cNvPr.set("descr", item.chart.alt)


# ---------------------------------------------------------------- drawings


def add_group(slide: Any, item: PlacedDrawing, document: Document, theme: Theme) -> None:
    """Add a drawing to a slide as one group."""
    group = slide.shapes.add_group_shape()
    group.name = item.name
    group._element._nvXxPr.cNvPr.set("descr", item.alt)
    for shape in item.drawing.shapes:
        add_shape(group.shapes, shape, item.x, item.y, document, theme)


def add_shape(shapes: Any, shape: Shape, x: float, y: float, document: Document, theme: Theme) -> None:
    """Add one shape of a drawing to a group."""
    match shape:
        case Circle():
            area = (shape.x - shape.radius + x, shape.y - shape.radius + y, 2 * shape.radius, 2 * shape.radius)
            oval = shapes.add_shape(MSO_SHAPE.OVAL, *(Emu(emu(each)) for each in area))
            paint_shape(oval, shape.fill, shape.stroke, shape.width, theme)
        case Rectangle():
            kind = MSO_SHAPE.ROUNDED_RECTANGLE if shape.radius else MSO_SHAPE.RECTANGLE
            area = (shape.x + x, shape.y + y, shape.width, shape.height)
            rectangle = shapes.add_shape(kind, *(Emu(emu(each)) for each in area))
            paint_shape(rectangle, shape.fill, shape.stroke, shape.edge, theme)
        case Path():
            add_freeform(shapes, shape, x, y, theme)
        case TextLabel():
            add_label(shapes, shape, x, y, document, theme)


def add_freeform(shapes: Any, shape: Path, x: float, y: float, theme: Theme) -> None:
    """Add a path to a group as a polygon through the ends of its segments."""
    builder, has_segment = None, False
    for verb, values in shape.commands:
        if verb == "Z" or builder is None:
            if verb == "M":
                builder = shapes.build_freeform(emu(values[0] + x), emu(values[1] + y))
            continue
        point = (emu(values[-2] + x), emu(values[-1] + y))
        if verb == "M":
            builder.move_to(*point)
        else:
            builder.add_line_segments([point], close=False)
            has_segment = True
    if builder is not None and has_segment:
        paint_shape(builder.convert_to_shape(), shape.fill, shape.stroke, shape.width, theme)


def add_label(shapes: Any, label: TextLabel, x: float, y: float, document: Document, theme: Theme) -> None:
    """Add a label to a group as a text box."""
    height = len(label.lines) * label.leading
    box = shapes.add_textbox(Emu(emu(label.x + x)), Emu(emu(label.baseline - label.leading + y)), Pt(200), Pt(height))
    frame = box.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]
    for index, line in enumerate(label.lines):
        if index:
            paragraph.add_line_break()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold = Pt(label.size), label.bold
        paint(run.font.color, label.colour, theme)
        run._r.get_or_add_rPr().set("lang", document.language)


def paint_shape(target: Any, fill: str, stroke: str, width: float, theme: Theme) -> None:
    """Set the fill and the line of a shape."""
    if fill:
        target.fill.solid()
        paint(target.fill.fore_color, fill, theme)
    else:
        target.fill.background()
    if stroke and width:
        target.line.width = Pt(width)
        paint(target.line.color, stroke, theme)
    else:
        target.line.fill.background()


def paint(colour: Any, role: str, theme: Theme) -> None:
    """Set a colour format to the colour of a role, as a theme colour if there is one."""
    if role in THEME_COLOURS:
        colour.theme_color = COLOUR_NAMES[THEME_COLOURS[role]]
    else:
        colour.rgb = RGBColor.from_string(theme.colours.get(role, role).removeprefix("#"))


def add_footer(slide: Any, layout: Any, plan: DeckPlan, document: Document) -> None:
    """Add footer and slide number, which the library does not copy from the layout."""
    for each in layout.placeholders:
        index = each.placeholder_format.idx
        if index not in {FOOTER_INDEX, NUMBER_INDEX}:
            continue
        element = deepcopy(each._element)
        slide.shapes._spTree.append(element)
        frame = slide.placeholders[index].text_frame
        paragraph = frame.paragraphs[0]
        if index == FOOTER_INDEX:
            for number, line in enumerate(plan.foot):
                target = frame.add_paragraph() if number else paragraph
                for run in line.runs:
                    add_run(target, run, document)
        elif document.draft:
            add_run(paragraph, TextRun(f"{document.draft}  ·  "), document)
