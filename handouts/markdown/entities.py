"""Characters that are written as CommonMark and HTML name them: `&nbsp;`, `&amp;`, `&#233;`, `&#xE9;`.

A name that there is not stays as it was typed. What such a name stands for passes the same gate as what is typed.
"""

from __future__ import annotations

import re
import sys
import unicodedata

from handouts.finding import Finding, error
from handouts.markdown.attributes import Place
from handouts.text.fonts import character_problem

ENTITY = re.compile(r"&(?:#(?:[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<number>[0-9]{1,7}))|(?P<name>[A-Za-z][A-Za-z0-9]*));")
NO_CHARACTER = "\ufffd"  # what CommonMark reads for a number that stands for none
NOT_ONE = ("noncharacter", "A code that is no character", "delete it")
LONE_ACCENT = ("stacked-accents", "An accent without its letter", "type the letter with its accent")


def named_characters(found: re.Match[str]) -> str:
    """Return what an entity stands for; itself if there is none of its name."""
    if found["name"]:
        from html.entities import html5

        return html5.get(f"{found['name']};", found[0])
    code = int(found["hex"], 16) if found["hex"] else int(found["number"])
    is_character = 0 < code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_character else NO_CHARACTER


def check_entity(said: str, found: re.Match[str], offset: int, at: Place) -> tuple[Finding, ...]:
    """Return a finding for the first character of an entity that cannot be shown."""
    for character in said if said != found[0] else "":
        if problem := NOT_ONE if character == NO_CHARACTER else trouble_of(character):
            code, message, hint = problem
            what = f"{message}, written as {found[0]}: U+{ord(character):04X}"
            return (error(code, f"{what} {unicodedata.name(character, '')}".rstrip() + ".", at(offset), hint),)
    return ()


def trouble_of(character: str) -> tuple[str, str, str] | None:
    """Return code, message and hint for a character that cannot be shown when it is written by name, or None."""
    return LONE_ACCENT if unicodedata.category(character).startswith("M") else character_problem(character)


def without_entities(text: str, offset: int, at: Place, findings: list[Finding]) -> str:
    """Return `text`, which stands at `offset`, with each entity as what it stands for; none that cannot be shown."""

    def replaced(found: re.Match[str]) -> str:
        said = named_characters(found)
        wrong = check_entity(said, found, offset + found.start(), at)
        findings.extend(wrong)
        return "" if wrong else said

    return ENTITY.sub(replaced, text) if "&" in text else text
