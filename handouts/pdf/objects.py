"""The PDF file being written: reportlab's canvas, the objects added to it, and numbers, strings and streams in PDF
syntax.

All state belongs to one file, so that two files never share a font or an object. Knows nothing of plans or
elements.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from reportlab.pdfbase.pdfdoc import PDFInfo, PDFObject
from reportlab.pdfgen.canvas import Canvas

PDF_VERSION = (1, 7)
EMPTY_IDENTIFIER = b"0" * 32
IDENTIFIER = b"\n[<%b><%b>]\n"


class SyntaxObject(PDFObject):  # type: ignore[misc]
    """An object whose syntax we write; reportlab numbers it and notes where it stands."""

    syntax = b""

    def format(self, document: object) -> bytes:  # noqa: ARG002
        """Return the object as reportlab asks for it."""
        return self.syntax


class SyntaxInfo(PDFInfo):  # type: ignore[misc]
    """The information dictionary in our syntax; reportlab's own would have its own date."""

    syntax = b""

    def format(self, document: object) -> bytes:  # noqa: ARG002
        """Return the dictionary as reportlab asks for it."""
        return self.syntax


class FontlessCanvas(Canvas):  # type: ignore[misc]
    """A canvas that sets no font of its own, so that a file holds no font that is not embedded."""

    def _make_preamble(self) -> None:
        self._preamble = ""


class PdfFile:
    """One PDF file in the making."""

    def __init__(self) -> None:
        self.canvas = FontlessCanvas(io.BytesIO(), pageCompression=0, invariant=1, pdfVersion=PDF_VERSION)
        self.pdf = self.canvas._doc  # noqa: SLF001
        self.pdf.Catalog = SyntaxObject()
        self.pdf.info = SyntaxInfo()
        self.pdf._ID = IDENTIFIER % (EMPTY_IDENTIFIER, EMPTY_IDENTIFIER)  # noqa: SLF001
        self.bodies: dict[str, SyntaxObject] = {}

    def reserve(self) -> str:
        """Return a reference, such as "12 0 R", to an object that `fill` will write."""
        body = SyntaxObject()
        self.pdf.Reference(body)
        reference = f"{self.pdf.objectcounter} 0 R"
        self.bodies[reference] = body
        return reference

    def fill(self, reference: str, syntax: str | bytes) -> None:
        """Write the object that `reference` leads to."""
        self.bodies[reference].syntax = syntax_bytes(syntax)

    def add(self, syntax: str | bytes) -> str:
        """Write one more object and return the reference to it."""
        reference = self.reserve()
        self.fill(reference, syntax)
        return reference

    def add_font(self, name: str, reference: str) -> None:
        """Let all pages call the font at `reference` by `name`."""
        self.pdf.idToObject["BasicFonts"].dict[name] = reference

    def add_page(
        self,
        size: tuple[float, float],
        operators: Iterable[str],
        annotations: tuple[str, ...],
        called: Mapping[str, str],
    ) -> str:
        """Write a page and return the reference to it; its number is its key in the parent tree.

        `called` are references to images and forms by the names by which its operators call them.
        """
        self.canvas.setPageSize(size)
        self.canvas.addLiteral("\n".join(operators))
        self.canvas.showPage()
        page = self.pdf.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self.pdf.Pages.pages) - 1, "/S"
        page.Contents = self.add(page_stream_object(page.stream.encode("latin-1")))
        page.Annots = list(annotations)
        page.hasImages, page.XObjects = bool(called), dict(called)
        number, version = self.pdf.idToObjectNumberAndVersion[f"Page{page.StructParents + 1}"]
        return f"{number} {version} R"

    def add_form(self, size: tuple[float, float], operators: Iterable[str]) -> str:
        """Write what several pages paint, in their coordinates, and return the reference to it (ISO 32000-1, 8.10)."""
        fonts = self.reference_to(self.pdf.idToObject["BasicFonts"])
        entries = f"/Type/XObject/Subtype/Form/BBox[0 0 {pdf_numbers(*size)}]/Resources<</Font {fonts}>>"
        return self.add(stream_object("\n".join(operators).encode("latin-1"), entries))

    def pages(self) -> str:
        """Return the reference to the tree of pages."""
        return self.reference_to(self.pdf.Pages)

    def reference_to(self, known: PDFObject) -> str:
        """Return the reference to an object of reportlab's."""
        self.pdf.Reference(known)
        number, version = self.pdf.idToObjectNumberAndVersion[known.__InternalName__]
        return f"{number} {version} R"

    def finish(self, catalog: str, info: str) -> bytes:
        """Return the bytes of the whole file; its identifier is a hash of all that is in it."""
        self.pdf.Catalog.syntax = syntax_bytes(catalog)
        self.pdf.info.syntax = syntax_bytes(info)
        content: bytes = self.canvas.getpdfdata()
        digest = hashlib.sha256(content).hexdigest()[:32].encode("ascii")
        before, after = content.rsplit(IDENTIFIER % (EMPTY_IDENTIFIER, EMPTY_IDENTIFIER), 1)
        return before + IDENTIFIER % (digest, digest) + after


def syntax_bytes(syntax: str | bytes) -> bytes:
    """Return PDF syntax as the bytes of the file."""
    return syntax.encode("latin-1") if isinstance(syntax, str) else syntax


def stream_object(content: bytes, entries: str = "", *, compress: bool = True) -> bytes:
    """Return a stream object with further dictionary `entries` (ISO 32000-1, 7.3.8; ISO 19005-2, 6.1.7.1).

    It ends with CR LF: after content that ends with CR, LF alone would look as if the CR were a part of the line's end.
    """
    if compress:
        content, entries = zlib.compress(content), f"{entries}/Filter/FlateDecode"
    return b"<<%b/Length %d>>\nstream\n%b\r\nendstream" % (syntax_bytes(entries), len(content), content)


# Copies for many recipients differ on few of their pages.
@lru_cache(maxsize=32)
def page_stream_object(content: bytes) -> bytes:
    """Return the operators of a page as a stream object."""
    return stream_object(content)


def text_string(text: str) -> str:
    """Return `text` as a string object: readable if it is plain ASCII, else UTF-16 (ISO 32000-1, 7.9.2.2)."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"({escaped})"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


# The same places are said on page after page.
@lru_cache(maxsize=3000)
def pdf_number(value: float) -> str:
    """Return a number in PDF syntax, to a thousandth."""
    rounded = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if rounded == "-0" else rounded


def pdf_numbers(*values: float) -> str:
    """Return numbers in PDF syntax, with a space between them."""
    return " ".join([pdf_number(value) for value in values])
