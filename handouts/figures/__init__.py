"""Figures as data: a figure's name, labels, width and type style in, shapes that any renderer paints out.

Holds the table of figures with their labels. A label that does not fit is a finding, never a smaller label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures import cycle, fork, iceberg, icon_array, timeline, wave, wheel
from handouts.figures.labels import LabelStyle, best_arrangement, with_advice
from handouts.figures.shapes import Drawing, TextLabel
from handouts.text.fonts import FontFamily
from handouts.theme import TypeStyle


class _FigureKind(Struct, frozen=True):
    """How a figure is drawn, the best arrangement first; the keys of the labels that it must have, of those that it may
    have, and of those that are a count.
    """

    arrangements: Callable[[Mapping[str, str], float, LabelStyle], Iterable[Drawing]]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    counts: tuple[str, ...] = ()


FIGURE_KINDS: Mapping[str, _FigureKind] = {
    "cycle": _FigureKind(cycle.arrangements, cycle.REQUIRED, cycle.OPTIONAL),
    "wheel": _FigureKind(wheel.arrangements, wheel.REQUIRED, wheel.OPTIONAL),
    "wave": _FigureKind(wave.arrangements, wave.REQUIRED, wave.OPTIONAL),
    "iceberg": _FigureKind(iceberg.arrangements, iceberg.REQUIRED, iceberg.OPTIONAL),
    "fork": _FigureKind(fork.arrangements, fork.REQUIRED, fork.OPTIONAL),
    "array": _FigureKind(icon_array.arrangements, icon_array.REQUIRED, icon_array.OPTIONAL, icon_array.COUNT_KEYS),
    "array-rows": _FigureKind(
        icon_array.row_arrangements, icon_array.REQUIRED, icon_array.OPTIONAL, icon_array.COUNT_KEYS
    ),
    "timeline": _FigureKind(timeline.arrangements, timeline.REQUIRED, timeline.OPTIONAL),
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
    kind = FIGURE_KINDS[name]

    def drawing_of(chosen: Mapping[str, str]) -> Drawing:
        return best_arrangement(kind.arrangements(chosen, width, LabelStyle(style, family, medium)))

    drawing = with_advice(drawing_of(labels), labels, kind.optional, drawing_of)
    return _with_labels_last(drawing, tuple(labels))


def _with_labels_last(drawing: Drawing, keys: Sequence[str]) -> Drawing:
    """Return `drawing` with its words after its other shapes, in the order of `keys`; those without a key are first."""
    words = [shape for shape in drawing.shapes if isinstance(shape, TextLabel)]
    others = (shape for shape in drawing.shapes if not isinstance(shape, TextLabel))
    ordered = sorted(words, key=lambda label: keys.index(label.key) if label.key in keys else -1)
    return replace(drawing, shapes=(*others, *ordered))
