"""Write a placed table as the XML of a native table: header flags, spans, cell margins, rules and texts.

Each run, paragraph and cell states its own look, because a table inherits nothing from a layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handouts.deck.drawingml import TABLE_STYLE, MarkupContext, escape_attribute, fill_xml, line_xml, name_xml, run_xml
from handouts.deck.layouts import CELL_PADDING
from handouts.deck.planned_slides import CellText, GridCell, GridRow, PlacedTable
from handouts.deck.styles import CELL_BULLET_INDENT, ROW_FRAME_WIDTH, TABLE_RULES
from handouts.theme import TypeStyle
from handouts.units import emu

EMPTY_SIZE = 2000  # of an empty cell, in hundredths of a point: it makes no row higher
NO_SPACING_XML = '<a:spcBef><a:spcPts val="0"/></a:spcBef><a:spcAft><a:spcPts val="0"/></a:spcAft>'
TABLE_URI = "http://schemas.openxmlformats.org/drawingml/2006/table"


def table_xml(table: PlacedTable, name: str, placeholder: str, ink: MarkupContext) -> str:
    """Return a native table; `placeholder` says which one of the layout it fills."""
    height = sum(row.height for row in table.rows)
    columns = "".join(f'<a:gridCol w="{emu(width)}"/>' for width in table.columns)
    flags = f'firstRow="{int(table.rows[0].header)}" firstCol="{int(table.first_column)}"'
    rows = "".join(row_xml(table, index, ink) for index in range(len(table.rows)))
    return (
        f"<p:graphicFrame><p:nvGraphicFramePr>{name_xml(ink, name, table.alt)}"
        f'<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr>{placeholder}</p:nvPr>'
        f'</p:nvGraphicFramePr><p:xfrm><a:off x="{emu(table.x)}" y="{emu(table.y)}"/>'
        f'<a:ext cx="{sum(map(emu, table.columns))}" cy="{emu(height)}"/></p:xfrm>'
        f'<a:graphic><a:graphicData uri="{TABLE_URI}"><a:tbl><a:tblPr {flags}><a:tableStyleId>{TABLE_STYLE}</a:tableStyleId>'
        f"</a:tblPr><a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def row_xml(table: PlacedTable, index: int, ink: MarkupContext) -> str:
    """Return one row."""
    row = table.rows[index]
    last = len(row.cells) - 1
    cells = "".join(
        cell_xml(cell, span, cell_rules_xml(table, index, (column == 0, column == last), ink), ink)
        for column, (cell, span) in enumerate(zip(row.cells, span_attributes(table.rows, index), strict=True))
    )
    return f'<a:tr h="{emu(row.height)}">{cells}</a:tr>'


def cell_rules_xml(table: PlacedTable, index: int, ends: tuple[bool, bool], ink: MarkupContext) -> str:
    """Return the rules of a cell that the style of the table has not: those of a high head, and the edge of a row.

    `ends` says whether the cell is the first and whether it is the last of its row.
    """
    rows, frame = table.rows, row_frame(table.rows[index])
    sides = (
        (frame if ends[0] else None, "a:lnL"),
        (frame if ends[1] else None, "a:lnR"),
        (rule_between(rows, index - 1), "a:lnT"),
        (rule_between(rows, index), "a:lnB"),
    )
    return "".join(rule_on_side(line_xml(*rule, ink, "flat"), tag) for rule, tag in sides if rule)


def rule_between(rows: Sequence[GridRow], index: int) -> tuple[str, float] | None:
    """Return colour and width of the rule below a row, -1 for above all, where the table's style says another."""
    around = [row for row in rows[max(index, 0) : index + 2] if row.frame]
    if around:
        return row_frame(around[0])
    if not 0 <= index < len(rows) - 1:
        return None
    if index and rows[index - 1].frame:
        return TABLE_RULES["thin"]  # LibreOffice takes the edge above a row for the rule below it as well
    head, next_head = rows[index].header, rows[index + 1].header
    if not (head and (index or next_head)):
        return None
    return TABLE_RULES["thin" if next_head else "strong"]


def row_frame(row: GridRow) -> tuple[str, float] | None:
    """Return colour and width of the edge around a row; None if it has none."""
    return (row.frame, ROW_FRAME_WIDTH) if row.frame else None


def span_attributes(rows: tuple[GridRow, ...], index: int) -> Iterator[str]:
    """Yield for each cell of a row what it says of spans: over how much it goes, or from where it is covered."""
    covers = 0
    for column, cell in enumerate(rows[index].cells):
        if not cell.covered:
            covers = cell.columns - 1
            wide = f' gridSpan="{cell.columns}"' if cell.columns > 1 else ""
            high = f' rowSpan="{cell.rows}"' if cell.rows > 1 else ""
            yield f"{wide}{high}"
        elif covers > 0:
            covers -= 1
            yield ' hMerge="1"'
        else:
            yield covered_attributes(rows, index, column)


def covered_attributes(rows: tuple[GridRow, ...], index: int, column: int) -> str:
    """Return what a cell says that a cell of an earlier row covers; it may be covered from its left as well."""
    start = next((row for row in range(index, -1, -1) if not rows[row].cells[column].covered), None)
    if start is not None and start + rows[start].cells[column].rows > index:
        return ' vMerge="1"'
    return ' hMerge="1" vMerge="1"'


def cell_xml(cell: GridCell, span: str, rules: str, ink: MarkupContext) -> str:
    """Return one cell; `rules` are those that the style of the table has not."""
    texts = "".join(text_xml(text, cell.align, ink) for text in cell.texts)
    empty = (
        f'<a:p><a:pPr algn="{cell.align}"/>'
        f'<a:endParaRPr lang="{escape_attribute(ink.language)}" sz="{EMPTY_SIZE}" dirty="0"/></a:p>'
    )
    padding = f'marT="{emu(CELL_PADDING)}" marB="{emu(CELL_PADDING)}"'
    margins = f'marL="{emu(cell.left)}" marR="{emu(cell.right)}" {padding} anchor="ctr"'
    return (
        f"<a:tc{span}><a:txBody><a:bodyPr/><a:lstStyle/>{texts or empty}</a:txBody>"
        f"<a:tcPr {margins}>{rules}{fill_xml(cell.fill, ink.colours) if cell.fill else ''}</a:tcPr></a:tc>"
    )


def rule_on_side(rule: str, tag: str) -> str:
    """Return the line `rule` as that of one side of a cell."""
    return rule.replace("<a:ln", f"<{tag}", 1).replace("</a:ln>", f"</{tag}>")


def text_xml(text: CellText, align: str, ink: MarkupContext) -> str:
    """Return one paragraph of a cell with its mark, its line height and no space around it."""
    indent = CELL_BULLET_INDENT * text.style.size if text.mark else 0.0
    place = f'marL="{emu(indent)}" indent="{-emu(indent)}"'
    height = f'<a:lnSpc><a:spcPts val="{round(100 * text.style.leading)}"/></a:lnSpc>{NO_SPACING_XML}'
    runs = "".join(
        run_xml(
            run, ink, run_attributes(run.bold or text.style.bold, text.style), fill_xml(text.style.colour, ink.colours)
        )
        for run in text.runs
    )
    return f'<a:p><a:pPr {place} algn="{align}">{height}{mark_xml(text.mark)}</a:pPr>{runs}</a:p>'


def run_attributes(bold: bool, style: TypeStyle) -> str:
    """Return size, weight and letter spacing of a run as its attributes."""
    track = f' spc="{round(100 * style.size * style.track)}"' if style.track else ""
    return f' sz="{round(100 * style.size)}" b="{int(bold)}"{track}'


def mark_xml(mark: str) -> str:
    """Return a bullet, the number of a step, or that there is no mark."""
    if not mark:
        return "<a:buNone/>"
    if mark.endswith("."):
        return f'<a:buFontTx/><a:buAutoNum type="arabicPeriod" startAt="{mark.removesuffix(".")}"/>'
    return f'<a:buFontTx/><a:buChar char="{escape_attribute(mark)}"/>'
