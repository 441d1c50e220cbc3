"""Parse Markdown with fenced divs to blocks of the syntax tree; the only user of markdown-it-py.

Between the fences markdown-it finds the blocks and their lines; columns come from finding each line of a block in its
source. Unsupported Markdown is a finding, and so is a table row that would lose a cell. Names are not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

from handouts.finding import Finding, Location, error, warning
from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import NO_ATTRIBUTES, Attributes, Word, read_attributes
from handouts.markdown.fences import FencedPiece, split_fences, split_section
from handouts.markdown.inline_parser import parse_inlines
from handouts.markdown.syntax_tree import Source

LONGEST_PARAGRAPH = 5000
_DEEPEST_LIST = 3
MOST_ENTRIES = 500  # of a list with those inside it, or rows of a table
# Deeper than is allowed, so that too deep lists are reported before markdown-it leaves them out.
_NESTING = 200
_HEADING = re.compile(r"[ ]*(?P<hashes>#{1,6})[ ]+")
_BRACES = re.compile(r"(?:(?<=[ ])|^)\{")
_HASHES = re.compile(r"(?P<hashes>##+)(?P<words>[^\n]{1,40})")
PIPE = re.compile(r"\\.|\|")
_TABLE_ROW = re.compile(r"\|.*\|[ ]*")
# What word processors begin the lines of a list with; a dash or an o does so only at the beginning of a paragraph.
_BULLET = re.compile(r"[ ]*(?P<sign>[•▪◦●○■·])")
_FIRST_BULLET = re.compile(r"[ ]*(?P<sign>[•▪◦●○■·]|[–—o](?=[ ]))")

_PARSER = (
    MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING})
    .enable("table")
    .disable(["reference", "lheading", "inline"])
)


class _Chunk(Struct, frozen=True):
    """Lines without fences, their tokens from markdown-it, and the findings so far."""

    lines: Source
    tokens: Sequence[Token]
    findings: list[Finding]

    def error(self, code: str, message: str, at: Location, hint: str) -> None:
        """Add an error."""
        self.findings.append(error(code, message, at, hint))


class HeadedBlocks(Struct, frozen=True):
    """The blocks below a line `## words {…}`; `name` is its words and `end` the last place before the next one."""

    name: Word
    attributes: Attributes
    blocks: tree.Blocks
    at: Location
    end: Location


def parse_markdown(source: Source) -> tuple[tree.Blocks, tuple[Finding, ...]]:
    """Return the blocks of `source`, and findings about its syntax."""
    findings: list[Finding] = []
    return _parse_pieces(split_fences(source, findings), findings), tuple(findings)


def parse_section(source: Source) -> tuple[tree.Blocks, tuple[HeadedBlocks, ...], tuple[Finding, ...]]:
    """Return the blocks before the first line `## …` of a section, those below each, and findings about the syntax."""
    findings: list[Finding] = []
    first, others = split_section(source, findings)
    before = _parse_pieces(first, findings)
    headed = tuple(
        HeadedBlocks(each.name, each.attributes, _parse_pieces(each.pieces, findings), each.at, each.end)
        for each in others
    )
    return before, headed, tuple(findings)


def _parse_pieces(pieces: Iterable[FencedPiece | Source], findings: list[Finding]) -> tree.Blocks:
    """Return the blocks of fenced pieces and of the lines between them."""
    blocks: list[tree.Block] = []
    for piece in pieces:
        if isinstance(piece, FencedPiece):
            inside = _parse_pieces(piece.pieces, findings)
            blocks.append(tree.Div(piece.attributes, inside, piece.at, piece.end))
        else:
            tokens = _PARSER.parse("\n".join(line.text for line in piece))
            read, _ = _read_blocks(_Chunk(piece, tokens, findings), 0, 0)
            blocks.extend(read)
    return tuple(blocks)


def _read_blocks(chunk: _Chunk, index: int, depth: int) -> tuple[tree.Blocks, int]:
    """Return the blocks from token `index` to the end of their parent, and the index after that end."""
    blocks: list[tree.Block] = []
    while index < len(chunk.tokens) and chunk.tokens[index].nesting >= 0:
        read, index = _read_block(chunk, index, depth)
        blocks.extend(read)
    return tuple(blocks), index + 1


def _read_block(chunk: _Chunk, index: int, depth: int) -> tuple[tree.Blocks, int]:
    """Return the block that begins with token `index`, or nothing if it is of no use here, and the index after it."""
    token = chunk.tokens[index]
    at = _beginning(chunk, token)
    match token.type:
        case "paragraph_open":
            return _read_paragraph(chunk, chunk.tokens[index + 1], at), index + 3
        case "heading_open":
            return (_read_heading(chunk, chunk.tokens[index + 1], int(token.tag[1:]), at),), index + 3
        case "bullet_list_open" | "ordered_list_open":
            return _read_list(chunk, index, depth, at)
        case "blockquote_open":
            return _read_quotation(chunk, index, depth, at)
        case "table_open":
            return _read_table(chunk, index, at)
        case "code_block":
            chunk.error("code", "Four spaces make this code.", at, "delete the spaces at the beginning of the line")
        case "fence":
            chunk.error("code", "Code is not used.", at, "delete the lines ```")
        case "hr":
            chunk.error("thematic-break", "Lines across the page are not used.", at, "delete it")
        case _:
            raise AssertionError(f"markdown-it made a {token.type} of line {at}")
    return (_unread(token, at),) if token.content else (), index + 1


def _unread(token: Token, at: Location) -> tree.ParagraphNode:
    """Return the words of a block that was reported, so that nothing else is reported as missing."""
    return tree.ParagraphNode((tree.TextNode(token.content, at),), at)


def _beginning(chunk: _Chunk, token: Token) -> Location:
    """Return the place of the first character of a block."""
    line = chunk.lines[token.map[0] if token.map else 0]
    text = line.text
    return line.at(len(text) - len(text.lstrip(" >")) if token.type == "paragraph_open" else _indent(text))


def _indent(text: str) -> int:
    """Return how many spaces `text` begins with."""
    return len(text) - len(text.lstrip(" "))


def _read_inlines(chunk: _Chunk, content: str, starts: Sequence[tuple[int, int]]) -> tree.Inlines:
    """Return the inline nodes of `content`, each line of which starts at a line and a column of the chunk."""
    lengths = [len(line) + 1 for line in content.split("\n")]

    def at(offset: int) -> Location:
        row, rest = 0, offset
        while row < len(lengths) - 1 and rest >= lengths[row]:
            rest -= lengths[row]
            row += 1
        line, column = starts[row]
        return chunk.lines[line].at(column + rest)

    if len(content) > LONGEST_PARAGRAPH:
        message = f"This text has {len(content)} characters."
        chunk.error("long-paragraph", message, at(0), f"split it: {LONGEST_PARAGRAPH} are the most")
        return (tree.TextNode(content, at(0)),)
    return parse_inlines(content, at, chunk.findings)


def _starts_of(chunk: _Chunk, token: Token) -> list[tuple[int, int]]:
    """Return line and column where each line of a paragraph starts: markdown-it strips only the start of its source."""
    first = token.map[0] if token.map else 0
    starts = []
    for number, text in enumerate(token.content.split("\n"), first):
        source = chunk.lines[number].text.rstrip(" ")
        starts.append((number, max(0, len(source) - len(text.rstrip(" ")))))
    return starts


def _read_paragraph(chunk: _Chunk, token: Token, at: Location) -> tree.Blocks:
    """Return a paragraph; too long ones, and ones that look like a table, are findings."""
    starts = _starts_of(chunk, token)
    rows = [number for number, text in enumerate(token.content.split("\n")) if _TABLE_ROW.fullmatch(text)]
    if rows:
        line, column = starts[rows[0]]
        hint = "the second line is | --- | --- |, with as many cells as the first"
        chunk.error("table-shape", "This looks like a table and is none.", chunk.lines[line].at(column), hint)
        return (_unread(token, at),)
    _report_bullets(chunk, token.content, starts)
    _report_hashes(chunk, token.content, starts)
    content = _read_inlines(chunk, token.content, starts)
    return (tree.ParagraphNode(content, chunk.lines[starts[0][0]].at(starts[0][1])),)


def _report_bullets(chunk: _Chunk, content: str, starts: Sequence[tuple[int, int]]) -> None:
    """Report a paragraph that begins lines with the bullets of a word processor, at the first such line."""
    for row, text in enumerate(content.split("\n")):
        found = (_BULLET if row else _FIRST_BULLET).match(text)
        if found:
            line, column = starts[row]
            sign = found["sign"]
            message = (
                f"This line begins with {sign} and is not an entry of a list: the lines are printed as one paragraph."
            )
            hint = f"begin each line with - and a space in place of {sign}, and leave a blank line before the first"
            at = chunk.lines[line].at(column + found.start("sign"))
            chunk.findings.append(warning("pasted-list", message, at, hint))
            return


def _report_hashes(chunk: _Chunk, content: str, starts: Sequence[tuple[int, int]]) -> None:
    """Report each line of a paragraph that was meant as a heading."""
    for row, text in enumerate(content.split("\n") if "##" in content else ()):
        found = _HASHES.match(text)
        if found:
            line, column = starts[row]
            hint = f"write {found['hashes']} {found['words'].strip()}, at the beginning of a line"
            message = "This looks like a heading and is none: it is printed as it stands."
            chunk.error("near-miss-heading", message, chunk.lines[line].at(column), hint)


def _read_heading(chunk: _Chunk, token: Token, level: int, at: Location) -> tree.HeadingNode:
    """Return a heading with the attributes at its end."""
    number = token.map[0] if token.map else 0
    text = chunk.lines[number].text
    opening = _HEADING.search(text)
    column = text.find(token.content, opening.end() if opening else 0)
    braces = _BRACES.search(token.content)
    attributes, content = NO_ATTRIBUTES, token.content
    if braces:
        content = token.content[: braces.start()].rstrip()
        attributes = _attributes_at_end(chunk, token.content, braces.start(), (number, column))
    return tree.HeadingNode(level, _read_inlines(chunk, content, [(number, column)]), attributes, at)


def _attributes_at_end(chunk: _Chunk, content: str, start: int, place: tuple[int, int]) -> Attributes:
    """Return the attributes at the end of a heading; words after them are a finding."""
    number, column = place

    def at(offset: int) -> Location:
        return chunk.lines[number].at(column + offset)

    attributes, end = read_attributes(content, start, at, chunk.findings)
    if content[end:].strip() and not attributes.broken:
        message = "Words after the braces of a heading."
        chunk.error("leftover-braces", message, at(end + 1), "put the braces at the end of the line")
    return attributes


def _read_list(chunk: _Chunk, index: int, depth: int, at: Location) -> tuple[tree.Blocks, int]:
    """Return a list; one that is too deep, or whose numbers do not begin with 1, is a finding."""
    token = chunk.tokens[index]
    ordered = token.type == "ordered_list_open"
    if ordered and token.attrs.get("start", 1) != 1:
        chunk.error("list-start", "Steps begin with 1.", at, r"write 1., or \. where the number is not a step")
    if depth == _DEEPEST_LIST:
        chunk.error("deep-list", f"A list is at most {_DEEPEST_LIST} deep.", at, "make it a list of its own")
        return (), _after_closing(chunk, index)
    if depth == 0:
        _check_count(chunk, index, "list_item_open", at)
    items: list[tree.Blocks] = []
    index += 1
    while chunk.tokens[index].nesting > 0:
        item, index = _read_blocks(chunk, index + 1, depth + 1)
        items.append(item)
    return (tree.ListNode(ordered, tuple(item for item in items if item), at),), index + 1


def _check_count(chunk: _Chunk, index: int, kind: str, at: Location) -> None:
    """Report a list or a table with too many entries; `kind` is the type of the token that opens an entry."""
    count = sum(token.type == kind for token in chunk.tokens[index : _after_closing(chunk, index)])
    if count > MOST_ENTRIES:
        chunk.error("too-many", f"There are {count} entries.", at, f"divide them: {MOST_ENTRIES} are the most")


def _after_closing(chunk: _Chunk, index: int) -> int:
    """Return the index after the token that closes what token `index` opens."""
    depth = 0
    for position in range(index, len(chunk.tokens)):
        depth += chunk.tokens[position].nesting
        if depth == 0:
            return position + 1
    return len(chunk.tokens)


def _read_quotation(chunk: _Chunk, index: int, depth: int, at: Location) -> tuple[tree.Blocks, int]:
    """Return a quotation; one inside another is a finding."""
    blocks, after = _read_blocks(chunk, index + 1, _DEEPEST_LIST) if depth < _DEEPEST_LIST else ((), 0)
    if depth >= _DEEPEST_LIST or any(isinstance(block, tree.QuotationNode | tree.ListNode) for block in blocks):
        chunk.error("quotation", "A quotation holds paragraphs only.", at, "delete the second > or the list")
        return (), _after_closing(chunk, index)
    return (tree.QuotationNode(blocks, at),), after


def _read_table(chunk: _Chunk, index: int, at: Location) -> tuple[tree.Blocks, int]:
    """Return a table; a row with more or fewer cells than the head is a finding."""
    after = _after_closing(chunk, index)
    _check_count(chunk, index, "tr_open", at)
    rows: list[tuple[tree.TableCellNode, ...]] = []
    cells: list[str] = []
    for token in chunk.tokens[index:after]:
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(token.content)
        elif token.type == "tr_close":
            rows.append(_read_row(chunk, _row_line(chunk, index, len(rows)), cells, len(rows[0]) if rows else 0))
    return (tree.TableNode(rows[0], tuple(rows[1:]), at),), after


def _row_line(chunk: _Chunk, index: int, row: int) -> int:
    """Return the line of a row of the table that begins with token `index`; its second line is the divider."""
    token = chunk.tokens[index]
    return (token.map[0] if token.map else 0) + row + (1 if row else 0)


def _read_row(chunk: _Chunk, number: int, cells: Sequence[str], expected: int) -> tuple[tree.TableCellNode, ...]:
    """Return the cells of one row."""
    line = chunk.lines[number]
    columns = _cell_columns(line.text)
    if expected and len(columns) != expected:
        message = f"This row has {len(columns)} cells, and the table has {expected} columns."
        chunk.error("table-row", message, line.at(_indent(line.text)), r"a literal | is written \|")
        return tuple(tree.TableCellNode((), line.at(0)) for _ in range(expected))
    places = [*columns, *[0] * len(cells)]
    return tuple(
        tree.TableCellNode(_read_inlines(chunk, content, [(number, column)]), line.at(column))
        for content, column in zip(cells, places, strict=False)
    )


def _cell_columns(text: str) -> list[int]:
    """Return the column at which the words of each cell of a table row begin."""
    start = _indent(text) + (1 if text.lstrip(" ").startswith("|") else 0)
    stripped = text.rstrip(" ")
    end = len(stripped) - (1 if stripped.endswith("|") and not stripped.endswith("\\|") else 0)
    edges = [start, *(found.end() for found in PIPE.finditer(text, start, end) if found[0] == "|")]
    return [edge + _indent(text[edge:]) for edge in edges]
