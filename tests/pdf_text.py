"""Reads the text of a PDF: in painting order, and in the order of its structure tree, as screen readers do."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

# What pdfium returns for a hyphen at the end of a line: in a range of text, and as a single character.
HYPHEN_AT_END = "\ufffe"
HYPHEN = 2
INLINE = ("Span", "Link", "Strong", "Em", "Reference", "Quote")


@dataclass(frozen=True, slots=True)
class TaggedElement:
    """A structure element of a PDF; `content` holds its texts and child elements in order."""

    role: str
    content: tuple[TaggedElement | str, ...]
    alt: str = ""
    language: str = ""

    @property
    def text(self) -> str:
        """The text of the element and its descendants in reading order."""
        return "".join(each if isinstance(each, str) else each.text for each in self.content)


def painted_text(content: bytes) -> str:
    """Return the text of all pages in painting order."""
    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace(HYPHEN_AT_END, "-")


def read_tags(content: bytes) -> tuple[TaggedElement, ...]:
    """Return the structure tree of each page."""
    with pypdfium2.PdfDocument(content) as document:
        return tuple(page_tree(page) for page in document)


def tagged_text(content: bytes) -> str:
    """Return the text of all pages in the order of their structure trees, with a line for each block."""
    return "\n".join(line for root in read_tags(content) for line in block_lines(root))


def elements(root: TaggedElement, role: str) -> Iterator[TaggedElement]:
    """Yield `root` and its descendants that have `role`, in reading order."""
    if root.role == role:
        yield root
    for each in root.content:
        if isinstance(each, TaggedElement):
            yield from elements(each, role)


def block_lines(element: TaggedElement) -> Iterator[str]:
    """Yield the text of each block as one line; an element with text or inline elements is a block."""
    if any(isinstance(each, str) or each.role in INLINE for each in element.content):
        yield element.text
        return
    for each in element.content:
        if isinstance(each, TaggedElement):
            yield from block_lines(each)


def page_tree(page: Any) -> TaggedElement:
    """Return the structure tree of one page."""
    texts = texts_by_content_id(page)
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    try:
        roots = [
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            for index in range(pdfium.FPDF_StructTree_CountChildren(tree))
        ]
        return TaggedElement("Page", tuple(tagged_element(each, texts) for each in roots if each))
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def tagged_element(element: Any, texts: dict[int, str]) -> TaggedElement:
    """Return a structure element with its descendants."""
    content: list[TaggedElement | str] = []
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        content_id = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
        if child:
            content.append(tagged_element(child, texts))
        elif content_id >= 0 and content_id in texts:
            content.append(texts[content_id])
    return TaggedElement(
        read_string(pdfium.FPDF_StructElement_GetType, element),
        tuple(content),
        read_string(pdfium.FPDF_StructElement_GetAltText, element),
        read_string(pdfium.FPDF_StructElement_GetLang, element),
    )


def texts_by_content_id(page: Any) -> dict[int, str]:
    """Return the text of each marked content sequence by its id, without characters that pdfium generates."""
    texts: dict[int, str] = {}
    textpage = page.get_textpage()  # kept: pdfium frees a text page without a reference
    for index in range(pdfium.FPDFText_CountChars(textpage.raw)):
        if pdfium.FPDFText_IsGenerated(textpage.raw, index):
            continue
        content_id = pdfium.FPDFPageObj_GetMarkedContentID(pdfium.FPDFText_GetTextObject(textpage.raw, index))
        code = pdfium.FPDFText_GetUnicode(textpage.raw, index)
        texts[content_id] = texts.get(content_id, "") + ("-" if code == HYPHEN else chr(code))
    return texts


def read_string(function: Callable[..., int], element: Any) -> str:
    """Return the string that a pdfium function writes to a buffer for `element`."""
    size = function(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    function(element, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
