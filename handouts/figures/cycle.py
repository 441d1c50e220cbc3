"""The contact cycle: one step leads into a loop of five, and two of them have a way out.

The pattern is drawn in outline, the ways out are solid; disc and ring say who can take them. They stand right of the
loop where there is width for them, else below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from handouts.figures.exits import exit_findings, exit_height, exit_lines, exit_words
from handouts.figures.labels import Area, Obstacles, Spot
from handouts.figures.loop import Layout, Stage, entry_arrow, loop_arrows, loop_ground, loop_points, nodes, place_labels
from handouts.figures.paths import arrow
from handouts.figures.shapes import Box, Drawing, Shape, stepped
from handouts.figures.upright_cycle import upright_cycles
from handouts.figures.words import Medium, area_of, best_drawing, too_long
from handouts.finding import Finding
from handouts.text.fonts import Family
from handouts.theme import TypeStyle

REQUIRED = ("sign", "alarm", "rise", "urge", "contact", "relief", "pause", "pause-text", "answer")
OPTIONAL = ("answer-text",)

EXITS_AFTER = 2  # the way out at node 4 comes at step 6, when the loop is whole, the one at node 5 after it
LEVEL = 36.0  # in em: the loop and its ways out need so much width beside each other, on paper
LIFTS = (0.0, 0.3, 0.6, 0.9, 1.2)  # in em: how far a label may stand above the middle of its node

LAYOUTS: Mapping[str, Layout] = {
    "print": Layout(
        511, 240, (214, 126.3), (122, 111.0), {2: 180, 3: 270, 4: 338, 5: 19, 6: 139}, (15.3, 33), 366, 3.25, em=13.0
    ),
    "slide": Layout(852, 346, (334, 173), (200, 146.5), {2: 180, 3: 270, 4: 338, 5: 22, 6: 136}, (26.5, 28), 576, 4.5),
}


def draw_cycle(labels: Mapping[str, str], width: float, style: TypeStyle, family: Family, medium: Medium) -> Drawing:
    """Return the cycle, `width` wide; a label that has no room, or cannot be placed clear of the rest, is a finding."""
    return best_drawing(arrangements(labels, width, style, family, medium))


def arrangements(
    labels: Mapping[str, str], width: float, style: TypeStyle, family: Family, medium: Medium
) -> Iterator[Drawing]:
    """Yield the cycle with its ways out at the right, then, on paper, below."""
    layout = LAYOUTS[medium]
    if medium == "slide" or width >= LEVEL * style.size:
        yield level_cycle(labels, Stage(layout, width / layout.width, style, family), width)
    if medium == "print":
        yield from upright_cycles(labels, width, style, family, layout.line)


def level_cycle(labels: Mapping[str, str], stage: Stage, width: float) -> Drawing:
    """Return the cycle with its ways out at the right of the loop."""
    height = stage.height
    exits, findings = draw_exits(labels, stage, width)
    obstacles = Obstacles(
        bounds=Area(0, 0, width, height),
        points=loop_points(stage),
        areas=tuple(area_of(box) for box in boxes_of(exits)),
    )
    placed, more = place_labels(labels, spots_of(stage), stage, obstacles)
    shapes = (loop_ground(stage), *loop_arrows(stage), *entry_arrow(stage), *nodes(stage), *placed, *exits)
    return Drawing(width, height, shapes, (*findings, *more))


def spots_of(stage: Stage) -> Mapping[str, Sequence[Spot]]:
    """Return where the label of each step may go, the best place first."""
    beside, below = stage.node + 0.62 * stage.size, stage.node + 1.1 * stage.size
    (x1, y1), (x2, y2), (x3, y3), (x4, y4), (x5, y5), (x6, y6) = (stage.point(node) for node in range(1, 7))
    return {
        "sign": (
            Spot(x1 + beside - 1, y1, "start", "middle"),
            Spot(x1 + beside - 1, y1 - 0.55 * stage.size, "start", "below"),
        ),
        "alarm": (Spot(x2 + beside, y2, "start", "middle"),),
        "rise": (Spot(x3, y3 + below, "middle", "below"),),
        "urge": (Spot(x4 - beside, y4, "end", "middle"),),
        "relief": tuple(Spot(x6 + beside, y6 - lift * stage.size, "start", "middle") for lift in LIFTS),
        "contact": tuple(Spot(x5 - beside, y5 - lift * stage.size, "end", "middle") for lift in LIFTS),
    }


def draw_exits(labels: Mapping[str, str], stage: Stage, width: float) -> tuple[tuple[Shape, ...], tuple[Finding, ...]]:
    """Return the two ways out, each an arrow and a solid box, and what is too long for its box."""
    left = stage.layout.exits * stage.scale
    upper = exit_lines(labels, "pause", stage, width - 1 - left)
    lower = exit_lines(labels, "answer", stage, width - 1 - left)
    shapes: list[Shape] = []
    findings = [found for key in ("pause", "answer") for found in exit_findings(labels, key, stage, width - 1 - left)]
    tops = []
    for node, share, lines in ((4, 0.68, upper), (5, 0.34, lower)):
        height = exit_height(lines, stage)
        y = stage.point(node)[1]
        top = min(max(0.0, y - share * height), stage.height - height)
        tops.append((top, top + height))
        box = Box(left, top, width - 1 - left, height, 8, "accent")
        start = (stage.point(node)[0] + stage.gap, y)
        way: tuple[Shape, ...] = arrow(start, (box.x - 2, y), stage.size, stage.line, "accent")
        shapes += stepped((*way, box, *exit_words(lines, box, stage, disc=node == 4)), node + EXITS_AFTER)
        if not box.y <= y <= box.y + box.height:
            findings.append(too_long(*next((key, labels[key]) for key in lines)))
    if tops[0][1] + 4 > tops[1][0] or tops[1][1] > stage.height:
        findings.append(too_long("answer", labels["answer"]))
    return tuple(shapes), tuple(findings)


def boxes_of(shapes: Sequence[Shape]) -> tuple[Box, ...]:
    """Return the boxes among `shapes`."""
    return tuple(shape for shape in shapes if isinstance(shape, Box))
