"""The shipped handouts as planned pages, for each audience, edition, paper and country.

Each combination is composed and planned once. A `PlannedHandout` gives its lines of text, the blocks of the Document
that they belong to, and the text area of each page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import product

from msgspec import Struct
from paths import ROOT
from pdf_text import INLINE

from handouts.document.nodes import Block, Branch, Chart, Contact, Contacts, Document, Figure, Picture, QrCode
from handouts.document.text import is_inlines, words_of
from handouts.figures.shapes import Rectangle
from handouts.finding import Location
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_model import (
    ARTIFACT,
    CoveredArea,
    Element,
    Page,
    PageItem,
    PagePlan,
    ShapeItem,
    TextItem,
    item_bounds,
)
from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.render_cache import RenderCache
from handouts.theme import Theme

TODAY = date(2026, 11, 23)
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
AUDIENCES = ("family", "partners", "clinicians")
COUNTRIES = ("", "UK")
# Shared between looks, as in a build.
COMPOSITION_CACHE, LAYOUT_CACHE = RenderCache(), RenderCache()
CRISIS_GAP = 12.0  # between the last text of a page and the crisis box


@dataclass(frozen=True, slots=True)
class Look:
    """A combination of edition, paper and country."""

    edition: str
    paper: str
    country: str

    def __str__(self) -> str:
        return "-".join((self.edition, self.paper, self.country or "no country"))


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """One line of text: the text items of one paragraph, heading, cell or label (`block`) on one baseline."""

    page: int
    block: Element
    items: tuple[TextItem, ...]
    extent: CoveredArea

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join(item.run.text for item in self.items).rstrip()

    @property
    def size(self) -> float:
        """The size of the smallest type in the line."""
        return min(item.run.size for item in self.items)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedBlock:
    """A block of the Document with its lines of text."""

    block: Block | Branch | Contact
    lines: tuple[TextLine, ...]

    @property
    def pages(self) -> list[int]:
        """The indexes of its pages."""
        return sorted({line.page for line in self.lines})


@dataclass(frozen=True)
class PlannedHandout:
    """A handout and its page plan, with the lines and blocks found on its pages."""

    document: Document
    theme: Theme
    plan: PagePlan

    @property
    def edition(self) -> str:
        """The name of the edition."""
        return self.theme.edition.name

    @cached_property
    def parents(self) -> dict[Element, Element | None]:
        """The parent of each structure element."""
        return dict(with_parents(self.plan.root, None))

    def ancestors(self, element: Element | None) -> Iterator[Element]:
        """Yield `element` and its ancestors up to the root."""
        while element is not None:
            yield element
            element = self.parents.get(element)

    def block_element(self, element: Element) -> Element:
        """Return the nearest block-level element: the paragraph, heading, cell or label that contains `element`."""
        return next(each for each in self.ancestors(element) if each.role not in INLINE)

    def is_heading(self, block: Element) -> bool:
        """True if `block` is a heading or part of one, such as its number."""
        return any(each.role in HEADINGS for each in self.ancestors(block))

    def is_content(self, item: PageItem) -> bool:
        """True if `item` belongs to the content, and is no artifact."""
        return item.element is not None and item.element.role != ARTIFACT

    @cached_property
    def lines(self) -> tuple[TextLine, ...]:
        """All lines of the content, with the crisis box, in painting order."""
        found: dict[tuple[int, Element, float], list[TextItem]] = defaultdict(list)
        for number, page in enumerate(self.plan.pages):
            for item in text_items(page):
                if item.element is not None and self.is_content(item):
                    found[number, self.block_element(item.element), round(item.baseline, 2)].append(item)
        return tuple(
            TextLine(page, block, tuple(items), union_area([item_bounds(item) for item in items]))
            for (page, block, _), items in found.items()
        )

    @cached_property
    def body(self) -> tuple[TextLine, ...]:
        """All lines in the text area."""
        return tuple(line for line in self.lines if line.extent.top < self.text_bottom(line.page))

    @cached_property
    def table_heads(self) -> frozenset[str]:
        """The texts of table headers, which are repeated as artifacts where a table continues on another page."""
        items = [item for line in self.lines if line.block.role == "TH" for item in line.items]
        return frozenset(item.run.text.strip() for item in items)

    def text_bottom(self, page: int) -> float:
        """Return the bottom of the text area of `page`."""
        return self.text_bottoms[page]

    @cached_property
    def text_bottoms(self) -> tuple[float, ...]:
        """The bottom of the text area of each page."""
        return tuple(map(self.measured_text_bottom, range(len(self.plan.pages))))

    def measured_text_bottom(self, page: int) -> float:
        """Return the bottom of the text area of `page`: above the crisis box, the footer or the margin."""
        edge = self.theme.right - self.theme.margin
        frames = [
            item_bounds(item).top
            for item in self.plan.pages[page].items
            if isinstance(item, ShapeItem) and is_crisis_frame(item, edge)
        ]
        if frames:
            return max(frames) - CRISIS_GAP
        footers = [item_bounds(item).top for item in text_items(self.plan.pages[page]) if has_subtype(item, "Footer")]
        return min(footers) - CRISIS_GAP if footers else self.plan.pages[page].height - self.theme.margin

    def text_top(self, page: int) -> float:
        """Return the top of the text area of `page`: below the running header, or at the first item of a cover."""
        running, largest = self.plan.pages[page], self.theme.print["foot"].size  # a repeated title is larger
        headers = [
            item_bounds(item).bottom
            for item in text_items(running)
            if has_subtype(item, "Header") and item.run.size <= largest
        ]
        return max(headers) if headers else min(item_bounds(item).top for item in self.body_items(page))

    def fill_ratio(self, page: int) -> float:
        """Return how much of the text area of `page` is filled, from 0 to 1."""
        head, foot = self.text_top(page), self.text_bottom(page)
        lowest = max((item_bounds(item).bottom for item in self.body_items(page)), default=head)
        return (lowest - head) / (foot - head)

    def body_items(self, page: int) -> list[PageItem]:
        """Return the items in the text area of `page`."""
        foot = self.text_bottom(page)
        items = [item for item in self.plan.pages[page].items if not is_artifact(item)]
        return [item for item in items if item_bounds(item).top < foot and item_bounds(item).bottom < foot + CRISIS_GAP]

    @cached_property
    def placed_blocks(self) -> tuple[PlacedBlock, ...]:
        """Each block of the Document with its lines, which are matched by text in reading order."""
        all_text, owners = self.reading_text
        owned: list[tuple[TextLine, ...]] = []
        position = 0
        for words in words_of(self.document.blocks):
            start = all_text.find(without_whitespace(words), position)
            position = (
                start + len(without_whitespace(words)) if start >= 0 else position
            )  # a label that does not fit is a finding
            owned.append(tuple(dict.fromkeys(owners[start:position])) if start >= 0 else ())
        return tuple(
            PlacedBlock(block, tuple(dict.fromkeys(line for lines in owned[first:last] for line in lines)))
            for block, first, last in block_ranges(self.document.blocks, 0)
        )

    @cached_property
    def reading_text(self) -> tuple[str, tuple[TextLine, ...]]:
        """The text in the order of the structure tree, without whitespace, and the line of each of its characters."""
        lines = {id(item): line for line in self.lines for item in line.items}
        items: dict[Element, list[TextItem]] = defaultdict(list)
        for item in (each for page in self.plan.pages for each in text_items(page) if each.element):
            items[item.element].append(item)  # type: ignore[index]
        words, owners = [], []
        for element in self.parents:
            for item in items[element]:
                text = without_whitespace(item.run.text)
                words.append(text)
                owners += [lines[id(item)]] * len(text)
        return "".join(words), tuple(owners)


def block_ranges(node: object, first: int) -> Iterator[tuple[Block | Branch | Contact, int, int]]:
    """Yield each block in `node` with the range of its texts, counted from `first`, the first text of `node`."""
    if isinstance(node, tuple):
        for child in node:
            yield from block_ranges(child, first)
            first += text_count(child)
        return
    if isinstance(node, Block | Branch | Contact):
        yield node, first, first + text_count(node)
    if isinstance(node, Struct) and not isinstance(
        node, Figure | Chart | Picture | QrCode | Contact | Contacts | Location
    ):
        for name in node.__struct_fields__:
            yield from block_ranges(getattr(node, name), first)
            first += text_count(getattr(node, name))


def text_count(node: object) -> int:
    """Return the number of texts in `node`."""
    if isinstance(node, tuple) and not is_inlines(node):
        return sum(map(text_count, node))
    holds_words = isinstance(node, Struct | tuple) and not isinstance(node, Location)
    return len(list(words_of(node))) if holds_words else 0  # type: ignore[arg-type]


def with_parents(element: Element, parent: Element | None) -> Iterator[tuple[Element, Element | None]]:
    """Yield `element` and its descendants in reading order, each with its parent."""
    yield element, parent
    for child in element.children:
        yield from with_parents(child, element)


def text_items(page: Page) -> list[TextItem]:
    """Return the text items of a page in painting order."""
    return [item for item in page.items if isinstance(item, TextItem)]


def is_crisis_frame(item: ShapeItem, width: float) -> bool:
    """True if `item` is the frame of the crisis box: from margin to margin, black on white."""
    shape = item.shape
    return (
        isinstance(shape, Rectangle) and abs(shape.width - width) < 1 and (shape.fill, shape.stroke) == ("white", "ink")
    )


def is_artifact(item: PageItem) -> bool:
    """True if `item` is part of a running header or footer."""
    return item.element is not None and item.element.role == ARTIFACT


def has_subtype(item: TextItem, kind: str) -> bool:
    """True if `item` is an artifact with the subtype `kind`, such as "Header"."""
    return item.element is not None and ("Artifact", "Subtype", kind) in item.element.attributes


def union_area(extents: Sequence[CoveredArea]) -> CoveredArea:
    """Return the smallest area that contains all `extents`."""
    first, *others = extents
    for each in others:
        first = first.around(each)
    return first


def without_whitespace(text: str) -> str:
    """Return `text` without whitespace, zero-width spaces and soft hyphens, which line breaks may add or remove."""
    return re.sub(r"[\s\u200b\u00ad]", "", text)


# ---------------------------------------------------------------- every combination


def all_looks() -> list[Look]:
    """Return all combinations of edition, paper and country."""
    editions = shipped_library().themes[shipped_library().service.theme].editions.values()
    return [
        Look(edition.name, paper, country)
        for edition in editions
        for paper, country in product(edition.papers, COUNTRIES)
    ]


@cache
def shipped_library() -> Library:
    """Return the shipped content."""
    return load_library(ROOT / "content", ROOT / "templates")


@cache
def deliverables(look: Look) -> tuple[Deliverable, ...]:
    """Return the composed handouts of all audiences in one look."""
    options = Options(
        ROOT / "content",
        ROOT / "templates",
        ROOT / "output",
        template_names=("handout",),
        country=look.country,
        papers=(look.paper,),
        editions=(look.edition,),
        today=TODAY,
    )
    return plan_deliverables(shipped_library(), options, COMPOSITION_CACHE)[0]


@cache
def planned_handout(audience: str, look: Look) -> PlannedHandout:
    """Return the page plan of one shipped handout."""
    (deliverable,) = (each for each in deliverables(look) if each.audience == audience)
    return PlannedHandout(
        deliverable.document,
        deliverable.theme,
        plan_document(deliverable.document, deliverable.theme, cache=LAYOUT_CACHE),
    )
