"""The first code that a worker process runs: load the package from the folder of the program that started it.

Run as a file by `pipeline.workers`, before anything of the package is imported.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def load_package() -> None:
    """Load our package from the folder above this file, for all that is imported from now on."""
    spec = spec_from_file_location(PACKAGE.name, PACKAGE / "__init__.py")
    assert spec and spec.loader  # noqa: PT018, S101
    sys.modules[PACKAGE.name] = package = module_from_spec(spec)
    spec.loader.exec_module(package)


if __name__ == "__main__":
    load_package()
    from handouts.pipeline.workers import initialise_worker

    initialise_worker()
