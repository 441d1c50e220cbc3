"""What each level of a placeholder looks like at a step of size: for the master and for measuring alike.

Takes the theme's type styles for slides; never names a size or a colour that the theme does not, except the steps.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import TABLE_SIZES
from handouts.deck.planned import LEVELS, LayoutKey, Level
from handouts.deck.slots import Slot
from handouts.theme import Theme, TypeStyle

# Steps on a line, in em: where the middle of a node is, how large it is, where the text begins, how far apart they are.
NODE, NODE_RADIUS, NODE_TEXT, NODES_APART = 0.68, 0.62, 1.9, 0.55
DIGIT = 0.556  # how wide a digit of Arial is, in em
CLOSE = 1.2  # the most leading that small text in a table has, in em
CLOSEST = 1.15  # leading of lines in a row that are one line each: a number, a need, a name


class LevelStyle(Struct, frozen=True):
    """How a paragraph of one level is set: `left` is where its lines start, the first one `hanging` before that."""

    style: TypeStyle
    left: float = 0.0
    hanging: float = 0.0
    bullet: Literal["", "disc", "number", "node"] = ""
    bullet_colour: str = "accent"


def sized(style: TypeStyle, size: float) -> TypeStyle:
    """Return `style` at another size, its leading in proportion."""
    return replace(style, size=size, leading=round(size * style.leading / style.size, 1))


# The same few slots are measured again and again.
@lru_cache(maxsize=1024)
def slot_levels(slot: Slot, key: LayoutKey, theme: Theme) -> tuple[LevelStyle, ...]:
    """Return the look of each level of `slot` in the layout `key`; of the first alone if the slot has one look."""
    step = key.title_step if slot.kind == "title" else key.text_step
    size = slot.size(step)
    if slot.role == "nodes":
        levels = text_levels(theme, size, slot.colour)
        return tuple(node_level(each) if name == "step" else each for name, each in zip(LEVELS, levels, strict=True))
    if slot.levelled:
        return text_levels(theme, size, slot.colour)
    style = sized(theme.slides[slot.role], size)
    if slot.role == "source":
        return (LevelStyle(replace(style, after=6.0), left=2.1 * size, hanging=2.1 * size),)
    return (LevelStyle(replace(style, colour=slot.colour or style.colour)),)


def text_levels(theme: Theme, size: float, colour: str = "") -> tuple[LevelStyle, ...]:
    """Return the look of all levels of running text of `size`; `colour` replaces all colours on a deep ground."""
    return tuple(text_level(level, theme, size, colour) for level in LEVELS)


def node_level(level: LevelStyle) -> LevelStyle:
    """Return the level of steps so that their numbers stand in nodes on a line, far enough apart to see that line.

    The space is before each step: above the first paragraph no program leaves any, so its node is where it should be.
    """
    size = level.style.size
    style = replace(level.style, before=NODES_APART * size, after=0.0)
    return replace(
        level, style=style, left=NODE_TEXT * size, hanging=(NODE_TEXT - NODE + DIGIT / 2) * size, bullet="node"
    )


def text_level(level: Level, theme: Theme, size: float, colour: str) -> LevelStyle:
    """Return the look of one level of running text."""
    body = replace(sized(theme.slides["body"], size), after=0.42 * size)
    if colour:
        body = replace(body, colour=colour)
    indent, mark = 1.1 * size, colour or "accent"
    item = replace(body, after=0.36 * size)
    match level:
        case "text":
            return LevelStyle(body)
        case "step":
            return LevelStyle(item, 1.4 * size, 1.4 * size, "number", mark)
        case "bullet":
            return LevelStyle(item, indent, indent, "disc", mark)
        case "bullet2":
            return LevelStyle(item, 2 * indent, indent, "disc", mark)
        case "bullet3":
            return LevelStyle(item, 3 * indent, indent, "disc", mark)
        case "within":
            return LevelStyle(item, 1.4 * size)
        case "label":
            return LevelStyle(label_style(theme, size, colour))
        case "note":
            note = sized(theme.slides["note"], min(theme.slides["note"].size, size))
            return LevelStyle(replace(note, after=0.5 * size, colour=colour or note.colour))
        case "step2":
            return LevelStyle(item, 2.8 * size, 1.4 * size, "number", mark)


class TableLook(Struct, frozen=True):
    """The looks of a table at one size: its text, its head, and the first cells of rows where they head these."""

    text: TypeStyle
    head: TypeStyle
    row: TypeStyle


class ContactLook(Struct, frozen=True):
    """The looks of a table of whom to call, which has one size: nothing in it becomes smaller."""

    head: TypeStyle
    need: TypeStyle
    number: TypeStyle
    small: TypeStyle


# A deck has few tables, and measures each at a few sizes.
@lru_cache(maxsize=64)
def table_look(theme: Theme, size: float) -> TableLook:
    """Return the looks of a table whose text has `size`: smaller text has closer lines as well."""
    styles = theme.slides
    text = sized(styles["table"], size)
    if size < TABLE_SIZES[0]:
        text = replace(text, leading=min(text.leading, CLOSE * size))
    return TableLook(text, replace(sized(styles["label"], size), colour="accent"), text)


@lru_cache(maxsize=16)
def contact_look(theme: Theme) -> ContactLook:
    """Return the looks of a table of whom to call."""
    styles, least = theme.slides, TABLE_SIZES[-1]
    return ContactLook(
        close_lines(replace(styles["label"], size=least, colour="accent")),
        close_lines(styles["table"]),
        close_lines(styles["number"]),
        close_lines(replace(styles["note"], size=least)),
    )


def close_lines(style: TypeStyle) -> TypeStyle:
    """Return `style` with lines as close as they can be read."""
    return replace(style, leading=round(CLOSEST * style.size, 1))


def label_style(theme: Theme, size: float, colour: str) -> TypeStyle:
    """Return the look of a label above text of `size`: never larger than the text."""
    label = theme.slides["label"]
    return replace(
        sized(label, min(label.size, size)), before=0.55 * size, after=0.05 * size, colour=colour or label.colour
    )
