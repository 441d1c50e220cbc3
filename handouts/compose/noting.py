"""Where each slide comes from: its sources in short and its section of the handout, at the end of its notes.

A laid out talk and its selection in, the talk with more in its notes out. What is named here is not cited, so that the
list of sources does not grow.
"""

from __future__ import annotations

from collections.abc import Iterator

from handouts.compose.citing import short_reference
from handouts.compose.lengths import is_slide
from handouts.compose.meeting import labelled, paragraph, with_notes
from handouts.markdown import tree
from handouts.markdown.tree import Blocks
from handouts.select import SelectedSection, Selection


def name_origins(blocks: Blocks, selection: Selection) -> Blocks:
    """Return the slides with their sources and their section of the handout at the end of their notes."""
    sections = {section.id: section for section in selection.sections}
    return tuple(with_origin(node, sections, selection) if is_slide(node) else node for node in blocks)


def with_origin(slide: tree.Div, sections: dict[str, SelectedSection], selection: Selection) -> tree.Div:
    """Return one slide with what it comes from in its notes."""
    section = sections.get(slide.attributes.value("section"))
    words, at = selection.words, slide.at
    known = selection.library.sources
    keys = dict.fromkeys(cited_keys(slide, section))
    short = dict.fromkeys(short_reference(known[key], words) for key in keys if key in known)
    place = handout_place(section, sections, selection) if section else ""
    told = (("notes_sources", "; ".join(short)), ("notes_handout_place", place))
    return with_notes(
        slide, after=tuple(labelled(words.say(key), (paragraph(text, at),), at) for key, text in told if text)
    )


def cited_keys(slide: tree.Div, section: SelectedSection | None) -> Iterator[str]:
    """Yield the sources that are cited on a slide, then those of all parts of its section."""
    parts = tuple(block for part in section.parts for block in part.blocks) if section else ()
    for node in tree.walk_tree((slide, *parts)):
        if isinstance(node, tree.Cite):
            yield from (key.text for key in node.keys)


def handout_place(section: SelectedSection, sections: dict[str, SelectedSection], selection: Selection) -> str:
    """Return number and heading of the section of the handout that belongs to a slide, or "" if there is none."""
    kinds, words = selection.library.kinds, selection.words
    shown = sections.get(section.see, section) if section.see else section
    kind = kinds[shown.kind]
    if not (kind.numbered or kind.cards) or not shown.place:
        return ""
    numbered = next(each for each in selection.sections if kinds[each.kind].numbered and each.place == shown.place)
    number = words.say("handout_section", n=shown.place)
    place = words.say("handout_place", section=number, heading=heading_of(numbered, selection))
    return words.say("handout_card", place=place, n=shown.number) if kind.cards else place


def heading_of(section: SelectedSection, selection: Selection) -> str:
    """Return the heading of a numbered section: the words of its first part."""
    name = next(iter(selection.library.kinds[section.kind].parts))
    blocks = next((part.blocks for part in section.parts if part.name == name), ())
    return " ".join(tree.plain_words(block.content) for block in blocks if isinstance(block, tree.Paragraph))
