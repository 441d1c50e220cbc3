"""Choose the page breaks of a handout: of all possible ways the one that costs least, with pages well filled.

Takes measured boxes with break costs; returns the boxes of each page with their tops, and findings for boxes that are
higher than a page and for the first page that stays thin. Must never measure text or draw.
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

_PAGE_COST = 400.0  # a handout has no more pages than it needs
_EMPTY_SPACE_COST, _AVOIDABLE_THIN_COST = 200.0, 100.0
_THIN_PAGE, _THIN_PAGE_COST, _THINNESS_COST = (
    0.6,
    300.0,
    600.0,
)  # share; any thin page; by how thin
_OPENING_BONUS, _WELL_FILLED = -30.0, 0.7
_THIN_LAST_PAGE, _THIN_LAST_PAGE_COST = 0.2, 30.0
_FORCED_END_COST = 1e6
_KEEP_COST = 500.0  # a box with this break cost stands on the page of the next one wherever there is room


class PageFrame(Struct, frozen=True):
    """Where boxes may stand: the top of a first page with a cover, of others with and without a heading; the bottom."""

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
    """Return the boxes of each page, and what does not fit; findings count the pages after `pages_before`."""
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
    """Return what a page repeats above each of `boxes` if it begins there: the title of its section, the table head.

    Where there is no room for a title and what stands below it, there is no title.
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
    """Return after how many boxes each page ends, for the least cost in all."""
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
    """Return how much higher than a page is what stands before the first section, negative if there is room left."""
    top = frame.text_top if frame.cover_top is None else frame.cover_top
    return stacked_height(boxes[: count_before_sections(boxes)]) - (frame.bottom - top)


def count_before_sections(boxes: Sequence[LayoutBox]) -> int:
    """Return how many boxes stand before the first section."""
    return next((index for index, box in enumerate(boxes) if box.page_top_form or box.page_break_before), len(boxes))


def _possible_page_ends(
    boxes: Sequence[LayoutBox], repeated: _RepeatedBoxes, start: int, frame: PageFrame
) -> list[tuple[int, float]]:
    """Return where the page that begins with box `start` may end, and what each end costs.

    If nothing allowed fits, the page ends where it must, at a cost that is only paid when there is no other way.
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
    # A page that stays thin though what follows has room on it is worse than one that has to.
    last = len(found) - 1
    found = [(end, cost + _AVOIDABLE_THIN_COST * (thin[at] and at < last)) for at, (end, cost) in enumerate(found)]
    return found or [(forced, _FORCED_END_COST)]


def _page_end_cost(boxes: Sequence[LayoutBox], index: int, fill: float) -> float:
    """Return what it costs to end a page after box `index` when it is filled to the share `fill`."""
    if index == len(boxes) - 1 or boxes[index + 1].page_break_before:
        return _PAGE_COST + (_THIN_LAST_PAGE_COST if fill < _THIN_LAST_PAGE else 0.0)
    cost = _PAGE_COST + boxes[index].break_cost + _EMPTY_SPACE_COST * max(0.0, 1 - fill) ** 2
    if fill < _THIN_PAGE:
        cost += _THIN_PAGE_COST + _THINNESS_COST * (_THIN_PAGE - fill)
    if boxes[index + 1].page_break_welcome and fill >= _WELL_FILLED:
        cost += _OPENING_BONUS
    return cost


def _repeated_height(repeated: Sequence[LayoutBox]) -> float:
    """Return how high repeated boxes are, each with the space that it wants below it."""
    return sum([box.height + box.after for box in repeated])


def _page_top(boxes: Sequence[LayoutBox], repeated: _RepeatedBoxes, start: int, frame: PageFrame) -> float:
    """Return where the page that begins with box `start` begins."""
    if start == 0 and frame.cover_top is not None:
        return frame.cover_top
    has_heading = boxes[start].page_top_form or any(box.is_heading for box in repeated[start])
    return frame.heading_top if has_heading else frame.text_top


def _place_boxes(boxes: Sequence[LayoutBox], repeated: Sequence[LayoutBox], top: float) -> tuple[PlacedBox, ...]:
    """Return `boxes` one below another on a page that begins at `top`, below what it repeats."""
    first = boxes[0].page_top_form or boxes[0]
    result: list[PlacedBox] = []
    y = top
    for index, box in enumerate((*repeated, first, *boxes[1:])):
        y += 0.0 if not index else result[-1].box.after if index <= len(repeated) else gap_between(result[-1].box, box)
        result.append(PlacedBox(box, y))
        y += box.height
    return tuple(result)


def fill_pages_with_copies(pages: PlacedPages, bottom: float) -> PlacedPages:
    """Return `pages` with copies, which are not read, of what may be copied, as far as there is room below it."""
    return tuple(tuple(_page_with_copies(page, bottom)) for page in pages)


def _page_with_copies(page: Sequence[PlacedBox], bottom: float) -> Iterator[PlacedBox]:
    """Yield what stands on a page, and in turn copies of what may be copied, if such a box ends the page."""
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
    """Return the finding for a box higher than a page: by how much, how much of it fits, and on how many it would."""
    room = max(1.0, frame.bottom - each.y)
    over, share = each.box.height - room, 100 * room / each.box.height
    message = f"This is {over:.0f} points higher than a page, on which about {share:.0f} % of it fits."
    return error("too-high", message, each.box.at, f"shorten it, or divide it into {math.ceil(100 / share)}")


def _thin_page_findings(
    boxes: Sequence[LayoutBox], repeated: _RepeatedBoxes, pages: PlacedPages, frame: PageFrame, pages_before: int
) -> Iterator[Finding]:
    """Yield the finding for the first page but the last that stays thin, at the highest box that did not fit on it.

    A page after which a new one has to begin, as a worksheet does, is thin for no lack of room.
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
