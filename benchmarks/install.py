"""Measures the installed size of the program by library, without pip.

    python benchmarks/install.py

Creates a temporary virtual environment, and installs the project into it with pip.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path

from timing import ROOT, print_line

NOT_COUNTED = {"pip", "setuptools", "wheel", "_distutils_hack", "pkg_resources"}
SHOWN = 15


def main() -> None:
    """Install the project, and print the largest libraries with their sizes in MB."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "Scripts" if sys.platform == "win32" else "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-compile", ROOT], check=True)  # noqa: S603
        (packages,) = Path(folder).glob("[Ll]ib/**/site-packages")
        sizes: Counter[str] = Counter()
        for path in packages.rglob("*"):
            top = path.relative_to(packages).parts[0]
            if path.is_file() and top.split("-")[0] not in NOT_COUNTED and "__pycache__" not in path.parts:
                sizes[top] += path.stat().st_size
    for name, size in sizes.most_common(SHOWN):
        print_line(f"{name:40} {size / 1e6:7.1f} MB")
    print_line(f"{'all, without pip and bytecode':40} {sum(sizes.values()) / 1e6:7.1f} MB (aim 100, must 120)")


if __name__ == "__main__":
    main()
