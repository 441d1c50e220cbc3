"""Phrases of the wording rules to what finds them in a text, in time that grows with the text alone.

`*` stands for the rest of a word, `(a|b)` for one of several, `...` for up to six words of the same sentence; between
words may stand a space or a hyphen. Nothing else has a meaning, so that no phrase can take long, whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

LONGEST, MOST = 200, 20  # characters of a phrase; pieces of it, and choices in each
GAP = r"(?:[^\w.!?]{1,3}[\w'’]+){0,6}?"
BETWEEN = r"[^\w.!?]{1,3}"
PIECE = re.compile(r"\.\.\.|\((?P<choices>[^()]*)\)|(?P<word>[^\s()]+)")
WORD = re.compile(r"\*?[\w'’-]+\*?|\*")
APOSTROPHE = re.compile("['’]")
LITERAL = re.compile(r"[\w]+")


class PhraseError(ValueError):
    """A phrase that cannot be looked for; its argument says why."""


class Phrase(Struct, frozen=True):
    """What finds a phrase: a `pattern`, compiled when a text has one of the `hooks`, without which it finds nothing."""

    pattern: str
    hooks: tuple[str, ...]

    def find(self, text: str, folded: str) -> Iterator[tuple[int, int]]:
        """Yield where the phrase begins and ends in `text`; `folded` is the text in small letters."""
        if any(hook in folded for hook in self.hooks):
            yield from (found.span() for found in compiled(self.pattern).finditer(text))


@lru_cache(maxsize=1000)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern as it is looked for; most phrases have no text in which they could be found."""
    return re.compile(pattern, re.IGNORECASE)


def read_phrase(written: str) -> Phrase:
    """Return what finds a phrase. PhraseError if it is too long or holds signs without a meaning."""
    if len(written) > LONGEST:
        raise PhraseError(f"A phrase has at most {LONGEST} characters.")
    pieces = list(PIECE.finditer(written))
    if "".join("".join(each[0] for each in pieces).split()) != "".join(written.split()):
        raise PhraseError("Brackets stand in pairs: (one|another).")
    if not 0 < len(pieces) <= MOST or written.strip().startswith("...") or written.strip().endswith("..."):
        raise PhraseError(f"A phrase begins and ends with a word, and has at most {MOST} of them.")
    pattern, hooks = "", []
    for index, piece in enumerate(pieces):
        if piece[0] == "...":
            pattern += GAP
            continue
        words = piece["choices"].split("|") if piece["choices"] is not None else [piece["word"]]
        pattern += (BETWEEN if index else "") + any_of(words)
        hooks.append(hooks_of(words))
    return Phrase(rf"(?<![\w]){pattern}(?![\w])", best_of(hooks))


def any_of(words: list[str]) -> str:
    """Return the pattern for one of `words`, each of which may be several."""
    if len(words) > MOST:
        raise PhraseError(f"There are at most {MOST} choices.")
    return f"(?:{'|'.join(BETWEEN.join(map(pattern_of, each.replace('-', ' ').split())) for each in words)})"


def pattern_of(word: str) -> str:
    """Return the pattern for one word."""
    if not WORD.fullmatch(word):
        raise PhraseError(f"'{word}' is no word: only letters, digits, hyphens, apostrophes and * stand here.")
    parts = (APOSTROPHE.sub("['’]", re.escape(each)) for each in word.split("*"))
    return r"[\w'’]*".join(parts)


def hooks_of(words: list[str]) -> tuple[str, ...]:
    """Return a piece of each of `words`; none if one of them is only a star."""
    longest = [max(LITERAL.findall(each), key=len, default="") for each in words]
    return tuple(each.casefold() for each in longest) if all(longest) else ()


def best_of(hooks: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the hooks that the fewest texts have: the longest, of the pieces that have any."""
    known = [each for each in hooks if each]
    if not known:
        raise PhraseError("A phrase has at least one word without a star.")
    return max(known, key=lambda each: min(map(len, each)))
