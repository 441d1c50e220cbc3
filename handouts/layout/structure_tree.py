"""Operations on the structure tree: walk it, remove empty elements, repair heading levels, find where elements are.

`ElementPlaces` says where each element first appears, the bounds of figures, and where links are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import reduce

from msgspec import Struct, field

from handouts.layout.page_model import (
    ARTIFACT,
    CoveredArea,
    Element,
    GroupItem,
    LeafItem,
    PageItem,
    PagePlan,
    TextItem,
    area_on_page,
    item_bounds,
)

_HEADING_ROLES, _CELL_ROLES = ("H1", "H2", "H3", "H4", "H5", "H6"), ("TD", "TH")


class ElementPlace(Struct, frozen=True):
    """Where an element first appears: the page from 0, its top there, and how many items are painted before it."""

    page: int
    top: float
    order: int


class _LinkArea(Struct, frozen=True):
    """The area of one line of a link on a page, from 0: what a reader clicks on."""

    link: Element
    page: int
    extent: CoveredArea


class ElementPlaces(Struct):
    """Where the elements of a plan are.

    `parents` has every element in reading order, with its parent; `first` has those that are painted or hold something
    painted; `figures` has the bounds of figures on their first page.
    """

    parents: dict[Element, Element | None]
    first: dict[Element, ElementPlace] = field(default_factory=dict)
    figures: dict[Element, CoveredArea] = field(default_factory=dict)
    links: tuple[_LinkArea, ...] = ()


def find_element_places(plan: PagePlan) -> ElementPlaces:
    """Return where the elements of `plan` are. ValueError if an item's element is not in the tree."""
    places = ElementPlaces(_parent_by_element(plan.root))
    marked = _enclosing_figures_and_links(places.parents)
    links: dict[tuple[Element, int, float], CoveredArea] = {}
    for order, (page, element, item, groups) in enumerate(_tagged_items(plan)):
        if element not in marked:
            raise ValueError(f"an element of role {element.role} is painted and not in the structure tree")
        if element in places.first and not marked[element]:
            continue
        extent = reduce(area_on_page, groups, item_bounds(item))
        _record_first_place(element, ElementPlace(page, extent.top, order), places)
        for each in marked[element]:
            if each.role == "Figure" and places.first[each].page == page:
                places.figures[each] = extent.around(places.figures.get(each, extent))
            if each.target:
                key = (each, page, item.baseline if isinstance(item, TextItem) else -1.0)
                links[key] = extent.around(links.get(key, extent))
    places.links = tuple(_LinkArea(link, page, extent) for (link, page, _), extent in links.items())
    return places


def _parent_by_element(root: Element) -> dict[Element, Element | None]:
    """Return `root` and all its descendants in reading order, each with its parent."""
    found: dict[Element, Element | None] = {}
    waiting: list[tuple[Element, Element | None]] = [(root, None)]
    while waiting:
        element, parent = waiting.pop()
        found[element] = parent
        waiting.extend((child, element) for child in reversed(element.children))
    return found


def _enclosing_figures_and_links(parents: Mapping[Element, Element | None]) -> dict[Element, tuple[Element, ...]]:
    """Return for each element the figures and links around it, the innermost first; it may be one itself."""
    found: dict[Element, tuple[Element, ...]] = {}
    for element, parent in parents.items():
        around = found[parent] if parent else ()
        found[element] = (element, *around) if element.role == "Figure" or element.target else around
    return found


def _record_first_place(element: Element, place: ElementPlace, places: ElementPlaces) -> None:
    """Record `place` for `element` and its ancestors, up to the first that has a place."""
    above: Element | None = element
    while above and above not in places.first:
        places.first[above] = place
        above = places.parents[above]


def _tagged_items(plan: PagePlan) -> Iterator[tuple[int, Element, LeafItem, tuple[GroupItem, ...]]]:
    """Yield all items of `plan` but artifacts, each with its page from 0, its element and its groups."""
    for number, page in enumerate(plan.pages):
        for item, groups in _items_with_groups(page.items):
            if item.element and item.element.role != ARTIFACT:
                yield number, item.element, item, groups


def _items_with_groups(
    items: Iterable[PageItem], groups: tuple[GroupItem, ...] = ()
) -> Iterator[tuple[LeafItem, tuple[GroupItem, ...]]]:
    """Yield `items`, with the items of each group in place of the group, each with its groups, innermost first."""
    for item in items:
        if isinstance(item, GroupItem):
            yield from _items_with_groups(item.items, (item, *groups))
        else:
            yield item, groups


def repair_heading_levels(root: Element) -> None:
    """Renumber headings so that no level is skipped (ISO 14289-1, 7.4.2)."""
    above: list[int] = []
    for element in walk_elements(root):
        if element.role in _HEADING_ROLES:
            level = _HEADING_ROLES.index(element.role)
            above = [each for each in above if each < level] + [level]
            element.role = _HEADING_ROLES[len(above) - 1]


def walk_elements(element: Element) -> Iterator[Element]:
    """Yield `element` and all its descendants in reading order."""
    waiting = [element]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(reversed(element.children))


def remove_empty_elements(element: Element, painted: Set[int]) -> bool:
    """Remove descendants of `element` that hold nothing painted, and return whether `element` holds anything.

    `painted` are the `id` of all elements of items. Empty table cells stay, so that all rows have as many cells.
    """
    element.children[:] = [child for child in element.children if remove_empty_elements(child, painted)]
    return bool(element.children) or id(element) in painted or element.role in _CELL_ROLES
