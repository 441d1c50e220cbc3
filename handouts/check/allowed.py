"""Findings and allowances in; findings that stay, and those that were allowed in place, each with its reason, out.

An allowance lets a warning or an error of the rules pass where it stands, and no other. What it does not need to allow,
and a code that there is not, are findings themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from handouts.finding import Finding, error, nearest, warning
from handouts.library import Library
from handouts.markdown.allowing import Allowance


class Allowed(Struct, frozen=True):
    """One finding that was allowed in place, and the reason that was given."""

    finding: Finding
    because: str


class Sifted(Struct, frozen=True):
    """The findings that stay, and those that are allowed."""

    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]


def allowances_of(library: Library) -> tuple[Allowance, ...]:
    """Return everything that content allows."""
    return tuple(
        allowance
        for topic in library.topics.values()
        for sections in topic.languages.values()
        for section in sections
        for allowance in section.allowances
    )


def sift_findings(findings: Iterable[Finding], library: Library, codes: Collection[str]) -> Sifted:
    """Return which of `findings` stay: a finding of one of `codes` passes where it is allowed."""
    allowances = allowances_of(library)
    kept: list[Finding] = []
    passed: list[Allowed] = []
    for found in findings:
        allowance = next((each for each in allowances if each.covers(found.code, found.at)), None)
        if allowance is None or found.code not in codes:
            kept.append(found)
        else:
            passed.append(Allowed(found, allowance.because))
    return Sifted(tuple(kept), tuple(passed))


def unknown_codes(library: Library, codes: Collection[str]) -> Iterator[Finding]:
    """Yield an error for each allowance of something that no rule finds."""
    for allowance in allowances_of(library):
        if allowance.code.text not in codes:
            message = f"No rule has the code '{allowance.code.text}'."
            yield error("unknown-code", message, allowance.code.at, nearest(allowance.code.text, codes))


def unused_allowances(library: Library, allowed: Iterable[Allowed], codes: Collection[str]) -> Iterator[Finding]:
    """Yield a warning for each allowance that nothing needed, after everything was checked."""
    needed = {(each.finding.code, each.finding.at) for each in allowed}
    for allowance in allowances_of(library):
        if allowance.code.text in codes and not any(allowance.covers(code, at) for code, at in needed):
            message = f"Nothing here needs to be allowed as '{allowance.code.text}'."
            yield warning("unused-allowance", message, allowance.code.at, "delete allow and because")
