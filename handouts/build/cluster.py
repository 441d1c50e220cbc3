"""A Dask cluster as a crew: workers on this machine or on others, reached by the address of their scheduler.

Only values travel. Whoever may connect to the scheduler may run code on its workers, so it is named by the person who
builds, and by nothing in content. The only user of Dask.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import CancelledError, Future
from typing import Any

from handouts.build.crews import Group, Results, jobs_of
from handouts.build.rendering import OTHER, Base, pack, render_packed
from handouts.finding import HandoutError, Span, error
from handouts.manifest import program_identity, program_versions

PATIENCE = "10s"
MOST = 4  # orders that travel together
PLACE = Span("--cluster")


class Cluster:
    """The workers of a cluster; one that dies costs those of others nothing.

    The way to them is long, and each sending costs a third of a copy: copies travel in small groups, unless there are
    too few of them for all workers.
    """

    ahead, together = 2, False

    def __init__(self, address: str, count: int) -> None:
        """Connect, for a `count` of orders.

        HandoutError if nobody answers, there are no workers, or one of them is another program.
        """
        from distributed import Client

        for name in [each for each in logging.root.manager.loggerDict if each.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said by findings
        try:
            self.client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as problem:
            message = f"No scheduler answers at '{address}'."
            hint = "start one with: dask scheduler; or build without --cluster"
            raise HandoutError(error("no-cluster", message, PLACE, hint)) from problem
        try:
            self.workers = self.checked()
        except BaseException:
            self.client.close()
            raise
        self.most = max(1, min(MOST, count // (self.workers * MOST)))
        self.executor = self.client.get_executor(pure=False, retries=0)
        self.base: Base | None = None
        self.spread: Any = None

    def checked(self) -> int:
        """Return how many workers there are, after a look at whether all of them are what we are."""
        if not self.client.scheduler_info()["workers"]:
            hint = "start one with: dask worker ADDRESS --nthreads 1"
            raise HandoutError(error("no-cluster", "The cluster has no workers.", PLACE, hint))
        ours = dict(program_versions())
        found = []
        answers = self.client.run(program_versions, on_error="return")
        for worker, theirs in sorted(answers.items()):
            for name, version in difference(ours, theirs):
                message = f"The worker {worker} has {name} {version}, and we have {ours.get(name, 'none')}."
                found.append(error("other-program", message, PLACE, OTHER))
        if found:
            raise HandoutError(*found)
        return len(answers)

    def submit(self, group: Group) -> Future[Results]:
        """Send orders to a worker; their base is there already, as all workers get each base once."""
        base = group[0].base
        if base is not self.base:
            self.base, self.spread = base, self.client.scatter(pack(base), broadcast=True, hash=False)
        future: Future[Results] = self.executor.submit(render_packed, self.spread, jobs_of(group), program_identity())
        return future

    def died(self, problem: BaseException) -> bool:
        """True if a worker or the way to it is gone."""
        from distributed import KilledWorker

        return isinstance(problem, (KilledWorker, CancelledError, asyncio.CancelledError, OSError, TimeoutError))

    def renew(self) -> None:
        """The scheduler looks after its workers; a base may have gone with the last that had it."""
        self.base = None

    def close(self, *, at_once: bool) -> None:
        """Let go of the cluster; what was asked for and is not done is forgotten."""
        self.executor.shutdown(wait=not at_once)
        self.client.close()


def difference(ours: dict[str, str], theirs: Any) -> list[tuple[str, str]]:
    """Return what a worker has in another version than we, with its version; an answer that is none tells all."""
    if not isinstance(theirs, dict):
        return [("handouts", "another version, or none")]
    return [(name, theirs.get(name, "none")) for name in ours if theirs.get(name) != ours[name]]
