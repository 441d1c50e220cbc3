"""Choose the page breaks of a handout: those with the least total cost, which fill pages well.

Takes measured boxes with break costs; returns the boxes of each page with their tops, and findings for boxes that are
higher than a page and for the first page that stays thin. Never measures text or draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, error, warning
from handouts.layout.boxes import NEVER, LayoutBox, as_artifacts, gap_between, stacked_height

_PAGE_COST = 400.0  # of each page, so that a handout has no more than it needs
_EMPTY_SPACE_COST, _AVOIDABLE_THIN_COST = 200.0, 100.0
_THIN_PAGE = 0.6  # a page filled to a smaller share is thin
_THIN_PAGE_COST, _THINNESS_COST = 300.0, 600.0  # of any thin page; times the share that it lacks
_OPENING_BONUS, _WELL_FILLED = -30.0, 0.7  # for a break before a box that welcomes it, if the page is filled so far
_THIN_LAST_PAGE, _THIN_LAST_PAGE_COST = 0.2, 30.0
_FORCED_END_COST = 1e6
_KEEP_COST = 500.0  # a box with this break cost is on the page of the next box wherever there is room


class PageFrame(Struct, frozen=True):
    """Where boxes may stand: the top of a first page with a cover, of pages that begin with a heading or with text, and
    the bottom of all pages.
    """

    cover_top: float | None
    heading_top: float
    text_top: float
    bottom: float


class PlacedBox(Struct, frozen=True):
    """A box on a page, and the y of its top."""

    box: LayoutBox
    y: float


PlacedPages: TypeAlias = tuple[tuple[PlacedBox, ...], ...]
_RepeatedBoxes: TypeAlias = Sequence[tuple[LayoutBox, ...]]


def break_pages(
    boxes: Sequence[LayoutBox], frame: PageFrame, pages_before: int = 0
) -> tuple[PlacedPages, tuple[Finding, ...]]:
    """Return the boxes of each page, and findings; these number pages from `pages_before` + 1."""
    repeated = _repeated_boxes(boxes, frame)
    ends = _cheapest_page_ends(boxes, repeated, frame)
    pages = tuple(
        _place_boxes(boxes[start:end], repeated[start], _page_top(boxes, repeated, start, frame))
        for start, end in pairwise((0, *ends))
    )
    findings = [
        _too_high_finding(each, frame)
        for page in pages
        for each in page
        if each.y + each.box.height > frame.bottom + 0.5
    ]
    return pages, (*findings, *_thin_page_findings(boxes, repeated, pages, frame, pages_before))


def _repeated_boxes(boxes: Sequence[LayoutBox], frame: PageFrame) -> _RepeatedBoxes:
    """Return for each box what a page that begins with it repeats above it: the section title, the head of the table.

    The title is left out where there is no room for it and the boxes that must stay together below it.
    """
    found: list[tuple[LayoutBox, ...]] = []
    title: LayoutBox | None = None
    room = frame.bottom - frame.heading_top
    for index, box in enumerate(boxes):
        above = [box.repeated_head] if box.repeated_head else []
        if title and not (box.section_title or box.page_top_form or box.page_break_before):
            above.insert(0, title)
        if above and above[0].is_heading:
            end = index
            while boxes[end].break_cost >= _KEEP_COST and end < len(boxes) - 1:
                end += 1
            height = stacked_height(boxes[index : end + 1])
            while above and above[0].is_heading and _repeated_height(above) + height > room:
                above.pop(0)
        title = box.section_title or (None if box.page_break_before else title)
        found.append(tuple(above))
    return found


def _cheapest_page_ends(boxes: Sequence[LayoutBox], repeated: _RepeatedBoxes, frame: PageFrame) -> list[int]:
    """Return the number of boxes before the end of each page, for the least total cost."""
    last = len(boxes)
    costs, starts = [0.0, *([NEVER] * last)], [0] * (last + 1)
    for start in range(last):
        if costs[start] == NEVER:
            continue
        for end, cost in _possible_page_ends(boxes, repeated, start, frame):
            if costs[start] + cost < costs[end]:
                costs[end], starts[end] = costs[start] + cost, start
    ends = []
    end = last
    while end:
        ends.append(end)
        end = starts[end]
    return ends[::-1]


def height_over_first_page(boxes: Sequence[LayoutBox], frame: PageFrame) -> float:
    """Return by how much the boxes before the first section are too high for the first page; negative if they fit."""
    top = frame.text_top if frame.cover_top is None else frame.cover_top
    return stacked_height(boxes[: count_before_sections(boxes)]) - (frame.bottom - top)


def count_before_sections(boxes: Sequence[LayoutBox]) -> int:
    """Return the number of boxes before the first section."""
    return next((index for index, box in enumerate(boxes) if box.page_top_form or box.page_break_before), len(boxes))


def _possible_page_ends(
    boxes: Sequence[LayoutBox], repeated: _RepeatedBoxes, start: int, frame: PageFrame
) -> list[tuple[int, float]]:
    """Return where the page that begins with box `start` may end, with the cost of each end.

    If no allowed end fits, the page ends after the last box that fits, at a cost so high that this is the last resort.
    """
    room = frame.bottom - _page_top(boxes, repeated, start, frame)
    y = _repeated_height(repeated[start])
    found: list[tuple[int, float]] = []
    thin: list[bool] = []
    forced, above = start + 1, boxes[start]
    for index in range(start, len(boxes)):
        box = boxes[index] if index > start else boxes[index].page_top_form or boxes[index]
        y += gap_between(above, box) if index > start else 0.0
        if index > start and (boxes[index].page_break_before or y + box.height > room + 0.5):
            break
        y, forced, above = y + box.height, index + 1, box
        if boxes[index].break_cost < NEVER or index == len(boxes) - 1:
            found.append((index + 1, _page_end_cost(boxes, index, y / room)))
            thin.append(y / room < _THIN_PAGE)
    # A thin page costs more where the next allowed end would fit, too.
    last = len(found) - 1
    found = [(end, cost + _AVOIDABLE_THIN_COST * (thin[at] and at < last)) for at, (end, cost) in enumerate(found)]
    return found or [(forced, _FORCED_END_COST)]


def _page_end_cost(boxes: Sequence[LayoutBox], index: int, fill: float) -> float:
    """Return the cost of ending a page after box `index` if it is filled to the share `fill`."""
    if index == len(boxes) - 1 or boxes[index + 1].page_break_before:
        return _PAGE_COST + (_THIN_LAST_PAGE_COST if fill < _THIN_LAST_PAGE else 0.0)
    cost = _PAGE_COST + boxes[index].break_cost + _EMPTY_SPACE_COST * max(0.0, 1 - fill) ** 2
    if fill < _THIN_PAGE:
        cost += _THIN_PAGE_COST + _THINNESS_COST * (_THIN_PAGE - fill)
    if boxes[index + 1].page_break_welcome and fill >= _WELL_FILLED:
        cost += _OPENING_BONUS
    return cost


def _repeated_height(repeated: Sequence[LayoutBox]) -> float:
    """Return the height of repeated boxes, each with the space below it."""
    return sum([box.height + box.after for box in repeated])


def _page_top(boxes: Sequence[LayoutBox], repeated: _RepeatedBoxes, start: int, frame: PageFrame) -> float:
    """Return the y of the top of the page that begins with box `start`."""
    if start == 0 and frame.cover_top is not None:
        return frame.cover_top
    has_heading = boxes[start].page_top_form or any(box.is_heading for box in repeated[start])
    return frame.heading_top if has_heading else frame.text_top


def _place_boxes(boxes: Sequence[LayoutBox], repeated: Sequence[LayoutBox], top: float) -> tuple[PlacedBox, ...]:
    """Return `boxes` one below another on a page that begins at `top`, below the `repeated` boxes."""
    first = boxes[0].page_top_form or boxes[0]
    result: list[PlacedBox] = []
    y = top
    for index, box in enumerate((*repeated, first, *boxes[1:])):
        y += 0.0 if not index else result[-1].box.after if index <= len(repeated) else gap_between(result[-1].box, box)
        result.append(PlacedBox(box, y))
        y += box.height
    return tuple(result)


def fill_pages_with_copies(pages: PlacedPages, bottom: float) -> PlacedPages:
    """Return `pages` with the room below wallet cards filled with copies of them, which are artifacts."""
    return tuple(tuple(_page_with_copies(page, bottom)) for page in pages)


def _page_with_copies(page: Sequence[PlacedBox], bottom: float) -> Iterator[PlacedBox]:
    """Yield the boxes of a page, then copies of those to fill it with, in turn, if one of them ends the page."""
    yield from page
    originals = [each.box for each in page if each.box.fill_page_with_copies]
    if not originals or not page[-1].box.fill_page_with_copies:
        return
    y, turns = page[-1].y + page[-1].box.height, len(originals)
    for start in count():
        after = (originals[(start + turn) % turns] for turn in range(turns))
        box = next((each for each in after if y + each.height <= bottom + 0.5), None)
        if box is None:
            return
        yield PlacedBox(replace(box, items=as_artifacts(box.items)), y)
        y += box.height


def _too_high_finding(each: PlacedBox, frame: PageFrame) -> Finding:
    """Return the error for a box that is higher than a page."""
    room = max(1.0, frame.bottom - each.y)
    over, share = each.box.height - room, 100 * room / each.box.height
    message = f"This is {over:.0f} points higher than a page, on which about {share:.0f} % of it fits."
    return error("too-high", message, each.box.at, f"shorten it, or divide it into {math.ceil(100 / share)}")


def _thin_page_findings(
    boxes: Sequence[LayoutBox], repeated: _RepeatedBoxes, pages: PlacedPages, frame: PageFrame, pages_before: int
) -> Iterator[Finding]:
    """Yield a warning for the first thin page, at the highest of the boxes kept together on the next page.

    The last page and pages before a forced page break, such as that of a worksheet, may be thin.
    """
    start = 0
    for number, page in enumerate(pages[:-1], pages_before + 1):
        top = _page_top(boxes, repeated, start, frame)
        start += len(page) - len(repeated[start])
        filled = round(100 * (page[-1].y + page[-1].box.height - top) / (frame.bottom - top))
        if filled < 100 * _THIN_PAGE and not boxes[start].page_break_before:
            last = len(boxes) - 1
            end = next((index for index in range(start, last) if boxes[index].break_cost < NEVER), last)
            highest = max(boxes[start : end + 1], key=lambda box: box.height)
            message = f"Only {filled} % of page {number} is filled, because this is kept whole on the next."
            yield warning("thin-page", message, highest.at, "shorten it, or move it to where more room is left")
            return
