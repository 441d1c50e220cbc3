"""Plan the pages that show a deck: one slide a page, or three slides a page beside lines to write on.

Also tidies the structure tree and gives the bookmarks. Speaker notes are on none of these pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from handouts.deck.layouts import SLIDE_HEIGHT, SLIDE_WIDTH
from handouts.deck.planned_slides import DeckPlan, PlannedSlide
from handouts.document.nodes import Document, Picture, Pixels, Sources
from handouts.document.text import walk
from handouts.layout.boxes import WRITING_LINE, moved_down, rule
from handouts.layout.inline_text import plain_text_box
from handouts.layout.page_model import Element, OutlineEntry, Page, PageItem, PagePlan, leaf_items
from handouts.layout.structure_tree import remove_empty_elements, repair_heading_levels, walk_elements
from handouts.slides_pdf.scaled_slides import SlidePaper, finish_pages, scaled_slide_items, slide_height, slide_paper
from handouts.slides_pdf.slide_items import DeckPageContext, TextSettings, slide_items
from handouts.theme import Theme


def deck_page_context(deck: DeckPlan, document: Document, theme: Theme) -> DeckPageContext:
    """Return what all slides of `deck` share."""
    shown = tuple(walk(tuple((slide.blocks, slide.sender) for slide in document.slides)))
    listed = frozenset(source.key for node in shown if isinstance(node, Sources) for source in node.sources)
    images = (node.image for node in shown if isinstance(node, Picture))
    pictures = {image.screen: image.printed for image in images if isinstance(image, Pixels)}
    return DeckPageContext(theme, TextSettings(listed), deck.foot, document.draft, pictures)


def plan_slide_pages(deck: DeckPlan, document: Document, theme: Theme) -> PagePlan:
    """Return `deck` as pages as large as its slides, each showing one."""
    shared = deck_page_context(deck, document, theme)
    root = Element("Document", language=document.language)
    pages, sections = [], []
    for number, slide in enumerate(deck.slides, 1):
        section = root.add(Element("Sect"))
        sections.append(section)
        pages.append(Page(SLIDE_WIDTH, SLIDE_HEIGHT, slide_items(slide, number, section, shared)))
    tidy_tree(root, pages)
    return PagePlan(tuple(pages), root, deck_bookmarks(deck, sections, document), deck.findings)


def tidy_tree(root: Element, pages: Sequence[Page]) -> None:
    """Leave in the tree no empty element, no skipped level of headings, and no place twice; links lead to a place.

    What would lead to a place that is not in the file, such as the source of notes that no slide lists, is no link.
    """
    repair_heading_levels(root)
    remove_empty_elements(root, {id(item.element) for page in pages for item in leaf_items(page.items)})
    elements, known = tuple(walk_elements(root)), set[str]()
    for element in elements:
        if element.anchor in known:
            element.anchor = ""
        known.add(element.anchor)
    for element in elements:
        if element.target.startswith("#") and element.target[1:] not in known:
            element.role, element.target, element.tooltip = "Span", "", ""


def deck_bookmarks(deck: DeckPlan, sections: list[Element], document: Document) -> tuple[OutlineEntry, ...]:
    """Return a bookmark for each slide, below that of the part of the talk that it belongs to."""
    found: list[OutlineEntry] = []
    pairs = list(zip(deck.slides, sections, strict=True))
    named = any(slide.section for slide in deck.slides)
    for name, group in groupby(pairs, key=lambda pair: pair[0].section):
        members = list(group)
        if named:
            found.append(OutlineEntry(1, name or document.running_title, members[0][1]))
        found += [OutlineEntry(2 if named else 1, slide.title, section) for slide, section in members]
    return tuple(found)


_SLIDES_PER_PAGE = 3
_SLIDE_SHARE, _BESIDE_SLIDE, _BETWEEN_SLIDES = 0.56, 18.0, 16.0  # of the width for slides; beside a slide; below one
_LINE_PITCH, _FIRST_LINE = 28.0, 46.0  # from line to line; from the top of a slide to the first line


def plan_three_up_pages(deck: DeckPlan, document: Document, theme: Theme) -> PagePlan:
    """Return `deck` as pages with three slides each, and lines to write on."""
    shared = deck_page_context(deck, document, theme)
    root = Element("Document", language=document.language)
    sections = [root.add(Element("Sect")) for _ in deck.slides]
    stretches = [
        range(first, len(deck.slides))[:_SLIDES_PER_PAGE] for first in range(0, len(deck.slides), _SLIDES_PER_PAGE)
    ]
    sheet = slide_paper(document, theme, len(stretches))
    bodies = [tuple(_three_up_items(stretch, deck.slides, sections, sheet, shared)) for stretch in stretches]
    outline = deck_bookmarks(deck, sections, document)
    pages = finish_pages(bodies, sheet, root)
    tidy_tree(root, pages)
    return PagePlan(pages, root, outline, (*deck.findings, *sheet.context.findings))


def _three_up_items(
    stretch: Sequence[int],
    slides: Sequence[PlannedSlide],
    sections: Sequence[Element],
    sheet: SlidePaper,
    shared: DeckPageContext,
) -> Iterator[PageItem]:
    """Yield the slides of one page, each with its number and its lines at the right."""
    frame, theme = sheet.frame, sheet.context.theme
    row = (frame.bottom - frame.text_top - (_SLIDES_PER_PAGE - 1) * _BETWEEN_SLIDES) / _SLIDES_PER_PAGE
    width = min(_SLIDE_SHARE * (theme.right - theme.margin), row * 16 / 9)
    left = theme.margin + width + _BESIDE_SLIDE
    for place, index in enumerate(stretch):
        y = frame.text_top + place * (row + _BETWEEN_SLIDES)
        yield from scaled_slide_items(slides[index], index + 1, sections[index], shared, theme.margin, y, width)
        element = sections[index].add(Element("P"))
        words = sheet.context.words.say("slide", n=index + 1)
        box = plain_text_box(words, element, sheet.context.style("label"), left, theme.right - left)
        yield from moved_down(box.items, y - 3.0)
        lines = int((max(slide_height(width), row) - _FIRST_LINE) // _LINE_PITCH) + 1
        yield from (rule(left, theme.right, y + _FIRST_LINE + n * _LINE_PITCH, WRITING_LINE) for n in range(lines))
