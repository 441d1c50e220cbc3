"""Lay out headings, paragraphs, lists, steps, labelled text and the list of sources.

Each function takes a block, its parent in the structure tree and a measure (where lines start and how wide they
are), and returns boxes from top to bottom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
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
from handouts.figures.shapes import Circle, Command, Path
from handouts.layout.boxes import (
    NEVER,
    LayoutBox,
    ends_kept_together,
    kept_whole,
    moved_down,
    moved_right,
    stacked,
    with_items,
    with_outer_spaces,
)
from handouts.layout.inline_text import (
    LayoutContext,
    RunTag,
    baseline_offset,
    inline_runs,
    line_boxes,
    link_element,
    open_figure_runs,
    plain_text_box,
    text_box,
    text_boxes,
    with_no_break_spaces,
)
from handouts.layout.page_model import Element, ShapeItem, pagination_artifact
from handouts.text.line_breaking import StyledRun, break_lines, text_width
from handouts.theme import TypeStyle

SHORT_GAP, SHORT_SEPARATOR = "\u00a0", "\u00a0· "  # in a short list of sources: after a number, and between two entries

SHORT_LIST_SHARE = 0.5  # of a page: a short list that takes less is not torn, so that no entry is

SHORT_ENTRY_SHARE = 0.5  # of a line: no line ends inside a short entry that takes less

SOURCE_INDENT, SOURCE_SIZE, FIGURE_TOP = 16.0, 10.0, 4.0

BULLET_SIGN, BULLET_INDENT = "•", 16.0
NODE, NODE_EDGE, NODE_NUMBER, NODE_LEFT, DIGIT_MIDDLE = 10.0, 2.25, 11.6, 18.0, 0.36
CALLOUT_TOP = 11.0
HEADING_STYLES = {2: "h2", 3: "h3", 4: "h3"}
ITEM_COST, STEP_COST, STEP_GAP = 15.0, 150.0, 0.25  # the gap between two steps is a share of a line


class Measure(Struct, frozen=True):
    """Where lines start, and how wide they may be."""

    x: float
    width: float

    def indented(self, by: float) -> Measure:
        """Return the measure of text that starts `by` further to the right."""
        return Measure(self.x + by, self.width - by)


def is_main_column(measure: Measure, context: LayoutContext) -> bool:
    """True if `measure` is the column of the page, with the rail to its left."""
    return abs(measure.x - context.theme.axis) < 1 and abs(measure.width - context.theme.column) < 1


def has_rail(measure: Measure, context: LayoutContext) -> bool:
    """True if labels stand in the rail to the left of `measure`, not above what they label."""
    return is_main_column(measure, context) and not context.theme.paper.labels_above


def full_width_measure(measure: Measure, context: LayoutContext) -> Measure:
    """Return the measure from margin to margin where `measure` is the column, else `measure`."""
    if is_main_column(measure, context):
        return Measure(context.theme.margin, context.theme.right - context.theme.margin)
    return measure


NestedLayout = Callable[[Sequence[Block], Element, Measure], list[LayoutBox]]


def heading_boxes(heading: Heading, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return a heading, with its number if it has one; at the top of a page one of level 2 is set larger."""
    element = parent.add(Element(f"H{heading.level}", anchor=heading.anchor))
    style = context.style(HEADING_STYLES[heading.level])
    number = element.add(Element("Lbl")) if heading.number else None
    words = element.add(Element("Span")) if heading.number else element
    runs = list(inline_runs(heading.content, words, style.colour, context, bold=True))
    box = with_heading_number(
        text_box(runs, style, measure.x, measure.width), style, heading.number, number, measure, context
    )
    top = again = None
    if heading.level == 2 and is_main_column(measure, context):
        again = continued_box(heading.content, context)
        large = context.style("h2-page")
        set_large = text_box(runs, large, measure.x, measure.width)
        top = replace(with_heading_number(set_large, large, heading.number, number, measure, context), break_cost=NEVER)
    opens = heading.opens_page
    return [
        replace(
            box,
            break_cost=NEVER,
            page_top_form=top,
            section_title=again,
            page_break_welcome=opens,
            is_heading=True,
            at=heading.at,
        )
    ]


def continued_box(title: Inlines, context: LayoutContext) -> LayoutBox:
    """Return the title of a section as it is repeated where the section goes on: it is not read a second time."""
    theme = context.theme
    style = replace(context.style("h3" if theme.paper.labels_above else "h2"), colour="accent", before=0.0)
    words = context.words.say("slide_continued", title=plain(title))
    box = plain_text_box(words, pagination_artifact("Header"), style, theme.axis, theme.column)
    return replace(box, after=context.style("body").leading / 2, is_heading=True)


def with_heading_number(
    box: LayoutBox, style: TypeStyle, number: str, element: Element | None, measure: Measure, context: LayoutContext
) -> LayoutBox:
    """Return a heading in `style` with its number in the rail, on the baseline of its first line, or above it."""
    if not number:
        return box
    label = context.style("label")
    if has_rail(measure, context):
        made = plain_text_box(number, element, label, context.theme.margin, context.theme.paper.rail)
        drop = baseline_offset(style) - baseline_offset(label)
        high = replace(box, height=max(box.height, made.height + drop))
        return with_items(high, moved_down(made.items, drop), first=True)
    made = plain_text_box(number, element, label, measure.x, measure.width)
    lines = (*made.items, *moved_down(box.items, made.height))
    return replace(box, height=box.height + made.height, items=lines)


def paragraph_boxes(
    paragraph: Paragraph, parent: Element, measure: Measure, context: LayoutContext, role: str = "body"
) -> list[LayoutBox]:
    """Return a paragraph, a box a line."""
    style = context.style(role)
    element = parent.add(Element("P"))
    return text_boxes(inline_runs(paragraph.content, element, style.colour, context), style, measure.x, measure.width)


def bullet_boxes(
    bullets: BulletList, parent: Element, measure: Measure, context: LayoutContext, layout: NestedLayout
) -> list[LayoutBox]:
    """Return a list; an item is torn only between its own blocks' lines."""
    style, indent = context.style("body"), BULLET_INDENT * context.scale
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Disc"),)))
    boxes: list[LayoutBox] = []
    for item in bullets.items:
        entry = listing.add(Element("LI"))
        label = plain_text_box(BULLET_SIGN, entry.add(Element("Lbl")), style, measure.x, indent, "accent")
        inside = layout(item, entry.add(Element("LBody")), measure.indented(indent))
        if not inside:
            continue
        inside[0] = with_items(inside[0], label.items, first=True)
        inside[-1] = replace(inside[-1], after=style.leading / 4, break_cost=ITEM_COST)
        boxes.extend(inside)
    if boxes:
        boxes[0] = replace(boxes[0], break_cost=max(boxes[0].break_cost, 50.0))
        boxes[-1] = replace(boxes[-1], after=style.after, break_cost=0.0)
    return boxes


def step_boxes(
    steps: Steps, parent: Element, measure: Measure, context: LayoutContext, layout: NestedLayout
) -> list[LayoutBox]:
    """Return numbered steps as nodes joined by a line; the nodes hang left of the axis where there is room.

    Only a step that is higher than half a page is torn, and steps stand on one page that are no higher together.
    """
    inner = measure if is_main_column(measure, context) else measure.indented((NODE_LEFT + NODE) * context.scale)
    body = context.style("body")
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Decimal"),)))
    boxes: list[LayoutBox] = []
    for number, item in enumerate(steps.items, 1):
        entry = listing.add(Element("LI"))
        label = entry.add(Element("Lbl"))
        inside = layout(item, entry.add(Element("LBody")), inner)
        if not inside:
            continue
        whole = stacked(inside)
        pieces = [replace(whole, break_cost=STEP_COST)] if whole.height <= context.room / 2 else inside
        pieces = with_outer_spaces(pieces, 0.0, STEP_GAP * body.leading)
        middle = inner.x - NODE_LEFT * context.scale
        pieces[0] = with_step_number(pieces[0], number, middle, label, context)
        if number < len(steps.items):
            pieces = [with_step_line(piece, middle, context, first=not index) for index, piece in enumerate(pieces)]
        boxes.extend(pieces)
    if boxes:
        boxes[-1] = replace(boxes[-1], after=body.after, break_cost=0.0)
    return kept_whole(boxes) if stacked(boxes).height <= context.room / 2 else ends_kept_together(boxes)


def with_step_number(
    inside: LayoutBox, number: int, middle: float, label: Element, context: LayoutContext
) -> LayoutBox:
    """Return the first box of a step with its number in a node, level with the first line."""
    y, radius, size = context.style("body").leading / 2, NODE * context.scale, NODE_NUMBER * context.scale
    style = TypeStyle(size, size, bold=True, colour="accent")
    digits = plain_text_box(str(number), label, style, 0.0, 4 * radius)
    digits = moved_right(digits, middle - text_width(str(number), style) / 2)
    lift = y + DIGIT_MIDDLE * size - baseline_offset(style)
    node = Circle(middle, y, radius - NODE_EDGE / 2, fill="white", stroke="accent", width=NODE_EDGE)
    marked = with_items(inside, (ShapeItem(node, 0.0, 0.0, None), *moved_down(digits.items, lift)), first=True)
    return replace(marked, height=max(inside.height, 2 * radius - 2))


def with_step_line(inside: LayoutBox, middle: float, context: LayoutContext, *, first: bool) -> LayoutBox:
    """Return a box of a step with the line that leads down to the next node; behind the node if it has one."""
    leading, radius = context.style("body").leading, NODE * context.scale
    ends: tuple[Command, ...] = (
        ("M", (middle, leading / 2 + radius if first else -STEP_GAP * leading)),
        ("L", (middle, inside.height + (STEP_GAP + 0.5) * leading - radius)),
    )
    return with_items(inside, (ShapeItem(Path(ends, stroke="accent", width=2), 0.0, 0.0, None),), first=True)


def labelled_boxes(
    labelled: Labelled, parent: Element, measure: Measure, context: LayoutContext, layout: NestedLayout
) -> list[LayoutBox]:
    """Return blocks with their label in the rail, on the baseline of the first line; above where the rail is taken."""
    section = parent.add(Element("Sect"))
    element = section.add(Element("P"))
    narrow = next(
        (index for index, block in enumerate(labelled.blocks) if reaches_into_rail(block)), len(labelled.blocks)
    )
    inside = layout(labelled.blocks[:narrow], section, measure)
    below = layout(labelled.blocks[narrow:], section, measure)
    if has_rail(measure, context) and inside:
        first = first_baseline(labelled.blocks[0], context)
        return [*with_label_beside(labelled.label, element, inside, context, first), *below]
    return with_label_above(labelled.label, element, [*inside, *below], measure, context)


def reaches_into_rail(block: Block) -> bool:
    """True if `block` reaches into the rail, where no label can stand then."""
    in_rail = Cover | MainMessage | Fork | Card | Script | Steps
    return isinstance(block, in_rail | Comparison | Table | Figure | Chart | Contacts)


def first_baseline(block: Block, context: LayoutContext) -> float:
    """Return how far below its top the first line of `block` stands."""
    match block:
        case Heading():
            return baseline_offset(context.style(HEADING_STYLES[block.level]))
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
    width: float = 0.0,
) -> list[LayoutBox]:
    """Return `inside` with a label in the rail, `width` wide if not as wide as the rail, on the baseline `first`."""
    style, theme = context.style("label"), context.theme
    runs = inline_runs(label, element, style.colour, context, bold=True)
    box = text_box(runs, style, theme.margin, width or theme.paper.rail)
    drop = first - baseline_offset(style)
    boxes = list(inside)
    boxes[0] = with_items(boxes[0], moved_down(box.items, drop), first=True)
    needed = box.height + drop
    enough = next(
        (index for index in range(len(boxes)) if stacked_height(boxes[: index + 1]) >= needed), len(boxes) - 1
    )
    boxes[: enough + 1] = kept_whole(boxes[: enough + 1])
    missing = needed - stacked_height(boxes)
    if missing > 0:
        boxes[-1] = replace(boxes[-1], height=boxes[-1].height + missing)
    return boxes


def with_label_above(
    label: Inlines, element: Element, inside: list[LayoutBox], measure: Measure, context: LayoutContext
) -> list[LayoutBox]:
    """Return `inside` below its label, where there is no rail."""
    style = context.style("label")
    runs = inline_runs(label, element, style.colour, context, bold=True)
    box = text_box(runs, style, measure.x, measure.width)
    return [replace(box, after=2.0, break_cost=NEVER), *inside]


def stacked_height(boxes: Sequence[LayoutBox]) -> float:
    """Return how high `boxes` are together, without the space around them."""
    return stacked(boxes).height


def source_boxes(sources: Sources, parent: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return the list of sources; each number leads back to where it was first cited."""
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Decimal"),)))
    if sources.short:
        return short_source_boxes(sources, listing, measure, context)
    boxes = [source_box(source, listing.add(Element("LI")), measure, context) for source in sources.sources]
    if boxes:
        boxes[-1] = replace(boxes[-1], after=context.style("body").after)
    return boxes


def source_box(source: Source, entry: Element, measure: Measure, context: LayoutContext) -> LayoutBox:
    """Return one source with its number."""
    style = context.style("source")
    label = source_label(source, entry, context)
    indent = SOURCE_INDENT * style.size / SOURCE_SIZE
    number = plain_text_box(str(source.number), label, style, measure.x, indent)
    body = entry.add(Element("LBody", anchor=f"source-{source.number}"))
    runs = source_runs(source, body, style.colour, context)
    text = text_box(runs, style, measure.x + indent, measure.width - indent)
    return replace(with_items(text, number.items, first=True), after=2.0)


def short_source_boxes(sources: Sources, listing: Element, measure: Measure, context: LayoutContext) -> list[LayoutBox]:
    """Return the short list of sources, as many a line as there is room for; no line ends inside one that fits it."""
    style = context.style("source")
    runs: list[StyledRun] = []
    for source in sources.sources:
        entry = listing.add(Element("LI"))
        label = source_label(source, entry, context)
        body = entry.add(Element("LBody", anchor=f"source-{source.number}"))
        words = source_runs(source, body, style.colour, context)
        mark = StyledRun(f"{source.number}{SHORT_GAP}", bold=True, key=RunTag(label, style.colour))
        if text_width(mark.text + plain(source.content), replace(style, bold=True)) < SHORT_ENTRY_SHARE * measure.width:
            words = tuple(replace(run, text=with_no_break_spaces(run.text)) for run in words)
        last = words[-1]
        runs += [mark, *words[:-1], replace(last, text=f"{last.text}{SHORT_SEPARATOR}")]
    runs[-1] = replace(runs[-1], text=runs[-1].text.removesuffix(SHORT_SEPARATOR))
    spaced_after = replace(style, after=context.style("body").after, balance=False)
    boxes = line_boxes(break_lines(runs, spaced_after, measure.width), spaced_after, measure.x)
    return kept_whole(boxes) if stacked(boxes).height <= SHORT_LIST_SHARE * context.room else boxes


def source_label(source: Source, entry: Element, context: LayoutContext) -> Element:
    """Return what holds the number of a source: a link back to where it was first cited, if it was."""
    label = entry.add(Element("Lbl"))
    if source.number not in context.cited:
        return label
    return label.add(Element("Link", target=f"#cite-{source.number}", tooltip=context.words.say("back_link")))


def source_runs(source: Source, body: Element, colour: str, context: LayoutContext) -> tuple[StyledRun, ...]:
    """Return the words of a source, which lead to it where it has an address; no underlines here.

    Years and pages are many and small: in an edition for copiers their figures are open.
    """
    if source.target:
        runs: tuple[StyledRun, ...] = (
            StyledRun(plain(source.content), key=RunTag(body.add(link_element(source.target, context)), colour)),
        )
    else:
        runs = tuple(inline_runs(source.content, body, colour, context))
    return tuple(each for run in runs for each in open_figure_runs(run)) if context.theme.edition.one_bit else runs
