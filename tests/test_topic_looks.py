"""The drawn line and the accents of a topic: plain by default, and set in topic.yaml."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Project
from paths import ROOT

from handouts.figures.decorative_lines import cover_line_drawing, page_mark_drawing, title_line_drawing
from handouts.figures.shapes import Circle, Path
from handouts.finding import HandoutError
from handouts.load import load_library
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.theme import LineLook, Theme

TOPIC = "content/bees/topic.yaml"


def says(project: Project, settings: str) -> None:
    project.replace(TOPIC, "licence:", f"{settings}\nlicence:")


def themes(project: Project, **options: Any) -> dict[str, Theme]:
    """Return the theme of the files of each audience, which is the same for all of them."""
    project.replace("content/audiences.yaml", "  line: touches\n", "")
    made, _ = plan_deliverables(project.load(), Options(project.content, project.templates, project.root, **options))
    found = {each.audience: each.theme for each in made}
    assert len(made) > len(found)
    assert all(found[each.audience].line == each.theme.line for each in made)
    return found


def lines_of(project: Project) -> dict[str, str]:
    return {name: theme.line for name, theme in themes(project).items()}


def test_by_default_a_topic_has_a_plain_line(project: Project) -> None:
    assert lines_of(project) == {"growers": "plain", "keepers": "plain"}


@pytest.mark.parametrize("draw", [cover_line_drawing, title_line_drawing])
def test_a_plain_line_has_no_disc_or_ring_and_keeps_away_from_the_edges(draw: Any) -> None:
    width = 511.28 if draw is cover_line_drawing else 960.0
    (line,) = draw(width, 64.0, look="plain").shapes
    assert isinstance(line, Path)
    xs = [x for _, values in line.commands for x in values[0::2]]
    assert min(xs) > 0.02 * width
    assert 0.9 * width < line.commands[-1][1][-2] < 0.98 * width
    looks: tuple[LineLook, ...] = ("rests", "touches")
    for look in looks:
        assert [type(each) for each in draw(width, 64.0, look=look).shapes] == [Circle, Path, Circle]


def test_the_mark_of_a_page_is_plain_if_the_line_is() -> None:
    (mark,) = page_mark_drawing("plain").shapes
    assert isinstance(mark, Path)
    assert mark.commands[-1][1][-2] == pytest.approx(82, abs=0.1)
    assert len(page_mark_drawing("touches").shapes) == 3


def test_a_topic_can_choose_the_line_for_all_or_single_audiences(project: Project) -> None:
    says(project, "line: rests")
    assert lines_of(project) == {"growers": "rests", "keepers": "rests"}
    project.replace(TOPIC, "line: rests", "line: {growers: touches}")
    project.replace("content/audiences.yaml", "accent: plum\n", "accent: plum\n  line: rests\n")
    made, _ = plan_deliverables(project.load(), Options(project.content, project.templates, project.root))
    assert {each.audience: each.theme.line for each in made} == {"growers": "touches", "keepers": "rests"}


def test_a_topic_can_choose_the_accent_of_an_audience(project: Project) -> None:
    usual = {name: theme.colours["accent"] for name, theme in themes(project).items()}
    says(project, "accents: {growers: clay}")
    made, _ = plan_deliverables(project.load(), Options(project.content, project.templates, project.root))
    chosen = {each.audience: each.theme.colours["accent"] for each in made}
    assert chosen["growers"] == project.load().themes["settling-line"].accents["clay"]["accent"] != usual["growers"]
    assert chosen["keepers"] == usual["keepers"]


@pytest.mark.parametrize(
    ("settings", "code", "hint"),
    [
        ("line: touch", "unknown-value", "did you mean 'touches'?"),
        ("line: {keepers: rest}", "unknown-value", "did you mean 'rests'?"),
        ("line: {keeper: rests}", "unknown-audience", "did you mean 'keepers'?"),
        ("line: [rests]", "wrong-type", 'write growers: "rests"'),
        ("accents: {keepers: cley}", "unknown-accent", "did you mean 'clay'?"),
        ("accents: {keeper: clay}", "unknown-audience", "did you mean 'keepers'?"),
    ],
)
def test_an_unknown_look_is_reported_with_the_nearest(project: Project, settings: str, code: str, hint: str) -> None:
    says(project, settings)
    with pytest.raises(HandoutError) as raised:
        project.load()
    found = raised.value.findings[0]
    assert (found.code, found.hint) == (code, hint)
    assert found.at.file.endswith(TOPIC)
    assert len({each.at for each in raised.value.findings}) == 1


def test_the_shipped_topic_sets_its_own_line() -> None:
    library = load_library(ROOT / "content", ROOT / "templates")
    shipped = library.topics["bpd-contact"].with_looks
    assert {name: shipped(each).line for name, each in library.audiences.items()} == {
        "family": "touches",
        "partners": "rests",
        "clinicians": "rests",
    }
    assert {each.line for each in library.audiences.values()} == {"plain"}
