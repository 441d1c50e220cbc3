"""Two hundred random edits of the shipped topic are found at their places, and none is written at a wrong one."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from paths import ROOT
from review_trial import PlannedEdit, judge_edits, plan_edits, section_texts, write_edits
from word_edits import WordEditor
from word_in_libreoffice import UNKNOWN_AUTHOR, edit_in_libreoffice

from handouts.load import load_library
from handouts.pipeline.review_copies import ReviewRequest, make_review_copy
from handouts.pipeline.review_edits import ReviewEditor
from handouts.pipeline.review_taking import TakenReview, take_reviews, topic_passages

pytestmark = pytest.mark.full

EDITS, MOST_UNSURE = 200, 40
TOPIC = "bpd-contact"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> ReviewEditor:
    root = tmp_path_factory.mktemp("project")
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, root / name)
    content, templates = root / "content", root / "templates"
    return ReviewEditor(content, templates, load_library(content, templates))


def made_copy(shipped: ReviewEditor, audience: str) -> Path:
    """Return the review copy for one audience, or for all in columns; it is made once."""
    path, readers = shipped.content.parent / f"{audience or 'all'}.docx", (audience,) if audience else ()
    if path.exists():
        return path
    request = ReviewRequest(TOPIC, readers, "en", date(2026, 11, 24), path.parent, path)
    make_review_copy(shipped.content, shipped.templates, request)
    return path


def edited_copy(shipped: ReviewEditor, audience: str, edits: list[PlannedEdit], seed: int) -> WordEditor:
    """Return a review copy with edits in it."""
    word = WordEditor(made_copy(shipped, audience).read_bytes(), seed=seed)
    write_edits(word, edits)
    return word


def take_review(shipped: ReviewEditor, word: WordEditor, name: str) -> TakenReview:
    path = shipped.content.parent / name
    path.write_bytes(word.to_bytes())
    return take_reviews(shipped.library, [path])


IN_CI = [(True, "", 31), (False, "", 31), (True, "family", 32), (False, "clinicians", 33)]
NIGHTLY = [
    pytest.param(bookmarks, audience, seed, marks=pytest.mark.nightly)
    for bookmarks in (True, False)
    for audience, seed in (
        *(("", 31), ("family", 32), ("clinicians", 33)),
        *((audience, seed) for audience in ("", "partners") for seed in range(9)),
    )
    if (bookmarks, audience, seed) not in IN_CI
]


@pytest.mark.parametrize(("bookmarks", "audience", "seed"), [*IN_CI, *NIGHTLY])
def test_each_edit_is_found_at_its_place(shipped: ReviewEditor, audience: str, seed: int, *, bookmarks: bool) -> None:
    """Without bookmarks, equal words in columns for several audiences may have no place.

    All audiences are tried with and without bookmarks, family with, clinicians without; more in the nightly run.
    """
    topic = topic_passages(shipped.library, TOPIC, "en")
    passages = [each for each in topic.passages if not audience or audience in each.audiences]
    edits = plan_edits(passages, EDITS, seed)
    word = edited_copy(shipped, audience, edits, seed)
    if not bookmarks:
        word.strip_bookmarks()
    review = take_review(shipped, word, f"{audience}{seed}{bookmarks}.docx")
    judged = judge_edits(edits, review, section_texts(shipped.content))
    assert judged["wrong"] == []
    assert len(judged["unsure"]) <= (0 if bookmarks or audience else MOST_UNSURE), "\n".join(judged["unsure"])


def test_edits_made_by_libreoffice_are_found_at_their_places(shipped: ReviewEditor, tmp_path: Path) -> None:
    passages = [each for each in topic_passages(shipped.library, TOPIC, "en").passages if "family" in each.audiences]
    edits = [replace(each, author=UNKNOWN_AUTHOR) for each in plan_edits(passages, EDITS, 4)]
    made = edit_in_libreoffice(made_copy(shipped, "family"), edits, tmp_path)
    judged = judge_edits(edits, take_reviews(shipped.library, [made]), section_texts(shipped.content))
    assert (judged["unsure"], judged["wrong"]) == ([], [])


def test_applied_edits_change_only_their_own_lines(shipped: ReviewEditor) -> None:
    topic = topic_passages(shipped.library, TOPIC, "en")
    edits = plan_edits(topic.passages, EDITS, 5)
    review = shipped.judge(take_review(shipped, edited_copy(shipped, "", edits, 5), "apply.docx"))
    accepted = [each for each in review.changes if each.state == "wording"]
    assert len(accepted) > EDITS / 2
    before = section_texts(shipped.content)
    shipped.write(review, accepted)
    after = section_texts(shipped.content)
    by_key = {edit.passage.key: edit for edit in edits if edit.kind != "comment"}
    expected: dict[str, list[PlannedEdit]] = defaultdict(list)
    for each in accepted:
        if each.passage:
            expected[each.at.file].append(by_key[each.passage.key])
    assert {file for file in before if before[file] != after[file]} == set(expected)
    for file, mine in expected.items():
        old, new = before[file].split("\n"), after[file].split("\n")
        changed = {number for number, (one, other) in enumerate(zip(old, new, strict=True), 1) if one != other}
        assert changed == {edit.passage.at.line for edit in mine}
        for number in changed:
            here = [edit for edit in mine if edit.passage.at.line == number]
            assert plain(new[number - 1]) == with_edits(plain(old[number - 1]), here)


def plain(line: str) -> str:
    """Return a line of a section without markup."""
    line = re.sub(r"\[@[^\]]*\]|\{[^}]*\}", "", line)
    return " ".join(re.sub(r"[*\[\]#]", "", line).split())


def with_edits(line: str, edits: list[PlannedEdit]) -> str:
    """Return a line with each edit applied to its own words, which occur once in it."""
    for edit in edits:
        words, start, end = edit.passage.words, edit.start, edit.end
        first = max(words.rfind("[", 0, start), words.rfind("]", 0, start)) + 1
        last = min(each for each in (words.find("[", end), len(words)) if each >= 0)
        around, made = words[first:last], words[first:start] + edit.words + words[end:last]
        around, made = (" ".join(each.split()) for each in (around, made))
        assert line.count(around) == 1, (line, around)
        line = " ".join(line.replace(around, made).split())
    return line
