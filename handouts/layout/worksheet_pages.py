"""Lay out worksheets: lines and boxes to write in, choices to tick, and scales from 0 to 10.

On paper they are lines and rings, in a fillable file form fields. No page ends between a label and its first line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handouts.document.nodes import Block, Choices, Field, FillTable, Heading, Inlines, Scale, Worksheet, Writing
from handouts.document.text import plain
from handouts.figures.shapes import Circle, Rectangle
from handouts.figures.signs import sign_drawing
from handouts.layout.boxes import (
    NEVER,
    WRITING_LINE,
    LayoutBox,
    decoration,
    decoration_items,
    kept_whole,
    moved_down,
    moved_right,
    rule,
    side_by_side,
    stacked,
    stacked_height,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import (
    LayoutContext,
    Measure,
    baseline_offset,
    centred_text_items,
    inline_box,
    inline_runs,
    lines_box,
)
from handouts.layout.page_model import Element, FieldItem, FieldKind, PageItem
from handouts.layout.prose import DIGIT_MIDDLE, NODE_RADIUS, NUMBERED_LIST, continued_title_box, number_node_items
from handouts.layout.tables import fill_table_boxes

_NUMBER_RAIL, _LABEL_GAP, _HALF_LINE_GAP, _FIELD_GAP, _GROUP_GAP = 36.0, 12.0, 20.0, 8.0, 4.0
_INLINE_LABEL_SHARE = 0.7  # of the width: a label that is wider stands above its line


def worksheet_boxes(worksheet: Worksheet, parent: Element, context: LayoutContext) -> list[LayoutBox]:
    """Return the fields of a worksheet, numbered in a narrow rail, and the text between them, beginning a new page."""
    theme = context.theme
    measure = context.full_width.indented(min(_NUMBER_RAIL * context.scale, theme.paper.rail + theme.paper.gutter))
    parent = parent.add(Element("Sect"))
    listing, inside, number = Element("L", attributes=NUMBERED_LIST), parent, 0
    title = next((block for block in worksheet.blocks[:1] if isinstance(block, Heading)), None)
    boxes = [_worksheet_title_box(title, parent, measure, context)] if title else []
    for row in _field_rows(worksheet.blocks[1:] if title else worksheet.blocks):
        first = row[0]
        if isinstance(first, FillTable):
            listing, inside = Element("L", attributes=NUMBERED_LIST), parent
            left = context.room - stacked_height(boxes) - (boxes[-1].after if boxes else 0.0)
            room = left if first is worksheet.blocks[-1] else 0.0
            boxes.extend(fill_table_boxes(first, parent, context.full_width, context, room=room))
            continue
        if not isinstance(first, Writing | Choices | Scale):
            boxes.extend(context.boxes_inside((first,), inside, measure))
            continue
        label = None
        if not first.follows or inside is parent:
            number += 1
            if not listing.children:
                parent.add(listing)
            entry = listing.add(Element("LI"))
            label, inside = entry.add(Element("Lbl")), entry.add(Element("LBody"))
        fields = _field_row_boxes(row, inside, measure, context)
        if label:
            middle = _row_text_baseline(context) - DIGIT_MIDDLE * context.style("body").size
            x = theme.margin + NODE_RADIUS * context.scale
            fields[0] = with_items(fields[0], number_node_items(number, x, middle, label, context), first=True)
        elif boxes:
            boxes[-1] = replace(boxes[-1], after=_GROUP_GAP, break_cost=NEVER)
            fields[0] = replace(fields[0], before=_GROUP_GAP)
        boxes.extend(fields)
    again = continued_title_box(title.content, context) if title else None
    return [replace(boxes[0], page_break_before=True, section_title=again), *boxes[1:]] if boxes else []


def _worksheet_title_box(heading: Heading, parent: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return the title of a worksheet with a pencil in the rail."""
    style = context.style("h2-page")
    element = parent.add(Element(f"H{heading.level}", anchor=heading.anchor))
    text = inline_box(heading.content, element, style, measure, context, bold=True)
    pencil = decoration_items(sign_drawing("pencil", style.leading).shapes, context.theme.margin, 0.0)
    box = replace(text, after=_FIELD_GAP, break_cost=NEVER, is_heading=True, at=heading.at)
    return with_items(box, pencil, first=True)


def _field_rows(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield the blocks of a worksheet in rows: two consecutive half-width fields, or one block."""
    index = 0
    while index < len(blocks):
        pair = blocks[index : index + 2]
        half = [isinstance(block, Writing) and block.half for block in pair] == [True, True]
        count = 2 if half and isinstance(pair[1], Writing) and pair[1].follows else 1
        yield blocks[index : index + count]
        index += count


def _field_row_boxes(
    row: Sequence[Block], parent: Element, measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return one field, or two side by side."""
    fields = [each for each in row if isinstance(each, Writing | Choices | Scale)]
    if len(fields) == 1:
        return field_boxes(fields[0], parent, measure, context)
    half = (measure.width - _HALF_LINE_GAP) / 2
    left, right = (
        stacked(field_boxes(field, parent, Measure(measure.x + index * (half + _HALF_LINE_GAP), half), context))
        for index, field in enumerate(fields)
    )
    height = max(left.height, right.height)
    items = (*moved_down(left.items, height - left.height), *moved_down(right.items, height - right.height))
    return [LayoutBox(height, items, _FIELD_GAP, _FIELD_GAP, at=fields[0].at)]


def field_boxes(field: Field, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return one field, with its hint below it."""
    match field:
        case Writing():
            boxes = _writing_boxes(field, parent, measure, context)
        case Choices():
            boxes = _choice_boxes(field, parent, measure, context)
        case Scale():
            boxes = _scale_boxes(field, parent, measure, context)
        case FillTable():
            return fill_table_boxes(field, parent, context.widened(measure), context)
    if field.hint:
        style = replace(context.style("caption"), before=_GROUP_GAP)
        boxes.append(inline_box(field.hint, parent.add(Element("P")), style, measure, context))
    return [replace(box, at=field.at) for box in with_outer_spaces(kept_whole(boxes), _FIELD_GAP, _FIELD_GAP)]


# ---------------------------------------------------------------- rows: labels and lines

_LINE_PITCH = 28.0  # from one writing line to the next
_LINE_LIFT, _TEXT_ABOVE_LINE = 3.0, 4.0  # of a line above the end of its row; of a baseline above the line


def _line_pitch(context: LayoutContext) -> float:
    """Return the distance between writing lines."""
    return _LINE_PITCH * context.scale


def _row_text_baseline(context: LayoutContext) -> float:
    """Return the distance from the top of a row to the baseline of its text, a little above its writing line."""
    return _line_pitch(context) - _LINE_LIFT - _TEXT_ABOVE_LINE


def _label_box(
    label: Inlines, parent: Element, measure: Measure, context: LayoutContext, *, bold: bool = True
) -> tuple[LayoutBox, tuple[float, ...]]:
    """Return a label, whose last line is on the baseline of its row, and the width of each of its lines."""
    style = replace(context.style("body"), bold=bold, after=0.0, before=0.0)
    runs = inline_runs(label, parent.add(Element("P")), style.colour, context, bold=bold)
    lines = context.lines(runs, style, measure.width)
    lift = _row_text_baseline(context) - baseline_offset(style)
    box = lines_box(lines, style, measure.x)
    height = lift + box.height - style.leading + (_line_pitch(context) - lift)
    return LayoutBox(height, moved_down(box.items, lift)), tuple(line.width for line in lines) or (0.0,)


def _form_field(
    kind: FieldKind,
    name: str,
    tooltip: str,
    area: tuple[float, float, float, float],
    parent: Element,
    context: LayoutContext,
    value: str = "",
    title: str = "",
) -> FieldItem:
    """Return a form field with its own element; `area` is x, y, width and height."""
    element = parent.add(Element("Form", tooltip=tooltip))
    return FieldItem(kind, name, *area, context.style("body").size, element, value, title)


# ---------------------------------------------------------------- room to write

_FRAME_EDGE, _FRAME_RADIUS, _FRAME_PAD, _FIELD_INSET, _FIELD_ABOVE_LINE = 1.5, 6.0, 8.0, 4.0, 2.0


def _writing_boxes(writing: Writing, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a label with lines to write on beside and below it, or with a frame."""
    label, (*_, width) = _label_box(writing.label, parent, measure, context, bold=not writing.follows)
    if writing.boxed:
        return [label, replace(_writing_frame(writing, parent, measure, context), before=_GROUP_GAP)]
    beside = width <= _INLINE_LABEL_SHARE * measure.width
    line = measure.indented(width + _LABEL_GAP) if beside else measure
    if context.fillable and writing.count > 1:
        frame = _writing_frame(writing, parent, line, context)
        return [side_by_side((label, frame))] if beside else [label, frame]
    pitch = _line_pitch(context)
    boxes = [label] if beside else [label, LayoutBox(pitch)]
    level = boxes[-1].height - _LINE_LIFT
    items: list[PageItem] = [rule(line.x, line.right, level, WRITING_LINE)]
    if context.fillable:
        height = pitch - _LINE_LIFT - _FIELD_ABOVE_LINE
        area = (line.x, level - height, line.width, height)
        items.insert(0, _form_field("line", writing.name, plain(writing.label), area, parent, context))
    boxes[-1] = with_items(boxes[-1], items)
    more = LayoutBox(pitch, (rule(measure.x, measure.right, pitch - _LINE_LIFT, WRITING_LINE),))
    return [*boxes, *([more] * (writing.count - 1))]


def _writing_frame(writing: Writing, parent: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return a frame with lines, or with one form field, inside."""
    pitch = _line_pitch(context)
    height = writing.count * pitch + (_FRAME_PAD if writing.boxed else -_FRAME_PAD)
    frame = Rectangle(0, 0, measure.width, height, _FRAME_RADIUS, stroke="accent", edge=_FRAME_EDGE)
    items: list[PageItem] = [decoration(frame, measure.x)]
    if context.fillable:
        area = (measure.x + _FIELD_INSET, _FIELD_INSET, measure.width - 2 * _FIELD_INSET, height - 2 * _FIELD_INSET)
        kind: FieldKind = "line" if writing.count == 1 else "lines"
        items.append(_form_field(kind, writing.name, plain(writing.label), area, parent, context))
    else:
        left, right = measure.x + _FRAME_PAD, measure.right - _FRAME_PAD
        items += [rule(left, right, row * pitch - _LINE_LIFT, WRITING_LINE) for row in range(1, writing.count + 1)]
    return LayoutBox(height, tuple(items))


# ---------------------------------------------------------------- things to tick

_TICK, _TICK_EDGE, _TICK_RADIUS, _TICK_GAP, _CHOICE_GAP = 13.0, 1.4, 3.0, 7.0, 24.0


def _choice_boxes(choices: Choices, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a label and its choices in as few rows as possible, beside the label where there is room."""
    label, widths = _label_box(choices.label, parent, measure, context, bold=not choices.follows)
    beside = max(widths) <= _INLINE_LABEL_SHARE * measure.width / 2
    column = measure.indented(max(widths) + _CHOICE_GAP) if beside else measure
    listing, x = parent.add(Element("L")), column.x
    rows = [LayoutBox(_line_pitch(context))]
    for index, choice in enumerate(choices.choices, 1):
        entry = listing.add(Element("LI")).add(Element("LBody"))
        box, width = _choice_box(choices, index, choice, entry, column, context)
        if x > column.x and x + width > column.right:
            rows.append(LayoutBox(_line_pitch(context)))
            x = column.x
        rows[-1] = side_by_side((rows[-1], replace(box, items=moved_right(box.items, x - column.x))))
        x += width + _CHOICE_GAP
    return [side_by_side((label, rows[0])), *rows[1:]] if beside else [label, *rows]


def _choice_box(
    choices: Choices, index: int, choice: Inlines, entry: Element, measure: Measure, context: LayoutContext
) -> tuple[LayoutBox, float]:
    """Return a box to tick, or a ring if only one choice is allowed, with its text, and the width of both."""
    side = _TICK * context.scale
    top = _row_text_baseline(context) - DIGIT_MIDDLE * context.style("body").size - side / 2
    square = Rectangle(0, 0, side, side, _TICK_RADIUS, "white", "ink", _TICK_EDGE)
    ring = Circle(side / 2, side / 2, (side - _TICK_EDGE) / 2, fill="white", stroke="ink", width=_TICK_EDGE)
    mark: PageItem = decoration(ring if choices.one else square, measure.x, top)
    if context.fillable:
        label, area = plain(choices.label), (measure.x, top, side, side)
        tooltip = context.words.say("field_choice", field=label, choice=plain(choice))
        if choices.one:
            mark = _form_field("mark", choices.name, tooltip, area, entry, context, str(index), label)
        else:
            mark = _form_field("tick", f"{choices.name}-{index}", tooltip, area, entry, context, "Yes")
    indent = side + _TICK_GAP
    box, widths = _label_box(choice, entry, measure.indented(indent), context, bold=False)
    return with_items(box, (mark,), first=True), max(widths) + indent


# ---------------------------------------------------------------- scales

_SCALE_RING, _SCALE_RING_EDGE, _RINGS_APART = 11.0, 1.4, 40.0
_ENDS_GAP, _ENDS_ABOVE = 12.0, 4.0


def _scale_boxes(scale: Scale, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a label, the numbers from 0 to 10 in rings, and the meaning of both ends below them."""
    label, _ = _label_box(scale.label, parent, measure, context, bold=not scale.follows)
    radius = _SCALE_RING * context.scale
    apart = min((measure.width - 2 * radius) / (len(scale.numbers) - 1), _RINGS_APART * context.scale)
    width = apart * (len(scale.numbers) - 1) + 2 * radius
    style, half = replace(context.style("caption"), before=0.0), width / 2 - _ENDS_GAP
    low = inline_box(scale.low, parent.add(Element("P")), style, Measure(measure.x, half), context)
    row = parent.add(Element("P"))
    rings: list[PageItem] = []
    for number in scale.numbers:
        rings += _scale_ring_items(scale, number, row, measure.x + number * apart, context)
    runs = inline_runs(scale.high, parent.add(Element("P")), style.colour, context)
    lines = context.lines(runs, style, half)
    longest = max((line.width for line in lines), default=0.0)
    high = lines_box(lines, style, measure.x + width - longest)
    ends = replace(side_by_side((low, high)), before=_ENDS_ABOVE)
    return [label, LayoutBox(2 * radius + _ENDS_ABOVE, tuple(rings)), ends]


def _scale_ring_items(
    scale: Scale, number: int, parent: Element, x: float, context: LayoutContext
) -> Iterator[PageItem]:
    """Yield one number in its ring."""
    radius = _SCALE_RING * context.scale
    style = replace(context.style("body"), leading=2 * radius, after=0.0)
    yield from centred_text_items(f"{number} ", parent.add(Element("Span")), style, x + radius, 4 * radius)
    if context.fillable:
        label, area = plain(scale.label), (x, 0.0, 2 * radius, 2 * radius)
        tooltip = context.words.say("field_scale", field=label, number=number)
        yield _form_field("choice", scale.name, tooltip, area, parent, context, str(number), label)
    else:
        ring = Circle(x + radius, radius, radius - _SCALE_RING_EDGE, stroke="ink", width=_SCALE_RING_EDGE)
        yield decoration(ring)
