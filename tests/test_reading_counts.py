"""Counts of syllables, sentences, passives and hard words, and readability formulas, agree with those of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT
from reading import WORD, pronunciations
from reading import syllables as said

from handouts.check.readability import (
    FORMULAS,
    Sentence,
    count_syllables,
    find_passive,
    hard_words,
    hardest_sentence,
    readability_score,
    split_sentences,
)
from handouts.check.rules import passages_of
from handouts.compose import compose_document
from handouts.load import load_library
from handouts.select import select_content

READERS = ("family", "partners", "clinicians")


@pytest.fixture(scope="module")
def read() -> dict[tuple[str, str], list[str]]:
    """Return the passages of each reader's handout and notes."""
    library = load_library(ROOT / "content", ROOT / "templates")
    found: dict[tuple[str, str], list[str]] = {}
    for reader in READERS:
        selection = select_content(library, "bpd-contact", reader, "en")
        for template in ("handout", "slides"):
            made = compose_document(selection, template, country="UK", today=date(2026, 11, 23)).document
            found[reader, template] = [
                each.text for each in passages_of(made) if each.role in ("prose", "heading", "cell")
            ]
    return found


# ---------------------------------------------------------------- syllables


def dictionary(word: str) -> set[int]:
    """Return the possible numbers of syllables of a word in the CMU dictionary."""
    plain = word.lower().replace("’", "'").strip("'")
    return {sum(sound[-1].isdigit() for sound in each) for each in pronunciations().get(plain, [])}


@pytest.mark.full
def test_syllables_of_words_in_content_agree_with_the_dictionary(read: dict[tuple[str, str], list[str]]) -> None:
    words = Counter(word for texts in read.values() for text in texts for word in WORD.findall(text))
    known = {word: count for word, count in words.items() if dictionary(word) and not word.isupper()}
    mismatches = sum(count for word, count in known.items() if count_syllables(word) not in dictionary(word))
    assert mismatches / sum(known.values()) < 0.005


def test_syllables_of_words_in_the_dictionary_mostly_agree() -> None:
    words = [word for word in pronunciations() if word.isalpha() and len(word) > 2]
    off = [min(abs(count_syllables(word) - each) for each in dictionary(word)) for word in words]
    assert sum(off) / len(off) < 0.085


@pytest.mark.parametrize(
    ("word", "count"),
    [("abandonment", 4), ("relieved", 2), ("BPD", 3), ("WHO", 5), ("identity", 4), ("isn't", 2), ("people’s", 2),
     ("reaches", 2), ("settled", 2), ("someone", 2), ("therapist", 3), ("behaviour", 3), ("co-operate", 4), ("a", 1)],
)  # fmt: skip
def test_syllables_are_counted_as_pronounced(word: str, count: int) -> None:
    assert count_syllables(word) == count


@pytest.mark.parametrize(
    ("language", "word", "count"),
    [("de", "Beziehung", 3), ("de", "Häuser", 2), ("de", "Angst", 1), ("es", "relación", 3), ("es", "miedo", 2),
     ("fr", "peur", 1), ("fr", "souvent", 2), ("fr", "rupture", 2)],
)  # fmt: skip
def test_other_languages_are_counted_by_their_vowels(language: str, word: str, count: int) -> None:
    assert count_syllables(word, language) == count


@given(st.text(max_size=40))
def test_any_text_has_at_least_one_syllable(text: str) -> None:
    assert count_syllables(text) >= 1


# ---------------------------------------------------------------- grades


def grade_by(count: Callable[[str], int], read: list[Sentence]) -> float:
    words = [word for sentence in read for word in sentence.words]
    return 0.39 * len(words) / len(read) + 11.8 * sum(map(count, words)) / len(words) - 15.59


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("template", ["handout", "slides"])
def test_the_grade_is_within_a_third_of_that_by_the_dictionary(
    read: dict[tuple[str, str], list[str]], reader: str, template: str
) -> None:
    found = [each for text in read[reader, template] for each in split_sentences(text)]
    score = readability_score(found, "en")
    assert score is not None
    assert score.value == pytest.approx(grade_by(said, found), abs=0.3)


def test_a_masked_phrase_counts_as_one_short_word() -> None:
    read = split_sentences(
        "People with borderline personality disorder may feel alone. It is hard to wait for an answer."
    )
    raw, masked = readability_score(read, "en"), readability_score(read, "en", ("Borderline personality disorder",))
    short = readability_score(split_sentences("People with it may feel alone. It is hard to wait for an answer."), "en")
    assert raw is not None
    assert masked == short
    assert raw.value > short.value + 3  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["sw", "ja", "pt", "cy", ""])
def test_a_language_without_a_formula_has_no_score(language: str) -> None:
    assert readability_score(split_sentences("Kila mtu anaweza kusoma haya."), language) is None


@pytest.mark.parametrize("language", sorted(FORMULAS))
def test_a_harder_text_scores_harder_in_every_language(language: str) -> None:
    easy = readability_score(split_sentences("Es ist gut. Wir sind da. Du bist nie ganz so allein."), language)
    hard = readability_score(
        split_sentences("Zwischenmenschliche Beziehungserfahrungen beeinflussen Emotionsregulationsfähigkeiten "
                  "nachhaltig, wissenschaftlichen Untersuchungen zufolge, individuell unterschiedlich."), language
    )  # fmt: skip
    assert easy is not None
    assert hard is not None
    assert (hard.value < easy.value) if hard.higher_is_easier else (hard.value > easy.value)


def test_the_hardest_sentence_is_found() -> None:
    read = split_sentences(
        "It is hard to wait. Intermittent reinforcement maintains persistent interpersonal pursuit. Go home."
    )
    blamed = hardest_sentence(read, "en")
    assert blamed is not None
    assert blamed.text.startswith("Intermittent")


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four…", 4),
        ("He said, “Stop.” Then he left.", 2),
        ("See e.g. Smith et al. 2019 for more.", 1),
        ("Dr. J. B. Smith came at 5 p.m. and left.", 1),
        ("It costs 3.5 pounds. Or more.", 2),
        ("The answer is no. So he waits.", 2),
        ("See no. 5 and p. 7.", 1),
        ("I wait... and wait.", 1),
        ("So do I. He does not.", 2),
        ("An item without a full stop", 1),
        ("これは文です。これも文です。", 2),
        ("यह एक वाक्य है। यह भी।", 2),
        ("هل أنت بخير؟ نعم.", 2),
        ("", 0),
        ("12 – 14", 0),
    ],
)
def test_text_is_split_into_sentences_correctly(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


@given(st.text(max_size=300))
def test_each_sentence_is_a_slice_of_its_text(text: str) -> None:
    for each in split_sentences(text):
        assert text[each.start : each.end] == each.text
        assert all(word in each.text for word in each.words)


def test_a_long_text_is_split_quickly() -> None:
    assert len(split_sentences("word " * 20_000)) == 1
    assert len(split_sentences("A. " * 30_000)) >= 1


# ---------------------------------------------------------------- voice and words


@pytest.mark.parametrize(
    "text", ["The call was made.", "She is often not told.", "It has been quickly written down.", "He got hit by it."]
)
def test_a_passive_sentence_is_recognised(text: str) -> None:
    (sentence,) = split_sentences(text)
    assert find_passive(sentence)


@pytest.mark.parametrize(
    "text",
    ["She is tired and worried.", "He is getting better.", "They are afraid.", "You called.", "It is red."],
)
def test_a_state_is_not_passive(text: str) -> None:
    (sentence,) = split_sentences(text)
    assert find_passive(sentence) is None


def test_names_known_words_and_their_inflections_are_not_hard() -> None:
    (sentence,) = split_sentences("In Manchester, dysregulation and validation were visited, reaching BPD abandonment.")
    assert hard_words([sentence], {"validation"}) == (("dysregulation", "abandonment"),)
