"""Accessibility rules for finished decks: those of PowerPoint's accessibility checker, and some more.

A rule takes a deck file and the plan that it was drawn from, and yields the violations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

from deck_backgrounds import background_colours
from deck_file import P14, PRESENTATION, TITLES, A, C, DeckFile, P, R, kind_of, placeholder_of, text_of
from samples import MINIMUM_CONTRAST

from handouts.deck.planned_slides import (
    DeckPlan,
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    SlideItem,
)
from handouts.figures.shapes import TextLabel
from handouts.theme import contrast_ratio

DC = "{http://purl.org/dc/elements/1.1/}"
MIN_TITLE_SIZE, MIN_BODY_SIZE, MIN_SIZE = 32.0, 20.0, 14.0
SMALL_KINDS = {"ftr", "sldNum", "label", "chart"}
VAGUE_LINK_TEXTS = {"here", "click here", "link", "this link", "more", "read more", "www", "https"}
PROPERTY_ELEMENTS = {
    f"{P}grpSp": "nvGrpSpPr",
    f"{P}pic": "nvPicPr",
    f"{P}graphicFrame": "nvGraphicFramePr",
    f"{P}sp": "nvSpPr",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong on a slide; slide 0 is the whole deck."""

    slide: int
    message: str


Rule: TypeAlias = Callable[[DeckFile, DeckPlan], Iterator[Violation]]


def without_whitespace(text: str) -> str:
    """Return `text` without whitespace."""
    return "".join(text.split())


def numbered_slides(deck: DeckFile) -> Iterator[tuple[int, str, list[Any]]]:
    """Yield number, part name and shapes of each slide."""
    for number, name in enumerate(deck.slides, 1):
        yield number, name, deck.shapes(name)


# ---------------------------------------------------------------- titles, alt text, tables


def titles(deck: DeckFile, plan: DeckPlan) -> Iterator[Violation]:
    """Each slide has one unique title, in a title placeholder, as planned."""
    known: Counter[str] = Counter()
    for number, _, shapes in numbered_slides(deck):
        found = [" ".join(text_of(each).split()) for each in shapes if kind_of(each) in TITLES]
        if len(found) != 1 or not found[0]:
            yield Violation(number, f"has {len(found)} titles: {found}")
            continue
        if without_whitespace(found[0]) != without_whitespace(plan.slides[number - 1].title):
            yield Violation(number, f"has the title “{found[0]}” that is not planned")
        known[found[0].casefold()] += 1
        if known[found[0].casefold()] > 1:
            yield Violation(number, f"has the title “{found[0]}” that an earlier slide has")


def alt_texts(deck: DeckFile, _plan: DeckPlan) -> Iterator[Violation]:
    """Each picture, drawing, table and chart has an alt text or is marked as decorative, not both."""
    for number, slide, shapes in numbered_slides(deck):
        layout_shapes = [each for each in deck.shapes(deck.layout_and_master(slide)[0]) if placeholder_of(each) is None]
        for shape in (*shapes, *layout_shapes):
            if shape.tag == f"{P}sp" and (placeholder_of(shape) is not None or text_of(shape)):
                continue
            properties = shape.find(f"{P}{PROPERTY_ELEMENTS[shape.tag]}/{P}cNvPr")
            marked = any(each.tag.endswith("}decorative") and each.get("val") == "1" for each in properties.iter())
            words = (properties.get("descr") or "").strip()
            if bool(words) == marked or words.casefold().endswith((".png", ".svg", ".jpg", ".jpeg")):
                yield Violation(number, f"{properties.get('name')}: alt text “{words}”, decorative: {marked}")


def tables(deck: DeckFile, plan: DeckPlan) -> Iterator[Violation]:
    """Each table has a header row without empty cells; cells are merged only where planned."""
    for number, _, shapes in numbered_slides(deck):
        planned = [item for item in plan.slides[number - 1].items if isinstance(item, PlacedTable)]
        expected = sum(cell.columns * cell.rows - 1 for item in planned for row in item.rows for cell in row.cells)
        merged = 0
        for table in (table for shape in shapes for table in shape.iter(f"{A}tbl")):
            if table.find(f"{A}tblPr").get("firstRow") != "1":
                yield Violation(number, "a table has no header row")
            cells = list(table.iter(f"{A}tc"))
            merged += sum(cell.get("hMerge") == "1" or cell.get("vMerge") == "1" for cell in cells)
            if any(next(cell.iter(f"{A}tbl"), None) is not None for cell in cells):
                yield Violation(number, "a table is nested in a cell")
            for cell in table.find(f"{A}tr").findall(f"{A}tc"):
                if not text_of(cell).strip() and cell.get("hMerge") != "1":
                    yield Violation(number, "a header cell is empty")
        if merged != expected:
            yield Violation(number, f"{merged} cells are merged into others, {expected} are planned")


# ---------------------------------------------------------------- reading order, language, links


def reading_order(deck: DeckFile, plan: DeckPlan) -> Iterator[Violation]:
    """Shapes are in the order of the plan: the title first, footer and slide number last."""
    for number, _, shapes in numbered_slides(deck):
        expected = [*(expected_shape(item) for item in plan.slides[number - 1].items), ("ftr", "")]
        found = [(kind_of(each) or "drawing", "") if is_footer(each) else actual_shape(each) for each in shapes]
        if found != [*expected, ("sldNum", "")]:
            yield Violation(number, f"is read as {found}, not {expected}")
        if kind_of(shapes[0]) not in TITLES:
            yield Violation(number, "does not begin with its title")


def is_footer(shape: Any) -> bool:
    """True if a shape is the footer or slide number."""
    return kind_of(shape) in {"ftr", "sldNum"}


def expected_shape(item: SlideItem) -> tuple[str, str]:
    """Return the kind and the text that the shape of a planned item must have."""
    match item:
        case FilledPlaceholder():
            return "text", without_whitespace("".join(each.text for each in item.paragraphs))
        case PlacedTable():
            runs = (run.text for row in item.rows for cell in row.cells for text in cell.texts for run in text.runs)
            return "table", without_whitespace("".join(runs))
        case PlacedDrawing():
            lines = (line for each in item.drawing.shapes if isinstance(each, TextLabel) for line in each.lines)
            return "drawing", without_whitespace("".join(lines))
        case PlacedPicture():
            return "picture", ""
        case PlacedChart():
            return "chart", ""


def actual_shape(shape: Any) -> tuple[str, str]:
    """Return the kind and the text of a shape."""
    match shape.tag.removeprefix(P):
        case "pic":
            return "picture", ""
        case "graphicFrame":
            return kind_of(shape), without_whitespace(text_of(shape))
        case "grpSp":
            return "drawing", without_whitespace(text_of(shape))
        case _:
            return "text", without_whitespace(text_of(shape))


def languages(deck: DeckFile, _plan: DeckPlan) -> Iterator[Violation]:
    """Each run, break and field has a language: on slides, notes, layouts, masters, and in charts."""
    for name in [each for each in deck.parts if each.startswith("ppt/") and each.endswith(".xml")]:
        tree = deck.tree(name)
        number = deck.slides.index(name) + 1 if name in deck.slides else 0
        for run in tree.iter(f"{A}r", f"{A}fld", f"{A}br"):
            properties = run.find(f"{A}rPr")
            if properties is None or not properties.get("lang"):
                yield Violation(number, f"{name}: “{run.findtext(f'{A}t')}” has no language")
        for end in tree.iter(f"{A}endParaRPr"):
            if not end.get("lang"):
                yield Violation(number, f"{name}: the end of a paragraph has no language")
        if tree.tag == f"{C}chartSpace" and tree.find(f"{C}lang") is None:
            yield Violation(number, f"{name}: a chart has no language")


def empty_places(deck: DeckFile, _plan: DeckPlan) -> Iterator[Violation]:
    """No placeholder of a slide is left empty."""
    for number, _, shapes in numbered_slides(deck):
        for shape in shapes:
            if placeholder_of(shape) is not None and shape.tag == f"{P}sp" and not text_of(shape).strip():
                yield Violation(number, f"the placeholder {kind_of(shape)} is empty")


def links(deck: DeckFile, _plan: DeckPlan) -> Iterator[Violation]:
    """Each link has a target, a descriptive text and a tooltip."""
    for number, name, _ in numbered_slides(deck):
        relations = deck.relations(name)
        for link in deck.tree(name).iter(f"{A}hlinkClick", f"{A}hlinkHover"):
            words = link.getparent().getparent().findtext(f"{A}t") or ""
            if not words.strip() or words.strip(" .").casefold() in VAGUE_LINK_TEXTS:
                yield Violation(number, f"the link text “{words}” is vague")
            if not (link.get("tooltip") or "").strip():
                yield Violation(number, f"the link “{words}” has no tooltip")
            if not relations.get(link.get(f"{R}id"), ("", ""))[1]:
                yield Violation(number, f"the link “{words}” has no target")


# ---------------------------------------------------------------- contrast and size


def contrasts(deck: DeckFile, _plan: DeckPlan) -> Iterator[Violation]:
    """Each text has the minimum contrast with everything behind it."""
    for number, name, _ in numbered_slides(deck):
        backgrounds: dict[Any, set[str]] = {}
        for text in deck.styled_texts(name):
            if not text.text.strip():
                continue
            box = next(text.run.iterancestors(f"{A}tc"), text.shape)
            if box not in backgrounds:
                backgrounds[box] = background_colours(deck, name, text)
            colours = {text.style.colour, deck.link_colour(name)} if text.is_link else {text.style.colour}
            for colour, background in product(colours, backgrounds[box]):
                found = contrast_ratio(f"#{colour}", f"#{background}")
                if found < MINIMUM_CONTRAST:
                    yield Violation(number, f"“{text.text}” ({colour}) on {background}: {found:.1f}")


def sizes(deck: DeckFile, plan: DeckPlan) -> Iterator[Violation]:
    """Titles have at least 32 points, texts 20, and sources, footers and labels of figures 14."""
    for number, name, _ in numbered_slides(deck):
        is_source_list = "sources" in plan.slides[number - 1].layout.name
        for text in deck.styled_texts(name):
            minimum = MIN_SIZE if is_source_list or text.kind in SMALL_KINDS else MIN_BODY_SIZE
            least = MIN_TITLE_SIZE if text.kind in TITLES else minimum
            if text.text.strip() and text.style.size < least:
                yield Violation(number, f"“{text.text}” has {text.style.size} points, less than {least}")


# ---------------------------------------------------------------- the file


def sections(deck: DeckFile, _plan: DeckPlan) -> Iterator[Violation]:
    """Sections have unique names, and contain all slides in order."""
    tree = deck.tree(PRESENTATION)
    names = [(each.get("name") or "").strip() for each in tree.iter(f"{P14}section")]
    if not names or not all(names) or len({name.casefold() for name in names}) < len(names):
        yield Violation(0, f"the sections are named {names}")
    if [each.get("id") for each in tree.iter(f"{P14}sldId")] != [each.get("id") for each in tree.iter(f"{P}sldId")]:
        yield Violation(0, "the sections do not hold every slide, in order")


def properties(deck: DeckFile, _plan: DeckPlan) -> Iterator[Violation]:
    """The file has a title and a language."""
    core = deck.tree("docProps/core.xml")
    for name in ("title", "language"):
        if not (core.findtext(f"{DC}{name}") or "").strip():
            yield Violation(0, f"the file has no {name}")


def motion(deck: DeckFile, _plan: DeckPlan) -> Iterator[Violation]:
    """There are no animations, and no slide advances by itself."""
    for name in [each for each in deck.parts if each.startswith("ppt/slide") and each.endswith(".xml")]:
        number = deck.slides.index(name) + 1 if name in deck.slides else 0
        for each in deck.tree(name).iter(f"{P}timing", f"{P}transition"):
            yield Violation(number, f"{name} has a {each.tag.removeprefix(P)}")


RULES: tuple[Rule, ...] = (
    titles,
    alt_texts,
    tables,
    reading_order,
    languages,
    empty_places,
    links,
    contrasts,
    sizes,
    sections,
    properties,
    motion,
)
