"""Where content comes from: the current folder, one above it, a named one, or the example."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_bench import Bench
from command_folder import CommandFolder

PDF = ("--audience", "family", "--format", "pdf")
COLD = "content/bees/en/2-cold.md"


@pytest.mark.parametrize("verb", ["build", "check", "list", "clean --stale", "diff family partners"])
def test_a_folder_without_content_is_reported_as_wrong_usage(empty: CommandFolder, verb: str) -> None:
    ran = empty.run(*verb.split())
    assert ran.code == 2
    for words in ("no folder 'content' here", "handouts new --example", "handouts build --example", "--project DIR"):
        assert words in ran.err
    assert empty.files == []


def test_a_content_folder_without_settings_is_reported(empty: CommandFolder) -> None:
    (empty.path / "content").mkdir(parents=True)
    ran = empty.run("build")
    assert ran.code == 2
    assert "The folder 'content' here has no audiences.yaml." in ran.err
    assert empty.files == ["content"]


def test_the_example_is_built_in_the_current_folder(empty: CommandFolder) -> None:
    ran = empty.run("build", "--example", "--quiet", "--country", "UK", *PDF)
    assert ran.code == 0, ran.err
    assert [name for name in empty.files if name.endswith(".pdf")] == [
        "output/bpd-contact/bpd-contact-family-handout-UK.pdf"
    ]


def test_a_copy_of_the_example_is_an_independent_project(empty: CommandFolder) -> None:
    ran = empty.run("new", "--example", "mine")
    assert (ran.code, ran.err) == (0, "")
    assert "handouts build" in ran.out
    assert sorted(each.name for each in (empty.path / "mine").iterdir()) == [".vscode", "content", "templates"]
    section = next((empty.path / "mine/content/bpd-contact/en").glob("*cover*.md"))
    with section.open("a", encoding="utf-8") as file:
        file.write("\n::: {.titel}\nOwn words\n:::\n")
    ran = empty.run("check", "--project", "mine")
    assert ran.code == 1
    assert section.relative_to(empty.path).as_posix() in ran.err


def test_existing_files_are_never_overwritten(empty: CommandFolder) -> None:
    assert empty.run("new", "--example").code == 0
    before = empty.files
    os.remove(empty.path / "content/audiences.yaml")  # noqa: PTH107
    ran = empty.run("new", "--example")
    assert ran.code == 2
    assert "templates: error: usage: This is there already" in ran.err
    assert sorted([*empty.files, "content/audiences.yaml"]) == before


def test_a_copy_that_cannot_be_written_leaves_nothing_behind(empty: CommandFolder) -> None:
    empty.path.mkdir()
    (empty.path / "mine").write_text("a file", encoding="utf-8")
    ran = empty.run("new", "--example", "mine")
    assert ran.code == 1
    assert "mine: error:" in ran.err
    assert empty.files == ["mine"]


def test_a_project_is_found_from_a_folder_inside_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = CommandFolder(bench.path("content/bees"), monkeypatch, capsys)
    ran = inside.run("build", "--quiet", "--audience", "growers", "--format", "pdf")
    assert ran.code == 0, ran.err
    assert bench.path("output/bees/bees-growers-handout.pdf").is_file()
    bench.plant(COLD, '{.claim for="growers"}', '{.claim for="growrs"}')
    ran = inside.run("check")
    assert ran.code == 1
    assert "\n../bees/en/2-cold.md:" in f"\n{ran.err}" or "\nen/2-cold.md:" in f"\n{ran.err}"


def test_an_unreadable_parent_folder_is_no_project(empty: CommandFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Path.is_file

    def is_file(path: Path) -> bool:
        if empty.path not in path.parents:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(Path, "is_file", is_file)
    ran = empty.run("check")
    assert ran.code == 2
    assert "no folder 'content' here" in ran.err


def test_the_named_project_is_used(bench: Bench, empty: CommandFolder) -> None:
    ran = empty.run("build", "--quiet", "--project", str(bench.root), "--audience", "growers", "--format", "pdf")
    assert ran.code == 0, ran.err
    assert bench.path("output/bees/bees-growers-handout.pdf").is_file()
    assert empty.files == []
    ran = empty.run("build", "--project", "nowhere")
    assert ran.code == 2
    assert "--project: error: usage: There is no folder 'content' in nowhere." in ran.err
    assert empty.run("build", "--project", "nowhere", "--example").code == 2
