"""Check a composed Document by the rules of reading, wording, sources, access and safety.

`check_document` checks one document as its reader gets it, `check_library` what no single document shows, and
`sift_findings` takes out the findings that content allows in place, each with the reason given. An allowance of an
unknown code, and one that no finding needs, are findings too. Must never read a file or change a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from handouts.check import access, foreign_numbers, reading, safety, sources, wording
from handouts.check.rules import CheckedDocument, Rule, passages_of
from handouts.document.nodes import Document
from handouts.document.text import walk
from handouts.finding import Finding, error, sorted_findings, suggest_name, warning
from handouts.library import ANY_COUNTRY, Library
from handouts.markdown.names import Allowance
from handouts.select import Selection

RULES: tuple[Rule, ...] = (
    *reading.RULES,
    *wording.RULES,
    *sources.RULES,
    *access.RULES,
    *safety.RULES,
    *foreign_numbers.RULES,
)
CODES = frozenset((*(rule.code for rule in RULES), "unused-source", "untranslated"))


def check_document(checked: CheckedDocument) -> tuple[Finding, ...]:
    """Return the findings of all rules in a document."""
    return sorted_findings(found for rule in RULES for found in rule.findings(checked))


def checked_document(document: Document, selection: Selection, country: str = "") -> CheckedDocument:
    """Return a document that was composed of a selection, for a country, as the rules read it."""
    library = selection.library
    chosen = country or library.service.country
    listed = library.contacts[chosen or ANY_COUNTRY]
    passages, written = passages_of(document), frozenset(section.at.file for section in selection.sections)
    return CheckedDocument(
        document=document,
        selection=selection,
        contacts=tuple(entry for entry in listed if entry.is_for(selection.audience.name, selection.topic.name)),
        nodes=tuple(walk((document.blocks, document.slides))),
        passages=passages,
        samples=tuple(reading.reading_samples(passages, selection.audience.reading, written)),
        written=written,
        country=chosen,
    )


def check_library(library: Library) -> tuple[Finding, ...]:
    """Return the findings that concern the whole library: unused sources and missing translations."""
    return (*sources.unused_sources(library), *sources.untranslated_sections(library))


# ---------------------------------------------------------------- findings that content allows


class AllowedFinding(Struct, frozen=True):
    """One finding that was allowed in place, and the reason that was given."""

    finding: Finding
    because: str


class SiftedFindings(Struct, frozen=True):
    """The findings that stay, and those that are allowed."""

    findings: tuple[Finding, ...]
    allowed: tuple[AllowedFinding, ...]


def _allowances_of(library: Library) -> tuple[Allowance, ...]:
    """Return the allowances of all content."""
    return tuple(
        allowance
        for topic in library.topics.values()
        for sections in topic.languages.values()
        for section in sections
        for allowance in section.allowances
    )


def sift_findings(findings: Iterable[Finding], library: Library) -> SiftedFindings:
    """Return which of `findings` stay: one of a rule passes where it is allowed."""
    allowances = _allowances_of(library)
    kept: list[Finding] = []
    passed: list[AllowedFinding] = []
    for found in findings:
        allowance = next((each for each in allowances if each.covers(found.code, found.at)), None)
        if allowance is None or found.code not in CODES:
            kept.append(found)
        else:
            passed.append(AllowedFinding(found, allowance.because))
    return SiftedFindings(tuple(kept), tuple(passed))


def unknown_codes(library: Library) -> Iterator[Finding]:
    """Yield an error for each allowance of an unknown code."""
    for allowance in _allowances_of(library):
        if allowance.code.text not in CODES:
            message = f"No rule has the code '{allowance.code.text}'."
            yield error("unknown-code", message, allowance.code.at, suggest_name(allowance.code.text, CODES))


def unused_allowances(library: Library, allowed: Iterable[AllowedFinding]) -> Iterator[Finding]:
    """Yield a warning for each allowance that no finding needed, after everything was checked."""
    needed = {(each.finding.code, each.finding.at) for each in allowed}
    for allowance in _allowances_of(library):
        if allowance.code.text in CODES and not any(allowance.covers(code, at) for code, at in needed):
            message = f"Nothing here needs to be allowed as '{allowance.code.text}'."
            yield warning("unused-allowance", message, allowance.code.at, "delete allow and because")
