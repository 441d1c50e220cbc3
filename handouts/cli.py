"""The command: verbs and options in; files, findings and a table on the terminal, and an exit code out.

0 good, 1 content or build problems, 2 wrong usage, 3 our own bug, 130 interrupted. The only room that asks what day it
is, and that prints. Everything it prints goes through `say`, which knows what a console can show.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from handouts.finding import Finding, HandoutError, in_order, is_error, nearest

if TYPE_CHECKING:
    from handouts.build import Made, Options, Report
    from handouts.library import Library

GOOD, PROBLEMS, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
USAGE_CODE = "usage"
WIDEST = 100
KIND = {"pdf": "page", "pptx": "slide"}


class Parser(argparse.ArgumentParser):
    """argparse, whose answer to a misspelt option or verb names the nearest right one."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and what was meant, and exit."""
        words = [word.partition("=")[0] for word in message.replace("'", " ").split()]
        verbs = ("build", "list")
        if "unrecognized" in message:
            known: Sequence[str] = [each for each in self._option_string_actions if each.startswith("--")]
            hints = [nearest(word, known) for word in words if word.startswith("-")]
        else:
            hints = [nearest(word, verbs) for word in words[4:5] if "invalid choice" in message]
        hint = f" ({hints[0]})" if hints and hints[0] else ""
        say(f"handouts: {message}{hint}", sys.stderr)
        say(f"try: {self.prog} --help", sys.stderr)
        raise SystemExit(USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = parser_of()
    if not words:
        say(parser.format_help())
        return GOOD
    try:
        return run(parse(parser, words))
    except HandoutError as raised:
        say_findings(raised.findings, as_json="--json" in words)
        errors = sum(is_error(found) for found in raised.findings)
        say(f"handouts: {errors} error{'' if errors == 1 else 's'}; nothing was written", sys.stderr)
        return USAGE if all(found.code == USAGE_CODE for found in raised.findings if is_error(found)) else PROBLEMS
    except KeyboardInterrupt:
        say("handouts: interrupted; every file that is there is whole", sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except Exception as bug:
        return say_bug(bug)


def parse(parser: Parser, words: Sequence[str]) -> argparse.Namespace:
    """Return the options; unknown ones are reported by the verb's own parser, which knows its names."""
    options, rest = parser.parse_known_args(words)
    if rest:
        options.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def parser_of() -> Parser:
    """Return the parser of all verbs and options."""
    parser = Parser(prog="handouts", description="Build a handout and a slide deck for each audience from one text.")
    parser.add_argument("--version", action="version", version=f"handouts {version()}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="{build,list}", parser_class=Parser)
    build = verbs.add_parser("build", help="make the files", allow_abbrev=False)
    listing = verbs.add_parser("list", help="show topics, audiences, languages, templates, and what build would make")
    for verb in (build, listing):
        verb.set_defaults(parser=verb)
        add_choices(verb)
    build.add_argument("--jobs", type=int, default=1, metavar="N", help="processes that work side by side (default 1)")
    build.add_argument("--quiet", action="store_true", help="print only what is wrong")
    return parser


def add_choices(verb: argparse.ArgumentParser) -> None:
    """Add the options that choose what is made."""
    many = {"action": "append", "default": []}
    verb.add_argument("topics", nargs="*", metavar="TOPIC", help="only these topics")
    verb.add_argument("--audience", **many, metavar="NAME", help="only for these; may be repeated, or a,b")  # type: ignore[arg-type]
    verb.add_argument("--format", **many, metavar="pdf|pptx", help="only these formats")  # type: ignore[arg-type]
    verb.add_argument("--template", **many, metavar="NAME", help="only these templates")  # type: ignore[arg-type]
    verb.add_argument("--language", **many, metavar="TAG", help="only these languages")  # type: ignore[arg-type]
    verb.add_argument("--country", default="", metavar="CODE", help="whose help lines are printed, such as UK")
    verb.add_argument("--paper", default="", metavar="a4|letter", help="the paper of handouts")
    verb.add_argument("--today", type=day, metavar="DATE", help="build as on this day (YYYY-MM-DD)")
    verb.add_argument("--output", type=Path, default=Path("output"), metavar="DIR", help="where files go")
    verb.add_argument("--json", action="store_true", help="print one JSON object, and nothing else, on standard output")


def day(text: str) -> date:
    """Return the day that `text` names. argparse reports what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day: write YYYY-MM-DD") from None


def version() -> str:
    """Return the version of the program."""
    import importlib.metadata

    try:
        return importlib.metadata.version("handouts")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def run(options: argparse.Namespace) -> int:
    """Do what the verb says and return the exit code."""
    if options.verb == "list":
        return run_list(options)
    return run_build(options)


# ---------------------------------------------------------------- build


def run_build(options: argparse.Namespace) -> int:
    """Build, and print what was made and what was found."""
    from handouts.build import build_all

    if options.jobs < 1:
        options.parser.error("--jobs takes a number from 1 on")
    report = build_all(build_options(options))
    findings = (*report.findings, *(found for made in report.made for found in made.findings))
    if options.json:
        say(json.dumps(report_as_data(report, findings), indent=2, ensure_ascii=True))
    else:
        say_findings(findings)
        if not options.quiet:
            say(table_of(report))
    return GOOD if report.whole else PROBLEMS


def build_options(options: argparse.Namespace) -> Options:
    """Return what the command line asks for."""
    from handouts.build import Options, find_project

    content, templates = find_project(Path.cwd())
    return Options(
        content=content,
        templates=templates,
        output=options.output,
        topics=names_in(options.topics),
        audiences=names_in(options.audience),
        formats=names_in(options.format),
        template_names=names_in(options.template),
        languages=names_in(options.language),
        country=options.country.upper(),
        paper=options.paper.lower(),
        today=options.today or date.today(),  # noqa: DTZ011
        jobs=getattr(options, "jobs", 1),
    )


def names_in(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in repeated options and comma lists, in order."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


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
                f"{KIND[made.deliverable.renderer]}s": made.pages,
                "bytes": made.size,
                "sha256": made.sha256,
                "seconds": round(made.seconds, 3),
                "written": made.written,
            }
            for made in report.made
        ],
        "findings": [finding_as_data(found) for found in findings],
    }


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


# ---------------------------------------------------------------- list


def run_list(options: argparse.Namespace) -> int:
    """Print what there is, and what build would make."""
    from handouts.build import plan_deliverables
    from handouts.load import load_library

    wanted = build_options(options)
    library = load_library(wanted.content, wanted.templates)
    deliverables, findings = plan_deliverables(library, wanted)
    files = [(options.output / each.file).as_posix() for each in deliverables]
    if options.json:
        say(json.dumps({**names_as_data(library), "files": files}, indent=2, ensure_ascii=True))
        return GOOD
    say_findings((*library.findings, *findings))
    for heading, names in names_as_data(library).items():
        say(f"{heading}:")
        say("".join(f"  {name:<14}{what}\n" for name, what in names.items()))
    say("build would make:")
    say("".join(f"  {file}\n" for file in files).rstrip())
    return GOOD


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
        "countries": {code: f"{len(library.contacts[code])} contacts" for code in library.countries},
    }


# ---------------------------------------------------------------- what a person sees


def say_findings(findings: Iterable[Finding], *, as_json: bool = False) -> None:
    """Print findings on standard error as a good compiler does, or as JSON on standard output."""
    gathered = in_order(findings)
    if as_json:
        say(json.dumps({"files": [], "findings": [finding_as_data(found) for found in gathered]}, indent=2))
        return
    for found in gathered:
        say(as_text(found), sys.stderr)


def as_text(found: Finding) -> str:
    """Return a finding with the line that it is about, a caret below the place, and what to write instead."""
    place = f"{found.at}: " if found.at.file else ""
    lines = [f"{place}{found.severity}: {found.code}: {found.message}"]
    source, column = window(source_line(found), found.at.column)
    if source:
        number = str(found.at.line)
        lines.append(f"  {number} | {source}")
        lines.append(f"  {' ' * len(number)} | {' ' * (column - 1)}^")
    if found.hint:
        lines.append(f"  help: {found.hint}")
    return "\n".join(lines)


def window(line: str, column: int) -> tuple[str, int]:
    """Return as much of a long line as a terminal shows around `column`, and where the column is in it."""
    if len(line) <= WIDEST:
        return line, column
    start = max(0, min(column - WIDEST // 2, len(line) - WIDEST))
    cut = line[start : start + WIDEST]
    return (f"...{cut[3:]}" if start else cut), column - start


def source_line(found: Finding) -> str:
    """Return the line that a finding is about, or "" if there is none to show."""
    if not (found.at.line and found.at.column):
        return ""
    try:
        lines = Path(found.at.file).read_text(encoding="utf-8-sig").splitlines()
        line = lines[found.at.line - 1].replace("\t", " ")
    except (OSError, ValueError, IndexError):
        return ""
    return "".join(each if each.isprintable() else "?" for each in line)


def say(text: str, stream: TextIO | None = None) -> None:
    """Print `text`; a character that the console cannot show is printed as its nearest or as a question mark."""
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    shown = text.encode(encoding, "replace").decode(encoding)
    print(shown, file=stream, flush=True)


def say_bug(bug: Exception) -> int:
    """Print a mistake of ours with all that helps to find it, and return the exit code."""
    import traceback

    say("".join(traceback.format_exception(bug)), sys.stderr)
    say("handouts: this is a mistake of ours; please report it with the lines above", sys.stderr)
    return BUG
