"""Contacts, sources, codes and figures: things that are looked up or looked at."""

from __future__ import annotations

from dataclasses import replace

import segno

from handouts.document import Contact, Contacts, Figure, Paragraph, QrCode, Source, Sources
from handouts.figures import Command, Label, Path, figure_drawing
from handouts.finding import Finding
from handouts.pdf.boxes import NEVER, Box, moved_down, stacked, with_items
from handouts.pdf.inline import Desk, Ink, baseline_of, line_items, link_to, runs_of, text_box, words_box
from handouts.pdf.page import Element, Item, ShapeItem
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Measure, paragraph_boxes
from handouts.pdf.tables import HAIR, ROW_COST, STRONG, rule
from handouts.text import PRINT, Line, Run, break_lines, text_width
from handouts.theme import TypeStyle

NUMBER_WIDTH, CONTACT_PAD, WRITING_LINE = 150.0, 6.0, 1.0
SOURCE_INDENT = 20.0
CODE, QUIET = 96.0, 4


def contact_boxes(contacts: Contacts, parent: Element, desk: Desk) -> list[Box]:
    """Return contacts one below another: the need in the rail, who it is on the axis, the number at the right."""
    listing = parent.add(Element("L"))
    boxes = [contact_box(contact, listing.add(Element("LI")), desk) for contact in contacts.contacts]
    width = desk.theme.right - desk.theme.margin
    if boxes:
        first = drawn((rule(width, 0.0, STRONG, "accent"),), desk.theme.margin, 0.0)
        last = drawn((rule(width, boxes[-1].height, STRONG, "accent"),), desk.theme.margin, 0.0)
        boxes[0] = replace(with_items(boxes[0], first, first=True), before=6.0, break_cost=NEVER)
        boxes[-1] = replace(with_items(boxes[-1], last), after=14.0, break_cost=0.0)
    return boxes


def contact_box(contact: Contact, entry: Element, desk: Desk) -> Box:
    """Return one contact; without a number there is a line to write on."""
    theme, body = desk.theme, replace(desk.style("body"), after=0.0)
    number = replace(desk.style("h3"), before=0.0, after=0.0)
    label = replace(desk.style("label"), leading=body.leading)
    middle = theme.column - NUMBER_WIDTH - 10
    need = words_box(contact.need, entry.add(Element("Lbl")), label, theme.margin, theme.paper.rail)
    inside = entry.add(Element("LBody"))
    name = words_box(contact.name, inside.add(Element("P")), replace(body, bold=True), theme.axis, middle)
    right = [number_box(contact, inside, number, theme.right - NUMBER_WIDTH, desk)]
    small = replace(desk.style("caption"), before=0.0)
    notes = [
        words_box(words, inside.add(Element("P")), small, theme.axis, middle)
        for words in (contact.how, contact.note)
        if words
    ]
    column = stacked((name, *notes))
    height = max(column.height, need.height, right[0].height, body.leading + 6 if not contact.number else 0.0)
    lift = baseline_of(body) - baseline_of(number)
    first, rest = name.items, column.items[len(name.items) :]
    items = (
        *drawn((rule(theme.right - theme.margin, height + 2 * CONTACT_PAD, HAIR),), theme.margin, 0.0),
        *moved_down(need.items, CONTACT_PAD),
        *moved_down(first, CONTACT_PAD),
        *moved_down(right[0].items, CONTACT_PAD + lift),
        *moved_down(rest, CONTACT_PAD),
    )
    return Box(height + 2 * CONTACT_PAD, items, break_cost=ROW_COST, at=contact.at)


def number_box(contact: Contact, parent: Element, style: TypeStyle, x: float, desk: Desk) -> Box:
    """Return the number to call as a link where it is one, aligned to the right, or a line to write on."""
    if not contact.number:
        line = rule(NUMBER_WIDTH, baseline_of(style) + 3, WRITING_LINE)
        return Box(style.leading, (ShapeItem(line, x, 0.0, None),))
    paragraph = parent.add(Element("P"))
    element = paragraph.add(link_to(contact.target, desk)) if contact.target else paragraph
    runs = (Run(contact.number, key=Ink(element, "accent")),)
    return right_aligned(break_lines(runs, style, NUMBER_WIDTH), style, x + NUMBER_WIDTH)


def right_aligned(lines: tuple[Line, ...], style: TypeStyle, right: float) -> Box:
    """Return lines that end at `right`."""
    items: list[Item] = []
    for index, line in enumerate(lines):
        items.extend(line_items(line, right - line.width, index * style.leading + baseline_of(style)))
    return Box(len(lines) * style.leading, tuple(items))


def source_boxes(sources: Sources, parent: Element, desk: Desk) -> list[Box]:
    """Return the list of sources; each number leads back to where it was first cited."""
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Decimal"),)))
    boxes = [source_box(source, listing.add(Element("LI")), desk) for source in sources.sources]
    if boxes:
        boxes[-1] = replace(boxes[-1], after=desk.style("body").after)
    return boxes


def source_box(source: Source, entry: Element, desk: Desk) -> Box:
    """Return one source with its number."""
    style, theme = desk.style("source"), desk.theme
    label = entry.add(Element("Lbl"))
    if source.number in desk.cited:
        target, tooltip = f"#cite-{source.number}", desk.words.say("back_link")
        label = label.add(Element("Link", target=target, tooltip=tooltip))
    number = words_box(str(source.number), label, style, theme.axis, SOURCE_INDENT)
    body = entry.add(Element("LBody", anchor=f"source-{source.number}"))
    runs = runs_of(source.content, body, style.colour, desk)
    text = text_box(runs, style, theme.axis + SOURCE_INDENT, theme.column - SOURCE_INDENT)
    return replace(with_items(text, number.items, first=True), after=2.0)


def code_boxes(code: QrCode, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a code to point a phone at, with its address in words beside it."""
    section = parent.add(Element("Sect"))
    figure = section.add(Element("Figure", alt=desk.words.say("qr_alt", target=code.target)))
    beside = Measure(measure.x + CODE + 16, measure.width - CODE - 16)
    caption = paragraph_boxes(Paragraph(code.caption), section, beside, desk)
    address = section.add(Element("P")).add(link_to(code.target, desk))
    shown = code.target.removeprefix("https://").removeprefix("mailto:").removeprefix("tel:")
    body = desk.style("body")
    runs = (Run(shown, bold=True, key=Ink(address, "accent")),)
    words = stacked((*caption, text_box(runs, body, beside.x, beside.width)))
    height = max(CODE, words.height)
    top = (height - words.height) / 2
    items = (ShapeItem(code_path(code.target), measure.x, 0.0, figure), *moved_down(words.items, top))
    return [Box(height, items, 9.0, 12.0, at=code.at)]


def code_path(target: str) -> Path:
    """Return the dark modules of a code as one path, its quiet zone left white."""
    rows = tuple(segno.make(target, error="m", micro=False).matrix)
    module = CODE / (len(rows) + 2 * QUIET)
    commands: list[Command] = []
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                left, top = (x + QUIET) * module, (y + QUIET) * module
                commands += [("M", (left, top)), ("L", (left + module, top))]
                commands += [("L", (left + module, top + module)), ("L", (left, top + module)), ("Z", ())]
    return Path(tuple(commands), fill="ink")


def figure_boxes(figure: Figure, parent: Element, desk: Desk, findings: list[Finding]) -> list[Box]:
    """Return a figure between its title and how to read it; never torn."""
    theme, h3, caption = desk.theme, desk.style("h3"), desk.style("caption")
    width = theme.right - theme.margin
    section = parent.add(Element("Sect"))
    title = text_box(runs_of(figure.title, section.add(Element("H3")), h3.colour, desk), h3, theme.margin, width)
    element = section.add(Element("Figure", alt=figure.alt))
    drawing = figure_drawing(figure.name, dict(figure.labels), width, desk.style("figure"), PRINT, "print")
    findings.extend(replace(found, at=figure.at) for found in drawing.findings)
    items: list[Item] = []
    for shape in drawing.shapes:
        items.extend(
            label_items(shape, element) if isinstance(shape, Label) else (ShapeItem(shape, 0.0, 0.0, element),)
        )
    picture = Box(drawing.height, tuple(moved_right(item, theme.margin) for item in items), 8.0, 0.0)
    runs = runs_of(figure.how_to_read, section.add(Element("P")), caption.colour, desk)
    below = text_box(runs, caption, theme.margin, width)
    whole = stacked((replace(title, before=8.0), picture, below))
    top = drawn((rule(width, 0.0, STRONG, "accent"),), theme.margin, 0.0)
    return [Box(whole.height + 10, (*top, *moved_down(whole.items, 10)), 8.0, 14.0, at=figure.at)]


def label_items(label: Label, element: Element) -> tuple[Item, ...]:
    """Return the words of a label as text items; all but the last line end with a space, as in running text."""
    style = TypeStyle(label.size, label.leading, label.bold)
    width = max(text_width(line, style) for line in label.lines) + 0.01
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]
    ink = Ink(element, label.colour)
    lines = break_lines((Run(" ".join(label.lines), key=ink),), style, width)
    return tuple(
        item
        for index, line in enumerate(lines)
        for item in line_items(line, label.x - share * line.width, label.baseline + index * label.leading)
    )


def moved_right(item: Item, x: float) -> Item:
    """Return `item` moved to the right by `x`."""
    return replace(item, x=item.x + x)
