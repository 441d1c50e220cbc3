"""Words to lines of text items, each belonging to its element: strong words, links, citations, other languages.

An `Ink` is the key that a run of text carries through line breaking: the element it belongs to and its colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from unicodedata import category

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.document import Citation, Foreign, Inlines, Link, Strong, Text, Words, called_number
from handouts.document import plain as plain_words
from handouts.figures.shapes import Command, Path
from handouts.finding import Finding
from handouts.pdf.boxes import NEVER, Box, moved
from handouts.pdf.numbers import number_runs
from handouts.pdf.page import Element, Item, ShapeItem, TextItem
from handouts.text.breaking import GlyphRun, Line, Run, break_lines
from handouts.theme import Theme, TypeStyle

UNDERLINE = (0.06, 0.16)  # in em: how thick the line below a link is, and how far below the baseline
LINE_COST = 30.0  # to end a page inside a paragraph
MIDDLE = 0.33  # in em: how far below the middle of a line its baseline is
ACCENTS = ("Mn", "Me")  # Unicode's categories of what stands above, below or around a letter
LONGEST_LINE, USUAL_MEASURE = 75, 31.5  # in characters, and in em what most such lines need
USUAL = 13.0  # the size of body text that marks beside it are made for


class Ink(Struct, frozen=True, eq=False):
    """What a run of text belongs to, and the role of its colour."""

    element: Element
    colour: str
    underlined: bool = False


class Desk(Struct, frozen=True):
    """What every layout function works with; `room` is the height of a page that boxes can fill.

    In a `fillable` file lines and boxes to write on are fields of a form. `called` are the numbers to call that stand
    out wherever they are printed, `squeeze` is how much lower than usual a cover should be.

    `cited` remembers which sources have been cited before, `findings` what does not fit.
    """

    theme: Theme
    words: Words
    room: float
    fillable: bool = False
    called: frozenset[str] = frozenset()
    squeeze: float = 0.0
    cited: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def style(self, role: str) -> TypeStyle:
        """Return the type style of a role of print."""
        return self.theme.print[role]

    @property
    def scale(self) -> float:
        """How much larger marks beside body text are than usual: as much as the text."""
        return max(1.0, self.style("body").size / USUAL)


def runs_of(content: Inlines, element: Element, colour: str, desk: Desk, *, bold: bool = False) -> Iterator[Run]:
    """Yield the runs of `content`, each part that is more than plain words in a child of `timing_child`.

    An element holds either words or elements, never both side by side, which some readers would put out of order.
    """
    plain = all(isinstance(inline, Text) for inline in content) and not element.children
    for inline in content:
        match inline:
            case Text():
                own = element if plain else element.add(Element("Span"))
                ink = Ink(own, colour, bool(element.target))
                yield from number_runs(Run(inline.text, bold, ink), desk.called)
            case Strong():
                strong = element.add(Element("Strong"))
                yield from runs_of(inline.content, strong, colour, desk, bold=True)
            case Link():
                link = element.add(link_to(inline.target, desk, inline.title, plain_words(inline.content)))
                yield from runs_of(inline.content, link, "accent", desk, bold=bold)
            case Citation():
                yield from citation_runs(inline, element, colour, desk, bold=bold)
            case Foreign():
                foreign = element.add(Element("Span", language=inline.language))
                yield from runs_of(inline.content, foreign, colour, desk, bold=bold)


def whole(text: str) -> str:
    """Return `text` so that no line breaks inside it."""
    return text.replace(" ", "\u00a0")


def link_to(target: str, desk: Desk, title: str = "", said: str = "") -> Element:
    """Return the element of a link with a tooltip that says where it leads; a number as it is `said`, in groups."""
    kind, _, rest = target.partition(":")
    key = {"tel": "call", "mailto": "write_to"}.get(kind, "opens")
    shown = rest if key != "opens" else target.removeprefix("https://")
    number = called_number(rest, said)
    return Element("Link", target=target, tooltip=title or desk.words.say(key, target=shown, number=number))


def citation_runs(citation: Citation, parent: Element, colour: str, desk: Desk, *, bold: bool) -> Iterator[Run]:
    """Yield a mark such as [3, 5] whose numbers lead to their sources; the first of each can be led back to."""
    reference = parent.add(Element("Reference"))
    yield Run("[", bold, Ink(reference.add(Element("Span")), colour), tied=True)
    for index, number in enumerate(citation.numbers):
        if index:
            yield Run(",\u00a0", bold, Ink(reference.add(Element("Span")), colour))
        tooltip = desk.words.say("source_link", n=number)
        link = Element("Link", target=f"#source-{number}", tooltip=tooltip)
        link.anchor = "" if number in desk.cited else f"cite-{number}"
        desk.cited.add(number)
        yield Run(str(number), bold, Ink(reference.add(link), colour))
    yield Run("]", bold, Ink(reference.add(Element("Span")), colour))


def baseline_of(style: TypeStyle) -> float:
    """Return how far below the top of its line a baseline is."""
    return style.leading / 2 + MIDDLE * style.size


def line_items(line: Line, x: float, baseline: float) -> Iterator[Item]:
    """Yield the items of a line that starts at `x`."""
    for run in line.runs:
        ink = run.key
        assert isinstance(ink, Ink)  # noqa: S101
        yield TextItem(run, x + run.x, baseline, ink.colour, ink.element)
        if ink.underlined:
            yield underline(run, x + run.x, baseline, ink.colour)


def underline(run: GlyphRun, x: float, baseline: float, colour: str) -> ShapeItem:
    """Return the line below the words of a link, not below the space at their end."""
    thickness, below = UNDERLINE[0] * run.size, UNDERLINE[1] * run.size
    ends: tuple[Command, ...] = (("M", (0.0, 0.0)), ("L", (run.seen_width, 0.0)))
    return ShapeItem(Path(ends, stroke=colour, width=thickness, cap="butt"), x, baseline + below, None)


def lines_box(lines: Sequence[Line], style: TypeStyle, x: float) -> Box:
    """Return `lines` as one box that is not torn."""
    items: list[Item] = []
    for index, line in enumerate(lines):
        items.extend(line_items(line, x, index * style.leading + baseline_of(style)))
    return Box(len(lines) * style.leading, tuple(items), style.before, style.after)


def readable_lines(runs: Iterable[Run], style: TypeStyle, width: float) -> tuple[Line, ...]:
    """Return `runs` as lines of at most `width` points, and of no more characters than an eye can follow."""
    words = tuple(runs)
    measure = min(width, USUAL_MEASURE * style.size)
    lines = break_lines(words, style, measure)
    while measure > style.size and any(seen_length(line.text) > LONGEST_LINE for line in lines):
        measure -= style.size
        lines = break_lines(words, style, measure)
    return lines


def seen_length(text: str) -> int:
    """Return how many characters of `text` stand beside each other: an accent is seen with its letter."""
    seen = text.rstrip()
    return len(seen) if seen.isascii() else sum(category(each) not in ACCENTS for each in seen)


def text_box(runs: Iterable[Run], style: TypeStyle, x: float, width: float) -> Box:
    """Return text as one box that is not torn."""
    return lines_box(readable_lines(runs, style, width), style, x)


def text_boxes(runs: Iterable[Run], style: TypeStyle, x: float, width: float) -> list[Box]:
    """Return text as a box a line, so that a page may end inside it: two lines at least stay on each side."""
    return line_boxes(readable_lines(runs, style, width), style, x)


def line_boxes(lines: Sequence[Line], style: TypeStyle, x: float) -> list[Box]:
    """Return `lines` as a box each, of which two at least stay on each side of the end of a page."""
    last = len(lines) - 1
    return [
        Box(
            height=style.leading,
            items=tuple(line_items(line, x, baseline_of(style))),
            before=0.0 if index else style.before,
            after=0.0 if index < last else style.after,
            break_cost=0.0 if index == last else NEVER if index in (0, last - 1) else LINE_COST,
        )
        for index, line in enumerate(lines)
    ]


def words_box(text: str, element: Element | None, style: TypeStyle, x: float, width: float, colour: str = "") -> Box:
    """Return plain words as one box; without an element they are an artifact."""
    lines = words_lines(text, style, width)
    items = tuple(
        TextItem(run, x + run.x, index * style.leading + baseline_of(style), colour or style.colour, element)
        for index, line in enumerate(lines)
        for run in line.runs
    )
    return Box(len(lines) * style.leading, items, style.before, style.after)


# Heads and feet, labels and numbers stand on page after page.
@lru_cache(maxsize=200)
def words_lines(text: str, style: TypeStyle, width: float) -> tuple[Line, ...]:
    """Return plain words as lines."""
    return break_lines((Run(text, style.bold),), style, width)


def aligned(box: Box, shift: float) -> Box:
    """Return `box` with its items moved to the right by `shift`."""
    return replace(box, items=tuple(moved(item, shift, 0.0) for item in box.items))
