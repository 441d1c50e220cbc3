"""A planned deck in, planned pages out: one slide a page, with the tree, the bookmarks and the names of places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from handouts.deck.layouts import SLIDE_HEIGHT, SLIDE_WIDTH
from handouts.deck.planned_slides import DeckPlan, FilledPlaceholder
from handouts.document import Document, Picture, Pixels, walk
from handouts.onpaper.slide import Show, slide_items
from handouts.onpaper.texts import Setting
from handouts.pdf.page import Element, OutlineEntry, Page, Plan
from handouts.pdf.plan import elements_of, mend_headings, prune
from handouts.theme import Theme


def show_of(deck: DeckPlan, document: Document, theme: Theme) -> Show:
    """Return what all slides of `deck` share."""
    listed = frozenset(
        paragraph.source
        for slide in deck.slides
        for item in slide.items
        if isinstance(item, FilledPlaceholder)
        for paragraph in item.paragraphs
        if paragraph.source
    )
    shown = (node.image for node in walk(document.slides) if isinstance(node, Picture))
    pictures = {image.screen: image.printed for image in shown if isinstance(image, Pixels)}
    return Show(theme, Setting(document.words, sources=listed), deck.foot, document.draft, pictures)


def plan_slides(deck: DeckPlan, document: Document, theme: Theme) -> Plan:
    """Return `deck` as pages as large as its slides, each showing one."""
    show = show_of(deck, document, theme)
    root = Element("Document", language=document.language)
    pages, sections = [], []
    for number, slide in enumerate(deck.slides, 1):
        section = root.add(Element("Sect"))
        sections.append(section)
        pages.append(Page(SLIDE_WIDTH, SLIDE_HEIGHT, slide_items(slide, number, section, show)))
    mend(root, pages)
    return Plan(tuple(pages), root, outline_of(deck, sections, document), deck.findings)


def mend(root: Element, pages: Sequence[Page]) -> None:
    """Leave in the tree no empty element, no skipped level of headings, and of each name of a place the first."""
    mend_headings(root)
    prune(root, {id(item.element) for page in pages for item in page.items})
    known: set[str] = set()
    for element in elements_of(root):
        if element.anchor in known:
            element.anchor = ""
        known.add(element.anchor)


def outline_of(deck: DeckPlan, sections: list[Element], document: Document) -> tuple[OutlineEntry, ...]:
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
