"""Turn the fields of worksheets into paragraphs of a Word file: lines and frames to write in, boxes to tick."""

from __future__ import annotations

from typing import assert_never

from handouts.document.nodes import Choices, Field, FillTable, Inlines, Scale, Writing
from handouts.word.runs import KEEP_WITH_NEXT, WordContext, inline_runs, outside_lists, paragraph, run
from handouts.word.word_markup import NOTHING, Wml, joined
from handouts.word.word_styles import WRITING_PITCH
from handouts.word.word_tables import WordCell, cell_paragraph, table_xml

_BOX, _RING = "☐", "○"
_SIGN_GAP, _RING_GAP = "\u00a0", "  "  # a no-break space keeps a sign beside its choice


def worksheet_field(block: Field, width: float, context: WordContext) -> Wml:
    """Return one field with its label and its hint."""
    match block:
        case Writing():
            return _writing(block, width, context)
        case Choices():
            return _choices(block, context)
        case Scale():
            return _scale(block, context)
        case FillTable():
            return _fill_table(block, width, context)
        case _:
            assert_never(block)


def _label(content: Inlines, context: WordContext) -> Wml:
    """Return the label of a field, which has the number of the field in its list."""
    return paragraph("FieldLabel", inline_runs(content, context), context)


def _hint(content: Inlines, context: WordContext) -> Wml:
    """Return the hint of a field, or nothing."""
    return paragraph("Explanation", inline_runs(content, context), context, KEEP_WITH_NEXT) if content else NOTHING


def _writing(writing: Writing, width: float, context: WordContext) -> Wml:
    """Return lines or a frame to write in."""
    label, hint = _label(writing.label, context), _hint(writing.hint, context)
    if not writing.boxed:
        lines = (paragraph("WritingLine", NOTHING, context) for _ in range(writing.count))
        return joined((label, hint, *lines))
    with outside_lists(context):
        rows = ((WordCell(paragraph("TableText", NOTHING, context)),),)
        frame = table_xml(rows, (width,), context, style="HandoutBox", heights=writing.count * WRITING_PITCH)
    return joined((label, hint, frame))


def _choices(choices: Choices, context: WordContext) -> Wml:
    """Return boxes to tick, or rings if only one may be chosen."""
    label, sign = _label(choices.label, context), _RING if choices.one else _BOX
    ticked = []
    for number, choice in enumerate(choices.choices, 1):
        keep = KEEP_WITH_NEXT if number < len(choices.choices) else NOTHING
        words = joined((run(f"{sign}{_SIGN_GAP}"), inline_runs(choice, context)))
        ticked.append(paragraph("Choice", words, context, keep))
    return joined((label, *ticked, _hint(choices.hint, context)))


def _scale(scale: Scale, context: WordContext) -> Wml:
    """Return rings for 0 to 10, between the meanings of 0 and of 10."""
    label = _label(scale.label, context)
    rings = run(_RING_GAP.join(f"{_RING}{_SIGN_GAP}{number}" for number in scale.numbers))
    low, high = inline_runs(scale.low, context), inline_runs(scale.high, context)
    line = paragraph("Choice", joined((low, run(_RING_GAP), rings, run(_RING_GAP), high)), context)
    return joined((label, line, _hint(scale.hint, context)))


def _fill_table(table: FillTable, width: float, context: WordContext) -> Wml:
    """Return a table with room to write in each cell that has no words."""
    caption = NOTHING
    if table.caption:
        caption = paragraph("Caption", inline_runs(table.caption, context), context, KEEP_WITH_NEXT)
    count = max(map(len, (table.head, *table.rows)))
    weights = table.widths if len(table.widths) == count else (1,) * count
    widths = [width * weight / sum(weights) for weight in weights]
    head = [WordCell(cell_paragraph(each, context, header=True), role="tint") for each in table.head]
    rows = ([WordCell(cell_paragraph(each, context)) for each in row] for row in table.rows)
    high = 2 * context.theme.print["table"].leading
    heads = 1 if any(table.head) else 0
    shown = (head, *rows) if heads else rows
    return joined((caption, table_xml(shown, widths, context, heads=heads, heights=high, style="FillTable")))
