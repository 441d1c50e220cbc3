"""Slides in, a planned deck out: which layout each slide has, what fills it, and where one slide becomes several.

Everything is measured here, with the widths of the text engine; nothing is drawn. What does not fit is a finding with
its place, never smaller than the steps of `layouts` and never left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.beside import Around
from handouts.deck.foot import foot_findings, foot_paragraph
from handouts.deck.layouts import layout_named
from handouts.deck.limits import crowded_slides
from handouts.deck.planned import DeckPlan, Filled, Item, LayoutKey, Paragraph, PlannedSlide, TextRun
from handouts.deck.prose import text_sheets
from handouts.deck.senders import logo_items, sender_blocks, sender_paragraphs
from handouts.deck.sheets import (
    ALL_STEPS,
    Desk,
    Sheet,
    Sheets,
    evened_fill,
    excess_of,
    fitting_sheet,
    long_title,
    script_sheets,
    title_fits,
)
from handouts.deck.signs import section_window, sign_in_circle
from handouts.deck.texts import flattened, is_thing, paragraphs_of, runs_of
from handouts.deck.things import thing_sheets
from handouts.document import (
    Block,
    Blocks,
    Chart,
    Comparison,
    Contacts,
    Document,
    Field,
    Figure,
    Fork,
    Heading,
    Picture,
    QrCode,
    Script,
    Slide,
    Sources,
    Table,
    walk,
)
from handouts.finding import Finding, error, in_order
from handouts.theme import Theme

# For slides of one kind after each other: the layout that has another picture, and the same places or as large ones.
TURNED = {"pause": "break", "question": "question-turned"}


class Made(Struct, frozen=True):
    """What one slide of a Document becomes: slides of the deck, and what does not fit."""

    slides: tuple[PlannedSlide, ...]
    findings: tuple[Finding, ...]


def plan_deck(document: Document, theme: Theme) -> DeckPlan:
    """Return the slides of `document` as they will be drawn, and what does not fit."""
    sections = [slide for slide in document.slides if slide.kind == "section"]
    slides: list[PlannedSlide] = []
    findings: list[Finding] = []
    turned = False
    for before, slide in zip((None, *document.slides), document.slides, strict=False):
        turned = not turned and before is not None and before.kind == slide.kind and slide.kind in TURNED
        window = (sections.index(slide), len(sections)) if slide.kind == "section" else None
        made = remembered_slides(Desk(slide, theme, document.words), window, turned=turned)
        if made.findings:  # which name places, as equal slides need not
            made = plan_slides(Desk(slide, theme, document.words), window, turned=turned)
        slides += (each if each.at == slide.at else replace(each, at=slide.at) for each in made.slides)
        findings += made.findings
    foot = foot_paragraph(document.crisis)
    findings += (*foot_findings(foot, document, theme), *repeated_titles(slides))
    return DeckPlan(tuple(slides), foot, in_order(findings))


def plan_slides(desk: Desk, window: tuple[int, int] | None, *, turned: bool) -> Made:
    """Return all that one slide becomes; `window` says which section of how many it opens.

    One that is `turned` has another picture than the slide before it, which is of the same kind.
    """
    sheets = sheets_of(desk)
    opened = with_window(sheets, *window) if window else with_turn(sheets) if turned else sheets
    planned, more = titled_slides(opened, desk)
    trouble = (*opened.findings, *more)
    return Made(planned, (*fields_on(desk.slide), *(trouble or crowded_slides(desk.slide, planned))))


# Decks of a batch differ in a slide or two; those of three readers have some hundred.
remembered_slides = lru_cache(maxsize=144)(plan_slides)


def fields_on(slide: Slide) -> list[Finding]:
    """Return a finding for each field to fill in that stands on a slide or in its notes."""
    hint = "place it in the template of a handout"
    return [
        error("out-of-place", "Nobody can fill in a field on a slide.", node.at, hint)
        for node in walk((slide.blocks, slide.notes))
        if isinstance(node, Field)
    ]


# ---------------------------------------------------------------- one slide


def sheets_of(desk: Desk) -> Sheets:
    """Return all sheets of a slide."""
    slide = desk.slide
    blocks = tuple(flattened(slide.blocks))
    named = (*((Heading(3, slide.label, at=slide.at),) if slide.label else ()), *blocks)
    match slide.kind:
        case "content":
            return content_sheets(named, desk)
        case "title" | "section" | "question" | "pause":
            count = next((index for index, block in enumerate(blocks) if is_thing(block)), len(blocks))
            first = opening_sheet(blocks[:count], desk)
            rest = blocks[count:] if first else blocks
            opening = first or opening_sheet((), desk)
            if opening is None:  # the label alone is too long for its place
                return content_sheets((*named, *sender_blocks(slide)), desk)
            opening = replace(opening, items=(*opening.items, *logo_items(slide)))
            further = content_sheets(rest, desk) if rest else Sheets(())
            return Sheets((opening, *further.sheets), further.findings)


def opening_sheet(blocks: Blocks, desk: Desk) -> Sheet | None:
    """Return the sheet of a title, section, question or pause, or None if its text does not fit there."""
    name, words = desk.slide.kind, desk.words
    above = (Paragraph(runs_of(desk.slide.label, words), "text" if has_label(name) else "label"),)
    below = (*paragraphs_of(blocks, words), *sender_paragraphs(desk.slide, words))
    if not has_label(name):
        below = (*(above if desk.slide.label else ()), *below)
    fills = (
        *((Filled("label", above),) if desk.slide.label and has_label(name) else ()),
        *((Filled("body", below),) if below else ()),
    )
    return fitting_sheet(name, fills, ALL_STEPS, desk)


def has_label(name: str) -> bool:
    """True if the layout `name` has a slot for the small line above the title."""
    return any(slot.name == "label" for slot in layout_named(name).slots)


def with_window(sheets: Sheets, index: int, count: int) -> Sheets:
    """Return `sheets` with the stretch of the settling line that belongs to this section on the first."""
    first, *rest = sheets.sheets
    return replace(sheets, sheets=(replace(first, items=(*first.items, section_window(index, count))), *rest))


def with_turn(sheets: Sheets) -> Sheets:
    """Return `sheets`, the first in the other layout for its kind."""
    first, *rest = sheets.sheets
    return replace(sheets, sheets=(replace(first, layout=TURNED.get(first.layout, first.layout)), *rest))


def content_sheets(blocks: Blocks, desk: Desk) -> Sheets:
    """Return the sheets of blocks: things with the text around them where it has room, else on sheets of their own."""
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    stretches = stretches_of(blocks)
    while stretches:
        found, count = next_sheets(stretches, desk)
        sheets += found.sheets
        findings += found.findings
        stretches = stretches[count:]
    return Sheets(tuple(sheets) or (bare_sheet(desk),), tuple(findings))


def bare_sheet(desk: Desk) -> Sheet:
    """Return the sheet of a slide that says no more than its title."""
    sign = desk.slide.sign
    if sign:
        return Sheet("claim-text", (sign_in_circle(sign),))
    return Sheet("message-only" if title_fits("message-only", desk) else "figure", ())


def stretches_of(blocks: Blocks) -> list[Blocks]:
    """Return `blocks` in stretches that are shown together: the text between things, each thing, scripts in a row."""
    return [tuple(block for _, block in stretch) for _, stretch in groupby(enumerate(blocks), key=stretch_key)]


def stretch_key(numbered: tuple[int, Block]) -> object:
    """Return what neighbours in one stretch have in common; a thing has its own number."""
    number, block = numbered
    return "scripts" if isinstance(block, Script) else number if is_thing(block) else "text"


def next_sheets(stretches: list[Blocks], desk: Desk) -> tuple[Sheets, int]:
    """Return the sheets of the first stretches, and how many these are: as much text with a thing as has room."""
    for lead, trail in ((1, 1), (1, 0), (0, 1), (0, 0)):
        count = lead + 1 + trail
        if len(stretches) < count or [is_thing(each[0]) for each in stretches[:count]] != [
            *[False] * lead,
            True,
            *[False] * trail,
        ]:
            continue
        before = paragraphs_of(stretches[0], desk.words) if lead else ()
        after = paragraphs_of(stretches[count - 1], desk.words) if trail else ()
        found = stretch_sheets(stretches[lead], Around(before, after), desk)
        if found:
            return found, count
    return text_sheets(stretches[0], desk), 1


def stretch_sheets(things: Blocks, around: Around, desk: Desk) -> Sheets | None:
    """Return the sheets of one stretch of things with the text around it; None if that text has no room there."""
    match things[0]:
        case Script():
            scripts = tuple(block for block in things if isinstance(block, Script))
            return None if around.lead else script_sheets(scripts, around.trail, desk)
        case Fork() | Comparison() | Table() | Figure() | Chart() as thing:
            return thing_sheets(thing, around, desk)
        case Contacts() | Sources() | QrCode() | Picture() as thing:
            return thing_sheets(thing, around, desk)
        case _:
            return None


# ---------------------------------------------------------------- titles and notes


def titled_slides(sheets: Sheets, desk: Desk) -> tuple[tuple[PlannedSlide, ...], tuple[Finding, ...]]:
    """Return the sheets of one slide with their titles and notes, and the titles that are too long."""
    own = Paragraph(runs_of(desk.slide.title, desk.words))
    titles = [sheet.title or own for sheet in sheets.sheets]
    known = [title.text.casefold() for title in titles]
    slides: list[PlannedSlide] = []
    findings: list[Finding] = []
    for index, sheet in enumerate(sheets.sheets):
        title = numbered_title(titles[index], known[:index].count(known[index]), known.count(known[index]), desk)
        slide, more = titled_slide(sheet, title, desk)
        slides.append(slide)
        findings += more
    return tuple(slides), tuple(findings)


def numbered_title(title: Paragraph, index: int, count: int, desk: Desk) -> Paragraph:
    """Return the title of the sheet `index` of the `count` that share it: after the first it says that it goes on."""
    if index == 0:
        return title
    if count == 2:
        return Paragraph((TextRun(desk.words.say("slide_continued", title=title.text)),))
    return Paragraph((TextRun(desk.words.say("slide_continued_often", title=title.text, n=index + 1, m=count)),))


def titled_slide(sheet: Sheet, title: Paragraph, desk: Desk) -> tuple[PlannedSlide, tuple[Finding, ...]]:
    """Return `sheet` as a slide whose title is as large as fits, and what does not."""
    layout, filled = layout_named(sheet.layout), Filled("title", (title,))
    excess = {step: excess_of(filled, layout, step, desk.theme) for step in ALL_STEPS}
    step = next((step for step in ALL_STEPS if excess[step] <= 0), ALL_STEPS[-1])
    key = LayoutKey(sheet.layout, sheet.step, step)
    even = evened_fill(filled, layout.slot("title"), LayoutKey(sheet.layout, step, step), desk.theme)
    items: tuple[Item, ...] = (even, *(item for item in sheet.items if item != Filled("body", ())))
    notes = (*sheet.notes, *paragraphs_of(desk.slide.notes, desk.words))
    slide = PlannedSlide(key, title.text, items, notes, desk.slide.section, desk.slide.at)
    return slide, () if excess[step] <= 0 else (long_title(title, layout, excess[step], desk),)


def repeated_titles(slides: list[PlannedSlide]) -> Iterator[Finding]:
    """Yield a finding for each slide whose title an earlier one has too."""
    seen: set[str] = set()
    for slide in slides:
        known = " ".join(slide.title.split()).casefold()
        if known in seen:
            hint = "give each slide a title of its own: people who listen to a deck find their way by titles"
            yield error("slide-title-twice", f"Two slides have the title “{slide.title}”.", slide.at, hint)
        seen.add(known)
