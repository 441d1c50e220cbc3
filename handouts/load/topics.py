"""Load topics: every folder of content that holds text, with its topic.yaml and its sections by language.

Checks that sections and topic.yaml agree: key points, required sections, lengths of the talk. Whatever depends on
settings that could not be read is not checked, so that one mistake gives one error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import cast

from msgspec.structs import replace

from handouts.document.nodes import FixedWords
from handouts.document.text import fingerprint
from handouts.finding import Finding, HandoutError, Location, error, is_error, suggest_name, unknown_name_error, warning
from handouts.library import DEFAULT_TEMPLATES, KeyPoint, OtherFormatEntry, Section, Topic, needs_with_words
from handouts.load.content_keys import TOPIC
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.file_names import NAME_HINT, check_name, is_name
from handouts.load.files import MAX_FILE_BYTES, SourceFolder, list_files, list_folders, read_text, report_unread_files
from handouts.load.reviews import with_sign_offs
from handouts.load.sections import SectionRules, read_section
from handouts.load.settings_files import (
    CONTACTS_FOLDER,
    PICTURES_FOLDER,
    WORDING_FOLDER,
    read_condition,
    read_web_address,
)
from handouts.load.templates import WORDS_FILE, load_topic_words
from handouts.load.themes import FONTS_FOLDER, THEMES_FOLDER
from handouts.load.yaml_nodes import MappingNode, YamlNode, load_yaml
from handouts.markdown.attributes import Word
from handouts.markdown.names import LONGEST_TALK, is_length
from handouts.theme import LineLook

_MAX_PROPERTY_CHARACTERS = 255  # in a package of Open XML (ISO 29500-2)


def _read_topic(
    node: YamlNode | None, name: str, audiences: Collection[str], at: Location, findings: list[Finding]
) -> Topic:
    """Return the facts about a topic, without its text."""
    reading = open_fields(node, findings, TOPIC)
    # After a misspelt name the text is read for all, so that one mistake gives one error.
    named = reading.names("audiences", audiences)
    _report_long_properties(reading)
    reviewed_by, reviewed_on = reading.texts("reviewed_by"), reading.iso_date("reviewed_on")
    if bool(reviewed_by) != bool(reviewed_on):
        key = "reviewed_on" if reviewed_by else "reviewed_by"
        message = f"'{key}' is empty, and the other says that there was a review."
        findings.append(error("empty-value", message, reading.place(key), "fill both, or leave both empty"))
    readers = named if named and set(named) <= set(audiences) else tuple(audiences)
    return Topic(
        name=name,
        title=reading.text("name"),
        audiences=readers,
        version=reading.text("version"),
        published=reading.iso_date("published"),
        authors=reading.texts("authors"),
        reviewed_by=reviewed_by,
        reviewed_on=reviewed_on,
        next_review=reading.iso_date("next_review"),
        keywords=reading.texts("keywords"),
        licence=reading.text("licence"),
        condition=read_condition(reading),
        languages={},
        at=at,
        lengths=_read_talk_lengths(reading),
        must_cite=reading.words("must_cite"),
        places={key.text: value.at for key, value in reading.entries()},
        must_have=reading.words("must_have"),
        must_show=reading.words("must_show"),
        points=_read_key_points(reading),
        points_in=reading.words("points_in"),
        crisis=_read_crisis_needs(reading, readers),
        lines=_read_lines(reading, readers),
        accents=_read_accents(reading, readers),
        review_roles=_read_review_roles(reading),
        templates=tuple(word.text for word in reading.words("templates")) or DEFAULT_TEMPLATES,
        other_formats=_read_other_formats(reading, readers),
    )


def _read_review_roles(topic: FieldReader) -> tuple[Word, ...]:
    """Return the roles in which a topic must be signed."""
    roles = tuple(dict.fromkeys(topic.words("review_roles")))
    for role in roles:
        check_name(role, "a role", topic.findings)
    return roles


def _read_lines(topic: FieldReader, audiences: Collection[str]) -> dict[str, LineLook]:
    """Return the line on cover and slides by audience, where the topic overrides it."""
    reading = topic.by_audience("line", audiences)
    return {key.text: cast(LineLook, reading.choice(key.text)) for key, _ in reading.entries()}


def _read_accents(topic: FieldReader, audiences: Collection[str]) -> dict[str, Word]:
    """Return the accents by audience, with their places, where the topic overrides them."""
    reading = topic.by_audience("accents", audiences)
    named = {key.text: Word(reading.text(key.text), reading.place(key.text)) for key, _ in reading.entries()}
    return {name: word for name, word in named.items() if word.text}


def _read_crisis_needs(topic: FieldReader, audiences: Collection[str]) -> dict[str, tuple[Word, ...]]:
    """Return the needs that the crisis box answers, by audience; `danger` is required."""
    reading, needs = topic.by_audience("crisis", audiences), {}
    for key, node in reading.entries():
        before = len(topic.findings)
        needs[key.text] = tuple(dict.fromkeys(reading.words(key.text)))
        if len(topic.findings) == before and "danger" not in [word.text for word in needs[key.text]]:
            message = "The crisis box does not say whom to call in danger."
            named = "crisis" if node is topic.node("crisis") else key.text
            topic.findings.append(error("missing-key", message, node.at, f"write {named}: [danger, …]"))
    return needs


def _read_other_formats(topic: FieldReader, audiences: Collection[str]) -> tuple[OtherFormatEntry, ...]:
    """Return the other formats that a topic lists, in order."""
    node = topic.node("other_formats")
    if isinstance(node, MappingNode):
        topic.wrong_type(node, "a list", "begin each one with - format:")
        return ()
    entries = []
    for reading in topic.mappings("other_formats", "other formats"):
        name, address = reading.choice("format"), read_web_address(reading, "address")
        if name == "web-page" and not reading.text("address"):
            message = "A web page needs its address."
            topic.findings.append(error("missing-key", message, reading.at, "add address: https://…"))
        readers, languages = reading.names("for", audiences), reading.words("languages")
        if name:
            entries.append(OtherFormatEntry(name, address, readers, languages, reading.at))
    return tuple(entries)


MAX_KEY_POINTS = 100


def _read_key_points(topic: FieldReader) -> tuple[KeyPoint, ...]:
    """Return the key points that a topic lists, in order."""
    reading = topic.nested("points")
    points = [KeyPoint(key.text, reading.text(key.text), key.at) for key, _ in reading.entries()]
    for extra in points[MAX_KEY_POINTS : MAX_KEY_POINTS + 1]:
        topic.findings.append(error("too-many", f"There are more than {MAX_KEY_POINTS} points.", extra.at, "join some"))
    return tuple(points)


def _check_topic(topic: Topic, templates: Collection[str] | None, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield an error for each unknown section, key point, template and language that a topic names.

    `templates` is None if a template cannot be read; `found` are the earlier findings.
    """
    broken = any(each.at.file == topic.at.file and is_error(each) for each in found)
    for sections in topic.languages.values():
        ids = [section.id for section in sections if section.id]
        referred = [section.see for section in sections if section.see]
        for word in (*referred, *topic.must_have, *topic.must_cite):
            if word.text not in ids:
                yield unknown_name_error("unknown-section", "section", word.text, ids, word.at)
        if topic.lengths or not broken:
            yield from _check_talk_lengths(sections, topic.lengths)
        # After an error in topic.yaml the list of points may be incomplete: one mistake gives one error.
        if not broken:
            yield from _check_key_points(sections, [point.id for point in topic.points])
    for word in topic.points_in:
        if templates is not None and word.text not in templates:
            yield unknown_name_error("unknown-template", "template", word.text, templates, word.at)
    for word in (word for each in topic.other_formats for word in each.languages):
        if word.text not in topic.languages:
            yield unknown_name_error("unknown-language", "language", word.text, topic.languages, word.at)


def _check_key_points(sections: Iterable[Section], known: Collection[str]) -> Iterator[Finding]:
    """Yield an error for each key point that a part makes but topic.yaml does not list."""
    for word in (word for section in sections for part in section.parts for word in part.makes):
        if word.text not in known:
            hint = suggest_name(word.text, known)
            hint = hint if hint.startswith("did") else "list it under points: in topic.yaml"
            yield error("unknown-point", f"There is no point '{word.text}'.", word.at, hint)


TOPIC_FILE = "topic.yaml"
_SETTINGS_ENDINGS = (".yaml", ".json")
MAX_SECTIONS, MAX_SECTION_LINES, MAX_SECTIONS_BYTES = 500, 10_000, 10_000_000
# After an error with one of these codes in topic.yaml, its audiences are uncertain.
_READERS_UNCERTAIN_CODES = ("unknown-audience", "wrong-type")


SHARED_FOLDERS = (CONTACTS_FOLDER, FONTS_FOLDER, PICTURES_FOLDER, THEMES_FOLDER, WORDING_FOLDER)  # not topics


def load_topics(folder: SourceFolder, rules: SectionRules, words: Mapping[str, FixedWords]) -> dict[str, Topic]:
    """Return the topics by name: every folder in content that holds text."""
    _check_total_size(folder)
    topics = {}
    for path in list_folders(folder.path):
        if path.name in SHARED_FOLDERS:
            continue
        if path.suffix in _SETTINGS_ENDINGS:
            read_text(folder, path)  # adds the error that it is not a file
            continue
        at = Location((path / TOPIC_FILE).as_posix())
        if not is_name(path.name):
            folder.error("bad-name", f"'{path.name[:80]}' is not a name for a topic.", at, NAME_HINT)
        before = len(folder.findings)
        settings = load_yaml(folder, path / TOPIC_FILE)
        topic = _read_topic(settings, path.name, rules.known.audiences, at, folder.findings)
        since = folder.findings[before:]
        certain = settings is not None and not any(each.code in _READERS_UNCERTAIN_CODES for each in since)
        known = replace(rules.known, audiences=topic.audiences)
        own = replace(rules, known=known, certain=certain, made_by=topic.templates)
        homes = [each for each in list_folders(path) if each.name != TOPIC_FILE]
        spoken, needs = _load_words(folder, homes, words)
        languages = {each.name: _load_sections(folder, each, own, spoken.get(each.name)) for each in homes}
        if not languages:
            folder.error("missing-file", "This topic has no text.", at, "add a folder such as en with a file a section")
        topic = replace(topic, languages=languages, words=spoken, own_needs=needs)
        topics[path.name] = with_sign_offs(topic, folder, path, certain=certain)
        folder.findings.extend(_check_topic(topics[path.name], rules.templates, tuple(folder.findings)))
    return topics


def _check_total_size(folder: SourceFolder) -> None:
    """Add up the sizes of all sections. HandoutError if the total is over the limit; then none is read."""
    homes = [each for path in list_folders(folder.path) for each in list_folders(path)]
    sizes = (file.lstat().st_size for home in homes for file in list_files(home, ".md"))
    if (
        sum(size for size in sizes if size <= MAX_FILE_BYTES) > MAX_SECTIONS_BYTES
    ):  # larger files get an error of their own
        message = f"All sections together are larger than {MAX_SECTIONS_BYTES // 1_000_000} MB."
        hint = "divide the topics among several folders"
        raise HandoutError(error("too-large", message, Location(folder.path.as_posix()), hint))


def _load_words(
    folder: SourceFolder, homes: Iterable[Path], words: Mapping[str, FixedWords]
) -> tuple[dict[str, FixedWords], tuple[Word, ...]]:
    """Return the fixed words of a topic by language, and the needs that only its own words name."""
    read = {path.name: load_topic_words(folder, path, words[path.name]) for path in homes if path.name in words}
    needs = dict.fromkeys(need for _, each in read.values() for need in each)
    return {language: each for language, (each, _) in read.items()}, tuple(needs)


def _load_sections(
    folder: SourceFolder, path: Path, rules: SectionRules, words: FixedWords | None
) -> tuple[Section, ...]:
    """Return the sections of a topic in one language, in the order of their files."""
    if words is None:
        at = Location(path.as_posix())
        message = f"There are no words for '{path.name}'."
        folder.error("unknown-language", message, at, "add templates/words/<language>.yaml")
    elif words.entries:
        rules = replace(rules, known=replace(rules.known, needs=needs_with_words(words)))
    report_unread_files(folder, path, (WORDS_FILE,))
    rules_key = fingerprint(rules)
    sections: list[Section] = []
    for number, file in enumerate(list_files(path, ".md"), 1):
        if number > MAX_SECTIONS:
            message = f"There are more than {MAX_SECTIONS} sections."
            folder.error("too-many", message, Location(file.as_posix()), "make two topics of them")
            break
        text = read_text(folder, file)
        if text is None:
            continue
        if text.count("\n") > MAX_SECTION_LINES:
            at = Location(file.as_posix(), MAX_SECTION_LINES + 1, 1)
            folder.error("too-many", f"This section has more than {MAX_SECTION_LINES} lines.", at, "make several of it")
            continue
        key = ("section", file.as_posix(), text, rules_key)
        read = folder.cache.get_or_compute(key, partial(read_section, text, file.as_posix(), rules))
        folder.findings.extend(read.findings)
        section = read.section
        if section is None:
            continue
        first = next((each for each in sections if each.id and each.id == section.id), None)
        if first:
            message = f"A second section has the id '{section.id}'; the first is {first.at}."
            folder.error("duplicate-id", message, section.at, "give it an id of its own")
        sections.append(section)
    if not sections:
        at = Location(path.as_posix())
        folder.error("missing-file", "There is no section here.", at, "add a file that ends with .md")
    return tuple(sections)


def _report_long_properties(reading: FieldReader) -> None:
    """Add a warning for values that are too long for the properties of a deck, where they are shortened."""
    said = {"name": reading.text("name"), **{key: ", ".join(reading.texts(key)) for key in ("authors", "keywords")}}
    for key, text in said.items():
        if len(text) > _MAX_PROPERTY_CHARACTERS:
            message = (
                f"'{key}' has {len(text)} characters; a deck says the first {_MAX_PROPERTY_CHARACTERS} about itself."
            )
            hint = "nothing is cut on pages and slides"
            reading.findings.append(warning("long-property", message, reading.place(key), hint))


def _read_talk_lengths(reading: FieldReader) -> tuple[int, ...]:
    """Return the lengths of a talk in minutes."""
    items = reading.items("lengths")
    for item in items:
        if not is_length(item.text):
            message = f"'{item.text}' is not a length of a talk."
            hint = f"write whole minutes up to {LONGEST_TALK}, such as [30, 60, 90]"
            reading.findings.append(error("wrong-type", message, item.at, hint))
    return tuple(int(item.text) for item in items if is_length(item.text))


def _check_talk_lengths(sections: Iterable[Section], lengths: Collection[int]) -> Iterator[Finding]:
    """Yield a warning for each section that is only in talks shorter than all `lengths`."""
    for section in sections:
        if section.until and not any(length <= section.until for length in lengths):
            message = f"No talk is as short as {section.until} minutes, so this is on no slide."
            hint = f"lengths in topic.yaml: {', '.join(map(str, lengths)) or 'none'}"
            yield warning("never-shown", message, section.at, hint)
