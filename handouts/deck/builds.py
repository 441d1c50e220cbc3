"""The items of a slide in, the same items in pieces out, and which of them come at which click.

The first piece of everything is there when the slide opens, and each click brings the next one, in reading order: the
steps of a drawing that has some, the steps of a list, the second column of a comparison. Pieces appear, and nothing
moves or goes on by itself. The alt text of a drawing stays on its first piece, the others are decoration beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.planned import LEVELS, Filled, Item, Paragraphs, PlacedDrawing, PlacedTable

P = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWN = frozenset(f"{{{P}}}{each}" for each in ("sp", "grpSp", "pic", "graphicFrame"))
STEP_LEVEL = LEVELS.index("step") + 1


class Target(Struct, frozen=True):
    """What comes: an item by its index, or of a list its paragraphs from `first` to `last`."""

    item: int
    first: int = -1
    last: int = -1


class Built(Struct, frozen=True):
    """Items of a slide in pieces, and for each click what comes with it."""

    items: tuple[Item, ...]
    clicks: tuple[tuple[Target, ...], ...]


def built(items: Sequence[Item]) -> Built:
    """Return `items` in pieces, and what comes at which click."""
    pieces: list[Item] = []
    clicks: list[tuple[Target, ...]] = []
    later: tuple[PlacedTable, int] | None = None  # the column that comes later, and its click
    for item in items:
        start = len(pieces)
        if isinstance(item, PlacedTable) and is_comparison(item):
            pieces += columns_of(item)
            later = item, len(clicks)
            clicks.append((Target(start + 1),))
        elif isinstance(item, PlacedDrawing):
            if later and stands_in_second_column(item, later[0]):
                clicks[later[1]] += (Target(start),)
            pieces += drawings_of(item)
            clicks += [(Target(number),) for number in range(start + 1, len(pieces))]
        else:
            pieces.append(item)
            if isinstance(item, Filled):
                clicks += [(Target(start, first, last),) for first, last in later_steps(item.paragraphs)]
    return Built(tuple(pieces), tuple(clicks))


def drawings_of(placed: PlacedDrawing) -> Iterator[PlacedDrawing]:
    """Yield a drawing in the pieces that come step by step: the first says what all of it shows."""
    steps = sorted({shape.step for shape in placed.drawing.shapes})
    for step in steps:
        shapes = tuple(shape for shape in placed.drawing.shapes if shape.step == step)
        alt = placed.alt if step == steps[0] else ""
        yield replace(placed, drawing=replace(placed.drawing, shapes=shapes), alt=alt)


def is_comparison(table: PlacedTable) -> bool:
    """True if the two columns of a table stand beside each other as equals, each below a heading of its own."""
    return len(table.columns) == 2 and table.rows[0].header and not table.first_column


def columns_of(table: PlacedTable) -> Iterator[PlacedTable]:
    """Yield each column of a comparison as a table of its own, with the heading of the column as alt text."""
    for index, width in enumerate(table.columns):
        rows = tuple(replace(row, cells=(row.cells[index],)) for row in table.rows)
        alt = " ".join("".join(run.text for run in text.runs) for text in rows[0].cells[0].texts)
        x = table.x + sum(table.columns[:index])
        yield replace(table, x=x, columns=(width,), rows=rows, alt=alt, beside=index > 0)


def stands_in_second_column(drawing: PlacedDrawing, table: PlacedTable) -> bool:
    """True if a drawing, such as a sign in the head, stands in the second column of a comparison."""
    return drawing.x >= table.x + table.columns[0]


def later_steps(paragraphs: Paragraphs) -> list[tuple[int, int]]:
    """Return for each step of a list but the first its first and last paragraph; what follows a step belongs to it."""
    starts = [index for index, paragraph in enumerate(paragraphs) if paragraph.level == "step"]
    ends = [*(start - 1 for start in starts[2:]), len(paragraphs) - 1]
    return list(zip(starts[1:], ends, strict=False))


# ---------------------------------------------------------------- written down


def with_clicks(slide: bytes, clicks: Sequence[Sequence[Target]]) -> bytes:
    """Return the XML of a slide, whose items are its first shapes, with what comes at which click (p:timing)."""
    if not clicks:
        return slide
    tree = etree.fromstring(slide)
    shapes = [each for each in tree.find(f"{{{P}}}cSld/{{{P}}}spTree") if each.tag in DRAWN]
    numbers = [shape[0].find(f"{{{P}}}cNvPr").get("id") for shape in shapes]
    tree.append(timing(clicks, numbers))
    content: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def timing(clicks: Sequence[Sequence[Target]], shapes: Sequence[str]) -> Any:
    """Return the timing of a slide whose `shapes` have these numbers: one sequence, a step of it for each click."""
    steps = element("childTnLst", *(click(targets, shapes) for targets in clicks))
    main = element("cTn", steps, dur="indefinite", nodeType="mainSeq")
    ways = [
        element(f"{way}CondLst", element("cond", element("tgtEl", element("sldTgt")), evt=event, delay="0"))
        for way, event in (("prev", "onPrev"), ("next", "onNext"))
    ]
    sequence = element("childTnLst", element("seq", main, *ways, concurrent="1", nextAc="seek"))
    root = element("cTn", sequence, dur="indefinite", restart="never", nodeType="tmRoot")
    whole = element("timing", element("tnLst", element("par", root)), *lists_in(clicks, shapes))
    for number, each in enumerate(whole.iter(f"{{{P}}}cTn"), 1):
        each.set("id", str(number))
    return whole


def lists_in(clicks: Sequence[Sequence[Target]], shapes: Sequence[str]) -> Iterator[Any]:
    """Yield the list of the texts that come paragraph by paragraph, if there are some."""
    found = dict.fromkeys(target.item for targets in clicks for target in targets if target.first >= 0)
    if found:
        levels = str(STEP_LEVEL)
        yield element(
            "bldLst", *(element("bldP", spid=shapes[item], grpId="0", build="p", bldLvl=levels) for item in found)
        )


def click(targets: Sequence[Target], shapes: Sequence[str]) -> Any:
    """Return what one click brings: the first target by the click, the others with it."""
    kinds = ("clickEffect", *["withEffect"] * (len(targets) - 1))
    together = [appearing(target, shapes, kind) for target, kind in zip(targets, kinds, strict=True)]
    return waiting("indefinite", waiting("0", *together))


def waiting(delay: str, *children: Any, **attributes: str) -> Any:
    """Return a time node that begins its children after `delay`, and holds what they did."""
    start = element("stCondLst", element("cond", delay=delay))
    return element("par", element("cTn", start, element("childTnLst", *children), **attributes, fill="hold"))


def appearing(target: Target, shapes: Sequence[str], kind: str) -> Any:
    """Return the effect Appear for a shape, or for some paragraphs of it."""
    words = target.first >= 0
    inside = [element("txEl", element("pRg", st=str(target.first), end=str(target.last)))] if words else []
    behaviour = element(
        "cBhvr",
        element("cTn", element("stCondLst", element("cond", delay="0")), dur="1", fill="hold"),
        element("tgtEl", element("spTgt", *inside, spid=shapes[target.item])),
        element("attrNameLst", element("attrName", text="style.visibility")),
    )
    shown = element("set", behaviour, element("to", element("strVal", val="visible")))
    group = {"grpId": "0"} if words else {}
    return waiting("0", shown, presetID="1", presetClass="entr", presetSubtype="0", **group, nodeType=kind)


def element(tag: str, *children: Any, text: str = "", **attributes: str) -> Any:
    """Return an element of PresentationML."""
    made = etree.Element(f"{{{P}}}{tag}", attributes)
    made.text = text or None
    made.extend(children)
    return made
