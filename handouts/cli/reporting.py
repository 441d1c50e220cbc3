"""A report or a library in, a table or data for JSON out. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from handouts.cli.balancing import balance_as_data, balance_lines
from handouts.finding import Finding, in_order, is_error

if TYPE_CHECKING:
    from handouts.build import CheckReport, Made, Report
    from handouts.library import Library

KIND = {"pdf": "page", "pptx": "slide", "slides-pdf": "page", "notes-pdf": "page", "lines-pdf": "page"}


def report_as_data(report: Report, findings: Iterable[Finding]) -> dict[str, object]:
    """Return the report as JSON has it."""
    return {
        "files": [
            {
                "file": made.path.as_posix(),
                "topic": made.deliverable.topic,
                "audience": made.deliverable.audience,
                "template": made.deliverable.template,
                "language": made.deliverable.language,
                "edition": made.deliverable.edition,
                "paper": made.deliverable.theme.paper.name,
                f"{KIND[made.deliverable.renderer]}s": made.pages,
                "bytes": made.size,
                "sha256": made.sha256,
                "seconds": round(made.seconds, 3),
                "written": made.written,
            }
            for made in report.made
        ],
        "findings": findings_as_data(findings),
    }


def check_as_data(report: CheckReport) -> dict[str, object]:
    """Return what was checked as JSON has it."""
    return {
        "documents": report.documents,
        "findings": findings_as_data(report.findings),
        "allowed": [{**finding_as_data(each.finding), "because": each.because} for each in report.allowed],
        "balance": [balance_as_data(each) for each in report.balances],
    }


def check_lines(report: CheckReport) -> Iterator[str]:
    """Yield how much each reader is told, what content allows, each with its reason, and how much was found."""
    for balance in report.balances:
        yield from (*balance_lines(balance), "")
    if report.allowed:
        yield "Allowed in place:"
    for each in report.allowed:
        yield f"  {each.finding.at}: {each.finding.code}: {each.because}"
    errors = sum(is_error(found) for found in report.findings)
    warnings = len(report.findings) - errors
    counts = (counted(errors, "error"), counted(warnings, "warning"), f"{len(report.allowed)} allowed")
    yield f"{counted(report.documents, 'document')} checked: {', '.join(counts)}"


def counted(count: int, what: str) -> str:
    """Return a number with what is counted."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def findings_as_data(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return findings as JSON has them, in order."""
    return [finding_as_data(found) for found in in_order(findings)]


def finding_as_data(found: Finding) -> dict[str, object]:
    """Return a finding as JSON has it."""
    return {
        "severity": str(found.severity),
        "code": found.code,
        "message": found.message,
        "file": found.at.file,
        "line": found.at.line,
        "column": found.at.column,
        "hint": found.hint,
    }


def table_of(report: Report) -> str:
    """Return a table of what was made: file, pages or slides, size, time."""
    rows = [("file", "pages", "size", "time"), *(row_of(made) for made in report.made)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:>{widths[3]}}" for row in rows
    ]
    written = sum(made.written for made in report.made)
    summary = f"{written} of {len(report.made)} files made in {sum(made.seconds for made in report.made):.1f} s"
    return "\n".join((lines[0], "-" * len(lines[0]), *lines[1:], "", summary))


def row_of(made: Made) -> tuple[str, str, str, str]:
    """Return one row of the table."""
    kind = KIND[made.deliverable.renderer]
    pages = f"{made.pages} {kind}{'' if made.pages == 1 else 's'}" if made.written else "not made"
    return made.path.as_posix(), pages, f"{made.size / 1000:.0f} kB", f"{made.seconds:.2f} s"


def names_as_data(library: Library) -> dict[str, dict[str, str]]:
    """Return the names that options take, each with what it stands for."""
    return {
        "topics": {each.name: each.title for each in library.topics.values()},
        "audiences": {each.name: each.title for each in library.audiences.values()},
        "languages": {
            language: ", ".join(each.name for each in library.topics.values() if language in each.languages)
            for language in sorted({language for each in library.topics.values() for language in each.languages})
        },
        "templates": {each.name: each.renderer for each in library.templates.values()},
        "editions": {
            each.name: f"on {', '.join(each.papers)}"
            for each in library.themes[library.service.theme].editions.values()
        },
        "countries": {code: f"{len(library.contacts[code])} contacts" for code in library.countries},
    }
