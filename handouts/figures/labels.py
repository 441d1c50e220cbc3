"""Labels that find their place: broken into as few lines as stay clear of everything drawn before them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.paths import Point
from handouts.figures.shapes import Label
from handouts.text.breaking import Run, break_lines, text_width
from handouts.text.fonts import Family
from handouts.theme import TypeStyle

MOST_LINES = 5
WIDEST = 9.3  # in em: a longer line would run across the drawing
LINE_HEIGHT = 1.22
ASCENT, DESCENT = 0.72, 0.21
CLEAR = 3.0


class Area(Struct, frozen=True):
    """A rectangle that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def near(self, point: Point, distance: float) -> bool:
        """True if `point` is within `distance` of the rectangle."""
        x, y = point
        if not (self.left - distance < x < self.right + distance and self.top - distance < y < self.bottom + distance):
            return False
        across = max(self.left - x, 0.0, x - self.right)
        down = max(self.top - y, 0.0, y - self.bottom)
        return math.hypot(across, down) < distance

    def meets(self, other: Area) -> bool:
        """True if the two rectangles share a point."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Obstacles(Struct, frozen=True):
    """What labels must stay clear of: points of lines with their distance, rectangles, and the drawing's own edge."""

    bounds: Area
    points: tuple[tuple[Point, float], ...]
    areas: tuple[Area, ...] = ()

    def allow(self, area: Area) -> bool:
        """True if nothing stands in `area_in_inches` and it is inside the drawing."""
        inside = area.left >= self.bounds.left - 0.5 and area.right <= self.bounds.right + 0.5
        inside = inside and area.top >= self.bounds.top - 0.5 and area.bottom <= self.bounds.bottom + 0.5
        free = inside and not any(area.meets(other) for other in self.areas)
        return free and not any(area.near(point, distance + CLEAR) for point, distance in self.points)

    def with_areas(self, areas: Sequence[Area], clear: float = 0.0) -> Obstacles:
        """Return the obstacles with more rectangles, and `clear` space above and below each."""
        wider = (replace(area, top=area.top - clear, bottom=area.bottom + clear) for area in areas)
        return replace(self, areas=(*self.areas, *wider))


class Spot(Struct, frozen=True):
    """Where a label may go: the point it hangs on, how its lines align, and where they stand from that point."""

    x: float
    y: float
    align: Literal["start", "middle", "end"]
    stand: Literal["above", "middle", "below"]


def place_label(
    key: str, text: str, spots: Sequence[Spot], obstacles: Obstacles, style: TypeStyle, family: Family
) -> Label | None:
    """Return the label at the first of `spots` that is free, with as few lines as that takes; None if none is."""
    for lines in breakings(text, style, family):
        for spot in spots:
            label = label_at(key, lines, spot, style)
            if all(obstacles.allow(area) for area in label_areas(label, family, style)):
                return label
    return None


def breakings(text: str, style: TypeStyle, family: Family) -> Iterator[tuple[str, ...]]:
    """Yield `text` in one line, two lines, and so on, each as narrow as so many lines may be, no word cut."""
    runs = (Run(text, style.bold),)
    balanced = replace(style, balance=True)
    widest_word = max(text_width(word, style, family) for word in text.split())
    width = max(widest_word, min(text_width(text, style, family), WIDEST * style.size))
    found: tuple[str, ...] = ()
    while width >= widest_word and len(found) < MOST_LINES:
        lines = break_lines(runs, balanced, width, family)
        if found and len(lines) > len(found):
            yield found
        found = tuple(line.text.strip() for line in lines)
        width = max(line.width for line in lines) - 1
    yield found


def label_at(key: str, lines: tuple[str, ...], spot: Spot, style: TypeStyle) -> Label:
    """Return `lines` as a label at `spot`."""
    leading = style.size * LINE_HEIGHT
    depth = (len(lines) - 1) * leading
    match spot.stand:
        case "above":
            baseline = spot.y - depth
        case "middle":
            baseline = spot.y - depth / 2 + 0.36 * style.size
        case "below":
            baseline = spot.y
    return Label(key, lines, spot.x, baseline, style.size, leading, style.bold, style.colour, spot.align)


def label_areas(label: Label, family: Family, style: TypeStyle) -> tuple[Area, ...]:
    """Return the rectangle of each line of `label`."""
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]
    areas = []
    for index, line in enumerate(label.lines):
        width = text_width(line, style, family)
        left, baseline = label.x - share * width, label.baseline + index * label.leading
        areas.append(Area(left, baseline - ASCENT * label.size, left + width, baseline + DESCENT * label.size))
    return tuple(areas)
