"""Sentences to a score: how hard they are to read, by a formula that was made for their language.

Formulas count letters, syllables and words; they say nothing of whether anybody understands. A language without one has
no score, never a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from handouts.check.sentences import Sentence
from handouts.check.syllables import syllables

LONG, MANY = 6, 3  # letters, syllables
SHORTEST = 6  # words


class Counts(Struct, frozen=True):
    """What formulas are made of: sentences, words, syllables, words of three syllables, words of over six letters."""

    sentences: int
    words: int
    syllables: int
    many_syllables: int
    one_syllable: int
    long_words: int


class Score(Struct, frozen=True):
    """How hard a text is: the formula's name, its value, and whether a higher value is easier to read."""

    formula: str
    value: float
    ease: bool = False


Formula: TypeAlias = Callable[[Counts], Score]


def flesch_kincaid(counts: Counts) -> Score:
    """Return the US school grade (Kincaid, Fishburne, Rogers and Chissom 1975), for English."""
    value = 0.39 * counts.words / counts.sentences + 11.8 * counts.syllables / counts.words - 15.59
    return Score("Flesch-Kincaid grade", value)


def first_viennese(counts: Counts) -> Score:
    """Return the school grade (erste Wiener Sachtextformel, Bamberger and Vanecek 1984), for German."""
    many, long, one = (
        100 * each / counts.words for each in (counts.many_syllables, counts.long_words, counts.one_syllable)
    )
    mean = counts.words / counts.sentences
    return Score("Wiener Sachtextformel", 0.1935 * many + 0.1672 * mean + 0.1297 * long - 0.0327 * one - 0.875)


def fernandez_huerta(counts: Counts) -> Score:
    """Return the reading ease from 0 to 100 (Fernández Huerta 1959), for Spanish."""
    value = 206.84 - 60 * counts.syllables / counts.words - 1.02 * counts.words / counts.sentences
    return Score("Fernández Huerta", value, ease=True)


def kandel_moles(counts: Counts) -> Score:
    """Return the reading ease from 0 to 100 (Kandel and Moles 1958), for French."""
    value = 207 - 1.015 * counts.words / counts.sentences - 73.6 * counts.syllables / counts.words
    return Score("Kandel and Moles", value, ease=True)


def lix(counts: Counts) -> Score:
    """Return the readability index (Björnsson 1968), for Swedish, Danish and Norwegian."""
    return Score("LIX", counts.words / counts.sentences + 100 * counts.long_words / counts.words)


FORMULAS: Mapping[str, Formula] = {
    "en": flesch_kincaid,
    "de": first_viennese,
    "es": fernandez_huerta,
    "fr": kandel_moles,
    **dict.fromkeys(("sv", "da", "nb", "nn", "no"), lix),
}


def score_of(read: Sequence[Sentence], language: str, masked: Collection[str] = ()) -> Score | None:
    """Return how hard sentences are, each of `masked` (phrases in any case) counted as one short word.

    None if there is no formula for the language, or no word.
    """
    name = language.partition("-")[0]
    formula = FORMULAS.get(name)
    counts = counts_of(read, name, masked)
    return formula(counts) if formula and counts.words else None


def counts_of(read: Sequence[Sentence], language: str, masked: Collection[str] = ()) -> Counts:
    """Return what there is to count in sentences."""
    words = [word for sentence in read for word in masked_words(sentence, masked)]
    said = [syllables(word, language) for word in words]
    return Counts(
        sentences=max(1, len(read)),
        words=len(words),
        syllables=sum(said),
        many_syllables=sum(each >= MANY for each in said),
        one_syllable=said.count(1),
        long_words=sum(len(word) > LONG for word in words),
    )


def masked_words(sentence: Sentence, masked: Collection[str]) -> tuple[str, ...]:
    """Return the words of a sentence, with each masked phrase as a word of one syllable."""
    if not masked:
        return sentence.words
    words = " ".join(sentence.words)
    for phrase in sorted(masked, key=len, reverse=True):
        words = re.sub(rf"\b{re.escape(phrase)}\b", "it", words, flags=re.IGNORECASE)
    return tuple(words.split())


def hardest(read: Sequence[Sentence], language: str) -> Sentence | None:
    """Return the sentence that is hardest by the formula of its language, among those that are more than a phrase."""
    whole = [each for each in read if len(each.words) >= SHORTEST] or list(read)
    return max(whole, key=lambda each: weight(each, language), default=None)


def weight(sentence: Sentence, language: str) -> float:
    """Return how much a sentence adds: its words, and the syllables that they have beyond one each."""
    name = language.partition("-")[0]
    return len(sentence.words) + 2 * sum(syllables(word, name) - 1 for word in sentence.words)
