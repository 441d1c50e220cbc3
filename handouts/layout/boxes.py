"""Boxes: measured pieces of a page that no page break divides; stack, move and group them.

Inside a box, x is that of the page and y is measured from the top of the box.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.shapes import Command, Path, Shape
from handouts.finding import NOWHERE, Location
from handouts.layout.page_model import FieldItem, GroupItem, ImageItem, LinkItem, PageItem, ShapeItem, TextItem

HAIRLINE, STRONG_LINE, WRITING_LINE = 0.75, 1.5, 1.0  # the thickness of rules and of lines to write on
NEVER = float("inf")  # the break cost of a box after which no page may end


class LayoutBox(Struct, frozen=True):
    """A piece of a page: its items, the space before and after it, and the cost of ending a page after it.

    A page that begins with this box shows `page_top_form` instead, and `repeated_head` (such as the head of a table)
    above it. Later pages repeat `section_title` above their first box, until the next box with a title of its own.
    `fill_page_with_copies`: the rest of the page may be filled with copies. `page_break_before`: a page begins here;
    `page_break_welcome`: a page break here is cheaper. `at` is the place in the content that findings name.
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
        case FieldItem() | ImageItem() | LinkItem() | GroupItem():
            return replace(item, x=item.x + x, y=item.y + y)


def moved_down(items: Iterable[PageItem], y: float) -> tuple[PageItem, ...]:
    """Return `items` moved down by `y`."""
    return tuple([moved_item(item, 0.0, y) for item in items] if y else items)


def moved_right(items: Iterable[PageItem], x: float) -> tuple[PageItem, ...]:
    """Return `items` moved to the right by `x`."""
    return tuple([moved_item(item, x, 0.0) for item in items])


def as_artifacts(items: Iterable[PageItem]) -> tuple[PageItem, ...]:
    """Return `items` as artifacts, to be repeated on other pages, without fields and links."""
    return tuple(
        replace(item, items=as_artifacts(item.items)) if isinstance(item, GroupItem) else replace(item, element=None)
        for item in items
        if not isinstance(item, FieldItem | LinkItem)
    )


def decoration(shape: Shape, x: float = 0.0, y: float = 0.0) -> ShapeItem:
    """Return a decorative shape, moved by `x` and `y`, as an artifact."""
    return ShapeItem(shape, x, y, None)


def decoration_items(shapes: Iterable[Shape], x: float, y: float) -> tuple[PageItem, ...]:
    """Return decorative shapes, moved by `x` and `y`, as artifacts."""
    return tuple([ShapeItem(shape, x, y, None) for shape in shapes])


def straight_line(
    start: tuple[float, float],
    end: tuple[float, float],
    thickness: float,
    colour: str = "ink",
    cap: Literal["butt", "round"] = "butt",
) -> ShapeItem:
    """Return a straight line between two points as an artifact."""
    (x, y), (end_x, end_y) = start, end
    commands: tuple[Command, ...] = (("M", (0.0, 0.0)), ("L", (end_x - x, end_y - y)))
    return ShapeItem(Path(commands, stroke=colour, width=thickness, cap=cap), x, y, None)


def rule(left: float, right: float, y: float, thickness: float = HAIRLINE, colour: str = "ink") -> ShapeItem:
    """Return a horizontal line as an artifact."""
    return straight_line((left, y), (right, y), thickness, colour)


def strong_rule(left: float, right: float, y: float) -> ShapeItem:
    """Return the line above or below a table, a list of contacts or a figure."""
    return rule(left, right, y, STRONG_LINE, "accent")


def gap_between(above: LayoutBox, below: LayoutBox) -> float:
    """Return the space between two boxes: the larger of the space after the first and before the second."""
    return max(above.after, below.before)


def stacked(boxes: Sequence[LayoutBox]) -> LayoutBox:
    """Return `boxes`, one below another, as one box with the space before the first and after the last."""
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


def stacked_height(boxes: Sequence[LayoutBox]) -> float:
    """Return the height of `boxes` one below another, without the space before the first and after the last."""
    height = 0.0
    for index, box in enumerate(boxes):
        height += gap_between(boxes[index - 1], box) if index else 0.0
        height += box.height
    return height


def with_items(box: LayoutBox, items: Iterable[PageItem], *, first: bool = False) -> LayoutBox:
    """Return `box` with more items, painted and read after its own, or with `first` before them."""
    more = tuple(items)
    return replace(box, items=(*more, *box.items) if first else (*box.items, *more))


def side_by_side(boxes: Sequence[LayoutBox]) -> LayoutBox:
    """Return `boxes`, which stand beside each other with their tops aligned, as one box."""
    return LayoutBox(max(box.height for box in boxes), tuple([item for box in boxes for item in box.items]))


def groups_within_height(boxes: Sequence[LayoutBox], height: float) -> list[list[LayoutBox]]:
    """Return `boxes` in as few groups of at most `height` as possible, none ending where no page may end."""
    groups: list[list[LayoutBox]] = []
    unit: list[LayoutBox] = []
    for index, box in enumerate(boxes):
        unit.append(box)
        if box.break_cost == NEVER and index < len(boxes) - 1:
            continue
        if groups and stacked_height([*groups[-1], *unit]) <= height:
            groups[-1].extend(unit)
        else:
            groups.append(unit)
        unit = []
    return groups


def kept_whole(boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """Return `boxes` with no page break between them."""
    return [*(replace(box, break_cost=NEVER) for box in boxes[:-1]), *boxes[-1:]]


def kept_whole_within(boxes: Sequence[LayoutBox], height: float) -> list[LayoutBox]:
    """Return `boxes` with no page break between them if they are no higher than `height` together.

    In higher ones no page ends after the first or before the last.
    """
    return kept_whole(boxes) if stacked_height(boxes) <= height else ends_kept_together(boxes)


def ends_kept_together(boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """Return `boxes` with no page break after the first or before the last, so that neither is left alone."""
    changed = list(boxes)
    for index in {0, len(boxes) - 2} & set(range(len(boxes) - 1)):
        changed[index] = replace(changed[index], break_cost=NEVER)
    return changed


def with_outer_spaces(boxes: Sequence[LayoutBox], before: float, after: float) -> list[LayoutBox]:
    """Return `boxes` with this space before the first and after the last."""
    if not boxes:
        return []
    changed = list(boxes)
    changed[0] = replace(changed[0], before=before)
    changed[-1] = replace(changed[-1], after=after)
    return changed
