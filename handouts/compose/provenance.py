"""Name at the end of each slide's notes its sources and the section of the handout that it belongs to.

Slides and selection in, slides with longer notes out. A source named here is not a citation: the list of
sources must never grow by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from handouts.compose.agenda import is_slide, labelled_div, plain_paragraph, with_notes
from handouts.compose.citations import short_reference
from handouts.markdown import syntax_tree as tree
from handouts.markdown.syntax_tree import Blocks
from handouts.select import SelectedSection, Selection


def add_provenance(blocks: Blocks, selection: Selection) -> Blocks:
    """Return the slides with their sources and their section of the handout at the end of their notes."""
    sections = {section.id: section for section in selection.sections}
    return tuple(_with_slide_provenance(node, sections, selection) if is_slide(node) else node for node in blocks)


def _with_slide_provenance(slide: tree.Div, sections: dict[str, SelectedSection], selection: Selection) -> tree.Div:
    """Return one slide with what it comes from in its notes."""
    section = sections.get(slide.attributes.value("section"))
    words, at = selection.words, slide.at
    known = selection.library.sources
    keys = dict.fromkeys(_cited_keys(slide, section))
    short = dict.fromkeys(short_reference(known[key], words) for key in keys if key in known)
    place = _handout_place(section, sections, selection) if section else ""
    notes = (("notes_sources", "; ".join(short)), ("notes_handout_place", place))
    return with_notes(
        slide,
        after=tuple(labelled_div(words.say(key), (plain_paragraph(text, at),), at) for key, text in notes if text),
    )


def _cited_keys(slide: tree.Div, section: SelectedSection | None) -> Iterator[str]:
    """Yield the sources that are cited on a slide, then those of all parts of its section."""
    parts = tuple(block for part in section.parts for block in part.blocks) if section else ()
    for node in tree.walk_tree((slide, *parts)):
        if isinstance(node, tree.CitationNode):
            yield from (key.text for key in node.keys)


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
