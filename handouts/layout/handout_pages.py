"""Plan the pages of a handout from a Document and a Theme.

Builds the structure tree in reading order, lays out each block, chooses the page breaks, and adds what stands
on every page. Paints nothing and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Block, Blocks, Cover, Document, MainMessage, covers_alone, one_of
from handouts.finding import Finding, error, sorted_findings
from handouts.layout.block_layout import (
    BlockContext,
    BlockLayout,
    BookmarkedLayout,
    LayOutBlock,
    block_context,
    cached_block_layout,
    lay_out_block,
    lay_out_blocks,
)
from handouts.layout.boxes import NEVER, LayoutBox, kept_whole, moved_down, stacked
from handouts.layout.inline_text import LayoutContext, phone_numbers_in
from handouts.layout.page_furniture import (
    ABOVE_CRISIS,
    HEADING_BELOW_HEAD,
    TEXT_BELOW_HEAD,
    CrisisBox,
    crisis_box,
    crisis_height,
    foot_height,
    foot_items,
    head_bottom,
    running_head_items,
    with_repeated_crisis_box,
)
from handouts.layout.page_model import Element, Page, PageItem, PagePlan
from handouts.layout.pagination import (
    PageFrame,
    PlacedBox,
    break_pages,
    count_before_sections,
    fill_pages_with_copies,
    height_over_first_page,
)
from handouts.layout.structure_tree import remove_empty_elements, repair_heading_levels, with_copied_tree
from handouts.theme import Theme

EXPECTED_PAGES = 9
LINES_AFTER_HEADING = 2


class SharedPageParts(Struct, frozen=True):
    """What every page of a document shares, and how many pages there are."""

    document: Document
    context: LayoutContext
    head: tuple[PageItem, ...]
    crisis: CrisisBox
    count: int


def plan_document(document: Document, theme: Theme, *, fillable: bool = False) -> PagePlan:
    """Return the pages of `document` with their structure tree, bookmarks and findings; `fillable` with fields."""
    plan = plan_with_fitting_foot(document, theme, fillable=fillable, lay=cached_block_layout)
    if plan.findings:  # which name places, as equal blocks need not
        plan = plan_with_fitting_foot(document, theme, fillable=fillable, lay=lay_out_block)
    return plan


def plan_with_fitting_foot(document: Document, theme: Theme, *, fillable: bool, lay: LayOutBlock) -> PagePlan:
    """Return the plan of `document` with a foot as high as the number of its pages needs."""
    foot = foot_height(document, theme, EXPECTED_PAGES)
    plan = plan_pages(document, theme, foot, fillable=fillable, lay=lay)
    needed = foot_height(document, theme, len(plan.pages))
    return plan if needed <= foot else plan_pages(document, theme, needed, fillable=fillable, lay=lay)


def plan_pages(
    document: Document, theme: Theme, foot: float, *, fillable: bool, lay: LayOutBlock, cover_reduction: float = 0.0
) -> PagePlan:
    """Return the plan of `document` with a `foot` so high, and with a cover lower by `cover_reduction`.

    What stands before the first section has the first page, if a lower cover makes room enough for it, or at least
    the cover and the main message have.
    """
    outside, inside = split_cover_page(document)
    room = page_room(inside, document, theme, foot)
    context = LayoutContext(
        one_of(theme), one_of(document.words), room, fillable, phone_numbers_in(document), cover_reduction
    )
    own = never_shared(lay)
    drafting = BookmarkedLayout(context, document.discreet)
    root = Element("Document", language=document.language)
    cover = cover_page(outside, root, foot, drafting, own)
    opening, rest = split_opening(inside)
    boxes = lay_out_blocks(opening, root, drafting, own)
    crisis = crisis_box(document, foot, context)
    count = len(boxes)
    boxes.extend(lay_out_blocks(rest, root, drafting, own))
    boxes = keep_headings_with_text(boxes or [LayoutBox(0.0)], LINES_AFTER_HEADING * context.style("body").leading)
    frame = page_frame(inside, theme, foot, crisis.height)
    if has_cover(inside) and not cover_reduction:
        setting = block_context(inside, 0, drafting)
        for lacking in (height_over_first_page(boxes, frame), height_over_first_page(boxes[:count], frame)):
            if (
                lacking > 0.0
                and boxes[0].height - lowered_cover_height(inside[0], setting, lacking, lay) > lacking - 0.01
            ):
                return plan_pages(document, theme, foot, fillable=fillable, lay=lay, cover_reduction=lacking)
    if has_cover(inside) and height_over_first_page(boxes, frame) <= 0.01:
        first = count_before_sections(boxes)
        boxes[:first] = kept_whole(boxes[:first])
    pages, findings = break_pages(boxes, frame, len(cover))
    pages = fill_pages_with_copies(pages, frame.bottom)
    findings = (
        *findings,
        *opening_too_high_findings(pages, count, opening, height_over_first_page(boxes[:count], frame)),
    )
    head = running_head_items(document, context) if len(pages) > 1 or not has_cover(inside) else ()
    sheets = SharedPageParts(document, context, head, crisis, len(cover) + len(pages))
    made = (
        *(assemble_page(placed, number, sheets) for number, placed in enumerate(cover, 1)),
        *with_repeated_crisis_box(tuple(inside_pages(pages, len(cover) + 1, opening, sheets)), root, crisis),
    )
    found = sorted_findings((*context.findings, *findings))
    outline = tuple(drafting.outline)
    plan = with_copied_tree(PagePlan(made, root, outline, found, fillable=fillable, repeated=crisis.repeated))
    repair_heading_levels(plan.root)
    remove_empty_elements(plan.root, {id(item.element) for sheet in plan.pages for item in sheet.items})
    return plan


def lowered_cover_height(cover: Block, setting: BlockContext, cover_reduction: float, lay: LayOutBlock) -> float:
    """Return how high a cover is that is to be lower by `cover_reduction`."""
    return lay(cover, replace(setting, cover_reduction=cover_reduction)).boxes[0].height


def never_shared(lay: LayOutBlock) -> LayOutBlock:
    """Return what lays blocks out as `lay` does, and gives nothing twice: equal blocks each have their own elements."""
    given: dict[int, BlockLayout] = {}

    def lay_own(block: Block, setting: BlockContext) -> BlockLayout:
        laid = lay(block, setting)
        if id(laid) in given:
            laid = lay_out_block(block, setting)
        given[id(laid)] = laid
        return laid

    return lay_own


def opening_too_high_findings(
    pages: Sequence[Sequence[PlacedBox]], count: int, opening: Sequence[Block], lacking: float
) -> Iterator[Finding]:
    """Yield an error if the `count` boxes of the opening, above the crisis box, have no room on one page: they are
    `lacking` some.
    """
    if opening and len(pages[0]) < count:
        message = f"The cover and the main message are together {lacking:.0f} points higher than a page."
        hint = "shorten the title, the subtitle, the main message, or the name of the sender"
        yield error("too-high", message, opening[0].at, hint)


def split_cover_page(document: Document) -> tuple[Blocks, Blocks]:
    """Return the cover that has the first page for itself, if there is one, and what stands on the pages inside."""
    count = 1 if covers_alone(document) else 0
    return document.blocks[:count], document.blocks[count:]


def cover_page(
    blocks: Blocks, root: Element, foot: float, drafting: BookmarkedLayout, lay: LayOutBlock
) -> tuple[tuple[PlacedBox, ...], ...]:
    """Return the page that is seen from outside: a cover above a `foot` so high, and no word of whom to call."""
    theme = drafting.context.theme
    room = theme.paper.height - theme.margin - foot
    whole = replace(drafting, context=replace(drafting.context, room=room))
    return tuple((PlacedBox(box, theme.margin),) for box in lay_out_blocks(blocks, root, whole, lay))


def split_opening(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Return the cover and main message, which share the first page with the crisis box, and the rest."""
    count = 0
    while count < len(blocks) and isinstance(blocks[count], Cover | MainMessage):
        count += 1
    return blocks[:count], blocks[count:]


def page_frame(blocks: Sequence[Block], theme: Theme, foot: float, crisis: float) -> PageFrame:
    """Return where boxes may stand on a page whose foot and crisis box are so high."""
    bottom = theme.paper.height - foot - (crisis + ABOVE_CRISIS if crisis else 0.0)
    cover, head = theme.margin if has_cover(blocks) else None, head_bottom(theme)
    return PageFrame(cover, head + HEADING_BELOW_HEAD, head + TEXT_BELOW_HEAD, bottom)


def page_room(blocks: Sequence[Block], document: Document, theme: Theme, foot: float) -> float:
    """Return how high the boxes of a page may be together."""
    frame = page_frame(blocks, theme, foot, crisis_height(document, theme))
    return frame.bottom - frame.text_top


def has_cover(blocks: Sequence[Block]) -> bool:
    """True if a page of `blocks` begins with a cover, and needs no running head."""
    return bool(blocks) and isinstance(blocks[0], Cover)


def inside_pages(
    pages: Sequence[Sequence[PlacedBox]], first: int, opening: Sequence[Block], sheets: SharedPageParts
) -> Iterator[Page]:
    """Yield the pages from number `first` on; on the first of them the crisis box is read, after what stands on it."""
    for number, placed in enumerate(pages, first):
        if number > first:
            yield assemble_page(placed, number, sheets, sheets.head, sheets.crisis.repeated)
        else:
            before = () if has_cover(opening) else sheets.head
            yield assemble_page(placed, number, sheets, before, sheets.crisis.read)


def assemble_page(
    placed: Sequence[PlacedBox],
    number: int,
    sheets: SharedPageParts,
    before: Sequence[PageItem] = (),
    after: Sequence[PageItem] = (),
) -> Page:
    """Return one page: what stands `before` its boxes, the boxes, what stands `after` them, and the foot."""
    items = list(before)
    for each in placed:
        items.extend(moved_down(each.box.items, each.y))
    items.extend(after)
    items.extend(foot_items(sheets.document, number, sheets.count, sheets.context))
    paper = sheets.context.theme.paper
    return Page(paper.width, paper.height, tuple(items))


def keep_headings_with_text(boxes: Sequence[LayoutBox], least: float) -> list[LayoutBox]:
    """Return `boxes` so that at least `least` of what follows a heading stands on its page."""
    changed = list(boxes)
    for index in (index for index, box in enumerate(boxes) if box.is_heading):
        end = index + 1
        while end < len(boxes) - 1 and stacked(boxes[index + 1 : end + 1]).height < least:
            end += 1
        changed[index:end] = [replace(box, break_cost=NEVER) for box in changed[index:end]]
    return changed
