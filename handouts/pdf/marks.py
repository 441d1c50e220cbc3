"""What was painted: which stretches of the pages belong to which element, and which annotations to which link.

Values that drawing gathers and that the tree and the ways through the file are written from.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from handouts.pdf.page import Element, Plan
from handouts.pdf.places import Places


class Mark(Struct, frozen=True):
    """Marked content: its page from 0, its number on that page, and how many items were painted before it."""

    page: int
    number: int
    order: int


class Marks(Struct):
    """What was painted for whom: for each element its marks, for each page the elements in the order of its numbers."""

    of: dict[Element, list[Mark]] = field(default_factory=dict)
    pages: list[list[Element]] = field(default_factory=list)
    painted: int = 0

    def add(self, element: Element, items: int) -> Mark:
        """Note that the last page holds `items` more items for `timing_child`, and return the mark that they share."""
        owners = self.pages[-1]
        mark = Mark(len(self.pages) - 1, len(owners), self.painted)
        self.painted += items
        owners.append(element)
        self.of.setdefault(element, []).append(mark)
        return mark


class Annotation(Struct, frozen=True):
    """A link or a field that was written: its reference, its page from 0, and the element that it belongs to."""

    reference: str
    page: int
    element: Element


class Painted(Struct, frozen=True):
    """A plan, where its elements stand, and what was written of it; `pages` are references to the pages."""

    plan: Plan
    places: Places
    marks: Marks
    annotations: Sequence[Annotation]
    pages: Sequence[str]
