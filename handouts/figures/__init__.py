"""Figures as data: a figure's name, labels, width and type style go in, shapes that any renderer can paint come out.

Holds the table of figures with their labels. A label that does not fit is a finding; it is never made smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Chart, Figure, Sign
from handouts.figures import cycle, fork, iceberg, icon_array, timeline, wave, wheel
from handouts.figures.bar_chart import bar_chart_drawing
from handouts.figures.labels import LabelStyle, best_arrangement, with_advice
from handouts.figures.shapes import Drawing, TextLabel
from handouts.text.fonts import FontFamily
from handouts.theme import TypeStyle


class FigureKind(Struct, frozen=True):
    """A kind of figure: its arrangements, the best one first, and the keys of its labels.

    `required` labels must be there, `optional` ones may be, `counts` are those that are numbers. `numbered` maps keys
    such as `step-1`, which say nothing of a subject, to the keys that they stand for. A figure with `own_keys` (least,
    most) takes that many further labels, under keys that the author chooses, and signs for them.
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


def block_drawing(
    block: Figure | Chart,
    width: float,
    style: TypeStyle,
    family: FontFamily,
    *,
    advised: bool = True,
) -> Drawing:
    """Return the drawing of a figure or chart to read, `width` wide; see `figure_drawing` and `bar_chart_drawing`."""
    if isinstance(block, Chart):
        return bar_chart_drawing(block, width, style, family, "print", advised=advised)
    return figure_drawing(block.name, dict(block.labels), width, style, family, "print", block.signs, advised=advised)


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
    """Return the figure `name`, `width` wide, with its labels in `style`. Raises KeyError for an unknown name.

    Its words are the last shapes, in the order of `labels`, so that they are read in the order of the source. If
    something has no room, the findings say what would fit; with `advised=False` that slow search is skipped.
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
    """Return `drawing` with its words after its other shapes, under the keys and in the order of `written`.

    Words under other keys, such as the numbers of nodes, come before them.
    """
    keys = tuple(written)
    words = [shape for shape in drawing.shapes if isinstance(shape, TextLabel)]
    others = (shape for shape in drawing.shapes if not isinstance(shape, TextLabel))
    ordered = sorted(words, key=lambda label: keys.index(label.key) if label.key in keys else -1)
    renamed = (replace(label, key=written.get(label.key, label.key)) for label in ordered)
    return replace(drawing, shapes=(*others, *renamed))
