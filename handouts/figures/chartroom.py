"""What has no room in a chart in, findings that say what would fit out: found by planning the chart with less.

Takes the function that plans, which stands in the module of the chart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeAlias

from msgspec.structs import replace

from handouts.document import Chart
from handouts.figures.room import Advice, most_letters, most_that, no_room
from handouts.finding import Finding, error

Planned: TypeAlias = Callable[[Chart], tuple[Finding, ...]]

WORDS, ROWS = "figure-label", "figure-rows"


def no_words(words: str) -> Finding:
    """Return the finding for words without room; `advised` says how many of them have."""
    return error("figure-label", f"There is no room in the chart for “{words}”.")


def too_many(rows: int) -> Finding:
    """Return the finding for more bars than there is room for; `advised` says how many there is room for."""
    return error("figure-rows", f"The chart is too high for its place: it has {rows} rows.")


def advised(findings: tuple[Finding, ...], chart: Chart, planned: Planned) -> Iterator[Finding]:
    """Yield the findings of a chart with what would fit: so many letters, a unit so long, so many rows."""

    def lacks(code: str, less: Chart) -> bool:
        return any(found.code == code for found in planned(less))

    labels = (chart.rows_name, *(row.label for row in chart.rows), *chart.series)
    crowded = [words for words in dict.fromkeys(labels) if no_words(words) in findings]
    codes = {found.code for found in findings}
    if crowded:
        letters = most_letters(crowded, lambda count: not lacks(WORDS, with_shorter(chart, crowded, count)))
        long = [words for words in crowded if len(words) > letters]
        yield from (no_room("these words of the chart", each, Advice(letters)) for each in long)
    elif WORDS in codes:
        unit = chart.unit
        letters = most_that(lambda count: not lacks(WORDS, replace(chart, unit=unit[:count])), len(unit))
        yield long_unit(unit, letters)
    if ROWS in codes:
        most = most_that(lambda count: not lacks(ROWS, first_rows(chart, count)), len(chart.rows) - 1)
        yield long_chart(len(chart.rows), most)


def with_shorter(chart: Chart, crowded: Collection[str], count: int) -> Chart:
    """Return a chart in which each of the `crowded` labels has `count` letters at most."""

    def cut(words: str) -> str:
        return words[:count].strip() if words in crowded else words

    rows = tuple(replace(row, label=cut(row.label)) for row in chart.rows)
    return replace(chart, rows_name=cut(chart.rows_name), rows=rows, series=tuple(map(cut, chart.series)))


def first_rows(chart: Chart, count: int) -> Chart:
    """Return a chart with its first rows."""
    return replace(chart, rows=chart.rows[:count])


def long_unit(unit: str, letters: int) -> Finding:
    """Return the finding for numbers beside which the bars have no room."""
    message = f"There is no room for the bars beside their numbers with “{unit}”, of which about {letters} letters fit."
    return error("figure-label", message, hint="shorten the unit, or leave it out and say it in the chart's title")


def long_chart(rows: int, fitting: int) -> Finding:
    """Return the finding for a chart of which only some rows have room."""
    message = (
        f"The chart is too high for its place: it has {rows} rows, of which {fitting or 'not even one'} would fit."
    )
    return error("figure-rows", message, hint="make two charts of it, or keep the rows that matter")
