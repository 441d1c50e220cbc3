"""What stands on every page beside the crisis box: the running head and the foot."""

from __future__ import annotations

from msgspec.structs import replace

from handouts.document import Document
from handouts.figures.line import page_mark_drawing
from handouts.figures.room import most_that
from handouts.finding import Finding, error
from handouts.pdf.boxes import moved_down
from handouts.pdf.inline import Desk, baseline_of, whole, words_box
from handouts.pdf.page import Item, pagination
from handouts.pdf.panels import drawn
from handouts.text.breaking import Run, break_lines, text_width
from handouts.theme import Theme, TypeStyle

HEAD_ABOVE, HEAD_GAP = 6.0, 12.0
FOOT_ABOVE, FOOT_GAP = 18.0, 8.0
WIDEST_DIGIT = "8"


def head_bottom(theme: Theme) -> float:
    """Return how far below the edge of the paper the running head ends."""
    return theme.margin - HEAD_ABOVE + theme.print["foot"].leading


def head_items(document: Document, desk: Desk) -> tuple[Item, ...]:
    """Return the running head of all pages: mark, short title on the axis, label at the right.

    Where the rail is narrow there is no mark, and if there is no room for both, only the label.
    """
    theme, style = desk.theme, desk.style("foot")
    element, above = pagination("Header"), theme.paper.labels_above
    left = theme.margin if above else theme.axis
    label = text_width(document.label, style)
    room = theme.right - left - label - (HEAD_GAP if label else 0.0)
    fits = text_width(document.running_title, style) <= room
    if not fits and not above:
        desk.findings.append(long_head(document, style, room))
    if above and not fits and label:
        alone = words_box(document.label, element, style, left, theme.right - left)
        return moved_down(alone.items, theme.margin - HEAD_ABOVE)
    title = words_box(document.running_title, element, style, left, max(room, style.size))
    right = words_box(document.label, element, style, theme.right - label, label + 1)
    mark = () if above else drawn(page_mark_drawing().shapes, theme.margin, theme.margin - HEAD_ABOVE)
    return (*mark, *moved_down((*title.items, *right.items), theme.margin - HEAD_ABOVE))


def long_head(document: Document, style: TypeStyle, room: float) -> Finding:
    """Return the finding for a short title that has not so much `room` beside the label: how many letters fit."""
    title = document.running_title
    letters = most_that(lambda count: text_width(title[:count].strip(), style) <= room, len(title) - 1)
    words = f"'{title}' and '{document.label}' do not fit side by side at the head of a page"
    message = f"{words}: {len(title)} letters stand before the label, and about {letters} fit."
    hint = f"write a short title of about {letters} letters" if letters else "write a shorter label of the reader"
    return error("running-title-too-long", message, hint=hint)


def foot_items(document: Document, number: int, count: int, desk: Desk) -> tuple[Item, ...]:
    """Return the foot of a page: for whom, state and date at the left, the page in bold at the end of the last line."""
    theme, style = desk.theme, desk.style("foot")
    element = pagination("Footer")
    bold = replace(style, bold=True, colour="ink")
    page = whole(document.words.say("page", n=number, m=count))
    width = text_width(page, bold)
    room, lines = foot_lines(document, theme, count)
    left = words_box(document.foot, element, style, theme.margin, room)
    right = words_box(page, element, bold, theme.right - width, width + 1)
    last = theme.paper.height - theme.margin - baseline_of(style)
    first = last - (lines - 1) * style.leading
    return (*moved_down(left.items, first), *moved_down(right.items, last))


def foot_lines(document: Document, theme: Theme, count: int) -> tuple[float, int]:
    """Return how wide the words of the foot may be, and how many lines it has with the number of one of `count` pages.

    If words and number do not fit on one line, the words have all the width, and the number the end of the last line.
    """
    style, all_width = theme.print["foot"], theme.right - theme.margin
    widest = WIDEST_DIGIT * len(str(count))
    page = text_width(document.words.say("page", n=widest, m=widest), replace(style, bold=True))
    room = all_width - page - FOOT_GAP
    if text_width(document.foot, style) <= room:
        return room, 1
    lines = break_lines((Run(document.foot),), style, all_width)
    return all_width, len(lines) + (lines[-1].width > room)


def foot_height(document: Document, theme: Theme, count: int) -> float:
    """Return how high the foot of each of `count` pages is, from the edge of the paper."""
    _, lines = foot_lines(document, theme, count)
    return theme.margin + FOOT_ABOVE + theme.print["foot"].leading * (lines - 1)
