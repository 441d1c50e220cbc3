"""Sift out the findings that content allows in place, each with the reason given.

An allowance covers one code where it stands. An unknown code, and an allowance that no finding needs, are
findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from handouts.finding import Finding, error, suggest_name, warning
from handouts.library import Library
from handouts.markdown.names import Allowance


class AllowedFinding(Struct, frozen=True):
    """One finding that was allowed in place, and the reason that was given."""

    finding: Finding
    because: str


class SiftedFindings(Struct, frozen=True):
    """The findings that stay, and those that are allowed."""

    findings: tuple[Finding, ...]
    allowed: tuple[AllowedFinding, ...]


def _allowances_of(library: Library) -> tuple[Allowance, ...]:
    """Return everything that content allows."""
    return tuple(
        allowance
        for topic in library.topics.values()
        for sections in topic.languages.values()
        for section in sections
        for allowance in section.allowances
    )


def sift_findings(findings: Iterable[Finding], library: Library, codes: Collection[str]) -> SiftedFindings:
    """Return which of `findings` stay: a finding of one of `codes` passes where it is allowed."""
    allowances = _allowances_of(library)
    kept: list[Finding] = []
    passed: list[AllowedFinding] = []
    for found in findings:
        allowance = next((each for each in allowances if each.covers(found.code, found.at)), None)
        if allowance is None or found.code not in codes:
            kept.append(found)
        else:
            passed.append(AllowedFinding(found, allowance.because))
    return SiftedFindings(tuple(kept), tuple(passed))


def unknown_codes(library: Library, codes: Collection[str]) -> Iterator[Finding]:
    """Yield an error for each allowance of something that no rule finds."""
    for allowance in _allowances_of(library):
        if allowance.code.text not in codes:
            message = f"No rule has the code '{allowance.code.text}'."
            yield error("unknown-code", message, allowance.code.at, suggest_name(allowance.code.text, codes))


def unused_allowances(library: Library, allowed: Iterable[AllowedFinding], codes: Collection[str]) -> Iterator[Finding]:
    """Yield a warning for each allowance that nothing needed, after everything was checked."""
    needed = {(each.finding.code, each.finding.at) for each in allowed}
    for allowance in _allowances_of(library):
        if allowance.code.text in codes and not any(allowance.covers(code, at) for code, at in needed):
            message = f"Nothing here needs to be allowed as '{allowance.code.text}'."
            yield warning("unused-allowance", message, allowance.code.at, "delete allow and because")
