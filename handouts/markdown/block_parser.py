"""Parse the Markdown between two fences to blocks of the syntax tree; the only user of markdown-it-py.

markdown-it finds the blocks and their lines; columns come from finding each line of a block in its source.
Unsupported Markdown is a finding, and so is a table row that would lose a cell. Names are not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

from handouts.finding import Finding, Location, error, warning
from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import NO_ATTRIBUTES, Attributes, read_attributes
from handouts.markdown.fences import Fenced, Pieces, split_fences
from handouts.markdown.inline_parser import parse_inlines
from handouts.markdown.source_lines import Source

LONGEST_PARAGRAPH = 5000
DEEPEST_LIST = 3
MOST_ENTRIES = 500  # of a list with those inside it, or rows of a table
# Deeper than what we allow, so that what is too deep is reported before markdown-it would leave it out.
NESTING = 200
HEADING = re.compile(r"[ ]*(?P<hashes>#{1,6})[ ]+")
BRACES = re.compile(r"(?:(?<=[ ])|^)\{")
PIPE = re.compile(r"\\.|\|")
TABLE_ROW = re.compile(r"\|.*\|[ ]*")
# What word processors begin the lines of a list with; a dash or an o does so only at the beginning of a paragraph.
BULLET = re.compile(r"[ ]*(?P<sign>[•▪◦●○■·])")
FIRST_BULLET = re.compile(r"[ ]*(?P<sign>[•▪◦●○■·]|[–—o](?=[ ]))")


class Chunk(Struct, frozen=True):
    """Lines without fences, the tokens that markdown-it makes of them, and what was found out so far."""

    lines: Source
    tokens: Sequence[Token]
    findings: list[Finding]

    def error(self, code: str, message: str, at: Location, hint: str) -> None:
        """Gather an error."""
        self.findings.append(error(code, message, at, hint))


def parse_markdown(source: Source) -> tuple[tree.Blocks, tuple[Finding, ...]]:
    """Return the blocks of `source`, and what is wrong with how they are written."""
    findings: list[Finding] = []
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING}).enable("table")
    parser.disable(["reference", "lheading", "inline"])
    return parse_pieces(split_fences(source, findings), parser, findings), tuple(findings)


def parse_pieces(pieces: Pieces, parser: MarkdownIt, findings: list[Finding]) -> tree.Blocks:
    """Return the blocks of fenced stretches and of the lines between them."""
    blocks: list[tree.Block] = []
    for piece in pieces:
        if isinstance(piece, Fenced):
            inside = parse_pieces(piece.pieces, parser, findings)
            blocks.append(tree.Div(piece.attributes, inside, piece.at, piece.end))
        else:
            tokens = parser.parse("\n".join(line.text for line in piece))
            read, _ = read_blocks(Chunk(piece, tokens, findings), 0, 0)
            blocks.extend(read)
    return tuple(blocks)


def read_blocks(chunk: Chunk, index: int, depth: int) -> tuple[tree.Blocks, int]:
    """Return the blocks from token `index` to the end of what holds them, and the index after that end."""
    blocks: list[tree.Block] = []
    while index < len(chunk.tokens) and chunk.tokens[index].nesting >= 0:
        read, index = read_block(chunk, index, depth)
        blocks.extend(read)
    return tuple(blocks), index + 1


def read_block(chunk: Chunk, index: int, depth: int) -> tuple[tree.Blocks, int]:
    """Return the block that begins with token `index`, none if it is not used here, and the index after it."""
    token = chunk.tokens[index]
    at = beginning(chunk, token)
    match token.type:
        case "paragraph_open":
            return read_paragraph(chunk, chunk.tokens[index + 1], at), index + 3
        case "heading_open":
            return (read_heading(chunk, chunk.tokens[index + 1], int(token.tag[1:]), at),), index + 3
        case "bullet_list_open" | "ordered_list_open":
            return read_list(chunk, index, depth, at)
        case "blockquote_open":
            return read_quotation(chunk, index, depth, at)
        case "table_open":
            return read_table(chunk, index, at)
        case "code_block":
            chunk.error("code", "Four spaces make this code.", at, "delete the spaces at the beginning of the line")
        case "fence":
            chunk.error("code", "Code is not used.", at, "delete the lines ```")
        case "hr":
            chunk.error("thematic-break", "Lines across the page are not used.", at, "delete it")
        case _:
            raise AssertionError(f"markdown-it made a {token.type} of line {at}")
    return (unread(token, at),) if token.content else (), index + 1


def unread(token: Token, at: Location) -> tree.ParagraphNode:
    """Return the words of a block that was reported, so that nothing else is reported as missing."""
    return tree.ParagraphNode((tree.TextNode(token.content, at),), at)


def beginning(chunk: Chunk, token: Token) -> Location:
    """Return the place of the first character of a block."""
    line = chunk.lines[token.map[0] if token.map else 0]
    return line.at(
        len(line.text) - len(line.text.lstrip(" >")) if token.type == "paragraph_open" else indent(line.text)
    )


def indent(text: str) -> int:
    """Return how many spaces `text` begins with."""
    return len(text) - len(text.lstrip(" "))


def read_inlines(chunk: Chunk, content: str, starts: Sequence[tuple[int, int]]) -> tree.Inlines:
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


def starts_of(chunk: Chunk, token: Token) -> list[tuple[int, int]]:
    """Return where each line of a paragraph starts: its source ends with what the paragraph has of it."""
    first = token.map[0] if token.map else 0
    starts = []
    for number, text in enumerate(token.content.split("\n"), first):
        source = chunk.lines[number].text.rstrip(" ")
        starts.append((number, max(0, len(source) - len(text.rstrip(" ")))))
    return starts


def read_paragraph(chunk: Chunk, token: Token, at: Location) -> tree.Blocks:
    """Return a paragraph; one that is too long, or a table that is none, is a finding."""
    starts = starts_of(chunk, token)
    rows = [number for number, text in enumerate(token.content.split("\n")) if TABLE_ROW.fullmatch(text)]
    if rows:
        line, column = starts[rows[0]]
        hint = "the second line is | --- | --- |, with as many cells as the first"
        chunk.error("table-shape", "This looks like a table and is none.", chunk.lines[line].at(column), hint)
        return (unread(token, at),)
    report_bullets(chunk, token.content, starts)
    content = read_inlines(chunk, token.content, starts)
    return (tree.ParagraphNode(content, chunk.lines[starts[0][0]].at(starts[0][1])),)


def report_bullets(chunk: Chunk, content: str, starts: Sequence[tuple[int, int]]) -> None:
    """Report a paragraph whose lines begin with the bullets of a word processor, at the first of them."""
    for row, text in enumerate(content.split("\n")):
        found = (BULLET if row else FIRST_BULLET).match(text)
        if found:
            line, column = starts[row]
            sign = found["sign"]
            message = f"This line begins with {sign} and is no entry of a list: the lines are printed as one paragraph."
            hint = f"begin each line with - and a space in place of {sign}, and leave a blank line before the first"
            at = chunk.lines[line].at(column + found.start("sign"))
            chunk.findings.append(warning("pasted-list", message, at, hint))
            return


def read_heading(chunk: Chunk, token: Token, level: int, at: Location) -> tree.HeadingNode:
    """Return a heading with the attributes at its end."""
    number = token.map[0] if token.map else 0
    text = chunk.lines[number].text
    opening = HEADING.search(text)
    column = text.find(token.content, opening.end() if opening else 0)
    braces = BRACES.search(token.content)
    attributes, content = NO_ATTRIBUTES, token.content
    if braces:
        content = token.content[: braces.start()].rstrip()
        attributes = attributes_at_end(chunk, token.content, braces.start(), (number, column))
    return tree.HeadingNode(level, read_inlines(chunk, content, [(number, column)]), attributes, at)


def attributes_at_end(chunk: Chunk, content: str, start: int, place: tuple[int, int]) -> Attributes:
    """Return the attributes at the end of a heading; words after them are a finding."""
    number, column = place

    def at(offset: int) -> Location:
        return chunk.lines[number].at(column + offset)

    attributes, end = read_attributes(content, start, at, chunk.findings)
    if content[end:].strip() and not attributes.broken:
        message = "Words after the braces of a heading."
        chunk.error("leftover-braces", message, at(end + 1), "put the braces at the end of the line")
    return attributes


def read_list(chunk: Chunk, index: int, depth: int, at: Location) -> tuple[tree.Blocks, int]:
    """Return a list; one that is too deep, or whose numbers do not begin with 1, is a finding."""
    token = chunk.tokens[index]
    ordered = token.type == "ordered_list_open"
    if ordered and token.attrs.get("start", 1) != 1:
        chunk.error("list-start", "Steps begin with 1.", at, r"write 1., or \. where the number is no step")
    if depth == DEEPEST_LIST:
        chunk.error("deep-list", f"A list is at most {DEEPEST_LIST} deep.", at, "make it a list of its own")
        return (), after_closing(chunk, index)
    if depth == 0:
        check_count(chunk, index, "list_item_open", at)
    items: list[tree.Blocks] = []
    index += 1
    while chunk.tokens[index].nesting > 0:
        item, index = read_blocks(chunk, index + 1, depth + 1)
        items.append(item)
    return (tree.ListNode(ordered, tuple(item for item in items if item), at),), index + 1


def check_count(chunk: Chunk, index: int, kind: str, at: Location) -> None:
    """Report a list or a table of too many entries; `kind` is the token that opens one."""
    count = sum(token.type == kind for token in chunk.tokens[index : after_closing(chunk, index)])
    if count > MOST_ENTRIES:
        chunk.error("too-many", f"There are {count} entries.", at, f"divide them: {MOST_ENTRIES} are the most")


def after_closing(chunk: Chunk, index: int) -> int:
    """Return the index after the token that closes what token `index` opens."""
    depth = 0
    for position in range(index, len(chunk.tokens)):
        depth += chunk.tokens[position].nesting
        if depth == 0:
            return position + 1
    return len(chunk.tokens)


def read_quotation(chunk: Chunk, index: int, depth: int, at: Location) -> tuple[tree.Blocks, int]:
    """Return a quotation; one inside another is a finding."""
    blocks, after = read_blocks(chunk, index + 1, DEEPEST_LIST) if depth < DEEPEST_LIST else ((), 0)
    if depth >= DEEPEST_LIST or any(isinstance(block, tree.QuotationNode | tree.ListNode) for block in blocks):
        chunk.error("quotation", "A quotation holds paragraphs only.", at, "delete the second > or the list")
        return (), after_closing(chunk, index)
    return (tree.QuotationNode(blocks, at),), after


def read_table(chunk: Chunk, index: int, at: Location) -> tuple[tree.Blocks, int]:
    """Return a table; a row with more or fewer cells than the head is a finding."""
    after = after_closing(chunk, index)
    check_count(chunk, index, "tr_open", at)
    rows: list[tuple[tree.TableCellNode, ...]] = []
    cells: list[str] = []
    for token in chunk.tokens[index:after]:
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(token.content)
        elif token.type == "tr_close":
            rows.append(read_row(chunk, row_line(chunk, index, len(rows)), cells, len(rows[0]) if rows else 0))
    return (tree.TableNode(rows[0], tuple(rows[1:]), at),), after


def row_line(chunk: Chunk, index: int, row: int) -> int:
    """Return the line of a row of the table that begins with token `index`; its second line holds no row."""
    token = chunk.tokens[index]
    return (token.map[0] if token.map else 0) + row + (1 if row else 0)


def read_row(chunk: Chunk, number: int, cells: Sequence[str], expected: int) -> tuple[tree.TableCellNode, ...]:
    """Return the cells of one row."""
    line = chunk.lines[number]
    columns = cell_columns(line.text)
    if expected and len(columns) != expected:
        message = f"This row has {len(columns)} cells, and the table has {expected} columns."
        chunk.error("table-row", message, line.at(indent(line.text)), r"a literal | is written \|")
        return tuple(tree.TableCellNode((), line.at(0)) for _ in range(expected))
    places = [*columns, *[0] * len(cells)]
    return tuple(
        tree.TableCellNode(read_inlines(chunk, content, [(number, column)]), line.at(column))
        for content, column in zip(cells, places, strict=False)
    )


def cell_columns(text: str) -> list[int]:
    """Return the column at which the words of each cell of a table row begin."""
    start = indent(text) + (1 if text.lstrip(" ").startswith("|") else 0)
    stripped = text.rstrip(" ")
    end = len(stripped) - (1 if stripped.endswith("|") and not stripped.endswith("\\|") else 0)
    edges = [start, *(found.end() for found in PIPE.finditer(text, start, end) if found[0] == "|")]
    return [edge + indent(text[edge:]) for edge in edges]
