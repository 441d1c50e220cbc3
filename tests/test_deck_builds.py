"""Decks that appear click by click: the order of the effects, and that nothing else differs."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from deck_accessibility import RULES, Rule, motion
from deck_file import A, DeckFile, P, text_of
from deck_samples import CYCLE, DO_AND_TRY, deck_theme, sample_deck, slide, steps
from figure_samples import USUAL
from msgspec.structs import replace
from paths import ROOT
from samples import inlines, paragraph
from validators_office import assert_open_xml_audit_passes

from handouts.deck import render_deck
from handouts.deck.animations import split_into_pieces as in_pieces
from handouts.deck.deck_plan import plan_deck
from handouts.deck.planned_slides import DeckPlan
from handouts.document.nodes import Comparison, Figure, Slide, Steps
from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options
from handouts.verify import verify_file

WHEEL = Figure("wheel", (), tuple(USUAL["wheel"].items()), "Six things lead to one.", ())
LIST = Steps((*steps("One", "Two").items, (paragraph("Three"), paragraph("and more of it"))))


def built(*slides: Slide) -> DeckFile:
    made = render_deck(sample_deck(*slides), deck_theme(), builds=True)
    assert not made.findings
    return DeckFile(made.content)


@cache
def whole_talk(*, builds: bool) -> bytes:
    """Return the deck with every kind of slide and block."""
    return render_deck(sample_deck(), deck_theme(), builds=builds).content


def clicks(deck: DeckFile, number: int = 0) -> list[list[tuple[str, tuple[int, int] | None]]]:
    """Return for each click of a slide the ids of the shapes that appear, and their paragraphs."""
    main = next(each for each in deck.tree(deck.slides[number]).iter(f"{P}cTn") if each.get("nodeType") == "mainSeq")
    return [[target_of(each) for each in click.iter(f"{P}spTgt")] for click in main.find(f"{P}childTnLst")]


def target_of(target: Any) -> tuple[str, tuple[int, int] | None]:
    part = target.find(f"{P}txEl/{P}pRg")
    return target.get("spid"), None if part is None else (int(part.get("st")), int(part.get("end")))


def shapes(deck: DeckFile, number: int = 0) -> dict[str, Any]:
    """Return the shapes on a slide by id, in reading order."""
    return {next(shape[0].iter(f"{P}cNvPr")).get("id"): shape for shape in deck.shapes(deck.slides[number])}


def words(shape: Any) -> list[str]:
    return [" ".join(each.text or "" for each in p.iter(f"{A}t")) for p in shape.iter(f"{A}p")]


def first_words(deck: DeckFile) -> list[str]:
    """Return the first words that each click shows."""
    found = shapes(deck)
    return [words(found[click[0][0]])[0] for click in clicks(deck)]


def test_the_cycle_appears_node_by_node_and_its_exits_last() -> None:
    deck = built(slide("A", CYCLE))
    pieces = [words(shapes(deck)[click[0][0]]) for click in clicks(deck)]
    assert [piece[0] for piece in pieces] == ["2", "3", "4", "5", "6", "Pause.", "Same short answer, or none"]
    assert [piece[1] for piece in pieces[:5]] == [" ".join(dict(CYCLE.labels)[key].split()) for key in NODES]
    first = next(shape for shape in shapes(deck).values() if shape.tag == f"{P}grpSp")
    assert words(first) == ["1", "“It is over”"]


NODES = ("alarm", "rise", "urge", "contact", "relief")


def test_the_wheel_appears_factor_by_factor() -> None:
    deck = built(slide("A", WHEEL))
    numbers = [each.split("\N{NO-BREAK SPACE}")[0] for each in first_words(deck)]
    assert numbers == ["1", "2", "3", "4", "5", "6"]


def test_a_figure_in_pieces_has_one_alt_text_and_all_its_shapes() -> None:
    for figure in (CYCLE, WHEEL):
        pieces, whole = (
            [shape for shape in shapes(deck).values() if shape.tag == f"{P}grpSp"]
            for deck in (
                built(slide("A", figure)),
                DeckFile(render_deck(sample_deck(slide("A", figure)), deck_theme()).content),
            )
        )
        named = [piece.find(f"{P}nvGrpSpPr/{P}cNvPr") for piece in pieces]
        assert [each.get("descr") for each in named] == [figure.alt, *[None] * (len(pieces) - 1)]
        assert all(any(inner.tag.endswith("}decorative") for inner in each.iter()) for each in named[1:])
        assert Counter(places(pieces)) == Counter(places(whole))


def places(groups: list[Any]) -> list[str]:
    """Return each shape in the groups as its position and its words."""
    return [
        " ".join([*(f"{value}" for value in shape.find(f".//{A}off").attrib.values()), *words(shape)])
        for group in groups
        for shape in group.iter(f"{P}sp")
    ]


def test_steps_appear_one_by_one_with_their_shapes() -> None:
    deck = built(slide("A", paragraph("Do this:"), LIST, paragraph("Then rest.")))
    (body,) = {target for click in clicks(deck) for target, _ in click}
    texts = words(shapes(deck)[body])
    assert texts == ["Do this:", "One", "Two", "Three", "and more of it", "Then rest."]
    assert [click[0][1] for click in clicks(deck)] == [(2, 2), (3, 5)]
    (build,) = deck.tree(deck.slides[0]).iter(f"{P}bldP")
    assert (build.get("spid"), build.get("build")) == (body, "p")


def test_a_list_continued_on_another_slide_appears_one_by_one_there_too() -> None:
    deck = built(slide("A", steps(*(f"Step {number}" for number in range(1, 15)))))
    counts = [len(clicks(deck, number)) for number in range(len(deck.slides))]
    assert len(counts) > 1
    assert sum(counts) == 14 - len(counts)


def test_the_second_column_of_a_comparison_appears_by_a_click_level_with_the_first() -> None:
    deck = built(slide("A", DO_AND_TRY))
    left, right = (shape for shape in shapes(deck).values() if shape.tag == f"{P}graphicFrame")
    assert [words(each)[0] for each in (left, right)] == ["Do", "Try not to"]
    assert words(left)[1:] == ["Say it once", "Give the same answer", "Talk when you are calm", "Look after yourself"]
    assert [each.find(f".//{A}tblPr").get("firstRow") for each in (left, right)] == ["1", "1"]
    assert [each.find(f"{P}nvGraphicFramePr/{P}cNvPr").get("descr") for each in (left, right)] == ["Do", "Try not to"]
    heights = [[row.get("h") for row in each.iter(f"{A}tr")] for each in (left, right)]
    assert heights[0] == heights[1]
    off, ext = (left.find(f"{P}xfrm/{A}{name}") for name in ("off", "ext"))
    beside = right.find(f"{P}xfrm/{A}off")
    assert (int(off.get("x")) + int(ext.get("cx")), off.get("y")) == (int(beside.get("x")), beside.get("y"))
    (click,) = clicks(deck)
    assert click[0][0] == right.find(f"{P}nvGraphicFramePr/{P}cNvPr").get("id")
    assert [shapes(deck)[target].tag for target, _ in click] == [f"{P}graphicFrame", f"{P}grpSp"]


def test_a_long_comparison_is_read_back_by_column() -> None:
    rows = tuple((inlines(f"Do the thing {n}"), inlines(f"Leave the thing {n}")) for n in range(1, 12))
    document = sample_deck(slide("A", Comparison(inlines("Do"), inlines("Try not to"), rows)))
    content = render_deck(document, deck_theme(), builds=True).content
    assert len(DeckFile(content).slides) > 1
    assert verify_file(content, document, "pptx-builds") == ()
    turned = replace(document.slides[0], blocks=(replace(document.slides[0].blocks[0], rows=rows[::-1]),))
    found = verify_file(content, replace(document, slides=(turned,)), "pptx-builds")
    assert {each.code for each in found} == {"lost-words"}


def test_every_effect_is_appear_on_click() -> None:
    deck = DeckFile(whole_talk(builds=True))
    timed = [each for name in deck.slides for each in deck.tree(name).iter(f"{P}timing")]
    assert timed
    for timing in timed:
        kinds = {each.tag.removeprefix(P) for each in timing.iter()}
        assert not kinds & {"anim", "animMotion", "animEffect", "animScale", "animRot", "animClr", "cmd", "audio"}
        effects = [each for each in timing.iter(f"{P}cTn") if each.get("presetID")]
        assert {(each.get("presetID"), each.get("presetClass")) for each in effects} == {("1", "entr")}
        assert {each.get("nodeType") for each in effects} <= {"clickEffect", "withEffect"}
        assert {each.get("delay") for each in timing.iter(f"{P}cond")} == {"0", "indefinite"}
        numbers = [each.get("id") for each in timing.iter(f"{P}cTn")]
        assert len(set(numbers)) == len(numbers)
        inside = set(timing.getparent().xpath(".//@id"))
        assert {each.get("spid") for each in timing.iter(f"{P}spTgt")} <= inside
    assert not [each for name in deck.slides for each in deck.tree(name).iter(f"{P}transition")]


def test_shapes_appear_in_reading_order() -> None:
    deck = DeckFile(whole_talk(builds=True))
    for number, name in enumerate(deck.slides):
        if next(deck.tree(name).iter(f"{P}timing"), None) is None:
            continue
        order = list(shapes(deck, number))
        found = [(order.index(click[0][0]), click[0][1] or (0, 0)) for click in clicks(deck, number)]
        assert found == sorted(found)


def test_a_deck_without_effects_equals_the_plain_one() -> None:
    document = sample_deck(slide("A", paragraph("One thing.")), slide("B", steps("One")))
    content = render_deck(document, deck_theme(), builds=True).content
    assert content == render_deck(document, deck_theme()).content
    assert b"p:timing" not in b"".join(DeckFile(content).parts.values())


def test_without_the_option_nothing_appears_by_a_click() -> None:
    deck = DeckFile(whole_talk(builds=False))
    assert not any(b"p:timing" in part for part in deck.parts.values())


@pytest.fixture(scope="module")
def plan_in_pieces() -> DeckPlan:
    plan = plan_deck(sample_deck(), deck_theme())
    return replace(plan, slides=tuple(replace(each, items=in_pieces(each.items).items) for each in plan.slides))


@pytest.mark.full
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule is not motion], ids=lambda rule: rule.__name__)
def test_a_deck_that_appears_click_by_click_is_accessible(rule: Rule, plan_in_pieces: DeckPlan) -> None:
    assert list(rule(DeckFile(whole_talk(builds=True)), plan_in_pieces)) == []


@pytest.mark.full
def test_a_deck_that_appears_click_by_click_is_valid_and_read_back(tmp_path: Path) -> None:
    document = sample_deck()
    content, plain = whole_talk(builds=True), whole_talk(builds=False)
    assert verify_file(content, document, "pptx-builds") == verify_file(plain, document, "pptx")
    file = tmp_path / "deck.pptx"
    file.write_bytes(content)
    assert_open_xml_audit_passes(file)


@pytest.mark.full
def test_a_build_gives_the_deck_another_name(tmp_path: Path) -> None:
    options = Options(ROOT / "content", ROOT / "templates", tmp_path, audiences=("family",), country="UK", builds=True)
    report = build_all(replace(options, formats=("pptx", "slides-pdf")))
    assert all(made.is_in_place for made in report.outcomes)
    names = sorted(path.name for path in tmp_path.rglob("bpd*.p*"))
    assert names == ["bpd-contact-family-slides-UK.pdf", "bpd-contact-family-slides-builds-UK.pptx"]
    again = build_all(replace(options, formats=("pptx",)))
    assert [made.status for made in again.outcomes] == ["fresh"]


def test_text_in_pieces_is_the_complete_text() -> None:
    one, other = (DeckFile(whole_talk(builds=each)) for each in (True, False))
    for built_name, plain_name in zip(one.slides, other.slides, strict=True):
        texts = (
            Counter("".join(map(text_of, deck.shapes(name)))) for deck, name in ((one, built_name), (other, plain_name))
        )
        assert next(texts) == next(texts)
