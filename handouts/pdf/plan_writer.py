"""Write planned pages as a tagged PDF file.

Paints each item where the plan says, as the marked content of its element or as an artifact. Must never move,
measure or leave out anything; the same plan gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import partial
from itertools import count, groupby

from msgspec import Struct
from msgspec.structs import replace
from reportlab.pdfgen.canvas import Canvas

from handouts.document.nodes import Document, Rendered
from handouts.finding import is_error
from handouts.layout.page_model import (
    ARTIFACT,
    Element,
    FieldItem,
    GroupItem,
    ImageItem,
    LinkItem,
    Page,
    PageItem,
    PagePlan,
    ShapeItem,
    TextItem,
    leaf_items,
)
from handouts.layout.structure_tree import find_element_places
from handouts.pdf.embedded_fonts import EmbeddedFont, embed_fonts, fonts_of_plan
from handouts.pdf.forms import FormWriter
from handouts.pdf.graphics import Pen, draw_image, draw_shape, draw_texts, image_name, write_images
from handouts.pdf.metadata import add_metadata, set_information
from handouts.pdf.navigation import Destinations, add_page_links
from handouts.pdf.objects import PdfFile, operators_drawn, stream_object
from handouts.pdf.tags import Annotation, add_tags, content_groups
from handouts.render_cache import RenderCache
from handouts.text.fonts import FontFace
from handouts.theme import Theme

_REPEATED_FORM = "Repeated"  # the name of the form XObject with the items that several pages repeat


def write_plan(plan: PagePlan, document: Document, theme: Theme, *, cache: RenderCache | None = None) -> Rendered:
    """Return `plan` as a PDF file that conforms to PDF/UA-1 and PDF/A-2a, or to PDF/A-2b if it is not tagged.

    A file with form fields conforms to PDF/UA-1 alone. The `cache` holds what several files share, such as fonts and
    equal pages. If something does not fit, there are no bytes.
    """
    if any(map(is_error, plan.findings)):
        return Rendered(b"", len(plan.pages), plan.findings)
    cache = cache or RenderCache()
    file, places = PdfFile(document.language), find_element_places(plan)
    set_information(document, file.canvas)
    paint = _PaintContext(theme, fonts_of_plan(plan), plan.repeated)
    forms = _write_forms(plan, paint, file)
    fields, destinations = FormWriter(plan, file, theme.colours), Destinations(plan, places)
    annotations: list[Annotation] = []
    pages: list[str] = []
    for number, page in enumerate(plan.pages):
        file.canvas.setPageSize((page.width, page.height))
        destinations.add_page(number, page.height, file.canvas)
        key = len(plan.pages) + len(annotations)
        links = add_page_links(number, page, places, key, file)
        written = [*links, *fields.add_page(page, number, key + len(links))]
        annotations += written
        content = cache.get_or_compute(_page_key(page, paint), partial(_page_stream, page, paint))
        pages.append(file.end_page(content, [each.reference for each in written], _forms_of_page(page, forms, paint)))
    destinations.finish(file.canvas)
    embed_fonts(paint.fonts, file, cache)
    if plan.tagged:
        add_tags(plan, places, annotations, pages, file)
    form = fields.finish()
    if form:
        file.add_catalog_entry("AcroForm", form)
    add_metadata(document, file, tagged=plan.tagged, fillable=bool(form))
    return Rendered(file.finish(), len(plan.pages), plan.findings)


def write_page(plan: PagePlan, number: int, theme: Theme, *, cache: RenderCache) -> bytes:
    """Return page `number` of `plan`, from 0, as a PDF file to look at, without tags, links and fields."""
    alone, file = replace(plan, pages=(plan.pages[number],)), PdfFile()
    paint, page = _PaintContext(theme, fonts_of_plan(alone), plan.repeated), alone.pages[0]
    forms = _write_forms(alone, paint, file)
    file.canvas.setPageSize((page.width, page.height))
    file.end_page(_page_stream(page, paint), (), _forms_of_page(page, forms, paint))
    embed_fonts(paint.fonts, file, cache)
    return file.finish()


class _PaintContext(Struct, frozen=True):
    """What pages are painted with: the theme, the fonts of the file, and the items that several pages repeat."""

    theme: Theme
    fonts: Mapping[FontFace, EmbeddedFont]
    repeated: tuple[PageItem, ...]


def _write_forms(plan: PagePlan, paint: _PaintContext, file: PdfFile) -> dict[str, str]:
    """Write the images of `plan` and the items that pages repeat, and return the references to them by their names."""
    forms = write_images(plan, file)
    page = next((page for page in plan.pages if _split_at_repeated(page, paint)[1]), None)
    if page:
        operators = operators_drawn(lambda canvas: _draw_items(plan.repeated, page.height, canvas, paint))
        forms[_REPEATED_FORM] = file.add_form((page.width, page.height), operators)
    return forms


def _split_at_repeated(page: Page, paint: _PaintContext) -> tuple[tuple[PageItem, ...], ...]:
    """Return the items of `page` before the repeated ones, the repeated ones, and those after them."""
    repeated = paint.repeated
    first = next((index for index, item in enumerate(page.items) if repeated and item is repeated[0]), len(page.items))
    end = first + len(repeated)
    return page.items[:first], page.items[first:end], page.items[end:]


def _forms_of_page(page: Page, forms: Mapping[str, str], paint: _PaintContext) -> dict[str, str]:
    """Return those of `forms` that the content stream of `page` refers to."""
    names = [image_name(item.content) for item in leaf_items(page.items) if isinstance(item, ImageItem)]
    if _split_at_repeated(page, paint)[1]:
        names.append(_REPEATED_FORM)
    return {name: forms[name] for name in names}


def _page_key(page: Page, paint: _PaintContext) -> Hashable:
    """Return the cache key of a page: everything that its content stream depends on."""
    colours = tuple(sorted(paint.theme.colours.items()))
    fonts = tuple((face, font.name, font.private) for face, font in paint.fonts.items())
    elements: dict[Element, int] = {}
    before, repeated, after = _split_at_repeated(page, paint)
    parts = tuple(_item_keys(before, elements)), bool(repeated), tuple(_item_keys(after, elements))
    return "page", page.width, page.height, colours, tuple(paint.theme.edition.hatched), fonts, *parts


def _item_keys(items: Iterable[PageItem], elements: dict[Element, int]) -> Iterator[Hashable]:
    """Yield everything that painting `items` depends on; `elements` numbers the elements of a page as they appear."""
    for item in items:
        element = item.element
        if element is not None:
            yield elements.setdefault(element, len(elements)), element.role, element.attributes
        match item:
            case TextItem():
                yield item.run.face, item.run.size, item.run.pieces, item.x, item.baseline, item.colour
            case ShapeItem():
                yield item.shape, item.x, item.y
            case ImageItem():
                yield item.content, item.x, item.y, item.width, item.height
            case GroupItem():
                yield item.factor, item.x, item.y, tuple(_item_keys(item.items, elements))
            case FieldItem() | LinkItem():
                yield type(item)


def _page_stream(page: Page, paint: _PaintContext) -> bytes:
    """Return the content stream of `page`."""
    return stream_object(operators_drawn(lambda canvas: _draw_page(page, canvas, paint)).encode("latin-1"))


def _draw_page(page: Page, canvas: Canvas, paint: _PaintContext) -> None:
    """Draw all items of `page` as marked content."""
    numbers = count()
    before, repeated, after = _split_at_repeated(page, paint)
    _draw_marked_content(before, page.height, canvas, paint, numbers)
    if repeated:
        canvas.addLiteral("/Artifact BMC")
        canvas.doForm(_REPEATED_FORM)
        canvas.addLiteral("EMC")
    _draw_marked_content(after, page.height, canvas, paint, numbers)


def _draw_marked_content(
    items: Iterable[PageItem], top: float, canvas: Canvas, paint: _PaintContext, numbers: Iterator[int]
) -> None:
    """Draw `items` as the marked content of their elements, numbered by `numbers`."""
    for element, group in content_groups(items):
        match group[0]:
            case GroupItem() as scaled:
                canvas.saveState()
                canvas.translate(scaled.x, top - scaled.y)
                canvas.scale(scaled.factor, scaled.factor)
                _draw_marked_content(scaled.items, 0.0, canvas, paint, numbers)
                canvas.restoreState()
            case FieldItem() | LinkItem():
                continue
            case _:
                canvas.addLiteral(_marked_content_start(element, numbers))
                _draw_items(group, top, canvas, paint)
                canvas.addLiteral("EMC")


def _marked_content_start(element: Element | None, numbers: Iterator[int]) -> str:
    """Return the operator that begins marked content of `element`, or an artifact."""
    if element is None:
        return "/Artifact BMC"
    if element.role == ARTIFACT:
        entries = "".join(f"/{key}/{value}" for _, key, value in element.attributes)
        return f"/Artifact<<{entries}>>BDC"
    return f"/{element.role}<</MCID {next(numbers)}>>BDC"


def _draw_items(items: Iterable[PageItem], top: float, canvas: Canvas, paint: _PaintContext) -> None:
    """Draw texts, shapes and images; texts that follow each other share one text object."""
    pen = Pen(canvas, paint.theme.colours, paint.theme.edition.hatched)
    for kind, same in groupby(items, key=type):
        if kind is TextItem:
            draw_texts((item for item in same if isinstance(item, TextItem)), top, pen, paint.fonts)
            continue
        for item in same:
            if isinstance(item, ShapeItem):
                draw_shape(item.shape, item.x, item.y, top, pen)
            elif isinstance(item, ImageItem):
                draw_image(item, top, canvas)
