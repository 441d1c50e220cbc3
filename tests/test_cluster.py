"""A real scheduler with two worker processes on this machine: the same bytes, and nothing lost with a worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from bad_inputs import BUILD, Bench
from two_readers import ROOT

QUIET = ("--no-dashboard", "--host", "127.0.0.1")
ROWS = 30
COPIES = (*BUILD, "--audience", "growers", "--recipients", "clinics.csv")


@dataclass(frozen=True)
class Running:
    """A scheduler and its workers."""

    address: str
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
    started(stack, folder, "scheduler", "--port", "0", "--scheduler-file", str(file))
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    address = json.loads(file.read_text(encoding="utf-8"))["address"]
    words = (address, "--nthreads", "1", "--no-nanny")
    there = tuple(started(stack, folder, "worker", *words, path=path) for _ in range(workers))
    wait = f"from distributed import Client; Client({address!r}).wait_for_workers({workers}, timeout=60)"
    if workers:
        subprocess.run([sys.executable, "-c", wait], check=True, timeout=90, capture_output=True)
    return Running(address, there)


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


def test_a_cluster_makes_the_same_bytes(clinics: Bench, cluster: Running) -> None:
    alone = {**clinics.built(), **clinics.built(*COPIES)}
    shutil.rmtree(clinics.path("output"))
    assert build(clinics, *BUILD, "--cluster", cluster.address) == (0, "")
    assert build(clinics, *COPIES, "--cluster", cluster.address) == (0, "")
    assert clinics.files() == alone


@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
def test_a_worker_that_is_killed_on_the_way_loses_nothing(clinics: Bench, cluster: Running) -> None:
    alone = clinics.built(*COPIES)
    shutil.rmtree(clinics.path("output"))
    words = [sys.executable, "-m", "handouts", *COPIES, "--cluster", cluster.address]
    with subprocess.Popen(
        words, cwd=clinics.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE
    ) as running:
        deadline = time.monotonic() + 60
        while not list(clinics.path("output").rglob("*.pdf")) and time.monotonic() < deadline:
            time.sleep(0.01)
        cluster.workers[0].send_signal(signal.SIGKILL)
        assert running.poll() is None, "it was done before a worker was killed"
        _, said = running.communicate(timeout=120)
    assert (running.returncode, said) == (0, b"")
    assert clinics.files() == alone


def test_a_worker_that_is_another_program_is_not_used(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(ROOT / "handouts", other / "handouts", ignore=shutil.ignore_patterns("__pycache__"))
    (other / "handouts/units.py").write_text("# changed\n" + (ROOT / "handouts/units.py").read_text(encoding="utf-8"))
    with ExitStack() as stack:
        code, said = build(bench, *BUILD, "--cluster", cluster_of(stack, other, 1, path=other).address)
    assert (code, "--cluster: error: other-program: The worker tcp://127.0.0.1:" in said) == (1, True)
    assert " has handouts " in said
    assert not bench.files()


def test_a_cluster_without_workers_is_told(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    with ExitStack() as stack:
        running = cluster_of(stack, tmp_path_factory.mktemp("cluster"), 0)
        code, said = build(bench, *BUILD, "--cluster", running.address)
    assert (code, "error: no-cluster: The cluster has no workers." in said) == (1, True)
    assert not bench.files()


def test_a_scheduler_that_does_not_answer_is_told(bench: Bench) -> None:
    code, said = build(bench, *BUILD, "--cluster", "tcp://127.0.0.1:1")
    assert (code, "--cluster: error: no-cluster: No scheduler answers at 'tcp://127.0.0.1:1'." in said) == (1, True)
    assert not bench.files()


@pytest.mark.parametrize(
    "address", ["nonsense://x", "tcp://", "127.0.0.1:8786", "tcp://a b:1", "tcp://x:1/y", "inproc://1"]
)
def test_what_is_no_address_is_wrong_usage(bench: Bench, address: str) -> None:
    ran = bench.run(*BUILD, "--cluster", address)
    assert (ran.code, ran.only("error").code) == (2, "usage")
