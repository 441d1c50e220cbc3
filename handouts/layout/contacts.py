"""Lay out contacts: the need in the rail, once for all contacts that serve it, then the name and the phone number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Contact, Contacts, shared_note
from handouts.layout.boxes import (
    HAIRLINE,
    NEVER,
    STRONG_LINE,
    LayoutBox,
    decoration_items,
    ends_kept_together,
    horizontal_rule,
    kept_whole,
    moved_down,
    stacked,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import (
    LayoutContext,
    RunTag,
    baseline_offset,
    contact_note_runs,
    line_items,
    link_element,
    number_family,
    plain_text_box,
    text_box,
)
from handouts.layout.page_model import Element, PageItem, pagination_artifact
from handouts.layout.tables import ROW_COST, TABLE_AFTER
from handouts.text.line_breaking import StyledRun, break_lines, text_width

NOTE_SEPARATOR, NOTE_GAP = " · ", "  "
SPACE_BEFORE, PAD, NEED_GAP = 6.0, 2.0, 6.0
NUMBER_LEAST, NUMBER_MOST, NUMBER_GAP, WRITING_LINE, WRITING_ROOM = 104.0, 0.5, 12.0, 1.0, 6.0
WHOLE_NEED_SHARE = 0.5  # of a page: lines for one need that are higher may be torn between them
WHOLE_LIST_SHARE = 0.6  # of a page: lines for all needs that are higher may be torn between needs


class ContactColumns(Struct, frozen=True):
    """Where names begin, how wide they and their notes may be, and how wide the column of numbers is."""

    left: float
    middle: float
    numbers: float


def contact_boxes(contacts: Contacts, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return contacts one below another, those for the same need together; several have heads above their columns."""
    note = shared_note(contacts.contacts)
    columns = contact_columns(contacts, context)
    above = column_head_boxes(note, parent, columns, context) if len(contacts.contacts) > 1 else []
    listing = parent.add(Element("L"))
    boxes: list[LayoutBox] = []
    for need, group in groupby(without_shared_note(contacts.contacts, note), key=lambda contact: contact.need):
        boxes.extend(need_boxes(need, tuple(group), listing.add(Element("LI")), columns, context))
    if not boxes:
        return []
    width = context.theme.right - context.theme.margin
    first = decoration_items((horizontal_rule(width, 0.0, STRONG_LINE, "accent"),), context.theme.margin, 0.0)
    last = decoration_items(
        (horizontal_rule(width, boxes[-1].height, STRONG_LINE, "accent"),), context.theme.margin, 0.0
    )
    boxes[0] = with_items(boxes[0], first, first=True)
    boxes[-1] = replace(with_items(boxes[-1], last), break_cost=0.0)
    boxes = kept_whole(boxes) if stacked(boxes).height <= WHOLE_LIST_SHARE * context.room else ends_kept_together(boxes)
    return [*above, *with_outer_spaces(boxes, SPACE_BEFORE, TABLE_AFTER)]


def column_head_boxes(note: str, parent: Element, columns: ContactColumns, context: LayoutContext) -> list[LayoutBox]:
    """Return what heads the columns, with what is noted of all contacts."""
    style = replace(context.style("body"), colour="stone", after=0.0)
    element, theme, say = parent.add(Element("P")), context.theme, context.words.say
    who = say("contact_who_noted", note=note) if note else say("contact_who")
    if theme.paper.labels_above:
        return [replace(plain_text_box(who, element, style, columns.left, columns.middle), break_cost=NEVER)]
    need = plain_text_box(say("contact_need"), element, style, theme.margin, columns.left - theme.margin)
    named = plain_text_box(who, element, style, columns.left, columns.middle)
    number = say("contact_number")
    width = text_width(number, style)
    last = plain_text_box(number, element, style, theme.right - width, width + 1)
    items = (*need.items, *named.items, *last.items)
    return [LayoutBox(max(need.height, named.height, last.height), items, break_cost=NEVER)]


def without_shared_note(contacts: Sequence[Contact], note: str) -> tuple[Contact, ...]:
    """Return `contacts` without the `note` that is said once for all of them."""
    return tuple(replace(each, note="") if note and each.note == note else each for each in contacts)


def need_boxes(
    need: str, contacts: Sequence[Contact], entry: Element, columns: ContactColumns, context: LayoutContext
) -> list[LayoutBox]:
    """Return the contacts for one need, which stands beside the first of them, or above it; a line ends them all.

    A page that begins between them begins with the need.
    """
    theme, above = context.theme, context.theme.paper.labels_above
    label = replace(context.style("label"), leading=context.style("body").leading)
    rail = columns.middle if above else columns.left - theme.margin - NEED_GAP
    words = plain_text_box(need, entry.add(Element("Lbl")), label, theme.margin, rail)
    inside = entry.add(Element("LBody"))
    boxes = [contact_box(contact, inside, columns, context) for contact in contacts]
    again = plain_text_box(need, pagination_artifact("Header"), label, theme.margin, rail)
    boxes = with_need_above(words, boxes) if above else with_need_beside(words, boxes)
    boxes[1:] = [replace(box, repeated_head=again) for box in boxes[1:]]
    for index, box in enumerate(boxes):
        start = theme.margin if index == len(boxes) - 1 else columns.left
        boxes[index] = with_items(
            box, decoration_items((horizontal_rule(theme.right - start, box.height, HAIRLINE),), start, 0.0), first=True
        )
    return kept_whole(boxes) if stacked(boxes).height <= WHOLE_NEED_SHARE * context.room else ends_kept_together(boxes)


def with_need_beside(need: LayoutBox, boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """Return `boxes` with `need` in the rail; together they are at least as high as it is."""
    first = with_items(boxes[0], moved_down(need.items, PAD), first=True)
    missing = max(0.0, need.height + 2 * PAD - stacked(boxes).height)
    changed = [first, *boxes[1:]]
    changed[-1] = replace(changed[-1], height=changed[-1].height + missing)
    return changed


def with_need_above(need: LayoutBox, boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """Return `boxes` with `need` above the first of them."""
    items = (*moved_down(need.items, PAD), *moved_down(boxes[0].items, need.height))
    return [replace(boxes[0], height=boxes[0].height + need.height, items=items), *boxes[1:]]


def contact_box(contact: Contact, inside: Element, columns: ContactColumns, context: LayoutContext) -> LayoutBox:
    """Return one contact: its name and what is said of it, with the number at the right, or between the two.

    Without a number there is a line to write on.
    """
    body = replace(context.style("body"), after=0.0)
    named, number = inside.add(Element("P")), number_box(contact, inside, columns.numbers, context)
    below = contact_note(contact)
    name = (StyledRun(f"{contact.name}{NOTE_GAP if below else ''}", bold=True, key=RunTag(named, body.colour)),)
    note = tuple(contact_note_runs(StyledRun(below, key=RunTag(inside.add(Element("P")), "stone")))) if below else ()
    if context.theme.paper.labels_above:
        first, last = (text_box(runs, body, columns.left, columns.middle) for runs in (name, note))
        content = stacked((first, number, last) if note else (first, number))
    else:
        words = text_box((*name, *note), body, columns.left, columns.middle)
        content = LayoutBox(max(words.height, number.height), (*words.items, *number.items))
    height = content.height + 2 * PAD
    return LayoutBox(height, moved_down(content.items, PAD), break_cost=ROW_COST, at=contact.at)


def contact_note(contact: Contact) -> str:
    """Return what is said of a contact beside its name."""
    return NOTE_SEPARATOR.join(words for words in (contact.how, contact.note) if words)


def number_box(contact: Contact, parent: Element, width: float, context: LayoutContext) -> LayoutBox:
    """Return the number to call, as a link where it is one, or a line to write on; at the right, or below the name."""
    style = replace(context.style("h3"), before=0.0, after=0.0, balance=False)
    theme, above = context.theme, context.theme.paper.labels_above
    lift = 0.0 if above else baseline_offset(context.style("body")) - baseline_offset(style)
    if not contact.number:
        blank = horizontal_rule(width, baseline_offset(style) + lift + 3, WRITING_LINE)
        return LayoutBox(
            style.leading + WRITING_ROOM,
            decoration_items((blank,), theme.margin if above else theme.right - width, 0.0),
        )
    paragraph = parent.add(Element("P"))
    element = paragraph.add(link_element(contact.target, context, said=contact.number)) if contact.target else paragraph
    items: list[PageItem] = []
    run = StyledRun(contact.number, key=RunTag(element, "accent"), family=number_family(contact.number))
    lines = break_lines((run,), style, width)
    for index, line in enumerate(lines):
        start = theme.margin if above else theme.right - line.width
        items.extend(line_items(line, start, index * style.leading + baseline_offset(style) + lift))
    return LayoutBox(len(lines) * style.leading + lift, tuple(items))


def contact_columns(contacts: Contacts, context: LayoutContext) -> ContactColumns:
    """Return the columns: numbers have as much as the widest needs, at most half; below names, all the width."""
    style, theme = context.style("h3"), context.theme
    if theme.paper.labels_above:
        width = theme.right - theme.margin
        return ContactColumns(theme.margin, width, width)
    numbers = [contact.number for contact in contacts.contacts]
    widest = max((text_width(number, style, number_family(number)) for number in numbers), default=0.0)
    column = min(max(widest + 0.1, NUMBER_LEAST), NUMBER_MOST * theme.column)
    return ContactColumns(theme.axis, theme.column - column - NUMBER_GAP, column)
