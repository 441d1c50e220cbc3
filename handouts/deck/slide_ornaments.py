"""Place the ornaments of slides: signs in cells, speech bubbles, panels, lines, step nodes, the page mark.

Shapes come from `handouts.figures`; this module says where they stand. Colours are roles of the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

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
from handouts.document.nodes import FixedWords, Level
from handouts.figures.decorative_lines import (
    page_mark_drawing,
    pause_wave_drawing,
    section_line_drawing,
    title_line_drawing,
)
from handouts.figures.paths import bottom_bubble, left_bubble
from handouts.figures.shapes import Circle, Command, Drawing, Path, Rectangle, shifted
from handouts.figures.signs import FACTOR_SIGNS, fork_sign_drawing, sign_drawing
from handouts.theme import Theme
from handouts.units import inch

LEVEL_SIGNS: tuple[Level, ...] = ("red", "amber", "green")
CELL_SIGN_SIZE, LEVEL_SIGN_SIZE, TOPIC_SIGN_SIZE, CLOCK_SIZE = 30.0, 34.0, 38.0, 36.0
TEXT_DROP = 2.0  # letters stand below the middle of their line
OUTLINE_WIDTH, BUBBLE_RADIUS = 3.4, 26.0
TAIL_WIDTH, PAIR_WIDTH, BREAK_CLOCK_SIZE = 56.0, 98.0, 96.0
DISC_RADIUS, DISC_DISTANCE, DISC_OUTLINE_WIDTH = 12.0, 34.0, 2.0
NODE_LINE_WIDTH, NODE_OUTLINE_WIDTH = 3.0, 2.6


def cell_sign(name: str, cell: SlideArea, words: FixedWords) -> PlacedDrawing:
    """Return the sign at the left of a cell: a factor's, a tick, a bar, or with alt text the shape of a level."""
    if name in FACTOR_SIGNS:
        top = cell.y + (cell.height - TOPIC_SIGN_SIZE) / 2
        return PlacedDrawing(name, sign_drawing(name, TOPIC_SIGN_SIZE), cell.x + 2, top)
    for level in LEVEL_SIGNS:
        if name == level:
            drawing, alt = fork_sign_drawing(level, LEVEL_SIGN_SIZE), words.say(f"{level}_shape")
            return PlacedDrawing(
                name, drawing, cell.x + 12, cell.y + (cell.height - LEVEL_SIGN_SIZE) / 2 + TEXT_DROP, alt
            )
    return PlacedDrawing(name, sign_in_ring(name), cell.x + 6, cell.y + (cell.height - CELL_SIGN_SIZE) / 2 + TEXT_DROP)


def filled_discs(count: int, cell: SlideArea) -> PlacedDrawing:
    """Return three discs at the left of a cell, so many of them filled; the words of the cell say the same."""
    discs = (disc_of_three(DISC_RADIUS + index * DISC_DISTANCE, filled=index < count) for index in range(3))
    drawing = Drawing(2 * (DISC_RADIUS + DISC_DISTANCE), 2 * DISC_RADIUS, tuple(discs))
    return PlacedDrawing("discs", drawing, cell.x, cell.y + cell.height / 2 - DISC_RADIUS + TEXT_DROP)


def disc_of_three(x: float, *, filled: bool) -> Circle:
    """Return a disc around `x`, filled or in outline, as high as its drawing."""
    if filled:
        return Circle(x, DISC_RADIUS, DISC_RADIUS, fill="accent")
    return Circle(x, DISC_RADIUS, DISC_RADIUS - DISC_OUTLINE_WIDTH / 2, stroke="accent", width=DISC_OUTLINE_WIDTH)


def sign_in_ring(name: str) -> Drawing:
    """Return a small sign in a ring, the tick in a disc: what is to be done is the stronger mark."""
    middle, solid = CELL_SIGN_SIZE / 2, name == "tick"
    ground = (
        Circle(middle, middle, middle - 1, fill="accent")
        if solid
        else Circle(middle, middle, middle - 2.2, stroke="accent", width=2.4)
    )
    sign = sign_drawing(name, 0.8 * CELL_SIGN_SIZE, "white" if solid else "accent")
    inner = (shifted(shape, 0.1 * CELL_SIGN_SIZE, 0.1 * CELL_SIGN_SIZE) for shape in sign.shapes)
    return Drawing(CELL_SIGN_SIZE, CELL_SIGN_SIZE, (ground, *inner))


def write_on_line(cell: SlideArea, words: FixedWords) -> PlacedDrawing:
    """Return the line at the right of a cell for a number that somebody writes there."""
    width = min(200.0, cell.width)
    line = Path((("M", (0.0, 0.0)), ("L", (width, 0.0))), stroke="accent", width=1.5, cap="butt")
    drawing = Drawing(width, 1.5, (line,))
    return PlacedDrawing(
        "line", drawing, cell.x + cell.width - width, cell.y + 0.74 * cell.height, words.say("to_write_on")
    )


def sign_in_circle(name: str) -> PlacedDrawing:
    """Return the sign of a factor in a tinted circle, as large as a slide has room for."""
    size, middle = SIGN_CIRCLE_AREA.width, SIGN_CIRCLE_AREA.width / 2
    circle = Circle(middle, middle, middle - 2, fill="tint", stroke="accent", width=OUTLINE_WIDTH)
    offset = (size - SIGN_SIZE) / 2
    sign = tuple(shifted(shape, offset, offset) for shape in sign_drawing(name, SIGN_SIZE).shapes)
    return PlacedDrawing("sign", Drawing(size, size, (circle, *sign)), SIGN_CIRCLE_AREA.x, SIGN_CIRCLE_AREA.y)


def section_window(index: int, count: int) -> PlacedDrawing:
    """Return the stretch of the settling line on the section slide `index` (from 0) of `count`."""
    return PlacedDrawing("line", section_line_drawing(SLIDE_WIDTH, inch(2.78), index, count), 0.0, inch(4.03))


def placeholder_outline(slot: Placeholder) -> PlacedDrawing | None:
    """Return the bubble or panel behind a slot, None for plain text.

    It is a drawing of its own, not the placeholder's outline: not every program gives a slide the outlines of a layout.
    """
    place = slot.area
    outline: Path | Rectangle
    match slot.shape:
        case "":
            return None
        case "panel":
            outline = Rectangle(0, 0, place.width, place.height, 18.0, "tint", "accent", OUTLINE_WIDTH)
        case "left-bubble":
            outline = left_bubble(
                place.width, place.height, tail=place.height * 0.52, radius=18, edge=OUTLINE_WIDTH, reach=20
            )
        case "bottom-bubble":
            outline = bottom_bubble(
                place.width, place.height, tail=84.0, radius=BUBBLE_RADIUS, edge=OUTLINE_WIDTH, reach=37
            )
        case "turned-bubble":
            tail = place.width - 84.0 - TAIL_WIDTH
            outline = bottom_bubble(
                place.width, place.height, tail=tail, radius=BUBBLE_RADIUS, edge=OUTLINE_WIDTH, reach=37
            )
        case "voice-bubble":
            outline = bottom_bubble(place.width, place.height, tail=28.0, radius=18, edge=OUTLINE_WIDTH, reach=26)
        case _:
            assert_never(slot.shape)
    ground = outline if isinstance(outline, Rectangle) else replace(outline, fill="white")
    return PlacedDrawing("bubble", Drawing(place.width, place.height, (ground,)), place.x, place.y)


def layout_ornaments(layout: SlideLayout, theme: Theme) -> tuple[PlacedDrawing, ...]:
    """Return what a layout itself shows behind the text of its slides."""
    mark = () if layout.deep else (PlacedDrawing("mark", page_mark_drawing(), PAGE_MARK_AREA.x, PAGE_MARK_AREA.y),)
    outlines = (placeholder_outline(slot) for slot in layout.slots)
    return (*mark, *(outline for outline in outlines if outline), *layout_specific_ornaments(layout, theme))


def layout_specific_ornaments(layout: SlideLayout, theme: Theme) -> tuple[PlacedDrawing, ...]:
    """Return what only this layout shows."""
    match layout.name:
        case "title":
            line = title_line_drawing(SLIDE_WIDTH, 164.0, touches=theme.line_touches)
            return (PlacedDrawing("line", line, 0.0, 326.0),)
        case "pause":
            return (PlacedDrawing("line", pause_wave_drawing(SLIDE_WIDTH, inch(1.94)), 0.0, inch(4.44)),)
        case "script":
            return (speaker_ring(inch(1.11), inch(3.39)),)
        case "two-voices" | "two-voices-note" | "two-scripts" | "two-scripts-note":
            left, right = (slot.area.x - inch(0.48) for slot in layout.slots if slot.name.endswith("-name"))
            middle = layout.slot("left-name").area.y + inch(0.21)
            first = counterpart_disc if layout.name.startswith("two-voices") else speaker_ring
            return (first(left, middle), speaker_ring(right, middle))
        case "break":
            return (break_line(),)
        case "message" | "message-only" | "text-line":
            line = title_line_drawing(SLIDE_WIDTH, 110.0, touches=theme.line_touches, colour="accent")
            return (PlacedDrawing("line", line, 0.0, inch(5.1)),)
        case "two-columns":
            return tuple(column_panel(place, filled=index == 0) for index, place in enumerate(PANEL_AREAS))
        case "question" | "question-turned":
            turned, clock = layout.name != "question", sign_drawing("clock", CLOCK_SIZE)
            left = layout.slot("body").area.x - inch(0.62)
            people = pair_of_people(SLIDE_WIDTH - 122.0 - PAIR_WIDTH if turned else 122.0)
            return (people, PlacedDrawing("clock", clock, left, inch(5.875) - CLOCK_SIZE / 2))
        case _:
            return ()


def speaker_ring(x: float, y: float) -> PlacedDrawing:
    """Return the ring that stands for the person who speaks, around a point."""
    return PlacedDrawing("ring", Drawing(40, 40, (Circle(20, 20, 17, stroke="accent", width=6.0),)), x - 20, y - 20)


def counterpart_disc(x: float, y: float) -> PlacedDrawing:
    """Return the disc that stands for the person who reaches out, around a point."""
    return PlacedDrawing("disc", Drawing(40, 40, (Circle(20, 20, 20, fill="accent"),)), x - 20, y - 20)


def pair_of_people(x: float) -> PlacedDrawing:
    """Return disc and ring beside each other: the people who talk about a question."""
    shapes = (Circle(20, 20, 20, fill="accent"), Circle(78, 20, 17, stroke="accent", width=6.0))
    return PlacedDrawing("people", Drawing(PAIR_WIDTH, 40, shapes), x, inch(5.875) - 20)


def break_line() -> PlacedDrawing:
    """Return the line of a break: a last wave, then calm, up to a clock."""
    height, middle, size = inch(1.94), inch(0.97), BREAK_CLOCK_SIZE
    commands: tuple[Command, ...] = (
        ("M", (0.0, middle - 14)),
        ("C", (90.0, middle + 30, 190.0, middle + 30, 290.0, middle)),
        ("C", (370.0, middle - 20, 440.0, middle - 10, 520.0, middle)),
        ("L", (SLIDE_WIDTH - 200.0, middle)),
    )
    line = Path(commands, stroke="honey", width=6.0)
    clock = sign_drawing("clock", size, "honey").shapes
    inner = (shifted(shape, SLIDE_WIDTH - 54.0 - size, middle - size / 2) for shape in clock)
    return PlacedDrawing("line", Drawing(SLIDE_WIDTH, height, (line, *inner)), 0.0, inch(4.44))


def column_panel(place: SlideArea, *, filled: bool) -> PlacedDrawing:
    """Return what stands behind one of two columns: a panel with three discs, filled or in outline."""
    ground = Rectangle(
        0.0, 0.0, place.width, place.height, 18.0, "tint" if filled else "white", "accent", OUTLINE_WIDTH
    )
    left, top = inch(0.42) + DISC_RADIUS, inch(0.36)
    discs = (shifted(disc_of_three(left + index * DISC_DISTANCE, filled=filled), 0.0, top) for index in range(3))
    return PlacedDrawing("panel", Drawing(place.width, place.height, (ground, *discs)), place.x, place.y)


def step_nodes(middles: Sequence[tuple[float, float]], radius: float) -> PlacedDrawing:
    """Return a node around each of the points `middles` (x and y on the slide), joined by a line."""
    left, top = middles[0][0] - radius, middles[0][1] - radius
    inside = [(x - left, y - top) for x, y in middles]
    first, last = inside[0], inside[-1]
    line = Path((("M", first), ("L", last)), stroke="accent", width=NODE_LINE_WIDTH, cap="butt")
    nodes = (Circle(x, y, radius, fill="white", stroke="accent", width=NODE_OUTLINE_WIDTH) for x, y in inside)
    return PlacedDrawing("steps", Drawing(2 * radius, last[1] + radius, (line, *nodes)), left, top)
