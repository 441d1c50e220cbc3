"""A deck as LibreOffice shows it: where each word of the plan stands on its page, and what stands outside its place.

Pages have the size of slides, so points of the PDF are points of the plan. A letter's box is as high as the tallest
letters and as deep as the face, so a line that hangs out of its placeholder by two points is noticed.
"""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from shipped_decks import Deck
from validators import required_tool

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

SECONDS = 400
TALLEST, DESCENT = 0.74, 0.212  # letters of Arial without accents, and its face below the baseline, in em
SPARE = 1.5  # in points: how far the box of a letter may stand out of its place
MARKS = set("•0123456789.")
HYPHEN_AT_END = "\ufffe"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points from the slide's top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Box) -> bool:
        """True if `other` is inside, but for a little."""
        return (
            self.left - SPARE <= other.left
            and self.top - SPARE <= other.top
            and other.right <= self.right + SPARE
            and other.bottom <= self.bottom + SPARE
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words without space, and where they have to stand."""

    text: str
    place: Box


@dataclass(frozen=True, slots=True)
class Astray:
    """A text that is missing on its slide, or outside its place."""

    slide: int
    what: str


# ---------------------------------------------------------------- LibreOffice


def shown_in_one_run(decks: Iterable[Deck], folder: Path) -> dict[str, Path]:
    """Return the PDF of each deck by its name; LibreOffice is started once for all of them."""
    office = required_tool("soffice")
    files = []
    for deck in decks:
        files.append(folder / f"{deck.name}.pptx")
        files[-1].write_bytes(deck.content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, timeout=SECONDS, capture_output=True)
    return {file.stem: file.with_suffix(".pdf") for file in files}


def letters_of(page: pypdfium2.PdfPage) -> list[tuple[str, Box]]:
    """Return each letter of a page with its box, in the order in which they are painted, without space."""
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
        box = Box(left, baseline - TALLEST * size, right, baseline + DESCENT * size)
        found.append(("-" if letter in {HYPHEN_AT_END, "\x02"} else letter, box))
    return found


# ---------------------------------------------------------------- what is wanted where


def plain(text: str) -> str:
    """Return words without any space or mark of where lines may end."""
    return "".join(text.replace("\u2060", "").split())


def slot_box(slot: Placeholder) -> Box:
    """Return where the text of a placeholder may stand."""
    x, y, inset, spare = slot.area.x, slot.area.y, slot.inset, (slot.area.height - slot.text_height) / 2
    return Box(x + inset, y + spare, x + slot.area.width - inset, y + slot.area.height - spare)


def box_of(area: SlideArea) -> Box:
    """Return an area as a box."""
    return Box(*area.corners)


def wanted_of(item: SlideItem, slide: PlannedSlide) -> Iterator[Wanted]:
    """Yield each text of an item with its place."""
    match item:
        case FilledPlaceholder():
            place = slot_box(layout_named(slide.layout.name).placeholder(item.name))
            yield from (Wanted(plain(each.text), place) for each in item.paragraphs)
        case PlacedTable():
            yield from cells_of(item)
        case PlacedDrawing():
            yield from labels_of(item)
        case PlacedChart():
            frame = Box(item.x, item.y, item.x + item.drawing.width, item.y + item.drawing.height)
            for label in (each for each in item.drawing.shapes if isinstance(each, TextLabel)):
                yield from (Wanted(plain(word), frame) for line in label.lines for word in line.split())
        case PlacedPicture():
            return


def cells_of(table: PlacedTable) -> Iterator[Wanted]:
    """Yield the texts of a table, each in its cell."""
    y = table.y
    for index, row in enumerate(table.rows):
        x = table.x
        for column, (cell, width) in enumerate(zip(row.cells, table.columns, strict=True)):
            wide = sum(table.columns[column : column + cell.columns])
            high = sum(each.height for each in table.rows[index : index + cell.rows])
            place = Box(x + cell.left, y, x + wide - cell.right, y + high)
            yield from (Wanted(plain("".join(run.text for run in text.runs)), place) for text in cell.texts)
            x += width
        y += row.height


def labels_of(drawing: PlacedDrawing) -> Iterator[Wanted]:
    """Yield the lines of the labels of a figure, each in the box of its label."""
    for label in (each for each in drawing.drawing.shapes if isinstance(each, TextLabel)):
        x, y = drawing.x, drawing.y
        left, top, right, bottom = label_corners(label)
        place = Box(left + x, top + y, right + x, bottom + y)
        yield from (Wanted(plain(line), place) for line in label.lines)


def foot_of(deck: Deck, number: int) -> Sequence[Wanted]:
    """Return the foot and the number of a slide."""
    count = Wanted(
        plain(f"{deck.document.draft} · {number}" if deck.document.draft else str(number)), box_of(NUMBER_AREA)
    )
    return (*(Wanted(plain(line.text), box_of(FOOT_AREA)) for line in deck.plan.foot), count)


# ---------------------------------------------------------------- what is there


def astray(deck: Deck, shown: Path) -> list[Astray]:
    """Return each text of the plan that is missing in a PDF or outside its place, and each that is not planned."""
    found: list[Astray] = []
    with pypdfium2.PdfDocument(shown) as document:
        if len(document) != len(deck.plan.slides):
            return [Astray(0, f"{len(document)} pages for {len(deck.plan.slides)} slides")]
        for number, (page, slide) in enumerate(zip(document, deck.plan.slides, strict=True), 1):
            letters = letters_of(page)
            wanted = [each for item in slide.items for each in wanted_of(item, slide)]
            found += (Astray(number, what) for what in misplaced([*wanted, *foot_of(deck, number)], letters))
    return found


def misplaced(wanted: Sequence[Wanted], letters: Sequence[tuple[str, Box]]) -> Iterator[str]:
    """Yield what is wrong with the letters of one page."""
    page, whole = "".join(letter for letter, _ in letters), Box(0, 0, SLIDE_WIDTH, SLIDE_HEIGHT)
    yield from (f"“{letter}” is off the slide" for letter, box in letters if not whole.holds(box))
    free = [True] * len(page)
    for each in sorted(wanted, key=lambda each: -len(each.text)):
        starts = [at for at in places(page, each.text) if all(free[at : at + len(each.text)])]
        if not starts:
            yield f"“{each.text}” is missing"
            continue
        outside = {
            at: [box for _, box in letters[at : at + len(each.text)] if not each.place.holds(box)] for at in starts
        }
        best = min(starts, key=lambda at: len(outside[at]))
        free[best : best + len(each.text)] = [False] * len(each.text)
        if outside[best]:
            yield f"“{each.text}” is outside its place {each.place}: {outside[best][0]}"
    left = "".join(letter for letter, unused in zip(page, free, strict=True) if unused and letter not in MARKS)
    if left:
        yield f"“{left}” is not planned"


def places(page: str, text: str) -> Iterator[int]:
    """Yield where `text` begins on a page."""
    at = page.find(text)
    while at >= 0 and text:
        yield at
        at = page.find(text, at + 1)


def title_lines(deck: Deck, shown: Path) -> list[int]:
    """Return in how many lines the title of each slide is shown."""
    found = []
    with pypdfium2.PdfDocument(shown) as document:
        for page, slide in zip(document, deck.plan.slides, strict=True):
            letters, title = letters_of(page), plain(slide.title)
            at = "".join(letter for letter, _ in letters).index(title)
            found.append(len({round(box.bottom) for _, box in letters[at : at + len(title)]}))
    return found
