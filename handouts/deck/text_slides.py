"""Draft the slides of text: messages, numbers, steps, callouts, columns, scripts, lists of sources.

Takes blocks and a SlideContext; returns drafts in the layout that suits the text, split between paragraphs that do not
belong together. Text that fits on no slide is a finding that says by how much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from handouts.deck.fitting import (
    ALL_STEPS,
    SPLIT_STEPS,
    WHOLE_STEPS,
    SlideContext,
    SlideDraft,
    SlideDrafts,
    crowded_findings,
    excess_height,
    fitting_draft,
    fitting_step,
    lines_height,
    paragraph_style,
    placeholder_at_step,
    split_text,
    title_fits,
    too_high_findings,
    unsplittable_units,
)
from handouts.deck.layouts import SOURCE_SIZES, layout_named
from handouts.deck.planned_slides import FilledPlaceholder, SlideParagraph, SlideParagraphs
from handouts.deck.slide_ornaments import sign_in_circle, step_nodes
from handouts.deck.slide_text import source_paragraph
from handouts.deck.styles import NODE_MIDDLE, NODE_RADIUS
from handouts.document.nodes import Blocks, Callout, Labelled, MainMessage, Paragraph, Script, Sources, Strong
from handouts.document.text import plain, words_of
from handouts.finding import NOWHERE, Finding, Location

_SCRIPT_STEPS = (0, 1, 2, 3, 4)
_MAX_AMOUNT_LETTERS = 10  # letters of a number that is shown large
_MAX_STEP_NODES = 9  # a number of two digits has no room in a node
_DIGIT_MIDDLE_HEIGHT = 0.57  # of the middle of a digit above the bottom of its line, in em


def text_drafts(blocks: Blocks, context: SlideContext) -> SlideDrafts:
    """Return the drafts of blocks of text, in the layout that shows best what they are."""
    at = next((block.at for block in blocks if block.at != NOWHERE), context.slide.at)
    if context.slide.sign:
        return _flowing_drafts(context.paragraphs(blocks), "claim-text", context, at)
    special = _special_draft(blocks, context) if len(blocks) == len(context.slide.blocks) else None
    paragraphs = context.paragraphs(blocks)
    draft = special or _steps_draft(paragraphs, context) or _text_above_line_draft(paragraphs, context)
    return SlideDrafts((draft,)) if draft else _flowing_drafts(paragraphs, "text", context, at)


def _special_draft(blocks: Blocks, context: SlideContext) -> SlideDraft | None:
    """Return the draft of a message, number, callout or two columns in its own layout; None for others, or no room."""
    match blocks:
        case (Paragraph() as first,):
            return _number_draft(first, (), context) or _message_draft(first, context)
        case (Paragraph() as first, Paragraph()):
            return _number_draft(first, blocks[1:], context)
        case (MainMessage() as message,) if context.says_title(message.content):
            return SlideDraft("message-only", ()) if title_fits("message-only", context) else None
        case (MainMessage() as message,) if not message.label or context.says_title(message.label):
            return _message_draft(Paragraph(message.content), context)
        case (Callout(),):
            return fitting_draft("callout", (_fill("body", blocks, context),), WHOLE_STEPS, context)
        case (Labelled() as left, Labelled() as right) if _have_similar_length(left, right):
            fills = (_fill("left", (left,), context), _fill("right", (right,), context))
            return fitting_draft("two-columns", fills, WHOLE_STEPS, context)
        case _:
            return None


def _fill(name: str, blocks: Blocks, context: SlideContext) -> FilledPlaceholder:
    """Return the placeholder `name` with the words of `blocks`."""
    return FilledPlaceholder(name, context.paragraphs(blocks))


def _message_draft(block: Paragraph, context: SlideContext) -> SlideDraft | None:
    """Return the draft of a slide whose title is its message, with one sentence below; None if one does not fit."""
    if not title_fits("message", context):
        return None
    return fitting_draft("message", (_fill("body", (block,), context),), WHOLE_STEPS, context)


def _number_draft(block: Paragraph, others: Blocks, context: SlideContext) -> SlideDraft | None:
    """Return the draft of a sentence that begins with a short bold number, shown large; None for others, or no room."""
    first, *rest = block.content or ((),)
    if not isinstance(first, Strong) or not rest:
        return None
    number, sentence = context.paragraph(first.content), context.paragraph(tuple(rest))
    if len(plain(first.content)) > _MAX_AMOUNT_LETTERS or not plain(first.content)[:1].isdigit():
        return None
    start, *runs = sentence.runs
    sentence = SlideParagraph((replace(start, text=start.text.lstrip()), *runs))
    fills = (FilledPlaceholder("number", (number,)), FilledPlaceholder("text", (sentence,)))
    note = (_fill("note", others, context),) if others else ()
    return fitting_draft("number", (*fills, *note), ALL_STEPS, context)


def _steps_draft(paragraphs: SlideParagraphs, context: SlideContext) -> SlideDraft | None:
    """Return the draft of a list of steps, their numbers in nodes on a line; None for other text, or no room."""
    if not 2 <= len(paragraphs) <= _MAX_STEP_NODES or any(each.level != "step" for each in paragraphs):
        return None
    fill = FilledPlaceholder("body", paragraphs)
    step = fitting_step((fill,), "steps", WHOLE_STEPS, context)
    if step is None:
        return None
    placeholder, levels = placeholder_at_step("steps", "body", step, context.theme)
    look = paragraph_style(paragraphs[0], levels)
    style, y = look.style, 0.0
    tops: list[float] = []
    for paragraph in paragraphs:
        y += style.before if tops else 0.0  # programs leave no space above the first paragraph
        tops.append(y)
        y += lines_height(paragraph.runs, style, placeholder.text_width - look.left, context.cache)
    first = placeholder.area.y + (placeholder.area.height - y) / 2 + style.leading - _DIGIT_MIDDLE_HEIGHT * style.size
    middles = [(placeholder.area.x + NODE_MIDDLE * style.size, first + top) for top in tops]
    return SlideDraft("steps", (step_nodes(middles, NODE_RADIUS * style.size), fill), step)


def _text_above_line_draft(paragraphs: SlideParagraphs, context: SlideContext) -> SlideDraft | None:
    """Return the draft of a few sentences above the settling line; None if they do not fit, or are a list."""
    if any(each.level != "text" for each in paragraphs):
        return None
    return fitting_draft("text-line", (FilledPlaceholder("body", paragraphs),), WHOLE_STEPS[:1], context)


def _have_similar_length(left: Labelled, right: Labelled) -> bool:
    """True if neither of two texts is more than twice as long as the other."""
    short, long = sorted(len(" ".join(words_of(side.blocks))) for side in (left, right))
    return 2 * short >= long


def _flowing_drafts(paragraphs: SlideParagraphs, layout: str, context: SlideContext, at: Location) -> SlideDrafts:
    """Return `paragraphs` on one slide if they fit, or else split over as many slides as they need."""
    sign = (sign_in_circle(context.slide.sign),) if layout == "claim-text" else ()
    fill = FilledPlaceholder("body", paragraphs)
    step = fitting_step((fill,), layout, WHOLE_STEPS, context)
    if step is not None:
        return SlideDrafts((SlideDraft(layout, (fill, *sign), step),))
    units = unsplittable_units(paragraphs)
    step, excess = _splitting_step(units, layout, context)
    if excess > 0 and any(len(unit) > 1 for unit in units):
        units = tuple((each,) for each in paragraphs)
        step, excess = _splitting_step(units, layout, context)
    fills = (FilledPlaceholder("body", part) for part in split_text(units, layout, "body", step, context))
    drafts = tuple(SlideDraft(layout, (each, *sign), step) for each in fills)
    room = layout_named(layout).placeholder("body").text_height
    return SlideDrafts(drafts, too_high_findings("slide-text", excess, room, at))


def _splitting_step(units: Sequence[SlideParagraphs], layout: str, context: SlideContext) -> tuple[int, float]:
    """Return the first step at which each of `units` fits alone, or the last one, and the largest excess in points."""
    for step in SPLIT_STEPS:
        excess = max(excess_height(FilledPlaceholder("body", unit), layout, step, context) for unit in units)
        if excess <= 0:
            break
    return step, excess


def script_drafts(scripts: Sequence[Script], after: SlideParagraphs, context: SlideContext) -> SlideDrafts | None:
    """Return one draft for each script, or one for two; None if the text `after` the last one does not fit below it."""
    both = _side_by_side_draft(scripts[0], scripts[1], after, context) if len(scripts) == 2 else None
    if both:
        return SlideDrafts((both,))
    drafts: list[SlideDraft] = []
    findings: list[Finding] = []
    for index, script in enumerate(scripts):
        below = after if index == len(scripts) - 1 else ()
        title = context.paragraph(script.situation) if index and script.situation else None
        fills = _script_fills(script, below, context, titled=title is not None)
        draft = fitting_draft("script", fills, _SCRIPT_STEPS, context)
        if draft is None and below:
            return None
        if draft is None:
            findings += crowded_findings("slide-script", fills, "script", _SCRIPT_STEPS[-1], script.at, context)
            draft = SlideDraft("script", fills, _SCRIPT_STEPS[-1])
        drafts.append(replace(draft, title=title))
    return SlideDrafts(tuple(drafts), tuple(findings))


def _script_fills(
    script: Script, after: SlideParagraphs, context: SlideContext, *, titled: bool = False
) -> tuple[FilledPlaceholder, ...]:
    """Return the bubble of a script and the text below it, without the situation if that is the title."""
    below = (
        *((context.paragraph(script.situation, "label"),) if script.situation and not titled else ()),
        *((context.paragraph(script.advice),) if script.advice else ()),
        *after,
    )
    quote = context.paragraph(context.words.quoted(script.words))
    return (FilledPlaceholder("quote", (quote,)), *((FilledPlaceholder("body", below),) if below else ()))


def _side_by_side_draft(
    left: Script, right: Script, after: SlideParagraphs, context: SlideContext
) -> SlideDraft | None:
    """Return two scripts side by side with a note below; None if one has no situation, or not all fits.

    Words of the person who reaches out come first, if there are any.
    """
    if not (left.situation and right.situation) or right.theirs:
        return None
    fills: list[FilledPlaceholder] = []
    for name, script in (("left", left), ("right", right)):
        bubble, below = _script_fills(script, (), context)
        fills += [replace(bubble, name=name), replace(below, name=f"{name}-name")]
    if after:
        fills.append(FilledPlaceholder("note", tuple(replace(each, level="note") for each in after)))
    layout = f"two-{'voices' if left.theirs else 'scripts'}{'-note' if after else ''}"
    return fitting_draft(layout, fills, _SCRIPT_STEPS, context)


def source_drafts(block: Sources, context: SlideContext) -> SlideDrafts:
    """Return the list of sources in two columns, on as few slides as possible, and as large as possible on these."""
    entries = [(source_paragraph(source, context.words),) for source in block.sources]
    choices = [split_text(entries, "sources", "left", step, context, columns=2) for step in range(len(SOURCE_SIZES))]

    def excess(step: int) -> float:
        fills = (FilledPlaceholder("left", entry) for entry in entries)
        return max((excess_height(fill, "sources", step, context) for fill in fills), default=0.0)

    step = min(range(len(choices)), key=lambda step: (max(0.0, excess(step)), math.ceil(len(choices[step]) / 2)))
    drafts: list[SlideDraft] = []
    for index in range(0, len(choices[step]), 2):
        pair = zip(("left", "right"), choices[step][index : index + 2], strict=False)
        drafts.append(SlideDraft("sources", tuple(FilledPlaceholder(name, column) for name, column in pair), step))
    room = layout_named("sources").placeholder("left").text_height
    return SlideDrafts(tuple(drafts), too_high_findings("slide-source", excess(step), room, block.at))
