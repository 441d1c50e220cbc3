"""Lay out the blocks that stand out: main message, callouts, words to say, and forks (a question with its answers).

Each is one box unless it is higher than a page.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Branch, Callout, Fork, Level, MainMessage, Script, Text
from handouts.figures.paths import left_bubble
from handouts.figures.shapes import Circle, Command, Path, Rectangle, Shape
from handouts.figures.signs import fork_sign_drawing, hatch_paths
from handouts.layout.boxes import (
    NEVER,
    LayoutBox,
    decoration,
    decoration_items,
    groups_within_height,
    kept_whole,
    moved_down,
    stacked,
    straight_line,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import LayoutContext, Measure, baseline_offset, inline_box
from handouts.layout.page_model import Element, ShapeItem
from handouts.layout.prose import CALLOUT_TOP, continued_title_box, with_label_above, with_label_beside

# ---------------------------------------------------------------- main message and callouts

MESSAGE_COST = 300.0  # to end a page after the main message
CALLOUT_LEFT, CALLOUT_RIGHT, CALLOUT_RADIUS, CALLOUT_EDGE = 12.0, 12.0, 6.0, 1.5
PANEL_GAP = 7.0


def main_message_boxes(message: MainMessage, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the main message: no frame, its size is enough."""
    style, column = context.style("lead"), context.column
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    box = inline_box(message.content, section.add(Element("P")), style, column, context)
    if context.has_rail(column):
        (whole,) = with_label_beside(message.label, label, [box], context, baseline_offset(style))
    else:
        whole = stacked(with_label_above(message.label, label, [replace(box, before=0.0)], column, context))
        whole = replace(whole, before=style.before, after=style.after)
    return [replace(whole, break_cost=MESSAGE_COST, at=message.at)]


def callout_boxes(callout: Callout, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a framed aside; what is higher than a page goes on in a second frame."""
    section = parent.add(Element("Sect"))
    inner = Measure(measure.x, measure.width - CALLOUT_RIGHT)
    heading = section.add(Element("H3"))
    title = inline_box(callout.title, heading, context.style("h3"), inner, context, colour="accent")
    inside = (replace(title, break_cost=NEVER), *context.boxes_inside(callout.blocks, section, inner))
    boxes = []
    for piece in map(stacked, groups_within_height(inside, context.room - 2 * CALLOUT_TOP - 2)):
        height, width = piece.height + 2 * CALLOUT_TOP, measure.width + CALLOUT_LEFT
        frame = Rectangle(0, 0, width, height, CALLOUT_RADIUS, stroke="accent", edge=CALLOUT_EDGE)
        items = (decoration(frame, measure.x - CALLOUT_LEFT), *moved_down(piece.items, CALLOUT_TOP))
        boxes.append(LayoutBox(height, items, PANEL_GAP, PANEL_GAP, at=callout.at))
    return boxes


# ---------------------------------------------------------------- words to say

BUBBLE_LEFT, BUBBLE_TOP, BUBBLE_RIGHT, BUBBLE_RADIUS, BUBBLE_EDGE, TAIL = 12.0, 7.0, 12.0, 9.0, 1.5, 18.0
RING_LEFT, RING_RADIUS, RING_EDGE, RING_CLEAR = 32.0, 5.6, 2.4, 8.0
ADVICE_GAP, SCRIPT_GAP = 4.0, 10.0


def script_boxes(script: Script, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return words to say in a bubble from the ring; the situation hangs in the rail, advice stands below."""
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    has_rail = context.has_rail(measure)
    inner = measure if context.is_column(measure) else measure.indented(RING_LEFT + RING_RADIUS + RING_EDGE)
    inside = [_bubble_box(script, section, inner, context)]
    if script.advice:
        style = replace(context.style("body"), colour="stone", before=ADVICE_GAP, after=PANEL_GAP)
        inside.append(inline_box(script.advice, section.add(Element("P")), style, inner, context))
    if not has_rail:
        boxes = with_label_above(script.situation, label, kept_whole(inside), inner, context)
        return with_outer_spaces(boxes, SCRIPT_GAP, SCRIPT_GAP)
    rail = context.theme.paper.rail + context.theme.paper.gutter - RING_LEFT - RING_RADIUS - RING_CLEAR
    first = BUBBLE_TOP + baseline_offset(context.style("script"))
    whole = stacked(with_label_beside(script.situation, label, inside, context, first, rail))
    return [replace(whole, before=SCRIPT_GAP, after=SCRIPT_GAP, break_cost=0.0, at=script.at)]


def _bubble_box(script: Script, section: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return the words to say in their bubble, with a ring left of it, or a disc if they are another's words."""
    paragraph = section.add(Element("BlockQuote")).add(Element("P"))
    inner = Measure(measure.x, measure.width - BUBBLE_RIGHT)
    content = (Text(context.words.say("open_quote")), *script.words, Text(context.words.say("close_quote")))
    words = inline_box(content, paragraph, context.style("script"), inner, context)
    height = words.height + 2 * BUBBLE_TOP
    bubble = left_bubble(measure.width + BUBBLE_LEFT, height, tail=TAIL, radius=BUBBLE_RADIUS, edge=BUBBLE_EDGE)
    fill = "accent" if script.theirs else "white"
    ring = Circle(measure.x - RING_LEFT, TAIL, RING_RADIUS, fill=fill, stroke="accent", width=RING_EDGE)
    items = (decoration(bubble, measure.x - BUBBLE_LEFT), decoration(ring), *moved_down(words.items, BUBBLE_TOP))
    return LayoutBox(height, items, PANEL_GAP, ADVICE_GAP if script.advice else PANEL_GAP, at=script.at)


# ---------------------------------------------------------------- forks

BRANCH_LEFT, BRANCH_GAP, BRANCH_RADIUS, BAR_WIDTH = 40.0, 7.0, 6.0, 12.0
BRANCH_PAD, BRANCH_RIGHT = 9.0, 14.0  # above and below the words of an answer, and right of them
SMALL_BRANCH_PAD, SMALL_BRANCH_RIGHT = 6.0, 10.0  # on a small sheet, where a fork has hardly room
SHAPE_SIZE, SHAPE_LEFT, SHAPE_TOP, SHAPE_CLEAR = 24.0, 46.0, 27.0, 9.0
NARROW_BRANCH_GAP = 22.0  # from path to box where the rail is narrow
WIDEST_SHAPE = 1.22  # how wide a triangle is for its size
LEVEL_EDGES: dict[Level, float] = {"red": 2.25, "amber": 1.5, "green": 0.75}
LEVEL_FILLS: dict[Level, str] = {"red": "red-tint", "amber": "white", "green": "white"}
TRUNK_LEFT, TRUNK_WIDTH, START_DISC, TURN_RADIUS = 8.0, 2.25, 5.0, 14.0
ARROW_LENGTH, ARROW_WIDTH, ARROW_EDGE = 10.0, 9.5, 1.2
FORK_AFTER = 15.0


class _ForkGeometry(Struct, frozen=True):
    """Where the parts of a fork stand: the path down, the boxes of its answers, their shapes and their words.

    `middle` is how far below the top of a box the middle of its shape is; `pad` and `right` are around the words.
    """

    trunk: float
    left: float
    shape: float
    words: float
    size: float
    middle: float
    pad: float
    right: float


def _fork_geometry(context: LayoutContext) -> _ForkGeometry:
    """Return where a fork stands on this paper; the words of the answers are never left of the axis."""
    theme, size = context.theme, SHAPE_SIZE * context.scale
    trunk, middle = theme.margin + TRUNK_LEFT, SHAPE_TOP * context.scale
    if not theme.paper.labels_above:
        left = theme.margin + BRANCH_LEFT
        return _ForkGeometry(trunk, left, left + SHAPE_LEFT, theme.axis, size, middle, BRANCH_PAD, BRANCH_RIGHT)
    small = context.scale <= 1.0
    pad, right = (SMALL_BRANCH_PAD, SMALL_BRANCH_RIGHT) if small else (BRANCH_PAD, BRANCH_RIGHT)
    left, half = trunk + NARROW_BRANCH_GAP, size * WIDEST_SHAPE / 2
    shape = left + BAR_WIDTH + SHAPE_CLEAR + half
    words = max(theme.axis, shape + half + SHAPE_CLEAR)
    return _ForkGeometry(trunk, left, shape, words, size, middle, pad, right)


def fork_boxes(fork: Fork, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return a question and its answers, joined by a path that leads from one into each of the others."""
    style, place = context.style("h2"), _fork_geometry(context)
    section = parent.add(Element("Sect"))
    question = inline_box(fork.question, section.add(Element("H2")), style, context.column, context)
    start = style.leading / 2
    disc = decoration(Circle(place.trunk, start, START_DISC, fill="ink"))
    question = with_items(question, (disc, _trunk(place, start, question.height + style.after)), first=True)
    boxes = [replace(question, break_cost=NEVER)]
    for index, branch in enumerate(fork.branches):
        for number, piece in enumerate(_branch_boxes(branch, section, context, place)):
            items = () if number else decoration_items(_branch_arrow(place), 0.0, 0.0)
            if index < len(fork.branches) - 1:
                items = (_trunk(place, -BRANCH_GAP, piece.height), *items)
            boxes.append(with_items(piece, items, first=True))
    whole = stacked(boxes)
    boxes = [replace(whole, break_cost=0.0)] if whole.height <= context.room else boxes
    boxes[1:] = [replace(box, repeated_head=continued_title_box(fork.question, context)) for box in boxes[1:]]
    return with_outer_spaces(boxes, style.before, FORK_AFTER)


def _trunk(place: _ForkGeometry, top: float, bottom: float) -> ShapeItem:
    """Return a piece of the path straight down."""
    return straight_line((place.trunk, top), (place.trunk, bottom), TRUNK_WIDTH, cap="round")


def _branch_arrow(place: _ForkGeometry) -> tuple[Shape, ...]:
    """Return the path from the trunk above a box into it, level with its shape."""
    x, end = place.trunk, place.middle
    reach = place.left - x
    turn = min(TURN_RADIUS, reach - ARROW_LENGTH)
    stop = x + reach - ARROW_LENGTH
    bend: tuple[Command, ...] = (
        ("M", (x, -BRANCH_GAP)),
        ("L", (x, end - turn)),
        ("C", (x, end - turn * 0.36, x + turn * 0.36, end, x + turn, end)),
        ("L", (stop, end)),
    )
    head: tuple[Command, ...] = (
        ("M", (x + reach - 1, end)),
        ("L", (stop - 1, end - ARROW_WIDTH / 2)),
        ("L", (stop - 1, end + ARROW_WIDTH / 2)),
        ("Z", ()),
    )
    return Path(bend, stroke="ink", width=TRUNK_WIDTH), Path(head, fill="ink", stroke="ink", width=ARROW_EDGE)


def _branch_boxes(branch: Branch, parent: Element, context: LayoutContext, place: _ForkGeometry) -> list[LayoutBox]:
    """Return one answer in its frame, its shape beside its first words; higher than a page, it goes on in a second."""
    section = parent.add(Element("Sect"))
    measure = Measure(place.words, context.theme.right - place.right - place.words)
    style = replace(context.style("h3"), colour=branch.level)
    title = inline_box(branch.title, section.add(Element("H3")), style, measure, context)
    blocks = (replace(box, before=0.0) for box in context.boxes_inside(branch.blocks, section, measure))
    inside = (replace(title, after=0.0, break_cost=NEVER), *blocks)
    width, corner = context.theme.right - place.left, (place.shape - place.size / 2, place.middle - place.size / 2)
    sign = decoration_items(fork_sign_drawing(branch.level, place.size).shapes, *corner)
    boxes: list[LayoutBox] = []
    for piece in map(stacked, groups_within_height(inside, context.room - 2 * place.pad)):
        height = max(place.pad + piece.height + place.pad, place.middle + place.size / 2 + SHAPE_CLEAR)
        frame = decoration_items(_branch_frame(branch.level, width, height), place.left, 0.0)
        items = (*frame, *(() if boxes else sign), *moved_down(piece.items, place.pad))
        boxes.append(LayoutBox(height, items, BRANCH_GAP, BRANCH_GAP, at=branch.at))
    return boxes


def _branch_frame(level: Level, width: float, height: float) -> tuple[Shape, ...]:
    """Return the frame of an answer and the bar flush inside its left edge: solid, hatched or open."""
    edge, r, bar = LEVEL_EDGES[level], BRANCH_RADIUS, BAR_WIDTH
    frame = Rectangle(0, 0, width, height, r, LEVEL_FILLS[level], level, edge)
    divider = Path((("M", (bar, 0)), ("L", (bar, height))), stroke=level, width=edge, cap="butt")
    match level:
        case "red":
            far = r * 0.4477
            solid: tuple[Command, ...] = (
                ("M", (bar, 0)),
                ("L", (r, 0)),
                ("C", (far, 0, 0, far, 0, r)),
                ("L", (0, height - r)),
                ("C", (0, height - far, far, height, r, height)),
                ("L", (bar, height)),
                ("Z", ()),
            )
            return frame, Path(solid, fill=level)
        case "amber":
            return *hatch_paths(1.0, 1.0, bar - 1, height - 2, level), divider, replace(frame, fill="")
        case "green":
            return frame, divider
