"""Plan the slides of a deck: layout, content, title and notes of each, and where one slide becomes several.

Takes a Document and a Theme; returns a DeckPlan with findings for everything that does not fit or is too much.
Never draws, never makes text smaller than the steps of its layout, never leaves text out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.figure_slides import (
    branding_blocks,
    branding_paragraphs,
    chart_drafts,
    figure_drafts,
    logo_items,
    picture_drafts,
    qr_code_drafts,
)
from handouts.deck.fitting import (
    ALL_STEPS,
    NO_BREAK_SPACE,
    SlideContext,
    SlideDraft,
    SlideDrafts,
    SurroundingText,
    balanced_fill,
    excess_height,
    filled_lines,
    fitting_draft,
    long_title_finding,
    title_fits,
)
from handouts.deck.layouts import FOOT_AREA, FOOT_SEPARATOR, NUMBER_AREA, layout_named
from handouts.deck.planned_slides import (
    DeckPlan,
    FilledPlaceholder,
    LayoutVariant,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideItem,
    SlideParagraph,
    TextRun,
)
from handouts.deck.slide_ornaments import section_window, sign_in_circle
from handouts.deck.slide_text import flatten_blocks, is_object_block, paragraphs_of, runs_of
from handouts.deck.table_slides import table_drafts
from handouts.deck.text_slides import script_drafts, source_drafts, text_drafts
from handouts.document.nodes import (
    Block,
    Blocks,
    Chart,
    Comparison,
    Contacts,
    Crisis,
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
)
from handouts.document.text import walk
from handouts.figures.shapes import TextLabel
from handouts.finding import Finding, error, sorted_findings, warning
from handouts.theme import Theme

BLANK_NUMBER = "_" * 12
WIDEST_NUMBER = "000"


def foot_paragraph(crisis: Crisis) -> SlideParagraph:
    """Return the crisis line of every slide, its numbers bold; its lines end between two of them."""
    runs: list[TextRun] = []
    for line in crisis.short:
        runs += [TextRun(f"{NO_BREAK_SPACE}· ")] if runs else []
        number = TextRun(without_breaks(line.number) or BLANK_NUMBER, bold=bool(line.number))
        runs += [TextRun(f"{without_breaks(line.label)}{NO_BREAK_SPACE}"), number]
    return SlideParagraph(tuple(runs))


def without_breaks(words: str) -> str:
    """Return `words` so that no line ends between them."""
    return words.replace(" ", NO_BREAK_SPACE)


def foot_findings(foot: SlideParagraph, document: Document, theme: Theme) -> Iterator[Finding]:
    """Yield a finding for each part of the foot that has no room: the crisis line may have two lines, all else one."""
    draft = SlideParagraph((TextRun(f"{document.draft}{FOOT_SEPARATOR}"), TextRun(WIDEST_NUMBER, bold=True)))
    short_lines = "use shorter labels, or fewer lines"
    parts = ((foot, FOOT_AREA, "foot", short_lines), (draft, NUMBER_AREA, "slide-number", "use a shorter version"))
    for paragraph, place, role, hint in parts:
        style = theme.slides[role]
        lines = filled_lines(paragraph.runs, style, place.width)
        excess = len(lines) * style.leading - place.height
        if excess > 0:
            fitting = int(place.height // style.leading)
            message = (
                f"The foot of the slides “{paragraph.text}” is {excess:.0f} points too high for its place: "
                f"it has {len(lines)} lines, of which {fitting} fit{'s' if fitting == 1 else ''}."
            )
            yield error("slide-foot", message, hint=hint)


MAX_WORDS, MAX_WORDS_WITH_TABLE = 40, 60


def word_limit_findings(slide: Slide, planned: Sequence[PlannedSlide]) -> Iterator[Finding]:
    """Yield a warning for each of the `planned` slides of one slide that holds too many words."""
    if any(isinstance(node, Contacts | Sources) for node in walk(slide.blocks)):
        return
    for each in planned:
        most = MAX_WORDS_WITH_TABLE if any(isinstance(item, PlacedTable) for item in each.items) else MAX_WORDS
        count = count_words(each)
        if count > most:
            message = f"The slide “{each.title}” holds {count} words; people can take in {most} while they listen."
            hint = "say more and show less: leave the rest to the notes and the handout"
            yield warning("slide-words", message, each.at, hint)


def count_words(slide: PlannedSlide) -> int:
    """Return how many words a slide shows, its foot left out; a lone number or sign is none."""
    words = (word for item in slide.items for text in shown_texts(item) for word in text.split())
    return sum(any(map(str.isalpha, word)) for word in words)


def shown_texts(item: SlideItem) -> Iterator[str]:
    """Yield what one reads of an item of a slide."""
    match item:
        case FilledPlaceholder():
            yield from (paragraph.text for paragraph in item.paragraphs)
        case PlacedTable():
            for cell in (cell for row in item.rows for cell in row.cells):
                yield from ("".join(run.text for run in text.runs) for text in cell.texts)
        case PlacedDrawing():
            yield from (" ".join(shape.lines) for shape in item.drawing.shapes if isinstance(shape, TextLabel))
        case PlacedChart():
            yield from shown_texts(item.drawn)
        case PlacedPicture():
            return
        case _:
            assert_never(item)


# For slides of one kind after each other: the layout that has another picture, and the same places or as large ones.
ALTERNATE_LAYOUTS = {"pause": "break", "question": "question-turned"}


class SlideOutcome(Struct, frozen=True):
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
        turned = not turned and before is not None and before.kind == slide.kind and slide.kind in ALTERNATE_LAYOUTS
        window = (sections.index(slide), len(sections)) if slide.kind == "section" else None
        made = cached_slide_plan(SlideContext(slide, theme, document.words), window, turned=turned)
        if made.findings:  # which name places, as equal slides need not
            made = plan_one_slide(SlideContext(slide, theme, document.words), window, turned=turned)
        slides += (each if each.at == slide.at else replace(each, at=slide.at) for each in made.slides)
        findings += made.findings
    foot = foot_paragraph(document.crisis)
    findings += (*foot_findings(foot, document, theme), *repeated_title_findings(slides))
    return DeckPlan(tuple(slides), foot, sorted_findings(findings))


def plan_one_slide(desk: SlideContext, window: tuple[int, int] | None, *, turned: bool) -> SlideOutcome:
    """Return all that one slide becomes; `window` says which section of how many it opens.

    One that is `turned` has another picture than the slide before it, which is of the same kind.
    """
    sheets = draft_slide(desk)
    opened = with_section_window(sheets, *window) if window else with_alternate_layout(sheets) if turned else sheets
    planned, more = titled_slides(opened, desk)
    trouble = (*opened.findings, *more)
    return SlideOutcome(planned, (*field_findings(desk.slide), *(trouble or word_limit_findings(desk.slide, planned))))


# Decks of a batch differ in a slide or two; those of three readers have some hundred.
cached_slide_plan = lru_cache(maxsize=144)(plan_one_slide)


def field_findings(slide: Slide) -> list[Finding]:
    """Return a finding for each field to fill in that stands on a slide or in its notes."""
    hint = "place it in the template of a handout"
    return [
        error("out-of-place", "Nobody can fill in a field on a slide.", node.at, hint)
        for node in walk((slide.blocks, slide.notes))
        if isinstance(node, Field)
    ]


# ---------------------------------------------------------------- one slide


def draft_slide(desk: SlideContext) -> SlideDrafts:
    """Return all sheets of a slide."""
    slide = desk.slide
    blocks = tuple(flatten_blocks(slide.blocks))
    named = (*((Heading(3, slide.label, at=slide.at),) if slide.label else ()), *blocks)
    match slide.kind:
        case "content":
            return content_drafts(named, desk)
        case "title" | "section" | "question" | "pause":
            count = next((index for index, block in enumerate(blocks) if is_object_block(block)), len(blocks))
            first = opening_draft(blocks[:count], desk)
            rest = blocks[count:] if first else blocks
            opening = first or opening_draft((), desk)
            if opening is None:  # the label alone is too long for its place
                return content_drafts((*named, *branding_blocks(slide)), desk)
            opening = replace(opening, items=(*opening.items, *logo_items(slide)))
            further = content_drafts(rest, desk) if rest else SlideDrafts(())
            return SlideDrafts((opening, *further.sheets), further.findings)


def opening_draft(blocks: Blocks, desk: SlideContext) -> SlideDraft | None:
    """Return the sheet of a title, section, question or pause, or None if its text does not fit there."""
    name, words = desk.slide.kind, desk.words
    above = (SlideParagraph(runs_of(desk.slide.label, words), "text" if has_label_placeholder(name) else "label"),)
    below = (*paragraphs_of(blocks, words), *branding_paragraphs(desk.slide, words))
    if not has_label_placeholder(name):
        below = (*(above if desk.slide.label else ()), *below)
    fills = (
        *((FilledPlaceholder("label", above),) if desk.slide.label and has_label_placeholder(name) else ()),
        *((FilledPlaceholder("body", below),) if below else ()),
    )
    return fitting_draft(name, fills, ALL_STEPS, desk)


def has_label_placeholder(name: str) -> bool:
    """True if the layout `name` has a slot for the small line above the title."""
    return any(slot.name == "label" for slot in layout_named(name).slots)


def with_section_window(sheets: SlideDrafts, index: int, count: int) -> SlideDrafts:
    """Return `sheets` with the stretch of the settling line that belongs to this section on the first."""
    first, *rest = sheets.sheets
    return replace(sheets, sheets=(replace(first, items=(*first.items, section_window(index, count))), *rest))


def with_alternate_layout(sheets: SlideDrafts) -> SlideDrafts:
    """Return `sheets`, the first in the other layout for its kind."""
    first, *rest = sheets.sheets
    return replace(sheets, sheets=(replace(first, layout=ALTERNATE_LAYOUTS.get(first.layout, first.layout)), *rest))


def content_drafts(blocks: Blocks, desk: SlideContext) -> SlideDrafts:
    """Return the sheets of blocks: things with the text around them where it has room, else on sheets of their own."""
    sheets: list[SlideDraft] = []
    findings: list[Finding] = []
    stretches = block_groups(blocks)
    while stretches:
        found, count = next_drafts(stretches, desk)
        sheets += found.sheets
        findings += found.findings
        stretches = stretches[count:]
    return SlideDrafts(tuple(sheets) or (title_only_draft(desk),), tuple(findings))


def title_only_draft(desk: SlideContext) -> SlideDraft:
    """Return the sheet of a slide that says no more than its title."""
    sign = desk.slide.sign
    if sign:
        return SlideDraft("claim-text", (sign_in_circle(sign),))
    return SlideDraft("message-only" if title_fits("message-only", desk) else "figure", ())


def block_groups(blocks: Blocks) -> list[Blocks]:
    """Return `blocks` in stretches that are shown together: the text between things, each thing, scripts in a row."""
    return [tuple(block for _, block in stretch) for _, stretch in groupby(enumerate(blocks), key=block_group_key)]


def block_group_key(numbered: tuple[int, Block]) -> object:
    """Return what neighbours in one stretch have in common; a thing has its own number."""
    number, block = numbered
    return "scripts" if isinstance(block, Script) else number if is_object_block(block) else "text"


def next_drafts(stretches: list[Blocks], desk: SlideContext) -> tuple[SlideDrafts, int]:
    """Return the sheets of the first stretches, and how many these are: as much text with a thing as has room."""
    for lead, trail in ((1, 1), (1, 0), (0, 1), (0, 0)):
        count = lead + 1 + trail
        if len(stretches) < count or [is_object_block(each[0]) for each in stretches[:count]] != [
            *[False] * lead,
            True,
            *[False] * trail,
        ]:
            continue
        before = paragraphs_of(stretches[0], desk.words) if lead else ()
        after = paragraphs_of(stretches[count - 1], desk.words) if trail else ()
        found = group_drafts(stretches[lead], SurroundingText(before, after), desk)
        if found:
            return found, count
    return text_drafts(stretches[0], desk), 1


def group_drafts(things: Blocks, around: SurroundingText, desk: SlideContext) -> SlideDrafts | None:
    """Return the sheets of one stretch of things with the text around it; None if that text has no room there."""
    match things[0]:
        case Script():
            scripts = tuple(block for block in things if isinstance(block, Script))
            return None if around.lead else script_drafts(scripts, around.trail, desk)
        case Fork() | Comparison() | Table() | Figure() | Chart() as thing:
            return object_drafts(thing, around, desk)
        case Contacts() | Sources() | QrCode() | Picture() as thing:
            return object_drafts(thing, around, desk)
        case _:
            return None


# ---------------------------------------------------------------- titles and notes


def titled_slides(sheets: SlideDrafts, desk: SlideContext) -> tuple[tuple[PlannedSlide, ...], tuple[Finding, ...]]:
    """Return the sheets of one slide with their titles and notes, and the titles that are too long."""
    own = SlideParagraph(runs_of(desk.slide.title, desk.words))
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


def numbered_title(title: SlideParagraph, index: int, count: int, desk: SlideContext) -> SlideParagraph:
    """Return the title of the sheet `index` of the `count` that share it: after the first it says that it goes on."""
    if index == 0:
        return title
    if count == 2:
        return SlideParagraph((TextRun(desk.words.say("slide_continued", title=title.text)),))
    return SlideParagraph((TextRun(desk.words.say("slide_continued_often", title=title.text, n=index + 1, m=count)),))


def titled_slide(
    sheet: SlideDraft, title: SlideParagraph, desk: SlideContext
) -> tuple[PlannedSlide, tuple[Finding, ...]]:
    """Return `sheet` as a slide whose title is as large as fits, and what does not."""
    layout, filled = layout_named(sheet.layout), FilledPlaceholder("title", (title,))
    excess = {step: excess_height(filled, layout, step, desk.theme) for step in ALL_STEPS}
    step = next((step for step in ALL_STEPS if excess[step] <= 0), ALL_STEPS[-1])
    key = LayoutVariant(sheet.layout, sheet.step, step)
    even = balanced_fill(filled, layout.slot("title"), LayoutVariant(sheet.layout, step, step), desk.theme)
    items: tuple[SlideItem, ...] = (even, *(item for item in sheet.items if item != FilledPlaceholder("body", ())))
    notes = (*sheet.notes, *paragraphs_of(desk.slide.notes, desk.words))
    slide = PlannedSlide(key, title.text, items, notes, desk.slide.section, desk.slide.at)
    return slide, () if excess[step] <= 0 else (long_title_finding(title, layout, excess[step], desk),)


def repeated_title_findings(slides: list[PlannedSlide]) -> Iterator[Finding]:
    """Yield a finding for each slide whose title an earlier one has too."""
    seen: set[str] = set()
    for slide in slides:
        known = " ".join(slide.title.split()).casefold()
        if known in seen:
            hint = "give each slide a title of its own: people who listen to a deck find their way by titles"
            yield error("slide-title-twice", f"Two slides have the title “{slide.title}”.", slide.at, hint)
        seen.add(known)


def object_drafts(
    block: Fork | Comparison | Table | Figure | Chart | Contacts | Sources | QrCode | Picture,
    around: SurroundingText,
    desk: SlideContext,
) -> SlideDrafts | None:
    """Return the sheets of a thing with the text around it; None if that text has no room there."""
    match block:
        case Fork() | Comparison() | Table() | Contacts():
            return table_drafts(block, around, desk)
        case Figure():
            return figure_drafts(block, around, desk)
        case Chart():
            return chart_drafts(block, around, desk)
        case QrCode():
            return qr_code_drafts(block, around, desk)
        case Picture():
            return picture_drafts(block, around, desk)
        case Sources():
            return None if around.lead or around.trail else source_drafts(block, desk)
        case _:
            assert_never(block)
