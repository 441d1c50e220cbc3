"""The project's own decks, planned and drawn once for all tests, of every audience and length; and the sample deck.

The full set looks at the chosen ones: the sample, each audience's whole talk, and each shorter or longer talk of one
audience, by turns. The nightly run looks at the others too. Another kind of deck (another country, say) is one more
set of options in `CHOSEN`.
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

from handouts.deck.deck_plan import plan_deck
from handouts.deck.package import draw_deck
from handouts.deck.planned_slides import DeckPlan
from handouts.document.nodes import Document
from handouts.load import load_library
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.theme import Theme

ROOT = Path(__file__).parents[1]
Ways = tuple[Mapping[str, Any], ...]  # options that differ
TURNS = {"family": "30", "partners": "60", "clinicians": "90"}  # whose turn it is in each length
CHOSEN: Ways = ({}, *({"audiences": (audience,), "minutes": (own,)} for audience, own in TURNS.items()))
OTHERS: Ways = tuple(
    {"audiences": (audience,), "minutes": tuple(each for each in TURNS.values() if each != own)}
    for audience, own in TURNS.items()
)


@dataclass(frozen=True, slots=True)
class Deck:
    """A finished deck: what it was made of, its plan, and its bytes."""

    name: str
    document: Document
    theme: Theme
    plan: DeckPlan
    content: bytes


def deck_of(name: str, document: Document, theme: Theme, plan: DeckPlan | None = None) -> Deck:
    """Return `document` as a deck, as planned or as `plan` says."""
    plan = plan or plan_deck(document, theme)
    return Deck(name, document, theme, plan, draw_deck(plan, document, theme).content)


@cache
def sample() -> Deck:
    """Return the deck with every kind of slide and block."""
    return deck_of("sample", sample_deck(), deck_theme())


@cache
def decks_in(ways: str) -> tuple[Deck, ...]:
    """Return the real decks that are "chosen", or the "others"."""
    library = load_library(ROOT / "content", ROOT / "templates")
    plain = Options(ROOT / "content", ROOT / "templates", ROOT, formats=("pptx",), today=date(2026, 11, 23))
    found = {"chosen": CHOSEN, "others": OTHERS}[ways]
    wanted = (each for way in found for each in plan_deliverables(library, replace(plain, **way))[0])
    return tuple(deck_of(Path(each.file).stem, each.document, each.theme) for each in wanted)


def real_decks() -> tuple[Deck, ...]:
    """Return the decks of all audiences, of all lengths."""
    return decks_in("chosen") + decks_in("others")


def some_decks(ways: str) -> tuple[Deck, ...]:
    """Return the sample deck and the chosen real ones, or the others."""
    return (sample(), *decks_in(ways)) if ways == "chosen" else decks_in(ways)


# For tests that look at every deck: the name of the chosen ones, and by night of the others.
WAYS = ("chosen", pytest.param("others", marks=pytest.mark.nightly))
