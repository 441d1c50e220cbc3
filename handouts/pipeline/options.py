"""The options of a build, and their checks against the Library.

`Options` holds everything a command can ask for; `request_as_data` is the part of it that decides the result,
as the manifest stores it. Reads no file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

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
    """What to build and where; an empty choice means all there is, an empty setting what the service file says.

    `sets` are names of content/build.yaml, `countries` more than one country, each built as if it were the `country`.
    `recipients` is a table with a row for each copy, whose file is called as `copies` says; `combined` also asks for
    all copies in one file to print, `site` for an index of all files as a page for the web. `force` makes what is
    fresh, and replaces what was edited. `jobs` is the number of processes, 0 for as many as help.
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


# Under which name `Options` have the choices of an option; a request has one country.
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
# What changes how a build runs, and not what comes of it.
_EXECUTION_FIELDS = ("output", "today", "jobs", "force", "cluster")


def request_as_data(options: Options) -> dict[str, object]:
    """Return what `options` ask for as data, without what changes only how it is done."""
    data: dict[str, object] = {}
    for name in options.__struct_fields__:
        value = getattr(options, name)
        if name not in _EXECUTION_FIELDS:
            data[name] = list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Path) else value
    return data


def request_key(options: Options) -> str:
    """Return one hash of what `options` ask for."""
    return hash_text(json.dumps(request_as_data(options), sort_keys=True))


def options_from_request(data: Mapping[str, object], options: Options) -> Options:
    """Return `options` with what is asked for replaced by what `data` asked for."""
    read: dict[str, Any] = {}
    for name in options.__struct_fields__:
        if name in data and name not in _EXECUTION_FIELDS:
            value = data[name]
            is_path = name in ("content", "templates", "recipients") and isinstance(value, str)
            read[name] = tuple(value) if isinstance(value, list) else Path(value) if is_path else value  # type: ignore[arg-type]
    return replace(options, **read)


def option_choices(library: Library) -> dict[str, tuple[str, ...]]:
    """Return the names that each option takes."""
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
    """Yield what in `options` names something that there is not, or does not go together."""
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
        message = f"'{options.cluster}' is no address of a scheduler."
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
    """Yield an error if --builds is given and no deck is made that could appear click by click."""
    if options.builds and "pptx" not in (options.formats or USUAL_FORMATS):
        yield error("usage", "Only a deck appears click by click.", Location("--builds"), "add --format pptx")


def _check_copies(options: Options) -> Iterator[Finding]:
    """Yield an error for a pattern that makes no names, or the same one for every copy, and for copies of nothing."""
    if not _COPY_PATTERN.fullmatch(options.copies) or not any(field in options.copies for field in _COPY_FIELDS):
        hint = f"use small letters, digits, hyphens, and {' or '.join(_COPY_FIELDS)}, such as --copies {{row}}-{{name}}"
        yield error("usage", f"'{options.copies}' names no copies.", Location("--copies"), hint)
    if options.combined and options.recipients is None:
        hint = "add --recipients FILE, a table with a row for each copy"
        yield error("usage", "There are no copies to combine.", Location("--combined"), hint)


def _check_talk_length(library: Library, minutes: str, options: Options) -> Iterator[Finding]:
    """Yield an error for each topic that has no talk of so many minutes."""
    for name, topic in library.topics.items():
        known = [str(each) for each in topic.lengths]
        if (not options.topics or name in options.topics) and minutes not in known:
            message = f"'{name}' has no talk of {minutes} minutes."
            hint = f"known: {', '.join(known)}" if known else "write lengths: [30, 60] in its topic.yaml"
            yield error("usage", message, Location("--minutes"), hint)


def editions_and_papers(library: Library, options: Options) -> tuple[tuple[str, str], ...]:
    """Return the editions that are asked for, each with each paper."""
    papers = options.papers or ((_BOOKLET_PAPER,) if options.booklet else (library.service.paper,))
    return tuple(product(dict.fromkeys(options.editions or (STANDARD_EDITION,)), dict.fromkeys(papers)))


def build_day(options: Options) -> str:
    """Return the day that is printed and checked against (YYYY-MM-DD), or "" if there is none."""
    return options.today.isoformat() if options.today else ""
