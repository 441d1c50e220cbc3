"""Add the sign-offs of reviewers to a topic, and report which reviews hold, are stale, are missing or are due.

`sign_words` appends to `reviews.yaml` of the topic and changes nothing else in it; `review_status` only reads. A
sign-off has hashes of the words of the composed handout and talk.
"""

from __future__ import annotations

import codecs
import json
import re
import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose import hash_seen_words
from handouts.compose.sign_offs import ReviewState, RoleState, signed_roles, state_of_roles
from handouts.document.seen_words import changed_sections, hash_words
from handouts.finding import NOWHERE, Finding, HandoutError, Location, error, raise_errors, suggest_name
from handouts.library import Library, SignOff, Topic
from handouts.load import load_library
from handouts.load.files import SourceFolder, read_bytes
from handouts.load.reviews import REVIEWS_FILE, known_roles, parse_sign_offs, sign_off_key
from handouts.pipeline.output import write_files
from handouts.render_cache import RenderCache
from handouts.select import select_content

_HEAD = """\
# yaml-language-server: $schema=../../.vscode/schemas/reviews.json
# Who has read what each audience reads, and agrees: written by handouts review sign. Where words are changed later,
# handouts review status says which of these no longer hold. A sign-off that is not wanted any more can be deleted.
"""
_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LIKE_A_NUMBER = re.compile(r"[0-9]+(?:e[0-9]+)?")
_LINE_WIDTH = 118


class SignRequest(Struct, frozen=True):
    """A request to sign the words of a topic for some audiences: who signs, and on which day."""

    topic: str
    audiences: tuple[str, ...]
    language: str
    role: str
    name: str
    people: int
    day: date


def sign_words(content: Path, templates: Path, request: SignRequest) -> tuple[tuple[SignOff, ...], Path]:
    """Write that somebody agrees with what each audience reads now; return the sign-offs and the path of their file.

    HandoutError, and nothing is written, if a name is unknown, or if the same person has signed the same words before.
    """
    library = load_library(content, templates)
    raise_errors(check_topics(library, [request.topic]))
    topic = library.topics[request.topic]
    language = request.language or only_language(topic)
    raise_errors((*check_readers(topic, request.audiences, language), *_check_signer(topic, request)))
    cache = RenderCache()
    signed = tuple(_signed_now(library, topic, audience, language, request, cache) for audience in request.audiences)
    before = {sign_off_key(each) for each in topic.sign_offs}
    for each in signed:
        if sign_off_key(each) in before:
            message = f"This is signed already: for '{each.audience}' as {each.role}, in the same words."
            hint = "name another person with --name, or write how many they were at people: in reviews.yaml"
            raise HandoutError(error("usage", message, Location("review sign"), hint))
    path = content / topic.name / REVIEWS_FILE
    _append(content, path, replace(topic, reviews_at=Location(path.as_posix())), signed)
    return signed, path


def check_topics(library: Library, names: Iterable[str]) -> Iterator[Finding]:
    """Yield an error for each name that is no topic."""
    for name in names:
        if name not in library.topics:
            message = f"There is no topic '{name}'."
            yield error("usage", message, Location("review"), suggest_name(name, library.topics))


def only_language(topic: Topic) -> str:
    """Return the language of a topic, "" if it has several."""
    return next(iter(topic.languages)) if len(topic.languages) == 1 else ""


def check_readers(topic: Topic, audiences: Iterable[str], language: str) -> Iterator[Finding]:
    """Yield an error for each audience or language that a topic does not have, and if `language` is "", as it is when
    a topic has several.
    """
    yield from _check_names(topic, "audience", audiences, topic.audiences)
    yield from _check_names(topic, "language", filter(None, [language]), topic.languages)
    if not language:
        message = f"'{topic.name}' has {len(topic.languages)} languages: which one is meant?"
        yield error("usage", message, Location("--language"), f"write --language {' or '.join(topic.languages)}")


def _check_names(
    topic: Topic, what: str, names: Iterable[str], known: Collection[str], more: str = ""
) -> Iterator[Finding]:
    """Yield an error for each name that a topic does not have."""
    for name in names:
        if name not in known:
            message = f"'{topic.name}' has no {what} '{name}'."
            yield error("usage", message, Location(f"--{what}"), f"{suggest_name(name, known)}{more}")


def _check_signer(topic: Topic, request: SignRequest) -> Iterator[Finding]:
    """Yield an error for each reason why nobody can sign so."""
    more = "; a role of your own is listed at review_roles in topic.yaml"
    yield from _check_names(topic, "role", [request.role], known_roles(topic), more)
    if request.name and request.people > 1:
        message = "A name is that of one person."
        yield error("usage", message, Location("--people"), "leave --people out, or sign for each person")


def _signed_now(
    library: Library, topic: Topic, audience: str, language: str, request: SignRequest, cache: RenderCache
) -> SignOff:
    """Return a sign-off of the current words."""
    seen = hash_seen_words(select_content(library, topic.name, audience, language), cache)
    name = unicodedata.normalize("NFC", " ".join(request.name.split()))
    day = request.day.isoformat()
    return SignOff(request.role, name, request.people, day, audience, language, hash_words(seen), seen, NOWHERE)


def _append(content: Path, path: Path, topic: Topic, signed: tuple[SignOff, ...]) -> None:
    """Append sign-offs to a file. HandoutError if the result could not be read back."""
    findings: list[Finding] = []
    old = (read_bytes(SourceFolder(content, findings), path) if path.exists() or path.is_symlink() else b"") or b""
    raise_errors(findings)
    mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
    text = old[len(mark) :].decode() or _HEAD
    line_end = "\r\n" if "\r\n" in text else "\n"
    added = "".join(textwrap.indent(_sign_off_text(each), _indent_of(text)) for each in signed).replace("\n", line_end)
    new = f"{text}{'' if text.endswith(line_end) else line_end}{added}"
    read, wrong = parse_sign_offs(new.replace("\r\n", "\n"), topic)
    known = [replace(each, at=NOWHERE, date_at=NOWHERE) for each in read]
    wanted = [replace(each, at=NOWHERE, date_at=NOWHERE) for each in (*topic.sign_offs, *signed)]
    if wrong or known != wanted:
        message = "Nothing can be added at the end of this file as it is written."
        hint = "begin each sign-off on a line of its own with - and a space, and leave out signs that cannot be read"
        raise HandoutError(error("wrong-type", message, topic.reviews_at, hint))
    write_files(content.resolve(), {path.resolve(): mark + new.encode()})


def _indent_of(text: str) -> str:
    """Return the spaces before the first dash at the start of a line."""
    found = re.search(r"^( *)- ", text, re.MULTILINE)
    return found[1] if found else ""


def _sign_off_text(each: SignOff) -> str:
    """Return a sign-off as YAML."""
    # A no-break space keeps each key on one line with its hash.
    sections = ", ".join(f"{_key_text(name)}:\u00a0{_hash_text(words)}" for name, words in each.sections)
    wrapped = textwrap.wrap(
        f"{{{sections}}}",
        _LINE_WIDTH,
        initial_indent="    ",
        subsequent_indent="     ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    lines = [
        f"- role: {each.role}",
        *([f"  name: {json.dumps(each.name, ensure_ascii=False)}"] if each.name else []),
        *([f"  people: {each.people}"] if each.people > 1 else []),
        f"  date: {each.date}",
        f"  audience: {each.audience}",
        f"  language: {each.language}",
        f"  words: {_hash_text(each.words)}",
        "  sections:",
        *(line.replace("\u00a0", " ") for line in wrapped),
    ]
    return "\n".join(lines) + "\n"


def _key_text(name: str) -> str:
    """Return a key as it is written inside braces in YAML."""
    return name if _PLAIN_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _hash_text(words: str) -> str:
    """Return a hash, quoted if YAML would take it for a number."""
    return f'"{words}"' if _LIKE_A_NUMBER.fullmatch(words) else words


# ---------------------------------------------------------------- what is signed


class RoleStatus(Struct, frozen=True):
    """The state of one role: sign-offs that are valid, and stale ones with the sections that changed since."""

    role: str
    state: RoleState
    valid: tuple[SignOff, ...]
    stale: tuple[tuple[SignOff, tuple[str, ...]], ...]


class ReaderStatus(Struct, frozen=True):
    """The sign-offs of what one audience reads in one language, and when it is due to be reviewed again.

    `by_topic` names the reviewers in the settings of a topic that has no sign-offs.
    """

    topic: str
    audience: str
    language: str
    state: ReviewState
    roles: tuple[RoleStatus, ...]
    next_review: str
    is_due: bool
    by_topic: tuple[str, ...] = ()


def review_status(content: Path, templates: Path, names: Collection[str], today: date) -> tuple[ReaderStatus, ...]:
    """Return the status of each audience and language of some topics, or of all. HandoutError if a name is no topic."""
    library, cache = load_library(content, templates), RenderCache()
    raise_errors(check_topics(library, names))
    return tuple(
        reader_status(library, topic, audience, language, cache, today)
        for topic in (library.topics[name] for name in dict.fromkeys(names or library.topics))
        for language in topic.languages
        for audience in topic.audiences
    )


def reader_status(
    library: Library, topic: Topic, audience: str, language: str, cache: RenderCache, today: date
) -> ReaderStatus:
    """Return the status of what one audience reads in one language."""
    due = bool(topic.next_review) and date.fromisoformat(topic.next_review) <= today
    if topic.reviews_at == NOWHERE:
        state: ReviewState = "reviewed" if topic.reviewed_by else "not reviewed"
        return ReaderStatus(topic.name, audience, language, state, (), topic.next_review, due, topic.reviewed_by)
    selection = select_content(library, topic.name, audience, language)
    seen = hash_seen_words(selection, cache)
    signed = signed_roles(topic, selection.topic.sign_offs, seen)
    roles = tuple(
        RoleStatus(
            each.role,
            each.state,
            each.valid,
            tuple((old, changed_sections(old.sections, seen)) for old in each.stale),
        )
        for each in signed
    )
    return ReaderStatus(topic.name, audience, language, state_of_roles(signed), roles, topic.next_review, due)
