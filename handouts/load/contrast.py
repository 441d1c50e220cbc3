"""The colours of a theme in, findings out: a text that cannot be read on its ground is found before anything is made.

The pairs are those that are drawn; editions print in fewer colours, and are not asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handouts.finding import Finding, Span, error
from handouts.theme import contrast

# WCAG 2.2, 1.4.3. The shipped theme keeps 7, which a test computes.
LEAST = 4.5
# Roles of texts, each with the roles of the grounds on which they stand; white stands on two that stand on white.
GROUNDS: Mapping[str, tuple[str, ...]] = {
    "ink": ("white", "tint", "red-tint"),
    "stone": ("white", "oat", "tint"),
    "accent": ("white", "tint", "oat"),
    "honey": ("deep",),
    "deep": ("oat", "white", "tint"),
    "screen-ink": ("oat", "tint", "white"),
    "red": ("red-tint", "oat"),
    "amber": ("white", "oat"),
    "green": ("white", "oat"),
}


def poor_contrasts(
    colours: Mapping[str, str], accent: Mapping[str, str], places: Mapping[str, Span]
) -> Iterator[Finding]:
    """Yield an error for each text colour at its place that stands out too little from one of its grounds."""
    all_colours = {**colours, **accent}
    for text, grounds in GROUNDS.items():
        there = [ground for ground in grounds if text in all_colours and ground in all_colours]
        ratios = {ground: contrast(all_colours[text], all_colours[ground]) for ground in there}
        poor = min(ratios, key=lambda ground: ratios[ground], default="")
        if poor and ratios[poor] < LEAST:
            message = f"'{text}' has a contrast of {ratios[poor]:.1f}:1 on '{poor}'; it needs {LEAST}:1."
            role = text if text in places else poor
            yield error("contrast", message, places[role], "make the text darker, or its ground lighter")
