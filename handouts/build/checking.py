"""What the rules say of all that was composed: findings, without those that content allows, or with them for a release.

Takes a library and compositions; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from handouts.check import CODES, check_document, check_library
from handouts.check.allowances import AllowedFinding, SiftedFindings, sift_findings, unknown_codes, unused_allowances
from handouts.compose import Composition
from handouts.finding import Finding, Severity, error, sorted_findings
from handouts.library import Library
from handouts.select import Selection

# What a draft may have and a release may not; the pages say so of themselves, and a build of a draft does not.
ON_THE_PAGE = frozenset({"unreviewed", "unconfirmed"})
UNFINISHED = ON_THE_PAGE | {"contact-expired", "review-due"}


def check_compositions(selection: Selection, compositions: Iterable[Composition], country: str) -> tuple[Finding, ...]:
    """Return what the rules find in the documents of one reader."""
    return sorted_findings(
        found for each in compositions for found in check_document(each.document, selection, country)
    )


def sift(library: Library, findings: Iterable[Finding], *, release: bool, complete: bool) -> SiftedFindings:
    """Return which findings stay and which are allowed; if everything was checked, also what has no use anywhere.

    For a `release`, what is unfinished is an error, and so is everything that content allows.
    """
    everywhere = check_library(library) if complete else ()
    sifted = sift_findings(sorted_findings((*findings, *everywhere)), library, CODES)
    extra = [*unknown_codes(library, CODES)]
    if complete:
        extra.extend(unused_allowances(library, sifted.allowed, CODES))
    kept = sorted_findings((*sifted.findings, *extra))
    if release:
        kept = sorted_findings((*map(finished, kept), *map(refused, sifted.allowed)))
    return SiftedFindings(kept, sifted.allowed)


def finished(found: Finding) -> Finding:
    """Return a finding as a release takes it: what is unfinished is an error."""
    return replace(found, severity=Severity.ERROR) if found.code in UNFINISHED else found


def refused(allowed: AllowedFinding) -> Finding:
    """Return the error for a finding that content allows, which a release does not."""
    found = allowed.finding
    message = f"A release does not allow '{found.code}': {found.message}"
    return error("suppressed", message, found.at, found.hint)
