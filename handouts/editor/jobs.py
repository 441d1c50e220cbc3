"""Builds that the page asks for: each runs the command `handouts build` in a process of its own.

So a build does not block the page, can be cancelled, and makes exactly what the command makes. It reports each file
with `--json`. Tables of recipients are kept in a temporary folder that only the user can read, until the server ends.
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

from handouts.finding import HandoutError, Location, error, finding_to_json
from handouts.load.recipients import read_recipients
from handouts.pipeline.manifest import files_by_key
from handouts.pipeline.output import write_private

_TABLE_ENDINGS = (".xlsx", ".csv")
_COPY_NAMES = "{row}-{name}"  # unique, because each row has its number


def _environment() -> dict[str, str]:
    """Return the environment of a build, with this copy of the program on the search path."""
    folders = (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", ""))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, folders))}


class BuildRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What to build; an empty value means everything, or the default."""

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


class _Table(Struct, frozen=True):
    """A table of recipients: its file, the name of the uploaded file, and the name in each row."""

    path: Path
    name: str
    names: Mapping[int, str]


class _Job(Struct, eq=False):
    """One build: its process, its progress, the finished files, and the findings.

    While it runs, a copy for a recipient has only a `key`; its file name is known once the build has ended.
    """

    process: subprocess.Popen[bytes]
    began: float
    table: _Table
    done: int = 0
    total: int = 0
    state: str = "running"
    is_cancelled: bool = False
    files: list[dict[str, Any]] = field(default_factory=list)
    copies: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)


_NO_TABLE = _Table(Path(os.devnull), "", {})


class Jobs:
    """The builds of one project, one at a time; `on_progress` is called in the thread of the build."""

    def __init__(self, home: Path, output: Path, on_progress: Callable[[Mapping[str, object]], None]) -> None:
        self._home = home
        self._output = output
        self._on_progress = on_progress
        self._lock = Lock()
        self._jobs: dict[str, _Job] = {}
        self._private = tempfile.TemporaryDirectory(prefix="handouts-", ignore_cleanup_errors=True)
        self._tables: dict[str, _Table] = {}

    def start(self, request: BuildRequest) -> str:
        """Start a build, and return its name. HandoutError if another one is running."""
        with self._lock:
            if any(each.state == "running" for each in self._jobs.values()):
                hint = "wait until it has ended, or cancel it"
                raise HandoutError(error("locked", "Files are being made already.", Location("build"), hint))
            # With -P, no file of the folder in which this runs is taken for a module.
            words = [sys.executable, "-P", "-m", "handouts", "build", "--json", *self._arguments(request)]
            process = subprocess.Popen(  # noqa: S603 - our own command, in which each value stands behind --name=
                words,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            name = f"{len(self._jobs) + 1}"
            table = self._tables[request.recipients] if request.recipients else _NO_TABLE
            job = self._jobs[name] = _Job(process, time.monotonic(), table)
        Thread(target=self._follow, args=(name, job), name="handouts-build", daemon=True).start()
        return name

    def _arguments(self, request: BuildRequest) -> Iterator[str]:
        """Yield the options of the command, written so that no value can be taken for an option or a path."""
        yield from (f"--project={self._home}", f"--output={self._output}")
        choices = {
            "audience": request.audiences,
            "format": request.formats,
            "template": request.templates,
            "edition": request.editions,
            "paper": request.papers,
            "country": request.countries,
            "set": request.sets,
            "minutes": map(str, request.minutes),
        }
        yield from (f"--{option}={value}" for option, values in choices.items() for value in values if value)
        if request.recipients:
            if request.recipients not in self._tables:
                raise HandoutError(
                    error("usage", "These recipients are not here any more.", hint="choose the file again")
                )
            yield from (f"--recipients={self._tables[request.recipients].path}", f"--copies={_COPY_NAMES}")
        yield from ("--", request.topic) if request.topic else ()

    def _follow(self, name: str, job: _Job) -> None:
        """Read the output of a build until it ends."""
        with job.process as process:
            for line in process.stdout or ():
                with suppress(ValueError):
                    self._take(job, json.loads(line))
                self._on_progress({"job": name, "done": job.done, "total": job.total, "state": job.state})
        code = job.process.returncode
        found = files_by_key(self._output, job.copies)
        with self._lock:
            job.files += [{**job.copies[key], "file": self._name_of(path)} for key, path in found.items()]
            job.files.sort(key=lambda each: str(each["file"]))
            job.state = "cancelled" if job.is_cancelled else "done" if code == 0 else "failed"
        self._on_progress({"job": name, "done": job.done, "total": job.total, "state": job.state})

    def _take(self, job: _Job, event: dict[str, Any]) -> None:
        """Record one line of the output of a build."""
        with self._lock:
            if event.get("event") == "end":
                named = {job.table.path.as_posix(): job.table.name}
                job.findings = [{**each, "file": named.get(each["file"], each["file"])} for each in event["findings"]]
            elif event.get("event") == "file":
                job.done, job.total = event["done"], event["total"]
                made = {"size": event["bytes"], "findings": event["findings"]}
                if event["written"] and "file" in event:
                    job.files.append({**made, "file": self._name_of(Path(event["file"]))})
                elif event["written"]:
                    job.copies[event["key"]] = {**made, "recipient": job.table.names.get(event["row"], "")}

    def _name_of(self, path: Path) -> str:
        """Return the path of a file relative to the output folder, or as it is if it lies elsewhere."""
        return path.relative_to(self._output).as_posix() if path.is_relative_to(self._output) else path.as_posix()

    def state(self, name: str) -> dict[str, Any]:
        """Return the progress of a build, and its files once it has ended. HandoutError if there is no such build."""
        with self._lock:
            job = self._job(name)
            running = job.state == "running"
            rate = (time.monotonic() - job.began) / job.done if job.done else 0.0
            return {
                "job": name,
                "done": job.done,
                "total": job.total,
                "seconds_left": round(rate * (job.total - job.done), 1) if running else 0,
                "state": job.state,
                "folder": str(self._folder_of(job)),
                "files": [] if running else job.files,
                "findings": job.findings,
            }

    def cancel(self, name: str) -> None:
        """Stop a build; all files stay complete. HandoutError if there is no such build."""
        with self._lock:
            job = self._job(name)
            if job.state == "running":
                job.is_cancelled = True
                job.process.terminate()

    def _job(self, name: str) -> _Job:
        """Return a build. HandoutError if there is no such build."""
        if name not in self._jobs:
            raise HandoutError(error("usage", "There is no such build.", Location("jobs")))
        return self._jobs[name]

    def _folder_of(self, job: _Job) -> Path:
        """Return the innermost folder that holds all files of a build."""
        folders = {(self._output / each["file"]).parent for each in job.files}
        return Path(os.path.commonpath(folders)) if folders else self._output

    def made_file(self, name: str) -> Path:
        """Return the path of a file that a build made. HandoutError if no build made it, or if it is gone."""
        with self._lock:
            known = any(each["file"] == name for job in self._jobs.values() for each in job.files)
        path = self._output / name
        if known and path.is_file() and path.resolve().is_relative_to(self._output.resolve()):
            return path
        raise HandoutError(error("missing-file", "This file is not there.", Location(name[:200]), "make it again"))

    def made_files(self, name: str) -> list[tuple[str, Path]]:
        """Return the files of a build with their paths relative to the output folder. HandoutError if one is gone."""
        with self._lock:
            names = [each["file"] for each in self._job(name).files]
        if not names:
            raise HandoutError(error("missing-file", "No file was made.", Location("jobs")))
        return [(each, self.made_file(each)) for each in names]

    def made_folder(self, name: str) -> Path:
        """Return the folder of the files of a build. HandoutError if there are none, or if one is gone."""
        self.made_files(name)
        with self._lock:
            return self._folder_of(self._job(name)).resolve()

    def take_recipients(self, name: str, content: bytes) -> dict[str, Any]:
        """Keep a table of recipients for builds, and return its columns and first rows. HandoutError if it has errors.

        A column with the field "" is not printed.
        """
        ending = Path(name).suffix.lower()
        if ending not in _TABLE_ENDINGS:
            hint = "save it as .xlsx or .csv"
            raise HandoutError(error("table-kind", "A table of recipients is a .csv or an .xlsx file.", hint=hint))
        key = f"{len(self._tables) + 1}"
        path = Path(self._private.name) / f"recipients-{key}{ending}"
        write_private(path, content)
        table = read_recipients(path, uploaded_as=name)
        self._tables[key] = _Table(path, name, {each.row: each.name for each in table.rows})
        fields = dict(table.columns)
        return {
            "recipients": key,
            "columns": [{"heading": heading, "field": fields.get(heading, "")} for heading, *_ in table.shown],
            "rows": list(zip(*(cells for _, *cells in table.shown), strict=True)),
            "count": len(table.rows),
            "found": list(map(finding_to_json, table.findings)),
        }

    def close(self) -> None:
        """Stop the running build, and delete the tables of recipients."""
        for name in self._jobs:
            self.cancel(name)
        self._private.cleanup()
