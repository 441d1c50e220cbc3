"""Write changes of wording that reviewers want into the sections, where it is certain what that does.

A change is written only if its old words stand once, as plain text, where the passage was written, and if the topic,
read again with it, says the new words to the same audiences, and everything else as before. All files are written, or
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
    text_runs,
    topic_passages,
)
from handouts.pipeline.section_forms import read_again, rules_again
from handouts.render_cache import RenderCache

_MARKUP = re.compile(r"[\\`*_\[\]{}<>|~^$#]|:::|://")
_NUMBER = re.compile(r"\d{3,}")  # such as that of a help line
_AROUND = (60, 30, 12, 0)
_LONGEST = 2_000
_AMONG = "bold words, a link, a source or an explained word stand among these"
_FIGURE_ROLES = ("alt", "words", "tooltip")


class _SourceEdit(Struct, frozen=True):
    """Characters of a file, from `start` to `end` of its text as it was read, and what stands there then."""

    start: int
    end: int
    new: str


class _Draft(Struct, frozen=True):
    """A change with what it does to the text of its file."""

    change: TakenChange
    passage: ReviewPassage
    edits: tuple[_SourceEdit, ...]

    @property
    def file(self) -> str:
        """The file that it changes."""
        return self.passage.at.file


class ReviewEditor(Struct, frozen=True):
    """The content into which changes are written, as it was read."""

    content: Path
    templates: Path
    library: Library

    def judge(self, review: TakenReview) -> TakenReview:
        """Return what was taken; a change of wording that cannot be written is to be done by hand, for a reason."""
        reasons: dict[int, str] = {}
        for topic in review.topics:
            ours = {each.key: each for each in topic.passages}
            drafts: list[_Draft] = []
            for change in review.changes:
                passage = change.passage
                if change.state != "wording" or passage is None or ours.get(passage.key) != passage:
                    continue
                edits = _source_edits(change, passage, topic)
                if isinstance(edits, str):
                    reasons[id(change)] = edits
                else:
                    drafts.append(_Draft(change, passage, edits))
            reasons |= {id(draft.change): reason for draft, reason in self._sift(drafts, topic)}
        changes = (
            replace(each, state="by hand", reason=reasons[id(each)]) if id(each) in reasons else each
            for each in review.changes
        )
        return replace(review, changes=tuple(changes))

    def write(self, review: TakenReview, accepted: Sequence[TakenChange]) -> tuple[Path, ...]:
        """Write changes that were judged, and return the files. HandoutError, and nothing is written, if one fails."""
        contents: dict[Path, bytes] = {}
        for topic in review.topics:
            ours = {each.key: each for each in topic.passages}
            drafts = [
                _Draft(change, passage, edits)
                for change in accepted
                if (passage := change.passage) and ours.get(passage.key) == passage
                if not isinstance(edits := _source_edits(change, passage, topic), str)
            ]
            for draft, reason in self._sift(drafts, topic):
                hint = "take the review again; nothing was written"
                raise HandoutError(error("cannot-write", f"This cannot be written: {reason}.", draft.change.at, hint))
            contents.update(self._new_contents(drafts, topic))
        write_files(self.content.resolve(), contents)
        return tuple(contents)

    def _new_contents(self, drafts: Iterable[_Draft], topic: TopicPassages) -> Iterator[tuple[Path, bytes]]:
        """Yield each file that changes with its new bytes. HandoutError if it is not what was read before."""
        sections = {each.at.file: each for each in self.library.topics[topic.topic].languages[topic.language]}
        for file, edits in _edits_by_file(drafts).items():
            raw, mark = read_again(self.content, sections[file])
            places = _places_in_raw(raw)
            if len(places) - 1 != len(sections[file].text):
                message = "This file has letters whose accents are separate signs, and is not changed here."
                raise HandoutError(error("cannot-write", message, Location(file), "change it by hand"))
            line_end = "\r\n" if "\r\n" in raw else "\n"
            for each in edits:
                raw = raw[: places[each.start]] + each.new.replace("\n", line_end) + raw[places[each.end] :]
            yield Path(file).resolve(), mark + raw.encode()

    # ------------------------------------------------------------ what a change does

    def _sift(self, drafts: Sequence[_Draft], topic: TopicPassages) -> Iterator[tuple[_Draft, str]]:
        """Yield each change that would do something else than it should, and what."""
        kept: list[_Draft] = []
        for file in dict.fromkeys(draft.file for draft in drafts):
            together = [draft for draft in drafts if draft.file == file]
            yield from _without_wrong(together, lambda some: self._misread(some, topic), kept)
        if kept:
            errors = self._errors(self.library, topic)
            yield from _without_wrong(kept, lambda some: self._new_error(some, topic, errors), [])

    def _misread(self, drafts: Sequence[_Draft], topic: TopicPassages) -> str:
        """Return what is wrong with the words of one file after some changes, "" if nothing is."""
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
        """Return what would be an error in the documents of a topic after some changes, "" if nothing would."""
        edited = self._edited(drafts, topic)
        new = self._errors(edited, topic) - errors if edited else Counter(["it cannot be read"])
        return f"it would be an error: {next(iter(new))}" if new else ""

    def _edited(self, drafts: Iterable[_Draft], topic: TopicPassages) -> Library | None:
        """Return the library with some changes, None if a section could not be read."""
        known, language = self.library.topics[topic.topic], topic.language
        rules = rules_again(self.library, topic.topic)
        sections = {each.at.file: each for each in known.languages[language]}
        for file, edits in _edits_by_file(drafts).items():
            old = sections[file].text
            new = old
            for each in edits:
                new = new[: each.start] + each.new + new[each.end :]
            before, after = (read_section(text, file, rules) for text in (old, new))
            if after.section is None or _error_counts(after.findings) - _error_counts(before.findings):
                return None
            sections[file] = after.section
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


def _without_wrong(
    drafts: Sequence[_Draft], find_wrong: Callable[[Sequence[_Draft]], str], kept: list[_Draft]
) -> Iterator[tuple[_Draft, str]]:
    """Yield each change with which something is wrong beside those before it, and what; add the others to `kept`."""
    good: list[_Draft] = []
    waiting = [list(drafts)]
    while waiting:
        group = waiting.pop()
        reason = find_wrong([*good, *group])
        if not reason:
            good.extend(group)
        elif len(group) == 1:
            yield group[0], reason
        else:
            half = len(group) // 2
            waiting.extend((group[half:], group[:half]))
    kept.extend(good)


def _error_counts(findings: Iterable[Finding]) -> Counter[str]:
    """Return how often each error is among findings."""
    return Counter(found.code for found in findings if is_error(found))


def _as_read(passage: ReviewPassage, words: str) -> tuple[object, ...]:
    """Return a passage as it is compared, if it said these words: without its place and its title."""
    marked = tuple(type(node).__name__ for node in walk(passage.content) if not isinstance(node, Text))
    said = " ".join(words.split())
    return passage.section, passage.part, passage.role, passage.audiences, passage.mark, marked, said


def _edits_by_file(drafts: Iterable[_Draft]) -> dict[str, list[_SourceEdit]]:
    """Return the edits of each file, the last ones first."""
    files: dict[str, list[_SourceEdit]] = defaultdict(list)
    for draft in drafts:
        files[draft.file].extend(draft.edits)
    return {file: sorted(edits, key=lambda each: each.start, reverse=True) for file, edits in files.items()}


def _places_in_raw(raw: str) -> list[int]:
    """Return where each character of a text, as loading reads it, stands in the text as its file has it; then its end.

    Line ends become one character. Letters that loading puts together are not: then there are more places than
    characters.
    """
    return [number for number, each in enumerate(raw) if each != "\n" or raw[number - 1 : number] != "\r"] + [len(raw)]


# ---------------------------------------------------------------- where words stand in a file


def _source_edits(change: TakenChange, passage: ReviewPassage, topic: TopicPassages) -> tuple[_SourceEdit, ...] | str:
    """Return what a change does to the text of its file, or why it is to be done by hand."""
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
    """Return why new words cannot be written for old ones, "" if they can."""
    new = edit.new
    if found := _MARKUP.search(edit.old + new):
        return f"'{found[0]}' has a meaning in the content"
    if len(new) > _LONGEST or next(check_characters(new, Location("")), None):
        return "the new words are very long, or have a sign that cannot be printed"
    if _NUMBER.findall(edit.old) != _NUMBER.findall(new):
        return "it changes a number: look at its source first"
    return ""


def _source_edit(edit: TrackedChange, passage: ReviewPassage, text: str) -> _SourceEdit | str:
    """Return what one edit does to the text of a file, or why it is to be done by hand."""
    words, runs = passage.words, text_runs(passage)
    start, end = edit.offset, edit.end
    begin, at = next(run for run in reversed(runs) if run[0] <= start)
    stop = next((offset for offset, _ in runs if offset > begin), len(words))
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
    """Return an edit that leaves no two spaces where words are taken out, or why it is to be done by hand."""
    before = text[offset_of(text, replace(passage.at, column=1)) : start]
    if before.count("[") > before.count("]") or before.count("{") > before.count("}"):
        return "the words stand in a link, or are explained"
    new = unicodedata.normalize("NFC", new)
    if not new and text[start - 1 : start].isspace() and text[end : end + 1] == " ":
        end += 1
    return _SourceEdit(start, end, new)
