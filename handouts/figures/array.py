"""The icon array: a hundred people, ten by ten, some of them filled, row by row; their number stands beside them.

The number is said once, in `filled`, large, and explained in words; filled and outlined people differ without colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from handouts.figures.bubbles import CURVE
from handouts.figures.paths import moved, path_commands
from handouts.figures.shapes import Command, Drawing, Label, Path, Shape, shifted_all
from handouts.figures.words import Medium, Scribe, best_drawing, too_long
from handouts.finding import Finding, error
from handouts.text import Family
from handouts.theme import TypeStyle

REQUIRED = ("filled", "of", "words")
OPTIONAL = ("full", "open")
COUNTS = ("filled",)
MOST = 100
BODY = path_commands(
    "M0 1 L0 0.8 C0 0.62 0.1036 0.52 0.2516 0.52 L0.4884 0.52 C0.6364 0.52 0.74 0.62 0.74 0.8 L0.74 1 Z"
)
HEAD, PERSON = (0.37, 0.215, 0.215), 0.74
EDGE = 1.4
SHARE = 0.8  # of a cell that a person takes
SCALES = (3.2, 2.8, 2.4, 2.0, 1.6, 1.3, 1.0)


class Cells(Struct, frozen=True):
    """The size of one cell of the ten by ten."""

    across: float
    down: float


def draw_array(labels: Mapping[str, str], width: float, style: TypeStyle, family: Family, medium: Medium) -> Drawing:
    """Return the array, `width` wide; words without room are a finding, and so is a count that is none."""
    scribe = Scribe(style, family, medium)
    drawing = best_drawing(arrangements(labels, width, scribe))
    if count_of(labels["filled"]) is not None:
        return drawing
    message = f"'{labels['filled']}' is no count of people."
    wrong = error("figure-count", message, hint=f"write a whole number from 0 to {MOST}")
    return Drawing(drawing.width, drawing.height, drawing.shapes, (*drawing.findings, wrong))


def count_of(text: str) -> int | None:
    """Return the whole number from 0 to 100 that `text` is; None if it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= MOST else None


def arrangements(labels: Mapping[str, str], width: float, scribe: Scribe) -> Iterator[Drawing]:
    """Yield the array with its words to the right, then below."""
    if scribe.medium == "slide":
        height = scribe.most_height(width) - 0.5
        yield with_words_beside(labels, width, Cells(0.09 * height, 0.1 * height), scribe)
        return
    for share in (0.44, 0.36):
        across = share * width / 10
        yield with_words_beside(labels, width, Cells(across, across * 30 / 27), scribe)
    across = min(width, 18 * scribe.size) / 10
    yield with_words_below(labels, width, Cells(across, across), scribe)


def with_words_beside(labels: Mapping[str, str], width: float, cells: Cells, scribe: Scribe) -> Drawing:
    """Return the people with the words to their right."""
    left = 10 * cells.across + 1.2 * scribe.size
    words, depth, findings = words_of(labels, width - left, scribe)
    height = (9 + SHARE) * cells.down
    if depth > height:
        findings.append(too_long("words", labels["words"]))
    return Drawing(width, height, (*counted(labels, cells), *shifted_all(words, left, 0)), tuple(findings))


def with_words_below(labels: Mapping[str, str], width: float, cells: Cells, scribe: Scribe) -> Drawing:
    """Return the people with the words below them."""
    top = (9 + SHARE) * cells.down + 1.2 * scribe.size
    words, depth, findings = words_of(labels, width, scribe)
    if top + depth > scribe.most_height(width):
        findings.append(too_long("words", labels["words"]))
    return Drawing(
        width,
        top + depth,
        (*counted(labels, cells), *shifted_all(words, 0, top)),
        tuple(findings),
    )


def people_drawing(filled: int, width: float, height: float) -> Drawing:
    """Return a hundred people without any words, the first `filled` of them filled."""
    return Drawing(width, height, tuple(people(filled, Cells(width / 10, height / 10))))


def counted(labels: Mapping[str, str], cells: Cells) -> Iterator[Path]:
    """Yield the people that `labels` count."""
    yield from people(count_of(labels["filled"]) or 0, cells)


def people(filled: int, cells: Cells) -> Iterator[Path]:
    """Yield a hundred people in their cells, the first `filled` of them filled, the rest in outline."""
    high = min(SHARE * cells.down, SHARE * cells.across / PERSON)
    for index in range(MOST):
        row, column = divmod(index, 10)
        yield person(column * cells.across, row * cells.down, high, full=index < filled)


def person(x: float, y: float, high: float, *, full: bool) -> Path:
    """Return one person as one path, `high` points high: a head on a shouldered body."""
    commands = moved((*circle(*HEAD), *BODY), high, x, y)
    if full:
        return Path(commands, fill="accent")
    inset = (high - EDGE) / high
    inner = moved((*circle(*HEAD), *BODY), high * inset, x + (1 - inset) * PERSON * high / 2, y + EDGE / 2)
    return Path(inner, stroke="accent", width=EDGE)


def circle(x: float, y: float, radius: float) -> tuple[Command, ...]:
    """Return a circle as four cubics."""
    far = radius * CURVE
    left, right, top, foot = x - radius, x + radius, y - radius, y + radius
    return (
        ("M", (x, top)),
        ("C", (x + far, top, right, y - far, right, y)),
        ("C", (right, y + far, x + far, foot, x, foot)),
        ("C", (x - far, foot, left, y + far, left, y)),
        ("C", (left, y - far, x - far, top, x, top)),
        ("Z", ()),
    )


def words_of(labels: Mapping[str, str], room: float, scribe: Scribe) -> tuple[tuple[Shape, ...], float, list[Finding]]:
    """Return the number, what it means and the legend, one below the other from 0; and their depth."""
    em = scribe.size
    number, depth = number_labels(labels, room, scribe)
    lines = scribe.lines(labels["words"], min(room, 26 * em), bold=False, most=9)
    findings = [] if number else [too_long("of", labels["of"])]
    findings += [too_long("words", labels["words"])] if lines is None else []
    shapes: list[Shape] = [*number, scribe.label("words", lines or (), 0, depth, bold=False)]
    depth += scribe.depth(lines or ("",))
    for key in OPTIONAL:
        if not labels.get(key):
            continue
        entry, depth = legend_entry(key, labels[key], depth + 0.95 * em, room, scribe)
        shapes += entry
        if not any(isinstance(shape, Label) for shape in entry):
            findings.append(too_long(key, labels[key]))
    return tuple(shapes), depth, findings


def number_labels(labels: Mapping[str, str], room: float, scribe: Scribe) -> tuple[tuple[Label, ...], float]:
    """Return the count and what it is of on one line, as large as there is room for; and where what follows begins."""
    count, of, top = labels["filled"].strip(), labels["of"].strip(), 0.2 * scribe.size
    for scale in SCALES:
        first, whole = scribe.breadth((count,), scale=scale), scribe.breadth((f"{count} {of}",), scale=scale)
        if whole <= room:
            gap = whole - first - scribe.breadth((of,), scale=scale)
            number = scribe.label("filled", (count,), 0, top, colour="accent", scale=scale)
            rest = scribe.label("of", (of,), first + gap, top, colour="accent", scale=scale)
            return (number, rest), top + scribe.depth((count,), scale) + 0.55 * scribe.size
    return (), 0.0


def legend_entry(key: str, text: str, top: float, room: float, scribe: Scribe) -> tuple[list[Shape], float]:
    """Return a person and what one like it means, and where this ends."""
    high = 1.45 * scribe.size
    middle = top + high / 2
    lines = scribe.lines(text, room - 2.0 * scribe.size, bold=False, most=3)
    shapes: list[Shape] = [person(0.5, top, high, full=key == "full")]
    if not lines:
        return shapes, top + high
    half = max(high, scribe.depth(lines)) / 2
    shapes = [*shifted_all(shapes, 0, half - high / 2)]
    shapes.append(scribe.centred(key, lines, 2.0 * scribe.size, middle + half - high / 2, bold=False, align="start"))
    return shapes, top + 2 * half
