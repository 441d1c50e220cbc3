"""Set inline content as lines of text items, each with its structure element and colour.

Handles strong text, links, citations, foreign words, and phone numbers, which get a typeface with an open zero. Also
holds `LayoutContext` and `Measure`, which the layout functions of all blocks take.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias
from unicodedata import category

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.document.nodes import (
    Block,
    Citation,
    Contacts,
    Document,
    FixedWords,
    Foreign,
    Inlines,
    Link,
    Strong,
    Text,
)
from handouts.document.text import link_tooltip, plain, walk
from handouts.finding import Finding
from handouts.layout.boxes import NEVER, LayoutBox, moved_right, rule
from handouts.layout.page_model import Element, OutlineEntry, PageItem, TextItem
from handouts.render_cache import RenderCache
from handouts.text.fonts import PHONE_NUMBER_FAMILY, PRINT_FAMILY, SMALL_DIGIT_FAMILY, FontFamily
from handouts.text.line_breaking import GlyphRun, StyledRun, TextLine, break_lines, text_width
from handouts.theme import Theme, TypeStyle

# ---------------------------------------------------------------- phone numbers

_LEAST_DIGITS = 3
_ANY_NUMBER = re.compile(r"(?<![\w/.])\+?\d(?:[\d\u00a0 -]*\d)?(?![\w/%])")
_LONG_NUMBER = re.compile(r"(?<![\w/.])(?:\+\d|0)\d*(?:[\u00a0 -]\d+)+(?![\w/%])")  # such as 0808 2000 247
_DIGITS = re.compile(r"\d+")
_WEB_ADDRESS = re.compile(r"[^\W\d_]\.[^\W\d_]")


def phone_number_pattern(document: Document) -> re.Pattern[str]:
    """Return a pattern for the phone numbers listed in a document and for numbers long enough to be one."""
    lines = [line.number for column in document.crisis.columns for line in column.lines if not line.own]
    listed = [contact for node in walk(document.blocks) if isinstance(node, Contacts) for contact in node.contacts]
    numbers = (*lines, *(contact.number for contact in listed if not contact.own))
    known = {each.replace("\u00a0", " ") for each in numbers if each and number_family(each) is PHONE_NUMBER_FAMILY}
    escaped = [
        re.escape(each).replace(r"\ ", "[ \u00a0]") for each in sorted(known, key=lambda each: (-len(each), each))
    ]
    return re.compile("|".join((*(rf"(?<![\w.-]){each}(?![\w-])" for each in escaped), _LONG_NUMBER.pattern)))


def number_family(number: str) -> FontFamily:
    """Return the typeface for the number of a contact: an address of a web page is set like other text."""
    if _WEB_ADDRESS.search(number) or not any(each.isdigit() for each in number):
        return PRINT_FAMILY
    return PHONE_NUMBER_FAMILY


def contact_note_runs(run: StyledRun) -> Iterator[StyledRun]:
    """Yield `run`, the note on a contact, with numbers of three digits or more in the typeface of phone numbers."""
    yield from _split_run(run, _ANY_NUMBER, PHONE_NUMBER_FAMILY, least=_LEAST_DIGITS)


def open_figure_runs(run: StyledRun) -> Iterator[StyledRun]:
    """Yield `run` with its digits in a typeface that stays readable on a photocopy of a photocopy."""
    yield from _split_run(run, _DIGITS, run.family or SMALL_DIGIT_FAMILY)


def _split_run(run: StyledRun, pattern: re.Pattern[str], family: FontFamily, *, least: int = 0) -> Iterator[StyledRun]:
    """Yield `run` in parts: matches of `pattern` with at `least` so many digits in `family`, the rest as it is."""
    if not _DIGITS.search(run.text):
        yield run
        return
    start = 0
    for found in pattern.finditer(run.text):
        if sum(each.isdigit() for each in found[0]) < least:
            continue
        if found.start() > start:
            yield replace(run, text=run.text[start : found.start()])
        yield replace(run, text=found[0].replace(" ", "\u00a0"), family=family)
        start = found.end()
    if not start:
        yield run
    elif start < len(run.text):
        yield replace(run, text=run.text[start:])


# ---------------------------------------------------------------- measures and the layout context

_USUAL_BODY_SIZE = 13.0  # the size of body text for which the sizes of marks beside it are given


class Measure(Struct, frozen=True):
    """The x at which lines start, and their greatest width."""

    x: float
    width: float

    @property
    def right(self) -> float:
        """The x at which lines end at the latest."""
        return self.x + self.width

    def indented(self, by: float) -> Measure:
        """Return the measure with its start moved to the right, and its end where it was."""
        return Measure(self.x + by, self.width - by)


class LayoutContext(Struct):
    """What the layout functions of blocks share: settings that they read, and results that they add to.

    `room` is the height that boxes can fill on a page. In a `fillable` file lines and boxes to write on are fields of
    a form. `phone_numbers` finds numbers to set in the typeface of phone numbers. A cover is lower than usual by
    `cover_reduction`. Bookmarks of a `discreet` document are only numbered. `lay_out` lays out blocks inside a block.
    The `cache` holds broken lines and drawings that several handouts share.

    Layout functions add to `cited` (sources cited so far), `findings` (such as what does not fit) and `outline`
    (bookmarks).
    """

    theme: Theme
    words: FixedWords
    room: float
    fillable: bool = False
    phone_numbers: re.Pattern[str] = _LONG_NUMBER
    cover_reduction: float = 0.0
    discreet: bool = False
    lay_out: _NestedLayout | None = None
    cache: RenderCache = field(default_factory=RenderCache)
    cited: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)

    def style(self, role: str) -> TypeStyle:
        """Return the print type style of a role."""
        return self.theme.print[role]

    @property
    def scale(self) -> float:
        """The factor for marks beside body text, such as circles and boxes to tick: larger where the text is larger."""
        return max(1.0, self.style("body").size / _USUAL_BODY_SIZE)

    @property
    def column(self) -> Measure:
        """The text column of the page, right of the rail."""
        return Measure(self.theme.axis, self.theme.column)

    @property
    def full_width(self) -> Measure:
        """The width of the page from margin to margin."""
        return Measure(self.theme.margin, self.theme.right - self.theme.margin)

    def is_column(self, measure: Measure) -> bool:
        """True if `measure` is the text column of the page, with the rail to its left."""
        return abs(measure.x - self.theme.axis) < 1 and abs(measure.width - self.theme.column) < 1

    def has_rail(self, measure: Measure) -> bool:
        """True if labels stand in the rail left of `measure`, False if above what they label."""
        return self.is_column(measure) and not self.theme.paper.labels_above

    def widened(self, measure: Measure) -> Measure:
        """Return the full width of the page if `measure` is its text column, else `measure`."""
        return self.full_width if self.is_column(measure) else measure

    def lines(self, runs: Iterable[StyledRun], style: TypeStyle, width: float) -> tuple[TextLine, ...]:
        """Return `readable_lines` of `runs`, from the cache if the same text was broken before with other elements."""
        tagged = tuple(runs)
        numbered = tuple([StyledRun(run.text, run.bold, n, run.family, run.tied) for n, run in enumerate(tagged)])
        key = ("readable_lines", numbered, style, width)
        lines = self.cache.get_or_compute(key, lambda: readable_lines(numbered, style, width))
        return tuple([TextLine(tuple([_with_tag(run, tagged) for run in line.runs]), line.width) for line in lines])

    def boxes_inside(self, blocks: Sequence[Block], parent: Element, measure: Measure) -> list[LayoutBox]:
        """Return the boxes of blocks inside another block."""
        assert self.lay_out is not None  # noqa: S101  # only blocks without inner blocks are laid out without it
        return self.lay_out(blocks, parent, measure, self)

    def copy(self) -> LayoutContext:
        """Return a context with its own results, for a layout that may be discarded."""
        return replace(self, cited=set(self.cited), findings=list(self.findings), outline=list(self.outline))

    def bookmark(self, level: int, title: Inlines, element: Element) -> None:
        """Add a bookmark that leads to `element`."""
        if self.discreet:
            level, words = 1, self.words.say("section", n=len(self.outline) + 1)
        else:
            words = plain(title)
        self.outline.append(OutlineEntry(level, words, element))


def _with_tag(run: GlyphRun, tagged: Sequence[StyledRun]) -> GlyphRun:
    """Return `run`, whose key is an index into `tagged`, with the key of that styled run."""
    assert isinstance(run.key, int)  # noqa: S101
    return GlyphRun(run.face, run.size, run.x, run.width, run.pieces, tagged[run.key].key)


_NestedLayout: TypeAlias = Callable[[Sequence[Block], Element, Measure, LayoutContext], list[LayoutBox]]


# ---------------------------------------------------------------- runs: words with their elements

_UNDERLINE_THICKNESS, _UNDERLINE_BELOW = 0.06, 0.16  # in em; below the baseline


class RunTag(Struct, frozen=True, eq=False):
    """The structure element of a run of text (None for an artifact) and its colour role."""

    element: Element | None
    colour: str
    underlined: bool = False


def inline_runs(
    content: Inlines, element: Element, colour: str, context: LayoutContext, *, bold: bool = False
) -> Iterator[StyledRun]:
    """Yield the runs of `content`; links and other marked-up parts become children of `element`.

    An element has either text or children, because some readers put a mixture of both out of order.
    """
    only_words = all(isinstance(inline, Text) for inline in content) and not element.children
    for inline in content:
        match inline:
            case Text():
                own = element if only_words else element.add(Element("Span"))
                run = StyledRun(inline.text, bold, RunTag(own, colour, bool(element.target)))
                yield from _split_run(run, context.phone_numbers, PHONE_NUMBER_FAMILY)
            case Strong():
                strong = element.add(Element("Strong"))
                yield from inline_runs(inline.content, strong, colour, context, bold=True)
            case Link():
                link = element.add(link_element(inline.target, context, inline.title, plain(inline.content)))
                yield from inline_runs(inline.content, link, "accent", context, bold=bold)
            case Citation():
                yield from _citation_runs(inline, element, colour, context, bold=bold)
            case Foreign():
                foreign = element.add(Element("Span", language=inline.language))
                yield from inline_runs(inline.content, foreign, colour, context, bold=bold)


def _citation_runs(
    citation: Citation, parent: Element, colour: str, context: LayoutContext, *, bold: bool
) -> Iterator[StyledRun]:
    """Yield a citation such as [3, 5], with links to the sources; the first of each source gets an anchor."""
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


def link_element(target: str, context: LayoutContext, title: str = "", words: str = "") -> Element:
    """Return the element of a link with a tooltip that says where it leads.

    The tooltip writes a phone number as `words` do.
    """
    tooltip = title or link_tooltip(target, context.words, words, target.removeprefix("https://"))
    return Element("Link", target=target, tooltip=tooltip)


def with_no_break_spaces(text: str) -> str:
    """Return `text` with no-break spaces for spaces."""
    return text.replace(" ", "\u00a0")


# ---------------------------------------------------------------- lines

_PARAGRAPH_LINE_COST = 30.0  # to end a page inside a paragraph
_BASELINE_BELOW_MIDDLE = 0.33  # in em, below the middle of a line
_COMBINING_CATEGORIES = ("Mn", "Me")  # of Unicode: marks above, below or around a letter
_LONGEST_READABLE_LINE, _USUAL_MEASURE = 75, 31.5  # in characters; in em, the width of most lines of that length


def baseline_offset(style: TypeStyle) -> float:
    """Return the distance from the top of a line to its baseline."""
    return style.leading / 2 + _BASELINE_BELOW_MIDDLE * style.size


def line_items(line: TextLine, x: float, baseline: float) -> Iterator[PageItem]:
    """Yield the items of a line that starts at `x`: its text, and underlines."""
    for run in line.runs:
        tag, start = run.key, x + run.x
        assert isinstance(tag, RunTag)  # noqa: S101
        yield TextItem(run, start, baseline, tag.colour, tag.element)
        if tag.underlined:
            below = baseline + _UNDERLINE_BELOW * run.size
            yield rule(start, start + run.seen_width, below, _UNDERLINE_THICKNESS * run.size, tag.colour)


def readable_lines(runs: Iterable[StyledRun], style: TypeStyle, width: float) -> tuple[TextLine, ...]:
    """Return `runs` as lines of at most `width` points and of at most 75 characters, which the eye can follow."""
    words = tuple(runs)
    measure = min(width, _USUAL_MEASURE * style.size)
    lines = break_lines(words, style, measure)
    while measure > style.size and any(_visible_length(line.text) > _LONGEST_READABLE_LINE for line in lines):
        measure -= style.size
        lines = break_lines(words, style, measure)
    return lines


def _visible_length(text: str) -> int:
    """Return the number of characters of `text` that take up width: an accent stands above its letter."""
    seen = text.rstrip()
    return len(seen) if seen.isascii() else sum(category(each) not in _COMBINING_CATEGORIES for each in seen)


def lines_box(lines: Sequence[TextLine], style: TypeStyle, x: float) -> LayoutBox:
    """Return `lines` as one box."""
    items: list[PageItem] = []
    for index, line in enumerate(lines):
        items.extend(line_items(line, x, index * style.leading + baseline_offset(style)))
    return LayoutBox(len(lines) * style.leading, tuple(items), style.before, style.after)


def line_boxes(lines: Sequence[TextLine], style: TypeStyle, x: float) -> list[LayoutBox]:
    """Return a box for each of `lines`, with break costs that leave no widows and orphans."""
    last = len(lines) - 1
    return [
        LayoutBox(
            height=style.leading,
            items=tuple(line_items(line, x, baseline_offset(style))),
            before=0.0 if index else style.before,
            after=0.0 if index < last else style.after,
            break_cost=0.0 if index == last else NEVER if index in (0, last - 1) else _PARAGRAPH_LINE_COST,
        )
        for index, line in enumerate(lines)
    ]


def text_box(runs: Iterable[StyledRun], style: TypeStyle, x: float, width: float) -> LayoutBox:
    """Return `runs` as lines in one box."""
    return lines_box(readable_lines(runs, style, width), style, x)


def inline_box(
    content: Inlines,
    element: Element,
    style: TypeStyle,
    measure: Measure,
    context: LayoutContext,
    *,
    bold: bool = False,
    colour: str = "",
) -> LayoutBox:
    """Return inline content, which belongs to `element`, as lines in one box."""
    runs = inline_runs(content, element, colour or style.colour, context, bold=bold)
    return lines_box(context.lines(runs, style, measure.width), style, measure.x)


def plain_text_box(
    text: str, element: Element | None, style: TypeStyle, x: float, width: float, colour: str = ""
) -> LayoutBox:
    """Return plain text as lines in one box; without an element it is an artifact."""
    run = StyledRun(text, style.bold, RunTag(element, colour or style.colour))
    return lines_box(break_lines((run,), style, width), style, x)


def centred_text_items(
    text: str, element: Element, style: TypeStyle, middle: float, width: float
) -> tuple[PageItem, ...]:
    """Return a short text centred at `middle`, not counting a space at its end; it must fit into `width`."""
    box = plain_text_box(text, element, style, 0.0, width)
    return moved_right(box.items, middle - text_width(text.rstrip(), style) / 2)
