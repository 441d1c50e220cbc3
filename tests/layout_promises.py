"""What every printed page promises, each promise a function that yields what breaks it, in words with the page.

Looks at planned pages alone, so that a made-up page can be shown to break each promise. About division and type here;
what is painted on what is in `layout_grounds`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from layout_pages import HEADINGS, Printed, Shown, TextLine, around, has_subtype, texts_of

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
WHOLE = (Branch, Callout, Card, Comparison, Contact, Cover, Figure, MainMessage, QrCode, Script, *FIELDS)
LINES_KEPT = 2  # of a paragraph on each side of a page's end, and below a heading
FILLED = 0.59  # of the room: 60 % less a hundredth, for what is measured is ink and not the space that lines take
SOMETHING = 0.1  # of the room: with less on it a page need not be
HIGH = 0.5  # of the room: what is higher may be divided
HIGHEST = 0.85  # of the room: a card and a comparison that are not higher are never divided
LONGEST_LINE = 75
SMALLEST = {
    "standard": {"source": 10.0, "foot": 11.0, "number": 11.6, "table": 11.5, "text": 12.0},
    "large-print": {"source": 16.0, "foot": 16.0, "number": 16.0, "table": 16.0, "text": 16.0},
}
LEAST_BODY = {"standard": 12.0, "large-print": 18.0}
HEAD_ROOM, HANGING, SIDE, ABOVE_CRISIS = 12.0, 5.0, 0.5, 6.0  # by which a head and hanging letters leave the margin
TIGHT = (0.72, 0.22)  # in em: how far letters reach above and below their baseline
TOUCH = 0.5  # a point that two texts may share
FULL = 0.85  # of the room: a page that is fuller has none for a title
SPACE = 30.0  # what stands around a block: its padding, its frame and the space above it
AIR = 16.0  # the widest padding at the right of a block whose lines are balanced


# ---------------------------------------------------------------- where pages end


def heading_near_the_foot(made: Printed) -> Iterator[str]:
    """Yield each heading with less than two lines of what it heads on its page; a cover may have a page to itself."""
    lines = in_reading_order(made)
    covers = {line for shown in made.shown if isinstance(shown.block, Cover) for line in shown.lines}
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if line.block.role not in HEADINGS or following is None or following.block is line.block or line in covers:
            continue
        for other in lines[index + 1 : index + 1 + LINES_KEPT]:
            if not is_headed(other, line.block, made):
                break
            if other.page != line.page:
                yield f"page {line.page + 1}: the heading '{line.text}' stands at the foot"
                break


def is_headed(line: TextLine, heading: Element, made: Printed) -> bool:
    """True if `line` belongs to what `heading` heads: in the same section, and no heading of its level or above."""
    section = made.parents[heading]
    return (
        section is not None
        and section in made.ancestors(line.block)
        and not (line.block.role in HEADINGS and line.block.role <= heading.role)
    )


def in_reading_order(made: Printed) -> list[TextLine]:
    """Return the lines of the body as they are read."""
    body = set(made.body)
    return [line for line in dict.fromkeys(made.spoken[1]) if line in body]


def lonely_line(made: Printed) -> Iterator[str]:
    """Yield each page on which less than two lines of a divided text stand."""
    for pages in lines_by_block(made.body).values():
        for page, lines in pages.items():
            if len(pages) > 1 and len(lines) < LINES_KEPT:
                yield f"page {page + 1}: '{lines[0].text}' is alone"


def lines_by_block(lines: Sequence[TextLine]) -> dict[Element, dict[int, list[TextLine]]]:
    """Return the lines of each text by page."""
    found: dict[Element, dict[int, list[TextLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        found[line.block][line.page].append(line)
    return found


def torn_block(made: Printed) -> Iterator[str]:
    """Yield what stands on two pages and should not: not above half a page, or not divided between its parts."""
    for shown in made.shown:
        if isinstance(shown.block, WHOLE) and len(shown.pages) > 1:
            yield from torn(type(shown.block).__name__, shown, made)
    for row, lines in rows_of(made).items():
        if len({line.page for line in lines}) > 1:
            yield f"page {lines[0].page + 1}: the row '{lines[0].text}' is torn ({row.role})"


def torn(name: str, shown: Shown, made: Printed) -> Iterator[str]:
    """Yield what is wrong with a block on several pages."""
    first = shown.pages[0]
    room = made.foot_of(first) - made.head_of(first)
    whole = HIGHEST if isinstance(shown.block, Card | Comparison) else HIGH
    if height_of(shown.lines) <= whole * room:
        yield f"page {first + 1}: {name} '{shown.lines[0].text}' is torn"
    for pages in lines_by_block(shown.lines).values():
        if len(pages) > 1:
            yield f"page {first + 1}: '{next(iter(pages.values()))[0].text}' is torn inside {name}"


def height_of(lines: Sequence[TextLine]) -> float:
    """Return how high `lines` are on all pages together."""
    pages: dict[int, list[CoveredArea]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line.extent)
    extents = [around(each) for each in pages.values()]
    return sum(each.bottom - each.top for each in extents)


def rows_of(made: Printed) -> dict[Element, list[TextLine]]:
    """Return the lines of each row of a table."""
    found: dict[Element, list[TextLine]] = defaultdict(list)
    for line in made.body:
        for element in made.ancestors(line.block):
            if element.role == "TR":
                found[element].append(line)
    return found


def thin_page(made: Printed) -> Iterator[str]:
    """Yield each page but the last that is less than 60 % full, unless what is never torn follows it.

    It may follow if it did not fit there, or if the page after it would be thinner without it. The first thin page must
    be said by the plan, at what follows.
    """
    told = [found.at for found in made.plan.findings if found.code == "thin-page"]
    first = True
    for page in range(len(made.plan.pages) - 1):
        fill = made.fill_of(page)
        if fill >= FILLED:
            continue
        follows = whole_after(page, made)
        if follows is None:
            yield f"page {page + 1}: {fill:.0%} full, and what follows would fit"
        elif first and told != [follows.block.at]:
            yield f"page {page + 1}: {fill:.0%} full, and nothing is said at '{follows.lines[0].text}'"
        first = False


def whole_after(page: int, made: Printed) -> Shown | None:
    """Return what begins the page after `page`, below headings, is never torn, and stands rightly there."""
    lines = [line for line in in_reading_order(made) if line.page == page + 1]
    for shown in made.shown:
        if isinstance(shown.block, (*WHOLE, Fork)) and shown.lines and shown.lines[0] in lines:
            before = lines[: lines.index(shown.lines[0])]
            if all(made.heads(line.block) for line in before) and stands_rightly([*before, *shown.lines], made):
                return shown
    return None


def stands_rightly(lines: Sequence[TextLine], made: Printed) -> bool:
    """True if `lines` did not fit on the page before theirs, or would leave theirs thinner than that."""
    page = lines[0].page - 1
    room, fill = made.foot_of(page) - made.head_of(page), made.fill_of(page)
    height = height_of([line for line in lines if line.page == page + 1])
    without = made.fill_of(page + 1) - (height + SPACE) / room
    return height > room * (1 - fill) - SPACE or SOMETHING < without < fill


def page_without_title(made: Printed) -> Iterator[str]:
    """Yield each page, but those before the first section, that begins with neither a heading nor a repeated title.

    There is no repeated title only where what begins the page leaves no room for it.
    """
    begun = False
    for number, page in enumerate(made.plan.pages):
        lines = sorted((line for line in made.body if line.page == number), key=lambda line: line.extent.top)
        titled = bool(lines) and made.heads(lines[0].block)
        repeated = [
            item
            for item in texts_of(page)
            if item.run.size >= made.theme.print["h3"].size and has_subtype(item, "Header")
        ]
        if begun and not (titled or repeated or made.fill_of(number) > FULL):
            yield f"page {number + 1}: no title above '{lines[0].text if lines else ''}'"
        begun = begun or any(line.block.role == "H2" and made.parents[line.block] is made.plan.root for line in lines)


# ---------------------------------------------------------------- where texts stand


def outside_the_margins(made: Printed) -> Iterator[str]:
    """Yield each text that leaves the margins or reaches the crisis box."""
    margin = made.theme.margin
    left, right = margin - SIDE, made.theme.right + SIDE
    for number, page in enumerate(made.plan.pages):
        for item in texts_of(page):
            box = item_bounds(item)
            above, below = margin - HEAD_ROOM - box.top, box.bottom - (page.height - margin + HANGING)
            if box.left < left or box.right > right or above > 0 or below > 0:
                yield f"page {number + 1}: '{item.run.text}' is outside the margins"
    for line in made.body:
        if line.extent.bottom > made.foot_of(line.page) + ABOVE_CRISIS:
            yield f"page {line.page + 1}: '{line.text}' reaches the foot"


def overlapping_texts(made: Printed) -> Iterator[str]:
    """Yield each two texts that stand on each other."""
    for number, page in enumerate(made.plan.pages):
        letters = sorted(((tight(item), item) for item in texts_of(page)), key=lambda each: each[0].top)
        for index, (box, item) in enumerate(letters):
            for other, below in letters[index + 1 :]:
                if other.top >= box.bottom - TOUCH:
                    break
                if min(box.right, other.right) - max(box.left, other.left) > TOUCH:
                    yield f"page {number + 1}: '{item.run.text}' and '{below.run.text}' overlap"


def tight(item: TextItem) -> CoveredArea:
    """Return what the letters of `item` cover, without the space at its end."""
    box, size = item_bounds(item), item.run.size
    return CoveredArea(box.left, item.baseline - TIGHT[0] * size, box.right, item.baseline + TIGHT[1] * size)


def words_in_the_next_cell(made: Printed) -> Iterator[str]:
    """Yield each cell of a table whose text comes closer than four points to that of the cell to its right."""
    for row, lines in rows_of(made).items():
        cells = {
            cell: around([line.extent for line in lines if cell in made.ancestors(line.block)])
            for cell in row.children
            if any(cell in made.ancestors(line.block) for line in lines)
        }
        for (_, left), (_, right) in pairwise(cells.items()):
            if left.right > right.left - 4:
                yield f"page {lines[0].page + 1}: two cells of the row '{lines[0].text}' run into each other"


# ---------------------------------------------------------------- type


def small_type(made: Printed) -> Iterator[str]:
    """Yield each text that is smaller than its edition promises; numbers to call are as high as their text."""
    least = SMALLEST.get(made.edition, SMALLEST["standard"])
    for number, page in enumerate(made.plan.pages):
        for item in texts_of(page):
            kind, size = kind_of(item, made), round(item.run.size / item.run.face.scale, 6)
            if size < least[kind]:
                yield f"page {number + 1}: '{item.run.text}' is {size} points high ({kind})"
    if made.theme.print["body"].size < LEAST_BODY.get(made.edition, LEAST_BODY["standard"]):
        yield f"body text is {made.theme.print['body'].size} points high"


def kind_of(item: TextItem, made: Printed) -> str:
    """Return what a text is as far as its size goes."""
    if item.element is not None and item.element.role == "Artifact":
        return "foot"
    if item.element is None and item.run.text.strip() in made.table_heads:
        return "table"
    holders = list(made.ancestors(item.element))
    if any(each.anchor.startswith("source-") for holder in holders for each in (holder, *holder.children)):
        return "source"
    if any(holder.role == "Lbl" for holder in holders) and item.run.text.isdigit():
        return "number"
    return "table" if any(holder.role == "Table" for holder in holders) else "text"


def long_line(made: Printed) -> Iterator[str]:
    """Yield each line of body text with more than 75 signs, spaces included."""
    size = made.theme.print["body"].size
    for line in made.body:
        if line.size == size and len(line.text) > LONGEST_LINE and not is_caption(line, made):
            yield f"page {line.page + 1}: {len(line.text)} signs in '{line.text}'"


def is_caption(line: TextLine, made: Printed) -> bool:
    """True if `line` stands below a figure, from margin to margin."""
    section = made.parents[line.block]
    return section is not None and any(each.role == "Figure" for each in section.children)


def lone_last_word(made: Printed) -> Iterator[str]:
    """Yield each balanced text that ends with a word alone, though one more would have fitted beside it."""
    for block, pages in lines_by_block(made.body).items():
        for lines in pages.values():
            if len(lines) > 1 and is_balanced(block, made) and could_hold_more(lines, made):
                yield f"page {lines[0].page + 1}: '{lines[-1].text}' is alone below '{lines[-2].text}'"


def is_balanced(block: Element, made: Printed) -> bool:
    """True if the lines of `block` are balanced: headings, words to say, the main message."""
    lead = any(
        isinstance(shown.block, MainMessage) and any(line.block is block for line in shown.lines)
        for shown in made.shown
    )
    return block.role in HEADINGS or any(each.role == "BlockQuote" for each in made.ancestors(block)) or lead


def could_hold_more(lines: Sequence[TextLine], made: Printed) -> bool:
    """True if the last of `lines` is one word, and the last word of the line above would fit before it."""
    above, last = lines[-2].text.split(" "), lines[-1]
    if " " in last.text or len(above) < 2:
        return False
    sign = (lines[-2].extent.right - lines[-2].extent.left) / len(lines[-2].text)
    needed = last.extent.right + sign * (len(above[-1]) + 1)
    return needed < made.theme.right - AIR
