"""A template and the outline of a selection to a tree with a mark for each part; which texts a document needs of it.

The texts of the parts have no say in the tree, nor in what is wrong in templates, so both are kept while only they
change. What a template does not place is no part of what its document is made of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.values import Outline, outline_of, parts_for, template_values
from handouts.finding import NOWHERE, Finding, Span
from handouts.kept import Kept
from handouts.library import Library, Template
from handouts.markdown import tree
from handouts.markdown.checking import check_names
from handouts.markdown.known import Known
from handouts.markdown.parsing import parse_markdown
from handouts.markdown.tree import Blocks
from handouts.select import SelectedPart, SelectedSection, Selection


class LaidOut(Struct, frozen=True):
    """What a template makes of an outline: the tree of a whole document, marks in it, and what was found."""

    blocks: Blocks
    findings: tuple[Finding, ...]


class Proved(Struct, frozen=True):
    """What is wrong with the names in templates."""

    findings: tuple[Finding, ...]


def lay_out(selection: Selection, template: Template, kept: Kept) -> LaidOut:
    """Return what `template` makes of a selection. HandoutError if it cannot be run."""
    outline, library = outline_of(selection, template.name), selection.library
    return kept.remembered(LaidOut, (template, library.parts, outline), lambda: run(template, library, outline))


def needed_for(selection: Selection, template: Template, kept: Kept) -> Selection:
    """Return a selection whose parts that `template` does not place say nothing but what they cite, at no place.

    From it the same is composed, and the same is found in that, so that equal ones need it only once. Headings stay:
    slides name them. HandoutError if the template cannot be run.
    """
    placed = {part.at for part in placed_parts(selection, template, kept)}
    listed = selection.library.templates.get(template.sources_of)
    cited = {part.at for part in placed_parts(selection, listed, kept)} if listed else set()
    sections = (only_needed(section, placed, cited, selection) for section in selection.sections)
    return replace(selection, sections=tuple(sections))


def placed_parts(selection: Selection, template: Template, kept: Kept) -> Iterator[SelectedPart]:
    """Yield the parts that `template` places."""
    parts = parts_for(selection, template.name)
    marks = (each for each in tree.walk_tree(lay_out(selection, template, kept).blocks) if isinstance(each, tree.Mark))
    return (parts[mark.number] for mark in marks)


def only_needed(
    section: SelectedSection, placed: Collection[Span], cited: Collection[Span], selection: Selection
) -> SelectedSection:
    """Return a section whose parts that are not `placed` hold only what they cite; its heading stays.

    Those that are `cited` are laid out with the template whose sources are listed: they stay paragraphs.
    """
    heading = next(iter(selection.library.kinds[section.kind].parts))
    parts = (
        part
        if part.at in placed or part.name == heading
        else replace(part, blocks=citations_in(part.blocks, empty=part.at in cited), at=NOWHERE)
        for part in section.parts
    )
    return replace(section, parts=tuple(parts))


def citations_in(blocks: Blocks, *, empty: bool) -> Blocks:
    """Return a paragraph of what is cited in `blocks`, and where nothing is, an empty one or none."""
    cites = (each for each in tree.walk_tree(blocks) if isinstance(each, tree.Cite))
    keys = tuple(replace(key, at=NOWHERE) for each in cites for key in each.keys)
    if keys:
        return (tree.Paragraph((tree.Cite(keys, NOWHERE),), NOWHERE),)
    return (tree.Paragraph((), NOWHERE),) if empty else ()


def run(template: Template, library: Library, outline: Outline) -> LaidOut:
    """Return what a template makes of an outline."""
    from handouts.compose.layout import Files, render_layout

    blocks, found = parse_markdown(render_layout(Files(template, library.parts), template_values(outline)))
    return LaidOut(blocks, (*found, *check_names(blocks, Known(template=True), ())))


def prove_templates(selection: Selection, kept: Kept) -> tuple[Finding, ...]:
    """Return what is wrong with the names in all templates."""
    library = selection.library
    words = tuple(key for key, _ in selection.words.entries)
    recipe = (library.templates, library.parts, library.kinds, words)
    return kept.remembered(Proved, recipe, lambda: Proved(checked(library, words))).findings


def checked(library: Library, words: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return what is wrong with the names in all templates, if these are the names of fixed words."""
    from handouts.compose.proofing import check_templates

    return check_templates(library, words)
