"""Worksheets: lines and boxes to write in and things to tick; on paper as lines, in a form as its fields.

Every line is one to write on. A label is never parted from its first line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handouts.document import Block, Choices, Field, FillTable, Heading, Inlines, Scale, Worksheet, Writing, plain
from handouts.figures.shapes import Box as Rectangle
from handouts.figures.shapes import Circle
from handouts.figures.signs import sign_drawing
from handouts.pdf.boxes import NEVER, Box, kept, moved, moved_down, spaced, stacked, with_items
from handouts.pdf.filltables import fill_table_boxes
from handouts.pdf.inline import Desk, aligned, baseline_of, runs_of, text_box, words_box
from handouts.pdf.page import Element, FieldKind, Item, ShapeItem
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Layout, Measure, continued_box, is_column
from handouts.pdf.rows import LEVEL, form_item, label_box, pitch_of, words_baseline, writing_line
from handouts.pdf.scales import scale_boxes
from handouts.text.breaking import text_width
from handouts.theme import TypeStyle

RAIL, LABEL_GAP, INLINE, HALVES, FIELD_GAP, GROUP_GAP = 36.0, 12.0, 0.7, 20.0, 8.0, 4.0
FRAME_EDGE, FRAME_RADIUS, FRAME_PAD = 1.5, 6.0, 8.0
TICK, TICK_EDGE, TICK_RADIUS, TICK_GAP, CHOICE_GAP = 13.0, 1.4, 3.0, 7.0, 24.0
NODE, NODE_EDGE, NODE_NUMBER, DIGIT_MIDDLE = 10.0, 2.25, 11.6, 0.36


def worksheet_boxes(worksheet: Worksheet, parent: Element, desk: Desk, layout: Layout) -> list[Box]:
    """Return fields one below another on a page of their own, numbered in a narrow rail, with the text between them."""
    theme = desk.theme
    rail = min(RAIL * desk.scale, theme.paper.rail + theme.paper.gutter)
    measure = Measure(theme.margin + rail, theme.right - theme.margin - rail)
    parent = parent.add(Element("Sect"))
    listing, inside, number = Element("L", attributes=(("List", "ListNumbering", "Decimal"),)), parent, 0
    title = next((block for block in worksheet.blocks[:1] if isinstance(block, Heading)), None)
    boxes = [title_box(title, parent, measure, desk)] if title else []
    for row in rows_of(worksheet.blocks[1:] if title else worksheet.blocks):
        first = row[0]
        if isinstance(first, FillTable):
            listing, inside = Element("L", attributes=listing.attributes), parent
            left = desk.room - stacked(boxes).height - (boxes[-1].after if boxes else 0.0)
            room = left if first is worksheet.blocks[-1] else 0.0
            boxes.extend(fill_table_boxes(first, parent, desk, room=room))
            continue
        if not isinstance(first, Writing | Choices | Scale):
            boxes.extend(layout((first,), inside, measure))
            continue
        label = None
        if not first.follows or inside is parent:
            number += 1
            if not listing.children:
                parent.add(listing)
            entry = listing.add(Element("LI"))
            label, inside = entry.add(Element("Lbl")), entry.add(Element("LBody"))
        made = row_boxes([each for each in row if isinstance(each, Writing | Choices | Scale)], inside, measure, desk)
        if label:
            made[0] = with_number(made[0], number, theme.margin, label, desk)
        elif boxes:
            boxes[-1] = replace(boxes[-1], after=GROUP_GAP, break_cost=NEVER)
            made[0] = replace(made[0], before=GROUP_GAP)
        boxes.extend(made)
    again = continued_box(title.content, desk) if title else None
    return [replace(boxes[0], starts=True, again=again), *boxes[1:]] if boxes else []


def title_box(heading: Heading, parent: Element, measure: Measure, desk: Desk) -> Box:
    """Return the title of a worksheet with a pencil in the rail."""
    style, size = desk.style("h2-page"), desk.theme.print["h2-page"].leading
    element = parent.add(Element(f"H{heading.level}", anchor=heading.anchor))
    runs = runs_of(heading.content, element, style.colour, desk, bold=True)
    text = text_box(runs, style, measure.x, measure.width)
    sign = sign_drawing("pencil", size)
    words = replace(text, after=FIELD_GAP, break_cost=NEVER, heads=True, at=heading.at)
    return with_items(words, drawn(sign.shapes, desk.theme.margin, 0.0), first=True)


def rows_of(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield the blocks of a worksheet, two half lines as one row."""
    waiting: Writing | None = None
    for block in blocks:
        if waiting:
            if isinstance(block, Writing) and block.half and block.follows:
                yield (waiting, block)
                waiting = None
                continue
            yield (waiting,)
            waiting = None
        if isinstance(block, Writing) and block.half:
            waiting = block
        else:
            yield (block,)
    if waiting:
        yield (waiting,)


def row_boxes(row: Sequence[Writing | Choices | Scale], parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return one field, or two that share a row."""
    if len(row) == 1:
        return field_boxes(row[0], parent, measure, desk)
    half = (measure.width - HALVES) / 2
    left, right = (
        stacked(field_boxes(field, parent, Measure(measure.x + index * (half + HALVES), half), desk))
        for index, field in enumerate(row)
    )
    height = max(left.height, right.height)
    items = (*moved_down(left.items, height - left.height), *moved_down(right.items, height - right.height))
    return [Box(height, items, FIELD_GAP, FIELD_GAP, at=row[0].at)]


def field_boxes(field: Field, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return one field."""
    match field:
        case Writing():
            boxes = writing_boxes(field, parent, measure, desk)
        case Choices():
            boxes = choice_boxes(field, parent, measure, desk)
        case Scale():
            boxes = scale_boxes(field, parent, measure, desk)
        case FillTable():
            return fill_table_boxes(field, parent, desk, None if is_column(measure, desk) else measure)
    boxes = [*boxes, *hint_boxes(field.hint, parent, measure, desk)]
    return [replace(box, at=field.at) for box in spaced(kept(boxes), FIELD_GAP, FIELD_GAP)]


def hint_boxes(hint: Inlines, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return what helps to fill in a field, below it."""
    if not hint:
        return []
    style = replace(desk.style("caption"), before=GROUP_GAP)
    return [text_box(runs_of(hint, parent.add(Element("P")), style.colour, desk), style, measure.x, measure.width)]


def with_number(box: Box, number: int, x: float, label: Element, desk: Desk) -> Box:
    """Return the first box of a field with its number in a node, level with the words of its first row."""
    radius, size = NODE * desk.scale, NODE_NUMBER * desk.scale
    style = TypeStyle(size, size, bold=True, colour="accent")
    digits = words_box(str(number), label, style, 0.0, 4 * radius)
    digits = aligned(digits, x + radius - text_width(str(number), style) / 2)
    middle = words_baseline(desk) - DIGIT_MIDDLE * desk.style("body").size
    node = Circle(x + radius, middle, radius - NODE_EDGE / 2, fill="white", stroke="accent", width=NODE_EDGE)
    lift = middle + DIGIT_MIDDLE * size - baseline_of(style)
    return with_items(box, (ShapeItem(node, 0.0, 0.0, None), *moved_down(digits.items, lift)), first=True)


# ---------------------------------------------------------------- room to write


def writing_boxes(writing: Writing, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a label and room to write: beside it and below, or in a frame below."""
    label, (*_, width) = label_box(writing.label, parent, measure, desk, bold=not writing.follows)
    pitch, tooltip, right = pitch_of(desk), plain(writing.label), measure.x + measure.width
    level = pitch - LEVEL
    beside = width <= INLINE * measure.width
    start = measure.x + width + LABEL_GAP if beside else measure.x
    if writing.boxed:
        return [label, replace(frame_box(writing, parent, measure, desk), before=GROUP_GAP)]
    if desk.fillable and writing.count > 1:
        frame = frame_box(writing, parent, Measure(start, right - start), desk)
        whole = Box(max(label.height, frame.height), (*label.items, *frame.items))
        return [whole] if beside else [label, frame]
    boxes = [label] if beside else [label, Box(pitch)]
    last = boxes[-1]
    line = last.height - LEVEL
    if desk.fillable:
        area = (start, line - pitch + LEVEL + 2, right - start, pitch - LEVEL - 2)
        boxes[-1] = with_items(last, (form_item("line", writing.name, tooltip, area, parent, desk),))
    boxes[-1] = with_items(boxes[-1], (writing_line(start, right, line),))
    more = [Box(pitch, (writing_line(measure.x, right, level),)) for _ in range(writing.count - 1)]
    return [*boxes, *more]


def frame_box(writing: Writing, parent: Element, measure: Measure, desk: Desk) -> Box:
    """Return a frame with lines in it, or with one field for all of them."""
    pitch = pitch_of(desk)
    height = writing.count * pitch + (FRAME_PAD if writing.boxed else -FRAME_PAD)
    frame = Rectangle(0, 0, measure.width, height, FRAME_RADIUS, stroke="accent", edge=FRAME_EDGE)
    items: list[Item] = [ShapeItem(frame, measure.x, 0.0, None)]
    if desk.fillable:
        area = (measure.x + 4, 4.0, measure.width - 8, height - 8)
        kind: FieldKind = "line" if writing.count == 1 else "lines"
        items.append(form_item(kind, writing.name, plain(writing.label), area, parent, desk))
    else:
        left, right = measure.x + FRAME_PAD, measure.x + measure.width - FRAME_PAD
        items.extend(writing_line(left, right, (row + 1) * pitch - LEVEL) for row in range(writing.count))
    return Box(height, tuple(items))


# ---------------------------------------------------------------- things to tick


def choice_boxes(choices: Choices, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a label and what can be ticked, beside it where there is room, else below; rows of words all aligned."""
    label, widths = label_box(choices.label, parent, measure, desk, bold=not choices.follows)
    width = max(widths)
    beside = width <= INLINE * measure.width / 2
    start = measure.x + width + CHOICE_GAP if beside else measure.x
    rows = choice_rows(choices, parent, Measure(start, measure.x + measure.width - start), desk)
    if beside:
        rows[0] = replace(rows[0], height=max(rows[0].height, label.height), items=(*label.items, *rows[0].items))
        return rows
    return [label, *rows]


def choice_rows(choices: Choices, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return what can be ticked in as few rows as it takes."""
    listing = parent.add(Element("L"))
    rows: list[Box] = [Box(pitch_of(desk))]
    x = measure.x
    for index, choice in enumerate(choices.choices, 1):
        entry = listing.add(Element("LI")).add(Element("LBody"))
        box, width = choice_box(choices, index, choice, entry, measure, desk)
        if x > measure.x and x + width > measure.x + measure.width:
            rows.append(Box(pitch_of(desk)))
            x = measure.x
        last = rows[-1]
        items = (moved(item, x - measure.x, 0.0) for item in box.items)
        rows[-1] = replace(last, height=max(last.height, box.height), items=(*last.items, *items))
        x += width + CHOICE_GAP
    return rows


def choice_box(
    choices: Choices, index: int, choice: Inlines, entry: Element, measure: Measure, desk: Desk
) -> tuple[Box, float]:
    """Return a box to tick, or a ring if only one is, with its words, and how wide both are together."""
    side, body = TICK * desk.scale, desk.style("body")
    top = words_baseline(desk) - DIGIT_MIDDLE * body.size - side / 2
    square = Rectangle(0, 0, side, side, TICK_RADIUS, "white", "ink", TICK_EDGE)
    ring = Circle(side / 2, side / 2, (side - TICK_EDGE) / 2, fill="white", stroke="ink", width=TICK_EDGE)
    mark: Item = ShapeItem(ring if choices.one else square, measure.x, top, None)
    if desk.fillable:
        label = plain(choices.label)
        tooltip = desk.words.say("field_choice", field=label, choice=plain(choice))
        area = (measure.x, top, side, side)
        if choices.one:
            one = form_item("mark", choices.name, tooltip, area, entry, desk, str(index))
            mark = replace(one, title=label)
        else:
            mark = form_item("tick", f"{choices.name}-{index}", tooltip, area, entry, desk, "Yes")
    indent = side + TICK_GAP
    box, widths = label_box(choice, entry, measure.indented(indent), desk, bold=False)
    return with_items(box, (mark,), first=True), max(widths) + indent
