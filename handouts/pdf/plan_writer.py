"""Write planned pages as the bytes of a tagged PDF.

Paints each item where the plan says, as the marked content of its element or as an artifact. Must never move,
measure or leave out anything; the same plan gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from handouts.document.nodes import Document
from handouts.layout.page_model import (
    ARTIFACT,
    Element,
    FieldItem,
    ImageItem,
    LinkItem,
    Page,
    PageItem,
    PagePlan,
    ShapeItem,
    TextItem,
)
from handouts.layout.structure_tree import find_element_places
from handouts.pdf.embedded_fonts import FileFonts, embed_fonts, show_run
from handouts.pdf.forms import write_form
from handouts.pdf.graphics import FileImages, colour_operands, image_operators, shape_operators, write_images
from handouts.pdf.metadata import CatalogEntries, catalog_dictionary, info_dictionary
from handouts.pdf.navigation import name_tree, write_links, write_outline
from handouts.pdf.objects import PdfFile, pdf_number, pdf_numbers
from handouts.pdf.tags import PaintedContent, PaintedPlan, write_tags
from handouts.theme import Theme

REPEATED_FORM = "Repeated"  # what pages call by this name is written once


def write_plan(plan: PagePlan, document: Document, theme: Theme) -> bytes:
    """Return `plan` as the bytes of a PDF file that conforms to PDF/UA-1 and PDF/A-2a; without tags to PDF/A-2b.

    One with fields to fill in conforms to PDF/UA-1 alone.
    """
    file = PdfFile()
    places = find_element_places(plan)
    links = write_links(places, plan, file)
    form = write_form(plan, file, len(plan.pages) + len(links), theme.colours)
    written = (*links, *form.annotations)
    paint = PaintContext(theme, FileFonts(), write_images(plan, file), PaintedContent(), plan.repeated)
    stamp = write_repeated_form(plan, paint, file)
    pages = []
    for index, page in enumerate(plan.pages):
        annotations = tuple(each.reference for each in written if each.page == index)
        paint.marks.pages.append([])
        operators = paint_page(page, paint)
        called = {
            **paint.images.on(page),
            **({REPEATED_FORM: stamp} if split_repeated_items(page, plan.repeated)[1] else {}),
        }
        pages.append(file.add_page((page.width, page.height), operators, annotations, called))
    embed_fonts(paint.fonts, file)
    painted = PaintedPlan(plan, places, paint.marks, written, pages)
    tags = write_tags(painted, file) if plan.tagged else ""
    ways = CatalogEntries(tags, write_outline(painted, file), name_tree(painted), form.syntax)
    catalog = catalog_dictionary(document, file, ways)
    return file.finish(catalog, info_dictionary(document))


class PaintContext(Struct, frozen=True):
    """What pages are painted with: looks, fonts and images, the marks of what was painted for whom, and what is
    `repeated` and was painted before.
    """

    theme: Theme
    fonts: FileFonts
    images: FileImages
    marks: PaintedContent
    repeated: tuple[PageItem, ...]


def write_repeated_form(plan: PagePlan, paint: PaintContext, file: PdfFile) -> str:
    """Write what pages repeat, for all of them to call, and return the reference to it; "" if no page has any."""
    stamped = [page for page in plan.pages if split_repeated_items(page, plan.repeated)[1]]
    if not stamped:
        return ""
    return file.add_form((stamped[0].width, stamped[0].height), paint_items(plan.repeated, stamped[0], paint))


def split_repeated_items(
    page: Page, repeated: tuple[PageItem, ...]
) -> tuple[tuple[PageItem, ...], tuple[PageItem, ...], tuple[PageItem, ...]]:
    """Return what stands on a page before what is repeated, that, and what stands after it."""
    first = next((index for index, item in enumerate(page.items) if repeated and item is repeated[0]), len(page.items))
    end = first + len(repeated)
    return page.items[:first], page.items[first:end], page.items[end:]


def paint_page(page: Page, paint: PaintContext) -> list[str]:
    """Return the operators that paint `page`, and note what was painted for whom."""
    before, stamped, after = split_repeated_items(page, paint.repeated)
    stamp = [f"/Artifact BMC\n/{REPEATED_FORM} Do\nEMC"] if stamped else []
    return paint_groups(before, page, paint) + stamp + paint_groups(after, page, paint)


def paint_groups(painted: Iterable[PageItem], page: Page, paint: PaintContext) -> list[str]:
    """Return the operators that paint some of the items of `page`, and note for whom."""
    operators: list[str] = []
    for element, group in groupby(painted, key=attrgetter("element")):
        items = tuple(group)
        if isinstance(items[0], FieldItem | LinkItem):
            paint.marks.painted += len(items)
            continue
        operators += (begin_marked_content(element, len(items), paint.marks), *paint_items(items, page, paint), "EMC")
    return operators


def begin_marked_content(element: Element | None, items: int, marks: PaintedContent) -> str:
    """Return the operator that says to which element, or kind of artifact, the next `items` belong."""
    if element is None:
        return "/Artifact BMC"
    if element.role == ARTIFACT:
        entries = "".join(f"/{key}/{value}" for _, key, value in element.attributes)
        return f"/Artifact<<{entries}>>BDC"
    return f"/{element.role}<</MCID {marks.add(element, items).number}>>BDC"


def paint_items(items: tuple[PageItem, ...], page: Page, paint: PaintContext) -> Iterator[str]:
    """Yield the operators that paint `items`; texts that follow each other stand in one block."""
    theme = paint.theme
    for kind, same in groupby(items, key=type):
        if kind is TextItem:
            yield paint_texts((item for item in same if isinstance(item, TextItem)), page, theme, paint.fonts)
            continue
        for item in same:
            if isinstance(item, ShapeItem):
                yield shape_operators(item.shape, item.x, item.y, page.height, theme.colours, theme.edition.hatched)
            elif isinstance(item, ImageItem):
                yield image_operators(paint.images.names[item.content], item, page.height)


def paint_texts(items: Iterable[TextItem], page: Page, theme: Theme, fonts: FileFonts) -> str:
    """Return the operators that show texts; each block sets its own font and colour and keeps nothing."""
    parts, font_set, colour_set = ["BT"], "", ""
    for item in items:
        font = fonts.font(item.run.face)
        wanted = f"/{font.name} {pdf_number(item.run.size)} Tf"
        if wanted != font_set:
            parts.append(wanted)
        if item.colour != colour_set:
            parts.append(f"{colour_operands(item.colour, theme.colours)} rg")
        font_set, colour_set = wanted, item.colour
        parts.append(f"1 0 0 1 {pdf_numbers(item.x, page.height - item.baseline)} Tm")
        parts.append(show_run(item.run, font))
    return "\n".join((*parts, "ET"))
