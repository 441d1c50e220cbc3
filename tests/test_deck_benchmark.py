"""The benchmark against plain python-pptx calls is fair: both decks have the same words and shapes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from paths import ROOT

# The deck for clinicians has every kind of item; the others are for the nightly run.
AUDIENCES = ("clinicians", *(pytest.param(each, marks=pytest.mark.nightly) for each in ("family", "partners")))


@pytest.mark.full
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_plain_deck_of_the_benchmark_has_the_same_words(audience: str) -> None:
    # A process that has started workers prevents imports from the folder of the script.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    ran = subprocess.run(
        [sys.executable, "benchmarks/deck.py", "--check", "--audience", audience],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
