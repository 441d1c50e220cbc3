"""Boxes, the measured pieces of a page that a page break never divides, and how they are stacked, moved and
grouped.

A box has a height, items, the space it wants around it and the cost of ending a page after it. Inside a box, x
is that of the page and y counts from the top of the box.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.shapes import Path, Shape
from handouts.finding import NOWHERE, Location
from handouts.layout.page_model import FieldItem, ImageItem, LinkItem, PageItem, ShapeItem, TextItem

HAIRLINE, STRONG_LINE = 0.75, 1.5

NEVER = float("inf")


class LayoutBox(Struct, frozen=True):
    """A piece of a page: its items, the space it wants around it, and the cost of ending a page after it.

    A page that begins with this box shows `page_top_form` in its place, and `repeated_head` (the head of its table)
    above it. Later pages repeat `section_title` above their first box, until the next box with a title of its own.
    `fill_page_with_copies`: the rest of the page may be filled with copies. `page_break_before`: a page begins here;
    `page_break_welcome`: one may well begin here. `at` is the place in the content that findings name.
    """

    height: float
    items: tuple[PageItem, ...] = ()
    before: float = 0.0
    after: float = 0.0
    break_cost: float = 0.0
    page_top_form: LayoutBox | None = None
    repeated_head: LayoutBox | None = None
    section_title: LayoutBox | None = None
    fill_page_with_copies: bool = False
    page_break_before: bool = False
    page_break_welcome: bool = False
    is_heading: bool = False
    at: Location = NOWHERE


def moved_item(item: PageItem, x: float, y: float) -> PageItem:
    """Return `item` moved by `x` and `y`."""
    match item:
        case TextItem():
            return TextItem(item.run, item.x + x, item.baseline + y, item.colour, item.element)
        case ShapeItem():
            return ShapeItem(item.shape, item.x + x, item.y + y, item.element)
        case FieldItem() | ImageItem() | LinkItem():
            return replace(item, x=item.x + x, y=item.y + y)


def moved_down(items: Iterable[PageItem], y: float) -> tuple[PageItem, ...]:
    """Return `items` moved down by `y`."""
    return tuple([moved_item(item, 0.0, y) for item in items] if y else items)


def as_artifacts(items: Iterable[PageItem]) -> tuple[PageItem, ...]:
    """Return `items` as part of no structure, as when they are repeated; what paints nothing is not repeated."""
    return tuple([replace(item, element=None) for item in items if not isinstance(item, FieldItem | LinkItem)])


def gap_between(above: LayoutBox, below: LayoutBox) -> float:
    """Return the space between two boxes: the larger of what both want."""
    return max(above.after, below.before)


def stacked(boxes: Sequence[LayoutBox]) -> LayoutBox:
    """Return `boxes` as one box that is not torn; the outer spaces stay outside."""
    if not boxes:
        return LayoutBox(0.0)
    items: list[PageItem] = []
    y = 0.0
    for index, box in enumerate(boxes):
        y += gap_between(boxes[index - 1], box) if index else 0.0
        items.extend(moved_down(box.items, y))
        y += box.height
    first, last = boxes[0], boxes[-1]
    return LayoutBox(y, tuple(items), first.before, last.after, last.break_cost, at=first.at)


def with_items(box: LayoutBox, items: Iterable[PageItem], *, first: bool = False) -> LayoutBox:
    """Return `box` with more items, painted and read after its own, or before them if `first`."""
    more = tuple(items)
    return replace(box, items=(*more, *box.items) if first else (*box.items, *more))


def groups_within_height(boxes: Sequence[LayoutBox], height: float) -> list[list[LayoutBox]]:
    """Return `boxes` in groups of at most `height`, none ending where a page must not end; one group if all fit."""
    found: list[list[LayoutBox]] = []
    for unit in unbreakable_groups(boxes):
        if found and stacked([*found[-1], *unit]).height <= height:
            found[-1].extend(unit)
        else:
            found.append(unit)
    return found


def unbreakable_groups(boxes: Sequence[LayoutBox]) -> list[list[LayoutBox]]:
    """Return `boxes` in stretches inside which no page may end."""
    found: list[list[LayoutBox]] = [[]]
    for box in boxes:
        found[-1].append(box)
        if box.break_cost < NEVER:
            found.append([])
    return [unit for unit in found if unit]


def kept_whole(boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """Return `boxes` so that no page ends between them."""
    return [*(replace(box, break_cost=NEVER) for box in boxes[:-1]), *boxes[-1:]]


def ends_kept_together(boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """Return `boxes` so that no page ends after the first or before the last: neither is ever left alone."""
    changed = list(boxes)
    for index in {0, len(boxes) - 2} & set(range(len(boxes) - 1)):
        changed[index] = replace(changed[index], break_cost=NEVER)
    return changed


def with_outer_spaces(boxes: Sequence[LayoutBox], before: float, after: float) -> list[LayoutBox]:
    """Return `boxes` with other space before the first and after the last."""
    if not boxes:
        return []
    changed = list(boxes)
    changed[0] = replace(changed[0], before=before)
    changed[-1] = replace(changed[-1], after=after)
    return changed


def decoration_items(shapes: tuple[Shape, ...], x: float, y: float) -> tuple[PageItem, ...]:
    """Return shapes that say nothing by themselves, moved to where they stand."""
    return tuple(ShapeItem(shape, x, y, None) for shape in shapes)


def horizontal_rule(width: float, y: float, thickness: float, colour: str = "ink") -> Path:
    """Return a horizontal line."""
    return Path((("M", (0.0, y)), ("L", (width, y))), stroke=colour, width=thickness, cap="butt")


def moved_right(box: LayoutBox, shift: float) -> LayoutBox:
    """Return `box` with its items moved to the right by `shift`."""
    return replace(box, items=tuple(moved_item(item, shift, 0.0) for item in box.items))
