"""Lay out blocks that stand out: main message, callouts, scripts (words to say), and forks (a question with answers).

Each is one box unless it is higher than a page.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Branch, Callout, Fork, Level, MainMessage, Script
from handouts.figures.fork import BRANCH_EDGES, BRANCH_FILLS, BRANCH_RADIUS, solid_bar
from handouts.figures.shapes import Circle, Command, Path, Rectangle, Shape, left_bubble
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

_MESSAGE_COST = 300.0  # to end a page after the main message
_CALLOUT_LEFT, _CALLOUT_RIGHT, _CALLOUT_RADIUS, _CALLOUT_EDGE = 12.0, 12.0, 6.0, 1.5
_PANEL_GAP = 7.0


def main_message_boxes(message: MainMessage, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the main message, in large type without a frame."""
    style, column = context.style("lead"), context.column
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    box = inline_box(message.content, section.add(Element("P")), style, column, context)
    if context.has_rail(column):
        (whole,) = with_label_beside(message.label, label, [box], context, baseline_offset(style))
    else:
        whole = stacked(with_label_above(message.label, label, [replace(box, before=0.0)], column, context))
        whole = replace(whole, before=style.before, after=style.after)
    return [replace(whole, break_cost=_MESSAGE_COST, at=message.at)]


def callout_boxes(callout: Callout, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a framed aside; one that is higher than a page continues in a second frame."""
    section = parent.add(Element("Sect"))
    inner = Measure(measure.x, measure.width - _CALLOUT_RIGHT)
    heading = section.add(Element("H3"))
    title = inline_box(callout.title, heading, context.style("h3"), inner, context, colour="accent")
    inside = (replace(title, break_cost=NEVER), *context.boxes_inside(callout.blocks, section, inner))
    boxes = []
    for piece in map(stacked, groups_within_height(inside, context.room - 2 * CALLOUT_TOP - 2)):
        height, width = piece.height + 2 * CALLOUT_TOP, measure.width + _CALLOUT_LEFT
        frame = Rectangle(0, 0, width, height, _CALLOUT_RADIUS, stroke="accent", edge=_CALLOUT_EDGE)
        items = (decoration(frame, measure.x - _CALLOUT_LEFT), *moved_down(piece.items, CALLOUT_TOP))
        boxes.append(LayoutBox(height, items, _PANEL_GAP, _PANEL_GAP, at=callout.at))
    return boxes


# ---------------------------------------------------------------- words to say

_BUBBLE_LEFT, _BUBBLE_TOP, _BUBBLE_RIGHT, _BUBBLE_RADIUS, _BUBBLE_EDGE, _TAIL = 12.0, 7.0, 12.0, 9.0, 1.5, 18.0
_RING_LEFT, _RING_RADIUS, _RING_EDGE, _RING_CLEAR = 32.0, 5.6, 2.4, 8.0
_ADVICE_GAP, _SCRIPT_GAP = 4.0, 10.0


def script_boxes(script: Script, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return words to say in a speech bubble, with the situation in the rail or above, and advice below."""
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    has_rail = context.has_rail(measure)
    inner = measure if context.is_column(measure) else measure.indented(_RING_LEFT + _RING_RADIUS + _RING_EDGE)
    inside = [_bubble_box(script, section, inner, context)]
    if script.advice:
        style = replace(context.style("body"), colour="stone", before=_ADVICE_GAP, after=_PANEL_GAP)
        inside.append(inline_box(script.advice, section.add(Element("P")), style, inner, context))
    if not has_rail:
        boxes = with_label_above(script.situation, label, kept_whole(inside), inner, context)
        return with_outer_spaces(boxes, _SCRIPT_GAP, _SCRIPT_GAP)
    rail = context.theme.paper.rail + context.theme.paper.gutter - _RING_LEFT - _RING_RADIUS - _RING_CLEAR
    first = _BUBBLE_TOP + baseline_offset(context.style("script"))
    whole = stacked(with_label_beside(script.situation, label, inside, context, first, rail))
    return [replace(whole, before=_SCRIPT_GAP, after=_SCRIPT_GAP, break_cost=0.0, at=script.at)]


def _bubble_box(script: Script, section: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return the words in their bubble, which points to a ring, or to a disc if they are another person's words."""
    paragraph = section.add(Element("BlockQuote")).add(Element("P"))
    inner = Measure(measure.x, measure.width - _BUBBLE_RIGHT)
    words = inline_box(context.words.quoted(script.words), paragraph, context.style("script"), inner, context)
    height = words.height + 2 * _BUBBLE_TOP
    bubble = left_bubble(measure.width + _BUBBLE_LEFT, height, tail=_TAIL, radius=_BUBBLE_RADIUS, edge=_BUBBLE_EDGE)
    fill = "accent" if script.theirs else "white"
    ring = Circle(measure.x - _RING_LEFT, _TAIL, _RING_RADIUS, fill=fill, stroke="accent", width=_RING_EDGE)
    items = (decoration(bubble, measure.x - _BUBBLE_LEFT), decoration(ring), *moved_down(words.items, _BUBBLE_TOP))
    return LayoutBox(height, items, _PANEL_GAP, _ADVICE_GAP if script.advice else _PANEL_GAP, at=script.at)


# ---------------------------------------------------------------- forks

_BRANCH_LEFT, _BRANCH_GAP, _BAR_WIDTH = 40.0, 7.0, 12.0
_BRANCH_PAD, _BRANCH_RIGHT = 9.0, 14.0  # above and below the words of an answer, and right of them
_SMALL_BRANCH_PAD, _SMALL_BRANCH_RIGHT = 6.0, 10.0  # on small paper, where a fork has little room
_SHAPE_SIZE, _SHAPE_LEFT, _SHAPE_TOP, _SHAPE_CLEAR = 24.0, 46.0, 27.0, 9.0
_NARROW_BRANCH_GAP = 22.0  # from path to box where the rail is narrow
_WIDEST_SHAPE = 1.22  # the width of a triangle, the widest shape, for its size
_TRUNK_LEFT, _TRUNK_WIDTH, _START_DISC, _TURN_RADIUS = 8.0, 2.25, 5.0, 14.0
_ARROW_LENGTH, _ARROW_WIDTH, _ARROW_EDGE = 10.0, 9.5, 1.2
_FORK_AFTER = 15.0


class _ForkGeometry(Struct, frozen=True):
    """The geometry of a fork: x of the path down, of the left edges of the answers, of the middles of their shapes, and
    of their text.

    `size` is that of shapes; `middle` is the distance from the top of a box to the middle of its shape; `pad` is the
    padding above and below text, `right` that at its right.
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
    """Return the geometry of a fork on this paper; the text of answers never starts left of the text column."""
    theme, size = context.theme, _SHAPE_SIZE * context.scale
    trunk, middle = theme.margin + _TRUNK_LEFT, _SHAPE_TOP * context.scale
    if not theme.paper.labels_above:
        left = theme.margin + _BRANCH_LEFT
        return _ForkGeometry(trunk, left, left + _SHAPE_LEFT, theme.axis, size, middle, _BRANCH_PAD, _BRANCH_RIGHT)
    small = context.scale <= 1.0
    pad, right = (_SMALL_BRANCH_PAD, _SMALL_BRANCH_RIGHT) if small else (_BRANCH_PAD, _BRANCH_RIGHT)
    left, half = trunk + _NARROW_BRANCH_GAP, size * _WIDEST_SHAPE / 2
    shape = left + _BAR_WIDTH + _SHAPE_CLEAR + half
    words = max(theme.axis, shape + half + _SHAPE_CLEAR)
    return _ForkGeometry(trunk, left, shape, words, size, middle, pad, right)


def fork_boxes(fork: Fork, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return a question and its answers, joined by a path that leads from the question to each answer."""
    style, place = context.style("h2"), _fork_geometry(context)
    section = parent.add(Element("Sect"))
    question = inline_box(fork.question, section.add(Element("H2")), style, context.column, context)
    start = style.leading / 2
    disc = decoration(Circle(place.trunk, start, _START_DISC, fill="ink"))
    question = with_items(question, (disc, _trunk(place, start, question.height + style.after)), first=True)
    boxes = [replace(question, break_cost=NEVER)]
    for index, branch in enumerate(fork.branches):
        for number, piece in enumerate(_branch_boxes(branch, section, context, place)):
            items = () if number else decoration_items(_branch_arrow(place), 0.0, 0.0)
            if index < len(fork.branches) - 1:
                items = (_trunk(place, -_BRANCH_GAP, piece.height), *items)
            boxes.append(with_items(piece, items, first=True))
    whole = stacked(boxes)
    boxes = [replace(whole, break_cost=0.0)] if whole.height <= context.room else boxes
    boxes[1:] = [replace(box, repeated_head=continued_title_box(fork.question, context)) for box in boxes[1:]]
    return with_outer_spaces(boxes, style.before, _FORK_AFTER)


def _trunk(place: _ForkGeometry, top: float, bottom: float) -> ShapeItem:
    """Return a vertical piece of the path."""
    return straight_line((place.trunk, top), (place.trunk, bottom), _TRUNK_WIDTH, cap="round")


def _branch_arrow(place: _ForkGeometry) -> tuple[Shape, ...]:
    """Return the arrow from the path above a box into the box, level with its shape."""
    x, end = place.trunk, place.middle
    reach = place.left - x
    turn = min(_TURN_RADIUS, reach - _ARROW_LENGTH)
    stop = x + reach - _ARROW_LENGTH
    bend: tuple[Command, ...] = (
        ("M", (x, -_BRANCH_GAP)),
        ("L", (x, end - turn)),
        ("C", (x, end - turn * 0.36, x + turn * 0.36, end, x + turn, end)),
        ("L", (stop, end)),
    )
    head: tuple[Command, ...] = (
        ("M", (x + reach - 1, end)),
        ("L", (stop - 1, end - _ARROW_WIDTH / 2)),
        ("L", (stop - 1, end + _ARROW_WIDTH / 2)),
        ("Z", ()),
    )
    return Path(bend, stroke="ink", width=_TRUNK_WIDTH), Path(head, fill="ink", stroke="ink", width=_ARROW_EDGE)


def _branch_boxes(branch: Branch, parent: Element, context: LayoutContext, place: _ForkGeometry) -> list[LayoutBox]:
    """Return one answer in its frame; one that is higher than a page continues in a second frame."""
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
        height = max(place.pad + piece.height + place.pad, place.middle + place.size / 2 + _SHAPE_CLEAR)
        frame = decoration_items(_branch_frame(branch.level, width, height), place.left, 0.0)
        items = (*frame, *(() if boxes else sign), *moved_down(piece.items, place.pad))
        boxes.append(LayoutBox(height, items, _BRANCH_GAP, _BRANCH_GAP, at=branch.at))
    return boxes


def _branch_frame(level: Level, width: float, height: float) -> tuple[Shape, ...]:
    """Return the frame of an answer, with a solid, hatched or open bar along its left edge."""
    edge, bar = BRANCH_EDGES[level], _BAR_WIDTH
    frame = Rectangle(0, 0, width, height, BRANCH_RADIUS, BRANCH_FILLS[level], level, edge)
    divider = Path((("M", (bar, 0)), ("L", (bar, height))), stroke=level, width=edge, cap="butt")
    match level:
        case "red":
            return frame, solid_bar(bar, height, level)
        case "amber":
            return *hatch_paths(1.0, 1.0, bar - 1, height - 2, level), divider, replace(frame, fill="")
        case "green":
            return frame, divider
