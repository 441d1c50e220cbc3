"""What only other readers are told, of a topic in one language and for one country: one union for all of them.

A worker says which words of a file its document does not say; only those are looked up here. So no worker is sent the
words of other readers, and a reader costs the same however many there are. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.deliverables import Deliverable
from handouts.build.gathering import Done, Key, Reader, asked_of, compose, key_of, needed_of, readers_of, selection_of
from handouts.build.options import Options
from handouts.document.nodes import Document
from handouts.finding import HandoutError
from handouts.library import Library
from handouts.verify.leakage import DocumentPhrases, ForbiddenPhrases, document_phrases

KEPT = 2  # topics: files come topic by topic, and those of two are on their way at once


class Told(Struct, frozen=True):
    """What all readers together are told, and what each of them is."""

    within: frozenset[str]
    across: Mapping[Key, frozenset[str]]


class Others:
    """What others are told, for each reader: the same whatever was asked for.

    That is every document by every template, with all its slides. Where one cannot be composed, it is its own build
    that says why.
    """

    def __init__(self, library: Library, done: Done, options: Options) -> None:
        self.library, self.done, self.options = library, done, options
        self.told: dict[Key, Told] = {}

    def foreign_to(self, deliverable: Deliverable) -> ForbiddenPhrases:
        """Return the runs of words that only other readers are told, not the reader of this file."""
        topic, language, country = deliverable.topic, deliverable.language, deliverable.country
        alike = topic, language, "", country
        if alike not in self.told:
            if len(self.told) == KEPT:
                del self.told[next(iter(self.told))]
            self.told[alike] = self.told_alike(topic, language, country)
        told = self.told[alike]
        key = topic, language, deliverable.audience, country
        return ForbiddenPhrases(told.within, told.across.get(key, frozenset()))

    def told_alike(self, topic: str, language: str, country: str) -> Told:
        """Return what the readers of a topic are told, by every template and in full length."""
        everyone = replace(self.options, topics=(topic,), audiences=(), languages=(language,), country=country)
        asked = replace(everyone, minutes=(), template_names=tuple(self.library.templates))
        within, across = set[str](), dict[Key, frozenset[str]]()
        for reader in readers_of(self.library, asked):
            runs = DocumentPhrases()
            with suppress(HandoutError):
                runs = document_phrases(self.documents_for(reader, asked))
            within |= runs.within
            across[key_of(reader, asked)] = runs.across
        return Told(frozenset(within), across)

    def documents_for(self, reader: Reader, asked: Options) -> Iterator[Document]:
        """Yield what a reader is told, unchecked if nobody has asked for it; what cannot be composed is left out."""
        selection = selection_of(self.library, reader)
        before, kept = self.done.composed.get(key_of(reader, asked), {}), self.done.kept
        for key in asked_of(self.library, reader, asked):
            if key in before:
                yield before[key].composition.document
            else:
                with suppress(HandoutError):
                    yield compose(needed_of(selection, key[0], kept), *key, asked, kept).document
