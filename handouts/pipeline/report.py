"""The outcome of each file, the progress of a build, and its report with all findings.

A finding that shows in several files is reported once, with their names.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, Location, is_error, sorted_findings
from handouts.pipeline.manifest import DeliverableLabel, ManifestEntry

OUR_MISTAKE = "our-mistake"  # the code of a finding about a bug of ours


class BuildProgress(Struct, frozen=True):
    """How many of all files are done, and the outcome of the last one."""

    done: int
    total: int
    outcome: Outcome


class BuildReport(Struct, frozen=True):
    """The outcome of each deliverable, and the findings about content and templates that did not stop the build."""

    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """True if every deliverable is in place, and nothing else failed, such as writing the manifest."""
        return all(each.is_in_place for each in self.outcomes) and not any(map(is_error, self.findings))

    @property
    def has_bug(self) -> bool:
        """True if a file was not made because of a bug of ours."""
        return any(found.code == OUR_MISTAKE for each in self.outcomes for found in each.findings)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """All findings, about content and about each file; a copy is not named, as its name may be the recipient's."""
        found = (
            FileFinding("" if each.label.row else each.path.as_posix(), one)
            for each in self.outcomes
            for one in each.findings
        )
        return sorted_findings((*self.findings, *merge_findings(found)))


class FileFinding(Struct, frozen=True):
    """A finding about an output file; `file` is "" if it must not be named."""

    file: str
    finding: Finding


def merge_findings(found: Iterable[FileFinding]) -> tuple[Finding, ...]:
    """Return the findings, each once for all files in which it shows, whose names are in its message.

    A finding without a location in content is located at its file.
    """
    files: dict[Finding, dict[str, None]] = {}
    for each in found:
        at = each.finding.at if each.finding.at.file else Location(each.file)
        files.setdefault(replace(each.finding, at=at), {})[each.file] = None
    return sorted_findings(_add_file_names(finding, tuple(names)) for finding, names in files.items())


def _add_file_names(found: Finding, files: tuple[str, ...]) -> Finding:
    """Return a finding with the names of its files in the message, unless its location says them or one is secret."""
    if "" in files or found.at.file in files:
        return found
    first, *others = (PurePosixPath(file).name for file in files)
    more = f" and {len(others)} more file{'' if len(others) == 1 else 's'}" if others else ""
    return replace(found, message=f"{first}{more}: {found.message}")


class Outcome(Struct, frozen=True):
    """What became of a deliverable, and why it was made; if it failed, `findings` say why."""

    label: DeliverableLabel
    path: Path
    status: Literal["made", "fresh", "failed"]
    reason: str
    pages: int
    size: int
    sha256: str
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def is_in_place(self) -> bool:
        """True if the file is in place, made now or fresh."""
        return self.status != "failed"


def fresh_outcome(entry: ManifestEntry, label: DeliverableLabel, path: Path) -> Outcome:
    """Return the outcome of a file that is up to date."""
    return Outcome(label, path, "fresh", "fresh", entry.pages, entry.size, entry.sha256, 0.0, entry.findings)
