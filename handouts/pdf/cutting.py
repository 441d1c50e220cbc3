"""Cards to cut out, as large as a bank card, two side by side with marks where to cut and where to fold.

A card has a type style of its own. What is too much for it makes it higher, never its type smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from handouts.document import Block, Callout, Contact, Contacts, Script, Steps, Text
from handouts.figures import Box as Rectangle
from handouts.figures import Path, Shape
from handouts.pdf.boxes import Box, moved_down, stacked, with_items
from handouts.pdf.contacts import said_of
from handouts.pdf.inline import Desk, Ink, baseline_of, link_to, runs_of, text_box, words_box
from handouts.pdf.page import Element
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Layout, Measure
from handouts.text import Run
from handouts.theme import TypeStyle
from handouts.units import mm

WIDTH, HEIGHT = mm(85.6), mm(54.0)  # ISO/IEC 7810, ID-1
PAD, GAP, EDGE = 9.0, 3.0, 0.75
MARK, MARK_GAP, ROOM = 7.0, 2.0, 12.0  # how long a mark is, how far from its corner, and the room it has above a card
NUMBER_WIDTH, APART, LINE_DROP = 14.0, "  ", 2.0
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
    return [Box(height + 2 * ROOM, tuple(items), at=cards[0].at)]


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
            return contacts_on_card(block.contacts, section.add(Element("L")), measure, desk)
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


def contacts_on_card(contacts: Sequence[Contact], listing: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return contacts as running text: the need once, names, numbers in bold, what is said of them."""
    style = replace(desk.style("card-small"), after=GAP)
    boxes = []
    for need, group in groupby(contacts, key=lambda contact: contact.need):
        entry = listing.add(Element("LI"))
        runs = [Run(f"{need}{APART}", bold=True, key=Ink(entry.add(Element("Lbl")), "accent"))]
        body = entry.add(Element("LBody"))
        for contact in group:
            runs.extend(contact_runs(contact, body, style, desk))
        boxes.append(text_box(runs, style, measure.x, measure.width))
        if not contact.number:
            boxes[-1] = with_line(boxes[-1], measure, style)
    return boxes


def contact_runs(contact: Contact, body: Element, style: TypeStyle, desk: Desk) -> list[Run]:
    """Return the name of a contact, its number and what is said of it."""
    named = Ink(body.add(Element("P")), style.colour)
    if not contact.number:
        return [Run(contact.name, key=named)]
    paragraph = body.add(Element("P"))
    element = paragraph.add(link_to(contact.target, desk)) if contact.target else paragraph
    below = said_of(contact)
    said = [Run(f"{below}{APART}", key=Ink(body.add(Element("P")), "stone"))] if below else []
    return [
        Run(f"{contact.name} ", key=named),
        Run(f"{contact.number}{APART}", bold=True, key=Ink(element, "ink")),
        *said,
    ]


def with_line(box: Box, measure: Measure, style: TypeStyle) -> Box:
    """Return the name of a contact without a number, with a line to write on after it."""
    y = box.height - style.leading + baseline_of(style) + LINE_DROP
    line = Path(
        (("M", (measure.x + measure.width / 2, y)), ("L", (measure.x + measure.width, y))), stroke="ink", width=1
    )
    return with_items(box, drawn((line,), 0.0, 0.0))
