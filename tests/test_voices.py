"""Each audience has its own text: explanations and advice are not the same for everyone."""

from __future__ import annotations

from itertools import combinations

import pytest
from paths import ROOT

from handouts.compare import compare_selections
from handouts.library import Library
from handouts.load import load_library
from handouts.select import select_content

ADVICE = {"steps", "boundaries", "do"}
EXPLAINED = {"explanation", "looks", "helps"}
AUDIENCES = ("family", "partners", "clinicians")
MOST_ALIKE = 0.4


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


@pytest.mark.parametrize(("one", "other"), list(combinations(AUDIENCES, 2)))
def test_factors_and_advice_are_written_for_each_reader(library: Library, one: str, other: str) -> None:
    left, right = (select_content(library, "bpd-contact", name, "en") for name in (one, other))
    rows = [
        row
        for section in compare_selections(left, right).sections
        for part in section.parts
        if (section.kind == "factor" and part.name in EXPLAINED) or (section.id in ADVICE and part.name == "body")
        for row in part.rows
    ]
    shorter = min(sum(row.left is not None for row in rows), sum(row.right is not None for row in rows))
    assert shorter > 40
    assert sum(row.same for row in rows) < MOST_ALIKE * shorter
