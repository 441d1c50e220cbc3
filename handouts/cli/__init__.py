"""The command `handouts`: run a verb, print findings and results, and return an exit code.

0 success, 1 problems in content or build, 2 wrong usage, 3 a bug of ours, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from handouts.cli.arguments import (
    USAGE_EXIT_CODE,
    make_parser,
    options_from_arguments,
    parse_words,
    project_if_any,
    project_of,
)
from handouts.cli.completion import run_completion
from handouts.cli.explain_verb import run_explain
from handouts.cli.finding_formats import FINDING_FORMATS, USAGE_CODE, github_lines, sarif_log
from handouts.cli.new_verb import run_new
from handouts.cli.open_verb import run_open
from handouts.cli.report_text import (
    check_as_data,
    check_lines,
    comparison_lines,
    count_of,
    decision_as_data,
    diagnosis_lines,
    end_as_data,
    findings_as_data,
    library_lines,
    names_as_data,
    outcome_table,
    preview_lines,
    rewrite_lines,
)
from handouts.cli.review_verb import run_review
from handouts.cli.terminal import (
    CannotPrintError,
    print_bug,
    print_findings,
    print_json,
    print_lines,
    show_progress,
    terminal_width,
)
from handouts.cli.verify_verb import run_verify
from handouts.finding import Finding, HandoutError, is_error

if TYPE_CHECKING:
    import argparse

    from handouts.pipeline.report import BuildReport

_SUCCESS, _PROBLEMS, _BUG, _INTERRUPTED = 0, 1, 3, 130
_MAX_HINTED_CODES = 3


def command(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run_words(words)
    except CannotPrintError as refused:
        print_lines(f"handouts: cannot print: {refused}; what was asked for may not be whole", stream=sys.stderr)
        return _PROBLEMS
    except Exception as bug:
        print_bug(bug)
        return _BUG


def _run_words(words: Sequence[str]) -> int:
    """Run the words of a command line, print the reason if that fails, and return the exit code."""
    parser = make_parser()
    if not words:
        parser.print_help()
        return _SUCCESS
    options = parse_words(parser, words)
    try:
        return run_verb(options)
    except HandoutError as raised:
        return _print_failure(raised.findings, options)
    except KeyboardInterrupt:
        what = "interrupted; every file that is there is whole, and the next build makes the rest"
        print_lines(f"handouts: {what}", stream=sys.stderr)
        return _INTERRUPTED


def _print_failure(findings: Sequence[Finding], options: argparse.Namespace) -> int:
    """Print why nothing was done, and return the exit code for wrong usage or for problems in content."""
    errors = [found for found in findings if is_error(found)]
    if getattr(options, "json", False):
        print_json({"event": "end", "files": [], "findings": findings_as_data(findings)})
    else:
        _print_found(findings, getattr(options, "format_findings", FINDING_FORMATS[0]))
    print_lines(f"handouts: {count_of(len(errors), 'error')}; nothing was written", stream=sys.stderr)
    return USAGE_EXIT_CODE if all(found.code == USAGE_CODE for found in errors) else _PROBLEMS


def _print_found(findings: Sequence[Finding], form: str, *summary: str) -> None:
    """Print findings in one of FINDING_FORMATS, and after them the lines of a summary.

    The summary is left out of output for other programs. In a GitHub workflow only its last line is printed: the others
    may hold words of content, which could be taken for commands.
    """
    if form == "json":
        print_json({"findings": findings_as_data(findings)}, indent=2)
    elif form == "sarif":
        print_json(sarif_log(findings), indent=2)
    elif form == "github":
        if lines := (*github_lines(findings), *summary[-1:]):
            print_lines(*lines)
    else:
        print_findings(findings)
        codes = dict.fromkeys(found.code for found in findings if is_error(found) and found.code != USAGE_CODE)
        if codes:
            names = " ".join(islice(codes, _MAX_HINTED_CODES))
            print_lines(f"more about it: handouts explain {names}", stream=sys.stderr)
        if summary:
            print_lines(*summary)


def run_verb(options: argparse.Namespace) -> int:
    """Run the verb and return the exit code."""
    runs = {
        "build": _run_build,
        "check": _run_check,
        "clean": _run_clean,
        "completion": run_completion,
        "diff": _run_diff,
        "doctor": _run_doctor,
        "explain": run_explain,
        "format": _run_format,
        "list": _run_list,
        "new": run_new,
        "open": run_open,
        "preview": run_open,
        "review": run_review,
        "schema": _run_schema,
        "verify": run_verify,
    }
    return runs[options.verb](options)


def _run_build(options: argparse.Namespace) -> int:
    """Build, show the progress, and print the findings and a table of the files."""
    from handouts.pipeline.build import build_all

    if options.dry_run:
        return _run_preview(options)
    with show_progress(as_json=options.json, quiet=options.quiet) as on_progress:
        report = build_all(options_from_arguments(options), on_progress)
    if options.json:
        print_json({**end_as_data(report), "verified": options.verify})
    else:
        _print_report(report, options)
    return _SUCCESS if report.complete else _BUG if report.has_bug else _PROBLEMS


def _print_report(report: BuildReport, options: argparse.Namespace) -> None:
    """Print the findings of a build, and a table of its files."""
    _print_found(report.all_findings, options.format_findings, *(() if options.quiet else outcome_table(report)))
    if not options.verify:
        note = "the files were not read back (--no-verify): open each one before you hand it out"
        print_lines(f"handouts: {note}", stream=sys.stderr)


def _run_preview(options: argparse.Namespace) -> int:
    """Print which files a build would make, and why; write nothing."""
    from handouts.pipeline.full_build import preview_build

    wanted = options_from_arguments(options)
    preview = preview_build(wanted)
    if options.json:
        for each in preview.decisions:
            print_json(decision_as_data(each, wanted.output))
        end = {"event": "end", "columns": dict(preview.columns), "findings": findings_as_data(preview.findings)}
        print_json(end)
    else:
        _print_found(preview.findings, options.format_findings, *preview_lines(preview, wanted.output))
    return _SUCCESS


def _run_clean(options: argparse.Namespace) -> int:
    """Delete files that no build makes any more, or print what would be deleted."""
    from handouts.pipeline.stale_files import delete_stale_files

    cleaned = delete_stale_files(options_from_arguments(options), dry_run=options.dry_run)
    _print_found(cleaned.findings, FINDING_FORMATS[0])
    for path in cleaned.files:
        print_lines(path.as_posix())
    verb = "would be deleted" if options.dry_run else "deleted"
    print_lines(f"{count_of(len(cleaned.files), 'file')} {verb}")
    return _PROBLEMS if any(map(is_error, cleaned.findings)) else _SUCCESS


def _run_check(options: argparse.Namespace) -> int:
    """Print the findings of the rules, those that content allows, and their numbers."""
    from handouts.pipeline.checks import check_all

    report = check_all(options_from_arguments(options), balance=options.balance, points=options.points)
    errors = any(map(is_error, report.findings))
    if options.json:
        print_json(check_as_data(report), indent=2)
    else:
        _print_found(report.findings, options.format_findings, *check_lines(report, terminal_width()))
    return _BUG if report.has_bug else _PROBLEMS if errors or (options.strict and report.findings) else _SUCCESS


def _run_diff(options: argparse.Namespace) -> int:
    """Print the differences between what two audiences read."""
    from handouts.compare import comparison_as_data
    from handouts.pipeline.checks import compare_readers

    comparisons = compare_readers(options_from_arguments(options))
    if options.json:
        print_json({"comparisons": list(map(comparison_as_data, comparisons))}, indent=2)
        return _SUCCESS
    for comparison in comparisons:
        print_lines(*comparison_lines(comparison, terminal_width(), everything=options.all))
    return _SUCCESS


def _run_doctor(options: argparse.Namespace) -> int:
    """Print what the project has, what is missing, and what to do about it."""
    from handouts.pipeline.diagnosis import diagnose

    entries, findings = diagnose(project_if_any(options))
    if options.json:
        print_json({"entries": list(map(asdict, entries)), "findings": findings_as_data(findings)}, indent=2)
    else:
        print_findings([found for found in findings if is_error(found)])
        print_lines(*diagnosis_lines(entries, terminal_width()))
    return _PROBLEMS if any(each.state == "wrong" for each in entries) else _SUCCESS


def _run_format(options: argparse.Namespace) -> int:
    """Rewrite sections with headings or with fences, and print which files that changes."""
    from handouts.pipeline.section_forms import rewrite_sections

    project, dry_run = project_of(options), options.check or options.dry_run
    report = rewrite_sections(project.content, project.templates, options.names, fences=options.fences, dry_run=dry_run)
    _print_found(report.findings, FINDING_FORMATS[0])
    print_lines(*rewrite_lines(report, dry_run=dry_run))
    failed = any(map(is_error, report.findings)) or (options.check and report.files)
    return _PROBLEMS if failed else _SUCCESS


def _run_schema(options: argparse.Namespace) -> int:
    """Write the JSON schemas of the project's settings, or print which are out of date."""
    from handouts.pipeline.schemas import schema_folder, stale_schemas, write_schemas

    project = project_of(options)
    folder = options.folder or schema_folder(project)
    if not options.check:
        files = write_schemas(project, folder)
        print_lines(*(each.as_posix() for each in files), f"{len(files)} schemas written")
        return _SUCCESS
    stale = stale_schemas(project, folder)
    end = "write them again: handouts schema" if stale else f"the schemas in {folder.as_posix()} are up to date"
    print_lines(*(f"{each.as_posix()}: not up to date" for each in stale), end)
    return _PROBLEMS if stale else _SUCCESS


def _run_list(options: argparse.Namespace) -> int:
    """Print the names that options take, and the files that a build would make."""
    from handouts.load import load_library
    from handouts.pipeline.plan import plan_deliverables

    wanted = options_from_arguments(options)
    library = load_library(wanted.content, wanted.templates)
    deliverables, findings = plan_deliverables(library, wanted)
    files = [(wanted.output / each.file).as_posix() for each in deliverables]
    if options.json:
        print_json({**names_as_data(library), "files": files}, indent=2)
        return _SUCCESS
    print_findings((*library.findings, *findings))
    print_lines(*library_lines(library), "build would make:", *(f"  {file}" for file in files))
    return _SUCCESS
