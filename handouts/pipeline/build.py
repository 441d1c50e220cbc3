"""Build all files, or repeat the last report at once if inputs, options, dates, program and outputs are unchanged.

Imports nothing to load, compose or render content until something has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from handouts.finding import sorted_findings
from handouts.pipeline.fingerprints import hash_file, hash_inputs, program_identity
from handouts.pipeline.manifest import BuildRun, files_by_key, read_manifest, unfinished_files
from handouts.pipeline.options import Options, build_day, request_key
from handouts.pipeline.report import BuildProgress, BuildReport, fresh_outcome


def _repeat_report(options: Options, program: str) -> BuildReport | None:
    """Return the report of the last build of the same request, or None if anything has changed since."""
    manifest = read_manifest(options.output)
    run = manifest.runs.get(request_key(options))
    if (
        options.force
        or options.release  # the log of issued files needs more than the manifest has
        or manifest.findings
        or run is None
        or not _is_run_current(run, options, program)
        or unfinished_files(options.output)
    ):
        return None
    files = files_by_key(options.output, run.made)
    made = []
    for key, sha256 in run.made.items():
        entry = manifest.entries.get(key)
        path = files.get(key)
        if entry is None or path is None or entry.sha256 != sha256 or hash_file(path) != sha256:
            return None
        file = path.relative_to(options.output).as_posix()
        made.append(fresh_outcome(entry, replace(entry.label, file=file), path))
    return BuildReport(tuple(made), sorted_findings(run.findings))


def _is_run_current(run: BuildRun, options: Options, program: str) -> bool:
    """True if nothing has changed that the run depended on."""
    return (
        run.complete
        and _is_same_expiry_state(run, build_day(options))
        and all(hash_file(Path(name)) == sha256 for name, sha256 in run.table_hashes.items())
        and run.inputs != ""
        and run.inputs == hash_inputs(options.content, options.templates)
        and run.program == program
    )


def _is_same_expiry_state(run: BuildRun, day: str) -> bool:
    """True if nothing expires or expired between the day of the run and `day`."""
    if not (run.built_on and day):
        return run.built_on == day
    first, last = sorted((run.built_on, day))
    return not any(first < each <= last for each in run.expiry_dates)


def build_all(options: Options, on_progress: Callable[[BuildProgress], None] | None = None) -> BuildReport:
    """Build what `options` ask for, and return the outcome of each file; `on_progress` is called after each of them.

    HandoutError if content or options are wrong: then nothing was written.
    """
    program = program_identity()
    report = _repeat_report(options, program)
    if report is None:
        from handouts.pipeline.full_build import build_from_content

        return build_from_content(options, program, on_progress)
    for done, outcome in enumerate(report.outcomes, 1) if on_progress else ():
        on_progress(BuildProgress(done, len(report.outcomes), outcome))  # type: ignore[misc]
    return report
