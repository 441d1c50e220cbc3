"""Find the passage that each paragraph of a review copy shows, by its bookmark, or by its words if that is lost.

Paragraphs and passages in, pairs out. Never guesses: a paragraph whose passage is uncertain has none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from msgspec import Struct
from msgspec.structs import replace

from handouts.compare.passages import ReviewPassage, passage_key
from handouts.load.reviewed_files import Mark, ReviewedParagraph, TrackedChange

_LEAST_SIMILARITY, _LEAST_LEAD = 0.6, 0.15  # the least similarity of changed words, and its lead over the second best
_LEAST_SHARE = 0.1  # of the paragraphs of a file, that must be passages of a topic
_LEAST_WORDS = 5  # with fewer, a paragraph may resemble a passage by chance
_MOST_COMPARED = 400  # passages with which a changed paragraph is compared
_AROUND = (40, 20, 8, 0)
_WORD = re.compile(r"\s+|\S+")
_PLAIN_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2011": "-"}
)


class PlacedParagraph(Struct, frozen=True):
    """A paragraph of a review copy with the passage that it shows, from the offset `start` of the paragraph.

    `words` are the words there before tracked changes. They differ from those of the passage if somebody changed them
    untracked, or if the content has changed since. `by_bookmark` says that the passage was found by its bookmark, so
    the content has not changed; `is_older` that the bookmark fits these words, so that only the content has changed.
    """

    paragraph: ReviewedParagraph
    passage: ReviewPassage
    start: int
    words: str
    by_bookmark: bool = False
    is_older: bool = False

    @property
    def is_as_made(self) -> bool:
        """True if the words before tracked changes are those of the passage."""
        return _with_plain_signs(self.words) == _with_plain_signs(self.passage.words)


def _with_plain_signs(words: str) -> str:
    """Return words of the same length in which quotation marks, hyphens and spaces have only one form."""
    return words.translate(_PLAIN_SIGNS)


def readers_of_copy(paragraphs: Iterable[ReviewedParagraph], passages: Sequence[ReviewPassage]) -> tuple[str, ...]:
    """Return the audiences for which a copy was made, as far as its paragraphs show it.

    They are those of whose own passages, which no other audience reads, at least half are in the copy.
    """
    paragraphs = tuple(paragraphs)
    names = {name for each in paragraphs for name, _, _ in each.bookmarks}
    words = {_normalized(each.before) for each in paragraphs}
    own, there = Counter[str](), Counter[str]()
    for each in passages:
        for audience in each.audiences if len(each.audiences) == 1 else ():
            own[audience] += 1
            there[audience] += each.key in names or _normalized(each.words) in words
    return tuple(name for name, count in own.items() if 2 * there[name] >= count)


def count_places(paragraphs: Iterable[ReviewedParagraph], passages: Sequence[ReviewPassage]) -> int:
    """Return how many paragraphs have the bookmark or the words of a passage.

    0 if they are so few that it may be chance: any two topics have some words in common.
    """
    keys, words = {each.key for each in passages}, {_normalized(each.words) for each in passages}
    written = [each for each in paragraphs if each.before.strip()]
    found = [
        each
        for each in written
        if any(name in keys for name, *_ in each.bookmarks) or _normalized(each.before) in words
    ]
    return len(found) if len(found) >= _LEAST_SHARE * len(written) else 0


def place_paragraphs(
    paragraphs: Sequence[ReviewedParagraph], passages: Sequence[ReviewPassage]
) -> dict[int, tuple[PlacedParagraph, ...]]:
    """Return the places of each paragraph by its index: several if it has the bookmarks of several passages."""
    numbers = {each.key: number for number, each in enumerate(passages)}
    named = [_named_stretches(each, numbers) for each in paragraphs]
    found: dict[int, int] = {index: each[0][0] for index, each in enumerate(named) if each}
    _add_equal_words(found, paragraphs, passages)
    _add_similar_words(found, paragraphs, passages)
    placed: dict[int, tuple[PlacedParagraph, ...]] = {}
    for index, paragraph in enumerate(paragraphs):
        if named[index]:
            placed[index] = tuple(
                PlacedParagraph(paragraph, passages[number], start, paragraph.before[start:end], by_bookmark=True)
                for number, start, end in named[index]
            )
        elif index in found:
            words, passage = paragraph.before.strip(), passages[found[index]]
            key = passage_key(passage.section, words)
            is_older = any(name.partition("_")[0] == key for name, _, _ in paragraph.bookmarks)
            start = paragraph.before.index(words)
            placed[index] = (PlacedParagraph(paragraph, passage, start, words, is_older=is_older),)
    return placed


def _named_stretches(paragraph: ReviewedParagraph, numbers: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """Return the index of the passage, start and end of each bookmarked stretch of a paragraph.

    Words before the first bookmark, or behind one, belong to it, so that the stretches cover all words.
    """
    known = sorted((start, end, numbers[name]) for name, start, end in paragraph.bookmarks if name in numbers)
    ends = [start for start, _, _ in known[1:]] + [len(paragraph.before.rstrip())]
    starts = [len(paragraph.before) - len(paragraph.before.lstrip()), *(start for start, _, _ in known[1:])]
    return [(number, start, max(start, end)) for (_, _, number), start, end in zip(known, starts, ends, strict=False)]


# ---------------------------------------------------------------- without bookmarks


def _normalized(words: str) -> str:
    """Return words in the form in which they are compared: with single spaces, and one form of each sign."""
    return " ".join(_with_plain_signs(words).split())


def _add_equal_words(
    found: dict[int, int], paragraphs: Sequence[ReviewedParagraph], passages: Sequence[ReviewPassage]
) -> None:
    """Add to `found` the passage of each paragraph with the same words.

    First come words that occur once on both sides; between these, words that occur equally often, in the same order. If
    some passages are not for all readers, columns may put paragraphs into another order than passages: then repeated
    words are told apart only if all of their passages are for the same readers.
    """
    theirs, ours = defaultdict(list), defaultdict(list)
    taken = set(found.values())
    for index, paragraph in enumerate(paragraphs):
        if index not in found and (words := _normalized(paragraph.before)):
            theirs[words].append(index)
    for number, passage in enumerate(passages):
        if number not in taken:
            ours[_normalized(passage.words)].append(number)
    for words, indices in theirs.items():
        if len(indices) == len(ours[words]) == 1:
            found[indices[0]] = ours[words][0]
    is_in_order = bool(passages and set.intersection(*(set(each.audiences) for each in passages)))
    fixed = _longest_increasing(found) if is_in_order else ([], [])
    for words, indices in theirs.items():
        for between, numbers in _between_fixed(indices, ours[words], fixed):
            alike = is_in_order or len({passages[number].audiences for number in numbers}) == 1
            if len(between) == len(numbers) and alike:
                found.update(zip(between, numbers, strict=True))


def _longest_increasing(found: Mapping[int, int]) -> tuple[list[int], list[int]]:
    """Return the longest increasing sequence of pairs, as paragraphs and passages: the other paragraphs were moved."""
    tails: list[int] = []
    rows: list[list[int]] = []
    for index in sorted(found):
        at = bisect_left(tails, found[index])
        row = [*(rows[at - 1] if at else ()), index]
        tails[at:] = [found[index], *tails[at + 1 :]]
        rows[at:] = [row, *rows[at + 1 :]]
    longest = rows[-1] if rows else []
    return longest, [found[index] for index in longest]


def _between_fixed(
    indices: Iterable[int], numbers: Iterable[int], fixed: tuple[list[int], list[int]]
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield paragraphs and passages in groups that lie between the same two pairs of `fixed`."""
    groups: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index in indices:
        groups[bisect_left(fixed[0], index)][0].append(index)
    for number in numbers:
        groups[bisect_left(fixed[1], number)][1].append(number)
    yield from groups.values()


def _add_similar_words(
    found: dict[int, int], paragraphs: Sequence[ReviewedParagraph], passages: Sequence[ReviewPassage]
) -> None:
    """Add to `found` the passage of each changed paragraph, if only one between its neighbours is like it."""
    fixed, taken = _longest_increasing(found), set(found.values())
    theirs, ours = {_normalized(each.before) for each in paragraphs}, [_normalized(each.words) for each in passages]
    taken |= {number for number, words in enumerate(ours) if words in theirs}
    equal = set(ours)
    for index, paragraph in enumerate(paragraphs):
        line = _normalized(paragraph.before)
        words = line.split()
        if index in found or len(words) < _LEAST_WORDS or line in equal:
            continue
        at = bisect_left(fixed[0], index)
        first = fixed[1][at - 1] + 1 if at else 0
        last = fixed[1][at] if at < len(fixed[1]) else len(passages)
        free = [number for number in range(first, min(last, first + _MOST_COMPARED)) if number not in taken]
        similarities = sorted(((_similarity(words, passages[number]), number) for number in free), reverse=True)
        best, second = [*similarities, (0.0, -1), (0.0, -1)][:2]
        if best[0] >= _LEAST_SIMILARITY and best[0] - second[0] >= _LEAST_LEAD:
            found[index] = best[1]
            taken.add(best[1])


def _similarity(words: list[str], passage: ReviewPassage) -> float:
    """Return the share of words that a paragraph and a passage have in common in the same order, from 0 to 1."""
    matcher = SequenceMatcher(None, words, _normalized(passage.words).split(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _LEAST_SIMILARITY else 0.0


# ---------------------------------------------------------------- where words are in a passage


def place_changes(placed: PlacedParagraph) -> Iterator[tuple[TrackedChange, bool]]:
    """Yield each tracked change of a paragraph, with its offset in the passage and whether that is certain."""
    end = placed.start + len(placed.words)
    for each in placed.paragraph.changes:
        if placed.start <= each.offset <= end or not placed.by_bookmark:
            offset = place_words(placed, each.offset, each.old.removesuffix("\n"))
            yield replace(each, offset=max(0, offset)), offset >= 0


def place_words(placed: PlacedParagraph, offset: int, words: str) -> int:
    """Return the offset in the passage of words in a paragraph, found by their context, or -1 if it is uncertain."""
    offset -= placed.start
    if placed.is_as_made:
        return min(max(0, offset), len(placed.passage.words))
    theirs, ours = _with_plain_signs(placed.words), _with_plain_signs(placed.passage.words)
    for around in _AROUND:
        first, last = max(0, offset - around), offset + len(words) + around
        needle = theirs[first:last]
        if needle.strip() and ours.count(needle) == 1:
            return ours.index(needle) + offset - first
    return -1


def untracked_changes(placed: PlacedParagraph) -> tuple[TrackedChange, ...]:
    """Return what was changed untracked in a paragraph, as one change of the words of the passage, or ()."""
    if placed.is_as_made or placed.is_older:
        return ()
    ours, theirs = (_WORD.findall(each) for each in (placed.passage.words, placed.words))
    pairs = [_with_plain_signs(one) == _with_plain_signs(other) for one, other in zip(ours, theirs, strict=False)]
    first = next((number for number, same in enumerate(pairs) if not same), len(pairs))
    backwards = zip(ours[first:][::-1], theirs[first:][::-1], strict=False)
    last = next(
        (number for number, (one, other) in enumerate(backwards) if _with_plain_signs(one) != _with_plain_signs(other)),
        0,
    )
    old, new = ("".join(each[first : len(each) - last]) for each in (ours, theirs))
    return (TrackedChange(Mark("", ""), sum(map(len, ours[:first])), old, new),)
