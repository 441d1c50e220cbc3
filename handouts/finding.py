"""Findings: what is wrong, where it is, and how to correct it.

Every stage collects `Finding`s and continues. `HandoutError` is raised only where work cannot continue; the findings
are its only arguments, so that it survives pickling. Must never print or read a file.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from msgspec import Struct


class Location(Struct, frozen=True, order=True):
    """A place in a file that a person can go to: line and column count from 1; both are 0 for a whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


NOWHERE = Location("")


class Severity(StrEnum):
    """How serious a finding is: an error stops the build, a warning is only printed."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Struct, frozen=True):
    """One problem to report: `code` names its kind, `hint` says what to write instead."""

    severity: Severity
    code: str
    message: str
    at: Location = NOWHERE
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at != NOWHERE else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.severity}: {self.code}: {self.message}{hint}"


class HandoutError(Exception):
    """Work cannot continue; the arguments are the findings that say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings collected before the work stopped."""
        return self.args

    def __str__(self) -> str:
        return "\n".join(str(found) for found in self.findings)


def error(code: str, message: str, at: Location = NOWHERE, hint: str = "") -> Finding:
    """Return a finding that stops the build."""
    return Finding(Severity.ERROR, code, message, at, hint)


def warning(code: str, message: str, at: Location = NOWHERE, hint: str = "") -> Finding:
    """Return a finding that is printed but does not stop the build."""
    return Finding(Severity.WARNING, code, message, at, hint)


def is_error(found: Finding) -> bool:
    """Return whether a finding stops the build."""
    return found.severity is Severity.ERROR


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `findings` without duplicates, sorted by place; errors and warnings are mixed."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda found: (found.at, found.code, found.message)))


def raise_errors(findings: Iterable[Finding]) -> None:
    """Raise HandoutError with all `findings` if any of them is an error."""
    gathered = sorted_findings(findings)
    if any(is_error(found) for found in gathered):
        raise HandoutError(*gathered)


def finding_to_json(found: Finding) -> dict[str, object]:
    """Return a finding as a JSON object."""
    return {
        "severity": str(found.severity),
        "code": found.code,
        "message": found.message,
        "file": found.at.file,
        "line": found.at.line,
        "column": found.at.column,
        "hint": found.hint,
    }


def closest_name(word: str, names: Iterable[str]) -> str:
    """Return the known name with the most similar spelling, or "" if none is similar."""
    known = {name.lower(): name for name in sorted(names, reverse=True)}
    close = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return known[close[0]] if close else ""


@contextmanager
def os_errors_as_findings() -> Iterator[None]:
    """Turn an OSError into a HandoutError about that file or folder."""
    try:
        yield
    except OSError as refused:
        at = Location(Path(os.fsdecode(refused.filename)).as_posix()) if refused.filename else NOWHERE
        message = f"This cannot be read: {refused.strerror or refused}."
        raise HandoutError(error("unreadable", message, at, "see that it is there and yours")) from None


def suggest_name(word: str, names: Iterable[str]) -> str:
    """Return a hint with the known name closest to `word`, or with all known names if none is close."""
    known = sorted(names)
    meant = closest_name(word, known)
    if meant:
        return f"did you mean '{meant}'?"
    return f"known: {', '.join(known)}" if known else "none is defined"


def unknown_name_error(code: str, what: str, name: str, known: Collection[str], at: Location = NOWHERE) -> Finding:
    """Return the error for a `name` that is not in `known`; the hint is the closest known name."""
    return error(code, f"There is no {what} '{name}'.", at, suggest_name(name, known))


def first_named(names: Sequence[str], most: int) -> str:
    """Return the first `most` of several names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
