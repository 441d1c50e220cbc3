"""Where pages end: the way through all possible ends that costs least: pages well filled, nothing torn.

Boxes in; for each page the boxes that stand on it, and how far below the top of the frame, out. What is higher than a
page is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from handouts.finding import Finding, error
from handouts.pdf.boxes import NEVER, Box, gap

PAGE_COST = 20.0
EMPTY_COST, THIN, THIN_COST = 100.0, 0.6, 400.0
OPENING, WELL_FILLED = -12.0, 0.7
LAST_THIN, LAST_COST = 0.2, 30.0
TORN_COST = 1e6


@dataclass(frozen=True, slots=True)
class Frame:
    """Where boxes may stand: the top of the first page, that of the others with and without a heading, the bottom."""

    first: float
    heading: float
    others: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A box on a page, and the y of its top."""

    box: Box
    y: float


def break_pages(boxes: Sequence[Box], frame: Frame) -> tuple[tuple[tuple[Placed, ...], ...], tuple[Finding, ...]]:
    """Return the boxes of each page, and what does not fit on any."""
    ends = best_ends(boxes, frame)
    pages = tuple(placed(boxes[start:end], frame, first=not start) for start, end in pairwise((0, *ends)))
    findings = [
        too_high(each, frame) for page in pages for each in page if each.y + each.box.height > frame.bottom + 0.5
    ]
    return pages, tuple(findings)


def best_ends(boxes: Sequence[Box], frame: Frame) -> list[int]:
    """Return after how many boxes each page ends, for the least cost in all."""
    count = len(boxes)
    costs, starts = [0.0, *([NEVER] * count)], [0] * (count + 1)
    for start in range(count):
        if costs[start] == NEVER:
            continue
        for end, cost in possible_ends(boxes, start, frame):
            if costs[start] + cost < costs[end]:
                costs[end], starts[end] = costs[start] + cost, start
    ends = []
    end = count
    while end:
        ends.append(end)
        end = starts[end]
    return ends[::-1]


def possible_ends(boxes: Sequence[Box], start: int, frame: Frame) -> list[tuple[int, float]]:
    """Return where the page that begins with box `start` may end, and what each end costs.

    If nothing allowed fits, the page ends where it must, at a cost that is only paid when there is no other way.
    """
    top = top_of(boxes[start], frame, first=not start)
    room = frame.bottom - top
    lead = boxes[start].lead
    y = lead.height if lead and start else 0.0
    found: list[tuple[int, float]] = []
    forced = start + 1
    for index in range(start, len(boxes)):
        box = first_box(boxes[index], first=not start) if index == start else boxes[index]
        y += gap(boxes[index - 1], box) if index > start else 0.0
        if y + box.height > room + 0.5 and index > start:
            break
        y += box.height
        forced = index + 1
        if boxes[index].break_cost < NEVER or index == len(boxes) - 1:
            found.append((index + 1, cost_of(boxes, index, y / room)))
    return found or [(forced, TORN_COST)]


def cost_of(boxes: Sequence[Box], index: int, fill: float) -> float:
    """Return what it costs to end a page after box `index` when it is filled to the share `fill`."""
    if index == len(boxes) - 1:
        return PAGE_COST + (LAST_COST if fill < LAST_THIN else 0.0)
    cost = PAGE_COST + boxes[index].break_cost + EMPTY_COST * max(0.0, 1 - fill) ** 2
    cost += THIN_COST * max(0.0, THIN - fill)
    if boxes[index + 1].opens and fill >= WELL_FILLED:
        cost += OPENING
    return cost


def first_box(box: Box, *, first: bool) -> Box:
    """Return what stands in the place of `box` at the top of a page."""
    return box.top if box.top and not first else box


def top_of(box: Box, frame: Frame, *, first: bool) -> float:
    """Return where a page that begins with `box` begins."""
    if first:
        return frame.first
    return frame.heading if box.top else frame.others


def placed(boxes: Sequence[Box], frame: Frame, *, first: bool) -> tuple[Placed, ...]:
    """Return `boxes` one below another on one page."""
    y = top_of(boxes[0], frame, first=first)
    result: list[Placed] = []
    if boxes[0].lead and not first:
        result.append(Placed(boxes[0].lead, y))
        y += boxes[0].lead.height
    for index, each in enumerate(boxes):
        box = first_box(each, first=first) if not index else each
        y += gap(boxes[index - 1] if index > 1 else result[-1].box, box) if index else 0.0
        result.append(Placed(box, y))
        y += box.height
    return tuple(result)


def too_high(each: Placed, frame: Frame) -> Finding:
    """Return the finding for what is higher than a page."""
    over = each.y + each.box.height - frame.bottom
    hint = "shorten it, or divide it into two"
    return error("too-high", f"This is {over:.0f} points higher than a page.", each.box.at, hint)
