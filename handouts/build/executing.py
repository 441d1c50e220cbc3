"""Orders in, results out as they are done: in this process, in a pool of processes, or on a cluster.

All three are executors of concurrent.futures. Never more orders are on their way than a few for each worker, so memory
does not grow with their number. A worker that dies costs what it worked on one more try, and nothing else.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct

from handouts.build import rendering
from handouts.build.rendering import Base, Job, Result, pack, render_packed
from handouts.document import Rendered
from handouts.finding import error
from handouts.manifest import program_identity

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


class Order(Struct, frozen=True):
    """A job with its base and its number in the plan."""

    number: int
    base: Base
    job: Job


Group: TypeAlias = tuple[Order, ...]
Results: TypeAlias = tuple[Result, ...]
Finished: TypeAlias = tuple[Order, Result]


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
        future.set_result((rendering.render(order.base, order.job),))
        if order.job.recipient:  # there may be thousands of copies
            rendering.tidy()
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

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.pool = new_pool(workers)
        self.packing = Packing()

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

    def close(self, *, at_once: bool) -> None:
        """End the processes."""
        processes = list((self.pool._processes or {}).values()) if at_once else []  # noqa: SLF001
        for process in processes:
            process.terminate()
        self.pool.shutdown(wait=True, cancel_futures=True)


def new_pool(workers: int) -> ProcessPoolExecutor:
    """Return processes that leave Ctrl-C to us."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=begin_work,
    )


def begin_work() -> None:
    """Leave Ctrl-C to whoever started this process, and tidy up between files, not while one is made."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


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


def do_all(orders: Iterable[Order], crew: Crew) -> Generator[Finished, None, None]:
    """Yield each order with its result, as they are done; whatever ends this early also ends the workers."""
    at_once = True
    flying: dict[Future[Results], Group] = {}
    try:
        for group in grouped(orders, crew.most):
            flying[sent(group, crew)] = group
            if len(flying) >= crew.workers * crew.ahead:
                yield from landed(flying, crew)
        while flying:
            yield from landed(flying, crew)
        at_once = False
    finally:
        crew.close(at_once=at_once)


def grouped(orders: Iterable[Order], most: int) -> Iterator[Group]:
    """Yield orders in groups of at most so many, all of one base."""
    group: list[Order] = []
    for order in orders:
        if group and (len(group) == most or order.base is not group[0].base):
            yield tuple(group)
            group.clear()
        group.append(order)
    if group:
        yield tuple(group)


def jobs_of(group: Group) -> tuple[Job, ...]:
    """Return the jobs of orders."""
    return tuple(order.job for order in group)


def sent(group: Group, crew: Crew) -> Future[Results]:
    """Return what will be the results, or what says why nobody could take the orders."""
    try:
        return crew.submit(group)
    except Exception as problem:
        if not crew.died(problem):
            raise
        future: Future[Results] = Future()
        future.set_exception(problem)
        return future


def landed(flying: dict[Future[Results], Group], crew: Crew) -> Iterator[Finished]:
    """Yield what is done of what is on its way: at least one.

    After a death, everything that fell with it is done again one by one, which shows what is deadly.
    """
    finished, _ = wait(flying, return_when=FIRST_COMPLETED)
    fallen: list[Order] = []
    for future in finished:
        group = flying.pop(future)
        problem = future.exception()
        if problem is None:
            yield from zip(group, future.result(), strict=True)
        elif crew.died(problem):
            fallen.extend(group)
        else:
            raise problem
    if fallen and crew.together:
        fallen.extend(order for group in flying.values() for order in group)
        flying.clear()
    if fallen:
        crew.renew()
    for order in sorted(fallen, key=lambda each: each.number):
        yield order, once_more(order, crew)


def once_more(order: Order, crew: Crew) -> Result:
    """Return the result of an order whose worker died, or that it died again."""
    try:
        (result,) = sent((order,), crew).result()
        return result
    except BaseException as problem:
        if not crew.died(problem):
            raise
    crew.renew()
    message = "The process that made this file was ended from outside, twice."
    hint = "see whether there is enough memory; run it again with fewer processes: --jobs 1"
    return Result(Rendered(b"", 0, (error("worker-died", message, hint=hint),)), 0.0)


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
