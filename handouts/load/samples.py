"""Read the samples that new projects, topics, audiences and sections begin with, and fill in what is known.

Sample files hold `<<placeholders>>`, and stretches between `%% if talk` and `%% end` that are kept only if they are
chosen. Shipped settings are copied without what is for audiences or topics that the project does not have.
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
    """Return the text of each file in a folder and its subfolders, by relative path, sorted."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_text(encoding="utf-8") for each in files}


def fill_sample(text: str, values: Mapping[str, str], chosen: Collection[str]) -> str:
    """Return a sample with its placeholders filled in, and without the stretches that are not `chosen`.

    Stretches may be nested; the end of the file ends all of them.
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
    """Return the kind of section that a sample is, or ""."""
    found = _KIND.search(text)
    return found[1] if found else ""


def settings_for(text: str, audiences: Collection[str], lay: Collection[str], shipped_lay: Collection[str]) -> str:
    """Return the shipped contacts or wording rules for a project with other `audiences`.

    Entries for some topics, and for audiences that the project does not have, are left out. Entries for all lay
    audiences, `shipped_lay`, are for the project's, `lay`.
    """
    return "\n\n".join(filter(None, (_entry_for(each, audiences, lay, shipped_lay) for each in _ENTRY_GAP.split(text))))


def _entry_for(entry: str, audiences: Collection[str], lay: Collection[str], shipped_lay: Collection[str]) -> str:
    """Return one entry of a settings file for other audiences, or "" if it is not for them."""
    readers = _READERS.search(entry)
    named = {each.strip() for each in readers[1].split(",")} if readers else set()
    if _OF_SOME_TOPICS.search(entry):
        return ""
    if named and named == set(shipped_lay) and lay:
        return _READERS.sub(f"  for: [{', '.join(lay)}]", entry)
    return entry if named <= set(audiences) else ""


def load_shipped_audiences(content: Path) -> dict[str, Audience]:
    """Return the audiences of a valid content folder, by name."""
    folder = SourceFolder(content, [])
    return read_audiences(load_yaml(folder, content / "audiences.yaml"), folder.findings)


def load_accents(templates: Path, theme: str) -> tuple[str, ...]:
    """Return the names of the accents of a theme; none if the theme cannot be read."""
    themes = load_themes(SourceFolder(templates, []))
    return tuple(themes[theme].accents) if theme in themes else ()


def words_of_shared_needs(library: Library, language: str) -> dict[str, str]:
    """Return the words that a new topic needs for contacts of all topics, by key, taken from other topics."""
    usual = library.words.get(language, FixedWords(()))
    listed = [each for entries in library.contacts.values() for each in entries if not each.topics]
    needs = dict.fromkeys(each.need for each in listed)
    wanted = [f"{start}{need}" for need in needs for start in (NEED_WORDS, QUESTION_WORDS)]
    said = {key: words for topic in library.topics.values() for key, words in topic.words.get(language, usual).entries}
    return {key: said[key] for key in wanted if key in said and key not in dict(usual.entries)}


def lay_audiences(audiences: Mapping[str, Audience]) -> tuple[str, ...]:
    """Return the names of the lay audiences: those whose text is not set compactly."""
    return tuple(name for name, each in audiences.items() if each.density != "compact")


class SampleDefaults(Struct, frozen=True):
    """The defaults for new projects: audiences, and what differs by country.

    Readers whose name contains one of the words `professional` are used to technical terms. A topic has one section of
    each kind in `once`; sections of the kinds `closing` are at its end.
    """

    audiences: tuple[str, ...]
    professional: tuple[str, ...]
    letter: tuple[str, ...]
    american: tuple[str, ...]
    once: tuple[str, ...]
    closing: tuple[str, ...]


def load_sample_defaults(samples: Path) -> SampleDefaults:
    """Return the defaults in a folder of samples."""
    reading = open_fields(load_yaml(SourceFolder(samples, []), samples / "defaults.yaml"), [], _DEFAULTS)
    return SampleDefaults(**{name: reading.texts(name) for name in SampleDefaults.__struct_fields__})


def printing_problem(text: str) -> str:
    """Return why the first unprintable character of a text cannot be printed, or ""."""
    for each in text:
        problem = character_problem(each)
        if problem and problem[0] == "direction":
            return f"'{each}' is written from right to left, which cannot be printed yet"
        if problem:
            return problem[1][:1].lower() + problem[1][1:]
    return ""
