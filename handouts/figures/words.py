"""The words of a drawing: broken to the room that they have, at the size that they are given, never smaller.

Takes the style, face and medium of one drawing; gives labels, what they cover, and findings for words without room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.labels import ASCENT, DESCENT, LINE_HEIGHT, MOST_LINES, Area, label_areas
from handouts.figures.shapes import Box, Drawing, Label
from handouts.finding import Finding, error
from handouts.text.breaking import Run, break_lines, text_width, widest_part
from handouts.text.fonts import Family
from handouts.theme import TypeStyle

Medium: TypeAlias = Literal["print", "slide"]
Align: TypeAlias = Literal["start", "middle", "end"]
Lines: TypeAlias = tuple[str, ...]

CAPITAL = 0.68  # the height of a capital, in em: what the eye takes for the top of a line
MOST_LETTERS = 600  # of a label: no drawing has room for more, and each trial of it takes longer with more
MOST_HEIGHT = 32.0  # in em of the labels, on paper
SLIDE_SHAPE = 346 / 852
SLIDE_AIR = 30.0  # what a drawing that ends in a ground or in small words leaves free, so that the foot stands apart


class Scribe(Struct, frozen=True):
    """The style, the face and the medium of one drawing, and the measures that follow from them."""

    style: TypeStyle
    family: Family
    medium: Medium

    @property
    def size(self) -> float:
        """The size of the labels."""
        return self.style.size

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
        return MOST_HEIGHT * self.size if self.medium == "print" else SLIDE_SHAPE * width + 0.5

    def weight(self, bold: bool, scale: float = 1.0) -> TypeStyle:
        """Return the style of the labels, bold or not, perhaps larger."""
        return replace(self.style, bold=bold, size=self.size * scale, balance=True)

    def lines(
        self, text: str, room: float, *, bold: bool = True, scale: float = 1.0, most: int = MOST_LINES
    ) -> Lines | None:
        """Return `text` in balanced lines of at most `room`; None if a word is wider or the lines are too many."""
        style = self.weight(bold, scale)
        if not text:
            return ()
        if len(text) > MOST_LETTERS or widest_part(text, style, self.family) > room:
            return None
        lines = tuple(line.text.strip() for line in break_lines((Run(text, bold),), style, room, self.family))
        return lines if len(lines) <= most else None

    def breadth(self, lines: Sequence[str], *, bold: bool = True, scale: float = 1.0) -> float:
        """Return the width of the widest of `lines`."""
        style = self.weight(bold, scale)
        return max((text_width(line, style, self.family) for line in lines), default=0.0)

    def depth(self, lines: Sequence[str], scale: float = 1.0) -> float:
        """Return the height from the top of the first line to the foot of the last."""
        return ((len(lines) - 1) * LINE_HEIGHT + ASCENT + DESCENT) * self.size * scale if lines else 0.0

    def label(
        self,
        key: str,
        lines: Lines,
        x: float,
        top: float,
        *,
        bold: bool = True,
        colour: str = "",
        align: Align = "start",
        scale: float = 1.0,
    ) -> Label:
        """Return `lines` as a label whose ink begins at `top`."""
        size = self.size * scale
        colour = colour or self.style.colour
        return Label(key, lines, x, top + ASCENT * size, size, size * LINE_HEIGHT, bold, colour, align)

    def centred(
        self,
        key: str,
        lines: Lines,
        x: float,
        middle: float,
        *,
        bold: bool = True,
        colour: str = "",
        align: Align = "middle",
    ) -> Label:
        """Return `lines` as a label whose capitals stand around `middle`."""
        half = ((len(lines) - 1) * LINE_HEIGHT + CAPITAL) * self.size / 2
        top = middle - half - (ASCENT - CAPITAL) * self.size
        return self.label(key, lines, x, top, bold=bold, colour=colour, align=align)

    def areas(self, label: Label) -> tuple[Area, ...]:
        """Return the rectangle of each line of `label`."""
        return label_areas(label, self.family, replace(self.style, bold=label.bold, size=label.size))


def best_drawing(drawings: Iterable[Drawing]) -> Drawing:
    """Return the first of `drawings` that has room for all its words, or the one that has room for most of them."""
    best: Drawing | None = None
    for drawing in drawings:
        if not drawing.findings:
            return drawing
        if best is None or len(drawing.findings) < len(best.findings):
            best = drawing
    if best is None:
        raise ValueError("there is no drawing to choose from")
    return best


def too_long(key: str, text: str) -> Finding:
    """Return the finding for a label that has no room; `room` says more of it when all of the drawing is known."""
    return error("figure-label", f"The label '{key}' has no room in the drawing: “{text}”.")


def area_of(box: Box) -> Area:
    """Return the rectangle that a box takes."""
    return Area(box.x, box.y, box.x + box.width, box.y + box.height)
