"""The text of a slide on its sheets, in the layout that shows best what it is: a message, a number, steps, columns.

What is too much for one sheet goes on to the next at a sense boundary; what fits on none is a finding that says by how
much.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from handouts.deck.fit import level_of, line_tops, parts_of, text_height, units_of
from handouts.deck.layouts import layout_named
from handouts.deck.planned import Filled, LayoutKey, Paragraph, Paragraphs
from handouts.deck.sheets import (
    ALL_STEPS,
    SPLIT_STEPS,
    WHOLE_STEPS,
    Desk,
    Overflow,
    Sheet,
    Sheets,
    excess_of,
    fitting_sheet,
    fitting_step,
    same_words,
    title_fits,
    title_of,
    too_high,
)
from handouts.deck.signs import nodes_on_a_line, sign_in_circle
from handouts.deck.slots import Layout
from handouts.deck.styles import NODE, NODE_RADIUS, slot_levels
from handouts.deck.texts import paragraphs_of, runs_of
from handouts.document import Blocks, Callout, Labelled, MainMessage, Strong, plain, words_of
from handouts.document import Paragraph as TextBlock
from handouts.finding import Span
from handouts.theme import Theme

LONGEST_AMOUNT = 10  # letters of a number that is shown large
MOST_NODES = 9
DIGIT_MIDDLE = 0.57  # how far the middle of a digit is above the bottom of its line, in em


def text_sheets(blocks: Blocks, desk: Desk) -> Sheets:
    """Return the sheets of blocks that are text, each in the layout that shows best what it is."""
    whole = len(blocks) == len(desk.slide.blocks) and not desk.slide.sign
    special = special_sheet(blocks, desk) if whole else None
    if special:
        return Sheets((special,))
    paragraphs = paragraphs_of(blocks, desk.words)
    if desk.slide.sign:
        return flowing_sheets(paragraphs, "claim-text", desk, desk.place(blocks))
    drawn = steps_sheet(paragraphs, desk) or lined_sheet(paragraphs, desk)
    return Sheets((drawn,)) if drawn else flowing_sheets(paragraphs, "text", desk, desk.place(blocks))


def special_sheet(blocks: Blocks, desk: Desk) -> Sheet | None:
    """Return the sheet for text that has a layout of its own, if it fits there: a message, a callout, two columns."""
    match blocks:
        case (TextBlock() as first, *others) if all(isinstance(each, TextBlock) for each in others) and len(others) < 2:
            return number_sheet(first, blocks[1:], desk) or (message_sheet(blocks, desk) if not others else None)
        case (MainMessage() as message,) if same_words(message.content, title_of(desk)):
            return Sheet("message-only", ()) if title_fits("message-only", desk) else None
        case (MainMessage() as message,) if not message.label or same_words(message.label, title_of(desk)):
            return message_sheet((TextBlock(message.content, at=message.at),), desk)
        case (Callout(),):
            return fitting_sheet("callout", (Filled("body", paragraphs_of(blocks, desk.words)),), WHOLE_STEPS, desk)
        case (Labelled() as left, Labelled() as right) if similar(left, right):
            sides = (("left", left), ("right", right))
            fills = tuple(Filled(name, paragraphs_of((side,), desk.words)) for name, side in sides)
            return fitting_sheet("two-columns", fills, WHOLE_STEPS, desk)
        case _:
            return None


def message_sheet(blocks: Blocks, desk: Desk) -> Sheet | None:
    """Return the sheet of a slide whose title is its message, with one more sentence below; None if one has no room."""
    fill = Filled("body", paragraphs_of(blocks, desk.words))
    return fitting_sheet("message", (fill,), WHOLE_STEPS, desk) if title_fits("message", desk) else None


def number_sheet(block: TextBlock, others: Blocks, desk: Desk) -> Sheet | None:
    """Return the sheet of one number: a sentence that begins with it in bold shows it large; None if it does not."""
    first, *rest = block.content or ((),)
    if not isinstance(first, Strong) or not rest or not is_amount(plain(first.content)):
        return None
    runs = runs_of(tuple(rest), desk.words)
    fills = (
        Filled("number", (Paragraph(runs_of(first.content, desk.words)),)),
        Filled("text", (Paragraph((replace(runs[0], text=runs[0].text.lstrip()), *runs[1:])),)),
        *((Filled("note", paragraphs_of(others, desk.words)),) if others else ()),
    )
    return fitting_sheet("number", fills, ALL_STEPS, desk)


def is_amount(words: str) -> bool:
    """True if `words` are short and begin with a number."""
    return len(words) <= LONGEST_AMOUNT and words[:1].isdigit()


def steps_sheet(paragraphs: Paragraphs, desk: Desk) -> Sheet | None:
    """Return the sheet of steps in one line each or more, their numbers in nodes on a line; None if it is no such list.

    A number of two digits has no room in a node.
    """
    count = len(paragraphs)
    if not 2 <= count <= MOST_NODES or any(each.level != "step" for each in paragraphs):
        return None
    layout = layout_named("steps")
    slot, fill = layout.slot("body"), Filled("body", paragraphs)
    step = fitting_step((fill,), layout, WHOLE_STEPS, desk.theme)
    if step is None:
        return None
    levels = slot_levels(slot, LayoutKey("steps", step), desk.theme)
    look = level_of(paragraphs[0], levels)
    style = look.style
    tops, height = line_tops(paragraphs, levels, slot.text_width)
    y = slot.area.y + (slot.area.height - height) / 2 + style.leading - DIGIT_MIDDLE * style.size
    middles = [(slot.area.x + NODE * style.size, y + top) for top in tops]
    return Sheet("steps", (nodes_on_a_line(middles, NODE_RADIUS * style.size), fill), step)


def lined_sheet(paragraphs: Paragraphs, desk: Desk) -> Sheet | None:
    """Return the sheet of a few sentences above the settling line; None if they are more, or a list."""
    if any(each.level != "text" for each in paragraphs):
        return None
    return fitting_sheet("text-line", (Filled("body", paragraphs),), WHOLE_STEPS[:1], desk)


def similar(left: Labelled, right: Labelled) -> bool:
    """True if two texts are about as long as each other."""
    short, long = sorted(len(" ".join(words_of(side.blocks))) for side in (left, right))
    return 2 * short >= long


def flowing_sheets(paragraphs: Paragraphs, name: str, desk: Desk, at: Span) -> Sheets:
    """Return `paragraphs` on as many sheets as they need: whole if they fit, else split between units."""
    layout, picture = layout_named(name), (sign_in_circle(desk.slide.sign),) if name == "claim-text" else ()
    step = fitting_step((Filled("body", paragraphs),), layout, WHOLE_STEPS, desk.theme)
    if step is not None:
        return Sheets((Sheet(name, (Filled("body", paragraphs), *picture), step),))
    units = units_of(paragraphs)
    step, excess = split_step(units, layout, desk.theme)
    if excess > 0 and any(len(unit) > 1 for unit in units):
        units = tuple((each,) for each in paragraphs)
        step, excess = split_step(units, layout, desk.theme)
    slot = layout.slot("body")
    levels = slot_levels(slot, LayoutKey(name, step), desk.theme)
    parts = parts_of(
        units,
        slot.text_height,
        lambda part: text_height(tuple(p for unit in part for p in unit), levels, slot.text_width),
    )
    sheets = tuple(
        Sheet(name, (Filled("body", tuple(each for unit in part for each in unit)), *picture), step) for part in parts
    )
    return Sheets(sheets, too_high("slide-text", Overflow(excess, slot.text_height), at))


def split_step(units: Sequence[Paragraphs], layout: Layout, theme: Theme) -> tuple[int, float]:
    """Return the first step at which each of `units` fits alone, or the last one, and what is then too high."""
    for step in SPLIT_STEPS:
        excess = max(excess_of(Filled("body", unit), layout, step, theme) for unit in units)
        if excess <= 0:
            break
    return step, excess
