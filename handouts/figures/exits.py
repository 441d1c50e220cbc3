"""The ways out of the cycle: solid boxes with white words, each with the sign of who can take it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from handouts.figures.loop import Stage
from handouts.figures.shapes import Box, Circle, Label, Shape
from handouts.figures.words import too_long
from handouts.finding import Finding
from handouts.text.breaking import Run, break_lines, widest_part

PARTS = ("", "-text")
PADDING = 2.5  # in em: what a box is wider than its words


def exit_lines(labels: Mapping[str, str], key: str, stage: Stage, width: float) -> dict[str, tuple[str, ...]]:
    """Return the heading and the text of a way out as lines that fit a box of `width`."""
    room = width - PADDING * stage.size
    found = {}
    for part in (f"{key}{end}" for end in PARTS):
        if labels.get(part):
            style = replace(stage.style, bold=part == key, balance=True)
            lines = break_lines((Run(labels[part], style.bold),), style, room, stage.family)
            found[part] = tuple(line.text.strip() for line in lines)
    return found


def exit_findings(labels: Mapping[str, str], key: str, stage: Stage, width: float) -> tuple[Finding, ...]:
    """Return a finding for each text of a way out of which a word is too wide for a box of `width`."""
    room = width - PADDING * stage.size
    parts = [part for part in (f"{key}{end}" for end in PARTS) if labels.get(part)]
    styles = {part: replace(stage.style, bold=part == key) for part in parts}
    return tuple(
        too_long(part, labels[part]) for part in parts if widest_part(labels[part], styles[part], stage.family) > room
    )


def exit_height(lines: Mapping[str, tuple[str, ...]], stage: Stage) -> float:
    """Return how high the box of a way out must be."""
    return sum(map(len, lines.values())) * 1.22 * stage.size + 1.09 * stage.size


def exit_words(lines: Mapping[str, tuple[str, ...]], box: Box, stage: Stage, *, disc: bool) -> tuple[Shape, ...]:
    """Return the sign of who can take a way out, and its words."""
    leading, baseline = 1.22 * stage.size, box.y + 1.63 * stage.size
    x, y = box.x + 1.2 * stage.size, baseline - 0.35 * stage.size
    radius, edge = (0.46, 0.0) if disc else (0.4, 0.1875)
    sign = Circle(x, y, radius * stage.size, "white" if disc else "", "" if disc else "white", edge * stage.size)
    shapes: list[Shape] = [sign]
    for key, words in lines.items():
        start = box.x + 2.15 * stage.size
        shapes.append(Label(key, words, start, baseline, stage.size, leading, not key.endswith("-text"), "white"))
        baseline += len(words) * leading
    return tuple(shapes)
