"""The notes of a talk: how long each slide takes and from when to when, and the plan of the meeting on the first.

A laid out talk in, the same with more in its notes out. All words come from the words of the language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.lengths import Talk, is_notes, is_slide, minutes_of, opens_part, title_of
from handouts.document import Words
from handouts.finding import Span
from handouts.markdown import tree
from handouts.markdown.attributes import NO_ATTRIBUTES, Attributes, Word
from handouts.markdown.tree import Blocks

ROUNDED_TO = 5
HOUR = 60
IN_A_MINUTE = 60


class Timed(Struct, frozen=True):
    """One slide, the part of the talk it belongs to, and the minutes before it."""

    slide: tree.Div
    part: str
    start: float

    @property
    def end(self) -> float:
        """The minutes that have passed after it."""
        return self.start + minutes_of(self.slide)


def time_talk(talk: Talk, words: Words) -> Blocks:
    """Return the blocks of a talk with its length on the title slide, times in all notes, the plan in the first."""
    timed = tuple(timed_slides(talk.blocks, words))
    times = {id(each.slide): each for each in timed}
    blocks: list[tree.Block] = []
    for node in talk.blocks:
        each = times.get(id(node))
        if each is None:
            blocks.append(node)
            continue
        first = [paragraph(time_line(each, words), each.slide.at)]
        opens = each is timed[0]
        plan = plan_of(talk, timed, words) if opens else ()
        left_out = left_out_of(talk, words, node.at) if opens else ()
        blocks.append(with_notes(with_length(each.slide, talk.minutes, words), (*first, *plan), left_out))
    return tuple(blocks)


def timed_slides(blocks: Blocks, words: Words) -> Iterator[Timed]:
    """Yield each slide with its part of the talk, and when it begins."""
    part, start = words.say("plan_first"), 0.0
    for slide in (node for node in blocks if is_slide(node)):
        part = title_of(slide) if opens_part(slide) else part
        yield Timed(slide, part, start)
        start += minutes_of(slide)


def plan_of(talk: Talk, timed: Sequence[Timed], words: Words) -> Blocks:
    """Return the plan of the meeting: a line for each part of the talk, and the total."""
    at = timed[0].slide.at
    lines = [plan_line(name, tuple(group), words) for name, group in groupby(timed, key=lambda each: each.part)]
    lines.append(words.say("plan_total", minutes=spell_minutes(talk.minutes, words)))
    return (labelled(words.say("plan"), (listing_of(lines, at),), at),)


def left_out_of(talk: Talk, words: Words, at: Span) -> Blocks:
    """Return the titles of the slides that were left out, if there are any."""
    return (labelled(words.say("plan_left_out"), (listing_of(talk.left_out, at),), at),) if talk.left_out else ()


def plan_line(name: str, slides: Sequence[Timed], words: Words) -> str:
    """Return one line of the plan: when a part begins and ends, what it is, and how long it takes.

    It names no numbers of slides: one that has much to show may become several in the deck.
    """
    first, last = slides[0], slides[-1]
    return words.say(
        "plan_line",
        start=clock(first.start),
        end=clock(last.end),
        part=name,
        minutes=spell_minutes(last.end - first.start, words),
    )


def time_line(each: Timed, words: Words) -> str:
    """Return how long a slide takes, and from when to when."""
    minutes = spell_minutes(minutes_of(each.slide), words)
    return words.say("notes_time", minutes=minutes, start=clock(each.start), end=clock(each.end))


def clock(minutes: float) -> str:
    """Return minutes since the beginning as hours, minutes and, if there are any, seconds: 0:12 or 0:12:30."""
    hours, rest = divmod(round(minutes * IN_A_MINUTE), HOUR * IN_A_MINUTE)
    whole, seconds = divmod(rest, IN_A_MINUTE)
    return f"{hours}:{whole:02}{f':{seconds:02}' if seconds else ''}"


def spell_minutes(minutes: float, words: Words) -> str:
    """Return a length of time in words: "4 minutes", "30 seconds", or "1 minute 30 seconds"."""
    whole, rest = divmod(round(minutes * IN_A_MINUTE), IN_A_MINUTE)
    spelled = words.say("minutes_one" if whole == 1 else "minutes_many", n=str(whole))
    if not rest:
        return spelled
    seconds = words.say("seconds_one" if rest == 1 else "seconds_many", n=str(rest))
    return words.say("minutes_seconds", minutes=spelled, seconds=seconds) if whole else seconds


# ---------------------------------------------------------------- nodes of the tree


def with_length(slide: tree.Div, minutes: float, words: Words) -> tree.Div:
    """Return `slide` with the length of the talk where its template asks for it: at the head of what follows there."""
    rounded = ceil(minutes / ROUNDED_TO) * ROUNDED_TO
    shown: list[tree.Block] = []
    for node in slide.blocks:
        length = shown[-1] if shown and is_length(shown[-1]) else None
        if length and isinstance(node, tree.Paragraph):
            said = tree.Words(f"{words.say('talk_length', n=rounded)} ", length.at)
            shown[-1] = tree.Paragraph((said, *node.content), length.at)
        else:
            shown.append(node)
    alone = words.say("talk_length", n=rounded)
    return replace(slide, blocks=tuple(paragraph(alone, node.at) if is_length(node) else node for node in shown))


def is_length(node: tree.Block) -> bool:
    """True if `node` stands for the length of the talk."""
    return isinstance(node, tree.Div) and node.attributes.kind == "length"


def with_notes(slide: tree.Div, before: Blocks = (), after: Blocks = ()) -> tree.Div:
    """Return `slide` with more before and after what its notes say."""
    return replace(
        slide,
        blocks=tuple(
            replace(node, blocks=(*before, *node.blocks, *after)) if is_notes(node) and node.blocks else node
            for node in slide.blocks
        ),
    )


def labelled(label: str, blocks: Blocks, at: Span) -> tree.Div:
    """Return `blocks` with a label before them."""
    heading = tree.Heading(3, (tree.Words(label, at),), NO_ATTRIBUTES, at)
    return tree.Div(Attributes((Word("labelled", at),), at=at), (heading, *blocks), at)


def listing_of(lines: Sequence[str], at: Span) -> tree.Listing:
    """Return a list of plain words."""
    return tree.Listing(False, tuple((paragraph(line, at),) for line in lines), at)


def paragraph(text: str, at: Span) -> tree.Paragraph:
    """Return a paragraph of plain words."""
    return tree.Paragraph((tree.Words(text, at),), at)
