"""Rules about the shapes behind texts: texts stay in their boxes, no line crosses them, and contrast is high enough.

Shapes are flattened into polygons; the background of a point is the last filled polygon that contains it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from layout_pages import PlannedHandout, text_items
from layout_promises import glyph_box
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
CURVE_STEPS = 8  # line segments per curve
EDGE_TOLERANCE = 0.5  # by which a text may touch the edge of its box
BLACK, WHITE = "#000000", "#FFFFFF"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PaintedShape:
    """A shape on a page: its polygons, bounding box, fill, and the colour and width of its stroke."""

    polygons: tuple[tuple[Point, ...], ...]
    extent: CoveredArea
    fill: str
    stroke: str
    width: float

    def contains(self, point: Point) -> bool:
        """True if `point` is inside the shape (even-odd rule)."""
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
def painted_shape(shape: Rectangle | Circle | Path, x: float, y: float) -> PaintedShape:
    """Return `shape` at the position (x, y) of a page."""
    outline = shape_path(shape)
    polygons = tuple(flattened_path(outline.commands, x, y))
    return PaintedShape(polygons, shape_bounds(shape, x, y), outline.fill, outline.stroke, outline.width)


def flattened_path(commands: Sequence[Command], x: float, y: float) -> Iterator[tuple[Point, ...]]:
    """Yield each subpath as points, with curves as short line segments."""
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
                [curve_point((points[-1], *ends), step / CURVE_STEPS) for step in range(1, CURVE_STEPS + 1)]
                if points
                else ends
            )
    if points:
        yield tuple(points)


def curve_point(points: Sequence[Point], t: float) -> Point:
    """Return the point of a cubic curve at `t`."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    across, down = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return across, down


def painted_shapes(page: Page) -> list[tuple[int, ShapeItem, PaintedShape]]:
    """Return the shapes of a page, each with its index in painting order and its item."""
    return [
        (order, item, painted_shape(item.shape, item.x, item.y))
        for order, item in enumerate(page.items)
        if isinstance(item, ShapeItem)
    ]


def overlap(one: CoveredArea, other: CoveredArea) -> float:
    """Return the overlap of two areas: the smaller of width and height; negative if they are apart."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return min(across, down)


# ---------------------------------------------------------------- boxes


def text_outside_box(handout: PlannedHandout) -> Iterator[str]:
    """Yield each text that is partly inside a box or speech bubble, and partly outside."""
    for number, page in enumerate(handout.plan.pages):
        boxes = [(item, area) for _, item, area in painted_shapes(page) if is_box(item)]
        for text in text_items(page):
            letters = glyph_box(text)
            for item, area in boxes:
                if overlap(letters, area.extent) > 2 * EDGE_TOLERANCE and not is_inside(letters, item, area):
                    yield f"page {number + 1}: '{text.run.text}' leaves its {type(item.shape).__name__.lower()}"


def is_box(item: ShapeItem) -> bool:
    """True if `item` is a container for text: a rectangle, or the filled path of a speech bubble outside of figures.

    Circles and curves of a figure contain no text.
    """
    shape = item.shape
    if isinstance(shape, Rectangle):
        return True
    bubble = isinstance(shape, Path) and bool(shape.fill) and bool(shape.stroke) and shape.fill != shape.stroke
    return bubble and (item.element is None or item.element.role != "Figure")


def is_inside(letters: CoveredArea, item: ShapeItem, area: PaintedShape) -> bool:
    """True if `letters` are inside the shape of `item`, clear of its stroke."""
    if isinstance(item.shape, Rectangle):
        box, inset = area.extent, area.width - EDGE_TOLERANCE
        return (
            letters.left >= box.left + inset
            and letters.right <= box.right - inset
            and letters.top >= box.top + inset
            and letters.bottom <= box.bottom - inset
        )
    return all(area.contains((x, y)) for x in (letters.left, letters.right) for y in (letters.top, letters.bottom))


def line_through_text(handout: PlannedHandout) -> Iterator[str]:
    """Yield each text that a line is drawn through; underlines are no such lines."""
    for number, page in enumerate(handout.plan.pages):
        strokes = [area for _, _, area in painted_shapes(page) if area.stroke]
        for text in text_items(page):
            letters = glyph_box(text)
            for area in strokes:
                half = area.width / 2
                core = CoveredArea(
                    letters.left + half, letters.top + 1 - half, letters.right - half, text.baseline - 0.5 + half
                )
                if overlap(letters, area.extent) > 0 and any(
                    passes_through(polygon, core) for polygon in area.polygons
                ):
                    yield f"page {number + 1}: a line is drawn through '{text.run.text}'"


def passes_through(polygon: Sequence[Point], box: CoveredArea) -> bool:
    """True if the outline of `polygon` passes through `box`, checked in steps of at most half a point."""
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


def weak_contrast(handout: PlannedHandout) -> Iterator[str]:
    """Yield each text whose contrast with its background is less than 7."""
    colours = handout.theme.colours
    for number, page in enumerate(handout.plan.pages):
        for text, background in background_colours(page):
            found = contrast_ratio(colours[text.colour], colours[background])
            if found < MINIMUM_CONTRAST:
                yield f"page {number + 1}: '{text.run.text}', {text.colour} on {background}: {found:.1f}"


def background_colours(page: Page) -> Iterator[tuple[TextItem, str]]:
    """Yield each text with each colour role painted behind it."""
    filled = [(order, area) for order, _, area in painted_shapes(page) if area.fill]
    for order, text in enumerate(page.items):
        if isinstance(text, TextItem):
            letters = glyph_box(text)
            below = [area for painted, area in filled if painted < order and overlap(letters, area.extent) > 0]
            for background in sorted({background_at(point, below) for point in sample_points(text)}):
                yield text, background


def background_at(point: Point, areas: Sequence[PaintedShape]) -> str:
    """Return the colour role at `point`: that of the topmost of `areas` there, or of the paper."""
    return next((area.fill for area in reversed(areas) if area.contains(point)), PAPER)


def sample_points(text: TextItem) -> Iterator[Point]:
    """Yield a grid of points over the letters of `text`."""
    box = glyph_box(text)
    for across in range(9):
        for down in (0.1, 0.5, 0.9):
            yield box.left + (box.right - box.left) * (0.02 + 0.12 * across), box.top + (box.bottom - box.top) * down


def colour_in_photocopy(handout: PlannedHandout) -> Iterator[str]:
    """Yield each painted colour that is neither black nor white."""
    for number, page in enumerate(handout.plan.pages):
        for item in page.items:
            roles = colour_roles(item)
            for role in roles:
                if role and handout.theme.colours[role] not in (BLACK, WHITE):
                    yield f"page {number + 1}: {role} is {handout.theme.colours[role]}"


def colour_roles(item: PageItem) -> tuple[str, ...]:
    """Return the colour roles of an item."""
    match item:
        case TextItem():
            return (item.colour,)
        case ShapeItem():
            outline = shape_path(item.shape)
            return outline.fill, outline.stroke
        case FieldItem() | ImageItem() | LinkItem():
            return ()
        case GroupItem():
            return tuple(colour for each in item.items for colour in colour_roles(each))
