"""Fit a talk into the minutes asked for, and write its agenda, times and sources into the speaker notes.

A tree of slides in; the slides that fit, by priority and in their order, with length, times and agenda out. Runs
before citations are numbered, so that only sources of the slides that stay are listed. A source named in notes is not
a citation: the list of sources must never grow by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.assembly import short_reference
from handouts.document.nodes import FixedWords
from handouts.finding import NOWHERE, Finding, Location, error, warning
from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import NO_ATTRIBUTES, Attributes, Word, parse_number, parse_whole_number
from handouts.markdown.document_inlines import headline_words
from handouts.markdown.syntax_tree import Blocks
from handouts.select import SelectedSection, Selection

_PRIORITIES = (1, 2, 3)


class _FittedTalk(Struct, frozen=True):
    """The blocks of a talk, how many minutes its slides take, the titles of those left out, and findings about it."""

    blocks: Blocks
    minutes: float
    left_out: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def fit_talk(blocks: Blocks, minutes: int, audience: str, at: Location, lengths: Collection[int] = ()) -> _FittedTalk:
    """Return the slides that fit into `minutes`, or all slides if that is 0.

    Messages name the readers by their title `audience`. `lengths` are those of all talks of the topic, as written `at`.
    """
    fitting = (node for node in blocks if not tree.is_div(node, "slide") or _is_for_length(node, minutes))
    blocks = _without_empty_sources(tuple(fitting))
    slides = tuple(node for node in blocks if tree.is_div(node, "slide"))
    if not minutes:
        return _FittedTalk(blocks, sum(map(_slide_minutes, slides)))
    needed = sum(_slide_minutes(slide) for slide in slides if _slide_priority(slide) == _PRIORITIES[0])
    if needed > minutes:
        message = f"The slides of priority 1 for '{audience}' take {needed:g} minutes, {needed - minutes:g} too many."
        hint = f'write less to say, or give some of them priority="2"; there are {minutes} minutes'
        return _FittedTalk(blocks, needed, findings=(error("talk-too-long", message, at, hint),))
    chosen = _without_lone_dividers(slides, _chosen_slides(slides, minutes))
    findings: tuple[Finding, ...] = ()
    left_out = tuple(slide_title(slide) for number, slide in enumerate(slides) if number not in chosen)
    if left_out:
        message = f"A talk of {minutes} minutes for '{audience}' leaves out: {'; '.join(left_out)}."
        findings = (warning("left-out", message, at, 'priority="1" keeps a slide in every length'),)
    whole = sum(map(_slide_minutes, slides))
    if any(whole <= length < minutes for length in lengths):
        message = f"The whole talk for '{audience}' takes {whole:g} minutes, so there is none of {minutes}."
        findings = (warning("talk-too-short", message, at, f"leave {minutes} out of lengths in topic.yaml"),)
    kept = {id(slides[number]) for number in chosen}
    shown = _without_empty_sources(tuple(node for node in blocks if not tree.is_div(node, "slide") or id(node) in kept))
    return _FittedTalk(
        shown, sum(_slide_minutes(node) for node in shown if tree.is_div(node, "slide")), left_out, findings
    )


def _chosen_slides(slides: Sequence[tree.Div], minutes: float) -> frozenset[int]:
    """Return the indices of the slides that fit into `minutes`, those of the first priority first."""
    chosen: set[int] = set()
    left = minutes
    for priority in _PRIORITIES:
        for number, slide in enumerate(slides):
            if _slide_priority(slide) == priority and _slide_minutes(slide) <= left:
                chosen.add(number)
                left -= _slide_minutes(slide)
    return frozenset(chosen)


def _without_lone_dividers(slides: Sequence[tree.Div], chosen: frozenset[int]) -> frozenset[int]:
    """Return `chosen` without the slides that open a part of the talk with no slides left."""
    kept: list[int] = []
    for number in sorted(chosen, reverse=True):
        follows = slides[kept[-1]] if kept else None
        if not (_opens_part(slides[number]) and (follows is None or _opens_part(follows))):
            kept.append(number)
    return frozenset(kept)


def _without_empty_sources(blocks: Blocks) -> Blocks:
    """Return `blocks` without the slides that only list sources, if nothing is cited."""
    if any(tree.cited_keys(blocks)):
        return blocks
    return tuple(node for node in blocks if not (tree.is_div(node, "slide") and _lists_only_sources(node)))


def _lists_only_sources(slide: tree.Div) -> bool:
    """True if a slide shows the list of sources and nothing else."""
    shown = [node for node in slide.blocks if not isinstance(node, tree.HeadingNode) and not tree.is_div(node, "notes")]
    return bool(shown) and all(tree.is_div(node, "sources") for node in shown)


# ---------------------------------------------------------------- what a slide says of itself


def _is_for_length(slide: tree.Div, minutes: int) -> bool:
    """True if a slide belongs to a talk of `minutes`, 0 for the whole talk; some slides are only in short talks."""
    until = slide.attributes.value("until")
    return not until or 0 < minutes <= (parse_whole_number(until) or 0)


def _opens_part(slide: tree.Div) -> bool:
    """True if a slide opens a part of the talk."""
    return slide.attributes.value("kind") == "section"


def _slide_minutes(slide: tree.Div) -> float:
    """Return how many minutes a slide takes; 0 if it does not say, which is reported elsewhere."""
    return parse_number(slide.attributes.value("minutes")) or 0.0


def _slide_priority(slide: tree.Div) -> int:
    """Return the priority of a slide: 1 if it has none."""
    return parse_whole_number(slide.attributes.value("priority")) or 1


def slide_title(slide: tree.Div) -> str:
    """Return the title of a slide in plain words, as it is shown."""
    first = slide.blocks[0] if slide.blocks else None
    words = " ".join(tree.plain_text_of(first.content).split()) if isinstance(first, tree.HeadingNode) else ""
    return headline_words(words)


def _title_location(slide: tree.Div) -> Location:
    """Return where the title of a slide was written."""
    first = slide.blocks[0] if slide.blocks else None
    words = (node for node in tree.walk_tree((first,)) if isinstance(node, tree.TextNode)) if first else iter(())
    return next((node.at for node in words if node.text.strip()), slide.at)


_ROUNDED_TO_MINUTES, _LEAST_ROUNDED = 5, 20  # a shorter talk says its minutes one by one
_MINUTES_IN_HOUR = 60
_SECONDS_IN_MINUTE = 60


class _TimedSlide(Struct, frozen=True):
    """One slide, the part of the talk it belongs to, where that is named, and the minutes before it."""

    slide: tree.Div
    part: str
    part_at: Location
    start: float

    @property
    def end(self) -> float:
        """The minutes that have passed after it."""
        return self.start + _slide_minutes(self.slide)


def add_agenda(talk: _FittedTalk, words: FixedWords) -> Blocks:
    """Return the blocks of a talk with its length on the title slide, times in all notes, the plan in the first."""
    timed = tuple(_timed_slides(talk.blocks, words))
    waiting = iter(timed)
    blocks: list[tree.Block] = []
    for node in talk.blocks:
        if not tree.is_div(node, "slide"):
            blocks.append(node)
            continue
        each = next(waiting)
        before: Blocks = (_plain_paragraph(_time_line(each, words), node.at),)
        after: Blocks = ()
        if each is timed[0]:
            before += (_agenda_of(talk, timed, words),)
            titles = tuple((_plain_paragraph(title, node.at),) for title in talk.left_out)
            listing = tree.ListNode(False, titles, node.at)
            after = (_labelled_div(words.say("plan_left_out"), (listing,), node.at),) if titles else ()
        blocks.append(_with_notes(_with_talk_length(node, talk.minutes, words), before, after))
    return tuple(blocks)


def without_length(blocks: Blocks) -> Blocks:
    """Return the blocks of a talk without the places for its length."""
    return tuple(
        replace(node, blocks=tuple(each for each in node.blocks if not tree.is_div(each, "length")))
        if tree.is_div(node, "slide")
        else node
        for node in blocks
    )


def _timed_slides(blocks: Blocks, words: FixedWords) -> Iterator[_TimedSlide]:
    """Yield each slide with its part of the talk, and when it begins; in a talk without parts each is one."""
    slides = tuple(node for node in blocks if tree.is_div(node, "slide"))
    in_parts = any(map(_opens_part, slides))
    part, at, start = words.say("plan_first"), slides[0].at if slides else NOWHERE, 0.0
    for slide in slides:
        if _opens_part(slide) or not in_parts:
            part, at = slide_title(slide), _title_location(slide)
        yield _TimedSlide(slide, part, at, start)
        start += _slide_minutes(slide)


def _agenda_of(talk: _FittedTalk, timed: Sequence[_TimedSlide], words: FixedWords) -> tree.Div:
    """Return the plan of the meeting: a line for each part of the talk, or for each slide, and the total."""
    at = timed[0].slide.at
    lines = [_agenda_line(tuple(group), words) for _, group in groupby(timed, key=lambda each: each.part)]
    lines.append(_plain_paragraph(words.say("plan_total", minutes=spell_minutes(talk.minutes, words)), at))
    listing = tree.ListNode(False, tuple((line,) for line in lines), at)
    return _labelled_div(words.say("plan"), (listing,), at)


def _agenda_line(slides: Sequence[_TimedSlide], words: FixedWords) -> tree.ParagraphNode:
    """Return one line of the plan: when a part begins and ends, what it is, and how long it takes.

    It gives no slide numbers, as a full slide may become several in the deck. The line has the place where the name of
    the part was written, so that findings lead there.
    """
    first, last = slides[0], slides[-1]
    line = words.say(
        "plan_line",
        start=_clock_time(first.start),
        end=_clock_time(last.end),
        part=first.part,
        minutes=spell_minutes(last.end - first.start, words),
    )
    return _plain_paragraph(line, first.part_at)


def _time_line(each: _TimedSlide, words: FixedWords) -> str:
    """Return how long a slide takes, and from when to when."""
    minutes = spell_minutes(_slide_minutes(each.slide), words)
    return words.say("notes_time", minutes=minutes, start=_clock_time(each.start), end=_clock_time(each.end))


def _clock_time(minutes: float) -> str:
    """Return a time since the beginning in minutes and seconds, such as 12:30, with hours from one hour on: 1:02:30."""
    whole, seconds = divmod(round(minutes * _SECONDS_IN_MINUTE), _SECONDS_IN_MINUTE)
    hours, rest = divmod(whole, _MINUTES_IN_HOUR)
    return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{rest}:{seconds:02}"


def spell_minutes(minutes: float, words: FixedWords) -> str:
    """Return a length of time in words: "4 minutes", "30 seconds", or "1 minute 30 seconds"."""
    whole, rest = divmod(round(minutes * _SECONDS_IN_MINUTE), _SECONDS_IN_MINUTE)
    spelled = words.say("minutes_one" if whole == 1 else "minutes_many", n=str(whole))
    if not rest:
        return spelled
    seconds = words.say("seconds_one" if rest == 1 else "seconds_many", n=str(rest))
    return words.say("minutes_seconds", minutes=spelled, seconds=seconds) if whole else seconds


# ---------------------------------------------------------------- nodes of the tree


def _with_talk_length(slide: tree.Div, minutes: float, words: FixedWords) -> tree.Div:
    """Return `slide` with the length of the talk where its template asks for it, joined to a paragraph that follows."""
    step = _ROUNDED_TO_MINUTES if minutes > _LEAST_ROUNDED else 1
    rounded = ceil(minutes / step) * step
    shown: list[tree.Block] = []
    for node in slide.blocks:
        length = shown[-1] if shown and tree.is_div(shown[-1], "length") else None
        if length and isinstance(node, tree.ParagraphNode):
            said = tree.TextNode(f"{words.say('talk_length', n=rounded)} ", length.at)
            shown[-1] = tree.ParagraphNode((said, *node.content), length.at)
        else:
            shown.append(node)
    alone = words.say("talk_length", n=rounded)
    blocks = (_plain_paragraph(alone, node.at) if tree.is_div(node, "length") else node for node in shown)
    return replace(slide, blocks=tuple(blocks))


def _with_notes(slide: tree.Div, before: Blocks = (), after: Blocks = ()) -> tree.Div:
    """Return `slide` with blocks added before and after its notes."""
    return replace(
        slide,
        blocks=tuple(
            replace(node, blocks=(*before, *node.blocks, *after))
            if tree.is_div(node, "notes") and node.blocks
            else node
            for node in slide.blocks
        ),
    )


def _labelled_div(label: str, blocks: Blocks, at: Location) -> tree.Div:
    """Return `blocks` with a label before them."""
    heading = tree.HeadingNode(3, (tree.TextNode(label, at),), NO_ATTRIBUTES, at)
    return tree.Div(Attributes((Word("labelled", at),), at=at), (heading, *blocks), at)


def _plain_paragraph(text: str, at: Location) -> tree.ParagraphNode:
    """Return a paragraph of plain words."""
    return tree.ParagraphNode((tree.TextNode(text, at),), at)


# ---------------------------------------------------------------- sources and the section of the handout


def add_provenance(blocks: Blocks, selection: Selection) -> Blocks:
    """Return the slides with their sources and their section of the handout at the end of their notes."""
    sections = {section.id: section for section in selection.sections}
    return tuple(
        _with_slide_provenance(node, sections, selection) if tree.is_div(node, "slide") else node for node in blocks
    )


def _with_slide_provenance(slide: tree.Div, sections: dict[str, SelectedSection], selection: Selection) -> tree.Div:
    """Return one slide with its sources and its section of the handout in its notes."""
    section = sections.get(slide.attributes.value("section"))
    words, at = selection.words, slide.at
    known = selection.library.sources
    parts = tuple(block for part in section.parts for block in part.blocks) if section else ()
    keys = dict.fromkeys(tree.cited_keys((slide, *parts)))
    short = dict.fromkeys(short_reference(known[key], words) for key in keys if key in known)
    place = _handout_place(section, sections, selection) if section else ""
    notes = (("notes_sources", "; ".join(short)), ("notes_handout_place", place))
    after = (_labelled_div(words.say(key), (_plain_paragraph(text, at),), at) for key, text in notes if text)
    return _with_notes(slide, after=tuple(after))


def _handout_place(section: SelectedSection, sections: dict[str, SelectedSection], selection: Selection) -> str:
    """Return number and heading of the section of the handout that belongs to a slide, or "" if there is none."""
    kinds, words = selection.library.kinds, selection.words
    shown = sections.get(section.see, section) if section.see else section
    kind = kinds[shown.kind]
    if not (kind.numbered or kind.cards) or not shown.place:
        return ""
    numbered = next(each for each in selection.sections if kinds[each.kind].numbered and each.place == shown.place)
    number = words.say("handout_section", n=shown.place)
    place = words.say("handout_place", section=number, heading=_section_heading(numbered, selection))
    return words.say("handout_card", place=place, n=shown.number) if kind.cards else place


def _section_heading(section: SelectedSection, selection: Selection) -> str:
    """Return the heading of a numbered section: the words of its first part."""
    name = next(iter(selection.library.kinds[section.kind].parts))
    blocks = next((part.blocks for part in section.parts if part.name == name), ())
    return " ".join(tree.plain_text_of(block.content) for block in blocks if isinstance(block, tree.ParagraphNode))
