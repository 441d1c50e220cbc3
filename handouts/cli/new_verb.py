"""The verb `new`: start a project or a topic, or add a piece to one; in a terminal, ask for what options leave open.

Takes options; prints what was written and what to do next, and returns the exit code.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.cli.arguments import USAGE_EXIT_CODE, country_code, split_names, today, working_folder
from handouts.cli.terminal import print_lines
from handouts.finding import Finding, HandoutError, Location, error, os_errors_as_findings

if TYPE_CHECKING:
    import argparse

    from handouts.pipeline.scaffold import NewFiles, NewTopic, Workplace

_PIECES = ("topic", "audience", "section", "language", "template")
_WHAT_FOLLOWS = {
    "topic": '"Sleep after a shock"',
    "audience": '"Teachers"',
    "section": "factor",
    "language": "de",
    "template": "handout",
}
_WHOLE_COMMAND = (
    'handouts new "Sleep after a shock" --audiences "Parents, Teachers" --country UK --service "Harbour Team"'
)
_SUCCESS, _INTERRUPTED = 0, 130
_MAX_LISTED = 6
_JOINED = re.compile(r"\s+and\s+|\s*[&+/;]\s*", re.IGNORECASE)  # what joins two kinds of readers in one name


def run_new(options: argparse.Namespace) -> int:
    """Run the verb and return the exit code."""
    words: list[str] = options.words
    if options.example:
        return _copy_example(words)
    with os_errors_as_findings():
        if not words:
            return _ask_and_start(options)
        if words[0] in _PIECES:
            return _add_piece(words[0], _one_name(words[0], words[1:]), options)
        return _start(_one_name("", words), options)


def _one_name(piece: str, words: Sequence[str]) -> str:
    """Return the one name among the words. HandoutError if there is none, or if there are several."""
    command = " ".join(("handouts new", *filter(None, [piece])))
    if not words:
        hint = f"write {command} {_WHAT_FOLLOWS[piece]}; for a topic of that name: handouts new topic {piece}"
        raise HandoutError(error("usage", f"The name is missing: which {piece}?", Location(command), hint))
    if len(words) > 1:
        hint = f'put it in quotation marks: {command} "{" ".join(words)}"'
        raise HandoutError(error("usage", f"These are {len(words)} names.", Location(command), hint))
    return words[0]


def _copy_example(words: Sequence[str]) -> int:
    """Copy the shipped topic into a folder."""
    from handouts.pipeline.project import copy_example, open_project
    from handouts.pipeline.schemas import add_schemas

    if len(words) > 1:
        message = f"These are {len(words)} folders."
        raise HandoutError(error("usage", message, Location("--example"), "name one: handouts new --example DIR"))
    folder = Path(words[0]) if words else Path()
    made = copy_example(folder)
    add_schemas(open_project(folder, Path.cwd()))
    print_lines(*(f"{each.as_posix()}/" for each in reversed(made)))
    go = "" if folder == Path() else f"go into {folder.as_posix()}, "
    print_lines(
        f"now: {go}type: handouts open",
        "it shows pages and texts in your browser; or change a file below content, and type: handouts build",
    )
    return _SUCCESS


def _place(options: argparse.Namespace, *, needed: bool = False) -> Workplace:
    """Return the place to write to: the project, and the shipped samples."""
    from handouts.pipeline.scaffold import open_workplace

    return open_workplace(working_folder(), options.project, needed=needed)


# ---------------------------------------------------------------- a topic


def _start(title: str, options: argparse.Namespace) -> int:
    """Start a topic from the options."""
    place = _place(options)
    code = _start_topic(_wish(title, options), place, anywhere=options.project is not None)
    for name, parts in _joined_readers(options.audiences, place):
        several = ", ".join(parts)
        print_lines(f'“{name}” is one kind of reader here; {len(parts)} kinds are written --audiences "{several}"')
    return code


def _wish(title: str, options: argparse.Namespace) -> NewTopic:
    """Return the topic that the options describe."""
    from handouts.pipeline.scaffold import NewTopic

    return NewTopic(
        title=" ".join(title.split()),
        today=today(),
        audiences=split_names(options.audiences),
        folder=options.folder,
        language=options.language,
        kind=options.kind,
        country=country_code(options.country),
        service=" ".join(options.service.split()),
    )


def _start_topic(new: NewTopic, place: Workplace, *, anywhere: bool) -> int:
    """Write a topic, and print what was written and what to do next."""
    from handouts.pipeline.scaffold import start_topic

    made = start_topic(new, place, anywhere=anywhere)
    _print_written(made, depth=2 if place.project else 1)
    go = [] if place.project or made.home == Path() else [f'cd "{made.home}"']
    text = next(each.parent for each in made.files if each.suffix == ".md" and each.parent.parent.name == made.name)
    print_lines(
        "now:",
        *(f"  {each}" for each in go),
        "  handouts open     shows the pages in your browser; click a sentence there to change it",
        "  handouts build    makes the files, in output",
        "  handouts check    says what is left to do",
        "then write your own words over what begins with “Replace this:”",
        f"the texts are in {text.as_posix()}, for any text editor",
    )
    if place.project is None and (line := _activation_line()):
        print_lines(f"in a new terminal, type first: {line}")
    return _SUCCESS


def _activation_line() -> str:
    """Return the command that activates the virtual environment of this program, "" if there is none."""
    if sys.prefix == sys.base_prefix:
        return ""
    if os.name == "nt":
        script = Path(sys.prefix, "Scripts", "activate")
        return f'"{script}"' if " " in str(script) else str(script)
    return f". {shlex.quote(Path(sys.prefix, 'bin', 'activate').as_posix())}"


def _print_written(made: NewFiles, depth: int) -> None:
    """Print which files and folders are new, and which existed and were kept."""
    print_lines(f"new: {', '.join(_tops_of(made.files, made.home, depth))}")
    if made.kept:
        print_lines(f"was there, and stays: {', '.join(_tops_of(made.kept, made.home, depth))}")


def _tops_of(files: Iterable[Path], home: Path, depth: int) -> Iterator[str]:
    """Yield the files up to a depth below `home`, and the folders at that depth that hold deeper files."""
    parts = (each.relative_to(home).parts for each in files)
    yield from sorted({home.joinpath(*each[:depth]).as_posix() + ("/" if len(each) > depth else "") for each in parts})


def _folders_of(made: NewFiles) -> Iterator[str]:
    """Yield the folder of each new file; for templates, the whole folder of templates."""
    for each in made.files:
        first = each.relative_to(made.home).parts[0]
        yield f"{(made.home / first if first == 'templates' else each.parent).as_posix()}/"


# ---------------------------------------------------------------- questions


def at_terminal() -> bool:
    """True if input and output are a terminal, so that questions can be asked."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty())


def _ask_and_start(options: argparse.Namespace) -> int:
    """Ask for everything that the options leave open, and start a topic. HandoutError without a terminal."""
    if not at_terminal():
        raise HandoutError(error("usage", "The name is missing.", Location("new"), f"write {_WHOLE_COMMAND}"))
    place = _place(options)
    try:
        new = _ask(options, place)
    except KeyboardInterrupt:
        print_lines("", "handouts: interrupted; nothing was written", stream=sys.stderr)
        return _INTERRUPTED
    except EOFError:
        print_lines("", "handouts: the answers ended too early; nothing was written", stream=sys.stderr)
        print_lines(f"with all said at once: {_WHOLE_COMMAND}", stream=sys.stderr)
        return USAGE_EXIT_CODE
    return _start_topic(new, place, anywhere=options.project is not None)


def _ask(options: argparse.Namespace, place: Workplace) -> NewTopic:
    """Return the topic from answers; nothing is asked that the options say."""
    from handouts.load.file_names import file_name_for
    from handouts.load.settings_files import countries_in
    from handouts.pipeline import scaffold

    print_lines("Press Enter for what stands in brackets. Ctrl-C ends this, and nothing is written.", "")
    known = place.audiences
    usual = ", ".join(each.title for each in known.values()) or ", ".join(place.defaults.audiences)
    title = _answer("What is it about? Such as: Sleep after a shock", "", lambda text: scaffold.check_title(text, "x"))
    folder = options.folder or file_name_for(title)
    if not folder:
        folder = _answer("A short name for its folder, in letters from a to z", "", scaffold.check_folder_name)
    readers = options.audiences or [_ask_readers(usual, place)]
    country, service = options.country, options.service
    if place.project is None:
        codes = ", ".join(countries_in(place.example.content))
        country = country or _answer(
            f"Help lines of which country? {codes}", "none", lambda text: scaffold.check_country(_country(text), place)
        )
        service = service or _answer("Which service hands it out?", "none", scaffold.check_service)
    kind = _answer("Leaflet, talk or both?", options.kind, lambda text: scaffold.check_kind(text.lower()))
    options.audiences, options.folder, options.kind = readers, folder, kind.lower()
    options.country, options.service = _country(country), "" if service == "none" else service
    return _wish(title, options)


def _answer(question: str, usual: str, check: Callable[[str], Iterable[Finding]]) -> str:
    """Return the answer to a question, or `usual` if it is empty; ask again while `check` finds something wrong."""
    while True:
        print_lines(f"{question} [{usual}]" if usual else question)
        text = " ".join(input("> ").split()) or usual
        found = list(check("" if text == "none" else text))
        if not found:
            print_lines("")
            return text
        for each in found:
            print_lines(f"  {each.message}{each.hint and f' ({each.hint})'}")


def _ask_readers(usual: str, place: Workplace) -> str:
    """Return the readers from an answer; for “friends and coaches”, ask whether they are one kind or two."""
    readers = _answer("For whom? Readers, with commas between them", usual, lambda text: _check_readers(text, place))
    for name, parts in _joined_readers([readers], place):
        many = str(len(parts))
        question = f"Is “{name}” one kind of reader, or {many}, with a sheet for each? Type 1 or {many}"
        if _answer(question, many, partial(_check_choice, choices=("1", many))) == many:
            readers = readers.replace(name, ", ".join(parts))
    return readers


def _joined_readers(named: Sequence[str], place: Workplace) -> Iterator[tuple[str, list[str]]]:
    """Yield each new name that joins readers, such as “friends and coaches”, with the names that it joins."""
    from handouts.pipeline.scaffold import named_audience

    for name in split_names(named):
        parts = [each.strip() for each in _JOINED.split(name)]
        if len(parts) > 1 and all(parts) and named_audience(name, place.audiences).name not in place.audiences:
            yield name, parts


def _check_choice(text: str, choices: Sequence[str]) -> Iterator[Finding]:
    """Yield an error if an answer is not one of the choices."""
    if text not in choices:
        yield error("usage", f"Type {' or '.join(choices)}.", Location("new"))


def _check_readers(text: str, place: Workplace) -> Iterator[Finding]:
    """Yield the errors in the titles of readers."""
    from handouts.pipeline.scaffold import check_audience_titles, named_audience

    yield from check_audience_titles([named_audience(each, place.audiences) for each in split_names([text])])


def _country(text: str) -> str:
    """Return the country code for an answer, "" for none."""
    return "" if text == "none" else country_code(text)


# ---------------------------------------------------------------- a piece of a project


def _add_piece(piece: str, name: str, options: argparse.Namespace) -> int:
    """Add a topic, audience, section, language or template to a project, and print what to do next."""
    if piece == "topic":
        return _start(name, options)
    from handouts.pipeline import scaffold_pieces

    place = _place(options, needed=True)
    if piece == "audience":
        made = scaffold_pieces.add_audience(name, place)
        steps: tuple[str, ...] = (
            f"add {made.name} to audiences in the topic.yaml of each topic that is for them",
            f'write for="{made.name}" where text is for them alone',
            "handouts check    says which parts are missing for them",
        )
    elif piece == "section":
        made = scaffold_pieces.add_section(name, options.topic, options.language, place, after=options.after)
        steps = (
            "write your own words over what begins with “Replace this:”",
            "the number before its name is its place: 05-… stands before 06-…, and 05a-… between them",
        )
    elif piece == "language":
        made = scaffold_pieces.add_language(name, place)
        steps = (
            f"translate templates/words/{name}.yaml: the labels that stand on each page",
            f"translate the sections in each folder {name} below content: until then they say what they said before",
            f"handouts build --language {name}",
        )
    else:
        made = scaffold_pieces.add_template(name, options.origin, place)
        steps = (
            f"change templates/{name}.md.j2; the parts that it places are in templates/parts",
            f"handouts build --template {name}",
        )
    files = [each.as_posix() for each in made.files]
    print_lines(*(files if len(files) <= _MAX_LISTED else dict.fromkeys(_folders_of(made))))
    print_lines("now:", *(f"  {each}" for each in steps))
    return _SUCCESS
