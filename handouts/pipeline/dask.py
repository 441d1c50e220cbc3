"""Run render tasks on a Dask cluster, reached by the address of its scheduler.

Only values are sent, and only to workers with the same versions of everything. Whoever can connect to the
scheduler can run code on its workers, so its address comes from the command line, never from content. The only
user of Dask.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from threading import Event, Lock, Thread
from typing import Any

from handouts.finding import Finding, HandoutError, Location, error
from handouts.pipeline.fingerprints import program_identity, program_versions
from handouts.pipeline.render import VERSION_HINT, failed_result, render_packed_jobs
from handouts.pipeline.tasks import GroupResults, InputPacker, TaskGroup, jobs_in_group

ANSWER_TIMEOUT = 10  # seconds in which a scheduler has to answer
MAX_MISSES = 3  # looks, two in that time, at which no worker was there: one that starts anew takes a while
MAX_GROUP_SIZE = 8  # orders that travel together
CLUSTER_OPTION = Location("--cluster")
VERBOSE_LOGGERS = ("distributed", "tornado", "asyncio")  # who would print what is going on beside


class DaskPool:
    """The workers of a cluster; one that dies costs those of others nothing.

    The way to them is long, and each sending costs a third of a copy: copies travel in small groups, unless there are
    too few of them for all workers. Dask waits for ever for a scheduler or for workers that are gone, so somebody looks
    after them: then all that is on its way, or comes later, ends with a finding.
    """

    ahead, together = 2, False

    def __init__(self, address: str, count: int) -> None:
        """Connect, for a `count` of orders.

        HandoutError if nobody answers, there are no workers, or one of them is another program.
        """
        from distributed import Client

        for name in [each for each in logging.root.manager.loggerDict if each.startswith(VERBOSE_LOGGERS)]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said by findings
        self.address = address
        try:
            asyncio.run(asyncio.wait_for(ping_scheduler(address), ANSWER_TIMEOUT))
            self.client = Client(address, timeout=ANSWER_TIMEOUT, set_as_default=False)
        except Exception as problem:
            raise HandoutError(unreachable_error(address)) from problem
        try:
            self.workers = self.checked()
        except BaseException:
            self.client.close()
            raise
        self.most = max(1, min(MAX_GROUP_SIZE, count // (self.workers * MAX_GROUP_SIZE)))
        self.executor = self.client.get_executor(pure=False, retries=0)
        self.packing = InputPacker()
        self.lock = Lock()
        self.flying: dict[Future[GroupResults], int] = {}
        self.gone: Finding | None = None
        self.closed = Event()
        Thread(target=self.look_after, daemon=True).start()

    def checked(self) -> int:
        """Return how many workers there are, after a look at whether all of them are what we are."""
        try:
            answers = self.client.run(program_versions, on_error="return")
        except (OSError, TimeoutError) as problem:
            raise HandoutError(unreachable_error(self.address)) from problem
        there = {worker: answer for worker, answer in sorted(answers.items()) if not isinstance(answer, OSError)}
        if not there:
            raise HandoutError(no_workers_error())
        ours = dict(program_versions())
        found = []
        for worker, theirs in there.items():
            for name, version in version_differences(ours, theirs):
                message = f"The worker {worker} has {name} {version}, and we have {ours.get(name, 'none')}."
                found.append(error("other-program", message, CLUSTER_OPTION, VERSION_HINT))
        if found:
            raise HandoutError(*found)
        return len(there)

    def submit(self, group: TaskGroup) -> Future[GroupResults]:
        """Send orders to a worker, with their base: what all workers were given before could be lost with one."""
        promise: Future[GroupResults] = Future()
        with self.lock:
            gone = self.gone
            if gone is None:
                self.flying[promise] = len(group)
        if gone is not None:
            promise.set_result((failed_result(gone),) * len(group))
            return promise
        base = self.packing.packed(group[0].base)
        try:
            sent = self.executor.submit(render_packed_jobs, base, jobs_in_group(group), program_identity())
        except Exception:
            if self.connected:
                raise
            self.give_up(unreachable_error(self.address))
        else:
            sent.add_done_callback(partial(self.land, promise))
        return promise

    def land(self, promise: Future[GroupResults], sent: Future[GroupResults]) -> None:
        """Keep a promise, unless it was given up."""
        problem = CancelledError() if sent.cancelled() else sent.exception()
        if problem is not None and not self.connected:
            self.give_up(unreachable_error(self.address))
        with self.lock:
            awaited = self.flying.pop(promise, None) is not None
        if awaited and problem is None:
            promise.set_result(sent.result())
        elif awaited:
            promise.set_exception(problem)

    def look_after(self) -> None:
        """Look now and then whether the scheduler answers and has workers, until all is done."""
        missing = 0
        while not self.closed.wait(ANSWER_TIMEOUT / 2):
            try:
                workers = self.client.sync(self.client.scheduler.ncores, callback_timeout=ANSWER_TIMEOUT)
            except Exception:  # whatever it is, nobody can be reached
                self.give_up(unreachable_error(self.address))
                return
            missing = 0 if workers else missing + 1
            if missing == MAX_MISSES:
                self.give_up(no_workers_error())
                return

    def give_up(self, found: Finding) -> None:
        """End all that is on its way, and all that comes later, with a finding."""
        with self.lock:
            self.gone = self.gone or found
            flying = dict(self.flying)
            self.flying.clear()
        for promise, count in flying.items():
            promise.set_result((failed_result(self.gone),) * count)

    @property
    def connected(self) -> bool:
        """True if the scheduler is there, as far as is known."""
        return bool(self.client.status == "running")

    def died(self, problem: BaseException) -> bool:
        """True if a worker or the way to it is gone."""
        from distributed import KilledWorker

        return isinstance(problem, (KilledWorker, CancelledError, asyncio.CancelledError, OSError, TimeoutError))

    def renew(self) -> None:
        """The scheduler looks after its workers."""

    def close(self, *, at_once: bool) -> None:
        """Let go of the cluster; what was asked for and is not done is forgotten."""
        self.closed.set()
        if at_once:
            self.executor.shutdown(wait=False)
        with suppress(OSError, TimeoutError):  # it is let go of in any case
            self.client.close()


async def ping_scheduler(address: str) -> None:
    """Ask a scheduler who it is: whoever takes a call and says nothing would let a client wait for ever."""
    from distributed import Security
    from distributed.core import rpc

    async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
        await scheduler.identity()


def unreachable_error(address: str) -> Finding:
    """Return the finding for a scheduler that does not answer, or not any more."""
    message = f"No scheduler answers at '{address}'."
    hint = "start one with: dask scheduler; or build without --cluster"
    return error("no-cluster", message, CLUSTER_OPTION, hint)


def no_workers_error() -> Finding:
    """Return the finding for a scheduler without workers."""
    hint = "start one with: dask worker ADDRESS --nthreads 1"
    return error("no-cluster", "The cluster has no workers.", CLUSTER_OPTION, hint)


def version_differences(ours: dict[str, str], theirs: Any) -> list[tuple[str, str]]:
    """Return what a worker has in another version than we, with its version; an answer that is none tells all."""
    if not isinstance(theirs, dict):
        return [("handouts", "another version, or none")]
    return [(name, theirs.get(name, "none")) for name in ours if theirs.get(name) != ours[name]]
