"""Files made by one process or by many: the same bytes, and no process is left behind."""

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
from nonce_project import ROOT
from samples import says
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
    """Start a build that chooses by itself how many processes work."""
    command = [sys.executable, "-m", "handouts", *BUILD, *words]
    return subprocess.Popen(
        command, cwd=bench.root, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def waited(is_true: Callable[[], object], seconds: float = 30) -> bool:
    """Wait until something is true, and return whether it is."""
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(is_true())


# ---------------------------------------------------------------- other processes


@pytest.mark.full
def test_with_other_processes_the_bytes_are_the_same(bench: Bench, built_project: Path) -> None:
    with started(bench, "--jobs", "2") as running:
        assert running.communicate(timeout=60)[1] == ""
    assert bench.files() == output_files(built_project)


@pytest.mark.full
@linux
@several
@pytest.mark.parametrize("pause", [0.0, pytest.param(0.2, marks=pytest.mark.nightly), 0.5])
def test_if_the_processes_are_killed_nothing_is_lost(bench: Bench, pause: float) -> None:
    """In the nightly run, also at a moment between."""
    with started(bench, "--jobs", "2") as running:
        assert waited(lambda: workers_of(running.pid))
        time.sleep(pause)
        for pid in workers_of(running.pid):
            os.kill(pid, signal.SIGKILL)
        _, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (0, "")
    assert len([name for name in bench.files() if name.endswith((".pdf", ".pptx"))]) == 4


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
@pytest.mark.parametrize("size", [1, 2])
def test_a_process_that_dies_at_any_moment_of_its_work_is_noticed_and_done_without(tmp_path: Path, size: int) -> None:
    """Also one that has written its file, and says so in a message that a pipe takes whole or not at all."""
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
    """Processes of which one kills itself when it is sent a certain file."""

    def submit(self, batch: RenderBatch) -> Future[bytes | str]:
        if batch.tasks[0].renderer == "deadly":
            return self._executor.submit(os._exit, 1)
        return super().submit(batch)


@linux
def test_what_a_worker_hands_over_fits_a_pipe_at_once(tmp_path: Path) -> None:
    """However many findings there are: so a process that is killed meanwhile never leaves half of it."""
    talk = generated_talk(30_000)
    many = replace(talk, slides=tuple(replace(each, title=says("word " * 90)) for each in talk.slides))
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
def test_if_processes_are_killed_again_and_again_each_file_says_so(bench: Bench) -> None:
    with started(bench, "--jobs", "2") as running:
        _, said = ended_without_workers(running)
    assert running.returncode == 1
    assert {each.code for each in diagnostics_in(said)} == {"worker-died"}
    assert not bench.files()


@linux
@several
def test_whoever_is_killed_takes_the_processes_with_it(bench: Bench) -> None:
    with started(bench, "--jobs", "2") as running:
        assert waited(lambda: workers_of(running.pid))
        workers = workers_of(running.pid)
        running.kill()
        running.communicate(timeout=60)
    assert waited(lambda: not any(is_alive(pid) for pid in workers), 10)


def is_alive(pid: int) -> bool:
    """True if a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@linux
@several
def test_a_mistake_in_content_is_answered_before_a_process_is_started(bench: Bench) -> None:
    bench.project.replace(COLD, EVERYONE, f"{EVERYONE} [No]{{.nothing}}")
    with started(bench, "--jobs", "2") as running:
        seen: set[int] = set()
        while running.poll() is None:
            seen.update(workers_of(running.pid))
            time.sleep(0.005)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert [each.code for each in diagnostics_in(said)] == ["unknown-class"]
    assert not seen
    assert not bench.path(DECKS.format("growers")).exists()


def test_how_many_work_can_be_said_once_for_all(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
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
    """Return how many processes work on so many files; 0 for the one that is asked."""
    monkeypatch.setattr("handouts.pipeline.workers.processor_count", lambda: processors)
    options = Options(Path("content"), Path("templates"), Path("output"), jobs=jobs)
    workers = open_workers(options, files, RenderCache())
    workers.close()
    return 0 if isinstance(workers, InlineWorkers) else workers.size


def test_as_many_processes_work_as_help(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = partial(size_for, monkeypatch)
    few = 2 * MIN_FILES_FOR_EACH - 1
    assert sizes(2, few) == sizes(8, few) == sizes(1, 100) == 0
    assert sizes(8, few + 1) == 2
    assert (sizes(2, 100), sizes(8, 100), sizes(200, 300)) == (2, 8, 60)


def test_as_many_processes_work_as_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = partial(size_for, monkeypatch)
    assert sizes(8, 100, 1) == sizes(8, 1, 4) == 0
    assert (sizes(2, 100, 3), sizes(8, 2, 3), sizes(2, 300, 200)) == (3, 2, 60)


def test_processes_start_once_all_is_composed_without_an_error(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr("handouts.pipeline.full_build.start_processes", lambda _, renderers: begun.append(renderers))
    text = bench.text(COLD)
    bench.plant(COLD, GIST, "They wait for the sun [@nobody].")
    assert bench.run(*BUILD).code == 1
    assert not begun
    bench.put(COLD, text.encode())
    assert bench.run(*BUILD).code == 0
    assert sorted(begun[0]) == ["pdf", "pdf", "pptx", "pptx"]
    assert bench.run(*BUILD, "--audience", "growers").code == 0
    assert begun[1:] == [[]]


def test_what_was_planned_to_see_whether_it_fits_is_not_planned_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = []
    plan = rendering.run_planner

    def counting(renderer: str, *look: Any, **more: Any) -> rendering.FilePlan:
        planned.append(renderer)
        return plan(renderer, *look, **more)

    for module in ("plan", "render"):
        monkeypatch.setattr(f"handouts.pipeline.{module}.run_planner", counting)
    assert bench.run(*BUILD, "--format", "pdf", "--format", "pptx", "--format", "html", "--jobs", "1").code == 0
    assert sorted(planned) == ["html", "html", "pdf", "pdf", "pptx", "pptx"]
