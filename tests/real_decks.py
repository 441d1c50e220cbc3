"""The project's own decks, planned and drawn once for all tests, of every audience and length; and the sample deck.

Another kind of deck (another country, say) is one more set of options in `WAYS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

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
# Options that differ: none, and the lengths that there are.
WAYS: tuple[Mapping[str, Any], ...] = ({}, {"minutes": ("30", "60", "90")})


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
    return Deck(name, document, theme, plan, draw_deck(plan, document, theme))


@cache
def sample() -> Deck:
    """Return the deck with every kind of slide and block."""
    return deck_of("sample", sample_deck(), deck_theme())


@cache
def real_decks() -> tuple[Deck, ...]:
    """Return the decks of all audiences, in every way that decks are made."""
    library = load_library(ROOT / "content", ROOT / "templates")
    plain = Options(ROOT / "content", ROOT / "templates", ROOT, formats=("pptx",), today=date(2026, 11, 23))
    wanted = (each for way in WAYS for each in plan_deliverables(library, replace(plain, **way))[0])
    return tuple(deck_of(Path(each.file).stem, each.document, each.theme) for each in wanted)


def all_decks() -> tuple[Deck, ...]:
    """Return the sample deck and the real ones."""
    return (sample(), *real_decks())
