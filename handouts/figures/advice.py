"""Advice for drawings and charts whose words have no room: how many letters, labels or rows would fit.

Takes a drawing or a chart, and the function that draws or plans it; returns findings. What it says would fit
has been tried. Works only on drawings that have findings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Chart
from handouts.figures.labels import MAX_LABEL_LETTERS, label_too_long
from handouts.figures.shapes import Drawing
from handouts.finding import Finding, error

_LabelTexts: TypeAlias = Mapping[str, str]
_DrawLabels: TypeAlias = Callable[[_LabelTexts], Drawing]

_MIN_LETTERS = 3  # letters: nobody can say anything with fewer
_OTHER_FIGURE_HINT = "show it as a list or a table, or take another figure"
_SECOND_LINE_SUFFIX = "-text"  # how the key of a second line ends


class _Advice(Struct, frozen=True):
    """What would fit: labels of so many `letters`, or all of them without those that can be spared."""

    letters: int = 0
    spared: tuple[str, ...] = ()
    both: bool = False


def with_advice(drawing: Drawing, labels: _LabelTexts, optional: Sequence[str], draw: _DrawLabels) -> Drawing:
    """Return `drawing`, whose findings say how many letters of each label would fit, or without which labels all do."""
    if not _crowded_keys(labels, drawing):
        return drawing
    tried = _shortened_labels(labels, MAX_LABEL_LETTERS)
    crowded = {key: labels[key] for key in _all_crowded_keys(tried, draw)}
    others = tuple(found for found in drawing.findings if found.code != "figure-label")
    advice = _advice_for(_shortened_labels(crowded, MAX_LABEL_LETTERS), tried, optional, draw)
    return replace(drawing, findings=(*others, *_advice_findings(crowded, advice)))


def _crowded_keys(labels: _LabelTexts, drawing: Drawing) -> dict[str, None]:
    """Return the keys of the labels that a drawing has no room for."""
    return {key: None for key, text in labels.items() if label_too_long(key, text) in drawing.findings}


def _all_crowded_keys(labels: _LabelTexts, draw: _DrawLabels) -> tuple[str, ...]:
    """Return the keys of all labels without room, also of those that show only when the first ones are short."""
    crowded = _crowded_keys(labels, draw(labels))
    while True:
        less = {**labels, **_shortened_labels({key: labels[key] for key in crowded}, _MIN_LETTERS)}
        more = _crowded_keys(less, draw(less))
        if more.keys() <= crowded.keys():
            return tuple(key for key in labels if key in crowded)
        crowded |= more


def _advice_for(crowded: _LabelTexts, labels: _LabelTexts, optional: Sequence[str], draw: _DrawLabels) -> _Advice:
    """Return what would fit: shorter labels, fewer of them, or else both."""
    sparing = tuple(_spare_choices(labels, optional))
    letters = _letters_fitting(crowded, labels, draw)
    spared = next((keys for keys in sparing if not draw(_without_labels(labels, keys)).findings), ())
    if letters or spared:
        return _Advice(letters, spared)
    for keys in sparing:
        letters = _letters_fitting(_without_labels(crowded, keys), _without_labels(labels, keys), draw)
        if letters:
            return _Advice(letters, keys, both=True)
    return _Advice()


def _spare_choices(labels: _LabelTexts, optional: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield which labels a figure can do without: its second lines, then the last of the others, then all of them."""
    second = tuple(key for key in labels if key in optional and key.endswith(_SECOND_LINE_SUFFIX))
    first = [key for key in labels if key in optional and not key.endswith(_SECOND_LINE_SUFFIX)]
    if second:
        yield second
    for key in reversed(first):
        yield tuple(each for each in (key, f"{key}{_SECOND_LINE_SUFFIX}") if each in labels)
    if second and first:
        yield (*first, *second)


def _letters_fitting(crowded: _LabelTexts, labels: _LabelTexts, draw: _DrawLabels) -> int:
    """Return with how many letters of each of the `crowded` labels there is room for all; 0 if there is for none."""
    if not crowded:
        return 0
    texts = crowded.values()
    return _most_letters(texts, lambda count: not draw({**labels, **_shortened_labels(crowded, count)}).findings)


def _shortened_labels(labels: _LabelTexts, count: int) -> dict[str, str]:
    """Return labels of which each has `count` letters at most."""
    return {key: text[:count].strip() for key, text in labels.items()}


def _without_labels(labels: _LabelTexts, keys: Sequence[str]) -> dict[str, str]:
    """Return `labels` without those of `keys`."""
    return {key: text for key, text in labels.items() if key not in keys}


def _most_letters(texts: Collection[str], fitting: Callable[[int], bool]) -> int:
    """Return with how many letters of each of `texts` all is `fitting`; 0 if so few do that nothing can be said."""
    most = largest_fitting(fitting, max(map(len, texts)) - 1)
    return most if most >= _MIN_LETTERS else 0


def largest_fitting(fitting: Callable[[int], bool], most: int) -> int:
    """Return the largest count up to `most` that is `fitting`, as all smaller ones are; 0 if none is."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fitting(middle) else (low, middle - 1)
    return low


def shorter_wording(text: str) -> str:
    """Return what to write in place of a text that is too long; a single word cannot be fewer words."""
    return "a shorter word" if len(text.split()) == 1 else "fewer words"


def _advice_findings(crowded: _LabelTexts, advice: _Advice) -> Iterator[Finding]:
    """Yield a finding for each label that is longer than what fits, or one for all if nothing else is known."""
    if not (advice.letters or advice.spared):
        names = ", ".join(f"'{key}'" for key in crowded)
        message = f"There is no room in the drawing for the words of {names}, not even if they are short."
        yield error("figure-label", message, hint=_OTHER_FIGURE_HINT)
        return
    for key, text in crowded.items():
        if len(text) > advice.letters and not (advice.both and key in advice.spared):
            yield _no_room_finding(f"the label '{key}'", text, advice)


def _no_room_finding(what: str, text: str, advice: _Advice) -> Finding:
    """Return the finding for words without room: how long they are, how many letters fit, and what can be spared."""
    count = f"{len(text)} letter{'' if len(text) == 1 else 's'}"
    message = f"There is no room in the drawing for {what}: “{text}” has {count}"
    spared = f"leave out {', '.join(advice.spared)}"
    choices = [f"write {shorter_wording(text)}, about {advice.letters} letters"] if advice.letters else []
    choices += [spared if advice.both else f"{spared}: then all others fit"] if advice.spared else []
    fits = f", and about {advice.letters} fit" if advice.letters and not advice.both else ""
    return error(
        "figure-label",
        f"{message}{fits}.",
        hint=(", and " if advice.both else "; or ").join(choices) or _OTHER_FIGURE_HINT,
    )


_ChartFindings: TypeAlias = Callable[[Chart], tuple[Finding, ...]]

_LABEL_CODE, _ROWS_CODE = "figure-label", "figure-rows"


def no_room_for_words(words: str) -> Finding:
    """Return the finding for words without room; `chart_advice` says how many of them have."""
    return error("figure-label", f"There is no room in the chart for “{words}”.")


def too_many_rows(rows: int) -> Finding:
    """Return the finding for more bars than there is room for; `chart_advice` says how many there is room for."""
    return error("figure-rows", f"The chart is too high for its place: it has {rows} rows.")


def chart_advice(findings: tuple[Finding, ...], chart: Chart, planned: _ChartFindings) -> Iterator[Finding]:
    """Yield the findings of a chart with what would fit: so many letters, a unit so long, so many rows."""

    def lacks(code: str, less: Chart) -> bool:
        return any(found.code == code for found in planned(less))

    labels = (chart.rows_name, *(row.label for row in chart.rows), *chart.series)
    crowded = [words for words in dict.fromkeys(labels) if no_room_for_words(words) in findings]
    codes = {found.code for found in findings}
    if crowded:
        letters = _most_letters(
            crowded, lambda count: not lacks(_LABEL_CODE, _with_shorter_labels(chart, crowded, count))
        )
        long = [words for words in crowded if len(words) > letters]
        yield from (_no_room_finding("these words of the chart", each, _Advice(letters)) for each in long)
    elif _LABEL_CODE in codes:
        unit = chart.unit
        letters = largest_fitting(lambda count: not lacks(_LABEL_CODE, replace(chart, unit=unit[:count])), len(unit))
        yield _long_unit_finding(unit, letters)
    if _ROWS_CODE in codes:
        most = largest_fitting(lambda count: not lacks(_ROWS_CODE, _with_first_rows(chart, count)), len(chart.rows) - 1)
        yield _long_chart_finding(len(chart.rows), most)


def _with_shorter_labels(chart: Chart, crowded: Collection[str], count: int) -> Chart:
    """Return a chart in which each of the `crowded` labels has `count` letters at most."""

    def cut(words: str) -> str:
        return words[:count].strip() if words in crowded else words

    rows = tuple(replace(row, label=cut(row.label)) for row in chart.rows)
    return replace(chart, rows_name=cut(chart.rows_name), rows=rows, series=tuple(map(cut, chart.series)))


def _with_first_rows(chart: Chart, count: int) -> Chart:
    """Return a chart with its first rows."""
    return replace(chart, rows=chart.rows[:count])


def _long_unit_finding(unit: str, letters: int) -> Finding:
    """Return the finding for numbers beside which the bars have no room."""
    message = f"There is no room for the bars beside their numbers with “{unit}”, of which about {letters} letters fit."
    return error("figure-label", message, hint="shorten the unit, or leave it out and say it in the chart's title")


def _long_chart_finding(rows: int, fitting: int) -> Finding:
    """Return the finding for a chart of which only some rows have room."""
    message = (
        f"The chart is too high for its place: it has {rows} rows, of which {fitting or 'not even one'} would fit."
    )
    return error("figure-rows", message, hint="make two charts of it, or keep the rows that matter")
