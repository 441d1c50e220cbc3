"""Builds that the page asks for: each is the command `handouts build` in a process of its own.

So a build blocks no page, ends when it is told to, and makes what the command makes. It tells with `--json` what became
of each file. Recipients are kept in a folder of the system that only the user can read, and gone when the server ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from msgspec import Struct, field

from handouts.finding import HandoutError, Location, error
from handouts.load.recipients import read_recipients
from handouts.pipeline.output import write_private

_MOST_ROWS = 5  # of recipients, to look at
_TABLE_ENDINGS = (".xlsx", ".csv")
_SHOWN_FIELDS = ("name", "phone", "address", "hours")


def _environment() -> dict[str, str]:
    """Return the environment of a build, in which this very program is found."""
    folders = (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", ""))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, folders))}


class BuildWish(Struct, frozen=True, forbid_unknown_fields=True):
    """What to build; what is empty is all that there is, or as usual."""

    topic: str = ""
    audiences: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    minutes: tuple[int, ...] = ()
    recipients: str = ""


class _Job(Struct, eq=False):
    """One build: its process, how far it is, the files that it made, and what was found."""

    process: subprocess.Popen[bytes]
    began: float
    done: int = 0
    total: int = 0
    state: str = "running"
    files: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)


class Jobs:
    """The builds of one project, one after another. `tell` gets how far each is, in a thread of the build."""

    def __init__(self, home: Path, output: Path, tell: Callable[[Mapping[str, object]], None]) -> None:
        self._home = home
        self._output = output
        self._tell = tell
        self._lock = Lock()
        self._jobs: dict[str, _Job] = {}
        self._private = tempfile.TemporaryDirectory(prefix="handouts-", ignore_cleanup_errors=True)
        self._tables: dict[str, Path] = {}

    def start(self, wish: BuildWish) -> str:
        """Start a build, and return its name. HandoutError if one is at work."""
        with self._lock:
            if any(each.state == "running" for each in self._jobs.values()):
                hint = "wait until it has ended, or cancel it"
                raise HandoutError(error("locked", "Files are being made already.", Location("build"), hint))
            # With -P, no file of the folder in which this runs is taken for a module.
            words = [sys.executable, "-P", "-m", "handouts", "build", "--json", *self._arguments(wish)]
            process = subprocess.Popen(  # noqa: S603 - our own command, in which each value stands behind --name=
                words,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            name = f"{len(self._jobs) + 1}"
            job = self._jobs[name] = _Job(process, time.monotonic())
        Thread(target=self._follow, args=(name, job), name="handouts-build", daemon=True).start()
        return name

    def _arguments(self, wish: BuildWish) -> Iterator[str]:
        """Yield the options of the command. A value is never taken for an option, and none names a path."""
        yield from (f"--project={self._home}", f"--output={self._output}")
        choices = {
            "audience": wish.audiences,
            "format": wish.formats,
            "template": wish.templates,
            "edition": wish.editions,
            "paper": wish.papers,
            "country": wish.countries,
            "set": wish.sets,
            "minutes": map(str, wish.minutes),
        }
        yield from (f"--{option}={value}" for option, values in choices.items() for value in values if value)
        if wish.recipients:
            if wish.recipients not in self._tables:
                raise HandoutError(
                    error("usage", "These recipients are not here any more.", hint="choose the file again")
                )
            yield f"--recipients={self._tables[wish.recipients]}"
        yield from ("--", wish.topic) if wish.topic else ()

    def _follow(self, name: str, job: _Job) -> None:
        """Read what a build tells, until it ends."""
        with job.process as process:
            for line in process.stdout or ():
                with suppress(ValueError):
                    self._take(job, json.loads(line))
                self._tell({"job": name, "done": job.done, "total": job.total, "state": job.state})
        code = job.process.returncode
        with self._lock:
            if job.state == "running":
                job.state = "done" if code == 0 else "failed"
        self._tell({"job": name, "done": job.done, "total": job.total, "state": job.state})

    def _take(self, job: _Job, told: dict[str, Any]) -> None:
        """Note one line that a build tells."""
        with self._lock:
            if told.get("event") == "end":
                job.findings = told["findings"]
            elif told.get("event") == "file":
                job.done, job.total = told["done"], told["total"]
                if told["written"] and "file" in told:
                    path = Path(told["file"])
                    name = (
                        path.relative_to(self._output).as_posix() if path.is_relative_to(self._output) else told["file"]
                    )
                    job.files.append({"file": name, "size": told["bytes"], "findings": told["findings"]})

    def state(self, name: str) -> dict[str, Any]:
        """Return how far a build is, and what came of it. HandoutError if there is none of this name."""
        with self._lock:
            job = self._job(name)
            rate = (time.monotonic() - job.began) / job.done if job.done else 0.0
            left = round(rate * (job.total - job.done), 1) if job.state == "running" else 0
            return {
                "job": name,
                "done": job.done,
                "total": job.total,
                "seconds_left": left,
                "state": job.state,
                "folder": self._output.as_posix(),
                "files": list(job.files),
                "findings": list(job.findings),
            }

    def cancel(self, name: str) -> None:
        """End a build; every file that is there is whole. HandoutError if there is none of this name."""
        with self._lock:
            job = self._job(name)
            if job.state == "running":
                job.state = "cancelled"
                job.process.terminate()

    def _job(self, name: str) -> _Job:
        """Return a build. HandoutError if there is none of this name."""
        if name not in self._jobs:
            raise HandoutError(error("usage", "There is no such build.", Location("jobs")))
        return self._jobs[name]

    def made_file(self, name: str) -> bytes:
        """Return what a file holds that was made. HandoutError if none of this name was."""
        with self._lock:
            known = any(each["file"] == name for job in self._jobs.values() for each in job.files)
        path = self._output / name
        try:
            if known and path.resolve().is_relative_to(self._output.resolve()):
                return path.read_bytes()
        except OSError:
            known = False
        raise HandoutError(error("missing-file", "This file is not there.", Location(name[:200]), "make it again"))

    def take_recipients(self, name: str, content: bytes) -> dict[str, Any]:
        """Keep a table of recipients for builds, and return its columns and first rows. HandoutError if it is wrong."""
        ending = Path(name).suffix.lower()
        if ending not in _TABLE_ENDINGS:
            hint = "save it as .xlsx or .csv"
            raise HandoutError(error("table-kind", "A table of recipients is a .csv or an .xlsx file.", hint=hint))
        key = f"{len(self._tables) + 1}"
        path = Path(self._private.name) / f"recipients-{key}{ending}"
        write_private(path, content)
        table = read_recipients(path)
        self._tables[key] = path
        shown = [(heading, field) for heading, field in table.columns if field in _SHOWN_FIELDS]
        return {
            "recipients": key,
            "columns": [heading for heading, _ in shown],
            "rows": [[getattr(row, field) for _, field in shown] for row in table.rows[:_MOST_ROWS]],
            "count": len(table.rows),
            "found": table.findings,
        }

    def close(self) -> None:
        """End what is at work, and delete the tables of recipients."""
        for name in self._jobs:
            self.cancel(name)
        self._private.cleanup()
