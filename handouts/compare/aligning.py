"""Two lists of sentences side by side: what is the same in one row, what is nearly the same, and the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product, zip_longest

from msgspec import Struct

from handouts.compare.told import Told

ALIKE = 0.5  # of the words of two sentences, from which on one is held to be the other in other words


class Row(Struct, frozen=True):
    """A sentence of one reader beside that of another; None where the other has nothing for it."""

    left: Told | None
    right: Told | None

    @property
    def same(self) -> bool:
        """True if both read the same sentence."""
        return self.left is not None and self.right is not None and self.left.text == self.right.text


def aligned(left: Sequence[Told], right: Sequence[Told]) -> tuple[Row, ...]:
    """Return a row for each sentence of either side, in the order of both; what is the same stands in one row."""
    matcher = SequenceMatcher(None, [each.text for each in left], [each.text for each in right], autojunk=False)
    return tuple(
        row
        for what, i1, i2, j1, j2 in matcher.get_opcodes()
        for row in (map(Row, left[i1:i2], right[j1:j2]) if what == "equal" else alike_first(left[i1:i2], right[j1:j2]))
    )


def alike_first(left: Sequence[Told], right: Sequence[Told]) -> Iterator[Row]:
    """Yield rows in which the sentences that are most alike stand side by side, and around them the others."""
    places = list(product(range(len(left)), range(len(right))))
    best = max(places, key=lambda place: share(left[place[0]].text, right[place[1]].text), default=None)
    if best is None or share(left[best[0]].text, right[best[1]].text) < ALIKE:
        yield from (Row(one, other) for one, other in zip_longest(left, right))
        return
    i, j = best
    yield from alike_first(left[:i], right[:j])
    yield Row(left[i], right[j])
    yield from alike_first(left[i + 1 :], right[j + 1 :])


@lru_cache(maxsize=10_000)
def share(one: str, other: str) -> float:
    """Return which share of the words of two sentences both have, from 0 to 1."""
    words, others = Counter(one.casefold().split()), Counter(other.casefold().split())
    return 2 * (words & others).total() / max(1, words.total() + others.total())
