"""The planned pages: what stands where, and the structure tree that says what it is.

The tree is built from the Document in reading order before anything is placed; an item names the element that it
belongs to, or None if it is an artifact. Coordinates are points from the page's top left corner, y grows downward.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from handouts.figures.shapes import Shape
from handouts.finding import Finding
from handouts.text.breaking import GlyphRun


class Element(Struct, eq=False):
    """One structure element (ISO 32000-1, 14.8.4). `anchor` names it as a destination, `target` makes it a link.

    `target` is an address, or "#anchor" for a place in the same file; `tooltip` says in words where it leads.
    `attributes` are (owner, key, value) such as ("Table", "Scope", "Column") or ("List", "ListNumbering", "Decimal").
    The `summary` of a table says what it shows.
    An element of role "Artifact" hangs in no tree: it says what kind of artifact an item is, such as a running foot
    with ("Artifact", "Type", "Pagination") and ("Artifact", "Subtype", "Footer") (ISO 14289-1, 7.8).
    """

    role: str
    children: list[Element] = field(default_factory=list)
    alt: str = ""
    actual: str = ""
    language: str = ""
    attributes: tuple[tuple[str, str, str | int], ...] = ()
    anchor: str = ""
    target: str = ""
    tooltip: str = ""
    summary: str = ""

    def add(self, child: Element) -> Element:
        """Append `child` and return it."""
        self.children.append(child)
        return child

    def holding(self, children: list[Element]) -> Element:
        """Return another element that says the same and holds `children`."""
        described = self.alt, self.actual, self.language, self.attributes
        return Element(self.role, children, *described, self.anchor, self.target, self.tooltip, self.summary)


def pagination(kind: str) -> Element:
    """Return the mark of a running head or foot (ISO 14289-1, 7.8)."""
    return Element("Artifact", attributes=(("Artifact", "Type", "Pagination"), ("Artifact", "Subtype", kind)))


class TextItem(Struct, frozen=True):
    """Glyphs of one face from `x` (the run's own x is already added) on a baseline; `colour` is a role."""

    run: GlyphRun
    x: float
    baseline: float
    colour: str
    element: Element | None


class ShapeItem(Struct, frozen=True):
    """A shape whose own coordinates are moved by `x` and `y`; never a Label, whose lines are text items."""

    shape: Shape
    x: float
    y: float
    element: Element | None


class ImageItem(Struct, frozen=True):
    """A picture of pixels (a PNG without transparency or a JPEG) from its top left corner."""

    content: bytes
    x: float
    y: float
    width: float
    height: float
    element: Element | None


FieldKind: TypeAlias = Literal["line", "lines", "tick", "choice", "mark"]


class FieldItem(Struct, frozen=True):
    """Where a form has a field: text of `size` in one line or several, a tick, or one `value` of a group to choose.

    A `choice` is a ring around what stands on the page, a `mark` a ring beside it.
    `timing_child` is its Form element, whose tooltip says what to fill in; a group to choose from has a `title_placeholder` of its own.
    Paints nothing on the page itself.
    """

    kind: FieldKind
    name: str
    x: float
    y: float
    width: float
    height: float
    size: float
    element: Element
    value: str = ""
    title: str = ""


class LinkItem(Struct, frozen=True):
    """Where a page can be clicked on over words that are none of its own content: those of a box that it repeats.

    `timing_child` is its Link, whose alt text says what the words do. Paints nothing.
    """

    x: float
    y: float
    width: float
    height: float
    element: Element


Item: TypeAlias = TextItem | ShapeItem | ImageItem | FieldItem | LinkItem


class Page(Struct, frozen=True):
    """One page: its items in the order in which they are painted and read."""

    width: float
    height: float
    items: tuple[Item, ...]


class OutlineEntry(Struct, frozen=True):
    """One bookmark: `level` counts from 1, `timing_child` is where it leads."""

    level: int
    title: str
    element: Element


class Plan(Struct, frozen=True):
    """All pages, the root of the structure tree (role Document), the bookmarks, and what did not fit.

    A plan that is not `tagged` is for a printer alone, and its tree is empty. A `fillable` one may hold fields. What
    several pages hold one after another, such as the crisis box, is `repeated`: a file holds it once.
    """

    pages: tuple[Page, ...]
    root: Element
    outline: tuple[OutlineEntry, ...]
    findings: tuple[Finding, ...] = ()
    tagged: bool = True
    fillable: bool = False
    repeated: tuple[Item, ...] = ()
