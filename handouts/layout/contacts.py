"""Lay out contacts: the need in the rail, once for all its contacts, then names and phone numbers in two columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Contact, Contacts, shared_note
from handouts.document.text import contact_note
from handouts.layout.boxes import (
    NEVER,
    WRITING_LINE,
    LayoutBox,
    kept_whole_within,
    moved_down,
    rule,
    side_by_side,
    stacked,
    stacked_height,
    strong_rule,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import (
    LayoutContext,
    Measure,
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

_NOTE_GAP = "  "
_SPACE_BEFORE, _PAD, _NEED_GAP = 6.0, 2.0, 6.0
_LEAST_NUMBER_WIDTH, _MOST_NUMBER_SHARE, _NUMBER_GAP = 104.0, 0.5, 12.0  # points, of the column, points
_WRITING_DROP, _WRITING_ROOM = 3.0, 6.0  # of a line to write on: below the baseline; extra height
_WHOLE_NEED_SHARE = 0.5  # of a page: contacts for one need that are no higher are kept on one page
_WHOLE_LIST_SHARE = 0.6  # of a page: a list of contacts that is no higher is kept on one page


class _ContactColumns(Struct, frozen=True):
    """The column of names and their notes, and the width of the column of numbers."""

    names: Measure
    numbers: float


def contact_boxes(contacts: Contacts, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return contacts one below another, grouped by need; with column heads if there are several."""
    note, full = shared_note(contacts.contacts), context.full_width
    columns = _contact_columns(contacts, context)
    above = _column_head_boxes(note, parent, columns, context) if len(contacts.contacts) > 1 else []
    listing = parent.add(Element("L"))
    boxes: list[LayoutBox] = []
    for need, group in groupby(without_shared_note(contacts.contacts, note), key=lambda contact: contact.need):
        boxes.extend(_need_boxes(need, tuple(group), listing.add(Element("LI")), columns, context))
    if not boxes:
        return []
    boxes[0] = with_items(boxes[0], (strong_rule(full.x, full.right, 0.0),), first=True)
    boxes[-1] = with_items(boxes[-1], (strong_rule(full.x, full.right, boxes[-1].height),))
    boxes[-1] = replace(boxes[-1], break_cost=0.0)
    boxes = kept_whole_within(boxes, _WHOLE_LIST_SHARE * context.room)
    return [*above, *with_outer_spaces(boxes, _SPACE_BEFORE, TABLE_AFTER)]


def _column_head_boxes(note: str, parent: Element, columns: _ContactColumns, context: LayoutContext) -> list[LayoutBox]:
    """Return the heads of the columns, with the note that all contacts share, if any."""
    style = replace(context.style("body"), colour="stone", after=0.0)
    element, theme, say, names = parent.add(Element("P")), context.theme, context.words.say, columns.names
    who = say("contact_who_noted", note=note) if note else say("contact_who")
    named = plain_text_box(who, element, style, names.x, names.width)
    if theme.paper.labels_above:
        return [replace(named, break_cost=NEVER)]
    need = plain_text_box(say("contact_need"), element, style, theme.margin, names.x - theme.margin)
    number = say("contact_number")
    width = text_width(number, style)
    last = plain_text_box(number, element, style, theme.right - width, width + 1)
    return [replace(side_by_side((need, named, last)), break_cost=NEVER)]


def without_shared_note(contacts: Sequence[Contact], note: str) -> tuple[Contact, ...]:
    """Return `contacts` without the `note` that they share, which is shown once for all."""
    return tuple(replace(each, note="") if note and each.note == note else each for each in contacts)


def _need_boxes(
    need: str, contacts: Sequence[Contact], entry: Element, columns: _ContactColumns, context: LayoutContext
) -> list[LayoutBox]:
    """Return the contacts for one need, which stands beside or above the first of them, with a rule after each.

    A page that begins between them repeats the need.
    """
    theme, names, above = context.theme, columns.names, context.theme.paper.labels_above
    style = replace(context.style("label"), leading=context.style("body").leading)
    width = names.width if above else names.x - theme.margin - _NEED_GAP
    label = plain_text_box(need, entry.add(Element("Lbl")), style, theme.margin, width)
    inside = entry.add(Element("LBody"))
    boxes = [_contact_box(contact, inside, columns, context) for contact in contacts]
    items = moved_down(label.items, _PAD)
    if above:
        items = (*items, *moved_down(boxes[0].items, label.height))
        boxes[0] = replace(boxes[0], height=boxes[0].height + label.height, items=items)
    else:
        boxes[0] = with_items(boxes[0], items, first=True)
        missing = max(0.0, label.height + 2 * _PAD - stacked_height(boxes))
        boxes[-1] = replace(boxes[-1], height=boxes[-1].height + missing)
    again = plain_text_box(need, pagination_artifact("Header"), style, theme.margin, width)
    boxes[1:] = [replace(box, repeated_head=again) for box in boxes[1:]]
    for index, box in enumerate(boxes):
        start = theme.margin if index == len(boxes) - 1 else names.x
        boxes[index] = with_items(box, (rule(start, theme.right, box.height),), first=True)
    return kept_whole_within(boxes, _WHOLE_NEED_SHARE * context.room)


def _contact_box(contact: Contact, inside: Element, columns: _ContactColumns, context: LayoutContext) -> LayoutBox:
    """Return one contact: its name and note, with the number at the right, or below the name on narrow paper."""
    body, names = replace(context.style("body"), after=0.0), columns.names
    named, number = inside.add(Element("P")), _number_box(contact, inside, columns.numbers, context)
    words = contact_note(contact)
    name = (StyledRun(f"{contact.name}{_NOTE_GAP if words else ''}", bold=True, key=RunTag(named, body.colour)),)
    note = tuple(contact_note_runs(StyledRun(words, key=RunTag(inside.add(Element("P")), "stone")))) if words else ()
    if context.theme.paper.labels_above:
        first, last = (text_box(runs, body, names.x, names.width) for runs in (name, note))
        content = stacked((first, number, last) if note else (first, number))
    else:
        content = side_by_side((text_box((*name, *note), body, names.x, names.width), number))
    items = moved_down(content.items, _PAD)
    return LayoutBox(content.height + 2 * _PAD, items, break_cost=ROW_COST, at=contact.at)


def _number_box(contact: Contact, parent: Element, width: float, context: LayoutContext) -> LayoutBox:
    """Return the number of a contact, as a link if it can be called; without a number, a line to write on."""
    style = replace(context.style("h3"), before=0.0, after=0.0, balance=False)
    theme, above = context.theme, context.theme.paper.labels_above
    lift = 0.0 if above else baseline_offset(context.style("body")) - baseline_offset(style)
    if not contact.number:
        left = theme.margin if above else theme.right - width
        blank = rule(left, left + width, baseline_offset(style) + lift + _WRITING_DROP, WRITING_LINE)
        return LayoutBox(style.leading + _WRITING_ROOM, (blank,))
    element = parent.add(Element("P"))
    if contact.target:
        element = element.add(link_element(contact.target, context, words=contact.number))
    run = StyledRun(contact.number, key=RunTag(element, "accent"), family=number_family(contact.number))
    items: list[PageItem] = []
    lines = break_lines((run,), style, width)
    for index, line in enumerate(lines):
        start = theme.margin if above else theme.right - line.width
        items.extend(line_items(line, start, index * style.leading + baseline_offset(style) + lift))
    return LayoutBox(len(lines) * style.leading + lift, tuple(items))


def _contact_columns(contacts: Contacts, context: LayoutContext) -> _ContactColumns:
    """Return the columns: numbers have the width of the widest, at most half; below names they have the full width."""
    style, column = context.style("h3"), context.column
    if context.theme.paper.labels_above:
        return _ContactColumns(context.full_width, context.full_width.width)
    numbers = [contact.number for contact in contacts.contacts]
    widest = max((text_width(number, style, number_family(number)) for number in numbers), default=0.0)
    width = min(max(widest + 0.1, _LEAST_NUMBER_WIDTH), _MOST_NUMBER_SHARE * column.width)
    return _ContactColumns(Measure(column.x, column.width - width - _NUMBER_GAP), width)
