"""Turn one planned slide into page items: background, ornaments, text, tables, drawings, pictures and foot.

Lines, places and heights are those of the deck's plan; nothing is measured anew. Each text gets its structure
element: lists become lists, links become links, tables have heads and spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.deck.fitting import LINE_FILL, paragraph_style
from handouts.deck.layouts import (
    CELL_PADDING,
    FOOT_AREA,
    NUMBER_AREA,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    SlideArea,
    SlideLayout,
    layout_named,
)
from handouts.deck.planned_slides import (
    CellText,
    FilledPlaceholder,
    GridCell,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideParagraph,
    TextLevel,
    TextRun,
)
from handouts.deck.slide_ornaments import layout_ornaments
from handouts.deck.slide_text import SOURCE_TAB, Runs
from handouts.deck.styles import CELL_BULLET_INDENT, ROW_FRAME_WIDTH, TABLE_RULES, LevelStyle, placeholder_levels
from handouts.figures.shapes import Rectangle
from handouts.layout.boxes import as_artifacts, decoration, moved_item, rule
from handouts.layout.illustrations import shape_items
from handouts.layout.inline_text import RunTag, line_items
from handouts.layout.page_model import Element, ImageItem, PageItem, TextItem, table_cell
from handouts.text.fonts import SCREEN_FAMILY, family_in, screen_descent
from handouts.text.line_breaking import StyledRun, TextLine, break_lines
from handouts.theme import Theme, TypeStyle

_BULLET_SIGN = "•"
_WIDEST_MARK, _SOURCE_INDENT = 10.0, 2.1  # in em: room for a mark; where the text of a source begins
_LIST_DEPTHS: Mapping[TextLevel, int] = {"bullet": 1, "step": 1, "bullet2": 2, "step2": 2, "bullet3": 3}
_NUMBERED_LEVELS = ("step", "step2")


class DeckPageContext(Struct, frozen=True):
    """What all slides of a file share: looks, page mark, foot, and what stands before the number of each slide.

    Citations of `sources`, given by their keys, lead to the list of sources in the same file. `pictures` gives for a
    picture with clear parts the same one on white. Links have the colour role `linked`, or "" for that of their text.
    """

    theme: Theme
    mark: tuple[PlacedDrawing, ...]
    foot: tuple[SlideParagraph, ...]
    state: Runs
    sources: frozenset[str]
    pictures: Mapping[bytes, bytes]
    linked: str = "accent"


class _SetParagraph(Struct, frozen=True):
    """A paragraph in lines, `left` from the edge of its text, and before it the mark of a list item or a source."""

    lines: tuple[TextLine, ...]
    style: TypeStyle
    left: float
    mark: tuple[TextLine, ...] = ()
    mark_left: float = 0.0

    @property
    def height(self) -> float:
        """The height of its lines."""
        return max(len(self.lines), 1) * self.style.leading

    def items(self, x: float, y: float) -> Iterator[PageItem]:
        """Yield its items with its top left corner at a place: the mark first, in reading order."""
        first = y + self.style.leading - screen_descent(self.style.typeface) * self.style.size  # a baseline
        for line in self.mark:
            yield from line_items(line, x + self.mark_left, first)
        for index, line in enumerate(self.lines):
            yield from line_items(line, x + self.left, first + index * self.style.leading)


class _OpenLists(Struct):
    """Where in the structure tree the next paragraph belongs.

    The lists that are open, outermost first, each with its depth, if it is numbered, its element and its last item.
    """

    parent: Element
    open: list[tuple[int, bool, Element, Element]] = field(default_factory=list)

    def text(self) -> Element:
        """Return the element of a paragraph outside of lists."""
        self.open.clear()
        return self.parent.add(Element("P"))

    def within(self) -> Element:
        """Return the element of a further paragraph of the open item."""
        return (self.open[-1][3] if self.open else self.parent).add(Element("P"))

    def item(self, depth: int, *, counted: bool) -> tuple[Element, Element]:
        """Return the elements of the mark and of the first paragraph of an item, in a list that is `counted` or not."""
        while self.open and (self.open[-1][0] > depth or self.open[-1][:2] == (depth, not counted)):
            self.open.pop()
        if self.open and self.open[-1][0] == depth:
            listing = self.open.pop()[2]
        else:
            numbering = "Decimal" if counted else "Disc"
            above = self.open[-1][3] if self.open else self.parent
            listing = above.add(Element("L", attributes=(("List", "ListNumbering", numbering),)))
        entry = listing.add(Element("LI"))
        label, body = entry.add(Element("Lbl")), entry.add(Element("LBody"))
        self.open.append((depth, counted, listing, body))
        return label, body.add(Element("P"))


def _set_paragraph(
    paragraph: SlideParagraph, look: LevelStyle, width: float, lists: _OpenLists, context: DeckPageContext
) -> _SetParagraph:
    """Return one paragraph in lines."""
    style, room = look.style, width - look.left
    if any(run.text == SOURCE_TAB for run in paragraph.runs):
        return _set_source_entry(paragraph, look, room, lists, context)
    if paragraph.level in _LIST_DEPTHS:
        counted = paragraph.level in _NUMBERED_LEVELS
        label, element = lists.item(_LIST_DEPTHS[paragraph.level], counted=counted)
        number = f"{paragraph.number}" if look.bullet == "node" else f"{paragraph.number}."
        marks = _mark_lines(number if counted else _BULLET_SIGN, label, style, look.bullet_colour)
        lines = _set_lines(paragraph.runs, element, style, room, context)
        return _SetParagraph(lines, style, look.left, marks, look.left - look.hanging)
    element = lists.within() if paragraph.level == "within" else lists.text()
    return _SetParagraph(_set_lines(paragraph.runs, element, style, room, context), style, look.left)


def _mark_lines(mark: str, label: Element, style: TypeStyle, colour: str) -> tuple[TextLine, ...]:
    """Return the mark of an item of a list as a line."""
    run = StyledRun(mark, style.bold, RunTag(label, colour))
    return break_lines((run,), style, _WIDEST_MARK * style.size, SCREEN_FAMILY)


def _set_source_entry(
    paragraph: SlideParagraph, look: LevelStyle, room: float, lists: _OpenLists, context: DeckPageContext
) -> _SetParagraph:
    """Return one entry of the list of sources: its number hangs before it, and citations lead to it."""
    at = next(index for index, run in enumerate(paragraph.runs) if run.text == SOURCE_TAB)
    label, element = lists.item(1, counted=True)
    element.anchor = _source_anchor(paragraph.runs[0])
    left = look.left or _SOURCE_INDENT * look.style.size
    numbers = _set_lines(paragraph.runs[:at], label, look.style, left, context)
    lines = _set_lines(paragraph.runs[at + 1 :], element, look.style, room + look.left - left, context)
    return _SetParagraph(lines, look.style, left, numbers)


def _source_anchor(number: TextRun) -> str:
    """Return the name of the place where the source with a `number` is listed: the same as in a handout."""
    return f"source-{number.text}"


def _set_lines(
    runs: Sequence[TextRun], element: Element, style: TypeStyle, width: float, context: DeckPageContext
) -> tuple[TextLine, ...]:
    """Return `runs` in the lines that the plan measured, tagged as `element` and elements below it."""
    tagged = tuple(_tagged_runs(runs, element, style, context))
    return break_lines(tagged, style, LINE_FILL * width, SCREEN_FAMILY, filled=True)


def _tagged_runs(
    runs: Sequence[TextRun], element: Element, style: TypeStyle, context: DeckPageContext
) -> Iterator[StyledRun]:
    """Yield `runs` tagged as `element`, or each as a child of it if any is a link, bold or in another language."""
    worded = [(run, _run_element(run, context)) for run in runs if run.text]
    plain = all(child.role == "Span" and not child.language for _, child in worded)
    for run, child in worded:
        linked = bool(child.target)
        colour = (context.linked or style.colour) if linked else style.colour
        yield StyledRun(run.text, run.bold, RunTag(element if plain else element.add(child), colour, linked))


def _run_element(run: TextRun, context: DeckPageContext) -> Element:
    """Return the element of a run: a link, strong or a span."""
    target = run.target or (f"#{_source_anchor(run)}" if run.source in context.sources else "")
    if target:
        return Element("Link", target=target, tooltip=run.tooltip, language=run.language)
    return Element("Strong" if run.bold else "Span", language=run.language)


def _paragraph_tops(blocks: Sequence[_SetParagraph]) -> tuple[tuple[float, ...], float]:
    """Return where each block begins below the top of the first, and the height of all, as the plan counts it."""
    tops: list[float] = []
    y, after = 0.0, 0.0
    for block in blocks:
        y += after + (block.style.before if tops else 0.0)  # programs leave no space above the first paragraph
        tops.append(y)
        y += block.height
        after = block.style.after
    return tuple(tops), y


def _row_tops(table: PlacedTable) -> tuple[float, ...]:
    """Return the top of each row of `table`, and last the bottom of all."""
    return tuple(accumulate((row.height for row in table.rows), initial=table.y))


def _placed_cells(table: PlacedTable) -> Iterator[tuple[int, GridCell, SlideArea]]:
    """Yield the cells of `table` that are not covered: the index of the row, the cell, and its area with all spans."""
    tops, lefts = _row_tops(table), tuple(accumulate(table.columns, initial=table.x))
    for index, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            if not cell.covered:
                x, y = lefts[column], tops[index]
                right, bottom = lefts[column + cell.columns], tops[index + cell.rows]
                yield index, cell, SlideArea(x, y, right - x, bottom - y)


def _slide_table_items(table: PlacedTable, parent: Element, context: DeckPageContext) -> Iterator[PageItem]:
    """Yield the items of `table`, its element added to `parent`."""
    cells = tuple(_placed_cells(table))
    for _, cell, area in cells:
        if cell.fill:
            yield _box_item(area, fill=cell.fill)
    yield from _row_rules(table)
    for row, top in zip(table.rows, _row_tops(table), strict=False):
        if row.frame:
            area = SlideArea(table.x, top, sum(table.columns), row.height)
            yield _box_item(area, stroke=row.frame, edge=ROW_FRAME_WIDTH)
    element = parent.add(Element("Table"))
    lines = [element.add(Element("TR")) for _ in table.rows]
    for index, cell, area in cells:
        head = table.rows[index].header
        holder = lines[index].add(table_cell(head=head, header=cell.header, columns=cell.columns, rows=cell.rows))
        yield from _cell_items(cell, area, holder, context)


def _box_item(area: SlideArea, fill: str = "", stroke: str = "", edge: float = 0.0) -> PageItem:
    """Return the rectangle that `area` covers as an artifact."""
    return decoration(Rectangle(0.0, 0.0, area.width, area.height, fill=fill, stroke=stroke, edge=edge), area.x, area.y)


def _row_rules(table: PlacedTable) -> Iterator[PageItem]:
    """Yield the lines below rows: strong ones at the end and below the header, thin ones below all other cells."""
    last, tops = len(table.rows) - 1, _row_tops(table)
    ends = [row for row in range(last) if table.rows[row].header and not table.rows[row + 1].header] + [last]
    colour, thickness = TABLE_RULES["strong"]
    for row in ends:
        yield rule(table.x, table.x + sum(table.columns), tops[row + 1], thickness, colour)
    colour, thickness = TABLE_RULES["thin"]
    for index, cell, area in _placed_cells(table):
        if index + cell.rows - 1 not in ends:
            yield rule(area.x, area.x + area.width, area.y + area.height, thickness, colour)


def _cell_items(cell: GridCell, area: SlideArea, holder: Element, context: DeckPageContext) -> Iterator[PageItem]:
    """Yield the words of a cell, in the middle of its height."""
    room, lists = area.width - cell.left - cell.right, _OpenLists(holder)
    blocks = [_set_cell_paragraph(text, room, lists, context) for text in cell.texts]
    top = area.y + max(CELL_PADDING, (area.height - sum(block.height for block in blocks)) / 2)
    for block in blocks:
        shift = room - max((line.width for line in block.lines), default=room) if cell.align == "r" else 0.0
        yield from block.items(area.x + cell.left + shift, top)
        top += block.height


def _set_cell_paragraph(text: CellText, room: float, lists: _OpenLists, context: DeckPageContext) -> _SetParagraph:
    """Return one paragraph of a cell in lines, with its mark."""
    style = replace(text.style, before=0.0, after=0.0)
    if not text.mark:
        return _SetParagraph(_set_lines(text.runs, lists.text(), style, room, context), style, 0.0)
    indent = CELL_BULLET_INDENT * style.size
    label, element = lists.item(1, counted=text.mark.endswith("."))
    lines = _set_lines(text.runs, element, style, room - indent, context)
    return _SetParagraph(lines, style, indent, _mark_lines(text.mark, label, style, style.colour))


# The level of a title by its layout: that of the talk, those of its parts, and below them those of all other slides.
_TITLE_ROLES: Mapping[str, str] = {"title": "H1", "section": "H2"}
_SLIDE_TITLE_ROLE = "H3"


def slide_items(slide: PlannedSlide, number: int, section: Element, shared: DeckPageContext) -> tuple[PageItem, ...]:
    """Return all that is on a slide, its words in elements below `section`."""
    layout = layout_named(slide.layout.name)
    context = replace(shared, linked="") if layout.is_dark else shared
    items = [_box_item(SlideArea(0.0, 0.0, SLIDE_WIDTH, SLIDE_HEIGHT), fill=layout.ground)]
    for item in (*layout_ornaments(layout, context.theme, context.mark), *slide.items):
        match item:
            case FilledPlaceholder():
                items += placeholder_items(item, slide, section, context)
            case PlacedTable():
                items += _slide_table_items(item, section, context)
            case PlacedDrawing():
                items += _placed_drawing_items(item, section, context)
            case PlacedChart():
                items += _placed_drawing_items(item.drawn, section, context)
            case PlacedPicture():
                items.append(_placed_picture_item(item, layout, section, context))
            case _:
                assert_never(item)
    items += _slide_foot_items(layout, section if number == 1 else None, context)
    items += _slide_number_items(number, layout, context)
    return tuple(items)


def placeholder_items(
    filled: FilledPlaceholder, slide: PlannedSlide, section: Element, context: DeckPageContext
) -> Iterator[PageItem]:
    """Yield the text of a placeholder, at the top, in the middle or at the bottom of its place."""
    placeholder = layout_named(slide.layout.name).placeholder(filled.name)
    levels = placeholder_levels(placeholder, slide.layout, context.theme)
    if placeholder.kind == "title":
        holder = Element("Div")
    else:
        holder = section.add(Element("BlockQuote")) if placeholder.shape.endswith("bubble") else section
    lists = _OpenLists(holder)
    blocks = [
        _set_paragraph(each, paragraph_style(each, levels), placeholder.text_width, lists, context)
        for each in filled.paragraphs
    ]
    if placeholder.kind == "title":
        for title in holder.children:
            title.role = _TITLE_ROLES.get(slide.layout.name, _SLIDE_TITLE_ROLE)
            section.add(title)
    tops, height = _paragraph_tops(blocks)
    room = placeholder.area.height - height
    start = placeholder.area.y + {"t": 0.0, "ctr": room / 2, "b": room}[placeholder.anchor]
    for block, top in zip(blocks, tops, strict=True):
        yield from block.items(placeholder.area.x + placeholder.inset, start + top)


def _placed_drawing_items(placed: PlacedDrawing, section: Element, context: DeckPageContext) -> Iterator[PageItem]:
    """Yield a drawing as shapes and words: a figure if it has an alt text, else decoration."""
    element = section.add(Element("Figure", alt=placed.alt)) if placed.alt else None
    family = family_in(context.theme.typeface, SCREEN_FAMILY)
    for shape in placed.drawing.shapes:
        for item in shape_items(shape, element, family):
            yield moved_item(item, placed.x, placed.y)


def _placed_picture_item(
    picture: PlacedPicture, layout: SlideLayout, section: Element, context: DeckPageContext
) -> PageItem:
    """Return a picture at its place, on white where it has clear parts."""
    element = section.add(Element("Figure", alt=picture.alt)) if picture.alt else None
    place = picture.area or layout.placeholder("picture").area
    content = context.pictures.get(picture.content, picture.content)
    return ImageItem(content, place.x, place.y, place.width, place.height, element)


# ---------------------------------------------------------------- the foot


def _slide_foot_items(layout: SlideLayout, section: Element | None, context: DeckPageContext) -> tuple[PageItem, ...]:
    """Return the crisis lines at the foot, as text of `section`, or as an artifact without one."""
    element = Element("P")
    items = _foot_text_items(context.foot, FOOT_AREA, "foot", element, layout, context)
    if section and items:
        section.add(element)
        return items
    return as_artifacts(items)


def _slide_number_items(number: int, layout: SlideLayout, context: DeckPageContext) -> tuple[PageItem, ...]:
    """Return the number of the slide after the state of the deck, such as a draft, at the right."""
    paragraph = SlideParagraph((*context.state, TextRun(str(number), bold=True)))
    items = _foot_text_items((paragraph,), NUMBER_AREA, "slide-number", Element("P"), layout, context)
    end = max(item.x + item.run.seen_width for item in items if isinstance(item, TextItem))
    return tuple(moved_item(item, NUMBER_AREA.x + NUMBER_AREA.width - end, 0.0) for item in as_artifacts(items))


def _foot_text_items(
    paragraphs: Iterable[SlideParagraph],
    place: SlideArea,
    role: str,
    element: Element,
    layout: SlideLayout,
    context: DeckPageContext,
) -> tuple[PageItem, ...]:
    """Return the lines of paragraphs at the bottom of a place in the foot."""
    style = context.theme.slides[role]
    style = replace(style, colour="white") if layout.is_dark else style
    lines = (_set_lines(each.runs, element, style, place.width, context) for each in paragraphs)
    text = _SetParagraph(tuple(chain.from_iterable(lines)), style, 0.0)
    return tuple(text.items(place.x, place.y + place.height - text.height))
