"""The options of a build, and their checks against the Library.

`Options` holds everything that a command can ask for; `request_as_data` is the part of it that decides the result, as
the manifest stores it. Reads no file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, convert, to_builtins

from handouts.finding import Finding, Location, error, suggest_name
from handouts.formats import FORMAT_OPTIONS, USUAL_FORMATS
from handouts.pipeline.fingerprints import hash_text
from handouts.service import suggest_country

if TYPE_CHECKING:
    from handouts.library import Library


_SCHEDULER_ADDRESS = re.compile(r"(?:tcp|tls)://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):[0-9]{1,5}")
_COPY_FIELDS = ("{row}", "{name}")
_COPY_PATTERN = re.compile(r"(?:[a-z0-9-]|\{row\}|\{name\})+")
STANDARD_EDITION, _BOOKLET_PAPER = "standard", "a5"


class Options(Struct, frozen=True):
    """What to build and where; an empty choice means everything, an empty setting that of the service file.

    `sets` are names in content/build.yaml; `countries` are several, each built as if it were the `country`.
    `recipients` is a table with a row for each copy, and `copies` the pattern of their file names; `combined` asks for
    one more file with all copies to print, `site` for a web page that lists all files. `force` makes fresh files again
    and replaces edited ones. `jobs` is the number of processes, 0 for as many as help.
    """

    content: Path
    templates: Path
    output: Path
    topics: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    template_names: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    country: str = ""
    papers: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    booklet: bool = False
    fillable: bool = False
    builds: bool = False
    minutes: tuple[str, ...] = ()
    today: date | None = None
    jobs: int = 1
    release: bool = False
    verify: bool = True
    sets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    recipients: Path | None = None
    copies: str = "{row}"
    combined: bool = False
    site: bool = False
    force: bool = False
    cluster: str = ""


# The field of `Options` with the choices of each option; a request has only one country.
OPTION_FIELDS: Mapping[str, str] = {
    "topic": "topics",
    "audience": "audiences",
    "language": "languages",
    "template": "template_names",
    "format": "formats",
    "edition": "editions",
    "paper": "papers",
    "minutes": "minutes",
}
# Fields that change how a build runs, and not what it makes.
_EXECUTION_FIELDS = ("output", "today", "jobs", "force", "cluster")


def request_as_data(options: Options) -> dict[str, object]:
    """Return what `options` ask for as data, without the fields that only change how it is done."""
    data = to_builtins(options, enc_hook=str)  # which turns paths into text
    return {name: value for name, value in data.items() if name not in _EXECUTION_FIELDS}


def request_key(options: Options) -> str:
    """Return one hash of what `options` ask for."""
    return hash_text(json.dumps(request_as_data(options), sort_keys=True))


def options_from_request(data: Mapping[str, object], options: Options) -> Options:
    """Return the options of an earlier request from its data, with the execution fields of `options`."""
    asked = {name: value for name, value in data.items() if name not in _EXECUTION_FIELDS}
    fields = to_builtins(options, enc_hook=str) | asked
    return convert(fields, Options, strict=False, dec_hook=lambda kind, value: kind(value))


def option_choices(library: Library) -> dict[str, tuple[str, ...]]:
    """Return the allowed values of each option."""
    theme = library.themes[library.service.theme]
    return {
        "topic": tuple(library.topics),
        "audience": tuple(library.audiences),
        "template": tuple(library.templates),
        "language": tuple(dict.fromkeys(each for topic in library.topics.values() for each in topic.languages)),
        "format": FORMAT_OPTIONS,
        "country": library.countries,
        "paper": tuple(theme.papers),
        "edition": tuple(theme.editions),
    }


def check_options(library: Library, options: Options) -> Iterator[Finding]:
    """Yield an error for each option that names something unknown, or contradicts another."""
    theme = library.themes[library.service.theme]
    countries = tuple(each for each in (options.country, *options.countries) if each)
    for option, known in option_choices(library).items():
        for name in countries if option == "country" else getattr(options, OPTION_FIELDS[option]):
            if name not in known:
                place = Location(option if option == "topic" else f"--{option}")
                hint = suggest_country(name, known) if option == "country" else suggest_name(name, known)
                yield error("usage", f"There is no {option} '{name}'.", place, hint)
    for paper in options.papers if options.booklet else ():
        if paper != _BOOKLET_PAPER:
            hint = f"leave --paper out, or write --paper {_BOOKLET_PAPER}"
            yield error(
                "usage", f"A booklet has pages of {_BOOKLET_PAPER}, not of {paper}.", Location("--booklet"), hint
            )
    if options.cluster and not _SCHEDULER_ADDRESS.fullmatch(options.cluster):
        message = f"'{options.cluster}' is not an address of a scheduler."
        yield error(
            "usage", message, Location("--cluster"), "write it as it tells when it starts: tcp://127.0.0.1:8786"
        )
    yield from _check_copies(options)
    for minutes in options.minutes:
        yield from _check_talk_length(library, minutes, options)
    for edition, paper in editions_and_papers(library, options):
        if edition in theme.editions and paper in theme.papers and paper not in theme.editions[edition].papers:
            papers = " or ".join(theme.editions[edition].papers)
            message = f"The edition '{edition}' is not for {paper}."
            yield error("usage", message, Location("--edition"), f"choose --paper {papers}")


def check_builds(options: Options) -> Iterator[Finding]:
    """Yield an error if --builds is given and no deck is made whose slides could appear click by click."""
    if options.builds and "pptx" not in (options.formats or USUAL_FORMATS):
        yield error("usage", "Only a deck appears click by click.", Location("--builds"), "add --format pptx")


def _check_copies(options: Options) -> Iterator[Finding]:
    """Yield an error for a pattern that makes no file names or equal ones, and for combining without a table."""
    if not _COPY_PATTERN.fullmatch(options.copies) or not any(field in options.copies for field in _COPY_FIELDS):
        hint = f"use small letters, digits, hyphens, and {' or '.join(_COPY_FIELDS)}, such as --copies {{row}}-{{name}}"
        yield error("usage", f"'{options.copies}' names no copies.", Location("--copies"), hint)
    if options.combined and options.recipients is None:
        hint = "add --recipients FILE, a table with a row for each copy"
        yield error("usage", "There are no copies to combine.", Location("--combined"), hint)


def _check_talk_length(library: Library, minutes: str, options: Options) -> Iterator[Finding]:
    """Yield an error for each requested topic that has no talk of this length."""
    for name, topic in library.topics.items():
        known = [str(each) for each in topic.lengths]
        if (not options.topics or name in options.topics) and minutes not in known:
            message = f"'{name}' has no talk of {minutes} minutes."
            hint = f"known: {', '.join(known)}" if known else "write lengths: [30, 60] in its topic.yaml"
            yield error("usage", message, Location("--minutes"), hint)


def editions_and_papers(library: Library, options: Options) -> tuple[tuple[str, str], ...]:
    """Return each requested edition with each requested paper."""
    papers = options.papers or ((_BOOKLET_PAPER,) if options.booklet else (library.service.paper,))
    return tuple(product(dict.fromkeys(options.editions or (STANDARD_EDITION,)), dict.fromkeys(papers)))


def build_day(options: Options) -> str:
    """Return the day of the build (YYYY-MM-DD), by which dates are checked, or "" if there is none."""
    return options.today.isoformat() if options.today else ""
