"""The comparison of two audiences sentence by sentence, and the balance of their words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_folder import CommandFolder
from conftest import FILES, Project
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT
from test_cli import run

from handouts.cli.report_text import comparison_lines
from handouts.compare import (
    AudienceComparison,
    LocatedSentence,
    align_sentences,
    compare_selections,
    measure_balance,
    word_overlap,
)
from handouts.finding import HandoutError, Location
from handouts.pipeline.checks import check_all, compare_readers
from handouts.pipeline.options import Options
from handouts.select import select_content

COLD = "content/bees/en/2-cold.md"


def comparison_of(project: Project, left: str = "growers", right: str = "keepers") -> AudienceComparison:
    library = project.load()
    return compare_selections(*(select_content(library, "bees", name, "en") for name in (left, right)))


def part(comparison: AudienceComparison, section: str, name: str) -> list[tuple[str, str]]:
    """Return the rows of a part as pairs of texts; an absent sentence is ""."""
    (rows,) = (
        each.rows for found in comparison.sections if found.id == section for each in found.parts if each.name == name
    )
    return [(row.left.text if row.left else "", row.right.text if row.right else "") for row in rows]


def write_body(project: Project, text: str) -> None:
    """Replace a text that is for both audiences."""
    project.replace(COLD, "Everyone reads this.", text)


def body_rows(project: Project) -> list[tuple[str, str]]:
    """Return the rows of the part that `write_body` has changed."""
    return next(
        rows for rows in rows_of(comparison_of(project)) if any("Xylo" in f"{one}{other}" for one, other in rows)
    )


def rows_of(comparison: AudienceComparison) -> Iterator[list[tuple[str, str]]]:
    for section in comparison.sections:
        for each in section.parts:
            yield part(comparison, section.id, each.name)


# ---------------------------------------------------------------- aligned sentences


def test_different_claims_of_a_section_are_in_one_row_with_their_lines(project: Project) -> None:
    comparison = comparison_of(project)
    assert part(comparison, "cold", "claim") == [("Cold keeps them in.", "Below ten degrees no bee flies.")]
    (row,) = next(
        each.rows for found in comparison.sections if found.id == "cold" for each in found.parts if each.name == "claim"
    )
    lines = Path(project.root / COLD).read_text(encoding="utf-8").split("\n")
    for sentence in (row.left, row.right):
        assert sentence is not None
        assert lines[sentence.at.line - 1][sentence.at.column - 1 :].startswith(sentence.text[:20])


def test_a_sentence_of_only_one_audience_has_its_own_row(project: Project) -> None:
    write_body(project, 'Xylo is first. [Only growers read this one.]{for="growers"} Both read the last.')
    rows = body_rows(project)
    assert ("Xylo is first.", "Xylo is first.") in rows
    assert ("Only growers read this one.", "") in rows
    assert ("Both read the last.", "Both read the last.") in rows


def test_sentences_that_differ_in_a_word_are_in_one_row(project: Project) -> None:
    write_body(
        project,
        '::: {for="growers"}\nXylo. A quite different thing. Water the young trees in May.\n:::\n\n'
        '::: {for="keepers"}\nXylo. Water the young hives in May.\n:::\n',
    )
    assert ("Water the young trees in May.", "Water the young hives in May.") in body_rows(project)
    assert ("A quite different thing.", "") in body_rows(project)


def test_the_targets_of_links_and_codes_are_compared(project: Project) -> None:
    write_body(
        project,
        '::: {for="growers"}\nXylo: [help](https://a.org).\n:::\n\n::: {for="keepers"}\nXylo: [help](https://b.org).\n'
        ':::\n\n::: {.qr target="https://c.org" for="keepers"}\nThe code\n:::\n',
    )
    rows = body_rows(project)
    assert ("Xylo: help <https://a.org>.", "Xylo: help <https://b.org>.") in rows
    assert {"(qr: https://c.org)", "The code"} <= {right for _, right in rows}


def test_each_sentence_of_a_paragraph_has_its_own_line_number(project: Project) -> None:
    write_body(project, "Xylo one.\nAnd **two**. Then\nthree [x](https://a.org).")
    text = (project.root / COLD).read_text(encoding="utf-8")
    first = text[: text.index("Xylo")].count("\n") + 1
    lines = {
        row.left.text: row.left.at.line - first
        for section in comparison_of(project).sections
        for row in section.rows
        if row.left and row.left.at.line >= first
    }
    assert (lines["Xylo one."], lines["And two."], lines["Then three x <https://a.org>."]) == (0, 1, 1)


def test_sections_are_marked_as_same_different_or_only_on_one_side(project: Project) -> None:
    own = '# Own {.section #own for="keepers"}\n'
    for name in ("heading", "body", "claim", "gist", "spoken"):
        timed = ' minutes="1"' if name == "spoken" else ""
        own += f"\n::: {{.{name}{timed}}}\nOwn words\n:::\n"
    project.write("content/bees/en/4-own.md", own)
    found = {section.id: section.difference for section in comparison_of(project).sections}
    assert (found["own"], found["cover"], found["cold"]) == ("right", "same", "both")
    found = {section.id: section.difference for section in comparison_of(project, "keepers", "growers").sections}
    assert found["own"] == "left"


@given(st.lists(st.sampled_from("abcdef"), max_size=8), st.lists(st.sampled_from("abcdefg"), max_size=8))
def test_no_sentence_is_lost_or_reordered(left: list[str], right: list[str]) -> None:
    sides = [
        [LocatedSentence(text * 3, Location("a.md", line, 1)) for line, text in enumerate(each)]
        for each in (left, right)
    ]
    rows = align_sentences(*sides)
    assert [row.left for row in rows if row.left] == sides[0]
    assert [row.right for row in rows if row.right] == sides[1]
    assert all(row.left or row.right for row in rows)


def test_the_overlap_of_two_sentences_is_measured_by_their_words() -> None:
    assert word_overlap("the same words", "The same words") == 1
    assert word_overlap("", "") == 0
    assert word_overlap("one two", "two three") == 0.5


# ---------------------------------------------------------------- balance


def test_the_balance_counts_words_by_section_and_part(project: Project) -> None:
    library = project.load()
    before = measure_balance([select_content(library, "bees", name, "en") for name in ("growers", "keepers")])
    write_body(project, 'Everyone reads this. [Three more words.]{for="keepers"}')
    library = project.load()
    after = measure_balance([select_content(library, "bees", name, "en") for name in ("growers", "keepers")])
    assert (after.whole[0] - before.whole[0], after.whole[1] - before.whole[1]) == (0, 3)
    for section in after.sections:
        assert section.words == tuple(map(sum, zip(*(each.words for each in section.parts), strict=True)))


@pytest.mark.full
def test_check_shows_the_balance_on_request(empty: CommandFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = empty.run("check", "--example", "--country", "UK", "--today", "2026-11-24", "--balance")
    assert done.code == 0
    head = next(line for line in done.out.split("\n") if line.endswith("clinicians"))
    assert head.split() == ["family", "partners", "clinicians"]
    whole = next(line for line in done.out.split("\n") if line.startswith("all "))
    sections = [line for line in done.out.split("\n") if re.match(r"\S+ +[\d-]+ +[\d-]+ +[\d-]+$", line)]
    counts = [[0 if cell == "-" else int(cell) for cell in line.split()[1:]] for line in sections]
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == [int(cell) for cell in whole.split()[1:]]
    assert "\n  criteria " in done.out


def test_the_balance_is_part_of_the_check_on_request(project: Project) -> None:
    options = Options(project.root / "content", project.root / "templates", project.root / "output", country="UK")
    assert check_all(options).balances == ()
    (balance,) = check_all(options, balance=True).balances
    assert balance.audiences == ("growers", "keepers")


# ---------------------------------------------------------------- on the terminal


def lines_of(project: Project, width: int, *, everything: bool = False) -> list[str]:
    return list(comparison_lines(comparison_of(project), width, everything=everything))


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100, 160])
def test_every_sentence_is_printed_and_no_line_is_wider_than_the_terminal(project: Project, width: int) -> None:
    write_body(project, "Xylo " + "and so on " * 60 + "until the end.")
    comparison = comparison_of(project)
    lines = lines_of(project, width, everything=True)
    assert all(len(line) <= width or line.startswith("== ") for line in lines)
    words = "".join("".join(lines).split())
    for section in comparison.sections:
        for row in section.rows:
            for sentence in (row.left, row.right):
                assert sentence is None or all(word in words for word in sentence.text.split())


def test_equal_sentences_are_only_counted_unless_all_are_requested(project: Project) -> None:
    few, many = lines_of(project, 100), lines_of(project, 100, everything=True)
    assert any("Cold keeps them in." in line and "Below ten degrees" in line for line in few)
    assert not any("A quiet hive." in line for line in few)
    assert any(line.count("A quiet hive.") == 2 for line in many)
    assert any(line.startswith("The same for both:") and "cover" in line for line in few)
    assert len(many) > len(few)


def test_the_command_compares_two_audiences(empty: CommandFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    done = empty.run("diff", "family", "partners", "--example")
    assert (done.code, done.err) == (0, "")
    assert "== safety: " in done.out
    assert re.search(r"^\d+ sentences: \d+ the same, \d+ only for family, \d+ only for partners$", done.out, re.M)


def test_the_command_compares_as_json(empty: CommandFolder) -> None:
    done = empty.run("diff", "family", "partners", "--json", "--example")
    (data,) = json.loads(done.out)["comparisons"]
    assert (data["left"], data["right"]) == ("family", "partners")
    rows = [row for section in data["sections"] for each in section["parts"] for row in each["rows"]]
    assert data["sentences"]["same"] == sum(row["same"] for row in rows)
    for section in data["sections"]:
        lines = (ROOT / section["file"]).read_text(encoding="utf-8").split("\n") if section["parts"] else []
        assert all(
            row[side] is None or 1 <= row[side]["line"] <= len(lines)
            for each in section["parts"]
            for row in each["rows"]
            for side in ("left", "right")
        )


def test_the_comparison_can_be_printed_on_an_old_console(tmp_path: Path) -> None:
    done = run("diff", "family", "clinicians", "--all", folder=tmp_path, PYTHONIOENCODING="cp1252", COLUMNS="60")
    assert done.returncode == 0


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("family",), "required: AUDIENCE"),
        (("family", "family"), "name another: partners, clinicians"),
        (("family", "partnrs"), "did you mean 'partners'?"),
        (("family", "partners", "bpd-contakt"), "did you mean 'bpd-contact'?"),
        (("family", "partners", "--langage", "en"), "--language"),
    ],
)
def test_wrong_arguments_are_answered_with_the_right_ones(
    empty: CommandFolder, words: tuple[str, ...], message: str
) -> None:
    done = empty.run("diff", *words, "--example")
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("topics", "message"),
    [((), "No topic is for both"), (("bees",), "'bees' is not for 'others'")],
    ids=["any", "bees"],
)
def test_comparing_audiences_without_a_common_topic_is_an_error(
    project: Project, topics: tuple[str, ...], message: str
) -> None:
    entry = "others:\n  name: Others\n  cover: Others\n  label: For others\n  accent: plum\n"
    project.write("content/audiences.yaml", FILES["content/audiences.yaml"] + entry)
    project.replace("content/bees/topic.yaml", "keywords:", "audiences: [growers, keepers]\nkeywords:")
    options = Options(
        project.root / "content",
        project.root / "templates",
        project.root / "output",
        topics=topics,
        audiences=("growers", "others"),
    )
    with pytest.raises(HandoutError, match=message):
        compare_readers(options)
