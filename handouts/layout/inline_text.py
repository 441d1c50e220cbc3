"""Set inline content as lines of text items, each tagged with its structure element and colour.

Strong words, links, citations, words of another language, and phone numbers, which get a typeface with an open
zero. Also gives `LayoutContext`, which every layout function takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from unicodedata import category

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.document.nodes import Citation, Contacts, Document, FixedWords, Foreign, Inlines, Link, Strong, Text
from handouts.document.text import called_number, walk
from handouts.document.text import plain as plain_words
from handouts.figures.shapes import Command, Path
from handouts.finding import Finding
from handouts.layout.boxes import NEVER, LayoutBox
from handouts.layout.page_model import Element, PageItem, ShapeItem, TextItem
from handouts.text.fonts import PHONE_NUMBER_FAMILY, PRINT_FAMILY, SMALL_DIGIT_FAMILY, FontFamily
from handouts.text.line_breaking import GlyphRun, StyledRun, TextLine, break_lines
from handouts.theme import Theme, TypeStyle

LEAST_DIGITS = 3
ANY_NUMBER = re.compile(r"(?<![\w/.])\+?\d(?:[\d\u00a0 -]*\d)?(?![\w/%])")
LONG_NUMBER = re.compile(r"(?<![\w/.])(?:\+\d|0)\d*(?:[\u00a0 -]\d+)+(?![\w/%])")  # such as 0808 2000 247
DIGITS = re.compile(r"\d+")
WEB_ADDRESS = re.compile(r"[^\W\d_]\.[^\W\d_]")


def phone_numbers_in(document: Document) -> frozenset[str]:
    """Return the numbers that a document tells its reader to call, wherever it comes from."""
    lines = [line.number for column in document.crisis.columns for line in column.lines if not line.own]
    listed = [contact for node in walk(document.blocks) if isinstance(node, Contacts) for contact in node.contacts]
    numbers = (*lines, *(contact.number for contact in listed if not contact.own))
    return frozenset(with_plain_spaces(each) for each in numbers if each and number_family(each) is PHONE_NUMBER_FAMILY)


def with_plain_spaces(number: str) -> str:
    """Return a number as it is typed."""
    return number.replace("\u00a0", " ")


def number_family(number: str) -> FontFamily:
    """Return what stands where a number is printed is set in: the address of a page as other words are."""
    return (
        PRINT_FAMILY
        if WEB_ADDRESS.search(number) or not any(each.isdigit() for each in number)
        else PHONE_NUMBER_FAMILY
    )


def phone_number_runs(run: StyledRun, called: Set[str]) -> Iterator[StyledRun]:
    """Yield `run` with the numbers in it that are `called`, or that are long enough to be nothing else, set as such."""
    if not any(each.isdigit() for each in run.text):
        yield run
        return
    yield from split_run(run, phone_number_pattern(frozenset(called)), PHONE_NUMBER_FAMILY)


def contact_note_runs(run: StyledRun) -> Iterator[StyledRun]:
    """Yield `run`, which says how a line is reached, with every number of three digits or more set as one to call."""
    yield from split_run(run, ANY_NUMBER, PHONE_NUMBER_FAMILY, least=LEAST_DIGITS)


def open_figure_runs(run: StyledRun) -> Iterator[StyledRun]:
    """Yield `run` with its figures set so that a copy of a copy can be read."""
    yield from split_run(run, DIGITS, run.family or SMALL_DIGIT_FAMILY)


def split_run(run: StyledRun, pattern: re.Pattern[str], family: FontFamily, *, least: int = 0) -> Iterator[StyledRun]:
    """Yield `run` with what `pattern` finds in it, if that has at `least` so many digits, set in `family`."""
    start = 0
    for found in pattern.finditer(run.text):
        if sum(each.isdigit() for each in found[0]) < least:
            continue
        if found.start() > start:
            yield replace(run, text=run.text[start : found.start()])
        yield replace(run, text=found[0].replace(" ", "\u00a0"), family=family)
        start = found.end()
    if start < len(run.text):
        yield replace(run, text=run.text[start:])


# The numbers of one country stand in all its files.
@lru_cache(maxsize=16)
def phone_number_pattern(called: frozenset[str]) -> re.Pattern[str]:
    """Return what finds the numbers that are `called`, and those that are long enough to be nothing else."""
    known = [
        re.escape(each).replace(r"\ ", "[ \u00a0]") for each in sorted(called, key=lambda each: (-len(each), each))
    ]
    return re.compile("|".join((*(rf"(?<![\w.-]){each}(?![\w-])" for each in known), LONG_NUMBER.pattern)))


UNDERLINE = (0.06, 0.16)  # in em: how thick the line below a link is, and how far below the baseline
PARAGRAPH_LINE_COST = 30.0  # to end a page inside a paragraph
BASELINE_BELOW_MIDDLE = 0.33  # in em: how far below the middle of a line its baseline is
COMBINING_CATEGORIES = ("Mn", "Me")  # Unicode's categories of what stands above, below or around a letter
LONGEST_READABLE_LINE, USUAL_MEASURE = 75, 31.5  # in characters, and in em what most such lines need
USUAL_BODY_SIZE = 13.0  # the size of body text that marks beside it are made for


class RunTag(Struct, frozen=True, eq=False):
    """What a run of text belongs to, and the role of its colour."""

    element: Element
    colour: str
    underlined: bool = False


class LayoutContext(Struct, frozen=True):
    """What every layout function works with; `room` is the height of a page that boxes can fill.

    In a `fillable` file lines and boxes to write on are fields of a form. `called` are the numbers to call that stand
    out wherever they are printed, `cover_reduction` is how much lower than usual a cover should be.

    `cited` remembers which sources have been cited before, `findings` what does not fit.
    """

    theme: Theme
    words: FixedWords
    room: float
    fillable: bool = False
    phone_numbers: frozenset[str] = frozenset()
    cover_reduction: float = 0.0
    cited: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def style(self, role: str) -> TypeStyle:
        """Return the type style of a role of print."""
        return self.theme.print[role]

    @property
    def scale(self) -> float:
        """How much larger marks beside body text are than usual: as much as the text."""
        return max(1.0, self.style("body").size / USUAL_BODY_SIZE)


def inline_runs(
    content: Inlines, element: Element, colour: str, context: LayoutContext, *, bold: bool = False
) -> Iterator[StyledRun]:
    """Yield the runs of `content`, each part that is more than plain words in a child of `element`.

    An element holds either words or elements, never both side by side, which some readers would put out of order.
    """
    plain = all(isinstance(inline, Text) for inline in content) and not element.children
    for inline in content:
        match inline:
            case Text():
                own = element if plain else element.add(Element("Span"))
                ink = RunTag(own, colour, bool(element.target))
                yield from phone_number_runs(StyledRun(inline.text, bold, ink), context.phone_numbers)
            case Strong():
                strong = element.add(Element("Strong"))
                yield from inline_runs(inline.content, strong, colour, context, bold=True)
            case Link():
                link = element.add(link_element(inline.target, context, inline.title, plain_words(inline.content)))
                yield from inline_runs(inline.content, link, "accent", context, bold=bold)
            case Citation():
                yield from citation_runs(inline, element, colour, context, bold=bold)
            case Foreign():
                foreign = element.add(Element("Span", language=inline.language))
                yield from inline_runs(inline.content, foreign, colour, context, bold=bold)


def with_no_break_spaces(text: str) -> str:
    """Return `text` so that no line breaks inside it."""
    return text.replace(" ", "\u00a0")


def link_element(target: str, context: LayoutContext, title: str = "", said: str = "") -> Element:
    """Return the element of a link with a tooltip that says where it leads; a number as it is `said`, in groups."""
    kind, _, rest = target.partition(":")
    key = {"tel": "call", "mailto": "write_to"}.get(kind, "opens")
    shown = rest if key != "opens" else target.removeprefix("https://")
    number = called_number(rest, said)
    return Element("Link", target=target, tooltip=title or context.words.say(key, target=shown, number=number))


def citation_runs(
    citation: Citation, parent: Element, colour: str, context: LayoutContext, *, bold: bool
) -> Iterator[StyledRun]:
    """Yield a mark such as [3, 5] whose numbers lead to their sources; the first of each can be led back to."""
    reference = parent.add(Element("Reference"))
    yield StyledRun("[", bold, RunTag(reference.add(Element("Span")), colour), tied=True)
    for index, number in enumerate(citation.numbers):
        if index:
            yield StyledRun(",\u00a0", bold, RunTag(reference.add(Element("Span")), colour))
        tooltip = context.words.say("source_link", n=number)
        link = Element("Link", target=f"#source-{number}", tooltip=tooltip)
        link.anchor = "" if number in context.cited else f"cite-{number}"
        context.cited.add(number)
        yield StyledRun(str(number), bold, RunTag(reference.add(link), colour))
    yield StyledRun("]", bold, RunTag(reference.add(Element("Span")), colour))


def baseline_offset(style: TypeStyle) -> float:
    """Return how far below the top of its line a baseline is."""
    return style.leading / 2 + BASELINE_BELOW_MIDDLE * style.size


def line_items(line: TextLine, x: float, baseline: float) -> Iterator[PageItem]:
    """Yield the items of a line that starts at `x`."""
    for run in line.runs:
        ink = run.key
        assert isinstance(ink, RunTag)  # noqa: S101
        yield TextItem(run, x + run.x, baseline, ink.colour, ink.element)
        if ink.underlined:
            yield underline_item(run, x + run.x, baseline, ink.colour)


def underline_item(run: GlyphRun, x: float, baseline: float, colour: str) -> ShapeItem:
    """Return the line below the words of a link, not below the space at their end."""
    thickness, below = UNDERLINE[0] * run.size, UNDERLINE[1] * run.size
    ends: tuple[Command, ...] = (("M", (0.0, 0.0)), ("L", (run.seen_width, 0.0)))
    return ShapeItem(Path(ends, stroke=colour, width=thickness, cap="butt"), x, baseline + below, None)


def lines_box(lines: Sequence[TextLine], style: TypeStyle, x: float) -> LayoutBox:
    """Return `lines` as one box that is not torn."""
    items: list[PageItem] = []
    for index, line in enumerate(lines):
        items.extend(line_items(line, x, index * style.leading + baseline_offset(style)))
    return LayoutBox(len(lines) * style.leading, tuple(items), style.before, style.after)


def readable_lines(runs: Iterable[StyledRun], style: TypeStyle, width: float) -> tuple[TextLine, ...]:
    """Return `runs` as lines of at most `width` points, and of no more characters than an eye can follow."""
    words = tuple(runs)
    measure = min(width, USUAL_MEASURE * style.size)
    lines = break_lines(words, style, measure)
    while measure > style.size and any(visible_length(line.text) > LONGEST_READABLE_LINE for line in lines):
        measure -= style.size
        lines = break_lines(words, style, measure)
    return lines


def visible_length(text: str) -> int:
    """Return how many characters of `text` stand beside each other: an accent is seen with its letter."""
    seen = text.rstrip()
    return len(seen) if seen.isascii() else sum(category(each) not in COMBINING_CATEGORIES for each in seen)


def text_box(runs: Iterable[StyledRun], style: TypeStyle, x: float, width: float) -> LayoutBox:
    """Return text as one box that is not torn."""
    return lines_box(readable_lines(runs, style, width), style, x)


def text_boxes(runs: Iterable[StyledRun], style: TypeStyle, x: float, width: float) -> list[LayoutBox]:
    """Return text as a box a line, so that a page may end inside it: two lines at least stay on each side."""
    return line_boxes(readable_lines(runs, style, width), style, x)


def line_boxes(lines: Sequence[TextLine], style: TypeStyle, x: float) -> list[LayoutBox]:
    """Return `lines` as a box each, of which two at least stay on each side of the end of a page."""
    last = len(lines) - 1
    return [
        LayoutBox(
            height=style.leading,
            items=tuple(line_items(line, x, baseline_offset(style))),
            before=0.0 if index else style.before,
            after=0.0 if index < last else style.after,
            break_cost=0.0 if index == last else NEVER if index in (0, last - 1) else PARAGRAPH_LINE_COST,
        )
        for index, line in enumerate(lines)
    ]


def plain_text_box(
    text: str, element: Element | None, style: TypeStyle, x: float, width: float, colour: str = ""
) -> LayoutBox:
    """Return plain words as one box; without an element they are an artifact."""
    lines = plain_text_lines(text, style, width)
    items = tuple(
        TextItem(run, x + run.x, index * style.leading + baseline_offset(style), colour or style.colour, element)
        for index, line in enumerate(lines)
        for run in line.runs
    )
    return LayoutBox(len(lines) * style.leading, items, style.before, style.after)


# Heads and feet, labels and numbers stand on page after page.
@lru_cache(maxsize=200)
def plain_text_lines(text: str, style: TypeStyle, width: float) -> tuple[TextLine, ...]:
    """Return plain words as lines."""
    return break_lines((StyledRun(text, style.bold),), style, width)
