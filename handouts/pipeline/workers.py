"""The worker pools of this machine: the process itself, one more process, or one for each processor.

Processes are spawned, not forked, on every system, and start while content is still read. They ignore Ctrl-C
and end with the process that started them. The only module that reaches into the pools of concurrent.futures.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from handouts.document.nodes import Document
from handouts.pipeline import render as rendering
from handouts.pipeline.fingerprints import program_identity
from handouts.pipeline.manifest import read_manifest
from handouts.pipeline.options import FEW_FILES, Options, request_key
from handouts.pipeline.render import (
    DECK_RENDERER,
    SharedInput,
    import_renderers,
    pack_input,
    predraw_deck,
    render_packed_jobs,
)
from handouts.pipeline.tasks import GroupResults, InputPacker, TaskGroup, WorkerPool, jobs_in_group

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


WORKER_FILE = Path(__file__).with_name("worker.py")
WATCH_INTERVAL = 1.0  # seconds after which a pool has noticed that a process died


def new_pool(workers: int) -> ProcessPoolExecutor:
    """Return processes that leave Ctrl-C to us, and run our program and no module of the working folder."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context
    from runpy import run_path

    os.environ["PYTHONSAFEPATH"] = "1"
    pool = ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=run_path,
        initargs=(str(WORKER_FILE), None, "__main__"),
    )
    Thread(target=watch_pool, args=(pool,), daemon=True).start()
    return pool


def watch_pool(pool: ProcessPoolExecutor) -> None:
    """End a pool of which a process died while it handed over a file, as its reader waits for the rest for ever.

    A death at any other moment it notices by itself.
    """
    from multiprocessing.connection import wait

    while not pool._broken and (processes := pool._processes) is not None:  # noqa: SLF001
        there = [each.sentinel for each in list(processes.values())]
        if not there:
            time.sleep(WATCH_INTERVAL)
        elif wait(there, WATCH_INTERVAL):
            time.sleep(WATCH_INTERVAL)
            if not pool._broken:  # noqa: SLF001
                terminate_pool(pool)
                return


def terminate_pool(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool, and let its reader see that nothing comes any more."""
    with pool._shutdown_lock:  # noqa: SLF001
        processes, results = list((pool._processes or {}).values()), pool._result_queue  # noqa: SLF001
        if processes and results is not None:
            pool._broken = True  # noqa: SLF001
            for each in processes:
                each.terminate()
            results._writer.close()  # type: ignore[attr-defined]  # noqa: SLF001


def initialise_worker() -> None:
    """Leave Ctrl-C to whoever started this process, end with them, and tidy up between files, not while one is made."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=exit_with_parent, daemon=True).start()
    gc.disable()


def exit_with_parent() -> None:
    """Wait until whoever started this process has ended, and end it: killed from outside, they cannot say so."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


MAX_PROCESSES = 60  # processes: Windows cannot wait for more
MAX_EARLY_PROCESSES = 4  # processes that are started before it is known how many there is work for


class InlinePool:
    """This process: each order is done when it is given."""

    workers, ahead, most, together = 1, 1, 1, False

    def submit(self, group: TaskGroup) -> Future[GroupResults]:
        """Do the work, and return its result as a future that is done."""
        (order,) = group
        future: Future[GroupResults] = Future()
        future.set_result((rendering.render_and_collect(order.base, order.job),))
        return future

    def died(self, problem: BaseException) -> bool:  # noqa: ARG002
        """Nobody dies here but we."""
        return False

    def renew(self) -> None:
        """Nothing is broken."""

    def close(self, *, at_once: bool) -> None:
        """Nobody is to be let go."""


class ProcessPool:
    """Processes on this machine, started from nothing on every system, so that they share nothing.

    For each, one order is worked on and one waits.
    """

    ahead, most, together = 2, 1, True

    def __init__(self, workers: int, *, copies: bool = False) -> None:
        self.workers = min(workers, MAX_PROCESSES)
        self.pool = new_pool(self.workers)
        self.packing = InputPacker()
        self.begun: list[Document] = []
        with block_interrupts():
            for _ in range(min(workers, MAX_EARLY_PROCESSES)):
                self.pool.submit(import_renderers, copies=copies)

    def begin(self, base: SharedInput) -> None:
        """Let a process draw the deck that will most likely be asked for: then it has only to be read back."""
        self.begun.append(base.document)
        with block_interrupts(), suppress(BrokenExecutor):  # who died is renewed when it is asked for
            self.pool.submit(predraw_deck, pack_input(base))

    def has_begun(self, document: Document, renderer: str) -> bool:
        """True if a process draws this already."""
        return renderer == DECK_RENDERER and any(each is document for each in self.begun)

    def submit(self, group: TaskGroup) -> Future[GroupResults]:
        """Send orders to a process."""
        base = self.packing.packed(group[0].base)
        with block_interrupts():  # a process may be started now
            return self.pool.submit(render_packed_jobs, base, jobs_in_group(group), program_identity())

    def died(self, problem: BaseException) -> bool:
        """True if the pool broke."""
        return isinstance(problem, BrokenExecutor)

    def renew(self) -> None:
        """Start new processes."""
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.pool = new_pool(self.workers)

    def close(self, *, at_once: bool) -> None:  # noqa: ARG002
        """End the processes at once: what they have done is here, and they would take a while to take their leave."""
        terminate_pool(self.pool)
        self.pool.shutdown(wait=True, cancel_futures=True)


class SplitPool:
    """This process and one beside it, for few orders: some `numbers` are done there, and the others here meanwhile."""

    workers, ahead, most, together = 2, FEW_FILES, 1, True

    def __init__(self, process: ProcessPool, numbers: Collection[int]) -> None:
        self.process, self.here, self.numbers = process, InlinePool(), numbers

    def submit(self, group: TaskGroup) -> Future[GroupResults]:
        """Send an order to the process, or do it."""
        return (self.process if group[0].number in self.numbers else self.here).submit(group)

    def died(self, problem: BaseException) -> bool:
        """True if the process died."""
        return self.process.died(problem)

    def renew(self) -> None:
        """Start a new process."""
        self.process.renew()

    def close(self, *, at_once: bool) -> None:
        """End the process."""
        self.process.close(at_once=at_once)


@contextmanager
def start_processes(options: Options) -> Iterator[ProcessPool | None]:
    """Give processes that get ready for a build while content is read, and end them after it.

    None if this process does it alone, or if the same was built before: then few files are new.
    """
    there = processor_count()
    count = options.jobs or (there if options.recipients and there > 1 else min(2, there) - 1)
    alone = options.jobs == 1 or not count or options.cluster
    processes = (
        None if alone or was_built_before(options) else ProcessPool(count, copies=options.recipients is not None)
    )
    try:
        yield processes
    finally:
        if processes is not None:
            processes.close(at_once=True)


def was_built_before(options: Options) -> bool:
    """True if the same was asked for before."""
    return not options.force and request_key(options) in read_manifest(options.output).runs


def choose_pool(
    options: Options, numbers: Sequence[int], processes: ProcessPool | None, begun: Collection[int] = ()
) -> WorkerPool:
    """Return who makes what has these numbers, in this order: who is asked for, or as many as there is work for.

    A process beside goes on with what it has `begun`, or else makes the first half of few.
    """
    if options.cluster:
        from handouts.pipeline.dask import DaskPool

        return DaskPool(options.cluster, len(numbers))
    most = min(options.jobs or processor_count(), len(numbers))
    few = not options.jobs and len(numbers) <= FEW_FILES
    if processes is not None and begun and few:
        return SplitPool(processes, frozenset(begun))
    if most == 1 or (few and processes is None):
        return InlinePool()
    if processes is None or (processes.workers < most and not few):
        return ProcessPool(most)
    return SplitPool(processes, frozenset(numbers[: len(numbers) // 2])) if processes.workers == 1 else processes


def processor_count() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def block_interrupts() -> Iterator[None]:
    """Hold back Ctrl-C: processes that start meanwhile never see one, even before they could say that they ignore it.

    A terminal sends it to all of them at once, and each would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
