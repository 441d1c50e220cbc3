"""Define the look of each text level of a placeholder at a step of size, and the rules of tables.

The master is drawn with these styles and the planner measures with them. Sizes and colours come from the theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.layouts import Placeholder
from handouts.deck.planned_slides import TEXT_LEVELS, LayoutVariant, TextLevel
from handouts.theme import Theme, TypeStyle

STRONG_RULE, THIN_RULE = 2.25, 1.0
TABLE_RULES: Mapping[str, tuple[str, float]] = {"strong": ("accent", STRONG_RULE), "thin": ("screen-rule", THIN_RULE)}
ROW_FRAME_WIDTH = 4.5  # of the edge around a highlighted row
CELL_BULLET_INDENT = 1.0  # in em

# Steps on a line, in em: the middle of a node, its radius, where the text begins, the space between two steps.
NODE_MIDDLE, NODE_RADIUS, _NODE_TEXT_INDENT, _NODE_GAP = 0.68, 0.62, 1.9, 0.42
_DIGIT_WIDTH = 0.556  # of Arial, in em


class LevelStyle(Struct, frozen=True):
    """The look of paragraphs of one level: lines start at `left`, the first one `hanging` points before that."""

    style: TypeStyle
    left: float = 0.0
    hanging: float = 0.0
    bullet: Literal["", "disc", "number", "node"] = ""
    bullet_colour: str = "accent"


def style_at_size(style: TypeStyle, size: float) -> TypeStyle:
    """Return `style` at another size, its leading in proportion."""
    return replace(style, size=size, leading=round(size * style.leading / style.size, 1))


def placeholder_levels(placeholder: Placeholder, variant: LayoutVariant, theme: Theme) -> tuple[LevelStyle, ...]:
    """Return the looks of the levels of a placeholder, in the order of TEXT_LEVELS, or its one look for all levels."""
    size = placeholder.size(variant.title_step if placeholder.kind == "title" else variant.text_step)
    if placeholder.levelled:
        return text_levels(theme, size, placeholder.colour, nodes=placeholder.role == "nodes")
    style = style_at_size(theme.slides[placeholder.role], size)
    if placeholder.role == "source":
        return (LevelStyle(replace(style, after=6.0), left=2.1 * size, hanging=2.1 * size),)
    return (LevelStyle(replace(style, colour=placeholder.colour or style.colour)),)


def text_levels(theme: Theme, size: float, colour: str = "", *, nodes: bool = False) -> tuple[LevelStyle, ...]:
    """Return the looks of all levels of running text of `size`; `colour` replaces all colours on a dark background.

    With `nodes`, the numbers of steps stand in nodes on a line, far enough apart to show that line.
    """
    body = replace(style_at_size(theme.slides["body"], size), after=0.42 * size)
    label, note = theme.slides["label"], theme.slides["note"]  # never larger than the text around them
    label = replace(style_at_size(label, min(label.size, size)), before=0.55 * size, after=0.05 * size)
    note = replace(style_at_size(note, min(note.size, size)), after=0.5 * size)
    if colour:
        body, label, note = (replace(style, colour=colour) for style in (body, label, note))
    item, indent, mark = replace(body, after=0.36 * size), 1.1 * size, colour or "accent"
    levels: Mapping[TextLevel, LevelStyle] = {
        "text": LevelStyle(body),
        "step": _node_step(item, mark) if nodes else LevelStyle(item, 1.4 * size, 1.4 * size, "number", mark),
        "bullet": LevelStyle(item, indent, indent, "disc", mark),
        "bullet2": LevelStyle(item, 2 * indent, indent, "disc", mark),
        "bullet3": LevelStyle(item, 3 * indent, indent, "disc", mark),
        "within": LevelStyle(item, 1.4 * size),
        "label": LevelStyle(label),
        "note": LevelStyle(note),
        "step2": LevelStyle(item, 2.8 * size, 1.4 * size, "number", mark),
    }
    return tuple(levels[level] for level in TEXT_LEVELS)


def _node_step(item: TypeStyle, mark: str) -> LevelStyle:
    """Return the look of a step whose number stands in a node.

    The space stands before each step: programs leave none above the first paragraph, so its node is in the right place.
    """
    size = item.size
    hanging = (_NODE_TEXT_INDENT - NODE_MIDDLE + _DIGIT_WIDTH / 2) * size
    return LevelStyle(
        replace(item, before=_NODE_GAP * size, after=0.0), _NODE_TEXT_INDENT * size, hanging, "node", mark
    )
