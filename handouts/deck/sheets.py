"""Sheets: a sheet is one slide to be, still without a title. What fits on one, and the speech of a slide on its sheets.

What fits on none is a finding that says by how much. Text is in `prose`; tables, figures, codes and lists of sources
are in `things`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.fit import broken_well, level_of, text_height
from handouts.deck.layouts import layout_named
from handouts.deck.planned import Filled, Item, LayoutKey, Paragraph, Paragraphs, TextRun
from handouts.deck.slots import Layout, Slot
from handouts.deck.styles import LevelStyle, slot_levels
from handouts.deck.texts import label, quoted, runs_of
from handouts.document import Blocks, Inlines, Script, Slide, Words, plain, words_of
from handouts.figures import most_that, shorter_than
from handouts.finding import NOWHERE, Finding, Span, error
from handouts.theme import Theme

# Text is set whole at one of these steps of size, else split at the second of them; only a unit that nothing can split
# goes down to the smallest.
WHOLE_STEPS = (0, 1, 2)
SPLIT_STEPS = (1, 2, 3)
ALL_STEPS = (0, 1, 2, 3)
QUOTE_STEPS = (0, 1, 2, 3, 4)
TAB = "\t"


class Desk(Struct, frozen=True):
    """What sheets are made with: the slide that they come from, the theme, and the fixed words."""

    slide: Slide
    theme: Theme
    words: Words

    def place(self, blocks: Blocks) -> Span:
        """Return where `blocks` stand, or else the slide."""
        return next((block.at for block in blocks if block.at != NOWHERE), self.slide.at)


class Sheet(Struct, frozen=True):
    """One slide to be; a `title` of its own stands for that of the slide, `notes` come before those of the slide."""

    layout: str
    items: tuple[Item, ...]
    step: int = 0
    title: Paragraph | None = None
    notes: Paragraphs = ()


class Sheets(Struct, frozen=True):
    """Sheets in order, and what did not fit on them."""

    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...] = ()


def excess_of(filled: Filled, layout: Layout, step: int, theme: Theme) -> float:
    """Return by how many points a text is too high for its slot at a step of size; below 0 it fits."""
    slot = layout.slot(filled.slot)
    levels = slot_levels(slot, LayoutKey(layout.name, step, step), theme)
    return text_height(filled.paragraphs, levels, slot.text_width) - slot.text_height


class Overflow(Struct, frozen=True):
    """By how many points a text is too high, not more than 0 if it fits, and how high its place is."""

    excess: float
    room: float


def overflow_of(fills: Sequence[Filled], layout: Layout, step: int, theme: Theme) -> Overflow:
    """Return by how much the worst of `fills` is too high for its slot at a step of size."""
    each = (Overflow(excess_of(fill, layout, step, theme), layout.slot(fill.slot).text_height) for fill in fills)
    return max(each, key=lambda one: one.excess, default=Overflow(0.0, 0.0))


def fitting_step(fills: Sequence[Filled], layout: Layout, steps: Iterable[int], theme: Theme) -> int | None:
    """Return the first of `steps` at which all of `fills` fit, or None."""
    return next((step for step in steps if all(excess_of(each, layout, step, theme) <= 0 for each in fills)), None)


def fitting_sheet(name: str, fills: Sequence[Filled], steps: Iterable[int], desk: Desk) -> Sheet | None:
    """Return a sheet of one layout with `fills` at the first of `steps` at which they fit, or None."""
    layout = layout_named(name)
    step = fitting_step(fills, layout, steps, desk.theme)
    return None if step is None else Sheet(name, evened(fills, layout, step, desk.theme), step)


def evened(fills: Sequence[Filled], layout: Layout, step: int, theme: Theme) -> tuple[Filled, ...]:
    """Return `fills` in lines that end well."""
    return tuple(evened_fill(each, layout.slot(each.slot), LayoutKey(layout.name, step, step), theme) for each in fills)


def evened_fill(filled: Filled, slot: Slot, key: LayoutKey, theme: Theme) -> Filled:
    """Return `filled` in lines that end well."""
    levels = slot_levels(slot, key, theme)
    return Filled(filled.slot, tuple(evened_paragraph(each, slot, levels) for each in filled.paragraphs))


def evened_paragraph(paragraph: Paragraph, slot: Slot, levels: Sequence[LevelStyle]) -> Paragraph:
    """Return `paragraph` in lines that end well; an entry of the list of sources stays as it is."""
    look = level_of(paragraph, levels)
    if any(run.text == TAB for run in paragraph.runs):
        return paragraph
    return replace(paragraph, runs=broken_well(paragraph.runs, look.style, slot.text_width - look.left))


def same_words(one: Inlines, other: str) -> bool:
    """True if `one` says what `other` says, capitals and space apart."""
    return plain(one).casefold().split() == other.casefold().split()


def title_of(desk: Desk) -> str:
    """Return the title of the slide as plain words."""
    return " ".join(words_of(desk.slide.title))


def title_fits(name: str, desk: Desk) -> bool:
    """True if the title of the slide has room in the layout `name`."""
    title = Filled("title", (Paragraph(runs_of(desk.slide.title, desk.words)),))
    return fitting_step((title,), layout_named(name), ALL_STEPS, desk.theme) is not None


# What has no room on a slide, and what to do about it, by the code of the finding.
HIGH = {
    "slide-text": ("A text", "make it shorter, or divide it into paragraphs or items"),
    "slide-table": ("A row of a table", "shorten the longest text of the row, or divide the row into two"),
    "slide-script": ("What is to be said", "make it shorter, or divide it into two scripts"),
    "slide-source": ("A source", "shorten its title, or name fewer authors"),
}


def too_high(code: str, over: Overflow, at: Span) -> tuple[Finding, ...]:
    """Return the finding for what is too high at its smallest size: by how much, and how much fits; nothing if it
    fits.
    """
    if over.excess <= 0:
        return ()
    what, hint = HIGH[code]
    share = max(0.0, over.room) / (max(0.0, over.room) + over.excess)
    message = f"{what} does not fit on a slide: at the smallest size it is {over.excess:.0f} points too high"
    return (error(code, f"{message}, and about {100 * share:.0f} % of it fits.", at, hint),)


def long_title(title: Paragraph, layout: Layout, excess: float, desk: Desk) -> Finding:
    """Return the finding for a title that is `excess` points too high at its smallest size: how many letters fit."""

    def fits(count: int) -> bool:
        shorter = Paragraph((TextRun(title.text[:count].strip()),))
        return excess_of(Filled("title", (shorter,)), layout, ALL_STEPS[-1], desk.theme) <= 0

    letters = most_that(fits, len(title.text) - 1)
    message = f"The title “{title.text}” does not fit: at the smallest size it is {excess:.0f} points too high"
    hint = f"write {shorter_than(title.text)}, about {letters} letters: a title has one line or two"
    told = f"{message}. It has {len(title.text)} letters, and about {letters} fit."
    return error("slide-title", told, desk.slide.at, hint)


# ---------------------------------------------------------------- speech


def script_sheets(scripts: Sequence[Script], trail: Paragraphs, desk: Desk) -> Sheets | None:
    """Return one sheet for each script, or both of two on one; None if `trail`, what follows, does not fit as well."""
    both = two_voices(scripts[0], scripts[1], trail, desk) if len(scripts) == 2 else None
    if both:
        return Sheets((both,))
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for index, script in enumerate(scripts):
        rest = trail if index == len(scripts) - 1 else ()
        fills = script_fills(script, rest, desk, titled=bool(index and script.situation))
        sheet = fitting_sheet("script", fills, QUOTE_STEPS, desk)
        if sheet is None and rest:
            return None
        if sheet is None:
            layout = layout_named("script")
            over = overflow_of(fills, layout, QUOTE_STEPS[-1], desk.theme)
            findings += too_high("slide-script", over, script.at)
            sheet = Sheet("script", fills, QUOTE_STEPS[-1])
        title = Paragraph(runs_of(script.situation, desk.words)) if index and script.situation else None
        sheets.append(Sheet(sheet.layout, sheet.items, sheet.step, title))
    return Sheets(tuple(sheets), tuple(findings))


def script_fills(script: Script, trail: Paragraphs, desk: Desk, *, titled: bool) -> tuple[Filled, ...]:
    """Return the bubble of a script and what stands below it; the situation is left out if it is the title."""
    words = desk.words
    below = (
        *(() if titled or not script.situation else (label(runs_of(script.situation, words)),)),
        *((Paragraph(runs_of(script.advice, words)),) if script.advice else ()),
        *trail,
    )
    bubble = Filled("quote", (Paragraph(quoted(runs_of(script.words, words), words)),))
    return (bubble, Filled("body", below)) if below else (bubble,)


def two_voices(left: Script, right: Script, trail: Paragraphs, desk: Desk) -> Sheet | None:
    """Return two scripts beside each other with a note below, if each says when it is said and all fits.

    Words of the person who reaches out, if there are any, come first.
    """
    if not (left.situation and right.situation) or right.theirs:
        return None
    fills = []
    for name, script in (("left", left), ("right", right)):
        bubble, *below = script_fills(script, (), desk, titled=False)
        fills += [Filled(name, bubble.paragraphs), *(Filled(f"{name}-name", each.paragraphs) for each in below)]
    note = (Filled("note", tuple(replace(each, level="note") for each in trail)),) if trail else ()
    layout = f"two-{'voices' if left.theirs else 'scripts'}{'-note' if trail else ''}"
    return fitting_sheet(layout, (*fills, *note), QUOTE_STEPS, desk)
