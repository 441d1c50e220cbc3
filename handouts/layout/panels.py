"""Lay out the blocks that stand out: main message, callouts, words to say, and forks (a question with its
answers).

Each is kept whole unless it is higher than a page.
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
    decoration_items,
    groups_within_height,
    kept_whole,
    moved_down,
    stacked,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import LayoutContext, baseline_offset, inline_runs, text_box
from handouts.layout.page_model import Element
from handouts.layout.prose import (
    Measure,
    NestedLayout,
    continued_box,
    has_rail,
    is_main_column,
    with_label_above,
    with_label_beside,
)

MESSAGE_COST = 300.0
CALLOUT_RADIUS, CALLOUT_EDGE, CALLOUT_PAD = 6.0, 1.5, 12.0
BUBBLE_LEFT, BUBBLE_PAD, BUBBLE_RADIUS, BUBBLE_EDGE, TAIL = 12.0, (7.0, 12.0), 9.0, 1.5, 18.0
RING_LEFT, RING_RADIUS, RING_EDGE, RING_CLEAR, ADVICE_GAP = 32.0, 5.6, 2.4, 8.0, 4.0
PANEL_GAP = 7.0
SCRIPT_GAP = 10.0


def main_message_boxes(message: MainMessage, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the main message: no frame, its size is enough."""
    style = context.style("lead")
    measure = Measure(context.theme.axis, context.theme.column)
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    runs = inline_runs(message.content, section.add(Element("P")), style.colour, context)
    box = text_box(runs, style, measure.x, measure.width)
    if has_rail(measure, context):
        (whole,) = with_label_beside(message.label, label, [box], context, baseline_offset(style))
    else:
        whole = stacked(with_label_above(message.label, label, [replace(box, before=0.0)], measure, context))
        whole = replace(whole, before=style.before, after=style.after)
    return [replace(whole, break_cost=MESSAGE_COST, at=message.at)]


def callout_boxes(
    callout: Callout, parent: Element, measure: Measure, context: LayoutContext, layout: NestedLayout
) -> list[LayoutBox]:
    """Return a framed aside; what is higher than a page goes on in a second frame."""
    section = parent.add(Element("Sect"))
    left, pad = measure.x - BUBBLE_LEFT, CALLOUT_PAD
    inner = Measure(measure.x, measure.width - pad)
    style = context.style("h3")
    title = text_box(
        inline_runs(callout.title, section.add(Element("H3")), "accent", context), style, inner.x, inner.width
    )
    inside = (replace(title, break_cost=NEVER), *layout(callout.blocks, section, inner))
    boxes = []
    for piece in (stacked(group) for group in groups_within_height(inside, context.room - 2 * pad)):
        height = piece.height + 2 * pad - 2
        frame = Rectangle(
            0, 0, measure.x + measure.width - left, height, CALLOUT_RADIUS, stroke="accent", edge=CALLOUT_EDGE
        )
        items = (*decoration_items((frame,), left, 0.0), *moved_down(piece.items, pad - 1))
        boxes.append(LayoutBox(height, items, PANEL_GAP, PANEL_GAP, at=callout.at))
    return boxes


def script_boxes(script: Script, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return words to say in a bubble from the ring; the situation hangs in the rail, advice stands below."""
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    if not has_rail(measure, context):
        inner = measure if is_main_column(measure, context) else measure.indented(RING_LEFT + RING_RADIUS + RING_EDGE)
        inside = [*bubble_boxes(script, section, inner, context), *advice_boxes(script, section, inner, context)]
        return with_outer_spaces(
            with_label_above(script.situation, label, kept_whole(inside), inner, context), SCRIPT_GAP, SCRIPT_GAP
        )
    rail = context.theme.paper.rail + context.theme.paper.gutter - RING_LEFT - RING_RADIUS - RING_CLEAR
    first = BUBBLE_PAD[0] + baseline_offset(context.style("script"))
    inside = [*bubble_boxes(script, section, measure, context), *advice_boxes(script, section, measure, context)]
    whole = stacked(with_label_beside(script.situation, label, inside, context, first, rail))
    return [replace(whole, before=SCRIPT_GAP, after=SCRIPT_GAP, break_cost=0.0, at=script.at)]


def bubble_boxes(script: Script, section: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return the words to say in their bubble, with the ring, or the disc, left of it."""
    style = context.style("script")
    paragraph = section.add(Element("BlockQuote")).add(Element("P"))
    inner = measure.width - BUBBLE_PAD[1]
    content = (Text(context.words.say("open_quote")), *script.words, Text(context.words.say("close_quote")))
    words = text_box(inline_runs(content, paragraph, style.colour, context), style, measure.x, inner)
    height = words.height + 2 * BUBBLE_PAD[0]
    bubble = left_bubble(measure.width + BUBBLE_LEFT, height, tail=TAIL, radius=BUBBLE_RADIUS, edge=BUBBLE_EDGE)
    fill = "accent" if script.theirs else "white"
    ring = Circle(measure.x - RING_LEFT, TAIL, RING_RADIUS, fill=fill, stroke="accent", width=RING_EDGE)
    items = (
        *decoration_items((bubble,), measure.x - BUBBLE_LEFT, 0.0),
        *decoration_items((ring,), 0.0, 0.0),
        *moved_down(words.items, BUBBLE_PAD[0]),
    )
    return [LayoutBox(height, items, PANEL_GAP, ADVICE_GAP if script.advice else PANEL_GAP, at=script.at)]


def advice_boxes(script: Script, section: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return the advice that is not to be said, or nothing if there is none."""
    if not script.advice:
        return []
    style = replace(context.style("body"), colour="stone", before=ADVICE_GAP, after=PANEL_GAP)
    runs = inline_runs(script.advice, section.add(Element("P")), "stone", context)
    return [text_box(runs, style, measure.x, measure.width)]


BRANCH_LEFT, BRANCH_GAP, BRANCH_RADIUS, BRANCH_BAR, BRANCH_PAD = 40.0, 7.0, 6.0, 12.0, (9.0, 14.0, 9.0)
SMALL_PAD = (6.0, 10.0, 6.0)  # on a small sheet, where a fork has hardly room
SHAPE_SIZE, SHAPE_LEFT, SHAPE_TOP, SHAPE_CLEAR = 24.0, 46.0, 27.0, 9.0
NARROW_BRANCH_GAP, WIDEST_SHAPE = (
    22.0,
    1.22,
)  # where the rail is narrow: from path to box; how wide a triangle is for its size
LEVEL_EDGES: dict[Level, float] = {"red": 2.25, "amber": 1.5, "green": 0.75}
LEVEL_FILLS: dict[Level, str] = {"red": "red-tint", "amber": "white", "green": "white"}
TRUNK_LEFT, TRUNK_WIDTH, START_DISC, ARROW_HEAD, TURN_RADIUS = 8.0, 2.25, 5.0, (10.0, 9.5), 14.0
FORK_AFTER = 15.0


def branch_padding(context: LayoutContext) -> tuple[float, float, float]:
    """Return the space above, right of and below the words of an answer: less on small sheets with usual type."""
    return SMALL_PAD if context.theme.paper.labels_above and context.scale <= 1.0 else BRANCH_PAD


class ForkGeometry(Struct, frozen=True):
    """Where the parts of a fork stand: the way in, the boxes of its answers, their shapes and their words."""

    trunk: float
    left: float
    shape: float
    words: float
    size: float
    middle: float


def fork_geometry(context: LayoutContext) -> ForkGeometry:
    """Return where a fork stands on this paper; the words of the answers are never left of the axis."""
    theme, size = context.theme, SHAPE_SIZE * context.scale
    trunk, middle = theme.margin + TRUNK_LEFT, SHAPE_TOP * context.scale
    if not theme.paper.labels_above:
        left = theme.margin + BRANCH_LEFT
        return ForkGeometry(trunk, left, left + SHAPE_LEFT, theme.axis, size, middle)
    left, half = trunk + NARROW_BRANCH_GAP, size * WIDEST_SHAPE / 2
    shape = left + BRANCH_BAR + SHAPE_CLEAR + half
    return ForkGeometry(trunk, left, shape, max(theme.axis, shape + half + SHAPE_CLEAR), size, middle)


def fork_boxes(fork: Fork, parent: Element, context: LayoutContext, layout: NestedLayout) -> list[LayoutBox]:
    """Return a question and its answers, joined by a path that leads from one into each of the others."""
    style, theme, place = context.style("h2"), context.theme, fork_geometry(context)
    section = parent.add(Element("Sect"))
    runs = inline_runs(fork.question, section.add(Element("H2")), style.colour, context)
    question = text_box(runs, style, theme.axis, theme.column)
    start = style.leading / 2
    way = (Circle(place.trunk, start, START_DISC, fill="ink"), trunk_path(place, start, question.height + style.after))
    boxes = [replace(with_items(question, decoration_items(way, 0.0, 0.0), first=True), break_cost=NEVER)]
    for index, branch in enumerate(fork.branches):
        last = index == len(fork.branches) - 1
        for number, piece in enumerate(branch_boxes(branch, section, context, place, layout)):
            shapes = () if number else branch_arrow(place)
            if not last:
                shapes = (trunk_path(place, -BRANCH_GAP, piece.height), *shapes)
            boxes.append(with_items(piece, decoration_items(shapes, 0.0, 0.0), first=True))
    whole = stacked(boxes)
    boxes = [replace(whole, break_cost=0.0)] if whole.height <= context.room else boxes
    boxes[1:] = [replace(box, repeated_head=continued_box(fork.question, context)) for box in boxes[1:]]
    return with_outer_spaces(boxes, style.before, FORK_AFTER)


def trunk_path(place: ForkGeometry, top: float, bottom: float) -> Path:
    """Return a stretch of the path straight down."""
    return Path((("M", (place.trunk, top)), ("L", (place.trunk, bottom))), stroke="ink", width=TRUNK_WIDTH)


def branch_arrow(place: ForkGeometry) -> tuple[Shape, ...]:
    """Return the path from the trunk above a box into it, level with its shape."""
    x, end, reach = place.trunk, place.middle, place.left - place.trunk
    turn = min(TURN_RADIUS, reach - ARROW_HEAD[0])
    stop = x + reach - ARROW_HEAD[0]
    bend: tuple[Command, ...] = (
        ("M", (x, -BRANCH_GAP)),
        ("L", (x, end - turn)),
        ("C", (x, end - turn * 0.36, x + turn * 0.36, end, x + turn, end)),
        ("L", (stop, end)),
    )
    head: tuple[Command, ...] = (
        ("M", (x + reach - 1, end)),
        ("L", (stop - 1, end - ARROW_HEAD[1] / 2)),
        ("L", (stop - 1, end + ARROW_HEAD[1] / 2)),
        ("Z", ()),
    )
    return Path(bend, stroke="ink", width=TRUNK_WIDTH), Path(head, fill="ink", stroke="ink", width=1.2)


def branch_boxes(
    branch: Branch, parent: Element, context: LayoutContext, place: ForkGeometry, layout: NestedLayout
) -> list[LayoutBox]:
    """Return one answer with its bar, its shape and its edge: three marks beside the word itself.

    What is higher than a page goes on in a second frame.
    """
    section = parent.add(Element("Sect"))
    top, right, bottom = branch_padding(context)
    measure = Measure(place.words, context.theme.right - right - place.words)
    style = replace(context.style("h3"), colour=branch.level)
    title = text_box(
        inline_runs(branch.title, section.add(Element("H3")), branch.level, context), style, measure.x, measure.width
    )
    blocks = (replace(box, before=0.0) for box in layout(branch.blocks, section, measure))
    inside = (replace(title, after=0.0, break_cost=NEVER), *blocks)
    pieces = [stacked(group) for group in groups_within_height(inside, context.room - top - bottom)]
    return [branch_piece(branch, piece, place, context, first=not index) for index, piece in enumerate(pieces)]


def branch_piece(
    branch: Branch, inside: LayoutBox, place: ForkGeometry, context: LayoutContext, *, first: bool
) -> LayoutBox:
    """Return one frame of an answer; the `first` has its shape."""
    top, _, bottom = branch_padding(context)
    height = max(top + inside.height + bottom, place.middle + place.size / 2 + SHAPE_CLEAR)
    width = context.theme.right - place.left
    sign = fork_sign_drawing(branch.level, place.size)
    corner = (place.shape - place.size / 2, place.middle - place.size / 2)
    items = (
        *decoration_items(branch_frame(branch.level, width, height), place.left, 0.0),
        *(decoration_items(sign.shapes, *corner) if first else ()),
        *moved_down(inside.items, top),
    )
    return LayoutBox(height, items, BRANCH_GAP, BRANCH_GAP, at=branch.at)


def branch_frame(level: Level, width: float, height: float) -> tuple[Shape, ...]:
    """Return the box of an answer and the bar flush inside its left edge: solid, hatched or open."""
    edge, r, bar = LEVEL_EDGES[level], BRANCH_RADIUS, BRANCH_BAR
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
