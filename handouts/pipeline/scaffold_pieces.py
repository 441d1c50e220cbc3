"""Add an audience, a section, a language or a template to a project.

Takes names as people write them; returns what was written. Must never change an existing file, except to append to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count, takewhile
from pathlib import Path, PurePath
from string import ascii_lowercase

from handouts.finding import HandoutError, Location, error, raise_errors, suggest_name, unknown_name_error
from handouts.library import DEFAULT_TEMPLATES, Library, Section, SectionKind, Topic
from handouts.load.file_names import NAME_HINT, file_name_for
from handouts.load.samples import fill_sample, kind_of_sample, read_samples
from handouts.markdown.part_forms import part_heading
from handouts.pipeline.output import taken_error
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
    write_into_project,
)
from handouts.pipeline.schemas import renew_schemas

_AUDIENCES_FILE = "content/audiences.yaml"
_FILE_NUMBER = re.compile(r"([0-9]{1,9}(?:[a-z]{1,3}(?![A-Za-z0-9]))?)")
_CLOSES = re.compile(r"^ *:{3,} *\{\.(?:contacts|sources)[ }]", re.MULTILINE)  # in a section that ends a topic
_ID = re.compile(r"^(# .*\{[^}]*#)([a-z0-9-]+)", re.MULTILINE)
_TEMPLATE_NAME = re.compile(r"^name: .*$", re.MULTILINE)
_TEMPLATE_ENDING = ".md.j2"


def add_audience(title: str, place: Workplace) -> NewFiles:
    """Add an audience to audiences.yaml. HandoutError if it exists already, or cannot have this title."""
    name, entry = audience_entry(title, place)
    made = write_into_project(place, {}, name, {_AUDIENCES_FILE: entry.encode()})
    if place.project:
        renew_schemas(place.project)
    return made


def audience_entry(title: str, place: Workplace) -> tuple[str, str]:
    """Return the name of a new audience, and its entry in audiences.yaml.

    HandoutError if it exists already, or cannot have this title.
    """
    new = named_audience(title, place.audiences)
    findings = [*check_audience_titles((new,), "new audience")]
    if new.name in place.audiences:
        at = place.audiences[new.name].at
        findings.append(error("usage", f"There are readers called '{new.name}' already.", at, "choose another name"))
    raise_errors(findings)
    return new.name, audience_entries((new,), place)


def add_section(kind: str, topic_name: str, language: str, place: Workplace, *, after: str = "") -> NewFiles:
    """Write a sample section of a kind, after the section `after` or in the usual place of such a section."""
    library = _library_of(place)
    if kind not in library.kinds:
        raise HandoutError(unknown_name_error("usage", "kind of section", kind, library.kinds, Location("new section")))
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
    name = _free_name(kind, {each.id for each in sections})
    files: dict[str, bytes] = {}
    for each in [language] if language else topic.languages:
        written = topic.languages[each]
        behind = _named_section(after, written) if after else _usual_place(library.kinds[kind], written, place)
        text = _filled_sample(kind, topic, written[: written.index(behind) + 1] if behind else (), place)
        if not text.strip():
            made = ", ".join(topic.templates)
            message = f"'{topic.name}' is made as {made}, which has no section of the kind '{kind}'."
            hint = f"see templates in {topic.place('templates').file}"
            raise HandoutError(error("usage", message, Location("new section"), hint))
        home = f"content/{topic.name}/{each}"
        names = [file.name for file in (place.home / home).glob("*.md")]
        number = number_behind(PurePath(behind.at.file).stem if behind else "", names)
        text = _ID.sub(lambda found: found[1] + name, text, count=1)
        files[f"{home}/{number}-{kind}.md"] = text.encode()
    return write_into_project(place, files, name)


def _named_section(named: str, sections: Sequence[Section]) -> Section:
    """Return the last section with an id, a file name or a number. HandoutError if there is none."""
    wanted = PurePath(named).name.removesuffix(".md").lower()
    for fits in (
        lambda each: each.id == wanted,
        lambda each: PurePath(each.at.file).stem.lower() == wanted,
        lambda each: _number_of(PurePath(each.at.file).stem).lstrip("0") == (wanted.lstrip("0") or "-"),
    ):
        if found := [each for each in sections if fits(each)]:
            return found[-1]
    message = f"There is no section '{named}' to stand behind."
    hint = suggest_name(wanted, [each.id for each in sections])
    raise HandoutError(error("usage", message, Location("--after"), f"write its id, or the number of its file; {hint}"))


def _usual_place(kind: SectionKind, sections: Sequence[Section], place: Workplace) -> Section | None:
    """Return the section after which a new one of a kind is usually placed, None for the end.

    A card is placed after the last card, a closing section at the end, all others before contacts and sources.
    """
    if kind.name in place.defaults.closing:
        return None
    if kind.cards and (cards := [each for each in sections if each.kind == kind.name]):
        return cards[-1]
    closing = takewhile(
        lambda each: each.kind in place.defaults.closing or _CLOSES.search(each.text), reversed(sections)
    )
    return next(iter(sections[: len(sections) - len(list(closing))][-1:]), None)


def number_behind(before: str, names: Collection[str]) -> str:
    """Return the number of a new file that sorts after the file `before`, or after all `names` if that is "".

    After 06-… that is 07 if it is free, or else 06a, 06b and so on. HandoutError if none is free.
    """
    taken = {number for each in names if (number := _number_of(each))}
    counted = {int(each.rstrip(ascii_lowercase)) for each in taken}
    if not before:
        return f"{max(counted, default=0) + 1:02}"
    number = _number_of(before)
    digits = number.rstrip(ascii_lowercase)
    if not digits or before[len(number) :][:1].isalnum():
        hint = "let its name begin with a number, such as 05-, so that another file can stand behind it"
        raise HandoutError(error("usage", f"'{before}.md' has no number.", Location("--after"), hint))
    following = f"{int(digits) + 1:0{len(digits)}}"
    is_last = not any(each > number for each in taken if each.rstrip(ascii_lowercase) == digits)
    if is_last and int(following) not in counted and len(following) == len(digits):
        return following
    tried = [number + each for each in ascii_lowercase]
    if number[-1] in ascii_lowercase[:-1]:
        tried.insert(0, number[:-1] + chr(ord(number[-1]) + 1))
    free = next((each for each in tried if each not in taken), "")
    if not free:
        hint = "give the files behind it other numbers"
        raise HandoutError(error("usage", f"No number is free behind '{before}.md'.", Location("--after"), hint))
    return free


def _number_of(name: str) -> str:
    """Return the number, with its letters, at the start of a file name, or ""."""
    found = _FILE_NUMBER.match(name)
    return found[1] if found else ""


def _filled_sample(kind: str, topic: Topic, before: Sequence[Section], place: Workplace) -> str:
    """Return the text of a new section of a kind, after the sections `before` or at the end of a topic.

    A sample with a number is counted up until the topic has no section with the same text.
    """
    library = _library_of(place)
    readers = tuple(NewAudience(each, library.audiences[each].title) for each in topic.audiences)
    heading = markdown_text(topic.title)
    values = {**readers_values(readers), "heading": heading, "short-heading": heading}
    sample, chosen = _sample_of(kind, library.kinds[kind], place), chosen_stretches(topic.templates, readers)
    alike = [each for sections in topic.languages.values() for each in sections if each.kind == kind]
    written = {_without_first_line(each.text) for each in alike}
    first = sum(each.kind == kind for each in before or alike) + 1
    texts = (fill_sample(sample, {**values, "number": str(number)}, chosen) for number in count(first))
    return next(each for each in texts if _without_first_line(each) not in written or "<<number>>" not in sample)


def _without_first_line(text: str) -> str:
    """Return the text of a section without its heading."""
    return text.partition("\n")[2].strip()


def add_language(tag: str, place: Workplace) -> NewFiles:
    """Write the fixed words of a language and a copy of the sections of each topic, to be translated."""
    library = _library_of(place)
    findings = list(check_language(tag, "new language"))
    if tag in library.words and all(tag in topic.languages for topic in library.topics.values()):
        findings.append(error("usage", f"'{tag}' is there already.", Location("new language"), "choose another"))
    raise_errors(findings)
    files = own_language_files(tag, place)
    for topic in library.topics.values():
        if tag not in topic.languages:
            files |= dict(_copied_sections(topic, tag, place.home))
    return write_into_project(place, files, tag)


def add_template(name: str, origin: str, place: Workplace) -> NewFiles:
    """Write a template to be edited: a shipped one under its own name, or a copy of `origin` under a new name."""
    shipped = {path.name.removesuffix(_TEMPLATE_ENDING): path for path in place.example.templates.glob("*.md.j2")}
    at = Location("new template")
    better = file_name_for(name)
    if name != better:
        hint = f"write {better}; {NAME_HINT}" if better else NAME_HINT
        raise HandoutError(error("usage", f"'{name}' is not a name for a template.", at, hint))
    files = own_template_files(place)
    path = f"templates/{name}{_TEMPLATE_ENDING}"
    if name in shipped and path in files and not origin:
        return write_into_project(place, files, name)
    if (place.home / path).exists() or path in files:
        raise HandoutError(taken_error(place.home / path, "change it, or choose another name"))
    model = origin or (name if name in shipped else DEFAULT_TEMPLATES[0])
    if model not in shipped:
        raise HandoutError(unknown_name_error("usage", "shipped template", model, shipped, Location("--from")))
    text = own_template(shipped[model], place).decode()
    files[path] = _TEMPLATE_NAME.sub(f"name: {name}", text, count=1).encode()
    return write_into_project(place, files, name)


def _library_of(place: Workplace) -> Library:
    """Return the library of a workplace that was opened with `needed`, so that it has a project."""
    if place.library is None:
        raise ValueError("there is no project")
    return place.library


def _topic_named(name: str, library: Library) -> Topic:
    """Return the topic with this name, or the only one if it is "". HandoutError if there is no such topic."""
    topics = library.topics
    if name in topics:
        return topics[name]
    if not name and len(topics) == 1:
        return next(iter(topics.values()))
    message = f"There is no topic '{name}'." if name else f"There are {len(topics)} topics."
    hint = suggest_name(name, topics) if name else f"name one: --topic {next(iter(sorted(topics)), 'NAME')}"
    raise HandoutError(error("usage", message, Location("--topic"), hint))


def _sample_of(kind: str, parts: SectionKind, place: Workplace) -> str:
    """Return the sample of a kind of section, or one made from the description of the kind."""
    own = place.samples / "sections" / f"{kind}.md"
    if own.is_file():
        return own.read_text("utf-8")
    samples = read_samples(place.samples / "topic" / "sections").values()
    return next((each for each in samples if kind_of_sample(each) == kind), _described_kind(parts))


def _described_kind(kind: SectionKind) -> str:
    """Return a sample of a kind that the project defines, with its required parts."""
    lines = [f"# {kind.name.capitalize()} {{.{kind.name} #{kind.name}}}"]
    for part in kind.parts.values():
        if part.required:
            lines += ["", part_heading(part.name, 'minutes="1"' if part.timed else ""), f"Replace this: {part.what}"]
    return "\n".join((*lines, ""))


def _free_name(name: str, taken: set[str]) -> str:
    """Return the name, or the name with the first free number if it is taken."""
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def _copied_sections(topic: Topic, tag: str, home: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a copy of the sections of a topic in English or its first language, as files of another language."""
    first = SHIPPED_LANGUAGE if SHIPPED_LANGUAGE in topic.languages else next(iter(topic.languages))
    folder = home / "content" / topic.name
    for path in sorted((folder / first).glob("*.md")):
        yield f"content/{topic.name}/{tag}/{path.name}", path.read_bytes()
