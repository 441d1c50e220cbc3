"""A planned file in, whether it is to be made and why out; looks into the output folder, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.deliverables import Deliverable
from handouts.build.options import Options
from handouts.build.unchanged import fresh
from handouts.build.writing import Made
from handouts.document.dump import dump
from handouts.document.nodes import Document
from handouts.finding import Finding, Location, error
from handouts.manifest.entries import Entry, Manifest, Prints, key_of
from handouts.manifest.hashing import hash_file, hash_text, program_identity
from handouts.theme import Theme


class Reason(StrEnum):
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


CHANGES = {
    "program": Reason.VERSION,
    "document": Reason.CONTENT,
    "theme": Reason.THEME,
    "settings": Reason.SETTINGS,
}


class Decision(Struct, frozen=True):
    """What becomes of a deliverable; `entry` is what an earlier build remembers of it."""

    deliverable: Deliverable
    prints: Prints
    reason: Reason
    entry: Entry | None

    @property
    def made(self) -> bool:
        """True if it is to be made."""
        return self.reason not in (Reason.FRESH, Reason.EDITED)

    @property
    def fresh(self) -> bool:
        """True if it is there as it would be made."""
        return self.reason is Reason.FRESH


class Printing:
    """Fingerprints of deliverables; what many of them share is hashed once, as they come one after another."""

    def __init__(self) -> None:
        self.document: tuple[Document | None, str] = (None, "")
        self.theme: tuple[Theme | None, str] = (None, "")

    def prints_of(self, each: Deliverable) -> Prints:
        """Return what a file is made of, as hashes."""
        if each.document is not self.document[0]:
            self.document = each.document, hash_text(dump(each.document))
        if each.theme is not self.theme[0]:
            self.theme = each.theme, hash_text(dump(each.theme))
        settings = hash_text(f"{each.renderer} {each.fillable} {each.sheet}")
        document = self.document[1]
        if each.recipient:
            document = hash_text(f"{document} {dump(each.recipient)}")
        return Prints(document, self.theme[1], settings, program_identity())


def decide_all(deliverables: tuple[Deliverable, ...], manifest: Manifest, options: Options) -> Iterator[Decision]:
    """Yield what becomes of each deliverable."""
    printing = Printing()
    for each in deliverables:
        prints = printing.prints_of(each)
        entry = manifest.entries.get(key_of(each.label))
        path = options.output / each.file
        reason = reason_for(prints, entry, path, options) if entry else reason_for_new(path, manifest, options)
        yield Decision(each, prints, reason, entry)


def reason_for_new(path: Path, manifest: Manifest, options: Options) -> Reason:
    """Return why a file is made that no build remembers; somebody else's is left alone, where that can be known."""
    if manifest.known and not options.force and is_there(path):
        return Reason.EDITED
    return Reason.NEW


def reason_for(prints: Prints, entry: Entry, path: Path, options: Options) -> Reason:
    """Return why a file is made anew, or that it is fresh."""
    if not is_there(path):
        return Reason.MISSING
    if options.force:
        return Reason.FORCED
    if hash_file(path) != entry.sha256:
        return Reason.EDITED
    for name, reason in CHANGES.items():
        if getattr(prints, name) != getattr(entry.prints, name):
            return reason
    return Reason.UNREAD if options.verify and not entry.verified else Reason.FRESH


def is_there(path: Path) -> bool:
    """True if a file or a link has this name; where nobody can look, writing says what is wrong."""
    try:
        return path.is_file() or path.is_symlink()
    except OSError:
        return False


def left_alone(decision: Decision, output: Path) -> Made:
    """Return what becomes of a file that is not made: it is fresh, or it is somebody's own."""
    label, entry = decision.deliverable.label, decision.entry
    if entry is not None and decision.fresh:
        return fresh(entry, label, output / label.file)
    return failed(decision, output, edited(output / label.file))


def failed(decision: Decision, output: Path, found: Finding) -> Made:
    """Return what becomes of a file that cannot be made; of a copy its row is told, as its name may say whose it is."""
    label, recipient = decision.deliverable.label, decision.deliverable.recipient
    shown = replace(found, at=recipient.at) if recipient else found
    return Made(label, output / label.file, "failed", decision.reason, 0, 0, "", 0.0, (shown,))


def edited(path: Path) -> Finding:
    """Return the finding for a file that is not as a build left it."""
    hint = "keep it under another name, and build again; or write --force to replace it"
    message = "Somebody has changed this file, or it was not made by a build: it is left as it is."
    return error("edited", message, Location(path.as_posix()), hint)
