"""Figures as data: a figure's name, labels, width and type style in, shapes that any renderer paints out.

Holds the table of figures with their labels. A label that does not fit is a finding, never a smaller label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Sign
from handouts.figures import cycle, fork, iceberg, icon_array, timeline, wave, wheel
from handouts.figures.labels import LabelStyle, best_arrangement, with_advice
from handouts.figures.shapes import Drawing, TextLabel
from handouts.text.fonts import FontFamily
from handouts.theme import TypeStyle


class FigureKind(Struct, frozen=True):
    """How a figure is drawn, the best arrangement first; the keys of the labels that it must have, of those that it may
    have, and of those that are a count.

    `numbered` gives keys that say nothing of a subject, and the key that each is equal to. A figure with `own_keys` has
    so many labels, from the least to the most, under keys of the writer's own; it takes signs for them.
    """

    arrangements: Callable[..., Iterable[Drawing]]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    counts: tuple[str, ...] = ()
    numbered: Mapping[str, str] = {}
    own_keys: tuple[int, int] | None = None


FIGURE_KINDS: Mapping[str, FigureKind] = {
    "cycle": FigureKind(cycle.arrangements, cycle.REQUIRED, cycle.OPTIONAL, numbered=cycle.NUMBERED),
    "wheel": FigureKind(wheel.arrangements, wheel.REQUIRED, (), own_keys=wheel.FACTOR_COUNTS),
    "wave": FigureKind(wave.arrangements, wave.REQUIRED, wave.OPTIONAL),
    "iceberg": FigureKind(iceberg.arrangements, iceberg.REQUIRED, iceberg.OPTIONAL),
    "fork": FigureKind(fork.arrangements, fork.REQUIRED, fork.OPTIONAL),
    "array": FigureKind(icon_array.arrangements, icon_array.REQUIRED, icon_array.OPTIONAL, icon_array.COUNT_KEYS),
    "array-rows": FigureKind(
        icon_array.row_arrangements, icon_array.REQUIRED, icon_array.OPTIONAL, icon_array.COUNT_KEYS
    ),
    "timeline": FigureKind(timeline.arrangements, timeline.REQUIRED, timeline.OPTIONAL),
}


def figure_drawing(
    name: str,
    labels: Mapping[str, str],
    width: float,
    style: TypeStyle,
    family: FontFamily,
    medium: Literal["print", "slide"],
    signs: Sequence[Sign] = (),
    *,
    advised: bool = True,
) -> Drawing:
    """Return the figure `name`, `width` wide, with its labels in `style`. KeyError for a figure that there is not.

    Its words come last and in the order of `labels`, so that they are read as they were written. If something has no
    room, the findings say what would have, as far as it is to be `advised`: that takes long.
    """
    kind = FIGURE_KINDS[name]
    label_style, more = LabelStyle(style, family, medium), {"signs": signs} if kind.own_keys else {}

    def drawing_of(chosen: Mapping[str, str]) -> Drawing:
        return best_arrangement(kind.arrangements(chosen, width, label_style, **more))

    named = {kind.numbered.get(key, key): words for key, words in labels.items()}
    written = {kind.numbered.get(key, key): key for key in labels}
    drawing = drawing_of(named)
    if advised:
        drawing = with_advice(drawing, named, kind.optional, drawing_of, written)
    return _with_labels_last(drawing, written)


def _with_labels_last(drawing: Drawing, written: Mapping[str, str]) -> Drawing:
    """Return `drawing` with its words after its other shapes, under the keys and in the order in which they are
    written; those without a key are first.
    """
    keys = tuple(written)
    words = [shape for shape in drawing.shapes if isinstance(shape, TextLabel)]
    others = (shape for shape in drawing.shapes if not isinstance(shape, TextLabel))
    ordered = sorted(words, key=lambda label: keys.index(label.key) if label.key in keys else -1)
    renamed = (replace(label, key=written.get(label.key, label.key)) for label in ordered)
    return replace(drawing, shapes=(*others, *renamed))
