"""What a rule is: a code, how much it matters, why it is there, and a function that finds where it is not kept.

A rule takes one composed document with what is known about its reader, and yields faults with their places. Rules are
gathered in one table, in `handouts.check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct

from handouts.check.passages import Passage
from handouts.check.places import place_of
from handouts.document import Document
from handouts.finding import Finding, Severity, Span
from handouts.library import ContactEntry
from handouts.select import Selection


class Checked(Struct, frozen=True):
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

    def is_written(self, at: Span) -> bool:
        """True if what stands at a place was written in a section, and not by the program, its words or a template."""
        return at.file in self.written

    def place(self, passage: Passage, start: int = 0, end: int | None = None) -> Span:
        """Return where a stretch of a passage was written."""
        return place_of(passage, start, len(passage.text) if end is None else end, self.selection.texts)


class Fault(Struct, frozen=True):
    """Where a rule is not kept, in what way, and what to write instead; `severity` if it is not that of the rule."""

    message: str
    at: Span
    hint: str
    severity: Severity | None = None


Find: TypeAlias = Callable[[Checked], Iterator[Fault]]


class Rule(Struct, frozen=True):
    """One rule, by the code of its findings; `reason` says in one sentence why it is kept."""

    code: str
    severity: Severity
    reason: str
    find: Find

    def findings(self, checked: Checked) -> Iterator[Finding]:
        """Yield where `checked` does not keep this rule."""
        for fault in self.find(checked):
            yield Finding(fault.severity or self.severity, self.code, fault.message, fault.at, fault.hint)


def an_error(code: str, reason: str, find: Find) -> Rule:
    """Return a rule whose breach stops a build."""
    return Rule(code, Severity.ERROR, reason, find)


def a_warning(code: str, reason: str, find: Find) -> Rule:
    """Return a rule whose breach is printed."""
    return Rule(code, Severity.WARNING, reason, find)
