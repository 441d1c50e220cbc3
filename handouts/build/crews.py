"""Those who do the orders: this process, one beside it, a pool of processes; a cluster is another (`cluster`).

All are executors of concurrent.futures. Processes are started from nothing, as on Windows, and before there is anything
to do: they get ready while content is read.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager, suppress
from typing import Protocol, TypeAlias

from msgspec import Struct

from handouts.build import rendering
from handouts.build.options import FEW, Options, request_key
from handouts.build.pools import end_pool, new_pool
from handouts.build.rendering import DECK, Base, Job, Result, draw_ahead, get_ready, pack, render_packed
from handouts.document.nodes import Document
from handouts.manifest.hashing import program_identity
from handouts.manifest.reading import read_manifest

MOST = 60  # processes: Windows cannot wait for more
MOST_READY = 4  # processes that are started before it is known how many there is work for


class Order(Struct, frozen=True):
    """A job with its base and its number in the plan."""

    number: int
    base: Base
    job: Job


Group: TypeAlias = tuple[Order, ...]
Results: TypeAlias = tuple[Result, ...]


class Crew(Protocol):
    """Workers: how many, and whether all fall with one that dies.

    So many groups are `ahead` for each of them, on their way or worked on, each of at most `most` orders of one base.
    """

    workers: int
    ahead: int
    most: int
    together: bool

    def submit(self, group: Group) -> Future[Results]:
        """Return what will be the results."""

    def died(self, problem: BaseException) -> bool:
        """True if a problem says that a worker died, and not that it found a mistake of ours."""

    def renew(self) -> None:
        """Make the crew whole again after a death."""

    def close(self, *, at_once: bool) -> None:
        """Let all workers go: `at_once`, or when they are done."""


class Here:
    """This process: each order is done when it is given."""

    workers, ahead, most, together = 1, 1, 1, False

    def submit(self, group: Group) -> Future[Results]:
        """Do the work, and return its result as a future that is done."""
        (order,) = group
        future: Future[Results] = Future()
        future.set_result((rendering.render_tidily(order.base, order.job),))
        return future

    def died(self, problem: BaseException) -> bool:  # noqa: ARG002
        """Nobody dies here but we."""
        return False

    def renew(self) -> None:
        """Nothing is broken."""

    def close(self, *, at_once: bool) -> None:
        """Nobody is to be let go."""


class Processes:
    """Processes on this machine, started from nothing on every system, so that they share nothing.

    For each, one order is worked on and one waits.
    """

    ahead, most, together = 2, 1, True

    def __init__(self, workers: int, *, copies: bool = False) -> None:
        self.workers = min(workers, MOST)
        self.pool = new_pool(self.workers)
        self.packing = Packing()
        self.begun: list[Document] = []
        with interrupts_held():
            for _ in range(min(workers, MOST_READY)):
                self.pool.submit(get_ready, copies=copies)

    def begin(self, base: Base) -> None:
        """Let a process draw the deck that will most likely be asked for: then it has only to be read back."""
        self.begun.append(base.document)
        with interrupts_held(), suppress(BrokenExecutor):  # who died is renewed when it is asked for
            self.pool.submit(draw_ahead, pack(base))

    def has_begun(self, document: Document, renderer: str) -> bool:
        """True if a process draws this already."""
        return renderer == DECK and any(each is document for each in self.begun)

    def submit(self, group: Group) -> Future[Results]:
        """Send orders to a process."""
        base = self.packing.packed(group[0].base)
        with interrupts_held():  # a process may be started now
            return self.pool.submit(render_packed, base, jobs_of(group), program_identity())

    def died(self, problem: BaseException) -> bool:
        """True if the pool broke."""
        return isinstance(problem, BrokenExecutor)

    def renew(self) -> None:
        """Start new processes."""
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.pool = new_pool(self.workers)

    def close(self, *, at_once: bool) -> None:  # noqa: ARG002
        """End the processes at once: what they have done is here, and they would take a while to take their leave."""
        end_pool(self.pool)
        self.pool.shutdown(wait=True, cancel_futures=True)


class Beside:
    """This process and one beside it, for few orders: some `read_svg_numbers` are done there, and the others here meanwhile."""

    workers, ahead, most, together = 2, FEW, 1, True

    def __init__(self, process: Processes, numbers: Collection[int]) -> None:
        self.process, self.here, self.numbers = process, Here(), numbers

    def submit(self, group: Group) -> Future[Results]:
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
def hired(options: Options) -> Iterator[Processes | None]:
    """Give processes that get ready for a build while content is read, and end them after it.

    None if this process does it alone, or if the same was built before: then few files are new.
    """
    there = processors()
    count = options.jobs or (there if options.recipients and there > 1 else min(2, there) - 1)
    alone = options.jobs == 1 or not count or options.cluster
    processes = None if alone or was_built(options) else Processes(count, copies=options.recipients is not None)
    try:
        yield processes
    finally:
        if processes is not None:
            processes.close(at_once=True)


def was_built(options: Options) -> bool:
    """True if the same was asked for before."""
    return not options.force and request_key(options) in read_manifest(options.output).runs


def crew_for(
    options: Options, numbers: Sequence[int], processes: Processes | None, begun: Collection[int] = ()
) -> Crew:
    """Return who makes what has these numbers, in this order: who is asked for, or as many as there is work for.

    A process beside goes on with what it has `begun`, or else makes the first half of few.
    """
    if options.cluster:
        from handouts.build.cluster import Cluster

        return Cluster(options.cluster, len(numbers))
    most = min(options.jobs or processors(), len(numbers))
    few = not options.jobs and len(numbers) <= FEW
    if processes is not None and begun and few:
        return Beside(processes, frozenset(begun))
    if most == 1 or (few and processes is None):
        return Here()
    if processes is None or (processes.workers < most and not few):
        return Processes(most)
    return Beside(processes, frozenset(numbers[: len(numbers) // 2])) if processes.workers == 1 else processes


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Packing:
    """Bases as they travel: each is packed once for all its copies, which come one after another."""

    def __init__(self) -> None:
        self.base: Base | None = None
        self.content = b""

    def packed(self, base: Base) -> bytes:
        """Return a base as it travels."""
        if base is not self.base:
            self.base, self.content = base, pack(base)
        return self.content


def jobs_of(group: Group) -> tuple[Job, ...]:
    """Return the jobs of orders."""
    return tuple(order.job for order in group)


@contextmanager
def interrupts_held() -> Iterator[None]:
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
