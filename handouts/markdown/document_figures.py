"""Turn fenced figures and charts into drawings of the Document: title, words by key, numbers, alt text.

Words that a drawing has no place for and numbers that it cannot show are findings at their own lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import nodes as document
from handouts.document.nodes import Amount, ChartRow
from handouts.figures import FIGURE_KINDS, FigureKind
from handouts.figures.icon_array import parse_count, printed_count
from handouts.figures.signs import SIGN_NAMES
from handouts.figures.wheel import wrong_count
from handouts.finding import Location, closest_name, suggest_name
from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import Word, parse_number
from handouts.markdown.document_inlines import (
    ConversionContext,
    inlines_of,
    one_paragraph,
    paragraphs_as_one,
    plain_text,
    sign_of,
    take_alt,
    take_title,
)

_LABEL_LINE = re.compile(r"(?P<key>[\w-]+):\s+(?P<words>.*)", re.DOTALL)
_OWN_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class _WrittenLabel(Struct, frozen=True):
    """The words for one place of a drawing, and their key, "" where none is written; both with their location."""

    key: Word
    words: Word


def figure_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a drawing, from a title if it has one, a list of its words, a paragraph below it, and what it shows."""
    titled = bool(div.blocks) and isinstance(div.blocks[0], tree.HeadingNode)
    title, rest = take_title(div, context) if titled else ((), div.blocks)
    alt, rest = take_alt(div, rest, context)
    if alt is None:
        return ()
    listings = [block for block in rest if isinstance(block, tree.ListNode)]
    others = tuple(block for block in rest if block not in listings)
    for extra in listings[1:]:
        context.wrong("A figure has one list of words.", extra.at, "join the lists")
    how = paragraphs_as_one(others, "A figure", context)
    name = div.attributes.value("name")
    labels = tuple(each for listing in listings[:1] for each in _labels_of(listing, context))
    kind = FIGURE_KINDS.get(name)
    if kind and kind.own_keys:
        labels = _numbered_labels(labels, kind)
    signs = div.attributes.words("signs")
    _report_labels(name, labels, div.at, context)
    _report_factors(name, labels, signs, div.at, context)
    counts = kind.counts if kind else ()
    printed = {
        each.key.text: printed_count(each.words.text) if each.key.text in counts else each.words.text
        for each in labels
        if each.key.text
    }
    chosen = tuple(sign_of(word.text, context) for word in signs)
    return (document.Figure(name, title, tuple(printed.items()), alt, how, chosen, at=div.at),)


def _labels_of(listing: tree.ListNode, context: ConversionContext) -> Iterator[_WrittenLabel]:
    """Yield the words of a drawing by key, from items such as `- sign: A sign of distance`."""
    for item in listing.items:
        at = item[0].at
        words = plain_text(one_paragraph(item, "The words in a drawing", at, context), "A drawing", at, context)
        found = _LABEL_LINE.fullmatch(words)
        if found:
            start = replace(at, column=at.column + found.start("words"))
            yield _WrittenLabel(Word(found["key"], at), Word(found["words"], start))
        elif words:
            yield _WrittenLabel(Word("", at), Word(words, at))


def _numbered_labels(labels: Sequence[_WrittenLabel], kind: FigureKind) -> tuple[_WrittenLabel, ...]:
    """Return labels that all have a key: one without a key gets its number among those whose key is free."""
    numbered: list[_WrittenLabel] = []
    count = 0
    for label in labels:
        if label.key.text not in kind.required:
            count += 1
        if label.key.text in kind.required or _OWN_KEY.fullmatch(label.key.text):
            numbered.append(label)
            continue
        said = f"{label.key.text}: {label.words.text}" if label.key.text else label.words.text
        numbered.append(_WrittenLabel(Word(str(count), label.key.at), Word(said, label.key.at)))
    return tuple(numbered)


def _report_factors(
    name: str, labels: Sequence[_WrittenLabel], signs: Sequence[Word], at: Location, context: ConversionContext
) -> None:
    """Report a wrong number of factors in a drawing that takes any key, misnumbered ones, and wrong signs."""
    kind = FIGURE_KINDS.get(name)
    if kind is None or not kind.own_keys:
        if signs and kind:
            context.wrong(f"The drawing '{name}' has no signs.", signs[0].at, "delete signs")
        return
    factors = [label for label in labels if label.key.text not in kind.required]
    if message := wrong_count(len(factors)):
        few = len(factors) < kind.own_keys[0]
        context.wrong(
            message, at, "add what is missing, or show it as a list" if few else "join some, or make two of it"
        )
    for number, label in enumerate(factors, 1):
        if label.key.text.isdigit() and int(label.key.text) != number:
            message = f"This is number {number} of the wheel, and is called {label.key.text}."
            context.wrong(message, label.key.at, f"write - {number}: and the words, or move it to its place")
    if signs and len(signs) != len(factors):
        message = f"The wheel has {len(factors)} factors, and {len(signs)} signs."
        context.wrong(message, signs[0].at, "name one for each, in their order")
    by_key = [label.key.text in SIGN_NAMES for label in factors]
    for label, is_sign in zip(factors, by_key, strict=True):
        meant = "" if is_sign or signs or not any(by_key) else closest_name(label.key.text, SIGN_NAMES)
        if meant and abs(len(meant) - len(label.key.text)) <= 1:
            hint = f"did you mean '{meant}'? If it shall have no sign, take another key"
            context.wrong(f"There is no sign '{label.key.text}'.", label.key.at, hint)


def _report_labels(name: str, labels: Sequence[_WrittenLabel], at: Location, context: ConversionContext) -> None:
    """Report each label that a drawing cannot use, and in one finding all words that it lacks."""
    kind = FIGURE_KINDS.get(name)
    known = _known_keys(kind, labels) if kind else ()
    there = [_plain_key(label.key.text, kind) for label in labels]
    missing = [key for key in known if _plain_key(key, kind) not in there]
    for index, label in enumerate(labels):
        key = there[index]
        written = label.key.text or label.words.text.partition(" ")[0]
        meant = "" if label.key.text in known else closest_name(written, missing)
        missing = [key for key in missing if key != meant]
        if not label.key.text:
            hint = f"write - {meant}: {label.words.text.partition(' ')[2]}" if meant else "write - key: words"
            context.wrong(f"'{label.words.text}' has no key.", label.key.at, hint)
        elif key in there[:index]:
            other = labels[there.index(key)].key.text
            same = "" if other == label.key.text else f": it is the same as '{other}'"
            context.wrong(f"'{label.key.text}' appears twice{same}.", label.key.at, "give the words for it once")
        elif kind:
            _report_label(name, label, meant, context)
    for label in labels:
        heading = label.key.text.removesuffix("-text")
        if heading in missing and heading != label.key.text and kind and _plain_key(heading, kind) in kind.optional:
            message = f"'{label.key.text}' stands below '{heading}', which is missing."
            context.wrong(message, label.key.at, f"add - {heading}: and the words, or write this text there")
    needed = [key for key in missing if kind and _plain_key(key, kind) in kind.required]
    if needed:
        message = f"The drawing '{name}' needs words for {' and '.join(map(repr, needed))}."
        context.wrong(message, at, f"add - {needed[0]}: and the words{', and so on' if needed[1:] else ''}")


def _plain_key(key: str, kind: FigureKind | None) -> str:
    """Return the key for which a numbered key of a drawing is another name, or the key itself."""
    return kind.numbered.get(key, key) if kind else key


def _known_keys(kind: FigureKind, labels: Sequence[_WrittenLabel]) -> tuple[str, ...]:
    """Return the keys of a drawing: the numbered ones if the first known key among the labels is numbered."""
    keys = (*kind.required, *kind.optional)
    numbered = {plain: key for key, plain in kind.numbered.items()}
    first = next((label.key.text for label in labels if label.key.text in (*keys, *kind.numbered)), "")
    return tuple(numbered.get(key, key) for key in keys) if first in kind.numbered else keys


def _report_label(name: str, label: _WrittenLabel, meant: str, context: ConversionContext) -> None:
    """Report an unknown key, or words that should be a count and are not; `meant` is the key that is probably meant."""
    kind, key, words = FIGURE_KINDS[name], label.key, label.words
    known = (*kind.required, *kind.optional)
    if _plain_key(key.text, kind) not in known and not kind.own_keys:
        hint = f"did you mean '{meant}'?" if meant else suggest_name(key.text, known)
        context.wrong(f"The drawing '{name}' has no place for '{key.text}'.", key.at, hint)
    elif key.text in kind.counts and parse_count(words.text) is None:
        hint = "write a whole number from 0 to 100, or two, such as 1-3"
        context.wrong(f"'{words.text}' is not a count of people.", words.at, hint)


_MOST_ROWS, _MOST_SERIES = 8, 3
_NEGATIVE = re.compile(r"[-\N{MINUS SIGN}\N{EN DASH}]\s*[0-9]")
_TABLE = "write | | one | and | --- | --- | and a row for each bar"


def chart_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a chart, from a title, a table of numbers, a paragraph below it, and what it shows."""
    title, rest = take_title(div, context)
    alt, rest = take_alt(div, rest, context)
    grids = [block for block in rest if isinstance(block, tree.TableNode)]
    if len(grids) != 1:
        context.wrong("A chart has one table of numbers.", grids[1].at if grids else div.at, _TABLE)
    if alt is None or len(grids) != 1:
        return ()
    how = paragraphs_as_one(tuple(block for block in rest if block is not grids[0]), "A chart", context)
    names = tuple(_words_of_cell(cell, context) for cell in grids[0].head)
    _report_size(grids[0], context)
    _report_repeats(grids[0].head[1:], names[1:], "column", context)
    most = parse_number(div.attributes.value("most")) or 0.0
    rows = _rows_of(grids[0].rows, most, context)
    unit = div.attributes.value("unit")
    return (document.Chart(title, unit, names[0], names[1:], rows, alt, how, most, at=div.at),)


def _words_of_cell(cell: tree.TableCellNode, context: ConversionContext) -> str:
    """Return the plain words of a cell."""
    return plain_text(inlines_of(cell.content, context), "A cell of a chart", cell.at, context)


def _report_size(grid: tree.TableNode, context: ConversionContext) -> None:
    """Report a chart without a bar, and one with more rows or columns than can be told apart."""
    if len(grid.head) == 1:
        context.wrong("A chart has a column of words and one of numbers.", grid.head[0].at, _TABLE)
    if not grid.rows:
        context.wrong("A chart has at least one row.", grid.at, "add a row for each bar")
    if len(grid.head) > _MOST_SERIES + 1:
        message = f"A chart has at most {_MOST_SERIES} columns of numbers."
        context.wrong(message, grid.head[_MOST_SERIES + 1].at, "make two charts of it")
    if len(grid.rows) > _MOST_ROWS:
        context.wrong(f"A chart has at most {_MOST_ROWS} rows.", grid.rows[_MOST_ROWS][0].at, "make two charts of it")


def _report_repeats(
    cells: Sequence[tree.TableCellNode], names: Sequence[str], what: str, context: ConversionContext
) -> None:
    """Report missing and repeated names of rows or columns; a single series needs no name."""
    for index, (cell, name) in enumerate(zip(cells, names, strict=True)):
        if not name and (what == "row" or len(names) > 1):
            context.wrong(f"A {what} of a chart has no words.", cell.at, "say what it shows")
        elif name in names[:index]:
            context.wrong(f"Two {what}s have the words '{name}'.", cell.at, "say how they differ")


def _rows_of(
    rows: Sequence[Sequence[tree.TableCellNode]], most: float, context: ConversionContext
) -> tuple[ChartRow, ...]:
    """Return the rows of a chart with the numbers of each."""
    labels = tuple(_words_of_cell(row[0], context) for row in rows)
    _report_repeats(tuple(row[0] for row in rows), labels, "row", context)
    return tuple(
        ChartRow(label, tuple(_amount_of(cell, most, context) for cell in row[1:]))
        for label, row in zip(labels, rows, strict=True)
    )


def _amount_of(cell: tree.TableCellNode, most: float, context: ConversionContext) -> Amount:
    """Return the number in a cell; text, negative numbers (both taken as 0) and numbers above `most` are findings."""
    text = _words_of_cell(cell, context)
    value = parse_number(text)
    if value is None:
        _report_no_number(text, cell, context)
        return Amount(text, 0.0)
    if most and value > most:
        message = f"{text} is more than {most:g}, where the scale ends."
        context.wrong(message, cell.at, "correct the number, or most in the braces")
    return Amount(text, value)


def _report_no_number(text: str, cell: tree.TableCellNode, context: ConversionContext) -> None:
    """Report a cell without a number that can be drawn, and say what to write instead."""
    if _NEGATIVE.match(text):
        context.wrong(f"'{text}' is less than 0; a bar begins at 0.", cell.at, "show it in a table")
    elif not text:
        context.wrong("A cell of a chart is empty.", cell.at, "write a number, or leave the row out")
    else:
        hint = "write one number such as 85 or 8.5, without a unit; a range has no bar"
        context.wrong(f"'{text}' is not a number that can be drawn.", cell.at, hint)
