"""The model of planned pages: items at their places, the structure elements they belong to, and their bounds.

An item refers to its element, or has None if it is an artifact. The tree of elements is built from the Document in
reading order, before anything is placed. Coordinates are points from the top left corner of the page; y grows downward.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct, field

from handouts.figures.shapes import Circle, Path, Rectangle, Shape, TextLabel, rounded_rectangle
from handouts.finding import Finding
from handouts.text.fonts import load_font
from handouts.text.line_breaking import GlyphRun

ARTIFACT = "Artifact"


class Element(Struct, eq=False):
    """One structure element (ISO 32000-1, 14.8.4). `anchor` names it as a destination, `target` makes it a link.

    `target` is an address, or "#anchor" for a place in the same file; `tooltip` says in words where it leads.
    `attributes` are (owner, key, value) such as ("Table", "Scope", "Column") or ("List", "ListNumbering", "Decimal").
    The `summary` of a table says what it shows.
    An element of role "Artifact" is in no tree: it tells the kind of an artifact, such as a running foot with
    ("Artifact", "Type", "Pagination") and ("Artifact", "Subtype", "Footer") (ISO 14289-1, 7.8).
    """

    role: str
    children: list[Element] = field(default_factory=list)
    alt: str = ""
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


def pagination_artifact(kind: str) -> Element:
    """Return the element of a running head or foot: "Header" or "Footer" (ISO 14289-1, 7.8)."""
    return Element("Artifact", attributes=(("Artifact", "Type", "Pagination"), ("Artifact", "Subtype", kind)))


def table_cell(*, head: bool = False, header: bool = False, columns: int = 1, rows: int = 1) -> Element:
    """Return the element of a cell with its spans: one in the `head` heads a column, another `header` heads a row."""
    scope = "Column" if head else "Row" if header else ""
    attributes = (("Scope", scope), ("ColSpan", columns if columns > 1 else 0), ("RowSpan", rows if rows > 1 else 0))
    return Element("TH" if scope else "TD", attributes=tuple(("Table", *each) for each in attributes if each[1]))


class TextItem(Struct, frozen=True):
    """Glyphs of one face from `x` on a baseline (the run's own x is included); `colour` is a role."""

    run: GlyphRun
    x: float
    baseline: float
    colour: str
    element: Element | None


class ShapeItem(Struct, frozen=True):
    """A shape moved by `x` and `y`; never a TextLabel, whose lines are text items."""

    shape: Shape
    x: float
    y: float
    element: Element | None


class ImageItem(Struct, frozen=True):
    """A bitmap (a PNG without transparency, or a JPEG); `x` and `y` are its top left corner."""

    content: bytes
    x: float
    y: float
    width: float
    height: float
    element: Element | None


FieldKind: TypeAlias = Literal["line", "lines", "tick", "choice", "mark"]


class FieldItem(Struct, frozen=True):
    """A form field: text of `size` in one line or several, a box to tick, or one `value` of a group of radio buttons.

    A `choice` is a ring around text on the page, a `mark` a ring beside it. `element` is its Form element, whose
    tooltip says what to fill in; `title` is that of the group. Paints nothing on the page itself.
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
    """An area to click on, over text that is an artifact there: that of a box which the page repeats.

    `element` is its Link, whose alt text replaces the text. Paints nothing.
    """

    x: float
    y: float
    width: float
    height: float
    element: Element


class GroupItem(Struct, frozen=True, eq=False):
    """Items scaled by `factor`, with the origin of their own coordinates at `x` and `y`."""

    items: tuple[PageItem, ...]
    factor: float
    x: float
    y: float

    @property
    def element(self) -> None:
        """None: its items have their own elements."""
        return


LeafItem: TypeAlias = TextItem | ShapeItem | ImageItem | FieldItem | LinkItem
PageItem: TypeAlias = LeafItem | GroupItem


def leaf_items(items: Iterable[PageItem]) -> Iterator[LeafItem]:
    """Yield `items`, with the items of each group in place of the group."""
    for item in items:
        if isinstance(item, GroupItem):
            yield from leaf_items(item.items)
        else:
            yield item


class Page(Struct, frozen=True):
    """One page: its items in the order in which they are painted and read."""

    width: float
    height: float
    items: tuple[PageItem, ...]


class OutlineEntry(Struct, frozen=True):
    """One bookmark, of `level` 1 or deeper, that leads to `element`."""

    level: int
    title: str
    element: Element


class PagePlan(Struct, frozen=True):
    """All pages, the root of the structure tree (role Document), the bookmarks, and findings such as what did not fit.

    A plan that is not `tagged` is for a printer alone, and its tree is empty. A `fillable` plan may have fields. Items
    that several pages have in sequence, such as those of the crisis box, are `repeated`: a file holds them once.
    """

    pages: tuple[Page, ...]
    root: Element
    outline: tuple[OutlineEntry, ...]
    findings: tuple[Finding, ...] = ()
    tagged: bool = True
    fillable: bool = False
    repeated: tuple[PageItem, ...] = ()


class CoveredArea(Struct, frozen=True):
    """A bounding rectangle; y grows downward."""

    left: float
    top: float
    right: float
    bottom: float

    def around(self, other: CoveredArea) -> CoveredArea:
        """Return the bounds of both."""
        return CoveredArea(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def shape_bounds(shape: Shape, x: float, y: float) -> CoveredArea:
    """Return the bounds of `shape`, moved by `x` and `y`, with its stroke."""
    outline = shape_path(shape)
    points = [value for _, values in outline.commands for value in coordinate_pairs(values)]
    half = outline.width / 2 if outline.stroke else 0.0
    across, down = [each for each, _ in points] or [0.0], [each for _, each in points] or [0.0]
    return CoveredArea(x + min(across) - half, y + min(down) - half, x + max(across) + half, y + max(down) + half)


def shape_path(shape: Shape) -> Path:
    """Return `shape` as a path."""
    match shape:
        case Path():
            return shape
        case Circle():
            side = 2 * shape.radius
            corner = (shape.x - shape.radius, shape.y - shape.radius)
            commands = rounded_rectangle(*corner, side, side, shape.radius, shape.radius)
            return Path(commands, shape.fill, shape.stroke, shape.width)
        case Rectangle():
            radius = min(shape.radius, shape.width / 2, shape.height / 2)
            commands = rounded_rectangle(shape.x, shape.y, shape.width, shape.height, radius, radius)
            return Path(commands, shape.fill, shape.stroke, shape.edge)
        case TextLabel():
            raise TypeError(f"the label '{shape.key}' must be placed as text")
        case _:
            assert_never(shape)


def coordinate_pairs(values: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    """Yield the points of a path command as (x, y)."""
    return zip(values[::2], values[1::2], strict=True)


def item_bounds(item: PageItem) -> CoveredArea:
    """Return the bounds of `item`, without a space at the end of a text."""
    match item:
        case TextItem():
            run = item.run
            measures = load_font(run.face).metrics
            return CoveredArea(
                item.x,
                item.baseline - measures.ascent * run.size / 1000,
                item.x + run.seen_width,
                item.baseline - measures.descent * run.size / 1000,
            )
        case ShapeItem():
            return shape_bounds(item.shape, item.x, item.y)
        case FieldItem() | ImageItem() | LinkItem():
            return CoveredArea(item.x, item.y, item.x + item.width, item.y + item.height)
        case GroupItem():
            return reduce(CoveredArea.around, (area_on_page(item_bounds(each), item) for each in item.items))


def area_on_page(area: CoveredArea, group: GroupItem) -> CoveredArea:
    """Return `area`, in the coordinates of `group`, in those of the items around the group."""
    left, right = (group.x + each * group.factor for each in (area.left, area.right))
    top, bottom = (group.y + each * group.factor for each in (area.top, area.bottom))
    return CoveredArea(left, top, right, bottom)
