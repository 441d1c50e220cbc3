"""Files left by a killed build, and links in output and content: nothing remains, leaks or goes unnoticed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_bench import COLD, HANDOUTS, PDF, Bench

from handouts.pipeline.manifest import JOURNAL_FILE, MANIFEST_FILE, UNFINISHED_NAME
from handouts.pipeline.output import lock_folder, write_temporary

NAMES = ("output/.handouts-ab12cd_3.part", "output/bees/copies/.bees-growers-harbour-team-ab12cd_3.part")
unix = pytest.mark.skipif(os.name == "nt", reason="makes links as Unix does")


def leave_temporary_files(bench: Bench) -> list[Path]:
    """Create the files that a killed build leaves."""
    for name in NAMES:
        bench.put(name, b"the words of a recipient")
    return [bench.path(name) for name in NAMES]


def test_a_temporary_file_is_recognised_by_its_name(tmp_path: Path) -> None:
    name = "n" * 250 + ".pdf"
    temporary = write_temporary(tmp_path, tmp_path / name, b"x")
    assert UNFINISHED_NAME.fullmatch(temporary.name)
    assert list(tmp_path.iterdir()) == [temporary]


@pytest.mark.parametrize("before", [True, False])
def test_the_next_build_removes_files_left_by_a_killed_one(bench: Bench, before: bool) -> None:
    if before:
        bench.build(*PDF)
    left = leave_temporary_files(bench)
    bench.build(*PDF)
    assert not any(path.exists() for path in left)


def test_clean_removes_and_reports_files_left_by_a_killed_build(bench: Bench) -> None:
    bench.build(*PDF)
    left = leave_temporary_files(bench)
    ran = bench.run("clean", "--stale", "--dry-run")
    assert (ran.code, all(name in ran.out for name in NAMES), all(path.exists() for path in left)) == (0, True, True)
    ran = bench.run("clean", "--stale")
    assert (ran.code, all(name in ran.out for name in NAMES), any(path.exists() for path in left)) == (0, True, False)
    assert bench.path(HANDOUTS.format("growers")).is_file()


@pytest.mark.parametrize("words", [PDF, ("clean", "--stale")])
def test_temporary_files_of_a_running_build_stay(bench: Bench, words: tuple[str, ...]) -> None:
    bench.build(*PDF)
    left = leave_temporary_files(bench)
    with lock_folder(bench.path("output")):
        assert bench.run(*words).only("error").code == "locked"
    assert all(path.exists() for path in left)


def test_temporary_files_of_a_build_in_a_subfolder_stay(bench: Bench) -> None:
    bench.build(*PDF)
    bench.run(*PDF, "--output", "output/bees/inner")
    bench.put("output/bees/inner/.handouts-ab12cd_3.part", b"x")
    bench.put("output/.handouts-mine.pdf", b"x")
    bench.run(*PDF)
    assert bench.path("output/bees/inner/.handouts-ab12cd_3.part").exists()
    assert bench.path("output/.handouts-mine.pdf").exists()


@unix
@pytest.mark.parametrize("name", [JOURNAL_FILE, MANIFEST_FILE])
def test_nothing_is_written_through_a_link(bench: Bench, tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    target = tmp_path_factory.mktemp("elsewhere") / "kept"
    target.write_bytes(b"kept")
    bench.path("output").mkdir()
    bench.path(f"output/{name}").symlink_to(target)
    ran = bench.run(*PDF)
    assert ran.code == (1 if name == JOURNAL_FILE else 0)
    assert [each.code for each in ran.diagnostics] == (["cannot-write"] if name == JOURNAL_FILE else [])
    assert target.read_bytes() == b"kept"


@unix
def test_nothing_is_deleted_through_a_link(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    bench.build(*PDF)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "bees"
    bench.path("output/bees").rename(elsewhere)
    bench.path("output/bees").symlink_to(elsewhere, target_is_directory=True)
    (elsewhere / ".handouts-ab12cd_3.part").write_bytes(b"x")
    bench.path("templates/handout.md.j2").unlink()
    bench.path("content/bees").rename(bench.path("content/wasps"))
    bench.run("clean", "--stale")
    assert sorted(path.name for path in elsewhere.iterdir()) == [
        ".handouts-ab12cd_3.part",
        Path(HANDOUTS.format("growers")).name,
    ]


@unix
@pytest.mark.parametrize("hidden", [".kept", "content/.kept"])
def test_a_change_of_content_behind_a_link_is_noticed(bench: Bench, hidden: str) -> None:
    linked = bench.path("content/bees/en")
    bench.path(hidden).parent.mkdir(exist_ok=True)
    linked.rename(bench.path(hidden))
    linked.symlink_to(Path(os.path.relpath(bench.path(hidden), linked.parent)), target_is_directory=True)
    first = bench.run(*PDF)
    if hidden == ".kept":
        assert first.code == 1
        return
    assert "1 of 1 files made" in first.out
    assert "1 fresh" in bench.run(*PDF).out
    bench.project.replace(COLD, "Everyone reads this.", "Everyone reads that.")
    assert "1 of 1 files made" in bench.run(*PDF).out


@unix
def test_circular_links_are_no_endless_loop(bench: Bench) -> None:
    bench.path("content/pictures").mkdir()
    bench.path("content/pictures/one").symlink_to(bench.path("content"), target_is_directory=True)
    bench.path("content/pictures/two").symlink_to(bench.path("content/pictures"), target_is_directory=True)
    assert bench.run(*PDF).code == 0
    assert "1 fresh" in bench.run(*PDF).out


def test_a_topic_may_have_the_name_of_an_internal_folder(bench: Bench) -> None:
    bench.path("content/bees").rename(bench.path("content/shipped"))
    assert bench.run(*PDF).code == 0
    bench.project.replace("content/shipped/en/2-cold.md", "Everyone reads this.", "Everyone reads that.")
    assert "1 of 1 files made" in bench.run(*PDF).out


@pytest.mark.parametrize("pattern", ["a" * 300 + "-{row}", "{name}-" * 9 + "{row}", "{row}" * 60])
def test_a_copy_name_that_is_too_long_is_reported_without_the_name(bench: Bench, pattern: str) -> None:
    bench.project.write("clinics.csv", "name,phone\nHarbour Community Mental Health Team,0117 496 0000\n")
    for more in ((), ("--dry-run",), ("--combined",)):
        ran = bench.run(*PDF, "--recipients", "clinics.csv", "--copies", pattern, *more)
        found = ran.only("error")
        assert (ran.code, found.code, found.file, found.line) == (1, "file-name", "clinics.csv", 2)
        assert "arbour" not in ran.out + ran.err
    assert not bench.files()


@unix
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_path_that_is_too_long_is_reported_without_text_of_the_row(bench: Bench, more: tuple[str, ...]) -> None:
    bench.project.write("clinics.csv", "name,phone\nHarbour Team,0117 496 0000\n")
    deep = "/".join(["d" * 200] * 19)
    deep += "/" + "d" * (4080 - len(str(bench.root)) - len(deep))
    ran = bench.run(*PDF, "--recipients", "clinics.csv", "--copies", "{name}", "--output", deep, *more)
    assert ran.code in (0, 1)
    assert "arbour" not in ran.err
