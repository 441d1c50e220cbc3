"""The iceberg: what is seen stands above the water, what may lie under it below; the water has waves as well as a tint.

Tries larger and larger icebergs until the words stand well inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from msgspec import Struct

from handouts.figures.labels import SLIDE_FREE_SPACE, Bounds, LabelLines, LabelStyle, labelled_drawing
from handouts.figures.shapes import (
    Command,
    Drawing,
    Path,
    Point,
    Rectangle,
    Shape,
    TextLabel,
    path_commands,
    points_along,
    shifted_all,
    transformed_path,
)

_UNDER_KEYS = ("under-1", "under-2", "under-3", "under-4")
REQUIRED = ("seen", "hidden", "tip", *_UNDER_KEYS[:3])
OPTIONAL = (_UNDER_KEYS[3], *(f"{key}-text" for key in _UNDER_KEYS))
# The berg, one wide: above the water one high, with its top at 0; below the water one deep, with the water at 0.
_TIP_PATH = path_commands(
    "M0.242 1 C0.273 0.77 0.32 0.672 0.343 0.409 C0.367 0.163 0.406 0 0.468 0 C0.53 0 0.546 0.213 0.577 0.344"
    " C0.6 0.442 0.647 0.459 0.67 0.606 C0.694 0.737 0.702 0.869 0.718 1"
)
_DEEP_PATH = path_commands(
    "M0.242 0 C0.133 0.094 0.023 0.173 0 0.33 C-0.023 0.503 0.07 0.582 0.14 0.724 C0.21 0.866 0.304 1 0.445 1"
    " C0.585 1 0.663 0.897 0.757 0.795 C0.882 0.661 1.023 0.567 1 0.394 C0.977 0.22 0.836 0.126 0.718 0"
)
_AXIS_SHARE = (0.242 + 0.718) / 2  # of the width
_POINT_DISTANCE = 6.0  # between the points of an outline
# Where short waves may stand, as shares of the water's width and depth.
_SHORT_WAVE_PLACES = ((0.02, 0.42), (0.03, 0.7), (0.09, 0.92), (0.9, 0.24), (0.92, 0.55), (0.86, 0.88))


class _Berg(Struct, frozen=True):
    """The position of a berg: its sides, its tip, the water level, and its lowest point."""

    left: float
    right: float
    top: float
    water: float
    foot: float

    @property
    def axis(self) -> float:
        """The x on which all its words are centred: the middle of the berg at the water level."""
        return self.left + _AXIS_SHARE * (self.right - self.left)

    @property
    def above(self) -> tuple[Command, ...]:
        """The outline above the water."""
        return transformed_path(_TIP_PATH, self.right - self.left, self.water - self.top, self.left, self.top)

    @property
    def below(self) -> tuple[Command, ...]:
        """The outline below the water."""
        return transformed_path(_DEEP_PATH, self.right - self.left, self.foot - self.water, self.left, self.water)


class _IcebergOutline(Struct, frozen=True):
    """A berg with points close together along its outline."""

    berg: _Berg
    above: tuple[Point, ...]
    below: tuple[Point, ...]

    def sides(self, level: float) -> tuple[float, float]:
        """Return the left and right x of the berg at the height `level`; right, left if it has none there."""
        crossed = [
            x0 + (x1 - x0) * (level - y0) / (y1 - y0)
            for (x0, y0), (x1, y1) in pairwise(self.above if level < self.berg.water else self.below)
            if y0 != y1 and (y0 <= level <= y1 or y1 <= level <= y0)
        ]
        return (min(crossed), max(crossed)) if len(crossed) > 1 else (self.berg.right, self.berg.left)


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the iceberg, `width` wide, in each of its sizes."""
    return (_iceberg_drawing(labels, berg, width, height, style) for berg, height in _berg_choices(width, style))


def _berg_choices(width: float, style: LabelStyle) -> Iterator[tuple[_Berg, float]]:
    """Yield bergs, the smallest and most central first, each with the height of its drawing."""
    sides = ((0.185, 0.825), (0.24, 0.9), (0.28, 0.97), (0.2, 0.99))
    top = 0.25 * style.size
    if style.medium == "slide":
        height = style.most_height(width) - SLIDE_FREE_SPACE
        for water, (left, right) in product((0.38, 0.33, 0.43, 0.46), sides):
            yield _Berg(left * width, right * width, top, water * height, height - top), height
        return
    for height, (left, right) in product((25.0, 28.0, 31.5), sides):
        for water in (0.31, 0.36):
            high = height * style.size
            yield _Berg(left * width, right * width, top, water * high, high - 0.6 * style.size), high


def _iceberg_drawing(labels: Mapping[str, str], berg: _Berg, width: float, height: float, style: LabelStyle) -> Drawing:
    """Return one iceberg with its water and its words."""
    paper = style.medium == "print"
    edge = 3.0 if paper else 4.0
    shape = _IcebergOutline(berg, points_along(berg.above, _POINT_DISTANCE), points_along(berg.below, _POINT_DISTANCE))
    words = (*_heading_labels(labels, shape, style), *_inside_labels(labels, shape, style))
    areas = tuple(area for label in words for area in style.areas(label))
    shapes: tuple[Shape, ...] = (
        Rectangle(0, berg.water, width, height - berg.water, fill="tint"),
        Path((*berg.below, *(("L", point) for point in reversed(shape.above)), ("Z", ())), fill="white"),
        Path(berg.below, stroke="accent", width=edge),
        Path(berg.above, stroke="accent", width=edge),
        _water_surface(berg.water, width, 2.0 if paper else 2.5, style),
        *_short_waves(shape, width, height, areas, style),
        *words,
    )
    return labelled_drawing(width, height, shapes, labels)


def _water_surface(level: float, width: float, thick: float, style: LabelStyle) -> Path:
    """Return the even wave at the water level."""
    count = max(6, round(width / (2.45 * style.size)) // 2 * 2)
    step, swing = width / count, 0.4 * style.size
    return Path(_wave_commands(0.0, level, step, swing, count), stroke="accent", width=thick)


def _wave_commands(x: float, level: float, step: float, swing: float, count: int) -> tuple[Command, ...]:
    """Return `count` half waves from `x` at `level`, each `step` wide, the first one upward."""
    commands: list[Command] = [("M", (x, level))]
    for index in range(count):
        start, rise = x + index * step, swing if index % 2 else -swing
        ends = (start + 0.364 * step, level + rise, start + 0.636 * step, level + rise, start + step, level)
        commands.append(("C", ends))
    return tuple(commands)


def _short_waves(
    outline: _IcebergOutline, width: float, height: float, areas: Sequence[Bounds], style: LabelStyle
) -> Iterator[Path]:
    """Yield a few short waves in the water, clear of the words and the berg."""
    step, swing = 1.15 * style.size, 0.3 * style.size
    for across, down in _SHORT_WAVE_PLACES:
        level = outline.berg.water + down * (height - outline.berg.water)
        x = across * (width - 3 * step) if across < 0.5 else width - 3 * step - (1 - across) * width * 0.5
        taken = Bounds(x - step / 2, level - 2 * swing, x + 3.5 * step, level + 2 * swing)
        spans = [outline.sides(each) for each in (taken.top, level, min(taken.bottom, outline.berg.foot))]
        clear = all(taken.right < left or taken.left > right for left, right in spans)
        if clear and not any(taken.overlaps(area) for area in areas) and taken.bottom < height:
            thick = 1.5 if style.medium == "print" else 2
            yield Path(_wave_commands(x, level, step, swing, 3), stroke="accent", width=thick)


def _heading_labels(labels: Mapping[str, str], outline: _IcebergOutline, style: LabelStyle) -> Iterator[TextLabel]:
    """Yield the headings that have room at the left, above and below the water, clear of the berg."""
    em = style.size
    for key, most in (("seen", 3), ("hidden", 4)):
        for count in range(1, most + 1):
            depth = style.depth(("",) * count)
            top = outline.berg.water - 0.85 * em - depth if key == "seen" else outline.berg.water + 0.95 * em
            levels = (top, top + depth / 2, top + depth)
            room = min(max(outline.sides(level)[0], 0.0) for level in levels) - 1.3 * em
            lines = style.lines(labels[key], room, most=count) if room > 0 else ()
            if lines and top > 0:
                yield style.label(key, lines, 0.6 * em, top, colour="accent")
                break


def _inside_labels(labels: Mapping[str, str], outline: _IcebergOutline, style: LabelStyle) -> Iterator[TextLabel]:
    """Yield the words on the berg, above the water and below it, each line well inside the berg."""
    for keys in (("tip",), _UNDER_KEYS):
        texts = [
            (key, labels[key], not key.endswith("-text"))
            for name in keys
            for key in (name, f"{name}-text")
            if labels.get(key)
        ]
        yield from _labels_on_berg(texts, outline, style)


def _labels_on_berg(
    texts: Sequence[tuple[str, str, bool]], outline: _IcebergOutline, style: LabelStyle
) -> tuple[TextLabel, ...]:
    """Return texts one below the other on the berg; none if they do not all stand well inside it.

    Each text has its key, and says whether it is bold.
    """
    berg = outline.berg
    rooms = (share * (berg.right - berg.left) for share in (0.8, 0.66, 0.54, 0.44, 0.36, 0.28))
    tried = [[(key, style.lines(text, room, bold=bold, most=4), bold) for key, text, bold in texts] for room in rooms]
    fitting = [found for found in tried if all(lines for _, lines, _ in found)]
    for gap, found in product((0.95, 0.7, 0.45), fitting):
        labels = _stacked_labels(found, gap, style)
        depth = max(area.bottom for label in labels for area in style.areas(label))
        if texts[0][0] == "tip":
            top = berg.water - 0.95 * style.size - depth
        else:  # a little above the middle, where the berg is wide
            top = berg.water + max(1.1 * style.size, 0.42 * (berg.foot - berg.water - depth))
        placed = shifted_all(labels, berg.axis, top)
        if all(_is_inside_berg(area, outline, style) for label in placed for area in style.areas(label)):
            return placed
    return ()


def _stacked_labels(
    found: Sequence[tuple[str, LabelLines, bool]], gap: float, style: LabelStyle
) -> tuple[TextLabel, ...]:
    """Return lines one below the other, centred on 0, each bold label `gap` em below the label before it."""
    labels: list[TextLabel] = []
    top = 0.0
    for key, lines, bold in found:
        top += gap * style.size if bold and labels else 0.0
        labels.append(style.label(key, lines, 0, top, bold=bold, align="middle"))
        top += len(lines) * style.leading
    return tuple(labels)


def _is_inside_berg(area: Bounds, outline: _IcebergOutline, style: LabelStyle) -> bool:
    """True if the line of words that covers `area` is well inside the berg."""
    if area.top < outline.berg.top or area.bottom > outline.berg.foot:
        return False
    sides = [outline.sides(level) for level in (area.top, area.bottom)]
    margin = 0.75 * style.size
    return all(left + margin <= area.left and area.right <= right - margin for left, right in sides)
