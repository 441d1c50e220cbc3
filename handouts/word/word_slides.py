"""Turn the slides of a talk into a script for who speaks: below each title what the slide shows, then what is said."""

from __future__ import annotations

from collections.abc import Iterable

from handouts.document.nodes import Slide
from handouts.word.runs import WordContext, inline_runs, paragraph
from handouts.word.word_blocks import blocks_xml, framed_blocks, heading, sender_lines
from handouts.word.word_markup import NOTHING, Wml, joined

_LEVEL_ON_SLIDE = 3  # of headings, below that of the slide
_FIGURE_SCALE = 0.7  # who speaks has the slide itself to look at


def slides_xml(slides: Iterable[Slide], width: float, context: WordContext) -> Wml:
    """Return slides one after another, in a column of some width."""
    return joined(_slide_xml(slide, width, context) for slide in slides)


def _slide_xml(slide: Slide, width: float, context: WordContext) -> Wml:
    """Return a slide: its title, which Word lists below its part; what it shows, in a frame; its notes."""
    label = paragraph("Label", inline_runs(slide.label, context), context) if slide.label else NOTHING
    words = inline_runs(slide.title, context)
    if slide.kind == "title":
        title = paragraph("Title", words, context)
    else:
        title = heading(2 if slide.section and slide.kind != "section" else 1, words, context)
    context.least_level, context.figure_scale = _LEVEL_ON_SLIDE, _FIGURE_SCALE
    shown = framed_blocks(slide.blocks, width, context) if slide.blocks else NOTHING
    made = joined((label, title, shown, *sender_lines(slide.sender, context), blocks_xml(slide.notes, width, context)))
    context.least_level, context.figure_scale = 1, 1.0
    return made
