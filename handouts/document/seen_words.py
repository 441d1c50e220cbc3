"""Hashes of the words that a reviewer sees: one for each section of a topic, and one for all of them.

Documents in, hashes out. They depend only on the words of the topic and on sentences in templates: not on layout,
numbers, fixed labels, contacts, the service, or the paths of files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from handouts.document.nodes import Citation, Document, Inlines, Text
from handouts.document.text import is_inlines, texts_of, walk
from handouts.finding import Location

WORDS_HASH_LENGTH, SECTION_HASH_LENGTH = 64, 16
_GIVEN_ROLES = ("contact", "number", "phone")  # words from the service, the country or the program

_TEMPLATES = "(templates)"  # stands for the sections of what a template says itself


def hash_sections(documents: Iterable[Document], sections: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return each section with the hash of its words in all documents; `sections` are their ids by file."""
    words: dict[str, list[str]] = {}
    for number, document in enumerate(documents):
        for each in texts_of(document):
            section = _section_of(each.content, each.at, sections) or (_TEMPLATES if each.role != "label" else "")
            if section and each.role not in _GIVEN_ROLES:
                words.setdefault(section, []).append(f"{number} {each.place} {_said(each.content)}")
    return tuple((section, _hash(texts)[:SECTION_HASH_LENGTH]) for section, texts in words.items())


def hash_words(sections: Iterable[tuple[str, str]]) -> str:
    """Return the hash of all words, of the hashes of their sections in order."""
    return _hash(f"{section} {words}" for section, words in sections)


def changed_sections(before: Iterable[tuple[str, str]], now: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the sections whose words were changed, added or removed."""
    old, new = dict(before), dict(now)
    return tuple(each for each in dict.fromkeys((*new, *old)) if old.get(each) != new.get(each))


def _section_of(content: Inlines | str, at: Location, sections: Mapping[str, str]) -> str:
    """Return the section in which words were written, or "" for words of templates and fixed words."""
    places = (node.at for node in walk(content) if isinstance(node, Text)) if isinstance(content, tuple) else ()
    return next((sections[each.file] for each in (*places, at) if each.file in sections), "")


def _said(content: Inlines | str) -> str:
    """Return words with single spaces, and each citation by the keys of its sources, since numbers shift."""
    if isinstance(content, str) or not is_inlines(content):
        return " ".join(str(content).split())
    pieces = (
        node.text if isinstance(node, Text) else f" [{' '.join(node.keys)}] "
        for node in walk(content)
        if isinstance(node, Text | Citation)
    )
    return " ".join("".join(pieces).split())


def _hash(texts: Iterable[str]) -> str:
    """Return the hash of texts, each on a line of its own."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
