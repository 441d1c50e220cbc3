"""Write a placed chart as the XML of a native bar chart, and give the worksheet rows behind it.

Takes the planned places of bars, labels and legend; colours are those of the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from handouts.deck.drawingml import (
    DECLARATION,
    FACE_XML,
    MarkupContext,
    colour_xml,
    escape_attribute,
    escape_text,
    fill_xml,
    line_xml,
    name_xml,
)
from handouts.deck.planned_slides import PlacedChart
from handouts.document.nodes import Amount, Chart
from handouts.document.text import unit_words
from handouts.figures.bar_chart import BAR_EDGE, BAR_GAP, BAR_PATTERNS, LABEL_GAP
from handouts.text.fonts import SCREEN_FAMILY
from handouts.text.line_breaking import text_width
from handouts.theme import TypeStyle
from handouts.units import emu

CHART_NAMESPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"
NAMESPACES_XML = (
    f'xmlns:c="{CHART_NAMESPACE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
WORKSHEET_NAME = "Sheet1"
CATEGORY_AXIS_ID, VALUE_AXIS_ID = (
    1,
    2,
)  # the ids of the axes; python-pptx would choose negative ones, which are not valid
MAX_GAP, LABEL_OFFSET = 500, 100
TITLE_SEPARATOR = " · "
LEGEND_MARGIN = 0.3  # in em, above and below: a program leaves out a name that its box does not hold
CAPITAL_DROP = 0.2  # in em: from the top of a line to that of its capitals
COLUMN_LETTERS = "ABCD"

WorksheetRow: TypeAlias = tuple[str | float, ...]


class WrittenChart(Struct, frozen=True):
    """A chart as XML, and the rows of the worksheet behind it."""

    xml: str
    rows: tuple[WorksheetRow, ...]


def write_chart(placed: PlacedChart, ink: MarkupContext) -> WrittenChart:
    """Return the part of a chart."""
    chart = placed.chart
    head: WorksheetRow = (chart.rows_name, *chart.series)
    rows = [head]
    for row in chart.rows:
        rows.append((row.label, *(amount.value for amount in row.amounts)))
    return WrittenChart(chart_xml(placed, ink), tuple(rows))


def chart_frame_xml(placed: PlacedChart, name: str, placeholder: str, ink: MarkupContext) -> str:
    """Return the frame of a chart in its placeholder, with its alt text."""
    reference = ink.references.id_of("chart", placed.slot)
    size = f'cx="{emu(placed.drawing.width)}" cy="{emu(placed.drawing.height)}"'
    return (
        f"<p:graphicFrame><p:nvGraphicFramePr>{name_xml(ink, name, placed.chart.alt)}"
        f'<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr>{placeholder}</p:nvPr>'
        f'</p:nvGraphicFramePr><p:xfrm><a:off x="{emu(placed.x)}" y="{emu(placed.y)}"/><a:ext {size}/></p:xfrm>'
        f'<a:graphic><a:graphicData uri="{CHART_NAMESPACE}"><c:chart xmlns:c="{CHART_NAMESPACE}" r:id="{reference}"/></a:graphicData>'
        "</a:graphic></p:graphicFrame>"
    )


def chart_xml(placed: PlacedChart, ink: MarkupContext) -> str:
    """Return the part of a chart (ISO/IEC 29500-1, 21.2)."""
    return (
        f'{DECLARATION}<c:chartSpace {NAMESPACES_XML}><c:date1904 val="0"/><c:lang val="{escape_attribute(ink.language)}"/>'
        f'<c:roundedCorners val="0"/><c:chart>{head_xml(placed, ink)}'
        f"<c:plotArea>{plot_place_xml(placed)}{bars_xml(placed, ink)}{categories_xml(placed, ink)}{values_xml(placed)}"
        f"<c:spPr><a:noFill/></c:spPr></c:plotArea>{legend_xml(placed, ink)}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{text_xml(placed.style, ink, bold=False)}</c:chartSpace>"
    )


# ---------------------------------------------------------------- places and words


def frame_share(points: float, whole: float) -> str:
    """Return a length as a share of the frame."""
    return f"{points / whole:.5f}"


def place_xml(placed: PlacedChart, x: float, y: float, width: float = 0.0, height: float = 0.0) -> str:
    """Return where a part of the chart stands, and its size if it has one."""
    wide, high = placed.drawing.width, placed.drawing.height
    size = f'<c:w val="{frame_share(width, wide)}"/><c:h val="{frame_share(height, high)}"/>' if width else ""
    return f'<c:xMode val="edge"/><c:yMode val="edge"/><c:x val="{frame_share(x, wide)}"/><c:y val="{frame_share(y, high)}"/>{size}'


def layout_xml(place: str) -> str:
    """Return a place as the layout of a part."""
    return f"<c:layout><c:manualLayout>{place}</c:manualLayout></c:layout>"


def plot_place_xml(placed: PlacedChart) -> str:
    """Return the place of the bars alone, without the words around them."""
    bars = placed.bars
    place = place_xml(placed, bars.zero, bars.top, bars.reach, bars.pitch * len(bars.labels))
    return layout_xml(f'<c:layoutTarget val="inner"/>{place}')


def text_look_xml(style: TypeStyle, ink: MarkupContext, tag: str, *, bold: bool) -> str:
    """Return size, weight, colour and face of text."""
    language = f' lang="{escape_attribute(ink.language)}"' if tag == "a:rPr" else ""
    attributes = f'{language} sz="{round(100 * style.size)}" b="{int(bold)}"'
    return f"<{tag}{attributes}>{fill_xml(style.colour, ink.colours)}{FACE_XML}</{tag}>"


def text_xml(style: TypeStyle, ink: MarkupContext, *, bold: bool, whole: bool = False) -> str:
    """Return the look of all text of a part; what is `whole` stays on one line."""
    look = text_look_xml(style, ink, "a:defRPr", bold=bold)
    end = f'<a:endParaRPr lang="{escape_attribute(ink.language)}"/>'
    body = '<a:bodyPr wrap="none"/>' if whole else "<a:bodyPr/>"
    return f"<c:txPr>{body}<a:lstStyle/><a:p><a:pPr>{look}</a:pPr>{end}</a:p></c:txPr>"


def head_xml(placed: PlacedChart, ink: MarkupContext) -> str:
    """Return what the rows are, and the name of the only series: the names of several stand in the legend.

    It is the title of the chart: programs break the title of an upright axis where they like, even inside a word.
    """
    bars, name = placed.bars, series_name_lines(placed)
    if name and bars.rows_name:
        words = f"{placed.chart.rows_name}{TITLE_SEPARATOR}{placed.chart.series[0]}"
        return title_xml(placed, (words,), 0.0, ink)
    if name:
        return title_xml(placed, name, bars.zero, ink)
    if bars.rows_name:
        size = placed.style.size
        wide = max(text_width(line, TypeStyle(size, size), SCREEN_FAMILY) for line in bars.rows_name)
        return title_xml(placed, bars.rows_name, max(0.0, bars.zero - LABEL_GAP * size - wide), ink)
    return '<c:autoTitleDeleted val="1"/>'


def series_name_lines(placed: PlacedChart) -> Sequence[str]:
    """Return the lines of the name of the only series; none if there are several, or if it has no name."""
    entries = placed.bars.entries
    return entries[0].lines if len(entries) == 1 else ()


def title_xml(placed: PlacedChart, lines: Sequence[str], x: float, ink: MarkupContext) -> str:
    """Return words in the head of the chart, in these lines."""
    align = "l" if len(lines) == 1 else "r"
    top = max(0.0, placed.bars.head - CAPITAL_DROP * placed.style.size)
    look, start = (
        text_look_xml(placed.style, ink, "a:rPr", bold=False),
        text_look_xml(placed.style, ink, "a:defRPr", bold=False),
    )
    runs = f"<a:br>{look}</a:br>".join(f"<a:r>{look}<a:t>{escape_text(line)}</a:t></a:r>" for line in lines)
    return (
        '<c:title><c:tx><c:rich><a:bodyPr rot="0" vert="horz" lIns="0" tIns="0" rIns="0" bIns="0"/><a:lstStyle/>'
        f'<a:p><a:pPr algn="{align}">{start}</a:pPr>{runs}</a:p></c:rich></c:tx>'
        f'{layout_xml(place_xml(placed, x, top))}<c:overlay val="1"/></c:title><c:autoTitleDeleted val="0"/>'
    )


def legend_xml(placed: PlacedChart, ink: MarkupContext) -> str:
    """Return the legend above the bars; nothing for a single series."""
    if len(placed.chart.series) == 1:
        return ""
    bars, spare = placed.bars, LEGEND_MARGIN * placed.style.size
    top = max(0.0, bars.head - spare)
    place = place_xml(placed, bars.zero, top, bars.width - bars.zero, bars.top + spare - top)
    return (
        f'<c:legend><c:legendPos val="t"/>{layout_xml(place)}<c:overlay val="1"/>'
        f"{text_xml(placed.style, ink, bold=False)}</c:legend>"
    )


# ---------------------------------------------------------------- bars


def bars_xml(placed: PlacedChart, ink: MarkupContext) -> str:
    """Return the bars, as thick and as far apart as planned."""
    chart, bars = placed.chart, placed.bars
    group = bars.thick * (1 + (len(chart.series) - 1) * (1 + BAR_GAP))
    gap = min(MAX_GAP, round(100 * (bars.pitch - group) / bars.thick))
    series = "".join(series_xml(placed, index, ink) for index in range(len(chart.series)))
    return (
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="{gap}"/><c:overlap val="{round(-100 * BAR_GAP)}"/>'
        f'<c:axId val="{CATEGORY_AXIS_ID}"/><c:axId val="{VALUE_AXIS_ID}"/></c:barChart>'
    )


def series_xml(placed: PlacedChart, index: int, ink: MarkupContext) -> str:
    """Return one series: its name, its look, its labels, and its cells of the worksheet."""
    chart = placed.chart
    name, column, last = chart.series[index], COLUMN_LETTERS[index + 1], len(chart.rows) + 1
    named = f"<c:tx>{strings_xml(f'{WORKSHEET_NAME}!${column}$1', (name,))}</c:tx>" if name else ""
    labels = strings_xml(f"{WORKSHEET_NAME}!$A$2:$A${last}", tuple(row.label for row in chart.rows))
    amounts = tuple(row.amounts[index] for row in chart.rows)
    look = f"{pattern_xml(index, ink)}{line_xml('accent', BAR_EDGE, ink, 'flat')}"
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>{named}'
        f'<c:spPr>{look}</c:spPr><c:invertIfNegative val="0"/>'
        f"{labels_xml(placed, ink)}<c:cat>{labels}</c:cat>"
        f"<c:val>{numbers_xml(f'{WORKSHEET_NAME}!${column}$2:${column}${last}', amounts)}</c:val></c:ser>"
    )


def pattern_xml(index: int, ink: MarkupContext) -> str:
    """Return the fill of a series: solid, hatched or white."""
    match BAR_PATTERNS[index]:
        case "solid":
            return fill_xml("accent", ink.colours)
        case "hatched":
            front, back = colour_xml("accent", ink.colours), colour_xml("white", ink.colours)
            return f'<a:pattFill prst="wdUpDiag"><a:fgClr>{front}</a:fgClr><a:bgClr>{back}</a:bgClr></a:pattFill>'
        case "open":
            return fill_xml("white", ink.colours)


def labels_xml(placed: PlacedChart, ink: MarkupContext) -> str:
    """Return how the number at the end of each bar looks."""
    shown = "".join(
        f'<c:show{name} val="{int(name == "Val")}"/>'
        for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    return (
        f'<c:dLbls><c:numFmt formatCode="{escape_attribute(number_format(placed.chart))}" sourceLinked="0"/>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{text_xml(placed.style, ink, bold=True, whole=True)}"
        f'<c:dLblPos val="outEnd"/>{shown}</c:dLbls>'
    )


def number_format(chart: Chart) -> str:
    """Return the format of the numbers: with the decimals that all have, or with those that each has; and the unit."""
    counts = {count_decimals(amount) for row in chart.rows for amount in row.amounts}
    number = f"0.{'0' * min(counts)}" if len(counts) == 1 and counts != {0} else "General"
    unit = unit_words(chart.unit).replace('"', '"\\""')
    return f'{number}"{unit}"' if unit else number


def count_decimals(amount: Amount) -> int:
    """Return how many decimals an amount was written with."""
    return len(amount.text.replace(",", ".").partition(".")[2])


def strings_xml(cells: str, texts: Sequence[str]) -> str:
    """Return words with the cells that they come from."""
    return f"<c:strRef><c:f>{cells}</c:f><c:strCache>{points_xml(texts)}</c:strCache></c:strRef>"


def numbers_xml(cells: str, amounts: Sequence[Amount]) -> str:
    """Return numbers with the cells that they come from."""
    points = points_xml([f"{amount.value:.2f}".rstrip("0").rstrip(".") for amount in amounts])
    return (
        f"<c:numRef><c:f>{cells}</c:f><c:numCache><c:formatCode>General</c:formatCode>{points}</c:numCache></c:numRef>"
    )


def points_xml(values: Sequence[str]) -> str:
    """Return the values of some cells."""
    points = "".join(f'<c:pt idx="{index}"><c:v>{escape_text(each)}</c:v></c:pt>' for index, each in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{points}'


# ---------------------------------------------------------------- axes


def categories_xml(placed: PlacedChart, ink: MarkupContext) -> str:
    """Return the line at zero with the labels of the rows, the first at the top."""
    return (
        f'<c:catAx><c:axId val="{CATEGORY_AXIS_ID}"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{line_xml('screen-rule', BAR_EDGE, ink, 'flat')}</c:spPr>{text_xml(placed.style, ink, bold=False)}"
        f'<c:crossAx val="{VALUE_AXIS_ID}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        f'<c:lblOffset val="{LABEL_OFFSET}"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def values_xml(placed: PlacedChart) -> str:
    """Return the scale, which is not shown: it begins at zero, and each bar says its number."""
    return (
        f'<c:valAx><c:axId val="{VALUE_AXIS_ID}"/><c:scaling><c:orientation val="minMax"/><c:max val="{placed.bars.scale:g}"/>'
        '<c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="t"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/><c:crossAx val="{CATEGORY_AXIS_ID}"/><c:crosses val="autoZero"/>'
        '<c:crossBetween val="between"/></c:valAx>'
    )
