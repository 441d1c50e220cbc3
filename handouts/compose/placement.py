"""Lay a template out as a tree and replace its marks with the parts of a selection.

Each part keeps its own place in content. A part with blocks inside a sentence is a finding at the template's
line. Jinja2 is imported only when a template has to run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.compose.template_context import outline_of, template_values
from handouts.finding import Finding, Location, error
from handouts.library import Template
from handouts.markdown import syntax_tree as tree
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.names import KnownNames, check_names
from handouts.markdown.syntax_tree import Blocks
from handouts.select import SelectedPart, Selection


class TemplateTree(Struct, frozen=True):
    """What a template makes of an outline: the tree of a whole document, marks in it, and what was found."""

    blocks: Blocks
    findings: tuple[Finding, ...]


def lay_out_template(selection: Selection, template: Template) -> TemplateTree:
    """Return what `template` makes of a selection. HandoutError if it cannot be run."""
    from handouts.compose.environment import TemplateFiles, render_template

    files = TemplateFiles(template, selection.library.parts)
    blocks, found = parse_markdown(render_template(files, template_values(outline_of(selection, template.name))))
    return TemplateTree(blocks, (*found, *check_names(blocks, KnownNames(template=True), ())))


def template_findings(selection: Selection) -> tuple[Finding, ...]:
    """Return what is wrong with the names in all templates."""
    from handouts.compose.template_names import check_templates

    return check_templates(selection.library, tuple(key for key, _ in selection.words.entries))


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
