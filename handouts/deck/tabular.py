"""A placed table in, a native table out: header flags, spans, rules between rows, and no style but its own.

A table takes no looks from a layout, so each cell says its own. Nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Iterator

from handouts.deck.layouts import CELL_PADDING
from handouts.deck.markup import FACE, Ink, attribute, fill, name_xml, run_xml
from handouts.deck.pen import line_xml
from handouts.deck.planned import CellText, GridCell, GridRow, PlacedTable
from handouts.theme import TypeStyle
from handouts.units import emu

# The plain style, without any grid, that every program knows.
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
BULLET_INDENT = 1.0
STRONG_RULE, THIN_RULE = 2.25, 1.0
URI = "http://schemas.openxmlformats.org/drawingml/2006/table"


def table_xml(table: PlacedTable, name: str, placeholder: str, ink: Ink) -> str:
    """Return a native table; `placeholder` says which one of the layout it fills."""
    height = sum(row.height for row in table.rows)
    columns = "".join(f'<a:gridCol w="{emu(width)}"/>' for width in table.columns)
    flags = f'firstRow="{int(table.rows[0].header)}" firstCol="{int(table.first_column)}"'
    rows = "".join(row_xml(table, index, ink) for index in range(len(table.rows)))
    return (
        f"<p:graphicFrame><p:nvGraphicFramePr>{name_xml(ink, name, table.alt or name)}"
        f'<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr>{placeholder}</p:nvPr>'
        f'</p:nvGraphicFramePr><p:xfrm><a:off x="{emu(table.x)}" y="{emu(table.y)}"/>'
        f'<a:ext cx="{sum(map(emu, table.columns))}" cy="{emu(height)}"/></p:xfrm>'
        f'<a:graphic><a:graphicData uri="{URI}"><a:tbl><a:tblPr {flags}><a:tableStyleId>{NO_STYLE}</a:tableStyleId>'
        f"</a:tblPr><a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def row_xml(table: PlacedTable, index: int, ink: Ink) -> str:
    """Return one row."""
    row = table.rows[index]
    above = top_rule(table, index, ink)
    below = bottom_rule(table, index, ink)
    cells = "".join(
        cell_xml(cell, span, above, below, ink) for cell, span in zip(row.cells, spans(table.rows, index), strict=True)
    )
    return f'<a:tr h="{emu(row.height)}">{cells}</a:tr>'


def top_rule(table: PlacedTable, index: int, ink: Ink) -> str:
    """Return the line above a row: the line below the row before it, or the first of a table that has one."""
    if index:
        return bottom_rule(table, index - 1, ink)
    return line_xml("accent" if table.ruled else "", STRONG_RULE, ink, "flat")


def bottom_rule(table: PlacedTable, index: int, ink: Ink) -> str:
    """Return the line below a row: a strong one below the header and at the end, a thin one elsewhere."""
    rows = table.rows
    last = index == len(rows) - 1
    ends_head = rows[index].header and not last and not rows[index + 1].header
    if last or ends_head:
        return line_xml("accent", STRONG_RULE, ink, "flat")
    return line_xml("screen-rule", THIN_RULE, ink, "flat")


def spans(rows: tuple[GridRow, ...], index: int) -> Iterator[str]:
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
            yield from_above(rows, index, column)


def from_above(rows: tuple[GridRow, ...], index: int, column: int) -> str:
    """Return what a cell says that a cell of an earlier row covers; it may be covered from its left as well."""
    start = next((row for row in range(index, -1, -1) if not rows[row].cells[column].covered), None)
    if start is not None and start + rows[start].cells[column].rows > index:
        return ' vMerge="1"'
    return ' hMerge="1" vMerge="1"'


def cell_xml(cell: GridCell, span: str, above: str, below: str, ink: Ink) -> str:
    """Return one cell with its rules."""
    texts = "".join(text_xml(text, cell.align, ink) for text in cell.texts)
    empty = f'<a:p><a:pPr algn="{cell.align}"/><a:endParaRPr lang="{attribute(ink.language)}" dirty="0"/></a:p>'
    rules = f"<a:lnL><a:noFill/></a:lnL><a:lnR><a:noFill/></a:lnR>{on_side(above, 'a:lnT')}{on_side(below, 'a:lnB')}"
    padding = f'marT="{emu(CELL_PADDING)}" marB="{emu(CELL_PADDING)}"'
    margins = f'marL="{emu(cell.left)}" marR="{emu(cell.right)}" {padding} anchor="ctr"'
    return (
        f"<a:tc{span}><a:txBody><a:bodyPr/><a:lstStyle/>{texts or empty}</a:txBody>"
        f"<a:tcPr {margins}>{rules}{fill(cell.fill, ink.colours)}</a:tcPr></a:tc>"
    )


def on_side(rule: str, tag: str) -> str:
    """Return the line `rule` as that of one side of a cell."""
    return rule.replace("<a:ln", f"<{tag}", 1).replace("</a:ln>", f"</{tag}>")


def text_xml(text: CellText, align: str, ink: Ink) -> str:
    """Return one paragraph of a cell, with exact lines and its mark."""
    style = text.style
    indent = BULLET_INDENT * style.size if text.mark else 0.0
    place = f' marL="{emu(indent)}" indent="{-emu(indent)}"' if indent else ""
    spacing = (
        f'<a:lnSpc><a:spcPts val="{round(100 * style.leading)}"/></a:lnSpc>'
        '<a:spcBef><a:spcPts val="0"/></a:spcBef><a:spcAft><a:spcPts val="0"/></a:spcAft>'
    )
    inside = f"{fill(style.colour, ink.colours)}{FACE}"
    runs = "".join(run_xml(run, ink, size_of(style, bold=run.bold), inside) for run in text.runs)
    return f'<a:p><a:pPr algn="{align}"{place}>{spacing}{mark_xml(text.mark)}</a:pPr>{runs}</a:p>'


def size_of(style: TypeStyle, *, bold: bool) -> str:
    """Return size, weight and tracking of a run."""
    track = f' spc="{round(100 * style.size * style.track)}"' if style.track else ""
    return f' sz="{round(100 * style.size)}" b="{int(style.bold or bold)}"{track}'


def mark_xml(mark: str) -> str:
    """Return a bullet or the number of a step."""
    if not mark:
        return "<a:buNone/>"
    if mark.endswith("."):
        return f'<a:buFontTx/><a:buAutoNum type="arabicPeriod" startAt="{mark.removesuffix(".")}"/>'
    return f'<a:buFont typeface="Arial"/><a:buChar char="{attribute(mark)}"/>'
