"""A real scheduler with two worker processes on this machine: the same bytes, and nothing lost with a worker."""

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
from bad_inputs import BUILD, Bench
from two_readers import ROOT

QUIET = ("--no-dashboard", "--host", "127.0.0.1")
ROWS = 30
SILENT = """
import socket, time
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
time.sleep(90)
"""
COPIES = (*BUILD, "--audience", "growers", "--recipients", "clinics.csv")
# The parts of all files that are made when a worker is killed: at the first one, and 25 others in the nightly run.
MOMENTS = [0.01, *(Random(number).uniform(0, 0.4) for number in range(25 if os.environ.get("HANDOUTS_NIGHTLY") else 2))]


@dataclass(frozen=True)
class Running:
    """A scheduler and its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


def started(stack: ExitStack, folder: Path, tool: str, *words: str, path: Path = ROOT) -> subprocess.Popen[bytes]:
    """Start a scheduler or a worker, and see to it that it ends."""
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


def cluster_of(stack: ExitStack, folder: Path, workers: int, path: Path = ROOT) -> Running:
    """Return a scheduler with so many workers, once all of them are there."""
    file = folder / "scheduler.json"
    scheduler = started(stack, folder, "scheduler", "--port", "0", "--scheduler-file", str(file))
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    address = json.loads(file.read_text(encoding="utf-8"))["address"]
    words = (address, "--nthreads", "1", "--no-nanny")
    there = tuple(started(stack, folder, "worker", *words, path=path) for _ in range(workers))
    wait = f"from distributed import Client; Client({address!r}).wait_for_workers({workers}, timeout=60)"
    if workers:
        subprocess.run([sys.executable, "-c", wait], check=True, timeout=90, capture_output=True)
    return Running(address, scheduler, there)


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with ExitStack() as stack:
        yield cluster_of(stack, tmp_path_factory.mktemp("cluster"), 2)


@pytest.fixture
def clinics(bench: Bench) -> Bench:
    rows = "".join(f"Clinic {number};0117 496 {number:04}\n" for number in range(ROWS))
    bench.put("clinics.csv", b"name;phone\n" + rows.encode())
    return bench


def build(bench: Bench, *words: str) -> tuple[int, str]:
    """Build in a process of its own, which may reach for a scheduler, and return how it ended and what it said."""
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
    bench: Bench, address: str, moment: float, whom: Iterable[subprocess.Popen[bytes]]
) -> tuple[int, str]:
    """Build on a cluster, kill some of it when a part of all files is there, and return how the build ended."""
    words = [sys.executable, "-m", "handouts", *COPIES, "--quiet", "--cluster", address]
    with subprocess.Popen(
        words, cwd=bench.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    ) as running:
        deadline = time.monotonic() + 60
        while len(list(bench.path("output").rglob("*.p*"))) < moment * 2 * ROWS and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(moment % 0.1)  # not always when a file was just finished
        for each in whom:
            each.send_signal(signal.SIGKILL)
        assert running.poll() is None, "it was done before somebody was killed"
        try:
            _, said = running.communicate(timeout=60)
        finally:
            running.kill()
    return running.returncode, said


@pytest.mark.full
def test_a_cluster_makes_the_same_bytes(clinics: Bench, cluster: Running) -> None:
    alone = {**clinics.built(), **clinics.built(*COPIES)}
    shutil.rmtree(clinics.path("output"))
    assert build(clinics, *BUILD, "--cluster", cluster.address) == (0, "")
    assert build(clinics, *COPIES, "--cluster", cluster.address) == (0, "")
    assert clinics.files() == alone


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_worker_that_is_killed_on_the_way_loses_nothing(clinics: Bench, cluster: Running, moment: float) -> None:
    alone = clinics.built(*COPIES)
    shutil.rmtree(clinics.path("output"))
    assert build_and_kill(clinics, cluster.address, moment, cluster.workers[:1]) == (0, "")
    assert clinics.files() == alone


@pytest.mark.nightly
@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
@pytest.mark.parametrize(
    ("who", "why"),
    [("scheduler", "No scheduler answers at 'tcp://127.0.0.1:"), ("workers", "The cluster has no workers.")],
)
def test_a_cluster_that_is_gone_on_the_way_is_told_once_and_the_rest_is_made_later(
    clinics: Bench, cluster: Running, who: str, why: str
) -> None:
    alone = clinics.built(*COPIES)
    shutil.rmtree(clinics.path("output"))
    gone = {"scheduler": (cluster.scheduler,), "workers": cluster.workers}[who]
    code, said = build_and_kill(clinics, cluster.address, 0.2, gone)
    assert (code, said.count("error:"), f"--cluster: error: no-cluster: {why}" in said) == (1, 1, True), said
    there = clinics.files()
    assert there
    assert len(there) < len(alone)
    assert there.items() <= alone.items()
    assert clinics.built(*COPIES) == alone


@pytest.mark.full
def test_a_worker_that_is_another_program_is_not_used(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(ROOT / "handouts", other / "handouts", ignore=shutil.ignore_patterns("__pycache__"))
    (other / "handouts/units.py").write_text("# changed\n" + (ROOT / "handouts/units.py").read_text(encoding="utf-8"))
    with ExitStack() as stack:
        code, said = build(bench, *BUILD, "--cluster", cluster_of(stack, other, 1, path=other).address)
    assert (code, "--cluster: error: other-program: The worker tcp://127.0.0.1:" in said) == (1, True)
    assert " has handouts " in said
    assert not bench.files()


@pytest.mark.full
def test_a_cluster_without_workers_is_told(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    with ExitStack() as stack:
        running = cluster_of(stack, tmp_path_factory.mktemp("cluster"), 0)
        code, said = build(bench, *BUILD, "--cluster", running.address)
    assert (code, "error: no-cluster: The cluster has no workers." in said) == (1, True)
    assert not bench.files()


@pytest.mark.full
def test_a_scheduler_that_does_not_answer_is_told(bench: Bench) -> None:
    code, said = build(bench, *BUILD, "--cluster", "tcp://127.0.0.1:1")
    assert (code, "--cluster: error: no-cluster: No scheduler answers at 'tcp://127.0.0.1:1'." in said) == (1, True)
    assert not bench.files()


@pytest.mark.nightly
@pytest.mark.full
def test_whoever_takes_the_call_and_says_nothing_is_told(bench: Bench) -> None:
    with subprocess.Popen([sys.executable, "-c", SILENT], stdout=subprocess.PIPE, text=True) as silent:
        assert silent.stdout is not None
        address = f"tcp://127.0.0.1:{silent.stdout.readline().strip()}"
        code, said = build(bench, *BUILD, "--cluster", address)
        silent.kill()
    assert (code, f"--cluster: error: no-cluster: No scheduler answers at '{address}'." in said) == (1, True)
    assert not bench.files()


@pytest.mark.parametrize(
    "address", ["nonsense://x", "tcp://", "127.0.0.1:8786", "tcp://a b:1", "tcp://x:1/y", "inproc://1"]
)
def test_what_is_no_address_is_wrong_usage(bench: Bench, address: str) -> None:
    ran = bench.run(*BUILD, "--cluster", address)
    assert (ran.code, ran.only("error").code) == (2, "usage")
