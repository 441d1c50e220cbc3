"""Builds on a real scheduler with two worker processes on this machine: the same bytes, even if a worker is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from audit_hook import loopback_allowed
from command_bench import BUILD, Bench, output_files, run_successfully
from conftest import write_project
from paths import ROOT

QUIET = ("--no-dashboard", "--host", "127.0.0.1")
ROWS = 20
SILENT = """
import socket, time
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
time.sleep(90)
"""
COPIES = (*BUILD, "--audience", "growers", "--recipients", "clinics.csv")
# The shares of files that exist when a worker is killed: the first file, one other, and 24 more in the nightly run.
LATER = [Random(number).uniform(0, 0.4) for number in range(25 if os.environ.get("HANDOUTS_NIGHTLY") else 2)]
MOMENTS = [0.01, LATER[0], *(pytest.param(each, marks=pytest.mark.nightly) for each in LATER[1:])]


@dataclass(frozen=True)
class RunningCluster:
    """A scheduler and its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


def start_process(stack: ExitStack, folder: Path, tool: str, *words: str, path: Path = ROOT) -> subprocess.Popen[bytes]:
    """Start a scheduler or a worker, which the stack ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{tool}", *QUIET, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    stack.callback(process.wait, 30)
    stack.callback(process.kill)
    return process


def wait_for(address: str, workers: int) -> None:
    """Wait until a scheduler has this number of workers."""
    from distributed import Client

    with loopback_allowed(), Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)


def worker_for(stack: ExitStack, folder: Path, address: str, path: Path = ROOT) -> subprocess.Popen[bytes]:
    """Start a worker for a scheduler."""
    return start_process(stack, folder, "worker", address, "--nthreads", "1", "--no-nanny", path=path)


def cluster_of(stack: ExitStack, folder: Path, workers: int) -> RunningCluster:
    """Start a scheduler with this number of workers, and return them when all are connected."""
    file = folder / "scheduler.json"
    scheduler = start_process(stack, folder, "scheduler", "--port", "0", "--scheduler-file", str(file))
    deadline = time.monotonic() + 60
    while (
        not (file.exists() and file.stat().st_size) and time.monotonic() < deadline
    ):  # the file is created before it is written
        time.sleep(0.05)
    address = json.loads(file.read_text(encoding="utf-8"))["address"]
    started_workers = tuple(worker_for(stack, folder, address) for _ in range(workers))
    if workers:
        wait_for(address, workers)
    return RunningCluster(address, scheduler, started_workers)


@pytest.fixture(scope="module")
def shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """A cluster of two workers for all tests, which must not kill them."""
    with ExitStack() as stack:
        yield cluster_of(stack, tmp_path_factory.mktemp("shared"), 2)


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    with ExitStack() as stack:
        yield cluster_of(stack, tmp_path_factory.mktemp("cluster"), 2)


def write_clinics(folder: Path, count: int = ROWS) -> None:
    rows = "".join(f"Clinic {number};0117 496 {number:04}\n" for number in range(count))
    (folder / "clinics.csv").write_text(f"name;phone\n{rows}", encoding="utf-8")


@pytest.fixture
def clinics(bench: Bench) -> Bench:
    write_clinics(bench.root)
    return bench


@pytest.fixture(scope="module")
def local_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The copies as made by one process."""
    folder = write_project(tmp_path_factory.mktemp("alone")).root
    write_clinics(folder)
    run_successfully(folder, *COPIES)
    return output_files(folder)


def build(bench: Bench, *words: str) -> tuple[int, str]:
    """Build in a new process, which may connect to a scheduler, and return its exit code and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "handouts", *words],
        cwd=bench.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


def build_and_kill(
    bench: Bench, address: str, moment: float, victims: Iterable[subprocess.Popen[bytes]]
) -> tuple[int, str]:
    """Build on a cluster, kill `victims` when a share of the files exists, and return exit code and stderr."""
    words = [sys.executable, "-m", "handouts", *COPIES, "--quiet", "--cluster", address]
    with subprocess.Popen(
        words, cwd=bench.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    ) as running:
        deadline = time.monotonic() + 60
        while len(list(bench.path("output").rglob("*.p*"))) < moment * 2 * ROWS and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(moment % 0.1)  # not always just after a file was finished
        for each in victims:
            each.send_signal(signal.SIGKILL)
        assert running.poll() is None, "the build ended before the kill"
        try:
            _, stderr = running.communicate(timeout=60)
        finally:
            running.kill()
    return running.returncode, stderr


@pytest.mark.full
def test_a_cluster_makes_the_same_bytes_as_one_process(
    bench: Bench, shared_cluster: RunningCluster, built_project: Path, local_files: dict[str, bytes]
) -> None:
    write_clinics(bench.root, 3)
    assert build(bench, *BUILD, "--cluster", shared_cluster.address) == (0, "")
    assert build(bench, *COPIES, "--cluster", shared_cluster.address) == (0, "")
    first = {
        name: content for name, content in local_files.items() if Path(name).stem.endswith(("-0002", "-0003", "-0004"))
    }
    assert len(first) == 6
    assert bench.files() == {**output_files(built_project), **first}


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_worker_killed_during_a_build_loses_nothing(
    clinics: Bench, shared_cluster: RunningCluster, local_files: dict[str, bytes], moment: float
) -> None:
    """More moments are tried in the nightly run."""
    with ExitStack() as stack:
        killed = worker_for(stack, clinics.root, shared_cluster.address)
        wait_for(shared_cluster.address, 3)
        assert build_and_kill(clinics, shared_cluster.address, moment, [killed]) == (0, "")
    assert clinics.files() == local_files


@pytest.mark.nightly
@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
@pytest.mark.parametrize(
    ("lost", "message"),
    [("scheduler", "No scheduler answers at 'tcp://127.0.0.1:"), ("workers", "The cluster has no workers.")],
)
def test_a_cluster_lost_during_a_build_is_reported_once_and_the_next_build_makes_the_rest(
    clinics: Bench, cluster: RunningCluster, local_files: dict[str, bytes], lost: str, message: str
) -> None:
    victims = {"scheduler": (cluster.scheduler,), "workers": cluster.workers}[lost]
    code, stderr = build_and_kill(clinics, cluster.address, 0.2, victims)
    assert (code, stderr.count("error:"), f"--cluster: error: no-cluster: {message}" in stderr) == (1, 1, True), stderr
    files = clinics.files()
    assert files
    assert len(files) < len(local_files)
    assert files.items() <= local_files.items()
    assert clinics.build(*COPIES) == local_files


@pytest.mark.full
def test_a_worker_with_another_version_of_the_program_is_not_used(
    bench: Bench, shared_cluster: RunningCluster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(ROOT / "handouts", other / "handouts", ignore=shutil.ignore_patterns("__pycache__"))
    (other / "handouts/units.py").write_text("# changed\n" + (ROOT / "handouts/units.py").read_text(encoding="utf-8"))
    with ExitStack() as stack:
        worker_for(stack, other, shared_cluster.address, path=other)
        wait_for(shared_cluster.address, 3)
        code, stderr = build(bench, *BUILD, "--cluster", shared_cluster.address)
    assert (code, "--cluster: error: other-program: The worker tcp://127.0.0.1:" in stderr) == (1, True)
    assert " has handouts " in stderr
    assert not bench.files()


@pytest.mark.full
def test_a_cluster_without_workers_is_reported(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    with ExitStack() as stack:
        running = cluster_of(stack, tmp_path_factory.mktemp("cluster"), 0)
        code, stderr = build(bench, *BUILD, "--cluster", running.address)
    assert (code, "error: no-cluster: The cluster has no workers." in stderr) == (1, True)
    assert not bench.files()


@pytest.mark.full
def test_a_scheduler_that_does_not_answer_is_reported(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handouts.pipeline.dask._ANSWER_TIMEOUT", 1)
    with loopback_allowed():
        ran = bench.run(*BUILD, "--cluster", "tcp://127.0.0.1:1")
    assert (ran.code, ran.only("error").code, ran.only("error").file) == (1, "no-cluster", "--cluster")
    assert "No scheduler answers at 'tcp://127.0.0.1:1'." in ran.err
    assert not bench.files()


@pytest.mark.nightly
@pytest.mark.full
def test_a_server_that_accepts_connections_and_never_answers_is_reported(bench: Bench) -> None:
    with subprocess.Popen([sys.executable, "-c", SILENT], stdout=subprocess.PIPE, text=True) as silent:
        assert silent.stdout is not None
        address = f"tcp://127.0.0.1:{silent.stdout.readline().strip()}"
        code, stderr = build(bench, *BUILD, "--cluster", address)
        silent.kill()
    assert (code, f"--cluster: error: no-cluster: No scheduler answers at '{address}'." in stderr) == (1, True)
    assert not bench.files()


@pytest.mark.parametrize(
    "address", ["nonsense://x", "tcp://", "127.0.0.1:8786", "tcp://a b:1", "tcp://x:1/y", "inproc://1"]
)
def test_an_invalid_address_is_wrong_usage(bench: Bench, address: str) -> None:
    ran = bench.run(*BUILD, "--cluster", address)
    assert (ran.code, ran.only("error").code) == (2, "usage")
