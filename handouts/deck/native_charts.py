"""Add a native bar chart to a slide, with the workbook behind it.

Takes the planned places of bars, labels and legend; colours are those of the theme. The chart is built from elements:
`insert_chart` of python-pptx dates the workbook by the clock, gives axes invalid ids, and has no call for places inside
a chart, which are half of this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, Literal

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.packuri import PackURI
from pptx.parts.chart import ChartPart
from pptx.parts.embeddedpackage import EmbeddedXlsxPart

from handouts.deck.drawingml import (
    DrawingContext,
    colour_element,
    fill_element,
    frame_element,
    line_element,
    lines_of_text,
    placeholder_element,
    text_properties,
)
from handouts.deck.layouts import SlideArea
from handouts.deck.ooxml import Markup, append, element, part_element
from handouts.deck.planned_slides import PlacedChart
from handouts.deck.slide_text import SEPARATOR
from handouts.document.nodes import Chart
from handouts.document.text import unit_words
from handouts.figures.bar_chart import BAR_EDGE, BAR_GAP, BAR_PATTERNS, LABEL_GAP
from handouts.text.fonts import SCREEN_FAMILY
from handouts.text.line_breaking import text_width
from handouts.theme import TypeStyle

_CHART_URI = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_WORKSHEET_NAME = "Sheet1"
_LABEL_COLUMN_WIDTH, _NUMBER_COLUMN_WIDTH = 40, 20  # in characters
_CATEGORY_AXIS_ID, _VALUE_AXIS_ID = 1, 2
_MAX_GAP, _LABEL_OFFSET = 500, 100
_LEGEND_MARGIN = 0.3  # in em, above and below: programs leave out a name that does not fit the box
_CAPITAL_DROP = 0.2  # in em: from the top of a line to that of its capitals
_COLUMN_LETTERS = "ABCD"


def add_chart(
    slide: Any, placed: PlacedChart, name: str, index: int, number: int, modified: str, context: DrawingContext
) -> Any:
    """Add a chart to slide `number`, in the placeholder `index` of its layout, and return its frame.

    `modified` is the date (ISO 8601) of the workbook with its numbers, which can be edited.
    """
    package = slide.part.package
    part = ChartPart(
        PackURI(f"/ppt/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, package, _chart(placed, context)
    )
    workbook = _workbook_bytes(placed.chart, datetime.fromisoformat(modified))
    workbook_name = PackURI(EmbeddedXlsxPart.partname_template % number)
    part.chart_workbook.xlsx_part = EmbeddedXlsxPart(workbook_name, CONTENT_TYPE.SML_SHEET, package, workbook)
    relation = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    area = SlideArea(placed.x, placed.y, placed.drawing.width, placed.drawing.height)
    content, placeholder = element("c:chart", **{"r:id": relation}), placeholder_element("chart", index)
    append(slide.shapes.element, frame_element(name, placed.chart.alt, (placeholder,), area, _CHART_URI, content))
    return slide.shapes.element[-1]


def _workbook_bytes(chart: Chart, modified: datetime) -> bytes:
    """Return a workbook with one sheet: the names of the series in the first row, each label before its numbers."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(buffer, settings)
    workbook.set_properties({"created": modified})
    sheet = workbook.add_worksheet(_WORKSHEET_NAME)
    sheet.set_column(0, 0, _LABEL_COLUMN_WIDTH)
    sheet.set_column(1, len(chart.series), _NUMBER_COLUMN_WIDTH)
    for column, name in enumerate((chart.rows_name, *chart.series)):
        sheet.write_string(0, column, name)
    for index, row in enumerate(chart.rows, 1):
        sheet.write_string(index, 0, row.label)
        for column, amount in enumerate(row.amounts, 1):
            sheet.write_number(index, column, amount.value)
    workbook.close()
    return buffer.getvalue()


def _chart(placed: PlacedChart, context: DrawingContext) -> Any:
    """Return the chart (ISO/IEC 29500-1, 21.2)."""
    bars = placed.bars
    area = SlideArea(bars.zero, bars.top, bars.reach, bars.pitch * len(bars.labels))
    plot = element(
        "c:plotArea",
        _layout(placed, area, _value("layoutTarget", "inner")),  # the bars alone, without the words around them
        _bars(placed, context),
        _category_axis(placed, context),
        _value_axis(placed),
        element("c:spPr", element("a:noFill")),
    )
    chart = element(
        "c:chart",
        *_title(placed, context),
        plot,
        *_legend(placed, context),
        _value("plotVisOnly", 1),
        _value("dispBlanksAs", "gap"),
    )
    return part_element(
        "c:chartSpace",
        _value("date1904", 0),
        _value("lang", context.language),
        _value("roundedCorners", 0),
        chart,
        _no_shape(),
        _text_look(placed.style, context),
        prefixes="acr",
    )


# ---------------------------------------------------------------- places and words


def _value(tag: str, value: object) -> Markup:
    """Return an element with one value, such as c:gapWidth."""
    return element(f"c:{tag}", val=value)


def _no_shape() -> Markup:
    """Return the properties of a part of the chart without fill and line."""
    return element("c:spPr", element("a:noFill"), line_element("", 0.0, {}))


def _layout(placed: PlacedChart, area: SlideArea, *target: Markup) -> Markup:
    """Return the place of a part of the chart, in shares of the frame, and its size, unless its width is 0."""
    wide, high = placed.drawing.width, placed.drawing.height
    shares = {"x": area.x / wide, "y": area.y / high}
    if area.width > 0:
        shares |= {"w": area.width / wide, "h": area.height / high}
    modes = _value("xMode", "edge"), _value("yMode", "edge")
    places = (_value(name, f"{share:.5f}") for name, share in shares.items())
    return element("c:layout", element("c:manualLayout", *target, *modes, *places))


def _text_look(style: TypeStyle, context: DrawingContext, *, bold: bool = False, whole: bool = False) -> Markup:
    """Return the look of all text of a part; `whole` text stays on one line."""
    look = text_properties("a:defRPr", style, context.colours, b=int(bold), spc=None)
    paragraph = element("a:p", element("a:pPr", look), element("a:endParaRPr", lang=context.language))
    return element("c:txPr", element("a:bodyPr", wrap="none" if whole else None), element("a:lstStyle"), paragraph)


def _title(placed: PlacedChart, context: DrawingContext) -> tuple[Markup, ...]:
    """Return the title of the chart: what the rows are, and the name of the only series. A legend names several series.

    It is not a title of the axis, because programs break that anywhere, even inside a word.
    """
    bars, size = placed.bars, placed.style.size
    name = bars.entries[0].lines if len(bars.entries) == 1 else ()
    lines: Sequence[str]
    if name and bars.rows_name:
        lines, x = (f"{placed.chart.rows_name}{SEPARATOR}{placed.chart.series[0]}",), 0.0
    elif name:
        lines, x = name, bars.zero
    elif bars.rows_name:
        wide = max(
            text_width(line, TypeStyle(size, size, typeface=placed.style.typeface), SCREEN_FAMILY)
            for line in bars.rows_name
        )
        lines, x = bars.rows_name, max(0.0, bars.zero - LABEL_GAP * size - wide)
    else:
        return (_value("autoTitleDeleted", 1),)
    look = partial(text_properties, style=placed.style, colours=context.colours, b=0, spc=None)
    runs = lines_of_text(lines, look("a:rPr", lang=context.language))
    start = element("a:pPr", look("a:defRPr"), algn="l" if len(lines) == 1 else "r")
    body = element("a:bodyPr", rot=0, vert="horz", lIns=0, tIns=0, rIns=0, bIns=0)
    words = element("c:tx", element("c:rich", body, element("a:lstStyle"), element("a:p", start, *runs)))
    top = max(0.0, bars.head - _CAPITAL_DROP * size)
    title = element("c:title", words, _layout(placed, SlideArea(x, top, 0.0, 0.0)), _value("overlay", 1))
    return title, _value("autoTitleDeleted", 0)


def _legend(placed: PlacedChart, context: DrawingContext) -> Iterator[Markup]:
    """Yield the legend above the bars; nothing for a single series."""
    if len(placed.chart.series) > 1:
        bars, spare = placed.bars, _LEGEND_MARGIN * placed.style.size
        top = max(0.0, bars.head - spare)
        area = SlideArea(bars.zero, top, bars.width - bars.zero, bars.top + spare - top)
        yield element(
            "c:legend",
            _value("legendPos", "t"),
            _layout(placed, area),
            _value("overlay", 1),
            _text_look(placed.style, context),
        )


# ---------------------------------------------------------------- bars


def _bars(placed: PlacedChart, context: DrawingContext) -> Markup:
    """Return the bars, as thick and as far apart as planned."""
    chart, bars = placed.chart, placed.bars
    group = bars.thick * (1 + (len(chart.series) - 1) * (1 + BAR_GAP))
    return element(
        "c:barChart",
        _value("barDir", "bar"),
        _value("grouping", "clustered"),
        _value("varyColors", 0),
        *(_series(placed, index, context) for index in range(len(chart.series))),
        _value("gapWidth", min(_MAX_GAP, round(100 * (bars.pitch - group) / bars.thick))),
        _value("overlap", round(-100 * BAR_GAP)),
        _value("axId", _CATEGORY_AXIS_ID),
        _value("axId", _VALUE_AXIS_ID),
    )


def _series(placed: PlacedChart, index: int, context: DrawingContext) -> Markup:
    """Return one series: its name, its look, its labels, and its cells of the worksheet."""
    chart, column = placed.chart, _COLUMN_LETTERS[index + 1]
    name, last = chart.series[index], len(chart.rows) + 1
    line = line_element("accent", BAR_EDGE, context.colours, "flat")
    numbers = [f"{row.amounts[index].value:.2f}".rstrip("0").rstrip(".") for row in chart.rows]
    return element(
        "c:ser",
        _value("idx", index),
        _value("order", index),
        *((element("c:tx", _cells("str", f"${column}$1", (name,))),) if name else ()),
        element("c:spPr", _pattern(index, context), line),
        _value("invertIfNegative", 0),
        _number_labels(placed, context),
        element("c:cat", _cells("str", f"$A$2:$A${last}", [row.label for row in chart.rows])),
        element("c:val", _cells("num", f"${column}$2:${column}${last}", numbers)),
    )


def _pattern(index: int, context: DrawingContext) -> Markup:
    """Return the fill of a series: solid, hatched or white."""
    match BAR_PATTERNS[index]:
        case "solid":
            return fill_element("accent", context.colours)
        case "hatched":
            front, back = (colour_element(role, context.colours) for role in ("accent", "white"))
            return element("a:pattFill", element("a:fgClr", front), element("a:bgClr", back), prst="wdUpDiag")
        case "open":
            return fill_element("white", context.colours)


def _number_labels(placed: PlacedChart, context: DrawingContext) -> Markup:
    """Return how the number at the end of each bar looks."""
    return element(
        "c:dLbls",
        element("c:numFmt", formatCode=_number_format(placed.chart), sourceLinked=0),
        _no_shape(),
        _text_look(placed.style, context, bold=True, whole=True),
        _value("dLblPos", "outEnd"),
        *(
            _value(f"show{name}", int(name == "Val"))
            for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
        ),
    )


def _number_format(chart: Chart) -> str:
    """Return the format of the numbers, with equal decimals if all have them, and the unit."""
    counts = {len(amount.text.replace(",", ".").partition(".")[2]) for row in chart.rows for amount in row.amounts}
    number = f"0.{'0' * min(counts)}" if len(counts) == 1 and counts != {0} else "General"
    unit = unit_words(chart.unit).replace('"', '"\\""')
    return f'{number}"{unit}"' if unit else number


def _cells(kind: Literal["str", "num"], cells: str, values: Sequence[str]) -> Markup:
    """Return the texts or numbers in some cells of the worksheet, with the reference to these cells."""
    number_format = (element("c:formatCode", text="General"),) if kind == "num" else ()
    points = (element("c:pt", element("c:v", text=each), idx=index) for index, each in enumerate(values))
    cache = element(f"c:{kind}Cache", *number_format, _value("ptCount", len(values)), *points)
    return element(f"c:{kind}Ref", element("c:f", text=f"{_WORKSHEET_NAME}!{cells}"), cache)


# ---------------------------------------------------------------- axes


def _category_axis(placed: PlacedChart, context: DrawingContext) -> Markup:
    """Return the line at zero with the labels of the rows, the first at the top."""
    return element(
        "c:catAx",
        _value("axId", _CATEGORY_AXIS_ID),
        element("c:scaling", _value("orientation", "maxMin")),
        _value("delete", 0),
        _value("axPos", "l"),
        *_no_ticks("low"),
        element("c:spPr", line_element("screen-rule", BAR_EDGE, context.colours, "flat")),
        _text_look(placed.style, context),
        _value("crossAx", _VALUE_AXIS_ID),
        _value("crosses", "autoZero"),
        _value("auto", 0),
        _value("lblAlgn", "ctr"),
        _value("lblOffset", _LABEL_OFFSET),
        _value("noMultiLvlLbl", 1),
    )


def _value_axis(placed: PlacedChart) -> Markup:
    """Return the hidden scale, which begins at zero: each bar has its number."""
    limits = _value("orientation", "minMax"), _value("max", f"{placed.bars.scale:g}"), _value("min", 0)
    return element(
        "c:valAx",
        _value("axId", _VALUE_AXIS_ID),
        element("c:scaling", *limits),
        _value("delete", 1),
        _value("axPos", "t"),
        *_no_ticks("nextTo"),
        _value("crossAx", _CATEGORY_AXIS_ID),
        _value("crosses", "autoZero"),
        _value("crossBetween", "between"),
    )


def _no_ticks(labels: str) -> tuple[Markup, ...]:
    """Return the number format of an axis, no tick marks, and the position of its labels."""
    numbers = element("c:numFmt", formatCode="General", sourceLinked=0)
    return numbers, _value("majorTickMark", "none"), _value("minorTickMark", "none"), _value("tickLblPos", labels)
