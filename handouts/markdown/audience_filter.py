"""Reduce a syntax tree to what one audience reads.

Content for other audiences is removed; a `for` that names the audience is dropped and its content kept. Pure.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import Attributes
from handouts.markdown.names import COMMON_ATTRIBUTES


def for_audience(blocks: tree.Blocks, audience: str) -> tree.Blocks:
    """Return what `audience` reads of `blocks`; without its `for` attributes and without blocks left empty."""
    return tuple(each for block in blocks for each in _block_for(block, audience))


def _block_for(block: tree.Block, audience: str) -> tree.Blocks:
    """Return what `audience` reads of one block: nothing, the block, or what its fences hold."""
    match block:
        case tree.ParagraphNode():
            content = _content_for(block.content, audience)
            return (replace(block, content=content),) if tree.has_content(content) else ()
        case tree.HeadingNode():
            content = _content_for(block.content, audience)
            return (replace(block, content=content),) if tree.has_content(content) else ()
        case tree.ListNode():
            items = tuple(item for item in (for_audience(each, audience) for each in block.items) if item)
            return (replace(block, items=items),) if items else ()
        case tree.QuotationNode():
            blocks = for_audience(block.blocks, audience)
            return (replace(block, blocks=blocks),) if blocks else ()
        case tree.TableNode():
            return _grid_for(block, audience)
        case tree.Div():
            return _div_for(block, audience)
        case _:
            assert_never(block)


def _grid_for(grid: tree.TableNode, audience: str) -> tree.Blocks:
    """Return the table without the rows in which `audience` finds nothing; one that never had rows stays."""
    read = tree.with_cells(grid, lambda content: _content_for(content, audience))
    kept = tuple(row for row in read.rows if any(tree.has_content(cell.content) for cell in row))
    return (replace(read, rows=kept),) if kept or not grid.rows else ()


def _div_for(div: tree.Div, audience: str) -> tree.Blocks:
    """Return the fenced blocks if `audience` reads them, without the fences if those only named audiences."""
    if not _reads(div.attributes, audience):
        return ()
    blocks = for_audience(div.blocks, audience)
    if not div.attributes.classes:
        return blocks
    return (replace(div, attributes=_without_condition(div.attributes), blocks=blocks),)


def _reads(attributes: Attributes, audience: str) -> bool:
    """True if no `for` leaves `audience` out."""
    return not attributes.has("for") or audience in {word.text for word in attributes.words("for")}


def _without_condition(attributes: Attributes) -> Attributes:
    """Return `attributes` without audiences and allowances."""
    kept = tuple(pair for pair in attributes.pairs if pair.name.text not in COMMON_ATTRIBUTES)
    return replace(attributes, pairs=kept)


def _content_for(content: tree.Inlines, audience: str) -> tree.Inlines:
    """Return what `audience` reads of `content`, without the space that a stretch left out would leave behind."""
    kept: list[tree.Inline] = []
    dropped = False
    for node in content:
        inner = _inline_for(node, audience)
        if not inner:
            dropped = True
            continue
        if dropped and _closes_up(inner[0]):
            _strip_end(kept)
        dropped = False
        kept.extend(inner)
    if dropped:
        _strip_end(kept)
    return tuple(kept)


def _closes_up(node: tree.Inline) -> bool:
    """True if no space stands before `node`: it begins with a sign that ends a sentence or a part of one."""
    return isinstance(node, tree.TextNode) and node.text[:1] in {".", ",", ";", ":", "!", "?", ")"}


def _strip_end(kept: list[tree.Inline]) -> None:
    """Take the spaces off the end of the last words."""
    if kept and isinstance(kept[-1], tree.TextNode):
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" \n"))


def _inline_for(node: tree.Inline, audience: str) -> tree.Inlines:
    """Return what `audience` reads of one inline node: nothing, the node, or what its brackets hold."""
    match node:
        case tree.TextNode() | tree.CitationNode() | tree.PartMark():
            return (node,)
        case tree.StrongNode() | tree.LinkNode():
            content = _content_for(node.content, audience)
            return (replace(node, content=content),) if tree.has_content(content) else ()
        case tree.SpanNode():
            if not _reads(node.attributes, audience):
                return ()
            content = _content_for(node.content, audience)
            rest = _without_condition(node.attributes)
            return (replace(node, content=content, attributes=rest),) if rest.classes or rest.pairs else content
        case _:
            assert_never(node)
