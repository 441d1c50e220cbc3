"""Split the items of a slide into pieces that appear click by click, and write the slide's timing element.

The first piece of everything is there from the start; each click brings the next one, in reading order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.deck.ooxml import Markup, append, element, qualified
from handouts.deck.planned_slides import (
    TEXT_LEVELS,
    FilledPlaceholder,
    PlacedDrawing,
    PlacedTable,
    SlideItem,
    SlideParagraphs,
)

_STEP_LEVEL = TEXT_LEVELS.index("step") + 1


class _AnimationTarget(Struct, frozen=True):
    """What appears: an item, given by its index, or paragraphs `first` to `last` of a list."""

    item: int
    first: int = -1
    last: int = -1


class AnimatedItems(Struct, frozen=True):
    """Items of a slide in pieces, and what appears with each click."""

    items: tuple[SlideItem, ...]
    clicks: tuple[tuple[_AnimationTarget, ...], ...]


def split_into_pieces(items: Sequence[SlideItem]) -> AnimatedItems:
    """Return `items` in pieces, and what appears with each click."""
    pieces: list[SlideItem] = []
    clicks: list[tuple[_AnimationTarget, ...]] = []
    later: tuple[PlacedTable, int] | None = None  # a comparison, and the click for its second column
    for item in items:
        start = len(pieces)
        if isinstance(item, PlacedTable) and _is_comparison_table(item):
            pieces += _comparison_pieces(item)
            later = item, len(clicks)
            clicks.append((_AnimationTarget(start + 1),))
        elif isinstance(item, PlacedDrawing):
            if later and _stands_in_second_column(item, later[0]):
                clicks[later[1]] += (_AnimationTarget(start),)
            pieces += _drawing_pieces(item)
            clicks += [(_AnimationTarget(number),) for number in range(start + 1, len(pieces))]
        else:
            pieces.append(item)
            if isinstance(item, FilledPlaceholder):
                clicks += [(_AnimationTarget(start, first, last),) for first, last in _later_steps(item.paragraphs)]
    return AnimatedItems(tuple(pieces), tuple(clicks))


def _drawing_pieces(placed: PlacedDrawing) -> Iterator[PlacedDrawing]:
    """Yield a drawing in the pieces that appear step by step; the first has the alt text of the whole."""
    steps = sorted({shape.step for shape in placed.drawing.shapes})
    for step in steps:
        shapes = tuple(shape for shape in placed.drawing.shapes if shape.step == step)
        alt = placed.alt if step == steps[0] else ""
        yield replace(placed, drawing=replace(placed.drawing, shapes=shapes), alt=alt)


def _is_comparison_table(table: PlacedTable) -> bool:
    """True if a table has two equal columns, each below its own heading."""
    return len(table.columns) == 2 and table.rows[0].header and not table.first_column


def _comparison_pieces(table: PlacedTable) -> Iterator[PlacedTable]:
    """Yield each column of a comparison as a table of its own, with the heading of the column as alt text."""
    for index, width in enumerate(table.columns):
        rows = tuple(replace(row, cells=(row.cells[index],)) for row in table.rows)
        alt = " ".join("".join(run.text for run in text.runs) for text in rows[0].cells[0].texts)
        x = table.x + sum(table.columns[:index])
        yield replace(table, x=x, columns=(width,), rows=rows, alt=alt, beside=index > 0)


def _stands_in_second_column(drawing: PlacedDrawing, table: PlacedTable) -> bool:
    """True if a drawing, such as a sign in the head, stands in the second column of a comparison."""
    return drawing.x >= table.x + table.columns[0]


def _later_steps(paragraphs: SlideParagraphs) -> list[tuple[int, int]]:
    """Return the first and last paragraph of each step of a list but the first, with the paragraphs that follow it."""
    starts = [index for index, paragraph in enumerate(paragraphs) if paragraph.level == "step"]
    ends = [*(start - 1 for start in starts[2:]), len(paragraphs) - 1]
    return list(zip(starts[1:], ends, strict=False))


# ---------------------------------------------------------------- timing


def add_timing(slide: Any, clicks: Sequence[Sequence[_AnimationTarget]], ids: Sequence[str]) -> None:
    """Add the timing (p:timing) to a slide: a step of a sequence for each click; `ids` are the shape ids of items."""
    steps = element("p:childTnLst", *(_click_element(targets, ids) for targets in clicks))
    events = (
        element(f"p:{name}CondLst", element("p:cond", element("p:tgtEl", element("p:sldTgt")), evt=event, delay=0))
        for name, event in (("prev", "onPrev"), ("next", "onNext"))
    )
    main = element("p:cTn", steps, dur="indefinite", nodeType="mainSeq")
    sequence = element("p:childTnLst", element("p:seq", main, *events, concurrent=1, nextAc="seek"))
    root = element("p:cTn", sequence, dur="indefinite", restart="never", nodeType="tmRoot")
    lists = dict.fromkeys(target.item for targets in clicks for target in targets if target.first >= 0)
    built = (element("p:bldP", spid=ids[item], grpId=0, build="p", bldLvl=_STEP_LEVEL) for item in lists)
    by_paragraph = (element("p:bldLst", *built),) if lists else ()
    append(slide, element("p:timing", element("p:tnLst", element("p:par", root)), *by_paragraph))
    for number, node in enumerate(slide.iter(qualified("p:cTn")), 1):
        node.set("id", str(number))


def _click_element(targets: Sequence[_AnimationTarget], ids: Sequence[str]) -> Markup:
    """Return the step of one click, which shows the first target, and the others with it."""
    kinds = ("clickEffect", *["withEffect"] * (len(targets) - 1))
    together = [_appear_effect(target, ids[target.item], kind) for target, kind in zip(targets, kinds, strict=True)]
    return _time_node("indefinite", _time_node("0", *together))


def _time_node(delay: str, *children: Markup, **attributes: Any) -> Markup:
    """Return a time node that begins its children after `delay` and keeps their effects."""
    start = element("p:stCondLst", element("p:cond", delay=delay))
    return element("p:par", element("p:cTn", start, element("p:childTnLst", *children), **attributes, fill="hold"))


def _appear_effect(target: _AnimationTarget, shape: str, kind: str) -> Markup:
    """Return the effect Appear for the shape with an id, or for some paragraphs of it."""
    words = target.first >= 0
    inside = (element("p:txEl", element("p:pRg", st=target.first, end=target.last)),) if words else ()
    start = element("p:stCondLst", element("p:cond", delay=0))
    behaviour = element(
        "p:cBhvr",
        element("p:cTn", start, dur=1, fill="hold"),
        element("p:tgtEl", element("p:spTgt", *inside, spid=shape)),
        element("p:attrNameLst", element("p:attrName", text="style.visibility")),
    )
    shown = element("p:set", behaviour, element("p:to", element("p:strVal", val="visible")))
    group = 0 if words else None
    return _time_node("0", shown, presetID=1, presetClass="entr", presetSubtype=0, grpId=group, nodeType=kind)
