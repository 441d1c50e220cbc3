"""The blocks that stand out: main message, callout, words to say. None of them is ever torn."""

from __future__ import annotations

from msgspec.structs import replace

from handouts.document import Callout, MainMessage, Script, Text
from handouts.figures.bubbles import left_bubble
from handouts.figures.shapes import Box as Rectangle
from handouts.figures.shapes import Circle, Shape
from handouts.pdf.boxes import NEVER, Box, groups, kept, moved_down, spaced, stacked
from handouts.pdf.inline import Desk, baseline_of, runs_of, text_box
from handouts.pdf.page import Element, Item, ShapeItem
from handouts.pdf.prose import Layout, Measure, has_rail, is_column, label_above, label_beside

MESSAGE_COST = 300.0
CALLOUT_RADIUS, CALLOUT_EDGE, CALLOUT_PAD = 6.0, 1.5, 12.0
BUBBLE_LEFT, BUBBLE_PAD, BUBBLE_RADIUS, BUBBLE_EDGE, TAIL = 12.0, (7.0, 12.0), 9.0, 1.5, 18.0
RING_LEFT, RING, RING_EDGE, RING_CLEAR, ADVICE_GAP = 32.0, 5.6, 2.4, 8.0, 4.0
PANEL_GAP = 7.0
SCRIPT_GAP = 10.0


def drawn(shapes: tuple[Shape, ...], x: float, y: float) -> tuple[Item, ...]:
    """Return shapes that say nothing by themselves, moved to where they stand."""
    return tuple(ShapeItem(shape, x, y, None) for shape in shapes)


def main_message_boxes(message: MainMessage, parent: Element, desk: Desk) -> list[Box]:
    """Return the main message: no frame, its size is enough."""
    style = desk.style("lead")
    measure = Measure(desk.theme.axis, desk.theme.column)
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    runs = runs_of(message.content, section.add(Element("P")), style.colour, desk)
    box = text_box(runs, style, measure.x, measure.width)
    if has_rail(measure, desk):
        (whole,) = label_beside(message.label, label, [box], desk, baseline_of(style))
    else:
        whole = stacked(label_above(message.label, label, [replace(box, before=0.0)], measure, desk))
        whole = replace(whole, before=style.before, after=style.after)
    return [replace(whole, break_cost=MESSAGE_COST, at=message.at)]


def callout_boxes(callout: Callout, parent: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return a framed aside; what is higher than a page goes on in a second frame."""
    section = parent.add(Element("Sect"))
    left, pad = measure.x - BUBBLE_LEFT, CALLOUT_PAD
    inner = Measure(measure.x, measure.width - pad)
    style = desk.style("h3")
    title = text_box(runs_of(callout.title, section.add(Element("H3")), "accent", desk), style, inner.x, inner.width)
    inside = (replace(title, break_cost=NEVER), *layout(callout.blocks, section, inner))
    boxes = []
    for piece in (stacked(group) for group in groups(inside, desk.room - 2 * pad)):
        height = piece.height + 2 * pad - 2
        frame = Rectangle(
            0, 0, measure.x + measure.width - left, height, CALLOUT_RADIUS, stroke="accent", edge=CALLOUT_EDGE
        )
        items = (*drawn((frame,), left, 0.0), *moved_down(piece.items, pad - 1))
        boxes.append(Box(height, items, PANEL_GAP, PANEL_GAP, at=callout.at))
    return boxes


def script_boxes(script: Script, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return words to say in a bubble from the ring; the situation hangs in the rail, advice stands below."""
    section = parent.add(Element("Sect"))
    label = section.add(Element("P"))
    if not has_rail(measure, desk):
        inner = measure if is_column(measure, desk) else measure.indented(RING_LEFT + RING + RING_EDGE)
        inside = [*bubble_boxes(script, section, inner, desk), *advice_boxes(script, section, inner, desk)]
        return spaced(label_above(script.situation, label, kept(inside), inner, desk), SCRIPT_GAP, SCRIPT_GAP)
    rail = desk.theme.paper.rail + desk.theme.paper.gutter - RING_LEFT - RING - RING_CLEAR
    first = BUBBLE_PAD[0] + baseline_of(desk.style("script"))
    inside = [*bubble_boxes(script, section, measure, desk), *advice_boxes(script, section, measure, desk)]
    whole = stacked(label_beside(script.situation, label, inside, desk, first, rail))
    return [replace(whole, before=SCRIPT_GAP, after=SCRIPT_GAP, break_cost=0.0, at=script.at)]


def bubble_boxes(script: Script, section: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return the words to say in their bubble, with the ring, or the disc, left of it."""
    style = desk.style("script")
    paragraph = section.add(Element("BlockQuote")).add(Element("P"))
    inner = measure.width - BUBBLE_PAD[1]
    content = (Text(desk.words.say("open_quote")), *script.words, Text(desk.words.say("close_quote")))
    words = text_box(runs_of(content, paragraph, style.colour, desk), style, measure.x, inner)
    height = words.height + 2 * BUBBLE_PAD[0]
    bubble = left_bubble(measure.width + BUBBLE_LEFT, height, tail=TAIL, radius=BUBBLE_RADIUS, edge=BUBBLE_EDGE)
    fill = "accent" if script.theirs else "white"
    ring = Circle(measure.x - RING_LEFT, TAIL, RING, fill=fill, stroke="accent", width=RING_EDGE)
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
    runs = runs_of(script.advice, section.add(Element("P")), "stone", desk)
    return [text_box(runs, style, measure.x, measure.width)]
