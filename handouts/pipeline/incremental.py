"""Decide for each deliverable whether it must be made, and why, and put what was made in its place.

Fingerprints are compared with the manifest. A file that was edited since it was made is never replaced without
--force.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.text import dump
from handouts.finding import Finding, Location, error, is_error, sorted_findings
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.fingerprints import hash_file, hash_text
from handouts.pipeline.manifest import Fingerprints, Manifest, ManifestEntry, entry_key
from handouts.pipeline.options import Options
from handouts.pipeline.output import Journal, discard, write_error, write_temporary
from handouts.pipeline.render import FinishedFile
from handouts.pipeline.report import Outcome, fresh_outcome


class BuildReason(StrEnum):
    """Why a file is made, or why it is not."""

    FRESH = "fresh"
    NEW = "new"
    MISSING = "missing"
    CONTENT = "changed content"
    THEME = "changed theme"
    SETTINGS = "changed settings"
    VERSION = "changed version"
    UNREAD = "not read back before"
    FORCED = "forced"
    EDITED = "edited by hand"


_CHANGE_REASONS = {
    "program": BuildReason.VERSION,
    "document": BuildReason.CONTENT,
    "theme": BuildReason.THEME,
    "settings": BuildReason.SETTINGS,
}


class Decision(Struct, frozen=True):
    """Whether a deliverable is made, and why; `entry` is what the manifest says of its file."""

    deliverable: Deliverable
    fingerprints: Fingerprints
    reason: BuildReason
    entry: ManifestEntry | None

    @property
    def is_needed(self) -> bool:
        """True if the file is to be made."""
        return self.reason not in (BuildReason.FRESH, BuildReason.EDITED)


def decide_deliverables(
    deliverables: tuple[Deliverable, ...], manifest: Manifest, options: Options, program: str
) -> Iterator[Decision]:
    """Yield what becomes of each deliverable, if it is made by `program`, given as its hash."""
    for _, together in groupby(deliverables, key=lambda each: (id(each.source), id(each.theme))):
        files = tuple(together)
        document, look = hash_text(dump(files[0].document)), hash_text(dump(files[0].theme))
        for each in files:
            own = hash_text(f"{document} {dump(each.recipient)}") if each.recipient else document
            settings = hash_text(f"{each.renderer} {each.fillable} {each.sheet}")
            yield decide(each, Fingerprints(own, look, settings, program), manifest, options)


def decide(each: Deliverable, fingerprints: Fingerprints, manifest: Manifest, options: Options) -> Decision:
    """Return what becomes of a deliverable that is made of these."""
    entry, path = manifest.entries.get(entry_key(each.label)), options.output / each.file
    if entry is None:
        reason = _reason_for_unknown_file(path, manifest, options)
    else:
        reason = _reason_for_known_file(fingerprints, entry, path, options)
    return Decision(each, fingerprints, reason, entry)


def _reason_for_unknown_file(path: Path, manifest: Manifest, options: Options) -> BuildReason:
    """Return why a file is made that is not in the manifest; one that is there already is left alone as edited."""
    if manifest.known and not options.force and _path_exists(path):
        return BuildReason.EDITED
    return BuildReason.NEW


def _reason_for_known_file(
    fingerprints: Fingerprints, entry: ManifestEntry, path: Path, options: Options
) -> BuildReason:
    """Return why a file is made anew, or that it is fresh."""
    if not _path_exists(path):
        return BuildReason.MISSING
    if options.force:
        return BuildReason.FORCED
    if hash_file(path) != entry.sha256:
        return BuildReason.EDITED
    for name, reason in _CHANGE_REASONS.items():
        if getattr(fingerprints, name) != getattr(entry.fingerprints, name):
            return reason
    return BuildReason.UNREAD if options.verify and not entry.verified else BuildReason.FRESH


def _path_exists(path: Path) -> bool:
    """True if a file or a link has this name; where that cannot be seen, writing says what is wrong."""
    try:
        return path.is_file() or path.is_symlink()
    except OSError:
        return False


def unmade_outcome(decision: Decision, output: Path) -> Outcome:
    """Return what becomes of a file that is not made: it is fresh, or it was edited."""
    label, entry = decision.deliverable.label, decision.entry
    if entry is not None and decision.reason is BuildReason.FRESH:
        return fresh_outcome(entry, label, output / label.file)
    return failed_outcome(decision, output, edited_error(output / label.file))


def failed_outcome(decision: Decision, output: Path, found: Finding) -> Outcome:
    """Return what becomes of a file that cannot be made; a finding about a copy is at its row, as its name may say
    whose it is.
    """
    label, recipient = decision.deliverable.label, decision.deliverable.recipient
    shown = replace(found, at=recipient.at) if recipient else found
    return Outcome(label, output / label.file, "failed", decision.reason, 0, 0, "", 0.0, (shown,))


def edited_error(path: Path) -> Finding:
    """Return the finding for a file that is not as a build left it."""
    hint = "keep it under another name, and build again; or write --force to replace it"
    message = "Somebody has changed this file, or it was not made by a build: it is left as it is."
    return error("edited", message, Location(path.as_posix()), hint)


def put_finished_file(decision: Decision, made: FinishedFile, journal: Journal, *, verified: bool) -> Outcome:
    """Put a finished file in its place, unless there is an error in it, and return what became of it.

    What is put there is what the worker wrote, by its hash; the journal names it first.
    """
    label, recipient = decision.deliverable.label, decision.deliverable.recipient
    path = journal.output / label.file
    findings = tuple(each if each.at.file else replace(each, at=Location(path.as_posix())) for each in made.findings)
    if any(map(is_error, findings)):
        if made.temporary:
            discard(Path(made.temporary))
    else:
        entry = ManifestEntry(
            entry_key(label), label, decision.fingerprints, made.sha256, made.size, made.pages, verified, findings
        )
        try:
            temporary = Path(made.temporary) if made.temporary else write_temporary(journal.output, path, made.content)
            journal.put_in_place(temporary, path, entry)
        except OSError as refused:
            found = write_error(path, refused)
            findings = (*findings, replace(found, at=recipient.at) if recipient else found)
    return Outcome(
        label=label,
        path=path,
        status="failed" if any(map(is_error, findings)) else "made",
        reason=decision.reason,
        pages=made.pages,
        size=made.size,
        sha256=made.sha256,
        seconds=made.seconds,
        findings=sorted_findings(findings),
    )
