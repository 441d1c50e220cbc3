"""Read a finished PDF with PDFium: for each page its tagged text in order, what else is painted, and alt texts.

Takes bytes, returns values; a ValueError for bytes that are no PDF. Judges nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from itertools import count as count_from
from itertools import groupby
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from msgspec import Struct, field
from pypdfium2 import PdfMatrix

_MAX_TEXT_LENGTH = 1 << 16
_PDFIUM_HYPHENS = ("\ufffe", "\x02")  # what PDFium says instead of a hyphen at the end of a line
UNMARKED = -1
_MAX_FORM_DEPTH = 8  # forms in forms
_SECTION_ROLE = "Sect"
_INLINE_ROLES = frozenset({"Span", "Link", "Strong", "Em", "Reference", "Quote", "Sub", "Lbl"})


class _ReadText(Struct, frozen=True):
    """Words as one operator paints them: their mark, and whether they stand inside the page."""

    mark: int
    text: str
    inside: bool


class _ReadBlock(Struct, frozen=True):
    """A structure element that is no part of a sentence: its number on the page, its role, the sections around it."""

    number: int
    role: str
    sections: tuple[int, ...] = ()


class _ReadElement(Struct, frozen=True):
    """Words of a structure element on this page, or its alt text, and the block that it is a part of."""

    block: _ReadBlock
    text: str
    alt: str


class _ReadParagraph(Struct, frozen=True):
    """A block and its words."""

    block: _ReadBlock
    text: str


class ReadPage(Struct, frozen=True):
    """One page: its elements in the order of the structure tree, and all texts in the order of painting."""

    elements: tuple[_ReadElement, ...]
    texts: tuple[_ReadText, ...]

    @property
    def paragraphs(self) -> Iterator[_ReadParagraph]:
        """Each paragraph, cell or label that has words, in the order of the structure tree."""
        for block, same in groupby(self.elements, key=lambda each: each.block):
            yield _ReadParagraph(block, "".join(each.text for each in same))

    @property
    def artifacts(self) -> Iterator[str]:
        """The words that belong to no element, each as they are painted."""
        return (each.text for each in self.texts if each.mark == UNMARKED)


class ReadPdf(Struct, frozen=True):
    """All pages, the title, and whether there is a structure tree."""

    pages: tuple[ReadPage, ...]
    title: str
    tagged: bool


class _UnreadableError(ValueError):
    """The bytes are no PDF that can be read; its argument says why."""


def read_pdf(content: bytes) -> ReadPdf:
    """Return the contents of a PDF. _UnreadableError if it is not one."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            pages = tuple(map(_read_page, document))
            title = document.get_metadata_value("Title")
            return ReadPdf(pages, title, bool(pdfium.FPDFCatalog_IsTagged(document.raw)))
    except pypdfium2.PdfiumError as problem:
        raise _UnreadableError(str(problem)) from None


def read_keywords(content: bytes) -> str:
    """Return the keywords of a PDF without reading its pages; "" if it is not a PDF or needs a password."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            return str(document.get_metadata_value("Keywords"))
    except pypdfium2.PdfiumError:
        return ""


class _TreeReading(Struct, frozen=True):
    """The state of reading a structure tree: words by mark, a buffer for PDFium, block numbers, and the elements."""

    words: dict[int, str]
    buffer: Any
    blocks: Iterator[int] = field(default_factory=lambda: count_from(1))
    found: list[_ReadElement] = field(default_factory=list)


def _read_page(page: Any) -> ReadPage:
    """Return what is on one page."""
    textpage = page.get_textpage()  # PDFium frees a page of text to which nothing refers
    buffer = ctypes.create_string_buffer(2 * _MAX_TEXT_LENGTH)
    texts: list[_ReadText] = []
    marked: dict[int, str] = {}
    for in_form, each in _read_texts(page, textpage, buffer):
        texts.append(each)
        if not in_form:  # the marks of a form are its own
            marked[each.mark] = marked.get(each.mark, "") + each.text
    reading = _TreeReading(marked, buffer)
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if tree:
        try:
            for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                root = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
                if root:
                    _read_element(root, reading, _ReadBlock(0, ""))
        finally:
            pdfium.FPDF_StructTree_Close(tree)
    return ReadPage(tuple(reading.found), tuple(texts))


def _read_texts(page: Any, textpage: Any, buffer: Any) -> Iterator[tuple[bool, _ReadText]]:
    """Yield the words of each text object of a page in the order of painting, and whether they stand in a form."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    width, height = page.get_size()
    room = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    found = _held_objects(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    for matrix, each in _text_objects(found, 0, None):
        text = _decode_buffer(buffer, pdfium.FPDFTextObj_GetText(each, textpage.raw, room, _MAX_TEXT_LENGTH))
        for instead in _PDFIUM_HYPHENS:
            text = text.replace(instead, "-")
        pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top)
        edges = left.value, bottom.value, right.value, top.value
        if matrix is not None:
            edges = matrix.on_rect(*edges)
        inside = edges[0] >= 0 and edges[1] >= 0 and edges[2] <= width and edges[3] <= height
        yield matrix is not None, _ReadText(pdfium.FPDFPageObj_GetMarkedContentID(each), text, inside)


def _text_objects(found: Iterable[Any], depth: int, matrix: PdfMatrix | None) -> Iterator[tuple[PdfMatrix | None, Any]]:
    """Yield each text object among those `found` and in the forms among them, with the matrix of its form."""
    for each in found:
        kind = pdfium.FPDFPageObj_GetType(each)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield matrix, each
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_FORM_DEPTH:
            inside = _held_objects(each, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(each, own)
            form_matrix = PdfMatrix.from_raw(own)
            yield from _text_objects(inside, depth + 1, form_matrix.multiply(matrix) if matrix else form_matrix)


def _held_objects(holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any]) -> Iterator[Any]:
    """Yield what a page or a form of PDFium's holds."""
    return (get(holder, index) for index in range(count(holder)))


def _read_element(element: Any, reading: _TreeReading, around: _ReadBlock) -> None:
    """Add an element and those in it, in the order of the tree; words between child elements keep their place."""
    role = _element_string(pdfium.FPDF_StructElement_GetType, element, reading.buffer)
    alt = _element_string(pdfium.FPDF_StructElement_GetAltText, element, reading.buffer)
    block = around
    if role not in _INLINE_ROLES:
        number = next(reading.blocks)
        block = _ReadBlock(number, role, (*around.sections, *((number,) if role == _SECTION_ROLE else ())))
    if alt:
        reading.found.append(_ReadElement(block, "", alt))
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
        if mark != UNMARKED:
            reading.found.append(_ReadElement(block, reading.words.get(mark, ""), ""))
            continue
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            _read_element(child, reading, block)


def _element_string(function: Callable[..., int], element: Any, buffer: Any) -> str:
    """Return the string that a function of PDFium gives for `element`; too small a buffer is replaced."""
    size = function(element, buffer, len(buffer))
    if size > len(buffer):
        buffer = ctypes.create_string_buffer(size)
        function(element, buffer, size)
    return _decode_buffer(buffer, size)


def _decode_buffer(buffer: Any, size: int) -> str:
    """Return the string that PDFium has put into a buffer: `size` bytes with a zero at the end, and never more."""
    held = min(size, len(buffer))
    return ctypes.string_at(buffer, held - 2).decode("utf-16-le", "replace") if held > 2 else ""
