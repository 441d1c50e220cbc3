"""The shipped handouts as planned pages, for each audience, edition, paper and country: what the promises look at.

Every combination is composed and planned once. A `Printed` knows its lines of text, which block of the Document each
of them shows, and where on a page there is room for text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import product
from pathlib import Path

from msgspec import Struct

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

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 23)
INLINE = ("Span", "Link", "Strong", "Em", "Reference", "Quote")
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
AUDIENCES = ("family", "partners", "clinicians")
COUNTRIES = ("", "UK")
# What looks share is composed and laid out once, as in a build.
COMPOSED, LAID_OUT = RenderCache(), RenderCache()
ABOVE_CRISIS = 12.0  # the room between the last text of a page and the crisis box


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which handouts can be asked for."""

    edition: str
    paper: str
    country: str

    def __str__(self) -> str:
        return "-".join((self.edition, self.paper, self.country or "no country"))


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """One line of text: what was written as one paragraph, heading, cell or label (`block`), on one baseline."""

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
class Shown:
    """A block of the Document, and the lines that show it."""

    block: Block | Branch | Contact
    lines: tuple[TextLine, ...]

    @property
    def pages(self) -> list[int]:
        """The pages from 0 on which it stands."""
        return sorted({line.page for line in self.lines})


@dataclass(frozen=True)
class Printed:
    """A handout as it is planned, and what can be seen on its pages."""

    document: Document
    theme: Theme
    plan: PagePlan

    @property
    def edition(self) -> str:
        """The name of the edition."""
        return self.theme.edition.name

    @cached_property
    def parents(self) -> dict[Element, Element | None]:
        """What holds each element."""
        return dict(holders(self.plan.root, None))

    def ancestors(self, element: Element | None) -> Iterator[Element]:
        """Yield `element`, what holds it, and so on up to the root."""
        while element is not None:
            yield element
            element = self.parents.get(element)

    def block_of(self, element: Element) -> Element:
        """Return the paragraph, heading, cell or label that words of `element` are part of."""
        return next(each for each in self.ancestors(element) if each.role not in INLINE)

    def heads(self, block: Element) -> bool:
        """True if `block` is a heading or the number that stands before one."""
        return any(each.role in HEADINGS for each in self.ancestors(block))

    def is_read(self, item: PageItem) -> bool:
        """True if `item` is part of what is read, not furniture that is repeated."""
        return item.element is not None and item.element.role != ARTIFACT

    @cached_property
    def lines(self) -> tuple[TextLine, ...]:
        """All lines that are read, the crisis box too, in the order of painting."""
        found: dict[tuple[int, Element, float], list[TextItem]] = defaultdict(list)
        for number, page in enumerate(self.plan.pages):
            for item in texts_of(page):
                if item.element is not None and self.is_read(item):
                    found[number, self.block_of(item.element), round(item.baseline, 2)].append(item)
        return tuple(
            TextLine(page, block, tuple(items), around([item_bounds(item) for item in items]))
            for (page, block, _), items in found.items()
        )

    @cached_property
    def body(self) -> tuple[TextLine, ...]:
        """All lines that stand in the room for text."""
        return tuple(line for line in self.lines if line.extent.top < self.foot_of(line.page))

    @cached_property
    def table_heads(self) -> frozenset[str]:
        """The words in the heads of tables, which stand again, as artifacts, where a table goes on on another page."""
        heads = [item for line in self.lines if line.block.role == "TH" for item in line.items]
        return frozenset(item.run.text.strip() for item in heads)

    def foot_of(self, page: int) -> float:
        """Return where on `page` the room for text ends."""
        return self.feet[page]

    @cached_property
    def feet(self) -> tuple[float, ...]:
        """Where the room for text ends, for each page."""
        return tuple(map(self.find_foot, range(len(self.plan.pages))))

    def find_foot(self, page: int) -> float:
        """Return where the room for text ends on `page`: above the crisis box, the foot or the margin."""
        edge = self.theme.right - self.theme.margin
        frames = [
            item_bounds(item).top
            for item in self.plan.pages[page].items
            if isinstance(item, ShapeItem) and is_crisis_frame(item, edge)
        ]
        if frames:
            return max(frames) - ABOVE_CRISIS
        feet = [item_bounds(item).top for item in texts_of(self.plan.pages[page]) if has_subtype(item, "Footer")]
        return min(feet) - ABOVE_CRISIS if feet else self.plan.pages[page].height - self.theme.margin

    def head_of(self, page: int) -> float:
        """Return where on `page` the room for text begins: below the running head, or at the top of a cover."""
        running, largest = self.plan.pages[page], self.theme.print["foot"].size  # a repeated title is larger
        heads = [
            item_bounds(item).bottom
            for item in texts_of(running)
            if has_subtype(item, "Header") and item.run.size <= largest
        ]
        return max(heads) if heads else min(item_bounds(item).top for item in self.inside(page))

    def fill_of(self, page: int) -> float:
        """Return the share of the room for text that is filled on `page`."""
        head, foot = self.head_of(page), self.foot_of(page)
        lowest = max((item_bounds(item).bottom for item in self.inside(page)), default=head)
        return (lowest - head) / (foot - head)

    def inside(self, page: int) -> list[PageItem]:
        """Return what stands in the room for text of `page`."""
        foot = self.foot_of(page)
        items = [item for item in self.plan.pages[page].items if not is_furniture(item)]
        return [
            item for item in items if item_bounds(item).top < foot and item_bounds(item).bottom < foot + ABOVE_CRISIS
        ]

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """Each block of the Document with the lines that show it, found by its words in reading order."""
        spoken, owners = self.spoken
        owned: list[tuple[TextLine, ...]] = []
        place = 0
        for words in words_of(self.document.blocks):
            start = spoken.find(squeezed(words), place)
            place = start + len(squeezed(words)) if start >= 0 else place  # a label without room is a finding
            owned.append(tuple(dict.fromkeys(owners[start:place])) if start >= 0 else ())
        return tuple(
            Shown(block, tuple(dict.fromkeys(line for lines in owned[first:last] for line in lines)))
            for block, first, last in stretches(self.document.blocks, 0)
        )

    @cached_property
    def spoken(self) -> tuple[str, tuple[TextLine, ...]]:
        """All that is read, without spaces, in the order of the tree; and the line that each sign stands in."""
        lines = {id(item): line for line in self.lines for item in line.items}
        items: dict[Element, list[TextItem]] = defaultdict(list)
        for item in (each for page in self.plan.pages for each in texts_of(page) if each.element):
            items[item.element].append(item)  # type: ignore[index]
        words, owners = [], []
        for element in self.parents:
            for item in items[element]:
                said = squeezed(item.run.text)
                words.append(said)
                owners += [lines[id(item)]] * len(said)
        return "".join(words), tuple(owners)


def stretches(node: object, first: int) -> Iterator[tuple[Block | Branch | Contact, int, int]]:
    """Yield each block in `node`, whose words begin at `first`, with where its own begin and end among those of all."""
    if isinstance(node, tuple):
        for child in node:
            yield from stretches(child, first)
            first += count_of(child)
        return
    if isinstance(node, Block | Branch | Contact):
        yield node, first, first + count_of(node)
    if isinstance(node, Struct) and not isinstance(
        node, Figure | Chart | Picture | QrCode | Contact | Contacts | Location
    ):
        for name in node.__struct_fields__:
            yield from stretches(getattr(node, name), first)
            first += count_of(getattr(node, name))


def count_of(node: object) -> int:
    """Return how many texts there are in `node`."""
    if isinstance(node, tuple) and not is_inlines(node):
        return sum(map(count_of, node))
    holds_words = isinstance(node, Struct | tuple) and not isinstance(node, Location)
    return len(list(words_of(node))) if holds_words else 0  # type: ignore[arg-type]


def holders(element: Element, holder: Element | None) -> Iterator[tuple[Element, Element | None]]:
    """Yield `element` and all below it in reading order, each with what holds it."""
    yield element, holder
    for child in element.children:
        yield from holders(child, element)


def texts_of(page: Page) -> list[TextItem]:
    """Return the texts of a page in the order of painting."""
    return [item for item in page.items if isinstance(item, TextItem)]


def is_crisis_frame(item: ShapeItem, width: float) -> bool:
    """True if `item` is the frame of the crisis box: from margin to margin, black on white."""
    shape = item.shape
    return (
        isinstance(shape, Rectangle) and abs(shape.width - width) < 1 and (shape.fill, shape.stroke) == ("white", "ink")
    )


def is_furniture(item: PageItem) -> bool:
    """True if `item` is part of a running head or foot."""
    return item.element is not None and item.element.role == ARTIFACT


def has_subtype(item: TextItem, kind: str) -> bool:
    """True if `item` belongs to a running head or foot of this `kind`."""
    return item.element is not None and ("Artifact", "Subtype", kind) in item.element.attributes


def around(extents: Sequence[CoveredArea]) -> CoveredArea:
    """Return the extent of all of `extents`."""
    first, *others = extents
    for each in others:
        first = first.around(each)
    return first


def squeezed(text: str) -> str:
    """Return `text` without anything that a line break may add or take away."""
    return re.sub(r"[\s\u200b\u00ad]", "", text)


# ---------------------------------------------------------------- every combination


def looks() -> list[Look]:
    """Return all combinations of edition, paper and country that there are."""
    editions = library().themes[library().service.theme].editions.values()
    return [
        Look(edition.name, paper, country)
        for edition in editions
        for paper, country in product(edition.papers, COUNTRIES)
    ]


@cache
def library() -> Library:
    """Return the shipped content."""
    return load_library(ROOT / "content", ROOT / "templates")


@cache
def deliverables(look: Look) -> tuple[Deliverable, ...]:
    """Return the handouts of all audiences in one look, composed."""
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
    return plan_deliverables(library(), options, COMPOSED)[0]


@cache
def printed(audience: str, look: Look) -> Printed:
    """Return one shipped handout, planned."""
    (one,) = (each for each in deliverables(look) if each.audience == audience)
    return Printed(one.document, one.theme, plan_document(one.document, one.theme, cache=LAID_OUT))
