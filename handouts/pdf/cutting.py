"""Cards to cut out, as wide as a bank card and at least as high, with marks where to cut and where to fold.

A card has type styles of its own. What is too much for it makes it higher, never its type smaller. What is left of
their sheet is filled with copies of them, which are not read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import Block, Callout, Contact, Contacts, Script, Steps, Text, shared_note
from handouts.figures.shapes import Box as Rectangle
from handouts.figures.shapes import Command, Path, Shape
from handouts.pdf.boxes import Box, moved_down, stacked, with_items
from handouts.pdf.contacts import said_of, without_note
from handouts.pdf.inline import Desk, Ink, baseline_of, line_items, link_to, runs_of, text_box, words_box
from handouts.pdf.numbers import family_of, said_runs
from handouts.pdf.page import Element, Item
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Layout, Measure
from handouts.text.breaking import Run, break_lines
from handouts.theme import TypeStyle
from handouts.units import mm

WIDTH, HEIGHT = mm(85.6), mm(54.0)  # ISO/IEC 7810, ID-1
PAD, GAP, EDGE = 9.0, 3.0, 0.75
MARK, MARK_GAP, ROOM = 7.0, 2.0, 12.0  # how long a mark is, how far from its corner, and the room it has above a card
NUMBER_WIDTH, NUMBER_GAP, APART, LINE_DROP = 14.0, 8.0, "  ", 2.0
SMALL = ("body", "h3", "label", "script", "caption")


def small_desk(desk: Desk) -> Desk:
    """Return a desk at which all is set in the style of cards."""
    card = desk.style("card")
    styles = {role: replace(card, bold=role in ("h3", "label"), after=GAP) for role in SMALL}
    return replace(desk, theme=replace(desk.theme, print={**desk.theme.print, **styles}))


def cut_boxes(cards: Sequence[Callout], parent: Element, desk: Desk, layout: Layout) -> list[Box]:
    """Return one card, or two side by side and equally high, with the marks along which they are cut and folded."""
    left = desk.theme.margin
    inside = [card_inside(card, parent, left + index * WIDTH, desk, layout) for index, card in enumerate(cards)]
    height = max(HEIGHT, *(each.height + 2 * PAD for each in inside))
    items = [item for each in inside for item in moved_down(each.items, ROOM + PAD)]
    for index in range(len(cards)):
        items.extend(drawn(card_shapes(height), left + index * WIDTH, ROOM))
    return [Box(height + 2 * ROOM, tuple(items), copied=True, at=cards[0].at)]


def card_inside(card: Callout, parent: Element, left: float, desk: Desk, layout: Layout) -> Box:
    """Return what stands on a card whose edge is at `left`."""
    section, style = parent.add(Element("Sect")), replace(desk.style("card"), bold=True, after=GAP)
    measure = Measure(left + PAD, WIDTH - 2 * PAD)
    title = runs_of(card.title, section.add(Element("H3")), "accent", desk, bold=True)
    inside = [text_box(title, style, measure.x, measure.width)]
    for block in card.blocks:
        inside.extend(boxes_on_card(block, section, measure, desk, layout))
    return stacked(inside)


def card_shapes(height: float) -> tuple[Shape, ...]:
    """Return the edge of a card so high, and a mark above and below each corner."""
    edge = Rectangle(0, 0, WIDTH, height, 0.0, stroke="stone", edge=EDGE)
    marks = (
        Path((("M", (x, y)), ("L", (x, y + MARK))), stroke="ink", width=EDGE, cap="butt")
        for x in (0.0, WIDTH)
        for y in (-MARK_GAP - MARK, height + MARK_GAP)
    )
    return (edge, *marks)


def boxes_on_card(block: Block, section: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return the boxes of a block on a card: words to say, steps and contacts closer than on a page."""
    match block:
        case Script():
            return [script_on_card(block, section, measure, desk)]
        case Contacts():
            return contacts_on_card(block.contacts, section, measure, desk)
        case Steps():
            return steps_on_card(block, section.add(Element("L")), measure, desk, layout)
        case _:
            return layout((block,), section, measure)


def script_on_card(script: Script, section: Element, measure: Measure, desk: Desk) -> Box:
    """Return the situation and the words to say, one after the other."""
    style = replace(desk.style("card"), after=GAP)
    label = runs_of((*script.situation, Text(APART)), section.add(Element("P")), "accent", desk, bold=True)
    quote = section.add(Element("BlockQuote")).add(Element("P"))
    words = (Text(desk.words.say("open_quote")), *script.words, Text(desk.words.say("close_quote")))
    advice = runs_of((Text(" "), *script.advice), section.add(Element("P")), "stone", desk) if script.advice else ()
    return text_box((*label, *runs_of(words, quote, style.colour, desk), *advice), style, measure.x, measure.width)


def steps_on_card(steps: Steps, listing: Element, measure: Measure, desk: Desk, layout: Layout) -> list[Box]:
    """Return steps with their numbers, without nodes."""
    style = replace(desk.style("card"), bold=True)
    boxes = []
    for number, item in enumerate(steps.items, 1):
        entry = listing.add(Element("LI"))
        label = words_box(str(number), entry.add(Element("Lbl")), style, measure.x, NUMBER_WIDTH, "accent")
        inside = stacked(layout(item, entry.add(Element("LBody")), measure.indented(NUMBER_WIDTH)))
        boxes.append(replace(with_items(inside, label.items, first=True), after=GAP))
    return boxes


def contacts_on_card(contacts: Sequence[Contact], section: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return contacts below what is noted of all of them: each need beside its number, then who it is."""
    note = shared_note(contacts)
    boxes = []
    if note:
        style = replace(desk.style("card"), colour="stone", after=GAP)
        noted = words_box(
            desk.words.say("all_lines", note=note), section.add(Element("P")), style, measure.x, measure.width
        )
        boxes.append(noted)
    listing = section.add(Element("L"))
    for need, group in groupby(without_note(contacts, note), key=lambda contact: contact.need):
        entry = listing.add(Element("LI"))
        label: Run | None = Run(need, bold=True, key=Ink(entry.add(Element("Lbl")), "accent"))
        body = entry.add(Element("LBody"))
        for contact in group:
            boxes.append(contact_on_card(contact, label, body, measure, desk))
            label = None
    return boxes


def contact_on_card(contact: Contact, need: Run | None, body: Element, measure: Measure, desk: Desk) -> Box:
    """Return one contact: what for, or who it is, beside its number or a line to write on; the rest below them."""
    style, large = replace(desk.style("card"), after=0.0), replace(desk.style("card-number"), after=0.0)
    name = Run(contact.name, key=Ink(body.add(Element("P")), style.colour))
    number = number_items(contact, body, measure, large, desk)
    below = said_of(contact)
    said = said_runs(Run(below, key=Ink(body.add(Element("P")), "stone"))) if below else ()
    apart = (replace(name, text=APART),) if below else ()
    lines = [(need,), (name, *apart, *said)] if need else [(name,), tuple(said)]
    width = measure.width - number.width - NUMBER_GAP
    first = text_box(lines[0], style, measure.x, max(width, measure.width / 3))
    lift = baseline_of(large) - baseline_of(style)
    top = Box(max(large.leading, lift + first.height), (*moved_down(first.items, lift), *number.items))
    rest = [text_box(lines[1], style, measure.x, measure.width)] if lines[1] else []
    return replace(stacked((top, *rest)), after=GAP)


class Number(Struct, frozen=True):
    """A number at the right edge of a card, or the line to write it on, and how wide that is."""

    width: float
    items: tuple[Item, ...]


def number_items(contact: Contact, body: Element, measure: Measure, style: TypeStyle, desk: Desk) -> Number:
    """Return the number of a contact as a link where it is one, or a line to write on."""
    right = measure.x + measure.width
    if not contact.number:
        ends: tuple[Command, ...] = (("M", (0.0, 0.0)), ("L", (measure.width / 2, 0.0)))
        line = Path(ends, stroke="ink", width=1)
        return Number(measure.width / 2, drawn((line,), right - measure.width / 2, baseline_of(style) + LINE_DROP))
    paragraph = body.add(Element("P"))
    element = paragraph.add(link_to(contact.target, desk)) if contact.target else paragraph
    run = Run(contact.number, bold=True, key=Ink(element, "ink"), family=family_of(contact.number))
    (line_of_number,) = break_lines((run,), style, measure.width)[:1]
    items = line_items(line_of_number, right - line_of_number.width, baseline_of(style))
    return Number(line_of_number.width, tuple(items))
