"""A drawing whose words have no room in, the same with findings that say what would fit out: found by trying it.

Only a drawing that fails is tried again, with fewer letters and with fewer labels; what is said to fit was drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.figures.shapes import Drawing
from handouts.figures.words import MOST_LETTERS, too_long
from handouts.finding import Finding, error

Labels: TypeAlias = Mapping[str, str]
Draw: TypeAlias = Callable[[Labels], Drawing]

LEAST = 3  # letters: nobody can say anything with fewer
ELSE = "show it as a list or a table, or take another figure"
SECOND = "-text"  # how the key of a second line ends


class Advice(Struct, frozen=True):
    """What would fit: labels of so many `letters`, or all of them without those that can be spared."""

    letters: int = 0
    spared: tuple[str, ...] = ()
    both: bool = False


def with_advice(drawing: Drawing, labels: Labels, optional: Sequence[str], draw: Draw) -> Drawing:
    """Return `drawing`, whose findings say how many letters of each label would fit, or without which labels all do."""
    if not crowded_in(labels, drawing):
        return drawing
    tried = shortened(labels, MOST_LETTERS)
    crowded = {key: labels[key] for key in all_crowded(tried, draw)}
    others = tuple(found for found in drawing.findings if found.code != "figure-label")
    advice = advice_for(shortened(crowded, MOST_LETTERS), tried, optional, draw)
    return replace(drawing, findings=(*others, *told(crowded, advice)))


def crowded_in(labels: Labels, drawing: Drawing) -> dict[str, None]:
    """Return the keys of the labels that a drawing has no room for."""
    return {key: None for key, text in labels.items() if too_long(key, text) in drawing.findings}


def all_crowded(labels: Labels, draw: Draw) -> tuple[str, ...]:
    """Return the keys of all labels without room, also of those that show only when the first ones are short."""
    crowded = crowded_in(labels, draw(labels))
    while True:
        less = {**labels, **shortened({key: labels[key] for key in crowded}, LEAST)}
        more = crowded_in(less, draw(less))
        if more.keys() <= crowded.keys():
            return tuple(key for key in labels if key in crowded)
        crowded |= more


def advice_for(crowded: Labels, labels: Labels, optional: Sequence[str], draw: Draw) -> Advice:
    """Return what would fit: shorter labels, fewer of them, or else both."""
    sparing = tuple(ways_to_spare(labels, optional))
    letters = letters_fitting(crowded, labels, draw)
    spared = next((keys for keys in sparing if not draw(without(labels, keys)).findings), ())
    if letters or spared:
        return Advice(letters, spared)
    for keys in sparing:
        letters = letters_fitting(without(crowded, keys), without(labels, keys), draw)
        if letters:
            return Advice(letters, keys, both=True)
    return Advice()


def ways_to_spare(labels: Labels, optional: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield which labels a figure can do without: its second lines, then the last of the others, then all of them."""
    second = tuple(key for key in labels if key in optional and key.endswith(SECOND))
    first = [key for key in labels if key in optional and not key.endswith(SECOND)]
    if second:
        yield second
    for key in reversed(first):
        yield tuple(each for each in (key, f"{key}{SECOND}") if each in labels)
    if second and first:
        yield (*first, *second)


def letters_fitting(crowded: Labels, labels: Labels, draw: Draw) -> int:
    """Return with how many letters of each of the `crowded` labels there is room for all; 0 if there is for none."""
    if not crowded:
        return 0
    texts = crowded.values()
    return most_letters(texts, lambda count: not draw({**labels, **shortened(crowded, count)}).findings)


def shortened(labels: Labels, count: int) -> dict[str, str]:
    """Return labels of which each has `count` letters at most."""
    return {key: text[:count].strip() for key, text in labels.items()}


def without(labels: Labels, keys: Sequence[str]) -> dict[str, str]:
    """Return `labels` without those of `keys`."""
    return {key: text for key, text in labels.items() if key not in keys}


def most_letters(texts: Collection[str], fitting: Callable[[int], bool]) -> int:
    """Return with how many letters of each of `texts` all is `fitting`; 0 if so few do that nothing can be said."""
    most = most_that(fitting, max(map(len, texts)) - 1)
    return most if most >= LEAST else 0


def most_that(fitting: Callable[[int], bool], most: int) -> int:
    """Return the largest count up to `most` that is `fitting`, as all smaller ones are; 0 if none is."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fitting(middle) else (low, middle - 1)
    return low


def shorter_than(text: str) -> str:
    """Return what to write in place of a text that is too long; a single word cannot be fewer words."""
    return "a shorter word" if len(text.split()) == 1 else "fewer words"


def told(crowded: Labels, advice: Advice) -> Iterator[Finding]:
    """Yield a finding for each label that is longer than what fits, or one for all if nothing else is known."""
    if not (advice.letters or advice.spared):
        names = ", ".join(f"'{key}'" for key in crowded)
        message = f"There is no room in the drawing for the words of {names}, not even if they are short."
        yield error("figure-label", message, hint=ELSE)
        return
    for key, text in crowded.items():
        if len(text) > advice.letters and not (advice.both and key in advice.spared):
            yield no_room(f"the label '{key}'", text, advice)


def no_room(what: str, text: str, advice: Advice) -> Finding:
    """Return the finding for words without room: how long they are, how many letters fit, and what can be spared."""
    count = f"{len(text)} letter{'' if len(text) == 1 else 's'}"
    message = f"There is no room in the drawing for {what}: “{text}” has {count}"
    spared = f"leave out {', '.join(advice.spared)}"
    choices = [f"write {shorter_than(text)}, about {advice.letters} letters"] if advice.letters else []
    choices += [spared if advice.both else f"{spared}: then all others fit"] if advice.spared else []
    fits = f", and about {advice.letters} fit" if advice.letters and not advice.both else ""
    return error("figure-label", f"{message}{fits}.", hint=(", and " if advice.both else "; or ").join(choices) or ELSE)
