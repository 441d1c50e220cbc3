"""Which slides a talk of so many minutes holds: a laid out tree in, the tree of what is shown out.

Slides come in by their priority, in the order of the talk, as long as there is time; what was left out is said. A slide
that is only for shorter talks is not there, and nothing is said of it. Works before citations are numbered, so that
only what is shown is cited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeGuard

from msgspec import Struct

from handouts.finding import Finding, Span, error, warning
from handouts.markdown import tree
from handouts.markdown.headlines import headline_words
from handouts.markdown.tree import Blocks
from handouts.markdown.values import whole_of

PRIORITIES = (1, 2, 3)
NUMBER = re.compile(r"[0-9]{1,2}(?:\.[0-9])?")


class Talk(Struct, frozen=True):
    """The blocks of a talk, how many minutes its slides take, and the titles of those that were left out."""

    blocks: Blocks
    minutes: float
    left_out: tuple[str, ...] = ()


def shorten(blocks: Blocks, minutes: int, who: str, at: Span, findings: list[Finding]) -> Talk:
    """Return the talk that `minutes` have room for, or all of it if they are 0; `who` is for whom it is, in words."""
    blocks = without_empty_sources(tuple(node for node in blocks if not is_slide(node) or is_for(node, minutes)))
    slides = tuple(node for node in blocks if is_slide(node))
    if not minutes:
        return Talk(blocks, sum(map(minutes_of, slides)))
    needed = sum(minutes_of(slide) for slide in slides if priority_of(slide) == PRIORITIES[0])
    if needed > minutes:
        message = f"The slides of priority 1 for '{who}' take {needed:g} minutes, {needed - minutes:g} too many."
        hint = f'write less to say, or give some of them priority="2"; there are {minutes} minutes'
        findings.append(error("talk-too-long", message, at, hint))
        return Talk(blocks, needed)
    chosen = without_lone_dividers(slides, chosen_slides(slides, minutes))
    left_out = tuple(title_of(slide) for number, slide in enumerate(slides) if number not in chosen)
    if left_out:
        message = f"A talk of {minutes} minutes for '{who}' leaves out: {'; '.join(left_out)}."
        findings.append(warning("left-out", message, at, 'priority="1" keeps a slide in every length'))
    kept = {id(slides[number]) for number in chosen}
    shown = without_empty_sources(tuple(node for node in blocks if not is_slide(node) or id(node) in kept))
    return Talk(shown, sum(minutes_of(node) for node in shown if is_slide(node)), left_out)


def chosen_slides(slides: Sequence[tree.Div], minutes: float) -> frozenset[int]:
    """Return the numbers, from 0, of the slides that `minutes` have room for."""
    chosen: set[int] = set()
    left = minutes
    for priority in PRIORITIES:
        for number, slide in enumerate(slides):
            if priority_of(slide) == priority and minutes_of(slide) <= left:
                chosen.add(number)
                left -= minutes_of(slide)
    return frozenset(chosen)


def without_lone_dividers(slides: Sequence[tree.Div], chosen: frozenset[int]) -> frozenset[int]:
    """Return `chosen` without the slides that open a part of the talk of which nothing is left."""
    kept: list[int] = []
    for number in sorted(chosen, reverse=True):
        follows = slides[kept[-1]] if kept else None
        if not (opens_part(slides[number]) and (follows is None or opens_part(follows))):
            kept.append(number)
    return frozenset(kept)


def without_empty_sources(blocks: Blocks) -> Blocks:
    """Return `blocks` without the slides that only list sources, if nothing is cited."""
    if any(isinstance(node, tree.Cite) for node in tree.walk_tree(blocks)):
        return blocks
    return tuple(node for node in blocks if not (is_slide(node) and lists_only_sources(node)))


def lists_only_sources(slide: tree.Div) -> bool:
    """True if a slide shows the list of sources and nothing else."""
    shown = [node for node in slide.blocks if not isinstance(node, tree.Heading) and not is_notes(node)]
    return bool(shown) and all(isinstance(node, tree.Div) and node.attributes.kind == "sources" for node in shown)


# ---------------------------------------------------------------- what a slide says of itself


def is_slide(node: tree.Block) -> TypeGuard[tree.Div]:
    """True if `node` is a slide."""
    return isinstance(node, tree.Div) and node.attributes.kind == "slide"


def is_notes(node: tree.Block) -> TypeGuard[tree.Div]:
    """True if `node` holds the notes of a slide."""
    return isinstance(node, tree.Div) and node.attributes.kind == "notes"


def is_for(slide: tree.Div, minutes: int) -> bool:
    """True if a slide may be in a talk of so many minutes, 0 for the whole talk: some are only in short ones."""
    until = slide.attributes.value("until")
    return not until or 0 < minutes <= (whole_of(until) or 0)


def opens_part(slide: tree.Div) -> bool:
    """True if a slide opens a part of the talk."""
    return slide.attributes.value("kind") == "section"


def minutes_of(slide: tree.Div) -> float:
    """Return how long a slide takes; 0 if it does not say so, which is a finding elsewhere."""
    return number_in(slide.attributes.value("minutes"), 0.0)


def priority_of(slide: tree.Div) -> int:
    """Return the priority of a slide: 1 if it has none."""
    return int(number_in(slide.attributes.value("priority"), 1.0))


def number_in(text: str, otherwise: float) -> float:
    """Return the number that `text` is, or `otherwise`."""
    return float(text) if NUMBER.fullmatch(text) else otherwise


def title_of(slide: tree.Div) -> str:
    """Return the title of a slide in plain words, as it is shown."""
    first = slide.blocks[0] if slide.blocks else None
    words = " ".join(tree.plain_words(first.content).split()) if isinstance(first, tree.Heading) else ""
    return headline_words(words)
