"""Impose pages on sheets for a printer: two pages on each side, in the order of a folded booklet.

The sheets are for printing alone and have no tags; an accessible file is made beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handouts.layout.boxes import as_artifacts, moved_item, straight_line
from handouts.layout.page_model import Element, Page, PageItem, PagePlan
from handouts.theme import Paper

_PAGES_PER_SHEET = 4
_FOLD_EDGE, _FOLD_LENGTH, _FOLD_WIDTH = 16.0, 12.0, 0.75  # from the edge, which printers leave white


def impose_booklet(plan: PagePlan, sheet: Paper, *, blank_back: bool) -> PagePlan:
    """Return `plan` on landscape sheets, to be printed on both sides and folded in the middle.

    `blank_back` leaves the last page, the back cover of the booklet, empty.
    """
    count = len(plan.pages) + (1 if blank_back else 0)
    padded = [*plan.pages, *[None] * (-count % _PAGES_PER_SHEET + count - len(plan.pages))]
    sides = tuple(
        _sheet_side((padded[left], padded[right]), sheet, fold=not index % 2)
        for index, (left, right) in enumerate(page_pairs(len(padded)))
    )
    return PagePlan(sides, Element("Document"), (), plan.findings, tagged=False)


def page_pairs(count: int) -> Iterator[tuple[int, int]]:
    """Yield the pages (from 0) at the left and at the right of each side of each sheet, the outermost sheet first."""
    for outer in range(0, count // 2, 2):
        yield count - 1 - outer, outer
        yield outer + 1, count - 2 - outer


def _sheet_side(pages: Sequence[Page | None], sheet: Paper, *, fold: bool) -> Page:
    """Return one side of a sheet, each page centred on its half; with `fold` it has marks where to fold."""
    width, height = max(sheet.width, sheet.height), min(sheet.width, sheet.height)
    items: list[PageItem] = []
    for index, page in enumerate(pages):
        if page:
            left = (index + 0.5) * width / 2 - page.width / 2
            top = (height - page.height) / 2
            items.extend(moved_item(item, left, top) for item in as_artifacts(page.items))
    return Page(width, height, (*items, *(_fold_marks(width / 2, height) if fold else ())))


def _fold_marks(x: float, height: float) -> tuple[PageItem, ...]:
    """Return a short line near the upper and the lower edge, where the sheet is folded."""
    top, bottom = _FOLD_EDGE, height - _FOLD_EDGE
    ends = ((top, top + _FOLD_LENGTH), (bottom - _FOLD_LENGTH, bottom))
    return tuple(straight_line((x, start), (x, end), _FOLD_WIDTH) for start, end in ends)
