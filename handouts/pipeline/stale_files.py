"""Delete files that an earlier build made and that no request in the manifest makes any more.

Must never delete a file that no build made, or that was edited since.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, is_error, os_errors_as_findings, sorted_findings
from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.copies import plan_combined_files
from handouts.pipeline.fingerprints import hash_file
from handouts.pipeline.incremental import edited_error
from handouts.pipeline.manifest import (
    Manifest,
    entry_key,
    files_by_key,
    read_manifest,
    unfinished_files,
    unreadable_manifest_warning,
)
from handouts.pipeline.options import Options, options_from_request
from handouts.pipeline.output import delete_files, leads_outside, lock_folder, write_manifest
from handouts.pipeline.plan import copies_for_recipients, plan_deliverables
from handouts.pipeline.site import index_deliverable


class _CleanResult(Struct, frozen=True):
    """The files that were deleted, or would be, and findings about those that stay."""

    files: tuple[Path, ...]
    findings: tuple[Finding, ...]


@os_errors_as_findings()
def delete_stale_files(options: Options, *, dry_run: bool) -> _CleanResult:
    """Delete the files that no request in the manifest would make with the content and templates of now.

    HandoutError if content cannot be read, or if another build is running: then nothing is deleted.
    """
    library = load_library(options.content, options.templates)
    if not options.output.is_dir():
        return _CleanResult((), ())
    if dry_run:
        return _find_stale_files(library, read_manifest(options.output), options)
    with lock_folder(options.output):
        manifest = read_manifest(options.output)
        stale = _find_stale_files(library, manifest, options)
        findings = delete_files(stale.files)
        left = {key: path for key, path in files_by_key(options.output, manifest.entries).items() if path.exists()}
        kept = {key: entry for key, entry in manifest.entries.items() if key in left}
        findings = (*findings, *write_manifest(options.output, replace(manifest, entries=kept, findings=())))
    return _CleanResult(stale.files, sorted_findings((*stale.findings, *findings)))


def _find_stale_files(library: Library, manifest: Manifest, options: Options) -> _CleanResult:
    """Return the files that are stale or were never finished, with an error for each stale file that was edited.

    If a request in the manifest cannot be read, it is unknown what is stale: then a warning says so.
    """
    try:
        requests = [options_from_request(run.request, options) for run in manifest.runs.values()]
    except (TypeError, ValueError):  # of msgspec or a path
        return _CleanResult((), (unreadable_manifest_warning(options.output, "nothing was deleted"),))
    planned = {key for request in requests for key in _keys_of_request(library, request)}
    files = files_by_key(options.output, [key for key in manifest.entries if key not in planned])
    there = {key: path for key, path in files.items() if path.is_file() and not leads_outside(path, options.output)}
    own = {key for key, path in there.items() if hash_file(path) != manifest.entries[key].sha256}
    stale = tuple(sorted(path for key, path in there.items() if key not in own))
    edited = tuple(edited_error(there[key]) for key in sorted(own))
    return _CleanResult((*stale, *unfinished_files(options.output)), edited)


def _keys_of_request(library: Library, options: Options) -> Iterator[str]:
    """Yield the keys of the files that one request would make; none if it asks for something that no longer exists.

    HandoutError if content has errors, as it is then unknown what would be made.
    """
    if options.recipients is not None and not options.recipients.exists():
        return
    try:
        deliverables, _ = copies_for_recipients(library, plan_deliverables(library, options)[0], options)
    except HandoutError as raised:
        if all(found.code == "usage" for found in raised.findings if is_error(found)):
            return
        raise
    combinations = plan_combined_files(deliverables) if options.combined else ()
    yield from (entry_key(each.label) for each in deliverables)
    yield from (entry_key(each.whole.label) for each in combinations)
    index = index_deliverable(deliverables) if options.site else None
    if index is not None:
        yield entry_key(index.label)
