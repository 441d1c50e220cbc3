"""An output folder in, without what no plan makes any more out; leaves what no build made, or somebody edited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.copies import combinations_of
from handouts.build.deciding import edited
from handouts.build.making import plan_copies
from handouts.build.options import Options, request_from
from handouts.build.writing import delete, leads_out, left_over, locked, remember
from handouts.finding import Finding, HandoutError, is_error, os_errors_as_findings, sorted_findings
from handouts.library import Library
from handouts.load import load_library
from handouts.manifest.entries import Manifest, key_of
from handouts.manifest.hashing import hash_file
from handouts.manifest.reading import files_by_key, read_manifest


class Cleaned(Struct, frozen=True):
    """Which files were deleted, or would be, and what stood in the way."""

    files: tuple[Path, ...]
    findings: tuple[Finding, ...]


@os_errors_as_findings()
def clean_stale(options: Options, *, dry_run: bool) -> Cleaned:
    """Delete what a build made and no request that is remembered makes any more, as content and templates are now.

    HandoutError if content cannot be read, or if another build is at work: then nothing is deleted.
    """
    library = load_library(options.content, options.templates)
    if not options.output.is_dir():
        return Cleaned((), ())
    if dry_run:
        return stale_files(library, read_manifest(options.output), options)
    with locked(options.output):
        manifest = read_manifest(options.output)
        stale = stale_files(library, manifest, options)
        findings = delete(stale.files)
        left = {key: path for key, path in files_by_key(options.output, manifest.entries).items() if path.exists()}
        kept = {key: entry for key, entry in manifest.entries.items() if key in left}
        findings = (*findings, *remember(options.output, replace(manifest, entries=kept, findings=())))
    return Cleaned(stale.files, sorted_findings((*stale.findings, *findings)))


def stale_files(library: Library, manifest: Manifest, options: Options) -> Cleaned:
    """Return which files are stale, or were never finished; of those, somebody's own are a finding and stay."""
    planned = planned_keys(library, manifest, options)
    files = files_by_key(options.output, [key for key in manifest.entries if key not in planned])
    there = {key: path for key, path in files.items() if path.is_file() and not leads_out(path, options.output)}
    own = {key for key, path in there.items() if hash_file(path) != manifest.entries[key].sha256}
    stale = tuple(sorted(path for key, path in there.items() if key not in own))
    return Cleaned((*stale, *left_over(options.output)), tuple(edited(there[key]) for key in sorted(own)))


def planned_keys(library: Library, manifest: Manifest, options: Options) -> set[str]:
    """Return the keys of all that the remembered requests make now."""
    keys: set[str] = set()
    for run in manifest.runs.values():
        keys.update(keys_of(library, request_from(run.request, options)))
    return keys


def keys_of(library: Library, options: Options) -> Iterator[str]:
    """Yield the keys of what one request makes; nothing if what it asks for is not there any more.

    HandoutError if content is wrong: then nobody knows what would be made.
    """
    if options.recipients is not None and not options.recipients.exists():
        return
    try:
        plan, _ = plan_copies(library, options)
    except HandoutError as raised:
        if all(found.code == "usage" for found in raised.findings if is_error(found)):
            return
        raise
    combinations = combinations_of(plan.deliverables) if options.combined else ()
    yield from (key_of(each.label) for each in plan.deliverables)
    yield from (key_of(each.whole.label) for each in combinations)
