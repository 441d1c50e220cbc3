"""Compare the texts that any file shows with those that it must show: some may be lost, out of order, or too many.

The shown text is matched from start to end as a sequence of expected and allowed texts. All sequences are tried,
the likeliest first, so that a short text is not taken for part of a longer one while a complete match exists.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from msgspec import Struct

from handouts.finding import NOWHERE, Finding, error
from handouts.verify.expected import LETTER, AllowedTexts, ExpectedText, normalized_text

_EXCERPT_LENGTH = 60
_MAX_MATCH_STEPS = 200_000  # a text without faults takes about one step for each expected text
BUG_HINT = "this is a bug in the program: please report it; --no-verify writes the file as it is"

TextChain: TypeAlias = tuple[ExpectedText, ...]
_MatchedCounts: TypeAlias = tuple[int, ...]  # how many of each chain have been found


class _ShownText(Struct, frozen=True):
    """The pieces that a file shows in one place, such as paragraphs, as one text, and the offset where each ends."""

    text: str
    ends: frozenset[int]


class _MatchState(Struct, frozen=True):
    """How far the text is matched: up to an offset, with the number of texts found of each chain."""

    place: int
    done: _MatchedCounts


def compare_texts(
    pieces: Iterable[str], chains: Sequence[TextChain], fixed: AllowedTexts, where: str
) -> Iterator[Finding]:
    """Yield the texts of `chains` that `pieces` lack, and the words that are neither in a chain nor `fixed`.

    The texts of a chain must be in order; those of different chains may be in any order.
    """
    texts = [each for each in map(normalized_text, pieces) if each]
    shown = _ShownText("".join(texts), frozenset(accumulate(map(len, texts))))
    wanted = tuple(tuple(each for each in chain if each.text) for chain in chains)
    state = _match_shown_text(shown, wanted, fixed)
    if state:
        yield from _mismatch_findings(shown, wanted, state, where)


def _match_shown_text(shown: _ShownText, chains: Sequence[TextChain], fixed: AllowedTexts) -> _MatchState | None:
    """Return None if a text consists of all texts of the chains, each once, and fixed ones; else the furthest state."""
    whole = tuple(len(chain) for chain in chains)
    best = _MatchState(0, (0,) * len(chains))
    waiting, seen = [best], set[_MatchState]()
    while waiting and len(seen) < _MAX_MATCH_STEPS:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        if each.place == len(shown.text):
            if each.done == whole:
                return None
        else:
            waiting += _next_match_states(each, shown, chains, fixed)
        if each.place > best.place or (each.place == best.place and sum(each.done) > sum(best.done)):
            best = each
    return best


def _next_match_states(
    state: _MatchState, shown: _ShownText, chains: Sequence[TextChain], fixed: AllowedTexts
) -> Iterator[_MatchState]:
    """Yield each state after the next text, the likeliest last: texts that end where a piece does, and long ones.

    Characters that are not letters, such as page numbers, are skipped.
    """
    place, done = state.place, state.done
    first = shown.text[place]
    if not LETTER.match(first):
        yield _MatchState(place + 1, done)
    found = [(text, done) for text in fixed.starting(first) if shown.text.startswith(text, place)]
    for index, (chain, count) in enumerate(zip(chains, done, strict=True)):
        if count < len(chain) and shown.text.startswith(chain[count].text, place):
            found.append((chain[count].text, (*done[:index], count + 1, *done[index + 1 :])))
    if len(found) > 1:
        found.sort(key=lambda each: (place + len(each[0]) in shown.ends, each[1] != done, len(each[0])))
    for text, after in found:
        yield _MatchState(place + len(text), after)


def _mismatch_findings(
    shown: _ShownText, chains: Sequence[TextChain], state: _MatchState, where: str
) -> Iterator[Finding]:
    """Yield what is wrong where a text can be matched no further: extra words, or lost texts.

    If the piece there was composed, it is out of order: then the text before it is lost.
    """
    waiting = [each for chain, done in zip(chains, state.done, strict=True) for each in chain[done:]]
    start = max((end for end in shown.ends if end <= state.place), default=0)
    end = min((end for end in shown.ends if end > state.place), default=len(shown.text))
    composed = any(each.text == shown.text[start:end] for chain in chains for each in chain)
    unknown = LETTER.search(shown.text, state.place, end) and not composed
    if unknown:
        words = shown.text[state.place : end][:_EXCERPT_LENGTH]
        yield error("extra-words", f"“{words}” is in {where}, and was not composed for it.", NOWHERE, BUG_HINT)
    missing = [each for each in waiting if each.text not in shown.text[state.place :]]
    yield from (lost_text_error(each, where) for each in missing or ([] if unknown else waiting[:1]))


def lost_text_error(lost: ExpectedText, where: str) -> Finding:
    """Return the error for words that are missing or out of order."""
    message = f"“{lost.text[:_EXCERPT_LENGTH]}” is missing in {where}, or out of its place."
    return error("lost-words", message, lost.at, BUG_HINT)


def check_alts(wanted: Iterable[ExpectedText], found: Container[str], where: str = "in the file") -> Iterator[Finding]:
    """Yield an error for each of the `wanted` alt texts that is not `found`; `found` is without spaces."""
    for each in wanted:
        if each.text not in found:
            yield error(
                "missing-alt", f"“{each.text[:_EXCERPT_LENGTH]}” is not an alt text {where}.", each.at, BUG_HINT
            )


def check_extra_texts(texts: Iterable[str], known: AllowedTexts, where: str) -> Iterator[Finding]:
    """Yield an error for each text that does not consist of `known` ones."""
    for text in sorted(set(texts)):
        yield from compare_texts((text,), (), known, where)
