"""Passages for review: each occurs once, with its audiences, under a stable key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Project
from nonce_project import NONCE, READERS, write_project

from handouts.compare.passages import SOURCES, TERMS, ReviewPassage, review_passages
from handouts.load import load_library
from handouts.select import Selection, select_content

COLD = "content/bees/en/2-cold.md"
BOTH = ("growers", "keepers")
SETTINGS = ("audiences.yaml", "topic.yaml")  # names of audiences and addresses, which are not reviewed
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


def passages_of(project: Project, *audiences: str) -> tuple[ReviewPassage, ...]:
    return review_passages(selections(project.content, project.templates, "bees"), audiences)


def selections(content: Path, templates: Path, topic: str) -> list[Selection]:
    library = load_library(content, templates)
    return [select_content(library, topic, name, "en") for name in library.topics[topic].audiences]


def keys(passages: tuple[ReviewPassage, ...], words: str) -> list[str]:
    return [each.key for each in passages if each.words == words]


def test_a_shared_passage_occurs_once_and_each_passage_names_its_audiences(project: Project) -> None:
    cold = [
        (each.part, each.words, each.audiences, each.at.line, each.at.column)
        for each in passages_of(project)
        if each.section == "cold"
    ]
    assert cold[:8] == [
        ("name", "Cold", BOTH, 4, 1),
        ("claim", "Cold keeps them in.", ("growers",), 8, 1),
        ("claim", "Below ten degrees no bee flies [Moss et al. 2019].", ("keepers",), 12, 1),
        ("gist", "They wait for the sun.", BOTH, 16, 1),
        ("explanation", "Everyone reads this.", ("growers",), 20, 1),
        ("explanation", "Everyone reads this. Only keepers read this.", ("keepers",), 20, 1),
        ("explanation", "Only growers read of the brood. The brood is warm.", ("growers",), 23, 1),
        ("looks", "A quiet hive.", BOTH, 28, 1),
    ]


def test_terms_and_sources_are_at_the_end_with_their_audiences(project: Project) -> None:
    last = [(each.section, each.role, each.audiences) for each in passages_of(project)[-2:]]
    assert last == [(TERMS, "prose", ("growers",)), (SOURCES, "source", ("keepers",))]


def test_the_passages_of_an_audience_contain_only_what_it_reads(project: Project) -> None:
    whole, mine = passages_of(project), passages_of(project, "keepers")
    assert {each.audiences for each in mine} == {("keepers",)}
    assert [each.key for each in mine] == [each.key for each in whole if "keepers" in each.audiences]
    assert "growers" not in repr(mine)


def test_a_key_depends_on_the_words_and_not_on_their_place(project: Project) -> None:
    before = passages_of(project)
    project.replace(COLD, "Everyone reads this.", "A new beginning.\n\nEveryone reads this.")
    project.replace(COLD, "A quiet hive.", "A quiet hive. It is warm.")
    after = passages_of(project)
    assert all(KEY.fullmatch(each.key) for each in after)
    assert len({each.key for each in after}) == len(after)
    moved = "Only growers read of the brood. The brood is warm."
    assert keys(before, moved) == keys(after, moved)
    assert not {*keys(before, "A quiet hive.")} & {each.key for each in after}


def test_equal_passages_of_a_section_have_different_keys(project: Project) -> None:
    project.replace(COLD, "They wait for the sun.", "A quiet hive.")
    first, second = keys(passages_of(project), "A quiet hive.")
    assert second == f"{first}_2"


def test_list_items_have_marks_and_labels_of_figures_have_places(project: Project) -> None:
    labels = "- question: Which?\n- red: Stop\n- amber: Wait\n- green: Go\n"
    figure = f'::: {{.figure name="fork"}}\n{labels}\n::: {{.alt}}\nThree ways.\n:::\n:::\n'
    written = f"Everyone reads this.\n\n1. One\n2. Two\n\n- Both\n\n{figure}"
    project.replace(COLD, "Everyone reads this.", written)
    passages = {
        each.words: (each.role, each.mark, each.at.line) for each in passages_of(project) if each.part == "explanation"
    }
    assert (passages["Two"], passages["Both"]) == (("item", "2.", 23), ("item", "•", 25))
    assert (passages["Wait"], passages["Three ways."]) == (("words", "", 30), ("alt", "", 34))


@pytest.mark.parametrize("reader", READERS)
def test_the_passages_of_an_audience_contain_all_of_its_text(tmp_path: Path, reader: str) -> None:
    write_project(tmp_path)
    files = sorted((tmp_path / "content").rglob("*.*"))
    written = "\n".join(each.read_text(encoding="utf-8") for each in files if each.name not in SETTINGS)
    text = repr(review_passages(selections(tmp_path / "content", tmp_path / "templates", "sample"), [reader]))
    assert {found[0] for found in NONCE.finditer(text)} == {
        found[0] for found in NONCE.finditer(written) if found[1] == reader
    }
