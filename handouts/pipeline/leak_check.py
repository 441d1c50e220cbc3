"""Find in a finished file the phrases that only other audiences read.

A worker returns the phrases that the document of its file does not hold; only those are looked up here, so that
no worker receives the words of other audiences. Must never write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Document
from handouts.finding import HandoutError
from handouts.library import Library
from handouts.pipeline.compositions import (
    CompositionCache,
    Reader,
    ReaderKey,
    compose_cached,
    needed_selection,
    reader_key,
    requested_readers,
    requested_templates,
    select_for_reader,
)
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.render import RenderResult
from handouts.verify.leakage import DocumentPhrases, ForbiddenPhrases, document_phrases, find_leaks

MAX_CACHED_TOPICS = 2  # topics: files come topic by topic, and those of two are on their way at once


class TopicPhrases(Struct, frozen=True):
    """What all readers together are told, and what each of them is."""

    within: frozenset[str]
    across: Mapping[ReaderKey, frozenset[str]]


class PhraseIndex:
    """What others are told, for each reader: the same whatever was asked for.

    That is every document by every template, with all its slides. Where one cannot be composed, it is its own build
    that says why.
    """

    def __init__(self, library: Library, done: CompositionCache, options: Options) -> None:
        self.library, self.done, self.options = library, done, options
        self.told: dict[ReaderKey, TopicPhrases] = {}

    def foreign_to(self, deliverable: Deliverable) -> ForbiddenPhrases:
        """Return the runs of words that only other readers are told, not the reader of this file."""
        topic, language, country = deliverable.topic, deliverable.language, deliverable.country
        alike = topic, language, "", country
        if alike not in self.told:
            if len(self.told) == MAX_CACHED_TOPICS:
                del self.told[next(iter(self.told))]
            self.told[alike] = self.told_alike(topic, language, country)
        told = self.told[alike]
        key = topic, language, deliverable.audience, country
        return ForbiddenPhrases(told.within, told.across.get(key, frozenset()))

    def told_alike(self, topic: str, language: str, country: str) -> TopicPhrases:
        """Return what the readers of a topic are told, by every template and in full length."""
        everyone = replace(self.options, topics=(topic,), audiences=(), languages=(language,), country=country)
        asked = replace(everyone, minutes=(), template_names=tuple(self.library.templates))
        within, across = set[str](), dict[ReaderKey, frozenset[str]]()
        for reader in requested_readers(self.library, asked):
            runs = DocumentPhrases()
            with suppress(HandoutError):
                runs = document_phrases(self.documents_for(reader, asked))
            within |= runs.within
            across[reader_key(reader, asked)] = runs.across
        return TopicPhrases(frozenset(within), across)

    def documents_for(self, reader: Reader, asked: Options) -> Iterator[Document]:
        """Yield what a reader is told, unchecked if nobody has asked for it; what cannot be composed is left out."""
        selection = select_for_reader(self.library, reader)
        before, kept = self.done.composed.get(reader_key(reader, asked), {}), self.done.kept
        for key in requested_templates(self.library, reader, asked):
            if key in before:
                yield before[key].composition.document
            else:
                with suppress(HandoutError):
                    yield compose_cached(needed_selection(selection, key[0], kept), *key, asked, kept).document


def add_leak_errors(result: RenderResult, deliverable: Deliverable, others: PhraseIndex) -> RenderResult:
    """Return a result with an error for each text of the file that holds words which only others are told."""
    if not result.strange:
        return result
    found = find_leaks(result.strange, others.foreign_to(deliverable))
    return replace(result, rendered=replace(result.rendered, findings=(*result.rendered.findings, *found)))
