"""Decide for each deliverable whether it must be made, and why, by comparing fingerprints with the manifest.

A file that was edited since it was made is never replaced without --force. Looks into the output folder; must
never change it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.dump import dump
from handouts.document.nodes import Document
from handouts.finding import Finding, Location, error
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.fingerprints import hash_file, hash_text, program_identity
from handouts.pipeline.manifest import Fingerprints, Manifest, ManifestEntry, entry_key
from handouts.pipeline.options import Options
from handouts.pipeline.report import Outcome, fresh_outcome
from handouts.theme import Theme


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


CHANGE_REASONS = {
    "program": BuildReason.VERSION,
    "document": BuildReason.CONTENT,
    "theme": BuildReason.THEME,
    "settings": BuildReason.SETTINGS,
}


class Decision(Struct, frozen=True):
    """What becomes of a deliverable; `entry` is what an earlier build remembers of it."""

    deliverable: Deliverable
    prints: Fingerprints
    reason: BuildReason
    entry: ManifestEntry | None

    @property
    def made(self) -> bool:
        """True if it is to be made."""
        return self.reason not in (BuildReason.FRESH, BuildReason.EDITED)

    @property
    def fresh(self) -> bool:
        """True if it is there as it would be made."""
        return self.reason is BuildReason.FRESH


class Fingerprinter:
    """Fingerprints of deliverables; what many of them share is hashed once, as they come one after another."""

    def __init__(self) -> None:
        self.document: tuple[Document | None, str] = (None, "")
        self.theme: tuple[Theme | None, str] = (None, "")

    def prints_of(self, each: Deliverable) -> Fingerprints:
        """Return what a file is made of, as hashes."""
        if each.document is not self.document[0]:
            self.document = each.document, hash_text(dump(each.document))
        if each.theme is not self.theme[0]:
            self.theme = each.theme, hash_text(dump(each.theme))
        settings = hash_text(f"{each.renderer} {each.fillable} {each.sheet}")
        document = self.document[1]
        if each.recipient:
            document = hash_text(f"{document} {dump(each.recipient)}")
        return Fingerprints(document, self.theme[1], settings, program_identity())


def decide_deliverables(
    deliverables: tuple[Deliverable, ...], manifest: Manifest, options: Options
) -> Iterator[Decision]:
    """Yield what becomes of each deliverable."""
    printing = Fingerprinter()
    for each in deliverables:
        prints = printing.prints_of(each)
        entry = manifest.entries.get(entry_key(each.label))
        path = options.output / each.file
        reason = (
            reason_for_known_file(prints, entry, path, options)
            if entry
            else reason_for_unknown_file(path, manifest, options)
        )
        yield Decision(each, prints, reason, entry)


def reason_for_unknown_file(path: Path, manifest: Manifest, options: Options) -> BuildReason:
    """Return why a file is made that no build remembers; somebody else's is left alone, where that can be known."""
    if manifest.known and not options.force and path_exists(path):
        return BuildReason.EDITED
    return BuildReason.NEW


def reason_for_known_file(prints: Fingerprints, entry: ManifestEntry, path: Path, options: Options) -> BuildReason:
    """Return why a file is made anew, or that it is fresh."""
    if not path_exists(path):
        return BuildReason.MISSING
    if options.force:
        return BuildReason.FORCED
    if hash_file(path) != entry.sha256:
        return BuildReason.EDITED
    for name, reason in CHANGE_REASONS.items():
        if getattr(prints, name) != getattr(entry.prints, name):
            return reason
    return BuildReason.UNREAD if options.verify and not entry.verified else BuildReason.FRESH


def path_exists(path: Path) -> bool:
    """True if a file or a link has this name; where nobody can look, writing says what is wrong."""
    try:
        return path.is_file() or path.is_symlink()
    except OSError:
        return False


def unmade_outcome(decision: Decision, output: Path) -> Outcome:
    """Return what becomes of a file that is not made: it is fresh, or it is somebody's own."""
    label, entry = decision.deliverable.label, decision.entry
    if entry is not None and decision.fresh:
        return fresh_outcome(entry, label, output / label.file)
    return failed_outcome(decision, output, edited_error(output / label.file))


def failed_outcome(decision: Decision, output: Path, found: Finding) -> Outcome:
    """Return what becomes of a file that cannot be made; of a copy its row is told, as its name may say whose it is."""
    label, recipient = decision.deliverable.label, decision.deliverable.recipient
    shown = replace(found, at=recipient.at) if recipient else found
    return Outcome(label, output / label.file, "failed", decision.reason, 0, 0, "", 0.0, (shown,))


def edited_error(path: Path) -> Finding:
    """Return the finding for a file that is not as a build left it."""
    hint = "keep it under another name, and build again; or write --force to replace it"
    message = "Somebody has changed this file, or it was not made by a build: it is left as it is."
    return error("edited", message, Location(path.as_posix()), hint)
