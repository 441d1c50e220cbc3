"""Write reviewers' changes of wording into the section files, where their effect is certain.

A change is written only if its old words occur once, as plain text, where the passage was written, and if the topic,
loaded again with it, says the new words to the same audiences and everything else as before. All files are written, or
none, and no other byte of them changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.check.rules import offset_of, words_pattern
from handouts.compare.passages import ReviewPassage
from handouts.document.nodes import Text
from handouts.document.text import walk
from handouts.finding import Finding, HandoutError, Location, error, is_error
from handouts.library import Library
from handouts.load.files import check_characters
from handouts.load.reviewed_files import TrackedChange
from handouts.load.sections import read_section
from handouts.pipeline.compositions import compose_readers
from handouts.pipeline.options import Options
from handouts.pipeline.output import write_files
from handouts.pipeline.review_taking import (
    TakenChange,
    TakenReview,
    TopicPassages,
    changed_words,
    end_of_block,
    run_at,
    text_runs,
    topic_passages,
)
from handouts.pipeline.section_forms import read_section_text, rereading_rules
from handouts.render_cache import RenderCache

_MARKUP = re.compile(r"[\\`*_\[\]{}<>|~^$#]|:::|://")
_NUMBER = re.compile(r"\d{3,}")  # such as a phone number
_AROUND = (60, 30, 12, 0)
_LONGEST = 2_000
_AMONG = "bold words, a link, a source or an explained word stand among these"
_FIGURE_ROLES = ("alt", "words", "tooltip")


class _SourceEdit(Struct, frozen=True):
    """A replacement of the characters from `start` to `end` in the loaded text of a file."""

    start: int
    end: int
    new: str


class _Draft(Struct, frozen=True):
    """A change with the edits that it makes in its file."""

    change: TakenChange
    passage: ReviewPassage
    edits: tuple[_SourceEdit, ...]

    @property
    def file(self) -> str:
        """The file that is edited."""
        return self.passage.at.file


class ReviewEditor(Struct, frozen=True):
    """The content into which changes are written, and the library that was loaded from it."""

    content: Path
    templates: Path
    library: Library

    def judge(self, review: TakenReview) -> TakenReview:
        """Return the review; a change of wording that cannot be written must be made by hand, with the reason."""
        reasons: dict[int, str] = {}
        for topic in review.topics:
            drafts, unclear = _draft_changes((each for each in review.changes if each.state == "wording"), topic)
            for change, reason in (*unclear, *((draft.change, reason) for draft, reason in self._sift(drafts, topic))):
                reasons[id(change)] = reason
        changes = (
            replace(each, state="by hand", reason=reasons[id(each)]) if id(each) in reasons else each
            for each in review.changes
        )
        return replace(review, changes=tuple(changes))

    def write(self, review: TakenReview, accepted: Sequence[TakenChange]) -> tuple[Path, ...]:
        """Write changes that were judged, and return the files. HandoutError, and nothing is written, if one fails."""
        contents: dict[Path, bytes] = {}
        for topic in review.topics:
            drafts, _ = _draft_changes(accepted, topic)
            for draft, reason in self._sift(drafts, topic):
                hint = "take the review again; nothing was written"
                raise HandoutError(error("cannot-write", f"This cannot be written: {reason}.", draft.change.at, hint))
            contents.update(self._new_contents(drafts, topic))
        write_files(self.content.resolve(), contents)
        return tuple(contents)

    def _new_contents(self, drafts: Iterable[_Draft], topic: TopicPassages) -> Iterator[tuple[Path, bytes]]:
        """Yield each edited file with its new bytes. HandoutError if a file has changed since it was loaded."""
        sections = {each.at.file: each for each in self.library.topics[topic.topic].languages[topic.language]}
        for file, edits in _edits_by_file(drafts).items():
            raw, mark = read_section_text(self.content, sections[file])
            places = _places_in_raw(raw)
            if len(places) - 1 != len(sections[file].text):
                message = "This file has letters whose accents are separate signs, and is not changed here."
                raise HandoutError(error("cannot-write", message, Location(file), "change it by hand"))
            line_end = "\r\n" if "\r\n" in raw else "\n"
            for each in edits:
                raw = raw[: places[each.start]] + each.new.replace("\n", line_end) + raw[places[each.end] :]
            yield Path(file).resolve(), mark + raw.encode()

    # ------------------------------------------------------------ the effect of a change

    def _sift(self, drafts: Sequence[_Draft], topic: TopicPassages) -> list[tuple[_Draft, str]]:
        """Return each change that would do more than change its words, with the reason."""
        good: list[_Draft] = []
        wrong: list[tuple[_Draft, str]] = []
        for file in dict.fromkeys(draft.file for draft in drafts):
            together = [draft for draft in drafts if draft.file == file]
            good_here, wrong_here = _sort_out(together, lambda some: self._misread(some, topic))
            good += good_here
            wrong += wrong_here
        # Which errors were there before matters only if there are any with all changes.
        if good and self._new_error(good, topic, Counter()):
            errors = self._errors(self.library, topic)
            wrong += _sort_out(good, lambda some: self._new_error(some, topic, errors))[1]
        return wrong

    def _misread(self, drafts: Sequence[_Draft], topic: TopicPassages) -> str:
        """Return what is wrong with the passages of one file after some changes, or ""."""
        file = drafts[0].file
        edited = self._edited(drafts, topic)
        if edited is None:
            return "the section could not be read with it"
        known = edited.topics[topic.topic]
        alone = tuple(each for each in known.languages[topic.language] if each.at.file == file)
        library = replace(edited, topics={topic.topic: replace(known, languages={topic.language: alone})})
        wanted: dict[str, list[TrackedChange]] = defaultdict(list)
        for draft in drafts:
            wanted[draft.passage.key].extend(draft.change.edits)
        expected = [
            _as_read(each, changed_words(each.words, wanted[each.key]))
            for each in topic.passages
            if each.at.file == file
        ]
        passages = topic_passages(library, topic.topic, topic.language).passages
        found = [_as_read(each, each.words) for each in passages if each.at.file == file]
        return "" if found == expected else "it would change what else is read"

    def _new_error(self, drafts: Sequence[_Draft], topic: TopicPassages, errors: Counter[str]) -> str:
        """Return the new error in the documents of a topic after some changes, or ""."""
        edited = self._edited(drafts, topic)
        new = self._errors(edited, topic) - errors if edited else Counter(["it cannot be read"])
        return f"it would be an error: {next(iter(new))}" if new else ""

    def _edited(self, drafts: Iterable[_Draft], topic: TopicPassages) -> Library | None:
        """Return the library with some changes made, or None if a section could not be read any more."""
        known, language = self.library.topics[topic.topic], topic.language
        rules = rereading_rules(self.library, topic.topic)
        sections = {each.at.file: each for each in known.languages[language]}
        for file, edits in _edits_by_file(drafts).items():
            old = sections[file].text
            new = old
            for each in edits:
                new = new[: each.start] + each.new + new[each.end :]
            read = read_section(new, file, rules)
            errors = _error_counts(read.findings)
            if read.section is None or (errors and errors - _error_counts(read_section(old, file, rules).findings)):
                return None
            sections[file] = read.section
        languages = {**known.languages, language: tuple(sections.values())}
        topics = {**self.library.topics, topic.topic: replace(known, languages=languages)}
        return replace(self.library, topics=topics)

    def _errors(self, library: Library, topic: TopicPassages) -> Counter[str]:
        """Return how often each error is found in the documents of a topic."""
        known = library.topics[topic.topic]
        options = Options(
            content=self.content,
            templates=self.templates,
            output=self.content,
            topics=(topic.topic,),
            languages=(topic.language,),
            template_names=known.templates,
        )
        made = compose_readers(library, options, RenderCache())
        return sum((_error_counts(each.findings) for each in made), Counter())


def _draft_changes(
    changes: Iterable[TakenChange], topic: TopicPassages
) -> tuple[list[_Draft], list[tuple[TakenChange, str]]]:
    """Return the drafts of those changes that are in a topic, and each of them that has no draft, with the reason."""
    passages = {each.key: each for each in topic.passages}
    drafts: list[_Draft] = []
    unclear: list[tuple[TakenChange, str]] = []
    for change in changes:
        passage = change.passage
        if passage is None or passages.get(passage.key) != passage:
            continue
        edits = _source_edits(change, passage, topic)
        if isinstance(edits, str):
            unclear.append((change, edits))
        else:
            drafts.append(_Draft(change, passage, edits))
    return drafts, unclear


def _sort_out(
    drafts: Sequence[_Draft], find_wrong: Callable[[Sequence[_Draft]], str]
) -> tuple[list[_Draft], list[tuple[_Draft, str]]]:
    """Return the changes that are right together, and each that is wrong beside those before it, with the reason.

    Many are tried at once, by halves: so few tries are needed where nearly all are right.
    """
    good: list[_Draft] = []
    wrong: list[tuple[_Draft, str]] = []
    waiting = [list(drafts)]
    while waiting:
        group = waiting.pop()
        reason = find_wrong([*good, *group])
        if not reason:
            good.extend(group)
        elif len(group) == 1:
            wrong.append((group[0], reason))
        else:
            half = len(group) // 2
            waiting.extend((group[half:], group[:half]))
    return good, wrong


def _error_counts(findings: Iterable[Finding]) -> Counter[str]:
    """Return how often each error is among findings."""
    return Counter(found.code for found in findings if is_error(found))


def _as_read(passage: ReviewPassage, words: str) -> tuple[object, ...]:
    """Return what is compared of a passage if it had these words: all but its location and title."""
    marked = tuple(type(node).__name__ for node in walk(passage.content) if not isinstance(node, Text))
    said = " ".join(words.split())
    return passage.section, passage.part, passage.role, passage.audiences, passage.mark, marked, said


def _edits_by_file(drafts: Iterable[_Draft]) -> dict[str, list[_SourceEdit]]:
    """Return the edits of each file, from its end to its start."""
    files: dict[str, list[_SourceEdit]] = defaultdict(list)
    for draft in drafts:
        files[draft.file].extend(draft.edits)
    return {file: sorted(edits, key=lambda each: each.start, reverse=True) for file, edits in files.items()}


def _places_in_raw(raw: str) -> list[int]:
    """Return the offset in a raw text of each character of the loaded text, and then its length.

    Loading makes each line end one character, which is considered here, and composes accents, which is not: then there
    are more offsets than characters.
    """
    return [number for number, each in enumerate(raw) if each != "\n" or raw[number - 1 : number] != "\r"] + [len(raw)]


# ---------------------------------------------------------------- where words are in a file


def _source_edits(change: TakenChange, passage: ReviewPassage, topic: TopicPassages) -> tuple[_SourceEdit, ...] | str:
    """Return the edits of a change in its file, or why it must be made by hand."""
    text = topic.texts.get(passage.at.file)
    if text is None:
        return f"it is written in {Path(passage.at.file).name}"
    if passage.role in _FIGURE_ROLES:
        return "the words belong to a figure"
    edits: list[_SourceEdit] = []
    for each in change.edits:
        found = _source_edit(each, passage, text)
        wrong = found if isinstance(found, str) else _wrong_words(each)
        if isinstance(found, str) or wrong:
            return wrong
        edits.append(found)
    return tuple(edits)


def _wrong_words(edit: TrackedChange) -> str:
    """Return why new words cannot replace old ones, or ""."""
    new = edit.new
    if found := _MARKUP.search(edit.old + new):
        return f"'{found[0]}' has a meaning in the content"
    if len(new) > _LONGEST or next(check_characters(new, Location("")), None):
        return "the new words are very long, or have a sign that cannot be printed"
    if _NUMBER.findall(edit.old) != _NUMBER.findall(new):
        return "it changes a number: look at its source first"
    return ""


def _source_edit(edit: TrackedChange, passage: ReviewPassage, text: str) -> _SourceEdit | str:
    """Return where one edit of a passage is in its file, or why it must be made by hand."""
    words, start, end = passage.words, edit.offset, edit.end
    begin, at = run_at(passage, start)
    stop = next((offset for offset, _ in text_runs(passage) if offset > begin), len(words))
    if end > stop:
        return _AMONG
    first, last = offset_of(text, at), end_of_block(passage, at, text)
    for around in _AROUND:
        sides = words[max(begin, start - around) : start], words[end : min(stop, end + around)]
        if not (words[start:end].strip() or "".join(sides).strip()):
            continue
        left, middle, right = map(words_pattern, (sides[0], words[start:end], sides[1]))
        found = list(re.compile(f"{left}(?P<old>{middle}){right}").finditer(text, first, last))
        if len(found) > 1:
            return "the words stand there more than once"
        if found:
            return _tidied(found[0].start("old"), found[0].end("old"), edit.new, text, passage)
    return _AMONG


def _tidied(start: int, end: int, new: str, text: str, passage: ReviewPassage) -> _SourceEdit | str:
    """Return an edit that leaves no double space where words are deleted, or why it must be made by hand."""
    before = text[offset_of(text, replace(passage.at, column=1)) : start]
    if before.count("[") > before.count("]") or before.count("{") > before.count("}"):
        return "the words stand in a link, or are explained"
    new = unicodedata.normalize("NFC", new)
    if not new and text[start - 1 : start].isspace() and text[end : end + 1] == " ":
        end += 1
    return _SourceEdit(start, end, new)
