"""Boxes: stretches of a page that are never torn, and how they stand one below another.

A box knows its height, its items, the space it wants around it, and what it costs to end a page after it. Inside a box
x is that of the page, y counts from the box's top.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import NOWHERE, Span
from handouts.pdf.page import Element, FieldItem, ImageItem, Item, LinkItem, ShapeItem, TextItem

NEVER = float("inf")


class Box(Struct, frozen=True):
    """A stretch of page. A page that begins with it has `top` in its place, or `lead_placeholder` (a repeated head) above it.

    What follows a box on later pages stands there below its title `again`, until the next box that has one. A page may
    be filled with what is `copied`. `starts` says that a page begins here, `opens` that one may well begin here,
    `heads` that this is a heading, which stands above something.
    """

    height: float
    items: tuple[Item, ...] = ()
    before: float = 0.0
    after: float = 0.0
    break_cost: float = 0.0
    top: Box | None = None
    lead: Box | None = None
    again: Box | None = None
    copied: bool = False
    starts: bool = False
    opens: bool = False
    heads: bool = False
    at: Span = NOWHERE


def moved(item: Item, x: float, y: float) -> Item:
    """Return `item` moved by `x` and `y`."""
    match item:
        case TextItem():
            return TextItem(item.run, item.x + x, item.baseline + y, item.colour, item.element)
        case ShapeItem():
            return ShapeItem(item.shape, item.x + x, item.y + y, item.element)
        case FieldItem() | ImageItem() | LinkItem():
            return replace(item, x=item.x + x, y=item.y + y)


def owned(item: Item, elements: Mapping[Element, Element]) -> Item:
    """Return `item` as part of the element that stands for its own in `elements`, if there is one."""
    element = elements.get(item.element) if item.element else None
    if element is None:
        return item
    if isinstance(item, TextItem):
        return TextItem(item.run, item.x, item.baseline, item.colour, element)
    return replace(item, element=element)


def moved_down(items: Iterable[Item], y: float) -> tuple[Item, ...]:
    """Return `items` moved down by `y`."""
    return tuple([moved(item, 0.0, y) for item in items] if y else items)


def unmarked(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return `items` as part of no structure, as when they are repeated; what paints nothing is not repeated."""
    return tuple([replace(item, element=None) for item in items if not isinstance(item, FieldItem | LinkItem)])


def gap(above: Box, below: Box) -> float:
    """Return the space between two boxes: the larger of what both want."""
    return max(above.after, below.before)


def stacked(boxes: Sequence[Box]) -> Box:
    """Return `boxes` as one box that is not torn; the outer spaces stay outside."""
    if not boxes:
        return Box(0.0)
    items: list[Item] = []
    y = 0.0
    for index, box in enumerate(boxes):
        y += gap(boxes[index - 1], box) if index else 0.0
        items.extend(moved_down(box.items, y))
        y += box.height
    first, last = boxes[0], boxes[-1]
    return Box(y, tuple(items), first.before, last.after, last.break_cost, at=first.at)


def with_items(box: Box, items: Iterable[Item], *, first: bool = False) -> Box:
    """Return `box` with more items, painted and read after its own, or before them if `first`."""
    more = tuple(items)
    return replace(box, items=(*more, *box.items) if first else (*box.items, *more))


def groups(boxes: Sequence[Box], height: float) -> list[list[Box]]:
    """Return `boxes` in groups of at most `height`, none ending where a page must not end; one group if all fit."""
    found: list[list[Box]] = []
    for unit in units(boxes):
        if found and stacked([*found[-1], *unit]).height <= height:
            found[-1].extend(unit)
        else:
            found.append(unit)
    return found


def units(boxes: Sequence[Box]) -> list[list[Box]]:
    """Return `boxes` in stretches inside which no page may end."""
    found: list[list[Box]] = [[]]
    for box in boxes:
        found[-1].append(box)
        if box.break_cost < NEVER:
            found.append([])
    return [unit for unit in found if unit]


def kept(boxes: Sequence[Box]) -> list[Box]:
    """Return `boxes` so that no page ends between them."""
    return [*(replace(box, break_cost=NEVER) for box in boxes[:-1]), *boxes[-1:]]


def together(boxes: Sequence[Box]) -> list[Box]:
    """Return `boxes` so that no page ends after the first or before the last: neither is ever left alone."""
    changed = list(boxes)
    for index in {0, len(boxes) - 2} & set(range(len(boxes) - 1)):
        changed[index] = replace(changed[index], break_cost=NEVER)
    return changed


def spaced(boxes: Sequence[Box], before: float, after: float) -> list[Box]:
    """Return `boxes` with other space before the first and after the last."""
    if not boxes:
        return []
    changed = list(boxes)
    changed[0] = replace(changed[0], before=before)
    changed[-1] = replace(changed[-1], after=after)
    return changed
