"""Measure text in placeholders, choose the step of size at which it fits, and split it where it does not.

Also holds the drafts of slides that planning works with, and the findings for text that is too high.
Widths are those of Arial; a line is filled to 98 % only, so that no program breaks it earlier.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import Placeholder, SlideLayout, layout_named
from handouts.deck.planned_slides import (
    TEXT_LEVELS,
    FilledPlaceholder,
    LayoutVariant,
    SlideItem,
    SlideParagraph,
    SlideParagraphs,
    TextRun,
)
from handouts.deck.slide_text import label_paragraph, runs_of
from handouts.deck.styles import LevelStyle, placeholder_levels
from handouts.document.nodes import Blocks, FixedWords, Inlines, Slide
from handouts.document.text import plain, words_of
from handouts.figures.advice import largest_fitting, shorter_wording
from handouts.finding import NOWHERE, Finding, Location, error
from handouts.text.fonts import SCREEN_FAMILY
from handouts.text.line_breaking import StyledRun, TextLine, break_lines, widest_unbreakable_run
from handouts.theme import Theme, TypeStyle

LINE_FILL = 0.98
LOOSE_FILL, UNBOUNDED_WIDTH = 1.02, 1e6  # as much as no program has on a line; more than any line is wide
NO_BREAK_SPACE = "\u00a0"
Part = TypeVar("Part")


def filled_lines(runs: Sequence[TextRun], style: TypeStyle, width: float) -> tuple[TextLine, ...]:
    """Return the lines that `runs` take, as a program that does not balance them would break them."""
    return break_lines(
        (StyledRun(run.text, run.bold) for run in runs), style, LINE_FILL * width, SCREEN_FAMILY, filled=True
    )


# A deck tries the same texts at a few sizes in a few places; a process sees few decks' worth of them.
@lru_cache(maxsize=1600)
def line_widths(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> tuple[float, ...]:
    """Return the widths of the lines that `runs` take."""
    return tuple([line.width for line in filled_lines(runs, style, width)])


def lines_height(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> float:
    """Return the height of the lines that `runs` take."""
    return len(line_widths(runs, style, width)) * style.leading


@lru_cache(maxsize=400)
def widest_word_width(runs: tuple[TextRun, ...], style: TypeStyle) -> float:
    """Return the width below which a word of `runs` would be broken."""
    return widest_unbreakable_run([StyledRun(run.text, run.bold) for run in runs], style, SCREEN_FAMILY) / LINE_FILL


def paragraph_style(paragraph: SlideParagraph, levels: Sequence[LevelStyle]) -> LevelStyle:
    """Return the look of `paragraph` in a slot."""
    return levels[min(TEXT_LEVELS.index(paragraph.level), len(levels) - 1)]


def text_height(paragraphs: SlideParagraphs, levels: Sequence[LevelStyle], width: float) -> float:
    """Return the height of `paragraphs`, the space between them included."""
    height, after = 0.0, 0.0
    for paragraph in paragraphs:
        level = paragraph_style(paragraph, levels)
        runs = tuple(run for run in paragraph.runs if run.text != "\t")
        height += after + level.style.before + lines_height(runs, level.style, width - level.left)
        after = level.style.after
    return height


def paragraph_tops(
    paragraphs: SlideParagraphs, levels: Sequence[LevelStyle], width: float
) -> tuple[tuple[float, ...], float]:
    """Return where each paragraph begins below the top of the first, and the height of all.

    Above the first paragraph no program leaves space, and none after the last.
    """
    tops: list[float] = []
    y, after = 0.0, 0.0
    for paragraph in paragraphs:
        level = paragraph_style(paragraph, levels)
        y += after + (level.style.before if tops else 0.0)
        tops.append(y)
        y += lines_height(paragraph.runs, level.style, width - level.left)
        after = level.style.after
    return tuple(tops), y


def unsplittable_units(paragraphs: SlideParagraphs) -> tuple[SlideParagraphs, ...]:
    """Return `paragraphs` in stretches that no slide should split: a label and its text, an item, a lead-in and more.

    A text below a label belongs to it; a paragraph that ends in a colon belongs to what follows.
    """
    units: list[list[SlideParagraph]] = []
    for paragraph in paragraphs:
        if units and belongs_to_unit(paragraph, units[-1]):
            units[-1].append(paragraph)
        else:
            units.append([paragraph])
    return tuple(tuple(unit) for unit in units)


def belongs_to_unit(paragraph: SlideParagraph, unit: Sequence[SlideParagraph]) -> bool:
    """True if `paragraph` should stand on the same slide as `unit`."""
    last = unit[-1]
    if last.level == "label" or last.text.rstrip().endswith(":"):
        return True
    if paragraph.level in {"within", "bullet2", "bullet3", "step2", "note"}:
        return True
    return unit[0].level == "label" and paragraph.level == "text"


def split_evenly(
    units: Sequence[Part], height: float, measure: Callable[[Sequence[Part]], float], *, columns: int = 1
) -> list[list[Part]]:
    """Return `units` in as few parts as fit into `height`, the parts about as high as each other.

    If they stand in columns, all columns are used. A unit that is too high on its own is a part of its own.
    """
    few = split_greedily(units, height, measure)
    most = columns * math.ceil(len(few) / columns)
    low, high = 0.0, height
    while high - low > 2.0:
        middle = (low + high) / 2
        tighter = split_greedily(units, middle, measure)
        if len(tighter) <= most:
            few, high = tighter, middle
        else:
            low = middle
    return few


def split_greedily(
    units: Sequence[Part], height: float, measure: Callable[[Sequence[Part]], float]
) -> list[list[Part]]:
    """Return `units` in parts, each as full as `height` allows."""
    parts: list[list[Part]] = []
    for unit in units:
        if parts and measure([*parts[-1], unit]) <= height:
            parts[-1].append(unit)
        else:
            parts.append([unit])
    return parts


def with_balanced_breaks(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> tuple[TextRun, ...]:
    """Return `runs` so that a program breaks them where we would: after a sentence, and before no lone last word.

    Programs only fill lines, but they never break at a no-break space. So the first words of a line are held together,
    just as many as have no room on the line before; where a brand makes the text narrower, few words stay together.
    """
    text = "".join(run.text for run in runs)
    wanted = break_lines((StyledRun(run.text, run.bold) for run in runs), style, LINE_FILL * width, SCREEN_FAMILY)
    starts = list(accumulate((len(line.text) for line in wanted), initial=0))
    if len(wanted) < 2 or starts[-1] != len(text):
        return runs
    held: set[int] = set()
    if style.balance or any(ends_in_lone_word(runs, style, room) for room in (width, width / LINE_FILL)):
        held.add(text.rfind(" ", starts[-2]))
    breaks = list(zip(starts, starts[1:], starts[2:], strict=False))
    for before, start, end in breaks if style.balance else breaks[-1:] if held else ():
        held.update(no_break_positions(runs, before, start, end, style, width))
    glued = with_no_break_spaces(runs, held)
    lines = filled_lines(glued, style, width)
    same = [line.text.split() for line in lines] == [line.text.split() for line in wanted]
    return glued if same or (not style.balance and len(lines) == len(wanted)) else runs


def ends_in_lone_word(runs: tuple[TextRun, ...], style: TypeStyle, width: float) -> bool:
    """True if the last line that a program fills is a lone word that may well take the one before along."""
    better = break_lines((StyledRun(run.text, run.bold) for run in runs), style, LINE_FILL * width, SCREEN_FAMILY)
    return better[-1].text != filled_lines(runs, style, width)[-1].text


def no_break_positions(
    runs: tuple[TextRun, ...], before: int, start: int, end: int, style: TypeStyle, width: float
) -> Iterator[int]:
    """Yield the spaces that may not break, so that a line ends before the word at `start` and not after it.

    The line begins at `before`, the next one ends at `end`; all places are numbers of characters.
    """
    text = "".join(run.text for run in runs)
    space = text.find(" ", start, end - 1)
    while space >= 0 and single_line_width(runs_between(runs, before, space), style) <= LOOSE_FILL * width:
        yield space
        space = text.find(" ", space + 1, end - 1)


def single_line_width(runs: tuple[TextRun, ...], style: TypeStyle) -> float:
    """Return the width of `runs` in one line."""
    return sum(line.width for line in filled_lines(runs, style, UNBOUNDED_WIDTH))


def runs_between(runs: tuple[TextRun, ...], start: int, end: int) -> tuple[TextRun, ...]:
    """Return the runs of the characters from `start` to `end`."""
    places = accumulate((len(run.text) for run in runs), initial=0)
    cut = [
        replace(run, text=run.text[max(0, start - at) : max(0, end - at)])
        for run, at in zip(runs, places, strict=False)
    ]
    return tuple(run for run in cut if run.text)


def with_no_break_spaces(runs: tuple[TextRun, ...], held: Collection[int]) -> tuple[TextRun, ...]:
    """Return `runs` with no-break spaces at the characters `held`."""
    found: list[TextRun] = []
    at = 0
    for run in runs:
        letters = [NO_BREAK_SPACE if at + index in held else letter for index, letter in enumerate(run.text)]
        found.append(replace(run, text="".join(letters)))
        at += len(run.text)
    return tuple(found)


# Text is set whole at one of these steps of size, else split at the second of them; only a unit that nothing can split
# goes down to the smallest.
WHOLE_STEPS = (0, 1, 2)
SPLIT_STEPS = (1, 2, 3)
ALL_STEPS = (0, 1, 2, 3)
TAB_CHARACTER = "\t"


class SlideContext(Struct, frozen=True):
    """What sheets are made with: the slide that they come from, the theme, and the fixed words."""

    slide: Slide
    theme: Theme
    words: FixedWords

    def place(self, blocks: Blocks) -> Location:
        """Return where `blocks` stand, or else the slide."""
        return next((block.at for block in blocks if block.at != NOWHERE), self.slide.at)


class SlideDraft(Struct, frozen=True):
    """One slide to be; a `title` of its own stands for that of the slide, `notes` come before those of the slide."""

    layout: str
    items: tuple[SlideItem, ...]
    step: int = 0
    title: SlideParagraph | None = None
    notes: SlideParagraphs = ()


class SlideDrafts(Struct, frozen=True):
    """Sheets in order, and what did not fit on them."""

    sheets: tuple[SlideDraft, ...]
    findings: tuple[Finding, ...] = ()


def excess_height(filled: FilledPlaceholder, layout: SlideLayout, step: int, theme: Theme) -> float:
    """Return by how many points a text is too high for its slot at a step of size; below 0 it fits."""
    slot = layout.slot(filled.slot)
    levels = placeholder_levels(slot, LayoutVariant(layout.name, step, step), theme)
    return text_height(filled.paragraphs, levels, slot.text_width) - slot.text_height


class Overflow(Struct, frozen=True):
    """By how many points a text is too high, not more than 0 if it fits, and how high its place is."""

    excess: float
    room: float


def worst_overflow(fills: Sequence[FilledPlaceholder], layout: SlideLayout, step: int, theme: Theme) -> Overflow:
    """Return by how much the worst of `fills` is too high for its slot at a step of size."""
    each = (Overflow(excess_height(fill, layout, step, theme), layout.slot(fill.slot).text_height) for fill in fills)
    return max(each, key=lambda one: one.excess, default=Overflow(0.0, 0.0))


def fitting_step(
    fills: Sequence[FilledPlaceholder], layout: SlideLayout, steps: Iterable[int], theme: Theme
) -> int | None:
    """Return the first of `steps` at which all of `fills` fit, or None."""
    return next((step for step in steps if all(excess_height(each, layout, step, theme) <= 0 for each in fills)), None)


def fitting_draft(
    name: str, fills: Sequence[FilledPlaceholder], steps: Iterable[int], desk: SlideContext
) -> SlideDraft | None:
    """Return a sheet of one layout with `fills` at the first of `steps` at which they fit, or None."""
    layout = layout_named(name)
    step = fitting_step(fills, layout, steps, desk.theme)
    return None if step is None else SlideDraft(name, balanced_fills(fills, layout, step, desk.theme), step)


def balanced_fills(
    fills: Sequence[FilledPlaceholder], layout: SlideLayout, step: int, theme: Theme
) -> tuple[FilledPlaceholder, ...]:
    """Return `fills` in lines that end well."""
    return tuple(
        balanced_fill(each, layout.slot(each.slot), LayoutVariant(layout.name, step, step), theme) for each in fills
    )


def balanced_fill(filled: FilledPlaceholder, slot: Placeholder, key: LayoutVariant, theme: Theme) -> FilledPlaceholder:
    """Return `filled` in lines that end well."""
    levels = placeholder_levels(slot, key, theme)
    return FilledPlaceholder(filled.slot, tuple(balanced_paragraph(each, slot, levels) for each in filled.paragraphs))


def balanced_paragraph(paragraph: SlideParagraph, slot: Placeholder, levels: Sequence[LevelStyle]) -> SlideParagraph:
    """Return `paragraph` in lines that end well; an entry of the list of sources stays as it is."""
    look = paragraph_style(paragraph, levels)
    if any(run.text == TAB_CHARACTER for run in paragraph.runs):
        return paragraph
    return replace(paragraph, runs=with_balanced_breaks(paragraph.runs, look.style, slot.text_width - look.left))


def same_words(one: Inlines, other: str) -> bool:
    """True if `one` says what `other` says, capitals and space apart."""
    return plain(one).casefold().split() == other.casefold().split()


def title_text(desk: SlideContext) -> str:
    """Return the title of the slide as plain words."""
    return " ".join(words_of(desk.slide.title))


def title_fits(name: str, desk: SlideContext) -> bool:
    """True if the title of the slide has room in the layout `name`."""
    title = FilledPlaceholder("title", (SlideParagraph(runs_of(desk.slide.title, desk.words)),))
    return fitting_step((title,), layout_named(name), ALL_STEPS, desk.theme) is not None


# What has no room on a slide, and what to do about it, by the code of the finding.
TOO_HIGH_WORDS = {
    "slide-text": ("A text", "make it shorter, or divide it into paragraphs or items"),
    "slide-table": ("A row of a table", "shorten the longest text of the row, or divide the row into two"),
    "slide-script": ("What is to be said", "make it shorter, or divide it into two scripts"),
    "slide-source": ("A source", "shorten its title, or name fewer authors"),
}


def too_high_findings(code: str, over: Overflow, at: Location) -> tuple[Finding, ...]:
    """Return the finding for what is too high at its smallest size: by how much, and how much fits; nothing if it
    fits.
    """
    if over.excess <= 0:
        return ()
    what, hint = TOO_HIGH_WORDS[code]
    share = max(0.0, over.room) / (max(0.0, over.room) + over.excess)
    message = f"{what} does not fit on a slide: at the smallest size it is {over.excess:.0f} points too high"
    return (error(code, f"{message}, and about {100 * share:.0f} % of it fits.", at, hint),)


def long_title_finding(title: SlideParagraph, layout: SlideLayout, excess: float, desk: SlideContext) -> Finding:
    """Return the finding for a title that is `excess` points too high at its smallest size: how many letters fit."""

    def fits(count: int) -> bool:
        shorter = SlideParagraph((TextRun(title.text[:count].strip()),))
        return excess_height(FilledPlaceholder("title", (shorter,)), layout, ALL_STEPS[-1], desk.theme) <= 0

    letters = largest_fitting(fits, len(title.text) - 1)
    message = f"The title “{title.text}” does not fit: at the smallest size it is {excess:.0f} points too high"
    hint = f"write {shorter_wording(title.text)}, about {letters} letters: a title has one line or two"
    told = f"{message}. It has {len(title.text)} letters, and about {letters} fit."
    return error("slide-title", told, desk.slide.at, hint)


class SurroundingText(Struct, frozen=True):
    """The text that stands right before and right after a thing."""

    lead: SlideParagraphs = ()
    trail: SlideParagraphs = ()


def block_heading(content: Inlines, desk: SlideContext) -> SlideParagraphs:
    """Return the title of a thing as a label, unless the slide's title says the same."""
    same = not content or same_words(content, title_text(desk))
    return () if same else (label_paragraph(runs_of(content, desk.words)),)


def surrounding_overflow(fills: Sequence[FilledPlaceholder], layout: SlideLayout, desk: SlideContext) -> Overflow:
    """Return by how much the text beside a thing is too high at the smallest size that it may have there."""
    return worst_overflow(fills, layout, WHOLE_STEPS[-1], desk.theme)


def title_fits_one_line(layout: str, desk: SlideContext, *, goes_on: bool = False) -> bool:
    """True if the title of the slide, even where it goes on, has room in the one line that `layout` gives it."""
    slide, words = desk.slide, desk.words
    longest = words.say("slide_continued_often", title=title_text(desk), n=9, m=9)
    runs = runs_of(slide.title, words) if len(slide.blocks) == 1 and not goes_on else (TextRun(longest),)
    return (
        fitting_step(
            (FilledPlaceholder("title", (SlideParagraph(runs),)),), layout_named(layout), ALL_STEPS, desk.theme
        )
        is not None
    )
