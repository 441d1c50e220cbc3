"""Turn the fields of worksheets into HTML: to type into and to tick, each with its label; what is typed is not sent."""

from __future__ import annotations

from handouts.document.nodes import Choices, Field, FillTable, Inlines, Scale, Writing
from handouts.document.text import plain
from handouts.web.inline_html import PageContext, inlines_html, optional
from handouts.web.markup import Html, element, joined, text

_LINES_IN_FRAME = 4


def field_html(block: Field, context: PageContext) -> Html:
    """Return one field with its label and its hint."""
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
    """Return the hint of a field, with the id by which the field refers to it."""
    return optional(inlines_html(hint, context), "p", class_="hint", id=f"{ident}-hint")


def _writing_html(writing: Writing, ident: str, context: PageContext) -> Html:
    """Return a field to write in, of one or more lines."""
    lines = _LINES_IN_FRAME if writing.boxed else writing.count
    named = {"id": ident, "name": writing.name, "autocomplete": "off"}
    named["aria_describedby"] = f"{ident}-hint" if writing.hint else ""
    room = element("textarea", **named, rows=lines) if lines > 1 else element("input", type="text", **named)
    label = element("label", inlines_html(writing.label, context), class_="named", for_=ident)
    return element("div", label, room, _hint_html(writing.hint, ident, context), class_="field")


def _choices_html(choices: Choices, ident: str, context: PageContext) -> Html:
    """Return checkboxes, or radio buttons if only one may be chosen."""
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
    """Return radio buttons for 0 to 10, between the meanings of 0 and of 10."""
    rings = (
        element(
            "label",
            element("input", type="radio", name=scale.name, value=str(number)),
            text(str(number)),
            class_="choice",
        )
        for number in scale.numbers
    )
    low, high = (element("span", inlines_html(end, context), class_="end") for end in (scale.low, scale.high))
    legend = element("legend", inlines_html(scale.label, context))
    row = element("div", low, joined(rings), high, class_="scale")
    return element("fieldset", legend, row, _hint_html(scale.hint, ident, context), class_="field")


def _fill_table_html(table: FillTable, context: PageContext) -> Html:
    """Return a table with a field in each cell that has no words."""
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
    """Return a table in a frame that scrolls sideways, also with the keyboard, if it is wider than the screen."""
    return element("div", table, class_="wide", role="region" if name else "group", aria_label=name, tabindex=0)


def _cell_field(table: FillTable, number: int, column: int, context: PageContext) -> Html:
    """Return the field of one cell, labelled with its row and column."""
    named = {"table": plain(table.caption), "row": number, "column": plain(table.head[column])}
    label = context.words.say("field_cell", **named)
    return element("textarea", name=f"{table.name}-{number}-{column + 1}", rows=2, autocomplete="off", aria_label=label)
