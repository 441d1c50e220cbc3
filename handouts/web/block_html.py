"""Turn the blocks of a Document into HTML in reading order, each as the element with its meaning."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import assert_never

from handouts.document.nodes import (
    Block,
    Branch,
    BulletList,
    Callout,
    Card,
    CardRow,
    Cell,
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
    Source,
    Sources,
    Steps,
    Table,
    Worksheet,
    Writing,
    shared_note,
)
from handouts.document.text import contact_note, plain
from handouts.figures.decorative_lines import cover_line_drawing
from handouts.figures.signs import disc_row_drawing, fork_sign_drawing, is_sign, sign_drawing
from handouts.web.form_html import field_html, scrolled_table
from handouts.web.illustration_html import figure_html, image_html, picture_html, qr_code_html, sign_svg
from handouts.web.inline_html import PageContext, heading_html, inlines_html, link_html, number_link, optional
from handouts.web.markup import NOTHING, Html, element, joined, text

_SIGN_SIZE, _ART_WIDTH, _ART_HEIGHT = 48.0, 420.0, 48.0
_WIDE_TABLE_COLUMNS = 2  # tables with at least this many columns may be wider than a phone


def blocks_html(blocks: Iterable[Block], context: PageContext) -> Html:
    """Return blocks one after another."""
    return joined(_block_html(block, context) for block in blocks)


def _block_html(block: Block, context: PageContext) -> Html:
    """Return one block."""
    match block:
        case Heading():
            number = optional(text(block.number), "span", class_="heading-number")
            content = joined((number, inlines_html(block.content, context)), " " if number else "")
            return heading_html(block.level, content, block.content, context, anchor=block.anchor)
        case Paragraph():
            return element("p", inlines_html(block.content, context))
        case BulletList():
            return element("ul", *(element("li", blocks_html(item, context)) for item in block.items))
        case Steps():
            items = (element("li", blocks_html(item, context)) for item in block.items)
            return element("ol", *items, class_="steps")
        case Labelled():
            label = element("p", inlines_html(block.label, context), class_="label")
            return element("div", label, blocks_html(block.blocks, context), class_="labelled")
        case Callout():
            title = _title(3, block.title, context)
            kind = "callout cut" if block.cut else "callout"
            return element("section", title, blocks_html(block.blocks, context), class_=kind)
        case Cover():
            return _cover_html(block, context)
        case MainMessage():
            label = element("p", inlines_html(block.label, context), class_="label")
            lead = element("p", inlines_html(block.content, context), class_="lead")
            return element("div", label, lead, class_="message")
        case Fork():
            question = _title(2, block.question, context)
            branches = element("ul", *(_branch_html(each, context) for each in block.branches), class_="branches")
            return element("section", question, branches, class_="fork")
        case Card():
            return _card_html(block, context)
        case Script():
            return _script_html(block, context)
        case Comparison():
            return _comparison_html(block, context)
        case Table():
            return _table_html(block, context)
        case Figure() | Chart():
            return figure_html(block, context)
        case Contacts():
            return _contacts_html(block, context)
        case Sources():
            entries = (_source_html(source, context) for source in block.sources)
            return element("ol", *entries, class_="sources")
        case QrCode():
            return qr_code_html(block, context)
        case Picture():
            return picture_html(block, context)
        case Worksheet():
            return _worksheet_html(block, context)
        case Writing() | Choices() | Scale() | FillTable():
            return field_html(block, context)
        case _:
            assert_never(block)


def _title(level: int, content: Inlines, context: PageContext) -> Html:
    """Return the title of a block as a heading, or nothing."""
    if not content:
        return NOTHING
    return heading_html(level, inlines_html(content, context), content, context)


# ---------------------------------------------------------------- the cover


def _cover_html(cover: Cover, context: PageContext) -> Html:
    """Return the cover; its title is a lower heading on a page that has one already, as after a cover alone."""
    title = _title(2 if context.above else 1, cover.title, context)
    parts = (
        optional(inlines_html(cover.label, context), "p", class_="label"),
        title,
        optional(inlines_html(cover.subtitle, context), "p"),
        *_sender_html(cover.sender, context),
    )
    line = cover_line_drawing(_ART_WIDTH, _ART_HEIGHT, look=context.theme.line)
    art = sign_svg(line, "art") if line.shapes else NOTHING
    return element("div", *parts, art, class_="cover alone" if cover.alone else "cover")


def _sender_html(sender: Sender | None, context: PageContext) -> tuple[Html, ...]:
    """Return the name and the logo of the sender."""
    if sender is None:
        return ()
    name = optional(inlines_html(sender.content, context), "p", class_="label")
    logo = image_html(sender.logo.image, sender.logo.alt, "logo", context) if sender.logo else NOTHING
    return name, logo


# ---------------------------------------------------------------- boxes


def _branch_html(branch: Branch, context: PageContext) -> Html:
    """Return one branch with the sign of its level."""
    sign = sign_svg(fork_sign_drawing(branch.level, _SIGN_SIZE), "sign")
    title = heading_html(3, joined((sign, inlines_html(branch.title, context))), branch.title, context)
    return element("li", title, blocks_html(branch.blocks, context), class_=f"branch {branch.level}")


def _card_html(card: Card, context: PageContext) -> Html:
    """Return a factor: number, sign and claim, then its labelled lines and its other blocks."""
    count = element("span", text(str(card.number)), class_="count")
    sign = NOTHING
    if is_sign(card.sign):
        sign = sign_svg(sign_drawing(card.sign, _SIGN_SIZE), "sign")
    claim = joined((count, sign, element("span", inlines_html(card.claim, context))), " ")
    rows = element("dl", *(_card_row_html(row, context) for row in card.rows), class_="rows") if card.rows else NOTHING
    title = heading_html(3, claim, card.claim, context)
    return element("section", title, rows, blocks_html(card.blocks, context), class_="card")


def _card_row_html(row: CardRow, context: PageContext) -> Html:
    """Return one labelled line of a card."""
    label = element("dt", inlines_html(row.label, context), class_="acts" if row.acts else "")
    return joined((label, element("dd", inlines_html(row.content, context))))


def _script_html(script: Script, context: PageContext) -> Html:
    """Return words to say as a quotation, below the situation for them."""
    return element(
        "figure",
        element("figcaption", inlines_html(script.situation, context), class_="label"),
        element("blockquote", element("p", inlines_html(context.words.quoted(script.words), context))),
        optional(inlines_html(script.advice, context), "p", class_="advice"),
        class_="script theirs" if script.theirs else "script",
    )


# ---------------------------------------------------------------- tables


def _comparison_html(comparison: Comparison, context: PageContext) -> Html:
    """Return two columns row by row, a tick beside the head of the first and a bar beside that of the second."""
    heads = []
    for sign, content in (("tick", comparison.left), ("bar", comparison.right)):
        mark = sign_svg(sign_drawing(sign, _SIGN_SIZE), "sign")
        heads.append(element("th", mark, inlines_html(content, context), scope="col"))
    rows = (
        element("tr", *(element("td", inlines_html(content, context)) for content in row)) for row in comparison.rows
    )
    head = element("thead", element("tr", *heads))
    return element("table", head, element("tbody", *rows), class_="compare")


def _table_html(table: Table, context: PageContext) -> Html:
    """Return a table with its head rows; a wide table scrolls sideways on a narrow screen."""
    head = (element("tr", *(_cell_html(cell, context, scope="col") for cell in row)) for row in table.head)
    body = (_body_row_html(table, index, context) for index in range(len(table.body)))
    caption = optional(inlines_html(table.caption, context), "caption")
    whole = element("table", caption, element("thead", *head), element("tbody", *body))
    columns = max((sum(cell.columns for cell in row) for row in (*table.head, *table.body)), default=0)
    return whole if columns < _WIDE_TABLE_COLUMNS else scrolled_table(whole, plain(table.caption))


def _body_row_html(table: Table, index: int, context: PageContext) -> Html:
    """Return one row of the body, with its sign and discs if it has them."""
    cells = []
    for column, cell in enumerate(table.body[index]):
        before, after = NOTHING, NOTHING
        if column == 0 and index < len(table.signs) and is_sign(table.signs[index]):
            before = sign_svg(sign_drawing(table.signs[index], _SIGN_SIZE), "sign")
        if column == 1 and index < len(table.discs):
            after = sign_svg(disc_row_drawing(table.discs[index]), "discs")
        cells.append(_cell_html(cell, context, scope="row", before=before, after=after))
    return element("tr", *cells)


def _cell_html(cell: Cell, context: PageContext, *, scope: str, before: Html = NOTHING, after: Html = NOTHING) -> Html:
    """Return a cell, with the scope of a header and the spans of rows and columns."""
    spans = {"colspan": cell.columns if cell.columns > 1 else None, "rowspan": cell.rows if cell.rows > 1 else None}
    group = "colgroup" if scope == "col" and cell.columns > 1 else scope
    heads = scope == "col" or cell.header
    inside = joined((before, inlines_html(cell.content, context), after))
    if heads and inside:
        return element("th", inside, scope=group, **spans)
    return element("td", inside, **spans)


# ---------------------------------------------------------------- contacts and sources


def _contacts_html(contacts: Contacts, context: PageContext) -> Html:
    """Return contacts grouped by need, below the note that holds for all of them."""
    note = shared_note(contacts.contacts)
    groups = []
    for need, group in groupby(contacts.contacts, key=lambda contact: contact.need):
        several = tuple(group)
        entries = (_contact_html(contact, note, context) for contact in several)
        kind = "" if any(map(_is_known, several)) else "to-write"
        groups.append(element("div", element("dt", text(need)), *entries, class_=kind))
    above = element("p", text(context.words.say("all_lines", note=note)), class_="how") if note else NOTHING
    return joined((above, element("dl", *groups, class_="contacts") if groups else NOTHING))


def _is_known(contact: Contact) -> bool:
    """True if a contact has more than a name; one without is a blank to write on, shown only in print."""
    return bool(contact.number or contact.how or contact.note)


def _contact_html(contact: Contact, note: str, context: PageContext) -> Html:
    """Return one contact: its name, its number as a link or a line to write it on, how to reach it, and its note."""
    number = number_link(contact.number, contact.target, context) if contact.number else NOTHING
    blank = NOTHING if number else element("span", class_="line")
    return element(
        "dd",
        element("span", text(contact.name), class_="name"),
        optional(number, "span", class_="number"),
        blank,
        optional(text(contact_note(contact, note)), "span", class_="how"),
        class_="" if _is_known(contact) else "to-write",
    )


def _source_html(source: Source, context: PageContext) -> Html:
    """Return one source, with links to its text and back to its first citation."""
    content = inlines_html(source.content, context)
    entry = link_html(text(plain(source.content)), source.target) if source.target else content
    back = NOTHING
    if source.number in context.cited:
        said = context.words.say("back_link")
        back = link_html(text("↑"), f"#cite-{source.number}", class_="back", role="doc-backlink", aria_label=said)
    return element("li", joined((entry, back), " "), id=f"source-{source.number}", value=source.number)


# ---------------------------------------------------------------- worksheets


def _worksheet_html(worksheet: Worksheet, context: PageContext) -> Html:
    """Return a worksheet: its title, a note on what happens to what is typed, and its fields, numbered as on paper."""
    blocks, title = worksheet.blocks, NOTHING
    if blocks and isinstance(blocks[0], Heading):
        first, blocks = blocks[0], blocks[1:]
        content = inlines_html(first.content, context)
        title = heading_html(first.level, content, first.content, context, anchor=first.anchor)
    parts = [title]
    if not context.fields_explained:
        parts.append(element("p", text(context.words.say("web_fields")), class_="how"))
        context.fields_explained = True
    items: list[list[Html]] = []
    number = 0

    def end_list() -> None:
        """Move the fields gathered so far into a numbered list."""
        if items:
            entries = (element("li", *item) for item in items)
            parts.append(element("ol", *entries, class_="fields", start=number - len(items) + 1))
            items.clear()

    for block in blocks:
        if isinstance(block, FillTable):
            end_list()
            parts.append(field_html(block, context))
        elif not isinstance(block, Writing | Choices | Scale):
            (items[-1] if items else parts).append(_block_html(block, context))
        else:
            if not block.follows or not items:
                number += 1
                items.append([])
            items[-1].append(field_html(block, context))
    end_list()
    return element("section", *parts, class_="worksheet")
