"""Write the review copy of a topic: a Word file with what some audiences read, for reviewers to comment and change.

What all of them read is in it once; what they read in different words is side by side. A file that somebody has saved
since it was made is never overwritten.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, groupby
from pathlib import Path
from textwrap import shorten

from msgspec import Struct

from handouts.compare.passages import SOURCES, TERMS, ReviewPassage, review_passages
from handouts.compose.assembly import language_tag
from handouts.document.nodes import Crisis, Document, FixedWords
from handouts.finding import Finding, HandoutError, Location, error, raise_errors
from handouts.library import Library, Topic
from handouts.load import load_library
from handouts.load.office_package import BROKEN_PACKAGE
from handouts.pipeline.output import write_atomically, write_error
from handouts.pipeline.signing import check_readers, check_topics, only_language, reader_status
from handouts.render_cache import RenderCache
from handouts.select import select_content
from handouts.theme import resolve_theme
from handouts.version import VERSION
from handouts.word.review_copy import ReviewParagraph, ReviewSection, ReviewSheet, ReviewStretch, review_copy_bytes
from handouts.word.word_package import TEXT_HASH

_ENDING, _LONGEST_TITLE, _MOST_COLUMNS = ".docx", 70, 4
_MOST_BYTES = 50_000_000  # of a part of an existing file
_STATE_WORDS = {
    "reviewed": "review_done",
    "changed": "review_changed",
    "incomplete": "review_incomplete",
    "not reviewed": "not_reviewed",
}
_ROLE_LABELS = ("words", "alt", "tooltip", "address")  # roles of words outside the running text
_LAST_TITLES = {TERMS: "review_terms", SOURCES: "review_sources"}


class ReviewRequest(Struct, frozen=True):
    """A request for a review copy: a topic as some audiences read it, or all; `output` is where, if not in `folder`."""

    topic: str
    audiences: tuple[str, ...]
    language: str
    day: date
    folder: Path
    output: Path | None = None


class _WrittenReviewCopy(Struct, frozen=True):
    """A review copy that was written: its path and readers, and the number of its passages."""

    path: Path
    audiences: tuple[str, ...]
    language: str
    passages: int


def make_review_copy(content: Path, templates: Path, request: ReviewRequest) -> _WrittenReviewCopy:
    """Write a review copy, and return where it is.

    HandoutError, and nothing is written, if a name is unknown, or if somebody has saved the existing file.
    """
    library = load_library(content, templates)
    raise_errors(check_topics(library, [request.topic]))
    topic = library.topics[request.topic]
    language = request.language or only_language(topic)
    raise_errors(check_readers(topic, request.audiences, language))
    audiences = tuple(name for name in topic.audiences if name in (request.audiences or topic.audiences))
    path = request.output or request.folder / topic.name / f"{_file_name(topic, audiences, language)}{_ENDING}"
    raise_errors(_check_path(path))
    passages = review_passages(
        [select_content(library, topic.name, each, language) for each in topic.audiences], audiences
    )
    sheet = _sheet(library, topic, audiences, language, passages, request.day)
    looks = topic.with_looks(library.audiences[audiences[0]])
    theme = resolve_theme(library.themes[library.service.theme], accent=looks.accent, paper=library.service.paper)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, review_copy_bytes(sheet, theme))
    except OSError as refused:
        raise HandoutError(write_error(path, refused)) from None
    return _WrittenReviewCopy(path, audiences, language, len(passages))


def _file_name(topic: Topic, audiences: Sequence[str], language: str) -> str:
    """Return the name of a copy; it includes the audiences unless the copy is for all of them."""
    readers = () if len(audiences) == len(topic.audiences) else audiences
    return "-".join((topic.name, *readers, "review", *((language,) if len(topic.languages) > 1 else ())))


# ---------------------------------------------------------------- an existing file


def _check_path(path: Path) -> Iterator[Finding]:
    """Yield an error for a path that is not a Word file, or for a file that somebody has saved since it was made."""
    at = Location(path.as_posix())
    if path.suffix.lower() != _ENDING:
        yield error("usage", "A review copy is a Word file.", at, f"write a name that ends with {_ENDING}")
    elif path.is_dir():
        yield error("usage", "This is a folder.", at, "write the name of a file in it")
    elif (path.exists() or path.is_symlink()) and not _is_as_made(path):
        message = "Somebody has saved this file, or it is not a review copy: it is left as it is."
        yield error("edited", message, at, "read it with handouts review take, or choose another name with --output")


def _is_as_made(path: Path) -> bool:
    """True if a file is a review copy that nobody has saved since it was made."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = [package.getinfo(name) for name in ("word/document.xml", "docProps/custom.xml")]
            if any(each.file_size > _MOST_BYTES or each.compress_type != zipfile.ZIP_DEFLATED for each in parts):
                return False
            text, told = map(package.read, parts)
    except BROKEN_PACKAGE:
        return False
    return f'{TEXT_HASH}"><vt:lpwstr>{hashlib.sha256(text).hexdigest()}<'.encode() in told


# ---------------------------------------------------------------- its content


def _sheet(
    library: Library,
    topic: Topic,
    audiences: Sequence[str],
    language: str,
    passages: Sequence[ReviewPassage],
    today: date,
) -> ReviewSheet:
    """Return the content of a copy."""
    words = topic.words.get(language, library.words[language])
    names = {name: library.audiences[name].title for name in audiences}
    cache = RenderCache()
    states = [reader_status(library, topic, each, language, cache, today).state for each in audiences]
    told = [words.say(_STATE_WORDS[each]) for each in states]
    state = (
        told[0]
        if len(set(told)) == 1
        else _listed(f"{name}: {each}" for name, each in zip(names.values(), told, strict=True))
    )
    day = words.say("review_day", day=today.day, month=words.say(f"month_{today.month}"), year=today.year)
    sender = library.service.name or ", ".join(topic.authors)
    title = words.say("review_title", title=topic.title)
    tag = language_tag(language, library.service.spelling)
    unfinished = ", ".join(dict.fromkeys(each for each, kept in zip(told, states, strict=True) if kept != "reviewed"))
    document = Document(
        name=f"{topic.name}-review",
        title=title,
        running_title=title,
        label=_listed(names.values()) if len(names) == 1 else "",
        language=tag,
        foot=" · ".join(filter(None, (unfinished, day))),
        draft=unfinished,
        author=", ".join(topic.authors),
        subject=topic.title,
        keywords=topic.keywords,
        modified=today.isoformat(),
        words=words,
        crisis=Crisis(),
    )
    facts = {
        "review_topic": topic.title,
        "review_for": _listed(names.values()),
        "review_language": tag,
        "review_version": topic.version,
        "review_made": day,
        "review_state": state,
        "review_return": sender,
    }
    guidance = ("review_how_change", "review_how_comment", "review_how_places", "review_how_return")
    return ReviewSheet(
        document=document,
        about=words.say("review_about"),
        facts=tuple((words.say(key), said) for key, said in facts.items()),
        how=words.say("review_how"),
        guidance=tuple(words.say(key, sender=sender) for key in guidance),
        contents=words.say("review_sections"),
        sections=tuple(_sections(passages, names, words)),
        role_labels=tuple((role, words.say(f"review_role_{role}")) for role in _ROLE_LABELS),
        properties=(
            ("handouts-topic", topic.name),
            ("handouts-language", language),
            ("handouts-audiences", ",".join(audiences)),
            ("handouts-version", VERSION),
        ),
    )


def _listed(names: Iterable[str]) -> str:
    """Return names in one line, with semicolons, as a name may contain a comma."""
    return "; ".join(names)


def _sections(passages: Iterable[ReviewPassage], names: dict[str, str], words: FixedWords) -> Iterator[ReviewSection]:
    """Yield the sections of a copy."""
    for number, (section, group) in enumerate(groupby(passages, key=lambda each: each.section), 1):
        together = tuple(group)
        title = words.say(_LAST_TITLES[section]) if section in _LAST_TITLES else together[0].title
        title = f"{number}. {shorten(title, _LONGEST_TITLE, placeholder='…')}"
        stretches = (
            each
            for part, of_part in groupby(together, key=lambda each: each.part)
            for each in _stretches(part, tuple(of_part), names, words)
        )
        yield ReviewSection(title, tuple(stretches))


def _stretches(
    part: str, passages: Sequence[ReviewPassage], names: dict[str, str], words: FixedWords
) -> Iterator[ReviewStretch]:
    """Yield the stretches of a part, each for the same readers or with one column for each group of readers.

    Tables, and versions for many groups, are placed one below the other, as they do not fit into columns.
    """
    called = _part_name(part, words)
    for columns in _columns(passages):
        wide = len(columns) > _MOST_COLUMNS or any(each.role == "cell" for each in chain(*columns.values()))
        for some in [{readers: column} for readers, column in columns.items()] if wide else [columns]:
            shown = tuple(
                (_listed(names[each] for each in readers), tuple(map(_paragraph, column)))
                for readers, column in some.items()
            )
            yield ReviewStretch(_place(called, tuple(some), names, words), shown)


def _columns(passages: Sequence[ReviewPassage]) -> Iterator[dict[tuple[str, ...], list[ReviewPassage]]]:
    """Yield the passages of a part in columns by their readers, so that nobody reads in two columns of one stretch."""
    columns: dict[tuple[str, ...], list[ReviewPassage]] = {}
    for each in passages:
        taken = {name for readers in columns if readers != each.audiences for name in readers}
        if taken & set(each.audiences):
            yield columns
            columns = {}
        columns.setdefault(each.audiences, []).append(each)
    if columns:
        yield columns


def _paragraph(each: ReviewPassage) -> ReviewParagraph:
    """Return a passage as a paragraph of the copy."""
    return ReviewParagraph(each.key, each.role, each.content, each.mark, each.at)


def _place(called: str, columns: Sequence[tuple[str, ...]], names: dict[str, str], words: FixedWords) -> str:
    """Return the line above a stretch: the name of its part and, if there are several audiences, its readers."""
    if len(names) == 1:
        return called
    if len(columns) > 1:
        who = words.say("review_each")
    elif len(columns[0]) == len(names):
        who = words.say("review_all")
    else:
        who = words.say("review_only", readers=_listed(names[each] for each in columns[0]))
    return " · ".join(filter(None, (called, who)))


def _part_name(part: str, words: FixedWords) -> str:
    """Return the title of a part; that of a part that the project defines is its name."""
    keys = dict(words.entries)
    return keys.get(f"review_part_{part}", part.replace("-", " ").capitalize())
