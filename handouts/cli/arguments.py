"""The verbs and options of the command line, and the `Options` that they stand for.

An unknown name is answered with the nearest known one, and exit code 2. The only module that reads the clock.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from handouts.cli.finding_formats import FINDING_FORMATS
from handouts.cli.terminal import print_lines
from handouts.finding import HandoutError, Location, closest_name, error, os_errors_as_findings, suggest_name
from handouts.version import VERSION

if TYPE_CHECKING:
    from handouts.pipeline.options import Options
    from handouts.pipeline.project import Project


JOBS_VARIABLE = "HANDOUTS_JOBS"
_MAX_COUNTRY_CODE = 3
_LAST_PORT = 65535
_MAX_PEOPLE = 1000  # who sign without a name


def _names_argument(text: str) -> str:
    """Return `text`, which names at least one thing. argparse reports what is empty, as a variable that is not set."""
    if not split_names([text]):
        raise argparse.ArgumentTypeError(f"'{text}' names nothing: write a name, or leave it out")
    return text


def _single_name_argument(text: str) -> str:
    """Return `text`, which names one thing. argparse reports what does not."""
    if len(split_names([text])) != 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not one name: write each name by itself")
    return text


def _path_argument(text: str) -> Path:
    """Return the file or folder that `text` names. argparse reports what is empty, as a variable that is not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is no name of a file or folder")
    return Path(text)


def _date_argument(text: str) -> date:
    """Return the day that `text` names. argparse reports what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day: write YYYY-MM-DD") from None


def _process_count_argument(text: str) -> int:
    """Return how many processes `text` asks for. argparse reports what is no such number."""
    if not text.isascii() or not text.isdigit() or not int(text[:9]):
        message = f"'{text}' is no number of processes: write 1, 2 or more, here or in the variable {JOBS_VARIABLE}"
        raise argparse.ArgumentTypeError(message)
    return int(text[:9])


def country_code(country: str) -> str:
    """Return a code of a country in capital letters; a longer name stays as it was typed."""
    return country.upper() if len(country) <= _MAX_COUNTRY_CODE else country


def split_names(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in repeated options and comma lists, in order."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


USAGE_EXIT_CODE = 2
_RELEASE_HELP = "refuse what is unreviewed, unconfirmed, expired, sample text, or allowed in place"
_JSON_HELP = "print one JSON object, and nothing else, on standard output"
_FORMS_HELP = "how findings are printed: for people, for programs, or beside their lines on GitHub"
_MINUTES_HELP = "the length of the talk, one of lengths in topic.yaml; several make one each (default: all slides)"
_COMBINED_HELP = "also all copies in one file to print, put together in memory (about 40 kB a copy)"
_SITE_HELP = "also index.html, a page for a website that leads to all files that are made"
_BUILDS_HELP = "drawings, steps and comparisons of a deck appear click by click, without motion"
_PROJECT_HELP = "the folder that holds content/ (default: this one, or the nearest above it that does)"
_EXAMPLE_HELP = "the shipped topic, in place of your own content"
_VERBS = (
    "open", "preview", "build", "check", "clean", "completion", "diff", "doctor", "explain", "format", "list", "new",
    "review", "schema", "verify",
)  # fmt: skip
_NO_VERB = re.compile(r"^argument \{.*\}: invalid choice:")
_PAGE_VERBS = {
    "open": "read, write and make your project in the browser",
    "preview": "as open, where nothing can be changed",
}
_NAMES_HELP = "a code, block, figure, field, sign, kind of section or part; without one, all are listed"


class _CommandParser(argparse.ArgumentParser):
    """argparse, whose answer to a misspelt option or verb names the nearest right one."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and what was meant, and exit."""
        hint = self.hint_for(message)
        if hint and "invalid choice" in message:
            message = _NO_VERB.sub("no verb is called", message.partition(" (choose from ")[0])
        print_lines(f"handouts: {message}{f' ({hint})' if hint else ''}", stream=sys.stderr)
        print_lines(f"try: {self.prog} --help", stream=sys.stderr)
        raise SystemExit(USAGE_EXIT_CODE)

    def parse_known_args(  # type: ignore[override]
        self, args: Any = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Return the options; one of a verb that there is not is reported before one that is missing."""
        words = takewhile(lambda each: each != "--", args or ())
        unknown = [each for each in words if each.startswith("--") and each.partition("=")[0] not in self.known]
        verb_parser = self.get_default("parser")
        if unknown and verb_parser is self:
            verb_parser.error(f"unrecognized arguments: {' '.join(unknown)}")
        return super().parse_known_args(args, namespace)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help, usage or version as we print all else; argparse asks for a method of this name."""
        print_lines(*message.rstrip("\n").split("\n"), stream=file)

    @property
    def known(self) -> tuple[str, ...]:
        """The long names of its options."""
        return tuple(each for each in self._option_string_actions if each.startswith("--"))

    def hint_for(self, message: str) -> str:
        """Return what to write in place of what argparse complains of."""
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
        """Return which option is meant by one that there is not; what has no option is named alone."""
        name = option.lstrip("-")
        if any(not each.option_strings and name in (each.dest, str(each.metavar).lower()) for each in self._actions):
            return f"write the name without {option}"
        meant = closest_name(name, [each.lstrip("-") for each in self.known])
        return f"did you mean '--{meant}'?" if meant else f"known: {', '.join(sorted(self.known))}"


def parse_words(parser: _CommandParser, words: Sequence[str]) -> argparse.Namespace:
    """Return the options; unknown ones are reported by the verb's own parser, which knows its names."""
    for word in takewhile(lambda each: each != "--", words):
        if word.startswith("--") and word.endswith("=--"):  # of which argparse would make an empty list
            parser.error(f"argument {word.removesuffix('=--')}: '--' is no value")
    options, rest = parser.parse_known_args(words)
    if rest:
        options.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def make_parser() -> _CommandParser:
    """Return the parser of all verbs and options."""
    about = "Build a handout and a slide deck for each audience from one text."
    parser = _CommandParser(prog="handouts", description=about)
    parser.add_argument("--version", action="version", version=f"handouts {VERSION}")
    names = f"{{{','.join(_VERBS)}}}"
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=names, parser_class=_CommandParser)
    for name, what in _PAGE_VERBS.items():
        _add_page_options(verbs.add_parser(name, help=what, allow_abbrev=False))
    build = verbs.add_parser("build", help="make the files", allow_abbrev=False)
    shows = "show topics, audiences, languages, templates, and what build would make"
    listing = verbs.add_parser("list", help=shows, allow_abbrev=False)
    checking = verbs.add_parser("check", help="say what is wrong, and make nothing", allow_abbrev=False)
    for verb in (build, listing, checking):
        verb.set_defaults(parser=verb)
        _add_choice_options(verb, finds=verb is not listing)
    _add_check_options(checking)
    comparing = verbs.add_parser("diff", help="show what one audience reads and another does not", allow_abbrev=False)
    _add_diff_options(comparing)
    explains = "say what a code such as long-sentence means, or how a block such as callout is written"
    explaining = verbs.add_parser("explain", help=explains, allow_abbrev=False)
    explaining.set_defaults(parser=explaining)
    explaining.add_argument("names", nargs="*", metavar="NAME", help=_NAMES_HELP)
    explaining.add_argument("--json", action="store_true", help=_JSON_HELP)
    _add_batch_options(build)
    formatting = verbs.add_parser("format", help="write sections with fewer signs, or undo that", allow_abbrev=False)
    _add_format_options(formatting)
    cleaning = verbs.add_parser("clean", help="delete made files that no build makes any more", allow_abbrev=False)
    _add_clean_options(cleaning)
    starting = verbs.add_parser("new", help="begin a project of your own", allow_abbrev=False)
    _add_new_options(starting)
    describing = verbs.add_parser("schema", help="help editors to complete and underline settings", allow_abbrev=False)
    _add_schema_options(describing)
    reviewing = verbs.add_parser(
        "review", help="have it read in Word, sign what was read, see what is signed", allow_abbrev=False
    )
    _add_review_verbs(reviewing)
    identifies = "say which issued version a file is, and whether it was altered"
    identifying = verbs.add_parser("verify", help=identifies, allow_abbrev=False)
    _add_verify_options(identifying)
    completing = verbs.add_parser("completion", help="let a shell complete verbs and options", allow_abbrev=False)
    completing.set_defaults(parser=completing)
    shells = "bash, powershell, tcsh or zsh: the script for it is printed"
    completing.add_argument("shell", metavar="SHELL", help=shells)
    examining = verbs.add_parser(
        "doctor", help="say what is there, what is missing, and what to do", allow_abbrev=False
    )
    examining.set_defaults(parser=examining, output=None)
    examining.add_argument("--json", action="store_true", help=_JSON_HELP)
    for verb in (build, listing, checking, comparing, cleaning, examining):
        _add_project_options(verb)
    unread = "do not read finished files back: words that are lost, or meant for others, go unnoticed"
    build.add_argument("--no-verify", dest="verify", action="store_false", help=unread)
    build.add_argument("--release", action="store_true", help=_RELEASE_HELP)
    build.add_argument("--quiet", action="store_true", help="print only what is wrong")
    return parser


def _port_argument(text: str) -> int:
    """Return the port that `text` names. argparse reports what is no port."""
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"'{text}' is no port: write a number up to {_LAST_PORT}, or 0 for any")
    return int(text)


def _add_page_options(verb: argparse.ArgumentParser) -> None:
    """Add the options of the page in the browser."""
    verb.set_defaults(parser=verb)
    verb.add_argument("topic", nargs="?", type=_single_name_argument, metavar="TOPIC", help="this topic")
    verb.add_argument("--port", type=_port_argument, metavar="N", help="where it is served (default: one that is free)")
    verb.add_argument("--no-browser", dest="browser", action="store_false", help="only print the address")
    verb.add_argument("--today", type=_date_argument, metavar="DATE", help="as on this day (YYYY-MM-DD)")
    _add_project_options(verb)


def _add_choice_options(verb: argparse.ArgumentParser, *, finds: bool) -> None:
    """Add the options that choose what is made, and in which form it is told, or what it `finds` is."""
    many = {"action": "append", "default": [], "type": _names_argument}
    verb.add_argument("topics", nargs="*", default=[], type=_names_argument, metavar="TOPIC", help="only these topics")
    verb.add_argument("--audience", **many, metavar="NAME", help="only for these; may be repeated, or a,b")  # type: ignore[arg-type]
    verb.add_argument("--format", **many, metavar="NAME", help="only pdf, html, docx, pptx, slides-pdf or notes-pdf")  # type: ignore[arg-type]
    verb.add_argument("--template", **many, metavar="NAME", help="only these templates")  # type: ignore[arg-type]
    verb.add_argument("--language", **many, metavar="TAG", help="only these languages")  # type: ignore[arg-type]
    verb.add_argument("--country", **many, metavar="CODE", help="whose help lines are printed, such as UK")  # type: ignore[arg-type]
    verb.add_argument("--set", **many, metavar="NAME", help="what content/build.yaml calls by this name")  # type: ignore[arg-type]
    verb.add_argument("--paper", **many, metavar="a4|letter|a5", help="the paper of handouts and notes")  # type: ignore[arg-type]
    verb.add_argument("--edition", **many, metavar="NAME", help="standard, large-print, photocopy, discreet")  # type: ignore[arg-type]
    verb.add_argument("--minutes", **many, metavar="N", help=_MINUTES_HELP)  # type: ignore[arg-type]
    verb.add_argument("--fillable", action="store_true", help="also worksheets to fill in on a screen")
    verb.add_argument("--builds", action="store_true", help=_BUILDS_HELP)
    verb.add_argument("--booklet", action="store_true", help="also a booklet to print, fold and staple")
    verb.add_argument("--today", type=_date_argument, metavar="DATE", help="as on this day (YYYY-MM-DD)")
    verb.add_argument("--output", type=_path_argument, metavar="DIR", help="where files go (default: output)")
    forms = verb.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help=_JSON_HELP)
    if finds:
        forms.add_argument("--format-findings", choices=FINDING_FORMATS, default=FINDING_FORMATS[0], help=_FORMS_HELP)


def _add_batch_options(verb: argparse.ArgumentParser) -> None:
    """Add the options of builds of many files."""
    recipients = "a table with a row for each copy: name, phone, address, hours, logo"
    copies = "how copies are called, of {row} and {name} (default {row})"
    jobs = "processes that work side by side (default: as many as help here)"
    verb.add_argument("--dry-run", action="store_true", help="show what would be made and why, and make nothing")
    verb.add_argument("--force", action="store_true", help="make all anew, also over files that somebody has changed")
    verb.add_argument("--recipients", type=_path_argument, metavar="FILE", help=recipients)
    verb.add_argument("--copies", default="{row}", metavar="PATTERN", help=copies)
    verb.add_argument("--site", action="store_true", help=_SITE_HELP)
    verb.add_argument("--combined", action="store_true", help=_COMBINED_HELP)
    verb.add_argument(
        "--jobs", type=_process_count_argument, default=os.environ.get(JOBS_VARIABLE), metavar="N", help=jobs
    )
    verb.add_argument("--cluster", default="", metavar="ADDRESS", help="a Dask scheduler, such as tcp://127.0.0.1:8786")


def _add_clean_options(verb: argparse.ArgumentParser) -> None:
    """Add the options that choose what is deleted."""
    verb.set_defaults(parser=verb)
    stale = "what was made by a build, and would be made by none any more"
    verb.add_argument("--stale", action="store_true", required=True, help=stale)
    verb.add_argument("--dry-run", action="store_true", help="show what would be deleted, and delete nothing")
    verb.add_argument("--output", type=_path_argument, metavar="DIR", help="where the files are (default: output)")
    verb.add_argument("--today", type=_date_argument, metavar="DATE", help="as on this day (YYYY-MM-DD)")


def _add_project_options(verb: argparse.ArgumentParser) -> None:
    """Add the options that say where content is."""
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--project", type=_path_argument, metavar="DIR", help=_PROJECT_HELP)
    which.add_argument("--example", action="store_true", help=_EXAMPLE_HELP)


def _add_new_options(verb: argparse.ArgumentParser) -> None:
    """Add the options that say what is begun: a project with a topic, or a piece of one."""
    verb.set_defaults(parser=verb)
    what = "a title; or one of topic, audience, section, language, template and its name; without it, you are asked"
    several = "whom it is for, such as: Parents, Teachers"
    one: dict[str, Any] = {"default": "", "metavar": "NAME"}
    verb.add_argument("words", nargs="*", metavar="NAME", help=what)
    verb.add_argument("--audiences", action="append", default=[], type=_names_argument, metavar="NAMES", help=several)
    verb.add_argument("--kind", default="both", metavar="leaflet|talk|both", help="what is made (default: both)")
    verb.add_argument("--country", default="", metavar="CODE", help="whose help lines are printed, such as UK")
    verb.add_argument("--service", **one, help="who hands it out")
    verb.add_argument("--language", default="", metavar="TAG", help="the language, such as de (default: en)")
    verb.add_argument("--folder", **one, help="the name of its folder (default: made of the title)")
    verb.add_argument("--topic", **one, help="of a section: the topic that gets it")
    behind = "of a section: the one that it stands behind, by its id or the number of its file"
    verb.add_argument("--after", default="", metavar="ID|NUMBER", help=behind)
    verb.add_argument("--from", dest="origin", **one, help="of a template: the shipped one that it is a copy of")
    home = "the folder of the project; it is made if it is not there"
    verb.add_argument("--project", type=_path_argument, metavar="DIR", help=home)
    verb.add_argument("--example", action="store_true", help="copy the shipped topic into the folder NAME, to edit")


def today() -> date:
    """Return the day that it is."""
    return date.today()  # noqa: DTZ011


def _add_schema_options(verb: argparse.ArgumentParser) -> None:
    """Add the options that say where schemas are written."""
    verb.set_defaults(parser=verb, output=None, example=False)
    where = "where to (default: .vscode/schemas beside content)"
    verb.add_argument("folder", nargs="?", type=_path_argument, metavar="DIR", help=where)
    verb.add_argument("--check", action="store_true", help="write nothing, and end with 1 if one is not up to date")
    verb.add_argument("--project", type=_path_argument, metavar="DIR", help=_PROJECT_HELP)


def _add_format_options(verb: argparse.ArgumentParser) -> None:
    """Add the options that say which sections are rewritten, and how."""
    verb.set_defaults(parser=verb, example=False)
    named = "topics, files or folders of sections (default: all topics)"
    verb.add_argument("names", nargs="*", default=[], metavar="FILE|TOPIC", help=named)
    verb.add_argument("--fences", action="store_true", help="parts between ::: lines, in place of below ## headings")
    only = verb.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true", help="change nothing, and end with 1 if something would change")
    only.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    verb.add_argument("--project", type=_path_argument, metavar="DIR", help=_PROJECT_HELP)


def _add_review_verbs(verb: argparse.ArgumentParser) -> None:
    """Add the verbs that write a copy to review, take it back, sign what somebody has read, and say what is signed."""
    names = "{make,take,sign,status}"
    verbs = verb.add_subparsers(dest="review", required=True, metavar=names, parser_class=_CommandParser)
    _add_make_options(
        verbs.add_parser("make", help="write a Word file to comment on and to change", allow_abbrev=False)
    )
    _add_take_options(
        verbs.add_parser("take", help="read back what was commented and changed in Word", allow_abbrev=False)
    )
    signing = verbs.add_parser("sign", help="write down that somebody agrees with what they read", allow_abbrev=False)
    signing.set_defaults(parser=signing, example=False)
    roles = "clinician, person, carer, safeguarding, reader-test, or one of review_roles in topic.yaml"
    shared = "whose handout and talk they have read; may be repeated, or a,b"
    nameless = "how many they were, where no name is given (default: 1)"
    one: dict[str, Any] = {"default": "", "metavar": "NAME"}
    signing.add_argument("topic", metavar="TOPIC", type=_single_name_argument, help="what they have read")
    signing.add_argument(
        "--audience", action="append", required=True, type=_names_argument, metavar="NAME", help=shared
    )
    signing.add_argument("--role", required=True, metavar="ROLE", help=roles)
    signing.add_argument("--language", default="", metavar="TAG", help="in which language (default: the only one)")
    signing.add_argument("--name", **one, help="who they are, if they agree that it stands in reviews.yaml")
    signing.add_argument("--people", type=_people_argument, default=1, metavar="N", help=nameless)
    signing.add_argument("--today", type=_date_argument, metavar="DATE", help="the day on which they agreed")
    signing.add_argument("--project", type=_path_argument, metavar="DIR", help=_PROJECT_HELP)
    telling = verbs.add_parser("status", help="show what is signed, stale, missing and due", allow_abbrev=False)
    telling.set_defaults(parser=telling)
    telling.add_argument("topics", nargs="*", default=[], type=_names_argument, metavar="TOPIC", help="only these")
    telling.add_argument("--today", type=_date_argument, metavar="DATE", help="as on this day (YYYY-MM-DD)")
    telling.add_argument("--json", action="store_true", help=_JSON_HELP)
    _add_project_options(telling)


def _add_verify_options(verb: argparse.ArgumentParser) -> None:
    """Add the options that say which files are looked up in the log of what was issued."""
    verb.set_defaults(parser=verb, example=False)
    named = "a file that somebody was given: PDF, web page, Word file or slides"
    number = "what was issued under a number at the foot of a page; may be repeated"
    many: dict[str, Any] = {"action": "append", "default": [], "metavar": "HO-…"}
    verb.add_argument("files", nargs="*", default=[], type=_path_argument, metavar="FILE", help=named)
    verb.add_argument("--number", **many, type=_single_name_argument, help=number)
    verb.add_argument("--today", type=_date_argument, metavar="DATE", help="as on this day (YYYY-MM-DD)")
    verb.add_argument("--output", type=_path_argument, metavar="DIR", help="where drafts are (default: output)")
    verb.add_argument("--json", action="store_true", help=_JSON_HELP)
    verb.add_argument("--project", type=_path_argument, metavar="DIR", help=_PROJECT_HELP)


def _add_make_options(making: argparse.ArgumentParser) -> None:
    """Add the options of the verb that writes a review copy."""
    making.set_defaults(parser=making)
    shared = "whose words are in it, side by side (default: all audiences); may be repeated, or a,b"
    where = "the Word file (default: TOPIC-review.docx in output/TOPIC)"
    making.add_argument("topic", metavar="TOPIC", type=_single_name_argument, help="what is to be reviewed")
    making.add_argument("--audience", action="append", default=[], type=_names_argument, metavar="NAME", help=shared)
    making.add_argument("--language", default="", metavar="TAG", help="in which language (default: the only one)")
    making.add_argument("--output", type=_path_argument, metavar="FILE", help=where)
    making.add_argument("--today", type=_date_argument, metavar="DATE", help="as on this day (YYYY-MM-DD)")
    _add_project_options(making)


def _add_take_options(taking: argparse.ArgumentParser) -> None:
    """Add the options of the verb that takes what reviewers have written."""
    taking.set_defaults(parser=taking)
    several = "Word files in which somebody has commented or changed words; all of one round together"
    sure = "write the changes of wording that are certain; each is shown first, and you are asked"
    taking.add_argument("files", nargs="+", type=_path_argument, metavar="FILE.docx", help=several)
    taking.add_argument("--apply", action="store_true", help=sure)
    taking.add_argument("--yes", action="store_true", help="with --apply: write all of them without asking")
    taking.add_argument("--json", action="store_true", help=_JSON_HELP)
    _add_project_options(taking)


def _people_argument(text: str) -> int:
    """Return how many people `text` says. argparse reports what is no such number."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= _MAX_PEOPLE):
        raise argparse.ArgumentTypeError(f"'{text}' is no number of people: write a number from 1 to {_MAX_PEOPLE}")
    return int(text)


def _add_check_options(verb: argparse.ArgumentParser) -> None:
    """Add the options of checks beside those that choose what is checked: the same as for a build."""
    verb.add_argument("--release", action="store_true", help=_RELEASE_HELP)
    verb.add_argument("--strict", action="store_true", help="end with 1 if there is a warning")
    verb.add_argument("--balance", action="store_true", help="show how much each audience reads, by section and part")
    verb.add_argument("--points", action="store_true", help="show which words make each point of a topic, or MISSING")


def _add_diff_options(verb: argparse.ArgumentParser) -> None:
    """Add the options that choose what is compared."""
    verb.set_defaults(parser=verb, output=None)
    verb.add_argument("audience", nargs=2, type=_single_name_argument, metavar="AUDIENCE", help="the two to compare")
    verb.add_argument("topics", nargs="*", default=[], type=_names_argument, metavar="TOPIC", help="only these topics")
    verb.add_argument(
        "--language", action="append", default=[], type=_names_argument, metavar="TAG", help="only these languages"
    )
    verb.add_argument("--all", action="store_true", help="show also what both read")
    verb.add_argument("--json", action="store_true", help=_JSON_HELP)


def options_from_arguments(arguments: argparse.Namespace) -> Options:
    """Return what the command line asks for; a verb has only some of the options."""
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
    """Return the folder in which the command was called. HandoutError if it is there no more."""
    try:
        return Path.cwd()
    except OSError as gone:
        hint = "go into the folder of your project, with cd, and call it again"
        message = f"The folder in which this was called cannot be found: {gone.strerror}."
        raise HandoutError(error("usage", message, Location("handouts"), hint)) from None


def project_of(arguments: argparse.Namespace) -> Project:
    """Return the project that the command is about. HandoutError if there is none, or if it cannot be looked at."""
    from handouts.pipeline.project import example_project, find_project, open_project

    folder = working_folder()
    with os_errors_as_findings():
        if arguments.example:
            return example_project(folder)
        return open_project(arguments.project, folder) if arguments.project else find_project(folder)


def project_if_any(arguments: argparse.Namespace) -> Project | None:
    """Return the project that the command is about, or None if none is named and none is here or above."""
    try:
        return project_of(arguments)
    except HandoutError:
        if arguments.example or arguments.project or (working_folder() / "content").exists():
            raise
        return None


def content_folder() -> Path:
    """Return the folder of the project's content, or of the shipped one where there is no project."""
    from handouts.pipeline.project import example_project, find_project

    folder = working_folder()
    with os_errors_as_findings(), suppress(HandoutError):
        return find_project(folder).content
    return example_project(folder).content
