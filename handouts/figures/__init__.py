"""Drawings as data: each drawing function turns labels, a size and a type style into shapes that any renderer paints.

Coordinates are points from the drawing's top left corner, y grows downward. Colours are roles of the theme. A label
that does not fit is a finding in the drawing, never a smaller label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from handouts.figures import cycle
from handouts.figures.bubbles import bottom_bubble, left_bubble
from handouts.figures.line import (
    line_drawing,
    page_mark_drawing,
    title_line_drawing,
    wave_drawing,
    window_drawing,
)
from handouts.figures.shapes import Box, Circle, Command, Drawing, Label, Path, Shape, Verb
from handouts.figures.signs import FACTORS, SIGNS, fork_sign_drawing, hatch_paths, sign_drawing
from handouts.text import Family
from handouts.theme import TypeStyle

__all__ = [
    "FACTORS",
    "FIGURES",
    "SIGNS",
    "Box",
    "Circle",
    "Command",
    "Drawing",
    "FigureKind",
    "Label",
    "Path",
    "Shape",
    "Verb",
    "bottom_bubble",
    "figure_drawing",
    "fork_sign_drawing",
    "hatch_paths",
    "left_bubble",
    "line_drawing",
    "page_mark_drawing",
    "sign_drawing",
    "title_line_drawing",
    "wave_drawing",
    "window_drawing",
]


@dataclass(frozen=True, slots=True)
class FigureKind:
    """The keys of the labels that a figure must have, and of those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]


FIGURES: Mapping[str, FigureKind] = {"cycle": FigureKind(cycle.REQUIRED, cycle.OPTIONAL)}


def figure_drawing(
    name: str,
    labels: Mapping[str, str],
    width: float,
    style: TypeStyle,
    family: Family,
    medium: Literal["print", "slide"],
) -> Drawing:
    """Return the figure `name`, `width` wide, with its labels in `style`. KeyError for a figure that there is not."""
    return {"cycle": cycle.draw_cycle}[name](labels, width, style, family, medium)
