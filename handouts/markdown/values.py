"""The values of attributes that come from a closed list, or have a shape: needs, kinds, addresses, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handouts.figures.signs import SIGN_NAMES
from handouts.markdown.addresses import is_address
from handouts.markdown.attributes import Attributes, Word
from handouts.markdown.known import NEEDS, Check

FIELDS = ("line", "lines", "box", "choices", "scale", "fill-table")
FIELD_NAME, MOST_LINES = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"), 30
SIGNED = ("card", "slide")
SLIDE_KINDS = ("content", "title", "section", "question", "pause")
SHARES = re.compile(r"[1-9](?: [1-9])*")
NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")
WHOLE = re.compile(r"[0-9]{1,9}")
MINUTES, PRIORITIES = re.compile(r"[0-9]{1,2}(?:\.[05])?"), ("1", "2", "3")
LENGTH, LONGEST_TALK = re.compile(r"[1-9][0-9]{0,2}"), 600
DISCS = ("0", "1", "2", "3")
LISTED_NEEDS = (*NEEDS, "crisis", "local")


def check_values(check: Check, attributes: Attributes, kind: str) -> None:
    """Check the values that come from a closed list."""
    at = {pair.name.text: pair.value for pair in attributes.pairs}
    if kind == "contacts":
        for word in attributes.words("needs"):
            if word.text not in LISTED_NEEDS:
                check.unknown("unknown-need", "need", word, LISTED_NEEDS)
    if kind in SIGNED and at.get("sign") and at["sign"].text and at["sign"].text not in SIGN_NAMES:
        check.unknown("unknown-sign", "sign", at["sign"], SIGN_NAMES)
    if kind == "table":
        check_table(check, attributes)
    if kind == "slide" and "kind" in at and at["kind"].text not in SLIDE_KINDS:
        check.unknown("unknown-value", "kind of slide", at["kind"], SLIDE_KINDS)
    if kind == "slide":
        check_slide(check, attributes, at)
    if kind == "qr" and "target" in at and not is_address(at["target"].text):
        message = f"'{at['target'].text}' is no address that is allowed here."
        check.error("link-target", message, at["target"].at, "write an address that begins with https://")
    if kind == "card" and "number" in at and whole_of(at["number"].text) is None:
        check.error("unknown-value", "The number of a card is a number.", at["number"].at, "write {{ section.number }}")
    if kind == "chart" and "most" in at and not number_of(at["most"].text):
        message = f"'{at['most'].text}' is no number at which a scale can end."
        check.error("unknown-value", message, at["most"].at, "write a number above 0, such as 100")
    if kind in FIELDS:
        check_field(check, at)
    if kind == "figure" and "name" in at and check.known.figures and at["name"].text not in check.known.figures:
        check.unknown("unknown-figure", "figure", at["name"], check.known.figures)


def check_table(check: Check, attributes: Attributes) -> None:
    """Check the signs and the discs of the rows of a table."""
    for word in attributes.words("signs"):
        if word.text not in SIGN_NAMES:
            check.unknown("unknown-sign", "sign", word, SIGN_NAMES)
    for word in attributes.words("discs"):
        if word.text not in DISCS:
            check.error("unknown-value", f"'{word.text}' is no number of filled discs.", word.at, "write 0, 1, 2 or 3")


def check_slide(check: Check, attributes: Attributes, at: Mapping[str, Word]) -> None:
    """Check how long a slide takes, and in which lengths of the talk it is."""
    minutes, priority, until = at.get("minutes"), at.get("priority"), at.get("until")
    if minutes is None or not minutes.text:
        place = minutes.at if minutes else attributes.at
        hint = 'write minutes="{{ section.minutes }}"'
        check.error("no-minutes", "This slide does not say how long it takes.", place, hint)
    elif not MINUTES.fullmatch(minutes.text):
        message = f"'{minutes.text}' is no number of minutes."
        check.error("unknown-value", message, minutes.at, "write a number such as 2 or 2.5")
    if priority and priority.text not in PRIORITIES:
        check.error("unknown-value", f"'{priority.text}' is no priority.", priority.at, "write 1, 2 or 3")
    if until and until.text and not is_length(until.text):
        message = f"'{until.text}' is no length of a talk."
        check.error("unknown-value", message, until.at, f"write whole minutes up to {LONGEST_TALK}, such as 30")


def is_length(text: str) -> bool:
    """True if `text` is a number of minutes that a talk may take."""
    return LENGTH.fullmatch(text) is not None and int(text) <= LONGEST_TALK


def check_field(check: Check, at: Mapping[str, Word]) -> None:
    """Check the name of a field, how many lines or rows it has, and the shares of its columns."""
    if "name" in at and at["name"].text.strip() and not FIELD_NAME.fullmatch(at["name"].text):
        message = f"'{at['name'].text}' is no name for a field."
        check.error("bad-name", message, at["name"].at, "use small letters, digits and single hyphens")
    if "count" in at and not count_of(at["count"].text):
        message = f"'{at['count'].text}' is no number of lines."
        check.error("unknown-value", message, at["count"].at, f"write a number from 1 to {MOST_LINES}")
    if "widths" in at and not shares_of(at["widths"].text):
        message = f"'{at['widths'].text}' does not say how wide columns are."
        check.error("unknown-value", message, at["widths"].at, 'write a number from 1 to 9 for each, such as "1 3 2"')


def count_of(text: str) -> int:
    """Return how many lines or rows `text` asks for; 0 if it is no such number."""
    count = whole_of(text) or 0
    return count if count <= MOST_LINES else 0


def shares_of(text: str) -> tuple[int, ...]:
    """Return how wide columns are beside each other, from 1 to 9 each; none if `text` does not say it."""
    return tuple(map(int, text.split())) if SHARES.fullmatch(text) else ()


def whole_of(text: str) -> int | None:
    """Return the whole number that `text` is, of up to nine digits; None if it is none."""
    return int(text) if WHOLE.fullmatch(text) else None


def number_of(text: str) -> float | None:
    """Return the number that `text` is, from 0 up to nine digits with at most two decimals; None if it is none."""
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else None
