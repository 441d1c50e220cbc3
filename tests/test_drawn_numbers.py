"""Numbers in SVG pictures and themes: finite, within bounds, inside the picture, and not too many."""

from __future__ import annotations

import math
import time
from itertools import chain

import pytest
from command_bench import BUILD, DECK, DECKS, PDF, THEME, Bench
from test_bad_inputs_pictures import pictured
from test_pictures import SVG, drawn
from validators_office import assert_open_xml_audit_passes

from handouts.document.nodes import Outlines
from handouts.finding import Finding, Location
from handouts.load import svg
from handouts.load.svg import read_svg
from handouts.load.template_keys import STYLE_NUMBERS
from handouts.load.value_shapes import Number

SECONDS = 5.0


def read_picture(inside: str, head: str = "viewBox='0 0 9 9'") -> tuple[Outlines | None, list[str]]:
    """Return the picture that an SVG is read as, and the messages about it."""
    found: list[Finding] = []
    content = f"<svg xmlns='http://www.w3.org/2000/svg' {head}>\n{inside}</svg>".encode()
    start = time.process_time()
    picture = read_svg(content, Location("x.md", 1, 1), found)
    assert time.process_time() - start < SECONDS
    assert all(each.hint and each.at == Location("x.md", 1, 1) for each in found)
    return picture, [each.message for each in found]


def rect(more: str = "", size: str = "width='3' height='3'") -> str:
    return f"<rect {size} {more}/>"


# ---------------------------------------------------------------- sizes

MUCH = {
    "transforms": (rect(f"transform='{'translate(' * 100_000}'"), "900000 numbers and commands in its shapes; 200000"),
    "path": (f"<path d='M0 0{'l1 1' * 480_000}'/>", "1440003 numbers and commands in its shapes; 200000"),
    "points": (f"<polyline points='{'1 ' * 950_000}'/>", "950000 numbers and commands in its shapes; 200000"),
    "attributes": (rect(" ".join(f"a{number}=''" for number in range(100_000))), "100003 attributes; 50000"),
    "elements": ("<g/>" * 90_000, "90001 elements; 5000"),
    "levels": ("<g>" * 50 + "</g>" * 50, "51 levels of elements inside elements; 40"),
}


@pytest.mark.full
@pytest.mark.parametrize("what", MUCH)
def test_an_svg_with_too_much_is_reported_with_its_size_and_the_limit(bench: Bench, what: str) -> None:
    inside, excess = MUCH[what]
    assert read_picture(inside) == (None, [f"This SVG has {excess} are the most."])
    bench.assert_refused("picture-svg", pictured(bench, drawn(inside), "hive.svg"))


def test_very_many_transforms_are_read_quickly() -> None:
    for text in ("translate(1" * 15_000, "translate(0 0)" * 15_000, "rotate (" * 20_000, "scale" + " " * 100_000):
        assert read_picture(rect(f"transform='{text}'"))


@pytest.mark.parametrize(
    "text", ["1" * 1_000_000 + "x", "-1." + "1" * 1_000_000 + "mm", "1e" * 500_000, "." * 1_000_000]
)
def test_a_number_of_a_million_digits_is_reported_quickly(text: str) -> None:
    _, messages = read_picture(rect(size=f"width='3' height='{text}'"))
    assert messages == [f"This SVG has the height '{text[:30]}', which is not drawn here."]


def test_the_number_of_findings_about_an_svg_is_limited() -> None:
    _, messages = read_picture(rect(f"style='{';'.join(f'a{number}:1' for number in range(100_000))}'"))
    assert len(messages) == svg.MAX_SVG_FINDINGS


def assert_drawn(bench: Bench) -> None:
    """Check that a handout with a high picture is made; a finding about the thin page before it is allowed."""
    ran = bench.run(*PDF)
    assert (ran.code, {found.code for found in ran.diagnostics} - {"thin-page"}) == (0, set()), ran.err
    assert bench.files()


@pytest.mark.full
def test_an_svg_with_as_many_curves_as_allowed_is_drawn(bench: Bench) -> None:
    count = svg.MAX_PATH_TOKENS // 7 - 1
    pictured(bench, drawn(f"<path d='M0 0{'c1 1 0 1 0 0' * count}'/>"), "hive.svg")
    assert_drawn(bench)


# ---------------------------------------------------------------- which numbers and colours

WRONG = {
    "rotate(1e999)": rect("transform='rotate(1e999)'"),
    "rotate(nan)": rect("transform='rotate(nan)'"),
    "translate(a)": rect("transform='translate(5 a)'"),
    "matrix(inf)": rect("transform='matrix(1e300 0 0 1e300 0 0)'"),
    "many scales": rect(f"transform='{'scale(100000) ' * 80}'"),
    "nothing of nothing": rect(f"transform='{'scale(100000) ' * 80}{'scale(0) ' * 80}'"),
    "width 1e999": rect(size="width='1e999' height='3'"),
    "width -3": rect(size="width='-3' height='3'"),
    "width 50%": rect(size="width='50%' height='3'"),
    "x 3mm": rect("x='3mm'"),
    "r -1": "<circle r='-1'/>",
    "points": "<polygon points='1 2 a b 3 4'/>",
    "points 1e999": "<polygon points='1 2 1e999 4'/>",
    "path 1e999": "<path d='M0 0L1e999 3'/>",
    "arc 1e999": "<path d='M0 0A1e999 1e999 0 0 1 3 3'/>",
    "arc 1e300": "<path d='M0 0A1e300 1e-300 0 0 1 3 3'/>",
    "path 1e200": "<path d='M0 0C1e200 1e200 -1e200 3 3 3'/>",
    "rgb(999,0,0)": rect("fill='rgb(999,0,0)'"),
    "rgb(999%,0%,0%)": rect("fill='rgb(999%,0%,0%)'"),
    "hsl(0,999%,50%)": rect("fill='hsl(0,999%,50%)'"),
    "hsl(9...)": rect(f"fill='hsl({'9' * 60},1%,{'9' * 30}%)'"),
    "#FF000080": rect("fill='#FF000080'"),
    "#F008": rect("style='fill:#F008'"),
    "stroke-width -3": rect("stroke='red' stroke-width='-3'"),
    "stroke-width 1e999": rect("stroke='red' stroke-width='1e999'"),
    "stroke-width 10%": rect("stroke='red' style='stroke-width:10%'"),
}


@pytest.mark.full
@pytest.mark.parametrize("what", WRONG)
def test_an_invalid_number_or_colour_is_reported(bench: Bench, what: str) -> None:
    picture, messages = read_picture(WRONG[what])
    assert picture is None
    assert messages
    place = pictured(bench, drawn(WRONG[what]), "hive.svg")
    ran = bench.run()
    assert (ran.code, bench.files()) == (1, {})
    assert {(each.code, each.place) for each in ran.diagnostics} == {("picture-svg", place)}


@pytest.mark.parametrize("box", ["0 0 1e999 9", "1e999 0 9 9", "0 0 -9 9", "0 0 1e-300 9", "0 0 9", "0 0 9 9 a", "a"])
def test_an_invalid_view_box_is_reported(box: str) -> None:
    (message,) = read_picture(rect(), f"viewBox='{box}'")[1]
    assert "sides are not 0.01 to 20000 long" in message


def test_all_coordinates_are_finite() -> None:
    picture, messages = read_picture("<path d='M1 1a3 3 0 1 0 4 0q1 1 2 2t1 1z' transform='rotate(20 4 4)'/>")
    assert picture, messages
    assert all(map(math.isfinite, chain(*(points for shape in picture.shapes for _, points in shape.commands))))


# ---------------------------------------------------------------- places


def test_a_shape_outside_the_view_box_is_reported_with_its_line(bench: Bench) -> None:
    inside = rect("x='-3000'", "width='9999' height='3'")
    found = bench.assert_refused("picture-svg", pictured(bench, drawn(f"\n{inside}"), "hive.svg"))
    assert "a rect in line 2 that reaches from -3000, 0 to 6999, 3, out of its viewBox 0 0 9 9" in found.message
    _, messages = read_picture(rect("x='100' y='50'"), "viewBox='100 50 2 2'")
    assert "from 100, 50 to 103, 53, out of its viewBox 100 50 2 2" in messages[0]


def test_an_invisible_shape_is_not_drawn() -> None:
    picture, messages = read_picture(rect() + rect("x='500'") + rect("y='-50'"))
    assert picture, messages
    assert len(picture.shapes) == 1
    assert read_picture(rect("x='500'"))[1] == ["This SVG draws nothing that can be seen."]


def test_a_curve_may_have_handles_outside_and_a_stroke_may_cover_the_edge() -> None:
    assert read_picture("<path d='M0 4.5C3 -1 6 -1 9 4.5z'/>")[1] == []
    assert read_picture(rect("stroke='red' stroke-width='0.3'", "width='9' height='9'"))[1] == []
    assert read_picture(rect("stroke='red' stroke-width='3'", "width='9' height='9'"))[1] != []


@pytest.mark.parametrize("size", ["20000 0.01", "0.01 20000", "0.01 0.01"])
def test_the_smallest_and_the_thinnest_pictures_are_drawn(bench: Bench, size: str) -> None:
    width, height = size.split()
    shape = rect("stroke='red' stroke-width='0.000001'", f"width='{width}' height='{height}'")
    content = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {size}'>{shape}</svg>".encode()
    pictured(bench, content, "hive.svg")
    assert_drawn(bench)


def test_a_deck_with_an_svg_follows_the_open_xml_schemas(bench: Bench) -> None:
    pictured(bench, SVG.encode(), "hive.svg")
    bench.build(*DECK)
    assert_open_xml_audit_passes(bench.path(DECKS.format("growers")))


# ---------------------------------------------------------------- themes

BODY = "body: {size: 13, leading: 17, after: 7}"
OUT_OF_RANGE = {
    "size: 0": (BODY, "body: {size: ¦0, leading: 17}", "6 to 300"),
    "size: 1e308": (BODY, "body: {size: ¦1e308, leading: 17}", "6 to 300"),
    "size: 1e-308": (BODY, "body: {size: ¦1e-308, leading: 17}", "6 to 300"),
    "leading: -3": (BODY, "body: {size: 13, leading: ¦-3}", "6 to 400"),
    "track: 1e9": (BODY, "body: {size: 13, leading: 17, track: ¦1e9}", "-0.2 to 1"),
    "width: -1": ("a4: {width: 595.28", "a4: {width: ¦-1", "200 to 2400"),
    "height: 1e300": ("height: 841.89", "height: ¦1e300", "200 to 2400"),
    "crisis-edge: 99": ("crisis-edge: 2", "crisis-edge: ¦99", "0 to 20"),
    "rail: -88": ("sheet: {rail: 88", "sheet: {rail: ¦-88", "0 to 400"),
}


@pytest.mark.parametrize("what", OUT_OF_RANGE)
def test_a_number_of_a_theme_out_of_range_is_reported_with_its_bounds(bench: Bench, what: str) -> None:
    old, new, bounds = OUT_OF_RANGE[what]
    found = bench.assert_refused("out-of-range", bench.plant(THEME, old, new))
    key, value = what.split(": ")
    assert found.message == f"'{key}' is {value}."
    assert f"help: write a number from {bounds}" in bench.run().err


def test_a_page_with_too_little_room_for_text_is_reported(bench: Bench) -> None:
    place = bench.plant(
        THEME, "a4: {width: 595.28, height: 841.89, margin: 42,", "a4: ¦{width: 595.28, height: 841.89, margin: 200,"
    )
    ran = bench.run()
    assert ran.code == 1
    assert ("out-of-range", place) in [(each.code, each.place) for each in ran.diagnostics]
    assert "81.28 points are left for text on a4; 150 are the least." in ran.err


@pytest.mark.full
@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize("key", ["size", "leading", "before", "after", "track", "words"])
def test_extreme_numbers_of_a_style_give_files_or_findings(bench: Bench, key: str, end: int) -> None:
    bounds = STYLE_NUMBERS[key].shape
    assert isinstance(bounds, Number)
    style = {"size": 13.0, "leading": 17.0, "after": 7.0, key: (bounds.least, bounds.most)[end]}
    bench.project.replace(THEME, BODY, f"body: {{{', '.join(f'{name}: {value:g}' for name, value in style.items())}}}")
    ran = bench.run(*BUILD, "--audience", "growers")
    assert ran.code in (0, 1)
    assert bench.files() if ran.code == 0 else ran.diagnostics
