"""The verbs and options of the command line, and the `Options` that they stand for.

An unknown name is answered with the nearest known one, and exit code 2. The only module that reads the clock.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from handouts.cli.finding_formats import FINDING_FORMATS
from handouts.cli.terminal import print_lines
from handouts.finding import HandoutError, Location, closest_name, error, os_errors_as_findings, suggest_name
from handouts.version import VERSION

if TYPE_CHECKING:
    from handouts.pipeline.options import Options
    from handouts.pipeline.project import Project

JOBS_VARIABLE = "HANDOUTS_JOBS"
USAGE_EXIT_CODE = 2
_MAX_COUNTRY_CODE = 3
_LAST_PORT = 65535
_MAX_PEOPLE = 1000  # who sign without a name
_NO_VERB = re.compile(r"^argument \{.*\}: invalid choice:")


# ---------------------------------------------------------------- values of options: argparse reports what they refuse


def _names_argument(text: str) -> str:
    """Return `text` if it holds at least one name; a shell variable that is not set gives an empty text."""
    if not split_names([text]):
        raise argparse.ArgumentTypeError(f"'{text}' names nothing: write a name, or leave it out")
    return text


def _single_name_argument(text: str) -> str:
    """Return `text` if it is exactly one name."""
    if len(split_names([text])) != 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not one name: write each name by itself")
    return text


def _path_argument(text: str) -> Path:
    """Return `text` as a path if it is not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is not a name of a file or folder")
    return Path(text)


def _date_argument(text: str) -> date:
    """Return the date that `text` is in ISO format."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day: write YYYY-MM-DD") from None


def _number_argument(least: int, most: int, problem: str) -> Callable[[str], int]:
    """Return a function that reads a whole number from `least` to `most`; `problem` is the message for other texts."""

    def number(text: str) -> int:
        value = int(text[:9]) if text.isascii() and text.isdigit() else -1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"'{text}' {problem}")
        return value

    return number


def country_code(country: str) -> str:
    """Return a country code in capital letters; a longer name stays as it was typed."""
    return country.upper() if len(country) <= _MAX_COUNTRY_CODE else country


def split_names(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in repeated options and comma-separated lists, in order."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


# ---------------------------------------------------------------- the parser


class _CommandParser(argparse.ArgumentParser):
    """An argparse parser that answers a misspelt option or verb with the nearest right one."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and what was probably meant, and exit."""
        hint = self.hint_for(message)
        if hint and "invalid choice" in message:
            message = _NO_VERB.sub("no verb is called", message.partition(" (choose from ")[0])
        print_lines(f"handouts: {message}{f' ({hint})' if hint else ''}", stream=sys.stderr)
        print_lines(f"try: {self.prog} --help", stream=sys.stderr)
        raise SystemExit(USAGE_EXIT_CODE)

    def parse_known_args(  # type: ignore[override]
        self, args: Any = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Return the options. The parser of a verb reports unknown options before it reports missing ones."""
        words = takewhile(lambda each: each != "--", args or ())
        unknown = [each for each in words if each.startswith("--") and each.partition("=")[0] not in self.known]
        verb_parser = self.get_default("parser")
        if unknown and verb_parser and not self._subparsers:
            verb_parser.error(f"unrecognized arguments: {' '.join(unknown)}")
        return super().parse_known_args(args, namespace)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help, usage or version like all other output (overrides a method of argparse)."""
        print_lines(*message.rstrip("\n").split("\n"), stream=file)

    @property
    def known(self) -> tuple[str, ...]:
        """The long names of the options."""
        return tuple(each for each in self._option_string_actions if each.startswith("--"))

    def hint_for(self, message: str) -> str:
        """Return what to write instead, for a message of argparse; "" if nothing is known."""
        words = [word.partition("=")[0].rstrip(":") for word in message.replace("'", " ").split()]
        if "unrecognized" in message:
            return next((self.meant_by(word) for word in words if word.startswith("-")), "")
        if "invalid choice" in message:
            action = self._option_string_actions.get(words[1])
            named = next((each.choices for each in self._actions if each.metavar == words[1]), None)
            return suggest_name(words[4], (action and action.choices) or named or ())
        if "required" in message:
            needed = [each for each in self._actions if each.required]
            names = (each.option_strings[:1] or [str(each.metavar)] * (2 if each.nargs == 2 else 1) for each in needed)
            return f"write {self.prog} {' '.join(chain.from_iterable(names))}"
        action = self._option_string_actions.get(words[1]) if "expected one argument" in message else None
        return f"write {words[1]} {action.metavar}" if action else ""

    def meant_by(self, option: str) -> str:
        """Return the hint for an unknown option: the nearest option, or that the value is written without an option."""
        name = option.lstrip("-")
        if any(not each.option_strings and name in (each.dest, str(each.metavar).lower()) for each in self._actions):
            return f"write the name without {option}"
        meant = closest_name(name, [each.lstrip("-") for each in self.known])
        return f"did you mean '--{meant}'?" if meant else f"known: {', '.join(sorted(self.known))}"


def parse_words(parser: _CommandParser, words: Sequence[str]) -> argparse.Namespace:
    """Return the options; the parser of the verb reports unknown ones."""
    for word in takewhile(lambda each: each != "--", words):
        if word.startswith("--") and word.endswith("=--"):  # argparse would make an empty list of it
            parser.error(f"argument {word.removesuffix('=--')}: '--' is not a value")
    options, rest = parser.parse_known_args(words)
    if rest:
        options.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def make_parser() -> _CommandParser:
    """Return the parser of all verbs and options."""
    about = "Build a handout and a slide deck for each audience from one text."
    parser = _CommandParser(prog="handouts", description=about)
    parser.add_argument("--version", action="version", version=f"handouts {VERSION}")
    first = ("open", "preview")
    _add_verbs(parser, "verb", _VERBS, (*first, *sorted({*_VERBS} - {*first})))
    return parser


def _add_verbs(parser: _CommandParser, dest: str, verbs: Mapping[str, _Verb], names: Sequence[str]) -> None:
    """Add verbs to a parser in the order of its help; its usage line lists them in the order of `names`."""
    metavar = f"{{{','.join(names)}}}"
    added = parser.add_subparsers(dest=dest, required=True, metavar=metavar, parser_class=_CommandParser)
    for name, (what, add_options) in verbs.items():
        verb = added.add_parser(name, help=what, allow_abbrev=False)
        verb.set_defaults(parser=verb, output=None, example=False)
        add_options(verb)


# ---------------------------------------------------------------- options that several verbs have


_Verb: TypeAlias = "tuple[str, Callable[[_CommandParser], None]]"  # what its help says, and what adds its options
_FLAG: Mapping[str, Any] = {"action": "store_true"}
_NAME: Mapping[str, Any] = {"default": "", "metavar": "NAME"}
_NAMES: Mapping[str, Any] = {"action": "append", "default": [], "type": _names_argument, "metavar": "NAME"}
_TOPICS: Mapping[str, Any] = {"nargs": "*", "default": [], "type": _names_argument, "metavar": "TOPIC"}
_PATH: Mapping[str, Any] = {"type": _path_argument, "metavar": "DIR"}
_DAY: Mapping[str, Any] = {"type": _date_argument, "metavar": "DATE"}
_PROJECT_HELP = "the folder with content/ (default: this folder, or the nearest one above that has it)"
_LANGUAGE_HELP = "the language (default: the only one)"
_SEVERAL = "repeat it, or separate names by commas"


def _add_json(verb: argparse._ActionsContainer) -> None:
    """Add --json."""
    verb.add_argument("--json", **_FLAG, help="print one JSON object and nothing else")


def _add_today(verb: argparse._ActionsContainer) -> None:
    """Add --today."""
    verb.add_argument("--today", **_DAY, help="act as on this day, YYYY-MM-DD (default: today)")


def _add_project(verb: argparse._ActionsContainer, *, example: bool = True) -> None:
    """Add --project, and --example unless the verb changes the project."""
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--project", **_PATH, help=_PROJECT_HELP)
    if example:
        which.add_argument("--example", **_FLAG, help="use the topic that comes with the program")


def _add_release(verb: argparse._ActionsContainer) -> None:
    """Add --release."""
    what = "refuse anything unreviewed, unconfirmed or expired, sample text, and exceptions allowed in the text"
    verb.add_argument("--release", **_FLAG, help=what)


def _add_choices(verb: _CommandParser, *, finds: bool = True) -> None:
    """Add the options that choose the files to make, and the form of the output; `finds` if findings are printed."""
    verb.add_argument("topics", **_TOPICS, help="only these topics (default: all)")
    what = verb.add_argument_group("what to make")
    what.add_argument("--audience", **_NAMES, help=f"only for this audience; for several, {_SEVERAL}")
    what.add_argument("--format", **_NAMES, help="pdf, pptx, html, docx, slides-pdf, notes-pdf (default: pdf,pptx)")
    what.add_argument("--template", **_NAMES, help="only this template, such as worksheets or summary")
    what.add_argument("--language", **{**_NAMES, "metavar": "TAG"}, help="only this language")
    what.add_argument(
        "--country", **{**_NAMES, "metavar": "CODE"}, help="print the help lines of this country: UK, US, …"
    )
    what.add_argument(
        "--minutes",
        **{**_NAMES, "metavar": "N"},
        help="a talk of this length, one of lengths in topic.yaml (default: all slides)",
    )
    what.add_argument("--set", **_NAMES, help="a set of files that content/build.yaml names")
    look = verb.add_argument_group("how it looks")
    look.add_argument("--paper", **{**_NAMES, "metavar": "a4|letter|a5"}, help="the paper of handouts and notes")
    look.add_argument("--edition", **_NAMES, help="standard, large-print, photocopy, discreet (default: standard)")
    look.add_argument("--fillable", **_FLAG, help="also make worksheets to fill in on a screen")
    look.add_argument("--booklet", **_FLAG, help="also make booklets to print, fold and staple")
    look.add_argument("--builds", **_FLAG, help="show figures, steps and comparisons of slides click by click")
    output = verb.add_argument_group("where, when and how")
    output.add_argument("--output", **_PATH, help="the folder for the files (default: output)")
    _add_today(output)
    forms = output.add_mutually_exclusive_group()
    _add_json(forms)
    if finds:
        how = "print findings for people (text), for programs (json, sarif), or for GitHub"
        forms.add_argument("--format-findings", choices=FINDING_FORMATS, default=FINDING_FORMATS[0], help=how)


# ---------------------------------------------------------------- the options of each verb


def _add_page_options(verb: _CommandParser) -> None:
    """Add the options of `open` and `preview`."""
    port = _number_argument(0, _LAST_PORT, f"is not a port: write a number up to {_LAST_PORT}, or 0 for any")
    verb.add_argument("topic", nargs="?", type=_single_name_argument, metavar="TOPIC", help="show this topic first")
    verb.add_argument("--port", type=port, metavar="N", help="the port to serve it on (default: any that is free)")
    verb.add_argument(
        "--no-browser", dest="browser", action="store_false", help="print the address, and open no browser"
    )
    _add_today(verb)
    _add_project(verb)


def _add_build_options(verb: _CommandParser) -> None:
    """Add the options of `build`."""
    problem = f"is not a number of processes: write 1, 2 or more, here or in the variable {JOBS_VARIABLE}"
    jobs = _number_argument(1, sys.maxsize, problem)
    _add_choices(verb)
    _add_project(verb)
    verb.add_argument("--dry-run", **_FLAG, help="show what would be made and why; make nothing")
    verb.add_argument("--force", **_FLAG, help="make every file, even if that overwrites files that somebody edited")
    verb.add_argument("--quiet", **_FLAG, help="print only problems")
    _add_release(verb)
    unread = "do not read finished files back; lost or leaked words then go unnoticed"
    verb.add_argument("--no-verify", dest="verify", action="store_false", help=unread)
    many = verb.add_argument_group("many files")
    recipients = "make a copy for each row of this table; columns: name, phone, address, hours, logo, web"
    many.add_argument("--recipients", type=_path_argument, metavar="FILE", help=recipients)
    copies = "the names of the copies, from {row} and {name} (default: {row})"
    many.add_argument("--copies", default="{row}", metavar="PATTERN", help=copies)
    combined = "also make one file of all copies, to print (takes about 40 kB of memory for each copy)"
    many.add_argument("--combined", **_FLAG, help=combined)
    many.add_argument("--site", **_FLAG, help="also make index.html, a web page that links to every file")
    workers = "the number of processes (default: as many as help)"
    many.add_argument("--jobs", type=jobs, default=os.environ.get(JOBS_VARIABLE), metavar="N", help=workers)
    many.add_argument("--cluster", default="", metavar="ADDRESS", help="a Dask scheduler, such as tcp://127.0.0.1:8786")


def _add_list_options(verb: _CommandParser) -> None:
    """Add the options of `list`."""
    _add_choices(verb, finds=False)
    _add_project(verb)


def _add_check_options(verb: _CommandParser) -> None:
    """Add the options of `check`."""
    _add_choices(verb)
    _add_release(verb)
    verb.add_argument("--strict", **_FLAG, help="end with exit code 1 if there are warnings")
    verb.add_argument("--balance", **_FLAG, help="show how much each audience reads, by section and part")
    verb.add_argument("--points", **_FLAG, help="show the words that make each key point, or MISSING")
    _add_project(verb)


def _add_diff_options(verb: _CommandParser) -> None:
    """Add the options of `diff`."""
    verb.add_argument(
        "audience", nargs=2, type=_single_name_argument, metavar="AUDIENCE", help="the two audiences to compare"
    )
    verb.add_argument("topics", **_TOPICS, help="only these topics")
    verb.add_argument("--language", **{**_NAMES, "metavar": "TAG"}, help="only these languages")
    verb.add_argument("--all", **_FLAG, help="also show what both read")
    _add_json(verb)
    _add_project(verb)


def _add_explain_options(verb: _CommandParser) -> None:
    """Add the options of `explain`."""
    names = "a code, block, figure, field, sign, kind of section or part (default: list them all)"
    verb.add_argument("names", nargs="*", metavar="NAME", help=names)
    _add_json(verb)


def _add_format_options(verb: _CommandParser) -> None:
    """Add the options of `format`."""
    named = "topics, files or folders of sections (default: all topics)"
    verb.add_argument("names", nargs="*", default=[], metavar="FILE|TOPIC", help=named)
    verb.add_argument("--fences", **_FLAG, help="put parts between ::: lines instead of below ## headings")
    only = verb.add_mutually_exclusive_group()
    only.add_argument("--check", **_FLAG, help="change nothing; end with exit code 1 if something would change")
    only.add_argument("--dry-run", **_FLAG, help="show what would change; change nothing")
    _add_project(verb, example=False)


def _add_clean_options(verb: _CommandParser) -> None:
    """Add the options of `clean`."""
    stale = "files that a build made and that no build would make any more"
    verb.add_argument("--stale", **_FLAG, required=True, help=stale)
    verb.add_argument("--dry-run", **_FLAG, help="show what would be deleted; delete nothing")
    verb.add_argument("--output", **_PATH, help="the folder of the files (default: output)")
    _add_today(verb)
    _add_project(verb)


def _add_new_options(verb: _CommandParser) -> None:
    """Add the options of `new`."""
    what = "a title; or topic, audience, section, language or template, and its name (default: ask)"
    verb.add_argument("words", nargs="*", metavar="NAME", help=what)
    several = "the readers, such as: Parents, Teachers"
    verb.add_argument("--audiences", **{**_NAMES, "metavar": "NAMES"}, help=several)
    verb.add_argument("--kind", default="both", metavar="leaflet|talk|both", help="what to make (default: both)")
    verb.add_argument("--country", default="", metavar="CODE", help="print the help lines of this country, such as UK")
    verb.add_argument("--service", **_NAME, help="the name of the service that hands it out")
    verb.add_argument("--language", default="", metavar="TAG", help="the language, such as de (default: en)")
    verb.add_argument("--folder", **_NAME, help="the name of its folder (default: from the title)")
    verb.add_argument("--topic", **_NAME, help="for a section: the topic to add it to")
    behind = "for a section: put it after this one, given by its id or the number of its file"
    verb.add_argument("--after", default="", metavar="ID|NUMBER", help=behind)
    verb.add_argument("--from", dest="origin", **_NAME, help="for a template: the template to copy")
    verb.add_argument("--project", **_PATH, help="the folder of the project, which may be new")
    verb.add_argument("--example", **_FLAG, help="copy the topic that comes with the program into the folder NAME")


def _add_schema_options(verb: _CommandParser) -> None:
    """Add the options of `schema`."""
    verb.add_argument(
        "folder", nargs="?", **_PATH, help="where to write them (default: .vscode/schemas next to content)"
    )
    verb.add_argument("--check", **_FLAG, help="write nothing; end with exit code 1 if one is out of date")
    _add_project(verb, example=False)


def _add_review_verbs(verb: _CommandParser) -> None:
    """Add the verbs of `review`."""
    _add_verbs(verb, "review", _REVIEW_VERBS, tuple(_REVIEW_VERBS))


def _add_make_options(verb: _CommandParser) -> None:
    """Add the options of `review make`."""
    shared = f"whose words it shows, side by side (default: all audiences); for several, {_SEVERAL}"
    where = "the Word file (default: TOPIC-review.docx in output/TOPIC)"
    verb.add_argument("topic", metavar="TOPIC", type=_single_name_argument, help="the topic to review")
    verb.add_argument("--audience", **_NAMES, help=shared)
    verb.add_argument("--language", default="", metavar="TAG", help=_LANGUAGE_HELP)
    verb.add_argument("--output", type=_path_argument, metavar="FILE", help=where)
    _add_today(verb)
    _add_project(verb)


def _add_take_options(verb: _CommandParser) -> None:
    """Add the options of `review take`."""
    several = "the Word files that reviewers sent back; give all files of one round together"
    sure = "write the changes of wording that are certain, after showing and asking about each"
    verb.add_argument("files", nargs="+", type=_path_argument, metavar="FILE.docx", help=several)
    verb.add_argument("--apply", **_FLAG, help=sure)
    verb.add_argument("--yes", **_FLAG, help="with --apply: do not ask")
    _add_json(verb)
    _add_project(verb)


def _add_sign_options(verb: _CommandParser) -> None:
    """Add the options of `review sign`."""
    roles = "clinician, person, carer, safeguarding, reader-test, or one of review_roles in topic.yaml"
    shared = f"whose handout and talk they have read; for several, {_SEVERAL}"
    nameless = "how many people they were, if you give no name (default: 1)"
    problem = f"is not a number of people: write a number from 1 to {_MAX_PEOPLE}"
    people = _number_argument(1, _MAX_PEOPLE, problem)
    verb.add_argument("topic", metavar="TOPIC", type=_single_name_argument, help="the topic that they have read")
    verb.add_argument("--audience", **_NAMES, required=True, help=shared)
    verb.add_argument("--role", required=True, metavar="ROLE", help=roles)
    verb.add_argument("--language", default="", metavar="TAG", help=_LANGUAGE_HELP)
    verb.add_argument("--name", **_NAME, help="their name, if they agree to have it in reviews.yaml")
    verb.add_argument("--people", type=people, default=1, metavar="N", help=nameless)
    verb.add_argument("--today", **_DAY, help="the day on which they agreed")
    _add_project(verb, example=False)


def _add_status_options(verb: _CommandParser) -> None:
    """Add the options of `review status`."""
    verb.add_argument("topics", **_TOPICS, help="only these topics (default: all)")
    _add_today(verb)
    _add_json(verb)
    _add_project(verb)


def _add_verify_options(verb: _CommandParser) -> None:
    """Add the options of `verify`."""
    named = "a file that was handed out: PDF, web page, Word file or slides"
    number = f"the number at the foot of a page; for several, {_SEVERAL}"
    verb.add_argument("files", nargs="*", default=[], type=_path_argument, metavar="FILE", help=named)
    verb.add_argument("--number", **{**_NAMES, "metavar": "HO-…"}, help=number)
    _add_today(verb)
    verb.add_argument("--output", **_PATH, help="the folder of drafts (default: output)")
    _add_json(verb)
    _add_project(verb, example=False)


def _add_completion_options(verb: _CommandParser) -> None:
    """Add the options of `completion`."""
    shells = "bash, powershell, tcsh or zsh"
    verb.add_argument("shell", metavar="SHELL", help=shells)


def _add_doctor_options(verb: _CommandParser) -> None:
    """Add the options of `doctor`."""
    _add_json(verb)
    _add_project(verb)


_VERBS: Mapping[str, _Verb] = {
    "open": ("open the project in the browser, to read, write and make files", _add_page_options),
    "preview": ("the same as open, but read-only", _add_page_options),
    "build": ("make the files", _add_build_options),
    "list": ("list topics, audiences, languages, templates, and the files that build would make", _add_list_options),
    "check": ("list problems; make nothing", _add_check_options),
    "diff": ("show what one audience reads and another does not", _add_diff_options),
    "explain": (
        "explain a message such as long-sentence, or how to write a block such as callout",
        _add_explain_options,
    ),
    "format": ("rewrite sections with fewer signs, or undo that", _add_format_options),
    "clean": ("delete files that no build makes any more", _add_clean_options),
    "new": ("start a project, a topic, or a piece of one", _add_new_options),
    "schema": ("let editors complete and check settings", _add_schema_options),
    "review": ("review in Word, sign what was read, see what is signed", _add_review_verbs),
    "verify": ("say which issued version a file is, and whether it was altered", _add_verify_options),
    "completion": ("print a script that lets a shell complete commands", _add_completion_options),
    "doctor": ("say what is set up, what is missing, and what to do", _add_doctor_options),
}
_REVIEW_VERBS: Mapping[str, _Verb] = {
    "make": ("write a Word file for reviewers to comment in and change", _add_make_options),
    "take": ("list the comments and changes that reviewers made in Word", _add_take_options),
    "sign": ("record that somebody agrees with what they have read", _add_sign_options),
    "status": ("show what is signed, stale, missing and due", _add_status_options),
}


# ---------------------------------------------------------------- what the options stand for


def today() -> date:
    """Return the current date."""
    return date.today()  # noqa: DTZ011


def options_from_arguments(arguments: argparse.Namespace) -> Options:
    """Return the options for the pipeline; those that a verb lacks have their defaults."""
    from handouts.pipeline.options import OPTION_FIELDS, Options

    project = project_of(arguments)
    given = vars(arguments)
    names = {**OPTION_FIELDS, "set": "sets", "topics": "topics"}
    chosen: dict[str, Any] = {field: split_names(given.get(option) or ()) for option, field in names.items()}
    countries = tuple(map(country_code, split_names(given.get("country") or ())))
    alike = ("booklet", "fillable", "builds", "release", "recipients", "copies", "combined", "site", "force", "cluster")
    return Options(
        content=project.content,
        templates=project.templates,
        output=arguments.output or project.output,
        country=countries[0] if len(countries) == 1 else "",
        countries=countries if len(countries) > 1 else (),
        today=given.get("today") or today(),
        jobs=given.get("jobs", 1) or 0,
        verify=given.get("verify", False),
        **{**chosen, "papers": tuple(map(str.lower, chosen["papers"]))},
        **{name: given[name] for name in alike if name in given},
    )


def working_folder() -> Path:
    """Return the current folder. HandoutError if it has been deleted."""
    try:
        return Path.cwd()
    except OSError as gone:
        hint = "go into the folder of your project, with cd, and call it again"
        message = f"The folder in which this was called cannot be found: {gone.strerror}."
        raise HandoutError(error("usage", message, Location("handouts"), hint)) from None


def project_of(arguments: argparse.Namespace) -> Project:
    """Return the project that the options name, or that the current folder is in. HandoutError if there is none."""
    from handouts.pipeline.project import example_project, find_project, open_project

    folder = working_folder()
    with os_errors_as_findings():
        if arguments.example:
            return example_project(folder)
        return open_project(arguments.project, folder) if arguments.project else find_project(folder)


def project_if_any(arguments: argparse.Namespace) -> Project | None:
    """Return the project like `project_of`, or None if no project is named and none is found."""
    try:
        return project_of(arguments)
    except HandoutError:
        if arguments.example or arguments.project or (working_folder() / "content").exists():
            raise
        return None


def content_folder() -> Path:
    """Return the content folder of the project, or of the shipped example if there is no project."""
    from handouts.pipeline.project import example_project, find_project

    folder = working_folder()
    with os_errors_as_findings(), suppress(HandoutError):
        return find_project(folder).content
    return example_project(folder).content
