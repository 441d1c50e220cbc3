"""Figures as data: a figure's name, labels, width and type style in, shapes that any renderer paints out.

Holds the table of figures with their labels. A label that does not fit is a finding, never a smaller label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures import cycle, fork, iceberg, icon_array, timeline, wave, wheel
from handouts.figures.labels import LabelStyle, with_advice
from handouts.figures.shapes import Drawing, TextLabel
from handouts.text.fonts import FontFamily
from handouts.theme import TypeStyle


class _FigureKind(Struct, frozen=True):
    """The keys of the labels that a figure must have, of those that it may have, and of those that are a count."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    counts: tuple[str, ...] = ()


FIGURE_KINDS: Mapping[str, _FigureKind] = {
    "cycle": _FigureKind(cycle.REQUIRED, cycle.OPTIONAL),
    "wheel": _FigureKind(wheel.REQUIRED, wheel.OPTIONAL),
    "wave": _FigureKind(wave.REQUIRED, wave.OPTIONAL),
    "iceberg": _FigureKind(iceberg.REQUIRED, iceberg.OPTIONAL),
    "fork": _FigureKind(fork.REQUIRED, fork.OPTIONAL),
    "array": _FigureKind(icon_array.REQUIRED, icon_array.OPTIONAL, icon_array.COUNT_KEYS),
    "array-rows": _FigureKind(icon_array.REQUIRED, icon_array.OPTIONAL, icon_array.COUNT_KEYS),
    "timeline": _FigureKind(timeline.REQUIRED, timeline.OPTIONAL),
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
        return draw(chosen, width, LabelStyle(style, family, medium))

    drawing = with_advice(drawing_of(labels), labels, FIGURE_KINDS[name].optional, drawing_of)
    return _with_labels_last(drawing, tuple(labels))


def _with_labels_last(drawing: Drawing, keys: Sequence[str]) -> Drawing:
    """Return `drawing` with its words after its other shapes, in the order of `keys`; those without a key are first."""
    words = [shape for shape in drawing.shapes if isinstance(shape, TextLabel)]
    others = (shape for shape in drawing.shapes if not isinstance(shape, TextLabel))
    ordered = sorted(words, key=lambda label: keys.index(label.key) if label.key in keys else -1)
    return replace(drawing, shapes=(*others, *ordered))
