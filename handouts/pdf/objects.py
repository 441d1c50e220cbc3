"""The PDF file being written: reportlab's canvas, and the numbered objects that the canvas has no call for.

Pages, paths, colours, bookmarks, document information and the catalogue go through the canvas's public calls. This
module writes everything else, and is the only one to use the PDFDocument behind the canvas. reportlab 5.1 has no tags,
XMP with conformance claims, output intents, glyph runs with our own codes, tagged form fields or named destinations.
And these of its calls make a file fail PDF/A-2a or PDF/UA-1:

- Its streams end without a line break before `endstream` (ISO 19005-2, 6.1.7.1), so the streams of pages, forms and
  images (`showPage`, `endForm`, `drawImage`) come from `stream_object`.
- `linkRect` refuses the entry StructParent (ISO 14289-1, 7.18.5), so a link inside the file is written as an object.
  Links to the web are too: with `linkURL` a further recipient's copy of a handout took a third longer to write.
- `acroForm` uses Helvetica without embedding it, and gives appearances extra states (ISO 19005-2, 6.2.11.4, 6.3.3).
- A font of `pdfmetrics` maps code 0 to U+0000 and cannot place single glyphs, so glyph runs are literal operators.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping, Sequence

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFObject, xObjectName
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from handouts.layout.page_model import CoveredArea
from handouts.text.fonts import PRINT_FAMILY, load_font

_PDF_VERSION = (1, 7)
PRINT_FLAG = 4  # of an annotation that is printed too (ISO 32000-1, table 165)


class _SyntaxObject(PDFObject):  # type: ignore[misc]
    """An object whose syntax we write; reportlab numbers it and adds it to the cross-reference table."""

    syntax = b""

    def format(self, document: object) -> bytes:  # noqa: ARG002
        """Return the syntax of the object; reportlab calls this when it writes the file."""
        return self.syntax


class PdfFile:
    """One PDF file being written: its canvas, and further objects that the canvas has no call for.

    A reference is a text such as "12 0 R".
    """

    def __init__(self, language: str = "") -> None:
        self.canvas = _new_canvas(language)
        self._document = self.canvas._doc  # noqa: SLF001  # no public name leads to it
        self._objects: dict[str, _SyntaxObject] = {}

    def reserve(self) -> str:
        """Return a reference to a new object; `fill` gives it its content."""
        body = _SyntaxObject()
        self._document.Reference(body)
        reference = f"{self._document.objectcounter} 0 R"
        self._objects[reference] = body
        return reference

    def fill(self, reference: str, syntax: str | bytes) -> None:
        """Give the object at `reference` its content."""
        self._objects[reference].syntax = _syntax_bytes(syntax)

    def add(self, syntax: str | bytes) -> str:
        """Write an object and return the reference to it."""
        reference = self.reserve()
        self.fill(reference, syntax)
        return reference

    def add_font(self, name: str, reference: str) -> None:
        """Make the font at `reference` available on all pages as `name`, like reportlab's own fonts."""
        self._document.idToObject["BasicFonts"].dict[name] = reference

    def add_catalog_entry(self, key: str, reference: str) -> None:
        """Let the catalogue refer to an object written with `add` or `fill`."""
        catalog = self._document.Catalog
        if key not in catalog.__NoDefault__:
            catalog.__NoDefault__ = [*catalog.__NoDefault__, key]
        self.canvas.setCatalogEntry(key, self._objects[reference])

    def end_page(self, content: bytes, annotations: Sequence[str], forms: Mapping[str, str]) -> str:
        """End the canvas's page, with `content` as its content stream, and return the reference to it.

        Its number, from 0, is its key in the parent tree. `annotations` are references; `forms` are references to
        images and forms by the names that its operators refer to.
        """
        self.canvas.showPage()
        page = self._document.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self._document.Pages.pages) - 1, "/S"
        page.Contents = self.add(content)
        page.Annots = list(annotations)
        page.XObjects = {xObjectName(name): reference for name, reference in forms.items()}
        return self._reference_to(page)

    def add_form(self, size: tuple[float, float], operators: str, resources: str | None = None) -> str:
        """Write a form XObject (ISO 32000-1, 8.10) and return the reference to it.

        Its resources are all fonts of the file, unless `resources` are given.
        """
        if resources is None:
            resources = f"/Font {self._reference_to(self._document.idToObject['BasicFonts'])}"
        entries = f"/Type/XObject/Subtype/Form/BBox[0 0 {pdf_numbers(*size)}]/Resources<<{resources}>>"
        return self.add(stream_object(operators.encode("latin-1"), entries))

    def _reference_to(self, known: PDFObject) -> str:
        """Return the reference to one of reportlab's own objects."""
        self._document.Reference(known)
        number, version = self._document.idToObjectNumberAndVersion[known.__InternalName__]
        return f"{number} {version} R"

    def finish(self) -> bytes:
        """Return the bytes of the whole file, with an identifier that depends on all objects written here."""
        self._document.updateSignature(b"".join([body.syntax for body in self._objects.values()]))
        content: bytes = self.canvas.getpdfdata()
        return content


def operators_drawn(draw: Callable[[Canvas], None]) -> str:
    """Return the operators that `draw` writes to the page of a new canvas."""
    canvas = _new_canvas()
    draw(canvas)
    canvas.showPage()
    operators: str = canvas._doc.Pages.pages[0].stream  # noqa: SLF001
    return operators


def _new_canvas(language: str = "") -> Canvas:
    """Return a canvas whose output does not depend on the time.

    Its initial font is an embedded one: reportlab then sets no font on a page before the page asks for one.
    """
    face = PRINT_FAMILY.regular[0]
    if face.name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(face.name, io.BytesIO(load_font(face).content), shapable=False))
    return Canvas(
        io.BytesIO(),
        pageCompression=0,
        invariant=1,
        pdfVersion=_PDF_VERSION,
        initialFontName=face.name,
        lang=language or None,
    )


def _syntax_bytes(syntax: str | bytes) -> bytes:
    """Return PDF syntax as the bytes of the file."""
    return syntax.encode("latin-1") if isinstance(syntax, str) else syntax


def stream_object(content: bytes, entries: str = "", *, compress: bool = True) -> bytes:
    """Return a stream object with further dictionary `entries` (ISO 32000-1, 7.3.8; ISO 19005-2, 6.1.7.1).

    CR LF follows the content: after a content that ends with CR, LF alone would make that CR a part of the line break.
    """
    if compress:
        content, entries = zlib.compress(content), f"{entries}/Filter/FlateDecode"
    return b"<<%b/Length %d>>\nstream\n%b\r\nendstream" % (_syntax_bytes(entries), len(content), content)


def text_string(text: str) -> str:
    """Return `text` as a string object: literal if it is printable ASCII, else UTF-16 (ISO 32000-1, 7.9.2.2)."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"({escaped})"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def pdf_number(value: float) -> str:
    """Return a number in PDF syntax, rounded to a thousandth."""
    rounded = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if rounded == "-0" else rounded


def pdf_numbers(*values: float) -> str:
    """Return numbers in PDF syntax, with a space between them."""
    return " ".join([pdf_number(value) for value in values])


def pdf_corners(area: CoveredArea, page_height: float) -> str:
    """Return left, bottom, right and top of an area of a page, in PDF syntax with y growing upward."""
    return pdf_numbers(area.left, page_height - area.bottom, area.right, page_height - area.top)
