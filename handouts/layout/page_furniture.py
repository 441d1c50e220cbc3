"""Lay out what stands on every page: the running head, the foot, and the crisis box with its phone numbers.

The crisis box is read once, on the first page. On the others it is painted as an artifact, and only its links
and its field are elements there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import CrisisColumn, CrisisLine, Document
from handouts.figures.advice import largest_fitting
from handouts.figures.decorative_lines import page_mark_drawing
from handouts.figures.shapes import Command, Path, Rectangle
from handouts.finding import Finding, error
from handouts.layout.boxes import as_artifacts, decoration_items, moved_down
from handouts.layout.inline_text import (
    LayoutContext,
    RunTag,
    baseline_offset,
    line_items,
    link_element,
    number_family,
    plain_text_box,
    with_no_break_spaces,
)
from handouts.layout.page_model import (
    ARTIFACT,
    CoveredArea,
    Element,
    FieldItem,
    LinkItem,
    Page,
    PageItem,
    TextItem,
    item_bounds,
    pagination_artifact,
)
from handouts.layout.structure_tree import parent_by_element
from handouts.text.line_breaking import StyledRun, TextLine, break_lines, text_width
from handouts.theme import Theme, TypeStyle

HEADING_BELOW_HEAD, TEXT_BELOW_HEAD, ABOVE_CRISIS = 10.0, 12.0, 12.0  # below the running head, above the crisis box

HEAD_ABOVE, HEAD_GAP = 6.0, 12.0
FOOT_ABOVE, FOOT_GAP = 18.0, 8.0
WIDEST_DIGIT = "8"


def head_bottom(theme: Theme) -> float:
    """Return how far below the edge of the paper the running head ends."""
    return theme.margin - HEAD_ABOVE + theme.print["foot"].leading


def running_head_items(document: Document, context: LayoutContext) -> tuple[PageItem, ...]:
    """Return the running head of all pages: mark, short title on the axis, label at the right.

    Where the rail is narrow there is no mark, and if there is no room for both, only the label.
    """
    theme, style = context.theme, context.style("foot")
    element, above = pagination_artifact("Header"), theme.paper.labels_above
    left = theme.margin if above else theme.axis
    label = text_width(document.label, style)
    room = theme.right - left - label - (HEAD_GAP if label else 0.0)
    fits = text_width(document.running_title, style) <= room
    if not fits and not above:
        context.findings.append(long_title_finding(document, style, room))
    if above and not fits and label:
        alone = plain_text_box(document.label, element, style, left, theme.right - left)
        return moved_down(alone.items, theme.margin - HEAD_ABOVE)
    title = plain_text_box(document.running_title, element, style, left, max(room, style.size))
    right = plain_text_box(document.label, element, style, theme.right - label, label + 1)
    mark = () if above else decoration_items(page_mark_drawing().shapes, theme.margin, theme.margin - HEAD_ABOVE)
    return (*mark, *moved_down((*title.items, *right.items), theme.margin - HEAD_ABOVE))


def long_title_finding(document: Document, style: TypeStyle, room: float) -> Finding:
    """Return the finding for a short title that has not so much `room` beside the label: how many letters fit."""
    title = document.running_title
    letters = largest_fitting(lambda count: text_width(title[:count].strip(), style) <= room, len(title) - 1)
    words = f"'{title}' and '{document.label}' do not fit side by side at the head of a page"
    message = f"{words}: {len(title)} letters stand before the label, and about {letters} fit."
    hint = f"write a short title of about {letters} letters" if letters else "write a shorter label of the reader"
    return error("running-title-too-long", message, hint=hint)


def foot_items(document: Document, number: int, count: int, context: LayoutContext) -> tuple[PageItem, ...]:
    """Return the foot of a page: for whom, state and date at the left, the page in bold at the end of the last line."""
    theme, style = context.theme, context.style("foot")
    element = pagination_artifact("Footer")
    bold = replace(style, bold=True, colour="ink")
    page = with_no_break_spaces(document.words.say("page", n=number, m=count))
    width = text_width(page, bold)
    room, lines = foot_lines(document, theme, count)
    left = plain_text_box(document.foot, element, style, theme.margin, room)
    right = plain_text_box(page, element, bold, theme.right - width, width + 1)
    last = theme.paper.height - theme.margin - baseline_offset(style)
    first = last - (lines - 1) * style.leading
    return (*moved_down(left.items, first), *moved_down(right.items, last))


def foot_lines(document: Document, theme: Theme, count: int) -> tuple[float, int]:
    """Return how wide the words of the foot may be, and how many lines it has with the number of one of `count` pages.

    If words and number do not fit on one line, the words have all the width, and the number the end of the last line.
    """
    style, all_width = theme.print["foot"], theme.right - theme.margin
    widest = WIDEST_DIGIT * len(str(count))
    page = text_width(document.words.say("page", n=widest, m=widest), replace(style, bold=True))
    room = all_width - page - FOOT_GAP
    if text_width(document.foot, style) <= room:
        return room, 1
    lines = break_lines((StyledRun(document.foot),), style, all_width)
    return all_width, len(lines) + (lines[-1].width > room)


def foot_height(document: Document, theme: Theme, count: int) -> float:
    """Return how high the foot of each of `count` pages is, from the edge of the paper."""
    _, lines = foot_lines(document, theme, count)
    return theme.margin + FOOT_ABOVE + theme.print["foot"].leading * (lines - 1)


COLUMN_GAP, LEAST_GAP, WRITING_WIDTH = 16.0, 12.0, 44.0
USUAL_COLUMN_WIDTHS = (102.0, 168.0, 181.28)  # the widths of three columns on the narrowest paper
QUESTION_LINES, LEAST_LINES = 2, 3
CONTACT_SEPARATOR = "\u00a0· "


@lru_cache(maxsize=16)
def crisis_column_gap(columns: tuple[CrisisColumn, ...], room: float, style: TypeStyle) -> float:
    """Return the space between columns: the usual one, or a little less where that is all that their words lack."""
    spare = (room - sum(width_column_needs(column, question_line_limit(column), style) for column in columns)) / max(
        1, len(columns) - 1
    )
    return spare if LEAST_GAP <= spare < COLUMN_GAP else COLUMN_GAP


# Asked for to know how high the box is, and again to lay it out.
@lru_cache(maxsize=16)
def crisis_column_widths(columns: tuple[CrisisColumn, ...], room: float, style: TypeStyle) -> tuple[float, ...]:
    """Return the width of each column: the usual one if all words fit it, else a share by what each needs.

    `room` is what they have together, without the gaps between them. Where there is room for that, no column has more
    lines than the box has at least.
    """
    usual = tuple(room * each / sum(USUAL_COLUMN_WIDTHS) for each in USUAL_COLUMN_WIDTHS)
    low = [width_column_needs(column, question_line_limit(column), style) for column in columns]
    wanted = low if sum(low) <= room else [width_column_needs(column, QUESTION_LINES, style) for column in columns]
    if len(columns) == len(usual) and all(want <= each for want, each in zip(wanted, usual, strict=True)):
        return usual
    spare = room - sum(wanted)
    if spare >= 0:
        return tuple(want + spare / len(columns) for want in wanted)
    least = [longest_word_width(column, style) for column in columns]
    beyond = sum(wanted) - sum(least)
    share = max(0.0, room - sum(least)) / beyond if beyond else 0.0
    return tuple(need + share * (want - need) for want, need in zip(wanted, least, strict=True))


def question_line_limit(column: CrisisColumn) -> int:
    """Return how many lines a column's question may take if the box is to be as low as it can be."""
    return min(QUESTION_LINES, max(1, LEAST_LINES - len(crisis_line_groups(column.lines))))


# Copies for many differ in one number.
@lru_cache(maxsize=32)
def width_column_needs(column: CrisisColumn, lines: int, style: TypeStyle) -> float:
    """Return the width at which a column's question takes so many `lines` and each of its texts one."""
    most = max((group_width(group, style) for group in crisis_line_groups(column.lines)), default=0.0)
    low, high = max(most, longest_word_width(column, style)), max(text_width(column.question, style), most)
    if question_fits_lines(column, low, lines, style):
        return low
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (low, middle) if question_fits_lines(column, middle, lines, style) else (middle, high)
    return high


def question_fits_lines(column: CrisisColumn, width: float, lines: int, style: TypeStyle) -> bool:
    """True if the question of `column` takes no more than so many `lines`."""
    return len(break_lines((StyledRun(column.question),), style, width)) <= lines


def longest_word_width(column: CrisisColumn, style: TypeStyle) -> float:
    """Return the width of the widest word or number of a column."""
    words = [text_width(word, style) for text in column_texts(column) for word in text.split()]
    numbers = [number_width(line.number, style) for line in column.lines if line.number]
    return max((*words, *numbers), default=0.0) + 0.1


def column_texts(column: CrisisColumn) -> tuple[str, ...]:
    """Return the question and the labels of a column."""
    return column.question, *(line.label for line in column.lines)


def crisis_line_groups(lines: Sequence[CrisisLine]) -> tuple[tuple[CrisisLine, ...], ...]:
    """Return the lines in texts of their own, or, if they were to make the box too high, all numbers in one text."""
    numbers = tuple(line for line in lines if line.number)
    if len(numbers) < LEAST_LINES:
        return tuple((line,) for line in lines)
    return numbers, *((line,) for line in lines if not line.number)


def group_width(group: Sequence[CrisisLine], style: TypeStyle) -> float:
    """Return the width at which the lines of one text stand two and two, with what stands between and after them."""
    between = text_width(CONTACT_SEPARATOR.replace(" ", "\u00a0"), style) if len(group) > 1 else 0.0
    widths = [line_width(line, style) for line in group]
    pairs = [sum(widths[index : index + 2]) for index in range(0, len(widths), 2)]
    return max(pairs) + 1.7 * between


def line_width(line: CrisisLine, style: TypeStyle) -> float:
    """Return the width of one text of the crisis box on one line."""
    number = number_width(line.number, style) if line.number else WRITING_WIDTH
    return text_width(f"{line.label}\u00a0", style) + number + 0.1


def number_width(number: str, style: TypeStyle) -> float:
    """Return the width of a number to call on one line."""
    return text_width(with_no_break_spaces(number), replace(style, bold=True), number_family(number))


CRISIS_PAD, CRISIS_SIDE, CRISIS_RADIUS, DIVIDER = 9.0, 14.0, 6.0, 0.75
DIVIDER_SHARE, WRITING_LINE_THICKNESS, WRITING_LINE_DROP = 0.75, 1.0, 2.0
CONTACT_GAP, NO_BREAK_SPACE = "\u00a0\u00a0 ", "\u00a0"
LEAST_WRITING_WIDTH = 90.0  # room for a number
LOCAL_NUMBER_FIELD, FIELD_HEIGHT_LESS, FIELD_SIZE_LESS = (
    "crisis-local",
    1.5,
    2.0,
)  # the field for the number that is missing


class CrisisBox(Struct, frozen=True):
    """The crisis box as laid out: its height, its items on the first page, where it is read, and on the others.

    What is read stands below the `section`. `names` say in the order of its links what each of them calls.
    """

    height: float
    section: Element
    read: tuple[PageItem, ...]
    repeated: tuple[PageItem, ...]
    names: tuple[str, ...] = ()


class CrisisText(Struct, frozen=True):
    """One text of the crisis box in lines; `blank` is the paragraph of one that ends with a line to write on."""

    lines: tuple[TextLine, ...]
    blank: Element | None = None


class PlacedCrisisColumn(Struct, frozen=True):
    """One column of the crisis box as laid out: where it stands, how wide it must be at `least`, and its texts."""

    x: float
    width: float
    least: float
    texts: tuple[CrisisText, ...]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(len(text.lines) for text in self.texts)


def crisis_box(document: Document, foot: float, context: LayoutContext) -> CrisisBox:
    """Return the crisis box above a `foot` so high; without columns there is none."""
    columns, theme, style = document.crisis.columns, context.theme, context.style("crisis")
    section = Element("Sect")
    if not columns:
        return CrisisBox(0.0, section, (), ())
    placed = crisis_columns(columns, section, context)
    end = theme.right - CRISIS_SIDE
    if any(column.least > column.width + 1 or column.x + column.width > end + 1 for column in placed):
        narrow = sum(max(0.0, column.least - column.width) for column in placed)
        lacking = max(narrow, *(column.x + column.width - end for column in placed))
        words = f"The words and numbers of the crisis box need {lacking:.0f} points more than there are side by side."
        longest = max((word for column in columns for text in column_texts(column) for word in text.split()), key=len)
        hint = f"use fewer columns, or a shorter word than “{longest}”"
        context.findings.append(error("crisis-too-wide", words, hint=hint))
    height = columns_box_height(placed, style)
    top = theme.paper.height - foot - height
    frame = Rectangle(
        0, 0, theme.right - theme.margin, height, CRISIS_RADIUS, "white", "ink", theme.edition.crisis_edge
    )
    dividers = tuple(
        divider_line(column.x - DIVIDER_SHARE * (column.x - before.x - before.width), height)
        for before, column in pairwise(placed)
    )
    items = (
        *decoration_items((frame,), theme.margin, 0.0),
        *decoration_items(dividers, 0.0, 0.0),
        *(item for column in placed for item in crisis_column_items(column, context)),
    )
    read = moved_down(items, top)
    lines = (line for column in columns for line in column.lines if line.target)
    return CrisisBox(height, section, read, as_artifacts(read), tuple(map(call_link_name, lines)))


def call_link_name(line: CrisisLine) -> str:
    """Return what a link calls; the own number of a copy, which others do not share, is in the link itself."""
    return line.label if line.own else f"{line.label} {line.number}".replace(NO_BREAK_SPACE, " ")


def crisis_height(document: Document, theme: Theme) -> float:
    """Return how high the crisis box is, 0 if there is none."""
    columns, style = document.crisis.columns, theme.print["crisis"]
    if not columns:
        return 0.0
    return columns_box_height(
        crisis_columns(columns, Element("Sect"), LayoutContext(theme, document.words, 0.0)), style
    )


def columns_box_height(columns: Sequence[PlacedCrisisColumn], style: TypeStyle) -> float:
    """Return how high the box around `columns` is."""
    lines = max(LEAST_LINES, *(column.count for column in columns))
    return lines * style.leading + 2 * CRISIS_PAD


def divider_line(x: float, height: float) -> Path:
    """Return the line between two columns of a box of `height`."""
    return Path((("M", (x, CRISIS_PAD)), ("L", (x, height - CRISIS_PAD))), stroke="ink", width=DIVIDER, cap="butt")


def contact_line_runs(group: Sequence[CrisisLine], paragraph: Element, context: LayoutContext) -> Iterator[StyledRun]:
    """Yield the labels and the numbers of one text, a number never parted from its label."""
    parted = has_link_or_field(group, context)
    for index, line in enumerate(group):
        label = f"{line.label} " if line.number else line.label
        words = f"{CONTACT_SEPARATOR if index else ''}{with_no_break_spaces(label) if len(group) > 1 else label}"
        yield StyledRun(words, key=label_tag(paragraph, context, parted=parted))
        if line.number:
            yield number_run(line, paragraph, context, parted=parted)


def has_link_or_field(group: Sequence[CrisisLine], context: LayoutContext) -> bool:
    """True if a text of these lines holds more than words: a link to call, or a field to fill in."""
    return any(line.target or (context.fillable and not line.number) for line in group)


def label_tag(paragraph: Element, context: LayoutContext, *, parted: bool) -> RunTag:
    """Return the ink of a label: its own element if the paragraph holds others beside it."""
    return RunTag(paragraph.add(Element("Span")) if parted else paragraph, context.style("crisis").colour)


def number_run(line: CrisisLine, paragraph: Element, context: LayoutContext, *, parted: bool) -> StyledRun:
    """Return a number, as a link if it can be called."""
    number, family = with_no_break_spaces(line.number), number_family(line.number)
    if not line.target:
        return StyledRun(number, bold=True, key=label_tag(paragraph, context, parted=parted), family=family)
    link = paragraph.add(link_element(line.target, context, said=line.number))
    return StyledRun(number, bold=True, key=RunTag(link, context.style("crisis").colour), family=family)


def crisis_columns(
    columns: tuple[CrisisColumn, ...], section: Element, context: LayoutContext
) -> list[PlacedCrisisColumn]:
    """Return the columns with their lines, and their elements below `section`; one with all where room is scarce."""
    theme, style = context.theme, context.style("crisis")
    if theme.paper.labels_above:
        return [stacked_crisis_column(columns, section, context)]
    placed: list[PlacedCrisisColumn] = []
    x = theme.margin + CRISIS_SIDE
    room = theme.right - CRISIS_SIDE - x
    gap = crisis_column_gap(columns, room, style)
    for column, width in zip(
        columns, crisis_column_widths(columns, room - gap * (len(columns) - 1), style), strict=True
    ):
        part = section.add(Element("Div"))
        question = StyledRun(column.question, key=RunTag(part.add(Element("P")), style.colour))
        texts = [CrisisText(break_lines((question,), replace(style, balance=True), width))]
        for group in crisis_line_groups(column.lines):
            paragraph = part.add(Element("P"))
            lines = break_lines(contact_line_runs(group, paragraph, context), style, width)
            texts.append(CrisisText(lines, None if group[-1].number else paragraph))
        placed.append(PlacedCrisisColumn(x, width, longest_word_width(column, style), tuple(texts)))
        x += width + gap
    return placed


def stacked_crisis_column(
    columns: Sequence[CrisisColumn], section: Element, context: LayoutContext
) -> PlacedCrisisColumn:
    """Return all needs one below another, each question before its numbers; lines to write on come last."""
    theme, style = context.theme, context.style("crisis")
    x = theme.margin + CRISIS_SIDE
    width = theme.right - CRISIS_SIDE - x
    texts = [text for column in columns for text in stacked_crisis_texts(column, width, section, context)]
    return PlacedCrisisColumn(x, width, max(longest_word_width(column, style) for column in columns), tuple(texts))


def stacked_crisis_texts(
    column: CrisisColumn, width: float, section: Element, context: LayoutContext
) -> Iterator[CrisisText]:
    """Yield the question of a column with its numbers, and a line to write on at its end if there is room."""
    style = context.style("crisis")
    part = section.add(Element("Div"))
    runs = [StyledRun(f"{column.question} ", key=RunTag(part.add(Element("P")), style.colour))]
    numbers, paragraph = [line for line in column.lines if line.number], part.add(Element("P"))
    parted = has_link_or_field(numbers, context)
    for line in numbers:
        runs.append(
            StyledRun(
                f"{with_no_break_spaces(line.label)}{NO_BREAK_SPACE}", key=label_tag(paragraph, context, parted=parted)
            )
        )
        runs.append(number_run(line, paragraph, context, parted=parted))
        runs.append(StyledRun(CONTACT_GAP, key=label_tag(paragraph, context, parted=parted)))
    lines = break_lines(runs, style, width)
    for blank in (line for line in column.lines if not line.number):
        below = part.add(Element("P"))
        label = StyledRun(with_no_break_spaces(blank.label), key=label_tag(below, context, parted=context.fillable))
        longer = break_lines((*runs, label), style, width)
        if len(longer) == len(lines) and width - longer[-1].width >= LEAST_WRITING_WIDTH:
            yield CrisisText(longer, below)
        else:
            yield CrisisText(lines)
            yield CrisisText(break_lines((label,), style, width), below)
        return
    yield CrisisText(lines)


def crisis_column_items(column: PlacedCrisisColumn, context: LayoutContext) -> list[PageItem]:
    """Return the items of one column, from the top of its box down."""
    style = context.style("crisis")
    items: list[PageItem] = []
    baseline = CRISIS_PAD + baseline_offset(style)
    for text in column.texts:
        for line in text.lines:
            items.extend(line_items(line, column.x, baseline))
            baseline += style.leading
        if text.blank:
            start = column.x + (text.lines[-1].width + style.size / 2 if text.lines else 0.0)
            items.extend(
                writing_field_items(start, column.x + column.width, baseline - style.leading, text.blank, context)
            )
    return items


def writing_field_items(
    start: float, end: float, baseline: float, paragraph: Element, context: LayoutContext
) -> Iterator[PageItem]:
    """Yield a line to write on, and in a form its field, which has the same words on each page."""
    style, level = context.style("crisis"), baseline + WRITING_LINE_DROP
    ends: tuple[Command, ...] = (("M", (start, level)), ("L", (end, level)))
    yield from decoration_items((Path(ends, stroke="ink", width=WRITING_LINE_THICKNESS, cap="butt"),), 0.0, 0.0)
    if context.fillable:
        form = paragraph.add(Element("Form", tooltip=context.words.say("field_local")))
        height = style.leading - FIELD_HEIGHT_LESS
        yield FieldItem(
            "line", LOCAL_NUMBER_FIELD, start, level - height, end - start, height, style.size - FIELD_SIZE_LESS, form
        )


def with_repeated_crisis_box(pages: Sequence[Page], root: Element, crisis: CrisisBox) -> tuple[Page, ...]:
    """Return `pages`, all of which show the crisis box, with what it holds in the tree of each of them.

    Adds the elements below `root`, whose other children are in reading order.
    """
    if not crisis.read:
        return tuple(pages)
    ends = last_children_by_page(pages, root)
    sections, made = [crisis.section], [pages[0]]
    for page in pages[1:]:
        section = Element("Sect")
        made.append(replace(page, items=(*page.items, *repeated_crisis_items(crisis, section))))
        sections.append(section)
    for end, section in reversed([*zip(ends, sections, strict=True)]):
        root.children.insert(end, section)
    return tuple(made)


def last_children_by_page(pages: Sequence[Page], root: Element) -> list[int]:
    """Return for each page how many children of `root` begin on it or before it."""
    parents = parent_by_element(root)
    numbers = {child: number for number, child in enumerate(root.children, 1)}
    ends, end = [], 0
    for page in pages:
        for item in page.items:
            element = item.element
            if element is not None and element.role != ARTIFACT and element in parents:
                end = max(end, numbers[top_level_element(element, parents, root)])
        ends.append(end)
    return ends


def top_level_element(element: Element, parents: dict[Element, Element | None], root: Element) -> Element:
    """Return the child of `root` that holds an element."""
    above = parents[element]
    while above is not None and above is not root:
        element, above = above, parents[above]
    return element


def repeated_crisis_items(crisis: CrisisBox, section: Element) -> Iterator[PageItem]:
    """Yield what can be clicked on and filled in of a box that is painted again, its elements below `section`."""
    for (link, extent), name in zip(link_bounds(crisis.read), crisis.names, strict=True):
        twin = section.add(Element("P")).add(link.holding([]))
        twin.alt = name
        yield LinkItem(extent.left, extent.top, extent.right - extent.left, extent.bottom - extent.top, twin)
    for item in crisis.read:
        if isinstance(item, FieldItem):
            yield replace(item, element=section.add(Element("P")).add(item.element.holding([])))


def link_bounds(items: Sequence[PageItem]) -> Iterator[tuple[Element, CoveredArea]]:
    """Yield each link among `items` and what its words cover: a number, which no line break parts."""
    found: dict[Element, CoveredArea] = {}
    for item in items:
        if isinstance(item, TextItem) and item.element and item.element.target:
            extent = item_bounds(item)
            found[item.element] = extent.around(found.get(item.element, extent))
    yield from found.items()
