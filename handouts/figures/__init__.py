"""Drawings as data: each drawing function turns labels, a size and a type style into shapes that any renderer paints.

Coordinates are points from the drawing's top left corner, y grows downward. Colours are roles of the theme. A label
that does not fit is a finding in the drawing, never a smaller label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures import array, cycle, fork, iceberg, timeline, wave, wheel
from handouts.figures.array import Count, count_as_printed, count_of, people_drawing
from handouts.figures.bars import PATTERNS, Bars, bars_drawing, plan_bars
from handouts.figures.bubbles import bottom_bubble, left_bubble
from handouts.figures.line import line_drawing, page_mark_drawing, title_line_drawing, wave_drawing, window_drawing
from handouts.figures.outlines import outline_paths
from handouts.figures.room import most_that, shorter_than, with_advice
from handouts.figures.shapes import Box, Circle, Command, Drawing, Label, Path, Shape, Verb, shifted
from handouts.figures.signs import FACTORS, SIGNS, fork_sign_drawing, hatch_paths, sign_drawing
from handouts.figures.words import Scribe
from handouts.text.fonts import Family
from handouts.theme import TypeStyle

__all__ = [
    "FACTORS",
    "FIGURES",
    "PATTERNS",
    "SIGNS",
    "Bars",
    "Box",
    "Circle",
    "Command",
    "Count",
    "Drawing",
    "FigureKind",
    "Label",
    "Path",
    "Scribe",
    "Shape",
    "Verb",
    "bars_drawing",
    "bottom_bubble",
    "count_as_printed",
    "count_of",
    "figure_drawing",
    "fork_sign_drawing",
    "hatch_paths",
    "left_bubble",
    "line_drawing",
    "most_that",
    "outline_paths",
    "page_mark_drawing",
    "people_drawing",
    "plan_bars",
    "shifted",
    "shorter_than",
    "sign_drawing",
    "title_line_drawing",
    "wave_drawing",
    "window_drawing",
]


class FigureKind(Struct, frozen=True):
    """The keys of the labels that a figure must have, of those that it may have, and of those that are a count."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    counts: tuple[str, ...] = ()


FIGURES: Mapping[str, FigureKind] = {
    "cycle": FigureKind(cycle.REQUIRED, cycle.OPTIONAL),
    "wheel": FigureKind(wheel.REQUIRED, wheel.OPTIONAL),
    "wave": FigureKind(wave.REQUIRED, wave.OPTIONAL),
    "iceberg": FigureKind(iceberg.REQUIRED, iceberg.OPTIONAL),
    "fork": FigureKind(fork.REQUIRED, fork.OPTIONAL),
    "array": FigureKind(array.REQUIRED, array.OPTIONAL, array.COUNTS),
    "array-rows": FigureKind(array.REQUIRED, array.OPTIONAL, array.COUNTS),
    "timeline": FigureKind(timeline.REQUIRED, timeline.OPTIONAL),
}


def figure_drawing(
    name: str,
    labels: Mapping[str, str],
    width: float,
    style: TypeStyle,
    family: Family,
    medium: Literal["print", "slide"],
) -> Drawing:
    """Return the figure `name`, `width` wide, with its labels in `load_csl_style`. KeyError for a figure that there is not.

    Its words come last and in the order of `labels`, so that they are read as they were written.
    """
    return drawn_figure(name, tuple(labels.items()), width, style, family, medium)


# One explanation shows few figures, and shows them again in each edition and for each recipient.
@lru_cache(maxsize=64)
def drawn_figure(
    name: str,
    labels: tuple[tuple[str, str], ...],
    width: float,
    style: TypeStyle,
    family: Family,
    medium: Literal["print", "slide"],
) -> Drawing:
    """Return a figure as `figure_drawing` does."""
    draw = {
        "cycle": cycle.draw_cycle,
        "wheel": wheel.draw_wheel,
        "wave": wave.draw_wave,
        "iceberg": iceberg.draw_iceberg,
        "fork": fork.draw_fork,
        "array": array.draw_array,
        "array-rows": array.draw_array_rows,
        "timeline": timeline.draw_timeline,
    }[name]

    def drawing_of(chosen: Mapping[str, str]) -> Drawing:
        return draw(chosen, width, style, family, medium)

    told = with_advice(drawing_of(dict(labels)), dict(labels), FIGURES[name].optional, drawing_of)
    return in_order(told, tuple(key for key, _ in labels))


def in_order(drawing: Drawing, keys: Sequence[str]) -> Drawing:
    """Return `drawing` with its words after its other shapes, in the order of `keys`; those without a key are first."""
    words = [shape for shape in drawing.shapes if isinstance(shape, Label)]
    others = (shape for shape in drawing.shapes if not isinstance(shape, Label))
    ordered = sorted(words, key=lambda label: keys.index(label.key) if label.key in keys else -1)
    return replace(drawing, shapes=(*others, *ordered))
