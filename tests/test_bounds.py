"""Content that is too large, too deep or too numerous is an error at its place, quickly; the largest allowed builds."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator

import pytest
from command_bench import AUDIENCES, BUILD, CARD, COLD, EVERYONE, PDF, REFERENCES, TERMS, TOPIC, Bench
from conftest import FILES, Project, keep_default_templates
from paths import ROOT
from test_bad_inputs_pictures import pictured
from test_pictures import drawn

from handouts.cli import terminal
from handouts.load import csl, files, settings_files, templates, yaml_nodes
from handouts.load.topics import MAX_SECTION_LINES, MAX_SECTIONS, MAX_SECTIONS_BYTES
from handouts.markdown import block_parser as parsing
from handouts.markdown.fences import DEEPEST_FENCES
from handouts.pipeline import plan as planning

SECONDS = 10.0


@pytest.fixture
def project(project: Project) -> Project:
    return keep_default_templates(project)


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """Limit the processor time of each case."""
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


def test_a_folder_of_very_many_files(bench: Bench) -> None:
    for number in range(files.MAX_FOLDER_ENTRIES):
        bench.path(f"content/bees/en/x{number}").touch()
    bench.assert_refused("too-many", ("content/bees/en", 0, 0))


@pytest.mark.full
def test_very_many_sections(bench: Bench) -> None:
    for number in range(MAX_SECTIONS - len(list(bench.path("content/bees/en").iterdir()))):
        bench.project.write(f"content/bees/en/x{number:04}.md", FILES[COLD].replace("#cold", f"#cold-{number}"))
    assert len(bench.project.load().topics["bees"].languages["en"]) == MAX_SECTIONS
    bench.project.write("content/bees/en/y.md", FILES[COLD].replace("#cold", "#last"))
    bench.assert_refused("too-many", ("content/bees/en/y.md", 0, 0))


def test_a_large_file(bench: Bench) -> None:
    bench.put(COLD, b"a" * (files.MAX_FILE_BYTES + 1))
    bench.assert_refused("too-large", (COLD, 0, 0))


def test_very_much_text_in_all_sections_together(bench: Bench) -> None:
    for number in range(3):
        bench.put(f"content/bees/en/x{number}.md", b"# " + b"A\n\n" * (MAX_SECTIONS_BYTES // 9))
    bench.assert_refused("too-large", ("content", 0, 0))


def test_a_section_of_very_many_lines(bench: Bench) -> None:
    lines = bench.text(COLD).count("\n")
    bench.project.replace(COLD, EVERYONE, f"{EVERYONE}\n{chr(10) * (MAX_SECTION_LINES - lines - 1)}")
    bench.build(*PDF)
    bench.path("output/bees/bees-growers-handout.pdf").unlink()
    bench.project.replace(COLD, EVERYONE, f"{EVERYONE}\n")
    bench.assert_refused("too-many", (COLD, MAX_SECTION_LINES + 1, 1))


def test_a_long_text_in_settings(bench: Bench) -> None:
    place = bench.plant(TOPIC, "licence: CC BY 4.0", f"licence: ¦{'a ' * yaml_nodes.MAX_SCALAR_CHARACTERS}")
    bench.assert_refused("long-text", place)


def test_long_fixed_words(bench: Bench) -> None:
    name = "templates/words/en.yaml"
    text = "A" * templates.MAX_FIXED_WORDS_CHARACTERS
    line = next(each for each in bench.text(name).split("\n") if each.startswith("crisis_suicide:"))
    place = bench.plant(name, line, f"crisis_suicide: ¦{text}A")
    bench.assert_refused("long-text", place)


def test_very_many_keys_in_settings(bench: Bench) -> None:
    entry = "t{}: {{means: a, for: [growers]}}\n"
    bench.project.write(TERMS, FILES[TERMS] + "".join(map(entry.format, range(yaml_nodes.MAX_YAML_EVENTS // 8))))
    found = bench.assert_refused("too-many", None)
    assert found.file == TERMS
    assert found.line > 5_000


def test_deep_settings(bench: Bench) -> None:
    for text in ("[" * 500_000, "[" * 5_000 + "]" * 5_000, "{a: " * 100_000, "[{a: " * 100_000):
        bench.project.write(TOPIC, FILES[TOPIC].replace("[bees]", text))
        assert bench.assert_refused("too-deep", None).place[:2] == bench.place(TOPIC, text)[:2]


def test_very_many_audiences(bench: Bench) -> None:
    entry = "a{}: {{name: A, cover: A, label: A, accent: plum, reading: {{}}}}\n"
    bench.project.replace(TOPIC, "keywords:", "audiences: [growers, keepers]\nkeywords:")
    bench.project.write(
        AUDIENCES, FILES[AUDIENCES] + "".join(map(entry.format, range(settings_files.MAX_AUDIENCES - 2)))
    )
    bench.build(*PDF)
    bench.project.write(AUDIENCES, bench.text(AUDIENCES) + entry.format("last"))
    bench.path("output/bees/bees-growers-handout.pdf").unlink()
    found = next(each for each in bench.run().diagnostics if each.code == "too-many")
    assert found.place == bench.place(AUDIENCES, "alast")
    assert not bench.files()


def test_very_many_sources(bench: Bench) -> None:
    entries = [{"id": f"a{number}", "title": "A"} for number in range(csl.MAX_SOURCES)]
    bench.project.write(REFERENCES, json.dumps([*json.loads(FILES[REFERENCES]), *entries]))
    bench.project.replace(COLD, "[@moss2019]", "")
    bench.assert_refused("too-many", (REFERENCES, 1, 1))


@pytest.mark.parametrize("key", ["title", "container-title", "publisher", "URL"])
def test_a_long_text_of_a_source(bench: Bench, key: str) -> None:
    value = f"https://a.org/{'a' * csl.MAX_SOURCE_CHARACTERS}"
    entry = {"id": "b", "title": "B", key: value}
    text = FILES[REFERENCES].rstrip()[:-1] + "," + json.dumps(entry) + "]"
    bench.project.write(REFERENCES, text)
    bench.assert_refused("long-text", bench.place(REFERENCES, 'b", "title": '))


def test_a_source_with_very_many_keys(bench: Bench) -> None:
    entry = {"id": "b", "title": "B", **{f"k{number}": 1 for number in range(100_000)}}
    bench.project.write(REFERENCES, FILES[REFERENCES].rstrip()[:-1] + "," + json.dumps(entry) + "]")
    bench.build(*PDF)


@pytest.mark.full
@pytest.mark.parametrize("item", ["- Wait.\n", "1. Wait.\n", "| a | b |\n"])
def test_a_long_list_or_table(bench: Bench, item: str) -> None:
    head = "| a | b |\n|---|---|\n" if "|" in item else ""
    count = parsing.MOST_ENTRIES - bool(head)
    bench.project.replace(COLD, EVERYONE, f"{EVERYONE}\n\n{head}{item * count}\n")
    bench.build(*PDF)
    bench.path("output/bees/bees-growers-handout.pdf").unlink()
    place = bench.plant(COLD, f"{head}{item}", f"¦{head}{item}{item}")
    bench.assert_refused("too-many", place)


def test_a_long_paragraph(bench: Bench) -> None:
    bench.assert_refused("long-paragraph", bench.plant(COLD, EVERYONE, "¦" + "a " * parsing.LONGEST_PARAGRAPH))


@pytest.mark.full
@pytest.mark.parametrize(
    "text",
    [
        "**a " * 1_200,
        "[" * 4_900,
        "[a](" * 1_200,
        "{" * 4_900,
        "\\" * 4_900,
        "> " * 50_000,
        "- " * 20_000,
        "1. " * 20_000,
        "#" * 100_000,
        ":" * 300_000,
        "a" + " " * 300_000 + "a",
        "|a" * 3_000 + "|\n" + "|-" * 3_000 + "|",
        "::: {" + "a=" * 100_000,
        '::: {a="' + "\\x" * 100_000,
        "::: {" + " ".join(f'a{n}="b"' for n in range(6_000)) + "}",
        '[a]{for="' + "growrs " * 500 + '"}',
        "✓ " * 100_000,
        "`" * 4_900,
        "<" * 4_900,
        "![" * 2_400,
        "@" * 4_900,
    ],
    ids=lambda text: text[:8].strip(),
)
def test_long_runs_of_punctuation_are_read_quickly(bench: Bench, text: str) -> None:
    bench.project.replace(COLD, EVERYONE, f"{text}\n")
    ran = bench.run()
    assert ran.code in (0, 1)
    assert len(ran.diagnostics) <= terminal.MAX_FINDINGS
    assert bool(bench.files()) == (ran.code == 0)


def test_deeply_nested_fences(bench: Bench) -> None:
    deep = '::: {for="growers"}\n' * (DEEPEST_FENCES - 1)
    bench.project.replace(
        COLD, EVERYONE, f"{EVERYONE}\n\n{deep}Deep.\n{':::' + chr(10)}" + ":::\n" * (DEEPEST_FENCES - 2)
    )
    bench.build(*PDF)


def test_a_drawing_of_very_many_points(bench: Bench) -> None:
    pictured(bench, drawn(f"<path d='M0 0{'l1 1' * 100_000}'/>"), "hive.svg")
    ran = bench.run(*PDF)
    assert ran.code in (0, 1)


@pytest.mark.full
def test_a_large_template(bench: Bench) -> None:
    whole = bench.text(CARD)
    bench.project.write(CARD, whole + "{{ section.nothing }}\n" * 2_000)
    assert bench.run(*PDF).code == 1
    bench.project.write(CARD, whole + "{{ section.nothing }}\n" * 20_000)
    bench.assert_refused("too-large", (CARD, 0, 0))


def test_very_many_files_to_make(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_MAX_FILES", 3)
    bench.assert_refused("too-many", ("", 0, 0))
    monkeypatch.setattr(planning, "_MAX_FILES", 4)
    shutil.rmtree(bench.path("output"))
    bench.build()


def test_very_many_findings_are_not_all_printed(bench: Bench) -> None:
    count = terminal.MAX_FINDINGS + 7
    text = "".join(f"Stars **without end {number}.\n\n" for number in range(count)) + "A [@moss2091].\n\n"
    bench.project.replace(COLD, EVERYONE, text)
    ran = bench.run()
    assert ran.code == 1
    assert len(ran.diagnostics) == terminal.MAX_FINDINGS
    assert [each.code for each in ran.diagnostics if each.severity == "error"] == ["unknown-citation"]
    assert "and 8 more" in ran.err
    assert len(json.loads(bench.run(*BUILD, "--json").out)["findings"]) == count + 1


def test_the_shipped_content_is_far_below_all_limits() -> None:
    home = ROOT / "content"
    sizes = [path.stat().st_size for path in home.rglob("*") if path.is_file()]
    assert sum(sizes) < MAX_SECTIONS_BYTES / 10
    assert len(sizes) < MAX_SECTIONS
