"""What a build says when it is done, and while it is at work."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.writing import Made
from handouts.finding import Finding, Location, is_error, sorted_findings

OURS = "our-mistake"  # the code of what is found where we could not make a file


class Progress(Struct, frozen=True):
    """How many of all files are done, and the one that was done last."""

    done: int
    total: int
    made: Made


class Report(Struct, frozen=True):
    """What became of each deliverable, and the findings about content and templates that did not stop the build."""

    made: tuple[Made, ...]
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """True if every deliverable is in its place, and it is remembered."""
        return all(each.written for each in self.made) and not any(map(is_error, self.findings))

    @property
    def ours(self) -> bool:
        """True if a file could not be made by a mistake of ours."""
        return any(found.code == OURS for each in self.made for found in each.findings)

    @property
    def everything(self) -> tuple[Finding, ...]:
        """What was found in content and in each file; a copy is not named, as its name may say whose it is."""
        found = (
            InFile("" if each.label.row else each.path.as_posix(), one) for each in self.made for one in each.findings
        )
        return sorted_findings((*self.findings, *told_once(found)))


class InFile(Struct, frozen=True):
    """What was found in a file that is or would be made; "" for a file that is not to be named."""

    file: str
    finding: Finding


def told_once(found: Iterable[InFile]) -> tuple[Finding, ...]:
    """Return what was found in files, a place in content once for all of them, with the files in which it shows.

    What has no place in content is at the file itself.
    """
    files: dict[Finding, dict[str, None]] = {}
    for each in found:
        at = each.finding.at if each.finding.at.file else Location(each.file)
        files.setdefault(replace(each.finding, at=at), {})[each.file] = None
    return sorted_findings(named(finding, tuple(names)) for finding, names in files.items())


def named(found: Finding, files: tuple[str, ...]) -> Finding:
    """Return a finding whose message says in which files it shows, unless its place does, or they are not named."""
    if "" in files or found.at.file in files:
        return found
    first, *others = (PurePosixPath(file).name for file in files)
    more = f" and {len(others)} more file{'' if len(others) == 1 else 's'}" if others else ""
    return replace(found, message=f"{first}{more}: {found.message}")
