"""Labels of a drawing: broken into lines that fit, measured, and placed clear of everything drawn before them.

Takes texts and one type style, font family and medium; returns labels, the rectangles that they cover, and findings
for texts without room. A finding says how many letters, labels or rows fit, which has been tried out. Must never make
a label smaller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, Protocol, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Chart
from handouts.figures.shapes import Drawing, Point, Shape, TextLabel
from handouts.finding import Finding, error
from handouts.text.fonts import FontFamily
from handouts.text.line_breaking import StyledRun, break_lines, text_width
from handouts.theme import TypeStyle

_MAX_LABEL_LINES = 5
_MAX_LABEL_WIDTH = 9.3  # in em: a longer line would run across the drawing
LINE_HEIGHT = 1.22
_ASCENT, _DESCENT = 0.72, 0.21
_CLEARANCE = 3.0


class Bounds(Struct, frozen=True):
    """A rectangle by its four sides."""

    left: float
    top: float
    right: float
    bottom: float

    def is_near(self, point: Point, distance: float) -> bool:
        """True if `point` is within `distance` of the rectangle."""
        x, y = point
        if not (self.left - distance < x < self.right + distance and self.top - distance < y < self.bottom + distance):
            return False
        across = max(self.left - x, 0.0, x - self.right)
        down = max(self.top - y, 0.0, y - self.bottom)
        return math.hypot(across, down) < distance

    def overlaps(self, other: Bounds) -> bool:
        """True if the two rectangles share a point."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Obstacles(Struct, frozen=True):
    """What labels must stay clear of: points, each with a distance to keep, rectangles, and the drawing's own edge."""

    bounds: Bounds
    points: tuple[tuple[Point, float], ...]
    areas: tuple[Bounds, ...] = ()

    def allow(self, area: Bounds) -> bool:
        """True if `area` is inside the drawing and clear of all obstacles."""
        inside = area.left >= self.bounds.left - 0.5 and area.right <= self.bounds.right + 0.5
        inside = inside and area.top >= self.bounds.top - 0.5 and area.bottom <= self.bounds.bottom + 0.5
        free = inside and not any(area.overlaps(other) for other in self.areas)
        return free and not any(area.is_near(point, distance + _CLEARANCE) for point, distance in self.points)

    def with_areas(self, areas: Sequence[Bounds], clear: float = 0.0) -> Obstacles:
        """Return the obstacles with further rectangles, each with `clear` space above and below it."""
        wider = (replace(area, top=area.top - clear, bottom=area.bottom + clear) for area in areas)
        return replace(self, areas=(*self.areas, *wider))


class LabelSpot(Struct, frozen=True):
    """Where a label may go: its point, how its lines align on it, and whether they stand above, around or below it."""

    x: float
    y: float
    align: Literal["start", "middle", "end"]
    vertical: Literal["above", "middle", "below"]


def place_label(
    key: str,
    choices: Iterable[LabelLines],
    spots: Sequence[LabelSpot],
    obstacles: Obstacles,
    style: TypeStyle,
    family: FontFamily,
) -> TextLabel | None:
    """Return the label in the first of `choices` of lines, at the first of `spots` that is free; None if none is."""
    for lines in choices:
        for spot in spots:
            label = _label_at(key, lines, spot, style)
            if all(obstacles.allow(area) for area in label_bounds(label, family, style)):
                return label
    return None


def label_line_choices(text: str, style: TypeStyle, family: FontFamily) -> Iterator[LabelLines]:
    """Yield `text` in one line, in two lines, and so on, each as narrow as that number allows without cutting words."""
    runs = (StyledRun(text, style.bold),)
    balanced = replace(style, balance=True)
    widest_word = max(text_width(word, style, family) for word in text.split())
    width = max(widest_word, min(text_width(text, style, family), _MAX_LABEL_WIDTH * style.size))
    found: tuple[str, ...] = ()
    while width >= widest_word and len(found) < _MAX_LABEL_LINES:
        lines = break_lines(runs, balanced, width, family)
        if found and len(lines) > len(found):
            yield found
        found = tuple(line.text.strip() for line in lines)
        width = max(line.width for line in lines) - 1
    yield found


def _label_at(key: str, lines: tuple[str, ...], spot: LabelSpot, style: TypeStyle) -> TextLabel:
    """Return `lines` as a label at `spot`."""
    leading = style.size * LINE_HEIGHT
    depth = (len(lines) - 1) * leading
    match spot.vertical:
        case "above":
            baseline = spot.y - depth
        case "middle":
            baseline = spot.y - depth / 2 + 0.36 * style.size
        case "below":
            baseline = spot.y
    return TextLabel(key, lines, spot.x, baseline, style.size, leading, style.bold, style.colour, spot.align)


def label_bounds(label: TextLabel, family: FontFamily, style: TypeStyle) -> tuple[Bounds, ...]:
    """Return the rectangle of each line of `label`."""
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]
    areas = []
    for index, line in enumerate(label.lines):
        width = text_width(line, style, family)
        left, baseline = label.x - share * width, label.baseline + index * label.leading
        areas.append(Bounds(left, baseline - _ASCENT * label.size, left + width, baseline + _DESCENT * label.size))
    return tuple(areas)


Medium: TypeAlias = Literal["print", "slide"]
Align: TypeAlias = Literal["start", "middle", "end"]
LabelLines: TypeAlias = tuple[str, ...]

CAPITAL_HEIGHT = 0.68  # the height of a capital, in em: the optical top of a line
_MAX_LABEL_LETTERS = 600  # no drawing has room for more, and longer labels take longer to try
_MAX_PRINT_HEIGHT = 32.0  # in em of the labels, on paper
_SLIDE_ASPECT = 346 / 852
# Left free on a slide below a drawing that ends in a tinted area or small words, to set it apart from the footer.
SLIDE_FREE_SPACE = 30.0


class LabelStyle(Struct, frozen=True):
    """The type style, font family and medium of one drawing, and the measures that follow from them."""

    type_style: TypeStyle
    family: FontFamily
    medium: Medium

    @property
    def size(self) -> float:
        """The type size of the labels."""
        return self.type_style.size

    @property
    def line(self) -> float:
        """The width of a main line."""
        return 3.25 if self.medium == "print" else 4.5

    @property
    def leading(self) -> float:
        """The distance from one line of a label to the next."""
        return LINE_HEIGHT * self.size

    @property
    def rule(self) -> str:
        """The colour of thin rules and axes: black on paper, where a grey would print with ragged edges."""
        return "ink" if self.medium == "print" else "screen-rule"

    def most_height(self, width: float) -> float:
        """Return the maximum height of a drawing of `width`."""
        return _MAX_PRINT_HEIGHT * self.size if self.medium == "print" else _SLIDE_ASPECT * width + 0.5

    def too_high(self, width: float, height: float, labels: Mapping[str, str], *keys: str) -> list[Finding]:
        """Return a finding for each of `keys`, the labels to shorten, if a drawing of this size is too high."""
        return [label_too_long(key, labels[key]) for key in keys] if height > self.most_height(width) else []

    def weight(self, bold: bool, scale: float = 1.0) -> TypeStyle:
        """Return the type style of labels that are bold or not, and `scale` times as large."""
        return replace(self.type_style, bold=bold, size=self.size * scale, balance=True)

    def lines(self, text: str, room: float, *, bold: bool = True, most: int = _MAX_LABEL_LINES) -> LabelLines:
        """Return `text` in balanced lines of at most `room`; none if a word is wider or there are more than `most`."""
        if len(text) > _MAX_LABEL_LETTERS:
            return ()
        lines = break_lines((StyledRun(text),), self.weight(bold), room, self.family, most=most)
        return tuple(line.text.strip() for line in lines)

    def breadth(self, lines: Sequence[str], *, bold: bool = True, scale: float = 1.0) -> float:
        """Return the width of the widest of `lines`."""
        style = self.weight(bold, scale)
        return max((text_width(line, style, self.family) for line in lines), default=0.0)

    def depth(self, lines: Sequence[str], scale: float = 1.0) -> float:
        """Return the height from the ascenders of the first line to the descenders of the last."""
        return ((len(lines) - 1) * LINE_HEIGHT + _ASCENT + _DESCENT) * self.size * scale if lines else 0.0

    def label(
        self,
        key: str,
        lines: LabelLines,
        x: float,
        top: float,
        *,
        bold: bool = True,
        colour: str = "",
        align: Align = "start",
        scale: float = 1.0,
    ) -> TextLabel:
        """Return `lines` as a label whose ascenders reach up to `top`."""
        size = self.size * scale
        colour = colour or self.type_style.colour
        return TextLabel(key, lines, x, top + _ASCENT * size, size, size * LINE_HEIGHT, bold, colour, align)

    def centred(
        self,
        key: str,
        lines: LabelLines,
        x: float,
        middle: float,
        *,
        bold: bool = True,
        colour: str = "",
        align: Align = "middle",
    ) -> TextLabel:
        """Return `lines` as a label whose capitals are centred vertically on `middle`."""
        half = ((len(lines) - 1) * LINE_HEIGHT + CAPITAL_HEIGHT) * self.size / 2
        top = middle - half - (_ASCENT - CAPITAL_HEIGHT) * self.size
        return self.label(key, lines, x, top, bold=bold, colour=colour, align=align)

    def areas(self, label: TextLabel) -> tuple[Bounds, ...]:
        """Return the rectangle of each line of `label`."""
        return label_bounds(label, self.family, replace(self.type_style, bold=label.bold, size=label.size))


class _Arrangement(Protocol):
    """A drawing or the plan of one, with a finding for each label that has no room."""

    @property
    def findings(self) -> tuple[Finding, ...]: ...


_AnyArrangement = TypeVar("_AnyArrangement", bound=_Arrangement)


def best_arrangement(arrangements: Iterable[_AnyArrangement]) -> _AnyArrangement:
    """Return the first arrangement without findings, or else the one with the fewest."""
    tried: list[_AnyArrangement] = []
    for each in arrangements:
        if not each.findings:
            return each
        tried.append(each)
    return min(tried, key=lambda each: len(each.findings))


def label_too_long(key: str, text: str) -> Finding:
    """Return the finding for a label without room; `with_advice` replaces it with one that says what would fit."""
    return error("figure-label", f"The label '{key}' has no room in the drawing: “{text}”.")


def labelled_drawing(
    width: float, height: float, shapes: Iterable[Shape], labels: Mapping[str, str], *findings: Finding
) -> Drawing:
    """Return a drawing of `shapes`, with a finding for each of `labels` that is not among them."""
    drawn = tuple(shapes)
    shown = {shape.key for shape in drawn if isinstance(shape, TextLabel) and shape.lines}
    missing = (label_too_long(key, text) for key, text in labels.items() if text and key not in shown)
    return Drawing(width, height, drawn, (*missing, *findings))


# ---------------------------------------------------------------- advice for labels without room


_LabelTexts: TypeAlias = Mapping[str, str]
_DrawLabels: TypeAlias = Callable[[_LabelTexts], Drawing]

_MIN_LETTERS = 3  # a label with fewer says nothing
_OTHER_FIGURE_HINT = "show it as a list or a table, or take another figure"
_SECOND_LINE_SUFFIX = "-text"  # how the key of a second line ends


class _Advice(Struct, frozen=True):
    """What would fit: labels of at most `letters`, or all labels but the `spared` ones; only `both` together if so."""

    letters: int = 0
    spared: tuple[str, ...] = ()
    both: bool = False


def with_advice(
    drawing: Drawing, labels: _LabelTexts, optional: Sequence[str], draw: _DrawLabels, written: Mapping[str, str]
) -> Drawing:
    """Return `drawing` with findings that say how many letters of each label fit, or which labels to leave out.

    `written` maps the key of each label to the key that its author used.
    """
    if not _crowded_keys(labels, drawing):
        return drawing
    tried = _shortened_labels(labels, _MAX_LABEL_LETTERS)
    first = drawing if tried == labels else draw(tried)
    crowded = {key: labels[key] for key in _all_crowded_keys(tried, first, draw)}
    others = tuple(found for found in drawing.findings if found.code != "figure-label")
    advice = _advice_for(_shortened_labels(crowded, _MAX_LABEL_LETTERS), tried, optional, draw)
    spared = tuple(written[key] for key in advice.spared)
    advised = _advice_findings({written[key]: text for key, text in crowded.items()}, replace(advice, spared=spared))
    return replace(drawing, findings=(*others, *advised))


def _crowded_keys(labels: _LabelTexts, drawing: Drawing) -> dict[str, None]:
    """Return the keys of the labels for which `drawing` has no room."""
    return {key: None for key, text in labels.items() if label_too_long(key, text) in drawing.findings}


def _all_crowded_keys(labels: _LabelTexts, drawing: Drawing, draw: _DrawLabels) -> tuple[str, ...]:
    """Return the keys of all labels without room, including those found only once the first ones are shortened.

    `drawing` is that of `labels`.
    """
    crowded = _crowded_keys(labels, drawing)
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
    """Yield sets of optional labels to leave out: the second lines, then each other one from the last, then all."""
    second = tuple(key for key in labels if key in optional and key.endswith(_SECOND_LINE_SUFFIX))
    first = [key for key in labels if key in optional and not key.endswith(_SECOND_LINE_SUFFIX)]
    if second:
        yield second
    for key in reversed(first):
        yield tuple(each for each in (key, f"{key}{_SECOND_LINE_SUFFIX}") if each in labels)
    if second and first:
        yield (*first, *second)


def _letters_fitting(crowded: _LabelTexts, labels: _LabelTexts, draw: _DrawLabels) -> int:
    """Return the most letters of each `crowded` label with which all labels fit; 0 if no number works."""
    if not crowded:
        return 0
    texts = crowded.values()
    return _most_letters(texts, lambda count: not draw({**labels, **_shortened_labels(crowded, count)}).findings)


def _shortened_labels(labels: _LabelTexts, count: int) -> dict[str, str]:
    """Return `labels`, each cut to at most `count` letters."""
    return {key: text[:count].strip() for key, text in labels.items()}


def _without_labels(labels: _LabelTexts, keys: Sequence[str]) -> dict[str, str]:
    """Return `labels` without those of `keys`."""
    return {key: text for key, text in labels.items() if key not in keys}


def _most_letters(texts: Collection[str], fitting: Callable[[int], bool]) -> int:
    """Return the largest number of letters of `texts` that is `fitting`; 0 if it is too small to say anything."""
    most = largest_fitting(fitting, max(map(len, texts)) - 1)
    return most if most >= _MIN_LETTERS else 0


def largest_fitting(fitting: Callable[[int], bool], most: int) -> int:
    """Return the largest count up to `most` that is `fitting`, by bisection; 0 if none is."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fitting(middle) else (low, middle - 1)
    return low


def shorter_wording(text: str) -> str:
    """Return "a shorter word" or "fewer words": what to write instead of a text that is too long."""
    return "a shorter word" if len(text.split()) == 1 else "fewer words"


def _advice_findings(crowded: _LabelTexts, advice: _Advice) -> Iterator[Finding]:
    """Yield a finding for each label that is longer than what fits, or a single one if nothing fits."""
    if not (advice.letters or advice.spared):
        names = ", ".join(f"'{key}'" for key in crowded)
        message = f"There is no room in the drawing for the words of {names}, not even if they are short."
        yield error("figure-label", message, hint=_OTHER_FIGURE_HINT)
        return
    for key, text in crowded.items():
        if len(text) > advice.letters and not (advice.both and key in advice.spared):
            yield _no_room_finding(f"the label '{key}'", text, advice)


def _no_room_finding(what: str, text: str, advice: _Advice) -> Finding:
    """Return the finding for words without room: their length, how many letters fit, and what can be left out."""
    count = f"{len(text)} letter{'' if len(text) == 1 else 's'}"
    message = f"There is no room in the drawing for {what}: “{text}” has {count}"
    spared = f"leave out {', '.join(advice.spared)}"
    choices = [f"write {shorter_wording(text)}, about {advice.letters} letters"] if advice.letters else []
    choices += [spared if advice.both else f"{spared}: then all others fit"] if advice.spared else []
    fits = f", and about {advice.letters} fit" if advice.letters and not advice.both else ""
    hint = (", and " if advice.both else "; or ").join(choices) or _OTHER_FIGURE_HINT
    return error("figure-label", f"{message}{fits}.", hint=hint)


_ChartFindings: TypeAlias = Callable[[Chart], tuple[Finding, ...]]

_LABEL_CODE, _ROWS_CODE = "figure-label", "figure-rows"


def no_room_for_words(words: str) -> Finding:
    """Return the finding for words without room; `chart_advice` replaces it with one that says what fits."""
    return error("figure-label", f"There is no room in the chart for “{words}”.")


def too_many_rows(rows: int) -> Finding:
    """Return the finding for too many rows; `chart_advice` replaces it with one that says how many fit."""
    return error("figure-rows", f"The chart is too high for its place: it has {rows} rows.")


def chart_advice(findings: tuple[Finding, ...], chart: Chart, planned: _ChartFindings) -> Iterator[Finding]:
    """Yield the findings of a chart, each with what would fit: a number of letters or rows, or a shorter unit."""

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
        rows = chart.rows
        most = largest_fitting(lambda count: not lacks(_ROWS_CODE, replace(chart, rows=rows[:count])), len(rows) - 1)
        yield _long_chart_finding(len(rows), most)


def _with_shorter_labels(chart: Chart, crowded: Collection[str], count: int) -> Chart:
    """Return `chart` with each of its `crowded` labels cut to at most `count` letters."""

    def cut(words: str) -> str:
        return words[:count].strip() if words in crowded else words

    rows = tuple(replace(row, label=cut(row.label)) for row in chart.rows)
    return replace(chart, rows_name=cut(chart.rows_name), rows=rows, series=tuple(map(cut, chart.series)))


def _long_unit_finding(unit: str, letters: int) -> Finding:
    """Return the finding for a unit so long that its numbers leave no room for the bars."""
    message = f"There is no room for the bars beside their numbers with “{unit}”, of which about {letters} letters fit."
    return error("figure-label", message, hint="shorten the unit, or leave it out and say it in the chart's title")


def _long_chart_finding(rows: int, fitting: int) -> Finding:
    """Return the finding for a chart with more rows than fit."""
    message = (
        f"The chart is too high for its place: it has {rows} rows, of which {fitting or 'not even one'} would fit."
    )
    return error("figure-rows", message, hint="make two charts of it, or keep the rows that matter")
