"""Finds the colours behind each text of a finished deck: the background of its slide and the filled shapes on top.

Outlines of shapes are flattened into polygons, so that curves are exact, not their bounding boxes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from deck_file import EMU, A, DeckFile, P, StyledText, leaf_shapes, placeholder_of

Point: TypeAlias = tuple[float, float]
BEZIER_STEPS = 8
SAMPLE_POSITIONS = (0.04, 0.5, 0.96)  # in a text's box, where its background is sampled


@dataclass(frozen=True, slots=True)
class FilledShape:
    """A filled shape: its outlines as polygons in points, and its colour."""

    outlines: tuple[tuple[Point, ...], ...]
    colour: str

    def contains(self, point: Point) -> bool:
        """True if a point is inside the shape (even-odd rule)."""
        return sum(crossings(outline, point) for outline in self.outlines) % 2 == 1


def crossings(outline: tuple[Point, ...], point: Point) -> int:
    """Return how often a ray from `point` to the right crosses an outline."""
    x, y = point
    found = 0
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            found += 1
    return found


def background_colours(deck: DeckFile, slide: str, text: StyledText) -> set[str]:
    """Return the colours behind a text, as six hex digits."""
    own = cell_fill(deck, slide, text) or shape_fill(deck, slide, text.shape)
    if own:
        return {own}
    shapes = [*layout_shapes(deck, slide), *slide_shapes_below(deck, slide, text.shape)]
    slide_background = background(deck, slide)
    left, top, right, bottom = text_box(deck, slide, text)
    found = set()
    for across in SAMPLE_POSITIONS:
        for down in SAMPLE_POSITIONS:
            point = (left + across * (right - left), top + down * (bottom - top))
            found.add(next((each.colour for each in reversed(shapes) if each.contains(point)), slide_background))
    return found


def text_box(deck: DeckFile, slide: str, text: StyledText) -> tuple[float, float, float, float]:
    """Return the box of a text: that of its table cell, or of its shape."""
    left, top, right, bottom = deck.area(slide, text.shape)
    cell = next((each for each in text.run.iterancestors(f"{A}tc")), None)
    if cell is None:
        return left, top, right, bottom
    row = cell.getparent()
    table = row.getparent()
    widths = [int(each.get("w")) / EMU for each in table.find(f"{A}tblGrid")]
    rows = table.findall(f"{A}tr")
    heights = [int(each.get("h")) / EMU for each in rows]
    column, line = row.findall(f"{A}tc").index(cell), rows.index(row)
    x, y = left + sum(widths[:column]), top + sum(heights[:line])
    wide, high = int(cell.get("gridSpan", 1)), int(cell.get("rowSpan", 1))
    return x, y, x + sum(widths[column : column + wide]), y + sum(heights[line : line + high])


def background(deck: DeckFile, slide: str) -> str:
    """Return the background colour of a slide: its own, or that of its layout or master."""
    for name in (slide, *deck.layout_and_master(slide)):
        found = deck.tree(name).find(f"{P}cSld/{P}bg/{P}bgPr")
        if found is not None:
            return deck.colour(slide, found)[0]
    return "FFFFFF"


def cell_fill(deck: DeckFile, slide: str, text: StyledText) -> str:
    """Return the fill of the table cell of a text; "" if there is none."""
    cell = next(text.run.iterancestors(f"{A}tc"), None)
    return "" if cell is None else deck.colour(slide, cell.find(f"{A}tcPr"))[0]


def shape_fill(deck: DeckFile, slide: str, shape: Any) -> str:
    """Return the fill of a shape; "" if there is none."""
    found = shape.find(f"{P}spPr")
    return "" if found is None else deck.colour(slide, found)[0]


def layout_shapes(deck: DeckFile, slide: str) -> list[FilledShape]:
    """Return the filled shapes of the layout of a slide."""
    layout, _ = deck.layout_and_master(slide)
    shapes = (each for outer in deck.shapes(layout) for each in leaf_shapes(outer))
    return [found for each in shapes if placeholder_of(each) is None and (found := filled_shape(deck, slide, each))]


def slide_shapes_below(deck: DeckFile, slide: str, shape: Any) -> Iterator[FilledShape]:
    """Yield the filled shapes of a slide that are painted before `shape`."""
    for each in (each for outer in deck.shapes(slide) for each in leaf_shapes(outer)):
        if each is shape:
            return
        found = filled_shape(deck, slide, each) if each.tag == f"{P}sp" else None
        if found:
            yield found


def filled_shape(deck: DeckFile, slide: str, shape: Any) -> FilledShape | None:
    """Return a shape as a `FilledShape`; None if it has no fill."""
    properties = shape.find(f"{P}spPr")
    colour = deck.colour(slide, properties)[0] if properties is not None else ""
    if not colour:
        return None
    return FilledShape(tuple(outlines_of(properties, deck.area(slide, shape))), colour)


def outlines_of(properties: Any, area: tuple[float, float, float, float]) -> Iterator[tuple[Point, ...]]:
    """Yield the outlines of a shape as polygons."""
    left, top, right, bottom = area
    preset = properties.find(f"{A}prstGeom")
    if preset is not None and preset.get("prst") == "ellipse":
        yield ellipse(area)
    elif preset is not None:
        yield ((left, top), (right, top), (right, bottom), (left, bottom))
    for path in properties.iter(f"{A}path"):
        if path.get("fill") != "none":
            yield from path_outlines(path, left, top)


def ellipse(area: tuple[float, float, float, float]) -> tuple[Point, ...]:
    """Return an ellipse as a polygon."""
    from math import cos, pi, sin

    left, top, right, bottom = area
    x, y, wide, high = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    return tuple((x + wide * cos(step * pi / 24), y + high * sin(step * pi / 24)) for step in range(48))


def path_outlines(path: Any, left: float, top: float) -> Iterator[tuple[Point, ...]]:
    """Yield the subpaths of a path as polygons, with curves in short steps."""
    points: list[Point] = []
    for command in path:
        ends = [(left + int(each.get("x")) / EMU, top + int(each.get("y")) / EMU) for each in command]
        match command.tag.removeprefix(A):
            case "moveTo":
                if points:
                    yield tuple(points)
                points = ends
            case "lnTo":
                points += ends
            case "cubicBezTo":
                points += curve(points[-1], *ends)
    if points:
        yield tuple(points)


def curve(start: Point, one: Point, two: Point, end: Point) -> list[Point]:
    """Return points on a cubic Bézier curve, without its start."""
    found = []
    for step in range(1, BEZIER_STEPS + 1):
        t = step / BEZIER_STEPS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        corners = (start, one, two, end)
        xs, ys = ([corner[axis] for corner in corners] for axis in (0, 1))
        found.append(tuple(sum(w * v for w, v in zip(weights, axis, strict=True)) for axis in (xs, ys)))
    return found  # type: ignore[return-value]
