"""`python -m handouts`: the same as the command `handouts`. No module that lies in the working folder is run.

Python looks into that folder first for every module: `yaml.py` beside the content would be run in place of the library.
This file imports nothing before that is put right, not even `__future__`, nor does the package above it.
"""

import os
import sys


def leave_out_working_folder() -> None:
    """Take the working folder off the path of modules; our own package is found without it, as it is loaded."""
    try:
        folder = os.getcwd()  # noqa: PTH109
    except OSError:  # it is gone, and nothing can be imported from it
        folder = ""
    sys.path[:] = [each for each in sys.path if each not in ("", folder)]


# A worker process of a build may import this file again, and must not start a build of its own.
if __name__ == "__main__":
    leave_out_working_folder()
    from handouts.cli import command

    raise SystemExit(command())
