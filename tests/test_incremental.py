"""Incremental builds: what is rebuilt and why, what is kept or deleted, and what happens after damage."""

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
from paths import ROOT

from handouts.cli.arguments import JOBS_VARIABLE
from handouts.pipeline.full_build import MAX_RUNS
from handouts.pipeline.manifest import JOURNAL_FILE, LOCK_FILE, MANIFEST_FILE

# The shares of its duration after which a build is killed: 25 for each number of processes in the nightly run.
MOMENTS = [Random(number).random() for number in range(25 if os.environ.get("HANDOUTS_NIGHTLY") else 3)]
ALL = sorted(name.format(each) for name in (HANDOUTS, DECKS) for each in ("growers", "keepers"))
TOLD = HANDOUTS.format("keepers")


def states_by_file(ran: CommandResult) -> dict[str, tuple[str, str]]:
    """Return the state of each file and the reason, from lines of JSON."""
    lines = [json.loads(line) for line in ran.out.splitlines()]
    return {each["file"]: (each["status"], each["reason"]) for each in lines if each["event"] == "file"}


def build(bench: Bench, *words: str) -> dict[str, tuple[str, str]]:
    """Build, and return the state of each file and the reason."""
    return states_by_file(bench.run(*BUILD, "--json", *words))


def dry_run_states(bench: Bench, *words: str) -> dict[str, str]:
    """Return the state and reason of each file in a dry run."""
    ran = bench.run(*BUILD, "--dry-run", *words)
    assert ran.code == 0, ran.err
    lines = [line.rsplit("  ", 1) for line in ran.out.splitlines() if line.endswith((".pdf", ".pptx"))]
    return {file: reason.strip() for reason, file in lines}


@pytest.fixture
def made(bench: Bench, built_project: Path) -> Bench:
    """A project that was built once."""
    shutil.copytree(built_project / "output", bench.path("output"))
    return bench


# ---------------------------------------------------------------- what is made, and why


def test_a_dry_run_lists_the_files_and_makes_none(bench: Bench) -> None:
    assert dry_run_states(bench) == dict.fromkeys(ALL, "new")
    assert not bench.path("output").exists()


def test_an_unchanged_project_builds_nothing_and_repeats_its_findings(bench: Bench) -> None:
    bench.plant(TOPIC, "next_review: 2027-11-23", "next_review: 2026-11-23")
    first = bench.run()
    before = {path: path.stat().st_mtime_ns for path in bench.path("output").rglob("*")}
    again = bench.run()
    assert [each.code for each in again.diagnostics] == [each.code for each in first.diagnostics] == ["review-due"]
    assert again.code == 0
    assert re.search(r"^0 of 4 files made in \d\.\d s, 4 fresh$", again.out, re.MULTILINE)
    assert {path: path.stat().st_mtime_ns for path in bench.path("output").rglob("*")} == before


def test_a_changed_sentence_rebuilds_only_the_files_that_contain_it(made: Bench) -> None:
    made.project.replace(COLD, "Only keepers read this.", "Only keepers read that.")
    assert dry_run_states(made) == {name: "changed content" if name == TOLD else "fresh" for name in ALL}
    assert build(made) == {name: ("made", "changed content") if name == TOLD else ("fresh", "fresh") for name in ALL}
    assert build(made) == dict.fromkeys(ALL, ("fresh", "fresh"))


def test_a_changed_sentence_in_no_file_rebuilds_nothing(made: Bench) -> None:
    made.project.write(COLD, made.text(COLD) + "\n\n")
    assert build(made) == dict.fromkeys(ALL, ("fresh", "fresh"))


def test_another_theme_rebuilds_everything(made: Bench) -> None:
    made.project.replace(THEME, "body: {size: 13,", "body: {size: 13.5,")
    assert set(build(made).values()) == {("made", "changed theme")}


def test_a_deleted_file_is_rebuilt_identically(made: Bench) -> None:
    before = made.files()
    made.path(ALL[0]).unlink()
    assert dry_run_states(made) == {name: "missing" if name == ALL[0] else "fresh" for name in ALL}
    made.run()
    assert made.files() == before


def test_another_version_of_the_program_rebuilds_everything(made: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("handouts.pipeline.build", "handouts.pipeline.full_build"):
        monkeypatch.setattr(f"{module}.program_identity", lambda: "another")
    assert set(build(made).values()) == {("made", "changed version")}


def test_force_rebuilds_everything(made: Bench) -> None:
    assert set(build(made, "--force").values()) == {("made", "forced")}


def test_files_built_without_verification_are_rebuilt_with_it(bench: Bench) -> None:
    assert build(bench, "--no-verify") == dict.fromkeys(ALL, ("made", "new"))
    assert set(build(bench).values()) == {("made", "not read back before")}
    assert set(build(bench, "--no-verify").values()) == {("fresh", "fresh")}


def test_the_date_matters_only_if_something_depends_on_it(made: Bench) -> None:
    assert set(states_by_file(made.run("build", "--country", "UK", "--today", "2027-11-22", "--json")).values()) == {
        ("fresh", "fresh")
    }
    later = made.run("build", "--country", "UK", "--today", "2027-11-23")
    assert [each.code for each in later.diagnostics] == ["review-due"]


def test_builds_for_different_countries_are_remembered_together(made: Bench) -> None:
    made.run("build", "--country", "US", "--today", "2026-11-24")
    assert build(made) == dict.fromkeys(ALL, ("fresh", "fresh"))
    assert len(made.files()) == 2 * len(ALL)


def test_content_that_was_changed_back_is_rebuilt(made: Bench) -> None:
    before = made.files()
    made.project.replace(COLD, EVERYONE, "Nobody reads this.")
    build(made)
    made.project.replace(COLD, "Nobody reads this.", EVERYONE)
    assert set(build(made).values()) == {("made", "changed content"), ("fresh", "fresh")}
    assert made.files() == before


def test_only_the_last_requests_are_remembered(made: Bench) -> None:
    manifest = made.path("output") / MANIFEST_FILE
    data = json.loads(manifest.read_text(encoding="utf-8"))
    (run,) = data["runs"].values()
    data["runs"] = {str(number): run for number in range(MAX_RUNS)}
    manifest.write_text(json.dumps(data), encoding="utf-8")
    made.project.replace(COLD, EVERYONE, "Nobody reads this.")
    build(made)
    runs = json.loads(manifest.read_text(encoding="utf-8"))["runs"]
    assert (len(runs), "0" in runs, str(MAX_RUNS - 1) in runs) == (MAX_RUNS, False, True)


# ---------------------------------------------------------------- what is somebody's own


def test_an_edited_file_is_never_overwritten_and_others_are_built(made: Bench) -> None:
    made.put(ALL[0], b"my notes")
    made.project.replace(COLD, EVERYONE, "Nobody reads this.")
    assert dry_run_states(made)[ALL[0]] == "edited by hand"
    ran = made.run()
    assert (ran.code, ran.only("error").code, ran.only("error").file) == (1, "edited", ALL[0])
    assert ", 1 failed" in ran.out
    assert dry_run_states(made) == {name: "edited by hand" if name == ALL[0] else "fresh" for name in ALL}
    assert made.path(ALL[0]).read_bytes() == b"my notes"
    assert made.run(*BUILD, "--force").code == 0
    assert made.path(ALL[0]).read_bytes() != b"my notes"


def test_an_edited_file_is_a_finding_even_if_nothing_else_changed(made: Bench) -> None:
    made.put(ALL[0], b"my notes")
    assert made.run().only("error").code == "edited"


def test_a_file_that_no_build_made_is_not_overwritten(made: Bench) -> None:
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
def test_a_damaged_manifest_is_ignored(made: Bench, damage: bytes) -> None:
    before = made.files()
    (made.path("output") / MANIFEST_FILE).write_bytes(damage)
    ran = made.run()
    assert (ran.code, [each.code for each in ran.diagnostics]) == (0, ["manifest"])
    assert "4 of 4 files made" in ran.out
    assert made.files() == before
    assert "4 fresh" in made.run().out


def test_an_incomplete_line_of_a_journal_is_ignored(made: Bench) -> None:
    (made.path("output") / JOURNAL_FILE).write_text('{"key": "half', encoding="utf-8")
    assert set(build(made).values()) == {("fresh", "fresh")}


def test_a_journal_entry_without_its_file_is_ignored(made: Bench) -> None:
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


def test_clean_deletes_only_stale_files(made: Bench) -> None:
    made.put("output/bees/mine.pdf", OLD)
    made.path("content/bees").rename(made.path("content/wasps"))
    ran = made.run("clean", "--stale")
    assert (ran.code, ran.out.splitlines()) == (0, [*ALL, "4 files deleted"])
    assert made.files() == {"output/bees/mine.pdf": OLD}
    assert "0 files deleted" in made.run("clean", "--stale").out


def test_clean_keeps_an_edited_stale_file(made: Bench) -> None:
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


def test_clean_deletes_nothing_while_content_has_errors(made: Bench) -> None:
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


def test_clean_needs_an_option_that_says_what_to_delete(made: Bench) -> None:
    assert made.run("clean").code == 2


# ---------------------------------------------------------------- sets


SETS = "paper:\n  format: pdf\n  paper: [a4, letter]\ndecks:\n  format: [pptx]\n  audience: growers\n"


def test_sets_define_what_is_built_and_options_restrict_them(bench: Bench) -> None:
    bench.project.write("content/build.yaml", SETS)
    paper = [HANDOUTS.format(each) for each in ("growers", "keepers")]
    letter = [name.replace("-handout", "-handout-letter") for name in paper]
    assert sorted(dry_run_states(bench, "--set", "paper")) == sorted(paper + letter)
    assert sorted(dry_run_states(bench, "--set", "paper,decks")) == sorted([*paper, *letter, DECKS.format("growers")])
    assert sorted(dry_run_states(bench, "--set", "paper,decks", "--audience", "keepers")) == sorted(
        [paper[1], letter[1]]
    )
    assert sorted(dry_run_states(bench, "--set", "paper", "--paper", "letter")) == sorted(letter)


def test_a_set_may_ask_for_decks_that_appear_click_by_click(bench: Bench) -> None:
    bench.project.write("content/build.yaml", f"{SETS}  builds: yes\n")
    (name,) = dry_run_states(bench, "--set", "decks")
    assert name == DECKS.format("growers").replace("-slides", "-slides-builds")
    assert list(dry_run_states(bench, "--builds", "--format", "pptx", "--audience", "growers")) == [name]
    assert list(dry_run_states(bench, "--format", "pptx", "--audience", "growers")) == [DECKS.format("growers")]
    assert name in bench.run("list", "--builds").out


def test_several_countries_are_built_at_once(bench: Bench) -> None:
    names = dry_run_states(bench, "--country", "US", "--audience", "growers", "--format", "pdf")
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
def test_an_error_in_a_set_is_reported_at_its_place(bench: Bench, text: str, code: str, marked: str) -> None:
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
    """The duration of a build in a new process, and its files."""
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
def test_a_killed_build_leaves_complete_files_and_can_be_continued(
    bench: Bench, undisturbed: tuple[float, dict[str, bytes]], tmp_path: Path, moment: float, jobs: str
) -> None:
    """The full set combines each of three moments with another number of processes; the nightly run tries all pairs."""
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


def test_check_covers_each_named_country(bench: Bench) -> None:
    one = bench.run("check", "--country", "UK", "--today", "2026-11-24")
    both = bench.run("check", "--country", "UK,US", "--today", "2026-11-24")
    assert (one.code, both.code) == (0, 0)
    count = int(one.out.split(" documents checked")[0].rsplit("\n", 1)[-1])
    assert f"{2 * count} documents checked" in both.out
