"""Compare what the audiences of a topic read: two of them sentence by sentence, or all of them by number of words.

Selections in, records out. Compares what was written, section by section and part by part, before a template
places it; fixed words, contacts and lists of sources are the same for all. Equal sentences share a row, and similar
ones stand next to each other; links show their target, citations are left out. Must never print.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, product, zip_longest
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.check.readability import split_sentences
from handouts.check.rules import LONGEST_SEARCH, find_words
from handouts.finding import Location
from handouts.markdown import syntax_tree as tree
from handouts.markdown.syntax_tree import Blocks
from handouts.select import SelectedPart, SelectedSection, Selection

# Blocks that show more than the words in them; the values of their attributes say what.
_SHOWN_KINDS = ("figure", "chart", "picture", "qr", "contacts", "sources")
_SIMILAR_FROM = 0.5  # share of words in common from which two sentences stand in one row

_Difference: TypeAlias = Literal["same", "left", "right", "both"]


class LocatedSentence(Struct, frozen=True):
    """One sentence, or the name of something shown such as "(figure: wave)", and where it was written."""

    text: str
    at: Location


class SentencePair(Struct, frozen=True):
    """One row: a sentence of the left reader and one of the right; None where a reader has no counterpart."""

    left: LocatedSentence | None
    right: LocatedSentence | None

    @property
    def same(self) -> bool:
        """True if both read the same sentence."""
        return self.left is not None and self.right is not None and self.left.text == self.right.text


class _ComparedPart(Struct, frozen=True):
    """One part as two readers read it, a row for each sentence of either."""

    name: str
    rows: tuple[SentencePair, ...]


class ComparedSection(Struct, frozen=True):
    """One section that at least one of two readers reads, and the file in which it was written."""

    id: str
    kind: str
    file: str
    parts: tuple[_ComparedPart, ...]

    @property
    def rows(self) -> tuple[SentencePair, ...]:
        """All rows of its parts."""
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def difference(self) -> _Difference:
        """Whether both read the same, one alone reads it, or each reads something of their own."""
        rows = self.rows
        if all(row.same for row in rows):
            return "same"
        if all(row.right is None for row in rows):
            return "left"
        return "right" if all(row.left is None for row in rows) else "both"


class AudienceComparison(Struct, frozen=True):
    """All of a topic as the audiences `left` and `right` read it."""

    topic: str
    language: str
    left: str
    right: str
    sections: tuple[ComparedSection, ...]

    @property
    def sentences(self) -> Mapping[_Difference, int]:
        """How many sentences both read alike (`same`), and how many one alone reads."""
        rows = [row for section in self.sections for row in section.rows]
        alone = [row for row in rows if not row.same]
        return {
            "same": len(rows) - len(alone),
            "left": sum(row.left is not None for row in alone),
            "right": sum(row.right is not None for row in alone),
        }


class Coverage(Struct, frozen=True):
    """How many words of a section, or of one of its parts, each audience reads; 0 where it reads none."""

    name: str
    words: tuple[int, ...]
    parts: tuple[Coverage, ...] = ()


class Balance(Struct, frozen=True):
    """What each audience gets of a topic."""

    topic: str
    language: str
    audiences: tuple[str, ...]
    sections: tuple[Coverage, ...]

    @property
    def whole(self) -> tuple[int, ...]:
        """The words that each audience reads of all sections."""
        return tuple(map(sum, zip(*(section.words for section in self.sections), strict=True)))


def compare_selections(left: Selection, right: Selection) -> AudienceComparison:
    """Return what the readers of two selections of one topic in one language read alike, and what each alone."""
    texts = {**left.texts, **right.texts}
    sections = tuple(
        ComparedSection(section.id, section.kind, section.at.file, _compare_parts(each, texts[section.at.file]))
        for section, each in sections_side_by_side((left, right))
    )
    return AudienceComparison(left.topic.name, left.language, left.audience.name, right.audience.name, sections)


def _compare_parts(sections: Sequence[SelectedSection | None], written: str) -> tuple[_ComparedPart, ...]:
    """Return the parts of one section, each sentence of one reader beside that of the other.

    `written` is the text of the file in which their places are.
    """
    return tuple(
        _ComparedPart(
            name, align_sentences(*(_located_sentences(part.blocks, written) if part else () for part in parts))
        )
        for name, parts in parts_side_by_side(sections)
    )


def measure_balance(selections: Sequence[Selection]) -> Balance:
    """Return how many words of each section and part the readers of selections of one topic read."""
    first = selections[0]
    sections = tuple(_measure_coverage(section.id, each) for section, each in sections_side_by_side(selections))
    audiences = tuple(each.audience.name for each in selections)
    return Balance(first.topic.name, first.language, audiences, sections)


def _measure_coverage(name: str, sections: Sequence[SelectedSection | None]) -> Coverage:
    """Return how many words of one section and of each of its parts each reader reads."""
    parts = tuple(
        Coverage(part, tuple(_count_words(each.blocks) if each else 0 for each in parts))
        for part, parts in parts_side_by_side(sections)
    )
    words = tuple(map(sum, zip(*(part.words for part in parts), strict=True)))
    return Coverage(name, words, parts)


# ---------------------------------------------------------------- as data


def comparison_as_data(comparison: AudienceComparison) -> dict[str, object]:
    """Return a comparison as data for JSON."""
    return {
        "topic": comparison.topic,
        "language": comparison.language,
        "left": comparison.left,
        "right": comparison.right,
        "sentences": dict(comparison.sentences),
        "sections": [
            {
                "id": section.id,
                "kind": section.kind,
                "file": section.file,
                "difference": section.difference,
                "parts": [
                    {"name": part.name, "rows": [_row_as_data(row) for row in part.rows]} for part in section.parts
                ],
            }
            for section in comparison.sections
        ],
    }


def _row_as_data(row: SentencePair) -> dict[str, object]:
    """Return a row as data for JSON."""
    return {"same": row.same, "left": _sentence_as_data(row.left), "right": _sentence_as_data(row.right)}


def _sentence_as_data(sentence: LocatedSentence | None) -> dict[str, object] | None:
    """Return a sentence as data for JSON."""
    return None if sentence is None else {"text": sentence.text, "line": sentence.at.line, "column": sentence.at.column}


# ---------------------------------------------------------------- what belongs together


def sections_side_by_side(
    selections: Sequence[Selection],
) -> Iterator[tuple[SelectedSection, tuple[SelectedSection | None, ...]]]:
    """Yield each section that one of the readers reads, in the order of their files, as each of them reads it."""
    read = [{each.id: each for each in selection.sections} for selection in selections]
    known = {section.id: section for mine in read for section in mine.values()}
    for section in sorted(known.values(), key=lambda each: each.at):
        yield section, tuple(mine.get(section.id) for mine in read)


def parts_side_by_side(
    sections: Sequence[SelectedSection | None],
) -> Iterator[tuple[str, tuple[SelectedPart | None, ...]]]:
    """Yield each part of a section that one of the readers reads, in the order of the file, as each reads it."""
    read = [{(part.name, part.templates): part for part in (section.parts if section else ())} for section in sections]
    keys = {key: part.at for mine in read for key, part in mine.items()}
    for key in sorted(keys, key=lambda each: keys[each]):
        yield key[0], tuple(mine.get(key) for mine in read)


# ---------------------------------------------------------------- sentences with their places


def _located_sentences(blocks: Blocks, written: str) -> tuple[LocatedSentence, ...]:
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


def _count_words(blocks: Blocks) -> int:
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
        first = words[offset : offset + each.end - each.start][:LONGEST_SEARCH].strip()
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


# ---------------------------------------------------------------- sentences side by side


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
    overlaps = {(i, j): word_overlap(a.text, b.text) for i, a in enumerate(left) for j, b in enumerate(right)}

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
