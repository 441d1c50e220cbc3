"""Straight quotation marks and plain spaces are typeset by the rules of the language."""

import pytest
from conftest import Project
from samples import sample_document

from handouts.compose.house_style import typesetting
from handouts.document.nodes import FixedWords
from handouts.document.text import words_of

ENGLISH = sample_document().words
GERMAN = FixedWords(
    (
        ("open_quote", "„"),
        ("close_quote", "“"),
        ("open_inner_quote", "‚"),
        ("close_inner_quote", "‘"),
        ("apostrophe", "’"),
        ("units", "% Minuten"),
        ("before_numbers", "S. Nr."),
        ("between_numbers", "bis"),
    )
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('She said "stop".', "She said “stop”."),
        ('"I don\'t know," he said.', "“I don’t know,” he said."),
        ("the 'last' word", "the ‘last’ word"),
        ("\"He said 'no' twice.\"", "“He said ‘no’ twice.”"),
        ("the parents' house", "the parents’ house"),
        ("in the '90s", "in the ’90s"),
        ('("quoted")', "(“quoted”)"),
        ('He said "', "He said “"),
        ('" and left', "” and left"),
        ("“already right”, isn’t it", "“already right”, isn’t it"),
        ("wait 10 minutes", "wait 10\u00a0minutes"),
        ("in 2 to 4 weeks", "in 2\u00a0to\u00a04\u00a0weeks"),
        ("about 1 to 3 in 100 adults", "about 1\u00a0to\u00a03 in 100 adults"),
        ("go to 4 places", "go to 4 places"),
        ("85 % of 100 people", "85\u00a0% of 100 people"),
        ("5 minuteswide", "5 minuteswide"),
        ("see p. 12", "see p.\u00a012"),
        ("map. 12 roads", "map. 12 roads"),
        (" (A). Others (B) and (both) are not.", "\u00a0(A). Others\u00a0(B) and (both) are not."),
    ],
)
def test_english_is_set_by_english_rules(typed: str, expected: str) -> None:
    assert typesetting(ENGLISH)(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('Sie sagte "nein".', "Sie sagte „nein“."),
        ("\"Er sagte 'nein'.\"", "„Er sagte ‚nein‘.“"),
        ("Wie geht's in 10 Minuten?", "Wie geht’s in 10\u00a0Minuten?"),
    ],
)
def test_another_language_has_its_own_quotation_marks_and_units(typed: str, expected: str) -> None:
    assert typesetting(GERMAN)(typed) == expected


def test_no_straight_quotation_mark_is_left_in_a_document(project: Project) -> None:
    typed = 'They don\'t fly "below" **"10 m"** for 5 minutes.'
    project.replace("content/bees/en/2-cold.md", "Everyone reads this.", typed)
    words = " ".join(words_of(project.compose("growers").document))
    assert "They don’t fly “below” “10\u00a0m” for 5\u00a0minutes." in words
    assert '"' not in words
    assert "'" not in words
