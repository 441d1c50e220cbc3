"""A planned deck in, pages for those who listen out: three slides a page, and beside each lines to write on.

What is said to a slide is on none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handouts.deck.planned_slides import DeckPlan, PlannedSlide
from handouts.document import Document
from handouts.figures.shapes import Command, Path
from handouts.onpaper.plan import mend, outline_of, show_of
from handouts.onpaper.sheets import Sheet, finished, height_of, sheet_of, small_slide
from handouts.onpaper.slide import Show
from handouts.pdf.boxes import moved_down
from handouts.pdf.crisis import crisis_height
from handouts.pdf.inline import words_box
from handouts.pdf.page import Element, Item, Plan, ShapeItem
from handouts.theme import Theme

A_PAGE = 3
SHARE, GUTTER, BETWEEN = 0.56, 18.0, 16.0  # of the width for slides; beside a slide; below one
WRITING, THICKNESS, FIRST = 28.0, 1.0, 46.0  # from line to line; a line; from the top of a slide to the first line


def plan_lines(deck: DeckPlan, document: Document, theme: Theme) -> Plan:
    """Return `deck` as pages with three slides each, and lines to write on."""
    show = show_of(deck, document, theme)
    root = Element("Document", language=document.language)
    sections = [root.add(Element("Sect")) for _ in deck.slides]
    stretches = [range(first, len(deck.slides))[:A_PAGE] for first in range(0, len(deck.slides), A_PAGE)]
    sheet = sheet_of(document, theme, crisis_height(document, theme), len(stretches))
    bodies = [tuple(page_items(stretch, deck.slides, sections, sheet, show)) for stretch in stretches]
    outline = outline_of(deck, sections, document)
    pages = finished(bodies, sheet, root)
    mend(root, pages)
    return Plan(pages, root, outline, (*deck.findings, *sheet.desk.findings))


def page_items(
    stretch: Sequence[int], slides: Sequence[PlannedSlide], sections: Sequence[Element], sheet: Sheet, show: Show
) -> Iterator[Item]:
    """Yield the slides of one page, each with its number and its lines at the right."""
    frame, theme = sheet.frame, sheet.desk.theme
    row = (frame.bottom - frame.others - (A_PAGE - 1) * BETWEEN) / A_PAGE
    width = min(SHARE * (theme.right - theme.margin), row * 16 / 9)
    left = theme.margin + width + GUTTER
    for place, index in enumerate(stretch):
        y = frame.others + place * (row + BETWEEN)
        yield from small_slide(slides[index], index + 1, sections[index], show, theme.margin, y, width)
        element = sections[index].add(Element("P"))
        words = sheet.desk.words.say("slide", n=index + 1)
        box = words_box(words, element, sheet.desk.style("label"), left, theme.right - left)
        yield from moved_down(box.items, y - 3.0)
        yield from writing_lines(left, y, theme.right - left, max(height_of(width), row))


def writing_lines(x: float, y: float, width: float, height: float) -> Iterator[Item]:
    """Yield as many lines to write on as there is room for."""
    ends: tuple[Command, ...] = (("M", (0.0, 0.0)), ("L", (width, 0.0)))
    line = Path(ends, stroke="ink", width=THICKNESS, cap="butt")
    at = FIRST
    while at <= height:
        yield ShapeItem(line, x, y + at, None)
        at += WRITING
