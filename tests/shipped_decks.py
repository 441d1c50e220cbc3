"""The shipped decks of every audience and length, and the sample deck, planned and drawn once for all tests.

The full set tests the chosen decks: the sample, the whole talk of each audience, and one shorter talk of each. The
nightly run tests the others too. To test another kind of deck, such as another country, add its options to `CHOSEN`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from deck_samples import deck_theme, sample_deck
from msgspec.structs import replace
from paths import ROOT

from handouts.deck.deck_plan import plan_deck
from handouts.deck.package import draw_deck
from handouts.deck.planned_slides import DeckPlan
from handouts.document.nodes import Document
from handouts.load import load_library
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.theme import Theme

OptionSets = tuple[Mapping[str, Any], ...]  # options of builds
LENGTHS = {"family": "30", "partners": "60", "clinicians": "90"}  # the audience that is tested in each length
CHOSEN: OptionSets = ({}, *({"audiences": (audience,), "minutes": (own,)} for audience, own in LENGTHS.items()))
OTHERS: OptionSets = tuple(
    {"audiences": (audience,), "minutes": tuple(each for each in LENGTHS.values() if each != own)}
    for audience, own in LENGTHS.items()
)


@dataclass(frozen=True, slots=True)
class Deck:
    """A rendered deck with its document, theme and plan."""

    name: str
    document: Document
    theme: Theme
    plan: DeckPlan
    content: bytes


def deck_of(name: str, document: Document, theme: Theme, plan: DeckPlan | None = None) -> Deck:
    """Render `document` as a deck, with `plan` if given."""
    plan = plan or plan_deck(document, theme)
    return Deck(name, document, theme, plan, draw_deck(plan, document, theme).content)


@cache
def sample() -> Deck:
    """Return the deck with every kind of slide and block."""
    return deck_of("sample", sample_deck(), deck_theme())


@cache
def real_decks_in(deck_set: str) -> tuple[Deck, ...]:
    """Return the shipped decks of the set "chosen" or "others"."""
    library = load_library(ROOT / "content", ROOT / "templates")
    defaults = Options(ROOT / "content", ROOT / "templates", ROOT, formats=("pptx",), today=date(2026, 11, 23))
    option_sets = {"chosen": CHOSEN, "others": OTHERS}[deck_set]
    deliverables = (
        each for options in option_sets for each in plan_deliverables(library, replace(defaults, **options))[0]
    )
    return tuple(deck_of(Path(each.file).stem, each.document, each.theme) for each in deliverables)


def real_decks() -> tuple[Deck, ...]:
    """Return the shipped decks of all audiences and lengths."""
    return real_decks_in("chosen") + real_decks_in("others")


def some_decks(deck_set: str) -> tuple[Deck, ...]:
    """Return the decks of a set; the set "chosen" includes the sample deck."""
    return (sample(), *real_decks_in(deck_set)) if deck_set == "chosen" else real_decks_in(deck_set)


# Parameters of tests of all decks; the set "others" is nightly.
DECK_SETS = ("chosen", pytest.param("others", marks=pytest.mark.nightly))
