"""Runs of six words: what only others are told, and whether a file holds any of it.

Documents and texts in, sets of runs out. Words are compared in small letters, without signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from handouts.document import Chart, Document, Figure, Link, Picture, Slide, walk, words_of

LENGTH = 6
WORD = re.compile(r"\w+")


def runs_in(text: str) -> Iterator[str]:
    """Yield each run of six words in a text."""
    yield from runs_of(words_in(text))


def words_in(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return WORD.findall(text.casefold())


def runs_of(words: Sequence[str]) -> list[str]:
    """Return each run of six words."""
    return [" ".join(words[start : start + LENGTH]) for start in range(len(words) - LENGTH + 1)]


class ToldRuns(Struct, frozen=True):
    """The runs of six words that one reader is told: those `within` one text, and those with what goes `across` texts.

    A file may show what a document says in several texts in one: a heading with its number, a contact with its need.
    """

    within: frozenset[str] = frozenset()
    across: frozenset[str] = frozenset()


def told_runs(documents: Iterable[Document]) -> ToldRuns:
    """Return the runs of what documents show, say and describe."""
    within, across = set[str](), set[str]()
    for document in documents:
        words, starts = list[str](), list[int]()
        for text in texts_of(document):
            start = len(words)
            words += words_in(text)
            starts += range(start, len(words) - LENGTH + 1)
        runs = runs_of(words)
        within.update(runs[start] for start in starts)
        across.update(runs)
    return ToldRuns(frozenset(within), frozenset(across))


def texts_of(document: Document) -> Iterator[str]:
    """Yield all that a document says anywhere."""
    yield from words_of((document.blocks, document.slides))
    yield from (document.title, document.subject, document.running_title)
    for node in walk((document.blocks, document.slides)):
        if isinstance(node, Slide):
            yield from words_of(node.notes)
        elif isinstance(node, Figure | Chart | Picture):
            yield node.alt
        elif isinstance(node, Link):
            yield node.title


def foreign_runs(own: ToldRuns, others: Iterable[ToldRuns]) -> frozenset[str]:
    """Return the runs that only `others` are told."""
    return frozenset[str]().union(*(each.within for each in others)) - own.across


def found_runs(texts: Iterable[str], foreign: frozenset[str]) -> Iterator[str]:
    """Yield the first of the `foreign` runs in each of `texts`."""
    for text in texts if foreign else ():
        if not foreign.isdisjoint(remembered_runs(text)):
            yield next(run for run in runs_in(text) if run in foreign)


@lru_cache(maxsize=1500)
def remembered_runs(text: str) -> tuple[str, ...]:
    """Return each run of six words in a text, which may well stand in the next file too."""
    return tuple(runs_in(text))
