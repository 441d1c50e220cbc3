"""From the tree to the blocks of the Document: the one place where blocks are made.

Takes blocks that one reader reads and `Facts`; gives blocks or slides, and gathers findings about how they are put
together. Used on a part alone when content is loaded, and on a whole document when a template has placed its parts.
"""

from __future__ import annotations

from typing import TypeGuard, assert_never, cast

from handouts.document import nodes as document
from handouts.document.nodes import Level, SlideKind
from handouts.document.text import plain
from handouts.finding import error
from handouts.markdown import leaves, tree, worksheets
from handouts.markdown.headlines import headline
from handouts.markdown.making import Making, inlines_of, place_of, take_title
from handouts.markdown.values import number_of, whole_of

LEVELS: tuple[Level, ...] = ("red", "amber", "green")
# Where a div may stand that may not stand anywhere.
ONLY_INSIDE = {
    "red": "fork",
    "amber": "fork",
    "green": "fork",
    "alt": "figure",
    "row": "card",
    "notes": "slide",
    "length": "slide",
}


def blocks_of(nodes: tree.Blocks, making: Making) -> document.Blocks:
    """Return `nodes` as blocks of the Document."""
    return tuple(each for node in nodes for each in block_of(node, making))


def block_of(node: tree.Block, making: Making) -> document.Blocks:
    """Return one node as blocks of the Document; none if it is not whole."""
    match node:
        case tree.Paragraph():
            return (document.Paragraph(inlines_of(node.content, making), at=node.at),)
        case tree.Heading():
            return heading_of(node, making)
        case tree.Listing():
            items = tuple(blocks_of(item, making) for item in node.items)
            return (document.Steps(items, at=node.at) if node.ordered else document.BulletList(items, at=node.at),)
        case tree.Quotation():
            making.wrong("A quotation stands only in a script.", node.at, "put ::: {.script} and a title before it")
            return ()
        case tree.Grid():
            return (leaves.table_of(node, (), making),)
        case tree.Div():
            return div_of(node, making)
        case _:
            assert_never(node)


def heading_of(node: tree.Heading, making: Making) -> document.Blocks:
    """Return a heading; in a text it has three or four signs, because those above it are the template's."""
    lowest = 2 if making.facts.whole else 3
    if not lowest <= node.level <= 4:
        making.wrong("A heading inside a text has three or four signs #.", node.at, "write ### and the words")
    anchor = node.attributes.ids[0].text if node.attributes.ids else ""
    opens_page = node.attributes.kind == "page"
    content, number = inlines_of(node.content, making), node.attributes.value("number")
    return (document.Heading(node.level, content, anchor, opens_page, number, at=place_of(node)),)


def div_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return what a fenced div means."""
    kind = div.attributes.kind
    match kind:
        case "callout" | "labelled":
            return (titled_of(div, making),)
        case "fork":
            return (fork_of(div, making),)
        case "card":
            return (card_of(div, making),)
        case "running-title":
            return ()
        case "worksheet":
            return (document.Worksheet(blocks_of(div.blocks, making), at=div.at),)
        case _ if kind in worksheets.FIELDS:
            return worksheets.FIELDS[kind](div, making)
        case _ if kind in leaves.LEAVES:
            return leaves.LEAVES[kind](div, making)
    report_misplaced(div, making)
    return ()


def report_misplaced(div: tree.Div, making: Making) -> None:
    """Report a div that stands where it may not; an unknown class was reported where its name stands."""
    kind = div.attributes.kind
    if kind in ONLY_INSIDE:
        making.wrong(
            f"'{kind}' stands only inside '{ONLY_INSIDE[kind]}'.", div.at, f"put it into '{ONLY_INSIDE[kind]}'"
        )
    elif kind == "slide":
        making.wrong(
            "A slide stands only in a template for slides.", div.at, "write renderer: pptx at the template's top"
        )


def titled_of(div: tree.Div, making: Making) -> document.Callout | document.Labelled:
    """Return a box, or a text with a label beside it."""
    title, rest = take_title(div, making)
    if not rest:
        making.wrong(
            f"'{div.attributes.kind}' holds nothing but a title.", div.at, "write what it says below the title"
        )
    blocks = blocks_of(rest, making)
    if div.attributes.kind == "callout":
        cut = any(word.text == "cut" for word in div.attributes.classes)
        return document.Callout(title, blocks, cut, at=div.at)
    return document.Labelled(title, blocks, at=div.at)


def fork_of(div: tree.Div, making: Making) -> document.Fork:
    """Return a question with its answers, the most urgent first."""
    question, rest = take_title(div, making)
    branches: list[document.Branch] = []
    for node in rest:
        level = next((each for each in LEVELS if isinstance(node, tree.Div) and node.attributes.kind == each), None)
        if level is None or not isinstance(node, tree.Div):
            making.wrong("A fork holds a title and its answers only.", node.at, "use ::: {.red}, {.amber} and {.green}")
            continue
        if branches and LEVELS.index(branches[-1].level) >= LEVELS.index(level):
            making.wrong(
                f"'{level}' stands after '{branches[-1].level}'.", node.at, "the most urgent answer comes first"
            )
        title, blocks = take_title(node, making)
        branches.append(document.Branch(level, title, blocks_of(blocks, making), at=node.at))
    if not branches:
        making.wrong("A fork has no answers.", div.at, "add ::: {.red}, {.amber} or {.green}")
    return document.Fork(question, tuple(branches), at=div.at)


def card_of(div: tree.Div, making: Making) -> document.Card:
    """Return one numbered factor."""
    claim, rest = take_title(div, making)
    rows = tuple(leaves.row_of(each, making) for each in rest if is_div(each, "row"))
    blocks = blocks_of(tuple(each for each in rest if not is_div(each, "row")), making)
    number = whole_of(div.attributes.value("number")) or 0
    sign = div.attributes.value("sign")
    return document.Card(number, sign, claim, rows, blocks, at=place_of(div))


def is_div(node: tree.Block, kind: str) -> TypeGuard[tree.Div]:
    """True if `node` is a div of this class."""
    return isinstance(node, tree.Div) and node.attributes.kind == kind


def slides_of(nodes: tree.Blocks, making: Making) -> tuple[document.Slide, ...]:
    """Return `nodes` as slides; anything else at the top of a template for slides is a finding."""
    slides: list[document.Slide] = []
    section = ""
    for node in nodes:
        if is_div(node, "running-title"):
            continue
        if not is_div(node, "slide"):
            making.wrong("In a template for slides, all stands on slides.", node.at, "put it into ::: {.slide …}")
            continue
        slide = slide_of(node, section, making)
        section = slide.section
        slides.append(slide)
    return tuple(slides)


def slide_of(div: tree.Div, section: str, making: Making) -> document.Slide:
    """Return one slide; a title or a section slide begins a part of the talk."""
    named, rest = take_title(div, making, level=2)
    title = headline(named)
    kind = cast(SlideKind, div.attributes.value("kind"))
    if kind in ("title", "section"):
        section = plain(title)
    notes = [node for node in rest if is_div(node, "notes")]
    if len(notes) != 1 or not notes[0].blocks:
        at = notes[1].at if len(notes) > 1 else place_of(div)
        message = "Every slide has notes once: what is said to it."
        making.findings.append(error("no-notes", message, at, "add ::: {.notes}, what is said, :::"))
    blocks = blocks_of(tuple(node for node in rest if not is_div(node, "notes")), making)
    said = tuple(each for node in notes for each in blocks_of(node.blocks, making))
    sign = div.attributes.value("sign")
    return document.Slide(
        kind=kind,
        title=title,
        label=leaves.label_of(div),
        blocks=blocks,
        notes=said,
        section=section,
        sign=sign,
        minutes=number_of(div.attributes.value("minutes")) or 0.0,
        priority=whole_of(div.attributes.value("priority")) or 1,
        at=place_of(div),
    )
