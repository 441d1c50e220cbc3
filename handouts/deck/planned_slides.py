"""Hold the records of a planned deck: slides with their layouts, and the items on them in reading order.

Text is broken down to paragraphs of runs with a level; positions are points from the slide's top left corner.
Made by `deck_plan`; read by the drawing half and by slides_pdf.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from handouts.document.nodes import Blocks, Chart, Sign
from handouts.figures.bar_chart import BarPlan
from handouts.figures.shapes import Drawing
from handouts.finding import NOWHERE, Finding, Location
from handouts.theme import TypeStyle

# The kinds of paragraphs. The position in this order is the outline level, whose look the layout defines.
TextLevel: TypeAlias = Literal["text", "step", "bullet", "bullet2", "bullet3", "within", "label", "note", "step2"]
TEXT_LEVELS: tuple[TextLevel, ...] = get_args(TextLevel)


class TextRun(Struct, frozen=True):
    """Words of one weight; they may link to `target`, or to the slide that lists `source`."""

    text: str
    bold: bool = False
    target: str = ""
    tooltip: str = ""
    language: str = ""
    source: str = ""


class SlideParagraph(Struct, frozen=True):
    """One paragraph; `number` is that of a step, `source` the key of an entry that other slides may link to."""

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
    """The text of one placeholder of the layout; `slot` is the name of that."""

    slot: str
    paragraphs: SlideParagraphs


class CellText(Struct, frozen=True):
    """One paragraph in a table with a type style of its own: a table inherits none where it is pasted."""

    runs: tuple[TextRun, ...]
    style: TypeStyle
    mark: str = ""


class GridCell(Struct, frozen=True):
    """One cell; `sign` is drawn at its left, one `to_write_on` has a line; a `covered` one has a cell spanning over it.

    `left` and `right` are its margins. Of the three discs at its left, `discs` are filled; -1 if it has none.
    """

    texts: tuple[CellText, ...]
    header: bool = False
    fill: str = ""
    columns: int = 1
    rows: int = 1
    covered: bool = False
    left: float = 0.0
    right: float = 14.0
    sign: Sign = ""
    align: Literal["l", "r"] = "l"
    to_write_on: bool = False
    discs: int = -1


class GridRow(Struct, frozen=True):
    """One row, at least `height` high; `frame` is the colour role of a strong edge around it, if it has one."""

    cells: tuple[GridCell, ...]
    height: float
    header: bool = False
    frame: str = ""


class PlacedTable(Struct, frozen=True):
    """A native table with the widths of its columns; one `beside` another stands in no placeholder."""

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
    """A picture (PNG or JPEG) in a placeholder of its own proportions, or in `area` (x, y, width, height).

    Without `alt` it is marked as decorative.
    """

    slot: str
    content: bytes
    alt: str
    area: tuple[float, float, float, float] | None = None


class PlacedChart(Struct, frozen=True):
    """A native chart in a placeholder: its data, the places of its `bars`, and the same picture as a `drawing`."""

    slot: str
    chart: Chart
    bars: BarPlan
    drawing: Drawing
    style: TypeStyle
    x: float
    y: float

    @property
    def drawn(self) -> PlacedDrawing:
        """The chart as shapes, where there are no native charts."""
        return PlacedDrawing(self.slot, self.drawing, self.x, self.y, self.chart.alt)


SlideItem: TypeAlias = FilledPlaceholder | PlacedTable | PlacedDrawing | PlacedPicture | PlacedChart


class LayoutVariant(Struct, frozen=True, order=True):
    """A layout with a step of size for its text and one for its title; 0 is the size of the design."""

    name: str
    text_step: int = 0
    title_step: int = 0


class PlannedSlide(Struct, frozen=True, cache_hash=True):
    """One slide: its items in reading order, the title first; its notes; the section of the talk it belongs to."""

    layout: LayoutVariant
    title: str
    items: tuple[SlideItem, ...]
    notes: Blocks = ()
    section: str = ""
    at: Location = NOWHERE


class DeckPlan(Struct, frozen=True):
    """All slides, the foot of each, and what does not fit."""

    slides: tuple[PlannedSlide, ...]
    foot: SlideParagraph
    findings: tuple[Finding, ...] = ()
