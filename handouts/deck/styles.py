"""Give the look of each text level of a placeholder at a step of size, and the looks and rules of tables.

The master is drawn with these styles and the planner measures with them. Sizes and colours come from the theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import TABLE_SIZES, Placeholder
from handouts.deck.planned_slides import TEXT_LEVELS, LayoutVariant, TextLevel
from handouts.theme import Theme, TypeStyle

STRONG_RULE, THIN_RULE = 2.25, 1.0

TABLE_RULES: Mapping[str, tuple[str, float]] = {"strong": ("accent", STRONG_RULE), "thin": ("screen-rule", THIN_RULE)}

ROW_FRAME_WIDTH = 4.5  # how strong the edge around a row is

CELL_BULLET_INDENT = 1.0

# Steps on a line, in em: where the middle of a node is, how large it is, where the text begins, how far apart they are.
NODE_MIDDLE, NODE_RADIUS, NODE_TEXT_INDENT, NODE_GAP = 0.68, 0.62, 1.9, 0.55
DIGIT_WIDTH = 0.556  # how wide a digit of Arial is, in em
MAX_TABLE_LEADING = 1.2  # the most leading that small text in a table has, in em
ONE_LINE_LEADING = 1.15  # leading of lines in a row that are one line each: a number, a need, a name


class LevelStyle(Struct, frozen=True):
    """How a paragraph of one level is set: `left` is where its lines start, the first one `hanging` before that."""

    style: TypeStyle
    left: float = 0.0
    hanging: float = 0.0
    bullet: Literal["", "disc", "number", "node"] = ""
    bullet_colour: str = "accent"


def style_at_size(style: TypeStyle, size: float) -> TypeStyle:
    """Return `style` at another size, its leading in proportion."""
    return replace(style, size=size, leading=round(size * style.leading / style.size, 1))


# The same few slots are measured again and again.
@lru_cache(maxsize=1024)
def placeholder_levels(slot: Placeholder, key: LayoutVariant, theme: Theme) -> tuple[LevelStyle, ...]:
    """Return the look of each level of `slot` in the layout `key`; of the first alone if the slot has one look."""
    step = key.title_step if slot.kind == "title" else key.text_step
    size = slot.size(step)
    if slot.role == "nodes":
        levels = text_levels(theme, size, slot.colour)
        return tuple(
            node_level(each) if name == "step" else each for name, each in zip(TEXT_LEVELS, levels, strict=True)
        )
    if slot.levelled:
        return text_levels(theme, size, slot.colour)
    style = style_at_size(theme.slides[slot.role], size)
    if slot.role == "source":
        return (LevelStyle(replace(style, after=6.0), left=2.1 * size, hanging=2.1 * size),)
    return (LevelStyle(replace(style, colour=slot.colour or style.colour)),)


def text_levels(theme: Theme, size: float, colour: str = "") -> tuple[LevelStyle, ...]:
    """Return the look of all levels of running text of `size`; `colour` replaces all colours on a deep ground."""
    return tuple(text_level(level, theme, size, colour) for level in TEXT_LEVELS)


def node_level(level: LevelStyle) -> LevelStyle:
    """Return the level of steps so that their numbers stand in nodes on a line, far enough apart to see that line.

    The space is before each step: above the first paragraph no program leaves any, so its node is where it should be.
    """
    size = level.style.size
    style = replace(level.style, before=NODE_GAP * size, after=0.0)
    return replace(
        level,
        style=style,
        left=NODE_TEXT_INDENT * size,
        hanging=(NODE_TEXT_INDENT - NODE_MIDDLE + DIGIT_WIDTH / 2) * size,
        bullet="node",
    )


def text_level(level: TextLevel, theme: Theme, size: float, colour: str) -> LevelStyle:
    """Return the look of one level of running text."""
    body = replace(style_at_size(theme.slides["body"], size), after=0.42 * size)
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
            note = style_at_size(theme.slides["note"], min(theme.slides["note"].size, size))
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
    text = style_at_size(styles["table"], size)
    if size < TABLE_SIZES[0]:
        text = replace(text, leading=min(text.leading, MAX_TABLE_LEADING * size))
    return TableLook(text, replace(style_at_size(styles["label"], size), colour="accent"), text)


@lru_cache(maxsize=16)
def contact_look(theme: Theme) -> ContactLook:
    """Return the looks of a table of whom to call."""
    styles, least = theme.slides, TABLE_SIZES[-1]
    return ContactLook(
        with_tight_leading(replace(styles["label"], size=least, colour="accent")),
        with_tight_leading(styles["table"]),
        with_tight_leading(styles["number"]),
        with_tight_leading(replace(styles["note"], size=least)),
    )


def with_tight_leading(style: TypeStyle) -> TypeStyle:
    """Return `style` with lines as close as they can be read."""
    return replace(style, leading=round(ONE_LINE_LEADING * style.size, 1))


def label_style(theme: Theme, size: float, colour: str) -> TypeStyle:
    """Return the look of a label above text of `size`: never larger than the text."""
    label = theme.slides["label"]
    return replace(
        style_at_size(label, min(label.size, size)),
        before=0.55 * size,
        after=0.05 * size,
        colour=colour or label.colour,
    )
