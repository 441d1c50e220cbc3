"""`handouts doctor` describes a project: what exists, what is missing, and what to do."""

from __future__ import annotations

import json

import pytest
from command_bench import Bench, CommandResult
from command_folder import CommandFolder

from handouts.text import fonts


def entries_by_name(ran: CommandResult) -> dict[str, tuple[str, str, str]]:
    """Return the entries by name; only the last topic."""
    return {each["name"]: (each["state"], each["text"], each["hint"]) for each in json.loads(ran.out)["entries"]}


def test_a_project_is_described_with_the_remaining_tasks(bench: Bench) -> None:
    ran = bench.run("doctor", "--json")
    found = entries_by_name(ran)
    assert (ran.code, found["content"]) == (0, ("good", "content", ""))
    assert found["topic"] == ("good", "bees, in en, for growers, keepers", "")
    assert found["country"] == ("good", "UK", "")
    assert found["output"] == ("good", "output: nothing is made yet", "handouts build")
    assert found["review"][0] == found["service"][0] == "open"
    assert "reviewed_by" in found["review"][2]
    assert "content/service.yaml" in found["service"][2]
    assert bench.run("build", "--today", "2026-11-24").code == 0
    assert entries_by_name(bench.run("doctor", "--json"))["output"][1] == "output: 4 files, the last on 2026-11-24"


def test_problems_that_prevent_a_build_are_errors(bench: Bench) -> None:
    bench.project.replace("content/service.yaml", "country: UK", "country: GB")
    ran = bench.run("doctor")
    assert ran.code == 1
    assert "WRONG  reading    1 error in content or templates" in ran.out
    assert "write UK" in ran.err


def test_a_missing_typeface_is_an_error(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from handouts.finding import HandoutError, error

    def missing() -> None:
        raise HandoutError(error("missing-font", "A typeface is missing.", hint="install it"))

    monkeypatch.setattr("handouts.pipeline.diagnosis.require_fonts", missing)
    assert fonts.require_fonts is not missing
    ran = bench.run("doctor")
    assert ran.code == 1
    assert "WRONG  typefaces  A typeface is missing." in ran.out
    assert "-> install it" in ran.out


def test_lines_are_no_wider_than_the_terminal(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = bench.run("doctor").out.splitlines()
    assert max(map(len, lines)) <= 60
    assert sum(line.startswith("to do") for line in lines) >= 3


def test_without_a_project_it_explains_how_to_create_one(empty: CommandFolder) -> None:
    ran = empty.run("doctor", "--json")
    found = entries_by_name(ran)
    assert ran.code == 0
    assert found["program"][1].startswith("handouts ")
    assert found["project"][0] == "open"
    assert "handouts new" in found["project"][2]
    assert empty.run("doctor", "--project", "nowhere").code == 2
    (empty.path / "content").mkdir()
    ran = empty.run("doctor")
    assert (ran.code, "has no audiences.yaml" in ran.err) == (2, True)


def test_remaining_samples_and_missing_translations_are_counted(empty: CommandFolder) -> None:
    assert empty.run("new", "Sleep", "--language", "de").code == 0
    found = entries_by_name(empty.run("doctor", "--json"))
    assert found["samples"][:2] == ("open", "sleep: sample text in 14 files")
    assert found["languages"][:2] == ("open", "sleep: not in en")
    assert "handouts new language en" in found["languages"][2]
    assert found["country"][0] == "open"
