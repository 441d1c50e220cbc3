"""The layout rules of every printed page: each is a function that yields a description of what breaks it.

Each rule takes planned pages only, so that a synthetic page can break it. Page breaks, positions and type are here;
boxes and contrast are in `layout_backgrounds`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from layout_pages import HEADINGS, PlacedBlock, PlannedHandout, TextLine, has_subtype, text_items, union_area

from handouts.document.nodes import (
    Branch,
    Callout,
    Card,
    Choices,
    Comparison,
    Contact,
    Cover,
    Figure,
    Fork,
    MainMessage,
    QrCode,
    Scale,
    Script,
    Writing,
)
from handouts.layout.page_model import CoveredArea, Element, TextItem, item_bounds

FIELDS = (Choices, Scale, Writing)
UNSPLITTABLE = (Branch, Callout, Card, Comparison, Contact, Cover, Figure, MainMessage, QrCode, Script, *FIELDS)
MIN_LINES = 2  # of a paragraph on each side of a page break, and below a heading
MIN_FILL = 0.59  # of the text area: 60 % less a hundredth, because ink is measured and not line height
NEGLIGIBLE_FILL = 0.1  # of the text area: no page is added for less
MAX_BLOCK_HEIGHT = 0.5  # of the text area: higher blocks may be split
MAX_CARD_HEIGHT = 0.85  # of the text area: only higher cards and comparisons may be split
MAX_LINE_LENGTH = 75
MIN_SIZES = {
    "standard": {"source": 10.0, "foot": 11.0, "number": 11.6, "table": 11.5, "text": 12.0},
    "large-print": {"source": 16.0, "foot": 16.0, "number": 16.0, "table": 16.0, "text": 16.0},
}
MIN_BODY_SIZES = {"standard": 12.0, "large-print": 18.0}
TOP_TOLERANCE, BOTTOM_TOLERANCE, SIDE_TOLERANCE, CRISIS_TOLERANCE = (
    12.0,
    5.0,
    0.5,
    6.0,
)  # by which text may leave the margins
GLYPH_EXTENT = (0.72, 0.22)  # of letters above and below the baseline, in em
MAX_OVERLAP = 0.5  # of two texts
FULL_PAGE = 0.85  # of the text area: a fuller page has no room for a repeated title
BLOCK_SPACING = 30.0  # around a block: its padding, its frame and the space above it
MAX_PADDING = 16.0  # at the right of a block with balanced lines


# ---------------------------------------------------------------- page breaks


def heading_near_the_foot(handout: PlannedHandout) -> Iterator[str]:
    """Yield each heading with less than two lines of its section below it on its page; covers are left out."""
    lines = in_reading_order(handout)
    covers = {line for placed in handout.placed_blocks if isinstance(placed.block, Cover) for line in placed.lines}
    for index, line in enumerate(lines):
        next_line = lines[index + 1] if index + 1 < len(lines) else None
        if line.block.role not in HEADINGS or next_line is None or next_line.block is line.block or line in covers:
            continue
        for other in lines[index + 1 : index + 1 + MIN_LINES]:
            if not belongs_to_heading(other, line.block, handout):
                break
            if other.page != line.page:
                yield f"page {line.page + 1}: the heading '{line.text}' stands at the foot"
                break


def belongs_to_heading(line: TextLine, heading: Element, handout: PlannedHandout) -> bool:
    """True if `line` is in the section of `heading`, and is no heading of its level or above."""
    section = handout.parents[heading]
    return (
        section is not None
        and section in handout.ancestors(line.block)
        and not (line.block.role in HEADINGS and line.block.role <= heading.role)
    )


def in_reading_order(handout: PlannedHandout) -> list[TextLine]:
    """Return the lines of the body in reading order."""
    body = set(handout.body)
    return [line for line in dict.fromkeys(handout.reading_text[1]) if line in body]


def widow_or_orphan(handout: PlannedHandout) -> Iterator[str]:
    """Yield each page with less than two lines of a text that is split over pages."""
    for pages in lines_by_block(handout.body).values():
        for page, lines in pages.items():
            if len(pages) > 1 and len(lines) < MIN_LINES:
                yield f"page {page + 1}: '{lines[0].text}' is alone"


def lines_by_block(lines: Sequence[TextLine]) -> dict[Element, dict[int, list[TextLine]]]:
    """Return the lines of each text by page."""
    found: dict[Element, dict[int, list[TextLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        found[line.block][line.page].append(line)
    return found


def split_block(handout: PlannedHandout) -> Iterator[str]:
    """Yield each block that is split over pages though it is small, or split inside a paragraph; and each split row."""
    for placed in handout.placed_blocks:
        if isinstance(placed.block, UNSPLITTABLE) and len(placed.pages) > 1:
            yield from split_faults(type(placed.block).__name__, placed, handout)
    for row, lines in rows_of(handout).items():
        if len({line.page for line in lines}) > 1:
            yield f"page {lines[0].page + 1}: the row '{lines[0].text}' is split ({row.role})"


def split_faults(name: str, placed: PlacedBlock, handout: PlannedHandout) -> Iterator[str]:
    """Yield what is wrong with a block that is split over pages."""
    first = placed.pages[0]
    room = handout.text_bottom(first) - handout.text_top(first)
    limit = MAX_CARD_HEIGHT if isinstance(placed.block, Card | Comparison) else MAX_BLOCK_HEIGHT
    if height_of(placed.lines) <= limit * room:
        yield f"page {first + 1}: {name} '{placed.lines[0].text}' is split"
    for pages in lines_by_block(placed.lines).values():
        if len(pages) > 1:
            yield f"page {first + 1}: '{next(iter(pages.values()))[0].text}' is split inside {name}"


def height_of(lines: Sequence[TextLine]) -> float:
    """Return the total height of `lines` on all pages."""
    pages: dict[int, list[CoveredArea]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line.extent)
    extents = [union_area(each) for each in pages.values()]
    return sum(each.bottom - each.top for each in extents)


def rows_of(handout: PlannedHandout) -> dict[Element, list[TextLine]]:
    """Return the lines of each row of a table."""
    found: dict[Element, list[TextLine]] = defaultdict(list)
    for line in handout.body:
        for element in handout.ancestors(line.block):
            if element.role == "TR":
                found[element].append(line)
    return found


def thin_page(handout: PlannedHandout) -> Iterator[str]:
    """Yield each page but the last that is less than 60 % full, unless an unsplittable block follows it.

    The block must not fit on the page, or the next page would be thinner without it. The first thin page must have a
    finding of the plan at that block.
    """
    reported = [found.at for found in handout.plan.findings if found.code == "thin-page"]
    first = True
    for page in range(len(handout.plan.pages) - 1):
        fill = handout.fill_ratio(page)
        if fill >= MIN_FILL:
            continue
        next_block = unsplittable_block_after(page, handout)
        if next_block is None:
            yield f"page {page + 1}: {fill:.0%} full, and the next block would fit"
        elif first and reported != [next_block.block.at]:
            yield f"page {page + 1}: {fill:.0%} full, without a finding at '{next_block.lines[0].text}'"
        first = False


def unsplittable_block_after(page: int, handout: PlannedHandout) -> PlacedBlock | None:
    """Return the unsplittable block at the top of the next page, below headings, if it could not stand on `page`."""
    lines = [line for line in in_reading_order(handout) if line.page == page + 1]
    for placed in handout.placed_blocks:
        if isinstance(placed.block, (*UNSPLITTABLE, Fork)) and placed.lines and placed.lines[0] in lines:
            before = lines[: lines.index(placed.lines[0])]
            if all(handout.is_heading(line.block) for line in before) and is_placed_well(
                [*before, *placed.lines], handout
            ):
                return placed
    return None


def is_placed_well(lines: Sequence[TextLine], handout: PlannedHandout) -> bool:
    """True if `lines` did not fit on the page before, or if without them their own page would be thinner than that."""
    page = lines[0].page - 1
    room, fill = handout.text_bottom(page) - handout.text_top(page), handout.fill_ratio(page)
    height = height_of([line for line in lines if line.page == page + 1])
    without = handout.fill_ratio(page + 1) - (height + BLOCK_SPACING) / room
    return height > room * (1 - fill) - BLOCK_SPACING or NEGLIGIBLE_FILL < without < fill


def page_without_title(handout: PlannedHandout) -> Iterator[str]:
    """Yield each page that begins with neither a heading nor a repeated title.

    Pages before the first section, and full pages, which have no room for a repeated title, are left out.
    """
    in_section = False
    for number, page in enumerate(handout.plan.pages):
        lines = sorted((line for line in handout.body if line.page == number), key=lambda line: line.extent.top)
        titled = bool(lines) and handout.is_heading(lines[0].block)
        repeated = [
            item
            for item in text_items(page)
            if item.run.size >= handout.theme.print["h3"].size and has_subtype(item, "Header")
        ]
        if in_section and not (titled or repeated or handout.fill_ratio(number) > FULL_PAGE):
            yield f"page {number + 1}: no title above '{lines[0].text if lines else ''}'"
        in_section = in_section or any(
            line.block.role == "H2" and handout.parents[line.block] is handout.plan.root for line in lines
        )


# ---------------------------------------------------------------- positions of texts


def outside_the_margins(handout: PlannedHandout) -> Iterator[str]:
    """Yield each text outside the margins or in the crisis box."""
    margin = handout.theme.margin
    left, right = margin - SIDE_TOLERANCE, handout.theme.right + SIDE_TOLERANCE
    for number, page in enumerate(handout.plan.pages):
        for item in text_items(page):
            box = item_bounds(item)
            above, below = margin - TOP_TOLERANCE - box.top, box.bottom - (page.height - margin + BOTTOM_TOLERANCE)
            if box.left < left or box.right > right or above > 0 or below > 0:
                yield f"page {number + 1}: '{item.run.text}' is outside the margins"
    for line in handout.body:
        if line.extent.bottom > handout.text_bottom(line.page) + CRISIS_TOLERANCE:
            yield f"page {line.page + 1}: '{line.text}' is below the text area"


def overlapping_texts(handout: PlannedHandout) -> Iterator[str]:
    """Yield each pair of texts that overlap."""
    for number, page in enumerate(handout.plan.pages):
        letters = sorted(((glyph_box(item), item) for item in text_items(page)), key=lambda each: each[0].top)
        for index, (box, item) in enumerate(letters):
            for other, below in letters[index + 1 :]:
                if other.top >= box.bottom - MAX_OVERLAP:
                    break
                if min(box.right, other.right) - max(box.left, other.left) > MAX_OVERLAP:
                    yield f"page {number + 1}: '{item.run.text}' and '{below.run.text}' overlap"


def glyph_box(item: TextItem) -> CoveredArea:
    """Return the area that the letters of `item` cover, without line spacing."""
    box, size = item_bounds(item), item.run.size
    return CoveredArea(
        box.left, item.baseline - GLYPH_EXTENT[0] * size, box.right, item.baseline + GLYPH_EXTENT[1] * size
    )


def overlapping_cells(handout: PlannedHandout) -> Iterator[str]:
    """Yield each table cell whose text is less than four points from that of the next cell."""
    for row, lines in rows_of(handout).items():
        cells = {
            cell: union_area([line.extent for line in lines if cell in handout.ancestors(line.block)])
            for cell in row.children
            if any(cell in handout.ancestors(line.block) for line in lines)
        }
        for (_, left), (_, right) in pairwise(cells.items()):
            if left.right > right.left - 4:
                yield f"page {lines[0].page + 1}: two cells of the row '{lines[0].text}' run into each other"


# ---------------------------------------------------------------- type


def small_type(handout: PlannedHandout) -> Iterator[str]:
    """Yield each text that is smaller than its edition allows."""
    min_sizes = MIN_SIZES.get(handout.edition, MIN_SIZES["standard"])
    for number, page in enumerate(handout.plan.pages):
        for item in text_items(page):
            kind, size = kind_of(item, handout), round(item.run.size / item.run.face.scale, 6)
            if size < min_sizes[kind]:
                yield f"page {number + 1}: '{item.run.text}' is {size} points high ({kind})"
    if handout.theme.print["body"].size < MIN_BODY_SIZES.get(handout.edition, MIN_BODY_SIZES["standard"]):
        yield f"body text is {handout.theme.print['body'].size} points high"


def kind_of(item: TextItem, handout: PlannedHandout) -> str:
    """Return the kind of a text in `MIN_SIZES`."""
    if item.element is not None and item.element.role == "Artifact":
        return "foot"
    if item.element is None and item.run.text.strip() in handout.table_heads:
        return "table"
    ancestors = list(handout.ancestors(item.element))
    if any(each.anchor.startswith("source-") for ancestor in ancestors for each in (ancestor, *ancestor.children)):
        return "source"
    if any(ancestor.role == "Lbl" for ancestor in ancestors) and item.run.text.isdigit():
        return "number"
    return "table" if any(ancestor.role == "Table" for ancestor in ancestors) else "text"


def long_line(handout: PlannedHandout) -> Iterator[str]:
    """Yield each line of body text with more than 75 characters, spaces included."""
    size = handout.theme.print["body"].size
    for line in handout.body:
        if line.size == size and len(line.text) > MAX_LINE_LENGTH and not is_caption(line, handout):
            yield f"page {line.page + 1}: {len(line.text)} characters in '{line.text}'"


def is_caption(line: TextLine, handout: PlannedHandout) -> bool:
    """True if `line` is in the caption of a figure."""
    section = handout.parents[line.block]
    return section is not None and any(each.role == "Figure" for each in section.children)


def single_word_last_line(handout: PlannedHandout) -> Iterator[str]:
    """Yield each balanced text whose last line is one word, though another would have fitted beside it."""
    for block, pages in lines_by_block(handout.body).items():
        for lines in pages.values():
            if len(lines) > 1 and is_balanced(block, handout) and could_hold_more(lines, handout):
                yield f"page {lines[0].page + 1}: '{lines[-1].text}' is alone below '{lines[-2].text}'"


def is_balanced(block: Element, handout: PlannedHandout) -> bool:
    """True if the lines of `block` are balanced: in headings, scripts and the main message."""
    is_main_message = any(
        isinstance(placed.block, MainMessage) and any(line.block is block for line in placed.lines)
        for placed in handout.placed_blocks
    )
    return (
        block.role in HEADINGS or any(each.role == "BlockQuote" for each in handout.ancestors(block)) or is_main_message
    )


def could_hold_more(lines: Sequence[TextLine], handout: PlannedHandout) -> bool:
    """True if the last of `lines` is one word, and the last word of the line above would fit before it."""
    above, last = lines[-2].text.split(" "), lines[-1]
    if " " in last.text or len(above) < 2:
        return False
    character = (lines[-2].extent.right - lines[-2].extent.left) / len(lines[-2].text)
    needed = last.extent.right + character * (len(above[-1]) + 1)
    return needed < handout.theme.right - MAX_PADDING
