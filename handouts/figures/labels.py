"""Labels of a drawing: broken into lines that fit, measured, and placed clear of everything drawn before them.

Takes texts and one type style, family and medium; returns labels, the rectangles that they cover, and findings
for texts that have no room. Must never make a label smaller.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, Protocol, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.paths import Point
from handouts.figures.shapes import Rectangle, TextLabel
from handouts.finding import Finding, error
from handouts.text.fonts import FontFamily
from handouts.text.line_breaking import StyledRun, break_lines, text_width, widest_unbreakable_part
from handouts.theme import TypeStyle

_MAX_LABEL_LINES = 5
_MAX_LABEL_WIDTH = 9.3  # in em: a longer line would run across the drawing
LINE_HEIGHT = 1.22
_ASCENT, _DESCENT = 0.72, 0.21
_CLEARANCE = 3.0


class Bounds(Struct, frozen=True):
    """A rectangle by its four sides."""

    left: float
    top: float
    right: float
    bottom: float

    def is_near(self, point: Point, distance: float) -> bool:
        """True if `point` is within `distance` of the rectangle."""
        x, y = point
        if not (self.left - distance < x < self.right + distance and self.top - distance < y < self.bottom + distance):
            return False
        across = max(self.left - x, 0.0, x - self.right)
        down = max(self.top - y, 0.0, y - self.bottom)
        return math.hypot(across, down) < distance

    def overlaps(self, other: Bounds) -> bool:
        """True if the two rectangles share a point."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Obstacles(Struct, frozen=True):
    """What labels must stay clear of: points of lines with their distance, rectangles, and the drawing's own edge."""

    bounds: Bounds
    points: tuple[tuple[Point, float], ...]
    areas: tuple[Bounds, ...] = ()

    def allow(self, area: Bounds) -> bool:
        """True if nothing stands in `area` and it is inside the drawing."""
        inside = area.left >= self.bounds.left - 0.5 and area.right <= self.bounds.right + 0.5
        inside = inside and area.top >= self.bounds.top - 0.5 and area.bottom <= self.bounds.bottom + 0.5
        free = inside and not any(area.overlaps(other) for other in self.areas)
        return free and not any(area.is_near(point, distance + _CLEARANCE) for point, distance in self.points)

    def with_areas(self, areas: Sequence[Bounds], clear: float = 0.0) -> Obstacles:
        """Return the obstacles with more rectangles, and `clear` space above and below each."""
        wider = (replace(area, top=area.top - clear, bottom=area.bottom + clear) for area in areas)
        return replace(self, areas=(*self.areas, *wider))


class LabelSpot(Struct, frozen=True):
    """Where a label may go: its point, how its lines align on it, and whether they stand above, around or below it."""

    x: float
    y: float
    align: Literal["start", "middle", "end"]
    vertical: Literal["above", "middle", "below"]


def place_label(
    key: str, text: str, spots: Sequence[LabelSpot], obstacles: Obstacles, style: TypeStyle, family: FontFamily
) -> TextLabel | None:
    """Return the label at the first of `spots` that is free, with as few lines as that takes; None if none is."""
    for lines in _label_line_choices(text, style, family):
        for spot in spots:
            label = _label_at(key, lines, spot, style)
            if all(obstacles.allow(area) for area in label_bounds(label, family, style)):
                return label
    return None


def _label_line_choices(text: str, style: TypeStyle, family: FontFamily) -> Iterator[tuple[str, ...]]:
    """Yield `text` in one line, two lines, and so on, each as narrow as so many lines may be, no word cut."""
    runs = (StyledRun(text, style.bold),)
    balanced = replace(style, balance=True)
    widest_word = max(text_width(word, style, family) for word in text.split())
    width = max(widest_word, min(text_width(text, style, family), _MAX_LABEL_WIDTH * style.size))
    found: tuple[str, ...] = ()
    while width >= widest_word and len(found) < _MAX_LABEL_LINES:
        lines = break_lines(runs, balanced, width, family)
        if found and len(lines) > len(found):
            yield found
        found = tuple(line.text.strip() for line in lines)
        width = max(line.width for line in lines) - 1
    yield found


def _label_at(key: str, lines: tuple[str, ...], spot: LabelSpot, style: TypeStyle) -> TextLabel:
    """Return `lines` as a label at `spot`."""
    leading = style.size * LINE_HEIGHT
    depth = (len(lines) - 1) * leading
    match spot.vertical:
        case "above":
            baseline = spot.y - depth
        case "middle":
            baseline = spot.y - depth / 2 + 0.36 * style.size
        case "below":
            baseline = spot.y
    return TextLabel(key, lines, spot.x, baseline, style.size, leading, style.bold, style.colour, spot.align)


def label_bounds(label: TextLabel, family: FontFamily, style: TypeStyle) -> tuple[Bounds, ...]:
    """Return the rectangle of each line of `label`."""
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]
    areas = []
    for index, line in enumerate(label.lines):
        width = text_width(line, style, family)
        left, baseline = label.x - share * width, label.baseline + index * label.leading
        areas.append(Bounds(left, baseline - _ASCENT * label.size, left + width, baseline + _DESCENT * label.size))
    return tuple(areas)


Medium: TypeAlias = Literal["print", "slide"]
Align: TypeAlias = Literal["start", "middle", "end"]
LabelLines: TypeAlias = tuple[str, ...]

CAPITAL_HEIGHT = 0.68  # the height of a capital, in em: what the eye takes for the top of a line
MAX_LABEL_LETTERS = 600  # of a label: no drawing has room for more, and each trial of it takes longer with more
_MAX_PRINT_HEIGHT = 32.0  # in em of the labels, on paper
_SLIDE_ASPECT = 346 / 852
# What a drawing that ends in a ground or in small words leaves free on a slide, so that the foot stands apart.
SLIDE_FREE_SPACE = 30.0


class LabelStyle(Struct, frozen=True):
    """The style, the face and the medium of one drawing, and the measures that follow from them."""

    type_style: TypeStyle
    family: FontFamily
    medium: Medium

    @property
    def size(self) -> float:
        """The size of the labels."""
        return self.type_style.size

    @property
    def line(self) -> float:
        """The width of a main line."""
        return 3.25 if self.medium == "print" else 4.5

    @property
    def leading(self) -> float:
        """From one line of a label to the next."""
        return LINE_HEIGHT * self.size

    @property
    def rule(self) -> str:
        """The colour of thin rules and axes: black on paper, where a printer would fray a grey."""
        return "ink" if self.medium == "print" else "screen-rule"

    def most_height(self, width: float) -> float:
        """Return how high a drawing of `width` may become."""
        return _MAX_PRINT_HEIGHT * self.size if self.medium == "print" else _SLIDE_ASPECT * width + 0.5

    def weight(self, bold: bool, scale: float = 1.0) -> TypeStyle:
        """Return the style of the labels, bold or not, perhaps larger."""
        return replace(self.type_style, bold=bold, size=self.size * scale, balance=True)

    def lines(
        self, text: str, room: float, *, bold: bool = True, scale: float = 1.0, most: int = _MAX_LABEL_LINES
    ) -> LabelLines | None:
        """Return `text` in balanced lines of at most `room`; None if a word is wider or the lines are too many."""
        style = self.weight(bold, scale)
        if not text:
            return ()
        if len(text) > MAX_LABEL_LETTERS or widest_unbreakable_part(text, style, self.family) > room:
            return None
        lines = tuple(line.text.strip() for line in break_lines((StyledRun(text, bold),), style, room, self.family))
        return lines if len(lines) <= most else None

    def fit(
        self, key: str, labels: Mapping[str, str], room: float, *, bold: bool = True, most: int = _MAX_LABEL_LINES
    ) -> tuple[LabelLines, list[Finding]]:
        """Return the lines of the label `key`, and a finding if it has no room; a label that is not there has none."""
        lines = self.lines(labels.get(key, ""), room, bold=bold, most=most)
        return (lines or (), [] if lines is not None else [label_too_long(key, labels[key])])

    def breadth(self, lines: Sequence[str], *, bold: bool = True, scale: float = 1.0) -> float:
        """Return the width of the widest of `lines`."""
        style = self.weight(bold, scale)
        return max((text_width(line, style, self.family) for line in lines), default=0.0)

    def depth(self, lines: Sequence[str], scale: float = 1.0) -> float:
        """Return the height from the top of the first line to the foot of the last."""
        return ((len(lines) - 1) * LINE_HEIGHT + _ASCENT + _DESCENT) * self.size * scale if lines else 0.0

    def label(
        self,
        key: str,
        lines: LabelLines,
        x: float,
        top: float,
        *,
        bold: bool = True,
        colour: str = "",
        align: Align = "start",
        scale: float = 1.0,
    ) -> TextLabel:
        """Return `lines` as a label whose ink begins at `top`."""
        size = self.size * scale
        colour = colour or self.type_style.colour
        return TextLabel(key, lines, x, top + _ASCENT * size, size, size * LINE_HEIGHT, bold, colour, align)

    def centred(
        self,
        key: str,
        lines: LabelLines,
        x: float,
        middle: float,
        *,
        bold: bool = True,
        colour: str = "",
        align: Align = "middle",
    ) -> TextLabel:
        """Return `lines` as a label whose capitals stand around `middle`."""
        half = ((len(lines) - 1) * LINE_HEIGHT + CAPITAL_HEIGHT) * self.size / 2
        top = middle - half - (_ASCENT - CAPITAL_HEIGHT) * self.size
        return self.label(key, lines, x, top, bold=bold, colour=colour, align=align)

    def areas(self, label: TextLabel) -> tuple[Bounds, ...]:
        """Return the rectangle of each line of `label`."""
        return label_bounds(label, self.family, replace(self.type_style, bold=label.bold, size=label.size))


class _Arrangement(Protocol):
    """A drawing or a plan of one, with a finding for each of its words that has no room."""

    @property
    def findings(self) -> tuple[Finding, ...]: ...


_AnyArrangement = TypeVar("_AnyArrangement", bound=_Arrangement)


def best_arrangement(arrangements: Iterable[_AnyArrangement]) -> _AnyArrangement:
    """Return the first arrangement that has room for all its words, or the one that has room for most of them."""
    tried: list[_AnyArrangement] = []
    for each in arrangements:
        if not each.findings:
            return each
        tried.append(each)
    return min(tried, key=lambda each: len(each.findings))


def label_too_long(key: str, text: str) -> Finding:
    """Return the finding for a label without room; `advice` adds what would fit when the whole drawing is known."""
    return error("figure-label", f"The label '{key}' has no room in the drawing: “{text}”.")


def bounds_of(box: Rectangle) -> Bounds:
    """Return the rectangle that a box takes."""
    return Bounds(box.x, box.y, box.x + box.width, box.y + box.height)
