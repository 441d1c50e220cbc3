"""A Plan in, the bytes of a tagged PDF out: the dull half, which puts everything where the plan says.

What belongs to an element is marked as its content, everything else is an artifact; nothing is moved, measured or left
out here. The same plan gives the same bytes: no clock, file or chance is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from handouts.document import Document
from handouts.pdf.fonts import FontBook, embed_fonts, show
from handouts.pdf.forms import write_form
from handouts.pdf.images import ImageBook, show_image, write_images
from handouts.pdf.marks import Marks, Painted
from handouts.pdf.metadata import Ways, catalog_syntax, info_syntax
from handouts.pdf.navigation import names_syntax, write_links, write_outline
from handouts.pdf.objects import File, number, numbers
from handouts.pdf.page import Element, FieldItem, ImageItem, Item, LinkItem, Page, Plan, ShapeItem, TextItem
from handouts.pdf.pen import colour, draw_shape
from handouts.pdf.places import ARTIFACT, find_places
from handouts.pdf.tags import write_tags
from handouts.theme import Theme

STAMP = "Repeated"  # what pages call by this name is written once


def draw_plan(plan: Plan, document: Document, theme: Theme) -> bytes:
    """Return `plan` as the bytes of a PDF file that conforms to PDF/UA-1 and PDF/A-2a; without tags to PDF/A-2b.

    One with fields to fill in conforms to PDF/UA-1 alone.
    """
    file = File()
    places = find_places(plan)
    links = write_links(places, plan, file)
    form = write_form(plan, file, len(plan.pages) + len(links), theme.colours)
    written = (*links, *form.annotations)
    paint = Paint(theme, FontBook(), write_images(plan, file), Marks(), plan.repeated)
    stamp = write_stamp(plan, paint, file)
    pages = []
    for index, page in enumerate(plan.pages):
        annotations = tuple(each.reference for each in written if each.page == index)
        paint.marks.pages.append([])
        operators = paint_page(page, paint)
        called = {**paint.images.on(page), **({STAMP: stamp} if split_page(page, plan.repeated)[1] else {})}
        pages.append(file.add_page((page.width, page.height), operators, annotations, called))
    embed_fonts(paint.fonts, file)
    painted = Painted(plan, places, paint.marks, written, pages)
    tags = write_tags(painted, file) if plan.tagged else ""
    ways = Ways(tags, write_outline(painted, file), names_syntax(painted), form.syntax)
    catalog = catalog_syntax(document, file, ways)
    return file.finish(catalog, info_syntax(document))


class Paint(Struct, frozen=True):
    """What pages are painted with: looks, fonts and images, the marks of what was painted for whom, and what is
    `repeated` and was painted before.
    """

    theme: Theme
    fonts: FontBook
    images: ImageBook
    marks: Marks
    repeated: tuple[Item, ...]


def write_stamp(plan: Plan, paint: Paint, file: File) -> str:
    """Write what pages repeat, for all of them to call, and return the reference to it; "" if no page has any."""
    stamped = [page for page in plan.pages if split_page(page, plan.repeated)[1]]
    if not stamped:
        return ""
    return file.add_form((stamped[0].width, stamped[0].height), paint_items(plan.repeated, stamped[0], paint))


def split_page(page: Page, repeated: tuple[Item, ...]) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]]:
    """Return what stands on a page before what is repeated, that, and what stands after it."""
    first = next((index for index, item in enumerate(page.items) if repeated and item is repeated[0]), len(page.items))
    end = first + len(repeated)
    return page.items[:first], page.items[first:end], page.items[end:]


def paint_page(page: Page, paint: Paint) -> list[str]:
    """Return the operators that paint `page`, and note what was painted for whom."""
    before, stamped, after = split_page(page, paint.repeated)
    stamp = [f"/Artifact BMC\n/{STAMP} Do\nEMC"] if stamped else []
    return paint_groups(before, page, paint) + stamp + paint_groups(after, page, paint)


def paint_groups(painted: Iterable[Item], page: Page, paint: Paint) -> list[str]:
    """Return the operators that paint some of the items of `page`, and note for whom."""
    operators: list[str] = []
    for element, group in groupby(painted, key=attrgetter("element")):
        items = tuple(group)
        if isinstance(items[0], FieldItem | LinkItem):
            paint.marks.painted += len(items)
            continue
        operators += (marked_start(element, len(items), paint.marks), *paint_items(items, page, paint), "EMC")
    return operators


def marked_start(element: Element | None, items: int, marks: Marks) -> str:
    """Return the operator that says to which element, or kind of artifact, the next `items` belong."""
    if element is None:
        return "/Artifact BMC"
    if element.role == ARTIFACT:
        entries = "".join(f"/{key}/{value}" for _, key, value in element.attributes)
        return f"/Artifact<<{entries}>>BDC"
    return f"/{element.role}<</MCID {marks.add(element, items).number}>>BDC"


def paint_items(items: tuple[Item, ...], page: Page, paint: Paint) -> Iterator[str]:
    """Yield the operators that paint `items`; texts that follow each other stand in one block."""
    theme = paint.theme
    for kind, same in groupby(items, key=type):
        if kind is TextItem:
            yield paint_texts((item for item in same if isinstance(item, TextItem)), page, theme, paint.fonts)
            continue
        for item in same:
            if isinstance(item, ShapeItem):
                yield draw_shape(item.shape, item.x, item.y, page.height, theme.colours, theme.edition.hatched)
            elif isinstance(item, ImageItem):
                yield show_image(paint.images.names[item.content], item, page.height)


def paint_texts(items: Iterable[TextItem], page: Page, theme: Theme, fonts: FontBook) -> str:
    """Return the operators that show texts; each block sets its own font and colour and keeps nothing."""
    parts, font_set, colour_set = ["BT"], "", ""
    for item in items:
        font = fonts.font(item.run.face)
        wanted = f"/{font.name} {number(item.run.size)} Tf"
        if wanted != font_set:
            parts.append(wanted)
        if item.colour != colour_set:
            parts.append(f"{colour(item.colour, theme.colours)} rg")
        font_set, colour_set = wanted, item.colour
        parts.append(f"1 0 0 1 {numbers(item.x, page.height - item.baseline)} Tm")
        parts.append(show(item.run, font))
    return "\n".join((*parts, "ET"))
