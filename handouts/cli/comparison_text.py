"""The comparison of two audiences as lines of text, side by side where the terminal is wide enough, or as data for
JSON.

Must never print.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from handouts.cli.report_text import count_of

if TYPE_CHECKING:
    from handouts.compare import AudienceComparison, ComparedSection
    from handouts.compare.alignment import LocatedSentence, SentencePair

_MIN_SIDE_BY_SIDE_WIDTH = 72  # columns of a terminal in which two texts still stand side by side
_NUMBER_WIDTH, _COLUMN_GAP = 5, " | "


def comparison_lines(comparison: AudienceComparison, width: int, *, everything: bool = False) -> Iterator[str]:
    """Yield what two audiences read, side by side if there is room; with `everything` also what is the same."""
    left, right = comparison.left, comparison.right
    yield from wrap(f"{comparison.topic} ({comparison.language}): what {left} and what {right} read", width)
    if width >= _MIN_SIDE_BY_SIDE_WIDTH:
        half = _text_column_width(width)
        yield ""
        yield f"{'':{_NUMBER_WIDTH + 2}}{left:<{half}}{_COLUMN_GAP}{'':{_NUMBER_WIDTH + 2}}{right}"
    same = [section for section in comparison.sections if section.difference == "same" and not everything]
    for section in comparison.sections:
        if section not in same:
            yield ""
            yield from _compared_section_lines(section, comparison, width, everything=everything)
    yield ""
    if same:
        yield from wrap(f"The same for both: {', '.join(section.id for section in same)}", width)
    for line in _total_lines(comparison):
        yield from wrap(line, width)


def _compared_section_lines(
    section: ComparedSection, comparison: AudienceComparison, width: int, *, everything: bool
) -> Iterator[str]:
    """Yield one section: its name, its file, and the rows of its parts."""
    only = {"left": f", only for {comparison.left}", "right": f", only for {comparison.right}"}
    yield f"== {section.id}: {section.file}{only.get(section.difference, '')}"
    for part in section.parts:
        if all(row.same for row in part.rows) and not everything:
            continue
        yield f"-- {part.name}"
        for same, rows in groupby(part.rows, key=lambda row: row.same):
            if same and not everything:
                yield f"{'':{_NUMBER_WIDTH + 2}}... {count_of(len(list(rows)), 'sentence')} the same"
            elif width >= _MIN_SIDE_BY_SIDE_WIDTH:
                yield from (line for row in rows for line in _side_by_side_lines(row, width))
            else:
                yield from (line for row in rows for line in _stacked_lines(row, comparison, width))


def _text_column_width(width: int) -> int:
    """Return how many columns the text of one side has."""
    return (width - len(_COLUMN_GAP)) // 2 - _NUMBER_WIDTH - 2


def _side_by_side_lines(row: SentencePair, width: int) -> Iterator[str]:
    """Yield two sentences in two columns, each with its line."""
    half = _text_column_width(width)
    for left, right in zip_longest(
        _sentence_column(row.left, half), _sentence_column(row.right, half), fillvalue=" " * (_NUMBER_WIDTH + 2)
    ):
        yield f"{left:<{_NUMBER_WIDTH + 2 + half}}{_COLUMN_GAP}{right}".rstrip()


def _sentence_column(sentence: LocatedSentence | None, width: int) -> Iterator[str]:
    """Yield the lines of one sentence, the first with its line in the file."""
    for index, line in enumerate(wrap(sentence.text, width)) if sentence else ():
        yield f"{'' if index or sentence is None else sentence.at.line:>{_NUMBER_WIDTH}}  {line}"


def _stacked_lines(row: SentencePair, comparison: AudienceComparison, width: int) -> Iterator[str]:
    """Yield two sentences one below the other, each with its reader and its line."""
    sides = [(comparison.left, row.left), (comparison.right, row.right)]
    names = {"both": row.left} if row.same else dict(sides)
    for name, sentence in names.items():
        if sentence is not None:
            yield from wrap(f"{name}, line {sentence.at.line}: {sentence.text}", width, subsequent_indent="  ")


def _total_lines(comparison: AudienceComparison) -> Iterator[str]:
    """Yield how many sections and sentences are the same, and how many one alone reads."""
    found = [section.difference for section in comparison.sections]
    names = {"left": f"only for {comparison.left}", "right": f"only for {comparison.right}"}
    alone = ", ".join(f"{found.count(side)} {words}" for side, words in names.items())  # type: ignore[arg-type]
    yield f"{count_of(len(found), 'section')}: {found.count('same')} the same, {found.count('both')} differ, {alone}"
    counts = comparison.sentences
    alone = ", ".join(f"{counts[side]} {words}" for side, words in names.items())  # type: ignore[index]
    yield f"{count_of(sum(counts.values()), 'sentence')}: {counts['same']} the same, {alone}"


def comparison_as_data(comparison: AudienceComparison) -> dict[str, object]:
    """Return a comparison as data for JSON."""
    return {
        "topic": comparison.topic,
        "language": comparison.language,
        "left": comparison.left,
        "right": comparison.right,
        "sentences": dict(comparison.sentences),
        "sections": [
            {
                "id": section.id,
                "kind": section.kind,
                "file": section.file,
                "difference": section.difference,
                "parts": [
                    {"name": part.name, "rows": [_row_as_data(row) for row in part.rows]} for part in section.parts
                ],
            }
            for section in comparison.sections
        ],
    }


def _row_as_data(row: SentencePair) -> dict[str, object]:
    """Return a row as data for JSON."""
    return {"same": row.same, "left": _sentence_as_data(row.left), "right": _sentence_as_data(row.right)}


def _sentence_as_data(sentence: LocatedSentence | None) -> dict[str, object] | None:
    """Return a sentence as data for JSON."""
    return None if sentence is None else {"text": sentence.text, "line": sentence.at.line, "column": sentence.at.column}
