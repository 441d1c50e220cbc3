"""Random edits of a review copy, as made in Word, and a check of how each is taken back.

Edits are planned first: passage, range and new text. Then they are written into the file, taken by the program, and
classified by comparison with the plan: right, unsure or wrong.
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
    """One edit of a passage: author, range in its text, and the new text or comment."""

    kind: str
    passage: ReviewPassage
    author: str
    start: int
    end: int
    words: str

    @property
    def result(self) -> str:
        """The text of the passage after the edit."""
        return self.passage.words[: self.start] + self.words + self.passage.words[self.end :]


def plan_edits(passages: Sequence[ReviewPassage], count: int, seed: int) -> list[PlannedEdit]:
    """Return `count` edits of different passages that are long enough to be unambiguous."""
    rng = random.Random(seed)
    candidates = [each for each in passages if len(each.words.split()) > _MOST_WORDS]
    edits = []
    for number, passage in enumerate(rng.sample(candidates, count)):
        (kind,) = rng.choices(KINDS, SHARES)
        spans = [(found.start(), found.end()) for found in re.finditer(r"\S+", passage.words)]
        first = rng.randrange(len(spans))
        last = min(first + rng.randrange(_MOST_WORDS), len(spans) - 1)
        start, end = spans[first][0], spans[last][1]
        words = rng.choice(TYPED)
        if kind == "insert":
            start, words = end, f" {words}"
        elif kind == "delete":
            end, words = min(len(passage.words), end + 1), ""
        elif kind == "comment":
            words = f"Is “{words}” meant? {number}"
        elif kind == "quote":
            words = f"‘{passage.words[start:end]}’"
        edits.append(PlannedEdit(kind, passage, rng.choice(AUTHORS), start, end, words))
    return edits


def write_edits(editor: WordEditor, edits: Sequence[PlannedEdit]) -> None:
    """Write edits into a Word file, with runs split at random offsets as by typing."""
    for edit in edits:
        paragraph = editor.paragraph(edit.passage.key)
        for _ in range(editor.rng.randrange(4)):
            editor.split(paragraph, editor.rng.randrange(len(edit.passage.words)))
        editor.author = edit.author
        if edit.kind == "comment":
            editor.comment(paragraph, edit.start, edit.end, edit.words, reply="Yes." if edit.start % 3 else "")
        elif edit.kind == "insert":
            editor.insert(paragraph, edit.start, edit.words)
        elif edit.kind == "delete":
            editor.delete(paragraph, edit.start, edit.end)
        else:
            editor.replace(paragraph, edit.start, edit.end, edit.words)


def judge_edits(edits: Sequence[PlannedEdit], review: TakenReview, texts: dict[str, str]) -> dict[str, list[str]]:
    """Return descriptions of the edits that were taken right, unsure and wrong."""
    judged: dict[str, list[str]] = {"right": [], "unsure": [], "wrong": []}
    for edit in edits:
        found = _taken_edit(edit, review)
        description = (
            f"{edit.passage.at} {edit.kind} {edit.passage.words[edit.start : edit.end]!r} -> {edit.words!r}: {found}"
        )
        if found is None or found.passage is None or getattr(found, "state", "") in ("unsure", "no place"):
            judged["unsure"].append(description)
        else:
            judged["right" if _is_right(edit, found, texts) else "wrong"].append(description)
    extra = len(review.changes) + len(review.comments) - len(edits)
    judged["wrong"].extend(["not planned"] * max(0, extra))
    return judged


def _taken_edit(edit: PlannedEdit, review: TakenReview) -> TakenChange | TakenComment | None:
    """Return the change or comment taken for an edit: a comment by its text, a change by its passage."""
    if edit.kind == "comment":
        return next((each for each in review.comments if each.comment.text == edit.words), None)
    key = edit.passage.key
    changes = [each for each in review.changes if each.passage and each.passage.key == key]
    return next(iter(changes), None)


def _is_right(edit: PlannedEdit, found: TakenChange | TakenComment, texts: dict[str, str]) -> bool:
    """True if an edit was taken with its passage, author, text and place in the file."""
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
    return is_same and _is_at_place(edit.passage, start, found, texts)


def _is_at_place(passage: ReviewPassage, start: int, found: TakenChange | TakenComment, texts: dict[str, str]) -> bool:
    """True if the word at an offset of a passage, or its last word, is at the place that was found."""
    rest = passage.words[start:].split() or passage.words.split()[-1:]
    word = re.sub(r"[^\w].*", "", rest[0].strip("“”‘’\"'([*"))
    line = texts[found.at.file].split("\n")[found.at.line - 1] if found.at.file in texts else ""
    rest_of_line = line[found.at.column - 1 :].lstrip("“”‘’\"'([* ")
    if passage.words[:start].count("[") > passage.words[:start].count("]") or re.search(r"[\[\]]", rest[0]):  # a source
        return found.at.line == passage.at.line
    return rest_of_line.startswith(word) if line else found.at == passage.at


def section_texts(content: Path) -> dict[str, str]:
    """Return the texts of the Markdown files of a project by path."""
    return {path.as_posix(): path.read_text(encoding="utf-8") for path in content.rglob("*.md")}
