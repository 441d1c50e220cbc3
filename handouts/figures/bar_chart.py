"""The bar chart: a group of bars for each row, starting at zero, each with its number at its end.

Takes a Chart; returns a drawing, or the places of its parts, which the deck uses for native charts. Series have solid,
hatched and open bars. What has no room is a finding; nothing is made smaller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Chart
from handouts.document.text import amount_words
from handouts.figures.labels import (
    LabelLines,
    LabelStyle,
    Medium,
    best_arrangement,
    chart_advice,
    no_room_for_words,
    too_many_rows,
)
from handouts.figures.shapes import Drawing, Path, Rectangle, Shape, TextLabel, straight_line
from handouts.figures.signs import hatch_paths
from handouts.finding import Finding
from handouts.text.fonts import FontFamily
from handouts.theme import TypeStyle

_BarPattern: TypeAlias = Literal["solid", "hatched", "open"]
BAR_PATTERNS: tuple[_BarPattern, ...] = ("solid", "hatched", "open")
BAR_EDGE = 1.5
_LABEL_SHARES = (0.28, 0.34, 0.4, 0.46)  # shares of the width to try for labels beside the bars
# All lengths below are in em of the labels.
_MIN_FULL_BAR = 7.0  # the least length of a bar that is as long as the scale
# The thickness of a bar: at least, on paper, at most; and of all bars of a row together, at most.
_MIN_THICKNESS, _PRINT_THICKNESS, _MAX_THICKNESS, _MAX_ROW_THICKNESS = 1.2, 1.6, 2.4, 4.2
BAR_GAP = 0.14  # between the bars of one row, as a share of their thickness
_ROW_GAP, _MIN_ROW_GAP, LABEL_GAP, _HEAD_GAP, _VALUE_GAP = 0.8, 0.35, 0.6, 0.35, 0.45
_MAX_HEAD_LINES, _MAX_ROW_LABEL_LINES = 2, 4
_SWATCH, _SWATCH_HEIGHT, _SWATCH_GAP, _ENTRY_GAP, _ENTRY_BELOW = 1.7, 0.85, 0.5, 1.6, 0.25


class _LegendEntry(Struct, frozen=True):
    """The name of a series: its left edge, where its sample bar begins if it has one, and the middle of its lines."""

    x: float
    middle: float
    lines: LabelLines


class BarPlan(Struct, frozen=True):
    """The places of the parts of a chart, in points from its top left corner.

    `zero` is the x of the zero line, `reach` the length of a bar whose value is `scale`. The legend begins at `head`;
    the rows begin at `top` and are `pitch` high; bars are `thick`. Labels stand beside the bars, or `above` them.
    """

    width: float
    zero: float
    reach: float
    scale: float
    above: bool
    rows_name: LabelLines
    labels: tuple[LabelLines, ...]
    entries: tuple[_LegendEntry, ...]
    head: float = 0.0
    top: float = 0.0
    pitch: float = 0.0
    thick: float = 0.0
    height: float = 0.0
    findings: tuple[Finding, ...] = ()

    @property
    def group(self) -> float:
        """The height of the bars of one row together."""
        return self.thick * (1 + (len(self.entries) - 1) * (1 + BAR_GAP))


def bar_chart_drawing(
    chart: Chart,
    width: float,
    type_style: TypeStyle,
    family: FontFamily,
    medium: Medium,
    height: float = 0.0,
    *,
    advised: bool = True,
) -> Drawing:
    """Return `chart` as a drawing, `width` wide, in the middle of `height` if that is given.

    If something has no room, the findings say what would fit; with `advised=False` that search is skipped.
    """
    style = LabelStyle(type_style, family, medium)
    bars = plan_bars(chart, width, style, height)
    shapes = (*_bar_chart_marks(chart, bars, style), *_bar_chart_labels(chart, bars, style))
    if not advised:
        return Drawing(width, bars.height, shapes, bars.findings)
    findings = tuple(chart_advice(bars.findings, chart, lambda less: plan_bars(less, width, style, height).findings))
    return Drawing(width, bars.height, shapes, findings)


# ---------------------------------------------------------------- places


def plan_bars(chart: Chart, width: float, style: LabelStyle, height: float = 0.0) -> BarPlan:
    """Return the places of the parts of `chart` in the first arrangement with room for all of them, or for most."""
    return best_arrangement(_arrangements(chart, width, height, style))


def _arrangements(chart: Chart, width: float, height: float, style: LabelStyle) -> Iterator[BarPlan]:
    """Yield plans with the labels beside the bars, in more and more room; on paper also one with labels above them."""
    for share in (*_LABEL_SHARES, 0.0) if style.medium == "print" else _LABEL_SHARES:
        yield _plan_rows(_plan_columns(chart, width, share * width, style), height, style)


def _plan_columns(chart: Chart, width: float, room: float, style: LabelStyle) -> BarPlan:
    """Return the plan from left to right: with labels in `room` beside the bars, or above them if `room` is 0."""
    em, above = style.size, not room
    name = style.lines(chart.rows_name, room or width, bold=False, most=_MAX_HEAD_LINES)
    labels = tuple(style.lines(row.label, room or width, bold=False, most=_MAX_ROW_LABEL_LINES) for row in chart.rows)
    words = (chart.rows_name, *(row.label for row in chart.rows))
    shown = zip(words, (name, *labels), strict=True)
    findings = [no_room_for_words(text) for text, lines in shown if text and not lines]
    widest = max(style.breadth(lines, bold=False) for lines in (name, *labels))
    zero = BAR_EDGE / 2 if above else widest + LABEL_GAP * em
    scale = chart.most or max((each.value for row in chart.rows for each in row.amounts), default=0.0) or 1.0
    reach, longest = _full_bar_length(chart, width - zero, scale, style)
    findings += [no_room_for_words(longest)] if reach < _MIN_FULL_BAR * em else []
    top = style.depth(name) + _ENTRY_BELOW * em if above and name else 0.0
    entries, more = _legend_entries(chart, 0.0 if above else zero, width, top, style)
    return BarPlan(width, zero, reach, scale, above, name, labels, entries, findings=(*findings, *more))


def _full_bar_length(chart: Chart, room: float, scale: float, style: LabelStyle) -> tuple[float, str]:
    """Return the longest bar for the value `scale` with which all numbers fit `room`, and the number that limits it."""
    reach, limit = room, ""
    for amount in (each for row in chart.rows for each in row.amounts):
        words = amount_words(amount, chart.unit)
        left = room - _VALUE_GAP * style.size - style.breadth((words,))
        share = min(1.0, amount.value / scale)
        if left <= 0 or share * reach > left:
            reach, limit = (max(0.0, left) / share if share else 0.0), words
    return reach, limit or chart.unit


def _legend_entries(
    chart: Chart, left: float, right: float, top: float, style: LabelStyle
) -> tuple[tuple[_LegendEntry, ...], list[Finding]]:
    """Return the names of the series between `left` and `right`, as many in a row as fit, and those without room."""
    em, entries, findings = style.size, list[_LegendEntry](), list[Finding]()
    before = (_SWATCH + _SWATCH_GAP) * em if len(chart.series) > 1 else 0.0
    x, depth = left, 0.0
    for name in chart.series:
        lines = style.lines(name, right - left - before, bold=False, most=_MAX_HEAD_LINES)
        findings += [no_room_for_words(name)] if name and not lines else []
        wide = before + style.breadth(lines, bold=False)
        if x > left and x + wide > right:
            x, top = left, top + depth + _ENTRY_BELOW * em
            depth = 0.0
        deep = style.depth(lines)
        depth = max(depth, deep)
        entries.append(_LegendEntry(x, top + deep / 2, lines))
        x += wide + _ENTRY_GAP * em
    return tuple(entries), findings


def _plan_rows(bars: BarPlan, height: float, style: LabelStyle) -> BarPlan:
    """Return `bars` planned from top to bottom: with bars as thick as `height` allows, or as usual on paper."""
    em, count, series = style.size, max(1, len(bars.labels)), len(bars.entries)
    foot = [entry.middle + style.depth(entry.lines) / 2 for entry in bars.entries if entry.lines]
    head = max((style.depth(bars.rows_name), *foot))
    head += _HEAD_GAP * em if head else 0.0
    label = max((style.depth(lines) for lines in bars.labels), default=0.0)
    beside, upon = (0.0, label + _HEAD_GAP * em) if bars.above else (label, 0.0)
    parts = 1 + (series - 1) * (1 + BAR_GAP)
    thick = (_PRINT_THICKNESS if series == 1 and not height else _MIN_THICKNESS) * em
    least = max(beside, upon + thick * parts)
    room = (height - head) / count if height else least + _ROW_GAP * em
    if height:
        thick = max(thick, min(_MAX_THICKNESS * em, _MAX_ROW_THICKNESS * em / parts, (room - _ROW_GAP * em) / parts))
    pitch = min(room, max(beside, upon + thick * parts) + 2 * _ROW_GAP * em)
    whole = head + count * pitch
    most = height or style.most_height(bars.width)
    findings = bars.findings
    if least + _MIN_ROW_GAP * em > pitch + 0.01 or whole > most + 0.01:
        findings = (*findings, too_many_rows(count))
    start = max(0.0, (height - whole) / 2)
    return replace(
        bars, head=start, top=start + head, pitch=pitch, thick=thick, height=height or whole, findings=findings
    )


# ---------------------------------------------------------------- the drawing


def _bar_chart_marks(chart: Chart, bars: BarPlan, style: LabelStyle) -> Iterator[Shape]:
    """Yield the bars, the line at zero, and the bars of the legend."""
    for index, row in enumerate(chart.rows):
        first = _first_bar_top(bars, index, style)
        for number, (amount, pattern) in enumerate(zip(row.amounts, BAR_PATTERNS, strict=False)):
            long = bars.reach * min(1.0, amount.value / bars.scale)
            yield from _bar_shapes(bars.zero, first + number * (1 + BAR_GAP) * bars.thick, long, bars.thick, pattern)
        if bars.above:
            yield _zero_line(bars.zero, first, first + bars.group, style)
    if not bars.above:
        yield _zero_line(bars.zero, bars.top, bars.top + len(chart.rows) * bars.pitch, style)
    if len(chart.series) > 1:
        high = _SWATCH_HEIGHT * style.size
        for entry, pattern in zip(bars.entries, BAR_PATTERNS, strict=False):
            yield from _bar_shapes(entry.x, bars.head + entry.middle - high / 2, _SWATCH * style.size, high, pattern)


def _zero_line(x: float, top: float, bottom: float, style: LabelStyle) -> Path:
    """Return the line at which the bars begin."""
    return straight_line((x, top), (x, bottom), style.rule, BAR_EDGE)


def _first_bar_top(bars: BarPlan, index: int, style: LabelStyle) -> float:
    """Return the top of the first bar of a row, whose bars are in the middle of what its label leaves free."""
    label = style.depth(bars.labels[index]) + _HEAD_GAP * style.size if bars.above else 0.0
    start = bars.top + index * bars.pitch
    return start + (bars.pitch - label - bars.group) / 2 + label


def _bar_shapes(x: float, y: float, long: float, thick: float, pattern: _BarPattern) -> Iterator[Shape]:
    """Yield one bar with its edge inside its outline, or nothing if it is shorter than its edge."""
    if long <= BAR_EDGE:
        return
    edge = BAR_EDGE / 2
    inside = Rectangle(x + edge, y + edge, long - BAR_EDGE, thick - BAR_EDGE, 0.0, "white", "accent", BAR_EDGE)
    if pattern == "solid":
        yield replace(inside, fill="accent")
        return
    yield inside
    if pattern == "hatched":
        lines = hatch_paths(x + BAR_EDGE, y + BAR_EDGE, long - 2 * BAR_EDGE, thick - 2 * BAR_EDGE, "accent")
        commands = tuple(command for line in lines for command in line.commands)
        if commands:
            yield replace(lines[0], commands=commands)


def _bar_chart_labels(chart: Chart, bars: BarPlan, style: LabelStyle) -> Iterator[TextLabel]:
    """Yield the words in reading order: the legend, then each row with its numbers."""
    em = style.size
    gap = 0.0 if bars.above else bars.zero - LABEL_GAP * em
    align: Literal["start", "end"] = "start" if bars.above else "end"
    if bars.rows_name:
        yield style.label("rows", bars.rows_name, gap, bars.head, bold=False, align=align)
    before = (_SWATCH + _SWATCH_GAP) * em if len(chart.series) > 1 else 0.0
    for number, entry in enumerate(bars.entries, 1):
        if entry.lines:
            middle = bars.head + entry.middle
            top = middle - style.depth(entry.lines) / 2
            yield style.label(f"series-{number}", entry.lines, entry.x + before, top, bold=False)
    for index in range(len(chart.rows)):
        yield from _row_labels(bars, index, gap, align, style)
        yield from _amount_labels(chart, bars, index, style)


def _row_labels(
    bars: BarPlan, index: int, x: float, align: Literal["start", "end"], style: LabelStyle
) -> Iterator[TextLabel]:
    """Yield the label of a row, beside the middle of its bars or above them."""
    lines, key = bars.labels[index], f"row-{index + 1}"
    if lines and bars.above:
        top = _first_bar_top(bars, index, style) - _HEAD_GAP * style.size - style.depth(lines)
        yield style.label(key, lines, x, top, bold=False, align=align)
    elif lines:
        yield style.centred(key, lines, x, bars.top + (index + 0.5) * bars.pitch, bold=False, align=align)


def _amount_labels(chart: Chart, bars: BarPlan, index: int, style: LabelStyle) -> Iterator[TextLabel]:
    """Yield the numbers of a row, each at the end of its bar."""
    first = _first_bar_top(bars, index, style)
    for number, amount in enumerate(chart.rows[index].amounts):
        x = bars.zero + bars.reach * min(1.0, amount.value / bars.scale) + _VALUE_GAP * style.size
        middle = first + (number * (1 + BAR_GAP) + 0.5) * bars.thick
        key, lines = f"row-{index + 1}-{number + 1}", (amount_words(amount, chart.unit),)
        yield style.centred(key, lines, x, middle, align="start")
