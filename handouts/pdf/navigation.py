"""Ways through a file: link annotations, named destinations and bookmarks, in PDF syntax.

A link leads to an https, mailto or tel address or to an anchor in the same file, never to a script, a file or a
program. What an anchor or a bookmark leads to is where its element is first seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from handouts.pdf.marks import Annotation, Painted
from handouts.pdf.objects import File, numbers, text_string
from handouts.pdf.page import OutlineEntry, Plan
from handouts.pdf.places import LinkBox, Place, Places

SCHEMES = ("https:", "mailto:", "tel:")
# What may stand in an address as it is; everything else is written as UTF-8 with per cent signs (RFC 3986, 2).
PLAIN = "!#$%&'()*+,/:;=?@[]~"
PRINTED = 4
# How much of the page is shown above what a destination leads to.
AIR = 6.0
ROOT = -1


def write_links(places: Places, plan: Plan, file: File) -> tuple[Annotation, ...]:
    """Write an annotation for each line of each link, in reading order; their parent keys follow those of the pages."""
    anchors = {element.anchor for element in places.first if element.anchor}
    return tuple(
        Annotation(file.add(annotation_syntax(box, plan.pages[box.page].height, key, anchors)), box.page, box.link)
        for key, box in enumerate(places.links, len(plan.pages))
    )


def annotation_syntax(box: LinkBox, page_height: float, key: int, anchors: set[str]) -> str:
    """Return the annotation for one line of a link (ISO 32000-1, 12.5.6.5; ISO 14289-1, 7.18.5)."""
    if box.link.role != "Link":
        raise ValueError(f"an element of role {box.link.role} leads to '{box.link.target}' and is no Link")
    extent = box.extent
    corners = numbers(extent.left, page_height - extent.bottom, extent.right, page_height - extent.top)
    return (
        f"<</Type/Annot/Subtype/Link/Rect[{corners}]/F {PRINTED}/Border[0 0 0]/StructParent {key}"
        f"/Contents{text_string(box.link.tooltip or box.link.target)}{target_syntax(box.link.target, anchors)}>>"
    )


def target_syntax(target: str, anchors: set[str]) -> str:
    """Return what a click on a link does. ValueError for an address of another kind and for an unknown anchor."""
    if target.startswith("#"):
        if target[1:] not in anchors:
            raise ValueError(f"a link leads to '{target}', which is nowhere in the file")
        return f"/Dest{text_string(target[1:])}"
    if not target.lower().startswith(SCHEMES):
        raise ValueError(f"a link leads to '{target}', which is no https, mailto or tel address")
    return f"/A<</S/URI/URI{text_string(quote(target, safe=PLAIN))}>>"


def names_syntax(painted: Painted) -> str:
    """Return the names of all anchors and where they lead (ISO 32000-1, 12.3.2.3 and 7.9.6)."""
    anchors: dict[str, Place] = {}
    for element, place in painted.places.first.items():
        if element.anchor in anchors:
            raise ValueError(f"the anchor '{element.anchor}' is there twice")
        if element.anchor:
            anchors[element.anchor] = place
    entries = [f"{text_string(name)}{goal_syntax(anchors[name], painted)}" for name in sorted(anchors)]
    return f"<</Dests<</Names[{' '.join(entries)}]>>>>"


def goal_syntax(place: Place, painted: Painted) -> str:
    """Return the destination that shows `place` near the top of the window, at the reader's own zoom."""
    height = painted.plan.pages[place.page].height
    top = min(height - place.top + AIR, height)
    return f"[{painted.pages[place.page]}/XYZ null {numbers(top)} null]"


def write_outline(painted: Painted, file: File) -> str:
    """Write the bookmarks, all open, and return the reference to their root; "" if there are none."""
    entries = painted.plan.outline
    if not entries:
        return ""
    root, references = file.reserve(), [file.reserve() for _ in entries]
    below = entries_below(entries)
    for parent, children in below.items():
        for before, child, after in zip((None, *children), children, (*children[1:], None), strict=False):
            parts = [
                f"/Title{text_string(entries[child].title)}/Parent {root if parent == ROOT else references[parent]}",
                f"/Dest{goal_syntax(place_of(entries[child], painted.places), painted)}",
                f"/Prev {references[before]}" if before is not None else "",
                f"/Next {references[after]}" if after is not None else "",
                first_and_last(child, below, references),
            ]
            file.fill(references[child], f"<<{''.join(parts)}>>")
    file.fill(root, f"<</Type/Outlines{first_and_last(ROOT, below, references)}>>")
    return root


def place_of(entry: OutlineEntry, places: Places) -> Place:
    """Return where a bookmark leads. ValueError if that is on no page."""
    place = places.first.get(entry.element)
    if place is None:
        raise ValueError(f"the bookmark '{entry.title}' leads to what is on no page")
    return place


def entries_below(entries: Sequence[OutlineEntry]) -> dict[int, list[int]]:
    """Return for each bookmark, and for the root of all, which bookmarks are directly below it."""
    below: dict[int, list[int]] = {}
    above: list[int] = []
    for index, entry in enumerate(entries):
        while above and entries[above[-1]].level >= entry.level:
            above.pop()
        below.setdefault(above[-1] if above else ROOT, []).append(index)
        above.append(index)
    return below


def first_and_last(entry: int, below: Mapping[int, Sequence[int]], references: Sequence[str]) -> str:
    """Return the entries of a bookmark, or of the root, that lead to what is below it."""
    children = below.get(entry)
    if not children:
        return ""
    count = how_many(entry, below)
    return f"/First {references[children[0]]}/Last {references[children[-1]]}/Count {count}"


def how_many(entry: int, below: Mapping[int, Sequence[int]]) -> int:
    """Return how many bookmarks are below `entry`, at any depth."""
    return sum(1 + how_many(child, below) for child in below.get(entry, ()))
