"""Bad inputs 75 to 96: the output folder, other programs, interruptions, file names, consoles and locales."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from command_bench import AUDIENCES, BUILD, DECKS, HANDOUT, HANDOUTS, OLD, PDF, TOPIC, Bench, output_files
from paths import ROOT

from handouts.pipeline import output as writing
from handouts.pipeline import render as rendering

BOTH = (*BUILD, "--audience", "growers")


def run_in_new_process(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a new process."""
    return subprocess.run(
        [sys.executable, "-m", "handouts", *(words or BUILD)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
    )


@pytest.mark.parametrize("where", ["output", "output/inside"])
def test_075_an_output_folder_that_is_a_file(bench: Bench, where: str) -> None:
    bench.put("output", OLD)
    ran = bench.run(*PDF, "--output", where)
    assert (ran.code, ran.only("error").code, ran.only("error").file) == (1, "cannot-write", where)
    assert bench.path("output").read_bytes() == OLD


def test_075_an_output_folder_in_which_nothing_may_be_written(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: object) -> object:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    bench.assert_refused("cannot-write", ("output", 0, 0))


def test_075_an_output_folder_that_is_missing_is_made(bench: Bench) -> None:
    ran = bench.run(*PDF, "--output", "a/b/c")
    assert (ran.code, len(list(bench.path("a/b/c").rglob("*.pdf")))) == (0, 1)


@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EDQUOT])
def test_076_a_full_disk(bench: Bench, monkeypatch: pytest.MonkeyPatch, problem: int) -> None:
    # The other files of a build are still tried: a smaller one may fit.
    def full(_: int) -> None:
        raise OSError(problem, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    bench.assert_refused("disk-full", (HANDOUTS.format("growers"), 0, 0), *PDF)


@pytest.mark.skipif(os.name == "nt", reason="limits the size of files as Unix does")
def test_076_a_file_that_cannot_be_completed(bench: Bench) -> None:
    import resource

    bench.put(HANDOUTS.format("growers"), OLD)
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000));"
    code += f"from handouts.cli import command; raise SystemExit(command({list(PDF)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=bench.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "error: cannot-write: Cannot write here: File too large." in done.stderr
    assert bench.files() == {HANDOUTS.format("growers"): OLD}
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 9_000


def locked(monkeypatch: pytest.MonkeyPatch, name: str, times: int) -> list[str]:
    """Let another program lock a file for some tries, as on Windows, and return the tries."""
    tried: list[str] = []
    replace = Path.replace

    def refused(source: Path, target: Path) -> Path:
        tried.append(target.name)
        if target.name == Path(name).name and tried.count(target.name) <= times:
            problem = PermissionError(errno.EACCES, "The file is in use")
            problem.winerror = 32  # type: ignore[attr-defined]
            raise problem
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return tried


def test_077_a_file_that_is_open_in_another_program(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    name = HANDOUTS.format("growers")
    bench.put(name, OLD)
    tried = locked(monkeypatch, name, 1_000)
    ran = bench.run(*BOTH)
    found = ran.only("error")
    assert (ran.code, found.code, found.file) == (1, "cannot-write", name)
    assert "help: close it if it is open in another program" in ran.err
    assert tried.count(Path(name).name) == writing.RETRIES
    files = bench.files()
    assert (files[name], sorted(files)) == (OLD, sorted([name, DECKS.format("growers")]))


@pytest.mark.parametrize("times", [1, 4])
def test_078_a_file_that_is_locked_for_a_moment(bench: Bench, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    locked(monkeypatch, HANDOUTS.format("growers"), times)
    bench.build(*BOTH)


def test_078_permanent_errors_are_not_retried(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Path] = []

    def refused(source: Path, _: Path) -> Path:
        tried.append(source)
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", refused)
    bench.assert_refused("cannot-write", (HANDOUTS.format("growers"), 0, 0), *PDF)
    # Other tries are about the data for the next build.
    assert len([each for each in tried if each.is_relative_to(bench.root)]) == 1


@pytest.mark.skipif(os.name == "nt", reason="asks for the flags of a handle as Unix has them")
def test_079_files_are_flushed_by_the_handle_that_wrote_them(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    flags: list[int] = []
    fsync = os.fsync

    def flushed(handle: int) -> None:
        flags.append(fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", flushed)
    bench.build(*BOTH)
    # Each of two files and its line in the journal, and finally the manifest.
    assert flags == [os.O_RDWR] * 5


def test_080_an_interruption(bench: Bench, built_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # test_cli.py has the cases with signals and workers.
    render, done = rendering.render_task, []

    def interrupted(*what: Any) -> object:
        done.append(what)
        if len(done) == 3:
            raise KeyboardInterrupt
        return render(*what)

    whole = output_files(built_project)
    monkeypatch.setattr(rendering, "render_task", interrupted)
    ran = bench.run()
    assert (ran.code, "interrupted" in ran.err) == (130, True)
    left = bench.files()
    assert len(left) == 2
    assert left.items() < whole.items()
    assert bench.build() == whole


@pytest.mark.parametrize("length", [61, 200, 250])
def test_088_a_very_long_name_of_a_topic(bench: Bench, length: int) -> None:
    name = "b" * length
    bench.path("content/bees").rename(bench.path(f"content/{name}"))
    bench.assert_refused("bad-name", (f"content/{name}/topic.yaml", 0, 0))


def test_088_a_very_long_name_of_an_audience(bench: Bench) -> None:
    name = "g" * 61
    bench.project.write(AUDIENCES, bench.text(AUDIENCES) + f"{name}: {{name: G, cover: G, label: G, accent: plum}}\n")
    bench.project.replace(TOPIC, "keywords:", "audiences: [growers, keepers]\nkeywords:")
    bench.assert_refused("bad-name", bench.place(AUDIENCES, name))


def test_088_a_very_long_path(bench: Bench) -> None:
    deep = "/".join(["d" * 200] * 30)
    ran = bench.run(*PDF, "--output", deep)
    assert (ran.code, ran.only("error").code) == (1, "cannot-write")


def test_088_the_longest_allowed_names(bench: Bench) -> None:
    bench.path("content/bees").rename(bench.path(f"content/{'b' * 60}"))
    bench.project.replace(HANDOUT, "name: handout", f"name: {'h' * 60}")
    ran = bench.run(*BUILD, "--template", "h" * 60, "--country", "US", "--paper", "letter")
    assert ran.code == 0, ran.err
    assert max(len(name.rsplit("/")[-1]) for name in bench.files()) < 255


@pytest.mark.parametrize(
    "name", ["con", "nul", "aux", "prn", "com1", "lpt9", "Bees", "a b", "-rf", "~x", "b_c", "b.", "ä"]
)
def test_089_a_name_that_some_systems_do_not_allow(bench: Bench, name: str) -> None:
    bench.path("content/bees").rename(bench.path(f"content/{name}"))
    bench.assert_refused("bad-name", (f"content/{name}/topic.yaml", 0, 0))


@pytest.mark.parametrize("name", ["con", "Handout", "../x", "a/b", "\\\\host\\x", "nul.tar", "-x"])
def test_089_an_invalid_name_of_a_template(bench: Bench, name: str) -> None:
    bench.assert_refused("bad-name", bench.plant(HANDOUT, "name: handout", f"name: ¦{name}"))


def test_089_two_files_of_one_name(bench: Bench) -> None:
    bench.project.write("templates/again.md.j2", bench.text(HANDOUT).replace("name: handout", "name: a-handout"))
    bench.project.replace(AUDIENCES, "keepers:", "growers-a:")
    for name in ("2-cold", "3-sources"):
        file = f"content/bees/en/{name}.md"
        bench.project.write(file, bench.text(file).replace("keepers", "growers-a"))
    words = (*BUILD, "--template", "handout", "--template", "a-handout")
    found = bench.assert_refused("same-file", ("", 0, 0), *words)
    assert "'handout' for 'growers-a'" in found.message
    assert "'a-handout' for 'growers'" in found.message


@pytest.mark.parametrize("option", ["--country", "--paper", "--edition", "--template", "--audience", "--language"])
@pytest.mark.parametrize("value", ["../x", "/etc/passwd", "{brand}/../../x", "..\\x"])
def test_090_an_option_that_leads_out_of_the_project(bench: Bench, option: str, value: str) -> None:
    ran = bench.run("build", option, value)
    assert (ran.code, {each.code for each in ran.diagnostics}) == (2, {"usage"})
    assert not bench.files()


def test_090_a_link_in_the_output_folder(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kept").write_bytes(OLD)
    bench.path("output").mkdir()
    bench.path("output/bees").symlink_to(elsewhere, target_is_directory=True)
    ran = bench.run(*PDF)
    assert (ran.code, ran.only("error").code) == (1, "cannot-write")
    assert [path.name for path in elsewhere.iterdir()] == ["kept"]
    bench.path("output/bees").unlink()
    bench.path("output/bees").mkdir()
    bench.path(HANDOUTS.format("growers")).symlink_to(elsewhere / "kept")
    bench.build(*PDF)
    assert not bench.path(HANDOUTS.format("growers")).is_symlink()
    assert (elsewhere / "kept").read_bytes() == OLD


def test_092_one_bad_file_among_good_ones(bench: Bench) -> None:
    # --fail-fast waits for building at scale.
    bad = HANDOUTS.format("growers")
    bench.path(bad).mkdir(parents=True)
    ran = bench.run(*BUILD, "--json")
    *files, end = map(json.loads, ran.out.splitlines())
    assert ran.code == 1
    assert {each["file"]: each["written"] for each in files} == {
        bad: False,
        **dict.fromkeys((HANDOUTS.format("keepers"), DECKS.format("growers"), DECKS.format("keepers")), True),
    }
    assert [(each["code"], each["file"]) for each in end["findings"]] == [("cannot-write", bad)]
    assert (end["made"], end["fresh"], end["failed"]) == (3, 0, 1)
    assert re.search(r"^0 of 4 files made in \d\.\d s, 3 fresh, 1 failed$", bench.run().out, re.MULTILINE)


@pytest.mark.full
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "utf-8"])
def test_093_a_plain_console(bench: Bench, encoding: str) -> None:
    place = bench.plant(TOPIC, "name: Bees in winter", "name: Bees → “Ωmega” ¦\U0001f600")
    done = run_in_new_process(bench.root, PYTHONIOENCODING=encoding, NO_COLOR="1", TERM="dumb")
    assert done.returncode == 1
    assert f"{place[0]}:{place[1]}:{place[2]}: error: no-glyph" in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_093_a_closed_pipe(bench: Bench) -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m handouts list | head -1',
        shell=True,
        cwd=bench.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.full
@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "77", "PYTHONUTF8": "0"},
    ],
)
def test_094_other_time_zones_locales_and_hash_seeds(
    bench: Bench, built_project: Path, environment: dict[str, str]
) -> None:
    done = run_in_new_process(bench.root, **environment)
    assert done.returncode == 0, done.stderr
    assert bench.files() == output_files(built_project)


def test_094_modification_times_are_ignored(bench: Bench, built_project: Path) -> None:
    shutil.copytree(built_project / "output", bench.path("output"))
    for path in bench.path("content").rglob("*"):
        os.utime(path, (time.time() + 10**6, 0))
    assert bench.build() == output_files(built_project)


@pytest.mark.full
@pytest.mark.parametrize("name", ["Für Ämter & Co. (neu)", "a\U0001f600 b", "-x", "%41 $HOME", "a'b\"c", "a" * 200])
def test_096_a_project_in_a_folder_with_an_unusual_name(bench: Bench, built_project: Path, name: str) -> None:
    home = bench.root / name
    for each in ("content", "templates"):
        shutil.copytree(bench.root / each, home / each)
    assert Bench(type(bench.project)(home), bench.monkeypatch, bench.capsys).build() == output_files(built_project)
