"""Compares a deck as LibreOffice renders it with its plan: which texts are missing or outside their areas.

Pages have the size of slides, so that coordinates of PDF and plan agree. The box of a letter spans the ascent and
descent of its typeface, so that a line two points outside its placeholder is found.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import validators_office
from shipped_decks import Deck

from handouts.deck.drawingml import label_corners
from handouts.deck.layouts import (
    FOOT_AREA,
    NUMBER_AREA,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    Placeholder,
    SlideArea,
    layout_named,
)
from handouts.deck.planned_slides import (
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideItem,
)
from handouts.figures.shapes import TextLabel

TIMEOUT = 400
ASCENT, DESCENT = 0.74, 0.212  # of Arial, without accents, in em
TOLERANCE = 1.5  # in points, by which a letter may be outside its area
UNPLANNED_CHARACTERS = set("•0123456789.")
HYPHEN_AT_END = "\ufffe"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points from the top left corner of the slide."""

    left: float
    top: float
    right: float
    bottom: float

    def contains(self, other: Box) -> bool:
        """True if `other` is inside, up to the tolerance."""
        return (
            self.left - TOLERANCE <= other.left
            and self.top - TOLERANCE <= other.top
            and other.right <= self.right + TOLERANCE
            and other.bottom <= self.bottom + TOLERANCE
        )


@dataclass(frozen=True, slots=True)
class ExpectedText:
    """A text without whitespace, and the area that it must be in."""

    text: str
    area: Box


@dataclass(frozen=True, slots=True)
class MisplacedText:
    """A text that is missing on its slide, outside its area, or not planned; slide 0 is the whole deck."""

    slide: int
    message: str


# ---------------------------------------------------------------- LibreOffice


def convert_decks(decks: Iterable[Deck], folder: Path) -> dict[str, Path]:
    """Convert decks to PDF with one run of LibreOffice, and return the files by name of deck."""
    files = []
    for deck in decks:
        files.append(folder / f"{deck.name}.pptx")
        files[-1].write_bytes(deck.content)
    return {pdf.stem: pdf for pdf in validators_office.convert_to_pdf(files, folder, timeout=TIMEOUT)}


def page_letters(page: pypdfium2.PdfPage) -> list[tuple[str, Box]]:
    """Return the letters of a page with their boxes in painting order, without whitespace."""
    text = page.get_textpage()
    found = []
    for index in range(text.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(text, index))
        if letter.isspace() or letter in {"\x00", "\u00ad"}:
            continue
        left, _, right, _ = text.get_charbox(index, loose=True)
        across, up = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text, index, across, up)
        baseline, size = SLIDE_HEIGHT - up.value, pdfium.FPDFText_GetFontSize(text, index)
        box = Box(left, baseline - ASCENT * size, right, baseline + DESCENT * size)
        found.append(("-" if letter in {HYPHEN_AT_END, "\x02"} else letter, box))
    return found


# ---------------------------------------------------------------- expected texts


def without_whitespace(text: str) -> str:
    """Return `text` without whitespace and word joiners."""
    return "".join(text.replace("\u2060", "").split())


def text_box(placeholder: Placeholder) -> Box:
    """Return the area for the text of a placeholder."""
    x, y, inset, gap = (
        placeholder.area.x,
        placeholder.area.y,
        placeholder.inset,
        (placeholder.area.height - placeholder.text_height) / 2,
    )
    return Box(x + inset, y + gap, x + placeholder.area.width - inset, y + placeholder.area.height - gap)


def box_of(area: SlideArea) -> Box:
    """Return an area as a box."""
    return Box(*area.corners)


def expected_texts(item: SlideItem, slide: PlannedSlide) -> Iterator[ExpectedText]:
    """Yield the texts of an item with their areas."""
    match item:
        case FilledPlaceholder():
            area = text_box(layout_named(slide.layout.name).placeholder(item.name))
            yield from (ExpectedText(without_whitespace(each.text), area) for each in item.paragraphs)
        case PlacedTable():
            yield from table_texts(item)
        case PlacedDrawing():
            yield from label_texts(item)
        case PlacedChart():
            frame = Box(item.x, item.y, item.x + item.drawing.width, item.y + item.drawing.height)
            for label in (each for each in item.drawing.shapes if isinstance(each, TextLabel)):
                yield from (
                    ExpectedText(without_whitespace(word), frame) for line in label.lines for word in line.split()
                )
        case PlacedPicture():
            return


def table_texts(table: PlacedTable) -> Iterator[ExpectedText]:
    """Yield the texts of a table with the areas of their cells."""
    y = table.y
    for index, row in enumerate(table.rows):
        x = table.x
        for column, (cell, width) in enumerate(zip(row.cells, table.columns, strict=True)):
            wide = sum(table.columns[column : column + cell.columns])
            high = sum(each.height for each in table.rows[index : index + cell.rows])
            area = Box(x + cell.left, y, x + wide - cell.right, y + high)
            yield from (
                ExpectedText(without_whitespace("".join(run.text for run in text.runs)), area) for text in cell.texts
            )
            x += width
        y += row.height


def label_texts(drawing: PlacedDrawing) -> Iterator[ExpectedText]:
    """Yield the lines of the labels of a figure with the areas of their labels."""
    for label in (each for each in drawing.drawing.shapes if isinstance(each, TextLabel)):
        x, y = drawing.x, drawing.y
        left, top, right, bottom = label_corners(label)
        area = Box(left + x, top + y, right + x, bottom + y)
        yield from (ExpectedText(without_whitespace(line), area) for line in label.lines)


def footer_texts(deck: Deck, number: int) -> Sequence[ExpectedText]:
    """Return footer and slide number with their areas."""
    slide_number = ExpectedText(
        without_whitespace(f"{deck.document.draft} · {number}" if deck.document.draft else str(number)),
        box_of(NUMBER_AREA),
    )
    return (*(ExpectedText(without_whitespace(line.text), box_of(FOOT_AREA)) for line in deck.plan.foot), slide_number)


# ---------------------------------------------------------------- comparison


def misplaced_texts(deck: Deck, pdf: Path) -> list[MisplacedText]:
    """Return the planned texts that are missing in a PDF or outside their areas, and the texts that are not planned."""
    found: list[MisplacedText] = []
    with pypdfium2.PdfDocument(pdf) as document:
        if len(document) != len(deck.plan.slides):
            return [MisplacedText(0, f"{len(document)} pages for {len(deck.plan.slides)} slides")]
        for number, (page, slide) in enumerate(zip(document, deck.plan.slides, strict=True), 1):
            letters = page_letters(page)
            expected = [each for item in slide.items for each in expected_texts(item, slide)]
            found += (
                MisplacedText(number, message)
                for message in position_faults([*expected, *footer_texts(deck, number)], letters)
            )
    return found


def position_faults(expected: Sequence[ExpectedText], letters: Sequence[tuple[str, Box]]) -> Iterator[str]:
    """Yield a description of each missing, misplaced or unplanned text of one page."""
    page, slide_area = "".join(letter for letter, _ in letters), Box(0, 0, SLIDE_WIDTH, SLIDE_HEIGHT)
    yield from (f"“{letter}” is off the slide" for letter, box in letters if not slide_area.contains(box))
    unused = [True] * len(page)
    for each in sorted(expected, key=lambda each: -len(each.text)):
        starts = [at for at in occurrences(page, each.text) if all(unused[at : at + len(each.text)])]
        if not starts:
            yield f"“{each.text}” is missing"
            continue
        outside = {
            at: [box for _, box in letters[at : at + len(each.text)] if not each.area.contains(box)] for at in starts
        }
        start = min(starts, key=lambda at: len(outside[at]))
        unused[start : start + len(each.text)] = [False] * len(each.text)
        if outside[start]:
            yield f"“{each.text}” is outside its area {each.area}: {outside[start][0]}"
    rest = "".join(
        letter for letter, is_free in zip(page, unused, strict=True) if is_free and letter not in UNPLANNED_CHARACTERS
    )
    if rest:
        yield f"“{rest}” is not planned"


def occurrences(page: str, text: str) -> Iterator[int]:
    """Yield the positions of `text` in `page`."""
    at = page.find(text)
    while at >= 0 and text:
        yield at
        at = page.find(text, at + 1)


def title_line_counts(deck: Deck, pdf: Path) -> list[int]:
    """Return the number of lines of each slide's title in a PDF."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page, slide in zip(document, deck.plan.slides, strict=True):
            letters, title = page_letters(page), without_whitespace(slide.title)
            at = "".join(letter for letter, _ in letters).index(title)
            found.append(len({round(box.bottom) for _, box in letters[at : at + len(title)]}))
    return found
