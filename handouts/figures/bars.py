"""The bar chart: a group of bars for each row, from one line at zero, each with its number at its end.

A chart in; the places of its parts, or its drawing, out. Series differ by solid, hatched and open bars, and a legend
says which is which, so that it holds without colour. What has no room is a finding, never smaller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import Chart, amount_words
from handouts.figures.chartroom import advised, no_words, too_many
from handouts.figures.shapes import Box, Drawing, Label, Path, Shape
from handouts.figures.signs import hatch_paths
from handouts.figures.words import Lines, Medium, Scribe
from handouts.finding import Finding
from handouts.text.fonts import Family
from handouts.theme import TypeStyle

Pattern: TypeAlias = Literal["solid", "hatched", "open"]
PATTERNS: tuple[Pattern, ...] = ("solid", "hatched", "open")
EDGE = 1.5
LABEL_SHARES = (0.28, 0.34, 0.4, 0.46)  # of the width, that labels beside the bars may take
SHORTEST = 7.0  # a bar as long as the scale, in em of the labels, as all lengths below
THIN, PAPER_THICK, THICK, ROW_THICK = (
    1.2,
    1.6,
    2.4,
    4.2,
)  # a bar: at the least, at the most, and all bars of one row at the most
BETWEEN = 0.14  # between the bars of one row, as a part of their thickness
ROW_GAP, LEAST_ROW_GAP, LABEL_GAP, HEAD_GAP, VALUE_GAP = 0.8, 0.35, 0.6, 0.35, 0.45
MOST_HEAD_LINES, MOST_LABEL_LINES = 2, 4
SWATCH, SWATCH_HEIGHT, SWATCH_GAP, ENTRY_GAP, ENTRY_BELOW = 1.7, 0.85, 0.5, 1.6, 0.25


class Entry(Struct, frozen=True):
    """The name of a series: where it begins, with its bar if there are several, and the middle of its lines."""

    x: float
    middle: float
    lines: Lines


class Bars(Struct, frozen=True):
    """Where the parts of a chart stand, in points from its top left corner.

    `zero` is the x of the line at zero, `reach` the length of a bar of `scale`. The head with the legend begins at
    `head`, the rows begin at `top` and are `pitch` high; bars are `thick`. Labels stand beside or `above` the bars.
    """

    width: float
    zero: float
    reach: float
    scale: float
    above: bool
    rows_name: Lines
    labels: tuple[Lines, ...]
    entries: tuple[Entry, ...]
    head: float = 0.0
    top: float = 0.0
    pitch: float = 0.0
    thick: float = 0.0
    height: float = 0.0
    findings: tuple[Finding, ...] = ()


def bars_drawing(
    chart: Chart, width: float, style: TypeStyle, family: Family, medium: Medium, height: float = 0.0
) -> Drawing:
    """Return `chart_placeholder` as a drawing, `width` wide, in the middle of `height` if that is given."""
    scribe = Scribe(style, family, medium)
    bars = plan_bars(chart, width, scribe, height)
    shapes = (*marks_of(chart, bars, scribe), *words_of(chart, bars, scribe))
    findings = tuple(advised(bars.findings, chart, lambda less: plan_bars(less, width, scribe, height).findings))
    return Drawing(width, bars.height, shapes, findings)


# ---------------------------------------------------------------- places


def plan_bars(chart: Chart, width: float, scribe: Scribe, height: float = 0.0) -> Bars:
    """Return where the parts of `chart_placeholder` stand: the first arrangement with room for all, or for most."""
    best: Bars | None = None
    for bars in arrangements(chart, width, height, scribe):
        if not bars.findings:
            return bars
        if best is None or len(bars.findings) < len(best.findings):
            best = bars
    if best is None:
        raise ValueError("there is no arrangement to choose from")
    return best


def arrangements(chart: Chart, width: float, height: float, scribe: Scribe) -> Iterator[Bars]:
    """Yield the chart with its labels beside the bars, in ever more room; on paper also above them."""
    for share in LABEL_SHARES:
        yield with_rows(across(chart, width, share * width, scribe), height, len(chart.series), scribe)
    if scribe.medium == "print":
        yield with_rows(across(chart, width, 0.0, scribe), height, len(chart.series), scribe)


def across(chart: Chart, width: float, room: float, scribe: Scribe) -> Bars:
    """Return what stands where from left to right: labels in `room` beside the bars, above them if there is none."""
    em, above = scribe.size, not room
    name = scribe.lines(chart.rows_name, room or width, bold=False, most=MOST_HEAD_LINES)
    names = [scribe.lines(row.label, room or width, bold=False, most=MOST_LABEL_LINES) for row in chart.rows]
    findings = [] if name is not None else [no_words(chart.rows_name)]
    findings += [no_words(row.label) for row, lines in zip(chart.rows, names, strict=True) if lines is None]
    labels = tuple(lines or () for lines in names)
    widest = max(scribe.breadth(lines, bold=False) for lines in (name or (), *labels))
    zero = EDGE / 2 if above else widest + LABEL_GAP * em
    scale = chart.most or max((each.value for row in chart.rows for each in row.amounts), default=0.0) or 1.0
    reach, longest = reach_of(chart, width - zero, scale, scribe)
    findings += [no_words(longest)] if reach < SHORTEST * em else []
    top = scribe.depth(name or ()) + ENTRY_BELOW * em if above and name else 0.0
    entries, more = entries_of(chart, 0.0 if above else zero, width, top, scribe)
    return Bars(width, zero, reach, scale, above, name or (), labels, entries, findings=(*findings, *more))


def reach_of(chart: Chart, room: float, scale: float, scribe: Scribe) -> tuple[float, str]:
    """Return how long a bar of `scale` may be for all numbers to stand within `room`, and the one that limits it."""
    reach, limit = room, ""
    for amount in (each for row in chart.rows for each in row.amounts):
        words = amount_words(amount, chart.unit)
        left = room - VALUE_GAP * scribe.size - scribe.breadth((words,))
        share = min(1.0, amount.value / scale)
        if left <= 0 or share * reach > left:
            reach, limit = (max(0.0, left) / share if share else 0.0), words
    return reach, limit or chart.unit


def entries_of(
    chart: Chart, left: float, right: float, top: float, scribe: Scribe
) -> tuple[tuple[Entry, ...], list[Finding]]:
    """Return the names of the series between `left` and `right`, as many in a row as there is room for."""
    em, entries, findings = scribe.size, list[Entry](), list[Finding]()
    before = (SWATCH + SWATCH_GAP) * em if len(chart.series) > 1 else 0.0
    x, depth = left, 0.0
    for name in chart.series:
        lines = scribe.lines(name, right - left - before, bold=False, most=MOST_HEAD_LINES)
        findings += [no_words(name)] if lines is None else []
        wide = before + scribe.breadth(lines or (), bold=False)
        if x > left and x + wide > right:
            x, top = left, top + depth + ENTRY_BELOW * em
            depth = 0.0
        deep = scribe.depth(lines or ())
        depth = max(depth, deep)
        entries.append(Entry(x, top + deep / 2, lines or ()))
        x += wide + ENTRY_GAP * em
    return tuple(entries), findings


def with_rows(bars: Bars, height: float, series: int, scribe: Scribe) -> Bars:
    """Return `bars` with its rows from top to bottom: as thick as `height` allows, or as they are on paper."""
    em, count = scribe.size, max(1, len(bars.labels))
    foot = [entry.middle + scribe.depth(entry.lines) / 2 for entry in bars.entries if entry.lines]
    head = max((scribe.depth(bars.rows_name), *foot))
    head += HEAD_GAP * em if head else 0.0
    label = max((scribe.depth(lines) for lines in bars.labels), default=0.0)
    beside, upon = (0.0, label + HEAD_GAP * em) if bars.above else (label, 0.0)
    parts = 1 + (series - 1) * (1 + BETWEEN)
    thick = (PAPER_THICK if series == 1 and not height else THIN) * em
    least = max(beside, upon + thick * parts)
    room = (height - head) / count if height else least + ROW_GAP * em
    if height:
        thick = max(thick, min(THICK * em, ROW_THICK * em / parts, (room - ROW_GAP * em) / parts))
    pitch = min(room, max(beside, upon + thick * parts) + 2 * ROW_GAP * em)
    whole = head + count * pitch
    most = height or scribe.most_height(bars.width)
    findings = bars.findings
    if least + LEAST_ROW_GAP * em > pitch + 0.01 or whole > most + 0.01:
        findings = (*findings, too_many(count))
    start = max(0.0, (height - whole) / 2)
    return replace(
        bars, head=start, top=start + head, pitch=pitch, thick=thick, height=height or whole, findings=findings
    )


# ---------------------------------------------------------------- the drawing


def marks_of(chart: Chart, bars: Bars, scribe: Scribe) -> Iterator[Shape]:
    """Yield the bars, the line at zero, and the bars of the legend."""
    for index, row in enumerate(chart.rows):
        first = first_bar(bars, index, len(chart.series), scribe)
        for number, (amount, pattern) in enumerate(zip(row.amounts, PATTERNS, strict=False)):
            long = bars.reach * min(1.0, amount.value / bars.scale)
            yield from bar_shapes(bars.zero, first + number * (1 + BETWEEN) * bars.thick, long, bars.thick, pattern)
        if bars.above:
            yield zero_line(bars.zero, first, first + group_height(bars, len(chart.series)), scribe)
    if not bars.above:
        yield zero_line(bars.zero, bars.top, bars.top + len(chart.rows) * bars.pitch, scribe)
    if len(chart.series) > 1:
        high = SWATCH_HEIGHT * scribe.size
        for entry, pattern in zip(bars.entries, PATTERNS, strict=False):
            yield from bar_shapes(entry.x, bars.head + entry.middle - high / 2, SWATCH * scribe.size, high, pattern)


def zero_line(x: float, top: float, bottom: float, scribe: Scribe) -> Path:
    """Return the line at which the bars begin."""
    return Path((("M", (x, top)), ("L", (x, bottom))), stroke=scribe.rule, width=EDGE, cap="butt")


def group_height(bars: Bars, series: int) -> float:
    """Return how high the bars of one row are."""
    return bars.thick * (1 + (series - 1) * (1 + BETWEEN))


def first_bar(bars: Bars, index: int, series: int, scribe: Scribe) -> float:
    """Return where the first bar of a row begins: the bars stand in the middle of it, or below its label."""
    label = scribe.depth(bars.labels[index]) + HEAD_GAP * scribe.size if bars.above else 0.0
    start = bars.top + index * bars.pitch
    return start + (bars.pitch - label - group_height(bars, series)) / 2 + label


def bar_shapes(x: float, y: float, long: float, thick: float, pattern: Pattern) -> Iterator[Shape]:
    """Yield one bar with its edge inside it, or nothing if it is shorter than its edge."""
    if long <= EDGE:
        return
    inside = Box(x + EDGE / 2, y + EDGE / 2, long - EDGE, thick - EDGE, 0.0, "white", "accent", EDGE)
    if pattern == "solid":
        yield replace(inside, fill="accent")
        return
    yield inside
    if pattern == "hatched":
        lines = hatch_paths(x + EDGE, y + EDGE, long - 2 * EDGE, thick - 2 * EDGE, "accent")
        commands = tuple(command for line in lines for command in line.commands)
        if commands:
            yield replace(lines[0], commands=commands)


def words_of(chart: Chart, bars: Bars, scribe: Scribe) -> Iterator[Label]:
    """Yield the words in the order in which they are read: the head, then each row with its numbers."""
    em = scribe.size
    gap = 0.0 if bars.above else bars.zero - LABEL_GAP * em
    align: Literal["start", "end"] = "start" if bars.above else "end"
    if bars.rows_name:
        yield scribe.label("rows", bars.rows_name, gap, bars.head, bold=False, align=align)
    before = (SWATCH + SWATCH_GAP) * em if len(chart.series) > 1 else 0.0
    for number, entry in enumerate(bars.entries, 1):
        if entry.lines:
            middle = bars.head + entry.middle
            top = middle - scribe.depth(entry.lines) / 2
            yield scribe.label(f"series-{number}", entry.lines, entry.x + before, top, bold=False)
    for index in range(len(chart.rows)):
        yield from row_labels(bars, index, gap, align, len(chart.series), scribe)
        yield from amount_labels(chart, bars, index, scribe)


def row_labels(
    bars: Bars, index: int, x: float, align: Literal["start", "end"], series: int, scribe: Scribe
) -> Iterator[Label]:
    """Yield the label of a row, beside the middle of its bars or above them."""
    lines, key = bars.labels[index], f"row-{index + 1}"
    if lines and bars.above:
        top = first_bar(bars, index, series, scribe) - HEAD_GAP * scribe.size - scribe.depth(lines)
        yield scribe.label(key, lines, x, top, bold=False, align=align)
    elif lines:
        yield scribe.centred(key, lines, x, bars.top + (index + 0.5) * bars.pitch, bold=False, align=align)


def amount_labels(chart: Chart, bars: Bars, index: int, scribe: Scribe) -> Iterator[Label]:
    """Yield the numbers of a row, each at the end of its bar."""
    first = first_bar(bars, index, len(chart.series), scribe)
    for number, amount in enumerate(chart.rows[index].amounts):
        x = bars.zero + bars.reach * min(1.0, amount.value / bars.scale) + VALUE_GAP * scribe.size
        middle = first + (number * (1 + BETWEEN) + 0.5) * bars.thick
        key, lines = f"row-{index + 1}-{number + 1}", (amount_words(amount, chart.unit),)
        yield scribe.centred(key, lines, x, middle, align="start")
