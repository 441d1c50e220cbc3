"""Builds of many files on a full disk, in a protected folder or with killed processes: only affected files are lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from command_bench import BUILD, Bench, diagnostics_in, output_files, run_successfully
from conftest import write_project
from paths import ROOT

LIMITS = all(map(shutil.which, ("prlimit", "setpriv")))
pytestmark = pytest.mark.skipif(not LIMITS and not os.environ.get("CI"), reason="limits processes as Linux does")

COPIES = (*BUILD, "--audience", "growers", "--recipients", "clinics.csv")
ROWS, MANY = 4, 24
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def write_clinics(folder: Path, rows: int) -> None:
    lines = (f"Clinic {number};0117 496 {number:04}\n" for number in range(rows))
    (folder / "clinics.csv").write_text("name;phone\n" + "".join(lines), encoding="utf-8")


@pytest.fixture
def clinics(bench: Bench) -> Bench:
    write_clinics(bench.root, ROWS)
    return bench


def copies_for(folder: Path, rows: int) -> dict[str, bytes]:
    """Return the copies for a number of recipients, as made by one process."""
    write_clinics(write_project(folder).root, rows)
    run_successfully(folder, *COPIES)
    return output_files(folder)


@pytest.fixture(scope="module")
def expected_copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return copies_for(tmp_path_factory.mktemp("whole"), ROWS)


@pytest.fixture(scope="module")
def many_expected_copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return copies_for(tmp_path_factory.mktemp("many"), MANY)


def run(bench: Bench, *before: str, words: tuple[str, ...] = COPIES) -> subprocess.CompletedProcess[str]:
    """Build in a new process."""
    return subprocess.run(
        [*before, sys.executable, "-m", "handouts", *words],
        cwd=bench.root,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.full
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_small_files_are_made_on_a_disk_without_room_for_large_ones(
    clinics: Bench, expected_copies: dict[str, bytes], jobs: str
) -> None:
    handouts = {name: content for name, content in expected_copies.items() if name.endswith(".pdf")}
    limit = max(map(len, handouts.values())) + 1_000
    assert limit < min(len(content) for name, content in expected_copies.items() if name not in handouts)
    done = run(clinics, "prlimit", f"--fsize={limit}", words=(*COPIES, "--jobs", jobs))
    assert done.returncode == 1
    found = list(diagnostics_in(done.stderr))
    assert [(each.code, each.line) for each in found] == [("cannot-write", row) for row in range(2, ROWS + 2)]
    assert f"{ROWS} of {2 * ROWS} files made" in done.stdout
    assert f"{ROWS} failed" in done.stdout
    assert clinics.files() == handouts
    assert clinics.build(*COPIES) == expected_copies


@pytest.mark.full
def test_a_build_on_a_full_disk_fails_and_the_next_one_completes_it(
    clinics: Bench, expected_copies: dict[str, bytes]
) -> None:
    done = run(clinics, "prlimit", "--fsize=1500")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert clinics.files() == {}
    assert clinics.build(*COPIES) == expected_copies


@pytest.mark.full
@pytest.mark.parametrize("protected", ["output", "output/bees/copies"])
def test_a_protected_folder_is_reported_and_left_unchanged(clinics: Bench, protected: str) -> None:
    clinics.path(protected).mkdir(parents=True)
    clinics.path(protected).chmod(0o555)
    # The superuser may write anywhere, unless these capabilities are dropped.
    bounded = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner") if os.geteuid() == 0 else ()
    done = run(clinics, *bounded)
    clinics.path(protected).chmod(0o755)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert {each.code for each in diagnostics_in(done.stderr)} == {"cannot-write"}
    assert clinics.files() == {}
    assert clinics.build(*COPIES)


def workers_of(pid: int) -> list[int]:
    """Return the worker processes of a build, without the process that manages them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat = path.read_text(encoding="utf-8")
            words = (path.parent / "cmdline").read_text(encoding="utf-8")
        except OSError:
            continue
        if stat.rpartition(")")[2].split()[1] == str(pid) and "spawn_main" in words:
            found.append(int(path.parent.name))
    return found


def ended_without_workers(running: subprocess.Popen[str]) -> tuple[str, str]:
    """Kill every worker of a build until the build has ended, and return its output."""
    while running.poll() is None:
        for pid in workers_of(running.pid):
            with suppress(ProcessLookupError):  # the process has ended meanwhile
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    return running.communicate(timeout=120)


@pytest.mark.full
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for the processes of a build as Linux shows them")
@pytest.mark.parametrize("pause", [0.0, 0.3])
def test_a_killed_worker_costs_nothing(clinics: Bench, many_expected_copies: dict[str, bytes], pause: float) -> None:
    write_clinics(clinics.root, MANY)
    words = [sys.executable, "-m", "handouts", *COPIES, "--jobs", "2"]
    with subprocess.Popen(words, cwd=clinics.root, env=ENVIRONMENT, stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + 60
        while not workers_of(running.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(pause)
        os.kill(workers_of(running.pid)[0], signal.SIGKILL)
        assert running.poll() is None, "it was done before a worker was killed"
        _, stderr = running.communicate(timeout=120)
    assert (running.returncode, stderr) == (0, b"")
    assert clinics.files() == many_expected_copies


@pytest.mark.full
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for the processes of a build as Linux shows them")
def test_a_worker_killed_repeatedly_costs_only_its_files(clinics: Bench) -> None:
    words = [sys.executable, "-m", "handouts", *COPIES, "--jobs", "2"]
    with subprocess.Popen(
        words, cwd=clinics.root, env=ENVIRONMENT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        out, stderr = ended_without_workers(running)
    assert running.returncode == 1
    assert {each.code for each in diagnostics_in(stderr)} == {"worker-died"}
    assert f"{2 * ROWS} failed" in out
    assert clinics.build(*COPIES)
