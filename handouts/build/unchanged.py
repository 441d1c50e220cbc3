"""Whether anything has changed since the same was built before: inputs, options, days, program, outputs, as bytes.

Loads nothing of content, so that a build that has nothing to do ends at once. Writes nothing.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from handouts.build.options import Options, request_key
from handouts.build.reports import Report
from handouts.build.writing import Made, left_over
from handouts.finding import sorted_findings
from handouts.manifest.entries import Entry, Label, Run
from handouts.manifest.hashing import hash_file, hash_inputs, program_identity
from handouts.manifest.reading import files_by_key, read_manifest


def repeat_report(options: Options) -> Report | None:
    """Return what the last build for the same request would say again, or None if anything is not as it was."""
    manifest = read_manifest(options.output)
    run = manifest.runs.get(request_key(options))
    if options.force or manifest.findings or run is None or not still_holds(run, options) or left_over(options.output):
        return None
    files = files_by_key(options.output, run.made)
    made = []
    for key, sha256 in run.made.items():
        entry = manifest.entries.get(key)
        path = files.get(key)
        if entry is None or path is None or entry.sha256 != sha256 or hash_file(path) != sha256:
            return None
        file = path.relative_to(options.output).as_posix()
        made.append(fresh(entry, replace(entry.label, file=file), path))
    return Report(tuple(made), sorted_findings(run.findings))


def still_holds(run: Run, options: Options) -> bool:
    """True if nothing that a run was made of has changed."""
    return (
        run.whole
        and same_state(run, day_of(options))
        and all(hash_file(Path(name)) == sha256 for name, sha256 in run.others.items())
        and run.inputs != ""
        and run.inputs == hash_inputs(options.content, options.templates)
        and run.program == program_identity()
    )


def same_state(run: Run, day: str) -> bool:
    """True if on `day` everything says the same as on the day of the run."""
    if not (run.day and day):
        return run.day == day
    first, last = sorted((run.day, day))
    return not any(first < turning <= last for turning in run.turning)


def day_of(options: Options) -> str:
    """Return the day for which is built, or "" if that plays no part."""
    return options.today.isoformat() if options.today else ""


def fresh(entry: Entry, label: Label, path: Path) -> Made:
    """Return what becomes of a file that is as it would be made."""
    return Made(label, path, "fresh", "fresh", entry.pages, entry.size, entry.sha256, 0.0, entry.findings)
