"""Numbers as they are printed, which no line break parts, and the addresses that call them."""

from __future__ import annotations

import re

_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) (?=[0-9])")
_PHONE_NUMBER, _NUMBER_DIVIDERS = re.compile(r"\+?[0-9][0-9 \u00a0().-]*"), re.compile(r"[ \u00a0().-]")
_NO_BREAK = "\u00a0"


def unbreakable_number(number: str) -> str:
    """Return a number that no line break parts."""
    return number.replace(" ", _NO_BREAK)


def with_unbreakable_numbers(text: str) -> str:
    """Return a text in which no line break parts a number."""
    return _BETWEEN_DIGITS.sub(_NO_BREAK, text)


def phone_link(number: str) -> str:
    """Return the address that calls a number, "" if it holds more than a number."""
    return f"tel:{_NUMBER_DIVIDERS.sub('', number)}" if _PHONE_NUMBER.fullmatch(number) else ""
