"""The crisis box on each page: where it is read in the tree, and what can be clicked on and filled in on later pages.

The box is read after all that begins on the first page, as it is seen. On the others it is painted as an artifact; its
links and its field, which a reader needs wherever they are, are elements after what begins on their page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handouts.pdf.crisis import CrisisBox
from handouts.pdf.page import Element, FieldItem, Item, LinkItem, Page, TextItem
from handouts.pdf.pen import Extent
from handouts.pdf.places import ARTIFACT, extent_of, with_parents


def with_crisis(pages: Sequence[Page], root: Element, crisis: CrisisBox) -> tuple[Page, ...]:
    """Return `pages`, all of which show the crisis box, with what it holds in the tree of each of them.

    Adds the elements below `root`, whose other children are in reading order.
    """
    if not crisis.read:
        return tuple(pages)
    ends = ends_of(pages, root)
    sections, made = [crisis.section], [pages[0]]
    for page in pages[1:]:
        section = Element("Sect")
        made.append(replace(page, items=(*page.items, *repeated_items(crisis, section))))
        sections.append(section)
    for end, section in reversed([*zip(ends, sections, strict=True)]):
        root.children.insert(end, section)
    return tuple(made)


def ends_of(pages: Sequence[Page], root: Element) -> list[int]:
    """Return for each page how many children of `root` begin on it or before it."""
    parents = with_parents(root)
    numbers = {child: number for number, child in enumerate(root.children, 1)}
    ends, end = [], 0
    for page in pages:
        for item in page.items:
            element = item.element
            if element is not None and element.role != ARTIFACT and element in parents:
                end = max(end, numbers[topmost(element, parents, root)])
        ends.append(end)
    return ends


def topmost(element: Element, parents: dict[Element, Element | None], root: Element) -> Element:
    """Return the child of `root` that holds an element."""
    above = parents[element]
    while above is not None and above is not root:
        element, above = above, parents[above]
    return element


def repeated_items(crisis: CrisisBox, section: Element) -> Iterator[Item]:
    """Yield what can be clicked on and filled in of a box that is painted again, its elements below `section`."""
    for (link, extent), name in zip(links_in(crisis.read), crisis.names, strict=True):
        twin = section.add(Element("P")).add(link.holding([]))
        twin.alt = name
        yield LinkItem(extent.left, extent.top, extent.right - extent.left, extent.bottom - extent.top, twin)
    for item in crisis.read:
        if isinstance(item, FieldItem):
            yield replace(item, element=section.add(Element("P")).add(item.element.holding([])))


def links_in(items: Sequence[Item]) -> Iterator[tuple[Element, Extent]]:
    """Yield each link among `items` and what its words cover: a number, which no line break parts."""
    found: dict[Element, Extent] = {}
    for item in items:
        if isinstance(item, TextItem) and item.element and item.element.target:
            extent = extent_of(item)
            found[item.element] = extent.around(found.get(item.element, extent))
    yield from found.items()
