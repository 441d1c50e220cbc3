"""A Document and a Theme in, planned pages out: the half that is full of thought.

Builds the structure tree in reading order, lays each block out as boxes, finds where pages end, and adds what stands on
every page. Paints nothing and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import Block, Blocks, Cover, Document, MainMessage, covers_alone, one_of
from handouts.finding import Finding, error, in_order
from handouts.pdf.boxes import NEVER, Box, kept, moved_down, owned, stacked
from handouts.pdf.breaking import Frame, Placed, before_sections, break_pages, filled_up, lacking_room
from handouts.pdf.crisis import CrisisBox, crisis_box, crisis_height
from handouts.pdf.flow import Drafting, Laid, Lay, Setting, boxes_of_all, lay_block, remembered_block, setting_of
from handouts.pdf.furniture import foot_height, foot_items, head_bottom, head_items
from handouts.pdf.inline import Desk
from handouts.pdf.numbers import numbers_called
from handouts.pdf.page import Element, Item, Page, Plan
from handouts.pdf.repeats import with_crisis
from handouts.theme import Theme

HEADING_BELOW, OTHER_BELOW, ABOVE_CRISIS = 10.0, 12.0, 12.0  # below the running head, above the crisis box
FEW_PAGES = 9
FOLLOWING_LINES = 2
HEADINGS, CELLS = ("H1", "H2", "H3", "H4", "H5", "H6"), ("TD", "TH")


class Sheets(Struct, frozen=True):
    """What every page of a document shares, and how many pages there are."""

    document: Document
    desk: Desk
    head: tuple[Item, ...]
    crisis: CrisisBox
    count: int


def plan_document(document: Document, theme: Theme, *, fillable: bool = False) -> Plan:
    """Return the pages of `document` with their structure tree, bookmarks and findings; `fillable` with fields."""
    plan = plan_fitting(document, theme, fillable=fillable, lay=remembered_block)
    if plan.findings:  # which name places, as equal blocks need not
        plan = plan_fitting(document, theme, fillable=fillable, lay=lay_block)
    return plan


def plan_fitting(document: Document, theme: Theme, *, fillable: bool, lay: Lay) -> Plan:
    """Return the plan of `document` with a foot as high as the number of its pages needs."""
    foot = foot_height(document, theme, FEW_PAGES)
    plan = plan_pages(document, theme, foot, fillable=fillable, lay=lay)
    needed = foot_height(document, theme, len(plan.pages))
    return plan if needed <= foot else plan_pages(document, theme, needed, fillable=fillable, lay=lay)


def plan_pages(
    document: Document, theme: Theme, foot: float, *, fillable: bool, lay: Lay, squeeze: float = 0.0
) -> Plan:
    """Return the plan of `document` with a `foot` so high, and with a cover lower by `squeeze`.

    What stands before the first section has the first page, if a lower cover makes room enough for it, or at least
    the cover and the main message have.
    """
    outside, inside = split_outside(document)
    room = room_of(inside, document, theme, foot)
    desk = Desk(one_of(theme), one_of(document.words), room, fillable, numbers_called(document), squeeze)
    own = each_once(lay)
    drafting = Drafting(desk, document.discreet)
    root = Element("Document", language=document.language)
    cover = outside_page(outside, root, foot, drafting, own)
    opening, rest = split_opening(inside)
    boxes = boxes_of_all(opening, root, drafting, own)
    crisis = crisis_box(document, foot, desk)
    count = len(boxes)
    boxes.extend(boxes_of_all(rest, root, drafting, own))
    boxes = with_headings_kept(boxes or [Box(0.0)], FOLLOWING_LINES * desk.style("body").leading)
    frame = frame_of(inside, theme, foot, crisis.height)
    if has_cover(inside) and not squeeze:
        setting = setting_of(inside, 0, drafting)
        for lacking in (lacking_room(boxes, frame), lacking_room(boxes[:count], frame)):
            if lacking > 0.0 and boxes[0].height - lowered(inside[0], setting, lacking, lay) > lacking - 0.01:
                return plan_pages(document, theme, foot, fillable=fillable, lay=lay, squeeze=lacking)
    if has_cover(inside) and lacking_room(boxes, frame) <= 0.01:
        first = before_sections(boxes)
        boxes[:first] = kept(boxes[:first])
    pages, findings = break_pages(boxes, frame, len(cover))
    pages = filled_up(pages, frame.bottom)
    findings = (*findings, *torn_opening(pages, count, opening, lacking_room(boxes[:count], frame)))
    head = head_items(document, desk) if len(pages) > 1 or not has_cover(inside) else ()
    sheets = Sheets(document, desk, head, crisis, len(cover) + len(pages))
    made = (
        *(sheet_of(placed, number, sheets) for number, placed in enumerate(cover, 1)),
        *with_crisis(tuple(inside_sheets(pages, len(cover) + 1, opening, sheets)), root, crisis),
    )
    found = in_order((*desk.findings, *findings))
    outline = tuple(drafting.outline)
    plan = with_own_tree(Plan(made, root, outline, found, fillable=fillable, repeated=crisis.repeated))
    mend_headings(plan.root)
    prune(plan.root, {id(item.element) for sheet in plan.pages for item in sheet.items})
    return plan


def lowered(cover: Block, setting: Setting, squeeze: float, lay: Lay) -> float:
    """Return how high a cover is that is to be lower by `squeeze`."""
    return lay(cover, replace(setting, squeeze=squeeze)).boxes[0].height


def each_once(lay: Lay) -> Lay:
    """Return what lays blocks out as `lay` does, and gives nothing twice: equal blocks each have their own elements."""
    given: dict[int, Laid] = {}

    def lay_own(block: Block, setting: Setting) -> Laid:
        laid = lay(block, setting)
        if id(laid) in given:
            laid = lay_block(block, setting)
        given[id(laid)] = laid
        return laid

    return lay_own


def with_own_tree(plan: Plan) -> Plan:
    """Return `plan` with a copy of its tree: blocks that are laid out once share their elements with other plans."""
    twins: dict[Element, Element] = {}
    root = twin_of(plan.root, twins)
    pages = (replace(page, items=tuple([owned(item, twins) for item in page.items])) for page in plan.pages)
    outline = (replace(entry, element=twins[entry.element]) for entry in plan.outline)
    return replace(plan, pages=tuple(pages), root=root, outline=tuple(outline))


def twin_of(element: Element, twins: dict[Element, Element]) -> Element:
    """Return a copy of `timing_child` and of all below it, each noted in `twins`."""
    twins[element] = twin = element.holding([twin_of(child, twins) for child in element.children])
    return twin


def torn_opening(
    pages: Sequence[Sequence[Placed]], count: int, opening: Sequence[Block], lacking: float
) -> Iterator[Finding]:
    """Yield an error if the `count` boxes of the opening, above the crisis box, have no room on one page: they are
    `lacking` some.
    """
    if opening and len(pages[0]) < count:
        message = f"The cover and the main message are together {lacking:.0f} points higher than a page."
        hint = "shorten the title, the subtitle, the main message, or the name of the sender"
        yield error("too-high", message, opening[0].at, hint)


def split_outside(document: Document) -> tuple[Blocks, Blocks]:
    """Return the cover that has the first page for itself, if there is one, and what stands on the pages inside."""
    count = 1 if covers_alone(document) else 0
    return document.blocks[:count], document.blocks[count:]


def outside_page(
    blocks: Blocks, root: Element, foot: float, drafting: Drafting, lay: Lay
) -> tuple[tuple[Placed, ...], ...]:
    """Return the page that is seen from outside: a cover above a `foot` so high, and no word of whom to call."""
    theme = drafting.desk.theme
    room = theme.paper.height - theme.margin - foot
    whole = replace(drafting, desk=replace(drafting.desk, room=room))
    return tuple((Placed(box, theme.margin),) for box in boxes_of_all(blocks, root, whole, lay))


def mend_headings(root: Element) -> None:
    """Give each heading the level below that of the one it stands under, so none is skipped (ISO 14289-1, 7.4.2)."""
    above: list[int] = []
    for element in elements_of(root):
        if element.role in HEADINGS:
            level = HEADINGS.index(element.role)
            above = [each for each in above if each < level] + [level]
            element.role = HEADINGS[len(above) - 1]


def elements_of(element: Element) -> Iterator[Element]:
    """Yield `timing_child` and all below it in reading order."""
    yield element
    for child in element.children:
        yield from elements_of(child)


def prune(element: Element, painted: Set[int]) -> bool:
    """Take out of the tree what holds nothing that is painted, and return whether `timing_child` holds anything.

    The cells of a table stay: a row has as many as its head.
    """
    element.children[:] = [child for child in element.children if prune(child, painted)]
    return bool(element.children) or id(element) in painted or element.role in CELLS


def split_opening(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Return the cover and main message, which share the first page with the crisis box, and the rest."""
    count = 0
    while count < len(blocks) and isinstance(blocks[count], Cover | MainMessage):
        count += 1
    return blocks[:count], blocks[count:]


def frame_of(blocks: Sequence[Block], theme: Theme, foot: float, crisis: float) -> Frame:
    """Return where boxes may stand on a page whose foot and crisis box are so high."""
    bottom = theme.paper.height - foot - (crisis + ABOVE_CRISIS if crisis else 0.0)
    cover, head = theme.margin if has_cover(blocks) else None, head_bottom(theme)
    return Frame(cover, head + HEADING_BELOW, head + OTHER_BELOW, bottom)


def room_of(blocks: Sequence[Block], document: Document, theme: Theme, foot: float) -> float:
    """Return how high the boxes of a page may be together."""
    frame = frame_of(blocks, theme, foot, crisis_height(document, theme))
    return frame.bottom - frame.others


def has_cover(blocks: Sequence[Block]) -> bool:
    """True if a page of `blocks` begins with a cover, and needs no running head."""
    return bool(blocks) and isinstance(blocks[0], Cover)


def inside_sheets(
    pages: Sequence[Sequence[Placed]], first: int, opening: Sequence[Block], sheets: Sheets
) -> Iterator[Page]:
    """Yield the pages from number `first` on; on the first of them the crisis box is read, after what stands on it."""
    for number, placed in enumerate(pages, first):
        if number > first:
            yield sheet_of(placed, number, sheets, sheets.head, sheets.crisis.repeated)
        else:
            before = () if has_cover(opening) else sheets.head
            yield sheet_of(placed, number, sheets, before, sheets.crisis.read)


def sheet_of(
    placed: Sequence[Placed],
    number: int,
    sheets: Sheets,
    before: Sequence[Item] = (),
    after: Sequence[Item] = (),
) -> Page:
    """Return one page: what stands `before` its boxes, the boxes, what stands `after` them, and the foot."""
    items = list(before)
    for each in placed:
        items.extend(moved_down(each.box.items, each.y))
    items.extend(after)
    items.extend(foot_items(sheets.document, number, sheets.count, sheets.desk))
    paper = sheets.desk.theme.paper
    return Page(paper.width, paper.height, tuple(items))


def with_headings_kept(boxes: Sequence[Box], least: float) -> list[Box]:
    """Return `boxes` so that at least `least` of what follows a heading stands on its page."""
    changed = list(boxes)
    for index in (index for index, box in enumerate(boxes) if box.heads):
        end = index + 1
        while end < len(boxes) - 1 and stacked(boxes[index + 1 : end + 1]).height < least:
            end += 1
        changed[index:end] = [replace(box, break_cost=NEVER) for box in changed[index:end]]
    return changed
