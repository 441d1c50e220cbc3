"""A composed Document to findings: the rules of access, safety, sources, wording and reading.

`check_document` looks at one document as its reader gets it, `check_library` at what no single document shows,
`sift_findings` takes out what the writer has allowed in place. Reads no file and changes nothing.
"""

from __future__ import annotations

from handouts.check import access, reading, safety, sources, wording
from handouts.check.allowed import Allowed, Sifted, sift_findings, unknown_codes, unused_allowances
from handouts.check.passages import passages_of
from handouts.check.places import find_words
from handouts.check.rules import Checked, Rule
from handouts.check.sentences import sentences
from handouts.document import Document, walk
from handouts.finding import Finding, in_order
from handouts.library import ANY_COUNTRY, Library
from handouts.select import Selection

__all__ = [
    "CODES",
    "RULES",
    "Allowed",
    "Rule",
    "Sifted",
    "check_document",
    "check_library",
    "find_words",
    "sentences",
    "sift_findings",
    "unknown_codes",
    "unused_allowances",
]

RULES: tuple[Rule, ...] = (*reading.RULES, *wording.RULES, *sources.RULES, *access.RULES, *safety.RULES)
CODES = frozenset((*(rule.code for rule in RULES), "unused-source"))


def check_document(document: Document, selection: Selection, country: str = "") -> tuple[Finding, ...]:
    """Return where a document that was composed of a selection, for a country, does not keep the rules."""
    library = selection.library
    listed = library.contacts[country or library.service.country or ANY_COUNTRY]
    checked = Checked(
        document=document,
        selection=selection,
        contacts=tuple(entry for entry in listed if entry.is_for(selection.audience.name)),
        nodes=tuple(walk((document.blocks, document.slides))),
        passages=passages_of(document),
        written=frozenset(section.at.file for section in selection.sections),
    )
    return in_order(found for rule in RULES for found in rule.findings(checked))


def check_library(library: Library) -> tuple[Finding, ...]:
    """Return where the whole library does not keep the rules."""
    return (*sources.unused_sources(library), *wording.bad_phrases(library))
