"""Topics: every folder of content that holds text, each with its settings and its sections by language.

Takes the folder and what sections may name; gives topics and gathers findings. What depends on settings that cannot be
read as they are meant is not judged: one mistake gives one finding.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from handouts.finding import HandoutError, Span, error
from handouts.library import Section, Topic
from handouts.load import facts
from handouts.load.files import LARGEST, Folder, files_in, folders_in, read_text, report_other_files
from handouts.load.points import check_topic
from handouts.load.reading import NAME_HINT, is_name
from handouts.load.sections import Read, Rules, read_section
from handouts.load.service import PICTURES
from handouts.load.settings import settings_of

CONTACTS, WORDING = "contacts", "wording"
TOPIC = "topic.yaml"
SETTINGS = (".yaml", ".json")
MOST_SECTIONS, MOST_LINES, LARGEST_OF_ALL = 500, 10_000, 10_000_000
UNSURE = ("unknown-audience", "wrong-type")  # after one of these in topic.yaml it is not known who reads the topic


def load_topics(folder: Folder, rules: Rules, words: Collection[str]) -> dict[str, Topic]:
    """Return the topics by name: every folder in content that holds text."""
    refuse_too_much(folder)
    topics = {}
    for path in folders_in(folder.path):
        if path.name in (CONTACTS, PICTURES, WORDING):
            continue
        if path.suffix in SETTINGS:
            read_text(folder, path)  # which says that it is no file
            continue
        at = Span(folder.name_of(path / TOPIC))
        if not is_name(path.name):
            folder.error("bad-name", f"'{path.name[:80]}' is no name for a topic.", at, NAME_HINT)
        before = len(folder.findings)
        settings = settings_of(folder, path / TOPIC)
        topic = facts.read_topic(settings, path.name, rules.known.audiences, at, folder.findings)
        certain = settings is not None and not any(each.code in UNSURE for each in folder.findings[before:])
        own = replace(rules, known=replace(rules.known, audiences=topic.audiences), certain=certain)
        homes = (each for each in folders_in(path) if each.name != TOPIC)
        languages = {each.name: load_sections(folder, each, own, words) for each in homes}
        if not languages:
            folder.error("missing-file", "This topic has no text.", at, "add a folder such as en with a file a section")
        topics[path.name] = replace(topic, languages=languages)
        folder.findings.extend(check_topic(topics[path.name], rules.templates, tuple(folder.findings)))
    return topics


def refuse_too_much(folder: Folder) -> None:
    """Add up the sizes of all sections. HandoutError if they are more than anybody writes: nothing of them is read."""
    homes = [each for path in folders_in(folder.path) for each in folders_in(path)]
    sizes = (file.lstat().st_size for home in homes for file in files_in(home, ".md"))
    if sum(size for size in sizes if size <= LARGEST) > LARGEST_OF_ALL:  # a larger file is refused by itself
        message = f"All sections together are larger than {LARGEST_OF_ALL // 1_000_000} MB."
        hint = "divide the topics among several folders"
        raise HandoutError(error("too-large", message, Span(folder.name_of(folder.path)), hint))


def load_sections(folder: Folder, path: Path, rules: Rules, words: Collection[str]) -> tuple[Section, ...]:
    """Return the sections of a topic in one language, in the order of their files."""
    if path.name not in words:
        at = Span(folder.name_of(path))
        folder.error(
            "unknown-language", f"There are no words for '{path.name}'.", at, "add templates/words/<language>.yaml"
        )
    report_other_files(folder, path)
    sections: list[Section] = []
    for number, file in enumerate(files_in(path, ".md"), 1):
        if number > MOST_SECTIONS:
            message = f"There are more than {MOST_SECTIONS} sections."
            folder.error("too-many", message, Span(folder.name_of(file)), "make two topics of them")
            break
        text = read_text(folder, file)
        if text is None:
            continue
        if text.count("\n") > MOST_LINES:
            at = Span(folder.name_of(file), MOST_LINES + 1, 1)
            folder.error("too-many", f"This section has more than {MOST_LINES} lines.", at, "make several of it")
            continue
        recipe = (text, folder.name_of(file), rules)
        read = folder.kept.remembered(Read, recipe, partial(read_section, *recipe))
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
        folder.error(
            "missing-file", "There is no section here.", Span(folder.name_of(path)), "add a file that ends with .md"
        )
    return tuple(sections)
