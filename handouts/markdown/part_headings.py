"""Say how a part is named in a heading: `## Keep safe` begins the part `keep-safe`.

Names compare without regard to case, and a space is as good as a hyphen. Which parts there are, others know.
"""

from __future__ import annotations

import re

_GAPS = re.compile(r"[\s-]+")


def part_name_in(words: str) -> str:
    """Return the name of the part that a heading of these words begins."""
    return _GAPS.sub("-", words.strip()).lower()


def part_heading(name: str, attributes: str = "") -> str:
    """Return the heading that begins a part, such as `## Keep safe {for="…"}`."""
    words = name.replace("-", " ")
    return f"## {words[:1].upper()}{words[1:]}{f' {{{attributes}}}' if attributes else ''}"
