"""Draft the slides of text: messages, numbers, steps, callouts, columns, scripts, lists of sources.

Takes blocks and a SlideContext; returns drafts in the layout that suits the text, split at sense boundaries.
Text that fits on no slide is a finding that says by how much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from handouts.deck.fitting import (
    ALL_STEPS,
    SPLIT_STEPS,
    WHOLE_STEPS,
    Overflow,
    SlideContext,
    SlideDraft,
    SlideDrafts,
    excess_height,
    fitting_draft,
    fitting_step,
    lines_height,
    paragraph_style,
    paragraph_tops,
    same_words,
    split_evenly,
    text_height,
    title_fits,
    title_text,
    too_high_findings,
    unsplittable_units,
    worst_overflow,
)
from handouts.deck.layouts import SOURCE_SIZES, SlideLayout, layout_named
from handouts.deck.planned_slides import FilledPlaceholder, LayoutVariant, SlideParagraph, SlideParagraphs
from handouts.deck.slide_ornaments import sign_in_circle, step_nodes
from handouts.deck.slide_text import label_paragraph, paragraphs_of, quoted_runs, runs_of, source_paragraph
from handouts.deck.styles import NODE_MIDDLE, NODE_RADIUS, placeholder_levels
from handouts.document.nodes import Blocks, Callout, Labelled, MainMessage, Script, Sources, Strong
from handouts.document.nodes import Paragraph as TextBlock
from handouts.document.text import plain, words_of
from handouts.finding import Finding, Location
from handouts.theme import Theme

SCRIPT_STEPS = (0, 1, 2, 3, 4)

# ---------------------------------------------------------------- speech


def script_drafts(scripts: Sequence[Script], trail: SlideParagraphs, desk: SlideContext) -> SlideDrafts | None:
    """Return one sheet for each script, or both of two on one; None if `trail`, what follows, does not fit as well."""
    both = side_by_side_scripts(scripts[0], scripts[1], trail, desk) if len(scripts) == 2 else None
    if both:
        return SlideDrafts((both,))
    sheets: list[SlideDraft] = []
    findings: list[Finding] = []
    for index, script in enumerate(scripts):
        rest = trail if index == len(scripts) - 1 else ()
        fills = script_placeholders(script, rest, desk, titled=bool(index and script.situation))
        sheet = fitting_draft("script", fills, SCRIPT_STEPS, desk)
        if sheet is None and rest:
            return None
        if sheet is None:
            layout = layout_named("script")
            over = worst_overflow(fills, layout, SCRIPT_STEPS[-1], desk.theme)
            findings += too_high_findings("slide-script", over, script.at)
            sheet = SlideDraft("script", fills, SCRIPT_STEPS[-1])
        title = SlideParagraph(runs_of(script.situation, desk.words)) if index and script.situation else None
        sheets.append(SlideDraft(sheet.layout, sheet.items, sheet.step, title))
    return SlideDrafts(tuple(sheets), tuple(findings))


MAX_AMOUNT_LETTERS = 10  # letters of a number that is shown large
MAX_STEP_NODES = 9
DIGIT_MIDDLE_HEIGHT = 0.57  # how far the middle of a digit is above the bottom of its line, in em


def text_drafts(blocks: Blocks, desk: SlideContext) -> SlideDrafts:
    """Return the sheets of blocks that are text, each in the layout that shows best what it is."""
    whole = len(blocks) == len(desk.slide.blocks) and not desk.slide.sign
    special = special_text_draft(blocks, desk) if whole else None
    if special:
        return SlideDrafts((special,))
    paragraphs = paragraphs_of(blocks, desk.words)
    if desk.slide.sign:
        return flowing_drafts(paragraphs, "claim-text", desk, desk.place(blocks))
    drawn = steps_draft(paragraphs, desk) or text_above_line_draft(paragraphs, desk)
    return SlideDrafts((drawn,)) if drawn else flowing_drafts(paragraphs, "text", desk, desk.place(blocks))


def special_text_draft(blocks: Blocks, desk: SlideContext) -> SlideDraft | None:
    """Return the sheet for text that has a layout of its own, if it fits there: a message, a callout, two columns."""
    match blocks:
        case (TextBlock() as first, *others) if all(isinstance(each, TextBlock) for each in others) and len(others) < 2:
            return number_draft(first, blocks[1:], desk) or (message_draft(blocks, desk) if not others else None)
        case (MainMessage() as message,) if same_words(message.content, title_text(desk)):
            return SlideDraft("message-only", ()) if title_fits("message-only", desk) else None
        case (MainMessage() as message,) if not message.label or same_words(message.label, title_text(desk)):
            return message_draft((TextBlock(message.content, at=message.at),), desk)
        case (Callout(),):
            return fitting_draft(
                "callout", (FilledPlaceholder("body", paragraphs_of(blocks, desk.words)),), WHOLE_STEPS, desk
            )
        case (Labelled() as left, Labelled() as right) if have_similar_length(left, right):
            sides = (("left", left), ("right", right))
            fills = tuple(FilledPlaceholder(name, paragraphs_of((side,), desk.words)) for name, side in sides)
            return fitting_draft("two-columns", fills, WHOLE_STEPS, desk)
        case _:
            return None


def message_draft(blocks: Blocks, desk: SlideContext) -> SlideDraft | None:
    """Return the sheet of a slide whose title is its message, with one more sentence below; None if one has no room."""
    fill = FilledPlaceholder("body", paragraphs_of(blocks, desk.words))
    return fitting_draft("message", (fill,), WHOLE_STEPS, desk) if title_fits("message", desk) else None


def number_draft(block: TextBlock, others: Blocks, desk: SlideContext) -> SlideDraft | None:
    """Return the sheet of one number: a sentence that begins with it in bold shows it large; None if it does not."""
    first, *rest = block.content or ((),)
    if not isinstance(first, Strong) or not rest or not is_amount(plain(first.content)):
        return None
    runs = runs_of(tuple(rest), desk.words)
    fills = (
        FilledPlaceholder("number", (SlideParagraph(runs_of(first.content, desk.words)),)),
        FilledPlaceholder("text", (SlideParagraph((replace(runs[0], text=runs[0].text.lstrip()), *runs[1:])),)),
        *((FilledPlaceholder("note", paragraphs_of(others, desk.words)),) if others else ()),
    )
    return fitting_draft("number", fills, ALL_STEPS, desk)


def is_amount(words: str) -> bool:
    """True if `words` are short and begin with a number."""
    return len(words) <= MAX_AMOUNT_LETTERS and words[:1].isdigit()


def steps_draft(paragraphs: SlideParagraphs, desk: SlideContext) -> SlideDraft | None:
    """Return the sheet of steps in one line each or more, their numbers in nodes on a line; None if it is no such list.

    A number of two digits has no room in a node.
    """
    count = len(paragraphs)
    if not 2 <= count <= MAX_STEP_NODES or any(each.level != "step" for each in paragraphs):
        return None
    layout = layout_named("steps")
    slot, fill = layout.slot("body"), FilledPlaceholder("body", paragraphs)
    step = fitting_step((fill,), layout, WHOLE_STEPS, desk.theme)
    if step is None:
        return None
    levels = placeholder_levels(slot, LayoutVariant("steps", step), desk.theme)
    look = paragraph_style(paragraphs[0], levels)
    style = look.style
    tops, height = paragraph_tops(paragraphs, levels, slot.text_width)
    y = slot.area.y + (slot.area.height - height) / 2 + style.leading - DIGIT_MIDDLE_HEIGHT * style.size
    middles = [(slot.area.x + NODE_MIDDLE * style.size, y + top) for top in tops]
    return SlideDraft("steps", (step_nodes(middles, NODE_RADIUS * style.size), fill), step)


def text_above_line_draft(paragraphs: SlideParagraphs, desk: SlideContext) -> SlideDraft | None:
    """Return the sheet of a few sentences above the settling line; None if they are more, or a list."""
    if any(each.level != "text" for each in paragraphs):
        return None
    return fitting_draft("text-line", (FilledPlaceholder("body", paragraphs),), WHOLE_STEPS[:1], desk)


def have_similar_length(left: Labelled, right: Labelled) -> bool:
    """True if two texts are about as long as each other."""
    short, long = sorted(len(" ".join(words_of(side.blocks))) for side in (left, right))
    return 2 * short >= long


def flowing_drafts(paragraphs: SlideParagraphs, name: str, desk: SlideContext, at: Location) -> SlideDrafts:
    """Return `paragraphs` on as many sheets as they need: whole if they fit, else split between units."""
    layout, picture = layout_named(name), (sign_in_circle(desk.slide.sign),) if name == "claim-text" else ()
    step = fitting_step((FilledPlaceholder("body", paragraphs),), layout, WHOLE_STEPS, desk.theme)
    if step is not None:
        return SlideDrafts((SlideDraft(name, (FilledPlaceholder("body", paragraphs), *picture), step),))
    units = unsplittable_units(paragraphs)
    step, excess = first_splitting_step(units, layout, desk.theme)
    if excess > 0 and any(len(unit) > 1 for unit in units):
        units = tuple((each,) for each in paragraphs)
        step, excess = first_splitting_step(units, layout, desk.theme)
    slot = layout.slot("body")
    levels = placeholder_levels(slot, LayoutVariant(name, step), desk.theme)
    parts = split_evenly(
        units,
        slot.text_height,
        lambda part: text_height(tuple(p for unit in part for p in unit), levels, slot.text_width),
    )
    sheets = tuple(
        SlideDraft(name, (FilledPlaceholder("body", tuple(each for unit in part for each in unit)), *picture), step)
        for part in parts
    )
    return SlideDrafts(sheets, too_high_findings("slide-text", Overflow(excess, slot.text_height), at))


def first_splitting_step(units: Sequence[SlideParagraphs], layout: SlideLayout, theme: Theme) -> tuple[int, float]:
    """Return the first step at which each of `units` fits alone, or the last one, and what is then too high."""
    for step in SPLIT_STEPS:
        excess = max(excess_height(FilledPlaceholder("body", unit), layout, step, theme) for unit in units)
        if excess <= 0:
            break
    return step, excess


def script_placeholders(
    script: Script, trail: SlideParagraphs, desk: SlideContext, *, titled: bool
) -> tuple[FilledPlaceholder, ...]:
    """Return the bubble of a script and what stands below it; the situation is left out if it is the title."""
    words = desk.words
    below = (
        *(() if titled or not script.situation else (label_paragraph(runs_of(script.situation, words)),)),
        *((SlideParagraph(runs_of(script.advice, words)),) if script.advice else ()),
        *trail,
    )
    bubble = FilledPlaceholder("quote", (SlideParagraph(quoted_runs(runs_of(script.words, words), words)),))
    return (bubble, FilledPlaceholder("body", below)) if below else (bubble,)


def side_by_side_scripts(left: Script, right: Script, trail: SlideParagraphs, desk: SlideContext) -> SlideDraft | None:
    """Return two scripts beside each other with a note below, if each says when it is said and all fits.

    Words of the person who reaches out, if there are any, come first.
    """
    if not (left.situation and right.situation) or right.theirs:
        return None
    fills = []
    for name, script in (("left", left), ("right", right)):
        bubble, *below = script_placeholders(script, (), desk, titled=False)
        fills += [
            FilledPlaceholder(name, bubble.paragraphs),
            *(FilledPlaceholder(f"{name}-name", each.paragraphs) for each in below),
        ]
    note = (FilledPlaceholder("note", tuple(replace(each, level="note") for each in trail)),) if trail else ()
    layout = f"two-{'voices' if left.theirs else 'scripts'}{'-note' if trail else ''}"
    return fitting_draft(layout, (*fills, *note), SCRIPT_STEPS, desk)


def source_drafts(block: Sources, desk: SlideContext) -> SlideDrafts:
    """Return the list of sources in two columns: on as few sheets as there can be, as large as it can be on these."""
    entries = tuple(source_paragraph(source, desk.words) for source in block.sources)
    choices = [(source_columns(entries, step, desk), step) for step in range(len(SOURCE_SIZES))]
    columns, step = min(choices, key=lambda choice: (math.ceil(len(choice[0]) / 2), choice[1]))
    slot = layout_named("sources").slot("left")
    levels = placeholder_levels(slot, LayoutVariant("sources", step), desk.theme)
    highest = max((lines_height(each.runs, levels[0].style, slot.text_width) for each in entries), default=0.0)
    sheets = tuple(
        SlideDraft(
            "sources",
            tuple(FilledPlaceholder(name, tuple(part)) for name, part in zip(("left", "right"), pair, strict=False)),
            step,
        )
        for pair in (columns[index : index + 2] for index in range(0, len(columns), 2))
    )
    return SlideDrafts(
        sheets, too_high_findings("slide-source", Overflow(highest - slot.text_height, slot.text_height), block.at)
    )


def source_columns(entries: SlideParagraphs, step: int, desk: SlideContext) -> list[list[SlideParagraph]]:
    """Return `entries` in as few columns as they need at a step of size."""
    slot = layout_named("sources").slot("left")
    levels = placeholder_levels(slot, LayoutVariant("sources", step), desk.theme)
    width = slot.text_width
    return split_evenly(entries, slot.text_height, lambda part: text_height(tuple(part), levels, width), columns=2)
