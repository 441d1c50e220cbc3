"""Lay a template out as a tree and replace its marks with the parts of a selection.

Each part keeps its own place in content. A part with blocks inside a sentence is a finding at the template's
line. Also says which parts a template places, so that a document does not depend on the others. Jinja2 is
imported only when a template has to run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.cache import PersistentCache
from handouts.compose.template_context import SelectionOutline, outline_of, placeable_parts, template_values
from handouts.finding import NOWHERE, Finding, Location, error
from handouts.library import Library, Template
from handouts.markdown import syntax_tree as tree
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.names import KnownNames, check_names
from handouts.markdown.syntax_tree import Blocks
from handouts.select import SelectedPart, SelectedSection, Selection


class TemplateTree(Struct, frozen=True):
    """What a template makes of an outline: the tree of a whole document, marks in it, and what was found."""

    blocks: Blocks
    findings: tuple[Finding, ...]


class TemplateFindings(Struct, frozen=True):
    """What is wrong with the names in templates."""

    findings: tuple[Finding, ...]


def lay_out_template(selection: Selection, template: Template, kept: PersistentCache) -> TemplateTree:
    """Return what `template` makes of a selection. HandoutError if it cannot be run."""
    outline, library = outline_of(selection, template.name), selection.library
    return kept.remembered(
        TemplateTree, (template, library.parts, outline), lambda: run_template(template, library, outline)
    )


def narrow_selection(selection: Selection, template: Template, kept: PersistentCache) -> Selection:
    """Return a selection whose parts that `template` does not place say nothing but what they cite, at no place.

    From it the same is composed, and the same is found in that, so that equal ones need it only once. Headings stay:
    slides name them. HandoutError if the template cannot be run.
    """
    placed = {part.at for part in placed_parts(selection, template, kept)}
    listed = selection.library.templates.get(template.sources_of)
    cited = {part.at for part in placed_parts(selection, listed, kept)} if listed else set()
    sections = (narrow_section(section, placed, cited, selection) for section in selection.sections)
    return replace(selection, sections=tuple(sections))


def placed_parts(selection: Selection, template: Template, kept: PersistentCache) -> Iterator[SelectedPart]:
    """Yield the parts that `template` places."""
    parts = placeable_parts(selection, template.name)
    marks = (
        each
        for each in tree.walk_tree(lay_out_template(selection, template, kept).blocks)
        if isinstance(each, tree.PartMark)
    )
    return (parts[mark.number] for mark in marks)


def narrow_section(
    section: SelectedSection, placed: Collection[Location], cited: Collection[Location], selection: Selection
) -> SelectedSection:
    """Return a section whose parts that are not `placed` hold only what they cite; its heading stays.

    Those that are `cited` are laid out with the template whose sources are listed: they stay paragraphs.
    """
    heading = next(iter(selection.library.kinds[section.kind].parts))
    parts = (
        part
        if part.at in placed or part.name == heading
        else replace(part, blocks=citation_paragraph(part.blocks, empty=part.at in cited), at=NOWHERE)
        for part in section.parts
    )
    return replace(section, parts=tuple(parts))


def citation_paragraph(blocks: Blocks, *, empty: bool) -> Blocks:
    """Return a paragraph of what is cited in `blocks`, and where nothing is, an empty one or none."""
    cites = (each for each in tree.walk_tree(blocks) if isinstance(each, tree.CitationNode))
    keys = tuple(replace(key, at=NOWHERE) for each in cites for key in each.keys)
    if keys:
        return (tree.ParagraphNode((tree.CitationNode(keys, NOWHERE),), NOWHERE),)
    return (tree.ParagraphNode((), NOWHERE),) if empty else ()


def run_template(template: Template, library: Library, outline: SelectionOutline) -> TemplateTree:
    """Return what a template makes of an outline."""
    from handouts.compose.environment import TemplateFiles, render_template

    blocks, found = parse_markdown(render_template(TemplateFiles(template, library.parts), template_values(outline)))
    return TemplateTree(blocks, (*found, *check_names(blocks, KnownNames(template=True), ())))


def template_findings(selection: Selection, kept: PersistentCache) -> tuple[Finding, ...]:
    """Return what is wrong with the names in all templates."""
    library = selection.library
    words = tuple(key for key, _ in selection.words.entries)
    recipe = (library.templates, library.parts, library.kinds, words)
    return kept.remembered(
        TemplateFindings, recipe, lambda: TemplateFindings(find_template_mistakes(library, words))
    ).findings


def find_template_mistakes(library: Library, words: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return what is wrong with the names in all templates, if these are the names of fixed words."""
    from handouts.compose.template_names import check_templates

    return check_templates(library, words)


class PlacementContext(Struct, frozen=True):
    """The parts by number, those that were placed so far, and what was found out."""

    parts: Sequence[SelectedPart]
    findings: list[Finding]
    placed: set[Location] = field(default_factory=set)

    def take(self, mark: tree.PartMark) -> SelectedPart:
        """Return the part that `mark` stands for, which is now placed."""
        part = self.parts[mark.number]
        self.placed.add(part.at)
        return part


def place_parts(blocks: Blocks, placing: PlacementContext) -> Blocks:
    """Return `blocks` with every mark replaced by its part."""
    return tuple(each for block in blocks for each in place_block(block, placing))


def place_block(block: tree.Block, placing: PlacementContext) -> Blocks:
    """Return one block with every mark in it replaced by its part."""
    match block:
        case tree.ParagraphNode():
            return place_paragraph(block, placing)
        case tree.HeadingNode():
            return (replace(block, content=place_inlines(block.content, placing)),)
        case tree.ListNode():
            return (replace(block, items=tuple(place_parts(item, placing) for item in block.items)),)
        case tree.QuotationNode() | tree.Div():
            return (replace(block, blocks=place_parts(block.blocks, placing)),)
        case tree.TableNode():
            head, *rows = (
                tuple(replace(cell, content=place_inlines(cell.content, placing)) for cell in row)
                for row in (block.head, *block.rows)
            )
            return (replace(block, head=head, rows=tuple(rows)),)
        case _:
            assert_never(block)


def place_paragraph(paragraph: tree.ParagraphNode, placing: PlacementContext) -> Blocks:
    """Return the blocks of the part that stands alone in a paragraph, or the paragraph with its parts in it."""
    nodes = [node for node in paragraph.content if not (isinstance(node, tree.TextNode) and not node.text.strip())]
    if len(nodes) == 1 and isinstance(nodes[0], tree.PartMark):
        return placing.take(nodes[0]).blocks
    return (replace(paragraph, content=place_inlines(paragraph.content, placing)),)


def place_inlines(content: tree.Inlines, placing: PlacementContext) -> tree.Inlines:
    """Return `content` with every mark replaced by the words of its part."""
    return tuple(each for node in content for each in place_inline(node, placing))


def place_inline(node: tree.Inline, placing: PlacementContext) -> tree.Inlines:
    """Return one inline node with every mark in it replaced by the words of its part."""
    match node:
        case tree.TextNode() | tree.CitationNode():
            return (node,)
        case tree.StrongNode() | tree.LinkNode() | tree.SpanNode():
            return (replace(node, content=place_inlines(node.content, placing)),)
        case tree.PartMark():
            part = placing.take(node)
            only = part.blocks[0] if len(part.blocks) == 1 else None
            if part.holds == "line" and isinstance(only, tree.ParagraphNode):
                return only.content
            message = f"'{part.name}' holds blocks, and stands in a sentence."
            placing.findings.append(
                error("part-in-sentence", message, node.at, "leave a blank line before and after it")
            )
            return ()
        case _:
            assert_never(node)


DISCREET_COVER_KIND = "outside"


def point_places(blocks: Blocks, selection: Selection) -> frozenset[Location]:
    """Return the places of the parts that make a point and that stand in a tree.

    What only the outside of a discreet edition shows does not count.
    """
    makers = [part for section in selection.sections for part in section.parts if part.makes]
    inside = tuple(
        each for each in blocks if not (isinstance(each, tree.Div) and each.attributes.kind == DISCREET_COVER_KIND)
    )
    there = {id(node) for node in tree.walk_tree(inside)} if makers else set()
    return frozenset(part.at for part in makers if any(id(node) in there for node in tree.walk_tree(part.blocks)))
