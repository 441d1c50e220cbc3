"""A scale from 0 to 10: numbers in rings to mark, and below its ends what these mean."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from handouts.document import Scale, plain
from handouts.figures.shapes import Circle
from handouts.pdf.boxes import Box
from handouts.pdf.inline import Desk, aligned, lines_box, readable_lines, runs_of, text_box, words_box
from handouts.pdf.page import Element, Item, ShapeItem
from handouts.pdf.prose import Measure
from handouts.pdf.rows import form_item, label_box
from handouts.text.breaking import text_width

RING, RING_EDGE, RINGS_APART = 11.0, 1.4, 40.0
ENDS_GAP, ENDS_ABOVE = 12.0, 4.0
NUMBERS = range(11)


def scale_boxes(scale: Scale, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a label, the numbers from 0 to 10 in rings, and below its ends what these mean."""
    label, _ = label_box(scale.label, parent, measure, desk, bold=not scale.follows)
    radius = RING * desk.scale
    apart = min((measure.width - 2 * radius) / (len(NUMBERS) - 1), RINGS_APART * desk.scale)
    width = apart * (len(NUMBERS) - 1) + 2 * radius
    style = replace(desk.style("caption"), before=0.0)
    half = width / 2 - ENDS_GAP
    low = text_box(runs_of(scale.low, parent.add(Element("P")), style.colour, desk), style, measure.x, half)
    row = parent.add(Element("P"))
    rings = [item for number in NUMBERS for item in ring_items(scale, number, row, measure.x + number * apart, desk)]
    high_lines = readable_lines(tuple(runs_of(scale.high, parent.add(Element("P")), style.colour, desk)), style, half)
    longest = max((line.width for line in high_lines), default=0.0)
    high = lines_box(high_lines, style, measure.x + width - longest)
    ends = Box(max(low.height, high.height), (*low.items, *high.items), before=ENDS_ABOVE)
    return [label, Box(2 * radius + ENDS_ABOVE, tuple(rings)), ends]


def ring_items(scale: Scale, number: int, parent: Element, x: float, desk: Desk) -> Iterator[Item]:
    """Yield one number in its ring."""
    radius, body = RING * desk.scale, desk.style("body")
    style = replace(body, leading=2 * radius, after=0.0)
    digits = words_box(f"{number} ", parent.add(Element("Span")), style, 0.0, 4 * radius)
    yield from aligned(digits, x + radius - text_width(str(number), style) / 2).items
    if desk.fillable:
        tooltip = desk.words.say("field_scale", field=plain(scale.label), number=number)
        area = (x, 0.0, 2 * radius, 2 * radius)
        made = form_item("choice", scale.name, tooltip, area, parent, desk, str(number))
        yield replace(made, title=plain(scale.label))
    else:
        yield ShapeItem(Circle(x + radius, radius, radius - RING_EDGE, stroke="ink", width=RING_EDGE), 0.0, 0.0, None)
