"""Check a composed Document by the rules of reading, wording, sources, access and safety.

`check_document` checks one document as its reader gets it, `check_library` what no single document shows, and
`sift_findings` takes out the findings that content allows in place. Must never read a file or change a
document.
"""

from __future__ import annotations

from handouts.check import access, reading, safety, sources, wording
from handouts.check.allowances import AllowedFinding, SiftedFindings, sift_findings, unknown_codes, unused_allowances
from handouts.check.passages import find_words, passages_of
from handouts.check.readability import split_sentences
from handouts.check.rules import CheckedDocument, Rule
from handouts.document.nodes import Document
from handouts.document.text import walk
from handouts.finding import Finding, sorted_findings
from handouts.library import ANY_COUNTRY, Library
from handouts.select import Selection

__all__ = [
    "CODES",
    "RULES",
    "AllowedFinding",
    "Rule",
    "SiftedFindings",
    "check_document",
    "check_library",
    "find_words",
    "sift_findings",
    "split_sentences",
    "unknown_codes",
    "unused_allowances",
]

RULES: tuple[Rule, ...] = (*reading.RULES, *wording.RULES, *sources.RULES, *access.RULES, *safety.RULES)
CODES = frozenset((*(rule.code for rule in RULES), "unused-source"))


def check_document(document: Document, selection: Selection, country: str = "") -> tuple[Finding, ...]:
    """Return the findings of all rules in a document that was composed of a selection, for a country."""
    library = selection.library
    listed = library.contacts[country or library.service.country or ANY_COUNTRY]
    passages, written = passages_of(document), frozenset(section.at.file for section in selection.sections)
    checked = CheckedDocument(
        document=document,
        selection=selection,
        contacts=tuple(entry for entry in listed if entry.is_for(selection.audience.name)),
        nodes=tuple(walk((document.blocks, document.slides))),
        passages=passages,
        samples=tuple(reading.reading_samples(passages, selection.audience.reading, written)),
        written=written,
    )
    return sorted_findings(found for rule in RULES for found in rule.findings(checked))


def check_library(library: Library) -> tuple[Finding, ...]:
    """Return the findings that concern the whole library: unused sources, and phrases that cannot be read."""
    return (*sources.unused_sources(library), *wording.unreadable_phrases(library))
