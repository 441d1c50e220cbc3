"""The blocks of a part to what they tell: their sentences, each with its place, and what they show beside words.

Leaves out who is told, sources, and names of fields; says where a link leads.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from handouts.check.places import find_words
from handouts.check.sentences import sentences
from handouts.finding import Span
from handouts.markdown import tree
from handouts.markdown.tree import Blocks

# Blocks that show more than the words in them; the values of their attributes say what.
SHOWN = ("figure", "chart", "picture", "qr", "contacts", "sources")
LONGEST = 60  # characters by which a sentence is found in its file


class Told(Struct, frozen=True):
    """One sentence as its reader reads it, or the name of what is shown, and where it was written."""

    text: str
    at: Span


def sentences_of(blocks: Blocks, written: str) -> tuple[Told, ...]:
    """Return what blocks tell, in reading order; `written` is the text of their file."""
    told: list[Told] = []
    for content, block in contents_of(blocks):
        if isinstance(block, tree.Div):
            said = " ".join(pair.value.text for pair in block.attributes.pairs)
            told.append(Told(f"({block.attributes.kind}{': ' if said else ''}{said})", block.at))
        else:
            told.extend(sentences_in(content, written))
    return tuple(told)


def words_in(blocks: Blocks) -> int:
    """Return how many words blocks have."""
    stretches = (tree.plain_words(content) for content, _ in contents_of(blocks))
    return sum(len(each.words) for stretch in stretches for each in sentences(stretch))


def contents_of(blocks: Blocks) -> Iterator[tuple[tree.Inlines, tree.Block]]:
    """Yield the words of each paragraph, heading and cell with their block, and each block that shows something."""
    for node in tree.walk_tree(blocks):
        match node:
            case tree.Paragraph() | tree.Heading():
                yield node.content, node
            case tree.Grid():
                for row in (node.head, *node.rows):
                    yield from ((cell.content, node) for cell in row)
            case tree.Div() if node.attributes.kind in SHOWN:
                yield (), node
            case _:
                continue


def sentences_in(content: tree.Inlines, written: str) -> Iterator[Told]:
    """Yield the sentences of one stretch of words."""
    runs = runs_of(content)
    starts = [sum(len(words) for words, _ in runs[:index]) for index in range(len(runs))]
    for each in sentences("".join(words for words, _ in runs)):
        run = bisect_right(starts, each.start) - 1
        (words, at), offset = runs[run], each.start - starts[run]
        first = words[offset : offset + each.end - each.start][:LONGEST].strip()
        found = find_words(first, words[:offset].count(first), at, {at.file: written})
        yield Told(" ".join(each.text.split()), found or at)


def runs_of(content: tree.Inlines) -> list[tuple[str, Span]]:
    """Return runs of words, each with its place, and after a link where it leads."""
    runs: list[tuple[str, Span]] = []
    for node in content:
        match node:
            case tree.Words():
                runs.append((node.text, node.at))
            case tree.Strong() | tree.Stretch():
                runs.extend(runs_of(node.content))
            case tree.Link():
                runs.extend((*runs_of(node.content), (f" <{node.target}>", node.at)))
            case tree.Cite() if runs:
                runs[-1] = (runs[-1][0].rstrip(), runs[-1][1])  # of the space before it
            case _:
                continue
    return runs
