"""Turn one planned slide into page items: background, ornaments, text, tables, drawings, pictures and foot.

Lines, places and heights are those of the deck's plan; nothing is measured anew. Each text gets its structure
element: lists become lists, links become links, tables have heads and spans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.deck.fitting import LINE_FILL, paragraph_style
from handouts.deck.layouts import (
    CELL_PADDING,
    FOOT_AREA,
    FOOT_SEPARATOR,
    NUMBER_AREA,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    Placeholder,
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
    SlideItem,
    SlideParagraph,
    SlideParagraphs,
    TextLevel,
    TextRun,
)
from handouts.deck.slide_ornaments import layout_ornaments
from handouts.deck.slide_text import SOURCE_TAB
from handouts.deck.styles import CELL_BULLET_INDENT, ROW_FRAME_WIDTH, TABLE_RULES, LevelStyle, placeholder_levels
from handouts.document.nodes import FixedWords
from handouts.figures.shapes import Command, Path, Rectangle
from handouts.layout.boxes import as_artifacts, moved_item
from handouts.layout.illustrations import shape_items
from handouts.layout.inline_text import RunTag, line_items
from handouts.layout.page_model import Element, ImageItem, PageItem, ShapeItem, TextItem
from handouts.text.fonts import SCREEN_FAMILY
from handouts.text.line_breaking import StyledRun, TextLine, break_lines
from handouts.theme import Theme, TypeStyle

_BULLET_SIGN = "•"
_SCREEN_DESCENT = 0.212  # of Arial, in em: a line of exact height stands on its descent
_LIST_DEPTHS: Mapping[TextLevel, int] = {"bullet": 1, "step": 1, "bullet2": 2, "step2": 2, "bullet3": 3}
_NUMBERED_LEVELS = ("step", "step2")


class TextSettings(Struct, frozen=True):
    """What links lead to, and the role of their colour; `sources` are the keys of those that the same file lists."""

    words: FixedWords
    sources: frozenset[str]
    linked: str = "accent"


def _baseline_offset(style: TypeStyle) -> float:
    """Return how far below the top of its line a baseline is."""
    return style.leading - _SCREEN_DESCENT * style.size


class _SetParagraph(Struct, frozen=True):
    """One paragraph as laid out: its lines and its mark, and the space that it wants around it."""

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
        """Yield its items at a place: mark first, as it is read."""
        first = y + _baseline_offset(self.style)
        for line in self.mark:
            yield from line_items(line, x + self.mark_left, first)
        for index, line in enumerate(self.lines):
            yield from line_items(line, x + self.left, first + index * self.style.leading)


class _OpenLists(Struct):
    """Where in the tree the next paragraph belongs: the lists that are open, with their depth and their last item."""

    parent: Element
    open: list[tuple[int, bool, Element, Element]] = field(default_factory=list)

    def text(self) -> Element:
        """Return the element of a paragraph outside of lists."""
        self.open.clear()
        return self.parent.add(Element("P"))

    def within(self) -> Element:
        """Return the element of a further paragraph of the item that is open."""
        return (self.open[-1][3] if self.open else self.parent).add(Element("P"))

    def item(self, depth: int, *, counted: bool) -> tuple[Element, Element]:
        """Return the elements of the mark and of the first paragraph of an item."""
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


def _set_paragraphs(
    paragraphs: SlideParagraphs, levels: Sequence[LevelStyle], width: float, parent: Element, setting: TextSettings
) -> tuple[_SetParagraph, ...]:
    """Return `paragraphs` in lines of `width`, their elements below `parent`."""
    branches = _OpenLists(parent)
    return tuple(_set_paragraph(each, paragraph_style(each, levels), width, branches, setting) for each in paragraphs)


def _set_paragraph(
    paragraph: SlideParagraph, look: LevelStyle, width: float, branches: _OpenLists, setting: TextSettings
) -> _SetParagraph:
    """Return one paragraph in lines."""
    style, room = look.style, width - look.left
    if any(run.text == SOURCE_TAB for run in paragraph.runs):
        return _set_source_entry(paragraph, look, room, branches, setting)
    if paragraph.level in _LIST_DEPTHS:
        counted = paragraph.level in _NUMBERED_LEVELS
        label, element = branches.item(_LIST_DEPTHS[paragraph.level], counted=counted)
        mark = (
            _BULLET_SIGN if not counted else f"{paragraph.number}" if look.bullet == "node" else f"{paragraph.number}."
        )
        ink = RunTag(label, look.bullet_colour)
        marks = break_lines((StyledRun(mark, style.bold, ink),), style, 10 * style.size, SCREEN_FAMILY)
        lines = _set_lines(paragraph.runs, element, style, room, setting)
        return _SetParagraph(lines, style, look.left, marks, look.left - look.hanging)
    element = branches.within() if paragraph.level == "within" else branches.text()
    return _SetParagraph(_set_lines(paragraph.runs, element, style, room, setting), style, look.left)


def _set_source_entry(
    paragraph: SlideParagraph, look: LevelStyle, room: float, branches: _OpenLists, setting: TextSettings
) -> _SetParagraph:
    """Return one entry of the list of sources: its number hangs before it, and citations lead to it."""
    at = next(index for index, run in enumerate(paragraph.runs) if run.text == SOURCE_TAB)
    label, element = branches.item(1, counted=True)
    element.anchor = _source_anchor(paragraph.runs[0])
    left = look.left or 2.1 * look.style.size
    numbers = _set_lines(paragraph.runs[:at], label, look.style, left, setting)
    lines = _set_lines(paragraph.runs[at + 1 :], element, look.style, room + look.left - left, setting)
    return _SetParagraph(lines, look.style, left, numbers, 0.0)


def _source_anchor(number: TextRun) -> str:
    """Return the name of the place where the source with a `number` is listed: the same as in a handout."""
    return f"source-{number.text}"


def _set_lines(
    runs: Sequence[TextRun], element: Element, style: TypeStyle, width: float, setting: TextSettings
) -> tuple[TextLine, ...]:
    """Return `runs` in the lines that the plan measured, each run belonging to its part of `element`."""
    tagged = tuple(_tagged_runs(runs, element, style, setting))
    return break_lines(tagged, style, LINE_FILL * width, SCREEN_FAMILY, filled=True)


def _tagged_runs(
    runs: Sequence[TextRun], element: Element, style: TypeStyle, setting: TextSettings
) -> Iterator[StyledRun]:
    """Yield `runs` with what they belong to: plain words to `element`, where there is more to children of it."""
    told = [run for run in runs if run.text]
    plain = all(_is_plain_run(run, setting) for run in told)
    for run in told:
        if plain:
            yield StyledRun(run.text, run.bold, RunTag(element, style.colour))
            continue
        child = element.add(_run_element(run, setting))
        linked = bool(child.target)
        colour = (setting.linked or style.colour) if linked else style.colour
        yield StyledRun(run.text, run.bold, RunTag(child, colour, linked))


def _is_plain_run(run: TextRun, setting: TextSettings) -> bool:
    """True if `run` is no more than words."""
    return not (run.target or run.language or run.bold or run.source in setting.sources)


def _run_element(run: TextRun, setting: TextSettings) -> Element:
    """Return the element of a run that may lead somewhere, be strong, or be in another language."""
    if run.target:
        return Element("Link", target=run.target, tooltip=run.tooltip, language=run.language)
    if run.source in setting.sources:
        tooltip = run.tooltip or setting.words.say("source_link", n=run.text)
        return Element("Link", target=f"#{_source_anchor(run)}", tooltip=tooltip, language=run.language)
    return Element("Strong" if run.bold else "Span", language=run.language)


def _paragraph_tops(blocks: Sequence[_SetParagraph]) -> tuple[tuple[float, ...], float]:
    """Return where each block begins below the top of the first, and the height of all, as the plan counts it."""
    tops: list[float] = []
    y, after = 0.0, 0.0
    for block in blocks:
        y += after + (block.style.before if tops else 0.0)  # above the first paragraph no program leaves space
        tops.append(y)
        y += block.height
        after = block.style.after
    return tuple(tops), y


def _slide_table_items(table: PlacedTable, parent: Element, setting: TextSettings) -> Iterator[PageItem]:
    """Yield the items of `table`, its element added to `parent`."""
    yield from _cell_fills(table)
    yield from _row_rules(table)
    yield from _row_frames(table)
    element = parent.add(Element("Table"))
    y = table.y
    for index, row in enumerate(table.rows):
        line, x = element.add(Element("TR")), table.x
        for at, cell in enumerate(row.cells):
            if not cell.covered:
                holder = line.add(_slide_cell_element(cell, head=row.header))
                yield from _cell_items(cell, x, y, _cell_size(table, index, at), holder, setting)
            x += table.columns[at]
        y += row.height


def _cell_size(table: PlacedTable, row: int, column: int) -> tuple[float, float]:
    """Return how wide and how high a cell is, with all that it spans over."""
    cell = table.rows[row].cells[column]
    width = sum(table.columns[column : column + cell.columns])
    return width, sum(each.height for each in table.rows[row : row + cell.rows])


def _slide_cell_element(cell: GridCell, *, head: bool) -> Element:
    """Return the element of a cell; a header says for what."""
    scope = (("Table", "Scope", "Column" if head else "Row"),) if head or cell.header else ()
    spans = tuple(
        ("Table", key, count) for key, count in (("ColSpan", cell.columns), ("RowSpan", cell.rows)) if count > 1
    )
    return Element("TH" if scope else "TD", attributes=(*scope, *spans))


def _cell_items(
    cell: GridCell, x: float, y: float, size: tuple[float, float], holder: Element, setting: TextSettings
) -> Iterator[PageItem]:
    """Yield the words of a cell, in the middle of its height."""
    width, height = size
    room = width - cell.left - cell.right
    blocks = [_set_cell_paragraph(text, room, holder, setting) for text in cell.texts]
    top = y + max(CELL_PADDING, (height - sum(block.height for block in blocks)) / 2)
    for block in blocks:
        shift = room - max((line.width for line in block.lines), default=room) if cell.align == "r" else 0.0
        yield from block.items(x + cell.left + shift, top)
        top += block.height


def _set_cell_paragraph(text: CellText, room: float, holder: Element, setting: TextSettings) -> _SetParagraph:
    """Return one paragraph of a cell in lines, with its mark."""
    style = replace(text.style, before=0.0, after=0.0)
    if not text.mark:
        element = holder.add(Element("P"))
        return _SetParagraph(_set_lines(text.runs, element, style, room, setting), style, 0.0)
    indent = CELL_BULLET_INDENT * style.size
    label, element = _add_list_item(holder, counted=text.mark.endswith("."))
    marks = break_lines((StyledRun(text.mark, style.bold, RunTag(label, style.colour)),), style, room, SCREEN_FAMILY)
    return _SetParagraph(_set_lines(text.runs, element, style, room - indent, setting), style, indent, marks)


def _add_list_item(holder: Element, *, counted: bool) -> tuple[Element, Element]:
    """Return the elements of mark and words of a list item, in the list that `holder` ends with or in a new one."""
    last = holder.children[-1] if holder.children else None
    if last is None or last.role != "L":
        numbering = (("List", "ListNumbering", "Decimal" if counted else "Disc"),)
        last = holder.add(Element("L", attributes=numbering))
    entry = last.add(Element("LI"))
    return entry.add(Element("Lbl")), entry.add(Element("LBody"))


# ---------------------------------------------------------------- what is behind the words


def _cell_fills(table: PlacedTable) -> Iterator[PageItem]:
    """Yield the fills of cells."""
    y = table.y
    for index, row in enumerate(table.rows):
        x = table.x
        for at, cell in enumerate(row.cells):
            if cell.fill and not cell.covered:
                width, height = _cell_size(table, index, at)
                yield ShapeItem(Rectangle(0.0, 0.0, width, height, fill=cell.fill), x, y, None)
            x += table.columns[at]
        y += row.height


def _row_rules(table: PlacedTable) -> Iterator[PageItem]:
    """Yield the lines between rows: strong ones below the header and at the end."""
    width, y = sum(table.columns), table.y
    for index, row in enumerate(table.rows):
        y += row.height
        last = index == len(table.rows) - 1
        if last or (row.header and not table.rows[index + 1].header):
            yield _level_rule(table.x, y, width, *TABLE_RULES["strong"])
            continue
        x = table.x
        for at, column in enumerate(table.columns):
            if not _cell_spans_down(table, index, at):
                yield _level_rule(x, y, column, *TABLE_RULES["thin"])
            x += column


def _row_frames(table: PlacedTable) -> Iterator[PageItem]:
    """Yield the strong edges around rows."""
    width, y = sum(table.columns), table.y
    for row in table.rows:
        if row.frame:
            yield ShapeItem(
                Rectangle(0.0, 0.0, width, row.height, stroke=row.frame, edge=ROW_FRAME_WIDTH), table.x, y, None
            )
        y += row.height


def _cell_spans_down(table: PlacedTable, row: int, column: int) -> bool:
    """True if the cell of a row is one with that below it."""
    for start in range(row, -1, -1):
        for left in range(column, -1, -1):
            cell = table.rows[start].cells[left]
            if not cell.covered and left + cell.columns > column:
                return start + cell.rows > row + 1
    return False


def _level_rule(x: float, y: float, width: float, colour: str, thickness: float) -> ShapeItem:
    """Return a level line."""
    ends: tuple[Command, ...] = (("M", (0.0, 0.0)), ("L", (width, 0.0)))
    return ShapeItem(Path(ends, stroke=colour, width=thickness, cap="butt"), x, y, None)


# The level of a title by its layout: that of the talk, those of its parts, and below them those of all other slides.
_TITLE_ROLES: Mapping[str, str] = {"title": "H1", "section": "H2"}
_SLIDE_TITLE_ROLE = "H3"


class DeckPageContext(Struct, frozen=True):
    """What all slides of a file share: looks, the foot, and for each picture with clear parts the same on white."""

    theme: Theme
    setting: TextSettings
    foot: SlideParagraph
    draft: str
    pictures: Mapping[bytes, bytes]


def slide_items(slide: PlannedSlide, number: int, section: Element, show: DeckPageContext) -> tuple[PageItem, ...]:
    """Return all that is on a slide, its words in elements below `section`; the title has the element `title_of`."""
    layout = layout_named(slide.layout.name)
    items: list[PageItem] = [
        ShapeItem(Rectangle(0.0, 0.0, SLIDE_WIDTH, SLIDE_HEIGHT, fill=layout.ground), 0.0, 0.0, None)
    ]
    for each in layout_ornaments(layout, show.theme):
        items += _placed_drawing_items(each, section)
    for item in slide.items:
        items += _slide_part_items(item, slide, layout, section, show)
    items += _slide_foot_items(layout, section if number == 1 else None, show)
    items += _slide_number_items(number, layout, show)
    return tuple(items)


def _slide_part_items(
    item: SlideItem, slide: PlannedSlide, layout: SlideLayout, section: Element, show: DeckPageContext
) -> Iterator[PageItem]:
    """Yield one item of a slide."""
    match item:
        case FilledPlaceholder():
            yield from placeholder_items(item, slide, layout.slot(item.slot), section, show)
        case PlacedTable():
            yield from _slide_table_items(item, section, _text_settings_on(layout, show))
        case PlacedDrawing():
            yield from _placed_drawing_items(item, section)
        case PlacedChart():
            yield from _placed_drawing_items(item.drawn, section)
        case PlacedPicture():
            yield _placed_picture_item(item, layout, section, show)
        case _:
            assert_never(item)


def _text_settings_on(layout: SlideLayout, show: DeckPageContext) -> TextSettings:
    """Return how text is set on the ground of `layout`: links on a deep one have the colour of the text."""
    return replace(show.setting, linked="") if layout.deep else show.setting


def placeholder_items(
    filled: FilledPlaceholder, slide: PlannedSlide, slot: Placeholder, section: Element, show: DeckPageContext
) -> Iterator[PageItem]:
    """Yield the text of a placeholder, at the top, in the middle or at the bottom of its place."""
    setting = _text_settings_on(layout_named(slide.layout.name), show)
    levels = placeholder_levels(slot, slide.layout, show.theme)
    if slot.kind == "title":
        holder = Element("Div")
    else:
        holder = section.add(Element("BlockQuote")) if slot.shape.endswith("bubble") else section
    blocks = _set_paragraphs(filled.paragraphs, levels, slot.text_width, holder, setting)
    if slot.kind == "title":
        for title in holder.children:
            title.role = _TITLE_ROLES.get(slide.layout.name, _SLIDE_TITLE_ROLE)
            section.add(title)
    tops, height = _paragraph_tops(blocks)
    room = slot.area.height - height
    start = slot.area.y + {"t": 0.0, "ctr": room / 2, "b": room}[slot.anchor]
    for block, top in zip(blocks, tops, strict=True):
        yield from block.items(slot.area.x + slot.inset, start + top)


def _placed_drawing_items(placed: PlacedDrawing, section: Element) -> Iterator[PageItem]:
    """Yield a drawing as shapes and words: a figure if it has words for what it shows, else decoration."""
    element = section.add(Element("Figure", alt=placed.alt)) if placed.alt else None
    for shape in placed.drawing.shapes:
        for item in shape_items(shape, element, SCREEN_FAMILY):
            yield moved_item(item, placed.x, placed.y)


def _placed_picture_item(
    picture: PlacedPicture, layout: SlideLayout, section: Element, show: DeckPageContext
) -> PageItem:
    """Return a picture at its place, on white where it has clear parts."""
    element = section.add(Element("Figure", alt=picture.alt)) if picture.alt else None
    place = SlideArea(*picture.area) if picture.area else layout.slot(picture.slot).area
    content = show.pictures.get(picture.content, picture.content)
    return ImageItem(content, place.x, place.y, place.width, place.height, element)


# ---------------------------------------------------------------- the foot


def _slide_foot_items(layout: SlideLayout, section: Element | None, show: DeckPageContext) -> tuple[PageItem, ...]:
    """Return the crisis line at the foot; it is read where there is a `section` for it."""
    element = Element("P")
    items = _foot_text_items(show.foot, FOOT_AREA, "foot", element, layout, show)
    if section and items:
        section.add(element)
        return items
    return as_artifacts(items)


def _slide_number_items(number: int, layout: SlideLayout, show: DeckPageContext) -> tuple[PageItem, ...]:
    """Return the number of the slide after the word for its state, at the right."""
    state = (TextRun(f"{show.draft}{FOOT_SEPARATOR}"),) if show.draft else ()
    paragraph = SlideParagraph((*state, TextRun(str(number), bold=True)))
    items = _foot_text_items(paragraph, NUMBER_AREA, "slide-number", Element("P"), layout, show)
    end = max(item.x + item.run.seen_width for item in items if isinstance(item, TextItem))
    return tuple(moved_item(item, NUMBER_AREA.x + NUMBER_AREA.width - end, 0.0) for item in as_artifacts(items))


def _foot_text_items(
    paragraph: SlideParagraph, place: SlideArea, role: str, element: Element, layout: SlideLayout, show: DeckPageContext
) -> tuple[PageItem, ...]:
    """Return what stands at the bottom of a place at the foot."""
    style = show.theme.slides[role]
    style = replace(style, colour="white") if layout.deep else style
    lines = _set_lines(paragraph.runs, element, style, place.width, show.setting)
    first = place.y + place.height - len(lines) * style.leading + _baseline_offset(style)
    return tuple(
        item for index, line in enumerate(lines) for item in line_items(line, place.x, first + index * style.leading)
    )
