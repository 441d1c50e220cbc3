"""Every deck passes the rules of PowerPoint's accessibility checker, and each rule notices its violations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from deck_accessibility import (
    DC,
    RULES,
    Rule,
    alt_texts,
    contrasts,
    empty_places,
    languages,
    links,
    motion,
    properties,
    reading_order,
    sections,
    sizes,
    tables,
    titles,
)
from deck_file import P14, PRESENTATION, A, DeckFile, P, kind_of, text_of
from shipped_decks import DECK_SETS, Deck, sample, some_decks

Change = Callable[[DeckFile], Any]


@pytest.fixture(scope="module", params=DECK_SETS)
def read_decks(request: pytest.FixtureRequest) -> list[tuple[Deck, DeckFile]]:
    """Return decks with their files, which tests must not change."""
    return [(deck, DeckFile(deck.content)) for deck in some_decks(request.param)]


@pytest.mark.full
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_deck_breaks_a_rule(read_decks: list[tuple[Deck, DeckFile]], rule: Rule) -> None:
    for deck, file in read_decks:
        assert [(deck.name, each) for each in rule(file, deck.plan)] == []


@pytest.mark.full
def test_no_cell_of_a_real_deck_is_merged(read_decks: list[tuple[Deck, DeckFile]]) -> None:
    for file in (file for deck, file in read_decks if deck is not sample()):
        cells = [cell for name in file.slides for cell in file.tree(name).iter(f"{A}tc")]
        assert cells
        assert not [text_of(cell) for cell in cells if {"gridSpan", "rowSpan", "hMerge", "vMerge"} & set(cell.attrib)]


def test_the_rules_cover_all_elements() -> None:
    file = DeckFile(sample().content)
    kinds = {seen.kind for name in file.slides for seen in file.styled_texts(name)}
    assert kinds == {"title", "body", "ftr", "sldNum", "table", "chart", "label"}
    for name in file.slides:
        seen = [each.text for each in file.styled_texts(name) if each.kind != "chart"]
        assert "".join(seen) == "".join(map(text_of, file.shapes(name)))


# ---------------------------------------------------------------- decks that each rule must catch


def first(deck: DeckFile, tag: str, matches: Callable[[Any], bool] = lambda _: True) -> Any:
    """Return the first element of a kind on any slide."""
    return next(found(deck, tag, matches))


def found(deck: DeckFile, tag: str, matches: Callable[[Any], bool] = lambda _: True) -> Iterator[Any]:
    """Yield the elements of a kind on all slides."""
    return (each for name in deck.slides for each in deck.tree(name).iter(tag) if matches(each))


def remove(element: Any) -> None:
    element.getparent().remove(element)


def placeholder_element(deck: DeckFile, kind: str, slide: int = 0) -> Any:
    """Return the first placeholder of a kind on a slide."""
    return next(each for each in deck.shapes(deck.slides[slide]) if kind_of(each) == kind)


def set_text(shape: Any, text: str) -> None:
    """Give a shape one run with these words."""
    one, *others = shape.iter(f"{A}t")
    one.text = text
    for each in others:
        each.text = ""


def same_title_twice(deck: DeckFile) -> None:
    set_text(placeholder_element(deck, "title", 1), text_of(placeholder_element(deck, "title", 0)))


def title_as_a_plain_box(deck: DeckFile) -> None:
    remove(placeholder_element(deck, "title", 2).find(f"{P}nvSpPr/{P}nvPr/{P}ph"))


def named_by_its_file(deck: DeckFile) -> None:
    first(deck, f"{P}pic").find(f"{P}nvPicPr/{P}cNvPr").set("descr", "picture1.png")


def no_alt_on(tag: str, outer: str) -> Change:
    def change(deck: DeckFile) -> None:
        del (
            first(deck, tag, lambda each: each.find(f"{outer}/{P}cNvPr").get("descr"))
            .find(f"{outer}/{P}cNvPr")
            .attrib["descr"]
        )

    return change


def not_marked(deck: DeckFile) -> None:
    remove(
        next(
            each
            for each in deck.tree(deck.layout_and_master(deck.slides[0])[0]).iter()
            if each.tag.endswith("}decorative")
        )
    )


def nested_table(deck: DeckFile) -> None:
    first(deck, f"{A}tc").append(deepcopy(first(deck, f"{A}tbl")))


def title_last(deck: DeckFile) -> None:
    shape = placeholder_element(deck, "title", 4)
    shape.getparent().append(shape)


def items_swapped(deck: DeckFile) -> None:
    """Move a figure before the text above it."""
    figure = first(deck, f"{P}grpSp")
    figure.addprevious(figure.getnext())


def no_language(part: str, tag: str) -> Change:
    def change(deck: DeckFile) -> None:
        name = next(
            each for each in deck.parts if each.startswith(part) and any(True for _ in deck.tree(each).iter(tag))
        )
        next(deck.tree(name).iter(tag)).attrib.pop("lang")

    return change


def emptied(deck: DeckFile) -> None:
    set_text(placeholder_element(deck, "body", 1), "")


def link_says(words: str) -> Change:
    def change(deck: DeckFile) -> None:
        link = first(deck, f"{A}hlinkClick")
        link.getparent().getparent().find(f"{A}t").text = words

    return change


def pale_words(deck: DeckFile) -> None:
    run = next(placeholder_element(deck, "body", 1).iter(f"{A}rPr"))
    fill = run.makeelement(f"{A}solidFill")
    fill.append(fill.makeelement(f"{A}schemeClr", {"val": "accent4"}))
    run.insert(0, fill)


def dark_cell(deck: DeckFile) -> None:
    cell = first(deck, f"{A}tcPr", lambda each: each.find(f"{A}solidFill/{A}schemeClr") is not None)
    cell.find(f"{A}solidFill")[0].set("val", "tx2")


def pale_links(deck: DeckFile) -> None:
    scheme = deck.tree("ppt/theme/theme1.xml").find(f"{A}themeElements/{A}clrScheme/{A}hlink")
    scheme[0].set("val", "6FA8DC")


def dark_circle(deck: DeckFile) -> None:
    """Fill the shape behind a label of a figure with the colour of the label."""
    shapes = found(deck, f"{P}sp", lambda each: each.getparent().tag == f"{P}grpSp")
    boxes = [each for each in shapes if not text_of(each) and each.find(f"{P}spPr/{A}solidFill") is not None]
    for each in boxes:
        each.find(f"{P}spPr/{A}solidFill")[0].set("val", "tx1")


def dark_layout(deck: DeckFile) -> None:
    layout = deck.tree(deck.layout_and_master(deck.slides[1])[0])
    next(layout.iter(f"{A}solidFill"))[0].set("val", "tx2")


def small(kind: str, points: int, slide: int = 1) -> Change:
    def change(deck: DeckFile) -> None:
        next(placeholder_element(deck, kind, slide).iter(f"{A}rPr")).set("sz", str(100 * points))

    return change


def small_layout(deck: DeckFile) -> None:
    for each in deck.tree(deck.layout_and_master(deck.slides[4])[0]).iter(f"{A}defRPr"):
        each.set("sz", "1200")


def small_table(deck: DeckFile) -> None:
    first(deck, f"{A}tc").find(f".//{A}rPr").set("sz", "1200")


def section(name: str) -> Change:
    def change(deck: DeckFile) -> None:
        list(deck.tree(PRESENTATION).iter(f"{P14}section"))[1].set("name", name)

    return change


def slide_in_no_section(deck: DeckFile) -> None:
    remove(next(deck.tree(PRESENTATION).iter(f"{P14}sldId")))


def property_gone(name: str) -> Change:
    return lambda deck: remove(deck.tree("docProps/core.xml").find(f"{DC}{name}"))


def moving(tag: str) -> Change:
    def change(deck: DeckFile) -> None:
        slide = deck.tree(deck.slides[0])
        slide.append(slide.makeelement(f"{P}{tag}", {"advTm": "3000"} if tag == "transition" else {}))

    return change


BROKEN: tuple[tuple[Rule, Change, int], ...] = (
    (titles, same_title_twice, 2),
    (titles, title_as_a_plain_box, 3),
    (titles, lambda deck: remove(placeholder_element(deck, "title", 3)), 4),
    (titles, lambda deck: set_text(placeholder_element(deck, "title", 3), "Another"), 4),
    (alt_texts, named_by_its_file, 0),
    (alt_texts, no_alt_on(f"{P}grpSp", f"{P}nvGrpSpPr"), 0),
    (alt_texts, no_alt_on(f"{P}graphicFrame", f"{P}nvGraphicFramePr"), 0),
    (alt_texts, no_alt_on(f"{P}pic", f"{P}nvPicPr"), 0),
    (alt_texts, not_marked, 1),
    (tables, lambda deck: first(deck, f"{A}tblPr").set("firstRow", "0"), 3),
    (tables, lambda deck: set_text(first(deck, f"{A}tc"), ""), 3),
    (tables, lambda deck: first(deck, f"{A}tc").set("hMerge", "1"), 3),
    (tables, nested_table, 3),
    (reading_order, title_last, 5),
    (reading_order, items_swapped, 0),
    (reading_order, lambda deck: set_text(placeholder_element(deck, "body", 4), "Other words"), 5),
    (languages, no_language("ppt/slides/", f"{A}rPr"), 0),
    (languages, no_language("ppt/notesSlides/", f"{A}rPr"), 0),
    (languages, no_language("ppt/slideLayouts/", f"{A}rPr"), 0),
    (languages, no_language("ppt/slideMasters/", f"{A}rPr"), 0),
    (languages, no_language("ppt/charts/", f"{A}endParaRPr"), 0),
    (languages, no_language("ppt/slides/", f"{A}endParaRPr"), 0),
    (languages, lambda deck: remove(first(deck, f"{A}fld").find(f"{A}rPr")), 1),
    (empty_places, emptied, 2),
    (links, link_says("here"), 0),
    (links, link_says(" "), 0),
    (links, lambda deck: first(deck, f"{A}hlinkClick").attrib.pop("tooltip"), 0),
    (contrasts, pale_words, 2),
    (contrasts, pale_links, 3),
    (contrasts, dark_cell, 0),
    (contrasts, dark_circle, 0),
    (contrasts, dark_layout, 2),
    (sizes, small("title", 28), 2),
    (sizes, small("body", 18), 2),
    (sizes, small("ftr", 12), 2),
    (sizes, small_layout, 5),
    (sizes, small_table, 3),
    (sections, section(""), 0),
    (sections, section("You said it is over"), 0),
    (sections, slide_in_no_section, 0),
    (properties, property_gone("title"), 0),
    (properties, property_gone("language"), 0),
    (motion, moving("transition"), 1),
    (motion, moving("timing"), 1),
)


@pytest.mark.full
@pytest.mark.parametrize(
    ("rule", "change", "slide"), BROKEN, ids=[f"{rule.__name__}-{index}" for index, (rule, _, _) in enumerate(BROKEN)]
)
def test_each_rule_notices_its_violation(rule: Rule, change: Change, slide: int) -> None:
    deck = DeckFile(sample().content)
    change(deck)
    broken = list(rule(DeckFile(deck.bytes()), sample().plan))
    assert broken
    assert not slide or slide in {each.slide for each in broken}
