"""Print lines, JSON, findings and the progress of a build on any console.

A finding is shown with its source line and a caret. Control characters from content or file names are escaped,
and characters that the console lacks are replaced. The only module that prints.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeAlias

from handouts.cli.report_text import outcome_as_data
from handouts.finding import Finding, is_error, sorted_findings

if TYPE_CHECKING:
    from handouts.pipeline.report import BuildProgress

_MAX_SOURCE_WIDTH, MAX_FINDINGS = 100, 200
_QUOTED_SUFFIXES = (".md", ".yaml", ".json", ".j2")
_DEFAULT_WIDTH, _MIN_WIDTH, _MAX_WIDTH = 100, 40, 160
# Each by one character, so that a caret still stands below its place.
_CHARACTER_REPLACEMENTS = {
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "→": ">",
    "×": "x",
    "\xa0": " ",
}


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings on standard error; of very many only the first, with errors preferred."""
    gathered = sorted_findings(findings)
    first = sorted(gathered, key=lambda found: not is_error(found))[:MAX_FINDINGS]
    for lines in finding_texts(sorted_findings(first)):
        print_lines(*lines, stream=sys.stderr)
    if len(gathered) > len(first):
        print_lines(f"and {len(gathered) - len(first)} more; mend these, and run it again", stream=sys.stderr)


def finding_texts(findings: Iterable[Finding]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of each finding."""
    for file, together in groupby(findings, key=lambda found: found.at.file):
        in_file = tuple(together)
        lines = _read_source_lines(file) if any(found.at.column for found in in_file) else ()
        yield from (tuple(_finding_lines(found, lines)) for found in in_file)


def _finding_lines(found: Finding, lines: Sequence[str]) -> Iterator[str]:
    """Yield a finding, its source line from the `lines` of its file with a caret below, and its hint."""
    place = f"{found.at}: " if found.at.file else ""
    yield f"{place}{found.severity}: {found.code}: {found.message}"
    source, column = _excerpt_of_line(_source_line(found, lines), found.at.column)
    if source:
        number = str(found.at.line)
        yield f"  {number} | {source}"
        yield f"  {' ' * len(number)} | {' ' * (column - 1)}^"
    if found.hint:
        yield f"  help: {found.hint}"


def _excerpt_of_line(line: str, column: int) -> tuple[str, int]:
    """Return the part of a long line around `column`, and the column in that part."""
    if len(line) <= _MAX_SOURCE_WIDTH:
        return line, column
    start = max(0, min(column - _MAX_SOURCE_WIDTH // 2, len(line) - _MAX_SOURCE_WIDTH))
    cut = line[start : start + _MAX_SOURCE_WIDTH]
    return (f"...{cut[3:]}" if start else cut), column - start


def _read_source_lines(file: str) -> tuple[str, ...]:
    """Return the lines of a text file of the project; () for other files, and if it cannot be read.

    Tables of recipients are never shown, because the output may be kept in a log.
    """
    if not file.endswith(_QUOTED_SUFFIXES):
        return ()
    try:
        return tuple(Path(file).read_text(encoding="utf-8-sig").split("\n"))
    except (OSError, ValueError):
        return ()


def _source_line(found: Finding, lines: Sequence[str]) -> str:
    """Return the source line of a finding, or "" if it has none."""
    if not (found.at.column and 0 < found.at.line <= len(lines)):
        return ""
    return "".join(each if each.isprintable() else "?" for each in lines[found.at.line - 1].replace("\t", " "))


def terminal_width() -> int:
    """Return the number of columns of the terminal, within bounds; a default if there is no terminal."""
    return min(max(shutil.get_terminal_size((_DEFAULT_WIDTH, 0)).columns, _MIN_WIDTH), _MAX_WIDTH)


class CannotPrintError(Exception):
    """Standard output cannot be written to, for example on a full disk; the text says why."""


def print_lines(*lines: str, stream: TextIO | None = None) -> None:
    """Print each of `lines` as one line. CannotPrintError if standard output cannot be written to.

    Characters that the console cannot show are replaced by similar ones or by question marks. If the reader of a pipe
    has stopped, nothing more is printed, but the command goes on.
    """
    stream = stream or sys.stdout
    if stream is None:  # it was closed before this program began
        return
    text = "\n".join(map(escape_line, lines))
    encoding = stream.encoding or "utf-8"
    if not _is_encodable(text, encoding):
        shown = (each if _is_encodable(each, encoding) else _CHARACTER_REPLACEMENTS.get(each, "?") for each in text)
        text = "".join(shown)
    try:
        print(text, file=stream, flush=True)
    except OSError as refused:
        _discard_output(stream)
        if stream is sys.stdout and not isinstance(refused, BrokenPipeError):
            raise CannotPrintError(refused.strerror or str(refused)) from None


def print_json(data: Mapping[str, object], *, indent: int | None = None) -> None:
    """Print `data` as JSON in plain ASCII, on one line or indented. CannotPrintError as `print_lines` raises it."""
    print_lines(*json.dumps(data, indent=indent, ensure_ascii=True).split("\n"))


def escape_line(line: str) -> str:
    """Return `line` with control characters and direction marks escaped."""
    if line.isprintable():
        return line
    return "".join(
        each
        if each.isprintable() or each == "\t" or unicodedata.category(each) == "Zs"  # a space of any width
        else each.encode("unicode_escape").decode("ascii")
        for each in line
    )


def _discard_output(stream: TextIO) -> None:
    """Redirect a stream to the null device, so that Python does not report the error again when it closes it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _is_encodable(text: str, encoding: str) -> bool:
    """True if the encoding has every character of `text`."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def print_bug(bug: Exception) -> None:
    """Print the traceback of an internal bug, and ask for a report."""
    import traceback

    print_lines(*"".join(traceback.format_exception(bug)).split("\n"), stream=sys.stderr)
    print_lines("handouts: this is a bug in the program; please report it with the lines above", stream=sys.stderr)


_ProgressCallback: TypeAlias = "Callable[[BuildProgress], None]"


@contextmanager
def show_progress(*, as_json: bool, quiet: bool) -> Iterator[_ProgressCallback | None]:
    """Give the callback that shows each finished file: as JSON, as a progress bar on a terminal, or else None."""
    if as_json:
        yield _print_file_as_json
    elif quiet or not (sys.stderr and sys.stderr.isatty()):
        yield None
    else:
        with _progress_bar() as show:
            yield show


def _print_file_as_json(progress: BuildProgress) -> None:
    """Print the outcome for a file as one line of JSON."""
    far = {"done": progress.done, "total": progress.total}
    print_json({"event": "file", **outcome_as_data(progress.outcome), **far})


@contextmanager
def _progress_bar() -> Iterator[_ProgressCallback]:
    """Give the callback that moves a progress bar with rate and remaining time; the bar disappears at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None, rate="")

        def show(progress: BuildProgress) -> None:
            speed = shown.tasks[0].finished_speed or shown.tasks[0].speed
            rate = f"{speed:.1f} files/s" if speed else ""
            shown.update(task, completed=progress.done, total=progress.total, rate=rate)

        yield show
