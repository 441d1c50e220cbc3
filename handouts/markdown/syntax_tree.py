"""Define the syntax tree of Markdown before an audience is selected; every node holds its location.

`Source` holds the lines that are parsed, with the location of each character, also where a rendered template joins
pieces of different files. `walk_tree` yields all nodes, `rewrite` changes the words.
Knows nothing of templates, and never reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeAlias, TypeGuard, assert_never

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import NOWHERE, Location
from handouts.markdown.attributes import Attributes, Word


class Line(Struct, frozen=True):
    """One line without its end; `places` are pairs of a column, from 0, and the place of the text from there on."""

    text: str
    places: tuple[tuple[int, Location], ...]

    def at(self, column: int) -> Location:
        """Return the place of the character at `column`, which counts from 0."""
        for start, place in reversed(self.places):
            if start <= column:
                return Location(place.file, place.line, place.column + column - start)
        return self.places[0][1]


Source: TypeAlias = tuple[Line, ...]


def source_from_text(text: str, file: str) -> Source:
    """Return the lines of `text`, which is all of `file`."""
    lines = enumerate(text.split("\n"), 1)
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
    """A table: its head and its rows, all with the same number of cells."""

    head: tuple[TableCellNode, ...]
    rows: tuple[tuple[TableCellNode, ...], ...]
    at: Location


class Div(Struct, frozen=True, tag=True):
    """The blocks between two fences; `end` is the place of the closing one."""

    attributes: Attributes
    blocks: Blocks
    at: Location
    end: Location = NOWHERE


Block: TypeAlias = ParagraphNode | HeadingNode | ListNode | QuotationNode | TableNode | Div
Blocks: TypeAlias = tuple[Block, ...]


def is_div(node: Block | Inline | None, *kinds: str) -> TypeGuard[Div]:
    """True if `node` is a fenced div whose first class is one of `kinds`."""
    return isinstance(node, Div) and node.attributes.kind in kinds


def walk_tree(node: Blocks | Inlines | Block | Inline) -> Iterator[Block | Inline]:
    """Yield every block and inline node in reading order, each before what it holds."""
    waiting = list(node[::-1]) if isinstance(node, tuple) else [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(_children_of(each)[::-1])


def _children_of(node: Block | Inline) -> Blocks | Inlines:
    """Return the direct children of a node."""
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


def cited_keys(blocks: Blocks) -> Iterator[str]:
    """Yield the key of each source that is cited in `blocks`, in reading order, as often as it is cited."""
    for node in walk_tree(blocks):
        if isinstance(node, CitationNode):
            yield from (key.text for key in node.keys)


def named_pictures(blocks: Blocks) -> Iterator[Word]:
    """Yield the file name of each picture in `blocks`."""
    for node in walk_tree(blocks):
        if is_div(node, "picture"):
            yield from (pair.value for pair in node.attributes.pairs if pair.name.text == "file" and pair.value.text)


def named_signs(blocks: Blocks) -> Iterator[Word]:
    """Yield the name of each sign of the tables and figures in `blocks`."""
    for node in walk_tree(blocks):
        if is_div(node, "table", "figure"):
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


def with_children(block: Block, blocks: Callable[[Blocks], Blocks], inlines: Callable[[Inlines], Inlines]) -> Block:
    """Return `block` with each group of blocks in it replaced by `blocks(group)`, and each text by `inlines(text)`."""
    match block:
        case ParagraphNode() | HeadingNode():
            return replace(block, content=inlines(block.content))
        case ListNode():
            return replace(block, items=tuple(map(blocks, block.items)))
        case QuotationNode() | Div():
            return replace(block, blocks=blocks(block.blocks))
        case TableNode():
            rows = (
                tuple(replace(cell, content=inlines(cell.content)) for cell in row) for row in (block.head, *block.rows)
            )
            head, *body = rows
            return replace(block, head=head, rows=tuple(body))
        case _:
            assert_never(block)


def rewrite(blocks: Blocks, change: _InlineChange, *, headings: bool = True) -> Blocks:
    """Return `blocks` with every inline node replaced by `change(node)`, in reading order; see `rewrite_inlines`.

    Without `headings`, headings stay as they are.
    """
    return tuple(
        block
        if isinstance(block, HeadingNode) and not headings
        else with_children(
            block,
            lambda inside: rewrite(inside, change, headings=headings),
            lambda content: rewrite_inlines(content, change),
        )
        for block in blocks
    )


def rewrite_inlines(content: Inlines, change: _InlineChange) -> Inlines:
    """Return `content` with each node replaced by `change(node)`, after those inside it; the results are left alone."""
    return tuple(each for node in content for each in change(_rewrite_inside(node, change)))


def _rewrite_inside(node: Inline, change: _InlineChange) -> Inline:
    """Return `node` with the nodes inside it replaced."""
    match node:
        case TextNode() | CitationNode() | PartMark():
            return node
        case StrongNode() | LinkNode() | SpanNode():
            return replace(node, content=rewrite_inlines(node.content, change))
        case _:
            assert_never(node)
