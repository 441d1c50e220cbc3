"""A Document to its passages: each stretch of words that somebody reads or hears, what it is, where it was written.

A passage is what a paragraph, a heading, a cell or an alt text says, without its sources. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.document import Citation, Document, Inlines, Link, Slide, Text, Worksheet, is_inlines, names_of
from handouts.finding import NOWHERE, Span

Role: TypeAlias = Literal["prose", "heading", "label", "cell", "words", "alt", "tooltip", "contact", "source"]
Place: TypeAlias = Literal["handout", "slides", "notes", "worksheet", "crisis"]

# What the fields of nodes hold that are no prose; those of plain text are read only if they stand here.
ROLES: Mapping[tuple[str, str], Role] = {
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
PAIRED = frozenset({("Figure", "labels")})


class Passage(Struct, frozen=True):
    """Words in one stretch: what they are, where they are read, and the place of their block.

    `runs` says from which character on the words were written at which place; `cites` behind how many characters a
    source is named.
    """

    text: str
    role: Role
    place: Place
    at: Span
    runs: tuple[tuple[int, Span], ...] = ()
    cites: tuple[int, ...] = ()

    @property
    def places(self) -> tuple[Span, ...]:
        """Where its block and each run of its words were written."""
        return (self.at, *(at for _, at in self.runs))

    def run_at(self, offset: int) -> tuple[int, Span]:
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


def passages_in(node: object, place: Place, at: Span, role: Role | None = None) -> Iterator[Passage]:
    """Yield the passages in and below a node that stands at `at`."""
    if isinstance(node, tuple):
        if is_inlines(node):
            yield from sentence_of(node, role or "prose", place, at)
        else:
            for child in node:
                yield from passages_in(child, place, at, role)
    elif isinstance(node, str):
        if role is not None and node:
            yield Passage(node, role, place, at, ((0, at),))
    elif isinstance(node, Struct) and not isinstance(node, Span):
        here = "worksheet" if isinstance(node, Worksheet) else place
        yield from passages_below(node, here, getattr(node, "at", at))


def passages_below(node: Struct, place: Place, at: Span) -> Iterator[Passage]:
    """Yield the passages in the fields of a node."""
    name = type(node).__name__
    for each in names_of(node):
        value, field = getattr(node, each), (name, each)
        if field in PAIRED:
            value = tuple(words for _, words in value)
        here: Place = "notes" if isinstance(node, Slide) and each == "notes" else place
        yield from passages_in(value, here, at, ROLES.get(field))


def sentence_of(content: Inlines, role: Role, place: Place, at: Span) -> Iterator[Passage]:
    """Yield the words of inline nodes as one passage, and the tooltips of their links."""
    runs: list[tuple[int, Span]] = []
    pieces: list[str] = []
    tooltips: list[str] = []
    cites: list[int] = []
    gather(content, pieces, runs, tooltips, cites)
    text = "".join(pieces)
    if text.strip():
        yield Passage(text, role, place, at, tuple(runs), tuple(cites))
    for each in tooltips:
        yield Passage(each, "tooltip", place, at, ((0, at),))


def gather(
    content: Inlines, pieces: list[str], runs: list[tuple[int, Span]], tooltips: list[str], cites: list[int]
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
                gather(node.content, pieces, runs, tooltips, cites)
