"""Where in its file something was written that was found in composed words.

A passage and an offset in it, and the texts of the files in; a place out. Spaces, line ends and the marks of quotations
may differ between what was typed and what is set. What cannot be found is placed where its run or its block begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice

from handouts.check.passages import Passage
from handouts.finding import Span

Texts = Mapping[str, str]

LONGEST = 60
LINE_END = re.compile("\n")
ALT = "{.alt"  # below what else a picture says, which may be the same words
QUOTES = {"“": '[“"]', "”": '[”"]', "‘": "[‘']", "’": "[’']", "…": r"(?:…|\.\.\.)"}


def place_of(passage: Passage, start: int, end: int, texts: Texts) -> Span:
    """Return where the characters from `start` to `end` of a passage were written."""
    begins, at = passage.run_at(start)
    if passage.role == "alt":
        at = find_words(ALT, 0, at, texts) or at
    following = [offset for offset, _ in passage.runs if offset > start]
    words = passage.text[start : min([end, start + LONGEST, *following])].strip()
    before = passage.text[begins:start]
    return find_words(words, before.count(words) if words else 0, at, texts) or at


def find_words(words: str, skip: int, at: Span, texts: Texts) -> Span | None:
    """Return the place of `words` at or after a place, leaving out the first `skip` times that they occur there."""
    text = texts.get(at.file)
    if not words or text is None or not at.line:
        return None
    pattern = re.compile("".join(QUOTES.get(each, r"\s+" if each.isspace() else re.escape(each)) for each in words))
    places = [found.start() for found in islice(pattern.finditer(text, offset_of(text, at)), skip + 1)]
    return span_at(text, places[-1], at.file) if places else None


def offset_of(text: str, at: Span) -> int:
    """Return the offset of a place in its text."""
    starts = line_starts(text)
    return starts[at.line - 1] + max(0, at.column - 1) if at.line <= len(starts) else len(text)


def span_at(text: str, offset: int, file: str) -> Span:
    """Return the place of an offset in its text."""
    starts = line_starts(text)
    line = bisect_right(starts, offset)
    return Span(file, line, offset - starts[line - 1] + 1)


# What is found in one document is mostly found in few texts.
@lru_cache(maxsize=64)
def line_starts(text: str) -> tuple[int, ...]:
    """Return the offset at which each line of a text begins."""
    return (0, *(end.end() for end in LINE_END.finditer(text)))
