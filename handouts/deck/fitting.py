"""Measure text in placeholders, choose the step of size at which it fits, and find how much of a text fits.

Also defines the drafts of slides that planning works with, and the findings for text that is too high. Widths are
those of Arial; a line is filled to 98 % only, so that no program breaks it earlier.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import Placeholder, layout_named
from handouts.deck.planned_slides import (
    TEXT_LEVELS,
    FilledPlaceholder,
    LayoutVariant,
    SlideItem,
    SlideParagraph,
    SlideParagraphs,
    TextLevel,
    TextRun,
)
from handouts.deck.slide_text import NO_BREAK_SPACE, SOURCE_TAB, Runs, paragraphs_of, text_paragraph
from handouts.deck.styles import LevelStyle, placeholder_levels
from handouts.document.nodes import Blocks, FixedWords, Inlines, Slide
from handouts.document.text import plain, words_of
from handouts.figures.labels import largest_fitting, shorter_wording
from handouts.finding import Finding, Location, error
from handouts.render_cache import RenderCache
from handouts.text.fonts import SCREEN_FAMILY
from handouts.text.line_breaking import StyledRun, TextLine, break_lines, widest_unbreakable_run
from handouts.theme import Theme, TypeStyle

LINE_FILL = 0.98
LOOSE_FILL = 1.02  # programs put no more on a line
# Text is shown whole at one of the first steps of size, or split at the first of the others at which all units fit.
WHOLE_STEPS = (0, 1, 2)
SPLIT_STEPS = (1, 2, 3)
ALL_STEPS = (0, 1, 2, 3)

_Unit = TypeVar("_Unit")


class SlideContext(Struct, frozen=True):
    """What the functions that plan one slide of a Document share; `cache` keeps the widths of lines."""

    slide: Slide
    theme: Theme
    words: FixedWords
    cache: RenderCache

    def paragraph(self, content: Inlines, level: TextLevel = "text") -> SlideParagraph:
        """Return `content` as one paragraph."""
        return text_paragraph(content, self.words, level)

    def paragraphs(self, blocks: Blocks) -> SlideParagraphs:
        """Return all words of `blocks` as paragraphs, in reading order."""
        return paragraphs_of(blocks, self.words)

    @property
    def title(self) -> SlideParagraph:
        """The title of the slide."""
        return self.paragraph(self.slide.title)

    @property
    def title_text(self) -> str:
        """The title of the slide as plain words."""
        return " ".join(words_of(self.slide.title))

    def says_title(self, content: Inlines) -> bool:
        """True if `content` says what the title says, capitals and space apart."""
        return plain(content).casefold().split() == self.title_text.casefold().split()


class SlideDraft(Struct, frozen=True):
    """A planned slide that still lacks its title: its own `title`, or that of the Document's slide.

    Its notes come before those of the Document's slide.
    """

    layout: str
    items: tuple[SlideItem, ...]
    step: int = 0
    title: SlideParagraph | None = None
    notes: Blocks = ()


class SlideDrafts(Struct, frozen=True):
    """Drafts in order, and findings for what does not fit on them."""

    drafts: tuple[SlideDraft, ...]
    findings: tuple[Finding, ...] = ()


def _styled_runs(runs: Iterable[TextRun]) -> list[StyledRun]:
    """Return `runs` as the text engine takes them."""
    return [StyledRun(run.text, run.bold) for run in runs]


def filled_lines(runs: Iterable[TextRun], style: TypeStyle, width: float) -> tuple[TextLine, ...]:
    """Return the lines of `runs` in a program that fills each line as far as it can."""
    return break_lines(_styled_runs(runs), style, LINE_FILL * width, SCREEN_FAMILY, filled=True)


def _line_widths(runs: Runs, style: TypeStyle, width: float, cache: RenderCache) -> tuple[float, ...]:
    """Return the widths of the lines of `runs`, cached because a text is tried in several layouts."""
    return cache.get_or_compute(
        ("line_widths", runs, style, width), lambda: tuple([line.width for line in filled_lines(runs, style, width)])
    )


def lines_height(runs: Runs, style: TypeStyle, width: float, cache: RenderCache) -> float:
    """Return the height of the lines of `runs`."""
    return len(_line_widths(runs, style, width, cache)) * style.leading


def runs_width(runs: Runs, style: TypeStyle, cache: RenderCache) -> float:
    """Return the width that `runs` need to stay on one line."""
    return max(_line_widths(runs, style, math.inf, cache), default=0.0) / LINE_FILL


def widest_word_width(runs: Runs, style: TypeStyle) -> float:
    """Return the width that the widest word of `runs` needs."""
    return widest_unbreakable_run(_styled_runs(runs), style, SCREEN_FAMILY) / LINE_FILL


def paragraph_style(paragraph: SlideParagraph, levels: Sequence[LevelStyle]) -> LevelStyle:
    """Return the look of `paragraph` in a placeholder with these looks."""
    return levels[min(TEXT_LEVELS.index(paragraph.level), len(levels) - 1)]


def text_height(paragraphs: SlideParagraphs, levels: Sequence[LevelStyle], width: float, cache: RenderCache) -> float:
    """Return the height of `paragraphs`, the space between them included."""
    height, after = 0.0, 0.0
    for paragraph in paragraphs:
        level = paragraph_style(paragraph, levels)
        runs = tuple(run for run in paragraph.runs if run.text != SOURCE_TAB)
        height += after + level.style.before + lines_height(runs, level.style, width - level.left, cache)
        after = level.style.after
    return height


def placeholder_at_step(layout: str, name: str, step: int, theme: Theme) -> tuple[Placeholder, tuple[LevelStyle, ...]]:
    """Return a placeholder of a layout, and the looks of its levels at a step of size."""
    placeholder = layout_named(layout).placeholder(name)
    return placeholder, placeholder_levels(placeholder, LayoutVariant(layout, step, step), theme)


def excess_height(fill: FilledPlaceholder, layout: str, step: int, context: SlideContext) -> float:
    """Return by how many points a text is too high for its placeholder at a step of size; at most 0 if it fits."""
    placeholder, levels = placeholder_at_step(layout, fill.name, step, context.theme)
    return text_height(fill.paragraphs, levels, placeholder.text_width, context.cache) - placeholder.text_height


def fitting_step(
    fills: Sequence[FilledPlaceholder], layout: str, steps: Iterable[int], context: SlideContext
) -> int | None:
    """Return the first of `steps` at which all of `fills` fit, or None."""
    for step in steps:
        if all(excess_height(fill, layout, step, context) <= 0 for fill in fills):
            return step
    return None


def fitting_draft(
    layout: str, fills: Sequence[FilledPlaceholder], steps: Iterable[int], context: SlideContext
) -> SlideDraft | None:
    """Return a draft with `fills` at the first of `steps` at which they fit, or None."""
    step = fitting_step(fills, layout, steps, context)
    if step is None:
        return None
    return SlideDraft(layout, tuple(fills), step)


def title_fits(layout: str, context: SlideContext, title: SlideParagraph | None = None) -> bool:
    """True if the title of the slide, or another one, has room in a layout."""
    fill = FilledPlaceholder("title", (title or context.title,))
    return fitting_step((fill,), layout, ALL_STEPS, context) is not None


def title_fits_one_line(layout: str, context: SlideContext, *, continued: bool = False) -> bool:
    """True if the title fits the one line that a layout gives it, also with the words “continued”.

    These are only counted for a slide of several blocks, or one that is `continued` for sure.
    """
    if len(context.slide.blocks) == 1 and not continued:
        return title_fits(layout, context)
    longest = context.words.say("slide_continued_often", title=context.title_text, n=9, m=9)
    return title_fits(layout, context, SlideParagraph((TextRun(longest),)))


def block_heading(content: Inlines, context: SlideContext) -> SlideParagraphs:
    """Return the title of a table or figure as a label; nothing if the slide's title says the same."""
    return (context.paragraph(content, "label"),) if content and not context.says_title(content) else ()


def unsplittable_units(paragraphs: SlideParagraphs) -> tuple[SlideParagraphs, ...]:
    """Return `paragraphs` in groups that should not be split between slides, such as a label and its text."""
    units: list[list[SlideParagraph]] = []
    for paragraph in paragraphs:
        if units and _belongs_to_unit(paragraph, units[-1]):
            units[-1].append(paragraph)
        else:
            units.append([paragraph])
    return tuple(map(tuple, units))


def _belongs_to_unit(paragraph: SlideParagraph, unit: Sequence[SlideParagraph]) -> bool:
    """True if `paragraph` should stand on the same slide as `unit`.

    A text below a label belongs to it; what follows a colon belongs to the paragraph that ends in it.
    """
    last = unit[-1]
    if last.level == "label" or last.text.rstrip().endswith(":"):
        return True
    if paragraph.level in {"within", "bullet2", "bullet3", "step2", "note"}:
        return True
    return unit[0].level == "label" and paragraph.level == "text"


def split_evenly(
    units: Sequence[_Unit], height: float, measure: Callable[[Sequence[_Unit]], float], *, columns: int = 1
) -> list[list[_Unit]]:
    """Return `units` in as few parts as fit into `height`, all parts about equally high.

    With several `columns` on a slide, all of them are used. A unit that is too high alone is a part of its own.
    """
    parts = _split_greedily(units, height, measure)
    most = columns * math.ceil(len(parts) / columns)
    low, high = 0.0, height
    while high - low > 2.0:
        middle = (low + high) / 2
        tighter = _split_greedily(units, middle, measure)
        if len(tighter) <= most:
            parts, high = tighter, middle
        else:
            low = middle
    return parts


def _split_greedily(
    units: Sequence[_Unit], height: float, measure: Callable[[Sequence[_Unit]], float]
) -> list[list[_Unit]]:
    """Return `units` in parts, each as full as `height` allows."""
    parts: list[list[_Unit]] = []
    for unit in units:
        if parts and measure([*parts[-1], unit]) <= height:
            parts[-1].append(unit)
        else:
            parts.append([unit])
    return parts


def split_text(
    units: Sequence[SlideParagraphs], layout: str, name: str, step: int, context: SlideContext, *, columns: int = 1
) -> list[SlideParagraphs]:
    """Return the text of `units` in as few parts as fit into a placeholder at a step of size, by `split_evenly`."""
    placeholder, levels = placeholder_at_step(layout, name, step, context.theme)

    def height(part: Sequence[SlideParagraphs]) -> float:
        return text_height(tuple(chain(*part)), levels, placeholder.text_width, context.cache)

    return [tuple(chain(*part)) for part in split_evenly(units, placeholder.text_height, height, columns=columns)]


def balanced_fill(fill: FilledPlaceholder, layout: str, step: int, theme: Theme) -> FilledPlaceholder:
    """Return `fill` with no-break spaces where lines should not end."""
    placeholder, levels = placeholder_at_step(layout, fill.name, step, theme)
    looks = ((paragraph, paragraph_style(paragraph, levels)) for paragraph in fill.paragraphs)
    return FilledPlaceholder(
        fill.name,
        tuple(
            replace(each, runs=with_balanced_breaks(each.runs, look.style, placeholder.text_width - look.left))
            for each, look in looks
        ),
    )


def with_balanced_breaks(runs: Runs, style: TypeStyle, width: float) -> Runs:
    """Return `runs` with no-break spaces, so that programs break lines in good places and leave no lone last word.

    Programs fill each line, but never break at a no-break space. So the first words of a line are joined, just enough
    of them that they do not fit on the line before; with so few, text can still be broken in a narrower design. Entries
    of the list of sources stay as they are.
    """
    if any(run.text == SOURCE_TAB for run in runs):
        return runs
    text = "".join(run.text for run in runs)
    wanted = break_lines(_styled_runs(runs), style, LINE_FILL * width, SCREEN_FAMILY)
    starts = list(accumulate((len(line.text) for line in wanted), initial=0))
    if len(wanted) < 2 or starts[-1] != len(text):
        return runs
    held: set[int] = set()
    if style.balance or any(_ends_in_lone_word(runs, style, room) for room in (width, width / LINE_FILL)):
        held.add(text.rfind(" ", starts[-2]))
    breaks = list(zip(starts, starts[1:], starts[2:], strict=False))
    for before, start, end in breaks if style.balance else breaks[-1:] if held else ():
        held.update(_no_break_positions(runs, before, start, end, style, width))
    glued = _with_no_break_spaces(runs, held)
    lines = filled_lines(glued, style, width)
    same = [line.text.split() for line in lines] == [line.text.split() for line in wanted]
    return glued if same or (not style.balance and len(lines) == len(wanted)) else runs


def _ends_in_lone_word(runs: Runs, style: TypeStyle, width: float) -> bool:
    """True if filling lines leaves a lone word on the last one, where the word before could join it."""
    better = break_lines(_styled_runs(runs), style, LINE_FILL * width, SCREEN_FAMILY)
    return better[-1].text != filled_lines(runs, style, width)[-1].text


def _no_break_positions(runs: Runs, before: int, start: int, end: int, style: TypeStyle, width: float) -> Iterator[int]:
    """Yield the spaces where lines must not break, so that a line ends before the word at `start` and not after it.

    The line begins at `before` and the next one ends at `end`; all are character offsets.
    """
    text = "".join(run.text for run in runs)
    space = text.find(" ", start, end - 1)
    while space >= 0:
        line = filled_lines(_runs_between(runs, before, space), style, math.inf)
        if sum(each.width for each in line) > LOOSE_FILL * width:
            return
        yield space
        space = text.find(" ", space + 1, end - 1)


def _runs_between(runs: Runs, start: int, end: int) -> Runs:
    """Return the runs of the characters from `start` to `end`."""
    offsets = accumulate((len(run.text) for run in runs), initial=0)
    cut = (
        replace(run, text=run.text[max(0, start - offset) : max(0, end - offset)])
        for run, offset in zip(runs, offsets, strict=False)
    )
    return tuple(run for run in cut if run.text)


def _with_no_break_spaces(runs: Runs, held: Collection[int]) -> Runs:
    """Return `runs` with no-break spaces at the character offsets `held`."""
    found: list[TextRun] = []
    offset = 0
    for run in runs:
        letters = [NO_BREAK_SPACE if offset + index in held else letter for index, letter in enumerate(run.text)]
        found.append(replace(run, text="".join(letters)))
        offset += len(run.text)
    return tuple(found)


# What does not fit on a slide, and what to do about it, by the code of the finding.
_TOO_HIGH_WORDS = {
    "slide-text": ("A text", "make it shorter, or divide it into paragraphs or items"),
    "slide-table": ("A row of a table", "shorten the longest text of the row, or divide the row into two"),
    "slide-script": ("What is to be said", "make it shorter, or divide it into two scripts"),
    "slide-source": ("A source", "shorten its title, or name fewer authors"),
}


def too_high_findings(code: str, excess: float, room: float, at: Location) -> tuple[Finding, ...]:
    """Return the finding for something that at the smallest size exceeds its `room` by `excess` points, if it does."""
    if excess <= 0:
        return ()
    what, hint = _TOO_HIGH_WORDS[code]
    share = max(0.0, room) / (max(0.0, room) + excess)
    message = f"{what} does not fit on a slide: at the smallest size it is {excess:.0f} points too high"
    return (error(code, f"{message}, and about {100 * share:.0f} % of it fits.", at, hint),)


def crowded_findings(
    code: str, fills: Sequence[FilledPlaceholder], layout: str, step: int, at: Location, context: SlideContext
) -> tuple[Finding, ...]:
    """Return the finding for that one of `fills` with the largest excess at a step of size; nothing if all fit."""
    excesses = ((excess_height(fill, layout, step, context), fill.name) for fill in fills)
    excess, name = max(excesses, key=lambda each: each[0], default=(0.0, ""))
    room = layout_named(layout).placeholder(name).text_height if name else 0.0
    return too_high_findings(code, excess, room, at)


def long_title_finding(title: SlideParagraph, layout: str, context: SlideContext) -> Finding:
    """Return the finding for a title that is too high at its smallest size: by how much, and how many letters fit."""

    def excess(text: str) -> float:
        fill = FilledPlaceholder("title", (SlideParagraph((TextRun(text),)),))
        return excess_height(fill, layout, ALL_STEPS[-1], context)

    letters = largest_fitting(lambda count: excess(title.text[:count].strip()) <= 0, len(title.text) - 1)
    over = excess_height(FilledPlaceholder("title", (title,)), layout, ALL_STEPS[-1], context)
    message = (
        f"The title “{title.text}” does not fit: at the smallest size it is {over:.0f} points too high. "
        f"It has {len(title.text)} letters, and about {letters} fit."
    )
    hint = f"write {shorter_wording(title.text)}, about {letters} letters: a title has one line or two"
    return error("slide-title", message, context.slide.at, hint)
