"""Two hundred random edits of a review copy, as people make them in Word, and what came back of each.

Every edit is planned first: which passage, which words, what is typed. Then it is written into the file, taken, and
compared with the plan: right, unsure, or wrong.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from word_edits import WordEditor

from handouts.compare.passages import ReviewPassage
from handouts.pipeline.review_taking import TakenChange, TakenComment, TakenReview

KINDS = ("replace", "insert", "delete", "comment", "quote")
SHARES = (60, 40, 40, 50, 10)
TYPED = ("kindly", "as soon as you can", "a trusted person", "perhaps", "in your own words", "or later")
AUTHORS = ("Dr A. Keeper", "M. Reed", "Zoë Åström")
_MOST_WORDS = 3


@dataclass(frozen=True)
class PlannedEdit:
    """One edit: of which passage, by whom, from where to where in its words, and what is typed or said."""

    kind: str
    passage: ReviewPassage
    author: str
    start: int
    end: int
    words: str

    @property
    def result(self) -> str:
        """What the passage says if the change is made."""
        return self.passage.words[: self.start] + self.words + self.passage.words[self.end :]


def plan_edits(passages: Sequence[ReviewPassage], count: int, seed: int) -> list[PlannedEdit]:
    """Return edits of different passages with words enough to be told apart."""
    dice = random.Random(seed)
    long = [each for each in passages if len(each.words.split()) > _MOST_WORDS]
    edits = []
    for number, passage in enumerate(dice.sample(long, count)):
        (kind,) = dice.choices(KINDS, SHARES)
        spans = [(found.start(), found.end()) for found in re.finditer(r"\S+", passage.words)]
        first = dice.randrange(len(spans))
        last = min(first + dice.randrange(_MOST_WORDS), len(spans) - 1)
        start, end = spans[first][0], spans[last][1]
        typed = dice.choice(TYPED)
        if kind == "insert":
            start, typed = end, f" {typed}"
        elif kind == "delete":
            end, typed = min(len(passage.words), end + 1), ""
        elif kind == "comment":
            typed = f"Is “{typed}” meant? {number}"
        elif kind == "quote":
            typed = f"‘{passage.words[start:end]}’"
        edits.append(PlannedEdit(kind, passage, dice.choice(AUTHORS), start, end, typed))
    return edits


def write_edits(editor: WordEditor, edits: Sequence[PlannedEdit]) -> None:
    """Write edits into a file, with traces of typing and saving around them."""
    for edit in edits:
        paragraph = editor.paragraph(edit.passage.key)
        for _ in range(editor.random.randrange(4)):
            editor.split(paragraph, editor.random.randrange(len(edit.passage.words)))
        editor.author = edit.author
        if edit.kind == "comment":
            editor.comment(paragraph, edit.start, edit.end, edit.words, answer="Yes." if edit.start % 3 else "")
        elif edit.kind == "insert":
            editor.insert(paragraph, edit.start, edit.words)
        elif edit.kind == "delete":
            editor.delete(paragraph, edit.start, edit.end)
        else:
            editor.replace(paragraph, edit.start, edit.end, edit.words)


def judge_edits(edits: Sequence[PlannedEdit], review: TakenReview, texts: dict[str, str]) -> dict[str, list[str]]:
    """Return the edits that came back right, unsure and wrong, each in words."""
    judged: dict[str, list[str]] = {"right": [], "unsure": [], "wrong": []}
    for edit in edits:
        found = _found(edit, review)
        told = f"{edit.passage.at} {edit.kind} {edit.passage.words[edit.start : edit.end]!r} -> {edit.words!r}: {found}"
        if found is None or found.passage is None or getattr(found, "state", "") in ("unsure", "no place"):
            judged["unsure"].append(told)
        else:
            judged["right" if _is_right(edit, found, texts) else "wrong"].append(told)
    extra = len(review.changes) + len(review.comments) - len(edits)
    judged["wrong"].extend(["more than was written"] * max(0, extra))
    return judged


def _found(edit: PlannedEdit, review: TakenReview) -> TakenChange | TakenComment | None:
    """Return what was taken of an edit: known by its words, wherever it was put."""
    if edit.kind == "comment":
        return next((each for each in review.comments if each.comment.text == edit.words), None)
    beside = edit.passage.key
    mine = [each for each in review.changes if each.passage and each.passage.key == beside]
    return next(iter(mine), None)


def _is_right(edit: PlannedEdit, found: TakenChange | TakenComment, texts: dict[str, str]) -> bool:
    """True if an edit came back with its passage, its person, its words and its place in the file."""
    if found.passage != edit.passage:
        return False
    if isinstance(found, TakenComment):
        is_same = found.comment.mark.author == edit.author
        start = edit.start
    else:
        words = edit.passage.words
        for each in sorted(found.edits, key=lambda each: -each.offset):
            words = words[: each.offset] + each.new + words[each.end :]
        is_same = words == edit.result and [each.author for each in found.marks] == [edit.author]
        start = found.edits[0].offset
    return is_same and _stands_at(edit.passage, start, found, texts)


def _stands_at(passage: ReviewPassage, start: int, found: TakenChange | TakenComment, texts: dict[str, str]) -> bool:
    """True if the word at an offset of a passage, or the last one before its end, stands at a place of a file."""
    rest = passage.words[start:].split() or passage.words.split()[-1:]
    word = re.sub(r"[^\w].*", "", rest[0].strip("“”‘’\"'([*"))
    line = texts[found.at.file].split("\n")[found.at.line - 1] if found.at.file in texts else ""
    there = line[found.at.column - 1 :].lstrip("“”‘’\"'([* ")
    if passage.words[:start].count("[") > passage.words[:start].count("]") or re.search(r"[\[\]]", rest[0]):  # a source
        return found.at.line == passage.at.line
    return there.startswith(word) if line else found.at == passage.at


def texts_of_project(content: Path) -> dict[str, str]:
    """Return the sections of a project by file."""
    return {path.as_posix(): path.read_text(encoding="utf-8") for path in content.rglob("*.md")}
