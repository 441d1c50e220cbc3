"""Make the discreet edition of a document: a neutral cover, footer and metadata around the same pages.

The template writes the neutral cover in the document; it is taken out, and put first in the discreet edition.
A neutral cover that names the condition, the topic or the audience is an error, whatever edition is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.assembly import review_state
from handouts.compose.provider import closing_line, without_addresses
from handouts.compose.sign_offs import Review
from handouts.document.nodes import Block, Blocks, Cover, Document, Labelled, MainMessage, Paragraph
from handouts.document.text import plain
from handouts.finding import Finding, error
from handouts.select import Selection

_WORD = re.compile(r"\w+")
_SHORTEST_NAME = 5  # shorter words of the readers' names say nothing by themselves; of a topic's, they stand alone
_SHORTEST_WORD = 4  # of a topic's words that are not in capitals


class DiscreetCover(Struct, frozen=True):
    """The cover that is alone on the first page, the foot of all pages, and the block that names other formats."""

    cover: Cover
    foot: str
    formats: tuple[Labelled, ...]


def take_discreet_cover(
    document: Document, selection: Selection, review: Review, *, confirmed: bool
) -> tuple[Document, DiscreetCover | None]:
    """Return `document` without its neutral cover, and what its discreet edition shows, None without such a cover.

    `confirmed` is whether all contacts were. The foot does not name the reviewers, as that would name the condition.
    """
    cover = next((block for block in document.blocks if isinstance(block, Cover) and block.alone), None)
    if cover is None:
        return document, None
    inside = tuple(block for block in document.blocks if block is not cover)
    foot = review_state(selection.topic, selection.words, confirmed, replace(review, people=""))
    hidden = replace(document, discreet=True, other_formats=without_addresses(document.other_formats))
    formats = closing_line(hidden, selection.library.service)
    return replace(document, blocks=inside), DiscreetCover(cover, foot, formats)


_OUTSIDE_PART = "outside-title"  # of the section that says what the neutral cover shows


def missing_cover_error(selection: Selection, template: str) -> Finding:
    """Return the error for a discreet edition of a document that has no neutral cover."""
    kinds = selection.library.kinds
    homes = [each for each in selection.sections if _OUTSIDE_PART in kinds[each.kind].parts]
    message = f"The template '{template}' has nothing to show on the outside of a discreet edition."
    if not homes or any(part.name == _OUTSIDE_PART for part in homes[0].parts):
        hint = "add ::: {.outside} with a neutral title and subtitle to the template, or leave --edition discreet out"
        return error("no-outside", message, hint=hint)
    message = f"Nothing says what the outside of a discreet edition shows to '{selection.audience.name}'."
    hint = "add the parts outside-title and outside-subtitle to this section, or leave --edition discreet out"
    return error("no-outside", message, homes[0].at, hint)


def discreet_edition(document: Document, outside: DiscreetCover) -> Document:
    """Return `document` behind a neutral cover, with metadata and feet that do not reveal its subject."""
    title = plain(outside.cover.title)
    return replace(
        document,
        name=title,
        title=title,
        running_title=title,
        label="",
        foot=outside.foot,
        subject=plain(outside.cover.subtitle),
        keywords=(),
        blocks=(outside.cover, *_neutral_blocks(document.blocks, outside.cover), *outside.formats),
        discreet=True,
        other_formats=without_addresses(document.other_formats),
        publication=replace(document.publication, audience="", condition="", short="", state=outside.foot),
    )


def _neutral_blocks(blocks: Blocks, cover: Cover) -> Iterator[Block]:
    """Yield `blocks` with the words of the neutral `cover` on their own cover too, as a handout may lie open at it.

    What its subtitle said follows the main message, as text.
    """
    said: Paragraph | None = None
    for block in blocks:
        if isinstance(block, Cover):
            said = Paragraph(block.subtitle, at=block.at) if block.subtitle else None
            yield replace(block, label=(), title=cover.title, subtitle=cover.subtitle)
            continue
        if said and not isinstance(block, MainMessage):
            yield said
            said = None
        if not (isinstance(block, Labelled) and block.own):
            yield block
    if said:
        yield said


def revealing_words(cover: Cover, selection: Selection) -> Iterator[Finding]:
    """Yield an error for each word on a neutral cover that reveals its readers or its subject."""
    shown = f"{plain(cover.title)}\n{plain(cover.subtitle)}"
    reported: set[int] = set()
    for pattern in _revealing_patterns(selection):
        found = next((each for each in pattern.finditer(shown) if each.start() not in reported), None)
        if found:
            reported.update(range(*found.span()))
            message = f"The outside of a discreet edition says '{found[0]}'."
            hint = "say nothing there of the condition, the topic or the readers; such as: Notes to keep"
            yield error("not-neutral", message, cover.at, hint)


def _revealing_patterns(selection: Selection) -> Iterator[re.Pattern[str]]:
    """Yield patterns of what a neutral cover must not say: the condition, and words that reveal topic or readers."""
    topic, audience = selection.topic, selection.audience
    for condition in filter(None, (topic.condition, selection.library.service.condition)):
        yield from (_begins_with(condition.name), _begins_with(condition.short))
    neutral = frozenset(selection.words.say("neutral_words").split("|"))
    about = " ".join((topic.title, topic.name.replace("-", " "), *topic.keywords))
    readers = " ".join((audience.title, audience.cover, audience.label))
    words = (*_WORD.findall(about), *(word for word in _WORD.findall(readers) if len(word) >= _SHORTEST_NAME))
    for name in dict.fromkeys(word.lower() for word in words if word.lower() not in neutral and _is_telling(word)):
        if len(name) >= _SHORTEST_NAME:
            yield _begins_with(name.removesuffix("s"))
        else:  # a short word counts only alone, or with a plural s
            yield re.compile(rf"\b{re.escape(name)}s?\b", re.IGNORECASE)


def _is_telling(word: str) -> bool:
    """True for a word that may reveal the topic: one of four letters or more, or in capitals, such as OCD."""
    return not word.isdigit() and (len(word) >= _SHORTEST_WORD or (word.isupper() and len(word) > 1))


def _begins_with(name: str) -> re.Pattern[str]:
    """Return the pattern for words that begin with a name, as “attacks” does with “attack”."""
    return re.compile(rf"\b{re.escape(name)}\w*", re.IGNORECASE)
