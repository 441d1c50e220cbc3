"""Turn fields to fill in into paragraphs of a Word file: lines and frames to write in, boxes and rings to tick."""

from __future__ import annotations

from typing import assert_never

from handouts.document.nodes import Choices, Field, FillTable, Inlines, Scale, Writing
from handouts.word.runs import WordContext, inline_runs, paragraph, run
from handouts.word.word_markup import NOTHING, Wml, joined, w
from handouts.word.word_styles import WRITING_PITCH
from handouts.word.word_tables import WordCell, cell_paragraph, gap, table_xml

_SCALE_NUMBERS = range(11)
_BOX, _RING = "☐", "○"
_SIGN_GAP, _RING_GAP = "\u00a0", "  "  # a sign stays beside what it stands for


def worksheet_field(block: Field, width: float, context: WordContext) -> Wml:
    """Return one field below its label."""
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
    """Return the label of a field, which has its number."""
    return paragraph("FieldLabel", inline_runs(content, context), context)


def _hint(content: Inlines, context: WordContext) -> Wml:
    """Return what helps to fill in a field, if there is something."""
    return paragraph("Explanation", inline_runs(content, context), context, _KEEP) if content else NOTHING


_KEEP = w("keepNext")


def _writing(writing: Writing, width: float, context: WordContext) -> Wml:
    """Return room to write."""
    label, hint = _label(writing.label, context), _hint(writing.hint, context)
    if not writing.boxed:
        lines = (paragraph("WritingLine", NOTHING, context) for _ in range(writing.count))
        return joined((label, hint, *lines))
    depth, context.depth = context.depth, 0
    rows = ((WordCell(paragraph("TableText", NOTHING, context)),),)
    frame = table_xml(rows, (width,), context, style="HandoutBox", heights=writing.count * WRITING_PITCH)
    made = joined((label, hint, frame, gap(context)))
    context.depth = depth
    return made


def _choices(choices: Choices, context: WordContext) -> Wml:
    """Return boxes to tick, or rings of which one is chosen."""
    label, sign = _label(choices.label, context), _RING if choices.one else _BOX
    ticked = [
        paragraph("Choice", joined((run(f"{sign}{_SIGN_GAP}"), inline_runs(choice, context))), context, keep)
        for choice, keep in zip(choices.choices, (*(_KEEP,) * (len(choices.choices) - 1), NOTHING), strict=True)
    ]
    return joined((label, *ticked, _hint(choices.hint, context)))


def _scale(scale: Scale, context: WordContext) -> Wml:
    """Return the numbers from 0 to 10, what the first means before them and the last after them."""
    label = _label(scale.label, context)
    rings = run(_RING_GAP.join(f"{_RING}{_SIGN_GAP}{number}" for number in _SCALE_NUMBERS))
    low, high = inline_runs(scale.low, context), inline_runs(scale.high, context)
    line = paragraph("Choice", joined((low, run(_RING_GAP), rings, run(_RING_GAP), high)), context)
    return joined((label, line, _hint(scale.hint, context)))


def _fill_table(table: FillTable, width: float, context: WordContext) -> Wml:
    """Return a table whose cells without words are to be filled in."""
    caption = NOTHING
    if table.caption:
        caption = paragraph("Caption", inline_runs(table.caption, context), context, _KEEP)
    count = max(map(len, (table.head, *table.rows)))
    weights = table.widths if len(table.widths) == count else (1,) * count
    widths = [width * weight / sum(weights) for weight in weights]
    head = [WordCell(cell_paragraph(each, context, header=True), role="tint") for each in table.head]
    rows = ([WordCell(cell_paragraph(each, context)) for each in row] for row in table.rows)
    high = 2 * context.theme.print["table"].leading
    heads = 1 if any(table.head) else 0
    shown = (head, *rows) if heads else tuple(rows)
    return joined(
        (caption, table_xml(shown, widths, context, heads=heads, heights=high, style="FillTable"), gap(context))
    )
