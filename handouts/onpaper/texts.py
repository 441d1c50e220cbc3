"""Paragraphs of a plan in, text on a page out: the same lines as on the slide, each with its place in the tree.

Lists become lists, links become links; nothing is measured anew and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from handouts.deck.fitting import LINE_FILL, paragraph_style
from handouts.deck.planned_slides import SlideParagraph, SlideParagraphs, TextLevel, TextRun
from handouts.deck.styles import LevelStyle
from handouts.document import Words
from handouts.pdf.inline import Ink, line_items
from handouts.pdf.page import Element, Item
from handouts.text.breaking import Line, Run, break_lines
from handouts.text.fonts import PRINT, SCREEN, Family
from handouts.theme import TypeStyle

TAB = "\t"
BULLET = "•"
DESCENT = 0.212  # of Arial, in em: a line of exact height stands on its descent
DEPTHS: Mapping[TextLevel, int] = {"bullet": 1, "step": 1, "bullet2": 2, "step2": 2, "bullet3": 3}
STEPS = ("step", "step2")


class Setting(Struct, frozen=True):
    """How text is set: its faces, the part of a width that lines fill, where baselines are, and what links lead to.

    `sources` are the keys of the sources that are listed in the same file, `listing` says that this is their list.
    """

    words: Words
    family: Family = SCREEN
    filled: float = LINE_FILL
    sources: frozenset[str] = frozenset()
    listing: bool = True
    linked: str = "accent"

    def baseline(self, style: TypeStyle) -> float:
        """Return how far below the top of its line a baseline is."""
        if self.family is PRINT:
            return style.leading / 2 + 0.33 * style.size
        return style.leading - DESCENT * style.size


class Block(Struct, frozen=True):
    """One paragraph as laid out: its lines and its mark, and the space that it wants around it."""

    lines: tuple[Line, ...]
    style: TypeStyle
    left: float
    mark: tuple[Line, ...] = ()
    mark_left: float = 0.0

    @property
    def height(self) -> float:
        """The height of its lines."""
        return max(len(self.lines), 1) * self.style.leading

    def items(self, x: float, y: float, setting: Setting) -> Iterator[Item]:
        """Yield its items at a place: mark first, as it is read."""
        first = y + setting.baseline(self.style)
        for line in self.mark:
            yield from line_items(line, x + self.mark_left, first)
        for index, line in enumerate(self.lines):
            yield from line_items(line, x + self.left, first + index * self.style.leading)


class Branches(Struct):
    """Where in the tree the next paragraph belongs: the lists that are open, with their depth and their last item."""

    parent: Element
    open: list[tuple[int, bool, Element, Element]] = field(default_factory=list)

    def text(self) -> Element:
        """Return the element of a paragraph outside of lists."""
        self.open.clear()
        return self.parent.add(Element("P"))

    def within(self) -> Element:
        """Return the element of a further paragraph of the item that is open."""
        return (self.open[-1][3] if self.open else self.parent).add(Element("P"))

    def item(self, depth: int, *, counted: bool) -> tuple[Element, Element]:
        """Return the elements of the mark and of the first paragraph of an item."""
        while self.open and (self.open[-1][0] > depth or self.open[-1][:2] == (depth, not counted)):
            self.open.pop()
        if self.open and self.open[-1][0] == depth:
            listing = self.open.pop()[2]
        else:
            numbering = "Decimal" if counted else "Disc"
            above = self.open[-1][3] if self.open else self.parent
            listing = above.add(Element("L", attributes=(("List", "ListNumbering", numbering),)))
        entry = listing.add(Element("LI"))
        label, body = entry.add(Element("Lbl")), entry.add(Element("LBody"))
        self.open.append((depth, counted, listing, body))
        return label, body.add(Element("P"))


def blocks_of(
    paragraphs: SlideParagraphs, levels: Sequence[LevelStyle], width: float, parent: Element, setting: Setting
) -> tuple[Block, ...]:
    """Return `paragraphs` in lines of `width`, their elements below `parent`."""
    branches = Branches(parent)
    return tuple(block_of(each, paragraph_style(each, levels), width, branches, setting) for each in paragraphs)


def block_of(paragraph: SlideParagraph, look: LevelStyle, width: float, branches: Branches, setting: Setting) -> Block:
    """Return one paragraph in lines."""
    style, room = look.style, width - look.left
    if any(run.text == TAB for run in paragraph.runs):
        return source_block(paragraph, look, room, branches, setting)
    if paragraph.level in DEPTHS:
        counted = paragraph.level in STEPS
        label, element = branches.item(DEPTHS[paragraph.level], counted=counted)
        mark = BULLET if not counted else f"{paragraph.number}" if look.bullet == "node" else f"{paragraph.number}."
        ink = Ink(label, look.bullet_colour)
        marks = break_lines((Run(mark, style.bold, ink),), style, 10 * style.size, setting.family)
        lines = lines_of(paragraph.runs, element, style, room, setting)
        return Block(lines, style, look.left, marks, look.left - look.hanging)
    element = branches.within() if paragraph.level == "within" else branches.text()
    return Block(lines_of(paragraph.runs, element, style, room, setting), style, look.left)


def source_block(
    paragraph: SlideParagraph, look: LevelStyle, room: float, branches: Branches, setting: Setting
) -> Block:
    """Return one entry of the list of sources: its number hangs before it, and citations lead to it."""
    at = next(index for index, run in enumerate(paragraph.runs) if run.text == TAB)
    label, element = branches.item(1, counted=True)
    if setting.listing and paragraph.source in setting.sources:
        element.anchor = anchor_of(paragraph.source)
    left = look.left or 2.1 * look.style.size
    numbers = lines_of(paragraph.runs[:at], label, look.style, left, setting)
    lines = lines_of(paragraph.runs[at + 1 :], element, look.style, room + look.left - left, setting)
    return Block(lines, look.style, left, numbers, 0.0)


def anchor_of(source: str) -> str:
    """Return the name of the place where a source is listed."""
    return f"source-{source}"


def lines_of(
    runs: Sequence[TextRun], element: Element, style: TypeStyle, width: float, setting: Setting
) -> tuple[Line, ...]:
    """Return `runs` in the lines that the plan measured, each run belonging to its part of `timing_child`."""
    inked = tuple(inked_runs(runs, element, style, setting))
    return break_lines(inked, style, setting.filled * width, setting.family, filled=True)


def inked_runs(runs: Sequence[TextRun], element: Element, style: TypeStyle, setting: Setting) -> Iterator[Run]:
    """Yield `runs` with what they belong to: plain words to `timing_child`, where there is more to children of it."""
    told = [run for run in runs if run.text]
    plain = all(is_plain(run, setting) for run in told)
    for run in told:
        if plain:
            yield Run(run.text, run.bold, Ink(element, style.colour))
            continue
        child = element.add(element_of(run, setting))
        linked = bool(child.target)
        colour = (setting.linked or style.colour) if linked else style.colour
        yield Run(run.text, run.bold, Ink(child, colour, linked))


def is_plain(run: TextRun, setting: Setting) -> bool:
    """True if `run` is no more than words."""
    return not (run.target or run.language or run.bold or run.source in setting.sources)


def element_of(run: TextRun, setting: Setting) -> Element:
    """Return the element of a run that may lead somewhere, be strong, or be in another language."""
    if run.target:
        return Element("Link", target=run.target, tooltip=run.tooltip, language=run.language)
    if run.source in setting.sources:
        tooltip = run.tooltip or setting.words.say("source_link", n=run.text)
        return Element("Link", target=f"#{anchor_of(run.source)}", tooltip=tooltip, language=run.language)
    return Element("Strong" if run.bold else "Span", language=run.language)


def heights(blocks: Sequence[Block]) -> tuple[tuple[float, ...], float]:
    """Return where each block begins below the top of the first, and the height of all, as the plan counts it."""
    tops: list[float] = []
    y, after = 0.0, 0.0
    for block in blocks:
        y += after + (block.style.before if tops else 0.0)  # above the first paragraph no program leaves space
        tops.append(y)
        y += block.height
        after = block.style.after
    return tuple(tops), y
