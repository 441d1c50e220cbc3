"""Words in one stretch to sentences: where each begins and ends, its words, if it is passive, which words are hard.

Text in, offsets out. Knows English best; in other languages it finds sentences and words, and judges neither voice nor
words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from msgspec import Struct

from handouts.check.syllables import syllables

HARD = 3  # syllables
KEPT = 10_000  # stretches of words: the same ones stand in several documents
WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’](?=[^\W\d_]))*")
END = re.compile(r"[.!?…。！？؟।]+[\"”’»)\]]*(?=\s|$)|[。！？]")
ABBREVIATIONS = frozenset(
    {
        "e.g", "i.e", "etc", "al", "dr", "mr", "mrs", "ms", "prof", "st", "vs", "ed", "eds", "approx", "jr", "sr",
        "a.m", "p.m", "u.s", "u.k", "cf",
    }
)  # fmt: skip
BEFORE_NUMBERS = frozenset({"no", "nos", "p", "pp", "fig", "vol"})
NUMBER = re.compile(r"\s+\d")
BE = "am|is|are|was|were|be|been|being|isn[’']t|aren[’']t|wasn[’']t|weren[’']t|get|gets|got"
ADVERB = r"(?:not|never|also|often|always|now|then|only|still|yet|just|well|fully|[a-z]+ly)"
IRREGULAR = (
    "begun", "bent", "bitten", "bound", "bought", "broken", "brought", "built", "burnt", "caught", "chosen", "cut",
    "done", "drawn", "driven", "eaten", "fed", "felt", "forbidden", "forgiven", "forgotten", "fought", "found",
    "frozen", "given", "grown", "heard", "held", "hidden", "hit", "hurt", "kept", "known", "laid", "led", "left",
    "lent", "lit", "lost", "made", "meant", "met", "paid", "put", "read", "ridden", "run", "said", "seen", "sent",
    "set", "shot", "shown", "shut", "sold", "spent", "spoken", "spread", "stolen", "stuck", "sworn", "taken",
    "taught", "thought", "thrown", "told", "torn", "understood", "undone", "woken", "won", "worn", "written",
)  # fmt: skip
# Forms of a verb that say how somebody is, not what is done to them.
STATES = frozenset(
    {
        "afraid", "worried", "tired", "scared", "frightened", "interested", "excited", "ashamed", "bored", "confused",
        "concerned", "married", "divorced", "depressed", "relieved", "pleased", "surprised", "used", "supposed",
        "allowed", "hurt", "lost", "stuck", "done", "related", "limited", "mixed", "increased", "distressed",
        "overwhelmed", "exhausted", "prepared", "devoted", "detailed", "complicated", "experienced", "dedicated",
        "agreed", "need", "indeed", "speed", "hundred", "sacred", "red", "bed", "naked", "wicked",
    }
)  # fmt: skip
PASSIVE = re.compile(
    rf"\b(?:{BE})\s+(?:{ADVERB}\s+){{0,2}}(?P<participle>[a-z]+ed|{'|'.join(IRREGULAR)})\b(?!-)", re.IGNORECASE
)
INFLECTED = re.compile(r"(?:es|ed|ing|ly|s|er|est)$")
LOWER = re.compile(r"\s+[\"“‘(]*[a-z]")


class Sentence(Struct, frozen=True):
    """One sentence of a stretch: its text, where it begins and ends there, and its words."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]


@lru_cache(maxsize=KEPT)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a stretch of words, of which there is at least one if there is a word."""
    made = (sentence_of(text, start, end) for start, end in bounds(text))
    return tuple(each for each in made if each.words)


def bounds(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends."""
    start = 0
    for found in END.finditer(text):
        if found[0].startswith(".") and goes_on(text, start, found):
            continue
        yield start, found.end()
        start = found.end()
    yield start, len(text)


def goes_on(text: str, start: int, stop: re.Match[str]) -> bool:
    """True if a full stop ends no sentence: after an abbreviation or an initial, or before a small letter."""
    space = max(text.rfind(each, start, stop.start()) for each in " \n\u00a0(")
    before = text[max(space + 1, start) : stop.start()].casefold()
    initial = len(before) == 1 and text[stop.start() - 1].isupper() and text[stop.start() - 1] != "I"
    counted = before in BEFORE_NUMBERS and NUMBER.match(text, stop.end()) is not None
    return before in ABBREVIATIONS or initial or counted or LOWER.match(text, stop.end()) is not None


def sentence_of(text: str, start: int, end: int) -> Sentence:
    """Return the sentence between two offsets, without the space around it."""
    whole = text[start:end]
    begins = start + len(whole) - len(whole.lstrip())
    return Sentence(whole.strip(), begins, begins + len(whole.strip()), tuple(WORD.findall(whole)))


def passive_in(sentence: Sentence) -> re.Match[str] | None:
    """Return where an English sentence says what is done and not who does it, or None."""
    return next((each for each in PASSIVE.finditer(sentence.text) if each["participle"].lower() not in STATES), None)


def hard_words(sentence: Sentence, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the English words of three or more syllables that are no names, no known words and no mere inflections."""
    return tuple(
        word
        for index, word in enumerate(sentence.words)
        if (not word[0].isupper() or index == 0) and word.casefold() not in known and is_hard(word)
    )


def is_hard(word: str) -> bool:
    """True if a word has three or more syllables, also without its ending."""
    return not word.isupper() and syllables(word) >= HARD and syllables(INFLECTED.sub("", word) or word) >= HARD
