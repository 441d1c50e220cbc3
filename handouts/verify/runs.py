"""Runs of six words: what only others are told, and whether a file holds any of it.

Documents and texts in, sets of runs out. Words are compared in small letters, without signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from handouts.document import Chart, Document, Figure, Link, Picture, Slide, walk, words_of

LENGTH = 6
WORD = re.compile(r"\w+")


def runs_in(text: str) -> Iterator[str]:
    """Yield each run of six words in a text."""
    words = WORD.findall(text.casefold())
    for start in range(len(words) - LENGTH + 1):
        yield " ".join(words[start : start + LENGTH])


# What one reader is told is asked for again for each of the other readers.
@lru_cache(maxsize=16)
def runs_of(document: Document) -> frozenset[str]:
    """Return each run of six words in what a document shows, says and describes; none goes on into the next text."""
    return frozenset(run for text in texts_of(document) for run in runs_in(text))


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


def foreign_runs(own: Iterable[Document], others: Iterable[Document]) -> frozenset[str]:
    """Return the runs of six words that only `others` have."""
    theirs = frozenset[str]().union(*(runs_of(each) for each in others))
    return theirs - frozenset[str]().union(*(runs_of(each) for each in own)) if theirs else theirs


def found_runs(texts: Iterable[str], foreign: frozenset[str]) -> Iterator[str]:
    """Yield the first of the `foreign` runs in each of `texts`."""
    for text in texts if foreign else ():
        if not foreign.isdisjoint(remembered_runs(text)):
            yield next(run for run in runs_in(text) if run in foreign)


@lru_cache(maxsize=1500)
def remembered_runs(text: str) -> tuple[str, ...]:
    """Return each run of six words in a text, which may well stand in the next file too."""
    return tuple(runs_in(text))
