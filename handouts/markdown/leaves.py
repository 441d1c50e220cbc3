"""Fenced divs that hold no blocks of the Document themselves: script, comparison, table, figure, contacts, and so on.

Each function takes one div of the tree and gives one block, or none after a finding that says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from handouts.document import nodes as document
from handouts.document.nodes import Cell, Inlines, Text
from handouts.finding import warning
from handouts.markdown import tree
from handouts.markdown.charts import chart_of
from handouts.markdown.drawings import figure_of
from handouts.markdown.making import (
    Making,
    inlines_of,
    nothing_inside,
    one_paragraph,
    paragraphs_as_one,
    place_of,
    plain_text,
    take_title,
)
from handouts.markdown.values import whole_of

WIDEST_TABLE = 4


def label_of(div: tree.Div) -> Inlines:
    """Return the label="…" of a div."""
    label = div.attributes.value("label")
    return (Text(label),) if label else ()


def script_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return words to say, from a title, a quotation, and advice below it."""
    situation, rest = take_title(div, making)
    quotations = [block for block in rest if isinstance(block, tree.Quotation)]
    if len(quotations) != 1:
        at = quotations[1].at if quotations else div.at
        making.wrong("A script has one quotation: the words to say.", at, "begin each of its lines with >")
        return ()
    if rest[0] is not quotations[0]:
        making.wrong("The words to say come first in a script.", rest[0].at, "move it below the quotation")
    words = paragraphs_as_one(quotations[0].blocks, "A quotation", making)
    advice = paragraphs_as_one(tuple(block for block in rest if block is not quotations[0]), "A script", making)
    return (
        document.Script(
            situation, words, advice, "theirs" in (word.text for word in div.attributes.classes), at=div.at
        ),
    )


def comparison_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return what to do beside what not to do, from a table with two columns."""
    grid = div.blocks[0] if len(div.blocks) == 1 else None
    if not isinstance(grid, tree.Grid) or len(grid.head) != 2:
        making.wrong("A comparison holds one table with two columns.", div.at, "write | Do | Try not to | and its rows")
        return ()
    left, right = (inlines_of(cell.content, making) for cell in grid.head)
    rows = tuple((inlines_of(one.content, making), inlines_of(other.content, making)) for one, other in grid.rows)
    return (document.Comparison(left, right, rows, at=div.at),)


def titled_table_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return a table with a title, or with signs and discs, which needs no title."""
    signs = tuple(word.text for word in div.attributes.words("signs"))
    discs = tuple(whole_of(word.text) or 0 for word in div.attributes.words("discs"))
    titled = not (signs or discs) or (bool(div.blocks) and isinstance(div.blocks[0], tree.Heading))
    caption, rest = take_title(div, making) if titled else ((), div.blocks)
    if len(rest) != 1 or not isinstance(rest[0], tree.Grid):
        at = rest[1].at if len(rest) > 1 else div.at
        making.wrong("A table has a title and one table.", at, "move what else there is out")
        return ()
    grid = rest[0]
    for name, found in (("signs", signs), ("discs", discs)):
        if found and (len(found) != len(grid.rows) or len(grid.head) < 2):
            message = f"The table has {len(grid.rows)} rows below its head, and {len(found)} {name}."
            making.wrong(message, div.at, "name one for each row, in their order; discs stand in the second column")
            return ()
    return (replace(table_of(grid, caption, making), signs=signs, discs=discs),)


def table_of(grid: tree.Grid, caption: Inlines, making: Making) -> document.Table:
    """Return a table whose first row heads its columns and whose first column heads its rows."""
    if len(grid.head) > WIDEST_TABLE:
        making.wrong(
            f"A table has at most {WIDEST_TABLE} columns.", grid.head[WIDEST_TABLE].at, "make two tables of it"
        )
    head = tuple(cell_of(cell, making, header=True) for cell in grid.head)
    body = tuple(
        tuple(cell_of(cell, making, header=column == 0) for column, cell in enumerate(row)) for row in grid.rows
    )
    return document.Table(caption, (head,), body, at=grid.at)


def cell_of(cell: tree.GridCell, making: Making, *, header: bool) -> Cell:
    """Return one cell."""
    return Cell(inlines_of(cell.content, making), header, at=cell.at)


def qr_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return a code to point a phone at."""
    caption = one_paragraph(div.blocks, "What a code leads to", div.at, making)
    return (document.QrCode(div.attributes.value("target"), caption, at=div.at),)


def picture_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return a picture with what it shows in words, or marked as decoration, and a caption if there is one."""
    alts = [node for node in div.blocks if isinstance(node, tree.Div) and node.attributes.kind == "alt"]
    rest = tuple(node for node in div.blocks if node not in alts)
    decorative = any(word.text == "decorative" for word in div.attributes.classes)
    if decorative and alts:
        making.wrong("A decoration says nothing.", alts[0].at, "delete ::: {.alt}, or .decorative")
    if not decorative and len(alts) != 1:
        at = alts[1].at if alts else div.at
        making.wrong("A picture says once in words what it shows.", at, "add ::: {.alt}, or .decorative")
    spoken = one_paragraph(alts[0].blocks, "What a picture shows", alts[0].at, making) if alts else ()
    alt = plain_text(spoken, "What a picture shows", alts[0].at, making) if alts else ""
    caption = one_paragraph(rest, "A caption", div.at, making) if rest else ()
    image = making.facts.pictures.get(div.attributes.value("file"))
    return (document.Picture(image, alt, caption, at=div.at),) if image else ()


def contacts_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return the contacts, or those for some needs."""
    nothing_inside(div, making)
    needs = {word.text for word in div.attributes.words("needs")}
    chosen = tuple(contact for names, contact in making.facts.contacts if not needs or needs & names)
    if not chosen and making.facts.whole:
        message = f"There is nobody to call for: {', '.join(sorted(needs))}."
        making.findings.append(warning("no-contacts", message, div.at, "add a contact for this country"))
        return ()
    return (document.Contacts(chosen, at=div.at),)


def sources_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return the list of what is cited, in full or in short; nothing if nothing is."""
    nothing_inside(div, making)
    short = is_short(div)
    listed = making.facts.short if short else making.facts.sources
    if not listed and making.facts.whole:
        hint = 'limit it to those who read citations: {.sources for="…"}'
        making.findings.append(warning("nothing-cited", "There is no source to list.", div.at, hint))
    return (document.Sources(listed, short, at=div.at),) if listed else ()


def is_short(div: tree.Div) -> bool:
    """True if a list of sources is the short one."""
    return any(word.text == "short" for word in div.attributes.classes)


def cover_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return the head of the first page."""
    title, rest = take_title(div, making, level=1)
    subtitle = one_paragraph(rest, "A subtitle", div.at, making)
    return (document.Cover(label_of(div), title, subtitle, at=place_of(div)),)


def outside_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return the page that a discreet edition shows to the outside."""
    (cover,) = cover_of(div, making)
    assert isinstance(cover, document.Cover)  # noqa: S101
    words = (each.at for each in tree.walk_tree(div.blocks) if isinstance(each, tree.Words))
    return (replace(cover, alone=True, at=next(words, div.at)),)


def main_message_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return the one thing that a reader should keep."""
    return (
        document.MainMessage(label_of(div), one_paragraph(div.blocks, "A main message", div.at, making), at=div.at),
    )


def row_of(div: tree.Div, making: Making) -> document.CardRow:
    """Return one labelled line of a card."""
    acts = any(word.text == "acts" for word in div.attributes.classes)
    return document.CardRow(label_of(div), one_paragraph(div.blocks, "A row", div.at, making), acts)


LEAVES: Mapping[str, Callable[[tree.Div, Making], document.Blocks]] = {
    "script": script_of,
    "comparison": comparison_of,
    "table": titled_table_of,
    "figure": figure_of,
    "chart": chart_of,
    "qr": qr_of,
    "picture": picture_of,
    "contacts": contacts_of,
    "sources": sources_of,
    "cover": cover_of,
    "outside": outside_of,
    "main-message": main_message_of,
}
