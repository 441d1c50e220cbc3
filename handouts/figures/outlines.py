"""Drawn pictures to paths: their own colours, or black and white where a copier would make grey of them."""

from __future__ import annotations

from typing import cast

from handouts.document import Outline, Outlines
from handouts.figures.paths import moved
from handouts.figures.shapes import Command, Path
from handouts.theme import luminance

DARK = 0.4  # luminance up to which a colour becomes black


def outline_paths(picture: Outlines, width: float, one_bit: bool) -> tuple[Path, ...]:
    """Return the shapes of a picture `width` wide, their colours literal."""
    scale = width / picture.width
    return tuple(path_of(shape, scale, one_bit) for shape in picture.shapes)


def path_of(shape: Outline, scale: float, one_bit: bool) -> Path:
    """Return one shape."""
    commands = moved(cast(tuple[Command, ...], shape.commands), scale)
    fill, stroke = (two_tone(colour) if one_bit else colour for colour in (shape.fill, shape.stroke))
    return Path(commands, fill, stroke, shape.width * scale if stroke else 0.0)


def two_tone(colour: str) -> str:
    """Return the role of ink for a dark colour, that of paper for a light one, and nothing for none."""
    return colour and ("ink" if luminance(colour) <= DARK else "white")
