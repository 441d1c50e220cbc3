"""Turn worksheets into HTML: fields to type into and to tick, each with its label; nothing that is typed is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handouts.document.nodes import Block, Choices, Field, FillTable, Heading, Inlines, Scale, Worksheet, Writing
from handouts.document.text import plain
from handouts.web.inline_html import PageContext, heading_html, inlines_html, optional
from handouts.web.markup import NOTHING, Html, element, joined, text

_SCALE_NUMBERS = range(11)
_LINES_IN_FRAME = 4
_RenderBlocks = Callable[[Iterable[Block], PageContext], Html]


def fields_html(worksheet: Worksheet, render: _RenderBlocks, context: PageContext) -> Html:
    """Return a sheet to fill in: its title, what becomes of what is typed, and its fields, numbered as on paper."""
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
        """Put the numbered fields that were gathered into a list of their own."""
        if items:
            entries = (element("li", *item) for item in items)
            parts.append(element("ol", *entries, class_="fields", start=number - len(items) + 1))
            items.clear()

    for block in blocks:
        if isinstance(block, FillTable):
            end_list()
            parts.append(field_html(block, context))
        elif not isinstance(block, Writing | Choices | Scale):
            (items[-1] if items else parts).append(render((block,), context))
        else:
            if not block.follows or not items:
                number += 1
                items.append([])
            items[-1].append(field_html(block, context))
    end_list()
    return element("section", *parts, class_="worksheet")


def field_html(block: Field, context: PageContext) -> Html:
    """Return one field with its label and what helps to fill it in."""
    ident = context.next_id("field")
    match block:
        case Writing():
            return _writing_html(block, ident, context)
        case Choices():
            return _choices_html(block, ident, context)
        case Scale():
            return _scale_html(block, ident, context)
        case FillTable():
            return _fill_table_html(block, context)


def _hint_html(hint: Inlines, ident: str, context: PageContext) -> Html:
    """Return what helps to fill in a field, named so that the field can refer to it."""
    return optional(inlines_html(hint, context), "p", class_="hint", id=f"{ident}-hint")


def _writing_html(writing: Writing, ident: str, context: PageContext) -> Html:
    """Return room to write."""
    lines = _LINES_IN_FRAME if writing.boxed else writing.count
    told = {"id": ident, "name": writing.name, "autocomplete": "off"}
    told["aria_describedby"] = f"{ident}-hint" if writing.hint else ""
    room = element("textarea", **told, rows=lines) if lines > 1 else element("input", type="text", **told)
    label = element("label", inlines_html(writing.label, context), class_="named", for_=ident)
    return element("div", label, room, _hint_html(writing.hint, ident, context), class_="field")


def _choices_html(choices: Choices, ident: str, context: PageContext) -> Html:
    """Return boxes to tick, or rings of which one is chosen."""
    kind = "radio" if choices.one else "checkbox"
    boxes = (
        element(
            "label",
            element("input", type=kind, name=choices.name, value=str(index)),
            element("span", inlines_html(choice, context)),
            class_="choice",
        )
        for index, choice in enumerate(choices.choices, 1)
    )
    legend = element("legend", inlines_html(choices.label, context))
    return element("fieldset", legend, *boxes, _hint_html(choices.hint, ident, context), class_="field")


def _scale_html(scale: Scale, ident: str, context: PageContext) -> Html:
    """Return the numbers from 0 to 10, what the first means before them and the last after them."""
    rings = (
        element(
            "label",
            element("input", type="radio", name=scale.name, value=str(number)),
            text(str(number)),
            class_="choice",
        )
        for number in _SCALE_NUMBERS
    )
    low, high = (element("span", inlines_html(end, context), class_="end") for end in (scale.low, scale.high))
    legend = element("legend", inlines_html(scale.label, context))
    row = element("div", low, joined(rings), high, class_="scale")
    return element("fieldset", legend, row, _hint_html(scale.hint, ident, context), class_="field")


def _fill_table_html(table: FillTable, context: PageContext) -> Html:
    """Return a table whose cells without words are to be filled in."""
    heads = (
        element("th", inlines_html(content, context), scope="col") if content else element("td")
        for content in table.head
    )
    rows = []
    for number, row in enumerate(table.rows, 1):
        cells = []
        for column, content in enumerate(row):
            if content:
                head = {"scope": "row"} if not column else {}
                cells.append(element("td" if column else "th", inlines_html(content, context), **head))
            else:
                cells.append(element("td", _cell_field(table, number, column, context)))
        rows.append(element("tr", *cells))
    caption = optional(inlines_html(table.caption, context), "caption")
    whole = element("table", caption, element("thead", element("tr", *heads)), element("tbody", *rows))
    return scrolled_table(whole, plain(table.caption))


def scrolled_table(table: Html, name: str) -> Html:
    """Return a table in a frame that can be moved sideways where it is wider than the screen, also with the keys."""
    return element("div", table, class_="wide", role="region" if name else "group", aria_label=name, tabindex=0)


def _cell_field(table: FillTable, number: int, column: int, context: PageContext) -> Html:
    """Return the field of one cell, named after its row and column."""
    named = {"table": plain(table.caption), "row": number, "column": plain(table.head[column])}
    label = context.words.say("field_cell", **named)
    return element("textarea", name=f"{table.name}-{number}-{column + 1}", rows=2, autocomplete="off", aria_label=label)
