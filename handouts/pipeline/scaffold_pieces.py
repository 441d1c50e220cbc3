"""Add one piece to a project: readers, a section, a language, a template of its own.

Takes names as people write them; returns what was written. What is there already stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from handouts.finding import HandoutError, Location, error, suggest_name
from handouts.library import DEFAULT_TEMPLATES, Library, SectionKind, Topic
from handouts.load.samples import file_name_for, fill_sample, kind_of_sample, read_samples
from handouts.load.schema import NAME_HINT
from handouts.markdown.part_headings import part_heading
from handouts.pipeline.new_files import taken_error, write_new_files
from handouts.pipeline.scaffold import (
    SHIPPED_LANGUAGE,
    NewAudience,
    NewFiles,
    Workplace,
    audience_entries,
    check_audience_titles,
    check_language,
    chosen_stretches,
    markdown_text,
    named_audience,
    own_language_files,
    own_template,
    own_template_files,
    readers_values,
    renew_schemas,
)

_AUDIENCES_FILE = "content/audiences.yaml"
_FILE_NUMBER = re.compile(r"([0-9]+)")
_ID = re.compile(r"^(# .*\{[^}]*#)([a-z0-9-]+)", re.MULTILINE)
_TEMPLATE_NAME = re.compile(r"^name: .*$", re.MULTILINE)
_TEMPLATE_ENDING = ".md.j2"


def add_audience(title: str, place: Workplace) -> NewFiles:
    """Add readers to audiences.yaml. HandoutError if they are there already, or cannot be called so."""
    new = named_audience(title, place.audiences)
    findings = [*check_audience_titles((new,), "new audience")]
    if new.name in place.audiences:
        at = place.audiences[new.name].at
        findings.append(error("usage", f"There are readers called '{new.name}' already.", at, "choose another name"))
    if findings:
        raise HandoutError(*findings)
    write_new_files(place.home, {}, {_AUDIENCES_FILE: audience_entries((new,), place).encode()})
    if place.project:
        renew_schemas(place.project)
    return NewFiles(place.home, (place.home / _AUDIENCES_FILE,), name=new.name)


def add_section(kind: str, topic_name: str, language: str, place: Workplace) -> NewFiles:
    """Write a sample of a kind of section, after all others of a topic."""
    library = _library_of(place)
    if kind not in library.kinds:
        hint = suggest_name(kind, library.kinds)
        raise HandoutError(error("usage", f"There is no kind of section '{kind}'.", Location("new section"), hint))
    topic = _topic_named(topic_name, library)
    if language and language not in topic.languages:
        hint = f"'{topic.name}' is written in {', '.join(topic.languages)}"
        message = f"'{topic.name}' is not written in '{language}'."
        raise HandoutError(error("usage", message, Location("--language"), hint))
    sections = [each for sections in topic.languages.values() for each in sections]
    first = next((each for each in sections if each.kind == kind), None)
    if first and kind in place.defaults.once:
        message = f"'{topic.name}' has a section of the kind '{kind}' already, and needs one."
        raise HandoutError(error("usage", message, first.at, "change that one"))
    homes = [f"content/{topic.name}/{each}" for each in ([language] if language else topic.languages)]
    number = max(_last_number(place.home / home) for home in homes) + 1
    text = _filled_sample(kind, topic, str(number), place)
    if not text.strip():
        message = f"'{topic.name}' is made as {', '.join(topic.templates)}, which has no section of the kind '{kind}'."
        hint = f"see templates in {topic.place('templates').file}"
        raise HandoutError(error("usage", message, Location("new section"), hint))
    name = _free_name(kind, {each.id for each in sections})
    text = _ID.sub(lambda found: found[1] + name, text, count=1)
    files = {f"{home}/{number:02}-{kind}.md": text.encode() for home in homes}
    write_new_files(place.home, files)
    return NewFiles(place.home, tuple(place.home / each for each in files), name=name)


def _filled_sample(kind: str, topic: Topic, number: str, place: Workplace) -> str:
    """Return a sample of a kind of section as it stands in a topic."""
    library = _library_of(place)
    readers = tuple(NewAudience(each, library.audiences[each].title) for each in topic.audiences)
    heading = markdown_text(topic.title)
    values = {**readers_values(readers), "heading": heading, "short-heading": heading, "number": number}
    sample = _sample_of(kind, library.kinds[kind], place)
    return fill_sample(sample, values, chosen_stretches(topic.templates, readers))


def add_language(tag: str, place: Workplace) -> NewFiles:
    """Write the fixed words of a language, and the sections of each topic, for somebody to translate."""
    library = _library_of(place)
    findings = list(check_language(tag, "new language"))
    if tag in library.words and all(tag in topic.languages for topic in library.topics.values()):
        findings.append(error("usage", f"'{tag}' is there already.", Location("new language"), "choose another"))
    if findings:
        raise HandoutError(*findings)
    files = own_language_files(tag, place)
    for topic in library.topics.values():
        if tag not in topic.languages:
            files |= dict(_copied_sections(topic, tag, place.home))
    write_new_files(place.home, files)
    return NewFiles(place.home, tuple(place.home / each for each in files), name=tag)


def add_template(name: str, origin: str, place: Workplace) -> NewFiles:
    """Write a template to change: one of the shipped ones under its own name, or a copy of `origin` under another."""
    shipped = {path.name.removesuffix(_TEMPLATE_ENDING): path for path in place.example.templates.glob("*.md.j2")}
    at = Location("new template")
    better = file_name_for(name)
    if name != better:
        hint = f"write {better}; {NAME_HINT}" if better else NAME_HINT
        raise HandoutError(error("usage", f"'{name}' is no name for a template.", at, hint))
    files = own_template_files(place)
    path = f"templates/{name}{_TEMPLATE_ENDING}"
    if name in shipped and path in files and not origin:
        write_new_files(place.home, files)
        return NewFiles(place.home, tuple(place.home / each for each in files), name=name)
    if (place.home / path).exists() or path in files:
        raise HandoutError(taken_error(place.home / path, "change it, or choose another name"))
    model = origin or (name if name in shipped else DEFAULT_TEMPLATES[0])
    if model not in shipped:
        raise HandoutError(
            error("usage", f"There is no shipped template '{model}'.", Location("--from"), suggest_name(model, shipped))
        )
    text = own_template(shipped[model], place).decode()
    files[path] = _TEMPLATE_NAME.sub(f"name: {name}", text, count=1).encode()
    write_new_files(place.home, files)
    return NewFiles(place.home, tuple(place.home / each for each in files), name=name)


def _library_of(place: Workplace) -> Library:
    """Return what the project says; whoever adds a piece has asked for a project."""
    if place.library is None:
        raise ValueError("there is no project")
    return place.library


def _topic_named(name: str, library: Library) -> Topic:
    """Return the topic of a name, or the only one. HandoutError if there is none, or if there are several."""
    topics = library.topics
    if name in topics:
        return topics[name]
    if not name and len(topics) == 1:
        return next(iter(topics.values()))
    message = f"There is no topic '{name}'." if name else f"There are {len(topics)} topics."
    hint = suggest_name(name, topics) if name else f"name one: --topic {next(iter(sorted(topics)), 'NAME')}"
    raise HandoutError(error("usage", message, Location("--topic"), hint))


def _sample_of(kind: str, parts: SectionKind, place: Workplace) -> str:
    """Return a sample of a kind of section: one of the samples, or one that is made of what the kind says of itself."""
    own = place.samples / "sections" / f"{kind}.md"
    if own.is_file():
        return own.read_text("utf-8")
    samples = read_samples(place.samples / "topic" / "sections").values()
    return next((each for each in samples if kind_of_sample(each) == kind), _described_kind(parts))


def _described_kind(kind: SectionKind) -> str:
    """Return a section of a kind of somebody's own, with the parts that it must have."""
    lines = [f"# {kind.name.capitalize()} {{.{kind.name} #{kind.name}}}"]
    for part in kind.parts.values():
        if part.required:
            lines += ["", part_heading(part.name, 'minutes="1"' if part.timed else ""), f"Replace this: {part.what}"]
    return "\n".join((*lines, ""))


def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that is not taken: the name, or the name with the first number that is free."""
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def _last_number(folder: Path) -> int:
    """Return the highest number that the name of a section in a folder begins with."""
    found = [_FILE_NUMBER.match(each.name) for each in folder.glob("*.md")]
    return max((int(each[1]) for each in found if each), default=0)


def _copied_sections(topic: Topic, tag: str, home: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the sections of a topic in its first language, as the files of another."""
    first = SHIPPED_LANGUAGE if SHIPPED_LANGUAGE in topic.languages else next(iter(topic.languages))
    folder = home / "content" / topic.name
    for path in sorted((folder / first).glob("*.md")):
        yield f"content/{topic.name}/{tag}/{path.name}", path.read_bytes()
