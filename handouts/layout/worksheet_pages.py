"""Lay out worksheets: lines and boxes to write in, choices to tick, and scales from 0 to 10.

On paper they are lines and rings, in a fillable file fields of a form. A label is never parted from its first
line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handouts.document.nodes import Block, Choices, Field, FillTable, Heading, Inlines, Scale, Worksheet, Writing
from handouts.document.text import plain
from handouts.figures.shapes import Circle, Path, Rectangle
from handouts.figures.signs import sign_drawing
from handouts.layout.boxes import (
    NEVER,
    LayoutBox,
    decoration_items,
    kept_whole,
    moved_down,
    moved_item,
    moved_right,
    stacked,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import (
    LayoutContext,
    baseline_offset,
    inline_runs,
    lines_box,
    plain_text_box,
    readable_lines,
    text_box,
)
from handouts.layout.page_model import Element, FieldItem, FieldKind, PageItem, ShapeItem
from handouts.layout.prose import Measure, NestedLayout, continued_box, is_main_column
from handouts.layout.tables import fill_table_boxes
from handouts.text.line_breaking import text_width
from handouts.theme import TypeStyle

WRITING_LINE_PITCH, WRITING_LINE_WIDTH, WRITING_LINE_LIFT, TEXT_ABOVE_LINE = 28.0, 1.0, 3.0, 4.0


def writing_line_pitch(context: LayoutContext) -> float:
    """Return how far writing lines are apart."""
    return WRITING_LINE_PITCH * context.scale


def row_text_baseline(context: LayoutContext) -> float:
    """Return how far below the top of a row its words stand, a little above its writing line."""
    return writing_line_pitch(context) - WRITING_LINE_LIFT - TEXT_ABOVE_LINE


def field_label_box(
    label: Inlines, parent: Element, measure: Measure, context: LayoutContext, *, bold: bool = True
) -> tuple[LayoutBox, tuple[float, ...]]:
    """Return a label whose last line stands where the words of a row do, and how wide each of its lines is."""
    style = replace(context.style("body"), bold=bold, after=0.0, before=0.0)
    lines = readable_lines(
        tuple(inline_runs(label, parent.add(Element("P")), style.colour, context, bold=bold)), style, measure.width
    )
    lift = row_text_baseline(context) - baseline_offset(style)
    box = lines_box(lines, style, measure.x)
    height = lift + box.height - style.leading + (writing_line_pitch(context) - lift)
    return LayoutBox(height, moved_down(box.items, lift)), tuple(line.width for line in lines) or (0.0,)


def writing_line_item(x: float, right: float, level: float) -> PageItem:
    """Return a line to write on."""
    return ShapeItem(
        Path((("M", (x, level)), ("L", (right, level))), stroke="ink", width=WRITING_LINE_WIDTH, cap="butt"),
        0.0,
        0.0,
        None,
    )


def form_field_item(
    kind: FieldKind,
    name: str,
    tooltip: str,
    area: tuple[float, float, float, float],
    parent: Element,
    context: LayoutContext,
    value: str = "",
) -> FieldItem:
    """Return a field of a form with its own element; `area` is x, y, width and height."""
    element = parent.add(Element("Form", tooltip=tooltip))
    return FieldItem(kind, name, *area, context.style("body").size, element, value)


SCALE_RING, SCALE_RING_EDGE, RINGS_APART = 11.0, 1.4, 40.0
ENDS_GAP, ENDS_ABOVE = 12.0, 4.0
SCALE_NUMBERS = range(11)


def scale_boxes(scale: Scale, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a label, the numbers from 0 to 10 in rings, and below its ends what these mean."""
    label, _ = field_label_box(scale.label, parent, measure, context, bold=not scale.follows)
    radius = SCALE_RING * context.scale
    apart = min((measure.width - 2 * radius) / (len(SCALE_NUMBERS) - 1), RINGS_APART * context.scale)
    width = apart * (len(SCALE_NUMBERS) - 1) + 2 * radius
    style = replace(context.style("caption"), before=0.0)
    half = width / 2 - ENDS_GAP
    low = text_box(inline_runs(scale.low, parent.add(Element("P")), style.colour, context), style, measure.x, half)
    row = parent.add(Element("P"))
    rings = [
        item
        for number in SCALE_NUMBERS
        for item in scale_ring_items(scale, number, row, measure.x + number * apart, context)
    ]
    high_lines = readable_lines(
        tuple(inline_runs(scale.high, parent.add(Element("P")), style.colour, context)), style, half
    )
    longest = max((line.width for line in high_lines), default=0.0)
    high = lines_box(high_lines, style, measure.x + width - longest)
    ends = LayoutBox(max(low.height, high.height), (*low.items, *high.items), before=ENDS_ABOVE)
    return [label, LayoutBox(2 * radius + ENDS_ABOVE, tuple(rings)), ends]


def scale_ring_items(
    scale: Scale, number: int, parent: Element, x: float, context: LayoutContext
) -> Iterator[PageItem]:
    """Yield one number in its ring."""
    radius, body = SCALE_RING * context.scale, context.style("body")
    style = replace(body, leading=2 * radius, after=0.0)
    digits = plain_text_box(f"{number} ", parent.add(Element("Span")), style, 0.0, 4 * radius)
    yield from moved_right(digits, x + radius - text_width(str(number), style) / 2).items
    if context.fillable:
        tooltip = context.words.say("field_scale", field=plain(scale.label), number=number)
        area = (x, 0.0, 2 * radius, 2 * radius)
        made = form_field_item("choice", scale.name, tooltip, area, parent, context, str(number))
        yield replace(made, title=plain(scale.label))
    else:
        yield ShapeItem(
            Circle(x + radius, radius, radius - SCALE_RING_EDGE, stroke="ink", width=SCALE_RING_EDGE), 0.0, 0.0, None
        )


NUMBER_RAIL, LABEL_GAP, INLINE_LABEL_SHARE, HALF_LINE_GAP, FIELD_GAP, GROUP_GAP = 36.0, 12.0, 0.7, 20.0, 8.0, 4.0
FRAME_EDGE, FRAME_RADIUS, FRAME_PAD = 1.5, 6.0, 8.0
TICK, TICK_EDGE, TICK_RADIUS, TICK_GAP, CHOICE_GAP = 13.0, 1.4, 3.0, 7.0, 24.0
NODE, NODE_EDGE, NODE_NUMBER, DIGIT_MIDDLE = 10.0, 2.25, 11.6, 0.36


def worksheet_boxes(
    worksheet: Worksheet, parent: Element, context: LayoutContext, layout: NestedLayout
) -> list[LayoutBox]:
    """Return fields one below another on a page of their own, numbered in a narrow rail, with the text between them."""
    theme = context.theme
    rail = min(NUMBER_RAIL * context.scale, theme.paper.rail + theme.paper.gutter)
    measure = Measure(theme.margin + rail, theme.right - theme.margin - rail)
    parent = parent.add(Element("Sect"))
    listing, inside, number = Element("L", attributes=(("List", "ListNumbering", "Decimal"),)), parent, 0
    title = next((block for block in worksheet.blocks[:1] if isinstance(block, Heading)), None)
    boxes = [worksheet_title_box(title, parent, measure, context)] if title else []
    for row in pair_half_lines(worksheet.blocks[1:] if title else worksheet.blocks):
        first = row[0]
        if isinstance(first, FillTable):
            listing, inside = Element("L", attributes=listing.attributes), parent
            left = context.room - stacked(boxes).height - (boxes[-1].after if boxes else 0.0)
            room = left if first is worksheet.blocks[-1] else 0.0
            boxes.extend(fill_table_boxes(first, parent, context, room=room))
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
        made = field_row_boxes(
            [each for each in row if isinstance(each, Writing | Choices | Scale)], inside, measure, context
        )
        if label:
            made[0] = with_field_number(made[0], number, theme.margin, label, context)
        elif boxes:
            boxes[-1] = replace(boxes[-1], after=GROUP_GAP, break_cost=NEVER)
            made[0] = replace(made[0], before=GROUP_GAP)
        boxes.extend(made)
    again = continued_box(title.content, context) if title else None
    return [replace(boxes[0], page_break_before=True, section_title=again), *boxes[1:]] if boxes else []


def worksheet_title_box(heading: Heading, parent: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return the title of a worksheet with a pencil in the rail."""
    style, size = context.style("h2-page"), context.theme.print["h2-page"].leading
    element = parent.add(Element(f"H{heading.level}", anchor=heading.anchor))
    runs = inline_runs(heading.content, element, style.colour, context, bold=True)
    text = text_box(runs, style, measure.x, measure.width)
    sign = sign_drawing("pencil", size)
    words = replace(text, after=FIELD_GAP, break_cost=NEVER, is_heading=True, at=heading.at)
    return with_items(words, decoration_items(sign.shapes, context.theme.margin, 0.0), first=True)


def pair_half_lines(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
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


def field_row_boxes(
    row: Sequence[Writing | Choices | Scale], parent: Element, measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return one field, or two that share a row."""
    if len(row) == 1:
        return field_boxes(row[0], parent, measure, context)
    half = (measure.width - HALF_LINE_GAP) / 2
    left, right = (
        stacked(field_boxes(field, parent, Measure(measure.x + index * (half + HALF_LINE_GAP), half), context))
        for index, field in enumerate(row)
    )
    height = max(left.height, right.height)
    items = (*moved_down(left.items, height - left.height), *moved_down(right.items, height - right.height))
    return [LayoutBox(height, items, FIELD_GAP, FIELD_GAP, at=row[0].at)]


def field_boxes(field: Field, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return one field."""
    match field:
        case Writing():
            boxes = writing_boxes(field, parent, measure, context)
        case Choices():
            boxes = choice_boxes(field, parent, measure, context)
        case Scale():
            boxes = scale_boxes(field, parent, measure, context)
        case FillTable():
            return fill_table_boxes(field, parent, context, None if is_main_column(measure, context) else measure)
    boxes = [*boxes, *hint_boxes(field.hint, parent, measure, context)]
    return [replace(box, at=field.at) for box in with_outer_spaces(kept_whole(boxes), FIELD_GAP, FIELD_GAP)]


def hint_boxes(hint: Inlines, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return what helps to fill in a field, below it."""
    if not hint:
        return []
    style = replace(context.style("caption"), before=GROUP_GAP)
    return [
        text_box(inline_runs(hint, parent.add(Element("P")), style.colour, context), style, measure.x, measure.width)
    ]


def with_field_number(box: LayoutBox, number: int, x: float, label: Element, context: LayoutContext) -> LayoutBox:
    """Return the first box of a field with its number in a node, level with the words of its first row."""
    radius, size = NODE * context.scale, NODE_NUMBER * context.scale
    style = TypeStyle(size, size, bold=True, colour="accent")
    digits = plain_text_box(str(number), label, style, 0.0, 4 * radius)
    digits = moved_right(digits, x + radius - text_width(str(number), style) / 2)
    middle = row_text_baseline(context) - DIGIT_MIDDLE * context.style("body").size
    node = Circle(x + radius, middle, radius - NODE_EDGE / 2, fill="white", stroke="accent", width=NODE_EDGE)
    lift = middle + DIGIT_MIDDLE * size - baseline_offset(style)
    return with_items(box, (ShapeItem(node, 0.0, 0.0, None), *moved_down(digits.items, lift)), first=True)


# ---------------------------------------------------------------- room to write


def writing_boxes(writing: Writing, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a label and room to write: beside it and below, or in a frame below."""
    label, (*_, width) = field_label_box(writing.label, parent, measure, context, bold=not writing.follows)
    pitch, tooltip, right = writing_line_pitch(context), plain(writing.label), measure.x + measure.width
    level = pitch - WRITING_LINE_LIFT
    beside = width <= INLINE_LABEL_SHARE * measure.width
    start = measure.x + width + LABEL_GAP if beside else measure.x
    if writing.boxed:
        return [label, replace(writing_frame_box(writing, parent, measure, context), before=GROUP_GAP)]
    if context.fillable and writing.count > 1:
        frame = writing_frame_box(writing, parent, Measure(start, right - start), context)
        whole = LayoutBox(max(label.height, frame.height), (*label.items, *frame.items))
        return [whole] if beside else [label, frame]
    boxes = [label] if beside else [label, LayoutBox(pitch)]
    last = boxes[-1]
    line = last.height - WRITING_LINE_LIFT
    if context.fillable:
        area = (start, line - pitch + WRITING_LINE_LIFT + 2, right - start, pitch - WRITING_LINE_LIFT - 2)
        boxes[-1] = with_items(last, (form_field_item("line", writing.name, tooltip, area, parent, context),))
    boxes[-1] = with_items(boxes[-1], (writing_line_item(start, right, line),))
    more = [LayoutBox(pitch, (writing_line_item(measure.x, right, level),)) for _ in range(writing.count - 1)]
    return [*boxes, *more]


def writing_frame_box(writing: Writing, parent: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return a frame with lines in it, or with one field for all of them."""
    pitch = writing_line_pitch(context)
    height = writing.count * pitch + (FRAME_PAD if writing.boxed else -FRAME_PAD)
    frame = Rectangle(0, 0, measure.width, height, FRAME_RADIUS, stroke="accent", edge=FRAME_EDGE)
    items: list[PageItem] = [ShapeItem(frame, measure.x, 0.0, None)]
    if context.fillable:
        area = (measure.x + 4, 4.0, measure.width - 8, height - 8)
        kind: FieldKind = "line" if writing.count == 1 else "lines"
        items.append(form_field_item(kind, writing.name, plain(writing.label), area, parent, context))
    else:
        left, right = measure.x + FRAME_PAD, measure.x + measure.width - FRAME_PAD
        items.extend(
            writing_line_item(left, right, (row + 1) * pitch - WRITING_LINE_LIFT) for row in range(writing.count)
        )
    return LayoutBox(height, tuple(items))


# ---------------------------------------------------------------- things to tick


def choice_boxes(choices: Choices, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a label and what can be ticked, beside it where there is room, else below; rows of words all aligned."""
    label, widths = field_label_box(choices.label, parent, measure, context, bold=not choices.follows)
    width = max(widths)
    beside = width <= INLINE_LABEL_SHARE * measure.width / 2
    start = measure.x + width + CHOICE_GAP if beside else measure.x
    rows = choice_rows(choices, parent, Measure(start, measure.x + measure.width - start), context)
    if beside:
        rows[0] = replace(rows[0], height=max(rows[0].height, label.height), items=(*label.items, *rows[0].items))
        return rows
    return [label, *rows]


def choice_rows(choices: Choices, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return what can be ticked in as few rows as it takes."""
    listing = parent.add(Element("L"))
    rows: list[LayoutBox] = [LayoutBox(writing_line_pitch(context))]
    x = measure.x
    for index, choice in enumerate(choices.choices, 1):
        entry = listing.add(Element("LI")).add(Element("LBody"))
        box, width = choice_box(choices, index, choice, entry, measure, context)
        if x > measure.x and x + width > measure.x + measure.width:
            rows.append(LayoutBox(writing_line_pitch(context)))
            x = measure.x
        last = rows[-1]
        items = (moved_item(item, x - measure.x, 0.0) for item in box.items)
        rows[-1] = replace(last, height=max(last.height, box.height), items=(*last.items, *items))
        x += width + CHOICE_GAP
    return rows


def choice_box(
    choices: Choices, index: int, choice: Inlines, entry: Element, measure: Measure, context: LayoutContext
) -> tuple[LayoutBox, float]:
    """Return a box to tick, or a ring if only one is, with its words, and how wide both are together."""
    side, body = TICK * context.scale, context.style("body")
    top = row_text_baseline(context) - DIGIT_MIDDLE * body.size - side / 2
    square = Rectangle(0, 0, side, side, TICK_RADIUS, "white", "ink", TICK_EDGE)
    ring = Circle(side / 2, side / 2, (side - TICK_EDGE) / 2, fill="white", stroke="ink", width=TICK_EDGE)
    mark: PageItem = ShapeItem(ring if choices.one else square, measure.x, top, None)
    if context.fillable:
        label = plain(choices.label)
        tooltip = context.words.say("field_choice", field=label, choice=plain(choice))
        area = (measure.x, top, side, side)
        if choices.one:
            one = form_field_item("mark", choices.name, tooltip, area, entry, context, str(index))
            mark = replace(one, title=label)
        else:
            mark = form_field_item("tick", f"{choices.name}-{index}", tooltip, area, entry, context, "Yes")
    indent = side + TICK_GAP
    box, widths = field_label_box(choice, entry, measure.indented(indent), context, bold=False)
    return with_items(box, (mark,), first=True), max(widths) + indent
