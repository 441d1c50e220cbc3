"""Hold the records of a planned deck: slides with their layouts, and the items on them in reading order.

Text is broken down to paragraphs of runs with a level; places are points from the slide's top left corner.
Made by `deck_plan`; read by the drawing half and by slides_pdf. Records never change.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from handouts.document.nodes import Chart
from handouts.figures.bar_chart import BarPlan
from handouts.figures.shapes import Drawing
from handouts.finding import NOWHERE, Finding, Location
from handouts.theme import TypeStyle

# What a paragraph is. Its number in this order is its outline level, whose look the layout says.
TextLevel: TypeAlias = Literal["text", "step", "bullet", "bullet2", "bullet3", "within", "label", "note", "step2"]
TEXT_LEVELS: tuple[TextLevel, ...] = get_args(TextLevel)


class TextRun(Struct, frozen=True):
    """Words of one weight; they may lead to `target`, or to the slide that lists `source`."""

    text: str
    bold: bool = False
    target: str = ""
    tooltip: str = ""
    language: str = ""
    source: str = ""


class SlideParagraph(Struct, frozen=True):
    """One paragraph; `number` is that of a step, `source` the key of an entry that other slides may lead to."""

    runs: tuple[TextRun, ...]
    level: TextLevel = "text"
    number: int = 0
    source: str = ""

    @property
    def text(self) -> str:
        """The words of the paragraph."""
        return "".join(run.text for run in self.runs)


SlideParagraphs: TypeAlias = tuple[SlideParagraph, ...]


class FilledPlaceholder(Struct, frozen=True):
    """A placeholder of the layout, by the name of its slot, and its text."""

    slot: str
    paragraphs: SlideParagraphs


class CellText(Struct, frozen=True):
    """One paragraph in a table and how it looks, which it says itself: a table inherits nothing where it is pasted."""

    runs: tuple[TextRun, ...]
    style: TypeStyle
    mark: str = ""


class GridCell(Struct, frozen=True):
    """One cell; `sign` is drawn at its left, a `covered` one belongs to a cell that spans over it.

    Of the three discs at its left, `discs` are filled; -1 if it has none.
    """

    texts: tuple[CellText, ...]
    header: bool = False
    fill: str = ""
    columns: int = 1
    rows: int = 1
    covered: bool = False
    left: float = 0.0
    right: float = 14.0
    sign: str = ""
    align: Literal["l", "r"] = "l"
    to_write_on: bool = False
    discs: int = -1


class GridRow(Struct, frozen=True):
    """One row, at least `height` high; `frame` is the role of the colour of a strong edge around it, if it has one."""

    cells: tuple[GridCell, ...]
    height: float
    header: bool = False
    frame: str = ""


class PlacedTable(Struct, frozen=True):
    """A native table: where it begins, how wide its columns are. One `beside` another stands in no placeholder."""

    x: float
    y: float
    columns: tuple[float, ...]
    rows: tuple[GridRow, ...]
    alt: str
    first_column: bool = False
    beside: bool = False


class PlacedDrawing(Struct, frozen=True):
    """A drawing as one group of native shapes; without `alt` it is marked as decorative."""

    name: str
    drawing: Drawing
    x: float
    y: float
    alt: str = ""


class PlacedPicture(Struct, frozen=True):
    """A picture (PNG or JPEG) in a placeholder of its own proportions, or where `area` says (x, y, width, height).

    Without `alt` it is marked as decorative.
    """

    slot: str
    content: bytes
    alt: str
    area: tuple[float, float, float, float] | None = None


class PlacedChart(Struct, frozen=True):
    """A native chart in a placeholder: its data, and as `bars` where its parts stand; `drawing` is the same picture."""

    slot: str
    chart: Chart
    bars: BarPlan
    drawing: Drawing
    style: TypeStyle
    x: float
    y: float

    @property
    def drawn(self) -> PlacedDrawing:
        """The chart as shapes, for where there are no charts."""
        return PlacedDrawing(self.slot, self.drawing, self.x, self.y, self.chart.alt)


SlideItem: TypeAlias = FilledPlaceholder | PlacedTable | PlacedDrawing | PlacedPicture | PlacedChart


class LayoutVariant(Struct, frozen=True, order=True):
    """A layout and how far its text and its title are down their steps of size; 0 is the size of the design."""

    name: str
    text_step: int = 0
    title_step: int = 0


class PlannedSlide(Struct, frozen=True):
    """One slide: its items in reading order, the title first; its notes; the part of the talk it belongs to."""

    layout: LayoutVariant
    title: str
    items: tuple[SlideItem, ...]
    notes: SlideParagraphs = ()
    section: str = ""
    at: Location = NOWHERE


class DeckPlan(Struct, frozen=True):
    """All slides, the foot of each, and what does not fit."""

    slides: tuple[PlannedSlide, ...]
    foot: SlideParagraph
    findings: tuple[Finding, ...] = ()
