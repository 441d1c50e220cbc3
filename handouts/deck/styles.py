"""What each level of a placeholder looks like at a step of size: for the master and for measuring alike.

Takes the theme's type styles for slides; never names a size or a colour that the theme does not, except the steps.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import TABLE_SIZES, Slot
from handouts.deck.planned import LEVELS, LayoutKey, Level
from handouts.theme import Theme, TypeStyle

NUMBER_SIZE = 30.0  # of a help line, beside which its name and hours stand
CLOSE = 1.2  # leading of lines that stand close to each other, in em


class LevelStyle(Struct, frozen=True):
    """How a paragraph of one level is set: `left` is where its lines start, the first one `hanging` before that."""

    style: TypeStyle
    left: float = 0.0
    hanging: float = 0.0
    bullet: Literal["", "disc", "number"] = ""
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
    if slot.levelled:
        return text_levels(theme, size, slot.colour)
    style = sized(theme.slides[slot.role], size)
    if slot.role == "source":
        return (LevelStyle(replace(style, after=6.0), left=2.1 * size, hanging=2.1 * size),)
    return (LevelStyle(replace(style, colour=slot.colour or style.colour)),)


def text_levels(theme: Theme, size: float, colour: str = "") -> tuple[LevelStyle, ...]:
    """Return the look of all levels of running text of `size`; `colour` replaces all colours on a deep ground."""
    return tuple(text_level(level, theme, size, colour) for level in LEVELS)


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


def cell_styles(theme: Theme) -> tuple[TypeStyle, ...]:
    """Return the look of each level of text in tables: text and heads at each step of size, number, need, small.

    A table has no placeholder to inherit from: these are the levels of the master's text outside placeholders.
    """
    styles = theme.slides
    texts = tuple(sized(styles["table"], size) for size in TABLE_SIZES)
    heads = tuple(replace(sized(styles["label"], size), colour="accent") for size in TABLE_SIZES)
    number = replace(styles["number"], size=NUMBER_SIZE, leading=CLOSE * NUMBER_SIZE)
    need = replace(styles["table"], size=TABLE_SIZES[-1], leading=CLOSE * TABLE_SIZES[-1], bold=True)
    small = replace(styles["note"], size=TABLE_SIZES[-1], leading=CLOSE * TABLE_SIZES[-1])
    return (*texts, *heads, number, need, small)


def label_style(theme: Theme, size: float, colour: str) -> TypeStyle:
    """Return the look of a label above text of `size`: never larger than the text."""
    label = theme.slides["label"]
    return replace(
        sized(label, min(label.size, size)), before=0.55 * size, after=0.05 * size, colour=colour or label.colour
    )
