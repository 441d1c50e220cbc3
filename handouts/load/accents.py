"""Read accents: four colours each, or one, from which the program works out the others so that all can be read.

YAML nodes in, colours by role out. A colour that is too pale for words is a finding that names the nearest one, of
the same hue, that is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from handouts.finding import Finding, Location, error
from handouts.load.field_reader import FieldReader
from handouts.load.template_keys import ACCENT, COLOUR_PATTERN
from handouts.theme import contrast_ratio, luminance, rgb_channels

_Colours: TypeAlias = Mapping[str, str]

MIN_TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3. The shipped themes keep 7, which a test computes.
_COLOUR_HINT = 'write it as "#0F4C5C", in quotation marks'
_ACCENT_GROUNDS = ("white", "oat")
# How light the grounds are that follow from an accent, how dark the one is on which words are white, and how much
# darker than the accent: as in the accents of the shipped theme.
_TINT_LUMINANCE, _TINT2_LUMINANCE, _DEEP_LUMINANCE, _DEEP_SHARE = 0.85, 0.70, 0.03, 0.5
_LIGHTEST_TINT = 0.95
_STEPS = 256  # between a colour and black, or white: as many as a screen can show


def read_colour(reading: FieldReader, key: str) -> str:
    """Return a colour in capital letters; what is none is a finding, and returned as it is."""
    colour = reading.text(key)
    if not is_colour(colour):
        reading.findings.append(_no_colour_error(colour, reading.place(key)))
        return colour
    return colour.upper()


def is_colour(text: str) -> bool:
    """True if a text is a colour."""
    return re.fullmatch(COLOUR_PATTERN, text) is not None


def _no_colour_error(text: str, at: Location) -> Finding:
    """Return the error for a text that is no colour; what follows # outside of quotation marks is not read at all."""
    message = f"'{text}' is no colour." if text else "Here a colour is missing."
    return error("wrong-type", message, at, _COLOUR_HINT)


def read_accent(reading: FieldReader, colours: _Colours) -> dict[str, str]:
    """Return the four colours of an accent, of which `accent` alone is needed; `colours` are those of the theme."""
    written = {role: read_colour(reading, role) for role in ACCENT.known if reading.node(role)}
    accent = written.get("accent", "")
    if len(written) == len(ACCENT.known) or not is_colour(accent):
        return written
    grounds = [colours[role] for role in _ACCENT_GROUNDS if is_colour(colours.get(role, ""))]
    if not _can_be_read(accent, grounds):
        reading.findings.append(_too_pale_error(accent, grounds, reading.place("accent")))
        return {}
    return {**_computed_colours(accent), **written}


def _can_be_read(accent: str, grounds: list[str]) -> bool:
    """True if words in a colour can be read on all the grounds, and white ones on it."""
    return all(contrast_ratio(accent, ground) >= MIN_TEXT_CONTRAST for ground in grounds)


def _too_pale_error(accent: str, grounds: list[str], at: Location) -> Finding:
    """Return the error for an accent in which words cannot be read, with the nearest colour in which they can."""
    worst = min(contrast_ratio(accent, ground) for ground in grounds)
    message = (
        f"'{accent}' is too pale for words: its contrast to the page is {worst:.1f}:1, and {MIN_TEXT_CONTRAST}:1 is "
        "the least."
    )
    found = _nearest_colour(accent, "#" + "0" * 6, lambda colour: _can_be_read(colour, grounds))
    hint = f'write "{found}", the nearest of the same hue that can be read' if found else "make the page lighter"
    return error("contrast", message, at, hint)


def _computed_colours(accent: str) -> dict[str, str]:
    """Return the grounds that go with an accent, dark to light; words in it can be read on the light ones."""
    black, white = "#" + "0" * 6, "#" + "F" * 6
    darkest = min(_DEEP_LUMINANCE, _DEEP_SHARE * luminance(accent))
    paler = min(_LIGHTEST_TINT, MIN_TEXT_CONTRAST * (luminance(accent) + 0.05) - 0.05)
    lightest = max(_TINT_LUMINANCE, paler)
    return {
        "accent": accent,
        "deep": _nearest_colour(accent, black, lambda colour: luminance(colour) <= darkest) or black,
        "tint": _nearest_colour(accent, white, lambda colour: luminance(colour) >= lightest) or white,
        "tint2": _nearest_colour(accent, white, lambda colour: luminance(colour) >= _TINT2_LUMINANCE) or white,
    }


def _nearest_colour(start: str, end: str, is_right: Callable[[str], bool]) -> str:
    """Return the first colour on the way from `start` to black or white, its hue kept, that is right; "" if none is."""
    return next((each for step in range(_STEPS + 1) if is_right(each := _mixed(start, end, step / _STEPS))), "")


def _mixed(start: str, end: str, share: float) -> str:
    """Return `start` with a share of `end`."""
    channels = zip(rgb_channels(start), rgb_channels(end), strict=True)
    return "#" + "".join(f"{round(255 * (one + (other - one) * share)):02X}" for one, other in channels)
