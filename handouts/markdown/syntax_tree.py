"""Define the syntax tree of Markdown before an audience is selected; every node holds its location.

`Source` is the lines that a tree is read from: each knows the location of each of its characters, also where a
rendered template holds stretches of different files. `walk_tree` yields all nodes, `rewrite` changes the words.
Knows nothing of templates, and never reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import NOWHERE, Location
from handouts.markdown.attributes import Attributes, Word


class Line(Struct, frozen=True):
    """One line without its end; `places` says from which column (from 0) on the text was written at which place."""

    text: str
    places: tuple[tuple[int, Location], ...]

    def at(self, column: int) -> Location:
        """Return the place of the character at `column`, which counts from 0."""
        start, span = next((each for each in reversed(self.places) if each[0] <= column), self.places[0])
        return Location(span.file, span.line, span.column + max(0, column - start))


Source: TypeAlias = tuple[Line, ...]


def source_from_text(text: str, file: str, first_line: int = 1) -> Source:
    """Return the lines of `text`, which begins at `first_line` of `file`."""
    lines = enumerate(text.split("\n"), first_line)
    return tuple(Line(line, ((0, Location(file, number, 1)),)) for number, line in lines)


class TextNode(Struct, frozen=True, tag=True):
    """Plain words; a line end counts as a space."""

    text: str
    at: Location


class StrongNode(Struct, frozen=True, tag=True):
    """`**words**`."""

    content: Inlines
    at: Location


class LinkNode(Struct, frozen=True, tag=True):
    """`[words](target "title")`."""

    content: Inlines
    target: str
    title: str
    at: Location


class SpanNode(Struct, frozen=True, tag=True):
    """`[words]{attributes}`; `end` is the place of the closing bracket."""

    content: Inlines
    attributes: Attributes
    at: Location
    end: Location = NOWHERE


class CitationNode(Struct, frozen=True, tag=True):
    """`[@key; @key]`."""

    keys: tuple[Word, ...]
    at: Location


class PartMark(Struct, frozen=True, tag=True):
    """Where a template places the part with this `number`."""

    number: int
    at: Location


Inline: TypeAlias = TextNode | StrongNode | LinkNode | SpanNode | CitationNode | PartMark
Inlines: TypeAlias = tuple[Inline, ...]


class ParagraphNode(Struct, frozen=True, tag=True):
    """Words up to a blank line."""

    content: Inlines
    at: Location


class HeadingNode(Struct, frozen=True, tag=True):
    """A line that begins with one or more #."""

    level: int
    content: Inlines
    attributes: Attributes
    at: Location


class ListNode(Struct, frozen=True, tag=True):
    """A list, with numbers if `ordered`."""

    ordered: bool
    items: tuple[Blocks, ...]
    at: Location


class QuotationNode(Struct, frozen=True, tag=True):
    """Lines that begin with >."""

    blocks: Blocks
    at: Location


class TableCellNode(Struct, frozen=True):
    """One cell of a table."""

    content: Inlines
    at: Location


class TableNode(Struct, frozen=True, tag=True):
    """A table: its head and its rows, which have as many cells each."""

    head: tuple[TableCellNode, ...]
    rows: tuple[tuple[TableCellNode, ...], ...]
    at: Location


class Div(Struct, frozen=True, tag=True):
    """What stands between two fences; `end` is the place of the closing one."""

    attributes: Attributes
    blocks: Blocks
    at: Location
    end: Location = NOWHERE


Block: TypeAlias = ParagraphNode | HeadingNode | ListNode | QuotationNode | TableNode | Div
Blocks: TypeAlias = tuple[Block, ...]


def walk_tree(node: Blocks | Inlines | Block | Inline) -> Iterator[Block | Inline]:
    """Yield every block and inline node in reading order, each before what it holds."""
    waiting = list(node[::-1]) if isinstance(node, tuple) else [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(_children_of(each)[::-1])


def _children_of(node: Block | Inline) -> Blocks | Inlines:
    """Return the nodes that a node holds, without what these hold."""
    match node:
        case TextNode() | CitationNode() | PartMark():
            return ()
        case StrongNode() | LinkNode() | SpanNode() | ParagraphNode() | HeadingNode():
            return node.content
        case ListNode():
            return tuple(chain.from_iterable(node.items))
        case QuotationNode() | Div():
            return node.blocks
        case TableNode():
            return tuple(each for row in (node.head, *node.rows) for cell in row for each in cell.content)
        case _:
            assert_never(node)


def named_pictures(blocks: Blocks) -> Iterator[Word]:
    """Yield the name of each picture in `blocks`, where it stands."""
    for node in walk_tree(blocks):
        if isinstance(node, Div) and node.attributes.kind == "picture":
            yield from (pair.value for pair in node.attributes.pairs if pair.name.text == "file" and pair.value.text)


def named_signs(blocks: Blocks) -> Iterator[Word]:
    """Yield the name of each sign of a table or figure in `blocks`, where it stands."""
    for node in walk_tree(blocks):
        if isinstance(node, Div) and node.attributes.kind in ("table", "figure"):
            yield from node.attributes.words("signs")


def plain_text_of(content: Inlines) -> str:
    """Return the words of `content` as one string, without citations and marks."""
    return "".join(
        node.text
        if isinstance(node, TextNode)
        else ""
        if isinstance(node, CitationNode | PartMark)
        else plain_text_of(node.content)
        for node in content
    )


def has_content(content: Inlines) -> bool:
    """True if `content` has a citation, a mark, or a word."""
    return any(
        bool(node.text.strip()) if isinstance(node, TextNode) else isinstance(node, CitationNode | PartMark)
        for node in walk_tree(content)
    )


_InlineChange: TypeAlias = Callable[[Inline], Inlines]


class Change(Struct, frozen=True):
    """How to rewrite a tree: `inline` for each inline node in a text, `title` for each one in a heading.

    What a change gives back is not changed again, and it has to change what the node holds itself.
    """

    inline: _InlineChange
    title: _InlineChange


def rewrite(blocks: Blocks, change: Change) -> Blocks:
    """Return `blocks` with every inline node changed, in reading order."""
    return tuple(_rewrite_block(block, change) for block in blocks)


def _rewrite_block(block: Block, change: Change) -> Block:
    """Return `block` with every inline node in it changed."""
    match block:
        case ParagraphNode():
            return replace(block, content=changed_inlines(block.content, change.inline))
        case HeadingNode():
            return replace(block, content=changed_inlines(block.content, change.title))
        case ListNode():
            return replace(block, items=tuple(rewrite(item, change) for item in block.items))
        case QuotationNode() | Div():
            return replace(block, blocks=rewrite(block.blocks, change))
        case TableNode():
            return with_cells(block, lambda content: changed_inlines(content, change.inline))
        case _:
            assert_never(block)


def changed_inlines(content: Inlines, change: _InlineChange) -> Inlines:
    """Return `content` with each node replaced by what `change` gives for it."""
    return tuple(each for node in content for each in change(node))


def with_cells(table: TableNode, change: Callable[[Inlines], Inlines]) -> TableNode:
    """Return `table` with the words of each cell replaced by what `change` gives for them."""
    head, *rows = (
        tuple(replace(cell, content=change(cell.content)) for cell in row) for row in (table.head, *table.rows)
    )
    return replace(table, head=head, rows=tuple(rows))
