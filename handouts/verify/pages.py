"""A finished PDF to what is in it: for each page the words of its tags in order, what else is painted, alt texts.

Bytes in, values out, read by PDFium. Judges nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from itertools import count as count_from
from itertools import groupby
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from msgspec import Struct, field

LONGEST = 1 << 16
HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-"})  # what PDFium says instead of a hyphen at the end of a line
UNMARKED = -1
INLINE = frozenset({"Span", "Link", "Strong", "Em", "Reference", "Quote", "Sub", "Lbl"})


class ReadText(Struct, frozen=True):
    """Words as one operator paints them: their mark, and whether they stand inside the page."""

    mark: int
    text: str
    inside: bool


class ReadElement(Struct, frozen=True):
    """Words of a structure element on this page, or its alt text; those of one paragraph have the same `block`."""

    role: str
    text: str
    alt: str
    block: int = 0


class ReadPage(Struct, frozen=True):
    """One page: its elements in the order of the tree, all words that are painted, and those outside the tree."""

    elements: tuple[ReadElement, ...]
    texts: tuple[ReadText, ...]

    @property
    def tagged(self) -> str:
        """All words in the order of the structure tree."""
        return "".join(each.text for each in self.elements)

    @property
    def paragraphs(self) -> Iterator[str]:
        """The words of each paragraph, cell or label in the structure tree."""
        for _, same in groupby(self.elements, key=lambda each: each.block):
            yield "".join(each.text for each in same)

    @property
    def artifacts(self) -> str:
        """All words that belong to no element."""
        return "".join(each.text for each in self.texts if each.mark == UNMARKED)

    @property
    def painted(self) -> str:
        """All words in the order in which they are painted."""
        return "".join(each.text for each in self.texts)


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
            pages = tuple(read_page(page) for page in document)
            title = document.get_metadata_value("Title")
            return ReadPdf(pages, title, bool(pdfium.FPDFCatalog_IsTagged(document.raw)))
    except pypdfium2.PdfiumError as problem:
        raise UnreadableError(str(problem)) from None


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
    texts = tuple(read_objects(page, textpage, buffer, width, height))
    marked: dict[int, list[str]] = {}
    for each in texts:
        marked.setdefault(each.mark, []).append(each.text)
    reading = Reading({mark: "".join(found) for mark, found in marked.items()}, buffer)
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return ReadPage((), texts)
    try:
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            root = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            if root:
                read_element(root, reading, 0)
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return ReadPage(tuple(reading.found), texts)


def read_objects(page: Any, textpage: Any, buffer: Any, width: float, height: float) -> Iterator[ReadText]:
    """Yield the words of each text object of a page, in the order in which they are painted."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    room = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        each = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(each) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        size = pdfium.FPDFTextObj_GetText(each, textpage.raw, room, LONGEST)
        text = words_in(buffer, size).translate(HYPHENS)
        pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top)
        inside = left.value >= 0 and bottom.value >= 0 and right.value <= width and top.value <= height
        yield ReadText(pdfium.FPDFPageObj_GetMarkedContentID(each), text, inside)


def read_element(element: Any, reading: Reading, block: int) -> None:
    """Note an element and those in it, in the order of the tree; words before, between and after others stay there."""
    role = said(pdfium.FPDF_StructElement_GetType, element, reading.buffer)
    alt = said(pdfium.FPDF_StructElement_GetAltText, element, reading.buffer)
    block = block if role in INLINE else next(reading.blocks)
    if alt:
        reading.found.append(ReadElement(role, "", alt))
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
        if mark != UNMARKED:
            reading.found.append(ReadElement(role, reading.words.get(mark, ""), "", block))
            continue
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            read_element(child, reading, block)


def said(function: Callable[..., int], element: Any, buffer: Any) -> str:
    """Return what a function of PDFium has to say of `element`; one that finds no room in `buffer` gets more of it."""
    size = function(element, buffer, len(buffer))
    if size > len(buffer):
        buffer = ctypes.create_string_buffer(size)
        function(element, buffer, size)
    return words_in(buffer, size)


def words_in(buffer: Any, size: int) -> str:
    """Return the words that PDFium has put into a buffer: so many bytes, with a zero at their end, and never more."""
    held = min(size, len(buffer))
    return ctypes.string_at(buffer, held - 2).decode("utf-16-le", "replace") if held > 2 else ""
