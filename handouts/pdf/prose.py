"""Plain text on the page: headings, paragraphs, lists, steps, and text with a label in the rail.

Each function takes one block, its parent in the structure tree and a measure (where text starts and how wide it is),
and gives boxes from top to bottom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from handouts.document import Block, BulletList, Heading, Inlines, Labelled, Paragraph, Steps
from handouts.figures import Circle, Path
from handouts.pdf.boxes import NEVER, Box, kept, stacked, with_items
from handouts.pdf.inline import Desk, aligned, baseline_of, runs_of, text_box, text_boxes, words_box
from handouts.pdf.page import Element, Item, ShapeItem
from handouts.theme import TypeStyle

BULLET, INDENT = "•", 16.0
NODE, NODE_EDGE, NODE_NUMBER, NODE_LEFT = 10.0, 2.25, 11.5, 18.0
HEADING_STYLES = {2: "h2", 3: "h3", 4: "h3"}
HEADING_COST, STEP_COST = 5.0, 120.0


@dataclass(frozen=True, slots=True)
class Measure:
    """Where lines start, and how wide they may be."""

    x: float
    width: float

    def indented(self, by: float) -> Measure:
        """Return the measure of text that starts `by` further to the right."""
        return Measure(self.x + by, self.width - by)


Layout = Callable[[Sequence[Block], Element, Measure], list[Box]]


def heading_boxes(heading: Heading, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a heading; at the top of a page one of level 2 is set larger."""
    element = parent.add(Element(f"H{heading.level}", anchor=heading.anchor))
    style = desk.style(HEADING_STYLES[heading.level])
    runs = list(runs_of(heading.content, element, style.colour, desk, bold=True))
    box = text_box(runs, style, measure.x, measure.width)
    top = None
    if heading.level == 2:
        top = replace(text_box(runs, desk.style("h2-page"), measure.x, measure.width), break_cost=NEVER)
    return [replace(box, break_cost=NEVER, top=top, opens=heading.opens_page, at=heading.at)]


def paragraph_boxes(
    paragraph: Paragraph, parent: Element, measure: Measure, desk: Desk, role: str = "body"
) -> list[Box]:
    """Return a paragraph, a box a line."""
    style = desk.style(role)
    element = parent.add(Element("P"))
    return text_boxes(runs_of(paragraph.content, element, style.colour, desk), style, measure.x, measure.width)


def bullet_boxes(bullets: BulletList, parent: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return a list; an item is torn only between its own blocks' lines."""
    style = desk.style("body")
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Disc"),)))
    boxes: list[Box] = []
    for item in bullets.items:
        entry = listing.add(Element("LI"))
        label = words_box(BULLET, entry.add(Element("Lbl")), style, measure.x, INDENT, "accent")
        inside = layout(item, entry.add(Element("LBody")), measure.indented(INDENT))
        if not inside:
            continue
        inside[0] = with_items(inside[0], label.items, first=True)
        inside[-1] = replace(inside[-1], after=style.leading / 4)
        boxes.extend(inside)
    if boxes:
        boxes[0] = replace(boxes[0], break_cost=max(boxes[0].break_cost, 50.0))
        boxes[-1] = replace(boxes[-1], after=style.after)
    return boxes


def step_boxes(steps: Steps, parent: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return numbered steps as nodes joined by a line; the nodes hang left of the axis where there is room."""
    hangs = measure.x >= desk.theme.axis
    inner = measure if hangs else measure.indented(2 * NODE + 8)
    middle = inner.x - NODE_LEFT
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Decimal"),)))
    boxes: list[Box] = []
    for number, item in enumerate(steps.items, 1):
        entry = listing.add(Element("LI"))
        label = entry.add(Element("Lbl"))
        inside = layout(item, entry.add(Element("LBody")), inner)
        if inside:
            last = number == len(steps.items)
            boxes.append(step_box(stacked(inside), number, middle, label, desk, last=last))
    if boxes:
        boxes[-1] = replace(boxes[-1], after=desk.style("body").after, break_cost=0.0)
    return boxes


def step_box(inside: Box, number: int, middle: float, label: Element, desk: Desk, *, last: bool) -> Box:
    """Return one step with its node, and the line down to the next node."""
    body = desk.style("body")
    between = body.leading / 3
    height = max(inside.height, 2 * NODE - 2)
    y = body.leading / 2
    style = TypeStyle(NODE_NUMBER, NODE_NUMBER, bold=True, colour="accent")
    digits = words_box(str(number), label, style, 0.0, 4 * NODE)
    width = max(item.x + item.run.width for item in digits.items if not isinstance(item, ShapeItem))
    digits = aligned(digits, middle - width / 2)
    node = Circle(middle, y, NODE - NODE_EDGE / 2, fill="white", stroke="accent", width=NODE_EDGE)
    shapes: list[Item] = []
    if not last:
        down = Path((("M", (middle, y + NODE)), ("L", (middle, height + between + y - NODE))), stroke="accent", width=2)
        shapes.append(ShapeItem(down, 0.0, 0.0, None))
    shapes.append(ShapeItem(node, 0.0, 0.0, None))
    lift = y + 0.36 * NODE_NUMBER - baseline_of(style)
    numbers = tuple(
        replace(item, baseline=item.baseline + lift) for item in digits.items if not isinstance(item, ShapeItem)
    )
    return Box(height, (*shapes, *numbers, *inside.items), inside.before, between, STEP_COST, at=inside.at)


def labelled_boxes(labelled: Labelled, parent: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return blocks with their label in the rail, on the baseline of the first line."""
    section = parent.add(Element("Sect"))
    element = section.add(Element("P"))
    inside = layout(labelled.blocks, section, measure)
    if measure.x < desk.theme.axis:
        return label_above(labelled.label, element, inside, measure, desk)
    return label_beside(labelled.label, element, inside, desk)


def label_beside(
    label: Inlines, element: Element, inside: list[Box], desk: Desk, lower: float | None = None
) -> list[Box]:
    """Return `inside` with a label in the rail; `lower` is where the first baseline is, if not that of body text."""
    style = desk.style("label")
    box = text_box(
        runs_of(label, element, style.colour, desk, bold=True), style, desk.theme.margin, desk.theme.paper.rail
    )
    if not inside:
        return [box]
    first = lower if lower is not None else baseline_of(desk.style("body"))
    lifted = tuple(shift_down(item, first - baseline_of(style)) for item in box.items)
    inside = list(inside)
    inside[0] = with_items(inside[0], lifted, first=True)
    needed = box.height + first - baseline_of(style)
    lines = next((index for index in range(len(inside)) if height_of(inside[: index + 1]) >= needed), len(inside) - 1)
    inside[: lines + 1] = kept(inside[: lines + 1])
    missing = needed - height_of(inside)
    if missing > 0:
        inside[-1] = replace(inside[-1], height=inside[-1].height + missing)
    return inside


def label_above(label: Inlines, element: Element, inside: list[Box], measure: Measure, desk: Desk) -> list[Box]:
    """Return `inside` below its label, where there is no rail."""
    style = desk.style("label")
    box = text_box(runs_of(label, element, style.colour, desk, bold=True), style, measure.x, measure.width)
    return [replace(box, after=2.0, break_cost=NEVER), *inside]


def shift_down(item: Item, y: float) -> Item:
    """Return a text item `y` lower."""
    return replace(item, y=item.y + y) if isinstance(item, ShapeItem) else replace(item, baseline=item.baseline + y)


def height_of(boxes: Sequence[Box]) -> float:
    """Return how high `boxes` are together, without the space around them."""
    return stacked(boxes).height
