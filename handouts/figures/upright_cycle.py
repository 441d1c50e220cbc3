"""The cycle for narrow paper or large labels: the same loop, as high as its labels need, with the ways out below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from handouts.figures.exits import exit_findings, exit_height, exit_lines, exit_words
from handouts.figures.labels import Area, Obstacles, Spot
from handouts.figures.loop import Layout, Stage, entry_arrow, loop_arrows, loop_ground, loop_points, nodes, place_labels
from handouts.figures.paths import ARROW_OVERLAP, arrow, arrowhead
from handouts.figures.shapes import Box, Command, Drawing, Path, Shape
from handouts.figures.words import area_of, too_long
from handouts.finding import Finding
from handouts.text.fonts import Family
from handouts.theme import TypeStyle

ANGLES = {2: 203, 3: 274, 4: 12, 5: 97, 6: 165}
WIDEST = 32.0  # in em: a wider loop would be a flat one
LEFT, RIGHT = 3.6, 3.5  # in em: what the way in and the way out take beside the loop
BELOW = 1.55  # in em: from the loop to the boxes
BETWEEN = 0.7


def upright_cycles(
    labels: Mapping[str, str], width: float, style: TypeStyle, family: Family, line: float
) -> Iterator[Drawing]:
    """Yield the cycle with a low loop near the top, then with higher ones and with more room above them."""
    for high, above in product((7.2, 7.9, 8.6, 9.3, 10.0, 10.9, 12.0), (2.4, 3.7, 5.0)):
        yield upright_cycle(labels, width, Stage(layout_of(width, style.size, high, above, line), 1.0, style, family))


def layout_of(width: float, size: float, high: float, above: float, line: float) -> Layout:
    """Return where the loop stands if it is `high` and has so much `above` it, both in em."""
    wide = min(width, WIDEST * size)
    start = (width - wide) / 2
    left, right, node = start + LEFT * size, start + wide - RIGHT * size, 1.023 * size + 1.5
    centre = ((left + right) / 2, (high + above) * size)
    radii = ((right - left) / 2, high * size)
    height = centre[1] + radii[1] + node + BELOW * size
    return Layout(width, height, centre, radii, ANGLES, (start + node, node), start + wide, line)


def upright_cycle(labels: Mapping[str, str], width: float, stage: Stage) -> Drawing:
    """Return the cycle with its ways out below the loop."""
    exits, height, findings = exits_below(labels, stage)
    obstacles = Obstacles(
        bounds=Area(0, 0, width, height),
        points=loop_points(stage),
        areas=tuple(area_of(shape) for shape in exits if isinstance(shape, Box)),
    )
    placed, more = place_labels(labels, spots_of(stage), stage, obstacles)
    shapes = (loop_ground(stage), *loop_arrows(stage), *entry_arrow(stage), *nodes(stage), *placed, *exits)
    return Drawing(width, height, shapes, (*findings, *more))


def spots_of(stage: Stage) -> Mapping[str, Sequence[Spot]]:
    """Return where the label of each step may go, the best place first."""
    em, beside = stage.size, stage.node + 0.62 * stage.size
    (x1, y1), (x2, y2), (x3, y3), (x4, y4), (x5, y5), (x6, y6) = (stage.point(node) for node in range(1, 7))
    return {
        "sign": (Spot(x1 + beside, y1 - 0.3 * em, "start", "below"), Spot(x1 + beside, y1, "start", "middle")),
        "rise": tuple(Spot(x3 + shift * em, y3 + stage.node + 1.1 * em, "middle", "below") for shift in (0, 1, 2)),
        "alarm": tuple(Spot(x2 + beside, y2 + shift * em, "start", "middle") for shift in (0, 0.4, 0.8)),
        "urge": tuple(Spot(x4 - beside, y4 + shift * em, "end", "middle") for shift in (0, -0.5, -1)),
        "relief": tuple(Spot(x6 + beside, y6 + shift * em, "start", "middle") for shift in (0, -0.4, -0.8)),
        "contact": tuple(
            Spot(x5 + shift * em, y5 - stage.node - rise * em, "middle", "above")
            for rise in (0.45, 0.8)
            for shift in (0, 0.8, 1.6, 2.4, 3.2, 4.0, 4.8)
        ),
    }


def exits_below(labels: Mapping[str, str], stage: Stage) -> tuple[tuple[Shape, ...], float, tuple[Finding, ...]]:
    """Return the two boxes side by side with the arrows into them, where they end, and what is too long for them."""
    em, top = stage.size, stage.layout.height
    start, end = 2 * stage.layout.centre[0] - stage.layout.exits + (LEFT - RIGHT) * -em, stage.layout.exits
    width = (end - start - BETWEEN * em) / 2
    answer, pause = (exit_lines(labels, key, stage, width) for key in ("answer", "pause"))
    height = max(exit_height(answer, stage), exit_height(pause, stage))
    left, right = (Box(x, top, width, height, 8, "accent") for x in (start, end - width))
    x5, y5 = stage.point(5)
    shapes: tuple[Shape, ...] = (
        *way_round(stage, end - 1.25 * em, top - 2),
        right,
        *exit_words(pause, right, stage, disc=True),
        *arrow((x5, y5 + stage.gap), (x5, top - 2), em, stage.line, "accent"),
        left,
        *exit_words(answer, left, stage, disc=False),
    )
    findings = [found for key in ("pause", "answer") for found in exit_findings(labels, key, stage, width)]
    if not left.x + 8 < x5 < left.x + left.width - 8:
        findings.append(too_long("answer", labels["answer"]))
    return shapes, top + height, tuple(findings)


def way_round(stage: Stage, x: float, tip: float) -> tuple[Shape, ...]:
    """Return the arrow from node 4 round a corner and down to its box."""
    x4, y4 = stage.point(4)
    corner, stop = 1.3 * stage.size, tip - ARROW_OVERLAP * stage.size
    commands: tuple[Command, ...] = (
        ("M", (x4 + stage.gap, y4)),
        ("C", (x, y4, x, y4 + 0.4 * corner, x, y4 + 1.6 * corner)),
        ("L", (x, stop)),
    )
    return Path(commands, stroke="accent", width=stage.line), arrowhead((x, tip), (x, stop), stage.size, "accent")
