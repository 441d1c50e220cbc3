"""Readability of the handouts: grade and sentence length of the printed words, by audience."""

from __future__ import annotations

from datetime import date

import pytest
from paths import ROOT
from reading import WORD, grade, longest_sentence, syllables

from handouts.compose import compose_document
from handouts.document.nodes import Document
from handouts.load import load_library
from handouts.select import select_content

HIGHEST = {"family": 8.0, "partners": 8.0, "clinicians": 12.0}
LONGEST = {"family": 25, "partners": 25, "clinicians": 40}


@pytest.fixture(scope="module")
def handouts() -> dict[str, Document]:
    library = load_library(ROOT / "content", ROOT / "templates")
    today = date(2026, 11, 23)
    return {
        name: compose_document(
            select_content(library, "bpd-contact", name, "en"), "handout", country="UK", today=today
        ).document
        for name in HIGHEST
    }


@pytest.mark.full
@pytest.mark.parametrize("audience", HIGHEST)
def test_the_reading_grade_is_low_enough(handouts: dict[str, Document], audience: str) -> None:
    assert grade(handouts[audience]) <= HIGHEST[audience]


@pytest.mark.parametrize("audience", LONGEST)
def test_no_sentence_is_too_long(handouts: dict[str, Document], audience: str) -> None:
    sentence = longest_sentence(handouts[audience])
    assert len(WORD.findall(sentence)) <= LONGEST[audience], sentence


def test_syllables_are_counted_as_pronounced() -> None:
    counts = {"abandonment": 4, "relieved": 2, "BPD": 3, "identity": 4, "unbearable": 4}
    assert {word: syllables(word) for word in counts} == counts
