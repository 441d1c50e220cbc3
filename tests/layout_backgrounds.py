"""What stands below each text: whether it stays in the box that is painted around it, and what it contrasts with.

Shapes are turned into polygons, so that what is asked is what is seen: the last filled shape below a point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from layout_pages import Printed, texts_of
from layout_promises import tight
from samples import MINIMUM_CONTRAST

from handouts.figures.shapes import Circle, Command, Path, Rectangle
from handouts.layout.page_model import (
    CoveredArea,
    FieldItem,
    GroupItem,
    ImageItem,
    LinkItem,
    Page,
    PageItem,
    ShapeItem,
    TextItem,
    coordinate_pairs,
    shape_bounds,
    shape_path,
)
from handouts.theme import contrast_ratio

PAPER = "white"
STEPS = 8  # straight pieces for each curve
EDGE = 0.5  # a point by which a text may touch the edge of its box
BLACK, WHITE = "#000000", "#FFFFFF"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A shape as it is painted: its polygons, what it covers, its fill, and the width of its stroke if it has one."""

    polygons: tuple[tuple[Point, ...], ...]
    extent: CoveredArea
    fill: str
    stroke: str
    width: float

    def holds(self, point: Point) -> bool:
        """True if `point` is inside."""
        x, y = point
        box = self.extent
        if not (box.left <= x <= box.right and box.top <= y <= box.bottom):
            return False
        crossings = sum(
            (one[1] > y) != (two[1] > y) and x < (two[0] - one[0]) * (y - one[1]) / (two[1] - one[1]) + one[0]
            for polygon in self.polygons
            for one, two in pairwise((*polygon, polygon[0]))
        )
        return crossings % 2 == 1


@cache
def area_of(shape: Rectangle | Circle | Path, x: float, y: float) -> Area:
    """Return what `shape` covers when it is moved by `x` and `y`."""
    outline = shape_path(shape)
    polygons = tuple(polygons_of(outline.commands, x, y))
    return Area(polygons, shape_bounds(shape, x, y), outline.fill, outline.stroke, outline.width)


def polygons_of(commands: Sequence[Command], x: float, y: float) -> Iterator[tuple[Point, ...]]:
    """Yield each stretch of a path as points, curves as short straight lines."""
    points: list[Point] = []
    for verb, values in commands:
        ends = [(x + across, y + down) for across, down in coordinate_pairs(values)]
        if verb == "M":
            if points:
                yield tuple(points)
            points = ends
        elif verb == "L":
            points += ends
        elif verb == "C":
            points += (
                [curve_point((points[-1], *ends), step / STEPS) for step in range(1, STEPS + 1)] if points else ends
            )
    if points:
        yield tuple(points)


def curve_point(points: Sequence[Point], t: float) -> Point:
    """Return the point of a cubic curve at `t`."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    across, down = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return across, down


def areas_of(page: Page) -> list[tuple[int, ShapeItem, Area]]:
    """Return what the shapes of a page cover, each with how many items are painted before it."""
    return [
        (order, item, area_of(item.shape, item.x, item.y))
        for order, item in enumerate(page.items)
        if isinstance(item, ShapeItem)
    ]


def overlap(one: CoveredArea, other: CoveredArea) -> float:
    """Return by how much two extents overlap, the smaller of both directions."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return min(across, down)


# ---------------------------------------------------------------- boxes


def text_leaves_its_box(made: Printed) -> Iterator[str]:
    """Yield each text that stands partly in a box, a bubble or a node, and partly outside it."""
    for number, page in enumerate(made.plan.pages):
        boxes = [(item, area) for _, item, area in areas_of(page) if is_box(item)]
        for text in texts_of(page):
            letters = tight(text)
            for item, area in boxes:
                if overlap(letters, area.extent) > 2 * EDGE and not is_inside(letters, item, area):
                    yield f"page {number + 1}: '{text.run.text}' leaves its {type(item.shape).__name__.lower()}"


def is_box(item: ShapeItem) -> bool:
    """True if `item` is made to hold text: a rectangle, or the closed and filled path of a bubble on the page itself.

    The discs and curves of a figure hold none, or words beside them; its boxes do.
    """
    shape = item.shape
    if isinstance(shape, Rectangle):
        return True
    bubble = isinstance(shape, Path) and bool(shape.fill) and bool(shape.stroke) and shape.fill != shape.stroke
    return bubble and (item.element is None or item.element.role != "Figure")


def is_inside(letters: CoveredArea, item: ShapeItem, area: Area) -> bool:
    """True if `letters` stand inside the area of `item`, a point from its stroke or on it if it has none."""
    if isinstance(item.shape, Rectangle):
        box, inset = area.extent, area.width - EDGE
        return (
            letters.left >= box.left + inset
            and letters.right <= box.right - inset
            and letters.top >= box.top + inset
            and letters.bottom <= box.bottom - inset
        )
    return all(area.holds((x, y)) for x in (letters.left, letters.right) for y in (letters.top, letters.bottom))


def line_through_text(made: Printed) -> Iterator[str]:
    """Yield each text that a line is drawn through; the line below a link is not."""
    for number, page in enumerate(made.plan.pages):
        strokes = [area for _, _, area in areas_of(page) if area.stroke]
        for text in texts_of(page):
            letters = tight(text)
            for area in strokes:
                half = area.width / 2
                core = CoveredArea(
                    letters.left + half, letters.top + 1 - half, letters.right - half, text.baseline - 0.5 + half
                )
                if overlap(letters, area.extent) > 0 and any(crosses(polygon, core) for polygon in area.polygons):
                    yield f"page {number + 1}: a line is drawn through '{text.run.text}'"


def crosses(polygon: Sequence[Point], box: CoveredArea) -> bool:
    """True if the line along `polygon` comes into `box`; it is followed in steps of at most half a point."""
    for one, two in pairwise(polygon):
        if max(one[0], two[0]) < box.left or min(one[0], two[0]) > box.right:
            continue
        if max(one[1], two[1]) < box.top or min(one[1], two[1]) > box.bottom:
            continue
        steps = 1 + int(2 * max(abs(two[0] - one[0]), abs(two[1] - one[1])))
        for step in range(steps + 1):
            x, y = (one[axis] + (two[axis] - one[axis]) * step / steps for axis in (0, 1))
            if box.left <= x <= box.right and box.top <= y <= box.bottom:
                return True
    return False


# ---------------------------------------------------------------- contrast


def weak_contrast(made: Printed) -> Iterator[str]:
    """Yield each text whose colour and what is painted below it have a contrast of less than 7."""
    colours = made.theme.colours
    for number, page in enumerate(made.plan.pages):
        for text, ground in grounds_of(page):
            found = contrast_ratio(colours[text.colour], colours[ground])
            if found < MINIMUM_CONTRAST:
                yield f"page {number + 1}: '{text.run.text}', {text.colour} on {ground}: {found:.1f}"


def grounds_of(page: Page) -> Iterator[tuple[TextItem, str]]:
    """Yield each text with each role of colour that is painted below it."""
    filled = [(order, area) for order, _, area in areas_of(page) if area.fill]
    for order, text in enumerate(page.items):
        if isinstance(text, TextItem):
            letters = tight(text)
            below = [area for painted, area in filled if painted < order and overlap(letters, area.extent) > 0]
            for ground in sorted({ground_at(point, below) for point in samples(text)}):
                yield text, ground


def ground_at(point: Point, areas: Sequence[Area]) -> str:
    """Return the colour at `point`: that of the last of `areas` that holds it, or the paper's."""
    return next((area.fill for area in reversed(areas) if area.holds(point)), PAPER)


def samples(text: TextItem) -> Iterator[Point]:
    """Yield points all over the letters of `text`."""
    box = tight(text)
    for across in range(9):
        for down in (0.1, 0.5, 0.9):
            yield box.left + (box.right - box.left) * (0.02 + 0.12 * across), box.top + (box.bottom - box.top) * down


def neither_black_nor_white(made: Printed) -> Iterator[str]:
    """Yield each colour that is painted and is neither black nor white."""
    for number, page in enumerate(made.plan.pages):
        for item in page.items:
            roles = colours_of(item)
            for role in roles:
                if role and made.theme.colours[role] not in (BLACK, WHITE):
                    yield f"page {number + 1}: {role} is {made.theme.colours[role]}"


def colours_of(item: PageItem) -> tuple[str, ...]:
    """Return the roles of the colours that an item is painted with."""
    match item:
        case TextItem():
            return (item.colour,)
        case ShapeItem():
            outline = shape_path(item.shape)
            return outline.fill, outline.stroke
        case FieldItem() | ImageItem() | LinkItem():
            return ()
        case GroupItem():
            return tuple(colour for each in item.items for colour in colours_of(each))
