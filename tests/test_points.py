"""Key points of a topic: which document lacks which, and the table of the words that make each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_bench import Bench
from conftest import Project
from paths import ROOT

from handouts.finding import Finding, HandoutError
from handouts.load import topics as limits
from handouts.pipeline.build import build_all
from handouts.pipeline.checks import CheckReport, check_all
from handouts.pipeline.options import Options

COLD = "content/bees/en/2-cold.md"
TOPIC = "content/bees/topic.yaml"
POINTS = """\
lengths: [4, 30]
points_in: [handout, slides]
points:
  stay-in: Cold keeps bees in.
  wait: They wait for the sun.
"""
STAY, WAIT = 15, 16  # line numbers of the two points in topic.yaml
EVERYWHERE = (
    ("{.explanation}", '{.explanation makes="stay-in wait"}'),
    ("{.spoken ", '{.spoken makes="stay-in wait" '),
)


def list_points(project: Project, points: str = POINTS) -> None:
    """Set the points that the topic lists."""
    text = (project.root / TOPIC).read_text(encoding="utf-8")
    project.write(TOPIC, text.partition("lengths:")[0] + points)


def with_points(project: Project, *changes: tuple[str, str]) -> Project:
    """List the points in the topic, and make these replacements in a section."""
    list_points(project)
    for old, new in changes:
        project.replace(COLD, old, new)
    return project


def check_points(project: Project, **options: object) -> CheckReport:
    settings = Options(project.content, project.templates, project.root / "output", **options)  # type: ignore[arg-type]
    return check_all(settings, points=True)


def missing_points(project: Project, **options: object) -> list[Finding]:
    return [found for found in check_points(project, **options).findings if found.code == "missing-point"]


def messages_of(findings: list[Finding]) -> list[str]:
    return [found.message for found in findings]


def test_points_that_every_document_makes_give_no_findings(project: Project) -> None:
    with_points(project, *EVERYWHERE)
    assert missing_points(project) == []


def test_a_point_missing_in_a_document_is_reported_at_its_line(project: Project) -> None:
    with_points(project, ("{.explanation}", '{.explanation makes="wait"}'), EVERYWHERE[1])
    findings = missing_points(project)
    assert messages_of(findings) == [
        "Nothing in 'handout' for 'growers' makes the point 'stay-in'.",
        "Nothing in 'handout' for 'keepers' makes the point 'stay-in'.",
    ]
    assert {(Path(found.at.file), found.at.line, found.at.column) for found in findings} == {
        (project.root / TOPIC, STAY, 3)
    }
    assert 'makes="stay-in"' in findings[0].hint


def test_a_part_makes_its_points_only_for_its_audiences(project: Project) -> None:
    with_points(project, ('{.claim for="keepers"}', '{.claim for="keepers" makes="stay-in wait"}'), EVERYWHERE[1])
    assert {found.message for found in missing_points(project)} == {
        "Nothing in 'handout' for 'growers' makes the point 'stay-in'.",
        "Nothing in 'handout' for 'growers' makes the point 'wait'.",
    }
    assert missing_points(project, audiences=("keepers",)) == []


def test_a_point_that_no_part_makes_is_reported_once(project: Project) -> None:
    with_points(
        project, ("{.explanation}", '{.explanation makes="stay-in"}'), ("{.spoken ", '{.spoken makes="stay-in" ')
    )
    (found,) = missing_points(project)
    assert (found.message, found.at.line) == ("No part makes the point 'wait'.", WAIT)


def test_only_the_named_templates_have_to_make_the_points(project: Project) -> None:
    with_points(project, EVERYWHERE[1])
    list_points(project, POINTS.replace("[handout, slides]", "[slides]"))
    assert missing_points(project) == []
    list_points(project, POINTS.replace("points_in: [handout, slides]\n", ""))
    assert missing_points(project) == []
    list_points(project)
    assert len(missing_points(project)) == 4
    assert missing_points(project, template_names=("slides",)) == []


def test_a_part_that_is_not_placed_makes_no_points(project: Project) -> None:
    with_points(project, *EVERYWHERE)
    project.replace("templates/parts/handout-factor.md.j2", "{{ section.explanation }}", "")
    assert len([each for each in messages_of(missing_points(project)) if "'handout'" in each]) == 4


def test_a_part_placed_inside_a_sentence_makes_its_points(project: Project) -> None:
    with_points(project, ("::: {.looks}", '::: {.looks makes="stay-in wait"}'), EVERYWHERE[1])
    project.replace("templates/parts/handout-factor.md.j2", "{{ section.looks }}", "So it is: {{ section.looks }}")
    project.replace(COLD, "A quiet hive.", "a quiet hive.")
    assert missing_points(project) == []


def test_slides_omitted_from_a_shorter_talk_make_no_points_there(project: Project) -> None:
    with_points(project, *EVERYWHERE)
    project.replace(COLD, 'sign="left"', 'sign="left" priority="3"')
    assert missing_points(project) == []
    assert missing_points(project, minutes=("30",)) == []
    project.replace("content/bees/en/1-cover.md", 'minutes="2"', 'minutes="2.5"')
    assert messages_of(missing_points(project, minutes=("4",), audiences=("growers",))) == [
        "Nothing in 'slides' of 4 minutes for 'growers' makes the point 'stay-in'.",
        "Nothing in 'slides' of 4 minutes for 'growers' makes the point 'wait'.",
    ]


def test_text_of_discreet_covers_makes_no_points(project: Project) -> None:
    with_points(project, EVERYWHERE[1])
    outside = '::: {.outside-title makes="stay-in wait"}\nNotes\n:::\n\n::: {.outside-subtitle}\nTo keep.\n:::\n'
    cover = (project.root / "content/bees/en/1-cover.md").read_text(encoding="utf-8")
    project.write("content/bees/en/1-cover.md", f"{cover}\n{outside}")
    assert len([each for each in messages_of(missing_points(project)) if "'handout'" in each]) == 4


def test_a_missing_point_stops_the_build(project: Project) -> None:
    with_points(project, EVERYWHERE[1])
    options = Options(project.content, project.templates, project.root / "output", country="UK")
    with pytest.raises(HandoutError) as raised:
        build_all(options)
    assert {found.code for found in raised.value.findings if found.severity == "error"} == {"missing-point"}
    assert not list((project.root / "output").rglob("*.pdf"))


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "place", "hint"),
    [
        (COLD, 'in wait"', 'in wiat"', "unknown-point", (19, 34), "did you mean 'wait'?"),
        (COLD, "stay-in wait", "stay-in stay-in", "repeated-attribute", (19, 34), "write it once"),
        (COLD, "stay-in wait", "", "unknown-point", (19, 5), "write the id of a point"),
        (TOPIC, "[handout, slides]", "[handout, slide]", "unknown-template", (13, 22), "did you mean 'slides'?"),
        (TOPIC, "They wait for the sun.", "", "empty-value", (WAIT, 8), "write what it is"),
        (TOPIC, "wait:", "Wait for it:", "bad-name", (WAIT, 3), "write wait-for-it; use small letters"),
        (TOPIC, "They wait for the sun.", "[They wait]", "wrong-type", (WAIT, 9), ""),
    ],
)
def test_an_error_in_points_is_reported_at_its_place(
    project: Project, name: str, old: str, new: str, code: str, place: tuple[int, int], hint: str
) -> None:
    with_points(project, *EVERYWHERE)
    project.replace(name, old, new)
    with pytest.raises(HandoutError) as raised:
        project.load()
    found = next(each for each in raised.value.findings if each.code == code)
    assert (Path(found.at.file), (found.at.line, found.at.column)) == (project.root / name, place)
    assert found.hint.startswith(hint)


@pytest.mark.parametrize(
    "points", ["points: [a, b]\n", "points:\n- a\n", "pionts:\n  wait: They wait.\n", "points: [\n"]
)
def test_unreadable_points_are_one_finding(project: Project, points: str) -> None:
    with_points(project, *EVERYWHERE)
    list_points(project, points)
    with pytest.raises(HandoutError) as raised:
        project.load()
    assert {found.at.file for found in raised.value.findings} == {(project.root / TOPIC).as_posix()}


def test_without_a_list_every_point_is_unknown(project: Project) -> None:
    project.replace(COLD, *EVERYWHERE[0])
    with pytest.raises(HandoutError) as raised:
        project.load()
    assert {(found.code, found.hint) for found in raised.value.findings} == {
        ("unknown-point", "list it under points: in topic.yaml")
    }


def test_too_many_points_are_an_error(bench: Bench) -> None:
    lines = [f"  p{number}: A point.\n" for number in range(limits.MAX_KEY_POINTS + 1)]
    bench.project.replace(TOPIC, "keywords: [bees]\n", f"keywords: [bees]\npoints:\n{''.join(lines[:-1])}")
    assert len(bench.project.load().topics["bees"].points) == limits.MAX_KEY_POINTS
    bench.project.replace(TOPIC, lines[-2], lines[-2] + lines[-1])
    bench.assert_refused("too-many", (TOPIC, 10 + limits.MAX_KEY_POINTS, 3))


# ---------------------------------------------------------------- the table

CHECK = ("--points", "--country", "UK", "--audience", "growers", "--today", "2026-11-23")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the width of the terminal to 72 columns."""
    monkeypatch.setenv("COLUMNS", "72")


@pytest.mark.full
@pytest.mark.usefixtures("narrow")
def test_the_table_shows_the_words_that_make_each_point(bench: Bench) -> None:
    with_points(bench.project, ("{.explanation}", '{.explanation makes="stay-in"}'), EVERYWHERE[1])
    ran = bench.run("check", *CHECK)
    assert ran.code == 1
    assert ran.out.startswith(TABLE)
    assert "1 error," in ran.out


TABLE = """\
bees (en), for growers: handout
===============================

stay-in: Cold keeps bees in.
  content/bees/en/2-cold.md:19 (explanation)
  | Everyone reads this.
  | Only growers read of the brood. The brood is warm.

MISSING  wait: They wait for the sun.

bees (en), for growers: slides
==============================

stay-in: Cold keeps bees in.
  content/bees/en/2-cold.md:35 (spoken)
  | Say it slowly.

wait: They wait for the sun.
  content/bees/en/2-cold.md:35 (spoken)
  | Say it slowly.

Points made:
  bees (en), growers, handout  1 of 2, 1 MISSING
  bees (en), growers, slides   2 of 2
"""


def test_the_table_shows_the_words_as_the_audience_reads_them(project: Project) -> None:
    with_points(project, *EVERYWHERE)
    project.replace("content/service.yaml", "{name: winter rest, short: WR}", "{name: long sleep, short: LS}")
    project.replace("content/service.yaml", "spelling: british", "spelling: american")
    cells = '| When | Colour |\n| --- | --- |\n| In "winter rest" | grey |\n'
    project.replace(COLD, "Everyone reads this.", f"- One\n  thing [@moss2019]\n\n{cells}\n")
    report = check_points(project, template_names=("handout",), audiences=("keepers",))
    (table,) = report.points
    (maker,) = table.points[0].parts
    assert maker.texts == ("One thing", "In “long sleep” | grey", "Only keepers read this.")


def test_a_citation_leaves_no_space_before_the_full_stop(project: Project) -> None:
    with_points(project, ("{.explanation}", '{.explanation makes="stay-in wait"}'), EVERYWHERE[1])
    project.replace(COLD, "Everyone reads this.", "Everyone reads this [@moss2019].")
    table = check_points(project, template_names=("handout",)).points[0]
    assert table.points[0].parts[0].texts[0].startswith("Everyone reads this.")


@pytest.mark.usefixtures("narrow")
def test_no_line_is_wider_than_the_terminal(bench: Bench) -> None:
    with_points(bench.project, *EVERYWHERE)
    bench.project.replace(TOPIC, "They wait for the sun.", "They wait for the sun, and for the first flowers. " * 4)
    bench.project.replace(COLD, "Everyone reads this.", "Everyone reads this, and much more of the same. " * 6)
    ran = bench.run("check", *CHECK)
    assert ran.code == 0
    assert max(map(len, ran.out.split("\n"))) <= 72


@pytest.mark.full
def test_the_table_as_json_names_the_length_of_a_talk(bench: Bench) -> None:
    with_points(bench.project, *EVERYWHERE)
    ran = bench.run("check", *CHECK, "--minutes", "4", "--template", "slides", "--json")
    (table,) = json.loads(ran.out)["points"]
    assert {key: table[key] for key in ("topic", "language", "audience", "template", "minutes")} == {
        "topic": "bees",
        "language": "en",
        "audience": "growers",
        "template": "slides",
        "minutes": 4,
    }
    assert table["points"][1] == {
        "id": "wait",
        "sentence": "They wait for the sun.",
        "made": True,
        "by": [{"part": "spoken", "texts": ["Say it slowly."], "file": "content/bees/en/2-cold.md", "line": 35}],
    }


@pytest.mark.full
def test_a_topic_without_points_has_no_table(bench: Bench) -> None:
    ran = bench.run("check", *CHECK)
    assert ran.code == 0
    assert ran.out.startswith("8 documents checked")


@pytest.mark.full
def test_the_shipped_topic_makes_its_points() -> None:
    report = check_all(Options(ROOT / "content", ROOT / "templates", ROOT / "output", country="UK"))
    assert [found for found in report.findings if found.code == "missing-point"] == []
