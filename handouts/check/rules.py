"""Define what a rule is, and what it reads: a checked document and its passages, with their places in content.

A passage is the text of a paragraph, heading, cell or alt text, without citations; an offset in it is traced back to
line and column of its file, although spaces and quotation marks may have changed. A rule takes one checked document
and yields faults with their places. `handouts.check.RULES` lists all rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.check.readability import Sentence
from handouts.document.nodes import Citation, Document, Inlines, Text, TextRole
from handouts.document.text import TextNode, texts_of, walk
from handouts.finding import NOWHERE, Finding, Location, Severity
from handouts.library import ContactEntry, ReadingLimits
from handouts.select import Selection

_PassagePlace: TypeAlias = Literal["handout", "slides", "notes", "worksheet", "crisis"]
# No rule is about numbers and addresses.
_UNJUDGED_ROLES = frozenset({"phone", "number", "address"})


class Passage(Struct, frozen=True):
    """The words of one paragraph, heading, cell or alt text: their role, where they are read, and where their block is.

    `runs` are pairs of an offset and the place where the words from there on were written; `cites` are the offsets of
    citations.
    """

    text: str
    role: TextRole
    place: _PassagePlace
    at: Location
    runs: tuple[tuple[int, Location], ...] = ()
    cites: tuple[int, ...] = ()

    @property
    def places(self) -> tuple[Location, ...]:
        """Where its block and each run of its words were written."""
        return (self.at, *(at for _, at in self.runs))

    def run_at(self, offset: int) -> tuple[int, Location]:
        """Return the start of the run that contains the character at `offset`: its offset, and where it was written."""
        found = next((run for run in reversed(self.runs) if run[0] <= offset), None)
        return found if found and found[1] != NOWHERE else (0, self.at)


def passages_of(document: Document) -> tuple[Passage, ...]:
    """Return all passages of a document in reading order; those of a slide are followed by those of its notes."""
    return (
        *_passages_in(document.blocks, "handout"),
        *_passages_in(document.slides, "slides"),
        *_passages_in(document.crisis, "crisis"),
    )


def _passages_in(node: TextNode, place: _PassagePlace) -> Iterator[Passage]:
    """Yield the passages of a node; those of notes and worksheets are read there."""
    for each in texts_of(node):
        if each.role in _UNJUDGED_ROLES:
            continue
        here = place if each.place == "body" else each.place
        if isinstance(each.content, str):
            yield Passage(each.content, each.role, here, each.at, ((0, each.at),))
        else:
            pieces, runs, cites = inline_pieces(each.content)
            if pieces.strip():
                yield Passage(pieces, each.role, here, each.at, runs, cites)


def inline_pieces(content: Inlines) -> tuple[str, tuple[tuple[int, Location], ...], tuple[int, ...]]:
    """Return the words of inline nodes without citations, offset and place of each run, and offsets of citations."""
    text = ""
    runs: list[tuple[int, Location]] = []
    cites: list[int] = []
    for node in walk(content):
        if isinstance(node, Text):
            runs.append((len(text), node.at))
            text += node.text
        elif isinstance(node, Citation):
            cites.append(len(text))
    return text, tuple(runs), tuple(cites)


_FileTexts = Mapping[str, str]

LONGEST_SEARCH = 60  # characters by which words are found in their file
_SEARCH_LENGTHS = (LONGEST_SEARCH, 30, 15)
_ALT_FENCE = "{.alt"  # below what else a picture says, which may be the same words
_QUOTE_PATTERNS = {"“": '[“"]', "”": '[”"]', "‘": "[‘']", "’": "[’']", "…": r"(?:…|\.\.\.)"}


def place_in_file(passage: Passage, start: int, end: int, texts: _FileTexts) -> Location:
    """Return where the characters from `start` to `end` of a passage were written."""
    begins, at = passage.run_at(start)
    if passage.role == "alt":
        at = find_words(_ALT_FENCE, 0, at, texts) or at
    following = [offset for offset, _ in passage.runs if offset > start]
    words = passage.text[start : min([end, start + LONGEST_SEARCH, *following])].strip()
    before = passage.text[begins:start]
    # Braces, as of a term that is explained, may stand between its words in the file: fewer of them are found before.
    pieces = (words[:length].strip() for length in _SEARCH_LENGTHS if words)
    found = (find_words(piece, before.count(piece), at, texts) for piece in dict.fromkeys(pieces))
    return next((place for place in found if place), at)


def find_words(words: str, skip: int, at: Location, texts: _FileTexts) -> Location | None:
    """Return the place of `words` at or after a place, after skipping their first `skip` occurrences."""
    text = texts.get(at.file)
    if not words or text is None or not at.line:
        return None
    pattern = re.compile(words_pattern(words))
    places = [found.start() for found in islice(pattern.finditer(text, offset_of(text, at)), skip + 1)]
    return location_at(text, places[-1], at.file) if places else None


def words_pattern(words: str) -> str:
    """Return a pattern that finds words as they were written, whatever their spaces and quotation marks."""
    return "".join(_QUOTE_PATTERNS.get(each, r"\s+" if each.isspace() else re.escape(each)) for each in words)


def offset_of(text: str, at: Location) -> int:
    """Return the offset of a place in its text, the end of the text for a line after it."""
    start = 0
    for _ in range(at.line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return len(text)
    return start + max(0, at.column - 1)


def location_at(text: str, offset: int, file: str) -> Location:
    """Return the place of an offset in the text of a file."""
    return Location(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


class ReadingSample(Struct, frozen=True):
    """The sentences that are read in one place, such as the slides, and the limits of that place."""

    name: str
    limits: ReadingLimits
    sentences: tuple[tuple[Passage, Sentence], ...]


class CheckedDocument(Struct, frozen=True):
    """One composed document, its selection, the country that is set, if one is, and the contacts that it prints.

    `nodes` are all nodes of its pages, slides and notes in reading order, `passages` all their words, `samples` the
    sentences of places with limits; `written` are the files of its sections.
    """

    document: Document
    selection: Selection
    contacts: tuple[ContactEntry, ...]
    nodes: tuple[object, ...]
    passages: tuple[Passage, ...]
    samples: tuple[ReadingSample, ...]
    written: frozenset[str]
    country: str = ""

    def is_written(self, at: Location) -> bool:
        """True for a place in a section of the content, and not in a template or in fixed words."""
        return at.file in self.written

    def place(self, passage: Passage, start: int = 0, end: int | None = None) -> Location:
        """Return the place in content of the characters from `start` to `end` of a passage."""
        return place_in_file(passage, start, len(passage.text) if end is None else end, self.selection.texts)


class Fault(Struct, frozen=True):
    """One breach of a rule: what is wrong, where, and what to write; `severity` if it is not that of the rule."""

    message: str
    at: Location
    hint: str
    severity: Severity | None = None


FindFaults: TypeAlias = Callable[[CheckedDocument], Iterator[Fault]]


class Rule(Struct, frozen=True):
    """One rule, with the code of its findings; `reason` says in one sentence why it exists."""

    code: str
    severity: Severity
    reason: str
    find: FindFaults

    def findings(self, checked: CheckedDocument) -> Iterator[Finding]:
        """Yield a finding for each breach of this rule."""
        for fault in self.find(checked):
            yield Finding(fault.severity or self.severity, self.code, fault.message, fault.at, fault.hint)


def error_rule(code: str, reason: str, find: FindFaults) -> Rule:
    """Return a rule whose faults are errors, which stop a build."""
    return Rule(code, Severity.ERROR, reason, find)


def warning_rule(code: str, reason: str, find: FindFaults) -> Rule:
    """Return a rule whose faults are warnings."""
    return Rule(code, Severity.WARNING, reason, find)
