"""The text right beside a thing on its slide, and the room that a title leaves: what tables and drawings share."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from handouts.deck.layouts import layout_named
from handouts.deck.planned import Filled, Paragraph, Paragraphs, TextRun
from handouts.deck.sheets import (
    ALL_STEPS,
    WHOLE_STEPS,
    Desk,
    Overflow,
    fitting_step,
    overflow_of,
    same_words,
    title_of,
)
from handouts.deck.slots import Layout
from handouts.deck.texts import label, runs_of
from handouts.document import Inlines


class Around(Struct, frozen=True):
    """The text that stands right before and right after a thing."""

    lead: Paragraphs = ()
    trail: Paragraphs = ()


def heading_of(content: Inlines, desk: Desk) -> Paragraphs:
    """Return the title of a thing as a label, unless the slide's title says the same."""
    same = not content or same_words(content, title_of(desk))
    return () if same else (label(runs_of(content, desk.words)),)


def crowding(fills: Sequence[Filled], layout: Layout, desk: Desk) -> Overflow:
    """Return by how much the text beside a thing is too high at the smallest size that it may have there."""
    return overflow_of(fills, layout, WHOLE_STEPS[-1], desk.theme)


def short_title(layout: str, desk: Desk, *, goes_on: bool = False) -> bool:
    """True if the title of the slide, even where it goes on, has room in the one line that `layout` gives it."""
    slide, words = desk.slide, desk.words
    longest = words.say("slide_continued_often", title=title_of(desk), n=9, m=9)
    runs = runs_of(slide.title, words) if len(slide.blocks) == 1 and not goes_on else (TextRun(longest),)
    return fitting_step((Filled("title", (Paragraph(runs),)),), layout_named(layout), ALL_STEPS, desk.theme) is not None
