"""`python -m handouts`: the same as the command `handouts`."""

from __future__ import annotations

from handouts.cli import command

# A worker process of a build imports this file again, and must not start a build of its own.
if __name__ == "__main__":
    raise SystemExit(command())
