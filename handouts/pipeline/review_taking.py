"""Read reviewers' changes and comments from Word files, and find the place of each in the content.

Files in, a `TakenReview` out: what was changed and said, where, by whom, and who else reads the same words. Different
changes of the same sentence are a conflict. Must never write; `review_edits` writes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.check.readability import split_sentences
from handouts.check.rules import Passage, inline_pieces, offset_of, place_in_file
from handouts.compare.passages import ReviewPassage, review_passages
from handouts.finding import Finding, HandoutError, Location, error, is_error
from handouts.library import Library
from handouts.load.files import SourceFolder, read_bytes
from handouts.load.reviewed_files import (
    MAX_REVIEW_BYTES,
    Mark,
    ReviewComment,
    ReviewedFile,
    ReviewedParagraph,
    TrackedChange,
    read_reviewed_file,
)
from handouts.pipeline.review_places import (
    PlacedParagraph,
    count_places,
    place_changes,
    place_paragraphs,
    place_words,
    readers_of_copy,
    untracked_changes,
)
from handouts.select import select_content

_ChangeState: TypeAlias = Literal["wording", "by hand", "unsure", "conflict", "no place"]
_LONGEST_NAMED, _MOST_NAMED = 200, 5  # characters of a conflicting change, and such changes, in a message
_NEARLY_ALL = 0.9
_LEAST_REPEATED = 15  # characters of a line that is taken for a repetition of a passage
_NUMBER_OR_REST = re.compile(r"^\d+\. |…$")  # around the title of a section
_SECTION_BOOKMARK = "section_"  # the start of the bookmark of a section heading
_NO_PARAGRAPH = ReviewedParagraph("", (), ())
_BLOCK_END = re.compile(r"\n[ \t]*(?:\n|:::|#|[-*+][ \t]|\d+[.)][ \t]|$)")
_CELL_END = re.compile(r"[|\n]")
_BRACES = re.compile(r"\{[^{}\n]*\}|\[@[^\]\n]*\]|\]\([^()\n]*\)")  # syntax that may look like words
_NAMED_SOURCE = re.compile(r"\[[^\]]*\]")  # a citation in the words of a passage
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_KEY_PATTERN = re.compile(r"p[0-9a-f]{16}(?:_\d+)?")  # a key of review_passages


class _TakenEntry(Struct, frozen=True, kw_only=True):
    """The common fields of changes and comments: the Word file, the passage, its place in the content, its readers.

    A new paragraph has the passage before it. `also` are the other places of the same sentence, with their readers.
    """

    file: str
    passage: ReviewPassage | None
    at: Location
    audiences: tuple[str, ...]
    also: tuple[tuple[Location, tuple[str, ...]], ...] = ()


class TakenChange(_TakenEntry, frozen=True, kw_only=True):
    """A change in one sentence: who made it, and the `old` and the `new` words.

    `edits` are its parts, with offsets in the words of the passage; `reason` says why it cannot be written.
    """

    marks: tuple[Mark, ...]
    old: str
    new: str
    edits: tuple[TrackedChange, ...]
    state: _ChangeState
    reason: str = ""


class TakenComment(_TakenEntry, frozen=True, kw_only=True):
    """A comment; it `is_general` if it is on a line of the review copy that is not a text of the content."""

    comment: ReviewComment
    is_general: bool = False


class TopicPassages(Struct, frozen=True):
    """All passages of a topic in one language, their readers, the texts of its files, and who reads each place."""

    topic: str
    language: str
    audiences: tuple[str, ...]
    passages: tuple[ReviewPassage, ...]
    texts: Mapping[str, str]
    readers: Mapping[Location, frozenset[str]]


class TakenReview(Struct, frozen=True):
    """The changes and comments in some files, in the order of the content, and findings about the files."""

    changes: tuple[TakenChange, ...]
    comments: tuple[TakenComment, ...]
    topics: tuple[TopicPassages, ...]
    findings: tuple[Finding, ...]

    @property
    def is_certain(self) -> bool:
        """True if every file was read, every change and comment has its place, and no changes conflict."""
        unsure = any(each.state in ("unsure", "conflict", "no place") for each in self.changes)
        lost = any(each.passage is None and not each.is_general for each in self.comments)
        return not (unsure or lost or any(map(is_error, self.findings)))


def take_reviews(library: Library, files: Sequence[Path]) -> TakenReview:
    """Return what reviewers have written in some files, and findings about those that cannot be read."""
    findings: list[Finding] = []
    topics = tuple(
        topic_passages(library, topic.name, language)
        for topic in library.topics.values()
        for language in topic.languages
    )
    changes: list[TakenChange] = []
    comments: list[TakenComment] = []
    for path in dict.fromkeys(files):
        copy = _read_copy(path, findings)
        shown = copy and _shown_topic(copy, topics)
        if copy and shown:
            passages = _passages_shown(copy, shown)
            taken = _CopyReader(copy, shown, passages, place_paragraphs(copy.paragraphs, passages))
            findings.extend(copy.findings)
            changes.extend(taken.changes())
            comments.extend(taken.comments())
        elif copy:
            message = "No text of this project is in this file."
            hint = "is it the right file, and are you in the right folder?"
            findings.append(error("review-of-nothing", message, Location(copy.file), hint))
    agreed = _agree(changes)
    return TakenReview(tuple(sorted(agreed, key=_order)), tuple(sorted(comments, key=_order)), topics, tuple(findings))


def _order(entry: TakenChange | TakenComment) -> tuple[bool, Location, str]:
    """Return the sort key of an entry: by its place in the content."""
    return entry.passage is None, entry.at, entry.file


def _read_copy(path: Path, findings: list[Finding]) -> ReviewedFile | None:
    """Return a parsed file, or None after adding a finding."""
    content = read_bytes(SourceFolder(path.parent, findings), path, largest=MAX_REVIEW_BYTES)
    try:
        return None if content is None else read_reviewed_file(content, path.as_posix())
    except HandoutError as refused:
        findings.extend(refused.findings)
    return None


def topic_passages(library: Library, topic: str, language: str) -> TopicPassages:
    """Return the passages of a topic in one language."""
    read = {section for each in library.topics[topic].languages[language] for section in each.audiences}
    names = [name for name in library.topics[topic].audiences if name in read]
    selections = [select_content(library, topic, name, language) for name in names]
    texts = {file: text for each in selections for file, text in each.texts.items()}
    passages = review_passages(selections)
    readers: dict[Location, frozenset[str]] = {}
    for each in passages:
        for at in _run_places(each):
            readers[at] = readers.get(at, frozenset()) | set(each.audiences)
    audiences = tuple(dict.fromkeys(name for each in passages for name in each.audiences))
    return TopicPassages(topic, language, audiences, passages, texts, readers)


def _shown_topic(copy: ReviewedFile, topics: Iterable[TopicPassages]) -> TopicPassages | None:
    """Return the topic and language of which a file has the most passages, or None if it has none."""
    counts = [(count_places(copy.paragraphs, each.passages), each) for each in topics]
    most, best = max(counts, key=lambda each: each[0], default=(0, None))
    return best if most else None


def _passages_shown(copy: ReviewedFile, topic: TopicPassages) -> tuple[ReviewPassage, ...]:
    """Return the passages of the audiences whose words a file shows, or of all audiences if that is unclear."""
    shown = set(readers_of_copy(copy.paragraphs, topic.passages))
    return tuple(each for each in topic.passages if not shown or shown & set(each.audiences))


# ---------------------------------------------------------------- one file


class _CopyReader(Struct, frozen=True):
    """One file, the topic and the passages that it shows, and the places of its paragraphs by their index."""

    copy: ReviewedFile
    topic: TopicPassages
    passages: tuple[ReviewPassage, ...]
    placed: Mapping[int, tuple[PlacedParagraph, ...]]

    def changes(self) -> Iterator[TakenChange]:
        """Yield the changes of all paragraphs; those of one person in one sentence are one change."""
        near: ReviewPassage | None = None
        for index, paragraph in enumerate(self.copy.paragraphs):
            for each in self.placed.get(index, ()):
                near = each.passage
                yield from (self._untracked_change(each, change) for change in untracked_changes(each))
                changes = tuple(place_changes(each))
                yield from (self._change_without_place(each, change) for change, certain in changes if not certain)
                for together in _by_sentence((change for change, certain in changes if certain), near.words):
                    yield self._change(each, together)
            if index not in self.placed:
                yield from (self._change_without_passage(near, change, index) for change in paragraph.changes)
        yield from self._missing()

    def _missing(self) -> Iterator[TakenChange]:
        """Yield each missing passage as a change, if the file still has nearly all others with their bookmarks."""
        there = {each.passage.key for some in self.placed.values() for each in some}
        kept = sum(1 for some in self.placed.values() for each in some if each.by_bookmark)
        for passage in self.passages if kept >= _NEARLY_ALL * len(self.passages) else ():
            if passage.key not in there:
                deleted = TrackedChange(Mark("", ""), 0, passage.words, "")
                reason = "its paragraph is not in the file: it was deleted without a mark, or is newer than the file"
                yield self._change(PlacedParagraph(_NO_PARAGRAPH, passage, 0, passage.words), (deleted,), reason)

    def comments(self) -> Iterator[TakenComment]:
        """Yield the comments, each at the place of its words."""
        for comment in self.copy.comments:
            placed = self.placed.get(comment.paragraph, ())
            before = [each for each in placed if each.start <= comment.offset]
            if placed:
                yield self._comment(comment, (before or placed)[-1 if before else 0])
            else:
                own = self._is_own_line(comment.paragraph)
                at = self._place_beside(comment.paragraph)
                yield TakenComment(
                    file=self.copy.file, passage=None, at=at, audiences=(), comment=comment, is_general=own
                )

    def _place_beside(self, number: int) -> Location:
        """Return the place to show for a paragraph without a passage: the words that it repeats, or the file below it.

        Before the first section, as in the list of contents, it is the review copy itself.
        """
        if number < 0:
            return Location(self.copy.file)
        here = self.copy.paragraphs[number]
        line = _NUMBER_OR_REST.sub("", here.before)
        repeated = [each.at for each in self.passages if len(line) > _LEAST_REPEATED and each.words.startswith(line)]
        below = [self.placed[each][0].passage.at.file for each in sorted(self.placed) if each > number]
        begun = any(
            name.startswith(_SECTION_BOOKMARK)
            for each in self.copy.paragraphs[: number + 1]
            for name, *_ in each.bookmarks
        )
        return repeated[0] if repeated else Location(below[0] if below and begun else self.copy.file)

    def _is_own_line(self, number: int) -> bool:
        """True if a paragraph without a passage is a line of the copy itself, such as a heading: it has no key.

        False if the file has lost all its keys, as it is then unknown.
        """
        keyed = any(each.by_bookmark for some in self.placed.values() for each in some)
        names = [name for name, _, _ in self.copy.paragraphs[number].bookmarks] if number >= 0 else []
        return keyed and number >= 0 and not any(map(_KEY_PATTERN.fullmatch, names))

    def _comment(self, comment: ReviewComment, placed: PlacedParagraph) -> TakenComment:
        """Return a comment at its place."""
        passage = placed.passage
        offset = max(0, place_words(placed, comment.offset, comment.words[:40]))
        return TakenComment(
            file=self.copy.file,
            passage=passage,
            at=self._at(passage, offset, offset + len(comment.words)),
            audiences=self._readers(passage, offset),
            also=self._also(passage, offset),
            comment=comment,
        )

    def _change(self, placed: PlacedParagraph, edits: Sequence[TrackedChange], doubt: str = "") -> TakenChange:
        """Return the edits of one sentence as one change, which is unsure if there is a `doubt`."""
        passage = placed.passage
        first, last = edits[0].offset, edits[-1].end
        old, changed = passage.words[first:last], changed_words(passage.words, edits)
        new = changed[first : len(changed) - len(passage.words) + last]
        obstacle = doubt or _obstacle(placed, edits)
        return TakenChange(
            file=self.copy.file,
            passage=passage,
            at=self._at(passage, first, last),
            audiences=self._readers(passage, first),
            also=self._also(passage, first),
            marks=(edits[0].mark,),
            old=old + ("\n" if edits[-1].old.endswith("\n") else ""),
            new=new,
            edits=tuple(edits),
            state="unsure" if doubt else "by hand" if obstacle else "wording",
            reason=obstacle,
        )

    def _untracked_change(self, placed: PlacedParagraph, change: TrackedChange) -> TakenChange:
        """Return a change that was not tracked by Word."""
        if placed.by_bookmark:
            reason = "it was changed without a mark, and nobody says who has done it"
            return replace(self._change(placed, (change,)), state="by hand", reason=reason)
        doubt = "either it was changed without a mark, or the content has changed since the file was made"
        return self._change(placed, (change,), doubt)

    def _change_without_place(self, placed: PlacedParagraph, change: TrackedChange) -> TakenChange:
        """Return a change whose passage is known, but not its place in the passage."""
        doubt = "the content has changed since the file was made, and these words are not there, or not once"
        made = self._change(placed, (replace(change, offset=0, old="", new=""),), doubt)
        return replace(made, old=change.old, new=change.new)

    def _change_without_passage(self, near: ReviewPassage | None, change: TrackedChange, number: int) -> TakenChange:
        """Return a change in a paragraph without a passage; a new paragraph is placed after the passage before it."""
        found = None if self.copy.paragraphs[number].before.strip() else near
        at = found.at if found else self._place_beside(number)
        reason = "its words are not in the content any more"
        if found:
            reason = "it is a paragraph of its own"
        elif self._is_own_line(number):
            reason = (
                "it stands in a heading, a list of contents or a grey line, which only repeats what is written here"
            )
        return TakenChange(
            file=self.copy.file,
            passage=found,
            at=at,
            audiences=found.audiences if found else (),
            marks=(change.mark,),
            old=change.old,
            new=change.new,
            edits=(),
            state="by hand" if found else "no place",
            reason=reason,
        )

    def _at(self, passage: ReviewPassage, start: int, end: int) -> Location:
        """Return where words of a passage are in the content; without words, where the next word is, or the last."""
        if not passage.words[start:end].strip():
            beside = [each.span() for each in _WORD.finditer(passage.words)]
            start, end = next((each for each in beside if each[0] >= start), (beside or [(0, 0)])[-1])
        return _place_of_words(passage, start, end, self.topic)

    def _readers(self, passage: ReviewPassage, offset: int) -> tuple[str, ...]:
        """Return the readers of a place in the content, also those who read it in another passage."""
        there = self.topic.readers.get(run_at(passage, offset)[1], frozenset()) | set(passage.audiences)
        return tuple(name for name in self.topic.audiences if name in there)

    def _also(self, passage: ReviewPassage, offset: int) -> tuple[tuple[Location, tuple[str, ...]], ...]:
        """Return the other places of the sentence at an offset, with their readers."""
        sentence = next((each.text for each in split_sentences(passage.words) if each.end >= offset), "").strip()
        if len(sentence.split()) < 2:
            return ()
        here = _run_places(passage)
        return tuple(
            (_place_of_words(each, start, start + len(sentence), self.topic), each.audiences)
            for each in self.topic.passages
            if (start := each.words.find(sentence)) >= 0
            if each.key != passage.key and not here & _run_places(each)
        )


def _obstacle(placed: PlacedParagraph, edits: Sequence[TrackedChange]) -> str:
    """Return why edits of a paragraph cannot be written by a program, or ""."""
    if any(each.moved for each in edits):
        return "words were moved in one piece"
    if any("\n" in each.old + each.new for each in edits):
        return "a paragraph begins or ends there"
    return "" if placed.is_as_made else "its paragraph is not what stands in the content now"


def changed_words(words: str, edits: Iterable[TrackedChange]) -> str:
    """Return words with edits applied, which must not overlap."""
    for each in sorted(edits, key=lambda each: each.offset, reverse=True):
        words = words[: each.offset] + each.new + words[each.end :]
    return words


def _place_of_words(passage: ReviewPassage, start: int, end: int, topic: TopicPassages) -> Location:
    """Return where the characters from `start` to `end` of a passage are in the content.

    For words that are not in the content, such as the name of a source, that is the place of the words before them.
    """
    words, runs = passage.words, text_runs(passage)
    begin, at = run_at(passage, start)
    text = topic.texts.get(at.file)
    if text is None:
        return at
    block = {at.file: _BRACES.sub(lambda found: "\0" * len(found[0]), text[: end_of_block(passage, at, text)])}
    shown = Passage(words, "prose", "handout", passage.at, runs)
    masked = _NAMED_SOURCE.sub(lambda found: "\0" * len(found[0]), words)
    first_word = _WORD.search(masked, start, end)
    here = [] if masked[start : start + 1] == "\0" else [(start, end), *([first_word.span()] if first_word else [])]
    for first, last in (*here, *reversed([each.span() for each in _WORD.finditer(masked, begin, start)])):
        found = place_in_file(shown, first, last, block)
        if found != at or first <= begin:
            return found
    return at


def end_of_block(passage: ReviewPassage, at: Location, text: str) -> int:
    """Return where in the text of a file the paragraph, item or cell ends that a run of words is in."""
    first = offset_of(text, at)
    found = (_CELL_END if passage.role == "cell" else _BLOCK_END).search(text, first)
    return found.start() if found else len(text)


def text_runs(passage: ReviewPassage) -> tuple[tuple[int, Location], ...]:
    """Return the runs of text in a passage: the offset of each in its words, and its place in the content."""
    return ((0, passage.at), *(run for run in inline_pieces(passage.content)[1] if run[0]))


def run_at(passage: ReviewPassage, offset: int) -> tuple[int, Location]:
    """Return the run of text at an offset of a passage: its own offset and place."""
    return next(run for run in reversed(text_runs(passage)) if run[0] <= offset)


def _run_places(passage: ReviewPassage) -> frozenset[Location]:
    """Return the places of the runs of text in a passage."""
    return frozenset(at for _, at in text_runs(passage))


# ---------------------------------------------------------------- one sentence


def _sentences(words: str, first: int, last: int) -> range:
    """Return the indexes of the sentences that contain the characters from `first` to `last`."""
    found = [number for number, each in enumerate(split_sentences(words)) if each.start <= last and first < each.end]
    return range(found[0], found[-1] + 1) if found else range(1)


def _by_sentence(changes: Iterable[TrackedChange], words: str) -> Iterator[list[TrackedChange]]:
    """Yield the changes of a paragraph in groups: those of one person in one sentence together."""
    together: dict[tuple[str, bool], list[TrackedChange]] = {}
    for each in changes:
        key = each.mark.author, each.moved
        known = together.get(key)
        if (
            known
            and _sentences(words, known[-1].offset, known[-1].end)[-1] >= _sentences(words, each.offset, each.end)[0]
        ):
            known.append(each)
            continue
        if known:
            yield known
        together[key] = [each]
    yield from together.values()


def _agree(changes: Iterable[TakenChange]) -> Iterator[TakenChange]:
    """Yield the changes, equal ones as one; different ones in the same sentence are a conflict."""
    by_passage: dict[tuple[str, Location], list[TakenChange]] = defaultdict(list)
    for each in changes:
        if each.state == "wording" and each.passage is not None:
            by_passage[each.passage.key, each.passage.at].append(each)
        else:
            yield each
    for together in by_passage.values():
        joined = list(_joined(together))
        words = joined[0].passage.words if joined[0].passage else ""
        spans = [set(_sentences(words, each.edits[0].offset, each.edits[-1].end)) for each in joined]
        for each, span in zip(joined, spans, strict=True):
            against = [other for other, its in zip(joined, spans, strict=True) if other is not each and its & span]
            yield _conflict(each, against) if against else each


def _joined(changes: Iterable[TakenChange]) -> Iterator[TakenChange]:
    """Yield the changes of one passage; the same change of several people is one."""
    same: dict[tuple[tuple[int, str, str], ...], list[TakenChange]] = defaultdict(list)
    for each in changes:
        same[tuple((edit.offset, edit.old, edit.new) for edit in each.edits)].append(each)
    for together in same.values():
        marks = tuple(dict.fromkeys(mark for each in together for mark in each.marks))
        yield replace(together[0], marks=marks)


def _conflict(change: TakenChange, others: Sequence[TakenChange]) -> TakenChange:
    """Return a change as a conflict with other changes."""
    changed = []
    for each in others[:_MOST_NAMED]:
        names = " and ".join(dict.fromkeys(mark.author or "somebody" for mark in each.marks))
        changed.append(f"{names}: “{shorten(each.old, _LONGEST_NAMED)}” → “{shorten(each.new, _LONGEST_NAMED)}”")
    return replace(change, state="conflict", reason=f"the same sentence was changed otherwise by {'; '.join(changed)}")
