"""The rows behind a chart in, the bytes of a workbook out, which opens where somebody edits the chart.

The same rows give the same bytes: the workbook says when the content was changed, not when it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from handouts.deck.charts import SHEET, Row
from handouts.deck.zipping import unzipped, zipped

LABEL_WIDTH, NUMBER_WIDTH = 40, 20  # in characters


def workbook_bytes(rows: Sequence[Row], modified: datetime) -> bytes:
    """Return a workbook with one sheet, in which `rows` stand as they are: names first, numbers below and beside."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(buffer, settings)
    workbook.set_properties({"created": modified})
    sheet = workbook.add_worksheet(SHEET)
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, len(rows[0]) - 1, NUMBER_WIDTH)
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, float):
                sheet.write_number(index, column, cell)
            else:
                sheet.write_string(index, column, cell)
    workbook.close()
    return zipped(unzipped(buffer.getvalue()))
