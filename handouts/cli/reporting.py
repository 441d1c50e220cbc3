"""A report or a library in, a table or data for JSON out. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.cli.balancing import balance_as_data, balance_lines
from handouts.cli.pointing import points_as_data, points_lines
from handouts.finding import Finding, finding_to_json, is_error, sorted_findings

if TYPE_CHECKING:
    from handouts.build.checks import CheckReport
    from handouts.build.deciding import Decision
    from handouts.build.making import Prospect
    from handouts.build.reports import Report
    from handouts.build.writing import Made
    from handouts.library import Library

MOST_ROWS = 40
KIND = {
    "pdf": "page",
    "pptx": "slide",
    "pptx-builds": "slide",
    "slides-pdf": "page",
    "notes-pdf": "page",
    "lines-pdf": "page",
}


def made_as_data(made: Made) -> dict[str, object]:
    """Return what became of a file as JSON has it; a copy is known by its row, and its own name is not told."""
    label = made.label
    return {
        **({"row": label.row} if label.row else {"file": made.path.as_posix()}),
        "topic": label.topic,
        "audience": label.audience,
        "template": label.template,
        "language": label.language,
        "edition": label.edition,
        "paper": label.paper,
        f"{KIND[label.renderer]}s": made.pages,
        "bytes": made.size,
        "sha256": made.sha256,
        "seconds": round(made.seconds, 3),
        "status": made.status,
        "reason": str(made.reason),
        "written": made.written,
        "findings": findings_as_data(made.findings),
    }


def end_as_data(report: Report) -> dict[str, object]:
    """Return how a build ended as JSON has it: how many files were made, and what was found of all of them."""
    counts = {status: sum(made.status == status for made in report.made) for status in ("made", "fresh", "failed")}
    return {"event": "end", **counts, "findings": findings_as_data(report.everything)}


def decision_as_data(decision: Decision, output: Path) -> dict[str, object]:
    """Return what would become of a file as JSON has it."""
    label = decision.deliverable.label
    name = {"row": label.row} if label.row else {"file": (output / label.file).as_posix()}
    return {"event": "plan", **name, "reason": str(decision.reason), "made": decision.made}


def decision_lines(prospect: Prospect, output: Path) -> Iterator[str]:
    """Yield what each column of a table is read as, each file that is planned with the reason why it would be made or
    not, and how many there are.
    """
    decisions = prospect.decisions
    for heading, field in prospect.columns:
        yield f"column '{heading}' is read as: {field.replace('-', ' ')}"
    if prospect.columns:
        yield ""
    width = max((len(each.reason) for each in decisions), default=0)
    for each in decisions:
        yield f"{each.reason:<{width}}  {(output / each.deliverable.label.file).as_posix()}"
    made = sum(each.made for each in decisions)
    fresh = sum(each.fresh for each in decisions)
    left = len(decisions) - made - fresh
    yield ""
    yield f"{counted(made, 'file')} to make, {fresh} fresh{f', {left} edited by hand and left alone' if left else ''}"


def check_as_data(report: CheckReport) -> dict[str, object]:
    """Return what was checked as JSON has it."""
    return {
        "documents": report.documents,
        "findings": findings_as_data(report.findings),
        "allowed": [{**finding_to_json(each.finding), "because": each.because} for each in report.allowed],
        "balance": [balance_as_data(each) for each in report.balances],
        "points": [points_as_data(each) for each in report.points],
    }


def check_lines(report: CheckReport, width: int) -> Iterator[str]:
    """Yield how much each reader is told, which words make which point, what content allows, each with its reason, and
    how much was found."""
    for balance in report.balances:
        yield from (*balance_lines(balance), "")
    if report.points:
        yield from (*points_lines(report.points, width), "")
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
    return [finding_to_json(found) for found in sorted_findings(findings)]


def table_of(report: Report) -> tuple[str, ...]:
    """Return the lines of a table of what was made and what was not: file, pages or slides, size, time; and how many.

    Of many files only those that failed are in it.
    """
    shown = report.made if len(report.made) <= MOST_ROWS else [made for made in report.made if not made.written]
    rows = [("file", "pages", "size", "time"), *map(row_of, shown[:MOST_ROWS])]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:>{widths[3]}}" for row in rows
    ]
    table = (lines[0], "-" * len(lines[0]), *lines[1:], "") if shown else ()
    return (*table, summary_of(report))


def summary_of(report: Report) -> str:
    """Return how many files were made, were fresh, and failed."""
    made, fresh, failed = (sum(each.status == status for each in report.made) for status in ("made", "fresh", "failed"))
    parts = [f"{made} of {len(report.made)} files made in {sum(each.seconds for each in report.made):.1f} s"]
    parts += [f"{fresh} fresh"] if fresh else []
    parts += [f"{failed} failed"] if failed else []
    return ", ".join(parts)


def row_of(made: Made) -> tuple[str, str, str, str]:
    """Return one row of the table."""
    label = made.label
    name = f"row {label.row}: {label.template}, {label.audience}" if label.row else made.path.as_posix()
    if not made.written:
        return name, "not made", "", ""
    kind = KIND[label.renderer]
    pages = f"{made.pages} {kind}{'' if made.pages == 1 else 's'}"
    time = "fresh" if made.status == "fresh" else f"{made.seconds:.2f} s"
    return name, pages, f"{made.size / 1000:.0f} kB", time


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


def library_lines(library: Library) -> Iterator[str]:
    """Yield the names that options take, below what they are, each with what it stands for."""
    for heading, names in names_as_data(library).items():
        yield f"{heading}:"
        width = max(map(len, names), default=0)
        yield from (f"  {name:<{width}}  {what}".rstrip() for name, what in names.items())
        yield ""
