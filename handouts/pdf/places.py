"""Where elements stand: a plan in; where each element is first seen, what figures cover and where links are.

Looks only at what is planned, before anything is written. Places are points from the page's top left corner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from handouts.pdf.page import Element, Item, Plan, ShapeItem, TextItem
from handouts.pdf.pen import Extent, extent_of_shape
from handouts.text.subsetting import measures_of

ARTIFACT = "Artifact"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element is first seen: the page from 0, its top there, and how many items were painted before it."""

    page: int
    top: float
    order: int


@dataclass(frozen=True, slots=True)
class LinkBox:
    """One line of a link: what a reader clicks on, on one page."""

    link: Element
    page: int
    extent: Extent


@dataclass(slots=True)
class Places:
    """All that is known about where the elements of a plan stand; what no item belongs to is in none of it."""

    parents: dict[Element, Element | None]
    first: dict[Element, Place] = field(default_factory=dict)
    figures: dict[Element, Extent] = field(default_factory=dict)
    links: tuple[LinkBox, ...] = ()


def find_places(plan: Plan) -> Places:
    """Return where the elements of `plan` stand. ValueError if an item's element is not in the tree."""
    places = Places(dict(with_parents(plan.root, None)))
    links: dict[tuple[Element, int, float], Extent] = {}
    for order, (page, item) in enumerate(tagged_items(plan)):
        extent = extent_of(item)
        for element in line_of_ancestors(item.element, places):
            place = places.first.setdefault(element, Place(page, extent.top, order))
            if element.role == "Figure" and place.page == page:
                places.figures[element] = extent.around(places.figures.get(element, extent))
            if element.target:
                key = (element, page, item.baseline if isinstance(item, TextItem) else -1.0)
                links[key] = extent.around(links.get(key, extent))
    places.links = tuple(LinkBox(link, page, extent) for (link, page, _), extent in links.items())
    return places


def with_parents(element: Element, parent: Element | None) -> Iterator[tuple[Element, Element | None]]:
    """Yield `element` and all below it in reading order, each with what holds it."""
    yield element, parent
    for child in element.children:
        yield from with_parents(child, element)


def tagged_items(plan: Plan) -> Iterator[tuple[int, Item]]:
    """Yield all items of `plan` that are no artifacts, each with its page from 0."""
    for number, page in enumerate(plan.pages):
        yield from ((number, item) for item in page.items if not is_artifact(item.element))


def is_artifact(element: Element | None) -> bool:
    """True if what belongs to `element` is no part of what a document says."""
    return element is None or element.role == ARTIFACT


def line_of_ancestors(element: Element | None, places: Places) -> Iterator[Element]:
    """Yield `element`, what holds it, and so on up to the root."""
    while element is not None:
        if element not in places.parents:
            raise ValueError(f"an element of role {element.role} is painted and not in the structure tree")
        yield element
        element = places.parents[element]


def extent_of(item: Item) -> Extent:
    """Return what `item` covers; a space at the end of a text counts for nothing."""
    match item:
        case ShapeItem():
            return extent_of_shape(item.shape, item.x, item.y)
        case TextItem():
            run = item.run
            measures = measures_of(run.face)
            return Extent(
                item.x,
                item.baseline - measures.ascent * run.size / 1000,
                item.x + run.seen_width,
                item.baseline - measures.descent * run.size / 1000,
            )
