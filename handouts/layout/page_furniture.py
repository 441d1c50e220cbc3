"""Lay out the parts that every page has: the running head, the foot, and the crisis box with its phone numbers.

The crisis box is in the structure tree once, on the first page. Other pages paint it as an artifact, and only its links
and its form field have elements there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import CrisisColumn, CrisisLine, Document
from handouts.figures.decorative_lines import page_mark_drawing
from handouts.figures.labels import largest_fitting
from handouts.figures.shapes import Rectangle
from handouts.finding import Finding, error
from handouts.layout.boxes import (
    WRITING_LINE,
    as_artifacts,
    decoration,
    decoration_items,
    moved_down,
    rule,
    straight_line,
)
from handouts.layout.inline_text import (
    LayoutContext,
    Measure,
    RunTag,
    baseline_offset,
    lines_box,
    link_element,
    number_family,
    plain_text_box,
    with_no_break_spaces,
)
from handouts.layout.page_model import (
    CoveredArea,
    Element,
    FieldItem,
    LinkItem,
    Page,
    PageItem,
    TextItem,
    item_bounds,
    leaf_items,
    pagination_artifact,
)
from handouts.layout.structure_tree import walk_elements
from handouts.text.line_breaking import StyledRun, TextLine, break_lines, text_width
from handouts.theme import Theme, TypeStyle

# ---------------------------------------------------------------- running head and foot

HEADING_BELOW_HEAD, TEXT_BELOW_HEAD, ABOVE_CRISIS = 10.0, 12.0, 12.0  # below the running head, above the crisis box
HEAD_ABOVE, HEAD_GAP = 6.0, 12.0
_FOOT_ABOVE, _FOOT_GAP = 18.0, 8.0
_WIDEST_DIGIT = "8"


def head_bottom(theme: Theme) -> float:
    """Return the y of the bottom of the running head."""
    return theme.margin - HEAD_ABOVE + theme.print["foot"].leading


def running_head_items(document: Document, context: LayoutContext) -> tuple[PageItem, ...]:
    """Return the running head of all pages: a mark, the short title above the text, and the label at the right.

    Where the rail is narrow there is no mark, and only the label if there is no room for both texts.
    """
    theme, style = context.theme, context.style("foot")
    element, above = pagination_artifact("Header"), theme.paper.labels_above
    left, top = theme.margin if above else theme.axis, theme.margin - HEAD_ABOVE
    label = text_width(document.label, style)
    room = theme.right - left - label - (HEAD_GAP if label else 0.0)
    fits = text_width(document.running_title, style) <= room
    if not fits and not above:
        context.findings.append(_long_title_finding(document, style, room))
    if above and not fits and label:
        return moved_down(plain_text_box(document.label, element, style, left, theme.right - left).items, top)
    title = plain_text_box(document.running_title, element, style, left, max(room, style.size))
    right = plain_text_box(document.label, element, style, theme.right - label, label + 1)
    mark = () if above else decoration_items(page_mark_drawing(theme.line).shapes, theme.margin, top)
    return (*mark, *moved_down((*title.items, *right.items), top))


def _long_title_finding(document: Document, style: TypeStyle, room: float) -> Finding:
    """Return the finding for a short title that does not fit into `room` beside the label."""
    title = document.running_title
    letters = largest_fitting(lambda count: text_width(title[:count].strip(), style) <= room, len(title) - 1)
    words = f"'{title}' and '{document.label}' do not fit side by side at the head of a page"
    message = f"{words}: {len(title)} letters stand before the label, and about {letters} fit."
    hint = f"write a short title of about {letters} letters" if letters else "write a shorter label of the reader"
    return error("running-title-too-long", message, hint=hint)


def foot_items(document: Document, number: int, count: int, context: LayoutContext) -> tuple[PageItem, ...]:
    """Return the foot of a page: its text at the left, the page number in bold at the end of the last line."""
    theme, style = context.theme, context.style("foot")
    element, bold = pagination_artifact("Footer"), replace(style, bold=True, colour="ink")
    page = with_no_break_spaces(document.words.say("page", n=number, m=count))
    width = text_width(page, bold)
    room, lines = _foot_lines(document, theme, count)
    left = plain_text_box(document.foot, element, style, theme.margin, room)
    right = plain_text_box(page, element, bold, theme.right - width, width + 1)
    last = theme.paper.height - theme.margin - baseline_offset(style)
    first = last - (lines - 1) * style.leading
    return (*moved_down(left.items, first), *moved_down(right.items, last))


def _foot_lines(document: Document, theme: Theme, count: int) -> tuple[float, int]:
    """Return the width for the text of the foot, and the number of lines of a foot with one of `count` page numbers.

    If text and page number do not fit on one line, the text has the full width, and the number stands at the end of its
    last line, or on a further line.
    """
    style, all_width = theme.print["foot"], theme.right - theme.margin
    widest = _WIDEST_DIGIT * len(str(count))
    page = text_width(document.words.say("page", n=widest, m=widest), replace(style, bold=True))
    room = all_width - page - _FOOT_GAP
    if text_width(document.foot, style) <= room:
        return room, 1
    lines = break_lines((StyledRun(document.foot),), style, all_width)
    return all_width, len(lines) + (lines[-1].width > room)


def foot_height(document: Document, theme: Theme, count: int) -> float:
    """Return the height of the foot of each of `count` pages, from the edge of the paper to the space above it."""
    _, lines = _foot_lines(document, theme, count)
    return theme.margin + _FOOT_ABOVE + theme.print["foot"].leading * (lines - 1)


# ---------------------------------------------------------------- the widths of the columns of the crisis box

_COLUMN_GAP, _LEAST_COLUMN_GAP, _WRITING_WIDTH = 16.0, 12.0, 44.0
_USUAL_COLUMN_WIDTHS = (102.0, 168.0, 181.28)  # the widths of three columns on the narrowest paper
_QUESTION_LINES, _LEAST_LINES = 2, 3  # the most lines that a question should have, the least that the box has
_CONTACT_SEPARATOR = "\u00a0· "


def _column_gap_and_widths(
    columns: Sequence[CrisisColumn], room: float, style: TypeStyle
) -> tuple[float, Sequence[float]]:
    """Return the gap between columns and the width of each; together they take up `room`.

    The gap is the usual one, or a little less if that makes all text fit. Widths are the usual ones if all text fits
    them, else they are divided by need. If there is room, no column has more lines than the box has at least.
    """
    low = [_width_for_lines(column, _question_line_limit(column), style) for column in columns]
    spare = (room - sum(low)) / max(1, len(columns) - 1)
    gap = spare if _LEAST_COLUMN_GAP <= spare < _COLUMN_GAP else _COLUMN_GAP
    room -= gap * (len(columns) - 1)
    wanted = low if sum(low) <= room else [_width_for_lines(column, _QUESTION_LINES, style) for column in columns]
    usual = [room * each / sum(_USUAL_COLUMN_WIDTHS) for each in _USUAL_COLUMN_WIDTHS]
    if len(columns) == len(usual) and all(want <= each for want, each in zip(wanted, usual, strict=True)):
        return gap, usual
    spare = room - sum(wanted)
    if spare >= 0:
        return gap, [want + spare / len(columns) for want in wanted]
    least = [_longest_word_width(column, style) for column in columns]
    beyond = sum(wanted) - sum(least)
    share = max(0.0, room - sum(least)) / beyond if beyond else 0.0
    return gap, [need + share * (want - need) for want, need in zip(wanted, least, strict=True)]


def _question_line_limit(column: CrisisColumn) -> int:
    """Return the most lines that a column's question may have if the box is to have no more than the least lines."""
    return min(_QUESTION_LINES, max(1, _LEAST_LINES - len(_line_groups(column.lines))))


def _width_for_lines(column: CrisisColumn, lines: int, style: TypeStyle) -> float:
    """Return the least width at which a column's question has at most `lines` lines and each of its texts one."""

    def fits(width: float) -> bool:
        return len(break_lines((StyledRun(column.question),), style, width)) <= lines

    most = max((_group_width(group, style) for group in _line_groups(column.lines)), default=0.0)
    low, high = max(most, _longest_word_width(column, style)), max(text_width(column.question, style), most)
    if fits(low):
        return low
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def _longest_word_width(column: CrisisColumn, style: TypeStyle) -> float:
    """Return the width of the widest word or number of a column."""
    words = [text_width(word, style) for word in _column_words(column)]
    numbers = [_number_width(line.number, style) for line in column.lines if line.number]
    return max((*words, *numbers), default=0.0) + 0.1


def _column_words(column: CrisisColumn) -> list[str]:
    """Return the words of the question and the labels of a column."""
    return [word for text in (column.question, *(line.label for line in column.lines)) for word in text.split()]


def _line_groups(lines: Sequence[CrisisLine]) -> tuple[tuple[CrisisLine, ...], ...]:
    """Return groups of lines that are set as one text: each line alone, or all numbers together if they are many."""
    numbers = tuple(line for line in lines if line.number)
    if len(numbers) < _LEAST_LINES:
        return tuple((line,) for line in lines)
    return numbers, *((line,) for line in lines if not line.number)


def _group_width(group: Sequence[CrisisLine], style: TypeStyle) -> float:
    """Return the width at which the lines of one text stand in pairs, with their separators."""
    between = text_width(with_no_break_spaces(_CONTACT_SEPARATOR), style) if len(group) > 1 else 0.0
    widths = []
    for line in group:
        number = _number_width(line.number, style) if line.number else _WRITING_WIDTH
        widths.append(text_width(f"{line.label}\u00a0", style) + number + 0.1)
    pairs = [sum(widths[index : index + 2]) for index in range(0, len(widths), 2)]
    return max(pairs) + 1.7 * between


def _number_width(number: str, style: TypeStyle) -> float:
    """Return the width of a phone number on one line."""
    return text_width(with_no_break_spaces(number), replace(style, bold=True), number_family(number))


# ---------------------------------------------------------------- the crisis box

_CRISIS_PAD, _CRISIS_SIDE, _CRISIS_RADIUS = 9.0, 14.0, 6.0
_MOST_SIDE_BY_SIDE = 3  # columns: with more, none would have room to write a number
_DIVIDER, _DIVIDER_SHARE = (
    0.75,
    0.75,
)  # its thickness; its place in the gap between two columns, as a share from the right
_WRITING_LINE_DROP, _LEAST_WRITING_WIDTH = 2.0, 90.0  # below the baseline; enough to write a number
_CONTACT_GAP = "\u00a0\u00a0 "
LOCAL_NUMBER_FIELD = "crisis-local"  # the form field for the local number
_FIELD_HEIGHT_LESS, _FIELD_SIZE_LESS = 1.5, 2.0


class _CrisisBox(Struct, frozen=True):
    """The laid-out crisis box: its height, its items on the first page, where it is tagged, and on the other pages.

    Its elements on the first page are below `section`. `link_names` say what each of its links calls, in their order.
    """

    height: float
    section: Element
    first_page_items: tuple[PageItem, ...] = ()
    other_page_items: tuple[PageItem, ...] = ()
    link_names: tuple[str, ...] = ()


class _PlacedColumn(Struct):
    """One column of the crisis box: its measure, the number of its lines so far, and their items from its top."""

    measure: Measure
    lines: int = 0
    items: tuple[PageItem, ...] = ()

    def add_text(self, lines: Sequence[TextLine], context: LayoutContext, blank: Element | None = None) -> None:
        """Add a text below the others; if `blank`, the element of its paragraph, is given, it ends with a writing line.

        In a fillable file that line has a form field, which shows the same text on each page.
        """
        style, x = context.style("crisis"), self.measure.x
        self.items += moved_down(lines_box(lines, style, x).items, self.lines * style.leading)
        self.lines += len(lines)
        if blank is None:
            return
        start = x + (lines[-1].width + style.size / 2 if lines else 0.0)
        level = (self.lines - 1) * style.leading + baseline_offset(style) + _WRITING_LINE_DROP
        self.items += (rule(start, self.measure.right, level, WRITING_LINE),)
        if context.fillable:
            form = blank.add(Element("Form", tooltip=context.words.say("field_local")))
            height, width = style.leading - _FIELD_HEIGHT_LESS, self.measure.right - start
            area, size = (start, level - height, width, height), style.size - _FIELD_SIZE_LESS
            self.items += (FieldItem("line", LOCAL_NUMBER_FIELD, *area, size, form),)


def crisis_height(document: Document, theme: Theme) -> float:
    """Return the height of the crisis box, 0 if there is none."""
    return crisis_box(document, 0.0, LayoutContext(theme, document.words, 0.0)).height


def crisis_box(document: Document, foot: float, context: LayoutContext) -> _CrisisBox:
    """Return the crisis box above a foot of this height, an empty one if the document has no columns for it."""
    columns, theme, full = document.crisis.columns, context.theme, context.full_width
    section = Element("Sect")
    if not columns:
        return _CrisisBox(0.0, section)
    inside = Measure(full.x + _CRISIS_SIDE, full.width - 2 * _CRISIS_SIDE)
    if theme.paper.labels_above or len(columns) > _MOST_SIDE_BY_SIDE:
        placed = [_stacked_column(columns, inside, section, context)]
    else:
        placed = _columns_side_by_side(columns, inside, section, context)
    _check_column_widths(columns, placed, inside, context)
    height = max(_LEAST_LINES, *(column.lines for column in placed)) * context.style("crisis").leading + 2 * _CRISIS_PAD
    frame = Rectangle(0, 0, full.width, height, _CRISIS_RADIUS, "white", "ink", theme.edition.crisis_edge)
    items: list[PageItem] = [decoration(frame, full.x)]
    for before, column in pairwise(placed):
        x = column.measure.x - _DIVIDER_SHARE * (column.measure.x - before.measure.right)
        items.append(straight_line((x, _CRISIS_PAD), (x, height - _CRISIS_PAD), _DIVIDER))
    for column in placed:
        items += moved_down(column.items, _CRISIS_PAD)
    read = moved_down(items, theme.paper.height - foot - height)
    names = [_link_name(line) for column in columns for line in column.lines if line.target]
    return _CrisisBox(height, section, read, as_artifacts(read), tuple(names))


def _link_name(line: CrisisLine) -> str:
    """Return what a link calls: its label and number, or the label alone if only this copy has the number."""
    return line.label if line.own else f"{line.label} {line.number}".replace("\u00a0", " ")


def _check_column_widths(
    columns: Sequence[CrisisColumn], placed: Sequence[_PlacedColumn], inside: Measure, context: LayoutContext
) -> None:
    """Add a finding if a word or number is wider than its column, or the columns are wider than the box."""
    needed = [_longest_word_width(column, context.style("crisis")) for column in columns]
    if len(placed) < len(columns):
        needed = [max(needed)]
    narrow = [need - column.measure.width for need, column in zip(needed, placed, strict=True)]
    outside = max(column.measure.right for column in placed) - inside.right
    if max(*narrow, outside) <= 1:
        return
    lacking = max(sum(max(0.0, each) for each in narrow), outside)
    message = f"The words and numbers of the crisis box need {lacking:.0f} points more than there are side by side."
    longest = max((word for column in columns for word in _column_words(column)), key=len)
    hint = f"use fewer columns, or a shorter word than “{longest}”"
    context.findings.append(error("crisis-too-wide", message, hint=hint))


def _columns_side_by_side(
    columns: Sequence[CrisisColumn], inside: Measure, section: Element, context: LayoutContext
) -> list[_PlacedColumn]:
    """Return the columns with their lines; their elements are added to `section`."""
    style = context.style("crisis")
    placed: list[_PlacedColumn] = []
    x = inside.x
    gap, widths = _column_gap_and_widths(columns, inside.width, style)
    for column, width in zip(columns, widths, strict=True):
        made = _PlacedColumn(Measure(x, width))
        part = section.add(Element("Div"))
        question = StyledRun(column.question, key=RunTag(part.add(Element("P")), style.colour))
        made.add_text(break_lines((question,), replace(style, balance=True), width), context)
        for group in _line_groups(column.lines):
            paragraph = part.add(Element("P"))
            lines = break_lines(_group_runs(group, paragraph, context), style, width)
            made.add_text(lines, context, None if group[-1].number else paragraph)
        placed.append(made)
        x += width + gap
    return placed


def _group_runs(group: Sequence[CrisisLine], paragraph: Element, context: LayoutContext) -> Iterator[StyledRun]:
    """Yield the labels and the numbers of one text, each number kept on the line of its label."""
    parted = _has_link_or_field(group, context)
    for index, line in enumerate(group):
        label = f"{line.label} " if line.number else line.label
        words = f"{_CONTACT_SEPARATOR if index else ''}{with_no_break_spaces(label) if len(group) > 1 else label}"
        yield StyledRun(words, key=_label_tag(paragraph, context, parted=parted))
        if line.number:
            yield _number_run(line, paragraph, context, parted=parted)


def _stacked_column(
    columns: Sequence[CrisisColumn], inside: Measure, section: Element, context: LayoutContext
) -> _PlacedColumn:
    """Return all columns one below another, each with its question, its numbers, and a line to write on.

    The line to write on is beside the numbers if there is room, else on a line of its own.
    """
    style, made = context.style("crisis"), _PlacedColumn(inside)
    for column in columns:
        part = section.add(Element("Div"))
        runs = [StyledRun(f"{column.question} ", key=RunTag(part.add(Element("P")), style.colour))]
        numbers, paragraph = [line for line in column.lines if line.number], part.add(Element("P"))
        parted = _has_link_or_field(numbers, context)
        for line in numbers:
            label = f"{with_no_break_spaces(line.label)}\u00a0"
            runs.append(StyledRun(label, key=_label_tag(paragraph, context, parted=parted)))
            runs.append(_number_run(line, paragraph, context, parted=parted))
            runs.append(StyledRun(_CONTACT_GAP, key=_label_tag(paragraph, context, parted=parted)))
        lines = break_lines(runs, style, inside.width)
        blank = next((line for line in column.lines if not line.number), None)
        if blank is None:
            made.add_text(lines, context)
            continue
        below = part.add(Element("P"))
        words = with_no_break_spaces(blank.label)
        last = StyledRun(words, key=_label_tag(below, context, parted=context.fillable))
        longer = break_lines((*runs, last), style, inside.width)
        if len(longer) == len(lines) and inside.width - longer[-1].width >= _LEAST_WRITING_WIDTH:
            made.add_text(longer, context, below)
        else:
            made.add_text(lines, context)
            made.add_text(break_lines((last,), style, inside.width), context, below)
    return made


def _has_link_or_field(lines: Sequence[CrisisLine], context: LayoutContext) -> bool:
    """True if a text of these lines has a link or a form field."""
    return any(line.target or (context.fillable and not line.number) for line in lines)


def _label_tag(paragraph: Element, context: LayoutContext, *, parted: bool) -> RunTag:
    """Return the tag of a label; if `parted`, because the paragraph has other children, with its own element."""
    return RunTag(paragraph.add(Element("Span")) if parted else paragraph, context.style("crisis").colour)


def _number_run(line: CrisisLine, paragraph: Element, context: LayoutContext, *, parted: bool) -> StyledRun:
    """Return a phone number, as a link if it can be called."""
    if line.target:
        link = paragraph.add(link_element(line.target, context, words=line.number))
        tag = RunTag(link, context.style("crisis").colour)
    else:
        tag = _label_tag(paragraph, context, parted=parted)
    return StyledRun(with_no_break_spaces(line.number), bold=True, key=tag, family=number_family(line.number))


# ---------------------------------------------------------------- the crisis box on further pages


def with_repeated_crisis_box(pages: Sequence[Page], root: Element, crisis: _CrisisBox) -> tuple[Page, ...]:
    """Return `pages`, which show the crisis box already, with its links and its field on each page.

    Adds the elements of the box to `root`, those of each page at its end; all other children are in reading order.
    """
    if not crisis.first_page_items:
        return tuple(pages)
    numbers = {element: n for n, child in enumerate(root.children, 1) for element in walk_elements(child)}
    ends, made, end = [], [], 0  # ends: the number of children of the root up to the end of each page
    for index, page in enumerate(pages):
        end = max([end, *(numbers.get(item.element, 0) for item in leaf_items(page.items) if item.element)])
        section = Element("Sect") if index else crisis.section
        ends.append((end, section))
        made.append(replace(page, items=(*page.items, *_repeated_items(crisis, section))) if index else page)
    for end, section in reversed(ends):
        root.children.insert(end, section)
    return tuple(made)


def _repeated_items(crisis: _CrisisBox, section: Element) -> Iterator[PageItem]:
    """Yield the links and the field of a crisis box that is an artifact; their elements are added to `section`."""
    links: dict[Element, CoveredArea] = {}  # a link is a number, which is on one line
    for item in crisis.first_page_items:
        if isinstance(item, TextItem) and item.element and item.element.target:
            area = item_bounds(item)
            links[item.element] = area.around(links.get(item.element, area))
    for (link, area), name in zip(links.items(), crisis.link_names, strict=True):
        twin = section.add(Element("P")).add(replace(link, children=[], alt=name))
        yield LinkItem(area.left, area.top, area.right - area.left, area.bottom - area.top, twin)
    for item in crisis.first_page_items:
        if isinstance(item, FieldItem):
            yield replace(item, element=section.add(Element("P")).add(replace(item.element, children=[])))
