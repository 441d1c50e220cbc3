"""Turn the syntax tree into blocks of the Document: the one place where blocks are made.

Takes blocks for one audience and `Facts`; returns blocks or slides, and gathers findings about their structure.
Used on a part alone when content is loaded, and on a whole document when a template has placed its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import nodes as document
from handouts.document.nodes import Cell, Inlines, Level, SlideKind, Text
from handouts.document.text import plain
from handouts.finding import Location, error, warning
from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import parse_number, parse_whole_number
from handouts.markdown.document_fields import choices_of, fill_table_of, scale_of, writing_of
from handouts.markdown.document_figures import chart_of, figure_of
from handouts.markdown.document_inlines import (
    ON_EVERY_LIST,
    ConversionContext,
    headline,
    inlines_of,
    one_paragraph,
    paragraphs_as_one,
    place_of,
    plain_text,
    report_content,
    sign_of,
    take_title,
)

_WIDEST_TABLE = 4


def _label_of(div: tree.Div) -> Inlines:
    """Return the label="…" of a div."""
    label = div.attributes.value("label")
    return (Text(label),) if label else ()


def _script_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a script from its title, its quotation, and the advice below that."""
    situation, rest = take_title(div, context)
    quotations = [block for block in rest if isinstance(block, tree.QuotationNode)]
    if len(quotations) != 1:
        at = quotations[1].at if quotations else div.at
        context.wrong("A script has one quotation: the words to say.", at, "begin each of its lines with >")
        return ()
    if rest[0] is not quotations[0]:
        context.wrong("The words to say come first in a script.", rest[0].at, "move it below the quotation")
    words = paragraphs_as_one(quotations[0].blocks, "A quotation", context)
    advice = paragraphs_as_one(tuple(block for block in rest if block is not quotations[0]), "A script", context)
    return (document.Script(situation, words, advice, div.attributes.has_class("theirs"), at=div.at),)


def _comparison_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a comparison of what to do and what not to do, from a table with two columns."""
    grid = div.blocks[0] if len(div.blocks) == 1 else None
    if not isinstance(grid, tree.TableNode) or len(grid.head) != 2:
        hint = "write | Do | Try not to | and its rows"
        context.wrong("A comparison holds one table with two columns.", div.at, hint)
        return ()
    left, right = (inlines_of(cell.content, context) for cell in grid.head)
    rows = tuple((inlines_of(one.content, context), inlines_of(other.content, context)) for one, other in grid.rows)
    return (document.Comparison(left, right, rows, at=div.at),)


def _titled_table_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a table with a title, or with signs and discs, which needs no title."""
    signs = tuple(sign_of(word.text, context) for word in div.attributes.words("signs"))
    discs = tuple(parse_whole_number(word.text) or 0 for word in div.attributes.words("discs"))
    titled = not (signs or discs) or (bool(div.blocks) and isinstance(div.blocks[0], tree.HeadingNode))
    caption, rest = take_title(div, context) if titled else ((), div.blocks)
    if len(rest) != 1 or not isinstance(rest[0], tree.TableNode):
        at = rest[1].at if len(rest) > 1 else div.at
        context.wrong("A table has a title and one table.", at, "move what else there is out")
        return ()
    grid = rest[0]
    for name, found in (("signs", signs), ("discs", discs)):
        if found and (len(found) != len(grid.rows) or len(grid.head) < 2):
            message = f"The table has {len(grid.rows)} rows below its head, and {len(found)} {name}."
            context.wrong(message, div.at, "name one for each row, in their order; discs stand in the second column")
            return ()
    return (replace(_table_of(grid, caption, context), signs=signs, discs=discs),)


def _table_of(grid: tree.TableNode, caption: Inlines, context: ConversionContext) -> document.Table:
    """Return a table whose first row heads its columns and whose first column heads its rows."""
    if len(grid.head) > _WIDEST_TABLE:
        message = f"A table has at most {_WIDEST_TABLE} columns."
        context.wrong(message, grid.head[_WIDEST_TABLE].at, "make two tables of it")
    head = tuple(_cell_of(cell, context, header=True) for cell in grid.head)
    body = tuple(
        tuple(_cell_of(cell, context, header=column == 0) for column, cell in enumerate(row)) for row in grid.rows
    )
    return document.Table(caption, (head,), body, at=grid.at)


def _cell_of(cell: tree.TableCellNode, context: ConversionContext, *, header: bool) -> Cell:
    """Return one cell."""
    return Cell(inlines_of(cell.content, context), header, at=cell.at)


def _qr_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a QR code."""
    caption = one_paragraph(div.blocks, "What a code leads to", div.at, context)
    return (document.QrCode(div.attributes.value("target"), caption, at=div.at),)


def _picture_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a picture with its alt text, or marked as decoration, and with its caption if it has one."""
    alts = [node for node in div.blocks if tree.is_div(node, "alt")]
    rest = tuple(node for node in div.blocks if node not in alts)
    decorative = div.attributes.has_class("decorative")
    if decorative and alts:
        context.wrong("A decoration says nothing.", alts[0].at, "delete ::: {.alt}, or .decorative")
    if not decorative and len(alts) != 1:
        at = alts[1].at if alts else div.at
        context.wrong("A picture says once in words what it shows.", at, "add ::: {.alt}, or .decorative")
    spoken = one_paragraph(alts[0].blocks, "What a picture shows", alts[0].at, context) if alts else ()
    alt = plain_text(spoken, "What a picture shows", alts[0].at, context) if alts else ""
    caption = one_paragraph(rest, "A caption", div.at, context) if rest else ()
    image = context.facts.pictures.get(div.attributes.value("file"))
    return (document.Picture(image, alt, caption, at=div.at),) if image else ()


def _contacts_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return the contacts for the needs of a div, or without needs those that belong to every list."""
    report_content(div, context)
    needs = {word.text for word in div.attributes.words("needs")}
    asked = needs or {ON_EVERY_LIST}
    chosen = tuple(contact for names, contact in context.facts.contacts if asked & names)
    if context.facts.whole:
        _report_unanswered(needs, chosen=bool(chosen), at=div.at, context=context)
    return (document.Contacts(chosen, at=div.at),) if chosen or not context.facts.whole else ()


def _report_unanswered(needs: set[str], *, chosen: bool, at: Location, context: ConversionContext) -> None:
    """Add a warning if a list has no contacts, or, when a country is set, none for one of its needs."""
    facts = context.facts
    unanswered = sorted(need for need in needs if not any(need in names for names, _ in facts.contacts))
    if not chosen or (unanswered and facts.country):
        where = f"content/contacts/{facts.country}.yaml" if facts.country else "the files of content/contacts"
        message = f"There is nobody to call for: {', '.join(unanswered)}."
        hint = f"add a contact with need: {unanswered[0]} to {where}" if unanswered else f"add a contact to {where}"
        context.findings.append(warning("no-contacts", message, at, hint))


def sources_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return the full or the short list of cited sources, or nothing if there are none."""
    report_content(div, context)
    short = is_short(div)
    listed = context.facts.short if short else context.facts.sources
    if not listed and context.facts.whole:
        hint = 'limit it to those who read citations: {.sources for="…"}'
        context.findings.append(warning("nothing-cited", "There is no source to list.", div.at, hint))
    return (document.Sources(listed, short, at=div.at),) if listed else ()


def is_short(div: tree.Div) -> bool:
    """True if a list of sources is the short one."""
    return div.attributes.has_class("short")


def _cover_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return the head of the first page."""
    title, rest = take_title(div, context, level=1)
    subtitle = one_paragraph(rest, "A subtitle", div.at, context)
    return (document.Cover(_label_of(div), title, subtitle, at=place_of(div)),)


def _outside_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return the first page of a discreet edition."""
    (cover,) = _cover_of(div, context)
    assert isinstance(cover, document.Cover)  # noqa: S101
    words = (each.at for each in tree.walk_tree(div.blocks) if isinstance(each, tree.TextNode))
    return (replace(cover, alone=True, at=next(words, div.at)),)


def _main_message_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return the main message."""
    content = one_paragraph(div.blocks, "A main message", div.at, context)
    return (document.MainMessage(_label_of(div), content, at=div.at),)


def _row_of(div: tree.Div, context: ConversionContext) -> document.CardRow:
    """Return one labelled line of a card."""
    acts = div.attributes.has_class("acts")
    return document.CardRow(_label_of(div), one_paragraph(div.blocks, "A row", div.at, context), acts)


_LEVELS: tuple[Level, ...] = ("red", "amber", "green")
# Divs that may stand only inside another one.
_ONLY_INSIDE = {
    "red": "fork",
    "amber": "fork",
    "green": "fork",
    "alt": "figure",
    "row": "card",
    "notes": "slide",
    "length": "slide",
}


def blocks_of(nodes: tree.Blocks, context: ConversionContext) -> document.Blocks:
    """Return `nodes` as blocks of the Document."""
    return tuple(each for node in nodes for each in _block_of(node, context))


def _block_of(node: tree.Block, context: ConversionContext) -> document.Blocks:
    """Return one node as blocks of the Document; nothing if the node is incomplete."""
    match node:
        case tree.ParagraphNode():
            return (document.Paragraph(inlines_of(node.content, context), at=node.at),)
        case tree.HeadingNode():
            return _heading_of(node, context)
        case tree.ListNode():
            items = tuple(blocks_of(item, context) for item in node.items)
            return (document.Steps(items, at=node.at) if node.ordered else document.BulletList(items, at=node.at),)
        case tree.QuotationNode():
            context.wrong("A quotation stands only in a script.", node.at, "put ::: {.script} and a title before it")
            return ()
        case tree.TableNode():
            return (_table_of(node, (), context),)
        case tree.Div():
            return _div_of(node, context)
        case _:
            assert_never(node)


def _heading_of(node: tree.HeadingNode, context: ConversionContext) -> document.Blocks:
    """Return a heading; in content it has level 3 or 4, because templates write those above."""
    lowest = 2 if context.facts.whole else 3
    if not lowest <= node.level <= 4:
        hint = "write ### and the words"
        hint += "; ## begins a part outside of fences" if node.level == 2 else ""
        context.wrong("A heading inside a text has three or four signs #.", node.at, hint)
    anchor = node.attributes.ids[0].text if node.attributes.ids else ""
    opens_page = node.attributes.kind == "page"
    content, number = inlines_of(node.content, context), node.attributes.value("number")
    return (document.Heading(node.level, content, anchor, opens_page, number, at=place_of(node)),)


def _div_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return the blocks that a fenced div makes."""
    found = BLOCK_CLASSES.get(div.attributes.kind) or TEMPLATE_BLOCK_CLASSES.get(div.attributes.kind)
    if found:
        return found.read(div, context)
    _report_misplaced(div, context)
    return ()


def _report_misplaced(div: tree.Div, context: ConversionContext) -> None:
    """Report a div in the wrong place; `names` reports unknown classes."""
    kind = div.attributes.kind
    if kind in _ONLY_INSIDE:
        outside = _ONLY_INSIDE[kind]
        context.wrong(f"'{kind}' stands only inside '{outside}'.", div.at, f"put it into '{outside}'")
    elif kind == "slide":
        hint = "write renderer: pptx at the template's top"
        context.wrong("A slide stands only in a template for slides.", div.at, hint)


def _titled_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a box, or a text with a label beside it."""
    title, rest = take_title(div, context)
    if not rest:
        message = f"'{div.attributes.kind}' holds nothing but a title."
        context.wrong(message, div.at, "write what it says below the title")
    blocks = blocks_of(rest, context)
    if div.attributes.kind == "callout":
        cut = div.attributes.has_class("cut")
        return (document.Callout(title, blocks, cut, at=div.at),)
    return (document.Labelled(title, blocks, at=div.at),)


def _fork_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a question with its answers, the most urgent first."""
    question, rest = take_title(div, context)
    branches: list[document.Branch] = []
    for node in rest:
        if not tree.is_div(node, *_LEVELS):
            hint = "use ::: {.red}, {.amber} and {.green}"
            context.wrong("A fork holds a title and its answers only.", node.at, hint)
            continue
        level = cast(Level, node.attributes.kind)
        if branches and _LEVELS.index(branches[-1].level) >= _LEVELS.index(level):
            message = f"'{level}' stands after '{branches[-1].level}'."
            context.wrong(message, node.at, "the most urgent answer comes first")
        title, blocks = take_title(node, context)
        branches.append(document.Branch(level, title, blocks_of(blocks, context), at=node.at))
    if not branches:
        context.wrong("A fork has no answers.", div.at, "add ::: {.red}, {.amber} or {.green}")
    return (document.Fork(question, tuple(branches), at=div.at),)


def _card_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return one numbered card."""
    claim, rest = take_title(div, context)
    rows = tuple(_row_of(each, context) for each in rest if tree.is_div(each, "row"))
    blocks = blocks_of(tuple(each for each in rest if not tree.is_div(each, "row")), context)
    number = parse_whole_number(div.attributes.value("number")) or 0
    sign = sign_of(div.attributes.value("sign"), context)
    return (document.Card(number, sign, claim, rows, blocks, at=place_of(div)),)


def _worksheet_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a sheet to fill in."""
    return (document.Worksheet(blocks_of(div.blocks, context), at=div.at),)


def _no_block_of(_div: tree.Div, _context: ConversionContext) -> document.Blocks:
    """Return no block: the running title is read when the document is assembled."""
    return ()


def slides_of(nodes: tree.Blocks, context: ConversionContext) -> tuple[document.Slide, ...]:
    """Return `nodes` as slides; anything else at the top of a template for slides is a finding."""
    slides: list[document.Slide] = []
    section = ""
    for node in nodes:
        if tree.is_div(node, "running-title"):
            continue
        if not tree.is_div(node, "slide"):
            context.wrong("In a template for slides, all stands on slides.", node.at, "put it into ::: {.slide …}")
            continue
        slide = _slide_of(node, section, context)
        section = slide.section
        slides.append(slide)
    return tuple(slides)


def _slide_of(div: tree.Div, section: str, context: ConversionContext) -> document.Slide:
    """Return one slide; a title or a section slide begins a part of the talk."""
    named, rest = take_title(div, context, level=2)
    title = headline(named)
    kind = cast(SlideKind, div.attributes.value("kind"))
    if kind in ("title", "section"):
        section = plain(title)
    notes = [node for node in rest if tree.is_div(node, "notes")]
    if len(notes) != 1 or not notes[0].blocks:
        at = notes[1].at if len(notes) > 1 else place_of(div)
        message = "Every slide has notes once: what is said to it."
        context.findings.append(error("no-notes", message, at, "add ::: {.notes}, what is said, :::"))
    blocks = blocks_of(tuple(node for node in rest if not tree.is_div(node, "notes")), context)
    said = tuple(each for node in notes for each in blocks_of(node.blocks, context))
    sign = sign_of(div.attributes.value("sign"), context)
    return document.Slide(
        kind=kind,
        title=title,
        label=_label_of(div),
        blocks=blocks,
        notes=said,
        section=section,
        sign=sign,
        minutes=parse_number(div.attributes.value("minutes")) or 0.0,
        priority=parse_whole_number(div.attributes.value("priority")) or 1,
        at=place_of(div),
    )


# ---------------------------------------------------------------- which classes there are


class _BlockClass(Struct, frozen=True):
    """A class of fenced divs: the function that reads one, its attributes, and the classes that may follow it.

    An attribute with a star is required.
    """

    read: Callable[[tree.Div, ConversionContext], document.Blocks]
    attributes: tuple[str, ...] = ()
    second: tuple[str, ...] = ()


_FOLLOWS = ("follows",)
# Those of content and templates, then those of templates alone.
BLOCK_CLASSES: Mapping[str, _BlockClass] = {
    "callout": _BlockClass(_titled_of, second=("cut",)),
    "labelled": _BlockClass(_titled_of),
    "fork": _BlockClass(_fork_of),
    "script": _BlockClass(_script_of, second=("theirs",)),
    "comparison": _BlockClass(_comparison_of),
    "table": _BlockClass(_titled_table_of, ("signs", "discs")),
    "figure": _BlockClass(figure_of, ("name*", "signs")),
    "chart": _BlockClass(chart_of, ("unit*", "most")),
    "qr": _BlockClass(_qr_of, ("target*",)),
    "contacts": _BlockClass(_contacts_of, ("needs",)),
    "sources": _BlockClass(sources_of, second=("short",)),
    "picture": _BlockClass(_picture_of, ("file*",), ("decorative",)),
    "line": _BlockClass(writing_of, ("name*",), ("half", "follows")),
    "lines": _BlockClass(writing_of, ("name*", "count*"), _FOLLOWS),
    "box": _BlockClass(writing_of, ("name*", "count*"), _FOLLOWS),
    "choices": _BlockClass(choices_of, ("name*",), ("one", "follows")),
    "scale": _BlockClass(scale_of, ("name*",), _FOLLOWS),
    "fill-table": _BlockClass(fill_table_of, ("name*", "count", "widths")),
}
TEMPLATE_BLOCK_CLASSES: Mapping[str, _BlockClass] = {
    "running-title": _BlockClass(_no_block_of),
    "cover": _BlockClass(_cover_of, ("label*",)),
    "outside": _BlockClass(_outside_of),
    "main-message": _BlockClass(_main_message_of, ("label*",)),
    "card": _BlockClass(_card_of, ("number*", "sign")),
    "worksheet": _BlockClass(_worksheet_of),
}
