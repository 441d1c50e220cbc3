"""What a layout of a deck is made of: a ground, and placeholders with their places and steps of size; in points."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.units import inch

Shape: TypeAlias = Literal["", "left-bubble", "bottom-bubble", "turned-bubble", "voice-bubble", "panel"]


class Area(Struct, frozen=True):
    """A place on a slide."""

    x: float
    y: float
    width: float
    height: float


class Slot(Struct, frozen=True):
    """A placeholder: `role` names its type style, `sizes` the sizes that it may step down to.

    `levelled` text has a look for each level (paragraph, bullet, label ...); other slots have one look.
    """

    name: str
    kind: Literal["title", "body", "pic", "tbl", "chart"]
    area: Area
    role: str
    sizes: tuple[float, ...]
    levelled: bool = False
    anchor: Literal["t", "ctr", "b"] = "t"
    colour: str = ""
    shape: Shape = ""

    @property
    def inset(self) -> float:
        """How far the text stands from the edge of the shape."""
        return inch(0.4) if self.shape else 0.0

    @property
    def text_width(self) -> float:
        """The width of a line."""
        return self.area.width - 2 * self.inset

    @property
    def text_height(self) -> float:
        """The height for all lines."""
        return self.area.height - self.inset

    def size(self, step: int) -> float:
        """Return the size at `step`, the smallest if there are not as many."""
        return self.sizes[min(step, len(self.sizes) - 1)]


class Layout(Struct, frozen=True):
    """One layout: `ground` is a role of colour, `kind` the name that the format has for it, if it has one."""

    name: str
    ground: Literal["oat", "deep", "tint"]
    slots: tuple[Slot, ...]
    kind: str = ""

    def slot(self, name: str) -> Slot:
        """Return the slot `name`. StopIteration if there is none."""
        return next(slot for slot in self.slots if slot.name == name)

    @property
    def deep(self) -> bool:
        """True if its text is white."""
        return self.ground == "deep"


def area(x: float, y: float, width: float, height: float) -> Area:
    """Return the area for a place in inches."""
    return Area(inch(x), inch(y), inch(width), inch(height))
