"""Run batches of render tasks in this process, in several, or on a cluster; try those of a dead process once more.

There is one process for each processor. Takes batches; yields each finished file as soon as its batch is done. A batch
whose worker dies is tried again file by file; a file whose worker dies again gets an error. Processes are spawned, not
forked, on every system; they ignore Ctrl-C and end with the process that started them.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from handouts.finding import Finding, error
from handouts.pipeline.options import Options
from handouts.pipeline.render import (
    FinishedFile,
    RenderBatch,
    failed_files,
    prepare_worker,
    read_results,
    render_batch,
    render_in_worker,
)
from handouts.render_cache import RenderCache

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_PROCESS_START = Path(__file__).with_name("process_start.py")
MIN_FILES_FOR_EACH = 3  # starting a process takes as long as making two files
_MAX_PROCESSES = 60  # Windows cannot wait for more
_BATCHES_AHEAD = 2  # for each worker: one that it works on and one that waits
_CHECK_INTERVAL = 5.0  # seconds without a result after which workers are checked for an outage


class Workers(Protocol):
    """Workers that render batches; `crashes` are the exceptions that say that a worker died.

    With `fails_together`, all batches are lost when one worker dies.
    """

    size: int
    crashes: tuple[type[BaseException], ...] = ()
    fails_together: bool = False

    def submit(self, batch: RenderBatch) -> Future[bytes | str]:
        """Send a batch to a worker, and return its future results."""

    def restart(self) -> None:
        """Replace the workers after one of them died, where they do not replace themselves."""
        return

    def find_outage(self) -> Finding | None:
        """Return an error if no worker can be reached any more."""
        return None

    def close(self) -> None:
        """End the workers at once, even in the middle of their work."""
        return


def run_batches(batches: Iterable[RenderBatch], workers: Workers) -> Generator[FinishedFile, None, None]:
    """Yield the result of each task, in the order in which batches are done; close the workers at the end."""
    waiting, retries = iter(batches), deque[RenderBatch]()
    running: dict[Future[bytes | str], RenderBatch] = {}
    retried: set[int] = set()
    try:
        while True:
            if not retries:
                _fill(running, waiting, workers)
            elif not running:  # alone, to find out which file kills its worker
                batch = retries.popleft()
                running[_submit(batch, workers)] = batch
            if not running:
                return
            finished, _ = wait(running, _CHECK_INTERVAL, FIRST_COMPLETED)
            crashed = []
            for future in finished:
                batch = running.pop(future)
                problem = CancelledError() if future.cancelled() else future.exception()
                if problem is None:
                    yield from read_results(future.result())
                elif isinstance(problem, workers.crashes):
                    crashed.append(batch)
                else:
                    raise problem
            if crashed and workers.fails_together:
                crashed += running.values()
                running.clear()
                workers.restart()
            outage = workers.find_outage() if crashed or not finished else None
            if outage is not None:
                for batch in (*crashed, *running.values(), *retries, *waiting):
                    yield from failed_files(batch, outage)
                return
            for batch in (replace(each, tasks=(task,)) for each in crashed for task in each.tasks):
                if batch.tasks[0].number in retried:
                    yield from failed_files(batch, _worker_died_error())
                else:
                    retried.add(batch.tasks[0].number)
                    retries.append(batch)
    finally:
        workers.close()


def _fill(running: dict[Future[bytes | str], RenderBatch], waiting: Iterator[RenderBatch], workers: Workers) -> None:
    """Send batches until each worker has enough of them, or until a result is there."""
    while len(running) < _BATCHES_AHEAD * workers.size and not any(each.done() for each in running):
        batch = next(waiting, None)
        if batch is None:
            return
        running[_submit(batch, workers)] = batch


def _submit(batch: RenderBatch, workers: Workers) -> Future[bytes | str]:
    """Send a batch, and return its future results; if the workers have just died, the future says so."""
    try:
        return workers.submit(batch)
    except workers.crashes as problem:
        future: Future[bytes | str] = Future()
        future.set_exception(problem)
        return future


def _worker_died_error() -> Finding:
    """Return the error for a file whose worker died twice."""
    message = "The process that made this file was ended from outside, twice."
    hint = "see whether there is enough memory; run it again with fewer processes: --jobs 1"
    return error("worker-died", message, hint=hint)


def start_processes(options: Options, renderers: Sequence[str]) -> Workers | None:
    """Start processes that get ready while the files to make are planned, given by the renderer of each file.

    Return None if this process makes the files as quickly, or if a cluster makes them.
    """
    size = 1 if options.cluster else _process_count(options, len(renderers))
    if size == 1:
        return None
    workers = ProcessWorkers(size)
    workers.start(tuple(dict.fromkeys(renderers)))
    return workers


def open_workers(options: Options, count: int, cache: RenderCache) -> Workers:
    """Return the workers that make a number of files: a cluster, processes or this process."""
    if options.cluster:
        from handouts.pipeline.dask import ClusterWorkers

        return ClusterWorkers(options.cluster)
    size = _process_count(options, count)
    return InlineWorkers(cache) if size == 1 else ProcessWorkers(size)


def _process_count(options: Options, count: int) -> int:
    """Return how many processes make `count` files: as many as `options` ask for, or as help; 1 means this process."""
    helpful = min(options.jobs, count) or min(processor_count(), count // MIN_FILES_FOR_EACH)
    return max(1, min(helpful, _MAX_PROCESSES))


class InlineWorkers(Workers):
    """This process, which does each batch when it is sent; nothing can crash alone, and nothing has to be closed."""

    size: int = 1

    def __init__(self, cache: RenderCache) -> None:
        self._cache = cache

    def submit(self, batch: RenderBatch) -> Future[bytes | str]:
        """Do a batch at once, and return its results."""
        future: Future[bytes | str] = Future()
        future.set_result(render_batch(batch, self._cache))
        return future


class ProcessWorkers(Workers):
    """Processes on this machine, in a pool that breaks when one of them dies."""

    crashes: tuple[type[BaseException], ...] = (BrokenExecutor,)
    fails_together: bool = True

    def __init__(self, size: int) -> None:
        from multiprocessing import active_children

        self.size = size
        self._others = set(active_children())
        self._executor = self._open()

    def _open(self) -> ProcessPoolExecutor:
        """Return a pool whose processes import this program, and never a module of the working folder."""
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context
        from runpy import run_path

        os.environ["PYTHONSAFEPATH"] = "1"
        start = (str(_PROCESS_START), None, "__main__")
        return ProcessPoolExecutor(self.size, mp_context=get_context("spawn"), initializer=run_path, initargs=start)

    def submit(self, batch: RenderBatch) -> Future[bytes | str]:
        """Send a batch to a process, which is started now if it does not run yet."""
        with _without_interrupts():
            return self._executor.submit(render_in_worker, batch)

    def start(self, renderers: tuple[str, ...]) -> None:
        """Start the processes, and let them import what files of these renderers need before the first file comes."""
        with _without_interrupts():
            for _ in range(self.size):
                self._executor.submit(prepare_worker, renderers)

    def restart(self) -> None:
        """Replace the pool by one with new processes."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = self._open()

    def close(self) -> None:
        """Terminate the processes, which is quicker than letting them end, and wait until the pool has noticed.

        Without waiting, the thread of the pool would close its pipe while Python still writes to it at exit.
        """
        from multiprocessing import active_children

        ours = [each for each in active_children() if each not in self._others]
        for each in ours:
            each.terminate()
        for each in ours:
            each.join()
        self._executor.shutdown(wait=True, cancel_futures=True)


def processor_count() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Block Ctrl-C, also in the processes that are started meanwhile, until they have begun to ignore it themselves.

    A terminal sends it to all processes at once, and each of them would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
