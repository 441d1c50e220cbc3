"""Define the values of a planned deck: slides with their layouts, and the items on them in reading order.

Text is broken down to paragraphs of runs with a level; positions are points from the slide's top left corner.
Made by `deck_plan`; read by the drawing half and by slides_pdf.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from handouts.deck.layouts import SlideArea
from handouts.document.nodes import Blocks, Chart, Sign
from handouts.figures.bar_chart import BarPlan
from handouts.figures.shapes import Drawing
from handouts.finding import NOWHERE, Finding, Location
from handouts.theme import TypeStyle

# The kinds of paragraphs. The position of each is its outline level in the file; the layout defines its look.
TextLevel: TypeAlias = Literal["text", "step", "bullet", "bullet2", "bullet3", "within", "label", "note", "step2"]
TEXT_LEVELS: tuple[TextLevel, ...] = get_args(TextLevel)


class TextRun(Struct, frozen=True):
    """Words of one weight, which may link to `target`, or to the slide that lists `source`."""

    text: str
    bold: bool = False
    target: str = ""
    tooltip: str = ""
    language: str = ""
    source: str = ""


class SlideParagraph(Struct, frozen=True):
    """One paragraph; `number` is that of a step, `source` the key of the source that it lists."""

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
    """The text of the placeholder `name` of the layout."""

    name: str
    paragraphs: SlideParagraphs


class CellText(Struct, frozen=True):
    """One paragraph in a table, with its type style: a table inherits none from where it is pasted."""

    runs: tuple[TextRun, ...]
    style: TypeStyle
    mark: str = ""


class GridCell(Struct, frozen=True):
    """One cell with its margins `left` and `right`; a `covered` one is hidden by a cell that spans over it.

    At its left it may have a `sign`, or three discs, of which `discs` are filled (-1 for no discs). A cell
    `to_write_on` has a line for a number.
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
    """One row, at least `height` high; `frame` is the colour role of the strong edge around a highlighted row."""

    cells: tuple[GridCell, ...]
    height: float
    header: bool = False
    frame: str = ""


class PlacedTable(Struct, frozen=True):
    """A native table with the widths of its columns; one `beside` another table is in no placeholder."""

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
    """A picture (PNG or JPEG) in a placeholder of its own proportions, or in `area`.

    Without `alt` it is marked as decorative.
    """

    content: bytes
    alt: str
    area: SlideArea | None = None


class PlacedChart(Struct, frozen=True):
    """A native chart in a placeholder: its data, the places of its `bars`, and the same chart as a `drawing`."""

    chart: Chart
    bars: BarPlan
    drawing: Drawing
    style: TypeStyle
    x: float
    y: float

    @property
    def drawn(self) -> PlacedDrawing:
        """The chart as shapes, for formats without native charts."""
        return PlacedDrawing("chart", self.drawing, self.x, self.y, self.chart.alt)


SlideItem: TypeAlias = FilledPlaceholder | PlacedTable | PlacedDrawing | PlacedPicture | PlacedChart


class LayoutVariant(Struct, frozen=True, order=True):
    """A layout at a step of size for its text and one for its title; step 0 is the size of the design."""

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
    """All slides, the crisis lines at the foot of each, the words before its number, and what does not fit."""

    slides: tuple[PlannedSlide, ...]
    foot: tuple[SlideParagraph, ...]
    state: tuple[TextRun, ...]
    findings: tuple[Finding, ...]

    @property
    def listed_sources(self) -> dict[str, int]:
        """The keys of the sources that slides list, each with the index of its slide."""
        return {
            paragraph.source: index
            for index, slide in enumerate(self.slides)
            for item in slide.items
            if isinstance(item, FilledPlaceholder)
            for paragraph in item.paragraphs
            if paragraph.source
        }
