"""Find leaks: runs of six words in a finished file that only other audiences may read.

Takes documents and texts; returns sets of phrases, and findings. Words are compared without case and
punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from msgspec import Struct

from handouts.document.nodes import Document
from handouts.document.text import texts_of
from handouts.finding import NOWHERE, Finding, error
from handouts.verify.matching import BUG_HINT

_PHRASE_LENGTH = 6
_WORD = re.compile(r"\w+")


def phrases_in(text: str) -> tuple[str, ...]:
    """Return each run of six words in a text."""
    return tuple(_phrases_of_words(_compared_words(text)))


def _compared_words(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return _WORD.findall(text.casefold())


def _phrases_of_words(words: Sequence[str]) -> list[str]:
    """Return each run of six words."""
    return list(map(" ".join, zip(*(words[start:] for start in range(_PHRASE_LENGTH)), strict=False)))


class DocumentPhrases(Struct, frozen=True):
    """The runs of six words of one audience: those `within` one text, and those that go `across` texts.

    A file may show what a document says in several texts in one: a heading with its number, a contact with its need.
    """

    within: frozenset[str] = frozenset()
    across: frozenset[str] = frozenset()


def document_phrases(documents: Iterable[Document]) -> DocumentPhrases:
    """Return the runs of what documents show, say and describe."""
    found = [phrases_of_texts(_all_texts_of(document)) for document in documents]
    return DocumentPhrases(
        frozenset().union(*(each.within for each in found)), frozenset().union(*(each.across for each in found))
    )


def phrases_of_texts(texts: Iterable[str]) -> DocumentPhrases:
    """Return the runs of texts that stand one after another."""
    words, starts = list[str](), list[int]()
    for text in texts:
        start = len(words)
        words += _compared_words(text)
        starts += range(start, len(words) - _PHRASE_LENGTH + 1)
    runs = _phrases_of_words(words)
    return DocumentPhrases(frozenset(runs[start] for start in starts), frozenset(runs))


def _all_texts_of(document: Document) -> Iterator[str]:
    """Yield all that a document says anywhere: what is shown, its titles, its notes, then what is hidden."""
    texts = [each for each in texts_of(document) if each.role not in ("number", "address")]
    yield from (each.text for each in texts if each.place != "notes" and each.visibility != "hidden")
    yield from (document.title, document.subject, document.running_title)
    yield from (each.text for each in texts if each.place == "notes" and each.visibility != "hidden")
    yield from (each.text for each in texts if each.visibility == "hidden")


class ForbiddenPhrases(Struct, frozen=True):
    """The runs that other audiences read and one does not: those of all audiences without the `own` ones."""

    everything: frozenset[str]
    own: frozenset[str]

    def __contains__(self, run: object) -> bool:
        """True if only other audiences read this run."""
        return run in self.everything and run not in self.own


def unshared_phrases(texts: Iterable[str], own: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """Return the runs of each text that are not the reader's `own`; texts without any are left out."""
    unshared = (tuple(run for run in runs if run not in own) for runs in map(phrases_in, texts))
    return tuple(runs for runs in unshared if runs)


def find_leaks(texts: Iterable[Sequence[str]], forbidden: Container[str]) -> Iterator[Finding]:
    """Yield an error for the first `forbidden` run of each text; a text is given as its runs of words."""
    for runs in texts:
        if leaked := next((run for run in runs if run in forbidden), None):
            yield error("foreign-words", f"“{leaked}” is meant for others, and is in the file.", NOWHERE, BUG_HINT)
