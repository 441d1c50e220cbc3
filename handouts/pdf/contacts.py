"""Whom to call: what for in the rail, once for all lines that are for the same, then who it is and the number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import Contact, Contacts, shared_note
from handouts.pdf.boxes import NEVER, Box, kept, moved_down, spaced, stacked, together, with_items
from handouts.pdf.inline import Desk, Ink, baseline_of, line_items, link_to, text_box, words_box
from handouts.pdf.numbers import family_of, said_runs
from handouts.pdf.page import Element, Item, pagination
from handouts.pdf.panels import drawn
from handouts.pdf.tables import HAIR, ROW_COST, STRONG, TABLE_AFTER, rule
from handouts.text.breaking import Run, break_lines, text_width

BETWEEN, BESIDE = " · ", "  "
BEFORE, PAD, NEED_GAP = 6.0, 2.0, 6.0
NUMBER_LEAST, NUMBER_MOST, NUMBER_GAP, WRITING_LINE, WRITING_ROOM = 104.0, 0.5, 12.0, 1.0, 6.0
WHOLE = 0.5  # of a page: lines for one need that are higher may be torn between them
LISTING = 0.6  # of a page: lines for all needs that are higher may be torn between needs


class Columns(Struct, frozen=True):
    """Where names begin, how wide they and their notes may be, and how wide the column of numbers is."""

    left: float
    middle: float
    numbers: float


def contact_boxes(contacts: Contacts, parent: Element, desk: Desk) -> list[Box]:
    """Return contacts one below another, those for the same need together; several have heads above their columns."""
    note = shared_note(contacts.contacts)
    columns = columns_of(contacts, desk)
    above = head_boxes(note, parent, columns, desk) if len(contacts.contacts) > 1 else []
    listing = parent.add(Element("L"))
    boxes: list[Box] = []
    for need, group in groupby(without_note(contacts.contacts, note), key=lambda contact: contact.need):
        boxes.extend(need_boxes(need, tuple(group), listing.add(Element("LI")), columns, desk))
    if not boxes:
        return []
    width = desk.theme.right - desk.theme.margin
    first = drawn((rule(width, 0.0, STRONG, "accent"),), desk.theme.margin, 0.0)
    last = drawn((rule(width, boxes[-1].height, STRONG, "accent"),), desk.theme.margin, 0.0)
    boxes[0] = with_items(boxes[0], first, first=True)
    boxes[-1] = replace(with_items(boxes[-1], last), break_cost=0.0)
    boxes = kept(boxes) if stacked(boxes).height <= LISTING * desk.room else together(boxes)
    return [*above, *spaced(boxes, BEFORE, TABLE_AFTER)]


def head_boxes(note: str, parent: Element, columns: Columns, desk: Desk) -> list[Box]:
    """Return what heads the columns, with what is noted of all contacts."""
    style = replace(desk.style("body"), colour="stone", after=0.0)
    element, theme, say = parent.add(Element("P")), desk.theme, desk.words.say
    who = say("contact_who_noted", note=note) if note else say("contact_who")
    if theme.paper.labels_above:
        return [replace(words_box(who, element, style, columns.left, columns.middle), break_cost=NEVER)]
    need = words_box(say("contact_need"), element, style, theme.margin, columns.left - theme.margin)
    named = words_box(who, element, style, columns.left, columns.middle)
    number = say("contact_number")
    width = text_width(number, style)
    last = words_box(number, element, style, theme.right - width, width + 1)
    items = (*need.items, *named.items, *last.items)
    return [Box(max(need.height, named.height, last.height), items, break_cost=NEVER)]


def without_note(contacts: Sequence[Contact], note: str) -> tuple[Contact, ...]:
    """Return `contacts` without the `note` that is said once for all of them."""
    return tuple(replace(each, note="") if note and each.note == note else each for each in contacts)


def need_boxes(need: str, contacts: Sequence[Contact], entry: Element, columns: Columns, desk: Desk) -> list[Box]:
    """Return the contacts for one need, which stands beside the first of them, or above it; a line ends them all.

    A page that begins between them begins with the need.
    """
    theme, above = desk.theme, desk.theme.paper.labels_above
    label = replace(desk.style("label"), leading=desk.style("body").leading)
    rail = columns.middle if above else columns.left - theme.margin - NEED_GAP
    words = words_box(need, entry.add(Element("Lbl")), label, theme.margin, rail)
    inside = entry.add(Element("LBody"))
    boxes = [contact_box(contact, inside, columns, desk) for contact in contacts]
    again = words_box(need, pagination("Header"), label, theme.margin, rail)
    boxes = below_need(words, boxes) if above else beside_need(words, boxes)
    boxes[1:] = [replace(box, lead=again) for box in boxes[1:]]
    for index, box in enumerate(boxes):
        start = theme.margin if index == len(boxes) - 1 else columns.left
        boxes[index] = with_items(box, drawn((rule(theme.right - start, box.height, HAIR),), start, 0.0), first=True)
    return kept(boxes) if stacked(boxes).height <= WHOLE * desk.room else together(boxes)


def beside_need(need: Box, boxes: Sequence[Box]) -> list[Box]:
    """Return `boxes` with `need` in the rail; together they are at least as high as it is."""
    first = with_items(boxes[0], moved_down(need.items, PAD), first=True)
    missing = max(0.0, need.height + 2 * PAD - stacked(boxes).height)
    changed = [first, *boxes[1:]]
    changed[-1] = replace(changed[-1], height=changed[-1].height + missing)
    return changed


def below_need(need: Box, boxes: Sequence[Box]) -> list[Box]:
    """Return `boxes` with `need` above the first of them."""
    items = (*moved_down(need.items, PAD), *moved_down(boxes[0].items, need.height))
    return [replace(boxes[0], height=boxes[0].height + need.height, items=items), *boxes[1:]]


def contact_box(contact: Contact, inside: Element, columns: Columns, desk: Desk) -> Box:
    """Return one contact: its name and what is said of it, with the number at the right, or between the two.

    Without a number there is a line to write on.
    """
    body = replace(desk.style("body"), after=0.0)
    named, number = inside.add(Element("P")), number_box(contact, inside, columns.numbers, desk)
    below = said_of(contact)
    name = (Run(f"{contact.name}{BESIDE if below else ''}", bold=True, key=Ink(named, body.colour)),)
    note = tuple(said_runs(Run(below, key=Ink(inside.add(Element("P")), "stone")))) if below else ()
    if desk.theme.paper.labels_above:
        first, last = (text_box(runs, body, columns.left, columns.middle) for runs in (name, note))
        content = stacked((first, number, last) if note else (first, number))
    else:
        words = text_box((*name, *note), body, columns.left, columns.middle)
        content = Box(max(words.height, number.height), (*words.items, *number.items))
    height = content.height + 2 * PAD
    return Box(height, moved_down(content.items, PAD), break_cost=ROW_COST, at=contact.at)


def said_of(contact: Contact) -> str:
    """Return what is said of a contact beside its name."""
    return BETWEEN.join(words for words in (contact.how, contact.note) if words)


def number_box(contact: Contact, parent: Element, width: float, desk: Desk) -> Box:
    """Return the number to call, as a link where it is one, or a line to write on; at the right, or below the name."""
    style = replace(desk.style("h3"), before=0.0, after=0.0, balance=False)
    theme, above = desk.theme, desk.theme.paper.labels_above
    lift = 0.0 if above else baseline_of(desk.style("body")) - baseline_of(style)
    if not contact.number:
        blank = rule(width, baseline_of(style) + lift + 3, WRITING_LINE)
        return Box(style.leading + WRITING_ROOM, drawn((blank,), theme.margin if above else theme.right - width, 0.0))
    paragraph = parent.add(Element("P"))
    element = paragraph.add(link_to(contact.target, desk, said=contact.number)) if contact.target else paragraph
    items: list[Item] = []
    run = Run(contact.number, key=Ink(element, "accent"), family=family_of(contact.number))
    lines = break_lines((run,), style, width)
    for index, line in enumerate(lines):
        start = theme.margin if above else theme.right - line.width
        items.extend(line_items(line, start, index * style.leading + baseline_of(style) + lift))
    return Box(len(lines) * style.leading + lift, tuple(items))


def columns_of(contacts: Contacts, desk: Desk) -> Columns:
    """Return the columns: numbers have as much as the widest needs, at most half; below names, all the width."""
    style, theme = desk.style("h3"), desk.theme
    if theme.paper.labels_above:
        width = theme.right - theme.margin
        return Columns(theme.margin, width, width)
    numbers = [contact.number for contact in contacts.contacts]
    widest = max((text_width(number, style, family_of(number)) for number in numbers), default=0.0)
    column = min(max(widest + 0.1, NUMBER_LEAST), NUMBER_MOST * theme.column)
    return Columns(theme.axis, theme.column - column - NUMBER_GAP, column)
