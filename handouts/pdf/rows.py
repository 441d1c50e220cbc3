"""What all fields of a worksheet share: rows of words above a writing line, labels in them, and fields of a form."""

from __future__ import annotations

from msgspec.structs import replace

from handouts.document import Inlines
from handouts.figures.shapes import Path
from handouts.pdf.boxes import Box, moved_down
from handouts.pdf.inline import Desk, baseline_of, lines_box, readable_lines, runs_of
from handouts.pdf.page import Element, FieldItem, FieldKind, Item, ShapeItem
from handouts.pdf.prose import Measure

PITCH, LINE, LEVEL, WORDS_ABOVE = 28.0, 1.0, 3.0, 4.0


def pitch_of(desk: Desk) -> float:
    """Return how far writing lines are apart."""
    return PITCH * desk.scale


def words_baseline(desk: Desk) -> float:
    """Return how far below the top of a row its words stand, a little above its writing line."""
    return pitch_of(desk) - LEVEL - WORDS_ABOVE


def label_box(
    label: Inlines, parent: Element, measure: Measure, desk: Desk, *, bold: bool = True
) -> tuple[Box, tuple[float, ...]]:
    """Return a label whose last line stands where the words of a row do, and how wide each of its lines is."""
    style = replace(desk.style("body"), bold=bold, after=0.0, before=0.0)
    lines = readable_lines(
        tuple(runs_of(label, parent.add(Element("P")), style.colour, desk, bold=bold)), style, measure.width
    )
    lift = words_baseline(desk) - baseline_of(style)
    box = lines_box(lines, style, measure.x)
    height = lift + box.height - style.leading + (pitch_of(desk) - lift)
    return Box(height, moved_down(box.items, lift)), tuple(line.width for line in lines) or (0.0,)


def writing_line(x: float, right: float, level: float) -> Item:
    """Return a line to write on."""
    return ShapeItem(
        Path((("M", (x, level)), ("L", (right, level))), stroke="ink", width=LINE, cap="butt"), 0.0, 0.0, None
    )


def form_item(
    kind: FieldKind,
    name: str,
    tooltip: str,
    area: tuple[float, float, float, float],
    parent: Element,
    desk: Desk,
    value: str = "",
) -> FieldItem:
    """Return a field of a form with its own element; `area_in_inches` is x, y, width and height."""
    element = parent.add(Element("Form", tooltip=tooltip))
    return FieldItem(kind, name, *area, desk.style("body").size, element, value)
