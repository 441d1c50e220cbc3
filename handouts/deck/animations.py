"""Split the items of a slide into pieces that appear click by click, and write the slide's timing element.

The first piece of everything is there from the start; each click brings the next one, in reading order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.planned_slides import (
    TEXT_LEVELS,
    FilledPlaceholder,
    PlacedDrawing,
    PlacedTable,
    SlideItem,
    SlideParagraphs,
)

PRESENTATION_NAMESPACE = "http://schemas.openxmlformats.org/presentationml/2006/main"
SHAPE_TAGS = frozenset(f"{{{PRESENTATION_NAMESPACE}}}{each}" for each in ("sp", "grpSp", "pic", "graphicFrame"))
STEP_LEVEL = TEXT_LEVELS.index("step") + 1


class AnimationTarget(Struct, frozen=True):
    """What comes: an item by its index, or of a list its paragraphs from `first` to `last`."""

    item: int
    first: int = -1
    last: int = -1


class AnimatedItems(Struct, frozen=True):
    """Items of a slide in pieces, and for each click what comes with it."""

    items: tuple[SlideItem, ...]
    clicks: tuple[tuple[AnimationTarget, ...], ...]


def split_into_pieces(items: Sequence[SlideItem]) -> AnimatedItems:
    """Return `items` in pieces, and what comes at which click."""
    pieces: list[SlideItem] = []
    clicks: list[tuple[AnimationTarget, ...]] = []
    later: tuple[PlacedTable, int] | None = None  # the column that comes later, and its click
    for item in items:
        start = len(pieces)
        if isinstance(item, PlacedTable) and is_comparison_table(item):
            pieces += comparison_pieces(item)
            later = item, len(clicks)
            clicks.append((AnimationTarget(start + 1),))
        elif isinstance(item, PlacedDrawing):
            if later and stands_in_second_column(item, later[0]):
                clicks[later[1]] += (AnimationTarget(start),)
            pieces += drawing_pieces(item)
            clicks += [(AnimationTarget(number),) for number in range(start + 1, len(pieces))]
        else:
            pieces.append(item)
            if isinstance(item, FilledPlaceholder):
                clicks += [(AnimationTarget(start, first, last),) for first, last in later_steps(item.paragraphs)]
    return AnimatedItems(tuple(pieces), tuple(clicks))


def drawing_pieces(placed: PlacedDrawing) -> Iterator[PlacedDrawing]:
    """Yield a drawing in the pieces that come step by step: the first says what all of it shows."""
    steps = sorted({shape.step for shape in placed.drawing.shapes})
    for step in steps:
        shapes = tuple(shape for shape in placed.drawing.shapes if shape.step == step)
        alt = placed.alt if step == steps[0] else ""
        yield replace(placed, drawing=replace(placed.drawing, shapes=shapes), alt=alt)


def is_comparison_table(table: PlacedTable) -> bool:
    """True if the two columns of a table stand beside each other as equals, each below a heading of its own."""
    return len(table.columns) == 2 and table.rows[0].header and not table.first_column


def comparison_pieces(table: PlacedTable) -> Iterator[PlacedTable]:
    """Yield each column of a comparison as a table of its own, with the heading of the column as alt text."""
    for index, width in enumerate(table.columns):
        rows = tuple(replace(row, cells=(row.cells[index],)) for row in table.rows)
        alt = " ".join("".join(run.text for run in text.runs) for text in rows[0].cells[0].texts)
        x = table.x + sum(table.columns[:index])
        yield replace(table, x=x, columns=(width,), rows=rows, alt=alt, beside=index > 0)


def stands_in_second_column(drawing: PlacedDrawing, table: PlacedTable) -> bool:
    """True if a drawing, such as a sign in the head, stands in the second column of a comparison."""
    return drawing.x >= table.x + table.columns[0]


def later_steps(paragraphs: SlideParagraphs) -> list[tuple[int, int]]:
    """Return for each step of a list but the first its first and last paragraph; what follows a step belongs to it."""
    starts = [index for index, paragraph in enumerate(paragraphs) if paragraph.level == "step"]
    ends = [*(start - 1 for start in starts[2:]), len(paragraphs) - 1]
    return list(zip(starts[1:], ends, strict=False))


# ---------------------------------------------------------------- written down


def add_timing(slide: bytes, clicks: Sequence[Sequence[AnimationTarget]]) -> bytes:
    """Return the XML of a slide, whose items are its first shapes, with what comes at which click (p:timing)."""
    if not clicks:
        return slide
    tree = etree.fromstring(slide)
    shapes = [
        each
        for each in tree.find(f"{{{PRESENTATION_NAMESPACE}}}cSld/{{{PRESENTATION_NAMESPACE}}}spTree")
        if each.tag in SHAPE_TAGS
    ]
    numbers = [shape[0].find(f"{{{PRESENTATION_NAMESPACE}}}cNvPr").get("id") for shape in shapes]
    tree.append(timing_element(clicks, numbers))
    content: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def timing_element(clicks: Sequence[Sequence[AnimationTarget]], shapes: Sequence[str]) -> Any:
    """Return the timing of a slide whose `shapes` have these numbers: one sequence, a step of it for each click."""
    steps = timing_child("childTnLst", *(click_element(targets, shapes) for targets in clicks))
    main = timing_child("cTn", steps, dur="indefinite", nodeType="mainSeq")
    ways = [
        timing_child(
            f"{way}CondLst", timing_child("cond", timing_child("tgtEl", timing_child("sldTgt")), evt=event, delay="0")
        )
        for way, event in (("prev", "onPrev"), ("next", "onNext"))
    ]
    sequence = timing_child("childTnLst", timing_child("seq", main, *ways, concurrent="1", nextAc="seek"))
    root = timing_child("cTn", sequence, dur="indefinite", restart="never", nodeType="tmRoot")
    whole = timing_child("timing", timing_child("tnLst", timing_child("par", root)), *build_lists(clicks, shapes))
    for number, each in enumerate(whole.iter(f"{{{PRESENTATION_NAMESPACE}}}cTn"), 1):
        each.set("id", str(number))
    return whole


def build_lists(clicks: Sequence[Sequence[AnimationTarget]], shapes: Sequence[str]) -> Iterator[Any]:
    """Yield the list of the texts that come paragraph by paragraph, if there are some."""
    found = dict.fromkeys(target.item for targets in clicks for target in targets if target.first >= 0)
    if found:
        levels = str(STEP_LEVEL)
        yield timing_child(
            "bldLst", *(timing_child("bldP", spid=shapes[item], grpId="0", build="p", bldLvl=levels) for item in found)
        )


def click_element(targets: Sequence[AnimationTarget], shapes: Sequence[str]) -> Any:
    """Return what one click brings: the first target by the click, the others with it."""
    kinds = ("clickEffect", *["withEffect"] * (len(targets) - 1))
    together = [appear_effect(target, shapes, kind) for target, kind in zip(targets, kinds, strict=True)]
    return time_node("indefinite", time_node("0", *together))


def time_node(delay: str, *children: Any, **attributes: str) -> Any:
    """Return a time node that begins its children after `delay`, and holds what they did."""
    start = timing_child("stCondLst", timing_child("cond", delay=delay))
    return timing_child(
        "par", timing_child("cTn", start, timing_child("childTnLst", *children), **attributes, fill="hold")
    )


def appear_effect(target: AnimationTarget, shapes: Sequence[str], kind: str) -> Any:
    """Return the effect Appear for a shape, or for some paragraphs of it."""
    words = target.first >= 0
    inside = [timing_child("txEl", timing_child("pRg", st=str(target.first), end=str(target.last)))] if words else []
    behaviour = timing_child(
        "cBhvr",
        timing_child("cTn", timing_child("stCondLst", timing_child("cond", delay="0")), dur="1", fill="hold"),
        timing_child("tgtEl", timing_child("spTgt", *inside, spid=shapes[target.item])),
        timing_child("attrNameLst", timing_child("attrName", text="style.visibility")),
    )
    shown = timing_child("set", behaviour, timing_child("to", timing_child("strVal", val="visible")))
    group = {"grpId": "0"} if words else {}
    return time_node("0", shown, presetID="1", presetClass="entr", presetSubtype="0", **group, nodeType=kind)


def timing_child(tag: str, *children: Any, text: str = "", **attributes: str) -> Any:
    """Return an element of PresentationML."""
    made = etree.Element(f"{{{PRESENTATION_NAMESPACE}}}{tag}", attributes)
    made.text = text or None
    made.extend(children)
    return made
