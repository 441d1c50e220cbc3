"""What PowerPoint's accessibility checker asks, and some more, asked of a finished deck: rules yield what breaks them.

A rule takes the file and the plan that it was drawn from, and knows nothing of how decks are made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

from deck_backgrounds import grounds_below
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
LEAST_TITLE, LEAST_BODY, LEAST = 32.0, 20.0, 14.0
SMALL_KINDS = {"ftr", "sldNum", "label", "chart"}
SAYS_NOTHING = {"here", "click here", "link", "this link", "more", "read more", "www", "https"}
DRAWN = {f"{P}grpSp": "nvGrpSpPr", f"{P}pic": "nvPicPr", f"{P}graphicFrame": "nvGraphicFramePr", f"{P}sp": "nvSpPr"}
MERGING = ("gridSpan", "rowSpan", "hMerge", "vMerge")


@dataclass(frozen=True, slots=True)
class Broken:
    """What is wrong on a slide; 0 is the whole deck."""

    slide: int
    what: str


Rule: TypeAlias = Callable[[DeckFile, DeckPlan], Iterator[Broken]]


def plain(text: str) -> str:
    """Return words without any space."""
    return "".join(text.split())


def numbered(deck: DeckFile) -> Iterator[tuple[int, str, list[Any]]]:
    """Yield the number, the part and the shapes of each slide."""
    for number, name in enumerate(deck.slides, 1):
        yield number, name, deck.shapes(name)


# ---------------------------------------------------------------- titles, alt text, tables


def titles(deck: DeckFile, plan: DeckPlan) -> Iterator[Broken]:
    """Each slide has one title, in a placeholder for titles, that no other slide has: the planned one."""
    seen: Counter[str] = Counter()
    for number, _, shapes in numbered(deck):
        found = [" ".join(text_of(each).split()) for each in shapes if kind_of(each) in TITLES]
        if len(found) != 1 or not found[0]:
            yield Broken(number, f"has {len(found)} titles: {found}")
            continue
        if plain(found[0]) != plain(plan.slides[number - 1].title):
            yield Broken(number, f"has the title “{found[0]}” that is not planned")
        seen[found[0].casefold()] += 1
        if seen[found[0].casefold()] > 1:
            yield Broken(number, f"has the title “{found[0]}” that an earlier slide has")


def alt_texts(deck: DeckFile, _plan: DeckPlan) -> Iterator[Broken]:
    """Each picture, drawing, table and chart says what it shows, or is marked as decorative; not both."""
    for number, slide, shapes in numbered(deck):
        behind = [each for each in deck.shapes(deck.chain(slide)[0]) if placeholder_of(each) is None]
        for shape in (*shapes, *behind):
            if shape.tag == f"{P}sp" and (placeholder_of(shape) is not None or text_of(shape)):
                continue
            properties = shape.find(f"{P}{DRAWN[shape.tag]}/{P}cNvPr")
            marked = any(each.tag.endswith("}decorative") and each.get("val") == "1" for each in properties.iter())
            words = (properties.get("descr") or "").strip()
            if bool(words) == marked or words.casefold().endswith((".png", ".svg", ".jpg", ".jpeg")):
                yield Broken(number, f"{properties.get('name')}: alt text “{words}”, decorative: {marked}")


def tables(deck: DeckFile, plan: DeckPlan) -> Iterator[Broken]:
    """Each table marks its first row as head and fills all its heads; cells are merged only where planned."""
    for number, _, shapes in numbered(deck):
        planned = [item for item in plan.slides[number - 1].items if isinstance(item, PlacedTable)]
        wanted = sum(cell.columns * cell.rows - 1 for item in planned for row in item.rows for cell in row.cells)
        merged = 0
        for table in (table for shape in shapes for table in shape.iter(f"{A}tbl")):
            if table.find(f"{A}tblPr").get("firstRow") != "1":
                yield Broken(number, "a table has no head")
            cells = list(table.iter(f"{A}tc"))
            merged += sum(cell.get("hMerge") == "1" or cell.get("vMerge") == "1" for cell in cells)
            if any(next(cell.iter(f"{A}tbl"), None) is not None for cell in cells):
                yield Broken(number, "a table stands in a cell")
            for cell in table.find(f"{A}tr").findall(f"{A}tc"):
                if not text_of(cell).strip() and cell.get("hMerge") != "1":
                    yield Broken(number, "a cell of the head is empty")
        if merged != wanted:
            yield Broken(number, f"{merged} cells are covered by others, {wanted} as planned")


# ---------------------------------------------------------------- reading


def reading_order(deck: DeckFile, plan: DeckPlan) -> Iterator[Broken]:
    """Shapes are read in the order of the plan: the title first, the foot and the number last."""
    for number, _, shapes in numbered(deck):
        wanted = [*(said(item) for item in plan.slides[number - 1].items), ("ftr", "")]
        found = [(kind_of(each) or "drawing", "") if is_foot(each) else heard(each) for each in shapes]
        if found != [*wanted, ("sldNum", "")]:
            yield Broken(number, f"is read as {found}, not {wanted}")
        if kind_of(shapes[0]) not in TITLES:
            yield Broken(number, "does not begin with its title")


def is_foot(shape: Any) -> bool:
    """True if a shape is the foot or the number of a slide."""
    return kind_of(shape) in {"ftr", "sldNum"}


def said(item: SlideItem) -> tuple[str, str]:
    """Return of which kind a planned item is, and its words."""
    match item:
        case FilledPlaceholder():
            return "text", plain("".join(each.text for each in item.paragraphs))
        case PlacedTable():
            runs = (run.text for row in item.rows for cell in row.cells for text in cell.texts for run in text.runs)
            return "table", plain("".join(runs))
        case PlacedDrawing():
            lines = (line for each in item.drawing.shapes if isinstance(each, TextLabel) for line in each.lines)
            return "drawing", plain("".join(lines))
        case PlacedPicture():
            return "picture", ""
        case PlacedChart():
            return "chart", ""


def heard(shape: Any) -> tuple[str, str]:
    """Return of which kind a shape of a slide is, and its words."""
    match shape.tag.removeprefix(P):
        case "pic":
            return "picture", ""
        case "graphicFrame":
            return kind_of(shape), plain(text_of(shape))
        case "grpSp":
            return "drawing", plain(text_of(shape))
        case _:
            return "text", plain(text_of(shape))


def languages(deck: DeckFile, _plan: DeckPlan) -> Iterator[Broken]:
    """Each run, break and field says its language: on slides, notes, layouts, masters, and in charts."""
    for name in [each for each in deck.parts if each.startswith("ppt/") and each.endswith(".xml")]:
        tree = deck.tree(name)
        number = deck.slides.index(name) + 1 if name in deck.slides else 0
        for run in tree.iter(f"{A}r", f"{A}fld", f"{A}br"):
            properties = run.find(f"{A}rPr")
            if properties is None or not properties.get("lang"):
                yield Broken(number, f"{name}: “{run.findtext(f'{A}t')}” has no language")
        for end in tree.iter(f"{A}endParaRPr"):
            if not end.get("lang"):
                yield Broken(number, f"{name}: the end of a paragraph has no language")
        if tree.tag == f"{C}chartSpace" and tree.find(f"{C}lang") is None:
            yield Broken(number, f"{name}: a chart has no language")


def empty_places(deck: DeckFile, _plan: DeckPlan) -> Iterator[Broken]:
    """No placeholder of a slide is left empty."""
    for number, _, shapes in numbered(deck):
        for shape in shapes:
            if placeholder_of(shape) is not None and shape.tag == f"{P}sp" and not text_of(shape).strip():
                yield Broken(number, f"the placeholder {kind_of(shape)} is empty")


def links(deck: DeckFile, _plan: DeckPlan) -> Iterator[Broken]:
    """Each link leads somewhere, says by its words where, and has a tooltip."""
    for number, name, _ in numbered(deck):
        relations = deck.relations(name)
        for link in deck.tree(name).iter(f"{A}hlinkClick", f"{A}hlinkHover"):
            words = link.getparent().getparent().findtext(f"{A}t") or ""
            if not words.strip() or words.strip(" .").casefold() in SAYS_NOTHING:
                yield Broken(number, f"a link says only “{words}”")
            if not (link.get("tooltip") or "").strip():
                yield Broken(number, f"the link “{words}” has no tooltip")
            if not relations.get(link.get(f"{R}id"), ("", ""))[1]:
                yield Broken(number, f"the link “{words}” leads nowhere")


# ---------------------------------------------------------------- seeing


def contrasts(deck: DeckFile, _plan: DeckPlan) -> Iterator[Broken]:
    """Each text stands out from all that is painted below it."""
    for number, name, _ in numbered(deck):
        below: dict[Any, set[str]] = {}
        for seen in deck.seen(name):
            if not seen.text.strip():
                continue
            box = next(seen.run.iterancestors(f"{A}tc"), seen.shape)
            if box not in below:
                below[box] = grounds_below(deck, name, seen)
            colours = {seen.look.colour, deck.link_colour(name)} if seen.linked else {seen.look.colour}
            for colour, ground in product(colours, below[box]):
                found = contrast_ratio(f"#{colour}", f"#{ground}")
                if found < MINIMUM_CONTRAST:
                    yield Broken(number, f"“{seen.text}” ({colour}) on {ground}: {found:.1f}")


def sizes(deck: DeckFile, plan: DeckPlan) -> Iterator[Broken]:
    """Titles have 32 points or more, text 20, and nothing less than 14: sources, the foot, labels of figures."""
    for number, name, _ in numbered(deck):
        listed = "sources" in plan.slides[number - 1].layout.name
        for seen in deck.seen(name):
            small = LEAST if listed or seen.kind in SMALL_KINDS else LEAST_BODY
            least = LEAST_TITLE if seen.kind in TITLES else small
            if seen.text.strip() and seen.look.size < least:
                yield Broken(number, f"“{seen.text}” has {seen.look.size} points, less than {least}")


# ---------------------------------------------------------------- the file


def sections(deck: DeckFile, _plan: DeckPlan) -> Iterator[Broken]:
    """Sections have names of their own, and each slide is in one of them, in order."""
    tree = deck.tree(PRESENTATION)
    names = [(each.get("name") or "").strip() for each in tree.iter(f"{P14}section")]
    if not names or not all(names) or len({name.casefold() for name in names}) < len(names):
        yield Broken(0, f"the sections are named {names}")
    if [each.get("id") for each in tree.iter(f"{P14}sldId")] != [each.get("id") for each in tree.iter(f"{P}sldId")]:
        yield Broken(0, "the sections do not hold every slide, in order")


def properties(deck: DeckFile, _plan: DeckPlan) -> Iterator[Broken]:
    """The file says its title and its language."""
    core = deck.tree("docProps/core.xml")
    for name in ("title", "language"):
        if not (core.findtext(f"{DC}{name}") or "").strip():
            yield Broken(0, f"the file does not say its {name}")


def motion(deck: DeckFile, _plan: DeckPlan) -> Iterator[Broken]:
    """Nothing moves, and no slide goes on by itself."""
    for name in [each for each in deck.parts if each.startswith("ppt/slide") and each.endswith(".xml")]:
        number = deck.slides.index(name) + 1 if name in deck.slides else 0
        for each in deck.tree(name).iter(f"{P}timing", f"{P}transition"):
            yield Broken(number, f"{name} has a {each.tag.removeprefix(P)}")


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
