"""The blocks that stand out: cover band, main message, fork, callout, words to say. None of them is ever torn."""

from __future__ import annotations

from dataclasses import replace

from handouts.document import Branch, Callout, Cover, Fork, Level, MainMessage, Script, Text
from handouts.figures import (
    Box as Rectangle,
)
from handouts.figures import (
    Circle,
    Command,
    Path,
    Shape,
    fork_sign_drawing,
    hatch_paths,
    left_bubble,
    line_drawing,
)
from handouts.pdf.boxes import NEVER, Box, groups, kept, moved_down, spaced, stacked, with_items
from handouts.pdf.inline import Desk, baseline_of, lines_box, readable_lines, runs_of, text_box
from handouts.pdf.page import Element, Item, ShapeItem
from handouts.pdf.prose import Layout, Measure, is_column, label_above, label_beside
from handouts.theme import TypeStyle

COVER_HEIGHT, COVER_RADIUS, COVER_TOP, COVER_LABEL, ART_HEIGHT, ART_BOTTOM = 200.0, 8.0, 18.0, (16.0, 26.0), 64.0, 2.0
COVER_LINES, COVER_SMALLER = 3, TypeStyle(28, 32, True, 0, 7, "accent", -0.012, -0.07, balance=True)
BRANCH_LEFT, BRANCH_GAP, BRANCH_RADIUS, BRANCH_BAR, BRANCH_PAD = 40.0, 7.0, 6.0, 12.0, (9.0, 14.0, 9.0)
SHAPE_AT, SHAPE_SIZE = (46.0, 27.0), 24.0
EDGES: dict[Level, float] = {"red": 2.25, "amber": 1.5, "green": 0.75}
FILLS: dict[Level, str] = {"red": "red-tint", "amber": "white", "green": "white"}
TRUNK, TRUNK_WIDTH, START_DISC, HEAD = 8.0, 2.25, 5.0, (10.0, 9.5)
BUBBLE_LEFT, BUBBLE_PAD, BUBBLE_RADIUS, BUBBLE_EDGE, TAIL = 12.0, (9.0, 12.0), 9.0, 1.5, 20.0
RING_LEFT, RING, RING_EDGE, RING_CLEAR, ADVICE_GAP = 32.0, 5.6, 2.4, 8.0, 4.0
PANEL_GAP, FORK_AFTER = 10.0, 15.0


def drawn(shapes: tuple[Shape, ...], x: float, y: float) -> tuple[Item, ...]:
    """Return shapes that say nothing by themselves, moved to where they stand."""
    return tuple(ShapeItem(shape, x, y, None) for shape in shapes)


def cover_boxes(cover: Cover, parent: Element, desk: Desk) -> list[Box]:
    """Return the band at the head of the first page."""
    theme, h1 = desk.theme, desk.style("h1")
    width = theme.right - theme.margin
    label = desk.style("label")
    labels = text_box(
        runs_of(cover.label, parent.add(Element("P")), label.colour, desk),
        label,
        theme.margin + COVER_LABEL[0],
        theme.paper.rail - COVER_LABEL[0],
    )
    runs = list(runs_of(cover.title, parent.add(Element("H1", anchor="top")), h1.colour, desk))
    column = theme.column - COVER_LABEL[0]
    title = text_box(runs, h1, theme.axis, column)
    if title.height > COVER_LINES * h1.leading:
        title = text_box(runs, COVER_SMALLER, theme.axis, column)
    body = desk.style("body")
    subtitle = text_box(runs_of(cover.subtitle, parent.add(Element("P")), body.colour, desk), body, theme.axis, column)
    below = COVER_TOP + title.height + h1.after
    height = max(COVER_HEIGHT, below + subtitle.height + ART_HEIGHT + ART_BOTTOM + 1)
    art = line_drawing(width, ART_HEIGHT, touches=theme.line_touches)
    items = (
        ShapeItem(Rectangle(0, 0, width, height, COVER_RADIUS, fill="tint"), theme.margin, 0.0, None),
        *drawn(art.shapes, theme.margin, height - ART_BOTTOM - ART_HEIGHT),
        *moved_down(labels.items, COVER_LABEL[1]),
        *moved_down(title.items, COVER_TOP),
        *moved_down(subtitle.items, below),
    )
    return [Box(height, items, after=15.0, break_cost=NEVER, at=cover.at)]


def main_message_boxes(message: MainMessage, parent: Element, desk: Desk) -> list[Box]:
    """Return the main message: no frame, its size is enough."""
    style = desk.style("lead")
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    runs = runs_of(message.content, section.add(Element("P")), style.colour, desk)
    box = text_box(runs, style, desk.theme.axis, desk.theme.column)
    (whole,) = label_beside(message.label, label, [box], desk, baseline_of(style))
    return [replace(whole, break_cost=NEVER, at=message.at)]


def fork_boxes(fork: Fork, parent: Element, desk: Desk, layout: Layout) -> list[Box]:
    """Return a question and its answers, joined by a path that leads from one into each of the others."""
    style, theme = desk.style("h2"), desk.theme
    section = parent.add(Element("Sect"))
    runs = runs_of(fork.question, section.add(Element("H2")), style.colour, desk)
    x, start = theme.margin + TRUNK, style.leading / 2
    question = text_box(runs, style, theme.axis, theme.column)
    way = (Circle(x, start, START_DISC, fill="ink"), trunk(x, start, question.height + style.after))
    boxes = [replace(with_items(question, drawn(way, 0.0, 0.0), first=True), break_cost=NEVER)]
    for index, branch in enumerate(fork.branches):
        last = index == len(fork.branches) - 1
        for number, piece in enumerate(branch_boxes(branch, section, desk, layout)):
            shapes = () if number else way_in(x)
            if not last:
                shapes = (trunk(x, -BRANCH_GAP, piece.height), *shapes)
            boxes.append(with_items(piece, drawn(shapes, 0.0, 0.0), first=True))
    whole = stacked(boxes)
    boxes = [replace(whole, break_cost=0.0)] if whole.height <= desk.room else boxes
    return spaced(boxes, style.before, FORK_AFTER)


def trunk(x: float, top: float, bottom: float) -> Path:
    """Return a stretch of the path straight down."""
    return Path((("M", (x, top)), ("L", (x, bottom))), stroke="ink", width=TRUNK_WIDTH)


def way_in(x: float) -> tuple[Shape, ...]:
    """Return the path from the trunk at `x` above a box into it, level with its shape."""
    end, reach = SHAPE_AT[1], BRANCH_LEFT - TRUNK
    stop = x + reach - HEAD[0]
    bend: tuple[Command, ...] = (
        ("M", (x, -BRANCH_GAP)),
        ("L", (x, end - 14)),
        ("C", (x, end - 5, x + 5, end, x + 14, end)),
        ("L", (stop, end)),
    )
    head: tuple[Command, ...] = (
        ("M", (x + reach - 1, end)),
        ("L", (stop - 1, end - HEAD[1] / 2)),
        ("L", (stop - 1, end + HEAD[1] / 2)),
        ("Z", ()),
    )
    return Path(bend, stroke="ink", width=TRUNK_WIDTH), Path(head, fill="ink", stroke="ink", width=1.2)


def branch_boxes(branch: Branch, parent: Element, desk: Desk, layout: Layout) -> list[Box]:
    """Return one answer with its bar, its shape and its edge: three marks beside the word itself.

    What is higher than a page goes on in a second frame.
    """
    theme = desk.theme
    section = parent.add(Element("Sect"))
    left, (top, right, bottom) = theme.margin + BRANCH_LEFT, BRANCH_PAD
    measure = Measure(theme.axis, theme.right - right - theme.axis)
    style = replace(desk.style("h3"), colour=branch.level)
    title = text_box(
        runs_of(branch.title, section.add(Element("H3")), branch.level, desk), style, measure.x, measure.width
    )
    blocks = (replace(box, before=0.0) for box in layout(branch.blocks, section, measure))
    inside = (replace(title, after=0.0, break_cost=NEVER), *blocks)
    pieces = [stacked(group) for group in groups(inside, desk.room - top - bottom)]
    return [branch_piece(branch, piece, left, desk, first=not index) for index, piece in enumerate(pieces)]


def branch_piece(branch: Branch, inside: Box, left: float, desk: Desk, *, first: bool) -> Box:
    """Return one frame of an answer; the `first` has its shape."""
    top, _, bottom = BRANCH_PAD
    height = max(top + inside.height + bottom, SHAPE_AT[1] + SHAPE_SIZE / 2 + 9)
    width = desk.theme.right - left
    sign = fork_sign_drawing(branch.level, SHAPE_SIZE)
    corner = (left + SHAPE_AT[0] - SHAPE_SIZE / 2, SHAPE_AT[1] - SHAPE_SIZE / 2)
    items = (
        *drawn(branch_frame(branch.level, width, height), left, 0.0),
        *(drawn(sign.shapes, *corner) if first else ()),
        *moved_down(inside.items, top),
    )
    return Box(height, items, BRANCH_GAP, BRANCH_GAP, at=branch.at)


def branch_frame(level: Level, width: float, height: float) -> tuple[Shape, ...]:
    """Return the box of an answer and the bar flush inside its left edge: solid, hatched or open."""
    edge, r, bar = EDGES[level], BRANCH_RADIUS, BRANCH_BAR
    frame = Rectangle(0, 0, width, height, r, FILLS[level], level, edge)
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


def callout_boxes(callout: Callout, parent: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return a framed aside; what is higher than a page goes on in a second frame."""
    section = parent.add(Element("Sect"))
    left, pad = measure.x - BUBBLE_LEFT, 12.0
    inner = Measure(measure.x, measure.width - pad)
    style = desk.style("h3")
    title = text_box(runs_of(callout.title, section.add(Element("H3")), "accent", desk), style, inner.x, inner.width)
    inside = (replace(title, break_cost=NEVER), *layout(callout.blocks, section, inner))
    boxes = []
    for piece in (stacked(group) for group in groups(inside, desk.room - 2 * pad)):
        height = piece.height + 2 * pad - 2
        frame = Rectangle(0, 0, measure.x + measure.width - left, height, BRANCH_RADIUS, stroke="accent", edge=1.5)
        items = (*drawn((frame,), left, 0.0), *moved_down(piece.items, pad - 1))
        boxes.append(Box(height, items, PANEL_GAP, PANEL_GAP, at=callout.at))
    return boxes


def script_boxes(script: Script, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return words to say in a bubble from the ring; the situation hangs in the rail, advice stands below."""
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    if not is_column(measure, desk):
        inner = measure.indented(RING_LEFT + RING + RING_EDGE)
        inside = [*bubble_boxes(script, section, inner, desk), *advice_boxes(script, section, inner, desk)]
        return label_above(script.situation, label, kept(inside), measure, desk)
    rail = desk.theme.paper.rail + desk.theme.paper.gutter - RING_LEFT - RING - RING_CLEAR
    first = BUBBLE_PAD[0] + baseline_of(desk.style("script"))
    inside = [*bubble_boxes(script, section, measure, desk), *advice_boxes(script, section, measure, desk)]
    whole = stacked(label_beside(script.situation, label, inside, desk, first, rail))
    return [replace(whole, before=PANEL_GAP, after=PANEL_GAP, break_cost=0.0, at=script.at)]


def bubble_boxes(script: Script, section: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return the words to say in their bubble, with the ring left of it."""
    style = desk.style("script")
    paragraph = section.add(Element("BlockQuote")).add(Element("P"))
    inner = measure.width - BUBBLE_PAD[1]
    content = (Text(desk.words.say("open_quote")), *script.words, Text(desk.words.say("close_quote")))
    words = text_box(runs_of(content, paragraph, style.colour, desk), style, measure.x, inner)
    height = words.height + 2 * BUBBLE_PAD[0]
    bubble = left_bubble(measure.width + BUBBLE_LEFT, height, tail=TAIL, radius=BUBBLE_RADIUS, edge=BUBBLE_EDGE)
    ring = Circle(measure.x - RING_LEFT, TAIL, RING, fill="white", stroke="accent", width=RING_EDGE)
    items = (
        *drawn((bubble,), measure.x - BUBBLE_LEFT, 0.0),
        *drawn((ring,), 0.0, 0.0),
        *moved_down(words.items, BUBBLE_PAD[0]),
    )
    return [Box(height, items, PANEL_GAP, ADVICE_GAP if script.advice else PANEL_GAP, at=script.at)]


def advice_boxes(script: Script, section: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return the advice that is not to be said, or nothing if there is none."""
    if not script.advice:
        return []
    style = replace(desk.style("body"), colour="stone", before=ADVICE_GAP, after=PANEL_GAP)
    runs = tuple(runs_of(script.advice, section.add(Element("P")), "stone", desk))
    return [lines_box(readable_lines(runs, style, measure.width), style, measure.x)]
