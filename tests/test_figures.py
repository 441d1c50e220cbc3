"""Figures: their geometry follows the visual language, and labels never overlap or shrink."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Literal

import pytest
from figure_samples import GERMAN, SHORT, USUAL
from msgspec.structs import replace

from handouts.document.nodes import Outline, Outlines
from handouts.figures import FIGURE_KINDS, figure_drawing
from handouts.figures.decorative_lines import cover_line_drawing, page_mark_drawing, section_line_drawing
from handouts.figures.icon_array import PeopleCount, parse_count, printed_count
from handouts.figures.labels import Bounds, LabelStyle, label_bounds
from handouts.figures.shapes import Circle, Drawing, Path, Rectangle, TextLabel, points_along, points_between
from handouts.figures.signs import SIGN_NAMES, fork_sign_drawing, sign_drawing
from handouts.text.fonts import PRINT_FAMILY, SCREEN_FAMILY, FontFamily
from handouts.theme import TypeStyle

LABELS = USUAL["cycle"]
SHORTER = SHORT["cycle"]
PRINT_STYLE = TypeStyle(13, 16.5, bold=True)
SLIDE_STYLE = TypeStyle(24, 29, bold=True)
PRINTED = figure_drawing("cycle", LABELS, 511, PRINT_STYLE, PRINT_FAMILY, "print")
SHOWN = figure_drawing("cycle", SHORTER, 852, SLIDE_STYLE, SCREEN_FAMILY, "slide")
CASES = [(PRINTED, PRINT_STYLE, PRINT_FAMILY), (SHOWN, SLIDE_STYLE, SCREEN_FAMILY)]


def labels_of(drawing: Drawing) -> list[TextLabel]:
    return [shape for shape in drawing.shapes if isinstance(shape, TextLabel) and not shape.key.startswith("number")]


@pytest.mark.parametrize("drawing", [PRINTED, SHOWN])
def test_each_label_of_the_cycle_is_complete_and_in_order(drawing: Drawing) -> None:
    assert not drawing.findings
    expected = LABELS if drawing is PRINTED else SHORTER
    assert {label.key: " ".join(label.lines) for label in labels_of(drawing)} == expected
    assert [label.key for label in labels_of(drawing)] == list(expected)


@pytest.mark.parametrize(("drawing", "style", "family"), CASES)
def test_no_label_touches_another_a_node_or_the_edge(drawing: Drawing, style: TypeStyle, family: FontFamily) -> None:
    labels = labels_of(drawing)
    areas = [label_bounds(each, family, replace(style, bold=each.bold)) for each in labels]
    for one, other in combinations(areas, 2):
        assert not any(area.overlaps(another) for area in one for another in other)
    nodes = [shape for shape in drawing.shapes if isinstance(shape, Circle) and shape.fill == "white" and shape.stroke]
    assert len(nodes) == 6
    for area in (area for lines in areas for area in lines):
        assert area.left >= -0.5
        assert area.right <= drawing.width + 0.5
        assert not any(area.is_near((node.x, node.y), node.radius) for node in nodes)


def test_nodes_have_the_positions_of_the_visual_language() -> None:
    nodes = [shape for shape in PRINTED.shapes if isinstance(shape, Circle) and shape.fill == "white" and shape.stroke]
    expected = [(15.3, 33.0), (92.0, 126.3), (214.0, 15.3), (327.1, 84.7), (329.4, 162.4), (121.9, 199.1)]
    for node, (x, y) in zip(nodes, expected, strict=True):
        assert math.dist((node.x, node.y), (x, y)) < 0.2


@pytest.mark.parametrize("words", [USUAL, SHORT, GERMAN], ids=["usual", "short", "german"])
@pytest.mark.parametrize("index", range(6))
def test_each_step_of_the_cycle_is_next_to_its_node(words: dict[str, dict[str, str]], index: int) -> None:
    _, width, style, family, medium = SIZES[index]
    drawing = figure_drawing("cycle", words["cycle"], width, style, family, medium)
    nodes = [shape for shape in drawing.shapes if isinstance(shape, Circle) and shape.fill == "white" and shape.stroke]
    labels = {label.key: label for label in labels_of(drawing)}
    for number, key in enumerate(("sign", "alarm", "rise", "urge", "contact", "relief")):
        if key not in labels:
            assert any(f"'{key}'" in found.message for found in drawing.findings)
            continue
        areas = label_bounds(labels[key], family, replace(style, bold=True))
        gaps = [min(gap_to(area, (node.x, node.y)) for area in areas) for node in nodes]
        assert gaps[number] == min(gaps)
        assert gaps[number] < 4 * style.size


def gap_to(area: Bounds, point: tuple[float, float]) -> float:
    across = max(area.left - point[0], 0.0, point[0] - area.right)
    return math.hypot(across, max(area.top - point[1], 0.0, point[1] - area.bottom))


def test_the_loop_on_paper_is_nearly_as_high_as_it_is_wide() -> None:
    nodes = [shape for shape in PRINTED.shapes if isinstance(shape, Circle) and shape.fill == "white" and shape.stroke]
    (ground,) = [shape for shape in PRINTED.shapes if isinstance(shape, Path) and shape.fill == "tint"]
    xs, ys = zip(*points_along(ground.commands, 2.0), strict=True)
    assert 0.9 < (max(ys) - min(ys)) / (max(xs) - min(xs)) < 1.1
    assert PRINTED.height < 270
    assert len(nodes) == 6


def test_the_height_of_the_cycle_follows_its_labels_and_its_exits_move_below_if_it_is_narrow() -> None:
    small = TypeStyle(12, 15.5, bold=True)
    compact = figure_drawing("cycle", LABELS, 511, small, PRINT_FAMILY, "print")
    assert compact.height == pytest.approx(PRINTED.height * 12 / 13)
    for drawing, below in (
        (compact, False),
        (figure_drawing("cycle", LABELS, 351, small, PRINT_FAMILY, "print"), True),
    ):
        assert not drawing.findings
        boxes = [shape for shape in drawing.shapes if isinstance(shape, Rectangle)]
        nodes = [
            shape for shape in drawing.shapes if isinstance(shape, Circle) and shape.fill == "white" and shape.stroke
        ]
        assert (min(box.y for box in boxes) > max(node.y for node in nodes)) == below


def test_exits_are_filled_and_the_cycle_is_outlined() -> None:
    assert len([shape for shape in PRINTED.shapes if isinstance(shape, Rectangle) and shape.fill == "accent"]) == 2
    assert {label.colour for label in labels_of(PRINTED) if label.key.startswith(("pause", "answer"))} == {"white"}


@pytest.mark.full
@pytest.mark.parametrize("key", FIGURE_KINDS["cycle"].required)
def test_a_label_that_does_not_fit_is_a_finding_and_not_shrunk(key: str) -> None:
    long = {**LABELS, key: "Verlassenheitsangstbewältigungsstrategien " * 6}
    drawing = figure_drawing("cycle", long, 511, PRINT_STYLE, PRINT_FAMILY, "print")
    assert [found.code for found in drawing.findings if f"'{key}'" in found.message] == ["figure-label"]
    assert {label.size for label in labels_of(drawing)} == {13}


@pytest.mark.parametrize("name", SIGN_NAMES)
def test_a_sign_stays_in_its_square(name: str) -> None:
    for shape in sign_drawing(name, 48).shapes:
        match shape:
            case Circle():
                assert shape.x - shape.radius - shape.width / 2 >= 0
                assert shape.x + shape.radius + shape.width / 2 <= 48
            case Path():
                assert all(-1 <= value <= 49 for _, values in shape.commands for value in values)
            case _:
                pytest.fail("a sign is made of circles and paths")


def test_the_line_rests_before_the_ring_or_touches_it() -> None:
    gaps = []
    for touches in (False, True):
        _, line, ring = cover_line_drawing(511.28, look="touches" if touches else "rests").shapes
        assert isinstance(line, Path)
        assert isinstance(ring, Circle)
        gaps.append(ring.x - ring.radius - line.commands[-1][1][-2])
    assert gaps[0] == pytest.approx(43.5, abs=0.1)
    assert gaps[1] == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("touches", [False, True])
@pytest.mark.parametrize("width", [300.0, 347.5, 511.28])
def test_loops_of_a_line_stay_apart_on_narrow_paper(width: float, touches: bool) -> None:
    _, line, _ = cover_line_drawing(width, look="touches" if touches else "rests").shapes
    assert isinstance(line, Path)
    ends = [values[-2:] for verb, values in line.commands if verb == "C"]
    tops = [x for (_, above), (x, y), (_, below) in zip(ends, ends[1:], ends[2:], strict=False) if above >= y <= below]
    assert len(tops) >= 3
    assert min(after - before for before, after in pairwise(tops)) > 30


def test_the_line_runs_through_the_points_of_the_visual_language() -> None:
    _, line, _ = cover_line_drawing(511.28).shapes
    assert isinstance(line, Path)
    ends = [(values[-2], values[-1]) for _, values in line.commands]
    expected = [(33.9, 34.0), (36.5, 48.3), (55.8, 58.0), (75.5, 10.0), (73.4, 51.0), (154.4, 34.0), (431.3, 34.0)]
    for point in expected:
        assert min(math.dist(point, end) for end in ends) < 0.1


def test_the_line_has_no_cusp_and_ends_level() -> None:
    _, line, _ = page_mark_drawing().shapes
    assert isinstance(line, Path)
    assert line.commands[-1][1][-1] == pytest.approx(7, abs=0.05)


def test_each_later_section_is_calmer() -> None:
    heights = []
    for index in range(3):
        (wave,) = section_line_drawing(960, 200, index, 3).shapes
        assert isinstance(wave, Path)
        ys = [values[-1] for _, values in wave.commands]
        heights.append(max(ys) - min(ys))
    assert heights == sorted(heights, reverse=True)


def test_square_triangle_and_circle_differ_in_shape_and_not_in_colour_alone() -> None:
    kinds = {type(fork_sign_drawing(level, 24).shapes[0]) for level in ("red", "amber", "green")}
    assert kinds == {Rectangle, Path, Circle}


Medium = Literal["print", "slide"]
Size = tuple[str, float, TypeStyle, FontFamily, Medium]
LARGE_STYLE = TypeStyle(17, 22, bold=True)
SIZES: list[Size] = [
    ("A4", 511.28, PRINT_STYLE, PRINT_FAMILY, "print"),
    ("Letter", 528, PRINT_STYLE, PRINT_FAMILY, "print"),
    ("A5", 347, PRINT_STYLE, PRINT_FAMILY, "print"),
    ("large print", 511.28, LARGE_STYLE, PRINT_FAMILY, "print"),
    ("slide", 852, SLIDE_STYLE, SCREEN_FAMILY, "slide"),
    ("slide below text", 736, SLIDE_STYLE, SCREEN_FAMILY, "slide"),
]
OTHERS = [name for name in FIGURE_KINDS if name != "cycle"]


def usual_labels(name: str, medium: Medium) -> dict[str, str]:
    return dict((USUAL if medium == "print" else SHORT)[name])


def drawn(name: str, labels: dict[str, str], size: Size) -> Drawing:
    _, width, style, family, medium = size
    return figure_drawing(name, labels, width, style, family, medium)


def ink_points(drawing: Drawing) -> Iterator[tuple[tuple[float, float], float]]:
    """Yield closely spaced points along every line and edge of a drawing, each with half the line width."""
    for shape in drawing.shapes:
        match shape:
            case Path() if shape.stroke or shape.fill not in ("", "tint", "white"):
                yield from ((point, shape.width / 2) for point in points_along(shape.commands, 2.0))
            case Circle():
                rim = ((shape.x, shape.y), shape.radius)
                turns = [math.radians(degree) for degree in range(0, 360, 5)]
                for turn in turns:
                    yield (rim[0][0] + rim[1] * math.cos(turn), rim[0][1] + rim[1] * math.sin(turn)), shape.width / 2
            case Rectangle() if shape.fill != "tint":
                left, top, right, bottom = shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
                corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
                for start, end in pairwise(corners):
                    yield from ((point, shape.edge / 2) for point in points_between(start, end, 2.0))
            case _:
                pass


def written(drawing: Drawing, family: FontFamily, style: TypeStyle) -> list[tuple[TextLabel, Bounds]]:
    """Return each line of each label with the bounding box of its ink."""
    labels = [shape for shape in drawing.shapes if isinstance(shape, TextLabel)]
    return [
        (label, area)
        for label in labels
        for area in label_bounds(label, family, replace(style, bold=label.bold, size=label.size))
    ]


def assert_clear(drawing: Drawing, size: Size) -> None:
    """Assert that no label overlaps another, a line or an edge, leaves the drawing, or is small."""
    _, width, style, family, _ = size
    lines = written(drawing, family, style)
    for (one, area), (other, another) in combinations(lines, 2):
        assert one is other or not area.overlaps(another), (one, other)
    points = list(ink_points(drawing))
    for label, area in lines:
        assert label.size >= style.size
        assert area.left >= -0.5
        assert area.right <= width + 0.5
        assert area.top >= -0.5
        assert area.bottom <= drawing.height + 0.5
        assert not any(area.is_near(point, thickness) for point, thickness in points), label


@pytest.mark.parametrize("size", SIZES[:5], ids=lambda size: size[0])
@pytest.mark.parametrize("name", FIGURE_KINDS)
def test_each_figure_shows_all_its_words_at_each_size(name: str, size: Size) -> None:
    labels = usual_labels(name, size[4])
    drawing = drawn(name, labels, size)
    assert not drawing.findings
    assert_clear(drawing, size)
    shown = {label.key: " ".join(label.lines) for label in drawing.shapes if isinstance(label, TextLabel)}
    assert [label.key for label in labels_of(drawing)] == [key for key, words in labels.items() if words]
    for key, words in labels.items():
        if words:
            assert shown[key].split("\N{NO-BREAK SPACE}")[-1] == words


@pytest.mark.nightly
@pytest.mark.parametrize("size", SIZES, ids=lambda size: size[0])
@pytest.mark.parametrize("times", [0, 2, 4])
@pytest.mark.parametrize("name", FIGURE_KINDS)
def test_long_words_overlap_nothing_or_are_a_finding(name: str, times: int, size: Size) -> None:
    samples = USUAL[name] if times else GERMAN[name]
    labels = {key: " ".join([words] * max(1, times)) for key, words in samples.items()}
    labels |= dict.fromkeys(FIGURE_KINDS[name].counts, "50")
    drawing = drawn(name, labels, size)
    if not drawing.findings:
        assert_clear(drawing, size)
    assert all(found.code == "figure-label" and found.hint for found in drawing.findings)


@pytest.mark.full
@pytest.mark.parametrize("name", OTHERS)
def test_a_word_that_cannot_fit_is_a_finding_and_one_that_just_fits_is_not(name: str) -> None:
    for key in FIGURE_KINDS[name].required:
        if key in FIGURE_KINDS[name].counts:
            continue
        long = {**USUAL[name], key: "Verlassenheitsangstbewältigungsstrategien" * 3}
        found = drawn(name, long, SIZES[0]).findings
        assert any(f"'{key}'" in each.message for each in found), key
        assert not drawn(name, {**USUAL[name], key: "Angst"}, SIZES[0]).findings


@pytest.mark.parametrize("name", FIGURE_KINDS)
def test_no_figure_leaves_its_slide(name: str) -> None:
    for size in SIZES[4:]:
        drawing = drawn(name, usual_labels(name, "slide"), size)
        assert drawing.findings or drawing.height <= size[1] * 346 / 852 + 1


@pytest.mark.parametrize("name", ["iceberg", "wave"])
def test_a_figure_as_high_as_a_slide_does_not_reach_the_foot(name: str) -> None:
    for size in SIZES[4:]:
        drawing = drawn(name, usual_labels(name, "slide"), size)
        assert drawing.findings or drawing.height <= size[1] * 346 / 852 - 24


@pytest.mark.parametrize("size", SIZES[:5], ids=lambda size: size[0])
def test_all_words_on_the_iceberg_have_the_same_centre_line(size: Size) -> None:
    drawing = drawn("iceberg", usual_labels("iceberg", size[4]), size)
    labels = [label for label in labels_of(drawing) if label.align == "middle"]
    assert len(labels) >= 5
    assert len({round(label.x, 3) for label in labels}) == 1


@pytest.mark.parametrize("name", FIGURE_KINDS)
def test_no_words_are_on_an_area_that_the_photocopy_edition_hatches(name: str) -> None:
    for size in SIZES:
        shapes = drawn(name, usual_labels(name, size[4]), size).shapes
        assert all(isinstance(shape, TextLabel) or shape.fill != "tint2" for shape in shapes)


@pytest.mark.parametrize("filled", [0, 1, 85, 99, 100])
def test_an_array_fills_the_given_number_of_people(filled: int) -> None:
    labels = {"filled": str(filled), "of": "in 100", "words": "people."}
    people = [shape for shape in drawn("array", labels, SIZES[0]).shapes if isinstance(shape, Path)]
    assert len(people) == 100
    assert [bool(person.fill) for person in people] == [True] * filled + [False] * (100 - filled)
    assert all(person.stroke for person in people[filled:])


@pytest.mark.parametrize(("name", "columns"), [("array", 10), ("array-rows", 20)])
def test_an_array_for_a_range_has_filled_half_filled_and_outlined_people(name: str, columns: int) -> None:
    labels = {"filled": "1–3", "of": "in 100", "words": "people."}
    for size in SIZES[:5]:
        paths = [shape for shape in drawn(name, labels, size).shapes if isinstance(shape, Path)]
        kinds = [("full" if path.fill else "open") for path in paths]
        assert kinds == ["full", *["full", "open"] * 2, *["open"] * 97]
        whole, half = (points_along(path.commands, 1.0) for path in paths[:2])
        widths = [max(x for x, _ in points) - min(x for x, _ in points) for points in (whole, half)]
        assert widths[1] == pytest.approx(widths[0] / 2, abs=0.01)
        tops = sorted({round(min(y for _, y in points_along(path.commands, 1.0))) for path in paths if path.stroke})
        assert len(tops) == 100 / columns


def test_people_in_rows_take_little_of_a_page() -> None:
    labels = {"filled": "1–3", "of": "in 100", "words": "adults have this condition."}
    for size, most in zip(SIZES[:4], (80, 85, 85, 100), strict=True):
        drawing = drawn("array-rows", labels, size)
        assert not drawing.findings
        assert drawing.height < most
        number = next(label for label in labels_of(drawing) if label.key == "filled")
        assert number.size >= 1.6 * size[2].size


@pytest.mark.parametrize("filled", ["1-3", "1–3", "1 - 3", " 1 – 3 "])
def test_ranges_are_read_in_several_notations_and_printed_in_one(filled: str) -> None:
    assert parse_count(filled) == PeopleCount(1, 3)
    assert printed_count(filled) == "1–3"


@pytest.mark.parametrize("filled", ["3-1", "2-2", "1-101", "1-2-3", "1 in 3", "-3", "1-", "0.5-3"])
def test_an_invalid_range_is_a_finding_and_printed_unchanged(filled: str) -> None:
    assert printed_count(filled) == filled
    assert [
        found.code for found in drawn("array-rows", {**SHORT["array-rows"], "filled": filled}, SIZES[0]).findings
    ] == ["figure-count"]


@pytest.mark.parametrize("filled", ["101", "-1", "8.5", "viele", "٨٥", "1000"])
def test_an_invalid_count_is_a_finding(filled: str) -> None:
    labels = {**USUAL["array"], "filled": filled}
    assert [found.code for found in drawn("array", labels, SIZES[0]).findings] == ["figure-count"]


def test_the_wave_falls_slower_than_it_rises_and_the_pause_lies_under_it() -> None:
    drawing = drawn("wave", USUAL["wave"], SIZES[0])
    (peak,) = [shape for shape in drawing.shapes if isinstance(shape, Circle) and shape.fill == "accent"]
    (bar,) = [shape for shape in drawing.shapes if isinstance(shape, Rectangle)]
    main = next(shape for shape in drawing.shapes if isinstance(shape, Path) and shape.stroke == "accent")
    xs = [x for x, _ in points_along(main.commands, 2.0)]
    assert max(xs) - peak.x > 3 * (peak.x - min(xs))
    assert bar.x < peak.x < bar.x + bar.width


def test_the_branches_of_a_fork_differ_without_colour() -> None:
    shapes = drawn("fork", USUAL["fork"], SIZES[0]).shapes
    edges = {shape.stroke: shape.edge for shape in shapes if isinstance(shape, Rectangle)}
    assert edges["red"] > edges["amber"] > edges["green"]
    assert len([shape for shape in shapes if isinstance(shape, Path) and shape.stroke == "amber"]) > 5


# ---------------------------------------------------------------- three to eight factors, and keys of one's own

FACTORS = ("Going to bed late", "Worry in bed", "A bright screen", "Coffee after lunch", "A warm room", "Long naps",
           "Noise in the street", "Work at night")  # fmt: skip
EIGHT_SIGNS = ("time", "thought", "sleep", "medicine", "home", "mood", "alarm", "school")


def wheel_labels(count: int, keys: Sequence[str] = EIGHT_SIGNS) -> dict[str, str]:
    return {"hub": "A bad night", **dict(zip(keys[:count], FACTORS, strict=False))}


def nodes_of(drawing: Drawing) -> list[Circle]:
    return [shape for shape in drawing.shapes if isinstance(shape, Circle) and shape.fill == "tint"]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size[0])
@pytest.mark.parametrize("keys", [EIGHT_SIGNS, tuple("12345678")], ids=["signs", "numbers"])
@pytest.mark.parametrize("count", range(3, 9))
def test_a_wheel_of_three_to_eight_shows_all_its_words_and_is_regular(
    count: int, keys: tuple[str, ...], size: Size
) -> None:
    labels = wheel_labels(count, keys)
    drawing = drawn("wheel", labels, size)
    assert not drawing.findings
    assert_clear(drawing, size)
    words = {label.key: " ".join(label.lines).split("\N{NO-BREAK SPACE}")[-1] for label in labels_of(drawing)}
    assert words == labels
    nodes = nodes_of(drawing)
    assert len(nodes) == count
    across, down = ({round(getattr(node, side), 3) for node in nodes} for side in ("x", "y"))
    assert mirrored(across, drawing.width / 2) or mirrored(down, drawing.height / 2)
    gaps = [math.dist((one.x, one.y), (other.x, other.y)) - 2 * one.radius for one, other in combinations(nodes, 2)]
    assert min(gaps) > 5
    assert drawing.height <= LabelStyle(size[2], size[3], size[4]).most_height(size[1]) + 1


def mirrored(places: set[float], middle: float) -> bool:
    """True if places are symmetric about their middle."""
    return all(any(abs(2 * middle - place - other) < 0.01 for other in places) for place in places)


@pytest.mark.parametrize("size", SIZES[:5], ids=lambda size: size[0])
def test_the_factors_of_a_wheel_follow_each_other_clockwise(size: Size) -> None:
    for count in range(3, 9):
        drawing = drawn("wheel", wheel_labels(count), size)
        (hub,) = [
            shape for shape in drawing.shapes if isinstance(shape, Circle) and shape.radius > 30 and not shape.stroke
        ]
        turns = [math.atan2(node.y - hub.y, node.x - hub.x) for node in nodes_of(drawing)]
        steps = [(after - before) % (2 * math.pi) for before, after in pairwise((*turns, turns[0]))]
        assert sum(steps) == pytest.approx(2 * math.pi)


def test_a_factor_without_a_sign_has_its_number_in_its_node() -> None:
    drawing = drawn("wheel", wheel_labels(3, ("1", "worry", "sleep")), SIZES[0])
    numbers = [shape for shape in drawing.shapes if isinstance(shape, TextLabel) and shape.key.startswith("number")]
    assert [(label.lines, label.size >= PRINT_STYLE.size) for label in numbers] == [(("1",), True), (("2",), True)]
    assert [" ".join(label.lines) for label in labels_of(drawing)][1:] == [
        *FACTORS[:2],
        f"3\N{NO-BREAK SPACE}{FACTORS[2]}",
    ]


def test_signs_can_be_given_separately_or_as_keys() -> None:
    _, width, style, family, medium = SIZES[0]
    by_key = drawn("wheel", wheel_labels(3), SIZES[0])
    named = figure_drawing("wheel", wheel_labels(3, "123"), width, style, family, medium, EIGHT_SIGNS[:3])
    assert [replace(shape, key="") if isinstance(shape, TextLabel) else shape for shape in by_key.shapes] == [
        replace(shape, key="") if isinstance(shape, TextLabel) else shape for shape in named.shapes
    ]


@pytest.mark.parametrize("count", [0, 2, 9])
def test_a_wheel_of_two_or_nine_is_an_error_with_the_allowed_numbers(count: int) -> None:
    labels = {"hub": "A bad night"} | {str(number): "Words" for number in range(1, count + 1)}
    (found,) = drawn("wheel", labels, SIZES[0]).findings
    assert f"three to eight factors, and this has {count}" in found.message


@pytest.mark.parametrize("size", SIZES[:5], ids=lambda size: size[0])
def test_numbered_keys_draw_the_same_cycle(size: Size) -> None:
    usually = usual_labels("cycle", size[4])
    plain = {each: key for key, each in FIGURE_KINDS["cycle"].numbered.items()}
    numbered = drawn("cycle", {plain[key]: words for key, words in usually.items()}, size)
    named = drawn("cycle", usually, size)
    assert [label.key for label in labels_of(numbered)] == [plain[key] for key in usually]
    back = [
        replace(shape, key=FIGURE_KINDS["cycle"].numbered.get(shape.key, shape.key))
        if isinstance(shape, TextLabel)
        else shape
        for shape in numbered.shapes
    ]
    assert tuple(back) == named.shapes


def test_a_numbered_label_that_does_not_fit_is_named_by_its_key() -> None:
    plain = {each: key for key, each in FIGURE_KINDS["cycle"].numbered.items()}
    labels = {plain[key]: words for key, words in LABELS.items()} | {"step-4": "Verlassenheitsangst" * 4}
    messages = [found.message + found.hint for found in drawn("cycle", labels, SIZES[0]).findings]
    assert any("'step-4'" in each for each in messages)
    assert not any(re.search("'urge'|pause-text|answer", each) for each in messages)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size[0])
@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("cycle", ("answer",)),
        ("cycle", ("answer", "pause-text")),
        ("wave", ("other",)),
        ("wave", ("other", "pause", "peak-text")),
        ("timeline", ("step-5", "step-5-text")),
        ("timeline", ("step-5",)),
        ("cycle", ("pause-text",)),
        ("timeline", ("step-4", "step-4-text", "step-5", "step-5-text")),
        ("timeline", tuple(f"step-{number}-text" for number in range(1, 6))),
    ],
)
def test_omitted_optional_labels_leave_no_gap(name: str, left_out: tuple[str, ...], size: Size) -> None:
    labels = {key: words for key, words in usual_labels(name, size[4]).items() if key not in left_out}
    drawing = drawn(name, labels, size)
    assert not drawing.findings
    assert_clear(drawing, size)
    assert [label.key for label in labels_of(drawing)] == list(labels)
    ink = max(point[1] + reach for point, reach in ink_points(drawing))
    words = max(area.bottom for _, area in written(drawing, size[3], size[2]))
    assert drawing.height - max(ink, words) < 4.5 * size[2].size


# ---------------------------------------------------------------- signs


@pytest.mark.parametrize("size", [14.0, 48.0])
def test_each_sign_is_drawn_in_one_colour_and_no_two_are_alike(size: float) -> None:
    drawings = {name: sign_drawing(name, size, "ink") for name in SIGN_NAMES}
    assert len({drawing.shapes for drawing in drawings.values()}) == len(SIGN_NAMES)
    for drawing in drawings.values():
        assert {colour for shape in drawing.shapes if not isinstance(shape, TextLabel)
                for colour in (shape.fill, shape.stroke) if colour} == {"ink"}  # fmt: skip


def test_a_custom_sign_is_centred_and_has_the_colour_of_signs() -> None:
    square = (("M", (0.0, 0.0)), ("L", (20.0, 0.0)), ("L", (20.0, 10.0)), ("Z", ()))
    picture = Outlines(20, 10, (Outline(square, "#102030", "", 0), Outline(square, "", "#FFEECC", 1)))
    dark, light = sign_drawing(picture, 40, "accent").shapes
    assert isinstance(dark, Path)
    assert isinstance(light, Path)
    assert (dark.fill, dark.stroke, light.fill, light.stroke, light.width) == ("accent", "", "", "white", 2)
    assert dark.commands[:2] == (("M", (0.0, 10.0)), ("L", (40.0, 10.0)))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size[0])
def test_a_second_exit_may_have_only_a_text(size: Size) -> None:
    labels = {key: words for key, words in usual_labels("cycle", size[4]).items() if key != "answer"}
    labels |= {"answer-text": "Call a friend."}
    drawing = drawn("cycle", labels, size)
    assert not drawing.findings
    assert_clear(drawing, size)
    assert [label.key for label in labels_of(drawing)] == list(labels)
    long = {**labels, "answer-text": "Verlassenheitsangst" * 5}
    assert drawn("cycle", long, size).findings
