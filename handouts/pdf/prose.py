"""Plain text on the page: headings, paragraphs, lists, steps, and text with a label in the rail.

Each function takes one block, its parent in the structure tree and a measure (where text starts and how wide it is),
and gives boxes from top to bottom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import (
    Block,
    BulletList,
    Callout,
    Card,
    Chart,
    Comparison,
    Contacts,
    Cover,
    Figure,
    Fork,
    Heading,
    Inlines,
    Labelled,
    MainMessage,
    Paragraph,
    Script,
    Sources,
    Steps,
    Table,
    plain,
)
from handouts.figures.shapes import Circle, Command, Path
from handouts.pdf.boxes import NEVER, Box, kept, moved_down, spaced, stacked, together, with_items
from handouts.pdf.inline import Desk, aligned, baseline_of, runs_of, text_box, text_boxes, words_box
from handouts.pdf.page import Element, ShapeItem, pagination
from handouts.text.breaking import text_width
from handouts.theme import TypeStyle

BULLET, INDENT = "•", 16.0
NODE, NODE_EDGE, NODE_NUMBER, NODE_LEFT, DIGIT_MIDDLE = 10.0, 2.25, 11.6, 18.0, 0.36
CALLOUT_PAD = 11.0
HEADING_STYLES = {2: "h2", 3: "h3", 4: "h3"}
ITEM_COST, STEP_COST, STEP_GAP = 15.0, 150.0, 0.25  # the gap between two steps is a share of a line


class Measure(Struct, frozen=True):
    """Where lines start, and how wide they may be."""

    x: float
    width: float

    def indented(self, by: float) -> Measure:
        """Return the measure of text that starts `by` further to the right."""
        return Measure(self.x + by, self.width - by)


def is_column(measure: Measure, desk: Desk) -> bool:
    """True if `measure` is the column of the page, with the rail to its left."""
    return abs(measure.x - desk.theme.axis) < 1 and abs(measure.width - desk.theme.column) < 1


def has_rail(measure: Measure, desk: Desk) -> bool:
    """True if labels stand in the rail to the left of `measure`, not above what they label."""
    return is_column(measure, desk) and not desk.theme.paper.labels_above


def widened(measure: Measure, desk: Desk) -> Measure:
    """Return the measure from margin to margin where `measure` is the column, else `measure`."""
    if is_column(measure, desk):
        return Measure(desk.theme.margin, desk.theme.right - desk.theme.margin)
    return measure


Layout = Callable[[Sequence[Block], Element, Measure], list[Box]]


def heading_boxes(heading: Heading, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a heading, with its number if it has one; at the top of a page one of level 2 is set larger."""
    element = parent.add(Element(f"H{heading.level}", anchor=heading.anchor))
    style = desk.style(HEADING_STYLES[heading.level])
    number = element.add(Element("Lbl")) if heading.number else None
    words = element.add(Element("Span")) if heading.number else element
    runs = list(runs_of(heading.content, words, style.colour, desk, bold=True))
    box = numbered(text_box(runs, style, measure.x, measure.width), style, heading.number, number, measure, desk)
    top = again = None
    if heading.level == 2 and is_column(measure, desk):
        again = continued_box(heading.content, desk)
        large = desk.style("h2-page")
        set_large = text_box(runs, large, measure.x, measure.width)
        top = replace(numbered(set_large, large, heading.number, number, measure, desk), break_cost=NEVER)
    opens = heading.opens_page
    return [replace(box, break_cost=NEVER, top=top, again=again, opens=opens, heads=True, at=heading.at)]


def continued_box(title: Inlines, desk: Desk) -> Box:
    """Return the title of a section as it is repeated where the section goes on: it is not read a second time."""
    theme = desk.theme
    style = replace(desk.style("h3" if theme.paper.labels_above else "h2"), colour="accent", before=0.0)
    words = desk.words.say("slide_continued", title=plain(title))
    box = words_box(words, pagination("Header"), style, theme.axis, theme.column)
    return replace(box, after=desk.style("body").leading / 2, heads=True)


def numbered(box: Box, style: TypeStyle, number: str, element: Element | None, measure: Measure, desk: Desk) -> Box:
    """Return a heading in `style` with its number in the rail, on the baseline of its first line, or above it."""
    if not number:
        return box
    label = desk.style("label")
    if has_rail(measure, desk):
        made = words_box(number, element, label, desk.theme.margin, desk.theme.paper.rail)
        drop = baseline_of(style) - baseline_of(label)
        high = replace(box, height=max(box.height, made.height + drop))
        return with_items(high, moved_down(made.items, drop), first=True)
    made = words_box(number, element, label, measure.x, measure.width)
    lines = (*made.items, *moved_down(box.items, made.height))
    return replace(box, height=box.height + made.height, items=lines)


def paragraph_boxes(
    paragraph: Paragraph, parent: Element, measure: Measure, desk: Desk, role: str = "body"
) -> list[Box]:
    """Return a paragraph, a box a line."""
    style = desk.style(role)
    element = parent.add(Element("P"))
    return text_boxes(runs_of(paragraph.content, element, style.colour, desk), style, measure.x, measure.width)


def bullet_boxes(bullets: BulletList, parent: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return a list; an item is torn only between its own blocks' lines."""
    style, indent = desk.style("body"), INDENT * desk.scale
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Disc"),)))
    boxes: list[Box] = []
    for item in bullets.items:
        entry = listing.add(Element("LI"))
        label = words_box(BULLET, entry.add(Element("Lbl")), style, measure.x, indent, "accent")
        inside = layout(item, entry.add(Element("LBody")), measure.indented(indent))
        if not inside:
            continue
        inside[0] = with_items(inside[0], label.items, first=True)
        inside[-1] = replace(inside[-1], after=style.leading / 4, break_cost=ITEM_COST)
        boxes.extend(inside)
    if boxes:
        boxes[0] = replace(boxes[0], break_cost=max(boxes[0].break_cost, 50.0))
        boxes[-1] = replace(boxes[-1], after=style.after, break_cost=0.0)
    return boxes


def step_boxes(steps: Steps, parent: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return numbered steps as nodes joined by a line; the nodes hang left of the axis where there is room.

    Only a step that is higher than half a page is torn, and steps stand on one page that are no higher together.
    """
    inner = measure if is_column(measure, desk) else measure.indented((NODE_LEFT + NODE) * desk.scale)
    body = desk.style("body")
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Decimal"),)))
    boxes: list[Box] = []
    for number, item in enumerate(steps.items, 1):
        entry = listing.add(Element("LI"))
        label = entry.add(Element("Lbl"))
        inside = layout(item, entry.add(Element("LBody")), inner)
        if not inside:
            continue
        whole = stacked(inside)
        pieces = [replace(whole, break_cost=STEP_COST)] if whole.height <= desk.room / 2 else inside
        pieces = spaced(pieces, 0.0, STEP_GAP * body.leading)
        middle = inner.x - NODE_LEFT * desk.scale
        pieces[0] = with_node(pieces[0], number, middle, label, desk)
        if number < len(steps.items):
            pieces = [with_link(piece, middle, desk, first=not index) for index, piece in enumerate(pieces)]
        boxes.extend(pieces)
    if boxes:
        boxes[-1] = replace(boxes[-1], after=body.after, break_cost=0.0)
    return kept(boxes) if stacked(boxes).height <= desk.room / 2 else together(boxes)


def with_node(inside: Box, number: int, middle: float, label: Element, desk: Desk) -> Box:
    """Return the first box of a step with its number in a node, level with the first line."""
    y, radius, size = desk.style("body").leading / 2, NODE * desk.scale, NODE_NUMBER * desk.scale
    style = TypeStyle(size, size, bold=True, colour="accent")
    digits = words_box(str(number), label, style, 0.0, 4 * radius)
    digits = aligned(digits, middle - text_width(str(number), style) / 2)
    lift = y + DIGIT_MIDDLE * size - baseline_of(style)
    node = Circle(middle, y, radius - NODE_EDGE / 2, fill="white", stroke="accent", width=NODE_EDGE)
    marked = with_items(inside, (ShapeItem(node, 0.0, 0.0, None), *moved_down(digits.items, lift)), first=True)
    return replace(marked, height=max(inside.height, 2 * radius - 2))


def with_link(inside: Box, middle: float, desk: Desk, *, first: bool) -> Box:
    """Return a box of a step with the line that leads down to the next node; behind the node if it has one."""
    leading, radius = desk.style("body").leading, NODE * desk.scale
    ends: tuple[Command, ...] = (
        ("M", (middle, leading / 2 + radius if first else -STEP_GAP * leading)),
        ("L", (middle, inside.height + (STEP_GAP + 0.5) * leading - radius)),
    )
    return with_items(inside, (ShapeItem(Path(ends, stroke="accent", width=2), 0.0, 0.0, None),), first=True)


def labelled_boxes(labelled: Labelled, parent: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return blocks with their label in the rail, on the baseline of the first line; above where the rail is taken."""
    section = parent.add(Element("Sect"))
    element = section.add(Element("P"))
    narrow = next((index for index, block in enumerate(labelled.blocks) if is_wide(block)), len(labelled.blocks))
    inside = layout(labelled.blocks[:narrow], section, measure)
    below = layout(labelled.blocks[narrow:], section, measure)
    if has_rail(measure, desk) and inside:
        first = first_baseline(labelled.blocks[0], desk)
        return [*label_beside(labelled.label, element, inside, desk, first), *below]
    return label_above(labelled.label, element, [*inside, *below], measure, desk)


def is_wide(block: Block) -> bool:
    """True if `block` reaches into the rail, where no label can stand then."""
    in_rail = Cover | MainMessage | Fork | Card | Script | Steps
    return isinstance(block, in_rail | Comparison | Table | Figure | Chart | Contacts)


def first_baseline(block: Block, desk: Desk) -> float:
    """Return how far below its top the first line of `block` stands."""
    match block:
        case Heading():
            return baseline_of(desk.style(HEADING_STYLES[block.level]))
        case Sources():
            return baseline_of(desk.style("source"))
        case Callout():
            return CALLOUT_PAD + baseline_of(desk.style("h3"))
        case _:
            return baseline_of(desk.style("body"))


def label_beside(
    label: Inlines, element: Element, inside: Sequence[Box], desk: Desk, first: float, width: float = 0.0
) -> list[Box]:
    """Return `inside` with a label in the rail, `width` wide if not as wide as the rail, on the baseline `first`."""
    style, theme = desk.style("label"), desk.theme
    runs = runs_of(label, element, style.colour, desk, bold=True)
    box = text_box(runs, style, theme.margin, width or theme.paper.rail)
    drop = first - baseline_of(style)
    boxes = list(inside)
    boxes[0] = with_items(boxes[0], moved_down(box.items, drop), first=True)
    needed = box.height + drop
    enough = next((index for index in range(len(boxes)) if height_of(boxes[: index + 1]) >= needed), len(boxes) - 1)
    boxes[: enough + 1] = kept(boxes[: enough + 1])
    missing = needed - height_of(boxes)
    if missing > 0:
        boxes[-1] = replace(boxes[-1], height=boxes[-1].height + missing)
    return boxes


def label_above(label: Inlines, element: Element, inside: list[Box], measure: Measure, desk: Desk) -> list[Box]:
    """Return `inside` below its label, where there is no rail."""
    style = desk.style("label")
    runs = runs_of(label, element, style.colour, desk, bold=True)
    box = text_box(runs, style, measure.x, measure.width)
    return [replace(box, after=2.0, break_cost=NEVER), *inside]


def height_of(boxes: Sequence[Box]) -> float:
    """Return how high `boxes` are together, without the space around them."""
    return stacked(boxes).height
