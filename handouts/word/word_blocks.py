"""Turn the blocks and slides of a Document into the paragraphs and tables of a Word file, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import assert_never

from handouts.document.nodes import (
    Block,
    Blocks,
    Branch,
    BulletList,
    Callout,
    Card,
    CardRow,
    Chart,
    Choices,
    Comparison,
    Contact,
    Contacts,
    Cover,
    Figure,
    FillTable,
    Fork,
    Heading,
    Inlines,
    Labelled,
    MainMessage,
    Paragraph,
    Picture,
    QrCode,
    Scale,
    Script,
    Sender,
    Slide,
    Source,
    Sources,
    Steps,
    Table,
    Worksheet,
    Writing,
    shared_note,
)
from handouts.document.text import contact_note, plain, printed_address
from handouts.figures.decorative_lines import cover_line_drawing
from handouts.figures.shapes import Drawing, shifted_all
from handouts.figures.signs import fork_sign_drawing, is_sign, sign_drawing
from handouts.word.drawn_pictures import code_picture, figure_picture, image_picture, sign_picture
from handouts.word.runs import (
    KEEP_WITH_NEXT,
    SEPARATOR,
    WordContext,
    bookmarked,
    inline_runs,
    inner_link,
    linked_words,
    numbered_item,
    outside_lists,
    paragraph,
    run,
)
from handouts.word.word_fields import worksheet_field
from handouts.word.word_markup import NOTHING, Wml, joined, w
from handouts.word.word_tables import WordCell, cell_paragraph, comparison_table, content_table, gap, table_xml

_DEEPEST_HEADING, _DEEPEST_LIST = 3, 8
_ART_SIZE = (420.0, 48.0)
_SIGN_SIZE, _FORK_SIGN_SIZE, _FORK_SIGN_EDGE = 30.0, 22.0, 4.0  # its shapes reach beyond its square
_LOGO_SIZE = (108.0, 60.0)
_LABEL_SHARE, _FORK_SHARE, _NEED_SHARE = 0.26, 0.1, 0.28
_BOX_PADDING = 22.0
_LEVEL_ON_SLIDE = 3  # headings on a slide are at least this low, below the title of the slide
_SLIDE_FIGURE_SCALE = 0.7  # figures are small, because the speaker sees the slide itself


def blocks_xml(blocks: Iterable[Block], width: float, context: WordContext) -> Wml:
    """Return blocks one after another, in a column of `width`."""
    made = []
    for block in blocks:
        made.append(_block_xml(block, width, context))
        context.begun = True
    return joined(made)


def _block_xml(block: Block, width: float, context: WordContext) -> Wml:
    """Return one block."""
    match block:
        case Heading():
            return _block_heading(block, context)
        case Paragraph():
            return paragraph("Normal", inline_runs(block.content, context), context)
        case BulletList():
            return _list_xml(block.items, 1, width, context)
        case Steps():
            context.lists += 1
            return _list_xml(block.items, context.lists, width, context)
        case Labelled():
            label = paragraph("Label", inline_runs(block.label, context), context)
            return joined((label, blocks_xml(block.blocks, width, context)))
        case Callout():
            style = "CutOutBox" if block.cut else "HandoutBox"
            return _framed_blocks(block.blocks, width, context, title=block.title, style=style)
        case Cover():
            return _cover_xml(block, width, context)
        case MainMessage():
            label = paragraph("Label", inline_runs(block.label, context), context)
            return joined((label, paragraph("MainMessage", inline_runs(block.content, context), context)))
        case Fork():
            return _fork_xml(block, width, context)
        case Card():
            return _card_xml(block, width, context)
        case Script():
            return _script_xml(block, context)
        case Comparison():
            return comparison_table(block, width, context)
        case Table():
            return content_table(block, width, context)
        case Figure() | Chart():
            title = _lines("Caption", block.title, context)
            picture = paragraph("Picture", figure_picture(block, width, context), context)
            return joined((title, picture, _lines("Explanation", block.how_to_read, context)))
        case Contacts():
            return _contacts_xml(block, width, context)
        case Sources():
            return _sources_xml(block, context)
        case QrCode():
            picture = paragraph("Picture", code_picture(block, context), context)
            caption = _lines("Explanation", block.caption, context)
            address = linked_words(printed_address(block.target), block.target, context)
            shown = NOTHING if block.small else paragraph("Normal", address, context)
            return joined((picture, caption, shown))
        case Picture():
            picture = paragraph("Picture", image_picture(block.image, block.alt, width, context), context)
            return joined((picture, _lines("Explanation", block.caption, context)))
        case Worksheet():
            return _worksheet_xml(block, width, context)
        case Writing() | Choices() | Scale() | FillTable():
            return worksheet_field(block, width, context)
        case _:
            assert_never(block)


def _lines(style: str, content: Inlines, context: WordContext) -> Wml:
    """Return a paragraph, or nothing if there are no words."""
    return paragraph(style, inline_runs(content, context), context) if content else NOTHING


def _heading(level: int, inside: Wml, context: WordContext) -> Wml:
    """Return a heading at most three levels deep, raised if it would skip a level."""
    context.level = min(max(level, context.least_level), context.level + 1, _DEEPEST_HEADING)
    return paragraph(f"Heading{context.level}", inside, context)


def _block_heading(block: Heading, context: WordContext) -> Wml:
    """Return a heading below its number."""
    number = joined((run(block.number, w("rStyle", val="HeadingNumber")), w("r", w("br")))) if block.number else NOTHING
    return _heading(block.level - 1, joined((number, inline_runs(block.content, context))), context)


def _list_xml(items: Iterable[Blocks], number: int, width: float, context: WordContext) -> Wml:
    """Return a list; `number` is that of its list definition."""
    items_xml = []
    for item in items:
        level = min(context.depth, _DEEPEST_LIST)
        context.item = numbered_item(number, level)
        context.depth += 1
        items_xml.append(blocks_xml(item, width, context))
        context.depth -= 1
        context.item = NOTHING
    return joined(items_xml)


# ---------------------------------------------------------------- the cover


def _cover_xml(cover: Cover, width: float, context: WordContext) -> Wml:
    """Return the cover on its ground; one that stands alone is followed by a page break."""
    look = context.theme.cover
    edge = context.theme.edition.cover_edge or look.bar
    with outside_lists(context):
        inside = _cover_paragraphs(cover, width - _BOX_PADDING, context)
    cell = WordCell(inside, role=look.ground, edge=("accent", edge) if edge else None)
    table = table_xml(((cell,),), (width,), context, style="CoverBox")
    context.page_break = context.page_break or cover.alone
    return table


def _cover_paragraphs(cover: Cover, width: float, context: WordContext) -> Wml:
    """Return the words of a cover: its label, title and subtitle, and its sender; and the decorative line."""
    line = cover_line_drawing(*_ART_SIZE, look=context.theme.line)
    art = NOTHING
    if line.shapes:
        size = min(width, _ART_SIZE[0]) * _ART_SIZE[1] / _ART_SIZE[0]
        art = sign_picture(line, size, context, context.theme.cover.ground)
    return joined(
        (
            _lines("CoverLabel", cover.label, context),
            _lines("Title", cover.title, context),
            _lines("Subtitle", cover.subtitle, context),
            *_sender_lines(cover.sender, context),
            paragraph("CoverText", art, context),
        )
    )


def _sender_lines(sender: Sender | None, context: WordContext) -> Iterator[Wml]:
    """Yield the name and the logo of the sender."""
    if sender:
        yield _lines("CoverLabel", sender.content, context)
    if sender and sender.logo:
        picture = image_picture(sender.logo.image, sender.logo.alt, _LOGO_SIZE[0], context, _LOGO_SIZE[1])
        yield paragraph("CoverText", picture, context)


# ---------------------------------------------------------------- boxes


def _framed_blocks(
    blocks: Blocks, width: float, context: WordContext, *, title: Inlines = (), style: str = "HandoutBox"
) -> Wml:
    """Return blocks in a frame, below a title if they have one."""
    with outside_lists(context):
        above = _heading(2, inline_runs(title, context), context) if title else NOTHING
        inside = joined((above, blocks_xml(blocks, width - _BOX_PADDING, context), _end_of_cell(blocks, context)))
    return table_xml(((WordCell(inside),),), (width,), context, style=style)


def _end_of_cell(blocks: Blocks, context: WordContext) -> Wml:
    """Return an empty paragraph for a cell without blocks, because a cell must end with a paragraph."""
    return NOTHING if blocks else gap(context)


def _fork_xml(fork: Fork, width: float, context: WordContext) -> Wml:
    """Return a question and its branches, each with the sign of its level."""
    question = _heading(1, inline_runs(fork.question, context), context) if fork.question else NOTHING
    widths = (_FORK_SHARE * width, (1 - _FORK_SHARE) * width)
    rows = [_branch_cells(branch, widths[1] - _BOX_PADDING, context) for branch in fork.branches]
    return joined((question, table_xml(rows, widths, context, style="HandoutBox") if rows else gap(context)))


def _branch_cells(branch: Branch, width: float, context: WordContext) -> tuple[WordCell, WordCell]:
    """Return the cell with the sign of a branch, and the cell with its title and blocks."""
    shape = fork_sign_drawing(branch.level, _FORK_SIGN_SIZE)
    whole = _FORK_SIGN_SIZE + 2 * _FORK_SIGN_EDGE
    drawing = Drawing(whole, whole, shifted_all(shape.shapes, _FORK_SIGN_EDGE, _FORK_SIGN_EDGE))
    sign = sign_picture(drawing, whole, context)
    shown = WordCell(paragraph("TableText", sign, context), edge=(branch.level, 4.5))
    with outside_lists(context):
        title = _heading(2, inline_runs(branch.title, context), context)
        inside = joined((title, blocks_xml(branch.blocks, width, context), _end_of_cell(branch.blocks, context)))
    return shown, WordCell(inside)


def _card_xml(card: Card, width: float, context: WordContext) -> Wml:
    """Return a factor: number, sign and claim, then its labelled lines and its other blocks."""
    sign = NOTHING
    if is_sign(card.sign):
        sign = joined((sign_picture(sign_drawing(card.sign, _SIGN_SIZE), _SIGN_SIZE, context), run(" ")))
    claim = joined((sign, run(f"{card.number}  "), inline_runs(card.claim, context)))
    title = _heading(2, claim, context)
    widths = (_LABEL_SHARE * width, (1 - _LABEL_SHARE) * width)
    rows = [_card_row(row, row is card.rows[-1], context) for row in card.rows]
    table = table_xml(rows, widths, context) if rows else NOTHING
    return joined((title, table, blocks_xml(card.blocks, width, context)))


def _card_row(row: CardRow, last: bool, context: WordContext) -> tuple[WordCell, WordCell]:
    """Return one labelled line of a card, kept on one page with the next unless it is the `last`."""
    label = cell_paragraph(row.label, context, header=True, keep=not last)
    return WordCell(label), WordCell(cell_paragraph(row.content, context, keep=not last))


def _script_xml(script: Script, context: WordContext) -> Wml:
    """Return words to say as a quotation, below the situation for them."""
    quoted = context.words.quoted(script.words)
    return joined(
        (
            _lines("Label", script.situation, context),
            paragraph("QuotedTheirs" if script.theirs else "Quote", inline_runs(quoted, context), context),
            _lines("Explanation", script.advice, context),
        )
    )


# ---------------------------------------------------------------- contacts and sources


def _contacts_xml(contacts: Contacts, width: float, context: WordContext) -> Wml:
    """Return contacts beside their need, below the note that holds for all of them."""
    note = shared_note(contacts.contacts)
    above = NOTHING
    if note:
        above = paragraph("Explanation", run(context.words.say("all_lines", note=note)), context, KEEP_WITH_NEXT)
    rows = []
    for need, group in groupby(contacts.contacts, key=lambda contact: contact.need):
        head = WordCell(paragraph("TableHeading", run(need), context))
        entries = joined(_contact_xml(contact, note, context) for contact in group)
        rows.append((head, WordCell(entries)))
    widths = (_NEED_SHARE * width, (1 - _NEED_SHARE) * width)
    return joined((above, table_xml(rows, widths, context) if rows else gap(context)))


def _contact_xml(contact: Contact, note: str, context: WordContext) -> Wml:
    """Return one contact: its name, its number as a link or a line to write it on, how to reach it, and its note."""
    number = linked_words(contact.number, contact.target, context, called=True)
    name = joined((run(contact.name), run(" ") if number else NOTHING, number))
    blank = NOTHING if number else paragraph("WritingLine", NOTHING, context)
    words = contact_note(contact, note)
    how = paragraph("TableText", run(words), context) if words else NOTHING
    return joined((paragraph("TableText", name, context), blank, how))


def _sources_xml(sources: Sources, context: WordContext) -> Wml:
    """Return sources, each in its own paragraph, or all in one paragraph if they are short."""
    if sources.short:
        entries = (_source_runs(source, run(f"{source.number} "), context) for source in sources.sources)
        return paragraph("ShortSources", Wml(run(SEPARATOR).join(entries)), context)
    return joined(
        paragraph(
            "Source", _source_runs(source, joined((run(f"{source.number}."), w("r", w("tab")))), context), context
        )
        for source in sources.sources
    )


def _source_runs(source: Source, number: Wml, context: WordContext) -> Wml:
    """Return one source, with links to its text and back to its first citation."""
    words = plain(source.content)
    entry = linked_words(words, source.target, context) if source.target else inline_runs(source.content, context)
    back = NOTHING
    if source.number in context.cited:
        back = joined((run(" "), inner_link("↑", f"cited_{source.number}", context.words.say("back_link"))))
    return joined((bookmarked(f"source_{source.number}", number, context), entry, back))


# ---------------------------------------------------------------- worksheets


def _worksheet_xml(worksheet: Worksheet, width: float, context: WordContext) -> Wml:
    """Return a worksheet, its fields numbered as on paper; it starts a page unless it is the first block."""
    context.lists += 1
    number, parts = context.lists, []
    begun = False
    context.page_break = context.page_break or context.begun
    for block in worksheet.blocks:
        if isinstance(block, Writing | Choices | Scale):
            if not block.follows or not begun:
                context.item, begun = numbered_item(number, 0), True
            context.depth += 1
            parts.append(worksheet_field(block, width, context))
            context.depth -= 1
            context.item = NOTHING
        else:
            parts.append(_block_xml(block, width, context))
    return joined(parts)


# ---------------------------------------------------------------- the script of a talk


def slide_xml(slide: Slide, width: float, context: WordContext) -> Wml:
    """Return a slide in the script for the speaker: its title, its content in a frame, and its notes."""
    label = paragraph("Label", inline_runs(slide.label, context), context) if slide.label else NOTHING
    words = inline_runs(slide.title, context)
    if slide.kind == "title":
        title = paragraph("Title", words, context)
    else:  # a slide of a section is one level below the title of the section, as Word's navigation shows
        title = _heading(2 if slide.section and slide.kind != "section" else 1, words, context)
    context.least_level, context.figure_scale = _LEVEL_ON_SLIDE, _SLIDE_FIGURE_SCALE
    shown = _framed_blocks(slide.blocks, width, context) if slide.blocks else NOTHING
    made = joined((label, title, shown, *_sender_lines(slide.sender, context), blocks_xml(slide.notes, width, context)))
    context.least_level, context.figure_scale = 1, 1.0
    return made
