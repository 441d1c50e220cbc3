"""Change for whom a part of a section is, in its text: the readers that its braces name, or a copy for one of them.

Text and the line of a part come in, the changed text comes out; all other lines stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handouts.finding import HandoutError, Location, error

_FOR = re.compile(r'for="(?:\\.|[^"\\])*"')
_PART_LINE = re.compile(r" *(?::{3,} *\{|## )")
_BRACES = re.compile(r"\{([^{}]*)\}\s*$")


def with_readers(text: str, line: int, audiences: Sequence[str]) -> str:
    """Return a text whose part in a line is for `audiences`, or for all if there are none.

    HandoutError if no part begins there.
    """
    lines = text.split("\n")
    written = _part_line(lines, line)
    braces = _BRACES.search(written)
    before, inside = (written[: braces.start()], braces[1]) if braces else (written, "")
    said = f'for="{" ".join(audiences)}"' if audiences else ""
    known = _FOR.search(inside)
    changed = f"{inside[: known.start()]}{said}{inside[known.end() :]}" if known else f"{inside} {said}"
    words = " ".join(changed.split()) if changed != inside else inside
    lines[line - 1] = f"{before.rstrip()} {{{words}}}" if words else before.rstrip()
    return "\n".join(lines)


def with_own_part(text: str, line: int, end: int | None, audience: str, others: Sequence[str]) -> str:
    """Return a text in which `audience` has a copy of the part in a line, which is then for the `others` alone.

    The part ends before the line `end`, or with the text. HandoutError if no part begins there.
    """
    lines = text.split("\n")
    _part_line(lines, line)
    part = lines[line - 1 : None if end is None else end - 1]
    while len(part) > 1 and not part[-1].strip():
        part.pop()
    last = line - 1 + len(part)
    copy = with_readers("\n".join(part), 1, (audience,))
    whole = (*lines[:last], "", copy, *lines[last:])
    return with_readers("\n".join(whole), line, others)


def _part_line(lines: Sequence[str], line: int) -> str:
    """Return the line in which a part begins. HandoutError if none does there."""
    if not 0 < line <= len(lines) or not _PART_LINE.match(lines[line - 1]):
        message = f"No part begins in line {line}."
        raise HandoutError(error("usage", message, Location("line"), "look at the section again: it has changed"))
    return lines[line - 1]
