"""The colours of a theme in, findings out: a text that cannot be read on its ground is found before anything is made.

The pairs are those that are drawn; editions print in fewer colours, and are not asked here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from handouts.finding import Finding, Span, error
from handouts.theme import contrast

Colours: TypeAlias = Mapping[str, str]

# WCAG 2.2, 1.4.3. The shipped theme keeps 7, which a test computes.
LEAST = 4.5
DARK_GROUND = "deep"
# Roles of texts, each with the roles of the grounds on which they stand; white stands on two that stand on white.
GROUNDS: Mapping[str, tuple[str, ...]] = {
    "ink": ("white", "tint", "red-tint"),
    "stone": ("white", "oat", "tint"),
    "accent": ("white", "tint", "oat"),
    "honey": (DARK_GROUND,),
    "deep": ("oat", "white", "tint"),
    "screen-ink": ("oat", "tint", "white"),
    "red": ("red-tint", "oat"),
    "amber": ("white", "oat"),
    "green": ("white", "oat"),
}


def poor_contrasts(
    colours: Colours, accent: Colours, places: Mapping[str, Span], accents: Collection[Colours]
) -> Iterator[Finding]:
    """Yield an error for each text that stands out too little from one of its grounds, at the colour to change.

    `accent` is the one of `accents` that is looked at.
    """
    all_colours = {**colours, **accent}
    for text, grounds in GROUNDS.items():
        there = [ground for ground in grounds if text in all_colours and ground in all_colours]
        ratios = {ground: contrast(all_colours[text], all_colours[ground]) for ground in there}
        poor = min(ratios, key=lambda ground: ratios[ground], default="")
        if poor and ratios[poor] < LEAST:
            message = f"'{text}' has a contrast of {ratios[poor]:.1f}:1 on '{poor}'; it needs {LEAST}:1."
            role = poor if text in colours and is_of_one_accent(text, colours, accents) else text
            darker = (role == text) is (poor != DARK_GROUND)
            yield error("contrast", message, places[role], f"make '{role}' {'darker' if darker else 'lighter'}")


def is_of_one_accent(text: str, colours: Colours, accents: Collection[Colours]) -> bool:
    """True if a text that stands beside every accent can be read on the theme's own grounds, and beside some accent."""
    own = [ground for ground in GROUNDS[text] if ground in colours]
    beside = [[ground for ground in GROUNDS[text] if ground in accent] for accent in accents]
    return all(is_clear(text, ground, colours) for ground in own) and any(
        all(is_clear(text, ground, {**colours, **accent}) for ground in grounds)
        for grounds, accent in zip(beside, accents, strict=True)
    )


def is_clear(text: str, ground: str, colours: Colours) -> bool:
    """True if a text stands out from a ground."""
    return contrast(colours[text], colours[ground]) >= LEAST
