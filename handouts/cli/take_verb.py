"""The verb `review take`: show what reviewers have written in Word files, and write the accepted changes.

Takes options; prints, asks in a terminal, and returns the exit code.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from handouts.cli.arguments import project_of
from handouts.cli.report_text import findings_as_data
from handouts.cli.terminal import finding_texts, print_findings, print_json, print_lines
from handouts.finding import Finding, HandoutError, Location, error, is_error, os_errors_as_findings, warning

if TYPE_CHECKING:
    import argparse

    from handouts.load.reviewed_files import Mark
    from handouts.pipeline.review_taking import TakenChange, TakenComment, TakenReview

    _Entry: TypeAlias = "TakenChange | TakenComment"

_SUCCESS, _PROBLEMS = 0, 1
_LONGEST_SHOWN = 300
_TELLS = {
    "wording": ("change", "changes"),
    "comment": ("comment", "comments"),
    "by hand": ("to be done by hand", "to be done by hand"),
    "conflict": ("in conflict", "in conflict"),
    "unsure": ("unsure", "unsure"),
    "no place": ("without a place", "without a place"),
}


@os_errors_as_findings()
def run_take(options: argparse.Namespace) -> int:
    """Show what reviewers have written, write the accepted changes, and return the exit code."""
    from handouts.load import load_library
    from handouts.pipeline.review_edits import ReviewEditor
    from handouts.pipeline.review_taking import take_reviews

    _check_options(options)
    project = project_of(options)
    editor = ReviewEditor(project.content, project.templates, load_library(project.content, project.templates))
    review = editor.judge(take_reviews(editor.library, options.files))
    if not options.json:
        print_findings(review.findings)
        _print_all(_review_lines(review))
    writable = [each for each in review.changes if each.state == "wording"]
    accepted: Sequence[TakenChange] = ()
    if options.apply and any(map(is_error, review.findings)):
        message = "Not every file could be read, so that not all is known that was changed."
        hint = "leave that file out, or save it again, and take the review again"
        raise HandoutError(error("review-not-whole", message, Location("--apply"), hint))
    if options.apply:
        accepted = writable if options.yes else [each for each in writable if _is_accepted(each)]
    files = editor.write(review, accepted) if accepted else ()
    if options.json:
        print_json(_review_as_data(review, files), indent=2)
    else:
        _print_all(_end_lines(review, accepted, files, applied=options.apply))
    return _SUCCESS if review.is_certain else _PROBLEMS


def _print_all(lines: Iterable[str]) -> None:
    """Print lines, if there are any."""
    for line in lines:
        print_lines(line)


def _check_options(options: argparse.Namespace) -> None:
    """Raise HandoutError if questions have to be asked without a terminal, or if --yes has no effect."""
    if options.yes and not options.apply:
        raise HandoutError(
            error("usage", "There is nothing to say yes to.", Location("--yes"), "write --apply as well")
        )
    if options.apply and not options.yes and (options.json or not (sys.stdin and sys.stdin.isatty())):
        message = "Nobody can be asked here whether a change is to be written."
        raise HandoutError(error("usage", message, Location("--apply"), "write --yes as well to accept all"))


def _is_accepted(change: TakenChange) -> bool:
    """Show a change, and return whether the user accepts it; the end of input means no."""
    print_lines("", *_entry_lines([change]))
    print_lines("Write this? [y/N]")
    try:
        return input("> ").strip().casefold() in ("y", "yes")
    except EOFError:
        return False


# ---------------------------------------------------------------- lines


def _review_lines(review: TakenReview) -> Iterator[str]:
    """Yield the changes and comments by section, and their numbers."""
    if review.is_certain and not (review.changes or review.comments):
        yield "nothing was commented or changed"
    told: list[tuple[str, Counter[str]]] = []
    for title, entries in _by_section(review):
        yield f"== {title}"
        yield from _entry_lines(entries)
        yield ""
        told.append((title, Counter(map(_kind_of, entries))))
    for title, counts in told:
        yield f"{title}: {_counted(counts)}"


def _by_section(review: TakenReview) -> Iterator[tuple[str, list[_Entry]]]:
    """Yield the title and file of each section with its entries, in the order of the content."""
    entries: list[_Entry] = sorted(
        (*review.changes, *review.comments), key=lambda each: (each.passage is None, each.at, each.file)
    )
    for title, together in groupby(entries, key=_section_of):
        yield title, list(together)


def _section_of(entry: _Entry) -> str:
    """Return the title and the file of the section of an entry."""
    passage = entry.passage
    return f"{passage.title or passage.section}: {passage.at.file}" if passage else "(without a place in the content)"


def _kind_of(entry: _Entry) -> str:
    """Return the kind under which an entry is counted."""
    return getattr(entry, "state", "comment")


def _counted(counts: Counter[str]) -> str:
    """Return the number of entries of each kind, in words."""
    return ", ".join(f"{counts[kind]} {names[counts[kind] > 1]}" for kind, names in _TELLS.items() if counts[kind])


def _entry_lines(entries: Iterable[_Entry]) -> Iterator[str]:
    """Yield entries as findings."""
    for lines in finding_texts(map(_finding_of, entries)):
        yield from lines


def _finding_of(entry: _Entry) -> Finding:
    """Return a change or a comment as a finding at its place."""
    if _kind_of(entry) == "comment":
        return _comment_finding(entry)  # type: ignore[arg-type]
    return _change_finding(entry)  # type: ignore[arg-type]


def _change_finding(change: TakenChange) -> Finding:
    """Return a change as a finding."""
    message = f"{_who(change.marks)}: {_wording(change)}.{_readers(change)}"
    if change.state == "conflict":
        return error("review-conflict", message, change.at, f"decide what it is to say: {change.reason}")
    if change.state in ("unsure", "no place"):
        return error("review-no-place", message, change.at, f"look it up in the Word file: {change.reason}")
    hint = "--apply writes it" if change.state == "wording" else f"change it by hand: {change.reason}"
    return warning("review-change", message, change.at, hint)


def _comment_finding(comment: TakenComment) -> Finding:
    """Return a comment with its answers as a finding."""
    said = comment.comment
    beside = f" on “{_short(said.words)}”" if said.words else ""
    answers = "".join(f" {_who([mark])}, answers: {_short(text)}" for mark, text in said.answers)
    done = " (marked as done)" if said.done else ""
    message = f"{_who([said.mark])}{beside}{done}: {_short(said.text)}{answers}{_readers(comment)}"
    if comment.passage is None and not comment.is_general:
        hint = f"look it up in {Path(comment.file).name}: these words are not in the content any more"
        return error("review-no-place", message, comment.at, hint)
    return warning("review-comment", message, comment.at)


def _wording(change: TakenChange) -> str:
    """Return the old and the new wording of a change."""
    old, new = _short(change.old), _short(change.new)
    if any(each.moved for each in change.edits):
        return f"moved “{old}” away" if old else f"moved “{new}” here"
    if not old:
        return f"put in “{new}”" if new else "begin a paragraph here"
    return f"“{old}” → “{new}”" if new else f"take out “{old}”"


def _readers(entry: _Entry) -> str:
    """Return who reads the passage, and where the same sentence is used elsewhere."""
    told = f" Read by {', '.join(entry.audiences)}." if entry.audiences else ""
    also = "; ".join(f"{at} ({', '.join(readers)})" for at, readers in entry.also)
    return f"{told} The same sentence stands at {also}." if also else told


def _who(marks: Iterable[Mark]) -> str:
    """Return who made the marks, and when."""
    names = dict.fromkeys(", ".join(filter(None, (each.author, each.date))) for each in marks)
    return " and ".join(filter(None, names)) or "somebody, without a mark"


def _short(words: str) -> str:
    """Return words on one line, cut off if they are many."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


def _end_lines(
    review: TakenReview, accepted: Sequence[TakenChange], files: Iterable[Path], *, applied: bool
) -> Iterator[str]:
    """Yield what was written, or how much --apply can write."""
    writable = [each for each in review.changes if each.state == "wording"]
    if not applied:
        if review.changes:
            yield f"--apply can write {len(writable) or 'none'} of the changes"
        return
    yield from (f"written to {path}" for path in sorted({each.at.file for each in accepted}))
    yield f"{len(accepted)} of {len(writable)} changes written"
    if files:
        yield "what was signed before may be stale now: handouts review status"


# ---------------------------------------------------------------- data


def _review_as_data(review: TakenReview, files: Iterable[Path]) -> dict[str, Any]:
    """Return changes and comments as data for JSON."""
    return {
        "changes": [
            {
                **_entry_as_data(each),
                "by": [{"who": mark.author, "when": mark.date} for mark in each.marks],
                "old": each.old,
                "new": each.new,
                "state": each.state,
                "reason": each.reason,
            }
            for each in review.changes
        ],
        "comments": [
            {
                **_entry_as_data(each),
                "who": each.comment.mark.author,
                "when": each.comment.mark.date,
                "words": each.comment.words,
                "text": each.comment.text,
                "answers": [
                    {"who": mark.author, "when": mark.date, "text": text} for mark, text in each.comment.answers
                ],
                "done": each.comment.done,
            }
            for each in review.comments
        ],
        "findings": findings_as_data(review.findings),
        "written": [path.as_posix() for path in files],
    }


def _entry_as_data(entry: _Entry) -> dict[str, Any]:
    """Return the data that changes and comments have in common."""
    return {
        "review": entry.file,
        "section": entry.passage.section if entry.passage else "",
        "file": entry.at.file,
        "line": entry.at.line,
        "column": entry.at.column,
        "audiences": list(entry.audiences),
        "same_sentence": [
            {"file": at.file, "line": at.line, "column": at.column, "audiences": list(readers)}
            for at, readers in entry.also
        ],
    }
