"""A finished PDF to what is in it: for each page the words of its tags in order, what else is painted, alt texts.

Bytes in, values out, read by PDFium. Judges nothing. A page is read once, and what it calls from a form in each file.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count as count_from
from itertools import groupby
from typing import Any, TypeAlias

import pypdfium2
import pypdfium2.raw as pdfium
from msgspec import Struct, field
from msgspec.structs import replace

from handouts.verify.remembering import PageKey, page_keys

LONGEST = 1 << 16
HYPHENS = ("\ufffe", "\x02")  # what PDFium says instead of a hyphen at the end of a line
UNMARKED = -1
DEEPEST = 8  # forms in forms
Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Edges: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top
UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
SECTION = "Sect"
INLINE = frozenset({"Span", "Link", "Strong", "Em", "Reference", "Quote", "Sub", "Lbl"})


class ReadText(Struct, frozen=True):
    """Words as one operator paints them: their mark, and whether they stand inside the page."""

    mark: int
    text: str
    inside: bool


class ReadBlock(Struct, frozen=True):
    """A structure element that is no part of a sentence: its number on the page, its role, the sections around it."""

    number: int
    role: str
    sections: tuple[int, ...] = ()


class ReadElement(Struct, frozen=True):
    """Words of a structure element on this page, or its alt text, and the block that it is a part of."""

    block: ReadBlock
    text: str
    alt: str


class ReadParagraph(Struct, frozen=True):
    """A block and its words."""

    block: ReadBlock
    text: str


class ReadPage(Struct, frozen=True):
    """One page: its elements in the order of the tree, its own words that are painted, and those `stamped` by forms.

    `moves` say where each form is placed.
    """

    elements: tuple[ReadElement, ...]
    own: tuple[ReadText, ...]
    stamped: tuple[ReadText, ...] = ()
    moves: tuple[Matrix, ...] = ()

    @property
    def texts(self) -> tuple[ReadText, ...]:
        """All words that are painted."""
        return self.own + self.stamped

    @property
    def paragraphs(self) -> Iterator[ReadParagraph]:
        """Each paragraph, cell or label that has words, in the order of the structure tree."""
        for block, same in groupby(self.elements, key=lambda each: each.block):
            yield ReadParagraph(block, "".join(each.text for each in same))

    @property
    def artifacts(self) -> Iterator[str]:
        """The words that belong to no element, each as they are painted."""
        return (each.text for each in self.texts if each.mark == UNMARKED)


class ReadPdf(Struct, frozen=True):
    """All pages, the title, and whether there is a structure tree."""

    pages: tuple[ReadPage, ...]
    title: str
    tagged: bool


class UnreadableError(Exception):
    """The bytes are no PDF that can be read; its argument says why."""


def read_pdf(content: bytes) -> ReadPdf:
    """Return what is in a PDF. UnreadableError if it is none."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            pages = tuple(read_pages(document, page_keys(content)))
            title = document.get_metadata_value("Title")
            return ReadPdf(pages, title, bool(pdfium.FPDFCatalog_IsTagged(document.raw)))
    except pypdfium2.PdfiumError as problem:
        raise UnreadableError(str(problem)) from None


class Shelf(Struct):
    """Where a page is kept that was read once."""

    page: ReadPage | None = None


# Handouts of a batch differ on a page or two, in their numbers and links; those of three readers have eighteen.
@lru_cache(maxsize=48)
def shelf_of(key: PageKey) -> Shelf:  # noqa: ARG001
    """Return where what was read of a page is kept."""
    return Shelf()


def read_pages(document: Any, keys: Sequence[PageKey]) -> Sequence[ReadPage]:
    """Return what is on each page; `keys` say which of them have been read before.

    Those are not read again; what a form paints on them now is read on one page that calls the same ones at the same
    places.
    """
    if len(keys) != len(document):
        return [read_page(page) for page in document]
    found: dict[int, ReadPage] = {}
    stamps: dict[tuple[object, ...], tuple[ReadText, ...]] = {}
    for key in sorted(keys, key=lambda each: shelf_of(each).page is not None):
        shelf = shelf_of(key)
        if shelf.page is None or (key.forms and (key.forms, shelf.page.moves) not in stamps):
            page = read_page(document[key.number])
            stamps.setdefault((key.forms, page.moves), page.stamped)
            shelf.page = shelf.page or page
        else:
            page = replace(shelf.page, stamped=stamps[key.forms, shelf.page.moves]) if key.forms else shelf.page
        found[key.number] = page
    return [found[number] for number in range(len(keys))]


class Reading(Struct, frozen=True):
    """What reading a tree takes and finds: the words of marks, room for what PDFium says, numbers for paragraphs."""

    words: dict[int, str]
    buffer: Any
    blocks: Iterator[int] = field(default_factory=lambda: count_from(1))
    found: list[ReadElement] = field(default_factory=list)


def read_page(page: Any) -> ReadPage:
    """Return what is on one page."""
    width, height = page.get_size()
    textpage = page.get_textpage()  # PDFium forgets a page of text that nobody holds
    buffer = ctypes.create_string_buffer(2 * LONGEST)
    stamped: list[ReadText] = []
    own: list[ReadText] = []
    moves: dict[Matrix, None] = {}
    for move, each in read_objects(page, textpage, buffer, (width, height)):
        (own if move is None else stamped).append(each)
        if move is not None:
            moves[move] = None
    marked: dict[int, list[str]] = {}
    for each in own:
        marked.setdefault(each.mark, []).append(each.text)
    reading = Reading({mark: "".join(found) for mark, found in marked.items()}, buffer)
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return ReadPage((), tuple(own), tuple(stamped), tuple(moves))
    try:
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            root = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            if root:
                read_element(root, reading, ReadBlock(0, ""))
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return ReadPage(tuple(reading.found), tuple(own), tuple(stamped), tuple(moves))


def read_objects(
    page: Any, textpage: Any, buffer: Any, size: tuple[float, float]
) -> Iterator[tuple[Matrix | None, ReadText]]:
    """Yield the words of each text object of a page in the order of painting, and where their form is moved."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    width, height = size
    room = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    found = counted(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    for matrix, each in painted_objects(found, 0, None):
        text = words_in(buffer, pdfium.FPDFTextObj_GetText(each, textpage.raw, room, LONGEST))
        for instead in HYPHENS:
            text = text.replace(instead, "-")
        pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top)
        edges = left.value, bottom.value, right.value, top.value
        if matrix is not None and matrix != UNMOVED:
            edges = moved(edges, matrix)
        inside = edges[0] >= 0 and edges[1] >= 0 and edges[2] <= width and edges[3] <= height
        yield matrix, ReadText(pdfium.FPDFPageObj_GetMarkedContentID(each), text, inside)


def painted_objects(found: Iterable[Any], depth: int, matrix: Matrix | None) -> Iterator[tuple[Matrix | None, Any]]:
    """Yield each text object among those `found` and in the forms among them, with where its form is moved."""
    for each in found:
        kind = pdfium.FPDFPageObj_GetType(each)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield matrix, each
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inside = counted(each, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
            yield from painted_objects(inside, depth + 1, placed_by(each, matrix or UNMOVED))


def counted(holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any]) -> Iterator[Any]:
    """Yield what a page or a form of PDFium's holds."""
    return (get(holder, index) for index in range(count(holder)))


def placed_by(form: Any, outer: Matrix) -> Matrix:
    """Return where what a form holds is moved on the page, if the form itself is moved by `outer`."""
    own = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(form, own)
    a, b, c, d, e, f = outer
    return (
        own.a * a + own.b * c,
        own.a * b + own.b * d,
        own.c * a + own.d * c,
        own.c * b + own.d * d,
        own.e * a + own.f * c + e,
        own.e * b + own.f * d + f,
    )


def moved(edges: Edges, matrix: Matrix) -> Edges:
    """Return the edges of the upright box around a box that a matrix moves (ISO 32000-1, 8.3.3)."""
    left, bottom, right, top = edges
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(up), max(across), max(up)


def read_element(element: Any, reading: Reading, around: ReadBlock) -> None:
    """Note an element and those in it, in the order of the tree; words before, between and after others stay there."""
    role = said(pdfium.FPDF_StructElement_GetType, element, reading.buffer)
    alt = said(pdfium.FPDF_StructElement_GetAltText, element, reading.buffer)
    block = around if role in INLINE else block_within(around, role, next(reading.blocks))
    if alt:
        reading.found.append(ReadElement(block, "", alt))
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
        if mark != UNMARKED:
            reading.found.append(ReadElement(block, reading.words.get(mark, ""), ""))
            continue
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            read_element(child, reading, block)


def block_within(around: ReadBlock, role: str, number: int) -> ReadBlock:
    """Return the block of an element with a role that stands in another block."""
    return ReadBlock(number, role, (*around.sections, number) if role == SECTION else around.sections)


def said(function: Callable[..., int], element: Any, buffer: Any) -> str:
    """Return what a function of PDFium has to say of `timing_child`; one that finds no room in `buffer` gets more of it."""
    size = function(element, buffer, len(buffer))
    if size > len(buffer):
        buffer = ctypes.create_string_buffer(size)
        function(element, buffer, size)
    return words_in(buffer, size)


def words_in(buffer: Any, size: int) -> str:
    """Return the words that PDFium has put into a buffer: so many bytes, with a zero at their end, and never more."""
    held = min(size, len(buffer))
    return ctypes.string_at(buffer, held - 2).decode("utf-16-le", "replace") if held > 2 else ""
