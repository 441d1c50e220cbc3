"""Run render tasks on a worker pool, and retry each task once whose worker crashed.

Takes tasks and a `WorkerPool`; yields every task with its result as soon as it is done, with a few tasks for
each worker under way. Must never know whether the workers are processes here or a cluster.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Protocol, TypeAlias

from handouts.finding import error
from handouts.pipeline.render import (
    RenderJob,
    RenderResult,
    RenderTask,
    SharedInput,
    failed_result,
    pack_input,
)

TaskGroup: TypeAlias = tuple[RenderTask, ...]

GroupResults: TypeAlias = tuple[RenderResult, ...]

FinishedTask: TypeAlias = tuple[RenderTask, RenderResult]


def run_tasks(orders: Iterable[RenderTask], crew: WorkerPool) -> Generator[FinishedTask, None, None]:
    """Yield each order with its result, as they are done; whatever ends this early also ends the workers."""
    at_once = True
    flying: dict[Future[GroupResults], TaskGroup] = {}
    try:
        for group in group_tasks(orders, crew.most):
            flying[submit_group(group, crew)] = group
            if len(flying) >= crew.workers * crew.ahead or any(each.done() for each in flying):
                yield from collect_finished(flying, crew)
        while flying:
            yield from collect_finished(flying, crew)
        at_once = False
    finally:
        crew.close(at_once=at_once)


def group_tasks(orders: Iterable[RenderTask], most: int) -> Iterator[TaskGroup]:
    """Yield orders in groups of at most so many, all of one base."""
    group: list[RenderTask] = []
    for order in orders:
        if group and (len(group) == most or order.base is not group[0].base):
            yield tuple(group)
            group.clear()
        group.append(order)
    if group:
        yield tuple(group)


def submit_group(group: TaskGroup, crew: WorkerPool) -> Future[GroupResults]:
    """Return what will be the results, or what says why nobody could take the orders."""
    try:
        return crew.submit(group)
    except Exception as problem:
        if not crew.died(problem):
            raise
        future: Future[GroupResults] = Future()
        future.set_exception(problem)
        return future


def collect_finished(flying: dict[Future[GroupResults], TaskGroup], crew: WorkerPool) -> Iterator[FinishedTask]:
    """Yield what is done of what is on its way: at least one.

    After a death, everything that fell with it is done again one by one, which shows what is deadly.
    """
    finished, _ = wait(flying, return_when=FIRST_COMPLETED)
    fallen: list[RenderTask] = []
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
        yield order, retry_task(order, crew)


def retry_task(order: RenderTask, crew: WorkerPool) -> RenderResult:
    """Return the result of an order whose worker died, or that it died again."""
    try:
        (result,) = submit_group((order,), crew).result()
        return result
    except BaseException as problem:
        if not crew.died(problem):
            raise
    crew.renew()
    message = "The process that made this file was ended from outside, twice."
    hint = "see whether there is enough memory; run it again with fewer processes: --jobs 1"
    return failed_result(error("worker-died", message, hint=hint))


class WorkerPool(Protocol):
    """Workers: how many, and whether all fall with one that dies.

    So many groups are `ahead` for each of them, on their way or worked on, each of at most `most` orders of one base.
    """

    workers: int
    ahead: int
    most: int
    together: bool

    def submit(self, group: TaskGroup) -> Future[GroupResults]:
        """Return what will be the results."""

    def died(self, problem: BaseException) -> bool:
        """True if a problem says that a worker died, and not that it found a mistake of ours."""

    def renew(self) -> None:
        """Make the crew whole again after a death."""

    def close(self, *, at_once: bool) -> None:
        """Let all workers go: `at_once`, or when they are done."""


class InputPacker:
    """Bases as they travel: each is packed once for all its copies, which come one after another."""

    def __init__(self) -> None:
        self.base: SharedInput | None = None
        self.content = b""

    def packed(self, base: SharedInput) -> bytes:
        """Return a base as it travels."""
        if base is not self.base:
            self.base, self.content = base, pack_input(base)
        return self.content


def jobs_in_group(group: TaskGroup) -> tuple[RenderJob, ...]:
    """Return the jobs of orders."""
    return tuple(order.job for order in group)
