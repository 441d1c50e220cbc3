"""What a build says when it is done, and while it is at work."""

from __future__ import annotations

from msgspec import Struct

from handouts.build.writing import Made
from handouts.finding import Finding, is_error

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
