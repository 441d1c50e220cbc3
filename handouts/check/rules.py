"""Define a rule: its code, its severity, the reason for it, and the function that finds faults.

A rule takes one checked document and yields faults with their places. `handouts.check.RULES` lists all rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct

from handouts.check.passages import Passage, place_in_file
from handouts.document.nodes import Document
from handouts.finding import Finding, Location, Severity
from handouts.library import ContactEntry
from handouts.select import Selection


class CheckedDocument(Struct, frozen=True):
    """One composed document, what it was selected from, and whom it says to call.

    `nodes` are all nodes of its pages, slides and notes in reading order, `passages` all words of them; `written` are
    the files of its sections.
    """

    document: Document
    selection: Selection
    contacts: tuple[ContactEntry, ...]
    nodes: tuple[object, ...]
    passages: tuple[Passage, ...]
    written: frozenset[str]

    def is_written(self, at: Location) -> bool:
        """True if what stands at a place was written in a section, and not by the program, its words or a template."""
        return at.file in self.written

    def place(self, passage: Passage, start: int = 0, end: int | None = None) -> Location:
        """Return where a stretch of a passage was written."""
        return place_in_file(passage, start, len(passage.text) if end is None else end, self.selection.texts)


class Fault(Struct, frozen=True):
    """Where a rule is not kept, in what way, and what to write instead; `severity` if it is not that of the rule."""

    message: str
    at: Location
    hint: str
    severity: Severity | None = None


FindFaults: TypeAlias = Callable[[CheckedDocument], Iterator[Fault]]


class Rule(Struct, frozen=True):
    """One rule, by the code of its findings; `reason` says in one sentence why it is kept."""

    code: str
    severity: Severity
    reason: str
    find: FindFaults

    def findings(self, checked: CheckedDocument) -> Iterator[Finding]:
        """Yield where `checked` does not keep this rule."""
        for fault in self.find(checked):
            yield Finding(fault.severity or self.severity, self.code, fault.message, fault.at, fault.hint)


def error_rule(code: str, reason: str, find: FindFaults) -> Rule:
    """Return a rule whose breach stops a build."""
    return Rule(code, Severity.ERROR, reason, find)


def warning_rule(code: str, reason: str, find: FindFaults) -> Rule:
    """Return a rule whose breach is printed."""
    return Rule(code, Severity.WARNING, reason, find)
