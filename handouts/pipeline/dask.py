"""Run batches on a Dask cluster, reached by the address of its scheduler.

Sends only values, and only to workers with the same versions of everything. Workers need not share a disk with this
machine: they return the bytes of finished files. Whoever can connect to the scheduler can run code on its workers, so
its address comes from the command line, never from content. The only user of Dask.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any

from distributed import Client, KilledWorker

from handouts.finding import Finding, HandoutError, Location, error, raise_errors
from handouts.pipeline.fingerprints import program_versions
from handouts.pipeline.render import VERSION_HINT, RenderBatch, render_in_worker

_ANSWER_TIMEOUT = 10  # seconds in which a scheduler has to answer
_MAX_MISSES = 3  # checks in a row that find no worker: one that restarts takes a while
_CLUSTER_OPTION = Location("--cluster")
_VERBOSE_LOGGERS = ("distributed", "tornado", "asyncio")  # findings report what matters of their messages


class ClusterWorkers:
    """The workers of a cluster; when one dies, the others go on, and the scheduler replaces it."""

    crashes: tuple[type[BaseException], ...] = (
        KilledWorker,
        CancelledError,
        asyncio.CancelledError,
        OSError,
        TimeoutError,
    )
    fails_together: bool = False

    def __init__(self, address: str) -> None:
        """Connect to a scheduler. HandoutError if none answers, or if a worker has other versions."""
        for name in [each for each in logging.root.manager.loggerDict if each.startswith(_VERBOSE_LOGGERS)]:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._address = address
        try:
            asyncio.run(asyncio.wait_for(ping_scheduler(address), _ANSWER_TIMEOUT))
            self._client = Client(address, timeout=_ANSWER_TIMEOUT, set_as_default=False)
        except Exception as problem:
            raise HandoutError(_unreachable_error(address)) from problem
        try:
            self.size = self._count_workers()
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False, retries=0)
        self._misses = 0

    def _count_workers(self) -> int:
        """Return the number of workers. HandoutError if there is none, or if one has other versions."""
        try:
            answers = self._client.run(program_versions, on_error="return")
        except (OSError, TimeoutError) as problem:
            raise HandoutError(_unreachable_error(self._address)) from problem
        there = {worker: answer for worker, answer in sorted(answers.items()) if not isinstance(answer, OSError)}
        if not there:
            raise HandoutError(_no_workers_error())
        ours = dict(program_versions())
        found = []
        for worker, theirs in there.items():
            for name, version in _version_differences(ours, theirs):
                message = f"The worker {worker} has {name} {version}, and we have {ours.get(name, 'none')}."
                found.append(error("other-program", message, _CLUSTER_OPTION, VERSION_HINT))
        raise_errors(found)
        return len(there)

    def submit(self, batch: RenderBatch) -> Future[bytes | str]:
        """Send a batch with everything that it needs: what was sent to a worker before would be lost with it."""
        sent: Future[bytes | str] = self._executor.submit(render_in_worker, batch)
        return sent

    def restart(self) -> None:
        """Do nothing, as the scheduler replaces a worker itself."""

    def find_outage(self) -> Finding | None:
        """Return an error if the scheduler does not answer, or has had no workers for a while: Dask would wait."""
        if self._client.status != "running":
            return _unreachable_error(self._address)
        try:
            cores = self._client.sync(self._client.scheduler.ncores, callback_timeout=_ANSWER_TIMEOUT)
        except Exception:  # whatever went wrong, the scheduler cannot be reached
            return _unreachable_error(self._address)
        self._misses = 0 if cores else self._misses + 1
        return _no_workers_error() if self._misses >= _MAX_MISSES else None

    def close(self) -> None:
        """Leave the cluster, and drop the batches that are not done."""
        with suppress(OSError, TimeoutError):
            self._executor.shutdown(wait=False)
            self._client.close()


async def ping_scheduler(address: str) -> None:
    """Ask a scheduler to identify itself: a client would wait for ever for a server that accepts and never answers."""
    from distributed import Security
    from distributed.core import rpc

    async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
        await scheduler.identity()


def _unreachable_error(address: str) -> Finding:
    """Return the error for a scheduler that does not answer, or has stopped answering."""
    message = f"No scheduler answers at '{address}'."
    hint = "start one with: dask scheduler; or build without --cluster"
    return error("no-cluster", message, _CLUSTER_OPTION, hint)


def _no_workers_error() -> Finding:
    """Return the error for a scheduler without workers."""
    hint = "start one with: dask worker ADDRESS --nthreads 1"
    return error("no-cluster", "The cluster has no workers.", _CLUSTER_OPTION, hint)


def _version_differences(ours: dict[str, str], theirs: Any) -> list[tuple[str, str]]:
    """Return each component that a worker has in another version than this machine, with that version."""
    if not isinstance(theirs, dict):
        return [("handouts", "another version, or none")]
    return [(name, theirs.get(name, "none")) for name in ours if theirs.get(name) != ours[name]]
