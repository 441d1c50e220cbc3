"""Reads a PDF back: its text in the order of painting, and in that of its structure tree as a screen reader does."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

# What pdfium says instead of a hyphen at the end of a line, and instead of a hyphen when asked for one character.
HYPHEN_AT_END = "\ufffe"
HYPHEN = 2
INLINE = ("Span", "Link", "Strong", "Em", "Reference", "Quote")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A structure element that was read back: `content` holds its own words and the elements in it, in order."""

    role: str
    content: tuple[Tagged | str, ...]
    alt: str = ""
    language: str = ""

    @property
    def text(self) -> str:
        """All words of the element and of what is in it, in reading order."""
        return "".join(each if isinstance(each, str) else each.text for each in self.content)


def painted_text(content: bytes) -> str:
    """Return the text of all pages in the order of painting, as a search finds it."""
    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace(HYPHEN_AT_END, "-")


def read_tags(content: bytes) -> tuple[Tagged, ...]:
    """Return the structure tree of each page."""
    with pypdfium2.PdfDocument(content) as document:
        return tuple(page_tags(page) for page in document)


def tagged_text(content: bytes) -> str:
    """Return the text of all pages in the order of their structure trees, a line for each element with words."""
    return "\n".join(line for root in read_tags(content) for line in lines_of(root))


def elements(root: Tagged, role: str) -> Iterator[Tagged]:
    """Yield all elements of `role` in and below `root`, in reading order."""
    if root.role == role:
        yield root
    for each in root.content:
        if isinstance(each, Tagged):
            yield from elements(each, role)


def lines_of(element: Tagged) -> Iterator[str]:
    """Yield the words of blocks, each as one line: an element with words of its own is a block."""
    if any(isinstance(each, str) or each.role in INLINE for each in element.content):
        yield element.text
        return
    for each in element.content:
        if isinstance(each, Tagged):
            yield from lines_of(each)


def page_tags(page: Any) -> Tagged:
    """Return the structure tree of one page."""
    texts = texts_by_mark(page)
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    try:
        roots = [
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            for index in range(pdfium.FPDF_StructTree_CountChildren(tree))
        ]
        return Tagged("Page", tuple(element_tags(each, texts) for each in roots if each))
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def element_tags(element: Any, texts: dict[int, str]) -> Tagged:
    """Return one structure element and all below it."""
    content: list[Tagged | str] = []
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
        if child:
            content.append(element_tags(child, texts))
        elif mark >= 0 and mark in texts:
            content.append(texts[mark])
    return Tagged(
        words_from(pdfium.FPDF_StructElement_GetType, element),
        tuple(content),
        words_from(pdfium.FPDF_StructElement_GetAltText, element),
        words_from(pdfium.FPDF_StructElement_GetLang, element),
    )


def texts_by_mark(page: Any) -> dict[int, str]:
    """Return the text of each stretch of marked content, by its number, without what pdfium would add to it."""
    texts: dict[int, str] = {}
    textpage = page.get_textpage()  # pdfium forgets a page of text that nobody holds
    for index in range(pdfium.FPDFText_CountChars(textpage.raw)):
        if pdfium.FPDFText_IsGenerated(textpage.raw, index):
            continue
        mark = pdfium.FPDFPageObj_GetMarkedContentID(pdfium.FPDFText_GetTextObject(textpage.raw, index))
        code = pdfium.FPDFText_GetUnicode(textpage.raw, index)
        texts[mark] = texts.get(mark, "") + ("-" if code == HYPHEN else chr(code))
    return texts


def words_from(function: Callable[..., int], element: Any) -> str:
    """Return what a function of pdfium that fills a buffer has to say of `element`."""
    size = function(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    function(element, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
