"""Run the command line with `python -m handouts`, and never a module that lies in the working folder.

Python searches that folder first: a file `yaml.py` beside the content would replace the library. So nothing is
imported before the folder is off the path, not even `__future__`, and `handouts/__init__.py` imports nothing
either.
"""

import os
import sys


def remove_working_folder() -> None:
    """Take the working folder off the path of modules; our own package is found without it, as it is loaded."""
    try:
        folder = os.getcwd()  # noqa: PTH109
    except OSError:  # it is gone, and nothing can be imported from it
        folder = ""
    sys.path[:] = [each for each in sys.path if each not in ("", folder)]


# A worker process of a build may import this file again, and must not start a build of its own.
if __name__ == "__main__":
    remove_working_folder()
    from handouts.cli import command

    raise SystemExit(command())
