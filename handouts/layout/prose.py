"""Lay out headings, paragraphs, lists, steps, labelled text and the list of sources.

Each function takes a block, its parent in the structure tree and a measure (the start and the width of lines), and
returns boxes from top to bottom.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from handouts.document.nodes import (
    Block,
    BulletList,
    Callout,
    Card,
    Chart,
    Comparison,
    Contacts,
    Cover,
    Figure,
    Fork,
    Heading,
    Inlines,
    Labelled,
    MainMessage,
    Paragraph,
    Script,
    Source,
    Sources,
    Steps,
    Table,
)
from handouts.document.text import plain
from handouts.figures.shapes import Circle
from handouts.layout.boxes import (
    NEVER,
    LayoutBox,
    decoration,
    kept_whole,
    kept_whole_within,
    moved_down,
    stacked,
    stacked_height,
    straight_line,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import (
    LayoutContext,
    Measure,
    RunTag,
    baseline_offset,
    centred_text_items,
    inline_box,
    inline_runs,
    line_boxes,
    lines_box,
    link_element,
    open_figure_runs,
    plain_text_box,
    text_box,
    with_no_break_spaces,
)
from handouts.layout.page_model import Element, PageItem, pagination_artifact
from handouts.text.line_breaking import StyledRun, break_lines, text_width
from handouts.theme import TypeStyle

_HEADING_STYLES = {2: "h2", 3: "h3", 4: "h3"}
NUMBERED_LIST = (("List", "ListNumbering", "Decimal"),)
_BULLET_LIST = (("List", "ListNumbering", "Disc"),)


# ---------------------------------------------------------------- headings and paragraphs


def heading_boxes(heading: Heading, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a heading with its number, if any; a heading of level 2 is set larger at the top of a page."""
    element = parent.add(Element(f"H{heading.level}", anchor=heading.anchor))
    style = context.style(_HEADING_STYLES[heading.level])
    label = element.add(Element("Lbl")) if heading.number else None
    words = element.add(Element("Span")) if heading.number else element
    runs = list(inline_runs(heading.content, words, style.colour, context, bold=True))
    box = _heading_box(runs, style, heading.number, label, measure, context)
    box = replace(box, break_cost=NEVER, page_break_welcome=heading.opens_page, is_heading=True, at=heading.at)
    if heading.level == 2 and context.is_column(measure):
        large = _heading_box(runs, context.style("h2-page"), heading.number, label, measure, context)
        title = continued_title_box(heading.content, context)
        box = replace(box, page_top_form=replace(large, break_cost=NEVER), section_title=title)
    return [box]


def continued_title_box(title: Inlines, context: LayoutContext) -> LayoutBox:
    """Return the title of a section as an artifact, to be repeated on pages where the section continues."""
    theme = context.theme
    style = replace(context.style("h3" if theme.paper.labels_above else "h2"), colour="accent", before=0.0)
    words = context.words.say("slide_continued", title=plain(title))
    box = plain_text_box(words, pagination_artifact("Header"), style, theme.axis, theme.column)
    return replace(box, after=context.style("body").leading / 2, is_heading=True)


def _heading_box(
    runs: Sequence[StyledRun],
    style: TypeStyle,
    number: str,
    element: Element | None,
    measure: Measure,
    context: LayoutContext,
) -> LayoutBox:
    """Return a heading in `style` with its number in the rail, on the baseline of its first line, or above it."""
    box = lines_box(context.lines(runs, style, measure.width), style, measure.x)
    if not number:
        return box
    label = context.style("label")
    if context.has_rail(measure):
        digits = plain_text_box(number, element, label, context.theme.margin, context.theme.paper.rail)
        drop = baseline_offset(style) - baseline_offset(label)
        high = replace(box, height=max(box.height, digits.height + drop))
        return with_items(high, moved_down(digits.items, drop), first=True)
    digits = plain_text_box(number, element, label, measure.x, measure.width)
    items = (*digits.items, *moved_down(box.items, digits.height))
    return replace(box, height=box.height + digits.height, items=items)


def paragraph_boxes(paragraph: Paragraph, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a paragraph, with a box for each line."""
    style, element = context.style("body"), parent.add(Element("P"))
    runs = inline_runs(paragraph.content, element, style.colour, context)
    return line_boxes(context.lines(runs, style, measure.width), style, measure.x)


# ---------------------------------------------------------------- lists and steps

_BULLET_SIGN, _BULLET_INDENT = "•", 16.0
_ITEM_COST, _LEAST_FIRST_ITEM_COST = 15.0, 50.0  # to end a page after an item, and after the first line of a list
NODE_RADIUS, _NODE_EDGE, _NODE_NUMBER_SIZE, DIGIT_MIDDLE = 10.0, 2.25, 11.6, 0.36  # the last in em above the baseline
_NODE_LEFT, _STEP_LINE_WIDTH = 18.0, 2.0  # how far nodes hang left of the words; the line that joins them
_STEP_COST, _STEP_GAP = 150.0, 0.25  # the gap between two steps is a share of a line


def bullet_boxes(bullets: BulletList, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a list; a page may end inside an item wherever the item's own blocks allow it."""
    style, indent = context.style("body"), _BULLET_INDENT * context.scale
    listing = parent.add(Element("L", attributes=_BULLET_LIST))
    boxes: list[LayoutBox] = []
    for item in bullets.items:
        entry = listing.add(Element("LI"))
        label = plain_text_box(_BULLET_SIGN, entry.add(Element("Lbl")), style, measure.x, indent, "accent")
        inside = context.boxes_inside(item, entry.add(Element("LBody")), measure.indented(indent))
        if inside:
            inside[0] = with_items(inside[0], label.items, first=True)
            inside[-1] = replace(inside[-1], after=style.leading / 4, break_cost=_ITEM_COST)
            boxes.extend(inside)
    if boxes:
        boxes[0] = replace(boxes[0], break_cost=max(boxes[0].break_cost, _LEAST_FIRST_ITEM_COST))
        boxes[-1] = replace(boxes[-1], after=style.after, break_cost=0.0)
    return boxes


def step_boxes(steps: Steps, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return numbered steps as circles joined by a line; the circles hang left of the text where there is room.

    A page ends inside a step only if the step is higher than half a page, and between steps only if all together are.
    """
    inner = measure
    if not context.is_column(measure):
        inner = measure.indented((_NODE_LEFT + NODE_RADIUS) * context.scale)
    body, middle = context.style("body"), inner.x - _NODE_LEFT * context.scale
    listing = parent.add(Element("L", attributes=NUMBERED_LIST))
    boxes: list[LayoutBox] = []
    for number, item in enumerate(steps.items, 1):
        entry = listing.add(Element("LI"))
        label = entry.add(Element("Lbl"))
        inside = context.boxes_inside(item, entry.add(Element("LBody")), inner)
        if not inside:
            continue
        whole = stacked(inside)
        pieces = [replace(whole, break_cost=_STEP_COST)] if whole.height <= context.room / 2 else inside
        pieces = with_outer_spaces(pieces, 0.0, _STEP_GAP * body.leading)
        node = number_node_items(number, middle, body.leading / 2, label, context)
        height = max(pieces[0].height, 2 * NODE_RADIUS * context.scale - 2)
        pieces[0] = replace(with_items(pieces[0], node, first=True), height=height)
        if number < len(steps.items):
            pieces = [_with_step_line(piece, middle, context, first=not index) for index, piece in enumerate(pieces)]
        boxes.extend(pieces)
    if boxes:
        boxes[-1] = replace(boxes[-1], after=body.after, break_cost=0.0)
    return kept_whole_within(boxes, context.room / 2)


def number_node_items(number: int, x: float, y: float, label: Element, context: LayoutContext) -> tuple[PageItem, ...]:
    """Return a number in a circle around the point `x`, `y`."""
    size = _NODE_NUMBER_SIZE * context.scale
    style = TypeStyle(size, size, bold=True, colour="accent", typeface=context.theme.typeface)
    radius = NODE_RADIUS * context.scale
    node = Circle(x, y, radius - _NODE_EDGE / 2, fill="white", stroke="accent", width=_NODE_EDGE)
    digits = centred_text_items(str(number), label, style, x, 4 * radius)
    return decoration(node), *moved_down(digits, y + DIGIT_MIDDLE * size - baseline_offset(style))


def _with_step_line(inside: LayoutBox, middle: float, context: LayoutContext, *, first: bool) -> LayoutBox:
    """Return a box of a step with the line down to the next number, painted behind the circle in the `first` box."""
    leading, radius = context.style("body").leading, NODE_RADIUS * context.scale
    top = leading / 2 + radius if first else -_STEP_GAP * leading
    bottom = inside.height + (_STEP_GAP + 0.5) * leading - radius
    line = straight_line((middle, top), (middle, bottom), _STEP_LINE_WIDTH, "accent", "round")
    return with_items(inside, (line,), first=True)


# ---------------------------------------------------------------- labels

CALLOUT_TOP = 11.0  # from the frame of a callout to its first line


def labelled_boxes(labelled: Labelled, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return blocks with their label in the rail, on the baseline of the first line, or else above them."""
    section = parent.add(Element("Sect"))
    element = section.add(Element("P"))
    blocks = labelled.blocks
    narrow = next((index for index, block in enumerate(blocks) if _reaches_into_rail(block)), len(blocks))
    inside = context.boxes_inside(blocks[:narrow], section, measure)
    below = context.boxes_inside(blocks[narrow:], section, measure)
    if context.has_rail(measure) and inside:
        first = _first_baseline(blocks[0], context)
        return [*with_label_beside(labelled.label, element, inside, context, first), *below]
    return with_label_above(labelled.label, element, [*inside, *below], measure, context)


def _reaches_into_rail(block: Block) -> bool:
    """True if `block` uses the rail, so that no label can stand there."""
    in_rail = Cover | MainMessage | Fork | Card | Script | Steps
    return isinstance(block, in_rail | Comparison | Table | Figure | Chart | Contacts)


def _first_baseline(block: Block, context: LayoutContext) -> float:
    """Return the distance from the top of `block` to its first baseline."""
    match block:
        case Heading():
            return baseline_offset(context.style(_HEADING_STYLES[block.level]))
        case Sources():
            return baseline_offset(context.style("source"))
        case Callout():
            return CALLOUT_TOP + baseline_offset(context.style("h3"))
        case _:
            return baseline_offset(context.style("body"))


def with_label_beside(
    label: Inlines,
    element: Element,
    inside: Sequence[LayoutBox],
    context: LayoutContext,
    first: float,
    width: float = 0,
) -> list[LayoutBox]:
    """Return `inside` with a label in the rail on the baseline `first`; no page ends beside the label.

    The label is at most `width` wide, or as wide as the rail if that is 0.
    """
    style, rail = context.style("label"), Measure(context.theme.margin, width or context.theme.paper.rail)
    box = inline_box(label, element, style, rail, context, bold=True)
    drop = first - baseline_offset(style)
    boxes = list(inside)
    boxes[0] = with_items(boxes[0], moved_down(box.items, drop), first=True)
    needed = box.height + drop
    enough = next((end for end in range(1, len(boxes)) if stacked_height(boxes[:end]) >= needed), len(boxes))
    boxes[:enough] = kept_whole(boxes[:enough])
    missing = needed - stacked_height(boxes)
    if missing > 0:
        boxes[-1] = replace(boxes[-1], height=boxes[-1].height + missing)
    return boxes


def with_label_above(
    label: Inlines, element: Element, inside: list[LayoutBox], measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return `inside` below its label."""
    box = inline_box(label, element, context.style("label"), measure, context, bold=True)
    return [replace(box, after=2.0, break_cost=NEVER), *inside]


# ---------------------------------------------------------------- sources

_SOURCE_INDENT, _USUAL_SOURCE_SIZE, _SOURCE_GAP = 16.0, 10.0, 2.0
_NUMBER_SEPARATOR, _ENTRY_SEPARATOR = "\u00a0", "\u00a0· "  # in a short list: after a number, and between two entries
_WHOLE_LIST_SHARE = 0.5  # of a page: a short list that is no higher is kept on one page
_WHOLE_ENTRY_SHARE = 0.5  # of a line: a shorter entry is kept on one line


def source_boxes(sources: Sources, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return the list of sources; each number links back to its first citation."""
    listing = parent.add(Element("L", attributes=NUMBERED_LIST))
    if sources.short:
        return _short_source_boxes(sources, listing, measure, context)
    style = context.style("source")
    indent = _SOURCE_INDENT * style.size / _USUAL_SOURCE_SIZE
    boxes = []
    for source in sources.sources:
        label, runs = _source_label_and_runs(source, listing, style.colour, context)
        number = plain_text_box(str(source.number), label, style, measure.x, indent)
        text = text_box(runs, style, measure.x + indent, measure.width - indent)
        boxes.append(replace(with_items(text, number.items, first=True), after=_SOURCE_GAP))
    if boxes:
        boxes[-1] = replace(boxes[-1], after=context.style("body").after)
    return boxes


def _short_source_boxes(
    sources: Sources, listing: Element, measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return the sources as running text; no line ends inside a short entry."""
    style = context.style("source")
    runs: list[StyledRun] = []
    for source in sources.sources:
        label, words = _source_label_and_runs(source, listing, style.colour, context)
        mark = StyledRun(f"{source.number}{_NUMBER_SEPARATOR}", bold=True, key=RunTag(label, style.colour))
        width = text_width(mark.text + plain(source.content), replace(style, bold=True))
        if width < _WHOLE_ENTRY_SHARE * measure.width:
            words = [replace(run, text=with_no_break_spaces(run.text)) for run in words]
        runs += [mark, *words[:-1], replace(words[-1], text=f"{words[-1].text}{_ENTRY_SEPARATOR}")]
    runs[-1] = replace(runs[-1], text=runs[-1].text.removesuffix(_ENTRY_SEPARATOR))
    style = replace(style, after=context.style("body").after, balance=False)
    boxes = line_boxes(break_lines(runs, style, measure.width), style, measure.x)
    return kept_whole_within(boxes, _WHOLE_LIST_SHARE * context.room)


def _source_label_and_runs(
    source: Source, listing: Element, colour: str, context: LayoutContext
) -> tuple[Element, list[StyledRun]]:
    """Return the element of a source's number, which links back to its first citation, if any, and its text.

    The text links to the source if it has an address, without underlines. An edition for photocopiers sets the digits
    of years and pages in a typeface that stays readable.
    """
    entry = listing.add(Element("LI"))
    label = entry.add(Element("Lbl"))
    if source.number in context.cited:
        back = context.words.say("back_link")
        label = label.add(Element("Link", target=f"#cite-{source.number}", tooltip=back))
    body = entry.add(Element("LBody", anchor=f"source-{source.number}"))
    if source.target:
        link = body.add(link_element(source.target, context))
        runs = [StyledRun(plain(source.content), key=RunTag(link, colour))]
    else:
        runs = list(inline_runs(source.content, body, colour, context))
    one_bit = context.theme.edition.one_bit
    return label, [each for run in runs for each in open_figure_runs(run)] if one_bit else runs
