"""Format what verbs print, as lines of text or as data for JSON: reports, previews, checks, comparisons, diagnoses.

Two audiences are shown side by side if the terminal is wide enough. Must never print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from pathlib import Path, PurePosixPath
from textwrap import wrap
from typing import TYPE_CHECKING

from handouts.finding import Finding, finding_to_json, is_error, sorted_findings
from handouts.formats import FORMATS_IN_WORDS, format_named

if TYPE_CHECKING:
    from handouts.compare import AudienceComparison, Balance, ComparedSection, Coverage, LocatedSentence, SentencePair
    from handouts.library import Library
    from handouts.pipeline.checks import CheckReport
    from handouts.pipeline.diagnosis import DiagnosisEntry
    from handouts.pipeline.full_build import BuildPreview
    from handouts.pipeline.incremental import Decision
    from handouts.pipeline.points import PointTable
    from handouts.pipeline.report import BuildReport, Outcome
    from handouts.pipeline.section_forms import RewriteReport


def _balance_lines(balance: Balance) -> Iterator[str]:
    """Yield a table of the words that each audience reads, by section, with the parts that some of them lack."""
    rows: list[tuple[str, Sequence[int]]] = []
    for section in balance.sections:
        rows.append((section.name, section.words))
        readers = [index for index, count in enumerate(section.words) if count]
        rows.extend(
            (f"  {part.name}", part.words)
            for part in section.parts
            if any(part.words) and not all(part.words[index] for index in readers)
        )
    rows.append(("all", balance.whole))
    first = max(len(name) for name, _ in rows)
    widths = [max(len(name), 7) for name in balance.audiences]
    head = "".join(f"  {name:>{width}}" for name, width in zip(balance.audiences, widths, strict=True))
    yield f"{balance.topic} ({balance.language}): the words that each audience reads, by section"
    yield "(a part is named if one of them has it and another has not)"
    yield ""
    yield f"{'':{first}}{head}"
    for name, words in rows:
        if name == "all":
            yield "-" * (first + len(head))
        cells = (f"  {count or '-':>{width}}" for count, width in zip(words, widths, strict=True))
        yield f"{name:<{first}}{''.join(cells)}"


def _balance_as_data(balance: Balance) -> dict[str, object]:
    """Return the words that each audience reads, as data for JSON."""

    def covered(coverage: Coverage) -> dict[str, object]:
        words = dict(zip(balance.audiences, coverage.words, strict=True))
        return {"name": coverage.name, "words": words, "parts": [covered(part) for part in coverage.parts]}

    return {
        "topic": balance.topic,
        "language": balance.language,
        "words": dict(zip(balance.audiences, balance.whole, strict=True)),
        "sections": [covered(section) for section in balance.sections],
    }


_MISSING_MARK = "MISSING"
_INDENT = "  "


def _point_lines(tables: Sequence[PointTable], width: int) -> Iterator[str]:
    """Yield the points of each document with the words that make them, and then the number of points it makes."""
    names, counts = [], []
    for table in tables:
        document = f"{table.template}, {table.minutes} minutes" if table.minutes else table.template
        title = f"{table.topic} ({table.language}), for {table.audience}: {document}"
        yield from wrap(title, width)
        yield "=" * min(len(title), width)
        for made in table.points:
            yield ""
            mark = "" if made.parts else f"{_MISSING_MARK}  "
            yield from wrap(f"{mark}{made.point.id}: {made.point.sentence}", width, subsequent_indent=_INDENT)
            for part in made.parts:
                yield f"{_INDENT}{part.at.file}:{part.at.line} ({part.part})"
                for text in part.texts:
                    yield from wrap(text, width, initial_indent=_INDENT + "| ", subsequent_indent=_INDENT + "| ")
        yield ""
        missing = sum(not made.parts for made in table.points)
        names.append(f"{table.topic} ({table.language}), {table.audience}, {document}")
        counts.append(
            f"{len(table.points) - missing} of {len(table.points)}{f', {missing} {_MISSING_MARK}' if missing else ''}"
        )
    longest = max(map(len, names), default=0)
    yield "Points made:"
    for name, count in zip(names, counts, strict=True):
        padded = f"{name:<{longest}}" if longest + len(count) + 2 * len(_INDENT) <= width else name
        yield from wrap(f"{padded}  {count}", width, initial_indent=_INDENT, subsequent_indent=2 * _INDENT)


def _point_table_as_data(table: PointTable) -> dict[str, object]:
    """Return the points of one document as data for JSON."""
    return {
        "topic": table.topic,
        "language": table.language,
        "audience": table.audience,
        "template": table.template,
        "minutes": table.minutes,
        "points": [
            {
                "id": made.point.id,
                "sentence": made.point.sentence,
                "made": bool(made.parts),
                "by": [
                    {"part": each.part, "texts": list(each.texts), "file": each.at.file, "line": each.at.line}
                    for each in made.parts
                ],
            }
            for made in table.points
        ],
    }


_MAX_ROWS = 40


def outcome_as_data(made: Outcome) -> dict[str, object]:
    """Return the outcome for a file as data for JSON; a copy is named by its row, never by its file."""
    from handouts.pipeline.manifest import entry_key

    label = made.label
    return {
        **({"row": label.row, "key": entry_key(label)} if label.row else {"file": made.path.as_posix()}),
        "topic": label.topic,
        "audience": label.audience,
        "template": label.template,
        "language": label.language,
        "edition": label.edition,
        "paper": label.paper,
        f"{format_named(label.renderer).unit}s": made.pages,
        "bytes": made.size,
        "sha256": made.sha256,
        "seconds": round(made.seconds, 3),
        "status": made.status,
        "reason": str(made.reason),
        "written": made.is_in_place,
        "findings": findings_as_data(made.findings),
    }


def end_as_data(report: BuildReport) -> dict[str, object]:
    """Return the end of a build as data for JSON: the numbers of files, and all findings."""
    counts = {status: sum(made.status == status for made in report.outcomes) for status in ("made", "fresh", "failed")}
    return {"event": "end", **counts, "findings": findings_as_data(report.all_findings)}


def decision_as_data(decision: Decision, output: Path) -> dict[str, object]:
    """Return whether a build would make a file, and why, as data for JSON."""
    label = decision.deliverable.label
    name = {"row": label.row} if label.row else {"file": (output / label.file).as_posix()}
    return {"event": "plan", **name, "reason": str(decision.reason), "made": decision.is_needed}


def preview_lines(preview: BuildPreview, output: Path) -> Iterator[str]:
    """Yield the meaning of each column of a table of recipients, each planned file with the reason why it would be made
    or not, and the numbers of files.
    """
    decisions = preview.decisions
    for heading, field in preview.columns:
        yield f"column '{heading}' is read as: {field.replace('-', ' ')}"
    if preview.columns:
        yield ""
    width = max((len(each.reason) for each in decisions), default=0)
    for each in decisions:
        yield f"{each.reason:<{width}}  {(output / each.deliverable.label.file).as_posix()}"
    made = sum(each.is_needed for each in decisions)
    fresh = sum(each.reason == "fresh" for each in decisions)
    left = len(decisions) - made - fresh
    yield ""
    yield f"{count_of(made, 'file')} to make, {fresh} fresh{f', {left} edited by hand and left alone' if left else ''}"


def rewrite_lines(report: RewriteReport, *, dry_run: bool) -> Iterator[str]:
    """Yield each section file that was rewritten, or would be, with its lines of fences before and after."""
    for each in report.files:
        yield f"{each.file}: {each.before} lines of :::, then {each.after}"
    verb = "would be rewritten" if dry_run else "rewritten"
    before, after = sum(each.before for each in report.files), sum(each.after for each in report.files)
    lines = f": {before} lines of :::, then {after}"
    yield f"{len(report.files)} of {count_of(report.looked_at, 'file')} {verb}{lines if report.files else ''}"


def check_as_data(report: CheckReport) -> dict[str, object]:
    """Return the report of a check as data for JSON."""
    return {
        "documents": report.documents,
        "findings": findings_as_data(report.findings),
        "allowed": [{**finding_to_json(each.finding), "because": each.because} for each in report.allowed],
        "balance": [_balance_as_data(each) for each in report.balances],
        "points": [_point_table_as_data(each) for each in report.points],
    }


def check_lines(report: CheckReport, width: int) -> Iterator[str]:
    """Yield the words that each audience reads, the points, the findings that content allows with their reasons, and
    the numbers of findings.
    """
    for balance in report.balances:
        yield from (*_balance_lines(balance), "")
    if report.points:
        yield from (*_point_lines(report.points, width), "")
    if report.allowed:
        yield "Allowed in place:"
    for each in report.allowed:
        yield f"  {each.finding.at}: {each.finding.code}: {each.because}"
    errors = sum(is_error(found) for found in report.findings)
    warnings = len(report.findings) - errors
    counts = (count_of(errors, "error"), count_of(warnings, "warning"), f"{len(report.allowed)} allowed")
    yield f"{count_of(report.documents, 'document')} checked: {', '.join(counts)}"


def count_of(count: int, what: str) -> str:
    """Return a number and a noun, with an s unless the number is 1."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def findings_as_data(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return findings as data for JSON, in order."""
    return [finding_to_json(found) for found in sorted_findings(findings)]


def outcome_table(report: BuildReport) -> tuple[str, ...]:
    """Return a table of the files with their pages or slides, size and time, and below it how many there are.

    If there are many files, the table has only those that failed.
    """
    everything = len(report.outcomes) <= _MAX_ROWS
    shown = [made for made in report.outcomes if everything or not made.is_in_place]
    rows = [("file", "pages", "size", "time"), *map(_outcome_row, shown[:_MAX_ROWS])]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:>{widths[3]}}" for row in rows
    ]
    table = (lines[0], "-" * len(lines[0]), *lines[1:], "") if shown else ()
    statuses = ("made", "fresh", "failed")
    made, fresh, failed = (sum(each.status == status for each in report.outcomes) for status in statuses)
    parts = [f"{made} of {len(report.outcomes)} files made in {sum(each.seconds for each in report.outcomes):.1f} s"]
    parts += [f"{fresh} fresh"] if fresh else []
    parts += [f"{failed} failed"] if failed else []
    return (*table, ", ".join(parts))


def _outcome_row(made: Outcome) -> tuple[str, str, str, str]:
    """Return one row of the table of files."""
    label = made.label
    name = f"row {label.row}: {label.template}, {label.audience}" if label.row else made.path.as_posix()
    if not label.row and PurePosixPath(label.file).parent.name == label.edition:  # a name that does not say for whom
        name = f"{name} ({label.template}, {label.audience})"
    if not made.is_in_place:
        return name, "not made", "", ""
    time = "fresh" if made.status == "fresh" else f"{made.seconds:.2f} s"
    pages = count_of(made.pages, format_named(label.renderer).unit)
    return name, pages, f"{made.size / 1000:.0f} kB", time


def names_as_data(library: Library) -> dict[str, dict[str, str]]:
    """Return the names that options take, with their meanings, by kind."""
    return {
        "topics": {each.name: each.title for each in library.topics.values()},
        "audiences": {each.name: each.title for each in library.audiences.values()},
        "languages": {
            language: ", ".join(each.name for each in library.topics.values() if language in each.languages)
            for language in sorted({language for each in library.topics.values() for language in each.languages})
        },
        "templates": {each.name: each.renderer for each in library.templates.values()},
        "formats": FORMATS_IN_WORDS,
        "editions": {
            each.name: f"on {', '.join(each.papers)}"
            for each in library.themes[library.service.theme].editions.values()
        },
        "countries": {code: f"{len(library.contacts[code])} contacts" for code in library.countries},
    }


def library_lines(library: Library) -> Iterator[str]:
    """Yield the names that options take, with their meanings, by kind."""
    for heading, names in names_as_data(library).items():
        yield f"{heading}:"
        width = max(map(len, names), default=0)
        yield from (f"  {name:<{width}}  {what}".rstrip() for name, what in names.items())
        yield ""


_DIAGNOSIS_STATES = {"good": "good", "open": "to do", "wrong": "WRONG"}
_DIAGNOSIS_INDENT = " " * 18


def diagnosis_lines(entries: Iterable[DiagnosisEntry], width: int) -> Iterator[str]:
    """Yield the state of each entry, and below it what to do, in lines of at most `width` columns."""
    for each in entries:
        head = f"{_DIAGNOSIS_STATES[each.state]:6} {each.name:11}"
        hint = f"-> {each.hint}" if each.hint else ""
        for text, begin in ((each.text, head), (hint, _DIAGNOSIS_INDENT)):
            yield from wrap_words(text, width, begin, _DIAGNOSIS_INDENT)


def wrap_words(text: str, width: int, first: str = "", further: str = "") -> list[str]:
    """Return a text in lines of at most `width` columns, with all words whole: a word may be a name to type."""
    return wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )


# ---------------------------------------------------------------- two audiences


_MIN_SIDE_BY_SIDE_WIDTH = 72  # columns of a terminal, from which two texts are shown side by side
_NUMBER_WIDTH, _COLUMN_GAP = 5, " | "


def comparison_lines(comparison: AudienceComparison, width: int, *, everything: bool = False) -> Iterator[str]:
    """Yield what two audiences read, side by side if there is room; with `everything` also what is the same."""
    left, right = comparison.left, comparison.right
    yield from wrap(f"{comparison.topic} ({comparison.language}): what {left} and what {right} read", width)
    if width >= _MIN_SIDE_BY_SIDE_WIDTH:
        half = _text_column_width(width)
        yield ""
        yield f"{'':{_NUMBER_WIDTH + 2}}{left:<{half}}{_COLUMN_GAP}{'':{_NUMBER_WIDTH + 2}}{right}"
    same = [section for section in comparison.sections if section.difference == "same" and not everything]
    for section in comparison.sections:
        if section not in same:
            yield ""
            yield from _compared_section_lines(section, comparison, width, everything=everything)
    yield ""
    if same:
        yield from wrap(f"The same for both: {', '.join(section.id for section in same)}", width)
    for line in _total_lines(comparison):
        yield from wrap(line, width)


def _compared_section_lines(
    section: ComparedSection, comparison: AudienceComparison, width: int, *, everything: bool
) -> Iterator[str]:
    """Yield one section: its name, its file, and the rows of its parts."""
    only = {"left": f", only for {comparison.left}", "right": f", only for {comparison.right}"}
    yield f"== {section.id}: {section.file}{only.get(section.difference, '')}"
    for part in section.parts:
        if all(row.same for row in part.rows) and not everything:
            continue
        yield f"-- {part.name}"
        for same, rows in groupby(part.rows, key=lambda row: row.same):
            if same and not everything:
                yield f"{'':{_NUMBER_WIDTH + 2}}... {count_of(len(list(rows)), 'sentence')} the same"
            elif width >= _MIN_SIDE_BY_SIDE_WIDTH:
                yield from (line for row in rows for line in _side_by_side_lines(row, width))
            else:
                yield from (line for row in rows for line in _stacked_lines(row, comparison, width))


def _text_column_width(width: int) -> int:
    """Return the number of columns for the text of one side."""
    return (width - len(_COLUMN_GAP)) // 2 - _NUMBER_WIDTH - 2


def _side_by_side_lines(row: SentencePair, width: int) -> Iterator[str]:
    """Yield two sentences in two columns, each with its line number."""
    half = _text_column_width(width)
    columns = _sentence_column(row.left, half), _sentence_column(row.right, half)
    for left, right in zip_longest(*columns, fillvalue=" " * (_NUMBER_WIDTH + 2)):
        yield f"{left:<{_NUMBER_WIDTH + 2 + half}}{_COLUMN_GAP}{right}".rstrip()


def _sentence_column(sentence: LocatedSentence | None, width: int) -> Iterator[str]:
    """Yield the lines of one sentence, the first with its line number in the file."""
    for index, line in enumerate(wrap(sentence.text, width)) if sentence else ():
        yield f"{'' if index or sentence is None else sentence.at.line:>{_NUMBER_WIDTH}}  {line}"


def _stacked_lines(row: SentencePair, comparison: AudienceComparison, width: int) -> Iterator[str]:
    """Yield two sentences one below the other, each with its audience and line number."""
    sides = [(comparison.left, row.left), (comparison.right, row.right)]
    names = {"both": row.left} if row.same else dict(sides)
    for name, sentence in names.items():
        if sentence is not None:
            yield from wrap(f"{name}, line {sentence.at.line}: {sentence.text}", width, subsequent_indent="  ")


def _total_lines(comparison: AudienceComparison) -> Iterator[str]:
    """Yield how many sections and sentences are the same, and how many are for one audience alone."""
    found = [section.difference for section in comparison.sections]
    names = {"left": f"only for {comparison.left}", "right": f"only for {comparison.right}"}
    alone = ", ".join(f"{found.count(side)} {words}" for side, words in names.items())  # type: ignore[arg-type]
    yield f"{count_of(len(found), 'section')}: {found.count('same')} the same, {found.count('both')} differ, {alone}"
    counts = comparison.sentences
    alone = ", ".join(f"{counts[side]} {words}" for side, words in names.items())  # type: ignore[index]
    yield f"{count_of(sum(counts.values()), 'sentence')}: {counts['same']} the same, {alone}"
