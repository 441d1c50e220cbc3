"""Stretches that have to be there against the words that are: what is lost, what is out of order, what is too much.

Texts without spaces in, findings out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handouts.finding import NOWHERE, Finding, error
from handouts.verify.expected import Fixed, Stretch

SHOWN = 60
MOST = 5
APART = " "  # stands where words were taken out, so that what is left does not run together
HINT = "this is a mistake of ours: please report it; --no-verify writes the file as it is"


def lost(stretch: Stretch, where: str) -> Finding:
    """Return the finding for words that are not where they have to be."""
    return error(
        "lost-words", f"“{stretch.text[:SHOWN]}” is missing in {where}, or out of its place.", stretch.at, HINT
    )


def extra(text: str, where: str) -> Finding:
    """Return the finding for words that nobody composed."""
    return error("extra-words", f"“{text[:SHOWN]}” is in {where}, and was not composed for it.", NOWHERE, HINT)


def compare_in_order(text: str, wanted: Iterable[Stretch], fixed: Fixed, where: str) -> Iterator[Finding]:
    """Yield what of `wanted` is not in `text` in this order, and what stands between that is not `fixed`."""
    position, gaps = 0, []
    for stretch in wanted:
        found = text.find(stretch.text, position)
        if found < 0:
            yield lost(stretch, where)
            continue
        gaps.append(text[position:found])
        position = found + len(stretch.text)
    gaps.append(text[position:])
    yield from extras(gaps, fixed, where)


def compare_loosely(texts: Iterable[str], wanted: Iterable[Stretch], fixed: Fixed, where: str) -> Iterator[Finding]:
    """Yield what of `wanted` is not in `texts` as often as it has to be, and what else is there that is not `fixed`.

    What is a text of its own is taken first, then what is a part of one, then what goes on from one to the next.
    """
    pieces = list(texts)
    parts = []
    for stretch in wanted:
        if stretch.text in pieces:
            pieces.remove(stretch.text)
        else:
            parts.append(stretch)
    across = []
    for stretch in sorted(parts, key=lambda each: len(each.text), reverse=True):
        index = next((index for index, piece in enumerate(pieces) if stretch.text in piece), None)
        if index is None:
            across.append(stretch)
        else:
            pieces[index : index + 1] = pieces[index].split(stretch.text, 1)
    for stretch in across:
        left = without(stretch.text, pieces)
        if left is None:
            yield lost(stretch, where)
        else:
            pieces = left
    yield from extras(pieces, fixed, where)


def without(words: str, pieces: Sequence[str]) -> list[str] | None:
    """Return what is left of `pieces`, each for itself, without `words` that go on from one to the next; None if they
    are not there.
    """
    first = "".join(pieces).find(words)
    if first < 0:
        return None
    left, start = [], 0
    for piece in pieces:
        before, after = max(first - start, 0), max(first + len(words) - start, 0)
        left += [piece[:before], APART, piece[after:]] if before < len(piece) and after else [piece]
        start += len(piece)
    return left


def compare_order(text: str, wanted: Sequence[Stretch], where: str) -> Iterator[Finding]:
    """Yield the first of `wanted` that does not stand after the one before it."""
    position = 0
    for stretch in wanted:
        if stretch.loose or stretch.spoken:
            continue
        found = text.find(stretch.text, position)
        if found < 0:
            yield lost(stretch, where)
            return
        position = found + len(stretch.text)


def extras(texts: Iterable[str], fixed: Fixed, where: str) -> Iterator[Finding]:
    """Yield what `texts` say beyond fixed words."""
    for text in texts:
        left = fixed.leftover(text)
        if left:
            yield extra(left, where)
