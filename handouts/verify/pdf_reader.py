"""A finished PDF as values: for each page its tagged text in order, what else is painted, and alt texts.

Takes bytes, reads them with PDFium. Raises UnreadableError for bytes that are no PDF; judges nothing.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count as count_from
from itertools import groupby
from typing import Any, TypeAlias

import pypdfium2
import pypdfium2.raw as pdfium
from msgspec import Struct, field
from msgspec.structs import replace

TABLE = re.compile(rb"xref\s+0 (\d+) ?\r?\n")
ENTRY = struct.Struct("10s7xc2x")  # a line in the table of objects: its place, and if it is used (ISO 32000-1, 7.5.4)
OTHER_KINDS = (b"/Prev", b"/XRefStm", b"/Encrypt")
ROOT = re.compile(rb"/Root (\d+) 0 R")
PAGES = re.compile(rb"/Pages (\d+) 0 R")
KIDS = re.compile(rb"/Kids ?\[([^\]]*)\]")
CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
ANNOTATIONS = re.compile(rb"/Annots ?\[([^\]]*)\]")
CALLED = re.compile(rb"/XObject ?<<([^>]*)>>")
REFERENCE = re.compile(rb"(\d+) 0 R")
FORM = re.compile(rb"/Subtype ?/Form\b")
ABOUT = re.compile(rb"/(?:Info|Metadata) (\d+) 0 R")


class PageKey(Struct, frozen=True):
    """A page by its number from 0 and a hash of all that decides what is read on it, and the `forms` that it calls."""

    number: int
    digest: bytes
    forms: tuple[int, ...]


class PageParts(Struct, frozen=True):
    """The numbers of the objects that one page alone is made of, and of the forms that it calls."""

    contents: int
    annotations: frozenset[int]
    forms: tuple[int, ...]


def page_keys(content: bytes) -> tuple[PageKey, ...]:
    """Return the key of each page of a PDF, none if the file is not as simple as ours are.

    Left out is only what says nothing of a page: what others paint, links, what the file says about itself. Forms are
    left out because they are read in each file.
    """
    try:
        objects = objects_of(content)
        trailer = content[content.rindex(b"trailer") :]
        catalog = objects[number_in(ROOT, trailer)]
        kids = KIDS.search(objects[number_in(PAGES, catalog)])
        pages = [page_parts(objects[number], objects) for number in (references_in(kids[1]) if kids else ())]
    except (ValueError, KeyError, IndexError):
        return ()
    about = {int(each) for each in ABOUT.findall(trailer + catalog)}
    own = about.union(*({page.contents, *page.annotations, *page.forms} for page in pages))
    common = hashlib.sha256(b"".join([each for number, each in objects.items() if number not in own]))
    return tuple(
        PageKey(number, common.digest() + hashlib.sha256(objects[page.contents]).digest(), page.forms)
        for number, page in enumerate(pages)
    )


def objects_of(content: bytes) -> dict[int, bytes]:
    """Return the bytes of each object by its number. ValueError if there is more than one plain table of them."""
    place = content.rfind(b"startxref")
    if place < 0 or content.count(b"startxref") > 1:
        raise ValueError("no single table")
    start = int(content[place + 9 :].split()[0])
    table = TABLE.match(content, start)
    if not table or b"/ObjStm" in content or any(each in content[start:] for each in OTHER_KINDS):
        raise ValueError("no plain table")
    return dict(object_slices(content, start, table.end(), int(table[1])))


def object_slices(content: bytes, end: int, first: int, count: int) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the bytes of each object that a table names, up to the next one."""
    lines = ENTRY.iter_unpack(content[first : first + ENTRY.size * count])
    starts = {int(place): number for number, (place, kind) in enumerate(lines) if kind == b"n"}
    places = sorted(starts)
    for place, following in zip(places, [*places[1:], end], strict=True):
        each, number = content[place:following], starts[place]
        if not each.startswith(b"%d 0 obj" % number):
            raise ValueError("no object")
        yield number, each


def page_parts(page: bytes, objects: dict[int, bytes]) -> PageParts:
    """Return of which objects a page is made. ValueError if it has not one stream of its own."""
    annotations, called = ANNOTATIONS.search(page), CALLED.search(page)
    forms = (number for number in (references_in(called[1]) if called else ()) if FORM.search(objects[number][:400]))
    links = references_in(annotations[1]) if annotations else ()
    return PageParts(number_in(CONTENTS, page), frozenset(links), tuple(forms))


def number_in(entry: re.Pattern[bytes], syntax: bytes) -> int:
    """Return the number of the object that an entry refers to. ValueError if it is not there."""
    found = entry.search(syntax)
    if not found:
        raise ValueError("no entry")
    return int(found[1])


def references_in(syntax: bytes) -> tuple[int, ...]:
    """Return the numbers of the objects that some syntax refers to."""
    return tuple(int(each) for each in REFERENCE.findall(syntax))


MAX_TEXT_LENGTH = 1 << 16
PDFIUM_HYPHENS = ("\ufffe", "\x02")  # what PDFium says instead of a hyphen at the end of a line
UNMARKED = -1
MAX_FORM_DEPTH = 8  # forms in forms
Matrix: TypeAlias = tuple[float, float, float, float, float, float]
PageEdges: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
SECTION_ROLE = "Sect"
INLINE_ROLES = frozenset({"Span", "Link", "Strong", "Em", "Reference", "Quote", "Sub", "Lbl"})


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


class CachedPage(Struct):
    """Where a page is kept that was read once."""

    page: ReadPage | None = None


# Handouts of a batch differ on a page or two, in their numbers and links; those of three readers have eighteen.
@lru_cache(maxsize=48)
def cached_page(key: PageKey) -> CachedPage:  # noqa: ARG001
    """Return where what was read of a page is kept."""
    return CachedPage()


def read_pages(document: Any, keys: Sequence[PageKey]) -> Sequence[ReadPage]:
    """Return what is on each page; `keys` say which of them have been read before.

    Those are not read again; what a form paints on them now is read on one page that calls the same ones at the same
    places.
    """
    if len(keys) != len(document):
        return [read_page(page) for page in document]
    found: dict[int, ReadPage] = {}
    stamps: dict[tuple[object, ...], tuple[ReadText, ...]] = {}
    for key in sorted(keys, key=lambda each: cached_page(each).page is not None):
        shelf = cached_page(key)
        if shelf.page is None or (key.forms and (key.forms, shelf.page.moves) not in stamps):
            page = read_page(document[key.number])
            stamps.setdefault((key.forms, page.moves), page.stamped)
            shelf.page = shelf.page or page
        else:
            page = replace(shelf.page, stamped=stamps[key.forms, shelf.page.moves]) if key.forms else shelf.page
        found[key.number] = page
    return [found[number] for number in range(len(keys))]


class TreeReading(Struct, frozen=True):
    """What reading a tree takes and finds: the words of marks, room for what PDFium says, numbers for paragraphs."""

    words: dict[int, str]
    buffer: Any
    blocks: Iterator[int] = field(default_factory=lambda: count_from(1))
    found: list[ReadElement] = field(default_factory=list)


def read_page(page: Any) -> ReadPage:
    """Return what is on one page."""
    width, height = page.get_size()
    textpage = page.get_textpage()  # PDFium forgets a page of text that nobody holds
    buffer = ctypes.create_string_buffer(2 * MAX_TEXT_LENGTH)
    stamped: list[ReadText] = []
    own: list[ReadText] = []
    moves: dict[Matrix, None] = {}
    for move, each in read_texts(page, textpage, buffer, (width, height)):
        (own if move is None else stamped).append(each)
        if move is not None:
            moves[move] = None
    marked: dict[int, list[str]] = {}
    for each in own:
        marked.setdefault(each.mark, []).append(each.text)
    reading = TreeReading({mark: "".join(found) for mark, found in marked.items()}, buffer)
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


def read_texts(
    page: Any, textpage: Any, buffer: Any, size: tuple[float, float]
) -> Iterator[tuple[Matrix | None, ReadText]]:
    """Yield the words of each text object of a page in the order of painting, and where their form is moved."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    width, height = size
    room = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    found = held_objects(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    for matrix, each in text_objects(found, 0, None):
        text = decode_buffer(buffer, pdfium.FPDFTextObj_GetText(each, textpage.raw, room, MAX_TEXT_LENGTH))
        for instead in PDFIUM_HYPHENS:
            text = text.replace(instead, "-")
        pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top)
        edges = left.value, bottom.value, right.value, top.value
        if matrix is not None and matrix != IDENTITY:
            edges = transformed_edges(edges, matrix)
        inside = edges[0] >= 0 and edges[1] >= 0 and edges[2] <= width and edges[3] <= height
        yield matrix, ReadText(pdfium.FPDFPageObj_GetMarkedContentID(each), text, inside)


def text_objects(found: Iterable[Any], depth: int, matrix: Matrix | None) -> Iterator[tuple[Matrix | None, Any]]:
    """Yield each text object among those `found` and in the forms among them, with where its form is moved."""
    for each in found:
        kind = pdfium.FPDFPageObj_GetType(each)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield matrix, each
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
            inside = held_objects(each, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
            yield from text_objects(inside, depth + 1, form_matrix(each, matrix or IDENTITY))


def held_objects(holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any]) -> Iterator[Any]:
    """Yield what a page or a form of PDFium's holds."""
    return (get(holder, index) for index in range(count(holder)))


def form_matrix(form: Any, outer: Matrix) -> Matrix:
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


def transformed_edges(edges: PageEdges, matrix: Matrix) -> PageEdges:
    """Return the edges of the upright box around a box that a matrix moves (ISO 32000-1, 8.3.3)."""
    left, bottom, right, top = edges
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(up), max(across), max(up)


def read_element(element: Any, reading: TreeReading, around: ReadBlock) -> None:
    """Note an element and those in it, in the order of the tree; words before, between and after others stay there."""
    role = element_string(pdfium.FPDF_StructElement_GetType, element, reading.buffer)
    alt = element_string(pdfium.FPDF_StructElement_GetAltText, element, reading.buffer)
    block = around if role in INLINE_ROLES else nested_block(around, role, next(reading.blocks))
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


def nested_block(around: ReadBlock, role: str, number: int) -> ReadBlock:
    """Return the block of an element with a role that stands in another block."""
    return ReadBlock(number, role, (*around.sections, number) if role == SECTION_ROLE else around.sections)


def element_string(function: Callable[..., int], element: Any, buffer: Any) -> str:
    """Return what a function of PDFium has to say of `element`; one that finds no room in `buffer` gets more of it."""
    size = function(element, buffer, len(buffer))
    if size > len(buffer):
        buffer = ctypes.create_string_buffer(size)
        function(element, buffer, size)
    return decode_buffer(buffer, size)


def decode_buffer(buffer: Any, size: int) -> str:
    """Return the words that PDFium has put into a buffer: so many bytes, with a zero at their end, and never more."""
    held = min(size, len(buffer))
    return ctypes.string_at(buffer, held - 2).decode("utf-16-le", "replace") if held > 2 else ""
