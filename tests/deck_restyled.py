"""Applies another design to a finished deck, and reads how LibreOffice renders each letter of it.

The design changes the colours and typefaces of the theme, and the sizes in master and layouts. Slides and notes keep
their bytes.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from deck_file import PRESENTATION, A, DeckFile

SIZE_RATIO = 0.75
TITLE_FACE, TEXT_FACE = "Liberation Mono", "Liberation Serif"
# All colours differ from each other and from those of the project.
COLOURS = {
    "dk1": "101060",
    "lt1": "F0FFF0",
    "dk2": "600010",
    "lt2": "FFFFE0",
    "accent1": "005A9C",
    "accent2": "FFE4FF",
    "accent3": "E0C0FF",
    "accent4": "FFD0A0",
    "accent5": "404000",
    "accent6": "808080",
    "hlink": "3030C0",
    "folHlink": "702070",
}


def with_other_design(content: bytes) -> bytes:
    """Return a deck with another theme, master and layouts."""
    deck = DeckFile(content)
    for name in [each for each in deck.parts if each.endswith(".xml")]:
        if name.startswith("ppt/theme/"):
            change_theme(deck, name)
        elif name.startswith(("ppt/slideMasters/", "ppt/slideLayouts/")) or name == PRESENTATION:
            for each in deck.tree(name).iter(f"{A}defRPr"):
                if each.get("sz"):
                    each.set("sz", str(other_size(int(each.get("sz")))))
                each.attrib.pop("spc", None)
    return deck.bytes()


def other_size(size: int) -> int:
    """Return a size in hundredths of a point in the other design, rounded to half points."""
    return round(SIZE_RATIO * size / 50) * 50


def change_theme(deck: DeckFile, name: str) -> None:
    """Replace the colours and typefaces of a theme."""
    elements = deck.tree(name).find(f"{A}themeElements")
    for slot, colour in COLOURS.items():
        elements.find(f"{A}clrScheme/{A}{slot}")[0].set("val", colour)
    for role, face in (("majorFont", TITLE_FACE), ("minorFont", TEXT_FACE)):
        elements.find(f"{A}fontScheme/{A}{role}/{A}latin").set("typeface", face)


PaintedLetter = tuple[str, str, bool, float, str]


def painted_letters(page: pypdfium2.PdfPage) -> list[PaintedLetter]:
    """Return each letter of a page with typeface, whether it is bold, size and colour; without whitespace."""
    text, found = page.get_textpage(), []
    for index in range(text.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(text, index))
        if letter.isspace() or letter in {"\x00", "\u00ad"}:
            continue
        name, flags = ctypes.create_string_buffer(100), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(text, index, name, 100, flags)
        parts = [ctypes.c_uint() for _ in range(4)]
        pdfium.FPDFText_GetFillColor(text, index, *parts)
        face, _, weight = name.value.decode().partition("-")
        colour = "".join(f"{part.value:02X}" for part in parts[:3])
        size = round(2 * pdfium.FPDFText_GetFontSize(text, index)) / 2
        found.append(("-" if letter in {"\ufffe", "\x02"} else letter, face, "Bold" in weight, size, colour))
    return found


def painted_pages(file: Path) -> list[list[PaintedLetter]]:
    """Return the letters of each page of a PDF."""
    with pypdfium2.PdfDocument(file) as document:
        return [painted_letters(page) for page in document]
