"""Turn the divs of a worksheet into fields to fill in: lines, boxes, choices, scales and tables.

Incomplete fields are left out, after a finding that names what is missing.
"""

from __future__ import annotations

from handouts.document import nodes as document
from handouts.document.nodes import Inlines
from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import parse_column_shares, parse_line_count
from handouts.markdown.document_inlines import ConversionContext, inlines_of, one_paragraph, take_title

_SCALE_ENDS = 2
_MOST_LOG_COLUMNS = 5


def writing_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return room to write: a line, lines or a box."""
    label, hint = _label_and_hint(div, context)
    name, kind = div.attributes.value("name"), div.attributes.kind
    count = 1 if kind == "line" else parse_line_count(div.attributes.value("count")) or 1
    half, follows = div.attributes.has_class("half"), div.attributes.has_class("follows")
    return (document.Writing(name, label, hint, count, kind == "box", half, follows, at=div.at),)


def choices_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return boxes to tick: any number of them, or only one."""
    items = _listed_words(div, context)
    label, hint = _label_and_hint(div, context, has_list=True)
    if not items:
        context.wrong("There is nothing to tick.", div.at, "write the choices as a list, each after - ")
    follows, one = div.attributes.has_class("follows"), div.attributes.has_class("one")
    return (document.Choices(div.attributes.value("name"), label, items, hint, follows, one, at=div.at),)


def scale_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a scale from 0 to 10 with the meaning of its ends."""
    items = _listed_words(div, context)
    label, hint = _label_and_hint(div, context, has_list=True)
    if len(items) != _SCALE_ENDS:
        context.wrong("A scale has two ends.", div.at, "write what 0 means and what 10 means as a list of two")
        return ()
    follows = div.attributes.has_class("follows")
    return (document.Scale(div.attributes.value("name"), label, items[0], items[1], hint, follows, at=div.at),)


def fill_table_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a table to fill in: its written rows, then empty ones up to its count."""
    caption, rest = take_title(div, context)
    grids = [node for node in rest if isinstance(node, tree.TableNode)]
    if len(grids) != 1 or len(rest) != 1:
        hint = "write | one | other | and | --- | --- |"
        context.wrong("A table to fill in holds a title and one table.", div.at, hint)
        return ()
    grid = grids[0]
    if len(grid.head) > _MOST_LOG_COLUMNS:
        message = f"This table has {len(grid.head)} columns, and room for {_MOST_LOG_COLUMNS}."
        context.wrong(message, grid.at, "divide it into two tables")
    head = tuple(inlines_of(cell.content, context) for cell in grid.head)
    rows = [tuple(inlines_of(cell.content, context) for cell in row) for row in grid.rows]
    rows = [row for row in rows if any(row)]
    empty: tuple[Inlines, ...] = ((),) * len(head)
    rows += [empty] * (parse_line_count(div.attributes.value("count")) - len(rows))
    if not rows and not div.attributes.value("count"):  # a count that is none has been reported
        context.wrong("There is no row to fill in.", div.at, 'write count="6" in the braces')
    widths = parse_column_shares(div.attributes.value("widths"))
    if widths and len(widths) != len(head):
        message = f"This table has {len(head)} columns, and {len(widths)} widths."
        context.wrong(message, div.at, "write as many numbers as there are columns")
    return (document.FillTable(div.attributes.value("name"), caption, head, tuple(rows), widths, at=div.at),)


def _listed_words(div: tree.Div, context: ConversionContext) -> tuple[Inlines, ...]:
    """Return the words of each item of the one list in a div."""
    lists = [node for node in div.blocks if isinstance(node, tree.ListNode)]
    for node in lists[1:]:
        context.wrong(f"'{div.attributes.kind}' holds one list.", node.at, "join the lists")
    items = (item for listing in lists[:1] for item in listing.items)
    return tuple(one_paragraph(item, "A choice", item[0].at, context) if item else () for item in items)


def _label_and_hint(div: tree.Div, context: ConversionContext, *, has_list: bool = False) -> tuple[Inlines, Inlines]:
    """Return the label of a field and the hint below it: the first paragraph and, if there is one, the second.

    Other blocks are reported, apart from lists in a field that `has_list`.
    """
    rest = [node for node in div.blocks if not (has_list and isinstance(node, tree.ListNode))]
    texts = [node for node in rest if isinstance(node, tree.ParagraphNode)]
    for node in (*(each for each in rest if not isinstance(each, tree.ParagraphNode)), *texts[2:]):
        context.wrong("A field has a label and at most one hint.", node.at, "write one or two paragraphs")
    if not texts:
        context.wrong("A field begins with its label.", div.at, "write what is to be filled in")
        return (), ()
    label, *hints = (inlines_of(text.content, context) for text in texts[:2])
    return label, hints[0] if hints else ()
