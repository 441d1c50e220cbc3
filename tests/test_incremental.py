"""Builds that remember: what is made again and why, what is left alone, what is deleted, and what damage does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from command_bench import BUILD, COLD, DECKS, EVERYONE, HANDOUTS, OLD, THEME, TOPIC, Bench, CommandResult
from conftest import write_project
from filelock import FileLock
from nonce_project import ROOT

from handouts.cli.arguments import JOBS_VARIABLE
from handouts.pipeline.full_build import MAX_RUNS
from handouts.pipeline.manifest import JOURNAL_FILE, LOCK_FILE, MANIFEST_FILE

# The parts of its time after which a build is killed: 25 for each number of processes in the nightly run.
MOMENTS = [Random(number).random() for number in range(25 if os.environ.get("HANDOUTS_NIGHTLY") else 3)]
ALL = sorted(name.format(each) for name in (HANDOUTS, DECKS) for each in ("growers", "keepers"))
TOLD = HANDOUTS.format("keepers")


def events(ran: CommandResult) -> dict[str, tuple[str, str]]:
    """Return what became of each file and why, from the lines of JSON."""
    lines = [json.loads(line) for line in ran.out.splitlines()]
    return {each["file"]: (each["status"], each["reason"]) for each in lines if each["event"] == "file"}


def build(bench: Bench, *words: str) -> dict[str, tuple[str, str]]:
    """Build, and return what became of each file and why."""
    return events(bench.run(*BUILD, "--json", *words))


def planned(bench: Bench, *words: str) -> dict[str, str]:
    """Return what a dry run says of each file."""
    said = bench.run(*BUILD, "--dry-run", *words)
    assert said.code == 0, said.err
    lines = [line.rsplit("  ", 1) for line in said.out.splitlines() if line.endswith((".pdf", ".pptx"))]
    return {file: reason.strip() for reason, file in lines}


@pytest.fixture
def made(bench: Bench, built_project: Path) -> Bench:
    """A project that was built once."""
    shutil.copytree(built_project / "output", bench.path("output"))
    return bench


# ---------------------------------------------------------------- what is made, and why


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(bench: Bench) -> None:
    assert planned(bench) == dict.fromkeys(ALL, "new")
    assert not bench.path("output").exists()


def test_when_nothing_has_changed_nothing_is_made_and_the_findings_are_said_again(bench: Bench) -> None:
    bench.plant(TOPIC, "next_review: 2027-11-23", "next_review: 2026-11-23")
    first = bench.run()
    before = {path: path.stat().st_mtime_ns for path in bench.path("output").rglob("*")}
    again = bench.run()
    assert [each.code for each in again.diagnostics] == [each.code for each in first.diagnostics] == ["review-due"]
    assert again.code == 0
    assert re.search(r"^0 of 4 files made in \d\.\d s, 4 fresh$", again.out, re.MULTILINE)
    assert {path: path.stat().st_mtime_ns for path in bench.path("output").rglob("*")} == before


def test_a_sentence_makes_only_the_files_again_in_which_it_stands(made: Bench) -> None:
    made.project.replace(COLD, "Only keepers read this.", "Only keepers read that.")
    assert planned(made) == {name: "changed content" if name == TOLD else "fresh" for name in ALL}
    assert build(made) == {name: ("made", "changed content") if name == TOLD else ("fresh", "fresh") for name in ALL}
    assert build(made) == dict.fromkeys(ALL, ("fresh", "fresh"))


def test_a_sentence_that_nobody_is_shown_makes_nothing_again(made: Bench) -> None:
    made.project.write(COLD, made.text(COLD) + "\n\n")
    assert build(made) == dict.fromkeys(ALL, ("fresh", "fresh"))


def test_another_theme_makes_everything_again(made: Bench) -> None:
    made.project.replace(THEME, "body: {size: 13,", "body: {size: 13.5,")
    assert set(build(made).values()) == {("made", "changed theme")}


def test_a_file_that_was_deleted_is_made_again_as_it_was(made: Bench) -> None:
    before = made.files()
    made.path(ALL[0]).unlink()
    assert planned(made) == {name: "missing" if name == ALL[0] else "fresh" for name in ALL}
    made.run()
    assert made.files() == before


def test_another_version_of_the_program_makes_everything_again(made: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("handouts.pipeline.build", "handouts.pipeline.full_build"):
        monkeypatch.setattr(f"{module}.program_identity", lambda: "another")
    assert set(build(made).values()) == {("made", "changed version")}


def test_force_makes_everything_again(made: Bench) -> None:
    assert set(build(made, "--force").values()) == {("made", "forced")}


def test_what_was_not_read_back_is_not_good_enough_for_a_build_that_reads_back(bench: Bench) -> None:
    assert build(bench, "--no-verify") == dict.fromkeys(ALL, ("made", "new"))
    assert set(build(bench).values()) == {("made", "not read back before")}
    assert set(build(bench, "--no-verify").values()) == {("fresh", "fresh")}


def test_the_day_matters_only_when_something_changes_on_it(made: Bench) -> None:
    assert set(events(made.run("build", "--country", "UK", "--today", "2027-11-22", "--json")).values()) == {
        ("fresh", "fresh")
    }
    later = made.run("build", "--country", "UK", "--today", "2027-11-23")
    assert [each.code for each in later.diagnostics] == ["review-due"]


def test_builds_of_other_countries_do_not_forget_each_other(made: Bench) -> None:
    made.run("build", "--country", "US", "--today", "2026-11-24")
    assert build(made) == dict.fromkeys(ALL, ("fresh", "fresh"))
    assert len(made.files()) == 2 * len(ALL)


def test_content_that_went_back_is_made_again(made: Bench) -> None:
    before = made.files()
    made.project.replace(COLD, EVERYONE, "Nobody reads this.")
    build(made)
    made.project.replace(COLD, "Nobody reads this.", EVERYONE)
    assert set(build(made).values()) == {("made", "changed content"), ("fresh", "fresh")}
    assert made.files() == before


def test_only_the_last_requests_are_remembered(made: Bench) -> None:
    manifest = made.path("output") / MANIFEST_FILE
    said = json.loads(manifest.read_text(encoding="utf-8"))
    (run,) = said["runs"].values()
    said["runs"] = {str(number): run for number in range(MAX_RUNS)}
    manifest.write_text(json.dumps(said), encoding="utf-8")
    made.project.replace(COLD, EVERYONE, "Nobody reads this.")
    build(made)
    runs = json.loads(manifest.read_text(encoding="utf-8"))["runs"]
    assert (len(runs), "0" in runs, str(MAX_RUNS - 1) in runs) == (MAX_RUNS, False, True)


# ---------------------------------------------------------------- what is somebody's own


def test_a_file_that_somebody_edited_is_never_overwritten_and_the_others_go_on(made: Bench) -> None:
    made.put(ALL[0], b"my notes")
    made.project.replace(COLD, EVERYONE, "Nobody reads this.")
    assert planned(made)[ALL[0]] == "edited by hand"
    ran = made.run()
    assert (ran.code, ran.only("error").code, ran.only("error").file) == (1, "edited", ALL[0])
    assert ", 1 failed" in ran.out
    assert planned(made) == {name: "edited by hand" if name == ALL[0] else "fresh" for name in ALL}
    assert made.path(ALL[0]).read_bytes() == b"my notes"
    assert made.run(*BUILD, "--force").code == 0
    assert made.path(ALL[0]).read_bytes() != b"my notes"


def test_an_edited_file_is_a_finding_also_if_nothing_else_changed(made: Bench) -> None:
    made.put(ALL[0], b"my notes")
    assert made.run().only("error").code == "edited"


def test_a_file_that_no_build_made_is_not_overwritten_either(made: Bench) -> None:
    other = HANDOUTS.format("growers").replace("handout", "handout-letter")
    made.put(other, OLD)
    ran = made.run(*BUILD, "--paper", "letter")
    assert (ran.code, ran.only("error").file) == (1, other)
    assert made.path(other).read_bytes() == OLD


# ---------------------------------------------------------------- damage


@pytest.mark.full
@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b'{"format": 2}', b"\xff\xfe\x00", b'{"format": 1, "files": [{}], "runs": {}}', b"[" * 99_999],
    ids=["empty", "half", "list", "version", "bytes", "entry", "deep"],
)
def test_a_damaged_memory_is_as_good_as_none(made: Bench, damage: bytes) -> None:
    before = made.files()
    (made.path("output") / MANIFEST_FILE).write_bytes(damage)
    ran = made.run()
    assert (ran.code, [each.code for each in ran.diagnostics]) == (0, ["manifest"])
    assert "4 of 4 files made" in ran.out
    assert made.files() == before
    assert "4 fresh" in made.run().out


def test_half_a_line_of_a_journal_is_left_out(made: Bench) -> None:
    (made.path("output") / JOURNAL_FILE).write_text('{"key": "half', encoding="utf-8")
    assert set(build(made).values()) == {("fresh", "fresh")}


def test_a_journal_of_what_was_never_put_in_place_is_not_believed(made: Bench) -> None:
    before = made.files()
    manifest = json.loads((made.path("output") / MANIFEST_FILE).read_text(encoding="utf-8"))
    entry = {**manifest["files"][0], "sha256": "0" * 64}
    (made.path("output") / JOURNAL_FILE).write_text(json.dumps(entry) + "\n", encoding="utf-8")
    assert set(build(made).values()) == {("fresh", "fresh")}
    assert made.files() == before


def test_two_builds_do_not_write_into_one_folder(made: Bench) -> None:
    made.project.replace(COLD, EVERYONE, "Nobody reads this.")
    before = made.files()
    with FileLock(made.path("output") / LOCK_FILE):
        ran = made.run()
        assert (ran.code, ran.only("error").code, ran.only("error").file) == (1, "locked", "output")
        assert made.files() == before
    assert made.run().code == 0


# ---------------------------------------------------------------- what is deleted


def test_clean_deletes_what_no_build_makes_any_more_and_nothing_else(made: Bench) -> None:
    made.put("output/bees/mine.pdf", OLD)
    made.path("content/bees").rename(made.path("content/wasps"))
    ran = made.run("clean", "--stale")
    assert (ran.code, ran.out.splitlines()) == (0, [*ALL, "4 files deleted"])
    assert made.files() == {"output/bees/mine.pdf": OLD}
    assert "0 files deleted" in made.run("clean", "--stale").out


def test_clean_leaves_a_stale_file_that_somebody_edited(made: Bench) -> None:
    made.run("build", "--country", "US", "--today", "2026-11-24")
    stale = [name for name in made.files() if "-US" in name]
    made.put(stale[0], b"my notes")
    made.path("content/contacts/US.yaml").unlink()
    ran = made.run("clean", "--stale", "--today", "2026-11-24")
    assert (ran.code, ran.only("error").code, ran.only("error").file) == (1, "edited", stale[0])
    assert sorted(made.files()) == sorted([*ALL, stale[0]])
    assert f"{len(stale) - 1} files deleted" in ran.out
    assert build(made) == dict.fromkeys(ALL, ("fresh", "fresh"))


def test_a_dry_run_of_clean_deletes_nothing(made: Bench) -> None:
    made.run("build", "--country", "US", "--today", "2026-11-24")
    before = made.files()
    made.path("content/contacts/US.yaml").unlink()
    ran = made.run("clean", "--stale", "--dry-run", "--today", "2026-11-24")
    assert (ran.code, "4 files would be deleted" in ran.out) == (0, True)
    assert made.files() == before


def test_clean_deletes_nothing_while_content_is_wrong(made: Bench) -> None:
    before = made.files()
    made.project.replace(COLD, EVERYONE, "[x]{.nothing}")
    ran = made.run("clean", "--stale")
    assert ran.code == 1
    assert made.files() == before


@pytest.mark.parametrize("value", [5, [[1]], {"a": 1}], ids=["number", "list", "mapping"])
def test_clean_deletes_nothing_if_a_remembered_request_cannot_be_read(made: Bench, value: object) -> None:
    path = made.path("output/manifest.json")
    manifest = json.loads(path.read_bytes())
    next(iter(manifest["runs"].values()))["request"]["recipients"] = value
    path.write_text(json.dumps(manifest), encoding="utf-8")
    ran = made.run("clean", "--stale", "--today", "2026-11-24")
    assert (ran.code, ran.only("warning").code) == (0, "manifest")
    assert "nothing was deleted" in ran.err
    assert sorted(made.files()) == sorted(ALL)


def test_clean_asks_what_is_to_be_deleted(made: Bench) -> None:
    assert made.run("clean").code == 2


# ---------------------------------------------------------------- sets


SETS = "paper:\n  format: pdf\n  paper: [a4, letter]\ndecks:\n  format: [pptx]\n  audience: growers\n"


def test_sets_name_what_is_built_and_options_narrow_them(bench: Bench) -> None:
    bench.project.write("content/build.yaml", SETS)
    paper = [HANDOUTS.format(each) for each in ("growers", "keepers")]
    letter = [name.replace("-handout", "-handout-letter") for name in paper]
    assert sorted(planned(bench, "--set", "paper")) == sorted(paper + letter)
    assert sorted(planned(bench, "--set", "paper,decks")) == sorted([*paper, *letter, DECKS.format("growers")])
    assert sorted(planned(bench, "--set", "paper,decks", "--audience", "keepers")) == sorted([paper[1], letter[1]])
    assert sorted(planned(bench, "--set", "paper", "--paper", "letter")) == sorted(letter)


def test_a_set_may_ask_for_decks_that_appear_click_by_click(bench: Bench) -> None:
    bench.project.write("content/build.yaml", f"{SETS}  builds: yes\n")
    (name,) = planned(bench, "--set", "decks")
    assert name == DECKS.format("growers").replace("-slides", "-slides-builds")
    assert list(planned(bench, "--builds", "--format", "pptx", "--audience", "growers")) == [name]
    assert list(planned(bench, "--format", "pptx", "--audience", "growers")) == [DECKS.format("growers")]
    assert name in bench.run("list", "--builds").out


def test_several_countries_are_built_at_once(bench: Bench) -> None:
    names = planned(bench, "--country", "US", "--audience", "growers", "--format", "pdf")
    assert sorted(names) == [HANDOUTS.format("growers").replace(".pdf", end) for end in ("-US.pdf", ".pdf")]


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("a:\n  ¦colour: red\n", "unknown-key", ""),
        ("a:\n  audience: ¦grovers\n", "unknown-value", "did you mean 'growers'?"),
        ("a:\n  booklet: ¦maybe\n", "wrong-type", "booklet: yes"),
        ("a:\n  builds: ¦clicks\n", "wrong-type", "builds: yes"),
        ("a:\n  format: [pdf, ¦[pptx]]\n", "wrong-type", ""),
        ("¦A b: {format: pdf}\n", "bad-name", ""),
    ],
)
def test_a_mistake_in_a_set_is_shown_at_its_place(bench: Bench, text: str, code: str, marked: str) -> None:
    bench.project.write("content/build.yaml", text)
    place = bench.plant("content/build.yaml", "¦", "¦")
    ran = bench.run(*BUILD, "--set", "a")
    assert marked in ran.err
    assert (ran.code, ran.only("error").code, ran.only("error").place) == (1, code, place)


def test_a_misspelt_set_is_answered_with_the_right_one(bench: Bench) -> None:
    bench.project.write("content/build.yaml", SETS)
    ran = bench.run(*BUILD, "--set", "papper")
    assert (ran.code, "did you mean 'paper'?" in ran.err) == (2, True)


# ---------------------------------------------------------------- being ended


ENVIRONMENT = {name: value for name, value in os.environ.items() if name != JOBS_VARIABLE} | {"PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, dict[str, bytes]]:
    """The time that a build in a process of its own takes, and the files that it makes."""
    folder = write_project(tmp_path_factory.mktemp("undisturbed")).root
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "handouts", *BUILD], cwd=folder, env=ENVIRONMENT, check=True, timeout=60)
    seconds = time.monotonic() - start
    return seconds, {path.name: path.read_bytes() for path in (folder / "output").rglob("bees-*")}


KILLED = [
    pytest.param(moment, jobs, marks=[] if number == other else [pytest.mark.nightly])
    for number, moment in enumerate(MOMENTS)
    for other, jobs in enumerate(("", "1", "2"))
]


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
@pytest.mark.parametrize(("moment", "jobs"), KILLED)
def test_a_build_that_was_killed_leaves_whole_files_and_is_gone_on_with(
    bench: Bench, undisturbed: tuple[float, dict[str, bytes]], tmp_path: Path, moment: float, jobs: str
) -> None:
    """In the full set, each of three moments with another number of processes; in the nightly run, each with each."""
    seconds, whole = undisturbed
    assert len(whole) == len(ALL)
    words = [sys.executable, "-m", "handouts", *BUILD, "--output", str(tmp_path / "killed")]
    if jobs:
        words += ["--jobs", jobs]
    with subprocess.Popen(words, cwd=bench.root, env=ENVIRONMENT, start_new_session=True) as process:
        time.sleep(seconds * moment)
        os.killpg(process.pid, 9)
    left = {path.name: path.read_bytes() for path in (tmp_path / "killed").rglob("bees-*")}
    assert left.items() <= whole.items()
    subprocess.run(words, cwd=bench.root, env=ENVIRONMENT, check=True, timeout=60)
    made = {path.name: path.read_bytes() for path in (tmp_path / "killed").rglob("bees-*")}
    assert made == whole


def test_check_looks_at_each_country_that_is_named(bench: Bench) -> None:
    one = bench.run("check", "--country", "UK", "--today", "2026-11-24")
    both = bench.run("check", "--country", "UK,US", "--today", "2026-11-24")
    assert (one.code, both.code) == (0, 0)
    count = int(one.out.split(" documents checked")[0].rsplit("\n", 1)[-1])
    assert f"{2 * count} documents checked" in both.out
