"""Items of a slide in, the same items smaller at a place on a page out: text stays text, curves stay curves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import assert_never

from msgspec.structs import replace

from handouts.figures.shapes import Box, Circle, Label, Path, Shape
from handouts.pdf.page import FieldItem, ImageItem, Item, LinkItem, ShapeItem, TextItem
from handouts.text.breaking import GlyphRun, Piece


def shrunk(items: Iterable[Item], factor: float, x: float, y: float) -> tuple[Item, ...]:
    """Return `items` at `factor` of their size, their origin at `x` and `y`."""
    return tuple(shrunk_item(item, factor, x, y) for item in items)


def shrunk_item(item: Item, factor: float, x: float, y: float) -> Item:
    """Return one item at `factor` of its size."""
    left = x + item.x * factor
    match item:
        case TextItem():
            run = shrunk_run(item.run, factor)
            return TextItem(run, left, y + item.baseline * factor, item.colour, item.element)
        case ShapeItem():
            return ShapeItem(shrunk_shape(item.shape, factor), left, y + item.y * factor, item.element)
        case ImageItem():
            width, height = item.width * factor, item.height * factor
            return replace(item, x=left, y=y + item.y * factor, width=width, height=height)
        case FieldItem():
            raise TypeError(f"the field '{item.name}' stands on a slide")
        case LinkItem():
            raise TypeError("what a page repeats stands on a slide")
        case _:
            assert_never(item)


def shrunk_run(run: GlyphRun, factor: float) -> GlyphRun:
    """Return glyphs at `factor` of their size."""
    pieces = tuple(shrunk_piece(piece, factor) for piece in run.pieces)
    return GlyphRun(run.face, run.size * factor, run.x * factor, run.width * factor, pieces, run.key)


# The words of the foot come again on every slide.
@lru_cache(maxsize=20_000)
def shrunk_piece(piece: Piece, factor: float) -> Piece:
    """Return a piece at `factor` of its size."""
    advances = tuple(each * factor for each in piece.advances)
    return Piece(piece.face, piece.glyphs, advances, piece.width * factor, piece.text)


def shrunk_shape(shape: Shape, factor: float) -> Shape:
    """Return a shape at `factor` of its size, its lines thinner in proportion."""
    match shape:
        case Path():
            commands = tuple((verb, tuple(each * factor for each in values)) for verb, values in shape.commands)
            dash = tuple(each * factor for each in shape.dash)
            return replace(shape, commands=commands, width=shape.width * factor, dash=dash)
        case Circle():
            return replace(
                shape,
                x=shape.x * factor,
                y=shape.y * factor,
                radius=shape.radius * factor,
                width=shape.width * factor,
            )
        case Box():
            return Box(
                shape.x * factor,
                shape.y * factor,
                shape.width * factor,
                shape.height * factor,
                shape.radius * factor,
                shape.fill,
                shape.stroke,
                shape.edge * factor,
            )
        case Label():
            raise TypeError(f"the label '{shape.key}' must be placed as text")
        case _:
            assert_never(shape)
