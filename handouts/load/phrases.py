"""Read the phrases of wording rules, as they are written in content/wording.

`*` is the rest of a word, `(a|b)` one of several, `...` up to six words of the sentence, and words may be joined by a
space or a hyphen. No phrase can make a search take more than linear time.
"""

from __future__ import annotations

import re

from handouts.library import Phrase

_LONGEST_PHRASE, _MOST_PIECES = 200, 20  # characters of a phrase; pieces of it, and choices in each
_SKIPPED_WORDS = r"(?:[^\w.!?]{1,3}[\w'’]+){0,6}?"
_WORD_SEPARATOR = r"[^\w.!?]{1,3}"
_PHRASE_PIECE = re.compile(r"\.\.\.|\((?P<choices>[^()]*)\)|(?P<word>[^\s()]+)")
_PHRASE_WORD = re.compile(r"\*?[\w'’-]+\*?|\*")
_APOSTROPHE = re.compile("['’]")
_LITERAL_LETTERS = re.compile(r"[\w]+")


class PhraseError(ValueError):
    """A phrase that cannot be looked for; its argument says why."""


def read_phrase(written: str) -> Phrase:
    """Return a phrase to search for. PhraseError if it is too long, or has signs that mean nothing in a phrase."""
    if len(written) > _LONGEST_PHRASE:
        raise PhraseError(f"A phrase has at most {_LONGEST_PHRASE} characters.")
    pieces = list(_PHRASE_PIECE.finditer(written))
    if "".join("".join(each[0] for each in pieces).split()) != "".join(written.split()):
        raise PhraseError("Brackets stand in pairs: (one|another).")
    if not 0 < len(pieces) <= _MOST_PIECES or written.strip().startswith("...") or written.strip().endswith("..."):
        raise PhraseError(f"A phrase begins and ends with a word, and has at most {_MOST_PIECES} of them.")
    pattern, hooks = "", []
    for index, piece in enumerate(pieces):
        if piece[0] == "...":
            pattern += _SKIPPED_WORDS
            continue
        words = piece["choices"].split("|") if piece["choices"] is not None else [piece["word"]]
        pattern += (_WORD_SEPARATOR if index else "") + _choice_pattern(words)
        hooks.append(_word_hooks(words))
    return Phrase(rf"(?<![\w]){pattern}(?![\w])", _rarest_hooks(hooks))


def _choice_pattern(words: list[str]) -> str:
    """Return the pattern for one of `words`, each of which may be several."""
    if len(words) > _MOST_PIECES:
        raise PhraseError(f"There are at most {_MOST_PIECES} choices.")
    return f"(?:{'|'.join(_WORD_SEPARATOR.join(map(_word_pattern, each.replace('-', ' ').split())) for each in words)})"


def _word_pattern(word: str) -> str:
    """Return the pattern for one word."""
    if not _PHRASE_WORD.fullmatch(word):
        raise PhraseError(f"'{word}' is not a word: only letters, digits, hyphens, apostrophes and * stand here.")
    parts = (_APOSTROPHE.sub("['’]", re.escape(each)) for each in word.split("*"))
    return r"[\w'’]*".join(parts)


def _word_hooks(words: list[str]) -> tuple[str, ...]:
    """Return the longest run of letters of each of `words`; none if one of them has no letters."""
    longest = [max(_LITERAL_LETTERS.findall(each), key=len, default="") for each in words]
    return tuple(each.casefold() for each in longest) if all(longest) else ()


def _rarest_hooks(hooks: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the hooks of the piece whose shortest hook is longest, as fewest texts have those."""
    known = [each for each in hooks if each]
    if not known:
        raise PhraseError("A phrase has at least one word without a star.")
    return max(known, key=lambda each: min(map(len, each)))
