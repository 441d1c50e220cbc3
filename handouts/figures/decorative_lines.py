"""Decorative lines: one whose loops settle, for covers, titles, pages and sections, and a wave for pauses.

By the theme's line look, lines are straight instead ("straight") or the drawings are empty ("none"). Takes a size;
returns drawings, and the curve of the settling line for figures that use it: `x = x0 + c t - A(t) sin t`,
`y = y0 - B(t) cos t`. A falls before B, so that loops open into waves without a cusp.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.shapes import Circle, Curve, Drawing, Path, Point, smooth_path, straight_line
from handouts.theme import LineLook

PIECES_PER_TURN = 8
# Turns of the line of a cover: at most how many, the least length of each for a height of 64, at least how many.
_COVER_TURNS, _COVER_TURN_LENGTH, _MIN_COVER_TURNS = 10, 38.0, 5
_PLAIN_START = math.pi  # the parameter at which a line without a disc begins: the lowest point of its first loop
_PLAIN_MARGIN = 18.0  # between a line without ends and the edges of a cover band
_COVER_LINE_ENDS: Mapping[LineLook, float] = {"plain": _PLAIN_MARGIN, "touches": 48.0, "rests": 80.0}  # from the right
_TITLE_LINE_ENDS: Mapping[LineLook, float] = {"plain": 892.0, "touches": 855.0, "rests": 810.0}
_STRAIGHT_MARGIN = 16.0  # between a straight line and the edges of a cover band
_LOOPLESS: tuple[LineLook, ...] = ("none", "straight")


class SettlingLine(Struct, frozen=True):
    """The parameters of one settling line: where it runs, how high its loops are, how soon it settles."""

    x0: float
    x1: float
    y0: float
    radius: float
    turns: int = 10
    hold: float = 0.30
    loops_fall: float = 24.0
    waves_fall: float = 1.6
    lead: float = 0.05

    @property
    def end(self) -> float:
        """The parameter at which the line ends."""
        return 2 * math.pi * self.turns


class _LineEnds(Struct, frozen=True):
    """The radius of the disc at the beginning, the ring at the end, and the width of the line."""

    disc: float
    ring: Point
    ring_radius: float
    ring_width: float
    width: float


def settling_curve(line: SettlingLine) -> Curve:
    """Return the line as a function of a parameter from 0 to `line.end`."""
    forward = (line.x1 - line.x0) / line.end

    def point(t: float) -> Point:
        along = t / line.end
        settled = min(1.0, max(0.0, (along - line.hold) / (1 - line.hold)))
        begun = min(1.0, max(0.0, along / line.lead))
        height = line.radius * (3 * begun**2 - 2 * begun**3)
        return (
            line.x0 + forward * t - height * (1 - settled) ** line.loops_fall * math.sin(t),
            line.y0 - height * (1 - settled) ** line.waves_fall * math.cos(t),
        )

    return point


def _line_with_ends(line: SettlingLine, ends: _LineEnds, colour: str, look: LineLook) -> tuple[Path | Circle, ...]:
    """Return the line with its disc and its ring, or, if `look` is "plain", the line alone.

    A line that "touches" goes on to the ring after it has settled; one that "rests" ends before it.
    """
    pieces = line.turns * PIECES_PER_TURN
    if look == "plain":
        hidden = _PLAIN_START / line.end  # the share of the line before its start
        shown = replace(line, x0=(line.x0 - hidden * line.x1) / (1 - hidden))
        plain = smooth_path(settling_curve(shown), _PLAIN_START, line.end, pieces)
        return (Path(plain, stroke=colour, width=ends.width),)
    commands = smooth_path(settling_curve(line), 0.0, line.end, pieces)
    if look == "touches":
        commands = (*commands, ("L", (ends.ring[0] - ends.ring_radius, line.y0)))
    return (
        Circle(line.x0, line.y0, ends.disc, fill=colour),
        Path(commands, stroke=colour, width=ends.width),
        Circle(ends.ring[0], ends.ring[1], ends.ring_radius, stroke=colour, width=ends.ring_width),
    )


def _loopless_drawing(
    look: LineLook, width: float, height: float, start: float, end: float, weight: float, colour: str
) -> Drawing:
    """Return a straight line from `start` to `end`, halfway down, or, if `look` is "none", an empty drawing."""
    line = straight_line((start, height / 2), (end, height / 2), colour, weight)
    return Drawing(width, height, () if look == "none" else (line,))


def cover_line_drawing(width: float, height: float = 64.0, *, look: LineLook = "rests") -> Drawing:
    """Return the line of a cover band `width` wide, which rests before the ring, or goes on and touches it.

    A plain line has no disc and no ring, and goes from edge to edge. A narrow band has fewer turns, to keep the loops
    apart.
    """
    if look in _LOOPLESS:
        return _loopless_drawing(look, width, height, _STRAIGHT_MARGIN, width - _STRAIGHT_MARGIN, 2.0, "accent")
    scale = height / 64
    ring = (width - 27 * scale, 34 * scale)
    start, end = (_PLAIN_MARGIN if look == "plain" else 36) * scale, width - _COVER_LINE_ENDS[look] * scale
    turns = min(_COVER_TURNS, max(_MIN_COVER_TURNS, int((end - start) / (_COVER_TURN_LENGTH * scale))))
    line = SettlingLine(x0=start, x1=end, y0=34 * scale, radius=24 * scale, turns=turns)
    ends = _LineEnds(10.5 * scale, ring, 9.5 * scale, 3.25 * scale, 3.25 * scale)
    return Drawing(width, height, _line_with_ends(line, ends, "accent", look))


def title_line_drawing(width: float, height: float, *, look: LineLook = "rests", colour: str = "honey") -> Drawing:
    """Return the line of a title slide, in the middle of `height`."""
    if look in _LOOPLESS:
        return _loopless_drawing(look, width, height, 68 * width / 960, 892 * width / 960, 6.0, colour)
    middle = height / 2
    ring = (890.0 * width / 960, middle)
    line = SettlingLine(x0=68, x1=_TITLE_LINE_ENDS[look] * width / 960, y0=middle, radius=50)
    return Drawing(width, height, _line_with_ends(line, _LineEnds(17, ring, 15, 6, 6), colour, look))


def page_mark_drawing(look: LineLook = "rests") -> Drawing:
    """Return the small line that marks a page, 84 by 14."""
    if look in _LOOPLESS:
        return _loopless_drawing(look, 84, 14, 0, 84, 2.4, "accent")
    end = 82 if look == "plain" else 66
    line = SettlingLine(x0=5, x1=end, y0=7, radius=5.2, turns=5, loops_fall=20, waves_fall=1.4, lead=0.08)
    ends = _LineEnds(4.5, (77, 7), 4, 1.7, 1.6)
    return Drawing(84, 14, _line_with_ends(line, ends, "accent", "plain" if look == "plain" else "rests"))


def section_line_drawing(width: float, height: float, index: int, count: int, *, look: LineLook = "rests") -> Drawing:
    """Return the stretch of the line for section `index` (from 0) of `count`: each is calmer than the one before.

    A straight line gets longer from section to section.
    """
    if look in _LOOPLESS:
        return _loopless_drawing(look, width, height, 0, width * (index + 1) / count, 6.0, "honey")
    start = 0.30 + (0.22 * index / (count - 1) if count > 1 else 0.0)
    share = 0.48
    length = width / share
    x0, x1 = -start * length, (1 - start) * length
    first = SettlingLine(x0=x0, x1=x1, y0=height * 0.475, radius=100, turns=11, hold=0.22, waves_fall=1.35)
    from_, to = start * first.end, min(1.0, start + share) * first.end
    pieces = math.ceil((to - from_) / (2 * math.pi) * PIECES_PER_TURN)
    path = Path(smooth_path(settling_curve(first), from_, to, pieces), stroke="honey", width=6)
    return Drawing(width, height, (path,))


def pause_wave_drawing(width: float, height: float, *, look: LineLook = "rests") -> Drawing:
    """Return one even wave from edge to edge, for a pause."""
    if look in _LOOPLESS:
        return _loopless_drawing(look, width, height, 0, width, 6.0, "honey")
    period, amplitude = width * 0.52, height * 0.17
    phase = 0.3 * math.pi

    def point(x: float) -> Point:
        return x, height / 2 - amplitude * math.sin(2 * math.pi * x / period + phase)

    return Drawing(width, height, (Path(smooth_path(point, 0.0, width, 16), stroke="honey", width=6),))
