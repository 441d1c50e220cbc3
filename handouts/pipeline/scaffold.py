"""Create a topic, with a project around it where there is none: what `handouts new TITLE` writes.

Takes titles and names as people write them. The texts come from the samples and from the shipped topic. Must never
change an existing file, except to append to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, Location, error, first_named, raise_errors, unknown_name_error
from handouts.library import DEFAULT_TEMPLATES, Audience, Library
from handouts.load import load_library
from handouts.load.file_names import NAME_HINT, file_name_for, is_name
from handouts.load.samples import (
    SampleDefaults,
    fill_sample,
    lay_audiences,
    load_accents,
    load_sample_defaults,
    load_shipped_audiences,
    printing_problem,
    read_samples,
    settings_for,
    words_of_shared_needs,
)
from handouts.load.settings_files import countries_in
from handouts.load.templates import WORDS_FILE
from handouts.load.topics import SHARED_FOLDERS
from handouts.pipeline.output import taken_error, write_new_files
from handouts.pipeline.project import Project, example_project, find_project, open_project, sample_folder
from handouts.pipeline.schemas import add_schemas, renew_schemas
from handouts.service import MAX_FIELD_CHARACTERS, unknown_country_error
from handouts.version import VERSION

_KINDS: Mapping[str, tuple[str, ...]] = {
    "both": DEFAULT_TEMPLATES,
    "leaflet": DEFAULT_TEMPLATES[:1],
    "talk": DEFAULT_TEMPLATES[1:],
}
SHIPPED_LANGUAGE = "en"
_MAX_TITLE_CHARACTERS, _SHORT_TITLE_CHARACTERS = 80, 32
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_PATH_STARTS = ("/", "\\", "./", ".\\", "../", "..\\", "~")
_MARKDOWN_SIGN = re.compile(r"([\\`*_{}\[\]<>#|~&^@])")
_MARKDOWN_START = re.compile(r"^([-+:=]|[0-9]+(?=[.)]))")
_TEMPLATE_AUDIENCES = re.compile(rb"^audiences: \[(.*)\]\n", re.MULTILINE)
_THEME = "settling-line"
_PROJECT_SAMPLES, _TOPIC_SAMPLES, _SHARED_SAMPLES = "project", "topic", "shared"
_OPTIONAL_SAMPLES = ("README.md", ".gitignore", ".vscode/", ".github/")  # existing ones are kept
_HARMLESS = re.compile(r"\..*|README.*|LICEN[CS]E.*|venv|env", re.IGNORECASE)  # a project may begin beside these
_MOST_NAMED = 3


class NewTopic(Struct, frozen=True):
    """A request for a topic: its title and audiences, its language and country, and whether as leaflet or talk."""

    title: str
    today: date
    audiences: tuple[str, ...] = ()
    folder: str = ""
    language: str = ""
    kind: str = "both"
    country: str = ""
    service: str = ""


class NewAudience(Struct, frozen=True):
    """An audience by its name in files and its title."""

    name: str
    title: str


class NewFiles(Struct, frozen=True):
    """The files that were written, and existing ones that were kept, as paths from the folder of the command.

    `name` is the name in files of what was created, such as the folder of a topic.
    """

    home: Path
    files: tuple[Path, ...]
    kept: tuple[Path, ...] = ()
    name: str = ""


class Workplace(Struct, frozen=True, dict=True):
    """Where new files are written: a loaded project, or the folder of a new one."""

    home: Path
    project: Project | None
    library: Library | None
    example: Project
    samples: Path

    @cached_property
    def defaults(self) -> SampleDefaults:
        """The defaults for what a request leaves open."""
        return load_sample_defaults(self.samples)

    @property
    def audiences(self) -> Mapping[str, Audience]:
        """The existing audiences by name."""
        return self.library.audiences if self.library else {}


def open_workplace(folder: Path, named: Path | None, *, needed: bool = False) -> Workplace:
    """Return the project `named`, or the one in or above `folder`; without a project, the folder of a new one.

    HandoutError if the project cannot be loaded, or if there is none although it is `needed`.
    """
    try:
        project = open_project(named, folder) if named else find_project(folder)
    except HandoutError:
        if needed:
            raise
        return Workplace(named or Path(), None, None, example_project(folder), sample_folder())
    library = load_library(project.content, project.templates)
    return Workplace(project.home, project, library, example_project(folder), sample_folder())


def start_topic(new: NewTopic, place: Workplace, *, anywhere: bool = False) -> NewFiles:
    """Write the files of a topic, and of a project around it where there is none, and return them.

    `anywhere` allows to begin a project in a folder with other files. HandoutError, and nothing is written, with an
    error for everything that is wrong with the request.
    """
    topic = new.folder or file_name_for(new.title)
    audiences = _audiences_for(new, place)
    findings = [
        *check_title(new.title, topic),
        *_check_topic_folder(topic, new, place),
        *check_audience_titles(audiences),
        *check_kind(new.kind),
        *check_language(new.language),
        *check_country(new.country, place),
        *check_service(new.service),
        *(() if place.project or anywhere else _check_empty(place.home)),
    ]
    raise_errors(findings)
    values = _values(new, topic, audiences, place)
    chosen = chosen_stretches(_KINDS[new.kind], audiences)
    language = new.language or SHIPPED_LANGUAGE
    files = dict(_topic_files(f"content/{topic}", language, values, chosen, place))
    fresh = tuple(each for each in audiences if each.name not in place.audiences)
    entries = audience_entries(fresh, place)
    if place.project:
        files |= own_language_files(language, place)
        shared = _shared_entries(values, place)
        ends = {name: text.encode() for name, text in shared.items() if (place.home / name).exists()}
        files |= {name: text.encode() for name, text in shared.items() if name not in ends}
        if entries:
            ends["content/audiences.yaml"] = entries.encode()
        made = write_into_project(place, files, topic, ends)
        renew_schemas(place.project)
        return made
    project = dict(_project_files(values, audiences, entries, place))
    kept = tuple(name for name in project if name.startswith(_OPTIONAL_SAMPLES) and (place.home / name).exists())
    files |= {name: content for name, content in project.items() if name not in kept}
    files |= own_language_files(language, place)
    write_new_files(place.home, files)
    add_schemas(open_project(place.home, Path.cwd()))
    written, stays = ([place.home / each for each in names] for names in (files, kept))
    return NewFiles(place.home, tuple(written), tuple(stays), topic)


def write_into_project(
    place: Workplace, files: Mapping[str, bytes], name: str, ends: Mapping[str, bytes] | None = None
) -> NewFiles:
    """Create `files` and append `ends` to existing ones, both by their paths below the project; return their paths.

    HandoutError, and nothing is changed, if one cannot be written.
    """
    write_new_files(place.home, files, ends)
    return NewFiles(place.home, tuple(place.home / each for each in (*files, *(ends or ()))), name=name)


def _audiences_for(new: NewTopic, place: Workplace) -> tuple[NewAudience, ...]:
    """Return the audiences of a new topic: those named, those of the project, or the default ones."""
    if not new.audiences and place.audiences:
        return tuple(NewAudience(each.name, each.title) for each in place.audiences.values())
    named = [named_audience(each, place.audiences) for each in new.audiences or place.defaults.audiences]
    return tuple({each.name or each.title: each for each in named}.values())


def named_audience(text: str, known: Mapping[str, Audience]) -> NewAudience:
    """Return the known audience with this name or title, or else a new one."""
    title = " ".join(text.split())
    for each in known.values():
        if title.casefold() in (each.name, each.title.casefold()):
            return NewAudience(each.name, each.title)
    return NewAudience(file_name_for(title), title[:1].upper() + title[1:])


def check_title(title: str, folder: str) -> Iterator[Finding]:
    """Yield an error if a title cannot be printed, or if no name of a `folder` can be made from it."""
    at = Location("new")
    if not title.strip():
        yield error("usage", "A name is empty.", at, 'write what it is called: handouts new "Sleep after a shock"')
        return
    if title.startswith(_PATH_STARTS):
        hint = 'go into that folder, or name it: handouts new "Sleep after a shock" --project DIR'
        yield error("usage", f"'{title}' is a folder, and no title.", at, hint)
        return
    if len(title) > _MAX_TITLE_CHARACTERS:
        message = f"This title has {len(title)} characters; a cover holds {_MAX_TITLE_CHARACTERS}."
        yield error("usage", message, at, "write a shorter one; the rest belongs in the subtitle")
    if problem := printing_problem(title):
        hint = "write it in Latin, Greek or Cyrillic letters" + ("" if folder else ", and a folder: --folder sleep")
        yield error("usage", f"This title cannot be printed: {problem}.", at, hint)
    elif not folder:
        message = f"'{title}' has no letter from a to z, of which folders have their names."
        yield error("usage", message, at, f'add a name for its folder: handouts new "{title}" --folder sleep')


def check_folder_name(folder: str) -> Iterator[Finding]:
    """Yield an error if a folder cannot have this name on every system."""
    if not is_name(folder):
        better = file_name_for(folder)
        hint = f"write --folder {better}; {NAME_HINT}" if better else NAME_HINT
        yield error("usage", f"'{folder}' is not a name for a folder.", Location("--folder"), hint)


def _check_topic_folder(topic: str, new: NewTopic, place: Workplace) -> Iterator[Finding]:
    """Yield an error if a folder cannot be that of a new topic."""
    path = place.home / "content" / topic
    if new.folder and not is_name(new.folder):
        yield from check_folder_name(new.folder)
    elif topic in SHARED_FOLDERS:
        message = f"The folder content/{topic} is not a topic: it holds what all topics share."
        yield error("usage", message, Location("new"), f"name another: --folder {topic}-topic")
    elif topic and (path.exists() or path.is_symlink()):
        yield taken_error(path, "choose another name, or another folder for it: --folder NAME")
    elif not place.project and (place.home / "content").exists():
        yield taken_error(place.home / "content", "it is no content of handouts: choose another folder, --project DIR")


def check_audience_titles(audiences: Sequence[NewAudience], option: str = "--audiences") -> Iterator[Finding]:
    """Yield an error for each audience whose title cannot be printed, is too long, or gives no name for files."""
    at = Location(option)
    for each in audiences:
        if problem := printing_problem(each.title):
            yield error("usage", f"'{each.title}' cannot be printed: {problem}.", at, "write another name")
        elif not each.name:
            message = f"'{each.title}' has no letter from a to z, of which names of readers are made in files."
            yield error(
                "usage", message, at, "write a short name in these letters; what is printed can be changed later"
            )
        elif len(each.title) > _SHORT_TITLE_CHARACTERS * 2:
            yield error("usage", f"'{each.title}' is too long a name.", at, "write two or three words")


def check_language(language: str, option: str = "--language") -> Iterator[Finding]:
    """Yield an error for a language tag that is wrong, or whose language cannot be printed."""
    at = Location(option)
    if language and not _LANGUAGE_TAG.fullmatch(language):
        message = f"'{language}' is not a tag of a language."
        yield error("usage", message, at, "write two small letters, such as en, de or es")
    elif language[:2] in ("ar", "fa", "he", "ur", "yi", "ps", "sd", "dv"):
        message = f"'{language}' is written from right to left, which cannot be printed yet."
        yield error("usage", message, at, "write in another language, such as en")


def check_country(country: str, place: Workplace) -> Iterator[Finding]:
    """Yield an error for an unknown country."""
    known = place.library.countries if place.library else countries_in(place.example.content)
    if country and country not in known:
        found = unknown_country_error(country, known, Location("--country"))
        yield replace(found, code="usage")


def check_service(service: str) -> Iterator[Finding]:
    """Yield an error for a name of a service that cannot be printed or is too long."""
    if problem := printing_problem(service):
        yield error("usage", f"This name cannot be printed: {problem}.", Location("--service"), "write it otherwise")
    if len(service) > MAX_FIELD_CHARACTERS["name"]:
        hint = f"at most {MAX_FIELD_CHARACTERS['name']} characters have room"
        yield error("usage", "This name of a service is too long.", Location("--service"), hint)


def check_kind(kind: str) -> Iterator[Finding]:
    """Yield an error for an unknown kind of topic, which is neither leaflet, talk nor both."""
    if kind not in _KINDS:
        yield unknown_name_error("usage", "kind", kind, _KINDS, Location("--kind"))


def _check_empty(home: Path) -> Iterator[Finding]:
    """Yield an error if the folder of a new project contains other files."""
    if not home.exists():
        return
    if not home.is_dir():
        yield error("usage", "This is a file, and no folder.", Location(home.as_posix()), "name another: --project DIR")
        return
    others = sorted(each.name for each in home.iterdir() if not _HARMLESS.fullmatch(each.name))
    if others:
        hint = (
            "a project has a folder of its own: --project my-handouts makes it; --project . begins it here all the same"
        )
        message = f"This folder holds other files: {first_named(others, _MOST_NAMED)}."
        yield error("usage", message, Location(home.as_posix()), hint)


# ---------------------------------------------------------------- the text of the files


def _values(new: NewTopic, topic: str, audiences: Sequence[NewAudience], place: Workplace) -> dict[str, str]:
    """Return the values of the places in samples."""
    countries = countries_in(place.example.content)
    defaults = place.defaults
    return {
        "topic": topic,
        "language": new.language or SHIPPED_LANGUAGE,
        "title": _quoted(new.title),
        "heading": markdown_text(new.title),
        "short-heading": markdown_text(_shortened(new.title)),
        "keyword": _quoted(new.title),
        "audiences": ", ".join(each.name for each in audiences),
        **readers_values(audiences),
        "grades": "".join(_grade_of_source(each.name, place) for each in audiences),
        "today": new.today.isoformat(),
        "next-review": _a_year_later(new.today).isoformat(),
        "authors": _quoted(new.service or "The writers"),
        "templates": ", ".join(_KINDS[new.kind]),
        "must-show": "main-message, fork, contacts, sources",
        "service": _quoted(new.service),
        "country": new.country or '""',
        "countries": ", ".join(countries),
        "paper": "letter" if new.country in defaults.letter else "a4",
        "spelling": "american" if new.country in defaults.american else "british",
        "version": VERSION,
    }


def chosen_stretches(templates: Collection[str], audiences: Sequence[NewAudience]) -> tuple[str, ...]:
    """Return the names of the optional stretches of samples that a topic with these templates and audiences has."""
    made = zip(DEFAULT_TEMPLATES, ("handout", "talk"), strict=True)
    return (*(name for template, name in made if template in templates), *(["others"] if len(audiences) > 1 else []))


def readers_values(audiences: Sequence[NewAudience]) -> dict[str, str]:
    """Return the values of the places in samples that name audiences."""
    first, *others = audiences
    return {
        "first": first.name,
        "others": " ".join(each.name for each in others),
        "first-readers": markdown_text(_inside_sentence(first.title)),
        "other-readers": markdown_text(" and ".join(_inside_sentence(each.title) for each in others)),
    }


def _topic_files(
    home: str, language: str, values: Mapping[str, str], chosen: Collection[str], place: Workplace
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a topic, without sections of which no stretch is chosen."""
    for name, text in read_samples(place.samples / _TOPIC_SAMPLES).items():
        filled = fill_sample(text, values, chosen)
        if filled.strip():
            yield f"{home}/{name.replace('sections/', f'{language}/')}", filled.encode()
    if place.library and (words := words_of_shared_needs(place.library, language)):
        lines = "".join(f"{key}: {_quoted(words[key])}\n" for key in words)
        yield f"{home}/{language}/{WORDS_FILE}", ((place.samples / WORDS_FILE).read_text("utf-8") + lines).encode()


def _project_files(
    values: Mapping[str, str], audiences: Sequence[NewAudience], entries: str, place: Workplace
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a new project, except those of its topic."""
    ends = {"content/audiences.yaml": entries, **_shared_entries(values, place)}
    for name, text in read_samples(place.samples / _PROJECT_SAMPLES).items():
        yield name, (fill_sample(text, values, ()) + ends.get(name, "")).encode()
    shipped = place.example.content
    names = tuple(each.name for each in audiences)
    lay = tuple(each.name for each in audiences if not _is_professional(each, place.defaults))
    shipped_lay = lay_audiences(load_shipped_audiences(shipped))
    for name in ("kinds.yaml", "spellings.yaml"):
        yield f"content/{name}", (shipped / name).read_bytes()
    for folder in ("contacts", "wording"):
        for name, text in read_samples(shipped / folder).items():
            yield f"content/{folder}/{name}", settings_for(text, names, lay, shipped_lay).encode()


def _grade_of_source(audience: str, place: Workplace) -> str:
    """Return the lowest grade of evidence, to put behind the source in samples, if an audience is shown grades."""
    grades = place.audiences[audience].grades if audience in place.audiences else ()
    return f' [({grades[-1]})]{{for="{audience}"}}' if grades else ""


def _shared_entries(values: Mapping[str, str], place: Workplace) -> dict[str, str]:
    """Return the entries that settings files need for the samples, by file: sources and terms that are missing."""
    known = {*place.library.sources, *place.library.terms} if place.library else set()
    samples = read_samples(place.samples / _SHARED_SAMPLES)
    missing = {name: text for name, text in samples.items() if text.partition(":")[0] not in known}
    return {f"content/{name}": fill_sample(text, values, ()) for name, text in missing.items()}


def own_language_files(language: str, place: Workplace) -> dict[str, bytes]:
    """Return the file of fixed words, to be translated, for a language that the templates have no words for.

    A project that uses the shipped templates also gets a copy of them.
    """
    templates = place.project.templates if place.project else place.example.templates
    if (templates / "words" / f"{language}.yaml").is_file():
        return {}
    words = (templates / "words" / f"{SHIPPED_LANGUAGE}.yaml").read_bytes()
    return {**own_template_files(place), f"templates/words/{language}.yaml": words}


def own_template_files(place: Workplace) -> dict[str, bytes]:
    """Return a copy of the shipped templates, or nothing if the project has its own."""
    if place.project and place.project.templates != place.example.templates:
        return {}
    home = place.example.templates
    files = sorted(each for each in home.rglob("*") if each.is_file())
    return {f"templates/{each.relative_to(home).as_posix()}": own_template(each, place) for each in files}


def own_template(path: Path, place: Workplace) -> bytes:
    """Return a shipped template for a project; one for audiences that the project lacks is made one for all."""
    content = path.read_bytes()
    named = _TEMPLATE_AUDIENCES.search(content) if path.name.endswith(".md.j2") else None
    if named and not {each.strip() for each in named[1].decode().split(",")} <= set(place.audiences):
        return content.replace(named[0], b"", 1)
    return content


def audience_entries(audiences: Sequence[NewAudience], place: Workplace) -> str:
    """Return the entries of new audiences in audiences.yaml, each with the next free accent."""
    accents = _accents(place)
    used = [each.accent for each in place.audiences.values()]
    free = [*(each for each in accents if each not in used), *accents]
    entries = []
    for number, each in enumerate(audiences):
        kind = "professional-audience" if _is_professional(each, place.defaults) else "audience"
        values = {
            "name": each.name,
            "title": _quoted(each.title),
            "readers": _quoted(_inside_sentence(each.title))[1:-1],
            "accent": free[number % len(free)],
        }
        entries.append("\n" + fill_sample((place.samples / f"{kind}.yaml").read_text("utf-8"), values, ()))
    return "".join(entries)


def _accents(place: Workplace) -> tuple[str, ...]:
    """Return the accents of the theme of a project."""
    if place.library:
        return tuple(place.library.themes[place.library.service.theme].accents)
    return load_accents(place.example.templates, _THEME)


def _is_professional(audience: NewAudience, defaults: SampleDefaults) -> bool:
    """True if the name of an audience says that they are professionals, who are used to long words."""
    return any(word in defaults.professional for word in audience.name.split("-"))


def markdown_text(text: str) -> str:
    """Return a text with all Markdown syntax in it escaped."""
    return _MARKDOWN_START.sub(r"\\\1", _MARKDOWN_SIGN.sub(r"\\\1", text))


def _quoted(text: str) -> str:
    """Return a text as a quoted string in YAML."""
    return json.dumps(text, ensure_ascii=False)


def _inside_sentence(title: str) -> str:
    """Return a title as it is written inside a sentence: in lower case, unless its first word is an abbreviation."""
    first = title.partition(" ")[0]
    return title if sum(map(str.isupper, first)) > 1 else title[:1].lower() + title[1:]


def _shortened(title: str) -> str:
    """Return the first words of a title, as many as fit at the head of a page."""
    if len(title) <= _SHORT_TITLE_CHARACTERS:
        return title
    words = title[: _SHORT_TITLE_CHARACTERS + 1].split(" ")[:-1]
    return " ".join(words) or title[:_SHORT_TITLE_CHARACTERS]


def _a_year_later(day: date) -> date:
    """Return the same day a year later, for a leap day the first of March."""
    with suppress(ValueError):
        return day.replace(year=day.year + 1)
    return date(day.year + 1, 3, 1)
