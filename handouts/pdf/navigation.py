"""Links, named destinations and bookmarks in PDF syntax.

A link leads to an https, mailto or tel address or to an anchor in the same file, never to a script, a file or a
program. An anchor or a bookmark leads to where its element is first seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from handouts.layout.page_model import OutlineEntry, PagePlan
from handouts.layout.structure_tree import ElementPlace, ElementPlaces, LinkArea
from handouts.pdf.objects import PdfFile, pdf_numbers, text_string
from handouts.pdf.tags import Annotation, PaintedPlan

LINK_SCHEMES = ("https:", "mailto:", "tel:")
# What may stand in an address as it is; everything else is written as UTF-8 with per cent signs (RFC 3986, 2).
SAFE_IN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"
PRINT_FLAG = 4
# How much of the page is shown above what a destination leads to.
DESTINATION_MARGIN = 6.0
OUTLINE_ROOT = -1


def write_links(places: ElementPlaces, plan: PagePlan, file: PdfFile) -> tuple[Annotation, ...]:
    """Write an annotation for each line of each link, in reading order; their parent keys follow those of the pages."""
    anchors = {element.anchor for element in places.first if element.anchor}
    return tuple(
        Annotation(file.add(link_annotation(box, plan.pages[box.page].height, key, anchors)), box.page, box.link)
        for key, box in enumerate(places.links, len(plan.pages))
    )


def link_annotation(box: LinkArea, page_height: float, key: int, anchors: set[str]) -> str:
    """Return the annotation for one line of a link (ISO 32000-1, 12.5.6.5; ISO 14289-1, 7.18.5)."""
    if box.link.role != "Link":
        raise ValueError(f"an element of role {box.link.role} leads to '{box.link.target}' and is no Link")
    extent = box.extent
    corners = pdf_numbers(extent.left, page_height - extent.bottom, extent.right, page_height - extent.top)
    return (
        f"<</Type/Annot/Subtype/Link/Rect[{corners}]/F {PRINT_FLAG}/Border[0 0 0]/StructParent {key}"
        f"/Contents{text_string(box.link.tooltip or box.link.target)}{link_action(box.link.target, anchors)}>>"
    )


def link_action(target: str, anchors: set[str]) -> str:
    """Return what a click on a link does. ValueError for an address of another kind and for an unknown anchor."""
    if target.startswith("#"):
        if target[1:] not in anchors:
            raise ValueError(f"a link leads to '{target}', which is nowhere in the file")
        return f"/Dest{text_string(target[1:])}"
    if not target.lower().startswith(LINK_SCHEMES):
        raise ValueError(f"a link leads to '{target}', which is no https, mailto or tel address")
    return f"/A<</S/URI/URI{text_string(quote(target, safe=SAFE_IN_ADDRESS))}>>"


def name_tree(painted: PaintedPlan) -> str:
    """Return the names of all anchors and where they lead (ISO 32000-1, 12.3.2.3 and 7.9.6)."""
    anchors: dict[str, ElementPlace] = {}
    for element, place in painted.places.first.items():
        if element.anchor in anchors:
            raise ValueError(f"the anchor '{element.anchor}' is there twice")
        if element.anchor:
            anchors[element.anchor] = place
    entries = [f"{text_string(name)}{destination_array(anchors[name], painted)}" for name in sorted(anchors)]
    return f"<</Dests<</Names[{' '.join(entries)}]>>>>"


def destination_array(place: ElementPlace, painted: PaintedPlan) -> str:
    """Return the destination that shows `place` near the top of the window, at the reader's own zoom."""
    height = painted.plan.pages[place.page].height
    top = min(height - place.top + DESTINATION_MARGIN, height)
    return f"[{painted.pages[place.page]}/XYZ null {pdf_numbers(top)} null]"


def write_outline(painted: PaintedPlan, file: PdfFile) -> str:
    """Write the bookmarks, all open, and return the reference to their root; "" if there are none."""
    entries = painted.plan.outline
    if not entries:
        return ""
    root, references = file.reserve(), [file.reserve() for _ in entries]
    below = bookmark_children(entries)
    for parent, children in below.items():
        for before, child, after in zip((None, *children), children, (*children[1:], None), strict=False):
            parts = [
                f"/Title{text_string(entries[child].title)}/Parent {root if parent == OUTLINE_ROOT else references[parent]}",
                f"/Dest{destination_array(bookmark_place(entries[child], painted.places), painted)}",
                f"/Prev {references[before]}" if before is not None else "",
                f"/Next {references[after]}" if after is not None else "",
                child_entries(child, below, references),
            ]
            file.fill(references[child], f"<<{''.join(parts)}>>")
    file.fill(root, f"<</Type/Outlines{child_entries(OUTLINE_ROOT, below, references)}>>")
    return root


def bookmark_place(entry: OutlineEntry, places: ElementPlaces) -> ElementPlace:
    """Return where a bookmark leads. ValueError if that is on no page."""
    place = places.first.get(entry.element)
    if place is None:
        raise ValueError(f"the bookmark '{entry.title}' leads to what is on no page")
    return place


def bookmark_children(entries: Sequence[OutlineEntry]) -> dict[int, list[int]]:
    """Return for each bookmark, and for the root of all, which bookmarks are directly below it."""
    below: dict[int, list[int]] = {}
    above: list[int] = []
    for index, entry in enumerate(entries):
        while above and entries[above[-1]].level >= entry.level:
            above.pop()
        below.setdefault(above[-1] if above else OUTLINE_ROOT, []).append(index)
        above.append(index)
    return below


def child_entries(entry: int, below: Mapping[int, Sequence[int]], references: Sequence[str]) -> str:
    """Return the entries of a bookmark, or of the root, that lead to what is below it."""
    children = below.get(entry)
    if not children:
        return ""
    count = count_descendants(entry, below)
    return f"/First {references[children[0]]}/Last {references[children[-1]]}/Count {count}"


def count_descendants(entry: int, below: Mapping[int, Sequence[int]]) -> int:
    """Return how many bookmarks are below `entry`, at any depth."""
    return sum(1 + count_descendants(child, below) for child in below.get(entry, ()))
