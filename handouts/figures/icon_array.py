"""The icon array: a hundred people, some of them filled, in ten rows of ten or five rows of twenty.

The count is printed once, large, with its explanation and a legend, beside or below the people. For a range, the
people between its ends are half filled. The three kinds can be told apart without colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from handouts.figures.labels import LabelStyle, label_too_long, labelled_drawing
from handouts.figures.shapes import (
    CIRCLE_CONTROL,
    Command,
    Drawing,
    Path,
    Shape,
    TextLabel,
    path_commands,
    shifted_all,
    transformed_path,
)
from handouts.finding import error

REQUIRED = ("filled", "of", "words")
OPTIONAL = ("full", "half", "open")
COUNT_KEYS = ("filled",)
_ALL_PEOPLE = 100
_COUNT_PATTERN = re.compile(r"([0-9]{1,3})(?: ?[-\N{EN DASH}] ?([0-9]{1,3}))?")
_BODY = path_commands(
    "M0 1 L0 0.8 C0 0.62 0.1036 0.52 0.2516 0.52 L0.4884 0.52 C0.6364 0.52 0.74 0.62 0.74 0.8 L0.74 1 Z"
)
_LEFT_HALF = path_commands("M0 1 L0 0.8 C0 0.62 0.1036 0.52 0.2516 0.52 L0.37 0.52 L0.37 1 Z")
_HEAD_CIRCLE, _PERSON_WIDTH = (0.37, 0.215, 0.215), 0.74
_PERSON_EDGE = 1.4
_PERSON_SHARE = 0.8  # of a cell
_NUMBER_SCALES = (3.2, 2.8, 2.4, 2.0, 1.6, 1.3, 1.0)
_SQUARE_COLUMNS, _LOW_COLUMNS = 10, 20  # people in a row
_LOW_SHARES: Mapping[str, tuple[float, ...]] = {"print": (0.5, 0.56), "slide": (0.6, 0.54)}  # of the width
_MIN_CELL_WIDTH, _MAX_CELL_WIDTH = 0.7, 1.5  # in em, of low rows: people in narrower cells could not be counted
_CELL_ASPECT = 1.24  # the height of a cell of low rows for each unit of its width
_MAX_WORDS_DEPTH = 1.9  # the greatest height of the words beside low rows for each unit of the height of the rows


class PeopleCount(Struct, frozen=True):
    """How many people are filled for certain, and how many at most."""

    least: int
    most: int


class _ArrayCells(Struct, frozen=True):
    """The size of one cell, and how many there are in a row."""

    across: float
    down: float
    columns: int = _SQUARE_COLUMNS

    @property
    def width(self) -> float:
        """The width of all people."""
        return self.columns * self.across

    @property
    def height(self) -> float:
        """The height of all people, without the gap below the last row."""
        return (_ALL_PEOPLE / self.columns - 1 + _PERSON_SHARE) * self.down


def parse_count(text: str) -> PeopleCount | None:
    """Return the count from 0 to 100 in `text`, or the rising range of two of them; None if it is neither."""
    found = _COUNT_PATTERN.fullmatch(text.strip())
    if found is None:
        return None
    count = PeopleCount(int(found[1]), int(found[2] or found[1]))
    return count if count.most <= _ALL_PEOPLE and (not found[2] or count.least < count.most) else None


def printed_count(text: str) -> str:
    """Return a count as printed: a range with an en dash and no spaces, anything else unchanged."""
    return "\N{EN DASH}".join(each.strip() for each in re.split(r"[-\N{EN DASH}]", text)) if parse_count(text) else text


def arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the array, `width` wide: people ten by ten with their words to the right, then below."""
    if style.medium == "slide":
        height = style.most_height(width) - 0.5
        yield _with_words_beside(labels, width, _ArrayCells(0.09 * height, 0.1 * height), style)
        return
    for share in (0.44, 0.36):
        across = share * width / _SQUARE_COLUMNS
        yield _with_words_beside(labels, width, _ArrayCells(across, across * 30 / 27), style)
    across = min(width, 18 * style.size) / _SQUARE_COLUMNS
    yield _with_words_below(labels, width, _ArrayCells(across, across), style)


def row_arrangements(labels: Mapping[str, str], width: float, style: LabelStyle) -> Iterator[Drawing]:
    """Yield the array, `width` wide: people in five rows of twenty with their words to the right, then below.

    The lowest arrangement comes first.
    """
    for share in _LOW_SHARES[style.medium]:
        across = share * width / _LOW_COLUMNS
        if across >= _MIN_CELL_WIDTH * style.size:
            cells = _ArrayCells(across, _CELL_ASPECT * across, _LOW_COLUMNS)
            yield _with_words_beside(labels, width, cells, style, _MAX_WORDS_DEPTH)
    across = min(width / (_LOW_COLUMNS - 1 + _PERSON_SHARE), _MAX_CELL_WIDTH * style.size)
    yield _with_words_below(labels, width, _ArrayCells(across, _CELL_ASPECT * across, _LOW_COLUMNS), style)


def _with_words_beside(
    labels: Mapping[str, str], width: float, cells: _ArrayCells, style: LabelStyle, deepest: float = 1.0
) -> Drawing:
    """Return the people with the words to their right, at most `deepest` times as high as the people."""
    left = cells.width + 1.2 * style.size
    choices = (0, 1, 2, 3, 4, 3) if cells.columns == _LOW_COLUMNS else (0,)  # a number of 2 em, if none is low enough
    for start in choices:
        words, depth = _array_words(labels, width - left, style, _NUMBER_SCALES[start:])
        if depth <= cells.height:
            break
    height = max(cells.height, depth if deepest > 1 else 0.0)
    too_high = depth > deepest * cells.height
    return _array_drawing(labels, width, height, cells, shifted_all(words, left, 0), too_high=too_high)


def _with_words_below(labels: Mapping[str, str], width: float, cells: _ArrayCells, style: LabelStyle) -> Drawing:
    """Return the people with the words below them."""
    top = cells.height + (1.2 if cells.columns == _SQUARE_COLUMNS else 0.6) * style.size
    scales = _NUMBER_SCALES if cells.columns == _SQUARE_COLUMNS else _NUMBER_SCALES[3:]
    words, depth = _array_words(labels, width, style, scales)
    too_high = top + depth > style.most_height(width)
    return _array_drawing(labels, width, top + depth, cells, shifted_all(words, 0, top), too_high=too_high)


def _array_drawing(
    labels: Mapping[str, str],
    width: float,
    height: float,
    cells: _ArrayCells,
    words: Sequence[Shape],
    *,
    too_high: bool,
) -> Drawing:
    """Return the people and the words, with a finding if the words are `too_high` or the count is not a count."""
    filled, count = labels["filled"], parse_count(labels["filled"])
    findings = [label_too_long("words", labels["words"])] if too_high else []
    if count is None:
        hint = f"write a whole number from 0 to {_ALL_PEOPLE}, or two, such as 1-3"
        findings.append(error("figure-count", f"'{filled}' is not a count of people.", hint=hint))
    shapes = (*_people_paths(count or PeopleCount(0, 0), cells), *words)
    others = {key: text for key, text in labels.items() if key not in COUNT_KEYS}  # the count stands with "of"
    return labelled_drawing(width, height, shapes, others, *findings)


def people_drawing(count: PeopleCount, width: float, height: float) -> Drawing:
    """Return a hundred people, ten by ten, without words, `count` of them filled."""
    cells = _ArrayCells(width / _SQUARE_COLUMNS, height / _SQUARE_COLUMNS)
    return Drawing(width, height, tuple(_people_paths(count, cells)))


def _people_paths(count: PeopleCount, cells: _ArrayCells) -> Iterator[Path]:
    """Yield a hundred people in their cells: filled, then half filled, then in outline."""
    high = min(_PERSON_SHARE * cells.down, _PERSON_SHARE * cells.across / _PERSON_WIDTH)
    for index in range(_ALL_PEOPLE):
        row, column = divmod(index, cells.columns)
        kind = "full" if index < count.least else "half" if index < count.most else "open"
        yield from _person_paths(column * cells.across, row * cells.down, high, kind)


def _person_paths(x: float, y: float, high: float, kind: str) -> tuple[Path, ...]:
    """Return one person, `high` points high: a head on a body with shoulders, filled ("full"), half filled or open."""
    whole = (*_circle_path(*_HEAD_CIRCLE), *_BODY)
    if kind == "full":
        return (Path(transformed_path(whole, high, high, x, y), fill="accent"),)
    inset = (high - _PERSON_EDGE) / high
    size = high * inset
    inner = transformed_path(whole, size, size, x + (1 - inset) * _PERSON_WIDTH * high / 2, y + _PERSON_EDGE / 2)
    outline = Path(inner, stroke="accent", width=_PERSON_EDGE)
    middle, centre, radius = _HEAD_CIRCLE
    left_of_head = (("M", (middle, centre + radius)), *_circle_path(*_HEAD_CIRCLE)[3:])
    half = Path(transformed_path((*left_of_head, *_LEFT_HALF), high, high, x, y), fill="accent")
    return (half, outline) if kind == "half" else (outline,)


def _circle_path(x: float, y: float, radius: float) -> tuple[Command, ...]:
    """Return a circle as four cubics."""
    far = radius * CIRCLE_CONTROL
    left, right, top, foot = x - radius, x + radius, y - radius, y + radius
    return (
        ("M", (x, top)),
        ("C", (x + far, top, right, y - far, right, y)),
        ("C", (right, y + far, x + far, foot, x, foot)),
        ("C", (x - far, foot, left, y + far, left, y)),
        ("C", (left, y - far, x - far, top, x, top)),
        ("Z", ()),
    )


def _array_words(
    labels: Mapping[str, str], room: float, style: LabelStyle, scales: Sequence[float]
) -> tuple[tuple[Shape, ...], float]:
    """Return the number, what it means and the legend, one below the other from 0; and their depth."""
    em = style.size
    number, depth = _number_labels(labels, room, style, scales)
    lines = style.lines(labels["words"], min(room, 26 * em), bold=False, most=9)
    shapes: list[Shape] = [*number, style.label("words", lines, 0, depth, bold=False)]
    depth += style.depth(lines or ("",))
    for key in OPTIONAL:
        if labels.get(key):
            entry, depth = _legend_entry(key, labels[key], depth + 0.95 * em, room, style)
            shapes += entry
    return tuple(shapes), depth


def _number_labels(
    labels: Mapping[str, str], room: float, style: LabelStyle, scales: Sequence[float]
) -> tuple[tuple[TextLabel, ...], float]:
    """Return the count and the words after it on one line, as large as possible; and the top of what follows."""
    count, of, top = labels["filled"].strip(), labels["of"].strip(), 0.2 * style.size
    for scale in scales:
        first, whole = style.breadth((count,), scale=scale), style.breadth((f"{count} {of}",), scale=scale)
        if whole <= room:
            gap = whole - first - style.breadth((of,), scale=scale)
            number = style.label("filled", (count,), 0, top, colour="accent", scale=scale)
            rest = style.label("of", (of,), first + gap, top, colour="accent", scale=scale)
            return (number, rest), top + style.depth((count,), scale) + 0.55 * style.size
    return (), 0.0


def _legend_entry(key: str, text: str, top: float, room: float, style: LabelStyle) -> tuple[list[Shape], float]:
    """Return a person of the kind `key` beside its meaning, and the bottom of both."""
    high = 1.45 * style.size
    middle = top + high / 2
    lines = style.lines(text, room - 2.0 * style.size, bold=False, most=3)
    shapes: list[Shape] = [*_person_paths(0.5, top, high, key)]
    if not lines:
        return shapes, top + high
    half = max(high, style.depth(lines)) / 2
    shapes = [*shifted_all(shapes, 0, half - high / 2)]
    shapes.append(style.centred(key, lines, 2.0 * style.size, middle + half - high / 2, bold=False, align="start"))
    return shapes, top + 2 * half
