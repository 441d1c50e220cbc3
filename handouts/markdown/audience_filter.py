"""Reduce a syntax tree to what one audience reads.

Content for other audiences is removed; a `for` that names the audience is dropped and its content kept. Pure.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import Attributes
from handouts.markdown.names import COMMON_ATTRIBUTES

_CLOSING_SIGNS = (".", ",", ";", ":", "!", "?", ")")  # no space stands before these


def for_audience(blocks: tree.Blocks, audience: str) -> tree.Blocks:
    """Return what `audience` reads of `blocks`, without `for` attributes and without blocks that are now empty."""
    return tuple(each for block in blocks for each in _block_for(block, audience))


def _block_for(block: tree.Block, audience: str) -> tree.Blocks:
    """Return what `audience` reads of one block: nothing, the block, or the blocks inside its fences."""
    if isinstance(block, tree.Div) and not _is_for(block.attributes, audience):
        return ()
    read = tree.with_children(
        block, lambda inside: for_audience(inside, audience), lambda content: _content_for(content, audience)
    )
    match read:
        case tree.ParagraphNode() | tree.HeadingNode():
            return (read,) if tree.has_content(read.content) else ()
        case tree.ListNode():
            items = tuple(item for item in read.items if item)
            return (replace(read, items=items),) if items else ()
        case tree.QuotationNode():
            return (read,) if read.blocks else ()
        case tree.TableNode():
            rows = tuple(row for row in read.rows if any(tree.has_content(cell.content) for cell in row))
            return (replace(read, rows=rows),) if rows or not read.rows else ()  # a table that never had rows stays
        case tree.Div() if read.attributes.classes:
            return (replace(read, attributes=_without_common(read.attributes)),)
        case tree.Div():  # these fences only named audiences
            return read.blocks
        case _:
            assert_never(read)


def _is_for(attributes: Attributes, audience: str) -> bool:
    """True if there is no `for` attribute, or it names `audience`."""
    return not attributes.has("for") or audience in {word.text for word in attributes.words("for")}


def _without_common(attributes: Attributes) -> Attributes:
    """Return `attributes` without audiences and allowances."""
    kept = tuple(pair for pair in attributes.pairs if pair.name.text not in COMMON_ATTRIBUTES)
    return replace(attributes, pairs=kept)


def _content_for(content: tree.Inlines, audience: str) -> tree.Inlines:
    """Return what `audience` reads of `content`, without the space that removed words would leave behind."""
    kept: list[tree.Inline] = []
    dropped = False
    for node in content:
        inner = _inline_for(node, audience)
        if inner and dropped and isinstance(inner[0], tree.TextNode) and inner[0].text.startswith(_CLOSING_SIGNS):
            _strip_end(kept)
        dropped = not inner
        kept.extend(inner)
    if dropped:
        _strip_end(kept)
    return tuple(kept)


def _strip_end(kept: list[tree.Inline]) -> None:
    """Take the spaces off the end of the last words."""
    if kept and isinstance(kept[-1], tree.TextNode):
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" \n"))


def _inline_for(node: tree.Inline, audience: str) -> tree.Inlines:
    """Return what `audience` reads of one inline node: nothing, the node, or the words inside its brackets."""
    match node:
        case tree.TextNode() | tree.CitationNode() | tree.PartMark():
            return (node,)
        case tree.StrongNode() | tree.LinkNode():
            content = _content_for(node.content, audience)
            return (replace(node, content=content),) if tree.has_content(content) else ()
        case tree.SpanNode():
            if not _is_for(node.attributes, audience):
                return ()
            content = _content_for(node.content, audience)
            rest = _without_common(node.attributes)
            return (replace(node, content=content, attributes=rest),) if rest.classes or rest.pairs else content
        case _:
            assert_never(node)
