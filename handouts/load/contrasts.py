"""Colours of a theme to findings: words that cannot be read on the ground on which they are painted.

Which role is painted on which stands here, because the drawings that do it take roles, not colours. Contrast is that of
WCAG 2.2, success criterion 1.4.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handouts.finding import Finding, error
from handouts.load.reading import Reading
from handouts.theme import MINIMUM_CONTRAST, contrast

GROUNDS: Mapping[str, tuple[str, ...]] = {
    "ink": ("white", "tint", "red-tint", "amber-tint", "green-tint"),
    "stone": ("white", "oat", "tint"),
    "accent": ("white", "tint", "oat"),
    "white": ("accent", "deep"),
    "honey": ("deep",),
    "deep": ("oat", "white", "tint"),
    "screen-ink": ("oat", "tint", "white"),
    "red": ("red-tint", "oat"),
    "amber": ("white", "oat"),
    "green": ("white", "oat"),
}


def weak_contrasts(colours: Reading, accents: Mapping[str, Reading]) -> Iterator[Finding]:
    """Yield an error for each role whose words cannot be read on a ground, at the colour of the words.

    A pair with a colour of an accent is looked at for each accent, any other pair once.
    """
    shared = {key.text: colours.text(key.text) for key, _ in colours.each()}
    yield from weak_pairs(colours, shared, shared, frozenset())
    for accent in accents.values():
        own = {key.text: accent.text(key.text) for key, _ in accent.each()}
        yield from weak_pairs(accent, {**shared, **own}, own, frozenset(shared))


def weak_pairs(
    place: Reading, colours: Mapping[str, str], own: Mapping[str, str], others: frozenset[str]
) -> Iterator[Finding]:
    """Yield the weak pairs of `colours`, one of which is among `own`; pairs of two of `others` were looked at."""
    for role, grounds in GROUNDS.items():
        for ground in grounds:
            if role not in colours or ground not in colours or {role, ground} <= others:
                continue
            found = contrast(colours[role], colours[ground])
            if found < MINIMUM_CONTRAST:
                message = f"'{role}' on '{ground}' has a contrast of {found:.1f} to 1."
                hint = f"make one of them darker or lighter: {MINIMUM_CONTRAST:.0f} to 1 is the least"
                yield error("weak-contrast", message, place.place(role if role in own else ground), hint)
