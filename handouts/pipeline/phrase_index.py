"""Find phrases in a finished file that only other audiences of its topic may read.

A worker returns the phrases of a file that are not in its document, to be looked up here: so no worker receives the
words of other audiences. What an audience reads is taken from its selection, and is not composed. Must never write.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from handouts.compose.house_style import respelling
from handouts.finding import Finding, HandoutError
from handouts.library import ANY_COUNTRY, Library
from handouts.markdown import syntax_tree as tree
from handouts.pipeline.compositions import Reader, select_for_reader
from handouts.pipeline.deliverables import Deliverable
from handouts.select import Selection
from handouts.verify.leakage import DocumentPhrases, ForbiddenPhrases, find_leaks, phrases_of_texts

_MAX_TOPICS = 2  # whose phrases are kept: files come topic by topic, and those of two topics may overlap


class PhraseIndex:
    """For each audience, the phrases that only other audiences of its topic read, whatever files were asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._topics: dict[tuple[str, str, str], dict[str, DocumentPhrases]] = {}

    def forbidden_for(self, deliverable: Deliverable) -> ForbiddenPhrases:
        """Return the phrases that must not be in a file."""
        key = deliverable.topic, deliverable.language, deliverable.country
        if key not in self._topics:
            if len(self._topics) == _MAX_TOPICS:
                del self._topics[next(iter(self._topics))]
            self._topics[key] = _phrases_by_audience(self._library, *key)
        phrases = self._topics[key]
        read = frozenset[str]().union(*(each.within for each in phrases.values()))
        return ForbiddenPhrases(read, phrases[deliverable.audience].across)

    def find_leaks(self, texts: tuple[tuple[str, ...], ...], deliverable: Deliverable) -> tuple[Finding, ...]:
        """Return an error for each text of a file, given as its phrases, that has one that only others read."""
        return tuple(find_leaks(texts, self.forbidden_for(deliverable))) if texts else ()


def _phrases_by_audience(library: Library, topic: str, language: str, country: str) -> dict[str, DocumentPhrases]:
    """Return the phrases that each audience of a topic reads, in any template."""
    chosen = library.topics[topic]
    phrases = {}
    for each in (library.audiences[name] for name in chosen.audiences):
        phrases[each.name] = DocumentPhrases()
        with suppress(HandoutError):  # it reads nothing of this topic
            selection = select_for_reader(library, Reader(chosen, each, language))
            phrases[each.name] = phrases_of_texts(_texts_of_selection(selection, country))
    return phrases


def _texts_of_selection(selection: Selection, country: str) -> Iterator[str]:
    """Yield every text that an audience may read: its parts, the terms explained to it, and its contacts."""
    library = selection.library
    respell = respelling(selection.topic, library.service, library.spellings)
    parts = (part for section in selection.sections for part in section.parts)
    yield from (respell(text) for part in parts for text in _texts_of_blocks(part.blocks))
    yield from (respell(each.means) for each in library.terms.values() if selection.audience.name in each.audiences)
    for contact in library.contacts[country or library.service.country or ANY_COUNTRY]:
        if contact.is_for(selection.audience.name, selection.topic.name):
            yield from (contact.name, contact.how)


def _texts_of_blocks(blocks: tree.Blocks) -> Iterator[str]:
    """Yield the texts of a part as files show them: paragraphs, headings, cells, values of attributes, link titles."""
    for node in tree.walk_tree(blocks):
        match node:
            case tree.ParagraphNode() | tree.HeadingNode():
                yield tree.plain_text_of(node.content)
            case tree.TableNode():
                yield from (tree.plain_text_of(cell.content) for row in (node.head, *node.rows) for cell in row)
            case tree.Div():
                yield from (pair.value.text for pair in node.attributes.pairs)
            case tree.LinkNode():
                yield node.title
