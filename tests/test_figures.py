"""The drawings: their geometry is that of the visual language, and a label never collides or shrinks."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import pytest

from handouts.figures import (
    FIGURES,
    SIGNS,
    Box,
    Circle,
    Drawing,
    Label,
    Path,
    figure_drawing,
    fork_sign_drawing,
    line_drawing,
    page_mark_drawing,
    sign_drawing,
    window_drawing,
)
from handouts.figures.labels import label_areas
from handouts.text import PRINT, SCREEN, Family
from handouts.theme import TypeStyle

LABELS = {
    "sign": "A sign of distance, or “It is over”",
    "alarm": "Alarm: fear of being left",
    "rise": "Feelings rise fast",
    "urge": "Urge to reach out",
    "contact": "Contact: calls, texts, visits",
    "relief": "Short relief, or more rejection",
    "pause": "Pause",
    "pause-text": "Wait. Breathe. Call someone else.",
    "answer": "Same short answer, or none",
}
SHORTER = {**LABELS, "sign": "“It is over”", "contact": "Contact"}
PRINT_STYLE = TypeStyle(13, 16.5, bold=True)
SLIDE_STYLE = TypeStyle(24, 29, bold=True)
PRINTED = figure_drawing("cycle", LABELS, 511, PRINT_STYLE, PRINT, "print")
SHOWN = figure_drawing("cycle", SHORTER, 852, SLIDE_STYLE, SCREEN, "slide")
CASES = [(PRINTED, PRINT_STYLE, PRINT), (SHOWN, SLIDE_STYLE, SCREEN)]


def labels_of(drawing: Drawing) -> list[Label]:
    return [shape for shape in drawing.shapes if isinstance(shape, Label) and not shape.key.startswith("number")]


@pytest.mark.parametrize("drawing", [PRINTED, SHOWN])
def test_each_label_of_the_cycle_is_there_whole_in_the_order_of_its_keys(drawing: Drawing) -> None:
    assert not drawing.findings
    wanted = LABELS if drawing is PRINTED else SHORTER
    assert {label.key: " ".join(label.lines) for label in labels_of(drawing)} == wanted
    assert [label.key for label in labels_of(drawing)] == list(wanted)


@pytest.mark.parametrize(("drawing", "style", "family"), CASES)
def test_no_label_touches_another_a_node_or_the_edge(drawing: Drawing, style: TypeStyle, family: Family) -> None:
    labels = labels_of(drawing)
    areas = [label_areas(each, family, replace(style, bold=each.bold)) for each in labels]
    for one, other in combinations(areas, 2):
        assert not any(area.meets(another) for area in one for another in other)
    nodes = [shape for shape in drawing.shapes if isinstance(shape, Circle) and shape.fill == "white" and shape.stroke]
    assert len(nodes) == 6
    for area in (area for lines in areas for area in lines):
        assert area.left >= -0.5
        assert area.right <= drawing.width + 0.5
        assert not any(area.near((node.x, node.y), node.radius) for node in nodes)


def test_nodes_stand_where_the_visual_language_puts_them() -> None:
    nodes = [shape for shape in PRINTED.shapes if isinstance(shape, Circle) and shape.fill == "white" and shape.stroke]
    wanted = [(15.3, 40.3), (86.9, 155.0), (207.0, 15.3), (314.9, 93.7), (318.3, 207.3), (163.9, 285.5)]
    for node, (x, y) in zip(nodes, wanted, strict=True):
        assert math.dist((node.x, node.y), (x, y)) < 0.2


def test_the_ways_out_are_solid_and_the_pattern_is_outlined() -> None:
    assert len([shape for shape in PRINTED.shapes if isinstance(shape, Box) and shape.fill == "accent"]) == 2
    assert {label.colour for label in labels_of(PRINTED) if label.key.startswith(("pause", "answer"))} == {"white"}


@pytest.mark.parametrize("key", FIGURES["cycle"].required)
def test_a_label_that_has_no_room_is_a_finding_and_no_smaller_label(key: str) -> None:
    long = {**LABELS, key: "Verlassenheitsangstbewältigungsstrategien " * 6}
    drawing = figure_drawing("cycle", long, 511, PRINT_STYLE, PRINT, "print")
    assert [found.code for found in drawing.findings if f"'{key}'" in found.message] == ["figure-label"]
    assert {label.size for label in labels_of(drawing)} == {13}


@pytest.mark.parametrize("name", SIGNS)
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
        _, line, ring = line_drawing(511.28, touches=touches).shapes
        assert isinstance(line, Path)
        assert isinstance(ring, Circle)
        gaps.append(ring.x - ring.radius - line.commands[-1][1][-2])
    assert gaps[0] == pytest.approx(43.5, abs=0.1)
    assert gaps[1] == pytest.approx(0, abs=0.1)


def test_the_line_runs_through_the_points_of_the_visual_language() -> None:
    _, line, _ = line_drawing(511.28, touches=False).shapes
    assert isinstance(line, Path)
    ends = [(values[-2], values[-1]) for _, values in line.commands]
    wanted = [(33.9, 34.0), (36.5, 48.3), (55.8, 58.0), (75.5, 10.0), (73.4, 51.0), (154.4, 34.0), (431.3, 34.0)]
    for point in wanted:
        assert min(math.dist(point, end) for end in ends) < 0.1


def test_the_line_has_no_cusp_and_ends_level() -> None:
    _, line, _ = page_mark_drawing().shapes
    assert isinstance(line, Path)
    assert line.commands[-1][1][-1] == pytest.approx(7, abs=0.05)


def test_each_later_section_is_calmer() -> None:
    heights = []
    for index in range(3):
        (wave,) = window_drawing(960, 200, index, 3).shapes
        assert isinstance(wave, Path)
        ys = [values[-1] for _, values in wave.commands]
        heights.append(max(ys) - min(ys))
    assert heights == sorted(heights, reverse=True)


def test_square_triangle_and_circle_differ_in_shape_and_not_in_colour_alone() -> None:
    kinds = {type(fork_sign_drawing(level, 24).shapes[0]) for level in ("red", "amber", "green")}
    assert kinds == {Box, Path, Circle}
