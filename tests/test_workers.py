"""Builds with one or many processes: the same bytes, and no process is left behind."""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command_bench import BUILD, COLD, DECKS, EVERYONE, GIST, Bench, diagnostics_in, output_files
from generated_documents import generated_talk, screen_theme
from msgspec.structs import replace
from paths import ROOT
from samples import inlines
from test_batch_trouble import ended_without_workers, workers_of

import handouts.pipeline.render as rendering
from handouts.cli.arguments import JOBS_VARIABLE
from handouts.pipeline.fingerprints import program_identity
from handouts.pipeline.options import Options
from handouts.pipeline.render import RenderBatch, RenderTask, SharedInput, read_results, render_batch
from handouts.pipeline.workers import (
    MIN_FILES_FOR_EACH,
    InlineWorkers,
    ProcessWorkers,
    open_workers,
    run_batches,
)
from handouts.render_cache import RenderCache

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != JOBS_VARIABLE} | {"PYTHONPATH": str(ROOT)}
linux = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes as Linux shows them")
several = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="one core"
)


def started(bench: Bench, *words: str) -> subprocess.Popen[str]:
    """Start a build that chooses the number of processes itself."""
    command = [sys.executable, "-m", "handouts", *BUILD, *words]
    return subprocess.Popen(
        command, cwd=bench.root, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_until(is_true: Callable[[], object], seconds: float = 30) -> bool:
    """Wait until a condition is true, and return whether it is."""
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(is_true())


# ---------------------------------------------------------------- other processes


@pytest.mark.full
def test_worker_processes_make_the_same_bytes(bench: Bench, built_project: Path) -> None:
    with started(bench, "--jobs", "2") as running:
        assert running.communicate(timeout=60)[1] == ""
    assert bench.files() == output_files(built_project)


@pytest.mark.full
@linux
@several
@pytest.mark.parametrize("pause", [0.0, pytest.param(0.2, marks=pytest.mark.nightly), 0.5])
def test_nothing_is_lost_if_the_workers_are_killed(bench: Bench, pause: float) -> None:
    """One more moment is tried in the nightly run."""
    with started(bench, "--jobs", "2") as running:
        assert wait_until(lambda: workers_of(running.pid))
        time.sleep(pause)
        for pid in workers_of(running.pid):
            os.kill(pid, signal.SIGKILL)
        _, stderr = running.communicate(timeout=60)
    assert (running.returncode, stderr) == (0, "")
    assert len([name for name in bench.files() if name.endswith((".pdf", ".pptx"))]) == 4


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
@pytest.mark.parametrize("size", [1, 2])
def test_a_worker_that_dies_is_reported_and_the_other_files_are_made(tmp_path: Path, size: int) -> None:
    """This includes a worker that has written its file: its message reaches the pipe completely or not at all."""
    talk = generated_talk(30_000)
    shared = SharedInput(talk, talk.words, screen_theme(), None)
    batches = (
        RenderBatch(shared, (RenderTask(number, f"{number}.pptx", renderer),), tmp_path, program_identity())
        for number, renderer in enumerate(("pptx", "deadly", "pptx"))
    )
    done = {each.number: each for each in run_batches(batches, DeadlyProcesses(size))}
    assert [found.code for found in done[1].findings] == ["worker-died"]
    assert all(Path(done[number].temporary).stat().st_size == done[number].size > 0 for number in (0, 2))


class DeadlyProcesses(ProcessWorkers):
    """An executor whose worker kills itself when it gets a certain file."""

    def submit(self, batch: RenderBatch) -> Future[bytes | str]:
        if batch.tasks[0].renderer == "deadly":
            return self._executor.submit(os._exit, 1)
        return super().submit(batch)


@linux
def test_the_message_of_a_worker_fits_into_a_pipe(tmp_path: Path) -> None:
    """It does so for any number of findings, so that a killed worker never leaves half a message."""
    talk = generated_talk(30_000)
    many = replace(talk, slides=tuple(replace(each, title=inlines("word " * 90)) for each in talk.slides))
    batch = RenderBatch(
        SharedInput(many, talk.words, screen_theme(), None),
        tuple(RenderTask(number, f"{number}.pptx", "pptx") for number in range(8)),
        tmp_path,
        "",
    )
    message = render_batch(batch, RenderCache())
    assert len(pickle.dumps(message)) < select.PIPE_BUF - 400
    assert [len(each.findings) for each in read_results(message)] == [len(talk.slides)] * 8
    assert not list(tmp_path.iterdir())


@linux
@several
def test_if_workers_are_killed_repeatedly_each_file_is_reported(bench: Bench) -> None:
    with started(bench, "--jobs", "2") as running:
        _, stderr = ended_without_workers(running)
    assert running.returncode == 1
    assert {each.code for each in diagnostics_in(stderr)} == {"worker-died"}
    assert not bench.files()


@linux
@several
def test_workers_end_when_the_command_is_killed(bench: Bench) -> None:
    with started(bench, "--jobs", "2") as running:
        assert wait_until(lambda: workers_of(running.pid))
        workers = workers_of(running.pid)
        running.kill()
        running.communicate(timeout=60)
    assert wait_until(lambda: not any(is_alive(pid) for pid in workers), 10)


def is_alive(pid: int) -> bool:
    """True if a process exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@linux
@several
def test_an_error_in_content_is_reported_before_workers_are_started(bench: Bench) -> None:
    bench.project.replace(COLD, EVERYONE, f"{EVERYONE} [No]{{.nothing}}")
    with started(bench, "--jobs", "2") as running:
        seen: set[int] = set()
        while running.poll() is None:
            seen.update(workers_of(running.pid))
            time.sleep(0.005)
        _, stderr = running.communicate(timeout=60)
    assert running.returncode == 1
    assert [each.code for each in diagnostics_in(stderr)] == ["unknown-class"]
    assert not seen
    assert not bench.path(DECKS.format("growers")).exists()


def test_the_number_of_processes_can_be_set_by_a_variable(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(JOBS_VARIABLE, "many")
    ran = bench.run(*BUILD)
    assert ran.code == 2
    assert (
        f"--jobs: 'many' is not a number of processes: write 1, 2 or more, here or in the variable {JOBS_VARIABLE}"
        in ran.err
    )
    monkeypatch.setenv(JOBS_VARIABLE, "1")
    assert bench.run(*BUILD).code == 0


# ---------------------------------------------------------------- how many


def size_for(monkeypatch: pytest.MonkeyPatch, processors: int, files: int, jobs: int = 0) -> int:
    """Return the number of workers for a number of files; 0 if the command itself makes them."""
    monkeypatch.setattr("handouts.pipeline.workers.processor_count", lambda: processors)
    options = Options(Path("content"), Path("templates"), Path("output"), jobs=jobs)
    workers = open_workers(options, files, RenderCache())
    workers.close()
    return 0 if isinstance(workers, InlineWorkers) else workers.size


def test_the_number_of_processes_depends_on_processors_and_files(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = partial(size_for, monkeypatch)
    few = 2 * MIN_FILES_FOR_EACH - 1
    assert sizes(2, few) == sizes(8, few) == sizes(1, 100) == 0
    assert sizes(8, few + 1) == 2
    assert (sizes(2, 100), sizes(8, 100), sizes(200, 300)) == (2, 8, 60)


def test_the_requested_number_of_processes_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = partial(size_for, monkeypatch)
    assert sizes(8, 100, 1) == sizes(8, 1, 4) == 0
    assert (sizes(2, 100, 3), sizes(8, 2, 3), sizes(2, 300, 200)) == (3, 2, 60)


def test_workers_start_after_all_documents_are_composed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("handouts.pipeline.full_build.start_processes", lambda _, renderers: started.append(renderers))
    text = bench.text(COLD)
    bench.plant(COLD, GIST, "They wait for the sun [@nobody].")
    assert bench.run(*BUILD).code == 1
    assert not started
    bench.put(COLD, text.encode())
    assert bench.run(*BUILD).code == 0
    assert sorted(started[0]) == ["pdf", "pdf", "pptx", "pptx"]
    assert bench.run(*BUILD, "--audience", "growers").code == 0
    assert started[1:] == [[]]


def test_each_file_is_planned_only_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = []
    plan = rendering.run_planner

    def counting(renderer: str, *look: Any, **more: Any) -> rendering.FilePlan:
        planned.append(renderer)
        return plan(renderer, *look, **more)

    for module in ("plan", "render"):
        monkeypatch.setattr(f"handouts.pipeline.{module}.run_planner", counting)
    assert bench.run(*BUILD, "--format", "pdf", "--format", "pptx", "--format", "html", "--jobs", "1").code == 0
    assert sorted(planned) == ["html", "html", "pdf", "pdf", "pptx", "pptx"]
