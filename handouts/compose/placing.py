"""Marks in a laid out tree to the parts that they stand for.

A part alone in a paragraph becomes its blocks; a part that is a line may also stand in a sentence, heading or cell. A
part with blocks in a sentence is a finding at the template's line. Parts keep their own places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.finding import Finding, Span, error
from handouts.markdown import tree
from handouts.markdown.tree import Blocks
from handouts.select import SelectedPart


class Placing(Struct, frozen=True):
    """The parts by number, those that were placed so far, and what was found out."""

    parts: Sequence[SelectedPart]
    findings: list[Finding]
    placed: set[Span] = field(default_factory=set)

    def take(self, mark: tree.Mark) -> SelectedPart:
        """Return the part that `mark` stands for, which is now placed."""
        part = self.parts[mark.number]
        self.placed.add(part.at)
        return part


def place_parts(blocks: Blocks, placing: Placing) -> Blocks:
    """Return `blocks` with every mark replaced by its part."""
    return tuple(each for block in blocks for each in place_block(block, placing))


def place_block(block: tree.Block, placing: Placing) -> Blocks:
    """Return one block with every mark in it replaced by its part."""
    match block:
        case tree.Paragraph():
            return place_paragraph(block, placing)
        case tree.Heading():
            return (replace(block, content=place_inlines(block.content, placing)),)
        case tree.Listing():
            return (replace(block, items=tuple(place_parts(item, placing) for item in block.items)),)
        case tree.Quotation() | tree.Div():
            return (replace(block, blocks=place_parts(block.blocks, placing)),)
        case tree.Grid():
            head, *rows = (
                tuple(replace(cell, content=place_inlines(cell.content, placing)) for cell in row)
                for row in (block.head, *block.rows)
            )
            return (replace(block, head=head, rows=tuple(rows)),)
        case _:
            assert_never(block)


def place_paragraph(paragraph: tree.Paragraph, placing: Placing) -> Blocks:
    """Return the blocks of the part that stands alone in a paragraph, or the paragraph with its parts in it."""
    nodes = [node for node in paragraph.content if not (isinstance(node, tree.Words) and not node.text.strip())]
    if len(nodes) == 1 and isinstance(nodes[0], tree.Mark):
        return placing.take(nodes[0]).blocks
    return (replace(paragraph, content=place_inlines(paragraph.content, placing)),)


def place_inlines(content: tree.Inlines, placing: Placing) -> tree.Inlines:
    """Return `content` with every mark replaced by the words of its part."""
    return tuple(each for node in content for each in place_inline(node, placing))


def place_inline(node: tree.Inline, placing: Placing) -> tree.Inlines:
    """Return one inline node with every mark in it replaced by the words of its part."""
    match node:
        case tree.Words() | tree.Cite():
            return (node,)
        case tree.Strong() | tree.Link() | tree.Stretch():
            return (replace(node, content=place_inlines(node.content, placing)),)
        case tree.Mark():
            part = placing.take(node)
            only = part.blocks[0] if len(part.blocks) == 1 else None
            if part.holds == "line" and isinstance(only, tree.Paragraph):
                return only.content
            message = f"'{part.name}' holds blocks, and stands in a sentence."
            placing.findings.append(
                error("part-in-sentence", message, node.at, "leave a blank line before and after it")
            )
            return ()
        case _:
            assert_never(node)
