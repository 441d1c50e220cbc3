"""Figures as data: a figure's name, labels, width and type style in, shapes that any renderer paints out.

Holds the table of figures with their labels. A label that does not fit is a finding, never a smaller label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures import cycle, fork, iceberg, icon_array, timeline, wave, wheel
from handouts.figures.advice import largest_fitting, shorter_wording, with_advice
from handouts.figures.bar_chart import BAR_PATTERNS, BarPlan, bar_chart_drawing, plan_bars
from handouts.figures.decorative_lines import (
    cover_line_drawing,
    page_mark_drawing,
    pause_wave_drawing,
    section_line_drawing,
    title_line_drawing,
)
from handouts.figures.icon_array import PeopleCount, parse_count, people_drawing, printed_count
from handouts.figures.labels import LabelStyle
from handouts.figures.paths import bottom_bubble, left_bubble, outline_paths
from handouts.figures.shapes import Circle, Command, Drawing, Path, Rectangle, Shape, TextLabel, Verb, shifted
from handouts.figures.signs import FACTOR_SIGNS, SIGN_NAMES, fork_sign_drawing, hatch_paths, sign_drawing
from handouts.text.fonts import FontFamily
from handouts.theme import TypeStyle

__all__ = [
    "BAR_PATTERNS",
    "FACTOR_SIGNS",
    "FIGURE_KINDS",
    "SIGN_NAMES",
    "BarPlan",
    "Circle",
    "Command",
    "Drawing",
    "FigureKind",
    "LabelStyle",
    "Path",
    "PeopleCount",
    "Rectangle",
    "Shape",
    "TextLabel",
    "Verb",
    "bar_chart_drawing",
    "bottom_bubble",
    "cover_line_drawing",
    "figure_drawing",
    "fork_sign_drawing",
    "hatch_paths",
    "largest_fitting",
    "left_bubble",
    "outline_paths",
    "page_mark_drawing",
    "parse_count",
    "pause_wave_drawing",
    "people_drawing",
    "plan_bars",
    "printed_count",
    "section_line_drawing",
    "shifted",
    "shorter_wording",
    "sign_drawing",
    "title_line_drawing",
]


class FigureKind(Struct, frozen=True):
    """The keys of the labels that a figure must have, of those that it may have, and of those that are a count."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    counts: tuple[str, ...] = ()


FIGURE_KINDS: Mapping[str, FigureKind] = {
    "cycle": FigureKind(cycle.REQUIRED, cycle.OPTIONAL),
    "wheel": FigureKind(wheel.REQUIRED, wheel.OPTIONAL),
    "wave": FigureKind(wave.REQUIRED, wave.OPTIONAL),
    "iceberg": FigureKind(iceberg.REQUIRED, iceberg.OPTIONAL),
    "fork": FigureKind(fork.REQUIRED, fork.OPTIONAL),
    "array": FigureKind(icon_array.REQUIRED, icon_array.OPTIONAL, icon_array.COUNT_KEYS),
    "array-rows": FigureKind(icon_array.REQUIRED, icon_array.OPTIONAL, icon_array.COUNT_KEYS),
    "timeline": FigureKind(timeline.REQUIRED, timeline.OPTIONAL),
}


def figure_drawing(
    name: str,
    labels: Mapping[str, str],
    width: float,
    style: TypeStyle,
    family: FontFamily,
    medium: Literal["print", "slide"],
) -> Drawing:
    """Return the figure `name`, `width` wide, with its labels in `style`. KeyError for a figure that there is not.

    Its words come last and in the order of `labels`, so that they are read as they were written.
    """
    return cached_figure_drawing(name, tuple(labels.items()), width, style, family, medium)


# One explanation shows few figures, and shows them again in each edition and for each recipient.
@lru_cache(maxsize=64)
def cached_figure_drawing(
    name: str,
    labels: tuple[tuple[str, str], ...],
    width: float,
    style: TypeStyle,
    family: FontFamily,
    medium: Literal["print", "slide"],
) -> Drawing:
    """Return a figure as `figure_drawing` does."""
    draw = {
        "cycle": cycle.draw_cycle,
        "wheel": wheel.draw_wheel,
        "wave": wave.draw_wave,
        "iceberg": iceberg.draw_iceberg,
        "fork": fork.draw_fork,
        "array": icon_array.draw_array,
        "array-rows": icon_array.draw_array_rows,
        "timeline": timeline.draw_timeline,
    }[name]

    def drawing_of(chosen: Mapping[str, str]) -> Drawing:
        return draw(chosen, width, style, family, medium)

    told = with_advice(drawing_of(dict(labels)), dict(labels), FIGURE_KINDS[name].optional, drawing_of)
    return with_labels_last(told, tuple(key for key, _ in labels))


def with_labels_last(drawing: Drawing, keys: Sequence[str]) -> Drawing:
    """Return `drawing` with its words after its other shapes, in the order of `keys`; those without a key are first."""
    words = [shape for shape in drawing.shapes if isinstance(shape, TextLabel)]
    others = (shape for shape in drawing.shapes if not isinstance(shape, TextLabel))
    ordered = sorted(words, key=lambda label: keys.index(label.key) if label.key in keys else -1)
    return replace(drawing, shapes=(*others, *ordered))
