"""Projects with random edits: a short run of the nightly test, and tests that it would report faults."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import nightly
import pytest
import random_edits

from handouts.finding import Finding, HandoutError, Location, Severity
from handouts.pipeline.options import Options

RUN = 60


@pytest.mark.nightly
def test_projects_with_edits_are_built_or_answered_with_findings() -> None:
    summary = nightly.run_edits(range(RUN))
    assert summary.failures == []
    assert summary.rendered >= 5
    assert len(summary.refused) >= 15


@pytest.mark.nightly
def test_projects_without_edits_are_built(tmp_path: Path) -> None:
    summary = nightly.Summary()
    for topic, files in (
        ("bees", random_edits.small_project_files()),
        ("bpd-contact", random_edits.real_project_files()),
    ):
        content = {name: text.encode() for name, text in files.items()}
        assert nightly.build_faults(tmp_path / topic, topic, content, 0, summary) == []
    assert (summary.rendered, summary.refused) == (4, Counter())


def test_the_same_seed_makes_the_same_edits() -> None:
    assert [random_edits.edited_project(number) for number in range(20)] == [
        random_edits.edited_project(number) for number in range(20)
    ]
    assert random_edits.edited_project(1)[1] != random_edits.edited_project(2)[1]


@pytest.mark.nightly
def test_every_kind_of_edit_and_file_occurs() -> None:
    done = [each for number in range(1500) for each in random_edits.edited_project(number)[2]]
    kinds = {each.partition(" ")[0] for each in done}
    assert kinds >= {edit.__name__ for edit in random_edits.EDITS} | {"moved", "damaged"}
    edited = {each.partition(" ")[2] for each in done}
    assert {name for name in random_edits.small_project_files() if name not in edited} == set()


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (KeyError("page"), "KeyError"),
        (HandoutError(Finding(Severity.ERROR, "yaml", "Wrong.", Location("nowhere.yaml", 3, 1))), "misplaced"),
    ],
    ids=["crash", "place"],
)
def test_a_failure_is_reported_with_its_seed(monkeypatch: pytest.MonkeyPatch, raised: Exception, message: str) -> None:
    def build_all(_: object) -> None:
        raise raised

    monkeypatch.setattr(nightly, "build_all", build_all)
    (failure,) = nightly.run_edits(range(7, 8)).failures
    assert failure.startswith("edit 7 (")
    assert message in failure


def test_a_partial_file_left_by_a_failed_build_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def build_all(options: Options) -> None:
        options.output.mkdir()
        (options.output / "half.pdf").touch()
        raise HandoutError(Finding(Severity.ERROR, "yaml", "Wrong."))

    monkeypatch.setattr(nightly, "build_all", build_all)
    (failure,) = nightly.run_edits(range(7, 8)).failures
    assert "half.pdf" in failure
