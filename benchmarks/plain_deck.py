"""A planned deck built with plain python-pptx calls, as somebody would who knows that library's documentation.

It has the same words, shapes, tables, pictures, charts and notes as the deck of the project, on the same layouts. What
the library has no call for is left out: rules of table cells, curves (freeforms take their points), sections.
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

NAMES = {
    "tx1": MSO_THEME_COLOR.TEXT_1,
    "tx2": MSO_THEME_COLOR.TEXT_2,
    "bg1": MSO_THEME_COLOR.BACKGROUND_1,
    "bg2": MSO_THEME_COLOR.BACKGROUND_2,
    **{f"accent{number}": getattr(MSO_THEME_COLOR, f"ACCENT_{number}") for number in range(1, 7)},
}
FOOT, NUMBER = 11, 12


def build_plain_deck(
    plan: DeckPlan, template: bytes, keys: tuple[LayoutVariant, ...], document: Document, theme: Theme
) -> bytes:
    """Return `plan` as the bytes of a PowerPoint file on the layouts `keys` of `template`."""
    presentation = Presentation(BytesIO(template))
    layouts = dict(zip(keys, presentation.slide_layouts, strict=True))
    for planned in plan.slides:
        slide = presentation.slides.add_slide(layouts[planned.layout])
        fill_slide(slide, planned, document, theme)
        add_foot(slide, layouts[planned.layout], plan, document)
        notes = paragraphs_of(planned.notes, document.words)
        fill_text(slide.notes_slide.notes_text_frame, notes, document)
    properties = presentation.core_properties
    properties.title, properties.author, properties.language = document.title, document.author, document.language
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def fill_slide(slide: Any, planned: PlannedSlide, document: Document, theme: Theme) -> None:
    """Put the items of a planned slide on a slide, and take the placeholders away that none of them fills."""
    placeholders = layout_named(planned.layout.name).placeholders
    places = {
        each.name: slide.shapes.title if each.kind == "title" else slide.placeholders[FIRST_INDEX + index]
        for index, each in enumerate(placeholders)
    }
    for item in planned.items:
        name = add_item(slide, item, places, document, theme)
        places.pop(name, None)
    for unused in places.values():
        unused._element.getparent().remove(unused._element)


def add_item(slide: Any, item: SlideItem, places: dict[str, Any], document: Document, theme: Theme) -> str:
    """Put one item on a slide and return the name of the placeholder that it fills."""
    match item:
        case FilledPlaceholder():
            fill_text(places[item.name].text_frame, item.paragraphs, document)
            return item.name
        case PlacedTable():
            add_table(places["table"], item, document, theme)
            return "table"
        case PlacedDrawing():
            add_group(slide, item, document, theme)
            return ""
        case PlacedPicture():
            add_picture(slide, item, places)
            return "" if item.area else "picture"
        case PlacedChart():
            add_chart(places["chart"], item)
            return "chart"


def fill_text(frame: Any, paragraphs: SlideParagraphs, document: Document) -> None:
    """Write `paragraphs` into a text frame."""
    for index, each in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.level = TEXT_LEVELS.index(each.level)
        for run in each.runs:
            add_run(paragraph, run, document)


def add_run(paragraph: Any, run: TextRun, document: Document) -> Any:
    """Write one run into a paragraph."""
    if not run.text:
        return None
    made = paragraph.add_run()
    made.text = run.text
    if run.bold:
        made.font.bold = True
    made._r.get_or_add_rPr().set("lang", run.language or document.language)
    if run.target:
        made.hyperlink.address = run.target
    return made


def add_table(place: Any, item: PlacedTable, document: Document, theme: Theme) -> None:
    """Put a native table into its placeholder."""
    frame = place.insert_table(len(item.rows), len(item.columns))
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


def fill_cell(made: Any, cell: Any, document: Document, theme: Theme) -> None:
    """Write the texts of one cell, with size, weight and colour."""
    made.margin_left, made.margin_right = Emu(emu(cell.left)), Emu(emu(cell.right))
    if cell.fill:
        made.fill.solid()
        paint(made.fill.fore_color, cell.fill, theme)
    for index, text in enumerate(cell.texts):
        paragraph = made.text_frame.paragraphs[0] if index == 0 else made.text_frame.add_paragraph()
        for run in text.runs:
            written = add_run(paragraph, run, document)
            if written:
                written.font.size = Pt(text.style.size)
                written.font.bold = text.style.bold or run.bold
                paint(written.font.color, text.style.colour, theme)


def add_picture(slide: Any, item: PlacedPicture, places: dict[str, Any]) -> None:
    """Put a picture into its placeholder or at its place."""
    if item.area is None:
        made = places["picture"].insert_picture(BytesIO(item.content))
        made.crop_left = made.crop_right = made.crop_top = made.crop_bottom = 0
    else:
        made = slide.shapes.add_picture(BytesIO(item.content), *(Emu(emu(each)) for each in item.area))
    made._element._nvXxPr.cNvPr.set("descr", item.alt)


def add_chart(place: Any, item: PlacedChart) -> None:
    """Put a native chart into its placeholder."""
    data = CategoryChartData()
    data.categories = [row.label for row in item.chart.rows]
    for index, name in enumerate(item.chart.series):
        data.add_series(name, [row.amounts[index].value for row in item.chart.rows])
    frame = place.insert_chart(XL_CHART_TYPE.BAR_CLUSTERED, data)
    frame.chart.has_legend = len(item.chart.series) > 1
    frame.chart.plots[0].has_data_labels = True
    frame._element._nvXxPr.cNvPr.set("descr", item.chart.alt)


# ---------------------------------------------------------------- drawings


def add_group(slide: Any, item: PlacedDrawing, document: Document, theme: Theme) -> None:
    """Put a drawing on a slide as one group."""
    group = slide.shapes.add_group_shape()
    group.name = item.name
    group._element._nvXxPr.cNvPr.set("descr", item.alt)
    for shape in item.drawing.shapes:
        add_shape(group.shapes, shape, item.x, item.y, document, theme)


def add_shape(shapes: Any, shape: Shape, x: float, y: float, document: Document, theme: Theme) -> None:
    """Put one shape of a drawing into a group."""
    match shape:
        case Circle():
            place = (shape.x - shape.radius + x, shape.y - shape.radius + y, 2 * shape.radius, 2 * shape.radius)
            made = shapes.add_shape(MSO_SHAPE.OVAL, *(Emu(emu(each)) for each in place))
            paint_shape(made, shape.fill, shape.stroke, shape.width, theme)
        case Rectangle():
            kind = MSO_SHAPE.ROUNDED_RECTANGLE if shape.radius else MSO_SHAPE.RECTANGLE
            place = (shape.x + x, shape.y + y, shape.width, shape.height)
            made = shapes.add_shape(kind, *(Emu(emu(each)) for each in place))
            paint_shape(made, shape.fill, shape.stroke, shape.edge, theme)
        case Path():
            add_freeform(shapes, shape, x, y, theme)
        case TextLabel():
            add_label(shapes, shape, x, y, document, theme)


def add_freeform(shapes: Any, shape: Path, x: float, y: float, theme: Theme) -> None:
    """Put a path into a group: through the points where its pieces meet."""
    builder, started = None, False
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
            started = True
    if builder is not None and started:
        paint_shape(builder.convert_to_shape(), shape.fill, shape.stroke, shape.width, theme)


def add_label(shapes: Any, label: TextLabel, x: float, y: float, document: Document, theme: Theme) -> None:
    """Put the words of a drawing into a group as a text box."""
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


def paint_shape(made: Any, fill: str, stroke: str, width: float, theme: Theme) -> None:
    """Give a shape its fill and its line."""
    if fill:
        made.fill.solid()
        paint(made.fill.fore_color, fill, theme)
    else:
        made.fill.background()
    if stroke and width:
        made.line.width = Pt(width)
        paint(made.line.color, stroke, theme)
    else:
        made.line.fill.background()


def paint(colour: Any, role: str, theme: Theme) -> None:
    """Give something the colour of a role: by the theme's slot if it has one."""
    if role in THEME_COLOURS:
        colour.theme_color = NAMES[THEME_COLOURS[role]]
    else:
        colour.rgb = RGBColor.from_string(theme.colours.get(role, role).removeprefix("#"))


def add_foot(slide: Any, layout: Any, plan: DeckPlan, document: Document) -> None:
    """Give a slide its foot and its number, which the library does not copy from the layout."""
    for each in layout.placeholders:
        index = each.placeholder_format.idx
        if index not in {FOOT, NUMBER}:
            continue
        element = deepcopy(each._element)
        slide.shapes._spTree.append(element)
        frame = slide.placeholders[index].text_frame
        paragraph = frame.paragraphs[0]
        if index == FOOT:
            for number, line in enumerate(plan.foot):
                written = frame.add_paragraph() if number else paragraph
                for run in line.runs:
                    add_run(written, run, document)
        elif document.draft:
            add_run(paragraph, TextRun(f"{document.draft}  ·  "), document)
