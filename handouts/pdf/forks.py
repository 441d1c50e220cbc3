"""The fork: a question, a path from it into each of its answers, and three marks on each beside its word."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import Branch, Fork, Level
from handouts.figures.shapes import Box as Rectangle
from handouts.figures.shapes import Circle, Command, Path, Shape
from handouts.figures.signs import fork_sign_drawing, hatch_paths
from handouts.pdf.boxes import NEVER, Box, groups, moved_down, spaced, stacked, with_items
from handouts.pdf.inline import Desk, runs_of, text_box
from handouts.pdf.page import Element
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Layout, Measure, continued_box

BRANCH_LEFT, BRANCH_GAP, BRANCH_RADIUS, BRANCH_BAR, BRANCH_PAD = 40.0, 7.0, 6.0, 12.0, (9.0, 14.0, 9.0)
SMALL_PAD = (6.0, 10.0, 6.0)  # on a small sheet, where a fork has hardly room
SHAPE, SHAPE_LEFT, SHAPE_TOP, SHAPE_CLEAR = 24.0, 46.0, 27.0, 9.0
NEAR, WIDEST_SHAPE = 22.0, 1.22  # where the rail is narrow: from path to box; how wide a triangle is for its size
EDGES: dict[Level, float] = {"red": 2.25, "amber": 1.5, "green": 0.75}
FILLS: dict[Level, str] = {"red": "red-tint", "amber": "white", "green": "white"}
TRUNK, TRUNK_WIDTH, START_DISC, HEAD, TURN = 8.0, 2.25, 5.0, (10.0, 9.5), 14.0
FORK_AFTER = 15.0


def branch_pad(desk: Desk) -> tuple[float, float, float]:
    """Return the space above, right of and below the words of an answer: less on small sheets with usual type."""
    return SMALL_PAD if desk.theme.paper.labels_above and desk.scale <= 1.0 else BRANCH_PAD


class ForkPlace(Struct, frozen=True):
    """Where the parts of a fork stand: the way in, the boxes of its answers, their shapes and their words."""

    trunk: float
    left: float
    shape: float
    words: float
    size: float
    middle: float


def fork_place(desk: Desk) -> ForkPlace:
    """Return where a fork stands on this paper; the words of the answers are never left of the axis."""
    theme, size = desk.theme, SHAPE * desk.scale
    trunk, middle = theme.margin + TRUNK, SHAPE_TOP * desk.scale
    if not theme.paper.labels_above:
        left = theme.margin + BRANCH_LEFT
        return ForkPlace(trunk, left, left + SHAPE_LEFT, theme.axis, size, middle)
    left, half = trunk + NEAR, size * WIDEST_SHAPE / 2
    shape = left + BRANCH_BAR + SHAPE_CLEAR + half
    return ForkPlace(trunk, left, shape, max(theme.axis, shape + half + SHAPE_CLEAR), size, middle)


def fork_boxes(fork: Fork, parent: Element, desk: Desk, layout: Layout) -> list[Box]:
    """Return a question and its answers, joined by a path that leads from one into each of the others."""
    style, theme, place = desk.style("h2"), desk.theme, fork_place(desk)
    section = parent.add(Element("Sect"))
    runs = runs_of(fork.question, section.add(Element("H2")), style.colour, desk)
    question = text_box(runs, style, theme.axis, theme.column)
    start = style.leading / 2
    way = (Circle(place.trunk, start, START_DISC, fill="ink"), trunk(place, start, question.height + style.after))
    boxes = [replace(with_items(question, drawn(way, 0.0, 0.0), first=True), break_cost=NEVER)]
    for index, branch in enumerate(fork.branches):
        last = index == len(fork.branches) - 1
        for number, piece in enumerate(branch_boxes(branch, section, desk, place, layout)):
            shapes = () if number else way_in(place)
            if not last:
                shapes = (trunk(place, -BRANCH_GAP, piece.height), *shapes)
            boxes.append(with_items(piece, drawn(shapes, 0.0, 0.0), first=True))
    whole = stacked(boxes)
    boxes = [replace(whole, break_cost=0.0)] if whole.height <= desk.room else boxes
    boxes[1:] = [replace(box, lead=continued_box(fork.question, desk)) for box in boxes[1:]]
    return spaced(boxes, style.before, FORK_AFTER)


def trunk(place: ForkPlace, top: float, bottom: float) -> Path:
    """Return a stretch of the path straight down."""
    return Path((("M", (place.trunk, top)), ("L", (place.trunk, bottom))), stroke="ink", width=TRUNK_WIDTH)


def way_in(place: ForkPlace) -> tuple[Shape, ...]:
    """Return the path from the trunk above a box into it, level with its shape."""
    x, end, reach = place.trunk, place.middle, place.left - place.trunk
    turn = min(TURN, reach - HEAD[0])
    stop = x + reach - HEAD[0]
    bend: tuple[Command, ...] = (
        ("M", (x, -BRANCH_GAP)),
        ("L", (x, end - turn)),
        ("C", (x, end - turn * 0.36, x + turn * 0.36, end, x + turn, end)),
        ("L", (stop, end)),
    )
    head: tuple[Command, ...] = (
        ("M", (x + reach - 1, end)),
        ("L", (stop - 1, end - HEAD[1] / 2)),
        ("L", (stop - 1, end + HEAD[1] / 2)),
        ("Z", ()),
    )
    return Path(bend, stroke="ink", width=TRUNK_WIDTH), Path(head, fill="ink", stroke="ink", width=1.2)


def branch_boxes(branch: Branch, parent: Element, desk: Desk, place: ForkPlace, layout: Layout) -> list[Box]:
    """Return one answer with its bar, its shape and its edge: three marks beside the word itself.

    What is higher than a page goes on in a second frame.
    """
    section = parent.add(Element("Sect"))
    top, right, bottom = branch_pad(desk)
    measure = Measure(place.words, desk.theme.right - right - place.words)
    style = replace(desk.style("h3"), colour=branch.level)
    title = text_box(
        runs_of(branch.title, section.add(Element("H3")), branch.level, desk), style, measure.x, measure.width
    )
    blocks = (replace(box, before=0.0) for box in layout(branch.blocks, section, measure))
    inside = (replace(title, after=0.0, break_cost=NEVER), *blocks)
    pieces = [stacked(group) for group in groups(inside, desk.room - top - bottom)]
    return [branch_piece(branch, piece, place, desk, first=not index) for index, piece in enumerate(pieces)]


def branch_piece(branch: Branch, inside: Box, place: ForkPlace, desk: Desk, *, first: bool) -> Box:
    """Return one frame of an answer; the `first` has its shape."""
    top, _, bottom = branch_pad(desk)
    height = max(top + inside.height + bottom, place.middle + place.size / 2 + SHAPE_CLEAR)
    width = desk.theme.right - place.left
    sign = fork_sign_drawing(branch.level, place.size)
    corner = (place.shape - place.size / 2, place.middle - place.size / 2)
    items = (
        *drawn(branch_frame(branch.level, width, height), place.left, 0.0),
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
