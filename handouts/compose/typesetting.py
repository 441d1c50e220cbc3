"""Typed words to set words: quotation marks and apostrophes of the language, numbers that stay with their units and
with each other, and letters in brackets that stay with what is before them.

Trees in, trees out. What is right already stays as it is; which marks and units a language has stands in its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from handouts.compose.wording import respell_blocks
from handouts.document import Words
from handouts.markdown.tree import Blocks

NO_BREAK = "\u00a0"
BEFORE, AFTER = r"(?<![^\s(\[/–—“‘„‚«‹-])", r"(?=[\w“‘„‚«‹…])"
OPENING, OPENING_INNER = re.compile(f'{BEFORE}"(?=[\\w\'“‘„‚«‹…])|(?<=[\\s(])"$'), re.compile(f"{BEFORE}'{AFTER}")
# Between letters, and before what is left of a year: the '90s.
# How sure a claim is, behind its source, as in [3] (B).
LETTER = re.compile(r" (?=\([A-Z]\))")
APOSTROPHE = re.compile(rf"(?<=\w)'(?=\w)|{BEFORE}'(?=\d\ds?\b)")


def typeset_blocks(blocks: Blocks, words: Words) -> Blocks:
    """Return `blocks` with every text as the language of `words` sets it."""
    return respell_blocks(blocks, typesetting(words))


def typesetting(words: Words) -> Callable[[str], str]:
    """Return the function that sets a text as the language of `words` does."""
    units = "|".join(re.escape(unit) for unit in sorted(words.say("units").split(), key=len, reverse=True))
    signs = "|".join(re.escape(sign) for sign in words.say("before_numbers").split())
    between = "|".join(re.escape(word) for word in words.say("between_numbers").split())
    after = re.compile(rf"(?<=\d) (?=(?:{units})(?!\w))")
    range_ = re.compile(rf"(?<=\d) ({between}) (?=\d)")
    before = re.compile(rf"(?<!\w)({signs}) (?=\d)")

    def typeset(text: str) -> str:
        kept = LETTER.sub(NO_BREAK, with_quotes(text, words))
        ranges = range_.sub(rf"{NO_BREAK}\1{NO_BREAK}", kept)
        return before.sub(rf"\1{NO_BREAK}", after.sub(NO_BREAK, ranges))

    return typeset


def with_quotes(text: str, words: Words) -> str:
    """Return `text` with the language's own marks where straight ones were typed."""
    if '"' not in text and "'" not in text:
        return text
    text = APOSTROPHE.sub(words.say("apostrophe"), text)
    text = OPENING.sub(words.say("open_quote"), text)
    text = OPENING_INNER.sub(words.say("open_inner_quote"), text)
    return text.replace('"', words.say("close_quote")).replace("'", words.say("close_inner_quote"))
