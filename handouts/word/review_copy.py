"""Draw a review copy as the bytes of a Word file, in which each comment and each change of a word is kept.

Takes what is to be read as sections of stretches, each one column or several side by side, and returns bytes. Each
paragraph stands in a bookmark with its key, and holds no more than its words; what says where they belong stands in
grey lines of its own. Pictures are shown by their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Document, Inlines
from handouts.finding import Location
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.word.runs import WordContext, bookmarked, inline_runs, inner_link, numbered_item, paragraph, run
from handouts.word.word_markup import NOTHING, Wml, joined, w
from handouts.word.word_package import package_bytes, section_xml
from handouts.word.word_tables import WordCell, gap, table_xml

_FACT_SHARE, _LINK_WIDTH = 0.3, 240.0
_BULLETS = 1
_SECTION_MARK = "section_{}"
_STYLES = {"heading": "Heading2", "label": "Label", "source": "Explanation"}
_IN_COLUMN = {"heading": "Label"}  # what is in a table is no heading of the file
_ROW_ROLES = ("label", "cell")


class ReviewParagraph(Struct, frozen=True):
    """One paragraph to review: its key, what it is, its words, its mark in a list, and where it was written."""

    key: str
    role: str
    content: Inlines
    mark: str
    at: Location


class ReviewStretch(Struct, frozen=True):
    """Paragraphs below a grey line that says where they stand and who reads them.

    Where there are several `columns`, each is headed by the names of who reads it.
    """

    label: str
    columns: tuple[tuple[str, tuple[ReviewParagraph, ...]], ...]


class ReviewSection(Struct, frozen=True):
    """One section under its title."""

    title: str
    stretches: tuple[ReviewStretch, ...]


class ReviewSheet(Struct, frozen=True):
    """All of a review copy: its document, which has no blocks; what the first page says of it; and its sections.

    `role_labels` are what is said above words that a reader does not see as text, by their role; `properties` are what
    the file says of itself.
    """

    document: Document
    about: str
    facts: tuple[tuple[str, str], ...]
    how: str
    guidance: tuple[str, ...]
    contents: str
    sections: tuple[ReviewSection, ...]
    role_labels: tuple[tuple[str, str], ...]
    properties: tuple[tuple[str, str], ...]


def review_copy_bytes(sheet: ReviewSheet, theme: Theme) -> bytes:
    """Return a review copy as the bytes of a Word file; it lies on its side where columns stand side by side."""
    if any(len(stretch.columns) > 1 for section in sheet.sections for stretch in section.stretches):
        paper = theme.paper
        theme = replace(theme, paper=replace(paper, width=paper.height, height=paper.width))
    context = _ReviewContext(WordContext(sheet.document, theme, RenderCache()), dict(sheet.role_labels))
    first = _first_page(sheet, context.word)
    body = joined((first, *(_section(number, each, context) for number, each in enumerate(sheet.sections, 1))))
    return package_bytes(context.word, body, sheet.properties)


class _ReviewContext(Struct, frozen=True):
    """What the paragraphs of a copy share: the file, and what is said above words of some roles."""

    word: WordContext
    role_labels: Mapping[str, str]


class _Column(Struct):
    """Whether a column is as wide as the page, and the role of its last paragraph."""

    wide: bool
    role: str = ""


# ---------------------------------------------------------------- the first page


def _first_page(sheet: ReviewSheet, word: WordContext) -> Wml:
    """Return what the file is, how to review with it, and what is in it."""
    title = paragraph("Title", run(sheet.document.title), word)
    about = paragraph("Normal", run(sheet.about), word)
    widths = (_FACT_SHARE * word.text_width, (1 - _FACT_SHARE) * word.text_width)
    rows = (
        tuple(WordCell(paragraph(style, run(words), word)) for style, words in zip(_FACT_STYLES, fact, strict=True))
        for fact in sheet.facts
    )
    facts = joined((table_xml(rows, widths, word), gap(word)))
    how = paragraph("Heading1", run(sheet.how), word)
    guidance = [_listed(run(each), word) for each in sheet.guidance]
    theme = word.theme
    word.page_break = True
    contents = paragraph("Heading1", run(sheet.contents), word)
    before = paragraph("Gap", NOTHING, word, section_xml(theme))
    links = [
        paragraph("TableText", inner_link(each.title, _SECTION_MARK.format(number), each.title), word)
        for number, each in enumerate(sheet.sections, 1)
    ]
    after = paragraph(
        "Gap", NOTHING, word, section_xml(theme, columns=round(word.text_width / _LINK_WIDTH), goes_on=True)
    )
    return joined((title, about, facts, how, *guidance, contents, before, *links, after))


_FACT_STYLES = ("TableHeading", "TableText")


def _listed(inside: Wml, word: WordContext, number: int = _BULLETS) -> Wml:
    """Return an item of a list."""
    word.item = numbered_item(number, 0)
    return paragraph("ListParagraph", inside, word)


# ---------------------------------------------------------------- sections


def _section(number: int, section: ReviewSection, context: _ReviewContext) -> Wml:
    """Return a section below its title."""
    word = context.word
    title = paragraph("Heading1", bookmarked(_SECTION_MARK.format(number), run(section.title), word), word)
    return joined((title, *(_stretch(each, context) for each in section.stretches)))


def _stretch(stretch: ReviewStretch, context: _ReviewContext) -> Wml:
    """Return a stretch across the page, or in columns."""
    word = context.word
    label = paragraph("Place", run(stretch.label), word) if stretch.label else NOTHING
    if len(stretch.columns) == 1:
        ((_, paragraphs),) = stretch.columns
        return joined((label, _across(paragraphs, context)))
    widths = (word.text_width / len(stretch.columns),) * len(stretch.columns)
    head = tuple(WordCell(paragraph("TableHeading", run(names), word), role="tint") for names, _ in stretch.columns)
    columns = [_Column(wide=False) for _ in stretch.columns]
    rows = (
        tuple(
            WordCell(_paragraph(each, column, context) if each else gap(word))
            for each, column in zip(row, columns, strict=True)
        )
        for row in zip_longest(*(paragraphs for _, paragraphs in stretch.columns))
    )
    table = table_xml((head, *rows), widths, word, heads=1, style="FillTable")
    return joined((label, table, gap(word)))


def _across(paragraphs: Sequence[ReviewParagraph], context: _ReviewContext) -> Wml:
    """Return paragraphs across the page; those of the cells of a table stand in a table."""
    made: list[Wml] = []
    column = _Column(wide=True)
    rows: list[tuple[ReviewParagraph, ...]] = []
    for row in _rows(paragraphs):
        if not _is_table_row(row):
            made.extend((_table(rows, context), _paragraph(row[0], column, context)))
            rows = []
            continue
        rows.append(row)
    return joined((*made, _table(rows, context)))


def _rows(paragraphs: Iterable[ReviewParagraph]) -> Iterator[tuple[ReviewParagraph, ...]]:
    """Yield the cells of a row together, and each other paragraph by itself."""
    for (role, _), group in groupby(paragraphs, key=lambda each: (each.role in _ROW_ROLES, each.at.line)):
        row = tuple(group)
        if role and _is_table_row(row):
            yield row
        else:
            yield from ((each,) for each in row)


def _is_table_row(row: tuple[ReviewParagraph, ...]) -> bool:
    """True if paragraphs are cells of a table."""
    return len(row) > 1 or row[0].role == "cell"


def _table(rows: Sequence[tuple[ReviewParagraph, ...]], context: _ReviewContext) -> Wml:
    """Return a table, whose first row heads the others; the last cell of a row that has fewer spans the rest."""
    if not rows:
        return NOTHING
    word, count = context.word, max(map(len, rows))
    drawn = []
    for index, row in enumerate(rows):
        style = "TableText" if index else "TableHeading"
        cells = [WordCell(paragraph(style, _keyed(each, word), word), role="" if index else "tint") for each in row]
        cells[-1] = replace(cells[-1], columns=count - len(row) + 1)
        drawn.append(tuple(cells))
    widths = (word.text_width / count,) * count
    return joined((table_xml(drawn, widths, word, heads=1, style="FillTable"), gap(word)))


def _paragraph(each: ReviewParagraph, column: _Column, context: _ReviewContext) -> Wml:
    """Return one paragraph, below a grey line where its words are not text that a reader sees."""
    word = context.word
    told = context.role_labels.get(each.role, "")
    label = paragraph("Explanation", run(told), word, w("keepNext")) if told and each.role != column.role else NOTHING
    column.role = each.role
    if each.mark or told:
        return joined((label, _listed(_keyed(each, word), word, _list_number(each.mark, word))))
    style = _STYLES.get(each.role, "Normal") if column.wide else _IN_COLUMN.get(each.role, _STYLES.get(each.role))
    return joined((label, paragraph(style or "Normal", _keyed(each, word), word)))


def _list_number(mark: str, word: WordContext) -> int:
    """Return the list of an item: that of bullets, or one of its own, as the items before it may stand elsewhere."""
    number = mark.removesuffix(".")
    if not number.isdecimal():
        return _BULLETS
    word.lists += 1
    word.starts[word.lists] = int(number)
    return word.lists


def _keyed(each: ReviewParagraph, word: WordContext) -> Wml:
    """Return the words of a paragraph in the bookmark with its key."""
    return bookmarked(each.key, inline_runs(each.content, word), word)
