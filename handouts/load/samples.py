"""Read what a new project, topic, audience or section begins with, and fill in what is known.

Sample files hold `<<places>>` to fill in, and stretches between `%% if talk` and `%% end` that stand only where that is
chosen. Settings that other projects have are taken without what is for audiences or topics that are not there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec import Struct

from handouts.document.nodes import FixedWords
from handouts.library import NEED_WORDS, QUESTION_WORDS, Audience, Library
from handouts.load.field_reader import open_fields
from handouts.load.files import SourceFolder
from handouts.load.settings_files import read_audiences
from handouts.load.themes import load_themes
from handouts.load.value_shapes import AnyText, Keys, ListOf, required
from handouts.load.yaml_nodes import load_yaml
from handouts.text.fonts import character_problem

_LIST = ListOf(AnyText())
_DEFAULTS = Keys(
    {
        "audiences": required(_LIST, "The readers of a new topic."),
        "professional": required(_LIST, "Words in the names of readers who are used to long words."),
        "letter": required(_LIST, "The countries that print on Letter."),
        "american": required(_LIST, "The countries that spell as Americans do."),
        "once": required(_LIST, "The kinds of section that a topic has one of."),
        "closing": required(_LIST, "The kinds of section that stand at the end of a topic."),
    }
)
_PLACE = re.compile("<<([a-z-]+)>>")
_IF, _END = "%% if ", "%% end"
_ENTRY_GAP = re.compile(r"\n\n(?=\S)")
_READERS = re.compile(r"^  for: \[([^\]]*)\]$", re.MULTILINE)
_OF_SOME_TOPICS = re.compile(r"^  topics: ", re.MULTILINE)
_KIND = re.compile(r"^# .*\{\.([a-z-]+)[ }]", re.MULTILINE)


def read_samples(folder: Path) -> dict[str, str]:
    """Return the text of each file in a folder and in those below it, by its name from there, in order."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_text(encoding="utf-8") for each in files}


def fill_sample(text: str, values: Mapping[str, str], chosen: Collection[str]) -> str:
    """Return a sample with its places filled in, and without the stretches that are not for what is `chosen`.

    Stretches stand in one another; the end of the file ends all of them.
    """
    lines: list[str] = []
    shown = [True]
    for line in text.split("\n"):
        if line.startswith(_IF):
            shown.append(shown[-1] and line.removeprefix(_IF) in chosen)
        elif line == _END:
            shown.pop()
        elif shown[-1]:
            lines.append(_PLACE.sub(lambda place: values[place[1]], line))
    return "\n".join(lines)


def kind_of_sample(text: str) -> str:
    """Return the kind of section that a sample is of, "" if it is none."""
    found = _KIND.search(text)
    return found[1] if found else ""


def settings_for(text: str, audiences: Collection[str], lay: Collection[str], shipped_lay: Collection[str]) -> str:
    """Return contacts or wording rules of the shipped topic for a project that has other `audiences`.

    What belongs to some topics is left out, and so is what is for audiences that are not there. What is for all that
    are not used to long words, `shipped_lay`, is for those of the project, `lay`.
    """
    return "\n\n".join(filter(None, (_entry_for(each, audiences, lay, shipped_lay) for each in _ENTRY_GAP.split(text))))


def _entry_for(entry: str, audiences: Collection[str], lay: Collection[str], shipped_lay: Collection[str]) -> str:
    """Return one entry of a settings file for other audiences, "" if it is not for them."""
    readers = _READERS.search(entry)
    named = {each.strip() for each in readers[1].split(",")} if readers else set()
    if _OF_SOME_TOPICS.search(entry):
        return ""
    if named and named == set(shipped_lay) and lay:
        return _READERS.sub(f"  for: [{', '.join(lay)}]", entry)
    return entry if named <= set(audiences) else ""


def load_shipped_audiences(content: Path) -> dict[str, Audience]:
    """Return the audiences of a folder of content that is whole, by name."""
    folder = SourceFolder(content, [])
    return read_audiences(load_yaml(folder, content / "audiences.yaml"), folder.findings)


def load_accents(templates: Path, theme: str) -> tuple[str, ...]:
    """Return the names of the accents of a theme; none if it cannot be read."""
    themes = load_themes(SourceFolder(templates, []))
    return tuple(themes[theme].accents) if theme in themes else ()


def words_of_shared_needs(library: Library, language: str) -> dict[str, str]:
    """Return the words, by key, that one more topic needs for contacts of all topics, as other topics have them."""
    usual = library.words.get(language, FixedWords(()))
    listed = [each for entries in library.contacts.values() for each in entries if not each.topics]
    needs = dict.fromkeys(each.need for each in listed)
    wanted = [f"{start}{need}" for need in needs for start in (NEED_WORDS, QUESTION_WORDS)]
    said = {key: words for topic in library.topics.values() for key, words in topic.words.get(language, usual).entries}
    return {key: said[key] for key in wanted if key in said and key not in dict(usual.entries)}


def lay_audiences(audiences: Mapping[str, Audience]) -> tuple[str, ...]:
    """Return the names of the audiences that are not used to long words: those whose text is not set compactly."""
    return tuple(name for name, each in audiences.items() if each.density != "compact")


class SampleDefaults(Struct, frozen=True):
    """What is taken where nothing is said: audiences, and what differs by country.

    Readers with one of the words `professional` in their name are used to long words. Of the kinds `once` a topic has
    one section; those of the kinds `closing` stand at its end.
    """

    audiences: tuple[str, ...]
    professional: tuple[str, ...]
    letter: tuple[str, ...]
    american: tuple[str, ...]
    once: tuple[str, ...]
    closing: tuple[str, ...]


def load_sample_defaults(samples: Path) -> SampleDefaults:
    """Return what the samples of a folder take where nothing is said."""
    reading = open_fields(load_yaml(SourceFolder(samples, []), samples / "defaults.yaml"), [], _DEFAULTS)
    return SampleDefaults(
        audiences=reading.texts("audiences"),
        professional=reading.texts("professional"),
        letter=reading.texts("letter"),
        american=reading.texts("american"),
        once=reading.texts("once"),
        closing=reading.texts("closing"),
    )


def printing_problem(text: str) -> str:
    """Return why a text cannot be printed, about the first character that cannot, "" if it can."""
    for each in text:
        problem = character_problem(each)
        if problem and problem[0] == "direction":
            return f"'{each}' is written from right to left, which cannot be printed yet"
        if problem:
            return problem[1][:1].lower() + problem[1][1:]
    return ""
