"""Turn the syntax tree into blocks of the Document: the one place where blocks are made.

Takes blocks for one audience and `Facts`; returns blocks or slides, and gathers findings about their structure.
Used on a part alone when content is loaded, and on a whole document when a template has placed its parts. Fields of
a worksheet that lack something are left out, after a finding that says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeGuard, assert_never, cast

from msgspec.structs import replace

from handouts.document import nodes as document
from handouts.document.nodes import Cell, Inlines, Level, SlideKind, Text
from handouts.document.text import plain
from handouts.finding import Location, error, warning
from handouts.markdown import syntax_tree as tree
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
from handouts.markdown.names import parse_column_shares, parse_line_count, parse_number, parse_whole_number

_WIDEST_TABLE = 4


def _label_of(div: tree.Div) -> Inlines:
    """Return the label="…" of a div."""
    label = div.attributes.value("label")
    return (Text(label),) if label else ()


def _script_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return words to say, from a title, a quotation, and advice below it."""
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
    """Return what to do beside what not to do, from a table with two columns."""
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
    """Return a code to point a phone at."""
    caption = one_paragraph(div.blocks, "What a code leads to", div.at, context)
    return (document.QrCode(div.attributes.value("target"), caption, at=div.at),)


def _picture_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a picture with what it shows in words, or marked as decoration, and a caption if there is one."""
    alts = [node for node in div.blocks if isinstance(node, tree.Div) and node.attributes.kind == "alt"]
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
    """Return the contacts for some needs, or all but those that are listed on request."""
    report_content(div, context)
    needs = {word.text for word in div.attributes.words("needs")}
    asked = needs or {ON_EVERY_LIST}
    chosen = tuple(contact for names, contact in context.facts.contacts if asked & names)
    if context.facts.whole:
        _report_unanswered(needs, chosen=bool(chosen), at=div.at, context=context)
    return (document.Contacts(chosen, at=div.at),) if chosen or not context.facts.whole else ()


def _report_unanswered(needs: set[str], *, chosen: bool, at: Location, context: ConversionContext) -> None:
    """Gather a warning for the needs of a list for which there is nobody; without a country, if it lists nobody."""
    facts = context.facts
    unanswered = sorted(need for need in needs if not any(need in names for names, _ in facts.contacts))
    if not chosen or (unanswered and facts.country):
        where = f"content/contacts/{facts.country}.yaml" if facts.country else "the files of content/contacts"
        message = f"There is nobody to call for: {', '.join(unanswered)}."
        hint = f"add a contact with need: {unanswered[0]} to {where}" if unanswered else f"add a contact to {where}"
        context.findings.append(warning("no-contacts", message, at, hint))


def sources_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return the list of what is cited, in full or in short; nothing if nothing is."""
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
    """Return the page that a discreet edition shows to the outside."""
    (cover,) = _cover_of(div, context)
    assert isinstance(cover, document.Cover)  # noqa: S101
    words = (each.at for each in tree.walk_tree(div.blocks) if isinstance(each, tree.TextNode))
    return (replace(cover, alone=True, at=next(words, div.at)),)


def _main_message_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return the one thing that a reader should keep."""
    content = one_paragraph(div.blocks, "A main message", div.at, context)
    return (document.MainMessage(_label_of(div), content, at=div.at),)


def _row_of(div: tree.Div, context: ConversionContext) -> document.CardRow:
    """Return one labelled line of a card."""
    acts = div.attributes.has_class("acts")
    return document.CardRow(_label_of(div), one_paragraph(div.blocks, "A row", div.at, context), acts)


_DIV_READERS: Mapping[str, Callable[[tree.Div, ConversionContext], document.Blocks]] = {
    "script": _script_of,
    "comparison": _comparison_of,
    "table": _titled_table_of,
    "figure": figure_of,
    "chart": chart_of,
    "qr": _qr_of,
    "picture": _picture_of,
    "contacts": _contacts_of,
    "sources": sources_of,
    "cover": _cover_of,
    "outside": _outside_of,
    "main-message": _main_message_of,
}

_LEVELS: tuple[Level, ...] = ("red", "amber", "green")
# Where a div may stand that may not stand anywhere.
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
    return tuple(each for node in nodes for each in block_of(node, context))


def block_of(node: tree.Block, context: ConversionContext) -> document.Blocks:
    """Return one node as blocks of the Document; none if it is not whole."""
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
    """Return a heading; in a text it has three or four signs, because those above it are the template's."""
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
    """Return what a fenced div means."""
    kind = div.attributes.kind
    match kind:
        case "callout" | "labelled":
            return (_titled_of(div, context),)
        case "fork":
            return (_fork_of(div, context),)
        case "card":
            return (_card_of(div, context),)
        case "running-title":
            return ()
        case "worksheet":
            return (document.Worksheet(blocks_of(div.blocks, context), at=div.at),)
        case _ if kind in _FIELD_READERS:
            return _FIELD_READERS[kind](div, context)
        case _ if kind in _DIV_READERS:
            return _DIV_READERS[kind](div, context)
    _report_misplaced(div, context)
    return ()


def _report_misplaced(div: tree.Div, context: ConversionContext) -> None:
    """Report a div that stands where it may not; an unknown class was reported where its name stands."""
    kind = div.attributes.kind
    if kind in _ONLY_INSIDE:
        outside = _ONLY_INSIDE[kind]
        context.wrong(f"'{kind}' stands only inside '{outside}'.", div.at, f"put it into '{outside}'")
    elif kind == "slide":
        hint = "write renderer: pptx at the template's top"
        context.wrong("A slide stands only in a template for slides.", div.at, hint)


def _titled_of(div: tree.Div, context: ConversionContext) -> document.Callout | document.Labelled:
    """Return a box, or a text with a label beside it."""
    title, rest = take_title(div, context)
    if not rest:
        message = f"'{div.attributes.kind}' holds nothing but a title."
        context.wrong(message, div.at, "write what it says below the title")
    blocks = blocks_of(rest, context)
    if div.attributes.kind == "callout":
        cut = div.attributes.has_class("cut")
        return document.Callout(title, blocks, cut, at=div.at)
    return document.Labelled(title, blocks, at=div.at)


def _fork_of(div: tree.Div, context: ConversionContext) -> document.Fork:
    """Return a question with its answers, the most urgent first."""
    question, rest = take_title(div, context)
    branches: list[document.Branch] = []
    for node in rest:
        level = next((each for each in _LEVELS if isinstance(node, tree.Div) and node.attributes.kind == each), None)
        if level is None or not isinstance(node, tree.Div):
            hint = "use ::: {.red}, {.amber} and {.green}"
            context.wrong("A fork holds a title and its answers only.", node.at, hint)
            continue
        if branches and _LEVELS.index(branches[-1].level) >= _LEVELS.index(level):
            message = f"'{level}' stands after '{branches[-1].level}'."
            context.wrong(message, node.at, "the most urgent answer comes first")
        title, blocks = take_title(node, context)
        branches.append(document.Branch(level, title, blocks_of(blocks, context), at=node.at))
    if not branches:
        context.wrong("A fork has no answers.", div.at, "add ::: {.red}, {.amber} or {.green}")
    return document.Fork(question, tuple(branches), at=div.at)


def _card_of(div: tree.Div, context: ConversionContext) -> document.Card:
    """Return one numbered factor."""
    claim, rest = take_title(div, context)
    rows = tuple(_row_of(each, context) for each in rest if _is_div(each, "row"))
    blocks = blocks_of(tuple(each for each in rest if not _is_div(each, "row")), context)
    number = parse_whole_number(div.attributes.value("number")) or 0
    sign = sign_of(div.attributes.value("sign"), context)
    return document.Card(number, sign, claim, rows, blocks, at=place_of(div))


def _is_div(node: tree.Block, kind: str) -> TypeGuard[tree.Div]:
    """True if `node` is a div of this class."""
    return isinstance(node, tree.Div) and node.attributes.kind == kind


def slides_of(nodes: tree.Blocks, context: ConversionContext) -> tuple[document.Slide, ...]:
    """Return `nodes` as slides; anything else at the top of a template for slides is a finding."""
    slides: list[document.Slide] = []
    section = ""
    for node in nodes:
        if _is_div(node, "running-title"):
            continue
        if not _is_div(node, "slide"):
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
    notes = [node for node in rest if _is_div(node, "notes")]
    if len(notes) != 1 or not notes[0].blocks:
        at = notes[1].at if len(notes) > 1 else place_of(div)
        message = "Every slide has notes once: what is said to it."
        context.findings.append(error("no-notes", message, at, "add ::: {.notes}, what is said, :::"))
    blocks = blocks_of(tuple(node for node in rest if not _is_div(node, "notes")), context)
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


# ---------------------------------------------------------------- fields of a worksheet


_SCALE_ENDS = 2
_MOST_LOG_COLUMNS = 5


def _writing_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return room to write: a line, lines or a box."""
    label, hint = _label_and_hint(div, (), context)
    kind = div.attributes.kind
    count = 1 if kind == "line" else parse_line_count(div.attributes.value("count")) or 1
    half, follows = div.attributes.has_class("half"), div.attributes.has_class("follows")
    writing = document.Writing(_name_of(div), label, hint, count, kind == "box", half, follows, at=div.at)
    return (writing,)


def _choices_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return things to tick, any number of them or one."""
    choices = _lists_in(div, context)
    label, hint = _label_and_hint(div, choices, context)
    if not choices:
        context.wrong("There is nothing to tick.", div.at, "write the choices as a list, each after - ")
    items = tuple(_item_words(item, context) for listing in choices for item in listing.items)
    follows, one = div.attributes.has_class("follows"), div.attributes.has_class("one")
    return (document.Choices(_name_of(div), label, items, hint, follows, one, at=div.at),)


def _scale_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a scale from 0 to 10 with what its ends mean."""
    ends = _lists_in(div, context)
    label, hint = _label_and_hint(div, ends, context)
    items = [_item_words(item, context) for listing in ends for item in listing.items]
    if len(items) != _SCALE_ENDS:
        context.wrong("A scale has two ends.", div.at, "write what 0 means and what 10 means as a list of two")
        return ()
    follows = div.attributes.has_class("follows")
    return (document.Scale(_name_of(div), label, items[0], items[1], hint, follows, at=div.at),)


def _fill_table_of(div: tree.Div, context: ConversionContext) -> document.Blocks:
    """Return a table to fill in: the rows that are written, then empty ones up to its count."""
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
    return (document.FillTable(_name_of(div), caption, head, tuple(rows), widths, at=div.at),)


_FIELD_READERS: Mapping[str, Callable[[tree.Div, ConversionContext], document.Blocks]] = {
    "line": _writing_of,
    "lines": _writing_of,
    "box": _writing_of,
    "choices": _choices_of,
    "scale": _scale_of,
    "fill-table": _fill_table_of,
}


def _name_of(div: tree.Div) -> str:
    """Return the name of a field."""
    return div.attributes.value("name")


def _lists_in(div: tree.Div, context: ConversionContext) -> tuple[tree.ListNode, ...]:
    """Return the lists in a div, of which there is at most one."""
    lists = tuple(node for node in div.blocks if isinstance(node, tree.ListNode))
    for node in lists[1:]:
        context.wrong(f"'{div.attributes.kind}' holds one list.", node.at, "join the lists")
    return lists[:1]


def _label_and_hint(
    div: tree.Div, lists: tuple[tree.ListNode, ...], context: ConversionContext
) -> tuple[Inlines, Inlines]:
    """Return the label of a field and the hint below it: the first paragraph and, if there is one, the second."""
    rest = [node for node in div.blocks if node not in lists and not isinstance(node, tree.ListNode)]
    texts = [node for node in rest if isinstance(node, tree.ParagraphNode)]
    for node in (*(each for each in rest if not isinstance(each, tree.ParagraphNode)), *texts[2:]):
        context.wrong("A field has a label and at most one hint.", node.at, "write one or two paragraphs")
    if not texts:
        context.wrong("A field begins with its label.", div.at, "write what is to be filled in")
        return (), ()
    label, *hints = (inlines_of(text.content, context) for text in texts[:2])
    return label, hints[0] if hints else ()


def _item_words(item: tree.Blocks, context: ConversionContext) -> Inlines:
    """Return the words of one item of a list, which is one paragraph."""
    if len(item) == 1 and isinstance(item[0], tree.ParagraphNode):
        return inlines_of(item[0].content, context)
    if item:
        context.wrong("A choice is one paragraph.", item[-1].at, "write it in one line")
    return ()
