"""What is more than text, each on its sheets: tables, figures, codes, lists of sources.

Text before and after a thing stands on its sheet if there is room; the caller is told if there is none, and gives it a
sheet of its own.
"""

from __future__ import annotations

import math
from typing import assert_never

from msgspec.structs import replace

from handouts.deck.beside import Around, crowding, heading_of, short_title
from handouts.deck.codes import code_picture
from handouts.deck.contacts import fit_contacts
from handouts.deck.drawings import chart_sheet, figure_sheet, picture_sheet
from handouts.deck.fit import lines_height, parts_of, text_height
from handouts.deck.grids import GridBlock
from handouts.deck.layouts import SOURCE_SIZES, layout_named
from handouts.deck.planned import Filled, LayoutKey, Paragraph, Paragraphs, PlacedPicture, TextRun
from handouts.deck.sheets import (
    ALL_STEPS,
    WHOLE_STEPS,
    Desk,
    Overflow,
    Sheet,
    Sheets,
    fitting_sheet,
    fitting_step,
    overflow_of,
    too_high,
)
from handouts.deck.styles import slot_levels
from handouts.deck.tables import ALL_TABLE_STEPS, WHOLE_TABLE_STEPS, FittedTable, fit_table
from handouts.deck.texts import linked, runs_of, says_where, source_paragraph
from handouts.document import Chart, Comparison, Contacts, Figure, Fork, Picture, QrCode, Sources, Table, words_of
from handouts.finding import Finding, error, warning

MOST_SLIDES = 2


def thing_sheets(
    block: Fork | Comparison | Table | Figure | Chart | Contacts | Sources | QrCode | Picture,
    around: Around,
    desk: Desk,
) -> Sheets | None:
    """Return the sheets of a thing with the text around it; None if that text has no room there."""
    match block:
        case Fork() | Comparison() | Table() | Contacts():
            return table_sheets(block, around, desk)
        case Figure():
            return figure_sheet(block, around, desk)
        case Chart():
            return chart_sheet(block, around, desk)
        case QrCode():
            return code_sheet(block, around, desk)
        case Picture():
            return picture_sheet(block, around, desk)
        case Sources():
            return None if around.lead or around.trail else source_sheets(block, desk)
        case _:
            assert_never(block)


def table_sheets(block: GridBlock | Contacts, around: Around, desk: Desk) -> Sheets | None:
    """Return a table on one sheet or more; its heading, if it has one of its own, stands on each of them."""
    heading = heading_of(block.caption, desk) if isinstance(block, Table) else ()
    above = (*heading, *around.lead)
    before = (Filled("lead", above),) if above else ()
    after = (Filled("note", tuple(replace(each, level="note") for each in around.trail)),) if around.trail else ()
    fills = (*before, *after)
    name, fitted = fitted_in(block, table_layout(heading, around), desk)
    layout = layout_named(name)
    step = fitting_step(fills, layout, WHOLE_STEPS, desk.theme)
    alone = not (around.lead or around.trail)
    if (step is None or len(fitted.parts) > 1) and not alone:
        return None
    sheets = tuple(Sheet(name, (*before, part.table, *part.drawings, *after), step or 0) for part in fitted.parts)
    crowded = too_high("slide-text", crowding(fills, layout, desk), block.at)
    return Sheets(sheets, (*crowded, *table_findings(block, fitted)))


def fitted_in(block: GridBlock | Contacts, name: str, desk: Desk) -> tuple[str, FittedTable]:
    """Return a table in the layout `name`, and that layout; or in the higher one below a title of one line.

    Whom to call and a fork have the higher one wherever they can: they are looked at longest.
    """
    fitted = fitted_table(block, name, desk)
    if name != "table" or not short_title("table-high", desk):
        return name, fitted
    if isinstance(block, Table | Comparison) and len(fitted.parts) == 1:
        return name, fitted
    high = fitted_table(block, "table-high", desk)
    if len(high.parts) > 1 and not short_title("table-high", desk, goes_on=True):
        return name, fitted
    return ("table-high", high) if len(high.parts) <= len(fitted.parts) else (name, fitted)


def fitted_table(block: GridBlock | Contacts, name: str, desk: Desk) -> FittedTable:
    """Return a table in the slot of the layout `name`; it is only set small in order to be whole where that is high."""
    slot = layout_named(name).slot("table")
    if isinstance(block, Contacts):
        return fit_contacts(block, slot.area, desk.theme, desk.words)
    whole = ALL_TABLE_STEPS if name == "table-high" or isinstance(block, Fork) else WHOLE_TABLE_STEPS
    return fit_table(block, slot, desk.theme, desk.words, whole)


def table_findings(block: GridBlock | Contacts, fitted: FittedTable) -> tuple[Finding, ...]:
    """Return the finding for a table that is too wide at its smallest size, has a row too high, or too many rows."""
    if fitted.too_wide <= 0:
        over = Overflow(fitted.excess, fitted.room)
        return (*too_high("slide-table", over, block.at), *long_table(block, len(fitted.parts)))
    longest = max(" ".join(words_of(block)).split(), key=len, default="")
    message = (
        f"A table is too wide for a slide: at the smallest size the longest words of its {fitted.columns} columns are "
        f"{fitted.too_wide:.0f} points too wide, and {fitted.fitting or 'not even one'} would fit."
    )
    return (error("slide-table", message, block.at, f"take columns out, or use shorter words than “{longest}”"),)


def long_table(block: GridBlock | Contacts, slides: int) -> tuple[Finding, ...]:
    """Return the finding for a table that takes more slides than anybody can follow."""
    if slides <= MOST_SLIDES:
        return ()
    message = f"A table has so many rows that it goes over {slides} slides."
    return (warning("slide-rows", message, block.at, "show the rows that matter, and leave the table to the handout"),)


def table_layout(heading: Paragraphs, around: Around) -> str:
    """Return the layout for a table: with room above it for a heading or for text, and below it for a note."""
    above = "-text" if around.lead else "-label" if heading else ""
    return f"table{above}{'-note' if around.trail else ''}"


def code_sheet(block: QrCode, around: Around, desk: Desk) -> Sheets | None:
    """Return a code beside its caption and the address that it opens."""
    words = desk.words
    address = linked(TextRun(block.target.removeprefix("https://")), block.target, says_where(block.target, words))
    text = (*around.lead, Paragraph(runs_of(block.caption, words)), Paragraph((address,), "note"), *around.trail)
    picture = PlacedPicture("picture", code_picture(block.target), words.say("qr_alt", target=block.target))
    fill = Filled("body", text)
    sheet = fitting_sheet("code", (fill,), ALL_STEPS, desk)
    if sheet:
        return Sheets((replace(sheet, items=(*sheet.items, picture)),))
    if around.lead or around.trail:
        return None
    over = overflow_of((fill,), layout_named("code"), ALL_STEPS[-1], desk.theme)
    return Sheets((Sheet("code", (fill, picture), ALL_STEPS[-1]),), too_high("slide-text", over, block.at))


def source_sheets(block: Sources, desk: Desk) -> Sheets:
    """Return the list of sources in two columns: on as few sheets as there can be, as large as it can be on these."""
    entries = tuple(source_paragraph(source, desk.words) for source in block.sources)
    choices = [(source_columns(entries, step, desk), step) for step in range(len(SOURCE_SIZES))]
    columns, step = min(choices, key=lambda choice: (math.ceil(len(choice[0]) / 2), choice[1]))
    slot = layout_named("sources").slot("left")
    levels = slot_levels(slot, LayoutKey("sources", step), desk.theme)
    highest = max((lines_height(each.runs, levels[0].style, slot.text_width) for each in entries), default=0.0)
    sheets = tuple(
        Sheet(
            "sources",
            tuple(Filled(name, tuple(part)) for name, part in zip(("left", "right"), pair, strict=False)),
            step,
        )
        for pair in (columns[index : index + 2] for index in range(0, len(columns), 2))
    )
    return Sheets(sheets, too_high("slide-source", Overflow(highest - slot.text_height, slot.text_height), block.at))


def source_columns(entries: Paragraphs, step: int, desk: Desk) -> list[list[Paragraph]]:
    """Return `entries` in as few columns as they need at a step of size."""
    slot = layout_named("sources").slot("left")
    levels = slot_levels(slot, LayoutKey("sources", step), desk.theme)
    width = slot.text_width
    return parts_of(entries, slot.text_height, lambda part: text_height(tuple(part), levels, width), columns=2)
