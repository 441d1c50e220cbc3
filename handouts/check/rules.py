"""Define a rule: its code, its severity, the reason for it, and the function that finds faults.

A rule takes one checked document and yields faults with their places. `handouts.check.RULES` lists all rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct

from handouts.check.passages import Passage, place_in_file
from handouts.check.readability import Sentence
from handouts.document.nodes import Document
from handouts.finding import Finding, Location, Severity
from handouts.library import ContactEntry, ReadingLimits
from handouts.select import Selection


class ReadingSample(Struct, frozen=True):
    """The sentences that are read in one place, such as the slides, and the limits of that place."""

    name: str
    limits: ReadingLimits
    sentences: tuple[tuple[Passage, Sentence], ...]


class CheckedDocument(Struct, frozen=True):
    """One composed document, its selection, and the contacts that it prints.

    `nodes` are all nodes of its pages, slides and notes in reading order, `passages` all their words, `samples` the
    sentences of places with limits; `written` are the files of its sections.
    """

    document: Document
    selection: Selection
    contacts: tuple[ContactEntry, ...]
    nodes: tuple[object, ...]
    passages: tuple[Passage, ...]
    samples: tuple[ReadingSample, ...]
    written: frozenset[str]

    def is_written(self, at: Location) -> bool:
        """True for a place in a section of the content, and not in a template or in fixed words."""
        return at.file in self.written

    def place(self, passage: Passage, start: int = 0, end: int | None = None) -> Location:
        """Return the place in content of the characters from `start` to `end` of a passage."""
        return place_in_file(passage, start, len(passage.text) if end is None else end, self.selection.texts)


class Fault(Struct, frozen=True):
    """One breach of a rule: what is wrong, where, and what to write; `severity` if it is not that of the rule."""

    message: str
    at: Location
    hint: str
    severity: Severity | None = None


FindFaults: TypeAlias = Callable[[CheckedDocument], Iterator[Fault]]


class Rule(Struct, frozen=True):
    """One rule, with the code of its findings; `reason` says in one sentence why it exists."""

    code: str
    severity: Severity
    reason: str
    find: FindFaults

    def findings(self, checked: CheckedDocument) -> Iterator[Finding]:
        """Yield a finding for each breach of this rule."""
        for fault in self.find(checked):
            yield Finding(fault.severity or self.severity, self.code, fault.message, fault.at, fault.hint)


def error_rule(code: str, reason: str, find: FindFaults) -> Rule:
    """Return a rule whose breach stops a build."""
    return Rule(code, Severity.ERROR, reason, find)


def warning_rule(code: str, reason: str, find: FindFaults) -> Rule:
    """Return a rule whose breach is printed."""
    return Rule(code, Severity.WARNING, reason, find)
