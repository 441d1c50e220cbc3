"""The first code that a worker process runs: it loads the package, so that `render.render_in_worker` can be called.

Run as a file by `pipeline.workers` before anything of the package is imported, as the folder of the program need not be
on the search path.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread


def _load_package() -> None:
    """Load the package from the folder above this file, for all later imports."""
    package = Path(__file__).parents[1]
    spec = spec_from_file_location(package.name, package / "__init__.py")
    assert spec and spec.loader  # noqa: PT018, S101
    sys.modules[package.name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


def _exit_with_parent() -> None:
    """Wait until the parent process has ended, then exit: if the parent is killed, there is no other sign of it."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one, which ends it
    Thread(target=_exit_with_parent, daemon=True).start()
    _load_package()
