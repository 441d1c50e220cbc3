"""Plan the pages of a handout from a Document and a Theme.

Builds the structure tree in reading order, lays out each block, chooses the page breaks, and adds the running head,
the foot and the crisis box to each page. Paints nothing and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handouts.document.nodes import Block, Cover, Document, MainMessage, covers_alone
from handouts.finding import Finding, error, sorted_findings
from handouts.layout.block_layout import lay_out_nested_blocks, lay_out_page_blocks
from handouts.layout.boxes import NEVER, LayoutBox, kept_whole, moved_down, stacked_height
from handouts.layout.inline_text import LayoutContext, phone_number_pattern
from handouts.layout.page_furniture import (
    ABOVE_CRISIS,
    HEADING_BELOW_HEAD,
    TEXT_BELOW_HEAD,
    crisis_box,
    foot_height,
    foot_items,
    head_bottom,
    running_head_items,
    with_repeated_crisis_box,
)
from handouts.layout.page_model import Element, OutlineEntry, Page, PagePlan
from handouts.layout.pagination import (
    PageFrame,
    PlacedBox,
    PlacedPages,
    break_pages,
    count_before_sections,
    fill_pages_with_copies,
    height_over_first_page,
)
from handouts.layout.structure_tree import remove_empty_elements, repair_heading_levels
from handouts.render_cache import RenderCache
from handouts.theme import Theme

_EXPECTED_PAGES = 9  # the height of the foot depends on the number of digits
_LINES_AFTER_HEADING = 2  # the least that stands below a heading on its page


def plan_document(
    document: Document, theme: Theme, *, fillable: bool = False, cache: RenderCache | None = None
) -> PagePlan:
    """Return the pages of `document` with their structure tree, bookmarks and findings; `fillable` ones have fields.

    The `cache` holds broken lines and drawings that plans of several documents share.
    """
    cache = RenderCache() if cache is None else cache
    foot = foot_height(document, theme, _EXPECTED_PAGES)
    plan = _plan_pages(document, theme, foot, cache, fillable=fillable)
    needed = foot_height(document, theme, len(plan.pages))
    return plan if needed <= foot else _plan_pages(document, theme, needed, cache, fillable=fillable)


def _plan_pages(document: Document, theme: Theme, foot: float, cache: RenderCache, *, fillable: bool) -> PagePlan:
    """Return the plan of `document` with a foot of height `foot`."""
    inside = document.blocks[1:] if covers_alone(document) else document.blocks
    starts_with_cover = bool(inside) and isinstance(inside[0], Cover)
    context = LayoutContext(
        theme,
        document.words,
        0.0,
        fillable,
        phone_number_pattern(document),
        discreet=document.discreet,
        lay_out=lay_out_nested_blocks,
        cache=cache,
    )
    crisis = crisis_box(document, foot, context)
    frame = _page_frame(theme, foot, crisis.height, starts_with_cover=starts_with_cover)
    context.room = frame.bottom - frame.text_top

    root = Element("Document", language=document.language)
    cover = _cover_page(document, root, foot, context)
    opening, rest = _split_opening(inside)
    before, start = context.copy(), len(root.children)
    boxes = lay_out_page_blocks(opening, root, context)
    count, end = len(boxes), len(root.children)
    boxes += lay_out_page_blocks(rest, root, context)
    if starts_with_cover and (lower := _opening_with_lower_cover(opening, boxes, count, frame, before)):
        boxes[:count], root.children[start:end], bookmarks = lower
        context.outline[: len(bookmarks)] = bookmarks
    boxes = _keep_headings_with_text(boxes or [LayoutBox(0.0)], _LINES_AFTER_HEADING * context.style("body").leading)
    over = height_over_first_page(boxes, frame)
    if starts_with_cover and over <= 0.01:
        first = count_before_sections(boxes)
        boxes[:first] = kept_whole(boxes[:first])
    placed, findings = break_pages(boxes, frame, len(cover))
    placed = fill_pages_with_copies(placed, frame.bottom)
    lacking = height_over_first_page(boxes[:count], frame)
    too_high = _opening_too_high_findings(placed[0], count, opening, lacking)

    head = running_head_items(document, context) if len(placed) > 1 or not starts_with_cover else ()
    made = []
    for number, boxes_of_page in enumerate((*cover, *placed), 1):
        items = [item for each in boxes_of_page for item in moved_down(each.box.items, each.y)]
        if number > len(cover):
            first_inside = number == len(cover) + 1
            above = () if first_inside and starts_with_cover else head
            items = [*above, *items, *(crisis.first_page_items if first_inside else crisis.other_page_items)]
        items += foot_items(document, number, len(cover) + len(placed), context)
        made.append(Page(theme.paper.width, theme.paper.height, tuple(items)))
    made[len(cover) :] = with_repeated_crisis_box(made[len(cover) :], root, crisis)
    repair_heading_levels(root)
    remove_empty_elements(root, {id(item.element) for page in made for item in page.items})
    found = sorted_findings((*context.findings, *findings, *too_high))
    repeated = crisis.other_page_items
    return PagePlan(tuple(made), root, tuple(context.outline), found, fillable=fillable, repeated=repeated)


def _page_frame(theme: Theme, foot: float, crisis: float, *, starts_with_cover: bool) -> PageFrame:
    """Return where boxes may stand on a page with a foot and a crisis box of these heights."""
    bottom = theme.paper.height - foot - (crisis + ABOVE_CRISIS if crisis else 0.0)
    head = head_bottom(theme)
    cover_top = theme.margin if starts_with_cover else None
    return PageFrame(cover_top, head + HEADING_BELOW_HEAD, head + TEXT_BELOW_HEAD, bottom)


def _cover_page(document: Document, root: Element, foot: float, context: LayoutContext) -> PlacedPages:
    """Return the page of a cover that stands alone, without a crisis box; nothing if the document has no such cover."""
    if not covers_alone(document):
        return ()
    theme = context.theme
    whole_page = replace(context, room=theme.paper.height - theme.margin - foot)
    return tuple((PlacedBox(box, theme.margin),) for box in lay_out_page_blocks(document.blocks[:1], root, whole_page))


def _split_opening(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Return the cover and the main message, which must fit on the first page, and the other blocks."""
    count = 0
    while count < len(blocks) and isinstance(blocks[count], Cover | MainMessage):
        count += 1
    return blocks[:count], blocks[count:]


def _opening_with_lower_cover(
    opening: Sequence[Block], boxes: Sequence[LayoutBox], count: int, frame: PageFrame, before: LayoutContext
) -> tuple[list[LayoutBox], list[Element], list[OutlineEntry]] | None:
    """Return the opening with a lower cover, its elements and its bookmarks, or None if that does not help.

    A lower cover helps if everything before the first section then fits on the first page, or at least the opening
    itself, the first `count` of `boxes`. `before` is the context as it was before the opening.
    """
    for lacking in (height_over_first_page(boxes, frame), height_over_first_page(boxes[:count], frame)):
        if lacking > 0.0:
            parent, context = Element("Document"), replace(before.copy(), cover_reduction=lacking)
            lower = lay_out_page_blocks(opening, parent, context)
            if boxes[0].height - lower[0].height > lacking - 0.01:
                return lower, parent.children, context.outline
    return None


def _keep_headings_with_text(boxes: Sequence[LayoutBox], least: float) -> list[LayoutBox]:
    """Return `boxes` with page breaks forbidden after headings until at least `least` points of text follow."""
    changed = list(boxes)
    for index in (index for index, box in enumerate(boxes) if box.is_heading):
        end = index + 1
        while end < len(boxes) - 1 and stacked_height(boxes[index + 1 : end + 1]) < least:
            end += 1
        changed[index:end] = [replace(box, break_cost=NEVER) for box in changed[index:end]]
    return changed


def _opening_too_high_findings(
    first_page: Sequence[PlacedBox], count: int, opening: Sequence[Block], lacking: float
) -> Iterator[Finding]:
    """Yield an error if the `count` boxes of the opening are `lacking` points too high for the first page."""
    if opening and len(first_page) < count:
        message = f"The cover and the main message are together {lacking:.0f} points higher than a page."
        hint = "shorten the title, the subtitle, the main message, or the name of the sender"
        yield error("too-high", message, opening[0].at, hint)
