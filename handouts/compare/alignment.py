"""Align the sentences of a part as two audiences read it: equal ones in one row, similar ones next to each other.

Blocks of a part in; sentences with their places, then rows out. Links show their target; citations are left
out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, product, zip_longest

from msgspec import Struct

from handouts.check.passages import find_words
from handouts.check.readability import split_sentences
from handouts.finding import Location
from handouts.markdown import syntax_tree as tree
from handouts.markdown.syntax_tree import Blocks

# Blocks that show more than the words in them; the values of their attributes say what.
_SHOWN_KINDS = ("figure", "chart", "picture", "qr", "contacts", "sources")
_LONGEST_SEARCH = 60  # characters by which a sentence is found in its file


class LocatedSentence(Struct, frozen=True):
    """One sentence, or the name of something shown such as "(figure: wave)", and where it was written."""

    text: str
    at: Location


def located_sentences(blocks: Blocks, written: str) -> tuple[LocatedSentence, ...]:
    """Return the sentences of blocks in reading order; `written` is the text of their file."""
    sentences: list[LocatedSentence] = []
    for content, block in _block_contents(blocks):
        if isinstance(block, tree.Div):
            values = " ".join(pair.value.text for pair in block.attributes.pairs)
            name = f"{block.attributes.kind}: {values}" if values else block.attributes.kind
            sentences.append(LocatedSentence(f"({name})", block.at))
        else:
            sentences.extend(_locate_sentences(content, written))
    return tuple(sentences)


def count_words(blocks: Blocks) -> int:
    """Return the number of words in blocks."""
    texts = (tree.plain_text_of(content) for content, _ in _block_contents(blocks))
    return sum(len(each.words) for text in texts for each in split_sentences(text))


def _block_contents(blocks: Blocks) -> Iterator[tuple[tree.Inlines, tree.Block]]:
    """Yield the words of each paragraph, heading and cell with their block, and each block that shows something."""
    for node in tree.walk_tree(blocks):
        match node:
            case tree.ParagraphNode() | tree.HeadingNode():
                yield node.content, node
            case tree.TableNode():
                for row in (node.head, *node.rows):
                    yield from ((cell.content, node) for cell in row)
            case tree.Div() if node.attributes.kind in _SHOWN_KINDS:
                yield (), node
            case _:
                continue


def _locate_sentences(content: tree.Inlines, written: str) -> Iterator[LocatedSentence]:
    """Yield the sentences of one paragraph, heading or cell, each with its place."""
    runs = _text_runs(content)
    starts = list(accumulate((len(words) for words, _ in runs), initial=0))[:-1]
    for each in split_sentences("".join(words for words, _ in runs)):
        run = bisect_right(starts, each.start) - 1
        (words, at), offset = runs[run], each.start - starts[run]
        first = words[offset : offset + each.end - each.start][:_LONGEST_SEARCH].strip()
        found = find_words(first, words[:offset].count(first), at, {at.file: written})
        yield LocatedSentence(" ".join(each.text.split()), found or at)


def _text_runs(content: tree.Inlines) -> list[tuple[str, Location]]:
    """Return the runs of text in inline nodes, each with its place; the target of a link follows its words."""
    runs: list[tuple[str, Location]] = []
    for node in content:
        match node:
            case tree.TextNode():
                runs.append((node.text, node.at))
            case tree.StrongNode() | tree.SpanNode():
                runs.extend(_text_runs(node.content))
            case tree.LinkNode():
                runs.extend((*_text_runs(node.content), (f" <{node.target}>", node.at)))
            case tree.CitationNode() if runs:
                runs[-1] = (runs[-1][0].rstrip(), runs[-1][1])  # without the space before the citation
            case _:
                continue
    return runs


_SIMILAR_FROM = 0.5  # share of words in common from which two sentences stand in one row


class SentencePair(Struct, frozen=True):
    """One row: a sentence of the left reader and one of the right; None where a reader has no counterpart."""

    left: LocatedSentence | None
    right: LocatedSentence | None

    @property
    def same(self) -> bool:
        """True if both read the same sentence."""
        return self.left is not None and self.right is not None and self.left.text == self.right.text


def align_sentences(left: Sequence[LocatedSentence], right: Sequence[LocatedSentence]) -> tuple[SentencePair, ...]:
    """Return rows with all sentences of both sides in their order; equal ones share a row."""
    matcher = SequenceMatcher(None, [each.text for each in left], [each.text for each in right], autojunk=False)
    return tuple(
        row
        for what, i1, i2, j1, j2 in matcher.get_opcodes()
        for row in (
            map(SentencePair, left[i1:i2], right[j1:j2])
            if what == "equal"
            else _align_similar(left[i1:i2], right[j1:j2])
        )
    )


def _align_similar(left: Sequence[LocatedSentence], right: Sequence[LocatedSentence]) -> Iterator[SentencePair]:
    """Yield rows with the most similar sentences side by side, and the others in order before and after them."""
    overlaps = {
        (i, j): word_overlap(one.text, other.text) for i, one in enumerate(left) for j, other in enumerate(right)
    }

    def align_between(i1: int, i2: int, j1: int, j2: int) -> Iterator[SentencePair]:
        best = max(product(range(i1, i2), range(j1, j2)), key=overlaps.__getitem__, default=None)
        if best is None or overlaps[best] < _SIMILAR_FROM:
            yield from (SentencePair(one, other) for one, other in zip_longest(left[i1:i2], right[j1:j2]))
            return
        i, j = best
        yield from align_between(i1, i, j1, j)
        yield SentencePair(left[i], right[j])
        yield from align_between(i + 1, i2, j + 1, j2)

    return align_between(0, len(left), 0, len(right))


def word_overlap(one: str, other: str) -> float:
    """Return the share of words that two sentences have in common, from 0 to 1."""
    words, others = Counter(one.casefold().split()), Counter(other.casefold().split())
    return 2 * (words & others).total() / max(1, words.total() + others.total())
