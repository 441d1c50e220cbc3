"""The shapes of a drawing: paths, circles, rectangles and labels, painted in the order of a Drawing.

Coordinates are points from the drawing's top left corner, y grows downward; colours are roles of the theme. The
`step` of a shape says when it appears if the drawing is shown bit by bit; shapes of step 0 are there from the
start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias, TypeVar, assert_never

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding

Verb: TypeAlias = Literal["M", "L", "C", "Z"]
Command: TypeAlias = tuple[Verb, tuple[float, ...]]


class Path(Struct, frozen=True):
    """Straight lines and cubic curves: M and L take x y, C takes x1 y1 x2 y2 x y, Z takes nothing. Joins are round."""

    commands: tuple[Command, ...]
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    cap: Literal["round", "butt"] = "round"
    step: int = 0


class Circle(Struct, frozen=True):
    """A disc if filled, a ring if only stroked, around its centre."""

    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    step: int = 0


class Rectangle(Struct, frozen=True):
    """A rectangle with round corners from its top left corner; `edge` is the width of its stroke."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    fill: str = ""
    stroke: str = ""
    edge: float = 0.0
    step: int = 0


class TextLabel(Struct, frozen=True):
    """Words in a drawing, already broken into lines; `x` is where they start, end or have their middle."""

    key: str
    lines: tuple[str, ...]
    x: float
    baseline: float
    size: float
    leading: float
    bold: bool = False
    colour: str = "ink"
    align: Literal["start", "middle", "end"] = "start"
    width: float = 0.0
    step: int = 0


Shape: TypeAlias = Path | Circle | Rectangle | TextLabel
_AnyShape = TypeVar("_AnyShape", Path, Circle, Rectangle, TextLabel, Shape)


class Drawing(Struct, frozen=True):
    """Shapes in the order in which they are painted, within `width` and `height`."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    findings: tuple[Finding, ...] = ()


def transformed_path(
    commands: Sequence[Command], scale_x: float = 1.0, scale_y: float = 1.0, x: float = 0.0, y: float = 0.0
) -> tuple[Command, ...]:
    """Return `commands` scaled from the origin, then moved by `x` and `y`."""
    scales, offsets = (scale_x, scale_y), (x, y)
    return tuple(
        (verb, tuple([value * scales[i % 2] + offsets[i % 2] for i, value in enumerate(values)]))
        for verb, values in commands
    )


def _shifted(shape: _AnyShape, x: float, y: float) -> _AnyShape:
    """Return `shape` moved by `x` and `y`."""
    match shape:
        case Path():
            return replace(shape, commands=transformed_path(shape.commands, x=x, y=y))
        case Circle() | Rectangle():
            return replace(shape, x=shape.x + x, y=shape.y + y)
        case TextLabel():
            return replace(shape, x=shape.x + x, baseline=shape.baseline + y)
        case _:
            assert_never(shape)


def shifted_all(shapes: Iterable[_AnyShape], x: float, y: float) -> tuple[_AnyShape, ...]:
    """Return `shapes` moved by `x` and `y`."""
    return tuple(_shifted(shape, x, y) for shape in shapes)


def at_step(shapes: Iterable[_AnyShape], step: int) -> tuple[_AnyShape, ...]:
    """Return `shapes` as those that come at `step`."""
    return tuple(replace(shape, step=step) for shape in shapes)
