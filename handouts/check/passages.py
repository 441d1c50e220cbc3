"""List the passages of a Document: every text that is read or heard, with its role and its place in content.

A passage is the text of a paragraph, heading, cell or alt text, without citations. An offset in a passage is
traced back to line and column of the file, although spaces and quotation marks may have changed. Must never
judge.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.document.nodes import Citation, Document, Inlines, Link, Slide, Text, Worksheet, field_names
from handouts.document.text import is_inlines
from handouts.finding import NOWHERE, Location

PassageRole: TypeAlias = Literal["prose", "heading", "label", "cell", "words", "alt", "tooltip", "contact", "source"]
PassagePlace: TypeAlias = Literal["handout", "slides", "notes", "worksheet", "crisis"]

# What the fields of nodes hold that are no prose; those of plain text are read only if they stand here.
FIELD_ROLES: Mapping[tuple[str, str], PassageRole] = {
    ("Heading", "content"): "heading",
    ("Labelled", "label"): "label",
    ("Callout", "title"): "heading",
    ("Cover", "label"): "label",
    ("Cover", "title"): "heading",
    ("Sender", "content"): "contact",
    ("MainMessage", "label"): "label",
    ("Branch", "title"): "heading",
    ("Fork", "question"): "heading",
    ("CardRow", "label"): "label",
    ("Card", "claim"): "heading",
    ("Script", "situation"): "heading",
    ("Comparison", "left"): "label",
    ("Comparison", "right"): "label",
    ("Comparison", "rows"): "cell",
    ("Cell", "content"): "cell",
    ("Table", "caption"): "heading",
    ("Figure", "title"): "heading",
    ("Figure", "labels"): "words",
    ("Figure", "alt"): "alt",
    ("Chart", "title"): "heading",
    ("Chart", "rows_name"): "words",
    ("Chart", "series"): "words",
    ("ChartRow", "label"): "words",
    ("Chart", "alt"): "alt",
    ("Picture", "alt"): "alt",
    ("Contact", "need"): "contact",
    ("Contact", "name"): "contact",
    ("Contact", "how"): "contact",
    ("Source", "content"): "source",
    ("Writing", "label"): "label",
    ("Choices", "label"): "label",
    ("Scale", "label"): "label",
    ("Scale", "low"): "label",
    ("Scale", "high"): "label",
    ("FillTable", "caption"): "heading",
    ("FillTable", "head"): "label",
    ("FillTable", "rows"): "cell",
    ("Slide", "title"): "heading",
    ("Slide", "label"): "label",
    ("CrisisColumn", "question"): "label",
    ("Link", "title"): "tooltip",
}
# Words of a drawing come in pairs of a key and what is written there.
PAIRED_FIELDS = frozenset({("Figure", "labels")})


class Passage(Struct, frozen=True):
    """Words in one stretch: what they are, where they are read, and the place of their block.

    `runs` says from which character on the words were written at which place; `cites` behind how many characters a
    source is named.
    """

    text: str
    role: PassageRole
    place: PassagePlace
    at: Location
    runs: tuple[tuple[int, Location], ...] = ()
    cites: tuple[int, ...] = ()

    @property
    def places(self) -> tuple[Location, ...]:
        """Where its block and each run of its words were written."""
        return (self.at, *(at for _, at in self.runs))

    def run_at(self, offset: int) -> tuple[int, Location]:
        """Return where the run begins that holds the character at `offset`, in the text and in its file."""
        found = next((run for run in reversed(self.runs) if run[0] <= offset), None)
        return found if found and found[1] != NOWHERE else (0, self.at)


def passages_of(document: Document) -> tuple[Passage, ...]:
    """Return all passages of a document in reading order; those of a slide, then those of its notes."""
    return (
        *passages_in(document.blocks, "handout", NOWHERE),
        *passages_in(document.slides, "slides", NOWHERE),
        *passages_in(document.crisis, "crisis", NOWHERE),
    )


def passages_in(node: object, place: PassagePlace, at: Location, role: PassageRole | None = None) -> Iterator[Passage]:
    """Yield the passages in and below a node that stands at `at`."""
    if isinstance(node, tuple):
        if is_inlines(node):
            yield from inline_passages(node, role or "prose", place, at)
        else:
            for child in node:
                yield from passages_in(child, place, at, role)
    elif isinstance(node, str):
        if role is not None and node:
            yield Passage(node, role, place, at, ((0, at),))
    elif isinstance(node, Struct) and not isinstance(node, Location):
        here = "worksheet" if isinstance(node, Worksheet) else place
        yield from passages_below(node, here, getattr(node, "at", at))


def passages_below(node: Struct, place: PassagePlace, at: Location) -> Iterator[Passage]:
    """Yield the passages in the fields of a node."""
    name = type(node).__name__
    for each in field_names(node):
        value, field = getattr(node, each), (name, each)
        if field in PAIRED_FIELDS:
            value = tuple(words for _, words in value)
        here: PassagePlace = "notes" if isinstance(node, Slide) and each == "notes" else place
        yield from passages_in(value, here, at, FIELD_ROLES.get(field))


def inline_passages(content: Inlines, role: PassageRole, place: PassagePlace, at: Location) -> Iterator[Passage]:
    """Yield the words of inline nodes as one passage, and the tooltips of their links."""
    runs: list[tuple[int, Location]] = []
    pieces: list[str] = []
    tooltips: list[str] = []
    cites: list[int] = []
    gather_inline_text(content, pieces, runs, tooltips, cites)
    text = "".join(pieces)
    if text.strip():
        yield Passage(text, role, place, at, tuple(runs), tuple(cites))
    for each in tooltips:
        yield Passage(each, "tooltip", place, at, ((0, at),))


def gather_inline_text(
    content: Inlines, pieces: list[str], runs: list[tuple[int, Location]], tooltips: list[str], cites: list[int]
) -> None:
    """Gather the words of inline nodes, where each run of them begins, the tooltips, and where sources are named."""
    for node in content:
        match node:
            case Text():
                runs.append((sum(map(len, pieces)), node.at))
                pieces.append(node.text)
            case Citation():
                cites.append(sum(map(len, pieces)))
            case _:
                if isinstance(node, Link) and node.title:
                    tooltips.append(node.title)
                gather_inline_text(node.content, pieces, runs, tooltips, cites)


FileTexts = Mapping[str, str]

LONGEST_SEARCH = 60
LINE_END = re.compile("\n")
ALT_FENCE = "{.alt"  # below what else a picture says, which may be the same words
QUOTE_PATTERNS = {"“": '[“"]', "”": '[”"]', "‘": "[‘']", "’": "[’']", "…": r"(?:…|\.\.\.)"}


def place_in_file(passage: Passage, start: int, end: int, texts: FileTexts) -> Location:
    """Return where the characters from `start` to `end` of a passage were written."""
    begins, at = passage.run_at(start)
    if passage.role == "alt":
        at = find_words(ALT_FENCE, 0, at, texts) or at
    following = [offset for offset, _ in passage.runs if offset > start]
    words = passage.text[start : min([end, start + LONGEST_SEARCH, *following])].strip()
    before = passage.text[begins:start]
    return find_words(words, before.count(words) if words else 0, at, texts) or at


def find_words(words: str, skip: int, at: Location, texts: FileTexts) -> Location | None:
    """Return the place of `words` at or after a place, leaving out the first `skip` times that they occur there."""
    text = texts.get(at.file)
    if not words or text is None or not at.line:
        return None
    pattern = re.compile(
        "".join(QUOTE_PATTERNS.get(each, r"\s+" if each.isspace() else re.escape(each)) for each in words)
    )
    places = [found.start() for found in islice(pattern.finditer(text, offset_of(text, at)), skip + 1)]
    return span_at(text, places[-1], at.file) if places else None


def offset_of(text: str, at: Location) -> int:
    """Return the offset of a place in its text."""
    starts = line_starts(text)
    return starts[at.line - 1] + max(0, at.column - 1) if at.line <= len(starts) else len(text)


def span_at(text: str, offset: int, file: str) -> Location:
    """Return the place of an offset in its text."""
    starts = line_starts(text)
    line = bisect_right(starts, offset)
    return Location(file, line, offset - starts[line - 1] + 1)


# What is found in one document is mostly found in few texts.
@lru_cache(maxsize=64)
def line_starts(text: str) -> tuple[int, ...]:
    """Return the offset at which each line of a text begins."""
    return (0, *(end.end() for end in LINE_END.finditer(text)))
