"""Place the ornaments of slides: signs in cells, speech bubbles, panels, lines, step nodes, the page mark.

Shapes come from `handouts.figures`; this module places them. Colours are roles of the theme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from handouts.deck.layouts import (
    PAGE_MARK_AREA,
    PANEL_AREAS,
    SIGN_CIRCLE_AREA,
    SIGN_SIZE,
    SLIDE_WIDTH,
    Placeholder,
    SlideArea,
    SlideLayout,
)
from handouts.deck.planned_slides import PlacedDrawing
from handouts.document.nodes import FixedWords, Level, Outlines, Sign
from handouts.figures.decorative_lines import (
    page_mark_drawing,
    pause_wave_drawing,
    section_line_drawing,
    title_line_drawing,
)
from handouts.figures.shapes import Circle, Command, Drawing, Path, Rectangle, bottom_bubble, left_bubble, shifted_all
from handouts.figures.signs import SUBJECT_SIGNS, fork_sign_drawing, sign_drawing
from handouts.theme import LineLook, Theme
from handouts.units import inch

_LEVEL_SIGNS: Mapping[str, Level] = {"red": "red", "amber": "amber", "green": "green"}
_CELL_SIGN_SIZE, _LEVEL_SIGN_SIZE, _FACTOR_SIGN_SIZE, _CLOCK_SIZE, _BREAK_CLOCK_SIZE = 30.0, 34.0, 38.0, 36.0, 96.0
_TEXT_DROP = 2.0  # letters stand below the middle of their line
_OUTLINE_WIDTH = 3.4
_BUBBLE_RADIUS, _BUBBLE_TAIL, _BUBBLE_TAIL_WIDTH = 26.0, 84.0, 56.0
_DISC_RADIUS, _DISC_DISTANCE, _DISC_OUTLINE_WIDTH = 12.0, 34.0, 2.0
_NODE_LINE_WIDTH, _NODE_OUTLINE_WIDTH = 3.0, 2.6
# The person who reaches out, and the one who speaks.
_PAIR_WIDTH = 98.0
_COUNTERPART = Circle(20, 20, 20, fill="accent")
_SPEAKER = Circle(20, 20, 17, stroke="accent", width=6.0)


def cell_sign(sign: Sign, cell: SlideArea, words: FixedWords) -> PlacedDrawing:
    """Return the sign at the left of a cell: large, small in a ring, or the shape of a level, which has an alt text."""
    name = sign if isinstance(sign, str) else "sign"
    if isinstance(sign, Outlines) or sign in SUBJECT_SIGNS:
        top = cell.y + (cell.height - _FACTOR_SIGN_SIZE) / 2
        return PlacedDrawing(name, sign_drawing(sign, _FACTOR_SIGN_SIZE), cell.x + 2, top)
    if name in _LEVEL_SIGNS:
        drawing, left, alt = fork_sign_drawing(_LEVEL_SIGNS[name], _LEVEL_SIGN_SIZE), 12, words.say(f"{name}_shape")
    else:
        drawing, left, alt = _sign_in_ring(name), 6, ""
    return PlacedDrawing(name, drawing, cell.x + left, cell.y + (cell.height - drawing.height) / 2 + _TEXT_DROP, alt)


def _sign_in_ring(name: str) -> Drawing:
    """Return a small sign in a ring; the tick is in a disc, because what to do is the stronger mark."""
    middle, is_tick = _CELL_SIGN_SIZE / 2, name == "tick"
    disc, ring = (
        Circle(middle, middle, middle - 1, fill="accent"),
        Circle(middle, middle, middle - 2.2, stroke="accent", width=2.4),
    )
    sign = sign_drawing(name, 0.8 * _CELL_SIGN_SIZE, "white" if is_tick else "accent")
    inner = shifted_all(sign.shapes, 0.1 * _CELL_SIGN_SIZE, 0.1 * _CELL_SIGN_SIZE)
    return Drawing(_CELL_SIGN_SIZE, _CELL_SIGN_SIZE, (disc if is_tick else ring, *inner))


def filled_discs(count: int, cell: SlideArea) -> PlacedDrawing:
    """Return three discs at the left of a cell, `count` of them filled; the words of the cell say the same."""
    drawing = Drawing(2 * (_DISC_RADIUS + _DISC_DISTANCE), 2 * _DISC_RADIUS, _three_discs(_DISC_RADIUS, count))
    return PlacedDrawing("discs", drawing, cell.x, cell.y + cell.height / 2 - _DISC_RADIUS + _TEXT_DROP)


def _three_discs(x: float, filled: int) -> tuple[Circle, ...]:
    """Return three discs side by side, the first around `x`; the first `filled` are solid, the others outlines."""
    radius, width = _DISC_RADIUS, _DISC_OUTLINE_WIDTH
    return tuple(
        Circle(x + index * _DISC_DISTANCE, radius, radius, fill="accent")
        if index < filled
        else Circle(x + index * _DISC_DISTANCE, radius, radius - width / 2, stroke="accent", width=width)
        for index in range(3)
    )


def line_to_write_on(cell: SlideArea, words: FixedWords) -> PlacedDrawing:
    """Return the line at the right of a cell on which a number can be written."""
    width = min(200.0, cell.width)
    line = Path((("M", (0.0, 0.0)), ("L", (width, 0.0))), stroke="accent", width=1.5, cap="butt")
    left, top = cell.x + cell.width - width, cell.y + 0.74 * cell.height
    return PlacedDrawing("line", Drawing(width, 1.5, (line,)), left, top, words.say("to_write_on"))


def sign_in_circle(chosen: Sign) -> PlacedDrawing:
    """Return the sign of a slide in a large tinted circle."""
    area = SIGN_CIRCLE_AREA
    middle, offset = area.width / 2, (area.width - SIGN_SIZE) / 2
    circle = Circle(middle, middle, middle - 2, fill="tint", stroke="accent", width=_OUTLINE_WIDTH)
    sign = shifted_all(sign_drawing(chosen, SIGN_SIZE).shapes, offset, offset)
    return PlacedDrawing("sign", Drawing(area.width, area.width, (circle, *sign)), area.x, area.y)


def section_line(index: int, count: int, theme: Theme) -> tuple[PlacedDrawing, ...]:
    """Return the part of the talk's line that the section slide `index` (from 0) of `count` shows."""
    return _placed_line(section_line_drawing(SLIDE_WIDTH, inch(2.78), index, count, look=theme.line), inch(4.03))


def _placed_line(line: Drawing, top: float, left: float = 0.0, name: str = "line") -> tuple[PlacedDrawing, ...]:
    """Return a line at its place on a slide; nothing if the theme leaves it out."""
    return (PlacedDrawing(name, line, left, top),) if line.shapes else ()


def step_nodes(middles: Sequence[tuple[float, float]], radius: float) -> PlacedDrawing:
    """Return a node around each of the points `middles` (x and y on the slide), joined by a line."""
    left, top = middles[0][0] - radius, middles[0][1] - radius
    points = [(x - left, y - top) for x, y in middles]
    first, last = points[0], points[-1]
    line = Path((("M", first), ("L", last)), stroke="accent", width=_NODE_LINE_WIDTH, cap="butt")
    nodes = (Circle(x, y, radius, fill="white", stroke="accent", width=_NODE_OUTLINE_WIDTH) for x, y in points)
    return PlacedDrawing("steps", Drawing(2 * radius, last[1] + radius, (line, *nodes)), left, top)


def page_mark(theme: Theme) -> tuple[PlacedDrawing, ...]:
    """Return the mark on nearly all layouts, which takes long to draw: draw it once for all of them."""
    return _placed_line(page_mark_drawing(theme.line), PAGE_MARK_AREA.y, PAGE_MARK_AREA.x, "mark")


def layout_ornaments(layout: SlideLayout, theme: Theme, mark: tuple[PlacedDrawing, ...]) -> tuple[PlacedDrawing, ...]:
    """Return what a layout itself shows behind the text of its slides: the page mark, bubbles, panels, lines."""
    outlines = (_placeholder_outline(placeholder) for placeholder in layout.placeholders if placeholder.shape)
    return (*(() if layout.is_dark else mark), *outlines, *_own_ornaments(layout, theme))


def _placeholder_outline(placeholder: Placeholder) -> PlacedDrawing:
    """Return the bubble or panel behind a placeholder.

    It is a separate drawing, not the placeholder's outline: not every program shows the outlines of a layout on slides.
    """
    area, edge = placeholder.area, _OUTLINE_WIDTH
    width, height = area.width, area.height
    outline: Path | Rectangle
    if placeholder.shape == "panel":
        outline = Rectangle(0, 0, width, height, 18.0, "tint", "accent", edge)
    elif placeholder.shape == "left-bubble":
        outline = left_bubble(width, height, tail=height * 0.52, radius=18, edge=edge, reach=20)
    elif placeholder.shape == "voice-bubble":
        outline = bottom_bubble(width, height, tail=28.0, radius=18, edge=edge, reach=26)
    else:
        tail = width - _BUBBLE_TAIL - _BUBBLE_TAIL_WIDTH if placeholder.shape == "turned-bubble" else _BUBBLE_TAIL
        outline = bottom_bubble(width, height, tail=tail, radius=_BUBBLE_RADIUS, edge=edge, reach=37)
    shape = replace(outline, fill="white") if isinstance(outline, Path) else outline
    return PlacedDrawing("bubble", Drawing(width, height, (shape,)), area.x, area.y)


def _own_ornaments(layout: SlideLayout, theme: Theme) -> tuple[PlacedDrawing, ...]:
    """Return the ornaments that only this layout has."""
    match layout.name:
        case "title":
            return _placed_line(title_line_drawing(SLIDE_WIDTH, 164.0, look=theme.line), 326.0)
        case "pause":
            return _placed_line(pause_wave_drawing(SLIDE_WIDTH, inch(1.94), look=theme.line), inch(4.44))
        case "script":
            return (_person("ring", _SPEAKER, inch(1.11), inch(3.39)),)
        case "two-voices" | "two-voices-note" | "two-scripts" | "two-scripts-note":
            left, right = (each.area.x - inch(0.48) for each in layout.placeholders if each.name.endswith("-name"))
            middle = layout.placeholder("left-name").area.y + inch(0.21)
            name, first = ("disc", _COUNTERPART) if layout.name.startswith("two-voices") else ("ring", _SPEAKER)
            return (_person(name, first, left, middle), _person("ring", _SPEAKER, right, middle))
        case "break":
            return (_break_line(theme.line),)
        case "message" | "message-only" | "text-line":
            line = title_line_drawing(SLIDE_WIDTH, 110.0, look=theme.line, colour="accent")
            return _placed_line(line, inch(5.02))
        case "two-columns":
            left_area, right_area = PANEL_AREAS
            return (_column_panel(left_area, "tint", 3), _column_panel(right_area, "white", 0))
        case "question" | "question-turned":
            pair_left = 122.0 if layout.name == "question" else SLIDE_WIDTH - 122.0 - _PAIR_WIDTH
            pair = Drawing(_PAIR_WIDTH, 40, (_COUNTERPART, replace(_SPEAKER, x=78)))  # the people who talk about it
            clock, clock_left = sign_drawing("clock", _CLOCK_SIZE), layout.placeholder("body").area.x - inch(0.62)
            return (
                PlacedDrawing("people", pair, pair_left, inch(5.875) - 20),
                PlacedDrawing("clock", clock, clock_left, inch(5.875) - _CLOCK_SIZE / 2),
            )
        case _:
            return ()


def _person(name: str, shape: Circle, x: float, y: float) -> PlacedDrawing:
    """Return the disc or ring that stands for a person, around a point."""
    return PlacedDrawing(name, Drawing(40, 40, (shape,)), x - 20, y - 20)


def _break_line(look: LineLook) -> PlacedDrawing:
    """Return the line of a break: a last wave, then calm, up to a clock; the clock alone if there is no line."""
    height, middle, size = inch(1.94), inch(0.97), _BREAK_CLOCK_SIZE
    wave: tuple[Command, ...] = (
        ("M", (0.0, middle - 14)),
        ("C", (90.0, middle + 30, 190.0, middle + 30, 290.0, middle)),
        ("C", (370.0, middle - 20, 440.0, middle - 10, 520.0, middle)),
    )
    start: tuple[Command, ...] = (("M", (0.0, middle)),) if look == "straight" else wave
    line = Path((*start, ("L", (SLIDE_WIDTH - 200.0, middle))), stroke="honey", width=6.0)
    clock = shifted_all(sign_drawing("clock", size, "honey").shapes, SLIDE_WIDTH - 54.0 - size, middle - size / 2)
    shapes = clock if look == "none" else (line, *clock)
    return PlacedDrawing("line", Drawing(SLIDE_WIDTH, height, shapes), 0.0, inch(4.44))


def _column_panel(area: SlideArea, fill: str, filled_count: int) -> PlacedDrawing:
    """Return the panel behind one of two columns, with three discs, `filled_count` of them solid."""
    panel = Rectangle(0.0, 0.0, area.width, area.height, 18.0, fill, "accent", _OUTLINE_WIDTH)
    discs = shifted_all(_three_discs(inch(0.42) + _DISC_RADIUS, filled_count), 0.0, inch(0.36))
    return PlacedDrawing("panel", Drawing(area.width, area.height, (panel, *discs)), area.x, area.y)
