"""Who makes the files: alone, with a process beside, or with many; the same bytes, and no process is left behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import date
from multiprocessing.connection import wait
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from threading import Thread

import pytest
from bad_inputs import BUILD, COLD, DECKS, EVERYONE, HANDOUTS, Bench, diagnostics_in
from msgspec.structs import replace
from test_batch_trouble import ended_without_workers, workers_of
from two_readers import ROOT

from handouts.cli.arguments import JOBS_VARIABLE
from handouts.finding import HandoutError, error
from handouts.load import load_library
from handouts.pipeline.manifest import MANIFEST_FILE, BuildRun, Manifest, manifest_as_text
from handouts.pipeline.options import FEW_FILES, Options, request_key
from handouts.pipeline.plan import plan_files
from handouts.pipeline.workers import InlinePool, ProcessPool, SplitPool, choose_pool, new_pool, start_processes

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


# ---------------------------------------------------------------- a process beside


def test_with_a_process_beside_the_bytes_are_the_same(bench: Bench) -> None:
    alone = bench.built()
    for path in alone:
        bench.path(path).unlink()
    with started(bench, "--force") as running:
        assert running.communicate(timeout=60)[1] == ""
    assert bench.files() == alone


@linux
@several
@pytest.mark.parametrize("pause", [0.0, 0.2, 0.5])
def test_if_the_process_beside_is_killed_nothing_is_lost(bench: Bench, pause: float) -> None:
    with started(bench) as running:
        assert waited(lambda: workers_of(running.pid))
        time.sleep(pause)
        for pid in workers_of(running.pid):
            os.kill(pid, signal.SIGKILL)
        _, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (0, "")
    assert len([name for name in bench.files() if name.endswith((".pdf", ".pptx"))]) == 4


def die_midway() -> None:
    """Die after the first bytes of what is handed over."""
    (results,) = {id(each): each for each in gc.get_objects() if isinstance(each, SimpleQueue)}.values()
    os.write(results._writer.fileno(), b"\0\0\x10")  # type: ignore[attr-defined]
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
@pytest.mark.parametrize("workers", [1, 2])
def test_who_dies_while_a_file_is_handed_over_is_noticed(workers: int) -> None:
    pool = new_pool(workers)
    futures = [pool.submit(die_midway), pool.submit(time.sleep, 60)]
    assert {type(each.exception(timeout=30)) for each in futures} == {BrokenProcessPool}
    pool.shutdown()


@pytest.mark.skipif(os.name == "nt", reason="ends processes as Unix does")
def test_processes_that_die_so_do_not_hold_up_the_end() -> None:
    crew = ProcessPool(1)
    crew.pool.submit(die_midway)
    assert wait([each.sentinel for each in crew.pool._processes.values()], 30)
    ending = Thread(target=crew.close, kwargs={"at_once": True}, daemon=True)
    ending.start()
    ending.join(30)
    assert not ending.is_alive()


@linux
@several
def test_if_it_is_killed_again_and_again_what_was_made_here_is_there(bench: Bench) -> None:
    with started(bench) as running:
        _, said = ended_without_workers(running)
    assert running.returncode == 1
    found = list(diagnostics_in(said))
    assert {each.code for each in found} == {"worker-died"}
    assert {name for name in bench.files() if name.endswith(".pdf")} == {
        HANDOUTS.format(each) for each in ("growers", "keepers")
    }
    assert not any(name.endswith(".pptx") for name in bench.files())


@linux
@several
@pytest.mark.parametrize("words", [(), ("--jobs", "2")])
def test_whoever_is_killed_takes_the_processes_with_it(bench: Bench, words: Sequence[str]) -> None:
    with started(bench, *words) as running:
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
def test_a_mistake_in_content_is_answered_at_once_and_leaves_no_process(bench: Bench) -> None:
    bench.project.replace(COLD, EVERYONE, f"{EVERYONE} [No]{{.nothing}}")
    with started(bench) as running:
        seen: set[int] = set()
        while running.poll() is None:
            seen.update(workers_of(running.pid))
            time.sleep(0.005)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert [each.code for each in diagnostics_in(said)] == ["unknown-class"]
    assert seen
    assert not any(map(is_alive, seen))
    assert not bench.path(DECKS.format("growers")).exists()


def test_how_many_work_can_be_said_once_for_all(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(JOBS_VARIABLE, "many")
    ran = bench.run(*BUILD)
    assert ran.code == 2
    assert (
        f"--jobs: 'many' is no number of processes: write 1, 2 or more, here or in the variable {JOBS_VARIABLE}"
        in ran.said
    )
    monkeypatch.setenv(JOBS_VARIABLE, "1")
    assert bench.run(*BUILD).code == 0


# ---------------------------------------------------------------- who is chosen


class Idle(ProcessPool):
    """Processes that are not started."""

    def __init__(self, workers: int, *, copies: bool = False) -> None:  # noqa: ARG002
        self.workers = workers

    def close(self, *, at_once: bool) -> None:
        """There is nobody to end."""


@pytest.fixture
def choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What is hired first, and who does the work then, of so many processors."""
    monkeypatch.setattr("handouts.pipeline.workers.ProcessPool", Idle)
    options = Options(Path("content"), Path("templates"), tmp_path, today=date(2026, 11, 24))

    def chosen(
        processors: int,
        files: int,
        jobs: int = 0,
        *,
        copies: bool = False,
        built: bool = False,
        begun: Sequence[int] = (),
    ) -> str:
        asked = replace(options, jobs=jobs, recipients=Path("a.csv") if copies else None)
        monkeypatch.setattr("handouts.pipeline.workers.processor_count", lambda: processors)
        run = BuildRun({}, "", "", "", (), {}, (), {}, whole=True)
        manifest = Manifest({}, {request_key(asked): run} if built else {})
        (tmp_path / MANIFEST_FILE).write_text(manifest_as_text(manifest), encoding="utf-8")
        with start_processes(asked) as processes:
            crew = choose_pool(asked, range(files), processes, begun)
            first = processes.workers if processes else 0
        match crew:
            case InlinePool():
                return f"{first}, here"
            case SplitPool():
                return f"{first}, {len(crew.numbers)} of {files} beside"
            case _:
                return f"{first}, {crew.workers}"

    return chosen


def test_who_works_is_as_many_as_help(choices: Callable[..., str]) -> None:
    assert choices(2, 6) == "1, 3 of 6 beside"
    assert choices(8, 3) == "1, 1 of 3 beside"
    assert choices(8, FEW_FILES + 1) == "1, 8"
    assert choices(2, 1) == "1, here"
    assert choices(1, 6) == choices(1, 100) == choices(1, 100, copies=True) == "0, here"
    assert choices(4, 100, copies=True) == choices(4, 6, copies=True) == "4, 4"


def test_the_process_beside_goes_on_with_what_it_has_begun(choices: Callable[..., str]) -> None:
    assert choices(2, 3, begun=(0, 1)) == "1, 2 of 3 beside"
    assert choices(2, 1, begun=(0,)) == "1, 1 of 1 beside"
    assert choices(8, FEW_FILES + 1, begun=(0,)) == "1, 8"


def test_files_are_told_of_as_soon_as_they_are_composed_if_they_are_few_and_right(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(**more: tuple[str, ...]) -> list[list[str]]:
        heard: list[list[str]] = []
        options = Options(bench.path("content"), bench.path("templates"), bench.path("output"), country="UK")
        library = load_library(options.content, options.templates)
        with suppress(HandoutError):
            asked = replace(options, **more)
            plan_files(library, asked, tell=lambda made: heard.append([each.audience for each in made]))
        return heard

    assert told() == [["growers"] * 2, ["keepers"] * 2]
    assert told(papers=("a4", "letter"), editions=("standard", "photocopy")) == []
    wrong = error("blame", "This blames.")
    monkeypatch.setattr(
        "handouts.pipeline.compositions.check_compositions",
        lambda selection, *_: (wrong,) if selection.audience.name == "keepers" else (),
    )
    assert told() == [["growers"] * 2]


def test_after_an_edit_nobody_is_started_for_a_few_files(choices: Callable[..., str]) -> None:
    assert choices(2, 6, built=True) == choices(2, 1, built=True) == choices(2, 2, copies=True, built=True) == "0, here"
    assert choices(2, 100, built=True) == choices(2, 100, copies=True, built=True) == "0, 2"


def test_who_is_asked_for_works(choices: Callable[..., str]) -> None:
    assert choices(8, 100, 1) == choices(8, 100, 1, copies=True) == "0, here"
    assert choices(2, 100, 3) == choices(2, 100, 3, copies=True) == "3, 3"
    assert choices(2, 2, 3, built=True) == "0, 2"


def test_there_are_never_more_processes_than_windows_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    class Pool:
        def submit(self, *_: object, **__: object) -> None:
            """Take what is to be done, and do nothing."""

    def new_pool(workers: int) -> Pool:
        started.append(workers)
        return Pool()

    monkeypatch.setattr("handouts.pipeline.workers.new_pool", new_pool)
    assert ProcessPool(200).workers == 60
    assert started == [60]
