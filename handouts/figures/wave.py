"""The wave: a feeling over time that rises fast and falls slowly, beside a smaller one; a bar marks when to pause.

The smaller curve and the bar are optional. The axis has no numbers, because this is a sketch. Words stand to the right
of the falling curve, never on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.labels import (
    SLIDE_FREE_SPACE,
    Align,
    LabelLines,
    LabelStyle,
    labelled_drawing,
)
from handouts.figures.shapes import (
    Circle,
    Command,
    Drawing,
    Path,
    Point,
    Rectangle,
    Shape,
    TextLabel,
    arrowhead,
    cubic_point,
    shifted_all,
)

REQUIRED = ("peak", "main", "start", "end")
OPTIONAL = ("peak-text", "other", "pause")
_PLOT_HEIGHTS = (12.2, 13.5, 15.0, 17.0, 19.0, 21.0)  # of the plot on paper, in em
_MAX_WORDS_WIDTH = 22.0  # in em: a longer line is hard to follow
# Where the main curve leaves the ground, peaks and returns to the ground, as shares of the width.
_RISE_START, _PEAK_PLACE, _WAVE_END = 0.0735, 0.2172, 0.9366
_PAUSE_END = 0.66
_DASH_PATTERN, _DASHED_WIDTH = (6.8, 5.2), 2.5
_LEGEND_SAMPLE_WIDTH = 2.9  # in em


class _WavePlot(Struct, frozen=True):
    """A plot by its width and the heights of its parts, in which the main curve rises and falls."""

    width: float
    peak: float
    axis: float
    style: LabelStyle

    @property
    def ground(self) -> float:
        """The height at which the main curve is flat."""
        return self.axis - 0.072 * (self.axis - self.peak)

    @property
    def falling(self) -> tuple[Point, Point, Point, Point]:
        """The cubic along which the main curve falls."""
        rise = self.ground - self.peak
        return (
            (_PEAK_PLACE * self.width, self.peak),
            (0.3016 * self.width, self.peak),
            (0.361 * self.width, self.ground - 0.067 * rise),
            (_WAVE_END * self.width, self.ground),
        )

    def beside(self, level: float) -> float:
        """Return the x of the falling curve at the height `level`."""
        low, high = 0.0, 1.0
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if cubic_point(self.falling, middle)[1] < level else (low, middle)
        return cubic_point(self.falling, high)[0]


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the wave, `width` wide, with a low plot, then higher ones; on a slide, once at the full height."""
    rows, depth = _rows_below(labels, width, style)
    heights = [height * style.size for height in _PLOT_HEIGHTS]
    if style.medium == "slide":
        heights = [style.most_height(width) - depth - SLIDE_FREE_SPACE]
    for axis in heights:
        plot = _WavePlot(width, 0.9 * style.size, axis, style)
        words = _words_beside(labels, plot)
        # If the peak has no room, nothing else is placed beside the curve either, and only the peak is reported.
        expected = labels if words else {key: labels[key] for key in labels if key not in ("peak-text", "main")}
        shapes = (*_curves(plot, smaller="other" in labels), *words, *shifted_all(rows, 0, axis))
        too_high = style.too_high(width, axis + depth, labels, "main")
        yield labelled_drawing(width, axis + depth, shapes, expected, *too_high)


def _curves(plot: _WavePlot, *, smaller: bool) -> tuple[Shape, ...]:
    """Return the axis, the tinted area below the main curve, the curves, and a disc at the peak."""
    style, width, axis, ground = plot.style, plot.width, plot.axis, plot.ground
    paper = style.medium == "print"
    _, first, second, end = plot.falling
    rise: tuple[Command, ...] = (
        ("M", (2, ground)),
        ("L", (_RISE_START * width, ground)),
        ("C", (0.1477 * width, ground, 0.1477 * width, plot.peak, _PEAK_PLACE * width, plot.peak)),
        ("C", (*first, *second, *end)),
    )
    area: tuple[Command, ...] = (*rise, ("L", (end[0], axis)), ("L", (2, axis)), ("Z", ()))
    thin, tip = 1.5, (width - 1, axis)
    return (
        Path(area, fill="tint"),
        Path((("M", (2, axis)), ("L", (width - 8, axis))), stroke=style.rule, width=thin),
        arrowhead(tip, (0, axis), 0.8 * style.size if paper else 0.6 * style.size, style.rule),
        *((_smaller_curve(plot),) if smaller else ()),
        Path(rise, stroke="accent", width=4 if paper else 6),
        Circle(_PEAK_PLACE * width, plot.peak, 0.6 * style.size, fill="accent"),
    )


def _smaller_curve(plot: _WavePlot) -> Path:
    """Return the second curve: lower, shorter, dashed."""
    width, high = plot.width, plot.axis - plot.peak
    foot, top = plot.axis - 0.036 * high, plot.axis - 0.4125 * high
    commands: tuple[Command, ...] = (
        ("M", (0.0883 * width, foot)),
        ("C", (0.1477 * width, foot, 0.1626 * width, top, 0.2072 * width, top)),
        ("C", (0.2618 * width, top, 0.2669 * width, foot - 0.016 * high, 0.371 * width, foot)),
    )
    return _dashed_path(commands, plot.style)


def _dashed_path(commands: tuple[Command, ...], style: LabelStyle) -> Path:
    """Return a dashed line in the colour of the labels."""
    times = 1.0 if style.medium == "print" else 1.5
    dash = tuple(each * times for each in _DASH_PATTERN)
    return Path(commands, stroke=style.type_style.colour, width=_DASHED_WIDTH * times, dash=dash, cap="butt")


def _words_beside(labels: Mapping[str, str], plot: _WavePlot) -> tuple[TextLabel, ...]:
    """Return the words right of the falling curve: the peak and its text, then the name of the main curve.

    None if the peak has no room, and none for the main curve if that has none.
    """
    style = plot.style
    peak = ("peak", labels["peak"], True), ("peak-text", labels.get("peak-text", ""), False)
    first = _column_beside_wave(peak, plot.peak - 0.36 * style.size, plot)
    if not first:
        return ()
    bottom = max(area.bottom for label in first for area in style.areas(label))
    second = _column_beside_wave((("main", labels["main"], True),), bottom + 0.95 * style.size, plot)
    return (*first, *(replace(label, colour="accent") for label in second))


def _column_beside_wave(texts: Sequence[tuple[str, str, bool]], top: float, plot: _WavePlot) -> tuple[TextLabel, ...]:
    """Return texts one below the other, as near to the falling curve as possible; none if they have no room.

    Each text has its key, and says whether it is bold.
    """
    style = plot.style
    for count in range(1, 9):
        bottom = top + (count - 1) * style.leading + 0.93 * style.size
        if bottom > plot.ground - 0.5 * style.size:
            return ()
        left = max(plot.beside(bottom) + 1.2 * style.size, _PEAK_PLACE * plot.width + 2.2 * style.size)
        room = min(plot.width - left, _MAX_WORDS_WIDTH * style.size)
        found = [(key, style.lines(text, room, bold=bold), bold) for key, text, bold in texts if text]
        if all(lines for _, lines, _ in found) and sum(len(lines) for _, lines, _ in found) <= count:
            return tuple(_column_labels(found, left, top, style))
    return ()


def _column_labels(
    found: Sequence[tuple[str, LabelLines, bool]], left: float, top: float, style: LabelStyle
) -> Iterator[TextLabel]:
    """Yield the labels of a column from the lines of each."""
    for key, lines, bold in found:
        yield style.label(key, lines, left, top, bold=bold)
        top += len(lines) * style.leading


def _rows_below(labels: Mapping[str, str], width: float, style: LabelStyle) -> tuple[tuple[Shape, ...], float]:
    """Return what stands below an axis at 0 (the bar of the pause, the ends of the axis, the legend), and its depth."""
    em = style.size
    shapes: list[Shape] = []
    depth = 0.55 * em
    if labels.get("pause"):
        bar, depth = _pause_bar(labels["pause"], depth, width, style)
        shapes += bar
        depth += 0.6 * em
    ends = {key: style.lines(labels[key], 0.46 * width, bold=False, most=3) for key in ("start", "end")}
    aligned: Mapping[str, tuple[float, Align]] = {"start": (0.0, "start"), "end": (width, "end")}
    for key, lines in ends.items():
        x, align = aligned[key]
        shapes.append(style.label(key, lines, x, depth, bold=False, colour="stone", align=align))
    depth += max(map(style.depth, ends.values()))
    if "other" not in labels:
        return tuple(shapes), depth
    depth += 0.75 * em
    left = (_LEGEND_SAMPLE_WIDTH + 0.8) * em
    other = style.lines(labels["other"], width - left, bold=False, most=4)
    level = depth + 0.36 * em
    shapes.append(_dashed_path((("M", (0, level)), ("L", (_LEGEND_SAMPLE_WIDTH * em, level))), style))
    shapes.append(style.label("other", other, left, depth, bold=False))
    return tuple(shapes), depth + style.depth(other or ("",))


def _pause_bar(text: str, top: float, width: float, style: LabelStyle) -> tuple[tuple[Shape, ...], float]:
    """Return the solid bar that says when a pause helps, with a disc for the person who can take it, and its bottom."""
    em, left = style.size, _RISE_START * width
    across = (_PAUSE_END - _RISE_START) * width
    lines = style.lines(text, across - 3.0 * em, most=3)
    if not lines:
        return (), top
    height = (len(lines) - 1) * style.leading + 1.75 * em
    box = Rectangle(left, top, across, height, 0.6 * em, "accent")
    disc = Circle(left + 1.2 * em, top + 0.875 * em, 0.46 * em, fill="white")
    words = style.centred("pause", lines, left + 2.15 * em, top + height / 2, colour="white", align="start")
    return (box, disc, words), top + height
