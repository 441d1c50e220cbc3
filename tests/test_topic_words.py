"""Words of a topic: its own labels in addition to those of the language."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Project
from pdf_text import painted_text

from handouts.document.text import words_of
from handouts.finding import HandoutError
from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options

WORDS = "content/bees/en/words.yaml"


def all_words(project: Project, template: str = "handout") -> str:
    document = project.compose("growers", template).document
    return " ".join((*words_of(document), *words_of(document.crisis)))


def test_a_topic_can_have_its_own_labels_in_both_formats(project: Project) -> None:
    assert "It may look like" in all_words(project)
    project.write("content/wasps/topic.yaml", (project.root / "content/bees/topic.yaml").read_text("utf-8"))
    for file in ("1-cover.md", "2-cold.md", "3-sources.md"):
        project.write(f"content/wasps/en/{file}", (project.root / "content/bees/en" / file).read_text("utf-8"))
    project.write("content/wasps/en/words.yaml", "looks: Wasps do\n")
    project.write(
        WORDS, 'looks: What you see\nhelps: What to do\ncrisis_danger: Stung?\npage: "{m} pages, this is {n}"\n'
    )
    for template in ("handout", "slides"):
        words = all_words(project, template)
        assert "What you see" in words
        assert "What to do" in words
        assert "Stung?" in words
        for usual in ("It may look like", "What can help", "In danger now?", "Wasps do"):
            assert usual not in words
    assert project.compose("growers").document.words.say("page", n=2, m=3) == "3 pages, this is 2"
    assert project.load().words["en"].say("looks") == "It may look like"


def test_the_words_of_a_topic_are_on_its_finished_pages(project: Project, tmp_path: Path) -> None:
    project.write(WORDS, 'looks: What you see\npage: "Page {n} of all {m}"\n')
    options = Options(project.content, project.templates, tmp_path / "made", audiences=("growers",))
    build_all(options)
    made = tmp_path / "made" / "bees" / "bees-growers-handout.pdf"
    text = painted_text(made.read_bytes())
    assert "What you see" in text
    assert "Page\xa01\xa0of\xa0all" in text
    project.write(WORDS, "looks: What is seen\n")
    build_all(options)
    assert "What is seen" in painted_text(made.read_bytes())


@pytest.mark.parametrize(
    ("line", "column", "code", "hint"),
    [
        ("looke: What you see", 1, "unknown-key", "did you mean 'looks'?"),
        ("zzz: What you see", 1, "unknown-key", "templates/words has the labels that there are"),
        ('looks: ""', 8, "empty-value", "write the words, or delete the line: then the usual ones are printed"),
        ("looks:", 7, "empty-value", "write the words, or delete the line: then the usual ones are printed"),
        ("looks: [one, two]", 8, "wrong-type", 'write looks: "one, two"'),
        ('page: "Page {n}"', 7, "word-places", "they are: {m}, {n}"),
        ('looks: "It {n}"', 8, "word-places", "they are: none"),
        ('need_bees: "{n}"', 12, "word-places", "they are: none"),
        ('need_bees: ""', 12, "empty-value", "write the words, or delete the line: then the usual ones are printed"),
        ("need_Bees: Bees", 1, "bad-name", "write bees"),
        (f"looks: {'a' * 501}", 8, "long-text", "500 are the most"),
    ],
)
def test_unusable_words_are_reported_at_their_place(
    project: Project, line: str, column: int, code: str, hint: str
) -> None:
    project.write(WORDS, f"helps: What to do\n{line}\n")
    with pytest.raises(HandoutError) as caught:
        project.load()
    (found,) = caught.value.findings
    assert (found.code, found.at.line, found.at.column) == (code, 2, column)
    assert found.at.file.endswith(WORDS)
    assert found.hint.startswith(hint)


def test_words_for_an_unused_need_are_a_warning(project: Project) -> None:
    project.write(WORDS, "need_suicid: Dark thoughts\n")
    (found,) = [each for each in project.load().findings if each.code == "unused-words"]
    assert (found.hint, str(found.severity)) == ("did you mean 'suicide'?", "warning")
    project.write(WORDS, "need_suicide: Dark thoughts\n")
    assert [each for each in project.load().findings if each.code in ("unused-words", "not-read")] == []


def test_an_empty_words_file_of_a_topic_is_one_finding(project: Project) -> None:
    project.write(WORDS, "")
    with pytest.raises(HandoutError) as caught:
        project.load()
    assert [(each.code, each.at.file.endswith(WORDS)) for each in caught.value.findings] == [("empty-file", True)]
