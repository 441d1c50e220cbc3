"""Align the sentences of a part as two audiences read it: equal ones in one row, similar ones next to each other.

Blocks of a part in; sentences with their places, then rows out. Links show their target; citations are left
out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product, zip_longest

from msgspec import Struct

from handouts.check.passages import find_words
from handouts.check.readability import split_sentences
from handouts.finding import Location
from handouts.markdown import syntax_tree as tree
from handouts.markdown.syntax_tree import Blocks

# Blocks that show more than the words in them; the values of their attributes say what.
SHOWN_KINDS = ("figure", "chart", "picture", "qr", "contacts", "sources")
LONGEST_SEARCH = 60  # characters by which a sentence is found in its file


class LocatedSentence(Struct, frozen=True):
    """One sentence as its reader reads it, or the name of what is shown, and where it was written."""

    text: str
    at: Location


def located_sentences(blocks: Blocks, written: str) -> tuple[LocatedSentence, ...]:
    """Return what blocks tell, in reading order; `written` is the text of their file."""
    told: list[LocatedSentence] = []
    for content, block in block_contents(blocks):
        if isinstance(block, tree.Div):
            said = " ".join(pair.value.text for pair in block.attributes.pairs)
            told.append(LocatedSentence(f"({block.attributes.kind}{': ' if said else ''}{said})", block.at))
        else:
            told.extend(locate_sentences(content, written))
    return tuple(told)


def count_words(blocks: Blocks) -> int:
    """Return how many words blocks have."""
    stretches = (tree.plain_text_of(content) for content, _ in block_contents(blocks))
    return sum(len(each.words) for stretch in stretches for each in split_sentences(stretch))


def block_contents(blocks: Blocks) -> Iterator[tuple[tree.Inlines, tree.Block]]:
    """Yield the words of each paragraph, heading and cell with their block, and each block that shows something."""
    for node in tree.walk_tree(blocks):
        match node:
            case tree.ParagraphNode() | tree.HeadingNode():
                yield node.content, node
            case tree.TableNode():
                for row in (node.head, *node.rows):
                    yield from ((cell.content, node) for cell in row)
            case tree.Div() if node.attributes.kind in SHOWN_KINDS:
                yield (), node
            case _:
                continue


def locate_sentences(content: tree.Inlines, written: str) -> Iterator[LocatedSentence]:
    """Yield the sentences of one stretch of words."""
    runs = text_runs(content)
    starts = [sum(len(words) for words, _ in runs[:index]) for index in range(len(runs))]
    for each in split_sentences("".join(words for words, _ in runs)):
        run = bisect_right(starts, each.start) - 1
        (words, at), offset = runs[run], each.start - starts[run]
        first = words[offset : offset + each.end - each.start][:LONGEST_SEARCH].strip()
        found = find_words(first, words[:offset].count(first), at, {at.file: written})
        yield LocatedSentence(" ".join(each.text.split()), found or at)


def text_runs(content: tree.Inlines) -> list[tuple[str, Location]]:
    """Return runs of words, each with its place, and after a link where it leads."""
    runs: list[tuple[str, Location]] = []
    for node in content:
        match node:
            case tree.TextNode():
                runs.append((node.text, node.at))
            case tree.StrongNode() | tree.SpanNode():
                runs.extend(text_runs(node.content))
            case tree.LinkNode():
                runs.extend((*text_runs(node.content), (f" <{node.target}>", node.at)))
            case tree.CitationNode() if runs:
                runs[-1] = (runs[-1][0].rstrip(), runs[-1][1])  # of the space before it
            case _:
                continue
    return runs


SIMILAR_FROM = 0.5  # of the words of two sentences, from which on one is held to be the other in other words


class SentencePair(Struct, frozen=True):
    """A sentence of one reader beside that of another; None where the other has nothing for it."""

    left: LocatedSentence | None
    right: LocatedSentence | None

    @property
    def same(self) -> bool:
        """True if both read the same sentence."""
        return self.left is not None and self.right is not None and self.left.text == self.right.text


def align_sentences(left: Sequence[LocatedSentence], right: Sequence[LocatedSentence]) -> tuple[SentencePair, ...]:
    """Return a row for each sentence of either side, in the order of both; what is the same stands in one row."""
    matcher = SequenceMatcher(None, [each.text for each in left], [each.text for each in right], autojunk=False)
    return tuple(
        row
        for what, i1, i2, j1, j2 in matcher.get_opcodes()
        for row in (
            map(SentencePair, left[i1:i2], right[j1:j2])
            if what == "equal"
            else align_similar(left[i1:i2], right[j1:j2])
        )
    )


def align_similar(left: Sequence[LocatedSentence], right: Sequence[LocatedSentence]) -> Iterator[SentencePair]:
    """Yield rows in which the sentences that are most alike stand side by side, and around them the others."""
    places = list(product(range(len(left)), range(len(right))))
    best = max(places, key=lambda place: word_overlap(left[place[0]].text, right[place[1]].text), default=None)
    if best is None or word_overlap(left[best[0]].text, right[best[1]].text) < SIMILAR_FROM:
        yield from (SentencePair(one, other) for one, other in zip_longest(left, right))
        return
    i, j = best
    yield from align_similar(left[:i], right[:j])
    yield SentencePair(left[i], right[j])
    yield from align_similar(left[i + 1 :], right[j + 1 :])


@lru_cache(maxsize=10_000)
def word_overlap(one: str, other: str) -> float:
    """Return which share of the words of two sentences both have, from 0 to 1."""
    words, others = Counter(one.casefold().split()), Counter(other.casefold().split())
    return 2 * (words & others).total() / max(1, words.total() + others.total())
