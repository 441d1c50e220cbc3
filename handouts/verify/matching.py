"""Texts that a file shows against those that it has to show: what is lost, what is out of order, what is too much.

What is shown is explained from its start to its end: each stretch of it is a wanted text, or one that the file may show
again. All ways to do so are tried, the likeliest first, so that a short text is never taken for a part of a longer one
while there is a way in which nothing is missing. Texts in, findings out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from msgspec import Struct

from handouts.finding import NOWHERE, Finding, error
from handouts.verify.expected import LETTER, Fixed, Stretch, squeezed

SHOWN = 60
MOST_STEPS = 200_000  # a text without faults takes about one step for each stretch
HINT = "this is a mistake of ours: please report it; --no-verify writes the file as it is"

Chain: TypeAlias = tuple[Stretch, ...]
Done: TypeAlias = tuple[int, ...]  # how many of each chain have been found


class Shown(Struct, frozen=True):
    """What a file shows in one place: its pieces, such as paragraphs, as one text, and where each of them ends."""

    text: str
    ends: frozenset[int]


class Stuck(Struct, frozen=True):
    """How far a text could be explained: up to a place, with so many of each chain found."""

    place: int
    done: Done


def compare(pieces: Iterable[str], chains: Sequence[Chain], fixed: Fixed, where: str) -> Iterator[Finding]:
    """Yield what `pieces` lack of the wanted texts, and what they say beyond these and what is `fixed_point_numbers`.

    The texts of a chain have to stand one after another, those of several chains may stand in any order.
    """
    held = [each for each in map(squeezed, pieces) if each]
    shown = Shown("".join(held), frozenset(accumulate(map(len, held))))
    wanted = tuple(tuple(each for each in chain if each.text) for chain in chains)
    stuck = explain(shown, wanted, fixed)
    if stuck:
        yield from faults(shown, wanted, stuck, where)


def explain(shown: Shown, chains: Sequence[Chain], fixed: Fixed) -> Stuck | None:
    """Return None if a text is explained by all of the wanted texts, each once, and fixed ones; else how far it is."""
    whole = tuple(len(chain) for chain in chains)
    best = Stuck(0, (0,) * len(chains))
    waiting, seen = [best], set[Stuck]()
    while waiting and len(seen) < MOST_STEPS:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        if each.place == len(shown.text):
            if each.done == whole:
                return None
        else:
            waiting += steps_from(each, shown, chains, fixed)
        best = max(best, each, key=lambda stuck: (stuck.place, sum(stuck.done)))
    return best


def steps_from(stuck: Stuck, shown: Shown, chains: Sequence[Chain], fixed: Fixed) -> Iterator[Stuck]:
    """Yield each way to explain what comes next, the likeliest last: texts that end where a piece does, and long ones.

    What is no letter, such as the number of a page, needs no explanation.
    """
    place, done = stuck.place, stuck.done
    first = shown.text[place]
    if not LETTER.match(first):
        yield Stuck(place + 1, done)
    found = [(text, done) for text in fixed.starting(first) if shown.text.startswith(text, place)]
    for index, chain in enumerate(chains):
        if done[index] < len(chain) and shown.text.startswith(chain[done[index]].text, place):
            found.append((chain[done[index]].text, (*done[:index], done[index] + 1, *done[index + 1 :])))
    found.sort(key=lambda each: (place + len(each[0]) in shown.ends, each[1] != done, len(each[0])))
    for text, after in found:
        yield Stuck(place + len(text), after)


def faults(shown: Shown, chains: Sequence[Chain], stuck: Stuck, where: str) -> Iterator[Finding]:
    """Yield what is wrong where a text can be explained no further: words too many, or texts that are lost.

    A piece that was composed, and could not be explained, is out of its order: then the text before it is lost.
    """
    waiting = [each for chain, done in zip(chains, stuck.done, strict=True) for each in chain[done:]]
    start = max((end for end in shown.ends if end <= stuck.place), default=0)
    end = min((end for end in shown.ends if end > stuck.place), default=len(shown.text))
    composed = any(each.text == shown.text[start:end] for chain in chains for each in chain)
    unknown = LETTER.search(shown.text, stuck.place, end) and not composed
    if unknown:
        yield extra(shown.text[stuck.place : end], where)
    missing = [each for each in waiting if each.text not in shown.text[stuck.place :]]
    yield from (lost(each, where) for each in missing or ([] if unknown else waiting[:1]))


def lost(stretch: Stretch, where: str) -> Finding:
    """Return the finding for words that are not where they have to be."""
    return error(
        "lost-words", f"“{stretch.text[:SHOWN]}” is missing in {where}, or out of its place.", stretch.at, HINT
    )


def extra(text: str, where: str) -> Finding:
    """Return the finding for words that nobody composed."""
    return error("extra-words", f"“{text[:SHOWN]}” is in {where}, and was not composed for it.", NOWHERE, HINT)
