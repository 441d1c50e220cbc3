"""Decide whether each deliverable must be made, and why, and move finished files into place.

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
    """Why a file is made, or is not made."""

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
    """Whether a deliverable is made, and why; `entry` is that of its file in the manifest."""

    deliverable: Deliverable
    fingerprints: Fingerprints
    reason: BuildReason
    entry: ManifestEntry | None

    @property
    def is_needed(self) -> bool:
        """True if the file must be made."""
        return self.reason not in (BuildReason.FRESH, BuildReason.EDITED)


def decide_deliverables(
    deliverables: tuple[Deliverable, ...], manifest: Manifest, options: Options, program: str
) -> Iterator[Decision]:
    """Yield the decision about each deliverable; `program` is the hash of the program that would make it."""
    for _, together in groupby(deliverables, key=lambda each: (id(each.source), id(each.theme))):
        files = tuple(together)
        document, look = hash_text(dump(files[0].document)), hash_text(dump(files[0].theme))
        for each in files:
            own = hash_text(f"{document} {dump(each.recipient)}") if each.recipient else document
            settings = hash_text(f"{each.renderer} {each.fillable} {each.sheet}")
            yield decide(each, Fingerprints(own, look, settings, program), manifest, options)


def decide(each: Deliverable, fingerprints: Fingerprints, manifest: Manifest, options: Options) -> Decision:
    """Return the decision about a deliverable with these fingerprints."""
    entry, path = manifest.entries.get(entry_key(each.label)), options.output / each.file
    if entry is not None:
        reason = _reason_for_known_file(fingerprints, entry, path, options)
    elif manifest.known and not options.force and _path_exists(path):
        reason = BuildReason.EDITED  # by somebody, as no build has made it
    else:
        reason = BuildReason.NEW
    return Decision(each, fingerprints, reason, entry)


def _reason_for_known_file(
    fingerprints: Fingerprints, entry: ManifestEntry, path: Path, options: Options
) -> BuildReason:
    """Return why a file that is in the manifest is made again or left alone."""
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
    """True if a file or link has this name; False if that cannot be found out: then writing fails and says why."""
    try:
        return path.is_file() or path.is_symlink()
    except OSError:
        return False


def unmade_outcome(decision: Decision, output: Path) -> Outcome:
    """Return the outcome of a file that is not made, as it is fresh or was edited."""
    label, entry = decision.deliverable.label, decision.entry
    if entry is not None and decision.reason is BuildReason.FRESH:
        return fresh_outcome(entry, label, output / label.file)
    return failed_outcome(decision, output, edited_error(output / label.file))


def failed_outcome(decision: Decision, output: Path, found: Finding) -> Outcome:
    """Return the outcome of a file that cannot be made.

    The finding about a copy names its row and not its path, which may contain the name of the recipient.
    """
    label, recipient = decision.deliverable.label, decision.deliverable.recipient
    shown = replace(found, at=recipient.at) if recipient else found
    return Outcome(label, output / label.file, "failed", decision.reason, 0, 0, "", 0.0, (shown,))


def edited_error(path: Path) -> Finding:
    """Return the error for an output file that was edited since the last build, or that no build made."""
    hint = "keep it under another name, and build again; or write --force to replace it"
    message = "Somebody has changed this file, or it was not made by a build: it is left as it is."
    return error("edited", message, Location(path.as_posix()), hint)


def put_finished_file(decision: Decision, made: FinishedFile, journal: Journal, *, verified: bool) -> Outcome:
    """Move a finished file into place, unless it has an error, and return its outcome.

    The journal checks by its hash that the file is what the worker wrote.
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
