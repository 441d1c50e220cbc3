"""Speech bubbles: one path with round corners and a tail, to the left or below."""

from __future__ import annotations

from handouts.figures.shapes import Command, Path

CURVE = 0.5523  # how far a cubic's control points lie along the sides of a quarter circle


def left_bubble(width: float, height: float, *, tail: float, radius: float, edge: float, reach: float = 11.0) -> Path:
    """Return a bubble whose tail points to the left at `tail` below its top, `reach` beyond its left side."""
    half = reach * 6 / 11
    side: tuple[Command, ...] = (
        ("L", (0.0, tail + half)),
        ("L", (-reach, tail)),
        ("L", (0.0, tail - half)),
    )
    return bubble(width, height, radius, edge, left=side)


def bottom_bubble(width: float, height: float, *, tail: float, radius: float, edge: float, reach: float = 26.0) -> Path:
    """Return a bubble whose tail points down from `tail` right of its left side, `reach` below its bottom."""
    side: tuple[Command, ...] = (
        ("L", (tail + 1.6 * reach, height)),
        ("L", (tail + 0.7 * reach, height + reach)),
        ("L", (tail, height)),
    )
    return bubble(width, height, radius, edge, bottom=side)


def bubble(
    width: float,
    height: float,
    radius: float,
    edge: float,
    *,
    bottom: tuple[Command, ...] = (),
    left: tuple[Command, ...] = (),
) -> Path:
    """Return a rectangle with round corners, clockwise from its top left, with tails where they are given."""
    far = radius * (1 - CURVE)
    commands: tuple[Command, ...] = (
        ("M", (radius, 0.0)),
        ("L", (width - radius, 0.0)),
        ("C", (width - far, 0.0, width, far, width, radius)),
        ("L", (width, height - radius)),
        ("C", (width, height - far, width - far, height, width - radius, height)),
        *bottom,
        ("L", (radius, height)),
        ("C", (far, height, 0.0, height - far, 0.0, height - radius)),
        *left,
        ("L", (0.0, radius)),
        ("C", (0.0, far, far, 0.0, radius, 0.0)),
        ("Z", ()),
    )
    return Path(commands, fill="tint", stroke="accent", width=edge)
