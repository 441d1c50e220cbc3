"""Diagnose a project: program, folders, typefaces, service, sample texts that are left, reviews, contacts.

Reads content without composing it: what the rules find in texts is the business of `check`. Must never write.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Literal

from msgspec import Struct

from handouts.finding import NOWHERE, Finding, HandoutError, is_error
from handouts.library import SAMPLE_MARK, Library, Topic
from handouts.load import load_library
from handouts.pipeline.manifest import read_manifest
from handouts.pipeline.project import Project
from handouts.text.fonts import require_fonts
from handouts.version import VERSION


class DiagnosisEntry(Struct, frozen=True):
    """The state of one thing that a project needs or may have, and what to do about it if it is not good.

    If it is `wrong`, no files can be made; if it is `open`, the pages say so, or only some uses need it.
    """

    name: str
    state: Literal["good", "open", "wrong"]
    text: str
    hint: str = ""


def diagnose(project: Project | None) -> tuple[tuple[DiagnosisEntry, ...], tuple[Finding, ...]]:
    """Return the entries about a project, and the findings about its content.

    Without a project, the entries say what is installed and how to begin one.
    """
    program = f"handouts {VERSION}, Python {platform.python_version()}, {platform.system()}"
    entries = [DiagnosisEntry("program", "good", program), _typefaces()]
    if project is None:
        hint = "handouts new begins one here; to see the shipped topic: handouts build --example"
        entries.append(DiagnosisEntry("project", "open", "none here, nor in a folder above", hint))
        return (*entries, _cluster()), ()
    entries += [
        DiagnosisEntry("content", "good", project.content.as_posix()),
        DiagnosisEntry("templates", "good", project.templates.as_posix()),
        _output(project),
    ]
    try:
        library = load_library(project.content, project.templates)
    except HandoutError as raised:
        count = sum(map(is_error, raised.findings))
        text = f"{count} error{'' if count == 1 else 's'} in content or templates"
        entries.append(DiagnosisEntry("reading", "wrong", text, "correct what is said above"))
        return (*entries, _cluster()), raised.findings
    entries += (*_topics(library), *_service(library), _contacts(library), _cluster())
    return tuple(entries), library.findings


def _typefaces() -> DiagnosisEntry:
    """Return whether all typefaces are installed."""
    try:
        require_fonts()
    except HandoutError as raised:
        return DiagnosisEntry("typefaces", "wrong", raised.findings[0].message, raised.findings[0].hint)
    return DiagnosisEntry("typefaces", "good", "all are there")


def _output(project: Project) -> DiagnosisEntry:
    """Return how many files builds have made, and the day of the last build."""
    manifest = read_manifest(project.output)
    where = project.output.as_posix()
    if not manifest.entries:
        return DiagnosisEntry("output", "good", f"{where}: nothing is made yet", "handouts build")
    last = max((run.built_on for run in manifest.runs.values()), default="")
    return DiagnosisEntry("output", "good", f"{where}: {len(manifest.entries)} files{last and f', the last on {last}'}")


def _topics(library: Library) -> Iterator[DiagnosisEntry]:
    """Yield the languages and audiences of each topic, its sample texts and its review."""
    for topic in library.topics.values():
        languages, audiences = ", ".join(topic.languages), ", ".join(topic.audiences)
        yield DiagnosisEntry("topic", "good", f"{topic.name}, in {languages}, for {audiences}")
        yield from _samples(topic)
        yield from _languages(topic, library)
        if topic.sign_offs:
            count = f"{len(topic.sign_offs)} sign-off{'' if len(topic.sign_offs) == 1 else 's'}"
            hint = f"handouts review status {topic.name} says which of them are on the words as they are"
            yield DiagnosisEntry("review", "good", f"{topic.name}: {count}, next on {topic.next_review}", hint)
        elif topic.reviewed_by and topic.reviews_at == NOWHERE:
            text = f"{topic.name}: by {', '.join(topic.reviewed_by)} on {topic.reviewed_on}"
            yield DiagnosisEntry("review", "good", f"{text}, next on {topic.next_review}")
        else:
            hint = (
                f"let the people whom it is for read it, then sign for them: handouts review sign {topic.name}; "
                "or fill in reviewed_by and reviewed_on in its topic.yaml"
            )
            yield DiagnosisEntry(
                "review", "open", f"{topic.name}: nobody has reviewed it, and every page says so", hint
            )


def _samples(topic: Topic) -> Iterator[DiagnosisEntry]:
    """Yield how many sections of a topic still contain sample text, if any do."""
    left = [each for sections in topic.languages.values() for each in sections if SAMPLE_MARK in each.text]
    if left:
        text = f"{topic.name}: sample text in {len(left)} file{'' if len(left) == 1 else 's'}"
        hint = f"write your own words in place of each text that begins with '{SAMPLE_MARK}'"
        yield DiagnosisEntry("samples", "open", text, hint)


def _languages(topic: Topic, library: Library) -> Iterator[DiagnosisEntry]:
    """Yield the languages that have fixed words and that a topic is not written in, if there are any."""
    missing = [each for each in library.words if each not in topic.languages]
    if missing:
        hint = f"handouts new language {missing[0]} copies its sections, for you to translate"
        yield DiagnosisEntry("languages", "open", f"{topic.name}: not in {', '.join(missing)}", hint)


def _service(library: Library) -> Iterator[DiagnosisEntry]:
    """Yield whether the service and its country are set."""
    service, file = library.service, library.service.at.file
    if service.name:
        yield DiagnosisEntry("service", "good", f"{service.name}{service.phone and f', {service.phone}'}")
    else:
        yield DiagnosisEntry(
            "service", "open", "no name: pages leave a line to write on", f"set name and phone in {file}"
        )
    if service.country:
        yield DiagnosisEntry("country", "good", service.country)
    else:
        hint = f"set country in {file}: {', '.join(library.countries)}"
        yield DiagnosisEntry("country", "open", "none: no national help line is printed", hint)


def _contacts(library: Library) -> DiagnosisEntry:
    """Return how many contacts are confirmed, of the country, or of all countries if none is set."""
    countries = (library.service.country,) if library.service.country else library.countries
    contacts = [each for country in countries for each in library.contacts.get(country, ())]
    confirmed = sum(bool(each.confirmed_on) for each in contacts)
    text = f"{confirmed} of {len(contacts)} are confirmed"
    if confirmed == len(contacts):
        return DiagnosisEntry("contacts", "good", text)
    hint = "call each number, and write the day as confirmed_on in content/contacts"
    return DiagnosisEntry("contacts", "open", text, hint)


def _cluster() -> DiagnosisEntry:
    """Return whether the library for builds on several machines is installed."""
    if find_spec("distributed"):
        return DiagnosisEntry("cluster", "good", "builds on several machines are possible")
    hint = 'only for --cluster: python -m pip install "handouts[cluster]"'
    return DiagnosisEntry("cluster", "open", "not installed: all builds run on this machine", hint)
