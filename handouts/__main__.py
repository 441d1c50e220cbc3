"""Run the command line with `python -m handouts`, without importing modules from the current folder.

Python searches that folder first, so a file `yaml.py` beside the content would replace the library. Therefore nothing,
not even `__future__`, is imported before the folder is off the path; nor does `handouts/__init__.py` import anything.
"""

import os
import sys


def remove_working_folder() -> None:
    """Remove the current folder from the module path; our own package is already loaded."""
    try:
        folder = os.getcwd()  # noqa: PTH109
    except OSError:  # it has been deleted, and nothing can be imported from it
        folder = ""
    sys.path[:] = [each for each in sys.path if each not in ("", folder)]


# The worker processes of a build may import this file again, and must not start a build themselves.
if __name__ == "__main__":
    remove_working_folder()
    from handouts.cli import command

    raise SystemExit(command())
