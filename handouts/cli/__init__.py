"""The command: verbs and options in; files, findings and a table on the terminal, and an exit code out.

0 good, 1 content or build problems, 2 wrong usage, 3 our own bug, 130 interrupted. The only room that asks what day it
is, and that prints.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from handouts.cli.explaining import chosen_from, explanation_as_data, explanation_lines, listing_lines, says_more
from handouts.cli.options import USAGE, build_options, parse, parser_of, project_folders
from handouts.cli.reporting import (
    check_as_data,
    check_lines,
    decision_as_data,
    decision_lines,
    end_as_data,
    findings_as_data,
    library_lines,
    names_as_data,
    table_of,
)
from handouts.cli.terminal import CannotPrintError, say, say_bug, say_data, say_findings, width
from handouts.finding import Finding, HandoutError, is_error

if TYPE_CHECKING:
    import argparse

    from handouts.build.reports import Report

GOOD, PROBLEMS, BUG, INTERRUPTED = 0, 1, 3, 130
USAGE_CODE = "usage"
RARELY = (100_000, 10, 10)  # nearly all that is made is kept to the end: looking for garbage more often costs a tenth


def command() -> int:
    """Run the command as the one thing that this process does, and return its exit code.

    Python would look through everything once more before it ends, which takes longer than a build that makes nothing.
    """
    code = main()
    gc.freeze()
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    gc.set_threshold(*RARELY)
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return answer(words)
    except CannotPrintError as refused:
        say(f"handouts: cannot print: {refused}; what was asked for may not be whole", stream=sys.stderr)
        return PROBLEMS
    except Exception as bug:
        say_bug(bug)
        return BUG


def answer(words: Sequence[str]) -> int:
    """Do what the words of a command line ask for, or say why it cannot be done, and return the exit code."""
    parser = parser_of()
    if not words:
        parser.print_help()
        return GOOD
    try:
        return run(parse(parser, words))
    except HandoutError as raised:
        return say_why(raised.findings, as_json="--json" in words)
    except KeyboardInterrupt:
        what = "interrupted; every file that is there is whole, and the next build makes the rest"
        say(f"handouts: {what}", stream=sys.stderr)
        return INTERRUPTED


def say_why(findings: Sequence[Finding], *, as_json: bool) -> int:
    """Print why nothing was done, and return the exit code: it is the option's fault, or the content's."""
    errors = [found for found in findings if is_error(found)]
    if as_json:
        say_data({"event": "end", "files": [], "findings": findings_as_data(findings)})
    else:
        tell(findings)
    say(f"handouts: {len(errors)} error{'' if len(errors) == 1 else 's'}; nothing was written", stream=sys.stderr)
    return USAGE if all(found.code == USAGE_CODE for found in errors) else PROBLEMS


def tell(findings: Sequence[Finding]) -> None:
    """Print findings, and where more is said about those that are errors."""
    say_findings(findings)
    if more := says_more(findings):
        say(more, stream=sys.stderr)


def run(options: argparse.Namespace) -> int:
    """Do what the verb says and return the exit code."""
    runs = {
        "build": run_build,
        "check": run_check,
        "clean": run_clean,
        "diff": run_diff,
        "explain": run_explain,
        "list": run_list,
    }
    return runs[options.verb](options)


def run_build(options: argparse.Namespace) -> int:
    """Build, telling how far it is, and print what became of each file and what was found."""
    from handouts.build.building import build_all
    from handouts.cli.watching import watched

    if options.dry_run:
        return run_dry(options)
    with watched(as_json=options.json, quiet=options.quiet) as tell:
        report = build_all(build_options(options), tell)
    if options.json:
        say_data({**end_as_data(report), "verified": options.verify})
    else:
        tell_report(report, options)
    return GOOD if report.whole else BUG if report.ours else PROBLEMS


def tell_report(report: Report, options: argparse.Namespace) -> None:
    """Print what was found, and a table of what was made."""
    tell(report.everything)
    if not options.quiet:
        say(*table_of(report))
    if not options.verify:
        say(
            "handouts: the files were not read back (--no-verify): open each one before you hand it out",
            stream=sys.stderr,
        )


def run_dry(options: argparse.Namespace) -> int:
    """Print what a build would make, and why; nothing is written."""
    from handouts.build.making import decide_build

    prospect = decide_build(build_options(options))
    if options.json:
        for each in prospect.decisions:
            say_data(decision_as_data(each, options.output))
        end = {"event": "end", "columns": dict(prospect.columns), "findings": findings_as_data(prospect.findings)}
        say_data(end)
    else:
        tell(prospect.findings)
        say(*decision_lines(prospect, options.output))
    return GOOD


def run_clean(options: argparse.Namespace) -> int:
    """Delete what no plan makes any more, or print what would be deleted."""
    from handouts.build.cleaning import clean_stale

    cleaned = clean_stale(build_options(options), dry_run=options.dry_run)
    tell(cleaned.findings)
    for path in cleaned.files:
        say(path.as_posix())
    verb = "would be deleted" if options.dry_run else "deleted"
    say(f"{len(cleaned.files)} file{'' if len(cleaned.files) == 1 else 's'} {verb}")
    return PROBLEMS if any(map(is_error, cleaned.findings)) else GOOD


def run_check(options: argparse.Namespace) -> int:
    """Print what the rules find, what content allows, and how much of each there is."""
    from handouts.build.checks import check_all

    report = check_all(build_options(options), balance=options.balance, points=options.points)
    errors = any(map(is_error, report.findings))
    if options.json:
        say_data(check_as_data(report), indent=2)
    else:
        tell(report.findings)
        say(*check_lines(report, width()))
    return BUG if report.ours else PROBLEMS if errors or (options.strict and report.findings) else GOOD


def run_diff(options: argparse.Namespace) -> int:
    """Print what one audience reads and another does not."""
    from handouts.build.comparing import compare_readers
    from handouts.cli.comparing import comparison_as_data, comparison_lines

    comparisons = compare_readers(build_options(options))
    if options.json:
        say_data({"comparisons": list(map(comparison_as_data, comparisons))}, indent=2)
        return GOOD
    for comparison in comparisons:
        say(*comparison_lines(comparison, width(), everything=options.all))
    return GOOD


def run_explain(options: argparse.Namespace) -> int:
    """Print what codes of findings mean, and what other names stand for, or which codes there are."""
    from handouts.check import CODES
    from handouts.explain import GROUPS, explanations

    known = explanations()
    named = {} if options.json else named_in_content([code for code in options.codes if code not in known])
    codes = chosen_from(known, [code for code in options.codes if code not in named])
    entries = [known[code] for code in (codes if options.codes else known)]
    allowable = {each.code for each in entries if each.code in CODES and each.allow != "never"}
    if options.json:
        data = [explanation_as_data(entry, allowable=entry.code in allowable) for entry in entries]
        say_data({"codes": data}, indent=2)
    elif options.codes:
        lines = [tuple(explanation_lines(each, width(), allowable=each.code in allowable)) for each in entries]
        texts = (*lines, *named.values())
        say(*chain.from_iterable(("", "", *text) if number else text for number, text in enumerate(texts)))
    else:
        say(*listing_lines(entries, GROUPS, width()))
    return GOOD


def named_in_content(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the lines about each of `names` that is a figure, a kind of section or a part of one."""
    from handouts.cli.naming import names_lines
    from handouts.load import load_section_kinds

    kinds = load_section_kinds(project_folders()[0]) if names else {}
    return {name: lines for name in names if (lines := names_lines(name, kinds, width()))}


def run_list(options: argparse.Namespace) -> int:
    """Print what there is, and what build would make."""
    from handouts.build.planning import plan_deliverables
    from handouts.load import load_library

    wanted = build_options(options)
    library = load_library(wanted.content, wanted.templates)
    deliverables, findings = plan_deliverables(library, wanted)
    files = [(options.output / each.file).as_posix() for each in deliverables]
    if options.json:
        say_data({**names_as_data(library), "files": files}, indent=2)
        return GOOD
    say_findings((*library.findings, *findings))
    say(*library_lines(library), "build would make:", *(f"  {file}" for file in files))
    return GOOD
