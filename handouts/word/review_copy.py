"""Write a review copy: a Word file for comments and tracked changes, from which they can be read back.

Takes sections of stretches, each in one column or in several side by side, and returns bytes. Each paragraph is in a
bookmark with its key, and contains only its own words; lines on tinted ground say where they belong. Pictures are
represented by their words.
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
from handouts.word.runs import (
    KEEP_WITH_NEXT,
    WordContext,
    bookmarked,
    inline_runs,
    inner_link,
    numbered_item,
    paragraph,
    run,
)
from handouts.word.word_markup import NOTHING, Wml, joined
from handouts.word.word_package import package_bytes, section_xml
from handouts.word.word_tables import WordCell, gap, table_xml

_FACT_SHARE, _LINK_WIDTH = 0.3, 240.0
_BULLETS = 1
_SECTION_MARK = "section_{}"
_STYLES = {"heading": "Heading2", "label": "Label", "source": "Explanation"}
_IN_COLUMN = {"heading": "Label"}  # a heading in a table must not appear in Word's navigation
_ROW_ROLES = ("label", "cell")


class ReviewParagraph(Struct, frozen=True):
    """One paragraph to review: its key, role, words, list mark, and source location."""

    key: str
    role: str
    content: Inlines
    mark: str
    at: Location


class ReviewStretch(Struct, frozen=True):
    """Paragraphs below a line that says where they stand and who reads them.

    Each of the `columns` has the names of its readers, which head it if there are several.
    """

    label: str
    columns: tuple[tuple[str, tuple[ReviewParagraph, ...]], ...]


class ReviewSection(Struct, frozen=True):
    """One section under its title."""

    title: str
    stretches: tuple[ReviewStretch, ...]


class ReviewSheet(Struct, frozen=True):
    """A whole review copy: a document without blocks, the texts of the first page, and the sections.

    `role_labels` maps the role of words that readers do not see as text to the line above them; `properties` are the
    custom properties of the file.
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
    """Return a review copy as the bytes of a Word file, in landscape if it has columns side by side."""
    if any(len(stretch.columns) > 1 for section in sheet.sections for stretch in section.stretches):
        paper = theme.paper
        theme = replace(theme, paper=replace(paper, width=paper.height, height=paper.width))
    context = _ReviewContext(WordContext(sheet.document, theme, RenderCache()), dict(sheet.role_labels))
    first = _first_page(sheet, context.word)
    body = joined((first, *(_section(number, each, context) for number, each in enumerate(sheet.sections, 1))))
    return package_bytes(context.word, body, sheet.properties)


class _ReviewContext(Struct, frozen=True):
    """What the paragraphs of a copy share: the context of the file, and the lines above words of some roles."""

    word: WordContext
    role_labels: Mapping[str, str]


class _Column(Struct):
    """Whether a column is as wide as the page, and the role of its last paragraph."""

    wide: bool
    role: str = ""


# ---------------------------------------------------------------- the first page


def _first_page(sheet: ReviewSheet, word: WordContext) -> Wml:
    """Return the first page: what the file is, how to review with it, and its contents."""
    title = paragraph("Title", run(sheet.document.title), word)
    about = paragraph("Normal", run(sheet.about), word)
    widths = (_FACT_SHARE * word.text_width, (1 - _FACT_SHARE) * word.text_width)
    rows = (
        tuple(WordCell(paragraph(style, run(words), word)) for style, words in zip(_FACT_STYLES, fact, strict=True))
        for fact in sheet.facts
    )
    facts = table_xml(rows, widths, word)
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
    in_columns = section_xml(theme, columns=round(word.text_width / _LINK_WIDTH), goes_on=True)
    after = paragraph("Gap", NOTHING, word, in_columns)
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
    return joined((label, table_xml((head, *rows), widths, word, heads=1, style="FillTable")))


def _across(paragraphs: Sequence[ReviewParagraph], context: _ReviewContext) -> Wml:
    """Return paragraphs across the page, with the cells of tables in tables."""
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
    """Yield the cells of each table row together, and each other paragraph by itself."""
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
    """Return a table whose first row is its head; the last cell of a shorter row spans the columns that are left."""
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
    return table_xml(drawn, widths, word, heads=1, style="FillTable")


def _paragraph(each: ReviewParagraph, column: _Column, context: _ReviewContext) -> Wml:
    """Return one paragraph, below the line for its role if it has one and the role is new in the column."""
    word = context.word
    says = context.role_labels.get(each.role, "")
    label = paragraph("Explanation", run(says), word, KEEP_WITH_NEXT) if says and each.role != column.role else NOTHING
    column.role = each.role
    if each.mark or says:
        return joined((label, _listed(_keyed(each, word), word, _list_number(each.mark, word))))
    style = _STYLES.get(each.role, "Normal") if column.wide else _IN_COLUMN.get(each.role, _STYLES.get(each.role))
    return joined((label, paragraph(style or "Normal", _keyed(each, word), word)))


def _list_number(mark: str, word: WordContext) -> int:
    """Return the number of the list for an item: that of bullets, or a new list, as other items may be elsewhere."""
    number = mark.removesuffix(".")
    if not number.isdecimal():
        return _BULLETS
    word.lists += 1
    word.starts[word.lists] = int(number)
    return word.lists


def _keyed(each: ReviewParagraph, word: WordContext) -> Wml:
    """Return the words of a paragraph in the bookmark with its key."""
    return bookmarked(each.key, inline_runs(each.content, word), word)
