"""Processes that start from nothing, as on Windows: they leave Ctrl-C to whoever started them, and end with them.

A process that dies ends its pool, at whatever moment. The only module that reaches into concurrent.futures' pools.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

WORKER = Path(__file__).with_name("worker.py")
LAG = 1.0  # seconds after which a pool has noticed that a process died


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
        initargs=(str(WORKER), None, "__main__"),
    )
    Thread(target=look_after, args=(pool,), daemon=True).start()
    return pool


def look_after(pool: ProcessPoolExecutor) -> None:
    """End a pool of which a process died while it handed over a file, as its reader waits for the rest for ever.

    A death at any other moment it notices by itself.
    """
    from multiprocessing.connection import wait

    while not pool._broken and (processes := pool._processes) is not None:  # noqa: SLF001
        there = [each.sentinel for each in list(processes.values())]
        if not there:
            time.sleep(LAG)
        elif wait(there, LAG):
            time.sleep(LAG)
            if not pool._broken:  # noqa: SLF001
                end_pool(pool)
                return


def end_pool(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool, and let its reader see that nothing comes any more."""
    with pool._shutdown_lock:  # noqa: SLF001
        processes, results = list((pool._processes or {}).values()), pool._result_queue  # noqa: SLF001
        if processes and results is not None:
            pool._broken = True  # noqa: SLF001
            for each in processes:
                each.terminate()
            results._writer.close()  # type: ignore[attr-defined]  # noqa: SLF001


def begin_work() -> None:
    """Leave Ctrl-C to whoever started this process, end with them, and tidy up between files, not while one is made."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    gc.disable()


def end_with_parent() -> None:
    """Wait until whoever started this process has ended, and end it: killed from outside, they cannot say so."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
