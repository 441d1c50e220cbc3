"""Where elements stand: a plan in; where each element is first seen, what figures cover and where links are.

Looks only at what is planned, before anything is written. Places are points from the page's top left corner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from handouts.pdf.page import Element, FieldItem, ImageItem, Item, LinkItem, Plan, ShapeItem, TextItem
from handouts.pdf.pen import Extent, extent_of_shape
from handouts.text.subsetting import measures_of

ARTIFACT = "Artifact"


class Place(Struct, frozen=True):
    """Where an element is first seen: the page from 0, its top there, and how many items were painted before it."""

    page: int
    top: float
    order: int


class LinkBox(Struct, frozen=True):
    """One line of a link: what a reader clicks on, on one page."""

    link: Element
    page: int
    extent: Extent


class Places(Struct):
    """All that is known about where the elements of a plan stand; what no item belongs to is in none of it."""

    parents: dict[Element, Element | None]
    first: dict[Element, Place] = field(default_factory=dict)
    figures: dict[Element, Extent] = field(default_factory=dict)
    links: tuple[LinkBox, ...] = ()


def find_places(plan: Plan) -> Places:
    """Return where the elements of `plan` stand. ValueError if an item's element is not in the tree."""
    places = Places(with_parents(plan.root))
    marked = inside_figures_and_links(places.parents)
    links: dict[tuple[Element, int, float], Extent] = {}
    for order, (page, element, item) in enumerate(tagged_items(plan)):
        if element not in marked:
            raise ValueError(f"an element of role {element.role} is painted and not in the structure tree")
        if element in places.first and not marked[element]:
            continue
        extent = extent_of(item)
        note_first(element, Place(page, extent.top, order), places)
        for each in marked[element]:
            if each.role == "Figure" and places.first[each].page == page:
                places.figures[each] = extent.around(places.figures.get(each, extent))
            if each.target:
                key = (each, page, item.baseline if isinstance(item, TextItem) else -1.0)
                links[key] = extent.around(links.get(key, extent))
    places.links = tuple(LinkBox(link, page, extent) for (link, page, _), extent in links.items())
    return places


def with_parents(root: Element) -> dict[Element, Element | None]:
    """Return `root` and all below it in reading order, each with what holds it."""
    found: dict[Element, Element | None] = {}
    waiting: list[tuple[Element, Element | None]] = [(root, None)]
    while waiting:
        element, parent = waiting.pop()
        found[element] = parent
        waiting.extend((child, element) for child in reversed(element.children))
    return found


def inside_figures_and_links(parents: Mapping[Element, Element | None]) -> dict[Element, tuple[Element, ...]]:
    """Return for each element the figures and links that it is in or is itself, the innermost first."""
    found: dict[Element, tuple[Element, ...]] = {}
    for element, parent in parents.items():
        around = found[parent] if parent else ()
        found[element] = (element, *around) if element.role == "Figure" or element.target else around
    return found


def note_first(element: Element, place: Place, places: Places) -> None:
    """Note `place` for `timing_child` and what holds it, up to what has been seen before."""
    above: Element | None = element
    while above and above not in places.first:
        places.first[above] = place
        above = places.parents[above]


def tagged_items(plan: Plan) -> Iterator[tuple[int, Element, Item]]:
    """Yield all items of `plan` that are no artifacts, each with its page from 0 and its element."""
    for number, page in enumerate(plan.pages):
        for item in page.items:
            if item.element and item.element.role != ARTIFACT:
                yield number, item.element, item


def extent_of(item: Item) -> Extent:
    """Return what `item` covers; a space at the end of a text counts for nothing."""
    match item:
        case TextItem():
            run = item.run
            measures = measures_of(run.face)
            return Extent(
                item.x,
                item.baseline - measures.ascent * run.size / 1000,
                item.x + run.seen_width,
                item.baseline - measures.descent * run.size / 1000,
            )
        case ShapeItem():
            return extent_of_shape(item.shape, item.x, item.y)
        case FieldItem() | ImageItem() | LinkItem():
            return Extent(item.x, item.y, item.x + item.width, item.y + item.height)
