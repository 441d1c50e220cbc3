"""Plan the slides of a deck: layout, content, title and notes of each, and where one slide becomes several.

Takes a Document and a Theme; returns a DeckPlan with findings for everything that does not fit or is too much. Never
draws, makes text smaller than the steps of its layout, or leaves text out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import assert_never

from msgspec.structs import replace

from handouts.deck.figure_slides import figure_drafts, illustration_drafts, logo_items, qr_code_drafts
from handouts.deck.fitting import (
    ALL_STEPS,
    SlideContext,
    SlideDraft,
    SlideDrafts,
    balanced_fill,
    filled_lines,
    fitting_draft,
    fitting_step,
    long_title_finding,
    runs_width,
    split_evenly,
    title_fits,
)
from handouts.deck.layouts import FOOT_AREA, NUMBER_AREA, layout_named
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
    SlideParagraphs,
    TextRun,
)
from handouts.deck.slide_ornaments import section_line, sign_in_circle
from handouts.deck.slide_text import NO_BREAK_SPACE, SEPARATOR, Runs, flatten_blocks, is_object_block
from handouts.deck.table_slides import table_drafts
from handouts.deck.text_slides import script_drafts, source_drafts, text_drafts
from handouts.document import nodes
from handouts.document.nodes import Block, Blocks, Crisis, Document, Slide
from handouts.document.text import fingerprint, plain, walk
from handouts.figures.shapes import TextLabel
from handouts.finding import Finding, error, sorted_findings, warning
from handouts.render_cache import RenderCache
from handouts.theme import Theme

_BLANK_NUMBER = "_" * 12
_WIDEST_NUMBER = "000"
_MAX_WORDS, _MAX_WORDS_WITH_TABLE = 40, 60
# For a slide after one of the same kind: the layout with another picture, and with areas of the same size.
_ALTERNATE_LAYOUTS = {"pause": "break", "question": "question-turned"}


def plan_deck(document: Document, theme: Theme, cache: RenderCache | None = None) -> DeckPlan:
    """Return the slides of `document` as they will be drawn, and what does not fit.

    With the same `cache`, a slide that several documents share is planned once.
    """
    cache = RenderCache() if cache is None else cache
    look = fingerprint((repr(theme), document.words))  # `repr` leaves out the bytes of a typeface
    section_count, section_index = sum(slide.kind == "section" for slide in document.slides), 0
    alternate, previous_kind = False, ""
    slides: list[PlannedSlide] = []
    findings: list[Finding] = []
    for slide in document.slides:
        alternate = not alternate and slide.kind == previous_kind and slide.kind in _ALTERNATE_LAYOUTS
        previous_kind = slide.kind
        section = None
        if slide.kind == "section":
            section = (section_index, section_count)
            section_index += 1
        plan = partial(_plan_slide, SlideContext(slide, theme, document.words, cache), section, alternate=alternate)
        # The fingerprint of a slide holds its locations, which findings name.
        planned, found = cache.get_or_compute(("plan_slide", fingerprint(slide), look, section, alternate), plan)
        slides += planned
        findings += found
    foot = _foot_lines(document.crisis, theme, cache)
    state = (TextRun(f"{document.draft}{SEPARATOR}"),) if document.draft else ()
    findings += (*_foot_findings(foot, state, theme), *_repeated_title_findings(slides))
    return DeckPlan(tuple(slides), foot, state, sorted_findings(findings))


def _plan_slide(
    context: SlideContext, section: tuple[int, int] | None, *, alternate: bool
) -> tuple[tuple[PlannedSlide, ...], tuple[Finding, ...]]:
    """Return the slides that one slide becomes, and findings for what does not fit or is too much.

    A slide that opens a section gets its index and the count of sections. An `alternate` slide has another picture
    than the slide of the same kind before it.
    """
    drafts = _slide_drafts(context)
    first, *rest = drafts.drafts
    if section:
        first = replace(first, items=(*first.items, *section_line(*section, context.theme)))
    elif alternate:
        first = replace(first, layout=_ALTERNATE_LAYOUTS.get(first.layout, first.layout))
    planned, long_titles = _titled_slides((first, *rest), context)
    overflows = (*drafts.findings, *long_titles)
    too_much = overflows or tuple(_word_limit_findings(context.slide, planned))
    return planned, (*_field_findings(context.slide), *too_much)


def _slide_drafts(context: SlideContext) -> SlideDrafts:
    """Return the drafts of a slide of any kind."""
    slide = context.slide
    blocks = tuple(flatten_blocks(slide.blocks))
    labelled = (*((nodes.Heading(3, slide.label, at=slide.at),) if slide.label else ()), *blocks)
    if slide.kind == "content":
        return _content_drafts(labelled, context)
    count = next((index for index, block in enumerate(blocks) if is_object_block(block)), len(blocks))
    opening, rest = _opening_draft(blocks[:count], context), blocks[count:]
    if opening is None:
        opening, rest = _opening_draft((), context), blocks
    if opening is None:  # the label alone is too long for its place
        sender = (nodes.Paragraph(slide.sender.content),) if slide.sender and slide.sender.content else ()
        return _content_drafts((*labelled, *sender), context)
    further = _content_drafts(rest, context) if rest else SlideDrafts(())
    opening = replace(opening, items=(*opening.items, *logo_items(slide.sender)))
    return SlideDrafts((opening, *further.drafts), further.findings)


def _opening_draft(blocks: Blocks, context: SlideContext) -> SlideDraft | None:
    """Return the draft of a title, section, question or pause, or None if its text does not fit there."""
    slide, layout = context.slide, context.slide.kind
    has_label_placeholder = any(placeholder.name == "label" for placeholder in layout_named(layout).placeholders)
    label = (context.paragraph(slide.label, "text" if has_label_placeholder else "label"),) if slide.label else ()
    sender = (context.paragraph(slide.sender.content),) if slide.sender and slide.sender.content else ()
    body = (*(() if has_label_placeholder else label), *context.paragraphs(blocks), *sender)
    texts = (("label", label if has_label_placeholder else ()), ("body", body))
    fills = [FilledPlaceholder(name, paragraphs) for name, paragraphs in texts if paragraphs]
    return fitting_draft(layout, fills, ALL_STEPS, context)


def _content_drafts(blocks: Blocks, context: SlideContext) -> SlideDrafts:
    """Return the drafts of blocks: object blocks with the text around them where it has room, else without it."""
    drafts: list[SlideDraft] = []
    findings: list[Finding] = []
    groups = [tuple(block for _, block in group) for _, group in groupby(enumerate(blocks), key=_group_key)]
    while groups:
        found, count = _next_drafts(groups, context)
        drafts += found.drafts
        findings += found.findings
        groups = groups[count:]
    return SlideDrafts(tuple(drafts) or (_title_only_draft(context),), tuple(findings))


def _group_key(numbered: tuple[int, Block]) -> object:
    """Return a key that neighbouring blocks share if they are planned together: text or scripts; others are alone."""
    number, block = numbered
    return "scripts" if isinstance(block, nodes.Script) else number if is_object_block(block) else "text"


def _next_drafts(groups: Sequence[Blocks], context: SlideContext) -> tuple[SlideDrafts, int]:
    """Return the drafts of the first groups, an object with as much text around it as fits, and how many they are."""
    for before, after in ((1, 1), (1, 0), (0, 1), (0, 0)):
        some = groups[: before + 1 + after]
        if [is_object_block(group[0]) for group in some] == [*[False] * before, True, *[False] * after]:
            above = context.paragraphs(some[0]) if before else ()
            below = context.paragraphs(some[-1]) if after else ()
            found = _object_drafts(some[before], above, below, context)
            if found:
                return found, len(some)
    return text_drafts(groups[0], context), 1


def _object_drafts(
    group: Blocks, before: SlideParagraphs, after: SlideParagraphs, context: SlideContext
) -> SlideDrafts | None:
    """Return the drafts of an object block, or of successive scripts, with the text around; None if it does not fit."""
    match group[0]:
        case nodes.Script():
            scripts = tuple(block for block in group if isinstance(block, nodes.Script))
            return None if before else script_drafts(scripts, after, context)
        case nodes.Fork() | nodes.Comparison() | nodes.Table() | nodes.Contacts() as table:
            return table_drafts(table, before, after, context)
        case nodes.Figure() as figure:
            return figure_drafts(figure, before, after, context)
        case nodes.Chart() | nodes.Picture() as illustration:
            return None if after else illustration_drafts(illustration, before, context)
        case nodes.QrCode() as code:
            return qr_code_drafts(code, before, after, context)
        case nodes.Sources() as sources:
            return None if before or after else source_drafts(sources, context)
        case _:
            return None


def _title_only_draft(context: SlideContext) -> SlideDraft:
    """Return the draft of a slide that has only a title."""
    if context.slide.sign:
        return SlideDraft("claim-text", (sign_in_circle(context.slide.sign),))
    return SlideDraft("message-only" if title_fits("message-only", context) else "figure", ())


def _titled_slides(
    drafts: Sequence[SlideDraft], context: SlideContext
) -> tuple[tuple[PlannedSlide, ...], tuple[Finding, ...]]:
    """Return the slides of `drafts`, their titles as large as fits, and findings for those that are too long."""
    titles = [draft.title or context.title for draft in drafts]
    known = [title.text.casefold() for title in titles]
    slides: list[PlannedSlide] = []
    findings: list[Finding] = []
    for index, draft in enumerate(drafts):
        same_before, same = known[:index].count(known[index]), known.count(known[index])
        title = _numbered_title(titles[index], same_before, same, context)
        fill = FilledPlaceholder("title", (title,))
        step = fitting_step((fill,), draft.layout, ALL_STEPS, context)
        if step is None:
            step = ALL_STEPS[-1]
            findings.append(long_title_finding(title, draft.layout, context))
        variant = LayoutVariant(draft.layout, draft.step, step)
        shown = (_balanced_item(item, draft, context) for item in draft.items if item != FilledPlaceholder("body", ()))
        items = (balanced_fill(fill, draft.layout, step, context.theme), *shown)
        notes = (*draft.notes, *context.slide.notes)
        slides.append(PlannedSlide(variant, title.text, items, notes, context.slide.section, context.slide.at))
    return tuple(slides), tuple(findings)


def _balanced_item(item: SlideItem, draft: SlideDraft, context: SlideContext) -> SlideItem:
    """Return an item of `draft`, its text, if it has any, broken in good places."""
    return balanced_fill(item, draft.layout, draft.step, context.theme) if isinstance(item, FilledPlaceholder) else item


def _numbered_title(title: SlideParagraph, index: int, count: int, context: SlideContext) -> SlideParagraph:
    """Return the title of slide `index` of the `count` that share it: all but the first say “continued”."""
    if index == 0:
        return title
    key = "slide_continued" if count == 2 else "slide_continued_often"
    return SlideParagraph((TextRun(context.words.say(key, title=title.text, n=index + 1, m=count)),))


def _foot_lines(crisis: Crisis, theme: Theme, cache: RenderCache) -> tuple[SlideParagraph, ...]:
    """Return whom to call as it stands at the foot of every slide, numbers bold: in few lines, about equally wide."""
    services = [_service_runs(each.label, each.number) for each in crisis.short]

    def width(part: Sequence[Runs]) -> float:
        return runs_width(_foot_line(part), theme.slides["foot"], cache)

    return tuple(SlideParagraph(_foot_line(part)) for part in split_evenly(services, FOOT_AREA.width, width))


def _service_runs(label: str, number: str) -> Runs:
    """Return a service and its bold number, or a blank to fill in; no line ends inside."""
    label, number = (text.replace(" ", NO_BREAK_SPACE) for text in (label, number))
    return TextRun(f"{label}{NO_BREAK_SPACE}"), TextRun(number or _BLANK_NUMBER, bold=bool(number))


def _foot_line(services: Sequence[Runs]) -> Runs:
    """Return `services` with dots between them."""
    first, *others = services
    return (*first, *(run for each in others for run in (TextRun(f"{NO_BREAK_SPACE}· "), *each)))


def _foot_findings(foot: Sequence[SlideParagraph], state: Runs, theme: Theme) -> Iterator[Finding]:
    """Yield a finding for each part of the foot that does not fit: the crisis lines are two, and the rest is one."""
    number = (SlideParagraph((*state, TextRun(_WIDEST_NUMBER, bold=True))),)
    short_lines = "use shorter labels, or fewer lines"
    parts = ((foot, FOOT_AREA, "foot", short_lines), (number, NUMBER_AREA, "slide-number", "use a shorter version"))
    for paragraphs, area, role, hint in parts:
        style = theme.slides[role]
        count = sum(len(filled_lines(each.runs, style, area.width)) for each in paragraphs)
        excess = count * style.leading - area.height
        if excess > 0:
            fitting, text = int(area.height // style.leading), SEPARATOR.join(each.text for each in paragraphs)
            message = (
                f"The foot of the slides “{text}” is {excess:.0f} points too high for its place: "
                f"it has {count} lines, of which {fitting} fit{'s' if fitting == 1 else ''}."
            )
            yield error("slide-foot", message, hint=hint)


def _field_findings(slide: Slide) -> Iterator[Finding]:
    """Yield a finding for each field to fill in on a slide or in its notes."""
    for node in walk((slide.blocks, slide.notes)):
        if isinstance(node, nodes.Field):
            hint = "place it in the template of a handout"
            yield error("out-of-place", "Nobody can fill in a field on a slide.", node.at, hint)


def _word_limit_findings(slide: Slide, planned: Sequence[PlannedSlide]) -> Iterator[Finding]:
    """Yield a warning for each of the slides `planned` from one slide that has too many words."""
    if any(isinstance(node, nodes.Contacts | nodes.Sources) for node in walk(slide.blocks)):
        return
    for each in planned:
        has_table = any(isinstance(item, PlacedTable) for item in each.items)
        most = _MAX_WORDS_WITH_TABLE if has_table else _MAX_WORDS
        shown = (word for item in each.items for text in _shown_texts(item) for word in text.split())
        count = sum(any(map(str.isalpha, word)) for word in shown)  # a lone number or sign is not a word
        if count > most:
            message = f"The slide “{each.title}” holds {count} words; people can take in {most} while they listen."
            labels = [f"“{plain(node.label)}”" for node in walk(slide.blocks) if isinstance(node, nodes.Labelled)]
            counted = f" (headline, text, and {', '.join(labels)} with these labels count)" if labels else ""
            hint = f"say more and show less{counted}: leave the rest to the notes and the handout"
            yield warning("slide-words", message, each.at, hint)


def _shown_texts(item: SlideItem) -> Iterator[str]:
    """Yield the texts that people read on an item of a slide."""
    match item:
        case FilledPlaceholder():
            yield from (paragraph.text for paragraph in item.paragraphs)
        case PlacedTable():
            for cell in (cell for row in item.rows for cell in row.cells):
                yield from ("".join(run.text for run in text.runs) for text in cell.texts)
        case PlacedDrawing():
            yield from (" ".join(shape.lines) for shape in item.drawing.shapes if isinstance(shape, TextLabel))
        case PlacedChart():
            yield from _shown_texts(item.drawn)
        case PlacedPicture():
            return
        case _:
            assert_never(item)


def _repeated_title_findings(slides: Sequence[PlannedSlide]) -> Iterator[Finding]:
    """Yield a finding for each slide whose title an earlier one has too."""
    seen: set[str] = set()
    for slide in slides:
        title = " ".join(slide.title.split()).casefold()
        if title in seen:
            hint = "give each slide a title of its own: people who listen to a deck find their way by titles"
            yield error("slide-title-twice", f"Two slides have the title “{slide.title}”.", slide.at, hint)
        seen.add(title)
