"""A finished PDF to what is in it: for each page the words of its tags in order, what else is painted, alt texts.

Bytes in, values out, read by PDFium. Judges nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as count_from
from itertools import groupby
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

LONGEST = 1 << 16
HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-"})  # what PDFium says instead of a hyphen at the end of a line
UNMARKED = -1
INLINE = frozenset({"Span", "Link", "Strong", "Em", "Reference", "Quote", "Sub", "Lbl"})


@dataclass(frozen=True, slots=True)
class ReadText:
    """Words as one operator paints them: their mark, and whether they stand inside the page."""

    mark: int
    text: str
    inside: bool


@dataclass(frozen=True, slots=True)
class ReadElement:
    """Words of a structure element on this page, or its alt text; those of one paragraph have the same `block`."""

    role: str
    text: str
    alt: str
    block: int = 0


@dataclass(frozen=True, slots=True)
class ReadPage:
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


@dataclass(frozen=True, slots=True)
class ReadPdf:
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


def read_page(page: Any) -> ReadPage:
    """Return what is on one page."""
    width, height = page.get_size()
    textpage = page.get_textpage()  # PDFium forgets a page of text that nobody holds
    buffer = (ctypes.c_ushort * LONGEST)()
    texts = tuple(read_objects(page, textpage, buffer, width, height))
    marked: dict[int, list[str]] = {}
    for each in texts:
        marked.setdefault(each.mark, []).append(each.text)
    words = {mark: "".join(found) for mark, found in marked.items()}
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return ReadPage((), texts)
    try:
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        roots = (pdfium.FPDF_StructTree_GetChildAtIndex(tree, index) for index in range(count))
        blocks = count_from(1)
        elements = tuple(found for root in roots if root for found in read_element(root, words, blocks, 0))
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return ReadPage(elements, texts)


def read_objects(page: Any, textpage: Any, buffer: Any, width: float, height: float) -> Iterator[ReadText]:
    """Yield the words of each text object of a page, in the order in which they are painted."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        each = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(each) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        size = pdfium.FPDFTextObj_GetText(each, textpage.raw, buffer, LONGEST)
        text = ctypes.string_at(buffer, max(0, size - 2)).decode("utf-16-le", "replace").translate(HYPHENS)
        pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top)
        inside = left.value >= 0 and bottom.value >= 0 and right.value <= width and top.value <= height
        yield ReadText(pdfium.FPDFPageObj_GetMarkedContentID(each), text, inside)


def read_element(element: Any, words: dict[int, str], blocks: Iterator[int], block: int) -> Iterator[ReadElement]:
    """Yield an element and those in it, in the order of the tree; words before, between and after others stay there."""
    role = said(pdfium.FPDF_StructElement_GetType, element)
    alt = said(pdfium.FPDF_StructElement_GetAltText, element)
    block = block if role in INLINE else next(blocks)
    if alt:
        yield ReadElement(role, "", alt)
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
        if mark != UNMARKED:
            yield ReadElement(role, words.get(mark, ""), "", block)
            continue
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            yield from read_element(child, words, blocks, block)


def said(function: Callable[..., int], element: Any) -> str:
    """Return what a function of PDFium that fills a buffer has to say of `element`."""
    size = function(element, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    function(element, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
