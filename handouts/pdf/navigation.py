"""Links, named destinations and bookmarks.

A link leads to an https, mailto or tel address or to an anchor in the same file, never to a script, a file or a
program. The destination of an anchor or a bookmark is where its element first appears.
"""

from __future__ import annotations

from collections.abc import Set
from urllib.parse import quote

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFObject, PDFString
from reportlab.pdfgen.canvas import Canvas

from handouts.document.nodes import LINK_SCHEMES
from handouts.layout.page_model import Element, Page, PagePlan
from handouts.layout.structure_tree import ElementPlace, ElementPlaces
from handouts.pdf.objects import PRINT_FLAG, PdfFile, pdf_corners, text_string
from handouts.pdf.tags import Annotation

# These characters are written as they are in an address; all others are percent-encoded UTF-8 (RFC 3986, 2).
_SAFE_IN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"
_DESTINATION_MARGIN = 6.0  # how much of the page is shown above the element that a destination leads to


def add_page_links(number: int, page: Page, places: ElementPlaces, first_key: int, file: PdfFile) -> list[Annotation]:
    """Write an annotation for each line of each link on a page, with keys in the parent tree from `first_key`."""
    anchors = {element.anchor for element in places.first}
    areas = [area for area in places.links if area.page == number]
    return [
        Annotation(_add_link(area.link, pdf_corners(area.extent, page.height), key, anchors, file), number, area.link)
        for key, area in enumerate(areas, first_key)
    ]


def _add_link(link: Element, corners: str, key: int, anchors: Set[str], file: PdfFile) -> str:
    """Write the annotation for one line of a link and return the reference to it.

    See ISO 32000-1, 12.5.6.5 and ISO 14289-1, 7.18.5.

    ValueError for an address of another kind and for an unknown anchor.
    """
    if link.role != "Link":
        raise ValueError(f"an element of role {link.role} leads to '{link.target}' and is not a Link")
    if not link.target.startswith("#"):
        if not link.target.lower().startswith(LINK_SCHEMES):
            raise ValueError(f"a link leads to '{link.target}', which is no https, mailto or tel address")
        leads = f"/A<</S/URI/URI{text_string(quote(link.target, safe=_SAFE_IN_ADDRESS))}>>"
    elif link.target[1:] in anchors:
        leads = f"/Dest{text_string(link.target[1:])}"
    else:
        raise ValueError(f"a link leads to '{link.target}', which is nowhere in the file")
    return file.add(
        f"<</Type/Annot/Subtype/Link/Rect[{corners}]/F {PRINT_FLAG}/Border[0 0 0]/StructParent {key}"
        f"/Contents{text_string(link.tooltip or link.target)}{leads}>>"
    )


class Destinations:
    """Gives the canvas the destinations of all anchors and bookmarks: `add_page` for each page, then `finish`.

    ValueError for an anchor that occurs twice and for a bookmark whose element is on no page.
    """

    def __init__(self, plan: PagePlan, places: ElementPlaces) -> None:
        self._outline = plan.outline
        self._places: dict[str, ElementPlace] = {}
        self._destinations: dict[str, PDFObject] = {}
        for element, place in places.first.items():
            if element.anchor:
                if _anchor_key(element.anchor) in self._places:
                    raise ValueError(f"the anchor '{element.anchor}' appears twice")
                self._places[_anchor_key(element.anchor)] = place
        for number, entry in enumerate(plan.outline):
            if entry.element not in places.first:
                raise ValueError(f"the bookmark '{entry.title}' leads to what is on no page")
            self._places[_bookmark_key(number)] = places.first[entry.element]

    def add_page(self, number: int, height: float, canvas: Canvas) -> None:
        """Add the destinations on the current page of `canvas`, which keep the reader's zoom."""
        for key, place in self._places.items():
            if place.page == number:
                top = min(height - place.top + _DESTINATION_MARGIN, height)
                self._destinations[key] = canvas.bookmarkPage(key, fit="XYZ", top=top)

    def finish(self, canvas: Canvas) -> None:
        """Add the outline, fully open, and the name tree of the anchors (ISO 32000-1, 12.3.2.3 and 7.9.6)."""
        above: list[int] = []
        for number, entry in enumerate(self._outline):
            above = [*(level for level in above if level < entry.level), entry.level]
            canvas.addOutlineEntry(entry.title, _bookmark_key(number), len(above) - 1)
        named = sorted((key, place) for key, place in self._destinations.items() if key.startswith(_anchor_key("")))
        pairs = [part for key, place in named for part in (PDFString(key.removeprefix(_anchor_key(""))), place)]
        canvas.setCatalogEntry("Names", {"Dests": PDFDictionary({"Names": PDFArray(pairs)})})


def _anchor_key(anchor: str) -> str:
    """Return the canvas's name for the destination of an anchor."""
    return f"anchor {anchor}"


def _bookmark_key(number: int) -> str:
    """Return the canvas's name for the destination of a bookmark."""
    return f"bookmark {number}"
